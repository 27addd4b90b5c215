# `except A, B:` has had three meanings.
A, B = ValueError, TypeError
try:
    raise A("raised")
except A, B:
    print(B)
