//! What is done of a job, and what it found: units of work, and sums over those that are done.

use std::collections::BTreeMap;

use crate::check::counts::Counts;
use crate::check::exhaustive::{ProgramId, Report};
use crate::check::verdict::{Coverage, Verdict};
use crate::limits::Limits;

/// A piece of a size's work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unit {
    /// So many programs from a number on.
    Range {
        /// The number of the first.
        first: u128,
        /// How many.
        count: u128,
    },
    /// All programs for which these were the first choices.
    Path(Vec<u32>),
    /// All programs, by summaries.
    Summaries,
    /// As `Path`, but only for the properties that summaries are not for.
    Rest(Vec<u32>),
}

/// The units of a size's work.
#[derive(Debug, Default)]
pub struct Units(Vec<Unit>);

impl std::ops::Deref for Units {
    type Target = [Unit];

    fn deref(&self) -> &[Unit] {
        &self.0
    }
}

/// A size is cut into about so many units.
const UNITS: u128 = 512;
/// The fewest and the most programs that make a unit.
const LEAST: u128 = 1 << 10;
const MOST: u128 = 1 << 22;

impl Units {
    /// So many programs, cut into ranges.
    pub fn ranges(programs: u128) -> Units {
        let count = (programs / UNITS).clamp(LEAST, MOST);
        let firsts = (0..programs.div_ceil(count)).map(|unit| unit * count);
        Units(firsts.map(|first| Unit::Range { first, count: count.min(programs - first) }).collect())
    }

    /// Summaries, and the programs behind these first choices for what they are not for.
    pub fn summaries(paths: Vec<Vec<u32>>) -> Units {
        Units(std::iter::once(Unit::Summaries).chain(paths.into_iter().map(Unit::Rest)).collect())
    }

    /// The programs behind these first choices.
    pub fn paths(paths: Vec<Vec<u32>>) -> Units {
        Units(paths.into_iter().map(Unit::Path).collect())
    }
}

/// What is done of each size, and what was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checkpoint {
    properties: usize,
    /// By size.
    pub sizes: BTreeMap<usize, Account>,
}

/// What is done of one size.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Account {
    /// Which units are done.
    pub done: Vec<bool>,
    /// What they covered.
    pub coverage: Coverage,
    /// How many halted states had which outcome.
    pub ends: BTreeMap<String, u128>,
    /// For each property the least number of a program that breaks it.
    pub refuted: Vec<Option<u128>>,
    /// The least number of a program on which the rules fail.
    pub breakdown: Option<u128>,
    /// A limit that cut a program off.
    pub limit: Option<String>,
}

impl Account {
    /// Adds what another part of the same work found; no unit may be done in both.
    pub fn add(&mut self, other: &Account) {
        self.done.iter_mut().zip(&other.done).for_each(|(mine, other)| *mine |= other);
        self.coverage.add(&other.coverage);
        for (outcome, count) in &other.ends {
            *self.ends.entry(outcome.clone()).or_default() += count;
        }
        for (mine, found) in self.refuted.iter_mut().zip(&other.refuted) {
            *mine = least(*mine, *found);
        }
        self.breakdown = least(self.breakdown, other.breakdown);
        self.limit = self.limit.take().or_else(|| other.limit.clone());
    }
}

impl Checkpoint {
    /// An empty checkpoint for so many properties.
    pub fn new(properties: usize) -> Checkpoint {
        Checkpoint { properties, sizes: BTreeMap::new() }
    }

    /// Opens the account of a size with so many units, if it is not there.
    pub fn open(&mut self, size: usize, units: usize) {
        let refuted = vec![None; self.properties];
        let account = self.sizes.entry(size).or_insert_with(|| Account { refuted, ..Account::default() });
        account.done.resize(units, false);
    }

    /// Whether a unit is done.
    pub fn has(&self, size: usize, unit: usize) -> bool {
        self.sizes.get(&size).is_some_and(|account| account.done.get(unit) == Some(&true))
    }

    /// Enters what a unit found; its outcomes are numbers of `outcomes`.
    pub fn enter(&mut self, size: usize, unit: usize, counts: &Counts, outcomes: &[String]) {
        let Some(account) = self.sizes.get_mut(&size) else { return };
        account.done[unit] = true;
        account.coverage.add(&counts.coverage);
        for (outcome, count) in outcomes.iter().zip(&counts.ends).filter(|(_, count)| **count > 0) {
            *account.ends.entry(outcome.clone()).or_default() += count;
        }
        for (mine, found) in account.refuted.iter_mut().zip(&counts.refuted) {
            *mine = least(*mine, *found);
        }
        account.breakdown = least(account.breakdown, counts.breakdown);
        account.limit = account.limit.take().or_else(|| counts.limit.map(str::to_string));
    }

    /// Whether anything was refuted, or the rules failed, in programs up to a size.
    pub fn found_up_to(&self, size: usize) -> bool {
        self.sizes
            .range(..=size)
            .any(|(_, account)| account.breakdown.is_some() || account.refuted.iter().any(Option::is_some))
    }

    /// What the checkpoint says, all sizes up to the last together.
    pub fn report(&self, limits: &Limits, last: usize) -> Report {
        let mut report = Report {
            coverage: Coverage::default(),
            ends: BTreeMap::new(),
            verdicts: vec![Verdict::Holds; self.properties],
            breakdown: None,
            last: self.sizes.range(..=last).map(|(size, _)| *size).max().unwrap_or_default(),
        };
        for (size, account) in self.sizes.range(..=last) {
            let program = |index: u128| ProgramId { size: *size, index };
            report.coverage.add(&account.coverage);
            for (outcome, count) in &account.ends {
                *report.ends.entry(outcome.clone()).or_default() += count;
            }
            report.breakdown = report.breakdown.or(account.breakdown.map(program));
            for (verdict, refuted) in report.verdicts.iter_mut().zip(&account.refuted) {
                match (&verdict, refuted) {
                    (Verdict::Refuted(_), _) => {}
                    (_, Some(index)) => *verdict = Verdict::Refuted(program(*index)),
                    (Verdict::Holds, None) => {
                        if let Some(name) = &account.limit {
                            *verdict = Verdict::Unknown(limits.reached_named(name));
                        }
                    }
                    (Verdict::Unknown(_), None) => {}
                }
            }
        }
        report
    }
}

fn least(left: Option<u128>, right: Option<u128>) -> Option<u128> {
    [left, right].into_iter().flatten().min()
}
