//! Which theorems hold under which version of Python.

use crate::book::Book;
use crate::book::property::{Kind, Property};
use crate::check::Exhaustive;
use crate::check::enumerate::{Enumeration, Fragment};
use crate::check::product::Search;
use crate::check::program::monitors_of;
use crate::check::telling::{LIMITS, Read, Sample, Survey};
use crate::check::verdict::{Coverage, Verdict};
use crate::check::workers::{in_order, pool};
use crate::diagnostic::Diagnostic;
use crate::machine::{Engine, Machine};
use crate::python::{LoadOptions, print};

/// What is said of a theorem under one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Held {
    /// It holds for all that was looked at.
    Holds,
    /// The text of the smallest program that breaks it.
    Broken(String),
    /// A limit was reached.
    Unknown(String),
}

/// The theorems of a book, each with what is said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding {
    /// The names of the theorems, in the order of the book, and what is said of each.
    pub theorems: Vec<(String, Held)>,
    /// What was covered of the core.
    pub coverage: Coverage,
    /// How many programs were looked at beside.
    pub programs: usize,
}

/// What is said of the theorems under each version of a survey: of all programs of the core up to a size, and of the programs of the
/// survey that tell versions apart.
///
/// # Errors
/// A version that the book does not read.
pub fn holdings(
    survey: &Survey,
    size: usize,
    read: Read,
    threads: usize,
) -> Result<Vec<Holding>, Diagnostic> {
    let telling = survey.samples.iter().zip(&survey.told).filter(|(_, told)| told.dids.len() > 1);
    let mut telling: Vec<&Sample> = telling.map(|(sample, _)| sample).collect();
    telling.sort_by_key(|sample| (sample.size, sample.source.len()));
    let one = |number: usize| Ok(holding(&read(survey.versions[number].into())?, size, &telling));
    let mut found = Vec::new();
    in_order(pool(threads).as_ref(), survey.versions.len(), one, |holding| {
        found.push(holding?);
        Ok(())
    })?;
    Ok(found)
}

/// Looks at all programs of the core up to a size, and at samples.
fn holding(book: &Book, size: usize, samples: &[&Sample]) -> Holding {
    let is_theorem = |property: &&Property| property.kind == Kind::Theorem && !property.scope.is_pair();
    let theorems: Vec<&Property> = book.properties.iter().filter(is_theorem).collect();
    let of_core: Vec<&Property> = theorems.iter().copied().filter(|property| !property.objects).collect();
    let report = Exhaustive::new(book, 1..=size).run(&of_core);
    let programs = Enumeration::new(Fragment::Core);
    let mut of_core = of_core.iter().zip(&report.verdicts);
    let mut held: Vec<Held> = Vec::new();
    for theorem in &theorems {
        let verdict = if theorem.objects { None } else { of_core.next().map(|(_, verdict)| verdict) };
        held.push(match verdict {
            _ if report.breakdown.is_some() => Held::Unknown("the rules fail".into()),
            Some(Verdict::Refuted(program)) => {
                let broken = programs.program(program.size, program.index);
                Held::Broken(broken.map(|term| print::program_in(&term, &book.timeline)).unwrap_or_default())
            }
            Some(Verdict::Unknown(limit)) => Held::Unknown(limit.to_string()),
            _ => Held::Holds,
        });
    }
    let mut looked_at = 0;
    for sample in samples {
        if let Some(broken) = broken(book, &theorems, sample) {
            looked_at += 1;
            for place in broken {
                if held[place] == Held::Holds {
                    held[place] = Held::Broken(sample.source.clone());
                }
            }
        }
    }
    if looked_at == 0 {
        // Of those about objects nothing ran.
        let unseen = |(theorem, held): &(&&Property, &mut Held)| theorem.objects && **held == Held::Holds;
        let nothing = "no program was looked at";
        theorems
            .iter()
            .zip(&mut held)
            .filter(unseen)
            .for_each(|(_, held)| *held = Held::Unknown(nothing.into()));
    }
    let names = theorems.iter().map(|theorem| theorem.name.clone());
    Holding { theorems: names.zip(held).collect(), coverage: report.coverage, programs: looked_at }
}

/// Which theorems a program breaks, by their places; nothing where the version does not read it, or it goes too far.
fn broken(book: &Book, theorems: &[&Property], sample: &Sample) -> Option<Vec<usize>> {
    let options = LoadOptions { objects: true, ..LoadOptions::of(book) };
    let program = sample.load(book, &options).ok()?;
    let mut monitors = monitors_of(book, theorems);
    let mut machine = Machine::with_engine(book, LIMITS, Engine::default());
    let initial = machine.start(&program.body, &program.globals);
    let findings = Search::new(1).run(&mut machine, &mut monitors, initial);
    if findings.limit.is_some() || findings.breakdown.is_some() {
        return None;
    }
    Some(findings.refutations.into_iter().map(|refutation| refutation.property).collect())
}
