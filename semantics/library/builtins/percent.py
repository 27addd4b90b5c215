# Formatting with `%`.


def _percent(original, template, values):
    """`original % values`; the template is the original as a plain str."""
    pieces = prim.list()
    state = _PercentArguments(values)
    if not prim.contains(template, "%"):
        state.finish()
        return original
    position = 0
    size = prim.length(template)
    while position < size:
        character = prim.item(template, position)
        if character != "%":
            prim.append(pieces, character)
            position = position + 1
            continue
        position = _percent_field(template, position + 1, state, pieces)
    state.finish()
    return prim.join("", pieces)


def _bytes_percent(template, values):
    """`template % values` for bytes: as for text whose characters are the bytes."""
    state = _PercentArguments(values)
    state.is_bytes = True
    pieces = prim.list()
    text = prim.str(template, "latin-1")
    position = 0
    while position < prim.length(text):
        character = prim.item(text, position)
        if character == "%":
            position = _percent_field(text, position + 1, state, pieces)
        else:
            prim.append(pieces, character)
            position = position + 1
    state.finish()
    return prim.bytes(prim.join("", pieces), "latin-1")


def _percent_bytes(field, code, value, position):
    if code == "s" or code == "b":
        text = prim.str(_bytes_like(value, code), "latin-1")
    elif code == "r" or code == "a":
        text = ascii(value)
    elif code == "c":
        text = _percent_byte(value)
    else:
        return _percent_value(field, code, value, position)
    return prim.binary("mod", f"{field}s", (text,))


def _bytes_like(value, code):
    if prim.isinstance(value, _bytes):
        return prim.payload(value)
    method = prim.user_special(value, "__bytes__")
    if method is _missing:
        value_type = prim.type_name(value)
        raise TypeError(f"%b requires a bytes-like object, or an object that implements __bytes__, not '{value_type}'")
    return prim.payload(method())


def _percent_byte(value):
    if prim.isinstance(value, _bytes) and prim.length(value) == 1:
        return prim.str(prim.payload(value), "latin-1")
    if not _has_index(value):
        value_type = prim.type_name(value)
        raise TypeError(f"%c requires an integer in range(256) or a single byte, not {value_type}")
    number = _index(value)
    if number < 0 or number > 255:
        raise OverflowError("%c arg not in range(256)")
    return prim.chr(number)


class _PercentArguments:
    def __init__(self, values):
        self.is_bytes = False
        self.values = values
        self.is_tuple = prim.isinstance(values, _tuple)
        self.used = 0
        self.is_mapping = (not self.is_tuple and not prim.isinstance(values, _str)
                           and prim.special(values, "__getitem__") is not _missing)

    def take(self):
        if self.is_tuple:
            if self.used >= prim.length(self.values):
                raise TypeError("not enough arguments for format string")
            self.used = self.used + 1
            return prim.item(self.values, self.used - 1)
        if self.used > 0:
            raise TypeError("not enough arguments for format string")
        self.used = 1
        return self.values

    def require_mapping(self):
        if not self.is_mapping:
            raise TypeError("format requires a mapping")

    def named(self, name):
        self.used = 1
        return self.values[name]

    def finish(self):
        if self.is_tuple:
            complete = self.used >= prim.length(self.values)
        else:
            complete = self.used > 0 or self.is_mapping
        if not complete:
            raise TypeError("not all arguments converted during string formatting")


def _character(template, position):
    if position >= prim.length(template):
        raise ValueError("incomplete format")
    return prim.item(template, position)


def _percent_field(template, position, state, pieces):
    """One field after its `%`; the position after it."""
    named = _missing
    if _character(template, position) == "(":
        state.require_mapping()
        start = position + 1
        depth = 1
        while depth > 0:
            position = position + 1
            if position >= prim.length(template):
                raise ValueError("incomplete format key")
            character = prim.item(template, position)
            if character == "(":
                depth = depth + 1
            elif character == ")":
                depth = depth - 1
        named = state.named(prim.item(template, prim.slice(start, position, None)))
        position = position + 1
    options = prim.list()
    while prim.contains("#0- +123456789.*hlL", _character(template, position)):
        character = prim.item(template, position)
        position = position + 1
        if character == "*":
            width = state.take()
            if not prim.isinstance(width, _int):
                raise TypeError("* wants int")
            prim.append(options, prim.str(prim.payload(width)))
        else:
            prim.append(options, character)
    code = prim.item(template, position)
    if code == "%":
        prim.append(pieces, "%")
        return position + 1
    value = state.take() if named is _missing else named
    field = prim.join(prim.join("", options), ["%", ""])
    convert = _percent_bytes if state.is_bytes else _percent_value
    prim.append(pieces, convert(field, code, value, position))
    return position + 1


def _percent_value(field, code, value, position):
    if code == "s":
        return prim.binary("mod", f"{field}s", (prim.payload(str(value)),))
    if code == "r" or code == "a":
        text = repr(value) if code == "r" else ascii(value)
        return prim.binary("mod", f"{field}s", (prim.payload(text),))
    if prim.contains("diu", code):
        value = _percent_integer(value, code, True)
    elif prim.contains("xXo", code):
        value = _percent_integer(value, code, False)
    elif prim.contains("eEfFgG", code):
        value = _percent_float(value)
    elif code == "c":
        if not prim.isinstance(value, _str):
            value = _percent_character(value)
        else:
            value = prim.payload(value)
    else:
        number = prim.ord(code)
        hexadecimal = prim.format(number, "x")
        raise ValueError(f"unsupported format character '{code}' (0x{hexadecimal}) at index {position}")
    return prim.binary("mod", f"{field}{code}", (value,))


def _percent_integer(value, code, real):
    if prim.isinstance(value, _int):
        return prim.payload(value)
    if real and prim.isinstance(value, _float):
        return prim.int(prim.payload(value))
    method = prim.special(value, "__index__")
    if method is _missing and real:
        method = prim.special(value, "__int__")
    if method is _missing:
        message = "no-number-to-format" if real else "no-integer-to-format"
        raise TypeError(prim.worded(message, code, prim.type_name(value)))
    return int(value)


def _percent_float(value):
    if prim.special(value, "__float__") is _missing and not _has_index(value):
        value_type = prim.type_name(value)
        raise TypeError(f"must be real number, not {value_type}")
    return float(value)


def _percent_character(value):
    if not _has_index(value):
        value_type = prim.full_type_name(value)
        raise TypeError(prim.worded("no-character", value_type))
    return _index(value)
