//! Strategies for `proptest`: well-formed programs that shrink to smaller ones.

use proptest::prelude::*;
use proptest::strategy::{NewTree, ValueTree};
use proptest::test_runner::TestRunner;

use crate::check::Fragment;
use crate::check::core::{CONDITIONS, Clause, Core};

/// Well-formed programs of a fragment, nested at most `depth` statements deep.
///
/// Every value is a program that CPython compiles: `break` and `continue` stand inside
/// loops, a bare clause comes last. A program shrinks through [`Core::simpler`]: to its
/// parts, statements to `pass`, optional clauses to none, and so only to well-formed
/// programs of the same fragment, down to one of which nothing can be left out.
///
/// ```
/// use proptest::prelude::*;
/// use trylemma::check::Fragment;
/// use trylemma::generate::programs;
///
/// proptest!(ProptestConfig::with_cases(8), |(program in programs(Fragment::Core, 3))| {
///     prop_assert!(program.size() >= 1);
/// });
/// ```
pub fn programs(fragment: Fragment, depth: u32) -> Programs {
    Programs { drawn: block(fragment, depth, false) }
}

/// The strategy that [`programs`] returns.
#[derive(Debug, Clone)]
pub struct Programs {
    drawn: BoxedStrategy<Core>,
}

impl Strategy for Programs {
    type Tree = Shrinking;
    type Value = Core;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let current = self.drawn.new_tree(runner)?.current();
        Ok(Shrinking { untried: None, current, before: None })
    }
}

/// A program on its way to a smallest one.
#[derive(Debug, Clone)]
pub struct Shrinking {
    current: Core,
    /// The program that `current` simplifies, until it is known which of them to keep.
    before: Option<Core>,
    /// The simplifications that were not tried yet, smallest first; made where the first is asked for, since
    /// most programs that are drawn are never shrunk.
    untried: Option<Vec<Core>>,
}

impl Shrinking {
    fn try_next(&mut self) -> bool {
        let untried = self.untried.get_or_insert_with(|| self.current.simpler());
        if untried.is_empty() {
            return false;
        }
        let next = untried.remove(0);
        self.before = Some(std::mem::replace(&mut self.current, next));
        true
    }
}

impl ValueTree for Shrinking {
    type Value = Core;

    fn current(&self) -> Core {
        self.current.clone()
    }

    fn simplify(&mut self) -> bool {
        if self.before.take().is_some() {
            self.untried = None;
        }
        self.try_next()
    }

    fn complicate(&mut self) -> bool {
        match self.before.take() {
            Some(before) => {
                self.current = before;
                self.try_next()
            }
            None => false,
        }
    }
}

fn block(fragment: Fragment, depth: u32, in_loop: bool) -> BoxedStrategy<Core> {
    proptest::collection::vec(statement(fragment, depth, in_loop), 1..=3)
        .prop_map(|statements| {
            let mut statements = statements.into_iter().rev();
            let last = statements.next().unwrap_or(Core::Pass);
            statements.fold(last, |tail, head| Core::Seq(Box::new(head), Box::new(tail)))
        })
        .boxed()
}

fn statement(fragment: Fragment, depth: u32, in_loop: bool) -> BoxedStrategy<Core> {
    let leaf = leaf(fragment, in_loop);
    if depth == 0 {
        return leaf;
    }
    let inner = || block(fragment, depth - 1, in_loop);
    let tries = prop_oneof![
        (inner(), inner()).prop_map(|(suite, clause)| Core::TryFinally(Box::new(suite), Box::new(clause))),
        (inner(), clauses(fragment, depth - 1, in_loop), optional(inner()))
            .prop_map(|(suite, clauses, orelse)| Core::TryExcept(Box::new(suite), clauses, orelse)),
    ];
    match fragment {
        Fragment::J | Fragment::Jn => {
            let handled = (inner(), inner()).prop_map(|(suite, body)| {
                let clause = Clause { condition: Some(CONDITIONS[0]), body };
                Core::TryExcept(Box::new(suite), vec![clause], None)
            });
            let last = (inner(), inner())
                .prop_map(|(suite, clause)| Core::TryFinally(Box::new(suite), Box::new(clause)));
            let loops = block(fragment, depth - 1, true).prop_map(|body| Core::For(Box::new(body)));
            prop_oneof![4 => leaf, 3 => handled, 3 => last, 1 => loops].boxed()
        }
        Fragment::Closed => prop_oneof![2 => leaf, 3 => tries].boxed(),
        Fragment::Core => {
            let body = block(fragment, depth - 1, true);
            let loops =
                (body, optional(inner())).prop_map(|(body, orelse)| Core::While(Box::new(body), orelse));
            let ifs =
                (inner(), optional(inner())).prop_map(|(body, orelse)| Core::If(Box::new(body), orelse));
            prop_oneof![4 => leaf, 4 => tries, 1 => ifs, 1 => loops].boxed()
        }
    }
}

fn leaf(fragment: Fragment, in_loop: bool) -> BoxedStrategy<Core> {
    let mut leaves = vec![Core::Pass, Core::Return];
    leaves.extend(match fragment {
        Fragment::Closed | Fragment::Core => {
            vec![Core::Raise("A"), Core::Raise("B"), Core::Raise("C"), Core::Reraise]
        }
        Fragment::J => vec![Core::Event, Core::Raise("A"), Core::Raise("B")],
        Fragment::Jn => vec![Core::Event],
    });
    if fragment.is_open() {
        leaves.push(Core::Call);
    }
    if in_loop {
        leaves.extend([Core::Break, Core::Continue]);
    }
    proptest::sample::select(leaves).boxed()
}

fn clauses(fragment: Fragment, depth: u32, in_loop: bool) -> BoxedStrategy<Vec<Clause>> {
    let conditioned = (proptest::sample::select(&CONDITIONS[..]), block(fragment, depth, in_loop))
        .prop_map(|(condition, body)| Clause { condition: Some(condition), body });
    let bare = block(fragment, depth, in_loop).prop_map(|body| Clause { condition: None, body });
    let last = prop_oneof![3 => conditioned.clone(), 1 => bare];
    (proptest::collection::vec(conditioned, 0..=2), last)
        .prop_map(|(mut clauses, last)| {
            clauses.push(last);
            clauses
        })
        .boxed()
}

fn optional(part: BoxedStrategy<Core>) -> BoxedStrategy<Option<Box<Core>>> {
    proptest::option::of(part.prop_map(Box::new)).boxed()
}
