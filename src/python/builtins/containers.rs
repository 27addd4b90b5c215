//! What the primitives about containers share: their shapes, their arguments, equality and hashability.

use std::cmp::Ordering;

use egg::Id;
use num_bigint::BigInt;
use num_traits::{FromPrimitive, ToPrimitive};

use crate::machine::sequence;
use crate::python::builtins::maps;
use crate::python::builtins::support::range_length;
use crate::python::values::names::names;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Answer, Call, Entry, Failure, View};

/// How deep values may lie in each other when they are compared.
const MAX_DEPTH: usize = 1000;

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
pub fn shape(call: &Call, value: Id) -> Shape {
    match call.cx.bank.op(value).as_str() {
        "object" => object_shape(call, value),
        "generator" => Shape::Generator,
        _ => plain_shape(call, value),
    }
}

fn plain_shape(call: &Call, value: Id) -> Shape {
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

fn object_shape(call: &Call, value: Id) -> Shape {
    let Some(Entry { payload, .. }) = call.entry(value) else { return Shape::Other };
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

fn view_part(call: &Call, value: Id) -> Option<Part> {
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
pub fn chain(call: &Call, value: Id) -> Option<Id> {
    let node = call.cx.bank.get(value);
    if node.op == vocabulary().tuple {
        return node.args.first().copied();
    }
    call.contents_of(value, names().list_of)
}

/// How many members it holds.
pub fn chain_length(call: &Call, chain: Id) -> usize {
    sequence::len(call.cx.bank, chain)
}

/// The member at a place.
pub fn chain_at(call: &Call, chain: Id, place: usize) -> Option<Id> {
    sequence::at(call.cx.bank, chain, place)
}

// ---- classes --------------------------------------------------------------------------------------------

/// An attribute that a class made by a `class` statement gives to a value's class.
pub fn user_attribute(call: &mut Call, value: Id, name: &str) -> Option<Id> {
    let class = call.class_of(value);
    if !call.is_user_class(class) {
        return None;
    }
    let (owner, found) = call.class_attribute(class, name)?;
    call.is_user_class(owner).then_some(found)
}

/// Answers `Undefined` where a user's class defines one of these methods for the value.
pub fn no_user_method(call: &mut Call, value: Id, methods: &[&str]) -> Result<(), Failure> {
    require(call, value)?;
    match methods.iter().any(|name| user_attribute(call, value, name).is_some()) {
        true => Err(Failure::Undefined),
        false => Ok(()),
    }
}

/// Whether a value's class was made by a `class` statement.
pub fn is_user_instance(call: &mut Call, value: Id) -> bool {
    let class = call.class_of(value);
    call.is_user_class(class)
}

/// Answers `Unknown` where the value is.
pub fn require(call: &Call, value: Id) -> Result<(), Failure> {
    match call.cx.bank.op(value) == vocabulary().unknown {
        true => Err(Failure::Unknown(value)),
        false => Ok(()),
    }
}

/// The builtin value that an instance of a class deriving from a builtin one holds, as one of that class.
pub fn plain(call: &mut Call, value: Id) -> Id {
    if !is_user_instance(call, value) {
        return value;
    }
    let Some(Entry { payload, .. }) = call.entry(value) else { return value };
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

/// How many arguments a method takes besides its object, as its message tells it.
#[derive(Debug, Clone, Copy)]
pub enum Arity {
    /// None: "takes no arguments (1 given)".
    None,
    /// One: "takes exactly one argument (2 given)".
    One,
    /// So many: "expected 2 arguments, got 1".
    Exactly(usize),
    /// "expected at least 1 argument, got 0", "expected at most 2 arguments, got 3".
    Between(usize, usize),
    /// Any number.
    Any,
    /// Those of a special method: "expected 0 arguments, got 1".
    Special(usize),
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// Checks the number of arguments of a function; `name` is its full name.
pub fn check_arity(call: &mut Call, name: &str, arity: Arity, given: usize) -> Result<(), Failure> {
    let short = name.rsplit('.').next().unwrap_or(name);
    let expected = |prefix: &str, count: usize| {
        format!("{short} expected {prefix}{count} argument{}, got {given}", plural(count))
    };
    let message = match arity {
        Arity::None if given != 0 => format!("{name}() takes no arguments ({given} given)"),
        Arity::One if given != 1 => format!("{name}() takes exactly one argument ({given} given)"),
        Arity::Exactly(count) if given != count => expected("", count),
        Arity::Between(least, _) if given < least => expected("at least ", least),
        Arity::Between(_, most) if given > most => expected("at most ", most),
        Arity::Special(count) if given != count => {
            format!("expected {count} argument{}, got {given}", plural(count))
        }
        _ => return Ok(()),
    };
    Err(call.type_error(&message))
}

/// Checks that there are no keyword arguments.
pub fn no_keywords(call: &mut Call, name: &str) -> Result<(), Failure> {
    match call.keywords.is_empty() {
        true => Ok(()),
        false => Err(call.type_error(&format!("{name}() takes no keyword arguments"))),
    }
}

/// The arguments of a function of that name.
pub fn function(call: &mut Call, name: &str, arity: Arity) -> Result<Vec<Id>, Failure> {
    no_keywords(call, name)?;
    check_arity(call, name, arity, call.args.len())?;
    Ok(call.args.clone())
}

/// The object and the arguments of a method `class.method`.
pub fn method(call: &mut Call, name: &str, arity: Arity) -> Result<(Id, Vec<Id>), Failure> {
    let this = receiver(call, name)?;
    no_keywords(call, name)?;
    check_arity(call, name, arity, call.args.len() - 1)?;
    Ok((this, call.args[1..].to_vec()))
}

/// The object that a method `class.method` is called on, which is of that class.
pub fn receiver(call: &mut Call, name: &str) -> Result<Id, Failure> {
    let (class, short) = name.split_once('.').unwrap_or(("object", name));
    let special = short.starts_with("__");
    let Some(this) = call.args.first().copied() else {
        let kind = if special { "descriptor" } else { "unbound method" };
        let message = match special {
            true => format!("{kind} '{short}' of '{class}' object needs an argument"),
            false => format!("{kind} {name}() needs an argument"),
        };
        return Err(call.type_error(&message));
    };
    require(call, this)?;
    if call.is_a(this, class) {
        return Ok(this);
    }
    let given = call.type_name(this);
    let message = match special {
        true => format!("descriptor '{short}' requires a '{class}' object but received a '{given}'"),
        false => format!("descriptor '{short}' for '{class}' objects doesn't apply to a '{given}' object"),
    };
    Err(call.type_error(&message))
}

/// The int that a value is as an index, if its class has `__index__`.
pub fn index(call: &mut Call, value: Id) -> Result<Option<BigInt>, Failure> {
    require(call, value)?;
    if let Some(int) = call.integer(value) {
        return Ok(Some(int));
    }
    no_user_method(call, value, &["__index__"])?;
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

// ---- equality -------------------------------------------------------------------------------------------

/// A number, as far as comparing needs.
enum Number {
    Int(BigInt),
    Float(f64),
}

fn number(view: &View) -> Option<Number> {
    match view {
        View::Int(int) => Some(Number::Int(int.clone())),
        View::Bool(yes) => Some(Number::Int(BigInt::from(u8::from(*yes)))),
        View::Float(float) => Some(Number::Float(*float)),
        _ => None,
    }
}

fn order_numbers(one: &Number, two: &Number) -> Option<Ordering> {
    match (one, two) {
        (Number::Int(one), Number::Int(two)) => Some(one.cmp(two)),
        (Number::Float(one), Number::Float(two)) => one.partial_cmp(two),
        (Number::Int(int), Number::Float(float)) => order_mixed(int, *float),
        (Number::Float(float), Number::Int(int)) => order_mixed(int, *float).map(Ordering::reverse),
    }
}

fn order_mixed(int: &BigInt, float: f64) -> Option<Ordering> {
    if float.is_nan() {
        return None;
    }
    match BigInt::from_f64(float.floor()) {
        Some(floor) if *int == floor && float.fract() != 0.0 => Some(Ordering::Less),
        Some(floor) => Some(int.cmp(&floor)),
        None if float > 0.0 => Some(Ordering::Less),
        None => Some(Ordering::Greater),
    }
}

/// Whether containers take two values for the same: identical or equal.
pub fn same(call: &mut Call, one: Id, two: Id) -> Result<bool, Failure> {
    same_at(call, one, two, 0)
}

/// The position of a value in a list of members.
pub fn position(call: &mut Call, members: &[Id], value: Id) -> Result<Option<usize>, Failure> {
    for (place, member) in members.iter().enumerate() {
        if same(call, *member, value)? {
            return Ok(Some(place));
        }
    }
    Ok(None)
}

fn same_at(call: &mut Call, one: Id, two: Id, depth: usize) -> Result<bool, Failure> {
    if one == two {
        return Ok(true);
    }
    require(call, one)?;
    require(call, two)?;
    if told_apart(call, one, two) {
        return Ok(false);
    }
    no_user_method(call, one, &["__eq__"])?;
    no_user_method(call, two, &["__eq__"])?;
    equal_builtin(call, one, two, depth)
}

/// Values of these kinds are equal only when they are the same term.
fn told_apart(call: &Call, one: Id, two: Id) -> bool {
    let op = call.cx.bank.op(one);
    op == call.cx.bank.op(two) && matches!(op.as_str(), "int" | "str" | "bytes" | "class" | "builtin")
}

fn equal_builtin(call: &mut Call, one: Id, two: Id, depth: usize) -> Result<bool, Failure> {
    if depth > MAX_DEPTH {
        return Err(call.raise("RecursionError", "maximum recursion depth exceeded in comparison"));
    }
    match (shape(call, one), shape(call, two)) {
        (Shape::Str(one), Shape::Str(two)) => Ok(one == two),
        (Shape::Bytes(one), Shape::Bytes(two)) => Ok(one == two),
        (Shape::Tuple(one), Shape::Tuple(two)) | (Shape::List(one), Shape::List(two)) => {
            equal_members(call, &one, &two, depth)
        }
        (Shape::Dict, Shape::Dict) => maps::equal_dicts(call, one, two),
        (Shape::Range(one), Shape::Range(two)) => Ok(equal_ranges(&one, &two)),
        (left, right) if maps::is_set_like(&left) && maps::is_set_like(&right) => {
            maps::equal_sets(call, one, two)
        }
        (Shape::Other, Shape::Other) => equal_others(call, one, two, depth),
        _ => Ok(false),
    }
}

fn equal_members(call: &mut Call, one: &[Id], two: &[Id], depth: usize) -> Result<bool, Failure> {
    if one.len() != two.len() {
        return Ok(false);
    }
    for (one, two) in one.iter().zip(two) {
        if !same_at(call, *one, *two, depth + 1)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn equal_ranges(one: &[BigInt; 3], two: &[BigInt; 3]) -> bool {
    let length = range_length(one);
    let one_more = BigInt::from(1);
    length == range_length(two)
        && (length < one_more || one[0] == two[0])
        && (length <= one_more || one[2] == two[2])
}

fn equal_others(call: &mut Call, one: Id, two: Id, depth: usize) -> Result<bool, Failure> {
    let (left, right) = (call.view(one), call.view(two));
    if let (Some(left), Some(right)) = (number(&left), number(&right)) {
        return Ok(order_numbers(&left, &right) == Some(Ordering::Equal));
    }
    match (left, right) {
        (View::Slice(one), View::Slice(two)) => equal_members(call, &one, &two, depth),
        _ => Ok(false),
    }
}

/// Whether one builtin value is less than another; a TypeError where they have no order.
pub fn less(call: &mut Call, one: Id, two: Id) -> Result<bool, Failure> {
    less_at(call, one, two, 0)
}

fn less_at(call: &mut Call, one: Id, two: Id, depth: usize) -> Result<bool, Failure> {
    no_user_method(call, one, &["__lt__", "__gt__"])?;
    no_user_method(call, two, &["__lt__", "__gt__"])?;
    if depth > MAX_DEPTH {
        return Err(call.raise("RecursionError", "maximum recursion depth exceeded in comparison"));
    }
    match (shape(call, one), shape(call, two)) {
        (Shape::Str(left), Shape::Str(right)) => return Ok(left < right),
        (Shape::Bytes(left), Shape::Bytes(right)) => return Ok(left < right),
        (Shape::Tuple(left), Shape::Tuple(right)) | (Shape::List(left), Shape::List(right)) => {
            return less_members(call, &left, &right, depth);
        }
        (left, right) if maps::is_set_like(&left) && maps::is_set_like(&right) => {
            return maps::compare_sets(call, "<", one, two);
        }
        _ => {}
    }
    let (left, right) = (call.view(one), call.view(two));
    if let (Some(left), Some(right)) = (number(&left), number(&right)) {
        return Ok(order_numbers(&left, &right) == Some(Ordering::Less));
    }
    if let (View::Slice(left), View::Slice(right)) = (left, right) {
        return less_members(call, &left, &right, depth);
    }
    Err(unordered(call, "<", one, two))
}

/// "'<' not supported between instances of 'str' and 'int'".
pub fn unordered(call: &mut Call, symbol: &str, one: Id, two: Id) -> Failure {
    let (one, two) = (call.type_name(one), call.type_name(two));
    call.type_error(&format!("'{symbol}' not supported between instances of '{one}' and '{two}'"))
}

fn less_members(call: &mut Call, one: &[Id], two: &[Id], depth: usize) -> Result<bool, Failure> {
    for (left, right) in one.iter().zip(two) {
        if !same_at(call, *left, *right, depth + 1)? {
            return less_at(call, *left, *right, depth + 1);
        }
    }
    Ok(one.len() < two.len())
}

/// Whether a builtin value is true; `Undefined` where a user's class decides.
pub fn truth(call: &mut Call, value: Id) -> Result<bool, Failure> {
    no_user_method(call, value, &["__bool__", "__len__"])?;
    if let Some(chain) = chain(call, value) {
        return Ok(chain_at(call, chain, 0).is_some());
    }
    Ok(match shape(call, value) {
        Shape::Str(text) => !text.is_empty(),
        Shape::Bytes(bytes) => !bytes.is_empty(),
        Shape::Tuple(members) | Shape::List(members) => !members.is_empty(),
        Shape::Dict | Shape::Set | Shape::View(..) => maps::size(call, value) > 0,
        Shape::Range(parts) => range_length(&parts) > BigInt::from(0),
        Shape::Iterator | Shape::Generator => true,
        Shape::Other => match call.view(value) {
            View::None | View::Bool(false) => false,
            View::Int(int) => int != BigInt::from(0),
            View::Float(float) => float != 0.0,
            _ => true,
        },
    })
}

// ---- hashes ---------------------------------------------------------------------------------------------

/// What an unhashable value was to be used as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The key of a dict.
    Key,
    /// The element of a set.
    Element,
    /// Neither: the message does not say.
    Plain,
}

/// How the hash of a key is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hashing {
    /// It is that of a builtin value or of an object's identity.
    Builtin,
    /// A user's method computes it.
    User,
}

/// Raises where a value cannot be a key; tells whether a user's method computes its hash.
pub fn hashing(call: &mut Call, value: Id, role: Role) -> Result<Hashing, Failure> {
    match unhashable_part(call, value, 0)? {
        Ok(hashing) => Ok(hashing),
        Err(part) => Err(unhashable(call, value, &part, role)),
    }
}

fn unhashable(call: &mut Call, value: Id, part: &str, role: Role) -> Failure {
    let whole = call.type_name(value);
    let reason = format!("unhashable type: '{part}'");
    let message = match role {
        Role::Key => format!("cannot use '{whole}' as a dict key ({reason})"),
        Role::Element => format!("cannot use '{whole}' as a set element ({reason})"),
        Role::Plain => reason,
    };
    call.type_error(&message)
}

/// How the value is hashed, or the name of the class in it that has no hash.
fn unhashable_part(call: &mut Call, value: Id, depth: usize) -> Result<Result<Hashing, String>, Failure> {
    require(call, value)?;
    if depth > MAX_DEPTH {
        return Err(call.raise("RecursionError", "maximum recursion depth exceeded"));
    }
    if is_user_instance(call, value)
        && let Some(found) = user_hashing(call, value)
    {
        return Ok(found);
    }
    let parts = match shape(call, value) {
        Shape::List(_) | Shape::Dict | Shape::View(Part::Keys | Part::Items, _) => {
            return Ok(Err(call.type_name(value)));
        }
        Shape::Set if !call.is_a(value, "frozenset") => return Ok(Err(call.type_name(value))),
        Shape::Tuple(members) => members,
        Shape::Other => match call.view(value) {
            View::Slice(parts) => parts.to_vec(),
            _ => return Ok(Ok(Hashing::Builtin)),
        },
        _ => return Ok(Ok(Hashing::Builtin)),
    };
    let mut hashing = Hashing::Builtin;
    for part in parts {
        match unhashable_part(call, part, depth + 1)? {
            Ok(Hashing::Builtin) => {}
            Ok(Hashing::User) => hashing = Hashing::User,
            Err(name) => return Ok(Err(name)),
        }
    }
    Ok(Ok(hashing))
}

/// What the classes made by `class` statements say of an instance's hash: the first of them that defines
/// `__hash__` or `__eq__` decides, and `__eq__` alone means that there is none.
fn user_hashing(call: &mut Call, value: Id) -> Option<Result<Hashing, String>> {
    let class = call.class_of(value);
    let name = call.class_name(class);
    for owner in call.mro(class)? {
        if !call.is_user_class(owner) {
            return None;
        }
        match (call.own_attribute(owner, "__hash__"), call.own_attribute(owner, "__eq__")) {
            (Some(found), _) if call.view(found) == View::None => return Some(Err(name)),
            (Some(_), _) => return Some(Ok(Hashing::User)),
            (None, Some(_)) => return Some(Err(name)),
            (None, None) => {}
        }
    }
    None
}

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
    let Some(primitive) = crate::python::builtins::find(name) else { return Err(Failure::Undefined) };
    let saved = std::mem::replace(&mut call.args, args.to_vec());
    let keywords = std::mem::take(&mut call.keywords);
    let answer = primitive(call);
    call.args = saved;
    call.keywords = keywords;
    answer
}
