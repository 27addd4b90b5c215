//! Unknown values, as far as they need no rules.

use egg::Id;
use rustc_hash::FxHashSet;

use crate::limits::{COARSEST, FORGETFUL, SHALLOW};
use crate::machine::bank::Bank;
use crate::machine::domain::Context;
use crate::machine::sequence;
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
    matches!(turns_at_most(bank, world), Some(COARSEST | FORGETFUL | SHALLOW))
}

/// Whether the same goes for the attributes of the program's objects.
pub fn forgets_attributes(bank: &Bank, world: Id) -> bool {
    matches!(turns_at_most(bank, world), Some(FORGETFUL | SHALLOW))
}

/// Whether a function that calls itself is not followed far.
pub fn follows_no_recursion(bank: &Bank, world: Id) -> bool {
    turns_at_most(bank, world) == Some(SHALLOW)
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
    /// An unknown that raises what other unknowns of the program do: as much as any.
    pub fn unknown_like_others(&mut self, name: &str) -> Id {
        let raises = widest(self.cx.bank, self.world).unwrap_or_else(|| self.values(&[]));
        let anything = self.cx.bank.node("anything", []);
        let outcomes = self.cx.bank.node("outcomes", [anything, raises]);
        let (name, number) = (self.atom(name), self.atom("0"));
        self.cx.bank.node("unknown", [name, number, outcomes])
    }
}

/// What the unknown in a term raises that raises most.
fn widest(bank: &Bank, term: Id) -> Option<Id> {
    if !bank.measure(term).unknown {
        return None;
    }
    let names = names();
    let node = bank.get(term);
    // The parts that states have in common.
    let has_parts = ["world", "objects", "module-names"].contains(&node.op.as_str())
        || [names.branch, names.leaf].contains(&node.op);
    let found = |candidates: &mut dyn Iterator<Item = Id>| {
        candidates.max_by(|one, other| {
            let by_length = sequence::len(bank, *one).cmp(&sequence::len(bank, *other));
            by_length.then_with(|| bank.order(*one, *other))
        })
    };
    let noted = bank.raised_in(term, || match has_parts {
        true => found(&mut node.args.iter().filter_map(|part| widest(bank, *part))).into_iter().collect(),
        false => found(&mut raised_by_unknowns(bank, term).into_iter()).into_iter().collect(),
    });
    noted.first().copied()
}

/// What each unknown in a term raises.
fn raised_by_unknowns(bank: &Bank, term: Id) -> FxHashSet<Id> {
    let (mut found, mut seen, mut open) = (FxHashSet::default(), FxHashSet::default(), vec![term]);
    while let Some(term) = open.pop() {
        if !bank.measure(term).unknown || !seen.insert(term) {
            continue;
        }
        if bank.op(term) == vocabulary().unknown {
            found.insert(bank.arg(bank.arg(term, 2), 1));
        }
        open.extend(&bank.get(term).args);
    }
    found
}
