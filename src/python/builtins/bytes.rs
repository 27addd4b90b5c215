//! Methods of bytes that do what the method of str does: by the text whose characters stand for the bytes.

use egg::Id;

use crate::python::builtins::signatures::arguments;
use crate::python::builtins::support::Outcome;
use crate::python::builtins::{Table, run};
use crate::python::values::{Answer, Call, Failure, Primitive, View};

macro_rules! as_text {
    ($($method:ident: $parameters:literal,)*) => {
        &[$((concat!("bytes.", stringify!($method), "(", $parameters, ")"), {
            const PRIMITIVE: Primitive = |call| as_text(call, concat!("str.", stringify!($method)));
            PRIMITIVE
        }),)*]
    };
}

/// The primitives of this file.
pub const TABLE: Table = as_text! {
    capitalize: "self, /",
    center: "self, width, fillchar=b' ', /",
    count: "self, sub, start=None, end=None, /",
    expandtabs: "self, /, tabsize=8",
    find: "self, sub, start=None, end=None, /",
    index: "self, sub, start=None, end=None, /",
    isalnum: "self, /",
    isalpha: "self, /",
    isdigit: "self, /",
    islower: "self, /",
    isspace: "self, /",
    istitle: "self, /",
    isupper: "self, /",
    ljust: "self, width, fillchar=b' ', /",
    lower: "self, /",
    lstrip: "self, bytes=None, /",
    partition: "self, sep, /",
    removeprefix: "self, prefix, /",
    removesuffix: "self, suffix, /",
    replace: "self, old, new, count=-1, /",
    rfind: "self, sub, start=None, end=None, /",
    rindex: "self, sub, start=None, end=None, /",
    rjust: "self, width, fillchar=b' ', /",
    rpartition: "self, sep, /",
    rsplit: "self, /, sep=None, maxsplit=-1",
    rstrip: "self, bytes=None, /",
    split: "self, /, sep=None, maxsplit=-1",
    splitlines: "self, /, keepends=False",
    strip: "self, bytes=None, /",
    swapcase: "self, /",
    title: "self, /",
    upper: "self, /",
    zfill: "self, width, /",
};

/// The primitives that text has in another form.
pub const OWN: Table =
    &[("bytes.maketrans(frm, to, /)", maketrans), ("bytes.translate(self, table, /, delete=b'')", translate)];

/// `bytes.maketrans(from, to)`: the byte for each byte.
fn maketrans(call: &mut Call) -> Answer {
    call.require_known()?;
    let (from, to) = (byte_string(call, call.args[0])?, byte_string(call, call.args[1])?);
    if from.len() != to.len() {
        return Err(call.value_error("maketrans arguments must have same length"));
    }
    let mut table: Vec<u8> = (0..=255).collect();
    from.into_iter().zip(to).for_each(|(from, to)| table[usize::from(from)] = to);
    Ok(call.bytes(&table))
}

fn translate(call: &mut Call) -> Answer {
    let text = byte_string(call, *call.args.first().ok_or(Failure::Undefined)?)?;
    let found = arguments(call)?;
    let [Some(table), delete] = found[..] else { return Err(Failure::Undefined) };
    let table = match call.view(table) {
        View::None => (0..=255).collect(),
        _ => byte_string(call, table)?,
    };
    if table.len() != 256 {
        return Err(call.value_error("translation table must be 256 characters long"));
    }
    let delete = delete.map_or(Ok(Vec::new()), |delete| byte_string(call, delete))?;
    let kept = text.into_iter().filter(|byte| !delete.contains(byte));
    let made: Vec<u8> = kept.map(|byte| table[usize::from(byte)]).collect();
    Ok(call.bytes(&made))
}

fn byte_string(call: &mut Call, value: Id) -> Outcome<Vec<u8>> {
    match call.view(value) {
        View::Bytes(bytes) => Ok(bytes),
        _ => {
            let name = call.type_name(value);
            Err(call.type_error(&format!("a bytes-like object is required, not '{name}'")))
        }
    }
}

/// Bytes beyond ASCII are characters that are no letters, digits or blanks.
const BEYOND: u32 = 0xE000;

fn text_of(bytes: &[u8]) -> String {
    let character = |byte: u8| match byte {
        0..=0x7f => Some(char::from(byte)),
        _ => char::from_u32(BEYOND + u32::from(byte)),
    };
    bytes.iter().filter_map(|byte| character(*byte)).collect()
}

fn bytes_of(text: &str) -> Vec<u8> {
    text.chars().filter_map(|char| u8::try_from(u32::from(char) % BEYOND).ok()).collect()
}

fn as_text(call: &mut Call, method: &str) -> Answer {
    let is_search = matches!(method, "str.find" | "str.rfind" | "str.index" | "str.rindex" | "str.count");
    let mut args = Vec::new();
    for (place, arg) in call.args.clone().into_iter().enumerate() {
        args.push(match call.view(arg) {
            View::Bytes(bytes) => call.str(&text_of(&bytes)),
            View::Int(int) if place == 1 && is_search => match u8::try_from(int) {
                Ok(byte) => call.str(&text_of(&[byte])),
                Err(_) => return Err(call.value_error("byte must be in range(0, 256)")),
            },
            View::Str(_) if is_search => {
                return Err(call.type_error("argument should be integer or bytes-like object, not 'str'"));
            }
            View::Str(_) => {
                return Err(call.type_error("a bytes-like object is required, not 'str'"));
            }
            _ => arg,
        });
    }
    let own = std::mem::replace(&mut call.args, args);
    match run(call, method) {
        Ok(result) => Ok(back(call, result)),
        Err(Failure::NotFound(_)) => Err(call.value_error("subsection not found")),
        Err(failure) if failure.raised().is_some() => Err(failure),
        Err(failure) => {
            call.args = own;
            Err(failure)
        }
    }
}

fn back(call: &mut Call, result: Id) -> Id {
    match call.view(result) {
        View::Str(text) => call.bytes(&bytes_of(&text)),
        View::List(parts) => {
            let parts: Vec<Id> = parts.into_iter().map(|part| back(call, part)).collect();
            call.list(&parts)
        }
        View::Tuple(parts) => {
            let parts: Vec<Id> = parts.into_iter().map(|part| back(call, part)).collect();
            call.tuple(&parts)
        }
        _ => result,
    }
}

#[cfg(test)]
mod tests {
    use crate::python::builtins::bytes::{bytes_of, text_of};

    #[test]
    fn every_byte_comes_back() {
        let all: Vec<u8> = (0..=255).collect();
        assert_eq!(bytes_of(&text_of(&all)), all);
        assert!(text_of(&all[128..]).chars().all(|char| !char.is_alphanumeric() && !char.is_whitespace()));
    }
}
