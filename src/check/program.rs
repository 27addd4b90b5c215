//! Checking one program, and writing its counterexamples down.

use crate::book::Book;
use crate::book::property::Property;
use crate::check::enumerate::Fragment;
use crate::check::monitor::Monitors;
use crate::check::product::{Findings, Refutation, Search};
use crate::check::verdict::Verdict;
use crate::diagnostic::Diagnostic;
use crate::limits::Limits;
use crate::machine::{Engine, Machine, Reachability};
use crate::python::PYTHON;
use crate::python::load;
use crate::python::print;
use crate::python::{Assumptions, Call, Literal, LoadOptions};
use crate::term::Term;
use crate::trace::record::{Subject, record};
use crate::trace::{Broken, Trace};

/// A property to check, with what a counterexample must say about where it comes from.
#[derive(Debug, Clone)]
pub struct Watched {
    /// The property.
    pub property: Property,
    /// The two functions of a pairing property.
    pub pair: Option<(String, String)>,
    /// The text of its block, where it is not in the book.
    pub definition: Option<String>,
}

/// Monitors for watched properties.
pub fn monitors(book: &Book, watched: &[Watched]) -> Monitors {
    let properties: Vec<_> = watched
        .iter()
        .map(|w| (&w.property, w.pair.as_ref().map(|(a, b)| (a.as_str(), b.as_str()))))
        .collect();
    Monitors::new(&PYTHON, &book.grammar, &properties)
}

/// Searches every path of a program, on one thread.
pub fn check_program(
    book: &Book,
    subject: &Subject,
    watched: &[Watched],
    limits: Limits,
    engine: Engine,
) -> (Machine, Findings) {
    let (machine, findings, _) = search_program(book, subject, watched, limits, engine, 1);
    (machine, findings)
}

/// Searches every path of a program on so many threads; the graph that was searched comes with the findings.
pub fn search_program(
    book: &Book,
    subject: &Subject,
    watched: &[Watched],
    limits: Limits,
    engine: Engine,
    threads: usize,
) -> (Machine, Findings, Reachability) {
    let mut machine = Machine::with_engine(book, limits, engine);
    let mut monitors = monitors(book, watched);
    let initial = machine.start(&subject.program.body, &subject.program.globals);
    let mut search = Search::new(threads);
    let findings = search.run(&mut machine, &mut monitors, initial);
    (machine, findings, search.into_reachability())
}

/// A verdict on each watched property. What a limit left open is unknown, and never said to hold. Where the rules
/// broke down, which is the caller's to report, there is none to give.
///
/// # Errors
/// When a trace cannot be serialised.
pub fn verdicts(
    machine: &mut Machine,
    book: &Book,
    subject: &Subject,
    watched: &[Watched],
    findings: &Findings,
) -> Result<Vec<Verdict<Box<Trace>>>, ron::Error> {
    let open = || findings.limit.clone().map_or(Verdict::Holds, Verdict::Unknown);
    let mut verdicts: Vec<Verdict<Box<Trace>>> = watched.iter().map(|_| open()).collect();
    for refutation in &findings.refutations {
        let verdict = &mut verdicts[refutation.property];
        if !matches!(verdict, Verdict::Refuted(_)) {
            let watched = &watched[refutation.property];
            *verdict = Verdict::Refuted(Box::new(trace_of(machine, book, subject, watched, refutation)?));
        }
    }
    Ok(verdicts)
}

/// The trace of a refutation, sealed.
///
/// # Errors
/// When it cannot be serialised.
pub fn trace_of(
    machine: &mut Machine,
    book: &Book,
    subject: &Subject,
    watched: &Watched,
    refutation: &Refutation,
) -> Result<Trace, ron::Error> {
    let mut trace = record(machine, book, subject, &refutation.path);
    trace.property = Some(Broken {
        name: watched.property.name.clone(),
        claim: watched.property.claim.clone(),
        pair: watched.pair.clone(),
        definition: watched.definition.clone(),
        step: refutation.path.len(),
        reason: refutation.reason.clone(),
    });
    trace.sealed()
}

/// An enumerated program as a file that is run from its first line: what is assumed of
/// its unknown condition is part of it.
///
/// # Errors
/// When the printed program cannot be loaded, which is a fault of this crate.
pub fn as_file(book: &Book, fragment: Fragment, body: &Term) -> Result<Subject, Diagnostic> {
    let source = print::program(body);
    let mut assumptions = Assumptions::default();
    let mut assume = |name: &str, returns: Vec<Literal>, raises: &[&str]| {
        if source.contains(&format!("{name}()")) {
            let raises = Some(raises.iter().map(ToString::to_string).collect());
            assumptions.calls.insert(name.into(), Call { returns: Some(returns), raises });
        }
    };
    match fragment {
        Fragment::Jn => assume("f", vec![Literal::None], &["A", "B"]),
        _ => assume("c", vec![Literal::Bool(true), Literal::Bool(false)], &[]),
    }
    let options = LoadOptions {
        hierarchy: book.hierarchy.clone(),
        assumptions: assumptions.clone(),
        version: (book.version.0, book.version.1),
        lines: true,
        ..LoadOptions::default()
    };
    let program = load("program.py", source.as_bytes(), &options)?;
    Ok(Subject { program, entry: None, assumptions })
}
