//! What is forgotten where a graph is too large with what grows unknown: what a loop has assigned, at the end of its turn, and before where
//! nothing reads it in between; and where it is too large then, too, what each local is, as soon as a statement begins.

use std::collections::BTreeMap;

use egg::{Id, Symbol};
use rustc_hash::FxHashSet;

use crate::limits;
use crate::machine::bank::Bank;
use crate::machine::domain::Context;
use crate::machine::sequence;
use crate::python::functions::liveness;
use crate::python::functions::modules;
use crate::python::functions::outcomes;
use crate::python::functions::reads::reads_of_turn;
use crate::python::functions::unknowns;
use crate::python::functions::whose;
use crate::python::functions::widening::{Turn, noted_loop};
use crate::python::values::names::names;
use crate::python::values::not_known::{forgets_attributes, forgets_locals, turns_at_most};
use crate::python::values::typed::{is_container, type_of};
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Call, Objects, shelf};
use crate::term::unescape;

/// Whether no answer about an unknown outlives the statement that asks.
pub fn is_coarse(bank: &Bank, world: Id) -> bool {
    let turns = turns_at_most(bank, world);
    turns.is_some_and(limits::is_coarse) || last_of_globals(bank, world) == names().coarse
}

/// With what the globals of a program of the core end: how much it may forget. Those of others do not end so.
pub fn last_of_globals(bank: &Bank, world: Id) -> Symbol {
    let mut env = bank.get(bank.arg(world, 1));
    while let [_, _, rest] = env.args[..] {
        env = bank.get(rest);
    }
    env.op
}

/// Names whose values are forgotten.
#[derive(Clone, Copy)]
enum Scope {
    /// The locals of the activation.
    Locals,
    /// The names of the module that is run: no caller waits for its body.
    Module,
}

/// The module that is run.
pub(super) const MAIN: &str = "__main__";

impl Scope {
    /// The names, each with its value.
    fn bindings(self, call: &Call) -> Vec<(Id, Id)> {
        let env = match self {
            Scope::Locals => Some(call.cx.bank.arg(call.world, 0)),
            Scope::Module => call.module_env(MAIN),
        };
        env.map(|env| shelf::bindings(call.cx.bank, env)).unwrap_or_default()
    }

    fn bind(self, call: &mut Call, name: Id, value: Id) {
        match self {
            Scope::Locals => call.rebind_local(name, value),
            Scope::Module => {
                let module = call.atom(MAIN);
                let target = call.cx.bank.make(names().member, &[module, name]);
                let world = call.world;
                call.world = modules::store_member(call.cx, world, target, Some(value));
            }
        }
    }
}

/// Of the locals that the loop binds nothing is known any more, but for those that hold an object.
pub(super) fn forget_assigned(call: &mut Call, turn: &Turn) {
    let assigned = assigned(call.cx, turn.statement);
    let tuples = forgets_locals(call.cx.bank, call.world);
    let mut bound = Scope::Locals.bindings(call);
    bound.retain(|(name, value)| {
        let changes = assigned.contains(name) || is_item_of(call.cx, *value, turn.iterator);
        changes && (is_simple(call.cx.bank, *value) || tuples && is_simple_tuple(call.cx.bank, *value))
    });
    forget(call, Scope::Locals, &bound, turn.iterator);
}

/// Whether a value is an item of an unknown that is gone over: the target of the loop holds it.
fn is_item_of(cx: &Context, value: Id, iterator: Id) -> bool {
    let both = [value, iterator].iter().all(|term| cx.bank.op(*term) == vocabulary().unknown);
    both && unknowns::of_item(&unknowns::name_of(cx, value)) == Some(&unknowns::name_of(cx, iterator))
}

/// Of a local that nothing reads before that happens at the end of a turn nothing is known as soon as a statement
/// begins: paths that differ in it join there. Where all locals are forgotten, of none; nor of a name of the module, while its
/// body runs.
pub(super) fn forget_for_this_turn(call: &mut Call, statement: Id) {
    if forgets_locals(call.cx.bank, call.world) {
        forget_all(call, Scope::Locals, statement);
        forget_cells(call, statement);
        if forgets_attributes(call.cx.bank, call.world) {
            forgotten_attributes(call, statement);
        }
        let callers = call.cx.bank.arg(call.world, 4);
        if call.cx.bank.get(callers).args.is_empty() {
            forget_module(call, statement);
        }
        return;
    }
    let Some(read) = reads_of_turn(call.cx, statement, call.frames) else { return };
    let mut bound = Scope::Locals.bindings(call);
    bound.retain(|(name, value)| {
        read.binary_search(name).is_err()
            && is_simple(call.cx.bank, *value)
            && can_be_forgotten(call.cx, *name, *value)
    });
    forget(call, Scope::Locals, &bound, statement);
}

/// Nothing is known of the names any more, but for those that hold an object, nor of what is in the containers that they hold.
fn forget_all(call: &mut Call, scope: Scope, statement: Id) {
    forget_containers(call, scope, statement);
    let mut bound = scope.bindings(call);
    bound.retain(|(name, value)| is_plain(call.cx.bank, *value) && can_be_forgotten(call.cx, *name, *value));
    forget(call, scope, &bound, statement);
}

/// Nothing is known any more of what the activation shares with functions inside it, or around it: a cell holds it.
fn forget_cells(call: &mut Call, statement: Id) {
    for (name, cell) in Scope::Locals.bindings(call) {
        let name = unescape(call.cx.name(name));
        let Some(name) = name.strip_prefix('&') else { continue };
        let Some(held) = held_by(call, cell) else { continue };
        forget_container(call, held, statement);
        let name = call.atom(name);
        forget_cell(call, name, cell, statement);
    }
}

/// Nothing is known any more of what a cell holds, if that is no object.
pub(super) fn forget_cell(call: &mut Call, name: Id, cell: Id, statement: Id) {
    let Some(held) = held_by(call, cell) else { return };
    if !is_plain(call.cx.bank, held) || !can_be_forgotten(call.cx, name, held) {
        return;
    }
    // Its own unknown, where it holds one already, is none that is taken.
    let none = call.none();
    hold(call, cell, none);
    let unknown = forgotten(call, name, held, statement);
    hold(call, cell, unknown);
}

/// The unknown that a value becomes under its name, apart from all others.
fn forgotten(call: &mut Call, name: Id, held: Id, statement: Id) -> Id {
    let like = like_forgotten(call, &unescape(call.cx.name(name)), held);
    let roots = [call.frames, call.world, statement];
    unknowns::fresh(call.cx, like, &roots)
}

/// Nothing is known any more of the names of the module that is run.
pub(super) fn forget_module(call: &mut Call, statement: Id) {
    forget_all(call, Scope::Module, statement);
}

/// Nothing is known any more of what the attributes of the program's own objects hold, but for objects.
fn forgotten_attributes(call: &mut Call, statement: Id) {
    let own = own_objects(call, &[call.world, call.frames]);
    if own.is_empty() {
        return;
    }
    let doing = whose::doing(call);
    for (number, class) in own {
        let Some(entry) = call.entry_of(number) else { continue };
        for name in whose::perhaps_own(call, class, entry.attributes, &doing) {
            let text = unescape(call.cx.name(name));
            let like = call.unknown_named(&text, None);
            let roots = [call.frames, call.world, statement];
            let unknown = unknowns::fresh(call.cx, like, &roots);
            hold_in(call, number, name, unknown);
        }
        for (name, held) in call.bindings(entry.attributes) {
            forget_container(call, held, statement);
            let name = call.atom(&name);
            forget_attribute(call, number, name, held, statement);
        }
    }
}

/// Nothing is known any more of what an attribute of an object holds, if that is no object, nor leads to one.
pub(super) fn forget_attribute(call: &mut Call, number: u32, name: Id, held: Id, statement: Id) {
    let world = call.world;
    let is_holder = unknowns::has_objects(call.cx, held)
        || call.cx.bank.op(held) == vocabulary().unknown
            && unknowns::holders(call.cx, world).contains(&unknowns::identity(call.cx, held));
    if is_holder || !is_plain(call.cx.bank, held) || !can_be_forgotten(call.cx, name, held) {
        return;
    }
    // Its own unknown, where it holds one already, is none that is taken.
    let none = call.none();
    hold_in(call, number, name, none);
    let unknown = forgotten(call, name, held, statement);
    hold_in(call, number, name, unknown);
}

fn hold_in(call: &mut Call, number: u32, name: Id, value: Id) {
    let Some(mut entry) = call.entry_of(number) else { return };
    entry.attributes = call.rebound(entry.attributes, name, Some(value));
    call.set_entry_of(number, entry);
}

/// The numbers of the objects in some terms whose class is one of the module that is checked, each with the class.
pub(super) fn own_objects(objects: &Objects, terms: &[Id]) -> BTreeMap<u32, Id> {
    let (mut found, mut seen, mut open) = (BTreeMap::new(), FxHashSet::default(), terms.to_vec());
    while let Some(term) = open.pop() {
        let node = objects.cx.bank.get(term);
        if !unknowns::has_objects(objects.cx, term) || node.op == names().code || !seen.insert(term) {
            continue;
        }
        if let (true, [class, _]) = (node.op == names().object, &node.args[..])
            && objects.cx.is_user_class(*class)
            && let Some(module) = objects.own_attribute(*class, "__module__")
            && objects.text(module).as_deref() == Some(MAIN)
        {
            found.extend(objects.number(term).map(|number| (number, *class)));
        }
        open.extend(&node.args);
    }
    found
}

/// What a cell holds.
fn held_by(call: &Call, cell: Id) -> Option<Id> {
    let payload = call.cx.bank.get(call.entry(cell)?.payload);
    payload.args.first().copied().filter(|_| payload.op == names().immutable)
}

fn hold(call: &mut Call, cell: Id, value: Id) {
    let payload = call.cx.bank.make(names().immutable, &[value]);
    call.set_payload(cell, payload);
}

/// Whether a name is the program's, and not forgotten already.
fn can_be_forgotten(cx: &Context, name: Id, value: Id) -> bool {
    let special = cx.name(name).starts_with("__") && cx.name(name).ends_with("__");
    !special && !liveness::is_own(cx, name) && !is_forgotten(cx.bank, name, value)
}

/// What the containers hold that the names are bound to becomes unknown.
fn forget_containers(call: &mut Call, scope: Scope, statement: Id) {
    for (_, value) in scope.bindings(call) {
        forget_container(call, value, statement);
    }
}

fn forget_container(call: &mut Call, value: Id, statement: Id) {
    let nowhere = Turn { iterator: call.none(), statement };
    let number = call.number(value).filter(|_| call.cx.bank.op(value) == names().object);
    if let Some(number) = number {
        call.widen_container(number, &nowhere);
    }
}

/// Each of the names becomes an unknown of its own, or a tuple of unknown members; `other` is a term that may hold unknowns, too.
fn forget(call: &mut Call, scope: Scope, bound: &[(Id, Id)], other: Id) {
    rebind(call, scope, bound, other, like_forgotten);
}

/// The unknown that a value becomes under its name: of a tuple it is known that it is one, and what is unknown raises what it raised.
fn like_forgotten(call: &mut Call, name: &str, value: Id) -> Id {
    let class = (call.cx.name(value) == "tuple").then_some("tuple");
    let like = call.unknown_named(name, class);
    match call.cx.bank.op(value) == vocabulary().unknown {
        true => outcomes::raising_as_well(call.cx, like, value),
        false => like,
    }
}

/// Binds each of the names to an unknown of its own, like the one that is made for its name and its value.
fn rebind(
    call: &mut Call,
    scope: Scope,
    bound: &[(Id, Id)],
    other: Id,
    like: impl Fn(&mut Call, &str, Id) -> Id,
) {
    let none = call.none();
    for (name, _) in bound {
        scope.bind(call, *name, none);
    }
    for (name, value) in bound {
        let like = like(call, &unescape(call.cx.name(*name)), *value);
        let roots = [call.frames, call.world, other];
        let unknown = unknowns::fresh(call.cx, like, &roots);
        scope.bind(call, *name, unknown);
    }
}

/// Whether a local holds the unknown that it is when it is forgotten.
fn is_forgotten(bank: &Bank, name: Id, value: Id) -> bool {
    let unknown = bank.op(value) == vocabulary().unknown && bank.arg(value, 0) == name;
    unknown && type_of(bank, value).is_none()
}

/// It counts for nothing where an unknown in a local came from: it is one of the local's name, so that paths join which have bound the
/// local in different ways. A temporary name is none that is told.
pub(super) fn forget_origins(call: &mut Call, statement: Id) {
    let world = call.world;
    let holders = unknowns::holders(call.cx, world);
    let mut bound = Scope::Locals.bindings(call);
    bound.retain(|(name, value)| {
        let unknown = call.cx.bank.op(*value) == vocabulary().unknown;
        let of_name = unknown && !is_container(call.cx.bank, *value) && !liveness::is_own(call.cx, *name);
        of_name && !holders.contains(&unknowns::identity(call.cx, *value))
    });
    rebind(call, Scope::Locals, &bound, statement, |call, name, value| match name.starts_with('.') {
        true => value,
        false => unknowns::renamed(call.cx, value, name),
    });
}

/// The world without answers: with what was noted of loops, and the objects that attributes of unknowns hold.
pub(super) fn without_answers(cx: &mut Context, world: Id) -> Id {
    let facts = cx.bank.arg(world, 3);
    let mut kept = unknowns::listed(cx.bank, facts);
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

/// Whether a value is no object, nor has one in it.
pub(super) fn is_plain(bank: &Bank, value: Id) -> bool {
    is_simple(bank, value) || is_simple_tuple(bank, value)
}

/// Whether a value is a tuple of such values.
fn is_simple_tuple(bank: &Bank, value: Id) -> bool {
    let is_tuple = bank.op(value).as_str() == "tuple";
    let fits = |member: Id| is_simple(bank, member) || is_simple_tuple(bank, member);
    is_tuple && sequence::all(bank, bank.arg(value, 0)).into_iter().all(fits)
}

/// Whether a value is no object, and no container of which it is known that it is one.
fn is_simple(bank: &Bank, value: Id) -> bool {
    let simple = ["none", "true", "false", "int", "long", "str", "unicode", "float", "bytes", "unknown"];
    simple.contains(&bank.op(value).as_str()) && !is_container(bank, value)
}
