//! Unicode strings of versions before Python 3.0. They are a type of their own, whose methods are those of strings; a string of
//! bytes is ASCII here, so that only a Unicode string may be none that the other type can hold.

use egg::Id;
use num_traits::ToPrimitive;

use super::characters::own_text;
use super::encoding::{self, Codec};
use crate::python::builtins::Table;
use crate::python::builtins::display::{exception_args, str};
use crate::python::builtins::signatures::{argument, arguments};
use crate::python::builtins::support::{Outcome, index, not_modelled, unless_overridden};
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Answer, Call, Failure, View};

/// The primitives of this file.
pub const TABLE: Table = &[
    ("counted unicode(string='', encoding=None, errors=None)", unicode),
    ("class basestring(*args)", basestring),
    ("unichr(i, /)", unichr),
    ("str.early_encode(self, encoding=None, errors=None) as str.encode", encode),
    ("str.early_decode(self, encoding=None, errors=None) as str.decode", decode),
];

/// Methods that give a string of bytes, whatever they are called on.
const NARROW: [&str; 4] = ["str.__repr__", "str.__str__", "str.early_encode", "str.__getitem__"];

/// What a method of strings gives, as it is where one of its arguments is a Unicode string.
pub fn widened(call: &mut Call, method: &str, result: Id) -> Id {
    // What is filled in is made a string of bytes, or is one.
    let asked = if method == "str.format" { &call.args[..1] } else { &call.args[..] };
    let wide = asked.iter().any(|arg| call.is_unicode(*arg));
    let members = match call.args[..] {
        [_, members] if method == "str.join" && !wide => call.view(members),
        _ => View::Other,
    };
    let wide = wide
        || matches!(members, View::List(members) | View::Tuple(members)
            if members.iter().any(|member| call.is_unicode(*member)));
    if wide && !NARROW.contains(&method) { call.as_unicode(result) } else { result }
}

/// The text of values as a string of bytes, where nobody said how a Unicode string among them is encoded.
pub fn narrowed(call: &mut Call, values: &[Id], text: String) -> Outcome<String> {
    let early = !text.is_ascii() && call.cx.constants().has("text.unicode");
    if !early || !values.iter().any(|value| is_wide(call, *value)) {
        return Ok(text);
    }
    encoding::encoded(call, &text, Codec::Ascii, None).map(|_| text)
}

/// Whether the text of a value is that of a Unicode string.
fn is_wide(call: &mut Call, value: Id) -> bool {
    call.is_unicode(value)
        || call.cx.bank.op(value) == vocabulary().exception
            && exception_args(call, value).into_iter().any(|arg| call.is_unicode(arg))
}

/// `unicode(string, encoding, errors)`.
fn unicode(call: &mut Call) -> Answer {
    let found = arguments(call)?;
    let Some(value) = found[0] else { return Ok(call.unicode("")) };
    if found[1].is_some() || found[2].is_some() {
        return decoded(call, value, [found[1], found[2]]);
    }
    unless_overridden(call, value, &["__unicode__"])?;
    let text = str(call, value)?;
    Ok(call.unicode(&text))
}

fn decoded(call: &mut Call, value: Id, [encoding, errors]: [Option<Id>; 2]) -> Answer {
    match call.text(value) {
        Some(_) if call.is_unicode(value) => Err(call.type_error("decoding Unicode is not supported")),
        Some(text) => {
            let text = encoding::decode(call, text.as_bytes(), encoding, errors, "unicode")?;
            Ok(call.as_unicode(text))
        }
        None => {
            let name = call.type_name(value);
            Err(call.raise_worded("TypeError", "no-unicode", &[&name]))
        }
    }
}

fn basestring(call: &mut Call) -> Answer {
    Err(call.type_error("The basestring type cannot be instantiated"))
}

fn unichr(call: &mut Call) -> Answer {
    let value = argument(call)?;
    if call.text(value).is_some() {
        return Err(call.type_error("an integer is required"));
    }
    match index(call, value)?.to_u32() {
        Some(code) if code < 0x11_0000 => match char::from_u32(code) {
            Some(char) => Ok(call.unicode(char.encode_utf8(&mut [0; 4]))),
            None => Err(Failure::Undefined), // Half of a pair is no character here.
        },
        _ => Err(call.value_error("unichr() arg not in range(0x110000) (wide Python build)")),
    }
}

/// A string of bytes from a Unicode string, or from one of bytes, which is made a Unicode string first.
fn encode(call: &mut Call) -> Answer {
    let text = own_text(call)?;
    let found = arguments(call)?;
    let codec = encoding::named(call, "encode", found[0])?.unwrap_or(Codec::Ascii);
    let bytes = encoding::encoded(call, &text, codec, found[1])?;
    match String::from_utf8(bytes) {
        Ok(text) if text.is_ascii() => Ok(call.str(&text)),
        _ => Err(not_modelled(call, "a string of bytes that are no ASCII")),
    }
}

fn decode(call: &mut Call) -> Answer {
    let this = call.args[0];
    let text = own_text(call)?;
    let text = narrowed(call, &[this], text)?;
    let found = arguments(call)?;
    let text = encoding::decode(call, text.as_bytes(), found[0], found[1], "decode")?;
    Ok(call.as_unicode(text))
}

/// A Unicode string as a string of bytes; any other value as it is.
pub fn narrow(call: &mut Call, value: Id) -> Answer {
    if !call.is_unicode(value) {
        return Ok(value);
    }
    let text = call.text(value).unwrap_or_default();
    let text = narrowed(call, &[value], text)?;
    Ok(call.str(&text))
}
