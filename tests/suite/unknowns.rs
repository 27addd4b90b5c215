//! What programs do with values that nothing defines: a table of programs, each with all that may come of it.

use std::collections::BTreeSet;

use trylemma::book::litmus::Outcome;
use trylemma::check::litmus::observe;
use trylemma::limits::Limits;
use trylemma::python::{LoadOptions, load};

use crate::common::{book, repository};

/// The table: behind each program a line for each way in which it may go, what is printed and then how it ends.
const TABLE: &str = "tests/suite/unknown_values.txt";

/// A path as the table has it.
fn shown(outcome: &Outcome) -> String {
    let mut parts = outcome.output.clone();
    parts.push(outcome.ending.clone());
    format!("-> {}", parts.join(" / "))
}

/// All that may come of a program, and what it was cut off by.
fn paths(program: &str) -> BTreeSet<String> {
    let loaded = match load("unknown.py", program.as_bytes(), &LoadOptions::of(book())) {
        Ok(loaded) => loaded,
        Err(refusal) => return [format!("refused: {refusal}")].into(),
    };
    let observed = observe(book(), &loaded, Limits { states: 20_000, ..Limits::default() });
    let cut_off = observed.fault.map(|fault| format!("cut off: {fault:?}"));
    observed.outcomes.iter().map(shown).chain(cut_off).collect()
}

#[test]
fn each_operation_on_an_unknown_comes_to_what_the_table_says() {
    let mut different = Vec::new();
    let table = std::fs::read_to_string(repository(TABLE)).expect("the table is there");
    for entry in table.trim().split("\n\n") {
        let (expected, program): (BTreeSet<&str>, Vec<&str>) = (
            entry.lines().filter(|line| line.starts_with("-> ")).collect(),
            entry.lines().filter(|line| !line.starts_with("-> ")).collect(),
        );
        let program = program.join("\n");
        let found = paths(&program);
        if !found.iter().map(String::as_str).eq(expected) {
            let found: Vec<String> = found.into_iter().collect();
            different.push(format!("{program}\n{}", found.join("\n")));
        }
    }
    assert!(different.is_empty(), "these go other ways:\n\n{}\n", different.join("\n\n"));
}
