//! Texts and numbers as a specification lays them out.

use egg::Id;
use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive};

use super::spec::{Spec, unknown_code};
use crate::python::builtins::display::{check_length, decimal};
use crate::python::builtins::numbers::{Number, to_float};
use crate::python::builtins::support::Outcome;
use crate::python::values::literals::float_repr;
use crate::python::values::{Call, Failure};

pub(super) fn format_str(call: &mut Call, text: &str, spec: &Spec) -> Outcome<String> {
    let wrong = match spec {
        Spec { kind, .. } if *kind != 's' => return Err(unknown_code(call, spec, "str")),
        Spec { sign: Some(' '), .. } => "Space not allowed in string format specifier",
        Spec { sign: Some(_), .. } => "Sign not allowed in string format specifier",
        Spec { no_negative_zero: true, .. } => {
            "Negative zero coercion (z) not allowed in string format specifier"
        }
        Spec { alternate: true, .. } => "Alternate form (#) not allowed in string format specifier",
        Spec { align: '=', .. } => "'=' alignment not allowed in string format specifier",
        _ => "",
    };
    if !wrong.is_empty() {
        return Err(call.value_error(wrong));
    }
    let text: String = text.chars().take(spec.precision.unwrap_or(usize::MAX)).collect();
    Ok(pad(&text, spec.width, spec.align, spec.fill))
}

/// A text with padding around it.
pub(super) fn pad(text: &str, width: usize, align: char, fill: char) -> String {
    let missing = width.saturating_sub(text.chars().count());
    let left = match align {
        '<' => 0,
        '^' => missing / 2,
        _ => missing,
    };
    let fills = |count: usize| fill.to_string().repeat(count);
    format!("{}{text}{}", fills(left), fills(missing - left))
}

pub(super) fn format_int(call: &mut Call, int: &BigInt, spec: &Spec, value: Id) -> Outcome<String> {
    match spec.kind {
        'b' | 'c' | 'd' | 'o' | 'x' | 'X' | 'n' => {}
        'e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%' => {
            let float = to_float(call, &Number::Int(int.clone()))?;
            return format_float(call, float, spec, value);
        }
        _ => {
            let name = call.type_name(value);
            return Err(unknown_code(call, spec, &name));
        }
    }
    if spec.precision.is_some() {
        return Err(call.value_error("Precision not allowed in integer format specifier"));
    }
    if spec.no_negative_zero {
        let message = "Negative zero coercion (z) not allowed in integer format specifier";
        return Err(call.value_error(message));
    }
    if spec.kind == 'c' {
        let text = character(call, int, spec)?;
        return Ok(pad(&text, spec.width, spec.align, spec.fill));
    }
    let (radix, prefix) = match spec.kind {
        'b' => (2, "0b"),
        'o' => (8, "0o"),
        'x' => (16, "0x"),
        'X' => (16, "0X"),
        _ => (10, ""),
    };
    let magnitude = int.abs();
    let mut digits = if radix == 10 { decimal(call, &magnitude)? } else { magnitude.to_str_radix(radix) };
    if spec.kind == 'X' {
        digits.make_ascii_uppercase();
    }
    let prefix = if spec.alternate { prefix } else { "" };
    let sign = sign_of(spec, int.is_negative());
    let group = if radix == 10 { 3 } else { 4 };
    Ok(lay_out(spec, sign, prefix, &digits, "", group))
}

fn character(call: &mut Call, int: &BigInt, spec: &Spec) -> Outcome<String> {
    if spec.sign.is_some() {
        return Err(call.value_error("Sign not allowed with integer format specifier 'c'"));
    }
    if spec.alternate {
        return Err(call.value_error("Alternate form (#) not allowed with integer format specifier 'c'"));
    }
    char_of(call, int)
}

pub(super) fn char_of(call: &mut Call, int: &BigInt) -> Outcome<String> {
    match int.to_u32() {
        Some(code) if code < 0x11_0000 => {
            char::from_u32(code).map(String::from).ok_or(Failure::Undefined) // Not a surrogate.
        }
        _ => Err(call.raise("OverflowError", "%c arg not in range(0x110000)")),
    }
}

pub(super) fn sign_of(spec: &Spec, negative: bool) -> &'static str {
    match spec.sign {
        _ if negative => "-",
        Some('+') => "+",
        Some(' ') => " ",
        _ => "",
    }
}

/// Puts a number's parts together, groups its digits and pads it.
pub(super) fn lay_out(
    spec: &Spec,
    sign: &str,
    prefix: &str,
    whole: &str,
    rest: &str,
    group: usize,
) -> String {
    let inner = spec.align == '=';
    let around = sign.len() + prefix.len() + rest.len();
    let least = if inner && spec.fill == '0' { spec.width.saturating_sub(around) } else { 0 };
    let whole = group_digits(whole, spec.grouping, group, least);
    let number = format!("{prefix}{whole}{rest}");
    if !inner {
        return pad(&format!("{sign}{number}"), spec.width, spec.align, spec.fill);
    }
    let width = spec.width.saturating_sub(sign.len() + prefix.len());
    format!("{sign}{prefix}{}", pad(&number[prefix.len()..], width, '>', spec.fill))
}

/// The digits with a mark between groups, and zeros before them up to a width.
fn group_digits(digits: &str, mark: Option<char>, group: usize, least: usize) -> String {
    let Some(mark) = mark else {
        return format!("{}{digits}", "0".repeat(least.saturating_sub(digits.len())));
    };
    let mut count = digits.len();
    while count + count.saturating_sub(1) / group < least {
        count += 1;
    }
    let padded = format!("{}{digits}", "0".repeat(count - digits.len()));
    let mut out = String::new();
    for (place, digit) in padded.chars().enumerate() {
        if place > 0 && (count - place).is_multiple_of(group) {
            out.push(mark);
        }
        out.push(digit);
    }
    out
}

pub(super) fn format_float(call: &mut Call, float: f64, spec: &Spec, value: Id) -> Outcome<String> {
    if !matches!(spec.kind, '\0' | 'e' | 'E' | 'f' | 'F' | 'g' | 'G' | 'n' | '%') {
        let name = call.type_name(value);
        return Err(unknown_code(call, spec, &name));
    }
    let kind = if spec.kind == 'n' { 'g' } else { spec.kind };
    let shown = if kind == '%' { float * 100.0 } else { float };
    let mut text = match (kind, spec.precision) {
        ('\0', None) => shortest(shown.abs(), spec.alternate),
        ('\0', Some(precision)) => general(shown.abs(), precision, spec.alternate, true),
        (_, precision) => float_text(shown.abs(), kind, precision.unwrap_or(6), spec.alternate),
    };
    check_length(call, text.len())?;
    if kind == '%' {
        text.push('%');
    }
    let mut negative = float.is_sign_negative() && !float.is_nan();
    if spec.no_negative_zero && !text.chars().any(|char| ('1'..='9').contains(&char)) && float.is_finite() {
        negative = false;
    }
    let end = text.chars().take_while(char::is_ascii_digit).count();
    let (whole, rest) = text.split_at(end);
    let rest = group_fraction(rest, spec.fraction_grouping);
    Ok(lay_out(spec, sign_of(spec, negative), "", whole, &rest, 3))
}

/// The part behind the whole digits, with a mark after each three digits of the fraction.
fn group_fraction(rest: &str, mark: Option<char>) -> String {
    let (Some(mark), Some(fraction)) = (mark, rest.strip_prefix('.')) else { return rest.to_string() };
    let end = fraction.chars().take_while(char::is_ascii_digit).count();
    let mut out = String::from(".");
    for (place, char) in fraction.chars().enumerate() {
        if place > 0 && place < end && place.is_multiple_of(3) {
            out.push(mark);
        }
        out.push(char);
    }
    out
}

fn not_finite(float: f64) -> Option<String> {
    (!float.is_finite()).then(|| if float.is_nan() { "nan" } else { "inf" }.to_string())
}

fn shortest(float: f64, alternate: bool) -> String {
    let text = float_repr(float);
    match text.split_once('e') {
        Some((mantissa, exponent)) if alternate && !mantissa.contains('.') => {
            format!("{mantissa}.e{exponent}")
        }
        _ => text,
    }
}

/// A float that is not negative, in the form that a letter names.
pub(super) fn float_text(float: f64, kind: char, precision: usize, alternate: bool) -> String {
    let text = match kind.to_ascii_lowercase() {
        _ if !float.is_finite() => not_finite(float).unwrap_or_default(),
        'e' => exponential(float, precision, alternate),
        'g' => general(float, precision, alternate, false),
        _ => {
            let point = if alternate && precision == 0 { "." } else { "" };
            format!("{float:.precision$}{point}")
        }
    };
    if kind.is_ascii_uppercase() { text.to_ascii_uppercase() } else { text }
}

/// The digits of a float with an exponent, as `(digits, exponent)`.
fn rounded_digits(float: f64, digits: usize) -> (String, i32) {
    let text = format!("{float:.*e}", digits.saturating_sub(1));
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    (mantissa.replace('.', ""), exponent.parse().unwrap_or(0))
}

fn with_exponent(digits: &str, exponent: i32, alternate: bool) -> String {
    let (first, others) = digits.split_at(1.min(digits.len()));
    let point = if others.is_empty() && !alternate { "" } else { "." };
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{first}{point}{others}e{sign}{:02}", exponent.abs())
}

fn exponential(float: f64, precision: usize, alternate: bool) -> String {
    let (digits, exponent) = rounded_digits(float, precision + 1);
    with_exponent(&digits, exponent, alternate)
}

/// A float with so many digits at most, as `str` wrote it before Python 3.2.
pub fn with_digits(float: f64, digits: usize) -> String {
    let sign = if float.is_sign_negative() && !float.is_nan() { "-" } else { "" };
    format!("{sign}{}", general(float.abs(), digits, false, true))
}

/// `g`; with `dotted`, what no letter gives: always a digit behind the point.
fn general(float: f64, precision: usize, alternate: bool, dotted: bool) -> String {
    if let Some(text) = not_finite(float) {
        return text;
    }
    let precision = precision.max(1);
    let (mut digits, exponent) = rounded_digits(float, precision);
    if !alternate {
        let kept = digits.trim_end_matches('0').len().max(1);
        digits.truncate(kept);
    }
    let limit = precision as i32 - i32::from(dotted);
    if exponent < -4 || exponent + 1 > limit {
        return with_exponent(&digits, exponent, alternate);
    }
    let (whole, fraction) = if exponent < 0 {
        ("0".to_string(), format!("{}{digits}", "0".repeat((-exponent - 1) as usize)))
    } else {
        let wanted = exponent as usize + 1;
        let digits = format!("{digits}{}", "0".repeat(wanted.saturating_sub(digits.len())));
        (digits[..wanted].to_string(), digits[wanted..].to_string())
    };
    match (fraction.is_empty(), alternate, dotted) {
        (true, false, true) => format!("{whole}.0"),
        (true, false, false) => whole,
        _ => format!("{whole}.{fraction}"),
    }
}
