//! Exceptions, groups, generators and what `sys` tells of them.

pub mod fields;
pub mod generators;
pub mod groups;
pub mod raising;
