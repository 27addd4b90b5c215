//! `trylemma run`: runs a closed program.

use std::mem::ManuallyDrop;
use std::sync::atomic::{AtomicUsize, Ordering};

use egg::Id;

use crate::check::program::Subject;
use crate::cli::options::Job;
use crate::cli::output::{Failure, Output, Result, complain, complain_text};
use crate::cli::report;
use crate::diagnostic::Diagnostic;
use crate::limits::Limits;
use crate::machine::Machine;
use crate::machine::stepper::{Edge, Fault, Successors};
use crate::python::Program;
use crate::python::report::ending::{Ended, Ending};
use crate::python::report::traceback::Files;
use crate::python::report::uncaught::{self, Report};
use crate::trace::record::describe_choice;
use crate::trace::words;

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
    turns: None,
    tentative: false,
};

/// How many times the steps of a run it may take with places.
const LONGER: usize = 2;

/// Runs the file: output on stdout, an uncaught exception's traceback on stderr.
///
/// Where control is, is part of the state only of a program that asks for it. Any other is run again with places, and what
/// was written is passed over, as soon as there is a traceback to print.
pub fn run(args: &Args, out: &mut Output) -> Result<u8> {
    let (book, limits, Subject { program, entry, .. }) = args.job.load_to_run(LIMITS)?;
    for warning in &program.warnings {
        complain(warning);
    }
    // The command ends with the run: nothing of it is taken apart first.
    let book = ManuallyDrop::new(book);
    let machine = Machine::with_engine(&book, limits, args.job.engine());
    let mut first = Run::new(machine, &program);
    if let Some(code) = first.follow(out)? {
        return Ok(code);
    }
    if let Ok(placed) = args.job.load_with_places(&book, &program, entry.as_deref()) {
        let mut again = Run::new(first.machine.another(), &placed);
        (again.passed_over, again.steps, again.lines) = (first.written, LONGER * limits.steps, Lines::Known);
        match again.follow(out) {
            // It did not come as far: there are no lines.
            Err(_) if again.passed_over > 0 => {}
            Ok(None) => {}
            ended => {
                let code = ended?;
                std::mem::forget(again);
                return Ok(code.unwrap_or_default());
            }
        }
        std::mem::forget(again);
    }
    first.lines = Lines::Missing;
    Ok(first.follow(out)?.unwrap_or_default())
}

/// Whether a run can tell where exceptions were.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lines {
    /// The state holds where control is.
    Known,
    /// It does not; the program can be run again.
    Wanted,
    /// Nothing tells.
    Missing,
}

/// A program on its way.
struct Run<'r> {
    machine: ManuallyDrop<Machine>,
    program: &'r Program,
    files: Files,
    lines: Lines,
    state: Id,
    /// Terms in the bank beyond which it is emptied of what lies behind.
    most: usize,
    /// Steps that are left.
    steps: usize,
    /// Texts that were written.
    written: u64,
    /// Texts that were written before, by the run that this one repeats.
    passed_over: u64,
}

/// What one step led to.
enum Step {
    Taken,
    Ended,
    /// There is a traceback to print, and its lines are not known.
    Wanting,
}

impl<'r> Run<'r> {
    fn new(machine: Machine, program: &'r Program) -> Run<'r> {
        let mut machine = ManuallyDrop::new(machine);
        let state = machine.start(&program.body, &program.globals);
        let (most, steps) = (machine.limits().terms, machine.limits().steps);
        let lines = if program.places { Lines::Known } else { Lines::Wanted };
        let files = Files::of(program);
        Run { machine, program, files, lines, state, most, steps, written: 0, passed_over: 0 }
    }

    /// Runs to the end and gives the exit code; none where there is a traceback to print whose lines are not known.
    fn follow(&mut self, out: &mut Output) -> Result<Option<u8>> {
        while self.steps > 0 {
            self.steps -= 1;
            match self.step(out)? {
                Step::Taken => {}
                Step::Wanting => return Ok(None),
                Step::Ended => return self.finish(out),
            }
            if self.machine.bank().len() > self.most {
                self.forget(out)?;
            }
        }
        Err(self.limit("steps", out))
    }

    fn limit(&mut self, name: &'static str, out: &mut Output) -> Failure {
        let _ = out.flush();
        self.machine.limits().reached(name).into()
    }

    fn step(&mut self, out: &mut Output) -> Result<Step> {
        let edge = match self.machine.successors(self.state) {
            Successors::Edges([edge]) => edge.clone(),
            Successors::Edges(edges) => {
                let edges = edges.to_vec();
                return Err(undecided(&self.machine, self.state, &self.program.name, &edges));
            }
            Successors::Final => return Ok(Step::Ended),
            Successors::Fault(Fault::Limit(name)) => return Err(self.limit(name, out)),
            Successors::Fault(fault) => return Err(self.fault(fault, out)),
        };
        if !edge.events.is_empty() {
            match self.ignored(&edge) {
                None => self.write(&edge, out)?,
                Some(_) if self.lines == Lines::Wanted => return Ok(Step::Wanting),
                Some(ignored) => self.complain_of(ignored, out)?,
            }
        }
        self.state = edge.target;
        Ok(Step::Taken)
    }

    fn fault(&mut self, fault: Fault, out: &mut Output) -> Failure {
        let _ = out.flush();
        let control = words::control_of(&self.machine.bank().term(self.state));
        report::breakdown(&self.program.name, &fault, &control).into()
    }

    /// Writes what a transition prints, unless it was written before.
    fn write(&mut self, edge: &Edge, out: &mut Output) -> Result<()> {
        for (text, stream) in texts(&self.machine, edge) {
            self.written += 1;
            match self.passed_over {
                0 => stream.write(&text, out)?,
                _ => self.passed_over -= 1,
            }
        }
        Ok(())
    }

    /// The generator that was dropped, and the exception that left it, where the transition says that nobody handles it.
    fn ignored(&self, edge: &Edge) -> Option<[Id; 2]> {
        let bank = self.machine.bank();
        let complains = |event: &Id| bank.op(*event).as_str() == "complaint";
        let completion = bank.arg(self.state, 0);
        if bank.op(self.state).as_str() != "done" || !edge.events.iter().any(complains) {
            return None;
        }
        let top = *bank.get(self.machine.frames_of(self.state)).args.first()?;
        let generator = *bank.get(top).args.last()?;
        Some([generator, *bank.get(completion).args.first()?])
    }

    fn complain_of(&mut self, [generator, exception]: [Id; 2], out: &mut Output) -> Result<()> {
        self.written += 1;
        if self.passed_over > 0 {
            self.passed_over -= 1;
            return Ok(());
        }
        let files = &self.files;
        let text = tell(&mut self.machine, self.state, out, |ended| {
            uncaught::ignored(ended, files, generator, exception)
        })?;
        Stream::Error.write(&text, out)
    }

    /// Empties the bank of all but what the state needs, without the objects that it does not reach.
    fn forget(&mut self, out: &mut Output) -> Result<()> {
        let Some(state) = self.machine.collected(self.state, &[]) else { return Ok(()) };
        let moved = self.machine.keep_only([state]);
        self.state = moved.of(state);
        let left = self.machine.bank().len();
        self.most = self.machine.limits().terms.max(3 * left);
        // Names are never forgotten.
        match 2 * self.machine.bytes() + interned() > self.machine.limits().memory {
            true => Err(self.limit("memory", out)),
            false => Ok(()),
        }
    }

    /// Reports how the program ended, as CPython does, and gives its exit code.
    fn finish(&mut self, out: &mut Output) -> Result<Option<u8>> {
        out.flush()?;
        let (files, lines) = (&self.files, self.lines);
        let open = tell(&mut self.machine, self.state, out, |ended| ended.leaves_line_open())?;
        let (code, text) = tell(&mut self.machine, self.state, out, |ended| match ended.ending() {
            Ending::Normal | Ending::Returned(_) => (Some(0), String::new()),
            Ending::Exit { code, says, .. } => {
                let text = says.map(|value| ended.str(value).unwrap_or_default() + "\n");
                (Some(code), text.unwrap_or_default())
            }
            Ending::Uncaught(_) if lines == Lines::Wanted => (None, String::new()),
            Ending::Uncaught(exception) => {
                let report = Report::of(ended, files, exception).text();
                (Some(ended.uncaught_status(exception)), report)
            }
        })?;
        if open && code.is_some() {
            Stream::Output.write("\n", out)?;
        }
        Stream::Error.write(&text, out)?;
        Ok(code)
    }
}

/// Asks about values of a state. What is printed meanwhile is written.
fn tell<T>(
    machine: &mut Machine,
    state: Id,
    out: &mut Output,
    ask: impl FnOnce(&mut Ended) -> T,
) -> Result<T> {
    let mut written = Ok(());
    let mut heard = |machine: &Machine, edge: &Edge| {
        for (text, stream) in texts(machine, edge) {
            if written.is_ok() {
                written = stream.write(&text, out);
            }
        }
    };
    let told = ask(&mut Ended::new(machine, state, &mut heard));
    written.map(|()| told)
}

/// Where a text is written to.
#[derive(Debug, Clone, Copy)]
enum Stream {
    Output,
    Error,
}

impl Stream {
    fn write(self, text: &str, out: &mut Output) -> Result<()> {
        match self {
            Stream::Output => out.text(text),
            Stream::Error => {
                out.flush()?;
                complain_text(text);
                Ok(())
            }
        }
    }
}

/// What a transition prints.
fn texts(machine: &Machine, edge: &Edge) -> Vec<(String, Stream)> {
    let bank = machine.bank();
    let text = |event: &Id| match bank.op(*event).as_str() {
        "output" => Some((bank.text(bank.arg(*event, 0)), Stream::Output)),
        "complaint" => Some((bank.text(bank.arg(*event, 0)), Stream::Error)),
        _ => None,
    };
    edge.events.iter().filter_map(text).collect()
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

fn undecided(machine: &Machine, state: Id, file: &str, edges: &[Edge]) -> Failure {
    let ways: Vec<String> = edges.iter().map(|edge| describe_choice(machine, state, edge)).collect();
    let title = format!("the run could go {} ways: {}", edges.len(), ways.join(", "));
    Diagnostic::new(title, file)
        .help("no file defines what is called here: see every path with `trylemma explore`, or say with --assume what happens")
        .into()
}
