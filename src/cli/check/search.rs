//! Searching one program of a file for what breaks properties.

use crate::book::Book;
use crate::check::program::{Subject, Watched, search_program};
use crate::check::verdict::Verdict;
use crate::cli::entering::{Found, Sight, Stopped};
use crate::cli::options::Source;
use crate::cli::report;
use crate::limits::Limits;
use crate::machine::Engine;
use crate::trace::Trace;
use crate::trace::report::SubjectReport;
use crate::trace::words;

/// How programs are searched.
pub(in crate::cli) struct Means<'a> {
    pub(in crate::cli) book: &'a Book,
    pub(in crate::cli) source: &'a Source,
    pub(in crate::cli) watched: &'a [Watched],
    /// Which of these names alone call for.
    pub(in crate::cli) usual: &'a [bool],
    pub(in crate::cli) limits: Limits,
    pub(in crate::cli) engine: Engine,
}

/// What was found in one program.
pub(in crate::cli) struct Searched {
    pub(in crate::cli) report: SubjectReport,
    pub(in crate::cli) verdicts: Vec<Verdict<Box<Trace>>>,
}

impl Found for Searched {
    /// What breaks in the graph that was cut off is broken.
    fn beside(self, cut_off: Searched) -> Searched {
        let both = self.verdicts.into_iter().zip(cut_off.verdicts);
        let verdict = |(own, before)| match before {
            Verdict::Refuted(_) => before,
            _ => own,
        };
        Searched { verdicts: both.map(verdict).collect(), ..self }
    }
}

/// Searches one program, of so many states, or as many as are allowed.
pub(in crate::cli) fn search(
    means: &Means,
    subject: &Subject,
    threads: usize,
    states: Option<usize>,
) -> Result<Sight<Searched>, Stopped> {
    let Means { book, watched, limits, engine, .. } = means;
    let limits = &limits.with_states(states);
    let (mut machine, findings, reachability) =
        search_program(book, subject, watched, *limits, *engine, threads);
    if let Some(error) = report::broken(&machine, subject, &findings) {
        return Err(Stopped::Failed(error.to_string()));
    }
    if let Some(fault) = findings.refutations.iter().find(|refutation| refutation.ambiguous) {
        let name = &watched[fault.property].property.name;
        return Err(Stopped::Wrong(format!(
            "the property `{name}` is ambiguous: {}; tell them apart by a premise",
            fault.reason
        )));
    }
    let mut verdicts =
        crate::trace::counterexample::verdicts(&mut machine, book, subject, watched, &findings)
            .map_err(Stopped::Failed)?;
    for (number, verdict) in verdicts.iter_mut().enumerate() {
        let usual = means.usual.get(number).is_some_and(|usual| *usual);
        if is_of(&watched[number], subject) || usual && !calls_both(&watched[number], subject) {
            *verdict = Verdict::Holds;
        }
    }
    let report = SubjectReport {
        name: subject.program.name.clone(),
        entry: subject.entry.clone(),
        setting: subject.program.setting,
        programs: 1,
        states: findings.states.into(),
        steps: findings.steps.into(),
        // What the monitors know is told by the path, so the paths are those of the program.
        paths: reachability.paths(),
        runs: None,
        outcomes: Default::default(),
        limit: findings.limit.as_ref().map(ToString::to_string),
        unknown: subject.program.unknowns.clone(),
        taken: subject.program.taken.iter().cloned().chain(findings.turns.map(words::widened)).collect(),
    };
    Ok(Sight::of(subject, &machine, findings, Searched { report, verdicts }))
}

/// Whether a property is about a pair of functions of which one is entered by itself: that its caller does not call the other
/// is no fault of either.
fn is_of(watched: &Watched, subject: &Subject) -> bool {
    let entered = |name: &String| Some(name) == subject.entry.as_ref();
    watched.pair.as_ref().is_some_and(|(first, second)| entered(first) || entered(second))
}

/// Whether what is searched calls both functions of a pair itself: who calls one of them only may leave the other to somebody else.
fn calls_both(watched: &Watched, subject: &Subject) -> bool {
    let calls = subject.program.calls_of(subject.entry.as_deref());
    watched.pair.as_ref().is_some_and(|(first, second)| calls.both(first, second))
}
