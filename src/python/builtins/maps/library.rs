//! What the library asks of dicts and sets.

use egg::Id;
use num_traits::ToPrimitive;

use super::dicts::unwatch;
use super::held::{Held, code_of, find, held, ordered, set_held};
use super::lookup::{Gathered, place_of};
use crate::python::builtins::Table;
use crate::python::builtins::containers::{Shape, shape};
use crate::python::builtins::hashing::{Hashing, Role, hashing};
use crate::python::values::{Answer, Call, Failure, Objects, View};

/// The primitives of this file.
pub const TABLE: Table = &[
    ("dict_find", dict_find),
    ("dict_find_hash", find_hash),
    ("dict_key", held_key),
    ("dict_value", dict_value),
    ("dict_hash", held_hash),
    ("dict_put", dict_put),
    ("dict_remove", remove_at),
    ("view_dict", view_dict),
    ("set_find", set_find),
    ("set_find_hash", find_hash),
    ("set_key", held_key),
    ("set_hash", held_hash),
    ("set_add", raw_set_add),
    ("set_remove", remove_at),
];

pub(super) fn place(call: &Objects, value: Id) -> Result<usize, Failure> {
    call.integer(value).and_then(|place| place.to_usize()).ok_or(Failure::Undefined)
}

/// The member at a position, in the order of iteration.
fn held_at(call: &mut Call) -> Result<Held, Failure> {
    let [container, at] = call.args[..] else { return Err(Failure::Undefined) };
    let at = place(call, at)?;
    ordered(call, container).get(at).copied().ok_or(Failure::Undefined)
}

/// `prim.dict_key(dict, position)`.
fn held_key(call: &mut Call) -> Answer {
    held_at(call).map(|held| held.key)
}

/// `prim.dict_value(dict, position)`.
fn dict_value(call: &mut Call) -> Answer {
    held_at(call).map(|held| held.value)
}

/// `prim.dict_hash(dict, position)`.
fn held_hash(call: &mut Call) -> Answer {
    let held = held_at(call)?;
    code_of(call, &held)
}

/// `prim.dict_find(dict, key)`: a position, or -1.
fn dict_find(call: &mut Call) -> Answer {
    found_position(call, Role::Key)
}

/// `prim.set_find(set, value)`.
fn set_find(call: &mut Call) -> Answer {
    found_position(call, Role::Element)
}

fn found_position(call: &mut Call, role: Role) -> Answer {
    let [container, key] = call.args[..] else { return Err(Failure::Undefined) };
    let held = ordered(call, container);
    match find(call, &held, key, role)? {
        Some(place) => Ok(call.int(place)),
        None => Ok(call.int(-1)),
    }
}

/// `prim.dict_find_hash(dict, code, start)`: the next position with a hash, or -1.
fn find_hash(call: &mut Call) -> Answer {
    let [container, code, start] = call.args[..] else { return Err(Failure::Undefined) };
    let start = place(call, start)?;
    for (at, held) in ordered(call, container).into_iter().enumerate().skip(start) {
        if code_of(call, &held)? == code {
            return Ok(call.int(at));
        }
    }
    Ok(call.int(-1))
}

/// `prim.dict_put(dict, position, key, value, code)`: at a negative position, a new entry.
fn dict_put(call: &mut Call) -> Answer {
    let args = call.args.clone();
    let [dict, at, key, value, ..] = args[..] else { return Err(Failure::Undefined) };
    let mut held = held(call, dict);
    match place(call, at).ok().and_then(|at| held.get_mut(at)) {
        Some(entry) => entry.value = value,
        None => {
            let code = needed_code(call, key, args.get(4).copied(), Role::Key)?;
            held.push(Held { key, value, code });
        }
    }
    set_held(call, dict, &held);
    Ok(call.none())
}

/// The hash, where it has to be kept.
fn needed_code(call: &mut Call, key: Id, code: Option<Id>, role: Role) -> Result<Option<Id>, Failure> {
    match hashing(call, key, role)? {
        Hashing::Builtin => Ok(None),
        Hashing::User => Ok(code.filter(|code| call.view(*code) != View::None)),
    }
}

/// `prim.set_add(set, value, code)`.
fn raw_set_add(call: &mut Call) -> Answer {
    let args = call.args.clone();
    let [set, key, ..] = args[..] else { return Err(Failure::Undefined) };
    let code = needed_code(call, key, args.get(2).copied(), Role::Element)?;
    if code.is_none()
        && let Some((rows, place)) = place_of(call, set, key, Role::Element)?
    {
        rows.put_member(call, set, place, key);
        return Ok(call.none());
    }
    let mut held = held(call, set);
    match code {
        Some(_) if held.iter().any(|held| held.key == key) => {}
        Some(_) => held.push(Held { key, value: key, code }),
        None => {
            let mut all = Gathered::new(held);
            all.put(call, Held::new(key, key), Role::Element)?;
            held = all.held;
        }
    }
    set_held(call, set, &held);
    Ok(call.none())
}

/// `prim.dict_remove(dict, position)`.
fn remove_at(call: &mut Call) -> Answer {
    let gone = held_at(call)?;
    let container = call.args[0];
    let mut held = held(call, container);
    held.retain(|held| held.key != gone.key);
    set_held(call, container, &held);
    unwatch(call, container);
    Ok(call.none())
}

/// `prim.view_dict(view)`.
fn view_dict(call: &mut Call) -> Answer {
    let [view] = call.args[..] else { return Err(Failure::Undefined) };
    match shape(call, view) {
        Shape::View(_, dict) => Ok(dict),
        _ => Err(Failure::Undefined),
    }
}
