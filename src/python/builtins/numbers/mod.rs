//! The operators of numbers, and those of sequences that are written alike.

pub mod arithmetic;
pub mod operators;
mod unions;

pub use arithmetic::{Number, number, quotient, scale, to_float};
pub use operators::{plus, times};
pub use unions::union_members;
