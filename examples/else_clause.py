# Mission row C9: `else` runs when the suite raised nothing and fell off its end; what
# it raises is not handled by the clauses before it.

def attempt(suite, orelse):
    try:
        if suite == "raise":
            raise ValueError("from the suite")
        if suite == "return":
            return
    except ValueError as e:
        print("handled:", e)
    else:
        print("else")
        if orelse == "raise":
            raise ValueError("from else")
    print("behind the statement")


attempt("pass", "pass")
attempt("raise", "pass")
attempt("return", "pass")
try:
    attempt("pass", "raise")
except ValueError as e:
    print("not handled there:", e)
