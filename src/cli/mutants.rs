//! `trylemma mutants`: each rule changed in turn.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::book::Book;
use crate::check::mutate::{Mutant, mutants};
use crate::check::survival::{Bench, Killer};
use crate::cli::options::{Format, Semantics, formats};
use crate::cli::output::{Failure, Output, Result};
use crate::diagnostic::{Diagnostic, nearest};
use crate::trace::FORMAT;
use crate::trace::report::{Fate, MutantEntry, MutantsReport};

/// The arguments of `mutants`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only mutants of rules whose name begins so
    rule: Option<String>,
    /// Try the theorems on every program of up to N nodes
    #[arg(long, default_value_t = 3, value_name = "N")]
    size: usize,
    /// Threads; all cores by default
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// What is written
    #[arg(long, default_value = "text", value_parser = formats(&["text", "ron", "json"]))]
    format: Format,
    #[command(flatten)]
    semantics: Semantics,
}

/// Runs every mutant; exit code 1 where one survives that the book does not explain.
pub fn run(args: &Args, out: &mut Output) -> Result<u8> {
    let book = args.semantics.book()?;
    let wanted =
        |mutant: &Mutant| args.rule.as_ref().is_none_or(|rule| mutant.rule.as_str().starts_with(rule));
    let all: Vec<Mutant> = mutants(&book).into_iter().filter(wanted).collect();
    if let (true, Some(rule)) = (all.is_empty(), &args.rule) {
        let near = nearest(rule, book.rules.iter().map(|rule| rule.name.as_str()));
        return Err(Failure::Usage(format!("no rule's name begins with `{rule}`; {near}")));
    }
    let bench = Bench::new(&book, args.size)?;
    if let Some(broken) = bench.base() {
        let title = format!("the book itself fails: {broken}");
        let folder =
            args.semantics.semantics.as_ref().map_or("semantics".into(), |f| f.display().to_string());
        return Err(Diagnostic::new(title, folder)
            .help("every mutant would seem killed by it: mend the book first; `trylemma check --size N` shows the program")
            .into());
    }
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let killers = kill_all(&bench, &all, args.threads.unwrap_or(cores).max(1));
    let report = MutantsReport {
        format: FORMAT,
        rules: book.hash.clone(),
        python: book.version.to_string(),
        size: args.size,
        mutants: all
            .iter()
            .zip(&killers)
            .map(|(mutant, killer)| entry(&book, mutant, killer.as_ref()))
            .collect(),
    };
    match args.format {
        Format::Text => text(out, &report, &killers)?,
        format => out.data(format, &report)?,
    }
    Ok(u8::from(count(&report, Fate::Unexplained) > 0))
}

/// What became of a mutant.
fn entry(book: &Book, mutant: &Mutant, killer: Option<&Killer>) -> MutantEntry {
    let reason = book.equivalent(mutant.rule.as_str(), &mutant.change);
    let (fate, by) = match (killer, reason) {
        (Some(killer), _) => (Fate::Killed, Some(killer.to_string())),
        (None, Some(reason)) => (Fate::Equivalent, Some(reason.to_string())),
        (None, None) => (Fate::Unexplained, None),
    };
    MutantEntry { rule: mutant.rule.to_string(), change: mutant.change.clone(), fate, by }
}

fn count(report: &MutantsReport, fate: Fate) -> usize {
    report.mutants.iter().filter(|mutant| mutant.fate == fate).count()
}

fn text(out: &mut Output, report: &MutantsReport, killers: &[Option<Killer>]) -> Result<()> {
    for MutantEntry { rule, change, fate, by } in &report.mutants {
        let by = by.as_deref().unwrap_or_default();
        let fate = match fate {
            Fate::Killed => format!("killed by {by}"),
            Fate::Equivalent => format!("survives, and is no other semantics: {by}"),
            Fate::Unexplained => "SURVIVES, unexplained".to_string(),
        };
        out.line(format!("{rule:<26} {change}: {fate}"))?;
    }
    let by = |kind: fn(&Killer) -> bool| killers.iter().flatten().filter(|k| kind(k)).count();
    out.line(format!(
        "{} mutants: {} killed ({} by a property, {} by progress or determinism, {} by a litmus program), {} equivalent, {} unexplained; theorems on all programs up to size {}",
        report.mutants.len(),
        count(report, Fate::Killed),
        by(|k| matches!(k, Killer::Property(..))),
        by(|k| matches!(k, Killer::Progress(_) | Killer::Determinism(..))),
        by(|k| matches!(k, Killer::Litmus(..) | Killer::Divergence(..))),
        count(report, Fate::Equivalent),
        count(report, Fate::Unexplained),
        report.size
    ))
}

fn kill_all(bench: &Bench, mutants: &[Mutant], threads: usize) -> Vec<Option<Killer>> {
    let next = AtomicUsize::new(0);
    let killers = Mutex::new(vec![None; mutants.len()]);
    let work = || {
        while let Some(mutant) = mutants.get(next.fetch_add(1, Ordering::Relaxed)) {
            let killer = bench.kill(mutant);
            let place = mutants.iter().position(|m| std::ptr::eq(m, mutant));
            if let (Ok(mut killers), Some(place)) = (killers.lock(), place) {
                killers[place] = killer;
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(work);
        }
        work();
    });
    killers.into_inner().unwrap_or_default()
}
