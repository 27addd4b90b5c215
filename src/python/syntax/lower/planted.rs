//! Expressions and statements with the markers that pairs of calls, and what people are used to, plant at them.

use egg::Id;
use ruff_python_ast::{Expr, Stmt};
use ruff_text_size::{Ranged, TextSize};

use crate::python::syntax::lower::Lowerer;
use crate::term::escape;

impl Lowerer<'_> {
    /// The expression with the markers that stand at it. Where only its truth counts, that is what they see.
    pub(super) fn planted(&mut self, expr: &Expr, mut lowered: Id) -> Id {
        let plants = self.plants.clone();
        // What people are used to excuses what is seen behind it.
        if let Some(marker) = plants.habits.at(expr.range()) {
            let marker = self.instrumenter.atom(marker);
            lowered = self.instrumenter.node("observe", [marker, lowered]);
        }
        for plant in plants.at(expr.range()) {
            let marker = self.marker(plant.marker, &plant.names);
            if plant.truth {
                let negated = self.instrumenter.node("not", [lowered]);
                lowered = self.instrumenter.node("not", [negated]);
            }
            lowered = self.instrumenter.node("observe", [marker, lowered]);
        }
        lowered
    }

    fn marker(&mut self, kind: &str, names: &[String]) -> Id {
        let names: Vec<Id> = names.iter().map(|name| self.instrumenter.atom(&escape(name))).collect();
        self.instrumenter.node(kind, names)
    }

    /// A `finally` clause, which says of which pairs the second call stands there.
    pub(super) fn cleaning(&mut self, body: &[Stmt], clause: Id) -> Id {
        let plants = self.plants.clone();
        let pairs = body.first().and_then(|first| plants.cleaning.get(&first.start()));
        let mut said: Vec<Id> = Vec::new();
        for pair in pairs.into_iter().flatten() {
            let marker = self.marker("pair-cleaning", &[pair.first.clone(), pair.second.clone()]);
            said.push(self.told(marker));
        }
        said.push(clause);
        self.instrumenter.seq(&said)
    }

    /// The body of a clause: one that may drop what it handles says so.
    pub(super) fn excused(&mut self, clause: TextSize, body: Id) -> Id {
        if !self.plants.habits.is_excused(clause) {
            return body;
        }
        let marker = self.instrumenter.atom("handed-on");
        let told = self.told(marker);
        self.instrumenter.seq(&[told, body])
    }

    /// A loop and its body, which say when a loop begins whose turns bind names that are read behind it, and when it has a turn.
    pub(super) fn turning(&mut self, turns: &impl Ranged, body: Id) -> (Option<Id>, Id) {
        if !self.plants.habits.binds(turns.start()) {
            return (None, body);
        }
        let line = self.source.line(turns.start()).to_string();
        let [begins, turn] = ["loop-begins", "loop-turn"].map(|kind| {
            let line = self.instrumenter.atom(&line);
            let marker = self.instrumenter.node(kind, [line]);
            self.told(marker)
        });
        (Some(begins), self.instrumenter.seq(&[turn, body]))
    }

    /// What is done where no test of a chain holds: it is said so, where one should.
    pub(super) fn untaken(&mut self, chain: &impl Ranged) -> Id {
        if !self.plants.habits.takes_one(chain.start()) {
            return self.instrumenter.atom("pass");
        }
        let marker = self.instrumenter.atom("none-taken");
        self.told(marker)
    }

    /// A statement that does nothing but let a marker be seen.
    pub(super) fn told(&mut self, marker: Id) -> Id {
        let none = self.none();
        let observed = self.instrumenter.node("observe", [marker, none]);
        self.perform(observed)
    }
}
