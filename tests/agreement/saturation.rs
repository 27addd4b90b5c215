//! Stepping and saturation agree on every closed program up to a size.

use trylemma::book::Book;
use trylemma::book::version::Version;
use trylemma::check::{Enumeration, Fragment};
use trylemma::limits::Limits;
use trylemma::machine::Machine;
use trylemma::prove::agreement;
use trylemma::term::Term;

/// Programs that are saturated in one e-graph.
const BATCH: usize = 1_000;

fn agree(book: &Book, size: usize) -> usize {
    let programs = Enumeration::new(Fragment::Closed);
    let all: Vec<Term> =
        (0..programs.count(size)).filter_map(|index| programs.program(size, index)).collect();
    let globals = Fragment::Closed.globals(book);
    let mut agreed = 0;
    for batch in all.chunks(BATCH) {
        let mut machine = Machine::new(book, Limits::default());
        match agreement::check(book, &mut machine, batch, &globals) {
            Ok(found) => agreed += found.programs,
            Err(difference) => panic!("size {size}: {difference}"),
        }
    }
    agreed
}

#[test]
fn saturation_reaches_the_one_outcome_of_every_closed_program_up_to_size_4() {
    let book = Book::built_in(Version::DEFAULT).expect("the book loads");
    let agreed: Vec<usize> = (1..=4).map(|size| agree(&book, size)).collect();
    assert_eq!(agreed, [6, 0, 288, 7_560]);
}

#[test]
fn a_rule_that_relates_two_outcomes_is_noticed() {
    let book = Book::built_in(Version::DEFAULT).expect("the book loads");
    // Read as an equation, `normal` resumed and `normal` kept makes two outcomes of one path.
    let mut rules = book.rules.to_vec();
    let mut extra = book.rule("finally/resume").expect("the rule is in the book").clone();
    extra.name = "finally/forget".into();
    extra.rhs = "(done normal ?k ?w)".parse().expect("a pattern");
    rules.push(extra);
    let wrong = book.with_rules(rules);
    let program = trylemma::check::core::Core::TryFinally(
        Box::new(trylemma::check::core::Core::Raise("A")),
        Box::new(trylemma::check::core::Core::Pass),
    );
    let mut machine = Machine::new(&book, Limits::default());
    let found = agreement::check(&wrong, &mut machine, &[program.term()], &Fragment::Closed.globals(&book));
    assert_eq!(found, Err(agreement::Disagreement::Halted(0, 2)));
}
