//! What is unknown but for its type.

use egg::Id;

use crate::machine::bank::Bank;
use crate::machine::domain::Context;
use crate::machine::sequence;
use crate::python::values::names::names;
use crate::python::values::vocabulary::vocabulary;

/// Whether a value is unknown but for its type, and which type that is.
pub fn type_of(bank: &Bank, value: Id) -> Option<&'static str> {
    let node = bank.get(value);
    if node.op != vocabulary().unknown {
        return None;
    }
    let returns = bank.get(bank.arg(*node.args.get(2)?, 0));
    [names().typed, names().contents].contains(&returns.op).then(|| bank.op(returns.args[0]).as_str())
}

/// Whether a value is an unknown container, which may change.
pub fn is_container(bank: &Bank, value: Id) -> bool {
    type_of(bank, value).is_some_and(|name| ["list", "dict", "set"].contains(&name))
        && !is_contents(bank, value)
}

/// Whether an unknown stands for what is in a container at a time, which does not change.
fn is_contents(bank: &Bank, value: Id) -> bool {
    let returns = bank.arg(bank.arg(value, 2), 0);
    bank.op(returns) == names().contents
}

/// The operands of a display that an unknown behind a star stands for.
pub fn rest(cx: &mut Context, unknown: Id) -> Id {
    let kept = cx.kept_by(unknown);
    contents(cx, unknown, "tuple", &kept)
}

/// Whether an unknown stands for operands of a display.
pub fn is_rest(bank: &Bank, value: Id) -> bool {
    type_of(bank, value) == Some("tuple") && is_contents(bank, value)
}

/// An unknown that stands for what is in a container of a type, named like another unknown; these members may be among it.
pub fn contents(cx: &mut Context, unknown: Id, class: &str, kept: &[Id]) -> Id {
    let (class, kept) = (cx.bank.node(class, []), sequence::of(cx.bank, kept));
    let returns = cx.bank.make(names().contents, &[class, kept]);
    returning(cx, unknown, returns)
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
