//! Syntax trees to terms.
//!
//! There is one lowering of each construct. A program of the core, which `classify.rs` knows from its tree, keeps no
//! objects; what that changes stands in `core.rs`, and at the few places that ask whether `objects` are kept: what a
//! name is, and how it is called, compared, looped over. Elsewhere operators, displays, attributes and items are calls
//! of builtin functions; what these compute is no business of the rules, and where objects have methods of their own,
//! the library's functions of the same names call them.

mod absent;
mod bindings;
mod classic;
mod comprehensions;
mod core;
mod defined;
mod definitions;
mod expressions;
mod library;
mod matches;
mod modules;
mod old;
pub(super) mod places;
mod planted;
mod raised;
mod spots;
mod starred;
mod statements;
mod symbols;
mod targets;
mod tries;
mod unknown;

use bindings::Asked;
pub use bindings::Bindings;
pub(crate) use library::{check_library, library_functions};
pub(super) use modules::Finder;
pub(super) use old::is_statement;
pub(super) use statements::for_a_run;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use egg::Id;
use ruff_python_ast::Expr;
use ruff_text_size::TextRange;
use rustc_hash::FxHashMap;

use crate::book::classes::Hierarchy;
use crate::diagnostic::Diagnostic;
use crate::python::syntax::assume::Assumptions;
use crate::python::syntax::entry::FunctionInfo;
use crate::python::syntax::identity;
use crate::python::syntax::instrument::Instrumenter;
use crate::python::syntax::lower::spots::Spot;
use crate::python::syntax::parse::Source;
use crate::python::syntax::plants::Plants;
use crate::term::escape;
use symbols::Names;
pub(super) use symbols::{Symbols, captures, comprehended, named_targets, visit_defaults};

/// A refusal, or the term.
type Lowered = Result<Id, Diagnostic>;

/// What stands around the code being lowered.
#[derive(Debug, Clone)]
pub(super) enum Kind {
    Module,
    Function,
    Class(String),
}

/// A function, class body, comprehension or module being lowered.
#[derive(Debug, Clone)]
pub(super) struct Scope {
    kind: Kind,
    /// Shared, since a scope is copied where a name is looked up.
    symbols: Rc<Symbols>,
    cells: Rc<Names>,
    qualname: String,
    /// The first parameter, which `super()` is about.
    first: Option<String>,
    /// The line that its code begins on.
    first_line: usize,
    /// How many suites the statement at hand stands in, that of the scope itself counted.
    suites: usize,
}

impl Scope {
    fn module(symbols: Symbols) -> Scope {
        Scope::new(Kind::Module, symbols, String::new())
    }

    fn new(kind: Kind, symbols: Symbols, qualname: String) -> Scope {
        let cells = match kind {
            Kind::Function => symbols.cells(),
            Kind::Class(_) if symbols.wanted.contains("__class__") => Names::from(["__class__".to_string()]),
            _ => Names::new(),
        };
        let (first, first_line) = (None, 1);
        let (symbols, cells) = (Rc::new(symbols), Rc::new(cells));
        Scope { kind, symbols, cells, qualname, first, first_line, suites: 0 }
    }

    /// The name of its code.
    fn code_name(&self) -> &str {
        match self.qualname.rsplit('.').next() {
            Some(name) if !name.is_empty() => name,
            _ => "<module>",
        }
    }
}

/// Lowers one file.
pub(super) struct Lowerer<'a> {
    pub(super) source: &'a Source<'a>,
    pub(super) hierarchy: &'a Hierarchy,
    pub(super) lines: bool,
    /// Whether objects are kept; a program of the core has none.
    pub(super) objects: bool,
    /// Whether the state holds where control is.
    pub(super) places: bool,
    pub(super) instrumenter: Instrumenter,
    pub(super) functions: Vec<FunctionInfo>,
    /// The names of all functions whose bodies are watched.
    pub(super) callables: Vec<String>,
    /// Where modules are found.
    pub(super) finder: Finder,
    /// The module's name.
    pub(super) module: String,
    /// Whether another module imports it: what is for a run by itself is left out.
    pub(in crate::python::syntax) imported: bool,
    /// Whether it is the library, where `prim` gives primitives.
    pub(super) library: bool,
    /// Whether the bodies of generators are guarded against what leaves them as if they had ended.
    pub(super) guards_generators: bool,
    /// The names of modules that are read.
    pub(super) members: BTreeSet<String>,
    /// What the library's module binds to expressions without effects: they stand for the names.
    pub(super) constants: BTreeMap<String, Expr>,
    /// Where strings are raised, or named by a clause, of which it is not known which object each is; with what they are called.
    unshared: FxHashMap<TextRange, &'static str>,
    /// What is assumed of names that nothing defines.
    pub(super) assumptions: Assumptions,
    /// The scopes that are open, the innermost last.
    scopes: Vec<Scope>,
    /// What stands around them: a module without names.
    outside: Scope,
    temporaries: usize,
    depth: usize,
    /// Where control is when the code being lowered begins.
    spot: Spot,
    /// The markers at expressions and statements.
    pub(in crate::python::syntax) plants: Rc<Plants>,
    /// The name that a question is about.
    pub(in crate::python::syntax) asked: Asked,
}

impl<'a> Lowerer<'a> {
    pub(super) fn new(
        source: &'a Source<'a>,
        hierarchy: &'a Hierarchy,
        module: &str,
        instrumenter: Instrumenter,
    ) -> Self {
        Lowerer {
            source,
            hierarchy,
            lines: false,
            objects: true,
            places: false,
            instrumenter,
            functions: Vec::new(),
            callables: Vec::new(),
            finder: Finder::default(),
            module: module.to_string(),
            imported: module != "__main__",
            library: false,
            guards_generators: false,
            members: BTreeSet::new(),
            constants: BTreeMap::new(),
            unshared: FxHashMap::default(),
            assumptions: Assumptions::default(),
            scopes: Vec::new(),
            outside: Scope::module(Symbols::default()),
            temporaries: 0,
            depth: 0,
            spot: Spot::NOWHERE,
            plants: Rc::default(),
            asked: Asked::default(),
        }
    }

    /// The module's body.
    ///
    /// # Errors
    /// What is outside the subset, and what Python rejects.
    pub(in crate::python::syntax) fn module_body(&mut self, body: &[ruff_python_ast::Stmt]) -> Lowered {
        if !self.library && self.source.timeline.has("raise.string") {
            self.unshared = identity::unshared(body);
        }
        self.scopes.push(Scope::module(Symbols::of_body(body)));
        self.guards_generators = self.source.guards_generators(body);
        // Whoever imports a file may ask for it, too.
        let imported = self.module != "__main__" && !self.library;
        let asked = self.objects && (imported || self.source.text.contains("__doc__"));
        let told = definitions::documentation(body).filter(|_| asked);
        let told = told.map(|text| {
            let (target, text) = (self.target("__doc__"), self.string(&text));
            self.assign(target, text)
        });
        let lowered = self.suite(body);
        self.scopes.pop();
        let body: Vec<Id> = told.into_iter().chain([lowered?]).collect();
        Ok(self.instrumenter.seq(&body))
    }

    fn scope(&self) -> &Scope {
        self.scopes.last().unwrap_or(&self.outside)
    }

    fn scope_mut(&mut self) -> &mut Scope {
        self.scopes.last_mut().unwrap_or(&mut self.outside)
    }

    // ---- small terms ------------------------------------------------------------------------------------------

    fn text(&mut self, text: &str) -> Id {
        self.instrumenter.atom(&escape(text))
    }

    fn constant(&mut self, value: Id) -> Id {
        self.instrumenter.node("const", [value])
    }

    fn none(&mut self) -> Id {
        let none = self.instrumenter.atom("none");
        self.constant(none)
    }

    fn string(&mut self, text: &str) -> Id {
        let value = self.instrumenter.literal("str", text);
        self.constant(value)
    }

    fn integer(&mut self, number: impl std::fmt::Display) -> Id {
        let value = self.instrumenter.literal("int", &number.to_string());
        self.constant(value)
    }

    fn builtin(&mut self, name: &str) -> Id {
        let value = self.instrumenter.literal("builtin", name);
        self.constant(value)
    }

    /// A call of a builtin function with these operands, from left to right.
    fn operate(&mut self, name: &str, operands: &[Id]) -> Id {
        let function = self.builtin(name);
        let arguments = self.instrumenter.arguments(operands);
        self.instrumenter.node("call", [function, arguments])
    }

    /// A call of a value with these arguments. Where they are constants nothing has to be gathered.
    fn invoked(&mut self, callee: Id, positional: &[Id], named: &[(String, Id)]) -> Id {
        let values: Option<Vec<Id>> = positional.iter().map(|id| self.instrumenter.constant(*id)).collect();
        let texts: Option<Vec<Id>> = named.iter().map(|(_, id)| self.instrumenter.constant(*id)).collect();
        let named: Vec<(Id, Id)> = named.iter().map(|(name, id)| (self.text(name), *id)).collect();
        if let (Some(values), Some(texts)) = (values, texts) {
            let values = self.instrumenter.values(&values);
            let mut keywords = self.instrumenter.atom("no-keywords");
            for ((name, _), value) in named.iter().zip(texts).rev() {
                keywords = self.instrumenter.node("keywords", [*name, value, keywords]);
            }
            return self.instrumenter.node("settled", [callee, values, keywords]);
        }
        let mut operands = self.instrumenter.atom("no-operands");
        for (name, value) in named.into_iter().rev() {
            operands = self.instrumenter.node("keyword", [name, value, operands]);
        }
        for operand in positional.iter().rev() {
            operands = self.instrumenter.node("operand", [*operand, operands]);
        }
        let callee = self.constant(callee);
        self.instrumenter.node("invocation", [callee, operands])
    }

    fn read(&mut self, target: Id) -> Id {
        self.instrumenter.node("name", [target])
    }

    fn assign(&mut self, target: Id, value: Id) -> Id {
        let assignment = self.instrumenter.node("assign", [target, value]);
        self.binding(target, assignment)
    }

    fn perform(&mut self, expression: Id) -> Id {
        self.instrumenter.node("expression", [expression])
    }

    /// A name of the activation that no program can write.
    fn temporary(&mut self) -> Id {
        self.temporaries += 1;
        let name = format!(".{}", self.temporaries);
        self.instrumenter.local(&name)
    }

    fn list(&mut self, names: impl IntoIterator<Item = String>) -> Id {
        let mut list = self.instrumenter.atom("no-parameters");
        for name in names {
            let name = self.text(&name);
            list = self.instrumenter.node("parameters", [list, name]);
        }
        list
    }

    // ---- names -------------------------------------------------------------------------------------------------

    /// Names of a class that begin with two underscores are the class's own.
    fn mangled(&self, name: &str) -> String {
        let class = self.scopes.iter().rev().find_map(|scope| match &scope.kind {
            Kind::Class(name) => Some(name.trim_start_matches('_').to_string()),
            _ => None,
        });
        match class {
            Some(class) if !class.is_empty() && name.starts_with("__") && !name.ends_with("__") => {
                format!("_{class}{name}")
            }
            _ => name.to_string(),
        }
    }

    /// What a name means in the scope at hand.
    fn target(&mut self, name: &str) -> Id {
        let scope = self.scope().clone();
        let text = self.mangled(name);
        let shared = |lowerer: &mut Self, op: &str| lowerer.instrumenter.literal(op, &text);
        if scope.symbols.globals.contains(name) {
            return self.member(&text);
        }
        match scope.kind {
            Kind::Module => self.member(&text),
            Kind::Function
                if scope.symbols.bound.contains(name) && !scope.symbols.nonlocals.contains(name) =>
            {
                if scope.cells.contains(name) {
                    shared(self, "shared")
                } else {
                    self.instrumenter.local(&text)
                }
            }
            Kind::Function if self.is_enclosing(name) => shared(self, "free"),
            Kind::Function => self.member(&text),
            Kind::Class(_) => {
                // A name that the class itself binds is never that of a function around it.
                let own = scope.symbols.bound.contains(name) && !scope.symbols.nonlocals.contains(name);
                let outer = match (own, self.is_enclosing(name)) {
                    (true, _) => self.member_of_module(&text),
                    (false, true) => shared(self, "free"),
                    (false, false) => self.member(&text),
                };
                if scope.symbols.nonlocals.contains(name) {
                    return outer;
                }
                let atom = self.text(&text);
                self.instrumenter.node("inner", [atom, outer])
            }
        }
    }

    pub(super) fn member_of_module(&mut self, name: &str) -> Id {
        if !self.objects {
            return self.instrumenter.global(name);
        }
        let module = self.module.clone();
        let (module, name) = (self.text(&module), self.text(name));
        self.instrumenter.node("member", [module, name])
    }

    /// Whether a function around the scope at hand binds a name.
    fn is_enclosing(&self, name: &str) -> bool {
        let around = &self.scopes[..self.seen_scopes()];
        for scope in around.iter().rev() {
            match &scope.kind {
                Kind::Function => {
                    if scope.symbols.globals.contains(name) {
                        return false;
                    }
                    if scope.symbols.bound.contains(name) && !scope.symbols.nonlocals.contains(name) {
                        return true;
                    }
                }
                Kind::Class(_) if name == "__class__" => return true,
                _ => {}
            }
        }
        false
    }
}
