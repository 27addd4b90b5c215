//! Where a name is bound that a question is about: each binding, and each statement of the line that is asked of, lets a marker be seen.

use std::collections::BTreeSet;

use egg::Id;
use ruff_python_ast::{Parameters, StmtFunctionDef};
use ruff_text_size::Ranged;

use crate::python::syntax::entry::FunctionInfo;
use crate::python::syntax::lower::{Kind, Lowerer};
use crate::term::escape;

/// The scope that a module's own names belong to.
const MODULE: &str = "<module>";

/// A name that somebody asks about, and the line where it is asked; what lowering found of it.
#[derive(Debug, Clone, Default)]
pub(in crate::python::syntax) struct Asked {
    /// The name, and the line.
    pub question: Option<(String, usize)>,
    /// The line of the statement that is being lowered.
    line: usize,
    /// Whose name it is on that line, and the scope that the line is in.
    arrival: Option<(String, String)>,
    /// Whose name it is that is bound, in which scope, and on which line.
    bindings: BTreeSet<(String, String, usize)>,
}

/// The bindings of a name that a line may see.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bindings {
    /// The function that the name belongs to, or the module or class.
    pub owner: String,
    /// Whether it is local: bound in this function alone, which has the line, too.
    pub local: bool,
    /// The lines on which it is bound.
    pub lines: BTreeSet<usize>,
}

impl Asked {
    /// What was found; nothing where no statement of the module stands on the line.
    pub fn found(&self) -> Option<Bindings> {
        let (owner, scope) = self.arrival.clone()?;
        let own = || self.bindings.iter().filter(|(of, _, _)| *of == owner);
        let local = owner != MODULE && scope == owner && own().all(|(_, scope, _)| *scope == owner);
        Some(Bindings {
            local,
            lines: own().map(|(_, _, line)| *line).filter(|line| *line > 0).collect(),
            owner,
        })
    }
}

impl Lowerer<'_> {
    /// The functions of the program's own file, and whether it mentions each.
    pub(in crate::python::syntax) fn main_functions(&mut self) -> Vec<FunctionInfo> {
        let mut functions = std::mem::take(&mut self.functions);
        for function in &mut functions {
            function.called = self.members.contains(&function.name);
        }
        functions
    }

    /// A statement begins on a line; the line of the one before.
    pub(super) fn begin_line(&mut self, line: usize) -> usize {
        std::mem::replace(&mut self.asked.line, line)
    }

    /// An assignment, which says that it was made where it is of the name that is asked about.
    pub(super) fn binding(&mut self, target: Id, statement: Id) -> Id {
        let line = self.asked.line;
        self.bound_on(target, line, statement)
    }

    /// `del`, behind which no binding is left.
    pub(super) fn unbinding(&mut self, target: Id, statement: Id) -> Id {
        self.bound_on(target, 0, statement)
    }

    fn bound_on(&mut self, target: Id, line: usize, statement: Id) -> Id {
        let Some(marker) = self.marker_of(target, line) else { return statement };
        let told = self.told(marker);
        self.instrumenter.seq(&[statement, told])
    }

    /// What stands at the beginning of a suite where a loop, a `with` or a clause has bound its target.
    pub(super) fn bound_before(&mut self, target: Id) -> Option<Id> {
        let marker = self.marker_of(target, self.asked.line)?;
        Some(self.told(marker))
    }

    /// An expression that binds a name.
    pub(super) fn binding_inside(&mut self, target: Id, expression: Id) -> Id {
        match self.marker_of(target, self.asked.line) {
            Some(marker) => self.instrumenter.node("observe", [marker, expression]),
            None => expression,
        }
    }

    /// The body of an `except` clause with a target, which is bound on a line and not bound any more behind the clause.
    pub(super) fn binding_clause(&mut self, target: Option<Id>, line: usize, body: Id) -> Id {
        let Some((target, marker)) = target.and_then(|target| Some((target, self.marker_of(target, line)?)))
        else {
            return body;
        };
        let told = self.told(marker);
        let body = self.instrumenter.seq(&[told, body]);
        let ends = self.owner(target, "binds-until");
        self.instrumenter.node("watch", [ends, body])
    }

    /// The body of a function whose parameter it is.
    pub(super) fn binding_parameters(
        &mut self,
        def: &StmtFunctionDef,
        parameters: &Parameters,
        body: Id,
    ) -> Id {
        let Some((name, _)) = self.asked.question.clone() else { return body };
        if !parameters.iter().any(|parameter| parameter.name().as_str() == name) {
            return body;
        }
        let (target, line) = (self.target(&name), self.source.line(def.name.start()));
        let Some(marker) = self.marker_of(target, line) else { return body };
        let told = self.told(marker);
        self.instrumenter.seq(&[told, body])
    }

    /// Whether a line of the program's own file is the one that is asked of.
    pub(super) fn is_asked_at(&self, line: usize) -> bool {
        let of_file = self.module == "__main__" && !self.library;
        of_file && self.asked.question.as_ref().is_some_and(|(_, asked)| *asked == line)
    }

    /// A statement of the line that is asked of.
    pub(super) fn arriving(&mut self, line: usize, statement: Id) -> Id {
        match self.arrival(line) {
            Some(marker) => {
                let told = self.told(marker);
                self.instrumenter.seq(&[told, statement])
            }
            None => statement,
        }
    }

    /// The condition of a loop of the line that is asked of, to which each turn comes back.
    pub(super) fn arriving_at_test(&mut self, line: usize, test: Id) -> Id {
        match self.arrival(line) {
            Some(marker) => self.instrumenter.node("observe", [marker, test]),
            None => test,
        }
    }

    fn arrival(&mut self, line: usize) -> Option<Id> {
        if !self.is_asked_at(line) {
            return None;
        }
        let (name, _) = self.asked.question.clone()?;
        let owner = self.owner_of(&name);
        self.asked.arrival = Some((owner.clone(), self.scope().qualname.clone()));
        let owner = self.text(&owner);
        Some(self.instrumenter.node("binds-asked", [owner]))
    }

    /// The marker of a binding on a line, where the target is the name that is asked about.
    fn marker_of(&mut self, target: Id, line: usize) -> Option<Id> {
        let (name, _) = self.asked.question.clone()?;
        if self.module != "__main__" || self.library || !self.is_named(target, &name) {
            return None;
        }
        let owner = self.owner_of(&name);
        self.asked.bindings.insert((owner.clone(), self.scope().qualname.clone(), line));
        let (owner, line) = (self.text(&owner), self.instrumenter.atom(&line.to_string()));
        Some(self.instrumenter.node("binds-at", [owner, line]))
    }

    fn owner(&mut self, target: Id, marker: &str) -> Id {
        let name =
            self.asked.question.clone().map(|(name, _)| name).filter(|name| self.is_named(target, name));
        let owner = self.owner_of(&name.unwrap_or_default());
        let owner = self.text(&owner);
        self.instrumenter.node(marker, [owner])
    }

    /// Whether a target is a name as it stands in the file.
    fn is_named(&mut self, target: Id, name: &str) -> bool {
        let text = escape(&self.mangled(name));
        let builder = self.instrumenter.builder();
        let node = builder.get(target).clone();
        let place = match node.op.as_str() {
            "local" | "shared" | "free" | "global" | "inner" => 0,
            "member" => 1,
            _ => return false,
        };
        node.args.get(place).is_some_and(|part| builder.get(*part).op.as_str() == text)
    }

    /// Whose a name is in the scope at hand: a function's, a class's or the module's.
    fn owner_of(&self, name: &str) -> String {
        for (depth, scope) in self.scopes.iter().rev().enumerate() {
            let binds = scope.symbols.bound.contains(name) && !scope.symbols.nonlocals.contains(name);
            match scope.kind {
                _ if scope.symbols.globals.contains(name) => break,
                Kind::Function if binds => return scope.qualname.clone(),
                Kind::Class(_) if binds && depth == 0 => return scope.qualname.clone(),
                _ => {}
            }
        }
        MODULE.to_string()
    }
}
