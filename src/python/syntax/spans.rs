//! What stands at the lines of a file: the places of its statements, for those who show them.

use std::collections::BTreeMap;

use ruff_python_ast::visitor::{Visitor, walk_stmt};
use ruff_python_ast::{Stmt, StmtIf};
use ruff_source_file::{LineIndex, PositionEncoding};
use ruff_text_size::{Ranged, TextRange, TextSize};

/// A place of a text: its first line and column and those behind its last character, from 1, columns in characters.
pub type Span = [(usize, usize); 2];

/// For each line on which statements begin, the place from the first to the last of them. Of a compound statement only
/// its heading counts, up to its suite.
pub(super) fn statement_spans(text: &str, suite: &[Stmt]) -> BTreeMap<usize, Span> {
    let mut found = Found { ranges: BTreeMap::new(), index: LineIndex::from_source_text(text) };
    suite.iter().for_each(|stmt| found.visit_stmt(stmt));
    let place = |at: TextSize| {
        let place = found.index.source_location(at, text, PositionEncoding::Utf32);
        (place.line.get(), place.character_offset.get())
    };
    found.ranges.iter().map(|(line, range)| (*line, [place(range.start()), place(range.end())])).collect()
}

struct Found {
    ranges: BTreeMap<usize, TextRange>,
    index: LineIndex,
}

impl Visitor<'_> for Found {
    fn visit_stmt(&mut self, stmt: &Stmt) {
        let range = TextRange::new(stmt.start(), end_of_heading(stmt).max(stmt.start()));
        let line = self.index.line_index(stmt.start()).get();
        self.ranges.entry(line).and_modify(|known| *known = known.cover(range)).or_insert(range);
        walk_stmt(self, stmt);
    }
}

/// Where the expressions of a compound statement's heading end; the whole of a simple one.
fn end_of_heading(stmt: &Stmt) -> TextSize {
    let keyword = |word: &str| stmt.start() + TextSize::of(word);
    match stmt {
        Stmt::If(StmtIf { test, .. }) => test.end(),
        Stmt::While(stmt) => stmt.test.end(),
        Stmt::For(stmt) => stmt.iter.end(),
        Stmt::Match(stmt) => stmt.subject.end(),
        Stmt::Try(_) => keyword("try"),
        Stmt::With(stmt) => stmt.items.last().map_or(keyword("with"), Ranged::end),
        Stmt::FunctionDef(def) => def.returns.as_ref().map_or(def.parameters.end(), |returns| returns.end()),
        Stmt::ClassDef(def) => def.arguments.as_ref().map_or(def.name.end(), |bases| bases.end()),
        simple => simple.end(),
    }
}
