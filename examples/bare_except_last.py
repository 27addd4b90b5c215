# Mission row C2: an `except` without a condition comes last and matches everything
# that the clauses before it did not, also what does not derive from Exception.
# Moving it up is a syntax error.

def classify(problem):
    try:
        raise problem
    except LookupError:
        print("a lookup error")
    except Exception:
        print("another exception")
    except:
        print("everything else")


classify(KeyError)
classify(ValueError("text"))
classify(KeyboardInterrupt)
