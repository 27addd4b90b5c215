//! `trylemma run`: runs a closed program.

use egg::Id;

use super::options::Job;
use super::output::{Failure, Output, Result, complain};
use crate::diagnostic::Diagnostic;
use crate::limits::Limits;
use crate::machine::stepper::{Edge, Fault, Successors};
use crate::machine::{Machine, display};
use crate::render::traceback::{Tracker, raising};
use crate::trace::record::{Subject, describe_choice, output_of};

/// The arguments of `run`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    job: Job,
}

/// Runs the file: output on stdout, an uncaught exception's traceback on stderr.
pub fn run(args: &Args, out: &mut Output) -> Result<u8> {
    let (book, limits, Subject { program, .. }) =
        args.job.load_to_run(Limits { activations: 1001, depth: 40_000, ..Limits::default() })?;
    let mut machine = Machine::with_engine(&book, limits, args.job.engine());
    let mut state = machine.start(&program.body, &program.globals);
    let mut tracker = Tracker::new(&program);
    for _ in 0..limits.steps {
        let edges = match machine.successors(state) {
            Successors::Edges(edges) => edges.to_vec(),
            Successors::Final => {
                out.flush()?;
                return Ok(finish(&mut machine, &tracker, state));
            }
            Successors::Fault(Fault::Limit(name)) => return Err(limits.reached(name).into()),
            Successors::Fault(_) => {
                let control = machine.bank().show(machine.bank().arg(state, 0));
                return Err(Diagnostic::new(format!("the rules fail at {control}"), program.name)
                    .help("this is a fault of the book: no rule, or an impossible state")
                    .into());
            }
        };
        let [edge] = edges.as_slice() else {
            return Err(undecided(&machine, &program.name, &edges));
        };
        if let Some(text) = output_of(&machine, edge) {
            out.text(&text)?;
        }
        tracker.follow(&machine, state, edge);
        state = edge.target;
    }
    Err(limits.reached("steps").into())
}

/// Reports how the program ended, as CPython does, and returns its exit code.
fn finish(machine: &mut Machine, tracker: &Tracker, state: Id) -> u8 {
    let Some(exception) = raising(machine, state) else { return 0 };
    if let Some((code, message)) = display::exit_status(&machine.context(), exception) {
        if !message.is_empty() {
            complain(&message);
        }
        return code;
    }
    complain(&tracker.traceback(machine, exception));
    1
}

fn undecided(machine: &Machine, file: &str, edges: &[Edge]) -> Failure {
    let ways: Vec<String> = edges.iter().map(|edge| describe_choice(machine, edge)).collect();
    let title = format!("the run could go {} ways: {}", edges.len(), ways.join(", "));
    Diagnostic::new(title, file)
        .help("no file defines what is called here: see every path with `trylemma explore`, or say with --assume what happens")
        .into()
}
