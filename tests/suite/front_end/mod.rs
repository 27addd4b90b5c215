//! Sources in, terms out, and back: the front end as its users see it.

mod assumptions;
mod left_open;
mod limits;
mod refusals;

use std::path::Path;
use std::process::Command;

use trylemma::book::library::Library;
use trylemma::book::version::Version;
use trylemma::book::{Book, Hierarchy};
use trylemma::diagnostic::Diagnostic;
use trylemma::python::load;
use trylemma::python::print;
use trylemma::python::{LoadOptions, Program};

fn hierarchy(version: Version) -> Hierarchy {
    let chapter = Path::new(env!("CARGO_MANIFEST_DIR")).join("semantics/05-classes.md");
    let text = std::fs::read_to_string(chapter).expect("the chapter is there");
    let (_, table) = text.split_once("```classes\n").expect("it has a table");
    let (table, _) = table.split_once("```").expect("the table ends");
    Hierarchy::parse(table, version).expect("the table is well formed")
}

fn options() -> LoadOptions {
    LoadOptions { hierarchy: hierarchy(Version::DEFAULT), ..LoadOptions::default() }
}

fn loaded(source: &str) -> Program {
    load("a.py", source.as_bytes(), &options()).unwrap_or_else(|error| panic!("{error}"))
}

fn refused(source: &str) -> Diagnostic {
    refused_by(source, (3, 14))
}

fn refused_by(source: &str, version: (u8, u8)) -> Diagnostic {
    let book = Book::built_in(Version::new(version.0, version.1)).expect("the book");
    let options = LoadOptions { library: Library::default(), ..LoadOptions::of(&book) };
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
        Ok(output) if !output.status.success() => Some(String::from_utf8_lossy(&output.stderr).into_owned()),
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
def each(items):
    for item in items:
        for item in (item, 2):
            continue
    else:
        return item
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
    assert_eq!(print::statement(&second.body, 0), text);
    assert_eq!(python_complains(COMPILE, &text), None, "{text}");
}

#[test]
fn lines_and_markers_do_not_change_what_is_printed() {
    let with_lines = LoadOptions { lines: true, ..options() };
    let program = load("a.py", STATEMENTS.as_bytes(), &with_lines).unwrap();
    assert!(program.body.to_string().contains("(at 30 (expression (call (name (global login))"));
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
    let text = loaded("def f():\n    for x in y:\n        z = x\n    return x, z\n").body.to_string();
    for part in ["(for (local x) (name (global y))", "(name (local x))", "(name (local z))"] {
        assert!(text.contains(part), "{part} in {text}");
    }
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
fn the_class_table_is_cpythons() {
    let names: Vec<String> = hierarchy(Version::new(3, 11)).all_names().map(String::from).collect();
    let script = "import builtins, sys\n\
        if sys.version_info[:2] == (3, 11):\n    \
        mine = {k for k, v in vars(builtins).items() if isinstance(v, type) and \
        issubclass(v, BaseException)}\n    \
        assert mine == set(sys.argv[1].split()), mine ^ set(sys.argv[1].split())\n";
    assert_eq!(python_complains(script, &names.join(" ")), None);
}

#[test]
fn an_enumerated_program_prints_with_the_classes_it_uses() {
    let mut p = trylemma::python::Instrumenter::default();
    let label = p.label();
    let class = p.global("C");
    let class = p.node("name", [class]);
    let suite = p.node("raise", [class]);
    let handler = trylemma::python::Handler { condition: Some(class), name: None, body: p.atom("reraise") };
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

/// The state holds where control is only where the program asks for it, and a comment asks for nothing.
#[test]
fn a_comment_changes_no_term() {
    let source = "x = [1]\nprint(x)\n";
    let body = |source: &str| {
        let options = LoadOptions::of(crate::common::book());
        trylemma::python::load("p.py", source.as_bytes(), &options).expect("it loads").body
    };
    let asking = "# tb_lineno, import warnings, g.throw(a, b)\n";
    assert_eq!(body(source), body(&format!("{source}{asking}")));
    assert_ne!(body(source), body(&format!("{source}print(x[0].tb_lineno)\n")));
}
