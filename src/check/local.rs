//! Programs without choices, run by the parts of their stacks that matter.
//!
//! A rule looks at control, the top frame and the world, and never below (the frame lemma of
//! `proofs-notes/frames.md`; what a function wants of the frames below is the numbers of the exceptions in them, which
//! stand in for them here). So from where control enters a hole, or comes back to
//! the frames that its statement pushed, the steps up to where it next reads a hole, or leaves
//! those frames, are the same whatever lies below. Such a *summary* is computed once; following a program is
//! going from summary to summary, with the frames of each hole that control is in on an explicit stack.

use egg::Id;
use rustc_hash::FxHashMap;

use crate::check::contents::{Contents, HoleId};
use crate::check::core::Core;
use crate::check::counts::number_of;
use crate::check::follow::Run;
use crate::check::interner::Interner;
use crate::check::memo::Memo;
use crate::check::monitor::{ConfigId, Monitors};
use crate::check::summary::{End, Summary};
use crate::check::sums::Sums;
use crate::machine::stepper::{Fault, Machine, Successors};
use crate::python::values::vocabulary::vocabulary;
use crate::term::Term;

/// A program that has choices is not for this way of following.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unsuitable;

const UNKNOWN: Summary = Summary { end: End::Unknown, position: 0, steps: 0, events: 0, next: 0 };

/// A hole about to be entered: the frames of its statement above what is not known, and the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Site {
    group: u32,
    world: Id,
    position: u8,
}

/// What a part of a program meets when control enters it: the numbers of the exceptions in the
/// frames below, and the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct CallingContext {
    exceptions: u64,
    world: Id,
    /// The frames below the whole program; of no other calling context.
    group: u32,
}

impl CallingContext {
    /// The frames below the whole program.
    pub(super) fn group(&self) -> u32 {
        self.group
    }
}

/// The summaries met so far, and what is needed to make more.
#[derive(Debug)]
pub struct Local<'a> {
    pub(super) contents: &'a Contents,
    pub(super) root: HoleId,
    machine: Machine,
    monitors: Monitors,
    sites: Interner<Site>,
    groups: Interner<Id>,
    answers: Interner<Id>,
    events: Interner<Vec<Id>>,
    faults: Vec<Fault>,
    /// By shape, position, exceptions in the frames below, and world: from entering a hole on.
    begun: FxHashMap<(u32, u8, u64, Id), Summary>,
    /// Whether terms keep positions, labels only or numbers too.
    positional: FxHashMap<(Id, bool), bool>,
    /// By site and shape: from entering the hole on. What only returns is followed by what comes next
    /// in the frames of the site.
    entered: Vec<[Summary; NEAR]>,
    entered_far: FxHashMap<(u32, u32), Summary>,
    /// By group and answer: from coming back to the frames on.
    back: FxHashMap<(u32, u32), Summary>,
    back_near: Vec<(u32, u32, Summary)>,
    moves: FxHashMap<(ConfigId, u32), (ConfigId, u64)>,
    /// Those that break nothing.
    moves_near: Vec<(ConfigId, u32, ConfigId)>,
    pub(super) outcomes: Vec<String>,
    pub(super) start: Here,
    /// How many parts may be inside each other, and how many steps a program may take, before it
    /// is doubtful whether it keeps to the limits.
    most: (u8, u64),
    /// The groups of the sites inside whose holes control is.
    pub(super) stack: [u32; POSITIONS],
    pub(super) memo: Memo,
}

/// Shapes with numbers below this are looked up by place.
const NEAR: usize = 32;
/// Places that are tried before a table is.
const PLACES: usize = 1 << 11;
const NONE: u32 = u32::MAX;
/// Programs that take more steps are left to the search that notices whether they end.
pub(super) const LONGEST: u64 = 1 << 20;
/// More positions than any program has.
pub(super) const POSITIONS: usize = 32;

/// Where following a program stands: before a hole.
#[derive(Debug, Clone, Copy)]
pub(super) struct Here {
    pub(super) site: u32,
    pub(super) position: u8,
    /// How many groups are on the stack.
    pub(super) depth: u8,
    pub(super) config: ConfigId,
    pub(super) steps: u64,
    pub(super) broken: u64,
}

/// Why following came to a stop.
#[derive(Debug, Clone, Copy)]
pub(super) enum Stop {
    Read,
    Final(u32),
    Fault(u32),
    Limit,
}

/// What following a program told, beside what was added to the sums.
#[derive(Debug)]
pub enum Told {
    /// All properties hold of it.
    Well,
    /// It breaks properties, or the rules fail.
    Badly(Run),
    /// A limit may be reached: nothing was added to the sums.
    Doubtful,
}

impl<'a> Local<'a> {
    /// For the programs of a size that stand in the hole `root`.
    pub fn new(
        contents: &'a Contents,
        (root, size): (HoleId, usize),
        mut machine: Machine,
        mut monitors: Monitors,
        globals: &Term,
    ) -> Local<'a> {
        let state = machine.start(&Core::Hole(0).placed(0), globals);
        let config = monitors.start(&mut machine);
        let (frames, world) = (machine.frames_of(state), machine.world_of(state));
        let mut local = Local {
            contents,
            root,
            machine,
            monitors,
            sites: Interner::default(),
            groups: Interner::default(),
            answers: Interner::default(),
            events: Interner::default(),
            faults: Vec::new(),
            begun: FxHashMap::default(),
            positional: FxHashMap::default(),
            entered: Vec::new(),
            entered_far: FxHashMap::default(),
            back: FxHashMap::default(),
            back_near: vec![(NONE, NONE, UNKNOWN); PLACES],
            moves: FxHashMap::default(),
            moves_near: vec![(NONE, NONE, 0); PLACES],
            outcomes: Vec::new(),
            start: Here { site: 0, position: 0, depth: 0, config, steps: 0, broken: 0 },
            most: (size.min(POSITIONS) as u8, 0),
            stack: [0; POSITIONS],
            memo: Memo::default(),
        };
        // A program of so many steps has one more state.
        local.most.1 = (local.machine.limits().states as u64).saturating_sub(1).min(LONGEST);
        local.events.number(Vec::new());
        local.start.site = local.site(frames, world, 0);
        local
    }

    /// The outcomes met so far.
    pub fn outcomes(&self) -> &[String] {
        &self.outcomes
    }

    /// The outcomes met so far, for those who meet more.
    pub fn outcomes_mut(&mut self) -> &mut Vec<String> {
        &mut self.outcomes
    }

    /// The most steps that a program may take.
    pub(super) fn longest(&self) -> u64 {
        self.most.1
    }

    /// The position of the hole at a site.
    pub(super) fn position_of(&self, site: u32) -> u8 {
        self.sites.get(site).position
    }

    /// The contents of holes.
    pub(super) fn contents(&self) -> &'a Contents {
        self.contents
    }

    /// The configuration and the calling context in which every program starts.
    pub(super) fn opening(&self) -> (ConfigId, CallingContext) {
        let site = self.sites.get(self.start.site);
        (self.start.config, CallingContext { group: site.group, ..self.calling_context_of(self.start.site) })
    }

    /// The calling context at a site.
    pub(super) fn calling_context_of(&self, site: u32) -> CallingContext {
        let Site { group, world, .. } = *self.sites.get(site);
        let exceptions = self.machine.bank().measure(*self.groups.get(group)).exceptions;
        let group = self.sites.get(self.start.site).group;
        CallingContext { exceptions, world, group }
    }

    /// The frames of a site.
    pub(super) fn group_of(&self, site: u32) -> u32 {
        self.sites.get(site).group
    }

    /// Whether the world of an answer keeps a position of the program, as a value or a label: it
    /// would then have to be moved as well.
    pub(super) fn answer_keeps_position(&mut self, answer: u32) -> bool {
        let state = *self.answers.get(answer);
        let control = self.machine.bank().arg(state, 0);
        self.has_position(self.machine.world_of(state), true) || self.has_position(control, false)
    }

    /// Whether the world of a calling context keeps a position of the program.
    pub(super) fn calling_context_keeps_position(&mut self, calling_context: CallingContext) -> bool {
        self.has_position(calling_context.world, true)
    }

    fn has_position(&mut self, term: Id, numbers: bool) -> bool {
        let bank = self.machine.bank();
        *self.positional.entry((term, numbers)).or_insert_with(|| has_position(bank, term, numbers))
    }

    /// How the rules fail, by the number that a summary gives.
    pub(super) fn fault(&self, number: u32) -> Fault {
        self.faults[number as usize]
    }

    /// The summary from entering a content of this shape at position 0.
    pub(super) fn entered_in(&mut self, calling_context: CallingContext, shape: u32) -> Summary {
        self.enter_at(shape, 0, calling_context.exceptions, calling_context.world)
    }

    /// The summary from coming back with an answer to the frames of a group.
    pub(super) fn answered(&mut self, group: u32, answer: u32) -> Summary {
        self.come_back(group, answer)
    }

    /// Follows the events of a summary; returns which properties they break, as bits.
    pub(super) fn advance_by(&mut self, config: &mut ConfigId, events: u32) -> u64 {
        let mut here = Here { config: *config, broken: 0, ..self.start };
        if events != 0 {
            self.advance(&mut here, events);
        }
        *config = here.config;
        here.broken
    }

    /// An answer with all positions in it moved: the values of `return`s are positions, counted from 1.
    pub(super) fn shifted(&mut self, answer: u32, by: u32) -> u32 {
        let state = *self.answers.get(answer);
        let frames = self.machine.frames_of(state);
        let mut node = self.machine.bank().get(state).clone();
        node.args[0] = shift_numbers(self.machine.bank_mut(), node.args[0], by);
        let bank = self.machine.bank_mut();
        let moved = bank.add(node);
        debug_assert_eq!(self.machine.frames_of(moved), frames);
        self.answers.number(moved)
    }

    /// Adds a path that has ended to the sums, of so many programs.
    #[inline]
    pub(super) fn stop(&self, here: &Here, stop: Stop, sums: &mut Sums, weight: u64) -> Told {
        if here.steps > self.most.1 {
            return Told::Doubtful;
        }
        let fault = match stop {
            Stop::Final(outcome) => {
                sums.well(outcome, here.steps, weight);
                None
            }
            Stop::Fault(fault) => {
                sums.add(here.steps, weight);
                Some(self.faults[fault as usize])
            }
            Stop::Read | Stop::Limit => return Told::Doubtful,
        };
        match (here.broken, fault) {
            (0, None) => Told::Well,
            (broken, fault) => Told::Badly(Run { broken, fault, ..Run::default() }),
        }
    }

    /// Enters the hole that control stands before, and goes on until a hole is read or the path ends.
    #[inline(always)]
    pub(super) fn enter(&mut self, here: &mut Here, shape: u32) -> Result<Stop, Unsuitable> {
        let mut summary = match shape as usize {
            near if near < NEAR => self.entered[here.site as usize][near],
            _ => self.entered_far.get(&(here.site, shape)).copied().unwrap_or(UNKNOWN),
        };
        if summary.end == End::Unknown {
            summary = self.enter_first(here.site, shape);
        }
        loop {
            here.steps += u64::from(summary.steps);
            if summary.events != 0 {
                self.advance(here, summary.events);
            }
            match summary.end {
                End::Across => {
                    (here.site, here.position) = (summary.next, summary.position);
                    return Ok(if here.steps <= self.most.1 { Stop::Read } else { Stop::Limit });
                }
                End::Down => {
                    if here.depth >= self.most.0 {
                        return Ok(Stop::Limit);
                    }
                    let group = self.sites.get(here.site).group;
                    self.stack[usize::from(here.depth) % POSITIONS] = group;
                    here.depth += 1;
                    (here.site, here.position) = (summary.next, summary.position);
                    return Ok(Stop::Read);
                }
                End::Return => {
                    let Some(depth) = here.depth.checked_sub(1) else { return Err(Unsuitable) };
                    here.depth = depth;
                    summary = self.come_back(self.stack[usize::from(depth) % POSITIONS], summary.next);
                }
                End::Final => return Ok(Stop::Final(summary.next)),
                End::Fault => return Ok(Stop::Fault(summary.next)),
                End::Limit => return Ok(Stop::Limit),
                End::Unknown | End::Unsuitable => return Err(Unsuitable),
            }
        }
    }

    #[cold]
    fn enter_first(&mut self, site: u32, shape: u32) -> Summary {
        let Site { group, world, position } = *self.sites.get(site);
        let exceptions = self.machine.bank().measure(*self.groups.get(group)).exceptions;
        let mut summary = self.enter_at(shape, position, exceptions, world);
        if summary.end == End::Return {
            // Nothing was pushed: control is back in the frames of the site.
            let next = self.come_back(group, summary.next);
            summary = self.join(summary, next);
        }
        match shape as usize {
            near if near < NEAR => self.entered[site as usize][near] = summary,
            _ => {
                self.entered_far.insert((site, shape), summary);
            }
        }
        summary
    }

    /// The summary from entering a content of a shape at a position, whatever the frames below.
    fn enter_at(&mut self, shape: u32, position: u8, exceptions: u64, world: Id) -> Summary {
        let key = (shape, position, exceptions, world);
        if let Some(known) = self.begun.get(&key) {
            return *known;
        }
        let place = usize::from(position);
        let content = self.contents.at(shape, place).placed(place);
        let bank = self.machine.bank_mut();
        let content = bank.add_term(&content);
        let frames = below_of(bank, exceptions);
        let state = bank.node("eval", [content, frames, world]);
        let summary = self.summary(state, End::Down);
        self.begun.insert(key, summary);
        summary
    }

    /// The summary from where control comes back to the frames of a group.
    #[inline(always)]
    fn come_back(&mut self, group: u32, answer: u32) -> Summary {
        let place = place_of(group, answer);
        let (near_group, near_answer, near) = self.back_near[place];
        if near_group == group && near_answer == answer {
            return near;
        }
        let summary = match self.back.get(&(group, answer)) {
            Some(known) => *known,
            None => self.come_back_first(group, answer),
        };
        self.back_near[place] = (group, answer, summary);
        summary
    }

    #[cold]
    fn come_back_first(&mut self, group: u32, answer: u32) -> Summary {
        let (frames, answered) = (*self.groups.get(group), *self.answers.get(answer));
        let state = self.machine.with_frames(answered, frames);
        let summary = self.summary(state, End::Across);
        self.back.insert((group, answer), summary);
        summary
    }

    /// One summary and then another, as one.
    fn join(&mut self, first: Summary, second: Summary) -> Summary {
        let mut events = self.events.get(first.events).clone();
        events.extend_from_slice(self.events.get(second.events));
        let events = self.events.number(events);
        match first.steps.checked_add(second.steps) {
            Some(steps) => Summary { steps, events, ..second },
            None => Summary { end: End::Limit, ..first },
        }
    }

    /// Follows the events of a summary.
    #[inline(always)]
    fn advance(&mut self, here: &mut Here, events: u32) {
        let place = place_of(here.config, events);
        let (config, list, next) = self.moves_near[place];
        if config == here.config && list == events {
            here.config = next;
        } else {
            self.advance_first(here, events, place);
        }
    }

    #[cold]
    fn advance_first(&mut self, here: &mut Here, events: u32, place: usize) {
        let key = (here.config, events);
        let (next, broken) = match self.moves.get(&key) {
            Some(known) => *known,
            None => {
                let list = self.events.get(events).clone();
                let found = self.monitors.follow(&mut self.machine, here.config, &list);
                self.moves.insert(key, found);
                found
            }
        };
        if broken == 0 {
            self.moves_near[place] = (key.0, key.1, next);
        }
        here.config = next;
        here.broken |= broken;
    }

    fn site(&mut self, frames: Id, world: Id, position: u8) -> u32 {
        let group = self.groups.number(frames);
        let site = self.sites.number(Site { group, world, position });
        if self.entered.len() <= site as usize {
            self.entered.push([UNKNOWN; NEAR]);
        }
        site
    }

    /// Follows the rules from a state whose stack ends in what is not known; `read` is how a
    /// summary ends that comes to a hole.
    fn summary(&mut self, mut state: Id, read: End) -> Summary {
        let mut steps: u16 = 0;
        let mut seen = Vec::new();
        let mut summary = loop {
            match self.machine.successors(state) {
                Successors::Edges([edge]) if steps < u16::MAX => {
                    steps += 1;
                    state = edge.target;
                    seen.extend_from_slice(&edge.events);
                }
                Successors::Edges([_]) => break Summary { end: End::Limit, ..UNKNOWN },
                Successors::Edges(_) => break Summary { end: End::Unsuitable, ..UNKNOWN },
                Successors::Final => {
                    let completion = self.machine.bank().arg(state, 0);
                    seen.push(self.machine.bank_mut().node("halt", [completion]));
                    let next = number_of(self.machine.bank(), completion, &mut self.outcomes).into();
                    break Summary { end: End::Final, next, ..UNKNOWN };
                }
                Successors::Fault(Fault::Open(open)) => break self.opened(state, open, read),
                Successors::Fault(Fault::Limit(_)) => break Summary { end: End::Limit, ..UNKNOWN },
                Successors::Fault(fault) => {
                    self.faults.push(fault);
                    break Summary { end: End::Fault, next: self.faults.len() as u32 - 1, ..UNKNOWN };
                }
            }
        };
        seen.retain(|event| self.monitors.notices(&self.machine, *event));
        summary.events = self.events.number(seen);
        summary.steps = steps;
        summary
    }

    /// What was asked for: a hole of the program, or the stack below.
    fn opened(&mut self, state: Id, open: Id, read: End) -> Summary {
        let bank = self.machine.bank();
        let frames = self.machine.frames_of(state);
        if bank.op(open) == crate::term::words::words().below && frames == open {
            return Summary { end: End::Return, next: self.answers.number(state), ..UNKNOWN };
        }
        // A rule that looks deeper than control needs more than its part of the state, and functions are told of the unknown
        // values in frames.
        let deeper = bank.op(open) != crate::term::words::words().hole || bank.arg(state, 0) != open;
        if deeper || bank.measure(frames).unknown {
            return Summary { end: End::Unsuitable, ..UNKNOWN };
        }
        let position = bank.op(bank.arg(open, 0)).as_str().parse().unwrap_or_default();
        let world = self.machine.world_of(state);
        Summary { end: read, position, next: self.site(frames, world, position), ..UNKNOWN }
    }
}

/// The term with all its integers raised.
fn shift_numbers(bank: &mut crate::machine::Bank, term: Id, by: u32) -> Id {
    let mut node = bank.get(term).clone();
    if node.op == vocabulary().int {
        let number: u32 = bank.op(node.args[0]).as_str().parse().unwrap_or_default();
        node.args[0] = bank.node(&(number + by).to_string(), []);
    } else {
        for arg in &mut node.args {
            *arg = shift_numbers(bank, *arg, by);
        }
    }
    bank.add(node)
}

/// Whether a label of a statement is in a term or, if `numbers`, the value of a `return`.
fn has_position(bank: &crate::machine::Bank, term: Id, numbers: bool) -> bool {
    let node = bank.get(term);
    let found = node.op == vocabulary().at || numbers && node.op == vocabulary().int;
    found || node.args.iter().any(|arg| has_position(bank, *arg, numbers))
}

/// What stands for the stack below, of which only the exceptions are known.
pub(super) fn below_of(bank: &mut crate::machine::Bank, exceptions: u64) -> Id {
    let exceptions = bank.node(&exceptions.to_string(), []);
    bank.make(crate::term::words::words().below, &[exceptions])
}

#[inline]
fn place_of(one: u32, other: u32) -> usize {
    let mixed = one.wrapping_mul(0x9E37_79B1) ^ other.wrapping_mul(0x85EB_CA6B);
    (mixed >> 16) as usize & (PLACES - 1)
}
