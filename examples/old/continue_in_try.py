# `continue` in the suite of a try statement: illegal before Python 2.1; since then the finally clause runs on the way.
for number in [1, 2, 3]:
    try:
        if number == 2:
            continue
        print "number", number
    finally:
        print "finally", number
