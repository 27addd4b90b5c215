//! `trylemma run` beside `python3`.

use crate::common::{
    TRYLEMMA, complaint, file, has_python, ok, python, repository, text, trylemma, with_input,
};

/// The examples that call nothing unknown.
const CLOSED: [&str; 10] = [
    "bare_except_last",
    "cleanup_only",
    "clause_discards",
    "else_clause",
    "lost_exception",
    "nested_handlers",
    "return_value",
    "search_outward",
    "target",
    "three_outcomes",
];

#[test]
fn closed_examples_print_what_python_prints() {
    if has_python("sys") {
        for example in CLOSED {
            let path = repository(&format!("examples/{example}.py")).display().to_string();
            let real = python(&[&path], "");
            assert!(real.status.success(), "{}", text(&real.stderr));
            assert_eq!(ok(&["run", &path]), text(&real.stdout), "{example}");
        }
    }
}

#[test]
fn an_uncaught_exception_ends_as_in_python() {
    if has_python("sys") {
        let path = repository("examples/uncaught_traceback.py").display().to_string();
        let (mine, real) = (trylemma(&["run", &path]), python(&[&path], ""));
        assert_eq!(mine.status.code(), real.status.code());
        assert_eq!(text(&mine.stdout), text(&real.stdout));
        assert_eq!(text(&mine.stderr).lines().last(), text(&real.stderr).lines().last());
    }
}

/// A file of values that print, and messages of exceptions that Python makes itself.
const VALUES: &str = r#"
class Missing(KeyError): pass
def give(x): return x
print(give((1, "a'b", None, True, ())), "q\t'\"", -3, (ValueError("x"), KeyError()))
print(ValueError(), ValueError("x"), ValueError("x", 2), KeyError("k"), Missing("m"), "\u00e9")
print(1 == True, 1 is True, (1, (2,)) < (1, (3,)), "a" >= "b", not 0, 1 and 2, 0 or "")
def wrong(number):
    try:
        if number == 0: raise 3
        elif number == 1: give()
        elif number == 2: give(1, 2)
        elif number == 3: None()
        elif number == 4: print(1 < "a")
        elif number == 5: isinstance(1, (ValueError, (KeyError, 3)))
        elif number == 6: print(later)
        elif number == 7: raise
        else:
            try: give(missing)
            except 3: pass
        later = 1
    except Exception as e:
        print(e)
wrong(0)
wrong(1)
wrong(2)
wrong(3)
wrong(4)
wrong(5)
wrong(6)
wrong(7)
raise Missing("the key")
"#;

#[test]
fn values_and_messages_read_as_in_python() {
    if has_python("sys") {
        let (_folder, path) = file("values.py", VALUES);
        let path = path.display().to_string();
        let (mine, real) = (trylemma(&["run", &path]), python(&[&path], ""));
        assert_eq!(text(&mine.stdout), text(&real.stdout));
        assert_eq!(text(&mine.stderr).lines().last(), text(&real.stderr).lines().last());
    }
}

#[test]
fn a_traceback_names_each_call_and_its_line() {
    let output = trylemma(&["run", "examples/uncaught_traceback.py"]);
    let message = text(&output.stderr);
    assert!(message.starts_with("Traceback (most recent call last):\n"), "{message}");
    assert!(message.contains("line 12, in <module>") && message.contains("line 7, in work"), "{message}");
    assert!(message.ends_with("\nValueError: oops\n"), "{message}");
}

#[test]
fn a_run_that_meets_something_unknown_says_what_to_do() {
    let (_folder, path) = file("assume.ron", "(calls: {})");
    let message = complaint(&["run", "examples/login.py", "--assume", &path.display().to_string()]);
    assert!(message.contains("explore") && message.contains("--assume"), "{message}");
}

#[test]
fn an_assumption_makes_a_run_possible() {
    let call = "Call(returns: Some([None]), raises: Some([]))";
    let calls: Vec<String> =
        ["login_check", "login", "page_footer"].iter().map(|name| format!("{name:?}: {call}")).collect();
    let (_folder, path) = file("assume.ron", format!("(calls: {{{}}})", calls.join(", ")));
    let printed = ok(&["run", "examples/login.py", "--assume", &path.display().to_string()]);
    assert_eq!(printed, "welcome\n");
}

#[test]
fn a_reader_that_closes_the_pipe_is_no_error() {
    let (_folder, path) = file("long.py", "n = 0\nwhile n != 1:\n    print('again')\n");
    let binary = TRYLEMMA;
    let script = format!(
        "'{binary}' run '{}' | head -1; echo ${{PIPESTATUS[0]}}; \
         '{binary}' rules | head -1; echo ${{PIPESTATUS[0]}}",
        path.display()
    );
    let output = std::process::Command::new("bash").args(["-c", &script]).output().expect("bash runs");
    assert_eq!(text(&output.stderr), "");
    let lines = text(&output.stdout);
    let lines: Vec<&str> = lines.lines().collect();
    assert_eq!((lines[0], lines[1], lines[3]), ("again", "0", "0"));
}

#[test]
fn system_exit_sets_the_exit_code_and_shows_no_traceback() {
    for (program, code, message) in [
        ("raise SystemExit\n", 0, ""),
        ("raise SystemExit(3)\n", 3, ""),
        ("raise SystemExit('bye')\n", 1, "bye\n"),
    ] {
        let output = with_input(&["run", "-"], program);
        assert_eq!((output.status.code(), text(&output.stderr).as_str()), (Some(code), message), "{program}");
    }
}

#[test]
fn a_value_too_large_to_write_out_is_an_error_and_no_hang() {
    let program = format!("x = ()\n{}print(x == x)\nprint(x)\n", "x = (x, x)\n".repeat(40));
    let output = with_input(&["run", "-"], &program);
    assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(1), "True\n"));
    assert!(text(&output.stderr).ends_with("MemoryError\n"), "{}", text(&output.stderr));
}

#[test]
fn a_module_that_fails_is_imported_anew() {
    let (folder, path) = file(
        "main.py",
        "for attempt in 1, 2:\n    try:\n        import broken\n    except ValueError as e:\n        print(attempt, e)\n",
    );
    let module = folder.path().join("broken.py");
    std::fs::write(module, "print('half')\nraise ValueError('broken')\n").expect("a module");
    assert_eq!(ok(&["run", &path.display().to_string()]), "half\n1 broken\nhalf\n2 broken\n");
}
