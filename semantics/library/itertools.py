# Iterators, most of them as generators: their types print as `generator`.

_absent = object()


def count(start=0, step=1):
    while True:
        yield start
        start = start + step


def cycle(iterable):
    saved = []
    for item in iterable:
        yield item
        saved.append(item)
    while saved:
        for item in saved:
            yield item


class repeat:
    def __init__(self, object, times=None):
        self._object = object
        self._times = times if times is None or times > 0 else 0

    def __iter__(self):
        return self

    def __next__(self):
        if self._times is not None:
            if self._times == 0:
                raise StopIteration
            self._times -= 1
        return self._object

    def __length_hint__(self):
        if self._times is None:
            raise TypeError("len() of unsized object")
        return self._times

    def __repr__(self):
        if self._times is None:
            return f"repeat({self._object!r})"
        return f"repeat({self._object!r}, {self._times})"


class chain:
    def __init__(self, *iterables):
        self._iterables = iter(iterables)
        self._current = iter(())

    @classmethod
    def from_iterable(cls, iterables):
        result = cls()
        result._iterables = iter(iterables)
        return result

    def __iter__(self):
        return self

    def __next__(self):
        while True:
            item = next(self._current, _absent)
            if item is not _absent:
                return item
            self._current = iter(next(self._iterables))


class islice:
    def __init__(self, iterable, *limits):
        if len(limits) == 1:
            start, stop, step = 0, limits[0], 1
        else:
            start, stop, step = limits if len(limits) == 3 else (limits[0], limits[1], None)
            start = 0 if start is None else start
            step = 1 if step is None else step
        for value in (start, 0 if stop is None else stop):
            if not isinstance(value, int) or value < 0:
                raise ValueError("Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize."
                                 if len(limits) > 1 else
                                 "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.")
        if not isinstance(step, int) or step < 1:
            raise ValueError("Step for islice() must be a positive integer or None.")
        self._source = iter(iterable)
        self._next = start
        self._stop = stop
        self._step = step
        self._position = 0

    def __iter__(self):
        return self

    def __next__(self):
        stop = self._stop
        # Items up to the wanted one, or up to the end, are consumed.
        wanted = self._next if stop is None or self._next < stop else stop
        while self._position < wanted:
            next(self._source)
            self._position += 1
        if stop is not None and self._next >= stop:
            raise StopIteration
        item = next(self._source)
        self._position += 1
        self._next += self._step
        return item


def takewhile(predicate, iterable):
    for item in iterable:
        if not predicate(item):
            return
        yield item


def dropwhile(predicate, iterable):
    dropping = True
    for item in iterable:
        if dropping and predicate(item):
            continue
        dropping = False
        yield item


def filterfalse(predicate, iterable):
    for item in iterable:
        if not (item if predicate is None else predicate(item)):
            yield item


def compress(data, selectors):
    for item, selected in zip(data, selectors):
        if selected:
            yield item


def accumulate(iterable, func=None, *, initial=None):
    total = initial
    started = initial is not None
    if started:
        yield total
    for item in iterable:
        if not started:
            started = True
            total = item
        elif func is None:
            total = total + item
        else:
            total = func(total, item)
        yield total


def starmap(function, iterable):
    for arguments in iterable:
        yield function(*arguments)


def pairwise(iterable):
    iterator = iter(iterable)
    before = next(iterator, _absent)
    if before is _absent:
        return
    for item in iterator:
        yield (before, item)
        before = item


def batched(iterable, n, *, strict=False):
    if n < 1:
        raise ValueError("n must be at least one")
    return _batches(iter(iterable), n, strict)


def _batches(iterator, n, strict):
    while True:
        batch = tuple(islice(iterator, n))
        if not batch:
            return
        if strict and len(batch) < n:
            raise ValueError("batched(): incomplete batch")
        yield batch


def zip_longest(*iterables, fillvalue=None):
    iterators = [iter(iterable) for iterable in iterables]
    while True:
        items = []
        ended = 0
        for position in range(len(iterators)):
            item = _absent
            if iterators[position] is not None:
                item = next(iterators[position], _absent)
                if item is _absent:
                    iterators[position] = None
            if item is _absent:
                ended += 1
                item = fillvalue
            items.append(item)
        if ended == len(iterators):
            return
        yield tuple(items)


class _tee:
    """Takes items from a queue of its own, filled by whichever needs one first."""

    def __init__(self, source, queues, queue):
        self._source = source
        self._queues = queues
        self._queue = queue

    def __iter__(self):
        return self

    def __next__(self):
        if not self._queue:
            item = next(self._source)
            for queue in self._queues:
                queue.append(item)
        return self._queue.pop(0)


def tee(iterable, n=2):
    source = iter(iterable)
    queues = [[] for _ in range(n)]
    return tuple([_tee(source, queues, queue) for queue in queues])


class groupby:
    def __init__(self, iterable, key=None):
        self._source = iter(iterable)
        self._key = key
        self._item = _absent
        self._item_key = _absent
        self._group_key = _absent
        self._group = None

    def __iter__(self):
        return self

    def __next__(self):
        self._group = None
        while self._item_key is _absent or self._matches():
            self._advance()
        self._group_key = self._item_key
        self._group = object()
        return (self._group_key, self._items(self._group))

    def _matches(self):
        return self._group_key is not _absent and self._group_key == self._item_key

    def _advance(self):
        self._item = next(self._source)
        self._item_key = self._item if self._key is None else self._key(self._item)

    def _items(self, group):
        # A group ends when the next one has been asked for.
        while self._group is group and self._group_key == self._item_key:
            yield self._item
            try:
                self._advance()
            except StopIteration:
                self._item_key = _absent
                self._group = None
                self._source = iter(())
                return


def product(*iterables, repeat=1):
    pools = [tuple(iterable) for iterable in iterables] * repeat
    return _products(pools, 0, ())


def _products(pools, depth, chosen):
    if depth == len(pools):
        yield chosen
        return
    for item in pools[depth]:
        yield from _products(pools, depth + 1, chosen + (item,))


def permutations(iterable, r=None):
    pool = tuple(iterable)
    size = len(pool) if r is None else r
    return _permutations(pool, size, ())


def _permutations(pool, size, chosen):
    if len(chosen) == size:
        yield tuple([pool[position] for position in chosen])
        return
    for position in range(len(pool)):
        if position not in chosen:
            yield from _permutations(pool, size, chosen + (position,))


def combinations(iterable, r):
    return _combinations(tuple(iterable), r, 0, (), 1)


def combinations_with_replacement(iterable, r):
    return _combinations(tuple(iterable), r, 0, (), 0)


def _combinations(pool, size, start, chosen, step):
    if size < 0:
        raise ValueError("r must be non-negative")
    if len(chosen) == size:
        yield chosen
        return
    for position in range(start, len(pool)):
        yield from _combinations(pool, size, position + step, chosen + (pool[position],), step)


# What came with Python 2, and went with it: it is named otherwise today.

def imap(function, *iterables):
    if function is None:
        return zip(*iterables)
    return map(function, *iterables)


def izip(*iterables):
    return zip(*iterables)


def ifilter(function, iterable):
    return filter(function, iterable)


ifilterfalse = filterfalse
izip_longest = zip_longest
