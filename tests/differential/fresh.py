"""Runs programs, each as `__main__` of a fresh interpreter: a fork of this one that ends as usual.

Standard input is a JSON list of programs. Standard output is a JSON object: the version of this Python, and for each
program what it printed and how it ended: `normal`, `raises ` and the exception's line of the traceback, or `exits N`.

A program may import itself, as `litmus`. This file is imported, not run, so that `__main__` belongs to the programs:
`import fresh; fresh.main()`.
"""
import importlib.abc
import importlib.util
import json
import os
import signal
import sys
import tempfile
import traceback

SECONDS = 20


def ending(error):
    lines = "".join(traceback.format_exception_only(type(error), error)).split("\n")
    return "raises " + next((line for line in lines if line[:1].strip()), "")


def execute(source, namespace):
    """The exit code, and the last line of the outcome."""
    try:
        exec(compile(source, "program.py", "exec", dont_inherit=True), namespace)
    except SystemExit as error:
        code = error.code if error.code is not None else 0
        code = code & 255 if isinstance(code, int) else 1
        return code, f"exits {code}" if code else "normal"
    except BaseException as error:
        return 1, ending(error)
    return 0, "normal"


class Itself(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    def __init__(self, source):
        self.source = source

    def find_spec(self, name, path, target=None):
        return importlib.util.spec_from_loader(name, self) if name == "litmus" else None

    def get_source(self, name):
        return self.source


def child(source, output, last):
    os.dup2(output.fileno(), 1)
    os.dup2(os.open(os.devnull, os.O_RDWR), 2)
    os.dup2(2, 0)
    signal.alarm(SECONDS)
    # Its own frames are no part of the program's recursion.
    sys.setrecursionlimit(1003)
    sys.meta_path.append(Itself(source))
    namespace = sys.modules["__main__"].__dict__
    for name in list(namespace):
        if not name.startswith("__"):
            del namespace[name]
    code, end = execute(source, namespace)
    os.write(last.fileno(), end.encode("utf-8", "backslashreplace"))
    return code


def run(source):
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as last:
        pid = os.fork()
        if pid == 0:
            sys.exit(child(source, output, last))
        _, status = os.waitpid(pid, 0)
        if os.WIFSIGNALED(status):
            return ["", f"is ended by signal {os.WTERMSIG(status)}"]
        for file in (output, last):
            file.seek(0)
        return [output.read().decode("utf-8", "replace"), last.read().decode("utf-8")]


def main():
    programs = json.load(sys.stdin)
    sys.stdout.flush()
    seen = [run(program) for program in programs]
    json.dump({"version": list(sys.version_info[:2]), "seen": seen}, sys.stdout)

