# Of two nested handlers for one exception, the outer does not see
# what the inner handled, unless the inner raises it again.

def attempt(again):
    try:
        try:
            raise ValueError("once")
        except ValueError as e:
            print("inner handler:", e)
            if again:
                raise
        print("behind the inner statement")
    except ValueError as e:
        print("outer handler:", e)


attempt(False)
attempt(True)
