//! Books with one fault each: what the error says, and where it points.

use trylemma::book::Book;
use trylemma::diagnostic::Diagnostic;

use trylemma::book::version::Version;

use crate::common::{Edit, book, edited_book};

/// The error of the book with an edit.
fn fault(edit: Edit) -> Diagnostic {
    let folder = edited_book(&[edit]);
    Book::from_folder(folder.path(), Version::DEFAULT).expect_err("the book has a fault")
}

/// Asserts what the error of an edit says, in which chapter, and at a line with which text.
fn assert_fault(edit: Edit, says: &str, line: &str) {
    let error = fault(edit);
    assert!(error.title().contains(says), "{}", error.title());
    assert!(error.origin().ends_with(edit.0), "{}", error.origin());
    let folder = edited_book(&[edit]);
    let chapter = std::fs::read_to_string(folder.path().join(edit.0)).expect("the chapter is there");
    let shown = chapter.lines().nth(error.line() - 1).unwrap_or_default();
    assert!(shown.contains(line), "line {} is: {shown}", error.line());
}

const RESUME: &str =
    " ~> (done ?c ?k ?w)\n\n------------------------------------------------------------ finally/override";
const FINALLY: &str = "08-finally.md";
const GRAMMAR: &str = "01-grammar.md";
const PROPERTIES: &str = "11-properties.md";

/// `finally/resume` with another right side.
fn resume(right: &str) -> String {
    RESUME.replace("(done ?c ?k ?w)", right)
}

#[test]
fn an_unbound_variable_of_a_rule() {
    let edited = resume("(done ?c1 ?k ?w)");
    assert_fault((FINALLY, RESUME, &edited), "?c1", "finally/resume");
}

#[test]
fn an_unknown_constructor() {
    let edited = resume("(finished ?c ?k ?w)");
    assert_fault((FINALLY, RESUME, &edited), "`finished`", "finally/resume");
}

#[test]
fn a_constructor_with_too_few_arguments() {
    let edited = resume("(done ?c ?k)");
    assert_fault((FINALLY, RESUME, &edited), "done", "finally/resume");
}

#[test]
fn a_term_of_another_sort() {
    let edited = resume("(done ?k ?k ?w)");
    assert_fault((FINALLY, RESUME, &edited), "?k", "finally/resume");
}

#[test]
fn a_right_side_that_may_be_too_wide_for_its_place() {
    let edited = resume("(done (raising ?v) ?k ?w)");
    assert_fault((FINALLY, RESUME, &edited), "?v", "finally/resume");
}

#[test]
fn a_variable_twice_on_a_left_side() {
    let edit = (FINALLY, "(done ?a (push (pending ?c) ?k) ?w)", "(done ?a (push (pending ?a) ?k) ?w)");
    assert_fault(edit, "?a", "finally/override");
}

#[test]
fn an_unknown_function() {
    let edited = format!("``rule\nif (is-late ?c)\n{DASHES} finally/resume");
    let original = format!("``rule\n{DASHES} finally/resume");
    assert_fault((FINALLY, &original, &edited), "is-late", "finally/resume");
}

const DASHES: &str = "------------------------------------------------------------";

#[test]
fn a_premise_in_no_known_form() {
    let edited = format!("``rule\nwhenever (same ?c ?c)\n{DASHES} finally/resume");
    let original = format!("``rule\n{DASHES} finally/resume");
    assert_fault((FINALLY, &original, &edited), "is no premise", "whenever (same ?c ?c)");
}

#[test]
fn a_rule_without_a_name() {
    let original = format!("{DASHES} finally/resume");
    assert_fault((FINALLY, &original, DASHES), "name", DASHES);
}

#[test]
fn a_rule_without_an_arrow() {
    let edited = RESUME.replacen("~>", "=>", 1);
    assert_fault((FINALLY, RESUME, &edited), "`state ~> state`", "finally/resume");
}

#[test]
fn two_rules_of_one_name() {
    let edit = (FINALLY, " finally/override", " finally/resume");
    assert_fault(edit, "the rule `finally/resume` stands already at", "finally/resume");
}

#[test]
fn a_rule_that_overlaps_another() {
    let original = format!("{DASHES} finally/enter\n");
    let copy = format!(
        "{DASHES} finally/copy\n    (done ?q (push (finally-frame ?t) ?k) ?w)\n \
         ~> (eval ?t (push (pending ?q) ?k) ?w)\n\n{original}"
    );
    let error = fault((FINALLY, &original, &copy));
    assert!(error.title().starts_with("several rules for the cell (done "), "{}", error.title());
    assert!(error.title().contains("finally/copy (") && error.title().contains("finally/enter ("));
    assert!(error.origin().ends_with(FINALLY));
}

#[test]
fn a_malformed_line_of_the_grammar() {
    let edit = (GRAMMAR, "Binder      ?b     ::= anonymous", "Binder      ?b     = anonymous");
    assert_fault(edit, "expected `Sort ?x ::= …`", "Binder");
}

#[test]
fn a_sort_that_is_not_declared() {
    let edit = ("09-calls.md", "+= (return Expression)", "+= (return Expresion)");
    assert_fault(edit, "the sort `Expresion` is not declared", "Statement");
}

#[test]
fn a_sort_that_is_declared_twice() {
    let edit = (GRAMMAR, "Line        ?ln    ::= atom", "Name        ?ln    ::= atom");
    assert_fault(edit, "the sort `Name` is declared twice", "Name        ?ln");
}

#[test]
fn a_subset_with_a_constructor_of_another_sort() {
    let edit = (
        GRAMMAR,
        "Boolean     ?bool  <: Value ::= true false",
        "Boolean     ?bool  <: Value ::= true normal",
    );
    assert_fault(edit, "`normal` is no constructor of `Value`", "Boolean");
}

#[test]
fn a_part_of_the_world_that_it_does_not_have() {
    let right = "(push (handled-frame ?h) ?k)) ?w{handled: ?x})";
    let edited = right.replace("handled: ?x", "handeld: ?x");
    let says = "`?w` has no part `handeld`, but locals, globals, handled, facts, callers";
    assert_fault((FINALLY, right, &edited), says, "finally/enter-raising");
}

#[test]
fn a_record_of_what_is_no_constructor() {
    let edit = (GRAMMAR, "?w = (world locals:", "?w = (wurld locals:");
    assert_fault(edit, "`wurld`", "?w = (wurld");
}

#[test]
fn front_matter_that_names_no_part() {
    assert_fault((FINALLY, "part: core", "part: kernel"), "`part: kernel` is no part", "part: kernel");
}

#[test]
fn a_difference_that_leaves_out_what_is_not_there() {
    let edit = (GRAMMAR, "<: Value \\ true false", "<: Value \\ true normal");
    assert_fault(edit, "`normal` is no constructor of `Value`", "Nonboolean");
}

#[test]
fn more_constructors_of_a_sort_that_is_not_declared() {
    let edit = ("09-calls.md", "Statement       += (return", "Statements      += (return");
    assert_fault(edit, "the sort `Statements` is not declared", "Statements");
}

#[test]
fn a_function_that_nothing_computes() {
    let edit = ("10-unknown.md", "(booleans) ->* Boolean", "(booleens) ->* Boolean");
    assert_fault(edit, "`booleens`", "(booleens)");
}

#[test]
fn a_malformed_property() {
    let edit = (
        PROPERTIES,
        "(returned ?v) -- (leave (finally ?lb) ?j ?h) ->",
        "(returned ?v) on (leave (finally ?lb) ?j ?h) ->",
    );
    assert_fault(edit, "expected `state -- event -> state`", "(returned ?v) on");
}

#[test]
fn a_property_with_an_unbound_variable() {
    let edit = (
        PROPERTIES,
        "(leave (suite ?lb) (returning ?v) ?h) -> (returned none)",
        "(leave (suite ?lb) (returning ?v) ?h) -> (returned ?x)",
    );
    let error = fault(edit);
    assert!(error.title().contains("?x"), "{}", error.title());
    assert!(error.origin().ends_with(PROPERTIES));
}

#[test]
fn a_litmus_outcome_that_does_not_end() {
    let edit = (FINALLY, "> suite\n> cleanup\n> end\nnormal\n", "> suite\n> cleanup\n> end\n");
    assert_fault(edit, "ends in `normal`, `raises …` or `exits N`", "> suite");
}

#[test]
fn an_exit_code_that_is_none() {
    let edit = (FINALLY, "> suite\n> cleanup\n> end\nnormal\n", "> suite\n> cleanup\n> end\nexits early\n");
    assert_fault(edit, "`exits early`: expected", "exits early");
}

#[test]
fn an_outcome_of_a_version_that_is_none() {
    let edit = (
        FINALLY,
        "```outcome\n> suite\n> cleanup\n> end\nnormal\n",
        "```outcome late\n> suite\n> cleanup\n> end\nnormal\n",
    );
    assert_fault(edit, "an outcome block is `outcome`, `outcome VERSION` or", "> suite");
}

#[test]
fn a_block_for_versions_that_are_none() {
    let edit = (FINALLY, "```outcome\n> suite\n> cleanup\n> end\nnormal\n", "```rule since late\n> suite\n");
    assert_fault(edit, "expected `since X.Y`, `until X.Y` or `again X.Y`, found `since`", "> suite");
}

#[test]
fn an_outcome_of_another_version_without_one_of_all() {
    let edit = (
        FINALLY,
        "```outcome\n> suite\n> cleanup\n> end\nnormal\n",
        "```outcome 3.11\n> suite\n> cleanup\n> end\nnormal\n",
    );
    assert_fault(edit, "the outcome of another version", "> suite");
}

#[test]
fn a_folder_without_chapters() {
    let folder = tempfile::TempDir::new().expect("a temporary folder");
    let error = Book::from_folder(folder.path(), Version::DEFAULT).expect_err("it has no chapter");
    assert!(error.title().contains("it has no chapter"), "{}", error.title());
}

#[test]
fn without_any_one_rule_the_table_names_a_cell_of_that_rule() {
    for rule in book().rules.iter() {
        let mut chapters = book().chapters.clone();
        let text = &mut chapters[rule.place.chapter].text;
        *text = text.replacen(book().rule_text(rule), "", 1).into();
        let error = Book::load(chapters, Version::DEFAULT, trylemma::python::functions::arity).err();
        let error = error.unwrap_or_else(|| panic!("without {} nothing is missing", rule.name));
        let control = &rule.lhs[rule.lhs.root()];
        let cell = format!("no rule for the cell ({control} ");
        assert!(error.title().starts_with(&cell), "without {}: {}", rule.name, error.title());
    }
}
