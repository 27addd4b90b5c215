# What statements of Python 2 do: `print`, and `raise` with more than one operand.


def print_item(file, value):
    if file is None:
        file = prim.stdout()
    if file is None:
        raise RuntimeError("lost sys.stdout")
    write = _writer(file)
    if _soft_space(file, False):
        write(" ")
    text = str(value)
    write(text)
    if not (prim.isinstance(value, _str) and text[-1:] != " " and text[-1:].isspace()):
        _soft_space(file, True)


def print_line(file):
    if file is None:
        file = prim.stdout()
    if file is None:
        raise RuntimeError("lost sys.stdout")
    _writer(file)("\n")
    _soft_space(file, False)


def _soft_space(file, after):
    before = prim.soft_space(file, after)
    if before is not _missing:
        return before
    before = False
    # A file that keeps no attributes is not asked for any.
    try:
        before = file.softspace
    except Exception:
        pass
    try:
        file.softspace = after
    except Exception:
        pass
    return before


def raised(kind, value, traceback):
    # What `raise kind, value, traceback` raises. Of a tuple it is the first member, however deep that stands.
    if traceback is not None and prim.type_name(traceback) != "traceback":
        raise TypeError("raise: arg 3 must be a traceback or None")
    while prim.type(kind) is _tuple and kind:
        kind = kind[0]
    if not prim.raisable(kind):
        # That cannot be raised, whatever stands beside it.
        return kind
    made = _raised_with(kind, value)
    return made if traceback is None else prim.give_traceback(made, traceback)


def _raised_with(kind, value):
    if prim.type(kind) is not _type:
        if value is not None:
            raise TypeError("instance exception may not have a separate value")
        return kind
    if value is None:
        return kind()
    if isinstance(value, kind):
        return value
    if prim.type(value) is _tuple:
        return kind(*value)
    return kind(value)
