//! `trylemma across`: one program under every version of Python.

use std::collections::BTreeSet;

use rayon::prelude::*;

use crate::book::Book;
use crate::book::version::{Version, in_words};
use crate::check::did::{Did, Runner};
use crate::check::verdict::counted;
use crate::cli::options::{Format, Job, formats};
use crate::cli::output::{Failure, Output, Result};
use crate::diagnostic::Diagnostic;
use crate::limits::Limits;
use crate::python::Program;
use crate::render::versions::lines;
use crate::trace::FORMAT;
use crate::trace::across::{AcrossReport, Group, Neighbours};
use crate::trace::parting::{Deed, Parting, Side, parting};

/// The arguments of `across`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    job: Job,
    /// What is written
    #[arg(long, default_value = "text", value_parser = formats(&["text", "ron", "json"]))]
    format: Format,
}

/// Runs are as deep as CPython allows. What one version needs longer for than this, it is not compared with others.
const LIMITS: Limits = Limits {
    states: 200_000,
    activations: 1001,
    depth: 40_000,
    nodes: u64::MAX,
    steps: 1_000_000,
    terms: 3_000_000,
    members: 10_000_000,
    memory: 1 << 30,
    turns: None,
    tentative: false,
};

/// A version, and the program as it is loaded for it.
struct Edition {
    book: Book,
    program: std::result::Result<Program, Diagnostic>,
    runner: Runner,
    did: Did,
}

/// Runs the file under each version, or follows all its paths where it calls what nothing defines.
pub fn run(args: &Args, out: &mut Output) -> Result<u8> {
    let job = &args.job;
    let limits = job.semantics.limits_from(LIMITS)?;
    let versions = job.semantics.versions()?;
    let explored = job.source.is_open() || is_unknown(job, &versions)?;
    let each = |version: &Version| edition(job, *version, explored, limits);
    // Books and programs are made on all cores; a run is one path, or few.
    let mut editions: Vec<Edition> = versions.par_iter().map(each).collect::<Result<_>>()?;
    if editions.iter().all(|edition| edition.program.is_err())
        && let Some(Edition { program: Err(error), .. }) = editions.pop()
    {
        return Err(error.into());
    }
    let report = AcrossReport {
        format: FORMAT,
        rules: editions[0].book.hash.clone(),
        file: job.file.display().to_string(),
        explored,
        groups: groups(&editions),
        partings: partings(&mut editions),
    };
    match args.format {
        Format::Text => text(&report, &versions, out)?,
        format => out.data(format, &report)?,
    }
    Ok(if report.groups.iter().any(|group| group.open.is_some()) { 3 } else { 0 })
}

/// Whether some name is unknown whichever version reads the program: one that some version defines is missing from the others.
fn is_unknown(job: &Job, versions: &[Version]) -> Result<bool> {
    let mut common: Option<BTreeSet<String>> = None;
    for version in [versions.first(), versions.last()].into_iter().flatten() {
        let book = job.semantics.book_of(*version)?;
        let Ok((program, _)) = loaded(job, &book, false)? else { continue };
        let unknowns: BTreeSet<String> = program.unknowns.into_iter().collect();
        common = Some(common.map_or(unknowns.clone(), |common| &common & &unknowns));
    }
    Ok(common.is_some_and(|common| !common.is_empty()))
}

/// A program that was loaded, or why this version does not read it.
type Loaded = std::result::Result<(Program, crate::python::Assumptions), Diagnostic>;

fn loaded(job: &Job, book: &Book, run: bool) -> Result<Loaded> {
    match job.source.load_for(book, &job.file, run) {
        Ok(loaded) => Ok(Ok(loaded)),
        Err(Failure::Diagnostic(error)) if error.span().is_some() => Ok(Err(error)),
        Err(failure) => Err(failure),
    }
}

fn edition(job: &Job, version: Version, explored: bool, limits: Limits) -> Result<Edition> {
    let book = job.semantics.book_of(version)?;
    let program = match (loaded(job, &book, !explored)?, &job.source.entry) {
        (Ok((program, _)), Some(entry)) => Ok(program.with_entry(entry).map_err(Failure::of_entry)?),
        (loaded, _) => loaded.map(|(program, _)| program),
    };
    let mut runner = Runner::new(&book, limits, job.engine());
    let did = runner.did(&program);
    Ok(Edition { book, program, runner, did })
}

fn groups(editions: &[Edition]) -> Vec<Group> {
    let mut found: Vec<(&Did, Vec<Version>)> = Vec::new();
    for Edition { book, did, .. } in editions {
        match found.iter_mut().find(|(other, _)| *other == did) {
            Some((_, versions)) => versions.push(book.version),
            None => found.push((did, vec![book.version])),
        }
    }
    found.into_iter().map(|(did, versions)| Group::of(did, &versions)).collect()
}

/// Where neighbours part that do not do the same.
fn partings(editions: &mut [Edition]) -> Vec<Neighbours> {
    let pairs = (1..editions.len()).filter(|at| editions[at - 1].did != editions[*at].did);
    let pairs: Vec<usize> = pairs.collect();
    let apart = |at: usize| {
        let (before, after) = editions.split_at_mut(at);
        let [Edition { book, program, runner, .. }, ..] = after else { return None };
        let older = before.last_mut()?;
        let parted = match (&older.program, &*program) {
            (Ok(one), Ok(other)) => {
                parting(
                    &mut Side { book: &older.book, machine: older.runner.machine(), program: one },
                    &mut Side { book, machine: runner.machine(), program: other },
                )
                .parting
            }
            _ => None,
        };
        let (older, newer) = (older.book.version.to_string(), book.version.to_string());
        Some(Neighbours { older, newer, parting: parted })
    };
    pairs.into_iter().filter_map(apart).collect()
}

fn text(report: &AcrossReport, all: &[Version], out: &mut Output) -> Result<()> {
    let (versions, groups) =
        (counted(all.len() as u128, "version"), counted(report.groups.len() as u128, "group"));
    out.line(format!("{} under {versions} of Python: {groups}", report.file))?;
    for group in &report.groups {
        let versions: Vec<Version> = group.versions.iter().filter_map(|name| name.parse().ok()).collect();
        out.line(format!("Python {}", in_words(&versions, all)))?;
        lines(group).iter().try_for_each(|line| out.line(format!("    {line}").trim_end()))?;
    }
    for Neighbours { older, newer, parting } in &report.partings {
        let Some(parting) = parting else {
            out.line(format!("{older} and {newer} part before the first step"))?;
            continue;
        };
        parted([older, newer], parting, out)?;
    }
    Ok(())
}

/// Where two of these names part.
pub(super) fn parted([older, newer]: [&String; 2], parting: &Parting, out: &mut Output) -> Result<()> {
    out.line(format!("{older} and {newer} part at step {}{}", parting.step, place(parting)))?;
    for (name, deed) in [(older, &parting.older), (newer, &parting.newer)] {
        out.line(format!("    {name}: {}", shown(deed)))?;
    }
    Ok(())
}

fn place(parting: &Parting) -> String {
    match (&parting.library, parting.line) {
        (Some(function), _) => format!(", in {function} of the library"),
        (None, Some(line)) => format!(", line {line}"),
        (None, None) => String::new(),
    }
}

fn shown(Deed { rule, gate, control }: &Deed) -> String {
    let gate = if gate.is_empty() { String::new() } else { format!(" ({gate})") };
    match rule {
        Some(rule) => format!("{rule}{gate}, then {control}"),
        None => format!("has ended: {control}"),
    }
}
