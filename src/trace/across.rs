//! The serialised form of a report of `across`.

use serde::{Deserialize, Serialize};

use crate::book::version::Version;
use crate::check::did::{self, Did};
use crate::trace::parting::Parting;

/// What a program does under several versions of Python.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AcrossReport {
    /// The version of the format.
    pub format: u32,
    /// The hash of the rules.
    pub rules: String,
    /// The file.
    pub file: String,
    /// Whether names that nothing defines are unknown, and all paths were followed; else it was run, and they are errors.
    pub explored: bool,
    /// The versions, those together that do the same, the oldest first.
    pub groups: Vec<Group>,
    /// Where neighbours part that do not do the same.
    pub partings: Vec<Neighbours>,
}

/// Versions that do the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Their names, the oldest first.
    pub versions: Vec<String>,
    /// Why the program is not run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
    /// Why it is not known what it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open: Option<String>,
    /// The ways that it can go.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ways: Vec<Way>,
}

impl Group {
    /// What does this, by its name.
    pub fn named(did: &Did, name: &str) -> Group {
        Group { versions: vec![name.to_string()], ..Group::of(did, &[]) }
    }

    /// Versions that do this.
    pub fn of(did: &Did, versions: &[Version]) -> Group {
        let (mut refused, mut open, mut ways) = (None, None, Vec::new());
        match did {
            Did::Refused(why) => refused = Some(why.clone()),
            Did::Open(why) => open = Some(why.clone()),
            Did::Ran(found) => {
                let way = |did::Way { output, warnings, ending, report }: did::Way| Way {
                    output,
                    warnings,
                    ending,
                    report,
                };
                ways = found.iter().cloned().map(way).collect();
            }
        }
        Group { versions: versions.iter().map(ToString::to_string).collect(), refused, open, ways }
    }
}

/// One way that a program can go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Way {
    /// What it prints.
    pub output: String,
    /// What it warns of, as it is written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// `normal`, `raises ` and the exception's line, or `exits ` and a code.
    pub ending: String,
    /// The report of an exception that is linked with others, or is a group, without tracebacks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<String>,
}

/// Two versions of which one comes right after the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Neighbours {
    /// The older one.
    pub older: String,
    /// The newer one.
    pub newer: String,
    /// Where they part; none where one of them does not run the program, or only what is remembered tells them apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parting: Option<Parting>,
}

/// Where two books, two versions or two programs part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DiffReport {
    /// The version of the format.
    pub format: u32,
    /// The hashes of the rules.
    pub rules: [String; 2],
    /// What was compared.
    pub sides: [String; 2],
    /// How many programs were tried.
    pub programs: usize,
    /// How many of those of the last size do not do the same.
    pub differ: usize,
    /// Of how many it is not known.
    pub open: usize,
    /// The smallest one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub program: Option<String>,
    /// What each side does with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<Group>,
    /// The first step at which they part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parting: Option<Parting>,
}
