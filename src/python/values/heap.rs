//! The heap: numbers to entries, as a term.
//!
//! A binary tree by the bits of the number, the lowest first, in which a part with one entry is a leaf.
//! Its shape depends on the numbers alone, so equal heaps are equal terms, and a change builds as many
//! nodes as the number has bits.

use egg::Id;

use crate::machine::bank::Bank;
use crate::python::values::names::names;

/// The number that an atom writes.
pub fn number_of(bank: &Bank, atom: Id) -> Option<u32> {
    bank.measure(atom).number()
}

/// The entry with a number.
pub fn find(bank: &Bank, mut heap: Id, number: u32) -> Option<Id> {
    let mut bits = number;
    loop {
        let node = bank.get(heap);
        match node.args[..] {
            [left, right] if node.op == names().branch => {
                heap = if bits & 1 == 0 { left } else { right };
                bits >>= 1;
            }
            [found, entry] => return (number_of(bank, found) == Some(number)).then_some(entry),
            _ => return None,
        }
    }
}

/// The heap with an entry added or replaced.
pub fn insert(bank: &mut Bank, heap: Id, number: u32, entry: Id) -> Id {
    let atom = bank.node(&number.to_string(), []);
    let leaf = bank.make(names().leaf, &[atom, entry]);
    insert_leaf(bank, heap, number, leaf, 0)
}

fn insert_leaf(bank: &mut Bank, heap: Id, number: u32, leaf: Id, level: u32) -> Id {
    let node = bank.get(heap).clone();
    match node.args[..] {
        [left, right] if node.op == names().branch => {
            let parts = if number >> level & 1 == 0 {
                [insert_leaf(bank, left, number, leaf, level + 1), right]
            } else {
                [left, insert_leaf(bank, right, number, leaf, level + 1)]
            };
            bank.make(names().branch, &parts)
        }
        [found, _] => match number_of(bank, found) {
            Some(other) if other != number => apart(bank, (other, heap), (number, leaf), level),
            _ => leaf,
        },
        _ => leaf,
    }
}

/// The tree of two leaves whose numbers agree below `level`.
fn apart(bank: &mut Bank, one: (u32, Id), two: (u32, Id), level: u32) -> Id {
    let empty = bank.make(names().no_objects, &[]);
    let right = |number: u32| number >> level & 1 == 1;
    let parts = match (right(one.0), right(two.0)) {
        (false, true) => [one.1, two.1],
        (true, false) => [two.1, one.1],
        (false, false) => [apart(bank, one, two, level + 1), empty],
        (true, true) => [empty, apart(bank, one, two, level + 1)],
    };
    bank.make(names().branch, &parts)
}

/// The entries of a heap, by number.
pub fn entries(bank: &Bank, heap: Id, found: &mut Vec<(u32, Id)>) {
    let node = bank.get(heap);
    match node.args[..] {
        [left, right] if node.op == names().branch => {
            entries(bank, left, found);
            entries(bank, right, found);
        }
        [number, entry] => found.extend(number_of(bank, number).map(|number| (number, entry))),
        _ => {}
    }
}

/// The heap of these entries.
pub fn build(bank: &mut Bank, entries: &[(u32, Id)]) -> Id {
    let empty = bank.make(names().no_objects, &[]);
    entries.iter().fold(empty, |heap, (number, entry)| insert(bank, heap, *number, *entry))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_in_is_found_and_the_order_does_not_matter() {
        let mut bank = Bank::default();
        let entries: Vec<(u32, Id)> = [5u32, 0, 1, 13, 64, 4096, 7]
            .into_iter()
            .map(|number| (number, bank.node(&format!("e{number}"), [])))
            .collect();
        let heap = build(&mut bank, &entries);
        let reversed: Vec<_> = entries.iter().rev().copied().collect();
        assert_eq!(heap, build(&mut bank, &reversed));
        for (number, entry) in &entries {
            assert_eq!(find(&bank, heap, *number), Some(*entry));
        }
        assert_eq!(find(&bank, heap, 3), None);
        let other = bank.node("other", []);
        let changed = insert(&mut bank, heap, 13, other);
        assert_eq!(find(&bank, changed, 13), Some(other));
        assert_eq!(find(&bank, changed, 5), find(&bank, heap, 5));
    }
}
