//! Functions that call themselves: in the very last search one that waits for itself is not entered again, so that it comes to an end.
//!
//! Such a call is one of an unknown: it returns or raises. What it may have changed, which is all that the function, its arguments and the
//! modules lead to, is not known any more. What its code does is seen in the call that waits.

use egg::Id;

use crate::python::functions::opening;
use crate::python::functions::widening::{Turn, open_iterator};
use crate::python::functions::{coarse, unknowns};
use crate::python::values::activations::waiting;
use crate::python::values::hidden::{ENTERED, UNFOLLOWED};
use crate::python::values::names::names;
use crate::python::values::not_known::follows_no_recursion;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Call, Objects, shelf};
use crate::term::unescape;

/// Where a call that has just been entered is not followed, since one of the same function waits for it: forgets what it may change, and binds
/// what [`open_code`] calls in its place. It is followed where nothing is unknown, for then what is known decides how deep calls are nested; and
/// where it may resume a generator, of which it would not be known any more how far it has come. `before` is the world of the call.
pub(super) fn leave_open(call: &mut Call, function: Id, before: Id) {
    let counts =
        follows_no_recursion(call.cx.bank, call.world) && call.cx.bank.op(function) == names().routine;
    if !counts {
        return;
    }
    let code = call.code_of(function);
    let mark = call.cx.bank.fingerprint(code).to_string();
    let mark = call.str(&mark);
    let is_known = !call.cx.bank.measure(call.world).unknown;
    if is_known || !waits(call, before, mark) || !leave_unknown(call, function, code) {
        let name = call.atom(ENTERED);
        call.rebind_local(name, mark);
    }
}

/// Whether an activation of a function waits, or runs.
fn waits(call: &mut Call, world: Id, mark: Id) -> bool {
    let callers = waiting(call.cx.bank, world).into_iter().map(|[_, locals]| locals);
    let mut locals = std::iter::once(call.cx.bank.arg(world, 0)).chain(callers);
    locals.any(|own| call.lookup(own, ENTERED) == Some(mark))
}

/// Forgets what a call may change, and binds the unknown that is called in its place. Whether it could.
fn leave_unknown(call: &mut Call, function: Id, code: Id) -> bool {
    let modules = call.cx.bank.arg(call.cx.bank.arg(call.world, 1), 0);
    let mut roots = vec![function, modules];
    roots.extend(call.args.iter().chain(call.keywords.iter().map(|(_, value)| value)));
    let mut reached: Vec<u32> = call.reached(&roots).into_iter().collect();
    reached.sort_unstable();
    if reached.iter().any(|number| is_suspended(call, *number)) {
        return false;
    }
    reached.into_iter().for_each(|number| forget(call, number));
    let none = call.none();
    coarse::forget_module(call, none);
    let name = call.cx.bank.arg(call.cx.bank.arg(code, 1), 0);
    let name = unescape(call.cx.name(name));
    let like = call.unknown_named(&name, None);
    let roots = [call.frames, call.world];
    let unknown = unknowns::fresh(call.cx, like, &roots);
    let empty = call.cx.bank.make(vocabulary().no_names, &[]);
    let name = call.atom(UNFOLLOWED);
    let locals = shelf::bind(call.cx, empty, name, Some(unknown));
    call.set_world(0, locals);
    true
}

/// The code of a function whose call is not followed, in the world that [`leave_open`] left; `None` where it is.
pub(super) fn open_code(call: &mut Objects, code: Id) -> Option<Id> {
    let locals = call.cx.bank.arg(call.world, 0);
    call.lookup(locals, UNFOLLOWED)?;
    let name = call.atom(UNFOLLOWED);
    let local = call.cx.bank.make(vocabulary().local, &[name]);
    let callee = call.cx.bank.node("name", [local]);
    let operands = call.cx.bank.node("no-operands", []);
    let invocation = call.cx.bank.node("invocation", [callee, operands]);
    let body = call.cx.bank.node("return", [invocation]);
    let kind = call.atom("ordinary");
    let mut node = call.cx.bank.get(code).clone();
    (node.args[0], node.args[3]) = (kind, body);
    Some(call.cx.bank.add(node))
}

/// Whether an object is a generator that has not ended.
fn is_suspended(call: &mut Call, number: u32) -> bool {
    let Some(entry) = call.entry_of(number) else { return false };
    let payload = call.cx.bank.get(entry.payload);
    payload.op == names().generator_of && call.cx.name(payload.args[0]) != "finished"
}

/// Nothing is known any more of what an object holds, but for other objects.
fn forget(call: &mut Call, number: u32) {
    let Some(entry) = call.entry_of(number) else { return };
    let nowhere = Turn { iterator: call.none(), statement: call.none() };
    let cell = call.reference(number);
    let op = call.cx.bank.op(entry.payload);
    if let Some(container) = container(call, cell, op) {
        let unknown = call.unknown_named("item", None);
        opening::open(call, container, unknown);
    } else if op == names().iterator_of {
        open_iterator(call, number, "item", &nowhere);
    } else if op == names().immutable {
        let name = call.atom("value");
        coarse::forget_cell(call, name, cell, nowhere.statement);
    }
    for (name, held) in call.bindings(entry.attributes) {
        let name = call.atom(&name);
        coarse::forget_attribute(call, number, name, held, nowhere.statement);
    }
}

/// The container that is in such a cell, if one is.
fn container(call: &mut Call, cell: Id, payload: egg::Symbol) -> Option<Id> {
    let kinds = [(names().list_of, "list"), (names().dict_of, "dict"), (names().set_of, "set")];
    let (_, kind) = kinds.into_iter().find(|(op, _)| *op == payload)?;
    let (class, reference) = (call.class(kind), call.cx.bank.arg(cell, 0));
    Some(call.cx.bank.make(names().object, &[class, reference]))
}
