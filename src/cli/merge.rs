//! `trylemma merge`: the verdict of a job whose shards ran on their own.

use std::path::{Path, PathBuf};

use crate::book::Book;
use crate::check::checkpoint::{Account, Checkpoint};
use crate::check::program::Watched;
use crate::check::{Exhaustive, Fragment, Method};
use crate::cli::check::{self, Presentation};
use crate::cli::options::{Format, Semantics, formats};
use crate::cli::output::{Failure, Output, Result};
use crate::cli::part;
use crate::cli::sizes;
use crate::diagnostic::Diagnostic;
use crate::limits::Limits;
use crate::machine::Engine;
use crate::trace::part::{Asked, Part};

/// The arguments of `merge`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The files that `check --shard --resume` wrote: all shards of one job
    #[arg(required = true)]
    parts: Vec<PathBuf>,
    /// Write the counterexamples into this folder, as RON traces
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// What is written
    #[arg(long, default_value = "text", value_parser = formats(&["text", "ron", "json"]))]
    format: Format,
    /// The book of rules that the shards used, if not the built-in one
    #[arg(long, value_name = "DIR")]
    semantics: Option<PathBuf>,
}

/// Joins the parts, and says what `check` would have said.
pub fn run(args: &Args, out: &mut Output) -> Result<u8> {
    let mut parts = Vec::new();
    for path in &args.parts {
        parts.push((path.as_path(), part::read(path)?));
    }
    let Some((first, Part { job: asked, .. })) = parts.first() else {
        return Err(Failure::Usage("name the parts to merge".into()));
    };
    for (path, part) in &parts {
        if let Some(what) = part::difference(&part.job, asked) {
            return Err(mixed(path, first, &what));
        }
    }
    let checkpoint = join(asked, &parts)?;
    let book = Semantics::of_job(&asked.python, args.semantics.clone())?.book()?;
    if book.hash != asked.rules {
        let what = "it was made by other rules than the book at hand";
        return Err(fault(first, what, "name the book that the shards used with --semantics"));
    }
    let job = job(first, &book, asked)?;
    let watched = asked.properties.iter().map(|named| watched(first, &book, named)).collect::<Result<_>>()?;
    let checked = sizes::conclude(&job, &checkpoint, watched)?;
    let presentation = Presentation {
        of_sizes: true,
        theorems: true,
        quiet: false,
        format: args.format,
        out: args.out.as_deref(),
        reports: Vec::new(),
        granted: String::new(),
        left_out: &[],
        strict: false,
    };
    check::present(&presentation, &book, checked, out)
}

/// The checkpoints of all parts, as one. Each unit of work must be in exactly one.
fn join(asked: &Asked, parts: &[(&Path, Part)]) -> Result<Checkpoint> {
    let mut whole = Checkpoint::new(asked.properties.len());
    for (number, (path, part)) in parts.iter().enumerate() {
        for (size, account) in part.checkpoint().sizes {
            whole.open(size, account.done.len());
            let Some(mine) = whole.sizes.get_mut(&size) else { continue };
            if mine.done.len() != account.done.len() || account.refuted.len() != asked.properties.len() {
                return Err(fault(path, "it cuts the work into other units", AGAIN));
            }
            if let Some(unit) = twice(mine, &account) {
                let other = parts[..number].iter().find(|(_, other)| other.checkpoint().has(size, unit));
                let other = other.map_or(String::new(), |(other, _)| format!(", as in {}", other.display()));
                let what = format!("unit {unit} of size {size} is done in it{other}: the parts overlap");
                return Err(fault(path, &what, "name each shard once"));
            }
            mine.add(&account);
        }
    }
    match gap(asked, &whole) {
        None => Ok(whole),
        Some(what) => Err(Failure::Usage(format!(
            "the parts leave a gap: {what}; name all shards, each run to its end (run a shard's command again and it goes on)"
        ))),
    }
}

const AGAIN: &str = "run this shard again, with the same version of trylemma as the others";

fn twice(one: &Account, other: &Account) -> Option<usize> {
    one.done.iter().zip(&other.done).position(|(one, other)| *one && *other)
}

fn gap(asked: &Asked, checkpoint: &Checkpoint) -> Option<String> {
    let (first, last) = asked.sizes;
    for size in first..=last {
        let Some(account) = checkpoint.sizes.get(&size) else {
            return Some(format!("nothing of size {size}"));
        };
        let missing: Vec<usize> = (0..account.done.len()).filter(|unit| !account.done[*unit]).collect();
        if let [first, ..] = missing[..] {
            let (count, of) = (missing.len(), account.done.len());
            return Some(format!("{count} of {of} units of size {size} are missing, unit {first} the first"));
        }
    }
    None
}

fn job<'a>(path: &Path, book: &'a Book, asked: &Asked) -> Result<Exhaustive<'a>> {
    let mut limits = Limits::default();
    for (name, value) in &asked.limits {
        limits.set(name, *value).map_err(|why| fault(path, &why, AGAIN))?;
    }
    let unknown = |what: &str, name: &str| fault(path, &format!("there is no {what} `{name}`"), AGAIN);
    Ok(Exhaustive {
        fragment: Fragment::named(&asked.fragment).ok_or_else(|| unknown("fragment", &asked.fragment))?,
        method: Method::named(&asked.method).ok_or_else(|| unknown("method", &asked.method))?,
        engine: if asked.engine == "reference" { Engine::Reference } else { Engine::Compiled },
        limits,
        ..Exhaustive::new(book, asked.sizes.0..=asked.sizes.1)
    })
}

fn watched(path: &Path, book: &Book, (name, definition): &(String, Option<String>)) -> Result<Watched> {
    let own = match definition {
        Some(text) => book.read_properties(&path.display().to_string(), text)?,
        None => book.properties.clone(),
    };
    let property = own.into_iter().find(|property| property.name == *name);
    let property = property.ok_or_else(|| fault(path, &format!("there is no property `{name}`"), AGAIN))?;
    Ok(Watched { property, pair: None, definition: definition.clone() })
}

fn mixed(path: &Path, first: &Path, what: &str) -> Failure {
    let what = what.replace("there", "in it").replace("here", &format!("in {}", first.display()));
    fault(path, &format!("it is part of another job: {what}"), "merge the shards of one job only")
}

fn fault(path: &Path, what: &str, help: &str) -> Failure {
    Diagnostic::new(what, path.display().to_string()).help(help).into()
}
