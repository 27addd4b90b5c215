# A text in memory, read and written like a file, as it was before Python 3.0.


class StringIO:
    def __init__(self, buf=""):
        self.buf = buf if isinstance(buf, str) else str(buf)
        self.pos = 0
        self.closed = False
        self.softspace = 0

    def _check_open(self):
        if self.closed:
            raise ValueError("I/O operation on closed file")

    def __iter__(self):
        return self

    def next(self):
        return self.__next__()

    def __next__(self):
        self._check_open()
        line = self.readline()
        if not line:
            raise StopIteration
        return line

    def close(self):
        if not self.closed:
            self.closed = True
            del self.buf, self.pos

    def isatty(self):
        self._check_open()
        return False

    def seek(self, pos, mode=0):
        self._check_open()
        if mode == 1:
            pos += self.pos
        elif mode == 2:
            pos += len(self.buf)
        self.pos = max(0, pos)

    def tell(self):
        self._check_open()
        return self.pos

    def read(self, n=-1):
        self._check_open()
        end = len(self.buf) if n is None or n < 0 else min(self.pos + n, len(self.buf))
        text = self.buf[self.pos:end]
        self.pos = end
        return text

    def readline(self, length=None):
        self._check_open()
        found = self.buf.find("\n", self.pos)
        end = len(self.buf) if found < 0 else found + 1
        if length is not None and length >= 0 and self.pos + length < end:
            end = self.pos + length
        text = self.buf[self.pos:end]
        self.pos = end
        return text

    def readlines(self, sizehint=0):
        lines = []
        line = self.readline()
        while line:
            lines.append(line)
            line = self.readline()
        return lines

    def truncate(self, size=None):
        self._check_open()
        if size is None:
            size = self.pos
        elif size < 0:
            raise IOError(22, "Negative size not allowed")
        elif size < self.pos:
            self.pos = size
        self.buf = self.getvalue()[:size]

    def write(self, s):
        self._check_open()
        if not s:
            return
        text = s if isinstance(s, str) else str(s)
        missing = self.pos - len(self.buf)
        if missing > 0:
            self.buf += "\0" * missing
        end = self.pos + len(text)
        self.buf = self.buf[:self.pos] + text + self.buf[end:]
        self.pos = end

    def writelines(self, iterable):
        for line in iterable:
            self.write(line)

    def flush(self):
        self._check_open()

    def getvalue(self):
        return self.buf
