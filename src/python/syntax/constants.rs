//! What the compiler sees of constants: tests whose outcome it knows, of whose suites it compiles those only that can run, and signs.

use ruff_python_ast::{Expr, ExprNumberLiteral, ExprUnaryOp, Number, UnaryOp};

use crate::python::syntax::parse::Source;

/// Whether a test is true, where CPython's compiler sees it: `expr_constant` of `compile.c`, and since 3.7 what is folded before.
pub(super) fn truth(source: &Source, test: &Expr) -> Option<bool> {
    let has = |name| source.timeline.has(name);
    let found = match test {
        Expr::NumberLiteral(number) => match &number.value {
            Number::Int(int) => int.as_u64() != Some(0),
            Number::Float(float) => *float != 0.0,
            Number::Complex { real, imag } => (*real, *imag) != (0.0, 0.0),
        },
        Expr::StringLiteral(string) => !string.value.is_empty(),
        Expr::BytesLiteral(bytes) => bytes.value.bytes().next().is_some(),
        Expr::BooleanLiteral(literal) if has("compiler.constant-names") => literal.value,
        Expr::NoneLiteral(_) if has("compiler.constant-names") => false,
        Expr::EllipsisLiteral(_) if has("compiler.constant-names") => true,
        Expr::Name(name) if name.id.as_str() == "__debug__" => true,
        Expr::UnaryOp(unary) if unary.op == UnaryOp::Not && has("compiler.folds") => {
            !truth(source, &unary.operand)?
        }
        Expr::UnaryOp(unary) if unary.op == UnaryOp::USub && has("compiler.constant-minus") => {
            unary.operand.is_number_literal_expr().then(|| truth(source, &unary.operand)).flatten()?
        }
        Expr::Tuple(tuple) if has("compiler.folds") => {
            tuple.elts.iter().map(|element| truth(source, element)).collect::<Option<Vec<_>>>()?;
            !tuple.elts.is_empty()
        }
        _ => return None,
    };
    // Before Python 2.5 it looks for what never runs behind a test of its own.
    (!found || has("compiler.constant-tests")).then_some(found)
}

/// The literal whose sign CPython folds.
pub(super) fn folded(unary: &ExprUnaryOp) -> Option<&ExprNumberLiteral> {
    match (unary.op, &*unary.operand) {
        (UnaryOp::USub, Expr::NumberLiteral(number)) => Some(number),
        _ => None,
    }
}
