# Mission row B1: no exception; an exception that is caught; an exception that is
# not caught, where `finally` runs and the exception goes on to the caller.

def work(problem):
    try:
        if problem == "none":
            print("no exception")
        elif problem == "value":
            raise ValueError("caught")
        else:
            raise KeyError("not caught")
    except ValueError as e:
        print("handler:", e)
    finally:
        print("finally after", problem)
    print("behind the statement after", problem)


work("none")
work("value")
try:
    work("key")
except KeyError as e:
    print("the caller gets", e)
