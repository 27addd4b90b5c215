//! `trylemma step`: a run, reduction by reduction.

use crate::check::program::Subject;
use crate::cli::options::{Format, Job, formats};
use crate::cli::output::{Failure, Output, Result};
use crate::limits::{LimitReached, Limits};
use crate::machine::Machine;
use crate::machine::stepper::{Edge, Fault, Successors};
use crate::render::text;
use crate::trace::record::record;

/// The arguments of `step`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    job: Job,
    /// Which way to take at each choice, in order, counted from 1; the first way at those not named
    #[arg(long, value_delimiter = ',', value_name = "N,N,…")]
    choose: Vec<usize>,
    /// Show the frames and the world of every state
    #[arg(long)]
    full: bool,
    /// What is written
    #[arg(long, default_value = "text", value_parser = formats(&["text", "ron", "json"]))]
    format: Format,
}

/// Shows one run of the file.
pub fn run(args: &Args, out: &mut Output) -> Result<u8> {
    let (book, limits, subject) =
        args.job.load(Limits { activations: 1000, steps: 100_000, ..Limits::default() })?;
    let mut machine = Machine::with_engine(&book, limits, args.job.engine());
    let (path, limit) = walk(&mut machine, &subject, &args.choose)?;
    let trace =
        record(&mut machine, &book, &subject, &path).sealed().map_err(|e| Failure::Usage(e.to_string()))?;
    match args.format {
        Format::Text => out.text(&text::steps(&trace, args.full))?,
        Format::Ron => out.text(&trace.to_ron().map_err(|e| Failure::Usage(e.to_string()))?)?,
        Format::Json => out.data(Format::Json, &trace)?,
        _ => return Err(Failure::Usage("step writes text, ron or json".into())),
    }
    match limit {
        Some(limit) => Err(Failure::Limit(limit)),
        None => Ok(0),
    }
}

/// Follows one path, as far as it goes or the limits allow.
fn walk(
    machine: &mut Machine,
    subject: &Subject,
    choose: &[usize],
) -> Result<(Vec<Edge>, Option<LimitReached>)> {
    let mut state = machine.start(&subject.program.body, &subject.program.globals);
    let mut choices = choose.iter();
    let mut path = Vec::new();
    while path.len() < machine.limits().steps {
        let edges = match machine.successors(state) {
            Successors::Edges(edges) => edges,
            Successors::Fault(Fault::Limit(name)) => return Ok((path, Some(machine.limits().reached(name)))),
            _ => return Ok((path, None)),
        };
        let way = if edges.len() > 1 { choices.next().copied().unwrap_or(1) } else { 1 };
        let edge = way.checked_sub(1).and_then(|way| edges.get(way)).ok_or_else(|| {
            let step = path.len() + 1;
            Failure::Usage(format!(
                "--choose: there is no way {way} at step {step}, only 1 to {}",
                edges.len()
            ))
        })?;
        state = edge.target;
        path.push(edge.clone());
    }
    let limit = machine.limits().reached("steps");
    Ok((path, Some(limit)))
}
