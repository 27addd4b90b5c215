//! Strings that are raised are found by identity, and which strings are one object is not modelled where they were computed, or
//! where a literal is not such as CPython shares among all code. Such a string is refused where it is raised.

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{ExceptHandler, Expr, Operator, Stmt};
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::{FxHashMap, FxHashSet};

/// The strings of a module that are raised, or that a clause names, of which it is not known which object each is; with what
/// they are called.
pub(super) fn unshared(body: &[Stmt]) -> FxHashMap<TextRange, &'static str> {
    let mut walk = Walk::default();
    walk.visit_body(body);
    let is_computed = |expr: &&Expr| match expr {
        Expr::Name(name) => walk.computed.contains(name.id.as_str()),
        Expr::StringLiteral(literal) => !is_shared(literal.value.to_str()),
        other => is_computed_text(other),
    };
    let computed = walk.raised.iter().copied().filter(is_computed);
    computed.map(|expr| (expr.range(), "a computed string that is raised, or that a clause names,")).collect()
}

/// Whether all literals of that text are one object.
fn is_shared(text: &str) -> bool {
    text.chars().nth(1).is_none() || text.chars().all(|char| char.is_ascii_alphanumeric() || char == '_')
}

/// Whether an expression may make a text of its own: nobody else has that very object.
fn is_computed_text(expr: &Expr) -> bool {
    match expr {
        Expr::BinOp(operation) => matches!(operation.op, Operator::Mod | Operator::Add | Operator::Mult),
        Expr::Subscript(item) => item.slice.is_slice_expr(),
        Expr::Call(call) => match &*call.func {
            Expr::Name(name) => MAKERS.contains(&name.id.as_str()),
            Expr::Attribute(method) => method.value.is_string_literal_expr(),
            _ => false,
        },
        _ => false,
    }
}

/// Functions that make a text.
const MAKERS: [&str; 4] = ["str", "repr", "chr", "raw_input"];

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
            // The condition of `except E, T`.
            Expr::Named(named) => self.members(&named.value),
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
                match raise.exc.as_deref() {
                    // Of `raise E, V, T` the first part.
                    Some(Expr::Tuple(parts)) if !parts.parenthesized => {
                        parts.elts.iter().take(1).for_each(|raised| self.members(raised));
                    }
                    Some(operand) => self.members(operand),
                    None => {}
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
