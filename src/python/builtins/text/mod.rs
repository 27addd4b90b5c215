//! The methods of str and bytes.

pub mod characters;
pub mod encoding;
pub mod replacing;
pub mod searching;
pub mod splitting;

pub use encoding::decode;

#[cfg(test)]
mod tests {
    #[test]
    fn methods_do_what_python_does() {
        crate::python::builtins::testing::check(include_str!("../expected/text.txt"));
    }
}
