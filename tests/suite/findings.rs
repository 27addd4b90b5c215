//! What is found, and what is not since nothing is wrong with it, or since nobody could do much about it: programs of the kinds that were read
//! among those of packages, each with a twin in which the same is found, and the doubt that brings the finding back.

use crate::common::{file, text, trylemma};

/// The kind, the property, a program in which it is not found, its twin in which it is, and what doubts the difference.
const TABLE: &[(&str, &str, &str, &str, &str)] = &[
    (
        "what exits by its name",
        "no-unbound-name",
        "def f(options):\n    try:\n        key = load(options)\n    except ValueError:\n        sys.exit(2)\n    return key\n",
        "def f(options):\n    try:\n        key = load(options)\n    except ValueError:\n        sys.stderr.write('no key')\n    return key\n",
        "returns",
    ),
    (
        "what may exit by its name",
        "no-unbound-name",
        "def f(args):\n    try:\n        found = parse(args)\n    except ValueError as e:\n        usage(1, e)\n    return found\n",
        "def f(args):\n    try:\n        found = parse(args)\n    except ValueError as e:\n        log_error(1, e)\n    return found\n",
        "returns",
    ),
    (
        "what is left when no condition fits",
        "no-unbound-name",
        "def f(kind):\n    if kind == 'a':\n        key = 1\n    else:\n        self.bad_kind(kind)\n    return key\n",
        "def f(kind):\n    if kind == 'a':\n        key = 1\n    else:\n        self.log(kind)\n    return key\n",
        "returns",
    ),
    (
        "a function of the file that never returns",
        "no-unbound-name",
        "import sys\n\ndef f(args):\n    def usage(code):\n        print('usage')\n        sys.exit(code)\n    try:\n        found = parse(args)\n    except ValueError:\n        usage(1)\n    return found\n",
        "import sys\n\ndef f(args):\n    def usage(code):\n        print('usage')\n        if code:\n            sys.exit(code)\n    try:\n        found = parse(args)\n    except ValueError:\n        usage(0)\n    return found\n",
        "",
    ),
    (
        "what a clause asks for in place of the answer",
        "no-unbound-name",
        "def f(request):\n    try:\n        response = view(request)\n    except ValueError as e:\n        result = process(request, e)\n        if result is not None:\n            return result\n    return finish(response)\n",
        "def f(request):\n    try:\n        response = view(request)\n    except ValueError as e:\n        result = process(request)\n        if result is not None:\n            return result\n    return finish(response)\n",
        "returns",
    ),
    (
        "a question that fails",
        "no-unbound-name",
        "def f(tables):\n    try:\n        wanted = [table for table in tables if self._can_drop(table)]\n        order(wanted)\n    except errors.Circular:\n        return wanted\n",
        "def f(tables):\n    try:\n        wanted = [table for table in tables if self._was_dropped(table)]\n        order(wanted)\n    except errors.Circular:\n        return wanted\n",
        "failures",
    ),
    (
        "two failures of two kinds",
        "no-unbound-name",
        "def f(path):\n    try:\n        path = resolve(path)\n        code = 0\n    except ValueError:\n        log('no path')\n    try:\n        use(path)\n    except OSError as e:\n        if e.errno != code:\n            raise\n",
        "def f(path):\n    try:\n        path = resolve(path)\n        code = 0\n    except (ValueError, OSError):\n        log('no path')\n    try:\n        use(path)\n    except OSError as e:\n        if e.errno != code:\n            raise\n",
        "failures",
    ),
    (
        "a loop over what there is",
        "no-unbound-name",
        "def f(rows):\n    if not rows:\n        return None\n    for row in rows:\n        use(row)\n    return row\n",
        "def f(rows, others):\n    if not others:\n        return None\n    for row in rows:\n        use(row)\n    return row\n",
        "loops",
    ),
    (
        "a loop over the members of what has some",
        "no-unbound-name",
        "def f(self):\n    for model, found in self.data.items():\n        found.sort()\n    if len(self.data) == 1 and len(found) == 1:\n        return model\n",
        "def f(self):\n    for model, found in self.data.items():\n        found.sort()\n    if self.fast and len(found) == 1:\n        return model\n",
        "loops",
    ),
    (
        "what fails before the second call of a pair, where both clean up",
        "paired-objects",
        "def f(ctx, environ):\n    ctx.push()\n    try:\n        work()\n    finally:\n        if 'debug' in environ:\n            note(environ)\n        ctx.pop()\n",
        "def f(ctx, environ):\n    ctx.push()\n    try:\n        work()\n    finally:\n        if environ.debug:\n            raise ValueError(environ)\n        ctx.pop()\n",
        "cleanup",
    ),
    (
        "a bare clause that cleans up",
        "no-swallowed-exception",
        "def f(store):\n    try:\n        store.sync()\n    finally:\n        try:\n            store.close()\n        except:\n            store.broken = True\n",
        "def f(store):\n    try:\n        store.close()\n    except:\n        store.broken = True\n",
        "cleanup",
    ),
    (
        "what an augmented assignment makes of an object",
        "paired-objects",
        "def f():\n    conn = connect()\n    try:\n        conn += 1\n        use(conn)\n    finally:\n        conn.disconnect()\n",
        "def f():\n    conn = connect()\n    try:\n        use(conn)\n    except ValueError:\n        raise\n    conn.disconnect()\n",
        "",
    ),
    (
        "a loop without a turn",
        "no-unbound-name",
        "def f(calls):\n    for call in calls:\n        result = call()\n    return result\n",
        "def f(calls):\n    for call in calls:\n        try:\n            result = call()\n        except ValueError:\n            pass\n    return result\n",
        "loops",
    ),
    (
        "a loop without a turn before one with turns",
        "no-unbound-name",
        "def f(calls, others):\n    for call in calls:\n        result = call()\n    for other in others:\n        last = other()\n    return result, last\n",
        "def f(calls):\n    for call in calls:\n        pass\n    return call\n",
        "loops",
    ),
    (
        "a chain of tests of which one holds",
        "no-unbound-name",
        "def f(mode):\n    if 'r' in mode:\n        flags = 0\n    elif 'w' in mode:\n        flags = 1\n    elif 'x' in mode:\n        raise ValueError(mode)\n    return flags\n",
        "def f(mode):\n    if 'r' in mode:\n        flags = 0\n    elif 'w' in mode:\n        other = 1\n    return flags\n",
        "branches",
    ),
    (
        "a clause behind one that names an interrupt",
        "no-swallowed-exception",
        "def f(job):\n    try:\n        job()\n    except KeyboardInterrupt:\n        raise\n    except BaseException:\n        return 0\n",
        "def f(job):\n    try:\n        job()\n    except OSError:\n        raise\n    except BaseException:\n        return 0\n",
        "",
    ),
    (
        "a clause behind one for what may be no Exception",
        "no-swallowed-exception",
        "def f(job):\n    try:\n        job()\n    except reraised:\n        raise\n    except:\n        note()\n",
        "def f(job):\n    try:\n        job()\n    except ValueError:\n        raise\n    except:\n        note()\n",
        "",
    ),
    (
        "a clause for what may be no Exception behind one for Exception",
        "no-dead-clause",
        "def f(job):\n    try:\n        job()\n    except Exception:\n        raise\n    except (Shutdown, Terminate):\n        note()\n",
        "def f(job):\n    try:\n        job()\n    except Exception:\n        raise\n    except (OSError, ValueError):\n        note()\n",
        "",
    ),
    (
        "a file that is left where closing another fails",
        "files-closed",
        "def f(source, target):\n    a = b = None\n    try:\n        a = open(source, 'rb')\n        b = open(target, 'wb')\n        b.write(a.read())\n    finally:\n        if b:\n            b.close()\n        if a:\n            a.close()\n",
        "def f(source, target):\n    a = open(source, 'rb')\n    b = open(target, 'wb')\n    try:\n        b.write(a.read())\n    finally:\n        b.close()\n        a.close()\n",
        "",
    ),
    (
        "what an unknown `open` gives is no file",
        "files-closed",
        "def f(name):\n    g = io.open(name)\n    g.close()\n\ndef h(name):\n    with open(name) as g:\n        use(g)\n",
        "def f(name):\n    g = open(name)\n    use()\n    g.close()\n\ndef h(name):\n    with open(name) as g:\n        use(g)\n",
        "",
    ),
    (
        "what an `assert` says that a loop has found",
        "no-failed-assertion",
        "def f(events):\n    status = None\n    for event in events:\n        if event.starts:\n            status = event.status\n    assert status is not None\n    return status\n",
        "def f(events):\n    status = None\n    for event in events:\n        if event.starts:\n            last = event.status\n    assert status is not None\n    return status\n",
        "loops",
    ),
    (
        "the exception as the interpreter tells it",
        "no-swallowed-exception",
        "import sys\n\ndef f(job):\n    try:\n        job()\n    except:\n        report(sys.exc_info())\n",
        "import sys\n\ndef f(job):\n    try:\n        job()\n    except:\n        report(sys.argv)\n",
        "",
    ),
    (
        "what is made of the exception that is handled",
        "no-swallowed-exception",
        "def f(job):\n    try:\n        return job()\n    except BaseException:\n        return defer.fail(Failure())\n",
        "def f(job):\n    try:\n        return job()\n    except BaseException:\n        return defer.succeed(None)\n",
        "",
    ),
    (
        "a report with the exception",
        "no-swallowed-exception",
        "def f(job):\n    try:\n        job()\n    except:\n        log.error('job', exc_info=True)\n",
        "def f(job):\n    try:\n        job()\n    except:\n        log.error('job')\n",
        "",
    ),
    (
        "a method that reports",
        "no-swallowed-exception",
        "class Worker:\n    def f(self, job):\n        try:\n            job()\n        except BaseException:\n            self._logException()\n",
        "class Worker:\n    def f(self, job):\n        try:\n            job()\n        except BaseException:\n            self._logExcuse()\n",
        "",
    ),
    (
        "a clause that raises where it has to",
        "no-swallowed-exception",
        "def f(job, default):\n    try:\n        job()\n    except:\n        if default is None:\n            raise\n        return default\n",
        "def f(job, default):\n    try:\n        job()\n    except:\n        if default is None:\n            return job\n        return default\n",
        "",
    ),
    (
        "a destructor",
        "no-swallowed-exception",
        "class File:\n    def __del__(self):\n        try:\n            self.close()\n        except:\n            pass\n",
        "class File:\n    def delete(self):\n        try:\n            self.close()\n        except:\n            pass\n",
        "",
    ),
    (
        "a manager that raises again",
        "no-swallowed-exception",
        "def f(job):\n    try:\n        job()\n    except:\n        with util.safe_reraise():\n            rollback()\n",
        "def f(job):\n    try:\n        job()\n    except:\n        with util.session():\n            rollback()\n",
        "",
    ),
    (
        "a call that fails to clean up, and one behind it",
        "no-masked-exception",
        "def close(box):\n    try:\n        box.flush()\n    finally:\n        try:\n            box.unlock()\n        finally:\n            box.file.close()\n",
        "def close(box):\n    try:\n        box.flush()\n    finally:\n        try:\n            box.unlock()\n        finally:\n            raise ValueError(box)\n",
        "cleanup",
    ),
    (
        "a call that fails in a with statement",
        "no-masked-exception",
        "def f(waiters):\n    try:\n        wait()\n    finally:\n        for waiter in waiters:\n            with waiter.lock:\n                waiter.remove()\n",
        "def f(waiters):\n    try:\n        wait()\n    finally:\n        for waiter in waiters:\n            with waiter.lock:\n                raise ValueError(waiter)\n",
        "cleanup",
    ),
    (
        "an assertion about what was done",
        "no-masked-exception",
        "def f(session):\n    try:\n        session.rollback()\n    finally:\n        assert not session.active\n",
        "def f(session):\n    try:\n        session.rollback()\n    finally:\n        if session.active:\n            raise ValueError(session)\n",
        "cleanup",
    ),
    (
        "a return and a call that fails",
        "no-return-override",
        "def f(box):\n    try:\n        return box.read()\n    finally:\n        try:\n            box.unlock()\n        finally:\n            box.file.close()\n",
        "def f(box):\n    try:\n        return box.read()\n    finally:\n        try:\n            box.unlock()\n        finally:\n            raise ValueError(box)\n",
        "cleanup",
    ),
    (
        "an unknown manager",
        "paired-in-order",
        "def f(lock, job):\n    lock.acquire()\n    with job.session():\n        try:\n            job.run()\n        except BaseException:\n            lock.release()\n            raise\n    lock.release()\n",
        "def f(lock, job):\n    lock.acquire()\n    with suppressed(ValueError):\n        try:\n            job.run()\n        except BaseException:\n            lock.release()\n            raise\n    lock.release()\n",
        "managers",
    ),
    (
        "what only an interrupt leaves open",
        "paired-objects",
        "def f(db):\n    cursor = db.cursor()\n    try:\n        cursor.execute()\n    except Exception:\n        cursor.close()\n        raise\n    cursor.close()\n",
        "def f(db):\n    cursor = db.cursor()\n    try:\n        cursor.execute()\n    except ValueError:\n        cursor.close()\n        raise\n    cursor.close()\n",
        "interrupts",
    ),
    (
        "a file that is returned",
        "files-closed",
        "def f(path):\n    try:\n        return open(path)\n    except OSError:\n        raise ValueError(path)\n",
        "def f(path):\n    try:\n        return open(path).read()\n    except OSError:\n        raise ValueError(path)\n",
        "",
    ),
    (
        "a file that is global",
        "files-closed",
        "def f(path):\n    global out\n    out = open(path, 'a')\n    out.write('begin')\n",
        "def f(path):\n    out = open(path, 'a')\n    out.write('begin')\n",
        "",
    ),
    (
        "a file that an object keeps",
        "files-closed",
        "def f(path):\n    stream = open(path)\n    return Reader(stream)\n",
        "def f(path):\n    stream = open(path)\n    return read(stream)\n",
        "",
    ),
    (
        "a file that a list, an attribute or an inner function keeps",
        "files-closed",
        "def f(self, paths):\n    self.first = open(paths)\n    self.others = [open(paths)]\n    last = open(paths)\n    def close():\n        last.close()\n    return close\n",
        "def f(self, paths):\n    self.first = open(paths).name\n    self.others = [open(paths).name]\n",
        "",
    ),
    (
        "a second file that is closed, and the first is not",
        "files-closed",
        "def f(path):\n    with open(path) as a, open(path) as b:\n        copy(a, b)\n",
        "def f(path):\n    a = open(path)\n    b = open(path)\n    try:\n        copy(a, b)\n    finally:\n        b.close()\n",
        "",
    ),
    (
        "a close that fails before another",
        "paired-objects",
        "import socket\n\ndef f(host):\n    a = socket.socket()\n    try:\n        b = socket.socket()\n        try:\n            work(a, b)\n        finally:\n            b.close()\n    finally:\n        a.close()\n",
        "import socket\n\ndef f(host):\n    a = socket.socket()\n    b = socket.socket()\n    try:\n        work(a, b)\n    finally:\n        b.close()\n        a.close()\n",
        "",
    ),
    (
        "what is taken out and put back",
        "paired-objects",
        "def f(blocks, render):\n    block = blocks.pop()\n    render(block)\n    blocks.push(block)\n",
        "def f(blocks, render):\n    blocks.push()\n    render(blocks)\n    blocks.pop()\n",
        "",
    ),
    (
        "a cursor whose rows are handed on",
        "paired-objects",
        "def f(db):\n    cursor = db.cursor()\n    if db.empty:\n        cursor.close()\n        return\n    return cursor_iter(cursor)\n",
        "def f(db):\n    cursor = db.cursor()\n    if db.empty:\n        cursor.close()\n        return\n    return list(cursor)\n",
        "",
    ),
];

pub(super) fn is_found(program: &str, property: &str, more: &[&str]) -> (bool, String) {
    let (_folder, path) = file("program.py", program);
    let path = path.display().to_string();
    let output = trylemma(&[&["check", &path, "--format", "concise"][..], more].concat());
    let report = text(&output.stdout);
    let errors = text(&output.stderr);
    assert!(matches!(output.status.code(), Some(0 | 1 | 3)), "{program}\n{report}\n{errors}");
    (report.lines().any(|line| line.contains(&format!(": {property}"))), report)
}

#[test]
fn what_is_no_fault_is_not_found_and_its_twin_is() {
    let mut wrong = Vec::new();
    for (kind, property, quiet, loud, doubt) in TABLE {
        let (found, report) = is_found(quiet, property, &[]);
        if found {
            wrong.push(format!("{kind}: found by default\n{quiet}\n{report}"));
        }
        let (found, report) = is_found(loud, property, &[]);
        if !found {
            wrong.push(format!("{kind}: its twin is not found\n{loud}\n{report}"));
        }
        if !doubt.is_empty() {
            let masks = ["no-masked-exception", "no-return-override"].contains(property);
            let brought = if masks { "no-" } else { property };
            let (found, report) = is_found(quiet, brought, &["--doubt", doubt]);
            if !found {
                wrong.push(format!("{kind}: not found with --doubt {doubt}\n{quiet}\n{report}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}
