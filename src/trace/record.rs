//! From a path of the graph to a trace.

use egg::Id;

use crate::book::Book;
use crate::machine::stepper::{Edge, Machine, Successors};
use crate::python::{Assumptions, Program};
use crate::term::unescape;
use crate::trace::lines::Place;
use crate::trace::{Choice, FORMAT, Snapshot, Step, Trace};

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

/// Writes a path of a program down. `path` begins at the program's initial state.
pub fn record(machine: &mut Machine, book: &Book, subject: &Subject, path: &[Edge]) -> Trace {
    let mut state = machine.start(&subject.program.body, &subject.program.globals);
    let start = snapshot(machine, state, None);
    let mut steps = Vec::with_capacity(path.len());
    let mut choices = Vec::new();
    let mut place = Place::start(machine, state);
    for (index, edge) in path.iter().enumerate() {
        if is_choice(machine, state) {
            let what = describe_choice(machine, edge);
            choices.push(Choice { step: index + 1, what });
        }
        let (line, next) = place.follow(machine, state, edge);
        place = next;
        let library = place.code().filter(|code| !is_own(&subject.program, &code.module));
        let after = snapshot(machine, edge.target, Some(state));
        steps.push(Step {
            rule: machine.rule_name(edge.rule).to_string(),
            line,
            library: library.map(|code| code.name.clone()),
            events: edge.events.iter().map(|event| machine.bank().show(*event)).collect(),
            control: after.control,
            frames: after.frames,
            world: after.world,
        });
        state = edge.target;
    }
    Trace {
        format: FORMAT,
        rules: book.hash.clone(),
        python: book.version.to_string(),
        file: subject.program.name.clone(),
        program: subject.program.source.clone(),
        entry: subject.entry.clone(),
        assumptions: subject.assumptions.clone(),
        choices,
        start,
        steps,
        outcome: outcome(machine, state),
        property: None,
        checksum: String::new(),
    }
}

/// The completion of a state in which the path has ended.
pub fn outcome(machine: &mut Machine, state: Id) -> Option<String> {
    let ended = matches!(machine.successors(state), Successors::Final);
    ended.then(|| machine.bank().show(machine.bank().arg(state, 0)))
}

/// Nodes of a part of a state that is written out. A program that keeps objects has worlds of many thousands.
const WRITTEN: u64 = 1_000;

/// A state in s-expressions; the world is left out where it is that of `before`.
pub fn snapshot(machine: &mut Machine, state: Id, before: Option<Id>) -> Snapshot {
    let (frames, world) = (machine.frames_of(state), machine.world_of(state));
    let unchanged = before.is_some_and(|before| machine.world_of(before) == world);
    let node = machine.bank().get(state).clone();
    let control = node.args.iter().filter(|arg| **arg != frames && **arg != world);
    let control: Vec<String> = control.map(|arg| format!(" {}", written(machine, *arg))).collect();
    let frames = frame_list(machine, frames);
    Snapshot {
        control: format!("({}{})", node.op, control.concat()),
        frames: frames.into_iter().map(|frame| written(machine, frame)).collect(),
        world: (!unchanged).then(|| written(machine, world)),
    }
}

/// Whether a module is the program's own, and none of the library.
fn is_own(program: &Program, module: &str) -> bool {
    module == "__main__" || program.modules.contains_key(module)
}

/// A term, or `#` and the fingerprint of a large one: 128 bits, made from its content.
fn written(machine: &mut Machine, term: Id) -> String {
    let bank = machine.bank_mut();
    match bank.measure(term).size > WRITTEN {
        true => format!("#{:032x}", bank.fingerprint(term)),
        false => bank.show(term),
    }
}

/// The frames of a stack, the top one first.
pub fn frame_list(machine: &Machine, mut frames: Id) -> Vec<Id> {
    let mut found = Vec::new();
    while let [top, rest] = machine.bank().get(frames).args[..] {
        found.push(top);
        frames = rest;
    }
    found
}

/// What a transition prints.
pub fn output_of(machine: &Machine, edge: &Edge) -> Option<String> {
    edge.events
        .iter()
        .find(|event| machine.bank().op(**event).as_str() == "output")
        .map(|event| machine.bank().text(machine.bank().arg(*event, 0)))
}

fn is_choice(machine: &mut Machine, state: Id) -> bool {
    matches!(machine.successors(state), Successors::Edges(edges) if edges.len() > 1)
}

/// What a transition chose, in words: `login() raises ValueError()`, `the answer is True`.
pub fn describe_choice(machine: &Machine, edge: &Edge) -> String {
    let bank = machine.bank();
    let text = |id: Id| crate::python::print::value(&bank.term(id));
    let call = edge.events.iter().find(|event| bank.op(**event).as_str() == "leave");
    if let Some(event) = call {
        let name = unescape(bank.op(bank.arg(bank.arg(*event, 0), 0)).as_str());
        let completion = bank.arg(*event, 1);
        let value = text(bank.arg(completion, 0));
        let call = crate::render::text::call(&name);
        return match bank.op(completion).as_str() {
            "raising" => format!("{call} raises {value}"),
            _ if bank.op(bank.arg(completion, 0)).as_str() == "unknown" => format!("{call} returns"),
            _ => format!("{call} returns {value}"),
        };
    }
    let part = bank.arg(edge.target, 0);
    match bank.op(edge.target).as_str() {
        "value" => format!("the answer is {}", text(part)),
        "iterate" if bank.op(part).as_str() == "no-items" => "the loop stops".into(),
        "iterate" => "the loop goes on".into(),
        "respond" if bank.op(part).as_str() == "resumes" => match bank.op(bank.arg(part, 1)).as_str() {
            "abandon" => "a generator that nothing can reach is never run again".into(),
            _ => "a generator that nothing can reach is closed".into(),
        },
        _ => crate::render::text::completion_text(&bank.show(part)),
    }
}
