//! The product of a program's graph with the monitors, searched breadth first.
//!
//! Breadth first, so the first violation of a property is on a shortest path.
//!
//! The search goes level by level. Each thread follows its part of a level with a machine of its own (`Worker`); what
//! it finds is looked up among the fingerprints of all states met before, and then settled by one thread in the
//! order of the search. So the findings do not depend on the number of threads, and are those of a search that
//! takes one state after the other. Of a state that was followed only its fingerprint and its place in the graph's
//! reachability graph are kept; the terms are dropped when they take too much memory, and a path is written down by
//! following its transitions again.
//!
//! Two states with the same fingerprint would be taken for one, and what only the second leads to would be
//! missed. Among n states the probability that this happens anywhere is about n²/2¹²⁹: see
//! [`fingerprint`](crate::machine::fingerprint).

use std::collections::BTreeSet;

use egg::Id;
use rayon::ThreadPool;

use crate::check::counts::number_of;
use crate::check::follow::Run;
use crate::check::monitor::{Monitors, Violation};
pub use crate::check::refutation::{Breakdown, Refutation};
use crate::check::rounds::{self, Rounds};
use crate::check::visited::{self, Answers, Visited};
use crate::check::worker::{Candidate, Happening, Part, Spot, Worker};
use crate::check::workers::{WIDE, each, pool, share_out};
use crate::limits::{LimitReached, Limits};
use crate::machine::Reachability;
use crate::machine::reachability::MOST;
use crate::machine::stepper::{Edge, Fault, Machine, Successors};
use crate::machine::transfer::Transfer;

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
    /// Behind how many turns of a loop what grows in it was unknown; none where everything was followed as it is.
    pub turns: Option<u32>,
    /// The properties that only paths break on which something that grows is unknown.
    pub widened: Vec<usize>,
    /// The lines that control comes to on some path, in the program's own file; where the search notes them.
    pub lines: BTreeSet<usize>,
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

/// A search; its tables are kept from one program to the next.
#[derive(Debug)]
pub struct Search {
    threads: usize,
    visited: Visited,
    reachability: Reachability,
    part: Part,
    found: Found,
    rounds: Option<Rounds>,
}

/// What was found, by the numbers of vertices and transitions.
#[derive(Debug, Default)]
struct Found {
    /// The worker whose bank the completion lies in, and its number there.
    ended: Vec<(usize, u32)>,
    broken: Vec<Broken>,
    /// The first vertex in which the rules fail.
    failed: Option<usize>,
}

#[derive(Debug)]
struct Broken {
    vertex: usize,
    /// The transition that broke the property; none where the end of the path did.
    transition: Option<u32>,
    violation: Violation,
}

impl Default for Search {
    fn default() -> Self {
        Search::new(1)
    }
}

impl Search {
    /// A search on so many threads.
    pub fn new(threads: usize) -> Search {
        Search {
            threads: threads.max(1),
            visited: Visited::new(threads),
            reachability: Reachability::default(),
            part: Part::default(),
            found: Found::default(),
            rounds: None,
        }
    }

    /// Looks for rounds that nothing leaves, too, where some property asks for them.
    pub fn looking_for(self, rounds: Option<Rounds>) -> Search {
        Search { rounds, ..self }
    }

    /// Notes the lines that control comes to, too.
    pub fn noting_lines(mut self) -> Search {
        self.part = Part::noting_lines(true);
        self
    }

    /// Searches everything that `initial` reaches. Where that takes more memory than the bank may, the bank is
    /// emptied on the way, and the ids that the caller has mean nothing afterwards; those of the findings do.
    pub fn run(&mut self, machine: &mut Machine, monitors: &mut Monitors, initial: Id) -> Findings {
        self.visited.clear();
        self.reachability.clear();
        self.found = Found::default();
        let limits = *machine.limits();
        let mut findings = Findings::default();
        let mut others = Vec::new();
        let noting = self.part.lines.is_some();
        let part = std::mem::take(&mut self.part);
        let mut worker = Worker::new(machine, monitors, part).looking_for(self.rounds.clone());
        self.start(&mut worker, initial);
        let mut workers = vec![worker];
        if self.levels(&mut workers, None, &limits, &mut findings) {
            others.extend((1..self.threads).map(|_| workers[0].another()));
            let part = || Part::noting_lines(noting);
            let looking = || self.rounds.clone();
            workers.extend(others.iter_mut().map(|(m, c)| Worker::new(m, c, part()).looking_for(looking())));
            let pool = pool(self.threads);
            self.levels(&mut workers, pool.as_ref(), &limits, &mut findings);
        }
        self.visited.clear();
        self.conclude(&mut workers, &mut findings);
        self.part = std::mem::take(&mut workers[0].part);
        findings
    }

    /// The graph that was searched last: each vertex is a state with a configuration of the monitors.
    pub fn into_reachability(self) -> Reachability {
        self.reachability
    }

    fn start(&mut self, worker: &mut Worker, initial: Id) {
        let config = worker.monitors.start(worker.machine);
        let spot = Spot { state: initial, config };
        let fingerprint = worker.candidate(spot, false, false).fingerprint;
        self.visited.settle(fingerprint, None, 0);
        self.reachability.root();
        worker.part.frontier.push(spot);
        worker.initial = Some(initial);
    }

    /// Goes level by level to the end; or, without a pool, to where a level is worth being shared out, and
    /// then returns true.
    fn levels(
        &mut self,
        workers: &mut [Worker],
        pool: Option<&ThreadPool>,
        limits: &Limits,
        findings: &mut Findings,
    ) -> bool {
        loop {
            let width: usize = workers.iter().map(|worker| worker.part.frontier.len()).sum();
            let wide = width >= WIDE;
            if width == 0 || findings.limit.as_ref().is_some_and(|limit| ENDING.contains(&limit.name)) {
                return false;
            }
            if wide && workers.len() < self.threads {
                return true;
            }
            self.level(workers, pool.filter(|_| wide), limits, findings);
        }
    }

    fn level(
        &mut self,
        workers: &mut [Worker],
        pool: Option<&ThreadPool>,
        limits: &Limits,
        findings: &mut Findings,
    ) {
        if let Some(pool) = pool {
            share_out(pool, workers);
        }
        let left = limits.memory.saturating_sub(self.bytes());
        let share = (left / workers.len()).max(LEAST);
        each(pool, workers, |worker| worker.expand(share));
        if workers.iter().any(|worker| worker.full) {
            findings.limit = Some(limits.reached("memory"));
            return;
        }
        let mut candidates: Vec<Vec<Candidate>> = Vec::with_capacity(workers.len());
        candidates.extend(workers.iter_mut().map(|worker| std::mem::take(&mut worker.part.candidates)));
        let mut answers = pool.map(|pool| pool.install(|| self.visited.look_up(&candidates)));
        for (place, worker) in workers.iter_mut().enumerate() {
            let going =
                self.settle(place, &mut worker.part, &candidates[place], &mut answers, limits, findings);
            worker.part.candidates = std::mem::take(&mut candidates[place]);
            if !going {
                return;
            }
        }
    }

    /// Enters what a worker found, in the order of the search; what is new is the worker's part of the
    /// next level. Returns false where a limit ends the search.
    fn settle(
        &mut self,
        place: usize,
        part: &mut Part,
        candidates: &[Candidate],
        answers: &mut Option<Answers>,
        limits: &Limits,
        findings: &mut Findings,
    ) -> bool {
        part.frontier.clear();
        let mut candidates = candidates.iter();
        let mut happenings = part.happenings.drain(..).peekable();
        for (at, degree) in part.degrees.iter().enumerate() {
            if let Some(name) = self.exceeded(limits) {
                findings.limit = Some(limits.reached(name));
                return false;
            }
            while let Some((_, happening)) = happenings.next_if(|(spot, _)| *spot as usize == at) {
                self.happen(place, happening, limits, findings);
            }
            let mut calm = true;
            for candidate in candidates.by_ref().take(*degree as usize) {
                let Candidate { fingerprint, spot, silent, .. } = candidate;
                calm &= candidate.calm;
                findings.steps += 1;
                let new = self.reachability.len();
                let vertex = self.visited.settle(*fingerprint, answers.as_mut(), new);
                if vertex == new {
                    self.reachability.vertex();
                    part.frontier.push(*spot);
                } else {
                    findings.paths += 1;
                }
                self.reachability.transition(vertex, *silent);
            }
            self.reachability.close(calm);
        }
        true
    }

    fn happen(&mut self, worker: usize, happening: Happening, limits: &Limits, findings: &mut Findings) {
        let vertex = self.reachability.followed();
        match happening {
            Happening::Ended(completion) => {
                findings.paths += 1;
                self.found.ended.push((worker, completion));
            }
            Happening::Failed(fault) => {
                findings.paths += 1;
                match fault {
                    Fault::Limit(name) => findings.limit = Some(limits.reached(name)),
                    _ => self.found.failed = self.found.failed.or(Some(vertex)),
                }
            }
            Happening::Broken(transition, violation) => {
                let known = self.found.broken.iter().any(|b| b.violation.property == violation.property);
                if !known {
                    self.found.broken.push(Broken { vertex, transition, violation });
                }
            }
        }
    }

    /// The limit that ends the search here. What is counted is the same whatever the number of threads.
    fn exceeded(&self, limits: &Limits) -> Option<&'static str> {
        let states = self.reachability.len();
        if states > limits.states || states.max(self.reachability.transitions()) >= MOST {
            Some("states")
        } else {
            // The rest is for terms.
            (self.bytes() > limits.memory / 4 * 3).then_some("memory")
        }
    }

    /// The bytes that the states met so far take.
    fn bytes(&self) -> usize {
        self.reachability.len() * visited::BYTES + self.reachability.bytes()
    }

    /// Writes the findings down in the first worker's bank.
    fn conclude(&self, workers: &mut [Worker], findings: &mut Findings) {
        findings.states = self.reachability.len() as u64;
        let lines = workers.iter().flat_map(|worker| worker.part.lines.iter().flatten());
        // That of another module has the module's name in front.
        findings.lines = lines.filter_map(|line| line.as_str().parse().ok()).collect();
        findings.ended = self.ended(workers);
        let Some(Worker { machine, monitors, initial: Some(initial), .. }) = workers.first_mut() else {
            return;
        };
        let initial = *initial;
        findings.refutations.extend(self.found.broken.iter().map(|broken| {
            let (_, path) = self.path(machine, initial, broken.vertex, broken.transition);
            let Violation { property, reason, statement, ambiguous } = broken.violation.clone();
            Refutation { property, reason, statement, ambiguous, path, round: None }
        }));
        // A cycle on which no event happens and nothing is chosen is no loop of a program: each turn of a loop tests
        // its condition, passes a line, or draws an unknown item.
        let silent = || self.reachability.silent_cycle().map(|vertex| (vertex, Some(Fault::Silent)));
        if let Some((vertex, fault)) = self.found.failed.map(|vertex| (vertex, None)).or_else(silent) {
            let (state, path) = self.path(machine, initial, vertex, None);
            let fault = fault.unwrap_or(match machine.successors(state) {
                Successors::Fault(fault) => fault,
                _ => Fault::Stuck,
            });
            findings.breakdown = Some(Breakdown { fault, state, path });
        } else if self.rounds.is_some() {
            // Where the rules go round by themselves, that is no round of the program's.
            for round in self.reachability.rounds() {
                let (state, path) = self.path(machine, initial, round[0], None);
                rounds::tell(machine, monitors, (state, path, round.len()), findings);
            }
        }
    }

    /// The completions of all halted states, in the order of the search.
    fn ended(&self, workers: &mut [Worker]) -> Vec<Id> {
        let [first, others @ ..] = workers else { return Vec::new() };
        let carry = |worker: &mut Worker| {
            let completions = &worker.part.completions;
            let load = Transfer::of(worker.machine.bank(), completions.iter().copied());
            let moved = load.unpack(first.machine.bank_mut());
            completions.iter().map(|completion| moved.of(*completion)).collect::<Vec<Id>>()
        };
        let carried: Vec<Vec<Id>> = others.iter_mut().map(carry).collect();
        let completion = |(worker, number): &(usize, u32)| match worker.checked_sub(1) {
            None => first.part.completions[*number as usize],
            Some(other) => carried[other][*number as usize],
        };
        self.found.ended.iter().map(completion).collect()
    }

    /// The transitions of a shortest path to a vertex, and of one more transition from there; and the state
    /// that the vertex is.
    fn path(&self, machine: &mut Machine, initial: Id, vertex: usize, last: Option<u32>) -> (Id, Vec<Edge>) {
        let (mut state, mut path) = (initial, Vec::new());
        let mut take = |state: Id, number: usize| match machine.successors(state) {
            Successors::Edges(edges) => edges.get(number).cloned(),
            _ => None,
        };
        for number in self.reachability.path_to(vertex) {
            let Some(edge) = take(state, number) else { break };
            state = edge.target;
            path.push(edge);
        }
        path.extend(last.and_then(|number| take(state, number as usize)));
        (state, path)
    }
}

/// The limits after which the search does not go on elsewhere.
const ENDING: [&str; 2] = ["states", "memory"];

/// No worker is asked to do with less memory for its terms than this.
const LEAST: usize = 4 << 20;
