//! Enumeration: each program of a range is followed, from where it differs from the one before.

use crate::check::contents::{Content, Contents, HoleId};
use crate::check::counts::Counts;
use crate::check::follow::Follower;
use crate::check::local::{Local, Told, Unsuitable};
use crate::check::shared::SharedExploration;
use crate::check::sums::Sums;
use crate::check::whole_run::Whole;

/// Follows the programs of a range of the order of enumeration through their shared exploration.
#[derive(Debug)]
pub struct Each<'a> {
    contents: &'a Contents,
    root: HoleId,
    follower: Follower,
    since: u32,
}

/// However much memory there is, no more bytes of vertices are kept than this, so that a processor has them near at hand. What is
/// left behind is seldom met again, and found out anew faster than many vertices are waited for that lie far away.
const HANDY: usize = 6 << 20;

/// How many programs pass between two looks at the memory taken.
const LOOK: u32 = 1 << 12;

/// A program as the contents at its positions.
#[derive(Debug, Clone)]
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

    /// The content at a position, which stands in this hole.
    pub fn content<'c>(&self, contents: &'c Contents, hole: HoleId, position: u8) -> &'c Content {
        &contents.of(hole)[self.picked[usize::from(position)] as usize]
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
        let content = self.content(contents, hole, position as u8);
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
    /// more than `memory` bytes are forgotten. Programs that a limit may cut off are run as a whole.
    ///
    /// # Errors
    /// When states are in two parts and the rules looked below; the counts are then of no use.
    pub fn run(
        &mut self,
        shared: &mut SharedExploration<'a>,
        (first, count): (u128, u128),
        memory: usize,
        whole: &mut Whole,
        counts: &mut Counts,
    ) -> Result<(), Unsuitable> {
        let mut visit = Following { each: self, shared, memory, whole, counts };
        let (contents, root) = (visit.each.contents, visit.each.root);
        Filling::new(contents, root, first, count).fill(&mut visit);
        if shared.looked_below() { Err(Unsuitable) } else { Ok(()) }
    }
}

/// The programs of a range on the way through their shared exploration.
struct Following<'f, 'a, 'j> {
    each: &'f mut Each<'a>,
    shared: &'f mut SharedExploration<'a>,
    memory: usize,
    whole: &'f mut Whole<'j>,
    counts: &'f mut Counts,
}

impl Visit for Following<'_, '_, '_> {
    #[inline]
    fn place(&mut self, program: &Program, depth: usize, position: u8) {
        self.each.follower.place(self.shared, depth, position, &program.shapes);
    }

    fn program(&mut self, program: &Program) -> bool {
        let Following { each, shared, memory, whole, counts } = self;
        each.since = each.since.wrapping_add(1);
        if each.since.is_multiple_of(LOOK) && shared.bytes() > HANDY.min(*memory) {
            each.follower.forget(shared, &program.shapes);
        }
        let rank = || program.rank(each.contents, &|_| true);
        let run = each.follower.found(shared, &program.shapes);
        if run.may_reach_a_limit(shared) {
            whole.check(rank(), shared.outcomes_mut(), counts);
        } else {
            counts.add(run, 1, rank);
        }
        !shared.looked_below()
    }
}

/// The same for programs without choices.
///
/// # Errors
/// When a program has choices; the counts is then of no use.
pub fn each_local(
    local: &mut Local,
    (contents, root): (&Contents, HoleId),
    (first, count): (u128, u128),
    whole: &mut Whole,
    counts: &mut Counts,
) -> Result<(), Unsuitable> {
    let mut sums = Sums::default();
    let mut outcome = Ok(());
    let mut each = |program: &Program| {
        let told = match local.follow(&program.shapes, &mut sums) {
            Ok(Told::Well) => return true,
            Ok(told) => told,
            Err(unsuitable) => {
                outcome = Err(unsuitable);
                return false;
            }
        };
        let rank = program.rank(contents, &|_| true);
        match told {
            Told::Well => {}
            Told::Badly(run) => counts.blame(&run, rank),
            Told::Doubtful => whole.check(rank, local.outcomes_mut(), counts),
        }
        true
    };
    Filling::new(contents, root, first, count).fill(&mut each);
    sums.flush(counts);
    outcome
}

/// Calls `each` with the numbers of all programs that differ in these holes only.
pub fn each_filling(
    contents: &Contents,
    program: &Program,
    open: Vec<(HoleId, u8)>,
    mut each: impl FnMut(u128),
) {
    let left = open.iter().map(|(hole, _)| contents.count(*hole)).product();
    let mut filling = Filling { contents, program: program.clone(), open, depth: 0, skip: 0, left };
    filling.fill(&mut |program: &Program| {
        each(program.rank(contents, &|_| true));
        true
    });
}

/// What is done on the way through programs.
trait Visit {
    /// After so many others, the hole at a position was filled anew.
    fn place(&mut self, _program: &Program, _depth: usize, _position: u8) {}

    /// All holes are filled. Returns whether to go on.
    fn program(&mut self, program: &Program) -> bool;
}

impl<F: FnMut(&Program) -> bool> Visit for F {
    fn program(&mut self, program: &Program) -> bool {
        self(program)
    }
}

/// Fills the holes of programs, each before those behind it, in the order of their contents: programs that come one after the
/// other differ in what is run last.
struct Filling<'a> {
    contents: &'a Contents,
    program: Program,
    /// Holes to be filled, with their positions; the last is the next.
    open: Vec<(HoleId, u8)>,
    /// How many were filled.
    depth: usize,
    skip: u128,
    left: u128,
}

impl<'a> Filling<'a> {
    fn new(contents: &'a Contents, root: HoleId, first: u128, count: u128) -> Filling<'a> {
        let program = Program::new(root);
        Filling { contents, program, open: vec![(root, 0)], depth: 0, skip: first, left: count }
    }

    /// Visits the programs that differ in the open holes, until that says false. Returns whether there are more to come.
    fn fill(&mut self, each: &mut impl Visit) -> bool {
        let Some((hole, position)) = self.open.pop() else {
            self.left -= 1;
            return each.program(&self.program) && self.left > 0;
        };
        let contents = self.contents;
        let below = self.open.len();
        for (index, content) in contents.of(hole).iter().enumerate() {
            if self.skip > 0 {
                let rest: u128 = self.open.iter().map(|(hole, _)| contents.count(*hole)).product();
                if self.skip >= rest * content.count {
                    self.skip -= rest * content.count;
                    continue;
                }
            }
            self.program.put(position, content.shape, index as u32);
            each.place(&self.program, self.depth, position);
            let more = if content.holes.is_empty() && below == 0 {
                self.left -= 1;
                each.program(&self.program) && self.left > 0
            } else {
                let parts = content.holes.iter().rev();
                self.open.extend(parts.map(|(offset, hole, _)| (*hole, position + offset)));
                self.depth += 1;
                let more = self.fill(each);
                self.depth -= 1;
                self.open.truncate(below);
                more
            };
            if !more {
                return false;
            }
        }
        self.open.push((hole, position));
        true
    }
}
