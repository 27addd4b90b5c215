//! Checking a trace: each step must be one that the rules allow.

use std::fmt;

use egg::Id;

use crate::book::Book;
use crate::book::property::Property;
use crate::check::Monitors;
use crate::diagnostic::Diagnostic;
use crate::limits::Limits;
use crate::machine::stepper::{Edge, Machine, Successors};
use crate::python::LoadOptions;
use crate::python::PYTHON;
use crate::python::load;
use crate::trace::lines::Place;
use crate::trace::record::{Subject, outcome, record, snapshot};
use crate::trace::{Broken, FORMAT, Snapshot, Step, Trace};

/// Why a trace is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The number of the step at fault, from 1; `None` for what stands around the steps.
    pub step: Option<usize>,
    /// What is wrong with it.
    pub why: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.step {
            Some(step) => write!(f, "step {step}: {}", self.why),
            None => write!(f, "{}", self.why),
        }
    }
}

impl std::error::Error for Refusal {}

fn refusal<T>(step: impl Into<Option<usize>>, why: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal { step: step.into(), why: why.into() })
}

/// Reads a trace.
///
/// # Errors
/// Where the text is not a trace, and what to do about it.
pub fn read(file: &str, text: &str) -> Result<Trace, Diagnostic> {
    let trace: Trace = ron::from_str(text).map_err(|error| {
        let offset = |position: ron::error::Position| {
            let before: usize =
                text.split_inclusive('\n').take(position.line.saturating_sub(1)).map(str::len).sum();
            let column = text[before..].chars().take(position.col.saturating_sub(1)).map(char::len_utf8);
            (before + column.sum::<usize>()).min(text.len())
        };
        let (start, end) = (offset(error.span.start), offset(error.span.end));
        Diagnostic::new("this is not a whole trace", file)
            .at(text, start..end.max(start))
            .label(error.code.to_string())
            .help("traces are written by `trylemma check --out DIR` and `trylemma step --format ron`")
    })?;
    if trace.format != FORMAT {
        return Err(Diagnostic::new(format!("the trace has format {}", trace.format), file)
            .help(format!("this version of Trylemma reads format {FORMAT}; make the trace again")));
    }
    Ok(trace)
}

/// Checks a trace against the rules of a book: each step, the choices, the outcome, the
/// property, and the checksum.
///
/// # Errors
/// The first part that the rules do not bear out.
pub fn replay(book: &Book, trace: &Trace, limits: Limits) -> Result<(), Refusal> {
    if trace.rules != book.hash {
        return refusal(None, format!("the trace was made by other rules ({}…)", prefix(&trace.rules)));
    }
    let subject = subject_of(book, trace)?;
    let mut machine = Machine::new(book, limits);
    let path = follow(&mut machine, &subject, trace)?;
    let again = record(&mut machine, book, &subject, &path);
    if trace.python != again.python {
        return refusal(
            None,
            format!("the trace is for Python {}, the rules are for {}", trace.python, again.python),
        );
    }
    if trace.choices != again.choices {
        return refusal(None, "the choices listed are not those of the steps");
    }
    if trace.outcome != again.outcome {
        return refusal(
            None,
            format!("the path ends in {}", again.outcome.as_deref().unwrap_or("no outcome yet")),
        );
    }
    if let Some(broken) = &trace.property {
        check_broken(book, &mut machine, &subject, &path, broken)?;
    }
    match trace.digest() {
        Ok(digest) if digest == trace.checksum => Ok(()),
        _ => refusal(None, "every step replays, but the text around them was edited: the checksum differs"),
    }
}

fn prefix(hash: &str) -> String {
    hash.chars().take(12).collect()
}

fn subject_of(book: &Book, trace: &Trace) -> Result<Subject, Refusal> {
    let options = LoadOptions {
        hierarchy: book.hierarchy.clone(),
        assumptions: trace.assumptions.clone(),
        version: (book.version.0, book.version.1),
        lines: true,
        // What made the trace may have been told to; where it was not, there is nothing to take so.
        unknown: true,
        folder: std::path::Path::new(&trace.file).parent().map(std::path::Path::to_path_buf),
        ..LoadOptions::default()
    };
    let loaded = load(&trace.file, trace.program.as_bytes(), &options);
    let program = match (&trace.entry, loaded) {
        (Some(entry), Ok(program)) => program.with_entry(entry),
        (_, loaded) => loaded,
    };
    match program {
        Ok(program) => {
            Ok(Subject { program, entry: trace.entry.clone(), assumptions: trace.assumptions.clone() })
        }
        Err(error) => refusal(None, format!("the program in the trace cannot be loaded:\n{error}")),
    }
}

/// Follows the steps, and returns the transitions that they stand for.
fn follow(machine: &mut Machine, subject: &Subject, trace: &Trace) -> Result<Vec<Edge>, Refusal> {
    let mut state = machine.start(&subject.program.body, &subject.program.globals);
    if snapshot(machine, state, None) != trace.start {
        return refusal(None, "the initial state is not that of the program");
    }
    let mut path = Vec::with_capacity(trace.steps.len());
    let mut place = Place::start(machine, state);
    for (index, step) in trace.steps.iter().enumerate() {
        let edge = transition(machine, state, step).map_err(|why| Refusal { step: Some(index + 1), why })?;
        let (line, next) = place.follow(machine, state, &edge);
        place = next;
        if step.line != line {
            return refusal(index + 1, format!("control is in line {}", line.unwrap_or_default()));
        }
        state = edge.target;
        path.push(edge);
    }
    Ok(path)
}

/// The transition of a state that a step describes.
fn transition(machine: &mut Machine, state: Id, step: &Step) -> Result<Edge, String> {
    let edges = match machine.successors(state) {
        Successors::Edges(edges) => edges.to_vec(),
        Successors::Final => return Err("the path has ended before this step".into()),
        Successors::Fault(_) => return Err("no rule applies to the state before this step".into()),
    };
    let named: Vec<&Edge> = edges.iter().filter(|e| machine.rule_name(e.rule) == step.rule).collect();
    if named.is_empty() {
        let mut rules: Vec<&str> = edges.iter().map(|e| machine.rule_name(e.rule)).collect();
        rules.dedup();
        return Err(format!("the rule {} does not apply here; {} does", step.rule, rules.join(" or ")));
    }
    let mut why = String::new();
    for edge in named {
        match difference(machine, state, edge, step) {
            None => return Ok(edge.clone()),
            Some(differs) => why = differs,
        }
    }
    Err(why)
}

fn difference(machine: &mut Machine, state: Id, edge: &Edge, step: &Step) -> Option<String> {
    let Snapshot { control, frames, world } = snapshot(machine, edge.target, Some(state));
    let events: Vec<String> = edge.events.iter().map(|event| machine.bank().show(*event)).collect();
    let differs = |what: &str, expected: &str| Some(format!("{} yields {what} {expected}", step.rule));
    if control != step.control {
        return differs("control", &control);
    }
    if events != step.events {
        return differs("the events", &events.join(" "));
    }
    if frames != step.frames {
        let place = frames.iter().zip(&step.frames).position(|(a, b)| a != b);
        let place = place.unwrap_or(frames.len().min(step.frames.len()));
        return differs(&format!("frame {}", place + 1), frames.get(place).map_or("no more", String::as_str));
    }
    if world != step.world {
        return differs("the world", world.as_deref().unwrap_or("unchanged"));
    }
    None
}

fn check_broken(
    book: &Book,
    machine: &mut Machine,
    subject: &Subject,
    path: &[Edge],
    broken: &Broken,
) -> Result<(), Refusal> {
    let property = find_property(book, broken)?;
    let pair = broken.pair.as_ref().map(|(a, b)| (a.as_str(), b.as_str()));
    let mut monitors = Monitors::new(&PYTHON, &book.grammar, &[(&property, pair)]);
    let found = first_violation(machine, &mut monitors, subject, path);
    match found {
        Some((step, reason)) if step == broken.step && reason == broken.reason => {}
        Some((step, reason)) => {
            return refusal(step, format!("here the property {} is broken: {reason}", broken.name));
        }
        None => return refusal(None, format!("the path does not break the property {}", broken.name)),
    }
    if property.claim != broken.claim {
        return refusal(None, format!("the property {} claims: {}", broken.name, property.claim));
    }
    Ok(())
}

fn find_property(book: &Book, broken: &Broken) -> Result<Property, Refusal> {
    let own = match &broken.definition {
        Some(text) => {
            book.read_properties("the trace", text).map_err(|e| Refusal { step: None, why: e.to_string() })?
        }
        None => Vec::new(),
    };
    own.iter()
        .chain(&book.properties)
        .find(|property| property.name == broken.name)
        .cloned()
        .ok_or_else(|| Refusal { step: None, why: format!("there is no property {}", broken.name) })
}

/// The first violation along a path: the number of the step, and the reason.
pub fn first_violation(
    machine: &mut Machine,
    monitors: &mut Monitors,
    subject: &Subject,
    path: &[Edge],
) -> Option<(usize, String)> {
    let mut state = machine.start(&subject.program.body, &subject.program.globals);
    let mut config = monitors.start(machine);
    for (index, edge) in path.iter().enumerate() {
        for event in &edge.events {
            let step = monitors.advance(machine, config, *event);
            config = step.next;
            if let Some(violation) = step.violations.first() {
                return Some((index + 1, violation.reason.clone()));
            }
        }
        state = edge.target;
    }
    outcome(machine, state)?;
    let completion = machine.bank().arg(state, 0);
    let event = machine.bank_mut().node("halt", [completion]);
    let step = monitors.advance(machine, config, event);
    step.violations.first().map(|violation| (path.len(), violation.reason.clone()))
}
