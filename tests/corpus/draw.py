"""Draws functions with a `try` or `with` from the standard library and from the packages of packages.txt.

    python3 draw.py FOLDER [--count 1000] [--seed 12] [--packages FOLDER]

Each function goes into a file of its own in FOLDER/functions, its first line saying where it comes from, and
FOLDER/modules takes 60 modules of the standard library with a `try`, whole. The packages are downloaded with pip, from the
index that it is set up for. Functions that only mean something where they stand are left out: those that say
`super()`, `__class__` or `nonlocal`. Decorators are dropped, and a method is a function of `self`.
"""

import argparse
import ast
import io
import pathlib
import random
import subprocess
import sys
import sysconfig
import tarfile
import textwrap
import zipfile

HERE = pathlib.Path(__file__).parent
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
CLEANUPS = (ast.Try, ast.With, ast.AsyncWith, getattr(ast, "TryStar", ast.Try))
# Folders whose files are tests, generated, or of another Python.
APART = {"test", "tests", "testing", "idle_test", "lib2to3", "site-packages", "__pycache__", "_vendor", "turtledemo", "idlelib"}


def own(function):
    """The nodes of a function without those of the functions and classes in it."""
    waiting = list(function.body)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, FUNCTIONS + (ast.ClassDef, ast.Lambda)):
            waiting.extend(ast.iter_child_nodes(node))


def stands_alone(function):
    for node in ast.walk(function):
        if isinstance(node, ast.Nonlocal) or isinstance(node, ast.Name) and node.id == "__class__":
            return False
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super":
            return False
    return True


def functions_of(origin, text):
    """The functions of a module that have a `try` or `with` of their own, as (where, name, source)."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return
    lines = text.splitlines(keepends=True)
    for node in ast.walk(tree):
        if isinstance(node, FUNCTIONS) and stands_alone(node) and any(isinstance(n, CLEANUPS) for n in own(node)):
            source = textwrap.dedent("".join(lines[node.lineno - 1 : node.end_lineno]))
            try:
                compile(source, origin, "exec", dont_inherit=True)
            except (SyntaxError, ValueError):
                continue
            yield f"{origin}:{node.lineno}", node.name, source


def standard_library():
    root = pathlib.Path(sysconfig.get_paths()["stdlib"])
    for path in sorted(root.rglob("*.py")):
        inside = path.relative_to(root)
        if not APART & set(inside.parts):
            yield inside.as_posix(), path.read_text(encoding="utf-8", errors="replace")


def archives(folder):
    """The files of wheels and source archives, as (name, text)."""
    for archive in sorted(folder.iterdir()):
        if archive.suffix == ".whl":
            with zipfile.ZipFile(archive) as opened:
                names = sorted(opened.namelist())
                files = [(name, opened.read(name)) for name in names if name.endswith(".py")]
        else:
            with tarfile.open(archive) as opened:
                members = [m for m in opened.getmembers() if m.isfile() and m.name.endswith(".py")]
                files = sorted((m.name, opened.extractfile(m).read()) for m in members)
        for name, content in files:
            if not APART & set(pathlib.PurePosixPath(name).parts):
                yield name, io.TextIOWrapper(io.BytesIO(content), "utf-8", "replace").read()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--modules", type=int, default=60)
    parser.add_argument("--seed", type=int, default=12)
    parser.add_argument("--packages", type=pathlib.Path, help="archives that were downloaded before")
    options = parser.parse_args()
    packages = options.packages
    if packages is None:
        packages = options.folder / "packages"
        packages.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "-d", str(packages)]
        subprocess.run(command + ["-r", str(HERE / "packages.txt")], check=True)
    library = list(standard_library())
    found = [f for origin, text in library + list(archives(packages)) for f in functions_of(origin, text)]
    chance = random.Random(options.seed)
    drawn = sorted(chance.sample(found, min(options.count, len(found))))
    target = options.folder / "functions"
    target.mkdir(parents=True, exist_ok=True)
    for number, (where, name, source) in enumerate(drawn):
        (target / f"f{number:04}.py").write_text(f"# {where} {name}\n{source}", encoding="utf-8")
    with_try = [(origin, text) for origin, text in library if "/" not in origin and "try:" in text]
    target = options.folder / "modules"
    target.mkdir(parents=True, exist_ok=True)
    for origin, text in chance.sample(with_try, min(options.modules, len(with_try))):
        # In a folder of its own: beside others of the library it would import those.
        (target / origin[:-3]).mkdir(exist_ok=True)
        (target / origin[:-3] / origin).write_text(text, encoding="utf-8")
    print(f"{len(drawn)} of {len(found)} functions, {options.modules} modules in {options.folder}")


if __name__ == "__main__":
    main()
