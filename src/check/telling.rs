//! Programs that tell versions of Python apart, and what of the book makes the difference.
//!
//! What is switched is a mutant of the book: one gate of it is decided as another version decides it. A program that does something
//! else then shows that gate; a gate that no program shows is idle.

use std::collections::HashMap;

use crate::book::Book;
use crate::book::edition::{Change, Edition, Switch, changes};
use crate::book::litmus::Litmus;
use crate::book::version::Version;
use crate::check::core::Core;
use crate::check::did::{Did, Runner};
use crate::check::enumerate::{Enumeration, Fragment};
use crate::check::litmus::load_litmus;
use crate::check::program::as_file;
use crate::check::workers::{in_order, pool};
use crate::diagnostic::Diagnostic;
use crate::limits::Limits;
use crate::machine::Engine;
use crate::python::print;
use crate::python::{LoadOptions, Program, load};

/// A program that may tell versions apart.
#[derive(Debug, Clone)]
pub struct Sample {
    /// Its lines.
    pub size: usize,
    /// Its text.
    pub source: String,
    /// How it is loaded.
    pub kind: Kind,
}

/// How a program is loaded.
#[derive(Debug, Clone)]
pub enum Kind {
    /// As it is run.
    Run,
    /// As one of the control core, all of whose paths are followed.
    Core(Core),
    /// As the litmus program that it is.
    Litmus(Box<Litmus>),
}

impl Sample {
    /// A program that is run.
    pub fn run(source: String) -> Sample {
        Sample { size: lines(&source), source, kind: Kind::Run }
    }

    /// The litmus program of the book with this text.
    pub fn litmus(litmus: &Litmus) -> Sample {
        let source = litmus.program.clone();
        Sample { size: lines(&source), source, kind: Kind::Litmus(Box::new(litmus.clone())) }
    }

    /// The programs of the control core of a size.
    pub fn of_core(size: usize) -> Vec<Sample> {
        let programs = Enumeration::new(Fragment::Core);
        let cores = (0..programs.count(size)).filter_map(|index| programs.core(size, index));
        let sample = |core: Core| {
            let source = print::program(&core.term());
            Sample { size: lines(&source), source, kind: Kind::Core(core) }
        };
        cores.map(sample).collect()
    }

    /// The program as a book loads it.
    ///
    /// # Errors
    /// The book's version does not read it, or something in it is not modelled.
    pub fn load(&self, book: &Book, options: &LoadOptions) -> Result<Program, Diagnostic> {
        match &self.kind {
            Kind::Run => load("program.py", self.source.as_bytes(), options),
            Kind::Core(core) => as_file(book, Fragment::Core, &core.term()).map(|subject| subject.program),
            Kind::Litmus(litmus) => load_litmus(book, litmus),
        }
    }
}

/// The lines of a text that are not empty.
fn lines(source: &str) -> usize {
    source.lines().filter(|line| !line.trim().is_empty()).count()
}

/// A book, and what many programs need to be run under it.
struct Tester<'b> {
    book: &'b Book,
    options: LoadOptions,
    runner: Runner,
}

/// Programs that tell versions apart are small; one that goes further is not compared.
pub const LIMITS: Limits = Limits {
    states: 20_000,
    activations: 1001,
    depth: 40_000,
    nodes: u64::MAX,
    steps: 300_000,
    terms: 400_000,
    members: 1_000_000,
    memory: 1 << 30,
    turns: None,
    tentative: false,
};

impl<'b> Tester<'b> {
    fn new(book: &'b Book) -> Tester<'b> {
        let options = LoadOptions { objects: true, ..LoadOptions::of(book) };
        let runner = Runner::new(book, LIMITS, Engine::default());
        Tester { book, options, runner }
    }

    fn did(&mut self, sample: &Sample) -> Did {
        let program = sample.load(self.book, &self.options);
        self.runner.did(&program)
    }
}

/// What versions do with one program: what is done, each once, and for each version which of it.
#[derive(Debug, Clone, Default)]
pub struct Told {
    /// What is done.
    pub dids: Vec<Did>,
    /// For each version the place of what it does.
    pub of: Vec<usize>,
}

impl Told {
    fn add(&mut self, did: Did) {
        let known = self.dids.iter().position(|other| *other == did);
        self.of.push(known.unwrap_or(self.dids.len()));
        if known.is_none() {
            self.dids.push(did);
        }
    }

    /// What a version does, by its place.
    pub fn did(&self, version: usize) -> &Did {
        &self.dids[self.of[version]]
    }

    /// Whether two versions, by their places, do something else.
    pub fn tells(&self, one: usize, other: usize) -> bool {
        let known = |place: usize| !matches!(self.did(place), Did::Open(_));
        self.of[one] != self.of[other] && known(one) && known(other)
    }
}

/// Programs that one thread runs at a time.
const CHUNK: usize = 400;

/// What books do with programs.
pub fn told(books: &[Book], samples: &[Sample], threads: usize) -> Vec<Told> {
    let chunk = samples.len().div_ceil(4 * threads.max(1)).clamp(1, CHUNK);
    let chunks: Vec<&[Sample]> = samples.chunks(chunk).collect();
    let work = |number: usize| {
        let mut testers: Vec<Tester> = books.iter().map(Tester::new).collect();
        let tell = |sample: &Sample| {
            let mut told = Told::default();
            testers.iter_mut().for_each(|tester| told.add(tester.did(sample)));
            told
        };
        chunks[number].iter().map(tell).collect::<Vec<_>>()
    };
    let mut found = Vec::with_capacity(samples.len());
    let taken: Result<(), ()> = in_order(pool(threads).as_ref(), chunks.len(), work, |told| {
        found.extend(told);
        Ok(())
    });
    debug_assert!(taken.is_ok());
    found
}

/// Reads the book for an edition.
pub type Read<'a> = &'a (dyn Fn(Edition) -> Result<Book, Diagnostic> + Sync);

/// Programs that are tried for one change, and of those that look alike.
const TRIED: usize = 400;
const ALIKE: usize = 5;

/// Which programs are looked for.
#[derive(Debug, Clone, Copy)]
pub struct Sought {
    /// Of the shapes of the book, those of up to so many parts.
    pub parts: usize,
    /// Of the control core, those up to this size.
    pub core: usize,
    /// Whether the litmus programs of the book are among them.
    pub litmus: bool,
}

/// What versions do with programs, and what changes between neighbours of them.
#[derive(Debug)]
pub struct Survey {
    /// The versions, the oldest first.
    pub versions: Vec<Version>,
    /// The programs.
    pub samples: Vec<Sample>,
    /// What each version does with each.
    pub told: Vec<Told>,
    /// What changes.
    pub changes: Vec<Change>,
    /// For each change the smallest program that shows it, by its place.
    pub shown: Vec<Option<usize>>,
}

impl Survey {
    /// The programs, run under each version, and the changes that they show.
    ///
    /// # Errors
    /// A version that the book does not read, or more programs than can be run.
    pub fn of(
        versions: &[Version],
        sought: Sought,
        read: Read,
        threads: usize,
    ) -> Result<Survey, Diagnostic> {
        let survey = Survey::run(versions, sought, read, threads)?;
        let shown = shown(&survey.changes, (&survey.samples, &survey.told), versions, read, threads);
        Ok(Survey { shown, ..survey })
    }

    /// The programs, run under each version.
    ///
    /// # Errors
    /// A version that the book does not read, or more programs than can be run.
    pub fn run(
        versions: &[Version],
        sought: Sought,
        read: Read,
        threads: usize,
    ) -> Result<Survey, Diagnostic> {
        let books = versions.iter().map(|version| read((*version).into())).collect::<Result<Vec<_>, _>>()?;
        let Some(newest) = books.last() else {
            return Err(Diagnostic::new("there is no version", "--python"));
        };
        admit(newest, sought)?;
        let changes = changes(&newest.chapters, versions);
        let samples = samples(newest, sought, &changes);
        let told = told(&books, &samples, threads);
        Ok(Survey { versions: versions.to_vec(), samples, told, changes, shown: Vec::new() })
    }

    /// How many of the programs tell two versions apart, by their places.
    pub fn telling(&self, one: usize, other: usize) -> usize {
        self.told.iter().filter(|told| told.tells(one, other)).count()
    }

    /// The groups of versions that do the same with a program.
    pub fn groups(&self, sample: usize) -> Vec<(&Did, Vec<Version>)> {
        let told = &self.told[sample];
        let group = |place: usize| {
            let own = self.versions.iter().zip(&told.of).filter(|(_, of)| **of == place);
            (&told.dids[place], own.map(|(version, _)| *version).collect())
        };
        (0..told.dids.len()).map(group).collect()
    }
}

/// A line that asks for a class.
fn asking(name: &str) -> String {
    format!("print({name}.__name__ + \" \" + {name}.__bases__[0].__name__)\n")
}

/// More programs than this are not run.
const MOST: u128 = 2_000_000;

/// Refuses to look for more programs than can be run.
fn admit(book: &Book, sought: Sought) -> Result<(), Diagnostic> {
    let core = Enumeration::new(Fragment::Core);
    let counts = (1..=sought.core).map(|size| core.count(size));
    few_enough(counts.chain((1..=sought.parts).map(|parts| book.shapes.count(PROGRAMS, parts))))
}

/// Refuses counts of programs that are more than can be run one by one.
///
/// # Errors
/// When they are.
pub fn few_enough(counts: impl Iterator<Item = u128>) -> Result<(), Diagnostic> {
    let mut total: u128 = 0;
    for count in counts {
        total = total.saturating_add(count);
        if total > MOST {
            let title = format!("there are more than {MOST} programs of these sizes");
            return Err(Diagnostic::new(title, "the programs that are tried").help("name a smaller size"));
        }
    }
    Ok(())
}

/// The name of the shapes that tell versions apart.
const PROGRAMS: &str = "program";

fn samples(book: &Book, sought: Sought, changes: &[Change]) -> Vec<Sample> {
    let shapes = (1..=sought.parts).flat_map(|parts| book.shapes.programs(PROGRAMS, parts)).map(Sample::run);
    let classes = changes.iter().filter_map(|change| match &change.switch {
        Switch::Class(name) => Some(Sample::run(asking(name))),
        _ => None,
    });
    let core = (1..=sought.core).flat_map(Sample::of_core);
    let litmus = book.litmus().iter().filter(|_| sought.litmus).map(Sample::litmus);
    shapes.chain(classes).chain(core).chain(litmus).collect()
}

/// For each change the smallest program that shows it, by its place among the samples: with the change switched, one of the two
/// versions does something else. `told` says what `versions` do with the samples.
fn shown(
    changes: &[Change],
    (samples, told): (&[Sample], &[Told]),
    versions: &[Version],
    read: Read,
    threads: usize,
) -> Vec<Option<usize>> {
    let mut order: Vec<usize> = (0..samples.len()).filter(|at| told[*at].dids.len() > 1).collect();
    order.sort_by_key(|at| (samples[*at].size, samples[*at].source.len(), *at));
    let one = |number: usize| {
        let change = &changes[number];
        let place = |version| versions.iter().position(|other| *other == version);
        let pair = [place(change.older)?, place(change.newer)?];
        let tried = candidates(&order, told, pair);
        let switches = [(pair[1], change.newer, change.older), (pair[0], change.older, change.newer)];
        // The smallest counts, whichever of the two versions shows it.
        let mut readable = false;
        let mut shows = |(at, version, other)| {
            let edition = Edition { version, switched: Some((change.switch.clone(), other)) };
            let book = read(edition).ok()?;
            readable = true;
            let mut tester = Tester::new(&book);
            let differs = |sample: &&usize| {
                let did = tester.did(&samples[**sample]);
                !matches!(did, Did::Open(_)) && did != *told[**sample].did(at)
            };
            tried.iter().find(differs).copied()
        };
        let found: Vec<usize> = switches.into_iter().filter_map(&mut shows).collect();
        // What others rest on cannot be switched by itself: the line that asks for it has to tell.
        if !readable && let Switch::Class(name) = &change.switch {
            return tried.iter().find(|at| samples[**at].source == asking(name)).copied();
        }
        found.into_iter().min_by_key(|at| order.iter().position(|other| other == at))
    };
    let mut found = Vec::with_capacity(changes.len());
    let taken: Result<(), ()> = in_order(pool(threads).as_ref(), changes.len(), one, |shown| {
        found.push(shown);
        Ok(())
    });
    debug_assert!(taken.is_ok());
    found
}

/// The samples that tell two versions apart, the smallest first, few of those that look alike.
fn candidates(order: &[usize], told: &[Told], [older, newer]: [usize; 2]) -> Vec<usize> {
    let mut alike: HashMap<[&Did; 2], usize> = HashMap::new();
    let mut new = |at: &&usize| {
        let told = &told[**at];
        let count = alike.entry([told.did(older), told.did(newer)]).or_default();
        *count += 1;
        *count <= ALIKE
    };
    let telling = order.iter().filter(|at| told[**at].tells(older, newer));
    telling.filter(|at| new(at)).take(TRIED).copied().collect()
}
