//! What can be assigned to and deleted: an expression whose parts are places.

use ruff_python_ast::{Expr, ExprContext};
use ruff_text_size::Ranged;

use crate::python::syntax::lower::is_statement;
use crate::python::syntax::old::tree::Tree;
use crate::python::syntax::old::{Read, Reader};

impl Reader<'_, '_> {
    pub(super) fn target(&self, part: &Tree, ctx: ExprContext) -> Read<Expr> {
        let mut expr = self.expression(part)?;
        self.place(&mut expr, ctx)?;
        Ok(expr)
    }

    /// Makes an expression a place.
    fn place(&self, expr: &mut Expr, ctx: ExprContext) -> Read<()> {
        let word = if ctx == ExprContext::Del { "delete" } else { "assign to" };
        match expr {
            Expr::Name(name) => {
                self.bindable(&name.range, &name.id)?;
                name.ctx = ctx;
            }
            Expr::Attribute(attribute) => {
                self.bindable(&attribute.attr, &attribute.attr)?;
                attribute.ctx = ctx;
            }
            Expr::BooleanLiteral(literal) => {
                return Err(self
                    .source
                    .refuse(&literal.range, "a name `True` or `False` that is bound here"));
            }
            Expr::NoneLiteral(none) if ctx == ExprContext::Store => {
                self.bindable(&none.range, "None")?;
                return Err(self.source.refuse(&none.range, "a name `None`"));
            }
            Expr::Subscript(subscript) => subscript.ctx = ctx,
            Expr::Tuple(tuple) if !tuple.elts.is_empty() => {
                tuple.ctx = ctx;
                tuple.elts.iter_mut().try_for_each(|inner| self.place(inner, ctx))?;
            }
            Expr::List(list) => {
                list.ctx = ctx;
                list.elts.iter_mut().try_for_each(|inner| self.place(inner, ctx))?;
            }
            _ => return Err(self.source.syntax(&expr.range(), format!("can't {word} {}", called(expr)))),
        }
        Ok(())
    }
}

/// What an expression is called where it is no place.
fn called(expr: &Expr) -> &'static str {
    match expr {
        Expr::Tuple(_) => "()",
        Expr::Call(call) if is_statement(call) => "repr",
        Expr::Call(_) => "function call",
        Expr::Lambda(_) => "lambda",
        Expr::Generator(_) => "generator expression",
        Expr::ListComp(_) => "list comprehension",
        Expr::Yield(_) => "yield expression",
        Expr::If(_) => "conditional expression",
        Expr::Compare(_) => "comparison",
        Expr::NoneLiteral(_) => "None",
        Expr::NumberLiteral(_) | Expr::StringLiteral(_) => "literal",
        _ => "operator",
    }
}
