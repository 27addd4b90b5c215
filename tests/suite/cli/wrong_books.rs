//! `trylemma check --size` tells a wrong book from the right one.

use trylemma::trace::report::{Fate, MutantsReport};

use crate::common::{Edit, complaint, edited_book, exits, file, ok};

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

#[test]
fn an_exception_that_the_statement_still_raises_is_not_lost() {
    let leave = "(done ?a (push (pending ?c) ?k) ?w)\n ~> (done ?a ?k ?w)";
    let kept = "(done ?a (push (pending ?c) ?k) ?w)\n ~> (done ?c ?k ?w)";
    let folder = edited_book(&[("08-finally.md", leave, kept)]);
    let book = folder.path().display().to_string();
    // The theorem about the clause is broken, and the hazard is not met.
    let report = exits(
        &["check", "examples/lost_exception.py", "--property", "no-lost-exception", "--semantics", &book],
        1,
    );
    assert!(report.contains("holds    no-lost-exception"), "{report}");
}

#[test]
fn litmus_programs_that_never_end_are_cut_off() {
    let folder = edited_book(&[(
        "07-handlers.md",
        "(push (unbind-frame ?n) ?k) ?w)\n ~> (done ?c ?k ?w1)",
        "(push (unbind-frame ?n) ?k) ?w)\n ~> (done ?c ?k ?w)",
    )]);
    let report = exits(&["check", "--litmus", "--semantics", &folder.path().display().to_string()], 1);
    assert!(report.contains("differs  "), "{report}");
}

#[test]
fn rules_that_go_round_in_silence_are_no_success() {
    let leave = "(done ?a (push (pending ?c) ?k) ?w)\n ~> (done ?a ?k ?w)";
    let again = "(done ?a (push (pending ?c) ?k) ?w)\n ~> (done ?a (push (pending ?c) ?k) ?w)";
    let folder = edited_book(&[("08-finally.md", leave, again)]);
    let message = complaint(&["check", "--size", "3", "--semantics", &folder.path().display().to_string()]);
    assert!(message.contains("go round for ever") && message.contains("finally:"), "{message}");
}

#[test]
fn litmus_programs_tell_what_no_theorem_does() {
    let again = "(done ?on (push (while-frame ?e ?s ?t) ?k) ?w)\n ~> (eval (while ?e ?s ?t) ?k ?w1)";
    let once = "(done ?on (push (while-frame ?e ?s ?t) ?k) ?w)\n ~> (eval ?t ?k ?w1)";
    let folder = edited_book(&[("04-control.md", again, once)]);
    let report = exits(&["check", "--litmus", "--semantics", &folder.path().display().to_string()], 1);
    assert!(report.contains("differs  ") && report.contains("recorded: "), "{report}");
    assert!(ok(&["check", "--litmus"]).contains(" 0 with other outcomes than recorded"));
}

#[test]
fn a_job_that_stops_early_claims_no_more_than_it_ran() {
    let report = exits(&["check", "--size", "4", "--hazards", "--first"], 1);
    let holds: Vec<&str> = report.lines().filter(|line| line.starts_with("holds")).collect();
    assert!(
        !holds.is_empty() && holds.iter().all(|line| line.contains("up to size 3: 545 programs")),
        "{report}"
    );
}

#[test]
fn mutants_of_a_book_that_breaks_a_theorem_are_not_called_killed() {
    let raising = RAISING.replace("(eval ?t", "(eval (seq ?t ?t)");
    let calm = CALM.replace("(eval ?t", "(eval (seq ?t ?t)");
    let folder = edited_book(&[("08-finally.md", CALM, &calm), ("08-finally.md", RAISING, &raising)]);
    let folder = folder.path().display().to_string();
    let message = complaint(&["mutants", "finally/suite", "--semantics", &folder]);
    assert!(message.contains("the book itself fails: property finally-exactly-once"), "{message}");
}

#[test]
fn mutants_are_written_as_data() {
    let json = ok(&["mutants", "finally/suite", "--size", "2", "--format", "json"]);
    let report: MutantsReport = serde_json::from_str(&json).expect("a report");
    assert!(!report.mutants.is_empty());
    assert!(
        report.mutants.iter().all(|mutant| mutant.rule == "finally/suite" && mutant.fate == Fate::Killed)
    );
    let ron = ok(&["mutants", "finally/suite", "--size", "2", "--format", "ron"]);
    assert_eq!(ron::from_str::<MutantsReport>(&ron).expect("a report"), report);
}

/// Asserts that these commands refuse a book with these edits in one message.
fn misfit(commands: &[&str], edits: &[Edit], program: &str, function: &str) {
    let folder = edited_book(edits);
    let folder = folder.path().display().to_string();
    let (_folder, program) = file("a.py", program);
    for command in commands {
        let message = complaint(&[command, &program.display().to_string(), "--semantics", &folder]);
        let said =
            format!("the function `{function}` gives what is not of the sort that the grammar declares");
        assert!(message.contains(&said), "{command}: {message}");
    }
}

/// A function is believed to give what the project's own book declares, and of no other book.
#[test]
fn a_function_gives_what_the_grammar_does_not_declare() {
    let facts = "Facts       ?m     ::= no-facts |";
    let renamed = facts.replace("no-facts", "none-yet");
    misfit(
        &["run", "explore", "check"],
        &[("01-grammar.md", facts, &renamed)],
        "def f():\n    if g():\n        return 1\nf()\n",
        "tidied",
    );
}

#[test]
fn a_function_is_declared_with_another_sort() {
    let declared = "(compare Operator Value Value) ->? Boolean";
    let (premise, result) =
        ("?bool = (compare ?o ?v ?v1)", "(right-frame ?o ?v) ?k) ?w)\n ~> (value ?bool ?k ?w)");
    let edits = [
        ("03-expressions.md", declared, "(compare Operator Value Value) ->? Exception"),
        ("03-expressions.md", premise, "?x = (compare ?o ?v ?v1)"),
        ("03-expressions.md", result, "(right-frame ?o ?v) ?k) ?w)\n ~> (value ?x ?k ?w)"),
    ];
    // The objects of a run are compared by methods.
    misfit(&["explore", "check"], &edits, "while 1 < 2:\n    f()\n", "compare");
}
