//! Exception groups.

use egg::Id;

use crate::python::builtins::Table;
use crate::python::values::names::names;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Answer, Call, Failure, View};

/// The primitives of this file.
pub const TABLE: Table = &[
    ("BaseExceptionGroup.split(self, matcher_value, /)", split),
    ("BaseExceptionGroup.subgroup(self, matcher_value, /)", subgroup),
    ("BaseExceptionGroup.derive(self, excs, /)", derive),
    ("prim.group_leaf_test", leaf_test),
    ("star_split", star_split),
    ("star_end", star_end),
    ("raise_again", raise_again),
    ("prim.is_unstarted", is_unstarted),
    ("prim.traceback_length", traceback_length),
    ("prim.set_traceback_length", set_traceback_length),
    ("prim.copy_metadata", copy_metadata),
    ("prim.projected", projected),
    ("prim.wrapped_group", wrapped_group),
];

/// Whether a condition of `split` is decided without calling Python code: a class, or a tuple of classes. An object of a
/// class derived from tuple is neither, as in CPython.
fn is_class_condition(call: &mut Call, condition: Id) -> bool {
    let members = match call.view(condition) {
        View::Tuple(members) if call.cx.bank.op(condition) == vocabulary().tuple => members,
        _ => vec![condition],
    };
    let base = call.class("BaseException");
    members
        .into_iter()
        .all(|member| call.cx.bank.op(member) == vocabulary().class && call.derives(member, base))
}

fn divided(call: &mut Call) -> Result<(Id, Id), Failure> {
    let [group, condition] = call.args[..] else { return Err(Failure::Undefined) };
    if !is_class_condition(call, condition) || has_own_derive(call, group) {
        return Err(Failure::Undefined);
    }
    let none = call.none();
    let (matching, rest) =
        call.split(group, &mut |call, exception| call.is_instance_of(exception, condition));
    Ok((matching.unwrap_or(none), rest.unwrap_or(none)))
}

/// Whether the program says how a group, or one in it, is made anew.
fn has_own_derive(call: &mut Call, group: Id) -> bool {
    let Some(members) = call.group_members(group) else { return false };
    let class = call.class_of(group);
    call.class_attribute(class, "derive").is_some_and(|(owner, _)| call.is_user_class(owner))
        || members.into_iter().any(|member| has_own_derive(call, member))
}

/// `except*`: what of the rest a condition matches, as a group, and what is left.
fn star_split(call: &mut Call) -> Answer {
    let [rest, condition] = call.args[..] else { return Err(Failure::Undefined) };
    // A naked exception is matched with an object of a class derived from tuple, and a group is not split by one.
    let is_derived = call.cx.bank.op(condition) == names().object;
    if has_own_derive(call, rest) || is_derived && call.group_members(rest).is_some() {
        return Err(Failure::Undefined);
    }
    let condition = match call.view(condition) {
        View::Tuple(members) if is_derived => call.tuple(&members),
        _ => condition,
    };
    let none = call.none();
    let (matching, rest) = call.divided(rest, condition);
    Ok(call.tuple(&[matching.unwrap_or(none), rest.unwrap_or(none)]))
}

/// What is raised after the clauses of `except*`.
fn star_end(call: &mut Call) -> Answer {
    let [original, rest, raised] = call.args[..] else { return Err(Failure::Undefined) };
    if has_own_derive(call, original) {
        return Err(Failure::Undefined);
    }
    let View::Tuple(raised) = call.view(raised) else { return Err(Failure::Undefined) };
    let none = call.none();
    let rest = (call.cx.bank.op(rest) != vocabulary().none).then_some(rest);
    Ok(call.merged(original, rest, raised).unwrap_or(none))
}

/// Raises an exception without recording what is handled.
fn raise_again(call: &mut Call) -> Answer {
    let [exception] = call.args[..] else { return Err(Failure::Undefined) };
    Err(raised_as_it_is(call, exception))
}

/// An exception whose context is known already.
pub(super) fn raised_as_it_is(call: &mut Call, exception: Id) -> Failure {
    Failure::Answered(call.cx.bank.node("fails", [exception]))
}

/// Whether no statement of a generator has run: `prim.is_unstarted(generator)`.
fn is_unstarted(call: &mut Call) -> Answer {
    let [generator] = call.args[..] else { return Err(Failure::Undefined) };
    let state = call.suspension(generator).ok_or(Failure::Undefined)?;
    let unstarted = call.cx.name(state) == "unstarted";
    Ok(call.bool(unstarted))
}

/// How long an exception's traceback is, which tells one from another: `prim.traceback_length(exception)`.
fn traceback_length(call: &mut Call) -> Answer {
    let [exception] = call.args[..] else { return Err(Failure::Undefined) };
    let chain = call.chain(exception).ok_or(Failure::Undefined)?;
    Ok(call.int(chain.raised))
}

/// Gives an exception the traceback back that it had: `prim.set_traceback_length(exception, length)`.
fn set_traceback_length(call: &mut Call) -> Answer {
    let [exception, length] = call.args[..] else { return Err(Failure::Undefined) };
    let mut chain = call.chain(exception).ok_or(Failure::Undefined)?;
    let View::Int(length) = call.view(length) else { return Err(Failure::Undefined) };
    chain.raised = length.try_into().map_err(|_| Failure::Undefined)?;
    call.set_chain(exception, &chain);
    Ok(call.none())
}

/// What a part of a group takes over from it: `prim.copy_metadata(group, part)`.
fn copy_metadata(call: &mut Call) -> Answer {
    let [group, part] = call.args[..] else { return Err(Failure::Undefined) };
    call.take_over(group, part);
    Ok(part)
}

/// Whether an exception is among the leaves of others: `prim.projected(exception, parts)`.
fn projected(call: &mut Call) -> Answer {
    let [exception, parts] = call.args[..] else { return Err(Failure::Undefined) };
    let (View::Tuple(parts) | View::List(parts)) = call.view(parts) else { return Err(Failure::Undefined) };
    let mut leaves = Vec::new();
    parts.into_iter().for_each(|part| call.leaves(part, &mut leaves));
    let yes = call.group_members(exception).is_none() && leaves.contains(&exception);
    Ok(call.bool(yes))
}

/// What the clauses raised, by whether it was raised again: `prim.wrapped_group(original, raised)` gives two tuples.
fn wrapped_group(call: &mut Call) -> Answer {
    let [original, raised] = call.args[..] else { return Err(Failure::Undefined) };
    let View::Tuple(raised) = call.view(raised) else { return Err(Failure::Undefined) };
    let (again, new): (Vec<Id>, Vec<Id>) =
        raised.into_iter().partition(|exception| call.was_reraised(*exception, original));
    let (again, new) = (call.tuple(&again), call.tuple(&new));
    Ok(call.tuple(&[again, new]))
}

fn split(call: &mut Call) -> Answer {
    let (matching, rest) = divided(call)?;
    Ok(call.tuple(&[matching, rest]))
}

fn subgroup(call: &mut Call) -> Answer {
    let (matching, _) = divided(call)?;
    Ok(matching)
}

fn derive(call: &mut Call) -> Answer {
    let [group, members] = call.args[..] else { return Err(Failure::Undefined) };
    let message = call.cx.members(call.cx.bank.arg(group, 1)).first().copied().ok_or(Failure::Undefined)?;
    let class = call.class("BaseExceptionGroup");
    call.new_group(class, &[message, members])
}

/// Whether an exception is a group: for the library's `split`.
fn leaf_test(call: &mut Call) -> Answer {
    let [exception] = call.args[..] else { return Err(Failure::Undefined) };
    let leaf = call.group_members(exception).is_none();
    Ok(call.bool(leaf))
}
