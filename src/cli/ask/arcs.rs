//! Which lines come next after one.

use std::collections::BTreeSet;

use egg::Id;
use rustc_hash::FxHashSet;

use crate::machine::Machine;
use crate::machine::stepper::Successors;
use crate::trace::lines::line_of;

/// The lines that come next after a line in the graph of an initial state, and `the end` where the program ends.
pub(super) fn behind(machine: &mut Machine, initial: Id, line: usize) -> BTreeSet<String> {
    let (mut open, mut seen, mut left) = (vec![initial], FxHashSet::default(), Vec::new());
    while let Some(state) = open.pop() {
        if !seen.insert(state) {
            continue;
        }
        let Successors::Edges(edges) = machine.successors(state) else { continue };
        let edges = edges.to_vec();
        left.extend(edges.iter().filter(|edge| line_of(machine, edge) == Some(line)).map(|edge| edge.target));
        open.extend(edges.iter().map(|edge| edge.target));
    }
    next_lines(machine, left)
}

/// The first lines that are announced behind these states.
fn next_lines(machine: &mut Machine, mut open: Vec<Id>) -> BTreeSet<String> {
    let (mut seen, mut found) = (FxHashSet::default(), BTreeSet::new());
    while let Some(state) = open.pop() {
        if !seen.insert(state) {
            continue;
        }
        let Successors::Edges(edges) = machine.successors(state) else {
            found.insert("the end".to_string());
            continue;
        };
        let edges = edges.to_vec();
        for edge in &edges {
            match line_of(machine, edge) {
                Some(next) => drop(found.insert(next.to_string())),
                None => open.push(edge.target),
            }
        }
    }
    found
}
