//! Parts of programs of the core, by number: what may stand in a loop, and lists of clauses.

use crate::check::core::{Clause, Core};
use crate::check::enumerate::{Enumeration, Part};

impl Enumeration {
    /// How many blocks of a size there are that may stand in a loop.
    pub fn count_bodies(&self, size: usize) -> u128 {
        self.parts(Part::Block, size, true)
    }

    /// Block number `index` of a size, of those that may stand in a loop; `None` past the last.
    pub fn body(&self, size: usize, index: u128) -> Option<Core> {
        (index < self.count_bodies(size)).then(|| self.block(size, true, index))
    }

    /// How many lists of clauses there are whose bodies have a size together, of those that may stand in a loop.
    pub fn count_handlers(&self, size: usize) -> u128 {
        self.parts(Part::Clauses, size, true)
    }

    /// List of clauses number `index` of a size; `None` past the last.
    pub fn handlers(&self, size: usize, index: u128) -> Option<Vec<Clause>> {
        let mut found = Vec::new();
        (index < self.count_handlers(size)).then(|| self.clauses(size, true, index, &mut found))?;
        Some(found)
    }
}
