//! Builtin functions and methods of numbers.

pub mod methods;
pub mod parsing;
pub mod rounding;

pub use parsing::truth;
