//! What is unknown but for its type.

use egg::Id;

use crate::machine::bank::Bank;
use crate::machine::domain::Context;
use crate::python::values::names::names;
use crate::python::values::vocabulary::vocabulary;

/// Whether a value is unknown but for its type, and which type that is.
pub fn type_of(bank: &Bank, value: Id) -> Option<&'static str> {
    let node = bank.get(value);
    if node.op != vocabulary().unknown {
        return None;
    }
    let returns = bank.get(bank.arg(*node.args.get(2)?, 0));
    (returns.op == names().typed).then(|| bank.op(returns.args[0]).as_str())
}

/// Whether a value is an unknown container, which may change.
pub fn is_container(bank: &Bank, value: Id) -> bool {
    type_of(bank, value).is_some_and(|name| ["list", "dict", "set"].contains(&name))
}

/// An unknown like another, a call of which returns this.
pub fn returning(cx: &mut Context, unknown: Id, returns: Id) -> Id {
    let raises = cx.bank.arg(cx.bank.arg(unknown, 2), 1);
    let outcomes = cx.bank.node("outcomes", [returns, raises]);
    let mut node = cx.bank.get(unknown).clone();
    node.args[2] = outcomes;
    cx.bank.add(node)
}

/// An unknown like another of which nothing is known, not even its type.
pub fn untyped(cx: &mut Context, unknown: Id) -> Id {
    let anything = cx.bank.node("anything", []);
    returning(cx, unknown, anything)
}

/// An unknown of a type, named like another unknown.
pub fn typed(cx: &mut Context, unknown: Id, class: &str) -> Id {
    let class = cx.bank.node(class, []);
    let returns = cx.bank.make(names().typed, &[class]);
    returning(cx, unknown, returns)
}
