//! The paths of a graph as a list: what was chosen on each, what it printed, how it ends.

use std::fmt::Write;

use egg::Id;

use crate::machine::Reachability;
use crate::machine::stepper::{Edge, Fault, Machine, Successors};
use crate::python::report::output_of;
use crate::trace::lines::Place;
use crate::trace::record::describe_choice;
use crate::trace::words;

/// One path, in words.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PathSummary {
    /// The choices and outputs, in order, with their lines.
    pub happenings: Vec<String>,
    /// How it ends.
    pub ending: String,
}

/// The paths of a graph up to their ends, each round of a loop taken at most once; at
/// most `most` of them. The second part tells whether there are more. The machine follows them from
/// the initial state; the reachability graph says where they meet.
pub fn paths(
    machine: &mut Machine,
    initial: Id,
    reachability: &Reachability,
    most: usize,
) -> (Vec<PathSummary>, bool) {
    let mut walk = Walk {
        machine,
        reachability,
        most,
        on_path: vec![false; reachability.len()],
        happenings: Vec::new(),
        found: Vec::new(),
    };
    let more = walk.from(initial);
    (walk.found, more)
}

struct Walk<'a> {
    machine: &'a mut Machine,
    reachability: &'a Reachability,
    most: usize,
    on_path: Vec<bool>,
    happenings: Vec<String>,
    found: Vec<PathSummary>,
}

/// A vertex on the path, its next edge, and how many happenings there were before it.
struct Position {
    vertex: usize,
    state: Id,
    edge: usize,
    happened: usize,
    place: Place,
}

impl Walk<'_> {
    /// Walks all paths; true where it was stopped because there are too many.
    fn from(&mut self, initial: Id) -> bool {
        let place = Place::start(self.machine, initial);
        let mut stack = vec![Position { vertex: 0, state: initial, edge: 0, happened: 0, place }];
        self.on_path[0] = true;
        while let Some(top) = stack.last_mut() {
            self.happenings.truncate(top.happened);
            if self.found.len() >= self.most {
                return true;
            }
            if let (Some(ending), 0) = (self.ending(top), top.edge) {
                self.found(ending);
            }
            let Some((edge, target, choice)) = self.transition(top) else {
                self.on_path[top.vertex] = false;
                stack.pop();
                continue;
            };
            top.edge += 1;
            let (line, place) = top.place.follow(self.machine, top.state, &edge);
            self.happen(&edge, line, choice);
            if self.on_path[target] {
                self.found("goes round again".to_string());
            } else {
                self.on_path[target] = true;
                let happened = self.happenings.len();
                stack.push(Position { vertex: target, state: edge.target, edge: 0, happened, place });
            }
        }
        false
    }

    /// The next transition, where it leads, and whether there was a choice.
    fn transition(&mut self, at: &Position) -> Option<(Edge, usize, bool)> {
        let mut targets = self.reachability.targets(at.vertex);
        let choice = targets.len() > 1;
        let target = targets.nth(at.edge)?;
        match self.machine.successors(at.state) {
            Successors::Edges(edges) => Some((edges.get(at.edge)?.clone(), target, choice)),
            _ => None,
        }
    }

    fn happen(&mut self, edge: &Edge, line: Option<usize>, choice: bool) {
        if choice {
            self.happenings.push(at_line(line, &describe_choice(self.machine, edge)));
        }
        if let Some(output) = output_of(self.machine, edge) {
            self.happenings.push(at_line(line, &format!("prints {:?}", output.trim_end_matches('\n'))));
        }
    }

    fn found(&mut self, ending: String) {
        self.found.push(PathSummary { happenings: self.happenings.clone(), ending });
    }

    /// How the path ends here, if it does.
    fn ending(&mut self, at: &Position) -> Option<String> {
        if at.vertex >= self.reachability.followed() {
            return Some("not followed further, for a limit was reached".into());
        }
        match self.machine.successors(at.state) {
            Successors::Edges(_) => None,
            Successors::Final => {
                let bank = self.machine.bank();
                Some(words::completion_of(&bank.term(bank.arg(at.state, 0))))
            }
            Successors::Fault(Fault::Limit(name)) => {
                Some(format!("cut off: {}", self.machine.limits().reached(name)))
            }
            Successors::Fault(fault) => Some(format!("cut off: {fault:?}")),
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
