//! What is forgotten of a turn of a loop where a graph is too large with what grows unknown: what the loop has assigned, at
//! the end of the turn, and before where nothing reads it in between.

use egg::{Id, Symbol};
use rustc_hash::FxHashSet;

use crate::limits::COARSE;
use crate::machine::bank::Bank;
use crate::machine::domain::Context;
use crate::python::functions::liveness;
use crate::python::functions::reads::reads_of_turn;
use crate::python::functions::unknowns;
use crate::python::functions::widening::{Turn, noted_loop, turns_at_most};
use crate::python::values::names::names;
use crate::python::values::typed::{is_container, type_of};
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Call, shelf};
use crate::term::unescape;

/// Whether no answer about an unknown outlives the statement that asks.
pub fn is_coarse(bank: &Bank, world: Id) -> bool {
    turns_at_most(bank, world) == Some(COARSE) || last_of_globals(bank, world) == names().coarse
}

/// With what the globals of a program of the core end: how much it may forget. Those of others do not end so.
pub fn last_of_globals(bank: &Bank, world: Id) -> Symbol {
    let mut env = bank.get(bank.arg(world, 1));
    while let [_, _, rest] = env.args[..] {
        env = bank.get(rest);
    }
    env.op
}

/// Of the locals that the loop binds nothing is known any more, but for those that hold an object.
pub(super) fn forget_assigned(call: &mut Call, turn: &Turn) {
    let assigned = assigned(call.cx, turn.statement);
    let env = call.cx.bank.arg(call.world, 0);
    let mut bound = shelf::bindings(call.cx.bank, env);
    bound.retain(|(name, value)| assigned.contains(name) && is_simple(call.cx.bank, *value));
    forget(call, &bound, turn.iterator);
}

/// Of a local that nothing reads before that happens at the end of a turn nothing is known as soon as a statement
/// begins: paths that differ in it join there.
pub(super) fn forget_for_this_turn(call: &mut Call, statement: Id) {
    let Some(read) = reads_of_turn(call.cx, statement, call.frames) else { return };
    let env = call.cx.bank.arg(call.world, 0);
    let mut bound = shelf::bindings(call.cx.bank, env);
    bound.retain(|(name, value)| {
        read.binary_search(name).is_err()
            && is_simple(call.cx.bank, *value)
            && !liveness::is_own(call.cx, *name)
            && !is_forgotten(call.cx.bank, *name, *value)
    });
    forget(call, &bound, statement);
}

/// Each of the locals becomes an unknown of its own; `other` is a term that may hold unknowns, too.
fn forget(call: &mut Call, bound: &[(Id, Id)], other: Id) {
    let none = call.none();
    for (name, _) in bound {
        call.rebind_local(*name, none);
    }
    for (name, _) in bound {
        let text = unescape(call.cx.name(*name));
        let like = call.unknown_named(&text, None);
        let roots = [call.frames, call.world, other];
        let unknown = unknowns::fresh(call.cx, like, &roots);
        call.rebind_local(*name, unknown);
    }
}

/// Whether a local holds the unknown that it is when it is forgotten.
fn is_forgotten(bank: &Bank, name: Id, value: Id) -> bool {
    let unknown = bank.op(value) == vocabulary().unknown && bank.arg(value, 0) == name;
    unknown && type_of(bank, value).is_none()
}

/// It counts for nothing where an unknown in a local came from: it is one of the local's name, so that paths join which have bound the
/// local in different ways.
pub(super) fn forget_origins(call: &mut Call) {
    if unknowns::hold_objects(call.cx, call.world) {
        return;
    }
    let env = call.cx.bank.arg(call.world, 0);
    let mut bound = shelf::bindings(call.cx.bank, env);
    bound.retain(|(name, value)| {
        let unknown = call.cx.bank.op(*value) == vocabulary().unknown;
        unknown && type_of(call.cx.bank, *value).is_none() && !call.cx.name(*name).starts_with('.')
    });
    let none = call.none();
    for (name, _) in &bound {
        call.rebind_local(*name, none);
    }
    for (name, value) in bound {
        let named = unescape(call.cx.name(name));
        let like = unknowns::renamed(call.cx, value, &named);
        let roots = [call.frames, call.world];
        let unknown = unknowns::fresh(call.cx, like, &roots);
        call.rebind_local(name, unknown);
    }
}

/// The world without answers: with what was noted of loops, and the objects that attributes of unknowns hold.
pub(super) fn without_answers(cx: &mut Context, world: Id) -> Id {
    let facts = cx.bank.arg(world, 3);
    let mut kept = unknowns::listed(cx, facts);
    kept.retain(|[_, question, answer]| {
        noted_loop(cx, *question).is_some()
            || unknowns::is_stored(cx, *question) && unknowns::has_objects(cx, *answer)
    });
    let kept = unknowns::as_facts(cx, kept);
    if kept == facts { world } else { unknowns::with_facts(cx, world, kept) }
}

/// The locals that a statement binds.
pub(super) fn assigned(cx: &Context, statement: Id) -> FxHashSet<Id> {
    let (mut found, mut open) = (FxHashSet::default(), vec![statement]);
    while let Some(term) = open.pop() {
        let node = cx.bank.get(term);
        if node.op == names().code {
            continue;
        }
        let target = match node.op.as_str() {
            "assign" | "bind" | "loop" | "for" | "as" => node.args.first(),
            "with" => node.args.get(2),
            _ => None,
        };
        let local = target.map(|target| cx.bank.get(*target)).filter(|node| node.op == vocabulary().local);
        found.extend(local.and_then(|local| local.args.first()));
        open.extend(node.args.iter().copied());
    }
    found
}

/// Whether a value is no object, and no container of which it is known that it is one.
fn is_simple(bank: &Bank, value: Id) -> bool {
    let simple = ["none", "true", "false", "int", "str", "float", "bytes", "unknown"];
    simple.contains(&bank.op(value).as_str()) && !is_container(bank, value)
}
