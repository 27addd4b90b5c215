//! What there is to be covered in a file.

use ruff_python_ast::visitor::{Visitor, walk_stmt};
use ruff_python_ast::{ExceptHandler, Stmt};
use ruff_text_size::Ranged;

use crate::python::syntax::clauses::Clauses;
use crate::python::syntax::parse::Source;

/// Something in a file that a path enters or does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interest {
    /// What it is.
    pub kind: InterestKind,
    /// The line that it begins in.
    pub line: usize,
    /// A path that comes to this line has entered it.
    pub entered: usize,
    /// The function that it stands in, as a qualified name; nothing for the module.
    pub function: Option<String>,
}

/// What can be entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InterestKind {
    /// A function, by its qualified name.
    Function(String),
    /// A `try` or `with` statement.
    Statement(&'static str),
    /// A clause of a `try` statement.
    Clause(&'static str),
    /// Any statement: its line.
    Line,
}

/// All that a suite has, in its order.
pub(super) fn interests(source: &Source, suite: &[Stmt]) -> Vec<Interest> {
    let mut reader = Reader { source, names: Vec::new(), function: None, found: Vec::new() };
    reader.visit_body(suite);
    reader.found
}

struct Reader<'a, 's> {
    source: &'a Source<'s>,
    /// The names of the functions and classes around.
    names: Vec<String>,
    function: Option<String>,
    found: Vec<Interest>,
}

impl Reader<'_, '_> {
    fn line(&self, place: &impl Ranged) -> usize {
        self.source.line(place.start())
    }

    fn note(&mut self, kind: InterestKind, line: usize, body: &[Stmt]) {
        let entered = body.first().map_or(line, |first| self.line(first));
        self.found.push(Interest { kind, line, entered, function: self.function.clone() });
    }

    fn clause(&mut self, name: &'static str, line: Option<usize>, body: &[Stmt]) {
        if let Some(line) = line {
            self.note(InterestKind::Clause(name), line, body);
        }
    }

    fn inside(&mut self, name: &str, stmt: &Stmt) {
        self.names.push(name.to_string());
        walk_stmt(self, stmt);
        self.names.pop();
    }

    fn qualified(&self, name: &str) -> String {
        self.names.iter().map(String::as_str).chain([name]).collect::<Vec<_>>().join(".")
    }
}

impl<'a> Visitor<'a> for Reader<'_, '_> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        let line = self.line(stmt);
        self.note(InterestKind::Line, line, &[]);
        match stmt {
            Stmt::FunctionDef(def) => {
                let name = self.qualified(&def.name);
                let line = self.line(&def.name);
                self.note(InterestKind::Function(name.clone()), line, &def.body);
                let outer = self.function.replace(name);
                self.inside(&format!("{}.<locals>", def.name), stmt);
                self.function = outer;
            }
            Stmt::ClassDef(def) => self.inside(&def.name, stmt),
            Stmt::Try(statement) => {
                self.note(InterestKind::Statement("try"), line, &[]);
                walk_stmt(self, stmt);
                let clauses = Clauses::of_try(self.source, statement);
                for (ExceptHandler::ExceptHandler(handler), line) in
                    statement.handlers.iter().zip(clauses.handlers)
                {
                    self.clause("except", Some(line), &handler.body);
                }
                self.clause("else", clauses.orelse, &statement.orelse);
                self.clause("finally", clauses.finally, &statement.finalbody);
            }
            Stmt::With(_) => {
                self.note(InterestKind::Statement("with"), line, &[]);
                walk_stmt(self, stmt);
            }
            _ => walk_stmt(self, stmt),
        }
    }
}
