# Containers made of any iterable, folds over one, and sorting.


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


# ---- folds ----

def bytes(*arguments):
    source = arguments[0]
    method = prim.user_special(source, "__bytes__")
    if method is not _missing:
        result = prim.taken_for(method(), _bytes)
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
        raise ValueError(prim.worded("none-to-choose", function))
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


# ---- sorting ----

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
    _sorted_in_place(target, _in_order, key, reverse)


def _sorted_in_place(target, ordered, *arguments):
    """Puts the members of a list in the order in which a function of them gives them."""
    members = prim.list_copy(target)
    # The list is empty while it is sorted, as in CPython.
    prim.list_replace(target, 0, prim.length(target), prim.list())
    try:
        result = ordered(members, *arguments)
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
    ordered = prim.sorted_pairs(pairs, reverse)
    if ordered is None:
        # Reversing before and after keeps equal items in their order.
        ordered = _backwards(_merge_sorted(_backwards(pairs))) if reverse else _merge_sorted(pairs)
    items = prim.list()
    for pair in ordered:
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
