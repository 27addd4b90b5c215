//! The format specification, the `%` operator, `str.format` and f-strings.

pub mod fields;
pub mod layout;
pub mod percent;
pub mod spec;

pub use percent::{percent, whole};
pub use spec::format;

#[cfg(test)]
mod tests {
    #[test]
    fn formats_do_what_python_does() {
        crate::python::builtins::testing::check(include_str!("../expected/format.txt"));
    }
}
