//! What is stored in attributes of unknowns.

use egg::Id;

use crate::python::functions::unknowns::{as_facts, insert_fact, listed, with_facts};
use crate::python::values::Objects;
use crate::python::values::names::names;

impl Objects<'_, '_> {
    /// An attribute of an unknown: what was stored there, or an unknown of its own name, always the same.
    pub fn attribute_of_unknown(&mut self, unknown: Id, name: &str) -> Id {
        let stored = self.stored_in_unknown(unknown, name);
        stored.unwrap_or_else(|| self.unknown_attribute(unknown, name))
    }

    /// What was stored in an attribute of an unknown.
    pub fn stored_in_unknown(&mut self, unknown: Id, name: &str) -> Option<Id> {
        let question = self.attribute_question(name);
        let facts = listed(self.cx.bank, self.cx.bank.arg(self.world, 3));
        let stored = facts.into_iter().find(|[value, asked, _]| *value == unknown && *asked == question);
        stored.map(|[_, _, stored]| stored)
    }

    /// Whether an attribute of an unknown was deleted, and nothing stored there since.
    pub fn is_deleted(&mut self, unknown: Id, name: &str) -> bool {
        let stored = self.stored_in_unknown(unknown, name);
        stored.is_some_and(|stored| self.cx.bank.op(stored) == names().missing)
    }

    /// Stores (or with `None` deletes) an attribute of an unknown.
    pub fn store_in_unknown(&mut self, unknown: Id, name: &str, value: Option<Id>) {
        let question = self.attribute_question(name);
        let mut facts = listed(self.cx.bank, self.cx.bank.arg(self.world, 3));
        facts.retain(|[about, asked, _]| *about != unknown || *asked != question);
        let kept = as_facts(self.cx, facts);
        let value = value.unwrap_or_else(|| self.cx.bank.make(names().missing, &[]));
        let kept = insert_fact(self.cx, kept, [unknown, question, value]);
        self.world = with_facts(self.cx, self.world, kept);
    }

    fn attribute_question(&mut self, name: &str) -> Id {
        let name = self.atom(name);
        self.cx.bank.node("attribute", [name])
    }
}
