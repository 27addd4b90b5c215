//! What was found out about terms that are costly to walk. A term never changes, so a note stays true; one that is
//! lost is made again.

use std::cell::{Cell, RefCell};
use std::hash::Hash;
use std::sync::Arc;

use egg::{Id, Symbol};
use rustc_hash::FxHashMap;

use crate::term::{Node, unescape};

/// A `Values` with no more members is walked each time.
const SHORT: usize = 64;
/// How many long `Values`, and how many containers, are noted at a time.
const MOST: usize = 64;

/// For how many objects it is noted what they refer to.
const MOST_ENTRIES: usize = 1 << 14;

/// Where a dict or set has its keys.
#[derive(Debug, Clone, Default)]
pub struct Index {
    /// The place of each key, by a term that equal keys have in common.
    pub places: FxHashMap<Id, usize>,
    /// How many places hold nothing any more.
    pub gone: usize,
    /// Whether a key is there that only comparing tells from others, so that the places say nothing.
    pub searched: bool,
}

/// What a part of a program may read; `None` where that cannot be told.
pub type Reads = Option<Arc<[Id]>>;

/// The notes of a bank.
#[derive(Debug, Clone, Default)]
pub struct Notes {
    unrolled: RefCell<FxHashMap<Id, Arc<[Id]>>>,
    indices: RefCell<FxHashMap<Id, (u64, Index)>>,
    clock: Cell<u64>,
    numbers: RefCell<FxHashMap<Id, Arc<[u32]>>>,
    parts: RefCell<FxHashMap<Id, Arc<[Id]>>>,
    attributes: RefCell<FxHashMap<Id, [Arc<[Id]>; 2]>>,
    raised: RefCell<FxHashMap<Id, Arc<[Id]>>>,
    reads: RefCell<FxHashMap<(Id, Id, bool), Reads>>,
    letters: RefCell<FxHashMap<char, Id>>,
    chars: RefCell<FxHashMap<Id, char>>,
}

/// What is noted under a key, found out where it is not; when there are too many notes, all are forgotten.
fn noted<K: Copy + Eq + Hash, V: Clone>(
    notes: &RefCell<FxHashMap<K, V>>,
    key: K,
    find: impl FnOnce() -> V,
) -> V {
    if let Some(known) = notes.borrow().get(&key) {
        return known.clone();
    }
    let found = find();
    let mut notes = notes.borrow_mut();
    if notes.len() >= MOST_ENTRIES {
        notes.clear();
    }
    notes.insert(key, found.clone());
    found
}

impl Notes {
    /// The members of a long `Values`; `None` where it is short.
    pub fn unrolled<'n>(&self, chain: Id, node: impl Fn(Id) -> &'n Node) -> Option<Arc<[Id]>> {
        if let Some(known) = self.unrolled.borrow().get(&chain) {
            return Some(Arc::clone(known));
        }
        let mut rest = chain;
        for _ in 0..=SHORT {
            rest = *node(rest).args.first()?;
        }
        let mut members = Vec::new();
        let mut rest = chain;
        while let [before, last] = node(rest).args[..] {
            members.push(last);
            rest = before;
        }
        members.reverse();
        let members: Arc<[Id]> = members.into();
        let mut noted = self.unrolled.borrow_mut();
        if noted.len() >= MOST {
            noted.clear();
        }
        noted.insert(chain, Arc::clone(&members));
        Some(members)
    }

    /// The atom of a character, if it was noted.
    pub fn letter(&self, char: char) -> Option<Id> {
        self.letters.borrow().get(&char).copied()
    }

    /// Notes the atom of a character.
    pub fn note_letter(&self, char: char, letter: Id) {
        self.letters.borrow_mut().insert(char, letter);
    }

    /// The character that an atom spells.
    pub fn char(&self, letter: Id, atom: impl Fn() -> Symbol) -> char {
        let spelt = || unescape(atom().as_str()).chars().next().unwrap_or(char::REPLACEMENT_CHARACTER);
        *self.chars.borrow_mut().entry(letter).or_insert_with(spelt)
    }

    /// The numbers of the objects that an object refers to, noted by its entry on the heap.
    pub fn numbers(&self, entry: Id, numbers: impl FnOnce() -> Vec<u32>) -> Arc<[u32]> {
        noted(&self.numbers, entry, || numbers().into())
    }

    /// The parts of a term that matter to somebody.
    pub fn parts(&self, term: Id, parts: impl FnOnce() -> Vec<Id>) -> Arc<[Id]> {
        noted(&self.parts, term, || parts().into())
    }

    /// The names of attributes that a piece of code stores, and those by which it asks for attributes.
    pub fn attributes(&self, code: Id, names: impl FnOnce() -> [Vec<Id>; 2]) -> [Arc<[Id]>; 2] {
        noted(&self.attributes, code, || names().map(Into::into))
    }

    /// What unknowns in a term raise.
    pub fn raised(&self, term: Id, raised: impl FnOnce() -> Vec<Id>) -> Arc<[Id]> {
        noted(&self.raised, term, || raised().into())
    }

    /// What is read where control and its frames are these, for one of two purposes; `None` where anything may be.
    pub fn reads(&self, terms: (Id, Id, bool), reads: impl FnOnce() -> Reads) -> Reads {
        noted(&self.reads, terms, reads)
    }

    /// Takes a note of a container's keys away, to be changed with the container.
    pub fn take_index(&self, payload: Id) -> Option<Index> {
        self.indices.borrow_mut().remove(&payload).map(|(_, index)| index)
    }

    /// Notes a container's keys, in place of the note that was not looked at for longest.
    pub fn note_index(&self, payload: Id, index: Index) {
        let mut noted = self.indices.borrow_mut();
        let oldest = || noted.iter().min_by_key(|(_, (time, _))| *time).map(|(payload, _)| *payload);
        if noted.len() >= MOST
            && let Some(oldest) = oldest()
        {
            noted.remove(&oldest);
        }
        self.clock.set(self.clock.get() + 1);
        noted.insert(payload, (self.clock.get(), index));
    }
}
