# Only what needs no frames: the lines that name an exception. `print_exc` and
# its like show frames, so they are not here.


def format_exception_only(exc, /, value=None, *, show_group=False):
    if value is None and not isinstance(exc, BaseException) and exc is not None:
        raise TypeError(f"Expected exception object, got {type(exc).__name__}")
    error = exc if isinstance(exc, BaseException) else value
    if error is None:
        return ["NoneType: None\n"]
    name = _type_name(type(error))
    text = _text(error, str, "str")
    lines = [f"{name}: {text}\n" if text else f"{name}\n"]
    for note in _notes(error):
        lines.append(note + "\n")
    return lines


def _type_name(cls):
    module = cls.__module__
    if module in ("__main__", "builtins"):
        return cls.__qualname__
    return f"{module}.{cls.__qualname__}"


def _text(value, function, name):
    try:
        return function(value)
    except BaseException:
        return f"<{type(value).__name__} {name}() failed>" if name == "note str" else "<exception str() failed>"


def _notes(error):
    notes = getattr(error, "__notes__", None)
    if notes is None:
        return []
    if isinstance(notes, (str, bytes)) or not hasattr(notes, "__iter__"):
        return [repr(notes)]
    lines = []
    for note in notes:
        for line in _text(note, str, "note str").split("\n"):
            lines.append(line)
    return lines
