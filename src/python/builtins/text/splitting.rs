//! Stripping, splitting and joining.

use egg::Id;

use super::characters::own_text;
use crate::python::builtins::Table;
use crate::python::builtins::conversions::truth;
use crate::python::builtins::display::check_length;
use crate::python::builtins::signatures::{argument, arguments};
use crate::python::builtins::support::{Outcome, iterate, known, size, unless_overridden};
use crate::python::values::characters::is_space;
use crate::python::values::{Answer, Call, View};

/// The primitives of this file.
pub const TABLE: Table = &[
    ("str.strip(self, chars=None, /)", strip),
    ("str.lstrip(self, chars=None, /)", lstrip),
    ("str.rstrip(self, chars=None, /)", rstrip),
    ("str.split(self, /, sep=None, maxsplit=-1)", split),
    ("str.rsplit(self, /, sep=None, maxsplit=-1)", rsplit),
    ("str.splitlines(self, /, keepends=False)", splitlines),
    ("str.join(self, iterable, /)", join),
    ("str.partition(self, sep, /)", partition),
    ("str.rpartition(self, sep, /)", rpartition),
];

fn stripped(call: &mut Call, name: &str, left: bool, right: bool) -> Answer {
    let text = own_text(call)?;
    let found = arguments(call)?;
    let none = call.none();
    let set: Option<Vec<char>> = match found[0].filter(|set| *set != none) {
        None => None,
        Some(set) => match call.text(set) {
            Some(set) => Some(set.chars().collect()),
            None => {
                let method = name.trim_start_matches("str.");
                return Err(call.type_error(&format!("{method} arg must be None or str")));
            }
        },
    };
    let gone = |char: char| match &set {
        Some(set) => set.contains(&char),
        None => is_space(char),
    };
    let mut rest = &text[..];
    if left {
        rest = rest.trim_start_matches(gone);
    }
    if right {
        rest = rest.trim_end_matches(gone);
    }
    Ok(call.str(rest))
}

fn strip(call: &mut Call) -> Answer {
    stripped(call, "str.strip", true, true)
}

fn lstrip(call: &mut Call) -> Answer {
    stripped(call, "str.lstrip", true, false)
}

fn rstrip(call: &mut Call) -> Answer {
    stripped(call, "str.rstrip", false, true)
}

fn texts(call: &mut Call, parts: &[&str]) -> Answer {
    let parts: Vec<Id> = parts.iter().map(|part| call.str(part)).collect();
    Ok(call.list(&parts))
}

fn split(call: &mut Call) -> Answer {
    let text = own_text(call)?;
    let (separator, most) = split_arguments(call)?;
    let parts: Vec<&str> = match &separator {
        Some(separator) => text.splitn(most, separator.as_str()).collect(),
        None => split_words(&text, most),
    };
    texts(call, &parts)
}

fn rsplit(call: &mut Call) -> Answer {
    let text = own_text(call)?;
    let (separator, most) = split_arguments(call)?;
    let mut parts: Vec<&str> = match &separator {
        Some(separator) => text.rsplitn(most, separator.as_str()).collect(),
        None => rsplit_words(&text, most),
    };
    parts.reverse();
    texts(call, &parts)
}

/// The separator, `None` for white space, and how many parts there are at most.
fn split_arguments(call: &mut Call) -> Outcome<(Option<String>, usize)> {
    let found = arguments(call)?;
    let most = match found[1] {
        Some(most) => usize::try_from(size(call, most)?).map_or(usize::MAX, |most| most.saturating_add(1)),
        None => usize::MAX,
    };
    let none = call.none();
    let Some(separator) = found[0].filter(|separator| *separator != none) else { return Ok((None, most)) };
    match call.text(separator) {
        Some(separator) if separator.is_empty() => Err(call.value_error("empty separator")),
        Some(separator) => Ok((Some(separator), most)),
        None => {
            let name = call.type_name(separator);
            Err(call.type_error(&format!("must be str or None, not {name}")))
        }
    }
}

fn split_words(text: &str, most: usize) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text.trim_start_matches(is_space);
    while !rest.is_empty() {
        if parts.len() + 1 == most {
            parts.push(rest.trim_end_matches(|_| false));
            break;
        }
        let end = rest.find(is_space).unwrap_or(rest.len());
        parts.push(&rest[..end]);
        rest = rest[end..].trim_start_matches(is_space);
    }
    parts
}

/// The words from the last to the first.
fn rsplit_words(text: &str, most: usize) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text.trim_end_matches(is_space);
    while !rest.is_empty() {
        if parts.len() + 1 == most {
            parts.push(rest);
            break;
        }
        let word = rest.trim_end_matches(|char| !is_space(char)).len();
        parts.push(&rest[word..]);
        rest = rest[..word].trim_end_matches(is_space);
    }
    parts
}

fn splitlines(call: &mut Call) -> Answer {
    let text = own_text(call)?;
    let found = arguments(call)?;
    let keep = match found[0] {
        Some(keep) => truth(call, keep)?,
        None => false,
    };
    let is_end = |char: char| {
        matches!(char, '\n' | '\r' | '\x0b' | '\x0c' | '\x1c'..='\x1e' | '\u{85}' | '\u{2028}' | '\u{2029}')
    };
    let (mut parts, mut rest) = (Vec::new(), &text[..]);
    while !rest.is_empty() {
        let end = rest.find(is_end).unwrap_or(rest.len());
        let ending = match rest[end..].chars().next() {
            Some('\r') if rest[end..].starts_with("\r\n") => 2,
            Some(char) => char.len_utf8(),
            None => 0,
        };
        parts.push(&rest[..if keep { end + ending } else { end }]);
        rest = &rest[end + ending..];
    }
    texts(call, &parts)
}

pub(super) fn join(call: &mut Call) -> Answer {
    let separator = own_text(call)?;
    let container = argument(call)?;
    let members = joinable(call, container)?;
    let mut parts = Vec::new();
    for (place, member) in members.into_iter().enumerate() {
        known(call, member)?;
        match call.text(member) {
            Some(text) => parts.push(text),
            None => {
                let name = call.type_name(member);
                let wide = call.is_unicode(call.args[0]);
                let key = if wide { "not-joined-wide" } else { "not-joined" };
                let message = call.cx.constants().worded(key, &[&place.to_string(), &name]);
                return Err(call.type_error(&message));
            }
        }
    }
    let whole = parts.join(&separator);
    check_length(call, whole.len())?;
    Ok(call.str(&whole))
}

pub(super) fn joinable(call: &mut Call, container: Id) -> Outcome<Vec<Id>> {
    match call.view(container) {
        View::None | View::Bool(_) | View::Int(_) | View::Float(_) => {
            unless_overridden(call, container, &["__iter__"])?;
            Err(call.type_error("can only join an iterable"))
        }
        _ => iterate(call, container),
    }
}

fn partitioned(call: &mut Call, last: bool) -> Answer {
    let text = own_text(call)?;
    let separator = argument(call)?;
    let Some(separator) = call.text(separator) else {
        let name = call.type_name(separator);
        return Err(call.type_error(&format!("must be str, not {name}")));
    };
    if separator.is_empty() {
        return Err(call.value_error("empty separator"));
    }
    let found = if last { text.rsplit_once(&separator) } else { text.split_once(&separator) };
    let parts = match found {
        Some((before, after)) => [before, &separator, after],
        None if last => ["", "", &text],
        None => [&text, "", ""],
    };
    let parts = parts.map(|part| call.str(part));
    Ok(call.tuple(&parts))
}

fn partition(call: &mut Call) -> Answer {
    partitioned(call, false)
}

fn rpartition(call: &mut Call) -> Answer {
    partitioned(call, true)
}
