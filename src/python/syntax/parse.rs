//! Parsing with ruff's parser, and errors placed in the source.

use std::ops::Range;

use ruff_python_ast::{ModModule, PythonVersion};
use ruff_python_parser::{Mode, ParseOptions, Parsed, parse_unchecked};
use ruff_source_file::LineIndex;
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::diagnostic::{Diagnostic, NOT_MODELLED};

/// A source file, with what is needed to report about it.
pub(super) struct Source<'a> {
    pub(super) origin: &'a str,
    pub(super) text: &'a str,
    pub(super) version: (u8, u8),
    lines: LineIndex,
}

impl<'a> Source<'a> {
    pub(super) fn new(origin: &'a str, text: &'a str, version: (u8, u8)) -> Self {
        let lines = LineIndex::from_source_text(text);
        Source { origin, text, version, lines }
    }

    /// The line of an offset, from 1.
    pub(super) fn line(&self, offset: TextSize) -> usize {
        self.lines.line_index(offset).get()
    }

    /// Python that is valid but that the term language cannot express.
    pub(super) fn refuse(&self, place: &impl Ranged, construct: &str) -> Diagnostic {
        self.error(place, format!("{NOT_MODELLED}{construct}"))
            .label("this part of Python is not modelled yet")
            .help(
                "move it into a function that this file does not define: \
                 a call of such a function is explored as unknown",
            )
    }

    /// What CPython reports as a `SyntaxError` with this message.
    pub(super) fn syntax(&self, place: &impl Ranged, message: impl std::fmt::Display) -> Diagnostic {
        let (major, minor) = self.version;
        self.error(place, format!("invalid syntax: {message}"))
            .help(format!("Python {major}.{minor} rejects the file, too"))
    }

    pub(super) fn error(&self, place: &impl Ranged, title: impl Into<String>) -> Diagnostic {
        Diagnostic::new(title, self.origin).at(self.text, bytes(place.range()))
    }

    /// The text of a place.
    pub(super) fn slice(&self, place: &impl Ranged) -> &'a str {
        self.text.get(bytes(place.range())).unwrap_or_default()
    }

    /// Parses the file.
    ///
    /// # Errors
    /// The first syntax error, also one that only this version of Python has.
    pub(super) fn parse(&self) -> Result<Parsed<ModModule>, Diagnostic> {
        let version = PythonVersion::from(self.version);
        let options = ParseOptions::from(Mode::Module).with_target_version(version);
        let parsed = parse_unchecked(self.text, options);
        let errors = parsed.errors().iter();
        if let Some(first) = errors.min_by_key(|error| error.location.start()) {
            return Err(self.syntax(&first.location, &first.error));
        }
        let errors = parsed.unsupported_syntax_errors().iter();
        if let Some(first) = errors.min_by_key(|error| error.range.start()) {
            return Err(self.syntax(&first.range, first));
        }
        parsed.try_into_module().ok_or_else(|| self.error(&TextRange::default(), "the file is not a module"))
    }
}

fn bytes(range: TextRange) -> Range<usize> {
    range.start().to_usize()..range.end().to_usize()
}
