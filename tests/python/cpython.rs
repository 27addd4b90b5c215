//! Real Python beside the rules: the same events and the same outcome, program by program.

use std::sync::atomic::{AtomicU64, Ordering};

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use trylemma::check::core::Core;
use trylemma::check::{Enumeration, Fragment};
use trylemma::generate::pytest;
use trylemma::generate::{Case, Suite, programs};
use trylemma::limits::Limits;

use crate::common::{book, file, full, has_python, python, text};

/// Python compiles a module of this many programs in a few seconds.
const BATCH: usize = 20_000;

/// Ways through a program that are tried.
const RUNS: usize = 16;

/// What Python does differently; nothing where it agrees with every case.
fn differences(cases: &[Case]) -> Option<String> {
    let (_folder, path) = file("programs.py", pytest::module("A test of the rules.", cases));
    let output = python(&[&path.display().to_string()], "");
    let agreed = format!("{} passed, 0 failed\n", cases.len());
    let stdout = text(&output.stdout);
    (stdout != agreed || !output.status.success()).then(|| stdout + &text(&output.stderr))
}

/// Compares the programs of a size whose numbers are given, in batches, two at a time.
fn compare(fragment: Fragment, size: usize, numbers: &[u128]) {
    let batches: Vec<&[u128]> = numbers.chunks(BATCH).collect();
    let next = AtomicU64::new(0);
    let work = || {
        let enumeration = Enumeration::new(fragment);
        let mut suite = Suite::new(book(), Limits::default(), RUNS);
        while let Some(batch) = batches.get(next.fetch_add(1, Ordering::Relaxed) as usize) {
            let program = |number: &u128| enumeration.core(size, *number).expect("a program has the number");
            let mut case = |number| {
                suite.case(format!("program_{size}_{number}"), &program(number)).expect("it is told")
            };
            let cases: Vec<Case> = batch.iter().map(&mut case).collect();
            assert_eq!(differences(&cases), None);
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(work);
        work();
    });
}

fn compare_all(fragment: Fragment, size: usize) {
    let numbers: Vec<u128> = (0..Enumeration::new(fragment).count(size)).collect();
    compare(fragment, size, &numbers);
}

/// Programs of a size at equal distances.
fn compare_sample(fragment: Fragment, size: usize, sample: u128) {
    let count = Enumeration::new(fragment).count(size);
    let numbers: Vec<u128> = (0..sample).map(|place| place * count / sample).collect();
    compare(fragment, size, &numbers);
}

#[test]
fn every_closed_program_up_to_size_4_agrees() {
    if has_python("sys") {
        (1..=4).for_each(|size| compare_all(Fragment::Closed, size));
    }
}

/// Minutes of work: only where CI or TRYLEMMA_FULL is set.
#[test]
fn every_closed_program_of_size_5_agrees() {
    if full() && has_python("sys") {
        compare_all(Fragment::Closed, 5);
    }
}

#[test]
fn every_program_with_unknowns_up_to_size_3_agrees() {
    if has_python("sys") {
        (1..=3).for_each(|size| compare_all(Fragment::Core, size));
    }
}

#[test]
fn a_sample_of_larger_programs_with_unknowns_agrees() {
    if has_python("sys") {
        (4..=5).for_each(|size| compare_sample(Fragment::Core, size, 3_000));
    }
}

#[test]
fn programs_drawn_by_the_strategy_agree() {
    if !has_python("sys") {
        return;
    }
    let seed: [u8; 32] = *b"the rules and Python, side by si";
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let mut suite = Suite::new(book(), Limits::default(), RUNS);
    let strategy = programs(Fragment::Core, 3);
    let cases: Vec<Case> = (0..300)
        .map(|number| {
            let drawn: Core = strategy.new_tree(&mut runner).expect("a program is drawn").current();
            suite.case(format!("drawn_{number}"), &drawn).expect("it is told")
        })
        .collect();
    assert_eq!(differences(&cases), None, "with the seed {:?}", text(&seed));
}

#[test]
fn a_wrong_expectation_is_noticed() {
    if has_python("sys") {
        let mut suite = Suite::new(book(), Limits::default(), RUNS);
        let mut case = suite.case("raised".into(), &Core::Raise("A")).expect("it is told");
        case.runs[0].outcome = "raising B".into();
        assert!(differences(&[case]).is_some_and(|said| said.contains("raised differs")));
    }
}
