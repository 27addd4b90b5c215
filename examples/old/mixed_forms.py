# Both kinds of clauses on one statement: a syntax error before Python 2.5.
try:
    raise IndexError, "failed"
except IndexError, reason:
    print "caught:", reason
finally:
    print "closed"
