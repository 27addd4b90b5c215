//! Comparing sets, dicts and their views, and membership in them.

use std::cmp::Ordering;

use egg::Id;

use super::held::{Held, as_members, find, held, held_by, parts};
use super::lookup::{Gathered, place_of};
use super::sets::{filtered, find_element};
use crate::python::builtins::Table;
use crate::python::builtins::compare::{position, same, unordered};
use crate::python::builtins::containers::{Part, Shape, require, shape};
use crate::python::builtins::hashing::{Role, hashing};
use crate::python::builtins::iterators::found_in;
use crate::python::builtins::signatures::method;
use crate::python::values::{Answer, Call, Failure};

/// The primitives of this file.
pub const TABLE: Table = &[
    ("set.issubset(self, other, /)", |call| related(call, "set.issubset")),
    ("set.issuperset(self, other, /)", |call| related(call, "set.issuperset")),
    ("set.isdisjoint(self, other, /)", |call| related(call, "set.isdisjoint")),
    ("frozenset.issubset(self, other, /)", |call| related(call, "frozenset.issubset")),
    ("frozenset.issuperset(self, other, /)", |call| related(call, "frozenset.issuperset")),
    ("frozenset.isdisjoint(self, other, /)", |call| related(call, "frozenset.isdisjoint")),
    ("dict_keys.isdisjoint(self, object, /)", |call| related(call, "dict_keys.isdisjoint")),
    ("dict_items.isdisjoint(self, object, /)", |call| related(call, "dict_items.isdisjoint")),
];

/// Whether two dicts have the same entries.
pub fn equal_dicts(call: &mut Call, one: Id, two: Id) -> Result<bool, Failure> {
    let (one, mut two) = (held(call, one), Gathered::new(held(call, two)));
    if one.len() != two.held.len() {
        return Ok(false);
    }
    for entry in &one {
        let Some(place) = two.find(call, entry, Role::Key)? else { return Ok(false) };
        if !same(call, entry.value, two.held[place].value)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// What a set or view of a dict holds as a set.
fn as_set(call: &mut Call, value: Id) -> Vec<Held> {
    match shape(call, value) {
        Shape::View(Part::Keys, dict) => as_members(held(call, dict)),
        Shape::View(part, dict) => {
            parts(call, dict, part).into_iter().map(|key| Held::new(key, key)).collect()
        }
        _ => held(call, value),
    }
}

/// Whether each of the first is in the second.
fn contained(call: &mut Call, one: &[Held], two: &[Held]) -> Result<bool, Failure> {
    let mut two = Gathered::new(two.to_vec());
    for member in one {
        if two.find(call, member, Role::Plain)?.is_none() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The comparisons of sets, and of views that are like them, by symbol.
pub fn compare_sets(call: &mut Call, symbol: &str, one: Id, two: Id) -> Result<bool, Failure> {
    let items = |call: &mut Call, value: Id| match shape(call, value) {
        Shape::View(Part::Items, dict) => Some(held(call, dict)),
        _ => None,
    };
    // Views of items compare values; these need no hash.
    let (left, right, contained): (_, _, Contained) = match (items(call, one), items(call, two)) {
        (Some(left), Some(right)) => (left, right, items_contained),
        _ => (as_set(call, one), as_set(call, two), contained),
    };
    let sizes = left.len().cmp(&right.len());
    match symbol {
        "==" => Ok(sizes == Ordering::Equal && contained(call, &left, &right)?),
        "!=" => Ok(sizes != Ordering::Equal || !contained(call, &left, &right)?),
        "<" => Ok(sizes == Ordering::Less && contained(call, &left, &right)?),
        "<=" => Ok(sizes != Ordering::Greater && contained(call, &left, &right)?),
        ">" => Ok(sizes == Ordering::Greater && contained(call, &right, &left)?),
        ">=" => Ok(sizes != Ordering::Less && contained(call, &right, &left)?),
        _ => Err(unordered(call, symbol, one, two)),
    }
}

/// Whether everything that is held on one side is held on the other.
type Contained = fn(&mut Call, &[Held], &[Held]) -> Result<bool, Failure>;

fn items_contained(call: &mut Call, left: &[Held], right: &[Held]) -> Result<bool, Failure> {
    let mut right = Gathered::new(right.to_vec());
    for item in left {
        match right.find(call, item, Role::Key)? {
            Some(place) if same(call, item.value, right.held[place].value)? => {}
            _ => return Ok(false),
        }
    }
    Ok(true)
}

/// `issubset`, `issuperset` and `isdisjoint`, whose argument is any iterable.
fn related(call: &mut Call, name: &str) -> Answer {
    let (this, args) = method(call)?;
    let this = as_set(call, this);
    let other = held_by(call, args[0])?;
    let holds = match name.rsplit('.').next() {
        Some("issubset") => {
            for member in &other {
                hashing(call, member.key, Role::Plain)?;
            }
            contained(call, &this, &other)?
        }
        Some("issuperset") => filtered(call, other, &this, false, Role::Element)?.is_empty(),
        _ => filtered(call, other, &this, true, Role::Element)?.is_empty(),
    };
    Ok(call.bool(holds))
}

/// Whether a value is in a dict, set or view.
pub fn contains(call: &mut Call, container: Id, value: Id) -> Result<bool, Failure> {
    let role = match shape(call, container) {
        Shape::Set if shape(call, value) != Shape::Set => Some(Role::Element),
        Shape::Dict => Some(Role::Key),
        _ => None,
    };
    if let Some(role) = role
        && let Some((_, place)) = place_of(call, container, value, role)?
    {
        return Ok(place.is_some());
    }
    match shape(call, container) {
        Shape::Set => {
            let held = held(call, container);
            Ok(find_element(call, &held, value)?.is_some())
        }
        Shape::View(Part::Values, dict) => {
            let values = parts(call, dict, Part::Values);
            Ok(position(call, &values, value)?.is_some())
        }
        Shape::View(Part::Items, dict) => contains_item(call, dict, value),
        Shape::View(Part::Keys, dict) => {
            let held = held(call, dict);
            Ok(find(call, &held, value, Role::Key)?.is_some())
        }
        Shape::Iterator => found_in(call, container, value),
        _ => {
            let held = held(call, container);
            Ok(find(call, &held, value, Role::Key)?.is_some())
        }
    }
}

fn contains_item(call: &mut Call, dict: Id, value: Id) -> Result<bool, Failure> {
    require(call, value)?;
    let Shape::Tuple(members) = shape(call, value) else { return Ok(false) };
    let [key, sought] = members[..] else { return Ok(false) };
    let held = held(call, dict);
    match find(call, &held, key, Role::Key)? {
        Some(place) => same(call, held[place].value, sought),
        None => Ok(false),
    }
}
