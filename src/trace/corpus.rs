//! The serialised form of generated test programs.

use serde::{Deserialize, Serialize};

/// The version of the format.
pub const FORMAT: u32 = 1;

/// Programs with their expected events and outcomes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Corpus {
    /// The version of the format.
    pub format: u32,
    /// The hash of the rules.
    pub rules: String,
    /// The Python version.
    pub python: String,
    /// How the programs were chosen.
    pub chosen: String,
    /// The programs.
    pub cases: Vec<Case>,
}

/// A program and the ways it can go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// A name, such as `core_4_117`.
    pub name: String,
    /// The body of a Python function, instrumented: it calls `ev(NAME)` where a clause
    /// begins and where a statement has completed normally.
    pub body: String,
    /// The ways it can go, shortest first.
    pub runs: Vec<Run>,
}

/// One way through a program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// What the calls of `f()` and `c()` do, in order: `True`, `False`, `return`, or the class that they raise.
    pub script: Vec<String>,
    /// The events: each the name given to `ev`, and the class of the exception being handled
    /// then, or `None`.
    pub events: Vec<String>,
    /// `normal`, `returning VALUE` or `raising CLASS`.
    pub outcome: String,
}
