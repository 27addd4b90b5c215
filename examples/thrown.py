def doubtful():
    try:
        raise ValueError("v")
    except ValueError:
        yield 1


it = doubtful()
next(it)
try:
    it.throw(KeyError("k"))
except KeyError as e:
    print(repr(e.__context__))
