# A text stream in memory. Files come from `open`, which is not written here.

SEEK_SET = 0
SEEK_CUR = 1
SEEK_END = 2


# Files raise the same class, where the program opens some.
UnsupportedOperation = prim.library_class("_UnsupportedOperation")
if UnsupportedOperation is prim.missing:
    class UnsupportedOperation(OSError, ValueError):
        pass


class StringIO:
    def __init__(self, initial_value="", newline="\n"):
        if initial_value is not None and not isinstance(initial_value, str):
            name = type(initial_value).__name__
            raise TypeError(f"initial_value must be str or None, not {name}")
        self._text = "" if initial_value is None else initial_value
        self._position = 0
        self.closed = False

    def _check_open(self):
        if self.closed:
            raise ValueError("I/O operation on closed file")

    def __enter__(self):
        self._check_open()
        return self

    def __exit__(self, *details):
        self.close()

    def close(self):
        self.closed = True

    def flush(self):
        self._check_open()

    def readable(self):
        self._check_open()
        return True

    def writable(self):
        self._check_open()
        return True

    def seekable(self):
        self._check_open()
        return True

    def isatty(self):
        self._check_open()
        return False

    def getvalue(self):
        self._check_open()
        return self._text

    def tell(self):
        self._check_open()
        return self._position

    def seek(self, pos, whence=0):
        self._check_open()
        if whence == SEEK_SET:
            if pos < 0:
                raise ValueError(f"Negative seek position {pos}")
            self._position = pos
        elif whence == SEEK_CUR or whence == SEEK_END:
            if pos != 0:
                raise OSError("Can't do nonzero cur-relative seeks")
            if whence == SEEK_END:
                self._position = len(self._text)
        else:
            raise ValueError(f"Invalid whence ({whence}, should be 0, 1 or 2)")
        return self._position

    def truncate(self, pos=None):
        self._check_open()
        if pos is None:
            pos = self._position
        if pos < 0:
            raise ValueError(f"Negative size value {pos}")
        self._text = self._text[:pos]
        return pos

    def write(self, s):
        self._check_open()
        if not isinstance(s, str):
            raise TypeError(f"string argument expected, got '{type(s).__name__}'")
        # Writing past the end fills the gap, as in a file.
        gap = self._position - len(self._text)
        before = self._text[:self._position] + "\0" * gap
        self._position = self._position + len(s)
        self._text = before + s + self._text[self._position:]
        return len(s)

    def writelines(self, lines):
        for line in lines:
            self.write(line)

    def read(self, size=-1):
        self._check_open()
        start = self._position
        stop = len(self._text)
        if size is not None and size >= 0 and start + size < stop:
            stop = start + size
        if start < stop:
            self._position = stop
        return self._text[start:stop]

    def readline(self, size=-1):
        self._check_open()
        end = self._text.find("\n", self._position)
        count = len(self._text) - self._position if end < 0 else end + 1 - self._position
        if count < 0:
            count = 0
        if size is not None and 0 <= size < count:
            count = size
        return self.read(count)

    def readlines(self, hint=-1):
        lines = []
        total = 0
        for line in self:
            lines.append(line)
            total += len(line)
            if hint is not None and 0 < hint <= total:
                break
        return lines

    def __iter__(self):
        self._check_open()
        return self

    def __next__(self):
        line = self.readline()
        if not line:
            raise StopIteration
        return line
