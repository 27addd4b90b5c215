import collections.abc
from typing import Callable, Optional, Union, List, Dict, get_origin, get_args
print(list[int], dict[str, int], tuple[int, ...], set[str], frozenset[int], type[int])
print(repr(list[int]), str(list[dict[str, int]]), f"{tuple[()]}")
print(list[int] == list[int], list[int] == list[str], list[int] == list, hash(list[int]) == hash(list[int]))
print(list[int].__origin__, list[int].__args__, dict[str, int].__args__, tuple[int, ...].__args__)
print(list[None], list["x"], list[None].__args__)
print(Callable[[int], str], List[int], Dict[str, int], Optional[int] == Union[int, None])
print(Callable[..., int], Callable[[], None])
print(collections.abc.Callable[[int], str], collections.abc.Callable[[int], str].__args__, collections.abc.Iterable[int])
print(int | None, int | str, (int | str).__args__, (int | str) == (str | int), list[int] | None)
print(list[int](), list[int]("ab"), dict[str, int](a=1))
for f in [lambda: isinstance([], list[int]), lambda: issubclass(list, list[int]), lambda: isinstance(1, int | list[int]),
          lambda: isinstance([], List[int]), lambda: isinstance([], List), lambda: isinstance(1, Optional[int]), lambda: isinstance(print, Callable), lambda: isinstance(print, Callable[[int], str]),
          lambda: isinstance([], collections.abc.Iterable[int]), lambda: int[str], lambda: ValueError[int], lambda: (list[int])[str]]:
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
try:
    raise ValueError
except ValueError as e:
    pass
def g():
    try:
        raise ValueError("x")
    except list[int]:
        pass
try:
    g()
except TypeError as e:
    print(e)
try:
    raise list[int]
except TypeError as e:
    print(e)
print(get_origin(list[int]), get_args(list[int]), get_origin(int), get_args(dict[str, int]))
print(type(list[int]), type(list[int]).__name__, isinstance(list[int], type), callable(list[int]))
class L(list[int]):
    pass
print(L.__mro__, L.__orig_bases__, L([1]))
from typing import TypeVar, Generic
T = TypeVar("T")
print(list[T])
class Box(Generic[T]):
    pass
print(Box[int], Box[list[int]])
print(list[int].append is list.append, list[int].__name__)
print({list[int]: 1}[list[int]])
print(BaseExceptionGroup[ValueError], ExceptionGroup[ValueError])

class Shown:
    def __repr__(self):
        return "shown"

print([Shown(), int | None, list[int]])
