//! Bugs of public kinds about context managers, processes, threads and loops that nothing stops, with their mended twins.

/// What is found, the program that has it, and the program without.
pub const MANAGERS: &[(&str, &str, &str, &str)] = &[
    (
        "a folder stays changed when the body raises",
        "no-skipped-undoing",
        r#"
import os
from contextlib import contextmanager
@contextmanager
def cd(path):
    old = os.getcwd()
    os.chdir(path)
    yield path
    os.chdir(old)
"#,
        r#"
import os
from contextlib import contextmanager
@contextmanager
def cd(path):
    old = os.getcwd()
    os.chdir(path)
    try:
        yield path
    finally:
        os.chdir(old)
"#,
    ),
    (
        "a connection does not come back into its pool",
        "no-skipped-undoing",
        r#"
import contextlib
class Pool:
    @contextlib.contextmanager
    def connection(self):
        conn = self.checkout()
        yield conn
        self.release(conn)
"#,
        r#"
import contextlib
class Pool:
    @contextlib.contextmanager
    def connection(self):
        conn = self.checkout()
        try:
            yield conn
        except BaseException as error:
            self.discard(conn, error)
            raise
        self.release(conn)
"#,
    ),
    (
        "a stream stays replaced for what a clause does not name",
        "no-skipped-undoing",
        r#"
import sys
from contextlib import contextmanager
@contextmanager
def captured(stream):
    saved = sys.stdout
    sys.stdout = stream
    try:
        yield stream
    except ValueError:
        stream.mark()
    sys.stdout = saved
"#,
        r#"
import sys
from contextlib import contextmanager
@contextmanager
def captured(stream):
    saved = sys.stdout
    sys.stdout = stream
    try:
        yield stream
    except ValueError:
        stream.mark()
    finally:
        sys.stdout = saved
"#,
    ),
    (
        "what is done only where the body succeeded",
        "no-skipped-undoing",
        r#"
from contextlib import contextmanager
@contextmanager
def deeper(parser):
    parser.depth += 1
    yield parser
    parser.depth -= 1
"#,
        r#"
import os
from contextlib import contextmanager
@contextmanager
def replacing(path):
    start = now()
    with temporary(path) as file:
        yield file
    os.replace(file.name, path)
    print(now() - start)
"#,
    ),
    (
        "a manager swallows Ctrl-C",
        "no-discarding-manager",
        r#"
from contextlib import contextmanager
@contextmanager
def reported(log):
    try:
        yield
    except BaseException as error:
        log.error("failed: %s", error)
"#,
        r#"
from contextlib import contextmanager
@contextmanager
def reported(log):
    try:
        yield
    except Exception as error:
        log.error("failed: %s", error)
"#,
    ),
    (
        "a manager swallows everything by a bare clause",
        "no-swallowed-exception",
        r#"
from contextlib import contextmanager
@contextmanager
def transaction(db):
    db.begin()
    try:
        yield db
        db.commit()
    except:
        db.rollback()
"#,
        r#"
from contextlib import contextmanager
@contextmanager
def transaction(db):
    db.begin()
    try:
        yield db
        db.commit()
    except:
        db.rollback()
        raise
"#,
    ),
    (
        "__exit__ returns True for every exception",
        "no-discarding-manager",
        r#"
class Connection:
    def __enter__(self):
        self.open()
        return self
    def __exit__(self, kind, error, traceback):
        self.close()
        return True
"#,
        r#"
class Connection:
    def __enter__(self):
        self.open()
        return self
    def __exit__(self, kind, error, traceback):
        self.close()
        return kind is not None and issubclass(kind, KeyError)
"#,
    ),
    (
        "__exit__ returns True after an exception of whatever kind",
        "no-discarding-manager",
        r#"
class Step:
    def __enter__(self):
        return self
    def __exit__(self, *details):
        if details[0] is None:
            return False
        print("failed:", details[1])
        return True
"#,
        r#"
class Step:
    def __enter__(self):
        return self
    def __exit__(self, *details):
        if details[0] is None or not issubclass(details[0], Exception):
            return False
        print("failed:", details[1])
        return True
"#,
    ),
    (
        "nobody waits for a process whose output cannot be read",
        "paired-",
        r#"
import subprocess
def run(command):
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    found = process.stdout.read()
    process.wait()
    return found
"#,
        r#"
import subprocess
def run(command):
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    try:
        return process.stdout.read()
    finally:
        process.stdout.close()
        process.wait()
"#,
    ),
    (
        "a pipe stays open when reading fails",
        "paired-",
        r#"
from subprocess import PIPE, Popen
def first(command):
    process = Popen(command, stdout=PIPE)
    line = process.stdout.readline()
    process.stdout.close()
    return line
"#,
        r#"
from subprocess import PIPE, Popen
def first(command):
    with Popen(command, stdout=PIPE) as process:
        return process.stdout.readline()
"#,
    ),
    (
        "nobody waits for a thread when the work beside it fails",
        "paired-",
        r#"
import threading
def both(job):
    worker = threading.Thread(target=job)
    worker.start()
    prepare()
    worker.join()
"#,
        r#"
import threading
def both(job):
    worker = threading.Thread(target=job)
    worker.start()
    try:
        prepare()
    finally:
        worker.join()
"#,
    ),
    (
        "an early return leaves a thread behind",
        "paired-",
        r#"
from threading import Thread
def both(job, ready):
    worker = Thread(target=job)
    worker.start()
    if not ready:
        return None
    worker.join()
    return True
"#,
        r#"
from threading import Thread
def both(job, ready):
    worker = Thread(target=job, daemon=True)
    worker.start()
    if not ready:
        return None
    if worker.is_alive():
        worker.join()
    return True
"#,
    ),
    (
        "a loop that Ctrl-C does not stop",
        "no-unstoppable-loop",
        r#"
def serve(queue, log):
    while True:
        try:
            job = queue.take()
            job.run()
        except BaseException as error:
            log.error("job failed: %s", error)
"#,
        r#"
def serve(queue):
    while True:
        job, future = queue.take()
        try:
            future.set_result(job())
        except BaseException as error:
            future.set_exception(error)
"#,
    ),
    (
        "a loop that prints all that it catches",
        "no-unstoppable-loop",
        r#"
def poll(jobs):
    for job in jobs:
        try:
            job()
        except (ValueError, BaseException) as error:
            print(f"{job}: {error}")
"#,
        r#"
def poll(jobs):
    for job in jobs:
        try:
            job()
        except BaseException as error:
            print(f"{job}: {error}")
            raise
"#,
    ),
    (
        "a worker that a bare clause keeps alive",
        "no-swallowed-exception",
        r#"
import traceback
class Worker:
    def run(self):
        while True:
            try:
                self.step()
            except:
                self.failed += 1
"#,
        r#"
import traceback
class Worker:
    def run(self):
        while True:
            try:
                self.step()
            except Exception:
                traceback.print_exc()
"#,
    ),
];
