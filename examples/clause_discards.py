# Mission row C10: `try … finally` saves the exception, runs the clause and raises the
# exception again. A `return`, `break`, `continue` or another exception in the clause
# loses it.

def kept():
    try:
        raise ValueError("saved")
    finally:
        print("the clause runs")


def lost_by_return():
    try:
        raise ValueError("lost")
    finally:
        return "return"


def lost_by_break():
    while True:
        try:
            raise ValueError("lost")
        finally:
            break
    return "break"


def lost_by_continue():
    again = True
    while again:
        again = False
        try:
            raise ValueError("lost")
        finally:
            continue
    return "continue"


def lost_by_exception():
    try:
        raise ValueError("lost")
    finally:
        raise KeyError("the new one")


try:
    kept()
except ValueError as e:
    print("raised again:", e)
print("lost by", lost_by_return())
print("lost by", lost_by_break())
print("lost by", lost_by_continue())
try:
    lost_by_exception()
except KeyError as e:
    print("lost by another exception:", e)
