"""Says whether two functions do the same under this Python where unknown calls do what they are told to.

Standard input is a JSON list of `{"source", "ways", "level"}`: a program with the functions `before` and `after`, for each the sentences that
tell its way, and a level. Standard output is a JSON list: for each, the level at which both do the same on that way (0 where they do not).
"""

import json
import re
import sys

STEP = re.compile(r"(\w+)\(\) (returns|raises (\w+)\(\)|is (true|false))$")
CALLS = "f g h t u s m n make".split()


def answers(way):
    """What each call does, in order: its name, and what it returns or the name of what it raises."""
    found = []
    for step in way:
        told = STEP.match(step["what"])
        if not told:
            continue
        name, _, raised, truth = told.groups()
        if truth:
            found[-1] = (name, truth == "true", None)
        else:
            found.append((name, None, raised))
    return found


class Manager:
    def __enter__(self):
        return self

    def __exit__(self, *raised):
        return False


def chain(error, depth=0):
    if error is None or depth > 5:
        return None
    links = chain(error.__cause__, depth + 1), chain(error.__context__, depth + 1)
    return type(error).__name__, links, error.__suppress_context__


def run(source, name, way):
    """What a function does: for each level what is to be seen at it."""
    script, seen = answers(way), [[], [], [], []]
    space = {}

    def see(what):
        handled = sys.exc_info()[1]
        seen[0].append(what)
        seen[1].append(type(handled).__name__)
        seen[2].append(chain(handled))

    def unknown(called):
        def call(*given):
            see((called, repr(given)))
            if not script:
                return None
            told, value, raised = script.pop(0)
            assert told == called, (told, called)
            if raised:
                raise (space.get(raised) or getattr(__import__("builtins"), raised))()
            return value

        return call

    space.update({called: unknown(called) for called in CALLS})
    exec(compile(source, "pair.py", "exec"), space)
    try:
        seen[0].append(("returns", repr(space[name]())))
    except BaseException as error:
        seen[0].append(("raises", type(error).__name__, str(error)))
        seen[2].append(chain(error))
        entry = error.__traceback__
        while entry:
            code = entry.tb_frame.f_code
            seen[3].append("" if code.co_name == name else code.co_name)
            entry = entry.tb_next
    return seen


def level(case):
    one, other = (run(case["source"], name, way) for name, way in zip(("before", "after"), case["ways"]))
    same = 0
    for mine, its in zip(one, other):
        if mine != its:
            break
        same += 1
    return same


json.dump([level(case) for case in json.load(sys.stdin)], sys.stdout)
