//! The primitives, by the name that `(builtin name)` has; a method's is `class.method`.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::Primitive;

mod attributes;
mod containers;
mod definitions;
mod exceptions;
mod iterators;
mod maps;
mod probe;
#[cfg(test)]
mod recorded;
mod sequences;
mod specials;

/// One file's primitives.
pub type Table = &'static [(&'static str, Primitive)];

const TABLES: &[Table] = &[
    attributes::TABLE,
    definitions::TABLE,
    exceptions::TABLE,
    iterators::TABLE,
    maps::TABLE,
    probe::TABLE,
    sequences::TABLE,
    specials::TABLE,
];

static ALL: LazyLock<HashMap<&'static str, Primitive>> =
    LazyLock::new(|| TABLES.iter().flat_map(|table| table.iter().copied()).collect());

/// The primitive of that name.
pub fn find(name: &str) -> Option<Primitive> {
    ALL.get(name).or_else(|| ALL.get(name.strip_prefix("prim.")?)).copied()
}
