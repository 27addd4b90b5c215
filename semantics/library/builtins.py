# Library versions of Python's builtins, for arguments that a primitive does
# not decide (instances of user classes, arbitrary iterables, key functions).
#
# It is one module in several files, in this order:
#
#   iteration.py    truth, size and iteration: what goes through objects with methods of their own
#   operators.py    unary, binary and in-place operators
#   comparisons.py  comparisons and hashes
#   numbers.py      conversions to numbers, and the functions of `math` that objects take part in
#   folds.py        containers made of any iterable, folds over one, and sorting
#   subscripts.py   subscripts and containment
#   sequences.py    methods of `str` and `list` that are given objects
#   dicts.py        methods of `dict`
#   sets.py         methods of `set`
#   text.py         the text of values, and printing it
#   percent.py      formatting with `%`
#   format.py       `str.format`
#   attributes.py   reading, storing and deleting attributes
#   classes.py      making classes and their instances, and asking for them
#   exceptions.py   raising, throwing, and groups of exceptions
#   files.py        files that a program reads and writes
#   statements.py   what statements of Python 2 do that were functions later, or nothing
#   old.py          what builtin functions did before Python 3.0
#   classic.py      what is done with instances of classic classes
#   entries.py      how `check` enters a function by itself
#
# Names of builtin types (`list`, `str` …) denote *functions* in this module,
# so the types themselves are kept under names with an underscore.
#
# No function here raises while it handles another exception: what CPython
# raises from C has no implicit context, so each `except` only takes a note
# and the raising happens after it.

_bool = prim.type(True)
_int = prim.type(0)
_float = prim.type(0.5)
_str = prim.type("")
_bytes = prim.type(b"")
_tuple = prim.type(())
_list = prim.type([])
_dict = prim.type({})
_set = prim.type({0})
_frozenset = prim.frozenset_type
_slice = prim.type(prim.slice(None, None, None))
_property = prim.property_type
_type = prim.type(_int)
_missing = prim.missing


# ---- what all parts use ----

def _index(value):
    """The plain int that `value` stands for as an index."""
    if prim.isinstance(value, _int):
        return prim.payload(value)
    method = prim.special(value, "__index__")
    if method is _missing:
        value_type = prim.type_name(value)
        raise TypeError(f"'{value_type}' object cannot be interpreted as an integer")
    result = prim.taken_for(method(), _int)
    if not prim.isinstance(result, _int):
        result_type = prim.type_name(result)
        raise TypeError(f"__index__ returned non-int (type {result_type})")
    return prim.payload(result)


def _has_index(value):
    return prim.isinstance(value, _int) or prim.special(value, "__index__") is not _missing


def _real(value):
    """The float that `value` stands for."""
    method = prim.special(value, "__float__")
    if method is _missing:
        if not _has_index(value):
            value_type = prim.type_name(value)
            raise TypeError(f"must be real number, not {value_type}")
        return prim.float(_index(value))
    result = prim.taken_for(method(), _float)
    if not prim.isinstance(result, _float):
        value_type = prim.type_name(value)
        result_type = prim.type_name(result)
        raise TypeError(f"{value_type}.__float__() must return a float, not {result_type}")
    return prim.payload(result)


def _same(item, value):
    """What containers use for equality: identity first."""
    if item is value:
        return True
    if item == value:
        return True
    return False


def _collect(iterable):
    """All items as a new list."""
    return _collect_from(iter(iterable), iterable)


def _collect_from(iterator, iterable):
    _length_hint(iterable)
    result = prim.list()
    for item in iterator:
        prim.append(result, item)
    return result


def _iterator_or_missing(value):
    """Where CPython replaces the message of `iter`, the caller raises."""
    try:
        return iter(value)
    except TypeError:
        pass
    return _missing


def _length_hint(value):
    """CPython asks for an estimate of the length, which programs can see."""
    if prim.user_special(value, "__len__") is not _missing:
        try:
            len(value)
            return
        except TypeError:
            pass
    method = prim.user_special(value, "__length_hint__")
    if method is _missing:
        return
    try:
        hint = method()
    except TypeError:
        return
    if hint is prim.not_implemented:
        return
    if not prim.isinstance(hint, _int):
        hint_type = prim.type_name(hint)
        raise TypeError(f"__length_hint__ must be an integer, not {hint_type}")
    if hint < 0:
        raise ValueError("__length_hint__() should return >= 0")


def _is_sequence(value):
    """Concatenation and repetition of these come after all numeric methods."""
    return (prim.isinstance(value, _str) or prim.isinstance(value, _list)
            or prim.isinstance(value, _tuple) or prim.isinstance(value, _bytes))


def _is_set(value):
    return prim.isinstance(value, _set) or prim.isinstance(value, _frozenset)


def _is_class(value):
    return prim.isinstance(value, _type)
