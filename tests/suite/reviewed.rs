//! What reviewers of reports found: programs in which something was found that cannot happen, each with a twin in which it can, and where
//! what can happen was missed.

use crate::common::{file, text, trylemma};
use crate::findings::is_found;

/// The kind, the property, functions in which it is not found, and functions of which it is found in each.
type Kind = (&'static str, &'static str, &'static [&'static str], &'static [&'static str]);

/// An optional import, as many files begin.
macro_rules! optional {
    ($rest:literal) => {
        concat!("try:\n    import foo\n    HAVE = True\nexcept ImportError:\n    HAVE = False\n", $rest)
    };
}

const KINDS: &[Kind] = &[
    (
        "a function that a path through the module does not define",
        "no-unbound-name",
        &[
            optional!("if HAVE:\n    def m():\n        return foo.ctx()\n"),
            "try:\n    import foo\nexcept ImportError:\n    def m():\n        return 1\nelse:\n    class C:\n        def n(self):\n            return foo.x()\n",
            "try:\n    import foo\nexcept ImportError:\n    pass\nelse:\n    class C:\n        class D:\n            def n(self):\n                return foo.x()\n",
            // Gone again, and called by somebody else.
            "def reg(f):\n    return f\ntry:\n    import foo\nexcept ImportError:\n    pass\nelse:\n    @reg\n    def m():\n        return foo.ctx()\n    keep = m\n    del m\n",
            // Of the same name, and another one.
            "try:\n    from foo import m\nexcept ImportError:\n    import bar\n    def m():\n        return bar.x\n",
            "class C:\n    if u:\n        import foo\n        def n(self):\n            return C.foo\n",
            "if u:\n    def f():\n        g()\n",
        ],
        &[
            optional!("def m():\n    return foo.ctx()\n"),
            optional!("if not HAVE:\n    def m():\n        return foo.ctx()\n"),
            "try:\n    import foo\nexcept ImportError:\n    def m():\n        return foo.x\n",
            "if u:\n    def f():\n        x = g\n        del x\n        return x\n",
        ],
    ),
    (
        "what somebody else may bring about",
        "no-endless-wait",
        &[
            "import threading\ndef f():\n    e = threading.Event()\n    threading.Timer(1, e.set).start()\n    e.wait()\n",
            "from threading import Event, Thread\ndef f():\n    e = Event()\n    def work():\n        e.set()\n    Thread(target=work).start()\n    e.wait()\n",
            "from threading import Event\ndef f():\n    e = Event()\n    spawn(e)\n    e.wait()\n",
            "from threading import Event\ndef f():\n    e = Event()\n    spawn([e])\n    e.wait()\n",
            "from threading import Event\ndef f(pool):\n    e = Event()\n    pool.submit(lambda: e.set())\n    e.wait()\n",
            "from threading import Event\ndef f(u):\n    e = Event()\n    u.done = e\n    e.wait()\n",
            "from threading import Lock\ndef f(pool):\n    l = Lock()\n    l.acquire()\n    pool.submit(l.release)\n    l.acquire()\n",
            "from threading import Semaphore\ndef f(pool):\n    l = Semaphore(0)\n    pool.submit(l.release)\n    l.acquire()\n",
            "import signal\nfrom threading import Event\nready = Event()\ndef handler(number, frame):\n    ready.set()\ndef f():\n    signal.signal(signal.SIGTERM, handler)\n    ready.wait()\n",
            "from threading import Event\nready = Event()\ndef on_message():\n    ready.set()\ndef f():\n    ready.wait()\n",
            "from threading import Event, Thread\nclass C:\n    def start(self):\n        self._e = Event()\n        Thread(target=self._run).start()\n        self._e.wait()\n    def _run(self):\n        self._e.set()\n",
            "from threading import Event, Thread\ndef f():\n    e = Event()\n    Thread(target=e.set).start()\n    while not e.is_set():\n        pass\n",
        ],
        &[
            "import threading\ndef f():\n    e = threading.Event()\n    threading.Timer(1, work).start()\n    e.wait()\n",
            "from threading import Lock\ndef f():\n    l = Lock()\n    l.acquire()\n    work()\n    l.acquire()\n",
            "from threading import Lock\nlock = Lock()\ndef inner():\n    with lock:\n        work()\ndef f():\n    with lock:\n        inner()\n",
            "from threading import Event, Semaphore\ndef f():\n    s = Semaphore(0)\n    other = Event()\n    spawn(other)\n    s.acquire()\n",
        ],
    ),
    (
        "behind a manager that is known to discard",
        "no-unbound-name",
        &[
            "def f(m, d):\n    with m.suppress(KeyError):\n        x = d['a']\n    return x\n",
            "from contextlib import suppress\ndef f(d):\n    x = None\n    with suppress(KeyError):\n        x = d['a']\n    return x\n",
            "class M:\n    def __enter__(self):\n        return self\n    def __exit__(self, t, v, tb):\n        return self.quiet(t)\ndef f(d):\n    with M():\n        x = d['a']\n    return x\n",
        ],
        &[
            "from contextlib import suppress\ndef f(d):\n    with suppress(KeyError):\n        x = d['a']\n    return x\n",
            "class M:\n    def __enter__(self):\n        return self\n    def __exit__(self, t, v, tb):\n        return t is KeyError\ndef f(d):\n    with M():\n        x = d['a']\n    return x\n",
            "class M:\n    def __enter__(self):\n        return self\n    def __exit__(self, t, v, tb):\n        return True\ndef f(d):\n    with M():\n        x = load(d)\n    return x\n",
            "from contextlib import contextmanager\n@contextmanager\ndef quiet():\n    try:\n        yield\n    except OSError:\n        log()\ndef f(p):\n    with quiet():\n        x = load(p)\n    return x\n",
        ],
    ),
    (
        "a pair whose calls stand in two functions, or of which the first has a new owner",
        "paired-calls",
        &[
            "def start():\n    h = connect()\n    return h\ndef stop(h):\n    disconnect(h)\n",
            "class C:\n    def __enter__(self):\n        connect()\n    def __exit__(self, *details):\n        disconnect()\n",
            "class C:\n    def start(self):\n        self.h = connect()\n    def stop(self):\n        disconnect(self.h)\n",
            "def f(u):\n    h = connect()\n    if u:\n        return h\n    disconnect(h)\n",
            "def f(u):\n    h = connect()\n    if u:\n        yield h\n    else:\n        disconnect(h)\n",
        ],
        &["def f():\n    connect()\n    work()\n    disconnect()\n", "connect()\nwork()\ndisconnect()\n"],
    ),
    (
        "what only the library's code does",
        "no-unstoppable-loop",
        &[
            "from contextlib import ExitStack\ndef f(a, b):\n    with ExitStack() as st:\n        st.enter_context(a)\n        st.enter_context(b)\n        g()\n",
        ],
        &[
            "def f(a):\n    while True:\n        try:\n            a()\n        except BaseException as error:\n            print(error)\n",
        ],
    ),
    (
        "what nobody else can have changed",
        "no-failed-assertion",
        &[
            "def f():\n    x = []\n    fill(x)\n    assert x\n",
            "def f():\n    x = []\n    fill(x)\n    n = len(x)\n    assert n == 3\n",
            "def f(u):\n    x = []\n    for y in u:\n        x.append(y)\n    assert x\n",
            "def f(u):\n    x = []\n    def add():\n        x.append(1)\n    u.each(add)\n    assert len(x) == 1\n",
            "def f(u):\n    x = [u]\n    assert x == [1]\n",
            "def f(u):\n    n = 0\n    for y in u:\n        n += 1\n    assert n > 4\n",
            "def f():\n    x = []\n    x.append(1)\n    assert x and len(x) == 1 and x == [1]\n",
            "def f(x):\n    assert x\n",
        ],
        &[
            "def f():\n    x = []\n    assert x\n",
            "def f():\n    n = 0\n    for i in range(3):\n        n += 1\n    assert n > 4\n",
            "def f():\n    x = 0\n    assert x\n",
            "def f():\n    x = ''\n    assert x\n",
            "def f():\n    x = {}\n    assert len(x) == 1\n",
            "def f():\n    x = (1, 2)\n    assert x == (2, 1)\n",
            "def f():\n    x = 3\n    assert x == 4\n",
            "def f():\n    x = []\n    x.append(1)\n    assert len(x) == 2\n",
        ],
    ),
    (
        "a generator that is sent values",
        "no-failed-assertion",
        &[
            "def f():\n    x = yield\n    assert x is not None\n    print(x)\n",
            "def f():\n    while True:\n        x = yield 1\n        assert x\n",
        ],
        &["def f():\n    x = None\n    yield\n    assert x is not None\n    print(x)\n"],
    ),
];

#[test]
fn what_reviewers_found_is_right() {
    let mut wrong = Vec::new();
    for (kind, property, quiet, loud) in KINDS {
        for (programs, expected) in [(quiet, false), (loud, true)] {
            for program in *programs {
                let (found, report) = is_found(program, property, &[]);
                if found != expected {
                    wrong.push(format!("{kind}: found is {found}\n{program}\n{report}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// What is found in a file, a line each, behind its name.
fn found(program: &str) -> Vec<String> {
    let (_folder, path) = file("program.py", program);
    let path = path.display().to_string();
    let report = text(&trylemma(&["check", &path, "--format", "concise"]).stdout);
    report.lines().map(|line| line.trim_start_matches(path.as_str()).to_string()).collect()
}

#[test]
fn what_is_found_is_told_by_its_place_and_by_name() {
    // The last line that the function comes to, and not the last one of the module.
    let pair = "def f(l):\n    l.acquire()\n    if l.done:\n        l.release()\n\nx = [1]\ny = 2\n";
    let lines = found(pair);
    assert!(lines.iter().any(|line| line.starts_with(":3: in f: paired-objects")), "{lines:?}");
    assert!(
        lines.iter().any(|line| line.contains("`acquire` was called, and `release` was not")),
        "{lines:?}"
    );
    let core = "def f(u):\n    connect()\n    if u:\n        disconnect()\n\nwork()\n";
    let lines = found(core);
    assert!(lines.iter().any(|line| line.starts_with(":3: in f: paired-calls")), "{lines:?}");
    let clause = "def f(u):\n    try:\n        u()\n    except Exception:\n        pass\n    except ValueError:\n        pass\n";
    let lines = found(clause);
    assert!(lines.iter().any(|line| line.starts_with(":6: in f: no-dead-clause")), "{lines:?}");
    let name = "def f(u):\n    if u:\n        x = 1\n    return x\n";
    let lines = found(name);
    assert!(
        lines.iter().any(|line| line.starts_with(":4: in f: no-unbound-name") && line.contains("`x`")),
        "{lines:?}"
    );
    // The last step of the library is no end of the function: the path breaks its property before that.
    let behind = "def f(rows):\n    with lock:\n        for number, row in enumerate(rows):\n            if row.new:\n                last = number\n            use(last)\n";
    let lines = found(behind);
    assert!(lines.iter().any(|line| line.starts_with(":6: in f: no-unbound-name")), "{lines:?}");
}

#[test]
fn a_name_that_a_module_may_have_from_an_unknown_is_unknown() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("a file");
    write("b2.py", "from termios import *\ndef setraw(fd, when=TCSAFLUSH):\n    pass\n");
    write(
        "b1.py",
        "import b2\nfrom b2 import TCSADRAIN, setraw\ndef f(fd):\n    return setraw(fd, b2.TCSANOW)\n",
    );
    write("b3.py", "from b2 import *\ndef g():\n    return TCSAFLUSH\n");
    write("b4.py", "import b3\ndef f():\n    return b3.g()\n");
    for name in ["b1.py", "b2.py", "b3.py", "b4.py"] {
        let path = folder.path().join(name).display().to_string();
        let output = trylemma(&["check", &path]);
        let report = text(&output.stdout);
        assert_eq!(output.status.code(), Some(0), "{name}: {report}");
        assert!(!report.contains("on every path;"), "{name}: {report}");
    }
}

#[test]
fn what_a_package_of_the_library_lacks_is_unknown_at_its_place() {
    for import in
        ["from unittest import mock", "from copy import dispatch_table", "from unittest import case, util"]
    {
        let (_folder, path) = file("program.py", format!("{import}\ndef f():\n    return g()\n"));
        let report = text(&trylemma(&["check", &path.display().to_string()]).stdout);
        assert!(report.contains("taken as unknown: ") && !report.contains("on every path;"), "{report}");
    }
}
