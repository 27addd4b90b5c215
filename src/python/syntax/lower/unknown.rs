//! Expressions and statements that are not modelled, taken as unknown where the user asks for it: evaluating one is a choice of an
//! unknown value or an exception, like a call of a function that no file defines.

use std::collections::BTreeMap;

use egg::Id;
use ruff_python_ast::helpers::any_over_expr;
use ruff_python_ast::{Expr, ExprAttribute, Stmt, StmtClassDef};

use crate::diagnostic::{Diagnostic, ErrorKind};
use crate::python::syntax::assume::{Call, Narrowing};
use crate::python::syntax::body::dotted;
use crate::python::syntax::entry::BARE;
use crate::python::syntax::lower::old::refused;
use crate::python::syntax::lower::{Kind, Lowered, Lowerer, Scope, Symbols, named_targets};

/// The module of the library that files come from where all paths are explored.
pub(super) const FILES: &str = "_files";

/// The library's function that never returns, which is observed, too: its module and its name.
pub(super) const WAITING: (&str, &str) = ("threading", "_wait_for_ever");

/// What is observed of files: that one was opened, and that one which was open is closed.
pub(super) const OBSERVED: [&str; 2] = ["open", "TextIOWrapper._release"];

/// The modules of the standard library that are there in every version and on every machine, whether they are modelled or not.
const ALWAYS_THERE: &str = include_str!("standard_modules.txt");

/// How long the name of an expression may be, in characters.
const LONGEST: usize = 40;

/// What was open when an expression began, to come back to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    scopes: usize,
    functions: usize,
    callables: usize,
    depth: usize,
}

impl Lowerer<'_> {
    pub(super) fn mark(&self) -> Mark {
        Mark {
            scopes: self.scopes.len(),
            functions: self.functions.len(),
            callables: self.callables.len(),
            depth: self.depth,
        }
    }

    /// The expression as an unknown one, in place of its refusal.
    ///
    /// # Errors
    /// The refusal, where it is none of an expression that may be taken as unknown: one in which a generator is
    /// suspended says more than its value.
    pub(super) fn taken_as_unknown(&mut self, expr: &Expr, refusal: Diagnostic, mark: Mark) -> Lowered {
        if *refusal.kind() == ErrorKind::Fault || !self.finder.open_world {
            return Err(refusal);
        }
        if any_over_expr(expr, suspends) {
            return Err(refusal);
        }
        if !self.finder.unknown {
            return Err(refusal.help("`--unknown` explores the expression as one of an unknown value"));
        }
        self.back_to(mark);
        self.report(&refusal);
        let unknown = self.unknown_value(&named(self.source.slice(expr)));
        // Naming a thing is no choice, and neither is reading an attribute.
        let is_literal = matches!(expr, Expr::NumberLiteral(_) | Expr::StringLiteral(_) | Expr::Lambda(_))
            || refused(expr).is_some_and(|(_, operands)| operands.is_empty());
        if dotted(expr).is_some() || is_literal {
            return Ok(unknown);
        }
        let arguments = self.instrumenter.atom("no-arguments");
        let call = self.instrumenter.node("call", [unknown, arguments]);
        let names = named_targets(&[expr], &[]);
        names.iter().rev().try_fold(call, |rest, name| self.bound_to_unknown(name, rest))
    }

    /// An expression before which a name of it is bound to an unknown.
    fn bound_to_unknown(&mut self, name: &str, rest: Id) -> Lowered {
        let (target, value) = (self.target(name), self.unknown_value(name));
        let bound = self.captured(target, value);
        Ok(self.instrumenter.node("and", [bound, rest]))
    }

    /// A statement as one of which nothing is known, in place of its refusal: it completes or raises, and what it binds is unknown.
    /// A definition completes.
    ///
    /// # Errors
    /// The refusal, where nothing is to be taken as unknown, or of a statement that has others in it or in which a generator is
    /// suspended.
    pub(super) fn statement_as_unknown(
        &mut self,
        stmt: &Stmt,
        refusal: Diagnostic,
        mark: Mark,
        out: &mut Vec<Id>,
    ) -> Result<(), Diagnostic> {
        let defines = match stmt {
            Stmt::FunctionDef(_) | Stmt::ClassDef(_) | Stmt::TypeAlias(_) => true,
            Stmt::Assign(_) | Stmt::AugAssign(_) | Stmt::AnnAssign(_) | Stmt::Delete(_) | Stmt::Expr(_) => {
                false
            }
            // A function that has such a statement in it is unknown as a whole; the module cannot be.
            _ if self.scopes.len() == 1 && !self.jumps(stmt) => false,
            _ => return Err(refusal),
        };
        let taken = self.finder.open_world && self.finder.unknown && self.objects && !self.library;
        let symbols = Symbols::of_body(std::slice::from_ref(stmt));
        if *refusal.kind() == ErrorKind::Fault || !taken || symbols.generating {
            return Err(refusal);
        }
        self.back_to(mark);
        self.report(&refusal);
        if let Stmt::ClassDef(class) = stmt {
            self.methods_of_unknown(class);
        }
        if !defines {
            let unknown = self.unknown_value(&named(self.source.slice(stmt)));
            let arguments = self.instrumenter.atom("no-arguments");
            let call = self.instrumenter.node("call", [unknown, arguments]);
            out.push(self.perform(call));
        }
        for name in symbols.bound.iter().filter(|name| !symbols.deleted.contains(*name)) {
            let (target, unknown) = (self.target(name), self.unknown_value(name));
            out.push(self.assign(target, unknown));
        }
        Ok(())
    }

    /// The methods of a class that is not modelled: each can be entered by itself, with nothing known of the class.
    fn methods_of_unknown(&mut self, class: &StmtClassDef) {
        let kind = Kind::Class(class.name.to_string());
        self.scopes.push(Scope::new(kind, Symbols::of_body(&class.body), self.qualified(&class.name)));
        for stmt in &class.body {
            match stmt {
                Stmt::FunctionDef(method) => {
                    let mark = self.mark();
                    if let Err(refusal) = self.function_code(method) {
                        self.back_to(mark);
                        self.report(&refusal);
                    }
                    let noted = self.functions.iter_mut().skip(mark.functions);
                    noted
                        .filter_map(|function| function.entering.as_mut())
                        .for_each(|entering| entering.kind = BARE);
                }
                Stmt::ClassDef(inner) => self.methods_of_unknown(inner),
                _ => {}
            }
        }
        self.scopes.pop();
    }

    /// Whether a statement may jump, as far as its text tells.
    fn jumps(&self, stmt: &Stmt) -> bool {
        ["break", "continue"].iter().any(|word| self.source.slice(stmt).contains(word))
    }

    /// Leaves what was open, and forgets what was noted, since a mark.
    fn back_to(&mut self, mark: Mark) {
        self.scopes.truncate(mark.scopes);
        self.functions.truncate(mark.functions);
        self.callables.truncate(mark.callables);
        self.depth = mark.depth;
    }

    /// A constant of which nothing is known.
    pub(super) fn unknown_value(&mut self, name: &str) -> Id {
        let unknown = self.unknown_term(name);
        self.constant(unknown)
    }

    /// An unknown of that name, narrowed by what is assumed of it.
    pub(super) fn unknown_term(&mut self, name: &str) -> Id {
        match self.assumptions.of(name).cloned() {
            Some(call) => self.narrowed(name, &call).ok(),
            None => None,
        }
        .unwrap_or_else(|| {
            let exceptions = self.raised_exceptions();
            self.instrumenter.unknown(name, None, &exceptions)
        })
    }

    /// An attribute that was read, narrowed by what is assumed of attributes like it, if it is unknown.
    pub(super) fn narrowed_attribute(&mut self, attribute: &ExprAttribute, read: Id) -> Lowered {
        if self.library || self.assumptions.are_none() {
            return Ok(read);
        }
        let written = dotted(&Expr::from(attribute.clone()));
        let assumed = self.assumptions.of_attribute(written.as_deref(), &attribute.attr);
        let mut operands = vec![read];
        for (name, call) in &assumed {
            let unknown = self.narrowed(name, call)?;
            operands.push(self.string(name));
            operands.push(self.constant(unknown));
        }
        match assumed.is_empty() {
            true => Ok(read),
            false => Ok(self.operate("narrowed", &operands)),
        }
    }

    fn narrowed(&mut self, name: &str, call: &Call) -> Lowered {
        let exceptions = self.raised_exceptions();
        let (assumptions, hierarchy) = (&self.assumptions, self.hierarchy);
        // The program's own classes are made when it runs.
        let classes = &BTreeMap::new();
        let instrumenter = &mut self.instrumenter;
        Narrowing { assumptions, instrumenter, hierarchy, classes, exceptions: &exceptions }.value(name, call)
    }

    /// Checks the assumptions against the names that are unknown.
    ///
    /// # Errors
    /// One that does not fit.
    pub(in crate::python::syntax) fn check_assumptions(
        &mut self,
        unknowns: &[String],
    ) -> Result<(), Diagnostic> {
        let mut known = unknowns.to_vec();
        known.extend(self.members.contains("open").then(|| "open".to_string()));
        self.assumptions.are_about(&known, &self.finder.mentioned)?;
        for (name, call) in self.assumptions.calls.clone() {
            self.narrowed(&name, &call)?;
        }
        Ok(())
    }

    /// What the files of `_files.py` do not say: it is unknown, and asking for it may raise an OSError of the classes that the
    /// program names, or an error of the encoding; `open` itself does what is assumed of it.
    pub(super) fn unknown_of_files(&mut self, name: &str) -> Id {
        if let Some(call) = self.assumptions.calls.get(name).filter(|_| name == "open").cloned()
            && let Ok(narrowed) = self.narrowed(name, &call)
        {
            return self.constant(narrowed);
        }
        let mut exceptions = self.exceptions_within("OSError");
        let of_encoding = match name {
            "read" | "readline" | "readlines" => Some("UnicodeDecodeError"),
            "write" => Some("UnicodeEncodeError"),
            _ => None,
        };
        exceptions
            .extend(of_encoding.map(|class| self.exceptions_of(&[class.to_string()])).into_iter().flatten());
        let unknown = self.instrumenter.unknown(name, None, &exceptions);
        self.constant(unknown)
    }

    /// What tells whether something is so that depends on more than the program, as whether a lock is had before another thread takes it:
    /// always in a run, and both where all paths are explored.
    pub(super) fn either(&mut self, what: &str) -> Id {
        let both = [self.instrumenter.atom("true"), self.instrumenter.atom("false")];
        let answers = if self.finder.open_world { &both[..] } else { &both[..1] };
        let answer = self.instrumenter.unknown(what, Some(answers), &[]);
        self.constant(answer)
    }

    /// An exception of a class, and of each class below it that the program names.
    fn exceptions_within(&mut self, class: &str) -> Vec<Id> {
        let mut classes = self.raised_classes();
        classes.retain(|name| name != class && self.hierarchy.derives(name, class));
        classes.push(class.to_string());
        self.exceptions_of(&classes)
    }

    /// Whether a module of the standard library is there wherever Python is, and nothing beside the program has its name.
    pub(super) fn is_standard(&self, name: &str) -> bool {
        ALWAYS_THERE.split_whitespace().any(|standard| standard == name) && !self.finder.is_own(name)
    }

    /// An expression whose value is a module of which nothing is known. There may be none, but for one of the standard library.
    pub(super) fn importing(&mut self, name: &str) -> Id {
        if self.is_standard(name) {
            return self.unknown_value(name);
        }
        self.perhaps_importing(name)
    }

    /// The same, where a name of it is imported, which may be missing: that is looked for where the program waits for it.
    pub(super) fn importing_name(&mut self, name: &str) -> Id {
        let waits = self.raised_classes().iter().any(|class| self.hierarchy.derives(class, "ImportError"));
        if waits { self.perhaps_importing(name) } else { self.importing(name) }
    }

    fn perhaps_importing(&mut self, name: &str) -> Id {
        let exceptions = self.exceptions_within("ImportError");
        let module = self.unknown_term(name);
        let import = self.instrumenter.unknown(&format!("import {name}"), Some(&[module]), &exceptions);
        let (import, arguments) = (self.constant(import), self.instrumenter.atom("no-arguments"));
        self.instrumenter.node("call", [import, arguments])
    }

    /// What the machine that a program runs on says, of which nothing is known where all paths are explored.
    pub(super) fn of_the_machine(&mut self, module: &str, name: &str) -> Option<Id> {
        const OPEN: [&str; 4] = ["argv", "platform", "executable", "stdin"];
        let open = self.finder.open_world && !self.library && module == "sys" && OPEN.contains(&name);
        open.then(|| self.imported(&format!("{module}.{name}")))
    }

    /// The statement that defines `open` where all paths are explored; `None` where the program does not read that name,
    /// or gives it a meaning of its own.
    ///
    /// # Errors
    /// A fault of the library.
    pub(in crate::python::syntax) fn files(&mut self, body: &[Stmt]) -> Result<Option<Id>, Diagnostic> {
        let own = Symbols::of_body(body).bound.contains("open");
        if !self.finder.open_world || own || !self.members.contains("open") {
            return Ok(None);
        }
        let module = self.library_module(FILES)?;
        let name = self.string("open");
        let function = self.operate("import_from", &[module, name]);
        let target = self.member("open");
        Ok(Some(self.assign(target, function)))
    }

    /// Notes what was taken as unknown.
    pub(super) fn report(&mut self, refusal: &Diagnostic) {
        let ErrorKind::NotModelled(what) = refusal.kind() else { return };
        let line = format!("{}:{}:{}: {what}", refusal.origin(), refusal.line(), refusal.column());
        if !self.finder.taken.contains(&line) {
            self.finder.taken.push(line);
        }
    }
}

/// Whether a generator is suspended in an expression: that says more than its value.
fn suspends(part: &Expr) -> bool {
    part.is_yield_expr() || part.is_yield_from_expr()
}

/// The text of an expression as a name: on one line, and not too long.
pub(super) fn named(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ");
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
