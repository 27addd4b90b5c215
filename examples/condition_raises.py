"""An exception raised while a condition is evaluated cancels the search for a handler and starts a
new one around the whole statement. The clauses behind it are not looked at; `finally` still runs; the first
exception is the context of the second."""


def handled_kinds(table, name):
    return table[name]


def work(name):
    try:
        raise ValueError("the first exception")
    except handled_kinds({"values": ValueError}, name) as e:
        print("handled:", e)
    except Exception:
        print("never")
    finally:
        print("finally")


work("values")
try:
    work("keys")
except KeyError as e:
    print("from the condition:", repr(e))
    print("while handling:", repr(e.__context__))
