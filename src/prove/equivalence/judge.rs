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

/// Finds the finest level at which two programs do the same. `load` gives them as they are seen in one way; `asks` says whether one of them
/// may ask for what is being handled around it. Where neither does, it makes no difference what that is: to both it is the context of what
/// they raise while they handle nothing themselves.
///
/// # Errors
/// They cannot be loaded, or the rules fail.
pub fn judge<E>(
    book: &Book,
    limits: Limits,
    engine: Engine,
    asks: bool,
    load: &dyn Fn(View) -> Result<[Subject; 2], E>,
) -> Result<Judged, Failed<E>> {
    let mut judge = Judge { book, limits, engine, asks, load, pairs: 0 };
    // Most pairs do the same at all levels, or part early at each.
    let (mut parted, mut limit) = (None, None);
    for level in Level::ALL.into_iter().rev() {
        match judge.at(level)? {
            At::Same => return Ok(judge.judged(Some(level), parted, limit)),
            At::Limit(reached) => (parted, limit) = (None, Some(reached)),
            At::Parted(found) => (parted, limit) = (Some(*found), None),
        }
    }
    Ok(judge.judged(None, parted, limit))
}

struct Judge<'a, E> {
    book: &'a Book,
    limits: Limits,
    engine: Engine,
    asks: bool,
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

    /// Whether they do the same at a level: where nothing is being handled around them, and where something is.
    fn at(&mut self, level: Level) -> Result<At, Failed<E>> {
        for handling in [false, true].into_iter().take(1 + usize::from(self.asks)) {
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
