//! Reduction graphs for Graphviz.

use std::fmt::Write;

use crate::trace::graph::GraphFile;

/// The graph in DOT. Runs of states with one way in and one way out are drawn as one edge,
/// labelled with the events on it, unless `full`.
pub fn graph(graph: &GraphFile, full: bool) -> String {
    let kept = kept_states(graph, full);
    let mut out =
        String::from("digraph paths {\n  rankdir=TB;\n  node [shape=box, fontname=\"monospace\"];\n");
    for (index, state) in graph.states.iter().enumerate().filter(|(index, _)| kept[*index]) {
        let shape = match state.end.as_deref() {
            Some("final") => ", shape=doubleoctagon",
            Some(_) => ", color=red",
            None => "",
        };
        let _ = writeln!(out, "  s{index} [label={:?}{shape}];", state.shown.as_deref().unwrap_or_default());
    }
    let mut leaving = vec![None; graph.states.len()];
    for transition in graph.transitions.iter().rev() {
        leaving[transition.from] = Some(transition);
    }
    for first in graph.transitions.iter().filter(|t| kept[t.from]) {
        let mut labels: Vec<String> = first.choice.iter().cloned().collect();
        let mut at = first;
        loop {
            if full {
                labels.push(at.rule.clone());
            }
            labels.extend(at.events.iter().filter_map(|event| event.shown.clone()));
            if kept[at.to] {
                break;
            }
            match leaving[at.to] {
                Some(next) => at = next,
                None => break,
            }
        }
        let _ = writeln!(out, "  s{} -> s{} [label={:?}];", first.from, at.to, labels.join("\n"));
    }
    out.push_str("}\n");
    out
}

/// The states that are drawn: the first, those where paths part, join or end.
fn kept_states(graph: &GraphFile, full: bool) -> Vec<bool> {
    let mut incoming = vec![0usize; graph.states.len()];
    let mut outgoing = vec![0usize; graph.states.len()];
    for transition in &graph.transitions {
        incoming[transition.to] += 1;
        outgoing[transition.from] += 1;
    }
    (0..graph.states.len())
        .map(|index| full || index == 0 || incoming[index] != 1 || outgoing[index] != 1)
        .collect()
}
