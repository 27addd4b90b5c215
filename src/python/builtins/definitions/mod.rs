//! Functions, classes and the values that are made of them.

pub mod classes;
pub mod entering;
pub mod making;
pub mod objects;
