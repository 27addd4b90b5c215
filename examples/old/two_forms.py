# The two forms of the try statement before Python 2.5: where both are wanted, one stands inside the other.
def work(kind):
    try:
        try:
            raise kind, "failed"
        except IndexError, reason:
            print "caught:", reason
        else:
            print "nothing failed"
    finally:
        print "closed"

work(IndexError)
try:
    work(ValueError)
except ValueError, reason:
    print "not caught inside:", reason
