# Truth, size and iteration: what goes through objects with methods of their own.


def bool(value=False):
    method = prim.user_special(value, "__bool__")
    if method is None:
        # Until 3.13: "'NoneType' object is not callable".
        value_type = prim.type_name(value)
        raise TypeError(f"'{value_type}' cannot be interpreted as a boolean")
    if method is not _missing:
        result = method()
        if prim.is_unknown(result):
            return True if result else False
        if prim.has("bool.of-int") and prim.type(result) is _int:
            return result != 0
        if prim.type(result) is not _bool:
            result_type = prim.type_name(result)
            raise TypeError(f"__bool__ should return bool, returned {result_type}")
        return result
    # A builtin `__bool__` (numbers) comes before a user's `__len__`.
    if prim.special(value, "__bool__") is not _missing:
        return prim.truth(prim.payload(value))
    if prim.special(value, "__len__") is not _missing:
        return len(value) != 0
    return True


def len(value):
    method = prim.user_special(value, "__len__")
    if method is _missing:
        method = prim.special(value, "__len__")
        if method is _missing:
            value_type = prim.type_name(value)
            raise TypeError(f"object of type '{value_type}' has no len()")
        return method()
    size = _index(prim.taken_for(method(), _int))
    if prim.is_unknown(size):
        return size
    if size < 0:
        raise ValueError("__len__() should return >= 0")
    if size > 9223372036854775807:
        raise OverflowError("cannot fit 'int' into an index-sized integer")
    return size


class _iterator:
    """Iterates by `__getitem__` from 0 on: the old sequence protocol."""

    def __init__(self, sequence):
        self._sequence = sequence
        self._position = 0

    def __iter__(self):
        return self

    def __next__(self):
        if self._sequence is None:
            raise StopIteration
        if self._position >= 9223372036854775807:
            raise OverflowError("iter index too large")
        try:
            item = self._sequence[self._position]
        except (IndexError, StopIteration):
            self._sequence = None
        else:
            self._position = self._position + 1
            return item
        raise StopIteration

    def __setstate__(self, position):
        if self._sequence is not None:
            self._position = position if position > 0 else 0

    def __length_hint__(self):
        if self._sequence is None:
            return 0
        if prim.special(self._sequence, "__len__") is _missing:
            return prim.not_implemented
        rest = len(self._sequence) - self._position
        return rest if rest > 0 else 0


class _callable_iterator:
    def __init__(self, function, sentinel):
        self._function = function
        self._sentinel = sentinel
        self._done = False

    def __iter__(self):
        return self

    def __next__(self):
        if self._done:
            raise StopIteration
        stopped = False
        try:
            value = self._function()
        except StopIteration:
            stopped = True
        if self._done:
            # The call itself exhausted this iterator.
            raise StopIteration
        if not stopped:
            # CPython compares the sentinel with the value, in this order.
            stopped = _same(self._sentinel, value)
        if stopped:
            self._done = True
            raise StopIteration
        return value


def iter(source, *sentinel):
    if prim.length(sentinel) == 1:
        if prim.special(source, "__call__") is _missing:
            raise TypeError("iter(v, w): v must be callable")
        return _callable_iterator(source, sentinel[0])
    method = prim.special(source, "__iter__")
    if not prim.has("iteration.methods"):
        source.__getitem__
        return _iterator(source)
    if method is None:
        source_type = prim.type_name(source)
        raise TypeError(f"'{source_type}' object is not iterable")
    if method is _missing:
        if prim.special(source, "__getitem__") is _missing:
            source_type = prim.type_name(source)
            raise TypeError(f"'{source_type}' object is not iterable")
        return _iterator(source)
    result = method()
    if prim.special(result, "__next__") is _missing and not prim.is_classic(result):
        result_type = prim.type_name(result)
        raise TypeError(f"iter() returned non-iterator of type '{result_type}'")
    return result


def next(iterator, *default):
    method = prim.special(iterator, "__next__")
    if method is _missing:
        if prim.is_classic(iterator):
            raise TypeError("instance has no next() method")
        iterator_type = prim.type_name(iterator)
        raise TypeError(prim.worded("no-iterator", iterator_type))
    if prim.length(default) == 0:
        return method()
    try:
        return method()
    except StopIteration:
        pass
    return default[0]


def unpack(iterable, before, after):
    """Values for `before` targets, then (after >= 0) one list and `after` more."""
    if (prim.special(iterable, "__iter__") is _missing
            and prim.special(iterable, "__getitem__") is _missing):
        iterable_type = prim.type_name(iterable)
        raise TypeError(prim.worded("not-unpacked", iterable_type))
    iterator = iter(iterable)
    values = prim.list()
    while prim.length(values) < before:
        item = next(iterator, _missing)
        if item is _missing:
            _too_few(before, after, prim.length(values))
        prim.append(values, item)
    if after < 0:
        if next(iterator, _missing) is not _missing:
            _too_many(iterable, before)
        return prim.tuple(values)
    rest = _collect(iterator)
    count = prim.length(rest)
    if count < after:
        _too_few(before, after, before + count)
    tail = prim.item(rest, prim.slice(count - after, None, None))
    prim.append(values, prim.item(rest, prim.slice(None, count - after, None)))
    prim.list_replace(values, before + 1, before + 1, tail)
    return prim.tuple(values)


def _too_few(before, after, got):
    plural = "" if got == 1 else "s"
    if after < 0:
        raise ValueError(prim.worded("unpack-few", f"{before}", f"{got}", plural))
    wanted = before + after
    raise ValueError(prim.worded("unpack-few-starred", f"{wanted}", f"{got}", plural))


def _too_many(iterable, wanted):
    # 3.14 tells the number where the size is known without iterating.
    kind = prim.type(iterable)
    if prim.has("unpack.counted") and (kind is _list or kind is _tuple or kind is _dict):
        got = prim.length(iterable)
        if got > wanted:
            raise ValueError(f"too many values to unpack (expected {wanted}, got {got})")
    raise ValueError(prim.worded("unpack-many", f"{wanted}"))


class enumerate:
    def __init__(self, *arguments, **named):
        given = prim.length(arguments)
        count = given + prim.length(named)
        if count == 0 or count > 2 and given == 0:
            raise TypeError("enumerate() missing required argument 'iterable'")
        if count > 2:
            raise TypeError(f"enumerate() takes at most 2 arguments ({count} given)")
        _check_keywords_of_enumerate(given, named)
        iterable = arguments[0] if given > 0 else _named(named, "iterable", _missing)
        start = arguments[1] if given > 1 else _named(named, "start", 0)
        self._count = _index(start)
        self._source = iter(iterable)

    def __iter__(self):
        return self

    def __next__(self):
        item = next(self._source)
        count = self._count
        self._count = count + 1
        return (count, item)


def _check_keywords_of_enumerate(given, named):
    position = 0
    expected = "iterable" if given == 0 else "start"
    if prim.length(named) == 2 and prim.dict_key(named, 0) == "start":
        position = 1
    while position < prim.length(named):
        name = prim.dict_key(named, position)
        if name != expected:
            raise TypeError(f"'{name}' is an invalid keyword argument for enumerate()")
        expected = "start"
        position = position + 1


def _named(named, name, default):
    position = prim.dict_find(named, name)
    if position < 0:
        return default
    return prim.dict_value(named, position)


def _strict_option(named, function):
    """The only keyword of `zip` and `map`."""
    position = 0
    while position < prim.length(named):
        name = prim.dict_key(named, position)
        if name != "strict":
            hint = prim.keyword_hint(name, ("strict",))
            raise TypeError(f"{function}() got an unexpected keyword argument '{name}'{hint}")
        position = position + 1
    return bool(_named(named, "strict", False))


def _iterators(iterables):
    result = prim.list()
    for iterable in iterables:
        prim.append(result, iter(iterable))
    return result


def _next_of_each(iterators, strict, function):
    """One item of each iterator; StopIteration when the shortest has ended."""
    items = prim.list()
    position = 0
    while position < prim.length(iterators):
        item = next(iterators[position], _missing)
        if item is _missing:
            if strict:
                _check_all_ended(iterators, position, function)
            raise StopIteration
        prim.append(items, item)
        position = position + 1
    return items


def _check_all_ended(iterators, position, function):
    if position > 0:
        _uneven(function, position, "shorter")
    position = 1
    while position < prim.length(iterators):
        if next(iterators[position], _missing) is not _missing:
            _uneven(function, position, "longer")
        position = position + 1


def _uneven(function, position, relation):
    others = "argument 1" if position == 1 else f"arguments 1-{position}"
    number = position + 1
    raise ValueError(f"{function}() argument {number} is {relation} than {others}")


class zip:
    def __init__(self, *iterables, **named):
        self._strict = _strict_option(named, "zip")
        self._iterators = _iterators(iterables)

    def __iter__(self):
        return self

    def __next__(self):
        if prim.length(self._iterators) == 0:
            raise StopIteration
        return prim.tuple(_next_of_each(self._iterators, self._strict, "zip"))


class map:
    def __init__(self, *arguments, **named):
        self._strict = _strict_option(named, "map")
        if prim.length(arguments) < 2:
            raise TypeError("map() must have at least two arguments.")
        self._function = arguments[0]
        self._iterators = _iterators(prim.item(arguments, prim.slice(1, None, None)))

    def __iter__(self):
        return self

    def __next__(self):
        items = _next_of_each(self._iterators, self._strict, "map")
        return self._function(*items)


class filter:
    def __init__(self, *arguments):
        count = prim.length(arguments)
        if count != 2:
            raise TypeError(f"filter expected 2 arguments, got {count}")
        self._function = arguments[0]
        self._source = iter(arguments[1])

    def __iter__(self):
        return self

    def __next__(self):
        function = self._function
        for item in self._source:
            if function is None or function is prim.bool_type:
                kept = item
            else:
                kept = function(item)
            if kept:
                return item
        raise StopIteration


class reversed:
    """An object with `__reversed__` is unwrapped by `__new__`, as in CPython."""

    def __new__(cls, sequence):
        method = prim.special(sequence, "__reversed__")
        if method is None or (method is _missing and not _has_sequence_methods(sequence)):
            sequence_type = prim.type_name(sequence)
            raise TypeError(prim.worded("no-reverse", sequence_type))
        if method is not _missing:
            return method()
        result = prim.new(cls)
        result._sequence = sequence
        result._position = len(sequence) - 1
        return result

    def __iter__(self):
        return self

    def __next__(self):
        if self._position < 0:
            raise StopIteration
        try:
            item = self._sequence[self._position]
        except (IndexError, StopIteration):
            self._position = -1
        else:
            self._position = self._position - 1
            return item
        raise StopIteration

    def __length_hint__(self):
        rest = self._position + 1
        return 0 if len(self._sequence) < rest else rest


def _has_sequence_methods(value):
    if prim.isinstance(value, _dict) or _is_set(value):
        return False
    return prim.special(value, "__getitem__") is not _missing
