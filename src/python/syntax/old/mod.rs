//! Source of Python 1.5.2 to 2.7: `words.rs` and `tree.rs` read it by the book's grammar of the version, and what is left makes of
//! the tree the one that ruff's parser would give. What Python 3 has no place for is written so:
//!
//! - `print` and backquotes are calls of names that no program can spell;
//! - the three parts of `raise E, V, T` are a tuple without parentheses, which Python 3 has nowhere behind `raise`;
//! - the target of `except E, T` is that of a named expression, `except (T := E)`, whatever it is;
//! - a parameter that is a tuple has a name of its own, and the body begins by taking it apart.

mod comprehensions;
mod expressions;
mod functions;
mod literals;
mod names;
mod operators;
mod recorded;
mod small;
mod statements;
mod targets;
mod tests;
mod tree;
mod words;

use std::cell::Cell;

use ruff_python_ast::{Stmt, StmtImportFrom, Suite};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::book::syntax::Grammar;
use crate::book::version::Version;
use crate::diagnostic::Diagnostic;
use crate::python::syntax::limits;
use crate::python::syntax::parse::Source;
use tree::Tree;

/// What makes a tree of ruff's from one by the book's grammar.
struct Reader<'s, 'a> {
    source: &'s Source<'a>,
    /// Whether what is read stands in the body of a class, and in no function in it.
    in_class: Cell<bool>,
    /// The future imports whose meaning is not modelled: what they change is refused where it stands.
    futures: Vec<&'static str>,
}

type Read<T> = Result<T, Diagnostic>;

/// Parses a source by the grammar of its version.
///
/// # Errors
/// The first syntax error.
pub(super) fn parse(source: &Source, grammar: &Grammar) -> Read<Suite> {
    encoded(source)?;
    let file = tree::parse(source.text, grammar).map_err(|fault| source.syntax(&fault.place, fault.text))?;
    let mut reader = Reader { source, in_class: Cell::new(false), futures: Vec::new() };
    let suite = reader.suite_of(&file.parts)?;
    let imports = suite.iter().filter_map(Stmt::as_import_from_stmt);
    reader.futures = imports
        .flat_map(not_modelled)
        .filter(|name| source.timeline.has(&format!("future.{name}")))
        .collect();
    Ok(Suite::from(if reader.futures.is_empty() { suite } else { reader.suite_of(&file.parts)? }))
}

/// The future imports whose meaning is not modelled: what came with Python 3, of operators and of values.
fn not_modelled(import: &StmtImportFrom) -> impl Iterator<Item = &'static str> {
    let is_future = import.module.as_deref() == Some("__future__");
    let asks = move |name: &&str| is_future && import.names.iter().any(|alias| alias.name.as_str() == *name);
    ["division", "unicode_literals"].into_iter().filter(asks)
}

/// A file with other characters than those of ASCII has to say how they are written (PEP 263).
fn encoded(source: &Source) -> Read<()> {
    let Some(place) = source.text.find(|char: char| !char.is_ascii()) else { return Ok(()) };
    if !source.timeline.has("syntax.declared-encoding") || limits::encoding(source.text.as_bytes()).is_some()
    {
        return Ok(());
    }
    let start = TextSize::try_from(place).unwrap_or_default();
    let (first, line) = (source.text.as_bytes()[place], source.text[..place].matches('\n').count() + 1);
    let text = format!(
        "Non-ASCII character '\\x{first:02x}' in file {} on line {line}, but no encoding declared",
        source.origin
    );
    Err(source.syntax(&TextRange::empty(start), text))
}

/// The versions whose grammar reads a source, oldest first, of those whose source is not read by ruff's parser.
pub(super) fn readers(source: &Source) -> Vec<Version> {
    let syntax = &source.timeline.syntax;
    let reads = |version: &Version| {
        let grammar = syntax.at(*version).ok().flatten();
        grammar.is_some_and(|grammar| tree::parse(source.text, &grammar).is_ok())
    };
    syntax.versions().filter(reads).collect()
}

impl<'a> Reader<'_, 'a> {
    /// The source text of a part.
    fn text(&self, part: &impl Ranged) -> &'a str {
        self.source.slice(part)
    }

    /// Reads what stands in the body of a class, or of a function.
    fn inside<T>(&self, class: bool, read: impl FnOnce(&Self) -> T) -> T {
        let around = self.in_class.replace(class);
        let found = read(self);
        self.in_class.set(around);
        found
    }

    /// Whether a part is this word.
    fn is(&self, part: &Tree, word: &str) -> bool {
        matches!(part, Tree::Leaf(_)) && self.text(part) == word
    }

    /// The parts that are no words of their own, such as brackets and commas.
    fn branches<'t, 'g>(&self, parts: &'t [Tree<'g>]) -> Vec<&'t Tree<'g>> {
        const SIGNS: [&str; 10] = [",", "(", ")", "[", "]", "{", "}", ":", ";", "`"];
        parts.iter().filter(|part| !SIGNS.iter().any(|sign| self.is(part, sign))).collect()
    }

    fn error<T>(&self, place: &impl Ranged, text: &str) -> Read<T> {
        Err(self.source.syntax(&place.range(), text))
    }
}
