def show(f):
    try: print(repr(f()))
    except Exception as e: print(type(e).__name__, e)
from typing import *
import collections.abc
T = TypeVar("T")
V = TypeVar("V", bound=int)
C = TypeVar("C", covariant=True)
class S(Generic[T]):
    def __init__(self, x): self.x = x
class M(collections.abc.Mapping[str, int]):
    def __init__(self): self.d = {"a": 1}
    def __getitem__(self, k): return self.d[k]
    def __len__(self): return 1
    def __iter__(self): return iter(self.d)
class P(TypedDict):
    x: int
class P2(P, total=False):
    y: int
class L(List[int]): pass
class D(Dict[str, int]): pass
class S2(S[int]): pass
class S3(S[T], Generic[T]): pass
class It(Iterable[T]):
    def __iter__(self): return iter([1])
class Pr(Protocol):
    def f(self): ...
@runtime_checkable
class Pr2(Protocol[T]):
    def g(self): ...
class Im(Pr):
    def f(self): return 1
class HasG:
    def g(self): pass
class A1(Any): pass
class LL(list[int]): pass
class Seq(Sequence[int]):
    def __getitem__(self, i): return [1,2][i]
    def __len__(self): return 2
show(lambda: S(1).x)
show(lambda: S[int](2).x)
show(lambda: S[int])
show(lambda: S.__mro__)
show(lambda: S.__bases__)
show(lambda: S.__orig_bases__)
show(lambda: M()["a"])
show(lambda: dict(M()))
show(lambda: M() == {"a":1})
show(lambda: list(M().items()))
show(lambda: M().get("z", 3))
show(lambda: M.__bases__)
show(lambda: P(x=1))
show(lambda: type(P(x=1)))
show(lambda: P2(x=1,y=2))
show(lambda: P2.__total__)
show(lambda: P.__name__)
show(lambda: is_typeddict(P))
show(lambda: is_typeddict(int))
show(lambda: P({"x":1}))
show(lambda: L([1]))
show(lambda: L.__mro__)
show(lambda: D(a=1))
show(lambda: D.__mro__)
show(lambda: S2.__mro__)
show(lambda: S3.__mro__)
show(lambda: list(It()))
show(lambda: Im().f())
show(lambda: Pr())
show(lambda: isinstance(HasG(), Pr2))
show(lambda: isinstance(1, Pr2))
show(lambda: isinstance(1, Pr))
show(lambda: issubclass(HasG, Pr2))
show(lambda: A1().__class__.__name__)
show(lambda: LL((1,)))
show(lambda: list(Seq()))
show(lambda: T)
show(lambda: C)
show(lambda: T.__name__)
show(lambda: V.__bound__)
show(lambda: List)
show(lambda: List[int])
show(lambda: Dict[str, List[int]])
show(lambda: Tuple[int, ...])
show(lambda: Optional[int] == Union[int, None])
show(lambda: Union[int])
show(lambda: Union[int, int])
show(lambda: Literal["a", 1])
show(lambda: Callable[[int], str])
show(lambda: Callable[..., int])
show(lambda: Any)
show(lambda: ClassVar[int])
show(lambda: Final)
show(lambda: Annotated[int, "x"])
show(lambda: Type[int])
show(lambda: Iterable[T])
show(lambda: List[T][int])
show(lambda: get_origin(List[int]))
show(lambda: get_args(Dict[str, int]))
show(lambda: get_origin(Union[int, str]) is Union)
show(lambda: get_args(Optional[int]))
show(lambda: get_origin(int))
show(lambda: get_args(int))
show(lambda: get_origin(Iterable[int]))
show(lambda: get_origin(Literal[1]))
show(lambda: get_args(Literal[1, 2]))
show(lambda: List[int] == List[int])
show(lambda: List[int] == List[str])
show(lambda: hash(List[int]) == hash(List[int]))
show(lambda: List())
show(lambda: Any())
show(lambda: Optional[int]())
show(lambda: Dict[str,int]())
show(lambda: Union[()])
show(lambda: TypeVar("X", int))
show(lambda: TypeVar("X", covariant=True, contravariant=True))
show(lambda: NewType("N", int)(3))
show(lambda: NewType("N", int))
show(lambda: cast(int, "x"))
show(lambda: assert_never(1))
show(lambda: overload(len)())
show(lambda: ParamSpec("P"))
show(lambda: ParamSpec("P").args)
show(lambda: final(S) is S)
show(lambda: TypedDict("Q", {"a": int})(a=1))
show(lambda: NoReturn[int])
show(lambda: Text)
show(lambda: AnyStr)
show(lambda: get_protocol_members(Pr))
show(lambda: is_protocol(Pr))
show(lambda: runtime_checkable(int))
show(lambda: Self)
show(lambda: TYPE_CHECKING)
def s():
    class X(Generic): pass
show(s)
def s():
    class X(Union[int, str]): pass
def s():
    class X(Optional): pass
show(s)
def s():
    class X(T): pass
show(s)
def s():
    class X(Literal[1]): pass
show(s)
def s():
    class X(ClassVar): pass
show(s)
class E:
    def __mro_entries__(self, bases): return (int,)
class Y(E()): pass
show(lambda: Y.__mro__)
show(lambda: Y(3)+1)
show(lambda: Y.__orig_bases__[0].__class__)
class E2:
    def __mro_entries__(self, bases): return 5
def s():
    class X(E2()): pass
show(s)
