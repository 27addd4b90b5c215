def holds_unknown(value):
    """Whether an unknown is in a value, or is it."""
    if type(value) in (list, tuple, set, frozenset):
        return any(map(holds_unknown, value))
    if type(value) is dict:
        return any(map(holds_unknown, value)) or any(map(holds_unknown, value.values()))
    return is_unknown(value)


class Hooks:
    """What the program does where Python would decide by itself what is unknown to the path. The places are calls of these."""

    # The builtin functions that do with an unknown what they do with any value; what the others say of it is unknown.
    PLAIN = (iter, next, enumerate, zip, map, filter, isinstance, bool, setattr, delattr, open, id)
    # Those that look at the frame that calls them, if they are given nothing.
    BARE = "super", "locals", "vars", "dir", "globals", "eval"

    def __init__(self, path):
        self.path = path

    def call(self, text, function, /, *args, **keywords):
        path, last = self.path, text.rpartition(".")[2]
        if isinstance(function, Unknown):
            # What a method of `*args` or `**kwargs` gives is not asked for.
            place = object.__getattribute__(function, "_place")
            silent = place[0] in path.rest and place[1] and not path.comes_named("call", last) and not path.comes_named("operation", last)
            return path.answer(function, *args) if silent else function(*args, **keywords)
        if path.comes("call", lambda what: what.rpartition(".")[2] == last):
            outcome = path.outcome("call")
            return File(path, path.made, "") if function is open else outcome
        if getattr(function, "__name__", "") == "join" and args and isinstance(args[0], types.GeneratorType):
            args = [list(args[0])]
        given = any(map(holds_unknown, itertools.chain(args, keywords.values(), [getattr(function, "__self__", None)])))
        if not given:
            return function(*args, **keywords)
        name = getattr(function, "__name__", last)
        # A special method may be called for it.
        if path.comes_named("operation", name) or path.comes_as(name):
            return path.outcome("operation", "call")
        if getattr(function, "__module__", "") == "builtins":
            return self.builtin(function, args, keywords)
        return function(*args, **keywords)

    def builtin(self, function, args, keywords):
        """What a builtin function says of an unknown without being asked for."""
        if function is getattr and type(args[1]) is str:
            return self.attribute(*args[:2])
        if function is isinstance and isinstance(args[0], Unknown):
            place = object.__getattribute__(args[0], "_place")
            unsure = place[0] is None or type(args[1]) is tuple and (*place, "class") not in self.path.known
            return ASKED["isinstance"](args[0], args[1]) if unsure else isinstance(*args)
        if function is hasattr and isinstance(args[0], BaseException):
            return True
        if function is print:
            return None
        makes_exception = isinstance(function, type) and issubclass(function, BaseException)
        if function not in Hooks.PLAIN and not makes_exception and any(map(is_unknown, args)):
            return self.path.answer(function, *args)
        return function(*args, **keywords)

    def operate(self, name, *operands):
        if self.path.comes_as(name):
            return self.path.outcome("operation", "call")
        return getattr(operator, f"__{name}__")(*operands)

    def compare(self, name, left, right):
        path = self.path
        if name in ("Is", "IsNot"):
            if isinstance(left, Unknown) and object.__getattribute__(left, "_place")[0] is None and left is not right:
                return ASKED["is"](left, right) == (name == "Is")
            return (left is right) == (name == "Is")
        compared = {"Eq": operator.eq, "NotEq": operator.ne, "In": lambda a, b: a in b, "NotIn": lambda a, b: a not in b}[name]
        if isinstance(left, Unknown) and name in ("Eq", "NotEq") or not (holds_unknown(left) or holds_unknown(right)):
            return compared(left, right)
        if name in ("Eq", "NotEq"):
            return compared(left, right) if isinstance(right, Unknown) else path.answer(name, left, right)
        if type(right) in (list, tuple, set, dict, str) and not right:
            return name == "NotIn"
        # What is in an unknown is an operation; the answer is a truth value.
        asked = isinstance(right, Unknown) and path.comes_as("contains")
        found = path.outcome("operation", "call") if asked else path.answer("In", left, right)
        return found if name == "In" else not found

    def attribute(self, value, name):
        if inspect.ismodule(value) and f"{value.__name__}.{name}" in ABSENT:
            return self.path.value(value.__name__, f".{name}")
        if is_unknown(value) and isinstance(value, BaseException) and not inspect.isroutine(getattr(type(value), name, None)):
            # What an exception holds is unknown, but not what it is of its own accord.
            if name == "args" or not hasattr(BaseException, name):
                number, held = vars(value)["_open_"]
                return held.setdefault(name, self.path.value(number, f".{name}"))
        if isinstance(value, Unknown) and name == "__class__":
            return self.path.answer("class", value)
        return getattr(value, name)

    def keywords(self, value):
        if not isinstance(value, Unknown):
            return value
        if self.path.comes("operation", lambda what: "keyword" in what):
            self.path.outcome("operation")
        return {}

    def spread(self, value):
        if isinstance(value, Unknown) and not self.path.comes_as("argument_tuple"):
            return ()
        return value

    def imported(self, name):
        return self.path.start(name)

    def raw(self, function):
        self.path.raw[function.__qualname__] = function
        return function

    def variadic(self, name, value):
        # Nothing is known of the rest of the arguments of a function that is entered by itself.
        if sys._getframe(1).f_code is not self.path.entered:
            return value
        self.path.rest.add(name)
        return self.path.start(name)

    def item(self, value, key):
        path = self.path
        if not isinstance(value, Unknown) and holds_unknown(key):
            if path.comes("operation", lambda what: what.endswith("]")):
                return path.outcome("operation")
            if type(value) in (list, tuple, str, bytes):
                return path.answer("item", value, key)
        return value[key]

    def formatted(self, value, conversion, form):
        if holds_unknown(value) or holds_unknown(form):
            return self.path.answer("formatted", value, conversion, form)
        return format({-1: lambda value: value, 115: str, 114: repr, 97: ascii}[conversion](value), form)

    def text(self, *parts):
        return self.path.answer("text", *parts) if holds_unknown(parts) else "".join(parts)


ASKED = {name: question(name) for name in ("is", "isinstance")}


def listed(found):
    return found if isinstance(found, list) else [found]


class Places(ast.NodeTransformer):
    """Puts calls of the hooks in their places."""

    def hooked(self, node, hook, *args, keywords=()):
        function = ast.Name(f"_{hook}_", ast.Load())
        return ast.copy_location(ast.Call(function, list(args), list(keywords)), node)

    def visit_Call(self, node):
        text = ast.unparse(node.func)
        self.generic_visit(node)
        if text in Hooks.BARE and not (node.args and text in ("vars", "dir")):
            return node
        for keyword in node.keywords:
            if keyword.arg is None:
                keyword.value = self.hooked(keyword.value, "keywords", keyword.value)
        for argument in node.args:
            if type(argument) is ast.Starred:
                argument.value = self.hooked(argument.value, "spread", argument.value)
        return self.hooked(node, "call", ast.Constant(text), node.func, *node.args, keywords=node.keywords)

    def visit_BinOp(self, node):
        self.generic_visit(node)
        return self.hooked(node, "operate", ast.Constant(OPERATORS[type(node.op).__name__]), node.left, node.right)

    def visit_AugAssign(self, node):
        self.generic_visit(node)
        if type(node.target) is not ast.Name:
            return node
        name = ast.Constant("i" + OPERATORS[type(node.op).__name__])
        value = self.hooked(node, "operate", name, ast.Name(node.target.id, ast.Load()), node.value)
        return ast.copy_location(ast.Assign([node.target], value), node)

    def visit_UnaryOp(self, node):
        self.generic_visit(node)
        name = OPERATORS.get(type(node.op).__name__)
        if name is None or type(node.operand) is ast.Constant:
            return node
        return self.hooked(node, "operate", ast.Constant(name), node.operand)

    def visit_Compare(self, node):
        self.generic_visit(node)
        name = type(node.ops[0]).__name__
        if len(node.ops) > 1 or name not in ("In", "NotIn", "Eq", "NotEq", "Is", "IsNot"):
            return node
        return self.hooked(node, "compare", ast.Constant(name), node.left, *node.comparators)

    def visit_Attribute(self, node):
        self.generic_visit(node)
        mangled = node.attr.startswith("__") and not node.attr.endswith("__")
        if type(node.ctx) is not ast.Load or mangled:
            return node
        return self.hooked(node, "attribute", node.value, ast.Constant(node.attr))

    def visit_Subscript(self, node):
        self.generic_visit(node)
        if type(node.ctx) is not ast.Load:
            return node
        key = node.slice
        if type(key) is ast.Slice:
            parts = [part or ast.Constant(None) for part in (key.lower, key.upper, key.step)]
            key = ast.Call(ast.Name("slice", ast.Load()), parts, [])
        return self.hooked(node, "item", node.value, key) if type(key) is not ast.Tuple else node

    def visit_JoinedStr(self, node):
        self.generic_visit(node)
        return self.hooked(node, "text", *node.values)

    def visit_FormattedValue(self, node):
        self.generic_visit(node)
        form = node.format_spec or ast.Constant("")
        return self.hooked(node, "formatted", node.value, ast.Constant(node.conversion), form)

    def visit_FunctionDef(self, node):
        node.decorator_list = [self.visit(decorator) for decorator in node.decorator_list] + [ast.Name("_raw_", ast.Load())]
        defaults = node.args.defaults, node.args.kw_defaults
        node.args.defaults, node.args.kw_defaults = ([one and self.visit(one) for one in many] for many in defaults)
        start = []
        for rest in (node.args.vararg, node.args.kwarg):
            if rest:
                value = self.hooked(node, "variadic", ast.Constant(rest.arg), ast.Name(rest.arg, ast.Load()))
                start.append(ast.copy_location(ast.Assign([ast.Name(rest.arg, ast.Store())], value), node))
        node.body = start + [inner for statement in node.body for inner in listed(self.visit(statement))]
        return node

    def visit_ImportFrom(self, node):
        names = [name.asname or name.name for name in node.names if (name.asname or name.name) in UNKNOWN]
        bound = [
            ast.Assign([ast.Name(name, ast.Store())], self.hooked(node, "imported", ast.Constant(name)))
            for name in names
        ]
        return [node, *(ast.copy_location(assign, node) for assign in bound)]

    # Annotations are not evaluated, and patterns are no expressions.
    def visit_AnnAssign(self, node):
        node.value = node.value and self.visit(node.value)
        return node

    def visit_arg(self, node):
        return node

    def visit_match_case(self, node):
        node.guard = node.guard and self.visit(node.guard)
        node.body = [inner for statement in node.body for inner in listed(self.visit(statement))]
        return node


OPERATORS = {
    "Add": "add", "Sub": "sub", "Mult": "mul", "MatMult": "matmul", "Div": "truediv", "FloorDiv": "floordiv", "Mod": "mod",
    "Pow": "pow", "LShift": "lshift", "RShift": "rshift", "BitAnd": "and", "BitOr": "or", "BitXor": "xor", "USub": "neg",
    "UAdd": "pos", "Invert": "invert",
}  # fmt: skip


def imports(path, asked):
    """Modules that are not modelled are asked for like anything else."""

    def __import__(name, namespace=None, local=None, names=(), level=0):
        if f"import {name}" in asked:
            return path.outcome("operation", "call")
        return builtins.__import__(name, namespace, local, names, level)

    return __import__


