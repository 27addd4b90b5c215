"""What the jobs must come to, computed here without running any program, and
the parts into which the enumeration of JN is cut for Maude."""

from collections import Counter
from functools import lru_cache

LEAVES = {
    "j": ["normal", "normal", "raiseA", "raiseB", "return"],
    "jn": ["pass", "event", "call", "return"],
}
JUMPS = ["break", "continue"]
OUTCOMES = ["normal", "raiseA", "raiseB", "return"]

# States of JN per size as jn.maude has them: a state is an open call or an end.
# In `steps`, every rewrite of the machine is a transition of its own.
JN_STATES = {6: 28_638, 7: 201_362, 8: 1_699_327}
JN_STATES_OF_STEPS = {8: 12_862_979}


@lru_cache(None)
def programs(job, size, inside=False):
    """How many programs of exactly `size` nodes; `inside` a loop or not."""
    if size == 1:
        return len(LEAVES[job]) + (len(JUMPS) if inside else 0)
    pairs = sum(
        programs(job, i, inside) * programs(job, size - 1 - i, inside)
        for i in range(1, size - 1)
    )
    return 3 * pairs + programs(job, size - 1, True)


@lru_cache(None)
def _completions(size, inside):
    """J has no open calls, so each statement has one completion; they compose."""
    if size == 1:
        return Counter(LEAVES["j"] + (JUMPS if inside else []))
    total = Counter()
    for body, many in _completions(size - 1, True).items():
        total["normal" if body in JUMPS else body] += many
    for i in range(1, size - 1):
        for first, m in _completions(i, inside).items():
            for second, n in _completions(size - 1 - i, inside).items():
                total[second if first == "normal" else first] += m * n
                total[second if first == "raiseA" else first] += m * n
                total[first if second == "normal" else second] += m * n
    return total


def outcomes(size):
    """How many programs of J(size) end in each way."""
    found = _completions(size, False)
    return {name: found[name] for name in OUTCOMES}


def unary(size):
    """A size as the Maude modules write it."""
    return "+(" * (size - 1) + "1" + ")" * (size - 1)


class Consumer:
    """A consumer of jn.maude: its term, what it does with a statement, and how
    many programs come of each statement given to it."""

    def __init__(self, term, weight, give):
        self.term, self.weight, self.give = term, weight, give


def parts(size, limit):
    """States of PROGRAMS, of at most `limit` programs each, that cover JN(size)."""
    body = Consumer("body", 1, None)
    return list(_build(size, False, body, limit))


def _build(size, inside, q, limit):
    context = "inside" if inside else "outside"
    if programs("jn", size, inside) * q.weight <= limit:
        yield f"build({unary(size)}, {context}, {q.term})"
        return
    if size == 1:
        for leaf in LEAVES["jn"] + (JUMPS if inside else []):
            yield from q.give(leaf)
        return
    turned = Consumer(f"turned({q.term})", q.weight, lambda s: q.give(f"loop({s})"))
    yield from _build(size - 1, True, turned, limit)
    for i in range(1, size - 1):
        yield from _build(i, inside, _left(size - 1 - i, inside, q, limit), limit)


def _left(rest, inside, q, limit):
    def give(first):
        def join(second):
            for op in ("seq", "except", "finally"):
                yield from q.give(f"{op}({first}, {second})")

        right = Consumer(f"right({first}, {q.term})", 3 * q.weight, join)
        yield from _build(rest, inside, right, limit)

    context = "inside" if inside else "outside"
    weight = 3 * programs("jn", rest, inside) * q.weight
    return Consumer(f"left({unary(rest)}, {context}, {q.term})", weight, give)
