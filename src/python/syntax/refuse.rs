//! The names, in Python's words, of what the term language cannot express.

use ruff_python_ast::{Expr, Stmt, UnaryOp};

/// What a refused statement is called.
pub(super) fn statement(stmt: &Stmt) -> &'static str {
    match stmt {
        Stmt::FunctionDef(def) if def.is_async => "`async def`",
        Stmt::FunctionDef(_) => "nested function",
        Stmt::ClassDef(_) => "class inside a function",
        Stmt::Delete(_) => "`del` statement",
        Stmt::TypeAlias(_) => "`type` statement",
        Stmt::AugAssign(_) => "augmented assignment",
        Stmt::For(_) => "`async for` statement",
        Stmt::With(stmt) if stmt.is_async => "`async with` statement",
        Stmt::With(_) => "`with` statement",
        Stmt::Match(_) => "`match` statement",
        Stmt::Assert(_) => "`assert` statement",
        Stmt::Import(_) => "`import` statement",
        Stmt::ImportFrom(_) => "`from … import` statement",
        Stmt::Global(_) => "`global` statement",
        Stmt::Nonlocal(_) => "`nonlocal` statement",
        Stmt::IpyEscapeCommand(_) => "IPython command",
        _ => "statement of this form",
    }
}

/// What a refused expression is called.
pub(super) fn expression(expr: &Expr) -> &'static str {
    match expr {
        Expr::Named(_) => "assignment expression",
        Expr::BinOp(_) => "arithmetic",
        Expr::UnaryOp(expr) => unary(expr.op),
        Expr::Lambda(_) => "`lambda` expression",
        Expr::If(_) => "conditional expression",
        Expr::Dict(_) => "dictionary display",
        Expr::Set(_) => "set display",
        Expr::List(_) => "list display",
        Expr::ListComp(_) => "list comprehension",
        Expr::SetComp(_) => "set comprehension",
        Expr::DictComp(_) => "dictionary comprehension",
        Expr::Generator(_) => "generator expression",
        Expr::Await(_) => "`await` expression",
        Expr::Yield(_) => "`yield` expression",
        Expr::YieldFrom(_) => "`yield from` expression",
        Expr::FString(_) => "f-string",
        Expr::TString(_) => "t-string",
        Expr::BytesLiteral(_) => "bytes literal",
        Expr::NumberLiteral(_) => "float or complex number",
        Expr::EllipsisLiteral(_) => "`...` as a value",
        Expr::Attribute(_) => "attribute access",
        Expr::Subscript(_) => "subscription",
        Expr::Slice(_) => "slice",
        Expr::Starred(_) => "starred expression",
        Expr::IpyEscapeCommand(_) => "IPython command",
        _ => "expression of this form",
    }
}

/// What a refused unary operator is called.
pub(super) fn unary(op: UnaryOp) -> &'static str {
    match op {
        UnaryOp::Invert => "bitwise operation",
        _ => "arithmetic",
    }
}

/// What an assignment to a refused target is called.
pub(super) fn target(expr: &Expr) -> &'static str {
    match expr {
        Expr::Attribute(_) => "assignment to an attribute",
        Expr::Subscript(_) => "assignment to a subscription",
        Expr::Tuple(_) | Expr::List(_) | Expr::Starred(_) => "unpacking assignment",
        _ => "assignment to this target",
    }
}
