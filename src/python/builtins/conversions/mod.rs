//! Builtin functions and methods of numbers.

pub mod methods;
pub mod parsing;
pub mod rounding;

pub use parsing::truth;

#[cfg(test)]
mod tests {
    #[test]
    fn conversions_do_what_python_does() {
        crate::python::builtins::testing::check(include_str!("../expected/conversions.txt"));
    }
}
