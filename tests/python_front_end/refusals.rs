//! What is not modelled, and what is not Python.

use super::{COMPILE, loaded, python_complains, refused, refused_by};

#[test]
fn what_is_not_modelled_is_refused_by_its_name() {
    let table = [
        ("with f(): pass", "`with` statement", 1, 1),
        ("x = 1\nimport os", "`import` statement", 2, 1),
        ("from os import path", "`from … import` statement", 1, 1),
        ("x = (i for i in y)", "generator expression", 1, 5),
        ("x = [i for i in y]", "list comprehension", 1, 5),
        ("x = [1]", "list display", 1, 5),
        ("x = {1}", "set display", 1, 5),
        ("x = {}", "dictionary display", 1, 5),
        ("x = lambda: 1", "`lambda` expression", 1, 5),
        ("x = 1 if y else 2", "conditional expression", 1, 5),
        ("x = (y := 1)", "assignment expression", 1, 6),
        ("def f():\n    def g(): pass", "nested function", 2, 5),
        ("def f():\n    class g(A): pass", "class inside a function", 2, 5),
        ("def f(a=1): pass", "parameter with a default", 1, 9),
        ("def f(*a): pass", "parameter with `*`", 1, 7),
        ("def f(*, a): pass", "keyword-only parameter", 1, 10),
        ("@d\ndef f(): pass", "decorator", 1, 1),
        ("async def f(): pass", "`async def`", 1, 1),
        ("def f():\n    yield 1", "`yield` expression", 2, 5),
        ("def f[T](): pass", "type parameters", 1, 6),
        ("x.y", "attribute access", 1, 1),
        ("x.y = 1", "assignment to an attribute", 1, 1),
        ("x[1] = 1", "assignment to a subscription", 1, 1),
        ("x, y = 1, 2", "unpacking assignment", 1, 1),
        ("for x, y in z: pass", "unpacking assignment", 1, 5),
        ("for x.y in z: pass", "assignment to an attribute", 1, 5),
        ("for x[1] in z: pass", "assignment to a subscription", 1, 5),
        ("for print in z: pass", "another meaning for the builtin name `print`", 1, 5),
        ("x[1]", "subscription", 1, 1),
        ("x + 1", "arithmetic", 1, 1),
        ("-x", "arithmetic", 1, 1),
        ("~x", "bitwise operation", 1, 1),
        ("x += 1", "augmented assignment", 1, 1),
        ("f'{x}'", "f-string", 1, 1),
        ("b'x'", "bytes literal", 1, 1),
        ("1.5", "float or complex number", 1, 1),
        ("99999999999999999999", "integer of more than 63 bits", 1, 1),
        ("x = ...", "`...` as a value", 1, 5),
        ("'\\ud800'", "surrogate in a string, or `\\ufffd`", 1, 1),
        ("f(a=1)", "keyword argument", 1, 3),
        ("f(*a)", "starred argument", 1, 3),
        ("a < b < c", "chained comparison", 1, 1),
        ("a in b", "membership test", 1, 1),
        ("try: pass\nexcept* A: pass", "`except*`", 2, 1),
        ("raise A from B", "`raise … from`", 1, 14),
        ("assert x", "`assert` statement", 1, 1),
        ("del x", "`del` statement", 1, 1),
        ("def f():\n    global x", "`global` statement", 2, 5),
        ("match x:\n    case 1: pass", "`match` statement", 1, 1),
        ("x: int", "annotation without a value", 1, 1),
        ("class A: pass", "class that is no exception class", 1, 7),
        ("class A(B, C): pass", "class with several bases", 1, 12),
        ("class A(B):\n    x = 1", "class with a body", 2, 5),
        ("class A(b()): pass", "base class that is not a name", 1, 9),
        ("B = 1\nclass A(B): pass", "base class that the file does not define as a class", 2, 9),
        ("class A(B): pass\nclass A(B): pass", "class with a name already defined", 2, 7),
        ("while x:\n    def f(): pass", "function definition in a loop", 2, 9),
        ("for x in y:\n    def f(): pass", "function definition in a loop", 2, 9),
        ("ValueError = 1", "another meaning for the builtin name `ValueError`", 1, 1),
        ("try: pass\nexcept A as len: pass", "the builtin name `len` after `as` at module level", 2, 13),
        ("raise ExceptionGroup", "`ExceptionGroup` outside `except` and `isinstance`", 1, 7),
        ("x = UnicodeDecodeError", "`UnicodeDecodeError` outside `except` and `isinstance`", 1, 5),
        ("OSError(2, 'x')", "`OSError` with more than one argument", 1, 1),
    ];
    for (source, construct, line, column) in table {
        let error = refused(source);
        assert_eq!(error.title(), format!("not modelled yet: {construct}"), "{source}");
        assert_eq!((error.line(), error.column()), (line, column), "{source}\n{error}");
        // What is refused is Python; type parameters are so only for a recent `python3`.
        if construct != "type parameters" {
            assert_eq!(python_complains(COMPILE, source), None, "{source}");
        }
    }
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
        ("while x:\n    def f():\n        break", (3, 14), 2),
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
