//! `try` statements.

use egg::Id;
use ruff_python_ast::{ExceptHandler, ExceptHandlerExceptHandler, StmtTry};
use ruff_text_size::Ranged;

use crate::diagnostic::Diagnostic;
use crate::python::syntax::clauses::Clauses;
use crate::python::syntax::instrument::Handler;
use crate::python::syntax::lower::old::{condition, target};
use crate::python::syntax::lower::{Lowered, Lowerer};

impl Lowerer<'_> {
    /// The next label, for a statement that stands there.
    pub(super) fn label_at(&mut self, lines: Clauses) -> usize {
        if self.library {
            return self.instrumenter.label();
        }
        let module = (self.module != "__main__").then(|| self.module.clone());
        self.instrumenter.label_at(Clauses { module, ..lines })
    }

    /// A statement with both `except` and `finally` is two, nested (PEP 341).
    pub(super) fn try_statement(&mut self, stmt: &StmtTry) -> Lowered {
        if stmt.finalbody.is_empty() {
            return self.try_clauses(stmt);
        }
        let label = self.label_at(Clauses::of_try(self.source, stmt));
        let suite = if stmt.handlers.is_empty() { self.suite(&stmt.body)? } else { self.try_clauses(stmt)? };
        let clause = self.suite(&stmt.finalbody)?;
        let clause = self.cleaning(&stmt.finalbody, clause);
        Ok(self.instrumenter.try_finally(label, suite, clause))
    }

    fn try_clauses(&mut self, stmt: &StmtTry) -> Lowered {
        let label = self.label_at(Clauses::of_try(self.source, stmt));
        let suite = self.suite(&stmt.body)?;
        let mut handlers = Vec::new();
        for ExceptHandler::ExceptHandler(handler) in &stmt.handlers {
            let condition = self.clause_condition(handler)?;
            let (name, first) = self.clause_target(handler)?;
            let body = self.suite(&handler.body)?;
            let body = self.behind(first, body);
            let body = self.excused(handler.start(), body);
            let body = self.binding_clause(name, self.source.line(handler.start()), body);
            handlers.push(Handler { condition, name, body });
        }
        let orelse = self.block(&stmt.orelse)?;
        Ok(match stmt.is_star {
            true => self.instrumenter.try_star(label, suite, &handlers, orelse),
            false => self.instrumenter.try_except(label, suite, &handlers, orelse),
        })
    }

    /// The target of a clause, and the statements that bind the rest from it.
    fn clause_target(
        &mut self,
        handler: &ExceptHandlerExceptHandler,
    ) -> Result<(Option<Id>, Vec<Id>), Diagnostic> {
        if let Some(target) = handler.type_.as_deref().and_then(target) {
            return self.old_target(target);
        }
        Ok((handler.name.as_ref().map(|name| self.bound_identifier(name)).transpose()?, Vec::new()))
    }

    /// The condition of a clause. What it is matched with, and that it may not stand there, is told at the clause.
    fn clause_condition(&mut self, handler: &ExceptHandlerExceptHandler) -> Result<Option<Id>, Diagnostic> {
        let spot = self.source.spot_of_all(handler);
        self.come_from(spot.clone());
        let Some(condition) = handler.type_.as_deref().map(condition) else { return Ok(None) };
        // A literal has no place of its own, nor has what stands where the clause does.
        let to_place = self.places && self.own_spot(condition).is_none();
        let lowered = self.expression(condition)?;
        Ok(Some(if to_place { self.located(&spot, lowered) } else { lowered }))
    }
}
