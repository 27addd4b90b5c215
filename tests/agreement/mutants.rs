//! Every change of a rule is noticed, or the book says why it changes nothing.

use trylemma::book::Book;
use trylemma::book::version::Version;
use trylemma::check::mutate::{Mutant, mutants};
use trylemma::check::survival::{Bench, Killer};

/// Mutants and what kills them, on two threads.
fn fates<'m>(bench: &Bench, mutants: &'m [Mutant]) -> Vec<(&'m Mutant, Option<Killer>)> {
    let (left, right) = mutants.split_at(mutants.len() / 2);
    let run = |half: &'m [Mutant]| -> Vec<_> { half.iter().map(|m| (m, bench.kill(m))).collect() };
    std::thread::scope(|scope| {
        let left = scope.spawn(|| run(left));
        let right = run(right);
        let mut fates = left.join().expect("a thread of the test");
        fates.extend(right);
        fates
    })
}

#[test]
fn no_mutant_survives_unexplained_and_no_explanation_is_idle() {
    let book = Book::built_in(Version::DEFAULT).expect("the book loads");
    let all = mutants(&book);
    assert!(all.len() >= 1_500, "{} mutants", all.len());
    let bench = Bench::new(&book, 2).expect("the litmus programs load");
    let survivors: Vec<(String, String)> = fates(&bench, &all)
        .into_iter()
        .filter(|(_, killer)| killer.is_none())
        .map(|(mutant, _)| (mutant.rule.to_string(), mutant.change.clone()))
        .collect();
    let explained: Vec<(String, String)> =
        book.equivalents.iter().map(|(rule, change, _)| (rule.clone(), change.clone())).collect();
    assert_eq!(survivors, explained);
}

#[test]
fn a_mutant_dies_at_the_smallest_size_that_shows_it() {
    let book = Book::built_in(Version::DEFAULT).expect("the book loads");
    let bench = Bench::new(&book, 3).expect("the litmus programs load");
    let all = mutants(&book);
    let twice = all
        .iter()
        .find(|m| m.rule.as_str() == "finally/enter" && m.change == "?t run twice")
        .expect("the clause run twice is a mutant");
    assert_eq!(bench.kill(twice), Some(Killer::Property("finally-exactly-once".into(), 3)));
}
