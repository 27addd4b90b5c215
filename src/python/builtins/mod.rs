//! The primitives, by the name that `(builtin name)` has; a method's is `class.method`.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::python::values::Primitive;

pub mod attributes;
mod bytes;
pub mod compare;
mod containers;
pub mod conversions;
mod definitions;
pub mod display;
pub mod exceptions;
pub mod fields;
pub mod format;
pub mod hashing;
pub mod hints;
mod iterators;
mod maps;
mod maths;
pub mod numbers;
mod probe;
mod resources;
mod sequences;
mod specials;
pub mod support;
#[cfg(test)]
mod testing;
pub mod text;
pub mod tracebacks;

/// One file's primitives.
pub type Table = &'static [(&'static str, Primitive)];

const TABLES: &[Table] = &[
    attributes::primitives::TABLE,
    bytes::TABLE,
    bytes::OWN,
    compare::TABLE,
    conversions::parsing::TABLE,
    conversions::rounding::TABLE,
    conversions::methods::TABLE,
    definitions::making::TABLE,
    definitions::objects::TABLE,
    definitions::classes::TABLE,
    display::printing::TABLE,
    display::TABLE,
    exceptions::fields::TABLE,
    exceptions::groups::TABLE,
    exceptions::raising::TABLE,
    exceptions::generators::TABLE,
    format::spec::TABLE,
    format::fields::TABLE,
    hashing::TABLE,
    iterators::TABLE,
    maps::dicts::TABLE,
    maps::library::TABLE,
    maps::sets::TABLE,
    maps::comparing::TABLE,
    maths::TABLE,
    numbers::arithmetic::TABLE,
    numbers::operators::TABLE,
    probe::TABLE,
    resources::TABLE,
    sequences::displays::TABLE,
    sequences::subscripts::TABLE,
    sequences::membership::TABLE,
    sequences::lists::TABLE,
    sequences::sorting::TABLE,
    specials::TABLE,
    text::characters::TABLE,
    text::splitting::TABLE,
    text::searching::TABLE,
    text::replacing::TABLE,
    text::encoding::TABLE,
];

static ALL: LazyLock<HashMap<&'static str, Primitive>> =
    LazyLock::new(|| TABLES.iter().flat_map(|table| table.iter().copied()).collect());

/// The primitive of that name.
pub fn find(name: &str) -> Option<Primitive> {
    ALL.get(name).or_else(|| ALL.get(name.strip_prefix("prim.")?)).copied()
}
