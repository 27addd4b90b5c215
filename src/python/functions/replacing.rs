//! Containers that become unknown wherever they are referred to.

use std::collections::BTreeMap;

use egg::Id;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::machine::bank::Bank;
use crate::machine::sequence;
use crate::python::functions::widening::Turn;
use crate::python::values::names::names;
use crate::python::values::{Call, Entry, Objects, heap, typed};

impl Call<'_, '_> {
    /// A container, and those in it, become unknown wherever they are referred to. What holds anything that can run
    /// code of the program stays as it is, and so does what is being iterated over, or waits on the frames.
    pub(super) fn widen_container(&mut self, number: u32, turn: &Turn) {
        let mut within = BTreeMap::new();
        let Some(entry) = self.entry_of(number) else { return };
        within.insert(number, entry);
        let on_frames = self.references(self.frames).iter().any(|number| within.contains_key(number));
        if !self.is_matter_of(entry, &mut within) || on_frames || self.is_iterated(&within) {
            return;
        }
        let mut classes = FxHashMap::default();
        for (number, entry) in &within {
            let class = match self.cx.bank.get(entry.payload) {
                node if node.op == names().dict_of => "dict",
                node if node.op == names().set_of => "set",
                node if node.op == names().open_of => {
                    typed::type_of(self.cx.bank, node.args[0]).unwrap_or("list")
                }
                _ => "list",
            };
            classes.insert(*number, class);
        }
        for (number, class) in classes.into_iter().collect::<BTreeMap<_, _>>() {
            let name = self.name_of_object(number).unwrap_or_else(|| class.to_string());
            let like = self.unknown_named(&name, Some(class));
            let unknown = self.apart_from_others(like, turn);
            let world = self.world;
            let mut replacing =
                Replacing { number, unknown, known: FxHashMap::default(), bank: self.cx.bank };
            self.world = replacing.term(world);
        }
    }
}

impl Call<'_, '_> {
    /// The containers among the arguments become unknown; false where one cannot, or an argument may run code of the program.
    pub(super) fn forget_contents(&mut self) -> bool {
        let none = self.none();
        let nowhere = Turn { iterator: none, statement: none };
        for arg in self.args.clone() {
            if self.cx.bank.op(arg) != names().object {
                continue;
            }
            let (Some(number), Some(entry)) = (self.number(arg), self.entry(arg)) else { return false };
            if !self.is_matter_of(entry, &mut BTreeMap::new()) {
                return false;
            }
            self.widen_container(number, &nowhere);
            if self.references(self.world).contains(&number) {
                return false;
            }
        }
        true
    }
}

impl Objects<'_, '_> {
    pub(super) fn name_of_object(&self, number: u32) -> Option<String> {
        let envs = self.module_names().into_iter().filter(|(module, _)| module == "__main__");
        let envs = std::iter::once(self.cx.bank.arg(self.world, 0)).chain(envs.map(|(_, env)| env));
        let mut bound = envs.flat_map(|env| self.bindings(env));
        let is_it =
            |value: Id| self.cx.bank.op(value) == names().object && self.number(value) == Some(number);
        bound.find(|(name, value)| is_it(*value) && !name.starts_with('.')).map(|(name, _)| name)
    }

    /// Whether a container holds only what runs no code of the program; containers in it are added.
    fn is_matter_of(&self, entry: Entry, within: &mut BTreeMap<u32, Entry>) -> bool {
        let node = self.cx.bank.get(entry.payload);
        let members = match node.op {
            op if op == names().open_of => self.cx.kept_by(node.args[0]),
            op if [names().list_of, names().dict_of, names().set_of].contains(&op) => {
                sequence::all(self.cx.bank, node.args[0])
            }
            _ => return false,
        };
        self.bindings(entry.attributes).iter().all(|(name, _)| name.starts_with('.'))
            && members.into_iter().all(|member| self.is_matter(member, within))
    }

    fn is_matter(&self, value: Id, within: &mut BTreeMap<u32, Entry>) -> bool {
        match self.cx.name(value) {
            // What is unknown calls nothing back.
            "routine" | "library" | "builtin" | "method" | "class" | "module" if self.is_coarse() => true,
            "unknown" | "none" | "true" | "false" | "int" | "long" | "str" | "unicode" | "float"
            | "bytes" | "gone" => true,
            "tuple" => {
                let members = sequence::all(self.cx.bank, self.cx.bank.arg(value, 0));
                members.into_iter().all(|member| self.is_matter(member, within))
            }
            "exception" => self.is_coarse() || !self.is_user_class(self.cx.bank.arg(value, 0)),
            "object" if !self.is_user_class(self.cx.bank.arg(value, 0)) && !self.is_generator(value) => {
                let (Some(number), Some(entry)) = (self.number(value), self.entry(value)) else {
                    return false;
                };
                within.insert(number, entry).is_some() || self.is_matter_of(entry, within)
            }
            "object" => self.is_coarse() && !self.is_generator(value),
            _ => false,
        }
    }

    pub(super) fn is_generator(&self, value: Id) -> bool {
        self.entry(value).is_some_and(|entry| self.cx.bank.op(entry.payload) == names().generator_of)
    }

    fn is_iterated(&self, within: &BTreeMap<u32, Entry>) -> bool {
        self.heap_entries().into_iter().any(|(_, entry)| {
            let payload = self.cx.bank.arg(entry, 0);
            self.cx.bank.op(payload) == names().iterator_of
                && self.references(payload).iter().any(|number| within.contains_key(number))
        })
    }
}

impl Objects<'_, '_> {
    fn references(&self, term: Id) -> FxHashSet<u32> {
        let (mut found, mut open) = (FxHashSet::default(), vec![term]);
        while let Some(term) = open.pop() {
            let node = self.cx.bank.get(term);
            if node.op == names().reference {
                found.extend(node.args.first().and_then(|number| heap::number_of(self.cx.bank, *number)));
            }
            open.extend(node.args.iter().copied());
        }
        found
    }
}

/// An object replaced by an unknown.
struct Replacing<'b> {
    number: u32,
    unknown: Id,
    known: FxHashMap<Id, Id>,
    bank: &'b mut Bank,
}

impl Replacing<'_> {
    fn term(&mut self, term: Id) -> Id {
        if self.bank.measure(term).exceptions <= 1 {
            return term;
        }
        if let Some(known) = self.known.get(&term) {
            return *known;
        }
        let node = self.bank.get(term).clone();
        let replaced = if self.is_it(&node) {
            self.unknown
        } else {
            let args: Vec<Id> = node.args.iter().map(|part| self.term(*part)).collect();
            if args[..] == node.args[..] { term } else { self.bank.make(node.op, &args) }
        };
        self.known.insert(term, replaced);
        replaced
    }

    fn is_it(&self, node: &crate::term::Node) -> bool {
        let number = node.args.last().map(|reference| self.bank.get(*reference));
        let number = number.filter(|part| node.op == names().object && part.op == names().reference);
        number.and_then(|part| heap::number_of(self.bank, part.args[0])) == Some(self.number)
    }
}
