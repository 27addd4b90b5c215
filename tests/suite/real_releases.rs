//! Further bugs of the kinds that are reported about `finally`, `with` and what is released, each with its mended twin.

/// What is found, the program that has it, and the program without.
pub(super) const RELEASES: &[(&str, &str, &str, &str)] = &[
    (
        "a lock that an exception leaves held",
        "paired-objects",
        r#"
def update(lock, table, key):
    lock.acquire()
    table.store(key)
    lock.release()
"#,
        r#"
def update(lock, table, key):
    lock.acquire()
    try:
        table.store(key)
    finally:
        lock.release()
"#,
    ),
    (
        "a file that an early return leaves open",
        "files-closed",
        r#"
def head(path):
    f = open(path)
    line = f.readline()
    if not line:
        return None
    f.close()
    return line
"#,
        r#"
def head(path):
    f = open(path)
    try:
        line = f.readline()
        if not line:
            return None
        return line
    finally:
        f.close()
"#,
    ),
    (
        "a cursor that an exception leaves open",
        "paired-objects",
        r#"
def count(db):
    cursor = db.cursor()
    cursor.execute("select count(*) from t")
    row = cursor.fetchone()
    cursor.close()
    return row[0]
"#,
        r#"
def count(db):
    cursor = db.cursor()
    try:
        cursor.execute("select count(*) from t")
        return cursor.fetchone()[0]
    finally:
        cursor.close()
"#,
    ),
    (
        "a transaction without a rollback",
        "paired-objects",
        r#"
def transfer(db, a, b):
    db.begin()
    db.move(a, b)
    db.commit()
"#,
        r#"
def transfer(db, a, b):
    db.begin()
    try:
        db.move(a, b)
    except BaseException:
        db.rollback()
        raise
    db.commit()
"#,
    ),
    (
        "a clean-up that raises",
        "no-masked-exception",
        r#"
def stop(server):
    worker = None
    try:
        worker = server.spawn()
        worker.run()
    finally:
        if worker is None:
            raise RuntimeError("no worker")
        worker.stop()
"#,
        r#"
def stop(server):
    worker = server.spawn()
    try:
        worker.run()
    finally:
        worker.stop()
"#,
    ),
    (
        "the name of a clause after it",
        "no-unbound-name",
        r#"
def fetch(url):
    try:
        return get(url)
    except OSError as e:
        log(e)
    raise RuntimeError(str(e))
"#,
        r#"
def fetch(url):
    try:
        return get(url)
    except OSError as e:
        log(e)
        raise RuntimeError(str(e))
"#,
    ),
    (
        "released in a clause and again in finally",
        "paired-in-order",
        r#"
def use(sem, job):
    sem.acquire()
    try:
        job()
    except ValueError:
        sem.release()
    finally:
        sem.release()
"#,
        r#"
def use(sem, job):
    sem.acquire()
    try:
        job()
    except ValueError:
        pass
    finally:
        sem.release()
"#,
    ),
    (
        "a clause behind `except Exception`",
        "no-dead-clause",
        r#"
def parse(text):
    try:
        return int(text)
    except Exception:
        return None
    except ValueError:
        return 0
"#,
        r#"
def parse(text):
    try:
        return int(text)
    except ValueError:
        return 0
    except Exception:
        return None
"#,
    ),
    (
        "a clause behind its base class",
        "no-dead-clause",
        r#"
def load(path):
    try:
        return read(path)
    except OSError:
        return None
    except FileNotFoundError:
        create(path)
"#,
        r#"
def load(path):
    try:
        return read(path)
    except FileNotFoundError:
        create(path)
    except OSError:
        return None
"#,
    ),
    (
        "a temporary file that is left open",
        "files-closed",
        r#"
import tempfile, os
def build(data):
    path = tempfile.mktemp()
    f = open(path, "w")
    f.write(render(data))
    f.close()
    os.unlink(path)
"#,
        r#"
import tempfile, os
def build(data):
    path = tempfile.mktemp()
    with open(path, "w") as f:
        f.write(render(data))
    os.unlink(path)
"#,
    ),
    (
        "`sys.exit` in a bare except",
        "no-swallowed-exception",
        r#"
import sys
def main(args):
    try:
        if not args:
            sys.exit(2)
        run(args)
    except:
        print("error")
"#,
        r#"
import sys
def main(args):
    try:
        if not args:
            sys.exit(2)
        run(args)
    except Exception:
        print("error")
"#,
    ),
    (
        "a return that a finally clause replaces",
        "no-return-override",
        r#"
def find(items):
    result = None
    try:
        for item in items:
            if check(item):
                return item
    finally:
        return result
"#,
        r#"
def find(items):
    for item in items:
        if check(item):
            return item
    return None
"#,
    ),
    (
        "break in finally",
        "no-lost-exception",
        r#"
def poll(queue):
    while True:
        try:
            queue.take()
        finally:
            break
"#,
        r#"
def poll(queue):
    while True:
        try:
            queue.take()
        finally:
            queue.done()
        break
"#,
    ),
    (
        "a socket that an exception leaves open",
        "paired-objects",
        r#"
import socket
def ask(host, q):
    s = socket.socket()
    s.connect(host)
    s.sendall(q)
    answer = s.recv(100)
    s.close()
    return answer
"#,
        r#"
import socket
def ask(host, q):
    s = socket.socket()
    try:
        s.connect(host)
        s.sendall(q)
        return s.recv(100)
    finally:
        s.close()
"#,
    ),
    (
        "a generator whose file stays open",
        "files-closed",
        r#"
def lines(path):
    f = open(path)
    for line in f:
        yield line
    f.close()
"#,
        r#"
def lines(path):
    with open(path) as f:
        for line in f:
            yield line
"#,
    ),
    (
        "a rollback for some exceptions only",
        "paired-objects",
        r#"
def save(session, row):
    session.begin()
    try:
        session.add(row)
        session.commit()
    except ValueError:
        session.rollback()
"#,
        r#"
def save(session, row):
    session.begin()
    try:
        session.add(row)
        session.commit()
    except:
        session.rollback()
        raise
"#,
    ),
    (
        "a connection that is not put back",
        "paired-objects",
        r#"
def query(pool, sql):
    conn = pool.getconn()
    rows = conn.execute(sql)
    pool.putconn(conn)
    return rows
"#,
        r#"
def query(pool, sql):
    conn = pool.getconn()
    try:
        return conn.execute(sql)
    finally:
        pool.putconn(conn)
"#,
    ),
];
