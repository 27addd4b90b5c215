//! At which level two programs do the same.

use crate::book::Book;
use crate::check::program::Subject;
use crate::limits::{LimitReached, Limits};
use crate::machine::stepper::Fault;
use crate::machine::{Engine, Machine};
use crate::prove::equivalence::Level;
use crate::prove::equivalence::search::{Compared, Difference, Outcome, compare};
use crate::prove::equivalence::stand::Stands;

/// How two programs are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct View {
    /// Whether the functions are called while some exception is being handled.
    pub handling: bool,
    /// Whether the state holds where control is, so that tracebacks have entries.
    pub places: bool,
}

/// What two programs were found to be.
#[derive(Debug)]
pub struct Judged {
    /// The finest level at which they do the same; none where they do not.
    pub level: Option<Level>,
    /// Pairs of states that were looked at.
    pub pairs: usize,
    /// Where they part at the next level.
    pub parted: Option<Parted>,
    /// The limit behind which it is not known whether they part at the next level.
    pub limit: Option<LimitReached>,
}

/// Where two programs part.
#[derive(Debug)]
pub struct Parted {
    /// The level at which they do.
    pub level: Level,
    /// The programs, each with its entry.
    pub subjects: [Subject; 2],
    /// How; in the terms of the machine that has followed them.
    pub difference: Difference,
}

/// Why two programs cannot be compared.
#[derive(Debug)]
pub enum Failed<E> {
    /// They cannot be loaded.
    Load(E),
    /// The rules fail.
    Rules(Fault),
}

/// What two programs are seen by: the rules, and what they were found to do.
#[derive(Debug)]
pub struct Judge {
    limits: Limits,
    machine: Machine,
    stands: Stands,
}

/// What was found at one level.
enum At {
    Same,
    Parted(Box<Parted>),
    Limit(LimitReached),
}

impl Judge {
    /// One who goes by the rules of a book.
    pub fn new(book: &Book, limits: Limits, engine: Engine) -> Judge {
        let machine = Machine::with_engine(book, limits, engine);
        Judge { limits, machine, stands: Stands::default() }
    }

    /// The machine that has followed the programs.
    pub fn machine(&mut self) -> &mut Machine {
        &mut self.machine
    }

    /// Finds the finest level at which two programs do the same. `load` gives them as they are seen in one way; `asks` says whether one of
    /// them may ask for what is being handled around it. Where neither does, it makes no difference what that is: to both it is the context
    /// of what they raise while they handle nothing themselves. What was found of other programs before means nothing afterwards.
    ///
    /// # Errors
    /// They cannot be loaded, or the rules fail.
    pub fn judge<E>(
        &mut self,
        asks: bool,
        load: &dyn Fn(View) -> Result<[Subject; 2], E>,
    ) -> Result<Judged, Failed<E>> {
        if self.machine.forget_above(self.limits.terms) {
            self.stands = Stands::default();
        }
        let (mut pairs, mut parted, mut limit) = (0, None, None);
        // Most pairs do the same at all levels, or part early at each.
        for level in Level::ALL.into_iter().rev() {
            match self.at(level, asks, load, &mut pairs)? {
                At::Same => return Ok(Judged { level: Some(level), pairs, parted, limit }),
                At::Limit(reached) => (parted, limit) = (None, Some(reached)),
                At::Parted(found) => (parted, limit) = (Some(*found), None),
            }
        }
        Ok(Judged { level: None, pairs, parted, limit })
    }

    /// Whether they do the same at a level: where nothing is being handled around them, and where something is.
    fn at<E>(
        &mut self,
        level: Level,
        asks: bool,
        load: &dyn Fn(View) -> Result<[Subject; 2], E>,
        pairs: &mut usize,
    ) -> Result<At, Failed<E>> {
        for handling in [false, true].into_iter().take(1 + usize::from(asks)) {
            let view = View { handling, places: level == Level::Traceback };
            let subjects = load(view).map_err(Failed::Load)?;
            let starts = subjects.each_ref().map(|subject| {
                let program = &subject.program;
                self.machine.start(&program.body, &program.globals)
            });
            let entries = subjects.each_ref().map(|subject| subject.entry.as_deref().unwrap_or_default());
            let entries = entries.map(|entry| entry.rsplit('.').next().unwrap_or_default());
            let [one, other] =
                subjects.each_ref().map(|subject| (&subject.program.name, &subject.program.source));
            let functions = one == other;
            let compared = Compared { starts, level, entries, functions, most: self.limits.states };
            match compare(&mut self.machine, &mut self.stands, &compared) {
                Ok(Outcome::Equal(found)) => *pairs += found,
                Ok(Outcome::Different(difference)) => {
                    *pairs += difference.pairs;
                    return Ok(At::Parted(Box::new(Parted { level, subjects, difference })));
                }
                Err(Fault::Limit(name)) => return Ok(At::Limit(self.limits.reached(name))),
                Err(fault) => return Err(Failed::Rules(fault)),
            }
        }
        Ok(At::Same)
    }
}
