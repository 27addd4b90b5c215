//! The reduction graph: every state that an initial state can reach.

use egg::Id;
use rustc_hash::FxHashMap;

use super::stepper::{Edge, Fault, Machine, Successors};
use crate::limits::LimitReached;

/// A state of the graph.
#[derive(Debug, Clone)]
pub struct Vertex {
    /// The state.
    pub state: Id,
    /// Its transitions, their targets as indices into the graph.
    pub edges: Vec<(Edge, usize)>,
    /// How a path ends here, if one does.
    pub end: Option<End>,
}

/// Why a state has no transitions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// The path has ended.
    Final,
    /// The rules fail, or a limit was reached.
    Fault(Fault),
}

/// A reduction graph, its vertices in the order of a breadth-first search.
#[derive(Debug, Clone)]
pub struct Graph {
    /// The states; the first is the initial one.
    pub vertices: Vec<Vertex>,
    /// The limit that cut the graph off, if one did.
    pub limit: Option<LimitReached>,
}

impl Graph {
    /// Explores everything that `initial` reaches, within the machine's limits.
    pub fn explore(machine: &mut Machine, initial: Id) -> Graph {
        let mut graph = Graph { vertices: Vec::new(), limit: None };
        let mut places = FxHashMap::default();
        graph.place_of(initial, &mut places);
        let mut next = 0;
        while next < graph.vertices.len() {
            if graph.vertices.len() > machine.limits().states {
                graph.limit = Some(machine.limits().reached("states"));
                break;
            }
            let state = graph.vertices[next].state;
            match machine.successors(state) {
                Successors::Final => graph.vertices[next].end = Some(End::Final),
                Successors::Fault(fault) => {
                    if let Fault::Limit(name) = fault {
                        graph.limit = Some(machine.limits().reached(name));
                    }
                    graph.vertices[next].end = Some(End::Fault(fault));
                }
                Successors::Edges(edges) => {
                    let edges = edges.to_vec();
                    for edge in edges {
                        let target = graph.place_of(edge.target, &mut places);
                        graph.vertices[next].edges.push((edge, target));
                    }
                }
            }
            next += 1;
        }
        graph
    }

    fn place_of(&mut self, state: Id, places: &mut FxHashMap<Id, usize>) -> usize {
        *places.entry(state).or_insert_with(|| {
            self.vertices.push(Vertex { state, edges: Vec::new(), end: None });
            self.vertices.len() - 1
        })
    }

    /// How many transitions the graph has.
    pub fn transitions(&self) -> usize {
        self.vertices.iter().map(|v| v.edges.len()).sum()
    }

    /// The number of paths from the start to an end; `None` where the graph has a cycle,
    /// whose paths are without number.
    pub fn paths(&self) -> Option<u128> {
        let order = self.topological_order()?;
        let mut counts = vec![0u128; self.vertices.len()];
        for place in order.into_iter().rev() {
            let vertex = &self.vertices[place];
            counts[place] = match vertex.edges.as_slice() {
                [] => 1,
                edges => edges.iter().fold(0, |sum, (_, target)| sum.saturating_add(counts[*target])),
            };
        }
        counts.first().copied()
    }

    fn topological_order(&self) -> Option<Vec<usize>> {
        let mut incoming = vec![0usize; self.vertices.len()];
        for (_, target) in self.vertices.iter().flat_map(|v| &v.edges) {
            incoming[*target] += 1;
        }
        let mut order: Vec<usize> = (0..incoming.len()).filter(|place| incoming[*place] == 0).collect();
        let mut next = 0;
        while next < order.len() {
            for (_, target) in &self.vertices[order[next]].edges {
                incoming[*target] -= 1;
                if incoming[*target] == 0 {
                    order.push(*target);
                }
            }
            next += 1;
        }
        (order.len() == self.vertices.len()).then_some(order)
    }
}
