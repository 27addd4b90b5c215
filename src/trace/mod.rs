//! Traces: the only serialised types, their format versioned.
//!
//! A trace is one path of one program, with every state in it, so that it can be read without the tool and checked
//! with it: see [`replay`](replay::replay). [`format`](mod@format) describes it for programs in other languages.

pub mod across;
pub mod between;
mod chosen;
pub mod corpus;
pub mod counterexample;
pub mod equivalence;
pub mod graph;
pub mod laws;
pub mod lines;
pub mod part;
pub mod parting;
pub mod record;
pub mod replay;
pub mod report;
pub mod terms;
pub mod tree;
pub mod walk;
pub mod words;
mod write;

#[doc = include_str!("FORMAT.md")]
pub mod format {}

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::python::{Assumptions, Pairs, Setting, Twin};
pub use write::{Written, json, ron_text};

/// The version of the format of traces, graphs and reports. It changes when a reader of the older one would misread
/// the newer.
pub const FORMAT: u32 = 2;

/// A path of a program, step by step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trace {
    /// The version of the format: [`FORMAT`].
    pub format: u32,
    /// The hash of the rules that made it.
    pub rules: String,
    /// The Python version, such as `3.14`.
    pub python: String,
    /// The name of the program's file.
    pub file: String,
    /// The program's text.
    pub program: String,
    /// The modules that it imports, by name; those of the library belong to the rules.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub modules: BTreeMap<String, ModuleText>,
    /// What it reads from standard input.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub input: String,
    /// Whether it was loaded as `run` loads a program: what nothing defines is then an error, and not unknown.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub run: bool,
    /// The function that is called after the module, with unknown arguments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<String>,
    /// What of the file is run around the function.
    #[serde(default, skip_serializing_if = "Setting::is_script")]
    pub setting: Setting,
    /// What was doubted of what is otherwise taken for granted.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub doubts: BTreeSet<String>,
    /// What the program was compared with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub twin: Option<Twin>,
    /// What was assumed of names that no file defines.
    pub assumptions: Assumptions,
    /// The pairs of calls that were watched, whose markers are part of its states.
    #[serde(default, skip_serializing_if = "Pairs::is_empty")]
    pub pairs: Pairs,
    /// Where the statements are that begin on the lines that the steps are in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spans: Vec<Span>,
    /// The terms that states and events are made of: each a name, and the places in this table of its parts.
    pub terms: Vec<String>,
    /// The choices taken, in order: the step, and what it chose.
    pub choices: Vec<Choice>,
    /// The initial state.
    pub start: Entry,
    /// The transitions that steps are.
    pub transitions: Vec<Step>,
    /// The steps, from the initial state: each by its place among the transitions.
    pub steps: Vec<usize>,
    /// How the path ends: a completion; nothing where the trace stops before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Entry>,
    /// Where the exception that the path ends with was raised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// The property that the path breaks, and where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub property: Option<Broken>,
    /// SHA-256 of all the above in its canonical form, in hex.
    pub checksum: String,
}

impl Trace {
    /// The steps; of places that no transition has, nothing.
    pub fn path(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter_map(|place| self.transitions.get(*place))
    }
}

/// A module that a program imports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModuleText {
    /// The name of its file.
    pub file: String,
    /// Its text.
    pub text: String,
}

/// A place of the program's text, in lines and in columns of characters, both from 1; the end is behind the last one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// The line that it begins in.
    pub line: usize,
    /// The column.
    pub column: usize,
    /// The line that it ends in.
    pub end_line: usize,
    /// The column.
    pub end_column: usize,
}

/// A term of the table, and how it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its place in the table.
    pub term: usize,
    /// Its display text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown: Option<String>,
}

/// One transition, with the state that it leads to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The rule's name.
    pub rule: String,
    /// The source line that control is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// The module that the line is in, where that is not the program's own file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub module: Option<String>,
    /// The function of the library that control is in, where the step ends in one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub library: Option<String>,
    /// The events, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<Entry>,
    /// The place of the state after the step.
    pub state: usize,
    /// Its control, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown: Option<String>,
}

/// Where an exception was raised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// The step after which it was first on its way, from 1.
    pub step: usize,
    /// The source line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// The module that the line is in, where that is not the program's own file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub module: Option<String>,
}

impl Broken {
    /// Why, and where.
    pub(crate) fn told(&self) -> String {
        match &self.statement {
            Some(statement) => format!("{} ({statement})", self.reason),
            None => self.reason.clone(),
        }
    }
}

/// A step at which there was more than one way to go on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// The step's number, from 1.
    pub step: usize,
    /// What was chosen, in words.
    pub what: String,
}

/// A property that a trace breaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Broken {
    /// The property's name.
    pub name: String,
    /// What it claims.
    pub claim: String,
    /// The two functions of a pairing property.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pair: Option<(String, String)>,
    /// The property's block, where it comes from a user's file and not from the book.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub definition: Option<String>,
    /// The number of the step that breaks it, from 1; the number of steps where the
    /// end of the path does.
    pub step: usize,
    /// Why, in the property's words.
    pub reason: String,
    /// How many steps come before those that are made again and again for ever, where that is what breaks it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round: Option<usize>,
    /// The `try` or `with` statement that it is about, or the clause, and its line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statement: Option<String>,
    /// The line of the clause that it is about; not written, since the statement says it.
    #[serde(skip)]
    pub clause: Option<usize>,
}
