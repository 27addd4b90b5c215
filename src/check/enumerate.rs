//! Every well-formed program of a size, by number.
//!
//! How many programs each size has is computed from the grammar of the core, and
//! program number *i* is built directly from *i*, without building those before it.
//!
//! A program is the body of a function. Its size is the number of its statements,
//! each block of *n* statements counting *n* − 1 more for the sequence; clauses cost
//! what their bodies cost. An absent `else` costs nothing.

use std::cell::RefCell;
use std::collections::HashMap;

use crate::check::core::{CONDITIONS, Clause, Condition, Core};
use crate::term::Term;

/// Which statements the enumerated programs are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fragment {
    /// The control core: all its statements, over two
    /// unrelated exception classes `A` and `B`, a class `C` derived from `A`,
    /// an unknown call `f()` and unknown conditions `c()`.
    Core,
    /// The core without anything unknown, and so without loops.
    Closed,
    /// A small closed language for comparisons with other tools: `pass`, an event, `raise A`,
    /// `raise B`, `return`, sequences associated either way, `try…except A`, `try…finally`,
    /// and loops of two turns with `break` and `continue`.
    J,
    /// `J` with one unknown call, which returns or raises `A` or `B`, for the two raises.
    Jn,
}

impl Fragment {
    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Fragment::Core => "core",
            Fragment::Closed => "closed",
            Fragment::J => "j",
            Fragment::Jn => "jn",
        }
    }

    /// The fragment of that name.
    pub fn named(name: &str) -> Option<Fragment> {
        let all = [Fragment::Core, Fragment::Closed, Fragment::J, Fragment::Jn];
        all.into_iter().find(|fragment| fragment.name() == name)
    }

    /// Whether its programs have choices: unknown calls or conditions.
    pub fn is_open(self) -> bool {
        matches!(self, Fragment::Core | Fragment::Jn)
    }

    /// Whether it is one of those for comparisons.
    fn is_j(self) -> bool {
        matches!(self, Fragment::J | Fragment::Jn)
    }
}

/// The programs of a fragment.
#[derive(Debug)]
pub struct Enumeration {
    fragment: Fragment,
    counts: RefCell<HashMap<(Part, usize, bool), u128>>,
}

/// The statements of size 1: those of closed programs, the unknown call, and those of loops.
const LEAVES: [Core; 9] = [
    Core::Pass,
    Core::Raise("A"),
    Core::Raise("B"),
    Core::Raise("C"),
    Core::Reraise,
    Core::Return,
    Core::Call,
    Core::Break,
    Core::Continue,
];

/// The statements of size 1 of the fragments for comparisons.
const J_LEAVES: [Core; 7] =
    [Core::Pass, Core::Event, Core::Raise("A"), Core::Raise("B"), Core::Return, Core::Break, Core::Continue];
const JN_LEAVES: [Core; 6] = [Core::Pass, Core::Event, Core::Call, Core::Return, Core::Break, Core::Continue];

/// What is counted and built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Part {
    /// One statement or more.
    Block,
    /// One statement.
    Statement,
    /// One clause or more.
    Clauses,
    /// An `else` clause or none.
    Else,
}

/// A statement of more than one part: which, and how its size is shared out.
#[derive(Debug, Clone, Copy)]
pub(super) enum Compound {
    Seq(usize, usize),
    For(usize),
    If(usize, usize),
    While(usize, usize),
    TryFinally(usize, usize),
    TryExcept(usize, usize, usize),
}

impl Enumeration {
    /// The programs of a fragment.
    pub fn new(fragment: Fragment) -> Enumeration {
        Enumeration { fragment, counts: RefCell::default() }
    }

    /// How many programs have exactly `size` nodes.
    pub fn count(&self, size: usize) -> u128 {
        self.parts(Part::Block, size, false)
    }

    pub(super) fn leaves(&self, in_loop: bool) -> &'static [Core] {
        match (self.fragment, in_loop) {
            (Fragment::J, false) => &J_LEAVES[..5],
            (Fragment::J, true) => &J_LEAVES,
            (Fragment::Jn, false) => &JN_LEAVES[..4],
            (Fragment::Jn, true) => &JN_LEAVES,
            (Fragment::Core, false) => &LEAVES[..7],
            (Fragment::Core, true) => &LEAVES,
            (Fragment::Closed, _) => &LEAVES[..6],
        }
    }

    /// How a block of two statements or more is split into its first and the rest.
    pub(super) fn splits(&self, size: usize) -> std::ops::Range<usize> {
        if self.fragment.is_j() { 1..1 } else { 1..size.saturating_sub(1) }
    }

    /// The conditions that a clause may have, and whether it may be bare.
    pub(super) fn conditions(&self) -> (&'static [Condition], bool) {
        if self.fragment.is_j() { (&CONDITIONS[..1], false) } else { (&CONDITIONS, true) }
    }

    pub(super) fn compounds(&self, size: usize) -> Vec<Compound> {
        let rest = size - 1;
        let mut shapes = Vec::new();
        if self.fragment.is_j() {
            for first in 1..rest {
                shapes.push(Compound::Seq(first, rest - first));
                shapes.push(Compound::TryFinally(first, rest - first));
                shapes.push(Compound::TryExcept(first, rest - first, 0));
            }
            if rest > 0 {
                shapes.push(Compound::For(rest));
            }
            return shapes;
        }
        for first in 1..=rest {
            let second = rest - first;
            if self.fragment == Fragment::Core {
                shapes.push(Compound::If(first, second));
                shapes.push(Compound::While(first, second));
            }
            if second > 0 {
                shapes.push(Compound::TryFinally(first, second));
            }
            for clauses in 1..=second {
                shapes.push(Compound::TryExcept(first, clauses, second - clauses));
            }
        }
        shapes
    }

    pub(super) fn parts(&self, part: Part, size: usize, in_loop: bool) -> u128 {
        if let Some(count) = self.counts.borrow().get(&(part, size, in_loop)) {
            return *count;
        }
        let count = match part {
            Part::Else if size == 0 => 1,
            _ if size == 0 => 0,
            Part::Else => self.parts(Part::Block, size, in_loop) - u128::from(size == 1),
            Part::Block => {
                let longer: u128 = self
                    .splits(size)
                    .map(|first| {
                        self.parts(Part::Statement, first, in_loop)
                            * self.parts(Part::Block, size - 1 - first, in_loop)
                    })
                    .sum();
                self.parts(Part::Statement, size, in_loop) + longer
            }
            Part::Statement => {
                let leaves = if size == 1 { self.leaves(in_loop).len() as u128 } else { 0 };
                let compounds = self.compounds(size);
                leaves + compounds.iter().map(|shape| self.shape_count(shape, in_loop)).sum::<u128>()
            }
            Part::Clauses => {
                let (last, more) = self.choices();
                let last = last * self.parts(Part::Block, size, in_loop);
                let more: u128 = (1..size)
                    .map(|first| {
                        more * self.parts(Part::Block, first, in_loop)
                            * self.parts(Part::Clauses, size - first, in_loop)
                    })
                    .sum();
                last + more
            }
        };
        self.counts.borrow_mut().insert((part, size, in_loop), count);
        count
    }

    /// How many conditions the last clause may have, and how many one that others follow.
    pub(super) fn choices(&self) -> (u128, u128) {
        match self.conditions() {
            (conditions, true) => (conditions.len() as u128 + 1, conditions.len() as u128),
            // Where no clause may be bare, there is one clause only.
            (conditions, false) => (conditions.len() as u128, 0),
        }
    }

    pub(super) fn shape_count(&self, shape: &Compound, in_loop: bool) -> u128 {
        let block = |size, in_loop| self.parts(Part::Block, size, in_loop);
        match *shape {
            Compound::Seq(first, second) => block(first, in_loop) * block(second, in_loop),
            Compound::For(body) => block(body, true),
            Compound::If(then, orelse) => block(then, in_loop) * self.parts(Part::Else, orelse, in_loop),
            Compound::While(body, orelse) => block(body, true) * self.parts(Part::Else, orelse, in_loop),
            Compound::TryFinally(suite, clause) => block(suite, in_loop) * block(clause, in_loop),
            Compound::TryExcept(suite, clauses, orelse) => {
                block(suite, in_loop)
                    * self.parts(Part::Clauses, clauses, in_loop)
                    * self.parts(Part::Else, orelse, in_loop)
            }
        }
    }

    /// Program number `index` of a size; `None` past the last.
    pub fn core(&self, size: usize, index: u128) -> Option<Core> {
        (index < self.count(size)).then(|| self.block(size, false, index))
    }

    /// Program number `index` of a size, as a `Statement` with its markers.
    pub fn program(&self, size: usize, index: u128) -> Option<Term> {
        self.core(size, index).map(|core| core.term())
    }

    pub(super) fn block(&self, size: usize, in_loop: bool, mut index: u128) -> Core {
        let single = self.parts(Part::Statement, size, in_loop);
        if index < single {
            return self.statement(size, in_loop, index);
        }
        index -= single;
        for first in self.splits(size) {
            let heads = self.parts(Part::Statement, first, in_loop);
            let count = heads * self.parts(Part::Block, size - 1 - first, in_loop);
            if index < count {
                let head = self.statement(first, in_loop, digit(&mut index, heads));
                let tail = self.block(size - 1 - first, in_loop, index);
                return Core::Seq(Box::new(head), Box::new(tail));
            }
            index -= count;
        }
        Core::Pass
    }

    fn statement(&self, size: usize, in_loop: bool, mut index: u128) -> Core {
        if size == 1 {
            let leaves = self.leaves(in_loop);
            return leaves[index as usize % leaves.len()].clone();
        }
        for shape in self.compounds(size) {
            let count = self.shape_count(&shape, in_loop);
            if index < count {
                return self.compound(shape, in_loop, index);
            }
            index -= count;
        }
        Core::Pass
    }

    fn compound(&self, shape: Compound, in_loop: bool, mut index: u128) -> Core {
        match shape {
            Compound::Seq(first, second) => {
                let first = self.part(first, in_loop, &mut index);
                Core::Seq(first, Box::new(self.block(second, in_loop, index)))
            }
            Compound::For(body) => Core::For(Box::new(self.block(body, true, index))),
            Compound::If(then, orelse) => {
                let then = self.part(then, in_loop, &mut index);
                Core::If(then, self.orelse(orelse, in_loop, index))
            }
            Compound::While(body, orelse) => {
                let body = self.part(body, true, &mut index);
                Core::While(body, self.orelse(orelse, in_loop, index))
            }
            Compound::TryFinally(suite, clause) => {
                let suite = self.part(suite, in_loop, &mut index);
                Core::TryFinally(suite, Box::new(self.block(clause, in_loop, index)))
            }
            Compound::TryExcept(suite, clauses, orelse) => {
                let suite = self.part(suite, in_loop, &mut index);
                let choice = digit(&mut index, self.parts(Part::Clauses, clauses, in_loop));
                let mut handlers = Vec::new();
                self.clauses(clauses, in_loop, choice, &mut handlers);
                Core::TryExcept(suite, handlers, self.orelse(orelse, in_loop, index))
            }
        }
    }

    fn part(&self, size: usize, in_loop: bool, index: &mut u128) -> Box<Core> {
        let choice = digit(index, self.parts(Part::Block, size, in_loop));
        Box::new(self.block(size, in_loop, choice))
    }

    /// An `else` of size 0 is none; one of size 1 is no `pass`, which is block 0.
    fn orelse(&self, size: usize, in_loop: bool, index: u128) -> Option<Box<Core>> {
        match size {
            0 => None,
            1 => Some(Box::new(self.block(1, in_loop, index + 1))),
            _ => Some(Box::new(self.block(size, in_loop, index))),
        }
    }

    pub(super) fn clauses(&self, size: usize, in_loop: bool, mut index: u128, clauses: &mut Vec<Clause>) {
        let (ways, conditions) = self.choices();
        let last = ways * self.parts(Part::Block, size, in_loop);
        if index < last {
            let condition = self.conditions().0.get(digit(&mut index, ways) as usize).copied();
            clauses.push(Clause { condition, body: self.block(size, in_loop, index) });
            return;
        }
        index -= last;
        for first in 1..size {
            let heads = conditions * self.parts(Part::Block, first, in_loop);
            let count = heads * self.parts(Part::Clauses, size - first, in_loop);
            if index < count {
                let mut head = digit(&mut index, heads);
                let condition = CONDITIONS[digit(&mut head, conditions) as usize];
                clauses.push(Clause { condition: Some(condition), body: self.block(first, in_loop, head) });
                return self.clauses(size - first, in_loop, index, clauses);
            }
            index -= count;
        }
    }
}

/// Takes one digit of a mixed-radix number off its low end.
fn digit(index: &mut u128, radix: u128) -> u128 {
    let digit = *index % radix;
    *index /= radix;
    digit
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_number_up_to_the_count_is_another_program() {
        for fragment in [Fragment::Core, Fragment::Closed] {
            let programs = Enumeration::new(fragment);
            for size in 1..=3 {
                for index in 0..programs.count(size) {
                    assert_eq!(programs.core(size, index).map(|core| core.size()), Some(size));
                }
                let all: BTreeSet<String> = (0..programs.count(size))
                    .filter_map(|index| Some(programs.program(size, index)?.to_string()))
                    .collect();
                assert_eq!(all.len() as u128, programs.count(size), "{fragment:?} of size {size}");
                assert!(programs.program(size, programs.count(size)).is_none());
            }
        }
    }

    #[test]
    fn the_counts_are_those_worked_out_by_hand() {
        let core = Enumeration::new(Fragment::Core);
        // pass, raise A|B|C, raise, return, f()
        assert_eq!(core.count(1), 7);
        // if c(): leaf; while c(): leaf, break or continue
        assert_eq!(core.count(2), 7 + 9);
        let closed = Enumeration::new(Fragment::Closed);
        assert_eq!((closed.count(1), closed.count(2)), (6, 0));
        // sequence, try-finally, and try-except with six kinds of clause
        assert_eq!(closed.count(3), 36 + 36 + 36 * 6);
        // The largest size that the command line takes does not overflow.
        assert!(core.count(24) > core.count(23));
    }
}
