//! The names, in Python's words, of what the term language cannot express.

use ruff_python_ast::{Expr, Pattern, Stmt};

/// What a refused statement is called.
pub(super) fn statement(stmt: &Stmt) -> &'static str {
    match stmt {
        Stmt::FunctionDef(_) => "`async def`",
        Stmt::TypeAlias(_) => "`type` statement",
        Stmt::For(_) => "`async for` statement",
        Stmt::With(_) => "`async with` statement",
        Stmt::IpyEscapeCommand(_) => "IPython command",
        _ => "statement of this form",
    }
}

/// What a refused expression is called.
pub(super) fn expression(expr: &Expr) -> &'static str {
    match expr {
        Expr::Await(_) => "`await` expression",
        Expr::TString(_) => "t-string",
        Expr::Starred(_) => "starred expression",
        Expr::IpyEscapeCommand(_) => "IPython command",
        _ => "expression of this form",
    }
}

/// What a refused pattern of a `match` statement is called.
pub(super) fn pattern(pattern: &Pattern) -> &'static str {
    match pattern {
        Pattern::MatchSequence(_) => "sequence pattern",
        Pattern::MatchMapping(_) => "mapping pattern",
        Pattern::MatchClass(_) => "class pattern with arguments",
        _ => "pattern of this form",
    }
}

/// What an assignment to a refused target is called.
pub(super) const TARGET: &str = "assignment to this target";
