//! Checking one program.

use crate::book::Book;
use crate::book::property::Property;
use crate::check::enumerate::Fragment;
use crate::check::monitor::Monitors;
use crate::check::product::{Findings, Search};
use crate::diagnostic::Diagnostic;
use crate::limits::Limits;
use crate::machine::{Engine, Machine, Reachability};
use crate::python::PYTHON;
use crate::python::load;
use crate::python::print;
use crate::python::{Assumptions, Call, Literal, LoadOptions, Program};
use crate::term::Term;

/// A program as it is run: the loaded file, the function called after it, and the assumptions.
#[derive(Debug, Clone)]
pub struct Subject {
    /// The program, its body ending in the call of the entry.
    pub program: Program,
    /// The function that is called with unknown arguments after the module.
    pub entry: Option<String>,
    /// What was assumed.
    pub assumptions: Assumptions,
}

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
    let options = LoadOptions { assumptions: assumptions.clone(), ..LoadOptions::of(book) };
    let program = load("program.py", source.as_bytes(), &options)?;
    Ok(Subject { program, entry: None, assumptions })
}
