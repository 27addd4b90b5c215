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
use crate::python::report::ending::{Ended, Ending};
use crate::python::report::traceback::Tracker;
use crate::python::report::uncaught::Report;
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
        write(&self.machine, &edge, self.out)?;
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
    fn finish(self) -> Result<u8> {
        let (out, mut machine) = (self.out, self.machine);
        let mut failed = None;
        let mut heard = |machine: &Machine, edge: &Edge| failed = write(machine, edge, out).err();
        let mut ended = Ended::new(&mut machine, self.state, &mut heard);
        let (code, text) = match ended.ending() {
            Ending::Normal | Ending::Returned(_) => (0, String::new()),
            Ending::Exit { code, says, .. } => {
                (code, says.map(|value| ended.str(value).unwrap_or_default() + "\n").unwrap_or_default())
            }
            Ending::Uncaught(exception) => {
                let report = Report::of(&mut ended, &self.tracker, exception).text();
                (ended.uncaught_status(exception), report)
            }
        };
        out.flush()?;
        complain_text(&text);
        failed.map_or(Ok(code), Err)
    }
}

/// Writes what a transition prints.
fn write(machine: &Machine, edge: &Edge, out: &mut Output) -> Result<()> {
    let bank = machine.bank();
    for event in &edge.events {
        let text = || bank.text(bank.arg(*event, 0));
        match bank.op(*event).as_str() {
            "output" => out.text(&text())?,
            "complaint" => {
                out.flush()?;
                complain_text(&text());
            }
            _ => {}
        }
    }
    Ok(())
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
