//! States in two parts: what the rules look at, and the frames below, which they do not.
//!
//! Where control enters a hole, the frames are put on a stack, and the rules go on over a term that stands for them
//! (the frame lemma of `proofs-notes/frames.md`). So a step is matched and built once for all surroundings in which
//! it is made. Where the rules ask what is below, the frames that were put away last are put back.
//!
//! The parts of a state tell it from all others: a statement's frames are put on the stack together, none are put
//! there where it has pushed none, and an answer is never left above frames that wait for it.

use egg::Id;
use rustc_hash::FxHashMap;

use crate::check::interner::Interner;
use crate::check::local::below_of;
use crate::machine::stepper::{Fault, Machine, Successors};
use crate::term::Term;
use crate::term::words::words;

/// A state, by number.
pub(super) type StateId = u32;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Parts {
    /// What the rules look at.
    top: Id,
    /// The stack of frames below, by number; 0 is empty.
    stack: u32,
}

/// A stack that is not empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Stack {
    frames: Id,
    below: u32,
}

/// A machine whose states are in two parts, or whole.
#[derive(Debug)]
pub(super) struct Parted {
    machine: Machine,
    whole: bool,
    states: Interner<Parts>,
    /// Numbered from 1.
    stacks: Interner<Stack>,
    put_back: FxHashMap<(Id, Id), Id>,
    /// Whether a world keeps frames of which some are below.
    keeping: FxHashMap<Id, bool>,
    looked: bool,
}

impl Parted {
    /// The states of a machine in two parts.
    pub fn new(machine: Machine) -> Parted {
        Parted {
            machine,
            whole: false,
            states: Interner::default(),
            stacks: Interner::default(),
            put_back: FxHashMap::default(),
            keeping: FxHashMap::default(),
            looked: false,
        }
    }

    /// The states of a machine as they are.
    pub fn whole(machine: Machine) -> Parted {
        Parted { whole: true, ..Parted::new(machine) }
    }

    /// The machine.
    pub fn machine(&self) -> &Machine {
        &self.machine
    }

    /// The machine, to add terms to its bank.
    pub fn machine_mut(&mut self) -> &mut Machine {
        &mut self.machine
    }

    /// Whether the rules looked below frames that do not ask for it. Equal states may then have had different parts.
    pub fn looked_below(&self) -> bool {
        self.looked
    }

    /// About how many bytes the states take.
    pub fn bytes(&self) -> usize {
        let states = self.states.len() + self.stacks.len();
        self.machine.bytes() + states * (2 * size_of::<Parts>() + size_of::<u32>())
    }

    /// Forgets all states.
    pub fn forget(&mut self) {
        self.machine.forget_above(0);
        self.states = Interner::default();
        self.stacks = Interner::default();
        self.put_back.clear();
        self.keeping.clear();
    }

    /// The initial state of a program.
    pub fn start(&mut self, body: &Term, globals: &Term) -> StateId {
        let top = self.machine.start(body, globals);
        self.number(Parts { top, stack: 0 })
    }

    /// What the rules look at in a state.
    #[inline]
    pub fn top(&self, state: StateId) -> Id {
        if self.whole { Id::from(state as usize) } else { self.states.get(state).top }
    }

    /// What a state leads to; a target there is what the rules look at in the state behind.
    #[inline]
    pub fn successors(&mut self, state: StateId) -> Successors<'_> {
        let top = self.top(state);
        self.machine.successors(top)
    }

    /// The state behind one, in which the rules look at `top`.
    #[inline]
    pub fn behind(&mut self, state: StateId, top: Id) -> StateId {
        let Parts { stack, .. } = self.parts(state);
        self.number(Parts { top, stack })
    }

    /// The state with what it reads in place of a hole.
    pub fn fill(&mut self, state: StateId, hole: Id, content: Id) -> StateId {
        let Parts { mut top, mut stack } = self.parts(state);
        let entered = self.machine.bank().arg(top, 0) == hole;
        if !self.whole && entered && !self.keeps_below(self.machine.world_of(top)) {
            let frames = self.machine.frames_of(top);
            let exceptions = self.machine.bank().measure(frames).exceptions;
            let below = below_of(self.machine.bank_mut(), exceptions);
            if frames != below {
                stack = self.stacks.number(Stack { frames, below: stack }) + 1;
                top = self.machine.with_frames(top, below);
            }
        }
        let top = self.machine.fill(top, hole, content);
        self.number(Parts { top, stack })
    }

    #[inline]
    fn parts(&self, state: StateId) -> Parts {
        if self.whole { Parts { top: Id::from(state as usize), stack: 0 } } else { *self.states.get(state) }
    }

    #[inline]
    fn number(&mut self, mut parts: Parts) -> StateId {
        if self.whole {
            return usize::from(parts.top) as StateId;
        }
        while let Successors::Fault(Fault::Open(open)) = self.machine.successors(parts.top) {
            match self.put_back(parts, open) {
                Some(with_more) => parts = with_more,
                None => break,
            }
        }
        self.states.number(parts)
    }

    /// The same state with the frames that were put away last, unless it is a hole that the rules ask for.
    fn put_back(&mut self, Parts { top, stack }: Parts, open: Id) -> Option<Parts> {
        if self.machine.bank().op(open) == words().hole {
            return None;
        }
        let Stack { frames, below } = *self.stacks.find(stack.checked_sub(1)?)?;
        self.looked |= self.machine.frames_of(top) != open;
        let known = self.put_back.get(&(top, frames)).copied();
        let top = known.unwrap_or_else(|| {
            let exceptions = self.machine.bank().measure(frames).exceptions;
            let unknown = below_of(self.machine.bank_mut(), exceptions);
            let whole = self.machine.replace(top, unknown, frames);
            self.put_back.insert((top, frames), whole);
            whole
        });
        Some(Parts { top, stack: below })
    }

    fn keeps_below(&mut self, world: Id) -> bool {
        if let Some(keeps) = self.keeping.get(&world) {
            return *keeps;
        }
        let node = self.machine.bank().get(world).clone();
        let keeps = node.op == words().below || node.args.iter().any(|arg| self.keeps_below(*arg));
        self.keeping.insert(world, keeps);
        keeps
    }
}
