//! How a run ends, as a person reads it: tracebacks, last lines and exit statuses.

pub mod ending;
pub mod traceback;
pub mod uncaught;

use crate::machine::stepper::{Edge, Machine};

/// What a transition prints.
pub fn output_of(machine: &Machine, edge: &Edge) -> Option<String> {
    edge.events
        .iter()
        .find(|event| machine.bank().op(**event).as_str() == "output")
        .map(|event| machine.bank().text(machine.bank().arg(*event, 0)))
}
