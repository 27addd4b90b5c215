//! `str.format` and `str.format_map`.

use egg::Id;

use super::percent::look_up;
use super::spec::{converted, format};
use crate::python::builtins::Table;
use crate::python::builtins::display::check_length;
use crate::python::builtins::signatures::{argument, this};
use crate::python::builtins::support::{Outcome, known, unless_overridden};
use crate::python::values::names::names;
use crate::python::values::{Answer, Call, Failure, View};

/// The primitives of this file.
pub const TABLE: Table = &[
    ("str.format(self, /, *args, **kwargs)", str_format),
    ("str.format_map(self, mapping, /)", str_format_map),
];

/// Where the fields of `str.format` get their values from.
struct Fields {
    args: Vec<Id>,
    keywords: Vec<(String, Id)>,
    mapping: Option<Id>,
    numbering: Numbering,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Numbering {
    Open,
    Automatic(usize),
    Manual,
}

fn template(call: &Call) -> Outcome<String> {
    match call.view(this(call)?) {
        View::Str(text) => Ok(text),
        _ => Err(Failure::Undefined),
    }
}

fn str_format(call: &mut Call) -> Answer {
    call.require_known()?;
    let template = template(call)?;
    let mut fields = Fields {
        args: call.args[1..].to_vec(),
        keywords: call.keywords.clone(),
        mapping: None,
        numbering: Numbering::Open,
    };
    match fill_in(call, &template, &mut fields, 2) {
        Ok(text) => Ok(call.str(&text)),
        Err(Failure::Undefined) => {
            let entries: Vec<(Id, Id)> =
                call.keywords.clone().iter().map(|(name, value)| (call.str(name), *value)).collect();
            let (values, named) = (call.tuple(&fields.args), call.dict(&entries));
            Err(by_library(call, values, named))
        }
        Err(failure) => Err(failure),
    }
}

/// The library fills in what methods of the program have a part in.
fn by_library(call: &mut Call, values: Id, named: Id) -> Failure {
    let atom = call.atom("str_format");
    let function = call.cx.bank.make(names().library, &[atom]);
    Failure::Delegated(function, vec![call.args[0], values, named])
}

fn str_format_map(call: &mut Call) -> Answer {
    call.require_known()?;
    let template = template(call)?;
    let mapping = argument(call)?;
    let mut fields =
        Fields { args: Vec::new(), keywords: Vec::new(), mapping: Some(mapping), numbering: Numbering::Open };
    match fill_in(call, &template, &mut fields, 2) {
        Ok(text) => Ok(call.str(&text)),
        Err(Failure::Undefined) => {
            let values = call.tuple(&[]);
            Err(by_library(call, values, mapping))
        }
        Err(failure) => Err(failure),
    }
}

/// The template with its fields filled in, which may hold fields themselves.
fn fill_in(call: &mut Call, template: &str, fields: &mut Fields, depth: usize) -> Outcome<String> {
    if depth == 0 {
        return Err(call.value_error("Max string recursion exceeded"));
    }
    let chars: Vec<char> = template.chars().collect();
    let (mut out, mut at) = (String::new(), 0);
    while let Some(char) = chars.get(at) {
        at += 1;
        match char {
            '{' | '}' if chars.get(at) == Some(char) => {
                out.push(*char);
                at += 1;
            }
            '}' => return Err(call.value_error("Single '}' encountered in format string")),
            '{' if at == chars.len() => {
                return Err(call.value_error("Single '{' encountered in format string"));
            }
            '{' => {
                let (field, after) = parse_field(call, &chars, at)?;
                at = after;
                out.push_str(&field_text(call, &field, fields, depth)?);
                check_length(call, out.len())?;
            }
            _ => out.push(*char),
        }
    }
    Ok(out)
}

/// A replacement field.
struct Field {
    name: String,
    conversion: String,
    spec: String,
}

fn parse_field(call: &mut Call, chars: &[char], mut at: usize) -> Outcome<(Field, usize)> {
    let start = at;
    let mut bracket = false;
    let end = loop {
        match chars.get(at) {
            None => return Err(call.value_error("expected '}' before end of string")),
            Some('{') if !bracket => return Err(call.value_error("unexpected '{' in field name")),
            Some('[') => bracket = true,
            Some(']') => bracket = false,
            Some('}' | ':' | '!') if !bracket => break at,
            Some(_) => {}
        }
        at += 1;
    };
    let mut field =
        Field { name: chars[start..end].iter().collect(), conversion: String::new(), spec: String::new() };
    if chars[at] == '}' {
        return Ok((field, at + 1));
    }
    if chars[at] == '!' {
        let Some(conversion) = chars.get(at + 1) else {
            return Err(call.value_error("end of string while looking for conversion specifier"));
        };
        field.conversion = conversion.to_string();
        at += 2;
        match chars.get(at) {
            Some('}') => return Ok((field, at + 1)),
            Some(':') => {}
            Some(_) => return Err(call.value_error("expected ':' after conversion specifier")),
            None => return Err(call.value_error("unmatched '{' in format spec")),
        }
    }
    at += 1;
    let start = at;
    let mut open = 1;
    loop {
        match chars.get(at) {
            None => return Err(call.value_error("unmatched '{' in format spec")),
            Some('{') => open += 1,
            Some('}') => open -= 1,
            Some(_) => {}
        }
        at += 1;
        if open == 0 {
            field.spec = chars[start..at - 1].iter().collect();
            return Ok((field, at));
        }
    }
}

fn field_text(call: &mut Call, field: &Field, fields: &mut Fields, depth: usize) -> Outcome<String> {
    let value = field_value(call, &field.name, fields)?;
    known(call, value)?;
    let value = match converted(call, value, &field.conversion)? {
        Some(text) => call.str(&text),
        None => value,
    };
    let spec = if field.spec.contains(['{', '}']) {
        fill_in(call, &field.spec, fields, depth - 1)?
    } else {
        field.spec.clone()
    };
    format(call, value, &spec)
}

fn field_value(call: &mut Call, name: &str, fields: &mut Fields) -> Answer {
    let end = name.find(['.', '[']).unwrap_or(name.len());
    let (first, mut rest) = name.split_at(end);
    let mut value = first_value(call, first, fields)?;
    while !rest.is_empty() {
        if let Some(index) = rest.strip_prefix('[') {
            let Some((index, after)) = index.split_once(']') else {
                return Err(call.value_error("Missing ']' in format string"));
            };
            if index.is_empty() {
                return Err(call.value_error("Empty attribute in format string"));
            }
            value = item(call, value, index)?;
            rest = after;
        } else if let Some(attribute) = rest.strip_prefix('.') {
            if attribute.is_empty() || attribute.starts_with(['.', '[']) {
                return Err(call.value_error("Empty attribute in format string"));
            }
            return Err(Failure::Undefined);
        } else {
            let message = "Only '.' or '[' may follow ']' in format field specifier";
            return Err(call.value_error(message));
        }
    }
    Ok(value)
}

fn first_value(call: &mut Call, name: &str, fields: &mut Fields) -> Answer {
    let number = if name.is_empty() {
        let next = match fields.numbering {
            Numbering::Open => 0,
            Numbering::Automatic(next) => next,
            Numbering::Manual => {
                let message = "cannot switch from manual field specification to automatic field numbering";
                return Err(call.value_error(message));
            }
        };
        fields.numbering = Numbering::Automatic(next + 1);
        Some(next)
    } else if name.chars().all(|char| char.is_ascii_digit()) {
        if let Numbering::Automatic(_) = fields.numbering {
            let message = "cannot switch from automatic field numbering to manual field specification";
            return Err(call.value_error(message));
        }
        fields.numbering = Numbering::Manual;
        match name.parse::<u32>() {
            Ok(number) => Some(number as usize),
            Err(_) => return Err(call.value_error("Too many decimal digits in format string")),
        }
    } else {
        None
    };
    match (number, fields.mapping) {
        (Some(_), Some(_)) => Err(call.value_error("Format string contains positional fields")),
        (Some(number), None) => match fields.args.get(number) {
            Some(value) => Ok(*value),
            None => Err(call.raise_worded("IndexError", "no-replacement", &[&number.to_string()])),
        },
        (None, Some(mapping)) => item(call, mapping, name),
        (None, None) => match fields.keywords.iter().find(|(keyword, _)| keyword == name) {
            Some((_, value)) => Ok(*value),
            None => {
                let key = call.str(name);
                Err(call.raise_with("KeyError", &[key]))
            }
        },
    }
}

/// `value[index]`, where the index is an int if it looks like one.
pub(super) fn item(call: &mut Call, value: Id, index: &str) -> Answer {
    known(call, value)?;
    unless_overridden(call, value, &["__getitem__"])?;
    let number = index.parse::<u32>().ok().filter(|_| index.chars().all(|char| char.is_ascii_digit()));
    let members = match (call.view(value), number) {
        (View::Dict(entries), number) => {
            let key = match number {
                Some(number) => call.int(number),
                None => call.str(index),
            };
            return look_up(call, value, &entries, key);
        }
        (View::None | View::Bool(_) | View::Int(_) | View::Float(_), _) => {
            let name = call.type_name(value);
            return Err(call.type_error(&format!("'{name}' object is not subscriptable")));
        }
        (View::List(members) | View::Tuple(members), Some(_)) => members,
        (View::List(_) | View::Tuple(_), None) => {
            let name = call.type_name(value);
            let message = format!("{name} indices must be integers or slices, not str");
            return Err(call.type_error(&message));
        }
        _ => return Err(Failure::Undefined),
    };
    match members.get(number.unwrap_or(u32::MAX) as usize) {
        Some(member) => Ok(*member),
        None => {
            let name = call.type_name(value);
            Err(call.raise("IndexError", &format!("{name} index out of range")))
        }
    }
}
