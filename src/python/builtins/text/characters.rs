//! Case and kinds of characters.

use crate::python::builtins::Table;
use crate::python::builtins::conversions::is_space;
use crate::python::builtins::display::is_printable;
use crate::python::builtins::support::{Outcome, no_arguments, receiver};
use crate::python::values::{Answer, Call, Failure, View};

/// The primitives of this file.
pub const TABLE: Table = &[
    ("str.upper", upper),
    ("str.lower", lower),
    ("str.casefold", casefold),
    ("str.title", title),
    ("str.capitalize", capitalize),
    ("str.swapcase", swapcase),
    ("str.isdigit", isdigit),
    ("str.isdecimal", isdecimal),
    ("str.isnumeric", isnumeric),
    ("str.isalpha", isalpha),
    ("str.isalnum", isalnum),
    ("str.isspace", isspace),
    ("str.isascii", isascii),
    ("str.isprintable", isprintable),
    ("str.isupper", isupper),
    ("str.islower", islower),
    ("str.istitle", istitle),
    ("str.isidentifier", isidentifier),
];

macro_rules! plain_methods {
    ($($function:ident = $name:literal, $compute:expr;)*) => {
        $(
            fn $function(call: &mut Call) -> Answer {
                let text = own_text(call, $name)?;
                no_arguments(call, $name)?;
                let compute: fn(&str) -> String = $compute;
                let result = compute(&text);
                Ok(call.str(&result))
            }
        )*
    };
}

macro_rules! tests {
    ($($function:ident = $name:literal, $holds:expr;)*) => {
        $(
            fn $function(call: &mut Call) -> Answer {
                let text = own_text(call, $name)?;
                no_arguments(call, $name)?;
                let holds: fn(&str) -> bool = $holds;
                let holds = holds(&text);
                Ok(call.bool(holds))
            }
        )*
    };
}

plain_methods! {
    upper = "str.upper", str::to_uppercase;
    lower = "str.lower", str::to_lowercase;
    casefold = "str.casefold", |text| text.to_lowercase().replace('ß', "ss").replace('ς', "σ");
    title = "str.title", title_case;
    capitalize = "str.capitalize", capitalized;
    swapcase = "str.swapcase", swapped;
}

tests! {
    isdigit = "str.isdigit", |text| all(text, |char| char.is_numeric() && is_digit(char));
    isdecimal = "str.isdecimal", |text| all(text, |char| is_digit(char) && !is_superscript(char));
    isnumeric = "str.isnumeric", |text| all(text, char::is_numeric);
    isalpha = "str.isalpha", |text| all(text, char::is_alphabetic);
    isalnum = "str.isalnum", |text| all(text, char::is_alphanumeric);
    isspace = "str.isspace", |text| all(text, is_space);
    isascii = "str.isascii", str::is_ascii;
    isprintable = "str.isprintable", |text| text.chars().all(is_printable);
    isupper = "str.isupper", |text| cased(text, char::is_uppercase, char::is_lowercase);
    islower = "str.islower", |text| cased(text, char::is_lowercase, char::is_uppercase);
    istitle = "str.istitle", is_title;
    isidentifier = "str.isidentifier", is_identifier;
}

pub(super) fn own_text(call: &mut Call, name: &str) -> Outcome<String> {
    match receiver(call, name, |view| matches!(view, View::Str(_)))? {
        View::Str(text) => Ok(text),
        _ => Err(Failure::Undefined),
    }
}

fn all(text: &str, holds: impl Fn(char) -> bool) -> bool {
    !text.is_empty() && text.chars().all(holds)
}

fn is_superscript(char: char) -> bool {
    matches!(char, '²' | '³' | '¹' | '⁰'..='⁹' | '₀'..='₉' | '①'..='⑨')
}

/// Whether a numeric character is a digit, and no fraction, letter or ideograph.
fn is_digit(char: char) -> bool {
    char.is_ascii_digit()
        || is_superscript(char)
        || char.is_numeric()
            && !char.is_alphabetic()
            && !matches!(char as u32, 0xbc..=0xbe | 0x2150..=0x218b | 0x2460..=0x24ff | 0x3007..=0x32ff)
}

fn cased(text: &str, wanted: fn(char) -> bool, unwanted: fn(char) -> bool) -> bool {
    text.chars().any(wanted) && !text.chars().any(unwanted)
}

fn is_cased(char: char) -> bool {
    char.is_uppercase() || char.is_lowercase()
}

fn title_case(text: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for char in text.chars() {
        if inside {
            out.extend(char.to_lowercase())
        } else {
            push_title(&mut out, char)
        }
        inside = is_cased(char);
    }
    out
}

/// A character as words in titles start with it.
fn push_title(out: &mut String, char: char) {
    let upper: Vec<char> = char.to_uppercase().collect();
    match upper[..] {
        [first, ref others @ ..] => {
            out.push(first);
            others.iter().for_each(|other| out.extend(other.to_lowercase()));
        }
        [] => out.push(char),
    }
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    let mut out = String::new();
    if let Some(first) = chars.next() {
        push_title(&mut out, first);
    }
    out + &chars.as_str().to_lowercase()
}

fn swapped(text: &str) -> String {
    let mut out = String::new();
    for char in text.chars() {
        if char.is_uppercase() {
            out.extend(char.to_lowercase());
        } else {
            out.extend(char.to_uppercase());
        }
    }
    out
}

fn is_title(text: &str) -> bool {
    let (mut inside, mut any) = (false, false);
    for char in text.chars() {
        if char.is_uppercase() && inside || char.is_lowercase() && !inside {
            return false;
        }
        inside = is_cased(char);
        any |= inside;
    }
    any
}

fn is_identifier(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|first| first == '_' || first.is_alphabetic())
        && chars.all(|char| char == '_' || char.is_alphanumeric())
}
