//! Containers whose members are not known: what an operation with an unknown operand leaves behind.
//!
//! Such a container is the object that it was, with the payload `(open-of unknown)`. The unknown stands for what is in it, and is
//! another one after each change: so what is found out about it is said of this content alone. It also names the members
//! that the container may hold and that no unknown can stand for: objects, and what runs code of the program.

use egg::Id;

use super::{Objects, typed};
use crate::machine::domain::Context;
use crate::machine::sequence;
use crate::python::values::names::names;
use crate::python::values::vocabulary::vocabulary;

impl Objects<'_, '_> {
    /// What an object holds; that its members are not known is noted for the operation at hand, which looks into it.
    pub fn holding(&self, value: Id) -> Option<Id> {
        let payload = self.entry(value)?.payload;
        let node = self.cx.bank.get(payload);
        if node.op == names().open_of {
            self.met.set(Some(node.args[0]));
        }
        Some(payload)
    }

    /// What stands for the members of a container, where these are not known.
    pub fn opened(&self, value: Id) -> Option<Id> {
        if self.cx.bank.op(value) != names().object {
            return None;
        }
        let payload = self.cx.bank.get(self.entry(value)?.payload);
        (payload.op == names().open_of).then(|| payload.args[0])
    }

    /// The builtin type that a container with members which can change is of, or derives from.
    pub fn kind_of_container(&mut self, value: Id) -> Option<&'static str> {
        if let Some(unknown) = self.opened(value) {
            return typed::type_of(self.cx.bank, unknown);
        }
        if self.cx.bank.op(value) != names().object {
            return None;
        }
        let op = self.cx.bank.op(self.entry(value)?.payload);
        match op {
            op if op == names().list_of => Some("list"),
            op if op == names().dict_of => Some("dict"),
            op if op == names().set_of && !self.is_frozen(value) => Some("set"),
            _ => None,
        }
    }

    fn is_frozen(&mut self, value: Id) -> bool {
        let (class, frozen) = (self.class_of(value), self.class("frozenset"));
        self.derives(class, frozen)
    }

    /// The members that a container may hold and that no unknown can stand for.
    pub fn kept_members(&self, value: Id) -> Vec<Id> {
        if let Some(unknown) = self.opened(value) {
            return self.cx.kept_by(unknown);
        }
        let kinds = [names().list_of, names().dict_of, names().set_of];
        let contents = kinds.into_iter().find_map(|kind| self.contents_of(value, kind));
        let Some(contents) = contents else { return Vec::new() };
        let mut members = self.there(contents);
        members.retain(|member| self.cx.is_kept(*member));
        members
    }

    /// From now on the members of a container are not known; `unknown` is what is said to be in it.
    pub fn set_opened(&mut self, container: Id, unknown: Id) {
        let payload = self.cx.bank.make(names().open_of, &[unknown]);
        self.set_payload(container, payload);
    }
}

impl Context<'_> {
    /// The members that may be in what an unknown stands for, and that no unknown can stand for.
    pub fn kept_by(&self, unknown: Id) -> Vec<Id> {
        let returns = self.bank.get(self.bank.arg(self.bank.arg(unknown, 2), 0));
        match returns.op == names().contents {
            true => sequence::all(self.bank, returns.args[1]),
            false => Vec::new(),
        }
    }

    /// Whether no unknown can stand for a value: an object, which others may refer to, too, and what runs code of the program.
    pub fn is_kept(&self, value: Id) -> bool {
        let node = self.bank.get(value);
        match node.op {
            op if op == vocabulary().tuple => {
                sequence::all(self.bank, node.args[0]).into_iter().any(|member| self.is_kept(member))
            }
            op if op == vocabulary().class => self.bank.op(node.args[1]) == names().reference,
            op if op == names().method => node.args.iter().any(|part| self.is_kept(*part)),
            op => {
                [names().object, names().routine, vocabulary().exception].contains(&op)
                    || op.as_str() == "generator"
            }
        }
    }
}
