//! `trylemma check --litmus`: the litmus programs of a book against their recorded outcomes.

use crate::book::Book;
use crate::book::litmus::Outcome;
use crate::check::litmus::{limits_for, load_litmus, observe};
use crate::check::verdict::counted;
use crate::cli::output::{Output, Result};
use crate::limits::Limits;

/// Runs every litmus program; exit code 1 where one has other outcomes than the book records.
pub(super) fn check(book: &Book, limits: Limits, out: &mut Output) -> Result<u8> {
    let mut differing = 0;
    for litmus in book.litmus() {
        let program = load_litmus(book, litmus)?;
        let observed = observe(book, &program, limits_for(&program, limits));
        let missing: Vec<&Outcome> =
            litmus.outcomes.iter().filter(|outcome| !observed.outcomes.contains(*outcome)).collect();
        let extra: Vec<&Outcome> =
            observed.outcomes.iter().filter(|outcome| !litmus.outcomes.contains(*outcome)).collect();
        if missing.is_empty() && extra.is_empty() && observed.fault.is_none() && !observed.ambiguous {
            continue;
        }
        differing += 1;
        out.line(format!("differs  {} (#{})", litmus.name, litmus.section))?;
        for line in litmus.program.lines() {
            out.line(format!("    {line}").trim_end())?;
        }
        for (what, outcomes) in [("recorded", missing), ("but", extra)] {
            for outcome in outcomes {
                out.line(format!("  {what}: {}", shown(outcome)))?;
            }
        }
        if let Some(fault) = observed.fault {
            out.line(format!("  the rules fail: {fault:?}"))?;
        }
        if observed.ambiguous {
            out.line("  two rules apply to one state")?;
        }
    }
    let all = counted(book.litmus().len() as u128, "litmus program");
    out.line(format!("{all}, {differing} with other outcomes than recorded"))?;
    Ok(u8::from(differing > 0))
}

fn shown(outcome: &Outcome) -> String {
    match outcome.output.as_slice() {
        [] => outcome.ending.clone(),
        lines => format!("prints {:?}, {}", lines.join("\n"), outcome.ending),
    }
}
