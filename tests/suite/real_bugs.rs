//! Programs with the kinds of bugs that people report, each small, and its mended twin: what plain `check --hazards` finds in the one, it
//! does not find in the other.

use crate::common::{file, text, trylemma};
use crate::real_managers::MANAGERS;
use crate::real_releases::RELEASES;

/// What is found, the program that has it, and the program without.
const TABLE: &[(&str, &str, &str, &str)] = &[
    (
        "a bare except swallows Ctrl-C",
        "no-swallowed-exception",
        r#"
def poll(client):
    while True:
        try:
            return client.fetch()
        except:
            pass
"#,
        r#"
def poll(client):
    while True:
        try:
            return client.fetch()
        except Exception:
            pass
"#,
    ),
    (
        "BaseException without a name",
        "no-swallowed-exception",
        r#"
def load(path):
    try:
        return parse(path)
    except BaseException:
        return None
"#,
        r#"
def load(path):
    try:
        return parse(path)
    except Exception:
        return None
"#,
    ),
    (
        "return in finally",
        "no-lost-exception",
        r#"
def save(item):
    ok = False
    try:
        store(item)
        ok = True
    finally:
        return ok
"#,
        r#"
def save(item):
    ok = False
    try:
        store(item)
        ok = True
    finally:
        report(ok)
    return ok
"#,
    ),
    (
        "continue in finally",
        "no-lost-exception",
        r#"
def drain(jobs):
    for job in jobs:
        try:
            job()
        finally:
            continue
"#,
        r#"
def drain(jobs):
    for job in jobs:
        try:
            job()
        except Exception:
            continue
"#,
    ),
    (
        "unbound in finally",
        "no-unbound-name",
        r#"
def read(host):
    try:
        conn = connect(host)
        return conn.read()
    finally:
        conn.close()
"#,
        r#"
def read(host):
    conn = connect(host)
    try:
        return conn.read()
    finally:
        conn.close()
"#,
    ),
    (
        "unbound after except",
        "no-unbound-name",
        r#"
def size(path):
    try:
        n = measure(path)
    except OSError:
        log("no size")
    return n
"#,
        r#"
def size(path):
    try:
        n = measure(path)
    except OSError:
        log("no size")
        n = 0
    return n
"#,
    ),
    (
        "the target is gone",
        "no-unbound-name",
        r#"
def attempt():
    try:
        work()
    except ValueError as error:
        pass
    else:
        error = None
    return error
"#,
        r#"
def attempt():
    failure = None
    try:
        work()
    except ValueError as error:
        failure = error
    return failure
"#,
    ),
    (
        "a clause that is dead",
        "no-dead-clause",
        r#"
def lookup(key):
    try:
        return fetch(key)
    except Exception:
        return None
    except KeyError:
        raise LookupError(key)
"#,
        r#"
def lookup(key):
    try:
        return fetch(key)
    except KeyError:
        raise LookupError(key)
    except Exception:
        return None
"#,
    ),
    (
        "a dead clause of aliases",
        "no-dead-clause",
        r#"
def dial(host):
    try:
        return call(host)
    except OSError:
        return 1
    except (IOError, ConnectionError):
        return 2
"#,
        r#"
def dial(host):
    try:
        return call(host)
    except ConnectionError:
        return 2
    except OSError:
        return 1
"#,
    ),
    (
        "a raise that hides the failure",
        "no-masked-exception",
        r#"
def close_all(a):
    try:
        a.flush()
    finally:
        if not a.closed:
            raise RuntimeError("still open")
"#,
        r#"
def close_all(a):
    a.flush()
    if not a.closed:
        raise RuntimeError("still open")
"#,
    ),
    (
        "sys.exit in finally",
        "no-masked-exception",
        r#"
import sys
def main(job):
    try:
        job()
    finally:
        sys.exit(1)
"#,
        r#"
import sys
def main(job):
    try:
        job()
    except Exception:
        sys.exit(1)
"#,
    ),
    (
        "a raise in finally discards a return",
        "no-return-override",
        r#"
def result(job):
    try:
        return job()
    finally:
        if job.warnings:
            raise Warning(job.warnings)
"#,
        r#"
def result(job):
    value = job()
    if job.warnings:
        raise Warning(job.warnings)
    return value
"#,
    ),
    (
        "a file is not closed when reading fails",
        "files-closed",
        r#"
def first(path):
    f = open(path)
    line = f.readline()
    f.close()
    return line
"#,
        r#"
def first(path):
    with open(path) as f:
        return f.readline()
"#,
    ),
    (
        "a lock is kept when the work fails",
        "paired-",
        r#"
def update(self, lock):
    lock.acquire()
    work(self)
    lock.release()
"#,
        r#"
def update(self, lock):
    lock.acquire()
    try:
        work(self)
    finally:
        lock.release()
"#,
    ),
    (
        "released though never acquired",
        "paired-",
        r#"
def update(lock):
    try:
        prepare()
        lock.acquire()
        work()
    finally:
        lock.release()
"#,
        r#"
def update(lock):
    prepare()
    lock.acquire()
    try:
        work()
    finally:
        lock.release()
"#,
    ),
    (
        "an early return keeps the lock",
        "paired-",
        r#"
import threading
lock = threading.Lock()
def update(ready):
    lock.acquire()
    if not ready:
        return False
    lock.release()
    return True
"#,
        r#"
import threading
lock = threading.Lock()
def update(ready):
    lock.acquire()
    try:
        return bool(ready)
    finally:
        lock.release()
"#,
    ),
    (
        "a try-lock that failed is released",
        "paired-",
        r#"
import threading
lock = threading.Lock()
def update():
    got = lock.acquire(blocking=False)
    try:
        if got:
            work()
    finally:
        lock.release()
lock.acquire()
update()
lock.release()
"#,
        r#"
import threading
lock = threading.Lock()
def update():
    if lock.acquire(blocking=False):
        try:
            work()
        finally:
            lock.release()
update()
"#,
    ),
    (
        "a connection is lost when a query fails",
        "paired-",
        r#"
import sqlite3
def rows(path):
    conn = sqlite3.connect(path)
    found = conn.execute("select 1")
    conn.close()
    return found
"#,
        r#"
import sqlite3
def rows(path):
    conn = sqlite3.connect(path)
    try:
        return conn.execute("select 1")
    finally:
        conn.close()
"#,
    ),
    (
        "a pool loses a connection",
        "paired-",
        r#"
def query(pool, text):
    conn = pool.get()
    found = conn.run(text)
    pool.put(conn)
    return found
"#,
        r#"
def query(pool, text):
    conn = pool.get()
    try:
        return conn.run(text)
    finally:
        pool.put(conn)
"#,
    ),
    (
        "a generator is given up",
        "no-unclosed-generator",
        r#"
def lines(source):
    source.open()
    try:
        while True:
            yield source.next()
    finally:
        source.finish()
def head(source):
    return next(lines(source))
head(connect())
"#,
        r#"
def lines(source):
    source.open()
    try:
        while True:
            yield source.next()
    finally:
        source.finish()
def head(source):
    found = lines(source)
    try:
        return next(found)
    finally:
        found.close()
head(connect())
"#,
    ),
    (
        "a transaction stays open",
        "paired-",
        r#"
def transfer(db, a, b):
    db.begin()
    try:
        a.withdraw()
        b.deposit()
        db.commit()
    except ValueError:
        db.rollback()
"#,
        r#"
def transfer(db, a, b):
    db.begin()
    try:
        a.withdraw()
        b.deposit()
    except BaseException as error:
        db.rollback()
        raise
    db.commit()
"#,
    ),
    (
        "waiting for oneself",
        "no-endless-wait",
        r#"
import threading
lock = threading.Lock()
def inner():
    with lock:
        work()
def outer():
    with lock:
        inner()
outer()
"#,
        r#"
import threading
lock = threading.RLock()
def inner():
    with lock:
        work()
def outer():
    with lock:
        inner()
outer()
"#,
    ),
];

/// What is found in a program, in the module or in the last function, which is entered where nothing calls it.
fn found(program: &str) -> Vec<String> {
    let (_folder, path) = file("program.py", program.trim_start());
    let path = path.display().to_string();
    let last = program.lines().rev().find_map(|line| line.strip_prefix("def ")).unwrap_or_default();
    let name = last.split('(').next().unwrap_or_default();
    let called = program.lines().any(|line| line.starts_with(&format!("{name}(")));
    let entry: &[&str] = if called || name.is_empty() { &[] } else { &["--entry", name] };
    let output = trylemma(&[&["check", &path, "--hazards"][..], entry].concat());
    let (report, errors) = (text(&output.stdout), text(&output.stderr));
    assert!(!report.is_empty(), "{errors}");
    let refuted = report.lines().filter_map(|line| line.strip_prefix("REFUTED")).map(str::trim);
    refuted.map(|line| line.split(' ').next().unwrap_or_default().to_string()).collect()
}

#[test]
fn each_bug_is_found_and_hardly_a_mended_program_is_refuted() {
    let mut mended_and_refuted = Vec::new();
    for (name, finding, bug, mended) in TABLE.iter().chain(RELEASES).chain(MANAGERS) {
        let here = found(bug);
        assert!(here.iter().any(|one| one.starts_with(finding)), "{name}: {here:?}");
        let there = found(mended);
        assert!(!there.iter().any(|one| one.starts_with(finding)), "{name}, mended: {there:?}");
        if !there.is_empty() {
            mended_and_refuted.push((name, there));
        }
    }
    assert!(mended_and_refuted.len() <= 1, "{mended_and_refuted:?}");
}
