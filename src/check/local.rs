//! Programs without choices, run by the parts of their stacks that matter.
//!
//! A rule looks at control, the top frame and the world, and never below (the frame lemma of
//! `proofs-notes/frames.md`; what a function wants of the frames below is the numbers of the exceptions in them, which
//! stand in for them here). So from where control enters a hole, or comes back to
//! the frames that its statement pushed, the steps up to where it next reads a hole, or leaves
//! those frames, are the same whatever lies below. Such a *stretch* is computed once; following a program is
//! going from stretch to stretch, with the frames of each hole that control is in on an explicit stack.

use egg::Id;
use rustc_hash::FxHashMap;

use super::contents::{Contents, HoleId};
use super::each::Program;
use super::follow::Run;
use super::monitor::{ConfigId, Monitors};
use super::tally::{Tally, number_of};
use crate::core::Core;
use crate::machine::stepper::{Fault, Machine, Successors};
use crate::machine::vocabulary::vocabulary;
use crate::term::Term;

/// A program that has choices, or runs for long: it is not for this way of following.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unsuitable;

/// What happens from one place to the next at which the program or the stack below is asked for.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    steps: u32,
    /// The events that a monitor can notice, by number; 0 for none.
    events: u32,
    end: End,
}

#[derive(Debug, Clone, Copy)]
enum End {
    /// A hole is read, above these frames.
    Read {
        position: u8,
        group: u32,
        scene: u32,
    },
    /// The frames are used up, with this in hand.
    Return {
        answer: u32,
    },
    /// The path has ended.
    Final {
        outcome: u8,
    },
    /// The rules fail.
    Fault(Fault),
    Unsuitable,
}

/// The frames of a hole's statement that lie on the stack while control is in the hole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cell {
    group: u32,
    below: u32,
}

/// The stretches met so far, and what is needed to make more.
#[derive(Debug)]
pub struct Local<'a> {
    contents: &'a Contents,
    root: HoleId,
    machine: Machine,
    monitors: Monitors,
    stretches: Vec<Stretch>,
    /// What control meets on entering a hole: the numbers of the exceptions below, and the world.
    scenes: Interner<(u64, Id)>,
    groups: Interner<Id>,
    answers: Interner<Id>,
    events: Interner<Vec<Id>>,
    enters: FxHashMap<(u32, u8, u32), u32>,
    leaves: Vec<[u32; NEAR]>,
    returns: FxHashMap<(u32, u32), u32>,
    near: Vec<Near>,
    moves: FxHashMap<(ConfigId, u32), (ConfigId, u64)>,
    near_moves: Vec<NearMove>,
    outcomes: Vec<String>,
    start: (u32, u32, ConfigId),
    cells: Vec<Cell>,
    longest: u64,
}

/// Shapes with numbers below this are looked up by position.
const NEAR: usize = 32;
/// Places for stretches behind a return, and for moves of the monitors, that are looked up without a table.
const PLACES: usize = 1 << 13;

#[derive(Debug, Clone, Copy)]
struct Near {
    group: u32,
    answer: u32,
    stretch: u32,
}

#[derive(Debug, Clone, Copy)]
struct NearMove {
    config: ConfigId,
    events: u32,
    next: ConfigId,
    broken: u64,
}

const NONE: u32 = u32::MAX;

/// Where following a program stands.
#[derive(Debug, Clone, Copy)]
struct Here {
    stretch: u32,
    top: u32,
    config: ConfigId,
    steps: u64,
    broken: u64,
}

/// Why following came to a stop.
enum Stop {
    Read { position: u8, scene: u32 },
    Final(u8),
    Fault(Fault),
}

impl<'a> Local<'a> {
    /// For the programs that stand in the hole `root`.
    pub fn new(
        contents: &'a Contents,
        root: HoleId,
        mut machine: Machine,
        mut monitors: Monitors,
        globals: &Term,
    ) -> Local<'a> {
        let state = machine.start(&Core::Hole(0).placed(0), globals);
        let config = monitors.start(&mut machine);
        let (frames, world) = (machine.frames_of(state), machine.world_of(state));
        let longest = machine.limits().states as u64;
        let mut local = Local {
            contents,
            root,
            machine,
            monitors,
            stretches: Vec::new(),
            scenes: Interner::default(),
            groups: Interner::default(),
            answers: Interner::default(),
            events: Interner::default(),
            enters: FxHashMap::default(),
            leaves: Vec::new(),
            returns: FxHashMap::default(),
            near: vec![Near { group: NONE, answer: NONE, stretch: NONE }; PLACES],
            moves: FxHashMap::default(),
            near_moves: vec![NearMove { config: NONE, events: NONE, next: 0, broken: 0 }; PLACES],
            outcomes: Vec::new(),
            start: (0, 0, config),
            cells: Vec::new(),
            longest,
        };
        local.events.number(Vec::new());
        let group = local.groups.number(frames);
        let scene = local.scene(frames, world);
        local.start = (group, scene, config);
        local
    }

    /// The outcomes met so far.
    pub fn outcomes(&self) -> &[String] {
        &self.outcomes
    }

    /// Follows a program, all of whose positions have contents.
    ///
    /// # Errors
    /// When the program has choices.
    #[inline]
    pub fn follow(&mut self, shapes: &[u32], run: &mut Run) -> Result<(), Unsuitable> {
        let mut here = self.begin();
        let (mut position, mut scene) = (0, self.start.1);
        loop {
            here.stretch = self.enter(scene, position, shapes[usize::from(position)]);
            match self.go_on(&mut here)? {
                Stop::Read { position: next, scene: with } => (position, scene) = (next, with),
                stop => {
                    finish(run, &here, stop);
                    return Ok(());
                }
            }
        }
    }

    fn begin(&mut self) -> Here {
        let (group, _, config) = self.start;
        self.cells.clear();
        self.cells.push(Cell { group, below: NONE });
        Here { stretch: 0, top: 0, config, steps: 0, broken: 0 }
    }

    /// Goes from stretch to stretch until a hole is read or the path ends.
    #[inline]
    fn go_on(&mut self, here: &mut Here) -> Result<Stop, Unsuitable> {
        loop {
            let stretch = self.stretches[here.stretch as usize];
            here.steps += u64::from(stretch.steps);
            if stretch.events != 0 {
                let (config, broken) = self.advance(here.config, stretch.events);
                here.config = config;
                here.broken |= broken;
            }
            match stretch.end {
                End::Return { answer } => {
                    let cell = self.cells[here.top as usize];
                    here.top = cell.below;
                    here.stretch = self.back(cell.group, answer);
                }
                End::Read { position, group, scene } => {
                    if here.steps > self.longest {
                        return Err(Unsuitable);
                    }
                    self.cells.push(Cell { group, below: here.top });
                    here.top = self.cells.len() as u32 - 1;
                    return Ok(Stop::Read { position, scene });
                }
                End::Final { outcome } => return Ok(Stop::Final(outcome)),
                End::Fault(fault) => return Ok(Stop::Fault(fault)),
                End::Unsuitable => return Err(Unsuitable),
            }
        }
    }

    #[inline]
    fn enter(&mut self, scene: u32, position: u8, shape: u32) -> u32 {
        let known = match shape as usize {
            near if near < NEAR => self.leaves[scene as usize * POSITIONS + usize::from(position)][near],
            _ => self.enters.get(&(scene, position, shape)).copied().unwrap_or(NONE),
        };
        if known == NONE { self.enter_first(scene, position, shape) } else { known }
    }

    #[cold]
    fn enter_first(&mut self, scene: u32, position: u8, shape: u32) -> u32 {
        let (below, world) = *self.scenes.get(scene);
        let place = usize::from(position);
        let content = self.contents.at(shape, place).placed(place);
        let bank = self.machine.bank_mut();
        let content = bank.add_term(&content);
        let frames = below_of(bank, below);
        let state = bank.node("eval", [content, frames, world]);
        let stretch = self.stretch(state);
        match shape as usize {
            near if near < NEAR => self.leaves[scene as usize * POSITIONS + place][near] = stretch,
            _ => {
                self.enters.insert((scene, position, shape), stretch);
            }
        }
        stretch
    }

    /// The stretch from where control comes back to the frames of a group.
    #[inline]
    fn back(&mut self, group: u32, answer: u32) -> u32 {
        let place = place_of(group, answer);
        let near = self.near[place];
        if near.group == group && near.answer == answer {
            return near.stretch;
        }
        let stretch = match self.returns.get(&(group, answer)) {
            Some(known) => *known,
            None => self.back_first(group, answer),
        };
        self.near[place] = Near { group, answer, stretch };
        stretch
    }

    #[cold]
    fn back_first(&mut self, group: u32, answer: u32) -> u32 {
        let (frames, answered) = (*self.groups.get(group), *self.answers.get(answer));
        let state = self.machine.with_frames(answered, frames);
        let stretch = self.stretch(state);
        self.returns.insert((group, answer), stretch);
        stretch
    }

    /// The configuration after the events of a stretch, and which properties they break.
    #[inline]
    fn advance(&mut self, config: ConfigId, events: u32) -> (ConfigId, u64) {
        let place = place_of(config, events);
        let near = self.near_moves[place];
        if near.config == config && near.events == events {
            return (near.next, near.broken);
        }
        let (next, broken) = match self.moves.get(&(config, events)) {
            Some(known) => *known,
            None => {
                let list = self.events.get(events).clone();
                let found = self.monitors.follow(&mut self.machine, config, &list);
                self.moves.insert((config, events), found);
                found
            }
        };
        self.near_moves[place] = NearMove { config, events, next, broken };
        (next, broken)
    }

    fn scene(&mut self, frames: Id, world: Id) -> u32 {
        let exceptions = self.machine.bank().measure(frames).exceptions;
        let scene = self.scenes.number((exceptions, world));
        let places = (scene as usize + 1) * POSITIONS;
        if self.leaves.len() < places {
            self.leaves.resize(places, [NONE; NEAR]);
        }
        scene
    }

    /// Follows the rules from a state whose stack ends in what is not known.
    fn stretch(&mut self, mut state: Id) -> u32 {
        let mut steps = 0;
        let mut seen = Vec::new();
        let end = loop {
            if u64::from(steps) > self.longest {
                break End::Unsuitable;
            }
            match self.machine.successors(state) {
                Successors::Edges([edge]) => {
                    steps += 1;
                    state = edge.target;
                    seen.extend_from_slice(&edge.events);
                }
                Successors::Edges(_) => break End::Unsuitable,
                Successors::Final => {
                    let completion = self.machine.bank().arg(state, 0);
                    seen.push(self.machine.bank_mut().node("halt", [completion]));
                    let outcome = number_of(self.machine.bank(), completion, &mut self.outcomes);
                    break End::Final { outcome };
                }
                Successors::Fault(Fault::Open(open)) => break self.opened(state, open),
                Successors::Fault(fault) => break End::Fault(fault),
            }
        };
        seen.retain(|event| self.monitors.notices(&self.machine, *event));
        let events = self.events.number(seen);
        self.stretches.push(Stretch { steps, events, end });
        self.stretches.len() as u32 - 1
    }

    /// What was asked for: a hole of the program, or the stack below.
    fn opened(&mut self, state: Id, open: Id) -> End {
        let bank = self.machine.bank();
        let frames = self.machine.frames_of(state);
        if bank.op(open) == vocabulary().below {
            // Only where the frames are used up is the answer all that is left.
            return if frames == open {
                End::Return { answer: self.answers.number(state) }
            } else {
                End::Unsuitable
            };
        }
        if bank.arg(state, 0) != open {
            return End::Unsuitable;
        }
        let position = bank.op(bank.arg(open, 0)).as_str().parse().unwrap_or_default();
        let world = self.machine.world_of(state);
        let scene = self.scene(frames, world);
        End::Read { position, group: self.groups.number(frames), scene }
    }

    /// Covers all programs behind first choices, choosing parts when control reaches them.
    ///
    /// # Errors
    /// When a program has choices.
    pub fn narrow(&mut self, prefix: &[u32], tally: &mut Tally) -> Result<(), Unsuitable> {
        let mut search = Narrowing {
            program: Program::new(self.root),
            places: [(0, false); POSITIONS],
            holes: Vec::new(),
            prefix,
            depth: 0,
            run: Run::default(),
            tally,
        };
        search.places[0] = (self.root, false);
        search.holes.push(0);
        let here = self.begin();
        self.narrow_from(here, 0, self.start.1, &mut search)
    }

    fn narrow_from(
        &mut self,
        mut here: Here,
        mut position: u8,
        mut scene: u32,
        search: &mut Narrowing,
    ) -> Result<(), Unsuitable> {
        // What was chosen before is read again, as in a loop's second turn.
        while search.places[usize::from(position)].1 {
            here.stretch = self.enter(scene, position, search.program.shapes[usize::from(position)]);
            match self.go_on(&mut here)? {
                Stop::Read { position: next, scene: with } => (position, scene) = (next, with),
                stop => {
                    search.complete(self.contents, &here, stop);
                    return Ok(());
                }
            }
        }
        let contents = self.contents.of(search.places[usize::from(position)].0);
        let only = search.prefix.get(search.depth).map(|only| *only as usize);
        search.places[usize::from(position)].1 = true;
        search.depth += 1;
        let (cells, holes) = (self.cells.len(), search.holes.len());
        for (index, content) in contents.iter().enumerate() {
            if only.is_some_and(|only| only != index) {
                continue;
            }
            search.program.put(position, content.shape, index as u32);
            for (offset, hole, _) in &content.holes {
                search.places[usize::from(position + offset)] = (*hole, false);
                search.holes.push(position + offset);
            }
            let mut here = Here { stretch: self.enter(scene, position, content.shape), ..here };
            match self.go_on(&mut here)? {
                Stop::Read { position, scene } => self.narrow_from(here, position, scene, search)?,
                stop => search.complete(self.contents, &here, stop),
            }
            self.cells.truncate(cells);
            search.holes.truncate(holes);
        }
        search.depth -= 1;
        search.places[usize::from(position)].1 = false;
        Ok(())
    }
}

/// More positions than any program has.
const POSITIONS: usize = 32;

/// A search by narrowing.
struct Narrowing<'t> {
    program: Program,
    /// What may stand at each position, and whether it was chosen.
    places: [(HoleId, bool); POSITIONS],
    /// The positions of the program's holes, chosen or not.
    holes: Vec<u8>,
    prefix: &'t [u32],
    depth: usize,
    run: Run,
    tally: &'t mut Tally,
}

impl Narrowing<'_> {
    #[inline]
    fn complete(&mut self, contents: &Contents, here: &Here, stop: Stop) {
        let mut weight = 1;
        for at in &self.holes {
            let (hole, chosen) = self.places[usize::from(*at)];
            if !chosen {
                weight *= contents.count(hole);
            }
        }
        finish(&mut self.run, here, stop);
        let (program, places) = (&self.program, &self.places);
        self.tally.add(&self.run, weight, || program.rank(contents, &|at| places[at].1));
    }
}

fn finish(run: &mut Run, here: &Here, stop: Stop) {
    run.clear();
    run.steps = here.steps;
    run.states = here.steps + 1;
    run.paths = 1;
    run.broken = here.broken;
    match stop {
        Stop::Final(outcome) => run.ended.push(outcome),
        Stop::Fault(Fault::Limit(name)) => run.limit = Some(name),
        Stop::Fault(fault) => run.fault = Some(fault),
        Stop::Read { .. } => {}
    }
}

/// What stands for the stack below, of which only the exceptions are known.
fn below_of(bank: &mut crate::machine::Bank, exceptions: u64) -> Id {
    let exceptions = bank.node(&exceptions.to_string(), []);
    bank.make(vocabulary().below, &[exceptions])
}

#[inline]
fn place_of(one: u32, other: u32) -> usize {
    let mixed = one.wrapping_mul(0x9E37_79B1) ^ other.wrapping_mul(0x85EB_CA6B);
    (mixed >> 16) as usize & (PLACES - 1)
}

/// Numbers for values, in the order of their arrival.
#[derive(Debug)]
struct Interner<T> {
    values: Vec<T>,
    numbers: FxHashMap<T, u32>,
}

impl<T> Default for Interner<T> {
    fn default() -> Self {
        Interner { values: Vec::new(), numbers: FxHashMap::default() }
    }
}

impl<T: Clone + Eq + std::hash::Hash> Interner<T> {
    fn number(&mut self, value: T) -> u32 {
        let next = self.values.len() as u32;
        *self.numbers.entry(value).or_insert_with_key(|value| {
            self.values.push(value.clone());
            next
        })
    }

    fn get(&self, number: u32) -> &T {
        &self.values[number as usize]
    }
}
