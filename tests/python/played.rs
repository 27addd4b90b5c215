//! Paths that are played back: every path of a program, its unknowns answered as it says, ends under `python3` as it says.

use crate::common::{file, has_python, ok, python, repository, text, trylemma};

/// Python's numbers of the paths that ended as they should, and of the others; and what it says of the others.
fn play(module: &str) -> (usize, usize, String) {
    let (_folder, path) = file("test_paths.py", module);
    let output = python(&["-W", "ignore", &path.display().to_string()], "");
    let printed = text(&output.stdout);
    let last = printed.lines().last().unwrap_or_default().to_string();
    let mut counts = last.split(", ").map(|part| part.split(' ').next()?.parse().ok());
    match (counts.next(), counts.next()) {
        (Some(Some(played)), Some(Some(failed))) => (played, failed, printed),
        _ => panic!("{last}: {}", text(&output.stderr)),
    }
}

/// The module for a file or an entry of it. A limit that cuts paths off leaves the others.
fn module(path: &str, more: &[&str]) -> String {
    let output = trylemma(&[&["explore", path, "--format", "pytest", "--python", "3.11"], more].concat());
    assert!(matches!(output.status.code(), Some(0 | 3)), "{path}: {}", text(&output.stderr));
    text(&output.stdout)
}

#[test]
fn the_paths_of_each_example_end_under_python_as_they_say() {
    if !has_python("sys; assert sys.version_info >= (3, 11)") {
        return;
    }
    // Those that ask nothing of what is unknown have one path.
    for (name, paths) in
        [("login", 28), ("open_file", 85), ("unclosed_file", 11), ("instruments", 3), ("with_statement", 1)]
    {
        let path = repository("examples").join(format!("{name}.py")).display().to_string();
        let (played, failed, said) = play(&module(&path, &["--paths", "100"]));
        assert_eq!(failed, 0, "{name}: {said}");
        assert!(played >= paths, "{name}: {played} paths were played back");
    }
}

/// What functions do with what they do not know, each with every path of its own.
const FUNCTIONS: &[&str] = &[
    "    a, b = u\n    return a",
    "    for k, v in u.items():\n        v(k)",
    "    with u as (a, b):\n        a()",
    "    return [*u, u]",
    "    try:\n        u()\n    except E:\n        return 1\n    else:\n        return 2",
    "    try:\n        u()\n    except ValueError:\n        raise E('x') from None",
    "    if u.a:\n        u.f()\n    if not u.a:\n        u.g()",
    "    u.x = None\n    if u.x is None:\n        return 1\n    u()",
    "    if u is None:\n        return 1\n    return u.read()",
    "    return 1 if isinstance(u, dict) else u[0]",
    "    n = 0\n    for x in u:\n        if x == 3:\n            break\n        n = len(x)\n    return n",
    "    try:\n        return int(u)\n    finally:\n        u.close()",
    "    try:\n        import nothing_of_this_name\n    except ImportError:\n        return u()",
    "    if 1 in u and u > 2:\n        del u[0]",
    "    match u:\n        case None:\n            return 1\n        case 1 | 2 as n:\n            return u(n)\n        case x if x:\n            return x.a",
    "    match u:\n        case None:\n            return u\n        case [1, x]:\n            return x()",
    "    s = ''\n    while True:\n        c = u.read()\n        if not c:\n            break\n        s += c\n    return s",
    "    if u.a:\n        raise ValueError(u)",
    "    if u is float('inf') or u == 1.5:\n        return 1",
    "    if u not in [1, v]:\n        return 1\n    return 2",
    "    try:\n        u()\n    except OSError as e:\n        if e.errno == v:\n            return str(e)\n        raise",
    "    try:\n        return {1: 2}[u]\n    except KeyError:\n        raise E('x', code=u)",
    "    while u():\n        yield u.a\n    print('end', file=u)",
    "    import types\n    import os\n    return types.ModuleType(u), os.O_EXCL | os.O_CREAT, 'a%s' % u, reversed(u)",
    "    import json\n    try:\n        u()\n    except json.JSONDecodeError:\n        return f'{u}'.encode()",
    "    def g(*args, **more):\n        return v(*args, u=u, **more)\n    return g",
    "    with open(u) as file:\n        if 'x' in u.names and isinstance(u, v):\n            file.write(u)",
    "    return {x.name for x in u.all}",
    "    yield from u.all()",
    "    result = yield from u\n    if result:\n        v(result)",
    "    try:\n        yield (yield from u)\n        yield from [1, v]\n    finally:\n        u.close()",
];

#[test]
fn what_is_done_with_unknowns_can_happen_under_python() {
    if !has_python("sys; assert sys.version_info >= (3, 11)") {
        return;
    }
    for body in FUNCTIONS {
        let (_folder, path) = file("p.py", format!("def f(u):\n{body}\n"));
        let made = module(&path.display().to_string(), &["--entry", "f", "--unknown", "--paths", "200"]);
        let (played, failed, said) = play(&made);
        assert_eq!(failed, 0, "{body}\n{said}");
        assert!(played > 0, "{body}\n{made}");
    }
}

#[test]
fn methods_and_decorated_functions_are_entered_under_python_as_well() {
    if !has_python("sys; assert sys.version_info >= (3, 11)") {
        return;
    }
    let program = "from contextlib import contextmanager\n\n\nclass C:\n    def m(self, n):\n        self.x = n\n        return self.x() \
                   or self.y.z\n\n    @classmethod\n    def c(cls, n):\n        return cls.m(cls, n)\n\n    @u\n    def d(self, n):\n        \
                   return n()\n\n\n@contextmanager\ndef g(*args):\n    try:\n        yield v(*args)\n    finally:\n        w()\n";
    let (_folder, path) = file("p.py", program);
    for entry in ["C.m", "C.c", "C.d", "g"] {
        let made = module(&path.display().to_string(), &["--entry", entry, "--unknown"]);
        let (played, failed, said) = play(&made);
        assert_eq!(failed, 0, "{entry}\n{said}");
        assert!(played > 1, "{entry}\n{made}");
    }
}

#[test]
fn a_path_that_cannot_happen_fails() {
    if !has_python("sys") {
        return;
    }
    let (_folder, path) = file("p.py", "try:\n    f()\nexcept ValueError:\n    g()\n");
    let made = module(&path.display().to_string(), &[]);
    assert_eq!(play(&made).1, 0);
    for (wrong, right) in [("'normal'", "'raising KeyError'"), ("('call', 'g'", "('item', 'g'")] {
        assert!(made.contains(wrong), "{made}");
        assert_ne!(play(&made.replacen(wrong, right, 1)).1, 0, "{wrong}");
    }
}

#[test]
fn pytest_runs_the_module() {
    if has_python("pytest") {
        let path = repository("examples").join("login.py").display().to_string();
        let (_folder, tests) = file("test_login.py", ok(&["explore", &path, "--format", "pytest"]));
        let output =
            python(&["-m", "pytest", "-q", "-p", "no:cacheprovider", &tests.display().to_string()], "");
        assert!(text(&output.stdout).contains("28 passed"), "{}", text(&output.stdout));
    }
}
