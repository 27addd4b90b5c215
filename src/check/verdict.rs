//! Verdicts, and what they cover.

use std::fmt;

use crate::limits::LimitReached;

/// What is said about a property.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict<C> {
    /// It holds for everything that the coverage names.
    Holds,
    /// It is broken: a counterexample.
    Refuted(C),
    /// A limit was reached first.
    Unknown(LimitReached),
}

impl<C> Verdict<C> {
    /// The exit code that stands for the verdict.
    pub fn exit_code(&self) -> u8 {
        match self {
            Verdict::Holds => 0,
            Verdict::Refuted(_) => 1,
            Verdict::Unknown(_) => 3,
        }
    }
}

/// What was covered. Figures are exact counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Programs run.
    pub programs: u128,
    /// States visited, each once a configuration of the monitors.
    pub states: u64,
    /// Transitions followed.
    pub steps: u64,
    /// Paths, each up to its end or to where it joins another.
    pub paths: u64,
}

impl Coverage {
    /// Adds another's figures.
    pub fn add(&mut self, other: &Coverage) {
        self.programs += other.programs;
        self.states += other.states;
        self.steps += other.steps;
        self.paths += other.paths;
    }
}

impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} programs, {} states, {} steps, {} paths",
            grouped(self.programs),
            grouped(self.states.into()),
            grouped(self.steps.into()),
            grouped(self.paths.into())
        )
    }
}

/// A number with its digits in groups of three.
pub fn grouped(number: u128) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
