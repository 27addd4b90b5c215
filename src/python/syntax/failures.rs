//! Names that a clause reads and that are not bound only where two things failed, in two ways: one that another `try` statement before it
//! waits for and lives on without the name, and the one that the clause handles.

use std::collections::BTreeSet;

use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};
use ruff_python_ast::{ExceptHandler, ExceptHandlerExceptHandler, Expr, ExprContext, Stmt, StmtTry};
use ruff_text_size::{Ranged, TextRange};

use crate::python::syntax::body::dotted;

/// The places of such names in a function.
pub(super) fn twice_failed(body: &[Stmt]) -> Vec<TextRange> {
    let mut found = Vec::new();
    in_block(body, &mut found);
    found
}

/// Of a block: a statement that binds names by its suite, and those behind it.
fn in_block(block: &[Stmt], found: &mut Vec<TextRange>) {
    for (place, stmt) in block.iter().enumerate() {
        if let Stmt::Try(first) = stmt {
            for name in bound_at_once(&first.body) {
                let ways = ways_around(first, name);
                let behind = &block[place + 1..];
                if !ways.is_empty() && !behind.iter().any(|stmt| Bound::by(stmt).contains(name)) {
                    behind
                        .iter()
                        .for_each(|stmt| Reads { name, ways: &ways, inside: false, found }.visit_stmt(stmt));
                }
            }
        }
        blocks(stmt).into_iter().for_each(|inner| in_block(inner, found));
    }
}

/// The blocks of a statement, without those of functions and classes.
fn blocks(stmt: &Stmt) -> Vec<&[Stmt]> {
    match stmt {
        Stmt::If(branch) => std::iter::once(&*branch.body)
            .chain(branch.elif_else_clauses.iter().map(|clause| &*clause.body))
            .collect(),
        Stmt::For(turns) => vec![&turns.body, &turns.orelse],
        Stmt::While(turns) => vec![&turns.body, &turns.orelse],
        Stmt::With(with) => vec![&with.body],
        Stmt::Match(choice) => choice.cases.iter().map(|case| &*case.body).collect(),
        Stmt::Try(statement) => {
            let clauses = statement.handlers.iter().map(|ExceptHandler::ExceptHandler(clause)| &*clause.body);
            [&*statement.body, &statement.orelse, &statement.finalbody].into_iter().chain(clauses).collect()
        }
        _ => Vec::new(),
    }
}

/// The names that statements bind, one after the other.
fn bound_at_once(suite: &[Stmt]) -> BTreeSet<&str> {
    let targets = suite.iter().filter_map(Stmt::as_assign_stmt).flat_map(|assign| &assign.targets);
    targets.filter_map(Expr::as_name_expr).map(|name| name.id.as_str()).collect()
}

/// What is waited for by the clauses of a statement that live on and do not bind a name; nothing where one waits for too much to tell.
fn ways_around(statement: &StmtTry, name: &str) -> BTreeSet<String> {
    let mut ways = BTreeSet::new();
    for ExceptHandler::ExceptHandler(clause) in &statement.handlers {
        let leaves = matches!(
            clause.body.last(),
            Some(Stmt::Raise(_) | Stmt::Return(_) | Stmt::Continue(_) | Stmt::Break(_))
        );
        if leaves || bound_at_once(&clause.body).contains(name) {
            continue;
        }
        match awaited(clause) {
            Some(classes) => ways.extend(classes),
            None => return BTreeSet::new(),
        }
    }
    ways
}

/// The classes that a clause waits for, as they are written; `None` where it waits for nearly all.
fn awaited(clause: &ExceptHandlerExceptHandler) -> Option<BTreeSet<String>> {
    let condition = clause.type_.as_deref()?;
    let classes = match condition {
        Expr::Tuple(tuple) => tuple.elts.iter().map(dotted).collect::<Option<BTreeSet<String>>>()?,
        other => BTreeSet::from([dotted(other)?]),
    };
    let is_wide = |class: &String| ["Exception", "BaseException"].contains(&class.as_str());
    (!classes.iter().any(is_wide)).then_some(classes)
}

/// The names that a statement binds or deletes anywhere.
#[derive(Default)]
struct Bound<'a>(BTreeSet<&'a str>);

impl<'a> Bound<'a> {
    fn by(stmt: &'a Stmt) -> BTreeSet<&'a str> {
        let mut bound = Bound::default();
        bound.visit_stmt(stmt);
        bound.0
    }
}

impl<'a> Visitor<'a> for Bound<'a> {
    fn visit_expr(&mut self, expr: &'a Expr) {
        if let Expr::Name(name) = expr
            && name.ctx != ExprContext::Load
        {
            self.0.insert(name.id.as_str());
        }
        walk_expr(self, expr);
    }
}

/// Where a name is read in clauses that wait for something else.
struct Reads<'r> {
    name: &'r str,
    ways: &'r BTreeSet<String>,
    inside: bool,
    found: &'r mut Vec<TextRange>,
}

impl Visitor<'_> for Reads<'_> {
    fn visit_stmt(&mut self, stmt: &Stmt) {
        if !matches!(stmt, Stmt::FunctionDef(_) | Stmt::ClassDef(_)) {
            walk_stmt(self, stmt);
        }
    }

    fn visit_except_handler(&mut self, handler: &ExceptHandler) {
        let ExceptHandler::ExceptHandler(clause) = handler;
        let outside = self.inside;
        self.inside |= awaited(clause).is_some_and(|classes| classes.is_disjoint(self.ways));
        clause.body.iter().for_each(|stmt| self.visit_stmt(stmt));
        self.inside = outside;
    }

    fn visit_expr(&mut self, expr: &Expr) {
        if let Expr::Name(name) = expr
            && self.inside
            && name.id.as_str() == self.name
        {
            self.found.push(name.range());
        }
        walk_expr(self, expr);
    }
}
