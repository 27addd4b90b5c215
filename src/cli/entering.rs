//! Entering a file: its module, and each of its functions in a graph of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::OnceLock;

use rayon::prelude::*;

use crate::book::Book;
use crate::check::product::Findings;
use crate::check::program::Subject;
use crate::check::verdict::counted;
use crate::cli::options::{Semantics, Source, Widening};
use crate::cli::output::{Failure, Result};
use crate::limits::Limits;
use crate::machine::Machine;
use crate::python::{Assumptions, Program, Setting};

/// States of the graph of one function, unless `--limit states=N` says otherwise: enough for an answer within seconds.
const STATES: usize = 1_000_000;

/// Nodes of a state of a program in a file.
const NODES: u64 = 2_000_000_000;

/// States of the graph of a module that is explored again before each of its functions.
const SMALL: u128 = 20_000;

/// States of the graph of a function, where it can be entered with less known around it as well.
const FIRST: usize = 100_000;

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

impl Loaded {
    /// Whether one graph answers: that of a function, or of a module without any.
    pub(super) fn is_one_graph(&self) -> bool {
        self.asked.is_some() || self.program.functions.is_empty()
    }
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

impl<T> Sight<T> {
    /// What a search has seen of a program, and what was found in it.
    pub(super) fn of(subject: &Subject, machine: &Machine, findings: Findings, found: T) -> Sight<T> {
        let normal = |completion: &egg::Id| machine.bank().op(*completion).as_str() == "normal";
        Sight {
            entry: subject.entry.clone(),
            completes: findings.ended.iter().any(normal),
            states: findings.states.into(),
            limit: findings.limit.as_ref().map(ToString::to_string),
            lines: findings.lines,
            found,
        }
    }
}

impl<T: Found> Sight<T> {
    /// What was seen of a function, or a module, in a second graph, since the first one was cut off.
    fn beside(self, cut_off: Sight<T>) -> Sight<T> {
        Sight {
            lines: &self.lines | &cut_off.lines,
            completes: self.completes || cut_off.completes,
            found: self.found.beside(cut_off.found),
            ..self
        }
    }
}

/// What is looked for.
pub(super) trait Found: Send {
    /// This, and what was found before in a graph that was cut off: what breaks something there breaks it.
    fn beside(self, cut_off: Self) -> Self;
}

/// What one program was seen to do, or why it was not.
pub(super) type Seen<T> = std::result::Result<Sight<T>, Stopped>;

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
    /// Where less than the whole module was known, and why.
    pub(super) notes: Vec<String>,
}

impl<T> Entered<T> {
    /// The lines that some path comes to.
    pub(super) fn lines(&self) -> BTreeSet<usize> {
        self.sights.iter().flat_map(|sight| sight.lines.iter().copied()).collect()
    }
}

/// Enters a file: its module, and then each of its functions behind as much of it as has an end and is small. `look` searches a program; of so many states, where there is another way to answer.
///
/// # Errors
/// What is wrong whatever program is looked at.
pub(super) fn enter<T: Found>(
    book: &Book,
    source: &Source,
    file: &Loaded,
    look: impl Fn(&Subject, Option<usize>) -> Seen<T> + Sync,
) -> Result<Entered<T>> {
    let entry = Entry { book, source, file, look: &look };
    let names: Vec<&str> = match &file.asked {
        Some(entry) => vec![entry],
        None => file.program.functions.iter().map(|function| function.name.as_str()).collect(),
    };
    let Around { mut sights, mut failures, mut notes, base } = entry.around(!names.is_empty())?;
    if file.asked.is_some() {
        sights.clear();
    }
    let less = Less::default();
    let results: Vec<_> = names.par_iter().map(|name| entry.function(name, &base, &less)).collect();
    let mut cut_off: BTreeMap<CutOff, Vec<String>> = BTreeMap::new();
    for (name, result) in names.iter().zip(results) {
        match result {
            Ok((sight, limits)) => {
                sights.push(sight);
                for limit in limits {
                    cut_off.entry(limit).or_default().push(format!("`{name}`"));
                }
            }
            Err(Stopped::Failed(why)) => failures.push(why),
            Err(Stopped::Wrong(why)) => return Err(Failure::Usage(why)),
        }
    }
    notes.extend(cut_off.into_iter().map(|(CutOff { unknown, limit }, names)| {
        let names = names.join(", ");
        match unknown {
            Setting::Bare => format!("behind its class {names} came to a limit ({limit}); the object that it is called on is unknown there"),
            _ => format!("behind the module {names} came to a limit ({limit}); its names are unknown there"),
        }
    }));
    Ok(Entered { sights, failures, notes })
}

/// A graph of a function that was cut off, and in which setting the function was entered then.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct CutOff {
    unknown: Setting,
    limit: String,
}

/// A file with less known around its functions, where that was asked for.
#[derive(Default)]
struct Less {
    alone: OnceLock<Option<Program>>,
    bare: OnceLock<Option<Program>>,
}

/// A file that is being entered.
struct Entry<'a, L> {
    book: &'a Book,
    source: &'a Source,
    file: &'a Loaded,
    look: &'a L,
}

/// What was seen of a module, and what its functions are entered behind.
struct Around<T> {
    sights: Vec<Sight<T>>,
    failures: Vec<String>,
    notes: Vec<String>,
    base: Program,
}

impl<L> Entry<'_, L> {
    fn loaded(&self, setting: Setting) -> Result<Program> {
        self.source.load_as(self.book, &self.file.path, &self.file.program, setting)
    }

    fn look<T>(&self, program: Program, entry: Option<&str>, states: Option<usize>) -> Seen<T>
    where
        L: Fn(&Subject, Option<usize>) -> Seen<T>,
    {
        let assumptions = self.file.assumptions.clone();
        (self.look)(&Subject { program, entry: entry.map(str::to_string), assumptions }, states)
    }

    /// The module: as a script; where that cannot be followed to its end, as one that is imported, and then without what it imports. Its
    /// functions are entered behind the first of these that has an end and is small.
    fn around<T: Found>(&self, functions: bool) -> Result<Around<T>>
    where
        L: Fn(&Subject, Option<usize>) -> Seen<T>,
    {
        let mut found = Around {
            sights: Vec::new(),
            failures: Vec::new(),
            notes: Vec::new(),
            base: self.file.program.clone(),
        };
        let why = found.module(self.look(found.base.clone(), None, None))?;
        let imported = self.loaded(Setting::Imported)?;
        if imported.body == found.base.body {
            self.behind(&mut found, why, functions)?;
            return Ok(found);
        }
        let was_cut_off = found.is_cut_off();
        if functions || was_cut_off {
            let why = found.module(self.look(imported.clone(), None, None))?;
            found.base = imported;
            self.behind(&mut found, why, functions)?;
        }
        if was_cut_off && !found.is_cut_off() {
            found.add(self.look(self.loaded(Setting::Main)?, None, None))?;
        }
        Ok(found)
    }

    /// What the functions of a module are entered behind, where that is not the module itself: why not.
    fn behind<T: Found>(&self, found: &mut Around<T>, why: Option<String>, functions: bool) -> Result<()>
    where
        L: Fn(&Subject, Option<usize>) -> Seen<T>,
    {
        let Some(why) = why.filter(|_| functions || found.is_cut_off()) else { return Ok(()) };
        let apart = self.loaded(Setting::Apart)?;
        let without = match apart.body == found.base.body {
            true => Some(why.clone()),
            false => found.module(self.look(apart.clone(), None, None))?,
        };
        let (unknown, base) = match without {
            None => ("what it imports is", apart),
            Some(_) => ("its names are", self.loaded(Setting::Alone)?),
        };
        if functions {
            found.notes.push(format!("{why}; {unknown} unknown for its functions"));
            found.base = base;
        }
        Ok(())
    }

    /// A function behind a module; where that is too much, with less and less known around it. What cut the graphs before off comes with it.
    fn function<T: Found>(
        &self,
        name: &str,
        base: &Program,
        less: &Less,
    ) -> std::result::Result<(Sight<T>, Vec<CutOff>), Stopped>
    where
        L: Fn(&Subject, Option<usize>) -> Seen<T>,
    {
        if base.setting.is_imported() && base.function(name).is_err() {
            // It stands behind `if __name__ == "__main__":`, which does not come before a function.
            let alone = less.alone.get_or_init(|| self.loaded(Setting::Alone).ok());
            if let Some(alone) = alone {
                return self.function(name, alone, less);
            }
        }
        let entered = |program: &Program, states| {
            let program = program.with_entry(name).map_err(|error| Stopped::Failed(error.to_string()))?;
            self.look(program, Some(name), states)
        };
        let mut left = settings_left(base, name);
        let mut next = left.pop();
        let mut sight: Sight<T> = entered(base, next.map(|_| FIRST))?;
        let mut cut_off = Vec::new();
        while let (Some(unknown), Some(limit)) = (next, sight.limit.clone()) {
            let known = if unknown == Setting::Bare { &less.bare } else { &less.alone };
            let program = known.get_or_init(|| self.loaded(unknown).ok());
            next = left.pop();
            let Some(Ok(then)) = program.as_ref().map(|program| entered(program, next.map(|_| FIRST))) else {
                break;
            };
            sight = then.beside(sight);
            cut_off.push(CutOff { unknown, limit });
        }
        Ok((sight, cut_off))
    }
}

/// The settings in which less is known around a function than behind this module, the last one first.
fn settings_left(base: &Program, name: &str) -> Vec<Setting> {
    let info = base.function(name).ok().and_then(|info| info.entering.as_ref());
    let is_method = info.is_some_and(|entering| entering.class.is_some());
    let bare = is_method.then_some(Setting::Bare);
    bare.into_iter()
        .chain((base.objects && base.setting != Setting::Alone).then_some(Setting::Alone))
        .collect()
}

impl<T: Found> Around<T> {
    /// Whether the graph of the module was cut off.
    fn is_cut_off(&self) -> bool {
        self.sights.first().is_some_and(|sight| sight.limit.is_some())
    }

    fn add(&mut self, seen: Seen<T>) -> Result<()> {
        match seen {
            Ok(sight) => self.sights.push(sight),
            Err(Stopped::Failed(why)) => self.failures.push(why),
            Err(Stopped::Wrong(why)) => return Err(Failure::Usage(why)),
        }
        Ok(())
    }

    /// Notes what was seen of the module, in the place of what was cut off, and says why its functions are not entered behind it.
    fn module(&mut self, seen: Seen<T>) -> Result<Option<String>> {
        let why = match &seen {
            Ok(sight) => without(sight),
            Err(_) => Some("the rules fail in the module".to_string()),
        };
        match seen {
            Ok(sight) if self.is_cut_off() && sight.limit.is_none() => {
                let cut_off = self.sights.remove(0);
                self.sights.insert(0, sight.beside(cut_off));
            }
            Ok(_) if !self.sights.is_empty() => {}
            seen => self.add(seen)?,
        }
        Ok(why)
    }
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
