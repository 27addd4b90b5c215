"""Audits drawn functions: has each construct that meets an unknown its normal path?

    python3 audit.py TRYLEMMA FOLDER/functions/*.py [--sample 300] [--seed 12]

Each function is explored, entered by itself. For each statement with one of the constructs of `of_statement` and `of_expression` the graph is asked whether the
statement ever completes: whether what runs behind it, by the text of the function, starts next on some path. Prints the share for each
kind, and the statements that never complete. Functions that are refused, or are cut off by a limit, are counted apart.
"""

import argparse
import ast
import builtins
import collections
import concurrent.futures
import json
import pathlib
import random
import subprocess
import sys

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
ASKED = set("hasattr getattr setattr callable type issubclass isinstance".split())
ITERATING = set("enumerate zip map filter sorted reversed sum iter next list tuple set dict max min any all".split())
RETURNED, YIELDED = "return", "yield"
# What is at most known of a path: statements that no line tells of.
SILENT = (ast.Global, ast.Nonlocal)


def is_named(call, names):
    return isinstance(call.func, ast.Name) and call.func.id in names


def of_expression(node, caught):
    """The kinds of construct that an expression is."""
    if isinstance(node, ast.Call):
        if any(isinstance(arg, ast.Starred) for arg in node.args):
            yield "f(*u)"
        if any(keyword.arg is None for keyword in node.keywords):
            yield "f(**u)"
        if is_named(node, ASKED):
            yield "hasattr, getattr, isinstance …"
        if is_named(node, ITERATING):
            yield "enumerate, zip, sorted …"
        if is_named(node, {"open"}):
            yield "open"
        if is_named(node, {"len", "int", "str", "repr", "float", "bool", "format", "hash", "abs"}):
            yield "len, int, str …"
        if isinstance(node.func, ast.Attribute) and node.func.attr == "join":
            yield "join"
    elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in caught:
        yield "e.errno, e.args …"
    elif isinstance(node, ast.Subscript):
        yield "u[k]"
    elif isinstance(node, ast.JoinedStr):
        yield "f-string"
    elif isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
        yield "comprehension"
    elif isinstance(node, (ast.BinOp, ast.UnaryOp)) and not isinstance(getattr(node, "op", None), ast.Not):
        yield "operator"
    elif isinstance(node, ast.Compare):
        yield "comparison"
    elif isinstance(node, (ast.Tuple, ast.List, ast.Set)) and any(isinstance(part, ast.Starred) for part in node.elts):
        yield "a, *b = u" if isinstance(getattr(node, "ctx", None), ast.Store) else "[*u]"
    elif isinstance(node, ast.Dict) and None in node.keys:
        yield "{**u}"


def targets_of(statement):
    if isinstance(statement, ast.Assign):
        return statement.targets
    if isinstance(statement, ast.With):
        return [item.optional_vars for item in statement.items if item.optional_vars]
    return [statement.target] if isinstance(statement, (ast.For, ast.AugAssign, ast.AnnAssign)) else []


def of_statement(statement, caught):
    """The kinds of construct in a statement, without the statements in it."""
    for target in targets_of(statement):
        if isinstance(target, (ast.Tuple, ast.List)):
            yield {ast.For: "for a, b in u", ast.With: "with u as (a, b)"}.get(type(statement), "a, b = u")
        elif isinstance(target, ast.Attribute):
            yield "u.a = 1"
        elif isinstance(target, ast.Subscript):
            yield "u[k] = 1"
    if isinstance(statement, ast.For):
        yield "for x in u"
    if isinstance(statement, ast.With):
        yield "with u"
    if isinstance(statement, (ast.If, ast.While)):
        test = statement.test.operand if isinstance(statement.test, ast.UnaryOp) else statement.test
        yield "if u.a" if isinstance(test, ast.Attribute) else "if …"
    if isinstance(statement, ast.Raise) and statement.cause is not None:
        yield "raise … from"
    waiting = [part for part in ast.iter_child_nodes(statement) if not isinstance(part, (ast.stmt, ast.excepthandler))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, FUNCTIONS):
            continue
        yield from of_expression(node, caught)
        waiting.extend(ast.iter_child_nodes(node))


class Text:
    """The statements of a function: what runs behind each, by its text."""

    def __init__(self, function):
        self.behind, self.within, self.caught, self.clauses = {}, [], {}, []
        self.block(function.body, {RETURNED}, set(), frozenset())

    def block(self, body, behind, cleanups, caught):
        for place, statement in enumerate(body):
            rest = self.starts(body[place + 1 :]) or behind
            self.statement(statement, rest, cleanups, caught)

    @staticmethod
    def starts(body):
        """The line of the first statement that has one; of those before it that may have none, too."""
        lines = set()
        for statement in body:
            lines.add(statement.lineno)
            silent = isinstance(statement, SILENT) or isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
            if not silent:
                break
        return lines

    def statement(self, statement, behind, cleanups, caught):
        self.within.append(statement)
        self.caught[statement] = caught
        normal = set(behind)
        if isinstance(statement, (ast.Return, ast.Break, ast.Continue)):
            normal |= {RETURNED} | cleanups
        elif isinstance(statement, ast.If):
            normal |= self.starts(statement.body) | self.starts(statement.orelse)
            self.block(statement.body, behind, cleanups, caught)
            self.block(statement.orelse, behind, cleanups, caught)
        elif isinstance(statement, (ast.For, ast.While)):
            first = self.starts(statement.body)
            left = self.starts(statement.orelse) | behind
            # A `for` may also have no items: that it has one is asked.
            normal = first if isinstance(statement, ast.For) else first | left
            again = left | first | ({statement.lineno} if isinstance(statement, ast.While) else set())
            self.block(statement.body, again, cleanups, caught)
            self.block(statement.orelse, behind, cleanups, caught)
        elif isinstance(statement, ast.With):
            normal = self.starts(statement.body)
            self.block(statement.body, behind, cleanups | behind, caught)
        elif isinstance(statement, ast.Try):
            final = self.starts(statement.finalbody)
            after, inside = final or behind, cleanups | final
            self.block(statement.body, self.starts(statement.orelse) or after, inside, caught)
            for handler in statement.handlers:
                self.clauses.append(handler)
                self.block(handler.body, after, inside, caught | ({handler.name} if handler.name else frozenset()))
            self.block(statement.orelse, after, inside, caught)
            self.block(statement.finalbody, behind, cleanups, caught)
        self.behind[statement] = normal


class Graph:
    """What of a graph is asked: which lines start behind a line, before any other of the function."""

    def __init__(self, written, name, lines):
        self.terms = [term.split(" ") for term in written["terms"]]
        self.shown, self.lines = {}, lines
        self.next = collections.defaultdict(list)
        self.starts = collections.defaultdict(list)
        for step in written["transitions"]:
            self.next[step["from"]].append(step)
            if "line" in step:
                self.starts[step["line"]].append(step["to"])
        self.name = name

    def term(self, number, depth=6):
        term = self.terms[number]
        parts = [self.term(int(part), depth - 1) for part in term[1:]] if depth else ["…"] * (len(term) > 1)
        return term[0] if len(term) == 1 else "(" + " ".join([term[0], *parts]) + ")"

    def says(self, step):
        for event in step.get("events", []):
            if event["term"] not in self.shown:
                self.shown[event["term"]] = self.term(event["term"])
            yield self.shown[event["term"]]

    def behind(self, line):
        """The lines that start next, and whether the function returns or yields; and the classes that are raised meanwhile."""
        found, raised, seen = set(), set(), set()
        waiting = list(self.starts[line])
        while waiting:
            state = waiting.pop()
            if state in seen:
                continue
            seen.add(state)
            for step in self.next[state]:
                if step.get("line") in self.lines:
                    found.add(step["line"])
                    continue
                goes_on = True
                for said in self.says(step):
                    if said.startswith("(chained (exception (class "):
                        raised.add(said.split()[3])
                    elif said.startswith(f"(leave (body {self.name}) (raising"):
                        goes_on = False
                    elif said.startswith(f"(leave (body {self.name}) "):
                        found.add(RETURNED)
                        goes_on = False
                    elif said.startswith("(yielded"):
                        found.add(YIELDED)
                if goes_on:
                    waiting.append(step["to"])
        return found, raised


def audited(trylemma, file, seconds):
    """What became of a file, and its constructs: (kind, line, whether it completes)."""
    source = file.read_text(encoding="utf-8")
    name = source.splitlines()[0].rsplit(" ", 1)[-1]
    tree = ast.parse(source)
    function = next(node for node in tree.body if isinstance(node, FUNCTIONS))
    command = [trylemma, "explore", file, "--entry", name, "--unknown", "--format", "json", "--limit", "states=60000"]
    try:
        made = subprocess.run(command, capture_output=True, text=True, timeout=seconds)
    except subprocess.TimeoutExpired:
        return "no answer in time", []
    if not made.stdout or made.returncode == 2:
        return "refused: " + (made.stderr.strip().splitlines() or ["?"])[0], []
    written = json.loads(made.stdout)
    if written.get("limit"):
        return "cut off", []
    text = Text(function)
    lines = {statement.lineno for statement in text.within}
    graph = Graph(written, name, lines)
    found = []
    for statement in text.within:
        kinds = list(of_statement(statement, text.caught[statement]))
        if not kinds:
            continue
        behind, raised = graph.behind(statement.lineno)
        if isinstance(statement, ast.Raise):
            # What is raised instead, where the construct has no normal path, is a TypeError.
            completes = bool(raised - {"TypeError"}) or "TypeError" in ast.unparse(statement)
        else:
            normal = text.behind[statement]
            yields = any(isinstance(part, (ast.Yield, ast.YieldFrom)) for part in ast.walk(statement))
            completes = bool(behind & normal) or yields and YIELDED in behind
        reached = bool(graph.starts[statement.lineno])
        found.extend((kind, statement.lineno, completes, reached) for kind in kinds)
    for clause in text.clauses:
        condition = clause.type
        if isinstance(condition, ast.Attribute) or isinstance(condition, ast.Name) and not hasattr(builtins, condition.id):
            started = any(graph.starts[line] for line in Text.starts(clause.body))
            found.append(("except E", clause.lineno, started, started))
    return "audited", found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("trylemma")
    parser.add_argument("files", nargs="+", type=pathlib.Path)
    parser.add_argument("--sample", type=int, help="so many of the files, drawn")
    parser.add_argument("--seed", type=int, default=12)
    parser.add_argument("--seconds", type=float, default=60, help="for each file")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    files = sorted(options.files)
    if options.sample is not None:
        files = sorted(random.Random(options.seed).sample(files, min(options.sample, len(files))))
    became, kinds, failures = collections.Counter(), collections.defaultdict(lambda: [0, 0]), []
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        results = pool.map(lambda file: audited(options.trylemma, file, options.seconds), files)
        for file, (what, found) in zip(files, results):
            became[what] += 1
            if what != "audited":
                print(f"{file.name}: {what}")
            for kind, line, completes, reached in found:
                # What is never reached tells nothing of itself: what it stands behind is told.
                if not reached and kind != "except E":
                    became["constructs never reached"] += 1
                    continue
                kinds[kind][0] += completes
                kinds[kind][1] += 1
                if not completes:
                    failures.append(f"{file.name}:{line}: {kind}")
    print(*failures, sep="\n")
    for what, count in became.most_common():
        print(f"{count:6} {what}")
    for kind, (good, all_of_kind) in sorted(kinds.items(), key=lambda entry: -entry[1][1]):
        print(f"{100 * good / all_of_kind:6.1f} %  {good:5} of {all_of_kind:5}  {kind}")
    good, total = (sum(counts[place] for counts in kinds.values()) for place in (0, 1))
    share = 100 * good / total if total else 0.0
    print(f"{share:6.2f} %  {good} of {total} constructs have their normal path")
    sys.exit(share < 98)


if __name__ == "__main__":
    main()
