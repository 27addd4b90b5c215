//! Every program of the core up to a size.

use trylemma::book::property::{Kind, Property};
use trylemma::check::exhaustive::Report;
use trylemma::check::{Enumeration, Exhaustive, Fragment, Verdict};

use crate::common::book;

/// How many programs there are of sizes 1 to 5.
const CORE: [u128; 5] = [7, 16, 522, 15_656, 628_657];
const CLOSED: [u128; 5] = [6, 0, 288, 7_560, 254_232];

/// The properties that enumerated programs have something to do with: they keep no objects.
fn properties(kind: Kind) -> Vec<&'static Property> {
    let catalogue = book().properties.iter().filter(|p| !p.objects);
    catalogue.filter(|p| p.kind == kind && !p.scope.is_pair()).collect()
}

fn check(size: usize, threads: usize, properties: &[&Property]) -> Report {
    Exhaustive { threads, ..Exhaustive::new(book(), 1..=size) }.run(properties)
}

#[test]
fn the_counts_of_programs_are_the_stated_ones() {
    let counts = |fragment, sizes: &[usize]| -> Vec<u128> {
        sizes.iter().map(|size| Enumeration::new(fragment).count(*size)).collect()
    };
    assert_eq!(counts(Fragment::Core, &[1, 2, 3, 4, 5]), CORE);
    assert_eq!(counts(Fragment::Closed, &[1, 2, 3, 4, 5]), CLOSED);
}

#[test]
fn every_theorem_holds_up_to_size_4() {
    let theorems = properties(Kind::Theorem);
    let report = check(4, 2, &theorems);
    assert_eq!(report.breakdown, None);
    assert_eq!(report.coverage.programs, CORE[..4].iter().sum::<u128>());
    for (property, verdict) in theorems.iter().zip(&report.verdicts) {
        assert_eq!(*verdict, Verdict::Holds, "{}", property.name);
    }
}

#[test]
fn the_number_of_threads_changes_no_figure_and_no_verdict() {
    let all: Vec<&Property> = [Kind::Theorem, Kind::Hazard].into_iter().flat_map(properties).collect();
    let (one, two) = (check(3, 1, &all), check(3, 2, &all));
    assert_eq!(one.verdicts, two.verdicts);
    assert_eq!(one.coverage, two.coverage);
}

#[test]
fn each_hazard_is_refuted_by_a_program_of_size_3_and_by_none_smaller() {
    // The others are about names, about clauses of more statements, and about what is doubted.
    let named = ["no-lost-exception", "no-return-override", "no-masked-exception"];
    let mut hazards = properties(Kind::Hazard);
    hazards.retain(|hazard| named.contains(&hazard.name.as_str()));
    assert!(check(2, 1, &hazards).verdicts.iter().all(|verdict| *verdict == Verdict::Holds));
    for (hazard, verdict) in hazards.iter().zip(check(3, 1, &hazards).verdicts) {
        match verdict {
            Verdict::Refuted(program) => assert_eq!(program.size, 3, "{}", hazard.name),
            other => panic!("{}: {other:?}", hazard.name),
        }
    }
}
