//! Numbers, texts and bytes as Python writes them.

use num_bigint::BigInt;

use crate::python::builtins::support::{Outcome, beyond_limit};
use crate::python::values::Call;

/// How many digits an int that is converted to or from text has at most.
pub const MOST_DIGITS: usize = 4300;

/// An int in decimal, which only a few thousand digits are allowed for.
pub fn decimal(call: &mut Call, int: &BigInt) -> Outcome<String> {
    let text = int.to_string();
    if text.trim_start_matches('-').len() <= MOST_DIGITS {
        return Ok(text);
    }
    Err(call.value_error(
        "Exceeds the limit (4300 digits) for integer string conversion; \
         use sys.set_int_max_str_digits() to increase the limit",
    ))
}

/// A float as CPython writes it.
pub fn float_repr(float: f64) -> String {
    const LARGE: i32 = 16;
    if float.is_nan() {
        return "nan".into();
    }
    if float.is_infinite() {
        return if float > 0.0 { "inf" } else { "-inf" }.into();
    }
    let scientific = format!("{float:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..LARGE).contains(&exponent) {
        return format!("{float:?}"); // Rust takes an exponent in the same cases.
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
}

/// A str in quotes.
pub fn str_repr(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut out = String::from(quote);
    for char in text.chars() {
        match char {
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '\\' => out.push_str("\\\\"),
            char if char == quote => out.extend(['\\', char]),
            char if is_printable(char) => out.push(char),
            char => push_escape(&mut out, char),
        }
    }
    out.push(quote);
    out
}

/// Whether `repr` shows the character as it is.
pub fn is_printable(char: char) -> bool {
    if char.is_ascii() {
        return !char.is_ascii_control();
    }
    // Rust escapes the same characters, and at the start of a text also those that combine.
    format!("a{char}").escape_debug().any(|shown| shown == char)
}

/// Adds a character as an escape sequence.
pub fn push_escape(out: &mut String, char: char) {
    let code = char as u32;
    out.push_str(&match code {
        0..=0xff => format!("\\x{code:02x}"),
        0x100..=0xffff => format!("\\u{code:04x}"),
        _ => format!("\\U{code:08x}"),
    });
}

pub(super) fn bytes_repr(bytes: &[u8]) -> String {
    let quote = if bytes.contains(&b'\'') && !bytes.contains(&b'"') { '"' } else { '\'' };
    let mut out = format!("b{quote}");
    for byte in bytes {
        match byte {
            b'\n' => out.push_str("\\n"),
            b'\t' => out.push_str("\\t"),
            b'\r' => out.push_str("\\r"),
            b'\\' => out.push_str("\\\\"),
            byte if char::from(*byte) == quote => out.extend(['\\', quote]),
            b' '..=b'~' => out.push(char::from(*byte)),
            byte => out.push_str(&format!("\\x{byte:02x}")),
        }
    }
    out.push(quote);
    out
}

pub(super) fn range_repr([start, stop, step]: &[BigInt; 3]) -> String {
    if *step == BigInt::from(1) {
        format!("range({start}, {stop})")
    } else {
        format!("range({start}, {stop}, {step})")
    }
}

/// That a text is not too long to be kept.
pub fn check_length(call: &mut Call, length: usize) -> Outcome<()> {
    if length > call.cx.bank.largest() { Err(beyond_limit(call)) } else { Ok(()) }
}
