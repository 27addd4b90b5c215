//! Checking a trace: each step must be one that the rules allow.

use std::fmt;
use std::ops::Range;

use egg::Id;
use rustc_hash::FxHashMap;
use serde::Deserialize;

use crate::book::Book;
use crate::book::library::Module;
use crate::book::property::Property;
use crate::check::Monitors;
use crate::check::monitor::Violation;
use crate::check::names::Names;
use crate::check::program::Subject;
use crate::check::rounds::{GOES_ROUND, Rounds};
use crate::diagnostic::Diagnostic;
use crate::limits::Limits;
use crate::machine::Bank;
use crate::machine::stepper::{Edge, Machine, Successors};
use crate::python::LoadOptions;
use crate::python::PYTHON;
use crate::python::load;
use crate::trace::lines::Place;
use crate::trace::record::{frame_list, outcome, record};
use crate::trace::terms::Terms;
use crate::trace::words;
use crate::trace::{Broken, Entry, FORMAT, ModuleText, Step, Trace};

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

/// What every format of a trace begins with.
#[derive(Deserialize)]
#[serde(rename = "Trace")]
struct Head {
    format: u32,
}

/// Reads a trace, in RON or in JSON.
///
/// # Errors
/// Where the text is not a trace, and what to do about it.
pub fn read(file: &str, text: &str) -> Result<Trace, Diagnostic> {
    let is_json = text.trim_start().starts_with('{');
    let head = match is_json {
        true => serde_json::from_str::<Head>(text).ok(),
        false => ron::from_str::<Head>(text).ok(),
    };
    if let Some(Head { format }) = head
        && format != FORMAT
    {
        return Err(Diagnostic::new(format!("the trace has format {format}"), file)
            .help(format!("this version of Trylemma reads format {FORMAT}; make the trace again")));
    }
    let trace = if is_json { read_json(text) } else { read_ron(text) };
    trace.map_err(|(place, why)| {
        Diagnostic::new("this is not a whole trace", file).at(text, place).label(why).help(
            "traces are written by `trylemma check --out DIR` and `trylemma step --format ron` or `json`",
        )
    })
}

/// A trace, or where the text is at fault and why.
type Read = Result<Trace, (Range<usize>, String)>;

fn read_json(text: &str) -> Read {
    serde_json::from_str(text).map_err(|error| {
        let start: usize =
            text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
        // The column counts bytes, and may be inside a character.
        let at = (start + error.column().saturating_sub(1)).min(text.len());
        let at = (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
        (at..at, error.to_string())
    })
}

fn read_ron(text: &str) -> Read {
    ron::from_str(text).map_err(|error| {
        let offset = |position: ron::error::Position| {
            let before: usize =
                text.split_inclusive('\n').take(position.line.saturating_sub(1)).map(str::len).sum();
            let column = text[before..].chars().take(position.col.saturating_sub(1)).map(char::len_utf8);
            (before + column.sum::<usize>()).min(text.len())
        };
        let (start, end) = (offset(error.span.start), offset(error.span.end));
        (start..end.max(start), error.code.to_string())
    })
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
    let terms = Terms::read(&trace.terms).map_err(|why| Refusal { step: None, why })?;
    let subject = subject_of(book, trace)?;
    let mut machine = Machine::new(book, limits);
    let path = follow(&mut machine, &subject, trace, &terms)?;
    let again = record(&mut machine, book, &subject, &path);
    if trace.python != again.python {
        return refusal(
            None,
            format!("the trace is for Python {}, the rules are for {}", trace.python, again.python),
        );
    }
    told_alike(trace, &terms, &again)?;
    if let Some(broken) = &trace.property {
        check_broken(book, &mut machine, &subject, &path, broken)?;
    }
    match trace.digest() {
        Ok(digest) if digest == trace.checksum => Ok(()),
        _ => refusal(None, "every step replays, but the text around them was edited: the checksum differs"),
    }
}

/// Whether what a trace tells of its steps is what its steps are. A display text may be left out.
fn told_alike(trace: &Trace, terms: &Terms, again: &Trace) -> Result<(), Refusal> {
    if trace.choices != again.choices {
        return refusal(None, "the choices listed are not those of the steps");
    }
    let said = |entry: &Option<Entry>| entry.as_ref().and_then(|entry| entry.shown.clone());
    let there = Terms::read(&again.terms).map_err(|why| Refusal { step: None, why })?;
    let written =
        |terms: &Terms, entry: &Option<Entry>| entry.as_ref().map(|entry| terms.show(entry.term, u64::MAX));
    if written(terms, &trace.outcome) != written(&there, &again.outcome) {
        let outcome = written(&there, &again.outcome);
        return refusal(None, format!("the path ends in {}", outcome.as_deref().unwrap_or("no outcome yet")));
    }
    if trace.origin != again.origin {
        let origin = again.origin.as_ref().map(|origin| format!("at step {}", origin.step));
        return refusal(
            None,
            format!(
                "the exception was raised {}",
                origin.as_deref().unwrap_or("nowhere: the path ends without one")
            ),
        );
    }
    if !trace.spans.is_empty() && trace.spans != again.spans {
        return refusal(None, "the spans listed are not those of the statements");
    }
    shown_alike(None, &said(&Some(trace.start.clone())), &said(&Some(again.start.clone())))?;
    shown_alike(None, &said(&trace.outcome), &said(&again.outcome))?;
    for (place, (step, as_it_is)) in trace.path().zip(again.path()).enumerate() {
        shown_alike(Some(place + 1), &step.shown, &as_it_is.shown)?;
        if step.module != as_it_is.module {
            return refusal(place + 1, "the line is in another module");
        }
        if step.library != as_it_is.library {
            return refusal(place + 1, "control is in another function of the library, or in none");
        }
        for (event, as_it_is) in step.events.iter().zip(&as_it_is.events) {
            shown_alike(Some(place + 1), &event.shown, &as_it_is.shown)?;
        }
    }
    Ok(())
}

fn shown_alike(step: Option<usize>, said: &Option<String>, right: &Option<String>) -> Result<(), Refusal> {
    match said {
        Some(_) if said != right => {
            refusal(step, format!("it is shown as {}", right.as_deref().unwrap_or("nothing")))
        }
        _ => Ok(()),
    }
}

fn prefix(hash: &str) -> String {
    hash.chars().take(12).collect()
}

fn subject_of(book: &Book, trace: &Trace) -> Result<Subject, Refusal> {
    let options = LoadOptions {
        assumptions: trace.assumptions.clone(),
        // What made the trace may have been told to; where it was not, there is nothing to take so.
        unknown: !trace.run,
        forgets: !trace.run,
        objects: trace.run,
        setting: trace.setting,
        doubts: trace.doubts.clone(),
        twin: trace.twin.clone(),
        input: trace.input.clone(),
        pairs: trace.pairs.clone(),
        modules: trace.modules.iter().map(|(name, module)| (name.clone(), module.into())).collect(),
        ..LoadOptions::of(book)
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

impl From<&ModuleText> for Module {
    fn from(module: &ModuleText) -> Module {
        Module { file: module.file.clone(), text: module.text.clone().into() }
    }
}

/// Follows the steps, and returns the transitions that they stand for.
fn follow(
    machine: &mut Machine,
    subject: &Subject,
    trace: &Trace,
    terms: &Terms,
) -> Result<Vec<Edge>, Refusal> {
    let mut state = machine.start(&subject.program.body, &subject.program.globals);
    let mut told = Told { terms, known: FxHashMap::default() };
    if !told.is(machine.bank(), trace.start.term, state) {
        return refusal(None, "the initial state is not that of the program");
    }
    let mut path = Vec::with_capacity(trace.steps.len());
    let mut place = Place::start(machine, state);
    for (index, place_of_step) in trace.steps.iter().enumerate() {
        let Some(step) = trace.transitions.get(*place_of_step) else {
            return refusal(index + 1, format!("there is no transition {place_of_step}"));
        };
        let edge = transition(machine, &mut told, state, step)
            .map_err(|why| Refusal { step: Some(index + 1), why })?;
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
fn transition(machine: &mut Machine, told: &mut Told, state: Id, step: &Step) -> Result<Edge, String> {
    let edges = match machine.successors(state) {
        Successors::Edges(edges) => edges.to_vec(),
        Successors::Final => return Err("the path has ended before this step".into()),
        Successors::Fault(fault) => return Err(format!("at the state before this step, {fault}")),
    };
    let named: Vec<&Edge> = edges.iter().filter(|e| machine.rule_name(e.rule) == step.rule).collect();
    if named.is_empty() {
        let mut rules: Vec<&str> = edges.iter().map(|e| machine.rule_name(e.rule)).collect();
        rules.dedup();
        return Err(format!("the rule {} does not apply here; {} does", step.rule, rules.join(" or ")));
    }
    let mut why = String::new();
    for edge in named {
        match told.difference(machine, edge, step) {
            None => return Ok(edge.clone()),
            Some(differs) => why = differs,
        }
    }
    Err(why)
}

/// What a trace says, held against terms of a machine.
struct Told<'a> {
    terms: &'a Terms,
    /// Which entries of the trace's table a term of the machine is; what was compared is not compared again.
    known: FxHashMap<(usize, Id), bool>,
}

impl Told<'_> {
    /// Whether the entry at a place is this term.
    fn is(&mut self, bank: &Bank, place: usize, term: Id) -> bool {
        let mut open = vec![(place, term)];
        while let Some(&(place, term)) = open.last() {
            let Some(alike) = self.alike(bank, place, term, &mut open) else { continue };
            self.known.insert((place, term), alike);
            open.pop();
        }
        self.known.get(&(place, term)) == Some(&true)
    }

    /// The same, where the parts have been compared; else nothing, and these are put before it.
    fn alike(&self, bank: &Bank, place: usize, term: Id, open: &mut Vec<(usize, Id)>) -> Option<bool> {
        if let Some(known) = self.known.get(&(place, term)) {
            return Some(*known);
        }
        let node = bank.get(term);
        let Some((op, parts)) = self.terms.get(place) else { return Some(false) };
        if op != node.op.as_str() || parts.len() != node.args.len() {
            return Some(false);
        }
        let pairs = || parts.iter().copied().zip(node.args.iter().copied());
        match pairs().find(|pair| !self.known.contains_key(pair)) {
            Some(pair) => {
                open.push(pair);
                None
            }
            None => Some(pairs().all(|pair| self.known[&pair])),
        }
    }

    /// How a step differs from a transition, if it does.
    fn difference(&mut self, machine: &Machine, edge: &Edge, step: &Step) -> Option<String> {
        let bank = machine.bank();
        let differs = |what: &str, right: String| Some(format!("{} yields {what} {right}", step.rule));
        let events = edge.events.len() == step.events.len()
            && step.events.iter().zip(&edge.events).all(|(told, event)| self.is(bank, told.term, *event));
        if !events {
            let right: Vec<String> = edge.events.iter().map(|event| written(bank, *event)).collect();
            return differs("the events", right.join(" "));
        }
        if self.is(bank, step.state, edge.target) {
            return None;
        }
        let (frames, world) = (machine.frames_of(edge.target), machine.world_of(edge.target));
        let node = bank.get(edge.target);
        let control: Vec<Id> =
            node.args.iter().copied().filter(|arg| *arg != frames && *arg != world).collect();
        let right: Vec<String> = control.iter().map(|part| format!(" {}", written(bank, *part))).collect();
        let right = || format!("({}{})", node.op, right.concat());
        let Some(told) = self.terms.state(step.state) else { return differs("control", right()) };
        let same = told.control.len() == control.len()
            && told.control.iter().zip(&control).all(|(told, part)| self.is(bank, *told, *part));
        if told.op != node.op.as_str() || !same {
            return differs("control", right());
        }
        let stack = frame_list(machine, frames);
        let alike = stack.iter().zip(&told.frames).take_while(|(frame, told)| self.is(bank, **told, **frame));
        let alike = alike.count();
        if alike < stack.len() || alike < told.frames.len() {
            let right = stack.get(alike).map_or("no more".to_string(), |frame| written(bank, *frame));
            return differs(&format!("frame {}", alike + 1), right);
        }
        differs("the world", written(bank, world))
    }
}

/// Nodes of a term that is written out in a refusal.
const WRITTEN: u64 = 1_000;

fn written(bank: &Bank, term: Id) -> String {
    if bank.measure(term).size() > WRITTEN { format!("({} …)", bank.op(term)) } else { bank.show(term) }
}

fn check_broken(
    book: &Book,
    machine: &mut Machine,
    subject: &Subject,
    path: &[Edge],
    broken: &Broken,
) -> Result<(), Refusal> {
    let property = find_property(book, broken)?;
    // A property of a user's file names functions as people write them.
    let property = match broken.definition {
        Some(_) => Names::of(book, [&subject.program]).fit(&property).unwrap_or(property),
        None => property,
    };
    let pair = broken.pair.as_ref().map(|(a, b)| (a.as_str(), b.as_str()));
    let mut monitors = Monitors::new(&PYTHON, &book.grammar, &[(&property, pair)]);
    let rounds = Rounds::asked(book, &monitors);
    let found = first_violation(machine, &mut monitors, rounds.as_ref(), subject, path);
    match found {
        Some((step, violation, round)) if step == broken.step && violation.reason == broken.reason => {
            if round != broken.round {
                let first = round.map_or("none".to_string(), |before| format!("step {}", before + 1));
                return refusal(step, format!("the first step of what goes round for ever is {first}"));
            }
            let statement = words::place_of(violation.statement, &subject.program.statements);
            if let Some(right) =
                statement.filter(|right| broken.statement.as_ref().is_some_and(|s| s != right))
            {
                return refusal(step, format!("what breaks the property is about {right}"));
            }
        }
        Some((step, Violation { reason, .. }, _)) => {
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

/// The first violation along a path: the number of the step, how, and how many steps come before the round that it ends
/// with, where that is what does.
pub fn first_violation(
    machine: &mut Machine,
    monitors: &mut Monitors,
    rounds: Option<&Rounds>,
    subject: &Subject,
    path: &[Edge],
) -> Option<(usize, Violation, Option<usize>)> {
    let initial = machine.start(&subject.program.body, &subject.program.globals);
    let mut state = initial;
    let mut config = monitors.start(machine);
    for (index, edge) in path.iter().enumerate() {
        for event in &edge.events {
            let step = monitors.advance(machine, config, *event);
            config = step.next;
            if let Some(violation) = step.violations.first() {
                return Some((index + 1, violation.clone(), None));
            }
        }
        state = edge.target;
    }
    let round = rounds.and_then(|rounds| rounds.closed_by(machine, initial, path));
    let event = match (round, outcome(machine, state)) {
        (Some(_), _) => machine.bank_mut().node(GOES_ROUND, []),
        (None, Some(completion)) => machine.bank_mut().node("halt", [completion]),
        (None, None) => return None,
    };
    let step = monitors.advance(machine, config, event);
    step.violations.first().map(|violation| (path.len(), violation.clone(), round))
}
