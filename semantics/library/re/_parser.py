# Patterns and templates, from text to nested tuples (kind, …). It is loaded when the first pattern is compiled.

from re import PatternError

_letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_digits = "0123456789"
_hex = "0123456789abcdefABCDEF"
_octal = "01234567"
# The letters of escapes, and the characters that they stand for.
_escapes = "ntrfva"
_escaped = "\n\t\r\f\v\a"
# The letters of flags inside a pattern.
_inline = "iLmsuxa"
_types = 292  # LOCALE, UNICODE and ASCII


def _flag(letter):
    return 256 if letter == "a" else 2 << _inline.index(letter)


class Parser:
    """Turns a pattern into nested tuples (kind, …)."""

    def __init__(self, pattern, flags):
        self.source = pattern
        self.is_text = isinstance(pattern, str)
        self.pattern = pattern if self.is_text else pattern.decode("latin-1")
        self.position = 0
        self.flags = flags
        self.groups = 0
        self.names = {}
        self.unclosed = []
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
        if number in self.unclosed:
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
            return _escaped[_escapes.index(letter)]
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
        if not items or _is_place(items[-1][0]):
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
        self.unclosed.append(number)
        inside = self.closed(self.alternatives(flags), start)
        self.unclosed.remove(number)
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
            if self.names[name] in self.unclosed:
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
                added |= _flag(kind)
                if _flag(kind) & _types and added & _types != _flag(kind):
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
                if _flag(kind) & _types:
                    self.error("bad inline flags: cannot turn off flags 'a', 'u' and 'L'", self.position)
                removed |= _flag(kind)
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


def _is_place(kind):
    return kind in ("^", "$", "\\A", "\\Z", "\\b", "\\B", "line start", "line end")


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


# What replaces a match: texts, and numbers of groups.

def parse_template(pattern, template):
    if not isinstance(template, (str, bytes)):
        raise TypeError(f"decoding to str: need a bytes-like object, {type(template).__name__} found")
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
        return _escaped[_escapes.index(letter)], end
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
