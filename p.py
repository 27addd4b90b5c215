class Tap:
    def __iter__(self): return self
    def __next__(self): return "next"
    def send(self, value): return ("sent", value)

def gen():
    yield from Tap()

it = gen()
print(next(it), it.send(None), it.send(0), it.send("x"))
