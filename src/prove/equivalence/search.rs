//! The search for the shortest way on which two runs part.

use std::collections::{BTreeSet, VecDeque};

use egg::Id;
use rustc_hash::FxHashSet;

use crate::machine::stepper::{Edge, Fault, Machine, Successors};
use crate::prove::equivalence::Level;
use crate::prove::equivalence::alike::Alike;
use crate::prove::equivalence::pairing::{Made, Pairing};
use crate::prove::equivalence::stand::{Kind, Stand, Stands, unknown_call};
use crate::python::functions::unknowns::listed;
use crate::python::report::{output_of, shows_unknown};
use crate::python::values::Objects;
use crate::python::values::vocabulary::vocabulary;

/// Two runs that are compared.
#[derive(Debug, Clone, Copy)]
pub(super) struct Compared<'a> {
    /// Where each begins.
    pub starts: [Id; 2],
    /// How much must be the same.
    pub level: Level,
    /// What the function is called that each enters: tracebacks name it.
    pub entries: [&'a str; 2],
    /// Whether it counts at the end what is in the functions that the modules have: not where they are of two texts, each of which has its
    /// own.
    pub functions: bool,
    /// Pairs of states that are looked at, at most.
    pub most: usize,
}

/// What a comparison came to.
#[derive(Debug, Clone)]
pub(super) enum Outcome {
    /// They do the same; so many pairs of states were looked at.
    Equal(usize),
    /// They part.
    Different(Difference),
}

/// Where two runs part.
#[derive(Debug, Clone)]
pub struct Difference {
    /// The way of each up to there, with the step on which they part where there is one.
    pub paths: [Vec<Edge>; 2],
    /// Pairs of states that were looked at.
    pub pairs: usize,
}

/// What one run has been told of an unknown, and the other may ask yet.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Told {
    side: usize,
    value: Id,
    question: Id,
    answer: Id,
}

/// Two states that have to do the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Pair {
    states: [Id; 2],
    pairing: Pairing,
    told: Vec<Told>,
}

/// How a pair was come to: from which, by which transitions.
#[derive(Debug, Clone, Copy)]
struct Came {
    from: usize,
    by: [Option<usize>; 2],
}

/// Compares two runs. Where runs stand is noted, and found again where others come to the same states.
///
/// # Errors
/// A limit is reached, or the rules fail.
pub(super) fn compare(
    machine: &mut Machine,
    stands: &mut Stands,
    compared: &Compared,
) -> Result<Outcome, Fault> {
    let mut search = Search {
        machine,
        compared,
        stands,
        seen: FxHashSet::default(),
        came: Vec::new(),
        open: VecDeque::new(),
    };
    let [one, other] = compared.starts;
    let within = [one, other].map(|start| search.stands.numbered.of(search.machine.bank(), start));
    let common: BTreeSet<Made> = within[0].intersection(&within[1]).copied().collect();
    search.add(Pair { states: compared.starts, pairing: Pairing::same(&common), told: Vec::new() }, None);
    while let Some((place, pair)) = search.open.pop_front() {
        if let Some(last) = search.expand(place, pair)? {
            return search.difference(place, last).map(Outcome::Different);
        }
        if search.came.len() > compared.most {
            return Err(Fault::Limit("states"));
        }
    }
    Ok(Outcome::Equal(search.came.len()))
}

struct Search<'a> {
    machine: &'a mut Machine,
    compared: &'a Compared<'a>,
    stands: &'a mut Stands,
    seen: FxHashSet<Pair>,
    came: Vec<Option<Came>>,
    open: VecDeque<(usize, Pair)>,
}

/// The transitions by which runs part: those that the other run has none for.
type Last = [Option<usize>; 2];

impl Search<'_> {
    fn add(&mut self, pair: Pair, came: Option<Came>) {
        if self.seen.insert(pair.clone()) {
            self.open.push_back((self.came.len(), pair));
            self.came.push(came);
        }
    }

    fn alike(&self, states: [Id; 2], pairing: &Pairing) -> Alike<'_> {
        Alike::new(self.machine, states, self.compared.level, pairing.clone())
    }

    fn edges(&mut self, state: Id) -> Vec<Edge> {
        match self.machine.successors(state) {
            Successors::Edges(edges) => edges.to_vec(),
            _ => Vec::new(),
        }
    }

    /// Looks at a pair, and adds those that have to be equal, too; by which steps they part, if they do.
    fn expand(&mut self, place: usize, pair: Pair) -> Result<Option<Last>, Fault> {
        let mut stands = Vec::with_capacity(2);
        for state in pair.states {
            stands.push(self.stands.of(self.machine, state)?);
        }
        let Ok([one, other]) = <[Stand; 2]>::try_from(stands) else { return Ok(None) };
        let states = [one.state, other.state];
        let (pairing, told) = self.kept(&pair, [&one, &other]);
        if states[0] == states[1] && pairing.is_same() {
            return Ok(None);
        }
        let here = Pair { states, pairing, told };
        match [one.kind, other.kind] {
            [Kind::Asking, _] => self.ask(place, here, 0),
            [_, Kind::Asking] => self.ask(place, here, 1),
            [Kind::Endless, Kind::Endless] => return Ok(None),
            [Kind::Ended, Kind::Ended] => return Ok(self.part_at_end(&here).then_some([None, None])),
            [Kind::Seen, Kind::Seen] => return Ok(self.seen(place, &here)),
            _ => return Ok(Some([None, None])),
        }
        Ok(None)
    }

    /// What of the pairing and of what was told there still is.
    fn kept(&mut self, pair: &Pair, stands: [&Stand; 2]) -> (Pairing, Vec<Told>) {
        let mut live = stands.map(|stand| stand.kept.clone());
        for told in &pair.told {
            let within = self.stands.numbered.of(self.machine.bank(), told.value);
            live[told.side].extend(within.iter());
        }
        let mut pairing = pair.pairing.among([&live[0], &live[1]]);
        pairing.identify([&live[0], &live[1]]);
        let mut told = pair.told.clone();
        told.retain(|told| {
            let within = self.stands.numbered.of(self.machine.bank(), told.value);
            within.iter().all(|made| pairing.has_partner(told.side, *made))
        });
        (pairing, told)
    }

    /// One run asks something of an unknown: each answer that the other was not told otherwise is followed.
    fn ask(&mut self, place: usize, pair: Pair, side: usize) {
        let state = pair.states[side];
        let [value, question] = self.asked(state);
        let known = self.answer(&pair, side, [value, question]);
        for (number, edge) in self.edges(state).into_iter().enumerate() {
            let answer = self.machine.bank().get(edge.target).args.first().copied().unwrap_or(value);
            if known.is_some_and(|known| !self.same_answer(&pair, side, [answer, known])) {
                continue;
            }
            let mut next = pair.clone();
            next.states[side] = edge.target;
            next.told.push(Told { side, value, question, answer });
            let mut by = [None, None];
            by[side] = Some(number);
            self.add(next, Some(Came { from: place, by }));
        }
    }

    /// What is asked about what.
    fn asked(&mut self, state: Id) -> [Id; 2] {
        let frames = self.machine.frames_of(state);
        let bank = self.machine.bank_mut();
        let node = bank.get(state).clone();
        match bank.op(state).as_str() {
            "ask" => [node.args[0], node.args[1]],
            // It is raised, or matched: what waits for it says which.
            _ => {
                let waiting = bank.get(frames).args.first().map_or("ended", |top| bank.op(*top).as_str());
                [node.args[0], bank.node(waiting, [])]
            }
        }
    }

    /// What the other run was told when it asked the same.
    fn answer(&self, pair: &Pair, side: usize, asked: [Id; 2]) -> Option<Id> {
        let other = 1 - side;
        let facts = self.machine.bank().arg(self.machine.world_of(pair.states[other]), 3);
        let remembered = listed(self.machine.bank(), facts).into_iter();
        let told = pair.told.iter().filter(|told| told.side == other);
        let mut known = told.map(|told| [told.value, told.question, told.answer]).chain(remembered);
        known
            .find(|[value, question, _]| {
                let mut alike = self.alike(pair.states, &pair.pairing);
                let ordered = |one: Id, other: Id| if side == 0 { [one, other] } else { [other, one] };
                alike.terms(ordered(asked[0], *value))
                    && alike.terms(ordered(asked[1], *question))
                    && alike.pairing == pair.pairing
            })
            .map(|[_, _, answer]| answer)
    }

    fn same_answer(&self, pair: &Pair, side: usize, [mine, other]: [Id; 2]) -> bool {
        let answers = if side == 0 { [mine, other] } else { [other, mine] };
        self.alike(pair.states, &pair.pairing).terms(answers)
    }

    /// Whether two runs that have ended have not ended alike.
    fn part_at_end(&mut self, pair: &Pair) -> bool {
        if !self.alike(pair.states, &pair.pairing).ends(pair.states, self.compared.functions) {
            return true;
        }
        self.compared.level == Level::Traceback && {
            let [one, other] = [0, 1].map(|side| self.way(side, pair.states[side]));
            one != other
        }
    }

    /// The names of the functions that an exception has come through with which a run ends.
    fn way(&mut self, side: usize, state: Id) -> Vec<String> {
        let completion = self.machine.bank().arg(state, 0);
        if self.machine.bank().op(completion) != vocabulary().raising {
            return Vec::new();
        }
        let exception = self.machine.bank().arg(completion, 0);
        let world = self.machine.world_of(state);
        let mut cx = self.machine.context();
        let entries = Objects::of(&mut cx, world).traceback_entries(exception);
        let own = self.compared.entries[side];
        let told = |name: String| if name == own { String::new() } else { name };
        entries.into_iter().map(|entry| told(entry.name)).collect()
    }

    /// Something is seen on both sides: the same, with the same outcomes, each of which is followed.
    fn seen(&mut self, place: usize, pair: &Pair) -> Option<Last> {
        let edges = pair.states.map(|state| self.edges(state));
        let Some(pairing) = self.same_deed(pair, &edges) else { return Some([None, None]) };
        let mut left: Vec<usize> = (0..edges[1].len()).collect();
        for (number, edge) in edges[0].iter().enumerate() {
            let found = left.iter().enumerate().find_map(|(at, other)| {
                let next = self.same_outcome(pair, &pairing, [edge, &edges[1][*other]])?;
                Some((at, next))
            });
            let Some((at, next)) = found else { return Some([Some(number), left.first().copied()]) };
            let by = [Some(number), Some(left.remove(at))];
            self.add(next, Some(Came { from: place, by }));
        }
        left.first().map(|other| [None, Some(*other)])
    }

    /// Whether two runs are about to do the same: what belongs together then.
    fn same_deed(&self, pair: &Pair, edges: &[Vec<Edge>; 2]) -> Option<Pairing> {
        let mut alike = self.alike(pair.states, &pair.pairing);
        let handled = pair.states.map(|state| self.machine.bank().arg(self.machine.world_of(state), 2));
        if self.compared.level >= Level::Handled && !alike.terms(handled) {
            return None;
        }
        let written = [0, 1].map(|side| self.written(&edges[side]));
        if written.iter().any(|written| !written.is_empty()) {
            let unknown = pair.states.iter().any(|state| shows_unknown(self.machine.bank(), *state));
            return (written[0] == written[1] && (!unknown || self.same_control(&mut alike, pair.states)))
                .then_some(alike.pairing);
        }
        self.same_control(&mut alike, pair.states).then_some(alike.pairing)
    }

    /// What is written at a step, where there is no other.
    fn written(&self, edges: &[Edge]) -> Vec<String> {
        let [only] = edges else { return Vec::new() };
        let bank = self.machine.bank();
        let complaints = only.events.iter().filter(|event| bank.op(**event).as_str() == "complaint");
        let complaints = complaints.map(|event| bank.text(bank.arg(*event, 0)));
        output_of(self.machine, only).into_iter().chain(complaints).collect()
    }

    fn same_control(&self, alike: &mut Alike, states: [Id; 2]) -> bool {
        let bank = self.machine.bank();
        let [one, other] = states.map(|state| self.control(state));
        bank.op(states[0]) == bank.op(states[1]) && alike.all(&one, &other)
    }

    /// The parts of a state that are neither its frames nor its world.
    fn control(&self, state: Id) -> Vec<Id> {
        let (frames, world) = (self.machine.frames_of(state), self.machine.world_of(state));
        let parts = self.machine.bank().get(state).args.iter().copied();
        parts.filter(|part| *part != frames && *part != world).collect()
    }

    /// The pair behind two steps, if what they come to is the same.
    fn same_outcome(&mut self, pair: &Pair, pairing: &Pairing, edges: [&Edge; 2]) -> Option<Pair> {
        let targets = edges.map(|edge| edge.target);
        let mut pairing = pairing.clone();
        let mut told = pair.told.clone();
        for side in [0, 1] {
            let bank = self.machine.bank();
            let [before, behind] =
                [pair.states[side], targets[side]].map(|state| self.stands.numbered.of(bank, state));
            for made in behind.difference(&before) {
                pairing.forget(side, *made);
                told.retain(|told| {
                    told.side != side || !self.stands.numbered.of(bank, told.value).contains(made)
                });
            }
        }
        let bank = self.machine.bank();
        let calls = edges.map(|edge| unknown_call(bank, edge));
        let mut alike = self.alike(targets, &pairing);
        let same = match calls {
            [Some(one), Some(other)] => one == other && alike.terms(edges.map(|edge| self.completion(edge))),
            [None, None] if !self.written(std::slice::from_ref(edges[0])).is_empty() => true,
            [None, None] => self.same_control(&mut alike, targets),
            _ => false,
        };
        same.then_some(Pair { states: targets, pairing: alike.pairing, told })
    }

    /// What a call comes to that begins and ends at one step.
    fn completion(&self, edge: &Edge) -> Id {
        let bank = self.machine.bank();
        let leave = edge.events.iter().find(|event| bank.op(**event).as_str() == "leave");
        leave.map_or(edge.target, |leave| bank.arg(*leave, 1))
    }

    /// The way of each run to a pair, and the steps by which they part there.
    fn difference(&mut self, place: usize, last: Last) -> Result<Difference, Fault> {
        let mut taken: Vec<Last> = Vec::new();
        let mut at = place;
        while let Some(Came { from, by }) = self.came[at] {
            taken.push(by);
            at = from;
        }
        taken.reverse();
        taken.push(last);
        let mut paths = [Vec::new(), Vec::new()];
        for side in [0, 1] {
            let choices: Vec<usize> = taken.iter().filter_map(|by| by[side]).collect();
            paths[side] = self.path(self.compared.starts[side], &choices)?;
        }
        Ok(Difference { paths, pairs: self.came.len() })
    }

    /// The way of a run that takes these transitions where something is seen or asked, and then what is decided up to the next such place.
    fn path(&mut self, start: Id, choices: &[usize]) -> Result<Vec<Edge>, Fault> {
        let (mut path, mut state) = (Vec::new(), start);
        for choice in choices.iter().map(Some).chain([None]) {
            let stand = self.stands.of(self.machine, state)?;
            while state != stand.state {
                let Some(edge) = self.edges(state).into_iter().next() else { break };
                state = edge.target;
                path.push(edge);
            }
            let Some(choice) = choice else { break };
            let Some(edge) = self.edges(state).into_iter().nth(*choice) else { break };
            state = edge.target;
            path.push(edge);
        }
        Ok(path)
    }
}
