//! Functions and classes.

use egg::Id;
use ruff_python_ast::{
    Decorator, Expr, ExprLambda, Keyword, Parameters, Stmt, StmtAnnAssign, StmtClassDef, StmtFunctionDef,
};
use ruff_text_size::{Ranged, TextSize};

use crate::diagnostic::Diagnostic;
use crate::python::syntax::entry::Entering;
use crate::python::syntax::lower::spots::Spot;
use crate::python::syntax::lower::symbols::Symbols;
use crate::python::syntax::lower::unknown::{FILES, OBSERVED, WAITING};
use crate::python::syntax::lower::{Kind, Lowered, Lowerer, Scope};
use crate::python::values::hidden;

/// Decorators that leave a function as it is.
const NOTHING: [&str; 4] = ["abstractmethod", "override", "final", "no_type_check"];

/// Methods that are given their class.
const CREATING: [&str; 3] = ["__new__", "__init_subclass__", "__class_getitem__"];

/// The last name of a decorator; nothing where it is called.
fn decorator_name(decorator: &Expr) -> &str {
    match decorator {
        Expr::Name(name) => name.id.as_str(),
        Expr::Attribute(attribute) => attribute.attr.as_str(),
        _ => "",
    }
}

/// The defaults of positional parameters, and those of keyword-only ones with their names.
type Defaults = (Vec<Id>, Vec<(String, Id)>);

impl Lowerer<'_> {
    /// The qualified name of what is defined in the scope at hand.
    pub(super) fn qualified(&self, name: &str) -> String {
        let scope = self.scope();
        if scope.symbols.globals.contains(name) {
            return name.to_string();
        }
        match scope.kind {
            Kind::Module => name.to_string(),
            Kind::Function => format!("{}.<locals>.{name}", scope.qualname),
            Kind::Class(_) => format!("{}.{name}", scope.qualname),
        }
    }

    pub(super) fn function(&mut self, def: &StmtFunctionDef) -> Lowered {
        if let Some(params) = &def.type_params {
            return Err(self.source.refuse(&**params, "type parameters"));
        }
        self.finder.mention(&def.name);
        let decorators = self.decorators(&def.decorator_list)?;
        let target = self.bound_identifier(&def.name)?;
        let (defaults, kwdefaults) = self.defaults(&def.parameters)?;
        let code = self.function_code(def)?;
        let documentation = documentation(&def.body);
        let value = self.made_function(code, &defaults, kwdefaults, documentation);
        let value = self.decorated(decorators, value);
        Ok(self.assign(target, value))
    }

    pub(super) fn function_code(&mut self, def: &StmtFunctionDef) -> Lowered {
        let symbols = Symbols::of_function(Some(&def.parameters), &def.body);
        self.enter(&def.name, symbols, &def.parameters, def.start());
        let noted = self.note_function(def);
        let body = self.suite(&def.body);
        let code = body.map(|body| {
            let body = self.binding_parameters(def, &def.parameters, body);
            let body = self.watched(body);
            self.code_with(&def.name, &def.parameters, body)
        });
        if let (Some(noted), Ok(code)) = (noted, &code)
            && self.finder.open_world
        {
            let entering = Entering {
                code: self.instrumenter.finish(*code),
                class: None,
                kind: self.kind_of(def),
                marker: self.definition_marker(),
            };
            self.functions[noted].entering = Some(entering);
        }
        self.scopes.pop();
        code
    }

    /// What the decorators of a function make of it, for whoever enters it.
    fn kind_of(&self, def: &StmtFunctionDef) -> &'static str {
        let in_class = matches!(self.scopes.iter().rev().nth(1), Some(Scope { kind: Kind::Class(_), .. }));
        let names = def.decorator_list.iter().map(|decorator| decorator_name(&decorator.expression));
        let said: Vec<&str> = names.filter(|name| !NOTHING.contains(name)).collect();
        match said[..] {
            [] if !in_class => "function",
            [] if CREATING.contains(&def.name.as_str()) => "of-class",
            [] => "method",
            ["staticmethod"] if in_class => "function",
            ["classmethod"] if in_class => "of-class",
            ["property" | "cached_property" | "setter" | "getter" | "deleter"] if in_class => "method",
            _ => "decorated",
        }
    }

    /// A function's body is watched, by the function's qualified name.
    fn watched(&mut self, body: Id) -> Id {
        let name = self.scope().qualname.clone();
        let name = match self.module.as_str() {
            FILES if OBSERVED.contains(&name.as_str()) => format!("io.{name}"),
            module if (module, name.as_str()) == WAITING => format!("{}.{name}", self.module),
            _ if self.library => return body,
            _ => name,
        };
        self.callables.push(name.clone());
        let name = self.text(&name);
        let marker = self.instrumenter.node("body", [name]);
        self.instrumenter.node("watch", [marker, body])
    }

    pub(super) fn lambda(&mut self, lambda: &ExprLambda) -> Lowered {
        let empty = Parameters::default();
        let parameters = lambda.parameters.as_deref().unwrap_or(&empty);
        let (defaults, kwdefaults) = self.defaults(parameters)?;
        let symbols = Symbols::of_lambda(lambda.parameters.as_deref(), &lambda.body);
        self.enter("<lambda>", symbols, parameters, lambda.start());
        let back = self.come_from(Spot::NOWHERE);
        let value = self.expression(&lambda.body);
        self.come_from(back);
        let code = value.map(|value| {
            let body = self.instrumenter.node("return", [value]);
            let body = self.watched(body);
            self.code_with("<lambda>", parameters, body)
        });
        self.scopes.pop();
        Ok(self.made_function(code?, &defaults, kwdefaults, None))
    }

    /// Opens the scope of a function that begins at a place.
    pub(super) fn enter(&mut self, name: &str, symbols: Symbols, parameters: &Parameters, start: TextSize) {
        let mut scope = Scope::new(Kind::Function, symbols, self.qualified(name));
        let first = parameters.posonlyargs.iter().chain(&parameters.args).next();
        scope.first = first.map(|first| first.name().to_string());
        scope.first_line = self.source.line(start);
        self.scopes.push(scope);
    }

    /// The defaults of positional parameters, and those of keyword-only ones with their names.
    pub(super) fn defaults(&mut self, parameters: &Parameters) -> Result<Defaults, Diagnostic> {
        let mut defaults = Vec::new();
        for parameter in parameters.posonlyargs.iter().chain(&parameters.args) {
            if let Some(default) = parameter.default() {
                defaults.push(self.expression(default)?);
            }
        }
        let mut named = Vec::new();
        for parameter in &parameters.kwonlyargs {
            if let Some(default) = parameter.default() {
                named.push((self.mangled(parameter.name()), self.expression(default)?));
            }
        }
        Ok((defaults, named))
    }

    pub(super) fn made_function(
        &mut self,
        code: Id,
        defaults: &[Id],
        kwdefaults: Vec<(String, Id)>,
        documentation: Option<String>,
    ) -> Id {
        let function = self.instrumenter.literal("builtin", "make_function");
        let positional: Vec<Id> =
            std::iter::once(self.constant(code)).chain(defaults.iter().copied()).collect();
        let mut named = kwdefaults;
        named.extend(documentation.map(|text| (hidden::DOC.to_string(), self.string(&text))));
        self.invoked(function, &positional, &named)
    }

    /// `(code kind information signature body)` of the scope at hand, with these positional parameters.
    pub(super) fn code(&mut self, name: &str, kind: &str, positional: &[String], body: Id) -> Id {
        let signature = self.signature(0, positional, &[], None, None);
        self.assembled(name, kind, signature, body)
    }

    fn code_with(&mut self, name: &str, parameters: &Parameters, body: Id) -> Id {
        let names = |list: &[ruff_python_ast::ParameterWithDefault]| -> Vec<String> {
            list.iter().map(|parameter| parameter.name().to_string()).collect()
        };
        let mut positional = names(&parameters.posonlyargs);
        positional.extend(names(&parameters.args));
        let star = parameters.vararg.as_ref().map(|parameter| parameter.name.to_string());
        let double_star = parameters.kwarg.as_ref().map(|parameter| parameter.name.to_string());
        let kwonly = names(&parameters.kwonlyargs);
        let posonly = parameters.posonlyargs.len();
        let signature = self.signature(posonly, &positional, &kwonly, star, double_star);
        let kind = if self.scope().symbols.generating { "generating" } else { "ordinary" };
        self.assembled(name, kind, signature, body)
    }

    fn signature(
        &mut self,
        posonly: usize,
        positional: &[String],
        kwonly: &[String],
        star: Option<String>,
        double_star: Option<String>,
    ) -> Id {
        let mangled = |lowerer: &Self, names: &[String]| -> Vec<String> {
            names.iter().map(|name| lowerer.mangled(name)).collect()
        };
        let posonly = self.instrumenter.atom(&posonly.to_string());
        let (positional, kwonly) = (mangled(self, positional), mangled(self, kwonly));
        let (positional, kwonly) = (self.list(positional), self.list(kwonly));
        let [star, double_star] = [star, double_star].map(|name| match name {
            Some(name) => {
                let name = self.text(&name);
                self.instrumenter.node("collects", [name])
            }
            None => self.instrumenter.atom("nothing"),
        });
        self.instrumenter.node("signature", [posonly, positional, kwonly, star, double_star])
    }

    fn assembled(&mut self, name: &str, kind: &str, signature: Id, body: Id) -> Id {
        let scope = self.scope().clone();
        let free = match scope.kind {
            Kind::Class(_) => scope.symbols.free_of_class(),
            _ => scope.symbols.free(),
        };
        let free: Vec<String> =
            free.into_iter().filter(|name| self.is_enclosing(name)).map(|name| self.mangled(&name)).collect();
        let cells: Vec<String> = scope.cells.iter().map(|name| self.mangled(name)).collect();
        let module = self.module.clone();
        let (name, qualname, module) = (self.text(name), self.text(&scope.qualname), self.text(&module));
        let (cells, free) = (self.list(cells), self.list(free));
        let information = self.instrumenter.node("information", [name, qualname, module, cells, free]);
        let body = if kind == "generating" { self.generator_body(scope.first_line, body) } else { body };
        let kind = self.instrumenter.atom(kind);
        self.instrumenter.node("code", [kind, information, signature, body])
    }

    /// The decorators, each with its spot.
    fn decorators(&mut self, decorators: &[Decorator]) -> Result<Vec<(Spot, Id)>, Diagnostic> {
        let spot = |lowerer: &Self, decorator: &Decorator| lowerer.source.spot_of(&decorator.expression);
        decorators
            .iter()
            .map(|decorator| Ok((spot(self, decorator), self.expression(&decorator.expression)?)))
            .collect()
    }

    /// Decorators are evaluated from the top, and applied from the bottom.
    fn decorated(&mut self, decorators: Vec<(Spot, Id)>, value: Id) -> Id {
        self.come_from(Spot::NOWHERE);
        decorators.into_iter().rev().fold(value, |value, (spot, decorator)| {
            let value = if self.places { self.located(&spot, value) } else { value };
            let rest = self.instrumenter.atom("no-operands");
            let operands = self.instrumenter.node("operand", [value, rest]);
            self.instrumenter.node("invocation", [decorator, operands])
        })
    }

    pub(super) fn class(&mut self, def: &StmtClassDef) -> Lowered {
        if let Some(params) = &def.type_params {
            return Err(self.source.refuse(&**params, "type parameters"));
        }
        let decorators = self.decorators(&def.decorator_list)?;
        let target = self.bound_identifier(&def.name)?;
        let operands = match def.arguments.as_ref().filter(|arguments| !arguments.is_empty()) {
            Some(arguments) => {
                let metaclass =
                    |keyword: &&Keyword| keyword.arg.as_ref().is_none_or(|name| name == "metaclass");
                if let Some(keyword) = arguments.keywords.iter().find(metaclass) {
                    return Err(self.source.refuse(keyword, "a metaclass"));
                }
                Some(self.operands(arguments)?)
            }
            None => None,
        };
        let symbols = Symbols::of_body(&def.body);
        self.checked_class(def, &symbols)?;
        let qualname = self.qualified(&def.name);
        let mut scope = Scope::new(Kind::Class(def.name.to_string()), symbols, qualname);
        scope.first_line = self.source.line(def.start());
        self.scopes.push(scope);
        self.scope_mut().first_line = self.source.line(def.start());
        let first = self.functions.len();
        let code = self.class_code(def);
        self.scopes.pop();
        let builder = self.instrumenter.node("class-builder", [code?]);
        self.note_class_of(first, builder);
        let mut value = match operands {
            Some(operands) => {
                let builder = self.constant(builder);
                self.instrumenter.node("invocation", [builder, operands])
            }
            None => self.built_without_bases(builder),
        };
        if self.places && !decorators.is_empty() {
            value = self.located(&self.source.spot_of_class(def), value);
        }
        let value = self.decorated(decorators, value);
        Ok(self.assign(target, value))
    }

    /// Notes the class of the methods that were noted from a place on.
    fn note_class_of(&mut self, first: usize, builder: Id) {
        let mut class = None;
        for function in self.functions.iter_mut().skip(first) {
            let Some(entering) = function.entering.as_mut().filter(|entering| entering.class.is_none())
            else {
                continue;
            };
            let class = class.get_or_insert_with(|| self.instrumenter.finish(builder));
            entering.class = Some(class.clone());
        }
    }

    fn class_code(&mut self, def: &StmtClassDef) -> Lowered {
        let mut body = Vec::new();
        if let Some(text) = documentation(&def.body) {
            let (target, text) = (self.target("__doc__"), self.string(&text));
            body.push(self.assign(target, text));
        }
        body.extend(self.statements(&def.body, false)?);
        if def.bases().iter().any(is_named_tuple) {
            let names: Vec<Id> =
                annotated(&def.body).iter().map(|name| self.instrumenter.literal("str", name)).collect();
            let names = self.instrumenter.values(&names);
            let names = self.instrumenter.node("tuple", [names]);
            let (target, names) = (self.instrumenter.local(hidden::ANNOTATED), self.constant(names));
            body.push(self.assign(target, names));
        }
        let namespace = self.instrumenter.literal("builtin", "namespace");
        let namespace = self.invoked(namespace, &[], &[]);
        body.push(self.instrumenter.node("return", [namespace]));
        let body = self.instrumenter.seq(&body);
        Ok(self.code(&def.name, "ordinary", &[], body))
    }
}

/// Whether a base is `typing.NamedTuple`, as far as its name tells.
fn is_named_tuple(base: &Expr) -> bool {
    match base {
        Expr::Name(name) => name.id.as_str() == "NamedTuple",
        Expr::Attribute(attribute) => attribute.attr.as_str() == "NamedTuple",
        _ => false,
    }
}

/// The names that a body annotates, in order.
fn annotated(body: &[Stmt]) -> Vec<String> {
    let name = |stmt: &'_ Stmt| match stmt {
        Stmt::AnnAssign(StmtAnnAssign { target, .. }) => {
            target.as_name_expr().map(|name| name.id.to_string())
        }
        _ => None,
    };
    body.iter().filter_map(name).collect()
}

/// The docstring of a body, its indentation taken off.
pub(super) fn documentation(body: &[Stmt]) -> Option<String> {
    let Stmt::Expr(first) = body.first()? else { return None };
    let Expr::StringLiteral(literal) = &*first.value else { return None };
    Some(unindented(literal.value.to_str()))
}

/// A docstring without its indentation, as the compiler leaves it since Python 3.13: the first line's own, and what
/// all other lines have in common.
fn unindented(text: &str) -> String {
    let spaces = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let mut lines = text.split('\n');
    let first = lines.next().unwrap_or_default().trim_start_matches(' ');
    let rest: Vec<&str> = lines.collect();
    let written = rest.iter().filter(|line| !line.trim_matches(' ').is_empty());
    let margin = written.map(|line| spaces(line)).min().unwrap_or(usize::MAX);
    let rest = rest.iter().map(|line| &line[spaces(line).min(margin)..]);
    std::iter::once(first).chain(rest).collect::<Vec<_>>().join("\n")
}
