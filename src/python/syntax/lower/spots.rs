//! Which line a traceback names for an operation, and which lines it shows.
//!
//! CPython notes for each instruction where it begins and ends. Since 3.13 a traceback shows an operation of several
//! lines with its first and its last one, and the ones around the operator or the brackets.

use std::collections::BTreeSet;

use ruff_python_ast::{Expr, Stmt, StmtClassDef};
use ruff_text_size::{Ranged, TextSize};

use crate::python::syntax::parse::Source;

/// Where control is, as a traceback tells it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Spot {
    /// The line, 0 where it is not known.
    pub(super) line: usize,
    /// The lines that are shown, counted from this one, where there are several: `0,1,~3,5`; behind `~` stands how many
    /// are left out.
    pub(super) shown: String,
}

impl Spot {
    /// No place that is known.
    pub(super) const NOWHERE: Spot = Spot { line: 0, shown: String::new() };
}

impl Source<'_> {
    /// A spot of one line.
    pub(super) fn spot_at(&self, offset: TextSize) -> Spot {
        Spot { line: self.line(offset), shown: String::new() }
    }

    /// Where an expression's own operation is: of an attribute that of its name, of a method's call from its name on.
    pub(super) fn spot_of(&self, expr: &Expr) -> Spot {
        let start = start_of(expr);
        match expr {
            Expr::Attribute(_) => self.spot_at(start),
            _ => self.spot(start, expr.end(), self.marked(expr)),
        }
    }

    /// Where an expression is that is the iterable of a loop, the manager of a block or the test of an assertion.
    pub(super) fn spot_of_header(&self, expr: &Expr) -> Spot {
        self.spot(expr.start(), expr.end(), self.marked(expr))
    }

    /// Where a statement's own operation is: of most on its first line.
    pub(super) fn spot_of_statement(&self, stmt: &Stmt) -> Spot {
        match stmt {
            Stmt::Raise(_) | Stmt::Import(_) | Stmt::ImportFrom(_) | Stmt::AugAssign(_) => {
                self.spot(stmt.start(), stmt.end(), None)
            }
            Stmt::ClassDef(def) => self.spot_of_class(def),
            _ => self.spot_at(stmt.start()),
        }
    }

    /// Where a class is made: from the line of its name on.
    pub(super) fn spot_of_class(&self, def: &StmtClassDef) -> Spot {
        self.spot(def.name.start(), def.end(), None)
    }

    /// Where something is whose operation spans all of it.
    pub(super) fn spot_of_all(&self, place: &impl Ranged) -> Spot {
        self.spot(place.start(), place.end(), None)
    }

    /// A spot from `start` to `end`; the lines of `marks` and the ones beside them are shown, too.
    fn spot(&self, start: TextSize, end: TextSize, marks: Option<[usize; 2]>) -> Spot {
        let (first, last) = (self.line(start), self.line(end));
        if first == last || !self.timeline.has("traceback.several-lines") {
            return self.spot_at(start);
        }
        let mut lines = BTreeSet::from([first, last]);
        for mark in marks.into_iter().flatten() {
            lines.extend((mark.saturating_sub(1)..=mark + 1).filter(|line| (first..=last).contains(line)));
        }
        let mut shown: Vec<String> = Vec::new();
        let mut before = first;
        for line in lines {
            match line - before {
                0 | 1 => {}
                2 => shown.push((line - 1 - first).to_string()),
                more => shown.push(format!("~{}", more - 1)),
            }
            shown.push((line - first).to_string());
            before = line;
        }
        Spot { line: first, shown: shown.join(",") }
    }

    /// The lines that carets mark from and to: of the operator, or of the brackets.
    fn marked(&self, expr: &Expr) -> Option<[usize; 2]> {
        let from = |at: TextSize, skipped: fn(char) -> bool| self.line(self.behind(at, skipped));
        match expr {
            Expr::BinOp(operation) => {
                let line = from(operation.left.end(), |c| c.is_whitespace() || c == ')' || c == '\\');
                Some([line, line])
            }
            Expr::Subscript(subscript) => {
                Some([from(subscript.value.end(), |c| c != '['), self.line(expr.end())])
            }
            Expr::Call(call) => Some([from(call.func.end(), |c| c != '('), self.line(expr.end())]),
            _ => None,
        }
    }

    /// The next place from `at` on where no such character stands.
    fn behind(&self, at: TextSize, skipped: fn(char) -> bool) -> TextSize {
        let rest = self.text.get(at.to_usize()..).unwrap_or_default();
        let length = rest.find(|c| !skipped(c)).unwrap_or_default();
        at + TextSize::try_from(length).unwrap_or_default()
    }
}

/// Where an expression's own operation begins.
fn start_of(expr: &Expr) -> TextSize {
    match expr {
        Expr::Attribute(attribute) => attribute.attr.start(),
        Expr::Call(call) => {
            let starred = call.arguments.args.iter().any(Expr::is_starred_expr)
                || call.arguments.keywords.iter().any(|keyword| keyword.arg.is_none());
            match &*call.func {
                Expr::Attribute(method) if !starred => method.attr.start(),
                _ => call.start(),
            }
        }
        _ => expr.start(),
    }
}
