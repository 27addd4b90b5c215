//! Enumeration: each program of a range is followed on its own.

use super::contents::{Contents, HoleId};
use super::family::Family;
use super::follow::Follower;
use super::tally::Tally;

/// Follows the programs of a range of the order of enumeration.
#[derive(Debug)]
pub struct Each<'a> {
    contents: &'a Contents,
    follower: Follower,
    program: Program,
    /// Holes to be filled, with their positions, in the order in which they are.
    open: Vec<(HoleId, u8)>,
    skip: u128,
    left: u128,
    /// The states kept are forgotten when they take more bytes.
    memory: usize,
}

/// How many programs pass between two looks at the memory taken.
const LOOK: u128 = 1 << 12;

/// A program as the contents at its positions.
#[derive(Debug)]
pub struct Program {
    root: HoleId,
    /// The shape of the content at each position.
    pub shapes: Vec<u32>,
    /// The content at each position, as an index into what may stand there.
    picked: Vec<u32>,
}

impl Program {
    /// A program with nothing chosen yet.
    pub fn new(root: HoleId) -> Program {
        Program { root, shapes: vec![0; 64], picked: vec![0; 64] }
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
        Each {
            contents,
            follower: Follower::default(),
            program: Program::new(root),
            open: Vec::new(),
            skip: 0,
            left: 0,
            memory: usize::MAX,
        }
    }

    /// Follows `count` programs from number `first` in the order of the contents.
    pub fn run(&mut self, family: &mut Family, first: u128, count: u128, memory: usize, tally: &mut Tally) {
        self.memory = memory;
        (self.skip, self.left) = (first, count);
        self.open.clear();
        self.open.push((self.program.root, 0));
        self.fill(family, 0, tally);
    }

    fn fill(&mut self, family: &mut Family, next: usize, tally: &mut Tally) {
        let Some((hole, position)) = self.open.get(next).copied() else {
            return self.program(family, tally);
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
            self.open.extend(content.holes.iter().map(|(offset, hole, _)| (*hole, position + offset)));
            self.fill(family, next + 1, tally);
            self.open.truncate(depth);
            if self.left == 0 {
                return;
            }
        }
    }

    #[inline]
    fn program(&mut self, family: &mut Family, tally: &mut Tally) {
        if self.left == 0 {
            return;
        }
        self.left -= 1;
        if self.left % LOOK == 0 && family.bytes() > self.memory {
            family.forget();
        }
        let run = self.follower.follow(family, &self.program.shapes);
        let rank = || self.program.rank(self.contents, &|_| true);
        tally.add(run, 1, rank);
    }
}
