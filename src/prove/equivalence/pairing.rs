//! Which of what two runs have made belong together: the numbers of objects, exceptions and unknowns say nothing but that.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use egg::{Id, Symbol};
use rustc_hash::FxHashMap;

use crate::machine::Bank;
use crate::python::functions::unknowns::origin_of;
use crate::python::values::names::names;
use crate::python::values::vocabulary::vocabulary;
use crate::term::{escape, unescape};

/// What has a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Made {
    /// An object, or an exception, by its number.
    Object(Id),
    /// An unknown, by its name and its number.
    Unknown(Symbol, Id),
}

/// What has a number in a term, as a set that terms share.
pub(super) type Within = Rc<BTreeSet<Made>>;

/// What has a number in each term that was looked at.
#[derive(Debug, Default)]
pub(super) struct Numbered {
    known: FxHashMap<Id, Within>,
}

impl Numbered {
    /// What has a number in a term; code has none.
    pub fn of(&mut self, bank: &Bank, term: Id) -> Within {
        let mut open = vec![term];
        while let Some(top) = open.last().copied() {
            let node = bank.get(top);
            let parts: &[Id] = if node.op == names().code { &[] } else { &node.args };
            let missing = parts.iter().copied().filter(|part| !self.known.contains_key(part));
            let before = open.len();
            open.extend(missing);
            if open.len() == before {
                open.pop();
                let own = made(bank, top);
                let found = self.union(own, parts);
                self.known.insert(top, found);
            }
        }
        self.known[&term].clone()
    }

    fn union(&self, own: Option<Made>, parts: &[Id]) -> Within {
        // What an unknown is an attribute of is not forgotten while it can be met.
        let own: Vec<Made> =
            own.into_iter().flat_map(|made| std::iter::once(made).chain(origins(made))).collect();
        let sets: Vec<&Within> =
            parts.iter().map(|part| &self.known[part]).filter(|set| !set.is_empty()).collect();
        let Some(largest) = sets.iter().max_by_key(|set| set.len()) else {
            return Rc::new(own.into_iter().collect());
        };
        // Most of what is in a state is in its world.
        let has_all = own.iter().all(|made| largest.contains(made))
            && sets.iter().all(|set| Rc::ptr_eq(set, largest) || set.is_subset(largest));
        match has_all {
            true => Rc::clone(largest),
            false => Rc::new(sets.iter().flat_map(|set| set.iter().copied()).chain(own).collect()),
        }
    }
}

/// What a term is, if it has a number.
pub(super) fn made(bank: &Bank, term: Id) -> Option<Made> {
    let node = bank.get(term);
    match node.args[..] {
        [number] if node.op == names().reference => Some(Made::Object(number)),
        [_, _, number] if node.op == vocabulary().exception => Some(Made::Object(number)),
        [name, number, ..] if node.op == vocabulary().unknown => Some(Made::Unknown(bank.op(name), number)),
        _ => None,
    }
}

/// What an unknown is an attribute, a member or an answer of, and what that is one of: it has its number.
fn origins(made: Made) -> impl Iterator<Item = Made> {
    let (name, number) = match made {
        Made::Unknown(name, number) => (Some(unescape(name.as_str())), Some(number)),
        Made::Object(_) => (None, None),
    };
    let names = std::iter::successors(name, |name| origin_of(name).map(str::to_string)).skip(1);
    names.filter_map(move |name| Some(Made::Unknown(escape(&name).into(), number?)))
}

/// Which of what the first run has made, and can still come to, is which of the second; `None` is what that cannot come to any more.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Pairing {
    there: BTreeMap<Made, Option<Made>>,
    back: BTreeMap<Made, Option<Made>>,
}

impl Pairing {
    /// The one in which each of these is itself.
    pub fn same(all: &BTreeSet<Made>) -> Pairing {
        let each: BTreeMap<Made, Option<Made>> = all.iter().map(|made| (*made, Some(*made))).collect();
        Pairing { there: each.clone(), back: each }
    }

    /// Puts together what has the same name and number on both sides, where neither belongs to any other: both sides have made it in the
    /// same way.
    pub fn identify(&mut self, [ones, others]: [&BTreeSet<Made>; 2]) {
        for made in ones.intersection(others).filter(|made| matches!(made, Made::Unknown(..))) {
            self.pair(*made, *made, |pairing| {
                pairing.of_origin(*made).is_none_or(|origin| fits(*made, origin))
            });
        }
    }

    /// Whether each is itself.
    pub fn is_same(&self) -> bool {
        self.there.iter().all(|(one, other)| *other == Some(*one)) && self.back.len() == self.there.len()
    }

    /// Whether two belong together, or are put together since neither belongs to any other. `fits` says whether they may be.
    pub fn pair(&mut self, one: Made, other: Made, fits: impl FnOnce(&Pairing) -> bool) -> bool {
        match (self.there.get(&one), self.back.get(&other)) {
            (Some(there), Some(back)) => *there == Some(other) && *back == Some(one),
            (None, None) if fits(self) => {
                self.there.insert(one, Some(other));
                self.back.insert(other, Some(one));
                true
            }
            _ => false,
        }
    }

    /// What belongs to that of which an unknown is an attribute, a member or an answer, if that has been met: `u` of `u.a`.
    pub fn of_origin(&self, unknown: Made) -> Option<Option<Made>> {
        origins(unknown).find_map(|origin| self.there.get(&origin).copied())
    }

    /// Whether something on one side belongs to what the other can still come to.
    pub fn has_partner(&self, side: usize, made: Made) -> bool {
        let pairs = if side == 0 { &self.there } else { &self.back };
        pairs.get(&made).is_some_and(Option::is_some)
    }

    /// What has this number on one side is another from here on.
    pub fn forget(&mut self, side: usize, made: Made) {
        let (mine, others) = match side {
            0 => (&mut self.there, &mut self.back),
            _ => (&mut self.back, &mut self.there),
        };
        if let Some(Some(other)) = mine.remove(&made)
            && let Some(partner) = others.get_mut(&other)
        {
            *partner = None;
        }
    }

    /// What of it there still is, where the runs can come to these.
    pub fn among(&self, [ones, others]: [&BTreeSet<Made>; 2]) -> Pairing {
        let left = |pairs: &BTreeMap<Made, Option<Made>>, ones: &BTreeSet<Made>, others: &BTreeSet<Made>| {
            let kept = pairs.iter().filter(|(one, _)| ones.contains(one));
            kept.map(|(one, other)| (*one, other.filter(|other| others.contains(other)))).collect()
        };
        Pairing { there: left(&self.there, ones, others), back: left(&self.back, others, ones) }
    }
}

/// Whether an unknown can be that which belongs to another, whose origin belongs to this one.
pub(super) fn fits(unknown: Made, origin: Option<Made>) -> bool {
    match (unknown, origin) {
        (Made::Unknown(_, number), Some(Made::Unknown(_, expected))) => number == expected,
        _ => false,
    }
}

/// Parts of terms that say where something stands, and not what it is.
pub(super) fn is_about_places(op: Symbol) -> bool {
    ["at", "watch", "marked", "marked-raising", "observe"].contains(&op.as_str())
}
