//! From a refutation to the trace that shows it.

use egg::Id;

use crate::book::Book;
use crate::check::product::{Findings, Refutation};
use crate::check::program::{Subject, Watched};
use crate::check::verdict::Verdict;
use crate::limits::{Limits, is_coarse};
use crate::machine::{Bank, Machine};
use crate::trace::record::record;
use crate::trace::words;
use crate::trace::{Broken, Trace};

/// The trace of a refutation, sealed.
///
/// # Errors
/// When it cannot be serialised.
pub fn trace_of(
    machine: &mut Machine,
    book: &Book,
    subject: &Subject,
    watched: &Watched,
    refutation: &Refutation,
) -> Result<Trace, String> {
    let mut trace = record(machine, book, subject, &refutation.path);
    let clause = clause_of(machine.bank(), subject, refutation);
    let statement = words::place_of(refutation.statement, &subject.program.statements);
    trace.property = Some(Broken {
        name: watched.property.name.clone(),
        claim: watched.property.claim.clone(),
        pair: watched.pair.clone(),
        definition: watched.definition.clone(),
        step: refutation.path.len(),
        reason: refutation.reason.clone(),
        round: refutation.round,
        statement: clause.map(words::clause_on).or(statement),
        clause,
    });
    trace.sealed()
}

/// The line of the clause whose condition was tested last, where that is what breaks the property: control has not left the suite then.
fn clause_of(bank: &Bank, subject: &Subject, refutation: &Refutation) -> Option<usize> {
    let event = *refutation.path.last()?.events.last()?;
    let marker = *bank.get(event).args.first().filter(|_| bank.op(event).as_str() == "tested")?;
    let [label, place] = bank.get(marker).args[..] else { return None };
    let number = |atom: Id| bank.op(atom).as_str().parse::<usize>().ok();
    let tested = bank.op(marker).as_str() == "condition" && number(label) == refutation.statement;
    let lines = subject.program.statements.get(&refutation.statement.filter(|_| tested)?)?;
    lines.handlers.get(number(place)?).copied().filter(|_| lines.module.is_none())
}

/// A verdict on each watched property. What a limit left open is unknown, and never said to hold. Where the rules
/// broke down, which is the caller's to report, there is none to give.
///
/// # Errors
/// When a trace cannot be serialised.
pub fn verdicts(
    machine: &mut Machine,
    book: &Book,
    subject: &Subject,
    watched: &[Watched],
    findings: &Findings,
) -> Result<Vec<Verdict<Box<Trace>>>, String> {
    let open = || findings.limit.clone().map_or(Verdict::Holds, Verdict::Unknown);
    let mut verdicts: Vec<Verdict<Box<Trace>>> = watched.iter().map(|_| open()).collect();
    let turns = Limits { turns: findings.turns, ..*machine.limits() }.reached("turns");
    for property in &findings.widened {
        verdicts[*property] = Verdict::Unknown(turns.clone());
    }
    // An unknown in a local has no identity there, and no origin: two calls on one object may be taken for calls on two, and one of a
    // function for one of a local.
    for (verdict, watched) in verdicts.iter_mut().zip(watched) {
        let is_foreign = |name: &String| !subject.program.callables.contains(name);
        let of_foreign = watched.definition.is_some() && watched.property.functions().iter().any(is_foreign);
        let by_name = watched.pair.is_some() || of_foreign;
        let coarse = findings.turns.is_some_and(is_coarse);
        if coarse && by_name && matches!(verdict, Verdict::Holds) {
            *verdict = Verdict::Unknown(turns.clone());
        }
    }
    for refutation in &findings.refutations {
        let verdict = &mut verdicts[refutation.property];
        if !matches!(verdict, Verdict::Refuted(_)) {
            let watched = &watched[refutation.property];
            *verdict = Verdict::Refuted(Box::new(trace_of(machine, book, subject, watched, refutation)?));
        }
    }
    Ok(verdicts)
}
