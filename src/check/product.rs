//! The product of a program's graph with the monitors, searched breadth first.
//!
//! Breadth first, so the first violation of a property is on a shortest path.

use egg::Id;
use rustc_hash::{FxHashMap, FxHashSet};

use super::follow::Run;
use super::monitor::{ConfigId, Monitors};
use super::tally::number_of;
use crate::limits::LimitReached;
use crate::machine::stepper::{Edge, Fault, Machine, Successors};

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
    /// The completions of its halted states.
    pub ended: Vec<Id>,
    /// The broken properties, each once, on a shortest path.
    pub refutations: Vec<Refutation>,
    /// Where the rules fail, if they do.
    pub breakdown: Option<Breakdown>,
    /// The limit that cut the search off.
    pub limit: Option<LimitReached>,
}

impl Findings {
    /// The findings as sums understand them; outcomes are entered into `outcomes` and numbered by it.
    pub fn run(&self, machine: &Machine, outcomes: &mut Vec<String>) -> Run {
        let ended = self.ended.iter().map(|completion| number_of(machine.bank(), *completion, outcomes));
        Run {
            states: self.states,
            steps: self.steps,
            paths: self.paths,
            ended: ended.collect(),
            broken: self.refutations.iter().fold(0, |bits, refutation| bits | 1 << refutation.property),
            fault: self.breakdown.as_ref().map(|breakdown| breakdown.fault),
            limit: self.limit.as_ref().map(|limit| limit.name),
        }
    }
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
    seen: FxHashMap<(Id, ConfigId), u32>,
    /// Transitions without events to a node met before, which may close a silent cycle.
    suspects: Vec<(u32, u32)>,
}

const ROOT: u32 = u32::MAX;

impl Search {
    /// Searches everything that `initial` reaches.
    pub fn run(&mut self, machine: &mut Machine, monitors: &mut Monitors, initial: Id) -> Findings {
        self.nodes.clear();
        self.seen.clear();
        self.suspects.clear();
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
        self.look_for_silent_cycle(machine, &mut findings);
        findings.states = self.nodes.len() as u64;
        findings
    }

    /// The place of a node, and whether it is new.
    fn visit(&mut self, state: Id, config: ConfigId, parent: u32, edge: u16) -> (u32, bool) {
        let next = self.nodes.len() as u32;
        let place = *self.seen.entry((state, config)).or_insert(next);
        if place == next {
            self.nodes.push(Node { state, config, parent, edge });
        }
        (place, place == next)
    }

    /// A cycle on which no event happens is no loop of a program: each turn of
    /// a loop tests its condition, or passes a line.
    fn look_for_silent_cycle(&self, machine: &mut Machine, findings: &mut Findings) {
        let closes = |machine: &mut Machine, from: u32, to: u32| {
            let mut open = vec![to];
            let mut passed = FxHashSet::default();
            while let Some(place) = open.pop() {
                if place == from {
                    return true;
                }
                let Node { state, config, .. } = self.nodes[place as usize];
                if let (true, Successors::Edges(edges)) = (passed.insert(place), machine.successors(state)) {
                    let silent = edges.iter().filter(|edge| edge.events.is_empty());
                    open.extend(silent.filter_map(|edge| self.seen.get(&(edge.target, config))));
                }
            }
            false
        };
        let found = self.suspects.iter().find(|(from, to)| closes(machine, *from, *to));
        if let (Some((from, _)), None) = (found, &findings.breakdown) {
            findings.breakdown = Some(Breakdown {
                fault: Fault::Silent,
                state: self.nodes[*from as usize].state,
                path: self.path(machine, *from as usize),
            });
        }
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
            Successors::Edges(edges) => edges.to_vec(),
            Successors::Final => {
                findings.paths += 1;
                self.halt(machine, monitors, place, findings);
                return;
            }
            Successors::Fault(fault) => {
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
            let (reached, new) = self.visit(edge.target, config, place as u32, index as u16);
            if !new {
                findings.paths += 1;
                if edge.events.is_empty() && reached as usize <= place {
                    self.suspects.push((place as u32, reached));
                }
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
        findings.ended.push(completion);
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
