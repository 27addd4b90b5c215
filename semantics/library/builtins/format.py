# `str.format`.


class _FormatFields:
    """Which argument comes next when fields carry no number."""

    def __init__(self, values, named):
        self.values = values
        self.named = named
        self.automatic = 0
        self.manual = False

    def find(self, name):
        if prim.length(name) == 0:
            if self.manual:
                raise ValueError("cannot switch from manual field specification to automatic field numbering")
            number = self.automatic
            self.automatic = number + 1
        elif prim.is_digits(name):
            if self.automatic > 0:
                raise ValueError("cannot switch from automatic field numbering to manual field specification")
            self.manual = True
            number = prim.int(name)
        else:
            return self.named[name]
        if number >= prim.length(self.values):
            raise IndexError(prim.worded("no-replacement", f"{number}"))
        return prim.item(self.values, number)


def str_format(template, values, named):
    """`template.format(*values, **named)`."""
    return _format_text(template, _FormatFields(values, named), 2)


def _format_text(template, fields, depth):
    if depth == 0:
        raise ValueError("Max string recursion exceeded")
    pieces = prim.list()
    position = 0
    size = prim.length(template)
    while position < size:
        character = prim.item(template, position)
        doubled = position + 1 < size and prim.item(template, position + 1) == character
        if character == "}":
            if not doubled:
                raise ValueError("Single '}' encountered in format string")
            prim.append(pieces, "}")
            position = position + 2
        elif character != "{":
            prim.append(pieces, character)
            position = position + 1
        elif doubled:
            prim.append(pieces, "{")
            position = position + 2
        else:
            stop = _closing_brace(template, position + 1)
            inside = prim.item(template, prim.slice(position + 1, stop, None))
            prim.append(pieces, _format_field(inside, fields, depth))
            position = stop + 1
    return prim.join("", pieces)


def _closing_brace(template, position):
    if position >= prim.length(template):
        raise ValueError("Single '{' encountered in format string")
    depth = 1
    position = _end_of_name(template, position)
    while position < prim.length(template):
        character = prim.item(template, position)
        if character == "{":
            depth = depth + 1
        elif character == "}":
            depth = depth - 1
            if depth == 0:
                return position
        position = position + 1
    raise ValueError("expected '}' before end of string")


def _end_of_name(template, position):
    """Where a field's name ends; braces within `[…]` belong to the name."""
    bracket = False
    while position < prim.length(template):
        character = prim.item(template, position)
        if character == "[":
            bracket = True
        elif character == "]":
            bracket = False
        elif not bracket and prim.contains("}:!", character):
            return position
        elif character == "{":
            raise ValueError("unexpected '{' in field name")
        position = position + 1
    return position


def _find_any(text, characters, position):
    """Where the first of these characters stands; the length if nowhere."""
    while position < prim.length(text):
        if prim.contains(characters, prim.item(text, position)):
            return position
        position = position + 1
    return position


def _format_field(inside, fields, depth):
    size = prim.length(inside)
    stop = _find_any(inside, "!:", 0)
    bracket = _find_any(inside, "[", 0)
    if bracket < stop:
        stop = _find_any(inside, "!:", _find_any(inside, "]", bracket))
    value = _format_value(prim.item(inside, prim.slice(0, stop, None)), fields)
    if stop < size and prim.item(inside, stop) == "!":
        value = _convert(value, _conversion(inside, stop + 1))
        stop = stop + 2
        if stop < size and prim.item(inside, stop) != ":":
            raise ValueError("expected ':' after conversion specifier")
    spec = prim.item(inside, prim.slice(stop + 1, None, None))
    if prim.contains(spec, "{") or prim.contains(spec, "}"):
        spec = _format_text(spec, fields, depth - 1)
    return format(value, spec)


def _conversion(inside, position):
    if position >= prim.length(inside):
        raise ValueError("unmatched '{' in format spec")
    return prim.item(inside, position)


def _convert(value, code):
    if code == "s":
        return str(value)
    if code == "r":
        return repr(value)
    if code == "a":
        return ascii(value)
    raise ValueError(f"Unknown conversion specifier {code}")


def _format_value(path, fields):
    """The value of `name.attribute[key]…`."""
    stop = _find_any(path, ".[", 0)
    value = fields.find(prim.item(path, prim.slice(0, stop, None)))
    while stop < prim.length(path):
        start = stop + 1
        if prim.item(path, stop) == ".":
            stop = _find_any(path, ".[", start)
            name = prim.item(path, prim.slice(start, stop, None))
            if prim.length(name) == 0:
                raise ValueError("Empty attribute in format string")
            value = getattr(value, name)
        else:
            stop = _find_any(path, "]", start)
            if stop >= prim.length(path):
                raise ValueError("Missing ']' in format string")
            key = prim.item(path, prim.slice(start, stop, None))
            if prim.length(key) == 0:
                raise ValueError("Empty attribute in format string")
            if prim.is_digits(key):
                key = prim.int(key)
            value = value[key]
            stop = stop + 1
    return value
