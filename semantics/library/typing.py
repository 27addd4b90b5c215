# Names for annotations. They can be subscripted, joined with `|` and derived
# from; nothing checks them. What each one stands for is kept, as `get_origin`
# and `get_args` tell it.

__all__ = (
    "AbstractSet Annotated Any AnyStr AsyncContextManager AsyncGenerator AsyncIterable AsyncIterator Awaitable "
    "BinaryIO Callable ChainMap ClassVar Collection Concatenate Container ContextManager Coroutine Counter "
    "DefaultDict Deque Dict Final FrozenSet Generator Generic Hashable IO ItemsView Iterable Iterator KeysView "
    "List Literal LiteralString Mapping MappingView Match MutableMapping MutableSequence MutableSet NamedTuple Never "
    "NewType NoDefault NoReturn NotRequired Optional OrderedDict ParamSpec ParamSpecArgs ParamSpecKwargs "
    "Pattern Protocol ReadOnly Required Reversible Self Sequence Set Sized SupportsAbs SupportsBytes "
    "SupportsComplex SupportsFloat SupportsIndex SupportsInt SupportsRound TYPE_CHECKING Text TextIO Tuple "
    "Type TypeAlias TypeAliasType TypeGuard TypeIs TypeVar TypeVarTuple TypedDict Union Unpack ValuesView "
    "assert_never assert_type cast dataclass_transform final get_args get_origin get_protocol_members "
    "get_type_hints is_protocol is_typeddict no_type_check overload override reveal_type runtime_checkable"
).split()

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

    def __instancecheck__(self, value):
        raise TypeError(f"{self!r} cannot be used with isinstance()")

    def __subclasscheck__(self, cls):
        raise TypeError(f"{self!r} cannot be used with issubclass()")

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

    def __instancecheck__(self, value):
        return isinstance(value, self._origin())

    def __subclasscheck__(self, cls):
        return issubclass(cls, self._origin())


class _CallableForm(_Generic):
    def __getitem__(self, parameters):
        if not isinstance(parameters, tuple) or len(parameters) != 2:
            raise TypeError("Callable must be used as Callable[[arg, ...], result].")
        arguments, result = parameters
        given = (*arguments, result) if isinstance(arguments, list) else parameters
        return _Alias(self, self._name, None, _parameters(given))


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

    def __instancecheck__(self, value):
        return isinstance(value, self._members())

    def __subclasscheck__(self, cls):
        return issubclass(cls, self._members())

    def _members(self):
        if self._name != "Union":
            raise TypeError("Subscripted generics cannot be used with class and instance checks")
        return self.__args__

    def __eq__(self, other):
        if not isinstance(other, _Alias):
            return NotImplemented
        if self._origin() is Union:
            return other._origin() is Union and set(self.__args__) == set(other.__args__)
        return self._origin() is other._origin() and self.__args__ == other.__args__

    def __hash__(self):
        return hash((self._name, frozenset(self.__args__)))

    def __repr__(self):
        if self._name == "Union":
            return _union_text(self.__args__)
        texts = [repr(each) if self._name == "Literal" else _text(each) for each in self.__args__]
        inside = ", ".join(texts)
        if self._name == "Callable" and texts[0] != "...":
            inside = f"[{', '.join(texts[:-1])}], {texts[-1]}"
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
    # Where nobody asked for it, it is no base.
    protocol = _made.get("Protocol")
    rest = bases[[base is self for base in bases].index(True) + 1:]
    if origin is Generic:
        if protocol in bases or any(isinstance(base, (_Alias, _Generic)) for base in rest):
            return ()
        return (Generic,)
    found = [] if origin in bases else [origin]
    if origin is not protocol and not any(_is_generic(base) for base in rest):
        if not issubclass(origin, Generic):
            found.append(Generic)
    return tuple(found)


Union = prim.made(_UnionForm, _name="Union")

# Names that a program asks for are made then: they are many, and most files need two or three.
_made = {}
_FORMS = (
    " Annotated AsyncContextManager AsyncGenerator AsyncIterable AsyncIterator Awaitable BinaryIO ClassVar "
    "Concatenate Coroutine Final IO Match NotRequired Pattern ReadOnly Required SupportsAbs SupportsBytes "
    "SupportsComplex SupportsFloat SupportsIndex SupportsInt SupportsRound TextIO TypeGuard TypeIs Unpack "
)
_BARE = (
    " LiteralString Never NoReturn Self TypeAlias "
)
_GENERIC = (
    " ChainMap Collection Container Counter Generator Hashable ItemsView Iterable Iterator KeysView Mapping "
    "MappingView MutableMapping MutableSequence MutableSet OrderedDict Reversible Sequence Sized ValuesView "
)


def __getattr__(name):
    if name in _made:
        return _made[name]
    made = _form(name)
    _made[name] = made
    return made


def _form(name):
    word = f" {name} "
    if word in _FORMS:
        return prim.made(_Form, _name=name)
    if word in _BARE:
        return prim.made(_Bare, _name=name)
    if word in _GENERIC:
        return prim.made(_Generic, _name=name, _found=name)
    renamed = {"AbstractSet": "Set", "ContextManager": "AbstractContextManager", "DefaultDict": "defaultdict",
               "Deque": "deque", "Dict": dict, "FrozenSet": frozenset, "List": list, "Set": set, "Tuple": tuple,
               "Type": type}
    if name in renamed:
        return prim.made(_Generic, _name=name, _found=renamed[name])
    if name in ("Protocol", "runtime_checkable", "is_protocol", "get_protocol_members"):
        import typing._protocol as protocols
        return getattr(protocols, name)
    if name == "Callable":
        return prim.made(_CallableForm, _name=name, _found=name)
    others = {"Any": _AnyForm, "Literal": _LiteralForm, "Optional": _OptionalForm, "NamedTuple": _NamedTupleForm,
              "TypedDict": _TypedDictForm}
    if name in others:
        return prim.made(others[name], _name=name)
    if name == "AnyStr":
        return TypeVar("AnyStr", bytes, str)
    raise AttributeError(f"module 'typing' has no attribute {name!r}")


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
        yield __getattr__("Unpack")[self]

    def __repr__(self):
        return self.__name__


class _NoDefault:
    def __repr__(self):
        return "typing.NoDefault"


NoDefault = _NoDefault()


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


class _NamedTupleForm(_Bare):
    """A class that derives from `NamedTuple` is a named tuple of what its body annotates."""

    def __call__(self, typename, fields=(), /, **named):
        fields = named.items() if named else fields
        return _named_tuple(typename, [name for name, kind in fields], (), "__main__")

    def __mro_entries__(self, bases):
        return (tuple,)

    def _class_of_body(self, name, bases, names, module):
        for base in bases:
            if base is not self and get_origin(base) is not Generic:
                raise TypeError("can only inherit from a NamedTuple type and Generic")
        if ".annotated" not in names:
            prim.not_modelled("a class derived from `NamedTuple` under another name")
        fields = names.pop(".annotated")
        defaults = []
        for field in fields:
            if field in names:
                defaults.append(field)
            elif defaults:
                noun = "fields" if len(defaults) > 1 else "field"
                after = ", ".join(defaults)
                raise TypeError(f"Non-default namedtuple field {field} cannot follow default {noun} {after}")
        made = _named_tuple(name, fields, [names[field] for field in defaults], module)
        for key, value in names.items():
            if key in ("__new__", "__init__", "__slots__", "__getnewargs__", "_fields", "_field_defaults",
                       "_field_types", "_make", "_replace", "_asdict", "_source"):
                raise AttributeError(f"Cannot overwrite NamedTuple attribute {key}")
            if key not in fields and key not in ("__module__", "__name__", "__annotations__"):
                setattr(made, key, value)
        return made

    def __repr__(self):
        return "<function NamedTuple at 0x7e0000000000>"


def _named_tuple(typename, fields, defaults, module):
    from collections import namedtuple
    return namedtuple(typename, fields, defaults=defaults, module=module)


def is_typeddict(tp):
    return isinstance(tp, type) and issubclass(tp, _TypedDict)


def get_origin(tp):
    if isinstance(tp, (_Generic, _Alias)):
        return tp._origin()
    if prim.is_alias(tp):
        return tp.__origin__
    if prim.union_members(tp) is not prim.missing:
        return Union
    return Generic if tp is Generic else None


def get_args(tp):
    if not isinstance(tp, _Alias) and not prim.is_alias(tp) and prim.union_members(tp) is prim.missing:
        return ()
    given, origin = tp.__args__, get_origin(tp)
    if isinstance(origin, type) and origin.__name__ == "Callable" and given[0] is not ...:
        return (list(given[:-1]), given[-1])
    return given


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
