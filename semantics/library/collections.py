# Containers. `deque` is a list underneath (appending on the left is not in
# constant time); `namedtuple` makes its classes without evaluating text.

_absent = object()


def _deque_arguments(arguments, named):
    """As C functions do, all arguments are counted before their names are looked at."""
    given = len(arguments) + len(named)
    if given > 2:
        raise TypeError(f"deque() takes at most 2 arguments ({given} given)")
    for name in named:
        if name != "iterable" and name != "maxlen":
            raise TypeError(f"deque() got an unexpected keyword argument '{name}'")
    for name in ("iterable", "maxlen")[:len(arguments)]:
        if name in named:
            position = 1 if name == "iterable" else 2
            raise TypeError(f"argument for deque() given by name ('{name}') and position ({position})")
    values = {"iterable": (), "maxlen": None}
    values.update(zip(("iterable", "maxlen"), arguments))
    values.update(named)
    return values["iterable"], values["maxlen"]


class deque:
    __slots__ = ("_items", "_maxlen", "_changes")

    def __class_getitem__(cls, parameters):
        return prim.alias(cls, parameters)

    def __init__(self, *arguments, **named):
        iterable, maxlen = _deque_arguments(arguments, named)
        if maxlen is not None:
            if not isinstance(maxlen, int):
                raise TypeError("an integer is required")
            if maxlen < 0:
                raise ValueError("maxlen must be non-negative")
        self._items = []
        self._maxlen = maxlen
        # Counts changes of size, which an iteration must not meet.
        self._changes = 0
        self.extend(iterable)

    @property
    def maxlen(self):
        return self._maxlen

    @maxlen.setter
    def maxlen(self, value):
        raise AttributeError("attribute 'maxlen' of 'collections.deque' objects is not writable")

    def append(self, x):
        self._changes += 1
        self._items.append(x)
        if self._maxlen is not None and len(self._items) > self._maxlen:
            del self._items[0]

    def appendleft(self, x):
        self._changes += 1
        self._items.insert(0, x)
        if self._maxlen is not None and len(self._items) > self._maxlen:
            self._items.pop()

    def extend(self, iterable):
        if iterable is self:
            iterable = list(iterable)
        for item in iterable:
            self.append(item)

    def extendleft(self, iterable):
        if iterable is self:
            iterable = list(iterable)
        for item in iterable:
            self.appendleft(item)

    def pop(self):
        if not self._items:
            raise IndexError("pop from an empty deque")
        self._changes += 1
        return self._items.pop()

    def popleft(self):
        if not self._items:
            raise IndexError("pop from an empty deque")
        self._changes += 1
        return self._items.pop(0)

    def clear(self):
        self._changes += 1
        self._items.clear()

    def copy(self):
        return self.__class__(self._items, self._maxlen)

    __copy__ = copy

    def count(self, x):
        return self._items.count(x)

    def index(self, x, *limits):
        for position in range(*_limits(len(self._items), limits)):
            item = self._items[position]
            if item is x or item == x:
                return position
        raise ValueError(f"{x!r} is not in deque")

    def insert(self, i, x):
        if self._maxlen is not None and len(self._items) >= self._maxlen:
            raise IndexError("deque already at its maximum size")
        self._changes += 1
        self._items.insert(i, x)

    def remove(self, value):
        for position in range(len(self._items)):
            item = self._items[position]
            if item is value or item == value:
                self._changes += 1
                del self._items[position]
                return
        raise ValueError("deque.remove(x): x not in deque")

    def reverse(self):
        self._items.reverse()

    def rotate(self, n=1):
        n = range(n).stop
        if self._items:
            n = n % len(self._items)
            self._items = self._items[-n:] + self._items[:-n] if n else self._items

    def _check_index(self, index):
        if not hasattr(index, "__index__"):
            name = type(index).__name__
            raise TypeError(f"sequence index must be integer, not '{name}'")
        if not -len(self._items) <= index < len(self._items):
            raise IndexError("deque index out of range")

    def __getitem__(self, index):
        self._check_index(index)
        return self._items[index]

    def __setitem__(self, index, value):
        self._check_index(index)
        self._items[index] = value

    def __delitem__(self, index):
        self._check_index(index)
        self._changes += 1
        del self._items[index]

    def __len__(self):
        return len(self._items)

    def __contains__(self, value):
        return value in self._items

    def __iter__(self):
        return _deque_iterator(self, 0, 1)

    def __reversed__(self):
        return _deque_iterator(self, len(self._items) - 1, -1)

    def __repr__(self):
        return _guarded(self, "[...]", _deque_text)

    def __eq__(self, other):
        if not isinstance(other, deque):
            return NotImplemented
        return self._items == other._items

    def __lt__(self, other):
        if not isinstance(other, deque):
            return NotImplemented
        return self._items < other._items

    def __le__(self, other):
        if not isinstance(other, deque):
            return NotImplemented
        return self._items <= other._items

    def __gt__(self, other):
        if not isinstance(other, deque):
            return NotImplemented
        return self._items > other._items

    def __ge__(self, other):
        if not isinstance(other, deque):
            return NotImplemented
        return self._items >= other._items

    __hash__ = None

    def __add__(self, other):
        if not isinstance(other, deque):
            name = type(other).__name__
            raise TypeError(f'can only concatenate deque (not "{name}") to deque')
        result = self.copy()
        result.extend(other)
        return result

    def __iadd__(self, other):
        self.extend(other)
        return self

    def __mul__(self, count):
        if not hasattr(count, "__index__"):
            raise TypeError(f"can't multiply sequence by non-int of type '{type(count).__name__}'")
        return self.__class__(self._items * count, self._maxlen)

    __rmul__ = __mul__

    def __imul__(self, count):
        self._changes += 1
        items = (self * count)._items
        self._items = items
        return self


class _deque_iterator:
    def __init__(self, source, position, step):
        self._source = source
        self._position = position
        self._step = step
        self._changes = source._changes

    def __iter__(self):
        return self

    def __next__(self):
        if self._changes != self._source._changes:
            raise RuntimeError("deque mutated during iteration")
        if not 0 <= self._position < len(self._source):
            raise StopIteration
        item = self._source[self._position]
        self._position += self._step
        return item


def _limits(size, limits):
    """`start` and `stop` as slices take them."""
    result = [0, size]
    for number in range(len(limits)):
        value = limits[number]
        if value < 0:
            value = max(value + size, 0)
        result[number] = min(value, size)
    return result


_active = []


def _guarded(value, mark, build):
    """The text of a container, or the mark where it contains itself."""
    for other in _active:
        if other is value:
            return mark
    _active.append(value)
    try:
        return build(value)
    finally:
        _active.pop()


def _deque_text(value):
    name = value.__class__.__name__
    if value._maxlen is None:
        return f"{name}({value._items!r})"
    return f"{name}({value._items!r}, maxlen={value._maxlen})"


class defaultdict(dict):
    __slots__ = ("default_factory",)

    def __init__(self, default_factory=None, /, *args, **kwargs):
        if default_factory is not None and not callable(default_factory):
            raise TypeError("first argument must be callable or None")
        self.default_factory = default_factory
        dict.__init__(self, *args, **kwargs)

    def __missing__(self, key):
        if self.default_factory is None:
            raise KeyError(key)
        value = self.default_factory()
        self[key] = value
        return value

    def copy(self):
        return self.__class__(self.default_factory, self)

    __copy__ = copy

    def __or__(self, other):
        if not isinstance(other, dict):
            return NotImplemented
        result = self.copy()
        result.update(other)
        return result

    def __ror__(self, other):
        if not isinstance(other, dict):
            return NotImplemented
        result = self.__class__(self.default_factory, other)
        result.update(self)
        return result

    def __repr__(self):
        name = self.__class__.__name__
        factory = _guarded(self, "...", _factory_text)
        entries = dict.__repr__(self)
        return f"{name}({factory}, {entries})"


def _factory_text(value):
    return repr(value.default_factory)


class OrderedDict(dict):
    _prefix_of_views = "o"

    def pop(self, key, default=_absent):
        if default is _absent:
            return dict.pop(self, key)
        return dict.pop(self, key, default)

    def popitem(self, last=True):
        if not self:
            raise KeyError("dictionary is empty")
        key = next(reversed(self) if last else iter(self))
        return (key, self.pop(key))

    def move_to_end(self, key, last=True):
        if key not in self:
            raise KeyError(key)
        value = self.pop(key)
        if last:
            self[key] = value
            return
        others = list(self.items())
        self.clear()
        self[key] = value
        for other, stored in others:
            self[other] = stored

    def copy(self):
        return self.__class__(self)

    __copy__ = copy

    def __eq__(self, other):
        if isinstance(other, OrderedDict):
            return dict.__eq__(self, other) and list(self) == list(other)
        return dict.__eq__(self, other)

    def __ne__(self, other):
        return not self == other

    def __or__(self, other):
        if not isinstance(other, dict):
            return NotImplemented
        result = self.__class__(self)
        result.update(other)
        return result

    def __ror__(self, other):
        if not isinstance(other, dict):
            return NotImplemented
        result = self.__class__(other)
        result.update(self)
        return result

    def __ior__(self, other):
        self.update(other)
        return self

    def __repr__(self):
        name = self.__class__.__name__
        if not self:
            return f"{name}()"
        entries = _guarded(self, "...", dict.__repr__)
        return f"{name}({entries})"


class Counter(dict):
    def __init__(self, iterable=None, /, **kwds):
        dict.__init__(self)
        self.update(iterable, **kwds)

    def __missing__(self, key):
        return 0

    def update(self, iterable=None, /, **kwds):
        self._count(iterable, 1)
        if kwds:
            self._count(kwds, 1)

    def subtract(self, iterable=None, /, **kwds):
        self._count(iterable, -1)
        if kwds:
            self._count(kwds, -1)

    def _count(self, iterable, sign):
        if iterable is None:
            return
        if isinstance(iterable, dict):
            for key, number in iterable.items():
                self[key] = self.get(key, 0) + sign * number
        else:
            for key in iterable:
                self[key] = self.get(key, 0) + sign

    def most_common(self, n=None):
        pairs = sorted(self.items(), key=_second, reverse=True)
        return pairs if n is None else pairs[:max(n, 0)]

    def elements(self):
        for key, number in self.items():
            for _ in range(number):
                yield key

    def total(self):
        return sum(self.values())

    def copy(self):
        return self.__class__(self)

    __copy__ = copy

    def __delitem__(self, key):
        # Deleting what is not counted is no error.
        if key in self:
            dict.__delitem__(self, key)

    def __eq__(self, other):
        if not isinstance(other, Counter):
            return NotImplemented
        for key in list(self) + list(other):
            if self[key] != other[key]:
                return False
        return True

    def __ne__(self, other):
        if not isinstance(other, Counter):
            return NotImplemented
        return not self == other

    def _combined(self, other, combine):
        if not isinstance(other, Counter):
            return NotImplemented
        result = Counter()
        for key in self:
            number = combine(self[key], other[key])
            if number > 0:
                result[key] = number
        for key in other:
            if key not in self:
                number = combine(0, other[key])
                if number > 0:
                    result[key] = number
        return result

    def __add__(self, other):
        return self._combined(other, _sum)

    def __sub__(self, other):
        return self._combined(other, _difference)

    def __and__(self, other):
        return self._combined(other, min)

    def __or__(self, other):
        return self._combined(other, max)

    def __pos__(self):
        result = Counter()
        for key, number in self.items():
            if number > 0:
                result[key] = number
        return result

    def __neg__(self):
        result = Counter()
        for key, number in self.items():
            if number < 0:
                result[key] = 0 - number
        return result

    def _keep_positive(self):
        for key in [key for key, number in self.items() if not number > 0]:
            del self[key]
        return self

    def __iadd__(self, other):
        for key, number in other.items():
            self[key] += number
        return self._keep_positive()

    def __isub__(self, other):
        for key, number in other.items():
            self[key] -= number
        return self._keep_positive()

    def __ior__(self, other):
        for key, number in other.items():
            if number > self[key]:
                self[key] = number
        return self._keep_positive()

    def __iand__(self, other):
        for key, number in self.items():
            if other[key] < number:
                self[key] = other[key]
        return self._keep_positive()

    def __le__(self, other):
        if not isinstance(other, Counter):
            return NotImplemented
        return all(self[key] <= other[key] for counted in (self, other) for key in counted)

    def __lt__(self, other):
        if not isinstance(other, Counter):
            return NotImplemented
        return self <= other and self != other

    def __ge__(self, other):
        if not isinstance(other, Counter):
            return NotImplemented
        return all(self[key] >= other[key] for counted in (self, other) for key in counted)

    def __gt__(self, other):
        if not isinstance(other, Counter):
            return NotImplemented
        return self >= other and self != other

    @classmethod
    def fromkeys(cls, iterable, v=None):
        raise NotImplementedError("Counter.fromkeys() is undefined.  Use Counter(iterable) instead.")

    def __repr__(self):
        name = self.__class__.__name__
        if not self:
            return f"{name}()"
        try:
            entries = repr(dict(self.most_common()))
        except TypeError:
            # What cannot be ordered stands as it was counted.
            entries = repr(dict(self))
        return f"{name}({entries})"


def _second(pair):
    return pair[1]


def _sum(a, b):
    return a + b


def _difference(a, b):
    return a - b


def namedtuple(typename, field_names, *, rename=False, defaults=None, module=None):
    if prim.is_open(field_names):
        return prim.named_tuple(field_names)
    if isinstance(field_names, str):
        field_names = field_names.replace(",", " ").split()
    fields = [str(name) for name in field_names]
    if rename:
        fields = _renamed(fields)
    typename = str(typename)
    _check_fields(typename, fields, rename)
    fields = tuple(fields)
    given = () if defaults is None else tuple(defaults)
    if len(given) > len(fields):
        raise TypeError("Got more default values than field names")
    default_values = dict(zip(fields[len(fields) - len(given):], given))
    return _tuple_class(typename, fields, default_values, "__main__" if module is None else module)


def _renamed(fields):
    result = []
    for name in fields:
        if not name.isidentifier() or name in _keywords or name.startswith("_") or name in result:
            name = f"_{len(result)}"
        result.append(name)
    return result


_keywords = ("False None True and as assert async await break class continue def del elif else except finally for "
             "from global if import in is lambda nonlocal not or pass raise return try while with yield").split()


def _check_fields(typename, fields, rename):
    for name in [typename] + fields:
        if not name.isidentifier():
            raise ValueError(f"Type names and field names must be valid identifiers: {name!r}")
        if name in _keywords:
            raise ValueError(f"Type names and field names cannot be a keyword: {name!r}")
    seen = []
    for name in fields:
        if name.startswith("_") and not rename:
            raise ValueError(f"Field names cannot start with an underscore: {name!r}")
        if name in seen:
            raise ValueError(f"Encountered duplicate field name: {name!r}")
        seen.append(name)


class _Field:
    def __init__(self, position):
        self._position = position
        self.__doc__ = f"Alias for field number {position}"

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        return tuple.__getitem__(instance, self._position)

    def __set__(self, instance, value):
        raise AttributeError("can't set attribute")

    def __delete__(self, instance):
        raise AttributeError("can't delete attribute")

    def __repr__(self):
        return f"_tuplegetter({self._position}, {self.__doc__!r})"


def _arguments(typename, fields, defaults, values, named):
    """Values in the order of the fields, as the signature would bind them."""
    # The class itself is the first argument that CPython counts.
    if len(values) > len(fields):
        wanted = len(fields) + 1
        noun = f"{wanted} positional arguments"
        if defaults:
            noun = f"from {wanted - len(defaults)} to {wanted} positional arguments"
        raise TypeError(f"{typename}.__new__() takes {noun} but {len(values) + 1} were given")
    result = list(values)
    for name in named:
        if name not in fields:
            raise TypeError(f"{typename}.__new__() got an unexpected keyword argument '{name}'")
        if fields.index(name) < len(values):
            raise TypeError(f"{typename}.__new__() got multiple values for argument '{name}'")
    absent = []
    for name in fields[len(values):]:
        if name in named:
            result.append(named[name])
        elif name in defaults:
            result.append(defaults[name])
        else:
            absent.append(f"'{name}'")
    if absent:
        _missing_arguments(typename, absent)
    return result


def _missing_arguments(typename, absent):
    noun = "argument" if len(absent) == 1 else "arguments"
    if len(absent) == 1:
        names = absent[0]
    elif len(absent) == 2:
        names = " and ".join(absent)
    else:
        names = ", ".join(absent[:-1]) + ", and " + absent[-1]
    raise TypeError(f"{typename}.__new__() missing {len(absent)} required positional {noun}: {names}")


def _tuple_class(typename, fields, default_values, module):
    def new(cls, /, *values, **named):
        return tuple.__new__(cls, _arguments(typename, fields, default_values, values, named))

    def make(cls, iterable):
        values = tuple(iterable)
        if len(values) != len(fields):
            raise TypeError(f"Expected {len(fields)} arguments, got {len(values)}")
        return tuple.__new__(cls, values)

    def replace(self, /, **named):
        for name in named:
            if name not in fields:
                # All the unknown names, as a list.
                unknown = [other for other in named if other not in fields]
                raise TypeError(f"Got unexpected field names: {unknown!r}")
        values = [named.get(name, value) for name, value in zip(fields, self)]
        return self._make(values)

    def as_dict(self):
        return dict(zip(fields, self))

    def text(self):
        name = self.__class__.__name__
        inside = ", ".join([f"{field}={value!r}" for field, value in zip(fields, self)])
        return f"{name}({inside})"

    def new_arguments(self):
        return tuple(self)

    own = {
        "__doc__": f"{typename}({', '.join(fields)}{',' if len(fields) == 1 else ''})", "__slots__": (), "__module__": module, "_fields": fields, "_field_defaults": default_values,
        "__new__": new, "_make": classmethod(make), "_replace": replace, "_asdict": as_dict, "__repr__": text,
    }
    own.update({"__getnewargs__": new_arguments, "__replace__": replace, "__match_args__": fields})
    for name, method in (("__new__", new), ("_make", make), ("_replace", replace), ("_asdict", as_dict),
                         ("__repr__", text), ("__getnewargs__", new_arguments)):
        method.__name__ = name
        method.__qualname__ = f"{typename}.{name}"
    for position in range(len(fields)):
        own[fields[position]] = _Field(position)
    return type(typename, (tuple,), own)


# The classes that count as mappings: `collections.abc` adds its own, when it is imported.
_mappings = [dict]


def _is_mapping(value):
    return isinstance(value, tuple(_mappings))


class Mapping:
    """What mappings have that read items: `collections.abc` has these methods from here."""

    def __class_getitem__(cls, parameters):
        return prim.alias(cls, parameters)

    __hash__ = None

    def get(self, key, default=None):
        try:
            return self[key]
        except KeyError:
            return default

    def __contains__(self, key):
        try:
            self[key]
        except KeyError:
            return False
        return True

    def keys(self):
        from collections.abc import KeysView
        return KeysView(self)

    def items(self):
        from collections.abc import ItemsView
        return ItemsView(self)

    def values(self):
        from collections.abc import ValuesView
        return ValuesView(self)

    def __eq__(self, other):
        if not _is_mapping(other):
            return NotImplemented
        return dict(self.items()) == dict(other.items())

    __reversed__ = None


class MutableMapping(Mapping):
    """What mappings have that read, set and delete items."""

    def pop(self, key, default=_absent):
        try:
            value = self[key]
        except KeyError:
            if default is _absent:
                raise
            return default
        del self[key]
        return value

    def popitem(self):
        try:
            key = next(iter(self))
        except StopIteration:
            raise KeyError from None
        value = self[key]
        del self[key]
        return key, value

    def clear(self):
        try:
            while True:
                self.popitem()
        except KeyError:
            pass

    def update(self, other=(), /, **kwds):
        if _is_mapping(other):
            for key in other:
                self[key] = other[key]
        elif hasattr(other, "keys"):
            for key in other.keys():
                self[key] = other[key]
        else:
            for key, value in other:
                self[key] = value
        for key, value in kwds.items():
            self[key] = value

    def setdefault(self, key, default=None):
        try:
            return self[key]
        except KeyError:
            self[key] = default
        return default


# CPython's names stand in messages, and no program finds them in this module.
_Mapping, _MutableMapping = Mapping, MutableMapping
del Mapping, MutableMapping
_mappings.append(_Mapping)


class UserDict(_MutableMapping):
    """A class around a dict: `data` is what it holds."""

    def __init__(self, dict=None, /, **kwargs):
        self.data = {}
        if dict is not None:
            self.update(dict)
        self.update(kwargs)

    def __len__(self):
        return len(self.data)

    def __getitem__(self, key):
        if key in self.data:
            return self.data[key]
        if hasattr(self.__class__, "__missing__"):
            return self.__class__.__missing__(self, key)
        raise KeyError(key)

    def __setitem__(self, key, item):
        self.data[key] = item

    def __delitem__(self, key):
        del self.data[key]

    def __iter__(self):
        return iter(self.data)

    def __contains__(self, key):
        return key in self.data

    def __repr__(self):
        return repr(self.data)

    def get(self, key, default=None):
        if key in self:
            return self[key]
        return default

    def __or__(self, other):
        if isinstance(other, UserDict):
            return self.__class__(self.data | other.data)
        if isinstance(other, dict):
            return self.__class__(self.data | other)
        return NotImplemented

    def __ror__(self, other):
        if isinstance(other, dict):
            return self.__class__(other | self.data)
        return NotImplemented

    def __ior__(self, other):
        self.data |= other.data if isinstance(other, UserDict) else other
        return self

    def copy(self):
        made = self.__class__()
        made.update(self)
        return made

    @classmethod
    def fromkeys(cls, iterable, value=None):
        made = cls()
        for key in iterable:
            made[key] = value
        return made


class ChainMap(_MutableMapping):
    def __init__(self, *maps):
        self.maps = list(maps) or [{}]

    def __missing__(self, key):
        raise KeyError(key)

    def __getitem__(self, key):
        for mapping in self.maps:
            if key in mapping:
                return mapping[key]
        return self.__missing__(key)

    def __setitem__(self, key, value):
        self.maps[0][key] = value

    def __delitem__(self, key):
        try:
            del self.maps[0][key]
        except KeyError:
            raise KeyError(f"Key not found in the first mapping: {key!r}")

    def _merged(self):
        result = {}
        for mapping in reversed(self.maps):
            result.update(mapping)
        return result

    def __iter__(self):
        return iter(self._merged())

    def __len__(self):
        return len(self._merged())

    def __contains__(self, key):
        return any(key in mapping for mapping in self.maps)

    def __bool__(self):
        return any(self.maps)

    def get(self, key, default=None):
        return self[key] if key in self else default

    def pop(self, key, *default):
        try:
            return self.maps[0].pop(key, *default)
        except KeyError:
            raise KeyError(f"Key not found in the first mapping: {key!r}")

    def popitem(self):
        try:
            return self.maps[0].popitem()
        except KeyError:
            raise KeyError("No keys found in the first mapping.")

    def clear(self):
        self.maps[0].clear()

    @classmethod
    def fromkeys(cls, iterable, value=None, /):
        return cls(dict.fromkeys(iterable, value))

    def copy(self):
        return self.__class__(self.maps[0].copy(), *self.maps[1:])

    __copy__ = copy

    def __or__(self, other):
        if not _is_mapping(other):
            return NotImplemented
        result = self.copy()
        result.maps[0].update(other)
        return result

    def __ror__(self, other):
        if not _is_mapping(other):
            return NotImplemented
        merged = dict(other)
        for mapping in reversed(self.maps):
            merged.update(mapping)
        return self.__class__(merged)

    def __ior__(self, other):
        self.maps[0].update(other)
        return self

    def new_child(self, m=None, **kwargs):
        child = {} if m is None else m
        child.update(kwargs)
        return self.__class__(child, *self.maps)

    @property
    def parents(self):
        return self.__class__(*self.maps[1:])

    def __repr__(self):
        inside = ", ".join([repr(mapping) for mapping in self.maps])
        return f"{self.__class__.__name__}({inside})"
