//! Truth, and numbers from texts.

use egg::Id;
use num_bigint::BigInt;
use num_traits::{ToPrimitive, Zero};

use crate::python::builtins::Table;
use crate::python::builtins::containers::{Shape, chain, chain_at, shape};
use crate::python::builtins::display::{MOST_DIGITS, repr};
use crate::python::builtins::format::whole;
use crate::python::builtins::maps;
use crate::python::builtins::numbers::{Number, number, to_float};
use crate::python::builtins::signatures::arguments;
use crate::python::builtins::support::range_length;
use crate::python::builtins::support::{Outcome, beyond_limit, index, known, most_bits, unless_overridden};
use crate::python::values::characters::{decimal_digit, is_space};
use crate::python::values::names::names;
use crate::python::values::{Answer, Call, View};

/// The primitives of this file.
pub const TABLE: Table = &[
    ("class bool(object=False, /)", bool),
    ("counted int(x=0, /, base=10)", int),
    ("counted long(x=0, /, base=10)", long),
    ("class float(x=0, /)", float),
];

pub(super) fn bool(call: &mut Call) -> Answer {
    let args = arguments(call)?;
    let yes = match args[0] {
        Some(value) => truth(call, value)?,
        None => false,
    };
    Ok(call.bool(yes))
}

/// Whether a value counts as true, where no method of the program is asked.
pub fn truth(call: &mut Call, value: Id) -> Outcome<bool> {
    known(call, value)?;
    unless_overridden(call, value, &["__bool__", "__len__"])?;
    // A long container is not taken apart for this.
    if let Some(held) = chain(call, value) {
        return Ok(chain_at(call, held, 0).is_some());
    }
    match shape(call, value) {
        Shape::Dict | Shape::Set | Shape::View(..) => return Ok(maps::size(call, value) > 0),
        _ => {}
    }
    Ok(match call.view(value) {
        View::None => false,
        View::Bool(yes) => yes,
        View::Int(int) => !int.is_zero(),
        View::Float(float) => float != 0.0,
        View::Str(text) => !text.is_empty(),
        View::Bytes(bytes) => !bytes.is_empty(),
        View::Tuple(members) | View::List(members) | View::Set(members) => !members.is_empty(),
        View::Dict(entries) => !entries.is_empty(),
        View::Range(parts) => !range_length(&parts).is_zero(),
        View::Other if call.cx.bank.op(value) == names().not_implemented => {
            return Err(call.type_error("NotImplemented should not be used in a boolean context"));
        }
        View::Slice(_) | View::Other => true,
    })
}

pub(super) fn int(call: &mut Call) -> Answer {
    whole_number(call, "int")
}

/// What `int` makes, or `long`, as messages call it.
fn whole_number(call: &mut Call, class: &str) -> Answer {
    let found = arguments(call)?;
    match found[..] {
        [Some(value), None] => int_of(call, value, class),
        [Some(value), Some(base)] => int_with_base(call, value, base, class),
        [None, Some(_)] => Err(call.type_error(&format!("{class}() missing string argument"))),
        _ => Ok(call.int(0)),
    }
}

/// `long(x)`, before Python 3.0.
fn long(call: &mut Call) -> Answer {
    if let [value] = call.args[..] {
        unless_overridden(call, value, &["__long__"])?;
    }
    let int = whole_number(call, "long")?;
    Ok(call.as_long(int))
}

fn int_of(call: &mut Call, value: Id, class: &str) -> Answer {
    unless_overridden(call, value, &["__int__", "__index__", "__trunc__"])?;
    let int = match call.view(value) {
        View::Str(text) => parse_int(call, value, &text, 10, class)?,
        View::Bytes(bytes) => parse_int(call, value, &String::from_utf8_lossy(&bytes), 10, class)?,
        view => match number(&view) {
            Some(Number::Int(int)) => int,
            Some(Number::Float(float)) => whole(call, float.trunc())?,
            None => {
                let name = call.type_name(value);
                return Err(call.raise_worded("TypeError", &format!("no-{class}"), &[&name]));
            }
        },
    };
    Ok(call.int(int))
}

fn int_with_base(call: &mut Call, value: Id, base: Id, class: &str) -> Answer {
    let base = index(call, base)?.to_u32().unwrap_or(u32::MAX);
    if base != 0 && !(2..=36).contains(&base) {
        return Err(call.value_error(&format!("{class}() base must be >= 2 and <= 36, or 0")));
    }
    let text = match call.view(value) {
        View::Str(text) => text,
        View::Bytes(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        _ => return Err(call.type_error(&format!("{class}() can't convert non-string with explicit base"))),
    };
    let int = parse_int(call, value, &text, base, class)?;
    Ok(call.int(int))
}

fn parse_int(call: &mut Call, value: Id, text: &str, base: u32, class: &str) -> Outcome<BigInt> {
    let (told, text) = (text, text.trim_matches(is_space));
    // A long integer may be written as programs write it.
    let text = if class == "long" { text.strip_suffix(['l', 'L']).unwrap_or(text) } else { text };
    let found = digits_of(&with_ascii_digits(text), base);
    let Some((negative, digits, radix)) = found else {
        // A Unicode string is told as the characters that it has.
        let value = if call.is_unicode(value) { call.str(told) } else { value };
        let shown = repr(call, value)?;
        return Err(call.value_error(&format!("invalid literal for {class}() with base {base}: {shown}")));
    };
    if !radix.is_power_of_two() && digits.len() > MOST_DIGITS {
        let message = format!(
            "Exceeds the limit (4300 digits) for integer string conversion: value has {} digits; \
             use sys.set_int_max_str_digits() to increase the limit",
            digits.len()
        );
        return Err(call.value_error(&message));
    }
    if digits.len() as u64 > most_bits(call) / 5 {
        return Err(beyond_limit(call));
    }
    let magnitude = BigInt::parse_bytes(digits.as_bytes(), radix).unwrap_or_default();
    Ok(if negative { -magnitude } else { magnitude })
}

/// The text with the decimal digits of every script written as those of ASCII.
fn with_ascii_digits(text: &str) -> String {
    let digit = |char: char| decimal_digit(char).and_then(|digit| char::from_digit(digit, 10));
    text.chars().map(|char| if char.is_ascii() { char } else { digit(char).unwrap_or(char) }).collect()
}

/// The sign, the digits and the base of an int that is written out.
fn digits_of(text: &str, base: u32) -> Option<(bool, String, u32)> {
    let negative = text.starts_with('-');
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    let prefixes = [("0x", 16), ("0o", 8), ("0b", 2)];
    let lower = text.to_ascii_lowercase();
    let prefix =
        prefixes.iter().find(|(prefix, radix)| lower.starts_with(prefix) && (base == 0 || base == *radix));
    let (radix, digits) = match prefix {
        Some((_, radix)) => {
            let rest = lower.get(2..)?;
            (*radix, rest.strip_prefix('_').unwrap_or(rest))
        }
        None => (if base == 0 { 10 } else { base }, &lower[..]),
    };
    if base == 0
        && prefix.is_none()
        && digits.starts_with('0')
        && digits.chars().any(|char| !"0_".contains(char))
    {
        return None;
    }
    let digits = without_underscores(digits)?;
    let fits = !digits.is_empty() && digits.chars().all(|char| char.is_digit(radix));
    fits.then_some((negative, digits, radix))
}

/// The digits, where each underscore stands between two.
fn without_underscores(digits: &str) -> Option<String> {
    let fits = !digits.starts_with('_') && !digits.ends_with('_') && !digits.contains("__");
    fits.then(|| digits.replace('_', ""))
}

pub(super) fn float(call: &mut Call) -> Answer {
    let args = arguments(call)?;
    let Some(value) = args[0] else { return Ok(call.float(0.0)) };
    unless_overridden(call, value, &["__float__", "__index__"])?;
    let text = match call.view(value) {
        View::Str(text) => text,
        View::Bytes(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        view => match number(&view) {
            Some(number) => {
                let float = to_float(call, &number)?;
                return Ok(call.float(float));
            }
            None => {
                let name = call.type_name(value);
                return Err(call.raise_worded("TypeError", "no-float", &[&name]));
            }
        },
    };
    match parse_float(&with_ascii_digits(text.trim_matches(is_space))) {
        Some(float) => Ok(call.float(float)),
        None => {
            let shown = repr(call, value)?;
            Err(call.raise_worded("ValueError", "no-float-literal", &[&shown, &text]))
        }
    }
}

fn parse_float(text: &str) -> Option<f64> {
    let digit = |char: Option<char>| char.is_some_and(|char| char.is_ascii_digit());
    let chars: Vec<char> = text.chars().collect();
    for (place, char) in chars.iter().enumerate().filter(|(_, char)| **char == '_') {
        let before = place.checked_sub(1).and_then(|before| chars.get(before).copied());
        if *char == '_' && !(digit(before) && digit(chars.get(place + 1).copied())) {
            return None;
        }
    }
    // Rust reads the same texts.
    text.replace('_', "").parse().ok()
}
