//! What only Python 1.5.2 to 2.7 have; `old/mod.rs` says how the tree has it.

use egg::Id;
use ruff_python_ast::{Expr, ExprCall, StmtRaise};
use ruff_text_size::Ranged;

use crate::diagnostic::Diagnostic;
use crate::python::syntax::lower::{Lowered, Lowerer};
use crate::python::values::hidden;

/// The name that an expression calls, and the call.
fn called(expr: &Expr) -> Option<(&str, &ExprCall)> {
    let call = expr.as_call_expr()?;
    Some((call.func.as_name_expr()?.id.as_str(), call))
}

/// Whether a call is what was a statement, stood in backquotes, or is not modelled.
pub(in crate::python::syntax) fn is_statement(call: &ExprCall) -> bool {
    let name = call.func.as_name_expr().map(|name| name.id.as_str());
    name.is_some_and(|name| [hidden::PRINT, hidden::QUOTED, hidden::REFUSED].contains(&name))
}

/// The call that a `print` statement is.
pub(super) fn printed(expr: &Expr) -> Option<&ExprCall> {
    called(expr).filter(|(name, _)| *name == hidden::PRINT).map(|(_, call)| call)
}

/// What stands in backquotes.
pub(super) fn quoted(call: &ExprCall) -> Option<&Expr> {
    let name = call.func.as_name_expr()?;
    (name.id.as_str() == hidden::QUOTED).then(|| call.arguments.args.first()).flatten()
}

/// What an expression is called that is not modelled, and its operands.
pub(super) fn refused(expr: &Expr) -> Option<(&str, &[Expr])> {
    let (_, call) = called(expr).filter(|(name, _)| *name == hidden::REFUSED)?;
    Some((call.arguments.keywords.first()?.arg.as_deref()?, &call.arguments.args))
}

/// The parts of `raise E, V, T`, where there is more than one.
pub(super) fn raised_parts(raise: &StmtRaise) -> Option<&[Expr]> {
    let parts = raise.exc.as_deref()?.as_tuple_expr()?;
    (!parts.parenthesized && parts.elts.len() > 1).then_some(&parts.elts)
}

/// The condition of a clause, without its target.
pub(super) fn condition(expr: &Expr) -> &Expr {
    target(expr).and(expr.as_named_expr()).map_or(expr, |named| &named.value)
}

/// The target of a clause that Python 3 would not allow there.
pub(super) fn target(expr: &Expr) -> Option<&Expr> {
    let named = expr.as_named_expr()?;
    // Behind the condition stands nothing but a target of the old kind.
    (named.target.range().start() > named.value.range().end()).then_some(&*named.target)
}

impl Lowerer<'_> {
    pub(super) fn backquotes(&mut self, call: &ExprCall) -> Lowered {
        let inner = quoted(call).map_or(Ok(self.none()), |inner| self.expression(inner))?;
        self.finder.mention("repr");
        Ok(self.operate("repr", &[inner]))
    }

    /// What is written is written one by one, as it is found: an error behind the first leaves that written.
    pub(super) fn print_statement(&mut self, expr: &Expr, out: &mut Vec<Id>) -> Result<(), Diagnostic> {
        let Some(call) = printed(expr) else { return Ok(()) };
        let named = |name: &str| {
            let mut keywords = call.arguments.keywords.iter();
            keywords.find(|keyword| keyword.arg.as_ref().is_some_and(|arg| arg.as_str() == name))
        };
        let file = match named("file") {
            Some(file) => Some(self.keep(&file.value, out)?),
            None => None,
        };
        for argument in &call.arguments.args {
            let file = self.file_of(file);
            let value = self.expression(argument)?;
            let written = self.operate("print_item", &[file, value]);
            out.push(self.perform(written));
        }
        if named("end").is_none() {
            let file = self.file_of(file);
            let ended = self.operate("print_line", &[file]);
            out.push(self.perform(ended));
        }
        if let Some(file) = file {
            self.forget(file, out);
        }
        Ok(())
    }

    /// The file that is written to: None for that which is written to where none is named.
    fn file_of(&mut self, kept: Option<Id>) -> Id {
        match kept {
            Some(kept) => self.read(kept),
            None => self.none(),
        }
    }

    /// `raise E, V, T`: what that comes to is raised.
    pub(super) fn raise_of_parts(&mut self, parts: &[Expr]) -> Lowered {
        let mut parts = self.expressions(parts)?;
        parts.resize_with(3, || self.none());
        let raised = self.operate("raised", &parts);
        Ok(self.instrumenter.node("raise", [raised]))
    }

    /// The target of a clause, and the statements that bind the rest from it.
    pub(super) fn old_target(&mut self, target: &Expr) -> Result<(Option<Id>, Vec<Id>), Diagnostic> {
        let (kept, mut rest) = self.simple_target(target)?;
        if !target.is_name_expr() {
            self.forget(kept, &mut rest);
        }
        Ok((Some(kept), rest))
    }

    /// Statements before another.
    pub(super) fn behind(&mut self, mut first: Vec<Id>, statement: Id) -> Id {
        if first.is_empty() {
            return statement;
        }
        first.push(statement);
        self.instrumenter.seq(&first)
    }
}
