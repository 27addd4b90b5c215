//! Case and kinds of characters.

use crate::python::builtins::Table;
use crate::python::builtins::signatures::this;
use crate::python::builtins::support::Outcome;
use crate::python::values::characters::{self, is_letter, is_lower, is_title, is_upper};
use crate::python::values::{Answer, Call, Failure, View};

/// The primitives of this file.
pub const TABLE: Table = &[
    ("str.upper(self, /)", upper),
    ("str.lower(self, /)", lower),
    ("str.casefold(self, /)", casefold),
    ("str.title(self, /)", title),
    ("str.capitalize(self, /)", capitalize),
    ("str.swapcase(self, /)", swapcase),
    ("str.isdigit(self, /)", isdigit),
    ("str.isdecimal(self, /)", isdecimal),
    ("str.isnumeric(self, /)", isnumeric),
    ("str.isalpha(self, /)", isalpha),
    ("str.isalnum(self, /)", isalnum),
    ("str.isspace(self, /)", isspace),
    ("str.isascii(self, /)", isascii),
    ("str.isprintable(self, /)", isprintable),
    ("str.isupper(self, /)", isupper),
    ("str.islower(self, /)", islower),
    ("str.istitle(self, /)", istitle),
    ("str.isidentifier(self, /)", isidentifier),
];

macro_rules! plain_methods {
    ($($function:ident = $compute:expr;)*) => {
        $(
            fn $function(call: &mut Call) -> Answer {
                let text = own_text(call)?;
                call.require_known()?;
                let compute: fn(&str) -> String = $compute;
                let result = compute(&text);
                Ok(call.str(&result))
            }
        )*
    };
}

macro_rules! tests {
    ($($function:ident = $holds:expr;)*) => {
        $(
            fn $function(call: &mut Call) -> Answer {
                let text = own_text(call)?;
                call.require_known()?;
                let holds: fn(&str) -> bool = $holds;
                let holds = holds(&text);
                Ok(call.bool(holds))
            }
        )*
    };
}

plain_methods! {
    upper = str::to_uppercase;
    lower = str::to_lowercase;
    casefold = characters::folded;
    title = characters::title_case;
    capitalize = characters::capitalized;
    swapcase = characters::swapped;
}

tests! {
    isdigit = |text| all(text, characters::is_digit);
    isdecimal = |text| all(text, characters::is_decimal);
    isnumeric = |text| all(text, characters::is_numeric);
    isalpha = |text| all(text, is_letter);
    isalnum = |text| all(text, |char| is_letter(char) || characters::is_numeric(char));
    isspace = |text| all(text, characters::is_space);
    isascii = str::is_ascii;
    isprintable = |text| text.chars().all(characters::is_printable);
    isupper = |text| cased(text, is_upper, is_lower);
    islower = |text| cased(text, is_lower, is_upper);
    istitle = is_titled;
    isidentifier = characters::is_identifier;
}

pub(super) fn own_text(call: &Call) -> Outcome<String> {
    match call.view(this(call)?) {
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
