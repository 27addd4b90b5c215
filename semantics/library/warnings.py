# Warnings go straight to stderr, without the line of the source that CPython shows. Which are shown again is
# told by file and line, which the state of a program has that imports this module.
import sys

_actions = ("error", "ignore", "always", "all", "default", "module", "once")
_missing = object()

# (action, message, category, module, line); what is not a text is a pattern, or None for any.
_state = {
    "filters": [
        ("default" if prim.has("warning.deprecated-in-main") else "ignore", None, DeprecationWarning, "__main__", 0),
        ("ignore", None, DeprecationWarning, None, 0),
        ("ignore", None, PendingDeprecationWarning, None, 0),
        ("ignore", None, ImportWarning, None, 0),
        ("ignore", None, ResourceWarning if prim.has("ResourceWarning") else ImportWarning, None, 0),
    ],
    # Where warnings are recorded, None for nowhere.
    "log": None,
    # What was shown since the filters were changed, by module.
    "shown": {},
}


class WarningMessage:
    def __init__(self, message, category, filename, lineno, file=None, line=None, source=None):
        self.message = message
        self.category = category
        self.filename = filename
        self.lineno = lineno
        self.file = file
        self.line = line
        self.source = source
        self._category_name = category.__name__ if category else None

    def __str__(self):
        return ("{message : %r, category : %r, filename : %r, lineno : %s, line : %r}"
                % (self.message, self._category_name, self.filename, self.lineno, self.line))

    def __repr__(self):
        return f"<{type(self).__qualname__} {self}>"


def warn(*args, **named):
    if len(args) > 4:
        raise TypeError(f"warn() takes at most 4 positional arguments ({len(args)} given)")
    message, category, stacklevel, source = _arguments(args, named)
    level = range(stacklevel).stop
    if isinstance(message, Warning):
        category = prim.type(message)
        text = str(message)
    else:
        if category is None:
            category = UserWarning
        if not isinstance(category, type) or not issubclass(category, Warning):
            raise TypeError(f"category must be a Warning subclass, not '{prim.type_name(category)}'")
        text = message
        message = category(message)
    place = prim.caller_place(level)
    action = _action(text, category, place)
    if action == "ignore":
        return
    if action == "error":
        raise message
    if action != "always" and action != "all" and _was_shown(action, text, category, place):
        return
    _show(message, category, place, source)


def _arguments(args, named):
    names = ("message", "category", "stacklevel", "source")
    values = dict(zip(names, (_missing, None, 1, None)))
    values.update(zip(names, args))
    for name in named:
        if name == "skip_file_prefixes":
            prim.not_modelled("`skip_file_prefixes`")
        if name not in names:
            raise TypeError(f"warn() got an unexpected keyword argument '{name}'")
        if name in names[:len(args)]:
            position = names.index(name) + 1
            raise TypeError(f"argument for warn() given by name ('{name}') and position ({position})")
        values[name] = named[name]
    if values["message"] is _missing:
        raise TypeError("warn() missing required argument 'message' (pos 1)")
    return values.values()


def _action(text, category, place):
    for action, message, wanted, module, line in _state["filters"]:
        if message is not None and message.match(text.lower()) is None:
            continue
        if not issubclass(category, wanted):
            continue
        if (module is not None or line) and not _is_there(module, line, _known(place)):
            continue
        return action
    return "default"


def _is_there(module, line, place):
    if line and line != place[1]:
        return False
    if module is None or isinstance(module, str):
        return module is None or module == place[2]
    return module.match(place[2]) is not None


def _known(place):
    if place is None:
        return prim.unmodelled_value("a warning of a library's function")
    return place


def _was_shown(action, text, category, place):
    file, line, module = _known(place)
    shown = _state["shown"].setdefault(file, set())
    if (text, category, line) in shown:
        return True
    shown.add((text, category, line))
    if action == "default":
        return False
    known = (text, category, 0) in shown
    shown.add((text, category, 0))
    return known


def _show(message, category, place, source):
    log = _state["log"]
    if log is not None:
        file, line, module = _known(place)
        log.append(WarningMessage(message, category, file, line, source=source))
        return
    if sys.stderr is not sys.__stderr__:
        prim.not_modelled("a warning that is written to a stream of the program")
    file, line, module = _known(place)
    sys.stderr.write(f"{file}:{line}: {category.__name__}: {message}\n")


def _folded(pattern):
    """In lower case, but for what stands behind a backslash."""
    if "\\" not in pattern:
        return pattern.lower()
    result = ""
    escaped = False
    for character in pattern:
        result += character if escaped else character.lower()
        escaped = character == "\\" and not escaped
    return result


def _check(action):
    if action not in _actions:
        raise ValueError(f"invalid action: {action!r}")


def _check_line(lineno):
    if not isinstance(lineno, int):
        raise TypeError("lineno must be an int")
    if lineno < 0:
        raise ValueError("lineno must be an int >= 0")


def _add_filter(item, append):
    # Patterns are equal where their texts are.
    filters = _state["filters"]
    same = [other for other in filters if _key(other) == _key(item)]
    if append and not same:
        filters.append(item)
    if not append:
        filters[:] = [item] + [other for other in filters if other not in same]
    _state["shown"] = {}


def _key(item):
    return tuple([getattr(part, "pattern", part) for part in item])


def simplefilter(action, category=Warning, lineno=0, append=False):
    _check(action)
    _check_line(lineno)
    _add_filter((action, None, category, None, lineno), append)


def filterwarnings(action, message="", category=Warning, module="", lineno=0, append=False):
    _check(action)
    if not isinstance(message, str):
        raise TypeError("message must be a string")
    if not isinstance(category, type) or not issubclass(category, Warning):
        raise TypeError("category must be a Warning subclass")
    if not isinstance(module, str):
        raise TypeError("module must be a string")
    _check_line(lineno)
    _add_filter((action, _compiled(_folded(message)), category, _compiled(module), lineno), append)


def _compiled(pattern):
    if not pattern:
        return None
    import re
    return re.compile(pattern)


def resetwarnings():
    _state["filters"] = []
    _state["shown"] = {}


class catch_warnings:
    def __init__(self, *, record=False, module=None, action=None, category=Warning, lineno=0, append=False):
        if module is not None:
            prim.not_modelled("`catch_warnings` of a module")
        self._record = record
        self._entered = False
        self._filter = None if action is None else (action, category, lineno, append)

    def __repr__(self):
        name = type(self).__name__
        return f"{name}(record=True)" if self._record else f"{name}()"

    def __enter__(self):
        if self._entered:
            raise RuntimeError(f"Cannot enter {self!r} twice")
        self._entered = True
        self._saved = (_state["filters"], _state["log"])
        _state["filters"] = list(_state["filters"])
        _state["shown"] = {}
        if self._record:
            _state["log"] = []
        if self._filter is not None:
            simplefilter(*self._filter)
        return _state["log"] if self._record else None

    def __exit__(self, *exc_info):
        if not self._entered:
            raise RuntimeError(f"Cannot exit {self!r} without entering first")
        _state["filters"], _state["log"] = self._saved
        _state["shown"] = {}


def _deprecated(name, message="{name!r} is deprecated and slated for removal in Python {remove}", *, remove,
                _version=sys.version_info):
    wanted = f"{remove[0]}.{remove[1]}"
    if _version[:2] > remove or _version[:2] == remove and _version[3] != "alpha":
        raise RuntimeError(f"{name!r} was slated for removal after Python {wanted} alpha")
    warn(message.format(name=name, remove=wanted), DeprecationWarning, stacklevel=3)
