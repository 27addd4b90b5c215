//! `trylemma check --size`: every program of the core up to a size.

use std::io::IsTerminal;
use std::ops::RangeInclusive;
use std::str::FromStr;

use indicatif::{ProgressBar, ProgressStyle};

use super::check::{Args, Finding};
use super::output::{Failure, Result};
use super::report;
use crate::check::exhaustive::{ProgramId, Report};
use crate::check::program::{Watched, as_file, check_program, trace_of};
use crate::check::verdict::{self, Verdict};
use crate::check::{Enumeration, Exhaustive, Fragment};
use crate::limits::Limits;
use crate::machine::Fault;
use crate::render::text;
use crate::spec::Book;
use crate::trace::Trace;
use crate::trace::report::SubjectReport;

/// The sizes that a flag names: `4` is 1 to 4, `3..4` is 3 to 4.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sizes {
    first: usize,
    last: usize,
}

/// Counts of larger programs do not fit the numbers.
const MAX_SIZE: usize = 24;

impl Sizes {
    /// The sizes as a range.
    pub fn range(self) -> RangeInclusive<usize> {
        self.first..=self.last
    }
}

impl FromStr for Sizes {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let number = |text: &str| {
            text.parse::<usize>().map_err(|_| format!("`{text}` is no size; expected 4 or 2..4"))
        };
        let (first, last) = match text.split_once("..") {
            Some((first, last)) => (number(first)?, number(last)?),
            None => (1, number(text)?),
        };
        if first == 0 || first > last || last > MAX_SIZE {
            return Err(format!("sizes go from 1 to {MAX_SIZE}, the smaller one first"));
        }
        Ok(Sizes { first, last })
    }
}

/// A count for people.
pub fn grouped(number: u64) -> String {
    verdict::grouped(number.into())
}

/// Checks every program of the sizes.
pub(super) fn check(
    args: &Args,
    book: &Book,
    sizes: RangeInclusive<usize>,
    watched: Vec<Watched>,
) -> Result<(Vec<SubjectReport>, Vec<Finding>)> {
    let limits = args.semantics.limits_from(Limits::default())?;
    if watched.iter().any(|w| w.pair.is_some()) {
        return Err(Failure::Usage("--pair is about the functions of a file, not about all programs".into()));
    }
    let job = Exhaustive {
        book,
        fragment: Fragment::Core,
        sizes: sizes.clone(),
        limits,
        threads: args.threads(),
        stop_at_first: args.stop_at_first(),
    };
    let bar = progress_bar(u64::try_from(job.total()).unwrap_or(u64::MAX));
    let properties: Vec<_> = watched.iter().map(|w| &w.property).collect();
    let report = job.run(&properties, &|progress| {
        bar.set_message(format!("size {}", progress.size));
        bar.set_position(progress.done);
    });
    bar.finish_and_clear();
    if let Some(program) = report.breakdown {
        return Err(breakdown(book, program, limits)?);
    }
    let name = covered(*sizes.start(), report.last);
    let subject = subject(&name, &report);
    let bound = format!("{name}: {}", report.coverage);
    let findings = watched
        .into_iter()
        .zip(report.verdicts)
        .map(|(watched, verdict)| finding(book, limits, &bound, watched, verdict))
        .collect::<Result<_>>()?;
    Ok((vec![subject], findings))
}

/// The sizes that were run, in words.
fn covered(first: usize, last: usize) -> String {
    match (first, last) {
        (1, last) => format!("every program of the core up to size {last}"),
        (first, last) if first == last => format!("every program of the core of size {last}"),
        (first, last) => format!("every program of the core of size {first} to {last}"),
    }
}

fn subject(name: &str, report: &Report) -> SubjectReport {
    SubjectReport {
        name: name.to_string(),
        entry: None,
        programs: u64::try_from(report.coverage.programs).unwrap_or(u64::MAX),
        states: report.coverage.states,
        steps: report.coverage.steps,
        paths: Some(report.coverage.paths),
        limit: report.verdicts.iter().find_map(|verdict| match verdict {
            Verdict::Unknown(limit) => Some(limit.to_string()),
            _ => None,
        }),
    }
}

fn finding(
    book: &Book,
    limits: Limits,
    bound: &str,
    watched: Watched,
    verdict: Verdict<ProgramId>,
) -> Result<Finding> {
    let verdict = match verdict {
        Verdict::Holds => Verdict::Holds,
        Verdict::Unknown(limit) => Verdict::Unknown(limit),
        Verdict::Refuted(program) => {
            Verdict::Refuted(Box::new(counterexample(book, limits, &watched, program)?))
        }
    };
    let bound = match &verdict {
        Verdict::Refuted(trace) => {
            format!("by a program of {} lines, in {} steps", trace.program.lines().count(), trace.steps.len())
        }
        _ => bound.to_string(),
    };
    Ok(Finding { watched, verdict, bound, asked: true })
}

/// The shortest path through an enumerated program that breaks a property.
fn counterexample(book: &Book, limits: Limits, watched: &Watched, program: ProgramId) -> Result<Trace> {
    let body = Enumeration::new(Fragment::Core)
        .program(program.size, program.index)
        .ok_or_else(|| Failure::Usage("the program has no such number".into()))?;
    let subject = as_file(book, &body)?;
    let only = [watched.clone()];
    let (mut machine, findings) = check_program(book, &subject, &only, limits);
    let refutation = findings.refutations.first().ok_or_else(|| {
        Failure::Usage(format!("the printed program does not break it:\n{}", subject.program.source))
    })?;
    trace_of(&mut machine, book, &subject, watched, refutation).map_err(|e| Failure::Usage(e.to_string()))
}

/// The rules fail on an enumerated program: the error that shows where.
fn breakdown(book: &Book, program: ProgramId, limits: Limits) -> Result<Failure> {
    let body = Enumeration::new(Fragment::Core)
        .program(program.size, program.index)
        .ok_or_else(|| Failure::Usage("the program has no such number".into()))?;
    let subject = as_file(book, &body)?;
    let (machine, findings) = check_program(book, &subject, &[], limits);
    let failed = findings.breakdown.map(|b| (b.fault, text::control(&machine.bank().show(b.state))));
    let (fault, state) = failed.unwrap_or((Fault::Stuck, "a state of the program".into()));
    Ok(report::breakdown(&format!("this program:\n{}", subject.program.source), &fault, &state).into())
}

fn progress_bar(total: u64) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template(
        "{msg} {wide_bar} {human_pos}/{human_len} programs, {per_sec}, {eta} left",
    );
    let bar = ProgressBar::new(total);
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
