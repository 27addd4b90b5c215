//! Traces: the only serialised types, their format versioned.
//!
//! A trace is one path of one program, with every state written out, so that it can be
//! read without the tool and checked with it: see [`replay`](replay::replay). Of a part of a
//! state with more than 1,000 nodes, such as a heap, only the fingerprint is given.

pub mod corpus;
pub mod graph;
pub mod lines;
pub mod part;
pub mod record;
pub mod replay;
pub mod report;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::python::Assumptions;

/// The version of the format. It changes when a reader of the older one would misread
/// the newer.
pub const FORMAT: u32 = 1;

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
    /// The function that is called after the module, with unknown arguments.
    pub entry: Option<String>,
    /// What was assumed of names that no file defines.
    pub assumptions: Assumptions,
    /// The choices taken, in order: the step, and what it chose.
    pub choices: Vec<Choice>,
    /// The initial state.
    pub start: Snapshot,
    /// The steps, from the initial state.
    pub steps: Vec<Step>,
    /// How the path ends: a completion; nothing where the trace stops before.
    pub outcome: Option<String>,
    /// The property that the path breaks, and where.
    pub property: Option<Broken>,
    /// SHA-256 of all the above, in hex.
    pub checksum: String,
}

/// A state, in s-expressions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Snapshot {
    /// Control: the state without its frames and its world.
    pub control: String,
    /// The frames of the current activation, the top one first.
    pub frames: Vec<String>,
    /// The rest of the world; left out where a step does not change it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub world: Option<String>,
}

/// One transition, with the state that it leads to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The rule's name.
    pub rule: String,
    /// The source line that control is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// The function of the library that control is in, where the step ends in one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub library: Option<String>,
    /// The events, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<String>,
    /// Control after the step.
    pub control: String,
    /// The frames after the step, the top one first.
    pub frames: Vec<String>,
    /// The world after the step, where the step changes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub world: Option<String>,
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
}

impl Trace {
    /// The trace as RON, ready to be written to a file.
    ///
    /// # Errors
    /// When the serialiser fails, which is a fault of this crate.
    pub fn to_ron(&self) -> Result<String, ron::Error> {
        let pretty = ron::ser::PrettyConfig::new().depth_limit(4).struct_names(true);
        let mut text = ron::ser::to_string_pretty(self, pretty)?;
        text.push('\n');
        Ok(text)
    }

    /// The checksum that the trace should carry.
    ///
    /// # Errors
    /// When the serialiser fails.
    pub fn digest(&self) -> Result<String, ron::Error> {
        let blank = Trace { checksum: String::new(), ..self.clone() };
        let text = ron::ser::to_string(&blank)?;
        Ok(Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// The same trace with its checksum.
    ///
    /// # Errors
    /// When the serialiser fails.
    pub fn sealed(mut self) -> Result<Trace, ron::Error> {
        self.checksum = self.digest()?;
        Ok(self)
    }
}
