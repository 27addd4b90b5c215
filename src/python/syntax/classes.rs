//! Definitions of functions and classes, and the values of the file's classes.

use std::collections::{BTreeMap, BTreeSet};

use egg::Id;
use ruff_python_ast::{Expr, Parameters, Stmt, StmtClassDef, StmtFunctionDef};
use ruff_text_size::{Ranged, TextRange};

use crate::book::classes::Hierarchy;
use crate::diagnostic::Diagnostic;
use crate::python::syntax::instrument::Instrumenter;
use crate::python::syntax::load::FunctionInfo;
use crate::python::syntax::lower::Lowerer;
use crate::python::syntax::scope::Scope;

/// A `class` statement of the file.
pub(super) struct ClassDefinition {
    pub(super) name: String,
    base: String,
    /// The place of the base's name.
    place: TextRange,
}

impl Lowerer<'_> {
    /// Lowers a function definition at module level.
    pub(super) fn function(&mut self, def: &StmtFunctionDef) -> Result<Id, Diagnostic> {
        if let Some(decorator) = def.decorator_list.first() {
            return Err(self.source.refuse(decorator, "decorator"));
        }
        if let Some(params) = &def.type_params {
            return Err(self.source.refuse(&**params, "type parameters"));
        }
        self.defined_once(&def.name, "function")?;
        let params = self.parameters(&def.parameters)?;
        let target = self.bound(&def.name, &def.name)?;

        let scope = Scope::function(&def.name, &def.parameters, &def.body);
        let module = std::mem::replace(&mut self.scope, scope);
        let body = self.suite(&def.body);
        self.scope = module;

        let names: Vec<&str> = params.iter().map(String::as_str).collect();
        let value = self.instrumenter.function(&def.name, &names, body?);
        self.functions.push(FunctionInfo {
            name: def.name.to_string(),
            line: self.source.line(def.start()),
            params,
            called: false,
        });
        let value = self.instrumenter.node("const", [value]);
        Ok(self.instrumenter.node("assign", [target, value]))
    }

    /// The names of positional parameters, the only ones modelled.
    fn parameters(&self, parameters: &Parameters) -> Result<Vec<String>, Diagnostic> {
        if let Some(variadic) = parameters.vararg.as_ref().or(parameters.kwarg.as_ref()) {
            return Err(self.source.refuse(&**variadic, "parameter with `*`"));
        }
        if let Some(keyword) = parameters.kwonlyargs.first() {
            return Err(self.source.refuse(keyword, "keyword-only parameter"));
        }
        let mut seen = BTreeSet::new();
        for parameter in parameters.iter_non_variadic_params() {
            let name = parameter.name();
            if let Some(default) = &parameter.default {
                return Err(self.source.refuse(&**default, "parameter with a default"));
            }
            if name.as_str() == "__debug__" {
                return Err(self.source.syntax(name, "cannot assign to __debug__"));
            }
            if !seen.insert(name.as_str()) {
                let message = format!("duplicate argument '{name}' in function definition");
                return Err(self.source.syntax(name, message));
            }
        }
        let names = parameters.iter_non_variadic_params();
        Ok(names.map(|parameter| parameter.name().to_string()).collect())
    }

    /// Lowers `class Name(Base): pass` at module level.
    pub(super) fn class(&mut self, def: &StmtClassDef) -> Result<Id, Diagnostic> {
        if let Some(decorator) = def.decorator_list.first() {
            return Err(self.source.refuse(decorator, "decorator"));
        }
        if let Some(params) = &def.type_params {
            return Err(self.source.refuse(&**params, "type parameters"));
        }
        if let Some(stmt) = def.body.iter().find(|stmt| !is_empty(stmt)) {
            return Err(self.source.refuse(stmt, "class with a body"));
        }
        self.defined_once(&def.name, "class")?;
        let base = self.base(def)?;
        self.note_class(base);
        self.classes.push(ClassDefinition {
            name: def.name.to_string(),
            base: base.id.to_string(),
            place: base.range(),
        });
        let base = self.expression(&Expr::Name(base.clone()))?;
        self.names.mention(&def.name);
        let target = self.bound(&def.name, &def.name)?;
        let name = self.instrumenter.atom(&crate::term::escape(&def.name));
        Ok(self.instrumenter.node("class-definition", [target, name, base]))
    }

    fn base<'d>(&self, def: &'d StmtClassDef) -> Result<&'d ruff_python_ast::ExprName, Diagnostic> {
        let arguments = def.arguments.as_deref();
        let bases = arguments.map_or(&[][..], |arguments| &arguments.args);
        if let Some(keyword) = arguments.and_then(|arguments| arguments.keywords.first()) {
            return Err(self.source.refuse(keyword, "keyword argument of a class"));
        }
        match bases {
            [Expr::Name(name)] => Ok(name),
            [] => Err(self.source.refuse(&def.name, "class that is no exception class")),
            [expr] => Err(self.source.refuse(expr, "base class that is not a name")),
            [_, second, ..] => Err(self.source.refuse(second, "class with several bases")),
        }
    }

    /// Markers and class values go by name, so a name is defined once, and not anew
    /// in each turn of a loop.
    fn defined_once(&self, name: &ruff_python_ast::Identifier, kind: &str) -> Result<(), Diagnostic> {
        let functions = self.functions.iter().map(|function| &function.name);
        let mut all = functions.chain(self.classes.iter().map(|class| &class.name));
        if all.any(|other| other == name.as_str()) {
            return Err(self.source.refuse(name, &format!("{kind} with a name already defined")));
        }
        if self.scope.in_loop {
            return Err(self.source.refuse(name, &format!("{kind} definition in a loop")));
        }
        Ok(())
    }

    /// The values of all exception classes the program names, by name: builtin ones,
    /// those that no file defines (label `opaque`) and the file's own.
    ///
    /// # Errors
    /// A class of the file whose base is not such a class.
    pub(super) fn class_values(&mut self) -> Result<BTreeMap<String, Id>, Diagnostic> {
        let mut values = BTreeMap::new();
        for (name, &as_class) in &self.names.used {
            if self.names.bound.contains(name) {
                continue;
            }
            let value = match self.hierarchy.class_value(name, self.instrumenter.builder()) {
                Some(value) => Some(value),
                None if as_class && !crate::python::syntax::globals::is_builtin(name) => {
                    opaque(name, self.hierarchy, &mut self.instrumenter)
                }
                None => None,
            };
            values.extend(value.map(|value| (name.clone(), value)));
        }
        for class in &self.classes {
            let Some(&base) = values.get(&class.base) else {
                return Err(self
                    .source
                    .refuse(&class.place, "base class that the file does not define as a class"));
            };
            let value = self.instrumenter.class_value(&class.name, "file", base);
            values.insert(class.name.clone(), value);
        }
        Ok(values)
    }
}

/// The class that stands for an exception class defined elsewhere.
fn opaque(name: &str, hierarchy: &Hierarchy, instrumenter: &mut Instrumenter) -> Option<Id> {
    let base = hierarchy.class_value("Exception", instrumenter.builder())?;
    Some(instrumenter.class_value(name, "opaque", base))
}

/// `pass`, `...` or a docstring.
fn is_empty(stmt: &Stmt) -> bool {
    match stmt {
        Stmt::Pass(_) => true,
        Stmt::Expr(stmt) => stmt.value.is_ellipsis_literal_expr() || stmt.value.is_string_literal_expr(),
        _ => false,
    }
}
