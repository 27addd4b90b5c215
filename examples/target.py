# Mission row C6: the matching clause's target receives the exception. After the
# suite of the clause, execution goes on after the whole `try`, the target unbound.

problem = "an older value"
try:
    raise ValueError("oops")
except KeyError as problem:
    print("never", problem)
except ValueError as problem:
    print("received", problem)
    print("a ValueError:", isinstance(problem, ValueError))
print("after the whole statement")

try:
    print(problem)
except NameError as e:
    print("the target is gone:", e)
