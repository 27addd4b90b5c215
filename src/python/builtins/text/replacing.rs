//! Replacing and padding.

use egg::Id;
use num_traits::ToPrimitive;

use super::characters::own_text;
use crate::python::builtins::Table;
use crate::python::builtins::display::check_length;
use crate::python::builtins::signatures::{argument, arguments};
use crate::python::builtins::support::{Outcome, known, size, unless_overridden};
use crate::python::values::{Answer, Call, Failure, View};

/// The primitives of this file.
pub const TABLE: Table = &[
    ("str.replace(self, old, new, /, count=-1)", replace),
    ("str.zfill(self, width, /)", zfill),
    ("str.ljust(self, width, fillchar=' ', /)", ljust),
    ("str.rjust(self, width, fillchar=' ', /)", rjust),
    ("str.center(self, width, fillchar=' ', /)", center),
    ("str.expandtabs(self, /, tabsize=8)", expandtabs),
    ("str.removeprefix(self, prefix, /)", removeprefix),
    ("str.removesuffix(self, suffix, /)", removesuffix),
    ("str.translate(self, table, /)", translate),
    ("str.maketrans(x, y=None, z=None, /)", maketrans),
];

pub(super) fn replace(call: &mut Call) -> Answer {
    let text = own_text(call)?;
    let found = arguments(call)?;
    let [Some(old), Some(new), count] = found[..] else { return Err(Failure::Undefined) };
    let mut parts = Vec::new();
    for (place, value) in [old, new].into_iter().enumerate() {
        let Some(part) = call.text(value) else {
            let (place, class) = (place + 1, call.type_name(value));
            return Err(call.type_error(&format!("replace() argument {place} must be str, not {class}")));
        };
        parts.push(part);
    }
    let count = match count {
        Some(count) => usize::try_from(size(call, count)?).unwrap_or(usize::MAX),
        None => usize::MAX,
    };
    let times = count.min(text.len() + 1);
    check_length(call, text.len() + times.saturating_mul(parts[1].len()))?;
    Ok(call.str(&text.replacen(&parts[0], &parts[1], count)))
}

fn without(call: &mut Call, name: &str, cut: fn(&str, &str) -> Option<String>) -> Answer {
    let text = own_text(call)?;
    let wanted = argument(call)?;
    let Some(wanted) = call.text(wanted) else {
        let (class, method) = (call.type_name(wanted), name.trim_start_matches("str."));
        return Err(call.type_error(&format!("{method}() argument must be str, not {class}")));
    };
    let rest = cut(&text, &wanted).unwrap_or(text);
    Ok(call.str(&rest))
}

fn removeprefix(call: &mut Call) -> Answer {
    without(call, "str.removeprefix", |text, wanted| text.strip_prefix(wanted).map(String::from))
}

fn removesuffix(call: &mut Call) -> Answer {
    without(call, "str.removesuffix", |text, wanted| text.strip_suffix(wanted).map(String::from))
}

fn expandtabs(call: &mut Call) -> Answer {
    let text = own_text(call)?;
    let found = arguments(call)?;
    let tab = match found[0] {
        Some(tab) => usize::try_from(size(call, tab)?).unwrap_or(0),
        None => 8,
    };
    check_length(call, tab)?;
    let (mut out, mut column) = (String::new(), 0);
    for char in text.chars() {
        match char {
            '\t' if tab > 0 => {
                let spaces = tab - column % tab;
                out.push_str(&" ".repeat(spaces));
                column += spaces;
                check_length(call, out.len())?;
            }
            '\t' => {}
            '\n' | '\r' => {
                out.push(char);
                column = 0;
            }
            _ => {
                out.push(char);
                column += 1;
            }
        }
    }
    Ok(call.str(&out))
}

fn translate(call: &mut Call) -> Answer {
    let text = own_text(call)?;
    let table = argument(call)?;
    unless_overridden(call, table, &["__getitem__", "__missing__"])?;
    let entries = match call.view(table) {
        View::Dict(entries) => entries,
        View::None | View::Bool(_) | View::Int(_) | View::Float(_) => {
            let name = call.type_name(table);
            return Err(call.type_error(&format!("'{name}' object is not subscriptable")));
        }
        _ => return Err(Failure::Undefined),
    };
    let mut out = String::new();
    for char in text.chars() {
        let key = call.int(u32::from(char));
        let Some((_, value)) = entries.iter().find(|(candidate, _)| *candidate == key) else {
            out.push(char);
            continue;
        };
        out.push_str(&translation(call, *value)?);
    }
    Ok(call.str(&out))
}

fn translation(call: &mut Call, value: Id) -> Outcome<String> {
    known(call, value)?;
    match call.view(value) {
        View::None => Ok(String::new()),
        View::Str(text) => Ok(text),
        View::Int(int) => match int.to_u32() {
            Some(code) if code < 0x11_0000 => {
                char::from_u32(code).map(String::from).ok_or(Failure::Undefined)
            }
            _ => Err(call.value_error("character mapping must be in range(0x110000)")),
        },
        _ => Err(call.type_error("character mapping must return integer, None or str")),
    }
}

fn maketrans(call: &mut Call) -> Answer {
    call.require_known()?;
    match call.args.clone()[..] {
        [table] => translation_table(call, table),
        [from, to, ref others @ ..] => character_table(call, from, to, others.first().copied()),
        [] => Err(Failure::Undefined),
    }
}

fn translation_table(call: &mut Call, table: Id) -> Answer {
    let View::Dict(entries) = call.view(table) else {
        let message = "if you give only one argument to maketrans it must be a dict";
        return Err(call.type_error(message));
    };
    let mut made = Vec::new();
    for (key, value) in entries {
        let key = match call.view(key) {
            View::Int(_) => key,
            View::Str(text) => match text.chars().collect::<Vec<char>>()[..] {
                [char] => call.int(u32::from(char)),
                _ => return Err(call.value_error("string keys in translate table must be of length 1")),
            },
            _ => return Err(call.type_error("keys in translate table must be strings or integers")),
        };
        made.push((key, value));
    }
    Ok(call.dict(&made))
}

fn character_table(call: &mut Call, from: Id, to: Id, gone: Option<Id>) -> Answer {
    let Some(from) = call.text(from) else {
        let message = "first maketrans argument must be a string if there is a second argument";
        return Err(call.type_error(message));
    };
    let mut others = Vec::new();
    for (place, value) in [Some(to), gone].into_iter().enumerate() {
        others.push(match value {
            None => String::new(),
            Some(value) => match call.text(value) {
                Some(text) => text,
                None => {
                    let (place, class) = (place + 2, call.type_name(value));
                    let message = format!("maketrans() argument {place} must be str, not {class}");
                    return Err(call.type_error(&message));
                }
            },
        });
    }
    if from.chars().count() != others[0].chars().count() {
        return Err(call.value_error("the first two maketrans arguments must have equal length"));
    }
    let none = call.none();
    let mut entries: Vec<(Id, Id)> = Vec::new();
    let pairs =
        from.chars().zip(others[0].chars().map(Some)).chain(others[1].chars().map(|char| (char, None)));
    for (char, image) in pairs {
        let key = call.int(u32::from(char));
        let value = match image {
            Some(image) => call.int(u32::from(image)),
            None => none,
        };
        match entries.iter().position(|(candidate, _)| *candidate == key) {
            Some(place) => entries[place].1 = value,
            None => entries.push((key, value)),
        }
    }
    Ok(call.dict(&entries))
}

fn zfill(call: &mut Call) -> Answer {
    let text = own_text(call)?;
    let width = argument(call)?;
    let width = usize::try_from(size(call, width)?).unwrap_or(0);
    check_length(call, width)?;
    let zeros = "0".repeat(width.saturating_sub(text.chars().count()));
    let digits = text.strip_prefix(['+', '-']).unwrap_or(&text);
    let sign = &text[..text.len() - digits.len()];
    Ok(call.str(&format!("{sign}{zeros}{digits}")))
}

/// Pads a text; `left` tells how much of what is missing comes first.
fn padded(call: &mut Call, left: fn(usize, usize) -> usize) -> Answer {
    let text = own_text(call)?;
    let found = arguments(call)?;
    let [Some(width), fill] = found[..] else { return Err(Failure::Undefined) };
    let width = usize::try_from(size(call, width)?).unwrap_or(0);
    check_length(call, width)?;
    let fill = match fill {
        None => " ".to_string(),
        Some(fill) => match call.text(fill) {
            Some(fill) if fill.chars().count() == 1 => fill,
            Some(_) => {
                return Err(call.type_error("The fill character must be exactly one character long"));
            }
            None => {
                let class = call.type_name(fill);
                let message = format!("The fill character must be a unicode character, not {class}");
                return Err(call.type_error(&message));
            }
        },
    };
    let missing = width.saturating_sub(text.chars().count());
    let before = left(missing, width);
    Ok(call.str(&format!("{}{text}{}", fill.repeat(before), fill.repeat(missing - before))))
}

fn ljust(call: &mut Call) -> Answer {
    padded(call, |_, _| 0)
}

fn rjust(call: &mut Call) -> Answer {
    padded(call, |missing, _| missing)
}

fn center(call: &mut Call) -> Answer {
    padded(call, |missing, width| missing / 2 + (missing & width & 1))
}
