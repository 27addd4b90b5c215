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

/// A state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct State {
    /// What the rules look at.
    pub top: Id,
    /// The stack of frames below, by number; 0 is empty.
    pub stack: u32,
}

/// A stack that is not empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Stack {
    frames: Id,
    below: u32,
}

/// A machine whose states are in two parts, or whole: with nothing below.
#[derive(Debug)]
pub(super) struct Parted {
    machine: Machine,
    whole: bool,
    /// Numbered from 1.
    stacks: Interner<Stack>,
    put_back: FxHashMap<(Id, Id), Id>,
    /// What stands for frames, by the exceptions in them.
    below: FxHashMap<u64, Id>,
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
            stacks: Interner::default(),
            put_back: FxHashMap::default(),
            below: FxHashMap::default(),
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
        self.machine.bytes() + self.stacks.len() * (2 * size_of::<Stack>() + size_of::<u32>())
    }

    /// Forgets all states.
    pub fn forget(&mut self) {
        self.machine.forget_above(0);
        self.stacks = Interner::default();
        self.put_back.clear();
        self.below.clear();
        self.keeping.clear();
    }

    /// The initial state of a program.
    pub fn start(&mut self, body: &Term, globals: &Term) -> State {
        let top = self.machine.start(body, globals);
        self.settled(State { top, stack: 0 })
    }

    /// What a state leads to; a target there is what the rules look at in the state behind.
    #[inline]
    pub fn successors(&mut self, state: State) -> Successors<'_> {
        self.machine.successors(state.top)
    }

    /// The state behind one, in which the rules look at `top`.
    #[inline]
    pub fn behind(&mut self, state: State, top: Id) -> State {
        self.settled(State { top, ..state })
    }

    /// The state with what it reads in place of a hole.
    pub fn fill(&mut self, State { mut top, mut stack }: State, hole: Id, content: Id) -> State {
        let entered = self.machine.bank().arg(top, 0) == hole;
        if !self.whole && entered && !self.keeps_below(self.machine.world_of(top)) {
            let frames = self.machine.frames_of(top);
            let below = self.below(frames);
            // Functions are told of the unknown values in frames, and there are none in what stands for frames.
            if frames != below && !self.machine.bank().measure(frames).unknown {
                stack = self.stacks.number(Stack { frames, below: stack }) + 1;
                top = self.machine.with_frames(top, below);
            }
        }
        let top = self.machine.fill(top, hole, content);
        self.settled(State { top, stack })
    }

    /// What stands for frames.
    fn below(&mut self, frames: Id) -> Id {
        let exceptions = self.machine.bank().measure(frames).exceptions;
        let bank = self.machine.bank_mut();
        *self.below.entry(exceptions).or_insert_with(|| below_of(bank, exceptions))
    }

    /// The state, in which nothing that was put away is asked for.
    #[inline]
    fn settled(&mut self, mut state: State) -> State {
        if self.whole {
            return state;
        }
        while let Successors::Fault(Fault::Open(open)) = self.machine.successors(state.top) {
            match self.put_back(state, open) {
                Some(with_more) => state = with_more,
                None => break,
            }
        }
        state
    }

    /// The same state with the frames that were put away last, unless it is a hole that the rules ask for.
    fn put_back(&mut self, State { top, stack }: State, open: Id) -> Option<State> {
        if self.machine.bank().op(open) == words().hole {
            return None;
        }
        let Stack { frames, below } = *self.stacks.find(stack.checked_sub(1)?)?;
        self.looked |= self.machine.frames_of(top) != open;
        let known = self.put_back.get(&(top, frames)).copied();
        let top = known.unwrap_or_else(|| {
            let unknown = self.below(frames);
            let whole = self.machine.replace(top, unknown, frames);
            self.put_back.insert((top, frames), whole);
            whole
        });
        Some(State { top, stack: below })
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
