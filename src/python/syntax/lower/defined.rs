//! What is noted of definitions: the functions that can be entered, and which of them not every path through the module comes to.

use egg::Id;
use ruff_python_ast::{Stmt, StmtFunctionDef};
use ruff_text_size::Ranged;

use crate::python::syntax::body::Calls;
use crate::python::syntax::entry::FunctionInfo;
use crate::python::syntax::lower::{Kind, Lowerer};
use crate::python::values::hidden;

impl Lowerer<'_> {
    /// Notes a function of the program's own file that stands in no other function; its place among those noted.
    pub(super) fn note_function(&mut self, def: &StmtFunctionDef) -> Option<usize> {
        let [module, classes @ .., _] = &self.scopes[..] else { return None };
        let outermost = matches!(module.kind, Kind::Module)
            && classes.iter().all(|scope| matches!(scope.kind, Kind::Class(_)));
        if !outermost || self.module != "__main__" || self.library {
            return None;
        }
        let params = def.parameters.iter_non_variadic_params();
        self.functions.push(FunctionInfo {
            name: self.scope().qualname.clone(),
            params: params.map(|parameter| parameter.name().to_string()).collect(),
            line: self.source.line(def.name.start()),
            text: self.source.text[def.range()].to_string(),
            calls: Calls::of(&def.body),
            called: false,
            entering: None,
        });
        Some(self.functions.len() - 1)
    }

    /// The name of the module that says that the function or class at hand was defined: the innermost of those around it that stands in
    /// another statement, as one behind `if` does. `None` where all that runs the module defines it.
    pub(super) fn definition_marker(&self) -> Option<String> {
        let around = self.scopes.iter().zip(self.scopes.iter().skip(1));
        let (_, defined) = around.rev().find(|(scope, _)| scope.suites > 1)?;
        Some(format!("{}:{}", hidden::DEFINED, defined.first_line))
    }

    /// Behind a definition that stands in another statement: that it was run. Nobody else but who enters its functions asks for it.
    pub(super) fn note_definition(&mut self, stmt: &Stmt, out: &mut Vec<Id>) {
        let start = match stmt {
            Stmt::FunctionDef(def) => def.start(),
            Stmt::ClassDef(def) => def.start(),
            _ => return,
        };
        let outermost = self.scopes.iter().all(|scope| !matches!(scope.kind, Kind::Function));
        if self.scope().suites < 2 || !outermost || !self.finder.open_world || self.module != "__main__" {
            return;
        }
        let name = format!("{}:{}", hidden::DEFINED, self.source.line(start));
        let (target, value) = (self.member_of_module(&name), self.instrumenter.atom("true"));
        let value = self.constant(value);
        out.push(self.instrumenter.node("assign", [target, value]));
    }
}
