//! The paths of a graph as a list: what was chosen on each, what it printed, how it ends.

use std::fmt::Write;

use super::text;
use crate::machine::graph::{End, Graph};
use crate::machine::stepper::Machine;
use crate::trace::record::{describe_choice, line_of, output_of};

/// One path, in words.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PathSummary {
    /// The choices and outputs, in order, with their lines.
    pub happenings: Vec<String>,
    /// How it ends.
    pub ending: String,
}

/// The paths of a graph up to their ends, each round of a loop taken at most once; at
/// most `most` of them. The second part tells whether there are more.
pub fn paths(machine: &Machine, graph: &Graph, most: usize) -> (Vec<PathSummary>, bool) {
    let mut walk = Walk { machine, graph, most, found: Vec::new(), more: false };
    let mut on_path = vec![false; graph.vertices.len()];
    walk.from(0, &mut on_path);
    (walk.found, walk.more)
}

struct Walk<'a> {
    machine: &'a Machine,
    graph: &'a Graph,
    most: usize,
    found: Vec<PathSummary>,
    more: bool,
}

/// A vertex on the path, its next edge, and how many happenings there were before it.
struct Position {
    vertex: usize,
    edge: usize,
    happened: usize,
    line: Option<usize>,
}

impl Walk<'_> {
    fn from(&mut self, start: usize, on_path: &mut [bool]) {
        let mut happenings: Vec<String> = Vec::new();
        let mut stack = vec![Position { vertex: start, edge: 0, happened: 0, line: None }];
        on_path[start] = true;
        while let Some(top) = stack.last_mut() {
            let vertex = &self.graph.vertices[top.vertex];
            happenings.truncate(top.happened);
            if self.found.len() >= self.most {
                self.more = true;
                return;
            }
            if let (Some(end), 0) = (&vertex.end, top.edge) {
                let ending = self.ending(top.vertex, end);
                self.found.push(PathSummary { happenings: happenings.clone(), ending });
            }
            let Some((edge, target)) = vertex.edges.get(top.edge) else {
                on_path[top.vertex] = false;
                stack.pop();
                continue;
            };
            top.edge += 1;
            let line = line_of(self.machine, edge).or(top.line);
            if vertex.edges.len() > 1 {
                happenings.push(at_line(line, &describe_choice(self.machine, edge)));
            }
            if let Some(output) = output_of(self.machine, edge) {
                happenings.push(at_line(line, &format!("prints {:?}", output.trim_end_matches('\n'))));
            }
            if on_path[*target] {
                let ending = "goes round again".to_string();
                self.found.push(PathSummary { happenings: happenings.clone(), ending });
            } else {
                on_path[*target] = true;
                stack.push(Position { vertex: *target, edge: 0, happened: happenings.len(), line });
            }
        }
    }

    fn ending(&self, vertex: usize, end: &End) -> String {
        let bank = self.machine.bank();
        match end {
            End::Final => {
                let completion = bank.arg(self.graph.vertices[vertex].state, 0);
                text::completion_text(&bank.show(completion))
            }
            End::Fault(fault) => format!("cut off: {fault:?}"),
        }
    }
}

fn at_line(line: Option<usize>, what: &str) -> String {
    match line {
        Some(line) => format!("line {line}: {what}"),
        None => what.to_string(),
    }
}

/// The paths as lines.
pub fn list(paths: &[PathSummary]) -> String {
    let mut out = String::new();
    for (index, path) in paths.iter().enumerate() {
        let _ = writeln!(out, "path {}: {}", index + 1, path.ending);
        for happening in &path.happenings {
            let _ = writeln!(out, "    {happening}");
        }
    }
    out
}
