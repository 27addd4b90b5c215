# Files where all paths are explored: opening, reading and writing one may fail, and what is in it is unknown; whether
# it is closed is not. (A run reads real files: see builtins/files.py.)


def open(file, mode="r", buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None):
    if not prim.is_unknown(file) and not isinstance(file, (str, bytes, int)) and not hasattr(file, "__fspath__"):
        raise TypeError(f"expected str, bytes or os.PathLike object, not {type(file).__name__}")
    prim.unknown_open()
    return TextIOWrapper(file, mode)


class TextIOWrapper:
    def __init__(self, name, mode):
        self.name = name
        self.mode = mode
        self.encoding = "UTF-8"
        self.closed = False

    def _check(self):
        if self.closed:
            raise ValueError("I/O operation on closed file.")

    def __enter__(self):
        self._check()
        return self

    def __exit__(self, kind, error, traceback):
        self.close()

    def close(self):
        if not self.closed:
            self._release()
            # What is still to be written may not fit. The file is closed all the same.
            if self.mode != "r" and self.writable():
                prim.unknown_close()

    def _release(self):
        self.closed = True
        return self

    def __iter__(self):
        self._check()
        return self

    def __next__(self):
        line = self.readline()
        if line:
            return line
        raise StopIteration

    def read(self, size=-1):
        self._check()
        return prim.unknown_read()

    def readline(self, size=-1):
        self._check()
        return prim.unknown_readline()

    def readlines(self, hint=-1):
        self._check()
        return prim.unknown_readlines()

    def write(self, text):
        self._check()
        return prim.unknown_write()

    def writelines(self, lines):
        self._check()
        for line in lines:
            self.write(line)

    def flush(self):
        self._check()
        prim.unknown_flush()

    def seek(self, offset, whence=0):
        self._check()
        return prim.unknown_seek()

    def tell(self):
        self._check()
        return prim.unknown_tell()

    def fileno(self):
        self._check()
        return prim.unknown_fileno()

    def readable(self):
        self._check()
        return "r" in self.mode or "+" in self.mode

    def writable(self):
        return "r" not in self.mode or "+" in self.mode

    def __repr__(self):
        return f"<_io.TextIOWrapper name='{self.name}' mode='{self.mode}' encoding='UTF-8'>"
