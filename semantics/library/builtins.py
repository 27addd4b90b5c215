# Library versions of Python's builtins, for arguments that a primitive does
# not decide (instances of user classes, arbitrary iterables, key functions).
#
# Names of builtin types (`list`, `str` …) denote *functions* in this module,
# so the types themselves are kept under names with an underscore.
#
# No function here raises while it handles another exception: what CPython
# raises from C has no implicit context, so each `except` only takes a note
# and the raising happens after it.

_bool = prim.type(True)
_int = prim.type(0)
_float = prim.type(0.5)
_str = prim.type("")
_bytes = prim.type(b"")
_tuple = prim.type(())
_list = prim.type([])
_dict = prim.type({})
_set = prim.type({0})
_frozenset = prim.frozenset_type
_slice = prim.type(prim.slice(None, None, None))
_property = prim.property_type
_type = prim.type(_int)
_missing = prim.missing


# ---------------------------------------------------------------- helpers

def _index(value):
    """The plain int that `value` stands for as an index."""
    if prim.isinstance(value, _int):
        return prim.payload(value)
    method = prim.special(value, "__index__")
    if method is _missing:
        value_type = prim.type_name(value)
        raise TypeError(f"'{value_type}' object cannot be interpreted as an integer")
    result = method()
    if not prim.isinstance(result, _int):
        result_type = prim.type_name(result)
        raise TypeError(f"__index__ returned non-int (type {result_type})")
    return prim.payload(result)


def _has_index(value):
    return prim.isinstance(value, _int) or prim.special(value, "__index__") is not _missing


def _real(value):
    """The float that `value` stands for."""
    method = prim.special(value, "__float__")
    if method is _missing:
        if not _has_index(value):
            value_type = prim.type_name(value)
            raise TypeError(f"must be real number, not {value_type}")
        return prim.float(_index(value))
    result = method()
    if not prim.isinstance(result, _float):
        value_type = prim.type_name(value)
        result_type = prim.type_name(result)
        raise TypeError(f"{value_type}.__float__() must return a float, not {result_type}")
    return prim.payload(result)


def call_converted(function, place, method, arguments, /, **named):
    """Calls a builtin function once more, an argument replaced by the number that it stands for."""
    given = prim.list_copy(arguments)
    number = _index(arguments[place]) if method == "__index__" else _real(arguments[place])
    prim.list_replace(given, place, place + 1, (number,))
    return function(*given, **named)


def call_through(value, /, *args, **keywords):
    """Calls an object whose `__call__` is what a descriptor gives."""
    return prim.special(value, "__call__")(*args, **keywords)


def math_prod(iterable, /, *, start=1):
    for factor in iterable:
        start = start * factor
    return start


def math_fsum(seq, /):
    numbers = prim.list()
    for value in seq:
        prim.append(numbers, _real(value) if prim.type(value) is not _float else value)
    return prim.math_fsum(numbers)


def math_floor(x, /):
    method = prim.special(x, "__floor__")
    return prim.math_floor(_real(x)) if method is _missing else method()


def math_ceil(x, /):
    method = prim.special(x, "__ceil__")
    return prim.math_ceil(_real(x)) if method is _missing else method()


def math_trunc(x, /):
    method = prim.special(x, "__trunc__")
    if method is _missing:
        value_type = prim.type_name(x)
        if value_type in ("bool", "int", "float"):
            return prim.int(x)
        raise TypeError(f"type {value_type} doesn't define __trunc__ method")
    return method()


def _same(item, value):
    """What containers use for equality: identity first."""
    if item is value:
        return True
    if item == value:
        return True
    return False


def _collect(iterable):
    """All items as a new list."""
    return _collect_from(iter(iterable), iterable)


def _collect_from(iterator, iterable):
    _length_hint(iterable)
    result = prim.list()
    for item in iterator:
        prim.append(result, item)
    return result


def _iterator_or_missing(value):
    """Where CPython replaces the message of `iter`, the caller raises."""
    try:
        return iter(value)
    except TypeError:
        pass
    return _missing


def _length_hint(value):
    """CPython asks for an estimate of the length, which programs can see."""
    if prim.user_special(value, "__len__") is not _missing:
        try:
            len(value)
            return
        except TypeError:
            pass
    method = prim.user_special(value, "__length_hint__")
    if method is _missing:
        return
    try:
        hint = method()
    except TypeError:
        return
    if hint is prim.not_implemented:
        return
    if not prim.isinstance(hint, _int):
        hint_type = prim.type_name(hint)
        raise TypeError(f"__length_hint__ must be an integer, not {hint_type}")
    if hint < 0:
        raise ValueError("__length_hint__() should return >= 0")


def _is_sequence(value):
    """Concatenation and repetition of these come after all numeric methods."""
    return (prim.isinstance(value, _str) or prim.isinstance(value, _list)
            or prim.isinstance(value, _tuple) or prim.isinstance(value, _bytes))


def _is_set(value):
    return prim.isinstance(value, _set) or prim.isinstance(value, _frozenset)


def _is_class(value):
    return prim.isinstance(value, _type)


# ---------------------------------------------------------- truth and size

def bool(value=False):
    method = prim.user_special(value, "__bool__")
    if method is None:
        # Until 3.13: "'NoneType' object is not callable".
        value_type = prim.type_name(value)
        raise TypeError(f"'{value_type}' cannot be interpreted as a boolean")
    if method is not _missing:
        result = method()
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
    size = _index(method())
    if size < 0:
        raise ValueError("__len__() should return >= 0")
    if size > 9223372036854775807:
        raise OverflowError("cannot fit 'int' into an index-sized integer")
    return size


# --------------------------------------------------------------- iteration

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
    if method is None:
        source_type = prim.type_name(source)
        raise TypeError(f"'{source_type}' object is not iterable")
    if method is _missing:
        if prim.special(source, "__getitem__") is _missing:
            source_type = prim.type_name(source)
            raise TypeError(f"'{source_type}' object is not iterable")
        return _iterator(source)
    result = method()
    if prim.special(result, "__next__") is _missing:
        result_type = prim.type_name(result)
        raise TypeError(f"iter() returned non-iterator of type '{result_type}'")
    return result


def next(iterator, *default):
    method = prim.special(iterator, "__next__")
    if method is _missing:
        iterator_type = prim.type_name(iterator)
        raise TypeError(f"'{iterator_type}' object is not an iterator")
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
        raise TypeError(f"cannot unpack non-iterable {iterable_type} object")
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
    if after < 0:
        raise ValueError(f"not enough values to unpack (expected {before}, got {got})")
    wanted = before + after
    raise ValueError(f"not enough values to unpack (expected at least {wanted}, got {got})")


def _too_many(iterable, wanted):
    # 3.14 tells the number where the size is known without iterating.
    kind = prim.type(iterable)
    if kind is _list or kind is _tuple or kind is _dict:
        got = prim.length(iterable)
        if got > wanted:
            raise ValueError(f"too many values to unpack (expected {wanted}, got {got})")
    raise ValueError(f"too many values to unpack (expected {wanted})")


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
            raise TypeError(f"'{sequence_type}' object is not reversible")
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


# ---------------------------------------------------------- text of values

def str(*arguments, **named):
    if prim.length(arguments) != 1 or prim.length(named) > 0:
        # Nothing at all, or bytes with an encoding: plain values only.
        return prim.str(*arguments, **named)
    value = arguments[0]
    method = prim.user_special(value, "__str__")
    if method is _missing:
        return _builtin_text(value)
    text = method()
    if not prim.isinstance(text, _str):
        text_type = prim.type_name(text)
        raise TypeError(f"__str__ returned non-string (type {text_type})")
    return text


def _builtin_text(value):
    if prim.isinstance(value, _str):
        return prim.payload(value)
    if prim.isinstance(value, BaseException):
        return _exception_text(value, prim.text_owner(value))
    return repr(value)


def _exception_text(error, owner):
    arguments = prim.exception_args(error)
    count = prim.length(arguments)
    if owner == "BaseExceptionGroup":
        return _group_text(error)
    if owner == "KeyError" and count == 1:
        # A message of blanks or an empty key would be invisible otherwise.
        return repr(arguments[0])
    if owner == "OSError":
        text = _os_error_text(error)
        if text is not _missing:
            return text
    if owner != "BaseException" and owner != "KeyError" and owner != "OSError":
        text = prim.exception_text(error)
        if text is not _missing:
            return text
    if count == 0:
        return ""
    if count == 1:
        return str(arguments[0])
    return repr(arguments)


def _group_text(error):
    count = prim.length(error.exceptions)
    message = error.message
    if count == 1:
        return f"{message} (1 sub-exception)"
    return f"{message} ({count} sub-exceptions)"


def _os_error_text(error):
    parts = prim.os_error_parts(error)
    number = prim.item(parts, 0)
    reason = prim.item(parts, 1)
    file = prim.item(parts, 2)
    other = prim.item(parts, 3)
    if file is _missing and (number is _missing or reason is _missing):
        return _missing
    number = "None" if number is _missing else str(number)
    reason = "None" if reason is _missing else str(reason)
    if file is _missing:
        return f"[Errno {number}] {reason}"
    name = repr(file)
    if other is _missing:
        return f"[Errno {number}] {reason}: {name}"
    other = repr(other)
    return f"[Errno {number}] {reason}: {name} -> {other}"


def repr(value):
    method = prim.user_special(value, "__repr__")
    if method is _missing:
        return _builtin_repr(value)
    text = method()
    if not prim.isinstance(text, _str):
        text_type = prim.type_name(text)
        raise TypeError(f"__repr__ returned non-string (type {text_type})")
    return text


# The containers whose text is being built, to mark those inside themselves.



def _is_active(value):
    for other in prim.active():
        if other is value:
            return True
    return False


def _builtin_repr(value):
    if prim.isinstance(value, _list):
        return _guarded_repr(value, "[...]", _list_repr)
    if prim.isinstance(value, _tuple):
        return _guarded_repr(value, "(...)", _tuple_repr)
    if prim.isinstance(value, _dict):
        return _guarded_repr(value, "{...}", _dict_repr)
    if _is_set(value):
        name = prim.type_name(value)
        return _guarded_repr(value, f"{name}(...)", _set_repr)
    if prim.isinstance(value, BaseException):
        return _exception_repr(value)
    if _is_class(value):
        return prim.repr(value)
    kind = prim.type_name(value)
    if kind == "slice":
        parts = prim.list_copy((repr(value.start), repr(value.stop), repr(value.step)))
        inside = prim.join(", ", parts)
        return f"slice({inside})"
    if kind == "dict_keys" or kind == "dict_values" or kind == "dict_items":
        inside = repr(_collect(value))
        # Those of an OrderedDict are classes of their own.
        prefix = prim.getattr(prim.type(prim.mapping(value)), "_prefix_of_views")
        return f"{kind}({inside})" if prefix is _missing else f"{prefix}{kind}({inside})"
    if prim.is_alias(value):
        return prim.alias_text(value, _type_texts(value.__args__))
    members = prim.union_members(value)
    if members is not _missing:
        return prim.join(" | ", _type_texts(members))
    plain = prim.payload(value)
    if plain is not _missing:
        return prim.repr(plain)
    return prim.object_repr(value)


def _type_texts(kinds):
    """Types as they are written inside others."""
    texts = prim.list()
    for kind in kinds:
        if kind is prim.type(None):
            text = "None"
        elif _is_class(kind) or kind is ...:
            text = prim.parameter_text(kind)
        else:
            text = repr(kind)
        prim.append(texts, text)
    return prim.tuple(texts)


def _guarded_repr(value, mark, build):
    if _is_active(value):
        return mark
    depth = prim.length(prim.active())
    prim.append(prim.active(), value)
    try:
        return build(value)
    finally:
        prim.list_replace(prim.active(), depth, prim.length(prim.active()), prim.list())


def _joined_reprs(values):
    parts = prim.list()
    position = 0
    # The length is read again each time: a `__repr__` may change the list.
    while position < prim.length(values):
        prim.append(parts, repr(prim.item(values, position)))
        position = position + 1
    return prim.join(", ", parts)


def _list_repr(value):
    inside = _joined_reprs(value)
    return f"[{inside}]"


def _tuple_repr(value):
    inside = _joined_reprs(value)
    if prim.length(value) == 1:
        return f"({inside},)"
    return f"({inside})"


def _dict_repr(value):
    parts = prim.list()
    position = 0
    while position < prim.length(value):
        stored = prim.dict_value(value, position)
        key = repr(prim.dict_key(value, position))
        text = repr(stored)
        prim.append(parts, f"{key}: {text}")
        position = position + 1
    inside = prim.join(", ", parts)
    return prim.join(inside, ["{", "}"])


def _set_elements(value):
    result = prim.list()
    position = 0
    while position < prim.length(value):
        prim.append(result, prim.set_key(value, position))
        position = position + 1
    return result


def _set_repr(value):
    name = prim.type_name(value)
    if prim.length(value) == 0:
        return f"{name}()"
    inside = _joined_reprs(_set_elements(value))
    braces = prim.join(inside, ["{", "}"])
    if prim.type(value) is _set:
        return braces
    return f"{name}({braces})"


def _exception_repr(error):
    name = prim.type_name(error)
    arguments = prim.exception_args(error)
    if prim.length(arguments) == 1:
        only = repr(prim.item(arguments, 0))
        return f"{name}({only})"
    text = repr(arguments)
    return f"{name}{text}"


def ascii(value):
    return prim.ascii_text(repr(value))


def format(value, spec=""):
    if not prim.isinstance(spec, _str):
        spec_type = prim.type_name(spec)
        raise TypeError(f"format() argument 2 must be str, not {spec_type}")
    method = prim.user_special(value, "__format__")
    if method is not _missing:
        text = method(spec)
        if not prim.isinstance(text, _str):
            text_type = prim.type_name(text)
            raise TypeError(f"__format__ must return a str, not {text_type}")
        return text
    if prim.length(spec) == 0:
        return str(value)
    return _builtin_format(value, spec)


def fstring_value(value, conversion, spec):
    """A replacement field of an f-string."""
    if conversion == "":
        return format(value, spec)
    return format(_convert(value, conversion), spec)


def _builtin_format(value, spec):
    if prim.isinstance(value, _str) or prim.isinstance(value, _int) or prim.isinstance(value, _float):
        return prim.format(prim.payload(value), spec)
    if prim.isinstance(value, prim.complex_type):
        return prim.format(prim.payload(value), spec)
    value_type = prim.type_name(value)
    raise TypeError(f"unsupported format string passed to {value_type}.__format__")


def input(prompt):
    # Written before it is known whether there is a line.
    print(prompt, end="")
    return prim.read_line()


def print(*values, sep=" ", end="\n", file=None, flush=False):
    if sep is None:
        sep = " "
    if end is None:
        end = "\n"
    if not prim.isinstance(sep, _str):
        sep_type = prim.type_name(sep)
        raise TypeError(f"sep must be None or a string, not {sep_type}")
    if not prim.isinstance(end, _str):
        end_type = prim.type_name(end)
        raise TypeError(f"end must be None or a string, not {end_type}")
    if file is None:
        # What `sys.stdout` is bound to now; `missing` stands for the original.
        file = prim.stdout()
        if file is None:
            return None
    write = _writer(file)
    first = True
    # Each piece is written before the next is made: a failing `__str__`
    # leaves the pieces before it in the output.
    for value in values:
        if not first:
            write(sep)
        first = False
        write(str(value))
    write(end)
    if flush and file is not _missing:
        file.flush()


def _write_out(text):
    prim.write(1, prim.payload(text))


def _writer(file):
    if file is _missing:
        return _write_out
    return file.write


# ------------------------------------------------------ formatting with `%`

def _percent(original, template, values):
    """`original % values`; the template is the original as a plain str."""
    pieces = prim.list()
    state = _PercentArguments(values)
    if not prim.contains(template, "%"):
        state.finish()
        return original
    position = 0
    size = prim.length(template)
    while position < size:
        character = prim.item(template, position)
        if character != "%":
            prim.append(pieces, character)
            position = position + 1
            continue
        position = _percent_field(template, position + 1, state, pieces)
    state.finish()
    return prim.join("", pieces)


def _bytes_percent(template, values):
    """`template % values` for bytes: as for text whose characters are the bytes."""
    state = _PercentArguments(values)
    state.is_bytes = True
    pieces = prim.list()
    text = prim.str(template, "latin-1")
    position = 0
    while position < prim.length(text):
        character = prim.item(text, position)
        if character == "%":
            position = _percent_field(text, position + 1, state, pieces)
        else:
            prim.append(pieces, character)
            position = position + 1
    state.finish()
    return prim.bytes(prim.join("", pieces), "latin-1")


def _percent_bytes(field, code, value, position):
    if code == "s" or code == "b":
        text = prim.str(_bytes_like(value, code), "latin-1")
    elif code == "r" or code == "a":
        text = ascii(value)
    elif code == "c":
        text = _percent_byte(value)
    else:
        return _percent_value(field, code, value, position)
    return prim.binary("mod", f"{field}s", (text,))


def _bytes_like(value, code):
    if prim.isinstance(value, _bytes):
        return prim.payload(value)
    method = prim.user_special(value, "__bytes__")
    if method is _missing:
        value_type = prim.type_name(value)
        raise TypeError(f"%b requires a bytes-like object, or an object that implements __bytes__, not '{value_type}'")
    return prim.payload(method())


def _percent_byte(value):
    if prim.isinstance(value, _bytes) and prim.length(value) == 1:
        return prim.str(prim.payload(value), "latin-1")
    if not _has_index(value):
        value_type = prim.type_name(value)
        raise TypeError(f"%c requires an integer in range(256) or a single byte, not {value_type}")
    number = _index(value)
    if number < 0 or number > 255:
        raise OverflowError("%c arg not in range(256)")
    return prim.chr(number)


class _PercentArguments:
    def __init__(self, values):
        self.is_bytes = False
        self.values = values
        self.is_tuple = prim.isinstance(values, _tuple)
        self.used = 0
        self.is_mapping = (not self.is_tuple and not prim.isinstance(values, _str)
                           and prim.special(values, "__getitem__") is not _missing)

    def take(self):
        if self.is_tuple:
            if self.used >= prim.length(self.values):
                raise TypeError("not enough arguments for format string")
            self.used = self.used + 1
            return prim.item(self.values, self.used - 1)
        if self.used > 0:
            raise TypeError("not enough arguments for format string")
        self.used = 1
        return self.values

    def require_mapping(self):
        if not self.is_mapping:
            raise TypeError("format requires a mapping")

    def named(self, name):
        self.used = 1
        return self.values[name]

    def finish(self):
        if self.is_tuple:
            complete = self.used >= prim.length(self.values)
        else:
            complete = self.used > 0 or self.is_mapping
        if not complete:
            raise TypeError("not all arguments converted during string formatting")


def _character(template, position):
    if position >= prim.length(template):
        raise ValueError("incomplete format")
    return prim.item(template, position)


def _percent_field(template, position, state, pieces):
    """One field after its `%`; the position after it."""
    named = _missing
    if _character(template, position) == "(":
        state.require_mapping()
        start = position + 1
        depth = 1
        while depth > 0:
            position = position + 1
            if position >= prim.length(template):
                raise ValueError("incomplete format key")
            character = prim.item(template, position)
            if character == "(":
                depth = depth + 1
            elif character == ")":
                depth = depth - 1
        named = state.named(prim.item(template, prim.slice(start, position, None)))
        position = position + 1
    options = prim.list()
    while prim.contains("#0- +123456789.*hlL", _character(template, position)):
        character = prim.item(template, position)
        position = position + 1
        if character == "*":
            width = state.take()
            if not prim.isinstance(width, _int):
                raise TypeError("* wants int")
            prim.append(options, prim.str(prim.payload(width)))
        else:
            prim.append(options, character)
    code = prim.item(template, position)
    if code == "%":
        prim.append(pieces, "%")
        return position + 1
    value = state.take() if named is _missing else named
    field = prim.join(prim.join("", options), ["%", ""])
    convert = _percent_bytes if state.is_bytes else _percent_value
    prim.append(pieces, convert(field, code, value, position))
    return position + 1


def _percent_value(field, code, value, position):
    if code == "s":
        return prim.binary("mod", f"{field}s", (prim.payload(str(value)),))
    if code == "r" or code == "a":
        text = repr(value) if code == "r" else ascii(value)
        return prim.binary("mod", f"{field}s", (prim.payload(text),))
    if prim.contains("diu", code):
        value = _percent_integer(value, code, True)
    elif prim.contains("xXo", code):
        value = _percent_integer(value, code, False)
    elif prim.contains("eEfFgG", code):
        value = _percent_float(value)
    elif code == "c":
        if not prim.isinstance(value, _str):
            value = _percent_character(value)
        else:
            value = prim.payload(value)
    else:
        number = prim.ord(code)
        hexadecimal = prim.format(number, "x")
        raise ValueError(f"unsupported format character '{code}' (0x{hexadecimal}) at index {position}")
    return prim.binary("mod", f"{field}{code}", (value,))


def _percent_integer(value, code, real):
    if prim.isinstance(value, _int):
        return prim.payload(value)
    if real and prim.isinstance(value, _float):
        return prim.int(prim.payload(value))
    method = prim.special(value, "__index__")
    if method is _missing and real:
        method = prim.special(value, "__int__")
    if method is _missing:
        wanted = "a real number" if real else "an integer"
        value_type = prim.type_name(value)
        raise TypeError(f"%{code} format: {wanted} is required, not {value_type}")
    return int(value)


def _percent_float(value):
    if prim.special(value, "__float__") is _missing and not _has_index(value):
        value_type = prim.type_name(value)
        raise TypeError(f"must be real number, not {value_type}")
    return float(value)


def _percent_character(value):
    if not _has_index(value):
        value_type = prim.full_type_name(value)
        raise TypeError(f"%c requires an int or a unicode character, not {value_type}")
    return _index(value)


# ------------------------------------------------------------- str.format

class _FormatFields:
    """Which argument comes next when fields carry no number."""

    def __init__(self, values, named):
        self.values = values
        self.named = named
        self.automatic = 0
        self.manual = False

    def find(self, name):
        if prim.length(name) == 0:
            if self.manual:
                raise ValueError("cannot switch from manual field specification to automatic field numbering")
            number = self.automatic
            self.automatic = number + 1
        elif prim.is_digits(name):
            if self.automatic > 0:
                raise ValueError("cannot switch from automatic field numbering to manual field specification")
            self.manual = True
            number = prim.int(name)
        else:
            return self.named[name]
        if number >= prim.length(self.values):
            raise IndexError(f"Replacement index {number} out of range for positional args tuple")
        return prim.item(self.values, number)


def str_format(template, values, named):
    """`template.format(*values, **named)`."""
    return _format_text(template, _FormatFields(values, named), 2)


def _format_text(template, fields, depth):
    if depth == 0:
        raise ValueError("Max string recursion exceeded")
    pieces = prim.list()
    position = 0
    size = prim.length(template)
    while position < size:
        character = prim.item(template, position)
        doubled = position + 1 < size and prim.item(template, position + 1) == character
        if character == "}":
            if not doubled:
                raise ValueError("Single '}' encountered in format string")
            prim.append(pieces, "}")
            position = position + 2
        elif character != "{":
            prim.append(pieces, character)
            position = position + 1
        elif doubled:
            prim.append(pieces, "{")
            position = position + 2
        else:
            stop = _closing_brace(template, position + 1)
            inside = prim.item(template, prim.slice(position + 1, stop, None))
            prim.append(pieces, _format_field(inside, fields, depth))
            position = stop + 1
    return prim.join("", pieces)


def _closing_brace(template, position):
    if position >= prim.length(template):
        raise ValueError("Single '{' encountered in format string")
    depth = 1
    position = _end_of_name(template, position)
    while position < prim.length(template):
        character = prim.item(template, position)
        if character == "{":
            depth = depth + 1
        elif character == "}":
            depth = depth - 1
            if depth == 0:
                return position
        position = position + 1
    raise ValueError("expected '}' before end of string")


def _end_of_name(template, position):
    """Where a field's name ends; braces within `[…]` belong to the name."""
    bracket = False
    while position < prim.length(template):
        character = prim.item(template, position)
        if character == "[":
            bracket = True
        elif character == "]":
            bracket = False
        elif not bracket and prim.contains("}:!", character):
            return position
        elif character == "{":
            raise ValueError("unexpected '{' in field name")
        position = position + 1
    return position


def _find_any(text, characters, position):
    """Where the first of these characters stands; the length if nowhere."""
    while position < prim.length(text):
        if prim.contains(characters, prim.item(text, position)):
            return position
        position = position + 1
    return position


def _format_field(inside, fields, depth):
    size = prim.length(inside)
    stop = _find_any(inside, "!:", 0)
    bracket = _find_any(inside, "[", 0)
    if bracket < stop:
        stop = _find_any(inside, "!:", _find_any(inside, "]", bracket))
    value = _format_value(prim.item(inside, prim.slice(0, stop, None)), fields)
    if stop < size and prim.item(inside, stop) == "!":
        value = _convert(value, _conversion(inside, stop + 1))
        stop = stop + 2
        if stop < size and prim.item(inside, stop) != ":":
            raise ValueError("expected ':' after conversion specifier")
    spec = prim.item(inside, prim.slice(stop + 1, None, None))
    if prim.contains(spec, "{") or prim.contains(spec, "}"):
        spec = _format_text(spec, fields, depth - 1)
    return format(value, spec)


def _conversion(inside, position):
    if position >= prim.length(inside):
        raise ValueError("unmatched '{' in format spec")
    return prim.item(inside, position)


def _convert(value, code):
    if code == "s":
        return str(value)
    if code == "r":
        return repr(value)
    if code == "a":
        return ascii(value)
    raise ValueError(f"Unknown conversion specifier {code}")


def _format_value(path, fields):
    """The value of `name.attribute[key]…`."""
    stop = _find_any(path, ".[", 0)
    value = fields.find(prim.item(path, prim.slice(0, stop, None)))
    while stop < prim.length(path):
        start = stop + 1
        if prim.item(path, stop) == ".":
            stop = _find_any(path, ".[", start)
            name = prim.item(path, prim.slice(start, stop, None))
            if prim.length(name) == 0:
                raise ValueError("Empty attribute in format string")
            value = getattr(value, name)
        else:
            stop = _find_any(path, "]", start)
            if stop >= prim.length(path):
                raise ValueError("Missing ']' in format string")
            key = prim.item(path, prim.slice(start, stop, None))
            if prim.length(key) == 0:
                raise ValueError("Empty attribute in format string")
            if prim.is_digits(key):
                key = prim.int(key)
            value = value[key]
            stop = stop + 1
    return value


# ------------------------------------------------------------------ hashing

def hash(value):
    method = prim.user_special(value, "__hash__")
    if method is None:
        value_type = prim.type_name(value)
        raise TypeError(f"unhashable type: '{value_type}'")
    if method is not _missing:
        return _hash_result(method())
    if prim.isinstance(value, _tuple):
        return prim.hash_tuple(_hashes(prim.list_copy(prim.payload(value))))
    if prim.isinstance(value, _frozenset):
        return prim.hash_frozenset(_stored_hashes(value))
    if prim.special(value, "__hash__") is None or _is_set_like_view(value):
        value_type = prim.type_name(value)
        raise TypeError(f"unhashable type: '{value_type}'")
    plain = prim.payload(value)
    if plain is _missing:
        return prim.hash(value)
    return prim.hash(plain)


def _hash_result(result):
    if not prim.isinstance(result, _int):
        raise TypeError("__hash__ method should return an integer")
    result = prim.int(prim.payload(result))
    if result < -9223372036854775808 or result > 9223372036854775807:
        return prim.hash(result)
    # -1 is C's mark of an error.
    if result == -1:
        return -2
    return result


def _stored_hashes(value):
    result = prim.list()
    position = 0
    while position < prim.length(value):
        prim.append(result, prim.set_hash(value, position))
        position = position + 1
    return result


def _hashes(values):
    result = prim.list()
    for value in values:
        prim.append(result, hash(value))
    return result


def _key_hash(key, role):
    """3.14 says of an unhashable key what it was to be used as."""
    try:
        return hash(key)
    except TypeError as error:
        failure = error
    if prim.type(failure) is not TypeError:
        raise failure
    reason = str(failure)
    key_type = prim.full_type_name(key)
    raise TypeError(f"cannot use '{key_type}' as a {role} ({reason})")


# ------------------------------------------------------- unary operators

def _unary(value, name, operation):
    method = prim.user_special(value, f"__{operation}__")
    if method is not _missing:
        return method()
    plain = prim.payload(value)
    if plain is not _missing:
        result = prim.unary(operation, plain)
        if result is not prim.not_implemented:
            return result
    value_type = prim.type_name(value)
    raise TypeError(f"bad operand type for {name}: '{value_type}'")


def abs(value):
    return _unary(value, "abs()", "abs")


def neg(value):
    return _unary(value, "unary -", "neg")


def pos(value):
    return _unary(value, "unary +", "pos")


def invert(value):
    return _unary(value, "unary ~", "invert")


# ------------------------------------------------------ binary operators

def _overrides(left, right, name):
    """Whether the right operand's class has a method of its own for this."""
    theirs = prim.getattr(prim.type(right), name)
    ours = prim.getattr(prim.type(left), name)
    return theirs is not ours


def _binary(left, right, operation, symbol):
    result = _numeric(left, right, operation)
    if result is not prim.not_implemented:
        return result
    if operation == "add" and _is_sequence(left):
        return _concatenated(left, right)
    if operation == "mul" and (_is_sequence(left) or _repeats(right, left, symbol)):
        return _repeated(left, right, symbol)
    left_type = prim.type_name(left)
    right_type = prim.type_name(right)
    raise TypeError(
        f"unsupported operand type(s) for {symbol}: '{left_type}' and '{right_type}'")


def _numeric(left, right, operation):
    name = f"__{operation}__"
    reflected_name = f"__r{operation}__"
    reflected = _missing
    if prim.type(left) is not prim.type(right):
        reflected = prim.user_special(right, reflected_name)
        if (reflected is not _missing and prim.issubclass(prim.type(right), prim.type(left))
                and _overrides(left, right, reflected_name)):
            result = reflected(left)
            if result is not prim.not_implemented:
                return result
            reflected = _missing
    method = prim.user_special(left, name)
    if method is _missing:
        result = _builtin_binary(left, right, operation)
    else:
        result = method(right)
    if result is not prim.not_implemented:
        return result
    if reflected is not _missing:
        return reflected(left)
    if method is not _missing and prim.type(left) is not prim.type(right):
        return _builtin_binary(left, right, operation)
    return prim.not_implemented


def _builtin_binary(left, right, operation):
    if _is_set(left) and _is_set(right):
        return _set_operation(left, right, operation)
    if prim.isinstance(left, _dict) and prim.isinstance(right, _dict):
        if operation != "or":
            return prim.not_implemented
        result = prim.dict()
        dict_update(result, left)
        dict_update(result, right)
        return result
    if operation == "mod" and prim.isinstance(left, _str):
        return _percent(left, prim.payload(left), right)
    if operation == "mod" and prim.isinstance(left, _bytes):
        return _bytes_percent(prim.payload(left), right)
    if _is_sequence(left) or _is_sequence(right):
        if operation != "mod":
            return prim.not_implemented
    first = prim.payload(left)
    second = prim.payload(right)
    if first is _missing or second is _missing:
        return prim.not_implemented
    return prim.binary(operation, first, second)


def _repeats(sequence, count, symbol):
    """Whether a right operand is repeated: `*=` does that for plain numbers only."""
    if not _is_sequence(sequence):
        return False
    return symbol == "*" or not _has_sequence_slots(count)


def _concatenated(left, right):
    for kind in (_str, _list, _tuple):
        if prim.isinstance(left, kind):
            if prim.isinstance(right, kind):
                return prim.concat(prim.payload(left), prim.payload(right))
            name = prim.class_name(kind)
            other = prim.type_name(right)
            raise TypeError(f'can only concatenate {name} (not "{other}") to {name}')
    if prim.isinstance(right, _bytes):
        return prim.concat(prim.payload(left), prim.payload(right))
    right_type = prim.type_name(right)
    raise TypeError(f"can't concat {right_type} to bytes")


def _repeated(left, right, symbol):
    sequence = left
    count = right
    if not _is_sequence(left):
        sequence = right
        count = left
    if not _has_index(count):
        count_type = prim.type_name(count)
        raise TypeError(f"can't multiply sequence by non-int of type '{count_type}'")
    return prim.binary("mul", prim.payload(sequence), _index(count))


def add(left, right):
    return _binary(left, right, "add", "+")


def sub(left, right):
    return _binary(left, right, "sub", "-")


def mul(left, right):
    return _binary(left, right, "mul", "*")


def truediv(left, right):
    return _binary(left, right, "truediv", "/")


def floordiv(left, right):
    return _binary(left, right, "floordiv", "//")


def mod(left, right):
    return _binary(left, right, "mod", "%")


def lshift(left, right):
    return _binary(left, right, "lshift", "<<")


def rshift(left, right):
    return _binary(left, right, "rshift", ">>")


def and_(left, right):
    return _binary(left, right, "and", "&")


def or_(left, right):
    return _binary(left, right, "or", "|")


def xor(left, right):
    return _binary(left, right, "xor", "^")


def matmul(left, right):
    return _binary(left, right, "matmul", "@")


def divmod(left, right):
    return _binary(left, right, "divmod", "divmod()")


def pow(base, exponent, modulus=None):
    if modulus is None:
        return _binary(base, exponent, "pow", "** or pow()")
    method = prim.user_special(base, "__pow__")
    if method is not _missing:
        result = method(exponent, modulus)
    else:
        result = _three_argument_pow(base, exponent, modulus)
    if result is not prim.not_implemented:
        return result
    base_type = prim.type_name(base)
    exponent_type = prim.type_name(exponent)
    modulus_type = prim.type_name(modulus)
    raise TypeError(
        f"unsupported operand type(s) for ** or pow(): '{base_type}', "
        f"'{exponent_type}', '{modulus_type}'")


def _three_argument_pow(base, exponent, modulus):
    for value in (base, exponent, modulus):
        if not prim.isinstance(value, _int):
            return prim.not_implemented
    return prim.pow(prim.payload(base), prim.payload(exponent), prim.payload(modulus))


# ---------------------------------------------------- in-place operators

def _in_place(left, right, operation, symbol):
    method = prim.user_special(left, f"__i{operation}__")
    if method is not _missing:
        result = method(right)
        if result is not prim.not_implemented:
            return result
    elif _changed_in_place(left, right, operation):
        return left
    if prim.isinstance(left, _list) and (operation == "add" or operation == "mul"):
        if prim.type(left) is _list or operation == "mul":
            # A reflected method of the right operand comes before the list's
            # own, but not where a subclass has made that a numeric slot.
            result = _numeric(left, right, operation)
            if result is not prim.not_implemented:
                return result
        if operation == "mul":
            _replace_items(left, _repeated(left, right, symbol))
        else:
            list_extend(left, right)
        return left
    return _binary(left, right, operation, symbol)


def _replace_items(target, values):
    prim.list_replace(target, 0, prim.length(target), values)


def _changed_in_place(left, right, operation):
    """What dicts and sets do themselves."""
    if prim.isinstance(left, _dict) and operation == "or":
        dict_update(left, right)
        return True
    if prim.isinstance(left, _set) and _is_set(right) and prim.contains(_set_operators, operation):
        if operation == "xor":
            set_symmetric_difference_update(left, right)
        else:
            _replace_elements(left, _set_operation(left, right, operation))
        return True
    return False


_set_operators = ("and", "or", "xor", "sub")


def iadd(left, right):
    return _in_place(left, right, "add", "+=")


def isub(left, right):
    return _in_place(left, right, "sub", "-=")


def imul(left, right):
    return _in_place(left, right, "mul", "*=")


def itruediv(left, right):
    return _in_place(left, right, "truediv", "/=")


def ifloordiv(left, right):
    return _in_place(left, right, "floordiv", "//=")


def imod(left, right):
    return _in_place(left, right, "mod", "%=")


def ipow(left, right):
    return _in_place(left, right, "pow", "**=")


def ilshift(left, right):
    return _in_place(left, right, "lshift", "<<=")


def irshift(left, right):
    return _in_place(left, right, "rshift", ">>=")


def iand(left, right):
    return _in_place(left, right, "and", "&=")


def ior(left, right):
    return _in_place(left, right, "or", "|=")


def ixor(left, right):
    return _in_place(left, right, "xor", "^=")


def imatmul(left, right):
    return _in_place(left, right, "matmul", "@=")


# ------------------------------------------------------------- comparisons

def _compare(left, right, name, swapped, symbol):
    result = prim.not_implemented
    reversed_first = (prim.type(left) is not prim.type(right)
                      and prim.issubclass(prim.type(right), prim.type(left)))
    if reversed_first:
        result = _half_comparison(right, left, swapped)
    if result is prim.not_implemented:
        result = _half_comparison(left, right, name)
    if result is prim.not_implemented and not reversed_first:
        result = _half_comparison(right, left, swapped)
    if result is not prim.not_implemented:
        return result
    if name == "eq":
        return left is right
    if name == "ne":
        return left is not right
    left_type = prim.type_name(left)
    right_type = prim.type_name(right)
    raise TypeError(
        f"'{symbol}' not supported between instances of "
        f"'{left_type}' and '{right_type}'")


def _half_comparison(left, right, name):
    method = prim.user_special(left, f"__{name}__")
    if method is not _missing:
        return method(right)
    if name == "ne":
        # `!=` without a method of its own inverts a user's `==`.
        method = prim.user_special(left, "__eq__")
        if method is not _missing:
            result = method(right)
            if result is prim.not_implemented:
                return result
            return not result
    return _builtin_comparison(left, right, name)


def _builtin_comparison(left, right, name):
    if prim.isinstance(left, _list) and prim.isinstance(right, _list):
        # Lists of different lengths are unequal at once; tuples are not.
        if prim.length(left) != prim.length(right):
            if name == "eq":
                return False
            if name == "ne":
                return True
        return _compare_items(left, right, name)
    if prim.isinstance(left, _tuple) and prim.isinstance(right, _tuple):
        return _compare_items(left, right, name)
    if prim.isinstance(left, _dict) and prim.isinstance(right, _dict):
        if name == "eq":
            return _dicts_equal(left, right)
        if name == "ne":
            return not _dicts_equal(left, right)
        return prim.not_implemented
    if _is_set(left) and _is_set(right):
        return _compare_sets(left, right, name)
    if _is_set_like_view(left) and (_is_set(right) or _is_set_like_view(right)):
        return _compare_views(left, right, name)
    if prim.type_name(left) == "cell" and prim.type_name(right) == "cell":
        return _compare_items(_held(left), _held(right), name)
    if prim.isinstance(left, _slice) and prim.isinstance(right, _slice):
        return _compare_items((left.start, left.stop, left.step), (right.start, right.stop, right.step), name)
    first = prim.payload(left)
    second = prim.payload(right)
    if first is _missing or second is _missing:
        return prim.not_implemented
    return prim.compare(name, first, second)


def _held(cell):
    """What a cell holds, as a tuple: nothing comes before anything."""
    try:
        return (cell.cell_contents,)
    except ValueError:
        return ()


def _is_set_like_view(value):
    kind = prim.type_name(value)
    return kind == "dict_keys" or kind == "dict_items"


def _compare_views(left, right, name):
    """Each member of the smaller is looked for in the other; nothing is hashed but keys."""
    smaller = len(left)
    greater = len(right)
    if name == "eq" or name == "ne":
        return (smaller == greater and _all_in(left, right)) is (name == "eq")
    if name == "le" or name == "lt":
        fits = smaller <= greater if name == "le" else smaller < greater
        return fits and _all_in(left, right)
    fits = smaller >= greater if name == "ge" else smaller > greater
    return fits and _all_in(right, left)


def _all_in(members, container):
    for member in members:
        if not contains(container, member):
            return False
    return True


def _compare_items(left, right, name):
    position = 0
    while position < prim.length(left) and position < prim.length(right):
        first = prim.item(left, position)
        second = prim.item(right, position)
        if not _same(first, second):
            if name == "eq":
                return False
            if name == "ne":
                return True
            return _apply_comparison(first, second, name)
        position = position + 1
    return prim.compare(name, prim.length(left), prim.length(right))


def _apply_comparison(first, second, name):
    if name == "lt":
        return first < second
    if name == "le":
        return first <= second
    if name == "gt":
        return first > second
    return first >= second


def _dicts_equal(left, right):
    if prim.length(left) != prim.length(right):
        return False
    position = 0
    while position < prim.length(left):
        key = prim.dict_key(left, position)
        value = prim.dict_value(left, position)
        found = _dict_find_hashed(right, key, prim.dict_hash(left, position))
        if found < 0 or not _same(value, prim.dict_value(right, found)):
            return False
        position = position + 1
    return True


def eq(left, right):
    return _compare(left, right, "eq", "eq", "==")


def ne(left, right):
    return _compare(left, right, "ne", "ne", "!=")


def lt(left, right):
    return _compare(left, right, "lt", "gt", "<")


def le(left, right):
    return _compare(left, right, "le", "ge", "<=")


def gt(left, right):
    return _compare(left, right, "gt", "lt", ">")


def ge(left, right):
    return _compare(left, right, "ge", "le", ">=")


# ------------------------------------------------- subscripts, containment

def _plain_slice(value):
    """The slice with its members as plain ints or None."""
    return prim.slice(_slice_member(value.start), _slice_member(value.stop), _slice_member(value.step))


def _slice_member(value):
    if value is None:
        return None
    if not _has_index(value):
        raise TypeError("slice indices must be integers or None or have an __index__ method")
    return _index(value)


def slice_indices(bounds, length):
    length = _index(length)
    step = _slice_member(bounds.step)
    start = _slice_member(bounds.start)
    return prim.slice(start, _slice_member(bounds.stop), step).indices(length)


def _plain_key(sequence, key):
    """An index or slice of a builtin sequence as a plain value."""
    if prim.isinstance(key, _slice):
        return _plain_slice(key)
    if _has_index(key):
        return _index(key)
    name = prim.type_name(key)
    if prim.isinstance(sequence, _str):
        raise TypeError(f"string indices must be integers, not '{name}'")
    kind = "range"
    for candidate in (_list, _tuple, _bytes):
        if prim.isinstance(sequence, candidate):
            kind = prim.class_name(candidate)
    if kind == "bytes":
        kind = "byte"
    raise TypeError(f"{kind} indices must be integers or slices, not {name}")


def getitem(container, key):
    method = prim.user_special(container, "__getitem__")
    if method is not _missing:
        return method(key)
    if prim.isinstance(container, _dict):
        return dict_getitem(container, key)
    if _is_class(container):
        if prim.getattr(container, "__class_getitem__") is _missing:
            container_name = prim.class_name(container)
            raise TypeError(f"type '{container_name}' is not subscriptable")
        return container.__class_getitem__(key)
    if _is_sequence(container) or prim.type_name(container) == "range":
        return prim.item(container, _plain_key(container, key))
    method = prim.special(container, "__getitem__")
    if method is _missing:
        container_type = prim.type_name(container)
        raise TypeError(f"'{container_type}' object is not subscriptable")
    return method(key)


def setitem(container, key, value):
    method = prim.user_special(container, "__setitem__")
    if method is not _missing:
        method(key, value)
    elif prim.isinstance(container, _dict):
        dict_setitem(container, key, value)
    elif prim.isinstance(container, _list):
        plain = _plain_key(container, key)
        if prim.isinstance(plain, _slice):
            _set_slice(container, plain, value)
        else:
            prim.list_set(container, _position(container, plain), value)
    else:
        method = prim.special(container, "__setitem__")
        if method is _missing:
            _sequence_index(container, key)
            container_type = prim.type_name(container)
            raise TypeError(f"'{container_type}' object does not support item assignment")
        method(key, value)


def _position(sequence, index):
    if index < 0:
        index = index + prim.length(sequence)
    if index < 0 or index >= prim.length(sequence):
        raise IndexError("list assignment index out of range")
    return index


def _has_sequence_slots(value):
    """All user classes have them, and all builtin types with a length."""
    return prim.is_user(value) or prim.special(value, "__len__") is not _missing


def _sequence_index(container, key):
    """Whether the key is an index, converted before the failure is told."""
    if not _has_sequence_slots(container) or not _has_index(key):
        return False
    _index(key)
    return True


def _set_slice(target, where, value):
    start, stop, step = prim.slice_indices(where, prim.length(target))
    iterator = _iterator_or_missing(value)
    if iterator is _missing:
        # Until 3.13: "can only assign an iterable".
        raise TypeError("must assign iterable to extended slice")
    values = _collect_from(iterator, value)
    if step == 1:
        if stop < start:
            stop = start
        prim.list_replace(target, start, stop, values)
        return
    positions = _slice_positions(start, stop, step)
    given = prim.length(values)
    wanted = prim.length(positions)
    if given != wanted:
        raise ValueError(f"attempt to assign sequence of size {given} to extended slice of size {wanted}")
    number = 0
    for position in positions:
        prim.list_set(target, position, prim.item(values, number))
        number = number + 1


def _slice_positions(start, stop, step):
    positions = prim.list()
    while (step > 0 and start < stop) or (step < 0 and start > stop):
        prim.append(positions, start)
        start = start + step
    return positions


def delitem(container, key):
    method = prim.user_special(container, "__delitem__")
    if method is not _missing:
        method(key)
    elif prim.isinstance(container, _dict):
        dict_delitem(container, key)
    elif prim.isinstance(container, _list):
        plain = _plain_key(container, key)
        if prim.isinstance(plain, _slice):
            _delete_slice(container, plain)
        else:
            position = _position(container, plain)
            prim.list_replace(container, position, position + 1, prim.list())
    else:
        method = prim.special(container, "__delitem__")
        if method is _missing:
            verb = "doesn't" if _sequence_index(container, key) else "does not"
            container_type = prim.type_name(container)
            raise TypeError(f"'{container_type}' object {verb} support item deletion")
        method(key)


def _delete_slice(target, where):
    start, stop, step = prim.slice_indices(where, prim.length(target))
    doomed = _slice_positions(start, stop, step)
    kept = prim.list()
    position = 0
    while position < prim.length(target):
        if not prim.contains(doomed, position):
            prim.append(kept, prim.item(target, position))
        position = position + 1
    prim.list_replace(target, 0, prim.length(target), kept)


def contains(container, value):
    method = prim.user_special(container, "__contains__")
    if method is None:
        container_type = prim.type_name(container)
        raise TypeError(f"'{container_type}' object is not a container")
    if method is not _missing:
        if method(value):
            return True
        return False
    if prim.isinstance(container, _dict):
        return _dict_find(container, value) >= 0
    if _is_set(container):
        return _set_find(container, value) >= 0
    if prim.isinstance(container, _str):
        if not prim.isinstance(value, _str):
            value_type = prim.type_name(value)
            raise TypeError(f"'in <string>' requires string as left operand, not {value_type}")
        return prim.contains(prim.payload(container), prim.payload(value))
    if prim.isinstance(container, _bytes):
        return _bytes_contain(container, value)
    kind = prim.type_name(container)
    if kind == "dict_keys":
        return _dict_find(prim.view_dict(container), value) >= 0
    if kind == "dict_items":
        return _items_contain(prim.view_dict(container), value)
    return _contains_by_iteration(container, value)


def _items_contain(entries, pair):
    """A view of items looks the key up, and compares the value."""
    if not prim.isinstance(pair, _tuple) or prim.length(pair) != 2:
        return False
    found = _dict_find(entries, prim.item(pair, 0))
    return found >= 0 and _same(prim.dict_value(entries, found), prim.item(pair, 1))


def _bytes_contain(container, value):
    if prim.isinstance(value, _bytes):
        return prim.contains(prim.payload(container), prim.payload(value))
    if not _has_index(value):
        value_type = prim.type_name(value)
        raise TypeError(f"a bytes-like object is required, not '{value_type}'")
    return prim.contains(prim.payload(container), _index(value))


def _contains_by_iteration(container, value):
    failed = False
    try:
        iterator = iter(container)
    except TypeError:
        failed = True
    if failed:
        # Until 3.13: "argument of type 'X' is not iterable".
        container_type = prim.type_name(container)
        raise TypeError(f"argument of type '{container_type}' is not a container or iterable")
    for item in iterator:
        if _same(item, value):
            return True
    return False


# -------------------------------------------------------------- attributes

def _check_name(name):
    if not prim.isinstance(name, _str):
        name_type = prim.type_name(name)
        raise TypeError(f"attribute name must be string, not '{name_type}'")


def getattr(value, name, *default):
    _check_name(name)
    if prim.length(default) == 0:
        return load_attr(value, name)
    try:
        return load_attr(value, name)
    except AttributeError:
        pass
    return default[0]


def hasattr(value, name):
    _check_name(name)
    try:
        load_attr(value, name)
    except AttributeError:
        return False
    return True


def load_attr(value, name):
    """`value.name`; an AttributeError learns what was looked up."""
    try:
        return _found_attr(value, name)
    except AttributeError as error:
        prim.tell_access(error, value, name)
        raise


def _found_attr(value, name):
    """`value.name`, with `__getattribute__`, then `__getattr__`."""
    fallback = prim.user_special(value, "__getattr__")
    own = prim.user_special(value, "__getattribute__")
    if fallback is _missing:
        if own is _missing:
            return default_getattr(value, name)
        return own(name)
    try:
        if own is _missing:
            return default_getattr(value, name)
        return own(name)
    except AttributeError:
        pass
    return fallback(name)


def import_from(module, name):
    """`from module import name`, where the module does not bind the name and has a `__getattr__`."""
    try:
        return prim.user_special(module, "__getattr__")(name)
    except AttributeError:
        pass
    where = prim.getattr(module, "__name__")
    raise ImportError(f"cannot import name '{name}' from '{where}' (unknown location)", name=where, name_from=name)


def default_getattr(value, name):
    """What `object.__getattribute__` does."""
    found = prim.getattr(value, name)
    if found is _missing:
        _no_attribute(value, name)
    if _is_class(value):
        # Looked up on a class, a property is only itself.
        return _bind_to_class(value, found)
    if prim.type(found) is _property and prim.getattr(prim.type(value), name) is found:
        if found.fget is None:
            value_type = prim.type_name(value)
            raise AttributeError(f"property '{name}' of '{value_type}' object has no getter")
        return found.fget(value)
    if prim.getattr(prim.type(value), name) is found:
        method = prim.user_special(found, "__get__")
        if method is not _missing:
            return method(value, prim.type(value))
    return found


def _bind_to_class(cls, found):
    method = prim.user_special(found, "__get__")
    if method is _missing:
        return found
    return method(None, cls)


def _no_attribute(value, name):
    if _is_class(value):
        value_name = prim.class_name(value)
        raise AttributeError(f"type object '{value_name}' has no attribute '{name}'")
    value_type = prim.type_name(value)
    raise AttributeError(f"'{value_type}' object has no attribute '{name}'")


def setattr(value, name, new):
    _check_name(name)
    store_attr(value, name, new)


def store_attr(value, name, new):
    """`value.name = new`."""
    method = prim.user_special(value, "__setattr__")
    if method is not _missing:
        method(name, new)
    else:
        default_setattr(value, name, new)


def default_setattr(value, name, new):
    """What `object.__setattr__` does."""
    if name == "args" and prim.isinstance(value, BaseException):
        new = tuple(new)
    found = _data_descriptor(value, name)
    if found is _missing:
        prim.setattr(value, name, new)
    elif prim.type(found) is _property:
        if found.fset is None:
            value_type = prim.type_name(value)
            raise AttributeError(f"property '{name}' of '{value_type}' object has no setter")
        found.fset(value, new)
    else:
        method = prim.user_special(found, "__set__")
        if method is _missing:
            prim.setattr(value, name, new)
        else:
            method(value, new)


def _data_descriptor(value, name):
    if _is_class(value):
        return _missing
    return prim.getattr(prim.type(value), name)


def delattr(value, name):
    _check_name(name)
    method = prim.user_special(value, "__delattr__")
    if method is not _missing:
        method(name)
    else:
        default_delattr(value, name)


def default_delattr(value, name):
    """What `object.__delattr__` does."""
    found = _data_descriptor(value, name)
    if prim.type(found) is _property:
        if found.fdel is None:
            value_type = prim.type_name(value)
            raise AttributeError(f"property '{name}' of '{value_type}' object has no deleter")
        found.fdel(value)
        return
    method = _missing if found is _missing else prim.user_special(found, "__delete__")
    if method is not _missing:
        method(value)
    elif not prim.delattr(value, name):
        _no_attribute(value, name)


# ---------------------------------------------------------------- classes

def announce(cls, attributes, /, **named):
    """Tells the attributes of a new class, and its bases, of it."""
    for name, value in attributes:
        method = prim.user_special(value, "__set_name__")
        try:
            method(cls, name)
        except BaseException as error:
            value_type = prim.type_name(value)
            class_name = prim.class_name(cls)
            error.add_note(f"Error calling __set_name__ on '{value_type}' instance '{name}' in '{class_name}'")
            raise
    prim.next_attribute(cls, "__init_subclass__")(**named)
    return cls


def isinstance(value, classinfo):
    if prim.type(value) is classinfo:
        return True
    if prim.type(classinfo) is _tuple:
        for member in classinfo:
            if isinstance(value, member):
                return True
        return False
    method = prim.user_special(classinfo, "__instancecheck__")
    if method is not _missing:
        return bool(method(value))
    if _is_class(classinfo):
        if prim.isinstance(value, classinfo) or _is_virtual(prim.type(value), classinfo):
            return True
        # An object may say that it is of another class.
        own = getattr(value, "__class__", _missing)
        return _is_class(own) and prim.issubclass(own, classinfo)
    if prim.is_alias(classinfo):
        raise TypeError("isinstance() argument 2 cannot be a parameterized generic")
    members = prim.union_members(classinfo)
    if members is _missing:
        if _bases_of(classinfo) is _missing:
            raise TypeError("isinstance() arg 2 must be a type, a tuple of types, or a union")
        own = getattr(value, "__class__", _missing)
        return own is not _missing and _derives(own, classinfo)
    for member in members:
        if isinstance(value, member):
            return True
    return False


def issubclass(cls, classinfo):
    if prim.type(classinfo) is _tuple:
        for member in classinfo:
            if issubclass(cls, member):
                return True
        return False
    method = prim.user_special(classinfo, "__subclasscheck__")
    if method is not _missing:
        return bool(method(cls))
    if _is_class(cls) and _is_class(classinfo):
        return prim.issubclass(cls, classinfo) or _is_virtual(cls, classinfo)
    if prim.is_alias(classinfo):
        raise TypeError("issubclass() argument 2 cannot be a parameterized generic")
    if _bases_of(cls) is _missing:
        raise TypeError("issubclass() arg 1 must be a class")
    members = prim.union_members(classinfo)
    if members is not _missing:
        for member in members:
            if _derives(cls, member):
                return True
        return False
    if _bases_of(classinfo) is _missing:
        raise TypeError("issubclass() arg 2 must be a class, a tuple of classes, or a union")
    return _derives(cls, classinfo)


def _is_virtual(cls, base):
    """Whether an abstract class counts another one in that does not derive from it."""
    if prim.getattr(base, "_abc_impl") is _missing:
        return False
    if prim.getattr(base, "__subclasshook__") is not _missing:
        answer = base.__subclasshook__(cls)
        if answer is not prim.not_implemented:
            return bool(answer)
    registered = prim.getattr(base, "_abc_registry")
    if registered is not _missing:
        for pair in registered:
            if prim.issubclass(pair[0], base) and issubclass(cls, pair[1]):
                return True
    return False


def _bases_of(cls):
    """What has a tuple `__bases__` counts as a class."""
    bases = getattr(cls, "__bases__", _missing)
    if bases is _missing or not prim.isinstance(bases, _tuple):
        return _missing
    return bases


def _derives(cls, base):
    if cls is base:
        return True
    bases = _bases_of(cls)
    if bases is _missing:
        return False
    for other in bases:
        if _derives(other, base):
            return True
    return False


# ------------------------------------------------------------- conversions

def int(*arguments, **named):
    """`int(x)`; with a base, that may be an object with `__index__`."""
    if prim.length(named) > 0 or prim.length(arguments) == 2:
        return _int_of_text(*arguments, **named)
    if prim.length(arguments) != 1:
        return prim.int(*arguments)
    value = arguments[0]
    for name in ("__int__", "__index__"):
        method = prim.user_special(value, name)
        if method is not _missing:
            result = method()
            if not prim.isinstance(result, _int):
                result_type = prim.type_name(result)
                raise TypeError(f"{name} returned non-int (type {result_type})")
            return prim.payload(result)
        if _is_number(value):
            break
    plain = prim.payload(value)
    if plain is not _missing and (_is_number(value) or prim.isinstance(value, _str)
                                  or prim.isinstance(value, _bytes)):
        return prim.int(plain)
    value_type = prim.type_name(value)
    raise TypeError("int() argument must be a string, a bytes-like object "
                    f"or a real number, not '{value_type}'")


def _int_of_text(*arguments, **named):
    parts = prim.list_copy(arguments)
    base = _named(named, "base", _missing)
    if base is not _missing:
        if prim.length(parts) == 0:
            raise TypeError("int() missing string argument")
        prim.append(parts, base)
    if prim.length(parts) != 2 or prim.length(named) > 1 or prim.length(named) == 1 and base is _missing:
        return prim.int(*arguments, **named)
    return prim.int(prim.payload(parts[0]), _index(parts[1]))


def _is_number(value):
    return prim.isinstance(value, _int) or prim.isinstance(value, _float)


def float(value=0.0):
    method = prim.user_special(value, "__float__")
    if method is not _missing:
        result = method()
        if not prim.isinstance(result, _float):
            value_type = prim.type_name(value)
            result_type = prim.type_name(result)
            raise TypeError(f"{value_type}.__float__ returned "
                            f"non-float (type {result_type})")
        return prim.payload(result)
    plain = prim.payload(value)
    if plain is not _missing and (_is_number(value) or prim.isinstance(value, _str)
                                  or prim.isinstance(value, _bytes)):
        return prim.float(plain)
    if _has_index(value):
        return prim.float(_index(value))
    value_type = prim.type_name(value)
    raise TypeError(f"float() argument must be a string or a real number, not '{value_type}'")


def round(number, ndigits=None):
    method = prim.user_special(number, "__round__")
    if method is not _missing:
        if ndigits is None:
            return method()
        return method(ndigits)
    plain = prim.payload(number)
    if plain is _missing or not _is_number(number):
        number_type = prim.type_name(number)
        raise TypeError(f"type {number_type} doesn't define __round__ method")
    if ndigits is None:
        return prim.round(plain)
    return prim.round(plain, _index(ndigits))


# --------------------------------------------------- container constructors

def list(iterable=()):
    return _collect(iterable)


def tuple(iterable=()):
    # Unlike `list`, this does not ask for an estimate of the length.
    result = prim.list()
    for item in iterable:
        prim.append(result, item)
    return prim.tuple(result)


def set(iterable=()):
    result = prim.set()
    set_update(result, iterable)
    return result


def frozenset(iterable=()):
    return prim.frozenset(set(iterable))


def dict(*arguments, **named):
    count = prim.length(arguments)
    if count > 1:
        raise TypeError(f"dict expected at most 1 argument, got {count}")
    result = prim.dict()
    dict_update(result, *arguments, **named)
    return result


# -------------------------------------------------- folds over an iterable

def bytes(*arguments):
    source = arguments[0]
    method = prim.user_special(source, "__bytes__")
    if method is not _missing:
        result = method()
        if not prim.isinstance(result, _bytes):
            result_type = prim.type_name(result)
            raise TypeError(f"__bytes__ returned non-bytes (type {result_type})")
        return result
    if prim.special(source, "__index__") is not _missing:
        return prim.bytes(_index(source))
    if prim.special(source, "__iter__") is _missing and prim.special(source, "__getitem__") is _missing:
        source_type = prim.type_name(source)
        raise TypeError(f"cannot convert '{source_type}' object to bytes")
    values = prim.list()
    for value in source:
        prim.append(values, _index(value))
    return prim.bytes(values)


def range(*arguments):
    parts = prim.list()
    for argument in arguments:
        prim.append(parts, _index(argument))
    return prim.range(*parts)


def sum(iterable, start=0):
    for kind in (_str, _bytes):
        if prim.isinstance(start, kind):
            name = prim.class_name(kind)
            prefix = "b" if kind is _bytes else ""
            noun = "strings" if kind is _str else name
            raise TypeError(f"sum() can't sum {noun} [use {prefix}''.join(seq) instead]")
    total = start
    error = 0.0
    compensating = False
    for item in iterable:
        # Floats are summed with the rounding error carried along (since 3.12).
        if prim.type(total) is _float and (prim.type(item) is _float or prim.type(item) is _int):
            compensating = True
            value = prim.float(item)
            next_total = total + value
            if prim.unary("abs", total) >= prim.unary("abs", value):
                error = error + ((total - next_total) + value)
            else:
                error = error + ((value - next_total) + total)
            total = next_total
        else:
            if compensating:
                total = _with_error(total, error)
                error = 0.0
                compensating = False
            total = total + item
    if compensating:
        total = _with_error(total, error)
    return total


def _with_error(total, error):
    # An infinite or undefined correction would spoil an infinite total.
    if error == 0.0 or error - error != 0.0:
        return total
    return total + error


def min(*arguments, **named):
    return _extreme(arguments, named, "min")


def max(*arguments, **named):
    return _extreme(arguments, named, "max")


def _extreme(arguments, named, function):
    count = prim.length(arguments)
    if count == 0:
        raise TypeError(f"{function} expected at least 1 argument, got 0")
    position = 0
    while position < prim.length(named):
        name = prim.dict_key(named, position)
        if name != "key" and name != "default":
            hint = prim.keyword_hint(name, ("key", "default"))
            raise TypeError(f"{function}() got an unexpected keyword argument '{name}'{hint}")
        position = position + 1
    default = _named(named, "default", _missing)
    if count > 1 and default is not _missing:
        raise TypeError(f"Cannot specify a default for {function}() with multiple positional arguments")
    values = arguments if count > 1 else arguments[0]
    best = _extreme_item(values, _named(named, "key", None), function == "max")
    if best is not _missing:
        return best
    if default is _missing:
        # Until 3.13: "min() arg is an empty sequence".
        raise ValueError(f"{function}() iterable argument is empty")
    return default


def _extreme_item(values, key, greatest):
    best = _missing
    best_rank = None
    for item in values:
        rank = item if key is None else key(item)
        if best is _missing:
            better = True
        elif greatest:
            better = rank > best_rank
        else:
            better = rank < best_rank
        if better:
            best = item
            best_rank = rank
    return best


def any(iterable):
    for item in iterable:
        if item:
            return True
    return False


def all(iterable):
    for item in iterable:
        if not item:
            return False
    return True


# ------------------------------------------------------------------ sorting

def sorted(*arguments, **named):
    count = prim.length(arguments)
    if count != 1:
        raise TypeError(f"sorted expected 1 argument, got {count}")
    result = _collect(arguments[0])
    position = 0
    while position < prim.length(named):
        name = prim.dict_key(named, position)
        if name != "key" and name != "reverse":
            hint = prim.keyword_hint(name, ("key", "reverse"))
            raise TypeError(f"sort() got an unexpected keyword argument '{name}'{hint}")
        position = position + 1
    list_sort(result, _named(named, "key", None), _named(named, "reverse", False))
    return result


def list_sort(target, key=None, reverse=False):
    """The list stays as it was when a comparison raises."""
    reverse = bool(reverse)
    members = prim.list_copy(target)
    # The list is empty while it is sorted, as in CPython.
    prim.list_replace(target, 0, prim.length(target), prim.list())
    try:
        result = _in_order(members, key, reverse)
    except BaseException:
        prim.list_replace(target, 0, prim.length(target), members)
        raise
    changed = prim.length(target) > 0
    prim.list_replace(target, 0, prim.length(target), result)
    if changed:
        raise ValueError("list modified during sort")


def _in_order(members, key, reverse):
    """The members by a stable merge sort."""
    pairs = prim.list()
    for item in members:
        prim.append(pairs, (item if key is None else key(item), item))
    if reverse:
        # Reversing before and after keeps equal items in their order.
        pairs = _backwards(pairs)
    ordered = prim.sorted_pairs(pairs)
    pairs = _merge_sorted(pairs) if ordered is None else ordered
    if reverse:
        pairs = _backwards(pairs)
    items = prim.list()
    for pair in pairs:
        prim.append(items, pair[1])
    return items


def _backwards(values):
    return prim.item(values, prim.slice(None, None, -1))


def _merge_sorted(pairs):
    count = prim.length(pairs)
    if count < 2:
        return pairs
    middle = count // 2
    left = _merge_sorted(prim.item(pairs, prim.slice(0, middle, None)))
    right = _merge_sorted(prim.item(pairs, prim.slice(middle, count, None)))
    return _merged(left, right)


def _merged(left, right):
    result = prim.list()
    i = 0
    j = 0
    while i < prim.length(left) and j < prim.length(right):
        # Only `<` is asked, and the later item goes first only if smaller.
        if right[j][0] < left[i][0]:
            prim.append(result, right[j])
            j = j + 1
        else:
            prim.append(result, left[i])
            i = i + 1
    size = prim.length(result)
    prim.list_replace(result, size, size, prim.item(left, prim.slice(i, None, None)))
    size = prim.length(result)
    prim.list_replace(result, size, size, prim.item(right, prim.slice(j, None, None)))
    return result


# ------------------------------------------------------- methods of str, list

def str_join(separator, iterable):
    iterator = _iterator_or_missing(iterable)
    if iterator is _missing:
        raise TypeError("can only join an iterable")
    parts = prim.list()
    for item in _collect_from(iterator, iterable):
        if not prim.isinstance(item, _str):
            number = prim.length(parts)
            item_type = prim.type_name(item)
            raise TypeError(f"sequence item {number}: expected str instance, {item_type} found")
        prim.append(parts, prim.payload(item))
    return prim.join(prim.payload(separator), parts)


def list_extend(target, iterable):
    if iterable is target:
        iterable = prim.list_copy(iterable)
    iterator = iter(iterable)
    _length_hint(iterable)
    for item in iterator:
        prim.append(target, item)


def list_index(target, value, start=0, stop=9223372036854775807):
    start = _clipped(_index(start), prim.length(target))
    stop = _clipped(_index(stop), prim.length(target))
    while start < stop and start < prim.length(target):
        if _same(prim.item(target, start), value):
            return start
        start = start + 1
    kind = "list" if prim.isinstance(target, _list) else "tuple"
    raise ValueError(f"{kind}.index(x): x not in {kind}")


def _clipped(index, size):
    if index < 0:
        index = index + size
        if index < 0:
            index = 0
    return index


def list_count(target, value):
    count = 0
    position = 0
    while position < prim.length(target):
        if _same(prim.item(target, position), value):
            count = count + 1
        position = position + 1
    return count


def list_remove(target, value):
    position = 0
    while position < prim.length(target):
        if _same(prim.item(target, position), value):
            prim.list_replace(target, position, position + 1, prim.list())
            return
        position = position + 1
    raise ValueError("list.remove(x): x not in list")


tuple_index = list_index
tuple_count = list_count


# --------------------------------------------------------- methods of dict

def _dict_find_hashed(target, key, code):
    """The entry of `key`; stored hashes are compared before keys are."""
    position = prim.dict_find_hash(target, code, 0)
    while position >= 0:
        if _same(prim.dict_key(target, position), key):
            return position
        position = prim.dict_find_hash(target, code, position + 1)
    return -1


def _dict_find(target, key):
    return _dict_find_hashed(target, key, _key_hash(key, "dict key"))


def dict_display(*parts):
    """`{key: value, …}`."""
    result = prim.dict()
    position = 0
    while position < prim.length(parts):
        dict_setitem(result, parts[position], parts[position + 1])
        position = position + 2
    return result


def dict_display_merge(target, source):
    """`{**target, **source}`."""
    dict_update(target, source)
    return target


def set_display(*members):
    """`{member, …}`."""
    result = prim.set()
    for member in members:
        set_add(result, member)
    return result


def update_own(value, *arguments, **named):
    """`value.__dict__.update(…)`."""
    for name, new in dict(*arguments, **named).items():
        prim.setattr(value, name, new)


def dict_getitem(target, key):
    position = _dict_find(target, key)
    if position >= 0:
        return prim.dict_value(target, position)
    method = prim.user_special(target, "__missing__")
    if method is not _missing:
        return method(key)
    raise KeyError(key)


def dict_setitem(target, key, value):
    code = _key_hash(key, "dict key")
    prim.dict_put(target, _dict_find_hashed(target, key, code), key, value, code)


def dict_delitem(target, key):
    position = _dict_find(target, key)
    if position < 0:
        raise KeyError(key)
    prim.dict_remove(target, position)


def dict_get(target, key, default=None):
    position = _dict_find(target, key)
    if position < 0:
        return default
    return prim.dict_value(target, position)


def dict_setdefault(target, key, default=None):
    code = _key_hash(key, "dict key")
    position = _dict_find_hashed(target, key, code)
    if position >= 0:
        return prim.dict_value(target, position)
    prim.dict_put(target, -1, key, default, code)
    return default


def dict_pop(target, key, *default):
    if prim.length(target) == 0:
        # CPython does not even hash the key then.
        position = -1
    else:
        position = _dict_find(target, key)
    if position >= 0:
        value = prim.dict_value(target, position)
        prim.dict_remove(target, position)
        return value
    if prim.length(default) == 0:
        raise KeyError(key)
    return default[0]


def dict_update(*arguments, **named):
    target = arguments[0]
    count = prim.length(arguments) - 1
    if count > 1:
        raise TypeError(f"update expected at most 1 argument, got {count}")
    if count == 1:
        _merge_into(target, arguments[1])
    position = 0
    while position < prim.length(named):
        name = prim.dict_key(named, position)
        dict_setitem(target, name, prim.dict_value(named, position))
        position = position + 1


def _merge_into(target, source):
    if prim.isinstance(source, _dict) and prim.user_special(source, "__iter__") is _missing:
        _copy_entries(target, source)
    elif hasattr(source, "keys"):
        for key in source.keys():
            dict_setitem(target, key, source[key])
    else:
        _add_pairs(target, source)


def _copy_entries(target, source):
    fresh = prim.length(target) == 0
    position = 0
    while position < prim.length(source):
        key = prim.dict_key(source, position)
        code = prim.dict_hash(source, position)
        # Keys of one dict differ already.
        value = prim.dict_value(source, position)
        size = prim.length(source)
        found = -1 if fresh else _dict_find_hashed(target, key, code)
        prim.dict_put(target, found, key, value, code)
        if prim.length(source) != size:
            raise RuntimeError("dict mutated during update")
        position = position + 1


def _add_pairs(target, pairs):
    number = 0
    for pair in pairs:
        iterator = _iterator_or_missing(pair)
        if iterator is _missing:
            # Until 3.13 the note was the message.
            error = TypeError("object is not iterable")
            error.add_note(f"Cannot convert dictionary update sequence element #{number} to a sequence")
            raise error
        members = _collect_from(iterator, pair)
        size = prim.length(members)
        if size != 2:
            raise ValueError(f"dictionary update sequence element #{number} has length {size}; 2 is required")
        dict_setitem(target, members[0], members[1])
        number = number + 1


def dict_fromkeys(cls, keys, value=None):
    result = cls()
    for key in keys:
        result[key] = value
    return result


# ---------------------------------------------------------- methods of set

def _set_find_hashed(target, value, code):
    position = prim.set_find_hash(target, code, 0)
    while position >= 0:
        if _same(prim.set_key(target, position), value):
            return position
        position = prim.set_find_hash(target, code, position + 1)
    return -1


def _set_find(target, value):
    if prim.isinstance(value, _set) and prim.user_special(value, "__hash__") is _missing:
        # A set is looked up as if it were frozen.
        return _set_find_hashed(target, value, prim.hash_frozenset(_stored_hashes(value)))
    return _set_find_hashed(target, value, _key_hash(value, "set element"))


def set_add(target, value):
    code = _key_hash(value, "set element")
    if _set_find_hashed(target, value, code) < 0:
        prim.set_add(target, value, code)


def set_discard(target, value):
    position = _set_find(target, value)
    if position >= 0:
        prim.set_remove(target, position)


def set_remove(target, value):
    position = _set_find(target, value)
    if position < 0:
        raise KeyError(value)
    prim.set_remove(target, position)


def set_update(target, *iterables):
    for iterable in iterables:
        if _is_set(iterable):
            _add_elements(target, iterable)
        elif prim.type(iterable) is _dict:
            _add_keys(target, iterable)
        else:
            for item in iterable:
                set_add(target, item)


def _add_elements(target, source):
    """Adds a set's elements with the hashes that it has stored."""
    position = 0
    while position < prim.length(source):
        _add_hashed(target, prim.set_key(source, position), prim.set_hash(source, position))
        position = position + 1


def _add_keys(target, source):
    position = 0
    while position < prim.length(source):
        _add_hashed(target, prim.dict_key(source, position), prim.dict_hash(source, position))
        position = position + 1


def _add_hashed(target, value, code):
    if _set_find_hashed(target, value, code) < 0:
        prim.set_add(target, value, code)


def _as_set(value):
    if _is_set(value):
        return value
    return set(value)


def _copy_of_set(value):
    result = prim.set()
    position = 0
    while position < prim.length(value):
        prim.set_add(result, prim.set_key(value, position), prim.set_hash(value, position))
        position = position + 1
    return result


def _selected(source, other, wanted):
    """The elements of `source` that are (or are not) in `other`."""
    result = prim.set()
    position = 0
    while position < prim.length(source):
        value = prim.set_key(source, position)
        code = prim.set_hash(source, position)
        if (_set_find_hashed(other, value, code) >= 0) is wanted:
            prim.set_add(result, value, code)
        position = position + 1
    return result


def _united(left, right):
    result = _copy_of_set(left)
    _add_elements(result, right)
    return result


def _common(left, right):
    """The intersection: the elements are the smaller set's, else the right's."""
    if prim.length(right) > prim.length(left):
        return _selected(left, right, True)
    return _selected(right, left, True)


def _either(left, right):
    """The elements of one set only."""
    result = _copy_of_set(right)
    position = 0
    while position < prim.length(left):
        value = prim.set_key(left, position)
        code = prim.set_hash(left, position)
        found = _set_find_hashed(result, value, code)
        if found < 0:
            prim.set_add(result, value, code)
        else:
            prim.set_remove(result, found)
        position = position + 1
    return result


def _like(model, result):
    """The result of an operator has the type of its left operand."""
    if prim.isinstance(model, _frozenset):
        return prim.frozenset(result)
    return result


def _set_operation(left, right, operation):
    if operation == "or":
        result = _united(left, right)
    elif operation == "and":
        result = _common(left, right)
    elif operation == "sub":
        result = _selected(left, right, False)
    elif operation == "xor":
        result = _either(left, right)
    else:
        return prim.not_implemented
    return _like(left, result)


def _replace_elements(target, source):
    while prim.length(target) > 0:
        prim.set_remove(target, prim.length(target) - 1)
    position = 0
    while position < prim.length(source):
        prim.set_add(target, prim.set_key(source, position), prim.set_hash(source, position))
        position = position + 1


def set_union(target, *iterables):
    result = _copy_of_set(target)
    set_update(result, *iterables)
    return _like(target, result)


def set_intersection(target, *iterables):
    result = _copy_of_set(target)
    for iterable in iterables:
        if _is_set(iterable):
            result = _common(result, iterable)
        else:
            result = _found_in(result, iterable)
    return _like(target, result)


def _found_in(source, iterable):
    """The items that are in the set; ends early once all are found."""
    result = prim.set()
    for item in iterable:
        code = hash(item)
        if _set_find_hashed(source, item, code) >= 0:
            _add_hashed(result, item, code)
            if prim.length(result) >= prim.length(source):
                break
    return result


def set_difference(target, *iterables):
    result = _copy_of_set(target)
    for iterable in iterables:
        if _is_set(iterable):
            result = _selected(result, iterable, False)
        elif prim.type(iterable) is _dict:
            result = _without_keys(result, iterable)
        else:
            for item in iterable:
                set_discard(result, item)
    return _like(target, result)


def _without_keys(source, other):
    result = prim.set()
    position = 0
    while position < prim.length(source):
        value = prim.set_key(source, position)
        code = prim.set_hash(source, position)
        if _dict_find_hashed(other, value, code) < 0:
            prim.set_add(result, value, code)
        position = position + 1
    return result


def set_symmetric_difference(target, iterable):
    return _set_operation(target, _as_set(iterable), "xor")


def set_intersection_update(target, *iterables):
    _replace_elements(target, set_intersection(target, *iterables))


def set_difference_update(target, *iterables):
    for iterable in iterables:
        if _is_set(iterable):
            _replace_elements(target, _selected(target, iterable, False))
        else:
            for item in iterable:
                set_discard(target, item)


def set_symmetric_difference_update(target, iterable):
    if prim.type(iterable) is _dict:
        other = _keys_as_set(iterable)
    else:
        other = _as_set(iterable)
    _replace_elements(target, _either(other, target))


def _keys_as_set(source):
    """The keys of a dict, which differ already."""
    result = prim.set()
    position = 0
    while position < prim.length(source):
        prim.set_add(result, prim.dict_key(source, position), prim.dict_hash(source, position))
        position = position + 1
    return result


def set_issubset(target, iterable):
    if _is_set(iterable):
        return _compare_sets(target, iterable, "le")
    return prim.length(_found_in(target, iterable)) == prim.length(target)


def set_issuperset(target, iterable):
    if _is_set(iterable):
        return _compare_sets(iterable, target, "le")
    for item in iterable:
        if _set_find(target, item) < 0:
            return False
    return True


def set_isdisjoint(target, iterable):
    if _is_set(iterable):
        return prim.length(_common(target, iterable)) == 0
    for item in iterable:
        if _set_find(target, item) >= 0:
            return False
    return True


def _subset(left, right):
    position = 0
    while position < prim.length(left):
        value = prim.set_key(left, position)
        if _set_find_hashed(right, value, prim.set_hash(left, position)) < 0:
            return False
        position = position + 1
    return True


def _compare_sets(left, right, name):
    smaller = prim.length(left)
    greater = prim.length(right)
    if name == "eq":
        return smaller == greater and _subset(left, right)
    if name == "ne":
        return not (smaller == greater and _subset(left, right))
    if name == "le":
        return smaller <= greater and _subset(left, right)
    if name == "lt":
        return smaller < greater and _subset(left, right)
    if name == "ge":
        return smaller >= greater and _subset(right, left)
    return smaller > greater and _subset(right, left)


# ---- raising and exception groups ------------------------------------------------

def exception_to_raise(cls):
    return _raised_instance(cls, cls())


def exception_cause(cls):
    return _raised_instance(cls, cls())


def _raised_instance(cls, made):
    if not prim.isinstance(made, BaseException):
        wanted = repr(cls)
        got = repr(prim.type(made))
        raise TypeError(f"calling {wanted} should have returned an instance of BaseException, not {got}")
    return made


def class_of_entries(name, bases, names, qualname, module, **keywords):
    """Makes a class of which a base is no class: its `__mro_entries__` tells the classes in its place."""
    found = prim.list()
    for base in bases:
        method = _missing
        if not _is_class(base):
            maker = prim.user_special(base, "_class_of_body")
            if maker is not _missing:
                return maker(name, bases, names, module)
            method = prim.special(base, "__mro_entries__")
        if method is _missing:
            prim.append(found, base)
            continue
        entries = method(bases)
        if not prim.isinstance(entries, _tuple):
            raise TypeError("__mro_entries__ must return a tuple")
        for entry in entries:
            prim.append(found, entry)
    names["__orig_bases__"] = bases
    return prim.class_made(name, prim.tuple(found), names, qualname, module, **keywords)


# What a class derived from a builtin one holds is made like a value of that.

def list___init__(self, *arguments):
    items = list(*arguments)
    prim.fill(self, items)


def set___init__(self, *arguments):
    items = set(*arguments)
    prim.fill(self, items)


def dict___init__(self, *arguments, **named):
    dict_update(self, *arguments, **named)


def tuple___new__(cls, *arguments):
    return prim.like(cls, tuple(*arguments))


def frozenset___new__(cls, *arguments):
    return prim.like(cls, frozenset(*arguments))


def str___new__(cls, *arguments, **named):
    return prim.like(cls, str(*arguments, **named))


def int___new__(cls, *arguments, **named):
    return prim.like(cls, int(*arguments, **named))


def float___new__(cls, *arguments):
    return prim.like(cls, float(*arguments))


def bytes___new__(cls, *arguments):
    return prim.like(cls, bytes(*arguments))


def construct(cls, *args, **kwargs):
    made = cls.__new__(cls, *args, **kwargs)
    if prim.isinstance(made, cls):
        initialise = prim.init(prim.type(made))
        if prim.isinstance(made, OSError) and prim.type_name(initialise) == "builtin_function_or_method":
            # OSError's own `__init__` leaves everything to a `__new__` that a class defines.
            return made
        if initialise is not prim.missing:
            result = _initialised(made, initialise, args, kwargs)
            if result is not None:
                name = prim.type_name(result)
                raise TypeError(f"__init__() should return None, not '{name}'")
    return made


def _initialised(made, initialise, args, kwargs):
    """What `__init__` returns, which may be a property or another descriptor."""
    if prim.type(initialise) is _property:
        return initialise.fget(made)(*args, **kwargs)
    method = prim.user_special(initialise, "__get__")
    if method is not _missing:
        return method(made, prim.type(made))(*args, **kwargs)
    return initialise(made, *args, **kwargs)


def BaseExceptionGroup_split(group, condition):
    return _split(group, _group_test(condition))


def BaseExceptionGroup_subgroup(group, condition):
    return prim.item(_split(group, _group_test(condition)), 0)


def _group_test(condition):
    kind = prim.type(condition)
    if kind is _type or kind is _tuple:
        members = condition
        if kind is _type:
            members = (condition,)
        for member in members:
            if prim.type(member) is not _type or not prim.issubclass(member, BaseException):
                _bad_condition()

        def of_class(exception):
            return prim.isinstance(exception, condition)
        return of_class
    if not callable(condition):
        _bad_condition()
    return condition


def _bad_condition():
    raise TypeError("expected an exception type, a tuple of exception types, or a callable (other than a class)")


def _split(exception, test):
    if test(exception):
        return (exception, None)
    if prim.group_leaf_test(exception):
        return (None, exception)
    matching = prim.list()
    rest = prim.list()
    for member in exception.exceptions:
        parts = _split(member, test)
        if prim.item(parts, 0) is not None:
            prim.append(matching, prim.item(parts, 0))
        if prim.item(parts, 1) is not None:
            prim.append(rest, prim.item(parts, 1))
    return (_derived(exception, matching), _derived(exception, rest))


def _derived(group, members):
    if prim.length(members) == 0:
        return None
    part = group.derive(members)
    if not prim.isinstance(part, BaseExceptionGroup):
        raise TypeError("derive must return an instance of BaseExceptionGroup")
    return prim.copy_metadata(group, part)


def star_split(rest, condition):
    def matches(exception):
        return prim.isinstance(exception, condition)
    return _split(rest, matches)


def star_end(original, rest, raised):
    parts = prim.wrapped_group(original, raised)
    kept = prim.list_copy(prim.item(parts, 0))
    if rest is not None:
        prim.append(kept, rest)
    new = prim.list_copy(prim.item(parts, 1))
    if prim.length(kept) > 0:
        def among(exception):
            return prim.projected(exception, kept)
        again = prim.item(_split(original, among), 0)
        if again is not None:
            prim.append(new, again)
    if prim.length(new) == 0:
        return None
    if prim.length(new) == 1:
        return prim.item(new, 0)
    return BaseExceptionGroup("", new)


# ---- files -------------------------------------------------------------------------
# What a program writes is kept here and read back; nothing is written to a disk.

class _UnsupportedOperation(OSError, ValueError):
    __module__ = "io"


class _Disk:
    # By absolute path: text as it would be in UTF-8, or bytes.
    written = {}


def open(file, mode="r", buffering=None, encoding=None, errors=None, newline=None, closefd=True, opener=None):
    file = _file_path(file)
    path = prim.str(file, "utf-8") if prim.isinstance(file, _bytes) else file
    _check_text("mode", mode, False)
    _check_text("encoding", encoding, True)
    _check_text("errors", errors, True)
    _check_text("newline", newline, True)
    how = _open_mode(mode)
    binary = prim.contains(mode, "b")
    _check_options(mode, binary, buffering, encoding, errors, newline)
    if opener is not None:
        prim.not_modelled("`opener` of `open`")
    if prim.contains(path, "\0"):
        raise ValueError("embedded null byte")
    key = prim.file_key(path)
    _prepare(file, path, key, how)
    reads = how == "r" or prim.contains(mode, "+")
    writes = how != "r" or prim.contains(mode, "+")
    if not binary:
        return _TextIOWrapper(file, mode, key, encoding, errors, newline, reads, writes, how == "a")
    if reads and writes:
        return _BufferedRandom(file, f"{how}b+", key, reads, writes, how == "a")
    if reads:
        return _BufferedReader(file, "rb", key, reads, writes, False)
    return _BufferedWriter(file, f"{how}b", key, reads, writes, how == "a")


def _file_path(file):
    if prim.isinstance(file, _int):
        prim.not_modelled("`open` of a number")
    if not prim.isinstance(file, _str) and not prim.isinstance(file, _bytes):
        method = prim.special(file, "__fspath__")
        if method is _missing:
            name = prim.type_name(file)
            raise TypeError(f"expected str, bytes or os.PathLike object, not {name}")
        file = method()
    return prim.payload(file)


def _check_text(name, value, optional):
    if prim.isinstance(value, _str) or optional and value is None:
        return
    kind = prim.type_name(value)
    wanted = "str or None" if optional else "str"
    raise TypeError(f"open() argument '{name}' must be {wanted}, not {kind}")


def _open_mode(mode):
    """Which of r, w, a and x a mode has."""
    how = ""
    seen = ""
    for letter in mode:
        if not prim.contains("rwaxbt+", letter) or prim.contains(seen, letter):
            raise ValueError(f"invalid mode: '{mode}'")
        seen = f"{seen}{letter}"
        if prim.contains("rwax", letter):
            how = f"{how}{letter}"
    if prim.contains(mode, "b") and prim.contains(mode, "t"):
        raise ValueError("can't have text and binary mode at once")
    if prim.length(how) > 1:
        raise ValueError("must have exactly one of create/read/write/append mode")
    return how


def _check_options(mode, binary, buffering, encoding, errors, newline):
    if binary:
        if encoding is not None:
            raise ValueError("binary mode doesn't take an encoding argument")
        if errors is not None:
            raise ValueError("binary mode doesn't take an errors argument")
        if newline is not None:
            raise ValueError("binary mode doesn't take a newline argument")
        if buffering == 0:
            prim.not_modelled("`open` without a buffer")
    if not prim.contains(mode, "r") and not prim.contains(mode, "w"):
        if not prim.contains(mode, "a") and not prim.contains(mode, "x"):
            raise ValueError("Must have exactly one of create/read/write/append mode and at most one plus")
    if buffering == 0:
        raise ValueError("can't have unbuffered text I/O")
    if newline is not None and newline != "" and newline != "\n" and newline != "\r" and newline != "\r\n":
        raise ValueError(f"illegal newline value: {newline}")
    if encoding is not None:
        prim.bytes("", encoding)


def _prepare(file, path, key, how):
    """Finds, makes or empties the file."""
    if key in _Disk.written:
        if how == "x":
            raise FileExistsError(17, "File exists", file)
        if how == "w":
            _Disk.written[key] = ""
        return
    if how == "r":
        _Disk.written[key] = prim.read_file(path)
        return
    if prim.file_key(f"{path}/..") in _Disk.written:
        raise NotADirectoryError(20, "Not a directory", file)
    there = prim.file_state(path)
    if there and how == "x":
        raise FileExistsError(17, "File exists", file)
    _Disk.written[key] = prim.read_file(path) if there and how == "a" else ""


class _TextIOWrapper:
    __module__ = "_io"

    def __init__(self, name, mode, key, encoding, errors, newline, reads, writes, appends):
        self.name = name
        self.mode = mode
        self.encoding = "UTF-8" if encoding is None else encoding
        self.errors = "strict" if errors is None else errors
        self.newlines = None
        self.line_buffering = False
        self.write_through = False
        self.closed = False
        self._key = key
        self._newline = newline
        self._reads = reads
        self._writes = writes
        self._appends = appends
        self._next = False
        self._data = None
        self._text = ""
        self._position = prim.length(self._content()) if appends else 0

    # What is in the file, as text; what others write to it is seen.
    def _content(self):
        data = _Disk.written[self._key]
        if data is not self._data:
            text = data
            if prim.isinstance(data, _bytes) or not self._is_utf8():
                plain = data if prim.isinstance(data, _bytes) else prim.bytes(data, "utf-8")
                text = prim.str(plain, self.encoding, self.errors)
            if self._newline is None and prim.contains(text, "\r"):
                text = text.replace("\r\n", "\n").replace("\r", "\n")
            self._data = data
            self._text = text
        return self._text

    def _is_utf8(self):
        return self.encoding.lower() in ("utf-8", "utf8")

    def _keep(self, text):
        data = text
        if not self._is_utf8():
            data = prim.bytes(text, self.encoding, self.errors)
        _Disk.written[self._key] = data
        if self._newline is None:
            self._data = data
            self._text = text

    def _check(self):
        if self.closed:
            raise ValueError("I/O operation on closed file.")

    def _check_reading(self):
        self._check()
        if not self._reads:
            raise _UnsupportedOperation("not readable")

    def __enter__(self):
        self._check()
        return self

    def __exit__(self, kind, error, traceback):
        self.close()

    def __iter__(self):
        self._check()
        return self

    def __next__(self):
        self._check()
        self._next = True
        line = self.readline()
        if line == "":
            self._next = False
            raise StopIteration
        return line

    def close(self):
        self.closed = True

    def flush(self):
        self._check()

    def isatty(self):
        self._check()
        return False

    def fileno(self):
        self._check()
        prim.not_modelled("`fileno` of a file")

    def readable(self):
        if self._reads:
            self._check()
        return self._reads

    def writable(self):
        if self._writes:
            self._check()
        return self._writes

    def seekable(self):
        self._check()
        return True

    def read(self, size=-1, /):
        self._check_reading()
        if size is not None:
            size = _read_size(size)
        self._next = False
        text = self._content()
        start = self._position
        end = prim.length(text)
        if size is not None and size >= 0 and start + size < end:
            end = start + size
        if start >= end:
            return ""
        self._position = end
        return prim.item(text, prim.slice(start, end, None))

    def readline(self, size=-1, /):
        self._check_reading()
        size = _index(size)
        text = self._content()
        start = self._position
        if start >= prim.length(text):
            return ""
        end = self._line_end(text, start)
        if size >= 0 and start + size < end:
            end = start + size
        self._position = end
        return prim.item(text, prim.slice(start, end, None))

    def _line_end(self, text, start):
        if self._newline is None or self._newline == "\n":
            return prim.line_end(text, start)
        mark = self._newline
        if mark == "":
            mark = "\n"
            first = text.find("\r", start)
            if first >= 0 and first < prim.line_end(text, start) - 1:
                return first + 2 if text.startswith("\r\n", first) else first + 1
            return prim.line_end(text, start)
        found = text.find(mark, start)
        return prim.length(text) if found < 0 else found + prim.length(mark)

    def readlines(self, hint=-1, /):
        self._check_reading()
        lines = prim.list()
        total = 0
        while True:
            line = self.readline()
            if line == "":
                return lines
            prim.append(lines, line)
            total = total + prim.length(line)
            if hint is not None and 0 < hint <= total:
                return lines

    def write(self, text, /):
        self._check()
        if not prim.isinstance(text, _str):
            kind = prim.type_name(text)
            raise TypeError(f"write() argument must be str, not {kind}")
        if not self._writes:
            raise _UnsupportedOperation("not writable")
        plain = prim.payload(text)
        length = prim.length(plain)
        # What cannot be encoded is not written.
        prim.bytes(plain, self.encoding, self.errors)
        if self._newline is not None and self._newline != "" and self._newline != "\n":
            plain = plain.replace("\n", self._newline)
        content = self._content()
        start = prim.length(content) if self._appends else self._position
        gap = start - prim.length(content)
        if gap > 0:
            content = content + "\0" * gap
        self._position = start + prim.length(plain)
        if start == prim.length(content):
            self._keep(content + plain)
        else:
            before = prim.item(content, prim.slice(None, start, None))
            self._keep(before + plain + prim.item(content, prim.slice(self._position, None, None)))
        return length

    def writelines(self, lines, /):
        self._check()
        for line in lines:
            self.write(line)

    # A place is told in bytes.

    def tell(self):
        self._check()
        if self._next:
            raise OSError("telling position disabled by next() call")
        before = prim.item(self._content(), prim.slice(None, self._position, None))
        return prim.length(prim.bytes(before, self.encoding, self.errors))

    def seek(self, cookie, whence=0, /):
        self._check()
        cookie = _index(cookie)
        if whence == 1:
            if cookie != 0:
                raise _UnsupportedOperation("can't do nonzero cur-relative seeks")
            return self.tell()
        if whence == 2:
            if cookie != 0:
                raise _UnsupportedOperation("can't do nonzero end-relative seeks")
            self._next = False
            self._position = prim.length(self._content())
            return self.tell()
        if whence != 0:
            raise ValueError(f"invalid whence ({whence}, should be 0, 1 or 2)")
        if cookie < 0:
            raise ValueError(f"negative seek position {cookie}")
        self._next = False
        whole = prim.bytes(self._content(), self.encoding, self.errors)
        beyond = cookie - prim.length(whole)
        start = prim.str(prim.item(whole, prim.slice(None, cookie, None)), self.encoding, self.errors)
        self._position = prim.length(start) + (beyond if beyond > 0 else 0)
        return cookie

    def truncate(self, pos=None, /):
        self._check()
        if not self._writes:
            raise _UnsupportedOperation("truncate")
        if pos is None:
            pos = self.tell()
        pos = _index(pos)
        whole = prim.bytes(self._content(), self.encoding, self.errors)
        whole = prim.item(whole, prim.slice(None, pos, None)) + b"\0" * (pos - prim.length(whole))
        self._keep(prim.str(whole, self.encoding, self.errors))
        return pos

    def __repr__(self):
        return f"<_io.TextIOWrapper name={self.name!r} mode={self.mode!r} encoding={self.encoding!r}>"


def _read_size(size):
    if not _has_index(size):
        kind = prim.type_name(size)
        raise TypeError(f"argument should be integer or None, not '{kind}'")
    return _index(size)


class _BinaryFile:
    __module__ = "_io"

    def __init__(self, name, mode, key, reads, writes, appends):
        self.name = name
        self.mode = mode
        self.closed = False
        self._key = key
        self._reads = reads
        self._writes = writes
        self._appends = appends
        self._position = prim.length(self._content()) if appends else 0

    def _content(self):
        data = _Disk.written[self._key]
        return data if prim.isinstance(data, _bytes) else prim.bytes(data, "utf-8")

    def _check(self, what):
        if self.closed:
            raise ValueError(f"{what} closed file")

    def _check_reading(self, name):
        if not self._reads:
            raise _UnsupportedOperation(name)

    def __enter__(self):
        if self.closed:
            raise ValueError("I/O operation on closed file.")
        return self

    def __exit__(self, kind, error, traceback):
        self.close()

    def __iter__(self):
        if self.closed:
            raise ValueError("I/O operation on closed file.")
        return self

    def __next__(self):
        if not self._reads:
            raise _UnsupportedOperation("read")
        line = self.readline()
        if line == b"":
            raise StopIteration
        return line

    def close(self):
        self.closed = True

    def flush(self):
        self._check("flush of")

    def isatty(self):
        return False

    def fileno(self):
        prim.not_modelled("`fileno` of a file")

    def readable(self):
        if self._reads:
            self._check("I/O operation on")
        return self._reads

    def writable(self):
        if self._writes:
            self._check("I/O operation on")
        return self._writes

    def seekable(self):
        self._check("I/O operation on")
        return True

    def read(self, size=-1, /):
        self._check_reading("read")
        if size is not None:
            size = _read_size(size)
            if size < -1:
                raise ValueError("read length must be non-negative or -1")
        self._check("read of")
        data = self._content()
        start = self._position
        end = prim.length(data)
        if size is not None and size >= 0 and start + size < end:
            end = start + size
        if start >= end:
            return b""
        self._position = end
        return prim.item(data, prim.slice(start, end, None))

    def read1(self, size=-1, /):
        return self.read(size)

    def peek(self, size=0, /):
        self._check_reading("peek")
        self._check("peek of")
        return prim.item(self._content(), prim.slice(self._position, None, None))

    def readline(self, size=-1, /):
        self._check_reading("read")
        self._check("readline of")
        data = self._content()
        start = self._position
        if start >= prim.length(data):
            return b""
        found = data.find(b"\n", start)
        end = prim.length(data) if found < 0 else found + 1
        if size is not None and 0 <= size and start + size < end:
            end = start + size
        self._position = end
        return prim.item(data, prim.slice(start, end, None))

    def readlines(self, hint=-1, /):
        lines = prim.list()
        total = 0
        for line in self:
            prim.append(lines, line)
            total = total + prim.length(line)
            if hint is not None and 0 < hint <= total:
                return lines
        return lines

    def write(self, data, /):
        if not self._writes:
            raise _UnsupportedOperation("write")
        if not prim.isinstance(data, _bytes):
            kind = prim.type_name(data)
            raise TypeError(f"a bytes-like object is required, not '{kind}'")
        self._check("write to")
        content = self._content()
        start = prim.length(content) if self._appends else self._position
        content = content + b"\0" * (start - prim.length(content))
        self._position = start + prim.length(data)
        before = prim.item(content, prim.slice(None, start, None))
        after = prim.item(content, prim.slice(self._position, None, None))
        _Disk.written[self._key] = before + prim.payload(data) + after
        return prim.length(data)

    def writelines(self, lines, /):
        for line in lines:
            self.write(line)

    def tell(self):
        self._check("I/O operation on")
        return self._position

    def seek(self, target, whence=0, /):
        self._check("seek of")
        place = _index(target)
        if whence == 1:
            place = self._position + place
        elif whence == 2:
            place = prim.length(self._content()) + place
        elif whence != 0:
            raise ValueError(f"whence value {whence} unsupported")
        if place < 0:
            raise OSError(22, "Invalid argument")
        self._position = place
        return place

    def truncate(self, pos=None, /):
        if not self._writes:
            raise _UnsupportedOperation("truncate")
        self._check("truncate of")
        pos = self._position if pos is None else _index(pos)
        data = self._content()
        _Disk.written[self._key] = prim.item(data, prim.slice(None, pos, None)) + b"\0" * (pos - prim.length(data))
        return pos

    def __repr__(self):
        kind = prim.type_name(self)
        return f"<_io.{kind} name={self.name!r}>"


class _BufferedReader(_BinaryFile):
    __module__ = "_io"


class _BufferedWriter(_BinaryFile):
    __module__ = "_io"


class _BufferedRandom(_BinaryFile):
    __module__ = "_io"


def exception_to_throw(kind, value=None, traceback=None):
    # A class that is thrown is called. What that raises is thrown instead.
    try:
        if value is None:
            made = kind()
        elif prim.type(value) is _tuple:
            made = kind(*value)
        else:
            made = kind(value)
    except BaseException as error:
        made = error
    if not prim.isinstance(made, BaseException):
        wanted = repr(kind)
        got = prim.type_name(made)
        made = TypeError(f"calling {wanted} should have returned an instance of BaseException, not {got}")
    return made if traceback is None else made.with_traceback(traceback)
