//! What several versions of Python do, and what changes between them, as text and as a chapter of the book.

use std::fmt::Write;

use crate::book::edition::Change;
use crate::book::version::{Version, in_words};
use crate::check::holding::{Held, Holding};
use crate::check::telling::{Kind, Sample, Survey};
use crate::check::verdict::counted;
use crate::trace::across::Group;

/// What a group of versions does, line by line.
pub fn lines(group: &Group) -> Vec<String> {
    let told = [("refused: ", &group.refused), ("not known: ", &group.open)];
    let mut found: Vec<String> =
        told.into_iter().filter_map(|(what, why)| Some(format!("{what}{}", why.as_ref()?))).collect();
    for (place, way) in group.ways.iter().enumerate() {
        if place > 0 {
            found.push("or".into());
        }
        found.extend(way.output.lines().map(|line| format!("> {line}").trim_end().to_string()));
        found.extend(way.warnings.iter().flat_map(|text| text.lines()).map(|line| format!("! {line}")));
        match &way.report {
            None => found.push(way.ending.clone()),
            Some(report) => {
                found.push("raises".into());
                found.extend(report.lines().map(|line| line.trim_end().to_string()));
            }
        }
    }
    found
}

/// The gates of a change, as the book writes them.
pub fn gates(change: &Change) -> String {
    let gates = change.gates.iter().map(|gate| format!("`{gate}`"));
    gates.collect::<Vec<_>>().join(", ")
}

/// A program, and what groups of versions do with it.
fn program(survey: &Survey, sample: usize) -> String {
    let mut out = format!("```program\n{}```\n", survey.samples[sample].source);
    for (did, versions) in survey.groups(sample) {
        let group = Group::of(did, &versions);
        let _ = writeln!(out, "\nPython {}:\n", in_words(&versions, &survey.versions));
        let _ = writeln!(out, "```did\n{}\n```", lines(&group).join("\n"));
    }
    out
}

/// What shows a change: a link to a litmus program, or a program of its own.
fn shown(survey: &Survey, sample: usize, before: &mut Vec<(usize, String)>) -> String {
    if let Sample { kind: Kind::Litmus(litmus), .. } = &survey.samples[sample] {
        return format!("litmus `{}`", litmus.section.trim_start_matches("litmus."));
    }
    match before.iter().find(|(other, _)| *other == sample) {
        Some((_, name)) => name.clone(),
        None => {
            let name = format!("program {}", before.len() + 1);
            before.push((sample, name.clone()));
            name
        }
    }
}

/// The chapter that lists each change with its smallest program.
pub fn chapter(survey: &Survey) -> String {
    let mut out = String::from(HEAD);
    let mut named = Vec::new();
    for pair in survey.versions.windows(2) {
        let [older, newer] = [pair[0], pair[1]];
        let own = survey.changes.iter().zip(&survey.shown).filter(|(change, _)| change.newer == newer);
        let own: Vec<_> = own.collect();
        let _ = writeln!(out, "\n## From {older} to {newer} {{#changes.{newer}}}\n");
        let first = named.len();
        let all = own.iter().filter(|(_, shown)| shown.is_some()).count();
        let _ = writeln!(out, "{}\n", sentence(all, own.len()));
        for (change, sample) in own {
            let Some(sample) = sample else { continue };
            let _ = writeln!(out, "- {}: {}", gates(change), shown(survey, *sample, &mut named));
        }
        for (sample, name) in &named[first..] {
            let _ = writeln!(out, "\nThe {name}:\n\n{}", program(survey, *sample).trim_end());
        }
    }
    let _ = writeln!(out, "\n## What no program shows {{#changes.idle}}\n");
    let idle = survey.changes.iter().zip(&survey.shown).filter(|(_, shown)| shown.is_none());
    let idle: Vec<String> = idle.map(|(change, _)| line(change)).collect();
    let _ = match idle.is_empty() {
        true => writeln!(out, "Each gate of the book is shown by a program."),
        false => writeln!(
            out,
            "These gates make no difference that any of the programs shows.\n\n{}",
            idle.join("\n")
        ),
    };
    out
}

/// A change that nothing shows.
pub fn line(change: &Change) -> String {
    format!("- {} to {}: {}", change.older, change.newer, gates(change))
}

fn sentence(shown: usize, all: usize) -> String {
    match (shown, all) {
        (_, 0) => "Nothing of the book changes.".into(),
        (shown, all) if shown == all => {
            format!("Of the book {all} gates open or close, each shown by a smallest program.")
        }
        (shown, all) => {
            format!("Of the book {all} gates open or close, {shown} of them shown by a smallest program.")
        }
    }
}

/// What stands before the changes.
const HEAD: &str = "---
part: objects
---
# Changes {#changes}

`trylemma versions changes` writes this chapter, and a test compares: each gate of the book with the smallest program that shows it,
of those that the shapes of [chapter 20](20-versions.md#versions.shapes) make, of the core, and of the litmus programs. A program shows a gate where it does
something else as soon as that gate alone is decided as the neighbour decides it.
";

/// The chapter that says which theorems hold in which version.
pub fn theorems(versions: &[Version], found: &[Holding], size: usize) -> String {
    let mut columns: Vec<(&Holding, Vec<Version>)> = Vec::new();
    for (version, holding) in versions.iter().zip(found) {
        match columns.iter_mut().find(|(other, _)| other.theorems == holding.theorems) {
            Some((_, known)) => known.push(*version),
            None => columns.push((holding, vec![*version])),
        }
    }
    let mut out = String::from(THEOREMS);
    if let Some(first) = found.first() {
        let _ = writeln!(
            out,
            "Looked at are {} of the core up to size {size}, and the programs that tell versions apart: under {} {} of them.",
            counted(first.coverage.programs, "program"),
            versions.last().map(ToString::to_string).unwrap_or_default(),
            found.last().map_or(0, |last| last.programs),
        );
    }
    let heads: Vec<String> = columns.iter().map(|(_, own)| in_words(own, versions)).collect();
    let _ = writeln!(out, "\n| theorem | {} |\n| --- |{}", heads.join(" | "), " --- |".repeat(heads.len()));
    let mut programs: Vec<&str> = Vec::new();
    let names = found.first().map(|holding| holding.theorems.as_slice()).unwrap_or_default();
    for (place, (name, _)) in names.iter().enumerate() {
        let mut cells = Vec::new();
        for (holding, _) in &columns {
            cells.push(match &holding.theorems[place].1 {
                Held::Holds => "holds".to_string(),
                Held::Unknown(why) => format!("unknown: {why}"),
                Held::Broken(program) => format!("no: program {}", number(&mut programs, program)),
            });
        }
        let _ = writeln!(out, "| `{name}` | {} |", cells.join(" | "));
    }
    for (place, program) in programs.iter().enumerate() {
        let _ = writeln!(out, "\nProgram {}:\n\n```program\n{}\n```", place + 1, program.trim_end());
    }
    out
}

/// The number of a program among those that are shown, from 1.
fn number<'a>(programs: &mut Vec<&'a str>, program: &'a str) -> usize {
    let known = programs.iter().position(|other| *other == program);
    known.unwrap_or_else(|| {
        programs.push(program);
        programs.len() - 1
    }) + 1
}

/// What stands before the table of theorems.
const THEOREMS: &str = "---
part: objects
---
# Theorems by version {#theorems}

## Which hold {#theorems.table}

`trylemma versions theorems` writes this chapter, and a test compares. A theorem holds of Python itself: where it does not hold of a
version, the smallest program breaks it that was found.
";
