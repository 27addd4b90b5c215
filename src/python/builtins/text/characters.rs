//! Case and kinds of characters.

use crate::python::builtins::Table;
use crate::python::builtins::support::{Outcome, no_arguments, receiver};
use crate::python::values::characters::{self, is_letter, is_lower, is_title, is_upper};
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
    casefold = "str.casefold", characters::folded;
    title = "str.title", characters::title_case;
    capitalize = "str.capitalize", characters::capitalized;
    swapcase = "str.swapcase", characters::swapped;
}

tests! {
    isdigit = "str.isdigit", |text| all(text, characters::is_digit);
    isdecimal = "str.isdecimal", |text| all(text, characters::is_decimal);
    isnumeric = "str.isnumeric", |text| all(text, characters::is_numeric);
    isalpha = "str.isalpha", |text| all(text, is_letter);
    isalnum = "str.isalnum", |text| all(text, |char| is_letter(char) || characters::is_numeric(char));
    isspace = "str.isspace", |text| all(text, characters::is_space);
    isascii = "str.isascii", str::is_ascii;
    isprintable = "str.isprintable", |text| text.chars().all(characters::is_printable);
    isupper = "str.isupper", |text| cased(text, is_upper, is_lower);
    islower = "str.islower", |text| cased(text, is_lower, is_upper);
    istitle = "str.istitle", is_titled;
    isidentifier = "str.isidentifier", characters::is_identifier;
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

/// Whether some characters are of the wanted case, and none of the other or in title case.
fn cased(text: &str, wanted: fn(char) -> bool, unwanted: fn(char) -> bool) -> bool {
    text.chars().any(wanted) && !text.chars().any(|char| unwanted(char) || is_title(char))
}

/// Whether words start, and only start, in upper or title case.
fn is_titled(text: &str) -> bool {
    let (mut inside, mut any) = (false, false);
    for char in text.chars() {
        let (capital, small) = (is_upper(char) || is_title(char), is_lower(char));
        if capital && inside || small && !inside {
            return false;
        }
        inside = capital || small;
        any |= inside;
    }
    any
}
