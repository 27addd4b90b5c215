# The matcher yields every way in which a pattern matches, in the order in which CPython tries them. It is loaded with
# the first pattern.

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

def matches(node, text, position, groups):
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
            yield from matches(node[1][0], text, position, groups)
        else:
            yield from _match_all(node[1], 0, text, position, groups)
    elif kind == "or":
        for choice in node[1]:
            yield from matches(choice, text, position, groups)
    elif kind == "group":
        for end, inner in matches(node[2], text, position, groups):
            inner = dict(inner)
            inner[node[1]] = (position, end)
            inner[0] = node[1]
            yield (end, inner)
    elif kind == "repeat":
        yield from _match_repeat(node, text, position, groups)
    elif kind == "atomic":
        for found in matches(node[1], text, position, groups):
            yield found
            return
    elif kind == "same":
        yield from _match_same(node, text, position, groups)
    elif kind == "if":
        yield from matches(node[2] if node[1] in groups else node[3], text, position, groups)
    elif kind == "look":
        yield from _match_look(node, text, position, groups)
    elif _assertion(node, text, position):
        yield (position, groups)


def _match_all(items, number, text, position, groups):
    if number == len(items):
        yield (position, groups)
        return
    for end, inner in matches(items[number], text, position, groups):
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
        for end, inner in matches(item, text, position, groups):
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
        for end, inner in matches(inside, part, start, groups):
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
