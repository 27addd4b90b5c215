//! The serialised form of a reduction graph.

use serde::{Deserialize, Serialize};

use crate::book::Book;
use crate::machine::graph::{End, Graph};
use crate::machine::stepper::{Fault, Machine, Successors};
use crate::trace::FORMAT;
use crate::trace::lines::line_of;
use crate::trace::record::{Subject, describe_choice, snapshot};

/// A reduction graph, every state written out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GraphFile {
    /// The version of the format.
    pub format: u32,
    /// The hash of the rules.
    pub rules: String,
    /// The Python version.
    pub python: String,
    /// The program's file.
    pub file: String,
    /// The function called after the module.
    pub entry: Option<String>,
    /// Whether the graph is complete; if not, the limit that cut it off.
    pub limit: Option<String>,
    /// Expressions that are not modelled and were taken as unknown: place and construct.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taken: Vec<String>,
    /// The states; the first is the initial one.
    pub states: Vec<StateEntry>,
    /// The transitions.
    pub transitions: Vec<TransitionEntry>,
}

/// A state of a [`GraphFile`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StateEntry {
    /// Control.
    pub control: String,
    /// The frames, the top one first.
    pub frames: Vec<String>,
    /// The world.
    pub world: String,
    /// `final`, `stuck` or `impossible`, or the limit reached; nothing where transitions leave.
    pub end: Option<String>,
}

/// A transition of a [`GraphFile`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransitionEntry {
    /// The index of the state that it leaves.
    pub from: usize,
    /// The index of the state that it reaches.
    pub to: usize,
    /// The rule.
    pub rule: String,
    /// The events, in order.
    pub events: Vec<String>,
    /// The source line that it announces.
    pub line: Option<usize>,
    /// What it chose, where there was a choice.
    pub choice: Option<String>,
}

/// Writes a graph down.
pub fn graph_file(machine: &mut Machine, book: &Book, subject: &Subject, graph: &Graph) -> GraphFile {
    let mut states = Vec::with_capacity(graph.states.len());
    for (place, state) in graph.states.iter().enumerate() {
        let shown = snapshot(machine, *state, None);
        states.push(StateEntry {
            control: shown.control,
            frames: shown.frames,
            world: shown.world.unwrap_or_default(),
            end: graph.end(machine, place).as_ref().map(end_name),
        });
    }
    let machine = &*machine;
    let show = |id| machine.bank().show(id);
    let transitions = graph.states.iter().enumerate().flat_map(|(from, state)| {
        let edges = match machine.known(*state) {
            Some(Successors::Edges(edges)) => edges,
            _ => &[],
        };
        let choice = edges.len() > 1;
        edges.iter().zip(graph.reachability.targets(from)).map(move |(edge, to)| TransitionEntry {
            from,
            to,
            rule: machine.rule_name(edge.rule).to_string(),
            events: edge.events.iter().map(|event| show(*event)).collect(),
            line: line_of(machine, edge),
            choice: choice.then(|| describe_choice(machine, edge)),
        })
    });
    GraphFile {
        format: FORMAT,
        rules: book.hash.clone(),
        python: book.version.to_string(),
        file: subject.program.name.clone(),
        entry: subject.entry.clone(),
        limit: graph.limit.as_ref().map(ToString::to_string),
        taken: subject.program.taken.clone(),
        states,
        transitions: transitions.collect(),
    }
}

fn end_name(end: &End) -> String {
    match end {
        End::Final => "final".into(),
        End::Fault(Fault::Stuck) => "stuck".into(),
        End::Fault(Fault::Impossible) => "impossible".into(),
        End::Fault(Fault::Silent) => "silent".into(),
        End::Fault(Fault::Limit(name)) => format!("limit {name}"),
        End::Fault(Fault::Open(_)) => "open".into(),
    }
}
