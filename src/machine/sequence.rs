//! Long sequences as terms: trees of wide rows, of which a change builds few nodes anew.
//!
//! What a list, dict or set holds is a `Values` while it is little. More than [`FEW`] members are the leaves of a
//! tree: `(row member…)` at its foot, `(rows part…)` above, each full but for the last on its level. So equal
//! sequences are equal terms here too. The text of a long string is such a tree of characters.

use egg::Id;

use crate::machine::bank::Bank;
use crate::term::rows::{BITS, FEW, WIDTH, tree};
use crate::term::words::words;

/// Whether a term is a tree of rows. The atom of the word `rows` is none.
#[inline]
pub fn is_tree(bank: &Bank, sequence: Id) -> bool {
    let node = bank.get(sequence);
    node.op == words().rows && !node.args.is_empty()
}

/// How many rows lie below one another under this one.
fn level(bank: &Bank, mut row: Id) -> usize {
    let mut level = 0;
    while bank.op(row) == words().rows {
        row = bank.get(row).args[0];
        level += 1;
    }
    level
}

/// How many members there are.
pub fn len(bank: &Bank, sequence: Id) -> usize {
    if !is_tree(bank, sequence) {
        return chain_length(bank, sequence);
    }
    let (mut row, mut level, mut count) = (sequence, level(bank, sequence), 0);
    while level > 0 {
        let parts = &bank.get(row).args;
        count += (parts.len() - 1) << (BITS * level);
        row = parts[parts.len() - 1];
        level -= 1;
    }
    count + bank.get(row).args.len()
}

fn chain_length(bank: &Bank, mut chain: Id) -> usize {
    if let Some(all) = bank.unrolled(chain) {
        return all.len();
    }
    let mut length = 0;
    while let [rest, _] = bank.get(chain).args[..] {
        length += 1;
        chain = rest;
    }
    length
}

/// The member at a place.
pub fn at(bank: &Bank, sequence: Id, place: usize) -> Option<Id> {
    if !is_tree(bank, sequence) {
        return chain_at(bank, sequence, place);
    }
    let (mut row, mut level) = (sequence, level(bank, sequence));
    if place >> (BITS * (level + 1)) > 0 {
        return None;
    }
    while level > 0 {
        row = *bank.get(row).args.get(place >> (BITS * level) & (WIDTH - 1))?;
        level -= 1;
    }
    bank.get(row).args.get(place & (WIDTH - 1)).copied()
}

fn chain_at(bank: &Bank, mut chain: Id, place: usize) -> Option<Id> {
    if let Some(all) = bank.unrolled(chain) {
        return all.get(place).copied();
    }
    let mut behind = chain_length(bank, chain).checked_sub(place + 1)?;
    while let [rest, last] = bank.get(chain).args[..] {
        if behind == 0 {
            return Some(last);
        }
        behind -= 1;
        chain = rest;
    }
    None
}

/// All members, in order.
pub fn all(bank: &Bank, sequence: Id) -> Vec<Id> {
    let mut found = Vec::new();
    if is_tree(bank, sequence) {
        gather(bank, sequence, &mut found);
        return found;
    }
    let mut chain = sequence;
    while let [rest, last] = bank.get(chain).args[..] {
        found.push(last);
        chain = rest;
    }
    found.reverse();
    found
}

fn gather(bank: &Bank, row: Id, found: &mut Vec<Id>) {
    let node = bank.get(row);
    if node.op == words().rows {
        node.args.iter().for_each(|part| gather(bank, *part, found));
    } else {
        found.extend(&node.args);
    }
}

/// The sequence of these members.
pub fn of(bank: &mut Bank, members: &[Id]) -> Id {
    if members.len() > FEW {
        return tree(members, |op, parts| bank.make(op, parts));
    }
    let empty = bank.make(words().no_values, &[]);
    members.iter().fold(empty, |list, member| bank.make(words().values, &[list, *member]))
}

/// The sequence with one more member.
pub fn push(bank: &mut Bank, sequence: Id, member: Id) -> Id {
    if is_tree(bank, sequence) {
        let level = level(bank, sequence);
        return match pushed(bank, sequence, level, member) {
            (whole, None) => whole,
            (full, Some(next)) => bank.make(words().rows, &[full, next]),
        };
    }
    let mut members = all(bank, sequence);
    if members.len() < FEW {
        return bank.make(words().values, &[sequence, member]);
    }
    members.push(member);
    of(bank, &members)
}

/// The row with one more member; where it is full, the row as it is and one beside it.
fn pushed(bank: &mut Bank, row: Id, level: usize, member: Id) -> (Id, Option<Id>) {
    let mut node = bank.get(row).clone();
    let last = node.args.len() - 1;
    let added = match level {
        0 => Some(member),
        _ => {
            let (part, next) = pushed(bank, node.args[last], level - 1, member);
            node.args[last] = part;
            next
        }
    };
    match added {
        None => (bank.add(node), None),
        Some(part) if node.args.len() < WIDTH => {
            node.args.push(part);
            (bank.add(node), None)
        }
        Some(part) => {
            let beside = bank.make(node.op, &[part]);
            (row, Some(beside))
        }
    }
}

/// The sequence with another member at a place that it has.
pub fn set(bank: &mut Bank, sequence: Id, place: usize, member: Id) -> Id {
    if is_tree(bank, sequence) {
        let level = level(bank, sequence);
        return set_in_row(bank, sequence, level, place, member);
    }
    let mut members = all(bank, sequence);
    members[place] = member;
    of(bank, &members)
}

fn set_in_row(bank: &mut Bank, row: Id, level: usize, place: usize, member: Id) -> Id {
    let mut node = bank.get(row).clone();
    let at = place >> (BITS * level) & (WIDTH - 1);
    node.args[at] =
        if level == 0 { member } else { set_in_row(bank, node.args[at], level - 1, place, member) };
    bank.add(node)
}

/// The sequence without its last member.
pub fn pop(bank: &mut Bank, sequence: Id) -> Id {
    if !is_tree(bank, sequence) {
        return bank.get(sequence).args.first().copied().unwrap_or(sequence);
    }
    if len(bank, sequence) <= FEW + 1 {
        let members = all(bank, sequence);
        return of(bank, &members[..FEW]);
    }
    let level = level(bank, sequence);
    let left = popped(bank, sequence, level).unwrap_or(sequence);
    match bank.get(left).args[..] {
        [only] => only,
        _ => left,
    }
}

/// The row without its last member; `None` where that was the only one.
fn popped(bank: &mut Bank, row: Id, level: usize) -> Option<Id> {
    let mut node = bank.get(row).clone();
    let last = node.args.pop()?;
    if level > 0 {
        node.args.extend(popped(bank, last, level - 1));
    }
    (!node.args.is_empty()).then(|| bank.add(node))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whichever_way_a_sequence_comes_about_it_is_one_term() {
        let mut bank = Bank::default();
        let members: Vec<Id> = (0..2100).map(|number| bank.node(&format!("m{number}"), [])).collect();
        let mut grown = of(&mut bank, &[]);
        let mut all_of_them = vec![grown];
        for (place, member) in members.iter().enumerate() {
            grown = push(&mut bank, grown, *member);
            assert_eq!(len(&bank, grown), place + 1);
            assert_eq!(grown, of(&mut bank, &members[..=place]));
            all_of_them.push(grown);
        }
        assert_eq!(all(&bank, grown), members);
        for place in (0..members.len()).rev() {
            assert_eq!(at(&bank, grown, place), Some(members[place]));
            assert_eq!(at(&bank, grown, place + 1), None);
            let changed = set(&mut bank, grown, place, members[0]);
            assert_eq!(at(&bank, changed, place), Some(members[0]));
            assert_eq!(set(&mut bank, changed, place, members[place]), grown);
            grown = pop(&mut bank, grown);
            assert_eq!(grown, all_of_them[place]);
        }
    }
}
