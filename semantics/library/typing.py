# Names for annotations. They can be subscripted and joined with `|`; nothing
# checks them.

TYPE_CHECKING = False


class _Form:
    """Stands for any type expression."""

    def __init__(self, name):
        self._name = name

    def __getitem__(self, parameters):
        return self

    def __call__(self, *arguments, **named):
        raise TypeError(f"Type {self._name} cannot be instantiated")

    def __or__(self, other):
        return self

    def __ror__(self, other):
        return self

    def __repr__(self):
        return f"typing.{self._name}"


Any = _Form("Any")
Annotated = _Form("Annotated")
AnyStr = _Form("AnyStr")
AsyncIterator = _Form("AsyncIterator")
Callable = _Form("Callable")
ClassVar = _Form("ClassVar")
ContextManager = _Form("ContextManager")
Deque = _Form("Deque")
DefaultDict = _Form("DefaultDict")
Dict = _Form("Dict")
Final = _Form("Final")
FrozenSet = _Form("FrozenSet")
Generator = _Form("Generator")
Hashable = _Form("Hashable")
Iterable = _Form("Iterable")
Iterator = _Form("Iterator")
List = _Form("List")
Literal = _Form("Literal")
LiteralString = _Form("LiteralString")
Mapping = _Form("Mapping")
MutableMapping = _Form("MutableMapping")
Never = _Form("Never")
NoReturn = _Form("NoReturn")
Optional = _Form("Optional")
Self = _Form("Self")
Sequence = _Form("Sequence")
Set = _Form("Set")
Text = _Form("Text")
Tuple = _Form("Tuple")
Type = _Form("Type")
TypeAlias = _Form("TypeAlias")
Union = _Form("Union")


class Generic:
    def __class_getitem__(cls, parameters):
        return cls


class Protocol(Generic):
    pass


class TypeVar:
    def __init__(self, name, *constraints, **options):
        self.__name__ = name

    def __repr__(self):
        return f"~{self.__name__}"


class ParamSpec(TypeVar):
    pass


def NewType(name, tp):
    def convert(value):
        return value
    convert.__name__ = name
    return convert


def cast(typ, val):
    return val


def overload(func):
    return func


def final(f):
    return f


def override(method, /):
    return method


def no_type_check(arg):
    return arg


def runtime_checkable(cls):
    return cls


def get_type_hints(obj):
    return dict(getattr(obj, "__annotations__", {}))


def assert_never(arg, /):
    raise AssertionError(f"Expected code to be unreachable, but got: {arg!r}")


def reveal_type(obj, /):
    return obj
