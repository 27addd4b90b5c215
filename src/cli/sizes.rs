//! `trylemma check --size`: every program of a fragment up to a size.

use std::cell::Cell;
use std::io::IsTerminal;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressStyle};

use crate::book::Book;
use crate::book::property::Property;
use crate::check::checkpoint::Checkpoint;
use crate::check::exhaustive::{ProgramId, Report};
use crate::check::program::{Subject, Watched, as_file};
use crate::check::summarise::composes;
use crate::check::verdict::{Coverage, counted};
use crate::check::{Enumeration, Exhaustive, Fragment, Method};
use crate::cli::check::{Args, Checked};
use crate::cli::conclusion::{self, Job};
use crate::cli::output::{Failure, Result};
use crate::cli::part;
use crate::cli::shaped;
use crate::limits::Limits;
use crate::machine::Engine;
use crate::trace::part::Asked;

/// The flags that say which programs are checked, and how.
#[derive(Debug, Clone, clap::Args)]
pub struct Flags {
    /// Every program of up to N nodes, or of A to B nodes
    #[arg(long, value_name = "N|A..B", conflicts_with = "files")]
    pub size: Option<Sizes>,
    /// Of which fragment of the language
    #[arg(long, value_enum, requires = "size", conflicts_with = "files")]
    fragment: Option<FragmentFlag>,
    /// Of those that the shapes of this name in the book make, of the whole language, as `groups`
    #[arg(long, value_name = "NAME", requires = "size", conflicts_with_all = ["fragment", "method", "resume", "files"])]
    pub(super) shapes: Option<String>,
    /// How all programs are covered
    #[arg(long, value_enum, requires = "size", conflicts_with = "files")]
    method: Option<MethodFlag>,
    /// How many threads work; all cores by default
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// What the states that are kept may take, as in 200MiB
    #[arg(long, value_name = "BYTES", default_value = "1GiB")]
    memory: Bytes,
    /// Stop after the smallest size at which anything is refuted
    #[arg(long, requires = "size", conflicts_with = "files")]
    pub(super) first: bool,
    /// Go on from what this file says is done, if it is there, and write there what is
    #[arg(long, value_name = "FILE", requires = "size", conflicts_with = "files")]
    pub(super) resume: Option<PathBuf>,
    /// Do shard I of N only; the file of --resume is then for `trylemma merge`
    #[arg(long, value_name = "I/N", requires = "resume", conflicts_with_all = ["first", "files"])]
    shard: Option<Shard>,
}

/// A fragment by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum FragmentFlag {
    /// All statements of this version, with unknown calls and conditions; the default
    #[default]
    Core,
    /// The core without anything unknown, and so without loops
    Closed,
    /// A small closed language, for comparisons with other tools
    J,
    /// The same with an unknown call in place of `raise`
    Jn,
}

/// A method by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum MethodFlag {
    /// Each program is run; the default
    #[default]
    Enumerate,
    /// Parts are chosen when control reaches them; what a program never reads is counted
    Narrow,
    /// What parts do is composed; parts that do the same are counted
    Summarise,
}

impl From<FragmentFlag> for Fragment {
    fn from(flag: FragmentFlag) -> Fragment {
        match flag {
            FragmentFlag::Core => Fragment::Core,
            FragmentFlag::Closed => Fragment::Closed,
            FragmentFlag::J => Fragment::J,
            FragmentFlag::Jn => Fragment::Jn,
        }
    }
}

impl From<MethodFlag> for Method {
    fn from(flag: MethodFlag) -> Method {
        match flag {
            MethodFlag::Enumerate => Method::Enumerate,
            MethodFlag::Narrow => Method::Narrow,
            MethodFlag::Summarise => Method::Summarise,
        }
    }
}

/// The sizes that a flag names: `4` is 1 to 4, `3..4` is 3 to 4.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sizes {
    first: usize,
    last: usize,
}

/// Counts of larger programs do not fit the numbers.
const MAX_SIZE: usize = 24;

impl Sizes {
    /// The sizes as a range.
    pub fn range(self) -> RangeInclusive<usize> {
        self.first..=self.last
    }
}

impl FromStr for Sizes {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let number = |text: &str| {
            text.parse::<usize>().map_err(|_| format!("`{text}` is no size; expected 4 or 2..4"))
        };
        let (first, last) = match text.split_once("..") {
            Some((first, last)) => (number(first)?, number(last)?),
            None => (1, number(text)?),
        };
        if first == 0 || first > last || last > MAX_SIZE {
            return Err(format!("sizes go from 1 to {MAX_SIZE}, the smaller one first"));
        }
        Ok(Sizes { first, last })
    }
}

/// A number of bytes, written with a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bytes(usize);

impl Bytes {
    /// How many.
    pub fn bytes(self) -> usize {
        self.0
    }
}

/// As many threads as were asked for; all cores by default.
pub(super) fn threads(asked: Option<u16>) -> usize {
    let all = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    asked.map_or(all, usize::from)
}

impl FromStr for Bytes {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let shift = match text[digits.len()..].to_ascii_lowercase().as_str() {
            "" | "b" => 0,
            "k" | "kb" | "kib" => 10,
            "m" | "mb" | "mib" => 20,
            "g" | "gb" | "gib" => 30,
            unit => return Err(format!("`{unit}` is no unit; expected KiB, MiB or GiB")),
        };
        let number: usize =
            digits.parse().map_err(|_| format!("`{text}` is no number of bytes; expected 200MiB"))?;
        let bytes = number.checked_mul(1 << shift).ok_or_else(|| format!("{text} is too much"))?;
        if bytes < 1 << 20 {
            return Err("1MiB is the least that work can be done in".into());
        }
        Ok(Bytes(bytes))
    }
}

/// One of several shards, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    index: usize,
    of: usize,
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let numbers = text.split_once('/').and_then(|(i, n)| Some((i.parse().ok()?, n.parse().ok()?)));
        match numbers {
            Some((index, of)) if 1 <= index && index <= of => Ok(Shard { index, of }),
            _ => Err(format!("`{text}` is no shard; expected I/N with I from 1 to N, as in 3/8")),
        }
    }
}

impl Flags {
    pub(super) fn threads(&self) -> usize {
        threads(self.threads)
    }

    pub(super) fn memory(&self) -> usize {
        self.memory.bytes()
    }

    fn job<'a>(
        &self,
        book: &'a Book,
        sizes: RangeInclusive<usize>,
        limits: Limits,
        engine: Engine,
    ) -> Exhaustive<'a> {
        Exhaustive {
            fragment: self.fragment.unwrap_or_default().into(),
            limits,
            threads: self.threads(),
            stop_at_first: self.first,
            engine,
            method: self.method.unwrap_or_default().into(),
            memory: self.memory.0,
            shard: self.shard.map_or((0, 1), |shard| (shard.index - 1, shard.of)),
            ..Exhaustive::new(book, sizes)
        }
    }
}

/// Checks every program of the sizes.
pub(super) fn check(
    args: &Args,
    book: &Book,
    sizes: RangeInclusive<usize>,
    watched: Vec<Watched>,
) -> Result<Checked> {
    if let Some(name) = &args.sizes.shapes {
        return shaped::check(args, book, (name, sizes), watched);
    }
    if watched.iter().any(|w| w.pair.is_some()) {
        return Err(Failure::Usage("--pair is about the functions of a file, not about all programs".into()));
    }
    if let Some(w) = watched.iter().find(|w| w.property.names_an_integer()) {
        let name = &w.property.name;
        return Err(Failure::Usage(format!(
            "the property {name} names an integer, and is about files: all programs of a size return where their `return`s stand"
        )));
    }
    let limits = args.semantics.limits_from(Limits::default())?;
    let job = args.sizes.job(book, sizes, limits, args.semantics.engine());
    if job.engine == Engine::Reference && job.method != Method::Enumerate {
        return Err(Failure::Usage(
            "--engine reference takes each program on its own: leave --method out".into(),
        ));
    }
    let asked = part::asked(&job, &watched);
    let mut checkpoint = match &args.sizes.resume {
        Some(path) => part::read_if_there(path, &asked)?.unwrap_or_else(|| Checkpoint::new(watched.len())),
        None => Checkpoint::new(watched.len()),
    };
    if let Some(path) = &args.sizes.resume {
        // Hours of work are not to be lost because nothing can be written there.
        part::write(path, &asked, &checkpoint)?;
    }
    run(args, &job, &asked, &watched, &mut checkpoint)?;
    if args.sizes.shard.is_some() {
        return Ok(shard_report(&job, &checkpoint));
    }
    conclude(&job, &checkpoint, watched)
}

/// Runs what the checkpoint lacks; it is saved about once a second, and at the end.
fn run(
    args: &Args,
    job: &Exhaustive,
    asked: &Asked,
    watched: &[Watched],
    checkpoint: &mut Checkpoint,
) -> Result<()> {
    let properties: Vec<_> = watched.iter().map(|w| &w.property).collect();
    let bar = progress_bar(job.count(*job.sizes.end()));
    bar.set_position(programs(checkpoint));
    bar.reset_eta();
    let failed = Mutex::new(None);
    let saved = Mutex::new(Cell::new(Instant::now()));
    let save = |checkpoint: &Checkpoint| match &args.sizes.resume {
        Some(path) => part::write(path, asked, checkpoint),
        None => Ok(()),
    };
    job.resume(&properties, checkpoint, &|progress, checkpoint| {
        bar.set_message(format!("size {}", progress.size));
        bar.set_position(programs(checkpoint));
        let Ok(saved) = saved.lock() else { return false };
        if saved.get().elapsed() < EVERY {
            return true;
        }
        saved.set(Instant::now());
        let outcome = save(checkpoint);
        let going = outcome.is_ok();
        if let (Err(failure), Ok(mut failed)) = (outcome, failed.lock()) {
            *failed = Some(failure);
        }
        going
    });
    bar.finish_and_clear();
    match failed.into_inner() {
        Ok(Some(failure)) => Err(failure),
        _ => save(checkpoint),
    }
}

/// How often what is done is saved.
const EVERY: Duration = Duration::from_secs(1);

fn programs(checkpoint: &Checkpoint) -> u64 {
    let programs: u128 = checkpoint.sizes.values().map(|account| account.coverage.programs).sum();
    u64::try_from(programs).unwrap_or(u64::MAX)
}

/// The verdicts of a job that is done.
pub(super) fn conclude(job: &Exhaustive, checkpoint: &Checkpoint, watched: Vec<Watched>) -> Result<Checked> {
    conclusion::conclude(job, job.report(checkpoint), watched)
}

/// A shard has no verdict: what it did, and what it found on the way.
fn shard_report(job: &Exhaustive, checkpoint: &Checkpoint) -> Checked {
    let report = job.report(checkpoint);
    let (index, of) = job.shard;
    let name = format!("shard {} of {of} of {}", index + 1, covered(job, *job.sizes.end()));
    (vec![conclusion::subject(&name, job, &report)], Vec::new())
}

/// The sizes that were run, in words.
fn covered(job: &Exhaustive, last: usize) -> String {
    let of = match job.fragment {
        Fragment::Core => "the core",
        Fragment::Closed => "the closed core",
        Fragment::J => "fragment J",
        Fragment::Jn => "fragment JN",
    };
    conclusion::sized(of, *job.sizes.start(), last)
}

impl Job for Exhaustive<'_> {
    fn basis(&self) -> (&Book, Limits, Engine) {
        (self.book, self.limits, self.engine)
    }

    fn covered(&self, report: &Report) -> String {
        covered(self, report.last)
    }

    fn count(&self, last: usize) -> u128 {
        let programs = Enumeration::new(self.fragment);
        (*self.sizes.start()..=last).map(|size| programs.count(size)).sum()
    }

    fn subject(&self, program: ProgramId) -> Result<Subject> {
        let body = Enumeration::new(self.fragment)
            .program(program.size, program.index)
            .ok_or_else(|| Failure::Usage("the program has no such number".into()))?;
        Ok(as_file(self.book, self.fragment, &body)?)
    }

    fn shares_runs(&self) -> bool {
        self.method != Method::Enumerate
    }

    fn bound(&self, name: &str, coverage: &Coverage, property: &Property) -> String {
        let programs = counted(coverage.programs, "program");
        match self.method {
            Method::Enumerate => format!("{name}: {coverage}"),
            Method::Summarise if coverage.summaries > 0 && composes(property) => {
                let summaries = counted(coverage.summaries, "composition");
                format!("{name}: {programs}, by {summaries} of parts, summaries")
            }
            _ => {
                let runs = counted(coverage.runs, "run");
                let asked = self.method == Method::Summarise;
                let why = match asked {
                    true if self.fragment.is_open() => " (summaries are for programs without choices)",
                    true if !composes(property) => " (its monitor looks at more than one statement)",
                    true => " (by these rules the programs have no summaries)",
                    false => "",
                };
                format!("{name}: {programs}, by {runs}, narrowing{why}")
            }
        }
    }
}

/// A bar for so many programs.
pub(super) fn progress_bar(programs: u128) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template(
        "{msg} {wide_bar} {human_pos}/{human_len} programs, {per_sec}, {eta} left",
    );
    let bar = ProgressBar::new(u64::try_from(programs).unwrap_or(u64::MAX));
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
