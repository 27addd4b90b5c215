//! Displays and constructors of sequences.

use egg::Id;
use num_bigint::BigInt;
use num_traits::ToPrimitive;

use crate::python::builtins::containers::{
    Shape, index, is_user_instance, no_user_method, require, required_index, shape,
};
use crate::python::builtins::iterators::members_of;
use crate::python::builtins::signatures::this;
use crate::python::builtins::support::{beyond_index, too_large};
use crate::python::builtins::{Table, run};
use crate::python::values::{Answer, Call, Failure, View, typed};

/// The primitives of this file.
pub const TABLE: Table = &[
    ("list_display", list_display),
    ("tuple_display", tuple_display),
    ("class list(iterable=(), /)", list),
    ("class list.__init__(self, iterable=(), /) as list", list_init),
    ("class tuple(iterable=(), /)", tuple),
    ("class bytes(source=b'', encoding='utf-8', errors='strict')", bytes),
    ("class range(start, stop=None, step=None, /)", range),
    ("class slice(start, stop=None, step=None, /)", slice),
    ("range.start", |call| part(call, 0)),
    ("range.stop", |call| part(call, 1)),
    ("range.step", |call| part(call, 2)),
    ("slice.start", |call| part(call, 0)),
    ("slice.stop", |call| part(call, 1)),
    ("slice.step", |call| part(call, 2)),
];

fn list_display(call: &mut Call) -> Answer {
    let members = operands(call)?;
    Ok(call.list(&members))
}

/// The operands of a display, where none is unknown and spread.
pub fn operands(call: &Call) -> Result<Vec<Id>, Failure> {
    match call.args.iter().find(|operand| typed::is_rest(call.cx.bank, **operand)) {
        Some(rest) => Err(Failure::Unknown(*rest)),
        None => Ok(call.args.clone()),
    }
}

fn tuple_display(call: &mut Call) -> Answer {
    let members = operands(call)?;
    Ok(call.tuple(&members))
}

/// The members of the only argument of a constructor, if there is one.
fn constructor(call: &mut Call) -> Result<Vec<Id>, Failure> {
    match call.args.clone()[..] {
        [iterable] => {
            require(call, iterable)?;
            members_of(call, iterable)
        }
        _ => Ok(Vec::new()),
    }
}

pub(super) fn list(call: &mut Call) -> Answer {
    let members = constructor(call)?;
    Ok(call.list(&members))
}

fn list_init(call: &mut Call) -> Answer {
    let this = this(call)?;
    let all = std::mem::take(&mut call.args);
    call.args = all[1..].to_vec();
    let members = constructor(call);
    call.args = all;
    call.set_list(this, &members?);
    Ok(call.none())
}

pub(super) fn tuple(call: &mut Call) -> Answer {
    if let [value] = call.args[..] {
        let builtin = call.class("tuple");
        if call.class_of(value) == builtin && call.keywords.is_empty() {
            return Ok(value);
        }
    }
    let members = constructor(call)?;
    Ok(call.tuple(&members))
}

pub(super) fn bytes(call: &mut Call) -> Answer {
    let [value] = call.args[..] else { return encoded(call) };
    if !call.keywords.is_empty() {
        return encoded(call);
    }
    no_user_method(call, value, &["__bytes__", "__index__", "__iter__"])?;
    if let Some(size) = index(call, value)? {
        return zeros(call, &size);
    }
    match shape(call, value) {
        Shape::Str(_) => Err(call.type_error("string argument without an encoding")),
        Shape::Bytes(bytes) => Ok(call.bytes(&bytes)),
        Shape::Other if !is_user_instance(call, value) => {
            let name = call.type_name(value);
            Err(call.type_error(&format!("cannot convert '{name}' object to bytes")))
        }
        _ => bytes_of_members(call, value),
    }
}

/// `bytes()`, or `bytes(text, encoding)`, which `str.encode` computes.
fn encoded(call: &mut Call) -> Answer {
    match call.args[..] {
        [] if call.keywords.is_empty() => Ok(call.bytes(&[])),
        [text, ..] if matches!(shape(call, text), Shape::Str(_)) => run(call, "str.encode"),
        [_, ..] => Err(call.type_error("encoding without a string argument")),
        [] => Err(Failure::Undefined),
    }
}

fn zeros(call: &mut Call, size: &BigInt) -> Answer {
    if *size < BigInt::from(0) {
        return Err(call.value_error("negative count"));
    }
    match size.to_usize() {
        Some(size) if size <= call.cx.bank.largest() => Ok(call.bytes(&vec![0; size])),
        Some(size) => Err(too_large(call, size as u64)),
        None => Err(beyond_index(call, "OverflowError")),
    }
}

fn bytes_of_members(call: &mut Call, value: Id) -> Answer {
    let mut bytes = Vec::new();
    for member in members_of(call, value)? {
        match required_index(call, member)?.to_u8() {
            Some(byte) => bytes.push(byte),
            None => return Err(call.value_error("bytes must be in range(0, 256)")),
        }
    }
    Ok(call.bytes(&bytes))
}

pub(super) fn range(call: &mut Call) -> Answer {
    let args = call.args.clone();
    let mut parts = Vec::new();
    for arg in args {
        parts.push(required_index(call, arg)?);
    }
    if parts.len() == 1 {
        parts.insert(0, BigInt::from(0));
    }
    let step = parts.get(2).cloned().unwrap_or_else(|| BigInt::from(1));
    if step == BigInt::from(0) {
        return Err(call.value_error("range() arg 3 must not be zero"));
    }
    Ok(call.new_range([parts[0].clone(), parts[1].clone(), step]))
}

pub(super) fn slice(call: &mut Call) -> Answer {
    let args = call.args.clone();
    let none = call.none();
    let parts = match args[..] {
        [stop] => [none, stop, none],
        [start, stop] => [start, stop, none],
        _ => [args[0], args[1], args[2]],
    };
    Ok(call.new_slice(parts))
}

/// An attribute of a range or slice.
pub(super) fn part(call: &mut Call, number: usize) -> Answer {
    let [value, ..] = call.args[..] else { return Err(Failure::Undefined) };
    match call.view(value) {
        View::Range(parts) => Ok(call.int(parts[number].clone())),
        View::Slice(parts) => Ok(parts[number]),
        _ => Err(Failure::Undefined),
    }
}
