//! The reduction graph: every state that an initial state can reach.

use egg::Id;

use crate::limits::LimitReached;
use crate::machine::reachability::{MOST, Reachability};
use crate::machine::stepper::{Edge, Fault, Machine, Successors};

/// Why a state has no transitions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// The path has ended.
    Final,
    /// The rules fail, or a limit was reached.
    Fault(Fault),
}

/// A reduction graph, its states in the order of a breadth-first search. The transitions themselves are the
/// machine's to tell, which remembers them.
#[derive(Debug, Clone)]
pub struct Graph {
    /// The states; the first is the initial one.
    pub states: Vec<Id>,
    /// What leads where, by the places of the states.
    pub reachability: Reachability,
    /// The limit that cut the graph off, if one did.
    pub limit: Option<LimitReached>,
}

impl Graph {
    /// Explores everything that `initial` reaches, within the machine's limits.
    pub fn explore(machine: &mut Machine, initial: Id) -> Graph {
        let mut graph = Graph { states: vec![initial], reachability: Reachability::default(), limit: None };
        graph.reachability.root();
        let mut places = Places::default();
        places.enter(initial, 0);
        while let Some(state) = graph.states.get(graph.reachability.followed()) {
            if let Some(name) = graph.exceeded(machine) {
                graph.limit = Some(machine.limits().reached(name));
                break;
            }
            match machine.successors(*state) {
                Successors::Fault(Fault::Limit(name)) => graph.limit = Some(machine.limits().reached(name)),
                Successors::Final | Successors::Fault(_) => {}
                Successors::Edges(edges) => {
                    let silent = |edge: &Edge| edges.len() == 1 && edge.events.is_empty();
                    for edge in edges {
                        let target = places.enter(edge.target, graph.states.len());
                        if target == graph.states.len() {
                            graph.states.push(edge.target);
                            graph.reachability.vertex();
                        }
                        graph.reachability.transition(target, silent(edge));
                    }
                }
            }
            graph.reachability.close(false);
        }
        graph
    }

    fn exceeded(&self, machine: &Machine) -> Option<&'static str> {
        let states = self.states.len().max(self.reachability.transitions());
        // A state has its place here and in the reachability graph, its transitions, and its place by id.
        let bytes = machine.bytes() + states * 24;
        if self.states.len() > machine.limits().states || states >= MOST {
            Some("states")
        } else {
            (bytes > machine.limits().memory).then_some("memory")
        }
    }

    /// How many transitions the graph has.
    pub fn transitions(&self) -> usize {
        self.reachability.transitions()
    }

    /// The number of paths from the start to an end; `None` where the graph has a cycle,
    /// whose paths are without number.
    pub fn paths(&self) -> Option<u128> {
        self.reachability.paths()
    }

    /// How a path ends in a state of the graph, if one does.
    pub fn end(&self, machine: &Machine, place: usize) -> Option<End> {
        match machine.known(self.states[place])? {
            Successors::Edges(_) => None,
            Successors::Final => Some(End::Final),
            Successors::Fault(fault) => Some(End::Fault(fault)),
        }
    }
}

/// The place of each state, by its id.
#[derive(Debug, Default)]
struct Places(Vec<u32>);

impl Places {
    const NONE: u32 = u32::MAX;

    /// The place of a state; `new` where it has none yet.
    fn enter(&mut self, state: Id, new: usize) -> usize {
        let id = usize::from(state);
        if self.0.len() <= id {
            self.0.resize(id + 1, Places::NONE);
        }
        if self.0[id] == Places::NONE {
            self.0[id] = new as u32;
        }
        self.0[id] as usize
    }
}
