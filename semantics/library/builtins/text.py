# The text of values, and printing it.


def str(*arguments, **named):
    if prim.length(arguments) != 1 or prim.length(named) > 0:
        # Nothing at all, or bytes with an encoding: plain values only.
        return prim.str(*arguments, **named)
    value = arguments[0]
    method = prim.user_special(value, "__str__")
    if method is _missing:
        return _builtin_text(value)
    text = prim.taken_for(method(), _str)
    if not prim.isinstance(text, _str):
        text_type = prim.type_name(text)
        raise TypeError(f"__str__ returned non-string (type {text_type})")
    return text


def _builtin_text(value):
    if prim.isinstance(value, _str):
        return prim.payload(value)
    if prim.isinstance(value, BaseException):
        return _exception_text(value, prim.text_owner(value))
    if _is_class(value) or prim.isinstance(value, _int) or prim.isinstance(value, _float):
        # Classic classes and, in old versions, numbers have texts of their own.
        return prim.str(prim.payload(value) if not _is_class(value) else value)
    return repr(value)


def _exception_text(error, owner):
    arguments = prim.exception_args(error)
    count = prim.length(arguments)
    if owner == "BaseExceptionGroup":
        return _group_text(error)
    if owner == "KeyError" and count == 1:
        # A message of blanks or an empty key would be invisible otherwise.
        return repr(arguments[0])
    if owner == "OSError":
        text = _os_error_text(error)
        if text is not _missing:
            return text
    if owner != "BaseException" and owner != "KeyError" and owner != "OSError":
        text = prim.exception_text(error)
        if text is not _missing:
            return text
    if count == 0:
        return ""
    if count == 1:
        return str(arguments[0])
    return repr(arguments)


def _group_text(error):
    count = prim.length(error.exceptions)
    message = error.message
    if count == 1:
        return f"{message} (1 sub-exception)"
    return f"{message} ({count} sub-exceptions)"


def _os_error_text(error):
    parts = prim.os_error_parts(error)
    number = prim.item(parts, 0)
    reason = prim.item(parts, 1)
    file = prim.item(parts, 2)
    other = prim.item(parts, 3)
    if file is _missing and (number is _missing or reason is _missing):
        return _missing
    number = "None" if number is _missing else str(number)
    reason = "None" if reason is _missing else str(reason)
    if file is _missing:
        return f"[Errno {number}] {reason}"
    name = repr(file)
    if other is _missing:
        return f"[Errno {number}] {reason}: {name}"
    other = repr(other)
    return f"[Errno {number}] {reason}: {name} -> {other}"


def repr(value):
    method = prim.user_special(value, "__repr__")
    if method is _missing:
        return _builtin_repr(value)
    text = prim.taken_for(method(), _str)
    if not prim.isinstance(text, _str):
        text_type = prim.type_name(text)
        raise TypeError(f"__repr__ returned non-string (type {text_type})")
    return text


# The containers whose text is being built, to mark those inside themselves.


def _is_active(value):
    for other in prim.active():
        if other is value:
            return True
    return False


def _builtin_repr(value):
    if prim.isinstance(value, _list):
        return _guarded_repr(value, "[...]", _list_repr)
    if prim.isinstance(value, _tuple):
        return _guarded_repr(value, "(...)", _tuple_repr)
    if prim.isinstance(value, _dict):
        return _guarded_repr(value, "{...}", _dict_repr)
    if _is_set(value):
        name = prim.type_name(value)
        return _guarded_repr(value, f"{name}(...)", _set_repr)
    if prim.isinstance(value, BaseException):
        return _exception_repr(value)
    if _is_class(value):
        return prim.repr(value)
    kind = prim.type_name(value)
    if kind == "slice":
        parts = prim.list_copy((repr(value.start), repr(value.stop), repr(value.step)))
        inside = prim.join(", ", parts)
        return f"slice({inside})"
    if kind == "dict_keys" or kind == "dict_values" or kind == "dict_items":
        inside = repr(_collect(value))
        # Those of an OrderedDict are classes of their own.
        prefix = prim.getattr(prim.type(prim.mapping(value)), "_prefix_of_views")
        return f"{kind}({inside})" if prefix is _missing else f"{prefix}{kind}({inside})"
    if prim.is_alias(value):
        return prim.alias_text(value, _type_texts(value.__args__))
    members = prim.union_members(value)
    if members is not _missing:
        return prim.join(" | ", _type_texts(members))
    plain = prim.payload(value)
    if plain is not _missing:
        return prim.repr(plain)
    if kind == "method":
        name = value.__func__.__qualname__
        owner = repr(value.__self__)
        return f"<bound method {name} of {owner}>"
    return prim.repr(value)


def _type_texts(kinds):
    """Types as they are written inside others."""
    texts = prim.list()
    for kind in kinds:
        if kind is prim.type(None):
            text = "None"
        elif _is_class(kind) or kind is ...:
            text = prim.parameter_text(kind)
        else:
            text = repr(kind)
        prim.append(texts, text)
    return prim.tuple(texts)


def _guarded_repr(value, mark, build):
    if _is_active(value):
        return mark
    depth = prim.length(prim.active())
    prim.append(prim.active(), value)
    try:
        return build(value)
    finally:
        prim.list_replace(prim.active(), depth, prim.length(prim.active()), prim.list())


def _joined_reprs(values):
    parts = prim.list()
    position = 0
    # The length is read again each time: a `__repr__` may change the list.
    while position < prim.length(values):
        prim.append(parts, repr(prim.item(values, position)))
        position = position + 1
    return prim.join(", ", parts)


def _list_repr(value):
    inside = _joined_reprs(value)
    return f"[{inside}]"


def _tuple_repr(value):
    inside = _joined_reprs(value)
    if prim.length(value) == 1:
        return f"({inside},)"
    return f"({inside})"


def _dict_repr(value):
    parts = prim.list()
    position = 0
    while position < prim.length(value):
        stored = prim.dict_value(value, position)
        key = repr(prim.dict_key(value, position))
        text = repr(stored)
        prim.append(parts, f"{key}: {text}")
        position = position + 1
    inside = prim.join(", ", parts)
    return prim.join(inside, ["{", "}"])


def _set_elements(value):
    result = prim.list()
    position = 0
    while position < prim.length(value):
        prim.append(result, prim.set_key(value, position))
        position = position + 1
    return result


def _set_repr(value):
    name = prim.type_name(value)
    if prim.length(value) == 0:
        return f"{name}()"
    inside = _joined_reprs(_set_elements(value))
    if not prim.has("repr.braces"):
        listed = prim.join(inside, ["[", "]"])
        return f"{name}({listed})"
    braces = prim.join(inside, ["{", "}"])
    if prim.type(value) is _set:
        return braces
    return f"{name}({braces})"


def _exception_repr(error):
    name = prim.type_name(error)
    arguments = prim.exception_args(error)
    if prim.length(arguments) == 1:
        only = repr(prim.item(arguments, 0))
        return f"{name}({only})"
    text = repr(arguments)
    return f"{name}{text}"


def ascii(value):
    return prim.ascii_text(repr(value))


def format(value, spec=""):
    if not prim.isinstance(spec, _str):
        spec_type = prim.type_name(spec)
        raise TypeError(f"format() argument 2 must be str, not {spec_type}")
    method = prim.user_special(value, "__format__")
    if method is not _missing:
        text = prim.taken_for(method(spec), _str)
        if not prim.isinstance(text, _str):
            text_type = prim.type_name(text)
            raise TypeError(f"__format__ must return a str, not {text_type}")
        return text
    if prim.length(spec) == 0:
        return str(value)
    return _builtin_format(value, spec)


def fstring_value(value, conversion, spec):
    """A replacement field of an f-string."""
    if conversion == "":
        return format(value, spec)
    return format(_convert(value, conversion), spec)


def _builtin_format(value, spec):
    if prim.isinstance(value, _str) or prim.isinstance(value, _int) or prim.isinstance(value, _float):
        return prim.format(prim.payload(value), spec)
    if prim.isinstance(value, prim.complex_type):
        return prim.format(prim.payload(value), spec)
    value_type = prim.type_name(value)
    raise TypeError(f"unsupported format string passed to {value_type}.__format__")


def input(prompt):
    # Written before it is known whether there is a line.
    print(prompt, end="")
    return prim.read_line()


def print(*values, sep=" ", end="\n", file=None, flush=False):
    if sep is None:
        sep = " "
    if end is None:
        end = "\n"
    if not prim.isinstance(sep, _str):
        sep_type = prim.type_name(sep)
        raise TypeError(f"sep must be None or a string, not {sep_type}")
    if not prim.isinstance(end, _str):
        end_type = prim.type_name(end)
        raise TypeError(f"end must be None or a string, not {end_type}")
    if file is None:
        # What `sys.stdout` is bound to now; `missing` stands for the original.
        file = prim.stdout()
        if file is None:
            return None
    write = _writer(file)
    first = True
    # Each piece is written before the next is made: a failing `__str__`
    # leaves the pieces before it in the output.
    for value in values:
        if not first:
            write(sep)
        first = False
        write(str(value))
    write(end)
    if flush and file is not _missing:
        file.flush()


def _write_out(text):
    prim.write(1, prim.payload(text))


def _writer(file):
    if file is _missing:
        return _write_out
    return file.write
