"""The `with` statement. What `finally` does by hand, `__exit__` does for every
block: it runs however the block is left, sees the exception, and may swallow it."""


class Ledger:
    def __init__(self, name):
        self.name = name

    def __enter__(self):
        print("open", self.name)
        return self

    def __exit__(self, kind, exception, traceback):
        print("close", self.name, "after", repr(exception))
        return kind is KeyError


def look_up(entries, key):
    with Ledger("accounts"), Ledger("copy"):
        return entries[key]
    print("the KeyError was swallowed")


print(look_up({"a": 1}, "a"))
print(look_up({"a": 1}, "b"))
try:
    look_up(None, "c")
except TypeError:
    print("a TypeError goes on")
