# sys.exc_type, sys.exc_value and sys.exc_traceback are set before the suite of the clause runs.
import sys

try:
    raise IndexError, "index"
except IndexError, reason:
    if sys.exc_type is IndexError and sys.exc_value is reason and sys.exc_traceback is not None:
        print "set before the suite runs"
print sys.exc_value, "is still there behind the statement"
