//! Where an exception is on its way: what stands behind the frames that it only passes is not needed any more.
//!
//! `tidied` asks for that where the last searches forget. An object that is being made, and operands that wait for one which raised,
//! stay on the frames, but nobody comes back to them: paths join that have come to different ones.

use egg::Id;

use crate::machine::domain::Context;
use crate::python::functions::liveness;
use crate::python::functions::reads::HANDING_ON;
use crate::python::functions::whose;
use crate::python::values::not_known::forgets_locals;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Call, EXCEPTIONS, shelf};

/// The attribute that an exception has what was being handled in.
const CONTEXT: &str = "__context__";

/// Frames of statements that an exception passes; nothing but an event comes of it.
const PASSED: [&str; 9] = [
    "seq-frame",
    "assign-frame",
    "return-frame",
    "discard-frame",
    "if-frame",
    "turn-frame",
    "init-frame",
    "place-frame",
    "watch-frame",
];

/// The exception that is on its way, and the frames below.
fn on_its_way(cx: &Context, frames: Id) -> Option<(Id, Id)> {
    let [top, below] = cx.bank.get(frames).args[..] else { return None };
    let [completion] = cx.bank.get(top).args[..] else { return None };
    let raises = cx.name(top) == "pending" && cx.name(completion) == "raising";
    raises.then_some((completion, below))
}

/// The frames from the first one on that an exception does not only pass; `None` where it leaves the activation.
fn stopping(cx: &Context, mut frames: Id) -> Option<Id> {
    while let [top, below] = cx.bank.get(frames).args[..] {
        let name = cx.name(top);
        if !PASSED.contains(&name) && !HANDING_ON.contains(&name) {
            return Some(frames);
        }
        frames = below;
    }
    None
}

/// What is needed of the callers where an exception leaves the activation: the first of them that it does not only pass, and those below.
fn needed_of_callers(cx: &Context, mut callers: Id) -> Vec<Id> {
    loop {
        let node = cx.bank.get(callers);
        let ("caller", [frames, locals, rest]) = (node.op.as_str(), &node.args[..]) else {
            return vec![callers];
        };
        if let Some(frames) = stopping(cx, *frames) {
            return vec![frames, *locals, *rest];
        }
        callers = *rest;
    }
}

/// What leads to objects where the last searches forget, if that is less than all that a state has.
pub(super) fn needed_where_much_is_forgotten(call: &mut Call) -> Option<Vec<Id>> {
    if !forgets_locals(call.cx.bank, call.world) {
        return None;
    }
    forget_contexts(call);
    needed_behind_raise(call)
}

/// What leads to objects, beside the modules, where an exception is on its way. Where it leaves the activation, so do the locals.
fn needed_behind_raise(call: &mut Call) -> Option<Vec<Id>> {
    let (completion, frames) = on_its_way(call.cx, call.frames)?;
    let [locals, handled, facts, callers] = [0, 2, 3, 4].map(|part| call.cx.bank.arg(call.world, part));
    let mut needed = vec![completion, handled, facts];
    match stopping(call.cx, frames) {
        Some(frames) => needed.extend([frames, locals, callers]),
        None => {
            let own = forget_locals_of_the_past(call, locals);
            needed.push(own);
            needed.extend(needed_of_callers(call.cx, callers));
        }
    }
    Some(needed)
}

/// Nothing reads the locals of an activation that an exception leaves, but those of the semantics.
fn forget_locals_of_the_past(call: &mut Call, locals: Id) -> Id {
    let kept: Vec<(Id, Id)> = shelf::bindings(call.cx.bank, locals)
        .into_iter()
        .filter(|(name, _)| liveness::is_own(call.cx, *name) && !call.cx.name(*name).starts_with('&'))
        .collect();
    let empty = call.cx.bank.make(vocabulary().no_names, &[]);
    let bind = |env, (name, value): &(Id, Id)| call.cx.bank.make(vocabulary().binding, &[*name, *value, env]);
    let kept = kept.iter().rev().fold(empty, bind);
    call.set_world(0, kept);
    kept
}

/// Nothing is known of what was being handled where an exception was raised, unless the module asks for that.
fn forget_contexts(call: &mut Call) {
    let raised = call.heap_entries().into_iter().filter(|(number, _)| *number >= EXCEPTIONS);
    let is_chained = |entry: Id| {
        let context = call.cx.bank.get(call.cx.bank.arg(entry, 0)).args.get(1).copied();
        context.is_some_and(|context| call.cx.bank.op(context) == vocabulary().exception)
    };
    let chained: Vec<u32> =
        raised.filter(|(_, entry)| is_chained(*entry)).map(|(number, _)| number).collect();
    if chained.is_empty() || whose::asks_for_contexts(call) {
        return;
    }
    for number in chained {
        let Some(mut entry) = call.entry_of(number) else { continue };
        let mut payload = call.cx.bank.get(entry.payload).clone();
        let like = call.unknown_like_others(CONTEXT);
        let mut unknown = call.cx.bank.get(like).clone();
        unknown.args[1] = call.atom(&number.to_string());
        payload.args[1] = call.cx.bank.add(unknown);
        entry.payload = call.cx.bank.add(payload);
        call.set_entry_of(number, entry);
    }
}
