//! What an operation does to a known container that meets an unknown, and what it finds in one whose members are not known.

use egg::Id;

use crate::book::consequences::{keeps_keys, parts};
use crate::python::functions::unanswered::{anything, new_answer};
use crate::python::functions::unknowns::{apart, name_of, renamed};
use crate::python::functions::{spelling, sure_keys};
use crate::python::values::names::names;
use crate::python::values::{Call, typed};

/// What an operation gives that changes its first operand, or gives what is in it, or a container like it: one of these values.
/// `None` where it does nothing of the kind.
pub(super) fn of_contents(call: &mut Call, name: &str, said: &str, unknown: Id) -> Option<Vec<Id>> {
    let (consequence, _) = parts(said);
    let first = *call.args.first()?;
    let (verb, class) = consequence.split_once('-').unwrap_or((consequence, ""));
    let changes = ["changes", "alters"].contains(&verb);
    // What the book does not speak of may change what it is a method of.
    let is_method = call.kind_of_container(first).is_some_and(|kind| is_method_of(kind, name));
    if changes || (verb == "calls" && is_method) {
        let sure = if keeps_keys(said) { sure_keys::together(call) } else { Vec::new() };
        open(call, first, unknown);
        sure_keys::note(call, first, &sure);
    }
    let is_object = call.cx.bank.op(first) == names().object;
    match class {
        "none" if changes => Some(vec![call.none()]),
        "item" => Some(items(call, first, name, unknown)),
        _ if changes && is_object => Some(vec![first]),
        _ if changes => Some(vec![new_answer(call, name, unknown, class)]),
        "list" | "dict" | "set" if verb == "gives" && call.opened(first).is_some() => {
            Some(vec![new_opened(call, class, unknown, &[])])
        }
        // One of many keys, of which it is not known whether they differ.
        "dict" if verb == "gives" && name == "dict_display" => {
            let operands = call.args.clone();
            Some(vec![new_opened(call, class, unknown, &operands)])
        }
        // A display, in which something unknown is spread.
        "list" | "set" if verb == "gives" && typed::is_rest(call.cx.bank, unknown) => {
            Some(vec![new_opened(call, class, unknown, &[first])])
        }
        _ => None,
    }
}

/// The members of a container are not known any more, but for those that no unknown can stand for: they may still be in it, and
/// so may the operands.
pub(super) fn open(call: &mut Call, container: Id, unknown: Id) {
    let named = call.opened(container).map(|unknown| name_of(call.cx, unknown));
    let number = call.number(container);
    let named = named.or_else(|| number.and_then(|number| call.name_of_object(number)));
    open_as(call, container, unknown, &named.unwrap_or_default());
}

/// The same, where what is in the container has a name.
pub(super) fn open_as(call: &mut Call, container: Id, unknown: Id, name: &str) {
    let Some(kind) = call.kind_of_container(container) else { return };
    let mut kept = call.kept_members(container);
    kept.extend(kept_of_operands(call));
    let kept = without_doubles(call, kept);
    let like = renamed(call.cx, unknown, if name.is_empty() { kind } else { name });
    let like = typed::contents(call.cx, like, kind, &kept);
    // What stood for its members before stands for nothing any more.
    let nothing = call.cx.bank.make(names().plain, &[]);
    call.set_payload(container, nothing);
    let contents = apart_from_all(call, like);
    call.set_opened(container, contents);
}

/// A new container whose members are those of the operands and these, as far as no unknown can stand for them, and others.
fn new_opened(call: &mut Call, kind: &str, unknown: Id, members: &[Id]) -> Id {
    let mut kept = call.cx.kept_by(unknown);
    kept.extend(members.iter().copied().filter(|member| call.cx.is_kept(*member)));
    kept.extend(kept_of_operands(call));
    let kept = without_doubles(call, kept);
    let like = renamed(call.cx, unknown, kind);
    let like = typed::contents(call.cx, like, kind, &kept);
    let contents = apart_from_all(call, like);
    let payload = call.cx.bank.make(names().open_of, &[contents]);
    let class = call.class(kind);
    call.new_object(class, payload)
}

fn apart_from_all(call: &mut Call, like: Id) -> Id {
    let roots = [call.frames, call.world];
    apart(call.cx, like, &roots)
}

/// What an operation on a container may find in it, or give in its place.
fn items(call: &mut Call, container: Id, name: &str, unknown: Id) -> Vec<Id> {
    let of = call.opened(container).unwrap_or(unknown);
    let called = name_of(call.cx, of);
    let item = anything(call, unknown, &spelling::result(name, &called));
    let mut items = vec![call.new_unknown(item, "unknown")];
    items.extend(kept_of_operands(call));
    items
}

/// What the operands hold, and they themselves but for the first, as far as no unknown can stand for it.
fn kept_of_operands(call: &mut Call) -> Vec<Id> {
    let operands: Vec<Id> =
        call.args.iter().copied().chain(call.keywords.iter().map(|(_, value)| *value)).collect();
    let mut found = Vec::new();
    for (place, operand) in operands.into_iter().enumerate() {
        if place > 0 && call.cx.is_kept(operand) {
            found.push(operand);
        }
        found.extend(call.kept_members(operand));
    }
    without_doubles(call, found)
}

fn without_doubles(call: &mut Call, mut found: Vec<Id>) -> Vec<Id> {
    if call.is_coarse() {
        found.retain(|value| call.kind_of_container(*value).is_some() || call.is_generator(*value));
    }
    let mut kept = Vec::new();
    for value in found {
        if !kept.contains(&value) {
            kept.push(value);
        }
    }
    kept
}

/// Whether a primitive is a method of that builtin type.
fn is_method_of(kind: &str, name: &str) -> bool {
    name.split_once('.').is_some_and(|(class, _)| class == kind)
}
