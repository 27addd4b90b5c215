# Files. What a program writes is kept here and read back; nothing is written to a disk.


class _UnsupportedOperation(OSError, ValueError):
    __module__ = "io"


class _Disk:
    # By absolute path: text as it would be in UTF-8, or bytes.
    written = {}


def open(file, mode="r", buffering=None, encoding=None, errors=None, newline=None, closefd=True, opener=None):
    file = _file_path(file)
    path = prim.str(file, "utf-8") if prim.isinstance(file, _bytes) else file
    _check_text("mode", mode, False)
    _check_text("encoding", encoding, True)
    _check_text("errors", errors, True)
    _check_text("newline", newline, True)
    how = _open_mode(mode)
    binary = prim.contains(mode, "b")
    _check_options(mode, binary, buffering, encoding, errors, newline)
    if opener is not None:
        prim.not_modelled("`opener` of `open`")
    if prim.contains(path, "\0"):
        raise ValueError("embedded null byte")
    key = prim.file_key(path)
    _prepare(file, path, key, how)
    reads = how == "r" or prim.contains(mode, "+")
    writes = how != "r" or prim.contains(mode, "+")
    if not binary:
        return _TextIOWrapper(file, mode, key, encoding, errors, newline, reads, writes, how == "a")
    if reads and writes:
        return _BufferedRandom(file, f"{how}b+", key, reads, writes, how == "a")
    if reads:
        return _BufferedReader(file, "rb", key, reads, writes, False)
    return _BufferedWriter(file, f"{how}b", key, reads, writes, how == "a")


def _file_path(file):
    if prim.isinstance(file, _int):
        prim.not_modelled("`open` of a number")
    if not prim.isinstance(file, _str) and not prim.isinstance(file, _bytes):
        method = prim.special(file, "__fspath__")
        if method is _missing:
            name = prim.type_name(file)
            raise TypeError(f"expected str, bytes or os.PathLike object, not {name}")
        file = method()
    return prim.payload(file)


def _check_text(name, value, optional):
    if prim.isinstance(value, _str) or optional and value is None:
        return
    kind = prim.type_name(value)
    wanted = "str or None" if optional else "str"
    raise TypeError(f"open() argument '{name}' must be {wanted}, not {kind}")


def _open_mode(mode):
    """Which of r, w, a and x a mode has."""
    how = ""
    seen = ""
    for letter in mode:
        if not prim.contains("rwaxbt+", letter) or prim.contains(seen, letter):
            raise ValueError(f"invalid mode: '{mode}'")
        seen = f"{seen}{letter}"
        if prim.contains("rwax", letter):
            how = f"{how}{letter}"
    if prim.contains(mode, "b") and prim.contains(mode, "t"):
        raise ValueError("can't have text and binary mode at once")
    if prim.length(how) > 1:
        raise ValueError("must have exactly one of create/read/write/append mode")
    return how


def _check_options(mode, binary, buffering, encoding, errors, newline):
    if binary:
        if encoding is not None:
            raise ValueError("binary mode doesn't take an encoding argument")
        if errors is not None:
            raise ValueError("binary mode doesn't take an errors argument")
        if newline is not None:
            raise ValueError("binary mode doesn't take a newline argument")
        if buffering == 0:
            prim.not_modelled("`open` without a buffer")
    if not prim.contains(mode, "r") and not prim.contains(mode, "w"):
        if not prim.contains(mode, "a") and not prim.contains(mode, "x"):
            raise ValueError("Must have exactly one of create/read/write/append mode and at most one plus")
    if buffering == 0:
        raise ValueError("can't have unbuffered text I/O")
    if newline is not None and newline != "" and newline != "\n" and newline != "\r" and newline != "\r\n":
        raise ValueError(f"illegal newline value: {newline}")
    if encoding is not None:
        prim.bytes("", encoding)


def _prepare(file, path, key, how):
    """Finds, makes or empties the file."""
    if key in _Disk.written:
        if how == "x":
            raise FileExistsError(17, "File exists", file)
        if how == "w":
            _Disk.written[key] = ""
        return
    if how == "r":
        _Disk.written[key] = prim.read_file(path)
        return
    if prim.file_key(f"{path}/..") in _Disk.written:
        raise NotADirectoryError(20, "Not a directory", file)
    there = prim.file_state(path)
    if there and how == "x":
        raise FileExistsError(17, "File exists", file)
    _Disk.written[key] = prim.read_file(path) if there and how == "a" else ""


class _TextIOWrapper:
    __module__ = "_io"

    def __init__(self, name, mode, key, encoding, errors, newline, reads, writes, appends):
        self.name = name
        self.mode = mode
        self.encoding = "UTF-8" if encoding is None else encoding
        self.errors = "strict" if errors is None else errors
        self.newlines = None
        self.line_buffering = False
        self.write_through = False
        self.closed = False
        self._key = key
        self._newline = newline
        self._reads = reads
        self._writes = writes
        self._appends = appends
        self._next = False
        self._data = None
        self._text = ""
        self._position = prim.length(self._content()) if appends else 0

    # What is in the file, as text; what others write to it is seen.
    def _content(self):
        data = _Disk.written[self._key]
        if data is not self._data:
            text = data
            if prim.isinstance(data, _bytes) or not self._is_utf8():
                plain = data if prim.isinstance(data, _bytes) else prim.bytes(data, "utf-8")
                text = prim.str(plain, self.encoding, self.errors)
            if self._newline is None and prim.contains(text, "\r"):
                text = text.replace("\r\n", "\n").replace("\r", "\n")
            self._data = data
            self._text = text
        return self._text

    def _is_utf8(self):
        return self.encoding.lower() in ("utf-8", "utf8")

    def _keep(self, text):
        data = text
        if not self._is_utf8():
            data = prim.bytes(text, self.encoding, self.errors)
        _Disk.written[self._key] = data
        if self._newline is None:
            self._data = data
            self._text = text

    def _check(self):
        if self.closed:
            raise ValueError("I/O operation on closed file.")

    def _check_reading(self):
        self._check()
        if not self._reads:
            raise _UnsupportedOperation("not readable")

    def __enter__(self):
        self._check()
        return self

    def __exit__(self, kind, error, traceback):
        self.close()

    def __iter__(self):
        self._check()
        return self

    def __next__(self):
        self._check()
        self._next = True
        line = self.readline()
        if line == "":
            self._next = False
            raise StopIteration
        return line

    def close(self):
        self.closed = True

    def flush(self):
        self._check()

    def isatty(self):
        self._check()
        return False

    def fileno(self):
        self._check()
        prim.not_modelled("`fileno` of a file")

    def readable(self):
        if self._reads:
            self._check()
        return self._reads

    def writable(self):
        if self._writes:
            self._check()
        return self._writes

    def seekable(self):
        self._check()
        return True

    def read(self, size=-1, /):
        self._check_reading()
        if size is not None:
            size = _read_size(size)
        self._next = False
        text = self._content()
        start = self._position
        end = prim.length(text)
        if size is not None and size >= 0 and start + size < end:
            end = start + size
        if start >= end:
            return ""
        self._position = end
        return prim.item(text, prim.slice(start, end, None))

    def readline(self, size=-1, /):
        self._check_reading()
        size = _index(size)
        text = self._content()
        start = self._position
        if start >= prim.length(text):
            return ""
        end = self._line_end(text, start)
        if size >= 0 and start + size < end:
            end = start + size
        self._position = end
        return prim.item(text, prim.slice(start, end, None))

    def _line_end(self, text, start):
        if self._newline is None or self._newline == "\n":
            return prim.line_end(text, start)
        mark = self._newline
        if mark == "":
            mark = "\n"
            first = text.find("\r", start)
            if first >= 0 and first < prim.line_end(text, start) - 1:
                return first + 2 if text.startswith("\r\n", first) else first + 1
            return prim.line_end(text, start)
        found = text.find(mark, start)
        return prim.length(text) if found < 0 else found + prim.length(mark)

    def readlines(self, hint=-1, /):
        self._check_reading()
        lines = prim.list()
        total = 0
        while True:
            line = self.readline()
            if line == "":
                return lines
            prim.append(lines, line)
            total = total + prim.length(line)
            if hint is not None and 0 < hint <= total:
                return lines

    def write(self, text, /):
        self._check()
        if not prim.isinstance(text, _str):
            kind = prim.type_name(text)
            raise TypeError(f"write() argument must be str, not {kind}")
        if not self._writes:
            raise _UnsupportedOperation("not writable")
        plain = prim.payload(text)
        length = prim.length(plain)
        # What cannot be encoded is not written.
        prim.bytes(plain, self.encoding, self.errors)
        if self._newline is not None and self._newline != "" and self._newline != "\n":
            plain = plain.replace("\n", self._newline)
        content = self._content()
        start = prim.length(content) if self._appends else self._position
        gap = start - prim.length(content)
        if gap > 0:
            content = content + "\0" * gap
        self._position = start + prim.length(plain)
        if start == prim.length(content):
            self._keep(content + plain)
        else:
            before = prim.item(content, prim.slice(None, start, None))
            self._keep(before + plain + prim.item(content, prim.slice(self._position, None, None)))
        return length

    def writelines(self, lines, /):
        self._check()
        for line in lines:
            self.write(line)

    # A place is told in bytes.

    def tell(self):
        self._check()
        if self._next:
            raise OSError("telling position disabled by next() call")
        before = prim.item(self._content(), prim.slice(None, self._position, None))
        return prim.length(prim.bytes(before, self.encoding, self.errors))

    def seek(self, cookie, whence=0, /):
        self._check()
        cookie = _index(cookie)
        if whence == 1:
            if cookie != 0:
                raise _UnsupportedOperation("can't do nonzero cur-relative seeks")
            return self.tell()
        if whence == 2:
            if cookie != 0:
                raise _UnsupportedOperation("can't do nonzero end-relative seeks")
            self._next = False
            self._position = prim.length(self._content())
            return self.tell()
        if whence != 0:
            raise ValueError(f"invalid whence ({whence}, should be 0, 1 or 2)")
        if cookie < 0:
            raise ValueError(f"negative seek position {cookie}")
        self._next = False
        whole = prim.bytes(self._content(), self.encoding, self.errors)
        beyond = cookie - prim.length(whole)
        start = prim.str(prim.item(whole, prim.slice(None, cookie, None)), self.encoding, self.errors)
        self._position = prim.length(start) + (beyond if beyond > 0 else 0)
        return cookie

    def truncate(self, pos=None, /):
        self._check()
        if not self._writes:
            raise _UnsupportedOperation("truncate")
        if pos is None:
            pos = self.tell()
        pos = _index(pos)
        whole = prim.bytes(self._content(), self.encoding, self.errors)
        whole = prim.item(whole, prim.slice(None, pos, None)) + b"\0" * (pos - prim.length(whole))
        self._keep(prim.str(whole, self.encoding, self.errors))
        return pos

    def __repr__(self):
        return f"<_io.TextIOWrapper name={self.name!r} mode={self.mode!r} encoding={self.encoding!r}>"


def _read_size(size):
    if not _has_index(size):
        kind = prim.type_name(size)
        raise TypeError(f"argument should be integer or None, not '{kind}'")
    return _index(size)


class _BinaryFile:
    __module__ = "_io"

    def __init__(self, name, mode, key, reads, writes, appends):
        self.name = name
        self.mode = mode
        self.closed = False
        self._key = key
        self._reads = reads
        self._writes = writes
        self._appends = appends
        self._position = prim.length(self._content()) if appends else 0

    def _content(self):
        data = _Disk.written[self._key]
        return data if prim.isinstance(data, _bytes) else prim.bytes(data, "utf-8")

    def _check(self, what):
        if self.closed:
            raise ValueError(f"{what} closed file")

    def _check_reading(self, name):
        if not self._reads:
            raise _UnsupportedOperation(name)

    def __enter__(self):
        if self.closed:
            raise ValueError("I/O operation on closed file.")
        return self

    def __exit__(self, kind, error, traceback):
        self.close()

    def __iter__(self):
        if self.closed:
            raise ValueError("I/O operation on closed file.")
        return self

    def __next__(self):
        if not self._reads:
            raise _UnsupportedOperation("read")
        line = self.readline()
        if line == b"":
            raise StopIteration
        return line

    def close(self):
        self.closed = True

    def flush(self):
        self._check("flush of")

    def isatty(self):
        return False

    def fileno(self):
        prim.not_modelled("`fileno` of a file")

    def readable(self):
        if self._reads:
            self._check("I/O operation on")
        return self._reads

    def writable(self):
        if self._writes:
            self._check("I/O operation on")
        return self._writes

    def seekable(self):
        self._check("I/O operation on")
        return True

    def read(self, size=-1, /):
        self._check_reading("read")
        if size is not None:
            size = _read_size(size)
            if size < -1:
                raise ValueError("read length must be non-negative or -1")
        self._check("read of")
        data = self._content()
        start = self._position
        end = prim.length(data)
        if size is not None and size >= 0 and start + size < end:
            end = start + size
        if start >= end:
            return b""
        self._position = end
        return prim.item(data, prim.slice(start, end, None))

    def read1(self, size=-1, /):
        return self.read(size)

    def peek(self, size=0, /):
        self._check_reading("peek")
        self._check("peek of")
        return prim.item(self._content(), prim.slice(self._position, None, None))

    def readline(self, size=-1, /):
        self._check_reading("read")
        self._check("readline of")
        data = self._content()
        start = self._position
        if start >= prim.length(data):
            return b""
        found = data.find(b"\n", start)
        end = prim.length(data) if found < 0 else found + 1
        if size is not None and 0 <= size and start + size < end:
            end = start + size
        self._position = end
        return prim.item(data, prim.slice(start, end, None))

    def readlines(self, hint=-1, /):
        lines = prim.list()
        total = 0
        for line in self:
            prim.append(lines, line)
            total = total + prim.length(line)
            if hint is not None and 0 < hint <= total:
                return lines
        return lines

    def write(self, data, /):
        if not self._writes:
            raise _UnsupportedOperation("write")
        if not prim.isinstance(data, _bytes):
            kind = prim.type_name(data)
            raise TypeError(f"a bytes-like object is required, not '{kind}'")
        self._check("write to")
        content = self._content()
        start = prim.length(content) if self._appends else self._position
        content = content + b"\0" * (start - prim.length(content))
        self._position = start + prim.length(data)
        before = prim.item(content, prim.slice(None, start, None))
        after = prim.item(content, prim.slice(self._position, None, None))
        _Disk.written[self._key] = before + prim.payload(data) + after
        return prim.length(data)

    def writelines(self, lines, /):
        for line in lines:
            self.write(line)

    def tell(self):
        self._check("I/O operation on")
        return self._position

    def seek(self, target, whence=0, /):
        self._check("seek of")
        place = _index(target)
        if whence == 1:
            place = self._position + place
        elif whence == 2:
            place = prim.length(self._content()) + place
        elif whence != 0:
            raise ValueError(f"whence value {whence} unsupported")
        if place < 0:
            raise OSError(22, "Invalid argument")
        self._position = place
        return place

    def truncate(self, pos=None, /):
        if not self._writes:
            raise _UnsupportedOperation("truncate")
        self._check("truncate of")
        pos = self._position if pos is None else _index(pos)
        data = self._content()
        _Disk.written[self._key] = prim.item(data, prim.slice(None, pos, None)) + b"\0" * (pos - prim.length(data))
        return pos

    def __repr__(self):
        kind = prim.type_name(self)
        return f"<_io.{kind} name={self.name!r}>"


class _BufferedReader(_BinaryFile):
    __module__ = "_io"


class _BufferedWriter(_BinaryFile):
    __module__ = "_io"


class _BufferedRandom(_BinaryFile):
    __module__ = "_io"
