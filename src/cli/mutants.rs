//! `trylemma mutants`: each rule changed in turn.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::check::mutate::{Mutant, mutants};
use crate::check::survival::{Bench, Killer};
use crate::cli::options::Semantics;
use crate::cli::output::{Failure, Output, Result};
use crate::diagnostic::nearest;

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
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let killers = kill_all(&bench, &all, args.threads.unwrap_or(cores).max(1));
    let mut unexplained = 0;
    let mut explained = 0;
    for (mutant, killer) in all.iter().zip(&killers) {
        let fate = match killer {
            Some(killer) => format!("killed by {killer}"),
            None => match book.equivalent(mutant.rule.as_str(), &mutant.change) {
                Some(reason) => {
                    explained += 1;
                    format!("survives, and is no other semantics: {reason}")
                }
                None => {
                    unexplained += 1;
                    "SURVIVES, unexplained".to_string()
                }
            },
        };
        out.line(format!("{:<26} {}: {fate}", mutant.rule.as_str(), mutant.change))?;
    }
    let killed = all.len() - explained - unexplained;
    let by = |kind: fn(&Killer) -> bool| killers.iter().flatten().filter(|k| kind(k)).count();
    out.line(format!(
        "{} mutants: {killed} killed ({} by a property, {} by progress or determinism, {} by a litmus program), {explained} equivalent, {unexplained} unexplained; theorems on all programs up to size {}",
        all.len(),
        by(|k| matches!(k, Killer::Property(..))),
        by(|k| matches!(k, Killer::Progress(_) | Killer::Determinism(..))),
        by(|k| matches!(k, Killer::Litmus(..) | Killer::Divergence(..))),
        args.size
    ))?;
    Ok(u8::from(unexplained > 0))
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
