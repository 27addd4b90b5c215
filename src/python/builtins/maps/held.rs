//! What dicts and sets hold, and finding a key among it.

use egg::Id;

use super::lookup::Rows;
use super::order::{note_addition, table_of};
use crate::machine::sequence;
use crate::python::builtins::compare::same;
use crate::python::builtins::containers::{Part, Shape, apply, is_user_instance, shape, user_attribute};
use crate::python::builtins::hashing::{Hashing, Role, hashing};
use crate::python::builtins::iterators::members_of;
use crate::python::values::names::names;
use crate::python::values::{Answer, Call, Failure, Objects, View};

/// A member of a set, or an entry of a dict.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Held {
    /// The key or member.
    pub key: Id,
    /// The value; a set's member again.
    pub value: Id,
    /// The hash, where a user's method computed it.
    pub code: Option<Id>,
}

impl Held {
    pub(super) fn new(key: Id, value: Id) -> Held {
        Held { key, value, code: None }
    }
}

/// What a dict or set holds, in the order of insertion.
pub fn held(call: &Objects, container: Id) -> Vec<Held> {
    let Some(payload) = call.holding(container) else { return Vec::new() };
    let node = call.cx.bank.get(payload);
    let Some(first) = node.args.first() else { return Vec::new() };
    let flat = call.there(*first);
    let mut found: Vec<Held> = match node.op {
        op if op == names().dict_of => flat.chunks_exact(2).map(|pair| Held::new(pair[0], pair[1])).collect(),
        op if op == names().set_of => flat.iter().map(|member| Held::new(*member, *member)).collect(),
        _ => Vec::new(),
    };
    if let Some(codes) = node.args.get(1) {
        for (held, code) in found.iter_mut().zip(call.cx.members(*codes)) {
            held.code = (call.view(code) != View::None).then_some(code);
        }
    }
    found
}

/// What a dict or set holds, in the order in which it is iterated.
pub fn ordered(call: &Objects, container: Id) -> Vec<Held> {
    let held = held(call, container);
    if !is_set_payload(call, container) {
        return held;
    }
    match table_of(call, container, &held) {
        Some(table) => table.order().into_iter().map(|place| held[place]).collect(),
        None => held,
    }
}

fn is_set_payload(call: &Objects, container: Id) -> bool {
    call.holding(container).is_some_and(|payload| call.cx.bank.op(payload) == names().set_of)
}

/// Replaces what a dict or set holds.
pub fn set_held(call: &mut Call, container: Id, held: &[Held]) {
    let sets = is_set_payload(call, container);
    let payload = payload(call, held, sets);
    call.set_payload(container, payload);
    if sets && Rows::of(call, container).is_some() {
        note_addition(call, container, None);
    }
}

pub(super) fn payload(call: &mut Call, held: &[Held], sets: bool) -> Id {
    let flat: Vec<Id> = match sets {
        true => held.iter().map(|held| held.key).collect(),
        false => held.iter().flat_map(|held| [held.key, held.value]).collect(),
    };
    let mut args = vec![sequence::of(call.cx.bank, &flat)];
    if held.iter().any(|held| held.code.is_some()) {
        let none = call.none();
        let codes: Vec<Id> = held.iter().map(|held| held.code.unwrap_or(none)).collect();
        args.push(call.values(&codes));
    }
    let op = if sets { names().set_of } else { names().dict_of };
    call.cx.bank.make(op, &args)
}

pub(super) fn new_held(call: &mut Call, class: &str, held: &[Held]) -> Id {
    let payload = payload(call, held, class != "dict");
    let class = call.class(class);
    call.new_object(class, payload)
}

/// The keys of a dict.
pub fn keys(call: &Objects, dict: Id) -> Vec<Id> {
    held(call, dict).into_iter().map(|held| held.key).collect()
}

/// The entries of a dict.
pub fn entries(call: &Objects, dict: Id) -> Vec<(Id, Id)> {
    held(call, dict).into_iter().map(|held| (held.key, held.value)).collect()
}

/// What a view of a dict shows.
pub fn parts(call: &mut Call, dict: Id, part: Part) -> Vec<Id> {
    let entries = entries(call, dict);
    entries
        .into_iter()
        .map(|(key, value)| match part {
            Part::Keys => key,
            Part::Values => value,
            Part::Items => call.tuple(&[key, value]),
        })
        .collect()
}

/// The members of a set in the order in which they are iterated.
pub fn ordered_members(call: &Objects, set: Id) -> Vec<Id> {
    ordered(call, set).into_iter().map(|held| held.key).collect()
}

/// How many members a dict, set or view has.
pub fn size(call: &mut Call, container: Id) -> usize {
    let container = match shape(call, container) {
        Shape::View(_, dict) => dict,
        _ => container,
    };
    let Some(rows) = Rows::of(call, container) else { return held(call, container).len() };
    let index = rows.index(call);
    let size = rows.places(call) - index.gone;
    call.cx.bank.note_index(rows.payload, index);
    size
}

/// Where a key is held; raises where it cannot be a key.
pub fn find(call: &mut Call, held: &[Held], key: Id, role: Role) -> Result<Option<usize>, Failure> {
    match hashing(call, key, role)? {
        Hashing::Builtin => find_builtin(call, held, key),
        Hashing::User => Err(Failure::Undefined),
    }
}

/// What a search for the place of a new key found. No two keys of a container are equal: where nothing tells whether the new one equals
/// one that is there, that has to be found out first.
pub(super) fn or_new(
    call: &mut Call,
    held: &[Held],
    key: Id,
    found: Result<Option<usize>, Failure>,
) -> Result<Option<usize>, Failure> {
    if !matches!(found, Err(Failure::Unknown(_))) {
        return found;
    }
    let mut open = Vec::new();
    for (place, held) in held.iter().enumerate() {
        let told = call.told.iter().find(|(one, other, _)| (*one, *other) == (key, held.key));
        match (told.map(|(_, _, equal)| *equal), same(call, held.key, key)) {
            (Some(true), _) | (None, Ok(true)) => return Ok(Some(place)),
            (Some(false), _) | (None, Ok(false)) => {}
            (None, Err(Failure::Unknown(_))) => open.push(held.key),
            (None, Err(failure)) => return Err(failure),
        }
    }
    if open.is_empty() { Ok(None) } else { Err(Failure::Undecided(key, open)) }
}

pub(super) fn find_builtin(call: &mut Call, held: &[Held], key: Id) -> Result<Option<usize>, Failure> {
    if let Some(place) = held.iter().position(|held| held.key == key) {
        return Ok(Some(place));
    }
    // An object whose class does not say how to compare it equals only itself.
    if matches!(shape(call, key), Shape::Other)
        && is_user_instance(call, key)
        && call.view(key) == View::Other
    {
        return Ok(None);
    }
    for (place, held) in held.iter().enumerate() {
        if may_equal(call, held, key)? && same(call, held.key, key)? {
            return Ok(Some(place));
        }
    }
    Ok(None)
}

/// Whether what is held has to be compared with a key that has a builtin hash.
fn may_equal(call: &mut Call, held: &Held, key: Id) -> Result<bool, Failure> {
    let Some(code) = held.code else { return Ok(true) };
    Ok(apply(call, "hash", &[key])? == code)
}

/// Where a member of another container is held here; its hash is not computed anew.
pub(super) fn find_held(
    call: &mut Call,
    held: &[Held],
    sought: &Held,
    role: Role,
) -> Result<Option<usize>, Failure> {
    let Some(code) = sought.code else { return find(call, held, sought.key, role) };
    if let Some(place) = held.iter().position(|held| held.key == sought.key) {
        return Ok(Some(place));
    }
    for held in held {
        if code_of(call, held)? == code {
            return Err(Failure::Undefined);
        }
    }
    Ok(None)
}

pub(super) fn code_of(call: &mut Call, held: &Held) -> Answer {
    match held.code {
        Some(code) => Ok(code),
        None => apply(call, "hash", &[held.key]),
    }
}

/// What is held by a builtin container, with hashes, else the members of an iterable.
pub(super) fn held_by(call: &mut Call, iterable: Id) -> Result<Vec<Held>, Failure> {
    if is_user_instance(call, iterable) && user_attribute(call, iterable, "__iter__").is_some() {
        return Err(Failure::Undefined);
    }
    Ok(match shape(call, iterable) {
        Shape::Set | Shape::Dict => as_members(ordered(call, iterable)),
        Shape::View(Part::Keys, dict) => as_members(held(call, dict)),
        _ => members_of(call, iterable)?.into_iter().map(|key| Held::new(key, key)).collect(),
    })
}

pub(super) fn as_members(mut held: Vec<Held>) -> Vec<Held> {
    for held in &mut held {
        held.value = held.key;
    }
    held
}
