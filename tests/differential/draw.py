#!/usr/bin/env python3
"""Draws random Python programs about exceptions: deterministic, ending, and of one meaning from 3.11.4 to 3.14.

    draw.py --seed S --count N --out DIR      writes DIR/S-0.py ... (program i depends on S and i alone)
    draw.py --seed S --index I                prints one program
    draw.py ... --python 3.8                  programs that Python 3.8 can say something of
    draw.py --features DIR                    counts the constructs of the programs in DIR

No generator is left suspended (helper `mk` keeps each, the end closes all), loops and recursion are bounded, and a
global fuel counter raises Fuel once it is used up, so that nothing depends on reference counting or runs for long.
What is known to differ between versions is avoided: the value of `close()`, a second `yield` under
`contextmanager`, `//` by zero and other texts of messages that changed, `except*` before 3.11.4, notes that a clause of
`except*` adds to what no clause before it took (3.11 keeps them where it is raised again).
"""
import argparse
import ast
import collections
import os
import random

import early

BUILTIN = ["ValueError", "KeyError", "TypeError", "IndexError", "OSError", "RuntimeError", "LookupError",
           "ArithmeticError", "AssertionError", "AttributeError"]
HELPERS = {
    "t": '''def t(n):
    global fuel
    fuel -= 1
    if fuel < 0:
        raise Fuel("out of fuel")
    c = sys.exc_info()[0]
    print(n, c.__name__ if c else "-")
''',
    "more": '''def more():
    global fuel
    fuel -= 3
    return fuel > 0
''',
    "mk": '''def mk(g):
    kept.append(g)
    return g
''',
    "chain": '''def chain(e):
    seen, out = [], ""
    while e is not None and len(seen) < 6:
        if any(e is s for s in seen):
            return out + "cycle"
        seen.append(e)
        out += repr(e)
        if e.__suppress_context__ and not isinstance(e, BaseExceptionGroup):
            out += "!"
        if e.__cause__ is not None:
            out += " from " + repr(e.__cause__)
        # Below 3.14 the StopIteration of a `return` with a value has a context.
        e = None if isinstance(e, StopIteration) else e.__context__
        if e is not None:
            out += " <- "
    return out
''',
    "shape": '''def shape(e, n=4):
    if isinstance(e, BaseExceptionGroup) and n:
        return type(e).__name__ + "[" + ", ".join(shape(x, n - 1) for x in e.exceptions) + "]"
    return repr(e)
''',
    "again": '''def again():
    raise
''',
    "thrower": '''def thrower(e):
    raise e
''',
    "pick": '''def pick(n, c):
    print("pick", n)
    return c
''',
    "M": '''class M:
    def __init__(self, n, result=None, enter=None, leave=None):
        self.n, self.result, self.enter, self.leave = n, result, enter, leave
    def __enter__(self):
        print("enter", self.n)
        if self.enter:
            raise self.enter
        return self.n
    def __exit__(self, kind, e, tb):
        print("exit", self.n, repr(e), kind is type(e))
        if self.leave:
            raise self.leave
        return self.result
''',
    "Bad": '''class Bad:
    def __bool__(self):
        raise TypeError("no truth")
''',
    "section": '''@contextmanager
def section(n, kind=()):
    print("start", n)
    try:
        yield n
    except kind as e:
        print("section", repr(e))
    finally:
        print("stop", n)
''',
    "Steps": '''class Steps:
    def __init__(self, n, e=None):
        self.n, self.e = n, e
    def __iter__(self):
        return self
    def __next__(self):
        self.n -= 1
        if self.n < 0:
            raise self.e or StopIteration
        return self.n
''',
    "Box": '''class Box:
    def __init__(self, v):
        self.v = v
    @property
    def half(self):
        if self.v % 2:
            raise ValueError("odd")
        return self.v / 2
    def __getattr__(self, name):
        raise AttributeError("box has no " + name)
    def __getitem__(self, i):
        if i >= self.v:
            raise IndexError(i)
        return i * 10
    def __call__(self, x=1):
        return self.v + x
    def __repr__(self):
        return f"Box({self.v})"
    def __eq__(self, other):
        return self.v == other.v
''',
    "guard": '''def guard(f):
    def wrapper(*a, **k):
        try:
            return f(*a, **k)
        except Exception as e:
            print("guard", repr(e))
            return None
        finally:
            t("g")
    return wrapper
''',
}
SHOW = [
    "def show(e):",
    "    if isinstance(e, BaseExceptionGroup):",
    "        return type(e).__name__ + '(' + ', '.join([e.message] + [show(x) for x in e.exceptions]) + ')'",
    "    return repr(e)"]
NEEDS = {"section": [], "guard": ["t"]}


class Scope:
    """What may stand where a statement is drawn."""

    def __init__(self, kind, loop=False, star=False, handler=False, names=(), free=(), guarded=False):
        self.guarded = guarded    # within the suite of a try, or in a with
        self.kind = kind          # "module", "function", "generator"
        self.loop = loop          # break and continue allowed
        self.star = star          # within an except* clause: nothing leaves it
        self.handler = handler
        self.names = names        # names that have a value
        self.free = free          # names of the enclosing function

    def but(self, **changes):
        s = Scope(self.kind, self.loop, self.star, self.handler, self.names, self.free, self.guarded)
        s.__dict__.update(changes)
        return s


class Draw:
    def __init__(self, seed):
        self.r = random.Random(seed)
        self.used = set()
        self.n = 0
        self.functions = []       # (name, number of required arguments, keywords)
        self.generators = []
        self.classes = list(BUILTIN)
        self.own = {}
        self.favourites = self.r.sample(BUILTIN[:8], 3)
        self.budget = self.r.choice([24, 40, 60, 80])
        self.groups = self.r.random() < 0.4
        self.stop = self.r.random() < 0.3      # StopIteration and GeneratorExit among what is raised

    # ------------------------------------------------------------------ little things
    def use(self, name):
        self.used.add(name)
        return name

    def number(self):
        self.n += 1
        return self.n

    def chance(self, p):
        return self.r.random() < p

    def pick(self, *weighted):
        return self.r.choices([w[0] for w in weighted], [w[1] for w in weighted])[0]

    def name(self, scope, p_unbound=0.02):
        if self.chance(p_unbound):
            return "zq" if scope.kind == "module" else "late"
        return self.r.choice(scope.names) if scope.names else str(self.r.randrange(4))

    def target(self, scope):
        names = [n for n in scope.names if n != "_n"]      # the counter of a recursion
        return self.r.choice(names) if names else None

    # ------------------------------------------------------------------ expressions
    def cls(self):
        if self.own and self.chance(0.35):
            return self.r.choice(list(self.own))
        if self.stop and self.chance(0.15):
            return self.r.choice(["StopIteration", "GeneratorExit", "KeyboardInterrupt"])
        return self.r.choice(self.favourites) if self.chance(0.7) else self.r.choice(BUILTIN[:8])

    def exc(self, depth=2):
        """An expression whose value is an exception."""
        if self.groups and depth and self.chance(0.3):
            members = ", ".join(self.exc(depth - 1) for _ in range(self.r.choice([1, 2, 2, 3])))
            return f"BaseExceptionGroup('g{self.number()}', [{members}])"
        c = self.cls()
        if c in self.own and self.own[c] == "code":
            return f"{c}({self.r.randrange(9)})"
        return self.pick((f"{c}({self.number()})", 6), (f"{c}('{self.r.choice('xyz')}')", 2), (f"{c}()", 1),
                         (f"{c}('b', {self.number()})", 1))

    def simple(self, scope):
        return self.pick((self.name(scope), 4), (str(self.r.randrange(5)), 4), (f"'{self.r.choice('uvw')}'", 1))

    def failing(self, scope):
        """An expression that fails, or may."""
        a = self.name(scope)
        choices = [("1 / 0", 2), (f"1 / ({a} and 0)", 1), ("{}['k']", 2), ("[][3]", 1), ("int('x')", 1), ("'a' + 1", 1),
                   ("None.zz_attr", 1), ("len(5)", 1), (f"[10, 20][{self.r.randrange(4)}]", 2), ("undefined_zq", 1),
                   ("next(iter([]))", 1 if self.stop else 0), (f"{self.use('thrower')}({self.exc()})", 3),
                   (f"(lambda: 1 / {self.r.randrange(2)})()", 1), ("(lambda q: q)()", 1), ("{1: 2}[[] or 3]", 1),
                   (f"{self.use('Box')}({self.r.randrange(4)}).half", 1), (f"{self.use('Box')}(2)[{self.r.randrange(4)}]", 1),
                   (f"{self.use('Box')}(1).zz", 1), (f"getattr({self.use('Box')}(1), 'zz', 'none')", 1),
                   ("hasattr(5, 'real') and int(None or '7')", 1)]
        return self.pick(*choices)

    def call(self, scope):
        if not self.functions:
            return self.simple(scope)
        f, required, keywords = self.r.choice(self.functions)
        args = [self.simple(scope) if f[0] != "r" or i else str(self.r.randrange(4)) for i in range(required)]
        if self.chance(0.04):
            args = args[:-1] if args and self.chance(0.5) else args + ["1", "2", "3", "4"][:4]
        elif keywords and self.chance(0.5):
            args += [f"{k}={self.simple(scope)}" for k in keywords if self.chance(0.6)]
        elif args and self.chance(0.1) and f[0] != "r":
            return f"{f}(*({', '.join(args)},))"
        return f"{f}({', '.join(args)})"

    def gen(self, scope):
        return f"{self.use('mk')}({self.r.choice(self.generators)}({self.simple(scope)}))" if self.generators else None

    def iterable(self, scope):
        choices = [("range(3)", 3), ("(1, 2)", 2), ("'ab'", 1), ("[0, 1, 2]", 2), (f"{self.use('Steps')}({self.r.randrange(1, 4)})", 1),
                   (f"Steps({self.r.randrange(3)}, {self.exc(0)})", 1), (f"enumerate('ab')", 1), ("[]", 0.5),
                   ("zip((1, 2), 'xy')", 0.5), (f"(w * 2 for w in (1, 2))", 0.5)]
        if self.generators:
            choices.append((self.gen(scope), 5))
        c = self.pick(*choices)
        return c

    def expr(self, scope, fail=None):
        if self.chance(fail if fail is not None else 0.12 if scope.guarded else 0.015):
            return self.failing(scope)
        a, b = self.simple(scope), self.simple(scope)
        choices = [(a, 3), (f"({a}, {b})", 1), (f"[{a}, {b}]", 1), (f"{a} if {b} else {self.simple(scope)}", 1), (f"{a} or {b}", 0.5),
                   (f"{a} == {b}", 0.5), (f"f'{{{a}}}-{{{b}!r}}'", 1), (f"{{'k': {a}}}", 0.5), ("sys.exc_info()[0]", 0.7),
                   ("repr(sys.exception())", 0.7), (f"[v for v in ({a}, {b}) if v]", 0.5), (f"(lambda v, w={a}: (v, w))({b})", 0.5),
                   (f"f'{{{self.r.randrange(99)}:>4}}|{{{self.r.randrange(9)} / 4:.1f}}'", 0.5), (f"sorted([3, {self.r.randrange(5)}, 1])", 0.3),
                   (f"isinstance({a}, (int, str))", 0.3), (f"{a} is {self.name(scope)}" if not a[0].isdigit() and a[0] != "'" else a, 0.3),
                   (f"{{v: v * 2 for v in range({self.r.randrange(3)})}}", 0.3), ("sum(v for v in (1, 2))", 0.3), (f"{self.use('Box')}(3)({self.r.randrange(3)})", 0.3)]
        if self.functions:
            choices.append((self.call(scope), 4))
        if self.generators:
            g = self.gen(scope)
            choices += [(f"next({g}, 'end')", 1), (f"list({g})", 1), (f"[v for v in {g}]", 0.7), (f"dict(enumerate({g}))", 0.3)]
        return self.pick(*choices)

    def condition(self, star=False):
        c = self.cls
        plain = [(c(), 5), ("Exception", 3.5), (f"({c()}, {c()})", 2), ("LookupError", 1)]
        odd = [(f"{self.use('pick')}({self.number()}, {c()})", 1), (f"pick({self.number()}, ({c()}, {c()}))", 0.7), ("()", 0.3), ("5", 0.15),
               (f"({c()}, 'x')", 0.15), (f"thrower({self.exc(0)})", 0.5), (f"{c()} if fuel % 2 else {c()}", 0.3), ("undefined_zq", 0.2),
               ("BaseException", 0.6)]
        if not star and self.groups:
            odd += [("ExceptionGroup", 1), ("BaseExceptionGroup", 1)]
        if star and self.chance(0.05):
            odd.append(("ExceptionGroup", 0.3))
        picked = self.pick(*plain, *odd)
        if picked.startswith("thrower"):
            self.use("thrower")
        return picked

    # ------------------------------------------------------------------ statements; each gives lines
    def block(self, scope, depth, least=1):
        out = []
        for _ in range(self.r.choice([least, least, least + 1, least + 2])):
            out += self.statement(scope, depth)
            if out[-1].split()[0] in ("return", "raise", "break", "continue") and not out[-1].startswith(" ") and self.chance(0.9):
                break
        if not any("t(" in l or "print" in l for l in out) and self.chance(0.8):
            out.insert(0, self.trace())
        return out

    def indent(self, lines):
        return ["    " + l for l in lines]

    def trace(self):
        return f"{self.use('t')}({self.number()})"

    def see(self, e, star=False):
        return self.pick((f"print({self.number()}, {self.use('chain')}({e}))", 4), (f"print(repr({e}), {e} is sys.exception())", 1),
                         (f"print(type({e}).__name__, {e}.args)", 0 if self.groups else 1), (f"print({self.number()}, {self.use('shape')}({e}))", 3 if self.groups else 0.2),
                         (f"{e}.add_note('n{self.number()}'); print({e}.__notes__)", 0 if star else 0.4), (f"print(f'{{{e}!r}}', {e}.__cause__, isinstance({e}, StopIteration) or {e}.__context__)", 0 if self.groups else 0.6))

    def statement(self, scope, depth):
        self.budget -= 1
        small = depth <= 0 or self.budget < 0
        simple = [("trace", 4), ("print", 3), ("assign", 2), ("raise", 3.5 if scope.guarded else 2 if scope.handler else 0.4),
                  ("expression", 1.5 if scope.guarded else 0.4), ("assert", 0.3), ("delete", 0.2)]
        if scope.handler:
            simple.append(("bare", 2))
        else:
            simple.append(("bare", 0.1))
        if scope.kind != "module" and not scope.star:
            simple.append(("return", 1.5))
        if scope.loop and not scope.star:
            simple += [("break", 1.2), ("continue", 1.2)]
        if scope.kind == "generator":
            simple += [("yield", 6), ("yield_from", 2 if self.generators else 0.5)]
        if self.generators:
            simple += [("drive", 2)]
        compound = [("try", 7), ("with", 3), ("if", 2), ("for", 2), ("while", 1.2), ("nested", 0.7)]
        if self.groups:
            compound.append(("try_star", 5))
        kind = self.pick(*simple) if small or self.chance(0.25 if depth >= 3 else 0.45) else self.pick(*compound)
        return getattr(self, "s_" + kind)(scope, depth)

    def s_trace(self, scope, depth):
        return [self.trace()]

    def s_print(self, scope, depth):
        return [f"print({self.number()}, {self.expr(scope)})"]

    def s_assign(self, scope, depth):
        a = self.target(scope)
        if not a:
            return [self.trace()]
        return [self.pick((f"{a} = {self.expr(scope)}", 5), (f"{a} = {self.exc()}", 1), (f"{a}, *_ = {self.iterable(scope)}", 0.7),
                          (f"{a}, _ = (1,) * {self.r.randrange(1, 3)}", 0.5), (f"{a} = [{self.expr(scope)}, {self.expr(scope)}]", 0.5))]

    def s_expression(self, scope, depth):
        return [self.pick((self.call(scope), 3), (self.failing(scope), 2 if scope.guarded else 0.3))]

    def s_assert(self, scope, depth):
        return [f"assert {self.simple(scope)}, {self.pick((chr(39) + 'm' + chr(39), 2), (self.expr(scope), 1))}"]

    def s_delete(self, scope, depth):
        if scope.kind == "module" or not scope.names:
            return [self.trace()]
        a = self.r.choice([n for n in scope.names if n not in scope.free and n != "_n"] or ["late"])
        return [f"del {a}", f"{a} = 0"] if self.chance(0.7) else [f"del {a}"]

    def s_raise(self, scope, depth):
        e = self.pick((self.exc(), 6), (self.cls_plain(), 2), (self.name(scope), 0.15))
        return [self.pick((f"raise {e}", 6), (f"raise {e} from {self.exc(0)}", 1.2), (f"raise {e} from None", 0.8),
                          (f"raise {e} from sys.exception()", 0.8), (f"raise {e} from {self.cls_plain()}", 0.3), (f"raise {e} from {self.simple(scope)}", 0.15))]

    def cls_plain(self):
        c = self.cls()
        return c

    def s_bare(self, scope, depth):
        return [self.pick(("raise", 4), (f"{self.use('again')}()", 1))]

    def s_return(self, scope, depth):
        return [self.pick(("return", 1), (f"return {self.expr(scope)}", 4))]

    def s_break(self, scope, depth):
        return ["break"]

    def s_continue(self, scope, depth):
        return ["continue"]

    def s_yield(self, scope, depth):
        return self.pick(([f"yield {self.simple(scope)}"], 3), ([f"print({self.number()}, (yield {self.simple(scope)}))"], 4), (["a = yield"], 1),
                         ([f"yield {self.expr(scope)}"], 1))

    def s_yield_from(self, scope, depth):
        if self.stop and not self.generators:
            return self.s_yield(scope, depth)   # 3.11 and 3.14 differ in throw(StopIteration) at what cannot be thrown into
        what = self.gen(scope) if self.stop or self.generators and self.chance(0.8) else self.pick(("[7, 8]", 1), ("(1,)", 1), ("range(2)", 1), ("Steps(2)", 1))
        if "Steps" in what:
            self.use("Steps")
        return [self.pick((f"yield from {what}", 2), (f"print({self.number()}, (yield from {what}))", 3))]

    def s_drive(self, scope, depth):
        g = f"g{self.number()}"
        out = [f"{g} = {self.gen(scope)}"]
        started, stop = False, self.stop
        for _ in range(self.r.randrange(1, 5)):
            self.stop = stop and started     # 3.11 and 3.14 differ in throw(StopIteration) before the start
            op = self.pick((f"print(next({g}, 'end'))", 4), (f"print({g}.send({self.r.choice(['None', '5', repr('s')])}))", 2),
                           (f"print({g}.throw({self.exc()}))", 3), (f"print({g}.throw({self.cls_plain()}))", 0.5), (f"{g}.close()", 1.5),
                           (f"print(list({g}))", 0.7))
            self.stop = stop
            started = started or "next(" in op or "list(" in op
            if self.chance(0.7):
                out += ["try:", "    " + op, f"except {self.pick(('StopIteration', 1), ('Exception', 2), ('BaseException', 2))} as e:", "    " + self.see("e")]
            else:
                out.append(op)
        return out

    def s_if(self, scope, depth):
        out = [f"if {self.expr(scope, 0.05)}:"] + self.indent(self.block(scope, depth - 1))
        if self.chance(0.4):
            out += ["else:"] + self.indent(self.block(scope, depth - 1))
        return out

    def loop_rest(self, scope, depth):
        return ["else:"] + self.indent(self.block(scope, depth - 1)) if self.chance(0.4) else []

    def s_for(self, scope, depth):
        v = f"i{self.number()}"
        inner = scope.but(loop=True, star=False, names=tuple(scope.names) + (v,)) if not scope.star else scope.but(loop=True, names=tuple(scope.names) + (v,))
        if scope.star:
            inner.star = True
            inner.loop = False
        return [f"for {v} in {self.iterable(scope)}:"] + self.indent(self.block(inner, depth - 1)) + self.loop_rest(scope, depth)

    def s_while(self, scope, depth):
        inner = scope.but(loop=not scope.star)
        if self.chance(0.6):
            v = f"n{self.number()}"
            return [f"{v} = 0", f"while {v} < {self.r.randrange(1, 4)}:", f"    {v} += 1"] + self.indent(self.block(inner, depth - 1)) + self.loop_rest(scope, depth)
        body = self.block(inner, depth - 1)
        return [f"while {self.use('more')}():"] + self.indent(body + (["break"] if not scope.star and self.chance(0.5) else [])) + self.loop_rest(scope, depth)

    def s_try(self, scope, depth):
        suite = scope.but(guarded=True)
        body = self.block(suite, depth - 1)
        if self.chance(0.6):
            body += self.upset(suite, body)
        out = ["try:"] + self.indent(body)
        clauses = self.pick((0, 2), (1, 4), (2, 3), (3, 0.6))
        final = clauses == 0 or self.chance(0.35)
        for i in range(clauses):
            if i == clauses - 1 and self.chance(0.12):
                head, e = "except:", None
            elif self.chance(0.7):
                head, e = f"except {self.condition()} as e:", "e"
            else:
                head, e = f"except {self.condition()}:", None
            body = self.block(scope.but(handler=True, guarded=self.chance(0.4) and scope.guarded), depth - 1)
            if e and self.chance(0.85):
                body.insert(0, self.see(e))
            if e and self.chance(0.2) and body[-1].split()[0] not in ("raise", "return", "break", "continue"):
                body.append(self.pick(("raise e", 3), (f"raise {self.exc()} from e", 2), ("del e", 1), ("e = None", 0.5)))
            out += [head] + self.indent(body)
        if clauses and self.chance(0.25):
            out += ["else:"] + self.indent(self.block(scope, depth - 1))
        if final:
            out += ["finally:"] + self.indent(self.block(scope.but(handler=True, guarded=False), depth - 1))
        return out

    def upset(self, scope, body):
        """What ends a suite with an exception, unless it ends in a jump."""
        if body[-1].split()[0] in ("raise", "return", "break", "continue"):
            return []
        return self.pick((self.s_raise(scope, 0), 4), ([self.failing(scope)], 2), ([f"{self.use('thrower')}({self.exc()})"], 1))

    def s_try_star(self, scope, depth):
        body = self.block(scope.but(guarded=True), depth - 1)
        if self.chance(0.85) and body[-1].split()[0] not in ("raise", "return", "break", "continue"):
            body.append(f"raise {self.exc(3)}" if self.chance(0.8) else f"thrower({self.exc(3)})")
            if "thrower" in body[-1]:
                self.use("thrower")
        out = ["try:"] + self.indent(body)
        for i in range(self.r.choice([1, 2, 2, 3])):
            e = self.chance(0.85)
            inner = self.block(scope.but(handler=True, star=True, loop=False), depth - 1)
            if e:
                inner.insert(0, self.see("e", star=True))
                if self.chance(0.2):
                    inner.append(self.pick(("raise e", 2), ("raise", 2), (f"raise {self.exc()} from e", 1), (f"raise e.exceptions[0]", 1)))
            out += [f"except* {self.condition(True)}{' as e' if e else ''}:"] + self.indent(inner)
        if self.chance(0.2):
            out += ["else:"] + self.indent(self.block(scope, depth - 1))
        if self.chance(0.3):
            out += ["finally:"] + self.indent(self.block(scope.but(handler=True), depth - 1))
        return out

    def item(self, scope, targets):
        n = self.number()
        choices = [(f"{self.use('M')}({n})", 4), (f"M({n}, True)", 2), (f"M({n}, leave={self.exc(0)})", 1), (f"M({n}, enter={self.exc(0)})", 0.7),
                   (f"M({n}, {self.pick(('[]', 1), ('1', 1), ('None', 1))})", 0.7), (f"M({n}, {self.use('Bad')}())", 0.3),
                   (f"{self.use('section')}({n}, {self.cls()})", 1.5), (f"section({n})", 1.5), (f"suppress({self.cls()}, {self.cls()})", 0 if self.groups else 1)]   # 3.12 made it split groups
        m = self.pick(*choices)
        a = self.target(scope)
        if a and self.chance(0.25):
            m += f" as {self.pick((a, 5), (f'({a}, _)', 0.5))}"
        return m

    def s_with(self, scope, depth):
        items = [self.item(scope, True) for _ in range(self.r.choice([1, 1, 1, 2, 2, 3]))]
        head = f"with ({', '.join(items)}):" if len(items) > 1 and self.chance(0.3) else f"with {', '.join(items)}:"
        inner = scope.but(guarded=scope.guarded or self.chance(0.5))
        body = self.block(inner, depth - 1)
        if self.chance(0.35 if inner.guarded else 0.15):
            body += self.upset(inner, body)
        return [head] + self.indent(body)

    def s_nested(self, scope, depth):
        f = f"h{self.number()}"
        outer = [n for n in scope.names if n in ("a", "b")]
        head, extra = f"def {f}(x, y=2):", []
        names = ("x", "y")
        if outer and self.chance(0.6):
            extra = [f"    {'nonlocal' if scope.kind != 'module' else 'global'} {outer[0]}"]
            names += (outer[0],)
        inner = Scope("function", names=names, free=(outer[0],) if outer else (), handler=False, guarded=scope.guarded)
        body = self.block(inner, depth - 1)
        if "late" in " ".join(body):
            body.append("late = 1")
        out = ["@" + self.use("guard")] if self.chance(0.2) else []
        out += [head] + extra + self.indent(body)
        call = f"print({self.number()}, {f}({self.simple(scope)}{', y=' + self.simple(scope) if self.chance(0.4) else ''}))"
        return out + [call]

    # ------------------------------------------------------------------ programs
    def function(self):
        """A function, a recursive one, a generator, or a class of exceptions, at the module's level."""
        kind = self.pick(("plain", 4), ("recursive", 1.5), ("generator", 4), ("exception", 1.5))
        n = self.number()
        if kind == "exception":
            base = self.r.choice(self.classes[:8] + list(self.own))
            name = f"E{n}"
            if self.own.get(base) == "code" or self.chance(0.3):
                lines = [f"class {name}({base if base not in self.own else 'Exception'}):", "    def __init__(self, code=0):", "        super().__init__('c', code)", "        self.code = code"]
                if self.chance(0.5):
                    lines += ["    def __str__(self):", "        return f'code {self.code}'"]
                self.own[name] = "code"
            else:
                both = f"{base}, {self.r.choice(['LookupError', 'ArithmeticError'])}" if base in ("ValueError", "TypeError", "RuntimeError") and self.chance(0.3) else base
                lines = [f"class {name}({both}):", "    pass"]
                self.own[name] = "plain"
            return lines
        if kind == "generator":
            name = f"gen{n}"
            scope = Scope("generator", names=("a", "b"))
            body = self.block(scope, self.r.choice([2, 3, 4]), 2)
            if not any("yield" in l for l in body):
                body.insert(self.r.randrange(2), f"yield {self.r.randrange(9)}") if not body[0].endswith(":") else body.insert(0, "yield 0")
            if "late" in " ".join(body):
                body.append("late = 1")
            lines = [f"def {name}(a, b={self.r.randrange(4)}):"] + self.indent(body)
            self.generators.append(name)
            return lines
        if kind == "recursive":
            name = f"r{n}"
            scope = Scope("function", names=("a", "_n"))
            body = self.block(scope, self.r.choice([1, 2, 3]), 1)
            k = self.r.randrange(len(body) + 1)
            while k < len(body) and (body[k].startswith(" ") or body[k].split(" ")[0].rstrip(":") in ("else", "except", "except*", "finally")):
                k += 1
            wrap = self.pick((["if _n > 0:", f"    a = {name}(_n - 1)"], 2), (["try:", "    if _n > 0:", f"        a = {name}(_n - 1)", "finally:", "    " + self.trace()], 2),
                             (["try:", "    if _n > 0:", f"        a = {name}(_n - 1)", "except Exception as e:", "    " + self.see("e"), "    raise " + self.exc()], 1))
            body[k:k] = wrap
            body = [l.replace("_n = ", "a = ") if l.lstrip().startswith("_n = ") else l for l in body]
            if "late" in " ".join(body):
                body.append("late = 1")
            self.functions.append((name, 1, ()))
            return [f"def {name}(_n, a=0):", "    _n = _n if isinstance(_n, int) and _n < 4 else 1"] + self.indent(body)
        name = f"f{n}"
        head, names, required, keywords = self.pick(
            (("a, b=1", ("a", "b"), 1, ("b",)), 3), (("a", ("a",), 1, ()), 2), (("", (), 0, ()), 1), (("a, *b", ("a", "b"), 1, ()), 1),
            (("a, *, b=3", ("a", "b"), 1, ("b",)), 1), (("a=1, **b", ("a", "b"), 0, ("zk",)), 1))
        scope = Scope("function", names=names)
        body = self.block(scope, self.r.choice([2, 3, 4, 5]), 1)
        if "late" in " ".join(body):
            body.append("late = 1")
        lines = (["@" + self.use("guard")] if self.chance(0.1) else []) + [f"def {name}({head}):"] + self.indent(body)
        self.functions.append((name, required, keywords))
        return lines

    def program(self):
        parts = []
        for _ in range(self.r.choice([1, 2, 2, 3, 3, 4])):
            parts.append(self.function())
        self.budget = max(self.budget, 25)
        in_main = self.chance(0.5)
        scope = Scope("function" if in_main else "module", names=("a", "b"))
        body = []
        todo = ["random"] * self.r.choice([2, 3, 4]) + [("call", f) for f in self.functions for _ in range(self.r.choice([1, 2]))] + [("drive", g) for g in self.generators]
        self.r.shuffle(todo)
        for what in todo:
            guarded = self.chance(0.8)
            if what == "random":
                lines = self.statement(scope.but(guarded=guarded), self.r.choice([2, 3, 4, 5]))
            else:
                every = self.functions, self.generators
                if what[0] == "call":
                    self.functions = [what[1]]
                    lines = [f"print({self.number()}, {self.call(scope)})"]
                else:
                    self.generators = [what[1]]
                    lines = self.s_drive(scope, 2) if self.chance(0.7) else [f"for v in {self.gen(scope)}:"] + self.indent(self.block(scope.but(loop=True, names=scope.names + ("v",)), 1))
                self.functions, self.generators = every
            if guarded and not (lines[0] == "try:" and self.chance(0.5)):
                lines = ["try:"] + self.indent(lines) + [self.pick(("except Exception as e:", 2), ("except BaseException as e:", 3))] + ["    " + self.see("e")]
            body += lines
            if body[-1].split()[0] in ("return", "raise"):
                break
        if in_main:
            if "late" in " ".join(body):
                body.append("late = 1")
            main = ["def main():", "    a, b = 1, 'm'"] + self.indent(body)
            start = ["print(main())"]
        else:
            main, start = ["a, b = 1, 'm'"], body
        caught = self.chance(0.5)
        if caught:
            self.use("chain")
        for h in list(self.used):
            for n in NEEDS.get(h, ()):
                self.use(n)
        out = ["import sys"]
        text = "\n".join(l for p in parts for l in p) + "\n".join(body)
        names = [n for n, there in (("contextmanager", "section" in self.used), ("suppress", "suppress(" in text)) if there]
        if names:
            out.append("from contextlib import " + ", ".join(names))
        out += [f"fuel = {self.r.choice([25, 40, 60])}", "kept = []", "class Fuel(BaseException): pass"]
        self.use("t") if "t(" in text else None
        words = set()
        for h in HELPERS:
            if h + "(" in text or "@" + h in text or (h == "chain" and caught):
                words.add(h)
        for h in list(words):
            words.update(NEEDS.get(h, ()))
        for h, source in HELPERS.items():
            if h in words:
                out += source.rstrip().split("\n")
        for p in parts:
            out += p
        out += main
        out += ["try:"] + self.indent(start)
        if caught:
            out += ["except BaseException as e:", "    print('top', chain(e))"]
        if "mk" in words:
            out += ["finally:", "    for g in kept:", "        for k in range(40):", "            try:", "                g.close()", "                break",
                    "            except BaseException as e:", "                print('closing', repr(e))"]
        elif not caught:
            out += ["finally:", "    print('end')"]
        if self.groups:
            # 3.12 and later re-derive what a clause that does not match leaves: `args` may hold a list or a tuple
            out = [l.replace("repr(", "show(") for l in out]
            k = out.index("class Fuel(BaseException): pass") + 1
            out[k:k] = SHOW
        return "\n".join(out) + "\n"


def older(source):
    """The same for versions that have no exception groups; nothing of a program that is about them."""
    source = source.replace("isinstance(e, BaseExceptionGroup)", "False").replace("sys.exception()", "sys.exc_info()[1]")
    return None if "except*" in source or "ExceptionGroup" in source else source


def draw(seed, index, version=(3, 14)):
    k = 0
    while True:
        source = Draw(f"{seed}/{index}/{k}").program()
        k += 1
        source = older(source) if version < (3, 11) else source
        if source is None:
            continue
        if not 20 <= source.count("\n") <= 170:
            continue
        try:
            tree = ast.parse(source)
            compile(source, "drawn", "exec")
        except SyntaxError as e:
            if os.environ.get("DRAW_DEBUG"):
                print(source, e)
            continue
        if version < (3, 0):
            source = early.written(source, random.Random(f"{seed}/{index}/{k}"))
            if source is None:
                continue
        return source


def features(source):
    tree = ast.parse(source)
    seen = set()

    def visit(n, depth, function, inside):
        kind = type(n).__name__
        if isinstance(n, (ast.Try, ast.TryStar)):
            depth += 1
            seen.add(f"{kind} depth {min(depth, 5)}")
            if n.finalbody: seen.add(f"{kind} finally")
            if n.orelse: seen.add(f"{kind} else")
            for h in n.handlers:
                if h.type is None: seen.add("bare except")
                elif not isinstance(h.type, (ast.Name, ast.Tuple)): seen.add("condition expression")
                elif isinstance(h.type, ast.Tuple): seen.add("condition tuple")
        if isinstance(n, ast.Raise):
            seen.add("bare raise" if n.exc is None else "raise from None" if isinstance(n.cause, ast.Constant) and n.cause.value is None else "raise from" if n.cause else "raise")
        if isinstance(n, ast.With): seen.add("with several" if len(n.items) > 1 else "with")
        if isinstance(n, (ast.For, ast.While)):
            seen.add(kind + (" else" if n.orelse else ""))
        if isinstance(n, (ast.Return, ast.Break, ast.Continue, ast.Yield, ast.YieldFrom, ast.Lambda, ast.ListComp, ast.GeneratorExp, ast.DictComp, ast.Nonlocal, ast.Global, ast.Assert, ast.Delete, ast.JoinedStr, ast.ClassDef)):
            seen.add(kind)
            if inside: seen.add(f"{kind} in {inside}")
        if isinstance(n, ast.Attribute) and n.attr in ("send", "throw", "close", "add_note"): seen.add("." + n.attr)
        if isinstance(n, ast.Name) and n.id in ("contextmanager", "suppress", "ExceptionGroup", "BaseExceptionGroup", "Box", "Steps", "guard"): seen.add(n.id)
        for field, value in ast.iter_fields(n):
            where = inside
            if isinstance(n, (ast.Try, ast.TryStar)):
                where = {"body": "try", "handlers": "handler", "orelse": "else", "finalbody": "finally"}[field]
            elif isinstance(n, ast.With) and field == "body": where = "with"
            elif isinstance(n, (ast.FunctionDef, ast.Lambda)): where = None
            for c in value if isinstance(value, list) else [value]:
                if isinstance(c, ast.AST):
                    visit(c, 0 if isinstance(n, ast.FunctionDef) else depth, function, where)
    visit(tree, 0, None, None)
    return seen


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--seed", default="0")
    p.add_argument("--count", type=int, default=100)
    p.add_argument("--out")
    p.add_argument("--index", type=int)
    p.add_argument("--features")
    p.add_argument("--python", default="3.14")
    a = p.parse_args()
    version = tuple(int(part) for part in a.python.split(".")[:2])
    if a.features:
        count, total = collections.Counter(), 0
        for f in sorted(os.listdir(a.features)):
            if f.endswith(".py"):
                total += 1
                count.update(features(open(os.path.join(a.features, f)).read()))
        print(total, "programs")
        for k, v in sorted(count.items(), key=lambda kv: -kv[1]):
            print(f"{v / total * 100:6.1f} %  {k}")
    elif a.index is not None or not a.out:
        print(draw(a.seed, a.index or 0, version), end="")
    else:
        os.makedirs(a.out, exist_ok=True)
        for i in range(a.count):
            with open(os.path.join(a.out, f"{a.seed}-{i:05}.py"), "w") as f:
                f.write(draw(a.seed, i, version))


if __name__ == "__main__":
    main()
