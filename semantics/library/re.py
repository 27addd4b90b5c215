# Regular expressions, by backtracking: the matcher yields every way in which
# a pattern matches, in the order in which CPython tries them. Patterns of
# bytes are matched as the text whose characters are the bytes. No `\N{…}`,
# no LOCALE, no DEBUG.


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

_flag_names = ((256, "ASCII"), (2, "IGNORECASE"), (4, "LOCALE"), (32, "UNICODE"), (8, "MULTILINE"), (16, "DOTALL"),
               (64, "VERBOSE"), (128, "DEBUG"))


def _flag_parts(flags, prefix):
    """The names of flags, and the number of what has none."""
    names = [prefix + name for bit, name in _flag_names if flags & bit]
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

_places = ("^", "$", "\\A", "\\Z", "\\b", "\\B")
_letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_digits = "0123456789"
_hex = "0123456789abcdefABCDEF"
_octal = "01234567"
_escapes = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v", "a": "\a"}
_inline = {"i": 2, "L": 4, "m": 8, "s": 16, "u": 32, "x": 64, "a": 256}
_types = 4 | 32 | 256


class _Parser:
    """Turns a pattern into nested tuples (kind, …)."""

    def __init__(self, pattern, flags):
        self.source = pattern
        self.is_text = isinstance(pattern, str)
        self.pattern = pattern if self.is_text else pattern.decode("latin-1")
        self.position = 0
        self.flags = flags
        self.groups = 0
        self.names = {}
        self.open = []
        # How long what a group matched can be.
        self.widths = {}
        # Groups that conditions ask for, with where; and how many there were where a look-behind began.
        self.asked = {}
        self.behind = None

    def error(self, message, position):
        raise PatternError(message, self.source, position)

    def peek(self):
        """The next character, an escape with what it escapes."""
        if self.position >= len(self.pattern):
            return ""
        character = self.pattern[self.position]
        if character == "\\":
            if self.position + 1 >= len(self.pattern):
                self.error("bad escape (end of pattern)", len(self.pattern) - 1)
            return self.pattern[self.position:self.position + 2]
        return character

    def take(self):
        character = self.peek()
        self.position += len(character)
        return character

    def accept(self, character):
        if self.peek() == character:
            self.position += len(character)
            return True
        return False

    def take_while(self, most, characters):
        found = ""
        while len(found) < most and self.peek() != "" and self.peek() in characters:
            found += self.take()
        return found

    def alternatives(self, flags, is_whole=False):
        choices = [self.sequence(flags, is_whole)]
        if is_whole:
            # What the pattern's beginning switches on holds of all its branches.
            flags |= self.flags
        while self.accept("|"):
            choices.append(self.sequence(flags, False))
        return choices[0] if len(choices) == 1 else ("or", choices)

    def sequence(self, flags, is_start=False):
        items = []
        while True:
            this = self.peek()
            if this == "" or this in "|)":
                break
            if flags & 64 and this in " \t\n\r\v\f#":
                self.skip(this)
                continue
            start = self.position
            self.take()
            if this in "*+?{":
                self.repeated(this, items)
            elif this == "(":
                item = self.group(flags, is_start and not items)
                if item is None:
                    # Flags for the whole pattern.
                    flags |= self.flags
                elif item[0] != "nothing":
                    items.append(item)
            else:
                items.append(self.single(this, start, flags))
        return ("all", _joined(items))

    def skip(self, this):
        self.take()
        if this == "#":
            while self.peek() != "" and self.take() != "\n":
                pass

    def single(self, this, start, flags):
        if this == ".":
            return ("set", [] if flags & 16 else ["\n"], True, flags)
        if this == "^":
            return ("line start" if flags & 8 else "^",)
        if this == "$":
            return ("line end" if flags & 8 else "$",)
        if this == "[":
            return self.character_class(start, flags)
        if this[0] == "\\":
            return self.escape(this, start, flags)
        return ("set", [this], False, flags)

    # Escapes.

    def escape(self, this, start, flags):
        letter = this[1]
        if letter in "bBAZz":
            if letter == "z":
                letter = "Z"
            return ("\\" + letter, flags)
        if letter in "dDwWsS":
            return ("set", [("is", letter.lower(), False)], letter.isupper(), flags)
        if letter == "0":
            return ("set", [chr(int("0" + self.take_while(2, _octal), 8))], False, flags)
        if letter in _digits:
            return self.reference(this, start, flags)
        return ("set", [self.character(this, start)], False, flags)

    def reference(self, this, start, flags):
        digits = this[1]
        if self.peek() != "" and self.peek() in _digits:
            digits += self.take()
            if digits[0] in _octal and digits[1] in _octal and self.peek() != "" and self.peek() in _octal:
                digits += self.take()
                return ("set", [chr(self.octal(digits, start))], False, flags)
        number = int(digits)
        if number > self.groups:
            self.error(f"invalid group reference {number}", start + 1)
        if number in self.open:
            self.error("cannot refer to an open group", start)
        self.check_behind(number)
        return ("same", number, flags, self.widths[number])

    def check_behind(self, number):
        if self.behind is not None and number > self.behind:
            self.error("cannot refer to group defined in the same lookbehind subpattern", self.position)

    def octal(self, digits, start):
        value = int(digits, 8)
        if value > 0o377:
            self.error(f"octal escape value \\{digits} outside of range 0-0o377", start)
        return value

    def character(self, this, start):
        """The character that an escape stands for."""
        letter = this[1]
        if letter in _escapes:
            return _escapes[letter]
        if letter == "x":
            return self.hexadecimal(this, start, 2)
        if self.is_text and letter == "u":
            return self.hexadecimal(this, start, 4)
        if self.is_text and letter == "U":
            return self.hexadecimal(this, start, 8)
        if self.is_text and letter == "N":
            prim.not_modelled("`\\N` in a pattern")
        if letter in _letters:
            self.error(f"bad escape {this}", start)
        return letter

    def hexadecimal(self, this, start, count):
        digits = self.take_while(count, _hex)
        if len(digits) != count:
            self.error(f"incomplete escape {this}{digits}", start)
        if int(digits, 16) > 0x10ffff:
            self.error(f"bad escape {this}{digits}", start)
        return chr(int(digits, 16))

    # Classes.

    def character_class(self, start, flags):
        negated = self.accept("^")
        members = []
        while True:
            here = self.position
            this = self.take()
            if this == "":
                self.error("unterminated character set", start)
            if this == "]" and members:
                break
            low = self.member(this, here)
            if self.accept("-"):
                there = self.position
                that = self.take()
                if that == "":
                    self.error("unterminated character set", start)
                if that == "]":
                    members.extend([low, "-"])
                    break
                high = self.member(that, there)
                if not isinstance(low, str) or not isinstance(high, str) or low > high:
                    self.error(f"bad character range {this}-{that}", self.position - len(this) - 1 - len(that))
                members.append(("to", low, high))
            else:
                members.append(low)
        return ("set", members, negated, flags)

    def member(self, this, start):
        if this[0] != "\\":
            return this
        letter = this[1]
        if letter in "dDwWsS":
            return ("is", letter.lower(), letter.isupper())
        if letter == "b":
            return "\b"
        if letter in _octal:
            digits = letter + self.take_while(2, _octal)
            return chr(self.octal(digits, start))
        if letter in _digits:
            self.error(f"bad escape {this}", start)
        return self.character(this, start)

    # Repetitions.

    def repeated(self, this, items):
        here = self.position
        low, high = 0, None
        if this == "?":
            high = 1
        elif this == "+":
            low = 1
        elif this == "{":
            bounds = self.bounds(here)
            if bounds is None:
                items.append(("set", ["{"], False, self.flags))
                return
            low, high = bounds
        if not items or items[-1][0] in _places or items[-1][0] in ("line start", "line end"):
            self.error("nothing to repeat", here - len(this))
        if items[-1][0] == "repeat":
            self.error("multiple repeat", here - len(this))
        kind = "lazy" if self.accept("?") else "possessive" if self.accept("+") else "greedy"
        items[-1] = ("repeat", items[-1], low, high, kind)

    def bounds(self, here):
        if self.peek() == "}":
            return None
        low = self.take_while(len(self.pattern), _digits)
        high = low
        if self.accept(","):
            high = self.take_while(len(self.pattern), _digits)
        if not self.accept("}"):
            self.position = here
            return None
        least = int(low) if low else 0
        most = int(high) if high else None
        if least >= 4294967295 or most is not None and most >= 4294967295:
            raise OverflowError("the repetition number is too large")
        if most is not None and most < least:
            self.error("min repeat greater than max repeat", here)
        return (least, most)

    # Groups.

    def group(self, flags, is_start):
        start = self.position - 1
        if not self.accept("?"):
            return self.capturing(None, start, flags)
        kind = self.take()
        if kind == "":
            self.error("unexpected end of pattern", self.position)
        if kind == "P":
            return self.extension(start, flags)
        if kind == ":":
            return self.closed(self.alternatives(flags), start)
        if kind == ">":
            return ("atomic", self.closed(self.alternatives(flags), start))
        if kind == "#":
            while True:
                if self.peek() == "":
                    self.error("missing ), unterminated comment", start)
                if self.take() == ")":
                    return ("nothing",)
        if kind in ("=", "!", "<"):
            return self.look(kind, start, flags)
        if kind == "(":
            return self.condition(start, flags)
        if kind in _inline or kind == "-":
            return self.with_flags(kind, start, flags, is_start)
        self.error(f"unknown extension ?{kind}", self.position - len(kind) - 1)

    def closed(self, inside, start):
        if not self.accept(")"):
            self.error("missing ), unterminated subpattern", start)
        return inside

    def capturing(self, name, start, flags):
        self.groups += 1
        number = self.groups
        if name is not None:
            if name in self.names:
                known = self.names[name]
                message = f"redefinition of group name {name!r} as group {number}; was group {known}"
                self.error(message, self.position - len(name) - 1)
            self.names[name] = number
        self.open.append(number)
        inside = self.closed(self.alternatives(flags), start)
        self.open.remove(number)
        self.widths[number] = _width(inside)
        return ("group", number, inside)

    def name_until(self, mark, what):
        name = ""
        while True:
            character = self.take()
            if character == "":
                if not name:
                    self.error(f"missing {what}", self.position)
                self.error(f"missing {mark}, unterminated name", self.position - len(name))
            if character == mark:
                if not name:
                    self.error(f"missing {what}", self.position - 1)
                return name
            name += character

    def check_name(self, name):
        if not self.is_text and not name.isascii() or not name.isidentifier():
            shown = repr(name) if self.is_text else ascii(name)
            self.error(f"bad character in group name {shown}", self.position - len(name) - 1)

    def extension(self, start, flags):
        if self.accept("<"):
            name = self.name_until(">", "group name")
            self.check_name(name)
            return self.capturing(name, start, flags)
        if self.accept("="):
            name = self.name_until(")", "group name")
            self.check_name(name)
            if name not in self.names:
                self.error(f"unknown group name {name!r}", self.position - len(name) - 1)
            if self.names[name] in self.open:
                self.error("cannot refer to an open group", self.position - len(name) - 1)
            number = self.names[name]
            self.check_behind(number)
            return ("same", number, flags, self.widths[number])
        character = self.take()
        if character == "":
            self.error("unexpected end of pattern", self.position)
        self.error(f"unknown extension ?P{character}", self.position - len(character) - 2)

    def look(self, kind, start, flags):
        is_behind = kind == "<"
        if is_behind:
            kind = self.take()
            if kind == "":
                self.error("unexpected end of pattern", self.position)
            if kind not in "=!":
                self.error(f"unknown extension ?<{kind}", self.position - len(kind) - 2)
        outer = self.behind
        if is_behind and outer is None:
            self.behind = self.groups
        inside = self.closed(self.alternatives(flags), start)
        self.behind = outer
        width = None
        if is_behind:
            low, high = _width(inside)
            if low != high:
                self.error_without_place("look-behind requires fixed-width pattern")
            width = low
        return ("look", kind == "=", width, inside)

    def error_without_place(self, message):
        raise PatternError(message)

    def condition(self, start, flags):
        name = self.name_until(")", "group name")
        if name.isdecimal() and name.isascii():
            number = int(name)
            if number == 0:
                self.error("bad group number", self.position - len(name) - 1)
            if number not in self.asked:
                self.asked[number] = self.position - len(name) - 1
        else:
            self.check_name(name)
            if name not in self.names:
                self.error(f"unknown group name {name!r}", self.position - len(name) - 1)
            number = self.names[name]
        self.check_behind(number)
        yes = self.sequence(flags)
        no = ("all", [])
        if self.accept("|"):
            no = self.sequence(flags)
            if self.peek() == "|":
                self.error("conditional backref with more than two branches", self.position)
        self.closed(None, start)
        return ("if", number, yes, no)

    def with_flags(self, kind, start, flags, is_start):
        added = 0
        removed = 0
        if kind != "-":
            while True:
                if self.is_text and kind == "L":
                    self.error("bad inline flags: cannot use 'L' flag with a str pattern", self.position)
                if not self.is_text and kind == "u":
                    self.error("bad inline flags: cannot use 'u' flag with a bytes pattern", self.position)
                if kind == "L":
                    prim.not_modelled("the flag LOCALE")
                added |= _inline[kind]
                if _inline[kind] & _types and added & _types != _inline[kind]:
                    self.error("bad inline flags: flags 'a', 'u' and 'L' are incompatible", self.position)
                kind = self.next_flag("missing -, : or )", ")-:")
                if kind in (")", "-", ":"):
                    break
        if kind == ")":
            if not is_start:
                self.error("global flags not at the start of the expression", start)
            self.flags |= added
            return None
        if kind == "-":
            kind = self.next_flag("missing flag", "")
            while kind != ":":
                if _inline[kind] & _types:
                    self.error("bad inline flags: cannot turn off flags 'a', 'u' and 'L'", self.position)
                removed |= _inline[kind]
                kind = self.next_flag("missing :", ":")
        if added & removed:
            self.error("bad inline flags: flag turned on and off", self.position - 1)
        if added & _types:
            flags &= ~_types
        return self.closed(self.alternatives((flags | added) & ~removed), start)

    def next_flag(self, missing, others):
        kind = self.take()
        if kind == "":
            self.error(missing, self.position)
        if kind not in _inline and (others == "" or kind not in others):
            self.error("unknown flag" if kind.isalpha() else missing, self.position - len(kind))
        return kind


def _is_letter(node):
    return node[0] == "set" and not node[2] and len(node[1]) == 1 and isinstance(node[1][0], str)


def _joined(items):
    """Letters in a row become a text, which is compared at once."""
    result = []
    for item in items:
        if _is_letter(item) and not item[3] & 2:
            if result and result[-1][0] == "text":
                result[-1] = ("text", result[-1][1] + item[1][0])
            else:
                result.append(("text", item[1][0]))
        else:
            result.append(item)
    return result


def _width(node):
    """The least and the greatest length of what a node matches; None for no limit."""
    kind = node[0]
    if kind == "set":
        return (1, 1)
    if kind == "text":
        return (len(node[1]), len(node[1]))
    if kind == "all":
        low, high = 0, 0
        for item in node[1]:
            least, most = _width(item)
            low += least
            high = None if high is None or most is None else high + most
        return (low, high)
    if kind == "or":
        widths = [_width(choice) for choice in node[1]]
        highs = [high for _, high in widths]
        return (min([low for low, _ in widths]), None if None in highs else max(highs))
    if kind == "if":
        return _width(("or", [node[2], node[3]]))
    if kind == "group":
        return _width(node[2])
    if kind == "atomic":
        return _width(node[1])
    if kind == "repeat":
        low, high = _width(node[1])
        return (low * node[2], None if high is None or node[3] is None else high * node[3])
    if kind == "same":
        return node[3]
    return (0, 0)


# Characters.

def _is(kind, character, flags):
    """Whether a character is a digit, a blank or part of a word."""
    if flags & 256 and not character.isascii():
        return False
    if kind == "d":
        return character.isdecimal()
    if kind == "s":
        return character.isspace() and (not flags & 256 or character in " \t\n\r\f\v")
    return character == "_" or character.isalnum()


# Letters that are one without regard to case, and that neither case of another leads to.
_more_cases = (
    "Ii\xb5\u0130\u0131\u017f\u01c5\u01c8\u01cb\u01f2\u0345\u0390\u03b0\u03c2\u03d0\u03d1\u03d5\u03d6"
    "\u03f0\u03f1\u03f4\u03f5\u1c80\u1c81\u1c82\u1c83\u1c84\u1c85\u1c86\u1c87\u1c88\u1e9b\u1e9e\u1f88\u1f89\u1f8a"
    "\u1f8b\u1f8c\u1f8d\u1f8e\u1f8f\u1f98\u1f99\u1f9a\u1f9b\u1f9c\u1f9d\u1f9e\u1f9f\u1fa8\u1fa9\u1faa\u1fab\u1fac"
    "\u1fad\u1fae\u1faf\u1fbc\u1fbe\u1fcc\u1fd3\u1fe3\u1ffc\u2126\u212a\u212b\ufb05\ufb06"
)


def _folded(character, flags):
    """What is the same for all characters that are one without regard to case."""
    if flags & 256:
        return character.upper() if character.isascii() else character
    if character == "\u0130":
        return "I"
    lower = character.lower()
    return (lower if len(lower) == 1 else character).upper()


def _cases(character, flags):
    """The characters that are one with a character without regard to case."""
    if flags & 256:
        return (character.lower(), character.upper()) if character.isascii() else (character,)
    folded = _folded(character, flags)
    found = [character, folded, folded.lower()]
    found.extend([other for other in _more_cases if _folded(other, flags) == folded])
    return found


def _has(members, character, flags):
    for member in members:
        if isinstance(member, str):
            if member == character:
                return True
        elif member[0] == "to":
            if member[1] <= character <= member[2]:
                return True
        elif _is(member[1], character, flags) != member[2]:
            return True
    return False


def _has_folded(members, character, flags):
    if _has(members, character, flags):
        return True
    folded = _folded(character, flags)
    if any([isinstance(member, str) and _folded(member, flags) == folded for member in members]):
        return True
    ranges = [member for member in members if isinstance(member, tuple) and member[0] == "to"]
    return ranges != [] and any([_has(ranges, each, flags) for each in _cases(character, flags)])


def _fits(node, text, position):
    character = text[position]
    if node[3] & 2:
        return _has_folded(node[1], character, node[3]) != node[2]
    return _has(node[1], character, node[3]) != node[2]


# Matching.

def _matches(node, text, position, groups):
    """Every (end, groups) with which the node matches at the position; `groups` has the last one's number at 0."""
    kind = node[0]
    if kind == "text":
        if text.startswith(node[1], position):
            yield (position + len(node[1]), groups)
    elif kind == "set":
        if position < len(text) and _fits(node, text, position):
            yield (position + 1, groups)
    elif kind == "all":
        if len(node[1]) == 1:
            yield from _matches(node[1][0], text, position, groups)
        else:
            yield from _match_all(node[1], 0, text, position, groups)
    elif kind == "or":
        for choice in node[1]:
            yield from _matches(choice, text, position, groups)
    elif kind == "group":
        for end, inner in _matches(node[2], text, position, groups):
            inner = dict(inner)
            inner[node[1]] = (position, end)
            inner[0] = node[1]
            yield (end, inner)
    elif kind == "repeat":
        yield from _match_repeat(node, text, position, groups)
    elif kind == "atomic":
        for found in _matches(node[1], text, position, groups):
            yield found
            return
    elif kind == "same":
        yield from _match_same(node, text, position, groups)
    elif kind == "if":
        yield from _matches(node[2] if node[1] in groups else node[3], text, position, groups)
    elif kind == "look":
        yield from _match_look(node, text, position, groups)
    elif _assertion(node, text, position):
        yield (position, groups)


def _match_all(items, number, text, position, groups):
    if number == len(items):
        yield (position, groups)
        return
    for end, inner in _matches(items[number], text, position, groups):
        if number + 1 == len(items):
            yield (end, inner)
        else:
            yield from _match_all(items, number + 1, text, end, inner)


def _match_repeat(node, text, position, groups):
    _, item, low, high, kind = node
    if kind == "possessive":
        for found in _match_repeat(("repeat", item, low, high, "greedy"), text, position, groups):
            yield found
            return
        return
    if item[0] != "set":
        yield from _match_each(node, 0, text, position, groups, -1)
        return
    # One character each time: the ends are counted, and no search is nested in another.
    limit = len(text) if high is None else min(len(text), position + high)
    end = position
    if kind == "lazy":
        while True:
            if end - position >= low:
                yield (end, groups)
            if end >= limit or not _fits(item, text, end):
                return
            end += 1
    while end < limit and _fits(item, text, end):
        end += 1
    while end - position >= low:
        yield (end, groups)
        end -= 1


def _match_each(node, count, text, position, groups, last):
    _, item, low, high, kind = node
    if kind == "lazy" and count >= low:
        yield (position, groups)
    # Nothing is matched twice at one place once there is enough: that would go on for ever.
    if count < low or (high is None or count < high) and position != last:
        for end, inner in _matches(item, text, position, groups):
            yield from _match_each(node, count + 1, text, end, inner, position if count >= low else -1)
    if kind != "lazy" and count >= low:
        yield (position, groups)


def _match_same(node, text, position, groups):
    if node[1] not in groups:
        return
    start, end = groups[node[1]]
    again = text[position:position + end - start]
    wanted = text[start:end]
    if node[2] & 2:
        again = "".join([_folded(each, node[2]) for each in again])
        wanted = "".join([_folded(each, node[2]) for each in wanted])
    if again == wanted:
        yield (position + end - start, groups)


def _match_look(node, text, position, groups):
    _, wanted, width, inside = node
    found = None
    start = position
    if width is not None:
        start = position - width
    if start >= 0:
        part = text if width is None else text[:position]
        for end, inner in _matches(inside, part, start, groups):
            if width is None or end == position:
                found = inner
                break
    if wanted and found is not None:
        yield (position, found)
    if not wanted and found is None:
        yield (position, groups)


def _assertion(node, text, position):
    kind = node[0]
    if kind == "^" or kind == "\\A":
        return position == 0
    if kind == "line start":
        return position == 0 or text[position - 1] == "\n"
    if kind == "$":
        return position == len(text) or (position == len(text) - 1 and text[position] == "\n")
    if kind == "line end":
        return position == len(text) or text[position] == "\n"
    if kind == "\\Z":
        return position == len(text)
    before = position > 0 and _is("w", text[position - 1], node[1])
    after = position < len(text) and _is("w", text[position], node[1])
    return (before != after) == (kind == "\\b")


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
        return _expanded(_template(self.re, template), self)

    def __copy__(self):
        return self

    def __repr__(self):
        return f"<re.Match object; span={self.span()}, match={self._text(0)!r}>"


def _check_text(string, is_text):
    if isinstance(string, str) or isinstance(string, bytes):
        if isinstance(string, str) != is_text:
            if is_text:
                raise TypeError("cannot use a string pattern on a bytes-like object")
            raise TypeError("cannot use a bytes pattern on a string-like object")
        return
    raise TypeError(f"expected string or bytes-like object, got '{type(string).__name__}'")


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
        parser = _Parser(pattern, flags | extra)
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
        _check_text(string, self._is_text)
        size = len(string)
        end = size if endpos is None else max(0, min(endpos, size))
        return max(0, min(pos, size)), end

    def _seen(self, string, end):
        text = string if self._is_text else string.decode("latin-1")
        return text[:end] if end < len(text) else text

    def _match_at(self, string, text, pos, position, whole, not_empty=False):
        for end, groups in _matches(self._tree, text, position, {}):
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
        pos, end = self._bounds(string, pos, endpos)
        return None if pos > end else self._match_at(string, self._seen(string, end), pos, pos, False)

    def fullmatch(self, string, pos=0, endpos=None):
        pos, end = self._bounds(string, pos, endpos)
        return None if pos > end else self._match_at(string, self._seen(string, end), pos, pos, True)

    def search(self, string, pos=0, endpos=None):
        pos, end = self._bounds(string, pos, endpos)
        return self._search_from(string, self._seen(string, end), pos, pos, False)

    def finditer(self, string, pos=0, endpos=None):
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
        _check_text(string, self._is_text)
        parts = None if callable(repl) else _template(self, repl)
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
        text = repr(self.pattern)
        if len(text) > 200:
            text = text[:200]
        parts = [text, "|".join(_flag_parts(shown, "re."))] if shown else [text]
        return f"re.compile({', '.join(parts)})"


# What replaces a match: texts, and numbers of groups.

def _template(pattern, template):
    if not isinstance(template, (str, bytes)):
        kind = type(template).__name__
        raise TypeError(f"expected str instance, {kind} found" if False else f"decoding to str: need a bytes-like object, {kind} found")
    text = template if isinstance(template, str) else template.decode("latin-1")
    parts = []
    literal = ""
    position = 0
    while position < len(text):
        if text[position] != "\\":
            literal += text[position]
            position += 1
            continue
        if position + 1 >= len(text):
            raise PatternError("bad escape (end of pattern)", template, position)
        found, position = _template_escape(pattern, template, text, position)
        if isinstance(found, str):
            literal += found
        else:
            parts.extend([literal, found])
            literal = ""
    parts.append(literal)
    if isinstance(template, bytes):
        return [part.encode("latin-1") if isinstance(part, str) else part for part in parts]
    return parts


def _template_escape(pattern, template, text, start):
    letter = text[start + 1]
    end = start + 2
    if letter == "g":
        return _template_group(pattern, template, text, start)
    if letter == "0":
        while end < start + 4 and end < len(text) and text[end] in _octal:
            end += 1
        return chr(int(text[start + 1:end], 8) & 255), end
    if letter in _digits:
        if end < len(text) and text[end] in _digits:
            end += 1
            digits = text[start + 1:end + 1]
            if len(digits) == 3 and all([digit in _octal for digit in digits]):
                code = int(digits, 8)
                if code > 0o377:
                    raise PatternError(f"octal escape value \\{digits} outside of range 0-0o377", template, start)
                return chr(code), end + 1
        number = int(text[start + 1:end])
        if number > pattern.groups:
            raise PatternError(f"invalid group reference {number}", template, start + 1)
        return number, end
    if letter in _escapes:
        return _escapes[letter], end
    if letter == "b":
        return "\b", end
    if letter in _letters:
        raise PatternError(f"bad escape \\{letter}", template, start)
    return "\\" + letter if letter != "\\" else "\\", end


def _template_group(pattern, template, text, start):
    if text[start + 2:start + 3] != "<":
        raise PatternError("missing <", template, start + 2)
    end = text.find(">", start + 3)
    name = text[start + 3:] if end < 0 else text[start + 3:end]
    if name == "":
        raise PatternError("missing group name", template, start + 3)
    if end < 0:
        raise PatternError("missing >, unterminated name", template, start + 3)
    if name.isdecimal() and name.isascii():
        number = int(name)
        if number > pattern.groups:
            raise PatternError(f"invalid group reference {number}", template, start + 3)
        return number, end + 1
    if not name.isidentifier():
        raise PatternError(f"bad character in group name {name!r}", template, start + 3)
    if name not in pattern.groupindex:
        raise IndexError(f"unknown group name {name!r}")
    return pattern.groupindex[name], end + 1


def _expanded(parts, match):
    empty = match.string[:0]
    return empty.join([match._text(part, empty) if isinstance(part, int) else part for part in parts])


def compile(pattern, flags=0):
    if isinstance(pattern, Pattern):
        if flags:
            raise ValueError("cannot process flags argument with a compiled pattern")
        return pattern
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
