//! One thread's part of a search: its machine, its monitors, and its share of a level.

use std::sync::Arc;

use egg::{Id, Symbol};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::check::config::{Config, Copies};
use crate::check::monitor::{ConfigId, Monitors, Violation};
use crate::check::rounds::Rounds;
use crate::machine::fingerprint::{Fingerprint, mix};
use crate::machine::stepper::{Fault, Machine, Successors};
use crate::machine::transfer::{Moved, Transfer};

/// A state with what the monitors make of the path to it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot {
    pub(super) state: Id,
    pub(super) config: ConfigId,
}

/// Where a transition leads.
#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) fingerprint: Fingerprint,
    pub(super) spot: Spot,
    /// Whether the transition has no event.
    pub(super) silent: bool,
    /// Whether nobody could see it, where that is asked.
    pub(super) calm: bool,
}

/// What is to be told about a spot besides where it leads.
#[derive(Debug)]
pub(super) enum Happening {
    /// The path has ended; which of the worker's completions it ended in.
    Ended(u32),
    /// The rules fail, or a limit was reached.
    Failed(Fault),
    /// A property is broken by this transition, or by the end of the path.
    Broken(Option<u32>, Violation),
}

/// What a worker works on and what it finds. Kept from one search to the next, so that small ones need no memory
/// of their own.
#[derive(Debug, Default)]
pub(super) struct Part {
    /// The worker's share of the level.
    pub(super) frontier: Vec<Spot>,
    /// For each spot of the frontier, how many of the candidates are its transitions'.
    pub(super) degrees: Vec<u32>,
    pub(super) candidates: Vec<Candidate>,
    /// With the place of the spot in the frontier, in order.
    pub(super) happenings: Vec<(u32, Happening)>,
    /// The completions of paths, each once.
    pub(super) completions: Vec<Id>,
    /// The lines that control has come to, as events have them, where they are asked for.
    pub(super) lines: Option<FxHashSet<Symbol>>,
    numbers: FxHashMap<Id, u32>,
    /// Which properties were told to be broken; a search reports each once.
    told: Vec<bool>,
}

impl Part {
    /// An empty part, which may note lines.
    pub(super) fn noting_lines(noting: bool) -> Part {
        Part { lines: noting.then(FxHashSet::default), ..Part::default() }
    }
}

/// A thread of a search.
#[derive(Debug)]
pub(super) struct Worker<'m> {
    pub(super) machine: &'m mut Machine,
    pub(super) monitors: &'m mut Monitors,
    pub(super) part: Part,
    /// The initial state, where this worker's bank is the one that paths are written down in.
    pub(super) initial: Option<Id>,
    /// Whether what must be kept takes more than the worker's share of memory.
    pub(super) full: bool,
    /// The bank is not emptied before it takes so many bytes.
    patience: usize,
    /// The name of the event that control comes to a line.
    line: Symbol,
    /// What can be seen, where that is asked.
    rounds: Option<Rounds>,
}

impl<'m> Worker<'m> {
    pub(super) fn new(machine: &'m mut Machine, monitors: &'m mut Monitors, mut part: Part) -> Worker<'m> {
        part.frontier.clear();
        part.completions.clear();
        part.numbers.clear();
        part.told.clear();
        part.lines.iter_mut().for_each(FxHashSet::clear);
        part.told.resize(monitors.automata().len(), false);
        let line = "line".into();
        Worker { machine, monitors, part, initial: None, full: false, patience: HANDY, line, rounds: None }
    }

    /// The worker, which tells whether a transition can be seen, where that is asked.
    pub(super) fn looking_for(self, rounds: Option<Rounds>) -> Worker<'m> {
        Worker { rounds, ..self }
    }

    /// A machine and monitors as the worker's are.
    pub(super) fn another(&self) -> (Machine, Monitors) {
        (self.machine.another(), self.monitors.another())
    }

    /// A spot with its fingerprint.
    #[inline]
    pub(super) fn candidate(&mut self, spot: Spot, silent: bool, calm: bool) -> Candidate {
        let bank = self.machine.bank_mut();
        let state = bank.fingerprint(spot.state);
        let fingerprint = mix(state, self.monitors.fingerprint(bank, spot.config));
        Candidate { fingerprint, spot, silent, calm }
    }

    /// Follows each spot of the frontier. The bank is emptied on the way, of all that is not needed any more: when
    /// it takes more than `share` bytes, and before, where that is little work and leaves it small.
    pub(super) fn expand(&mut self, share: usize) {
        self.part.degrees.clear();
        self.part.candidates.clear();
        self.part.happenings.clear();
        for at in 0..self.part.frontier.len() {
            if at % BETWEEN == 0 && self.bytes() > share.min(self.patience) {
                self.empty(at);
                let kept = self.bytes();
                self.patience = HANDY.max(kept * 4);
                self.full |= kept > share / 2;
                if self.full {
                    return;
                }
            }
            let degree = self.follow(at as u32, self.part.frontier[at]);
            self.part.degrees.push(degree);
        }
    }

    fn follow(&mut self, at: u32, spot: Spot) -> u32 {
        let degree = match self.machine.successors(spot.state) {
            Successors::Edges(edges) => edges.len() as u32,
            Successors::Final => {
                self.halt(at, spot);
                0
            }
            Successors::Fault(fault) => {
                self.part.happenings.push((at, Happening::Failed(fault)));
                0
            }
        };
        for number in 0..degree {
            self.take(at, spot, number);
        }
        degree
    }

    #[inline]
    fn take(&mut self, at: u32, Spot { state, mut config }: Spot, number: u32) {
        let Some(Successors::Edges(edges)) = self.machine.known(state) else { return };
        let edge = &edges[number as usize];
        let silent = edges.len() == 1 && edge.events.is_empty();
        let (events, state) = (edge.events.clone(), edge.target);
        let calm = self.rounds.as_ref().is_some_and(|rounds| !rounds.sees(self.machine.bank(), &events));
        if self.part.lines.is_some() {
            self.pass(&events);
        }
        for event in &events {
            config = self.observe(at, config, *event, Some(number));
        }
        let candidate = self.candidate(Spot { state, config }, silent, calm);
        self.part.candidates.push(candidate);
    }

    /// Notes the lines among the events of a transition.
    fn pass(&mut self, events: &[Id]) {
        let bank = self.machine.bank();
        let lines = events.iter().filter(|event| bank.op(**event) == self.line);
        let lines = lines.map(|event| bank.op(bank.arg(*event, 0)));
        self.part.lines.get_or_insert_default().extend(lines);
    }

    /// The configuration after an event.
    #[inline]
    fn observe(&mut self, at: u32, config: ConfigId, event: Id, number: Option<u32>) -> ConfigId {
        let step = self.monitors.advance(self.machine, config, event);
        for violation in step.violations.iter() {
            if !std::mem::replace(&mut self.part.told[violation.property], true) {
                self.part.happenings.push((at, Happening::Broken(number, violation.clone())));
            }
        }
        step.next
    }

    fn halt(&mut self, at: u32, Spot { state, config }: Spot) {
        let completion = self.machine.bank().arg(state, 0);
        let Part { completions, numbers, happenings, .. } = &mut self.part;
        let number = *numbers.entry(completion).or_insert_with(|| {
            completions.push(completion);
            completions.len() as u32 - 1
        });
        happenings.push((at, Happening::Ended(number)));
        let event = self.machine.bank_mut().node("halt", [completion]);
        self.observe(at, config, event, None);
    }

    /// About how many bytes the worker takes.
    fn bytes(&self) -> usize {
        let Part { frontier, candidates, .. } = &self.part;
        let lists = frontier.len() * size_of::<Spot>() + candidates.len() * size_of::<Candidate>();
        self.machine.bytes() + self.monitors.bytes() + lists
    }

    /// Empties the bank of all that is not needed from the spot at this place of the frontier on.
    fn empty(&mut self, at: usize) {
        let Part { frontier, candidates, completions, .. } = &self.part;
        let spots = frontier[at..].iter().chain(candidates.iter().map(|candidate| &candidate.spot)).copied();
        let more = completions.iter().chain(&self.initial).copied();
        let load = Load::of(self.machine, self.monitors, spots, more);
        self.machine.forget_above(0);
        self.monitors.forget();
        let arrival = load.unload(self.machine, self.monitors);
        let Part { frontier, candidates, completions, numbers, .. } = &mut self.part;
        let candidates = candidates.iter_mut().map(|candidate| &mut candidate.spot);
        frontier[at..].iter_mut().chain(candidates).for_each(|spot| *spot = arrival.spot(*spot));
        completions.iter_mut().chain(&mut self.initial).for_each(|term| *term = arrival.moved.of(*term));
        *numbers = completions.iter().zip(0..).map(|(completion, number)| (*completion, number)).collect();
    }

    /// Gives spots of the frontier away.
    pub(super) fn give(&self, spots: std::ops::Range<usize>) -> (Vec<Spot>, Load) {
        let spots = self.part.frontier[spots].to_vec();
        let load = Load::of(self.machine, self.monitors, spots.iter().copied(), []);
        (spots, load)
    }

    /// Takes spots over.
    pub(super) fn receive(&mut self, spots: &mut [Spot], load: Load) {
        let arrival = load.unload(self.machine, self.monitors);
        spots.iter_mut().for_each(|spot| *spot = arrival.spot(*spot));
    }
}

/// Up to so many bytes a bank is left as it is: a smaller one costs less time, and an emptied one has forgotten what
/// states lead to.
const HANDY: usize = 16 << 20;

/// How many spots are followed between looks at the memory.
const BETWEEN: usize = 256;

/// Terms and configurations on their way from one worker to another.
#[derive(Debug)]
pub(super) struct Load {
    terms: Transfer,
    configs: FxHashMap<ConfigId, Arc<Config>>,
}

/// Where they arrived.
struct Arrival {
    moved: Moved,
    configs: FxHashMap<ConfigId, ConfigId>,
}

impl Load {
    fn of(
        machine: &Machine,
        monitors: &Monitors,
        spots: impl Iterator<Item = Spot> + Clone,
        more: impl IntoIterator<Item = Id>,
    ) -> Load {
        let mut configs = FxHashMap::default();
        for spot in spots.clone() {
            configs.entry(spot.config).or_insert_with(|| monitors.config(spot.config));
        }
        let held = configs.values().flat_map(|config| config.terms());
        let terms = spots.map(|spot| spot.state).chain(more).chain(held);
        Load { terms: Transfer::of(machine.bank(), terms), configs }
    }

    fn unload(self, machine: &mut Machine, monitors: &mut Monitors) -> Arrival {
        let moved = self.terms.unpack(machine.bank_mut());
        let mut copies = Copies::default();
        let mut adopt = |config: &Config| monitors.adopt(config, &moved, &mut copies);
        let configs = self.configs.iter().map(|(id, config)| (*id, adopt(config))).collect();
        Arrival { moved, configs }
    }
}

impl Arrival {
    fn spot(&self, Spot { state, config }: Spot) -> Spot {
        let config = self.configs.get(&config).copied().unwrap_or(config);
        Spot { state: self.moved.of(state), config }
    }
}
