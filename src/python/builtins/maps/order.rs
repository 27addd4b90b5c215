//! The order of sets: the places that CPython's table of hashes gives their members.

use std::collections::HashMap;

use egg::Id;
use num_traits::ToPrimitive;

use super::held::{Held, held};
use super::lookup::Rows;
use crate::machine::sequence;
use crate::python::builtins::hashing::stable_hash;
use crate::python::values::hidden;
use crate::python::values::names::names;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Call, Objects};

/// The hashes by which CPython's set places its members: known for numbers, None and tuples of them. Others, whose
/// hashes are not the same from run to run, stay in the order of their insertion.
fn hashes_of(call: &Objects, members: &[Id]) -> Option<Vec<u64>> {
    members.iter().map(|member| Some(stable_hash(call, *member)?.cast_unsigned())).collect()
}

/// A set's table, where its order is known.
pub(super) fn table_of(call: &Objects, set: Id, held: &[Held]) -> Option<HashTable> {
    let keys: Vec<Id> = held.iter().map(|held| held.key).collect();
    let hashes = hashes_of(call, &keys)?;
    let Some(note) = call.own_attribute(set, hidden::TABLE) else { return Some(HashTable::filled(&hashes)) };
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
pub(super) fn note_table(call: &mut Call, set: Id, table: &HashTable, held: &[Held]) {
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
    call.set_own_attribute(set, hidden::TABLE, Some(note));
}

/// How many members a large set may have for its table to be noted at each addition. Of a larger one, whose members
/// come and go, those that collide may stand in another order than CPython's.
pub(super) const MOST_PLACED: usize = 1024;

/// Notes the table of a large set, one that has a note, with what was added since and a member that is about to be.
pub(super) fn note_addition(call: &mut Call, set: Id, member: Option<Id>) {
    if call.own_attribute(set, hidden::TABLE).is_none() {
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
pub(super) fn note_first_removal(call: &mut Call, set: Id, rows: Rows, member: Id) {
    if call.own_attribute(set, hidden::TABLE).is_some() || stable_hash(call, member).is_none() {
        return;
    }
    // A note that refers to objects would keep them.
    if call.cx.bank.measure(rows.sequence).exceptions <= 1 {
        call.set_own_attribute(set, hidden::TABLE, Some(rows.sequence));
        return;
    }
    let held = held(call, set);
    if let Some(table) = table_of(call, set, &held) {
        note_table(call, set, &table, &held);
    }
}

/// A slot of a table, with the hash and the number of a member.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Slot {
    Unused,
    Gone,
    Used(u64, usize),
}

/// A hash table as `Objects/setobject.c` keeps it.
pub(super) struct HashTable {
    pub(super) slots: Vec<Slot>,
    /// How many slots have a member.
    pub(super) used: usize,
    /// How many have one, or had one.
    pub(super) fill: usize,
    /// Where `pop` looks next.
    pub(super) finger: usize,
}

impl HashTable {
    /// How many neighbours are tried before the next jump.
    const LINEAR_PROBES: usize = 9;
    const PERTURB_SHIFT: u32 = 5;

    pub(super) fn empty(size: usize, finger: usize) -> HashTable {
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
    pub(super) fn noted(slots: Vec<Slot>, finger: usize, hashes: &[u64]) -> HashTable {
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
    pub(super) fn order(&self) -> Vec<usize> {
        self.members().map(|(_, member)| member).collect()
    }

    pub(super) fn members(&self) -> impl Iterator<Item = (u64, usize)> {
        self.slots.iter().filter_map(|slot| match slot {
            Slot::Used(hash, member) => Some((*hash, *member)),
            _ => None,
        })
    }

    /// Takes a member out.
    pub(super) fn remove(&mut self, member: usize) {
        let found =
            self.slots.iter_mut().find(|slot| matches!(slot, Slot::Used(_, other) if *other == member));
        found.into_iter().for_each(|slot| *slot = Slot::Gone);
    }

    /// Takes out the first member from the finger on, around the end.
    pub(super) fn pop(&mut self) -> Option<usize> {
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
    pub(super) fn insert(&mut self, hash: u64, member: usize) -> bool {
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
