//! Litmus programs: small Python programs of the book with their outcomes.

use super::rule::{BlockError, Place};

/// A program of the book, named by its heading.
#[derive(Debug, Clone)]
pub struct Litmus {
    /// The heading that it stands under.
    pub name: String,
    /// The id of that section.
    pub section: String,
    /// The Python text.
    pub program: String,
    /// The possible outcomes; more than one where something is unknown.
    pub outcomes: Vec<Outcome>,
    /// Where it stands.
    pub place: Place,
}

/// How one path of a program ends, and what it printed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Outcome {
    /// The printed lines.
    pub output: Vec<String>,
    /// `normal`, or the last line of the traceback behind `raises `.
    pub ending: String,
}

/// Reads an `outcome` block: printed lines behind `> `, then `normal` or
/// `raises LAST LINE OF THE TRACEBACK`; alternatives are set off by a line `or`.
///
/// # Errors
/// What is malformed, and where.
pub fn parse_outcomes(text: &str) -> Result<Vec<Outcome>, BlockError> {
    let mut outcomes = Vec::new();
    let mut output = Vec::new();
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let words = line.trim_end();
        match words.strip_prefix('>') {
            Some(printed) => output.push(printed.strip_prefix(' ').unwrap_or(printed).to_string()),
            None if words == "normal" || words.starts_with("raises ") => {
                outcomes.push(Outcome { output: std::mem::take(&mut output), ending: words.to_string() })
            }
            None if words == "or" || words.is_empty() => {}
            None => {
                return Err((
                    offset,
                    format!("`{words}`: expected `> printed`, `normal`, `raises …` or `or`"),
                ));
            }
        }
        offset += line.len();
    }
    if outcomes.is_empty() {
        return Err((0, "an outcome ends in `normal` or `raises …`".into()));
    }
    outcomes.sort();
    Ok(outcomes)
}
