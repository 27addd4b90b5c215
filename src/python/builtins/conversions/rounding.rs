//! Rounding, characters, other bases, least and greatest, sums.

use egg::Id;
use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{Signed, ToPrimitive, Zero};

use crate::python::builtins::Table;
use crate::python::builtins::compare::{Relation, compare};
use crate::python::builtins::format::whole;
use crate::python::builtins::numbers::{Number, number, plus, quotient, to_float};
use crate::python::builtins::signatures::{argument, arguments};
use crate::python::builtins::support::{Outcome, index, iterate, known, overridden, unless_overridden};
use crate::python::values::{Answer, Call, Failure, View};

/// The primitives of this file.
pub const TABLE: Table = &[
    ("round(number, ndigits=None)", round),
    ("bin(number, /)", bin),
    ("oct(number, /)", oct),
    ("hex(number, /)", hex),
    ("chr(i, /)", chr),
    ("ord(character, /)", ord),
    ("min(first, /, *rest, key=None, default=None)", min),
    ("max(first, /, *rest, key=None, default=None)", max),
    ("sum(iterable, /, start=0)", sum),
];

fn round(call: &mut Call) -> Answer {
    let found = arguments(call)?;
    let [Some(value), digits] = found[..] else { return Err(Failure::Undefined) };
    unless_overridden(call, value, &["__round__"])?;
    let Some(number) = number(&call.view(value)) else {
        let name = call.type_name(value);
        return Err(call.type_error(&format!("type {name} doesn't define __round__ method")));
    };
    let none = call.none();
    let digits = match digits.filter(|digits| *digits != none) {
        Some(digits) => Some(index(call, digits)?.to_i64().unwrap_or(i64::MAX)),
        None => None,
    };
    if !call.cx.constants().has("round.even") {
        let float = to_float(call, &number)?;
        return Ok(call.float(rounded_away(float, digits.unwrap_or(0))));
    }
    match (number, digits) {
        (Number::Int(int), Some(digits)) if digits < 0 => {
            if digits < -10_000 {
                return Ok(call.int(0));
            }
            Ok(call.int(round_int(&int, digits.unsigned_abs() as u32, false)))
        }
        (Number::Int(int), _) => Ok(call.int(int)),
        (Number::Float(float), None) => {
            let rounded = whole(call, float.round_ties_even())?;
            Ok(call.int(rounded))
        }
        (Number::Float(float), Some(digits)) => round_float(call, float, digits),
    }
}

/// Rounded as before Python 3.0: half away from zero, and a float whatever it was.
fn rounded_away(float: f64, digits: i64) -> f64 {
    const MOST_PLACES: i64 = 22;
    if !float.is_finite() || digits > MOST_PLACES {
        return float;
    }
    let unit = 10f64.powi(digits.unsigned_abs().min(400) as i32);
    match digits {
        ..0 => (float / unit).round() * unit,
        0 => float.round(),
        // All digits decide: 1.15 is a little less.
        _ => {
            let places = digits as usize;
            let text = format!("{float:.*}", places + 60);
            let is_half = text[text.len() - 60..].trim_end_matches('0') == "5";
            let nearest = format!("{float:.places$}").parse().unwrap_or(float);
            if is_half { (float * unit).round() / unit } else { nearest }
        }
    }
}

/// Rounded to a multiple of a power of ten, half to even; `more` says that a fraction was cut off.
fn round_int(int: &BigInt, zeros: u32, more: bool) -> BigInt {
    let unit = BigInt::from(10).pow(zeros);
    let (quotient, rest) = int.abs().div_rem(&unit);
    let up = match (rest * 2u32).cmp(&unit) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Greater => true,
        std::cmp::Ordering::Equal => more || quotient.is_odd(),
    };
    let rounded = (quotient + u32::from(up)) * unit;
    if int.is_negative() { -rounded } else { rounded }
}

fn round_float(call: &mut Call, float: f64, digits: i64) -> Answer {
    const MOST_PLACES: i64 = 330;
    if !float.is_finite() || digits > MOST_PLACES {
        return Ok(call.float(float));
    }
    if digits < -MOST_PLACES {
        return Ok(call.float(0f64.copysign(float)));
    }
    if digits >= 0 {
        let rounded: f64 = format!("{float:.*}", digits as usize).parse().unwrap_or(float);
        return Ok(call.float(rounded));
    }
    let int = whole(call, float.trunc())?;
    let rounded = round_int(&int, digits.unsigned_abs() as u32, float.fract() != 0.0);
    match quotient(&rounded, &BigInt::from(1)) {
        Some(rounded) => Ok(call.float(rounded.copysign(float))),
        None => Err(call.raise("OverflowError", "rounded value too large to represent")),
    }
}

fn in_base(call: &mut Call, prefix: &str, radix: u32) -> Answer {
    let value = argument(call)?;
    let int = index(call, value)?;
    let sign = if int.is_negative() { "-" } else { "" };
    let letter = if radix != 2 && call.is_long(value) { "L" } else { "" };
    Ok(call.str(&format!("{sign}{prefix}{}{letter}", int.abs().to_str_radix(radix))))
}

fn bin(call: &mut Call) -> Answer {
    in_base(call, "0b", 2)
}

fn oct(call: &mut Call) -> Answer {
    let value = argument(call)?;
    let is_zero = index(call, value)?.is_zero();
    match call.cx.constants().has("repr.octal-letter") {
        true => in_base(call, "0o", 8),
        false => in_base(call, if is_zero { "" } else { "0" }, 8),
    }
}

fn hex(call: &mut Call) -> Answer {
    in_base(call, "0x", 16)
}

fn chr(call: &mut Call) -> Answer {
    let value = argument(call)?;
    match index(call, value)?.to_u32() {
        Some(code) if code < 0x11_0000 => match char::from_u32(code) {
            Some(char) => Ok(call.str(&char.to_string())),
            None => Err(Failure::Undefined), // A surrogate is no character here.
        },
        _ => Err(call.value_error("chr() arg not in range(0x110000)")),
    }
}

fn ord(call: &mut Call) -> Answer {
    let value = argument(call)?;
    let codes: Vec<u32> = match call.view(value) {
        View::Str(text) => text.chars().map(u32::from).collect(),
        View::Bytes(bytes) => bytes.into_iter().map(u32::from).collect(),
        _ => {
            let name = call.type_name(value);
            return Err(call.type_error(&format!("ord() expected string of length 1, but {name} found")));
        }
    };
    match codes[..] {
        [code] => Ok(call.int(code)),
        _ => {
            let length = codes.len();
            let message = format!("ord() expected a character, but string of length {length} found");
            Err(call.type_error(&message))
        }
    }
}

fn min(call: &mut Call) -> Answer {
    extreme(call, "min", Relation::Less)
}

fn max(call: &mut Call) -> Answer {
    extreme(call, "max", Relation::Greater)
}

fn extreme(call: &mut Call, name: &str, relation: Relation) -> Answer {
    call.require_known()?;
    let none = call.none();
    let mut default = None;
    for (keyword, value) in call.keywords.clone() {
        known(call, value)?;
        match keyword.as_str() {
            "key" if value == none => {}
            "key" => return Err(Failure::Undefined),
            _ if !call.cx.constants().has("call.default-of-extreme") => {
                return Err(call.raise_worded("TypeError", "no-default", &[name]));
            }
            _ => default = Some(value),
        }
    }
    let members = match call.args[..] {
        [container] => iterate(call, container)?,
        _ if default.is_some() => {
            return Err(call.type_error(&format!(
                "Cannot specify a default for {name}() with multiple positional arguments"
            )));
        }
        _ => call.args.clone(),
    };
    let Some((first, others)) = members.split_first() else {
        return match default {
            Some(default) => Ok(default),
            None => Err(call.raise_worded("ValueError", "none-to-choose", &[name])),
        };
    };
    let mut best = *first;
    for other in others {
        if compare(call, relation, *other, best)? {
            best = *other;
        }
    }
    Ok(best)
}

pub(super) fn sum(call: &mut Call) -> Answer {
    let found = arguments(call)?;
    let [Some(container), start] = found[..] else { return Err(Failure::Undefined) };
    let members = iterate(call, container)?;
    let start = match start {
        Some(start) => start,
        None => call.int(0),
    };
    match call.view(start) {
        View::Str(_) => return Err(call.type_error("sum() can't sum strings [use ''.join(seq) instead]")),
        View::Bytes(_) => {
            return Err(call.type_error("sum() can't sum bytes [use b''.join(seq) instead]"));
        }
        _ => {}
    }
    add_up(call, start, &members)
}

/// Adds members to a start; while all are numbers, and one is a float, with the rounding errors kept apart.
fn add_up(call: &mut Call, start: Id, members: &[Id]) -> Answer {
    let mut total = start;
    let mut rest = members;
    while let [first, others @ ..] = rest {
        if let Some(float) = plain_float(call, total) {
            let (sum, used) = add_floats(call, float, rest)?;
            total = call.float(sum);
            rest = &rest[used..];
            if used > 0 {
                continue;
            }
            let [first, others @ ..] = rest else { break };
            total = plus(call, total, *first)?;
            rest = others;
            continue;
        }
        total = plus(call, total, *first)?;
        rest = others;
    }
    Ok(total)
}

fn plain_float(call: &mut Call, value: Id) -> Option<f64> {
    if overridden(call, value, &["__add__", "__radd__"]) {
        return None;
    }
    match call.view(value) {
        View::Float(float) => Some(float),
        _ => None,
    }
}

/// The sum of a float and the numbers that come first, and how many there are.
fn add_floats(call: &mut Call, start: f64, members: &[Id]) -> Outcome<(f64, usize)> {
    let (mut sum, mut error) = (start, 0.0);
    let mut used = 0;
    for member in members {
        known(call, *member)?;
        if overridden(call, *member, &["__add__", "__radd__"]) {
            break;
        }
        let Some(number) = number(&call.view(*member)) else { break };
        let float = to_float(call, &number)?;
        let whole = sum + float;
        error += if sum.abs() >= float.abs() { (sum - whole) + float } else { (float - whole) + sum };
        sum = whole;
        used += 1;
    }
    Ok((if error != 0.0 && error.is_finite() { sum + error } else { sum }, used))
}
