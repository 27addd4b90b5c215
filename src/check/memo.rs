//! Enumeration over summaries: what a content leads to is remembered for whole states.
//!
//! Following a program by summaries looks each of them up, and pops frames in between. Where
//! the state as a whole was met before, in a program that begins in the same way, one look tells where the
//! next hole is read, and how many steps lead there. Both are the same steps.

use crate::check::interner::Interner;
use crate::check::local::{Here, Local, Stop, Told, Unsuitable};
use crate::check::monitor::ConfigId;
use crate::check::sums::Sums;

/// All that decides how a program goes on from before a hole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Standing {
    site: u32,
    config: ConfigId,
    /// The stack of the holes that control is in, by number; 0 is empty.
    stack: u32,
}

/// A stack that is not empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Stack {
    /// The group of frames on top.
    group: u32,
    /// The stack below.
    below: u32,
}

/// What a content leads to.
#[derive(Debug, Clone, Copy)]
struct Move {
    from: u32,
    shape: u32,
    /// The memo that is reached, or the outcome.
    next: u32,
    steps: u16,
    end: Ahead,
    /// Of the hole that is read next.
    position: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ahead {
    /// A hole is read.
    Read,
    /// The path ends, and nothing is broken.
    Final,
    /// Anything else.
    Look,
}

/// The memo met so far, and the moves from them that were made last.
#[derive(Debug)]
pub(super) struct Memo {
    known: Interner<Standing>,
    /// Numbered from 1.
    stacks: Interner<Stack>,
    moves: Vec<Move>,
}

/// So many moves are remembered, and so many memo, before all are forgotten.
const MOVES: usize = 1 << 15;
const MANY: usize = 1 << 17;
/// So many moves from a memo lie side by side.
const ROW: usize = 16;

impl Default for Memo {
    fn default() -> Self {
        let none = Move { from: u32::MAX, shape: 0, next: 0, steps: 0, end: Ahead::Look, position: 0 };
        Memo { known: Interner::default(), stacks: Interner::default(), moves: vec![none; MOVES] }
    }
}

impl Local<'_> {
    /// Follows a program, all of whose positions have contents, and adds it to the sums.
    ///
    /// # Errors
    /// When the program has choices.
    #[inline]
    pub fn follow(&mut self, shapes: &[u32; 64], sums: &mut Sums) -> Result<Told, Unsuitable> {
        // The first memo is that before the whole program.
        let (mut at, mut position, mut steps) = (0, 0, 0);
        loop {
            let shape = shapes[usize::from(position) % 64];
            let place = (at as usize * ROW + shape as usize) % MOVES;
            let mut found = self.memo.moves[place];
            if found.from != at || found.shape != shape {
                found = self.first_move(at, shape, place)?;
            }
            steps += u64::from(found.steps);
            match found.end {
                Ahead::Read if steps <= self.longest() => (at, position) = (found.next, found.position),
                Ahead::Final if steps <= self.longest() => {
                    sums.well(found.next, steps, 1);
                    return Ok(Told::Well);
                }
                _ => return self.follow_by_summaries(shapes, sums),
            }
        }
    }

    #[cold]
    fn follow_by_summaries(&mut self, shapes: &[u32; 64], sums: &mut Sums) -> Result<Told, Unsuitable> {
        let mut here = self.start;
        loop {
            let shape = shapes[usize::from(here.position) % 64];
            match self.enter(&mut here, shape)? {
                Stop::Read => {}
                stop => return Ok(self.stop(&here, stop, sums, 1)),
            }
        }
    }

    #[cold]
    fn first_move(&mut self, from: u32, shape: u32, place: usize) -> Result<Move, Unsuitable> {
        if self.memo.known.len() > MANY {
            self.memo = Memo::default();
        }
        if self.memo.known.is_empty() {
            let start = self.start;
            let start = self.memo(&start);
            self.memo.known.number(start);
        }
        let mut found = Move { from, shape, next: 0, steps: 0, end: Ahead::Look, position: 0 };
        let Some(memo) = self.memo.known.find(from).copied() else { return Ok(found) };
        let mut here = Here {
            site: memo.site,
            config: memo.config,
            depth: self.unfold(memo.stack) as u8,
            position: self.position_of(memo.site),
            ..self.start
        };
        let stop = self.enter(&mut here, shape)?;
        (found.end, found.next) = match (stop, u16::try_from(here.steps)) {
            (Stop::Read, Ok(_)) if here.broken == 0 => {
                let memo = self.memo(&here);
                (Ahead::Read, self.memo.known.number(memo))
            }
            (Stop::Final(outcome), Ok(_)) if here.broken == 0 => (Ahead::Final, outcome),
            _ => (Ahead::Look, 0),
        };
        (found.steps, found.position) = (here.steps as u16, here.position);
        self.memo.moves[place] = found;
        Ok(found)
    }

    fn memo(&mut self, here: &Here) -> Standing {
        let stacks = &mut self.memo.stacks;
        let groups = self.stack[..usize::from(here.depth)].iter();
        let stack = groups.fold(0, |below, group| stacks.number(Stack { group: *group, below }) + 1);
        Standing { site: here.site, config: here.config, stack }
    }

    /// Lays a stack out; returns how deep it is.
    fn unfold(&mut self, mut stack: u32) -> usize {
        let mut depth = 0;
        while let Some(Stack { group, below }) = stack.checked_sub(1).map(|at| *self.memo.stacks.get(at)) {
            self.stack[depth] = group;
            depth += 1;
            stack = below;
        }
        self.stack[..depth].reverse();
        depth
    }
}
