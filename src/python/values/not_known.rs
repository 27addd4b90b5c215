//! Unknown values, as far as they need no rules.

use egg::Id;

use crate::machine::domain::Context;
use crate::python::values::Objects;
use crate::python::values::vocabulary::vocabulary;

impl Context<'_> {
    /// The first unknown in a value.
    pub fn unknown_in(&self, value: Id) -> Id {
        let mut open = vec![value];
        while let Some(term) = open.pop() {
            if self.bank.op(term) == vocabulary().unknown {
                return term;
            }
            let parts = self.bank.get(term).args.iter();
            open.extend(parts.filter(|part| self.bank.measure(**part).unknown));
        }
        value
    }
}

impl Objects<'_, '_> {
    /// An unknown that raises what other unknowns of the program do.
    pub fn unknown_like_others(&mut self, name: &str) -> Id {
        let known = self.cx.unknown_in(self.world);
        let raises = match self.cx.bank.op(known) == vocabulary().unknown {
            true => self.cx.bank.arg(self.cx.bank.arg(known, 2), 1),
            false => self.values(&[]),
        };
        let anything = self.cx.bank.node("anything", []);
        let outcomes = self.cx.bank.node("outcomes", [anything, raises]);
        let (name, number) = (self.atom(name), self.atom("0"));
        self.cx.bank.node("unknown", [name, number, outcomes])
    }
}
