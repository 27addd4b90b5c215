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
        raise TypeError(prim.worded("raise-third"))
    while prim.type(kind) is _tuple and kind:
        kind = kind[0]
    carried = prim.carried_text(kind, value)
    if carried is _missing:
        if not prim.raisable(kind):
            # That cannot be raised, whatever stands beside it.
            return kind
        carried = _raised_with(kind, value)
    return carried if traceback is None else prim.give_traceback(carried, traceback)


def _raised_with(kind, value):
    if prim.type(kind) is not _type:
        if value is not None:
            raise TypeError("instance exception may not have a separate value")
        return kind
    if value is None:
        made = kind()
    elif isinstance(value, kind):
        made = value
    elif prim.type(value) is _tuple:
        made = kind(*value)
    else:
        made = kind(value)
    return prim.made_to_raise(kind, made)
