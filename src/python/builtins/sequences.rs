//! Displays, subscripts and the methods of lists, tuples and ranges.

use egg::Id;
use num_bigint::BigInt;
use num_traits::ToPrimitive;

use crate::python::builtins::Table;
use crate::python::builtins::containers::{
    Arity, Shape, chain, chain_at, chain_length, clamp, function, index, is_user_instance, less, method,
    no_user_method, position, receiver, require, required_index, same, shape, truth, user_attribute,
};
use crate::python::builtins::fields::keyword_hint;
use crate::python::builtins::iterators::{advance, found_in, iterator, members_of, own_members};
use crate::python::builtins::maps;
use crate::python::builtins::support::{range_length, too_large};
use crate::python::values::names::names;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Answer, Call, Failure, View};

/// The primitives of this file.
pub const TABLE: Table = &[
    ("list_display", list_display),
    ("tuple_display", tuple_display),
    ("getitem", getitem),
    ("setitem", setitem),
    ("delitem", delitem),
    ("contains", contains),
    ("len", len),
    ("unpack", unpack),
    ("list", list),
    ("list.__init__", list_init),
    ("tuple", tuple),
    ("bytes", bytes),
    ("range", range),
    ("slice", slice),
    ("list.append", list_append),
    ("list.extend", list_extend),
    ("list.insert", list_insert),
    ("list.pop", list_pop),
    ("list.remove", list_remove),
    ("list.clear", list_clear),
    ("list.index", |call| find_index(call, "list.index")),
    ("list.count", |call| count(call, "list.count")),
    ("list.reverse", list_reverse),
    ("list.copy", list_copied),
    ("list.sort", list_sort),
    ("sorted", sorted_members),
    ("sorted_pairs", sorted_pairs),
    ("tuple.index", |call| find_index(call, "tuple.index")),
    ("tuple.count", |call| count(call, "tuple.count")),
    ("range.index", range_index),
    ("range.count", range_count),
    ("range.start", |call| part(call, 0)),
    ("range.stop", |call| part(call, 1)),
    ("range.step", |call| part(call, 2)),
    ("slice.start", |call| part(call, 0)),
    ("slice.stop", |call| part(call, 1)),
    ("slice.step", |call| part(call, 2)),
    ("slice.indices", slice_indices),
    ("append", append),
    ("length", length),
    ("item", item),
    ("list_copy", list_copy),
    ("list_set", list_set),
    ("list_replace", list_replace),
    ("slice_indices", slice_indices),
];

// ---- displays and constructors --------------------------------------------------------------------------

fn list_display(call: &mut Call) -> Answer {
    let members = call.args.clone();
    Ok(call.list(&members))
}

fn tuple_display(call: &mut Call) -> Answer {
    let members = call.args.clone();
    Ok(call.tuple(&members))
}

/// The members of the only argument of a constructor, if there is one.
fn constructor(call: &mut Call, class: &str) -> Result<Vec<Id>, Failure> {
    match function(call, class, Arity::Between(0, 1))?[..] {
        [iterable] => {
            require(call, iterable)?;
            members_of(call, iterable)
        }
        _ => Ok(Vec::new()),
    }
}

fn list(call: &mut Call) -> Answer {
    let members = constructor(call, "list")?;
    Ok(call.list(&members))
}

fn list_init(call: &mut Call) -> Answer {
    let this = receiver(call, "list.__init__")?;
    let all = std::mem::take(&mut call.args);
    call.args = all[1..].to_vec();
    let members = constructor(call, "list");
    call.args = all;
    call.set_list(this, &members?);
    Ok(call.none())
}

fn tuple(call: &mut Call) -> Answer {
    if let [value] = call.args[..] {
        let builtin = call.class("tuple");
        if call.class_of(value) == builtin && call.keywords.is_empty() {
            return Ok(value);
        }
    }
    let members = constructor(call, "tuple")?;
    Ok(call.tuple(&members))
}

fn bytes(call: &mut Call) -> Answer {
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
        [text, ..] if matches!(shape(call, text), Shape::Str(_)) => {
            let Some(encode) = crate::python::builtins::find("str.encode") else {
                return Err(Failure::Undefined);
            };
            encode(call)
        }
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
        None => Err(call.raise("OverflowError", "cannot fit 'int' into an index-sized integer")),
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

fn range(call: &mut Call) -> Answer {
    let args = function(call, "range", Arity::Between(1, 3))?;
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

fn slice(call: &mut Call) -> Answer {
    let args = function(call, "slice", Arity::Between(1, 3))?;
    let none = call.none();
    let parts = match args[..] {
        [stop] => [none, stop, none],
        [start, stop] => [start, stop, none],
        _ => [args[0], args[1], args[2]],
    };
    Ok(call.new_slice(parts))
}

/// An attribute of a range or slice.
fn part(call: &mut Call, number: usize) -> Answer {
    let [value, ..] = call.args[..] else { return Err(Failure::Undefined) };
    match call.view(value) {
        View::Range(parts) => Ok(call.int(parts[number].clone())),
        View::Slice(parts) => Ok(parts[number]),
        _ => Err(Failure::Undefined),
    }
}

// ---- slices ---------------------------------------------------------------------------------------------

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
    let (this, args) = method(call, "slice.indices", Arity::One)?;
    let View::Slice(parts) = call.view(this) else { return Err(Failure::Undefined) };
    let length = required_index(call, args[0])?;
    if length < BigInt::from(0) {
        return Err(call.value_error("length should not be negative"));
    }
    let indices = bounds(call, parts, &length)?.map(|bound| call.int(bound));
    Ok(call.tuple(&indices))
}

// ---- subscripts -----------------------------------------------------------------------------------------

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
        _ if call.cx.bank.op(container).as_str() == "class" => class_item(call, container),
        _ => {
            let name = call.type_name(container);
            Err(call.type_error(&format!("'{name}' object is not subscriptable")))
        }
    }
}

fn class_item(call: &mut Call, class: Id) -> Answer {
    if let Some((owner, _)) = call.class_attribute(class, "__class_getitem__")
        && call.is_user_class(owner)
    {
        return Err(Failure::Undefined);
    }
    let order = call.mro(class).unwrap_or_default();
    if order.iter().any(|class| GENERIC.contains(&call.class_name(*class).as_str())) {
        return Ok(class);
    }
    let name = call.class_name(class);
    Err(call.type_error(&format!("type '{name}' is not subscriptable")))
}

/// A position in a sequence of that length.
fn place_in(call: &mut Call, at: &BigInt, length: usize, outside: &str) -> Result<usize, Failure> {
    let Some(at) = at.to_i64() else {
        return Err(call.raise("IndexError", "cannot fit 'int' into an index-sized integer"));
    };
    let size = i64::try_from(length).unwrap_or(i64::MAX);
    let place = usize::try_from(if at < 0 { at + size } else { at }).ok().filter(|place| *place < length);
    place.ok_or_else(|| call.raise("IndexError", outside))
}

/// "list indices must be integers or slices, not str".
fn wrong_index(call: &mut Call, container: Id, key: Id) -> Failure {
    let name = call.type_name(key);
    let message = match shape(call, container) {
        Shape::Str(_) => format!("string indices must be integers, not '{name}'"),
        Shape::Bytes(_) => format!("byte indices must be integers or slices, not {name}"),
        Shape::Tuple(_) => format!("tuple indices must be integers or slices, not {name}"),
        Shape::Range(_) => format!("range indices must be integers or slices, not {name}"),
        _ => format!("list indices must be integers or slices, not {name}"),
    };
    call.type_error(&message)
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
fn element_count(call: &Call, sequence: Id) -> Option<usize> {
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
        return one_of(call, &shape, place);
    }
    match call.view(key) {
        View::Slice(parts) => {
            let places = selected(call, parts, length)?;
            some_of(call, &shape, &places)
        }
        _ => Err(wrong_index(call, sequence, key)),
    }
}

fn sequence_length(shape: &Shape) -> usize {
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

// ---- membership and size --------------------------------------------------------------------------------

/// `contains(container, value)`: `value in container`.
fn contains(call: &mut Call) -> Answer {
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
    if ["__iter__", "__getitem__"].iter().any(|name| user_attribute(call, container, name).is_some()) {
        return Failure::Undefined;
    }
    let name = call.type_name(container);
    call.type_error(&format!("argument of type '{name}' is not a container or iterable"))
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
fn in_range(call: &mut Call, parts: &[BigInt; 3], value: Id) -> Result<Option<BigInt>, Failure> {
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

fn len(call: &mut Call) -> Answer {
    let args = function(call, "len", Arity::One)?;
    no_user_method(call, args[0], &["__len__"])?;
    own_length(call, args[0])
}

/// `prim.length(container)`.
fn length(call: &mut Call) -> Answer {
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

// ---- unpacking ------------------------------------------------------------------------------------------

/// `unpack(value, before, after)`: the values for so many targets; with `after` not negative, also a list of
/// what is between, and the values for the targets behind the star.
fn unpack(call: &mut Call) -> Answer {
    let [value, before, after] = call.args[..] else { return Err(Failure::Undefined) };
    let before = call.integer(before).and_then(|count| count.to_usize()).ok_or(Failure::Undefined)?;
    let after = call.integer(after).and_then(|count| count.to_usize());
    no_user_method(call, value, &["__iter__", "__getitem__"])?;
    match (shape(call, value), after) {
        (Shape::Generator, _) => Err(Failure::Undefined),
        (Shape::Other, _) => {
            let name = call.type_name(value);
            Err(call.type_error(&format!("cannot unpack non-iterable {name} object")))
        }
        (_, Some(after)) => unpack_starred(call, value, before, after),
        (shape, None) => unpack_plain(call, value, before, &shape),
    }
}

fn unpack_plain(call: &mut Call, value: Id, wanted: usize, shape: &Shape) -> Answer {
    let counted = is_counted(call, value);
    let members = match shape {
        Shape::Iterator | Shape::Range(_) => first_members(call, value, wanted + 1)?,
        _ => members_of(call, value)?,
    };
    let got = members.len();
    if got == wanted {
        return Ok(call.tuple(&members));
    }
    Err(match (got > wanted, counted) {
        (true, true) => {
            call.value_error(&format!("too many values to unpack (expected {wanted}, got {got})"))
        }
        (true, false) => call.value_error(&format!("too many values to unpack (expected {wanted})")),
        (false, _) => {
            call.value_error(&format!("not enough values to unpack (expected {wanted}, got {got})"))
        }
    })
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
        let message = format!("not enough values to unpack (expected at least {wanted}, got {got})");
        return Err(call.value_error(&message));
    }
    let rest: Vec<Id> = members.drain(before..got - after).collect();
    let rest = call.list(&rest);
    members.insert(before, rest);
    Ok(call.tuple(&members))
}

// ---- lists ----------------------------------------------------------------------------------------------

/// The members of a list or tuple.
fn members(call: &Call, sequence: Id) -> Result<Vec<Id>, Failure> {
    match shape(call, sequence) {
        Shape::List(members) | Shape::Tuple(members) => Ok(members),
        _ => Err(Failure::Undefined),
    }
}

fn list_append(call: &mut Call) -> Answer {
    let (this, args) = method(call, "list.append", Arity::One)?;
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
    let (this, args) = method(call, "list.extend", Arity::One)?;
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
    let (this, args) = method(call, "list.insert", Arity::Exactly(2))?;
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
    let (this, args) = method(call, "list.pop", Arity::Between(0, 1))?;
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
    let (this, args) = method(call, "list.remove", Arity::One)?;
    let mut all = members(call, this)?;
    let Some(place) = position(call, &all, args[0])? else {
        return Err(call.value_error("list.remove(x): x not in list"));
    };
    all.remove(place);
    call.set_list(this, &all);
    Ok(call.none())
}

fn list_clear(call: &mut Call) -> Answer {
    let (this, _) = method(call, "list.clear", Arity::None)?;
    call.set_list(this, &[]);
    Ok(call.none())
}

fn find_index(call: &mut Call, name: &str) -> Answer {
    let (this, args) = method(call, name, Arity::Between(1, 3))?;
    let all = members(call, this)?;
    let start = limit(call, args.get(1), 0)?;
    let stop = limit(call, args.get(2), i64::MAX)?;
    let (start, stop) = (clipped(start, all.len()), clipped(stop, all.len()));
    let part = all.get(start..stop).unwrap_or_default();
    match position(call, part, args[0])? {
        Some(place) => Ok(call.int(start + place)),
        None => {
            let class = name.split('.').next().unwrap_or(name);
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

fn count(call: &mut Call, name: &str) -> Answer {
    let (this, args) = method(call, name, Arity::One)?;
    let mut found = 0;
    for member in members(call, this)? {
        found += usize::from(same(call, member, args[0])?);
    }
    Ok(call.int(found))
}

fn list_reverse(call: &mut Call) -> Answer {
    let (this, _) = method(call, "list.reverse", Arity::None)?;
    let mut all = members(call, this)?;
    all.reverse();
    call.set_list(this, &all);
    Ok(call.none())
}

fn list_copied(call: &mut Call) -> Answer {
    let (this, _) = method(call, "list.copy", Arity::None)?;
    let all = members(call, this)?;
    Ok(call.list(&all))
}

// ---- sorting --------------------------------------------------------------------------------------------

fn list_sort(call: &mut Call) -> Answer {
    let this = receiver(call, "list.sort")?;
    if call.args.len() > 1 {
        return Err(call.type_error("sort() takes no positional arguments"));
    }
    let backwards = sort_order(call)?;
    let all = members(call, this)?;
    let all = sorted_by(call, all, backwards)?;
    call.set_list(this, &all);
    Ok(call.none())
}

/// `sorted(iterable)`; the library does what has to call a method or a key.
fn sorted_members(call: &mut Call) -> Answer {
    let [iterable] = call.args[..] else { return Err(Failure::Undefined) };
    let backwards = sort_order(call)?;
    let all = members_of(call, iterable)?;
    let all = sorted_by(call, all, backwards)?;
    Ok(call.list(&all))
}

/// `prim.sorted_pairs(pairs)`: pairs of a key and a member in the order of their keys; None where a method of the
/// program has to be called, or keys have no order.
fn sorted_pairs(call: &mut Call) -> Answer {
    let [pairs] = call.args[..] else { return Err(Failure::Undefined) };
    let all = members(call, pairs)?;
    match sorted(call, all, less_key) {
        Ok(all) => Ok(call.list(&all)),
        Err(_) => Ok(call.none()),
    }
}

fn less_key(call: &mut Call, one: Id, two: Id) -> Result<bool, Failure> {
    let key = |pair: Id| chain(call, pair).and_then(|members| chain_at(call, members, 0));
    let (Some(one), Some(two)) = (key(one), key(two)) else { return Err(Failure::Undefined) };
    less(call, one, two)
}

/// Whether one member comes before another.
type Less = fn(&mut Call, Id, Id) -> Result<bool, Failure>;

/// Whether the keywords of a sort ask for the other order.
fn sort_order(call: &mut Call) -> Result<bool, Failure> {
    let mut backwards = false;
    for (name, value) in call.keywords.clone() {
        match name.as_str() {
            "key" if call.view(value) == View::None => {}
            "key" => return Err(Failure::Undefined),
            "reverse" => backwards = truth(call, value)?,
            _ => {
                let hint = keyword_hint(&name, &["key", "reverse"]);
                let message = format!("sort() got an unexpected keyword argument '{name}'{hint}");
                return Err(call.type_error(&message));
            }
        }
    }
    Ok(backwards)
}

fn sorted_by(call: &mut Call, mut all: Vec<Id>, backwards: bool) -> Result<Vec<Id>, Failure> {
    // Reversed before and after, equal members keep their order.
    if backwards {
        all.reverse();
    }
    let mut all = sorted(call, all, less)?;
    if backwards {
        all.reverse();
    }
    Ok(all)
}

/// The most members that CPython sorts by insertion alone.
const SMALL: usize = 64;

/// The members in order. Up to [`SMALL`] members, they are compared in the order in which CPython compares
/// them, which decides what a TypeError says.
fn sorted(call: &mut Call, mut members: Vec<Id>, less: Less) -> Result<Vec<Id>, Failure> {
    if members.len() >= SMALL {
        let right = members.split_off(members.len() / 2);
        let left = sorted(call, members, less)?;
        let right = sorted(call, right, less)?;
        return merged(call, &left, &right, less);
    }
    let run = first_run(call, &mut members, less)?;
    for place in run..members.len() {
        let pivot = members.remove(place);
        let (mut low, mut high) = (0, place);
        while low < high {
            let middle = low + (high - low) / 2;
            if less(call, pivot, members[middle])? {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        members.insert(low, pivot);
    }
    Ok(members)
}

/// The length of the run at the start, which is in order afterwards.
fn first_run(call: &mut Call, members: &mut [Id], less: Less) -> Result<usize, Failure> {
    let mut end = members.len().min(1);
    let mut descends = false;
    while end < members.len() {
        let smaller = less(call, members[end], members[end - 1])?;
        if end == 1 {
            descends = smaller;
        }
        if smaller != descends {
            break;
        }
        end += 1;
    }
    if descends {
        members[..end].reverse();
    }
    Ok(end)
}

fn merged(call: &mut Call, left: &[Id], right: &[Id], less: Less) -> Result<Vec<Id>, Failure> {
    let (mut left, mut right) = (left, right);
    let mut all = Vec::with_capacity(left.len() + right.len());
    while let ([first, left_rest @ ..], [second, right_rest @ ..]) = (left, right) {
        if less(call, *second, *first)? {
            all.push(*second);
            right = right_rest;
        } else {
            all.push(*first);
            left = left_rest;
        }
    }
    all.extend(left.iter().chain(right));
    Ok(all)
}

// ---- ranges ---------------------------------------------------------------------------------------------

fn range_place(call: &mut Call, name: &str) -> Result<(Id, Option<BigInt>), Failure> {
    let (this, args) = method(call, name, Arity::One)?;
    let View::Range(parts) = call.view(this) else { return Err(Failure::Undefined) };
    Ok((args[0], in_range(call, &parts, args[0])?))
}

fn range_index(call: &mut Call) -> Answer {
    let (value, place) = range_place(call, "range.index")?;
    match place {
        Some(place) => Ok(call.int(place)),
        None => {
            let kind = if call.integer(value).is_some() { "range" } else { "sequence" };
            Err(call.value_error(&format!("{kind}.index(x): x not in {kind}")))
        }
    }
}

fn range_count(call: &mut Call) -> Answer {
    let (_, place) = range_place(call, "range.count")?;
    Ok(call.int(u8::from(place.is_some())))
}

// ---- what the library asks of sequences -------------------------------------------------------------------

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
