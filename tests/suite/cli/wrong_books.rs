//! `trylemma check --size` tells a wrong book from the right one.

use super::super::common::{Edit, edited_book};
use super::{exits, ok};

/// Asserts that a book with these edits breaks `finally-exactly-once`.
fn refuted(edits: &[Edit]) {
    let folder = edited_book(edits);
    let folder = folder.path().display().to_string();
    let report = exits(&["check", "--size", "3", "--semantics", &folder], 1);
    assert!(report.contains("REFUTED  finally-exactly-once"), "{report}");
    assert!(report.contains("The smallest program that breaks it:"), "{report}");
}

const CALM: &str = "(done ?q (push (finally-frame ?t) ?k) ?w)\n ~> (eval ?t (push (pending ?q) ?k) ?w)";
const RAISING: &str = " ~> (eval ?t (push (pending (raising ?x))";

#[test]
fn a_clause_that_runs_twice() {
    let calm = CALM.replace("(eval ?t", "(eval (seq ?t ?t)");
    let raising = RAISING.replace("(eval ?t", "(eval (seq ?t ?t)");
    refuted(&[("08-finally.md", CALM, &calm), ("08-finally.md", RAISING, &raising)]);
}

#[test]
fn a_clause_that_is_skipped_while_a_return_is_pending() {
    let subset = "Exit        ?out   <: Completion ::= raising returning";
    let subsets = format!("{subset}\nStaying     ?stay  <: Completion ::= normal breaking continuing");
    let split = "(done ?stay (push (finally-frame ?t) ?k) ?w)\n ~> (eval ?t (push (pending ?stay) ?k) ?w)\n\n\
        ------------------------------------------------------------ finally/skip\n    \
        (done (returning ?v) (push (finally-frame ?t) ?k) ?w)\n ~> (done (returning ?v) ?k ?w)";
    refuted(&[("01-grammar.md", subset, &subsets), ("08-finally.md", CALM, split)]);
}

#[test]
fn the_right_book_passes() {
    let report = ok(&["check", "--size", "3"]);
    assert!(report.contains("holds    finally-exactly-once"), "{report}");
    assert!(report.contains("every program of the core up to size 3: 545 programs"), "{report}");
}

#[test]
fn each_hazard_has_a_program_of_size_3_and_none_smaller() {
    ok(&["check", "--size", "2", "--hazards"]);
    let report = exits(&["check", "--size", "3", "--hazards"], 1);
    for hazard in ["no-lost-exception", "no-return-override", "no-masked-exception"] {
        assert!(report.contains(&format!("REFUTED  {hazard}")), "{report}");
    }
}
