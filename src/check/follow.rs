//! Following one program through its family, every step of every path.

use smallvec::SmallVec;

use crate::check::shared::{Family, Kind, NONE, Vertex, VertexId};
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
    pub fn may_reach_a_limit(&self, family: &Family) -> bool {
        self.limit.is_some() || self.states > family.limits().states as u64
    }

    /// Adds the end of a path.
    pub fn end(&mut self, family: &mut Family, at: VertexId, vertex: &Vertex) {
        self.paths += 1;
        if vertex.kind() == Kind::Final {
            self.ended.push(vertex.next as u8);
            if vertex.broken() {
                self.broken |= family.broken(at);
            }
            return;
        }
        match family.fault(at) {
            Some(Fault::Limit(name)) => self.limit = Some(name),
            fault => self.fault = self.fault.or(fault),
        }
    }
}

impl Follower {
    /// Follows the program with these shapes at its positions.
    pub fn follow(&mut self, family: &mut Family, shapes: &[u32]) -> &Run {
        loop {
            let splits = family.splits();
            self.walk(family, shapes);
            if family.splits() == splits {
                break;
            }
        }
        self.look_for_silent_cycle(family, shapes);
        &self.run
    }

    fn walk(&mut self, family: &mut Family, shapes: &[u32]) {
        if self.mark == u32::MAX {
            family.forget();
            self.mark = 0;
        }
        self.mark += 1;
        self.run.clear();
        self.pending.clear();
        self.suspects.clear();
        let mut arrival = Arrival { at: family.root(), from: NONE, silent: false };
        loop {
            if let Some(next) = self.visit(family, shapes, arrival) {
                arrival = next;
                continue;
            }
            match self.pending.pop() {
                Some(next) if !self.run.may_reach_a_limit(family) => arrival = next,
                _ => return,
            }
        }
    }

    /// Visits the vertex where control arrives; returns where its run leads.
    #[inline]
    fn visit(&mut self, family: &mut Family, shapes: &[u32], arrival: Arrival) -> Option<Arrival> {
        let (at, vertex) = resolve(family, shapes, arrival.at);
        if vertex.mark == self.mark {
            self.run.paths += 1;
            if arrival.silent {
                self.suspects.push((arrival.from, at));
            }
            return None;
        }
        *family.mark(at) = self.mark;
        self.run.states += 1;
        match vertex.kind() {
            Kind::Run => {
                self.run.steps += u64::from(vertex.steps);
                self.run.states += u64::from(vertex.steps) - 1;
                if vertex.broken() {
                    self.run.broken |= family.broken(at);
                }
                return Some(Arrival { at: vertex.next, from: at, silent: vertex.silent() });
            }
            Kind::Choice => {
                self.run.steps += u64::from(vertex.steps);
                for place in 0..vertex.steps {
                    let way = family.way(&vertex, place);
                    self.run.broken |= way.broken;
                    self.pending.push(Arrival { at: way.target, from: at, silent: way.silent });
                }
            }
            _ => self.run.end(family, at, &vertex),
        }
        None
    }

    /// A cycle on which no event happens is no loop of a program: each turn of
    /// a loop tests its condition, or passes a line.
    fn look_for_silent_cycle(&mut self, family: &mut Family, shapes: &[u32]) {
        for (from, to) in std::mem::take(&mut self.suspects) {
            if closes(family, shapes, from, to) {
                self.run.fault = self.run.fault.or(Some(Fault::Silent));
            }
        }
    }
}

/// The vertex that follows where holes are read, with the contents that the program has there.
#[inline(always)]
fn resolve(family: &mut Family, shapes: &[u32], mut target: VertexId) -> (VertexId, Vertex) {
    loop {
        let vertex = family.get(target);
        if vertex.kind() != Kind::Read {
            return (target, vertex);
        }
        target = family.read(target, &vertex, shapes[usize::from(vertex.position())]);
    }
}

/// Whether silent steps lead from `to` back to `from`.
pub fn closes(family: &mut Family, shapes: &[u32], from: VertexId, to: VertexId) -> bool {
    let mut open = vec![to];
    let mut passed = rustc_hash::FxHashSet::default();
    while let Some(at) = open.pop() {
        if at == from {
            return true;
        }
        if !passed.insert(at) {
            continue;
        }
        let vertex = family.get(at);
        match vertex.kind() {
            Kind::Run if vertex.silent() => open.push(resolve(family, shapes, vertex.next).0),
            Kind::Choice => {
                for place in 0..vertex.steps {
                    let way = family.way(&vertex, place);
                    if way.silent {
                        open.push(resolve(family, shapes, way.target).0);
                    }
                }
            }
            _ => {}
        }
    }
    false
}
