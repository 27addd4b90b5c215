"""Records what CPython 3.14 does with the programs of `containers.txt`.

    python3.14 record.py < containers.txt > recorded && mv recorded containers.txt

reads each line up to its arrow. Without a CPython 3.14, npm `pyodide` has one: its integers are hashed in
32 bits, so the order of sets with members of more than 30 bits has to be looked up elsewhere.
"""
import sys


def typename(value):
    return type(value).__name__


def text(value):
    shown = repr(value)
    if "iterator object at" in shown:
        return f"<{typename(value)}>"
    return shown


def outcome(program):
    import ast
    import warnings

    warnings.simplefilter("ignore")
    names = {"typename": typename}
    statements = ast.parse(program).body
    last = None
    try:
        for statement in statements:
            if isinstance(statement, ast.Expr):
                code = compile(ast.Expression(statement.value), "p", "eval")
                last = eval(code, names)
            else:
                last = None
                exec(compile(ast.Module([statement], []), "p", "exec"), names)
    except Exception as error:
        return f"{typename(error)}: {error}".rstrip(": ") + (":" if not str(error) else "")
    return text(last)


def record(lines):
    for line in lines:
        line = line.rstrip("\n")
        program = line.split("  =>  ")[0]
        yield line if line.startswith("#") else f"{program}  =>  {outcome(program)}"


if __name__ == "__main__":
    for line in record(sys.stdin):
        print(line)
