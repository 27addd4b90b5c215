//! Unknown values, as far as they need no rules.

use egg::Id;

use crate::limits::{COARSEST, FORGETFUL};
use crate::machine::bank::Bank;
use crate::machine::domain::Context;
use crate::python::values::names::names;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Objects, heap};

/// Behind how many turns of a loop what grows in it is unknown in this world; `None` where it never is.
pub fn turns_at_most(bank: &Bank, world: Id) -> Option<u32> {
    let globals = bank.get(bank.arg(world, 1));
    let pending = bank.get(*globals.args.get(3).filter(|_| globals.op == names().objects)?);
    let turns = pending.args.get(1).filter(|_| pending.op == names().widening)?;
    heap::number_of(bank, *turns)
}

/// Whether nothing is known of any local, but of objects that are no containers, when a statement begins.
pub fn forgets_locals(bank: &Bank, world: Id) -> bool {
    matches!(turns_at_most(bank, world), Some(COARSEST | FORGETFUL))
}

/// Whether the same goes for the attributes of the program's objects.
pub fn forgets_attributes(bank: &Bank, world: Id) -> bool {
    turns_at_most(bank, world) == Some(FORGETFUL)
}

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
