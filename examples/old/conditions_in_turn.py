# Conditions are evaluated in turn, and only until one matches; a tuple matches where a member of it does, however deep.
def condition(number, classes):
    print "condition", number
    return classes

try:
    raise IndexError, "index"
except condition(1, KeyError):
    print "another class"
except condition(2, (TypeError, (ValueError, IndexError))):
    print "a member of the tuple"
except condition(3, IndexError):
    print "never evaluated"
