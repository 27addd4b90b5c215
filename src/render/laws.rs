//! Laws in words: one line each, and in full where one is asked for.

use std::fmt::Write as _;

use crate::trace::laws::{CounterexampleReport, InstancesReport, LawReport, LawsReport};

/// The report as text; `full` shows each law with its sides, and where it fails.
pub fn text(report: &LawsReport, full: bool) -> String {
    let mut out = String::new();
    for law in &report.laws {
        let verdict = match law.is_as_claimed() {
            None if law.instances.is_none() => "",
            None => "open     ",
            Some(true) if law.level.is_none() => "false    ",
            Some(true) => "holds    ",
            Some(false) => "REFUTED  ",
        };
        let level = law.level.map_or("fallacy".to_string(), |level| format!("level {level}"));
        let applied =
            law.instances.as_ref().map(|found| format!("  {}", applied(law, found))).unwrap_or_default();
        let _ = writeln!(out, "{verdict}{:28} {level}{applied}", law.name);
        let refuted = law.is_as_claimed() == Some(false);
        if full || law.instances.is_none() {
            sides(&mut out, law);
        }
        if let Some(found) = law.instances.as_ref().filter(|_| full || refuted) {
            failing(&mut out, law, found);
        }
    }
    out
}

/// To how many instances a law applied, at the levels that it is about.
fn applied(law: &LawReport, found: &InstancesReport) -> String {
    let level = usize::from(law.level.unwrap_or(1));
    let at = &found.levels[level - 1];
    let open = if found.open > 0 { format!(", {} at a limit", found.open) } else { String::new() };
    let failed = match law.level {
        None => format!(", {} failed", at.failed),
        Some(_) => {
            let failed: u64 = found.levels[..level].iter().map(|level| level.failed).sum();
            format!(", {failed} failed")
        }
    };
    format!(
        "applied to {} of {} instances (of {} up to size {}){failed}{open}",
        at.applied, found.tried, found.all, found.size
    )
}

fn sides(out: &mut String, law: &LawReport) {
    let _ = writeln!(out, "  {}", law.claim);
    for condition in &law.conditions {
        let _ = writeln!(out, "  if {condition}");
    }
    let _ = writeln!(out, "      {}\n   == {}", law.left, law.right);
}

/// Where a law fails: at its own level, or at the next one.
fn failing(out: &mut String, law: &LawReport, found: &InstancesReport) {
    let first = found.levels.iter().position(|level| level.counterexample.is_some());
    let Some(at) = first else { return };
    let Some(counterexample) = &found.levels[at].counterexample else { return };
    let level = at + 1;
    let said = match law.level {
        Some(claimed) if level > usize::from(claimed) => {
            format!("at level {level} it does not hold; the smallest instance tried:")
        }
        _ => format!("at level {level} it fails; the smallest instance tried:"),
    };
    let _ = writeln!(out, "  {said}");
    parted(out, counterexample);
}

fn parted(out: &mut String, counterexample: &CounterexampleReport) {
    for (name, text) in [("left", &counterexample.left), ("right", &counterexample.right)] {
        let _ = writeln!(out, "    {name}:");
        for line in text.lines() {
            let _ = writeln!(out, "        {line}");
        }
    }
    if let Some(class) = &counterexample.around {
        let _ = writeln!(out, "    while an exception of class {class} is handled around it:");
    }
    for seen in &counterexample.way {
        let _ = writeln!(out, "    {seen}");
    }
    let [left, right] = &counterexample.then;
    let _ = writeln!(out, "    then the left side {left}, the right side {right}");
}
