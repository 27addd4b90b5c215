//! The serialised form of a part of a job of exhaustive checking: what was asked, which units of work
//! are done, and what they found. A file to resume from, and a shard's result, are such parts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::check::checkpoint::{Account, Checkpoint};
use crate::check::verdict::Coverage;

/// The version of the format.
pub const FORMAT: u32 = 1;

/// A part of a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// The version of the format.
    pub format: u32,
    /// What was asked.
    pub job: Asked,
    /// What is done of each size.
    pub sizes: BTreeMap<usize, Done>,
    /// SHA-256 of all the above, in hex.
    pub checksum: String,
}

/// What a job was asked. Parts of one job agree in all of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// The hash of the rules.
    pub rules: String,
    /// The Python version.
    pub python: String,
    /// Which programs.
    pub fragment: String,
    /// The smallest size and the largest.
    pub sizes: (usize, usize),
    /// How they are covered.
    pub method: String,
    /// By which stepper.
    pub engine: String,
    /// The limits of one program, by name.
    pub limits: BTreeMap<String, u64>,
    /// The properties, each with its block where it is not in the book.
    pub properties: Vec<(String, Option<String>)>,
}

/// What is done of one size.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Done {
    /// How many units of work there are.
    pub units: usize,
    /// Those that are done, as ranges of numbers from 0: `(first, last)`.
    pub done: Vec<(usize, usize)>,
    /// Programs covered.
    pub programs: u128,
    /// Runs that covered them.
    pub runs: u128,
    /// Summaries that covered them.
    pub summaries: u128,
    /// States.
    pub states: u128,
    /// Steps.
    pub steps: u128,
    /// Paths.
    pub paths: u128,
    /// How many halted states had which outcome.
    pub ends: BTreeMap<String, u128>,
    /// For each property the least number of a program that breaks it.
    pub refuted: Vec<Option<u128>>,
    /// The least number of a program on which the rules fail.
    pub breakdown: Option<u128>,
    /// A limit that cut a program off.
    pub limit: Option<String>,
}

impl Part {
    /// The part of a job that a checkpoint says is done, sealed.
    ///
    /// # Errors
    /// When the serialiser fails, which is a fault of this crate.
    pub fn new(job: Asked, checkpoint: &Checkpoint) -> Result<Part, ron::Error> {
        let sizes = checkpoint.sizes.iter().map(|(size, account)| (*size, Done::of(account))).collect();
        let mut part = Part { format: FORMAT, job, sizes, checksum: String::new() };
        part.checksum = part.digest()?;
        Ok(part)
    }

    /// Reads a part.
    ///
    /// # Errors
    /// What is wrong with it, in one line.
    pub fn from_ron(text: &str) -> Result<Part, String> {
        let part: Part = ron::from_str(text).map_err(|error| format!("it is no part of a job: {error}"))?;
        if part.format != FORMAT {
            return Err(format!("it has format {}, and this version reads {}", part.format, FORMAT));
        }
        if part.digest().ok().as_ref() != Some(&part.checksum) {
            return Err("it was changed or cut short: the checksum does not fit".into());
        }
        Ok(part)
    }

    /// The part as RON.
    ///
    /// # Errors
    /// When the serialiser fails.
    pub fn to_ron(&self) -> Result<String, ron::Error> {
        let mut text = ron::ser::to_string_pretty(self, ron::ser::PrettyConfig::new().depth_limit(4))?;
        text.push('\n');
        Ok(text)
    }

    /// The checkpoint that the part is of.
    pub fn checkpoint(&self) -> Checkpoint {
        let mut checkpoint = Checkpoint::new(self.job.properties.len());
        checkpoint.sizes = self.sizes.iter().map(|(size, done)| (*size, done.account())).collect();
        checkpoint
    }

    fn digest(&self) -> Result<String, ron::Error> {
        let blank = Part { checksum: String::new(), ..self.clone() };
        let text = ron::ser::to_string(&blank)?;
        Ok(Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

impl Done {
    fn of(account: &Account) -> Done {
        let Coverage { programs, runs, summaries, states, steps, paths } = account.coverage.clone();
        Done {
            units: account.done.len(),
            done: ranges(&account.done),
            programs,
            runs,
            summaries,
            states,
            steps,
            paths,
            ends: account.ends.clone(),
            refuted: account.refuted.clone(),
            breakdown: account.breakdown,
            limit: account.limit.clone(),
        }
    }

    fn account(&self) -> Account {
        let mut done = vec![false; self.units];
        for (first, last) in &self.done {
            done.iter_mut().take(last + 1).skip(*first).for_each(|unit| *unit = true);
        }
        Account {
            done,
            coverage: Coverage {
                programs: self.programs,
                runs: self.runs,
                summaries: self.summaries,
                states: self.states,
                steps: self.steps,
                paths: self.paths,
            },
            ends: self.ends.clone(),
            refuted: self.refuted.clone(),
            breakdown: self.breakdown,
            limit: self.limit.clone(),
        }
    }
}

fn ranges(done: &[bool]) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    for unit in (0..done.len()).filter(|unit| done[*unit]) {
        match found.last_mut() {
            Some((_, last)) if *last + 1 == unit => *last = unit,
            _ => found.push((unit, unit)),
        }
    }
    found
}
