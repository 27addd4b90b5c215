//! Tracebacks: where an exception was raised, and by which calls it passed.
//!
//! The lines come from the events of the run, the calls from its states. Like the source excerpts of Python, they
//! are for people: the carets that CPython draws under parts of a line are left out.

use std::sync::LazyLock;

use egg::{Id, Symbol};
use rustc_hash::FxHashMap;

use crate::machine::Bank;
use crate::machine::stepper::{Edge, Machine};
use crate::machine::transfer::Moved;
use crate::python::syntax::Program;
use crate::term::unescape;

/// What the tracker looks for in every state, interned once.
struct Names {
    done: Symbol,
    raising: Symbol,
    line: Symbol,
    search: Symbol,
    reraise: Symbol,
    watch_frame: Symbol,
    body: Symbol,
    name: Symbol,
}

static NAMES: LazyLock<Names> = LazyLock::new(|| Names {
    done: "done".into(),
    raising: "raising".into(),
    line: "line".into(),
    search: "search".into(),
    reraise: "reraise".into(),
    watch_frame: "watch-frame".into(),
    body: "body".into(),
    name: "name".into(),
});

/// A function, and the line that control was in.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    function: String,
    line: usize,
}

/// An activation, known by the callers that wait for it.
#[derive(Debug, Clone, Copy)]
struct Activation {
    callers: Id,
    line: usize,
}

/// Where an exception has been.
#[derive(Debug, Default)]
struct Origin {
    /// The innermost place first.
    places: Vec<Place>,
    /// The names of the activation that it was raised in, for exceptions about names.
    locals: Option<Id>,
    /// The name that was looked up when the machine raised it.
    wanted: Option<String>,
}

/// Follows a run, and remembers where each exception was raised.
#[derive(Debug)]
pub struct Tracker {
    file: String,
    lines: Vec<String>,
    stack: Vec<Activation>,
    origins: FxHashMap<u32, Origin>,
    raising: Option<Id>,
}

impl Tracker {
    /// A tracker at the start of a program.
    pub fn new(program: &Program) -> Tracker {
        Tracker {
            file: program.name.clone(),
            lines: program.source.lines().map(|line| line.trim().to_string()).collect(),
            stack: Vec::new(),
            origins: FxHashMap::default(),
            raising: None,
        }
    }

    /// Follows one transition from `state`.
    pub fn follow(&mut self, machine: &Machine, state: Id, edge: &Edge) {
        if self.stack.is_empty() {
            let callers = callers_of(machine, state);
            self.stack.push(Activation { callers, line: 0 });
        }
        if let (Some(line), Some(top)) = (line_of(machine.bank(), edge), self.stack.last_mut()) {
            top.line = line;
        }
        let left = self.follow_calls(callers_of(machine, edge.target));
        let now = raising(machine, edge.target);
        match (self.raising, now) {
            (Some(before), Some(now)) if before == now && !left => {}
            (Some(before), Some(now)) if before == now => self.pass(machine, edge.target, now),
            (_, Some(now)) => self.raise(machine, state, edge.target, now),
            _ => {}
        }
        self.raising = now;
    }

    /// Enters or leaves activations; whether one was left.
    fn follow_calls(&mut self, callers: Id) -> bool {
        if self.stack.last().is_some_and(|top| top.callers == callers) {
            return false;
        }
        match self.stack.iter().rposition(|activation| activation.callers == callers) {
            Some(place) => {
                self.stack.truncate(place + 1);
                true
            }
            None => {
                self.stack.push(Activation { callers, line: 0 });
                false
            }
        }
    }

    fn raise(&mut self, machine: &Machine, before: Id, state: Id, exception: Id) {
        let (bank, names) = (machine.bank(), &*NAMES);
        let (op, control) = (bank.op(before), bank.op(bank.arg(before, 0)));
        // A bare raise, and an exception that a finally clause held back, keep their origin.
        let again = op == names.done || op == names.search || control == names.reraise;
        let Some(number) = number_of(bank, exception) else { return };
        if again && self.origins.contains_key(&number) {
            return;
        }
        if !is_tracked(machine, state) {
            self.origins.remove(&number);
        }
        self.origins.entry(number).or_insert_with(|| {
            let mut origin = Origin::default();
            let class = bank.op(bank.arg(bank.arg(exception, 0), 0));
            if matches!(class.as_str(), "NameError" | "AttributeError") {
                origin.locals = Some(bank.arg(machine.world_of(state), 0));
                origin.wanted = (control == names.name).then(|| wanted(bank, bank.arg(before, 0))).flatten();
            }
            origin
        });
        self.pass(machine, state, exception);
    }

    /// Notes the activation that an exception is in.
    fn pass(&mut self, machine: &Machine, state: Id, exception: Id) {
        let bank = machine.bank();
        let line = self.stack.last().map_or(0, |top| top.line);
        let Some(origin) = number_of(bank, exception).and_then(|number| self.origins.get_mut(&number)) else {
            return;
        };
        // The library has no lines.
        if line > 0 {
            origin.places.push(Place { function: function_of(bank, machine.frames_of(state)), line });
        }
    }

    /// The lines of an exception's traceback, the outermost call first; none where it was never raised.
    pub fn traceback(&self, number: u32) -> Option<Vec<String>> {
        let origin = self.origins.get(&number)?;
        let lines: Vec<String> =
            origin.places.iter().rev().flat_map(|place| self.place_lines(place)).collect();
        (!lines.is_empty()).then_some(lines)
    }

    fn place_lines(&self, Place { function, line }: &Place) -> Vec<String> {
        let mut lines = vec![format!("  File \"{}\", line {line}, in {function}", self.file)];
        let source = line.checked_sub(1).and_then(|index| self.lines.get(index));
        lines.extend(source.filter(|text| !text.is_empty()).map(|text| format!("    {text}")));
        lines
    }

    /// The locals where an exception about a name was raised, and the name, where the machine looked it up.
    pub fn name_error(&self, number: u32) -> Option<(Id, Option<&str>)> {
        let origin = self.origins.get(&number)?;
        Some((origin.locals?, origin.wanted.as_deref()))
    }

    /// The terms that the tracker needs.
    pub fn terms(&self) -> Vec<Id> {
        let calls = self.stack.iter().map(|activation| activation.callers);
        calls.chain(self.raising).chain(self.origins.values().filter_map(|origin| origin.locals)).collect()
    }

    /// About how many bytes the tracker takes.
    pub fn bytes(&self) -> usize {
        let places: usize = self.origins.values().map(|origin| 100 + 60 * origin.places.len()).sum();
        places + self.stack.len() * size_of::<Activation>()
    }

    /// Forgets exceptions that are no objects any more.
    pub fn retain(&mut self, is_there: impl Fn(u32) -> bool) {
        self.origins.retain(|number, _| is_there(*number));
    }

    /// Follows terms to where they lie now.
    pub fn moved(&mut self, moved: &Moved) {
        self.stack.iter_mut().for_each(|activation| activation.callers = moved.of(activation.callers));
        self.raising = self.raising.map(|exception| moved.of(exception));
        for origin in self.origins.values_mut() {
            origin.locals = origin.locals.map(|locals| moved.of(locals));
        }
    }
}

fn callers_of(machine: &Machine, state: Id) -> Id {
    machine.bank().arg(machine.world_of(state), 4)
}

fn is_tracked(machine: &Machine, state: Id) -> bool {
    let bank = machine.bank();
    bank.op(bank.arg(machine.world_of(state), 1)).as_str() == "objects"
}

/// The number of an exception.
pub fn number_of(bank: &Bank, exception: Id) -> Option<u32> {
    bank.get(exception).args.last().and_then(|number| bank.op(*number).as_str().parse().ok())
}

/// The name that a `(name target)` reads.
fn wanted(bank: &Bank, read: Id) -> Option<String> {
    let mut target = bank.arg(read, 0);
    if bank.op(target).as_str() == "inner" {
        target = bank.arg(target, 1);
    }
    match bank.op(target).as_str() {
        "member" => Some(unescape(bank.op(bank.arg(target, 1)).as_str())),
        "global" => Some(unescape(bank.op(bank.arg(target, 0)).as_str())),
        _ => None,
    }
}

/// The name of the function whose body these frames are in.
fn function_of(bank: &Bank, mut frames: Id) -> String {
    let names = &*NAMES;
    while let [top, rest] = bank.get(frames).args[..] {
        let marker = bank.arg(top, 0);
        if bank.op(top) == names.watch_frame && bank.op(marker) == names.body {
            let name = unescape(bank.op(bank.arg(marker, 0)).as_str());
            return name.rsplit('.').next().unwrap_or_default().to_string();
        }
        frames = rest;
    }
    "<module>".into()
}

fn line_of(bank: &Bank, edge: &Edge) -> Option<usize> {
    let line = edge.events.iter().find(|event| bank.op(**event) == NAMES.line)?;
    bank.op(bank.arg(*line, 0)).as_str().parse().ok()
}

/// The exception of a state that completes by raising.
pub fn raising(machine: &Machine, state: Id) -> Option<Id> {
    let bank = machine.bank();
    if bank.op(state) != NAMES.done {
        return None;
    }
    let completion = bank.arg(state, 0);
    (bank.op(completion) == NAMES.raising).then(|| bank.arg(completion, 0))
}
