//! The serialised form of a report of `check`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::python::Setting;
use crate::trace::Trace;

/// What `check` says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CheckReport {
    /// The version of the format.
    pub format: u32,
    /// The hash of the rules.
    pub rules: String,
    /// The Python version.
    pub python: String,
    /// What was run.
    pub subjects: Vec<SubjectReport>,
    /// What is said of each property.
    pub properties: Vec<PropertyReport>,
    /// The hazards that the files have, whether or not they were asked for.
    pub hazards: Vec<String>,
    /// What was covered of each file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileReport>,
}

/// What a command says of versions of Python of which it says the same: a list of these is what it writes of several.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UnderVersions<R> {
    /// The version of the format.
    pub format: u32,
    /// The versions, the oldest first.
    pub versions: Vec<String>,
    /// The exit code.
    pub code: u8,
    /// Why there is no report.
    pub error: Option<String>,
    /// The report, as it is written for the first of the versions.
    pub report: Option<R>,
}

/// What was covered of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileReport {
    /// Its name.
    pub name: String,
    /// Why nothing of it was checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
    /// Functions that some path enters.
    pub functions: Covered,
    /// `try` and `with` statements that some path enters.
    pub statements: Covered,
    /// Clauses of `try` statements that some path enters.
    pub clauses: Covered,
    /// Lines with statements that some path comes to.
    pub lines: Covered,
    /// What was not covered, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub open: Vec<String>,
}

/// How many of some things were entered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Covered {
    /// Those that were.
    pub entered: usize,
    /// All.
    pub of: usize,
}

/// A program, or all programs up to a size, and what running them took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubjectReport {
    /// The file, or the sizes.
    pub name: String,
    /// The function that was called after the module.
    pub entry: Option<String>,
    /// What of the file was run around it.
    #[serde(default, skip_serializing_if = "Setting::is_script")]
    pub setting: Setting,
    /// How many programs.
    pub programs: u128,
    /// How many runs covered them, where one stands for many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runs: Option<u128>,
    /// States visited, each once a configuration of the monitors.
    pub states: u128,
    /// Transitions followed.
    pub steps: u128,
    /// Paths: of one program, from its start to an end, and nothing where loops make them
    /// without number; of all programs of some sizes, each up to its end or to where it joins another.
    pub paths: Option<u128>,
    /// Of all programs of some sizes, how many halted states had which outcome.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub outcomes: BTreeMap<String, u128>,
    /// The limit that was reached, where one was.
    pub limit: Option<String>,
    /// Names that neither the program nor Python defines, sorted: a call of one may return and raise anything, and calls nothing back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<String>,
    /// Expressions that are not modelled and were taken as unknown: place and construct.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taken: Vec<String>,
}

/// The verdict on one property.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PropertyReport {
    /// Its name.
    pub name: String,
    /// `theorem`, `hazard` or `contract`.
    pub kind: String,
    /// What it claims.
    pub claim: String,
    /// `holds`, `refuted` or `unknown`.
    pub verdict: String,
    /// What the verdict covers.
    pub bound: String,
    /// The counterexample.
    pub counterexample: Option<Trace>,
    /// Those of other functions and files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<Trace>,
}

/// What `properties` says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PropertiesReport {
    /// The version of the format.
    pub format: u32,
    /// The hash of the rules.
    pub rules: String,
    /// The Python version.
    pub python: String,
    /// The properties, in the order of the book.
    pub properties: Vec<PropertyEntry>,
}

/// A property that can be checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PropertyEntry {
    /// Its name.
    pub name: String,
    /// `theorem`, `hazard` or `contract`.
    pub kind: String,
    /// What it claims.
    pub claim: String,
    /// Whether it is about programs that keep objects.
    pub objects: bool,
}

/// What `ask` says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AskReport {
    /// The version of the format.
    pub format: u32,
    /// The hash of the rules.
    pub rules: String,
    /// The Python version.
    pub python: String,
    /// The question.
    pub question: String,
    /// `yes`, `no` or `unknown`.
    pub answer: String,
    /// The lines that were asked for; `the end` is where the program ends.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<String>,
    /// Why the answer is not known, where it is not: limits, and what was not entered or is not modelled.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub why: Vec<String>,
    /// A path on which it is so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<Trace>,
}

/// What `mutants` says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MutantsReport {
    /// The version of the format.
    pub format: u32,
    /// The hash of the rules.
    pub rules: String,
    /// The Python version.
    pub python: String,
    /// The theorems were tried on every program of up to so many nodes.
    pub size: usize,
    /// The mutants, in the order of the rules.
    pub mutants: Vec<MutantEntry>,
}

/// A changed rule, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MutantEntry {
    /// The rule's name.
    pub rule: String,
    /// How it was changed.
    pub change: String,
    /// Whether something tells it from the book, or the book explains that nothing can, or neither.
    pub fate: Fate,
    /// What tells it from the book, or why nothing can.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// What becomes of a mutant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Fate {
    /// A property, a litmus program, progress or determinism tells it from the book.
    Killed,
    /// It is no other semantics, and the book says why.
    Equivalent,
    /// Nothing tells it from the book, and the book does not say why.
    Unexplained,
}
