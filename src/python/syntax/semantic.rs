//! What CPython's compiler rejects although its parser reads it. Ruff's checker knows most of it, and asks for
//! what stands around a place.

use std::borrow::Cow;
use std::cell::RefCell;

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{Comprehension, Expr, Parameters, PythonVersion, Stmt};
use ruff_python_parser::semantic_errors::{
    LazyImportContext, SemanticSyntaxChecker, SemanticSyntaxContext, SemanticSyntaxError,
    SemanticSyntaxErrorKind,
};
use ruff_text_size::TextRange;

use crate::diagnostic::Diagnostic;
use crate::python::syntax::blocks;
use crate::python::syntax::declared;
use crate::python::syntax::lower::{Symbols, comprehended};
use crate::python::syntax::parse::Source;

/// Checks a module.
///
/// # Errors
/// The first error; those of declarations come before all others.
pub(super) fn check(source: &Source, body: &[Stmt]) -> Result<(), Diagnostic> {
    let mut walk = Walk {
        checker: SemanticSyntaxChecker::new(),
        version: PythonVersion::from(source.version.pair()),
        text: source.text,
        scopes: vec![Scope::new(Kind::Module, None, body)],
        yields_in_comprehensions: !source.timeline.has("syntax.comprehension-scope"),
        found: RefCell::default(),
        unmodelled: RefCell::default(),
    };
    walk.visit_body(body);
    declared::check(source, body)?;
    let found = walk.found.into_inner().into_iter().filter(|error| !is_allowed(source, error));
    let found = found.min_by_key(|error| error.range.start());
    let own = |error: &SemanticSyntaxError| {
        own_text(error).filter(|_| source.timeline.has("syntax.compiler-texts"))
    };
    let found = found.map(|error| match own(&error) {
        Some(text) => source.syntax(&error.range, text),
        None => source.syntax(&error.range, &error),
    });
    let errors = [found, blocks::check(source, body).err()].into_iter().flatten();
    errors.min_by_key(|error| error.span().map(|span| span.start)).map_or(Ok(()), Err)?;
    match walk.unmodelled.into_inner().first() {
        Some(range) => Err(source.refuse(range, "`yield` in a comprehension")),
        None => Ok(()),
    }
}

/// What CPython says of an error.
fn own_text(error: &SemanticSyntaxError) -> Option<Cow<'static, str>> {
    Some(match &error.kind {
        SemanticSyntaxErrorKind::FutureFeatureNotDefined(name) if name == "braces" => "not a chance".into(),
        SemanticSyntaxErrorKind::FutureFeatureNotDefined(name) => {
            format!("future feature {name} is not defined").into()
        }
        SemanticSyntaxErrorKind::GlobalParameter(name) => format!("name '{name}' is local and global").into(),
        SemanticSyntaxErrorKind::BreakOutsideLoop => "'break' outside loop".into(),
        SemanticSyntaxErrorKind::ContinueOutsideLoop => "'continue' not properly in loop".into(),
        SemanticSyntaxErrorKind::ReturnOutsideFunction => "'return' outside function".into(),
        SemanticSyntaxErrorKind::YieldOutsideFunction(_) => "'yield' outside function".into(),
        _ => return None,
    })
}

/// Whether an error is none in a version: before Python 3.0 `from m import *` may stand anywhere.
fn is_allowed(source: &Source, error: &SemanticSyntaxError) -> bool {
    matches!(error.kind, SemanticSyntaxErrorKind::NonModuleImportStar(_))
        && source.timeline.has("syntax.star-import-anywhere")
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Module,
    Function { is_async: bool },
    Lambda,
    Class,
    Comprehension { is_async: bool, generator: bool },
}

struct Scope {
    kind: Kind,
    symbols: Symbols,
    parameters: Vec<String>,
    loops: usize,
}

impl Scope {
    fn new(kind: Kind, parameters: Option<&Parameters>, body: &[Stmt]) -> Scope {
        Scope {
            kind,
            symbols: Symbols::of_function(parameters, body),
            parameters: parameter_names(parameters),
            loops: 0,
        }
    }
}

fn parameter_names(parameters: Option<&Parameters>) -> Vec<String> {
    let parameters = parameters.into_iter().flat_map(|parameters| parameters.iter());
    parameters.map(|parameter| parameter.name().to_string()).collect()
}

struct Walk<'a> {
    checker: SemanticSyntaxChecker,
    version: PythonVersion,
    text: &'a str,
    scopes: Vec<Scope>,
    /// Whether the version has comprehensions that yield.
    yields_in_comprehensions: bool,
    found: RefCell<Vec<SemanticSyntaxError>>,
    /// Where they do.
    unmodelled: RefCell<Vec<TextRange>>,
}

impl Walk<'_> {
    fn checked(&mut self, check: impl FnOnce(&mut SemanticSyntaxChecker, &Self)) {
        let mut checker = std::mem::take(&mut self.checker);
        check(&mut checker, self);
        self.checker = checker;
    }

    fn kind(&self) -> Kind {
        self.scopes.last().map_or(Kind::Module, |scope| scope.kind)
    }

    /// The kind of the innermost scope that is no comprehension's.
    fn around_comprehensions(&self) -> Option<Kind> {
        self.scopes
            .iter()
            .rev()
            .map(|scope| scope.kind)
            .find(|kind| !matches!(kind, Kind::Comprehension { .. }))
    }

    fn within(&mut self, scope: Scope, visit: impl FnOnce(&mut Self)) {
        self.scopes.push(scope);
        visit(self);
        self.scopes.pop();
    }

    fn looped(&mut self, visit: impl FnOnce(&mut Self)) {
        self.count_loops(1);
        visit(self);
        self.count_loops(-1);
    }

    fn count_loops(&mut self, by: isize) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.loops = scope.loops.saturating_add_signed(by);
        }
    }

    fn comprehension(&mut self, generator: bool, generators: &[Comprehension], elements: &[&Expr]) {
        generators.iter().for_each(|generator| self.visit_comprehension(generator));
        let is_async = generators.iter().any(|generator| generator.is_async);
        let mut scope = Scope::new(Kind::Comprehension { is_async, generator }, None, &[]);
        scope.symbols = Symbols::of_comprehension(elements, generators);
        self.within(scope, |walk| elements.iter().for_each(|element| walk.visit_expr(element)));
    }
}

impl SemanticSyntaxContext for Walk<'_> {
    fn future_annotations_or_stub(&self) -> bool {
        false
    }

    fn lazy_import_context(&self) -> Option<LazyImportContext> {
        None
    }

    fn python_version(&self) -> PythonVersion {
        self.version
    }

    fn source(&self) -> &str {
        self.text
    }

    fn global(&self, _name: &str) -> Option<TextRange> {
        // `declared.rs` checks this.
        None
    }

    fn has_nonlocal_binding(&self, name: &str) -> bool {
        let around = self.scopes.iter().rev().skip(1);
        // Methods share a variable that holds their class.
        if name == "__class__" && around.clone().any(|scope| scope.kind == Kind::Class) {
            return true;
        }
        around.filter(|scope| matches!(scope.kind, Kind::Function { .. } | Kind::Lambda)).any(|scope| {
            let symbols = &scope.symbols;
            symbols.bound.contains(name) && !symbols.globals.contains(name)
                || symbols.nonlocals.contains(name)
        })
    }

    fn in_async_context(&self) -> bool {
        // A comprehension that awaits inside an asynchronous function is an asynchronous one.
        self.kind() == Kind::Comprehension { is_async: true, generator: true }
            || self.around_comprehensions() == Some(Kind::Function { is_async: true })
    }

    fn in_await_allowed_context(&self) -> bool {
        matches!(self.around_comprehensions(), Some(Kind::Function { .. } | Kind::Lambda))
    }

    fn in_yield_allowed_context(&self) -> bool {
        matches!(self.kind(), Kind::Function { .. } | Kind::Lambda)
    }

    fn in_sync_comprehension(&self) -> bool {
        self.scopes.iter().any(|scope| matches!(scope.kind, Kind::Comprehension { is_async: false, .. }))
    }

    fn in_class_body_comprehension(&self) -> bool {
        self.around_comprehensions() == Some(Kind::Class)
    }

    fn in_module_scope(&self) -> bool {
        self.kind() == Kind::Module
    }

    fn in_function_scope(&self) -> bool {
        self.in_yield_allowed_context()
    }

    fn in_generator_context(&self) -> bool {
        self.scopes.iter().any(|scope| matches!(scope.kind, Kind::Comprehension { generator: true, .. }))
    }

    fn in_notebook(&self) -> bool {
        false
    }

    fn report_semantic_error(&self, error: SemanticSyntaxError) {
        let outside = matches!(error.kind, SemanticSyntaxErrorKind::YieldOutsideFunction(_));
        let function = matches!(self.around_comprehensions(), Some(Kind::Function { .. } | Kind::Lambda));
        match outside && function && self.yields_in_comprehensions {
            true => self.unmodelled.borrow_mut().push(error.range),
            false => self.found.borrow_mut().push(error),
        }
    }

    fn in_loop_context(&self) -> bool {
        self.scopes.last().is_some_and(|scope| scope.loops > 0)
    }

    fn is_bound_parameter(&self, name: &str) -> bool {
        self.scopes.last().is_some_and(|scope| scope.parameters.iter().any(|known| known == name))
    }
}

impl<'a> Visitor<'a> for Walk<'_> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        self.checked(|checker, walk| checker.visit_stmt(stmt, walk));
        match stmt {
            Stmt::FunctionDef(def) => {
                def.decorator_list.iter().for_each(|decorator| self.visit_decorator(decorator));
                self.visit_parameters(&def.parameters);
                let kind = Kind::Function { is_async: def.is_async };
                let scope = Scope::new(kind, Some(&def.parameters), &def.body);
                self.within(scope, |walk| walk.visit_body(&def.body));
            }
            Stmt::ClassDef(def) => {
                def.decorator_list.iter().for_each(|decorator| self.visit_decorator(decorator));
                def.arguments.iter().for_each(|arguments| self.visit_arguments(arguments));
                self.within(Scope::new(Kind::Class, None, &def.body), |walk| walk.visit_body(&def.body));
            }
            Stmt::For(stmt) => {
                self.visit_expr(&stmt.iter);
                self.visit_expr(&stmt.target);
                self.looped(|walk| walk.visit_body(&stmt.body));
                self.visit_body(&stmt.orelse);
            }
            Stmt::While(stmt) => {
                self.visit_expr(&stmt.test);
                self.looped(|walk| walk.visit_body(&stmt.body));
                self.visit_body(&stmt.orelse);
            }
            _ => visitor::walk_stmt(self, stmt),
        }
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        self.checked(|checker, walk| checker.visit_expr(expr, walk));
        match expr {
            Expr::Lambda(lambda) => {
                lambda.parameters.iter().for_each(|parameters| self.visit_parameters(parameters));
                let mut scope = Scope::new(Kind::Lambda, lambda.parameters.as_deref(), &[]);
                scope.symbols = Symbols::of_lambda(lambda.parameters.as_deref(), &lambda.body);
                self.within(scope, |walk| walk.visit_expr(&lambda.body));
            }
            _ => match comprehended(expr) {
                Some((elements, generators)) => {
                    self.comprehension(expr.is_generator_expr(), generators, &elements);
                }
                None => visitor::walk_expr(self, expr),
            },
        }
    }
}
