//! The serialised form of what tells two versions apart.

use serde::{Deserialize, Serialize};

use crate::trace::across::Group;

/// What `generate --between` finds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BetweenReport {
    /// The version of the format.
    pub format: u32,
    /// The hash of the rules.
    pub rules: String,
    /// The older version.
    pub older: String,
    /// The newer version.
    pub newer: String,
    /// How the programs were chosen.
    pub chosen: String,
    /// How many programs were run under both.
    pub programs: usize,
    /// How many of them tell the versions apart.
    pub telling: usize,
    /// The smallest of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub smallest: Option<Telling>,
    /// What of the book changes, and the smallest program that shows it.
    pub changes: Vec<Changed>,
}

/// A gate of the book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Changed {
    /// The gates that open or close, as the book writes them.
    pub gates: Vec<String>,
    /// The smallest program that shows it; none where no program does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown: Option<Telling>,
}

/// A program that tells versions apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Telling {
    /// Its text.
    pub program: String,
    /// What each of the two does.
    pub groups: Vec<Group>,
}
