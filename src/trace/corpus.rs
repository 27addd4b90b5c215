//! The serialised form of generated test programs.

use serde::{Deserialize, Serialize};

use crate::generate::Case;

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
