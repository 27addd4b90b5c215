//! The programs of a fragment, run together.
//!
//! The rules are run on one program whose parts are holes. A state in which they ask what stands in a
//! hole has one successor for each content, and what follows is the same for every program that
//! has that content there. So a state of the product with the monitors is computed once, for all programs
//! that reach it, and following a program means looking from one vertex to the next.
//!
//! Between two vertices at which something is decided, the steps follow from the rules alone and are kept as
//! one *run* with its length. A run never passes a vertex that is reached in two ways, so that
//! equal states of one program are still met as such: a vertex that turns out to be reached
//! in a second way ends the runs through it, and the program at hand is followed anew.

use egg::{Id, Symbol};
use rustc_hash::FxHashMap;

use super::contents::{Contents, LEAVES};
use super::monitor::{ConfigId, Monitors};
use super::tally::number_of;
use crate::machine::stepper::{Fault, Machine, Successors};
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

/// What is known of a vertex.
#[derive(Debug, Clone, Copy)]
pub struct Vertex {
    /// What follows.
    pub kind: Kind,
    /// Whether no event happens on the way to the next vertex.
    pub silent: bool,
    /// Whether a property is broken on the way to the next vertex, or by the path's end.
    pub broken: bool,
    /// The position that is read.
    pub position: u8,
    /// The length of the run, or the number of choices.
    pub steps: u32,
    /// The next vertex; the first of the choices; the first of the places for contents; the outcome.
    pub next: u32,
    /// Whoever follows programs marks here what was visited.
    pub mark: u32,
    /// The only vertex known to lead here in one step, inside a run; `NONE` for a vertex of its own.
    within: VertexId,
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
pub struct Family<'a> {
    contents: &'a Contents,
    machine: Machine,
    monitors: Monitors,
    globals: Term,
    root: VertexId,
    vertices: Vec<Vertex>,
    states: Vec<(Id, ConfigId)>,
    places: FxHashMap<(Id, ConfigId), VertexId>,
    ways: Vec<Way>,
    leaves: Vec<[VertexId; LEAVES]>,
    filled: FxHashMap<(VertexId, u32), VertexId>,
    broken: FxHashMap<VertexId, u64>,
    outcomes: Vec<String>,
    splits: u64,
}

impl<'a> Family<'a> {
    /// The family of all programs with these contents.
    pub fn new(contents: &'a Contents, machine: Machine, monitors: Monitors, globals: Term) -> Family<'a> {
        let mut family = Family {
            contents,
            machine,
            monitors,
            globals,
            root: NONE,
            vertices: Vec::new(),
            states: Vec::new(),
            places: FxHashMap::default(),
            ways: Vec::new(),
            leaves: Vec::new(),
            filled: FxHashMap::default(),
            broken: FxHashMap::default(),
            outcomes: Vec::new(),
            splits: 0,
        };
        family.plant();
        family
    }

    fn plant(&mut self) {
        let hole = crate::core::Core::Hole(0).term();
        let globals = std::mem::take(&mut self.globals);
        let state = self.machine.start(&hole, &globals);
        self.globals = globals;
        let config = self.monitors.start(&mut self.machine);
        self.root = self.vertex(state, config);
    }

    /// The contents of holes.
    pub fn contents(&self) -> &'a Contents {
        self.contents
    }

    /// The limits of a program.
    pub fn limits(&self) -> &crate::limits::Limits {
        self.machine.limits()
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
        let vertices = self.vertices.len() * (size_of::<Vertex>() + 8 + 16);
        let reads = self.leaves.len() * size_of::<[VertexId; LEAVES]>() + self.filled.len() * 16;
        vertices + reads + self.ways.len() * size_of::<Way>() + self.machine.bytes() + self.monitors.bytes()
    }

    /// How many vertices there are, those inside runs included.
    pub fn len(&self) -> usize {
        self.vertices.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.vertices.is_empty()
    }

    /// Forgets all vertices. Numbers from before mean nothing afterwards; those of outcomes stay.
    pub fn forget(&mut self) {
        self.machine.forget_above(0);
        self.monitors.forget();
        self.vertices.clear();
        self.states.clear();
        self.places.clear();
        self.ways.clear();
        self.leaves.clear();
        self.filled.clear();
        self.broken.clear();
        self.plant();
    }

    /// A vertex, what follows it found out.
    #[inline]
    pub fn get(&mut self, vertex: VertexId) -> Vertex {
        // A run that turns out to meet itself is explored again, up to there.
        while self.vertices[vertex as usize].kind == Kind::New {
            self.explore(vertex);
        }
        self.vertices[vertex as usize]
    }

    /// The mark of a vertex, to be read and set.
    #[inline]
    pub fn mark(&mut self, vertex: VertexId) -> &mut u32 {
        &mut self.vertices[vertex as usize].mark
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

    /// How the rules fail at a vertex.
    pub fn fault(&mut self, vertex: VertexId) -> Option<Fault> {
        match self.machine.successors(self.states[vertex as usize].0) {
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
        let position = usize::from(read.position);
        let content = self.contents.at(shape, position).placed(position);
        let hole = crate::core::Core::Hole(position).term();
        let bank = self.machine.bank_mut();
        let (hole, content) = (bank.add_term(&hole), bank.add_term(&content));
        let (state, config) = self.states[vertex as usize];
        let state = self.machine.fill(state, hole, content);
        let found = self.vertex(state, config);
        self.separate(found);
        match self.leaves[read.next as usize].get_mut(shape as usize) {
            Some(place) => *place = found,
            None => {
                self.filled.insert((vertex, shape), found);
            }
        }
        found
    }

    fn vertex(&mut self, state: Id, config: ConfigId) -> VertexId {
        let next = self.vertices.len() as VertexId;
        let found = *self.places.entry((state, config)).or_insert(next);
        if found == next {
            self.vertices.push(Vertex {
                kind: Kind::New,
                silent: false,
                broken: false,
                position: 0,
                steps: 0,
                next: 0,
                mark: 0,
                within: NONE,
            });
            self.states.push((state, config));
        }
        found
    }

    /// Makes a vertex one of its own, which ends the run that passes it. Returns where that
    /// run starts, or the vertex itself.
    fn separate(&mut self, vertex: VertexId) -> VertexId {
        let mut at = vertex;
        while self.vertices[at as usize].within != NONE {
            at = self.vertices[at as usize].within;
        }
        if at != vertex {
            self.vertices[at as usize].kind = Kind::New;
            self.vertices[vertex as usize].within = NONE;
            self.splits += 1;
        }
        at
    }

    /// Follows the rules from a vertex of its own up to the next.
    fn explore(&mut self, from: VertexId) {
        let mut run =
            Vertex { kind: Kind::Run, silent: true, broken: false, steps: 0, ..self.vertices[from as usize] };
        let mut broken = 0;
        let mut at = from;
        loop {
            let (state, config) = self.states[at as usize];
            let edge = match self.machine.successors(state) {
                Successors::Edges([edge]) => edge.clone(),
                _ if at != from => {
                    self.vertices[at as usize].within = NONE;
                    break;
                }
                _ => return self.decide(from),
            };
            run.silent &= edge.events.is_empty();
            let (config, more) = self.monitors.follow(&mut self.machine, config, &edge.events);
            broken |= more;
            run.steps += 1;
            let known = self.vertices.len() as VertexId;
            let target = self.vertex(edge.target, config);
            if target == known || (self.vertices[target as usize].within == at && target != from) {
                self.vertices[target as usize].within = at;
                at = target;
                continue;
            }
            if self.separate(target) == from && target != from {
                return;
            }
            at = target;
            break;
        }
        run.next = at;
        self.settle(from, run, broken);
    }

    fn settle(&mut self, vertex: VertexId, mut found: Vertex, broken: u64) {
        found.broken = broken != 0;
        found.mark = self.vertices[vertex as usize].mark;
        self.vertices[vertex as usize] = found;
        if broken != 0 {
            self.broken.insert(vertex, broken);
        }
    }

    /// What is decided at a vertex.
    fn decide(&mut self, vertex: VertexId) {
        let (state, config) = self.states[vertex as usize];
        let mut found = self.vertices[vertex as usize];
        match self.machine.successors(state) {
            Successors::Edges(edges) => {
                let edges = edges.to_vec();
                let mut ways = Vec::new();
                for edge in &edges {
                    let (config, broken) = self.monitors.follow(&mut self.machine, config, &edge.events);
                    let target = self.vertex(edge.target, config);
                    self.separate(target);
                    ways.push(Way { target, silent: edge.events.is_empty(), broken });
                }
                found = self.vertices[vertex as usize];
                found.kind = Kind::Choice;
                found.steps = ways.len() as u32;
                found.next = self.ways.len() as u32;
                self.ways.extend(ways);
                self.settle(vertex, found, 0);
            }
            Successors::Final => {
                let completion = self.machine.bank().arg(state, 0);
                let halt = self.machine.bank_mut().node("halt", [completion]);
                let (_, broken) = self.monitors.follow(&mut self.machine, config, &[halt]);
                found.kind = Kind::Final;
                found.next = number_of(self.machine.bank(), completion, &mut self.outcomes).into();
                self.settle(vertex, found, broken);
            }
            Successors::Fault(Fault::Open(hole)) => {
                let position = self.machine.bank().op(self.machine.bank().arg(hole, 0));
                found.kind = Kind::Read;
                found.position = number(position);
                found.next = self.leaves.len() as u32;
                self.leaves.push([NONE; LEAVES]);
                self.settle(vertex, found, 0);
            }
            Successors::Fault(_) => {
                found.kind = Kind::Fault;
                self.settle(vertex, found, 0);
            }
        }
    }
}

fn number(numeral: Symbol) -> u8 {
    numeral.as_str().parse().unwrap_or_default()
}
