# Attributes: reading, storing and deleting them.


def _check_name(name):
    if not prim.isinstance(name, _str):
        name_type = prim.type_name(name)
        raise TypeError(f"attribute name must be string, not '{name_type}'")


def _check_name_to_get(name, function):
    if not prim.isinstance(name, _str):
        raise TypeError(prim.worded("no-name-to-get", prim.type_name(name), function))


def getattr(value, name, *default):
    _check_name_to_get(name, "getattr")
    if prim.length(default) == 0:
        return load_attr(value, name)
    try:
        return load_attr(value, name)
    except AttributeError:
        pass
    return default[0]


def hasattr(value, name):
    _check_name_to_get(name, "hasattr")
    try:
        load_attr(value, name)
    except AttributeError:
        return False
    except Exception:
        if not prim.has("hasattr.any"):
            raise
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
    """`from module import name`: what the module does not bind its `__getattr__` may know."""
    found = prim.getattr(module, name)
    if found is not _missing:
        return found
    fallback = prim.user_special(module, "__getattr__")
    if fallback is not _missing:
        try:
            return fallback(name)
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
