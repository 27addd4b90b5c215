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

/// Whole programs with what versions of Python do with them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionedCorpus {
    /// The version of the format.
    pub format: u32,
    /// The hash of the rules.
    pub rules: String,
    /// How the programs were chosen.
    pub chosen: String,
    /// The programs.
    pub cases: Vec<VersionedCase>,
}

/// A whole program, and what versions of Python do with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionedCase {
    /// A name.
    pub name: String,
    /// Its text.
    pub program: String,
    /// What it does, the oldest versions first.
    pub outcomes: Vec<Spanned>,
}

/// What some versions do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spanned {
    /// The first version; none where it is the first of all.
    pub since: Option<String>,
    /// The first version that does it no more.
    pub until: Option<String>,
    /// What it prints.
    pub output: String,
    /// `normal`, `raises ` and the exception's line, `exits ` and a code, `refused` or `unknown`.
    pub ending: String,
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
