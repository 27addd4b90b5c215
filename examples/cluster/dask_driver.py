#!/usr/bin/env python3
"""An exhaustive check in shards, each a task of a Dask cluster.

    python3 dask_driver.py --shards 8 --local 2 -- --size 6
    python3 dask_driver.py --shards 64 --scheduler tcp://node1:8786 -- --size 7

What stands behind `--` are the arguments of `trylemma check`. The verdict and the exit
code are those of `trylemma check` with the same arguments, on one machine.
"""

import argparse
import logging
import os
import shutil
import subprocess
import sys
from pathlib import Path

try:
    from distributed import Client, KilledWorker, LocalCluster, as_completed
except ImportError:
    sys.exit('error: Dask is missing: pip install "dask[distributed]"')

# Runs a command and returns its exit code, but kills it as soon as standard input ends:
# a worker that is killed takes the shard it was running with it, on any system.
LEASH = """
import os, subprocess, sys, threading
child = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)
def follow():
    os.read(0, 1)
    child.kill()
threading.Thread(target=follow, daemon=True).start()
code = child.wait()
os._exit(code if code >= 0 else 128 - code)
"""


class Refused(Exception):
    """What cannot be done, in one line."""


def run_shard(command, folder, cwd, shard, shards):
    """Runs a shard to its end. This is the part that the workers do.

    Dask may run it again while an earlier run, on a worker that only lost touch, goes on.
    So each run writes a file of its own, which begins as a copy of the newest there is;
    one that is finished takes the name that `merge` reads.
    """
    import shutil
    import subprocess
    import sys
    import uuid
    from pathlib import Path

    whole = Path(folder) / f"part-{shard}-of-{shards}.ron"
    mine = whole.with_suffix(f".{uuid.uuid4().hex}.ron")
    goes_on = False
    try:
        found = list(whole.parent.glob(f"{whole.stem}.*"))
        earlier = [path for path in found if path.suffix == ".ron"]
        if earlier:
            newest = max(earlier, key=lambda path: path.stat().st_mtime)
            copy = mine.with_suffix(".copy")
            shutil.copyfile(newest, copy)
            # Whole or not at all: this run, too, may be killed.
            copy.replace(mine)
            goes_on = True
        child = subprocess.Popen(
            [sys.executable, "-c", LEASH, *command, "--shard", f"{shard}/{shards}", "--resume", str(mine)],
            cwd=cwd,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
        )
        # Not communicate(), which would close standard input.
        said = child.stderr.read()
        if child.wait() != 0:
            lines = [line for line in said.splitlines() if line.strip()] or [f"exit code {child.returncode}"]
            why = next((line for line in lines if line.startswith("error: ")), lines[-1])
            return {"shard": shard, "error": why.removeprefix("error: ")}
        mine.replace(whole)
        # What earlier runs left, halves of files among it.
        for path in found:
            if path != whole:
                path.unlink(missing_ok=True)
    except OSError as error:
        return {"shard": shard, "error": str(error)}
    return {"shard": shard, "goes_on": goes_on}


def arguments():
    parser = argparse.ArgumentParser(
        usage="%(prog)s --shards N (--scheduler ADDRESS | --local WORKERS) [options] -- CHECK_ARGUMENTS",
        description="Run `trylemma check` in shards on a Dask cluster, and merge them.",
        allow_abbrev=False,
    )
    parser.error = lambda why: sys.exit(fail(f"{why}; see --help"))
    parser.add_argument("--shards", type=positive, required=True, help="into how many tasks the job is cut")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--scheduler", metavar="ADDRESS", help="of a cluster that is up, as in tcp://node1:8786")
    where.add_argument("--local", type=positive, metavar="WORKERS", help="start so many workers on this machine")
    parser.add_argument(
        "--folder",
        type=Path,
        default=Path("trylemma-parts"),
        help="what is done is kept there; all workers must see it under this path (default: %(default)s)",
    )
    parser.add_argument(
        "--trylemma",
        metavar="PATH",
        default=os.environ.get("TRYLEMMA", "trylemma"),
        help="the program, on this machine and on the workers (default: $TRYLEMMA, or trylemma)",
    )
    parser.add_argument("check", nargs="*", metavar="CHECK_ARGUMENTS", help="the arguments of `trylemma check`")
    own = sys.argv[1:]
    behind = []
    if "--" in own:
        behind = own[own.index("--") + 1 :]
        own = own[: own.index("--")]
    options = parser.parse_args(own)
    if options.check or not behind:
        parser.error("the arguments of `trylemma check` stand behind `--`")
    options.check = behind
    return options


def positive(text):
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def split(check):
    """The arguments of each shard, and those of the merge."""
    parser = argparse.ArgumentParser(allow_abbrev=False, add_help=False)
    parser.error = lambda why: sys.exit(fail(f"behind `--`: {why}"))
    for name in ("--format", "--out", "--semantics", "--shard", "--resume", "--threads"):
        parser.add_argument(name)
    known, shard = parser.parse_known_args(check)
    if known.shard or known.resume:
        raise Refused("--shard and --resume are the driver's to set; leave them out behind `--`")
    merge = []
    for name in ("--format", "--out", "--semantics"):
        value = getattr(known, name[2:])
        if value is not None:
            merge += [name, value]
    if known.semantics is not None:
        shard += ["--semantics", known.semantics]
    # To Dask, a task is one thread of its worker.
    shard += ["--threads", known.threads or "1"]
    return shard, merge


def program(name):
    """The program, found on this machine: the merge runs here."""
    found = shutil.which(name)
    if found is None:
        raise Refused(f"there is no program {name}; name it with --trylemma or the variable TRYLEMMA")
    # A bare name is looked up by each worker; a path is the same everywhere.
    return name if os.sep not in name else str(Path(found).absolute())


def connect(options):
    """The cluster, as a client of it."""
    if options.scheduler is None:
        quiet = {"dashboard_address": None, "silence_logs": logging.CRITICAL}
        return Client(LocalCluster(n_workers=options.local, threads_per_worker=1, **quiet))
    try:
        return Client(options.scheduler, timeout="10s")
    except (OSError, ValueError) as error:
        raise Refused(f"no Dask scheduler answers at {options.scheduler}: {first_line(error)}") from None


def first_line(error):
    return (str(error).splitlines() or [type(error).__name__])[0]


def run_all(client, command, folder, shards):
    """Runs the shards. A task whose worker dies is run again by Dask, on another one."""
    cwd = os.getcwd()
    tasks = [
        client.submit(run_shard, command, str(folder), cwd, shard, shards, pure=False)
        for shard in range(1, shards + 1)
    ]
    kept = f"what is done is kept in {folder}, and the same command goes on from it"
    try:
        for done, task in enumerate(as_completed(tasks), start=1):
            result = task.result()
            if "error" in result:
                raise Refused(f"shard {result['shard']}/{shards}: {result['error']}")
            how = ", on from what an earlier run had saved" if result["goes_on"] else ""
            say(f"{done} of {shards} shards done: shard {result['shard']}{how}")
    except KilledWorker as error:
        number = tasks.index(task) + 1
        raise Refused(f"shard {number}/{shards} lost its worker again and again; {kept}") from error
    except Refused:
        client.cancel(tasks)
        raise
    except Exception as error:  # A scheduler that is gone shows itself in many ways.
        raise Refused(f"the cluster failed: {type(error).__name__}: {first_line(error)}; {kept}") from error


def merge(name, options, folder, shards):
    """Joins the parts. Prints the verdict and returns its exit code."""
    parts = [folder / f"part-{shard}-of-{shards}.ron" for shard in range(1, shards + 1)]
    missing = [part.name for part in parts if not part.exists()]
    if missing:
        raise Refused(f"{missing[0]} is not in {folder} on this machine; do the workers share this folder?")
    return subprocess.run([name, "merge", *options, *parts]).returncode


def say(text):
    print(text, file=sys.stderr, flush=True)


def fail(why):
    say(f"error: {why}")
    return 2


def main():
    options = arguments()
    # Dask's tracebacks; what is of use is said in one line.
    logging.disable(logging.CRITICAL)
    try:
        of_shard, of_merge = split(options.check)
        name = program(options.trylemma)
        folder = options.folder.absolute()
        folder.mkdir(parents=True, exist_ok=True)
        with connect(options) as client:
            run_all(client, [name, "check", *of_shard], folder, options.shards)
        return merge(name, of_merge, folder, options.shards)
    except (Refused, OSError) as why:
        return fail(first_line(why))
    except KeyboardInterrupt:
        return fail("interrupted; the same command goes on from what is done")


if __name__ == "__main__":
    sys.exit(main())
