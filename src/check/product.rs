//! The product of a program's graph with the monitors, searched breadth first.
//!
//! Breadth first, so the first violation of a property is on a shortest path.

use egg::Id;
use rustc_hash::FxHashMap;

use super::monitor::{ConfigId, Monitors};
use crate::limits::LimitReached;
use crate::machine::reference::{Edge, Fault, Machine, Successors};

/// A property that a path breaks.
#[derive(Debug, Clone)]
pub struct Refutation {
    /// The property, as an index into the monitored ones.
    pub property: usize,
    /// Why, in the property's own words.
    pub reason: String,
    /// The transitions from the initial state up to the one that broke it; all of the path where
    /// its end did.
    pub path: Vec<Edge>,
}

/// A state in which the rules fail.
#[derive(Debug, Clone)]
pub struct Breakdown {
    /// How.
    pub fault: Fault,
    /// The state.
    pub state: Id,
    /// The path to it.
    pub path: Vec<Edge>,
}

/// What searching one program found.
#[derive(Debug, Clone, Default)]
pub struct Findings {
    /// States, each counted once for each configuration of the monitors it was met with.
    pub states: u64,
    /// Transitions followed.
    pub steps: u64,
    /// Paths: each ends in a halted state or joins one that was followed before.
    pub paths: u64,
    /// The broken properties, each once, on a shortest path.
    pub refutations: Vec<Refutation>,
    /// Where the rules fail, if they do.
    pub breakdown: Option<Breakdown>,
    /// The limit that cut the search off.
    pub limit: Option<LimitReached>,
}

struct Node {
    state: Id,
    config: ConfigId,
    parent: u32,
    /// Which transition of the parent led here.
    edge: u16,
}

/// A search; its tables are kept from one program to the next.
#[derive(Default)]
pub struct Search {
    nodes: Vec<Node>,
    seen: FxHashMap<(Id, ConfigId), ()>,
}

const ROOT: u32 = u32::MAX;

impl Search {
    /// Searches everything that `initial` reaches.
    pub fn run(&mut self, machine: &mut Machine, monitors: &mut Monitors, initial: Id) -> Findings {
        self.nodes.clear();
        self.seen.clear();
        let mut findings = Findings::default();
        let config = monitors.start(machine);
        self.visit(initial, config, ROOT, 0);
        let mut next = 0;
        while next < self.nodes.len() {
            if self.nodes.len() > machine.limits().states {
                findings.limit = Some(machine.limits().reached("states"));
                break;
            }
            self.expand(machine, monitors, next, &mut findings);
            next += 1;
        }
        findings.states = self.nodes.len() as u64;
        findings
    }

    fn visit(&mut self, state: Id, config: ConfigId, parent: u32, edge: u16) -> bool {
        let new = self.seen.insert((state, config), ()).is_none();
        if new {
            self.nodes.push(Node { state, config, parent, edge });
        }
        new
    }

    fn expand(
        &mut self,
        machine: &mut Machine,
        monitors: &mut Monitors,
        place: usize,
        findings: &mut Findings,
    ) {
        let Node { state, config, .. } = self.nodes[place];
        let edges = match machine.successors(state) {
            Successors::Edges(edges) => edges.clone(),
            Successors::Final => {
                findings.paths += 1;
                self.halt(machine, monitors, place, findings);
                return;
            }
            Successors::Fault(fault) => {
                let fault = fault.clone();
                findings.paths += 1;
                self.fail(machine, place, fault, findings);
                return;
            }
        };
        for (index, edge) in edges.iter().enumerate() {
            findings.steps += 1;
            let mut config = config;
            for event in &edge.events {
                let step = monitors.advance(machine, config, *event);
                config = step.next;
                for violation in step.violations.iter() {
                    self.refute(machine, place, Some(edge), violation, findings);
                }
            }
            if !self.visit(edge.target, config, place as u32, index as u16) {
                findings.paths += 1;
            }
        }
    }

    fn halt(
        &mut self,
        machine: &mut Machine,
        monitors: &mut Monitors,
        place: usize,
        findings: &mut Findings,
    ) {
        let Node { state, config, .. } = self.nodes[place];
        let completion = machine.bank().arg(state, 0);
        let event = machine.bank_mut().node("halt", [completion]);
        let step = monitors.advance(machine, config, event);
        for violation in step.violations.iter() {
            self.refute(machine, place, None, violation, findings);
        }
    }

    fn fail(&self, machine: &mut Machine, place: usize, fault: Fault, findings: &mut Findings) {
        match fault {
            Fault::Limit(name) => findings.limit = Some(machine.limits().reached(name)),
            fault if findings.breakdown.is_none() => {
                findings.breakdown = Some(Breakdown {
                    fault,
                    state: self.nodes[place].state,
                    path: self.path(machine, place),
                });
            }
            _ => {}
        }
    }

    fn refute(
        &self,
        machine: &mut Machine,
        place: usize,
        last: Option<&Edge>,
        violation: &super::monitor::Violation,
        findings: &mut Findings,
    ) {
        if findings.refutations.iter().any(|r| r.property == violation.property) {
            return;
        }
        let mut path = self.path(machine, place);
        path.extend(last.cloned());
        findings.refutations.push(Refutation {
            property: violation.property,
            reason: violation.reason.clone(),
            path,
        });
    }

    fn path(&self, machine: &mut Machine, place: usize) -> Vec<Edge> {
        let mut path = Vec::new();
        let mut at = place;
        while self.nodes[at].parent != ROOT {
            let Node { parent, edge, .. } = self.nodes[at];
            let state = self.nodes[parent as usize].state;
            if let Successors::Edges(edges) = machine.successors(state) {
                path.push(edges[edge as usize].clone());
            }
            at = parent as usize;
        }
        path.reverse();
        path
    }
}
