//! Checking every program up to a size.

use std::ops::RangeInclusive;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use super::enumerate::{Enumeration, Fragment};
use super::monitor::Monitors;
use super::product::{Findings, Search};
use super::verdict::{Coverage, Verdict};
use crate::limits::{LimitReached, Limits};
use crate::machine::Machine;
use crate::spec::Book;
use crate::spec::property::Property;
use crate::term::{Builder, Term};

/// A program by its size and number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ProgramId {
    /// Its size.
    pub size: usize,
    /// Its number among the programs of that size.
    pub index: u128,
}

/// A job of exhaustive checking.
#[derive(Debug)]
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
}

/// How far a job has come.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// The size being checked.
    pub size: usize,
    /// Programs done, of all sizes.
    pub done: u64,
    /// Programs to do, of all sizes.
    pub total: u64,
}

/// What a job found.
#[derive(Debug, Clone)]
pub struct Report {
    /// What was run.
    pub coverage: Coverage,
    /// For each property, in the order given: the smallest program that breaks it.
    pub verdicts: Vec<Verdict<ProgramId>>,
    /// The first program on which the rules fail.
    pub breakdown: Option<ProgramId>,
    /// The largest size that was run; smaller than asked for where the job stopped early.
    pub last: usize,
}

/// Programs that a thread takes at a time.
const CHUNK: u128 = 512;

impl Exhaustive<'_> {
    /// How many programs the job has.
    pub fn total(&self) -> u128 {
        let programs = Enumeration::new(self.fragment);
        self.sizes.clone().map(|size| programs.count(size)).sum()
    }

    /// Runs the job, smallest programs first. `progress` is called now and then.
    pub fn run(&self, properties: &[&Property], progress: &(dyn Fn(Progress) + Sync)) -> Report {
        let mut report = Report {
            coverage: Coverage::default(),
            verdicts: vec![Verdict::Holds; properties.len()],
            breakdown: None,
            last: 0,
        };
        let total = u64::try_from(self.total()).unwrap_or(u64::MAX);
        let done = AtomicU64::new(0);
        for size in self.sizes.clone() {
            let open: Vec<usize> = (0..properties.len())
                .filter(|index| !matches!(report.verdicts[*index], Verdict::Refuted(_)))
                .collect();
            let ticked = |programs: u64| {
                let done = done.fetch_add(programs, Ordering::Relaxed) + programs;
                progress(Progress { size, done, total });
            };
            let watched: Vec<&Property> = open.iter().map(|index| properties[*index]).collect();
            let found = self.run_size(size, &watched, &ticked);
            report.merge(found, &open);
            let refuted = report.verdicts.iter().any(|v| matches!(v, Verdict::Refuted(_)));
            if self.stop_at_first && (refuted || report.breakdown.is_some()) {
                break;
            }
        }
        report
    }

    fn run_size(&self, size: usize, properties: &[&Property], ticked: &(dyn Fn(u64) + Sync)) -> Report {
        let count = Enumeration::new(self.fragment).count(size);
        let next = AtomicU64::new(0);
        let merged = Mutex::new(Report {
            coverage: Coverage::default(),
            verdicts: vec![Verdict::Holds; properties.len()],
            breakdown: None,
            last: size,
        });
        let places: Vec<usize> = (0..properties.len()).collect();
        let work = || {
            let mut worker = Worker::new(self, size, properties);
            loop {
                let first = u128::from(next.fetch_add(1, Ordering::Relaxed)) * CHUNK;
                if first >= count {
                    break;
                }
                let end = (first + CHUNK).min(count);
                for index in first..end {
                    worker.check(index);
                }
                ticked((end - first) as u64);
            }
            if let Ok(mut merged) = merged.lock() {
                merged.merge(worker.report, &places);
            }
        };
        let helpers = self.threads.min(count.div_ceil(CHUNK) as usize).saturating_sub(1);
        std::thread::scope(|scope| {
            for _ in 0..helpers {
                scope.spawn(work);
            }
            work();
        });
        merged.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Report {
    /// Adds what another part of the job found; `places` are its properties' indices here.
    fn merge(&mut self, other: Report, places: &[usize]) {
        self.coverage.add(&other.coverage);
        self.last = self.last.max(other.last);
        self.breakdown = [self.breakdown, other.breakdown].into_iter().flatten().min();
        for (place, verdict) in places.iter().zip(other.verdicts) {
            let mine = &mut self.verdicts[*place];
            *mine = match (mine.clone(), verdict) {
                (Verdict::Refuted(a), Verdict::Refuted(b)) => Verdict::Refuted(a.min(b)),
                (Verdict::Refuted(a), _) | (_, Verdict::Refuted(a)) => Verdict::Refuted(a),
                (Verdict::Unknown(limit), _) | (_, Verdict::Unknown(limit)) => Verdict::Unknown(limit),
                (Verdict::Holds, Verdict::Holds) => Verdict::Holds,
            };
        }
    }
}

/// What one thread keeps.
struct Worker {
    programs: Enumeration,
    globals: Term,
    machine: Machine,
    monitors: Monitors,
    search: Search,
    size: usize,
    terms: usize,
    report: Report,
}

impl Worker {
    fn new(job: &Exhaustive, size: usize, properties: &[&Property]) -> Worker {
        let programs = Enumeration::new(job.fragment);
        let watched: Vec<_> = properties.iter().map(|property| (*property, None)).collect();
        Worker {
            globals: core_globals(job.book),
            programs,
            machine: Machine::new(job.book, job.limits),
            monitors: Monitors::new(&job.book.grammar, &watched),
            search: Search::default(),
            size,
            terms: job.limits.terms,
            report: Report {
                coverage: Coverage::default(),
                verdicts: vec![Verdict::Holds; properties.len()],
                breakdown: None,
                last: size,
            },
        }
    }

    fn check(&mut self, index: u128) {
        let Some(body) = self.programs.program(self.size, index) else { return };
        if self.machine.forget_above(self.terms) {
            self.monitors.forget();
        }
        let initial = self.machine.start(&body, &self.globals);
        let findings = self.search.run(&mut self.machine, &mut self.monitors, initial);
        self.record(ProgramId { size: self.size, index }, findings);
    }

    fn record(&mut self, program: ProgramId, findings: Findings) {
        self.report.coverage.add(&Coverage {
            programs: 1,
            states: findings.states,
            steps: findings.steps,
            paths: findings.paths,
        });
        if findings.breakdown.is_some() {
            self.report.breakdown.get_or_insert(program);
        }
        if let Some(limit) = findings.limit {
            self.report.give_up(&limit);
        }
        for refutation in findings.refutations {
            let verdict = &mut self.report.verdicts[refutation.property];
            if !matches!(verdict, Verdict::Refuted(_)) {
                *verdict = Verdict::Refuted(program);
            }
        }
    }
}

impl Report {
    fn give_up(&mut self, limit: &LimitReached) {
        for verdict in &mut self.verdicts {
            if *verdict == Verdict::Holds {
                *verdict = Verdict::Unknown(limit.clone());
            }
        }
    }
}

/// The global names of core programs, for a book.
pub fn core_globals(book: &Book) -> Term {
    let class = |name: &str| {
        let mut builder = Builder::default();
        let id = match book.hierarchy.class_value(name, &mut builder) {
            Some(id) => id,
            None => builder.atom("none"),
        };
        builder.finish(id)
    };
    crate::core::globals(&class("Exception"), &class("BaseException"))
}
