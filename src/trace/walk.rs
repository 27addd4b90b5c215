//! How the transitions of a reduction graph are followed, and its paths, one after another.

use egg::Id;

use crate::machine::Reachability;
use crate::machine::stepper::{Edge, Fault, Machine, Successors};
use crate::python::report::{output_of, shows_unknown};
use crate::trace::lines::Place;
use crate::trace::record::describe_choice;
use crate::trace::words;

/// A step of a path.
#[derive(Debug, Clone)]
pub struct Taken {
    /// The state that it leaves.
    pub state: Id,
    /// The transition.
    pub edge: Edge,
    /// Whether there were others.
    pub choice: bool,
    /// The source line on which it is.
    pub line: Option<usize>,
}

/// Where a path is left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// It has ended with a completion.
    Completed(Id),
    /// It comes to a state that it has been in.
    Again,
    /// It goes on, but was not followed, and why.
    CutOff(String),
}

/// Calls `visit` with each path up to its end, each round of a loop taken at most once; with at most `most` of them. True where
/// there are more. The machine follows them from the initial state; the reachability graph says where they meet.
pub fn each_path(
    machine: &mut Machine,
    initial: Id,
    reachability: &Reachability,
    most: usize,
    visit: &mut dyn FnMut(&Machine, &[Taken], End),
) -> bool {
    let start = Position::start(machine, initial);
    let follow = Follow { machine, reachability };
    let mut walk = Walk { follow, on_path: vec![false; reachability.len()], taken: Vec::new(), visit };
    walk.from(start, most)
}

/// What happens at a step that is worth a line: what was chosen and what is printed, as sentences.
pub fn happenings(machine: &Machine, step: &Taken) -> Vec<String> {
    let chosen = step.choice.then(|| describe_choice(machine, step.state, &step.edge));
    let unknown = shows_unknown(machine.bank(), step.state);
    let output = output_of(machine, &step.edge).map(|output| words::printed(&output, unknown));
    let at_line = |what: String| match step.line {
        Some(line) => format!("line {line}: {what}"),
        None => what,
    };
    chosen.filter(|chosen| !chosen.is_empty()).into_iter().chain(output).map(at_line).collect()
}

struct Walk<'a> {
    follow: Follow<'a>,
    on_path: Vec<bool>,
    taken: Vec<Taken>,
    visit: &'a mut dyn FnMut(&Machine, &[Taken], End),
}

/// A vertex that a path is at, and its next edge.
pub(super) struct Position {
    pub(super) vertex: usize,
    pub(super) state: Id,
    pub(super) edge: usize,
    pub(super) place: Place,
}

impl Position {
    /// That which paths begin at.
    pub(super) fn start(machine: &Machine, initial: Id) -> Position {
        Position { vertex: 0, state: initial, edge: 0, place: Place::start(machine, initial) }
    }
}

impl Walk<'_> {
    fn from(&mut self, start: Position, most: usize) -> bool {
        let mut found = 0;
        self.on_path[start.vertex] = true;
        let mut stack = vec![start];
        while let Some(above) = stack.len().checked_sub(1) {
            if found >= most {
                return true;
            }
            self.taken.truncate(above);
            let top = &mut stack[above];
            if let (Some(end), 0) = (self.follow.end(top), top.edge) {
                (self.visit)(self.follow.machine, &self.taken, end);
                found += 1;
            }
            let Some((taken, next)) = self.follow.transition(top) else {
                self.on_path[top.vertex] = false;
                stack.pop();
                continue;
            };
            top.edge += 1;
            self.taken.push(taken);
            if self.on_path[next.vertex] {
                (self.visit)(self.follow.machine, &self.taken, End::Again);
                found += 1;
            } else {
                self.on_path[next.vertex] = true;
                stack.push(next);
            }
        }
        false
    }
}

/// The graph with the machine that knows what its vertices are.
pub(super) struct Follow<'a> {
    pub(super) machine: &'a mut Machine,
    pub(super) reachability: &'a Reachability,
}

impl Follow<'_> {
    /// The next transition, and where it leads.
    pub(super) fn transition(&mut self, at: &Position) -> Option<(Taken, Position)> {
        let mut targets = self.reachability.targets(at.vertex);
        let choice = targets.len() > 1;
        let vertex = targets.nth(at.edge)?;
        let Successors::Edges(edges) = self.machine.successors(at.state) else { return None };
        let edge = edges.get(at.edge)?.clone();
        let (line, place) = at.place.follow(self.machine, at.state, &edge);
        let next = Position { vertex, state: edge.target, edge: 0, place };
        Some((Taken { state: at.state, edge, choice, line }, next))
    }

    /// How the path ends here, if it does.
    pub(super) fn end(&mut self, at: &Position) -> Option<End> {
        if at.vertex >= self.reachability.followed() {
            return Some(End::CutOff("not followed further, for a limit was reached".into()));
        }
        match self.machine.successors(at.state) {
            Successors::Edges(_) => None,
            Successors::Final => Some(End::Completed(self.machine.bank().arg(at.state, 0))),
            Successors::Fault(Fault::Limit(name)) => {
                Some(End::CutOff(format!("cut off: {}", self.machine.limits().reached(name))))
            }
            Successors::Fault(fault) => Some(End::CutOff(format!("cut off: {fault}"))),
        }
    }
}
