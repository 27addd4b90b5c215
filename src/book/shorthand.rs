//! What a property may write shorter: names in quotes, and events of functions.
//!
//! `(returns f)` is any way out of `f` but an exception, falling off its end included; `(raises f)` any exception, `(raises f E)`
//! one of the class `E`; `(calls f)` the call. A name in quotes may have any characters, as in `(calls "make.<locals>.f")`.

use std::borrow::Cow;

use crate::book::rule::split_terms;
use crate::term::escape;

/// The line with each name in quotes as the atom that spells it. What stands behind `violated` is prose, and stays.
///
/// # Errors
/// A quote that is never closed.
pub fn unquoted(line: &str) -> Result<Cow<'_, str>, String> {
    let end = line.find("-> violated ").unwrap_or(line.len());
    let (terms, prose) = line.split_at(end);
    if !terms.contains('"') {
        return Ok(Cow::Borrowed(line));
    }
    let parts: Vec<&str> = terms.split('"').collect();
    if parts.len().is_multiple_of(2) {
        return Err(format!("`{}`: a quote is not closed", terms.trim()));
    }
    let spelt = parts.iter().enumerate().map(|(place, part)| match place % 2 {
        0 => Cow::Borrowed(*part),
        _ => Cow::Owned(escape(part)),
    });
    Ok(Cow::Owned(spelt.chain([Cow::Borrowed(prose)]).collect()))
}

/// The event that a shorthand stands for; any other event is itself.
///
/// # Errors
/// A shorthand with too few or too many names.
pub fn event(text: &str) -> Result<Cow<'_, str>, String> {
    let Some(inner) = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) else {
        return Ok(Cow::Borrowed(text));
    };
    let words = split_terms(inner)?;
    Ok(Cow::Owned(match words.as_slice() {
        ["calls", name] => format!("(enter (body {name}) ?h900)"),
        ["returns", name] => format!("(leave (body {name}) ?q900 ?h900)"),
        ["raises", name] => format!("(leave (body {name}) (raising ?x900) ?h900)"),
        ["raises", name, class] => {
            let exception = format!("(exception (class {class} ?rf900 ?bs900) ?vs900 ?num900)");
            format!("(leave (body {name}) (raising {exception}) ?h900)")
        }
        ["calls" | "returns" | "raises", ..] => {
            return Err(format!(
                "`{text}`: expected `(calls FUNCTION)`, `(returns FUNCTION)`, `(raises FUNCTION)` or `(raises FUNCTION CLASS)`"
            ));
        }
        _ => return Ok(Cow::Borrowed(text)),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_quotes_is_an_atom_and_a_reason_is_prose() {
        let line = r#"start -- (calls "make.<locals>.f") -> violated "said "so"""#;
        let spelt = unquoted(line).expect("quotes are closed");
        assert_eq!(spelt, r#"start -- (calls make.%3clocals%3e.f) -> violated "said "so"""#);
        assert!(unquoted("start -- (calls \"f) -> over").is_err());
    }

    #[test]
    fn a_return_is_any_way_out_but_an_exception() {
        assert_eq!(event("(returns f)").expect("it is one"), "(leave (body f) ?q900 ?h900)");
        assert_eq!(event("(output ?i)").expect("it is one"), "(output ?i)");
        assert!(event("(returns f g)").is_err());
    }
}
