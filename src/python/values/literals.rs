//! Numbers, texts and bytes as Python writes them.

use ruff_python_literal::escape::{AsciiEscape, Escape, UnicodeEscape};

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
    quoted("", &UnicodeEscape::new_repr(text))
}

/// A Unicode string of a version before Python 3.0 in quotes.
pub fn unicode_repr(text: &str) -> String {
    format!("u{}", with_escapes(&str_repr(text)))
}

/// A text with what is no ASCII as escape sequences.
pub fn with_escapes(text: &str) -> String {
    let mut out = String::new();
    for char in text.chars() {
        if char.is_ascii() { out.push(char) } else { push_escape(&mut out, char) }
    }
    out
}

/// A str in quotes as the oldest versions write it: what cannot be printed by its octal number.
pub fn octal_repr(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut out = String::from(quote);
    for char in text.chars() {
        match char {
            _ if char == quote || char == '\\' => out.extend(['\\', char]),
            ' '..='~' => out.push(char),
            _ => out.push_str(&format!("\\{:03o}", char as u32)),
        }
    }
    out.push(quote);
    out
}

/// A bytes object in quotes.
pub fn bytes_repr(bytes: &[u8]) -> String {
    quoted("b", &AsciiEscape::new_repr(bytes))
}

fn quoted(prefix: &str, escape: &impl Escape) -> String {
    let quote = escape.layout().quote.as_char();
    let mut out = format!("{prefix}{quote}");
    let _ = escape.write_body(&mut out); // Writing to a text does not fail.
    out.push(quote);
    out
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_bytes_are_quoted_as_python_does() {
        for (text, expected) in [
            ("oops", "'oops'"),
            ("", "''"),
            ("it's", "\"it's\""),
            ("'\"", "'\\'\"'"),
            ("a\\\n\t\u{7f}", "'a\\\\\\n\\t\\x7f'"),
            ("é\u{301}\u{a0}\u{200b}", "'é\u{301}\\xa0\\u200b'"),
            ("\u{10ffff}", "'\\U0010ffff'"),
        ] {
            assert_eq!(str_repr(text), expected);
        }
        assert_eq!(bytes_repr(b"it's \"\\\x00\xff\n"), "b'it\\'s \"\\\\\\x00\\xff\\n'");
    }

    #[test]
    fn floats_are_written_as_python_does() {
        let floats = [(1.0, "1.0"), (0.999_999_999_999_999_9, "0.9999999999999999"), (1e16, "1e+16")];
        for (float, text) in floats.into_iter().chain([(1e-5, "1e-05"), (-0.0, "-0.0"), (1e-4, "0.0001")]) {
            assert_eq!(float_repr(float), text);
        }
    }
}
