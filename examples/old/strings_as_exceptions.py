# Strings as exceptions, before Python 2.6: the very string matches, and not one that is equal to it.
Full = "buffer is full"
parts = ["buffer ", "is full"]
equal = parts[0] + parts[1]
if equal == Full:
    print "both strings are equal"
try:
    try:
        raise Full, 17
    except equal, size:
        print "the equal string matched"
except Full, size:
    print "the string itself matched:", size
