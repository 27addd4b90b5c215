# Abstract classes. That a class derives from one which has `_abc_impl` makes it
# collect its abstract methods; `register` is not supported.


class ABC:
    _abc_impl = None


def abstractmethod(function):
    function.__isabstractmethod__ = True
    return function
