//! The report of `check`, for people and as data.

use std::collections::BTreeSet;

use crate::book::Book;
use crate::book::property::Kind;
use crate::check::product::Findings;
use crate::check::program::{Subject, Watched};
use crate::check::verdict::{Verdict, counted, grouped};
use crate::cli::check::files::Broken as BrokenBy;
use crate::cli::check::{Finding, Presentation, hazards};
use crate::cli::options::Format;
use crate::cli::output::{Output, Result};
pub(super) use crate::cli::place::broken_at;
use crate::diagnostic::Diagnostic;
use crate::machine::{Fault, Machine};
use crate::render::{sarif, text as render};
use crate::trace::report::{CheckReport, FileReport, PropertyReport, SubjectReport};
use crate::trace::{Broken, FORMAT, Trace, words};

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
    files: &[FileReport],
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
        others: finding.others.clone(),
    });
    CheckReport {
        format: FORMAT,
        rules: book.hash.clone(),
        python: book.version.to_string(),
        subjects,
        properties: properties.collect(),
        hazards: hazards.to_vec(),
        files: files.to_vec(),
    }
}

fn verdict_word<C>(verdict: &Verdict<C>) -> &'static str {
    match verdict {
        Verdict::Holds => "holds",
        Verdict::Refuted(_) => "REFUTED",
        Verdict::Unknown(_) => "unknown",
    }
}

/// Writes what was found in a file, where that is not a part of one document: for people, or one line a finding. It is handed over at once.
pub(super) fn found(out: &mut Output, format: Format, found: &[BrokenBy]) -> Result<()> {
    for (watched, trace) in found {
        match format {
            Format::Text => counterexample(out, watched, trace, false)?,
            Format::Concise => out.line(heading(watched, trace))?,
            _ => return Ok(()),
        }
    }
    if found.is_empty() { Ok(()) } else { out.flush() }
}

/// Writes the report for people, behind what was found: what holds, and what was looked at.
pub(super) fn text(
    out: &mut Output,
    how: &Presentation,
    book: &Book,
    subjects: &[SubjectReport],
    findings: &[Finding],
) -> Result<()> {
    if !how.of_sizes && how.quiet {
        return Ok(());
    }
    programs(out, how, subjects)?;
    verdicts(out, how, findings)?;
    if how.of_sizes {
        for (finding, trace) in all(findings) {
            counterexample(out, &finding.watched, trace, true)?;
        }
    } else {
        let cut_off = subjects.iter().any(|subject| subject.limit.is_some());
        hazard_line(out, findings, cut_off)?;
        coverage(out, &how.reports)?;
        if !how.left_out.is_empty() {
            out.line(format!("left out by the project's settings: {}", how.left_out.join(", ")))?;
        }
        out.line(format!("taken for granted: {}", how.granted))?;
    }
    out.line(format!("(Python {}, rules {})", book.version, &book.hash[..12.min(book.hash.len())]))
}

/// One line a finding.
pub(super) fn concise(out: &mut Output, findings: &[Finding]) -> Result<()> {
    by_place(findings).into_iter().try_for_each(|(finding, trace)| out.line(heading(&finding.watched, trace)))
}

/// The findings as SARIF.
pub(super) fn sarif(out: &mut Output, findings: &[Finding]) -> Result<()> {
    let found = by_place(findings).into_iter().map(|(finding, trace)| {
        let reason = trace.property.as_ref().map_or("", |broken| broken.reason.as_str());
        sarif::Finding {
            kind: finding.watched.property.kind,
            line: broken_at(trace),
            message: format!("{}: {reason}", name_of(&finding.watched)),
            trace,
        }
    });
    out.data(Format::Json, &sarif::log(&found.collect::<Vec<_>>()))
}

/// All counterexamples of what was asked.
fn all(findings: &[Finding]) -> impl Iterator<Item = (&Finding, &Trace)> {
    let asked = findings.iter().filter(|f| f.asked);
    asked.flat_map(|finding| finding.traces().map(move |trace| (finding, trace)))
}

/// All counterexamples of what was asked, by file and line.
fn by_place(findings: &[Finding]) -> Vec<(&Finding, &Trace)> {
    let mut all: Vec<(&Finding, &Trace)> = all(findings).collect();
    all.sort_by_cached_key(|(_, trace)| (trace.file.clone(), broken_at(trace)));
    all
}

/// `file:line: in function: property: reason`.
fn heading(watched: &Watched, trace: &Trace) -> String {
    let reason = trace.property.as_ref().map_or_else(String::new, Broken::told);
    let function = trace.entry.as_ref().map(|entry| format!("in {entry}: ")).unwrap_or_default();
    format!("{}:{}: {function}{}: {reason}", trace.file, broken_at(trace), name_of(watched))
}

/// What was run: each program, or the sums for a file with many functions.
fn programs(out: &mut Output, how: &Presentation, subjects: &[SubjectReport]) -> Result<()> {
    for same in subjects.chunk_by(|one, next| one.name == next.name) {
        out.line(program_line(how, same))?;
        for subject in same.iter().filter(|subject| same.len() > 1 && subject.limit.is_some()) {
            let entry = subject.entry.as_deref().unwrap_or("the module");
            out.line(format!("    {entry}: {}", subject.limit.as_deref().unwrap_or_default()))?;
        }
        let unknown: BTreeSet<&str> = same.iter().flat_map(|s| &s.unknown).map(String::as_str).collect();
        if !unknown.is_empty() {
            out.line(format!("unknown: {}", Vec::from_iter(unknown).join(", ")))?;
        }
        let taken: BTreeSet<&String> = same.iter().flat_map(|subject| &subject.taken).collect();
        for taken in taken {
            out.line(format!("taken as unknown: {taken}"))?;
        }
    }
    Ok(())
}

fn program_line(how: &Presentation, same: &[SubjectReport]) -> String {
    let [first, ..] = same else { return String::new() };
    let limits = same.iter().filter(|subject| subject.limit.is_some()).count();
    let sum = |of: fn(&SubjectReport) -> u128| same.iter().map(of).sum::<u128>();
    let complete = match (&first.limit, same.len(), limits) {
        (_, _, 0) => "complete".to_string(),
        (Some(limit), 1, _) => format!("cut off: {limit}"),
        _ => format!("cut off by limits in {limits} of them"),
    };
    let graph = if how.of_sizes || same.len() > 1 { "the graphs are" } else { "the graph is" };
    let what = if how.of_sizes { format!("{} programs, ", grouped(first.programs)) } else { String::new() };
    let entries = same.iter().filter(|subject| subject.entry.is_some()).count() as u128;
    let entry = match (&first.entry, entries) {
        (Some(entry), 1) => format!(", then {entry}(…)"),
        (_, 0) => String::new(),
        (_, entries) => format!(" and {}", counted(entries, "function")),
    };
    let paths: Option<u128> = same.iter().map(|subject| subject.paths).sum();
    let paths = match paths {
        Some(paths) => counted(paths, "path"),
        None => "paths without number (loops)".into(),
    };
    format!(
        "{}{entry}: {what}{}, {}, {paths}; {graph} {complete}",
        first.name,
        counted(sum(|subject| subject.states), "state"),
        counted(sum(|subject| subject.steps), "step"),
    )
}

/// Contracts and hazards one by one; theorems, which hold of Python itself, too where they are asked for or one does not hold.
fn verdicts(out: &mut Output, how: &Presentation, findings: &[Finding]) -> Result<()> {
    let theorem = |finding: &&Finding| finding.watched.property.kind == Kind::Theorem;
    let asked = || findings.iter().filter(|f| f.asked);
    let hold = asked().filter(theorem).all(|finding| matches!(finding.verdict, Verdict::Holds));
    let many = asked().filter(theorem).count();
    let fold = !how.of_sizes && !how.theorems && many > 1;
    let folded = |finding: &&Finding| !(fold && theorem(finding) && (hold || !refuted(finding)));
    for finding in asked().filter(folded) {
        let bound = match &finding.verdict {
            Verdict::Unknown(limit) => limit.to_string(),
            Verdict::Refuted(trace) if !how.of_sizes => {
                format!("by a path of {} in {}", counted(trace.steps.len() as u128, "step"), trace.file)
            }
            _ => finding.bound.clone(),
        };
        out.line(format!("{:<8} {:<34} {bound}", verdict_word(&finding.verdict), name_of(&finding.watched)))?;
    }
    if fold {
        let word = if hold { "hold" } else { "do not all hold, or are unknown" };
        let bound = findings.first().map_or("", |finding| finding.bound.as_str());
        out.line(format!("theorems: {many} {word} on {bound} (listed by --theorems)"))?;
    }
    Ok(())
}

fn refuted(finding: &Finding) -> bool {
    matches!(finding.verdict, Verdict::Refuted(_))
}

/// What was entered of the files, and what was not.
fn coverage(out: &mut Output, reports: &[FileReport]) -> Result<()> {
    for report in reports {
        if report.refused.is_some() {
            out.line(format!("not checked: {}", report.name))?;
            continue;
        }
        let shares = [
            (report.functions, "functions"),
            (report.statements, "try and with statements"),
            (report.clauses, "clauses"),
            (report.lines, "lines"),
        ];
        let shares = shares.iter().filter(|(share, _)| share.of > 0);
        let shares: Vec<String> =
            shares.map(|(share, what)| format!("{} of {} {what}", share.entered, share.of)).collect();
        if !shares.is_empty() {
            out.line(format!("covered of {}: {}", report.name, shares.join(", ")))?;
        }
        for open in &report.open {
            out.line(format!("not covered: {open}"))?;
        }
    }
    Ok(())
}

fn counterexample(out: &mut Output, watched: &Watched, trace: &Trace, program: bool) -> Result<()> {
    if program {
        out.line(format!("\n{}: {}", name_of(watched), watched.property.claim))?;
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
    } else {
        out.line(heading(watched, trace))?;
        out.line(format!("{}: {}", name_of(watched), watched.property.claim))?;
    }
    if let Some(unknown) = trace.setting.unknown() {
        out.line(format!("On this path, {unknown}."))?;
    }
    out.line(format!("A shortest path, {} steps, in {}:\n", trace.steps.len(), trace.file))?;
    out.text(&render::narrative(trace))?;
    out.line("")
}

fn hazard_line(out: &mut Output, findings: &[Finding], cut_off: bool) -> Result<()> {
    let names = hazards(findings);
    let mentioned =
        findings.iter().any(|finding| !finding.asked && names.contains(&finding.watched.property.name));
    match &names[..] {
        [] if cut_off => out.line("hazards: a limit was reached before any was found"),
        [] => out.line("hazards: none"),
        names if mentioned => out.line(format!("hazards: {} (shown by --hazards)", names.join(", "))),
        names => out.line(format!("hazards: {}", names.join(", "))),
    }
}

/// The error that says where the rules fail, if they did while a program was searched.
pub(super) fn broken(machine: &Machine, subject: &Subject, findings: &Findings) -> Option<Diagnostic> {
    let broken = findings.breakdown.as_ref()?;
    let state = words::control_of(&machine.bank().term(broken.state));
    Some(breakdown(&subject.program.name, &broken.fault, &state))
}

/// The rules of a book fail on a program: the error that says how.
pub(super) fn breakdown(program: &str, fault: &Fault, state: &str) -> Diagnostic {
    Diagnostic::new(format!("the rules fail: {fault}, at {state}"), program)
        .help("this is a fault of the book, not of the program")
}
