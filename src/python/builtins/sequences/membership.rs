//! Membership, size and unpacking.

use egg::Id;
use num_bigint::BigInt;
use num_traits::ToPrimitive;

use super::subscripts::{element_count, sequence_length};
use crate::python::builtins::compare::position;
use crate::python::builtins::containers::{
    Shape, chain, chain_length, gone_through, index, is_old_sequence, is_user_instance, no_user_method,
    require, shape, user_attribute,
};
use crate::python::builtins::iterators::{advance, found_in, iterator, members_of};
use crate::python::builtins::support::range_length;
use crate::python::builtins::{Table, maps};
use crate::python::values::wording::plural;
use crate::python::values::{Answer, Call, Failure, View};

/// The primitives of this file.
pub const TABLE: Table =
    &[("contains", contains), ("len(obj, /)", len), ("unpack", unpack), ("length", length)];

/// `contains(container, value)`: `value in container`.
pub(super) fn contains(call: &mut Call) -> Answer {
    let [container, value] = call.args[..] else { return Err(Failure::Undefined) };
    no_user_method(call, container, &["__contains__"])?;
    own_contains(call, container, value)
}

/// Whether a builtin container has a member, whatever methods a deriving class has.
pub fn own_contains(call: &mut Call, container: Id, value: Id) -> Answer {
    let found = match shape(call, container) {
        Shape::Str(text) => in_text(call, &text, value)?,
        Shape::Bytes(bytes) => in_bytes(call, &bytes, value)?,
        Shape::Tuple(members) | Shape::List(members) => {
            no_user_method(call, container, &["__iter__"])?;
            position(call, &members, value)?.is_some()
        }
        Shape::Range(parts) => in_range(call, &parts, value)?.is_some(),
        Shape::Dict | Shape::Set | Shape::View(..) => maps::contains(call, container, value)?,
        Shape::Iterator => found_in(call, container, value)?,
        Shape::Generator => return Err(Failure::Undefined),
        Shape::Other => return Err(no_container(call, container)),
    };
    Ok(call.bool(found))
}

fn no_container(call: &mut Call, container: Id) -> Failure {
    if user_attribute(call, container, "__iter__").is_some() || is_old_sequence(call, container) {
        return Failure::Undefined;
    }
    let name = call.type_name(container);
    call.raise_worded("TypeError", "no-container", &[&name])
}

fn in_text(call: &mut Call, text: &str, value: Id) -> Result<bool, Failure> {
    require(call, value)?;
    match shape(call, value) {
        Shape::Str(part) => Ok(text.contains(&part)),
        _ => {
            let name = call.type_name(value);
            Err(call.type_error(&format!("'in <string>' requires string as left operand, not {name}")))
        }
    }
}

fn in_bytes(call: &mut Call, bytes: &[u8], value: Id) -> Result<bool, Failure> {
    if let Some(int) = index(call, value)? {
        return match int.to_u8() {
            Some(byte) => Ok(bytes.contains(&byte)),
            None => Err(call.value_error("byte must be in range(0, 256)")),
        };
    }
    match shape(call, value) {
        Shape::Bytes(part) => Ok(part.is_empty() || bytes.windows(part.len()).any(|window| window == part)),
        _ => {
            let name = call.type_name(value);
            Err(call.type_error(&format!("a bytes-like object is required, not '{name}'")))
        }
    }
}

/// Where a range has a value.
pub(super) fn in_range(call: &mut Call, parts: &[BigInt; 3], value: Id) -> Result<Option<BigInt>, Failure> {
    require(call, value)?;
    no_user_method(call, value, &["__eq__"])?;
    let sought = match call.view(value) {
        View::Float(float) if float.fract() == 0.0 => num_traits::FromPrimitive::from_f64(float),
        _ => call.integer(value),
    };
    let Some(sought) = sought else { return Ok(None) };
    let [start, _, step] = parts;
    let (distance, zero) = (sought - start, BigInt::from(0));
    if &distance % step != zero {
        return Ok(None);
    }
    let place = distance / step;
    Ok((place >= zero && place < range_length(parts)).then_some(place))
}

pub(super) fn len(call: &mut Call) -> Answer {
    let args = call.args.clone();
    no_user_method(call, args[0], &["__len__"])?;
    own_length(call, args[0])
}

/// `prim.length(container)`.
pub(super) fn length(call: &mut Call) -> Answer {
    let [container] = call.args[..] else { return Err(Failure::Undefined) };
    own_length(call, container)
}

/// The number of a builtin container's members, whatever methods a deriving class has.
pub fn own_length(call: &mut Call, container: Id) -> Answer {
    require(call, container)?;
    if let Some(chain) = chain(call, container) {
        let length = chain_length(call, chain);
        return Ok(call.int(length));
    }
    if let Some(length) = element_count(call, container) {
        return Ok(call.int(length));
    }
    let length = match shape(call, container) {
        Shape::Dict | Shape::Set | Shape::View(..) => maps::size(call, container),
        Shape::Range(parts) => match range_length(&parts).to_isize() {
            Some(length) => length.unsigned_abs(),
            None => {
                let message = "Python int too large to convert to C ssize_t";
                return Err(call.raise("OverflowError", message));
            }
        },
        Shape::Iterator | Shape::Generator | Shape::Other => {
            let name = call.type_name(container);
            return Err(call.type_error(&format!("object of type '{name}' has no len()")));
        }
        sequence => sequence_length(&sequence),
    };
    Ok(call.int(length))
}

/// `unpack(value, before, after)`: the values for so many targets; with `after` not negative, also a list of
/// what is between, and the values for the targets behind the star.
fn unpack(call: &mut Call) -> Answer {
    let [value, before, after] = call.args[..] else { return Err(Failure::Undefined) };
    let before = call.integer(before).and_then(|count| count.to_usize()).ok_or(Failure::Undefined)?;
    let after = call.integer(after).and_then(|count| count.to_usize());
    no_user_method(call, value, &["__iter__", "__getitem__"])?;
    let given = value;
    let value = gone_through(call, value);
    match (shape(call, value), after) {
        (Shape::Generator, _) => Err(Failure::Undefined),
        (Shape::Other, _) if is_old_sequence(call, value) => Err(Failure::Undefined),
        (Shape::Other, _) => {
            let name = call.type_name(value);
            let text = call.cx.constants().worded("not-unpacked", &[&name]);
            Err(call.type_error(&text))
        }
        (_, Some(after)) => unpack_starred(call, value, before, after),
        (shape, None) => unpack_plain(call, [given, value], before, &shape),
    }
}

/// Unpacks the members of a value that stands for the given one.
fn unpack_plain(call: &mut Call, [given, value]: [Id; 2], wanted: usize, shape: &Shape) -> Answer {
    let counted = call.cx.constants().has("unpack.counted") && is_counted(call, value);
    let members = match shape {
        Shape::Iterator | Shape::Range(_) => first_members(call, value, wanted + 1)?,
        _ => members_of(call, value)?,
    };
    let got = members.len();
    if got == wanted {
        return Ok(call.tuple(&members));
    }
    let text = match (got > wanted, counted) {
        (true, true) => format!("too many values to unpack (expected {wanted}, got {got})"),
        _ => wrong_size(call, given, wanted, got),
    };
    Err(call.value_error(&text))
}

/// What is said of so many values where others are wanted.
fn wrong_size(call: &mut Call, value: Id, wanted: usize, got: usize) -> String {
    let kind = if call.cx.constants().has("unpack.kinds") { call.type_name(value) } else { String::new() };
    let (wanted, key) = (wanted.to_string(), if got > wanted { "unpack-many" } else { "unpack-few" });
    match kind.as_str() {
        "tuple" | "list" => call.cx.constants().worded("unpack-kind", &[&kind]),
        _ => call.cx.constants().worded(key, &[&wanted, &got.to_string(), plural(got)]),
    }
}

/// CPython tells how many values there are where the class itself says so.
fn is_counted(call: &mut Call, value: Id) -> bool {
    let name = call.type_name(value);
    !is_user_instance(call, value) && matches!(name.as_str(), "list" | "tuple" | "dict")
}

/// At most so many members; an iterator keeps the rest.
fn first_members(call: &mut Call, value: Id, most: usize) -> Result<Vec<Id>, Failure> {
    let iterator = iterator(call, value)?;
    let mut members = Vec::new();
    while members.len() < most {
        let Some(member) = advance(call, iterator)? else { break };
        members.push(member);
    }
    Ok(members)
}

fn unpack_starred(call: &mut Call, value: Id, before: usize, after: usize) -> Answer {
    let mut members = members_of(call, value)?;
    let (got, wanted) = (members.len(), before + after);
    if got < wanted {
        let (wanted, plural) = (wanted.to_string(), plural(got));
        let texts = [wanted.as_str(), &got.to_string(), plural];
        let message = call.cx.constants().worded("unpack-few-starred", &texts);
        return Err(call.value_error(&message));
    }
    let rest: Vec<Id> = members.drain(before..got - after).collect();
    let rest = call.list(&rest);
    members.insert(before, rest);
    Ok(call.tuple(&members))
}
