# Runs one program as `__main__` inside a CPython that goes on living (pyodide), as `python3 FILE` would.
import builtins, gc, io, linecache, os, sys, types, warnings
import contextlib, traceback, time, functools, collections, itertools, unittest  # kept in sys.modules; slow to import

_builtins = dict(builtins.__dict__)
_sys = {n: getattr(sys, n) for n in (
    "stdout", "stderr", "stdin", "__stdout__", "__stderr__", "__stdin__", "excepthook", "unraisablehook",
    "displayhook", "argv", "path", "ps1", "ps2", "path_hooks", "meta_path") if hasattr(sys, n)}
_path = list(sys.path)
_filters = [("default", None, DeprecationWarning, "__main__", 0), ("ignore", None, DeprecationWarning, None, 0),
            ("ignore", None, PendingDeprecationWarning, None, 0), ("ignore", None, ImportWarning, None, 0),
            ("ignore", None, ResourceWarning, None, 0)]
_modules = dict(sys.modules)
_limit = 1000
_show = warnings.showwarning

gc.collect()
gc.freeze()  # collections look at the program's objects only


def _stream():
    return io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="backslashreplace", newline="\n", write_through=True)


def _show_exception(e):
    tb = e.__traceback__
    while tb is not None and tb.tb_frame.f_globals.get("__name__") == "_recorder":
        tb = tb.tb_next
    e.__traceback__ = tb
    sys.excepthook(type(e), e, tb)


def _exit_code(e, err):
    code = e.code
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 0xFF
    print(code, file=err)
    return 1


def _go(source, path, main):
    try:
        exec(compile(source, path, "exec", dont_inherit=True), main.__dict__)
    except SystemExit as e:
        return _exit_code(e, sys.stderr)
    except BaseException as e:
        _show_exception(e)
        return 130 if isinstance(e, KeyboardInterrupt) else 1
    return 0


def run(path, stdin):
    with open(path, "rb") as f:
        source = f.read()
    out, err = _stream(), _stream()
    sys.stdout = sys.__stdout__ = out
    sys.stderr = sys.__stderr__ = err
    sys.stdin = sys.__stdin__ = io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8")
    sys.argv = [path]
    sys.path[:] = [os.path.dirname(path)] + _path
    sys.setrecursionlimit(_limit + 3)
    warnings.filters[:] = _filters
    linecache.clearcache()
    old = os.getcwd()
    os.chdir(os.path.dirname(path))
    main = types.ModuleType("__main__")
    main.__dict__.update(__builtins__=builtins, __file__=path, __cached__=None)
    sys.modules["__main__"] = main
    try:
        code = _go(source, path, main)
        if hasattr(sys, "last_exc"):
            for n in ("last_exc", "last_type", "last_value", "last_traceback"):
                if hasattr(sys, n):
                    delattr(sys, n)
        sys.modules["__main__"] = _modules["__main__"]
        del main
        gc.collect()
    finally:
        os.chdir(old)
        for n, v in _sys.items():
            setattr(sys, n, v)
        sys.path[:] = _path
        sys.setrecursionlimit(_limit)
        warnings.showwarning = _show
        for n in list(sys.modules):
            if n not in _modules:
                f = getattr(sys.modules[n], "__file__", None)
                if f is None or f.startswith("/host/"):
                    del sys.modules[n]
        sys.modules["__main__"] = _modules["__main__"]
        for n in list(builtins.__dict__):
            if n not in _builtins:
                del builtins.__dict__[n]
        builtins.__dict__.update(_builtins)
        sys.path_importer_cache.clear()
    return [out.buffer.getvalue().decode("utf-8", "replace"), err.buffer.getvalue().decode("utf-8", "replace"), code]
