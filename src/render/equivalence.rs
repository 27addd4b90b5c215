//! Reports of `equiv` as text: both programs side by side, up to where they part.

use std::fmt::Write;

use crate::check::verdict::counted;
use crate::prove::equivalence::Level;
use crate::trace::equivalence::{EquivReport, Happening, PairReport, PartedReport, Way};

/// Characters of a column, at least and at most.
const NARROW: usize = 20;
const WIDE: usize = 70;

/// A report as text.
pub fn text(report: &EquivReport) -> String {
    let mut out = String::new();
    report.pairs.iter().for_each(|pair| self::pair(pair, &mut out));
    if report.pairs.len() > 1 {
        let compared = || report.pairs.iter().filter(|pair| pair.refused.is_none());
        let count = |level: u8| compared().filter(|pair| pair.level == level).count();
        let refused = report.pairs.len() - compared().count();
        let told: Vec<String> =
            (1..=4).rev().map(|level| format!("{} at level {level}", count(level))).collect();
        let _ = writeln!(
            out,
            "{}: equal are {}; {} not{}",
            counted(report.pairs.len() as u128, "pair"),
            told.join(", "),
            count(0),
            if refused > 0 { format!("; {refused} cannot be compared") } else { String::new() }
        );
    }
    out
}

fn pair(pair: &PairReport, out: &mut String) {
    let [one, other] = &pair.sides;
    if let Some(why) = &pair.refused {
        let _ = writeln!(out, "{one} and {other} cannot be compared:");
        why.lines().for_each(|line| _ = writeln!(out, "  {line}"));
        return;
    }
    let verdict = match (pair.level, &pair.limit) {
        (0, Some(limit)) => format!("not known: {limit}"),
        (0, None) => "different".into(),
        (level, _) => format!("equal at level {level} ({})", words(level)),
    };
    let states = counted(pair.pairs as u128, "pair");
    let _ = writeln!(out, "{one} and {other}: {verdict}, {states} of states");
    if let (1.., Some(limit)) = (pair.level, &pair.limit) {
        let _ = writeln!(out, "  at level {} it is not known: {limit}", pair.level + 1);
    }
    if let Some(parted) = &pair.parted {
        if pair.level > 0 {
            let _ = writeln!(out, "  at level {} ({}) they part:", parted.level, words(parted.level));
        }
        columns(parted, [one, other], out);
    }
    for granted in &pair.granted {
        let _ = writeln!(out, "  taken for granted: {granted}");
    }
}

fn words(level: u8) -> &'static str {
    Level::ALL.into_iter().find(|known| known.number() == level).map_or("", Level::words)
}

/// Both ways, side by side.
fn columns(parted: &PartedReport, names: [&String; 2], out: &mut String) {
    let columns = [0, 1].map(|side| column(&parted.ways[side]));
    let width = columns[0].iter().map(|line| line.chars().count()).max().unwrap_or_default();
    let width = width.max(names[0].chars().count()).clamp(NARROW, WIDE);
    let _ = writeln!(out, "  {:<width$} | {}", names[0], names[1]);
    let rows = columns[0].len().max(columns[1].len());
    for row in 0..rows {
        let [one, other] = columns.each_ref().map(|column| column.get(row).map_or("", String::as_str));
        let _ = writeln!(out, "{}", format!("  {one:<width$} | {other}").trim_end());
    }
}

fn column(way: &Way) -> Vec<String> {
    let happening = |happening: &Happening| match happening.line {
        Some(line) => format!("line {line}: {}", happening.what),
        None => happening.what.clone(),
    };
    way.steps.iter().map(happening).chain([format!("=> {}", way.last)]).collect()
}
