//! Strings that are raised are found by identity, and which strings are one object is not modelled where they were computed, or
//! where a literal is not such as CPython shares among all code. Such a program is refused.

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{ExceptHandler, Expr, Operator, Stmt};
use rustc_hash::FxHashSet;

use crate::diagnostic::Diagnostic;
use crate::python::syntax::parse::Source;

/// Checks a module.
///
/// # Errors
/// The first string that is raised, or that a clause names, of which it is not known which object it is.
pub(super) fn check(source: &Source, body: &[Stmt], is_library: bool) -> Result<(), Diagnostic> {
    if is_library || !source.timeline.has("raise.string") {
        return Ok(());
    }
    let mut walk = Walk::default();
    walk.visit_body(body);
    let is_computed = |expr: &&Expr| match expr {
        Expr::Name(name) => walk.computed.contains(name.id.as_str()),
        Expr::StringLiteral(literal) => !is_shared(literal.value.to_str()),
        other => is_computed_text(other),
    };
    match walk.raised.into_iter().find(is_computed) {
        Some(found) => Err(source.refuse(found, "a computed string that is raised, or that a clause names,")),
        None => Ok(()),
    }
}

/// Whether all literals of that text are one object.
fn is_shared(text: &str) -> bool {
    text.chars().nth(1).is_none() || text.chars().all(|char| char.is_ascii_alphanumeric() || char == '_')
}

fn is_computed_text(expr: &Expr) -> bool {
    matches!(expr, Expr::BinOp(operation)
        if matches!(operation.op, Operator::Mod | Operator::Add) && operation.left.is_string_literal_expr())
}

#[derive(Default)]
struct Walk<'a> {
    /// The names that computed texts are bound to.
    computed: FxHashSet<&'a str>,
    /// What is raised, and what clauses name.
    raised: Vec<&'a Expr>,
}

impl<'a> Walk<'a> {
    fn members(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Tuple(tuple) => tuple.elts.iter().for_each(|member| self.members(member)),
            _ => self.raised.push(expr),
        }
    }
}

impl<'a> Visitor<'a> for Walk<'a> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::Assign(assign) if is_computed_text(&assign.value) => {
                let names = assign.targets.iter().filter_map(Expr::as_name_expr);
                self.computed.extend(names.map(|name| name.id.as_str()));
            }
            Stmt::Raise(raise) => {
                if let Some(operand) = raise.exc.as_deref() {
                    self.members(operand);
                }
            }
            _ => {}
        }
        visitor::walk_stmt(self, stmt);
    }

    fn visit_except_handler(&mut self, handler: &'a ExceptHandler) {
        let ExceptHandler::ExceptHandler(clause) = handler;
        if let Some(condition) = clause.type_.as_deref() {
            self.members(condition);
        }
        visitor::walk_except_handler(self, handler);
    }
}
