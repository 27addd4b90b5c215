//! The arena: shared terms in flat arrays, for the compiled stepper.
//!
//! A term is a place in the arrays; the table finds the place of a term that is there
//! already. Nothing is ever changed or taken out, save by emptying the whole.

use std::hash::Hasher;

use egg::{Id, Symbol};
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use rustc_hash::FxHasher;

use crate::machine::bank::Measure;
use crate::machine::domain::Counted;
use crate::term::Node;

/// Shared terms. Equal terms have equal places.
#[derive(Debug, Clone, Default)]
pub struct Arena {
    counted: Counted,
    nodes: Vec<Node>,
    measures: Vec<Measure>,
    table: HashTable<Entrant>,
}

/// A term in the table: its hash is kept so that the table grows, and most other terms are ruled out, without a
/// look at the terms.
#[derive(Debug, Clone, Copy)]
struct Entrant {
    hash: u32,
    place: u32,
}

impl Arena {
    /// An empty arena that counts these constructors in its terms.
    pub fn new(counted: Counted) -> Arena {
        Arena { counted, ..Arena::default() }
    }

    /// What is counted in its terms.
    pub fn counted(&self) -> Counted {
        self.counted
    }

    /// The place of `(op args…)`, which is added if it is not there.
    #[inline]
    pub fn make(&mut self, op: Symbol, args: &[Id]) -> Id {
        let Arena { counted, nodes, measures, table } = self;
        let hash = hash(op, args);
        let same = |entrant: &Entrant| {
            entrant.hash == hash && {
                let node = &nodes[entrant.place as usize];
                node.op == op && node.args[..] == *args
            }
        };
        match table.entry(spread(hash), same, |entrant| spread(entrant.hash)) {
            Entry::Occupied(found) => Id::from(found.get().place as usize),
            Entry::Vacant(vacant) => {
                let place = nodes.len();
                vacant.insert(Entrant { hash, place: place as u32 });
                let measure = Measure::of(
                    counted,
                    op,
                    args,
                    |arg| &measures[usize::from(arg)],
                    |arg| nodes[usize::from(arg)].op,
                );
                measures.push(measure);
                nodes.push(Node { op, args: args.into() });
                Id::from(place)
            }
        }
    }

    /// The one node of a term.
    #[inline]
    pub fn get(&self, id: Id) -> &Node {
        &self.nodes[usize::from(id)]
    }

    /// What is known of the term.
    #[inline]
    pub fn measure(&self, id: Id) -> Measure {
        self.measures[usize::from(id)]
    }

    /// How many terms there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is no term.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }
}

/// A hash of a symbol's number and of places; no string is looked at.
#[inline]
fn hash(op: Symbol, args: &[Id]) -> u32 {
    let mut hasher = FxHasher::default();
    hasher.write_u32(std::num::NonZeroU32::from(op).get());
    for arg in args {
        hasher.write_u32(usize::from(*arg) as u32);
    }
    let hash = hasher.finish();
    (hash ^ (hash >> 32)) as u32
}

/// The table looks at the highest bits and the lowest.
#[inline]
fn spread(hash: u32) -> u64 {
    u64::from(hash).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}
