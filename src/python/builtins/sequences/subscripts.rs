//! Slices and subscripts: reading, storing and deleting.

use egg::Id;
use num_bigint::BigInt;
use num_traits::ToPrimitive;

use crate::python::builtins::containers::{
    Shape, chain, chain_at, chain_length, clamp, gone_through, index, is_user_instance, no_user_method,
    require, required_index, shape,
};
use crate::python::builtins::iterators::members_of;
use crate::python::builtins::signatures::method;
use crate::python::builtins::support::{beyond_index, range_length};
use crate::python::builtins::{Table, aliases, maps};
use crate::python::values::names::names;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Answer, Call, Failure, Objects, View};

/// The primitives of this file.
pub const TABLE: Table = &[
    ("getitem", getitem),
    ("setitem", setitem),
    ("delitem", delitem),
    ("slice.indices(self, object, /)", slice_indices),
    ("slice_indices", slice_indices),
];

/// A slice's start, stop and step for a sequence of that length, as `slice.indices` computes them.
fn bounds(call: &mut Call, parts: [Id; 3], length: &BigInt) -> Result<[BigInt; 3], Failure> {
    let [zero, one] = [0, 1].map(BigInt::from);
    let step = slice_part(call, parts[2])?.unwrap_or_else(|| one.clone());
    if step == zero {
        return Err(call.value_error("slice step cannot be zero"));
    }
    let backwards = step < zero;
    let (lower, upper) = if backwards { (-&one, length - &one) } else { (zero.clone(), length.clone()) };
    let place = |call: &mut Call, part: Id, default: &BigInt| {
        let Some(at) = slice_part(call, part)? else { return Ok(default.clone()) };
        let at = if at < zero { at + length } else { at };
        Ok(at.clamp(lower.clone(), upper.clone().max(lower.clone())))
    };
    let (first, last) = if backwards { (&upper, &lower) } else { (&lower, &upper) };
    let start = place(call, parts[0], first)?;
    let stop = place(call, parts[1], last)?;
    Ok([start, stop, step])
}

fn slice_part(call: &mut Call, part: Id) -> Result<Option<BigInt>, Failure> {
    if call.view(part) == View::None {
        return Ok(None);
    }
    match index(call, part)? {
        Some(int) => Ok(Some(int)),
        None => Err(call.type_error("slice indices must be integers or None or have an __index__ method")),
    }
}

/// The positions that a slice selects.
fn selected(call: &mut Call, parts: [Id; 3], length: usize) -> Result<Vec<usize>, Failure> {
    let bounds = bounds(call, parts, &BigInt::from(length))?;
    let count = range_length(&bounds).to_usize().unwrap_or(0);
    let (start, step) = (clamp(&bounds[0]), clamp(&bounds[2]));
    let mut places = Vec::with_capacity(count);
    let mut at = start;
    for _ in 0..count {
        places.push(usize::try_from(at).unwrap_or(0));
        at = at.saturating_add(step);
    }
    Ok(places)
}

/// `slice.indices(length)`.
fn slice_indices(call: &mut Call) -> Answer {
    let (this, args) = method(call)?;
    let View::Slice(parts) = call.view(this) else { return Err(Failure::Undefined) };
    let length = required_index(call, args[0])?;
    if length < BigInt::from(0) {
        return Err(call.value_error("length should not be negative"));
    }
    let indices = bounds(call, parts, &length)?.map(|bound| call.int(bound));
    Ok(call.tuple(&indices))
}

/// Builtin classes that take parameters in annotations, such as `list[int]`.
const GENERIC: &[&str] = &[
    "list",
    "dict",
    "tuple",
    "set",
    "frozenset",
    "type",
    "enumerate",
    "BaseExceptionGroup",
    "ExceptionGroup",
];

fn getitem(call: &mut Call) -> Answer {
    let [container, key] = call.args[..] else { return Err(Failure::Undefined) };
    no_user_method(call, container, &["__getitem__"])?;
    own_item(call, container, key)
}

/// A member of a builtin container, whatever methods a deriving class has.
pub fn own_item(call: &mut Call, container: Id, key: Id) -> Answer {
    if let Some(member) = chain_item(call, container, key)? {
        return Ok(member);
    }
    if let Some(element) = element(call, container, key)? {
        return Ok(element);
    }
    match shape(call, container) {
        Shape::Dict => maps::get(call, container, key),
        Shape::Range(parts) => range_item(call, parts, key),
        Shape::Str(_) | Shape::Bytes(_) | Shape::Tuple(_) | Shape::List(_) => {
            sequence_item(call, container, key)
        }
        _ if call.cx.bank.op(container).as_str() == "class" => class_item(call, container, key),
        _ if call.special(container, "__getitem__").is_some() => Err(Failure::Undefined),
        _ if aliases::parts(call, container).is_some() => Err(aliases::no_generic(call, container)?),
        _ => {
            let name = call.type_name(container);
            Err(call.raise_worded("TypeError", "no-subscript", &[&name]))
        }
    }
}

fn class_item(call: &mut Call, class: Id, key: Id) -> Answer {
    if let Some((owner, _)) = call.class_attribute(class, "__class_getitem__")
        && call.is_user_class(owner)
    {
        return Err(Failure::Undefined);
    }
    let order = call.mro(class).unwrap_or_default();
    if order.iter().any(|class| GENERIC.contains(&call.class_name(*class).as_str())) {
        return Ok(aliases::alias(call, class, key));
    }
    let name = call.class_name(class);
    Err(call.type_error(&format!("type '{name}' is not subscriptable")))
}

/// A position in a sequence of that length.
pub(super) fn place_in(call: &mut Call, at: &BigInt, length: usize, outside: &str) -> Result<usize, Failure> {
    let Some(at) = at.to_i64() else {
        return Err(beyond_index(call, "IndexError"));
    };
    let size = i64::try_from(length).unwrap_or(i64::MAX);
    let place = usize::try_from(if at < 0 { at + size } else { at }).ok().filter(|place| *place < length);
    place.ok_or_else(|| call.raise("IndexError", outside))
}

/// "list indices must be integers or slices, not str".
fn wrong_index(call: &mut Call, container: Id, key: Id) -> Failure {
    let name = call.type_name(key);
    let kind = match shape(call, container) {
        Shape::Str(_) => return call.raise_worded("TypeError", "no-index-of-string", &[&name]),
        Shape::Bytes(_) => "byte",
        Shape::Tuple(_) => "tuple",
        Shape::Range(_) => "range",
        _ => "list",
    };
    call.raise_worded("TypeError", "no-index", &[kind, &name])
}

/// A member of a list or tuple, without looking at the others.
fn chain_item(call: &mut Call, sequence: Id, key: Id) -> Result<Option<Id>, Failure> {
    let Some(chain) = chain(call, sequence) else { return Ok(None) };
    let Some(at) = index(call, key)? else { return Ok(None) };
    let is_tuple = call.cx.bank.op(sequence) == vocabulary().tuple;
    let outside = if is_tuple { "tuple index out of range" } else { "list index out of range" };
    let length = chain_length(call, chain);
    let place = place_in(call, &at, length, outside)?;
    Ok(chain_at(call, chain, place))
}

/// A character of a long text, or a byte, without a look at the others.
fn element(call: &mut Call, sequence: Id, key: Id) -> Result<Option<Id>, Failure> {
    let Some(length) = element_count(call, sequence) else { return Ok(None) };
    let Some(at) = index(call, key)? else { return Ok(None) };
    let is_text = call.letters(sequence).is_some();
    let outside = if is_text { "string index out of range" } else { "index out of range" };
    let place = place_in(call, &at, length, outside)?;
    Ok(element_at(call, sequence, place))
}

/// How many characters a long text, or bytes a bytes object, has.
pub(super) fn element_count(call: &Objects, sequence: Id) -> Option<usize> {
    if let Some(letters) = call.letters(sequence) {
        return Some(chain_length(call, letters));
    }
    let node = call.cx.bank.get(sequence);
    (node.op == names().bytes).then(|| call.cx.name(node.args[0]).len() / 2)
}

/// The character of a long text, or the byte of a bytes object, at a place.
pub fn element_at(call: &mut Call, sequence: Id, place: usize) -> Option<Id> {
    if let Some(letters) = call.letters(sequence) {
        let letter = chain_at(call, letters, place)?;
        return Some(call.cx.bank.make(vocabulary().str, &[letter]));
    }
    let node = call.cx.bank.get(sequence);
    if node.op != names().bytes {
        return None;
    }
    let byte = call.cx.name(node.args[0]).get(2 * place..2 * place + 2)?;
    u8::from_str_radix(byte, 16).ok().map(|byte| call.int(byte))
}

fn sequence_item(call: &mut Call, sequence: Id, key: Id) -> Answer {
    let shape = shape(call, sequence);
    let length = sequence_length(&shape);
    if let Some(at) = index(call, key)? {
        let outside = match &shape {
            Shape::Str(_) => "string index out of range",
            Shape::Bytes(_) => "index out of range",
            Shape::Tuple(_) => "tuple index out of range",
            _ => "list index out of range",
        };
        let place = place_in(call, &at, length, outside)?;
        let member = one_of(call, &shape, place)?;
        return Ok(if matches!(shape, Shape::Str(_)) {
            call.like_texts(&[sequence], member)
        } else {
            member
        });
    }
    match call.view(key) {
        View::Slice(parts) => {
            let places = selected(call, parts, length)?;
            let part = some_of(call, &shape, &places)?;
            Ok(if matches!(shape, Shape::Str(_)) { call.like_texts(&[sequence], part) } else { part })
        }
        _ => Err(wrong_index(call, sequence, key)),
    }
}

pub(super) fn sequence_length(shape: &Shape) -> usize {
    match shape {
        Shape::Str(text) => text.chars().count(),
        Shape::Bytes(bytes) => bytes.len(),
        Shape::Tuple(members) | Shape::List(members) => members.len(),
        _ => 0,
    }
}

fn one_of(call: &mut Call, shape: &Shape, place: usize) -> Answer {
    Ok(match shape {
        Shape::Str(text) => {
            let text: String = text.chars().skip(place).take(1).collect();
            call.str(&text)
        }
        Shape::Bytes(bytes) => call.int(bytes[place]),
        Shape::Tuple(members) | Shape::List(members) => members[place],
        _ => return Err(Failure::Undefined),
    })
}

fn some_of(call: &mut Call, shape: &Shape, places: &[usize]) -> Answer {
    Ok(match shape {
        Shape::Str(text) => {
            let chars: Vec<char> = text.chars().collect();
            let text: String = places.iter().map(|place| chars[*place]).collect();
            call.str(&text)
        }
        Shape::Bytes(bytes) => {
            let bytes: Vec<u8> = places.iter().map(|place| bytes[*place]).collect();
            call.bytes(&bytes)
        }
        Shape::Tuple(members) => {
            let members: Vec<Id> = places.iter().map(|place| members[*place]).collect();
            call.tuple(&members)
        }
        Shape::List(members) => {
            let members: Vec<Id> = places.iter().map(|place| members[*place]).collect();
            call.list(&members)
        }
        _ => return Err(Failure::Undefined),
    })
}

fn range_item(call: &mut Call, parts: [BigInt; 3], key: Id) -> Answer {
    let length = range_length(&parts);
    let [start, _, step] = &parts;
    if let Some(at) = index(call, key)? {
        let zero = BigInt::from(0);
        let at = if at < zero { at + &length } else { at };
        if at < zero || at >= length {
            return Err(call.raise("IndexError", "range object index out of range"));
        }
        return Ok(call.int(start + at * step));
    }
    let View::Slice(slice) = call.view(key) else {
        let range = call.new_range(parts);
        return Err(wrong_index(call, range, key));
    };
    let [first, last, pace] = bounds(call, slice, &length)?;
    Ok(call.new_range([start + first * step, start + last * step, step * pace]))
}

fn setitem(call: &mut Call) -> Answer {
    let [container, key, value] = call.args[..] else { return Err(Failure::Undefined) };
    no_user_method(call, container, &["__setitem__"])?;
    own_setitem(call, container, key, value)
}

/// Sets a member of a builtin container, whatever methods a deriving class has.
pub fn own_setitem(call: &mut Call, container: Id, key: Id, value: Id) -> Answer {
    if call.contents_of(container, names().list_of).is_some()
        && let Some(at) = index(call, key)?
    {
        let place = list_place(call, container, &at)?;
        call.set_member(container, place, value);
        return Ok(call.none());
    }
    match shape(call, container) {
        Shape::Dict => maps::set(call, container, key, value)?,
        Shape::List(members) => set_in_list(call, container, members, key, value)?,
        _ => {
            let name = call.type_name(container);
            return Err(call.type_error(&format!("'{name}' object does not support item assignment")));
        }
    }
    Ok(call.none())
}

/// The place that an int says of a list to be changed there.
fn list_place(call: &mut Call, list: Id, at: &BigInt) -> Result<usize, Failure> {
    let length = call.contents_of(list, names().list_of).map_or(0, |members| chain_length(call, members));
    place_in(call, at, length, "list assignment index out of range")
}

/// Whether a key is the place of a list's last member, which is taken away without a look at the others.
fn is_last(call: &mut Call, list: Id, key: Id) -> Result<bool, Failure> {
    let Some(members) = call.contents_of(list, names().list_of) else { return Ok(false) };
    let length = chain_length(call, members);
    let Some(at) = index(call, key)? else { return Ok(false) };
    Ok(length > 0 && (at == BigInt::from(-1) || at == BigInt::from(length - 1)))
}

fn set_in_list(call: &mut Call, list: Id, mut members: Vec<Id>, key: Id, value: Id) -> Result<(), Failure> {
    let View::Slice(parts) = call.view(key) else { return Err(wrong_index(call, list, key)) };
    let bounds = bounds(call, parts, &BigInt::from(members.len()))?;
    let added = assigned(call, value)?;
    if bounds[2] == BigInt::from(1) {
        let start = bounds[0].to_usize().unwrap_or(0);
        let stop = bounds[1].to_usize().unwrap_or(0).max(start);
        members.splice(start..stop, added);
    } else {
        let places = selected(call, parts, members.len())?;
        if places.len() != added.len() {
            let (size, slots) = (added.len(), places.len());
            let message =
                format!("attempt to assign sequence of size {size} to extended slice of size {slots}");
            return Err(call.value_error(&message));
        }
        for (place, member) in places.into_iter().zip(added) {
            members[place] = member;
        }
    }
    call.set_list(list, &members);
    Ok(())
}

/// The members to assign to a slice.
fn assigned(call: &mut Call, value: Id) -> Result<Vec<Id>, Failure> {
    require(call, value)?;
    if !call.cx.constants().has("slice.iterable") && !call.is_a(value, "list") {
        let name = call.type_name(value);
        let text = call.cx.constants().worded("slice-list", &[&name]);
        return Err(call.type_error(&text));
    }
    let value = gone_through(call, value);
    if shape(call, value) == Shape::Other && !is_user_instance(call, value) {
        return Err(call.type_error("must assign iterable to extended slice"));
    }
    members_of(call, value)
}

fn delitem(call: &mut Call) -> Answer {
    let [container, key] = call.args[..] else { return Err(Failure::Undefined) };
    no_user_method(call, container, &["__delitem__"])?;
    own_delitem(call, container, key)
}

/// Removes a member of a builtin container, whatever methods a deriving class has.
pub fn own_delitem(call: &mut Call, container: Id, key: Id) -> Answer {
    if is_last(call, container, key)? {
        call.pop(container);
        return Ok(call.none());
    }
    match shape(call, container) {
        Shape::Dict => maps::remove(call, container, key)?,
        Shape::List(members) => delete_in_list(call, container, members, key)?,
        other => return Err(not_deletable(call, container, &other, key)),
    }
    Ok(call.none())
}

/// CPython's two messages come from its two protocols.
fn not_deletable(call: &mut Call, container: Id, shape: &Shape, key: Id) -> Failure {
    let sequence = !matches!(shape, Shape::Other | Shape::Iterator | Shape::Generator)
        || is_user_instance(call, container);
    let negation = match index(call, key) {
        Ok(Some(_)) if sequence => "doesn't",
        _ => "does not",
    };
    let name = call.type_name(container);
    call.type_error(&format!("'{name}' object {negation} support item deletion"))
}

fn delete_in_list(call: &mut Call, list: Id, mut members: Vec<Id>, key: Id) -> Result<(), Failure> {
    if let Some(at) = index(call, key)? {
        let place = place_in(call, &at, members.len(), "list assignment index out of range")?;
        members.remove(place);
    } else {
        let View::Slice(parts) = call.view(key) else { return Err(wrong_index(call, list, key)) };
        let places = selected(call, parts, members.len())?;
        let mut gone = vec![false; members.len()];
        places.into_iter().for_each(|place| gone[place] = true);
        let mut gone = gone.into_iter();
        members.retain(|_| !gone.next().unwrap_or(false));
    }
    call.set_list(list, &members);
    Ok(())
}
