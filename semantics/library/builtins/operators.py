# Operators: unary, binary and in place.


def _unary(value, name, operation):
    method = prim.user_special(value, f"__{operation}__")
    if method is not _missing:
        return method()
    plain = prim.payload(value)
    if plain is not _missing:
        result = prim.unary(operation, plain)
        if result is not prim.not_implemented:
            return result
    value_type = prim.type_name(value)
    raise TypeError(f"bad operand type for {name}: '{value_type}'")


def abs(value):
    return _unary(value, "abs()", "abs")


def neg(value):
    return _unary(value, "unary -", "neg")


def pos(value):
    return _unary(value, "unary +", "pos")


def invert(value):
    return _unary(value, "unary ~", "invert")


# ---- binary operators ----

def _overrides(left, right, name):
    """Whether the right operand's class has a method of its own for this."""
    theirs = prim.getattr(prim.type(right), name)
    ours = prim.getattr(prim.type(left), name)
    return theirs is not ours


def _binary(left, right, operation, symbol):
    result = _numeric(left, right, operation)
    if prim.is_unknown(result) or result is not prim.not_implemented:
        return result
    return _of_sequences(left, right, operation, symbol)


def _of_sequences(left, right, operation, symbol):
    """What an operator does where neither operand says: it joins sequences or repeats one, or there is no such operation."""
    if operation == "add" and _is_sequence(left):
        return _concatenated(left, right)
    if operation == "mul" and (_is_sequence(left) or _repeats(right, left, symbol)):
        return _repeated(left, right, symbol)
    left_type = prim.type_name(left)
    right_type = prim.type_name(right)
    raise TypeError(
        f"unsupported operand type(s) for {symbol}: '{left_type}' and '{right_type}'")


def _numeric(left, right, operation):
    name = f"__{operation}__"
    reflected_name = f"__r{operation}__"
    if prim.is_unknown(left) or prim.is_unknown(right):
        return _with_unknown(left, right, name, reflected_name)
    reflected = _missing
    if prim.type(left) is not prim.type(right):
        reflected = prim.user_special(right, reflected_name)
        if (reflected is not _missing and prim.issubclass(prim.type(right), prim.type(left))
                and _overrides(left, right, reflected_name)):
            result = reflected(left)
            if prim.is_unknown(result) or result is not prim.not_implemented:
                return result
            reflected = _missing
    method = prim.user_special(left, name)
    if method is _missing:
        result = _builtin_binary(left, right, operation)
    else:
        result = method(right)
    if prim.is_unknown(result) or result is not prim.not_implemented:
        return result
    if reflected is not _missing:
        return reflected(left)
    if method is not _missing and prim.type(left) is not prim.type(right):
        return _builtin_binary(left, right, operation)
    return prim.not_implemented


def _with_unknown(left, right, name, reflected_name):
    """What is unknown has each method, and may decline."""
    if prim.is_unknown(left):
        result = prim.special(left, name)(right)
        reflected = prim.user_special(right, reflected_name)
        if reflected is not _missing and result is prim.not_implemented:
            return reflected(left)
        return result
    method = prim.user_special(left, name)
    if method is not _missing:
        result = method(right)
        if prim.is_unknown(result) or result is not prim.not_implemented:
            return result
    return prim.special(right, reflected_name)(left)


def _builtin_binary(left, right, operation):
    if _is_set(left) and _is_set(right):
        return _set_operation(left, right, operation)
    if prim.isinstance(left, _dict) and prim.isinstance(right, _dict):
        if operation != "or":
            return prim.not_implemented
        result = prim.dict()
        dict_update(result, left)
        dict_update(result, right)
        return result
    if operation == "mod" and prim.isinstance(left, _str):
        return _percent(left, prim.payload(left), right)
    if operation == "mod" and prim.isinstance(left, _bytes):
        return _bytes_percent(prim.payload(left), right)
    if _is_sequence(left) or _is_sequence(right):
        if operation != "mod":
            return prim.not_implemented
    first = prim.payload(left)
    second = prim.payload(right)
    if first is _missing or second is _missing:
        return prim.not_implemented
    return prim.binary(operation, first, second)


def _repeats(sequence, count, symbol):
    """Whether a right operand is repeated: `*=` does that for plain numbers only."""
    if not _is_sequence(sequence):
        return False
    return symbol == "*" or not _has_sequence_slots(count)


def _concatenated(left, right):
    for kind in (_str, _list, _tuple):
        if prim.isinstance(left, kind):
            if prim.isinstance(right, kind):
                return prim.concat(prim.payload(left), prim.payload(right))
            name = prim.class_name(kind)
            other = prim.type_name(right)
            raise TypeError(f'can only concatenate {name} (not "{other}") to {name}')
    if prim.isinstance(right, _bytes):
        return prim.concat(prim.payload(left), prim.payload(right))
    right_type = prim.type_name(right)
    raise TypeError(f"can't concat {right_type} to bytes")


def _repeated(left, right, symbol):
    sequence = left
    count = right
    if not _is_sequence(left):
        sequence = right
        count = left
    if not _has_index(count):
        count_type = prim.type_name(count)
        raise TypeError(f"can't multiply sequence by non-int of type '{count_type}'")
    return prim.binary("mul", prim.payload(sequence), _index(count))


def add(left, right):
    return _binary(left, right, "add", "+")


def sub(left, right):
    return _binary(left, right, "sub", "-")


def mul(left, right):
    return _binary(left, right, "mul", "*")


def truediv(left, right):
    return _binary(left, right, "truediv", "/")


def floordiv(left, right):
    return _binary(left, right, "floordiv", "//")


def mod(left, right):
    return _binary(left, right, "mod", "%")


def lshift(left, right):
    return _binary(left, right, "lshift", "<<")


def rshift(left, right):
    return _binary(left, right, "rshift", ">>")


def and_(left, right):
    return _binary(left, right, "and", "&")


def or_(left, right):
    return _binary(left, right, "or", "|")


def xor(left, right):
    return _binary(left, right, "xor", "^")


def matmul(left, right):
    return _binary(left, right, "matmul", "@")


def divmod(left, right):
    return _binary(left, right, "divmod", "divmod()")


def pow(base, exponent, modulus=None):
    if modulus is None:
        return _binary(base, exponent, "pow", "** or pow()")
    method = prim.user_special(base, "__pow__")
    if method is not _missing:
        result = method(exponent, modulus)
    else:
        result = _three_argument_pow(base, exponent, modulus)
    if result is not prim.not_implemented:
        return result
    base_type = prim.type_name(base)
    exponent_type = prim.type_name(exponent)
    modulus_type = prim.type_name(modulus)
    raise TypeError(
        f"unsupported operand type(s) for ** or pow(): '{base_type}', "
        f"'{exponent_type}', '{modulus_type}'")


def _three_argument_pow(base, exponent, modulus):
    for value in (base, exponent, modulus):
        if not prim.isinstance(value, _int):
            return prim.not_implemented
    return prim.pow(prim.payload(base), prim.payload(exponent), prim.payload(modulus))


# ---- in-place operators ----

def _in_place(left, right, operation, symbol):
    method = prim.user_special(left, f"__i{operation}__")
    if method is not _missing:
        result = method(right)
        if prim.is_unknown(result) or result is not prim.not_implemented:
            return result
    elif _changed_in_place(left, right, operation):
        return left
    if prim.isinstance(left, _list) and (operation == "add" or operation == "mul"):
        if prim.type(left) is _list or operation == "mul":
            # A reflected method of the right operand comes before the list's
            # own, but not where a subclass has made that a numeric slot.
            result = _numeric(left, right, operation)
            if result is not prim.not_implemented:
                return result
        if operation == "mul":
            _replace_items(left, _repeated(left, right, symbol))
        else:
            list_extend(left, right)
        return left
    return _binary(left, right, operation, symbol)


def _replace_items(target, values):
    prim.list_replace(target, 0, prim.length(target), values)


def _changed_in_place(left, right, operation):
    """What dicts and sets do themselves."""
    if prim.isinstance(left, _dict) and operation == "or":
        dict_update(left, right)
        return True
    if prim.isinstance(left, _set) and _is_set(right) and prim.contains(_set_operators, operation):
        if operation == "xor":
            set_symmetric_difference_update(left, right)
        else:
            _replace_elements(left, _set_operation(left, right, operation))
        return True
    return False


_set_operators = ("and", "or", "xor", "sub")


def iadd(left, right):
    return _in_place(left, right, "add", "+=")


def isub(left, right):
    return _in_place(left, right, "sub", "-=")


def imul(left, right):
    return _in_place(left, right, "mul", "*=")


def itruediv(left, right):
    return _in_place(left, right, "truediv", "/=")


def ifloordiv(left, right):
    return _in_place(left, right, "floordiv", "//=")


def imod(left, right):
    return _in_place(left, right, "mod", "%=")


def ipow(left, right):
    return _in_place(left, right, "pow", "**=")


def ilshift(left, right):
    return _in_place(left, right, "lshift", "<<=")


def irshift(left, right):
    return _in_place(left, right, "rshift", ">>=")


def iand(left, right):
    return _in_place(left, right, "and", "&=")


def ior(left, right):
    return _in_place(left, right, "or", "|=")


def ixor(left, right):
    return _in_place(left, right, "xor", "^=")


def imatmul(left, right):
    return _in_place(left, right, "matmul", "@=")
