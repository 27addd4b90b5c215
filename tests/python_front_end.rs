//! Sources in, terms out, and back: the front end as its users see it.

use std::path::Path;
use std::process::Command;

use trylemma::diagnostic::Diagnostic;
use trylemma::python::{Assumptions, Hierarchy, LoadOptions, Program, load, print};

fn hierarchy(version: (u8, u8)) -> Hierarchy {
    let chapter = Path::new(env!("CARGO_MANIFEST_DIR")).join("semantics/05-classes.md");
    let text = std::fs::read_to_string(chapter).unwrap();
    let table = text.split("```classes\n").nth(1).unwrap().split("```").next().unwrap();
    Hierarchy::parse(table, version).unwrap()
}

fn options() -> LoadOptions {
    let version = (3, 14);
    LoadOptions { hierarchy: hierarchy(version), version, ..LoadOptions::default() }
}

fn loaded(source: &str) -> Program {
    load("a.py", source.as_bytes(), &options()).unwrap_or_else(|error| panic!("{error}"))
}

fn refused(source: &str) -> Diagnostic {
    refused_by(source, (3, 14))
}

fn refused_by(source: &str, version: (u8, u8)) -> Diagnostic {
    let options = LoadOptions { hierarchy: hierarchy(version), version, ..LoadOptions::default() };
    match load("a.py", source.as_bytes(), &options) {
        Err(error) => error,
        Ok(program) => panic!("accepted:\n{source}\n{}", program.body),
    }
}

/// Runs `python3 -c script` with `argument`, and says what went wrong; `None` where
/// it exits with success, or is not installed.
fn python_complains(script: &str, argument: &str) -> Option<String> {
    let output = Command::new("python3").args(["-W", "ignore", "-c", script, argument]).output();
    match output {
        Ok(output) if !output.status.success() => {
            Some(String::from_utf8_lossy(&output.stderr).into_owned())
        }
        _ => None,
    }
}

const COMPILE: &str = "import sys; compile(sys.argv[1], 'a.py', 'exec')";

const STATEMENTS: &str = r#"
"""A docstring."""
class Mine(ValueError):
    "nothing"
class Theirs(Opaque): ...
def helper(a, b: int) -> None:
    x: str = 'it\'s "é"\n'
    y = z = (a, -3, (), (1,))
    while not a and (b or x) and y:
        if a is None or b is not None:
            continue
        elif a == b:
            pass
        elif (not a) != (b < 1):
            ...
        else:
            break
    else:
        return
    return helper(a, b), True
def f():
    try:
        try:
            login()
        finally:
            raise
    except (ValueError, LoginError) as e:
        raise e
    except Mine:
        pass
    except:
        return isinstance(e, Theirs)
    else:
        print('else')
    finally:
        try:
            pass
        except KeyError as f:
            raise KeyError('k')
if __name__ == "__main__":
    f()
"#;

#[test]
fn printing_and_loading_gives_the_same_term() {
    let first = loaded(STATEMENTS);
    let text = print::statement(&first.body, 0);
    let second = loaded(&text);
    assert_eq!(first.body.to_string(), second.body.to_string(), "{text}");
    assert_eq!(first.body, second.body);
    assert_eq!(print::statement(&second.body, 0), text);
    assert_eq!(python_complains(COMPILE, &text), None, "{text}");
}

#[test]
fn lines_and_markers_do_not_change_what_is_printed() {
    let with_lines = LoadOptions { lines: true, ..options() };
    let program = load("a.py", STATEMENTS.as_bytes(), &with_lines).unwrap();
    assert!(program.body.to_string().contains("(at 29 "));
    assert_eq!(print::statement(&program.body, 0), print::statement(&loaded(STATEMENTS).body, 0));
}

#[test]
fn a_try_with_both_clauses_is_two_statements() {
    let program = loaded("try: pass\nexcept A as e: pass\nfinally: pass\n");
    let text = program.body.to_string();
    assert!(
        text.starts_with(
            "(watch (try-finally-statement 0) (try-finally (watch (suite 0) \
             (watch (try-except-statement 1 1) (probe (handler 1 0) (global e) (try-except "
        ),
        "{text}"
    );
    assert_eq!(
        print::statement(&program.body, 0),
        "try:\n    pass\nexcept A as e:\n    pass\nfinally:\n    pass\n"
    );
}

#[test]
fn names_of_a_function_are_local_where_it_binds_them() {
    let text = loaded("x = 1\ndef f(p):\n    y = p\n    return x, y, p\n").body.to_string();
    for part in ["(name (global x))", "(name (local y))", "(name (local p))"] {
        assert!(text.contains(part), "{part} in {text}");
    }
    let text = loaded("def f():\n    try: g()\n    except E as x: pass\n    return x\n");
    assert!(text.body.to_string().contains("(return (name (local x)))"));
}

#[test]
fn an_empty_file_is_a_program() {
    for source in ["", "\n", "# nothing", "\u{feff}"] {
        let program = loaded(source);
        assert_eq!(program.body.to_string(), "pass");
        assert_eq!(program.globals.to_string(), "no-names");
    }
}

#[test]
fn names_that_nothing_binds_are_classes_builtins_or_unknown() {
    let program = loaded(
        "class Mine(Opaque): pass\n\
         try: login()\nexcept (ValueError, Mine): print(1)\nexcept IOError: raise Late()\n",
    );
    assert_eq!(program.unknowns, ["login"]);
    assert_eq!(
        program.raises,
        ["Opaque", "Mine", "ValueError", "OSError", "Late", "Exception", "BaseException"]
    );
    let globals = program.globals.to_string();
    let names = ["IOError (class OSError builtin", "Late (class Late opaque", "Opaque (class Opaque"];
    for name in names.into_iter().chain(["ValueError (class ValueError", "login (unknown login 0 "]) {
        assert!(globals.contains(&format!("(binding {name}")), "{name} in {globals}");
    }
    assert!(globals.contains("print print-builtin"));
    assert!(!globals.contains("(binding Mine"));
    assert!(globals.contains("(exception (class Mine file (bases (class Opaque opaque"));
}

#[test]
fn an_entry_is_called_with_unknown_arguments() {
    let program = loaded("def f(a, b):\n    return a(b)\ndef g():\n    f(1, c)\n");
    assert_eq!(program.functions.iter().map(|f| f.called).collect::<Vec<_>>(), [true, false]);
    let entry = program.with_entry("f").unwrap();
    let tail = "(arguments (const (unknown a 0 (outcomes anything ";
    assert!(entry.body.to_string().contains(tail), "{}", entry.body);
    let error = program.with_entry("ff").unwrap_err();
    assert!(error.to_string().contains("`f`"), "{error}");
}

#[test]
fn an_argument_is_not_the_global_of_its_name() {
    let program = loaded("def f(x):\n    g()\ndef g():\n    return x()\n");
    let entry = program.with_entry("f").unwrap();
    assert!(entry.body.to_string().contains("(unknown x 1 "), "{}", entry.body);
}

#[test]
fn what_is_not_modelled_is_refused_by_its_name() {
    let table = [
        ("with f(): pass", "`with` statement", 1, 1),
        ("for x in y: pass", "`for` statement", 1, 1),
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
        ("def f(*a): pass", "parameter with `*`", 1, 8),
        ("def f(*, a): pass", "keyword-only parameter", 1, 10),
        ("@d\ndef f(): pass", "decorator", 1, 1),
        ("async def f(): pass", "`async def`", 1, 1),
        ("def f():\n    yield 1", "`yield` expression", 2, 5),
        ("def f[T](): pass", "type parameters", 1, 6),
        ("x.y", "attribute access", 1, 1),
        ("x.y = 1", "assignment to an attribute", 1, 1),
        ("x[1] = 1", "assignment to a subscription", 1, 1),
        ("x, y = 1, 2", "unpacking assignment", 1, 1),
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
        ("ValueError = 1", "another meaning for the builtin name `ValueError`", 1, 1),
        (
            "try: pass\nexcept A as len: pass",
            "the builtin name `len` after `as` at module level",
            2,
            13,
        ),
        ("raise ExceptionGroup", "`ExceptionGroup` outside `except` and `isinstance`", 1, 7),
        ("x = UnicodeDecodeError", "`UnicodeDecodeError` outside `except` and `isinstance`", 1, 5),
        ("OSError(2, 'x')", "`OSError` with more than one argument", 1, 1),
    ];
    for (source, construct, line, column) in table {
        let error = refused(source);
        assert_eq!(error.title(), format!("not modelled yet: {construct}"), "{source}");
        assert_eq!((error.line(), error.column()), (line, column), "{source}\n{error}");
        assert_eq!(python_complains(COMPILE, source).filter(|_| !source.contains('[')), None);
    }
}

#[test]
fn demanding_classes_may_be_caught() {
    loaded("try: f()\nexcept (UnicodeDecodeError, ExceptionGroup) as e:\n    isinstance(e, (KeyError, ExceptionGroup))\n");
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
        ("while x:\n    def f():\n        break", (3, 14), 2),
        ("try: pass\nexcept: pass\nexcept A: pass", (3, 14), 2),
        ("def f(a, a): pass", (3, 14), 1),
        ("__debug__ = 1", (3, 14), 1),
        ("try: pass\nexcept A, B: pass", (3, 13), 2),
        ("match x:\n    case 1: pass", (3, 9), 1),
        ("while x:\n    try: pass\n    finally: continue", (3, 7), 3),
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
        loaded(&format!("def f():\n    while x:\n        try: pass\n        finally: {jump}\n"));
    }
}

#[test]
fn inputs_of_any_depth_are_refused_in_one_message() {
    let nested: String = (0..2_000).map(|i| format!("{}try:\n", " ".repeat(i))).collect();
    assert_eq!(refused(&nested).title(), "too many levels of indentation");
    let nested: String = (0..5_000).map(|i| format!("{}try:\n", " ".repeat(i))).collect();
    assert_eq!(refused(&nested).title(), "the file is too large");
    for unit in ["(", "not ", "f(", "-", "[", "lambda: ", "f()()", "x.y.", "1 + ", "a if b else "] {
        let error = refused(&format!("x = {}1", unit.repeat(100_000)));
        assert!(error.title().contains("nested"), "{unit}: {}", error.title());
        assert!(error.to_string().len() < 1_000, "{error}");
    }
    let deep = format!("x = {}1", "not ".repeat(1_000));
    assert_eq!(refused(&deep).title(), "the expression is nested too deeply");
    let elif = format!("if x: pass\n{}", "elif x: pass\n".repeat(50_000));
    for long in [elif, "pass\n".repeat(50_000), format!("f({})", "1,".repeat(50_000))] {
        assert_eq!(refused(&long).title(), "the file is too large");
    }
}

#[test]
fn a_file_within_the_limits_can_be_printed_in_a_small_stack() {
    let source = "f(1)\n".repeat(1_900);
    let program = loaded(&source);
    assert_eq!(print::statement(&program.body, 0), source);
    assert!(program.body.to_string().len() > source.len());
}

#[test]
fn what_is_no_text_is_refused() {
    for bytes in [&b"\xff\xfe"[..], b"x = '\0'", b"\x7fELF\x02\x00"] {
        let error = load("b.py", bytes, &options()).unwrap_err();
        assert_eq!(error.title(), "not a text file");
    }
    let large = vec![b'#'; (4 << 20) + 1];
    assert_eq!(load("b.py", &large, &options()).unwrap_err().title(), "the file is too large");
}

#[test]
fn assumptions_narrow_a_call() {
    let text = r#"(calls: {"login": Call(returns: Some([Bool(true), None, Int(3), Str("x")]),
        raises: Some(["LoginError"])), "other": Call(raises: Some([]))})"#;
    let assumptions = Assumptions::parse("s.ron", text).unwrap();
    let options = LoadOptions { assumptions, ..options() };
    let source = "try: login(other())\nexcept LoginError: pass\n";
    let globals = load("a.py", source.as_bytes(), &options).unwrap().globals.to_string();
    assert!(globals.contains(
        "(unknown login 0 (outcomes (one-of (values (values (values (values no-values true) \
         none) (int 3)) (str x))) (values no-values (exception (class LoginError opaque"
    ));
    assert!(globals.contains("(unknown other 0 (outcomes anything no-values))"));
}

#[test]
fn assumptions_that_do_not_fit_are_shown_with_what_is_near() {
    let table = [
        (r#"(calls: {"logn": Call()})"#, "`logn` is no unknown name of the program", "`login`"),
        (
            r#"(calls: {"login": Call(raises: Some(["ValueEror"]))})"#,
            "`ValueEror` is no exception class of the program",
            "`ValueError`",
        ),
        (
            r#"(calls: {"login": Call(returns: Some([]), raises: Some([]))})"#,
            "a call of `login` could neither return nor raise",
            "returns",
        ),
    ];
    for (text, title, near) in table {
        let assumptions = Assumptions::parse("s.ron", text).unwrap();
        let error = load("a.py", b"login()", &LoadOptions { assumptions, ..options() }).unwrap_err();
        assert_eq!(error.title(), title);
        assert!(error.to_string().contains(near), "{error}");
        assert!(error.to_string().contains("s.ron:1:"), "{error}");
    }
    let error = Assumptions::parse("s.ron", "(calls: {\n  \"f\": Call(return: 1)})").unwrap_err();
    assert_eq!(error.line(), 2, "{error}");
    for text in ["", "(", "((((", &"[".repeat(100_000), "(calls: 3)"] {
        Assumptions::parse("s.ron", text).unwrap_err();
    }
}

#[test]
fn the_class_table_is_cpythons() {
    let names: Vec<String> = hierarchy((3, 11)).all_names().map(String::from).collect();
    let script = "import builtins, sys\n\
        if sys.version_info[:2] == (3, 11):\n    \
        mine = {k for k, v in vars(builtins).items() if isinstance(v, type) and \
        issubclass(v, BaseException)}\n    \
        assert mine == set(sys.argv[1].split()), mine ^ set(sys.argv[1].split())\n";
    assert_eq!(python_complains(script, &names.join(" ")), None);
}

#[test]
fn an_enumerated_program_prints_with_the_classes_it_uses() {
    let mut p = trylemma::python::Planter::default();
    let label = p.label();
    let class = p.global("C");
    let class = p.node("name", [class]);
    let suite = p.node("raise", [class]);
    let handler = trylemma::python::Handler {
        condition: Some(class),
        name: None,
        body: p.atom("reraise"),
    };
    let pass = p.atom("pass");
    let statement = p.try_except(label, suite, &[handler], pass);
    let root = p.try_finally(1, statement, pass);
    let text = print::program(&p.finish(root));
    assert_eq!(
        text,
        "class A(Exception): pass\nclass C(A): pass\n\ndef program():\n    try:\n        \
         raise C\n    except C:\n        raise\n    finally:\n        pass\n\nprogram()\n"
    );
    assert_eq!(python_complains(COMPILE, &text), None);
}
