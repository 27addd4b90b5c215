"""The Dask driver loses nothing when a worker is killed while it runs a shard.

    TRYLEMMA=target/release/trylemma python3 test_dask_driver.py

Two workers, each one process with one thread, run four shards. One is killed with SIGKILL
as soon as the shard that it runs has saved some of its work. It has no nanny, a process
that would start it again: the rest is done by the other one alone, which is the worst
case. The merged verdict must be, byte by byte, that of a run without shards. The other
tests are about the driver's errors and its exit codes.

TRYLEMMA_JOB is the job to run, arguments of `trylemma check`.
"""

import os
import re
import shlex
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil  # Comes with distributed.
from distributed import Client

DRIVER = Path(__file__).with_name("dask_driver.py")
TRYLEMMA = os.environ.get("TRYLEMMA", "trylemma")
JOB = shlex.split(os.environ.get("TRYLEMMA_JOB", "--size 6"))
SHARDS = 4
# So many programs are more than a shard's share of the smaller sizes, which are done at once.
ENOUGH = 10_000
# For what takes a second or so.
PATIENCE = 60


def test_a_killed_worker_loses_nothing():
    began = time.monotonic()
    whole = subprocess.run([TRYLEMMA, "check", *JOB, "--format", "json"], stdout=subprocess.PIPE)
    tell(f"without shards: exit code {whole.returncode}, {seconds(began)}")
    with tempfile.TemporaryDirectory() as folder, Cluster(folder) as cluster:
        parts = Path(folder, "parts")
        began = time.monotonic()
        driver = start(parts, "--scheduler", cluster.address, "--", *JOB, "--format", "json")
        try:
            shard, saved = cluster.kill_one_at_work(driver)
            tell(f"killed a worker after {seconds(began)}, at work on shard {shard}, {saved:,} programs saved")
            printed, said = driver.communicate()
        finally:
            driver.kill()
        for line in said.splitlines():
            tell(f"  {line}")
        tell(f"with one worker lost: exit code {driver.returncode}, {seconds(began)}")
        assert printed == whole.stdout.decode(), "the verdict differs from that without shards"
        assert driver.returncode == whole.returncode
        went_on = f"shard {shard}, on from what an earlier run had saved"
        assert went_on in said, f"shard {shard} was begun anew: what was saved is lost"
        left = sorted(path.name for path in parts.iterdir())
        assert left == [f"part-{i}-of-{SHARDS}.ron" for i in range(1, SHARDS + 1)], left
        # Nothing is done twice by a second driver either.
        again = start(parts, "--local", "1", "--", *JOB, "--format", "json")
        assert again.communicate()[0] == printed
    tell("nothing lost: the merged JSON is that of the run without shards")


def test_a_scheduler_that_is_gone_is_one_line():
    with tempfile.TemporaryDirectory() as folder, Cluster(folder) as cluster:
        parts = Path(folder, "parts")
        driver = start(parts, "--scheduler", cluster.address, "--", *JOB)
        wait_for("work that is saved", lambda: list(parts.glob("*.ron")))
        cluster.processes[0].kill()
        printed, said = driver.communicate()
    assert (driver.returncode, printed) == (2, ""), said
    errors = [line for line in said.splitlines() if "shards done" not in line]
    assert len(errors) == 1 and errors[0].startswith("error: the cluster failed"), said
    assert "what is done is kept" in said, said


def test_the_exit_code_is_that_of_check():
    for job, code in [(["--size", "3", "--hazards"], 1), (["--size", "3", "--limit", "states=5"], 3)]:
        whole = subprocess.run([TRYLEMMA, "check", *job], stdout=subprocess.PIPE, text=True)
        assert whole.returncode == code
        with tempfile.TemporaryDirectory() as folder:
            driver = start(folder, "--local", "1", "--", *job)
            printed, said = driver.communicate()
        assert (driver.returncode, printed) == (code, whole.stdout), said


def test_errors_are_one_line():
    cases = [
        (["--", "--size", "3"], "one of the arguments --scheduler --local is required"),
        (["--local", "1"], "stand behind `--`"),
        (["--local", "0", "--", "--size", "3"], "argument --local"),
        (["--local", "1", "--", "--size", "3", "--shard", "1/2"], "--shard and --resume are the driver's"),
        (["--local", "1", "--trylemma", "/no/such", "--", "--size", "3"], "there is no program /no/such"),
        (["--local", "1", "--", "--size", "3", "--sise", "4"], "unexpected argument '--sise'"),
        (["--scheduler", "tcp://127.0.0.1:1", "--", "--size", "3"], "no Dask scheduler answers"),
    ]
    for arguments, expected in cases:
        with tempfile.TemporaryDirectory() as folder:
            driver = start(folder, *arguments)
            printed, said = driver.communicate()
        assert (driver.returncode, printed) == (2, ""), said
        assert said.startswith("error: ") and said.count("\n") == 1 and expected in said, said


class Cluster:
    """A scheduler and two workers on this machine."""

    def __init__(self, folder):
        self.folder = folder
        self.processes = []
        self.workers = []

    def __enter__(self):
        try:
            self.dask("scheduler", "--port", "0", "--scheduler-file", self.file("scheduler.json"))
            wait_for("the scheduler", lambda: os.path.exists(self.file("scheduler.json")))
            with Client(scheduler_file=self.file("scheduler.json"), timeout=PATIENCE) as client:
                self.address = client.scheduler.address
                for _ in range(2):
                    arguments = ["--no-nanny", "--nthreads", "1", "--local-directory", self.folder]
                    self.workers.append(self.dask("worker", self.address, *arguments))
                client.wait_for_workers(2, timeout=PATIENCE)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for process in reversed(self.processes):
            process.kill()
            process.wait()

    def dask(self, role, *arguments):
        command = [sys.executable, "-m", "dask", role, "--host", "127.0.0.1", "--no-dashboard", *arguments]
        with open(self.file(f"{role}.log"), "ab") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log)
        self.processes.append(process)
        return process

    def file(self, name):
        return os.path.join(self.folder, name)

    def kill_one_at_work(self, driver):
        """Kills a worker whose shard has saved something: which shard, and how much it saved."""

        def at_work():
            if driver.poll() is not None:
                raise AssertionError(f"the driver ended before a worker could be killed: {driver.stderr.read()}")
            for worker in self.workers:
                for child, command in programs(worker):
                    if child.cpu_times().user > 0.2:
                        return worker, child, command
            return None

        worker, child, command = wait_for("a shard at work", at_work)
        # Work is saved once a second. On a machine on which the shard takes less, that
        # second passes while it stands still.
        child.suspend()
        time.sleep(1.5)
        child.resume()
        saved = wait_for("work that is saved", lambda: enough(saved_programs(command)))
        assert child.is_running() and not zombie(child), "the shard ended before its worker could be killed"
        shard = value_of("--shard", command).split("/")[0]
        worker.kill()
        worker.wait()
        wait_for("the end of the killed worker's shard", lambda: not child.is_running() or zombie(child))
        return shard, saved


def programs(worker):
    """What runs a shard under a worker, and the commands."""
    try:
        children = psutil.Process(worker.pid).children(recursive=True)
        commands = [(child, child.cmdline()) for child in children]
    except psutil.NoSuchProcess:
        return []
    # The leash has the same arguments behind its own.
    return [(child, command) for child, command in commands if command[1:2] == ["check"]]


def enough(saved):
    return saved if saved >= ENOUGH else None


def zombie(process):
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def saved_programs(command):
    """How many programs a resume file says are checked, of the run with this command."""
    try:
        text = Path(value_of("--resume", command)).read_text()
    except OSError:
        return 0
    return sum(int(count) for count in re.findall(r"^ *programs: (\d+),", text, re.MULTILINE))


def value_of(option, command):
    return command[command.index(option) + 1] if option in command else ""


def start(parts, *arguments):
    """The driver, at work."""
    command = [sys.executable, DRIVER, "--shards", SHARDS, "--folder", parts, *arguments]
    environment = dict(os.environ, TRYLEMMA=TRYLEMMA)
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen([str(word) for word in command], env=environment, **streams)


def wait_for(what, found):
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        result = found()
        if result:
            return result
        time.sleep(0.05)
    raise AssertionError(f"{what} did not come in {PATIENCE} s")


def seconds(began):
    return f"{time.monotonic() - began:.1f} s"


def tell(text):
    print(text, flush=True)


if __name__ == "__main__":
    for name, test in list(globals().items()):
        if name.startswith("test_"):
            test()
            tell(f"ok: {name}")
