//! Rounds that nothing leaves: where a path comes back to a state that it has passed, each state between has one
//! way to go on, and nothing happens there that anybody could see. What can be seen is the book's to say.

use std::sync::Arc;

use egg::{Id, Subst};

use crate::book::Book;
use crate::check::monitor::{Monitors, Violation};
use crate::check::product::{Findings, Refutation};
use crate::machine::Bank;
use crate::machine::matching::Matcher;
use crate::machine::stepper::{Edge, Machine, Successors};

/// The event that monitors are told where a path comes to such a round.
pub const GOES_ROUND: &str = "goes-round";

/// What can be seen of a program: events that one step tells, one behind the other.
#[derive(Debug, Clone)]
pub struct Rounds(Arc<[Vec<Matcher>]>);

impl Rounds {
    /// What a book says of them, where some property asks for them.
    pub fn asked(book: &Book, monitors: &Monitors) -> Option<Rounds> {
        let asked = monitors.automata().iter().any(|automaton| automaton.mentions(GOES_ROUND.into()));
        let matcher = |pattern| Matcher::new(&book.grammar, pattern);
        asked.then(|| Rounds(book.seen.iter().map(|events| events.iter().map(matcher).collect()).collect()))
    }

    /// Whether somebody could see that a step with these events was made.
    pub fn sees(&self, bank: &Bank, events: &[Id]) -> bool {
        let here = |seen: &[Matcher], events: &[Id]| {
            let mut subst = Subst::default();
            seen.iter().zip(events).all(|(matcher, event)| matcher.matches(bank, *event, &mut subst))
        };
        self.0.iter().any(|seen| events.windows(seen.len().max(1)).any(|events| here(seen, events)))
    }

    /// How many steps of a path from `initial` come before the round that it ends with, if it ends with one.
    pub fn closed_by(&self, machine: &mut Machine, initial: Id, path: &[Edge]) -> Option<usize> {
        let (last, before) = path.split_last()?;
        let states = [initial].into_iter().chain(before.iter().map(|edge| edge.target));
        let states: Vec<Id> = states.collect();
        let first = states.iter().rposition(|state| *state == last.target)?;
        let mut round = states[first..].iter().zip(&path[first..]);
        round
            .all(|(state, edge)| {
                let only = matches!(machine.successors(*state), Successors::Edges([only]) if only == edge);
                only && !self.sees(machine.bank(), &edge.events)
            })
            .then_some(first)
    }
}

/// Tells the monitors that a path, to a state, goes round from there in so many steps. What that breaks is refuted by the path
/// and one round.
pub(super) fn tell(
    machine: &mut Machine,
    monitors: &mut Monitors,
    (mut state, mut path, length): (Id, Vec<Edge>, usize),
    findings: &mut Findings,
) {
    let round = Some(path.len());
    for _ in 0..length {
        let Successors::Edges([edge]) = machine.successors(state) else { return };
        state = edge.target;
        path.push(edge.clone());
    }
    let mut config = monitors.start(machine);
    for event in path.iter().flat_map(|edge| &edge.events) {
        config = monitors.advance(machine, config, *event).next;
    }
    let event = machine.bank_mut().node(GOES_ROUND, []);
    for violation in monitors.advance(machine, config, event).violations.iter() {
        if !findings.refutations.iter().any(|known| known.property == violation.property) {
            let Violation { property, reason, statement, ambiguous } = violation.clone();
            let path = path.clone();
            findings.refutations.push(Refutation { property, reason, statement, ambiguous, path, round });
        }
    }
}
