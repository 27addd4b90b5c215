# Comparisons and hashes.


def _compare(left, right, name, swapped, symbol):
    if prim.is_unknown(right):
        return _compare_with_unknown(left, right, name, swapped)
    if prim.is_unknown(left):
        return _compare_with_unknown(right, left, swapped, name)
    result = prim.not_implemented
    reversed_first = (prim.type(left) is not prim.type(right)
                      and prim.issubclass(prim.type(right), prim.type(left)))
    if reversed_first:
        result = _half_comparison(right, left, swapped)
    if prim.is_unknown(result):
        return result
    if result is prim.not_implemented:
        result = _half_comparison(left, right, name)
    if prim.is_unknown(result):
        return result
    if result is prim.not_implemented and not reversed_first:
        result = _half_comparison(right, left, swapped)
    if prim.is_unknown(result) or result is not prim.not_implemented:
        return result
    if prim.has("compare.any"):
        return _compared_by_order(left, right, name)
    if name == "eq":
        return left is right
    if name == "ne":
        return left is not right
    left_type = prim.type_name(left)
    right_type = prim.type_name(right)
    raise TypeError(
        f"'{symbol}' not supported between instances of "
        f"'{left_type}' and '{right_type}'")


def _compare_with_unknown(known, other, name, swapped):
    """The class of what is known says what it is equal to; the other one is asked where it does not."""
    result = _half_comparison(known, other, name)
    if prim.is_unknown(result) or result is not prim.not_implemented:
        return result
    return prim.special(other, f"__{swapped}__")(known)


def _half_comparison(left, right, name):
    method = prim.user_special(left, f"__{name}__")
    if method is not _missing:
        return method(right)
    if name == "ne" and prim.has("class.ne-of-eq"):
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


# ---- hashes ----

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
    result = prim.taken_for(result, _int)
    if prim.is_unknown(result):
        return result
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
    raise TypeError(prim.worded(f"unhashable-{role}", key_type, reason))
