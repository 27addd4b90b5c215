# A small backtracking matcher, enough for `assertRaisesRegex`: literals, `.`,
# classes, \d \w \s and their opposites, \b, ^ $, groups (also `(?:`), `|` and
# the greedy and lazy repetitions. No back-references, no flags, no look-around.


class PatternError(Exception):
    """What is wrong with a pattern, and where."""

    def __init__(self, msg, pattern=None, pos=None):
        self.msg = msg
        self.pattern = pattern
        self.pos = pos
        self.lineno = self.colno = None
        if pattern is not None and pos is not None:
            self.lineno = pattern.count("\n", 0, pos) + 1
            self.colno = pos - pattern.rfind("\n", 0, pos)
            msg = f"{msg} at position {pos}"
            if "\n" in pattern:
                msg = f"{msg} (line {self.lineno}, column {self.colno})"
        super().__init__(msg)


error = PatternError

_places = ("^", "$", "\\A", "\\Z", "\\b", "\\B")
_letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_sets = {"d": "0123456789", "w": _letters + "0123456789_", "s": " \t\n\r\f\v"}
_escapes = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v", "a": "\a", "0": "\0"}


class _Parser:
    """Turns a pattern into nested tuples (kind, …)."""

    def __init__(self, pattern):
        self.pattern = pattern
        self.position = 0
        self.groups = 0
        self.names = {}

    def error(self, message, position):
        raise PatternError(message, self.pattern, position)

    def peek(self):
        if self.position < len(self.pattern):
            return self.pattern[self.position]
        return ""

    def take(self):
        character = self.peek()
        self.position += 1
        return character

    def alternatives(self):
        choices = [self.sequence()]
        while self.peek() == "|":
            self.take()
            choices.append(self.sequence())
        return choices[0] if len(choices) == 1 else ("or", choices)

    def sequence(self):
        items = []
        while self.peek() and self.peek() not in "|)":
            item = self.single()
            here = self.position
            if item[0] in _places and self.at_repetition():
                self.error("nothing to repeat", here)
            items.append(self.repeated(item))
        return ("all", items)

    def single(self):
        character = self.take()
        if character == ".":
            return ("set", "\n", True)
        if character == "^" or character == "$":
            return (character,)
        if character == "[":
            return self.character_class()
        if character == "(":
            return self.group()
        if character == "\\":
            return self.escape()
        if character in "*+?":
            self.error("nothing to repeat", self.position - 1)
        return ("set", character, False)

    def escape(self):
        character = self.take()
        if character == "":
            self.error("bad escape (end of pattern)", self.position - 2)
        if character in "bBAZ":
            return ("\\" + character,)
        if character.lower() in _sets:
            return ("set", _sets[character.lower()], character.isupper())
        if character in "123456789":
            if int(character) > self.groups:
                self.error(f"invalid group reference {character}", self.position - 1)
            prim.not_modelled("a back-reference in a pattern")
        if character in "uUxNz":
            prim.not_modelled("an escape in a pattern")
        if character in _letters and character not in _escapes:
            self.error(f"bad escape \\{character}", self.position - 2)
        return ("set", _escapes.get(character, character), False)

    def group(self):
        number = 0
        start = self.position - 1
        if self.peek() == "?":
            self.take()
            kind = self.take()
            if kind == "P" and self.peek() == "<":
                number = self.named_group()
            elif kind == "" or kind == "P" and self.peek() == "":
                self.error("unexpected end of pattern", len(self.pattern))
            elif kind in "P=!<>#(aiLmsux-":
                prim.not_modelled(f"`(?{kind}` in a pattern")
            elif kind != ":":
                self.error(f"unknown extension ?{kind}", start + 1)
        else:
            self.groups += 1
            number = self.groups
        inside = self.alternatives()
        if self.take() != ")":
            self.error("missing ), unterminated subpattern", start)
        return ("group", number, inside)

    def named_group(self):
        self.take()
        start = self.position
        end = self.pattern.find(">", start)
        name = self.pattern[start:] if end < 0 else self.pattern[start:end]
        if name == "":
            self.error("missing group name", start)
        if end < 0:
            self.error("missing >, unterminated name", start)
        if not name.isidentifier():
            self.error(f"bad character in group name {name!r}", start)
        self.position = end + 1
        self.groups += 1
        if name in self.names:
            known = self.names[name]
            message = f"redefinition of group name {name!r} as group {self.groups}; was group {known}"
            self.error(message, start)
        self.names[name] = self.groups
        return self.groups

    def character_class(self):
        start = self.position - 1
        negated = self.peek() == "^"
        if negated:
            self.take()
        characters = ""
        first = True
        while first or self.peek() != "]":
            first = False
            here = self.position
            low = self.member(start)
            if self.peek() == "-" and self.pattern[self.position + 1:self.position + 2] not in ("", "]"):
                self.take()
                high = self.member(start)
                if len(low) != 1 or len(high) != 1 or low > high:
                    self.error(f"bad character range {self.pattern[here:self.position]}", here)
                for code in range(ord(low), ord(high) + 1):
                    characters += chr(code)
            else:
                characters += low
        self.take()
        return ("set", characters, negated)

    def member(self, start):
        character = self.take()
        if character == "":
            self.error("unterminated character set", start)
        if character != "\\":
            return character
        if self.peek() == "b":
            self.take()
            return "\b"
        found = self.escape()
        if found[0] != "set":
            self.error(f"bad escape {found[0]}", self.position - 2)
        if found[2]:
            prim.not_modelled("a class of what is not in a class, in a pattern")
        return found[1]

    def at_repetition(self):
        """Whether a repetition follows; `{` may be itself."""
        if self.peek() != "{":
            return self.peek() != "" and self.peek() in "*+?"
        end = self.pattern.find("}", self.position)
        inside = self.pattern[self.position + 1:end].split(",") if end > 0 else []
        return len(inside) in (1, 2) and inside != [""] and all([not part or part.isdigit() for part in inside])

    def repeated(self, item):
        if not self.at_repetition():
            return item
        low, high = self.bounds()
        lazy = self.peek() == "?"
        if lazy:
            self.take()
        elif self.peek() == "+":
            prim.not_modelled("a possessive repetition in a pattern")
        if self.at_repetition():
            self.error("multiple repeat", self.position)
        return ("repeat", item, low, high, lazy)

    def bounds(self):
        if self.peek() != "{":
            return {"*": (0, None), "+": (1, None), "?": (0, 1)}[self.take()]
        start = self.position + 1
        end = self.pattern.find("}", start)
        parts = self.pattern[start:end].split(",")
        self.position = end + 1
        low = int(parts[0]) if parts[0] else 0
        if len(parts) == 1:
            return (low, low)
        high = int(parts[1]) if parts[1] else None
        if high is not None and high < low:
            self.error("min repeat greater than max repeat", start)
        return (low, high)


def _matches(node, text, position, groups):
    """Every (end, groups) with which the node matches at the position."""
    kind = node[0]
    if kind == "set":
        if position < len(text) and (text[position] in node[1]) != node[2]:
            yield (position + 1, groups)
    elif kind == "all":
        yield from _match_all(node[1], 0, text, position, groups)
    elif kind == "or":
        for choice in node[1]:
            yield from _matches(choice, text, position, groups)
    elif kind == "group":
        for end, inner in _matches(node[2], text, position, groups):
            if node[1]:
                inner = dict(inner)
                inner[node[1]] = (position, end)
            yield (end, inner)
    elif kind == "repeat":
        yield from _match_repeat(node, 0, text, position, groups)
    elif _assertion(kind, text, position):
        yield (position, groups)


def _match_all(items, number, text, position, groups):
    if number == len(items):
        yield (position, groups)
        return
    for end, inner in _matches(items[number], text, position, groups):
        yield from _match_all(items, number + 1, text, end, inner)


def _match_repeat(node, count, text, position, groups):
    _, item, low, high, lazy = node
    if lazy and count >= low:
        yield (position, groups)
    if high is None or count < high:
        for end, inner in _matches(item, text, position, groups):
            # An empty match would repeat for ever.
            if end > position or count < low:
                yield from _match_repeat(node, count + 1, text, end, inner)
    if not lazy and count >= low:
        yield (position, groups)


def _assertion(kind, text, position):
    if kind == "^" or kind == "\\A":
        return position == 0
    if kind == "$":
        return position == len(text) or (position == len(text) - 1 and text[position] == "\n")
    if kind == "\\Z":
        return position == len(text)
    before = position > 0 and text[position - 1] in _sets["w"]
    after = position < len(text) and text[position] in _sets["w"]
    return (before != after) == (kind == "\\b")


class Match:
    def __init__(self, pattern, text, start, end, groups):
        self.re = pattern
        self.string = text
        self._spans = {0: (start, end)}
        self._spans.update(groups)

    def span(self, group=0):
        if isinstance(group, str):
            if group not in self.re._names:
                raise IndexError("no such group")
            group = self.re._names[group]
        if group > self.re.groups:
            raise IndexError("no such group")
        return self._spans.get(group, (-1, -1))

    def start(self, group=0):
        return self.span(group)[0]

    def end(self, group=0):
        return self.span(group)[1]

    def _text(self, group):
        start, end = self.span(group)
        return None if start < 0 else self.string[start:end]

    def group(self, *numbers):
        if len(numbers) < 2:
            return self._text(numbers[0] if numbers else 0)
        return tuple([self._text(number) for number in numbers])

    __getitem__ = _text

    def groups(self, default=None):
        return tuple([default if self._text(number) is None else self._text(number)
                      for number in range(1, self.re.groups + 1)])

    def __repr__(self):
        return f"<re.Match object; span={self.span()}, match={self._text(0)!r}>"


class Pattern:
    def __init__(self, pattern):
        parser = _Parser(pattern)
        self.pattern = pattern
        self._tree = parser.alternatives()
        if parser.peek():
            parser.error("unbalanced parenthesis", parser.position)
        self.groups = parser.groups
        self._names = parser.names

    def _match_at(self, text, position, whole):
        for end, groups in _matches(self._tree, text, position, {}):
            if not whole or end == len(text):
                return Match(self, text, position, end, groups)
        return None

    def match(self, string):
        return self._match_at(string, 0, False)

    def fullmatch(self, string):
        return self._match_at(string, 0, True)

    def search(self, string, pos=0):
        for position in range(pos, len(string) + 1):
            found = self._match_at(string, position, False)
            if found is not None:
                return found
        return None

    def finditer(self, string):
        position = 0
        while position <= len(string):
            found = self.search(string, position)
            if found is None:
                return
            yield found
            position = found.end() if found.end() > found.start() else found.end() + 1

    def findall(self, string):
        result = []
        for found in self.finditer(string):
            if self.groups == 0:
                result.append(found.group())
            elif self.groups == 1:
                result.append(found.groups("")[0])
            else:
                result.append(found.groups(""))
        return result

    def sub(self, repl, string, count=0):
        pieces = []
        position = 0
        number = 0
        for found in self.finditer(string):
            if count and number == count:
                break
            pieces.append(string[position:found.start()])
            pieces.append(repl(found) if callable(repl) else repl)
            position = found.end()
            number += 1
        pieces.append(string[position:])
        return "".join(pieces)

    def __repr__(self):
        return f"re.compile({self.pattern!r})"


def compile(pattern):
    return pattern if isinstance(pattern, Pattern) else Pattern(pattern)


def search(pattern, string):
    return compile(pattern).search(string)


def match(pattern, string):
    return compile(pattern).match(string)


def fullmatch(pattern, string):
    return compile(pattern).fullmatch(string)


def findall(pattern, string):
    return compile(pattern).findall(string)


def sub(pattern, repl, string, count=0):
    if isinstance(repl, str) and "\\" in repl:
        prim.not_modelled("an escape in what `re.sub` puts in")
    return compile(pattern).sub(repl, string, count)


def escape(pattern):
    return "".join(["\\" + character if character in "()[]{}?*+-|^$\\.&~# \t\n\r\v\f" else character
                    for character in pattern])
