# Abstract classes. That a class derives from one which has `_abc_impl` makes it
# collect its abstract methods.


class ABC:
    _abc_impl = None
    # Pairs of an abstract class and one that was registered with it, and so counts as one of its bases, too.
    _abc_registry = []

    @classmethod
    def register(cls, subclass):
        if not isinstance(subclass, type):
            raise TypeError("Can only register classes")
        ABC._abc_registry.append((cls, subclass))
        return subclass


def abstractmethod(function):
    function.__isabstractmethod__ = True
    return function
