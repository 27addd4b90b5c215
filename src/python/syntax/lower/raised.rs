//! What unknowns raise: the exception classes that a program names, and those of modules that are not at hand.

use egg::Id;
use ruff_python_ast::helpers::any_over_body;
use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};
use ruff_python_ast::{Expr, Stmt};

use crate::python::syntax::globals;
use crate::python::syntax::load::LoadOptions;
use crate::python::syntax::lower::{Lowerer, Symbols};
use crate::python::syntax::others;
use crate::python::values::hidden;

impl Lowerer<'_> {
    /// The exception classes that the program names, then `Exception` and `BaseException`: what an unknown may raise.
    pub(in crate::python::syntax) fn raised_classes(&self) -> Vec<String> {
        let named = self.members.iter().filter(|name| self.hierarchy.contains(name));
        let others = self.finder.others.keys();
        globals::raised(self.hierarchy, others.chain(named).map(String::as_str))
    }

    /// Notes the names that a module mentions, so that what an unknown raises is known from the start.
    pub(in crate::python::syntax) fn mention_all(&mut self, body: &[Stmt]) {
        any_over_body(body, |expr| {
            if let Expr::Name(name) = expr
                && self.hierarchy.contains(name.id.as_str())
            {
                self.members.insert(name.id.to_string());
            }
            false
        });
        if self.finder.open_world {
            let found = others::of(body, self.hierarchy, |module| self.is_foreign(module));
            self.finder.others.extend(found);
            if self.finder.types {
                let (hierarchy, builder) = (self.hierarchy, self.instrumenter.builder());
                self.finder.others.retain(|_, full| hierarchy.module_value(full, builder).is_some());
            }
        }
    }

    /// Notes what ends an iteration, or a generator, where a module iterates: what is compared with it may do so elsewhere.
    pub(in crate::python::syntax) fn mention_iteration(&mut self, body: &[Stmt]) {
        let mut found = Iterations(false);
        found.visit_body(body);
        if found.0 {
            self.members.extend(["StopIteration", "GeneratorExit"].map(str::to_string));
        }
    }

    /// An exception of each of these classes.
    pub(in crate::python::syntax) fn raised_exceptions(&mut self) -> Vec<Id> {
        let classes = self.raised_classes();
        self.exceptions_of(&classes)
    }

    pub(super) fn exceptions_of(&mut self, classes: &[String]) -> Vec<Id> {
        let classes: Vec<Id> = classes.iter().filter_map(|name| self.exception_class(name)).collect();
        self.instrumenter.exceptions_of_unknowns(&classes)
    }

    /// A builtin exception class, or one that the program means and that no file at hand defines.
    fn exception_class(&mut self, name: &str) -> Option<Id> {
        let builder = self.instrumenter.builder();
        match self.hierarchy.class_value(name, builder) {
            Some(class) => Some(class),
            None => self.class_of_others(name),
        }
    }

    /// The class that a name means which no file at hand defines: that of a module of the standard library, or one of which
    /// nothing is known but that it is an exception class.
    pub(super) fn class_of_others(&mut self, name: &str) -> Option<Id> {
        let listed = self.finder.others.get(name)?;
        let builder = self.instrumenter.builder();
        if let Some(class) = self.hierarchy.module_value(listed, builder) {
            return Some(class);
        }
        let base = self.hierarchy.class_value("Exception", builder)?;
        Some(self.instrumenter.class_value(name, "opaque", base))
    }

    /// The names that the program reads and that neither it nor Python defines, bound to unknown values; and those names.
    /// Where the module is not run, what it binds is unknown, too.
    pub(in crate::python::syntax) fn unknown_names(
        &mut self,
        body: &[Stmt],
        files: bool,
        alone: bool,
    ) -> (Id, Vec<String>) {
        let bound = Symbols::of_body(body).bound;
        let known = |name: &String| {
            bound.contains(name) && !alone
                || self.hierarchy.contains(name)
                || crate::python::functions::modules::is_name(name)
                || (name == "open" && files)
        };
        let mut names: Vec<String> = self.members.iter().filter(|name| !known(name)).cloned().collect();
        let mut bindings = Vec::new();
        for name in &names {
            let value = self.class_of_others(name).unwrap_or_else(|| self.unknown_term(name));
            bindings.push((name.clone(), value));
        }
        if self.members.contains("__file__") {
            bindings.push(("__file__".to_string(), self.instrumenter.literal("str", self.source.origin)));
        }
        let env = self.instrumenter.env(bindings.iter().map(|(name, value)| (name.as_str(), *value)));
        names.extend(std::mem::take(&mut self.finder.imported));
        names.retain(|name| !self.finder.others.contains_key(name));
        names.sort();
        names.dedup();
        (env, names)
    }
}

/// Whether something is iterated over, or is a generator.
struct Iterations(bool);

impl Visitor<'_> for Iterations {
    fn visit_stmt(&mut self, stmt: &Stmt) {
        self.0 |= stmt.is_for_stmt();
        walk_stmt(self, stmt);
    }

    fn visit_expr(&mut self, expr: &Expr) {
        self.0 |= matches!(
            expr,
            Expr::Generator(_)
                | Expr::ListComp(_)
                | Expr::SetComp(_)
                | Expr::DictComp(_)
                | Expr::Yield(_)
                | Expr::YieldFrom(_)
        );
        walk_expr(self, expr);
    }
}

impl Lowerer<'_> {
    /// The world's globals, where the program's own names are these.
    pub(in crate::python::syntax) fn globals(&mut self, names: Id, options: &LoadOptions) -> Id {
        let mut rest = self.instrumenter.atom("no-modules");
        let mut of_sys = Vec::new();
        if !options.doubts.is_empty() {
            let doubts = options.doubts.iter().map(|doubt| self.instrumenter.literal("str", doubt));
            let doubts: Vec<Id> = doubts.collect();
            let doubts = self.instrumenter.values(&doubts);
            of_sys.push((hidden::DOUBTED, self.instrumenter.node("tuple", [doubts])));
        }
        if !options.input.is_empty() {
            of_sys.push((hidden::STDIN, self.instrumenter.literal("str", &options.input)));
        }
        if !of_sys.is_empty() {
            let names = self.instrumenter.env(of_sys);
            let sys = self.instrumenter.atom("sys");
            rest = self.instrumenter.node("module-names", [sys, names, rest]);
        }
        let main = self.instrumenter.atom("__main__");
        let modules = self.instrumenter.node("module-names", [main, names, rest]);
        let (heap, next) = (self.instrumenter.atom("no-objects"), self.instrumenter.atom("1"));
        let none_left = self.instrumenter.values(&[]);
        let pending =
            self.instrumenter.node(if options.objects { "prompt" } else { "sometime" }, [none_left]);
        self.instrumenter.node("objects", [modules, heap, next, pending])
    }

    /// What the module knows of its file, where it asks.
    pub(in crate::python::syntax) fn names_of_file(&mut self, name: &str) -> Id {
        if !self.members.contains("__file__") {
            return self.instrumenter.atom("no-names");
        }
        let path = self.instrumenter.literal("str", name);
        self.instrumenter.env([("__file__", path)])
    }
}
