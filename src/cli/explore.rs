//! `trylemma explore`: the graph of all paths.

use egg::Id;

use crate::book::Book;
use crate::check::program::{Subject, same_path, search_program};
use crate::check::verdict::counted;
use crate::cli::entering::base_limits;
use crate::cli::options::{Format, Job, Widening, formats};
use crate::cli::output::{Output, Result};
use crate::cli::report;
use crate::cli::several;
use crate::cli::sizes::{Bytes, threads};
use crate::generate;
use crate::limits::{LimitReached, Limits};
use crate::machine::stepper::Edge;
use crate::machine::{Graph, Machine, Reachability};
use crate::python::{InterestKind, Program};
use crate::render;
use crate::render::dot;
use crate::render::paths;
use crate::trace::graph::graph_file;
use crate::trace::tree;
use crate::trace::walk::{Taken, each_path};
use crate::trace::words;

/// The arguments of `explore`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    #[command(flatten)]
    job: Job,
    #[command(flatten)]
    widening: Widening,
    /// At most this many ends of the tree, or paths one after the other
    #[arg(long, default_value_t = 100, value_name = "N")]
    paths: usize,
    /// Draw every state, and name every rule (dot)
    #[arg(long)]
    full: bool,
    /// How many threads search; all cores by default
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// What the graph may take in memory, as in 200MiB
    #[arg(long, value_name = "BYTES", default_value = "1GiB")]
    memory: Bytes,
    /// What is written
    #[arg(long, default_value = "text", value_parser = formats(&["text", "paths", "dot", "ron", "json", "pytest"]))]
    format: Format,
}

/// Explores the file; under several versions, each group of those that have the same paths.
pub fn run(args: &Args, out: &mut Output) -> Result<u8> {
    match args.job.semantics.several()? {
        Some(versions) => {
            several::each(&args.job.semantics, &versions, args.format, out, &|semantics, format, out| {
                let job = Job { semantics: semantics.clone(), ..args.job.clone() };
                run_one(&Args { job, format, ..args.clone() }, out)
            })
        }
        None => run_one(args, out),
    }
}

fn run_one(args: &Args, out: &mut Output) -> Result<u8> {
    let (book, limits, subject) = args.job.load(base_limits())?;
    let limits = args.widening.of(Limits { memory: args.memory.bytes(), ..limits });
    let (mut machine, findings, reachability) =
        search_program(&book, &subject, &[], limits, args.job.engine(), threads(args.threads));
    report::broken(&machine, &subject, &findings).map_or(Ok(()), Err)?;
    let exact = subject.program.clone();
    let subject = match findings.turns {
        Some(turns) => Subject { program: as_widened(&subject.program, turns), ..subject },
        None => subject,
    };
    match args.format {
        Format::Pytest => {
            let exact = findings.turns.map(|_| exact);
            out.text(&played(args, &book, &mut machine, (&subject, exact.as_ref()), &reachability))?;
        }
        Format::Dot | Format::Json | Format::Ron => {
            let initial = machine.start(&subject.program.body, &subject.program.globals);
            let graph = Graph::explore(&mut machine, initial);
            let file = graph_file(&machine, &book, &subject, &graph);
            match args.format {
                Format::Dot => out.text(&dot::graph(&file, args.full))?,
                format => out.data(format, &file)?,
            }
        }
        _ => out.text(&text(args, &mut machine, &subject, &reachability, findings.limit.as_ref()))?,
    }
    match findings.limit {
        Some(limit) => Err(limit.into()),
        None => Ok(0),
    }
}

/// The paths as tests that play them back. Where loops were widened, those that the program itself has; the others cannot be told.
fn played(
    args: &Args,
    book: &Book,
    machine: &mut Machine,
    (subject, exact): (&Subject, Option<&Program>),
    graph: &Reachability,
) -> String {
    let program = &subject.program;
    let entry = subject.entry.as_deref().and_then(|name| program.functions.iter().find(|f| f.name == name));
    let parameters = entry.map(|function| function.params.as_slice()).unwrap_or_default();
    let initial = machine.start(&program.body, &program.globals);
    let mut paths = Vec::new();
    let more = each_path(machine, initial, graph, args.paths, &mut |_, taken, end| {
        paths.push((taken.to_vec(), end))
    });
    let own = exact.map(|exact| machine.start(&exact.body, &exact.globals));
    let found = paths.into_iter().map(|(taken, end)| {
        let taken = match own {
            Some(own) => {
                of_program(machine, own, initial, taken).ok_or("what grew in a loop is unknown on it")?
            }
            None => taken,
        };
        generate::played::played(machine, &taken, &end, parameters)
    });
    let found: Vec<_> = found.collect();
    let provenance = format!("Python {}, rules {}, {}", book.version, book.hash, program.name);
    let absent = generate::playback::absent(machine.bank(), program);
    generate::playback::module(program, &provenance, entry, &absent, (&found, more))
}

/// A path of the widened program as the program itself has it, if it does.
fn of_program(machine: &mut Machine, own: Id, widened: Id, taken: Vec<Taken>) -> Option<Vec<Taken>> {
    let edges: Vec<Edge> = taken.iter().map(|taken| taken.edge.clone()).collect();
    let edges = same_path(machine, own, widened, &edges)?;
    let mut here = own;
    let steps = taken.into_iter().zip(edges).map(|(taken, edge)| {
        let state = std::mem::replace(&mut here, edge.target);
        Taken { state, edge, ..taken }
    });
    Some(steps.collect())
}

/// The program whose paths were followed, which says so.
fn as_widened(program: &Program, turns: u32) -> Program {
    let mut program = program.widening(turns);
    program.taken.push(words::widened(turns));
    program
}

/// The paths as a tree, with how many of them end how and come to which line.
fn as_tree(
    args: &Args,
    machine: &mut Machine,
    initial: Id,
    graph: &Reachability,
    program: &Program,
) -> (String, bool) {
    let found = tree::tree(machine, initial, graph);
    let (mut text, more) = render::tree::text(&found, args.paths);
    if !found.cut {
        let lines = program.places_of_interest.iter().filter(|interest| interest.kind == InterestKind::Line);
        text.push_str(&render::tree::summary(
            &found.counts(),
            &lines.map(|interest| interest.line).collect(),
        ));
    }
    (text, more)
}

fn text(
    args: &Args,
    machine: &mut Machine,
    subject: &Subject,
    graph: &Reachability,
    limit: Option<&LimitReached>,
) -> String {
    let initial = machine.start(&subject.program.body, &subject.program.globals);
    let (mut out, more) = match args.format {
        Format::Paths => {
            let (found, more) = paths::paths(machine, initial, graph, args.paths);
            (paths::list(&found), more)
        }
        _ => as_tree(args, machine, initial, graph, &subject.program),
    };
    if more {
        out.push_str(&format!(
            "… more paths; see them with --paths {}\n",
            args.paths.saturating_mul(10).max(10)
        ));
    }
    let complete = if limit.is_some() { "cut off by a limit" } else { "complete" };
    out.push_str(&format!(
        "{}: {}, {}, {}; the graph is {complete}\n",
        subject.program.name,
        counted(graph.len() as u128, "state"),
        counted(graph.transitions() as u128, "transition"),
        match graph.paths() {
            Some(count) => counted(count, "path"),
            None => "paths without number (loops)".into(),
        },
    ));
    if !subject.program.unknowns.is_empty() {
        out.push_str(&format!("unknown: {}\n", subject.program.unknowns.join(", ")));
    }
    for taken in &subject.program.taken {
        out.push_str(&format!("taken as unknown: {taken}\n"));
    }
    out
}
