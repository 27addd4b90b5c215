//! Following programs through their shared exploration, every step of every path.
//!
//! A program is followed as its positions are filled, one after the other: paths go as far as they do without what is not there
//! yet, and wait. A program that differs from the one before in its last positions alone is followed from there.

use smallvec::{SmallVec, smallvec};

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

/// A path that waits for what stands at a position.
#[derive(Debug, Clone, Copy)]
struct Waiting {
    arrival: Arrival,
    position: u8,
    /// Another that waits for the same, by its place and one more; 0 is none.
    other: u32,
}

/// A position that was filled, and how all stood before.
#[derive(Debug)]
struct Level {
    position: u8,
    filled: u64,
    waiting: u32,
    trail: u32,
    suspects: u32,
    /// How many paths had ended.
    ended: u32,
    /// What was found, without the outcomes.
    run: Run,
}

/// The program that is being followed.
#[derive(Debug)]
pub struct Follower {
    levels: Vec<Level>,
    /// The positions that are filled, as bits.
    filled: u64,
    waiting: Vec<Waiting>,
    /// By position, the last that waits for it.
    last: [u32; 64],
    pending: Vec<Arrival>,
    /// What was visited, to be undone.
    trail: Vec<VertexId>,
    suspects: Vec<(VertexId, VertexId)>,
    splits: u64,
    run: Run,
}

impl Default for Follower {
    fn default() -> Self {
        Follower {
            levels: Vec::new(),
            filled: 0,
            waiting: Vec::new(),
            last: [0; 64],
            pending: Vec::new(),
            trail: Vec::new(),
            suspects: Vec::new(),
            splits: 0,
            run: Run::default(),
        }
    }
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
    /// Goes on where the position that is filled after so many others has another content than before.
    pub fn place(&mut self, shared: &mut SharedExploration, depth: usize, position: u8, shapes: &[u32; 64]) {
        self.undo(shared, depth);
        self.fill(shared, position, shapes);
        while self.splits != shared.splits() {
            // What was followed may have missed where paths join.
            self.splits = shared.splits();
            let positions: Vec<u8> = self.levels.iter().map(|level| level.position).collect();
            self.undo(shared, 0);
            positions.into_iter().for_each(|position| self.fill(shared, position, shapes));
        }
    }

    /// What was found of the program, all of whose positions are filled.
    pub fn found(&mut self, shared: &mut SharedExploration, shapes: &[u32; 64]) -> &Run {
        // A cycle on which no event happens is no loop of a program: each turn of a loop tests its condition, or passes a line.
        let closes = |(from, to): &(VertexId, VertexId)| closes(shared, shapes, *from, *to);
        if self.suspects.iter().any(closes) {
            self.run.fault = self.run.fault.or(Some(Fault::Silent));
        }
        &self.run
    }

    /// Starts from nothing: to be called when the shared exploration is about to forget its vertices.
    pub fn forget(&mut self, shared: &mut SharedExploration, shapes: &[u32; 64]) {
        let positions: Vec<u8> = self.levels.iter().map(|level| level.position).collect();
        self.undo(shared, 0);
        shared.forget();
        for (depth, position) in positions.into_iter().enumerate() {
            self.place(shared, depth, position, shapes);
        }
    }

    /// Goes back to where so many positions were filled.
    fn undo(&mut self, shared: &mut SharedExploration, depth: usize) {
        let Some(level) = self.levels.drain(depth..).next() else { return };
        self.filled = level.filled;
        for waiting in self.waiting.drain(level.waiting as usize..).rev() {
            self.last[usize::from(waiting.position)] = waiting.other;
        }
        for vertex in self.trail.drain(level.trail as usize..) {
            shared.unvisit(vertex);
        }
        self.suspects.truncate(level.suspects as usize);
        let mut ended = std::mem::take(&mut self.run.ended);
        ended.truncate(level.ended as usize);
        self.run = Run { ended, ..level.run };
    }

    /// Follows the paths that wait for what stands at a position.
    fn fill(&mut self, shared: &mut SharedExploration, position: u8, shapes: &[u32; 64]) {
        self.levels.push(Level {
            position,
            filled: self.filled,
            waiting: self.waiting.len() as u32,
            trail: self.trail.len() as u32,
            suspects: self.suspects.len() as u32,
            ended: self.run.ended.len() as u32,
            run: Run { ended: SmallVec::new(), ..self.run },
        });
        if self.filled == 0 {
            self.pending.push(Arrival { at: shared.root(), from: NONE, silent: false });
        }
        self.filled |= 1 << position;
        let mut next = self.last[usize::from(position)];
        while let Some(place) = next.checked_sub(1) {
            let Waiting { arrival, other, .. } = self.waiting[place as usize];
            self.pending.push(arrival);
            next = other;
        }
        while let Some(arrival) = self.pending.pop() {
            if self.run.may_reach_a_limit(shared) {
                self.pending.clear();
                return;
            }
            self.walk(shared, arrival, shapes);
        }
    }

    /// Follows one path until it ends, joins another, or waits.
    fn walk(&mut self, shared: &mut SharedExploration, mut arrival: Arrival, shapes: &[u32; 64]) {
        loop {
            let vertex = shared.get(arrival.at);
            if vertex.kind() == Kind::Read {
                let position = vertex.position();
                if self.filled & 1 << position == 0 {
                    let other = self.last[usize::from(position)];
                    self.waiting.push(Waiting { arrival, position, other });
                    self.last[usize::from(position)] = self.waiting.len() as u32;
                    return;
                }
                arrival.at = shared.read(arrival.at, &vertex, shapes[usize::from(position)]);
                continue;
            }
            if vertex.visited() {
                self.run.paths += 1;
                if arrival.silent {
                    self.suspects.push((arrival.from, arrival.at));
                }
                return;
            }
            shared.visit(arrival.at);
            self.trail.push(arrival.at);
            match self.run.enter(shared, arrival.at, &vertex, |arrival| self.pending.push(arrival)) {
                Some(next) => arrival = next,
                None => return,
            }
        }
    }
}

/// The vertex that follows where holes are read, with the contents that the program has there.
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
    let mut open: SmallVec<[VertexId; 16]> = smallvec![to];
    let mut passed: SmallVec<[VertexId; 16]> = SmallVec::new();
    while let Some(at) = open.pop() {
        if at == from {
            return true;
        }
        // They are few: each turn of a loop has an event.
        if passed.contains(&at) {
            continue;
        }
        passed.push(at);
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
