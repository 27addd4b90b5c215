//! Running litmus programs: their outcomes, and the rules that they fire.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use egg::Id;

use crate::book::Book;
use crate::book::library::Module;
use crate::book::litmus::{Litmus, Outcome};
use crate::book::part::Part;
use crate::diagnostic::Diagnostic;
use crate::limits::Limits;
use crate::machine::Machine;
use crate::machine::stepper::{Edge, Fault, Successors};
use crate::python::load;
use crate::python::report::ending::{Ended, Ending};
use crate::python::report::output_of;
use crate::python::{LoadOptions, Program};

/// What running a program showed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Observed {
    /// The outcomes of its paths.
    pub outcomes: BTreeSet<Outcome>,
    /// The events of its transitions, each with how many transitions have it.
    pub events: BTreeMap<String, usize>,
    /// Whether some state has several successors: how often an event is met depends on where paths join then.
    pub branches: bool,
    /// The rules that fired, as indices into the book's rules.
    pub rules: BTreeSet<u32>,
    /// Rules whose left side matched but one of whose premises did not hold: the
    /// rule and the premise's place in it.
    pub failed: BTreeSet<(u32, usize)>,
    /// A state had several successors by rules that are no choice.
    pub ambiguous: bool,
    /// How many states were met, each once for what was printed before.
    pub states: usize,
    /// What went wrong with the rules, or the limit that was reached.
    pub fault: Option<Fault>,
}

impl Observed {
    /// Whether another run went the same ways, as far as outcomes and events tell.
    pub fn goes_as(&self, other: &Observed) -> bool {
        let same_events = match self.branches || other.branches {
            true => self.events.keys().eq(other.events.keys()),
            false => self.events == other.events,
        };
        self.outcomes == other.outcomes && same_events
    }
}

/// Whether a litmus program stands in a chapter about the control core. There, a name that nothing defines is unknown;
/// elsewhere it is an error, as in a run, unless several outcomes are recorded. A program may import itself, as the
/// module `litmus`.
pub fn is_of_core(book: &Book, litmus: &Litmus) -> bool {
    book.part(&litmus.place) == Part::Core
}

/// Whether names that nothing defines are unknown in a litmus program, and all paths explored: in the core's chapters, and
/// where several outcomes are recorded.
fn is_open(book: &Book, litmus: &Litmus) -> bool {
    is_of_core(book, litmus) || litmus.outcomes.len() > 1
}

/// Loads a litmus program: one of the core is lowered to the core, any other keeps objects.
///
/// # Errors
/// When it is no program of the language that is modelled.
pub fn load_litmus(book: &Book, litmus: &Litmus) -> Result<Program, Diagnostic> {
    load_as(book, litmus, !is_open(book, litmus))
}

/// Loads a litmus program as a run does: objects are always kept.
///
/// # Errors
/// When it is no program of the language that is modelled.
pub fn load_with_objects(book: &Book, litmus: &Litmus) -> Result<Program, Diagnostic> {
    load_as(book, litmus, true)
}

fn load_as(book: &Book, litmus: &Litmus, objects: bool) -> Result<Program, Diagnostic> {
    let itself = Module { file: "litmus.py".into(), text: litmus.program.clone().into() };
    let options = LoadOptions {
        objects,
        modules: [("litmus".to_string(), itself)].into(),
        doubts: litmus.doubts.clone(),
        ..LoadOptions::of(book)
    };
    load(&litmus.name, litmus.program.as_bytes(), &options)
}

/// The limits within which a program is observed: one that keeps objects may recurse as far as a run.
pub fn limits_for(program: &Program, limits: Limits) -> Limits {
    match program.objects {
        true => {
            Limits { activations: limits.activations.max(1001), depth: limits.depth.max(40_000), ..limits }
        }
        false => limits,
    }
}

/// Runs a program without choices to its end, and remembers nothing but what it prints: its text on stdout, and the
/// last line of its outcome.
///
/// # Errors
/// What went wrong with the rules, or the limit that was reached; `Stuck` also where there is a choice.
pub fn run(book: &Book, program: &Program, limits: Limits) -> Result<(String, String), Fault> {
    let mut machine = Machine::new(book, limits);
    let mut state = machine.start(&program.body, &program.globals);
    let mut output = String::new();
    for _ in 0..limits.steps {
        let edge = match machine.successors(state) {
            Successors::Edges([edge]) => edge.clone(),
            Successors::Edges(_) => return Err(Fault::Stuck),
            Successors::Final => {
                let mut heard = |_: &Machine, _: &Edge| {};
                output.extend(Ended::new(&mut machine, state, &mut heard).leaves_line_open().then_some('\n'));
                return Ok((output, ending_of(&mut machine, state)));
            }
            Successors::Fault(fault) => return Err(fault),
        };
        output.extend(output_of(&machine, &edge));
        state = edge.target;
    }
    Err(Fault::Limit("steps"))
}

/// Litmus programs are small: one that comes to more states, or prints more bytes, goes round under wrong rules.
const MOST_STATES: usize = 500_000;
const LONGEST_OUTPUT: usize = 1 << 16;

/// A state, and what was printed on the way to it.
type Reached = (Id, Rc<str>);

/// Runs a program along every path, what it has printed being part of where it is.
pub fn observe(book: &Book, program: &Program, limits: Limits) -> Observed {
    let mut machine = Machine::new(book, limits);
    let start = machine.start(&program.body, &program.globals);
    let mut observed = Observed::default();
    let mut seen: BTreeSet<Reached> = BTreeSet::new();
    let mut open: Vec<Reached> = vec![(start, Rc::from(""))];
    while let Some((state, output)) = open.pop() {
        if seen.len() >= limits.states.min(MOST_STATES) || output.len() > LONGEST_OUTPUT {
            observed.fault = Some(Fault::Limit("states"));
            break;
        }
        if !seen.insert((state, Rc::clone(&output))) {
            continue;
        }
        observed.failed.extend(machine.failed_premises(state));
        match machine.successors(state) {
            Successors::Edges(edges) => {
                let edges = edges.to_vec();
                let chosen = edges.iter().all(|edge| book.rules[edge.rule as usize].is_choice());
                observed.ambiguous |= edges.len() > 1 && !chosen;
                observed.branches |= edges.len() > 1;
                for edge in edges {
                    observed.rules.insert(edge.rule);
                    for event in &edge.events {
                        *observed.events.entry(machine.bank().show(*event)).or_default() += 1;
                    }
                    let output = match output_of(&machine, &edge) {
                        Some(printed) => Rc::from(format!("{output}{printed}")),
                        None => Rc::clone(&output),
                    };
                    open.push((edge.target, output));
                }
            }
            Successors::Final => {
                observed.outcomes.insert(outcome(&mut machine, state, &output));
            }
            Successors::Fault(fault) => observed.fault = Some(fault),
        }
    }
    observed.states = seen.len();
    observed
}

fn outcome(machine: &mut Machine, state: Id, output: &str) -> Outcome {
    let mut lines: Vec<String> = output.split('\n').map(str::to_string).collect();
    // What stands behind the last line's end is no line, unless something does.
    lines.pop_if(|line| line.is_empty());
    Outcome { output: lines, ending: ending_of(machine, state) }
}

/// The last line of an outcome.
pub fn ending_of(machine: &mut Machine, state: Id) -> String {
    let mut heard = |_: &Machine, _: &Edge| {};
    let mut ended = Ended::new(machine, state, &mut heard);
    match ended.ending() {
        Ending::Normal | Ending::Exit { code: 0, .. } => "normal".into(),
        Ending::Returned(_) => "returning".into(),
        Ending::Exit { code, .. } => format!("exits {code}"),
        Ending::Uncaught(exception) => {
            let text = ended.last_line(exception);
            format!("raises {}", text.lines().next().unwrap_or_default())
        }
    }
}
