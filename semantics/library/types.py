# Names of types that have no name among the builtins.


def _function():
    pass


def _generator():
    yield


class _Class:
    def method(self):
        pass


def _traceback():
    try:
        raise Exception
    except Exception as error:
        return error.__traceback__


FunctionType = type(_function)
LambdaType = FunctionType
GeneratorType = type(_generator())
MethodType = type(_Class().method)
BuiltinFunctionType = type(len)
BuiltinMethodType = type([].append)
if prim.has("BaseException.__traceback__"):
    TracebackType = type(_traceback())
CodeType = type(_function.__code__)
CellType = type((lambda held: lambda: held)(None).__closure__[0])
NoneType = type(None)
if prim.has("class.classic"):
    # Names that builtin types had before they were callable.
    IntType, FloatType, StringType, TypeType = type(0), type(0.5), type(""), type
    ListType, TupleType, DictType = list, tuple, dict
    DictionaryType = dict
NotImplementedType = type(NotImplemented)
EllipsisType = type(...)
GenericAlias = type(list[int])
UnionType = type(int | None)


class SimpleNamespace:
    def __init__(self, /, **kwargs):
        for name, value in kwargs.items():
            setattr(self, name, value)

    def __eq__(self, other):
        if isinstance(other, SimpleNamespace):
            return self.__dict__ == other.__dict__
        return NotImplemented

    __hash__ = None

    def __repr__(self):
        inside = ", ".join([f"{name}={value!r}" for name, value in self.__dict__.items()])
        return f"namespace({inside})"
