//! Searching.

use egg::Id;
use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive};

use super::characters::own_text;
use crate::python::builtins::Table;
use crate::python::builtins::signatures::arguments;
use crate::python::builtins::support::{Outcome, known, unless_overridden};
use crate::python::values::{Answer, Call, Failure, View};

/// The primitives of this file.
pub const TABLE: Table = &[
    ("str.find(self, sub, start=None, end=None, /)", find),
    ("str.rfind(self, sub, start=None, end=None, /)", rfind),
    ("str.index(self, sub, start=None, end=None, /)", index_of),
    ("str.rindex(self, sub, start=None, end=None, /)", rindex_of),
    ("str.count(self, sub, start=None, end=None, /)", count),
    ("str.startswith(self, prefix, start=None, end=None, /)", startswith),
    ("str.endswith(self, suffix, start=None, end=None, /)", endswith),
];

/// A part of a text, in characters, with the place where it starts.
fn part_of(
    call: &mut Call,
    text: &[char],
    start: Option<Id>,
    stop: Option<Id>,
) -> Outcome<Option<(usize, usize)>> {
    let (start, stop) = bounds(call, text.len(), start, stop)?;
    Ok((start <= stop).then_some((start, stop)))
}

pub(super) fn bounds(
    call: &mut Call,
    length: usize,
    start: Option<Id>,
    stop: Option<Id>,
) -> Outcome<(usize, usize)> {
    let mut bound = |value: Option<Id>, default: usize| -> Outcome<usize> {
        let none = call.none();
        let Some(value) = value.filter(|value| *value != none) else { return Ok(default) };
        let Some(int) = call.integer(value) else {
            unless_overridden(call, value, &["__index__"])?;
            let message = "slice indices must be integers or None or have an __index__ method";
            return Err(call.type_error(message));
        };
        let int = if int.is_negative() { int + BigInt::from(length) } else { int };
        Ok(if int.is_negative() { 0 } else { int.to_usize().unwrap_or(usize::MAX) })
    };
    let (start, stop) = (bound(start, 0)?, bound(stop, length)?);
    Ok((start, stop.min(length)))
}

/// A part of something, with the place where it starts, and what is searched there.
type Search<T> = (Option<(Vec<T>, usize)>, Vec<T>);

fn search_arguments(call: &mut Call, name: &str) -> Outcome<Search<char>> {
    let text: Vec<char> = own_text(call)?.chars().collect();
    let found = arguments(call)?;
    let [Some(wanted), start, stop] = found[..] else { return Err(Failure::Undefined) };
    let Some(wanted) = call.text(wanted) else {
        let (class, method) = (call.type_name(wanted), name.trim_start_matches("str."));
        return Err(call.type_error(&format!("{method}() argument 1 must be str, not {class}")));
    };
    let part = part_of(call, &text, start, stop)?;
    Ok((part.map(|(start, stop)| (text[start..stop].to_vec(), start)), wanted.chars().collect()))
}

fn place_of(text: &[char], wanted: &[char], last: bool) -> Option<usize> {
    let places = 0..(text.len() + 1).saturating_sub(wanted.len());
    let fits = |place: &usize| text[*place..].starts_with(wanted);
    if last { places.rev().find(fits) } else { places.into_iter().find(fits) }
}

fn searched(call: &mut Call, name: &str, last: bool) -> Outcome<Option<usize>> {
    let (part, wanted) = search_arguments(call, name)?;
    Ok(part.and_then(|(text, start)| Some(place_of(&text, &wanted, last)? + start)))
}

fn found_or_minus_one(call: &mut Call, found: Option<usize>) -> Answer {
    Ok(match found {
        Some(place) => call.int(place),
        None => call.int(-1),
    })
}

fn found_or_error(call: &mut Call, found: Option<usize>, message: &str) -> Answer {
    match found {
        Some(place) => Ok(call.int(place)),
        None => Err(call.value_error(message).with(Failure::NotFound)),
    }
}

pub(super) fn find(call: &mut Call) -> Answer {
    let found = searched(call, "str.find", false)?;
    found_or_minus_one(call, found)
}

fn rfind(call: &mut Call) -> Answer {
    let found = searched(call, "str.rfind", true)?;
    found_or_minus_one(call, found)
}

fn index_of(call: &mut Call) -> Answer {
    let found = searched(call, "str.index", false)?;
    found_or_error(call, found, "substring not found")
}

fn rindex_of(call: &mut Call) -> Answer {
    let found = searched(call, "str.rindex", true)?;
    found_or_error(call, found, "substring not found")
}

pub(super) fn count(call: &mut Call) -> Answer {
    let (part, wanted) = search_arguments(call, "str.count")?;
    let count = part.map_or(0, |(text, _)| occurrences(&text, &wanted));
    Ok(call.int(count))
}

fn occurrences<T: PartialEq>(text: &[T], wanted: &[T]) -> usize {
    if wanted.is_empty() {
        return text.len() + 1;
    }
    let (mut count, mut at) = (0, 0);
    while at + wanted.len() <= text.len() {
        if text[at..].starts_with(wanted) {
            count += 1;
            at += wanted.len();
        } else {
            at += 1;
        }
    }
    count
}

fn has_end(call: &mut Call, name: &str, fits: fn(&[char], &[char]) -> bool) -> Answer {
    let text: Vec<char> = own_text(call)?.chars().collect();
    let found = arguments(call)?;
    let [Some(wanted), start, stop] = found[..] else { return Err(Failure::Undefined) };
    let method = name.trim_start_matches("str.");
    let candidates = match call.view(wanted) {
        View::Str(_) => vec![wanted],
        View::Tuple(members) => members,
        _ => {
            let class = call.type_name(wanted);
            return Err(call.raise_worded("TypeError", "no-prefix", &[method, &class]));
        }
    };
    let part = part_of(call, &text, start, stop)?;
    for candidate in candidates {
        known(call, candidate)?;
        let Some(wanted) = call.text(candidate) else {
            let class = call.type_name(candidate);
            return Err(call.type_error(&format!("tuple for {method} must only contain str, not {class}")));
        };
        let wanted: Vec<char> = wanted.chars().collect();
        if part.is_some_and(|(start, stop)| fits(&text[start..stop], &wanted)) {
            return Ok(call.bool(true));
        }
    }
    Ok(call.bool(false))
}

fn startswith(call: &mut Call) -> Answer {
    has_end(call, "str.startswith", |text, wanted| text.starts_with(wanted))
}

fn endswith(call: &mut Call) -> Answer {
    has_end(call, "str.endswith", |text, wanted| text.ends_with(wanted))
}
