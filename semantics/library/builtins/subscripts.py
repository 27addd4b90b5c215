# Subscripts and containment.


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
        raise TypeError(prim.worded("no-index-of-string", name))
    kind = "range"
    for candidate in (_list, _tuple, _bytes):
        if prim.isinstance(sequence, candidate):
            kind = prim.class_name(candidate)
    if kind == "bytes":
        kind = "byte"
    raise TypeError(prim.worded("no-index", kind, name))


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
        raise TypeError(prim.worded("no-subscript", container_type))
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
        raise TypeError(prim.worded("no-container", container_type))
    for item in iterator:
        if _same(item, value):
            return True
    return False
