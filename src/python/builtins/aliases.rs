//! Types with parameters, such as `list[int]`: `types.GenericAlias`. A union of types is in [`numbers`](super::numbers).

use egg::Id;

use crate::python::builtins::compare::same;
use crate::python::builtins::display::represent::{qualified_name, repr};
use crate::python::builtins::numbers::union_members;
use crate::python::builtins::support::Outcome;
use crate::python::builtins::{Table, support};
use crate::python::values::names::names;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Answer, Call, Failure, Objects, View};

/// The primitives of this file.
pub const TABLE: Table = &[
    ("GenericAlias.__mro_entries__", mro_entries),
    ("prim.alias", make),
    ("prim.is_alias", is_alias),
    ("prim.alias_text", alias_text),
    ("prim.parameter_text", parameter_text),
];

/// The class of these types, as messages have it.
const CLASS: &str = "GenericAlias";

/// `origin[parameters]`: one that is no tuple stands for a tuple of one.
pub fn alias(call: &mut Call, origin: Id, parameters: Id) -> Id {
    let given = match call.view(parameters) {
        View::Tuple(given) => given,
        _ => vec![parameters],
    };
    let parts: Vec<Id> = std::iter::once(origin).chain(given).collect();
    call.wrapper(CLASS, &parts)
}

/// The origin of a type with parameters, and the parameters.
pub fn parts(call: &mut Objects, value: Id) -> Option<(Id, Vec<Id>)> {
    if call.cx.bank.op(value) != names().object {
        return None;
    }
    let class = call.class_of(value);
    if call.is_user_class(class) || call.class_name(class) != CLASS {
        return None;
    }
    let mut parts = call.wrapped(value)?;
    (!parts.is_empty()).then(|| (parts.remove(0), parts))
}

/// What such a type, or a union, is equal by: the origin and the parameters; whether their order matters.
fn contents(call: &mut Call, value: Id) -> Option<(Vec<Id>, bool)> {
    match parts(call, value) {
        Some((origin, given)) => Some((std::iter::once(origin).chain(given).collect(), true)),
        None => union_members(call, value).map(|members| (members, false)),
    }
}

/// What the hash of a type with parameters is made of.
pub fn hashed(call: &mut Call, value: Id) -> Option<Vec<Id>> {
    parts(call, value).map(|(origin, given)| std::iter::once(origin).chain(given).collect())
}

/// Whether two types are equal that are no classes; `None` where one is something else.
pub fn equal(call: &mut Call, left: Id, right: Id) -> Outcome<Option<bool>> {
    let (Some((left, ordered)), Some((right, other))) = (contents(call, left), contents(call, right)) else {
        return Ok(None);
    };
    if ordered != other || left.len() != right.len() {
        return Ok(Some(false));
    }
    for (place, one) in left.iter().enumerate() {
        let among = if ordered { &right[place..=place] } else { &right[..] };
        let mut found = false;
        for two in among {
            found = found || same(call, *one, *two)?;
        }
        if !found {
            return Ok(Some(false));
        }
    }
    Ok(Some(true))
}

/// `list[int]`, `tuple[int, ...]`, `collections.abc.Callable[[int], str]`.
pub fn written(call: &mut Call, value: Id) -> Outcome<Option<String>> {
    let Some((origin, given)) = parts(call, value) else { return Ok(None) };
    let mut texts = Vec::new();
    for each in given {
        texts.push(parameter(call, each)?);
    }
    Ok(Some(joined(call, origin, texts)))
}

fn joined(call: &mut Call, origin: Id, mut texts: Vec<String>) -> String {
    let origin = qualified_name(call, origin);
    if texts.is_empty() {
        texts.push("()".to_string());
    } else if origin == "collections.abc.Callable" && texts.first().is_some_and(|text| text != "...") {
        let result = texts.pop().unwrap_or_default();
        texts = vec![format!("[{}]", texts.join(", ")), result];
    }
    format!("{origin}[{}]", texts.join(", "))
}

/// A type as the parameters of another are written, and as the members of a union.
pub fn parameter(call: &mut Call, value: Id) -> Outcome<String> {
    let op = call.cx.bank.op(value);
    match op {
        op if op == names().ellipsis => Ok("...".to_string()),
        op if op == vocabulary().class => Ok(qualified_name(call, value)),
        _ => repr(call, value),
    }
}

/// An attribute: its own three, and otherwise the origin's.
pub fn attribute(call: &mut Objects, value: Id, name: &str) -> Result<Option<Id>, Failure> {
    if name == "__args__"
        && let Some(members) = union_members(call, value)
    {
        return Ok(Some(call.tuple(&members)));
    }
    let Some((origin, given)) = parts(call, value) else { return Ok(None) };
    match name {
        "__origin__" => Ok(Some(origin)),
        "__args__" => Ok(Some(call.tuple(&given))),
        "__class__" | "__mro_entries__" | "__parameters__" => Ok(None),
        _ => call.attribute(origin, name),
    }
}

/// The fault of giving parameters to a type that has no variables in the place of some.
pub fn no_generic(call: &mut Call, value: Id) -> Outcome<Failure> {
    let Some((_, given)) = parts(call, value) else { return Err(Failure::Undefined) };
    if given.iter().any(|each| call.cx.bank.op(*each) == names().object) {
        return Err(support::not_modelled(call, "a type with parameters that is given others"));
    }
    let text = repr(call, value)?;
    Ok(call.type_error(&format!("{text} is not a generic class")))
}

/// As a base of a class it stands for its origin.
fn mro_entries(call: &mut Call) -> Answer {
    let value = call.args.first().copied().ok_or(Failure::Undefined)?;
    let (origin, _) = parts(call, value).ok_or(Failure::Undefined)?;
    Ok(call.tuple(&[origin]))
}

fn make(call: &mut Call) -> Answer {
    let [origin, parameters] = call.args[..] else { return Err(Failure::Undefined) };
    Ok(alias(call, origin, parameters))
}

fn is_alias(call: &mut Call) -> Answer {
    let value = call.args.first().copied().ok_or(Failure::Undefined)?;
    let yes = parts(call, value).is_some();
    Ok(call.bool(yes))
}

/// What a type with parameters is written as, where these are the texts of the parameters.
fn alias_text(call: &mut Call) -> Answer {
    let [value, texts] = call.args[..] else { return Err(Failure::Undefined) };
    let (origin, _) = parts(call, value).ok_or(Failure::Undefined)?;
    let View::Tuple(texts) = call.view(texts) else { return Err(Failure::Undefined) };
    let texts = texts.into_iter().map(|text| call.text(text).unwrap_or_default()).collect();
    let text = joined(call, origin, texts);
    Ok(call.str(&text))
}

fn parameter_text(call: &mut Call) -> Answer {
    let value = call.args.first().copied().ok_or(Failure::Undefined)?;
    let text = parameter(call, value)?;
    Ok(call.str(&text))
}
