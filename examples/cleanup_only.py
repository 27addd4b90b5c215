# `try` with `finally` alone. The clause runs, and what the suite
# did goes on: here, nothing in the way.

def report():
    try:
        print("write the report")
    finally:
        print("close the report")


report()
print("done")
