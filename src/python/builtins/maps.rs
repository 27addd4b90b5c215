//! Dicts, their views, and sets.
//!
//! Members stand in the order of their insertion. Where a user's method computed the hash of a member, the
//! payload has a second argument: `Values` with that hash, or `None`, for each member.

use std::cmp::Ordering;
use std::collections::HashMap;

use egg::Id;
use num_bigint::BigInt;
use num_traits::{FromPrimitive, ToPrimitive};
use rustc_hash::FxHashMap;

use crate::machine::caches::Index;
use crate::machine::sequence;
use crate::python::builtins::Table;
use crate::python::builtins::containers::{
    Arity, Hashing, Part, Role, Shape, apply, check_arity, function, hashing, is_user_instance, key_error,
    method, no_keywords, no_user_method, position, receiver, require, same, shape, unordered, user_attribute,
};
use crate::python::builtins::hashing::stable_hash;
use crate::python::builtins::iterators::{found_in, members_of};
use crate::python::values::names::names;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Answer, Call, Entry, Failure, View};

/// The primitives of this file.
pub const TABLE: Table = &[
    ("dict_display", dict_display),
    ("dict_display_merge", dict_display_merge),
    ("dict", dict),
    ("dict.__init__", dict_init),
    ("dict.get", dict_get),
    ("dict.setdefault", dict_setdefault),
    ("dict.pop", dict_pop),
    ("dict.popitem", dict_popitem),
    ("dict.keys", |call| dict_view(call, "dict.keys", "dict_keys")),
    ("dict.values", |call| dict_view(call, "dict.values", "dict_values")),
    ("dict.items", |call| dict_view(call, "dict.items", "dict_items")),
    ("dict.update", dict_update),
    ("dict.clear", dict_clear),
    ("dict.copy", dict_copy),
    ("dict.fromkeys", dict_fromkeys),
    ("dict_find", dict_find),
    ("dict_find_hash", find_hash),
    ("dict_key", held_key),
    ("dict_value", dict_value),
    ("dict_hash", held_hash),
    ("dict_put", dict_put),
    ("dict_remove", remove_at),
    ("view_dict", view_dict),
    ("set_display", set_display),
    ("set", |call| make_set(call, "set")),
    ("frozenset", |call| make_set(call, "frozenset")),
    ("set.__init__", set_init),
    ("set.add", set_add),
    ("set.discard", |call| take_out(call, "set.discard")),
    ("set.remove", |call| take_out(call, "set.remove")),
    ("set.pop", set_pop),
    ("set.clear", set_clear),
    ("set.copy", |call| set_copy(call, "set")),
    ("frozenset.copy", |call| set_copy(call, "frozenset")),
    ("set.update", |call| change(call, "set.update", Operation::Or)),
    ("set.intersection_update", |call| change(call, "set.intersection_update", Operation::And)),
    ("set.difference_update", |call| change(call, "set.difference_update", Operation::Sub)),
    ("set.symmetric_difference_update", |call| {
        change(call, "set.symmetric_difference_update", Operation::Xor)
    }),
    ("set.union", |call| combination(call, "set.union", Operation::Or)),
    ("set.intersection", |call| combination(call, "set.intersection", Operation::And)),
    ("set.difference", |call| combination(call, "set.difference", Operation::Sub)),
    ("set.symmetric_difference", |call| combination(call, "set.symmetric_difference", Operation::Xor)),
    ("frozenset.union", |call| combination(call, "frozenset.union", Operation::Or)),
    ("frozenset.intersection", |call| combination(call, "frozenset.intersection", Operation::And)),
    ("frozenset.difference", |call| combination(call, "frozenset.difference", Operation::Sub)),
    ("frozenset.symmetric_difference", |call| {
        combination(call, "frozenset.symmetric_difference", Operation::Xor)
    }),
    ("set.issubset", |call| related(call, "set.issubset")),
    ("set.issuperset", |call| related(call, "set.issuperset")),
    ("set.isdisjoint", |call| related(call, "set.isdisjoint")),
    ("frozenset.issubset", |call| related(call, "frozenset.issubset")),
    ("frozenset.issuperset", |call| related(call, "frozenset.issuperset")),
    ("frozenset.isdisjoint", |call| related(call, "frozenset.isdisjoint")),
    ("dict_keys.isdisjoint", |call| related(call, "dict_keys.isdisjoint")),
    ("dict_items.isdisjoint", |call| related(call, "dict_items.isdisjoint")),
    ("set_find", set_find),
    ("set_find_hash", find_hash),
    ("set_key", held_key),
    ("set_hash", held_hash),
    ("set_add", raw_set_add),
    ("set_remove", remove_at),
];

// ---- what they hold -------------------------------------------------------------------------------------

/// A member of a set, or an entry of a dict.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Held {
    /// The key or member.
    pub key: Id,
    /// The value; a set's member again.
    pub value: Id,
    /// The hash, where a user's method computed it.
    pub code: Option<Id>,
}

impl Held {
    fn new(key: Id, value: Id) -> Held {
        Held { key, value, code: None }
    }
}

/// What a dict or set holds, in the order of insertion.
pub fn held(call: &Call, container: Id) -> Vec<Held> {
    let Some(Entry { payload, .. }) = call.entry(container) else { return Vec::new() };
    let node = call.cx.bank.get(payload);
    let Some(first) = node.args.first() else { return Vec::new() };
    let flat = call.there(*first);
    let mut found: Vec<Held> = match node.op {
        op if op == names().dict_of => flat.chunks_exact(2).map(|pair| Held::new(pair[0], pair[1])).collect(),
        op if op == names().set_of => flat.iter().map(|member| Held::new(*member, *member)).collect(),
        _ => Vec::new(),
    };
    if let Some(codes) = node.args.get(1) {
        for (held, code) in found.iter_mut().zip(call.cx.members(*codes)) {
            held.code = (call.view(code) != View::None).then_some(code);
        }
    }
    found
}

/// What a dict or set holds, in the order in which it is iterated.
pub fn ordered(call: &Call, container: Id) -> Vec<Held> {
    let held = held(call, container);
    if !is_set_payload(call, container) {
        return held;
    }
    match table_of(call, container, &held) {
        Some(table) => table.order().into_iter().map(|place| held[place]).collect(),
        None => held,
    }
}

fn is_set_payload(call: &Call, container: Id) -> bool {
    call.entry(container).is_some_and(|entry| call.cx.bank.op(entry.payload) == names().set_of)
}

/// Replaces what a dict or set holds.
pub fn set_held(call: &mut Call, container: Id, held: &[Held]) {
    let sets = is_set_payload(call, container);
    let payload = payload(call, held, sets);
    call.set_payload(container, payload);
    if sets && Rows::of(call, container).is_some() {
        note_addition(call, container, None);
    }
}

fn payload(call: &mut Call, held: &[Held], sets: bool) -> Id {
    let flat: Vec<Id> = match sets {
        true => held.iter().map(|held| held.key).collect(),
        false => held.iter().flat_map(|held| [held.key, held.value]).collect(),
    };
    let mut args = vec![sequence::of(call.cx.bank, &flat)];
    if held.iter().any(|held| held.code.is_some()) {
        let none = call.none();
        let codes: Vec<Id> = held.iter().map(|held| held.code.unwrap_or(none)).collect();
        args.push(call.values(&codes));
    }
    let op = if sets { names().set_of } else { names().dict_of };
    call.cx.bank.make(op, &args)
}

fn new_held(call: &mut Call, class: &str, held: &[Held]) -> Id {
    let payload = payload(call, held, class != "dict");
    let class = call.class(class);
    call.new_object(class, payload)
}

/// The keys of a dict.
pub fn keys(call: &Call, dict: Id) -> Vec<Id> {
    held(call, dict).into_iter().map(|held| held.key).collect()
}

/// The entries of a dict.
pub fn entries(call: &Call, dict: Id) -> Vec<(Id, Id)> {
    held(call, dict).into_iter().map(|held| (held.key, held.value)).collect()
}

/// What a view of a dict shows.
pub fn parts(call: &mut Call, dict: Id, part: Part) -> Vec<Id> {
    let entries = entries(call, dict);
    entries
        .into_iter()
        .map(|(key, value)| match part {
            Part::Keys => key,
            Part::Values => value,
            Part::Items => call.tuple(&[key, value]),
        })
        .collect()
}

/// What a `dict_keys`, `dict_values` or `dict_items` shows; `None` for other values.
pub fn view_members(call: &mut Call, value: Id) -> Option<Vec<Id>> {
    match shape(call, value) {
        Shape::View(part, dict) => Some(parts(call, dict, part)),
        _ => None,
    }
}

/// The members of a set in the order in which they are iterated.
pub fn ordered_members(call: &Call, set: Id) -> Vec<Id> {
    ordered(call, set).into_iter().map(|held| held.key).collect()
}

/// How many members a dict, set or view has.
pub fn size(call: &mut Call, container: Id) -> usize {
    let container = match shape(call, container) {
        Shape::View(_, dict) => dict,
        _ => container,
    };
    let Some(rows) = Rows::of(call, container) else { return held(call, container).len() };
    let index = rows.index(call);
    let size = rows.places(call) - index.gone;
    call.cx.bank.note_index(rows.payload, index);
    size
}

// ---- the order of sets ----------------------------------------------------------------------------------

/// The hashes by which CPython's set places its members: known for numbers, None and tuples of them. Others, whose
/// hashes are not the same from run to run, stay in the order of their insertion.
fn hashes_of(call: &Call, members: &[Id]) -> Option<Vec<u64>> {
    members.iter().map(|member| Some(stable_hash(call, *member)?.cast_unsigned())).collect()
}

/// What a set from which members were removed notes of its table: where `pop` looks next, then the slots. One
/// that was never used is `missing`, one that is not used any more a tuple of that. A large set's note is the tree
/// of the members that it had.
const TABLE_NOTE: &str = ".table";

/// A set's table, where its order is known.
fn table_of(call: &Call, set: Id, held: &[Held]) -> Option<HashTable> {
    let keys: Vec<Id> = held.iter().map(|held| held.key).collect();
    let hashes = hashes_of(call, &keys)?;
    let Some(note) = call.own_attribute(set, TABLE_NOTE) else { return Some(HashTable::filled(&hashes)) };
    let members: HashMap<Id, usize> = keys.iter().copied().enumerate().map(|(at, key)| (key, at)).collect();
    let slot_of = |key: Id| match members.get(&key) {
        Some(member) => Slot::Used(hashes[*member], *member),
        None => Slot::Gone,
    };
    if sequence::is_tree(call.cx.bank, note) {
        let then = call.there(note);
        let laid = HashTable::filled(&hashes_of(call, &then)?);
        let slots = laid.slots.into_iter().map(|slot| match slot {
            Slot::Used(_, member) => slot_of(then[member]),
            _ => slot,
        });
        return Some(HashTable::noted(slots.collect(), 0, &hashes));
    }
    let note = sequence::all(call.cx.bank, call.cx.bank.arg(note, 0));
    let (finger, slots) = note.split_first()?;
    let finger = call.integer(*finger).and_then(|finger| finger.to_usize()).unwrap_or(0);
    let slots = slots.iter().map(|slot| match call.cx.bank.op(*slot) == names().missing {
        true => Slot::Unused,
        false => slot_of(*slot),
    });
    Some(HashTable::noted(slots.collect(), finger, &hashes))
}

/// Notes the table of a set one of whose members is about to be removed.
fn note_table(call: &mut Call, set: Id, table: &HashTable, held: &[Held]) {
    let unused = call.cx.bank.make(names().missing, &[]);
    let gone = call.tuple(&[unused]);
    let mut note = vec![call.int(table.finger)];
    note.extend(table.slots.iter().map(|slot| match slot {
        Slot::Unused => unused,
        Slot::Gone => gone,
        Slot::Used(_, member) => held[*member].key,
    }));
    let note = sequence::of(call.cx.bank, &note);
    let note = call.cx.bank.make(vocabulary().tuple, &[note]);
    call.set_own_attribute(set, TABLE_NOTE, Some(note));
}

/// How many members a large set may have for its table to be noted at each addition. Of a larger one, whose members
/// come and go, those that collide may stand in another order than CPython's.
const MOST_PLACED: usize = 1024;

/// Notes the table of a large set, one that has a note, with what was added since and a member that is about to be.
fn note_addition(call: &mut Call, set: Id, member: Option<Id>) {
    if call.own_attribute(set, TABLE_NOTE).is_none() {
        return;
    }
    let mut held = held(call, set);
    let Some(mut table) = table_of(call, set, &held) else { return };
    if let Some((member, hash)) = member.and_then(|member| Some((member, stable_hash(call, member)?))) {
        table.add(hash.cast_unsigned(), held.len());
        held.push(Held::new(member, member));
    }
    note_table(call, set, &table, &held);
}

/// Notes the table of a large set when the first of its members is about to be removed: as the members that are
/// there, from whose hashes it is laid. Later removals leave the note as it is, so that they take no longer where
/// there are more members.
fn note_first_removal(call: &mut Call, set: Id, rows: Rows, member: Id) {
    if call.own_attribute(set, TABLE_NOTE).is_some() || stable_hash(call, member).is_none() {
        return;
    }
    // A note that refers to objects would keep them.
    if call.cx.bank.measure(rows.sequence).exceptions <= 1 {
        call.set_own_attribute(set, TABLE_NOTE, Some(rows.sequence));
        return;
    }
    let held = held(call, set);
    if let Some(table) = table_of(call, set, &held) {
        note_table(call, set, &table, &held);
    }
}

/// A slot of a table, with the hash and the number of a member.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Slot {
    Unused,
    Gone,
    Used(u64, usize),
}

/// A hash table as `Objects/setobject.c` keeps it.
struct HashTable {
    slots: Vec<Slot>,
    /// How many slots have a member.
    used: usize,
    /// How many have one, or had one.
    fill: usize,
    /// Where `pop` looks next.
    finger: usize,
}

impl HashTable {
    /// How many neighbours are tried before the next jump.
    const LINEAR_PROBES: usize = 9;
    const PERTURB_SHIFT: u32 = 5;

    fn empty(size: usize, finger: usize) -> HashTable {
        HashTable { slots: vec![Slot::Unused; size], used: 0, fill: 0, finger }
    }

    /// A new table, with members of these hashes added in order.
    fn filled(hashes: &[u64]) -> HashTable {
        let mut table = HashTable::empty(8, 0);
        for (member, hash) in hashes.iter().enumerate() {
            table.add(*hash, member);
        }
        table
    }

    /// A table that was noted; members that came since are added.
    fn noted(slots: Vec<Slot>, finger: usize, hashes: &[u64]) -> HashTable {
        let mut table = HashTable { slots, used: 0, fill: 0, finger };
        let mut placed = vec![false; hashes.len()];
        for slot in &table.slots {
            table.fill += usize::from(*slot != Slot::Unused);
            if let Slot::Used(_, member) = slot {
                (table.used, placed[*member]) = (table.used + 1, true);
            }
        }
        for (member, hash) in hashes.iter().enumerate().filter(|(member, _)| !placed[*member]) {
            table.add(*hash, member);
        }
        table
    }

    /// The members as they stand in the table.
    fn order(&self) -> Vec<usize> {
        self.members().map(|(_, member)| member).collect()
    }

    fn members(&self) -> impl Iterator<Item = (u64, usize)> {
        self.slots.iter().filter_map(|slot| match slot {
            Slot::Used(hash, member) => Some((*hash, *member)),
            _ => None,
        })
    }

    /// Takes a member out.
    fn remove(&mut self, member: usize) {
        let found =
            self.slots.iter_mut().find(|slot| matches!(slot, Slot::Used(_, other) if *other == member));
        found.into_iter().for_each(|slot| *slot = Slot::Gone);
    }

    /// Takes out the first member from the finger on, around the end.
    fn pop(&mut self) -> Option<usize> {
        let count = self.slots.len();
        let start = self.finger & (count - 1);
        let mut slots = (start..start + count).map(|slot| slot % count);
        let (slot, member) = slots.find_map(|slot| match self.slots[slot] {
            Slot::Used(_, member) => Some((slot, member)),
            _ => None,
        })?;
        (self.slots[slot], self.finger) = (Slot::Gone, slot + 1);
        Some(member)
    }

    /// Puts a member into the first slot that was never used, or into one before it that is not used any more.
    /// Returns whether the table is fuller then.
    fn insert(&mut self, hash: u64, member: usize) -> bool {
        let mut gone = None;
        let mask = self.slots.len() - 1;
        let mut perturb = hash;
        let mut start = usize::try_from(hash & mask as u64).unwrap_or(0);
        loop {
            let probes = if start + Self::LINEAR_PROBES <= mask { Self::LINEAR_PROBES } else { 0 };
            for slot in start..=start + probes {
                match self.slots[slot] {
                    Slot::Used(..) => {}
                    Slot::Gone => gone = Some(slot),
                    Slot::Unused => {
                        self.slots[gone.unwrap_or(slot)] = Slot::Used(hash, member);
                        (self.used, self.fill) = (self.used + 1, self.fill + usize::from(gone.is_none()));
                        return gone.is_none();
                    }
                }
            }
            perturb >>= Self::PERTURB_SHIFT;
            let jumped = (start as u64).wrapping_mul(5).wrapping_add(1).wrapping_add(perturb);
            start = usize::try_from(jumped & mask as u64).unwrap_or(0);
        }
    }

    fn add(&mut self, hash: u64, member: usize) {
        if self.insert(hash, member) && self.fill * 5 >= (self.slots.len() - 1) * 3 {
            self.grow(if self.used > 50_000 { self.used * 2 } else { self.used * 4 });
        }
    }

    fn grow(&mut self, least: usize) {
        let mut size = 8;
        while size <= least {
            size *= 2;
        }
        let old = std::mem::replace(self, HashTable::empty(size, self.finger));
        for (hash, member) in old.members() {
            self.insert(hash, member);
        }
    }
}

// ---- looking up -----------------------------------------------------------------------------------------

/// What a dict or set holds that has too many members to be searched, in places of one term or two.
#[derive(Debug, Clone, Copy)]
struct Rows {
    payload: Id,
    sequence: Id,
    /// How many terms a place takes: the key, and a dict's value.
    width: usize,
}

impl Rows {
    /// `None` for a container with few members, or with hashes that a user's method computed.
    fn of(call: &Call, container: Id) -> Option<Rows> {
        let payload = call.entry(container)?.payload;
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

    fn places(&self, call: &Call) -> usize {
        sequence::len(call.cx.bank, self.sequence) / self.width
    }

    fn key(&self, call: &Call, place: usize) -> Option<Id> {
        sequence::at(call.cx.bank, self.sequence, place * self.width)
    }

    fn value(&self, call: &Call, place: usize) -> Option<Id> {
        sequence::at(call.cx.bank, self.sequence, place * self.width + self.width - 1)
    }

    /// Where the keys are; to be noted again.
    fn index(&self, call: &mut Call) -> Index {
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
    fn replace(&self, call: &mut Call, container: Id, sequence: Id, index: Index) {
        let op = call.cx.bank.op(self.payload);
        let payload = call.cx.bank.make(op, &[sequence]);
        call.cx.bank.note_index(payload, index);
        call.set_payload(container, payload);
    }

    /// Sets the value at the place of a key, or adds the key behind all others.
    fn put(&self, call: &mut Call, container: Id, place: Option<usize>, entry: [Id; 2]) {
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
    fn put_member(&self, call: &mut Call, set: Id, place: Option<usize>, member: Id) {
        if place.is_some() {
            return;
        }
        if self.places(call) < MOST_PLACED {
            note_addition(call, set, Some(member));
        }
        self.put(call, set, None, [member, member]);
    }

    /// Takes what is at the place of a key away. The place stays, holding nothing, until few others are left.
    fn remove(&self, call: &mut Call, container: Id, place: usize) {
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
        if index.gone > 0 && (index.gone > left || left * self.width <= sequence::FEW) {
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
fn common(call: &mut Call, key: Id) -> Option<Id> {
    match call.cx.name(key) {
        "int" | "str" | "bytes" | "none" | "class" | "builtin" | "routine" | "library" => Some(key),
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
        && user_attribute(call, value, "__eq__").is_none()
}

/// The place of a key in a container, or that it has none; `None` where it has to be searched for.
fn place_of(
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
struct Gathered {
    held: Vec<Held>,
    places: FxHashMap<Id, usize>,
    /// How many of those held have their places noted; `None` where one cannot.
    noted: Option<usize>,
}

impl Gathered {
    fn new(held: Vec<Held>) -> Gathered {
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

    fn find(&mut self, call: &mut Call, sought: &Held, role: Role) -> Result<Option<usize>, Failure> {
        if self.held.len() > sequence::FEW && sought.code.is_none() {
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
    fn put(&mut self, call: &mut Call, entry: Held, role: Role) -> Result<(), Failure> {
        match self.find(call, &entry, role)? {
            Some(place) => self.held[place].value = entry.value,
            None => self.held.push(entry),
        }
        Ok(())
    }
}

// ---- finding --------------------------------------------------------------------------------------------

/// Where a key is held; raises where it cannot be a key.
pub fn find(call: &mut Call, held: &[Held], key: Id, role: Role) -> Result<Option<usize>, Failure> {
    match hashing(call, key, role)? {
        Hashing::Builtin => find_builtin(call, held, key),
        Hashing::User => Err(Failure::Undefined),
    }
}

fn find_builtin(call: &mut Call, held: &[Held], key: Id) -> Result<Option<usize>, Failure> {
    if let Some(place) = held.iter().position(|held| held.key == key) {
        return Ok(Some(place));
    }
    // An object whose class does not say how to compare it equals only itself.
    if matches!(shape(call, key), Shape::Other)
        && is_user_instance(call, key)
        && call.view(key) == View::Other
    {
        return Ok(None);
    }
    for (place, held) in held.iter().enumerate() {
        if may_equal(call, held, key)? && same(call, held.key, key)? {
            return Ok(Some(place));
        }
    }
    Ok(None)
}

/// Whether what is held has to be compared with a key that has a builtin hash.
fn may_equal(call: &mut Call, held: &Held, key: Id) -> Result<bool, Failure> {
    let Some(code) = held.code else { return Ok(true) };
    Ok(apply(call, "hash", &[key])? == code)
}

/// Where a member of another container is held here; its hash is not computed anew.
fn find_held(call: &mut Call, held: &[Held], sought: &Held, role: Role) -> Result<Option<usize>, Failure> {
    let Some(code) = sought.code else { return find(call, held, sought.key, role) };
    if let Some(place) = held.iter().position(|held| held.key == sought.key) {
        return Ok(Some(place));
    }
    for held in held {
        if code_of(call, held)? == code {
            return Err(Failure::Undefined);
        }
    }
    Ok(None)
}

fn code_of(call: &mut Call, held: &Held) -> Answer {
    match held.code {
        Some(code) => Ok(code),
        None => apply(call, "hash", &[held.key]),
    }
}

/// What is held by a builtin container, with hashes, else the members of an iterable.
fn held_by(call: &mut Call, iterable: Id) -> Result<Vec<Held>, Failure> {
    if is_user_instance(call, iterable) && user_attribute(call, iterable, "__iter__").is_some() {
        return Err(Failure::Undefined);
    }
    Ok(match shape(call, iterable) {
        Shape::Set | Shape::Dict => as_members(ordered(call, iterable)),
        Shape::View(Part::Keys, dict) => as_members(held(call, dict)),
        _ => members_of(call, iterable)?.into_iter().map(|key| Held::new(key, key)).collect(),
    })
}

fn as_members(mut held: Vec<Held>) -> Vec<Held> {
    for held in &mut held {
        held.value = held.key;
    }
    held
}

// ---- dicts ----------------------------------------------------------------------------------------------

/// The value of a key in a dict; `KeyError` where there is none.
pub fn get(call: &mut Call, dict: Id, key: Id) -> Answer {
    let found = value_of(call, dict, key)?;
    match found {
        Some(value) => Ok(value),
        None if user_attribute(call, dict, "__missing__").is_some() => Err(Failure::Undefined),
        None => Err(key_error(call, key)),
    }
}

/// The value of a key in a dict, if it is there.
fn value_of(call: &mut Call, dict: Id, key: Id) -> Result<Option<Id>, Failure> {
    if let Some((rows, place)) = place_of(call, dict, key, Role::Key)? {
        return Ok(place.and_then(|place| rows.value(call, place)));
    }
    let held = held(call, dict);
    Ok(find(call, &held, key, Role::Key)?.map(|place| held[place].value))
}

/// Sets the value of a key.
pub fn set(call: &mut Call, dict: Id, key: Id, value: Id) -> Result<(), Failure> {
    if let Some((rows, place)) = place_of(call, dict, key, Role::Key)? {
        rows.put(call, dict, place, [key, value]);
        return Ok(());
    }
    let mut all = Gathered::new(held(call, dict));
    all.put(call, Held::new(key, value), Role::Key)?;
    set_held(call, dict, &all.held);
    Ok(())
}

/// Removes a key; `KeyError` where there is none.
pub fn remove(call: &mut Call, dict: Id, key: Id) -> Result<(), Failure> {
    if let Some((rows, place)) = place_of(call, dict, key, Role::Key)? {
        let Some(place) = place else { return Err(key_error(call, key)) };
        rows.remove(call, dict, place);
        return Ok(());
    }
    let mut held = held(call, dict);
    let Some(place) = find(call, &held, key, Role::Key)? else { return Err(key_error(call, key)) };
    held.remove(place);
    set_held(call, dict, &held);
    unwatch(call, dict);
    Ok(())
}

/// What a dict notes that is being iterated: a removal takes the note away.
const WATCHED: &str = ".iterated";

/// Notes that a dict is iterated from here on.
pub fn watch(call: &mut Call, dict: Id) {
    if !is_watched(call, dict) {
        let yes = call.bool(true);
        call.set_own_attribute(dict, WATCHED, Some(yes));
    }
}

/// Whether nothing was removed from a dict since an iteration began or went on.
pub fn is_watched(call: &Call, dict: Id) -> bool {
    call.own_attribute(dict, WATCHED).is_some()
}

fn unwatch(call: &mut Call, dict: Id) {
    if is_watched(call, dict) {
        call.set_own_attribute(dict, WATCHED, None);
    }
}

fn dict_display(call: &mut Call) -> Answer {
    let pairs = call.args.clone();
    let mut all = Gathered::new(Vec::new());
    for pair in pairs.chunks_exact(2) {
        all.put(call, Held::new(pair[0], pair[1]), Role::Key)?;
    }
    Ok(new_held(call, "dict", &all.held))
}

/// `dict_display_merge(dict, other)`: for `{…, **other}`.
fn dict_display_merge(call: &mut Call) -> Answer {
    let [dict, other] = call.args[..] else { return Err(Failure::Undefined) };
    require(call, other)?;
    if shape(call, other) == Shape::Dict {
        return update(call, dict, Some(other)).map(|()| dict);
    }
    if is_user_instance(call, other) {
        return Err(Failure::Undefined);
    }
    let name = call.type_name(other);
    Err(call.type_error(&format!("'{name}' object is not a mapping")))
}

fn dict(call: &mut Call) -> Answer {
    check_arity(call, "dict", Arity::Between(0, 1), call.args.len())?;
    let (source, keywords) = (call.args.first().copied(), call.keywords.clone());
    let dict = call.dict(&[]);
    update(call, dict, source)?;
    update_keywords(call, dict, &keywords)?;
    Ok(dict)
}

fn dict_init(call: &mut Call) -> Answer {
    let this = receiver(call, "dict.__init__")?;
    check_arity(call, "dict", Arity::Between(0, 1), call.args.len() - 1)?;
    let (source, keywords) = (call.args.get(1).copied(), call.keywords.clone());
    update(call, this, source)?;
    update_keywords(call, this, &keywords)?;
    Ok(call.none())
}

fn dict_update(call: &mut Call) -> Answer {
    let this = receiver(call, "dict.update")?;
    check_arity(call, "dict.update", Arity::Between(0, 1), call.args.len() - 1)?;
    let (source, keywords) = (call.args.get(1).copied(), call.keywords.clone());
    update(call, this, source)?;
    update_keywords(call, this, &keywords)?;
    Ok(call.none())
}

fn update_keywords(call: &mut Call, dict: Id, keywords: &[(String, Id)]) -> Result<(), Failure> {
    for (name, value) in keywords {
        let name = call.str(name);
        set(call, dict, name, *value)?;
    }
    Ok(())
}

/// `dict.update(source)`.
pub fn update(call: &mut Call, dict: Id, source: Option<Id>) -> Result<(), Failure> {
    let Some(source) = source else { return Ok(()) };
    require(call, source)?;
    let mut all = Gathered::new(held(call, dict));
    let failure = match shape(call, source) {
        Shape::Dict => {
            no_user_method(call, source, &["__iter__"])?;
            let added = held(call, source);
            if all.held.is_empty() {
                set_held(call, dict, &added);
                return Ok(());
            }
            added.into_iter().try_for_each(|entry| all.put(call, entry, Role::Key))
        }
        Shape::Other if is_user_instance(call, source) => return Err(Failure::Undefined),
        _ => add_pairs(call, &mut all, source),
    };
    // What came before a failure stays.
    set_held(call, dict, &all.held);
    failure
}

fn add_pairs(call: &mut Call, all: &mut Gathered, source: Id) -> Result<(), Failure> {
    for (number, pair) in members_of(call, source)?.into_iter().enumerate() {
        let [key, value] = pair_of(call, number, pair)?;
        all.put(call, Held::new(key, value), Role::Key)?;
    }
    Ok(())
}

fn pair_of(call: &mut Call, number: usize, pair: Id) -> Result<[Id; 2], Failure> {
    require(call, pair)?;
    let members = match shape(call, pair) {
        Shape::Other if !is_user_instance(call, pair) => {
            return Err(call.type_error("object is not iterable"));
        }
        _ => members_of(call, pair)?,
    };
    <[Id; 2]>::try_from(members).map_err(|members| {
        let length = members.len();
        let element = format!("dictionary update sequence element #{number}");
        call.value_error(&format!("{element} has length {length}; 2 is required"))
    })
}

fn dict_get(call: &mut Call) -> Answer {
    let (this, args) = method(call, "dict.get", Arity::Between(1, 2))?;
    match (value_of(call, this, args[0])?, args.get(1)) {
        (Some(value), _) => Ok(value),
        (None, Some(default)) => Ok(*default),
        (None, None) => Ok(call.none()),
    }
}

fn dict_setdefault(call: &mut Call) -> Answer {
    let (this, args) = method(call, "dict.setdefault", Arity::Between(1, 2))?;
    if let Some(value) = value_of(call, this, args[0])? {
        return Ok(value);
    }
    let default = args.get(1).copied().unwrap_or_else(|| call.none());
    set(call, this, args[0], default)?;
    Ok(default)
}

fn dict_pop(call: &mut Call) -> Answer {
    let (this, args) = method(call, "dict.pop", Arity::Between(1, 2))?;
    if let Some((rows, place)) = place_of(call, this, args[0], Role::Key)? {
        return match (place.and_then(|place| Some((place, rows.value(call, place)?))), args.get(1)) {
            (Some((place, value)), _) => {
                rows.remove(call, this, place);
                Ok(value)
            }
            (None, Some(default)) => Ok(*default),
            (None, None) => Err(key_error(call, args[0])),
        };
    }
    let mut held = held(call, this);
    // CPython does not hash the key where there is nothing to find.
    let found = if held.is_empty() { None } else { find(call, &held, args[0], Role::Key)? };
    match (found, args.get(1)) {
        (Some(place), _) => {
            let entry = held.remove(place);
            set_held(call, this, &held);
            unwatch(call, this);
            Ok(entry.value)
        }
        (None, Some(default)) => Ok(*default),
        (None, None) => Err(key_error(call, args[0])),
    }
}

fn dict_popitem(call: &mut Call) -> Answer {
    let (this, _) = method(call, "dict.popitem", Arity::None)?;
    // The last place always holds something.
    if let Some(rows) = Rows::of(call, this) {
        let last = rows.places(call) - 1;
        let (Some(key), Some(value)) = (rows.key(call, last), rows.value(call, last)) else {
            return Err(Failure::Undefined);
        };
        rows.remove(call, this, last);
        return Ok(call.tuple(&[key, value]));
    }
    let mut held = held(call, this);
    let Some(entry) = held.pop() else {
        return Err(call.raise("KeyError", "popitem(): dictionary is empty"));
    };
    set_held(call, this, &held);
    unwatch(call, this);
    Ok(call.tuple(&[entry.key, entry.value]))
}

fn dict_view(call: &mut Call, name: &str, class: &str) -> Answer {
    let (this, _) = method(call, name, Arity::None)?;
    let payload = call.cx.bank.make(names().immutable, &[this]);
    let class = call.class(class);
    Ok(call.new_object(class, payload))
}

fn dict_clear(call: &mut Call) -> Answer {
    let (this, _) = method(call, "dict.clear", Arity::None)?;
    set_held(call, this, &[]);
    unwatch(call, this);
    Ok(call.none())
}

fn dict_copy(call: &mut Call) -> Answer {
    let (this, _) = method(call, "dict.copy", Arity::None)?;
    let held = held(call, this);
    Ok(new_held(call, "dict", &held))
}

/// `dict.fromkeys(cls, keys, value=None)`.
fn dict_fromkeys(call: &mut Call) -> Answer {
    no_keywords(call, "dict.fromkeys")?;
    check_arity(call, "dict.fromkeys", Arity::Between(1, 2), call.args.len().saturating_sub(1))?;
    let (class, builtin) = (call.args[0], call.class("dict"));
    if class != builtin && shape(call, class) != Shape::Dict {
        return Err(Failure::Undefined);
    }
    let (keys, value) = (call.args[1], call.args.get(2).copied());
    let value = value.unwrap_or_else(|| call.none());
    let mut all = Gathered::new(Vec::new());
    for key in held_by(call, keys)? {
        all.put(call, Held { value, ..key }, Role::Key)?;
    }
    Ok(new_held(call, "dict", &all.held))
}

/// Whether two dicts have the same entries.
pub fn equal_dicts(call: &mut Call, one: Id, two: Id) -> Result<bool, Failure> {
    let (one, mut two) = (held(call, one), Gathered::new(held(call, two)));
    if one.len() != two.held.len() {
        return Ok(false);
    }
    for entry in &one {
        let Some(place) = two.find(call, entry, Role::Key)? else { return Ok(false) };
        if !same(call, entry.value, two.held[place].value)? {
            return Ok(false);
        }
    }
    Ok(true)
}

// ---- what the library asks of dicts and sets --------------------------------------------------------------

fn place(call: &Call, value: Id) -> Result<usize, Failure> {
    call.integer(value).and_then(|place| place.to_usize()).ok_or(Failure::Undefined)
}

/// The member at a position, in the order of iteration.
fn held_at(call: &mut Call) -> Result<Held, Failure> {
    let [container, at] = call.args[..] else { return Err(Failure::Undefined) };
    let at = place(call, at)?;
    ordered(call, container).get(at).copied().ok_or(Failure::Undefined)
}

/// `prim.dict_key(dict, position)`.
fn held_key(call: &mut Call) -> Answer {
    held_at(call).map(|held| held.key)
}

/// `prim.dict_value(dict, position)`.
fn dict_value(call: &mut Call) -> Answer {
    held_at(call).map(|held| held.value)
}

/// `prim.dict_hash(dict, position)`.
fn held_hash(call: &mut Call) -> Answer {
    let held = held_at(call)?;
    code_of(call, &held)
}

/// `prim.dict_find(dict, key)`: a position, or -1.
fn dict_find(call: &mut Call) -> Answer {
    found_position(call, Role::Key)
}

/// `prim.set_find(set, value)`.
fn set_find(call: &mut Call) -> Answer {
    found_position(call, Role::Element)
}

fn found_position(call: &mut Call, role: Role) -> Answer {
    let [container, key] = call.args[..] else { return Err(Failure::Undefined) };
    let held = ordered(call, container);
    match find(call, &held, key, role)? {
        Some(place) => Ok(call.int(place)),
        None => Ok(call.int(-1)),
    }
}

/// `prim.dict_find_hash(dict, code, start)`: the next position with a hash, or -1.
fn find_hash(call: &mut Call) -> Answer {
    let [container, code, start] = call.args[..] else { return Err(Failure::Undefined) };
    let start = place(call, start)?;
    for (at, held) in ordered(call, container).into_iter().enumerate().skip(start) {
        if code_of(call, &held)? == code {
            return Ok(call.int(at));
        }
    }
    Ok(call.int(-1))
}

/// `prim.dict_put(dict, position, key, value, code)`: at a negative position, a new entry.
fn dict_put(call: &mut Call) -> Answer {
    let args = call.args.clone();
    let [dict, at, key, value, ..] = args[..] else { return Err(Failure::Undefined) };
    let mut held = held(call, dict);
    match place(call, at).ok().and_then(|at| held.get_mut(at)) {
        Some(entry) => entry.value = value,
        None => {
            let code = needed_code(call, key, args.get(4).copied(), Role::Key)?;
            held.push(Held { key, value, code });
        }
    }
    set_held(call, dict, &held);
    Ok(call.none())
}

/// The hash, where it has to be kept.
fn needed_code(call: &mut Call, key: Id, code: Option<Id>, role: Role) -> Result<Option<Id>, Failure> {
    match hashing(call, key, role)? {
        Hashing::Builtin => Ok(None),
        Hashing::User => Ok(code.filter(|code| call.view(*code) != View::None)),
    }
}

/// `prim.set_add(set, value, code)`.
fn raw_set_add(call: &mut Call) -> Answer {
    let args = call.args.clone();
    let [set, key, ..] = args[..] else { return Err(Failure::Undefined) };
    let code = needed_code(call, key, args.get(2).copied(), Role::Element)?;
    if code.is_none()
        && let Some((rows, place)) = place_of(call, set, key, Role::Element)?
    {
        rows.put_member(call, set, place, key);
        return Ok(call.none());
    }
    let mut held = held(call, set);
    match code {
        Some(_) if held.iter().any(|held| held.key == key) => {}
        Some(_) => held.push(Held { key, value: key, code }),
        None => {
            let mut all = Gathered::new(held);
            all.put(call, Held::new(key, key), Role::Element)?;
            held = all.held;
        }
    }
    set_held(call, set, &held);
    Ok(call.none())
}

/// `prim.dict_remove(dict, position)`.
fn remove_at(call: &mut Call) -> Answer {
    let gone = held_at(call)?;
    let container = call.args[0];
    let mut held = held(call, container);
    held.retain(|held| held.key != gone.key);
    set_held(call, container, &held);
    unwatch(call, container);
    Ok(call.none())
}

/// `prim.view_dict(view)`.
fn view_dict(call: &mut Call) -> Answer {
    let [view] = call.args[..] else { return Err(Failure::Undefined) };
    match shape(call, view) {
        Shape::View(_, dict) => Ok(dict),
        _ => Err(Failure::Undefined),
    }
}

// ---- sets -----------------------------------------------------------------------------------------------

/// Whether a value of this shape is a set for comparisons: sets, and views that are like them.
pub fn is_set_like(shape: &Shape) -> bool {
    matches!(shape, Shape::Set | Shape::View(Part::Keys | Part::Items, _))
}

fn set_display(call: &mut Call) -> Answer {
    let members = call.args.clone();
    let held = united(call, Vec::new(), members.into_iter().map(|key| Held::new(key, key)).collect())?;
    Ok(new_held(call, "set", &held))
}

fn make_set(call: &mut Call, class: &str) -> Answer {
    let args = function(call, class, Arity::Between(0, 1))?;
    let held = match args[..] {
        [iterable] => {
            let frozen = call.class("frozenset");
            if class == "frozenset" && call.class_of(iterable) == frozen {
                return Ok(iterable);
            }
            set_of(call, iterable)?
        }
        _ => Vec::new(),
    };
    Ok(new_held(call, class, &held))
}

fn set_init(call: &mut Call) -> Answer {
    let this = receiver(call, "set.__init__")?;
    no_keywords(call, "set")?;
    check_arity(call, "set", Arity::Between(0, 1), call.args.len() - 1)?;
    let held = match call.args.get(1).copied() {
        Some(iterable) => set_of(call, iterable)?,
        None => Vec::new(),
    };
    set_held(call, this, &held);
    Ok(call.none())
}

fn set_add(call: &mut Call) -> Answer {
    let (this, args) = method(call, "set.add", Arity::One)?;
    if let Some((rows, place)) = place_of(call, this, args[0], Role::Element)? {
        rows.put_member(call, this, place, args[0]);
        return Ok(call.none());
    }
    let held = held(call, this);
    if find(call, &held, args[0], Role::Element)?.is_none() {
        let held = [&held[..], &[Held::new(args[0], args[0])]].concat();
        set_held(call, this, &held);
    }
    Ok(call.none())
}

/// Where a value is held by a set; a set is sought as a frozenset.
pub fn find_element(call: &mut Call, held: &[Held], value: Id) -> Result<Option<usize>, Failure> {
    if shape(call, value) == Shape::Set && user_attribute(call, value, "__hash__").is_none() {
        return find_builtin(call, held, value);
    }
    find(call, held, value, Role::Element)
}

fn take_out(call: &mut Call, name: &str) -> Answer {
    let (this, args) = method(call, name, Arity::One)?;
    if shape(call, args[0]) != Shape::Set
        && let Some((rows, place)) = place_of(call, this, args[0], Role::Element)?
    {
        match place {
            Some(place) => {
                note_first_removal(call, this, rows, args[0]);
                rows.remove(call, this, place);
            }
            None if name == "set.remove" => return Err(key_error(call, args[0])),
            None => {}
        }
        return Ok(call.none());
    }
    let mut held = held(call, this);
    match find_element(call, &held, args[0])? {
        Some(place) => {
            if let Some(mut table) = table_of(call, this, &held) {
                table.remove(place);
                note_table(call, this, &table, &held);
            }
            held.remove(place);
        }
        None if name == "set.remove" => return Err(key_error(call, args[0])),
        None => {}
    }
    set_held(call, this, &held);
    Ok(call.none())
}

fn set_pop(call: &mut Call) -> Answer {
    let (this, _) = method(call, "set.pop", Arity::None)?;
    let mut held = held(call, this);
    if held.is_empty() {
        return Err(call.raise("KeyError", "pop from an empty set"));
    }
    let place = match table_of(call, this, &held) {
        Some(mut table) => {
            let place = table.pop().unwrap_or(0);
            note_table(call, this, &table, &held);
            place
        }
        None => 0,
    };
    let first = held.remove(place);
    set_held(call, this, &held);
    Ok(first.key)
}

fn set_clear(call: &mut Call) -> Answer {
    let (this, _) = method(call, "set.clear", Arity::None)?;
    set_held(call, this, &[]);
    if call.own_attribute(this, TABLE_NOTE).is_some() {
        // The table is a new one; `pop` goes on where it was.
        let finger = table_of(call, this, &[]).map_or(0, |table| table.finger);
        note_table(call, this, &HashTable::empty(8, finger), &[]);
    }
    Ok(call.none())
}

fn set_copy(call: &mut Call, class: &str) -> Answer {
    let (this, _) = method(call, &format!("{class}.copy"), Arity::None)?;
    let own = call.class(class);
    if class == "frozenset" && call.class_of(this) == own {
        return Ok(this);
    }
    let held = ordered(call, this);
    Ok(new_held(call, class, &held))
}

// ---- combining sets -------------------------------------------------------------------------------------

/// An operation on two sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operation {
    Or,
    And,
    Sub,
    Xor,
}

/// The members of an iterable as a set holds them.
fn set_of(call: &mut Call, iterable: Id) -> Result<Vec<Held>, Failure> {
    let members = held_by(call, iterable)?;
    match shape(call, iterable) {
        // No two of these are equal.
        Shape::Set | Shape::Dict | Shape::View(Part::Keys, _) => Ok(members),
        _ => united(call, Vec::new(), members),
    }
}

fn united(call: &mut Call, held: Vec<Held>, added: Vec<Held>) -> Result<Vec<Held>, Failure> {
    let mut all = Gathered::new(held);
    for member in added {
        if all.find(call, &member, Role::Element)?.is_none() {
            all.held.push(member);
        }
    }
    Ok(all.held)
}

/// The members of the first that are, or are not, in the second.
fn filtered(
    call: &mut Call,
    members: Vec<Held>,
    other: &[Held],
    wanted: bool,
    role: Role,
) -> Result<Vec<Held>, Failure> {
    let mut kept: Vec<Held> = Vec::new();
    let mut other = Gathered::new(other.to_vec());
    for member in members {
        if other.find(call, &member, role)?.is_some() == wanted {
            kept.push(member);
        }
    }
    Ok(kept)
}

/// Both are in the order of their iteration, which decides the order of what comes out.
fn combined(
    call: &mut Call,
    operation: Operation,
    left: Vec<Held>,
    right: Vec<Held>,
    right_is_set: bool,
) -> Result<Vec<Held>, Failure> {
    match operation {
        Operation::Or if left.is_empty() && right_is_set => Ok(right),
        Operation::Or => united(call, left, right),
        Operation::And if right_is_set && right.len() > left.len() => {
            filtered(call, left, &right, true, Role::Element)
        }
        Operation::And => {
            let common = filtered(call, right, &left, true, Role::Plain)?;
            united(call, Vec::new(), common)
        }
        Operation::Sub => {
            let right = united(call, Vec::new(), right)?;
            filtered(call, left, &right, false, Role::Element)
        }
        Operation::Xor => {
            let right = united(call, Vec::new(), right)?;
            let only_left = filtered(call, left.clone(), &right, false, Role::Element)?;
            let mut kept = filtered(call, right, &left, false, Role::Element)?;
            kept.extend(only_left);
            Ok(kept)
        }
    }
}

/// `set.union(*others)` and the like.
fn combination(call: &mut Call, name: &str, operation: Operation) -> Answer {
    let (this, result) = folded(call, name, operation)?;
    let class = if call.is_a(this, "frozenset") { "frozenset" } else { "set" };
    Ok(new_held(call, class, &result))
}

/// `set.update(*others)` and the like.
fn change(call: &mut Call, name: &str, operation: Operation) -> Answer {
    let (this, result) = folded(call, name, operation)?;
    set_held(call, this, &result);
    Ok(call.none())
}

fn folded(call: &mut Call, name: &str, operation: Operation) -> Result<(Id, Vec<Held>), Failure> {
    let arity = if operation == Operation::Xor { Arity::One } else { Arity::Any };
    let (this, others) = method(call, name, arity)?;
    let mut result = ordered(call, this);
    for other in others {
        let is_set = shape(call, other) == Shape::Set;
        let added = held_by(call, other)?;
        result = combined(call, operation, result, added, is_set)?;
    }
    Ok((this, result))
}

/// `|`, `&`, `-`, `^` and their in-place forms for dicts, sets and views, by the name that `operator` gives
/// them: `or_`, `ior` … `Undefined` where neither operand is one of these.
pub fn operate(call: &mut Call, op: &str) -> Answer {
    let [left, right] = call.args[..] else { return Err(Failure::Undefined) };
    let Some((operation, symbol, in_place)) = operation_of(op) else { return Err(Failure::Undefined) };
    let name = op.trim_end_matches('_').trim_start_matches('i');
    let methods = [format!("__{name}__"), format!("__r{name}__"), format!("__i{name}__")];
    no_user_method(call, left, &[&methods[0], &methods[2]])?;
    no_user_method(call, right, &[&methods[1]])?;
    match (shape(call, left), shape(call, right)) {
        (Shape::Dict, other) if operation == Operation::Or && (in_place || other == Shape::Dict) => {
            merge_dicts(call, left, right, in_place)
        }
        (Shape::Set, Shape::Set) => operate_sets(call, operation, in_place),
        (one, two) if is_view(&one) || is_view(&two) => operate_views(call, operation),
        (one, two) if is_ours(&one) || is_ours(&two) => Err(unsupported(call, symbol, left, right)),
        _ => Err(Failure::Undefined),
    }
}

fn is_view(shape: &Shape) -> bool {
    matches!(shape, Shape::View(Part::Keys | Part::Items, _))
}

fn is_ours(shape: &Shape) -> bool {
    matches!(shape, Shape::Dict | Shape::Set | Shape::View(..))
}

fn operation_of(op: &str) -> Option<(Operation, &'static str, bool)> {
    Some(match op {
        "or_" => (Operation::Or, "|", false),
        "and_" => (Operation::And, "&", false),
        "sub" => (Operation::Sub, "-", false),
        "xor" => (Operation::Xor, "^", false),
        "ior" => (Operation::Or, "|=", true),
        "iand" => (Operation::And, "&=", true),
        "isub" => (Operation::Sub, "-=", true),
        "ixor" => (Operation::Xor, "^=", true),
        _ => return None,
    })
}

/// "unsupported operand type(s) for |: 'set' and 'list'".
fn unsupported(call: &mut Call, symbol: &str, left: Id, right: Id) -> Failure {
    let (left, right) = (call.type_name(left), call.type_name(right));
    call.type_error(&format!("unsupported operand type(s) for {symbol}: '{left}' and '{right}'"))
}

fn merge_dicts(call: &mut Call, left: Id, right: Id, in_place: bool) -> Answer {
    let target = match in_place {
        true => left,
        false => {
            let held = held(call, left);
            new_held(call, "dict", &held)
        }
    };
    update(call, target, Some(right))?;
    Ok(target)
}

fn operate_sets(call: &mut Call, operation: Operation, in_place: bool) -> Answer {
    let [left, right] = [call.args[0], call.args[1]];
    let (one, two) = (ordered(call, left), ordered(call, right));
    let result = combined(call, operation, one, two, true)?;
    let frozen = call.is_a(left, "frozenset");
    if in_place && !frozen {
        set_held(call, left, &result);
        return Ok(left);
    }
    Ok(new_held(call, if frozen { "frozenset" } else { "set" }, &result))
}

/// One of the operands is a view, the other any iterable.
fn operate_views(call: &mut Call, operation: Operation) -> Answer {
    let [left, right] = [call.args[0], call.args[1]];
    let one = held_by(call, left)?;
    let one = united(call, Vec::new(), one)?;
    let two = held_by(call, right)?;
    let result = combined(call, operation, one, two, false)?;
    Ok(new_held(call, "set", &result))
}

// ---- comparing sets -------------------------------------------------------------------------------------

/// What a set or view of a dict holds as a set.
fn as_set(call: &mut Call, value: Id) -> Vec<Held> {
    match shape(call, value) {
        Shape::View(Part::Keys, dict) => as_members(held(call, dict)),
        Shape::View(part, dict) => {
            parts(call, dict, part).into_iter().map(|key| Held::new(key, key)).collect()
        }
        _ => held(call, value),
    }
}

/// Whether each of the first is in the second.
fn contained(call: &mut Call, one: &[Held], two: &[Held]) -> Result<bool, Failure> {
    let mut two = Gathered::new(two.to_vec());
    for member in one {
        if two.find(call, member, Role::Plain)?.is_none() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether both are sets or views that are like them, and one a view.
pub fn are_set_like(call: &mut Call, one: Id, two: Id) -> bool {
    let (one, two) = (shape(call, one), shape(call, two));
    (is_view(&one) || is_view(&two)) && is_set_like(&one) && is_set_like(&two)
}

/// Whether two sets have the same members.
pub fn equal_sets(call: &mut Call, one: Id, two: Id) -> Result<bool, Failure> {
    compare_sets(call, "==", one, two)
}

/// The comparisons of sets, and of views that are like them, by symbol.
pub fn compare_sets(call: &mut Call, symbol: &str, one: Id, two: Id) -> Result<bool, Failure> {
    let items = |call: &mut Call, value: Id| match shape(call, value) {
        Shape::View(Part::Items, dict) => Some(held(call, dict)),
        _ => None,
    };
    // Views of items compare values; these need no hash.
    let (left, right, contained): (_, _, Contained) = match (items(call, one), items(call, two)) {
        (Some(left), Some(right)) => (left, right, items_contained),
        _ => (as_set(call, one), as_set(call, two), contained),
    };
    let sizes = left.len().cmp(&right.len());
    match symbol {
        "==" => Ok(sizes == Ordering::Equal && contained(call, &left, &right)?),
        "!=" => Ok(sizes != Ordering::Equal || !contained(call, &left, &right)?),
        "<" => Ok(sizes == Ordering::Less && contained(call, &left, &right)?),
        "<=" => Ok(sizes != Ordering::Greater && contained(call, &left, &right)?),
        ">" => Ok(sizes == Ordering::Greater && contained(call, &right, &left)?),
        ">=" => Ok(sizes != Ordering::Less && contained(call, &right, &left)?),
        _ => Err(unordered(call, symbol, one, two)),
    }
}

/// Whether everything that is held on one side is held on the other.
type Contained = fn(&mut Call, &[Held], &[Held]) -> Result<bool, Failure>;

fn items_contained(call: &mut Call, left: &[Held], right: &[Held]) -> Result<bool, Failure> {
    let mut right = Gathered::new(right.to_vec());
    for item in left {
        match right.find(call, item, Role::Key)? {
            Some(place) if same(call, item.value, right.held[place].value)? => {}
            _ => return Ok(false),
        }
    }
    Ok(true)
}

/// `==` and `<` and the like of the two arguments, where one is a dict, set or view; `Undefined` for others.
pub fn compare(call: &mut Call, symbol: &str) -> Answer {
    let [one, two] = call.args[..] else { return Err(Failure::Undefined) };
    let (left, right) = (shape(call, one), shape(call, two));
    if is_set_like(&left) && is_set_like(&right) {
        let holds = compare_sets(call, symbol, one, two)?;
        return Ok(call.bool(holds));
    }
    if !is_ours(&left) && !is_ours(&right) {
        return Err(Failure::Undefined);
    }
    match symbol {
        "==" | "!=" => {
            let equal = same(call, one, two)?;
            Ok(call.bool(equal == (symbol == "==")))
        }
        _ => Err(unordered(call, symbol, one, two)),
    }
}

/// `issubset`, `issuperset` and `isdisjoint`, whose argument is any iterable.
fn related(call: &mut Call, name: &str) -> Answer {
    let (this, args) = method(call, name, Arity::One)?;
    let this = as_set(call, this);
    let other = held_by(call, args[0])?;
    let holds = match name.rsplit('.').next() {
        Some("issubset") => {
            for member in &other {
                hashing(call, member.key, Role::Plain)?;
            }
            contained(call, &this, &other)?
        }
        Some("issuperset") => filtered(call, other, &this, false, Role::Element)?.is_empty(),
        _ => filtered(call, other, &this, true, Role::Element)?.is_empty(),
    };
    Ok(call.bool(holds))
}

/// Whether a value is in a dict, set or view.
pub fn contains(call: &mut Call, container: Id, value: Id) -> Result<bool, Failure> {
    let role = match shape(call, container) {
        Shape::Set if shape(call, value) != Shape::Set => Some(Role::Element),
        Shape::Dict => Some(Role::Key),
        _ => None,
    };
    if let Some(role) = role
        && let Some((_, place)) = place_of(call, container, value, role)?
    {
        return Ok(place.is_some());
    }
    match shape(call, container) {
        Shape::Set => {
            let held = held(call, container);
            Ok(find_element(call, &held, value)?.is_some())
        }
        Shape::View(Part::Values, dict) => {
            let values = parts(call, dict, Part::Values);
            Ok(position(call, &values, value)?.is_some())
        }
        Shape::View(Part::Items, dict) => contains_item(call, dict, value),
        Shape::View(Part::Keys, dict) => {
            let held = held(call, dict);
            Ok(find(call, &held, value, Role::Key)?.is_some())
        }
        Shape::Iterator => found_in(call, container, value),
        _ => {
            let held = held(call, container);
            Ok(find(call, &held, value, Role::Key)?.is_some())
        }
    }
}

fn contains_item(call: &mut Call, dict: Id, value: Id) -> Result<bool, Failure> {
    require(call, value)?;
    let Shape::Tuple(members) = shape(call, value) else { return Ok(false) };
    let [key, sought] = members[..] else { return Ok(false) };
    let held = held(call, dict);
    match find(call, &held, key, Role::Key)? {
        Some(place) => same(call, held[place].value, sought),
        None => Ok(false),
    }
}
