//! `trylemma generate --between`: the smallest programs that tell two versions of Python apart.

use crate::book::edition::Edition;
use crate::book::version::Version;
use crate::check::telling::{Sought, Survey};
use crate::check::verdict::counted;
use crate::cli::options::{Format, Semantics};
use crate::cli::output::{Failure, Output, Result};
use crate::render::versions::lines;
use crate::trace::FORMAT;
use crate::trace::across::Group;
use crate::trace::between::{BetweenReport, Changed, Telling};

/// Parts of the programs that are tried, and sizes of those of the core, unless somebody says otherwise.
const PARTS: usize = 4;
const CORE: usize = 3;

/// Tells two versions apart.
pub(super) fn between(
    semantics: &Semantics,
    pair: [Version; 2],
    parts: Option<usize>,
    threads: usize,
) -> Result<BetweenReport> {
    let [older, newer] = pair;
    if older >= newer {
        return Err(Failure::Usage(format!("--between {older} {newer}: the older version comes first")));
    }
    let sought = Sought { parts: parts.unwrap_or(PARTS), core: CORE, litmus: false };
    let read = |edition: Edition| semantics.edition(edition);
    let survey = Survey::of(&pair, sought, &read, threads)?;
    let telling = |sample: usize| Telling {
        program: survey.samples[sample].source.clone(),
        groups: survey.groups(sample).into_iter().map(|(did, versions)| Group::of(did, &versions)).collect(),
    };
    let apart = (0..survey.samples.len()).filter(|at| survey.told[*at].tells(0, 1));
    let smallest = apart.min_by_key(|at| (survey.samples[*at].size, survey.samples[*at].source.len()));
    let changes = survey.changes.iter().zip(&survey.shown);
    Ok(BetweenReport {
        format: FORMAT,
        rules: read(newer.into())?.hash,
        older: older.to_string(),
        newer: newer.to_string(),
        chosen: format!(
            "all programs of the book's shapes of up to {}, and of the core up to size {CORE}",
            counted(sought.parts as u128, "part")
        ),
        programs: survey.samples.len(),
        telling: survey.telling(0, 1),
        smallest: smallest.map(telling),
        changes: changes
            .map(|(change, shown)| Changed { gates: change.gates.clone(), shown: shown.map(telling) })
            .collect(),
    })
}

/// Writes what was found.
pub(super) fn write(report: &BetweenReport, format: Option<Format>, out: &mut Output) -> Result<()> {
    if let Some(format) = format {
        return out.data(format, report);
    }
    let BetweenReport { older, newer, chosen, telling, .. } = report;
    let programs = counted(report.programs as u128, "program");
    match &report.smallest {
        None => out.line(format!("no program tells {older} and {newer} apart: {programs}, {chosen}"))?,
        Some(smallest) => {
            out.line(format!(
                "{telling} of {programs} tell {older} and {newer} apart: {chosen}. The smallest:"
            ))?;
            show(smallest, out)?;
        }
    }
    let (shown, idle): (Vec<_>, Vec<_>) = report.changes.iter().partition(|change| change.shown.is_some());
    for change in &shown {
        out.line(format!("\n{}", change.gates.join(", ")))?;
        change.shown.iter().try_for_each(|shown| show(shown, out))?;
    }
    if !idle.is_empty() {
        out.line(format!(
            "\n{} of {} gates are shown by none of these programs:",
            idle.len(),
            report.changes.len()
        ))?;
        idle.iter().try_for_each(|change| out.line(format!("    {}", change.gates.join(", "))))?;
    }
    Ok(())
}

fn show(telling: &Telling, out: &mut Output) -> Result<()> {
    telling.program.lines().try_for_each(|line| out.line(format!("    {line}").trim_end()))?;
    for group in &telling.groups {
        out.line(format!("  Python {}", group.versions.join(", ")))?;
        lines(group).iter().try_for_each(|line| out.line(format!("    {line}").trim_end()))?;
    }
    Ok(())
}
