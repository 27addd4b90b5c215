//! Several ways to one answer: both steppers, all methods of checking, any number of threads, little memory,
//! saturation; and each changed rule is noticed.
//!
//! The heavy tests. With `TRYLEMMA_FULL` or `CI` set the sizes are larger.

// Each test binary uses some of the helpers.
#[allow(dead_code)]
#[path = "../common/mod.rs"]
mod common;
mod engines;
mod methods;
mod mutants;
mod saturation;
mod scale;
