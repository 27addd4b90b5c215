# Tools for functions: the part of `functools` that programs about control
# flow use. No `singledispatch`, no `partialmethod`, no `cmp_to_key` in C.

WRAPPER_ASSIGNMENTS = ("__module__", "__name__", "__qualname__", "__doc__")
WRAPPER_UPDATES = ("__dict__",)

_absent = object()


def update_wrapper(wrapper, wrapped, assigned=WRAPPER_ASSIGNMENTS, updated=WRAPPER_UPDATES):
    for name in assigned:
        value = getattr(wrapped, name, _absent)
        if value is not _absent:
            setattr(wrapper, name, value)
    for name in updated:
        for key, value in getattr(wrapped, name, {}).items():
            setattr(wrapper, key, value)
    wrapper.__wrapped__ = wrapped
    return wrapper


def wraps(wrapped, assigned=WRAPPER_ASSIGNMENTS, updated=WRAPPER_UPDATES):
    def decorate(wrapper):
        return update_wrapper(wrapper, wrapped, assigned, updated)
    return decorate


class partial:
    def __init__(self, /, *args, **keywords):
        if not args:
            raise TypeError("type 'partial' takes at least one argument")
        func, args = args[0], args[1:]
        if not prim.is_unknown(func) and not callable(func):
            raise TypeError("the first argument must be callable")
        if not prim.is_unknown(func) and isinstance(func, partial):
            args = func.args + args
            merged = dict(func.keywords)
            merged.update(keywords)
            keywords = merged
            func = func.func
        self.func = func
        self.args = args
        self.keywords = keywords

    def __call__(self, /, *args, **keywords):
        merged = dict(self.keywords)
        merged.update(keywords)
        return self.func(*self.args, *args, **merged)

    def __repr__(self):
        parts = [repr(self.func)]
        for value in self.args:
            parts.append(repr(value))
        for key, value in self.keywords.items():
            parts.append(f"{key}={value!r}")
        inside = ", ".join(parts)
        return f"functools.partial({inside})"


def reduce(function, iterable, initial=_absent, /):
    iterator = iter(iterable)
    if initial is _absent:
        total = next(iterator, _absent)
        if total is _absent:
            raise TypeError("reduce() of empty iterable with no initial value")
    else:
        total = initial
    for item in iterator:
        total = function(total, item)
    return total


class cached_property:
    """Computes on the first look-up; the instance's own entry hides it then."""

    def __init__(self, func):
        self.func = func
        self.attrname = func.__name__
        self.__doc__ = func.__doc__

    def __set_name__(self, owner, name):
        self.attrname = name

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        if self.attrname in instance.__dict__:
            return instance.__dict__[self.attrname]
        value = self.func(instance)
        instance.__dict__.update({self.attrname: value})
        return value


class _CacheInfo:
    def __init__(self, hits, misses, maxsize, currsize):
        self.hits = hits
        self.misses = misses
        self.maxsize = maxsize
        self.currsize = currsize

    def __eq__(self, other):
        return tuple(self) == tuple(other)

    def __iter__(self):
        return iter((self.hits, self.misses, self.maxsize, self.currsize))

    def __repr__(self):
        return (f"CacheInfo(hits={self.hits}, misses={self.misses}, "
                f"maxsize={self.maxsize}, currsize={self.currsize})")


def _cache_key(args, keywords, typed):
    key = (args, tuple(keywords.items()))
    if typed:
        kinds = [type(value) for value in args]
        for value in keywords.values():
            kinds.append(type(value))
        key = key + (tuple(kinds),)
    return key


def lru_cache(maxsize=128, typed=False):
    if callable(maxsize):
        # Used as a plain decorator.
        return _cached(maxsize, 128, False)
    if maxsize is not None:
        if not isinstance(maxsize, int):
            raise TypeError("Expected first argument to be an integer, a callable, or None")
        maxsize = max(maxsize, 0)

    def decorate(function):
        return _cached(function, maxsize, typed)
    return decorate


def cache(function, /):
    return _cached(function, None, False)


def _cached(function, maxsize, typed):
    entries = {}
    counts = [0, 0]

    def wrapper(*args, **keywords):
        key = _cache_key(args, keywords, typed)
        hash(key)
        if key in entries:
            counts[0] += 1
            # Entered again at the end: the first entry is the oldest.
            value = entries.pop(key)
            entries[key] = value
            return value
        counts[1] += 1
        value = function(*args, **keywords)
        if maxsize != 0:
            entries[key] = value
            if maxsize is not None and len(entries) > maxsize:
                del entries[next(iter(entries))]
        return value

    def cache_info():
        return _CacheInfo(counts[0], counts[1], maxsize, len(entries))

    def cache_clear():
        entries.clear()
        counts[0] = 0
        counts[1] = 0

    def cache_parameters():
        return {"maxsize": maxsize, "typed": typed}

    wrapper.cache_parameters = cache_parameters
    wrapper.cache_info = cache_info
    wrapper.cache_clear = cache_clear
    return update_wrapper(wrapper, function)


def cmp_to_key(mycmp):
    class K:
        def __init__(self, obj):
            self.obj = obj

        def __lt__(self, other):
            return mycmp(self.obj, other.obj) < 0

        def __gt__(self, other):
            return mycmp(self.obj, other.obj) > 0

        def __eq__(self, other):
            return mycmp(self.obj, other.obj) == 0

        def __le__(self, other):
            return mycmp(self.obj, other.obj) <= 0

        def __ge__(self, other):
            return mycmp(self.obj, other.obj) >= 0

        __hash__ = None
    return K


def total_ordering(cls):
    """Fills in the comparisons that follow from one of them and `==`."""
    given = [name for name in ("__lt__", "__le__", "__gt__", "__ge__") if name in cls.__dict__]
    if not given:
        raise ValueError("must define at least one ordering operation: < > <= >=")
    root = given[0]
    for name, method in _orderings(root).items():
        if name not in cls.__dict__:
            method.__name__ = name
            setattr(cls, name, method)
    return cls


def _derived(root, negated, combine):
    """A comparison from the root's result and, where needed, equality."""
    def method(self, other):
        result = getattr(type(self), root)(self, other)
        if result is NotImplemented:
            return result
        if negated:
            result = not result
        if combine == "or equal":
            return result or self == other
        if combine == "and unequal":
            return result and self != other
        return result
    return method


def _orderings(root):
    if root in ("__lt__", "__gt__"):
        opposite = "__gt__" if root == "__lt__" else "__lt__"
        same = "__le__" if root == "__lt__" else "__ge__"
        other = "__ge__" if root == "__lt__" else "__le__"
        return {opposite: _derived(root, True, "and unequal"),
                same: _derived(root, False, "or equal"),
                other: _derived(root, True, None)}
    strict = "__lt__" if root == "__le__" else "__gt__"
    opposite = "__gt__" if root == "__le__" else "__lt__"
    other = "__ge__" if root == "__le__" else "__le__"
    return {strict: _derived(root, False, "and unequal"),
            opposite: _derived(root, True, None),
            other: _derived(root, True, "or equal")}
