//! Whether a program is one of the core, told from its tree, and what a program of the core says of its names.
//!
//! The core has small terms: its names are global or local, its calls have positional arguments, its classes no
//! bodies. Whatever a program says that is not of this form makes it one of the whole language.

use std::collections::{BTreeMap, BTreeSet};

use ruff_python_ast::{
    CmpOp, ExceptHandler, Expr, ExprCall, ExprName, ExprNumberLiteral, Identifier, Number, Parameters, Stmt,
    StmtClassDef, StmtFunctionDef, StmtTry, StringLiteral,
};

use crate::book::classes::Hierarchy;
use crate::python::syntax::constants::folded;
use crate::python::syntax::globals::{is_builtin, is_fixed, is_modelled};
use crate::python::syntax::lower::{Symbols, is_statement};
use crate::python::syntax::parse::Source;

/// Classes whose constructors demand arguments of certain types, so that a call does not simply make an instance. A
/// clause may name them.
const DEMANDING: [&str; 5] = [
    "UnicodeDecodeError",
    "UnicodeEncodeError",
    "UnicodeTranslateError",
    "ExceptionGroup",
    "BaseExceptionGroup",
];

/// Classes that treat a second argument specially: `OSError` picks a subclass by it, and a `SyntaxError` takes it apart.
const PAIRED: [&str; 6] =
    ["OSError", "IOError", "EnvironmentError", "SyntaxError", "IndentationError", "TabError"];

/// What language a program is written in.
pub(super) enum Language {
    /// The core, with what the program says of its global names.
    Core(GlobalNames),
    /// More than the core.
    Whole,
}

/// What a program of the core says of its global names.
#[derive(Debug, Default)]
pub(super) struct GlobalNames {
    /// Names read or defined as classes, in the order of their first mention.
    pub(super) mentions: Vec<String>,
    /// Names read, and whether one reading says that the name is a class.
    pub(super) used: BTreeMap<String, bool>,
    /// Names bound at module level.
    pub(super) bound: BTreeSet<String>,
    /// Names read outside the function of the same name.
    pub(super) read_elsewhere: BTreeSet<String>,
    /// The classes of the file, each with its base, in the order of the file.
    pub(super) classes: Vec<(String, String)>,
    functions: BTreeSet<String>,
    mentioned: BTreeSet<String>,
}

/// Tells the language of a module.
pub(super) fn language(source: &Source, hierarchy: &Hierarchy, body: &[Stmt]) -> Language {
    let (names, scope) = (GlobalNames::default(), Scope::default());
    let mut reader = Reader { source, hierarchy, names, scope };
    if !reader.suite(body) {
        return Language::Whole;
    }
    let names = reader.names;
    match names.known_classes(hierarchy) {
        Some(classes) if !names.unknowns(&classes).iter().any(|name| is_modelled(name)) => {
            Language::Core(names)
        }
        _ => Language::Whole,
    }
}

impl GlobalNames {
    /// Whether the program means a class by a name that it does not bind: a builtin one, or one that no file defines.
    pub(super) fn is_class_of_others(&self, name: &str, hierarchy: &Hierarchy) -> bool {
        let as_class = self.used.get(name).is_some_and(|as_class| *as_class && !is_builtin(name));
        !self.bound.contains(name) && (as_class || hierarchy.contains(name) && self.used.contains_key(name))
    }

    /// The names of the classes that the program uses; `None` where the base of one of its own is no class.
    fn known_classes(&self, hierarchy: &Hierarchy) -> Option<BTreeSet<String>> {
        let others = self.used.keys().filter(|name| self.is_class_of_others(name, hierarchy));
        let mut classes: BTreeSet<String> = others.cloned().collect();
        for (name, base) in &self.classes {
            if !classes.contains(base) {
                return None;
            }
            classes.insert(name.clone());
        }
        Some(classes)
    }

    /// The names read that nothing binds and that are not among these classes. A builtin that the file binds counts too:
    /// it can be read before it is bound.
    pub(super) fn unknowns(&self, classes: &BTreeSet<String>) -> Vec<String> {
        let used = self.used.keys();
        used.filter(|name| !self.bound.contains(*name) || is_builtin(name))
            .filter(|name| !classes.contains(*name) && !is_fixed(name))
            .cloned()
            .collect()
    }

    fn mention(&mut self, name: &str) {
        if self.mentioned.insert(name.to_string()) {
            self.mentions.push(name.to_string());
        }
    }
}

/// Where the statements being read stand.
#[derive(Debug, Default)]
struct Scope {
    /// The function whose body it is, and its names; `None` at module level.
    function: Option<(String, Symbols)>,
    in_loop: bool,
    /// How many suites the statements stand in, that of the file or the function counted.
    suites: usize,
}

/// Reads a program; each method says whether what it is given is of the core.
struct Reader<'a> {
    source: &'a Source<'a>,
    hierarchy: &'a Hierarchy,
    names: GlobalNames,
    scope: Scope,
}

impl Reader<'_> {
    fn suite(&mut self, body: &[Stmt]) -> bool {
        self.scope.suites += 1;
        let is_core = body.iter().all(|stmt| self.statement(stmt));
        self.scope.suites -= 1;
        is_core
    }

    fn statement(&mut self, stmt: &Stmt) -> bool {
        let in_module = self.scope.function.is_none();
        match stmt {
            Stmt::Pass(_) | Stmt::Break(_) | Stmt::Continue(_) => true,
            Stmt::Expr(stmt) => stmt.value.is_ellipsis_literal_expr() || self.expression(&stmt.value),
            Stmt::Return(stmt) => stmt.value.as_ref().is_none_or(|value| self.expression(value)),
            Stmt::Assign(assign) => {
                self.expression(&assign.value) && assign.targets.iter().all(|target| self.target(target))
            }
            Stmt::AnnAssign(assign) => {
                let value = assign.value.as_ref();
                value.is_some_and(|value| self.expression(value)) && self.target(&assign.target)
            }
            Stmt::If(stmt) => {
                self.expression(&stmt.test)
                    && self.suite(&stmt.body)
                    && stmt.elif_else_clauses.iter().all(|clause| {
                        clause.test.as_ref().is_none_or(|test| self.expression(test))
                            && self.suite(&clause.body)
                    })
            }
            Stmt::While(stmt) => self.expression(&stmt.test) && self.looped(&stmt.body, &stmt.orelse),
            Stmt::For(stmt) => {
                !stmt.is_async
                    && self.target(&stmt.target)
                    && self.expression(&stmt.iter)
                    && self.looped(&stmt.body, &stmt.orelse)
            }
            Stmt::Raise(raise) => {
                raise.cause.is_none() && raise.exc.as_ref().is_none_or(|raised| self.raised(raised))
            }
            Stmt::Try(stmt) => self.try_statement(stmt),
            // Whether a function is there to be entered is known only where objects are kept.
            Stmt::FunctionDef(def) => in_module && self.scope.suites == 1 && self.function(def),
            Stmt::ClassDef(def) => in_module && self.class(def),
            _ => false,
        }
    }

    fn looped(&mut self, body: &[Stmt], orelse: &[Stmt]) -> bool {
        let outer = std::mem::replace(&mut self.scope.in_loop, true);
        let body = self.suite(body);
        self.scope.in_loop = outer;
        body && self.suite(orelse)
    }

    fn try_statement(&mut self, stmt: &StmtTry) -> bool {
        !stmt.is_star
            && self.suite(&stmt.body)
            && stmt.handlers.iter().all(|ExceptHandler::ExceptHandler(handler)| {
                handler.type_.as_ref().is_none_or(|condition| self.condition(condition))
                    && handler.name.as_ref().is_none_or(|name| self.handler_name(name))
                    && self.suite(&handler.body)
            })
            && self.suite(&stmt.orelse)
            && self.suite(&stmt.finalbody)
    }

    /// Leaving the clause would uncover a builtin again.
    fn handler_name(&mut self, name: &Identifier) -> bool {
        !(self.scope.function.is_none() && is_builtin(name)) && self.bound(name)
    }

    fn target(&mut self, target: &Expr) -> bool {
        matches!(target, Expr::Name(name) if self.bound(&name.id))
    }

    /// A builtin exception class, and what [`is_fixed`], keep their meanings.
    fn bound(&mut self, name: &str) -> bool {
        if self.scope.function.is_none() {
            if self.hierarchy.contains(name) || is_fixed(name) {
                return false;
            }
            self.names.bound.insert(name.to_string());
        }
        true
    }

    // ---- definitions -------------------------------------------------------------------------------------------

    fn function(&mut self, def: &StmtFunctionDef) -> bool {
        let plain = !def.is_async && def.decorator_list.is_empty() && def.type_params.is_none();
        if !(plain && are_plain(&def.parameters) && self.defined_once(&def.name) && self.bound(&def.name)) {
            return false;
        }
        self.names.functions.insert(def.name.to_string());
        let symbols = Symbols::of_function(Some(&def.parameters), &def.body);
        let scope = Scope { function: Some((def.name.to_string(), symbols)), ..Scope::default() };
        let module = std::mem::replace(&mut self.scope, scope);
        let body = self.suite(&def.body);
        self.scope = module;
        body
    }

    /// `class Name(Base): pass`.
    fn class(&mut self, def: &StmtClassDef) -> bool {
        let plain = def.decorator_list.is_empty() && def.type_params.is_none();
        let Some(base) = base(def).filter(|_| plain && def.body.iter().all(is_empty)) else { return false };
        if !self.defined_once(&def.name) {
            return false;
        }
        self.note_class(base);
        self.names.classes.push((def.name.to_string(), base.id.to_string()));
        if !self.name(base, false) {
            return false;
        }
        self.names.mention(&def.name);
        self.bound(&def.name)
    }

    /// Markers and class values go by name, so a name is defined once, and not anew in each turn of a loop.
    fn defined_once(&self, name: &str) -> bool {
        let defined =
            self.names.functions.contains(name) || self.names.classes.iter().any(|(known, _)| known == name);
        !defined && !self.scope.in_loop
    }

    /// Whether a number is an integer of at most 63 bits, and no long one.
    fn is_small(&self, number: &ExprNumberLiteral) -> bool {
        matches!(&number.value, Number::Int(int) if int.as_i64().is_some()) && !self.source.is_long(number)
    }

    // ---- expressions -------------------------------------------------------------------------------------------

    fn expressions(&mut self, expressions: &[Expr]) -> bool {
        expressions.iter().all(|expr| self.expression(expr))
    }

    fn expression(&mut self, expr: &Expr) -> bool {
        match expr {
            Expr::Name(name) => self.name(name, false),
            Expr::NoneLiteral(_) | Expr::BooleanLiteral(_) => true,
            Expr::NumberLiteral(number) => self.is_small(number),
            Expr::StringLiteral(literal) => {
                let raw = |part: &StringLiteral| part.flags.prefix().is_raw();
                !literal.value.iter().any(|part| self.source.escapes_surrogate(part, raw(part)))
                    && !self.source.is_unicode(literal)
            }
            Expr::Tuple(tuple) => self.expressions(&tuple.elts),
            Expr::Call(call) => !is_statement(call) && self.call(call),
            Expr::UnaryOp(unary) => {
                folded(unary).is_some_and(|number| self.is_small(number))
                    || unary.op.is_not() && self.expression(&unary.operand)
            }
            Expr::BoolOp(bool_op) => self.expressions(&bool_op.values),
            Expr::Compare(compare) => {
                matches!(&*compare.ops, [op] if !matches!(op, CmpOp::In | CmpOp::NotIn))
                    && self.expression(&compare.left)
                    && self.expressions(&compare.comparators)
            }
            _ => false,
        }
    }

    /// What stands after `except`, where a demanding class may be named and a name that no file defines is a class.
    fn condition(&mut self, expr: &Expr) -> bool {
        match expr {
            Expr::Name(name) => {
                self.note_class(name);
                self.name(name, true)
            }
            Expr::Tuple(tuple) if tuple.elts.iter().all(|item| !item.is_tuple_expr()) => {
                tuple.elts.iter().all(|item| self.condition(item))
            }
            _ => self.expression(expr),
        }
    }

    /// The operand of `raise`, whose name or callee is a class where no file defines it.
    fn raised(&mut self, expr: &Expr) -> bool {
        let class = match expr {
            Expr::Tuple(parts) if !parts.parenthesized => return false,
            Expr::Call(call) => &*call.func,
            _ => expr,
        };
        if let Expr::Name(name) = class {
            self.note_class(name);
        }
        self.expression(expr)
    }

    fn note_class(&mut self, name: &ExprName) {
        if !self.is_local(&name.id) {
            self.names.used.insert(name.id.to_string(), true);
        }
    }

    fn is_local(&self, name: &str) -> bool {
        self.scope.function.as_ref().is_some_and(|(_, symbols)| symbols.bound.contains(name))
    }

    /// A name that is read; one that is only `tested` against may be a demanding class.
    fn name(&mut self, name: &ExprName, tested: bool) -> bool {
        let id = name.id.as_str();
        if self.is_local(id) {
            return true;
        }
        if !tested && DEMANDING.contains(&id) {
            return false;
        }
        self.names.mention(id);
        self.names.used.entry(id.to_string()).or_default();
        if self.scope.function.as_ref().is_none_or(|(function, _)| function != id) {
            self.names.read_elsewhere.insert(id.to_string());
        }
        true
    }

    fn call(&mut self, call: &ExprCall) -> bool {
        let arguments = &call.arguments;
        let name = match &*call.func {
            Expr::Name(name) if !self.is_local(&name.id) => name.id.as_str(),
            _ => "",
        };
        let paired = PAIRED.contains(&name) && arguments.args.len() > 1;
        !paired
            && arguments.keywords.is_empty()
            && self.expression(&call.func)
            && arguments.args.iter().all(|argument| match name {
                "isinstance" => self.tested(argument),
                _ => self.expression(argument),
            })
    }

    /// An argument of `isinstance`, which may name a demanding class.
    fn tested(&mut self, expr: &Expr) -> bool {
        match expr {
            Expr::Name(name) => self.name(name, true),
            Expr::Tuple(tuple) if tuple.elts.iter().all(Expr::is_name_expr) => {
                tuple.elts.iter().all(|item| self.tested(item))
            }
            _ => self.expression(expr),
        }
    }
}

/// Whether parameters are positional ones without defaults.
fn are_plain(parameters: &Parameters) -> bool {
    let more = parameters.vararg.is_some() || parameters.kwarg.is_some() || !parameters.kwonlyargs.is_empty();
    !more && parameters.iter_non_variadic_params().all(|parameter| parameter.default.is_none())
}

/// The only base of a class, where it is a name.
fn base(def: &StmtClassDef) -> Option<&ExprName> {
    let arguments = def.arguments.as_deref()?;
    match &*arguments.args {
        [Expr::Name(name)] if arguments.keywords.is_empty() => Some(name),
        _ => None,
    }
}

/// `pass`, `...` or a docstring.
fn is_empty(stmt: &Stmt) -> bool {
    match stmt {
        Stmt::Pass(_) => true,
        Stmt::Expr(stmt) => stmt.value.is_ellipsis_literal_expr() || stmt.value.is_string_literal_expr(),
        _ => false,
    }
}
