//! `global` and `nonlocal` come before what they are about, and nothing else says what kind a name is.

use std::collections::BTreeMap;

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{Comprehension, ExceptHandler, Expr, ExprContext, Identifier, Stmt};
use ruff_text_size::Ranged;

use crate::diagnostic::Diagnostic;
use crate::python::syntax::lower::{comprehended, visit_defaults};
use crate::python::syntax::parse::Source;

/// Checks the declarations of a module, and of all that is nested in it.
///
/// # Errors
/// The first that comes too late, or that an annotation contradicts.
pub(super) fn check(source: &Source, body: &[Stmt]) -> Result<(), Diagnostic> {
    let mut names = Names { source, met: BTreeMap::new(), declared: BTreeMap::new(), error: None };
    names.visit_body(body);
    names.error.map_or(Ok(()), Err)
}

/// What a name was met as before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Met {
    Used,
    Assigned,
}

/// The names of one scope, in the order of the source.
struct Names<'s, 'a> {
    source: &'s Source<'a>,
    met: BTreeMap<String, Met>,
    declared: BTreeMap<String, &'static str>,
    error: Option<Diagnostic>,
}

impl Names<'_, '_> {
    fn meet(&mut self, name: &str, how: Met) {
        let met = self.met.entry(name.to_string()).or_insert(how);
        *met = how.max(*met);
    }

    fn fail(&mut self, place: &impl Ranged, message: String) {
        let error = self.source.syntax(place, message);
        self.error.get_or_insert(error);
    }

    fn declare(&mut self, names: &[Identifier], kind: &'static str) {
        // Earlier versions warn, and let it be so.
        let counts = self.source.timeline.has("syntax.declared-first");
        for name in names {
            match self.met.get(name.as_str()).filter(|_| counts) {
                Some(Met::Assigned) => {
                    self.fail(name, format!("name '{name}' is assigned to before {kind} declaration"));
                }
                Some(Met::Used) => {
                    self.fail(name, format!("name '{name}' is used prior to {kind} declaration"))
                }
                None => drop(self.declared.insert(name.to_string(), kind)),
            }
        }
    }

    /// Visits what has names of its own.
    fn inside(&mut self, visit: impl FnOnce(&mut Self)) {
        let outer = (std::mem::take(&mut self.met), std::mem::take(&mut self.declared));
        visit(self);
        (self.met, self.declared) = outer;
    }

    /// The first iterable of a comprehension stands outside of it, and what `:=` binds is bound there.
    fn comprehension(&mut self, generators: &[Comprehension], elements: &[&Expr]) {
        generators.iter().take(1).for_each(|first| self.visit_expr(&first.iter));
        self.inside(|names| {
            for generator in generators {
                names.visit_expr(&generator.target);
                generator.ifs.iter().for_each(|test| names.visit_expr(test));
            }
            generators.iter().skip(1).for_each(|generator| names.visit_expr(&generator.iter));
            elements.iter().for_each(|element| names.visit_expr(element));
        });
    }
}

impl<'a> Visitor<'a> for Names<'_, '_> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::Global(stmt) => self.declare(&stmt.names, "global"),
            Stmt::Nonlocal(stmt) => self.declare(&stmt.names, "nonlocal"),
            Stmt::FunctionDef(def) => {
                self.meet(&def.name, Met::Assigned);
                def.decorator_list.iter().for_each(|decorator| self.visit_decorator(decorator));
                visit_defaults(self, &def.parameters);
                self.inside(|names| names.visit_body(&def.body));
            }
            Stmt::ClassDef(def) => {
                self.meet(&def.name, Met::Assigned);
                def.decorator_list.iter().for_each(|decorator| self.visit_decorator(decorator));
                def.arguments.iter().for_each(|arguments| self.visit_arguments(arguments));
                self.inside(|names| names.visit_body(&def.body));
            }
            // CPython lets a name be imported first.
            Stmt::Import(_) | Stmt::ImportFrom(_) => {}
            Stmt::AnnAssign(assign) => {
                if let Expr::Name(name) = &*assign.target
                    && let Some(kind) = self.declared.get(name.id.as_str())
                {
                    self.fail(name, format!("annotated name '{}' can't be {kind}", name.id));
                }
                self.visit_expr(&assign.target);
                assign.value.iter().for_each(|value| self.visit_expr(value));
            }
            _ => visitor::walk_stmt(self, stmt),
        }
    }

    fn visit_except_handler(&mut self, handler: &'a ExceptHandler) {
        let ExceptHandler::ExceptHandler(inner) = handler;
        inner.name.iter().for_each(|name| self.meet(name, Met::Assigned));
        visitor::walk_except_handler(self, handler);
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Name(name) => {
                let how = if name.ctx == ExprContext::Load { Met::Used } else { Met::Assigned };
                self.meet(&name.id, how);
            }
            Expr::Lambda(lambda) => {
                lambda.parameters.iter().for_each(|parameters| visit_defaults(self, parameters));
                self.inside(|names| names.visit_expr(&lambda.body));
            }
            _ => match comprehended(expr) {
                Some((elements, generators)) => self.comprehension(generators, &elements),
                None => visitor::walk_expr(self, expr),
            },
        }
    }
}
