# Classes: making them and their instances, and asking for them.


def announce(cls, attributes, /, **named):
    """Tells the attributes of a new class, and its bases, of it."""
    if not named and not prim.has("class.announced"):
        return cls
    for name, value in attributes:
        method = prim.user_special(value, "__set_name__")
        try:
            method(cls, name)
        except BaseException as error:
            value_type = prim.type_name(value)
            class_name = prim.class_name(cls)
            message = f"Error calling __set_name__ on '{value_type}' instance '{name}' in '{class_name}'"
            if not prim.has("set-name.note"):
                raise RuntimeError(message) from error
            error.add_note(message)
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
            raise TypeError(prim.worded("isinstance-class"))
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
        raise TypeError(prim.worded("issubclass-class"))
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


# ---- making ----

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
