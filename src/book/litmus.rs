//! Litmus programs: small Python programs of the book with their outcomes.

use std::collections::BTreeSet;

use crate::book::chapters::Block;
use crate::book::rule::{BlockError, Place};
use crate::book::version::{Gate, Version};

/// A program of the book, named by its heading.
#[derive(Debug, Clone)]
pub struct Litmus {
    /// The heading that it stands under.
    pub name: String,
    /// The id of that section.
    pub section: String,
    /// The Python text.
    pub program: String,
    /// What is doubted where it runs.
    pub doubts: BTreeSet<String>,
    /// The possible outcomes under the book's version; more than one where something is unknown.
    pub outcomes: Vec<Outcome>,
    /// What other versions are recorded to do, where they differ from the default one.
    pub elsewhere: Vec<(Span, Vec<Outcome>)>,
    /// Where it stands.
    pub place: Place,
}

/// How one path of a program ends, and what it printed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Outcome {
    /// The printed lines.
    pub output: Vec<String>,
    /// `normal`, the exception's line of the traceback behind `raises `, or the exit code behind `exits `.
    pub ending: String,
}

/// The versions that an outcome is recorded for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// This one.
    One(Version),
    /// Those that pass the gate.
    Gated(Gate),
}

impl Span {
    /// Whether the outcome is recorded for a version.
    pub fn admits(&self, version: Version) -> bool {
        match self {
            Span::One(one) => *one == version,
            Span::Gated(gate) => gate.admits(version),
        }
    }
}

impl Litmus {
    fn of(source: &Block, outcomes: Vec<Outcome>) -> Litmus {
        Litmus {
            name: source.heading.clone(),
            section: source.section.clone(),
            program: source.text.clone(),
            doubts: doubts_of(&source.language).unwrap_or_default(),
            outcomes,
            elsewhere: Vec::new(),
            place: Place { chapter: source.chapter, offset: source.start },
        }
    }

    /// The outcomes under a version: those recorded for it, where it differs.
    pub fn outcomes_under(&self, version: Version) -> &[Outcome] {
        let own = self.elsewhere.iter().find(|(recorded, _)| recorded.admits(version));
        own.map_or(&self.outcomes, |(_, outcomes)| outcomes)
    }
}

/// The litmus programs among the blocks of a book, with the outcomes under a version.
///
/// # Errors
/// The first block that is malformed, and what is wrong with it.
pub(super) fn read(blocks: &[Block], version: Version) -> Result<Vec<Litmus>, (&Block, BlockError)> {
    let mut found: Vec<Litmus> = Vec::new();
    let mut program: Option<&Block> = None;
    for block in blocks {
        if doubts_of(&block.language).is_some() {
            program = Some(block);
        }
        let Some(recorded) = outcome_version(&block.language) else { continue };
        let fault = |error| (block, error);
        let recorded = recorded.map_err(fault)?;
        let outcomes = parse_outcomes(&block.text).map_err(fault)?;
        let alone = |what: &str| fault((0, format!("{what} stands behind its python block")));
        match (recorded, program.take(), found.last_mut()) {
            (None, Some(source), _) => found.push(Litmus::of(source, outcomes)),
            (Some(span), None, Some(last)) => last.elsewhere.push((span, outcomes)),
            (None, None, _) => return Err(alone("an outcome")),
            (Some(_), _, _) => return Err(alone("the outcome of another version, behind that of all,")),
        }
    }
    for litmus in &mut found {
        litmus.outcomes = litmus.outcomes_under(version).to_vec();
    }
    Ok(found)
}

/// What a program doubts, by the words behind its fence: `python`, or `python doubting interrupts`. Nothing for the
/// blocks of other languages.
pub fn doubts_of(language: &str) -> Option<BTreeSet<String>> {
    let words = language.strip_prefix("python")?;
    if words.is_empty() {
        return Some(BTreeSet::new());
    }
    Some(words.strip_prefix(" doubting ")?.split_whitespace().map(str::to_string).collect())
}

/// The versions of an outcome block, by the words behind its fence: `outcome`, `outcome 3.11`, or `outcome since 3.3 until 3.7`.
/// Nothing for the blocks of other languages.
///
/// # Errors
/// What is malformed.
pub fn outcome_version(language: &str) -> Option<Result<Option<Span>, BlockError>> {
    let words = language.strip_prefix("outcome")?;
    if words.is_empty() {
        return Some(Ok(None));
    }
    let words = words.strip_prefix(' ')?.trim();
    let span = match words.parse() {
        Ok(version) => Ok(Span::One(version)),
        Err(_) => Gate::parse(words.split_whitespace()).map(Span::Gated),
    };
    let fault = |why| {
        (0, format!("an outcome block is `outcome`, `outcome VERSION` or `outcome until VERSION`: {why}"))
    };
    Some(span.map(Some).map_err(fault))
}

/// Reads an `outcome` block: printed lines behind `> `, then `normal`, `raises ` and the exception's line of the
/// traceback, or `exits ` and a code; alternatives are set off by a line `or`.
///
/// # Errors
/// What is malformed, and where.
pub fn parse_outcomes(text: &str) -> Result<Vec<Outcome>, BlockError> {
    let mut outcomes = Vec::new();
    let mut output = Vec::new();
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let words = line.trim_end();
        // Behind the sign, blanks at the end of a line are part of what is printed.
        match line.trim_end_matches(['\r', '\n']).strip_prefix('>') {
            Some(printed) => output.push(printed.strip_prefix(' ').unwrap_or(printed).to_string()),
            None if is_ending(words) => {
                outcomes.push(Outcome { output: std::mem::take(&mut output), ending: words.to_string() })
            }
            None if words == "or" || words.is_empty() => {}
            None => {
                let expected = "`> printed`, `normal`, `raises …`, `exits N` or `or`";
                return Err((offset, format!("`{words}`: expected {expected}")));
            }
        }
        offset += line.len();
    }
    if outcomes.is_empty() || !output.is_empty() {
        return Err((0, "an outcome ends in `normal`, `raises …` or `exits N`".into()));
    }
    outcomes.sort();
    Ok(outcomes)
}

fn is_ending(words: &str) -> bool {
    let exits = |words: &str| words.strip_prefix("exits ").is_some_and(|code| code.parse::<u8>().is_ok());
    words == "normal" || words.starts_with("raises ") || exits(words)
}
