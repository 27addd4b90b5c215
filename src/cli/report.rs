//! The report of `check`, for people and as data.

use crate::book::Book;
use crate::book::property::Kind;
use crate::check::program::Watched;
use crate::check::verdict::{Verdict, counted, grouped};
use crate::cli::check::{Finding, hazards};
use crate::cli::output::{Output, Result};
use crate::diagnostic::Diagnostic;
use crate::machine::Fault;
use crate::render::text as render;
use crate::trace::report::{CheckReport, PropertyReport, SubjectReport};
use crate::trace::{FORMAT, Trace};

/// The property's name, with the functions of a pair.
pub(super) fn name_of(watched: &Watched) -> String {
    match &watched.pair {
        Some((first, second)) => format!("{} {first}:{second}", watched.property.name),
        None => watched.property.name.clone(),
    }
}

/// The report as data.
pub(super) fn data(
    book: &Book,
    subjects: Vec<SubjectReport>,
    findings: &[Finding],
    hazards: &[String],
) -> CheckReport {
    let properties = findings.iter().filter(|f| f.asked).map(|finding| PropertyReport {
        name: name_of(&finding.watched),
        kind: match finding.watched.property.kind {
            Kind::Theorem => "theorem".into(),
            Kind::Hazard => "hazard".into(),
            Kind::Contract => "contract".into(),
        },
        claim: finding.watched.property.claim.clone(),
        verdict: verdict_word(&finding.verdict).to_lowercase(),
        bound: finding.bound.clone(),
        counterexample: match &finding.verdict {
            Verdict::Refuted(trace) => Some((**trace).clone()),
            _ => None,
        },
    });
    CheckReport {
        format: FORMAT,
        rules: book.hash.clone(),
        python: book.version.to_string(),
        subjects,
        properties: properties.collect(),
        hazards: hazards.to_vec(),
    }
}

fn verdict_word<C>(verdict: &Verdict<C>) -> &'static str {
    match verdict {
        Verdict::Holds => "holds",
        Verdict::Refuted(_) => "REFUTED",
        Verdict::Unknown(_) => "unknown",
    }
}

/// Writes the report for people; `of_sizes` tells that it is about all programs of some
/// sizes, `shown` that the hazards were asked for.
pub(super) fn text(
    out: &mut Output,
    of_sizes: bool,
    shown: bool,
    book: &Book,
    subjects: &[SubjectReport],
    findings: &[Finding],
) -> Result<()> {
    for subject in subjects {
        let entry = subject.entry.as_ref().map(|e| format!(", then {e}(…)")).unwrap_or_default();
        let complete = match &subject.limit {
            None => "complete".to_string(),
            Some(limit) => format!("cut off: {limit}"),
        };
        let what = if of_sizes { format!("{} programs, ", grouped(subject.programs)) } else { String::new() };
        let graph = if of_sizes { "the graphs are" } else { "the graph is" };
        let paths = match subject.paths {
            Some(paths) => counted(paths, "path"),
            None => "paths without number (loops)".into(),
        };
        out.line(format!(
            "{}{entry}: {what}{}, {}, {}; {graph} {complete}",
            subject.name,
            counted(subject.states, "state"),
            counted(subject.steps, "step"),
            paths
        ))?;
        if !subject.unknown.is_empty() {
            out.line(format!("unknown: {}", subject.unknown.join(", ")))?;
        }
        for taken in &subject.taken {
            out.line(format!("taken as unknown: {taken}"))?;
        }
    }
    for finding in findings.iter().filter(|f| f.asked) {
        let bound = match &finding.verdict {
            Verdict::Unknown(limit) => limit.to_string(),
            Verdict::Refuted(trace) if !of_sizes => {
                format!("by a path of {} in {}", counted(trace.steps.len() as u128, "step"), trace.file)
            }
            _ => finding.bound.clone(),
        };
        out.line(format!("{:<8} {:<34} {bound}", verdict_word(&finding.verdict), name_of(&finding.watched)))?;
    }
    for finding in findings.iter().filter(|f| f.asked) {
        if let Verdict::Refuted(trace) = &finding.verdict {
            counterexample(out, finding, trace, of_sizes)?;
        }
    }
    if !of_sizes {
        hazard_line(out, &hazards(findings), shown)?;
    }
    out.line(format!("(Python {}, rules {})", book.version, &book.hash[..12.min(book.hash.len())]))
}

fn counterexample(out: &mut Output, finding: &Finding, trace: &Trace, program: bool) -> Result<()> {
    out.line(format!("\n{}: {}", name_of(&finding.watched), finding.watched.property.claim))?;
    if program {
        out.line("The smallest program that breaks it:\n")?;
        for line in trace.program.lines() {
            out.line(format!("    {line}").trim_end())?;
        }
        for (name, call) in &trace.assumptions.calls {
            out.line(format!(
                "       (assumed: {name}() returns {:?} and raises nothing)",
                call.returns.clone().unwrap_or_default()
            ))?;
        }
    }
    out.line(format!("A shortest path, {} steps, in {}:\n", trace.steps.len(), trace.file))?;
    out.text(&render::narrative(trace))?;
    out.line("")
}

fn hazard_line(out: &mut Output, hazards: &[String], shown: bool) -> Result<()> {
    match hazards {
        [] => out.line("hazards: none"),
        names if shown => out.line(format!("hazards: {}", names.join(", "))),
        names => out.line(format!("hazards: {} (shown by --hazards)", names.join(", "))),
    }
}

/// The rules of a book fail on a program: the error that says how.
pub(super) fn breakdown(program: &str, fault: &Fault, state: &str) -> Diagnostic {
    let how = match fault {
        Fault::Impossible => "a state is reached that the book declares impossible",
        Fault::Open(_) => "the program has a part that was left open",
        Fault::Silent => "the rules go round for ever, and nothing happens on the way",
        _ => "no rule applies",
    };
    Diagnostic::new(format!("the rules fail: {how}, at {state}"), program)
        .help("this is a fault of the book, not of the program")
}
