//! How a run ends, as a person reads it: tracebacks, last lines and exit statuses.

pub mod ending;
pub mod traceback;
pub mod uncaught;

use egg::Id;

use crate::machine::Bank;
use crate::machine::stepper::{Edge, Machine};

/// What a transition prints.
pub fn output_of(machine: &Machine, edge: &Edge) -> Option<String> {
    edge.events
        .iter()
        .find(|event| machine.bank().op(**event).as_str() == "output")
        .map(|event| machine.bank().text(machine.bank().arg(*event, 0)))
}

/// Whether what is written where control is at a state is, or has, something unknown.
pub fn shows_unknown(bank: &Bank, state: Id) -> bool {
    let part = |id: Id, index: usize| bank.get(id).args.get(index).copied();
    match bank.op(state).as_str() {
        "respond" => part(state, 0).is_some_and(|answer| bank.op(answer).as_str() == "shows"),
        "apply" => part(state, 1).is_some_and(|values| bank.measure(values).unknown),
        _ => false,
    }
}
