//! The primitives, by the name that `(builtin name)` has; a method's is `class.method`.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::Primitive;

pub mod compare;
pub mod conversions;
pub mod display;
pub mod format;
pub mod hashing;
mod maps;
mod maths;
pub mod numbers;
mod probe;
pub mod support;
#[cfg(test)]
mod testing;
pub mod text;

/// One file's primitives.
pub type Table = &'static [(&'static str, Primitive)];

const TABLES: &[Table] = &[
    probe::TABLE,
    numbers::TABLE,
    compare::TABLE,
    hashing::TABLE,
    conversions::TABLE,
    maths::TABLE,
    text::TABLE,
    format::TABLE,
    display::TABLE,
];

static ALL: LazyLock<HashMap<&'static str, Primitive>> =
    LazyLock::new(|| TABLES.iter().flat_map(|table| table.iter().copied()).collect());

/// The primitive of that name.
pub fn find(name: &str) -> Option<Primitive> {
    ALL.get(name).copied()
}
