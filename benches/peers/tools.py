"""The tools that do the jobs: each measurement runs one of them once, checks that
its counts are the known ones, and says how long the work took.

A time is the work's alone: what a tool needs to start is measured and taken off."""

import json
import re
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import counts

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SEARCH = "search in {} : {} =>* broken(S) ."


# Below this, starting a process varies as much as the work takes.
SHORT = 0.005


class Failed(Exception):
    """A tool is there, but did not do the job; the message says why, in one line."""


class Missing(Exception):
    """A tool is not there; the message says how to install it."""


@dataclass
class Measured:
    """One job done once."""

    seconds: float
    programs: int
    states: int | None = None
    steps: int | None = None
    outcomes: dict | None = None
    # Whether the run was too short to time: the seconds are then those of a bound.
    short: bool = False


def execute(command, limit, cwd=None):
    """Runs a command; its output, and the seconds that it took."""
    began = time.perf_counter()
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=limit, cwd=cwd,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired:
        raise Failed(f"no end after {limit:g} s") from None
    except OSError as error:
        raise Failed(str(error.strerror)) from None
    seconds = time.perf_counter() - began
    if done.returncode != 0:
        lines = (done.stderr or done.stdout).strip().splitlines() or ["no message"]
        raise Failed(f"exit code {done.returncode}: {lines[0]}")
    warnings = [line for line in done.stderr.splitlines() if line.startswith("Warning:")]
    if warnings:
        raise Failed(warnings[0])
    return done.stdout, seconds


def expect(what, found, known):
    if found != known:
        raise Failed(f"{what}: {found}, but {known} is known")


class Maude:
    name = "Maude"

    def __init__(self, limit):
        self.limit = limit
        self.program = shutil.which("maude")
        if not self.program:
            raise Missing("Maude is missing; install it with `apt-get install maude`")
        self.idle = {}
        self.chunks = {}

    def version(self):
        return "Maude " + execute([self.program, "--version"], 60)[0].strip()

    def commands(self, module, text):
        """Runs commands on a module, given as its text."""
        with tempfile.TemporaryDirectory() as folder:
            at, then = Path(folder, "module.maude"), Path(folder, "commands.maude")
            at.write_text(module)
            then.write_text(text)
            flags = ["-no-banner", "-no-advise", "-no-wrap"]
            return execute([self.program, *flags, at, then], self.limit)

    def work(self, module, text):
        """As `commands`; but the seconds are those beyond loading the module."""
        if module not in self.idle:
            self.idle[module] = min(self.commands(module, "")[1] for _ in range(3))
        out, seconds = self.commands(module, text)
        return out, max(seconds - self.idle[module], SHORT)

    def j(self, size, module=None, times=1):
        module = module or read("maude/j.maude")
        out, seconds = self.work(module, f"red j({counts.unary(size)}) .\n" * times)
        found = re.findall(r"tally\((\d+), (\d+), (\d+), (\d+), (\d+)\)", out)
        expect("answers", len(found), times)
        *ends, violated = map(int, found[0])
        ends = dict(zip(counts.OUTCOMES, ends), violated=violated)
        return Measured(seconds / times, sum(ends.values()), outcomes=ends)

    def jn(self, size, module=None, known=counts.JN_STATES):
        module = module or read("maude/jn.maude")
        parts = counts.parts(size, 1000)
        seconds, states = self.searches(module, "JN", parts)
        shapes, found = self.enumeration(module, size, parts)
        if size in known:
            expect("states", states - shapes, known[size])
        return Measured(seconds, found, states=states - shapes)

    def jn_steps(self, size):
        """JN with a rule for every rewrite of the machine, so that each is a state."""
        module = read("maude/jn.maude").replace("fmod MACHINE", "mod MACHINE", 1)
        module = module.replace("endfm", "endm", 1)
        module = re.sub(r"^  eq (run\(.*\)) = (.*) \.$", r"  rl \1 => \2 .", module, flags=re.M)
        return self.jn(size, module, counts.JN_STATES_OF_STEPS)

    def enumeration(self, module, size, parts):
        """States that only choose a program, and programs: measured apart, once."""
        if (module, size) not in self.chunks:
            shapes = self.searches(module, "SHAPES", parts)[1] - len(parts)
            self.chunks[module, size] = (
                shapes, self.searches(module, "PROGRAMS", parts)[1] - shapes
            )
        return self.chunks[module, size]

    def searches(self, module, name, parts):
        text = "".join(SEARCH.format(name, part) + "\n" for part in parts)
        out, seconds = self.work(module, text)
        expect("searches without a violation", out.count("No solution."), len(parts))
        return seconds, sum(map(int, re.findall(r"^states: (\d+)", out, flags=re.M)))

    def mutants(self):
        """Mutants of the machine: the property must fail on each."""
        skipped = (
            "eq run(return, cleanup(T, K), W) = run(T, pending(return, K), start(W)) .",
            "eq run(return, cleanup(T, K), W) = run(return, K, leave(W)) .",
        )
        text = mutate("maude/j.maude", skipped)
        yield "J, a return goes past the clause", self.j(5, text).outcomes["violated"] > 0
        twice = (
            "run(T, pending(raiseB, K), start(W))",
            "run(T, then(T, pending(raiseB, K)), start(start(W)))",
        )
        text = mutate("maude/j.maude", twice)
        yield "J, raising B runs the clause twice", self.j(5, text).outcomes["violated"] > 0
        generic = (
            "run(T, pending(return, K), start(W))", "run(return, K, leave(W))",
        )
        text = mutate("maude/jn.maude", generic)
        out = self.commands(text, SEARCH.format("JN", f"jn({counts.unary(5)})"))[0]
        yield "JN, a return goes past the clause", "Solution 1 " in out


class Redex:
    name = "PLT Redex"

    def __init__(self, limit):
        self.limit = limit
        self.program = shutil.which("racket")
        if not self.program:
            raise Missing("Racket is missing; install it with `apt-get install racket`")
        try:
            execute([self.program, "-l", "racket/base", "-l", "redex/reduction-semantics"], 120)
        except Failed:
            raise Missing(
                "Redex is missing from Racket; install it with `raco pkg install redex-lib`"
            ) from None

    def version(self):
        text = execute([self.program, "--version"], 60)[0]
        return "PLT Redex of Racket " + re.search(r"v([\d.]+\d)", text).group(1)

    def j(self, size, module=None):
        """The seconds are the program's own, without Racket's start and compilation."""
        with tempfile.TemporaryDirectory() as folder:
            at = Path(folder, "j.rkt")
            at.write_text(module or read("redex/j.rkt"))
            out, _ = execute([self.program, at, "--size", str(size)], self.limit)
        said = dict(line.split() for line in out.splitlines())
        names = dict(zip(counts.OUTCOMES, ["pass", "raiseA", "raiseB", "return"]))
        ends = {name: int(said[theirs]) for name, theirs in names.items()}
        return Measured(
            float(said["seconds"]), int(said["programs"]), steps=int(said["steps"]),
            outcomes=dict(ends, violated=int(said["violated"])),
        )

    def mutants(self):
        skipped = (
            "(--> (c (cleanup any_t any_k) (idle any_w))\n"
            "        (any_t (pending c any_k) (ran any_w)))",
            "(--> (raiseA (cleanup any_t any_k) any_w) (raiseA any_k any_w))\n"
            "   (--> (o (cleanup any_t any_k) (idle any_w))\n"
            "        (any_t (pending o any_k) (ran any_w)))",
        )
        text = mutate("redex/j.rkt", skipped)
        yield "J, raising A goes past the clause", self.j(4, text).outcomes["violated"] > 0
        twice = (
            "(any_t (pending c any_k) (ran any_w))",
            "(any_t (pending c (cleanup any_t any_k)) (ran any_w))",
        )
        text = mutate("redex/j.rkt", twice)
        yield "J, the clause runs twice", self.j(4, text).outcomes["violated"] > 0


class Trylemma:
    name = "Trylemma"

    def __init__(self, limit, binary=None):
        self.limit = limit
        self.binary = str(Path(binary).resolve()) if binary else self.build()
        self.idle = {}

    def build(self):
        if not shutil.which("cargo"):
            raise Missing("cargo is missing; install Rust from https://rustup.rs")
        out, _ = execute(
            ["cargo", "build", "--release", "--quiet", "--bin", "trylemma",
             "--message-format=json"], 3600, cwd=ROOT,
        )
        for line in out.splitlines():
            if line.startswith("{") and json.loads(line).get("executable"):
                return json.loads(line)["executable"]
        raise Failed("cargo built no executable")

    def version(self):
        text = execute([self.binary, "--version"], 60)[0].strip()
        return text[:1].upper() + text[1:]

    def check(self, job, size, **flags):
        flags = {"threads": 1, **flags}
        engine = flags.get("engine") == "reference"
        if not engine:
            flags = {"method": "enumerate", **flags}
        command = [
            self.binary, "check", "--fragment", job,
            "--property", "finally-exactly-once", "--format", "json",
        ]
        for flag, value in flags.items():
            command += [f"--{flag}", str(value)]
        key = tuple(command)
        if key not in self.idle:
            smallest = command + ["--size", "1..1"]
            self.idle[key] = min(execute(smallest, self.limit, cwd=ROOT)[1] for _ in range(3))
        out, seconds = execute(command + ["--size", f"{size}..{size}"], self.limit, cwd=ROOT)
        return self.read(out, seconds - self.idle[key])

    @staticmethod
    def read(out, seconds):
        try:
            said = json.loads(out)
            subject = said["subjects"][0]
            verdicts = {p["name"]: p["verdict"] for p in said["properties"]}
            programs, states, steps = (subject[k] for k in ("programs", "states", "steps"))
        except (ValueError, LookupError, TypeError) as error:
            raise Failed(f"the report is not as expected: {error!r}") from None
        expect("verdicts", verdicts, {"finally-exactly-once": "holds"})
        expect("limit", subject.get("limit"), None)
        outcomes = subject.get("outcomes")
        short = seconds < SHORT
        return Measured(max(seconds, SHORT), programs, states, steps, outcomes, short)


def read(path):
    return (HERE / path).read_text()


def mutate(path, change):
    old, new = change
    text = read(path)
    if text.count(old) != 1:
        raise Failed(f"{path}: the place to mutate is there {text.count(old)} times, not once")
    return text.replace(old, new)
