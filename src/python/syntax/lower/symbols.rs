//! Which names a function or class binds, uses and shares: what CPython's symbol table finds.

use std::collections::{BTreeMap, BTreeSet};

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{
    Comprehension, ExceptHandler, Expr, ExprContext, Identifier, Parameters, Pattern, Stmt,
};

/// A set of names.
pub type Names = BTreeSet<String>;

/// The modules that imports bind to names.
pub type Modules = BTreeMap<String, Names>;

/// The names of one function, class body or comprehension.
#[derive(Debug, Clone, Default)]
pub struct Symbols {
    /// Names bound in it, parameters included.
    pub bound: Names,
    /// Names read in it.
    pub used: Names,
    /// Names declared `global`.
    pub globals: Names,
    /// Names declared `nonlocal`.
    pub nonlocals: Names,
    /// Names that what is nested in it looks for outside of itself.
    pub wanted: Names,
    /// Names that a `del` unbinds.
    pub deleted: Names,
    /// The modules that its imports bind to names.
    pub modules: Modules,
    /// Those that what is nested in it binds to global names.
    pub global_modules: Modules,
    /// Whether it has a `yield`.
    pub generating: bool,
}

impl Symbols {
    /// The names of a function.
    pub fn of_function(parameters: Option<&Parameters>, body: &[Stmt]) -> Symbols {
        let mut symbols = Symbols::default();
        symbols.parameters(parameters);
        body.iter().for_each(|stmt| symbols.visit_stmt(stmt));
        symbols
    }

    /// The names of a lambda expression.
    pub fn of_lambda(parameters: Option<&Parameters>, body: &Expr) -> Symbols {
        let mut symbols = Symbols::default();
        symbols.parameters(parameters);
        symbols.visit_expr(body);
        symbols
    }

    /// The names of a class's body, or of a module.
    pub fn of_body(body: &[Stmt]) -> Symbols {
        Symbols::of_function(None, body)
    }

    /// The names of a comprehension, whose first iterable is not part of it.
    pub fn of_comprehension(elements: &[&Expr], generators: &[Comprehension]) -> Symbols {
        let mut symbols = Symbols::default();
        for (place, generator) in generators.iter().enumerate() {
            symbols.visit_expr(&generator.target);
            if place > 0 {
                symbols.visit_expr(&generator.iter);
            }
            generator.ifs.iter().for_each(|test| symbols.visit_expr(test));
        }
        elements.iter().for_each(|element| symbols.visit_expr(element));
        // `:=` binds in the function around.
        let named = named_targets(elements, generators);
        symbols.bound.retain(|name| !named.contains(name));
        symbols.used.extend(named.iter().cloned());
        symbols
    }

    fn parameters(&mut self, parameters: Option<&Parameters>) {
        for parameter in parameters.into_iter().flat_map(|parameters| parameters.iter()) {
            self.bound.insert(parameter.name().to_string());
        }
    }

    /// The names that a function looks for outside of itself.
    pub fn free(&self) -> Names {
        let bound = |name: &String| self.bound.contains(name) && !self.nonlocals.contains(name);
        let looked = self.used.iter().chain(&self.wanted).chain(&self.nonlocals);
        looked.filter(|name| !bound(name) && !self.globals.contains(*name)).cloned().collect()
    }

    /// The names that a class's body, and what is nested in it, look for outside: what the class binds is not seen
    /// from the functions in it.
    pub fn free_of_class(&self) -> Names {
        let mut free: Names = self.wanted.iter().filter(|name| *name != "__class__").cloned().collect();
        free.extend(self.used.iter().chain(&self.nonlocals).cloned());
        free.retain(|name| !self.globals.contains(name));
        free
    }

    /// The names that it binds and that what is nested in it uses.
    pub fn cells(&self) -> Names {
        let own = |name: &&String| {
            self.bound.contains(*name) && !self.globals.contains(*name) && !self.nonlocals.contains(*name)
        };
        self.wanted.iter().filter(own).cloned().collect()
    }

    fn nested(&mut self, free: Names) {
        self.wanted.extend(free);
    }

    /// The global names that nested code binds to modules.
    fn imported_in(&mut self, inner: &Symbols) {
        let global = inner.modules.iter().filter(|(name, _)| inner.globals.contains(*name));
        for (name, modules) in global.chain(&inner.global_modules) {
            self.global_modules.entry(name.clone()).or_default().extend(modules.iter().cloned());
        }
    }

    fn imports(&mut self, name: &str, module: &str) {
        self.modules.entry(name.to_string()).or_default().insert(module.to_string());
    }

    fn comprehension(&mut self, elements: &[&Expr], generators: &[Comprehension]) {
        if let Some(first) = generators.first() {
            self.visit_expr(&first.iter);
        }
        let inner = Symbols::of_comprehension(elements, generators);
        self.bound.extend(named_targets(elements, generators));
        self.nested(inner.free());
    }
}

impl<'a> Visitor<'a> for Symbols {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::FunctionDef(def) => {
                self.bound.insert(def.name.to_string());
                def.decorator_list.iter().for_each(|decorator| self.visit_expr(&decorator.expression));
                visit_defaults(self, &def.parameters);
                let inner = Symbols::of_function(Some(&def.parameters), &def.body);
                self.imported_in(&inner);
                self.nested(inner.free());
            }
            Stmt::ClassDef(def) => {
                self.bound.insert(def.name.to_string());
                def.decorator_list.iter().for_each(|decorator| self.visit_expr(&decorator.expression));
                if let Some(arguments) = &def.arguments {
                    self.visit_arguments(arguments);
                }
                let inner = Symbols::of_body(&def.body);
                self.imported_in(&inner);
                self.nested(inner.free_of_class());
            }
            Stmt::Global(stmt) => self.globals.extend(stmt.names.iter().map(ToString::to_string)),
            Stmt::Nonlocal(stmt) => self.nonlocals.extend(stmt.names.iter().map(ToString::to_string)),
            Stmt::Import(stmt) => {
                for alias in &stmt.names {
                    let package = alias.name.split('.').next().unwrap_or_default();
                    let (name, module) = match &alias.asname {
                        Some(name) => (name.as_str(), alias.name.as_str()),
                        None => (package, package),
                    };
                    self.bound.insert(name.to_string());
                    self.imports(name, module);
                }
            }
            Stmt::ImportFrom(stmt) => {
                for alias in &stmt.names {
                    let name = alias.asname.as_ref().unwrap_or(&alias.name);
                    self.bound.insert(name.to_string());
                    // What is no module has no members that are not modelled.
                    if let Some(module) = &stmt.module {
                        self.imports(name, &format!("{module}.{}", alias.name));
                    }
                }
            }
            Stmt::AnnAssign(stmt) => {
                self.visit_expr(&stmt.target);
                stmt.value.iter().for_each(|value| self.visit_expr(value));
            }
            whole @ Stmt::AugAssign(stmt) => {
                if let Expr::Name(name) = &*stmt.target {
                    self.used.insert(name.id.to_string());
                }
                visitor::walk_stmt(self, whole);
            }
            _ => visitor::walk_stmt(self, stmt),
        }
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Name(name) => {
                let names = match name.ctx {
                    ExprContext::Load => &mut self.used,
                    _ => &mut self.bound,
                };
                names.insert(name.id.to_string());
                if name.ctx == ExprContext::Del {
                    self.deleted.insert(name.id.to_string());
                }
                if name.id.as_str() == "super" {
                    self.used.insert("__class__".into());
                }
            }
            Expr::Lambda(lambda) => {
                lambda.parameters.iter().for_each(|parameters| visit_defaults(self, parameters));
                self.nested(Symbols::of_lambda(lambda.parameters.as_deref(), &lambda.body).free());
            }
            Expr::Yield(_) | Expr::YieldFrom(_) => {
                self.generating = true;
                visitor::walk_expr(self, expr);
            }
            _ => match comprehended(expr) {
                Some((elements, generators)) => self.comprehension(&elements, generators),
                None => visitor::walk_expr(self, expr),
            },
        }
    }

    fn visit_except_handler(&mut self, handler: &'a ExceptHandler) {
        let ExceptHandler::ExceptHandler(inner) = handler;
        self.bound.extend(inner.name.as_ref().map(ToString::to_string));
        visitor::walk_except_handler(self, handler);
    }

    fn visit_pattern(&mut self, pattern: &'a Pattern) {
        self.bound.extend(captured(pattern).map(ToString::to_string));
        visitor::walk_pattern(self, pattern);
    }

    fn visit_annotation(&mut self, _expr: &'a Expr) {
        // Annotations are not evaluated (PEP 649).
    }
}

/// The name that a pattern itself binds, without those inside of it.
fn captured(pattern: &Pattern) -> Option<&Identifier> {
    match pattern {
        Pattern::MatchAs(pattern) => pattern.name.as_ref(),
        Pattern::MatchStar(pattern) => pattern.name.as_ref(),
        Pattern::MatchMapping(pattern) => pattern.rest.as_ref(),
        _ => None,
    }
}

/// The names that a pattern binds.
pub fn captures(pattern: &Pattern) -> Vec<&Identifier> {
    struct Captures<'a>(Vec<&'a Identifier>);
    impl<'a> Visitor<'a> for Captures<'a> {
        fn visit_pattern(&mut self, pattern: &'a Pattern) {
            self.0.extend(captured(pattern).filter(|name| !self.0.contains(name)));
            visitor::walk_pattern(self, pattern);
        }
    }
    let mut found = Captures(Vec::new());
    found.visit_pattern(pattern);
    found.0
}

/// What a comprehension or generator expression is made of: its elements, a key before its value, and its clauses.
pub fn comprehended(expr: &Expr) -> Option<(Vec<&Expr>, &[Comprehension])> {
    Some(match expr {
        Expr::ListComp(comp) => (vec![&comp.elt], &comp.generators),
        Expr::SetComp(comp) => (vec![&comp.elt], &comp.generators),
        Expr::Generator(comp) => (vec![&comp.elt], &comp.generators),
        Expr::DictComp(comp) => {
            (comp.key.as_deref().into_iter().chain([&*comp.value]).collect(), &comp.generators)
        }
        _ => return None,
    })
}

/// Visits the defaults of parameters, which stand in the scope around a function.
pub fn visit_defaults<'a>(visitor: &mut impl Visitor<'a>, parameters: &'a Parameters) {
    for parameter in parameters.iter_non_variadic_params() {
        parameter.default().into_iter().for_each(|default| visitor.visit_expr(default));
    }
}

/// The names that `:=` binds in expressions, in the function around.
pub fn named_targets(elements: &[&Expr], generators: &[Comprehension]) -> Names {
    struct Named(Names);
    impl<'a> Visitor<'a> for Named {
        fn visit_expr(&mut self, expr: &'a Expr) {
            if let Expr::Named(named) = expr
                && let Expr::Name(name) = &*named.target
            {
                self.0.insert(name.id.to_string());
            }
            if !matches!(expr, Expr::Lambda(_)) {
                visitor::walk_expr(self, expr);
            }
        }
    }
    let mut named = Named(Names::new());
    elements.iter().for_each(|element| named.visit_expr(element));
    for generator in generators {
        generator.ifs.iter().for_each(|test| named.visit_expr(test));
    }
    named.0
}
