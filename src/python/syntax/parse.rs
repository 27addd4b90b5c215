//! Parsing with ruff's parser, and errors placed in the source.

use std::ops::Range;

use ruff_python_ast::{ExprNumberLiteral, ExprStringLiteral, Mod, Number, PythonVersion, Suite};
use ruff_python_parser::{
    Mode, ParseOptions, UnsupportedSyntaxError, UnsupportedSyntaxErrorKind, parse_unchecked,
};
use ruff_source_file::LineIndex;
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::book::version::{Timeline, Version, in_words};
use crate::diagnostic::Diagnostic;
use crate::python::syntax::blocks;
use crate::python::syntax::dialect;
use crate::python::syntax::old;
use crate::python::syntax::semantic;

/// A source file, with what is needed to report about it.
pub(super) struct Source<'a> {
    pub(super) origin: &'a str,
    pub(super) text: &'a str,
    pub(super) version: Version,
    /// What that version has.
    pub(super) timeline: Timeline,
    lines: LineIndex,
}

impl<'a> Source<'a> {
    pub(super) fn new(origin: &'a str, text: &'a str, timeline: &Timeline) -> Self {
        let lines = LineIndex::from_source_text(text);
        Source { origin, text, version: timeline.version, timeline: timeline.clone(), lines }
    }

    /// The line of an offset, from 1.
    pub(super) fn line(&self, offset: TextSize) -> usize {
        self.lines.line_index(offset).get()
    }

    /// Python that is valid but that the term language cannot express.
    pub(super) fn refuse(&self, place: &impl Ranged, construct: &str) -> Diagnostic {
        Diagnostic::not_modelled(construct, self.origin)
            .at(self.text, bytes(place.range()))
            .label("this part of Python is not modelled yet")
            .help(
                "move it into a function that this file does not define: \
                 a call of such a function is explored as unknown",
            )
    }

    /// What CPython reports as a `SyntaxError` with this message.
    pub(super) fn syntax(&self, place: &impl Ranged, message: impl std::fmt::Display) -> Diagnostic {
        self.error(place, format!("invalid syntax: {message}"))
            .help(format!("Python {} rejects the file, too", self.version))
    }

    pub(super) fn error(&self, place: &impl Ranged, title: impl Into<String>) -> Diagnostic {
        Diagnostic::new(title, self.origin).at(self.text, bytes(place.range()))
    }

    /// The text of a place.
    pub(super) fn slice(&self, place: &impl Ranged) -> &'a str {
        self.text.get(bytes(place.range())).unwrap_or_default()
    }

    /// Whether a number is written as a long integer of a version before Python 3.0, or does not fit into a word there.
    pub(super) fn is_long(&self, number: &ExprNumberLiteral) -> bool {
        let Number::Int(int) = &number.value else { return false };
        self.timeline.has("int.long") && (int.as_i64().is_none() || self.slice(number).ends_with(['l', 'L']))
    }

    /// Whether a string, or one of those that stand beside one another in it, is a Unicode string of a version before Python 3.0.
    pub(super) fn is_unicode(&self, literal: &ExprStringLiteral) -> bool {
        let wide = literal.value.iter().any(|part| part.flags.prefix().is_unicode());
        wide && self.timeline.has("text.unicode")
    }

    /// Whether a literal has an escape of half of a surrogate pair, which is no character.
    pub(super) fn escapes_surrogate(&self, literal: &impl Ranged, raw: bool) -> bool {
        let mut rest = if raw { "" } else { self.slice(literal) };
        while let Some(place) = rest.find('\\') {
            rest = &rest[place + 1..];
            let digits = match rest.as_bytes().first() {
                Some(b'u') => rest.get(1..5),
                Some(b'U') => rest.get(1..9),
                _ => None,
            };
            let code = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
            if code.is_some_and(|code| (0xd800..0xe000).contains(&code)) {
                return true;
            }
            rest = rest.strip_prefix('\\').unwrap_or(rest);
        }
        false
    }

    /// Parses the file, with the parser for its version.
    ///
    /// # Errors
    /// The first syntax error, also one that only this version of Python has.
    pub(super) fn parse(&self) -> Result<Suite, Diagnostic> {
        let grammar = self.timeline.syntax.at(self.version);
        match grammar.map_err(|why| self.error(&TextRange::default(), why))? {
            Some(grammar) => old::parse(self, &grammar),
            None => self.parse_present(),
        }
    }

    /// Parses a file of Python 3.
    fn parse_present(&self) -> Result<Suite, Diagnostic> {
        let version = PythonVersion::from(self.version.pair());
        let options = ParseOptions::from(Mode::Module).with_target_version(version);
        let parsed = parse_unchecked(self.text, options);
        // What stands in parentheses behind `with` is read by `dialect.rs`.
        let is_ours = |error: &&UnsupportedSyntaxError| {
            error.kind != UnsupportedSyntaxErrorKind::ParenthesizedContextManager
        };
        let errors = parsed.errors().iter().map(|error| (error.location, error.error.to_string()));
        let newer = parsed.unsupported_syntax_errors().iter().filter(is_ours);
        let newer = newer.map(|error| (error.range, error.to_string()));
        let lone = match parsed.syntax() {
            Mod::Module(module) if !parsed.errors().is_empty() => blocks::lone_else(self, &module.body),
            _ => None,
        };
        let lone = lone.map(|range| (range, blocks::LONE_ELSE.to_string()));
        let first = errors.chain(newer).chain(lone).min_by_key(|(range, _)| range.start());
        if let Some((range, message)) = first {
            return Err(self.syntax(&range, message));
        }
        let module = parsed.try_into_module();
        let module = module.ok_or_else(|| self.error(&TextRange::default(), "the file is not a module"))?;
        Ok(module.into_suite())
    }

    /// Whether the book's grammar reads the file.
    fn is_old(&self) -> bool {
        matches!(self.timeline.syntax.at(self.version), Ok(Some(_)))
    }

    /// An error of a file that other versions read, with those: before Python 3 or since then.
    fn elsewhere(&self, fault: Diagnostic) -> Diagnostic {
        let syntax = &self.timeline.syntax;
        let all: Vec<Version> = syntax.versions().collect();
        let mut versions = old::readers(self);
        if self.is_old() {
            let present = all.iter().filter(|version| matches!(syntax.at(**version), Ok(None)));
            versions.extend(present.filter(|version| self.reads(**version)));
        }
        match versions.last() {
            None => fault,
            Some(last) => fault.help(format!(
                "this is source of Python {}; read it with --python {last}",
                in_words(&versions, &all)
            )),
        }
    }

    /// Whether ruff's parser reads the file for a version.
    fn reads(&self, version: Version) -> bool {
        let options =
            ParseOptions::from(Mode::Module).with_target_version(PythonVersion::from(version.pair()));
        let parsed = parse_unchecked(self.text, options);
        parsed.errors().is_empty() && parsed.unsupported_syntax_errors().is_empty()
    }

    /// Parses the file, and looks for what the compiler rejects.
    ///
    /// # Errors
    /// The first syntax error.
    pub(super) fn checked(&self) -> Result<Suite, Diagnostic> {
        let suite = self.parse().map_err(|fault| self.elsewhere(fault))?;
        let own = dialect::check(self, &suite).err();
        // All that an old parser rejects was found before; its compiler goes from the top.
        if own.is_none() || self.is_old() {
            let others = semantic::check(self, &suite).err();
            let errors = own.into_iter().chain(others);
            return errors.min_by_key(|error| error.span().map(|span| span.start)).map_or(Ok(suite), Err);
        }
        own.map_or(Ok(suite), Err)
    }
}

fn bytes(range: TextRange) -> Range<usize> {
    range.start().to_usize()..range.end().to_usize()
}
