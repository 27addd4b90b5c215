//! The methods of lists and ranges, and what the library asks of them.

use egg::Id;
use num_bigint::BigInt;
use num_traits::ToPrimitive;

use super::membership::in_range;
use super::subscripts::{own_item, own_setitem, place_in};
use crate::python::builtins::Table;
use crate::python::builtins::compare::{position, same};
use crate::python::builtins::containers::{
    Shape, chain_at, chain_length, clamp, index, require, required_index, shape,
};
use crate::python::builtins::display::repr;
use crate::python::builtins::iterators::{members_of, own_members};
use crate::python::builtins::signatures::method;
use crate::python::values::names::names;
use crate::python::values::{Answer, Call, Failure, Objects, View};

/// The primitives of this file.
pub const TABLE: Table = &[
    ("list.append(self, object, /)", list_append),
    ("list.extend(self, iterable, /)", list_extend),
    ("list.insert(self, index, object, /)", list_insert),
    ("list.pop(self, index=-1, /)", list_pop),
    ("list.remove(self, value, /)", list_remove),
    ("list.clear(self, /)", list_clear),
    ("list.index(self, value, start=0, stop=None, /)", |call| find_index(call, "list.index")),
    ("list.count(self, value, /)", count),
    ("list.reverse(self, /)", list_reverse),
    ("list.copy(self, /)", list_copied),
    ("tuple.index(self, value, start=0, stop=None, /)", |call| find_index(call, "tuple.index")),
    ("tuple.count(self, value, /)", count),
    ("range.index(self, object, /)", range_index),
    ("range.count(self, object, /)", range_count),
    ("append", append),
    ("item", item),
    ("list_copy", list_copy),
    ("list_set", list_set),
    ("list_replace", list_replace),
];

/// The members of a list or tuple.
pub(super) fn members(call: &Objects, sequence: Id) -> Result<Vec<Id>, Failure> {
    match shape(call, sequence) {
        Shape::List(members) | Shape::Tuple(members) => Ok(members),
        _ => Err(Failure::Undefined),
    }
}

fn list_append(call: &mut Call) -> Answer {
    let (this, args) = method(call)?;
    call.push(this, args[0]);
    Ok(call.none())
}

/// `prim.append(list, value)`.
fn append(call: &mut Call) -> Answer {
    let [list, value] = call.args[..] else { return Err(Failure::Undefined) };
    call.push(list, value);
    Ok(call.none())
}

fn list_extend(call: &mut Call) -> Answer {
    let (this, args) = method(call)?;
    extend(call, this, args[0])?;
    Ok(call.none())
}

/// `list.extend(iterable)`.
pub fn extend(call: &mut Call, list: Id, iterable: Id) -> Result<(), Failure> {
    require(call, iterable)?;
    for member in members_of(call, iterable)? {
        call.push(list, member);
    }
    Ok(())
}

fn list_insert(call: &mut Call) -> Answer {
    let (this, args) = method(call)?;
    let mut all = members(call, this)?;
    let at = size_of(call, args[0])?;
    all.insert(clipped(at, all.len()), args[1]);
    call.set_list(this, &all);
    Ok(call.none())
}

/// An int argument that C keeps as a size.
fn size_of(call: &mut Call, value: Id) -> Result<i64, Failure> {
    let int = required_index(call, value)?;
    int.to_i64().ok_or_else(|| call.raise("OverflowError", "Python int too large to convert to C ssize_t"))
}

/// A position as `insert` takes it: from the end where negative, and no further than the ends.
fn clipped(at: i64, length: usize) -> usize {
    let size = i64::try_from(length).unwrap_or(i64::MAX);
    let at = if at < 0 { at.saturating_add(size) } else { at };
    usize::try_from(at.clamp(0, size)).unwrap_or(0)
}

fn list_pop(call: &mut Call) -> Answer {
    let (this, args) = method(call)?;
    let at = match args.first() {
        Some(at) => size_of(call, *at)?,
        None => -1,
    };
    if let (-1, Some(held)) = (at, call.contents_of(this, names().list_of))
        && let Some(last) =
            chain_length(call, held).checked_sub(1).and_then(|last| chain_at(call, held, last))
    {
        call.pop(this);
        return Ok(last);
    }
    let mut all = members(call, this)?;
    if all.is_empty() {
        return Err(call.raise("IndexError", "pop from empty list"));
    }
    let place = place_in(call, &BigInt::from(at), all.len(), "pop index out of range")?;
    let popped = all.remove(place);
    call.set_list(this, &all);
    Ok(popped)
}

fn list_remove(call: &mut Call) -> Answer {
    let (this, args) = method(call)?;
    let mut all = members(call, this)?;
    let Some(place) = position(call, &all, args[0])? else {
        return Err(call.value_error("list.remove(x): x not in list"));
    };
    all.remove(place);
    call.set_list(this, &all);
    Ok(call.none())
}

fn list_clear(call: &mut Call) -> Answer {
    let (this, _) = method(call)?;
    call.set_list(this, &[]);
    Ok(call.none())
}

fn find_index(call: &mut Call, name: &str) -> Answer {
    let (this, args) = method(call)?;
    let all = members(call, this)?;
    let start = limit(call, args.get(1), 0)?;
    let stop = limit(call, args.get(2), i64::MAX)?;
    let (start, stop) = (clipped(start, all.len()), clipped(stop, all.len()));
    let part = all.get(start..stop).unwrap_or_default();
    match position(call, part, args[0])? {
        Some(place) => Ok(call.int(start + place)),
        None => {
            let class = name.split('.').next().unwrap_or(name);
            if class == "list" {
                let shown = repr(call, args[0])?;
                return Err(call.raise_worded("ValueError", "not-in-list", &[&shown]));
            }
            Err(call.value_error(&format!("{name}(x): x not in {class}")))
        }
    }
}

fn limit(call: &mut Call, value: Option<&Id>, default: i64) -> Result<i64, Failure> {
    let Some(value) = value else { return Ok(default) };
    match index(call, *value)? {
        Some(int) => Ok(clamp(&int)),
        None => Err(call.type_error("slice indices must be integers or have an __index__ method")),
    }
}

pub(super) fn count(call: &mut Call) -> Answer {
    let (this, args) = method(call)?;
    let mut found = 0;
    for member in members(call, this)? {
        found += usize::from(same(call, member, args[0])?);
    }
    Ok(call.int(found))
}

fn list_reverse(call: &mut Call) -> Answer {
    let (this, _) = method(call)?;
    let mut all = members(call, this)?;
    all.reverse();
    call.set_list(this, &all);
    Ok(call.none())
}

fn list_copied(call: &mut Call) -> Answer {
    let (this, _) = method(call)?;
    let all = members(call, this)?;
    Ok(call.list(&all))
}

fn range_place(call: &mut Call) -> Result<(Id, Option<BigInt>), Failure> {
    let (this, args) = method(call)?;
    let View::Range(parts) = call.view(this) else { return Err(Failure::Undefined) };
    Ok((args[0], in_range(call, &parts, args[0])?))
}

fn range_index(call: &mut Call) -> Answer {
    let (value, place) = range_place(call)?;
    match place {
        Some(place) => Ok(call.int(place)),
        None => {
            let kind = if call.integer(value).is_some() { "range" } else { "sequence" };
            Err(call.value_error(&format!("{kind}.index(x): x not in {kind}")))
        }
    }
}

fn range_count(call: &mut Call) -> Answer {
    let (_, place) = range_place(call)?;
    Ok(call.int(u8::from(place.is_some())))
}

/// `prim.item(sequence, key)`.
fn item(call: &mut Call) -> Answer {
    let [sequence, key] = call.args[..] else { return Err(Failure::Undefined) };
    own_item(call, sequence, key)
}

/// `prim.list_copy(sequence)`.
fn list_copy(call: &mut Call) -> Answer {
    let [sequence] = call.args[..] else { return Err(Failure::Undefined) };
    let members = own_members(call, sequence)?;
    Ok(call.list(&members))
}

/// `prim.list_set(list, position, value)`.
fn list_set(call: &mut Call) -> Answer {
    let [list, at, value] = call.args[..] else { return Err(Failure::Undefined) };
    own_setitem(call, list, at, value)
}

/// `prim.list_replace(list, start, stop, values)`.
fn list_replace(call: &mut Call) -> Answer {
    let [list, start, stop, values] = call.args[..] else { return Err(Failure::Undefined) };
    let mut all = members(call, list)?;
    let start = size_of(call, start)?;
    let stop = size_of(call, stop)?;
    let (start, stop) = (clipped(start, all.len()), clipped(stop, all.len()));
    let added = own_members(call, values)?;
    all.splice(start..stop.max(start), added);
    call.set_list(list, &all);
    Ok(call.none())
}
