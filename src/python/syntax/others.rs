//! The exception classes that a program means by names which no file at hand defines.
//!
//! A name means a class where it stands behind `except`, or is raised or called to be raised. The class is one of which
//! nothing else is known, unless a module of the standard library has it.

use std::collections::BTreeMap;

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{ExceptHandler, Expr, Stmt};

use crate::book::classes::Hierarchy;
use crate::python::functions::modules::is_name;
use crate::python::syntax::lower::Symbols;

/// By the name of the unknown that would stand there, the name with the module that it is imported from.
pub(super) type Others = BTreeMap<String, String>;

/// The classes of a module's body; `is_foreign` tells a module that is not at hand.
pub(super) fn of(body: &[Stmt], hierarchy: &Hierarchy, is_foreign: impl Fn(&str) -> bool) -> Others {
    let mut imports = Imports { is_foreign: &is_foreign, found: BTreeMap::new() };
    imports.visit_body(body);
    let bound = Symbols::of_body(body).bound;
    let is_known =
        |name: &str| bound.contains(name) || hierarchy.contains(name) || is_name(name) || name == "open";
    let mut classes =
        Classes { imports: &imports.found, is_known: &is_known, locals: Vec::new(), found: Others::new() };
    classes.visit_body(body);
    classes.found
}

/// What a name of an import means: as an unknown is named, and with its module.
type Meanings = BTreeMap<String, (String, String)>;

/// The names that imports bind to what is in no file at hand.
struct Imports<'a> {
    is_foreign: &'a dyn Fn(&str) -> bool,
    found: Meanings,
}

impl<'a> Visitor<'a> for Imports<'_> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        let top = |module: &str| module.split('.').next().unwrap_or_default().to_string();
        match stmt {
            Stmt::Import(import) => {
                for alias in import.names.iter().filter(|alias| (self.is_foreign)(&top(&alias.name))) {
                    let (bound, meant) = match &alias.asname {
                        Some(bound) => (bound.to_string(), alias.name.to_string()),
                        None => (top(&alias.name), top(&alias.name)),
                    };
                    self.found.insert(bound, (meant.clone(), meant));
                }
            }
            Stmt::ImportFrom(import) => {
                let module = import.module.as_ref().map_or("", |module| module.as_str());
                if import.level > 0 || (self.is_foreign)(&top(module)) {
                    for alias in &import.names {
                        let bound = alias.asname.as_ref().unwrap_or(&alias.name).to_string();
                        let full = format!("{module}.{}", alias.name);
                        self.found.insert(bound, (alias.name.to_string(), full));
                    }
                }
            }
            _ => {}
        }
        visitor::walk_stmt(self, stmt);
    }
}

struct Classes<'a> {
    imports: &'a Meanings,
    is_known: &'a dyn Fn(&str) -> bool,
    /// The names that each open function binds.
    locals: Vec<std::collections::BTreeSet<String>>,
    found: Others,
}

impl Classes<'_> {
    /// A name, or a path of attributes, that is used as a class.
    fn note(&mut self, expr: &Expr) {
        if let Some((name, full)) = self.meaning(expr) {
            self.found.insert(name, full);
        }
    }

    fn meaning(&self, expr: &Expr) -> Option<(String, String)> {
        match expr {
            Expr::Name(name) => {
                let name = name.id.as_str();
                if let Some(meant) = self.imports.get(name) {
                    return Some(meant.clone());
                }
                let known = (self.is_known)(name) || self.locals.iter().any(|locals| locals.contains(name));
                (!known).then(|| (name.to_string(), name.to_string()))
            }
            Expr::Attribute(attribute) => {
                let (name, full) = self.meaning(&attribute.value)?;
                let attr = attribute.attr.as_str();
                Some((format!("{name}.{attr}"), format!("{full}.{attr}")))
            }
            _ => None,
        }
    }
}

impl<'a> Visitor<'a> for Classes<'_> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::FunctionDef(def) => {
                self.locals.push(Symbols::of_function(Some(&def.parameters), &def.body).bound);
                visitor::walk_stmt(self, stmt);
                self.locals.pop();
                return;
            }
            Stmt::Raise(raise) => match raise.exc.as_deref() {
                Some(Expr::Call(call)) => self.note(&call.func),
                Some(raised) => self.note(raised),
                None => {}
            },
            _ => {}
        }
        visitor::walk_stmt(self, stmt);
    }

    fn visit_except_handler(&mut self, handler: &'a ExceptHandler) {
        let ExceptHandler::ExceptHandler(clause) = handler;
        match clause.type_.as_deref() {
            Some(Expr::Tuple(tuple)) => tuple.elts.iter().for_each(|item| self.note(item)),
            Some(condition) => self.note(condition),
            None => {}
        }
        visitor::walk_except_handler(self, handler);
    }
}
