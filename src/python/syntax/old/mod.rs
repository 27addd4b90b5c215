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
mod recorded;
mod small;
mod statements;
mod targets;
mod tests;
mod tree;
mod words;

use std::cell::Cell;

use ruff_python_ast::Suite;
use ruff_text_size::Ranged;

use crate::book::syntax::Grammar;
use crate::book::version::Version;
use crate::diagnostic::Diagnostic;
use crate::python::syntax::parse::Source;
use tree::Tree;

/// What makes a tree of ruff's from one by the book's grammar.
struct Reader<'s, 'a> {
    source: &'s Source<'a>,
    /// Whether what is read stands in the body of a class, and in no function in it.
    in_class: Cell<bool>,
}

type Read<T> = Result<T, Diagnostic>;

/// Parses a source by the grammar of its version.
///
/// # Errors
/// The first syntax error.
pub(super) fn parse(source: &Source, grammar: &Grammar) -> Read<Suite> {
    let file = tree::parse(source.text, grammar).map_err(|fault| source.syntax(&fault.place, fault.text))?;
    Reader { source, in_class: Cell::new(false) }.suite_of(&file.parts).map(Suite::from)
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
