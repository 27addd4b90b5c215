"""Mission row B6: a generator with `yield` in `try … finally`, decorated as a context manager, prints how long the
block of a `with` took, even when the block fails. The clock is a parameter: with `time.perf_counter` the times are
real, with a clock that ticks once a reading the output is always the same."""

import time
from contextlib import contextmanager


def ticking():
    """A clock that is one second further on at each reading."""
    now = 0.0

    def clock():
        nonlocal now
        now += 1.0
        return now

    return clock


@contextmanager
def timing(label, clock=time.perf_counter):
    start = clock()
    try:
        yield
    finally:
        print(f"{label}: {clock() - start:.1f} s")


clock = ticking()
with timing("sum", clock):
    print(sum(range(10)))
try:
    with timing("division", clock):
        print(1 / 0)
except ZeroDivisionError as e:
    print("the block failed:", e)
with timing("outer", clock):
    with timing("inner", clock):
        print("both")
started = time.perf_counter()
print("time does not run backwards:", time.perf_counter() >= started)
