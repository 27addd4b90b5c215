//! Assumptions about unknown names.

use trylemma::python::load;
use trylemma::python::{Assumptions, LoadOptions};

use super::options;

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
