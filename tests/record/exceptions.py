"""Lists the exception classes of the standard library, one a line, as the chapter on classes has them.

    python3 tests/record/exceptions.py PYTHON…

Each PYTHON is asked for every module of its library that can be imported; what not all of them have, or mean alike, is noted
with the first version that does, and the first that does no more. What stands between the lines `module-classes` of the chapter is this output,
for one CPython of each version from 3.8 on.
"""

import json
import subprocess
import sys

ASK = r'''
import builtins, importlib, json, pkgutil, sys, warnings
warnings.simplefilter("ignore")
SKIPPED = {"antigravity", "distutils", "this", "idlelib", "turtledemo", "test", "lib2to3", "__main__"}

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
    # Modules may print when they are imported.
    version, found = json.loads(done.stdout[done.stdout.index("[["):])
    return tuple(version), found


def lines(pythons):
    versions = sorted((asked(python) for python in pythons), key=lambda one: one[0])
    order = [version for version, _ in versions]
    meanings = {}
    for version, found in versions:
        for name in found:
            own, bases = found[name]
            # A class whose own name no module gives is listed by the name at hand.
            given = own
            if "." in own and own not in found:
                given = min(other for other in found if found[other][0] == own)
            meaning = " = " + given if given != name else listed(bases, found)
            meanings.setdefault(name, []).append((version, meaning))
    for name in sorted(meanings):
        spans = []
        for version, meaning in meanings[name]:
            if spans and spans[-1][2] == meaning and order.index(version) == order.index(spans[-1][1]) + 1:
                spans[-1][1] = version
            else:
                spans.append([version, version, meaning])
        for since, until, meaning in spans:
            yield (name + meaning + ("" if since == order[0] else " since %d.%d" % since)
                   + ("" if until == order[-1] else " until %d.%d" % order[order.index(until) + 1]))


def listed(bases, found):
    """The bases of a class; one whose own name no module gives is called by one that means it."""
    names = []
    for base in bases:
        same = sorted(name for name in found if found[name][0] == base)
        names.append(base if "." not in base or base in found else same[0] if same else "Exception")
    return "(" + ", ".join(names) + ")"


if __name__ == "__main__":
    print("\n".join(lines(sys.argv[1:])))
