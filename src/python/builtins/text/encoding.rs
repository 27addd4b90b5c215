//! Encodings, and the methods of bytes.

use egg::Id;

use super::characters::own_text;
use super::searching::bounds;
use super::splitting::joinable;
use crate::python::builtins::Table;
use crate::python::builtins::signatures::{argument, arguments, this};
use crate::python::builtins::support::{Outcome, known};
use crate::python::values::literals::push_escape;
use crate::python::values::{Answer, Call, Failure, View};

/// The primitives of this file.
pub const TABLE: Table = &[
    ("str.encode(self, /, encoding='utf-8', errors='strict')", encode),
    ("bytes.decode(self, /, encoding='utf-8', errors='strict')", bytes_decode),
    ("bytes.hex(self, /, sep=None, bytes_per_sep=1)", bytes_hex),
    ("bytes.join(self, iterable_of_bytes, /)", bytes_join),
    ("bytes.startswith(self, prefix, start=None, end=None, /)", bytes_startswith),
    ("bytes.endswith(self, suffix, start=None, end=None, /)", bytes_endswith),
];

/// An encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Codec {
    Utf8,
    Ascii,
    Latin1,
}

impl Codec {
    pub(super) fn name(self) -> &'static str {
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

/// The codec that an argument of a function names, if it is given.
pub(super) fn named(call: &mut Call, function: &str, encoding: Option<Id>) -> Outcome<Option<Codec>> {
    match text_argument(call, function, "encoding", encoding)? {
        Some(name) => codec(call, &name).map(Some),
        None => Ok(None),
    }
}

fn codec(call: &mut Call, name: &str) -> Outcome<Codec> {
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
    let text = own_text(call)?;
    let found = arguments(call)?;
    let codec = named(call, "encode", found[0])?.unwrap_or(Codec::Utf8);
    let bytes = encoded(call, &text, codec, found[1])?;
    Ok(call.bytes(&bytes))
}

/// The bytes of a text in an encoding; `errors` says what comes of a character that it does not have.
pub(super) fn encoded(call: &mut Call, text: &str, codec: Codec, errors: Option<Id>) -> Outcome<Vec<u8>> {
    let errors = text_argument(call, "encode", "errors", errors)?;
    let limit = match codec {
        Codec::Utf8 => return Ok(text.as_bytes().to_vec()),
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
                out.extend(encode_error(call, text, *char, (codec, limit), errors.as_deref(), place)?);
            }
        }
    }
    Ok(out)
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
            let object = call.text_of_characters(text);
            let args = [
                call.str(codec.name()),
                object,
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
    let codec = named(call, function, encoding)?.unwrap_or(Codec::Utf8);
    let errors = text_argument(call, function, "errors", errors)?;
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

fn own_bytes(call: &Call) -> Outcome<Vec<u8>> {
    match call.view(this(call)?) {
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
    let bytes = own_bytes(call)?;
    let found = arguments(call)?;
    decode(call, &bytes, found[0], found[1], "decode")
}

fn bytes_hex(call: &mut Call) -> Answer {
    let bytes = own_bytes(call)?;
    if call.args.len() > 1 || !call.keywords.is_empty() {
        return Err(Failure::Undefined);
    }
    let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(call.str(&text))
}

fn bytes_join(call: &mut Call) -> Answer {
    let separator = own_bytes(call)?;
    let container = argument(call)?;
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
    let bytes = own_bytes(call)?;
    let found = arguments(call)?;
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
