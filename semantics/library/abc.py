# Abstract classes as plain classes: an abstract method is marked, but a class
# that has some can be instantiated all the same. `register` is not supported.


class ABC:
    pass


def abstractmethod(function):
    function.__isabstractmethod__ = True
    return function
