//! The verdicts on all programs of some sizes, and the programs that show them.

use crate::book::Book;
use crate::book::property::Property;
use crate::check::exhaustive::{ProgramId, Report};
use crate::check::program::{Subject, Watched, check_program};
use crate::check::verdict::{Coverage, Verdict};
use crate::cli::check::{Checked, Finding};
use crate::cli::output::{Failure, Result};
use crate::cli::report;
use crate::limits::Limits;
use crate::machine::{Engine, Fault};
use crate::python::Setting;
use crate::trace::Trace;
use crate::trace::counterexample::trace_of;
use crate::trace::report::SubjectReport;
use crate::trace::words;

/// A job about all programs of some sizes.
pub(super) trait Job {
    /// The semantics, the bounds for each program, and which stepper.
    fn basis(&self) -> (&Book, Limits, Engine);
    /// What the programs of a report are, in words.
    fn covered(&self, report: &Report) -> String;
    /// How many programs up to a size there are.
    fn count(&self, last: usize) -> u128;
    /// A program.
    fn subject(&self, program: ProgramId) -> Result<Subject>;
    /// Whether one run may stand for many programs.
    fn shares_runs(&self) -> bool;
    /// What a verdict on a property covers, and how; `name` says of which programs.
    fn bound(&self, name: &str, coverage: &Coverage, property: &Property) -> String;
}

/// The verdicts of a job that is done.
pub(super) fn conclude(job: &impl Job, report: Report, watched: Vec<Watched>) -> Result<Checked> {
    let all = job.count(report.last);
    if report.coverage.programs != all {
        // No verdict is better than one on other programs than it says.
        let covered = report.coverage.programs;
        return Err(Failure::Usage(format!(
            "{covered} programs were covered, and there are {all}: this is a fault of trylemma; please report it"
        )));
    }
    if let Some(program) = report.breakdown {
        return Err(breakdown(job, program)?);
    }
    let name = job.covered(&report);
    let subject = subject(&name, job, &report);
    let findings = watched
        .into_iter()
        .zip(report.verdicts)
        .map(|(watched, verdict)| {
            let bound = job.bound(&name, &report.coverage, &watched.property);
            finding(job, &bound, watched, verdict)
        })
        .collect::<Result<_>>()?;
    Ok((vec![subject], findings))
}

/// What was run.
pub(super) fn subject(name: &str, job: &impl Job, report: &Report) -> SubjectReport {
    SubjectReport {
        name: name.to_string(),
        entry: None,
        setting: Setting::Script,
        programs: report.coverage.programs,
        runs: job.shares_runs().then_some(report.coverage.runs),
        states: report.coverage.states,
        steps: report.coverage.steps,
        paths: Some(report.coverage.paths),
        outcomes: report.ends.clone(),
        limit: report.verdicts.iter().find_map(|verdict| match verdict {
            Verdict::Unknown(limit) => Some(limit.to_string()),
            _ => None,
        }),
        unknown: Vec::new(),
        taken: Vec::new(),
    }
}

/// The programs of something from a size to another, in words.
pub(super) fn sized(of: &str, first: usize, last: usize) -> String {
    match (first, last) {
        (1, last) => format!("every program of {of} up to size {last}"),
        (first, last) if first == last => format!("every program of {of} of size {last}"),
        (first, last) => format!("every program of {of} of size {first} to {last}"),
    }
}

fn finding(job: &impl Job, bound: &str, watched: Watched, verdict: Verdict<ProgramId>) -> Result<Finding> {
    let verdict = match verdict {
        Verdict::Holds => Verdict::Holds,
        Verdict::Unknown(limit) => Verdict::Unknown(limit),
        Verdict::Refuted(program) => Verdict::Refuted(Box::new(counterexample(job, &watched, program)?)),
    };
    let bound = match &verdict {
        Verdict::Refuted(trace) => {
            format!("by a program of {} lines, in {} steps", trace.program.lines().count(), trace.steps.len())
        }
        _ => bound.to_string(),
    };
    Ok(Finding { watched, verdict, others: Vec::new(), bound, asked: true })
}

/// The shortest path through a program that breaks a property.
fn counterexample(job: &impl Job, watched: &Watched, id: ProgramId) -> Result<Trace> {
    let (book, limits, engine) = job.basis();
    let subject = job.subject(id)?;
    let (mut machine, findings) =
        check_program(book, &subject, std::slice::from_ref(watched), limits, engine);
    let refutation = findings.refutations.first().ok_or_else(|| {
        Failure::Usage(format!("the printed program does not break it:\n{}", subject.program.source))
    })?;
    trace_of(&mut machine, book, &subject, watched, refutation).map_err(|e| Failure::Usage(e.to_string()))
}

/// The rules fail on a program: the error that shows where.
fn breakdown(job: &impl Job, id: ProgramId) -> Result<Failure> {
    let (book, limits, engine) = job.basis();
    let subject = job.subject(id)?;
    let (machine, findings) = check_program(book, &subject, &[], limits, engine);
    let failed = findings.breakdown.map(|b| (b.fault, words::control_of(&machine.bank().term(b.state))));
    let (fault, state) = failed.unwrap_or((Fault::Stuck, "a state of the program".into()));
    Ok(report::breakdown(&format!("this program:\n{}", subject.program.source), &fault, &state).into())
}
