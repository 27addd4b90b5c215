# Names for annotations. They can be subscripted, joined with `|` and derived
# from; nothing checks them. What each one stands for is kept, as `get_origin`
# and `get_args` tell it.

from abc import ABC as _ABC

TYPE_CHECKING = False


def _text(kind):
    """A type as the parameters of another are written."""
    if kind is ...:
        return "..."
    if isinstance(kind, type):
        name = getattr(kind, "__qualname__", kind.__name__)
        return name if kind.__module__ == "builtins" else f"{kind.__module__}.{name}"
    if isinstance(kind, list):
        return "[" + ", ".join([_text(each) for each in kind]) + "]"
    return repr(kind)


def _parameters(parameters):
    """None in a type stands for its class."""
    given = parameters if isinstance(parameters, tuple) else (parameters,)
    return tuple([type(None) if each is None else each for each in given])


class _Type:
    """What can stand where a type does and is no class."""

    def __or__(self, other):
        return Union[self, other]

    def __ror__(self, other):
        return Union[other, self]

    def __call__(self, *arguments, **named):
        raise TypeError(f"Cannot instantiate {self!r}")


class _Form(_Type):
    """A name that has a meaning to checkers only. There are many: each is made in one step."""

    def __getitem__(self, parameters):
        return _Alias(self, self._name, self, _parameters(parameters))

    def __mro_entries__(self, bases):
        raise TypeError(f"Cannot subclass {self!r}")

    def __repr__(self):
        return f"typing.{self._name}"


class _Bare(_Form):
    """One that takes no parameters."""

    def __getitem__(self, parameters):
        raise TypeError(f"{self!r} is not subscriptable")


class _LiteralForm(_Form):
    def __getitem__(self, parameters):
        given = parameters if isinstance(parameters, tuple) else (parameters,)
        return _Alias(self, "Literal", self, given)


class _OptionalForm(_Form):
    def __getitem__(self, parameter):
        return Union[parameter, None]


class _UnionForm(_Form):
    def __getitem__(self, parameters):
        if parameters == ():
            raise TypeError("Cannot take a Union of no types.")
        flat = []
        for each in _parameters(parameters):
            for member in each.__args__ if get_origin(each) is Union else (each,):
                if member not in flat:
                    flat.append(member)
        return flat[0] if len(flat) == 1 else _Alias(self, "Union", self, tuple(flat))


class _AnyForm(_Bare):
    def __call__(self, *arguments, **named):
        raise TypeError("Any cannot be instantiated")

    def __mro_entries__(self, bases):
        return ()


class _Generic(_Form):
    """A class of another module under a name of this one."""

    def _origin(self):
        # The abstract classes are made when one of them is asked for.
        if isinstance(self._found, str):
            self._found = _abstract_class(self._found)
        return self._found

    def __getitem__(self, parameters):
        return _Alias(self, self._name, None, _parameters(parameters))

    def __call__(self, *arguments, **named):
        raise TypeError(f"Type {self._name} cannot be instantiated; use {self._origin().__name__}() instead")

    def __mro_entries__(self, bases):
        return _entries(self, self._origin(), bases)


def _abstract_class(name):
    import collections
    import collections.abc
    import contextlib
    for module in (collections.abc, contextlib, collections):
        found = getattr(module, name, None)
        if found is not None:
            return found


class _Alias(_Type):
    """A type with parameters."""

    def __init__(self, form, name, origin, parameters):
        self._form = form
        self._name = name
        self._known = origin
        self.__args__ = parameters

    def _origin(self):
        if self._known is None:
            self._known = self._form._origin()
        return self._known

    def __getitem__(self, parameters):
        left = list(_parameters(parameters))
        return _Alias(self._form, self._name, self._known, tuple([_replaced(each, left) for each in self.__args__]))

    def __call__(self, *arguments, **named):
        origin = self._origin()
        if not isinstance(origin, type):
            raise TypeError(f"Cannot instantiate {self._form!r}")
        if self._name is not None:
            raise TypeError(f"Type {self._name} cannot be instantiated; use {origin.__name__}() instead")
        return origin(*arguments, **named)

    def __mro_entries__(self, bases):
        origin = self._origin()
        if not isinstance(origin, type):
            raise TypeError(f"Cannot subclass {self!r}")
        return _entries(self, origin, bases)

    def __getattr__(self, name):
        origin = self._origin()
        if name.startswith("__") or not isinstance(origin, type):
            raise AttributeError(name)
        return getattr(origin, name)

    def __eq__(self, other):
        if not isinstance(other, _Alias):
            return NotImplemented
        if self._origin() is Union:
            return other._origin() is Union and set(self.__args__) == set(other.__args__)
        return self._origin() is other._origin() and self.__args__ == other.__args__

    def __hash__(self):
        return hash((self._name, frozenset(self.__args__)))

    def __repr__(self):
        if self._name == "Literal":
            inside = ", ".join([repr(each) for each in self.__args__])
        else:
            inside = ", ".join([_text(each) for each in self.__args__])
        if self._name == "Union":
            return _union_text(self.__args__)
        name = _text(self._known) if self._name is None else f"typing.{self._name}"
        return f"{name}[{inside}]"


def _union_text(members):
    return " | ".join(["None" if each is type(None) else _text(each) for each in members])


def _replaced(parameter, left):
    """A parameter where those that stand for others are filled in."""
    if isinstance(parameter, TypeVar) and left:
        return left.pop(0)
    if isinstance(parameter, _Alias):
        return _Alias(parameter._form, parameter._name, parameter._known,
                      tuple([_replaced(each, left) for each in parameter.__args__]))
    return parameter


def _is_generic(base):
    return isinstance(base, (_Alias, _Generic)) or isinstance(base, type) and issubclass(base, Generic)


def _entries(self, origin, bases):
    """The classes that stand among the bases of a class for something that is no class."""
    rest = bases[[base is self for base in bases].index(True) + 1:]
    if origin is Generic:
        if Protocol in bases or any(isinstance(base, (_Alias, _Generic)) for base in rest):
            return ()
        return (Generic,)
    found = [] if origin in bases else [origin]
    if origin is not Protocol and not any(_is_generic(base) for base in rest):
        if not issubclass(origin, Generic):
            found.append(Generic)
    return tuple(found)


Any = prim.made(_AnyForm, _name="Any")
Annotated = prim.made(_Form, _name="Annotated")
ClassVar = prim.made(_Form, _name="ClassVar")
Concatenate = prim.made(_Form, _name="Concatenate")
Final = prim.made(_Form, _name="Final")
Literal = prim.made(_LiteralForm, _name="Literal")
LiteralString = prim.made(_Bare, _name="LiteralString")
Never = prim.made(_Bare, _name="Never")
NoReturn = prim.made(_Bare, _name="NoReturn")
NotRequired = prim.made(_Form, _name="NotRequired")
Optional = prim.made(_OptionalForm, _name="Optional")
ReadOnly = prim.made(_Form, _name="ReadOnly")
Required = prim.made(_Form, _name="Required")
Self = prim.made(_Bare, _name="Self")
TypeAlias = prim.made(_Bare, _name="TypeAlias")
TypeGuard = prim.made(_Form, _name="TypeGuard")
TypeIs = prim.made(_Form, _name="TypeIs")
Union = prim.made(_UnionForm, _name="Union")
Unpack = prim.made(_Form, _name="Unpack")

AbstractSet = prim.made(_Generic, _name="AbstractSet", _found="Set")
Callable = prim.made(_Generic, _name="Callable", _found="Callable")
ChainMap = prim.made(_Generic, _name="ChainMap", _found="ChainMap")
Collection = prim.made(_Generic, _name="Collection", _found="Collection")
Container = prim.made(_Generic, _name="Container", _found="Container")
ContextManager = prim.made(_Generic, _name="ContextManager", _found="AbstractContextManager")
Counter = prim.made(_Generic, _name="Counter", _found="Counter")
DefaultDict = prim.made(_Generic, _name="DefaultDict", _found="defaultdict")
Deque = prim.made(_Generic, _name="Deque", _found="deque")
Dict = prim.made(_Generic, _name="Dict", _found=dict)
FrozenSet = prim.made(_Generic, _name="FrozenSet", _found=frozenset)
Generator = prim.made(_Generic, _name="Generator", _found="Generator")
Hashable = prim.made(_Generic, _name="Hashable", _found="Hashable")
ItemsView = prim.made(_Generic, _name="ItemsView", _found="ItemsView")
Iterable = prim.made(_Generic, _name="Iterable", _found="Iterable")
Iterator = prim.made(_Generic, _name="Iterator", _found="Iterator")
KeysView = prim.made(_Generic, _name="KeysView", _found="KeysView")
List = prim.made(_Generic, _name="List", _found=list)
Mapping = prim.made(_Generic, _name="Mapping", _found="Mapping")
MappingView = prim.made(_Generic, _name="MappingView", _found="MappingView")
MutableMapping = prim.made(_Generic, _name="MutableMapping", _found="MutableMapping")
MutableSequence = prim.made(_Generic, _name="MutableSequence", _found="MutableSequence")
MutableSet = prim.made(_Generic, _name="MutableSet", _found="MutableSet")
OrderedDict = prim.made(_Generic, _name="OrderedDict", _found="OrderedDict")
Reversible = prim.made(_Generic, _name="Reversible", _found="Reversible")
Sequence = prim.made(_Generic, _name="Sequence", _found="Sequence")
Set = prim.made(_Generic, _name="Set", _found=set)
Sized = prim.made(_Generic, _name="Sized", _found="Sized")
Tuple = prim.made(_Generic, _name="Tuple", _found=tuple)
Type = prim.made(_Generic, _name="Type", _found=type)
ValuesView = prim.made(_Generic, _name="ValuesView", _found="ValuesView")

# Nothing of these runs here: they are there to be written in annotations.
AsyncContextManager = prim.made(_Form, _name="AsyncContextManager")
AsyncGenerator = prim.made(_Form, _name="AsyncGenerator")
AsyncIterable = prim.made(_Form, _name="AsyncIterable")
AsyncIterator = prim.made(_Form, _name="AsyncIterator")
Awaitable = prim.made(_Form, _name="Awaitable")
BinaryIO = prim.made(_Form, _name="BinaryIO")
Coroutine = prim.made(_Form, _name="Coroutine")
IO = prim.made(_Form, _name="IO")
Match = prim.made(_Form, _name="Match")
Pattern = prim.made(_Form, _name="Pattern")
SupportsAbs = prim.made(_Form, _name="SupportsAbs")
SupportsBytes = prim.made(_Form, _name="SupportsBytes")
SupportsComplex = prim.made(_Form, _name="SupportsComplex")
SupportsFloat = prim.made(_Form, _name="SupportsFloat")
SupportsIndex = prim.made(_Form, _name="SupportsIndex")
SupportsInt = prim.made(_Form, _name="SupportsInt")
SupportsRound = prim.made(_Form, _name="SupportsRound")
TextIO = prim.made(_Form, _name="TextIO")

Text = str


class Generic:
    __slots__ = ()

    def __class_getitem__(cls, parameters):
        if cls is Generic and _parameters(parameters) == ():
            raise TypeError("Parameter list to Generic[...] cannot be empty")
        return _Alias(None, None, cls, _parameters(parameters))

    def __init_subclass__(cls, /, *arguments, **named):
        if Generic in cls.__bases__ and cls.__name__ != "Protocol":
            if not any(isinstance(base, _Alias) for base in cls.__dict__.get("__orig_bases__", ())):
                raise TypeError("Cannot inherit from plain Generic")
        super().__init_subclass__(*arguments, **named)


class Protocol(Generic, _ABC):
    __slots__ = ()
    _is_protocol = True
    _is_runtime_protocol = False

    def __init_subclass__(cls, /, *arguments, **named):
        super().__init_subclass__(*arguments, **named)
        if "_is_protocol" not in cls.__dict__:
            cls._is_protocol = Protocol in cls.__bases__
        if cls._is_protocol and "__init__" not in cls.__dict__:
            cls.__init__ = _no_instances

    @classmethod
    def __subclasshook__(cls, other):
        if not cls.__dict__.get("_is_protocol", False) or cls is Protocol:
            return NotImplemented
        if not cls._is_runtime_protocol:
            raise TypeError("Instance and class checks can only be used with @runtime_checkable protocols")
        for name in get_protocol_members(cls):
            if getattr(other, name, None) is None:
                return NotImplemented
        return True


def _no_instances(self, /, *arguments, **named):
    if type(self)._is_protocol:
        raise TypeError("Protocols cannot be instantiated")


_NO_MEMBERS = ("__module__", "__qualname__", "__doc__", "__orig_bases__", "__init__", "__slots__", "__dict__",
               "__weakref__", "__abstractmethods__", "__class_getitem__", "__init_subclass__", "__subclasshook__",
               "__firstlineno__", "__static_attributes__", "__new__", "_is_protocol", "_is_runtime_protocol",
               "_abc_impl")


def get_protocol_members(tp, /):
    if not is_protocol(tp):
        raise TypeError(f"{tp!r} is not a Protocol")
    names = []
    for base in tp.__mro__:
        if base.__dict__.get("_is_protocol", False) and base is not Protocol:
            names.extend([name for name in base.__dict__ if name not in _NO_MEMBERS])
    return frozenset(names)


def is_protocol(tp, /):
    return isinstance(tp, type) and tp is not Protocol and tp.__dict__.get("_is_protocol", False)


def runtime_checkable(cls):
    if not is_protocol(cls):
        raise TypeError(f"@runtime_checkable can be only applied to protocol classes, got {cls!r}")
    cls._is_runtime_protocol = True
    return cls


class TypeVar(_Type):
    def __init__(self, name, *constraints, bound=None, covariant=False, contravariant=False, **options):
        if covariant and contravariant:
            raise ValueError("Bivariant types are not supported.")
        if len(constraints) == 1:
            raise TypeError("A single constraint is not allowed")
        if constraints and bound is not None:
            raise TypeError("Constraints cannot be combined with bound=...")
        self.__name__ = name
        self.__constraints__ = constraints
        self.__bound__ = bound
        self.__covariant__ = covariant
        self.__contravariant__ = contravariant

    def __mro_entries__(self, bases):
        raise TypeError(f"Cannot subclass an instance of {type(self).__name__}")

    def __call__(self, *arguments, **named):
        raise TypeError(f"'{type(self).__name__}' object is not callable")

    def __repr__(self):
        sign = "+" if self.__covariant__ else "-" if self.__contravariant__ else "~"
        return f"{sign}{self.__name__}"


class ParamSpec(TypeVar):
    @property
    def args(self):
        return ParamSpecArgs(self)

    @property
    def kwargs(self):
        return ParamSpecKwargs(self)


class ParamSpecArgs:
    def __init__(self, origin):
        self.__origin__ = origin

    def __repr__(self):
        return f"{self.__origin__.__name__}.args"


class ParamSpecKwargs:
    def __init__(self, origin):
        self.__origin__ = origin

    def __repr__(self):
        return f"{self.__origin__.__name__}.kwargs"


class TypeVarTuple(TypeVar):
    def __iter__(self):
        yield Unpack[self]

    def __repr__(self):
        return self.__name__


class _NoDefault:
    def __repr__(self):
        return "typing.NoDefault"


NoDefault = _NoDefault()
AnyStr = TypeVar("AnyStr", bytes, str)


class TypeAliasType(_Type):
    def __init__(self, name, value, *, type_params=()):
        self.__name__ = name
        self.__value__ = value

    def __getitem__(self, parameters):
        return _Alias(None, None, self, _parameters(parameters))

    def __repr__(self):
        return self.__name__


class NewType(_Type):
    def __init__(self, name, tp):
        self.__name__ = self.__qualname__ = name
        self.__module__ = "__main__"
        self.__supertype__ = tp

    def __call__(self, value, /):
        return value

    def __mro_entries__(self, bases):
        name = self.__name__
        raise TypeError(f"Cannot subclass an instance of NewType. Perhaps you were looking for: `X = NewType('X', {name})`")

    def __repr__(self):
        return f"{self.__module__}.{self.__qualname__}"


class _TypedDict(dict):
    """A class that derives from `TypedDict` makes plain dicts."""

    def __init_subclass__(cls, /, total=True, closed=None, extra_items=None):
        cls.__total__ = total

    def __new__(cls, /, *arguments, **named):
        return dict(*arguments, **named)


class _TypedDictForm(_Bare):
    def __call__(self, typename, fields, /, *, total=True, closed=None, extra_items=None):
        made = type(typename, (_TypedDict,), {})
        made.__total__ = total
        return made

    def __mro_entries__(self, bases):
        return (_TypedDict,)

    def __repr__(self):
        return "<class 'typing.TypedDict'>"


TypedDict = prim.made(_TypedDictForm, _name="TypedDict")


def is_typeddict(tp):
    return isinstance(tp, type) and issubclass(tp, _TypedDict)


def get_origin(tp):
    if isinstance(tp, _Generic):
        return tp._origin()
    if isinstance(tp, _Alias):
        return tp._origin()
    return Generic if tp is Generic else None


def get_args(tp):
    if not isinstance(tp, _Alias):
        return ()
    return tp.__args__


def cast(typ, val):
    return val


def assert_type(val, typ, /):
    return val


def overload(func):
    return _overload_dummy


def _overload_dummy(*args, **kwds):
    raise NotImplementedError(
        "You should not call an overloaded function. "
        "A series of @overload-decorated functions "
        "outside a stub module should always be followed "
        "by an implementation that is not @overload-ed.")


def final(f):
    return _marked(f, "__final__")


def override(method, /):
    return _marked(method, "__override__")


def _marked(value, name):
    try:
        setattr(value, name, True)
    except (AttributeError, TypeError):
        pass
    return value


def no_type_check(arg):
    return _marked(arg, "__no_type_check__")


def dataclass_transform(*, eq_default=True, order_default=False, kw_only_default=False, frozen_default=False,
                        field_specifiers=(), **kwargs):
    def decorator(cls_or_fn):
        return cls_or_fn
    return decorator


def get_type_hints(obj):
    return dict(getattr(obj, "__annotations__", {}))


def assert_never(arg, /):
    value = repr(arg)
    if len(value) > 100:
        value = value[:100] + "..."
    raise AssertionError(f"Expected code to be unreachable, but got: {value}")


def reveal_type(obj, /):
    print(f"Runtime type is {type(obj).__name__!r}", file=_stderr())
    return obj


def _stderr():
    import sys
    return sys.stderr
