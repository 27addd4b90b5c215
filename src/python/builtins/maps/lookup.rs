//! Looking a key up in a dict or set without reading all of it.

use egg::Id;
use num_bigint::BigInt;
use num_traits::FromPrimitive;
use rustc_hash::FxHashMap;

use super::dicts::unwatch;
use super::held::{Held, entries, find_held, or_new};
use super::order::{MOST_PLACED, note_addition};
use crate::machine::caches::Index;
use crate::machine::sequence;
use crate::python::builtins::containers::{Shape, is_user_instance, shape};
use crate::python::builtins::hashing::{Hashing, Role, hashing};
use crate::python::builtins::support::overridden;
use crate::python::values::names::names;
use crate::python::values::{Call, Failure, View};
use crate::term::rows;

/// What a dict or set holds that has too many members to be searched, in places of one term or two.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rows {
    pub(super) payload: Id,
    pub(super) sequence: Id,
    /// How many terms a place takes: the key, and a dict's value.
    pub(super) width: usize,
}

impl Rows {
    /// `None` for a container with few members, or with hashes that a user's method computed.
    pub(super) fn of(call: &Call, container: Id) -> Option<Rows> {
        let payload = call.holding(container)?;
        let node = call.cx.bank.get(payload);
        let width = match node.op {
            op if op == names().dict_of => 2,
            op if op == names().set_of => 1,
            _ => return None,
        };
        match node.args[..] {
            [sequence] if sequence::is_tree(call.cx.bank, sequence) => {
                Some(Rows { payload, sequence, width })
            }
            _ => None,
        }
    }

    pub(super) fn places(&self, call: &Call) -> usize {
        sequence::len(call.cx.bank, self.sequence) / self.width
    }

    pub(super) fn key(&self, call: &Call, place: usize) -> Option<Id> {
        sequence::at(call.cx.bank, self.sequence, place * self.width)
    }

    pub(super) fn value(&self, call: &Call, place: usize) -> Option<Id> {
        sequence::at(call.cx.bank, self.sequence, place * self.width + self.width - 1)
    }

    /// Where the keys are; to be noted again.
    pub(super) fn index(&self, call: &mut Call) -> Index {
        if let Some(index) = call.cx.bank.take_index(self.payload) {
            return index;
        }
        let mut index = Index::default();
        let all = sequence::all(call.cx.bank, self.sequence);
        for (place, key) in all.into_iter().step_by(self.width).enumerate() {
            if call.cx.bank.op(key) == names().gone {
                index.gone += 1;
                continue;
            }
            match common(call, key) {
                Some(common) => drop(index.places.insert(common, place)),
                None => index.searched = true,
            }
        }
        index
    }

    /// Makes a container hold another sequence, with its keys noted.
    pub(super) fn replace(&self, call: &mut Call, container: Id, sequence: Id, index: Index) {
        let op = call.cx.bank.op(self.payload);
        let payload = call.cx.bank.make(op, &[sequence]);
        call.cx.bank.note_index(payload, index);
        call.set_payload(container, payload);
    }

    /// Sets the value at the place of a key, or adds the key behind all others.
    pub(super) fn put(&self, call: &mut Call, container: Id, place: Option<usize>, entry: [Id; 2]) {
        let [key, value] = entry;
        let Some(common) = common(call, key) else { return };
        let mut index = self.index(call);
        let sequence = match place {
            Some(_) if self.width == 1 => self.sequence,
            Some(place) => sequence::set(call.cx.bank, self.sequence, place * self.width + 1, value),
            None => {
                index.places.insert(common, self.places(call));
                entry[..self.width]
                    .iter()
                    .fold(self.sequence, |all, part| sequence::push(call.cx.bank, all, *part))
            }
        };
        self.replace(call, container, sequence, index);
    }

    /// Adds a member to a set, unless it has a place there.
    pub(super) fn put_member(&self, call: &mut Call, set: Id, place: Option<usize>, member: Id) {
        if place.is_some() {
            return;
        }
        if self.places(call) < MOST_PLACED {
            note_addition(call, set, Some(member));
        }
        self.put(call, set, None, [member, member]);
    }

    /// Takes what is at the place of a key away. The place stays, holding nothing, until few others are left.
    pub(super) fn remove(&self, call: &mut Call, container: Id, place: usize) {
        let mut index = self.index(call);
        if let Some(common) = self.key(call, place).and_then(|key| common(call, key)) {
            index.places.remove(&common);
        }
        let gone = call.cx.bank.make(names().gone, &[]);
        let bank = &mut *call.cx.bank;
        let first = place * self.width;
        let mut sequence =
            (first..first + self.width).fold(self.sequence, |all, at| sequence::set(bank, all, at, gone));
        index.gone += 1;
        let mut length = sequence::len(bank, sequence);
        while sequence::at(bank, sequence, length.wrapping_sub(1)) == Some(gone)
            && sequence::is_tree(bank, sequence)
        {
            sequence = (0..self.width).fold(sequence, |all, _| sequence::pop(bank, all));
            length -= self.width;
            index.gone -= 1;
        }
        let left = length / self.width - index.gone;
        if index.gone > 0 && (index.gone > left || left * self.width <= rows::FEW) {
            let mut all = sequence::all(bank, sequence);
            all.retain(|member| *member != gone);
            sequence = sequence::of(bank, &all);
            index = self.moved(call, sequence);
        }
        self.replace(call, container, sequence, index);
        unwatch(call, container);
    }

    fn moved(&self, call: &mut Call, sequence: Id) -> Index {
        Rows { sequence, payload: sequence, ..*self }.index(call)
    }
}

/// A term that a key has in common with the keys that equal it; `None` where only comparing tells.
pub(super) fn common(call: &mut Call, key: Id) -> Option<Id> {
    match call.cx.name(key) {
        "int" | "str" | "bytes" | "none" | "class" | "builtin" | "routine" | "library" => Some(key),
        "long" => call.integer(key).map(|int| call.int(int)),
        "unicode" => call.text(key).map(|text| call.str(&text)),
        "true" => Some(call.int(1)),
        "false" => Some(call.int(0)),
        "float" => match call.view(key) {
            View::Float(float) if float.fract() == 0.0 => Some(call.int(BigInt::from_f64(float)?)),
            _ => Some(key),
        },
        "tuple" => {
            let members = call.cx.members(call.cx.bank.arg(key, 0));
            let members: Option<Vec<Id>> = members.into_iter().map(|member| common(call, member)).collect();
            members.map(|members| call.tuple(&members))
        }
        // An object whose class does not say how to compare it equals only itself.
        "object" => is_itself_alone(call, key).then_some(key),
        _ => None,
    }
}

fn is_itself_alone(call: &mut Call, value: Id) -> bool {
    is_user_instance(call, value)
        && matches!(shape(call, value), Shape::Other)
        && call.view(value) == View::Other
        && !overridden(call, value, &["__eq__"])
}

/// The place of a key in a container, or that it has none; `None` where it has to be searched for.
pub(super) fn place_of(
    call: &mut Call,
    container: Id,
    key: Id,
    role: Role,
) -> Result<Option<(Rows, Option<usize>)>, Failure> {
    let Some(rows) = Rows::of(call, container) else { return Ok(None) };
    if hashing(call, key, role)? == Hashing::User {
        return Ok(None);
    }
    Ok(looked_up(call, rows, key).map(|place| (rows, place)))
}

fn looked_up(call: &mut Call, rows: Rows, key: Id) -> Option<Option<usize>> {
    let common = common(call, key)?;
    let index = rows.index(call);
    let found = (!index.searched).then(|| index.places.get(&common).copied());
    call.cx.bank.note_index(rows.payload, index);
    found
}

/// The entry of a dict whose key is this very one, where it is at that place or can be looked up.
pub fn entry_at(call: &mut Call, dict: Id, place: usize, key: Id) -> Option<(Id, Id)> {
    let Some(rows) = Rows::of(call, dict) else {
        return entries(call, dict).get(place).copied().filter(|(found, _)| *found == key);
    };
    let place = match rows.key(call, place) {
        Some(found) if found == key => place,
        _ => looked_up(call, rows, key)??,
    };
    (rows.key(call, place)? == key).then_some((key, rows.value(call, place)?))
}

/// Members that are gathered: found by what equal ones have in common, where they are many and it tells.
pub(super) struct Gathered {
    pub(super) held: Vec<Held>,
    pub(super) places: FxHashMap<Id, usize>,
    /// How many of those held have their places noted; `None` where one cannot.
    pub(super) noted: Option<usize>,
}

impl Gathered {
    pub(super) fn new(held: Vec<Held>) -> Gathered {
        Gathered { held, places: FxHashMap::default(), noted: Some(0) }
    }

    /// Notes the places of those that were added since.
    fn note(&mut self, call: &mut Call) {
        while let Some(place) = self.noted.filter(|noted| *noted < self.held.len()) {
            let held = self.held[place];
            let common = if held.code.is_none() { common(call, held.key) } else { None };
            self.noted = common.map(|common| {
                self.places.entry(common).or_insert(place);
                place + 1
            });
        }
    }

    pub(super) fn find(
        &mut self,
        call: &mut Call,
        sought: &Held,
        role: Role,
    ) -> Result<Option<usize>, Failure> {
        if self.held.len() > rows::FEW && sought.code.is_none() {
            self.note(call);
            if self.noted.is_some()
                && hashing(call, sought.key, role)? == Hashing::Builtin
                && let Some(common) = common(call, sought.key)
            {
                return Ok(self.places.get(&common).copied());
            }
        }
        find_held(call, &self.held, sought, role)
    }

    /// Adds an entry; a key that is there stays, with the new value.
    pub(super) fn put(&mut self, call: &mut Call, entry: Held, role: Role) -> Result<(), Failure> {
        let found = self.find(call, &entry, role);
        match or_new(call, &self.held, entry.key, found)? {
            Some(place) => self.held[place].value = entry.value,
            None => self.held.push(entry),
        }
        Ok(())
    }
}
