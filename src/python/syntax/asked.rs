//! What a function asks for by its tests: whether there is one, whether it has members, or how many.

use std::collections::BTreeSet;

use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};
use ruff_python_ast::{CmpOp, Expr, ExprCall, Stmt, UnaryOp};

use crate::book::conventions::Conventions;
use crate::python::syntax::body::dotted;

/// The names, with dots, that a function asks for.
#[derive(Debug, Default)]
pub(super) struct Asked(BTreeSet<String>);

impl Asked {
    /// Those of a function, without the functions inside of it.
    pub fn of(body: &[Stmt]) -> Asked {
        let mut asked = Asked::default();
        body.iter().for_each(|stmt| asked.visit_stmt(stmt));
        asked
    }

    /// Whether it asks for what a loop goes over.
    pub fn is_about(&self, iterable: &Expr, conventions: &Conventions) -> bool {
        match iterable {
            Expr::Call(call) => {
                whose_members(call, conventions).is_some_and(|whole| self.is_about(whole, conventions))
            }
            other => dotted(other).is_some_and(|text| self.0.contains(&text)),
        }
    }

    fn test(&mut self, test: &Expr) {
        match test {
            Expr::Name(_) | Expr::Attribute(_) => self.0.extend(dotted(test)),
            Expr::UnaryOp(unary) if unary.op == UnaryOp::Not => self.test(&unary.operand),
            Expr::BoolOp(operation) => operation.values.iter().for_each(|part| self.test(part)),
            Expr::Named(named) => self.test(&named.target),
            Expr::Call(call) if is_length(call) => {
                call.arguments.args.iter().for_each(|part| self.test(part))
            }
            Expr::Compare(compare) => self.comparison(&compare.left, &compare.ops, &compare.comparators),
            _ => {}
        }
    }

    /// A comparison with None, or of a length.
    fn comparison(&mut self, left: &Expr, operators: &[CmpOp], right: &[Expr]) {
        let with_none = matches!((operators, right), ([CmpOp::Is | CmpOp::IsNot], [Expr::NoneLiteral(_)]));
        for side in std::iter::once(left).chain(right) {
            if with_none || side.as_call_expr().is_some_and(is_length) {
                self.test(side);
            }
        }
    }
}

fn is_length(call: &ExprCall) -> bool {
    call.func.as_name_expr().is_some_and(|name| name.id.as_str() == "len")
}

/// That of which a call gives the members, in some order or form.
fn whose_members<'a>(call: &'a ExprCall, conventions: &Conventions) -> Option<&'a Expr> {
    let is_one = |name: &str| conventions.say_as_a_whole("goes-over", name);
    match &*call.func {
        Expr::Name(name) if is_one(&name.id) => call.arguments.args.first(),
        Expr::Attribute(attribute) if is_one(&attribute.attr) => Some(&attribute.value),
        _ => None,
    }
}

impl Visitor<'_> for Asked {
    fn visit_stmt(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::FunctionDef(_) | Stmt::ClassDef(_) => return,
            Stmt::If(branch) => {
                let others = branch.elif_else_clauses.iter().filter_map(|clause| clause.test.as_ref());
                std::iter::once(&*branch.test).chain(others).for_each(|test| self.test(test));
            }
            Stmt::While(turns) => self.test(&turns.test),
            Stmt::Assert(assert) => self.test(&assert.test),
            _ => {}
        }
        walk_stmt(self, stmt);
    }

    fn visit_expr(&mut self, expr: &Expr) {
        if let Expr::If(conditional) = expr {
            self.test(&conditional.test);
        }
        walk_expr(self, expr);
    }
}
