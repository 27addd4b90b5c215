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
    /// The verdict on this and another together: a refutation outweighs a limit, one that rests on a widened
    /// value another limit, and the first of a kind counts.
    pub fn and(self, other: Verdict<C>) -> Verdict<C> {
        match (&self, &other) {
            (Verdict::Holds, _) | (Verdict::Unknown(_), Verdict::Refuted(_)) => other,
            (Verdict::Unknown(limit), Verdict::Unknown(_))
                if !limit.is_of_turns() && other.rests_on_widening() =>
            {
                other
            }
            _ => self,
        }
    }

    /// Whether it is unknown since it was broken, but by paths alone on which what had grown was unknown.
    pub fn rests_on_widening(&self) -> bool {
        matches!(self, Verdict::Unknown(limit) if limit.is_of_turns())
    }

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
    /// Runs that covered them; fewer than programs where one run stands for many.
    pub runs: u128,
    /// Summaries that covered them, where they were composed of parts.
    pub summaries: u128,
    /// States visited, each once a configuration of the monitors.
    pub states: u128,
    /// Transitions followed.
    pub steps: u128,
    /// Paths, each up to its end or to where it joins another.
    pub paths: u128,
}

impl Coverage {
    /// Adds another's figures.
    pub fn add(&mut self, other: &Coverage) {
        self.programs += other.programs;
        self.runs += other.runs;
        self.summaries += other.summaries;
        self.states += other.states;
        self.steps += other.steps;
        self.paths += other.paths;
    }
}

impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let programs = counted(self.programs, "program");
        let states = counted(self.states, "state");
        let steps = counted(self.steps, "step");
        write!(f, "{programs}, {states}, {steps}, {}", counted(self.paths, "path"))
    }
}

/// A count with its noun: `1 path`, `2,500 paths`. What is counted no further is told as such.
pub fn counted(number: u128, noun: &str) -> String {
    if number == u128::MAX {
        return format!("more than 10^38 {noun}s");
    }
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(number))
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
