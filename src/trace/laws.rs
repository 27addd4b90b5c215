//! What `trylemma laws` says: laws, how they were held against their instances, and where they fail.

use serde::Serialize;

/// What was found of laws.
#[derive(Debug, Clone, Serialize)]
pub struct LawsReport {
    /// The version of the format.
    pub format: u32,
    /// The hash of the rules.
    pub rules: String,
    /// The version of Python.
    pub python: String,
    /// Each law.
    pub laws: Vec<LawReport>,
}

/// A law, and what was found of it.
#[derive(Debug, Clone, Serialize)]
pub struct LawReport {
    /// Its name.
    pub name: String,
    /// The level at which it is said to hold; none of a fallacy.
    pub level: Option<u8>,
    /// The law in one sentence.
    pub claim: String,
    /// What it asks for.
    pub conditions: Vec<String>,
    /// The left side.
    pub left: String,
    /// The right side.
    pub right: String,
    /// How it was held against its instances, where it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instances: Option<InstancesReport>,
}

/// How a law was held against its instances.
#[derive(Debug, Clone, Serialize)]
pub struct InstancesReport {
    /// The size of what stands for all variables together, at most.
    pub size: usize,
    /// How many instances were tried.
    pub tried: u64,
    /// How many there are of that size.
    pub all: String,
    /// How many could not be followed to the end.
    pub open: u64,
    /// Level by level.
    pub levels: Vec<LevelReport>,
}

/// What was found at one level.
#[derive(Debug, Clone, Serialize)]
pub struct LevelReport {
    /// For how many instances it is so what the law asks for.
    pub applied: u64,
    /// For how many of these both sides do not do the same.
    pub failed: u64,
    /// The smallest of these.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counterexample: Option<CounterexampleReport>,
}

/// An instance for which a law fails.
#[derive(Debug, Clone, Serialize)]
pub struct CounterexampleReport {
    /// The left side in Python.
    pub left: String,
    /// The right side.
    pub right: String,
    /// The class of what is being handled around both, if anything is.
    pub around: Option<String>,
    /// What is seen of both, and how it comes out.
    pub way: Vec<String>,
    /// What is seen next, of the left side and of the right one.
    pub then: [String; 2],
}

impl LawReport {
    /// Whether what was found is what is claimed: no failure at its level, or of a fallacy some failure. None where nothing was tried,
    /// or nothing applied.
    pub fn is_as_claimed(&self) -> Option<bool> {
        let found = self.instances.as_ref()?;
        let failed = |level: &LevelReport| level.failed > 0;
        match self.level {
            None => Some(found.levels.iter().any(failed)),
            Some(level) => {
                let claimed = &found.levels[..usize::from(level)];
                let applied = claimed.iter().all(|level| level.applied > 0) && found.open == 0;
                if claimed.iter().any(failed) { Some(false) } else { applied.then_some(true) }
            }
        }
    }
}
