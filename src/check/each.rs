//! Enumeration: each program of a range is followed on its own.

use super::contents::{Contents, HoleId};
use super::family::Family;
use super::follow::Follower;
use super::local::{Local, Sums, Unsuitable};
use super::tally::Tally;

/// Follows the programs of a range of the order of enumeration through their family.
#[derive(Debug)]
pub struct Each<'a> {
    contents: &'a Contents,
    root: HoleId,
    follower: Follower,
    since: u32,
}

/// How many programs pass between two looks at the memory taken.
const LOOK: u32 = 1 << 12;

/// A program as the contents at its positions.
#[derive(Debug)]
pub struct Program {
    root: HoleId,
    /// The shape of the content at each position.
    pub shapes: [u32; 64],
    /// The content at each position, as an index into what may stand there.
    picked: [u32; 64],
}

impl Program {
    /// A program with nothing chosen yet.
    pub fn new(root: HoleId) -> Program {
        Program { root, shapes: [0; 64], picked: [0; 64] }
    }

    /// Puts a content at a position.
    #[inline]
    pub fn put(&mut self, position: u8, shape: u32, index: u32) {
        self.shapes[usize::from(position)] = shape;
        self.picked[usize::from(position)] = index;
    }

    /// The program's number; `chosen` says which positions have a content, and what has none counts as the first.
    pub fn rank(&self, contents: &Contents, chosen: &dyn Fn(usize) -> bool) -> u128 {
        self.rank_of(contents, chosen, self.root, 0)
    }

    fn rank_of(
        &self,
        contents: &Contents,
        chosen: &dyn Fn(usize) -> bool,
        hole: HoleId,
        position: usize,
    ) -> u128 {
        if !chosen(position) {
            return 0;
        }
        let content = &contents.of(hole)[self.picked[position] as usize];
        let parts = content.holes.iter().map(|(offset, hole, stride)| {
            stride * self.rank_of(contents, chosen, *hole, position + usize::from(*offset))
        });
        content.rank + parts.sum::<u128>()
    }
}

impl<'a> Each<'a> {
    /// For programs that stand in the hole `root`.
    pub fn new(contents: &'a Contents, root: HoleId) -> Each<'a> {
        Each { contents, root, follower: Follower::default(), since: 0 }
    }

    /// Follows `count` programs from number `first` in the order of the contents. States that take
    /// more than `memory` bytes are forgotten.
    pub fn run(&mut self, family: &mut Family, first: u128, count: u128, memory: usize, tally: &mut Tally) {
        let mut each = |program: &Program| {
            self.since = self.since.wrapping_add(1);
            if self.since.is_multiple_of(LOOK) && family.bytes() > memory {
                family.forget();
            }
            let run = self.follower.follow(family, &program.shapes);
            tally.add(run, 1, || program.rank(self.contents, &|_| true));
            true
        };
        Filling::new(self.contents, self.root, first, count).fill(0, &mut each);
    }
}

/// The same for programs without choices.
///
/// # Errors
/// When a program has choices; the tally is then of no use.
pub fn each_local(
    local: &mut Local,
    (contents, root): (&Contents, HoleId),
    (first, count): (u128, u128),
    tally: &mut Tally,
) -> Result<(), Unsuitable> {
    let mut sums = Sums::default();
    let mut outcome = Ok(());
    let mut each = |program: &Program| match local.follow(&program.shapes, &mut sums) {
        Ok(0) => true,
        Ok(broken) => {
            sums.blame(broken, program.rank(contents, &|_| true), tally);
            true
        }
        Err(unsuitable) => {
            outcome = Err(unsuitable);
            false
        }
    };
    Filling::new(contents, root, first, count).fill(0, &mut each);
    sums.enumerated(tally);
    outcome
}

/// Fills the holes of programs, in the order of their contents.
struct Filling<'a> {
    contents: &'a Contents,
    program: Program,
    /// Holes to be filled, with their positions, in the order in which they are.
    open: Vec<(HoleId, u8)>,
    skip: u128,
    left: u128,
}

impl<'a> Filling<'a> {
    fn new(contents: &'a Contents, root: HoleId, first: u128, count: u128) -> Filling<'a> {
        Filling { contents, program: Program::new(root), open: vec![(root, 0)], skip: first, left: count }
    }

    /// Calls `each` on the programs that differ in the holes from `next` on, until it says false. Returns whether
    /// there are more to come.
    fn fill(&mut self, next: usize, each: &mut impl FnMut(&Program) -> bool) -> bool {
        let Some((hole, position)) = self.open.get(next).copied() else {
            self.left -= 1;
            return each(&self.program) && self.left > 0;
        };
        let contents = self.contents;
        let depth = self.open.len();
        for (index, content) in contents.of(hole).iter().enumerate() {
            if self.skip > 0 {
                let rest: u128 =
                    self.open[next + 1..].iter().map(|(hole, _)| contents.count(*hole)).product();
                if self.skip >= rest * content.count {
                    self.skip -= rest * content.count;
                    continue;
                }
            }
            self.program.put(position, content.shape, index as u32);
            if content.holes.is_empty() && next + 1 == depth {
                self.left -= 1;
                if !each(&self.program) || self.left == 0 {
                    return false;
                }
                continue;
            }
            self.open.extend(content.holes.iter().map(|(offset, hole, _)| (*hole, position + offset)));
            let more = self.fill(next + 1, each);
            self.open.truncate(depth);
            if !more {
                return false;
            }
        }
        true
    }
}
