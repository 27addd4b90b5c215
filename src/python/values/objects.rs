//! The objects of the heap, and their own attributes.

use egg::{Id, Symbol};

use super::{Entry, Objects};
use crate::machine::domain::Context;
use crate::python::values::names::names;
use crate::python::values::not_known::forgets_locals;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{heap, shelf};
use crate::term::{escape, unescape};

impl Objects<'_, '_> {
    fn globals(&self) -> [Id; 3] {
        let globals = self.cx.bank.arg(self.world, 1);
        [0, 1, 2].map(|part| self.cx.bank.arg(globals, part))
    }

    /// Replaces a part of `(objects modules heap next)`.
    pub(crate) fn set_global(&mut self, part: usize, value: Id) {
        let mut globals = self.cx.bank.get(self.cx.bank.arg(self.world, 1)).clone();
        if let Some(place) = globals.args.get_mut(part) {
            *place = value;
        }
        let globals = self.cx.bank.add(globals);
        self.set_world(1, globals);
    }

    /// Replaces a part of the world: 0 the locals, 1 the globals, 2 what is handled.
    pub fn set_world(&mut self, part: usize, value: Id) {
        let mut world = self.cx.bank.get(self.world).clone();
        if let Some(place) = world.args.get_mut(part) {
            *place = value;
        }
        self.world = self.cx.bank.add(world);
    }

    /// Whether the state keeps objects at all.
    pub fn tracked(&self) -> bool {
        let globals = self.cx.bank.get(self.world).args.get(1);
        globals.is_some_and(|globals| self.cx.bank.op(*globals) == names().objects)
    }

    /// Whether this is a run, rather than one of all paths that are explored. A run closes dropped generators at once, as CPython does.
    pub fn is_run(&self) -> bool {
        if !self.tracked() {
            return true;
        }
        let pending = self.cx.bank.arg(self.cx.bank.arg(self.world, 1), 3);
        self.cx.name(pending) == "prompt"
    }

    /// The number that a reference carries; exceptions carry theirs last, as all references do.
    pub fn number(&self, value: Id) -> Option<u32> {
        let node = self.cx.bank.get(value);
        let last = *node.args.last()?;
        if node.op == vocabulary().exception {
            return heap::number_of(self.cx.bank, last);
        }
        let place = if node.op == vocabulary().class { self.cx.bank.arg(value, 1) } else { last };
        let place = self.cx.bank.get(place);
        let atom = place.args.first().filter(|_| place.op == names().reference)?;
        heap::number_of(self.cx.bank, *atom)
    }

    /// The object that a value refers to.
    pub fn entry(&self, value: Id) -> Option<Entry> {
        if !self.tracked() {
            return None;
        }
        let number = self.number(value)?;
        let entry = heap::find(self.cx.bank, self.globals()[1], number)?;
        Some(Entry { payload: self.cx.bank.arg(entry, 0), attributes: self.cx.bank.arg(entry, 1) })
    }

    /// Replaces the object that a value refers to.
    pub fn set_entry(&mut self, value: Id, entry: Entry) {
        if let Some(number) = self.number(value) {
            self.put(number, entry);
        }
    }

    fn put(&mut self, number: u32, entry: Entry) {
        let entry = self.cx.bank.make(names().entry, &[entry.payload, entry.attributes]);
        let heap = heap::insert(self.cx.bank, self.globals()[1], number, entry);
        self.set_global(1, heap);
    }

    /// Replaces what an object holds, and keeps its attributes.
    pub fn set_payload(&mut self, value: Id, payload: Id) {
        if let Some(entry) = self.entry(value) {
            self.set_entry(value, Entry { payload, ..entry });
        }
    }

    /// Puts a new object on the heap; `(ref number)`.
    pub fn allocate(&mut self, payload: Id) -> Id {
        let number = match self.cx.bank.op(payload) == names().exception_of {
            true => self.exception_number(),
            false => self.next_number(),
        };
        let attributes = self.cx.bank.make(vocabulary().no_names, &[]);
        self.put(number, Entry { payload, attributes });
        let atom = self.atom(&number.to_string());
        self.cx.bank.make(names().reference, &[atom])
    }

    fn exception_number(&mut self) -> u32 {
        if !forgets_locals(self.cx.bank, self.world) {
            return self.next_number();
        }
        let globals = self.globals();
        free_exception(self.cx, globals)
    }

    fn next_number(&mut self) -> u32 {
        let globals = self.globals();
        let next = free_number(self.cx, globals);
        let atom = self.atom(&(next + 1).to_string());
        self.set_global(2, atom);
        next
    }

    /// A new object of a class: `(object class (ref number))`.
    pub fn new_object(&mut self, class: Id, payload: Id) -> Id {
        let reference = self.allocate(payload);
        self.cx.bank.make(names().object, &[class, reference])
    }

    /// An attribute that the object itself has; no class is asked.
    pub fn own_attribute(&self, value: Id, name: &str) -> Option<Id> {
        let entry = self.entry(value)?;
        self.lookup(entry.attributes, name)
    }

    /// The value of a name in an `Env`.
    pub fn lookup(&self, env: Id, name: &str) -> Option<Id> {
        let name: Symbol = escape(name).into();
        let mut env = shelf::list_of(self.cx.bank, env, name);
        while let [bound, value, rest] = self.cx.bank.get(env).args[..] {
            if self.cx.bank.op(bound) == name {
                return Some(value);
            }
            env = rest;
        }
        None
    }

    /// The bindings of an `Env`, in order.
    pub fn bindings(&self, env: Id) -> Vec<(String, Id)> {
        let found = shelf::bindings(self.cx.bank, env).into_iter();
        found.map(|(name, value)| (unescape(self.cx.name(name)), value)).collect()
    }

    /// The `Env` of these bindings, in this order.
    pub fn env(&mut self, bindings: &[(String, Id)]) -> Id {
        let mut env = self.cx.bank.make(vocabulary().no_names, &[]);
        for (name, value) in bindings.iter().rev() {
            let name = self.atom(name);
            env = self.cx.bank.make(vocabulary().binding, &[name, *value, env]);
        }
        env
    }

    /// Sets (or with `None` removes) an attribute of the object itself. A new one comes last.
    /// Returns whether there was one.
    pub fn set_own_attribute(&mut self, value: Id, name: &str, attribute: Option<Id>) -> bool {
        let Some(entry) = self.entry(value) else { return false };
        let name = self.atom(name);
        let there = shelf::bindings(self.cx.bank, entry.attributes).iter().any(|(bound, _)| *bound == name);
        let attributes = self.rebound(entry.attributes, name, attribute);
        self.set_entry(value, Entry { attributes, ..entry });
        there
    }

    /// The `Env` with a name bound or (with `None`) unbound; a new one comes last.
    pub fn rebound(&mut self, env: Id, name: Id, value: Option<Id>) -> Id {
        let mut bindings = shelf::bindings(self.cx.bank, env);
        let place = bindings.iter().position(|(bound, _)| *bound == name);
        match (place, value) {
            (Some(place), Some(value)) => bindings[place].1 = value,
            (Some(place), None) => drop(bindings.remove(place)),
            (None, Some(value)) => bindings.push((name, value)),
            (None, None) => {}
        }
        let empty = self.cx.bank.make(vocabulary().no_names, &[]);
        let bind =
            |env, (name, value): &(Id, Id)| self.cx.bank.make(vocabulary().binding, &[*name, *value, env]);
        bindings.iter().rev().fold(empty, bind)
    }
}

/// Where what locals hold is forgotten, exceptions have numbers from here on: whether one is there changes no other object's number, and
/// paths join on which different ones were raised.
pub const EXCEPTIONS: u32 = 1 << 12;

/// The number that the next exception gets, as an atom, where a world keeps objects.
pub fn next_exception(cx: &mut Context, world: Id) -> Option<Id> {
    let globals = cx.bank.arg(world, 1);
    if cx.bank.op(globals) != names().objects {
        return None;
    }
    let parts = [0, 1, 2].map(|part| cx.bank.arg(globals, part));
    let next = match forgets_locals(cx.bank, world) {
        true => free_exception(cx, parts),
        false => free_number(cx, parts),
    };
    Some(cx.bank.node(&next.to_string(), []))
}

fn free_exception(cx: &Context, [_, heap, _]: [Id; 3]) -> u32 {
    (EXCEPTIONS..).find(|number| heap::find(cx.bank, heap, *number).is_none()).unwrap_or(EXCEPTIONS)
}

/// The first number from the one noted on that no object has.
fn free_number(cx: &Context, [_, heap, next]: [Id; 3]) -> u32 {
    let mut next = heap::number_of(cx.bank, next).unwrap_or(1);
    while heap::find(cx.bank, heap, next).is_some() {
        next += 1;
    }
    next
}
