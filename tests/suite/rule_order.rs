//! The order of the rules never matters.

use std::collections::BTreeSet;

use trylemma::book::Book;
use trylemma::book::rule::Rule;
use trylemma::check::litmus::{Observed, limits_for, load_litmus, observe};
use trylemma::limits::Limits;
use trylemma::machine::{Graph, Machine, Successors};
use trylemma::python::Program;

use crate::common::book;

/// The transitions of a program's graph, as text: state, rule, events and target.
fn transitions(book: &Book, program: &Program) -> BTreeSet<[String; 4]> {
    let mut machine = Machine::new(book, Limits::default());
    let initial = machine.start(&program.body, &program.globals);
    let graph = Graph::explore(&mut machine, initial);
    let shown: Vec<String> = graph.states.iter().map(|state| machine.bank().show(*state)).collect();
    let mut found = BTreeSet::new();
    for (place, state) in graph.states.iter().enumerate() {
        let Some(Successors::Edges(edges)) = machine.known(*state) else { continue };
        for (edge, target) in edges.iter().zip(graph.reachability.targets(place)) {
            let events: Vec<String> = edge.events.iter().map(|event| machine.bank().show(*event)).collect();
            let rule = machine.rule_name(edge.rule).to_string();
            found.insert([shown[place].clone(), rule, events.join(" "), shown[target].clone()]);
        }
    }
    found
}

/// What a run of a program with objects shows. Its states are too large to be written down.
fn seen(book: &Book, program: &Program) -> (Observed, BTreeSet<&'static str>) {
    let observed = observe(book, program, limits_for(program, Limits::default()));
    let fired = observed.rules.iter().map(|rule| book.rules[*rule as usize].name.as_str()).collect();
    (Observed { rules: BTreeSet::new(), failed: BTreeSet::new(), ..observed }, fired)
}

fn assert_same_graphs(rules: Vec<Rule>) {
    assert_eq!(rules.len(), book().rules.len());
    let reordered = book().with_rules(rules);
    for litmus in book().litmus() {
        let program = load_litmus(book(), litmus).unwrap_or_else(|error| panic!("{error}"));
        let same = match program.objects {
            true => seen(book(), &program) == seen(&reordered, &program),
            false => transitions(book(), &program) == transitions(&reordered, &program),
        };
        assert!(same, "{} goes another way", litmus.name);
    }
}

#[test]
fn reversed_rules_give_the_same_graphs() {
    assert_same_graphs(book().rules.iter().rev().cloned().collect());
}

#[test]
fn interleaved_rules_give_the_same_graphs() {
    let rules = &book().rules;
    let (odd, even): (Vec<_>, Vec<_>) = (0..rules.len()).partition(|place| place % 2 == 1);
    assert_same_graphs(odd.into_iter().chain(even).map(|place| rules[place].clone()).collect());
}
