"""Beyond mission row B2: `open` inside the `try`. When it fails, `finally` runs although there is no file: the name
is unbound, and the UnboundLocalError of the cleanup hides what really went wrong (it is still the context)."""


def first_line(name):
    try:
        file = open(name)
        return file.readline().strip()
    finally:
        file.close()
        print("closed")


directory = __file__.rpartition("/")[0] or "."
print(first_line(directory + "/open_file.txt"))
try:
    first_line(directory + "/no-such-file.txt")
except UnboundLocalError as e:
    print("the cleanup failed:", e)
    print("because of:", type(e.__context__).__name__)
