"""What was measured, for people: always ratios, which carry over to other machines
better than times do."""

def table(said):
    """The jobs side by side, as a table for a terminal."""
    lines = [["job", "tool", "how", "programs", "states", "programs a second"]]
    lines += [[e["group"], e["tool"], e["how"], *numbers(e)] for e in said["side_by_side"]]
    text = columns(lines)
    if said["growth"]:
        text += "\n\n" + columns([GROWTH_HEAD] + growth_lines(said["growth"]))
    ratio = threads_ratio(said["threads"])
    if ratio:
        text += f"\n\n{ratio}"
    return text


def numbers(entry):
    if entry["failure"] or not entry.get("programs"):
        return ["failed", "", ""]
    return [
        grouped(entry["programs"]),
        grouped(entry["states"]) if entry["states"] else "–",
        ("over " if entry["short"] else "") + ratio_of(entry["ratio_to_maude"]),
    ]


GROWTH_HEAD = ["method", "job", "programs", "programs, to the size before", "time, to the size before"]


def growth_lines(entries):
    lines = []
    for before, entry in zip([None] + entries, entries):
        line = [entry["how"], f"J({entry['size']})"]
        if entry["failure"]:
            lines.append(line + ["failed", "", ""])
            continue
        line.append(grouped(entry["programs"]))
        if not before or before["how"] != entry["how"] or before["failure"]:
            lines.append(line + ["", ""])
            continue
        line.append(f"{entry['programs'] / before['programs']:.1f}")
        time = f"{entry['seconds'] / before['seconds']:.1f}"
        lines.append(line + ["too short to tell" if before["short"] else time])
    return lines


def threads_ratio(entries):
    if len(entries) < 2 or any(e["failure"] for e in entries):
        return None
    one, two = entries
    if two["short"]:
        return "Threads: the run was too short to tell."
    gain = one["seconds"] / two["seconds"]
    return f"J({one['size']}) by enumeration on two threads: {gain:.2f} times as fast as on one."


def document(said):
    """PERFORMANCE.md."""
    tools = ", ".join(said["tools"].values())
    first = {e["group"]: e for e in said["side_by_side"]}
    side = [["job", "tool", "how", "programs", "states", "programs a second"]]
    side += [[e["group"], e["tool"], e["how"], *numbers(e)] for e in said["side_by_side"]]
    groups = ", ".join(first)
    times = "once" if said["best_of"] == 1 else f"{said['best_of']} times, in turns; the best run counts"
    return DOCUMENT.format(
        flags=" --quick" if said["quick"] else "",
        tools=tools, times=times, groups=groups,
        side=markdown(side), growth=markdown([GROWTH_HEAD] + growth_lines(said["growth"])),
        threads=threads_ratio(said["threads"]),
    )


DOCUMENT = """\
# Performance

Written by `benches/peers/run{flags} --report PERFORMANCE.md`; do not edit. Every number below that compares
is a ratio of two runs on one machine, minutes apart. Absolute times are left out: they say more about the machine.

## What was run

Two jobs, each of them every program of exactly *n* nodes, run as the body of a function.

- **J(n)**: `pass`, an event, `raise A`, `raise B`, `return`, in loops also `break` and `continue`; sequences,
  `try … except A`, `try … finally`, and a loop of two turns. A leaf is one node, the others one and their parts.
  The two groupings of three statements in sequence are two programs.
- **JN(n)**: the same with one unknown call in place of both raises; it returns, raises A or raises B, each time anew.
  A program is a graph of states then, and equal states of a program are one.

On every path the tools check that a finally clause starts exactly once for each activation of its statement that
control enters and leaves. The number of programs, the number of each outcome and the verdict must be the known ones,
or nothing is written here. Each peer's check was also made to fail, on mutants of its machine.

The tools: {tools}. Each row ran {times}.
Everything ran on one thread, but for the section on threads. The time to start a tool, and to load or compile its
modules, is taken off, for all alike; *over* marks a run that is too short to time.

## Side by side

Programs a second, as multiples of Maude's (its first row) on the same job and size.

{side}

- Maude runs J by equations in continuation-passing style, which stream the programs and never hold a list of them.
- For JN, Maude collapses what is decided into its equations, so that only open calls and ends are states; the
  searches cover a thousand programs or so each, since one search for all is several times slower. The row
  *a state a step* makes each rewrite of the machine a transition; its number of states
  is the one to hold against ours.
- Redex applies a relation whose rules match at the root, which spares it the search for an evaluation context.
- *enumerate* follows every program from its first step to its last, as the peers do, and counts each step. Steps that
  were made before, in this program or another, are looked up, several at a time, and not matched anew. *narrow* and *summarise* answer for the same programs
  without running each; they have no counterpart in the peers here, and their rows are not a comparison of engines.
- The *reference engine* is our slow stepper, on an e-graph; it exists to be compared with, not to be fast.

The encodings are in `benches/peers/`; each file opens with what was tried, and why this is the fastest found.

## From size to size

Our compiled engine on J. A method that runs every program takes time in proportion to programs, or somewhat more, since
larger programs also take more steps.

{growth}

## Threads

{threads}
"""


def markdown(lines):
    head, *rest = lines
    rule = ["---"] * 3 + ["---:"] * (len(head) - 3) if head is not GROWTH_HEAD else (
        ["---"] * 2 + ["---:"] * (len(head) - 2)
    )
    return "\n".join("| " + " | ".join(line) + " |" for line in [head, rule, *rest])


def columns(lines):
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip()
        for line in lines
    )


def grouped(number):
    return f"{number:,}"


def ratio_of(ratio):
    if ratio is None:
        return "–"
    if ratio < 0.1:
        return f"{ratio:.3f}"
    return f"{ratio:.2f}" if ratio < 10 else f"{ratio:,.0f}"
