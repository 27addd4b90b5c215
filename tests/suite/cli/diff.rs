//! `diff`: where two books, two versions and two programs part.

use trylemma::trace::across::DiffReport;

use crate::common::{complaint, edited_book, exits, file, ok};

/// A `finally` clause that loses the exception in flight.
fn losing() -> tempfile::TempDir {
    edited_book(&[(
        "08-finally.md",
        " ~> (eval ?t (push (pending (raising ?x)) (push (handled-frame ?h) ?k)) ?w{handled: ?x})",
        " ~> (eval ?t (push (pending normal) (push (handled-frame ?h) ?k)) ?w{handled: ?x})",
    )])
}

#[test]
fn the_smallest_program_is_found_on_which_a_changed_book_does_something_else() {
    let book = losing();
    let book = book.path().display().to_string();
    let json = exits(&["diff", "--semantics", &book, "--size", "3", "--format", "json"], 1);
    let report: DiffReport = serde_json::from_str(&json).expect("JSON");
    let program = report.program.as_ref().expect("a program");
    assert!(program.contains("finally:\n") && program.lines().count() <= 7, "{program}");
    let parting = report.parting.as_ref().expect("a step");
    assert_eq!(parting.older.rule.as_deref(), Some("finally/resume"));
    assert!(parting.older.control.starts_with("raising") && parting.newer.control == "normal", "{parting:?}");
    let ron = exits(&["diff", "--semantics", &book, "--size", "3", "--format", "ron"], 1);
    assert_eq!(report, ron::from_str(&ron).expect("RON"));
    let said = exits(&["diff", "--semantics", &book, "--size", "3"], 1);
    assert!(said.contains("do not do the same on 9 of 545 programs; the smallest:\n"), "{said}");
    let (_folder, path) = file("p.py", "try:\n    1 / 0\nfinally:\n    print(1)\n");
    let said = exits(&["diff", &path.display().to_string(), "--semantics", &book], 1);
    assert!(said.contains("line 4\n"), "{said}");
}

#[test]
fn what_does_the_same_does_not_part() {
    let same = edited_book(&[]);
    let said = ok(&["diff", "--semantics", &same.path().display().to_string(), "--size", "2"]);
    assert!(said.contains("do the same on "), "{said}");
    let (_folder, path) = file("p.py", "print(1)\n");
    let path = path.display().to_string();
    ok(&["diff", &path, &path]);
    ok(&["diff", &path, "--python", "3.8..3.14"]);
}

#[test]
fn two_versions_and_two_programs_part_at_a_step() {
    let said = exits(&["diff", "--python", "2.7..3.14", "--size", "2"], 1);
    assert!(said.contains("Python 3.14: reraise/none (since 3.0), then raising RuntimeError"), "{said}");
    let (_one, one) = file("one.py", "print(1)\nprint(2)\n");
    let (_other, other) = file("other.py", "print(1)\nprint(3)\n");
    let [one, other] = [one, other].map(|path| path.display().to_string());
    let said = exits(&["diff", &one, &other], 1);
    assert!(
        said.contains("line 2\n") && said.contains("then value 2") && said.contains("then value 3"),
        "{said}"
    );
}

#[test]
fn what_cannot_be_told_apart_is_an_error() {
    assert!(complaint(&["diff"]).contains("name another book"));
    assert!(complaint(&["diff", "--semantics", "nowhere"]).contains("cannot read the book"));
    assert!(complaint(&["diff", "nowhere.py", "--python", "3.8..3.9"]).contains("nowhere.py"));
}

#[test]
fn what_comes_to_a_limit_is_not_said_to_do_the_same() {
    let (_endless, endless) = file("p.py", "x = 0\nwhile True:\n    x += 1\n");
    let endless = endless.display().to_string();
    let said = exits(&["diff", &endless, &endless], 3);
    assert!(said.contains("a limit was reached on 1 program"), "{said}");
    assert!(!said.contains("do the same on 1 program"), "{said}");
}
