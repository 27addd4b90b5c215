//! Entering a file: its module, and each of its functions in a graph of its own.

use std::collections::BTreeSet;
use std::path::PathBuf;

use rayon::prelude::*;

use crate::book::Book;
use crate::check::program::Subject;
use crate::check::verdict::counted;
use crate::cli::options::{Semantics, Source, Widening};
use crate::cli::output::{Failure, Result};
use crate::limits::Limits;
use crate::python::{Assumptions, Program};

/// States of the graph of one function, unless `--limit states=N` says otherwise: enough for an answer within seconds.
const STATES: usize = 300_000;

/// Nodes of a state of a program in a file.
const NODES: u64 = 2_000_000_000;

/// States of the graph of a module that is explored again before each of its functions.
const SMALL: u128 = 20_000;

/// The limits within which all paths of one program of a file are searched, unless flags say otherwise.
pub(super) fn base_limits() -> Limits {
    // Nodes are counted without sharing, and the code of imported modules is shared many times.
    Limits { states: STATES, nodes: NODES, ..Limits::default() }
}

/// The same with what flags say.
pub(super) fn limits(semantics: &Semantics, widening: &Widening, memory: usize) -> Result<Limits> {
    Ok(widening.of(Limits { memory, ..semantics.limits_from(base_limits())? }))
}

/// A file that was loaded.
pub(super) struct Loaded {
    /// Where it stands.
    pub(super) path: PathBuf,
    /// The only function of it that is asked for, where one is.
    pub(super) asked: Option<String>,
    /// What it says.
    pub(super) program: Program,
    /// What is assumed of it.
    pub(super) assumptions: Assumptions,
}

/// What was seen of one program: a module, or a function entered after it.
pub(super) struct Sight<T> {
    /// The function.
    pub(super) entry: Option<String>,
    /// The lines that some path comes to.
    pub(super) lines: BTreeSet<usize>,
    /// Whether some path ends without an exception.
    pub(super) completes: bool,
    /// How many states its graph has.
    pub(super) states: u128,
    /// The limit that cut the graph off.
    pub(super) limit: Option<String>,
    /// What was looked for.
    pub(super) found: T,
}

/// Why nothing was seen of one program.
pub(super) enum Stopped {
    /// A fault of the book, or a function that cannot be entered: the others can.
    Failed(String),
    /// Something that is wrong whatever program is looked at.
    Wrong(String),
}

/// What was seen of a file.
pub(super) struct Entered<T> {
    /// Of the module, and of each function, in the order of the file; of the function that is asked for only, where one is.
    pub(super) sights: Vec<Sight<T>>,
    /// Why nothing was seen of the others.
    pub(super) failures: Vec<String>,
    /// Why the functions were entered without the module, where they were.
    pub(super) alone: Option<String>,
}

impl<T> Entered<T> {
    /// The lines that some path comes to.
    pub(super) fn lines(&self) -> BTreeSet<usize> {
        self.sights.iter().flat_map(|sight| sight.lines.iter().copied()).collect()
    }
}

/// Enters a file: its module, and then each of its functions after it, or without it where no path leads behind it.
///
/// # Errors
/// What is wrong whatever program is looked at.
pub(super) fn enter<T: Send>(
    book: &Book,
    source: &Source,
    file: &Loaded,
    look: impl Fn(&Subject) -> std::result::Result<Sight<T>, Stopped> + Sync,
) -> Result<Entered<T>> {
    let Loaded { path, asked, program, assumptions } = file;
    let subject = |program: Program, entry: Option<&str>| Subject {
        program,
        entry: entry.map(str::to_string),
        assumptions: assumptions.clone(),
    };
    let names: Vec<&str> = match asked {
        Some(entry) => vec![entry],
        None => program.functions.iter().map(|function| function.name.as_str()).collect(),
    };
    let module = look(&subject(program.clone(), None));
    let mut failures = Vec::new();
    let why = match &module {
        Ok(module) => without(module),
        Err(Stopped::Failed(why)) => {
            failures.push(why.clone());
            Some("the rules fail in the module".to_string())
        }
        Err(Stopped::Wrong(why)) => return Err(Failure::Usage(why.clone())),
    };
    let alone = why.filter(|_| !names.is_empty());
    let base = match &alone {
        Some(_) => source.load_alone(book, path, program)?,
        None => program.clone(),
    };
    let enter = |name: &&str| {
        let entered = base.with_entry(name).map_err(|error| Stopped::Failed(error.to_string()))?;
        look(&subject(entered, Some(name)))
    };
    let results: Vec<_> = names.par_iter().map(enter).collect();
    let mut sights: Vec<Sight<T>> = if asked.is_none() { module.into_iter().collect() } else { Vec::new() };
    for result in results {
        match result {
            Ok(sight) => sights.push(sight),
            Err(Stopped::Failed(why)) => failures.push(why),
            Err(Stopped::Wrong(why)) => return Err(Failure::Usage(why)),
        }
    }
    Ok(Entered { sights, failures, alone })
}

/// Why the functions of a module are entered without it, where they are.
fn without<T>(module: &Sight<T>) -> Option<String> {
    if let Some(limit) = &module.limit {
        return Some(format!("the module reaches a limit ({limit})"));
    }
    if !module.completes {
        let last = module.lines.last().map_or(String::new(), |line| format!(" at line {line}"));
        return Some(format!("the module raises{last} on every path"));
    }
    (module.states > SMALL).then(|| format!("the module alone has {}", counted(module.states, "state")))
}
