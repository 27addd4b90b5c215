# Regular expressions, by backtracking: `_parser` turns a pattern into a tree, and `_matcher` goes through it. Patterns
# of bytes are matched as the text whose characters are the bytes. No `\N{…}`, no LOCALE, no DEBUG.


class PatternError(Exception):
    """What is wrong with a pattern, and where."""

    def __init__(self, msg, pattern=None, pos=None):
        self.msg = msg
        self.pattern = pattern
        self.pos = pos
        self.lineno = self.colno = None
        if pattern is not None and pos is not None:
            newline = "\n" if isinstance(pattern, str) else b"\n"
            self.lineno = pattern.count(newline, 0, pos) + 1
            self.colno = pos - pattern.rfind(newline, 0, pos)
            msg = f"{msg} at position {pos}"
            if newline in pattern:
                msg = f"{msg} (line {self.lineno}, column {self.colno})"
        super().__init__(msg)


error = PatternError


def _flag_parts(flags, prefix):
    """The names of flags, and the number of what has none."""
    known = ((256, "ASCII"), (2, "IGNORECASE"), (4, "LOCALE"), (32, "UNICODE"), (8, "MULTILINE"), (16, "DOTALL"),
             (64, "VERBOSE"), (128, "DEBUG"))
    names = [prefix + name for bit, name in known if flags & bit]
    rest = flags & ~510
    return names + [hex(rest)] if rest else names


class RegexFlag(int):
    @property
    def value(self):
        return int(self)

    @property
    def name(self):
        if not int(self) & 510:
            return None if int(self) else "NOFLAG"
        return "|".join(_flag_parts(int(self), ""))

    def __or__(self, other):
        return RegexFlag(int(self) | int(other))

    __ror__ = __or__

    def __and__(self, other):
        return RegexFlag(int(self) & int(other))

    __rand__ = __and__

    def __xor__(self, other):
        return RegexFlag(int(self) ^ int(other))

    __rxor__ = __xor__

    def __invert__(self):
        most = max(511, (1 << int(self).bit_length()) - 1)
        return RegexFlag(most ^ int(self))

    def __repr__(self):
        if int(self) and not int(self) & 510:
            return f"re.RegexFlag({int(self)})"
        return "|".join(_flag_parts(int(self), "re.")) or "re.NOFLAG"

    __str__ = __repr__


NOFLAG = prim.like(RegexFlag, 0)
I = IGNORECASE = prim.like(RegexFlag, 2)
M = MULTILINE = prim.like(RegexFlag, 8)
S = DOTALL = prim.like(RegexFlag, 16)
U = UNICODE = prim.like(RegexFlag, 32)
X = VERBOSE = prim.like(RegexFlag, 64)
A = ASCII = prim.like(RegexFlag, 256)


class Match:
    def __init__(self, pattern, string, pos, endpos, start, end, groups):
        self.re = pattern
        self.string = string
        self.pos = pos
        self.endpos = endpos
        self.lastindex = groups.get(0)
        self.lastgroup = None
        for name, number in pattern.groupindex.items():
            if number == self.lastindex:
                self.lastgroup = name
        self._spans = dict(groups)
        self._spans[0] = (start, end)

    def _number(self, group):
        if not isinstance(group, str):
            if hasattr(group, "__index__") and 0 <= group <= self.re.groups:
                return group
            raise IndexError("no such group")
        if group not in self.re.groupindex:
            raise IndexError("no such group")
        return self.re.groupindex[group]

    def span(self, group=0, /):
        return self._spans.get(self._number(group), (-1, -1))

    def start(self, group=0, /):
        return self.span(group)[0]

    def end(self, group=0, /):
        return self.span(group)[1]

    @property
    def regs(self):
        return tuple([self.span(number) for number in range(self.re.groups + 1)])

    def _text(self, group, default=None):
        start, end = self.span(group)
        return default if start < 0 else self.string[start:end]

    def group(self, *numbers):
        if len(numbers) < 2:
            return self._text(numbers[0] if numbers else 0)
        return tuple([self._text(number) for number in numbers])

    def __getitem__(self, group):
        return self._text(group)

    def groups(self, default=None):
        return tuple([self._text(number, default) for number in range(1, self.re.groups + 1)])

    def groupdict(self, default=None):
        return {name: self._text(number, default) for name, number in self.re.groupindex.items()}

    def expand(self, template):
        return _expanded(_parsed_template(self.re, template), self)

    def __copy__(self):
        return self

    def __repr__(self):
        return f"<re.Match object; span={self.span()}, match={self._text(0)!r}>"


def _checked_text(string, is_text):
    if not (isinstance(string, str) or isinstance(string, bytes)):
        raise TypeError(f"expected string or bytes-like object, got '{type(string).__name__}'")
    if isinstance(string, str) != is_text:
        kind, other = ("string", "bytes-like") if is_text else ("bytes", "string-like")
        raise TypeError(f"cannot use a {kind} pattern on a {other} object")
    return prim.taken_for(string, str if is_text else bytes)


def _checked_flags(pattern, flags):
    if isinstance(pattern, str):
        if flags & 4:
            raise ValueError("cannot use LOCALE flag with a str pattern")
        if not flags & 256:
            return flags | 32
        if flags & 32:
            raise ValueError("ASCII and UNICODE flags are incompatible")
    elif flags & 32:
        raise ValueError("cannot use UNICODE flag with a bytes pattern")
    if flags & 4:
        prim.not_modelled("the flag LOCALE")
    return flags


class Pattern:
    def __init__(self, pattern, flags):
        if not isinstance(pattern, (str, bytes)):
            raise TypeError("first argument must be string or compiled pattern")
        self.pattern = pattern
        self._is_text = isinstance(pattern, str)
        # Bytes are ASCII characters and others that are nothing.
        extra = 0 if self._is_text else 256
        from re._matcher import matches
        from re._parser import Parser
        parser = Parser(pattern, flags | extra)
        self._matches = matches
        self._tree = parser.alternatives(flags | extra, True)
        if extra and not flags & 256:
            parser.flags &= ~256
        self.flags = _checked_flags(pattern, parser.flags)
        if parser.position < len(parser.pattern):
            parser.error("unbalanced parenthesis", parser.position)
        for number, position in parser.asked.items():
            if number > parser.groups:
                parser.error(f"invalid group reference {number}", position)
        self.groups = parser.groups
        self.groupindex = parser.names

    def _bounds(self, string, pos, endpos):
        size = len(string)
        end = size if endpos is None else max(0, min(endpos, size))
        return max(0, min(pos, size)), end

    def _seen(self, string, end):
        return (string if self._is_text else string.decode("latin-1"))[:end]

    def _match_at(self, string, text, pos, position, whole, not_empty=False):
        for end, groups in self._matches(self._tree, text, position, {}):
            if (not whole or end == len(text)) and not (not_empty and end == position):
                return Match(self, string, pos, len(text), position, end, groups)
        return None

    def _search_from(self, string, text, pos, position, not_empty):
        while position <= len(text):
            found = self._match_at(string, text, pos, position, False, not_empty)
            if found is not None:
                return found
            not_empty = False
            position += 1
        return None

    def match(self, string, pos=0, endpos=None):
        string = _checked_text(string, self._is_text)
        if prim.is_unknown(string):
            from re._unknown import perhaps
            return perhaps(self, string)
        pos, end = self._bounds(string, pos, endpos)
        return None if pos > end else self._match_at(string, self._seen(string, end), pos, pos, False)

    def fullmatch(self, string, pos=0, endpos=None):
        string = _checked_text(string, self._is_text)
        if prim.is_unknown(string):
            from re._unknown import perhaps
            return perhaps(self, string)
        pos, end = self._bounds(string, pos, endpos)
        return None if pos > end else self._match_at(string, self._seen(string, end), pos, pos, True)

    def search(self, string, pos=0, endpos=None):
        string = _checked_text(string, self._is_text)
        if prim.is_unknown(string):
            from re._unknown import perhaps
            return perhaps(self, string)
        pos, end = self._bounds(string, pos, endpos)
        return self._search_from(string, self._seen(string, end), pos, pos, False)

    def finditer(self, string, pos=0, endpos=None):
        string = _checked_text(string, self._is_text)
        if prim.is_unknown(string):
            from re._unknown import each
            return each(self, string)
        pos, end = self._bounds(string, pos, endpos)
        return self._each(string, self._seen(string, end), pos)

    def _each(self, string, text, pos):
        position = pos
        not_empty = False
        while True:
            found = self._search_from(string, text, pos, position, not_empty)
            if found is None:
                return
            yield found
            position = found.end()
            # An empty match is not found again where it was.
            not_empty = found.end() == found.start()

    def findall(self, string, pos=0, endpos=None):
        empty = "" if self._is_text else b""
        result = []
        for found in self.finditer(string, pos, endpos):
            if self.groups == 0:
                result.append(found.group())
            elif self.groups == 1:
                result.append(found.groups(empty)[0])
            else:
                result.append(found.groups(empty))
        return result

    def split(self, string, maxsplit=0):
        string = _checked_text(string, self._is_text)
        pieces = []
        position = 0
        number = 0
        for found in self.finditer(string):
            if maxsplit < 0 or maxsplit and number == maxsplit:
                break
            pieces.append(string[position:found.start()])
            pieces.extend(found.groups())
            position = found.end()
            number += 1
        pieces.append(string[position:])
        return pieces

    def subn(self, repl, string, count=0):
        string = _checked_text(string, self._is_text)
        if prim.is_unknown(string):
            from re._unknown import replaced
            return replaced(self, repl, string)
        parts = None if callable(repl) else _parsed_template(self, repl)
        pieces = []
        position = 0
        number = 0
        for found in self.finditer(string):
            if count and number == count:
                break
            pieces.append(string[position:found.start()])
            piece = repl(found) if parts is None else _expanded(parts, found)
            if piece is not None:
                pieces.append(piece)
            position = found.end()
            number += 1
        pieces.append(string[position:])
        return ("" if self._is_text else b"").join(pieces), number

    def sub(self, repl, string, count=0):
        return self.subn(repl, string, count)[0]

    def __eq__(self, other):
        if not isinstance(other, Pattern):
            return NotImplemented
        return self.flags == other.flags and self.pattern == other.pattern

    def __hash__(self):
        return hash((self.flags, self.pattern))

    def __copy__(self):
        return self

    def __repr__(self):
        shown = self.flags & ~32 if self._is_text else self.flags
        parts = [repr(self.pattern)[:200]] + (["|".join(_flag_parts(shown, "re."))] if shown else [])
        return f"re.compile({', '.join(parts)})"


def _parsed_template(pattern, repl):
    if prim.is_unknown(repl):
        from re._unknown import any_template
        return any_template(pattern, repl)
    from re._parser import parse_template
    return parse_template(pattern, repl)


def _expanded(parts, match):
    empty = match.string[:0]
    return empty.join([match._text(part, empty) if isinstance(part, int) else part for part in parts])


def compile(pattern, flags=0):
    if isinstance(pattern, Pattern):
        if flags:
            raise ValueError("cannot process flags argument with a compiled pattern")
        return pattern
    if prim.is_unknown(pattern):
        from re._unknown import any_pattern
        return any_pattern(pattern)
    return Pattern(pattern, int(flags))


def search(pattern, string, flags=0):
    return compile(pattern, flags).search(string)


def match(pattern, string, flags=0):
    return compile(pattern, flags).match(string)


def fullmatch(pattern, string, flags=0):
    return compile(pattern, flags).fullmatch(string)


def findall(pattern, string, flags=0):
    return compile(pattern, flags).findall(string)


def finditer(pattern, string, flags=0):
    return compile(pattern, flags).finditer(string)


def split(pattern, string, maxsplit=0, flags=0):
    return compile(pattern, flags).split(string, maxsplit)


def sub(pattern, repl, string, count=0, flags=0):
    return compile(pattern, flags).sub(repl, string, count)


def subn(pattern, repl, string, count=0, flags=0):
    return compile(pattern, flags).subn(repl, string, count)


def purge():
    pass


def escape(pattern):
    if isinstance(pattern, bytes):
        return escape(pattern.decode("latin-1")).encode("latin-1")
    return "".join(["\\" + character if character in "()[]{}?*+-|^$\\.&~# \t\n\r\v\f" else character
                    for character in pattern])
