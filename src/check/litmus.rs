//! Running litmus programs: their outcomes, and the rules that they fire.

use std::collections::BTreeSet;

use egg::Id;

use crate::diagnostic::Diagnostic;
use crate::limits::Limits;
use crate::machine::Machine;
use crate::machine::display;
use crate::machine::stepper::{Fault, Successors};
use crate::python::{LoadOptions, Program, load};
use crate::spec::Book;
use crate::spec::litmus::{Litmus, Outcome};
use crate::trace::record::output_of;

/// What running a program showed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Observed {
    /// The outcomes of its paths.
    pub outcomes: BTreeSet<Outcome>,
    /// The events of its transitions.
    pub events: BTreeSet<String>,
    /// The rules that fired, as indices into the book's rules.
    pub rules: BTreeSet<u32>,
    /// Rules whose left side matched but one of whose premises did not hold: the
    /// rule and the premise's place in it.
    pub failed: BTreeSet<(u32, usize)>,
    /// A state had several successors by rules that are no choice.
    pub ambiguous: bool,
    /// What went wrong with the rules, or the limit that was reached.
    pub fault: Option<Fault>,
}

/// Loads a litmus program.
///
/// # Errors
/// When it is no program of the slice.
pub fn load_litmus(book: &Book, litmus: &Litmus) -> Result<Program, Diagnostic> {
    let options = LoadOptions {
        hierarchy: book.hierarchy.clone(),
        version: (book.version.0, book.version.1),
        lines: true,
        ..LoadOptions::default()
    };
    load(&litmus.name, litmus.program.as_bytes(), &options)
}

/// Runs a program along every path, what it has printed being part of where it is.
pub fn observe(book: &Book, program: &Program, limits: Limits) -> Observed {
    let mut machine = Machine::new(book, limits);
    let start = machine.start(&program.body, &program.globals);
    let mut observed = Observed::default();
    let mut seen: BTreeSet<(Id, String)> = BTreeSet::new();
    let mut open = vec![(start, String::new())];
    while let Some((state, output)) = open.pop() {
        if seen.len() >= limits.states {
            observed.fault = Some(Fault::Limit("states"));
            break;
        }
        if !seen.insert((state, output.clone())) {
            continue;
        }
        observed.failed.extend(machine.failed_premises(state));
        match machine.successors(state) {
            Successors::Edges(edges) => {
                let edges = edges.to_vec();
                let chosen = edges.iter().all(|edge| book.rules[edge.rule as usize].is_choice());
                observed.ambiguous |= edges.len() > 1 && !chosen;
                for edge in edges {
                    observed.rules.insert(edge.rule);
                    observed.events.extend(edge.events.iter().map(|event| machine.bank().show(*event)));
                    let printed = output_of(&machine, &edge).unwrap_or_default();
                    open.push((edge.target, format!("{output}{printed}")));
                }
            }
            Successors::Final => {
                observed.outcomes.insert(outcome(&mut machine, state, &output));
            }
            Successors::Fault(fault) => observed.fault = Some(fault),
        }
    }
    observed
}

fn outcome(machine: &mut Machine, state: Id, output: &str) -> Outcome {
    let completion = machine.bank().arg(state, 0);
    let ending = match machine.bank().op(completion).as_str() {
        "raising" => {
            let exception = machine.bank().arg(completion, 0);
            format!("raises {}", display::last_line(&machine.context(), exception))
        }
        other => other.to_string(),
    };
    Outcome { output: output.lines().map(str::to_string).collect(), ending }
}
