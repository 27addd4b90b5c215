//! The programs of a fragment, run together.
//!
//! The rules are run on one program whose parts are holes. A state in which they ask what stands in a
//! hole has one successor for each content, and what follows is the same for every program that
//! has that content there. So a state of the product with the monitors is computed once, for all programs
//! that reach it, and following a program means looking from one vertex to the next.
//!
//! Between two vertices the steps follow from the rules alone and are kept as one *run* with its length: a stride
//! (`strides.rs`). A run never passes a state that is reached in two ways, so that equal states of one program are still
//! met as such: a state that turns out to be reached in a second way ends the runs through it, and the program at hand
//! is followed anew.

use std::hash::{Hash, Hasher};

use egg::{Id, Symbol};
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use rustc_hash::{FxHashMap, FxHasher};

use crate::check::contents::{Contents, LEAVES};
use crate::check::counts::number_of;
use crate::check::monitor::{ConfigId, Monitors};
use crate::check::parted::{Parted, State};
use crate::check::strides::Strides;
use crate::machine::stepper::{Fault, Successors};
use crate::term::Term;

/// A vertex: a state with a configuration of the monitors.
pub type VertexId = u32;

/// No vertex.
pub const NONE: VertexId = VertexId::MAX;

/// What follows a vertex.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Not known yet.
    New,
    /// So many steps to the next vertex.
    Run,
    /// One step to each of several.
    Choice,
    /// The content of the hole at this position.
    Read,
    /// The path has ended; the outcome by number.
    Final,
    /// The rules fail, or a limit was reached.
    Fault,
}

/// What is known of a vertex. It is read billions of times: three words, which fit two registers.
#[derive(Debug, Clone, Copy)]
pub struct Vertex {
    what: u32,
    /// The length of the run, or the number of choices.
    pub steps: u32,
    /// The next vertex; the first of the choices; the first of the places for contents; the outcome.
    pub next: u32,
}

impl Vertex {
    const KINDS: [Kind; 6] = [Kind::New, Kind::Run, Kind::Choice, Kind::Read, Kind::Final, Kind::Fault];
    const KIND: u32 = 7;
    const SILENT: u32 = 1 << 3;
    const BROKEN: u32 = 1 << 4;
    const VISITED: u32 = 1 << 5;
    const POSITION: u32 = 8;

    fn new(kind: Kind) -> Vertex {
        Vertex { what: kind as u32, steps: 0, next: 0 }
    }

    /// What follows.
    #[inline]
    pub fn kind(&self) -> Kind {
        Vertex::KINDS.get((self.what & Vertex::KIND) as usize).copied().unwrap_or(Kind::New)
    }

    /// Whether no event happens on the way to the next vertex.
    #[inline]
    pub fn silent(&self) -> bool {
        self.what & Vertex::SILENT != 0
    }

    /// Whether it was visited by whoever follows a program.
    #[inline]
    pub fn visited(&self) -> bool {
        self.what & Vertex::VISITED != 0
    }

    /// The same vertex, where what follows it was found out.
    fn with(self, found: Vertex) -> Vertex {
        Vertex { what: found.what | self.what & Vertex::VISITED, ..found }
    }

    /// Whether a property is broken on the way to the next vertex, or by the path's end.
    #[inline]
    pub fn broken(&self) -> bool {
        self.what & Vertex::BROKEN != 0
    }

    /// The position that is read.
    #[inline]
    pub fn position(&self) -> u8 {
        (self.what >> Vertex::POSITION) as u8
    }
}

/// The state that a vertex is, with a configuration of the monitors.
#[derive(Debug, Clone, Copy)]
struct Origin {
    state: State,
    config: ConfigId,
    /// Another vertex in which the rules look at the same.
    alike: VertexId,
}

/// A vertex, and by what it is found in a table.
#[derive(Debug, Clone, Copy)]
struct Place {
    vertex: VertexId,
    hash: u32,
}

impl Place {
    /// What a table wants: the upper bits and the lower ones tell places apart.
    fn spread(self) -> u64 {
        u64::from(self.hash).wrapping_mul(0x9E37_79B9_7F4A_7C15)
    }
}

/// One way of a choice.
#[derive(Debug, Clone, Copy)]
pub struct Way {
    /// The vertex.
    pub target: VertexId,
    /// Whether no event happens on the way.
    pub silent: bool,
    /// Which properties are broken on the way, as bits.
    pub broken: u64,
}

/// The vertices met so far.
#[derive(Debug)]
pub struct SharedExploration<'a> {
    contents: &'a Contents,
    states: Parted,
    strides: Strides,
    monitors: Monitors,
    globals: Term,
    root: VertexId,
    vertices: Vec<Vertex>,
    origins: Vec<Origin>,
    /// Where vertices are found by what they are.
    places: HashTable<Place>,
    /// By stop, the last vertex made there; the others follow by `Origin::alike`.
    at_stop: Vec<VertexId>,
    ways: Vec<Way>,
    leaves: Vec<[VertexId; LEAVES]>,
    filled: FxHashMap<(VertexId, u32), VertexId>,
    /// By shape and position, the terms of the hole and of the shape.
    terms: FxHashMap<(u32, u8), (Id, Id)>,
    broken: FxHashMap<VertexId, u64>,
    outcomes: Vec<String>,
    splits: u64,
}

impl<'a> SharedExploration<'a> {
    /// The shared exploration of all programs with these contents.
    pub(super) fn new(
        contents: &'a Contents,
        states: Parted,
        monitors: Monitors,
        globals: Term,
    ) -> SharedExploration<'a> {
        let mut shared = SharedExploration {
            contents,
            states,
            strides: Strides::default(),
            monitors,
            globals,
            root: NONE,
            vertices: Vec::new(),
            origins: Vec::new(),
            places: HashTable::new(),
            at_stop: Vec::new(),
            ways: Vec::new(),
            leaves: Vec::new(),
            filled: FxHashMap::default(),
            terms: FxHashMap::default(),
            broken: FxHashMap::default(),
            outcomes: Vec::new(),
            splits: 0,
        };
        shared.plant();
        shared
    }

    fn plant(&mut self) {
        let hole = crate::check::core::Core::Hole(0).term();
        let globals = std::mem::take(&mut self.globals);
        let state = self.states.start(&hole, &globals);
        self.globals = globals;
        let config = self.monitors.start(self.states.machine_mut());
        self.root = self.vertex(state, config);
    }

    /// Whether the rules looked below where states are in two parts: what was followed is then of no use.
    pub fn looked_below(&self) -> bool {
        self.states.looked_below()
    }

    /// The limits of a program.
    pub fn limits(&self) -> &crate::limits::Limits {
        self.states.machine().limits()
    }

    /// Where every program starts.
    pub fn root(&self) -> VertexId {
        self.root
    }

    /// How often a run was found to pass a vertex that is reached in two ways. What was followed
    /// of a program before such a moment may have missed where its paths join.
    pub fn splits(&self) -> u64 {
        self.splits
    }

    /// About how many bytes the vertices and their terms take.
    pub fn bytes(&self) -> usize {
        let vertices = self.vertices.len() * (size_of::<Vertex>() + size_of::<Origin>())
            + self.places.capacity() * size_of::<Place>()
            + self.at_stop.len() * 4;
        let reads = self.leaves.len() * size_of::<[VertexId; LEAVES]>() + self.filled.len() * 16;
        let ways = self.ways.len() * size_of::<Way>();
        vertices + reads + ways + self.strides.bytes() + self.states.bytes() + self.monitors.bytes()
    }

    /// Forgets all vertices. Numbers from before mean nothing afterwards; those of outcomes stay.
    pub fn forget(&mut self) {
        self.states.forget();
        self.strides.forget();
        self.monitors.forget();
        self.vertices.clear();
        self.origins.clear();
        self.places.clear();
        self.at_stop.clear();
        self.ways.clear();
        self.leaves.clear();
        self.filled.clear();
        self.terms.clear();
        self.broken.clear();
        self.plant();
    }

    /// A vertex, what follows it found out.
    #[inline]
    pub fn get(&mut self, vertex: VertexId) -> Vertex {
        // A run that turns out to pass a vertex is explored again, up to there.
        while self.vertices[vertex as usize].kind() == Kind::New {
            self.explore(vertex);
        }
        self.vertices[vertex as usize]
    }

    /// Marks a vertex as visited.
    #[inline]
    pub fn visit(&mut self, vertex: VertexId) {
        self.vertices[vertex as usize].what |= Vertex::VISITED;
    }

    /// Marks a vertex as not visited.
    #[inline]
    pub fn unvisit(&mut self, vertex: VertexId) {
        self.vertices[vertex as usize].what &= !Vertex::VISITED;
    }

    /// The ways of a choice.
    #[inline]
    pub fn way(&self, choice: &Vertex, place: u32) -> Way {
        self.ways[(choice.next + place) as usize]
    }

    /// Which properties a vertex that says so breaks, as bits.
    pub fn broken(&self, vertex: VertexId) -> u64 {
        self.broken.get(&vertex).copied().unwrap_or_default()
    }

    /// The outcomes met so far.
    pub fn outcomes(&self) -> &[String] {
        &self.outcomes
    }

    /// The outcomes met so far, for those who meet more.
    pub fn outcomes_mut(&mut self) -> &mut Vec<String> {
        &mut self.outcomes
    }

    /// How the rules fail at a vertex.
    pub fn fault(&mut self, vertex: VertexId) -> Option<Fault> {
        match self.states.successors(self.origins[vertex as usize].state) {
            Successors::Fault(fault) => Some(fault),
            _ => None,
        }
    }

    /// The vertex behind one that reads a hole, for a content of this shape.
    #[inline]
    pub fn read(&mut self, vertex: VertexId, read: &Vertex, shape: u32) -> VertexId {
        let known = match self.leaves[read.next as usize].get(shape as usize) {
            Some(known) => *known,
            None => self.filled.get(&(vertex, shape)).copied().unwrap_or(NONE),
        };
        if known == NONE { self.fill(vertex, read, shape) } else { known }
    }

    fn fill(&mut self, vertex: VertexId, read: &Vertex, shape: u32) -> VertexId {
        let (hole, content) = self.planted(shape, read.position());
        let Origin { state, config, .. } = self.origins[vertex as usize];
        let state = self.states.fill(state, hole, content);
        let found = self.vertex(state, config);
        match self.leaves[read.next as usize].get_mut(shape as usize) {
            Some(place) => *place = found,
            None => {
                self.filled.insert((vertex, shape), found);
            }
        }
        found
    }

    /// The terms of the hole at a position, and of a shape in its place.
    fn planted(&mut self, shape: u32, position: u8) -> (Id, Id) {
        if let Some(known) = self.terms.get(&(shape, position)) {
            return *known;
        }
        let place = usize::from(position);
        let content = self.contents.at(shape, place).placed(place);
        let hole = crate::check::core::Core::Hole(place).term();
        let bank = self.states.machine_mut().bank_mut();
        let terms = (bank.add_term(&hole), bank.add_term(&content));
        self.terms.insert((shape, position), terms);
        terms
    }

    /// The vertex of a state with a configuration.
    fn vertex(&mut self, state: State, config: ConfigId) -> VertexId {
        let mut hasher = FxHasher::default();
        (state, config).hash(&mut hasher);
        let vertex = self.vertices.len() as VertexId;
        let new = Place { vertex, hash: (hasher.finish() >> 32) as u32 };
        let origins = &self.origins;
        let is_it = |origin: &Origin| (origin.state, origin.config) == (state, config);
        let same = |known: &Place| known.hash == new.hash && is_it(&origins[known.vertex as usize]);
        match self.places.entry(new.spread(), same, |known| known.spread()) {
            Entry::Occupied(known) => return known.get().vertex,
            Entry::Vacant(place) => place.insert(new),
        };
        let stop = self.strides.stop(state.top) as usize;
        self.see_cuts();
        if self.at_stop.len() <= stop {
            self.at_stop.resize(stop + 1, NONE);
        }
        let alike = std::mem::replace(&mut self.at_stop[stop], vertex);
        self.origins.push(Origin { state, config, alike });
        self.vertices.push(Vertex::new(Kind::New));
        vertex
    }

    /// Runs that pass the inside of a stride at which another way joins are to be explored again.
    fn see_cuts(&mut self) {
        while let Some(stop) = self.strides.take_cut() {
            self.splits += 1;
            let mut at = self.at_stop.get(stop as usize).copied().unwrap_or(NONE);
            while at != NONE {
                let vertex = &mut self.vertices[at as usize];
                if vertex.kind() == Kind::Run {
                    *vertex = vertex.with(Vertex::new(Kind::New));
                }
                at = self.origins[at as usize].alike;
            }
        }
    }

    /// Follows the rules from a vertex up to the next.
    fn explore(&mut self, vertex: VertexId) {
        let Origin { state, config, .. } = self.origins[vertex as usize];
        let stride = self.strides.from(self.states.machine_mut(), &self.monitors, state.top);
        self.see_cuts();
        if stride.steps == 0 {
            return self.decide(vertex);
        }
        let events = self.strides.events(&stride);
        let (config, broken) = self.monitors.follow(self.states.machine_mut(), config, events);
        let splits = self.splits;
        let target = self.states.behind(state, stride.next);
        let next = self.vertex(target, config);
        if self.splits != splits {
            // The stride was cut perhaps.
            return;
        }
        let mut run = Vertex::new(Kind::Run);
        (run.steps, run.next) = (stride.steps, next);
        run.what |= if stride.silent { Vertex::SILENT } else { 0 };
        self.settle(vertex, run, broken);
    }

    fn settle(&mut self, vertex: VertexId, mut found: Vertex, broken: u64) {
        if broken != 0 {
            found.what |= Vertex::BROKEN;
            self.broken.insert(vertex, broken);
        }
        let vertex = &mut self.vertices[vertex as usize];
        *vertex = vertex.with(found);
    }

    /// What is decided at a vertex.
    fn decide(&mut self, vertex: VertexId) {
        let Origin { state, config, .. } = self.origins[vertex as usize];
        match self.states.successors(state) {
            Successors::Edges(edges) => {
                let edges = edges.to_vec();
                let mut ways = Vec::new();
                for edge in &edges {
                    let (config, broken) =
                        self.monitors.follow(self.states.machine_mut(), config, &edge.events);
                    let target = self.states.behind(state, edge.target);
                    let target = self.vertex(target, config);
                    ways.push(Way { target, silent: edges.len() == 1 && edge.events.is_empty(), broken });
                }
                let mut found = Vertex::new(Kind::Choice);
                found.steps = ways.len() as u32;
                found.next = self.ways.len() as u32;
                self.ways.extend(ways);
                self.settle(vertex, found, 0);
            }
            Successors::Final => {
                let machine = self.states.machine_mut();
                let completion = machine.bank().arg(state.top, 0);
                let halt = machine.bank_mut().node("halt", [completion]);
                let (_, broken) = self.monitors.follow(machine, config, &[halt]);
                let mut found = Vertex::new(Kind::Final);
                found.next = number_of(self.states.machine().bank(), completion, &mut self.outcomes).into();
                self.settle(vertex, found, broken);
            }
            Successors::Fault(Fault::Open(hole)) => {
                let bank = self.states.machine().bank();
                let position = bank.op(bank.arg(hole, 0));
                let mut found = Vertex::new(Kind::Read);
                found.what |= u32::from(number(position)) << Vertex::POSITION;
                found.next = self.leaves.len() as u32;
                self.leaves.push([NONE; LEAVES]);
                self.settle(vertex, found, 0);
            }
            Successors::Fault(_) => self.settle(vertex, Vertex::new(Kind::Fault), 0),
        }
    }
}

fn number(numeral: Symbol) -> u8 {
    numeral.as_str().parse().unwrap_or_default()
}
