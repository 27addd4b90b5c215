//! Checking every program up to a size that shapes of the book make: programs of the whole language, each run as a file.

use std::ops::RangeInclusive;

use crate::book::Book;
use crate::book::property::Property;
use crate::check::checkpoint::Checkpoint;
use crate::check::counts::{Counts, number_of_text};
use crate::check::exhaustive::{ProgramId, Report};
use crate::check::follow::Run;
use crate::check::monitor::Monitors;
use crate::check::product::Search;
use crate::check::program::{Subject, monitors_of, of_source};
use crate::check::telling::few_enough;
use crate::check::workers::{in_order, pool};
use crate::diagnostic::{Diagnostic, ErrorKind, nearest};
use crate::limits::Limits;
use crate::machine::{Engine, Machine};

/// A job: all programs of shapes.
#[derive(Debug, Clone)]
pub struct Shaped<'a> {
    /// The semantics.
    pub book: &'a Book,
    /// The name of the shapes.
    pub name: &'a str,
    /// How many parts the programs have.
    pub sizes: RangeInclusive<usize>,
    /// The bounds for each program.
    pub limits: Limits,
    /// Which stepper.
    pub engine: Engine,
    /// On how many threads.
    pub threads: usize,
    /// Whether to stop after the first size at which anything is refuted or breaks down.
    pub stop_at_first: bool,
}

/// Programs that a thread runs before it tells what they did.
const UNIT: usize = 64;

/// The outcome of a program that the version of Python does not read.
pub const UNREAD: &str = "not read";

impl Shaped<'_> {
    /// Runs the programs, smallest first. `watch` is told how many were run.
    ///
    /// # Errors
    /// Shapes that the book does not have, or that make more programs than can be run.
    pub fn run(&self, properties: &[&Property], watch: &dyn Fn(usize)) -> Result<Report, Diagnostic> {
        let names = self.book.shapes.names();
        if !names.contains(&self.name) {
            let title = format!("no shapes `{}`", self.name);
            return Err(Diagnostic::new(title, "--shapes").help(nearest(self.name, names.into_iter())));
        }
        few_enough(self.sizes.clone().map(|size| self.book.shapes.count(self.name, size)))?;
        let mut checkpoint = Checkpoint::new(properties.len());
        let (mut run, mut last) = (0, *self.sizes.end());
        for size in self.sizes.clone() {
            let programs = self.book.shapes.programs(self.name, size);
            let units: Vec<&[String]> = programs.chunks(UNIT).collect();
            checkpoint.open(size, units.len());
            let mut unit = 0;
            let work = |unit: usize| self.unit(unit * UNIT, units[unit], properties);
            let taken: Result<(), ()> = in_order(
                pool(self.threads).as_ref(),
                units.len(),
                work,
                |(counts, outcomes): (Counts, Vec<String>)| {
                    checkpoint.enter(size, unit, &counts, &outcomes);
                    run += units[unit].len();
                    unit += 1;
                    watch(run);
                    Ok(())
                },
            );
            debug_assert!(taken.is_ok());
            if self.stop_at_first && checkpoint.found_up_to(size) {
                last = size;
                break;
            }
        }
        Ok(checkpoint.report(&self.limits, last))
    }

    /// A program by its size and number.
    ///
    /// # Errors
    /// When it is not read, or something in it is not modelled.
    pub fn subject(&self, program: ProgramId) -> Result<Subject, Diagnostic> {
        let programs = self.book.shapes.programs(self.name, program.size);
        let source = usize::try_from(program.index).ok().and_then(|index| programs.get(index));
        of_source(self.book, source.map_or("", String::as_str))
    }

    /// Runs programs, the first of which has a number.
    fn unit(&self, first: usize, programs: &[String], properties: &[&Property]) -> (Counts, Vec<String>) {
        let (mut counts, mut outcomes) = (Counts::new(properties.len()), Vec::new());
        let mut machine = Machine::with_engine(self.book, self.limits, self.engine);
        let mut monitors = monitors_of(self.book, properties);
        let mut search = Search::default();
        for (number, source) in programs.iter().enumerate() {
            let run = match of_source(self.book, source) {
                Ok(subject) => follow(&subject, &mut machine, &mut monitors, &mut search, &mut outcomes),
                Err(error) => unread(&error, &mut outcomes),
            };
            counts.add(&run, 1, || (first + number) as u128);
        }
        (counts, outcomes)
    }
}

fn follow(
    subject: &Subject,
    machine: &mut Machine,
    monitors: &mut Monitors,
    search: &mut Search,
    outcomes: &mut Vec<String>,
) -> Run {
    if machine.forget_above(machine.limits().terms) {
        monitors.forget();
    }
    let initial = machine.start(&subject.program.body, &subject.program.globals);
    let findings = search.run(machine, monitors, initial);
    findings.run(machine, outcomes)
}

/// What is counted of a program that was not loaded: that the version does not read it, or, like a limit, what is not modelled.
fn unread(error: &Diagnostic, outcomes: &mut Vec<String>) -> Run {
    match error.kind() {
        ErrorKind::NotModelled(what) => {
            Run { limit: Some(egg::Symbol::from(what.as_str()).as_str()), ..Run::default() }
        }
        _ => Run { ended: [number_of_text(UNREAD.into(), outcomes)].into_iter().collect(), ..Run::default() },
    }
}
