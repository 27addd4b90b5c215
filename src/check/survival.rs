//! What tells mutants from the right rules: the theorems on small programs, and the litmus programs.

use std::fmt;

use crate::book::Book;
use crate::book::litmus::Litmus;
use crate::book::property::{Kind, Property};
use crate::check::exhaustive::Exhaustive;
use crate::check::litmus::{Observed, limits_for, load_litmus, observe};
use crate::check::mutate::Mutant;
use crate::check::verdict::Verdict;
use crate::diagnostic::Diagnostic;
use crate::limits::Limits;
use crate::machine::stepper::Fault;
use crate::python::Program;

/// What tells a mutant from the right rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Killer {
    /// A theorem is refuted by a program of this size.
    Property(String, usize),
    /// No rule applies, or an impossible state is reached, in a program of this size.
    Progress(usize),
    /// A litmus program of this many statements goes other ways.
    Litmus(String, usize),
    /// Two rules apply to a state of a litmus program of this many statements.
    Determinism(String, usize),
    /// A litmus program of this many statements does not come to its end within the limits.
    Divergence(String, usize),
}

impl fmt::Display for Killer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Killer::Property(name, size) => write!(f, "property {name}, at size {size}"),
            Killer::Progress(size) => write!(f, "progress, at size {size}"),
            Killer::Litmus(name, size) => write!(f, "litmus “{name}”, at size {size}"),
            Killer::Determinism(name, size) => write!(f, "determinism, litmus “{name}”, at size {size}"),
            Killer::Divergence(name, size) => write!(f, "divergence, litmus “{name}”, at size {size}"),
        }
    }
}

/// States of a litmus program that goes deep, and would not come to its end within the limits of the others.
const MANY_STATES: usize = 100_000;

/// States of a litmus program that is tried before those with more.
const QUICK: usize = 1_000;

/// A litmus program, and what the right rules make of it.
struct Sample {
    name: String,
    chapter: String,
    /// Its statements.
    size: usize,
    program: Program,
    limits: Limits,
    expected: Observed,
}

impl Sample {
    fn new(book: &Book, litmus: &Litmus, limits: Limits) -> Result<Sample, Diagnostic> {
        let program = load_litmus(book, litmus)?;
        let size = program.body.iter().filter(|node| node.op.as_str() == "at").count();
        let (mut limits, mut expected) = (limits, observe(book, &program, limits));
        if matches!(expected.fault, Some(Fault::Limit(_))) {
            limits = limits_for(&program, Limits { states: MANY_STATES, ..limits });
            expected = observe(book, &program, limits);
        }
        let (name, chapter) = (litmus.name.clone(), book.chapter(&litmus.place).to_string());
        Ok(Sample { name, chapter, size, program, limits, expected })
    }

    /// How little it says of a rule: those say most that are quick, and in the rule's chapter, and in which it is used, or a
    /// premise keeps it from being used.
    fn distance(&self, mutant: &Mutant, chapter: &str) -> (bool, bool, u8) {
        let place = mutant.place as u32;
        let fails = self.expected.failed.iter().any(|(rule, _)| *rule == place);
        let used = self.expected.rules.contains(&place);
        let slow = self.expected.states > QUICK;
        (slow, self.chapter != chapter, u8::from(!used) + u8::from(!(used && fails)))
    }
}

/// What mutants are run against: the theorems on all programs up to a size, and the
/// litmus programs with what the right rules make of them.
pub struct Bench<'a> {
    book: &'a Book,
    theorems: Vec<&'a Property>,
    /// Smallest first.
    samples: Vec<Sample>,
    size: usize,
    limits: Limits,
}

impl<'a> Bench<'a> {
    /// Prepares the programs: sizes up to `size`, and the litmus programs of the book.
    ///
    /// # Errors
    /// A litmus program that cannot be loaded.
    pub fn new(book: &'a Book, size: usize) -> Result<Bench<'a>, Diagnostic> {
        // A mutant may loop or grow for ever; the right rules stay far below these.
        let limits = Limits { states: 4_000, activations: 12, depth: 600, ..Limits::default() };
        let samples = book.litmus().iter().map(|litmus| Sample::new(book, litmus, limits));
        let mut samples: Vec<Sample> = samples.collect::<Result<_, _>>()?;
        samples.sort_by_key(|sample| sample.size);
        let theorems =
            book.properties.iter().filter(|p| p.kind == Kind::Theorem && !p.scope.is_pair()).collect();
        Ok(Bench { book, theorems, samples, size, limits })
    }

    /// What the book itself breaks: where it breaks a theorem, every mutant would seem killed.
    pub fn base(&self) -> Option<Killer> {
        self.by_property(self.book)
    }

    /// What kills a mutant: a theorem at the smallest size that any is refuted at, else
    /// the smallest litmus program that shows a difference.
    pub fn kill(&self, mutant: &Mutant) -> Option<Killer> {
        let book = mutant.book(self.book);
        let by_property = mutant.is_of_core(self.book).then(|| self.by_property(&book)).flatten();
        by_property.or_else(|| self.by_litmus(mutant, &book))
    }

    fn by_property(&self, book: &Book) -> Option<Killer> {
        for size in 1..=self.size {
            let job = Exhaustive { limits: self.limits, ..Exhaustive::new(book, size..=size) };
            let report = job.run(&self.theorems);
            let refuted = self.theorems.iter().zip(&report.verdicts);
            for (theorem, verdict) in refuted {
                if let Verdict::Refuted(program) = verdict {
                    return Some(Killer::Property(theorem.name.clone(), program.size));
                }
            }
            if let Some(program) = report.breakdown {
                return Some(Killer::Progress(program.size));
            }
        }
        None
    }

    /// The litmus programs that a mutant is run on, the most telling first: those in which its rule's left side matches a state.
    fn samples_for(&self, mutant: &Mutant) -> impl Iterator<Item = &Sample> {
        let chapter = self.book.chapter(&self.book.rules[mutant.place].place);
        let mut samples: Vec<_> =
            self.samples.iter().filter(|sample| mutant.concerns(&sample.expected)).collect();
        samples.sort_by_key(|sample| (sample.program.objects, sample.distance(mutant, chapter)));
        samples.into_iter()
    }

    fn by_litmus(&self, mutant: &Mutant, book: &Book) -> Option<Killer> {
        for Sample { name, size, program, limits, expected, .. } in self.samples_for(mutant) {
            let observed = observe(book, program, *limits);
            if observed.ambiguous {
                return Some(Killer::Determinism(name.clone(), *size));
            }
            if matches!(observed.fault, Some(Fault::Limit(_))) && expected.fault.is_none() {
                return Some(Killer::Divergence(name.clone(), *size));
            }
            if !observed.goes_as(expected) || observed.fault != expected.fault {
                return Some(Killer::Litmus(name.clone(), *size));
            }
        }
        None
    }
}
