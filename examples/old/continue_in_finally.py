# `continue` in a finally clause: a syntax error before Python 3.8, where it drops the exception.
for number in [1, 2]:
    try:
        raise ValueError(number)
    finally:
        print(number)
        continue
