//! How operations on unknowns are written in paths, and how their results are named.

use egg::Id;

use crate::python::builtins;
use crate::python::functions::unknowns::name_of;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Call, View, write};

/// Whether programs call an operation by its name.
pub(super) fn is_function(operation: &str) -> bool {
    builtins::find(operation).is_some_and(|builtin| builtin.signature.is_some())
}

/// How the answer to `in` is named, in front of what is unknown.
const MEMBER_OF: &str = "\u{2026} in ";

/// What an unknown is called without the operations that it is the result of, so that the names of results do not grow in a
/// loop.
fn root(name: &str) -> &str {
    let mut root = name;
    loop {
        let within = root.strip_suffix(')').and_then(|call| call.split_once('(')).map(|(_, of)| of);
        let left = root.strip_suffix(" \u{2026}").map(|left| match left.rsplit_once(' ') {
            Some((of, sign)) if sign.chars().all(|c| c.is_ascii_punctuation()) => of,
            _ => left,
        });
        let member = root.strip_prefix(MEMBER_OF).or_else(|| root.strip_prefix(['-', '+', '~']));
        let shorter = left.or(member).or_else(|| root.strip_suffix("[\u{2026}]")).or(within);
        match shorter {
            Some(shorter) if !shorter.is_empty() => root = shorter,
            _ => return root,
        }
    }
}

/// How what an operation on an unknown of that name gives is named.
pub(super) fn result(operation: &str, called: &str) -> String {
    let (root, other) = (root(called).to_string(), "\u{2026}".to_string());
    match operation {
        _ if is_function(operation) => format!("{operation}({root})"),
        "getitem" => written(operation, false, &[root, other]),
        "dict_display_merge" => format!("{{**{root}}}"),
        "neg" | "pos" | "invert" => format!("({})", written(operation, false, &[root])),
        operation if operation == "contains" || symbol(operation).is_some() => {
            format!("({})", written(operation, false, &[root, other]))
        }
        _ => format!("{root} {other}"),
    }
}

/// How many characters of an operand are shown.
const SHOWN: usize = 30;

/// An operation as the program writes it.
pub(super) fn spelled(call: &mut Call, operation: &str, is_function: bool) -> String {
    let short = |text: String| match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}\u{2026}", &text[..end]),
        None => text,
    };
    let args: Vec<String> = call.args.clone().into_iter().map(|arg| short(shown(call, arg))).collect();
    written(operation, is_function, &args)
}

/// An operation on operands as the program writes it.
pub(super) fn written(operation: &str, is_function: bool, args: &[String]) -> String {
    match (operation, args) {
        _ if is_function => format!("{operation}({})", args.join(", ")),
        ("getitem", [of, key]) => format!("{of}[{key}]"),
        ("setitem", [of, key, value]) => format!("{of}[{key}] = {value}"),
        ("delitem", [of, key]) => format!("del {of}[{key}]"),
        ("contains", [of, member]) => format!("{member} in {of}"),
        ("dict_display_merge", [.., of]) => format!("**{of}"),
        ("unpack", [of, ..]) => format!("unpacking {of}"),
        ("group", [_, of, ..]) => format!("a group of {of}"),
        ("prim.named_tuple", [of, ..]) => format!("namedtuple(…, {of})"),
        ("argument_tuple", [.., of]) => format!("*{of}"),
        ("neg", [of]) => format!("-{of}"),
        ("pos", [of]) => format!("+{of}"),
        ("invert", [of]) => format!("~{of}"),
        (_, [left, right]) => match symbol(operation) {
            Some(symbol) => format!("{left} {symbol} {right}"),
            None => format!("{operation}({left}, {right})"),
        },
        _ => format!("{operation}({})", args.join(", ")),
    }
}

/// The sign of a binary operator or an augmented assignment.
fn symbol(operation: &str) -> Option<String> {
    const SIGNS: [(&str, &str); 13] = [
        ("add", "+"),
        ("sub", "-"),
        ("mul", "*"),
        ("matmul", "@"),
        ("truediv", "/"),
        ("floordiv", "//"),
        ("mod", "%"),
        ("pow", "**"),
        ("lshift", "<<"),
        ("rshift", ">>"),
        ("and_", "&"),
        ("or_", "|"),
        ("xor", "^"),
    ];
    let sign = |name: &str| SIGNS.iter().find(|(known, _)| known.trim_end_matches('_') == name);
    if let Some((_, sign)) = sign(operation.trim_end_matches('_')) {
        return Some((*sign).to_string());
    }
    let augmented = operation.strip_prefix('i').map(|name| name.trim_end_matches('_'));
    augmented.and_then(sign).map(|(_, sign)| format!("{sign}="))
}

/// An argument as a name shows it.
pub(super) fn shown(call: &mut Call, value: Id) -> String {
    match call.cx.bank.op(value) == vocabulary().unknown {
        true => name_of(call.cx, value).trim_start_matches('.').to_string(),
        false => {
            let term = call.cx.bank.term(value);
            write::value(&term, term.root())
        }
    }
}

/// An argument as the name of an answer shows it, which is the same wherever the name is: a container with what is in it.
pub(super) fn told(call: &mut Call, value: Id) -> String {
    let Some((kind, members)) = few_members(call, value) else { return shown(call, value) };
    let mut parts = Vec::new();
    for entry in members {
        let entry: Vec<String> = entry.into_iter().map(|member| shown(call, member)).collect();
        parts.push(entry.join(": "));
    }
    let parts = parts.join(", ");
    if kind == "list" { format!("[{parts}]") } else { format!("{{{parts}}}") }
}

/// So many members of a container are written at most.
const WRITTEN: usize = 8;

/// What kind of container a value is, and its members, or keys with values, where these are few and of plain types.
pub(super) fn few_members(call: &mut Call, value: Id) -> Option<(&'static str, Vec<Vec<Id>>)> {
    let kind = call.kind_of_container(value).filter(|_| call.opened(value).is_none())?;
    let members: Vec<Vec<Id>> = match call.view(value) {
        View::List(members) | View::Set(members) => members.into_iter().map(|member| vec![member]).collect(),
        View::Dict(entries) => entries.into_iter().map(|(key, value)| vec![key, value]).collect(),
        _ => return None,
    };
    let is_plain = |member: &Id| {
        ["unknown", "none", "true", "false", "int", "long", "str", "unicode"]
            .contains(&call.cx.bank.op(*member).as_str())
    };
    (members.len() <= WRITTEN && members.iter().flatten().all(is_plain)).then_some((kind, members))
}

/// How a replacement field of an f-string is named: by the value, how it is converted and how it is written.
pub(super) fn replacement_field(call: &mut Call, args: &[Id]) -> String {
    let text =
        |call: &mut Call, place: usize| args.get(place).and_then(|arg| call.text(*arg)).unwrap_or_default();
    let value = args.first().map(|value| shown(call, *value)).unwrap_or_default();
    let (conversion, format) = (text(call, 1), text(call, 2));
    let before = if conversion.is_empty() { "" } else { "!" };
    let colon = if format.is_empty() { "" } else { ":" };
    format!("f\"{{{value}{before}{conversion}{colon}{format}}}\"")
}

/// Whether a text is named as a replacement field is.
pub(super) fn is_replacement_field(name: &str) -> bool {
    let field = name.strip_prefix("f\"{").and_then(|name| name.strip_suffix("}\""));
    field.is_some_and(|field| !field.contains(['{', '}', '"']))
}

/// How an f-string is named: as it is written, with the values in their places.
pub(super) fn formatted(call: &mut Call, parts: &[Id]) -> String {
    let mut whole = String::new();
    for part in parts {
        match call.view(*part) {
            View::Str(text) => whole.push_str(&text),
            _ => {
                let name = shown(call, *part);
                let field = name.strip_prefix("f\"").and_then(|name| name.strip_suffix('"'));
                whole.push_str(field.unwrap_or(&format!("{{{name}}}")));
            }
        }
    }
    format!("f\"{whole}\"")
}
