//! Laws of `try`: equations of the book, held against the rules.
//!
//! A law is checked by its instances: programs of the core stand for its variables, what it asks for is found out by running them, and
//! both sides are run in every surrounding. Nothing is proven so; what is found is how often it applied, and the smallest instance for
//! which it fails.

mod automaton;
mod conditions;
mod instanced;
mod instances;
mod meaning;
mod terms;

pub use automaton::{Automaton, Parting};
pub use conditions::Facts;
pub use instanced::{Counterexample, Extent, Instanced, instanced};
pub use meaning::{AROUND, Ends, LEVELS, Meaning, Meanings};
