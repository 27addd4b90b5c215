//! Format specifications: `format` and f-strings.

use egg::Id;
use num_bigint::BigInt;

use super::layout::{format_float, format_int, format_str};
use crate::python::builtins::Table;
use crate::python::builtins::display::{ascii, check_length, repr, str};
use crate::python::builtins::signatures::arguments;
use crate::python::builtins::support::{Outcome, known, unless_overridden};
use crate::python::values::{Answer, Call, Failure, View};

/// The primitives of this file.
pub const TABLE: Table = &[
    ("format(value, format_spec='', /)", format_builtin),
    ("fstring_value", fstring_value),
    ("fstring_join", fstring_join),
];

fn format_builtin(call: &mut Call) -> Answer {
    let found = arguments(call)?;
    let [Some(value), spec] = found[..] else { return Err(Failure::Undefined) };
    let spec = match spec {
        None => String::new(),
        Some(spec) => match call.text(spec) {
            Some(spec) => spec,
            None => {
                let name = call.type_name(spec);
                return Err(call.type_error(&format!("format() argument 2 must be str, not {name}")));
            }
        },
    };
    let text = format(call, value, &spec)?;
    let text = call.str(&text);
    Ok(call.like_texts(&[value], text))
}

/// `(value, conversion, specification)` of a replacement field of an f-string.
fn fstring_value(call: &mut Call) -> Answer {
    call.require_known()?;
    let [value, conversion, spec] = call.args[..] else { return Err(Failure::Undefined) };
    let (Some(conversion), Some(spec)) = (call.text(conversion), call.text(spec)) else {
        return Err(Failure::Undefined);
    };
    let text = match converted(call, value, &conversion)? {
        Some(text) => {
            let value = call.str(&text);
            format(call, value, &spec)?
        }
        None => format(call, value, &spec)?,
    };
    Ok(call.str(&text))
}

fn fstring_join(call: &mut Call) -> Answer {
    call.require_known()?;
    let parts: Option<Vec<String>> = call.args.iter().map(|part| call.text(*part)).collect();
    let whole = parts.ok_or(Failure::Undefined)?.concat();
    check_length(call, whole.len())?;
    Ok(call.str(&whole))
}

pub(super) fn converted(call: &mut Call, value: Id, conversion: &str) -> Outcome<Option<String>> {
    match conversion {
        "" => Ok(None),
        "r" => repr(call, value).map(Some),
        "s" => str(call, value).map(Some),
        "a" => ascii(call, value).map(Some),
        other => Err(call.value_error(&format!("Unknown conversion specifier {other}"))),
    }
}

/// What `format(value, spec)` gives, where no method of the program is asked.
pub fn format(call: &mut Call, value: Id, spec: &str) -> Outcome<String> {
    known(call, value)?;
    unless_overridden(call, value, &["__format__"])?;
    if spec.is_empty() {
        return str(call, value);
    }
    match call.view(value) {
        View::Str(text) => {
            let spec = parse(call, spec, value, 's', '<')?;
            format_str(call, &text, &spec)
        }
        View::Bool(yes) => {
            let spec = parse(call, spec, value, 'd', '>')?;
            format_int(call, &BigInt::from(u8::from(yes)), &spec, value)
        }
        View::Int(int) => {
            let spec = parse(call, spec, value, 'd', '>')?;
            format_int(call, &int, &spec, value)
        }
        View::Float(float) => {
            let spec = parse(call, spec, value, '\0', '>')?;
            format_float(call, float, &spec, value)
        }
        _ => {
            let name = call.type_name(value);
            Err(call.type_error(&format!("unsupported format string passed to {name}.__format__")))
        }
    }
}

/// `[[fill]align][sign][z][#][0][width][grouping][.precision[grouping]][type]`
#[derive(Debug, Clone)]
pub(super) struct Spec {
    pub(super) fill: char,
    pub(super) align: char,
    pub(super) sign: Option<char>,
    pub(super) no_negative_zero: bool,
    pub(super) alternate: bool,
    pub(super) width: usize,
    pub(super) grouping: Option<char>,
    pub(super) precision: Option<usize>,
    pub(super) fraction_grouping: Option<char>,
    pub(super) kind: char,
}

pub(super) fn parse(
    call: &mut Call,
    text: &str,
    value: Id,
    default_kind: char,
    default_align: char,
) -> Outcome<Spec> {
    let chars: Vec<char> = text.chars().collect();
    let mut at = 0;
    let is_align = |char: Option<&char>| matches!(char, Some('<' | '>' | '=' | '^'));
    let mut spec = Spec {
        fill: ' ',
        align: default_align,
        sign: None,
        no_negative_zero: false,
        alternate: false,
        width: 0,
        grouping: None,
        precision: None,
        fraction_grouping: None,
        kind: default_kind,
    };
    let (mut filled, mut aligned) = (false, false);
    if is_align(chars.get(1)) {
        (spec.fill, spec.align) = (chars[0], chars[1]);
        (filled, aligned, at) = (true, true, 2);
    } else if is_align(chars.first()) {
        (spec.align, aligned, at) = (chars[0], true, 1);
    }
    if let Some(sign @ ('+' | '-' | ' ')) = chars.get(at) {
        spec.sign = Some(*sign);
        at += 1;
    }
    let flag = |flag: char, at: &mut usize| {
        let found = chars.get(*at) == Some(&flag);
        *at += usize::from(found);
        found
    };
    spec.no_negative_zero = flag('z', &mut at);
    spec.alternate = flag('#', &mut at);
    if !filled && flag('0', &mut at) {
        spec.fill = '0';
        if !aligned && default_align == '>' {
            spec.align = '=';
        }
    }
    spec.width = digits(call, &chars, &mut at)?.unwrap_or(0);
    spec.grouping = grouping(call, &chars, &mut at)?;
    if chars.get(at) == Some(&'.') {
        at += 1;
        spec.precision = digits(call, &chars, &mut at)?;
        spec.fraction_grouping = grouping(call, &chars, &mut at)?;
        if spec.precision.is_none() && spec.fraction_grouping.is_none() {
            return Err(call.value_error("Format specifier missing precision"));
        }
    }
    match chars[at..] {
        [] => {}
        [kind] => spec.kind = kind,
        _ => {
            let name = call.type_name(value);
            let message = format!("Invalid format specifier '{text}' for object of type '{name}'");
            return Err(call.value_error(&message));
        }
    }
    check_grouping(call, &spec)?;
    Ok(spec)
}

/// A number of the specification.
pub(super) fn digits(call: &mut Call, chars: &[char], at: &mut usize) -> Outcome<Option<usize>> {
    let start = *at;
    while chars.get(*at).is_some_and(char::is_ascii_digit) {
        *at += 1;
    }
    let text: String = chars[start..*at].iter().collect();
    if text.is_empty() {
        return Ok(None);
    }
    match text.parse::<i32>() {
        Ok(number) => {
            let number = number as usize;
            check_length(call, number)?;
            Ok(Some(number))
        }
        Err(_) => Err(call.value_error("Too many decimal digits in format string")),
    }
}

pub(super) fn grouping(call: &mut Call, chars: &[char], at: &mut usize) -> Outcome<Option<char>> {
    let Some(first @ (',' | '_')) = chars.get(*at) else { return Ok(None) };
    *at += 1;
    if matches!(chars.get(*at), Some(second @ (',' | '_')) if second != first) {
        return Err(call.value_error("Cannot specify both ',' and '_'."));
    }
    Ok(Some(*first))
}

fn check_grouping(call: &mut Call, spec: &Spec) -> Outcome<()> {
    let Some(mark) = spec.grouping.or(spec.fraction_grouping) else { return Ok(()) };
    let fits = match spec.kind {
        'd' | 'e' | 'f' | 'g' | 'E' | 'G' | '%' | 'F' | '\0' => true,
        'b' | 'o' | 'x' | 'X' => mark == '_',
        _ => false,
    };
    if fits {
        Ok(())
    } else {
        Err(call.value_error(&format!("Cannot specify '{mark}' with '{}'.", shown_code(spec.kind))))
    }
}

pub(super) fn unknown_code(call: &mut Call, spec: &Spec, value_type: &str) -> Failure {
    let code = shown_code(spec.kind);
    call.value_error(&format!("Unknown format code '{code}' for object of type '{value_type}'"))
}

/// A format code as messages have it.
fn shown_code(code: char) -> String {
    if ('!'..'\u{80}').contains(&code) { code.to_string() } else { format!("\\x{:x}", code as u32) }
}
