//! The methods of str and bytes.

use egg::Id;
use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive};

use crate::python::builtins::Table;
use crate::python::builtins::conversions::{is_space, truth};
use crate::python::builtins::display::{check_length, is_printable, push_escape};
use crate::python::builtins::support::{
    Outcome, arguments, check_count, iterate, known, named, no_arguments, one_argument, receiver, size,
    unless_overridden,
};
use crate::python::values::{Answer, Call, Failure, View};

macro_rules! plain_methods {
    ($($function:ident = $name:literal, $compute:expr;)*) => {
        $(
            fn $function(call: &mut Call) -> Answer {
                let text = own_text(call, $name)?;
                no_arguments(call, $name)?;
                let compute: fn(&str) -> String = $compute;
                let result = compute(&text);
                Ok(call.str(&result))
            }
        )*
    };
}

macro_rules! tests {
    ($($function:ident = $name:literal, $holds:expr;)*) => {
        $(
            fn $function(call: &mut Call) -> Answer {
                let text = own_text(call, $name)?;
                no_arguments(call, $name)?;
                let holds: fn(&str) -> bool = $holds;
                let holds = holds(&text);
                Ok(call.bool(holds))
            }
        )*
    };
}

plain_methods! {
    upper = "str.upper", str::to_uppercase;
    lower = "str.lower", str::to_lowercase;
    casefold = "str.casefold", |text| text.to_lowercase().replace('ß', "ss").replace('ς', "σ");
    title = "str.title", title_case;
    capitalize = "str.capitalize", capitalized;
    swapcase = "str.swapcase", swapped;
}

tests! {
    isdigit = "str.isdigit", |text| all(text, |char| char.is_numeric() && is_digit(char));
    isdecimal = "str.isdecimal", |text| all(text, |char| is_digit(char) && !is_superscript(char));
    isnumeric = "str.isnumeric", |text| all(text, char::is_numeric);
    isalpha = "str.isalpha", |text| all(text, char::is_alphabetic);
    isalnum = "str.isalnum", |text| all(text, char::is_alphanumeric);
    isspace = "str.isspace", |text| all(text, is_space);
    isascii = "str.isascii", str::is_ascii;
    isprintable = "str.isprintable", |text| text.chars().all(is_printable);
    isupper = "str.isupper", |text| cased(text, char::is_uppercase, char::is_lowercase);
    islower = "str.islower", |text| cased(text, char::is_lowercase, char::is_uppercase);
    istitle = "str.istitle", is_title;
    isidentifier = "str.isidentifier", is_identifier;
}

/// The primitives of this file.
pub const TABLE: Table = &[
    ("str.upper", upper),
    ("str.lower", lower),
    ("str.casefold", casefold),
    ("str.title", title),
    ("str.capitalize", capitalize),
    ("str.swapcase", swapcase),
    ("str.isdigit", isdigit),
    ("str.isdecimal", isdecimal),
    ("str.isnumeric", isnumeric),
    ("str.isalpha", isalpha),
    ("str.isalnum", isalnum),
    ("str.isspace", isspace),
    ("str.isascii", isascii),
    ("str.isprintable", isprintable),
    ("str.isupper", isupper),
    ("str.islower", islower),
    ("str.istitle", istitle),
    ("str.isidentifier", isidentifier),
    ("str.strip", strip),
    ("str.lstrip", lstrip),
    ("str.rstrip", rstrip),
    ("str.split", split),
    ("str.rsplit", rsplit),
    ("str.splitlines", splitlines),
    ("str.join", join),
    ("str.replace", replace),
    ("str.find", find),
    ("str.rfind", rfind),
    ("str.index", index_of),
    ("str.rindex", rindex_of),
    ("str.count", count),
    ("str.startswith", startswith),
    ("str.endswith", endswith),
    ("str.zfill", zfill),
    ("str.ljust", ljust),
    ("str.rjust", rjust),
    ("str.center", center),
    ("str.partition", partition),
    ("str.rpartition", rpartition),
    ("str.expandtabs", expandtabs),
    ("str.removeprefix", removeprefix),
    ("str.removesuffix", removesuffix),
    ("str.translate", translate),
    ("str.maketrans", maketrans),
    ("str.encode", encode),
    ("bytes.decode", bytes_decode),
    ("bytes.hex", bytes_hex),
    ("bytes.join", bytes_join),
    ("bytes.startswith", bytes_startswith),
    ("bytes.endswith", bytes_endswith),
];

fn own_text(call: &mut Call, name: &str) -> Outcome<String> {
    match receiver(call, name, |view| matches!(view, View::Str(_)))? {
        View::Str(text) => Ok(text),
        _ => Err(Failure::Undefined),
    }
}

// ---- kinds of characters -------------------------------------------------------------------------------

fn all(text: &str, holds: impl Fn(char) -> bool) -> bool {
    !text.is_empty() && text.chars().all(holds)
}

fn is_superscript(char: char) -> bool {
    matches!(char, '²' | '³' | '¹' | '⁰'..='⁹' | '₀'..='₉' | '①'..='⑨')
}

/// Whether a numeric character is a digit, and no fraction, letter or ideograph.
fn is_digit(char: char) -> bool {
    char.is_ascii_digit()
        || is_superscript(char)
        || char.is_numeric()
            && !char.is_alphabetic()
            && !matches!(char as u32, 0xbc..=0xbe | 0x2150..=0x218b | 0x2460..=0x24ff | 0x3007..=0x32ff)
}

fn cased(text: &str, wanted: fn(char) -> bool, unwanted: fn(char) -> bool) -> bool {
    text.chars().any(wanted) && !text.chars().any(unwanted)
}

fn is_cased(char: char) -> bool {
    char.is_uppercase() || char.is_lowercase()
}

fn title_case(text: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for char in text.chars() {
        if inside {
            out.extend(char.to_lowercase())
        } else {
            push_title(&mut out, char)
        }
        inside = is_cased(char);
    }
    out
}

/// A character as words in titles start with it.
fn push_title(out: &mut String, char: char) {
    let upper: Vec<char> = char.to_uppercase().collect();
    match upper[..] {
        [first, ref others @ ..] => {
            out.push(first);
            others.iter().for_each(|other| out.extend(other.to_lowercase()));
        }
        [] => out.push(char),
    }
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    let mut out = String::new();
    if let Some(first) = chars.next() {
        push_title(&mut out, first);
    }
    out + &chars.as_str().to_lowercase()
}

fn swapped(text: &str) -> String {
    let mut out = String::new();
    for char in text.chars() {
        if char.is_uppercase() {
            out.extend(char.to_lowercase());
        } else {
            out.extend(char.to_uppercase());
        }
    }
    out
}

fn is_title(text: &str) -> bool {
    let (mut inside, mut any) = (false, false);
    for char in text.chars() {
        if char.is_uppercase() && inside || char.is_lowercase() && !inside {
            return false;
        }
        inside = is_cased(char);
        any |= inside;
    }
    any
}

fn is_identifier(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|first| first == '_' || first.is_alphabetic())
        && chars.all(|char| char == '_' || char.is_alphanumeric())
}

// ---- stripping -----------------------------------------------------------------------------------------

fn stripped(call: &mut Call, name: &str, left: bool, right: bool) -> Answer {
    let text = own_text(call, name)?;
    let found = arguments(call, name, 0, 1)?;
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

// ---- splitting and joining -----------------------------------------------------------------------------

fn texts(call: &mut Call, parts: &[&str]) -> Answer {
    let parts: Vec<Id> = parts.iter().map(|part| call.str(part)).collect();
    Ok(call.list(&parts))
}

fn split(call: &mut Call) -> Answer {
    let text = own_text(call, "str.split")?;
    let (separator, most) = split_arguments(call, "str.split")?;
    let parts: Vec<&str> = match &separator {
        Some(separator) => text.splitn(most, separator.as_str()).collect(),
        None => split_words(&text, most),
    };
    texts(call, &parts)
}

fn rsplit(call: &mut Call) -> Answer {
    let text = own_text(call, "str.rsplit")?;
    let (separator, most) = split_arguments(call, "str.rsplit")?;
    let mut parts: Vec<&str> = match &separator {
        Some(separator) => text.rsplitn(most, separator.as_str()).collect(),
        None => rsplit_words(&text, most),
    };
    parts.reverse();
    texts(call, &parts)
}

/// The separator, `None` for white space, and how many parts there are at most.
fn split_arguments(call: &mut Call, name: &str) -> Outcome<(Option<String>, usize)> {
    let found = named(call, name, &["sep", "maxsplit"], 0, 0)?;
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
    let text = own_text(call, "str.splitlines")?;
    let found = named(call, "str.splitlines", &["keepends"], 0, 0)?;
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

fn join(call: &mut Call) -> Answer {
    let separator = own_text(call, "str.join")?;
    let container = one_argument(call, "str.join")?;
    let members = joinable(call, container)?;
    let mut parts = Vec::new();
    for (place, member) in members.into_iter().enumerate() {
        known(call, member)?;
        match call.text(member) {
            Some(text) => parts.push(text),
            None => {
                let name = call.type_name(member);
                let message = format!("sequence item {place}: expected str instance, {name} found");
                return Err(call.type_error(&message));
            }
        }
    }
    let whole = parts.join(&separator);
    check_length(call, whole.len())?;
    Ok(call.str(&whole))
}

fn joinable(call: &mut Call, container: Id) -> Outcome<Vec<Id>> {
    match call.view(container) {
        View::None | View::Bool(_) | View::Int(_) | View::Float(_) => {
            unless_overridden(call, container, &["__iter__"])?;
            Err(call.type_error("can only join an iterable"))
        }
        _ => iterate(call, container),
    }
}

fn partitioned(call: &mut Call, name: &str, last: bool) -> Answer {
    let text = own_text(call, name)?;
    let separator = one_argument(call, name)?;
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
    partitioned(call, "str.partition", false)
}

fn rpartition(call: &mut Call) -> Answer {
    partitioned(call, "str.rpartition", true)
}

// ---- searching -----------------------------------------------------------------------------------------

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

fn bounds(call: &mut Call, length: usize, start: Option<Id>, stop: Option<Id>) -> Outcome<(usize, usize)> {
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
    let text: Vec<char> = own_text(call, name)?.chars().collect();
    let found = arguments(call, name, 1, 3)?;
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
        None => Err(call.value_error(message)),
    }
}

fn find(call: &mut Call) -> Answer {
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

fn count(call: &mut Call) -> Answer {
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
    let text: Vec<char> = own_text(call, name)?.chars().collect();
    let found = arguments(call, name, 1, 3)?;
    let [Some(wanted), start, stop] = found[..] else { return Err(Failure::Undefined) };
    let method = name.trim_start_matches("str.");
    let candidates = match call.view(wanted) {
        View::Str(_) => vec![wanted],
        View::Tuple(members) => members,
        _ => {
            let class = call.type_name(wanted);
            let message = format!("{method} first arg must be str or a tuple of str, not {class}");
            return Err(call.type_error(&message));
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

// ---- replacing -----------------------------------------------------------------------------------------

fn replace(call: &mut Call) -> Answer {
    let text = own_text(call, "str.replace")?;
    let found = named(call, "str.replace", &["old", "new", "count"], 2, 2)?;
    let [Some(old), Some(new), count] = found[..] else { return Err(Failure::Undefined) };
    let mut parts = Vec::new();
    for (place, value) in [old, new].into_iter().enumerate() {
        let Some(part) = call.text(value) else {
            let (place, class) = (place + 1, call.type_name(value));
            return Err(call.type_error(&format!("replace() argument {place} must be str, not {class}")));
        };
        parts.push(part);
    }
    let count = match count {
        Some(count) => usize::try_from(size(call, count)?).unwrap_or(usize::MAX),
        None => usize::MAX,
    };
    let times = count.min(text.len() + 1);
    check_length(call, text.len() + times.saturating_mul(parts[1].len()))?;
    Ok(call.str(&text.replacen(&parts[0], &parts[1], count)))
}

fn without(call: &mut Call, name: &str, cut: fn(&str, &str) -> Option<String>) -> Answer {
    let text = own_text(call, name)?;
    let wanted = one_argument(call, name)?;
    let Some(wanted) = call.text(wanted) else {
        let (class, method) = (call.type_name(wanted), name.trim_start_matches("str."));
        return Err(call.type_error(&format!("{method}() argument must be str, not {class}")));
    };
    let rest = cut(&text, &wanted).unwrap_or(text);
    Ok(call.str(&rest))
}

fn removeprefix(call: &mut Call) -> Answer {
    without(call, "str.removeprefix", |text, wanted| text.strip_prefix(wanted).map(String::from))
}

fn removesuffix(call: &mut Call) -> Answer {
    without(call, "str.removesuffix", |text, wanted| text.strip_suffix(wanted).map(String::from))
}

fn expandtabs(call: &mut Call) -> Answer {
    let text = own_text(call, "str.expandtabs")?;
    let found = named(call, "str.expandtabs", &["tabsize"], 0, 0)?;
    let tab = match found[0] {
        Some(tab) => usize::try_from(size(call, tab)?).unwrap_or(0),
        None => 8,
    };
    check_length(call, tab)?;
    let (mut out, mut column) = (String::new(), 0);
    for char in text.chars() {
        match char {
            '\t' if tab > 0 => {
                let spaces = tab - column % tab;
                out.push_str(&" ".repeat(spaces));
                column += spaces;
                check_length(call, out.len())?;
            }
            '\t' => {}
            '\n' | '\r' => {
                out.push(char);
                column = 0;
            }
            _ => {
                out.push(char);
                column += 1;
            }
        }
    }
    Ok(call.str(&out))
}

fn translate(call: &mut Call) -> Answer {
    let text = own_text(call, "str.translate")?;
    let table = one_argument(call, "str.translate")?;
    unless_overridden(call, table, &["__getitem__", "__missing__"])?;
    let entries = match call.view(table) {
        View::Dict(entries) => entries,
        View::None | View::Bool(_) | View::Int(_) | View::Float(_) => {
            let name = call.type_name(table);
            return Err(call.type_error(&format!("'{name}' object is not subscriptable")));
        }
        _ => return Err(Failure::Undefined),
    };
    let mut out = String::new();
    for char in text.chars() {
        let key = call.int(u32::from(char));
        let Some((_, value)) = entries.iter().find(|(candidate, _)| *candidate == key) else {
            out.push(char);
            continue;
        };
        out.push_str(&translation(call, *value)?);
    }
    Ok(call.str(&out))
}

fn translation(call: &mut Call, value: Id) -> Outcome<String> {
    known(call, value)?;
    match call.view(value) {
        View::None => Ok(String::new()),
        View::Str(text) => Ok(text),
        View::Int(int) => match int.to_u32() {
            Some(code) if code < 0x11_0000 => {
                char::from_u32(code).map(String::from).ok_or(Failure::Undefined)
            }
            _ => Err(call.value_error("character mapping must be in range(0x110000)")),
        },
        _ => Err(call.type_error("character mapping must return integer, None or str")),
    }
}

fn maketrans(call: &mut Call) -> Answer {
    // Called on the class, which may be given first.
    if call.args.first().is_some_and(|first| call.cx.name(*first) == "class") {
        call.args.remove(0);
    }
    call.require_known()?;
    check_count(call, "maketrans", call.args.len(), 1, 3)?;
    match call.args.clone()[..] {
        [table] => translation_table(call, table),
        [from, to, ref others @ ..] => character_table(call, from, to, others.first().copied()),
        [] => Err(Failure::Undefined),
    }
}

fn translation_table(call: &mut Call, table: Id) -> Answer {
    let View::Dict(entries) = call.view(table) else {
        let message = "if you give only one argument to maketrans it must be a dict";
        return Err(call.type_error(message));
    };
    let mut made = Vec::new();
    for (key, value) in entries {
        let key = match call.view(key) {
            View::Int(_) => key,
            View::Str(text) => match text.chars().collect::<Vec<char>>()[..] {
                [char] => call.int(u32::from(char)),
                _ => return Err(call.value_error("string keys in translate table must be of length 1")),
            },
            _ => return Err(call.type_error("keys in translate table must be strings or integers")),
        };
        made.push((key, value));
    }
    Ok(call.dict(&made))
}

fn character_table(call: &mut Call, from: Id, to: Id, gone: Option<Id>) -> Answer {
    let Some(from) = call.text(from) else {
        let message = "first maketrans argument must be a string if there is a second argument";
        return Err(call.type_error(message));
    };
    let mut others = Vec::new();
    for (place, value) in [Some(to), gone].into_iter().enumerate() {
        others.push(match value {
            None => String::new(),
            Some(value) => match call.text(value) {
                Some(text) => text,
                None => {
                    let (place, class) = (place + 2, call.type_name(value));
                    let message = format!("maketrans() argument {place} must be str, not {class}");
                    return Err(call.type_error(&message));
                }
            },
        });
    }
    if from.chars().count() != others[0].chars().count() {
        return Err(call.value_error("the first two maketrans arguments must have equal length"));
    }
    let none = call.none();
    let mut entries: Vec<(Id, Id)> = Vec::new();
    let pairs =
        from.chars().zip(others[0].chars().map(Some)).chain(others[1].chars().map(|char| (char, None)));
    for (char, image) in pairs {
        let key = call.int(u32::from(char));
        let value = match image {
            Some(image) => call.int(u32::from(image)),
            None => none,
        };
        match entries.iter().position(|(candidate, _)| *candidate == key) {
            Some(place) => entries[place].1 = value,
            None => entries.push((key, value)),
        }
    }
    Ok(call.dict(&entries))
}

// ---- padding -------------------------------------------------------------------------------------------

fn zfill(call: &mut Call) -> Answer {
    let text = own_text(call, "str.zfill")?;
    let width = one_argument(call, "str.zfill")?;
    let width = usize::try_from(size(call, width)?).unwrap_or(0);
    check_length(call, width)?;
    let zeros = "0".repeat(width.saturating_sub(text.chars().count()));
    let digits = text.strip_prefix(['+', '-']).unwrap_or(&text);
    let sign = &text[..text.len() - digits.len()];
    Ok(call.str(&format!("{sign}{zeros}{digits}")))
}

/// Pads a text; `left` tells how much of what is missing comes first.
fn padded(call: &mut Call, name: &str, left: fn(usize, usize) -> usize) -> Answer {
    let text = own_text(call, name)?;
    let found = arguments(call, name, 1, 2)?;
    let [Some(width), fill] = found[..] else { return Err(Failure::Undefined) };
    let width = usize::try_from(size(call, width)?).unwrap_or(0);
    check_length(call, width)?;
    let fill = match fill {
        None => " ".to_string(),
        Some(fill) => match call.text(fill) {
            Some(fill) if fill.chars().count() == 1 => fill,
            Some(_) => {
                return Err(call.type_error("The fill character must be exactly one character long"));
            }
            None => {
                let class = call.type_name(fill);
                let message = format!("The fill character must be a unicode character, not {class}");
                return Err(call.type_error(&message));
            }
        },
    };
    let missing = width.saturating_sub(text.chars().count());
    let before = left(missing, width);
    Ok(call.str(&format!("{}{text}{}", fill.repeat(before), fill.repeat(missing - before))))
}

fn ljust(call: &mut Call) -> Answer {
    padded(call, "str.ljust", |_, _| 0)
}

fn rjust(call: &mut Call) -> Answer {
    padded(call, "str.rjust", |missing, _| missing)
}

fn center(call: &mut Call) -> Answer {
    padded(call, "str.center", |missing, width| missing / 2 + (missing & width & 1))
}

// ---- encodings -----------------------------------------------------------------------------------------

/// An encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Codec {
    Utf8,
    Ascii,
    Latin1,
}

impl Codec {
    fn name(self) -> &'static str {
        match self {
            Codec::Utf8 => "utf-8",
            Codec::Ascii => "ascii",
            Codec::Latin1 => "latin-1",
        }
    }
}

fn text_argument(call: &mut Call, function: &str, name: &str, value: Option<Id>) -> Outcome<Option<String>> {
    let Some(value) = value else { return Ok(None) };
    match call.text(value) {
        Some(text) => Ok(Some(text)),
        None => {
            let class = call.type_name(value);
            Err(call.type_error(&format!("{function}() argument '{name}' must be str, not {class}")))
        }
    }
}

fn codec(call: &mut Call, name: Option<&str>) -> Outcome<Codec> {
    let Some(name) = name else { return Ok(Codec::Utf8) };
    match name.to_ascii_lowercase().replace(['_', ' '], "-").as_str() {
        "utf-8" | "utf8" | "u8" | "utf" => Ok(Codec::Utf8),
        "ascii" | "us-ascii" | "646" => Ok(Codec::Ascii),
        "latin-1" | "latin1" | "iso-8859-1" | "iso8859-1" | "l1" | "8859" | "latin" => Ok(Codec::Latin1),
        other
            if ["utf", "cp", "iso", "mac", "koi", "big", "euc", "gb", "shift"]
                .iter()
                .any(|start| other.starts_with(start)) =>
        {
            Err(Failure::Undefined)
        }
        _ => Err(call.raise("LookupError", &format!("unknown encoding: {name}"))),
    }
}

fn encode(call: &mut Call) -> Answer {
    let text = own_text(call, "str.encode")?;
    let found = named(call, "str.encode", &["encoding", "errors"], 0, 0)?;
    let encoding = text_argument(call, "encode", "encoding", found[0])?;
    let errors = text_argument(call, "encode", "errors", found[1])?;
    let codec = codec(call, encoding.as_deref())?;
    let limit = match codec {
        Codec::Utf8 => return Ok(call.bytes(text.as_bytes())),
        Codec::Ascii => 128,
        Codec::Latin1 => 256,
    };
    let chars: Vec<char> = text.chars().collect();
    let mut out = Vec::new();
    for (place, char) in chars.iter().enumerate() {
        match u8::try_from(u32::from(*char)) {
            Ok(byte) if u32::from(byte) < limit => out.push(byte),
            _ => {
                let bad = chars[place..].iter().take_while(|char| u32::from(**char) >= limit).count();
                let place = (place, place + bad);
                out.extend(encode_error(call, &text, *char, (codec, limit), errors.as_deref(), place)?);
            }
        }
    }
    Ok(call.bytes(&out))
}

fn encode_error(
    call: &mut Call,
    text: &str,
    char: char,
    (codec, limit): (Codec, u32),
    errors: Option<&str>,
    (start, end): (usize, usize),
) -> Outcome<Vec<u8>> {
    let code = u32::from(char);
    match errors.unwrap_or("strict") {
        "ignore" => Ok(Vec::new()),
        "replace" => Ok(b"?".to_vec()),
        "xmlcharrefreplace" => Ok(format!("&#{code};").into_bytes()),
        "backslashreplace" => {
            let mut escaped = String::new();
            push_escape(&mut escaped, char);
            Ok(escaped.into_bytes())
        }
        "strict" => {
            let args = [
                call.str(codec.name()),
                call.str(text),
                call.int(start),
                call.int(end),
                call.str(&format!("ordinal not in range({limit})")),
            ];
            Err(call.raise_with("UnicodeEncodeError", &args))
        }
        "surrogateescape" | "surrogatepass" | "namereplace" => Err(Failure::Undefined),
        other => Err(call.raise("LookupError", &format!("unknown error handler name '{other}'"))),
    }
}

/// The text of bytes in an encoding; `function` is named in messages.
pub fn decode(
    call: &mut Call,
    bytes: &[u8],
    encoding: Option<Id>,
    errors: Option<Id>,
    function: &str,
) -> Answer {
    let encoding = text_argument(call, function, "encoding", encoding)?;
    let errors = text_argument(call, function, "errors", errors)?;
    let codec = codec(call, encoding.as_deref())?;
    let mut out = String::new();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        let (valid, bad) = match codec {
            Codec::Latin1 => {
                out.extend(rest.iter().map(|byte| char::from(*byte)));
                break;
            }
            Codec::Ascii => (rest.iter().take_while(|byte| byte.is_ascii()).count(), None),
            Codec::Utf8 => match std::str::from_utf8(rest) {
                Ok(_) => (rest.len(), None),
                Err(error) => (error.valid_up_to(), Some(error.error_len())),
            },
        };
        out.push_str(&String::from_utf8_lossy(&rest[..valid]));
        at += valid;
        if at == bytes.len() {
            break;
        }
        let (length, reason) = match bad {
            None => (1, "ordinal not in range(128)"),
            Some(None) => (bytes.len() - at, "unexpected end of data"),
            Some(Some(length)) if (0xc2..=0xf4).contains(&bytes[at]) => (length, "invalid continuation byte"),
            Some(Some(length)) => (length, "invalid start byte"),
        };
        let place = (at, at + length);
        out.push_str(&decode_error(call, bytes, codec, errors.as_deref(), place, reason)?);
        at += length;
    }
    Ok(call.str(&out))
}

fn decode_error(
    call: &mut Call,
    bytes: &[u8],
    codec: Codec,
    errors: Option<&str>,
    (start, end): (usize, usize),
    reason: &str,
) -> Outcome<String> {
    match errors.unwrap_or("strict") {
        "ignore" => Ok(String::new()),
        "replace" => Ok("\u{fffd}".into()),
        "backslashreplace" => Ok(bytes[start..end].iter().map(|byte| format!("\\x{byte:02x}")).collect()),
        "strict" => {
            let args =
                [call.str(codec.name()), call.bytes(bytes), call.int(start), call.int(end), call.str(reason)];
            Err(call.raise_with("UnicodeDecodeError", &args))
        }
        "surrogateescape" | "surrogatepass" => Err(Failure::Undefined),
        other => Err(call.raise("LookupError", &format!("unknown error handler name '{other}'"))),
    }
}

// ---- bytes ---------------------------------------------------------------------------------------------

fn own_bytes(call: &mut Call, name: &str) -> Outcome<Vec<u8>> {
    match receiver(call, name, |view| matches!(view, View::Bytes(_)))? {
        View::Bytes(bytes) => Ok(bytes),
        _ => Err(Failure::Undefined),
    }
}

/// An argument that must be bytes.
fn bytes_argument(call: &mut Call, value: Id) -> Outcome<Vec<u8>> {
    match call.view(value) {
        View::Bytes(bytes) => Ok(bytes),
        _ => {
            let name = call.type_name(value);
            Err(call.type_error(&format!("a bytes-like object is required, not '{name}'")))
        }
    }
}

fn bytes_decode(call: &mut Call) -> Answer {
    let bytes = own_bytes(call, "bytes.decode")?;
    let found = named(call, "bytes.decode", &["encoding", "errors"], 0, 0)?;
    decode(call, &bytes, found[0], found[1], "decode")
}

fn bytes_hex(call: &mut Call) -> Answer {
    let bytes = own_bytes(call, "bytes.hex")?;
    if call.args.len() > 1 || !call.keywords.is_empty() {
        return Err(Failure::Undefined);
    }
    let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(call.str(&text))
}

fn bytes_join(call: &mut Call) -> Answer {
    let separator = own_bytes(call, "bytes.join")?;
    let container = one_argument(call, "bytes.join")?;
    let members = joinable(call, container)?;
    let mut parts = Vec::new();
    for (place, member) in members.into_iter().enumerate() {
        known(call, member)?;
        match call.view(member) {
            View::Bytes(bytes) => parts.push(bytes),
            _ => {
                let name = call.type_name(member);
                let message = format!("sequence item {place}: expected a bytes-like object, {name} found");
                return Err(call.type_error(&message));
            }
        }
    }
    Ok(call.bytes(&parts.join(&separator[..])))
}

fn bytes_end(call: &mut Call, name: &str, fits: fn(&[u8], &[u8]) -> bool) -> Answer {
    let bytes = own_bytes(call, name)?;
    let found = arguments(call, name, 1, 3)?;
    let [Some(wanted), start, stop] = found[..] else { return Err(Failure::Undefined) };
    let candidates = match call.view(wanted) {
        View::Bytes(_) => vec![wanted],
        View::Tuple(members) => members,
        _ => {
            let (class, method) = (call.type_name(wanted), name.trim_start_matches("bytes."));
            let message = format!("{method} first arg must be bytes or a tuple of bytes, not {class}");
            return Err(call.type_error(&message));
        }
    };
    let (start, stop) = bounds(call, bytes.len(), start, stop)?;
    for candidate in candidates {
        let wanted = bytes_argument(call, candidate)?;
        if start <= stop && fits(&bytes[start..stop], &wanted) {
            return Ok(call.bool(true));
        }
    }
    Ok(call.bool(false))
}

fn bytes_startswith(call: &mut Call) -> Answer {
    bytes_end(call, "bytes.startswith", |bytes, wanted| bytes.starts_with(wanted))
}

fn bytes_endswith(call: &mut Call) -> Answer {
    bytes_end(call, "bytes.endswith", |bytes, wanted| bytes.ends_with(wanted))
}

#[cfg(test)]
mod tests {
    #[test]
    fn methods_do_what_python_does() {
        crate::python::builtins::testing::check(include_str!("expected/text.txt"));
    }
}
