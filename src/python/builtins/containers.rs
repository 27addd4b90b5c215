//! What the primitives about containers share: their shapes and their arguments.

use egg::Id;
use num_bigint::BigInt;
use num_traits::ToPrimitive;

use crate::machine::sequence;
use crate::python::builtins::run;
use crate::python::builtins::support::{known, unless_overridden};
use crate::python::values::names::names;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Answer, Call, Failure, Objects, View};

/// Which part of a dict a view or iterator shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The keys.
    Keys,
    /// The values.
    Values,
    /// Pairs of both.
    Items,
}

/// What kind of container a value is; an instance of a class that derives from one is such a container.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// A str.
    Str(String),
    /// A bytes object.
    Bytes(Vec<u8>),
    /// A tuple's members.
    Tuple(Vec<Id>),
    /// A list's members.
    List(Vec<Id>),
    /// A dict.
    Dict,
    /// A set or frozenset.
    Set,
    /// A range's start, stop and step.
    Range([BigInt; 3]),
    /// A view of a dict.
    View(Part, Id),
    /// An iterator over a builtin container.
    Iterator,
    /// A generator.
    Generator,
    /// None of these.
    Other,
}

/// The kind of container that a value is.
pub fn shape(call: &Objects, value: Id) -> Shape {
    match call.cx.bank.op(value).as_str() {
        "object" => object_shape(call, value),
        "generator" => Shape::Generator,
        _ => plain_shape(call, value),
    }
}

fn plain_shape(call: &Objects, value: Id) -> Shape {
    match call.view(value) {
        View::Str(text) => Shape::Str(text),
        View::Bytes(bytes) => Shape::Bytes(bytes),
        View::Tuple(members) => Shape::Tuple(members),
        View::List(members) => Shape::List(members),
        View::Dict(_) => Shape::Dict,
        View::Set(_) => Shape::Set,
        View::Range(parts) => Shape::Range(parts),
        _ => Shape::Other,
    }
}

fn object_shape(call: &Objects, value: Id) -> Shape {
    let Some(payload) = call.holding(value) else { return Shape::Other };
    let op = call.cx.bank.op(payload);
    if op == names().iterator_of {
        return Shape::Iterator;
    }
    if op == names().generator_of {
        return Shape::Generator;
    }
    if op == names().dict_of {
        return Shape::Dict;
    }
    if op == names().set_of {
        return Shape::Set;
    }
    if op == names().immutable {
        let inner = call.cx.bank.arg(payload, 0);
        if let Some(part) = view_part(call, value) {
            return Shape::View(part, inner);
        }
    }
    plain_shape(call, value)
}

fn view_part(call: &Objects, value: Id) -> Option<Part> {
    let class = call.cx.bank.arg(value, 0);
    if call.is_user_class(class) {
        return None;
    }
    match call.class_name(class).as_str() {
        "dict_keys" => Some(Part::Keys),
        "dict_values" => Some(Part::Values),
        "dict_items" => Some(Part::Items),
        _ => None,
    }
}

/// What holds the members of a list or tuple.
pub fn chain(call: &Objects, value: Id) -> Option<Id> {
    let node = call.cx.bank.get(value);
    if node.op == vocabulary().tuple {
        return node.args.first().copied();
    }
    call.contents_of(value, names().list_of)
}

/// How many members it holds.
pub fn chain_length(call: &Objects, chain: Id) -> usize {
    sequence::len(call.cx.bank, chain)
}

/// The member at a place.
pub fn chain_at(call: &Objects, chain: Id, place: usize) -> Option<Id> {
    sequence::at(call.cx.bank, chain, place)
}

// ---- classes --------------------------------------------------------------------------------------------

/// An attribute that a class made by a `class` statement gives to a value's class.
pub fn user_attribute(call: &mut Call, value: Id, name: &str) -> Option<Id> {
    let class = call.class_of(value);
    if !call.is_user_class(class) {
        return None;
    }
    let (owner, found) = call.special_attribute(class, name)?;
    call.is_user_class(owner).then_some(found)
}

/// Whether a value has members by number, as the old protocol of sequences has it.
pub fn is_old_sequence(call: &mut Call, value: Id) -> bool {
    let class = call.class_of(value);
    call.is_classic_object(value) || call.class_attribute(class, "__getitem__").is_some()
}

/// What is gone through where a value is: before Python 3.0 the arguments of an exception.
pub fn gone_through(call: &mut Call, value: Id) -> Id {
    let is_sequence = call.cx.bank.op(value) == vocabulary().exception
        && call.cx.constants().has("BaseException.__getitem__")
        && !["__getitem__", "__iter__"].iter().any(|name| user_attribute(call, value, name).is_some());
    if !is_sequence {
        return value;
    }
    let args = call.chain(value).map(|chain| chain.args).unwrap_or_default();
    call.tuple(&args)
}

/// Answers `Undefined` where a user's class defines one of these methods for the value.
pub fn no_user_method(call: &mut Call, value: Id, methods: &[&str]) -> Result<(), Failure> {
    require(call, value)?;
    unless_overridden(call, value, methods)
}

/// Whether a value's class was made by a `class` statement.
pub fn is_user_instance(call: &mut Call, value: Id) -> bool {
    let class = call.class_of(value);
    call.is_user_class(class)
}

/// Answers `Unknown` where the value is.
pub fn require(call: &Objects, value: Id) -> Result<(), Failure> {
    known(call, value)
}

/// The builtin value that an instance of a class deriving from a builtin one holds, as one of that class.
pub fn plain(call: &mut Call, value: Id) -> Id {
    if !is_user_instance(call, value) {
        return value;
    }
    let Some(payload) = call.holding(value) else { return value };
    let op = call.cx.bank.op(payload);
    let class = match op {
        op if op == names().immutable => return call.cx.bank.arg(payload, 0),
        op if op == names().list_of => "list",
        op if op == names().dict_of => "dict",
        op if op == names().set_of && call.is_a(value, "frozenset") => "frozenset",
        op if op == names().set_of => "set",
        _ => return value,
    };
    let class = call.class(class);
    call.new_object(class, payload)
}

// ---- arguments ------------------------------------------------------------------------------------------

/// The int that a value is as an index, if its class has `__index__`.
pub fn index(call: &mut Call, value: Id) -> Result<Option<BigInt>, Failure> {
    require(call, value)?;
    if let Some(int) = call.integer(value) {
        return Ok(Some(int));
    }
    unless_overridden(call, value, &["__index__"])?;
    Ok(None)
}

/// The int that an argument is: "'str' object cannot be interpreted as an integer".
pub fn required_index(call: &mut Call, value: Id) -> Result<BigInt, Failure> {
    match index(call, value)? {
        Some(int) => Ok(int),
        None => {
            let name = call.type_name(value);
            Err(call.type_error(&format!("'{name}' object cannot be interpreted as an integer")))
        }
    }
}

// ---- others --------------------------------------------------------------------------------------

/// The `KeyError` of a key.
pub fn key_error(call: &mut Call, key: Id) -> Failure {
    call.raise_with("KeyError", &[key])
}

/// An int as a size, clamped.
pub fn clamp(int: &BigInt) -> i64 {
    int.to_i64().unwrap_or(if *int < BigInt::from(0) { i64::MIN } else { i64::MAX })
}

/// Calls the primitive of that name with these arguments.
pub fn apply(call: &mut Call, name: &str, args: &[Id]) -> Answer {
    let saved = std::mem::replace(&mut call.args, args.to_vec());
    let keywords = std::mem::take(&mut call.keywords);
    let answer = run(call, name);
    call.args = saved;
    call.keywords = keywords;
    answer
}
