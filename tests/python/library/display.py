# What has no `__repr__` of the program is written by one function, also beside what has one.
import re
class C:
    def __repr__(self): return "C()"
    def m(self): pass
    @classmethod
    def k(cls): pass
class D(int): pass
class E: pass
def f(): pass
def g(): yield
def shown(value): return re.sub("0x[0-9a-f]+", "0x", repr(value))
for v in [print, ..., NotImplemented, C().m, C.m, C.k, [].append, len, int, C, D(3), E(), f, g(), slice(1, C()),
          {1: 2}.keys(), {1: C()}.values(), int | None, list[int], range(3), iter([]), property(), object(), type(None), zip(),
          enumerate([]), map(f, []), super, b"x", 1.5, BaseException.args, str.join, ValueError("x"), ValueError(C()),
          ExceptionGroup("a", [ValueError(1)]), open, exit, C().__repr__, frozenset(), {C()}]:
    alone, beside = shown(v), shown([C(), v])
    print(alone, beside == f"[C(), {alone}]")
