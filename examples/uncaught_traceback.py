# Mission row B4: an uncaught exception. The cleanup's output comes first, then the
# traceback, with the last line `ValueError: oops`.

def work():
    try:
        print("working")
        raise ValueError("oops")
    finally:
        print("cleaning up")


work()
print("never printed")
