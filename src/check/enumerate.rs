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

use egg::Id;

use crate::python::{Handler, Planter};
use crate::term::Term;

/// Which statements the enumerated programs are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fragment {
    /// The control core: everything that this slice of the language has, over two
    /// unrelated exception classes `A` and `B`, a class `C` derived from `A`,
    /// an unknown call `f()` and unknown conditions `c()`.
    Core,
    /// The core without anything unknown, and so without loops.
    Closed,
}

/// A statement that is no bigger than one node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Leaf {
    Pass,
    Raise(&'static str),
    Reraise,
    Return,
    Call,
    Break,
    Continue,
}

/// The conditions of an `except` clause; the bare one comes last.
const CONDITIONS: [Condition; 5] = [
    Condition { classes: &["A"], name: None },
    Condition { classes: &["B"], name: None },
    Condition { classes: &["C"], name: None },
    Condition { classes: &["A", "B"], name: None },
    Condition { classes: &["A"], name: Some("e") },
];

struct Condition {
    classes: &'static [&'static str],
    name: Option<&'static str>,
}

/// The programs of a fragment.
#[derive(Debug)]
pub struct Enumeration {
    fragment: Fragment,
    counts: RefCell<HashMap<(Part, usize, bool), u128>>,
}

/// What is counted and built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Part {
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
enum Compound {
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

    fn leaves(&self, in_loop: bool) -> Vec<Leaf> {
        let mut leaves = vec![
            Leaf::Pass,
            Leaf::Raise("A"),
            Leaf::Raise("B"),
            Leaf::Raise("C"),
            Leaf::Reraise,
            Leaf::Return,
        ];
        if self.fragment == Fragment::Core {
            leaves.push(Leaf::Call);
        }
        if in_loop {
            leaves.extend([Leaf::Break, Leaf::Continue]);
        }
        leaves
    }

    fn compounds(&self, size: usize) -> Vec<Compound> {
        let rest = size - 1;
        let mut shapes = Vec::new();
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

    fn parts(&self, part: Part, size: usize, in_loop: bool) -> u128 {
        if let Some(count) = self.counts.borrow().get(&(part, size, in_loop)) {
            return *count;
        }
        let count = match part {
            Part::Else if size == 0 => 1,
            _ if size == 0 => 0,
            Part::Else => self.parts(Part::Block, size, in_loop) - u128::from(size == 1),
            Part::Block => {
                let longer: u128 = (1..size.saturating_sub(1))
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
                let conditions = CONDITIONS.len() as u128;
                let last = (conditions + 1) * self.parts(Part::Block, size, in_loop);
                let more: u128 = (1..size)
                    .map(|first| {
                        conditions
                            * self.parts(Part::Block, first, in_loop)
                            * self.parts(Part::Clauses, size - first, in_loop)
                    })
                    .sum();
                last + more
            }
        };
        self.counts.borrow_mut().insert((part, size, in_loop), count);
        count
    }

    fn shape_count(&self, shape: &Compound, in_loop: bool) -> u128 {
        let block = |size, in_loop| self.parts(Part::Block, size, in_loop);
        match *shape {
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

    /// Program number `index` of a size, as a `Statement`; `None` past the last.
    pub fn program(&self, size: usize, index: u128) -> Option<Term> {
        if index >= self.count(size) {
            return None;
        }
        let mut build = Build { counts: self, planter: Planter::default(), returns: 0 };
        let root = build.block(size, false, index);
        Some(build.planter.finish(root))
    }

    /// The initial global names of every enumerated program: the classes, and the
    /// unknown functions `f`, which may return or raise anything that matters, and
    /// `c`, which returns True or False.
    pub fn globals(&self, exception: &Term, base_exception: &Term) -> Term {
        globals(exception, base_exception)
    }
}

fn globals(exception: &Term, base_exception: &Term) -> Term {
    let mut p = Planter::default();
    let exception = p.builder().splice(exception);
    let base_exception = p.builder().splice(base_exception);
    let a = p.class_value("A", "file", exception);
    let b = p.class_value("B", "file", exception);
    let c = p.class_value("C", "file", a);
    let raised: Vec<Id> = [a, b, c, exception, base_exception]
        .into_iter()
        .map(|class| p.exception(class, &[]))
        .collect();
    let answers = [p.atom("true"), p.atom("false")];
    let call = p.unknown("f", None, &raised);
    let condition = p.unknown("c", Some(&answers), &[]);
    let env = p.env([("A", a), ("B", b), ("C", c), ("f", call), ("c", condition)]);
    p.finish(env)
}

struct Build<'a> {
    counts: &'a Enumeration,
    planter: Planter,
    returns: usize,
}

/// Takes one digit of a mixed-radix number off its low end.
fn digit(index: &mut u128, radix: u128) -> u128 {
    let digit = *index % radix;
    *index /= radix;
    digit
}

impl Build<'_> {
    fn count(&self, part: Part, size: usize, in_loop: bool) -> u128 {
        self.counts.parts(part, size, in_loop)
    }

    fn block(&mut self, size: usize, in_loop: bool, mut index: u128) -> Id {
        let single = self.count(Part::Statement, size, in_loop);
        if index < single {
            return self.statement(size, in_loop, index);
        }
        index -= single;
        for first in 1..size - 1 {
            let heads = self.count(Part::Statement, first, in_loop);
            let tails = self.count(Part::Block, size - 1 - first, in_loop);
            if index < heads * tails {
                let head = digit(&mut index, heads);
                let head = self.statement(first, in_loop, head);
                let tail = self.block(size - 1 - first, in_loop, index);
                return self.planter.node("seq", [head, tail]);
            }
            index -= heads * tails;
        }
        self.planter.atom("pass")
    }

    fn statement(&mut self, size: usize, in_loop: bool, mut index: u128) -> Id {
        if size == 1 {
            let leaves = self.counts.leaves(in_loop);
            return self.leaf(leaves[index as usize % leaves.len()]);
        }
        for shape in self.counts.compounds(size) {
            let count = self.counts.shape_count(&shape, in_loop);
            if index < count {
                return self.compound(shape, in_loop, index);
            }
            index -= count;
        }
        self.planter.atom("pass")
    }

    fn leaf(&mut self, leaf: Leaf) -> Id {
        match leaf {
            Leaf::Pass => self.planter.atom("pass"),
            Leaf::Reraise => self.planter.atom("reraise"),
            Leaf::Break => self.planter.atom("break"),
            Leaf::Continue => self.planter.atom("continue"),
            Leaf::Raise(class) => {
                let class = self.name(class);
                self.planter.node("raise", [class])
            }
            Leaf::Return => {
                self.returns += 1;
                let value = self.planter.literal("int", &self.returns.to_string());
                let value = self.planter.node("const", [value]);
                self.planter.node("return", [value])
            }
            Leaf::Call => {
                let call = self.call("f");
                self.planter.node("expression", [call])
            }
        }
    }

    fn name(&mut self, name: &str) -> Id {
        let target = self.planter.global(name);
        self.planter.node("name", [target])
    }

    fn call(&mut self, function: &str) -> Id {
        let function = self.name(function);
        let arguments = self.planter.atom("no-arguments");
        self.planter.node("call", [function, arguments])
    }

    fn compound(&mut self, shape: Compound, in_loop: bool, mut index: u128) -> Id {
        match shape {
            Compound::If(then, orelse) => {
                let condition = self.call("c");
                let then = self.part(then, in_loop, &mut index);
                let orelse = self.orelse(orelse, in_loop, index);
                self.planter.node("if", [condition, then, orelse])
            }
            Compound::While(body, orelse) => {
                let condition = self.call("c");
                let body = self.part(body, true, &mut index);
                let orelse = self.orelse(orelse, in_loop, index);
                self.planter.node("while", [condition, body, orelse])
            }
            Compound::TryFinally(suite, clause) => {
                let label = self.planter.label();
                let suite = self.part(suite, in_loop, &mut index);
                let clause = self.block(clause, in_loop, index);
                self.planter.try_finally(label, suite, clause)
            }
            Compound::TryExcept(suite, clauses, orelse) => {
                let label = self.planter.label();
                let suite = self.part(suite, in_loop, &mut index);
                let choice = digit(&mut index, self.count(Part::Clauses, clauses, in_loop));
                let mut handlers = Vec::new();
                self.clauses(clauses, in_loop, choice, &mut handlers);
                let orelse = self.orelse(orelse, in_loop, index);
                self.planter.try_except(label, suite, &handlers, orelse)
            }
        }
    }

    fn part(&mut self, size: usize, in_loop: bool, index: &mut u128) -> Id {
        let choice = digit(index, self.count(Part::Block, size, in_loop));
        self.block(size, in_loop, choice)
    }

    /// An `else` of size 0 is none; one of size 1 is no `pass`, which is block 0.
    fn orelse(&mut self, size: usize, in_loop: bool, index: u128) -> Id {
        match size {
            0 => self.planter.atom("pass"),
            1 => self.block(1, in_loop, index + 1),
            _ => self.block(size, in_loop, index),
        }
    }

    fn clauses(&mut self, size: usize, in_loop: bool, mut index: u128, handlers: &mut Vec<Handler>) {
        let conditions = CONDITIONS.len();
        let last = (conditions as u128 + 1) * self.count(Part::Block, size, in_loop);
        if index < last {
            let condition = digit(&mut index, conditions as u128 + 1) as usize;
            let handler = self.clause(CONDITIONS.get(condition), size, in_loop, index);
            handlers.push(handler);
            return;
        }
        index -= last;
        for first in 1..size {
            let heads = conditions as u128 * self.count(Part::Block, first, in_loop);
            let tails = self.count(Part::Clauses, size - first, in_loop);
            if index < heads * tails {
                let mut head = digit(&mut index, heads);
                let condition = digit(&mut head, conditions as u128) as usize;
                let handler = self.clause(Some(&CONDITIONS[condition]), first, in_loop, head);
                handlers.push(handler);
                return self.clauses(size - first, in_loop, index, handlers);
            }
            index -= heads * tails;
        }
    }

    fn clause(&mut self, condition: Option<&Condition>, size: usize, in_loop: bool, index: u128) -> Handler {
        let names: Vec<Id> = condition.iter().flat_map(|c| c.classes).map(|class| self.name(class)).collect();
        let expression = match names.as_slice() {
            [] => None,
            [class] => Some(*class),
            many => {
                let members = self.planter.arguments(many);
                Some(self.planter.node("tuple-display", [members]))
            }
        };
        let name = condition.and_then(|c| c.name).map(|name| self.planter.local(name));
        Handler { condition: expression, name, body: self.block(size, in_loop, index) }
    }
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
        // Two statements, an if in an if…: see the grammar in the module's documentation.
        // sequence 49; if: size-2 body 16, one with else 7 * 6; while: size-2 body 9 + 7 + … ;
        let closed = Enumeration::new(Fragment::Closed);
        assert_eq!((closed.count(1), closed.count(2)), (6, 0));
        // sequence, try-finally, and try-except with six kinds of clause
        assert_eq!(closed.count(3), 36 + 36 + 36 * 6);
    }
}
