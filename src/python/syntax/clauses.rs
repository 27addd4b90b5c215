//! Where statements with clauses stand, by which paths call them: programs number them, people know their lines.

use std::collections::BTreeMap;

use ruff_python_ast::{ExceptHandler, Stmt, StmtTry, StmtWith};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::python::syntax::parse::Source;

/// The lines of a `try` or `with` statement and of its clauses.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Clauses {
    /// The module, where it is not the program's own file.
    pub module: Option<String>,
    /// The line that the statement begins in.
    pub statement: usize,
    /// Those of its `except` clauses, in their order.
    pub handlers: Vec<usize>,
    /// That of `else`.
    pub orelse: Option<usize>,
    /// That of `finally`.
    pub finally: Option<usize>,
}

/// The statements of a program by their labels; those of the library are not among them.
pub type Statements = BTreeMap<usize, Clauses>;

impl Clauses {
    /// Those of a `try` statement.
    pub(super) fn of_try(source: &Source, stmt: &StmtTry) -> Clauses {
        let line = |ExceptHandler::ExceptHandler(clause): &ExceptHandler| source.line(clause.start());
        let handlers = stmt.handlers.iter().map(line).collect();
        let end = stmt.body.last().map_or(stmt.start(), Ranged::end);
        let end = stmt.handlers.last().map_or(end, Ranged::end);
        let orelse = keyword(source, "else", end, &stmt.orelse);
        let end = stmt.orelse.last().map_or(end, Ranged::end);
        let finally = keyword(source, "finally", end, &stmt.finalbody);
        Clauses { module: None, statement: source.line(stmt.start()), handlers, orelse, finally }
    }

    /// That of a `with` statement.
    pub(super) fn of_with(source: &Source, stmt: &StmtWith) -> Clauses {
        Clauses { statement: source.line(stmt.start()), ..Clauses::default() }
    }
}

/// The line of the keyword between what ends before it and its suite: the tree does not have it. Nothing but comments stands
/// there else.
fn keyword(source: &Source, keyword: &str, after: TextSize, suite: &[Stmt]) -> Option<usize> {
    let first = suite.first()?.start();
    let between = source.slice(&TextRange::new(after.min(first), first));
    let mut offset = 0;
    for line in between.split_inclusive(['\n', '\r']) {
        let code = line.split('#').next().unwrap_or_default();
        if let Some(place) = code.find(keyword) {
            return Some(source.line(after + TextSize::try_from(offset + place).ok()?));
        }
        offset += line.len();
    }
    Some(source.line(first))
}

#[cfg(test)]
mod tests {
    use crate::python::syntax::{LoadOptions, load};

    /// The lines of the statement with a label, in a file.
    #[test]
    fn each_clause_is_known_by_the_line_of_its_keyword() {
        let text = "x = [1]\ntry:\n    a()  # finally\nexcept A:\n    b()\nexcept B as e: c()\nelse:\n    # else\n    d()\n\
                    # finally: so they say\nfinally  :\n\n    e()\n";
        for text in [text.to_string(), text.replace("x = [1]", "")] {
            let program = load("f.py", text.as_bytes(), &LoadOptions::default()).unwrap();
            // `finally` is the outer one of two statements.
            let lines = program.statements.get(&1).unwrap();
            assert_eq!((lines.statement, lines.handlers.as_slice()), (2, &[4, 6][..]));
            assert_eq!((lines.orelse, lines.finally), (Some(7), Some(11)));
        }
    }
}
