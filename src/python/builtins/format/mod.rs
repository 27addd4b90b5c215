//! The format specification, the `%` operator, `str.format` and f-strings.

pub mod fields;
pub mod layout;
pub mod percent;
pub mod spec;

pub use layout::with_digits;
pub use percent::{percent, whole};
pub use spec::format;
