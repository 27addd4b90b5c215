//! Builtin functions and methods of numbers.

use egg::Id;
use num_bigint::{BigInt, Sign};
use num_integer::Integer;
use num_traits::{Signed, ToPrimitive, Zero};

use crate::python::builtins::Table;
use crate::python::builtins::compare::{Relation, compare};
use crate::python::builtins::containers::{chain, chain_at};
use crate::python::builtins::display::{MOST_DIGITS, repr};
use crate::python::builtins::fields::keyword_hint;
use crate::python::builtins::format::whole;
use crate::python::builtins::hashing::split_float;
use crate::python::builtins::numbers::{Number, number, plus, quotient, to_float};
use crate::python::builtins::support::{
    Outcome, arguments, beyond_limit, check_count, index, iterate, known, most_bits, named, no_arguments,
    one_argument, overridden, receiver, size, unless_overridden,
};
use crate::python::values::{Answer, Call, Failure, View};

/// The primitives of this file.
pub const TABLE: Table = &[
    ("bool", bool),
    ("int", int),
    ("float", float),
    ("round", round),
    ("bin", bin),
    ("oct", oct),
    ("hex", hex),
    ("chr", chr),
    ("ord", ord),
    ("min", min),
    ("max", max),
    ("sum", sum),
    ("int.bit_length", bit_length),
    ("int.bit_count", bit_count),
    ("int.conjugate", conjugate),
    ("int.is_integer", int_is_integer),
    ("int.as_integer_ratio", int_ratio),
    ("int.to_bytes", to_bytes),
    ("int.from_bytes", from_bytes),
    ("float.is_integer", float_is_integer),
    ("float.as_integer_ratio", float_ratio),
    ("float.conjugate", conjugate),
    ("float.hex", float_hex),
];

// ---- truth ---------------------------------------------------------------------------------------------

fn bool(call: &mut Call) -> Answer {
    let args = arguments(call, "bool", 0, 1)?;
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
    Ok(match call.view(value) {
        View::None => false,
        View::Bool(yes) => yes,
        View::Int(int) => !int.is_zero(),
        View::Float(float) => float != 0.0,
        View::Str(text) => !text.is_empty(),
        View::Bytes(bytes) => !bytes.is_empty(),
        View::Tuple(members) | View::List(members) | View::Set(members) => !members.is_empty(),
        View::Dict(entries) => !entries.is_empty(),
        View::Range(parts) => !crate::python::builtins::support::range_length(&parts).is_zero(),
        View::Slice(_) => true,
        View::Other => {
            let class = call.type_name(value);
            if matches!(class.as_str(), "dict_keys" | "dict_values" | "dict_items") {
                return Err(Failure::Undefined);
            }
            if class == "NotImplementedType" {
                return Err(call.type_error("NotImplemented should not be used in a boolean context"));
            }
            true
        }
    })
}

// ---- int and float -------------------------------------------------------------------------------------

fn int(call: &mut Call) -> Answer {
    call.require_known()?;
    let given = call.args.len() + call.keywords.len();
    check_count(call, "int", given, 0, 2)?;
    let found = named(call, "int", &["x", "base"], 1, 0)?;
    match found[..] {
        [Some(value), None] => int_of(call, value),
        [Some(value), Some(base)] => int_with_base(call, value, base),
        [None, Some(_)] => Err(call.type_error("int() missing string argument")),
        _ => Ok(call.int(0)),
    }
}

fn int_of(call: &mut Call, value: Id) -> Answer {
    unless_overridden(call, value, &["__int__", "__index__", "__trunc__"])?;
    let int = match call.view(value) {
        View::Str(text) => parse_int(call, value, &text, 10)?,
        View::Bytes(bytes) => parse_int(call, value, &String::from_utf8_lossy(&bytes), 10)?,
        view => match number(&view) {
            Some(Number::Int(int)) => int,
            Some(Number::Float(float)) => whole(call, float.trunc())?,
            None => {
                let name = call.type_name(value);
                return Err(call.type_error(&format!(
                    "int() argument must be a string, a bytes-like object or a real number, not '{name}'"
                )));
            }
        },
    };
    Ok(call.int(int))
}

fn int_with_base(call: &mut Call, value: Id, base: Id) -> Answer {
    let base = index(call, base)?.to_u32().unwrap_or(u32::MAX);
    if base != 0 && !(2..=36).contains(&base) {
        return Err(call.value_error("int() base must be >= 2 and <= 36, or 0"));
    }
    let text = match call.view(value) {
        View::Str(text) => text,
        View::Bytes(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        _ => return Err(call.type_error("int() can't convert non-string with explicit base")),
    };
    let int = parse_int(call, value, &text, base)?;
    Ok(call.int(int))
}

fn parse_int(call: &mut Call, value: Id, text: &str, base: u32) -> Outcome<BigInt> {
    let found = digits_of(&with_ascii_digits(text.trim_matches(is_space)), base);
    let Some((negative, digits, radix)) = found else {
        let shown = repr(call, value)?;
        return Err(call.value_error(&format!("invalid literal for int() with base {base}: {shown}")));
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

/// Whether Python's `str.isspace` holds.
pub fn is_space(char: char) -> bool {
    char.is_whitespace() || ('\x1c'..='\x1f').contains(&char)
}

/// The zeros of the scripts that have decimal digits, which follow one another.
const ZEROS: [u32; 65] = [
    0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0,
    0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50,
    0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10, 0x104a0, 0x10d30, 0x11066, 0x110f0,
    0x11136, 0x111d0, 0x112f0, 0x11450, 0x114d0, 0x11650, 0x116c0, 0x11730, 0x118e0, 0x11950, 0x11c50,
    0x11d50, 0x11da0, 0x16a60, 0x16ac0, 0x16b50, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1e140,
    0x1e2f0, 0x1e950, 0x1fbf0,
];

/// The text with the decimal digits of every script written as those of ASCII.
fn with_ascii_digits(text: &str) -> String {
    let digit = |char: char| {
        let zero = ZEROS.iter().rfind(|zero| **zero <= u32::from(char))?;
        char::from_digit(u32::from(char) - zero, 10)
    };
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

fn float(call: &mut Call) -> Answer {
    let args = arguments(call, "float", 0, 1)?;
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
                let message = format!("float() argument must be a string or a real number, not '{name}'");
                return Err(call.type_error(&message));
            }
        },
    };
    match parse_float(&with_ascii_digits(text.trim_matches(is_space))) {
        Some(float) => Ok(call.float(float)),
        None => {
            let shown = repr(call, value)?;
            Err(call.value_error(&format!("could not convert string to float: {shown}")))
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

// ---- round ---------------------------------------------------------------------------------------------

fn round(call: &mut Call) -> Answer {
    let found = named(call, "round", &["number", "ndigits"], 0, 1)?;
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

// ---- characters and other bases ------------------------------------------------------------------------

fn in_base(call: &mut Call, name: &str, prefix: &str, radix: u32) -> Answer {
    let value = one_argument(call, name)?;
    let int = index(call, value)?;
    let sign = if int.is_negative() { "-" } else { "" };
    Ok(call.str(&format!("{sign}{prefix}{}", int.abs().to_str_radix(radix))))
}

fn bin(call: &mut Call) -> Answer {
    in_base(call, "bin", "0b", 2)
}

fn oct(call: &mut Call) -> Answer {
    in_base(call, "oct", "0o", 8)
}

fn hex(call: &mut Call) -> Answer {
    in_base(call, "hex", "0x", 16)
}

fn chr(call: &mut Call) -> Answer {
    let value = one_argument(call, "chr")?;
    match index(call, value)?.to_u32() {
        Some(code) if code < 0x11_0000 => match char::from_u32(code) {
            Some(char) => Ok(call.str(&char.to_string())),
            None => Err(Failure::Undefined), // A surrogate is no character here.
        },
        _ => Err(call.value_error("chr() arg not in range(0x110000)")),
    }
}

fn ord(call: &mut Call) -> Answer {
    let value = one_argument(call, "ord")?;
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

// ---- min, max and sum ----------------------------------------------------------------------------------

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
            "default" => default = Some(value),
            _ => {
                let hint = keyword_hint(&keyword, &["key", "default"]);
                let message = format!("{name}() got an unexpected keyword argument '{keyword}'{hint}");
                return Err(call.type_error(&message));
            }
        }
    }
    let members = match call.args[..] {
        [] => return Err(call.type_error(&format!("{name} expected at least 1 argument, got 0"))),
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
            None => Err(call.value_error(&format!("{name}() iterable argument is empty"))),
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

fn sum(call: &mut Call) -> Answer {
    call.require_known()?;
    if call.args.is_empty() {
        return Err(call.type_error("sum() takes at least 1 positional argument (0 given)"));
    }
    let found = named(call, "sum", &["iterable", "start"], 1, 1)?;
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

// ---- methods of numbers --------------------------------------------------------------------------------

fn own_int(call: &mut Call, name: &str) -> Outcome<BigInt> {
    let view = receiver(call, name, |view| matches!(view, View::Int(_) | View::Bool(_)))?;
    match number(&view) {
        Some(Number::Int(int)) => Ok(int),
        _ => Err(Failure::Undefined),
    }
}

fn own_float(call: &mut Call, name: &str) -> Outcome<f64> {
    match receiver(call, name, |view| matches!(view, View::Float(_)))? {
        View::Float(float) => Ok(float),
        _ => Err(Failure::Undefined),
    }
}

fn bit_length(call: &mut Call) -> Answer {
    let int = own_int(call, "int.bit_length")?;
    no_arguments(call, "int.bit_length")?;
    Ok(call.int(int.bits()))
}

fn bit_count(call: &mut Call) -> Answer {
    let int = own_int(call, "int.bit_count")?;
    no_arguments(call, "int.bit_count")?;
    let count: u32 = int.magnitude().iter_u32_digits().map(u32::count_ones).sum();
    Ok(call.int(count))
}

fn conjugate(call: &mut Call) -> Answer {
    call.require_known()?;
    match call.args[..] {
        [value] => match number(&call.view(value)) {
            Some(Number::Int(int)) => Ok(call.int(int)),
            Some(Number::Float(float)) => Ok(call.float(float)),
            None => Err(Failure::Undefined),
        },
        _ => Err(Failure::Undefined),
    }
}

fn int_is_integer(call: &mut Call) -> Answer {
    own_int(call, "int.is_integer")?;
    no_arguments(call, "int.is_integer")?;
    Ok(call.bool(true))
}

fn int_ratio(call: &mut Call) -> Answer {
    let int = own_int(call, "int.as_integer_ratio")?;
    no_arguments(call, "int.as_integer_ratio")?;
    let parts = [call.int(int), call.int(1)];
    Ok(call.tuple(&parts))
}

fn byte_order(call: &mut Call, order: Option<Id>) -> Outcome<bool> {
    let Some(order) = order else { return Ok(true) };
    match call.text(order).as_deref() {
        Some("big") => Ok(true),
        Some("little") => Ok(false),
        _ => Err(call.value_error("byteorder must be either 'little' or 'big'")),
    }
}

fn to_bytes(call: &mut Call) -> Answer {
    let int = own_int(call, "int.to_bytes")?;
    let found = named(call, "int.to_bytes", &["length", "byteorder", "signed"], 0, 0)?;
    let [length, order, signed] = found[..] else { return Err(Failure::Undefined) };
    let length = match length {
        Some(length) => size(call, length)?,
        None => 1,
    };
    let big = byte_order(call, order)?;
    let signed = match signed {
        Some(signed) => truth(call, signed)?,
        None => false,
    };
    let Ok(length) = usize::try_from(length) else {
        return Err(call.value_error("length argument must be non-negative"));
    };
    crate::python::builtins::display::check_length(call, length)?;
    if int.is_negative() && !signed {
        return Err(call.raise("OverflowError", "can't convert negative int to unsigned"));
    }
    let filler = if int.is_negative() { 0xff } else { 0 };
    let mut bytes = match (int.is_zero(), signed) {
        (true, _) => Vec::new(),
        (_, true) => int.to_signed_bytes_le(),
        (_, false) => int.magnitude().to_bytes_le(),
    };
    if bytes.len() > length {
        return Err(call.raise("OverflowError", "int too big to convert"));
    }
    bytes.resize(length, filler);
    if big {
        bytes.reverse();
    }
    Ok(call.bytes(&bytes))
}

fn from_bytes(call: &mut Call) -> Answer {
    // Called on the class, which may be given first.
    if call.args.first().is_none_or(|first| call.cx.name(*first) != "class") {
        let class = call.class("int");
        call.args.insert(0, class);
    }
    let class = call.args[0];
    let found = named(call, "int.from_bytes", &["bytes", "byteorder", "signed"], 0, 1)?;
    let [Some(bytes), order, signed] = found[..] else { return Err(Failure::Undefined) };
    let mut bytes = match call.view(bytes) {
        View::Bytes(bytes) => bytes,
        View::Str(_) => return Err(call.type_error("cannot convert 'str' object to bytes")),
        _ => {
            let mut found = Vec::new();
            for member in iterate(call, bytes)? {
                match index(call, member)?.to_u8() {
                    Some(byte) => found.push(byte),
                    None => return Err(call.value_error("bytes must be in range(0, 256)")),
                }
            }
            found
        }
    };
    if !byte_order(call, order)? {
        bytes.reverse();
    }
    let signed = match signed {
        Some(signed) => truth(call, signed)?,
        None => false,
    };
    let int = match signed {
        true => BigInt::from_signed_bytes_be(&bytes),
        false => BigInt::from_bytes_be(Sign::Plus, &bytes),
    };
    let int = call.int(int);
    // A class that derives from int makes its own of it.
    if class != call.class("int") {
        return Err(Failure::Delegated(class, vec![int]));
    }
    Ok(int)
}

fn float_is_integer(call: &mut Call) -> Answer {
    let float = own_float(call, "float.is_integer")?;
    no_arguments(call, "float.is_integer")?;
    Ok(call.bool(float.is_finite() && float.fract() == 0.0))
}

fn float_ratio(call: &mut Call) -> Answer {
    let float = own_float(call, "float.as_integer_ratio")?;
    no_arguments(call, "float.as_integer_ratio")?;
    if float.is_nan() {
        return Err(call.value_error("cannot convert NaN to integer ratio"));
    }
    if float.is_infinite() {
        return Err(call.raise("OverflowError", "cannot convert Infinity to integer ratio"));
    }
    let (mantissa, exponent) = split_float(float.abs());
    let mut above = BigInt::from((mantissa * 2f64.powi(53)) as u64);
    let mut below = BigInt::from(1);
    let exponent = exponent - 53;
    if exponent >= 0 {
        above <<= exponent;
    } else {
        below <<= -exponent;
    }
    let common = above.gcd(&below);
    let sign = if float < 0.0 { -1 } else { 1 };
    let parts = [call.int(above / &common * sign), call.int(below / common)];
    Ok(call.tuple(&parts))
}

fn float_hex(call: &mut Call) -> Answer {
    let float = own_float(call, "float.hex")?;
    no_arguments(call, "float.hex")?;
    let sign = if float.is_sign_negative() && !float.is_nan() { "-" } else { "" };
    if !float.is_finite() {
        return Ok(call.str(&crate::python::builtins::display::float_repr(float)));
    }
    if float == 0.0 {
        return Ok(call.str(&format!("{sign}0x0.0p+0")));
    }
    let bits = float.to_bits();
    let (fraction, exponent) = (bits & ((1 << 52) - 1), (bits >> 52 & 0x7ff) as i64);
    let (lead, exponent) = if exponent == 0 { (0, -1022) } else { (1, exponent - 1023) };
    Ok(call.str(&format!("{sign}0x{lead}.{fraction:013x}p{exponent:+}")))
}

#[cfg(test)]
mod tests {
    #[test]
    fn conversions_do_what_python_does() {
        crate::python::builtins::testing::check(include_str!("expected/conversions.txt"));
    }
}
