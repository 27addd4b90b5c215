"""Drawn programs in the syntax of Python 2.7: what `draw.py` draws for Python 3, written anew.

What Python 2 has no word for is left out or becomes something near it, so that the program means something else, but is one: the test
asks Python 2 what it does. `except E, e`, `raise E, 1`, three-part `raise`, `print` and classic classes come in by chance.
"""
import ast

RENAMED = {"__next__": "next", "__bool__": "__nonzero__"}
LINKS = ("__cause__", "__context__", "__notes__", "__suppress_context__")


class NoProgram(Exception):
    """It has something that Python 2 cannot be asked."""


class Earlier(ast.NodeTransformer):
    """The tree with what Python 2 has."""

    def __init__(self, chance):
        self.chance = chance
        self.bases = []
        self.generators = []

    def visit_FunctionDef(self, node):
        if node.name == "chain":
            node.body = ast.parse("return repr(e)").body
        node.name = RENAMED.get(node.name, node.name)
        args = node.args
        args.args += args.kwonlyargs
        args.defaults += [default for default in args.kw_defaults if default is not None]
        args.kwonlyargs, args.kw_defaults = [], []
        self.generators.append(yields(node.body))
        self.generic_visit(node)
        self.generators.pop()
        return node

    def visit_ClassDef(self, node):
        if not node.bases and self.chance(0.5):
            node.bases = [ast.Name("object", ast.Load())]
        self.bases.append(node.bases[0] if node.bases else ast.Name("object", ast.Load()))
        self.generic_visit(node)
        self.bases.pop()
        return node

    def visit_Return(self, node):
        if self.generators and self.generators[-1]:
            return ast.Return(None)
        return self.generic_visit(node)

    def visit_Nonlocal(self, node):
        return ast.Pass()

    def visit_YieldFrom(self, node):
        items = ast.Call(ast.Name("list", ast.Load()), [node.value], [])
        return self.generic_visit(ast.Yield(items))

    def visit_Attribute(self, node):
        self.generic_visit(node)
        node.attr = RENAMED.get(node.attr, "args" if node.attr in LINKS else node.attr)
        return node

    def visit_Call(self, node):
        function = node.func
        if isinstance(function, ast.Attribute) and function.attr == "add_note":
            node = ast.Call(ast.Name("repr", ast.Load()), node.args, [])
        elif isinstance(function, ast.Attribute) and ast.unparse(function.value) == "super()":
            base = ast.Attribute(self.bases[-1], function.attr, ast.Load())
            node = ast.Call(base, [ast.Name("self", ast.Load())] + node.args, [])
        return self.generic_visit(node)

    def visit_JoinedStr(self, node):
        template, values = "", []
        for part in node.values:
            if isinstance(part, ast.Constant):
                template += part.value.replace("%", "%%")
            else:
                template += "%r" if part.conversion == ord("r") else "%s"
                values.append(self.visit(part.value))
        return ast.BinOp(ast.Constant(template), ast.Mod(), ast.Tuple(values, ast.Load()))

    def visit_Starred(self, node):
        if isinstance(node.ctx, ast.Store):
            raise NoProgram
        return self.generic_visit(node)


def yields(body):
    """Whether statements have a `yield` of their own function."""
    inner = (ast.FunctionDef, ast.Lambda, ast.ClassDef)
    found = list(body)
    while found:
        node = found.pop()
        if isinstance(node, (ast.Yield, ast.YieldFrom)):
            return True
        if not isinstance(node, inner):
            found += ast.iter_child_nodes(node)
    return False


class Writer(ast._Unparser):
    """Writes a tree in the old syntax."""

    def __init__(self, chance):
        super().__init__()
        self.chance = chance

    def visit_Expr(self, node):
        call = node.value
        if not is_print(call):
            return super().visit_Expr(node)
        if call.keywords or any(isinstance(arg, ast.Starred) for arg in call.args):
            raise NoProgram
        self.fill("print ")
        # One argument in parentheses would be what is in them.
        self.interleave(lambda: self.write(", "), self.traverse, call.args)

    def visit_Call(self, node):
        if is_print(node):
            raise NoProgram
        super().visit_Call(node)

    def visit_ExceptHandler(self, node):
        self.fill("except")
        if node.type:
            self.write(" ")
            self.traverse(node.type)
        if node.name:
            self.write(", " if self.chance(0.6) else " as ")
            self.write(node.name)
        with self.block():
            self.traverse(node.body)

    def visit_Raise(self, node):
        self.fill("raise")
        if node.exc is None:
            return
        self.write(" ")
        call = node.exc
        apart = isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and len(call.args) < 2 and call.func.id[:1].isupper()
        if apart and not call.keywords and self.chance(0.3):
            self.traverse(call.func)
            for argument in call.args:
                self.write(", ")
                self.traverse(argument)
            if call.args and self.chance(0.2):
                self.write(", sys.exc_info()[2]")
            return
        self.traverse(call)
        if self.chance(0.05):
            self.write(", None, sys.exc_info()[2]")


def is_print(node):
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"


def written(source, random):
    """The program in the syntax of Python 2.7, or None."""
    def chance(p):
        return random.random() < p
    if "suppress(" in source:
        # `contextlib` has it since Python 3.4.
        return None
    try:
        tree = ast.fix_missing_locations(Earlier(chance).visit(ast.parse(source)))
        return Writer(chance).visit(tree) + "\n"
    except NoProgram:
        return None
