//! The tables of a book that are plain lines: versions, messages, endings, pairs of words.

use std::collections::BTreeMap;

use crate::book::chapters::Block;
use crate::book::edition::{Edition, Switch};
use crate::book::grammar::Grammar;
use crate::book::rule::{self, Pattern};
use crate::book::syntax::Syntax;
use crate::book::version::{Gate, Known, Timeline, Version};
use crate::book::{Reader, sorts};
use crate::diagnostic::Diagnostic;

impl Reader<'_> {
    /// Reads the blocks of a language together; a fault is placed in the first.
    pub(super) fn read_each<T>(
        &self,
        language: &'static str,
        read: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<T, Diagnostic> {
        read(&self.text_of(language)).map_err(|why| match self.of(language).next() {
            Some(block) => self.block_fault(block, (0, why)),
            None => Diagnostic::new(why, self.chapters[0].file.clone()),
        })
    }

    /// What the version has, and the grammar of all whose source is read by it.
    pub(super) fn timeline(&self, edition: &Edition, versions: &[Known]) -> Result<Timeline, Diagnostic> {
        let mut timeline = self.read_each("timeline", |text| Timeline::read(text, edition))?;
        timeline.syntax = self.read_each("syntax", |text| {
            let versions = versions.iter().map(|known| known.version).collect();
            let syntax = Syntax::read(text, &self.text_of("words"), versions)?;
            if !self.proven {
                syntax.versions().try_for_each(|version| syntax.at(version).map(drop))?;
            }
            Ok(syntax.into())
        })?;
        Ok(timeline)
    }

    /// The texts of messages: lines `key: text`, or `key since 3.11: text`.
    pub(super) fn messages(&self, edition: &Edition) -> Result<BTreeMap<String, String>, Diagnostic> {
        self.read_each("messages", |text| {
            let mut found = BTreeMap::new();
            for (key, message) in text.lines().filter_map(|line| line.split_once(": ")) {
                let mut words = key.split_whitespace();
                let key = words.next().unwrap_or_default();
                if Gate::parse(words)?.admits(edition.version_of(Switch::Message, key))
                    && found.insert(key.to_string(), message.trim().to_string()).is_some()
                {
                    return Err(format!("the message `{key}` has two texts in Python {}", edition.version));
                }
            }
            Ok(found)
        })
    }
}

impl Reader<'_> {
    /// What can be seen of a program: lines of events that one step tells, one behind the other.
    pub(super) fn seen(&self, grammar: &Grammar) -> Result<Vec<Vec<Pattern>>, Diagnostic> {
        let event = grammar.sort_named("Event").unwrap_or_default();
        let pattern = |word: &&str| {
            let pattern = rule::parse_pattern(word)?;
            sorts::check_matched(grammar, &pattern, event).map(|()| pattern)
        };
        let line = |line: &str| rule::split_terms(line)?.iter().map(pattern).collect();
        self.read_each("seen", |text| text.lines().map(line).collect())
    }
}

/// Leaves out the blocks that are not for a version, as one fenced ```` ```grammar until 3.7 ```` says: a gate for all that stands in it.
///
/// # Errors
/// A block with a gate that is none.
pub(super) fn admit(blocks: &mut Vec<Block>, edition: &Edition) -> Result<(), Box<(Block, String)>> {
    let mut fault = None;
    blocks.retain_mut(|block| {
        let mut words = block.language.split_whitespace();
        let language = words.next().unwrap_or_default().to_string();
        let is_gated = matches!(words.clone().next(), Some("since" | "until")) && language != OUTCOME;
        if !is_gated {
            return true;
        }
        match Gate::parse(words) {
            Ok(gate) => {
                (block.language, block.gate) = (language, gate);
                gate.admits(edition.version_of(Switch::Section, &block.section))
            }
            Err(why) => {
                fault.get_or_insert((block.clone(), why));
                false
            }
        }
    });
    fault.map_or(Ok(()), |fault| Err(Box::new(fault)))
}

/// Lines `key: text`.
pub(super) fn keyed(text: &str) -> BTreeMap<String, String> {
    let lines = text.lines().filter_map(|line| line.split_once(": "));
    lines.map(|(key, text)| (key.trim().to_string(), text.trim().to_string())).collect()
}

/// The blocks that say themselves for which versions they are recorded.
const OUTCOME: &str = "outcome";

/// The release that stands for a version. A book that lists no versions is for any.
///
/// # Errors
/// A version that the book does not know, or does not read.
pub(super) fn release(known: &[Known], version: Version) -> Result<[u8; 3], Diagnostic> {
    let why = match known.iter().find(|known| known.version == version) {
        Some(Known { release, refused: None, .. }) => return Ok(*release),
        Some(Known { refused: Some(why), .. }) => format!("Python {version}: {why}"),
        None if known.is_empty() => {
            let (major, minor) = version.pair();
            return Ok([major, minor, 0]);
        }
        None => format!("there is no Python {version} in the book"),
    };
    let read = known.iter().filter(|known| known.refused.is_none());
    let read: Vec<String> = read.map(|known| known.version.to_string()).collect();
    Err(Diagnostic::new(why, "--python").help(format!("the versions are {}", read.join(", "))))
}

/// With what a process ends whose program an exception has left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// With what the exception asks for, and without a traceback.
    Asked,
    /// With this code, behind a traceback.
    Code(u8),
}

/// Lines `class: code`, or `class: asked`.
pub(super) fn endings(text: &str) -> Result<Vec<(String, Exit)>, Diagnostic> {
    let lines = text.lines().filter_map(|line| line.split_once(": "));
    lines
        .map(|(class, exit)| {
            let exit = match exit.trim() {
                "asked" => Some(Exit::Asked),
                code => code.parse().ok().map(Exit::Code),
            };
            let fault = || {
                Diagnostic::new(format!("no process ends as `{class}` is said to"), "the book")
                    .help("an `endings` block has lines `class: asked` or `class: CODE`, where the code is up to 255")
            };
            Ok((class.trim().to_string(), exit.ok_or_else(fault)?))
        })
        .collect()
}

/// Lines `first:second`.
pub(super) fn pairs(text: &str) -> Vec<(String, String)> {
    let words = text.lines().filter_map(|line| line.trim().split_once(':'));
    words.map(|(first, second)| (first.to_string(), second.to_string())).collect()
}

/// Lines `rule | change | reason`.
pub(super) fn equivalents(text: &str) -> Vec<(String, String, String)> {
    text.lines()
        .filter_map(|line| {
            let mut parts = line.splitn(3, " | ").map(|part| part.trim().to_string());
            Some((parts.next()?, parts.next()?, parts.next()?))
        })
        .collect()
}
