//! The special methods of builtin classes: `list.__len__`, `int.__add__` and the like.
//!
//! They act on what the object holds, whatever a deriving class defines: a user's `__getitem__` may call
//! `super().__getitem__`.

use egg::Id;

use crate::python::builtins::Table;
use crate::python::builtins::containers::{Shape, apply, is_user_instance, plain, shape};
use crate::python::builtins::iterators::{own_iterator, own_next, reversed};
use crate::python::builtins::maps;
use crate::python::builtins::sequences::{
    extend, own_contains, own_delitem, own_item, own_length, own_setitem,
};
use crate::python::builtins::signatures::this;
use crate::python::values::names::names;
use crate::python::values::{Answer, Call, Failure, Primitive, View};

/// What a special method takes, behind its object.
#[rustfmt::skip]
macro_rules! parameters {
    (iter) => { "self, /" };
    (next) => { "self, /" };
    (len) => { "self, /" };
    (reversed) => { "self, /" };
    (repr) => { "self, /" };
    (str) => { "self, /" };
    (hash) => { "self, /" };
    (bool) => { "self, /" };
    (int) => { "self, /" };
    (index) => { "self, /" };
    (float) => { "self, /" };
    (neg) => { "self, /" };
    (pos) => { "self, /" };
    (abs) => { "self, /" };
    (invert) => { "self, /" };
    (setitem) => { "self, key, value, /" };
    (round) => { "self, ndigits=None, /" };
    (pow) => { "self, value, mod=None, /" };
    (rpow) => { "self, value, mod=None, /" };
    ($other:ident) => { "self, value, /" };
}

/// The entry of a special method; `$word` is "" where it stands for a slot.
macro_rules! special {
    ($word:literal, $class:literal, $method:ident) => {
        (concat!($word, $class, ".__", stringify!($method), "__(", parameters!($method), ")"), {
            const PRIMITIVE: Primitive =
                |call| special(call, concat!($class, ".__", stringify!($method), "__"));
            PRIMITIVE
        })
    };
}

/// The special methods of each class: those that stand for slots, then others.
macro_rules! methods {
    ($($class:literal: [$($slot:ident)*] [$($method:ident)*],)*) => {
        &[
            ("dict_getitem", |call| part_of_dict(call, "getitem")),
            ("dict_setitem", |call| part_of_dict(call, "setitem")),
            ("dict_delitem", |call| part_of_dict(call, "delitem")),
            $($(special!("", $class, $slot),)* $(special!("method ", $class, $method),)*)*
        ]
    };
}

/// The primitives of this file.
pub const TABLE: Table = methods! {
    "list": [iter len setitem delitem contains eq ne lt le gt ge add mul rmul iadd imul repr] [getitem reversed],
    "tuple": [iter len getitem contains eq ne lt le gt ge add mul rmul hash repr] [],
    "str": [iter len getitem contains eq ne lt le gt ge add mul rmul mod hash repr str] [format],
    "bytes": [iter len getitem contains eq ne lt le gt ge add mul rmul hash repr] [],
    "range": [iter len getitem contains eq ne hash bool repr] [reversed],
    "dict": [iter len setitem delitem eq ne or ror ior repr] [getitem contains reversed],
    "dict_keys": [iter len contains eq ne lt le gt ge or ror and rand sub rsub xor rxor repr] [reversed],
    "dict_values": [iter len repr] [reversed],
    "dict_items": [iter len contains eq ne lt le gt ge or ror and rand sub rsub xor rxor repr] [reversed],
    "set": [iter len eq ne lt le gt ge or ror and rand sub rsub xor rxor ior iand isub ixor repr] [contains],
    "frozenset": [iter len eq ne lt le gt ge or ror and rand sub rsub xor rxor hash repr] [contains],
    "slice": [eq ne hash repr] [],
    "int": [eq ne lt le gt ge add radd sub rsub mul rmul truediv rtruediv floordiv rfloordiv mod
        rmod pow rpow divmod rdivmod and rand or ror xor rxor lshift rlshift rshift rrshift
        neg pos abs invert bool int index float hash repr] [format round],
    "float": [eq ne lt le gt ge add radd sub rsub mul rmul truediv rtruediv floordiv rfloordiv mod
        rmod pow rpow divmod rdivmod neg pos abs bool int float hash repr] [format round],
    "bool": [and rand or ror xor rxor invert repr] [],
    "NoneType": [bool repr hash eq ne] [],
    "list_iterator": [iter next] [],
    "list_reverseiterator": [iter next] [],
    "tuple_iterator": [iter next] [],
    "str_iterator": [iter next] [],
    "str_ascii_iterator": [iter next] [],
    "bytes_iterator": [iter next] [],
    "range_iterator": [iter next] [],
    "longrange_iterator": [iter next] [],
    "set_iterator": [iter next] [],
    "dict_keyiterator": [iter next] [],
    "dict_valueiterator": [iter next] [],
    "dict_itemiterator": [iter next] [],
    "dict_reversekeyiterator": [iter next] [],
    "dict_reversevalueiterator": [iter next] [],
    "dict_reverseitemiterator": [iter next] [],
};

/// A special method of a builtin class, by its full name.
fn special(call: &mut Call, name: &str) -> Answer {
    let this = this(call)?;
    let (_, method) = name.split_once('.').unwrap_or(("", name));
    let bare = method.trim_matches('_');
    let answer = act(call, this, bare, name);
    match answer {
        Err(Failure::Undefined) => Err(delegated(call, this, bare)),
        answer => answer,
    }
}

fn act(call: &mut Call, this: Id, method: &str, name: &str) -> Answer {
    let args = call.args[1..].to_vec();
    match (method, &args[..]) {
        ("iter", _) => own_iterator(call, this),
        ("next", _) => own_next(call),
        ("reversed", _) => reversed(call, this),
        ("len", _) => own_length(call, this),
        ("getitem", [key]) => own_item(call, this, *key),
        ("setitem", [key, value]) => own_setitem(call, this, *key, *value),
        ("delitem", [key]) => own_delitem(call, this, *key),
        ("contains", [value]) => own_contains(call, this, *value),
        ("iadd", [other]) => extend(call, this, *other).map(|()| this),
        ("imul", [times]) => repeat_in_place(call, this, *times),
        ("ior", [other]) if shape(call, this) == Shape::Dict => {
            maps::update(call, this, Some(*other)).map(|()| this)
        }
        ("ior" | "iand" | "isub" | "ixor", [other]) => change_set(call, this, *other, method),
        ("index", _) => {
            let int = call.integer(this).unwrap_or_default();
            Ok(call.int(int))
        }
        ("eq" | "ne" | "lt" | "le" | "gt" | "ge", [other]) if !comparable(call, this, *other) => {
            Ok(not_implemented(call))
        }
        _ => forward(call, this, method, name),
    }
}

fn part_of_dict(call: &mut Call, method: &str) -> Answer {
    match (method, &call.args.clone()[..]) {
        ("getitem", [this, key]) => own_item(call, *this, *key),
        ("setitem", [this, key, value]) => own_setitem(call, *this, *key, *value),
        ("delitem", [this, key]) => own_delitem(call, *this, *key),
        _ => Err(Failure::Undefined),
    }
}

fn repeat_in_place(call: &mut Call, list: Id, times: Id) -> Answer {
    let plain = plain(call, list);
    let repeated = apply(call, "mul", &[plain, times])?;
    if let View::List(members) = call.view(repeated) {
        call.set_list(list, &members);
    }
    Ok(list)
}

fn change_set(call: &mut Call, set: Id, other: Id, method: &str) -> Answer {
    if shape(call, other) != Shape::Set {
        return Ok(not_implemented(call));
    }
    let (left, other) = (plain(call, set), plain(call, other));
    let result = apply_operator(call, method, &[left, other])?;
    let held = maps::held(call, result);
    maps::set_held(call, set, &held);
    Ok(set)
}

fn apply_operator(call: &mut Call, op: &str, args: &[Id]) -> Answer {
    let saved = std::mem::replace(&mut call.args, args.to_vec());
    let answer = maps::operate(call, op);
    call.args = saved;
    answer
}

fn not_implemented(call: &mut Call) -> Id {
    call.cx.bank.make(names().not_implemented, &[])
}

/// Whether the class of the first has comparisons with the second.
fn comparable(call: &mut Call, one: Id, two: Id) -> bool {
    let (left, right) = (shape(call, one), shape(call, two));
    if left != Shape::Other || right != Shape::Other {
        return std::mem::discriminant(&left) == std::mem::discriminant(&right)
            || maps::is_set_like(&left) && maps::is_set_like(&right);
    }
    matches!(
        (call.view(one), call.view(two)),
        (View::Float(_), View::Float(_) | View::Int(_) | View::Bool(_))
            | (View::Int(_) | View::Bool(_), View::Int(_) | View::Bool(_))
            | (View::Slice(_), View::Slice(_))
            | (View::None, View::None)
    )
}

/// The primitive that computes what a special method does, and whether the operands are swapped.
fn operator_of(method: &str) -> (&str, bool) {
    match method {
        "or" => ("or_", false),
        "ror" => ("or_", true),
        "and" => ("and_", false),
        "rand" => ("and_", true),
        "radd" | "rsub" | "rmul" | "rtruediv" | "rfloordiv" | "rmod" | "rpow" | "rdivmod" | "rxor"
        | "rlshift" | "rrshift" => (&method[1..], true),
        _ => (method, false),
    }
}

fn forward(call: &mut Call, this: Id, method: &str, name: &str) -> Answer {
    let (operator, args) = operands(call, this, method);
    let wider =
        |arg: &Id| matches!(call.view(*arg), View::Float(_)) || !call.is_long(this) && call.is_long(*arg);
    if name.starts_with("int.") && args.iter().any(wider) {
        return Ok(not_implemented(call));
    }
    let answer = match apply_operator(call, operator, &args) {
        Err(Failure::Undefined) => apply(call, operator, &args),
        answer => answer,
    };
    match answer {
        Err(Failure::Mismatch(_)) if args.len() == 2 => Ok(not_implemented(call)),
        answer => answer,
    }
}

/// The operator, and its operands as plain builtin values.
fn operands<'a>(call: &mut Call, this: Id, method: &'a str) -> (&'a str, Vec<Id>) {
    let (operator, swapped) = operator_of(method);
    let mut args = vec![plain(call, this)];
    let others = call.args[1..].to_vec();
    for arg in others {
        let held = !matches!(shape(call, arg), Shape::Other) || call.view(arg) != View::Other;
        args.push(if held && is_user_instance(call, arg) { plain(call, arg) } else { arg });
    }
    if swapped {
        args.swap(0, 1);
    }
    (operator, args)
}

/// Where the method asks for a user's code, the library's function for the operator is called.
fn delegated(call: &mut Call, this: Id, method: &str) -> Failure {
    let is_dict = shape(call, this) == Shape::Dict;
    let (operator, args) = match method {
        "getitem" | "setitem" | "delitem" if is_dict => (format!("dict_{method}"), call.args.clone()),
        "setitem" | "delitem" | "iter" | "next" => return Failure::Undefined,
        _ => {
            let (operator, args) = operands(call, this, method);
            (operator.to_string(), args)
        }
    };
    let name = call.atom(&operator);
    let function = call.cx.bank.make(names().builtin, &[name]);
    Failure::Delegated(function, args)
}
