"""Writes behind each expression of a file what it gives, as `src/python/recorded.rs` compares it.

    python3 record.py FILE…     for what depends on a 64-bit machine: platform.txt
    node record.mjs FILE…       for the rest: CPython 3.14, as npm's pyodide has it
"""
import builtins, contextlib, io, json, math, operator, sys, time, warnings

warnings.simplefilter("ignore")
IN_PLACE = {name: getattr(operator, name) for name in dir(operator) if name[0] == "i" and callable(getattr(operator, name))}


def outcome(expression):
    streams = {1: io.StringIO(), 2: io.StringIO()}
    names = {**IN_PLACE, "math": math, "sys": sys, "time": time}
    try:
        with contextlib.redirect_stdout(streams[1]), contextlib.redirect_stderr(streams[2]):
            value = repr(eval(expression, names))
    except BaseException as error:
        value = f"{type(error).__name__}: {error.args!r}"
    for number, stream in streams.items():
        if stream.getvalue():
            return f"{number} {json.dumps(stream.getvalue(), ensure_ascii=False)}"
    return value


def record(text):
    lines = []
    for line in text.splitlines():
        if line.startswith("    =>"):
            continue
        lines.append(line)
        if line and not line.startswith("#"):
            lines.append(f"    => {outcome(line)}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    for path in sys.argv[1:]:
        with open(path) as file:
            text = file.read()
        with open(path, "w") as file:
            file.write(record(text))
