//! `try` statements.

use egg::Id;
use ruff_python_ast::{ExceptHandler, Identifier, StmtTry};

use crate::diagnostic::Diagnostic;
use crate::python::syntax::instrument::Handler;
use crate::python::syntax::lower::{Lowered, Lowerer};

impl Lowerer<'_> {
    /// A statement with both `except` and `finally` is two, nested (PEP 341).
    pub(super) fn try_statement(&mut self, stmt: &StmtTry) -> Lowered {
        if stmt.finalbody.is_empty() {
            return self.try_clauses(stmt);
        }
        let label = self.instrumenter.label();
        let suite = if stmt.handlers.is_empty() { self.suite(&stmt.body)? } else { self.try_clauses(stmt)? };
        let clause = self.suite(&stmt.finalbody)?;
        Ok(self.instrumenter.try_finally(label, suite, clause))
    }

    fn try_clauses(&mut self, stmt: &StmtTry) -> Lowered {
        if stmt.is_star { self.try_star(stmt) } else { self.try_except(stmt) }
    }

    fn try_except(&mut self, stmt: &StmtTry) -> Lowered {
        let label = self.instrumenter.label();
        let suite = self.suite(&stmt.body)?;
        let mut handlers = Vec::new();
        for ExceptHandler::ExceptHandler(handler) in &stmt.handlers {
            let condition = match &handler.type_ {
                Some(expr) => Some(self.expression(expr)?),
                None => None,
            };
            let name = self.handler_name(handler.name.as_ref())?;
            let body = self.suite(&handler.body)?;
            handlers.push(Handler { condition, name, body });
        }
        let orelse = self.suite(&stmt.orelse)?;
        Ok(self.instrumenter.try_except(label, suite, &handlers, orelse))
    }

    fn handler_name(&mut self, name: Option<&Identifier>) -> Result<Option<Id>, Diagnostic> {
        name.map(|name| self.bound_identifier(name)).transpose()
    }

    fn try_star(&mut self, stmt: &StmtTry) -> Lowered {
        let label = self.instrumenter.label();
        let suite = self.suite(&stmt.body)?;
        let mut clauses = Vec::new();
        for ExceptHandler::ExceptHandler(handler) in &stmt.handlers {
            // The parser sees to it that there is one.
            let Some(condition) = &handler.type_ else { continue };
            // A naked exception is made a group by the clause.
            self.come_from(self.source.spot_of_all(handler));
            let condition = self.expression(condition)?;
            let binder = match self.handler_name(handler.name.as_ref())? {
                Some(target) => self.instrumenter.node("as", [target]),
                None => self.instrumenter.atom("anonymous"),
            };
            let body = self.suite(&handler.body)?;
            clauses.push((condition, binder, body));
        }
        let orelse = self.suite(&stmt.orelse)?;
        let mut rest = self.instrumenter.atom("no-star-clause");
        for (condition, binder, body) in clauses.into_iter().rev() {
            rest = self.instrumenter.node("star-clause", [condition, binder, body, rest]);
        }
        Ok(self.instrumenter.try_star(label, suite, rest, orelse))
    }
}
