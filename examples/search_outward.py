# When no clause matches, the search goes on in the surrounding code,
# then up the invocation stack. What lies on the way is left, its cleanup done.

def inner():
    try:
        try:
            raise ValueError("deep")
        except KeyError:
            print("never: the innermost clauses")
    except TypeError:
        print("never: the surrounding clauses")
    finally:
        print("inner cleanup")
    print("never: behind the statement")


def middle():
    try:
        inner()
    except LookupError:
        print("never: the caller's clauses")
    finally:
        print("middle cleanup")


try:
    middle()
except ValueError as e:
    print("found two calls up:", e)
