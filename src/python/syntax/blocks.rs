//! How many blocks the compiler lets stand in one another.

use ruff_python_ast::{ExceptHandler, Stmt, StmtTry};
use ruff_text_size::Ranged;

use crate::diagnostic::Diagnostic;
use crate::python::syntax::full::Symbols;
use crate::python::syntax::parse::Source;

/// Checks a body.
///
/// # Errors
/// The first block that stands in too many others.
pub(super) fn check(source: &Source, body: &[Stmt]) -> Result<(), Diagnostic> {
    Blocks { source }.suite(body, 0)
}

struct Blocks<'a> {
    source: &'a Source<'a>,
}

impl Blocks<'_> {
    /// `CO_MAXBLOCKS`: a generator has had a block of its own since 3.12, and everyone one more.
    fn most(&self) -> usize {
        if self.source.version >= (3, 12) { 21 } else { 20 }
    }

    fn suite(&self, body: &[Stmt], depth: usize) -> Result<(), Diagnostic> {
        body.iter().try_for_each(|stmt| self.stmt(stmt, depth))
    }

    /// A suite in so many blocks more, which begin with a statement.
    fn within(&self, place: &Stmt, body: &[Stmt], depth: usize) -> Result<(), Diagnostic> {
        if depth > self.most() {
            return Err(self.source.syntax(&place.range(), "too many statically nested blocks"));
        }
        self.suite(body, depth)
    }

    fn stmt(&self, stmt: &Stmt, depth: usize) -> Result<(), Diagnostic> {
        match stmt {
            Stmt::FunctionDef(def) => {
                let symbols = Symbols::of_function(Some(&def.parameters), &def.body);
                let own = symbols.generating && self.source.version >= (3, 12);
                self.suite(&def.body, usize::from(own))
            }
            Stmt::ClassDef(def) => self.suite(&def.body, 0),
            Stmt::For(inner) => {
                self.within(stmt, &inner.body, depth + 1)?;
                self.suite(&inner.orelse, depth)
            }
            Stmt::While(inner) => {
                self.within(stmt, &inner.body, depth + 1)?;
                self.suite(&inner.orelse, depth)
            }
            Stmt::With(inner) => self.within(stmt, &inner.body, depth + inner.items.len()),
            Stmt::If(inner) => {
                self.suite(&inner.body, depth)?;
                inner.elif_else_clauses.iter().try_for_each(|clause| self.suite(&clause.body, depth))
            }
            Stmt::Match(inner) => inner.cases.iter().try_for_each(|case| self.suite(&case.body, depth)),
            Stmt::Try(inner) => self.clauses(stmt, inner, depth),
            _ => Ok(()),
        }
    }

    fn clauses(&self, stmt: &Stmt, inner: &StmtTry, depth: usize) -> Result<(), Diagnostic> {
        let around = depth + usize::from(!inner.finalbody.is_empty());
        let caught = usize::from(!inner.handlers.is_empty());
        self.within(stmt, &inner.body, around + caught)?;
        for ExceptHandler::ExceptHandler(handler) in &inner.handlers {
            // The target of a clause is unbound at its end, which is a `finally` of its own.
            let named = usize::from(handler.name.is_some() || inner.is_star);
            self.within(stmt, &handler.body, around + 1 + named)?;
        }
        self.suite(&inner.orelse, around)?;
        if inner.finalbody.is_empty() { Ok(()) } else { self.within(stmt, &inner.finalbody, depth + 1) }
    }
}
