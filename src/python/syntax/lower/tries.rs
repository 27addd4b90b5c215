//! `try` statements.

use ruff_python_ast::{ExceptHandler, StmtTry};

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
        let label = self.instrumenter.label();
        let suite = self.suite(&stmt.body)?;
        let mut handlers = Vec::new();
        for ExceptHandler::ExceptHandler(handler) in &stmt.handlers {
            if stmt.is_star {
                // A naked exception is made a group by the clause.
                self.come_from(self.source.spot_of_all(handler));
            }
            let condition = handler.type_.as_ref().map(|condition| self.expression(condition)).transpose()?;
            let name = handler.name.as_ref().map(|name| self.bound_identifier(name)).transpose()?;
            let body = self.suite(&handler.body)?;
            handlers.push(Handler { condition, name, body });
        }
        let orelse = self.suite(&stmt.orelse)?;
        Ok(match stmt.is_star {
            true => self.instrumenter.try_star(label, suite, &handlers, orelse),
            false => self.instrumenter.try_except(label, suite, &handlers, orelse),
        })
    }
}
