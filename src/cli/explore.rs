//! `trylemma explore`: the graph of all paths.

use super::options::{Format, Job, formats};
use super::output::{Failure, Output, Result};
use crate::check::verdict::counted;
use crate::limits::Limits;
use crate::machine::{Graph, Machine};
use crate::render::{dot, paths};
use crate::trace::graph::graph_file;
use crate::trace::record::Subject;

/// The arguments of `explore`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    job: Job,
    /// At most this many paths in the text
    #[arg(long, default_value_t = 100, value_name = "N")]
    paths: usize,
    /// Draw every state, and name every rule (dot)
    #[arg(long)]
    full: bool,
    /// What is written
    #[arg(long, default_value = "text", value_parser = formats(&["text", "dot", "ron", "json"]))]
    format: Format,
}

/// Explores the file.
pub fn run(args: &Args, out: &mut Output) -> Result<u8> {
    let (book, limits, subject) = args.job.load(Limits::default())?;
    let mut machine = Machine::with_engine(&book, limits, args.job.engine());
    let initial = machine.start(&subject.program.body, &subject.program.globals);
    let graph = Graph::explore(&mut machine, initial);
    match args.format {
        Format::Text => out.text(&text(args, &machine, &subject, &graph))?,
        Format::Dot => out.text(&dot::graph(&graph_file(&machine, &book, &subject, &graph), args.full))?,
        Format::Json | Format::Ron => {
            out.data(args.format, &graph_file(&machine, &book, &subject, &graph))?
        }
        Format::Latex => return Err(Failure::Usage("explore writes text, dot, ron or json".into())),
    }
    match graph.limit {
        Some(limit) => Err(limit.into()),
        None => Ok(0),
    }
}

fn text(args: &Args, machine: &Machine, subject: &Subject, graph: &Graph) -> String {
    let (found, more) = paths::paths(machine, graph, args.paths);
    let mut out = paths::list(&found);
    if more {
        out.push_str(&format!(
            "… more paths; see them with --paths {}\n",
            args.paths.saturating_mul(10).max(10)
        ));
    }
    let complete = if graph.limit.is_some() { "cut off by a limit" } else { "complete" };
    out.push_str(&format!(
        "{}: {}, {}, {}; the graph is {complete}\n",
        subject.program.name,
        counted(graph.vertices.len() as u128, "state"),
        counted(graph.transitions() as u128, "transition"),
        match graph.paths() {
            Some(count) => counted(count, "path"),
            None => "paths without number (loops)".into(),
        },
    ));
    if !subject.program.unknowns.is_empty() {
        out.push_str(&format!("unknown: {}\n", subject.program.unknowns.join(", ")));
    }
    out
}
