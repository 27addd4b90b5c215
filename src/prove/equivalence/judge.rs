//! At which level two programs do the same.

use crate::book::Book;
use crate::check::program::Subject;
use crate::limits::{LimitReached, Limits};
use crate::machine::stepper::Fault;
use crate::machine::{Engine, Machine};
use crate::prove::equivalence::{Compared, Difference, Level, Outcome, compare};

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
    /// The machine that has followed them.
    pub machine: Machine,
    /// How.
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

/// Finds the finest level at which two programs do the same. `load` gives them as they are seen in one way.
///
/// # Errors
/// They cannot be loaded, or the rules fail.
pub fn judge<E>(
    book: &Book,
    limits: Limits,
    engine: Engine,
    load: &dyn Fn(View) -> Result<[Subject; 2], E>,
) -> Result<Judged, Failed<E>> {
    let mut judge = Judge { book, limits, engine, load, pairs: 0 };
    // What holds at the third level holds at those before, and few pairs part there.
    let mut parted = match judge.at(Level::Context)? {
        At::Same => return judge.last(Level::Context, Level::Traceback),
        At::Limit(limit) => return Ok(judge.judged(None, None, Some(limit))),
        At::Parted(parted) => parted,
    };
    for level in [Level::Handled, Level::Events] {
        match judge.at(level)? {
            At::Same => return Ok(judge.judged(Some(level), Some(*parted), None)),
            At::Limit(limit) => return Ok(judge.judged(None, None, Some(limit))),
            At::Parted(found) => parted = found,
        }
    }
    Ok(judge.judged(None, Some(*parted), None))
}

struct Judge<'a, E> {
    book: &'a Book,
    limits: Limits,
    engine: Engine,
    load: &'a dyn Fn(View) -> Result<[Subject; 2], E>,
    pairs: usize,
}

/// What was found at one level.
enum At {
    Same,
    Parted(Box<Parted>),
    Limit(LimitReached),
}

impl<E> Judge<'_, E> {
    fn judged(&self, level: Option<Level>, parted: Option<Parted>, limit: Option<LimitReached>) -> Judged {
        Judged { level, pairs: self.pairs, parted, limit }
    }

    /// They do the same at one level; whether they do at the next.
    fn last(&mut self, known: Level, next: Level) -> Result<Judged, Failed<E>> {
        Ok(match self.at(next)? {
            At::Same => self.judged(Some(next), None, None),
            At::Limit(limit) => self.judged(Some(known), None, Some(limit)),
            At::Parted(parted) => self.judged(Some(known), Some(*parted), None),
        })
    }

    /// Whether they do the same at a level: where nothing is being handled around them, and where something is.
    fn at(&mut self, level: Level) -> Result<At, Failed<E>> {
        for handling in [false, true] {
            let view = View { handling, places: level == Level::Traceback };
            let subjects = (self.load)(view).map_err(Failed::Load)?;
            let mut machine = Machine::with_engine(self.book, self.limits, self.engine);
            let starts = subjects.each_ref().map(|subject| {
                let program = &subject.program;
                machine.start(&program.body, &program.globals)
            });
            let entries = subjects.each_ref().map(|subject| subject.entry.as_deref().unwrap_or_default());
            let entries = entries.map(|entry| entry.rsplit('.').next().unwrap_or_default());
            let [one, other] =
                subjects.each_ref().map(|subject| (&subject.program.name, &subject.program.source));
            let functions = one == other;
            let compared = Compared { starts, level, entries, functions, most: self.limits.states };
            match compare(&mut machine, &compared) {
                Ok(Outcome::Equal(pairs)) => self.pairs += pairs,
                Ok(Outcome::Different(difference)) => {
                    self.pairs += difference.pairs;
                    return Ok(At::Parted(Box::new(Parted { level, subjects, machine, difference })));
                }
                Err(Fault::Limit(name)) => return Ok(At::Limit(self.limits.reached(name))),
                Err(fault) => return Err(Failed::Rules(fault)),
            }
        }
        Ok(At::Same)
    }
}
