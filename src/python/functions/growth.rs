//! What has grown in a turn of a loop, and whether it goes on growing: where something is decided by what is unknown.

use std::collections::BTreeMap;

use egg::Id;
use rustc_hash::FxHashSet;

use crate::machine::sequence;
use crate::python::functions::coarse;
use crate::python::functions::widening::{LONG, Place, Turn, occurs};
use crate::python::values::names::names;
use crate::python::values::not_known::forgets_attributes;
use crate::python::values::typed::type_of;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Entry, Objects, heap};
use crate::term::{escape, unescape};

impl Objects<'_, '_> {
    /// What there is at the end of the turn that may grow, with its size.
    pub(super) fn sizes(&mut self) -> BTreeMap<Place, Id> {
        let mut found = BTreeMap::new();
        // Of locals nothing that a turn changes is kept then.
        let locals = match self.is_coarse() {
            true => Vec::new(),
            false => self.bindings(self.cx.bank.arg(self.world, 0)),
        };
        for (name, value) in locals {
            self.measure(Place::Local(name.clone()), &name, value, &mut found);
        }
        for (module, env) in self.module_names() {
            for (name, value) in self.bindings(env) {
                self.measure(Place::Member(module.clone(), name.clone()), &name, value, &mut found);
            }
        }
        // Nor of attributes.
        let forgotten = match forgets_attributes(self.cx.bank, self.world) {
            true => coarse::own_objects(self, &[self.world]),
            false => BTreeMap::new(),
        };
        for (number, entry) in self.heap_entries() {
            let [payload, attributes] = [0, 1].map(|part| self.cx.bank.arg(entry, part));
            let (op, content) = (self.cx.bank.op(payload), self.cx.bank.get(payload).args.first().copied());
            if let Some(content) = content {
                if op == names().immutable {
                    self.measure(Place::Cell(number), "", content, &mut found);
                } else if [names().list_of, names().dict_of, names().set_of].contains(&op) {
                    found.insert(Place::Container(number), self.size_of_container(content));
                }
            }
            let measured =
                if forgotten.contains_key(&number) { Vec::new() } else { self.bindings(attributes) };
            for (name, value) in measured {
                self.measure(Place::Attribute(number, name.clone()), &name, value, &mut found);
            }
        }
        found
    }

    pub(super) fn module_names(&self) -> Vec<(String, Id)> {
        let mut modules = self.cx.bank.arg(self.cx.bank.arg(self.world, 1), 0);
        let mut found = Vec::new();
        while let [name, env, rest] = self.cx.bank.get(modules).args[..] {
            found.push((unescape(self.cx.name(name)), env));
            modules = rest;
        }
        found
    }

    pub(super) fn heap_entries(&self) -> Vec<(u32, Id)> {
        let mut entries = Vec::new();
        heap::entries(self.cx.bank, self.cx.bank.arg(self.cx.bank.arg(self.world, 1), 1), &mut entries);
        entries
    }

    pub(super) fn measure(&mut self, place: Place, name: &str, value: Id, found: &mut BTreeMap<Place, Id>) {
        // Names of the semantics' own, and of the language's.
        if name.starts_with(['.', '&']) || name.starts_with("__") {
            return;
        }
        let size = match self.cx.name(value) {
            "int" | "long" | "str" | "unicode" | "float" | "bytes" => value,
            "unknown" if type_of(self.cx.bank, value).is_none() => {
                let dots = unescape(self.cx.name(self.cx.bank.arg(value, 0))).matches('.').count();
                let dots = self.int(dots);
                self.tuple(&[dots])
            }
            _ => return,
        };
        found.insert(place, size);
    }

    /// The number of members, and those that are numbers.
    pub(super) fn size_of_container(&mut self, content: Id) -> Id {
        let length = sequence::len(self.cx.bank, content);
        let members = if length > LONG { Vec::new() } else { sequence::all(self.cx.bank, content) };
        let numbers: Vec<Id> =
            members.into_iter().filter(|member| ["int", "float"].contains(&self.cx.name(*member))).collect();
        let parts = [self.int(length), self.tuple(&numbers)];
        self.tuple(&parts)
    }

    /// Whether two sizes are of the same kind of thing.
    pub(super) fn is_alike(&self, old: Id, new: Id) -> bool {
        self.cx.bank.op(old) == self.cx.bank.op(new)
    }

    /// Whether something has grown since the first turn. What the loop itself writes down as a constant is one of few.
    pub(super) fn has_grown(&self, statement: Id, old: Id, new: Id) -> bool {
        if old == new || !self.is_alike(old, new) {
            return false;
        }
        let parts = |size: Id| sequence::all(self.cx.bank, self.cx.bank.arg(size, 0));
        let number = |int: Id| heap::number_of(self.cx.bank, self.cx.bank.arg(int, 0)).unwrap_or(0);
        match self.cx.name(new) {
            "tuple" => match [parts(old), parts(new)].each_ref().map(Vec::as_slice) {
                [[before], [after]] => number(*after) > number(*before),
                [[before, old], [after, new]] => {
                    number(*after) > number(*before)
                        || parts(*old)
                            .iter()
                            .zip(&parts(*new))
                            .any(|(old, new)| self.has_grown(statement, *old, *new))
                }
                _ => false,
            },
            "str" | "bytes" => {
                let length = |text: Id| self.cx.bank.text(self.cx.bank.arg(text, 0)).len();
                length(new) > length(old) && !occurs(self.cx.bank, new, statement)
            }
            _ => !occurs(self.cx.bank, new, statement),
        }
    }

    // ---- what decides the turns ------------------------------------------------------------------------

    /// Whether something unknown decides how often the loop goes round.
    pub(super) fn is_open(&mut self, turn: &Turn, grown: &[Place]) -> bool {
        if self.cx.name(turn.iterator) != "none" {
            return self.is_open_iterator(turn.iterator, &mut FxHashSet::default());
        }
        // A test of what the turns change, as in `while i < 10`, is decided by that, unless it is of something unknown, too.
        let test = self.cx.bank.arg(turn.statement, 0);
        let tests = |place: &Place| match place {
            Place::Local(name) => self.mentions(test, &["local", &escape(name)]),
            Place::Member(module, name) => self.mentions(test, &["member", &escape(module), &escape(name)]),
            _ => false,
        };
        let decides = grown.iter().any(tests);
        !decides || self.reads_unknown(test)
    }

    /// Whether an expression reads a name whose value is unknown.
    fn reads_unknown(&mut self, expression: Id) -> bool {
        let mut open = vec![expression];
        while let Some(term) = open.pop() {
            let node = self.cx.bank.get(term).clone();
            if [names().local_name, names().member, names().global_name].contains(&node.op) {
                let world = self.world;
                let value = super::environments::fetch(self.cx, &[world, term]);
                if value.first().is_some_and(|value| self.cx.bank.op(*value) == vocabulary().unknown) {
                    return true;
                }
            }
            open.extend(node.args);
        }
        false
    }

    fn mentions(&self, term: Id, target: &[&str]) -> bool {
        let mut open = vec![term];
        while let Some(term) = open.pop() {
            let node = self.cx.bank.get(term);
            let parts = || node.args.iter().map(|part| self.cx.name(*part));
            if node.op.as_str() == target[0] && parts().eq(target[1..].iter().copied()) {
                return true;
            }
            open.extend(node.args.iter().copied());
        }
        false
    }

    fn is_open_iterator(&self, iterator: Id, passed: &mut FxHashSet<Id>) -> bool {
        if self.cx.bank.op(iterator) == vocabulary().unknown {
            return true;
        }
        let Some(Entry { payload, .. }) = self.entry(iterator).filter(|_| passed.insert(iterator)) else {
            return false;
        };
        let node = self.cx.bank.get(payload);
        if node.op == names().iterator_of {
            let parts = sequence::all(self.cx.bank, node.args[1]);
            return parts.into_iter().any(|part| self.is_open_iterator(part, passed));
        }
        let containers = [names().list_of, names().dict_of, names().set_of, names().immutable];
        if node.op != names().generator_of {
            // Another object's `__next__` decides.
            return !containers.contains(&node.op);
        }
        let mut open = vec![node.args[0]];
        let mut seen = FxHashSet::default();
        while let Some(term) = open.pop() {
            if !seen.insert(term) {
                continue;
            }
            let node = self.cx.bank.get(term);
            match node.op.as_str() {
                "while-frame" | "test-frame" => return true,
                "binding" | "turn-frame" | "next-frame" => {
                    let place = usize::from(node.op == vocabulary().binding);
                    if self.is_open_iterator(node.args[place], passed) {
                        return true;
                    }
                }
                "code" => continue,
                _ => {}
            }
            open.extend(node.args.iter().copied());
        }
        false
    }
}
