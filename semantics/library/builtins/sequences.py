# Methods of `str` and `list` that are given objects.


def str_join(separator, iterable):
    iterator = _iterator_or_missing(iterable)
    if iterator is _missing:
        raise TypeError("can only join an iterable")
    parts = prim.list()
    for item in _collect_from(iterator, iterable):
        if prim.is_unknown(item):
            prim.append(parts, item)
            continue
        if not prim.isinstance(item, _str):
            number = prim.length(parts)
            item_type = prim.type_name(item)
            raise TypeError(prim.worded("not-joined", f"{number}", item_type))
        prim.append(parts, prim.payload(item))
    return _str.join(prim.payload(separator), parts)


def bytes_join(separator, iterable):
    iterator = _iterator_or_missing(iterable)
    if iterator is _missing:
        raise TypeError("can only join an iterable")
    parts = prim.list()
    for item in _collect_from(iterator, iterable):
        if prim.isinstance(item, _bytes):
            prim.append(parts, prim.payload(item))
        else:
            prim.append(parts, item)
    return prim.payload(separator).join(parts)


def list_extend(target, iterable):
    if iterable is target:
        iterable = prim.list_copy(iterable)
    iterator = iter(iterable)
    _length_hint(iterable)
    for item in iterator:
        prim.append(target, item)


def list_index(target, value, start=0, stop=9223372036854775807):
    start = _clipped(_index(start), prim.length(target))
    stop = _clipped(_index(stop), prim.length(target))
    while start < stop and start < prim.length(target):
        if _same(prim.item(target, start), value):
            return start
        start = start + 1
    if prim.isinstance(target, _list):
        raise ValueError(prim.worded("not-in-list", repr(value)))
    raise ValueError("tuple.index(x): x not in tuple")


def _clipped(index, size):
    if index < 0:
        index = index + size
        if index < 0:
            index = 0
    return index


def list_count(target, value):
    count = 0
    position = 0
    while position < prim.length(target):
        if _same(prim.item(target, position), value):
            count = count + 1
        position = position + 1
    return count


def list_remove(target, value):
    position = 0
    while position < prim.length(target):
        if _same(prim.item(target, position), value):
            prim.list_replace(target, position, position + 1, prim.list())
            return
        position = position + 1
    raise ValueError("list.remove(x): x not in list")


tuple_index = list_index
tuple_count = list_count
