# Methods of `dict`.


def _dict_find_hashed(target, key, code):
    """The entry of `key`; stored hashes are compared before keys are."""
    position = prim.dict_find_hash(target, code, 0)
    while position >= 0:
        if _same(prim.dict_key(target, position), key):
            return position
        position = prim.dict_find_hash(target, code, position + 1)
    return -1


def _dict_find(target, key):
    return _dict_find_hashed(target, key, _key_hash(key, "key"))


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
    code = _key_hash(key, "key")
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
    code = _key_hash(key, "key")
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
            error = TypeError(prim.worded("no-pair", f"{number}"))
            if not prim.has("update.note"):
                raise error
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
