# Warnings go straight to stderr, without the file and line that CPython puts
# in front; each (category, text) is shown once. Filters are accepted, ignored,
# except that `error` and `ignore` without a category work as such.
import sys

_shown = set()
_state = {"action": "default"}
_records = []


class _Record:
    def __init__(self, message, category):
        self.message = message
        self.category = category


def warn(message, category=None, stacklevel=1, source=None):
    if isinstance(message, Warning):
        category = type(message)
    else:
        if category is None:
            category = UserWarning
        message = category(message)
    if _state["action"] == "error":
        raise message
    if _state["action"] == "ignore":
        return
    if _records:
        _records[-1].append(_Record(message, category))
        return
    text = f"{category.__name__}: {message}\n"
    if text not in _shown:
        _shown.add(text)
        sys.stderr.write(text)


def simplefilter(action, category=Warning, lineno=0, append=False):
    if category is Warning:
        _state["action"] = action


def filterwarnings(action, message="", category=Warning, module="", lineno=0, append=False):
    if message == "" and module == "":
        simplefilter(action, category)


def resetwarnings():
    _state["action"] = "default"


class catch_warnings:
    def __init__(self, *, record=False, module=None, action=None, category=Warning, lineno=0, append=False):
        self._record = record
        self._action = action

    def __enter__(self):
        self._saved = _state["action"]
        if self._action is not None:
            _state["action"] = self._action
        if not self._record:
            return None
        log = []
        _records.append(log)
        return log

    def __exit__(self, *details):
        _state["action"] = self._saved
        if self._record:
            _records.pop()
