//! A plain search: one state after the other, by the ids of one bank that keeps everything.

use std::collections::{HashMap, HashSet};

use egg::Id;
use trylemma::book::Book;
use trylemma::check::product::{Breakdown, Refutation};
use trylemma::check::program::Subject;
use trylemma::check::program::{Watched, monitors};
use trylemma::check::{Findings, Monitors};
use trylemma::limits::Limits;
use trylemma::machine::{Edge, Engine, Fault, Machine, Successors};

/// What a search found, in words, so that searches in different banks can be compared.
#[derive(PartialEq, Eq)]
pub struct Found {
    pub states: u64,
    pub limit: Option<String>,
    pub breakdown: Option<String>,
    /// Steps and paths.
    figures: [u64; 2],
    ended: Vec<String>,
    /// Property, reason, path.
    refutations: Vec<(String, String, Vec<String>)>,
}

impl std::fmt::Debug for Found {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Found { states, limit, breakdown, figures, ended, refutations } = self;
        let lengths: Vec<_> = refutations.iter().map(|(name, _, path)| (name, path.len())).collect();
        write!(f, "{states} {figures:?} {} {limit:?} {breakdown:?} {lengths:?}", ended.len())
    }
}

impl Found {
    /// What the search found.
    pub fn of(machine: &Machine, watched: &[Watched], findings: &Findings) -> Found {
        let mut words = HashMap::new();
        let mut show = |id: &Id| words.entry(*id).or_insert_with(|| machine.bank().show(*id)).clone();
        let path = |path: &[Edge]| path.iter().map(|edge| shown(machine, edge)).collect::<Vec<_>>();
        let refuted =
            |r: &Refutation| (watched[r.property].property.name.clone(), r.reason.clone(), path(&r.path));
        let broken = |b: &Breakdown| {
            format!("{:?} at {:?} after {:?}", b.fault, machine.bank().show(b.state), path(&b.path))
        };
        Found {
            states: findings.states,
            figures: [findings.steps, findings.paths],
            ended: findings.ended.iter().map(&mut show).collect(),
            refutations: findings.refutations.iter().map(refuted).collect(),
            breakdown: findings.breakdown.as_ref().map(broken),
            limit: findings.limit.as_ref().map(ToString::to_string),
        }
    }

    /// The length of the counterexample to a property.
    pub fn path_length(&self, property: &str) -> usize {
        let refutation = self.refutations.iter().find(|(name, _, _)| name == property);
        refutation.unwrap_or_else(|| panic!("{property} is refuted")).2.len()
    }
}

/// A transition, with all of the state that it leads to.
fn shown(machine: &Machine, edge: &Edge) -> String {
    let events: Vec<String> = edge.events.iter().map(|event| machine.bank().show(*event)).collect();
    let rule = machine.rule_name(edge.rule);
    format!("{rule} {} {}", events.join(" "), machine.bank().show(edge.target))
}

/// Searches every path of a program.
pub fn plain_search(
    book: &Book,
    subject: &Subject,
    watched: &[Watched],
    limits: Limits,
    engine: Engine,
) -> Found {
    let mut machine = Machine::with_engine(book, limits, engine);
    let mut monitors = monitors(book, watched);
    let initial = machine.start(&subject.program.body, &subject.program.globals);
    let findings = Plain::default().run(&mut machine, &mut monitors, initial);
    Found::of(&machine, watched, &findings)
}

/// A state with a configuration of the monitors.
type Spot = (Id, u32);

#[derive(Default)]
struct Plain {
    spots: Vec<Spot>,
    places: HashMap<Spot, usize>,
    /// For each spot but the first: from where it was reached, and by which transition.
    origins: Vec<Option<(usize, Edge)>>,
    /// Transitions without events to spots that were met before.
    suspects: Vec<(usize, usize)>,
    findings: Findings,
}

impl Plain {
    fn run(mut self, machine: &mut Machine, monitors: &mut Monitors, initial: Id) -> Findings {
        let config = monitors.start(machine);
        self.visit((initial, config), None);
        let mut next = 0;
        while next < self.spots.len() {
            if self.spots.len() > machine.limits().states {
                self.findings.limit = Some(machine.limits().reached("states"));
                break;
            }
            self.expand(machine, monitors, next);
            next += 1;
        }
        let silent = self.suspects.iter().find(|(from, to)| self.leads_silently(machine, *to, *from));
        if let (Some((from, _)), None) = (silent, &self.findings.breakdown) {
            self.findings.breakdown = Some(self.breakdown(*from, Fault::Silent));
        }
        self.findings.states = self.spots.len() as u64;
        self.findings
    }

    fn visit(&mut self, spot: Spot, origin: Option<(usize, Edge)>) -> (usize, bool) {
        let next = self.spots.len();
        let place = *self.places.entry(spot).or_insert(next);
        if place == next {
            self.spots.push(spot);
            self.origins.push(origin);
        }
        (place, place == next)
    }

    fn expand(&mut self, machine: &mut Machine, monitors: &mut Monitors, place: usize) {
        let (state, config) = self.spots[place];
        match machine.successors(state) {
            Successors::Edges(edges) => {
                let edges = edges.to_vec();
                for edge in edges {
                    self.follow(machine, monitors, place, edge);
                }
            }
            Successors::Final => {
                self.findings.paths += 1;
                let completion = machine.bank().arg(state, 0);
                self.findings.ended.push(completion);
                let event = machine.bank_mut().node("halt", [completion]);
                self.observe(machine, monitors, config, event, place, None);
            }
            Successors::Fault(fault) => {
                self.findings.paths += 1;
                match fault {
                    Fault::Limit(name) => self.findings.limit = Some(machine.limits().reached(name)),
                    fault if self.findings.breakdown.is_none() => {
                        self.findings.breakdown = Some(self.breakdown(place, fault));
                    }
                    _ => {}
                }
            }
        }
    }

    fn follow(&mut self, machine: &mut Machine, monitors: &mut Monitors, place: usize, edge: Edge) {
        self.findings.steps += 1;
        let mut config = self.spots[place].1;
        for event in &edge.events {
            config = self.observe(machine, monitors, config, *event, place, Some(&edge));
        }
        let silent = edge.events.is_empty();
        let (reached, new) = self.visit((edge.target, config), Some((place, edge)));
        self.findings.paths += u64::from(!new);
        if silent && reached <= place {
            self.suspects.push((place, reached));
        }
    }

    fn observe(
        &mut self,
        machine: &mut Machine,
        monitors: &mut Monitors,
        config: u32,
        event: Id,
        place: usize,
        last: Option<&Edge>,
    ) -> u32 {
        let step = monitors.advance(machine, config, event);
        for violation in step.violations.iter() {
            if self.findings.refutations.iter().all(|r| r.property != violation.property) {
                let mut path = self.path(place);
                path.extend(last.cloned());
                let (property, reason) = (violation.property, violation.reason.clone());
                self.findings.refutations.push(Refutation {
                    property,
                    statement: violation.statement,
                    reason,
                    ambiguous: violation.ambiguous,
                    path,
                    round: None,
                });
            }
        }
        step.next
    }

    fn leads_silently(&self, machine: &mut Machine, from: usize, to: usize) -> bool {
        let (mut open, mut passed) = (vec![from], HashSet::new());
        while let Some(place) = open.pop() {
            if place == to {
                return true;
            }
            let (state, config) = self.spots[place];
            if let (true, Successors::Edges(edges)) = (passed.insert(place), machine.successors(state)) {
                let silent = edges.iter().filter(|edge| edge.events.is_empty());
                open.extend(silent.filter_map(|edge| self.places.get(&(edge.target, config))));
            }
        }
        false
    }

    fn breakdown(&self, place: usize, fault: Fault) -> Breakdown {
        Breakdown { fault, state: self.spots[place].0, path: self.path(place) }
    }

    fn path(&self, mut place: usize) -> Vec<Edge> {
        let mut path = Vec::new();
        while let Some((from, edge)) = &self.origins[place] {
            path.push(edge.clone());
            place = *from;
        }
        path.reverse();
        path
    }
}
