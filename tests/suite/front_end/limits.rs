//! Inputs that are too large, too deep, or no text.

use trylemma::python::load;
use trylemma::python::print;

use super::{loaded, options, refused};

#[test]
fn inputs_of_any_depth_are_refused_in_one_message() {
    let nested: String = (0..2_000).map(|i| format!("{}try:\n", " ".repeat(i))).collect();
    assert_eq!(refused(&nested).title(), "too many levels of indentation");
    let nested: String = (0..5_000).map(|i| format!("{}try:\n", " ".repeat(i))).collect();
    assert_eq!(refused(&nested).title(), "too many levels of indentation");
    for unit in ["(", "not ", "f(", "-", "[", "lambda: ", "f()()", "x.y.", "1 + ", "a if b else "] {
        let error = refused(&format!("x = {}1", unit.repeat(100_000)));
        assert!(error.title().contains("nested"), "{unit}: {}", error.title());
        assert!(error.to_string().len() < 1_000, "{error}");
    }
    let deep = format!("x = {}1", "not ".repeat(1_000));
    assert_eq!(refused(&deep).title(), "the expression is nested too deeply");
    let elif = format!("if x: pass\n{}", "elif x: pass\n".repeat(2_100));
    assert_eq!(refused(&elif).title(), "the file is too large");
    loaded(&"pass\n".repeat(2_100));
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
    let large = vec![b'#'; (64 << 20) + 1];
    assert_eq!(load("b.py", &large, &options()).unwrap_err().title(), "the file is too large");
}
