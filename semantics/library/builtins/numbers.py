# Numbers: conversions to them, and the functions of `math` that objects take part in.


def call_converted(function, place, method, arguments, /, **named):
    """Calls a builtin function once more, an argument replaced by the number that it stands for."""
    given = prim.list_copy(arguments)
    number = _index(arguments[place]) if method == "__index__" else _real(arguments[place])
    prim.list_replace(given, place, place + 1, (number,))
    return function(*given, **named)


def call_through(value, /, *args, **keywords):
    """Calls an object whose `__call__` is what a descriptor gives."""
    return prim.special(value, "__call__")(*args, **keywords)


def math_prod(iterable, /, *, start=1):
    for factor in iterable:
        start = start * factor
    return start


def math_fsum(seq, /):
    numbers = prim.list()
    for value in seq:
        prim.append(numbers, _real(value) if prim.type(value) is not _float else value)
    return prim.math_fsum(numbers)


def math_floor(x, /):
    method = prim.special(x, "__floor__")
    return prim.math_floor(_real(x)) if method is _missing else method()


def math_ceil(x, /):
    method = prim.special(x, "__ceil__")
    return prim.math_ceil(_real(x)) if method is _missing else method()


def math_trunc(x, /):
    method = prim.special(x, "__trunc__")
    if method is _missing:
        value_type = prim.type_name(x)
        if value_type in ("bool", "int", "float"):
            return prim.int(x)
        raise TypeError(f"type {value_type} doesn't define __trunc__ method")
    return method()


# ---- conversions ----

def int(*arguments, **named):
    """`int(x)`; with a base, that may be an object with `__index__`."""
    if prim.length(named) > 0 or prim.length(arguments) == 2:
        return _int_of_text(*arguments, **named)
    if prim.length(arguments) != 1:
        return prim.int(*arguments)
    value = arguments[0]
    for name in ("__int__", "__index__"):
        method = prim.user_special(value, name)
        if method is not _missing:
            result = prim.taken_for(method(), _int)
            if not prim.isinstance(result, _int):
                result_type = prim.type_name(result)
                raise TypeError(f"{name} returned non-int (type {result_type})")
            return prim.payload(result)
        if _is_number(value):
            break
    plain = prim.payload(value)
    if plain is not _missing and (_is_number(value) or prim.isinstance(value, _str)
                                  or prim.isinstance(value, _bytes)):
        return prim.int(plain)
    value_type = prim.type_name(value)
    raise TypeError("int() argument must be a string, a bytes-like object "
                    f"or a real number, not '{value_type}'")


def _int_of_text(*arguments, **named):
    parts = prim.list_copy(arguments)
    base = _named(named, "base", _missing)
    if base is not _missing:
        if prim.length(parts) == 0:
            raise TypeError("int() missing string argument")
        prim.append(parts, base)
    if prim.length(parts) != 2 or prim.length(named) > 1 or prim.length(named) == 1 and base is _missing:
        return prim.int(*arguments, **named)
    return prim.int(prim.payload(parts[0]), _index(parts[1]))


def _is_number(value):
    return prim.isinstance(value, _int) or prim.isinstance(value, _float)


def float(value=0.0):
    method = prim.user_special(value, "__float__")
    if method is not _missing:
        result = prim.taken_for(method(), _float)
        if not prim.isinstance(result, _float):
            value_type = prim.type_name(value)
            result_type = prim.type_name(result)
            raise TypeError(f"{value_type}.__float__ returned "
                            f"non-float (type {result_type})")
        return prim.payload(result)
    plain = prim.payload(value)
    if plain is not _missing and (_is_number(value) or prim.isinstance(value, _str)
                                  or prim.isinstance(value, _bytes)):
        return prim.float(plain)
    if _has_index(value):
        return prim.float(_index(value))
    value_type = prim.type_name(value)
    raise TypeError(prim.worded("no-float", value_type))


def round(number, ndigits=None):
    method = prim.user_special(number, "__round__")
    if method is not _missing:
        if ndigits is None:
            return method()
        return method(ndigits)
    plain = prim.payload(number)
    if plain is _missing or not _is_number(number):
        number_type = prim.type_name(number)
        raise TypeError(f"type {number_type} doesn't define __round__ method")
    if ndigits is None:
        return prim.round(plain)
    return prim.round(plain, _index(ndigits))
