//! Tracebacks: where an uncaught exception was raised, and by which calls.
//!
//! The lines come from the events of the run. Like the source excerpts of Python, they
//! are for people: the carets that CPython draws under parts of a line are left out.

use egg::Id;
use rustc_hash::FxHashMap;

use crate::machine::display;
use crate::machine::stepper::{Edge, Machine};
use crate::python::Program;
use crate::term::unescape;
use crate::trace::record::line_of;

/// An activation: its function, and the line that control is in.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    function: String,
    line: usize,
}

/// Follows a run, and remembers where each exception was raised.
#[derive(Debug)]
pub struct Tracker {
    file: String,
    lines: Vec<String>,
    stack: Vec<Place>,
    origins: FxHashMap<Id, Vec<Place>>,
}

impl Tracker {
    /// A tracker at the start of a program.
    pub fn new(program: &Program) -> Tracker {
        Tracker {
            file: program.name.clone(),
            lines: program.source.lines().map(|line| line.trim().to_string()).collect(),
            stack: vec![Place { function: "<module>".into(), line: 1 }],
            origins: FxHashMap::default(),
        }
    }

    /// Follows one transition from `state`.
    pub fn follow(&mut self, machine: &Machine, state: Id, edge: &Edge) {
        let bank = machine.bank();
        if let (Some(line), Some(top)) = (line_of(machine, edge), self.stack.last_mut()) {
            top.line = line;
        }
        let raised = raising(machine, edge.target);
        let was_raising = raising(machine, state).is_some();
        for event in &edge.events {
            let Some(name) = body_of(machine, *event) else { continue };
            match bank.op(*event).as_str() {
                "enter" => self.stack.push(Place { function: name, line: 0 }),
                "leave" => {
                    self.stack.pop();
                }
                _ => {}
            }
        }
        // A bare raise, and an exception that a finally clause held back, keep their origin.
        let again = matches!(bank.op(state).as_str(), "done" | "search")
            || bank.op(bank.arg(state, 0)).as_str() == "reraise";
        if let Some(exception) = raised
            && !was_raising
            && !(again && self.origins.contains_key(&exception))
        {
            self.origins.insert(exception, self.stack.clone());
        }
    }

    /// The traceback of an uncaught exception.
    pub fn traceback(&self, machine: &mut Machine, exception: Id) -> String {
        let mut out = String::from("Traceback (most recent call last):\n");
        for place in self.origins.get(&exception).unwrap_or(&self.stack) {
            let Place { function, line } = place;
            out.push_str(&format!("  File \"{}\", line {line}, in {function}\n", self.file));
            if let Some(text) = line.checked_sub(1).and_then(|index| self.lines.get(index)) {
                out.push_str(&format!("    {text}\n"));
            }
        }
        out.push_str(&display::last_line(&machine.context(), exception));
        out
    }
}

/// The exception of a state that completes by raising.
pub fn raising(machine: &Machine, state: Id) -> Option<Id> {
    let bank = machine.bank();
    if bank.op(state).as_str() != "done" {
        return None;
    }
    let completion = bank.arg(state, 0);
    (bank.op(completion).as_str() == "raising").then(|| bank.arg(completion, 0))
}

/// The function of an event about a function's body.
fn body_of(machine: &Machine, event: Id) -> Option<String> {
    let bank = machine.bank();
    let marker = *bank.get(event).args.first()?;
    (bank.op(marker).as_str() == "body").then(|| unescape(bank.op(bank.arg(marker, 0)).as_str()))
}
