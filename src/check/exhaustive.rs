//! Checking every program up to a size.
//!
//! A job is cut into units of work, the same ones on every machine and for every number of
//! threads. What each found is added up; a part of a job is the set of its units that are done.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::book::Book;
use crate::book::property::Property;
use crate::check::checkpoint::{Checkpoint, Unit, Units};
use crate::check::contents::{Contents, HoleId};
use crate::check::counts::Counts;
use crate::check::each::{Each, each_local};
use crate::check::enumerate::{Enumeration, Fragment};
use crate::check::local::{Local, Unsuitable};
use crate::check::monitor::Monitors;
use crate::check::narrow::Narrow;
use crate::check::parted::Parted;
use crate::check::program::monitors_of;
use crate::check::shared::SharedExploration;
use crate::check::summarise::{composes, summarise};
use crate::check::verdict::{Coverage, Verdict};
use crate::check::whole_run::{Whole, with_room};
use crate::limits::Limits;
use crate::machine::{Engine, Machine};
use crate::term::{Builder, Term};

/// A program by its size and number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ProgramId {
    /// Its size.
    pub size: usize,
    /// Its number among the programs of that size.
    pub index: u128,
}

/// How all programs are covered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Method {
    /// Each program is run.
    #[default]
    Enumerate,
    /// A program's parts are chosen when control reaches them; what it never reads is counted.
    Narrow,
    /// What a part does is composed of what its parts do, and parts that do the same are counted. Programs with
    /// choices, and properties that look at more than one statement, are left to narrowing.
    Summarise,
}

impl Method {
    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Method::Enumerate => "enumerate",
            Method::Narrow => "narrow",
            Method::Summarise => "summarise",
        }
    }

    /// The method of that name.
    pub fn named(name: &str) -> Option<Method> {
        [Method::Enumerate, Method::Narrow, Method::Summarise]
            .into_iter()
            .find(|method| method.name() == name)
    }
}

/// A job of exhaustive checking.
#[derive(Debug, Clone)]
pub struct Exhaustive<'a> {
    /// The semantics.
    pub book: &'a Book,
    /// Which programs.
    pub fragment: Fragment,
    /// Of which sizes.
    pub sizes: RangeInclusive<usize>,
    /// The bounds for each program.
    pub limits: Limits,
    /// On how many threads; at least one.
    pub threads: usize,
    /// Whether to stop after the first size at which anything is refuted or breaks down.
    pub stop_at_first: bool,
    /// Which stepper. The reference stepper only enumerates.
    pub engine: Engine,
    /// How all programs are covered.
    pub method: Method,
    /// About how many bytes the states kept for later may take, in all threads together.
    pub memory: usize,
    /// Which of how many shards of the work to do, counted from 0.
    pub shard: (usize, usize),
}

/// How far a job has come.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// The size being checked.
    pub size: usize,
    /// Units of work done, of this size.
    pub done: usize,
    /// Units of work of this size.
    pub total: usize,
}

/// What a job found.
#[derive(Debug, Clone)]
pub struct Report {
    /// What was run.
    pub coverage: Coverage,
    /// How many halted states had which outcome.
    pub ends: BTreeMap<String, u128>,
    /// For each property, in the order given: the smallest program that breaks it.
    pub verdicts: Vec<Verdict<ProgramId>>,
    /// The first program on which the rules fail.
    pub breakdown: Option<ProgramId>,
    /// The largest size that was run; smaller than asked for where the job stopped early.
    pub last: usize,
}

/// Called when a unit is done: how far the job has come, and what is done so far.
pub type Watch<'a> = dyn Fn(Progress, &Checkpoint) -> bool + Sync + 'a;

/// States kept for later take at most this much, unless told otherwise.
pub const MEMORY: usize = 1 << 30;

impl<'a> Exhaustive<'a> {
    /// All programs of the core of these sizes, on one thread.
    pub fn new(book: &'a Book, sizes: RangeInclusive<usize>) -> Exhaustive<'a> {
        Exhaustive {
            book,
            fragment: Fragment::Core,
            sizes,
            limits: Limits::default(),
            threads: 1,
            stop_at_first: false,
            engine: Engine::default(),
            method: Method::default(),
            memory: MEMORY,
            shard: (0, 1),
        }
    }

    /// Runs the job, smallest programs first.
    pub fn run(&self, properties: &[&Property]) -> Report {
        let mut checkpoint = Checkpoint::new(properties.len());
        self.resume(properties, &mut checkpoint, &|_, _| true);
        self.report(&checkpoint)
    }

    /// Runs what the checkpoint lacks, and enters what was found. `watch` is called after
    /// each unit, and ends the job by saying false. Returns whether it was let go on to the end.
    pub fn resume(&self, properties: &[&Property], checkpoint: &mut Checkpoint, watch: &Watch) -> bool {
        for size in self.sizes.clone() {
            if !self.run_size(size, properties, checkpoint, watch) {
                return false;
            }
            let found = checkpoint.found_up_to(size);
            if self.stop_at_first && found {
                break;
            }
        }
        true
    }

    /// What a checkpoint says of the job.
    pub fn report(&self, checkpoint: &Checkpoint) -> Report {
        let mut sizes = self.sizes.clone();
        let found = sizes.find(|size| self.stop_at_first && checkpoint.found_up_to(*size));
        checkpoint.report(&self.limits, found.unwrap_or(*self.sizes.end()))
    }

    /// Monitors for properties.
    pub(super) fn monitors(&self, properties: &[&Property]) -> Monitors {
        monitors_of(self.book, properties)
    }

    /// A machine for programs of a size with parts left open, up to so many of them on top of each other.
    fn machine(&self, size: usize, stacked: usize) -> Machine {
        Machine::with_engine(self.book, with_room(self.limits, size, stacked), self.engine)
    }

    fn run_size(
        &self,
        size: usize,
        properties: &[&Property],
        checkpoint: &mut Checkpoint,
        watch: &Watch,
    ) -> bool {
        let plan = Plan::new(self, size, properties);
        checkpoint.open(size, plan.units.len());
        let mine = |unit: &usize| unit % self.shard.1 == self.shard.0;
        let todo: Vec<usize> =
            (0..plan.units.len()).filter(mine).filter(|u| !checkpoint.has(size, *u)).collect();
        let next = AtomicUsize::new(0);
        let stopped = AtomicBool::new(false);
        let (total, before) = (plan.units.len(), plan.units.len() - todo.len());
        let shared = Mutex::new((checkpoint, before));
        let work = || {
            let mut worker = None;
            while let Some(unit) = todo.get(next.fetch_add(1, Ordering::Relaxed)) {
                if stopped.load(Ordering::Relaxed) {
                    return;
                }
                let make = |general| Worker::new(self, &plan, properties, general);
                let counts = worker.get_or_insert_with(|| make(false)).run(&plan.units[*unit]);
                let (worker, counts) = match counts {
                    Ok(counts) => (worker.get_or_insert_with(|| make(false)), counts),
                    // A book by which a closed program has choices, or by which rules look below frames: a shared
                    // exploration of whole states tells them.
                    Err(Unsuitable) => {
                        let general = worker.insert(make(true));
                        let counts = general.run(&plan.units[*unit]).unwrap_or_default();
                        (general, counts)
                    }
                };
                let mut shared = shared.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                let (checkpoint, done) = &mut *shared;
                checkpoint.enter(size, *unit, &counts, worker.outcomes());
                *done += 1;
                if !watch(Progress { size, done: *done, total }, checkpoint) {
                    stopped.store(true, Ordering::Relaxed);
                }
            }
        };
        in_threads(self.threads.min(todo.len()), &work);
        !stopped.into_inner()
    }
}

/// Calls `work` once in each of so many threads.
fn in_threads(threads: usize, work: &(dyn Fn() + Sync)) {
    match rayon::ThreadPoolBuilder::new().num_threads(threads).stack_size(STACK).build() {
        Ok(pool) if threads > 1 => {
            pool.broadcast(|_| work());
        }
        _ => work(),
    }
}

/// Functions over terms and programs recurse.
const STACK: usize = 64 << 20;

/// A size's work.
#[derive(Debug)]
struct Plan {
    size: usize,
    contents: Contents,
    root: HoleId,
    units: Units,
}

impl Plan {
    fn new(job: &Exhaustive, size: usize, properties: &[&Property]) -> Plan {
        let (contents, root) = match job.engine {
            Engine::Compiled => Contents::new(job.fragment, size),
            Engine::Reference => Contents::new(job.fragment, 1),
        };
        let mut plan = Plan { size, contents, root, units: Units::default() };
        let paths = |properties: &[&Property]| {
            let local = (!job.fragment.is_open()).then(|| local(job, &plan, properties).pieces());
            let general = || {
                let mut worker = Narrow::new(&plan.contents, root);
                let states = Parted::whole(job.machine(size, 1));
                worker.pieces(&mut shared(job, &plan.contents, states, properties))
            };
            local.and_then(Result::ok).unwrap_or_else(general)
        };
        plan.units = match (job.engine, job.method) {
            (Engine::Compiled, Method::Narrow) => Units::paths(paths(properties)),
            (Engine::Compiled, Method::Summarise) if job.fragment.is_open() => {
                Units::paths(paths(properties))
            }
            (Engine::Compiled, Method::Summarise) => match rest(properties).as_slice() {
                [] => Units::summaries(Vec::new()),
                rest => Units::summaries(paths(rest)),
            },
            _ => Units::ranges(Enumeration::new(job.fragment).count(size)),
        };
        plan
    }
}

/// The properties that summaries are not for.
fn rest<'p>(properties: &[&'p Property]) -> Vec<&'p Property> {
    properties.iter().copied().filter(|property| !composes(property)).collect()
}

fn shared<'a>(
    job: &Exhaustive,
    contents: &'a Contents,
    states: Parted,
    properties: &[&Property],
) -> SharedExploration<'a> {
    let globals = job.fragment.globals(job.book);
    SharedExploration::new(contents, states, job.monitors(properties), globals)
}

fn local<'a>(job: &Exhaustive, plan: &'a Plan, properties: &[&Property]) -> Local<'a> {
    let globals = job.fragment.globals(job.book);
    // The part that control is in stands on top of those around it.
    let machine = job.machine(plan.size, plan.size + 1);
    Local::new(&plan.contents, (plan.root, plan.size), machine, job.monitors(properties), &globals)
}

/// What one thread keeps.
struct Worker<'a> {
    way: Way<'a>,
    /// For programs that are run as a whole, and the outcomes met so in a job that runs all of them so.
    whole: (Whole<'a>, Vec<String>),
    plan: &'a Plan,
    properties: usize,
}

/// Summaries for the properties that they are for, and narrowing for the others: each with the places of its
/// properties among all.
struct Split<'a> {
    composed: (Local<'a>, Vec<usize>),
    rest: (Local<'a>, Whole<'a>, Vec<usize>),
}

enum Way<'a> {
    Local(Box<Local<'a>>),
    Split(Box<Split<'a>>),
    Whole,
    Each(Box<(SharedExploration<'a>, Each<'a>)>, usize),
    Narrow(Box<(SharedExploration<'a>, Narrow<'a>)>, usize),
}

impl<'a> Worker<'a> {
    fn new(job: &'a Exhaustive, plan: &'a Plan, properties: &'a [&'a Property], general: bool) -> Worker<'a> {
        let memory = job.memory / job.threads.max(1);
        let shared = |states: Parted| shared(job, &plan.contents, states, properties);
        // That the frames of the core's statements tell them apart was found of the book as it is built in, and two changes of
        // the rules of `while` make them equal: states cut at different places would be counted twice.
        let whole =
            general || job.fragment == Fragment::Core && (job.book.is_mutant() || !job.book.is_proven());
        let states = || match whole {
            true => Parted::whole(job.machine(plan.size, 1)),
            // In two parts, the part that control is in stands on top of those around it.
            false => Parted::new(job.machine(plan.size, plan.size + 1)),
        };
        let way = match (job.engine, job.method) {
            (Engine::Compiled, Method::Summarise) if !job.fragment.is_open() && !general => {
                let split = |whether: bool| {
                    let places = (0..properties.len()).filter(|at| composes(properties[*at]) == whether);
                    let places: Vec<usize> = places.collect();
                    let watched: Vec<&Property> = places.iter().map(|at| properties[*at]).collect();
                    (local(job, plan, &watched), watched, places)
                };
                let (local, _, places) = split(true);
                let composed = (local, places);
                let (local, watched, places) = split(false);
                let rest = (local, Whole::new(job, plan.size, watched), places);
                Way::Split(Box::new(Split { composed, rest }))
            }
            (Engine::Compiled, _) if !job.fragment.is_open() && !general => {
                Way::Local(Box::new(local(job, plan, properties)))
            }
            (Engine::Reference, _) => Way::Whole,
            (_, Method::Enumerate) => {
                Way::Each(Box::new((shared(states()), Each::new(&plan.contents, plan.root))), memory)
            }
            (_, Method::Narrow | Method::Summarise) => {
                Way::Narrow(Box::new((shared(states()), Narrow::new(&plan.contents, plan.root))), memory)
            }
        };
        let whole = (Whole::new(job, plan.size, properties.to_vec()), Vec::new());
        Worker { way, whole, plan, properties: properties.len() }
    }

    fn run(&mut self, unit: &Unit) -> Result<Counts, Unsuitable> {
        let mut counts = Counts::new(self.properties);
        let (whole, outcomes) = &mut self.whole;
        match (&mut self.way, unit) {
            (Way::Local(local), Unit::Range { first, count }) => {
                let plan = self.plan;
                each_local(local, (&plan.contents, plan.root), (*first, *count), whole, &mut counts)?;
            }
            (Way::Local(local), Unit::Path(path)) => local.narrow(path, whole, &mut counts)?,
            (Way::Split(split), Unit::Summaries) => {
                let (local, places) = &mut split.composed;
                let found = summarise(local, &self.plan.contents, self.plan.root, places.len())?;
                counts = found.of_properties(places, self.properties);
            }
            (Way::Split(split), Unit::Rest(path)) => {
                let (local, whole, places) = &mut split.rest;
                let mut found = Counts::new(places.len());
                local.narrow(path, whole, &mut found)?;
                counts = found.verdicts().of_properties(places, self.properties);
            }
            (Way::Whole, Unit::Range { first, count }) => {
                (*first..first + count).for_each(|rank| whole.check(rank, outcomes, &mut counts));
            }
            (Way::Each(worker, memory), Unit::Range { first, count }) => {
                let (shared, each) = &mut **worker;
                each.run(shared, (*first, *count), *memory, whole, &mut counts)?;
            }
            (Way::Narrow(worker, memory), Unit::Path(path)) => {
                let (shared, narrow) = &mut **worker;
                narrow.run(shared, path, *memory, whole, &mut counts)?;
            }
            // Where the rules make summaries impossible, all programs are covered at once.
            (Way::Narrow(worker, memory), Unit::Summaries) => {
                let (shared, narrow) = &mut **worker;
                narrow.run(shared, &[], *memory, whole, &mut counts)?;
            }
            (Way::Narrow(worker, memory), Unit::Rest(path)) => {
                let (shared, narrow) = &mut **worker;
                narrow.run(shared, path, *memory, whole, &mut counts)?;
                counts = counts.verdicts();
            }
            _ => unreachable!("units are made for the way in which they are run"),
        }
        Ok(counts)
    }

    fn outcomes(&self) -> &[String] {
        match &self.way {
            Way::Local(local) => local.outcomes(),
            Way::Split(split) => split.composed.0.outcomes(),
            Way::Whole => &self.whole.1,
            Way::Each(worker, _) => worker.0.outcomes(),
            Way::Narrow(worker, _) => worker.0.outcomes(),
        }
    }
}

impl Fragment {
    #[doc(hidden)]
    /// The global names of the fragment's programs, for a book.
    pub fn globals(self, book: &Book) -> Term {
        let class = |name: &str| {
            let mut builder = Builder::default();
            let id = book.hierarchy.class_value(name, &mut builder);
            id.map(|id| builder.finish(id))
        };
        let exception = class("Exception").unwrap_or_else(|| {
            let mut builder = Builder::default();
            let none = builder.atom("none");
            builder.finish(none)
        });
        match self {
            // Some versions have nothing above Exception.
            Fragment::Core | Fragment::Closed => {
                crate::check::core::globals(&exception, class("BaseException").as_ref())
            }
            Fragment::J | Fragment::Jn => crate::check::core::globals_for_comparisons(&exception),
        }
    }
}
