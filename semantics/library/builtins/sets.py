# Methods of `set`.


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
    return _set_find_hashed(target, value, _key_hash(value, "element"))


def set_add(target, value):
    code = _key_hash(value, "element")
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
