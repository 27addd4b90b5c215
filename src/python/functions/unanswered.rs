//! What an operation on something unknown comes to, as the book's table says.

use egg::Id;

use crate::machine::domain::Context;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Call, Failure, View};

impl Context<'_> {
    /// The first unknown in a value.
    pub fn unknown_in(&self, value: Id) -> Id {
        let mut open = vec![value];
        while let Some(term) = open.pop() {
            if self.bank.op(term) == vocabulary().unknown {
                return term;
            }
            let parts = self.bank.get(term).args.iter();
            open.extend(parts.filter(|part| self.bank.measure(**part).unknown));
        }
        value
    }
}

/// The answer of a primitive that depends on what is unknown.
pub(super) fn unknown_answer(call: &mut Call, name: &str, value: Id) -> Id {
    let unknown = call.unknown_in(value);
    let args = call.args.clone();
    let consequence = call.cx.constants().consequence(name).to_string();
    let (op, parts) = match (consequence.as_str(), &args[..]) {
        ("compares", [left, right]) => ("compares", vec![call.cx.bank.node(name, []), *left, *right]),
        ("asks-instance", [value, class]) => ("asks", vec![*value, call.cx.bank.node("instance", [*class])]),
        ("asks-truth", [value]) => ("asks", vec![*value, call.cx.bank.node("truth", [])]),
        ("writes", _) => {
            let (values, none) = (call.values(&args), call.none());
            let text = crate::python::functions::core::display(call.cx, &[values])[0];
            ("writes", vec![text, none])
        }
        ("draws", _) => ("draws", vec![unknown]),
        ("gives-argument", [first, ..]) => ("gives", vec![*first, call.world]),
        ("gives-unknown", _) => ("gives", vec![unknown, call.world]),
        ("looks-up", [container, _]) => {
            let look_up = looked_up(call, *container, unknown);
            ("unanswered", vec![look_up.unwrap_or(unknown)])
        }
        _ => ("unanswered", vec![unknown]),
    };
    call.cx.bank.node(op, parts)
}

/// An unknown key of a known dict: a call that returns one of the values, or raises the KeyError.
fn looked_up(call: &mut Call, container: Id, key: Id) -> Option<Id> {
    let View::Dict(entries) = call.view(container) else { return None };
    let mut found: Vec<Id> = Vec::new();
    for (_, value) in entries {
        if !found.contains(&value) {
            found.push(value);
        }
    }
    let Failure::Raised(missing) = call.raise_with("KeyError", &[key]) else { return None };
    let (found, missing) = (call.values(&found), call.values(&[missing]));
    let returns = call.cx.bank.node("one-of", [found]);
    let outcomes = call.cx.bank.node("outcomes", [returns, missing]);
    let (name, number) = (call.atom("dict.__getitem__"), call.atom("0"));
    Some(call.cx.bank.node("unknown", [name, number, outcomes]))
}
