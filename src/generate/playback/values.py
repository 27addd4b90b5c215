class Astray(BaseException):
    """The program did not do what its path says."""


class Exceptional:
    """What the path found out to be an exception, or a class of exceptions."""

    def __init__(self, name):
        self.name = name


class Raised(Exceptional):
    def of(self, path):
        # To raise what is no exception is a TypeError.
        return path.exception(self.name) if self.name != "TypeError" else object()


class Class(Exceptional):
    def of(self, path):
        return path.named(self.name) if self.name else type("Unmatched", (Exception,), {})


def imported(name):
    """A class of a module of Python."""
    module, _, last = name.rpartition(".")
    if module.partition(".")[0] not in getattr(sys, "stdlib_module_names", ()):
        return None
    try:
        return getattr(importlib.import_module(module), last, None)
    except ImportError:
        return None


def open_exception(raised, *args, **keywords):
    """Nothing is known of what such an exception holds."""
    BaseException.__setattr__(raised, "_open_", (None, {}))


def identity(value):
    """What tells a value from others that are asked about: a display is made anew each time."""
    if type(value) in (list, tuple):
        return type(value), tuple(map(identity, value))
    if type(value) in (set, dict):
        entries = value.items() if type(value) is dict else value
        return type(value), frozenset(map(identity, entries))
    return value if type(value) is str else id(value)


def is_unknown(value):
    """Whether nothing is known of a value, or of what an exception holds."""
    return isinstance(value, Unknown) or isinstance(value, BaseException) and "_open_" in vars(value)


class Path:
    """What is left of a path: what is asked next, and the answer."""

    def __init__(self, script, known, namespace):
        self.script, self.known, self.namespace, self.made = list(script), known, namespace, 0
        self.classes, self.answers, self.raw, self.entered, self.rest = {}, {}, {}, None, set()

    def next(self, *kinds):
        if not self.script:
            raise Astray(f"{kinds[0]} where the path has ended")
        kind, what, answer = self.script.pop(0)
        if kind not in kinds:
            raise Astray(f"{kinds[0]} where the path has {kind} {what}")
        return answer

    def comes(self, kind, matches=lambda what: True):
        """Whether this is asked next."""
        return bool(self.script) and self.script[0][0] == kind and matches(self.script[0][1])

    def comes_named(self, kind, name):
        """Whether an application of a function, or of a method, of this name is asked for next."""
        return self.comes(kind, lambda what: what.partition("(")[0].rpartition(".")[2] == name)

    def comes_as(self, name):
        """Whether an application of the special method of this name is asked for next."""
        return any(self.comes(kind, lambda what: what.endswith(f".__{name}__")) for kind in ("operation", "call"))

    def outcome(self, *kinds):
        """What a call or an operation does."""
        kind, value = self.next(*kinds)
        if kind == "raises":
            self.made += 1
            raise self.exception(value, self.made)
        if kind == "members":
            return [self.new() for _ in range(value)]
        return self.new() if kind == "returns" else value

    def named(self, name):
        """A class of the program, of Python, or of what is not at hand."""
        found = self.namespace.get(name) or getattr(builtins, name, None) or self.classes.get(name) or imported(name)
        return found or self.classes.setdefault(name, type(name, (Exception,), {"__init__": open_exception}))

    def exception(self, name, number=None):
        made = self.named(name)
        raised = made.__new__(made)
        BaseException.__setattr__(raised, "_open_", (number, {}))
        return raised

    def new(self):
        self.made += 1
        return self.value(self.made, "")

    def value(self, number, attributes):
        literal = self.known.get((number, attributes))
        if literal:
            return literal[0].of(self) if isinstance(literal[0], Exceptional) else literal[0]
        for name in CLASSES:
            # A class of exceptions is an attribute of what is imported.
            if attributes and (name == attributes[1:] or name.endswith(attributes)):
                return self.named(name)
        return Unknown(self, number, attributes)

    def start(self, name):
        return self.value(name, "")

    def answer(self, *about):
        """What is answered of an unknown without being asked of the path: unknown, and the same whenever it is asked."""
        key = tuple(map(identity, about))
        return self.answers.setdefault(key, (about, Unknown(self, None, "")))[1]


def operation(name):
    """A special method: it is called, or the operation is asked for; on values of known types it gives another unknown."""

    def method(self, *others):
        path = object.__getattribute__(self, "_path")
        if name in ("enter", "exit") or path.comes_as(name):
            return path.outcome("operation", "call")
        return path.answer(name, self, *others)

    method.__name__ = name
    return method


def same(one, other):
    return one is other or type(one) is type(other) is not Unknown and one == other


def question(name):
    def method(self, *others):
        asked = (name, *others)
        # What was answered once is not asked again.
        answered = object.__getattribute__(self, "_answered")
        for before, answer in answered:
            if len(before) == len(asked) and all(map(same, before, asked)):
                return answer
        answer = object.__getattribute__(self, "_path").next("question")
        answered.append((asked, answer))
        return answer

    method.__name__ = name
    return method


class Unknown:
    def __init__(self, path, number, attributes):
        set_ = object.__setattr__
        set_(self, "_path", path), set_(self, "_place", (number, attributes)), set_(self, "_held", {})
        set_(self, "_answered", [])

    def __getattribute__(self, name):
        get = object.__getattribute__
        if name == "__class__":
            path, (number, attributes) = get(self, "_path"), get(self, "_place")
            return path.named(path.known[number, attributes, "class"]) if (number, attributes, "class") in path.known else Unknown
        if name in OWN or name in File.__dict__ and type(self) is File:
            return get(self, name)
        held = get(self, "_held")
        if name not in held:
            number, attributes = get(self, "_place")
            held[name] = get(self, "_path").value(number, f"{attributes}.{name}")
        return held[name]

    def __setattr__(self, name, value):
        object.__getattribute__(self, "_held")[name] = value

    def __delattr__(self, name):
        object.__getattribute__(self, "_held").pop(name, None)

    def __call__(self, *args, **keywords):
        return object.__getattribute__(self, "_path").outcome("call", "operation")

    def __iter__(self):
        path = object.__getattribute__(self, "_path")
        if path.comes("operation", lambda what: what.endswith(("__unpack__", "__argument_tuple__"))):
            members = path.outcome("operation")
            return iter(members if isinstance(members, (list, tuple)) else ())
        return items(path)

    def __contains__(self, value):
        path = object.__getattribute__(self, "_path")
        path.outcome("operation", "call")
        # Python makes a bool of the answer at once.
        return path.next("question") if path.comes("question", lambda what: what == "truth") else True

    def __len__(self):
        raise TypeError("Python asks it of its own accord, as a hint")

    def __next__(self):
        return next(items(object.__getattribute__(self, "_path")))

    __bool__ = question("__bool__")
    __eq__ = question("__eq__")
    __ne__ = question("__ne__")
    __lt__ = question("__lt__")
    __le__ = question("__le__")
    __gt__ = question("__gt__")
    __ge__ = question("__ge__")
    __hash__ = object.__hash__

    __instancecheck__ = question("__instancecheck__")


BINARY = "add sub mul matmul truediv floordiv mod pow lshift rshift and or xor".split()
for _name in "getitem setitem delitem neg pos invert enter exit".split():
    setattr(Unknown, f"__{_name}__", operation(_name))
for _name, _side in itertools.product(BINARY, ("", "r", "i")):
    setattr(Unknown, f"__{_side}{_name}__", operation(_side + _name))
# What Python asks of every object by itself.
OWN = {name for name in dir(object) if name != "__doc__"}


def items(path):
    while path.comes("operation", lambda what: what.startswith("next(")):
        # `yield from` asks: the value of a StopIteration is that of the expression.
        try:
            yield path.outcome("operation")
        except StopIteration:
            return path.value(path.made, "")
    while path.next("item"):
        yield path.new()


class File(Unknown):
    """What `open` gives."""

    def __iter__(self):
        path = object.__getattribute__(self, "_path")
        while True:
            line = path.outcome("call")
            if not path.next("question"):
                return
            yield line

    def __bool__(self):
        return True

    def __enter__(self):
        return self

    def __exit__(self, *raised):
        self.close()

    def close(self):
        # It can only fail where there was something to write.
        path = object.__getattribute__(self, "_path")
        if path.comes("call", lambda what: what == "close"):
            path.outcome("call")


