//! Running one program as a whole, by its number.
//!
//! The reference stepper checks all programs so; and the compiled one those of which another way of
//! checking cannot tell whether a limit is reached.

use crate::book::property::Property;
use crate::check::counts::Counts;
use crate::check::enumerate::Enumeration;
use crate::check::exhaustive::Exhaustive;
use crate::check::follow::Run;
use crate::check::monitor::Monitors;
use crate::check::product::Search;
use crate::limits::Limits;
use crate::machine::Machine;

/// Programs of one size, each run on its own.
pub struct Whole<'j> {
    job: &'j Exhaustive<'j>,
    properties: Vec<&'j Property>,
    programs: Enumeration,
    size: usize,
    /// Made when the first program is run.
    runner: Option<Box<(Machine, Monitors, Search)>>,
}

impl<'j> Whole<'j> {
    /// For the programs of one of the job's sizes.
    pub fn new(job: &'j Exhaustive, size: usize, properties: Vec<&'j Property>) -> Whole<'j> {
        Whole { job, properties, programs: Enumeration::new(job.fragment), size, runner: None }
    }

    /// Runs the program of a number, and adds it to the counts.
    pub fn check(&mut self, rank: u128, outcomes: &mut Vec<String>, counts: &mut Counts) {
        let run = self.run(rank, outcomes);
        counts.add(&run, 1, || rank);
    }

    fn run(&mut self, rank: u128, outcomes: &mut Vec<String>) -> Run {
        let Some(core) = self.programs.core(self.size, rank) else { return Run::default() };
        let job = self.job;
        let (machine, monitors, search) = &mut **self.runner.get_or_insert_with(|| {
            let machine = Machine::with_engine(job.book, job.limits, job.engine);
            Box::new((machine, job.monitors(&self.properties), Search::default()))
        });
        if machine.forget_above(machine.limits().terms) {
            monitors.forget();
        }
        let initial = machine.start(&core.placed(0), &job.fragment.globals(job.book));
        let findings = search.run(machine, monitors, initial);
        findings.run(machine, outcomes)
    }
}

/// An enumerated program has at most so many levels of terms, and so many nodes, for each of its statements.
const LEVELS: u32 = 8;
const NODES: u64 = 64;

/// Limits for states of programs of a size with parts left open, `stacked` of them on top of each other: where these
/// are not reached, the program's own states do not reach the limits given.
pub fn with_room(limits: Limits, size: usize, stacked: usize) -> Limits {
    let (size, stacked) = (size as u32, stacked as u32);
    Limits {
        depth: limits.depth.saturating_sub(LEVELS * size) / stacked,
        nodes: limits.nodes / (u64::from(stacked) * NODES * u64::from(size)),
        activations: limits.activations / stacked,
        ..limits
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Fragment;
    use crate::machine::Bank;

    #[test]
    fn enumerated_programs_are_no_larger_than_is_taken_for_granted() {
        for fragment in [Fragment::Core, Fragment::Closed, Fragment::J, Fragment::Jn] {
            let programs = Enumeration::new(fragment);
            for size in 1..=4 {
                let mut bank = Bank::default();
                for rank in 0..programs.count(size) {
                    let core = programs.core(size, rank).expect("a program");
                    let term = bank.add_term(&core.placed(0));
                    let measure = bank.measure(term);
                    assert!(measure.depth <= LEVELS * size as u32, "{core:?}: {}", measure.depth);
                    assert!(measure.size() <= NODES * size as u64, "{core:?}: {}", measure.size());
                }
            }
        }
    }
}
