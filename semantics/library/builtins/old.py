# What builtin functions did before Python 3.0 where they did something else: `old_range` is what the name `range` stands for
# there. Most made lists of what they make one by one now.


def old_range(*arguments):
    return _collect(range(*arguments))


def old_xrange(*arguments):
    return range(*arguments)


def old_zip(*iterables):
    iterators = _iterators(iterables)
    results = prim.list()
    while prim.length(iterators) > 0:
        items = prim.list()
        for iterator in iterators:
            item = next(iterator, _missing)
            if item is _missing:
                return results
            prim.append(items, item)
        prim.append(results, prim.tuple(items))
    return results


def old_map(function, *iterables):
    iterators = _iterators(iterables)
    if prim.length(iterators) == 0:
        raise TypeError("map() requires at least two args")
    results = prim.list()
    while True:
        # The longest decides: of the others None is taken.
        items = prim.list()
        left = False
        for iterator in iterators:
            item = next(iterator, _missing)
            if item is _missing:
                prim.append(items, None)
            else:
                left = True
                prim.append(items, item)
        if not left:
            return results
        if function is not None:
            prim.append(results, function(*items))
        elif prim.length(items) == 1:
            prim.append(results, prim.item(items, 0))
        else:
            prim.append(results, prim.tuple(items))


def old_filter(function, iterable):
    results = prim.list()
    for item in iterable:
        if function is None:
            kept = item
        else:
            kept = function(item)
        if kept:
            prim.append(results, item)
    if prim.isinstance(iterable, _str):
        return "".join(results)
    if prim.isinstance(iterable, _tuple):
        return prim.tuple(results)
    return results


def old_reduce(function, iterable, *initial):
    iterator = iter(iterable)
    if prim.length(initial) == 0:
        total = next(iterator, _missing)
        if total is _missing:
            raise TypeError("reduce() of empty sequence with no initial value")
    else:
        total = initial[0]
    for item in iterator:
        total = function(total, item)
    return total


def old_cmp(left, right):
    if left is right:
        return 0
    for value in (left, right):
        if prim.is_classic(value) or prim.user_special(value, "__cmp__") is not _missing:
            return _cmp_by_methods(left, right)
    if left == right:
        return 0
    if left < right:
        return -1
    return 1


def old_chr(number):
    if _index(number) < 0 or number > 255:
        raise ValueError("chr() arg not in range(256)")
    if number > 127:
        prim.not_modelled("a string of bytes that are no ASCII")
    return chr(number)


def long(*arguments):
    """`long(x)` of an object whose class says what it stands for."""
    if prim.length(arguments) != 1:
        return prim.long(*arguments)
    for name in ("__long__", "__int__"):
        method = prim.user_special(arguments[0], name)
        if method is not _missing:
            result = prim.taken_for(method(), _int)
            if not prim.isinstance(result, _int):
                result_type = prim.type_name(result)
                raise TypeError(f"{name} returned non-long (type {result_type})")
            return prim.long(prim.payload(result))
    return prim.long(int(*arguments))


def unicode(*arguments, **named):
    """`unicode(x)` of an object whose class says what its text is."""
    if prim.length(arguments) != 1 or prim.length(named) > 0:
        return prim.unicode(*arguments, **named)
    value = arguments[0]
    method = prim.user_special(value, "__unicode__")
    if method is _missing:
        return prim.unicode(str(value))
    text = method()
    if not prim.isinstance(text, _str):
        text_type = prim.type_name(text)
        raise TypeError(f"coercing to Unicode: need string or buffer, {text_type} found")
    return prim.unicode(prim.payload(text))


def old_apply(function, arguments=(), keywords=None):
    if keywords is None:
        return function(*arguments)
    return function(*arguments, **keywords)


def old_raw_input(*prompt):
    return input(*prompt)


def old_sorted(iterable, cmp=None, key=None, reverse=False):
    result = _collect(iterable)
    if cmp is None:
        list_sort(result, key, reverse)
        return result
    if reverse:
        # Reversed before and after, equal members keep their order.
        result.reverse()
    result = _sorted_by(result, cmp, key)
    if reverse:
        result.reverse()
    return result


def _sorted_by(members, compare, key):
    """The members in the order that a function of two gives, by insertion."""
    keys = prim.list()
    result = prim.list()
    for member in members:
        own = member if key is None else key(member)
        low = 0
        high = prim.length(result)
        while low < high:
            middle = (low + high) // 2
            if compare(own, prim.item(keys, middle)) < 0:
                high = middle
            else:
                low = middle + 1
        keys.insert(low, own)
        result.insert(low, member)
    return result


def list_early_sort(target, cmp=None, key=None, reverse=False):
    if cmp is None:
        list_sort(target, key, reverse)
        return
    _sorted_in_place(target, old_sorted, cmp, key, reverse)
