# A lost exception at its smallest: the caller is told that all went well, and the
# exception is gone. `--property no-lost-exception` refutes it.

def save():
    try:
        raise OSError("disk full")
    finally:
        return "saved"


print(save())
