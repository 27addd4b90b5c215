//! The primitives, by the name that `(builtin name)` has; a method's is `class.method`.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::python::values::{Answer, Call, Failure, Primitive};

use signatures::Signature;

pub mod aliases;
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
pub mod signatures;
mod specials;
pub mod support;
#[cfg(test)]
mod testing;
pub mod text;
pub mod tracebacks;

/// One file's primitives, each with its signature or its mere name: see [`signatures`].
pub type Table = &'static [(&'static str, Primitive)];

const TABLES: &[Table] = &[
    aliases::TABLE,
    attributes::primitives::TABLE,
    bytes::TABLE,
    bytes::OWN,
    compare::TABLE,
    conversions::parsing::TABLE,
    conversions::rounding::TABLE,
    conversions::methods::TABLE,
    definitions::making::TABLE,
    definitions::entering::TABLE,
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
    text::unicode::TABLE,
];

/// A primitive, and what it takes.
#[derive(Debug)]
pub struct Builtin {
    primitive: Primitive,
    /// What programs call it with; none where only rules and the library call it.
    pub signature: Option<Signature>,
}

static ALL: LazyLock<HashMap<&'static str, Builtin>> = LazyLock::new(|| {
    let entries = TABLES.iter().flat_map(|table| table.iter());
    let parsed = entries.map(|(entry, primitive)| {
        let (name, signature) = Signature::parse(entry);
        (name, Builtin { primitive: *primitive, signature })
    });
    parsed.collect()
});

/// The primitive of that name.
pub fn find(name: &str) -> Option<&'static Builtin> {
    ALL.get(name).or_else(|| ALL.get(name.strip_prefix("prim.")?))
}

/// The names of those that have a signature.
#[cfg(test)]
pub fn signed() -> impl Iterator<Item = &'static str> {
    ALL.iter().filter(|(_, builtin)| builtin.signature.is_some()).map(|(name, _)| *name)
}

/// That the arguments of a call are what the builtin of that name takes.
pub fn check(call: &mut Call, name: &str) -> Result<(), Failure> {
    match find(name).and_then(|builtin| builtin.signature.as_ref()) {
        Some(signature) => signature.check(call),
        None => Ok(()),
    }
}

/// Runs the primitive of that name on the arguments of a call, if it takes them.
pub fn run(call: &mut Call, name: &str) -> Answer {
    let Some(Builtin { primitive, signature }) = find(name) else { return Err(Failure::Undefined) };
    let (bound, parameters) = match signature {
        Some(signature) => {
            signature.check(call)?;
            (signature.before(), signature.parameters())
        }
        None => (0, &[][..]),
    };
    let before = std::mem::replace(&mut call.parameters, (bound, parameters));
    let answer = primitive(call);
    call.parameters = before;
    match answer {
        Ok(result) if name.starts_with("str.") => Ok(text::unicode::widened(call, name, result)),
        answer => answer,
    }
}
