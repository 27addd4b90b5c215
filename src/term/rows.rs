//! The shape of a long sequence as a term: rows of members, and rows of rows, each full but for the last on its level.

use egg::{Id, Symbol};

use super::words::words;

/// Members that are kept one behind the other, without rows.
pub const FEW: usize = 32;

/// A row has `1 << BITS` parts at most.
pub const BITS: usize = 5;
/// How many that is.
pub const WIDTH: usize = 1 << BITS;

/// The tree of more than [`FEW`] members, by what makes nodes.
pub fn tree(members: &[Id], mut make: impl FnMut(Symbol, &[Id]) -> Id) -> Id {
    let mut parts: Vec<Id> = members.chunks(WIDTH).map(|row| make(words().row, row)).collect();
    while parts.len() > 1 {
        parts = parts.chunks(WIDTH).map(|row| make(words().rows, row)).collect();
    }
    parts[0]
}
