//! What a part of a job found, added up.

use egg::Id;

use crate::check::follow::Run;
use crate::check::verdict::Coverage;
use crate::machine::Bank;

/// Sums over programs, by numbers that only the worker understands.
#[derive(Debug, Clone, Default)]
pub struct Counts {
    /// What was covered: programs, and how often a program, or one with parts that were never read, was followed.
    pub coverage: Coverage,
    /// Halted states by the number of their outcome.
    pub ends: Vec<u128>,
    /// For each property the least number of a program that breaks it.
    pub refuted: Vec<Option<u128>>,
    /// The least number of a program on which the rules fail.
    pub breakdown: Option<u128>,
    /// A limit that cut a program off.
    pub limit: Option<&'static str>,
}

impl Counts {
    /// For so many properties.
    pub fn new(properties: usize) -> Counts {
        Counts { refuted: vec![None; properties], ..Counts::default() }
    }

    /// The verdicts without the sums, of programs that are counted elsewhere; the runs stay.
    pub fn verdicts(self) -> Counts {
        let coverage = Coverage { runs: self.coverage.runs, ..Coverage::default() };
        Counts { coverage, ends: Vec::new(), ..self }
    }

    /// The same, where its properties are those at these places among `all`.
    pub fn of_properties(mut self, places: &[usize], all: usize) -> Counts {
        let mut refuted = vec![None; all];
        for (place, found) in places.iter().zip(&self.refuted) {
            refuted[*place] = *found;
        }
        self.refuted = refuted;
        self
    }

    /// Adds a run that stands for `weight` programs; `rank` is the number of the first of them.
    #[inline]
    pub fn add(&mut self, run: &Run, weight: u128, rank: impl Fn() -> u128) {
        self.coverage.add(&Coverage {
            programs: weight,
            runs: 1,
            summaries: 0,
            states: u128::from(run.states) * weight,
            steps: u128::from(run.steps) * weight,
            paths: u128::from(run.paths) * weight,
        });
        for outcome in &run.ended {
            let outcome = usize::from(*outcome);
            if self.ends.len() <= outcome {
                self.ends.resize(outcome + 1, 0);
            }
            self.ends[outcome] += weight;
        }
        if run.broken != 0 || run.fault.is_some() || run.limit.is_some() {
            self.blame(run, rank());
        }
    }

    /// Enters what a program breaks; `rank` is its number.
    #[cold]
    pub fn blame(&mut self, run: &Run, rank: u128) {
        let least = |known: &mut Option<u128>| *known = Some(known.map_or(rank, |known| known.min(rank)));
        for (property, known) in self.refuted.iter_mut().enumerate() {
            if run.broken & (1 << property) != 0 {
                least(known);
            }
        }
        if run.fault.is_some() {
            least(&mut self.breakdown);
        }
        self.limit = self.limit.or(run.limit);
    }
}

/// The number of an outcome among those met so far: the completion, and the class of what it raises.
pub fn number_of(bank: &Bank, completion: Id, outcomes: &mut Vec<String>) -> u8 {
    let name = |id| bank.op(id).as_str();
    let value = bank.arg(completion, 0);
    let text = match name(value) {
        "exception" => format!("{} {}", name(completion), name(bank.arg(bank.arg(value, 0), 0))),
        _ => name(completion).to_string(),
    };
    number_of_text(text, outcomes)
}

/// The number of an outcome in words among those met so far.
pub fn number_of_text(text: String, outcomes: &mut Vec<String>) -> u8 {
    let place = outcomes.iter().position(|known| *known == text).unwrap_or_else(|| {
        outcomes.push(text);
        outcomes.len() - 1
    });
    // A book has a handful of completions, and the programs raise a handful of classes.
    place.min(usize::from(u8::MAX)) as u8
}
