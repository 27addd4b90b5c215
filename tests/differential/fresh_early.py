"""What `fresh.py` does, for Python 2: runs programs, each as `__main__` of a fresh interpreter, a fork of this one."""
import json
import os
import signal
import sys
import tempfile
import traceback

SECONDS = 20


def execute(source, namespace):
    """The exit code, and the last line of the outcome."""
    try:
        exec(compile(source, "program.py", "exec", 0, True), namespace)
    except SystemExit as error:
        code = error.code if error.code is not None else 0
        code = code & 255 if isinstance(code, int) else 1
        return code, "exits %s" % code if code else "normal"
    except:
        kind, value = sys.exc_info()[:2]
        lines = "".join(traceback.format_exception_only(kind, value)).split("\n")
        return 1, "raises " + ([line for line in lines if line[:1].strip()] or [""])[0]
    return 0, "normal"


def child(source, output, last):
    os.dup2(output.fileno(), 1)
    os.dup2(os.open(os.devnull, os.O_RDWR), 2)
    os.dup2(2, 0)
    signal.alarm(SECONDS)
    namespace = sys.modules["__main__"].__dict__
    for name in list(namespace):
        if not name.startswith("__"):
            del namespace[name]
    # What was handled here is nothing to the program.
    sys.exc_clear()
    code, end = execute(source, namespace)
    os.write(last.fileno(), end)
    return code


def run(source):
    output, last = tempfile.TemporaryFile(), tempfile.TemporaryFile()
    pid = os.fork()
    if pid == 0:
        sys.exit(child(source, output, last))
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        return ["", "is ended by signal %s" % os.WTERMSIG(status)]
    for file in (output, last):
        file.seek(0)
    return [output.read().decode("utf-8", "replace"), last.read().decode("utf-8", "replace")]


def main():
    programs = json.load(sys.stdin)
    sys.stdout.flush()
    seen = [run(program.encode("utf-8")) for program in programs]
    json.dump({"version": list(sys.version_info[:2]), "seen": seen}, sys.stdout)
