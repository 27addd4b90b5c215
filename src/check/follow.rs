//! Following one program through its shared exploration, every step of every path.

use smallvec::SmallVec;

use crate::check::shared::{Kind, NONE, SharedExploration, Vertex, VertexId};
use crate::machine::stepper::Fault;

/// What following one program found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Run {
    /// States, each counted once for each configuration of the monitors it was met with.
    pub states: u64,
    /// Transitions followed.
    pub steps: u64,
    /// Paths: each ends in a halted state or joins one that was followed before.
    pub paths: u64,
    /// The outcomes of its halted states, by number.
    pub ended: SmallVec<[u8; 16]>,
    /// The broken properties, as bits.
    pub broken: u64,
    /// How the rules fail, if they do.
    pub fault: Option<Fault>,
    /// The limit that cut it off.
    pub limit: Option<&'static str>,
}

/// A vertex to be visited next, and how it was reached.
#[derive(Debug, Clone, Copy)]
pub struct Arrival {
    /// The vertex.
    pub at: VertexId,
    /// The vertex before it.
    pub from: VertexId,
    /// Whether no event happened on the way.
    pub silent: bool,
}

/// What a follower keeps from one program to the next.
#[derive(Debug, Default)]
pub struct Follower {
    mark: u32,
    pending: Vec<Arrival>,
    suspects: Vec<(VertexId, VertexId)>,
    run: Run,
}

impl Run {
    /// Empties it for the next program.
    pub fn clear(&mut self) {
        let mut ended = std::mem::take(&mut self.ended);
        ended.clear();
        *self = Run { ended, ..Run::default() };
    }

    /// Whether the program may reach a limit: it is then to be run as a whole.
    pub fn may_reach_a_limit(&self, shared: &SharedExploration) -> bool {
        self.limit.is_some() || self.states > shared.limits().states as u64
    }

    /// Enters a vertex that was not met yet: gives what comes next, and says `later` where a choice leads.
    #[inline]
    pub fn enter(
        &mut self,
        shared: &mut SharedExploration,
        at: VertexId,
        vertex: &Vertex,
        mut later: impl FnMut(Arrival),
    ) -> Option<Arrival> {
        self.states += 1;
        match vertex.kind() {
            Kind::Run => {
                self.steps += u64::from(vertex.steps);
                self.states += u64::from(vertex.steps) - 1;
                if vertex.broken() {
                    self.broken |= shared.broken(at);
                }
                return Some(Arrival { at: vertex.next, from: at, silent: vertex.silent() });
            }
            Kind::Choice => {
                self.steps += u64::from(vertex.steps);
                for place in 0..vertex.steps {
                    let way = shared.way(vertex, place);
                    self.broken |= way.broken;
                    later(Arrival { at: way.target, from: at, silent: way.silent });
                }
            }
            _ => self.end(shared, at, vertex),
        }
        None
    }

    /// Adds the end of a path.
    fn end(&mut self, shared: &mut SharedExploration, at: VertexId, vertex: &Vertex) {
        self.paths += 1;
        if vertex.kind() == Kind::Final {
            self.ended.push(vertex.next as u8);
            if vertex.broken() {
                self.broken |= shared.broken(at);
            }
            return;
        }
        match shared.fault(at) {
            Some(Fault::Limit(name)) => self.limit = Some(name),
            fault => self.fault = self.fault.or(fault),
        }
    }
}

impl Follower {
    /// Follows the program with these shapes at its positions.
    pub fn follow(&mut self, shared: &mut SharedExploration, shapes: &[u32]) -> &Run {
        loop {
            let splits = shared.splits();
            self.walk(shared, shapes);
            if shared.splits() == splits {
                break;
            }
        }
        self.look_for_silent_cycle(shared, shapes);
        &self.run
    }

    fn walk(&mut self, shared: &mut SharedExploration, shapes: &[u32]) {
        if self.mark == u32::MAX {
            shared.forget();
            self.mark = 0;
        }
        self.mark += 1;
        self.run.clear();
        self.pending.clear();
        self.suspects.clear();
        let mut arrival = Arrival { at: shared.root(), from: NONE, silent: false };
        loop {
            if let Some(next) = self.visit(shared, shapes, arrival) {
                arrival = next;
                continue;
            }
            match self.pending.pop() {
                Some(next) if !self.run.may_reach_a_limit(shared) => arrival = next,
                _ => return,
            }
        }
    }

    /// Visits the vertex where control arrives; returns where its run leads.
    #[inline]
    fn visit(&mut self, shared: &mut SharedExploration, shapes: &[u32], arrival: Arrival) -> Option<Arrival> {
        let (at, vertex) = resolve(shared, shapes, arrival.at);
        if vertex.mark == self.mark {
            self.run.paths += 1;
            if arrival.silent {
                self.suspects.push((arrival.from, at));
            }
            return None;
        }
        *shared.mark(at) = self.mark;
        self.run.enter(shared, at, &vertex, |arrival| self.pending.push(arrival))
    }

    /// A cycle on which no event happens is no loop of a program: each turn of
    /// a loop tests its condition, or passes a line.
    fn look_for_silent_cycle(&mut self, shared: &mut SharedExploration, shapes: &[u32]) {
        for (from, to) in std::mem::take(&mut self.suspects) {
            if closes(shared, shapes, from, to) {
                self.run.fault = self.run.fault.or(Some(Fault::Silent));
            }
        }
    }
}

/// The vertex that follows where holes are read, with the contents that the program has there.
#[inline(always)]
fn resolve(shared: &mut SharedExploration, shapes: &[u32], mut target: VertexId) -> (VertexId, Vertex) {
    loop {
        let vertex = shared.get(target);
        if vertex.kind() != Kind::Read {
            return (target, vertex);
        }
        target = shared.read(target, &vertex, shapes[usize::from(vertex.position())]);
    }
}

/// Whether silent steps lead from `to` back to `from`.
pub fn closes(shared: &mut SharedExploration, shapes: &[u32], from: VertexId, to: VertexId) -> bool {
    let mut open = vec![to];
    let mut passed = rustc_hash::FxHashSet::default();
    while let Some(at) = open.pop() {
        if at == from {
            return true;
        }
        if !passed.insert(at) {
            continue;
        }
        let vertex = shared.get(at);
        match vertex.kind() {
            Kind::Run if vertex.silent() => open.push(resolve(shared, shapes, vertex.next).0),
            Kind::Choice => {
                for place in 0..vertex.steps {
                    let way = shared.way(&vertex, place);
                    if way.silent {
                        open.push(resolve(shared, shapes, way.target).0);
                    }
                }
            }
            _ => {}
        }
    }
    false
}
