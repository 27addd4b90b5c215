//! Chains of `elif` without `else` that are meant to take one of their branches: each binds a name that is read behind them.

use std::collections::BTreeSet;

use ruff_python_ast::{Stmt, StmtIf};
use ruff_text_size::{Ranged, TextRange, TextSize};

/// Where the chains begin of which one branch is taken, as what stands behind them says. `bound` and `read` are the names of the function,
/// and where.
pub(super) fn exhaustive(
    chains: &[&StmtIf],
    bound: &[(String, TextRange)],
    read: &[(String, TextRange)],
) -> Vec<TextSize> {
    let asks_for_one = |chain: &&&StmtIf| {
        let behind = |(_, range): &&(String, TextRange)| range.start() >= chain.range().end();
        let missed: BTreeSet<&str> = read.iter().filter(behind).map(|(name, _)| name.as_str()).collect();
        let common = bound_by_all(chain, bound);
        common.is_some_and(|names| !names.is_disjoint(&missed))
    };
    chains.iter().filter(asks_for_one).map(|chain| chain.start()).collect()
}

/// Whether a chain has several branches, and none for what is left.
pub(super) fn is_open(chain: &StmtIf) -> bool {
    chain.elif_else_clauses.last().is_some_and(|last| last.test.is_some())
}

/// The names that each branch binds from which control goes on.
fn bound_by_all<'n>(chain: &StmtIf, bound: &'n [(String, TextRange)]) -> Option<BTreeSet<&'n str>> {
    let others = chain.elif_else_clauses.iter().map(|clause| &clause.body[..]);
    let branches = std::iter::once(&chain.body[..]).chain(others).filter(|body| goes_on(body));
    let names = |body: &[Stmt]| -> BTreeSet<&'n str> {
        let inside = |range: TextRange| body.iter().any(|stmt| stmt.range().contains_range(range));
        bound.iter().filter(|(_, range)| inside(*range)).map(|(name, _)| name.as_str()).collect()
    };
    branches.map(names).reduce(|one, other| one.intersection(&other).copied().collect())
}

fn goes_on(body: &[Stmt]) -> bool {
    let leaves =
        |stmt: &Stmt| matches!(stmt, Stmt::Return(_) | Stmt::Raise(_) | Stmt::Break(_) | Stmt::Continue(_));
    !body.last().is_some_and(leaves)
}
