"""Lists the exception classes of the standard library, one a line, as the chapter on classes has them.

    python3 tests/record/exceptions.py PYTHON…

Each PYTHON is asked for every module of its library that can be imported; a class that not all of them have is noted with the
first version that has it. Names of modules that need a terminal, a network or another system are left out by CPython itself.
"""

import json
import subprocess
import sys

ASK = r'''
import builtins, importlib, json, pkgutil, sys, warnings
warnings.simplefilter("ignore")
SKIPPED = {"antigravity", "this", "idlelib", "turtledemo", "test", "lib2to3", "__main__"}

def names():
    for name in sorted(getattr(sys, "stdlib_module_names", ()) or known()):
        if name.split(".")[0] in SKIPPED or name.startswith("_"):
            continue
        yield name
        try:
            module = importlib.import_module(name)
        except BaseException:
            continue
        if hasattr(module, "__path__"):
            for found in pkgutil.iter_modules(module.__path__):
                if not found.name.startswith("_") and found.name not in ("test", "tests"):
                    yield name + "." + found.name

def known():
    import os
    folder = os.path.dirname(os.__file__)
    found = {module.name for module in pkgutil.iter_modules([folder, folder + "/lib-dynload"])}
    return found - {"site-packages"} | set(sys.builtin_module_names)

def said(cls):
    if cls.__module__ == "builtins":
        return cls.__name__
    return cls.__module__ + "." + cls.__qualname__

found = {}
for name in names():
    try:
        module = importlib.import_module(name)
    except BaseException:
        continue
    for key, value in vars(module).items():
        if key.startswith("_") or not isinstance(value, type) or not issubclass(value, BaseException):
            continue
        if value.__module__ == "builtins" and value.__name__ == key:
            continue
        bases = [base for base in value.__bases__ if issubclass(base, BaseException)]
        found[name + "." + key] = [said(value), [said(base) for base in bases]]
json.dump([list(sys.version_info[:2]), found], sys.stdout)
'''


def asked(python):
    done = subprocess.run([python, "-c", ASK], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True)
    version, found = json.loads(done.stdout[done.stdout.rindex("[[", 0):] if not done.stdout.startswith("[[") else done.stdout)
    return tuple(version), found


def lines(pythons):
    versions = sorted((asked(python) for python in pythons), key=lambda one: one[0])
    meanings = {}
    for version, found in versions:
        for name, (own, bases) in found.items():
            meanings.setdefault(name, []).append((version, own, tuple(bases)))
    first = versions[0][0]
    for name in sorted(meanings):
        # What a name means in the newest version that has it.
        _, own, bases = meanings[name][-1]
        since = min(version for version, was, of in meanings[name] if (was, of) == (own, bases))
        # A class whose own name no module gives is listed by the name at hand.
        if own == name or own not in meanings and "." in own:
            listed = "(" + ", ".join(usable(base, meanings) for base in bases) + ")"
        else:
            listed = " = " + own
        yield name + listed + ("" if since == first else " since %d.%d" % since)


def usable(base, meanings):
    """A base whose own name no module gives is called by one that means it."""
    if "." not in base or base in meanings:
        return base
    same = sorted(name for name, known in meanings.items() if known[-1][1] == base)
    return same[0] if same else "Exception"


if __name__ == "__main__":
    print("\n".join(lines(sys.argv[1:])))
