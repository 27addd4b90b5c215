//! What a statement does, as the smallest automaton that does it, in one form: two statements do the same if theirs are equal.

use std::collections::VecDeque;

use rustc_hash::{FxHashMap, FxHashSet};

/// A word for what is seen, by its number.
pub(super) type Word = u32;

/// A place of an automaton: what is seen there, and where each outcome of that leads.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Place {
    /// What is seen.
    pub seen: Word,
    /// The outcomes, by their words, and the places behind them.
    pub outcomes: Vec<(Word, usize)>,
}

/// An automaton without places that do the same, numbered in the order in which they are come to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Automaton {
    /// Where it begins, for each thing that may be handled around it.
    pub starts: Vec<usize>,
    /// The places.
    pub places: Vec<Place>,
}

impl Automaton {
    /// The smallest automaton that does what these places do.
    pub fn smallest(places: &[Place], starts: &[usize]) -> Automaton {
        let class = classes(places);
        let mut number: FxHashMap<usize, usize> = FxHashMap::default();
        let mut order: Vec<usize> = Vec::new();
        let mut open = VecDeque::new();
        let mut found = |place: usize, order: &mut Vec<usize>, open: &mut VecDeque<usize>| {
            *number.entry(class[place]).or_insert_with(|| {
                order.push(place);
                open.push_back(place);
                order.len() - 1
            })
        };
        let starts = starts.iter().map(|start| found(*start, &mut order, &mut open)).collect();
        let mut smallest = Vec::new();
        while let Some(place) = open.pop_front() {
            let Place { seen, outcomes } = &places[place];
            let behind = |(word, target): &(Word, usize)| (*word, found(*target, &mut order, &mut open));
            smallest.push(Place { seen: *seen, outcomes: outcomes.iter().map(behind).collect() });
        }
        Automaton { starts, places: smallest }
    }

    /// Whether it does the same whatever is handled around it.
    pub fn starts_alike(&self) -> bool {
        self.starts.iter().all(|start| *start == self.starts[0])
    }

    /// The shortest way on which two automata part that begin with the same thing handled: which thing, and what is seen on the way, with its outcomes.
    pub fn parting(&self, other: &Automaton) -> Option<Parting> {
        let mut seen: FxHashSet<[usize; 2]> = FxHashSet::default();
        let mut open = VecDeque::new();
        for (around, pair) in self.starts.iter().zip(&other.starts).enumerate() {
            open.push_back((around, [*pair.0, *pair.1], Vec::new()));
        }
        while let Some((around, pair, way)) = open.pop_front() {
            if !seen.insert(pair) {
                continue;
            }
            let places = [&self.places[pair[0]], &other.places[pair[1]]];
            let words = places.map(|place| place.outcomes.iter().map(|(word, _)| *word).collect::<Vec<_>>());
            if places[0].seen != places[1].seen || words[0] != words[1] {
                return Some(Parting { around, way, then: places.map(|place| place.seen) });
            }
            for ((word, one), (_, two)) in places[0].outcomes.iter().zip(&places[1].outcomes) {
                let mut way = way.clone();
                way.push((places[0].seen, *word));
                open.push_back((around, [*one, *two], way));
            }
        }
        None
    }
}

/// Where two automata part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parting {
    /// The number of what is handled around them.
    pub around: usize,
    /// What is seen before, and how it comes out.
    pub way: Vec<(Word, Word)>,
    /// What is seen then, on each side.
    pub then: [Word; 2],
}

/// The class of each place, places of one class doing the same (Moore 1956).
fn classes(places: &[Place]) -> Vec<usize> {
    let mut class = numbered(places.iter().map(|place| (place.seen, Vec::new())));
    loop {
        let refined = numbered(places.iter().enumerate().map(|(at, place)| {
            let outcomes = place.outcomes.iter().map(|(word, target)| (*word, class[*target])).collect();
            (class[at] as Word, outcomes)
        }));
        if refined.iter().max() == class.iter().max() {
            return refined;
        }
        class = refined;
    }
}

/// Equal keys have equal numbers.
fn numbered(keys: impl Iterator<Item = (Word, Vec<(Word, usize)>)>) -> Vec<usize> {
    let mut numbers = FxHashMap::default();
    keys.map(|key| {
        let next = numbers.len();
        *numbers.entry(key).or_insert(next)
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(seen: Word, outcomes: &[(Word, usize)]) -> Place {
        Place { seen, outcomes: outcomes.to_vec() }
    }

    #[test]
    fn a_loop_that_was_unrolled_is_the_loop() {
        let once = [place(1, &[(7, 1), (8, 0)]), place(2, &[])];
        let twice = [place(1, &[(7, 2), (8, 1)]), place(1, &[(7, 2), (8, 0)]), place(2, &[])];
        assert_eq!(Automaton::smallest(&once, &[0]), Automaton::smallest(&twice, &[0]));
    }

    #[test]
    fn the_shortest_way_to_a_difference_is_found() {
        let one = Automaton::smallest(&[place(1, &[(7, 1)]), place(2, &[])], &[0]);
        let two = Automaton::smallest(&[place(1, &[(7, 1)]), place(3, &[])], &[0]);
        assert_eq!(one.parting(&one), None);
        let parting = one.parting(&two).expect("they differ");
        assert_eq!((parting.way, parting.then), (vec![(1, 7)], [2, 3]));
    }
}
