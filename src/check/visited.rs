//! The visited set of a search: fingerprints, and the vertices that they are of.
//!
//! It is cut in shards by fingerprint, so that each thread can look up and enter its own. A shard numbers its
//! fingerprints in the order in which they were entered. Which vertex a number is, is settled afterwards, by
//! one thread and in the order of the search, so the vertices are the same whatever the number of shards.

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use rayon::prelude::*;

use crate::check::worker::Candidate;
use crate::machine::fingerprint::Fingerprint;

/// The bytes that a visited state takes: its fingerprint, its vertex, its place in the table (five to eleven
/// bytes, as the table is full or has just grown).
pub(super) const BYTES: usize = 16 + 4 + 12;

/// The fingerprints met so far.
#[derive(Debug)]
pub(super) struct Visited {
    shards: Vec<Shard>,
}

#[derive(Debug, Default)]
struct Shard {
    table: HashTable<u32>,
    fingerprints: Vec<Fingerprint>,
    /// The vertices of those that were settled.
    vertices: Vec<u32>,
}

/// Numbers in the shards, for the candidates of several threads; to be asked for in the candidates' order.
#[derive(Debug)]
pub(super) struct Answers {
    by_shard: Vec<std::vec::IntoIter<u32>>,
}

impl Visited {
    /// An empty set for so many threads.
    pub(super) fn new(threads: usize) -> Visited {
        let shards = if threads > 1 { threads.next_power_of_two() } else { 1 };
        Visited { shards: (0..shards).map(|_| Shard::default()).collect() }
    }

    /// Forgets everything, and keeps no more than small tables.
    pub(super) fn clear(&mut self) {
        for shard in &mut self.shards {
            if shard.fingerprints.len() > 1 << 16 {
                *shard = Shard::default();
            }
            shard.table.clear();
            shard.fingerprints.clear();
            shard.vertices.clear();
        }
    }

    /// Looks all candidates up, each shard on its own.
    pub(super) fn look_up(&mut self, candidates: &[Vec<Candidate>]) -> Answers {
        let shards = self.shards.len();
        let by_shard = self.shards.par_iter_mut().enumerate().map(|(place, shard)| {
            let fingerprints = candidates.iter().flatten().map(|candidate| candidate.fingerprint);
            let mine = fingerprints.filter(|fingerprint| shard_of(*fingerprint, shards) == place);
            mine.map(|fingerprint| shard.enter(fingerprint)).collect::<Vec<u32>>().into_iter()
        });
        Answers { by_shard: by_shard.collect() }
    }

    /// The vertex of a fingerprint, which is `new` where it had none; `answers` knows where it is,
    /// unless it was not looked up yet.
    #[inline]
    pub(super) fn settle(
        &mut self,
        fingerprint: Fingerprint,
        answers: Option<&mut Answers>,
        new: usize,
    ) -> usize {
        let place = shard_of(fingerprint, self.shards.len());
        let shard = &mut self.shards[place];
        let answer = answers.and_then(|answers| answers.by_shard[place].next());
        let number = answer.unwrap_or_else(|| shard.enter(fingerprint)) as usize;
        // Both number them in the order of the search, so the first that is not settled is the next.
        if number == shard.vertices.len() {
            shard.vertices.push(new as u32);
        }
        shard.vertices[number] as usize
    }
}

/// The table takes the lower bits.
#[inline]
fn shard_of(fingerprint: Fingerprint, shards: usize) -> usize {
    (fingerprint >> 96) as usize & (shards - 1)
}

impl Shard {
    #[inline]
    fn enter(&mut self, fingerprint: Fingerprint) -> u32 {
        let Shard { table, fingerprints, .. } = self;
        let same = |number: &u32| fingerprints[*number as usize] == fingerprint;
        let rehash = |number: &u32| fingerprints[*number as usize] as u64;
        match table.entry(fingerprint as u64, same, rehash) {
            Entry::Occupied(found) => *found.get(),
            Entry::Vacant(vacant) => {
                let number = fingerprints.len() as u32;
                vacant.insert(number);
                fingerprints.push(fingerprint);
                number
            }
        }
    }
}
