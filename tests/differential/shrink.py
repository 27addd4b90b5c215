#!/usr/bin/env python3
"""Shrinks a program for which a command fails to a small one for which it still fails.

    shrink.py PROGRAM.py [--out SMALL.py] [--timeout 5] -- COMMAND … {}

`{}` stands for the program's path (a copy beside the original). The command "fails" when it exits with a code other
than 0; with --code N only that code counts. Candidates that are no valid Python are never tried. Example, a program
that the model runs differently from python3:

    shrink.py drawn.py -- sh -c 'python3 {} >/tmp/a 2>/dev/null; trylemma run {} >/tmp/b 2>/dev/null; cmp -s /tmp/a /tmp/b'
"""
import ast
import copy
import os
import signal
import subprocess
import sys
import tempfile
import warnings

warnings.simplefilter("ignore")     # of candidates that are compiled
BODIES = ("body", "orelse", "finalbody", "handlers")


def parse_args(argv):
    if "--" not in argv:
        sys.exit(__doc__)
    k = argv.index("--")
    own, command = argv[:k], argv[k + 1:]
    options = {"--out": None, "--timeout": "5", "--code": None}
    rest = []
    while own:
        a = own.pop(0)
        if a in options:
            options[a] = own.pop(0)
        else:
            rest.append(a)
    if len(rest) != 1 or not command:
        sys.exit(__doc__)
    return rest[0], options, command


def valid(tree):
    try:
        source = ast.unparse(ast.fix_missing_locations(tree)) + "\n"
        compile(source, "x", "exec")
        return source
    except (SyntaxError, ValueError, TypeError, AttributeError, IndexError, RecursionError):
        return None


def lists(tree):
    """Each list of statements or handlers, as (node's path in walking order, field)."""
    for i, n in enumerate(ast.walk(tree)):
        for f in BODIES:
            v = getattr(n, f, None)
            if isinstance(v, list) and v:
                yield i, f, v


def variants(tree):
    """Smaller trees, the boldest first. Each is made from a copy."""
    def edit(i, change):
        t = copy.deepcopy(tree)
        for k, n in enumerate(ast.walk(t)):
            if k == i:
                return t if change(n) is not False else None
    nodes = list(ast.walk(tree))
    # runs of statements
    every = sorted(lists(tree), key=lambda x: -len(x[2]))
    for size in (16, 8, 4, 2, 1):
        for i, f, v in every:
            for at in range(0, len(v), max(1, size)):
                if size > 1 and len(v) < size:
                    continue
                def cut(n, f=f, at=at, size=size):
                    w = getattr(n, f)
                    del w[at:at + size]
                    if not w and f == "body":
                        if isinstance(n, ast.Module):
                            return
                        w.append(ast.Pass())
                        if isinstance(n, ast.Expr):
                            return False
                yield lambda i=i, cut=cut, v=v, at=at, size=size, f=f: (
                    None if f == "body" and [type(s) for s in v] == [ast.Pass] else edit(i, cut))
    # a compound statement becomes one of its blocks
    for i, f, v in every:
        if f == "handlers":
            continue
        for at, s in enumerate(v):
            for g in ("body", "orelse", "finalbody"):
                if getattr(s, g, None) and not isinstance(s, (ast.FunctionDef, ast.ClassDef)):
                    def lift(n, f=f, at=at, g=g):
                        w = getattr(n, f)
                        w[at:at + 1] = getattr(w[at], g)
                    yield lambda i=i, lift=lift: edit(i, lift)
            for h in range(len(getattr(s, "handlers", []) or [])):
                def liftHandler(n, f=f, at=at, h=h):
                    w = getattr(n, f)
                    w[at:at + 1] = w[at].handlers[h].body
                yield lambda i=i, c=liftHandler: edit(i, c)
    # parts
    for i, n in enumerate(nodes):
        if isinstance(n, ast.With) and len(n.items) > 1:
            for k in range(len(n.items)):
                yield lambda i=i, k=k: edit(i, lambda n: n.items.pop(k) and None)
        if isinstance(n, ast.withitem) and n.optional_vars is not None:
            yield lambda i=i: edit(i, lambda n: setattr(n, "optional_vars", None))
        if isinstance(n, ast.Raise) and n.cause is not None:
            yield lambda i=i: edit(i, lambda n: setattr(n, "cause", None))
        if isinstance(n, ast.ExceptHandler) and n.name:
            yield lambda i=i: edit(i, lambda n: setattr(n, "name", None))
        if isinstance(n, (ast.FunctionDef, ast.ClassDef)) and n.decorator_list:
            yield lambda i=i: edit(i, lambda n: n.decorator_list.pop() and None)
        if isinstance(n, ast.ClassDef) and len(n.bases) > 1:
            yield lambda i=i: edit(i, lambda n: n.bases.pop() and None)
        if isinstance(n, ast.Call) and n.args:
            for k in range(len(n.args)):
                yield lambda i=i, k=k: edit(i, lambda n: n.args.pop(k) and None)
        if isinstance(n, ast.Call) and n.keywords:
            yield lambda i=i: edit(i, lambda n: n.keywords.pop() and None)
        if isinstance(n, (ast.List, ast.Tuple)) and len(n.elts) > 1:
            for k in range(len(n.elts)):
                yield lambda i=i, k=k: edit(i, lambda n: n.elts.pop(k) and None)
        if isinstance(n, ast.FunctionDef) and n.args.defaults:
            yield lambda i=i: edit(i, lambda n: n.args.defaults.pop() and n.args.args.pop() and None)
    # an expression becomes one of its parts, or a number
    for i, n in enumerate(nodes):
        for f, value in ast.iter_fields(n):
            parts = [(None, value)] if isinstance(value, ast.expr) else [(k, v) for k, v in enumerate(value) if isinstance(v, ast.expr)] if isinstance(value, list) else []
            for k, e in parts:
                if isinstance(e, (ast.Name, ast.Constant)) and not (isinstance(e, ast.Constant) and isinstance(e.value, (str, float)) and False):
                    continue
                if isinstance(getattr(e, "ctx", None), (ast.Store, ast.Del)):
                    continue
                subs = [c for c in ast.iter_child_nodes(e) if isinstance(c, ast.expr)]
                for j in range(len(subs)):
                    def part(n, f=f, k=k, j=j):
                        w = getattr(n, f) if k is None else getattr(n, f)[k]
                        c = [c for c in ast.iter_child_nodes(w) if isinstance(c, ast.expr)][j]
                        if k is None: setattr(n, f, c)
                        else: getattr(n, f)[k] = c
                    yield lambda i=i, p=part: edit(i, p)
                def one(n, f=f, k=k):
                    c = ast.Constant(1)
                    if k is None: setattr(n, f, c)
                    else: getattr(n, f)[k] = c
                yield lambda i=i, p=one: edit(i, p)


def main():
    path, options, command = parse_args(sys.argv[1:])
    where = os.path.dirname(os.path.abspath(path))
    code = options["--code"] and int(options["--code"])
    tries = [0]
    seen = {}
    fd, scratch = tempfile.mkstemp(".py", "shrinking-", where)
    os.close(fd)

    def fails(source):
        if source in seen:
            return seen[source]
        tries[0] += 1
        with open(scratch, "w") as f:
            f.write(source)
        p = subprocess.Popen([a.replace("{}", scratch) for a in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                             stdin=subprocess.DEVNULL, start_new_session=True)
        try:
            r = p.wait(timeout=float(options["--timeout"]))
            seen[source] = r == code if code is not None else r != 0
        except subprocess.TimeoutExpired:
            seen[source] = False
        try:
            os.killpg(p.pid, signal.SIGKILL)     # the command's own children too
        except ProcessLookupError:
            pass
        p.wait()
        return seen[source]

    try:
        original = open(path).read()
        if not fails(original):
            sys.exit("the command does not fail for the program as it is")
        best = valid(ast.parse(original))
        if not fails(best):
            sys.exit("the command does not fail for the program once it is printed from its tree")
        tree = ast.parse(best)
        changed = True
        while changed:
            changed = False
            todo, k = list(variants(tree)), 0
            while k < len(todo):
                t = todo[k]()
                source = t and valid(t)
                if source and len(source) < len(best) and fails(source):
                    best, tree, changed = source, ast.parse(source), True
                    if options["--out"]:
                        open(options["--out"], "w").write(best)     # what there is, if this is stopped
                    todo = list(variants(tree))     # go on at about the same place
                    k = min(k, len(todo))
                else:
                    k += 1
        out = options["--out"]
        if out:
            open(out, "w").write(best)
        else:
            print(best, end="")
        print(f"{original.count(chr(10))} lines became {best.count(chr(10))}, {tries[0]} programs tried", file=sys.stderr)
    finally:
        os.remove(scratch)


if __name__ == "__main__":
    main()
