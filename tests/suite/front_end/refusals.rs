//! What is not modelled, and what is not Python.

use trylemma::book::library::Module;
use trylemma::python::{LoadOptions, load};

use super::{COMPILE, loaded, options, python_complains, refused, refused_by};

#[test]
fn what_is_not_modelled_is_refused_by_its_name() {
    let table = [
        ("async def f(): pass", "`async def`", 1, 1),
        ("def f[T](): pass", "type parameters", 1, 6),
        ("match x:\n    case [1]: pass", "sequence pattern", 2, 10),
        ("x = 1j", "complex number", 1, 5),
        ("x = t'a'", "t-string", 1, 5),
        ("class A(metaclass=M): pass", "a metaclass", 1, 9),
        ("from os import path", "`os.path`", 1, 16),
        ("type X = int", "`type` statement", 1, 1),
        ("class A[T]: pass", "type parameters", 1, 8),
        ("class A:\n    def __instancecheck__(self, x): pass", "a class with `__instancecheck__`", 1, 7),
        ("x.__dict__[1] = 2", "a key of `__dict__` that is no string", 1, 12),
        ("int.__dict__", "`int.__dict__`", 1, 1),
        ("import os.path", "`import` of a module in a package", 1, 8),
    ];
    for (source, construct, line, column) in table {
        let error = refused(source);
        assert_eq!(error.title(), format!("not modelled yet: {construct}"), "{source}");
        assert_eq!((error.line(), error.column()), (line, column), "{source}\n{error}");
        // What is refused is Python; some of it only for a recent `python3`.
        if !["type parameters", "`type` statement", "t-string"].contains(&construct) {
            assert_eq!(python_complains(COMPILE, source), None, "{source}");
        }
    }
}

#[test]
fn what_the_core_has_no_terms_for_is_loaded_with_objects() {
    let table = [
        "with f(): pass",
        "x = 1\nimport os",
        "x = (i for i in y)",
        "x = [i for i in y]",
        "x = [1]",
        "x = {1}",
        "x = {}",
        "x = lambda: 1",
        "x = 1 if y else 2",
        "x = (y := 1)",
        "def f():\n    def g(): pass",
        "def f():\n    class g(A): pass",
        "def f(a=1): pass",
        "def f(*a): pass",
        "def f(*, a): pass",
        "@d\ndef f(): pass",
        "def f():\n    yield 1",
        "x.y",
        "x.y = 1",
        "x[1] = 1",
        "x, y = 1, 2",
        "for x, y in z: pass",
        "for x.y in z: pass",
        "for x[1] in z: pass",
        "for print in z: pass",
        "x[1]",
        "x + 1",
        "-x",
        "~x",
        "x += 1",
        "f'{x}'",
        "b'x'",
        "1.5",
        "99999999999999999999",
        "x = ...",
        "'\\ud800'",
        "f(a=1)",
        "f(*a)",
        "a < b < c",
        "a in b",
        "try: pass\nexcept* A: pass",
        "raise A from B",
        "assert x",
        "del x",
        "def f():\n    global x",
        "x: int",
        "class A: pass",
        "class A(B, C): pass",
        "class A(B):\n    x = 1",
        "class A(b()): pass",
        "B = 1\nclass A(B): pass",
        "class A(B): pass\nclass A(B): pass",
        "while x:\n    def f(): pass",
        "for x in y:\n    def f(): pass",
        "ValueError = 1",
        "try: pass\nexcept A as len: pass",
        "raise ExceptionGroup",
        "x = UnicodeDecodeError",
        "OSError(2, 'x')",
    ];
    for source in table {
        assert!(loaded(source).objects, "{source}");
        assert_eq!(python_complains(COMPILE, source), None, "{source}");
    }
}

#[test]
fn programs_of_the_core_keep_no_objects() {
    let table = [
        "x = y = f(1, 'a', -1, (None, True))",
        "x: int = 1",
        "'text'\n...\n'\\ufffd'",
        "class A(B): 'text'\nclass C(A): ...",
        "def f(a, /, b):\n    global_one = a\n    return global_one is b",
        "if not x and y == 1: pass\nelif z: pass\nelse: pass",
        "while x: break\nelse: pass",
        "for x in f(): continue",
        "try: raise A(1)\nexcept (A, B) as e: raise\nexcept: pass\nelse: pass\nfinally: pass",
        "x = eval('1')",
    ];
    for source in table {
        assert!(!loaded(source).objects, "{source}");
        assert_eq!(python_complains(COMPILE, source), None, "{source}");
    }
}

#[test]
fn what_the_compiler_rejects_in_a_module_is_an_error_of_the_module() {
    let module = Module { file: "m.py".to_string(), text: "x = 1\nbreak\n".into() };
    let modules = [("m".to_string(), module)].into();
    let error = load("a.py", b"import m", &LoadOptions { modules, ..options() }).unwrap_err();
    assert_eq!((error.origin(), error.line()), ("m.py", 2), "{error}");
}

#[test]
fn demanding_classes_may_be_caught() {
    loaded(
        "try: f()\nexcept (UnicodeDecodeError, ExceptionGroup) as e:\n    isinstance(e, (KeyError, ExceptionGroup))\n",
    );
}

#[test]
fn syntax_errors_have_their_places() {
    let table = [
        ("x = (", (3, 14), 1),
        ("x = 1\nif x\n    pass", (3, 14), 2),
        ("try: pass", (3, 14), 1),
        ("def f():\npass", (3, 14), 2),
        ("x = 'a", (3, 14), 1),
        ("None = 1", (3, 14), 1),
        ("return 1", (3, 14), 1),
        ("x = 1\nbreak", (3, 14), 2),
        ("while x: pass\nelse: continue", (3, 14), 2),
        ("for x in y: pass\nelse: break", (3, 14), 2),
        ("for 1 in y: pass", (3, 14), 1),
        ("while x:\n    def f():\n        break", (3, 14), 3),
        ("try: pass\nexcept: pass\nexcept A: pass", (3, 14), 2),
        ("def f(a, a): pass", (3, 14), 1),
        ("__debug__ = 1", (3, 14), 1),
        ("try: pass\nexcept A, B: pass", (3, 13), 2),
        ("match x:\n    case 1: pass", (3, 9), 1),
        ("while x:\n    try: pass\n    finally: continue", (3, 7), 3),
        ("for x in y:\n    try: pass\n    finally: continue", (3, 7), 3),
        ("x = 1\n  y = 2", (3, 14), 2),
        ("\x00", (3, 14), 1),
        ("$", (3, 14), 1),
    ];
    for (source, version, line) in table {
        let error = refused_by(source, version);
        assert_eq!(error.line(), line, "{source}\n{error}");
        assert!(!error.title().is_empty() && error.to_string().contains("a.py"));
    }
}

#[test]
fn a_jump_may_leave_a_finally_clause() {
    for jump in ["return", "break", "continue"] {
        for head in ["while x", "for x in y"] {
            loaded(&format!("def f():\n    {head}:\n        try: pass\n        finally: {jump}\n"));
        }
    }
}

#[test]
fn a_clause_in_the_wrong_place_is_a_syntax_error() {
    let table = [
        ("try: pass\nexcept: pass\nexcept ValueError: pass", 2),
        ("try: pass\nprint(1)", 2),
        ("try: f()\nelse: g()\nfinally: h()", 2),
        ("class A:\n    x = [1]\n    try: f()\n    else: g()\n    finally: h()", 4),
        ("try: pass\nexcept ValueError, KeyError as e: pass", 2),
        ("try: pass\nexcept*: pass", 2),
        ("try: pass\nexcept* ValueError: pass\nexcept KeyError: pass", 3),
        ("def f():\n    try: pass\n    except* ValueError: return", 3),
        ("while x:\n    try: pass\n    except* ValueError: break", 3),
        ("while x:\n    try: pass\n    except* ValueError: continue", 3),
    ];
    for (source, line) in table {
        let error = refused(source);
        assert!(error.title().starts_with("invalid syntax: "), "{source}\n{error}");
        assert_eq!(error.line(), line, "{source}\n{error}");
    }
}
