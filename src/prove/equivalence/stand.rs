//! Where a run stands when something is about to be seen: what is decided before that, and seen by nobody, is passed over.

use std::collections::BTreeSet;
use std::rc::Rc;

use egg::Id;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::machine::stepper::{Edge, Fault, Machine, Successors};
use crate::machine::{Bank, sequence};
use crate::prove::equivalence::pairing::{Made, Numbered};
use crate::python::values::names::names;
use crate::python::values::vocabulary::vocabulary;

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::prove) enum Kind {
    /// It has ended.
    Ended,
    /// It goes on without end, and nothing is seen.
    Endless,
    /// It is not known what an unknown is, and the answer decides.
    Asking,
    /// Something is about to be seen.
    Seen,
}

/// Where a run stands, and what it has come with.
#[derive(Debug, Clone)]
pub(super) struct Stand {
    pub kind: Kind,
    pub state: Id,
    /// What had a number in each state on the way.
    pub kept: BTreeSet<Made>,
}

/// Where the runs stand that were followed.
#[derive(Debug, Default)]
pub(super) struct Stands {
    known: FxHashMap<Id, Stand>,
    pub numbered: Numbered,
}

impl Stands {
    /// Where a run stands that is at a state.
    ///
    /// # Errors
    /// The rules fail, or a limit is reached.
    pub fn of(&mut self, machine: &mut Machine, start: Id) -> Result<Stand, Fault> {
        if let Some(known) = self.known.get(&start) {
            return Ok(known.clone());
        }
        let mut last = self.numbered.of(machine.bank(), start);
        let mut kept = BTreeSet::clone(&last);
        let (kind, state) = walk(machine, start, &mut |bank, state| {
            let here = self.numbered.of(bank, state);
            if !Rc::ptr_eq(&here, &last) {
                kept.retain(|made| here.contains(made));
                last = here;
            }
        })?;
        let stand = Stand { kind, state, kept };
        self.known.insert(start, stand.clone());
        Ok(stand)
    }
}

/// Where a run stands that is at a state; `passed` is told of each state on the way there.
///
/// # Errors
/// The rules fail, or a limit is reached.
pub(in crate::prove) fn walk(
    machine: &mut Machine,
    start: Id,
    passed: &mut dyn FnMut(&Bank, Id),
) -> Result<(Kind, Id), Fault> {
    let (mut state, mut met) = (start, FxHashSet::from_iter([start]));
    let most = machine.limits().steps;
    let kind = loop {
        let next = match machine.successors(state) {
            Successors::Final => break Kind::Ended,
            Successors::Fault(fault) => return Err(fault),
            Successors::Edges(edges) => match edges {
                [only] => Some(only.clone()),
                _ => None,
            },
        };
        let stores = is_done_to_unknown(machine.bank(), state);
        let Some(only) = next.filter(|edge| !stores && !is_seen(machine.bank(), edge)) else {
            break if is_asking(machine, state) { Kind::Asking } else { Kind::Seen };
        };
        if !met.insert(only.target) {
            break Kind::Endless;
        }
        if met.len() > most {
            return Err(Fault::Limit("steps"));
        }
        state = only.target;
        passed(machine.bank(), state);
    };
    Ok((kind, state))
}

/// Whether something is seen at a step: something unknown is called, or something is written.
fn is_seen(bank: &Bank, edge: &Edge) -> bool {
    let is_written = |event: &Id| ["output", "complaint", "stopped"].contains(&bank.op(*event).as_str());
    edge.events.iter().any(is_written) || unknown_call(bank, edge).is_some()
}

/// What changes an attribute of an object, and which of its arguments that is.
const STORING: [(&str, usize); 3] = [("store_attr", 1), ("setattr", 0), ("delattr", 0)];

/// Whether something is stored in an attribute of an unknown, or deleted there; or one is called with keywords, which the call itself does
/// not show.
fn is_done_to_unknown(bank: &Bank, state: Id) -> bool {
    let node = bank.get(state);
    if node.op.as_str() != "invoke" {
        return false;
    }
    let [callee, values, keywords, ..] = node.args[..] else { return false };
    if bank.op(callee) == vocabulary().unknown {
        return bank.op(keywords).as_str() != "no-keywords";
    }
    let name = bank.get(callee).args.first().map_or("", |name| bank.op(*name).as_str());
    let is_unknown = |value: &Id| bank.op(*value) == vocabulary().unknown;
    let stores =
        STORING.into_iter().find(|(stores, _)| *stores == name && bank.op(callee) == names().builtin);
    stores.is_some_and(|(_, object)| sequence::all(bank, values).get(object).is_some_and(is_unknown))
}

/// The marker of the unknown that is called at a step: such a call begins and ends at once.
pub(in crate::prove) fn unknown_call(bank: &Bank, edge: &Edge) -> Option<Id> {
    let of = |op: &str| edge.events.iter().find(|event| bank.op(**event).as_str() == op);
    let [enter, leave] = [of("enter")?, of("leave")?].map(|event| bank.arg(*event, 0));
    (enter == leave && bank.op(enter).as_str() == "body").then_some(enter)
}

/// Whether a question about an unknown decides how it goes on: asked as such, or by raising it, or by matching it.
fn is_asking(machine: &mut Machine, state: Id) -> bool {
    let bank = machine.bank();
    let first = bank.get(state).args.first().copied();
    match bank.op(state).as_str() {
        "ask" => true,
        "value" => first.is_some_and(|value| bank.op(value) == vocabulary().unknown),
        _ => false,
    }
}
