# Only what needs no frames: the lines that name an exception. `print_exc` and
# its like show frames, so they are not here.


_absent = object()


def format_exception_only(exc, /, value=_absent, *, show_group=False, **kwargs):
    if kwargs.get("colorize"):
        prim.not_modelled("colours of a traceback")
    error = exc if value is _absent else value
    if error is None:
        return ["NoneType: None\n"]
    if isinstance(error, type):
        return prim.unmodelled_value("`format_exception_only` of a class")
    if not isinstance(error, BaseException):
        raise AttributeError(f"'{prim.type_name(error)}' object has no attribute '__suppress_context__'")
    return _lines(error, show_group, "")


def _lines(error, show_group, indent):
    name = _type_name(prim.type(error))
    text = _syntax_text(error) if isinstance(error, SyntaxError) else _text(error, str, "exception str") + _hint(error)
    lines = [f"{indent}{name}: {text}\n" if text else f"{indent}{name}\n"]
    for note in _notes(error):
        lines.append(f"{indent}{note}\n")
    if show_group and isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            lines.extend(_lines(inner, show_group, indent + "   "))
    return lines


def _syntax_text(error):
    if error.lineno is not None:
        return prim.unmodelled_value("`format_exception_only` of a SyntaxError with a line")
    return str(error.msg) if error.msg else "<no detail available>"


def _hint(error):
    if isinstance(error, NameError) and error.name is not None:
        return prim.unmodelled_value("`format_exception_only` of a NameError")
    return prim.hint(error)


def _type_name(cls):
    module = cls.__module__
    if module in ("__main__", "builtins"):
        return cls.__qualname__
    return f"{module}.{cls.__qualname__}"


def _text(value, function, name):
    try:
        return function(value)
    except BaseException:
        return f"<{name}() failed>"


def _notes(error):
    notes = getattr(error, "__notes__", None) if prim.has("traceback.notes") else None
    if notes is None:
        return []
    if not isinstance(notes, (list, tuple, range)):
        return [_text(notes, repr, "__notes__ repr")]
    lines = []
    for note in notes:
        lines.extend(_text(note, str, "note str").split("\n"))
    return lines
