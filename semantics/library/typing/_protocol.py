# Protocols. They are made when one of these names is asked for.

from abc import ABC
from typing import Generic


class Protocol(Generic, ABC):
    __module__ = "typing"
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


# What every class has, or a protocol for itself.
_NO_MEMBERS = (
    "__module__ __qualname__ __doc__ __orig_bases__ __init__ __slots__ __dict__ __weakref__ "
    "__abstractmethods__ __class_getitem__ __init_subclass__ __subclasshook__ __firstlineno__ "
    "__static_attributes__ __new__ _is_protocol _is_runtime_protocol _abc_impl"
)


def get_protocol_members(tp, /):
    if not is_protocol(tp):
        raise TypeError(f"{tp!r} is not a Protocol")
    names, others = [], _NO_MEMBERS.split()
    for base in tp.__mro__:
        if base.__dict__.get("_is_protocol", False) and base is not Protocol:
            names.extend([name for name in base.__dict__ if name not in others])
    return frozenset(names)


def is_protocol(tp, /):
    return isinstance(tp, type) and tp is not Protocol and tp.__dict__.get("_is_protocol", False)


def runtime_checkable(cls):
    if not is_protocol(cls):
        raise TypeError(f"@runtime_checkable can be only applied to protocol classes, got {cls!r}")
    cls._is_runtime_protocol = True
    return cls
