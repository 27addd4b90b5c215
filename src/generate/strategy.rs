//! Strategies for `proptest`: well-formed programs that shrink to smaller ones.

use proptest::prelude::*;

use crate::check::Fragment;
use crate::core::{CONDITIONS, Clause, Core};

/// Well-formed programs of a fragment, nested at most `depth` statements deep.
///
/// Every value is a program that CPython compiles: `break` and `continue` stand inside
/// loops, a bare clause comes last. A program shrinks to its parts, statements to
/// `pass`, optional clauses to none, and so only to programs of the same kind.
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
pub fn programs(fragment: Fragment, depth: u32) -> BoxedStrategy<Core> {
    block(fragment, depth, false)
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
    let mut leaves =
        vec![Core::Pass, Core::Return, Core::Raise("A"), Core::Raise("B"), Core::Raise("C"), Core::Reraise];
    if fragment == Fragment::Core {
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
