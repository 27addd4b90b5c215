//! Comprehensions and generator expressions: functions of their outermost iterable.

use egg::Id;
use ruff_python_ast::{Comprehension, Expr};
use ruff_text_size::Ranged;

use crate::diagnostic::Diagnostic;
use crate::python::syntax::lower::spots::Spot;
use crate::python::syntax::lower::symbols::Symbols;
use crate::python::syntax::lower::{Kind, Lowered, Lowerer, Scope};
use crate::python::values::hidden;

/// The parameter that gets the outermost iterable.
const ITERABLE: &str = ".0";

impl Lowerer<'_> {
    /// A comprehension that builds a container with `display` and adds to it with `add`.
    pub(super) fn comprehension(
        &mut self,
        display: &str,
        add: &str,
        elements: &[&Expr],
        generators: &[Comprehension],
    ) -> Lowered {
        let name = match display {
            "list_display" => "<listcomp>",
            "set_display" => "<setcomp>",
            _ => "<dictcomp>",
        };
        if display == "list_display" {
            self.checked_in_class(elements, generators)?;
        }
        let iterable = self.outermost(generators)?;
        let back = self.open(name, elements, generators);
        let body = self.building(display, add, elements, generators);
        let function = self.close(name, "ordinary", body?, back);
        let operands = self.one_operand(iterable);
        Ok(self.instrumenter.node("invocation", [function, operands]))
    }

    /// A generator expression; its outermost iterable is asked for an iterator at once.
    pub(super) fn generator_expression(&mut self, element: &Expr, generators: &[Comprehension]) -> Lowered {
        let iterable = self.outermost(generators)?;
        let iterable = self.operate("iter", &[iterable]);
        let back = self.open("<genexpr>", &[element], generators);
        let body = self.turns(generators, 0, &mut |lowerer| {
            let value = lowerer.expression(element)?;
            let yielded = lowerer.instrumenter.node("yield", [value]);
            Ok(lowerer.perform(yielded))
        });
        let function = self.close("<genexpr>", "generating", body?, back);
        let operands = self.one_operand(iterable);
        Ok(self.instrumenter.node("invocation", [function, operands]))
    }

    fn outermost(&mut self, generators: &[Comprehension]) -> Lowered {
        if let Some(generator) = generators.iter().find(|generator| generator.is_async) {
            return Err(self.source.refuse(generator, "asynchronous comprehension"));
        }
        match generators.first() {
            Some(first) => self.expression(&first.iter),
            None => Ok(self.none()),
        }
    }

    fn one_operand(&mut self, operand: Id) -> Id {
        let rest = self.instrumenter.atom("no-operands");
        self.instrumenter.node("operand", [operand, rest])
    }

    /// Opens the scope of a comprehension; gives the spot that control was on.
    fn open(&mut self, name: &str, elements: &[&Expr], generators: &[Comprehension]) -> Spot {
        let symbols = Symbols::of_comprehension(elements, generators);
        let qualname = self.qualified(name);
        self.scopes.push(Scope::new(Kind::Function, symbols, qualname));
        let first = elements.iter().map(|element| element.start()).min().unwrap_or_default();
        self.scope_mut().first_line = self.source.line(first);
        self.come_from(Spot::NOWHERE)
    }

    /// The function with this body; its scope is closed, and control comes from the line again.
    fn close(&mut self, name: &str, kind: &str, body: Id, back: Spot) -> Id {
        self.come_from(back);
        let code = self.code(name, kind, &[ITERABLE.to_string()], body);
        self.scopes.pop();
        self.made_function(code, &[], Vec::new(), None)
    }

    fn building(
        &mut self,
        display: &str,
        add: &str,
        elements: &[&Expr],
        generators: &[Comprehension],
    ) -> Lowered {
        let result = self.instrumenter.local(hidden::RESULT);
        let empty = self.operate(display, &[]);
        let start = self.assign(result, empty);
        let turns = self.turns(generators, 0, &mut |lowerer| {
            let mut operands = vec![lowerer.read(result)];
            for element in elements {
                operands.push(lowerer.expression(element)?);
            }
            let added = lowerer.operate(add, &operands);
            Ok(lowerer.perform(added))
        })?;
        let value = self.read(result);
        let end = self.instrumenter.node("return", [value]);
        Ok(self.instrumenter.seq(&[start, turns, end]))
    }

    fn turns(
        &mut self,
        generators: &[Comprehension],
        place: usize,
        innermost: &mut dyn FnMut(&mut Self) -> Result<Id, Diagnostic>,
    ) -> Lowered {
        let Some(generator) = generators.get(place) else { return innermost(self) };
        let iterable = match place {
            0 => {
                let target = self.instrumenter.local(ITERABLE);
                self.read(target)
            }
            _ => self.expression(&generator.iter)?,
        };
        let (target, mut body) = self.simple_target(&generator.target)?;
        let mut tests = Vec::new();
        for test in &generator.ifs {
            tests.push(self.expression(test)?);
        }
        let mut inner = self.turns(generators, place + 1, innermost)?;
        for test in tests.into_iter().rev() {
            let pass = self.instrumenter.atom("pass");
            inner = self.instrumenter.node("if", [test, inner, pass]);
        }
        body.push(inner);
        let spot = self.source.spot_of_header(&generator.iter);
        let (body, pass) = (self.instrumenter.seq(&body), self.instrumenter.atom("pass"));
        let body = self.coming_back(&spot, body);
        let turns = self.instrumenter.node("loop", [target, iterable, body, pass]);
        if place > 0 || !self.places {
            return Ok(turns);
        }
        let start = self.set_place(&spot);
        Ok(self.instrumenter.seq(&[start, turns]))
    }
}
