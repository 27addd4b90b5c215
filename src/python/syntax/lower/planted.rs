//! Expressions with the markers that pairs of calls plant at them.

use egg::Id;
use ruff_python_ast::Expr;
use ruff_text_size::Ranged;

use crate::python::syntax::lower::Lowerer;
use crate::term::escape;

impl Lowerer<'_> {
    /// The expression with the markers that stand at it. Where only its truth counts, that is what they see.
    pub(super) fn planted(&mut self, expr: &Expr, mut lowered: Id) -> Id {
        let plants = self.plants.clone();
        for plant in plants.at(expr.range()) {
            let (first, second) = &plant.pair;
            let names = [first, second].map(|name| self.instrumenter.atom(&escape(name)));
            let marker = self.instrumenter.node(&format!("pair-{}", plant.kind), names);
            if plant.truth {
                let negated = self.instrumenter.node("not", [lowered]);
                lowered = self.instrumenter.node("not", [negated]);
            }
            lowered = self.instrumenter.node("observe", [marker, lowered]);
        }
        lowered
    }
}
