//! `trylemma run`: runs a closed program.

use std::mem::ManuallyDrop;
use std::sync::atomic::{AtomicUsize, Ordering};

use egg::Id;

use crate::cli::options::Job;
use crate::cli::output::{Failure, Output, Result, complain, complain_text};
use crate::diagnostic::Diagnostic;
use crate::limits::Limits;
use crate::machine::Machine;
use crate::machine::stepper::{Edge, Fault, Successors};
use crate::python::Program;
use crate::python::report::traceback::{Tracker, number_of, raising};
use crate::python::report::uncaught::{Report, Texts};
use crate::python::values::display;
use crate::python::values::heap;
use crate::trace::record::{Subject, describe_choice};

/// The arguments of `run`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    job: Job,
}

/// What bounds a run, unless the flags say otherwise. A run is one path, and what lies behind is forgotten: its
/// steps cost time alone, and how deep and large its terms are is a matter of its memory.
const LIMITS: Limits = Limits {
    states: 10_000_000,
    activations: 10_000,
    depth: u32::MAX,
    nodes: u64::MAX,
    steps: 50_000_000,
    terms: 400_000,
    members: 10_000_000,
    memory: 1 << 30,
};

/// Steps that `str` of an uncaught exception may take.
const STEPS_OF_TEXT: usize = 1_000_000;

/// Runs the file: output on stdout, an uncaught exception's traceback on stderr.
pub fn run(args: &Args, out: &mut Output) -> Result<u8> {
    let (book, limits, Subject { program, .. }) = args.job.load_to_run(LIMITS)?;
    for warning in &program.warnings {
        complain(warning);
    }
    // The command ends with the run: nothing of it is taken apart first.
    let book = ManuallyDrop::new(book);
    let machine = ManuallyDrop::new(Machine::with_engine(&book, limits, args.job.engine()));
    Run::new(machine, &program, out).follow()
}

/// A program on its way.
struct Run<'r> {
    machine: ManuallyDrop<Machine>,
    program: &'r Program,
    tracker: Tracker,
    out: &'r mut Output,
    state: Id,
    /// Terms in the bank beyond which it is emptied of what lies behind.
    most: usize,
}

/// What one step led to.
enum Step {
    Taken,
    Ended,
}

impl<'r> Run<'r> {
    fn new(mut machine: ManuallyDrop<Machine>, program: &'r Program, out: &'r mut Output) -> Run<'r> {
        let state = machine.start(&program.body, &program.globals);
        let most = machine.limits().terms;
        Run { machine, program, tracker: Tracker::new(program), out, state, most }
    }

    fn follow(mut self) -> Result<u8> {
        for _ in 0..self.machine.limits().steps {
            if let Step::Ended = self.step()? {
                self.out.flush()?;
                return self.finish();
            }
            if self.machine.bank().len() > self.most {
                self.forget()?;
            }
        }
        Err(self.limit("steps"))
    }

    fn limit(&mut self, name: &'static str) -> Failure {
        let _ = self.out.flush();
        self.machine.limits().reached(name).into()
    }

    fn step(&mut self) -> Result<Step> {
        let edge = match self.machine.successors(self.state) {
            Successors::Edges([edge]) => edge.clone(),
            Successors::Edges(edges) => {
                let edges = edges.to_vec();
                return Err(undecided(&self.machine, &self.program.name, &edges));
            }
            Successors::Final => return Ok(Step::Ended),
            Successors::Fault(Fault::Limit(name)) => return Err(self.limit(name)),
            Successors::Fault(_) => return Err(self.fault()),
        };
        self.write(&edge)?;
        self.tracker.follow(&self.machine, self.state, &edge);
        self.state = edge.target;
        Ok(Step::Taken)
    }

    fn fault(&mut self) -> Failure {
        let _ = self.out.flush();
        let control = self.machine.bank().show(self.machine.bank().arg(self.state, 0));
        Diagnostic::new(format!("the rules fail at {control}"), &self.program.name)
            .help("this is a fault of the book: no rule, or an impossible state")
            .into()
    }

    /// Writes what a transition prints.
    fn write(&mut self, edge: &Edge) -> Result<()> {
        let bank = self.machine.bank();
        for event in &edge.events {
            let text = || bank.text(bank.arg(*event, 0));
            match bank.op(*event).as_str() {
                "output" => self.out.text(&text())?,
                "complaint" => {
                    self.out.flush()?;
                    complain_text(&text());
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Empties the bank of all but what the state needs, without the objects that it does not reach.
    fn forget(&mut self) -> Result<()> {
        let terms = self.tracker.terms();
        let Some(state) = self.machine.collected(self.state, &terms) else { return Ok(()) };
        self.forget_tracebacks(state);
        let terms = self.tracker.terms();
        let moved = self.machine.keep_only(terms.into_iter().chain([state]));
        self.tracker.moved(&moved);
        self.state = moved.of(state);
        let left = self.machine.bank().len();
        self.most = self.machine.limits().terms.max(3 * left);
        let least = self.machine.bytes() + self.tracker.bytes();
        // Names are never forgotten.
        if 2 * least + interned() > self.machine.limits().memory { Err(self.limit("memory")) } else { Ok(()) }
    }

    fn forget_tracebacks(&mut self, state: Id) {
        let bank = self.machine.bank();
        let globals = bank.arg(self.machine.world_of(state), 1);
        if bank.op(globals).as_str() == "objects" {
            let heap = bank.arg(globals, 1);
            self.tracker.retain(|number| heap::find(bank, heap, number).is_some());
        }
    }

    /// Reports how the program ended, as CPython does, and returns its exit code.
    fn finish(mut self) -> Result<u8> {
        let Some(exception) = raising(&self.machine, self.state) else { return Ok(0) };
        if !self.program.objects {
            return Ok(self.finish_plain(exception));
        }
        if self.is_a(exception, "SystemExit") {
            return self.exit(exception);
        }
        let tracker = std::mem::replace(&mut self.tracker, Tracker::new(self.program));
        let world = self.machine.world_of(self.state);
        let report = Report::of(&mut self, &tracker, world, exception).text();
        self.out.flush()?;
        complain_text(&report);
        Ok(if self.is_a(exception, "KeyboardInterrupt") { 130 } else { 1 })
    }

    /// A program of the core, whose exceptions are no objects.
    fn finish_plain(&mut self, exception: Id) -> u8 {
        if let Some((code, message)) = display::exit_status(&self.machine.context(), exception) {
            if !message.is_empty() {
                complain(&message);
            }
            return code;
        }
        let number = number_of(self.machine.bank(), exception).unwrap_or_default();
        let lines = self.tracker.traceback(number).unwrap_or_default().join("\n");
        let last = display::last_line(&self.machine.context(), exception);
        complain(&format!("Traceback (most recent call last):\n{lines}\n{last}"));
        1
    }

    fn is_a(&mut self, exception: Id, class: &str) -> bool {
        display::is_a(&self.machine.context(), exception, class)
    }

    /// What SystemExit asks for: a code, or a text on stderr.
    fn exit(mut self, exception: Id) -> Result<u8> {
        let code = self.apply("getattr", &[exception], Some("code"));
        let Some(code) = code else { return Ok(1) };
        let (op, text) = {
            let bank = self.machine.bank();
            (bank.op(code).as_str(), bank.op(bank.arg(code, 0)).as_str())
        };
        match op {
            "none" => return Ok(0),
            "true" => return Ok(1),
            "false" => return Ok(0),
            "int" => return Ok(exit_code(text)),
            _ => {}
        }
        let text = self.str(code).unwrap_or_default();
        self.out.flush()?;
        complain_text(&format!("{text}\n"));
        Ok(1)
    }

    /// The value of a builtin function of a value and, where there is one, a text: computed in a run of its own that
    /// begins with the objects of the last state. `None` where it raises, or passes a limit.
    fn apply(&mut self, function: &str, values: &[Id], text: Option<&str>) -> Option<Id> {
        let end = self.invocation(function, values, text);
        let mut state = end;
        for _ in 0..STEPS_OF_TEXT {
            if let Some(value) = self.answer(state) {
                return Some(value);
            }
            let edge = match self.machine.successors(state) {
                Successors::Edges([edge]) => edge.clone(),
                _ => return None,
            };
            self.write(&edge).ok()?;
            state = edge.target;
            if self.machine.bank().len() > 4 * self.most {
                return None;
            }
        }
        None
    }

    /// The state that calls a builtin function where nothing else is to be done.
    fn invocation(&mut self, function: &str, values: &[Id], text: Option<&str>) -> Id {
        let world = self.machine.world_of(self.state);
        let globals = self.machine.bank().arg(world, 1);
        let bank = self.machine.bank_mut();
        let [end, locals, none, facts, base, keywords, empty] =
            ["end", "no-names", "none", "no-facts", "base", "no-keywords", "no-values"]
                .map(|name| bank.node(name, []));
        let world = bank.node("world", [locals, globals, none, facts, base]);
        let mut list = values.iter().fold(empty, |list, value| bank.node("values", [list, *value]));
        if let Some(text) = text {
            let text = bank.node(text, []);
            let text = bank.node("str", [text]);
            list = bank.node("values", [list, text]);
        }
        let name = bank.node(function, []);
        let function = bank.node("builtin", [name]);
        bank.node("invoke", [function, list, keywords, end, world])
    }

    /// The value that a run of [`Run::apply`] has come to.
    fn answer(&self, state: Id) -> Option<Id> {
        let bank = self.machine.bank();
        let done = bank.op(state).as_str() == "value"
            && bank.op(self.machine.frames_of(state)).as_str() == "end"
            && bank.op(bank.arg(self.machine.world_of(state), 4)).as_str() == "base";
        done.then(|| bank.arg(state, 0))
    }

    fn text_by(&mut self, function: &str, value: Id) -> Option<String> {
        let text = self.apply(function, &[value], None)?;
        let bank = self.machine.bank();
        (bank.op(text).as_str() == "str").then(|| bank.text(bank.arg(text, 0)))
    }
}

impl Texts for Run<'_> {
    fn machine(&mut self) -> &mut Machine {
        &mut self.machine
    }

    fn str(&mut self, value: Id) -> Option<String> {
        self.text_by("str", value)
    }

    fn repr(&mut self, value: Id) -> Option<String> {
        self.text_by("repr", value)
    }
}

/// The lowest eight bits of an int; of one that no C program could pass on, those of -1.
fn exit_code(digits: &str) -> u8 {
    digits.parse::<i64>().map_or(255, |code| code.rem_euclid(256) as u8)
}

/// About how many bytes the names take that were met so far. Their table has shards that fill evenly; the high bits
/// of a name's number are its shard, and the others count the names there.
fn interned() -> usize {
    const BYTES: usize = 64;
    static ASKED: AtomicUsize = AtomicUsize::new(0);
    let newest: egg::Symbol = format!("newest name {}", ASKED.fetch_add(1, Ordering::Relaxed)).into();
    let place = std::num::NonZeroU32::from(newest).get() & (u32::MAX >> SHARDS.ilog2());
    place as usize * SHARDS * BYTES
}

/// As many shards the table of egg's names has.
const SHARDS: usize = 16;

fn undecided(machine: &Machine, file: &str, edges: &[Edge]) -> Failure {
    let ways: Vec<String> = edges.iter().map(|edge| describe_choice(machine, edge)).collect();
    let title = format!("the run could go {} ways: {}", edges.len(), ways.join(", "));
    Diagnostic::new(title, file)
        .help("no file defines what is called here: see every path with `trylemma explore`, or say with --assume what happens")
        .into()
}
