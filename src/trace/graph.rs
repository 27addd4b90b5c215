//! The serialised form of a reduction graph.

use serde::{Deserialize, Serialize};

use crate::book::Book;
use crate::check::program::Subject;
use crate::machine::graph::{End, Graph};
use crate::machine::stepper::{Fault, Machine, Successors};
use crate::trace::lines::line_of;
use crate::trace::record::{Writer, describe_choice};
use crate::trace::{Entry, FORMAT};

/// A reduction graph, every state in it.
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<String>,
    /// Whether the graph is complete; if not, the limit that cut it off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<String>,
    /// Expressions that are not modelled and were taken as unknown: place and construct.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taken: Vec<String>,
    /// The terms that states and events are made of: each a name, and the places in this table of its parts.
    pub terms: Vec<String>,
    /// The states; the first is the initial one.
    pub states: Vec<StateEntry>,
    /// The transitions.
    pub transitions: Vec<TransitionEntry>,
}

/// A state of a [`GraphFile`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StateEntry {
    /// Its place in the table.
    pub term: usize,
    /// Its control, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown: Option<String>,
    /// `final`, `stuck` or `impossible`, or the limit reached; nothing where transitions leave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
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
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<Entry>,
    /// The source line that it announces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// What it chose, where there was a choice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choice: Option<String>,
}

/// Writes a graph down.
pub fn graph_file(machine: &Machine, book: &Book, subject: &Subject, graph: &Graph) -> GraphFile {
    let mut writer = Writer::of(&subject.program);
    let mut states = Vec::with_capacity(graph.states.len());
    let mut transitions = Vec::with_capacity(graph.transitions());
    for (from, state) in graph.states.iter().enumerate() {
        let Entry { term, shown } = writer.state(machine, *state);
        states.push(StateEntry { term, shown, end: graph.end(machine, from).as_ref().map(end_name) });
        let edges = match machine.known(*state) {
            Some(Successors::Edges(edges)) => edges,
            _ => &[],
        };
        for (edge, to) in edges.iter().zip(graph.reachability.targets(from)) {
            transitions.push(TransitionEntry {
                from,
                to,
                rule: machine.rule_name(edge.rule).to_string(),
                events: edge.events.iter().map(|event| writer.event(machine, *state, *event)).collect(),
                line: line_of(machine, edge),
                choice: (edges.len() > 1).then(|| describe_choice(machine, *state, edge)),
            });
        }
    }
    GraphFile {
        format: FORMAT,
        rules: book.hash.clone(),
        python: book.version.to_string(),
        file: subject.program.name.clone(),
        entry: subject.entry.clone(),
        limit: graph.limit.as_ref().map(ToString::to_string),
        taken: subject.program.taken.clone(),
        terms: writer.table.into_entries(),
        states,
        transitions,
    }
}

fn end_name(end: &End) -> String {
    match end {
        End::Final => "final".into(),
        End::Fault(Fault::Stuck) => "stuck".into(),
        End::Fault(Fault::Impossible) => "impossible".into(),
        End::Fault(Fault::Silent) => "silent".into(),
        End::Fault(Fault::Limit(name)) => format!("limit {name}"),
        End::Fault(Fault::Misfit(name)) => format!("misfit {name}"),
        End::Fault(Fault::Open(_)) => "open".into(),
    }
}
