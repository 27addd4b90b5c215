# What is found in a text of which nothing is known, and patterns and templates of which nothing is. It is loaded with the first one.

import re


def _perhaps_wrong(what):
    if prim.unknown_match():
        raise re.PatternError(f"of a {what} nothing is known")


def any_pattern(pattern):
    if not isinstance(pattern, (str, bytes)):
        raise TypeError("first argument must be string or compiled pattern")
    _perhaps_wrong("pattern")
    return prim.unmodelled_value("a pattern of which nothing is known")


def any_template(pattern, repl):
    _perhaps_wrong("template")
    return [prim.taken_for(repl, str if pattern._is_text else bytes)]


def perhaps(pattern, string):
    """Of a text of which nothing is known it is not known whether it matches."""
    return Match(pattern, string) if prim.unknown_match() else None


def each(pattern, string):
    while (found := perhaps(pattern, string)) is not None:
        yield found


def replaced(pattern, repl, string):
    """What `subn` gives."""
    if callable(repl):
        for found in pattern.finditer(string):
            piece = repl(found)
            if piece is not None:
                string[len(string):].join([piece])
    else:
        re._parsed_template(pattern, repl)
    return string[len(string):], len(string)


class Match(re.Match):
    """A match in a text of which nothing is known: neither is it known where in it, and what was found."""

    def __init__(self, pattern, string):
        self.re = pattern
        self.string = string
        self.pos = len(string)
        self.endpos = len(string)
        self._found = {}

    @property
    def lastindex(self):
        return self._last()[0]

    @property
    def lastgroup(self):
        return self._last()[1]

    def _last(self):
        if "last" not in self._found:
            last = (None, None)
            for number in range(1, self.re.groups + 1):
                if prim.unknown_match():
                    last = (number, None)
            for name, number in self.re.groupindex.items():
                if number == last[0]:
                    last = (number, name)
            self._found["last"] = last
        return self._found["last"]

    def span(self, group=0, /):
        if self._text(group) is None:
            return (-1, -1)
        return (len(self.string), len(self.string))

    def _text(self, group, default=None):
        number = self._number(group)
        if number not in self._found:
            there = number == 0 or number in _taken(self.re._tree) or prim.unknown_match()
            self._found[number] = self.string[len(self.string):] if there else None
        found = self._found[number]
        return default if found is None else found


def _taken(node):
    """The groups that take part in each match of a part of a pattern."""
    if node[0] == "group":
        return [node[1]] + _taken(node[2])
    if node[0] == "all":
        return sum([_taken(part) for part in node[1]], [])
    if node[0] == "repeat" and node[2]:
        return _taken(node[1])
    return _taken(node[1]) if node[0] == "atomic" else []
