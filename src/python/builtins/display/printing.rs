//! `print`, `repr`, `str` and what writes to streams.

use egg::Id;
use num_bigint::BigInt;

use super::represent::{ascii, object_repr, repr, str};
use crate::python::builtins::signatures::{argument, arguments};
use crate::python::builtins::support::{Outcome, known};
use crate::python::builtins::{Table, text};
use crate::python::values::hidden;
use crate::python::values::names::names;
use crate::python::values::{Answer, Call, Failure, View};

/// The primitives of this file.
pub const TABLE: Table = &[
    ("repr(obj, /)", repr_builtin),
    ("ascii(obj, /)", ascii_builtin),
    ("counted str(object='', encoding='utf-8', errors='strict')", str_builtin),
    ("print(*args, sep=' ', end='\\n', file=None, flush=False)", print),
    ("write", write),
    ("prim.soft_space", soft_space),
    ("object_repr", object_repr_builtin),
    ("sys.stdout.write(text, /) as TextIOWrapper.write", |call| write_text(call, 1)),
    ("sys.stderr.write(text, /) as TextIOWrapper.write", |call| write_text(call, 2)),
    ("join", join),
];

fn repr_builtin(call: &mut Call) -> Answer {
    let value = argument(call)?;
    let text = repr(call, value)?;
    Ok(call.str(&text))
}

fn ascii_builtin(call: &mut Call) -> Answer {
    let value = argument(call)?;
    let text = ascii(call, value)?;
    Ok(call.str(&text))
}

/// `prim.object_repr(obj)`: what `object.__repr__` gives.
fn object_repr_builtin(call: &mut Call) -> Answer {
    let value = argument(call)?;
    let text = object_repr(call, value);
    Ok(call.str(&text))
}

/// `prim.concat(*texts)`.
/// `prim.join(separator, texts)`.
pub(super) fn join(call: &mut Call) -> Answer {
    let [separator, parts] = call.args[..] else { return Err(Failure::Undefined) };
    let (Some(separator), View::List(parts) | View::Tuple(parts)) = (call.text(separator), call.view(parts))
    else {
        return Err(Failure::Undefined);
    };
    let texts: Option<Vec<String>> = parts.iter().map(|part| call.text(*part)).collect();
    let whole = texts.ok_or(Failure::Undefined)?.join(&separator);
    let whole = call.str(&whole);
    let joined: Vec<Id> = call.args[..1].iter().chain(&parts).copied().collect();
    Ok(call.like_texts(&joined, whole))
}

/// `str(object, encoding, errors)`.
fn str_builtin(call: &mut Call) -> Answer {
    let found = arguments(call)?;
    match found[..] {
        [None, ..] => Ok(call.str("")),
        [Some(value), None, None] => {
            let text = str(call, value)?;
            let text = text::unicode::narrowed(call, &[value], text)?;
            Ok(call.str(&text))
        }
        [Some(value), encoding, errors] => decoded(call, value, encoding, errors),
        _ => Err(Failure::Undefined),
    }
}

fn decoded(call: &mut Call, value: Id, encoding: Option<Id>, errors: Option<Id>) -> Answer {
    match call.view(value) {
        View::Bytes(bytes) => text::decode(call, &bytes, encoding, errors, "str"),
        View::Str(_) => Err(call.type_error("decoding str is not supported")),
        _ => {
            let name = call.type_name(value);
            Err(call.type_error(&format!("decoding to str: need a bytes-like object, {name} found")))
        }
    }
}

fn print(call: &mut Call) -> Answer {
    call.require_known()?;
    let (mut separator, mut end, mut stream) = (" ".to_string(), "\n".to_string(), 1);
    let none = call.none();
    for (name, value) in call.keywords.clone() {
        known(call, value)?;
        match name.as_str() {
            "sep" if value != none => separator = text_or_none(call, "sep", value)?,
            "end" if value != none => end = text_or_none(call, "end", value)?,
            "file" if value != none => stream = stream_of(call, value)?,
            "file" => stream = standard_stream(call)?,
            _ => {}
        }
    }
    if !call.keywords.iter().any(|(name, _)| name == "file") {
        stream = standard_stream(call)?;
    }
    let mut parts = Vec::new();
    for arg in call.args.clone() {
        let text = str(call, arg)?;
        parts.push(text::unicode::narrowed(call, &[arg], text)?);
    }
    let mut text = parts.join(&separator);
    text.push_str(&end);
    call.output = Some((stream, text));
    Ok(none)
}

fn text_or_none(call: &mut Call, name: &str, value: Id) -> Outcome<String> {
    match call.text(value) {
        Some(text) => Ok(text),
        None => {
            let found = call.type_name(value);
            Err(call.type_error(&format!("{name} must be None or a string, not {found}")))
        }
    }
}

/// What `sys.stdout` is bound to.
fn standard_stream(call: &mut Call) -> Outcome<u8> {
    match call.sys_name("stdout") {
        Some(none) if call.view(none) == View::None => Err(Failure::Undefined),
        Some(stream) => stream_of(call, stream),
        None => Ok(1),
    }
}

fn stream_of(call: &mut Call, value: Id) -> Outcome<u8> {
    if call.cx.bank.op(value) == names().builtin {
        match call.cx.name(call.cx.bank.arg(value, 0)) {
            "sys.stdout" => return Ok(1),
            "sys.stderr" => return Ok(2),
            _ => {}
        }
    }
    if call.view(value) == View::Other {
        return Err(Failure::Undefined);
    }
    let name = call.type_name(value);
    Err(call.raise("AttributeError", &format!("'{name}' object has no attribute 'write'")))
}

/// `prim.soft_space(file, after)`: whether a blank comes before what a `print` statement writes next to a standard stream, and
/// from now on `after`. Other files know that themselves.
fn soft_space(call: &mut Call) -> Answer {
    let [file, after] = call.args[..] else { return Err(Failure::Undefined) };
    let op = call.cx.bank.op(file);
    let stream = match (op == names().builtin).then(|| stream_of(call, file)) {
        _ if op == names().missing => 1,
        Some(Ok(stream)) => stream,
        _ => return Ok(call.cx.bank.make(names().missing, &[])),
    };
    let name = hidden::SOFT_SPACES[usize::from(stream == 2)];
    let before = call.module_env("sys").and_then(|env| call.lookup(env, name));
    let before = before.unwrap_or_else(|| call.bool(false));
    if before != after {
        call.set_module_name("sys", name, Some(after));
    }
    Ok(before)
}

/// `sys.stdout.write(text)`.
fn write_text(call: &mut Call, stream: u8) -> Answer {
    let [given] = call.args[..] else { return Err(Failure::Undefined) };
    let Some(text) = call.text(given) else {
        let name = call.type_name(given);
        return Err(call.type_error(&format!("write() argument must be str, not {name}")));
    };
    let text = text::unicode::narrowed(call, &[given], text)?;
    let space = hidden::SOFT_SPACES[usize::from(stream == 2)];
    if call.module_env("sys").and_then(|env| call.lookup(env, space)).is_some() {
        let no = call.bool(false);
        call.set_module_name("sys", space, Some(no));
    }
    let written = call.int(text.chars().count());
    call.output = Some((stream, text));
    Ok(written)
}

/// `prim.write(stream, text)`.
fn write(call: &mut Call) -> Answer {
    let [stream, text] = call.args[..] else { return Err(Failure::Undefined) };
    let stream = if call.integer(stream) == Some(BigInt::from(2)) { 2 } else { 1 };
    let Some(written) = call.text(text) else { return Err(Failure::Undefined) };
    let text = text::unicode::narrowed(call, &[text], written)?;
    call.output = Some((stream, text));
    Ok(call.none())
}
