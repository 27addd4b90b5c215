//! Sets: displays, constructors, methods and operators.

use egg::Id;

use super::dicts::update;
use super::held::{Held, find, find_builtin, held, held_by, new_held, or_new, ordered, set_held};
use super::lookup::{Gathered, place_of};
use super::order::{HashTable, note_first_removal, note_table, table_of};
use crate::python::builtins::Table;
use crate::python::builtins::containers::{Part, Shape, key_error, no_user_method, shape, user_attribute};
use crate::python::builtins::hashing::Role;
use crate::python::builtins::sequences::displays::operands;
use crate::python::builtins::signatures::{method, this};
use crate::python::values::hidden;
use crate::python::values::{Answer, Call, Failure};

/// The primitives of this file.
pub const TABLE: Table = &[
    ("set_display", set_display),
    ("class set(iterable=(), /)", |call| make_set(call, "set")),
    ("class frozenset(iterable=(), /)", |call| make_set(call, "frozenset")),
    ("class set.__init__(self, iterable=(), /) as set", set_init),
    ("set.add(self, object, /)", set_add),
    ("set.discard(self, object, /)", |call| take_out(call, "set.discard")),
    ("set.remove(self, object, /)", |call| take_out(call, "set.remove")),
    ("set.pop(self, /)", set_pop),
    ("set.clear(self, /)", set_clear),
    ("set.copy(self, /)", |call| set_copy(call, "set")),
    ("frozenset.copy(self, /)", |call| set_copy(call, "frozenset")),
    ("set.update(self, /, *others)", |call| change(call, Operation::Or)),
    ("set.intersection_update(self, /, *others)", |call| change(call, Operation::And)),
    ("set.difference_update(self, /, *others)", |call| change(call, Operation::Sub)),
    ("set.symmetric_difference_update(self, other, /)", |call| change(call, Operation::Xor)),
    ("set.union(self, /, *others)", |call| combination(call, Operation::Or)),
    ("set.intersection(self, /, *others)", |call| combination(call, Operation::And)),
    ("set.difference(self, /, *others)", |call| combination(call, Operation::Sub)),
    ("set.symmetric_difference(self, other, /)", |call| combination(call, Operation::Xor)),
    ("frozenset.union(self, /, *others)", |call| combination(call, Operation::Or)),
    ("frozenset.intersection(self, /, *others)", |call| combination(call, Operation::And)),
    ("frozenset.difference(self, /, *others)", |call| combination(call, Operation::Sub)),
    ("frozenset.symmetric_difference(self, other, /)", |call| combination(call, Operation::Xor)),
];

/// Whether a value of this shape is a set for comparisons: sets, and views that are like them.
pub fn is_set_like(shape: &Shape) -> bool {
    matches!(shape, Shape::Set | Shape::View(Part::Keys | Part::Items, _))
}

fn set_display(call: &mut Call) -> Answer {
    let members = operands(call)?;
    let held = united(call, Vec::new(), members.into_iter().map(|key| Held::new(key, key)).collect())?;
    Ok(new_held(call, "set", &held))
}

fn make_set(call: &mut Call, class: &str) -> Answer {
    let args = call.args.clone();
    let held = match args[..] {
        [iterable] => {
            let frozen = call.class("frozenset");
            if class == "frozenset" && call.class_of(iterable) == frozen {
                return Ok(iterable);
            }
            set_of(call, iterable)?
        }
        _ => Vec::new(),
    };
    Ok(new_held(call, class, &held))
}

fn set_init(call: &mut Call) -> Answer {
    let this = this(call)?;
    let held = match call.args.get(1).copied() {
        Some(iterable) => set_of(call, iterable)?,
        None => Vec::new(),
    };
    set_held(call, this, &held);
    Ok(call.none())
}

fn set_add(call: &mut Call) -> Answer {
    let (this, args) = method(call)?;
    if let Some((rows, place)) = place_of(call, this, args[0], Role::Element)? {
        rows.put_member(call, this, place, args[0]);
        return Ok(call.none());
    }
    let held = held(call, this);
    let found = find(call, &held, args[0], Role::Element);
    if or_new(call, &held, args[0], found)?.is_none() {
        let held = [&held[..], &[Held::new(args[0], args[0])]].concat();
        set_held(call, this, &held);
    }
    Ok(call.none())
}

/// Where a value is held by a set; a set is sought as a frozenset.
pub fn find_element(call: &mut Call, held: &[Held], value: Id) -> Result<Option<usize>, Failure> {
    if shape(call, value) == Shape::Set && user_attribute(call, value, "__hash__").is_none() {
        return find_builtin(call, held, value);
    }
    find(call, held, value, Role::Element)
}

fn take_out(call: &mut Call, name: &str) -> Answer {
    let (this, args) = method(call)?;
    if shape(call, args[0]) != Shape::Set
        && let Some((rows, place)) = place_of(call, this, args[0], Role::Element)?
    {
        match place {
            Some(place) => {
                note_first_removal(call, this, rows, args[0]);
                rows.remove(call, this, place);
            }
            None if name == "set.remove" => return Err(key_error(call, args[0])),
            None => {}
        }
        return Ok(call.none());
    }
    let mut held = held(call, this);
    match find_element(call, &held, args[0])? {
        Some(place) => {
            if let Some(mut table) = table_of(call, this, &held) {
                table.remove(place);
                note_table(call, this, &table, &held);
            }
            held.remove(place);
        }
        None if name == "set.remove" => return Err(key_error(call, args[0])),
        None => {}
    }
    set_held(call, this, &held);
    Ok(call.none())
}

fn set_pop(call: &mut Call) -> Answer {
    let (this, _) = method(call)?;
    let mut held = held(call, this);
    if held.is_empty() {
        return Err(call.raise("KeyError", "pop from an empty set"));
    }
    let place = match table_of(call, this, &held) {
        Some(mut table) => {
            let place = table.pop().unwrap_or(0);
            note_table(call, this, &table, &held);
            place
        }
        None => 0,
    };
    let first = held.remove(place);
    set_held(call, this, &held);
    Ok(first.key)
}

fn set_clear(call: &mut Call) -> Answer {
    let (this, _) = method(call)?;
    set_held(call, this, &[]);
    if call.own_attribute(this, hidden::TABLE).is_some() {
        // The table is a new one; `pop` goes on where it was.
        let finger = table_of(call, this, &[]).map_or(0, |table| table.finger);
        note_table(call, this, &HashTable::empty(8, finger), &[]);
    }
    Ok(call.none())
}

fn set_copy(call: &mut Call, class: &str) -> Answer {
    let (this, _) = method(call)?;
    let own = call.class(class);
    if class == "frozenset" && call.class_of(this) == own {
        return Ok(this);
    }
    let held = ordered(call, this);
    Ok(new_held(call, class, &held))
}

/// An operation on two sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operation {
    Or,
    And,
    Sub,
    Xor,
}

/// The members of an iterable as a set holds them.
pub(super) fn set_of(call: &mut Call, iterable: Id) -> Result<Vec<Held>, Failure> {
    let members = held_by(call, iterable)?;
    match shape(call, iterable) {
        // No two of these are equal.
        Shape::Set | Shape::Dict | Shape::View(Part::Keys, _) => Ok(members),
        _ => united(call, Vec::new(), members),
    }
}

fn united(call: &mut Call, held: Vec<Held>, added: Vec<Held>) -> Result<Vec<Held>, Failure> {
    let mut all = Gathered::new(held);
    for member in added {
        let found = all.find(call, &member, Role::Element);
        if or_new(call, &all.held, member.key, found)?.is_none() {
            all.held.push(member);
        }
    }
    Ok(all.held)
}

/// The members of the first that are, or are not, in the second.
pub(super) fn filtered(
    call: &mut Call,
    members: Vec<Held>,
    other: &[Held],
    wanted: bool,
    role: Role,
) -> Result<Vec<Held>, Failure> {
    let mut kept: Vec<Held> = Vec::new();
    let mut other = Gathered::new(other.to_vec());
    for member in members {
        if other.find(call, &member, role)?.is_some() == wanted {
            kept.push(member);
        }
    }
    Ok(kept)
}

/// Both are in the order of their iteration, which decides the order of what comes out.
fn combined(
    call: &mut Call,
    operation: Operation,
    left: Vec<Held>,
    right: Vec<Held>,
    right_is_set: bool,
) -> Result<Vec<Held>, Failure> {
    match operation {
        Operation::Or if left.is_empty() && right_is_set => Ok(right),
        Operation::Or => united(call, left, right),
        Operation::And if right_is_set && right.len() > left.len() => {
            filtered(call, left, &right, true, Role::Element)
        }
        Operation::And => {
            let common = filtered(call, right, &left, true, Role::Plain)?;
            united(call, Vec::new(), common)
        }
        Operation::Sub => {
            let right = united(call, Vec::new(), right)?;
            filtered(call, left, &right, false, Role::Element)
        }
        Operation::Xor => {
            let right = united(call, Vec::new(), right)?;
            let only_left = filtered(call, left.clone(), &right, false, Role::Element)?;
            let mut kept = filtered(call, right, &left, false, Role::Element)?;
            kept.extend(only_left);
            Ok(kept)
        }
    }
}

/// `set.union(*others)` and the like.
fn combination(call: &mut Call, operation: Operation) -> Answer {
    let (this, result) = folded(call, operation)?;
    let class = if call.is_a(this, "frozenset") { "frozenset" } else { "set" };
    Ok(new_held(call, class, &result))
}

/// `set.update(*others)` and the like.
fn change(call: &mut Call, operation: Operation) -> Answer {
    let (this, result) = folded(call, operation)?;
    set_held(call, this, &result);
    Ok(call.none())
}

fn folded(call: &mut Call, operation: Operation) -> Result<(Id, Vec<Held>), Failure> {
    let (this, others) = method(call)?;
    let mut result = ordered(call, this);
    for other in others {
        let is_set = shape(call, other) == Shape::Set;
        let added = held_by(call, other)?;
        result = combined(call, operation, result, added, is_set)?;
    }
    Ok((this, result))
}

/// `|`, `&`, `-`, `^` and their in-place forms for dicts, sets and views, by the name that `operator` gives
/// them: `or_`, `ior` … `Undefined` where neither operand is one of these.
pub fn operate(call: &mut Call, op: &str) -> Answer {
    let [left, right] = call.args[..] else { return Err(Failure::Undefined) };
    let Some((operation, symbol, in_place)) = operation_of(op) else { return Err(Failure::Undefined) };
    let name = op.trim_end_matches('_').trim_start_matches('i');
    let methods = [format!("__{name}__"), format!("__r{name}__"), format!("__i{name}__")];
    no_user_method(call, left, &[&methods[0], &methods[2]])?;
    no_user_method(call, right, &[&methods[1]])?;
    match (shape(call, left), shape(call, right)) {
        (Shape::Dict, other) if operation == Operation::Or && (in_place || other == Shape::Dict) => {
            merge_dicts(call, left, right, in_place)
        }
        (Shape::Set, Shape::Set) => operate_sets(call, operation, in_place),
        (one, two) if is_view(&one) || is_view(&two) => operate_views(call, operation),
        (one, two) if is_ours(&one) || is_ours(&two) => Err(unsupported(call, symbol, left, right)),
        _ => Err(Failure::Undefined),
    }
}

pub(super) fn is_view(shape: &Shape) -> bool {
    matches!(shape, Shape::View(Part::Keys | Part::Items, _))
}

pub(super) fn is_ours(shape: &Shape) -> bool {
    matches!(shape, Shape::Dict | Shape::Set | Shape::View(..))
}

fn operation_of(op: &str) -> Option<(Operation, &'static str, bool)> {
    Some(match op {
        "or_" => (Operation::Or, "|", false),
        "and_" => (Operation::And, "&", false),
        "sub" => (Operation::Sub, "-", false),
        "xor" => (Operation::Xor, "^", false),
        "ior" => (Operation::Or, "|=", true),
        "iand" => (Operation::And, "&=", true),
        "isub" => (Operation::Sub, "-=", true),
        "ixor" => (Operation::Xor, "^=", true),
        _ => return None,
    })
}

/// "unsupported operand type(s) for |: 'set' and 'list'".
fn unsupported(call: &mut Call, symbol: &str, left: Id, right: Id) -> Failure {
    let (left, right) = (call.type_name(left), call.type_name(right));
    let message = format!("unsupported operand type(s) for {symbol}: '{left}' and '{right}'");
    call.type_error(&message).with(Failure::Mismatch)
}

fn merge_dicts(call: &mut Call, left: Id, right: Id, in_place: bool) -> Answer {
    let target = match in_place {
        true => left,
        false => {
            let held = held(call, left);
            new_held(call, "dict", &held)
        }
    };
    update(call, target, Some(right))?;
    Ok(target)
}

fn operate_sets(call: &mut Call, operation: Operation, in_place: bool) -> Answer {
    let [left, right] = [call.args[0], call.args[1]];
    let (one, two) = (ordered(call, left), ordered(call, right));
    let result = combined(call, operation, one, two, true)?;
    let frozen = call.is_a(left, "frozenset");
    if in_place && !frozen {
        set_held(call, left, &result);
        return Ok(left);
    }
    Ok(new_held(call, if frozen { "frozenset" } else { "set" }, &result))
}

/// One of the operands is a view, the other any iterable.
fn operate_views(call: &mut Call, operation: Operation) -> Answer {
    let [left, right] = [call.args[0], call.args[1]];
    let one = held_by(call, left)?;
    let one = united(call, Vec::new(), one)?;
    let two = held_by(call, right)?;
    let result = combined(call, operation, one, two, false)?;
    Ok(new_held(call, "set", &result))
}
