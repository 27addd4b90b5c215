# Instances of classic classes, before Python 3.0: their special methods are attributes like any other, which the instance itself may
# have, and for which `__getattr__` is asked. `classic_len` takes the place of `len` where the first argument is such an instance, and
# `classics_add` that of `add` where one of the operands is.


def classic_special(value, name):
    """What `__getattr__` says a special method is, if it knows."""
    try:
        return prim.user_special(value, "__getattr__")(name)
    except AttributeError:
        pass
    return _missing


def classic_call(value, /, *args, **keywords):
    method = prim.special(value, "__call__")
    if method is _missing:
        class_name = prim.class_name(prim.own_class(value))
        raise AttributeError(prim.worded("no-call-of-instance", class_name))
    return method(*args, **keywords)


def classic_callable(value):
    return prim.special(value, "__call__") is not _missing


# ---- size, truth and members ----

def classic_len(value):
    size = getattr(value, "__len__")()
    if prim.is_unknown(size):
        return prim.taken_for(size, _int)
    if not prim.isinstance(size, _int):
        raise TypeError("__len__() should return an int")
    if size < 0:
        raise ValueError("__len__() should return >= 0")
    return prim.payload(size)


def classic_bool(value=False):
    name = "__nonzero__"
    method = prim.special(value, "__bool__")
    if method is _missing:
        name = "__len__"
        method = prim.special(value, name)
    if method is _missing:
        return True
    result = method()
    if prim.is_unknown(result):
        return True if result else False
    if not prim.isinstance(result, _int):
        raise TypeError(f"{name} should return an int")
    if result < 0:
        raise ValueError(f"{name} should return >= 0")
    return result != 0


def classic_getitem(container, key):
    return getattr(container, "__getitem__")(key)


def classic_setitem(container, key, value):
    getattr(container, "__setitem__")(key, value)


def classic_delitem(container, key):
    getattr(container, "__delitem__")(key)


# ---- iteration ----

def classic_iter(source, *sentinel):
    if prim.length(sentinel) == 1:
        if prim.special(source, "__call__") is _missing:
            raise TypeError("iter(v, w): v must be callable")
        return _callable_iterator(source, sentinel[0])
    if not prim.has("iteration.methods"):
        source.__getitem__
        return _iterator(source)
    method = prim.special(source, "__iter__")
    if method is _missing:
        if prim.special(source, "__getitem__") is _missing:
            raise TypeError("iteration over non-sequence")
        return _iterator(source)
    result = method()
    if not prim.is_classic(result) and prim.special(result, "__next__") is _missing:
        result_type = prim.type_name(result)
        raise TypeError(f"__iter__ returned non-iterator of type '{result_type}'")
    return result


def classic_unpack(iterable, before, after):
    return unpack(iter(iterable), before, after)


# ---- texts and hashes ----

def _classic_text(value, name):
    method = prim.special(value, name)
    if method is _missing:
        return _missing
    text = prim.taken_for(method(), _str)
    if not prim.isinstance(text, _str):
        text_type = prim.type_name(text)
        raise TypeError(f"{name} returned non-string (type {text_type})")
    return text


def classic_str(value):
    text = _classic_text(value, "__str__")
    return repr(value) if text is _missing else text


def classic_repr(value):
    text = _classic_text(value, "__repr__")
    return prim.object_repr(value) if text is _missing else text


def classic_hash(value):
    method = prim.special(value, "__hash__")
    if method is not _missing:
        return _hash_result(method())
    for name in ("__eq__", "__cmp__"):
        if prim.special(value, name) is not _missing:
            raise TypeError("unhashable instance")
    return prim.hash_by_place(value)


# ---- operators ----

def classic_neg(value):
    return getattr(value, "__neg__")()


def classic_pos(value):
    return getattr(value, "__pos__")()


def classic_invert(value):
    return getattr(value, "__invert__")()


def classic_abs(value):
    return getattr(value, "__abs__")()


def classic_int(value, *base):
    if prim.length(base) > 0:
        raise TypeError("int() can't convert non-string with explicit base")
    method = prim.special(value, "__int__")
    if method is _missing:
        method = getattr(value, "__trunc__")
    result = prim.taken_for(method(), _int)
    if not prim.isinstance(result, _int):
        result_type = prim.type_name(result)
        raise TypeError(f"__int__ returned non-int (type {result_type})")
    return prim.payload(result)


def classic_float(value):
    result = prim.taken_for(getattr(value, "__float__")(), _float)
    if not prim.isinstance(result, _float):
        raise TypeError("__float__ returned non-float (type " + prim.type_name(result) + ")")
    return prim.payload(result)


def _half(value, other, name):
    """What one operand says of an operator; a classic one may change both before."""
    if prim.is_classic(value) and prim.special(value, "__coerce__") is not _missing:
        prim.not_modelled("an instance with `__coerce__`")
    method = prim.user_special(value, name)
    if method is _missing:
        return prim.not_implemented
    return method(other)


def _declined(result):
    return not prim.is_unknown(result) and result is prim.not_implemented


def _classic_binary(left, right, operation, symbol):
    result = _half(left, right, f"__{operation}__")
    if _declined(result) and not prim.is_classic(left):
        result = _builtin_binary(left, right, operation)
    if _declined(result):
        result = _half(right, left, f"__r{operation}__")
    if not _declined(result):
        return result
    return _of_sequences(left, right, operation, symbol)


def classics_add(left, right):
    return _classic_binary(left, right, "add", "+")


def classics_sub(left, right):
    return _classic_binary(left, right, "sub", "-")


def classics_mul(left, right):
    return _classic_binary(left, right, "mul", "*")


def classics_truediv(left, right):
    return _classic_binary(left, right, "truediv", "/")


def classics_floordiv(left, right):
    return _classic_binary(left, right, "floordiv", "//")


def classics_mod(left, right):
    return _classic_binary(left, right, "mod", "%")


def classics_lshift(left, right):
    return _classic_binary(left, right, "lshift", "<<")


def classics_rshift(left, right):
    return _classic_binary(left, right, "rshift", ">>")


def classics_and_(left, right):
    return _classic_binary(left, right, "and", "&")


def classics_or_(left, right):
    return _classic_binary(left, right, "or", "|")


def classics_xor(left, right):
    return _classic_binary(left, right, "xor", "^")


def classics_divmod(left, right):
    return _classic_binary(left, right, "divmod", "divmod()")


def classics_pow(base, exponent, *modulus):
    if prim.length(modulus) > 0:
        prim.not_modelled("`pow` of three operands with an instance")
    return _classic_binary(base, exponent, "pow", "** or pow()")


# ---- comparisons ----

def _classic_rich(value, other, name, mirrored):
    """What both say of a comparison, where the first is asked; instances of classic classes ask each other."""
    result = _half_comparison(value, other, name)
    if _declined(result) and prim.is_classic(value) and prim.is_classic(other):
        result = _half_comparison(other, value, mirrored)
    return result


def _order_of(value):
    """The `__cmp__` of a value's class, or of an instance of a classic class."""
    if prim.is_classic(value):
        return prim.special(value, "__cmp__")
    return prim.user_special(value, "__cmp__")


def _half_order(value, other):
    """Whether a value comes before another, as its `__cmp__` says: -1, 0 or 1, or nothing."""
    method = _order_of(value)
    if method is _missing:
        return _missing
    result = prim.taken_for(method(other), _int)
    if _declined(result):
        return _missing
    if not prim.is_unknown(result) and not prim.isinstance(result, _int):
        if prim.is_classic(value):
            raise TypeError("comparison did not return an int")
        raise TypeError("an integer is required")
    if result < 0:
        return -1
    return 1 if result > 0 else 0


def _order_by_methods(left, right):
    """What the `__cmp__` of either says, or nothing; of an instance of a classic class and another object, only the first is asked."""
    for value in (left, right):
        if prim.is_classic(value) and prim.special(value, "__coerce__") is not _missing:
            prim.not_modelled("an instance with `__coerce__`")
    classic = prim.is_classic(left) or prim.is_classic(right)
    if not classic or prim.is_classic(left):
        order = _half_order(left, right)
        if order is not _missing:
            return order
    if classic and not prim.is_classic(right):
        return _missing
    order = _half_order(right, left)
    return order if order is _missing else 0 - order


def _compared_by_order(left, right, name):
    """A comparison of what has no method for it: `__cmp__` is asked, and then everything has an order."""
    order = _order_by_methods(left, right)
    if order is not _missing:
        return prim.compare(name, order, 0)
    if name == "eq":
        return left is right
    if name == "ne":
        return left is not right
    return prim.ordered(left, right, name)


def _classic_comparison(left, right, name, mirrored):
    result = _classic_rich(left, right, name, mirrored)
    if _declined(result):
        result = _classic_rich(right, left, mirrored, name)
    if not _declined(result):
        return result
    return _compared_by_order(left, right, name)


def _cmp_by_methods(left, right):
    both = prim.is_classic(left) and prim.is_classic(right)
    if both or prim.type(left) is prim.type(right):
        # Of one type, `__cmp__` comes before all other methods.
        order = _order_by_methods(left, right)
        if order is not _missing:
            return order
    for name, mirrored, order in (("eq", "eq", 0), ("lt", "gt", -1), ("gt", "lt", 1)):
        result = _classic_rich(left, right, name, mirrored)
        if _declined(result):
            result = _classic_rich(right, left, mirrored, name)
        if not _declined(result) and result:
            return order
    order = _order_by_methods(left, right)
    if order is not _missing:
        return order
    return -1 if prim.ordered(left, right, "lt") else 1


def classics_eq(left, right):
    return _classic_comparison(left, right, "eq", "eq")


def classics_ne(left, right):
    return _classic_comparison(left, right, "ne", "ne")


def classics_lt(left, right):
    return _classic_comparison(left, right, "lt", "gt")


def classics_le(left, right):
    return _classic_comparison(left, right, "le", "ge")


def classics_gt(left, right):
    return _classic_comparison(left, right, "gt", "lt")


def classics_ge(left, right):
    return _classic_comparison(left, right, "ge", "le")
