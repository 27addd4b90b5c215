//! The format specification, the `%` operator, `str.format` and f-strings.

use egg::Id;
use num_bigint::BigInt;
use num_traits::{FromPrimitive, Signed, ToPrimitive};

use crate::python::builtins::Table;
use crate::python::builtins::compare::equal;
use crate::python::builtins::display::{ascii, check_length, decimal, float_repr, repr, str};
use crate::python::builtins::numbers::{Number, number, to_float};
use crate::python::builtins::support::{
    Outcome, arguments, known, one_argument, overridden, receiver, unless_overridden,
};
use crate::python::values::names::names;
use crate::python::values::{Answer, Call, Failure, View};

/// The primitives of this file.
pub const TABLE: Table = &[
    ("format", format_builtin),
    ("fstring_value", fstring_value),
    ("fstring_join", fstring_join),
    ("str.format", str_format),
    ("str.format_map", str_format_map),
];

// ---- the primitives ------------------------------------------------------------------------------------

fn format_builtin(call: &mut Call) -> Answer {
    let found = arguments(call, "format", 1, 2)?;
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
    Ok(call.str(&text))
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

fn converted(call: &mut Call, value: Id, conversion: &str) -> Outcome<Option<String>> {
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

// ---- the specification ---------------------------------------------------------------------------------

/// `[[fill]align][sign][z][#][0][width][grouping][.precision[grouping]][type]`
#[derive(Debug, Clone)]
struct Spec {
    fill: char,
    align: char,
    sign: Option<char>,
    no_negative_zero: bool,
    alternate: bool,
    width: usize,
    grouping: Option<char>,
    precision: Option<usize>,
    fraction_grouping: Option<char>,
    kind: char,
}

fn parse(call: &mut Call, text: &str, value: Id, default_kind: char, default_align: char) -> Outcome<Spec> {
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
fn digits(call: &mut Call, chars: &[char], at: &mut usize) -> Outcome<Option<usize>> {
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

fn grouping(call: &mut Call, chars: &[char], at: &mut usize) -> Outcome<Option<char>> {
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

fn unknown_code(call: &mut Call, spec: &Spec, value_type: &str) -> Failure {
    let code = shown_code(spec.kind);
    call.value_error(&format!("Unknown format code '{code}' for object of type '{value_type}'"))
}

/// A format code as messages have it.
fn shown_code(code: char) -> String {
    if ('!'..'\u{80}').contains(&code) { code.to_string() } else { format!("\\x{:x}", code as u32) }
}

// ---- text ----------------------------------------------------------------------------------------------

fn format_str(call: &mut Call, text: &str, spec: &Spec) -> Outcome<String> {
    let wrong = match spec {
        Spec { kind, .. } if *kind != 's' => return Err(unknown_code(call, spec, "str")),
        Spec { sign: Some(' '), .. } => "Space not allowed in string format specifier",
        Spec { sign: Some(_), .. } => "Sign not allowed in string format specifier",
        Spec { no_negative_zero: true, .. } => {
            "Negative zero coercion (z) not allowed in string format specifier"
        }
        Spec { alternate: true, .. } => "Alternate form (#) not allowed in string format specifier",
        Spec { align: '=', .. } => "'=' alignment not allowed in string format specifier",
        _ => "",
    };
    if !wrong.is_empty() {
        return Err(call.value_error(wrong));
    }
    let text: String = text.chars().take(spec.precision.unwrap_or(usize::MAX)).collect();
    Ok(pad(&text, spec.width, spec.align, spec.fill))
}

/// A text with padding around it.
fn pad(text: &str, width: usize, align: char, fill: char) -> String {
    let missing = width.saturating_sub(text.chars().count());
    let left = match align {
        '<' => 0,
        '^' => missing / 2,
        _ => missing,
    };
    let fills = |count: usize| fill.to_string().repeat(count);
    format!("{}{text}{}", fills(left), fills(missing - left))
}

// ---- ints ----------------------------------------------------------------------------------------------

fn format_int(call: &mut Call, int: &BigInt, spec: &Spec, value: Id) -> Outcome<String> {
    match spec.kind {
        'b' | 'c' | 'd' | 'o' | 'x' | 'X' | 'n' => {}
        'e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%' => {
            let float = to_float(call, &Number::Int(int.clone()))?;
            return format_float(call, float, spec, value);
        }
        _ => {
            let name = call.type_name(value);
            return Err(unknown_code(call, spec, &name));
        }
    }
    if spec.precision.is_some() {
        return Err(call.value_error("Precision not allowed in integer format specifier"));
    }
    if spec.no_negative_zero {
        let message = "Negative zero coercion (z) not allowed in integer format specifier";
        return Err(call.value_error(message));
    }
    if spec.kind == 'c' {
        let text = character(call, int, spec)?;
        return Ok(pad(&text, spec.width, spec.align, spec.fill));
    }
    let (radix, prefix) = match spec.kind {
        'b' => (2, "0b"),
        'o' => (8, "0o"),
        'x' => (16, "0x"),
        'X' => (16, "0X"),
        _ => (10, ""),
    };
    let magnitude = int.abs();
    let mut digits = if radix == 10 { decimal(call, &magnitude)? } else { magnitude.to_str_radix(radix) };
    if spec.kind == 'X' {
        digits.make_ascii_uppercase();
    }
    let prefix = if spec.alternate { prefix } else { "" };
    let sign = sign_of(spec, int.is_negative());
    let group = if radix == 10 { 3 } else { 4 };
    Ok(lay_out(spec, sign, prefix, &digits, "", group))
}

fn character(call: &mut Call, int: &BigInt, spec: &Spec) -> Outcome<String> {
    if spec.sign.is_some() {
        return Err(call.value_error("Sign not allowed with integer format specifier 'c'"));
    }
    if spec.alternate {
        return Err(call.value_error("Alternate form (#) not allowed with integer format specifier 'c'"));
    }
    char_of(call, int)
}

fn char_of(call: &mut Call, int: &BigInt) -> Outcome<String> {
    match int.to_u32() {
        Some(code) if code < 0x11_0000 => {
            char::from_u32(code).map(String::from).ok_or(Failure::Undefined) // Not a surrogate.
        }
        _ => Err(call.raise("OverflowError", "%c arg not in range(0x110000)")),
    }
}

fn sign_of(spec: &Spec, negative: bool) -> &'static str {
    match spec.sign {
        _ if negative => "-",
        Some('+') => "+",
        Some(' ') => " ",
        _ => "",
    }
}

/// Puts a number's parts together, groups its digits and pads it.
fn lay_out(spec: &Spec, sign: &str, prefix: &str, whole: &str, rest: &str, group: usize) -> String {
    let inner = spec.align == '=';
    let around = sign.len() + prefix.len() + rest.len();
    let least = if inner && spec.fill == '0' { spec.width.saturating_sub(around) } else { 0 };
    let whole = group_digits(whole, spec.grouping, group, least);
    let number = format!("{prefix}{whole}{rest}");
    if !inner {
        return pad(&format!("{sign}{number}"), spec.width, spec.align, spec.fill);
    }
    let width = spec.width.saturating_sub(sign.len() + prefix.len());
    format!("{sign}{prefix}{}", pad(&number[prefix.len()..], width, '>', spec.fill))
}

/// The digits with a mark between groups, and zeros before them up to a width.
fn group_digits(digits: &str, mark: Option<char>, group: usize, least: usize) -> String {
    let Some(mark) = mark else {
        return format!("{}{digits}", "0".repeat(least.saturating_sub(digits.len())));
    };
    let mut count = digits.len();
    while count + count.saturating_sub(1) / group < least {
        count += 1;
    }
    let padded = format!("{}{digits}", "0".repeat(count - digits.len()));
    let mut out = String::new();
    for (place, digit) in padded.chars().enumerate() {
        if place > 0 && (count - place).is_multiple_of(group) {
            out.push(mark);
        }
        out.push(digit);
    }
    out
}

// ---- floats --------------------------------------------------------------------------------------------

fn format_float(call: &mut Call, float: f64, spec: &Spec, value: Id) -> Outcome<String> {
    if !matches!(spec.kind, '\0' | 'e' | 'E' | 'f' | 'F' | 'g' | 'G' | 'n' | '%') {
        let name = call.type_name(value);
        return Err(unknown_code(call, spec, &name));
    }
    let kind = if spec.kind == 'n' { 'g' } else { spec.kind };
    let shown = if kind == '%' { float * 100.0 } else { float };
    let mut text = match (kind, spec.precision) {
        ('\0', None) => shortest(shown.abs(), spec.alternate),
        ('\0', Some(precision)) => general(shown.abs(), precision, spec.alternate, true),
        (_, precision) => float_text(shown.abs(), kind, precision.unwrap_or(6), spec.alternate),
    };
    check_length(call, text.len())?;
    if kind == '%' {
        text.push('%');
    }
    let mut negative = float.is_sign_negative() && !float.is_nan();
    if spec.no_negative_zero && !text.chars().any(|char| ('1'..='9').contains(&char)) && float.is_finite() {
        negative = false;
    }
    let end = text.chars().take_while(char::is_ascii_digit).count();
    let (whole, rest) = text.split_at(end);
    let rest = group_fraction(rest, spec.fraction_grouping);
    Ok(lay_out(spec, sign_of(spec, negative), "", whole, &rest, 3))
}

/// The part behind the whole digits, with a mark after each three digits of the fraction.
fn group_fraction(rest: &str, mark: Option<char>) -> String {
    let (Some(mark), Some(fraction)) = (mark, rest.strip_prefix('.')) else { return rest.to_string() };
    let end = fraction.chars().take_while(char::is_ascii_digit).count();
    let mut out = String::from(".");
    for (place, char) in fraction.chars().enumerate() {
        if place > 0 && place < end && place.is_multiple_of(3) {
            out.push(mark);
        }
        out.push(char);
    }
    out
}

fn not_finite(float: f64) -> Option<String> {
    (!float.is_finite()).then(|| if float.is_nan() { "nan" } else { "inf" }.to_string())
}

fn shortest(float: f64, alternate: bool) -> String {
    let text = float_repr(float);
    match text.split_once('e') {
        Some((mantissa, exponent)) if alternate && !mantissa.contains('.') => {
            format!("{mantissa}.e{exponent}")
        }
        _ => text,
    }
}

/// A float that is not negative, in the form that a letter names.
fn float_text(float: f64, kind: char, precision: usize, alternate: bool) -> String {
    let text = match kind.to_ascii_lowercase() {
        _ if !float.is_finite() => not_finite(float).unwrap_or_default(),
        'e' => exponential(float, precision, alternate),
        'g' => general(float, precision, alternate, false),
        _ => {
            let point = if alternate && precision == 0 { "." } else { "" };
            format!("{float:.precision$}{point}")
        }
    };
    if kind.is_ascii_uppercase() { text.to_ascii_uppercase() } else { text }
}

/// The digits of a float with an exponent, as `(digits, exponent)`.
fn rounded_digits(float: f64, digits: usize) -> (String, i32) {
    let text = format!("{float:.*e}", digits.saturating_sub(1));
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    (mantissa.replace('.', ""), exponent.parse().unwrap_or(0))
}

fn with_exponent(digits: &str, exponent: i32, alternate: bool) -> String {
    let (first, others) = digits.split_at(1.min(digits.len()));
    let point = if others.is_empty() && !alternate { "" } else { "." };
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{first}{point}{others}e{sign}{:02}", exponent.abs())
}

fn exponential(float: f64, precision: usize, alternate: bool) -> String {
    let (digits, exponent) = rounded_digits(float, precision + 1);
    with_exponent(&digits, exponent, alternate)
}

/// `g`; with `dotted`, what no letter gives: always a digit behind the point.
fn general(float: f64, precision: usize, alternate: bool, dotted: bool) -> String {
    if let Some(text) = not_finite(float) {
        return text;
    }
    let precision = precision.max(1);
    let (mut digits, exponent) = rounded_digits(float, precision);
    if !alternate {
        let kept = digits.trim_end_matches('0').len().max(1);
        digits.truncate(kept);
    }
    let limit = precision as i32 - i32::from(dotted);
    if exponent < -4 || exponent + 1 > limit {
        return with_exponent(&digits, exponent, alternate);
    }
    let (whole, fraction) = if exponent < 0 {
        ("0".to_string(), format!("{}{digits}", "0".repeat((-exponent - 1) as usize)))
    } else {
        let wanted = exponent as usize + 1;
        let digits = format!("{digits}{}", "0".repeat(wanted.saturating_sub(digits.len())));
        (digits[..wanted].to_string(), digits[wanted..].to_string())
    };
    match (fraction.is_empty(), alternate, dotted) {
        (true, false, true) => format!("{whole}.0"),
        (true, false, false) => whole,
        _ => format!("{whole}.{fraction}"),
    }
}

// ---- the % operator ------------------------------------------------------------------------------------

/// The arguments of the `%` operator, as they are used up.
struct Percent {
    /// The tuple's members, or the one value.
    values: Vec<Id>,
    /// How many were taken.
    taken: usize,
    /// The value, where keys can be looked up in it.
    mapping: Option<Id>,
}

/// `text % value`.
pub fn percent(call: &mut Call, text: &str, value: Id) -> Outcome<String> {
    let mapping = match call.view(value) {
        View::Dict(_) | View::List(_) | View::Bytes(_) | View::Range(_) => Some(value),
        View::Other if overridden(call, value, &["__getitem__"]) => Some(value),
        _ => None,
    };
    let values = match call.view(value) {
        View::Tuple(members) => members,
        _ => vec![value],
    };
    let mut state = Percent { values, taken: 0, mapping };
    let chars: Vec<char> = text.chars().collect();
    let (mut out, mut at) = (String::new(), 0);
    while let Some(char) = chars.get(at) {
        at += 1;
        if *char == '%' {
            at = percent_item(call, &chars, at, &mut state, &mut out)?;
            check_length(call, out.len())?;
        } else {
            out.push(*char);
        }
    }
    if state.taken < state.values.len() && state.mapping.is_none() {
        return Err(call.type_error("not all arguments converted during string formatting"));
    }
    Ok(out)
}

impl Percent {
    fn next(&mut self, call: &mut Call) -> Outcome<Id> {
        self.taken += 1;
        match self.values.get(self.taken - 1) {
            Some(value) => Ok(*value),
            None => Err(call.type_error("not enough arguments for format string")),
        }
    }
}

/// A conversion of the `%` operator, without its letter.
#[derive(Debug, Default)]
struct Item {
    left: bool,
    sign: Option<char>,
    alternate: bool,
    zero: bool,
    width: usize,
    precision: Option<usize>,
}

fn percent_item(
    call: &mut Call,
    chars: &[char],
    mut at: usize,
    state: &mut Percent,
    out: &mut String,
) -> Outcome<usize> {
    if chars.get(at) == Some(&'%') {
        out.push('%');
        return Ok(at + 1);
    }
    if chars.get(at) == Some(&'(') {
        at = percent_key(call, chars, at + 1, state)?;
    }
    let mut item = Item::default();
    while let Some(flag) = chars.get(at) {
        match flag {
            '-' => item.left = true,
            '+' => item.sign = Some('+'),
            ' ' => item.sign = item.sign.or(Some(' ')),
            '#' => item.alternate = true,
            '0' => item.zero = true,
            _ => break,
        }
        at += 1;
    }
    let width = percent_number(call, chars, &mut at, state)?.unwrap_or(0);
    item.left |= width < 0;
    item.width = width.unsigned_abs() as usize;
    if chars.get(at) == Some(&'.') {
        at += 1;
        let precision = percent_number(call, chars, &mut at, state)?.unwrap_or(0);
        item.precision = Some(precision.max(0) as usize);
    }
    if matches!(chars.get(at), Some('h' | 'l' | 'L')) {
        at += 1;
    }
    let Some(kind) = chars.get(at) else { return Err(call.value_error("incomplete format")) };
    let value = state.next(call)?;
    let text = percent_value(call, *kind, at, value, &item)?;
    out.push_str(&text);
    Ok(at + 1)
}

fn percent_key(call: &mut Call, chars: &[char], start: usize, state: &mut Percent) -> Outcome<usize> {
    let Some(mapping) = state.mapping else { return Err(call.type_error("format requires a mapping")) };
    let (mut at, mut open) = (start, 1);
    while open > 0 {
        match chars.get(at) {
            Some('(') => open += 1,
            Some(')') => open -= 1,
            Some(_) => {}
            None => return Err(call.value_error("incomplete format key")),
        }
        at += 1;
    }
    let key: String = chars[start..at - 1].iter().collect();
    let key = call.str(&key);
    let entries = match call.view(mapping) {
        View::Dict(entries) => entries,
        View::List(_) => return Err(call.type_error("list indices must be integers or slices, not str")),
        _ => return Err(Failure::Undefined),
    };
    let value = look_up(call, mapping, &entries, key)?;
    state.values = vec![value];
    state.taken = 0;
    Ok(at)
}

fn look_up(call: &mut Call, dict: Id, entries: &[(Id, Id)], key: Id) -> Answer {
    if let Some((_, value)) = entries.iter().find(|(candidate, _)| *candidate == key) {
        return Ok(*value);
    }
    for (candidate, value) in entries {
        if equal(call, *candidate, key)? {
            return Ok(*value);
        }
    }
    unless_overridden(call, dict, &["__missing__", "__getitem__"])?;
    Err(call.raise_with("KeyError", &[key]))
}

fn percent_number(
    call: &mut Call,
    chars: &[char],
    at: &mut usize,
    state: &mut Percent,
) -> Outcome<Option<i64>> {
    if chars.get(*at) == Some(&'*') {
        *at += 1;
        let value = state.next(call)?;
        known(call, value)?;
        let Some(int) = call.integer(value) else { return Err(call.type_error("* wants int")) };
        let number = int.to_i64().unwrap_or(i64::MAX);
        check_length(call, number.unsigned_abs() as usize)?;
        return Ok(Some(number));
    }
    Ok(digits(call, chars, at)?.map(|number| number as i64))
}

fn percent_value(call: &mut Call, kind: char, at: usize, value: Id, item: &Item) -> Outcome<String> {
    known(call, value)?;
    let spec = Spec {
        fill: ' ',
        align: if item.left { '<' } else { '>' },
        sign: item.sign,
        no_negative_zero: false,
        alternate: item.alternate,
        width: item.width,
        grouping: None,
        precision: item.precision,
        fraction_grouping: None,
        kind,
    };
    let numeric = |spec: Spec| match (item.zero, item.left) {
        (true, false) => Spec { fill: '0', align: '=', ..spec },
        _ => spec,
    };
    match kind {
        's' | 'r' | 'a' => {
            let text = converted(call, value, &kind.to_string())?.unwrap_or_default();
            let text: String = text.chars().take(item.precision.unwrap_or(usize::MAX)).collect();
            Ok(pad(&text, spec.width, spec.align, ' '))
        }
        'c' => {
            let text = percent_character(call, value)?;
            Ok(pad(&text, spec.width, spec.align, ' '))
        }
        'd' | 'i' | 'u' | 'x' | 'X' | 'o' => {
            let int = percent_integer(call, kind, value)?;
            percent_int(call, &int, &numeric(spec))
        }
        'e' | 'E' | 'f' | 'F' | 'g' | 'G' => {
            let float = percent_float(call, value)?;
            let text = float_text(float.abs(), kind, item.precision.unwrap_or(6), item.alternate);
            let spec = numeric(spec);
            let sign = sign_of(&spec, float.is_sign_negative() && !float.is_nan());
            let end = text.chars().take_while(char::is_ascii_digit).count();
            Ok(lay_out(&spec, sign, "", &text[..end], &text[end..], 3))
        }
        _ => {
            let (code, at) = (kind as u32, at);
            let shown = if (' '..'\x7f').contains(&kind) { kind } else { '?' };
            let message = format!("unsupported format character '{shown}' ({code:#x}) at index {at}");
            Err(call.value_error(&message))
        }
    }
}

fn percent_character(call: &mut Call, value: Id) -> Outcome<String> {
    let wrong = match call.view(value) {
        View::Str(text) if text.chars().count() == 1 => return Ok(text),
        View::Str(text) => format!("a string of length {}", text.chars().count()),
        View::Int(int) => return char_of(call, &int),
        View::Bool(yes) => return char_of(call, &BigInt::from(u8::from(yes))),
        _ => {
            unless_overridden(call, value, &["__index__"])?;
            call.type_name(value)
        }
    };
    Err(call.type_error(&format!("%c requires an int or a unicode character, not {wrong}")))
}

fn percent_integer(call: &mut Call, kind: char, value: Id) -> Outcome<BigInt> {
    let needs_integer = matches!(kind, 'x' | 'X' | 'o');
    match number(&call.view(value)) {
        Some(Number::Int(int)) => Ok(int),
        Some(Number::Float(float)) if !needs_integer => whole(call, float.trunc()),
        _ => {
            unless_overridden(call, value, &["__index__", "__int__"])?;
            let name = call.type_name(value);
            let wanted = if needs_integer { "an integer" } else { "a real number" };
            Err(call.type_error(&format!("%{kind} format: {wanted} is required, not {name}")))
        }
    }
}

/// A float without fraction as an int.
pub fn whole(call: &mut Call, float: f64) -> Outcome<BigInt> {
    if float.is_nan() {
        return Err(call.value_error("cannot convert float NaN to integer"));
    }
    match BigInt::from_f64(float) {
        Some(int) => Ok(int),
        None => Err(call.raise("OverflowError", "cannot convert float infinity to integer")),
    }
}

fn percent_float(call: &mut Call, value: Id) -> Outcome<f64> {
    match number(&call.view(value)) {
        Some(number) => to_float(call, &number),
        None => {
            unless_overridden(call, value, &["__float__", "__index__"])?;
            let name = call.type_name(value);
            Err(call.type_error(&format!("must be real number, not {name}")))
        }
    }
}

fn percent_int(call: &mut Call, int: &BigInt, spec: &Spec) -> Outcome<String> {
    let magnitude = int.abs();
    let (digits, prefix) = match spec.kind {
        'x' => (magnitude.to_str_radix(16), "0x"),
        'X' => (magnitude.to_str_radix(16).to_ascii_uppercase(), "0X"),
        'o' => (magnitude.to_str_radix(8), "0o"),
        _ => (decimal(call, &magnitude)?, ""),
    };
    let missing = spec.precision.unwrap_or(0).saturating_sub(digits.len());
    let digits = format!("{}{digits}", "0".repeat(missing));
    let prefix = if spec.alternate { prefix } else { "" };
    Ok(lay_out(spec, sign_of(spec, int.is_negative()), prefix, &digits, "", 3))
}

// ---- str.format ----------------------------------------------------------------------------------------

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

fn template(call: &mut Call, name: &str) -> Outcome<String> {
    match receiver(call, name, |view| matches!(view, View::Str(_)))? {
        View::Str(text) => Ok(text),
        _ => Err(Failure::Undefined),
    }
}

fn str_format(call: &mut Call) -> Answer {
    call.require_known()?;
    let template = template(call, "str.format")?;
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
    let template = template(call, "str.format_map")?;
    let mapping = one_argument(call, "str.format_map")?;
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
            None => {
                let message = format!("Replacement index {number} out of range for positional args tuple");
                Err(call.raise("IndexError", &message))
            }
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
fn item(call: &mut Call, value: Id, index: &str) -> Answer {
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

#[cfg(test)]
mod tests {
    #[test]
    fn formats_do_what_python_does() {
        crate::python::builtins::testing::check(include_str!("expected/format.txt"));
    }
}
