"""A file is opened before the `try` and closed in `finally`, so it is closed whether or not the
processing fails. Here the third line of open_file.txt is no number. `open` stands before the `try`: if it fails,
there is nothing to close. (unclosed_file.py shows what goes wrong otherwise.)"""


def total(name, strict):
    file = open(name)
    try:
        amount = 0
        for line in file:
            try:
                amount += int(line)
            except ValueError:
                if strict:
                    raise
                print("skipped:", line.strip())
        return amount
    finally:
        file.close()
        print("closed:", file.closed)


directory = __file__.rpartition("/")[0] or "."
name = directory + "/open_file.txt"
print("total:", total(name, strict=False))
try:
    print("total:", total(name, strict=True))
except ValueError as e:
    print("failed:", e)
try:
    total(directory + "/no-such-file.txt", strict=False)
except FileNotFoundError as e:
    print("never opened:", e.strerror)
