//! Checking one program.

use egg::Id;

use crate::book::Book;
use crate::book::property::Property;
use crate::check::enumerate::Fragment;
use crate::check::monitor::Monitors;
use crate::check::product::{Findings, Refutation, Search};
use crate::check::rounds::Rounds;
use crate::diagnostic::Diagnostic;
use crate::limits::{COARSE, COARSEST, FORGETFUL, Limits, SHALLOW};
use crate::machine::stepper::{Edge, Successors};
use crate::machine::transfer::Transfer;
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

/// Monitors for properties that are about no pair.
pub fn monitors_of(book: &Book, properties: &[&Property]) -> Monitors {
    let watched: Vec<_> = properties.iter().map(|property| (*property, None)).collect();
    Monitors::new(&PYTHON, &book.grammar, &watched)
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

/// A graph with more states than this is searched again with what grows in its loops unknown.
const EXACT: usize = 50_000;

/// One that has more states then, too, is searched again with nothing remembered from statement to statement.
const WIDENED: usize = 100_000;

/// And one that has more than this then, with what a local holds forgotten at each statement.
const COARSELY: usize = 300_000;

/// What a search leaves: the machine, the findings in its bank, and the graph that was searched.
pub type Searched = (Machine, Findings, Reachability);

/// Searches every path of a program on so many threads; the graph that was searched comes with the findings. Where the
/// limits say so, a graph of more than `EXACT` states is searched again with what grows in a loop unknown behind some turns, one
/// of more than `WIDENED` states then with what a loop changes unknown at once, one of more than `COARSELY` with what a
/// local holds forgotten at each statement, and one that is too large then with what attributes hold forgotten, too. At last a function
/// that calls itself is not followed far: at once where it is such calls that have no end.
/// In a program of the core nothing grows, and its own graph has an end: it is what is searched at last where the coarse
/// one leaves something open.
pub fn search_program(
    book: &Book,
    subject: &Subject,
    watched: &[Watched],
    limits: Limits,
    engine: Engine,
    threads: usize,
) -> Searched {
    let search = |program: &Program, limits| search_exactly(book, program, watched, limits, engine, threads);
    let Some(turns) = limits.turns else { return search(&subject.program, limits) };
    let exact = search(&subject.program, Limits { states: limits.states.min(EXACT), ..limits });
    let objects = subject.program.objects;
    if !is_cut_off(&exact, objects) {
        return exact;
    }
    let mut nests = reached(&exact) == Some("activations");
    let stages = stages(turns, limits, objects);
    let last = stages.len() - 1;
    for (place, (turns, states)) in stages.into_iter().enumerate() {
        // What calls itself without end does so in each search that follows calls.
        if nests && turns != SHALLOW {
            continue;
        }
        let program = subject.program.widening(turns);
        let mut widened = search(&program, Limits { states, ..limits });
        if widened.1.breakdown.is_some() {
            break;
        }
        nests |= reached(&widened) == Some("activations");
        if place == last || !is_cut_off(&widened, objects) {
            widened.1.turns = Some(turns);
            settle(book, watched, [&subject.program, &program], &exact, &mut widened);
            if !objects && (widened.1.limit.is_some() || !widened.1.widened.is_empty()) {
                // Its own graph has an end.
                break;
            }
            return widened;
        }
    }
    if limits.states > EXACT && !nests { search(&subject.program, limits) } else { exact }
}

/// How much is forgotten in the searches that are tried one behind the other, and how many states each may have. In a program of the core
/// nothing grows, and nothing is called.
fn stages(turns: u32, limits: Limits, objects: bool) -> Vec<(u32, usize)> {
    if !objects {
        return vec![(COARSE, limits.states)];
    }
    let firsts = [(turns, WIDENED), (COARSE, COARSELY)];
    let firsts = firsts.map(|(turns, states)| (turns, limits.states.min(states)));
    let lasts = [COARSEST, FORGETFUL, SHALLOW].map(|turns| (turns, limits.states));
    // Where less is known of the function's surroundings, what it calls may be unknown anyway.
    let lasts = if limits.tentative { &lasts[..2] } else { &lasts };
    [&firsts[..], lasts].concat()
}

/// The limit that a search has come to.
fn reached(searched: &Searched) -> Option<&'static str> {
    searched.1.limit.as_ref().map(|limit| limit.name)
}

/// Whether a graph is too large, or too deep, for this search and perhaps not for the next.
fn is_cut_off(searched: &Searched, objects: bool) -> bool {
    reached(searched).is_some_and(|name| name == "states" || name == "activations" && objects)
}

/// Searches every path of a program as it is.
fn search_exactly(
    book: &Book,
    program: &Program,
    watched: &[Watched],
    limits: Limits,
    engine: Engine,
    threads: usize,
) -> Searched {
    let mut machine = Machine::with_engine(book, limits, engine);
    let mut monitors = monitors(book, watched);
    let initial = machine.start(&program.body, &program.globals);
    let rounds = Rounds::asked(book, &monitors);
    let mut search = Search::new(threads).noting_lines().looking_for(rounds);
    let findings = search.run(&mut machine, &mut monitors, initial);
    (machine, findings, search.into_reachability())
}

/// Parts what the widened paths break into what the program itself can be seen to break, and what rests on a widened
/// value. Refutations are then paths of the program itself.
fn settle(
    book: &Book,
    watched: &[Watched],
    [program, widening]: [&Program; 2],
    exact: &Searched,
    (machine, findings, _): &mut Searched,
) {
    let rounds = Rounds::asked(book, &monitors(book, watched));
    let initial = machine.start(&program.body, &program.globals);
    let widened = machine.start(&widening.body, &widening.globals);
    let mut refutations = Vec::new();
    for mut refutation in std::mem::take(&mut findings.refutations) {
        let path = same_path(machine, initial, widened, &refutation.path);
        // What grows in a round comes back to where it was only where it is not known what it is.
        let closes = |path: &Vec<Edge>, machine: &mut Machine| {
            rounds.as_ref().and_then(|rounds| rounds.closed_by(machine, initial, path)) == refutation.round
        };
        match path.filter(|path| refutation.round.is_none() || closes(path, machine)) {
            Some(path) => {
                refutation.path = path;
                refutations.push(refutation);
            }
            None => findings.widened.push(refutation.property),
        }
    }
    for refutation in &exact.1.refutations {
        if !refutations.iter().any(|known| known.property == refutation.property) {
            findings.widened.retain(|property| *property != refutation.property);
            let path = carried(&exact.0, machine, &refutation.path);
            refutations.push(Refutation { path, ..refutation.clone() });
        }
    }
    refutations.sort_by_key(|refutation| refutation.property);
    findings.refutations = refutations;
}

/// The path from another initial state that makes the same choices by the same rules, and on which the same happens.
pub fn same_path(machine: &mut Machine, initial: Id, other: Id, path: &[Edge]) -> Option<Vec<Edge>> {
    let (mut here, mut there) = (initial, other);
    let mut played = Vec::with_capacity(path.len());
    for edge in path {
        let Successors::Edges(edges) = machine.successors(there) else { return None };
        let (number, count) = (edges.iter().position(|other| other == edge)?, edges.len());
        let Successors::Edges(own) = machine.successors(here) else { return None };
        let taken = own.get(number).filter(|_| own.len() == count)?.clone();
        if taken.rule != edge.rule || taken.events != edge.events {
            return None;
        }
        (here, there) = (taken.target, edge.target);
        played.push(taken);
    }
    Some(played)
}

/// A path in the bank of another machine.
fn carried(from: &Machine, to: &mut Machine, path: &[Edge]) -> Vec<Edge> {
    let terms = path.iter().flat_map(|edge| edge.events.iter().copied().chain([edge.target]));
    let moved = Transfer::of(from.bank(), terms).unpack(to.bank_mut());
    let carry = |edge: &Edge| Edge {
        rule: edge.rule,
        events: edge.events.iter().map(|event| moved.of(*event)).collect(),
        target: moved.of(edge.target),
    };
    path.iter().map(carry).collect()
}

/// A program of the whole language, as a file that is run from its first line.
///
/// # Errors
/// When the book's version does not read it, or something in it is not modelled.
pub fn of_source(book: &Book, source: &str) -> Result<Subject, Diagnostic> {
    let options = LoadOptions { objects: true, ..LoadOptions::of(book) };
    let program = load("program.py", source.as_bytes(), &options)?;
    Ok(Subject { program, entry: None, assumptions: Assumptions::default() })
}

/// An enumerated program as a file that is run from its first line: what is assumed of
/// its unknown condition is part of it.
///
/// # Errors
/// When the printed program cannot be loaded, which is a fault of this crate.
pub fn as_file(book: &Book, fragment: Fragment, body: &Term) -> Result<Subject, Diagnostic> {
    let source = print::program_in(body, &book.timeline);
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
    let options = LoadOptions { assumptions: assumptions.clone(), forgets: true, ..LoadOptions::of(book) };
    let program = load("program.py", source.as_bytes(), &options)?;
    Ok(Subject { program, entry: None, assumptions })
}
