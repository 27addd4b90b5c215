//! Terms on their way from one bank to another, or out of a bank that is emptied and in again.

use egg::Id;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::machine::bank::Bank;
use crate::term::Node;

/// Terms with all their parts, each once, parts first; their ids are those of the bank that they were taken from.
#[derive(Debug, Default)]
pub struct Transfer {
    terms: Vec<(Id, Node)>,
}

/// Where the terms of a transfer lie now, by their ids of before.
#[derive(Debug, Default)]
pub struct Moved(FxHashMap<Id, Id>);

impl Transfer {
    /// Packs terms.
    pub fn of(bank: &Bank, roots: impl IntoIterator<Item = Id>) -> Transfer {
        let mut seen = FxHashSet::default();
        let mut open = Vec::new();
        for root in roots {
            open.push(root);
            while let Some(id) = open.pop() {
                if seen.insert(id) {
                    open.extend(&bank.get(id).args);
                }
            }
        }
        let mut ids: Vec<Id> = seen.into_iter().collect();
        // A term is added to a bank after its parts.
        ids.sort_unstable();
        Transfer { terms: ids.into_iter().map(|id| (id, bank.get(id).clone())).collect() }
    }

    /// Adds the terms to a bank.
    pub fn unpack(self, bank: &mut Bank) -> Moved {
        let mut moved = Moved(FxHashMap::with_capacity_and_hasher(self.terms.len(), Default::default()));
        for (id, mut node) in self.terms {
            node.args.iter_mut().for_each(|arg| *arg = moved.of(*arg));
            moved.0.insert(id, bank.add(node));
        }
        moved
    }
}

impl Moved {
    /// Where a term lies now. A term that was not in the transfer has no new place, and keeps its old id.
    pub fn of(&self, id: Id) -> Id {
        self.0.get(&id).copied().unwrap_or(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::term::parse_term;

    #[test]
    fn terms_arrive_as_they_were() {
        let (mut from, mut to) = (Bank::default(), Bank::default());
        let texts = ["(seq (seq break pass) pass)", "(seq break pass)", "raise"];
        to.add_term(&parse_term("(seq pass raise)").expect("a term"));
        let ids: Vec<Id> =
            texts.iter().map(|text| from.add_term(&parse_term(text).expect("a term"))).collect();
        let moved = Transfer::of(&from, ids.iter().copied()).unpack(&mut to);
        for (id, text) in ids.into_iter().zip(texts) {
            assert_eq!(to.show(moved.of(id)), text);
        }
    }
}
