//! The `%` operator of texts.

use egg::Id;
use num_bigint::BigInt;
use num_traits::{FromPrimitive, Signed, ToPrimitive};

use super::layout::{char_of, float_text, lay_out, pad, sign_of};
use super::spec::{Spec, converted, digits};
use crate::python::builtins::compare::equal;
use crate::python::builtins::display::{check_length, decimal};
use crate::python::builtins::numbers::{Number, number, to_float};
use crate::python::builtins::support::{Outcome, known, overridden, unless_overridden};
use crate::python::builtins::text::unicode;
use crate::python::values::{Answer, Call, Failure, View};

/// The arguments of the `%` operator, as they are used up.
struct Percent {
    /// The tuple's members, or the one value.
    values: Vec<Id>,
    /// How many were taken.
    taken: usize,
    /// The value, where keys can be looked up in it.
    mapping: Option<Id>,
    /// Whether what comes out is a Unicode string, since one is in it.
    wide: bool,
}

/// `text % value`, where `template` is the value that has the text.
pub fn percent(call: &mut Call, template: Id, text: &str, value: Id) -> Answer {
    let mapping = match call.view(value) {
        View::Dict(_) | View::List(_) | View::Bytes(_) | View::Range(_) => Some(value),
        View::Other if overridden(call, value, &["__getitem__"]) => Some(value),
        _ => None,
    };
    let values = match call.view(value) {
        View::Tuple(members) => members,
        _ => vec![value],
    };
    let wide = call.is_unicode(template);
    let mut state = Percent { values, taken: 0, mapping, wide };
    let chars: Vec<char> = text.chars().collect();
    let (mut out, mut at) = (String::new(), 0);
    while let Some(char) = chars.get(at) {
        at += 1;
        if *char == '%' {
            at = percent_item(call, &chars, at, &mut state, &mut out)?;
            check_length(call, out.len())?;
        } else {
            out.push(*char);
        }
    }
    if state.taken < state.values.len() && state.mapping.is_none() {
        return Err(call.type_error("not all arguments converted during string formatting"));
    }
    if state.wide {
        return Ok(call.unicode(&out));
    }
    let out = unicode::narrowed(call, &state.values, out)?;
    Ok(call.str(&out))
}

impl Percent {
    fn next(&mut self, call: &mut Call) -> Outcome<Id> {
        self.taken += 1;
        match self.values.get(self.taken - 1) {
            Some(value) => Ok(*value),
            None => Err(call.type_error("not enough arguments for format string")),
        }
    }
}

/// A conversion of the `%` operator, without its letter.
#[derive(Debug, Default)]
struct Item {
    left: bool,
    sign: Option<char>,
    alternate: bool,
    zero: bool,
    width: usize,
    precision: Option<usize>,
}

fn percent_item(
    call: &mut Call,
    chars: &[char],
    mut at: usize,
    state: &mut Percent,
    out: &mut String,
) -> Outcome<usize> {
    if chars.get(at) == Some(&'%') {
        out.push('%');
        return Ok(at + 1);
    }
    if chars.get(at) == Some(&'(') {
        at = percent_key(call, chars, at + 1, state)?;
    }
    let mut item = Item::default();
    while let Some(flag) = chars.get(at) {
        match flag {
            '-' => item.left = true,
            '+' => item.sign = Some('+'),
            ' ' => item.sign = item.sign.or(Some(' ')),
            '#' => item.alternate = true,
            '0' => item.zero = true,
            _ => break,
        }
        at += 1;
    }
    let width = percent_number(call, chars, &mut at, state)?.unwrap_or(0);
    item.left |= width < 0;
    item.width = width.unsigned_abs() as usize;
    if chars.get(at) == Some(&'.') {
        at += 1;
        let precision = percent_number(call, chars, &mut at, state)?.unwrap_or(0);
        item.precision = Some(precision.max(0) as usize);
    }
    if matches!(chars.get(at), Some('h' | 'l' | 'L')) {
        at += 1;
    }
    let Some(kind) = chars.get(at) else { return Err(call.value_error("incomplete format")) };
    let value = state.next(call)?;
    let text = percent_value(call, *kind, at, value, &item)?;
    state.wide |= matches!(kind, 's' | 'c') && call.is_unicode(value);
    out.push_str(&text);
    Ok(at + 1)
}

fn percent_key(call: &mut Call, chars: &[char], start: usize, state: &mut Percent) -> Outcome<usize> {
    let Some(mapping) = state.mapping else { return Err(call.type_error("format requires a mapping")) };
    let (mut at, mut open) = (start, 1);
    while open > 0 {
        match chars.get(at) {
            Some('(') => open += 1,
            Some(')') => open -= 1,
            Some(_) => {}
            None => return Err(call.value_error("incomplete format key")),
        }
        at += 1;
    }
    let key: String = chars[start..at - 1].iter().collect();
    let key = call.str(&key);
    let entries = match call.view(mapping) {
        View::Dict(entries) => entries,
        View::List(_) => return Err(call.type_error("list indices must be integers or slices, not str")),
        _ => return Err(Failure::Undefined),
    };
    let value = look_up(call, mapping, &entries, key)?;
    state.values = vec![value];
    state.taken = 0;
    Ok(at)
}

pub(super) fn look_up(call: &mut Call, dict: Id, entries: &[(Id, Id)], key: Id) -> Answer {
    if let Some((_, value)) = entries.iter().find(|(candidate, _)| *candidate == key) {
        return Ok(*value);
    }
    for (candidate, value) in entries {
        if equal(call, *candidate, key)? {
            return Ok(*value);
        }
    }
    unless_overridden(call, dict, &["__missing__", "__getitem__"])?;
    Err(call.raise_with("KeyError", &[key]))
}

fn percent_number(
    call: &mut Call,
    chars: &[char],
    at: &mut usize,
    state: &mut Percent,
) -> Outcome<Option<i64>> {
    if chars.get(*at) == Some(&'*') {
        *at += 1;
        let value = state.next(call)?;
        known(call, value)?;
        let Some(int) = call.integer(value) else { return Err(call.type_error("* wants int")) };
        let number = int.to_i64().unwrap_or(i64::MAX);
        check_length(call, number.unsigned_abs() as usize)?;
        return Ok(Some(number));
    }
    Ok(digits(call, chars, at)?.map(|number| number as i64))
}

fn percent_value(call: &mut Call, kind: char, at: usize, value: Id, item: &Item) -> Outcome<String> {
    known(call, value)?;
    let spec = Spec {
        fill: ' ',
        align: if item.left { '<' } else { '>' },
        sign: item.sign,
        no_negative_zero: false,
        alternate: item.alternate,
        width: item.width,
        grouping: None,
        precision: item.precision,
        fraction_grouping: None,
        kind,
    };
    let numeric = |spec: Spec| match (item.zero, item.left) {
        (true, false) => Spec { fill: '0', align: '=', ..spec },
        _ => spec,
    };
    match kind {
        's' | 'r' | 'a' => {
            let text = converted(call, value, &kind.to_string())?.unwrap_or_default();
            let text: String = text.chars().take(item.precision.unwrap_or(usize::MAX)).collect();
            Ok(pad(&text, spec.width, spec.align, ' '))
        }
        'c' => {
            let text = percent_character(call, value)?;
            Ok(pad(&text, spec.width, spec.align, ' '))
        }
        'd' | 'i' | 'u' | 'x' | 'X' | 'o' => {
            let int = percent_integer(call, kind, value)?;
            percent_int(call, &int, &numeric(spec))
        }
        'e' | 'E' | 'f' | 'F' | 'g' | 'G' => {
            let float = percent_float(call, value)?;
            let text = float_text(float.abs(), kind, item.precision.unwrap_or(6), item.alternate);
            let spec = numeric(spec);
            let sign = sign_of(&spec, float.is_sign_negative() && !float.is_nan());
            let end = text.chars().take_while(char::is_ascii_digit).count();
            Ok(lay_out(&spec, sign, "", &text[..end], &text[end..], 3))
        }
        _ => {
            let (code, at) = (kind as u32, at);
            let shown = if (' '..'\x7f').contains(&kind) { kind } else { '?' };
            let message = format!("unsupported format character '{shown}' ({code:#x}) at index {at}");
            Err(call.value_error(&message))
        }
    }
}

fn percent_character(call: &mut Call, value: Id) -> Outcome<String> {
    let wrong = match call.view(value) {
        View::Str(text) if text.chars().count() == 1 => return Ok(text),
        View::Str(text) => format!("a string of length {}", text.chars().count()),
        View::Int(int) => return char_of(call, &int),
        View::Bool(yes) => return char_of(call, &BigInt::from(u8::from(yes))),
        _ => {
            unless_overridden(call, value, &["__index__"])?;
            call.type_name(value)
        }
    };
    Err(call.raise_worded("TypeError", "no-character", &[&wrong]))
}

fn percent_integer(call: &mut Call, kind: char, value: Id) -> Outcome<BigInt> {
    let needs_integer = matches!(kind, 'x' | 'X' | 'o');
    match number(&call.view(value)) {
        Some(Number::Int(int)) => Ok(int),
        Some(Number::Float(float)) if !needs_integer => whole(call, float.trunc()),
        _ => {
            unless_overridden(call, value, &["__index__", "__int__"])?;
            let name = call.type_name(value);
            let message = if needs_integer { "no-integer-to-format" } else { "no-number-to-format" };
            Err(call.raise_worded("TypeError", message, &[&kind.to_string(), &name]))
        }
    }
}

/// A float without fraction as an int.
pub fn whole(call: &mut Call, float: f64) -> Outcome<BigInt> {
    if float.is_nan() {
        return Err(call.value_error("cannot convert float NaN to integer"));
    }
    match BigInt::from_f64(float) {
        Some(int) => Ok(int),
        None => Err(call.raise("OverflowError", "cannot convert float infinity to integer")),
    }
}

fn percent_float(call: &mut Call, value: Id) -> Outcome<f64> {
    match number(&call.view(value)) {
        Some(number) => to_float(call, &number),
        None => {
            unless_overridden(call, value, &["__float__", "__index__"])?;
            let name = call.type_name(value);
            Err(call.type_error(&format!("must be real number, not {name}")))
        }
    }
}

fn percent_int(call: &mut Call, int: &BigInt, spec: &Spec) -> Outcome<String> {
    let magnitude = int.abs();
    let (digits, prefix) = match spec.kind {
        'x' => (magnitude.to_str_radix(16), "0x"),
        'X' => (magnitude.to_str_radix(16).to_ascii_uppercase(), "0X"),
        'o' => (magnitude.to_str_radix(8), "0o"),
        _ => (decimal(call, &magnitude)?, ""),
    };
    let missing = spec.precision.unwrap_or(0).saturating_sub(digits.len());
    let digits = format!("{}{digits}", "0".repeat(missing));
    let prefix = if spec.alternate { prefix } else { "" };
    Ok(lay_out(spec, sign_of(spec, int.is_negative()), prefix, &digits, "", 3))
}
