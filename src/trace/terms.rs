//! The table of terms that a trace or a graph shares: each term stands in it once, and those that have it as a part name
//! its place. [`FORMAT.md`](../format/index.html) describes it for other programs.

use std::fmt::Write;

use egg::{Id, RecExpr};
use rustc_hash::FxHashMap;

use crate::machine::Bank;
use crate::term::{Node, Term};

/// A table being written.
#[derive(Debug, Default)]
pub struct Table {
    entries: Vec<String>,
    places: FxHashMap<Id, usize>,
}

impl Table {
    /// The place of a term of the bank, entered where it is not there yet, its parts before it.
    pub fn enter(&mut self, bank: &Bank, term: Id) -> usize {
        let mut open = vec![term];
        while let Some(&at) = open.last() {
            let node = bank.get(at);
            let known = open.len();
            if !self.places.contains_key(&at) {
                open.extend(node.args.iter().rev().filter(|part| !self.places.contains_key(*part)));
            }
            if open.len() == known {
                open.pop();
                self.settle(at, node);
            }
        }
        self.places[&term]
    }

    fn settle(&mut self, term: Id, node: &Node) {
        if self.places.contains_key(&term) {
            return;
        }
        let parts = node.args.iter().map(|part| self.places[part]);
        let entry = entry(node.op.as_str(), parts);
        self.places.insert(term, self.entries.len());
        self.entries.push(entry);
    }

    /// The entries.
    pub fn into_entries(self) -> Vec<String> {
        self.entries
    }
}

/// `op` and the places of its parts, set off by blanks.
fn entry(op: &str, parts: impl Iterator<Item = usize>) -> String {
    let mut entry = op.to_string();
    for part in parts {
        let _ = write!(entry, " {part}");
    }
    entry
}

/// A table that was read.
#[derive(Debug, Default)]
pub struct Terms {
    terms: Vec<(String, Vec<usize>)>,
    /// How many nodes each has, written out without sharing.
    sizes: Vec<u64>,
}

impl Terms {
    /// Reads the entries of a table.
    ///
    /// # Errors
    /// The first entry that is none, in one line.
    pub fn read(entries: &[String]) -> Result<Terms, String> {
        let mut terms = Terms::default();
        for (place, entry) in entries.iter().enumerate() {
            let mut words = entry.split(' ');
            let op = words.next().unwrap_or_default();
            let parts: Option<Vec<usize>> =
                words.map(|word| word.parse().ok().filter(|part| *part < place)).collect();
            let parts = parts.filter(|_| !op.is_empty() && !op.contains(['(', ')']));
            let Some(parts) = parts else {
                return Err(format!(
                    "the entry {place} of `terms` is {entry:?}; expected a name, and places of entries before it"
                ));
            };
            let size = parts.iter().map(|part| terms.sizes[*part]).fold(1, u64::saturating_add);
            terms.sizes.push(size);
            terms.terms.push((op.to_string(), parts));
        }
        Ok(terms)
    }

    /// The name and the parts of an entry.
    pub fn get(&self, place: usize) -> Option<(&str, &[usize])> {
        self.terms.get(place).map(|(op, parts)| (op.as_str(), parts.as_slice()))
    }

    /// The term at a place, as an s-expression; what is in it with more than so many nodes as `#` and its place.
    pub fn show(&self, place: usize, most: u64) -> String {
        let mut out = String::new();
        self.write(place, most, &mut out);
        out
    }

    fn write(&self, place: usize, most: u64, out: &mut String) {
        let Some((op, parts)) = self.get(place) else { return };
        if self.sizes[place] > most {
            let _ = write!(out, "#{place}");
        } else if parts.is_empty() {
            out.push_str(op);
        } else {
            let _ = write!(out, "({op}");
            for part in parts {
                out.push(' ');
                self.write(*part, most, out);
            }
            out.push(')');
        }
    }

    /// The term at a place; nothing where there is no such place.
    pub fn term(&self, place: usize) -> Option<Term> {
        self.get(place)?;
        let mut places: FxHashMap<usize, Id> = FxHashMap::default();
        let mut term: Term = RecExpr::default();
        let mut open = vec![place];
        while let Some(&at) = open.last() {
            let (op, parts) = self.get(at)?;
            let missing: Vec<usize> =
                parts.iter().copied().filter(|part| !places.contains_key(part)).collect();
            if places.contains_key(&at) {
                open.pop();
            } else if missing.is_empty() {
                let parts: Vec<Id> = parts.iter().map(|part| places[part]).collect();
                places.insert(at, term.add(Node::new(op, parts)));
                open.pop();
            } else {
                open.extend(missing.into_iter().rev());
            }
        }
        Some(term)
    }

    /// The parts of a state: its control, without frames and world; its frames, the top one first; its world.
    pub fn state(&self, place: usize) -> Option<State<'_>> {
        let (op, parts) = self.get(place)?;
        let [control @ .., frames, world] = parts else { return None };
        let mut stack = Vec::new();
        let mut below = *frames;
        while let Some((_, [top, rest])) = self.get(below) {
            stack.push(*top);
            below = *rest;
        }
        Some(State { op, control, frames: stack, world: *world })
    }
}

/// A state of a table, taken apart: places of its parts.
#[derive(Debug, PartialEq, Eq)]
pub struct State<'a> {
    /// What kind of state it is.
    pub op: &'a str,
    /// What control is at.
    pub control: &'a [usize],
    /// The frames of the activation at hand, the top one first.
    pub frames: Vec<usize>,
    /// The world.
    pub world: usize,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::term::parse_term;

    #[test]
    fn a_table_has_each_term_once_and_tells_them_again() {
        let mut bank = Bank::default();
        let text = "(eval (seq pass pass) (push f (push g end)) (world a (b a)))";
        let term = bank.add_term(&parse_term(text).expect("a term"));
        let mut table = Table::default();
        let place = table.enter(&bank, term);
        let entries = table.into_entries();
        assert_eq!(entries[..2], ["pass", "seq 0 0"]);
        assert_eq!(entries.iter().filter(|entry| *entry == "a").count(), 1);
        let terms = Terms::read(&entries).expect("a table");
        assert_eq!(terms.show(place, 100), text);
        assert_eq!(terms.term(place).expect("it is there").to_string(), text);
        let state = terms.state(place).expect("a state");
        assert_eq!((state.op, state.control, state.frames.len()), ("eval", &[1][..], 2));
    }

    #[test]
    fn what_is_no_table_is_told() {
        for entries in [&["a 0"][..], &["a", "f 1"], &["a", "f x"], &[""], &["a", "f  0"], &["(a"]] {
            let entries: Vec<String> = entries.iter().map(ToString::to_string).collect();
            assert!(Terms::read(&entries).is_err(), "{entries:?}");
        }
    }
}
