//! The paths of a reduction graph, one after another.

use egg::Id;

use crate::machine::Reachability;
use crate::machine::stepper::{Edge, Fault, Machine, Successors};
use crate::trace::lines::Place;

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
    let place = Place::start(machine, initial);
    let mut walk =
        Walk { machine, reachability, on_path: vec![false; reachability.len()], taken: Vec::new(), visit };
    walk.from(Position { vertex: 0, state: initial, edge: 0, place }, most)
}

struct Walk<'a> {
    machine: &'a mut Machine,
    reachability: &'a Reachability,
    on_path: Vec<bool>,
    taken: Vec<Taken>,
    visit: &'a mut dyn FnMut(&Machine, &[Taken], End),
}

/// A vertex on the path, and its next edge.
struct Position {
    vertex: usize,
    state: Id,
    edge: usize,
    place: Place,
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
            if let (Some(end), 0) = (self.end(top), top.edge) {
                (self.visit)(self.machine, &self.taken, end);
                found += 1;
            }
            let Some((edge, target, choice)) = self.transition(top) else {
                self.on_path[top.vertex] = false;
                stack.pop();
                continue;
            };
            top.edge += 1;
            let (line, place) = top.place.follow(self.machine, top.state, &edge);
            let state = edge.target;
            self.taken.push(Taken { state: top.state, edge, choice, line });
            if self.on_path[target] {
                (self.visit)(self.machine, &self.taken, End::Again);
                found += 1;
            } else {
                self.on_path[target] = true;
                stack.push(Position { vertex: target, state, edge: 0, place });
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

    /// How the path ends here, if it does.
    fn end(&mut self, at: &Position) -> Option<End> {
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
