//! Names that are not in an environment of the core: those of modules, and those that functions share.

use egg::Id;

use crate::machine::domain::Context;
use crate::python::functions::environments::undefined;
use crate::python::functions::modules::{fetch_member, store_member};
use crate::python::values::names::names;
use crate::python::values::{Entry, Objects};
use crate::term::unescape;

/// The cell that a name of the current activation is kept in.
fn cell(call: &mut Objects, target: Id) -> Option<Id> {
    let name = format!("&{}", unescape(call.cx.name(call.cx.bank.arg(target, 0))));
    call.lookup(call.cx.bank.arg(call.world, 0), &name)
}

/// The value of a name.
pub fn fetch(cx: &mut Context, world: Id, target: Id) -> Option<Id> {
    match cx.name(target) {
        "member" => fetch_member(cx, world, target),
        "inner" => {
            let name = unescape(cx.name(cx.bank.arg(target, 0)));
            let outer = cx.bank.arg(target, 1);
            let call = Objects::of(cx, world);
            match call.lookup(call.cx.bank.arg(world, 0), &name) {
                Some(value) => Some(value),
                None => fetch(cx, world, outer),
            }
        }
        _ => {
            let mut call = Objects::of(cx, world);
            let cell = cell(&mut call, target)?;
            let Entry { payload, .. } = call.entry(cell)?;
            let node = call.cx.bank.get(payload);
            (node.op == names().immutable).then(|| node.args[0])
        }
    }
}

/// The world with a name bound, or (with `None`) unbound.
pub fn store(cx: &mut Context, world: Id, target: Id, value: Option<Id>) -> Id {
    match cx.name(target) {
        "member" => store_member(cx, world, target, value),
        "inner" => store_inner(cx, world, target, value),
        "nowhere" => world,
        _ => {
            let mut call = Objects::of(cx, world);
            let Some(cell) = cell(&mut call, target) else { return world };
            let payload = match value {
                Some(value) => call.cx.bank.make(names().immutable, &[value]),
                None => call.cx.bank.make(names().plain, &[]),
            };
            call.set_payload(cell, payload);
            call.world
        }
    }
}

/// A class's body binds its names in the order of their first binding.
fn store_inner(cx: &mut Context, world: Id, target: Id, value: Option<Id>) -> Id {
    let name = cx.bank.arg(target, 0);
    let mut call = Objects::of(cx, world);
    let locals = call.cx.bank.arg(world, 0);
    let env = call.rebound(locals, name, value);
    call.set_world(0, env);
    call.world
}

/// The NameError for a name.
pub fn unbound_fault(cx: &mut Context, target: Id, world: Id) -> Id {
    let op = cx.name(target);
    let place = if op == "member" { 1 } else { 0 };
    let name = unescape(cx.name(cx.bank.arg(target, place)));
    match op {
        "shared" => {
            let text = cx.constants().worded("unbound-local", &[&name]);
            cx.exception("UnboundLocalError", &text)
        }
        "free" => {
            let text = cx.constants().worded("unbound-free", &[&name]);
            cx.exception("NameError", &text)
        }
        "inner" => {
            let outer = cx.bank.arg(target, 1);
            unbound_fault(cx, outer, world)
        }
        _ => {
            let text = undefined(cx, &name, world);
            cx.exception("NameError", &text)
        }
    }
}
