//! What exceptions look like.

use egg::Id;
use num_traits::ToPrimitive;

use super::represent::{all_reprs, object_repr, repr, str};
use crate::python::builtins::support::{Outcome, known};
use crate::python::values::literals::push_escape;
use crate::python::values::names::names;
use crate::python::values::{Call, Failure, View};

/// The `args` of an exception.
pub fn exception_args(call: &mut Call, exception: Id) -> Vec<Id> {
    let held = call.entry(exception).map(|entry| entry.payload);
    let held = held.filter(|payload| call.cx.bank.op(*payload) == names().exception_of);
    match held {
        Some(payload) => call.cx.members(call.cx.bank.arg(payload, 0)),
        None => {
            let class = call.class_of(exception);
            let args = call.cx.members(call.cx.bank.arg(exception, 1));
            call.kept_args(class, args)
        }
    }
}

/// What `str` gives for an exception, where that can be computed; for tracebacks.
pub fn exception_text(call: &mut Call, exception: Id) -> Option<String> {
    str(call, exception).ok()
}

/// What `BaseException.__repr__` gives; `path` is what stands around.
pub fn exception_repr(call: &mut Call, exception: Id, path: &mut Vec<Id>) -> Outcome<String> {
    let name = call.type_name(exception);
    let args = exception_args(call, exception);
    if path.contains(&exception) {
        return Ok(format!("{name}(...)"));
    }
    let class = call.class_of(exception);
    if call.cx.is_classic(class) {
        return Ok(object_repr(call, exception));
    }
    let comma = args.len() == 1 && !call.cx.constants().has("repr.exception-plain");
    let members = all_reprs(call, exception, &args, path)?.join(", ");
    Ok(format!("{name}({members}{})", if comma { "," } else { "" }))
}

/// Builtin classes with a `__str__` of their own.
const WITH_TEXT: [&str; 9] = [
    "KeyError",
    "OSError",
    "ImportError",
    "SyntaxError",
    "UnicodeDecodeError",
    "UnicodeEncodeError",
    "UnicodeTranslateError",
    "BaseExceptionGroup",
    "BaseException",
];

/// The builtin class whose `__str__` an exception has.
pub fn text_owner(call: &mut Call, exception: Id) -> String {
    let class = call.class_of(exception);
    let mut builtin = call.builtin_order(class).into_iter();
    builtin.find(|name| WITH_TEXT.contains(&name.as_str())).unwrap_or_else(|| "BaseException".into())
}

/// What the `__str__` of an exception's builtin class gives.
pub fn exception_str(call: &mut Call, exception: Id) -> Outcome<String> {
    let owner = text_owner(call, exception);
    exception_str_as(call, exception, &owner)
}

/// What `__str__` of a builtin class of exceptions gives.
pub fn exception_str_as(call: &mut Call, exception: Id, owner: &str) -> Outcome<String> {
    let args = exception_args(call, exception);
    for arg in &args {
        known(call, *arg)?;
    }
    let special = match owner {
        "OSError" => os_error_str(call, exception)?,
        "KeyError" if args.len() == 1 && call.cx.constants().has("KeyError.__str__") => {
            Some(repr(call, args[0])?)
        }
        "ImportError" => {
            let message = call.field_now(exception, owner, "msg");
            message.and_then(|message| call.text(message))
        }
        "BaseExceptionGroup" => group_str(call, exception)?,
        "UnicodeDecodeError" | "UnicodeEncodeError" | "UnicodeTranslateError" => {
            Some(unicode_str(call, exception, owner)?)
        }
        "SyntaxError" => Some(syntax_str(call, exception)?),
        _ => None,
    };
    match (special, &args[..]) {
        (Some(text), _) => Ok(text),
        (None, []) => Ok(String::new()),
        (None, [arg]) => str(call, *arg),
        (None, _) => {
            let texts = all_reprs(call, exception, &args, &mut Vec::new())?;
            Ok(format!("({})", texts.join(", ")))
        }
    }
}

/// Error number, reason and names of files of an OSError, where they were given.
pub fn os_error_parts(call: &mut Call, exception: Id) -> [Option<Id>; 4] {
    ["errno", "strerror", "filename", "filename2"].map(|name| call.field_now(exception, "OSError", name))
}

fn os_error_str(call: &mut Call, exception: Id) -> Outcome<Option<String>> {
    let [number, reason, file, other] = os_error_parts(call, exception);
    if file.is_none() && (number.is_none() || reason.is_none()) {
        return Ok(None);
    }
    let none = call.none();
    let number = str(call, number.unwrap_or(none))?;
    let reason = str(call, reason.unwrap_or(none))?;
    let mut text = format!("[Errno {number}] {reason}");
    if let Some(file) = file {
        text.push_str(&format!(": {}", repr(call, file)?));
        if let Some(other) = other {
            text.push_str(&format!(" -> {}", repr(call, other)?));
        }
    }
    Ok(Some(text))
}

fn group_str(call: &mut Call, exception: Id) -> Outcome<Option<String>> {
    let [message, members] = call.read_args(exception)[..] else { return Ok(None) };
    let count = match call.view(members) {
        View::List(members) | View::Tuple(members) => members.len(),
        _ => return Ok(None),
    };
    let message = str(call, message)?;
    let plural = if count == 1 { "" } else { "s" };
    Ok(Some(format!("{message} ({count} sub-exception{plural})")))
}

/// What an error of a codec says; nothing where it was not initialised.
fn unicode_str(call: &mut Call, exception: Id, owner: &str) -> Outcome<String> {
    let fields = ["object", "start", "end", "reason"].map(|name| call.field_now(exception, owner, name));
    let [Some(object), Some(start), Some(end), Some(reason)] = fields else { return Ok(String::new()) };
    let encoding = match call.field_now(exception, owner, "encoding") {
        Some(encoding) => Some(str(call, encoding)?),
        None => None,
    };
    let (Some(start), Some(end)) = (call.integer(start), call.integer(end)) else {
        return Err(Failure::Undefined);
    };
    let reason = str(call, reason)?;
    let codec = |verb: &str| match &encoding {
        Some(encoding) => format!("'{encoding}' codec can't {verb}"),
        None => "can't translate".to_string(),
    };
    let place = start.to_usize().filter(|_| end == &start + 1);
    let object_view = match call.view(object) {
        // Before Python 3.0 a string is one of bytes.
        View::Str(text) if owner == "UnicodeDecodeError" => View::Bytes(text.into_bytes()),
        other => other,
    };
    let (verb, one, thing) = match object_view {
        View::Str(text) => {
            let char = place.and_then(|place| text.chars().nth(place)).map(|char| {
                let mut escaped = String::new();
                push_escape(&mut escaped, char);
                let letter = if call.is_unicode(object) { "u" } else { "" };
                format!("character {letter}'{escaped}'")
            });
            (codec("encode"), char, "characters")
        }
        View::Bytes(bytes) => {
            let byte = place.and_then(|place| bytes.get(place)).map(|byte| format!("byte 0x{byte:02x}"));
            (codec("decode"), byte, "bytes")
        }
        _ => return Err(Failure::Undefined),
    };
    Ok(match one {
        Some(one) => format!("{verb} {one} in position {start}: {reason}"),
        None => format!("{verb} {thing} in position {start}-{}: {reason}", end - 1),
    })
}

fn syntax_str(call: &mut Call, exception: Id) -> Outcome<String> {
    let message = match call.field_now(exception, "SyntaxError", "msg") {
        Some(message) => str(call, message)?,
        None => "None".into(),
    };
    let file = call.field_now(exception, "SyntaxError", "filename").and_then(|file| call.text(file));
    let file = file.map(|file| file.rsplit('/').next().unwrap_or_default().to_string());
    let line = call.field_now(exception, "SyntaxError", "lineno").and_then(|line| call.integer(line));
    Ok(match (file, line) {
        (Some(file), Some(line)) => format!("{message} ({file}, line {line})"),
        (Some(file), None) => format!("{message} ({file})"),
        (None, Some(line)) => format!("{message} (line {line})"),
        (None, None) => message,
    })
}
