//! What was found out about terms that are costly to walk. A term never changes, so a note stays true; one that is
//! lost is made again.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use egg::Id;
use rustc_hash::FxHashMap;

use crate::term::Node;

/// A `Values` with no more members is walked each time.
const SHORT: usize = 64;
/// How many long `Values`, and how many containers, are noted at a time.
const MOST: usize = 64;

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

/// The notes of a bank.
#[derive(Debug, Clone, Default)]
pub struct Notes {
    unrolled: RefCell<FxHashMap<Id, Arc<[Id]>>>,
    indices: RefCell<FxHashMap<Id, (u64, Index)>>,
    clock: Cell<u64>,
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
