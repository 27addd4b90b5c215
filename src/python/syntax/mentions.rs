//! What a file mentions, for those who name parts of it: identifiers, of whatever kind.

use std::collections::BTreeSet;

use ruff_python_ast::visitor::{Visitor, walk_expr, walk_match_case, walk_parameter, walk_stmt};
use ruff_python_ast::{Expr, MatchCase, Parameter, Stmt};

use crate::python::syntax::lower::captures;

/// The names that a file reads or binds: variables, parameters, functions, classes and attributes.
pub(super) fn identifiers(suite: &[Stmt]) -> BTreeSet<String> {
    let mut found = Found::default();
    suite.iter().for_each(|stmt| found.visit_stmt(stmt));
    found.0
}

#[derive(Default)]
struct Found(BTreeSet<String>);

impl Found {
    fn note(&mut self, name: &str) {
        if !self.0.contains(name) {
            self.0.insert(name.to_string());
        }
    }
}

impl Visitor<'_> for Found {
    fn visit_stmt(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::FunctionDef(def) => self.note(&def.name),
            Stmt::ClassDef(def) => self.note(&def.name),
            Stmt::Import(import) => import.names.iter().for_each(|alias| {
                let name = alias.asname.as_ref().unwrap_or(&alias.name);
                name.split('.').for_each(|part| self.note(part));
            }),
            Stmt::ImportFrom(import) => import.names.iter().for_each(|alias| {
                self.note(alias.asname.as_ref().unwrap_or(&alias.name));
            }),
            _ => {}
        }
        walk_stmt(self, stmt);
    }

    fn visit_expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Name(name) => self.note(&name.id),
            Expr::Attribute(attribute) => self.note(&attribute.attr),
            _ => {}
        }
        walk_expr(self, expr);
    }

    fn visit_match_case(&mut self, case: &MatchCase) {
        captures(&case.pattern).into_iter().for_each(|name| self.note(name));
        walk_match_case(self, case);
    }

    fn visit_parameter(&mut self, parameter: &Parameter) {
        self.note(&parameter.name);
        walk_parameter(self, parameter);
    }
}
