//! The operators of numbers, and those of sequences that are written alike.

pub mod arithmetic;
pub mod operators;

pub use arithmetic::{Number, number, quotient, scale, to_float};
pub use operators::{plus, times, union_members};
