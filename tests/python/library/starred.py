class T(tuple): pass
class L(list):
    def __iter__(self): return iter("xy")
class L2(list): pass
print(*T((1, 2)))
print(*L((1,2)))
print(*L2((1,2)))
from collections import namedtuple
P = namedtuple("P","a b")
def f(*a, **k): return a, k
print(f(*P(1,2)), [*P(1,2)], (*P(1,2),), {*P(1,2)})
a, *b = P(1,2)
print(a,b)
x, y = T((3,4)); print(x,y)
for i in T((1,)): print(i)
class D(dict): pass
print(f(**D(a=1)), {**D(b=1)}, [*D(a=1)])
class S(str): pass
print([*S("ab")], f(*S("ab")))
class B(bytes): pass
print([*B(b"ab")])
class FS(frozenset): pass
print([*FS({1})])
l=[]
l += T((1,2))
print("%s %s" % T((1,2)))
print(isinstance(1, T((int,str))), issubclass(int, T((int,))), "abc".startswith(T(("a",))))
print(T((1,2))+(3,), T((1,2))*2, T((1,2))[0:1], type(T((1,2))[:]), T((1,2))==(1,2), (1,2)==T((1,2)), hash(T((1,2)))==hash((1,2)))
print(type((*T((1,)),)), (1,) < T((2,)), 1 in T((1,)))
def g():
    r = yield from T((1,2))
print(list(g()), dict([T((1,2))]), dict(T(((1,2),))), sum(T((1,2))), max(T((1,2))), sorted(T((2,1))), "".join(T(("a","b"))))
print(set(T((1,))), list(T((1,))), tuple(T((1,))), type(tuple(T((1,)))))
