//! A law held against its instances.

use num_integer::Integer;

use crate::book::Book;
use crate::book::law::Law;
use crate::machine::stepper::Fault;
use crate::prove::laws::conditions::{Facts, Instance};
use crate::prove::laws::instances::{Instances, filled};
use crate::prove::laws::meaning::{AROUND, LEVELS, Meaning, Meanings};
use crate::python::print;
use crate::term::Term;

/// What was found of a law.
#[derive(Debug, Clone)]
pub struct Instanced {
    /// How many instances were tried.
    pub tried: u64,
    /// How many there are up to the size.
    pub all: u128,
    /// At each level, for how many of them it is so what the law asks for.
    pub applied: [u64; LEVELS],
    /// At each level, for how many of these both sides do not do the same.
    pub failed: [u64; LEVELS],
    /// At each level, the first of these.
    pub counterexamples: [Option<Counterexample>; LEVELS],
    /// How many could not be followed to the end.
    pub open: u64,
}

/// An instance for which a law fails.
#[derive(Debug, Clone)]
pub struct Counterexample {
    /// The left side in Python.
    pub left: String,
    /// The right side.
    pub right: String,
    /// What is handled around both, if anything.
    pub around: Option<String>,
    /// What is seen of both, and how it comes out.
    pub way: Vec<String>,
    /// What is seen next, of the left side and of the right one.
    pub then: [String; 2],
}

/// How far instances are looked at.
#[derive(Debug, Clone, Copy)]
pub struct Extent {
    /// The size of what stands for all variables together, at most.
    pub size: usize,
    /// Instances of each size, at most: where there are more, they are taken at even distances.
    pub most: u64,
}

/// Holds a law against its instances, smallest first.
///
/// # Errors
/// A variable stands for what programs of the core do not have.
pub fn instanced(book: &Book, facts: &mut Facts, law: &Law, extent: Extent) -> Result<Instanced, String> {
    let instances = Instances::of(&book.grammar, law)?;
    let mut found = Instanced {
        tried: 0,
        all: 0,
        applied: [0; LEVELS],
        failed: [0; LEVELS],
        counterexamples: [None, None, None],
        open: 0,
    };
    for size in 0..=extent.size {
        let count = instances.count(size);
        found.all += count;
        let tried = count.min(u128::from(extent.most));
        let stride = stride(count, tried);
        for number in 0..tried {
            let Some(instance) = instances.instance(size, number * stride % count) else { continue };
            found.tried += 1;
            if found.add(facts, law, &instance).is_err() {
                found.open += 1;
            }
        }
    }
    Ok(found)
}

/// How far two instances are apart that are tried one after the other, where not all are: each variable then stands for each program about as
/// often, for the distance shares no factor with their number and is near the golden section of it.
fn stride(count: u128, tried: u128) -> u128 {
    if tried == count {
        return 1;
    }
    (count * 618 / 1000..count).find(|stride| stride.gcd(&count) == 1).unwrap_or(1)
}

impl Instanced {
    fn add(&mut self, facts: &mut Facts, law: &Law, instance: &Instance) -> Result<(), Fault> {
        let mut sides = None;
        for level in 1..=LEVELS {
            let mut applies = true;
            for asked in &law.conditions {
                applies = applies && facts.hold(asked, instance, level as u8)?;
            }
            if !applies {
                continue;
            }
            if sides.is_none() {
                let terms = [filled(&law.left, instance), filled(&law.right, instance)];
                let meanings = [facts.meaning(&terms[0])?, facts.meaning(&terms[1])?];
                sides = Some((terms, meanings));
            }
            let Some((terms, [left, right])) = &sides else { continue };
            self.applied[level - 1] += 1;
            if left.levels[level - 1] != right.levels[level - 1] {
                self.failed[level - 1] += 1;
                if self.counterexamples[level - 1].is_none() {
                    self.counterexamples[level - 1] =
                        Counterexample::of(facts.meanings(), terms, [left, right], level);
                }
            }
        }
        Ok(())
    }
}

impl Counterexample {
    fn of(
        meanings: &Meanings,
        terms: &[Term; 2],
        [left, right]: [&Meaning; 2],
        level: usize,
    ) -> Option<Counterexample> {
        let parting = left.levels[level - 1].parting(&right.levels[level - 1])?;
        let word = |word: &u32| meanings.word(*word).to_string();
        Some(Counterexample {
            left: print::statement(&terms[0], 0),
            right: print::statement(&terms[1], 0),
            around: AROUND[parting.around].map(str::to_string),
            way: parting
                .way
                .iter()
                .map(|(seen, outcome)| format!("{} {}", word(seen), word(outcome)))
                .collect(),
            then: parting.then.each_ref().map(word),
        })
    }
}
