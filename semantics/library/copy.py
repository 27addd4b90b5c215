# Copies of objects. What an object holds besides attributes is copied by the
# builtin class that it derives from.


class Error(Exception):
    pass


error = Error

_atomic = (
    type(None), int, float, bool, str, bytes, type, range, type(Ellipsis), type(NotImplemented),
    type(len), type(lambda: None), property,
)


def copy(x):
    if prim.is_unknown(x):
        return x.__copy__()
    cls = prim.type(x)
    if cls in _atomic or issubclass(cls, type) or cls in (tuple, frozenset, slice):
        return x
    if cls in (list, dict, set):
        return x.copy()
    copier = getattr(cls, "__copy__", None)
    if copier is not None:
        return copier(x)
    return _remade(x, None)


def deepcopy(x, memo=None):
    if memo is None:
        memo = {}
    if prim.is_unknown(x):
        return x.__deepcopy__(memo)
    found = memo.get(id(x), memo)
    if found is not memo:
        return found
    cls = prim.type(x)
    if cls in _atomic or issubclass(cls, type):
        return x
    made = _deep(x, cls, memo)
    if made is not x:
        memo[id(x)] = made
        # The original lives as long as the memo, so that its id is its own.
        memo.setdefault(id(memo), []).append(x)
    return made


def _deep(x, cls, memo):
    if cls is list:
        made = []
        memo[id(x)] = made
        for item in x:
            made.append(deepcopy(item, memo))
        return made
    if cls is dict:
        made = {}
        memo[id(x)] = made
        for key, value in x.items():
            made[deepcopy(key, memo)] = deepcopy(value, memo)
        return made
    if cls is tuple:
        return _deep_tuple(x, memo)
    if cls is set or cls is frozenset:
        return cls([deepcopy(item, memo) for item in x])
    if cls is slice:
        return slice(deepcopy(x.start, memo), deepcopy(x.stop, memo), deepcopy(x.step, memo))
    if cls is type(_holder.method):
        return cls(x.__func__, deepcopy(x.__self__, memo))
    copier = getattr(x, "__deepcopy__", None)
    if copier is not None:
        return copier(memo)
    return _remade(x, memo)


def _deep_tuple(x, memo):
    made = [deepcopy(item, memo) for item in x]
    # A member may lead back to the tuple itself.
    if id(x) in memo:
        return memo[id(x)]
    for old, new in zip(x, made):
        if old is not new:
            return tuple(made)
    return x


class _Holder:
    def method(self):
        pass


_holder = _Holder()


def _remade(x, memo):
    """A new object of the same class; with a memo, its parts are copied, too."""
    cls = prim.type(x)
    for name in ("__reduce_ex__", "__reduce__"):
        if _defines(cls, name):
            return _rebuilt(x, x.__reduce_ex__(4) if name == "__reduce_ex__" else x.__reduce__(), memo)
    if cls.__name__ in ("generator", "module", "traceback") or not hasattr(x, "__dict__") and not _defines(cls, "__slots__"):
        raise TypeError(f"cannot pickle '{cls.__name__}' object")
    made = _empty(x, cls, memo)
    if memo is not None:
        memo[id(x)] = made
    state = x.__getstate__() if _defines(cls, "__getstate__") else _state(x, cls)
    if memo is not None:
        state = deepcopy(state, memo)
    if _defines(cls, "__setstate__") and not isinstance(x, BaseException):
        made.__setstate__(state)
    elif state:
        for name, value in state.items():
            setattr(made, name, value)
    _fill(x, made, memo)
    return made


def _rebuilt(x, recipe, memo):
    """What `__reduce__` says: a function, its arguments, a state, items to append, entries to set."""
    if isinstance(recipe, str):
        return x

    def part(value):
        return value if memo is None else deepcopy(value, memo)
    function, arguments, state, items, entries = (tuple(recipe) + (None, None, None))[:5]
    made = function(*part(arguments))
    if memo is not None:
        memo[id(x)] = made
    if state is not None:
        state = part(state)
        if hasattr(made, "__setstate__"):
            made.__setstate__(state)
        else:
            for name, value in state.items():
                setattr(made, name, value)
    for item in items or ():
        made.append(part(item))
    for key, value in entries or ():
        made[part(key)] = part(value)
    return made


def _empty(x, cls, memo):
    """The new object: `__new__` is called, and `__init__` is not."""
    if isinstance(x, BaseException):
        return cls(*(x.args if memo is None else deepcopy(x.args, memo)))
    arguments = ()
    if _defines(cls, "__getnewargs__"):
        arguments = x.__getnewargs__()
    else:
        for base in (int, float, str, bytes, tuple, frozenset):
            if isinstance(x, base):
                arguments = (base(x),)
    if memo is not None:
        arguments = deepcopy(arguments, memo)
    return cls.__new__(cls, *arguments)


def _fill(x, made, memo):
    def part(value):
        return value if memo is None else deepcopy(value, memo)
    if isinstance(x, list):
        for item in list.__iter__(x):
            made.append(part(item))
    elif isinstance(x, dict):
        for key, value in dict.items(x):
            made[part(key)] = part(value)
    elif isinstance(x, set):
        for item in set.__iter__(x):
            made.add(part(item))


def _state(x, cls):
    state = dict(getattr(x, "__dict__", {}))
    for name in _slots(cls):
        if hasattr(x, name):
            state[name] = getattr(x, name)
    return state


def _slots(cls):
    found = []
    for base in cls.__mro__:
        slots = base.__dict__.get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            if name != "__dict__" and name != "__weakref__":
                found.append(name)
    return found


def _defines(cls, name):
    for base in cls.__mro__:
        if base is not object and name in base.__dict__:
            return True
    return False


def replace(obj, /, **changes):
    cls = obj.__class__
    method = getattr(cls, "__replace__", None)
    if method is None:
        raise TypeError(f"replace() does not support {cls.__name__} objects")
    return method(obj, **changes)
