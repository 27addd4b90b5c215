from typing import NamedTuple
import typing
class P(NamedTuple):
    """A point."""
    x: int
    y: int = 0
    def norm(self):
        return self.x + self.y
    @property
    def neg(self): return -self.x
p = P(1)
print(p, p.x, p.y, p.norm(), p.neg, P._fields, P._field_defaults, P.__doc__, isinstance(p, tuple), P.__bases__, P.__name__)
x, y = p
print(p == (1, 0), p._replace(y=5), p._asdict(), P._make([3, 4]))
try:
    P()
except TypeError as e: print(e)
try:
    p.x = 5
except AttributeError as e: print(e)
Q = NamedTuple("Q", [("a", int), ("b", str)])
print(Q(1, "b"), Q.__module__)
try:
    class R(NamedTuple):
        a: int = 1
        b: int
except TypeError as e: print(e)
try:
    class S(NamedTuple):
        a: int
        def _make(self): pass
except AttributeError as e: print(e)
class T(P):
    def norm(self): return "t" + str(super().norm())
print(T(1, 2), T(1, 2).norm())
class U(typing.NamedTuple):
    a: int
print(U(5), hash(U(5)) == hash((5,)))
try:
    raise ValueError(P(1, 2))
except ValueError as e:
    print(e, e.args)
from collections import OrderedDict
d = OrderedDict(a=1, b=2)
print(d.keys(), d.values(), d.items(), {1: 2}.keys())
class M(type): pass
A = M("A", (), {})
class B(A): pass
class C: pass
class N(M): pass
D = N("D", (), {})
class E(A, D): pass
class F(D, A): pass
print(type(A), type(B), type(C), type(E), type(F), isinstance(B, M), isinstance(int, M))
