//! What a program of the core is lowered to where that is not what any program is lowered to: functions and classes that
//! are no objects, calls with positional arguments, assignments to several names.

use egg::Id;
use ruff_python_ast::{ExprCall, StmtAssign, StmtClassDef, StmtFunctionDef};

use ruff_text_size::Ranged;

use crate::diagnostic::Diagnostic;
use crate::python::syntax::lower::{Lowered, Lowerer, Symbols};

impl Lowerer<'_> {
    /// `x = y = e` is `x = e` and then `y = x`: targets are bound from the left, and reading a name just bound cannot
    /// fail.
    pub(super) fn chained(
        &mut self,
        assign: &StmtAssign,
        mut value: Id,
        out: &mut Vec<Id>,
    ) -> Result<(), Diagnostic> {
        for (place, target) in assign.targets.iter().enumerate() {
            let target = self.plain_target(target)?;
            let bound = self.assign(target, value);
            out.push(if place > 0 { self.on_line_of(assign, bound) } else { bound });
            value = self.read(target);
        }
        Ok(())
    }

    /// A function whose parameters are positional, and have no defaults.
    pub(super) fn core_function(&mut self, def: &StmtFunctionDef) -> Lowered {
        let target = self.bound_identifier(&def.name)?;
        let symbols = Symbols::of_function(Some(&def.parameters), &def.body);
        self.enter(&def.name, symbols, &def.parameters, def.start());
        let _ = self.note_function(def);
        let body = self.suite(&def.body);
        self.scopes.pop();
        let names = def.parameters.iter_non_variadic_params();
        let names: Vec<&str> = names.map(|parameter| parameter.name().as_str()).collect();
        let value = self.instrumenter.function(&def.name, &names, body?);
        let value = self.constant(value);
        Ok(self.assign(target, value))
    }

    /// `class Name(Base): pass`.
    pub(super) fn core_class(&mut self, def: &StmtClassDef) -> Lowered {
        let bases = def.arguments.as_deref().map_or(&[][..], |arguments| &arguments.args);
        let Some(base) = bases.first() else {
            return Err(self.source.refuse(&def.name, "class that is no exception class"));
        };
        let base = self.expression(base)?;
        let target = self.bound_identifier(&def.name)?;
        let name = self.text(&def.name);
        Ok(self.instrumenter.node("class-definition", [target, name, base]))
    }

    pub(super) fn core_call(&mut self, call: &ExprCall) -> Lowered {
        let callee = self.expression(&call.func)?;
        let arguments = self.expressions(&call.arguments.args)?;
        let arguments = self.instrumenter.arguments(&arguments);
        Ok(self.instrumenter.node("call", [callee, arguments]))
    }
}
