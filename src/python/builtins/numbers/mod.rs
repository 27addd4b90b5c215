//! The operators of numbers, and those of sequences that are written alike.

pub mod arithmetic;
pub mod operators;

pub use arithmetic::{Number, number, quotient, scale, to_float};
pub use operators::{plus, times, union_members};

#[cfg(test)]
mod tests {
    #[test]
    fn operators_do_what_python_does() {
        crate::python::builtins::testing::check(include_str!("../expected/numbers.txt"));
    }
}
