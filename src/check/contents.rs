//! What can stand in an open part of a program, with its own parts left open.
//!
//! A part of a program is a *hole* until something is chosen for it. A program of size *n* occupies the positions
//! 0 to *n* − 1 in source order, each statement the first position of its part, so a
//! statement's position says which it is, whatever the rest of the program: labels and
//! `return` values are taken from it.

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::check::core::{Clause, Condition, Core};
use crate::check::enumerate::{Compound, Enumeration, Fragment, Part};

/// What may stand in a hole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hole {
    kind: Kind,
    /// Its size.
    pub size: u8,
    /// Whether `break` and `continue` may stand in it.
    pub in_loop: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Block,
    Statement,
    /// A block other than `pass`, which an `else` clause may not be.
    Proper,
}

/// A hole's content, its own holes open.
#[derive(Debug, Clone)]
pub struct Content {
    /// Its shape, by number; two contents of one shape may have parts of other sizes.
    pub shape: u32,
    /// The holes in it: how far from its own position, what may stand there, and how much the number
    /// of what stands there adds to the number of the whole.
    pub holes: SmallVec<[(u8, HoleId, u128); 3]>,
    /// How many programs it stands for.
    pub count: u128,
    /// What its choice adds to the number of the whole.
    pub rank: u128,
}

/// A kind of hole, by number.
pub type HoleId = u16;

/// The contents of all kinds of holes of a fragment.
#[derive(Debug)]
pub struct Contents {
    sizes: Vec<u8>,
    counts: Vec<u128>,
    contents: Vec<Vec<Content>>,
    shapes: Vec<Core>,
}

/// The contents in the making.
struct Making {
    enumeration: Enumeration,
    holes: Vec<Hole>,
    ids: FxHashMap<Hole, HoleId>,
    shape_ids: FxHashMap<Core, u32>,
    made: Contents,
}

/// How many shapes have the least numbers, because they are the statements of size 1.
pub const LEAVES: usize = 16;

impl Contents {
    /// The contents of a fragment's holes, of a whole program of `size` and of all in it. They grow
    /// with the number of ways to make clauses; sizes above 8 of the core take gigabytes.
    pub fn new(fragment: Fragment, size: usize) -> (Contents, HoleId) {
        let mut making = Making {
            enumeration: Enumeration::new(fragment),
            holes: Vec::new(),
            ids: FxHashMap::default(),
            shape_ids: FxHashMap::default(),
            made: Contents {
                sizes: Vec::new(),
                counts: Vec::new(),
                contents: Vec::new(),
                shapes: Vec::new(),
            },
        };
        for leaf in making.enumeration.leaves(true).to_vec() {
            making.shape(leaf);
        }
        let root = making.hole(Hole { kind: Kind::Block, size: size as u8, in_loop: false });
        // Making the contents of a hole names the holes in them.
        while making.made.contents.len() < making.holes.len() {
            let contents = making.contents_of(making.holes[making.made.contents.len()]);
            making.made.contents.push(contents);
        }
        (making.made, root)
    }

    /// What may stand in a hole, in the order of enumeration.
    #[inline]
    pub fn of(&self, hole: HoleId) -> &[Content] {
        &self.contents[usize::from(hole)]
    }

    /// All kinds of holes, the smaller ones first.
    pub fn by_size(&self) -> Vec<HoleId> {
        let mut holes: Vec<HoleId> = (0..self.counts.len() as HoleId).collect();
        holes.sort_by_key(|hole| self.sizes[usize::from(*hole)]);
        holes
    }

    /// In how many ways a hole can be filled.
    #[inline]
    pub fn count(&self, hole: HoleId) -> u128 {
        self.counts[usize::from(hole)]
    }

    /// The shape of that number at a position, its parts holes at theirs.
    pub fn at(&self, shape: u32, position: usize) -> Core {
        shift(&self.shapes[shape as usize], position)
    }
}

impl Making {
    fn hole(&mut self, hole: Hole) -> HoleId {
        if let Some(id) = self.ids.get(&hole) {
            return *id;
        }
        let id = self.holes.len() as HoleId;
        let size = usize::from(hole.size);
        let count = match hole.kind {
            Kind::Block => self.enumeration.parts(Part::Block, size, hole.in_loop),
            Kind::Statement => self.enumeration.parts(Part::Statement, size, hole.in_loop),
            Kind::Proper => self.enumeration.parts(Part::Block, size, hole.in_loop) - u128::from(size == 1),
        };
        self.holes.push(hole);
        self.made.counts.push(count);
        self.made.sizes.push(hole.size);
        self.ids.insert(hole, id);
        id
    }

    fn shape(&mut self, shape: Core) -> u32 {
        let next = self.made.shapes.len() as u32;
        *self.shape_ids.entry(shape).or_insert_with_key(|shape| {
            self.made.shapes.push(shape.clone());
            next
        })
    }

    fn contents_of(&mut self, hole: Hole) -> Vec<Content> {
        let size = usize::from(hole.size);
        let mut made = Vec::new();
        let mut rank = 0;
        if size == 1 {
            for leaf in self.enumeration.leaves(hole.in_loop).to_vec() {
                let shape = self.shape(leaf);
                made.push(Content { shape, holes: SmallVec::new(), count: 1, rank });
                rank += 1;
            }
        } else {
            for compound in self.enumeration.compounds(size) {
                let count = self.enumeration.shape_count(&compound, hole.in_loop);
                for part in self.compound(compound, hole.in_loop) {
                    made.extend(self.content(part, rank));
                }
                rank += count;
            }
        }
        if hole.kind != Kind::Statement {
            for first in self.enumeration.splits(size) {
                let (head, tail) = (Kind::Statement, Kind::Block);
                let mut partial = Partial::new(hole.in_loop);
                let heads = partial.hole(self, head, first, 1);
                partial.hole(self, tail, size - 1 - first, heads);
                partial.shape = Core::Seq(partial.core(0), partial.core(1));
                rank += partial.count;
                let before = rank - partial.count;
                made.extend(self.content(partial, before));
            }
        }
        if hole.kind == Kind::Proper && size == 1 {
            made.remove(0);
            made.iter_mut().for_each(|content| content.rank -= 1);
        }
        made
    }

    fn content(&mut self, partial: Partial, rank: u128) -> Option<Content> {
        let Partial { shape, holes, count, offset, .. } = partial;
        let shape = self.shape(shape);
        (count > 0).then_some(Content { shape, holes, count, rank: rank + offset })
    }

    fn compound(&mut self, compound: Compound, in_loop: bool) -> Vec<Partial> {
        let mut partial = Partial::new(in_loop);
        match compound {
            Compound::Seq(first, second) => {
                let stride = partial.hole(self, Kind::Block, first, 1);
                partial.hole(self, Kind::Block, second, stride);
                partial.shape = Core::Seq(partial.core(0), partial.core(1));
            }
            Compound::TryFinally(suite, clause) => {
                let stride = partial.hole(self, Kind::Block, suite, 1);
                partial.hole(self, Kind::Block, clause, stride);
                partial.shape = Core::TryFinally(partial.core(0), partial.core(1));
            }
            Compound::For(body) => {
                partial.in_loop = true;
                partial.hole(self, Kind::Block, body, 1);
                partial.shape = Core::For(partial.core(0));
            }
            Compound::If(then, orelse) => {
                let stride = partial.hole(self, Kind::Block, then, 1);
                let orelse = partial.orelse(self, orelse, stride);
                partial.shape = Core::If(partial.core(0), orelse);
            }
            Compound::While(body, orelse) => {
                partial.in_loop = true;
                let stride = partial.hole(self, Kind::Block, body, 1);
                partial.in_loop = in_loop;
                let orelse = partial.orelse(self, orelse, stride);
                partial.shape = Core::While(partial.core(0), orelse);
            }
            Compound::TryExcept(suite, clauses, orelse) => {
                let stride = partial.hole(self, Kind::Block, suite, 1);
                let ways = self.enumeration.parts(Part::Clauses, clauses, in_loop);
                let mut found = Vec::new();
                self.clauses(partial, Vec::new(), clauses, stride, &mut |making, mut partial, clauses| {
                    let orelse = partial.orelse(making, orelse, stride * ways);
                    partial.shape = Core::TryExcept(partial.core(0), clauses, orelse);
                    found.push(partial);
                });
                return found;
            }
        }
        vec![partial]
    }

    /// Every list of clauses of a size: the numbers are those of [`Enumeration`].
    fn clauses(
        &mut self,
        partial: Partial,
        clauses: Vec<Clause>,
        size: usize,
        stride: u128,
        then: &mut dyn FnMut(&mut Making, Partial, Vec<Clause>),
    ) {
        let (conditions, bare) = self.enumeration.conditions();
        let (ways, followed) = self.enumeration.choices();
        let blocks = |making: &Making, size| making.enumeration.parts(Part::Block, size, partial.in_loop);
        let with = |making: &mut Making, condition: Option<Condition>, size, digit: u128, ways: u128| {
            let mut partial = partial.clone();
            partial.offset += digit * stride;
            partial.hole(making, Kind::Block, size, stride * ways);
            let body = *partial.core(partial.holes.len() - 1);
            let mut clauses = clauses.clone();
            clauses.push(Clause { condition, body });
            (partial, clauses)
        };
        let last = conditions.iter().copied().map(Some).chain(bare.then_some(None));
        for (digit, condition) in last.enumerate() {
            let (partial, clauses) = with(self, condition, size, digit as u128, ways);
            then(self, partial, clauses);
        }
        let mut before = ways * blocks(self, size);
        for first in 1..size {
            let heads = followed * blocks(self, first);
            let rest = self.enumeration.parts(Part::Clauses, size - first, partial.in_loop);
            for (digit, condition) in conditions.iter().take(followed as usize).enumerate() {
                let (mut partial, clauses) = with(self, Some(*condition), first, digit as u128, followed);
                partial.offset += before * stride;
                self.clauses(partial, clauses, size - first, stride * heads, then);
            }
            before += heads * rest;
        }
    }
}

/// A content in the making.
#[derive(Debug, Clone)]
struct Partial {
    in_loop: bool,
    shape: Core,
    holes: SmallVec<[(u8, HoleId, u128); 3]>,
    count: u128,
    offset: u128,
    /// How far from its own position its next part is.
    next: usize,
}

impl Partial {
    fn new(in_loop: bool) -> Partial {
        Partial { in_loop, shape: Core::Pass, holes: SmallVec::new(), count: 1, offset: 0, next: 1 }
    }

    /// Adds a hole whose number counts `stride`. Returns the next hole's stride, if that follows at once.
    fn hole(&mut self, making: &mut Making, kind: Kind, size: usize, stride: u128) -> u128 {
        let hole = making.hole(Hole { kind, size: size as u8, in_loop: self.in_loop });
        self.holes.push((self.next as u8, hole, stride));
        self.next += size;
        self.count *= making.made.count(hole);
        stride * making.made.count(hole)
    }

    fn orelse(&mut self, making: &mut Making, size: usize, stride: u128) -> Option<Box<Core>> {
        if size == 0 {
            return None;
        }
        let kind = if size == 1 { Kind::Proper } else { Kind::Block };
        self.hole(making, kind, size, stride);
        Some(self.core(self.holes.len() - 1))
    }

    fn core(&self, place: usize) -> Box<Core> {
        Box::new(Core::Hole(usize::from(self.holes[place].0)))
    }
}

/// The shape with its holes moved.
fn shift(shape: &Core, position: usize) -> Core {
    let moved = |part: &Core| Box::new(shift(part, position));
    let optional = |part: &Option<Box<Core>>| part.as_deref().map(moved);
    match shape {
        Core::Hole(offset) => Core::Hole(position + offset),
        Core::Seq(first, second) => Core::Seq(moved(first), moved(second)),
        Core::TryFinally(first, second) => Core::TryFinally(moved(first), moved(second)),
        Core::For(body) => Core::For(moved(body)),
        Core::If(body, orelse) => Core::If(moved(body), optional(orelse)),
        Core::While(body, orelse) => Core::While(moved(body), optional(orelse)),
        Core::TryExcept(suite, clauses, orelse) => {
            let clause =
                |clause: &Clause| Clause { condition: clause.condition, body: shift(&clause.body, position) };
            Core::TryExcept(moved(suite), clauses.iter().map(clause).collect(), optional(orelse))
        }
        leaf => leaf.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(contents: &Contents, hole: HoleId, position: usize) -> Vec<(Core, u128)> {
        let mut found = Vec::new();
        for content in contents.of(hole) {
            let mut partial = vec![(contents.at(content.shape, position), content.rank)];
            for (offset, hole, stride) in &content.holes {
                let position = position + usize::from(*offset);
                let parts = fill(contents, *hole, position);
                partial = partial
                    .iter()
                    .flat_map(|(core, rank)| {
                        parts
                            .iter()
                            .map(move |(part, number)| (put(core, position, part), rank + number * stride))
                    })
                    .collect();
            }
            assert_eq!(partial.len() as u128, content.count);
            found.extend(partial);
        }
        assert_eq!(found.len() as u128, contents.count(hole));
        found
    }

    fn put(core: &Core, position: usize, part: &Core) -> Core {
        let inner = |core: &Core| Box::new(put(core, position, part));
        let optional = |core: &Option<Box<Core>>| core.as_deref().map(inner);
        match core {
            Core::Hole(at) if *at == position => part.clone(),
            Core::Seq(a, b) => Core::Seq(inner(a), inner(b)),
            Core::TryFinally(a, b) => Core::TryFinally(inner(a), inner(b)),
            Core::For(a) => Core::For(inner(a)),
            Core::If(a, b) => Core::If(inner(a), optional(b)),
            Core::While(a, b) => Core::While(inner(a), optional(b)),
            Core::TryExcept(a, clauses, b) => Core::TryExcept(
                inner(a),
                clauses.iter().map(|c| Clause { condition: c.condition, body: *inner(&c.body) }).collect(),
                optional(b),
            ),
            leaf => leaf.clone(),
        }
    }

    #[test]
    fn filling_the_holes_gives_every_program_under_its_number() {
        for fragment in [Fragment::Core, Fragment::Closed, Fragment::J, Fragment::Jn] {
            for size in 1..=4 {
                let (contents, root) = Contents::new(fragment, size);
                let enumeration = Enumeration::new(fragment);
                let filled = fill(&contents, root, 0);
                let mut seen = vec![false; filled.len()];
                for (core, rank) in filled {
                    assert_eq!(enumeration.core(size, rank).as_ref(), Some(&core), "{fragment:?} {rank}");
                    assert!(!std::mem::replace(&mut seen[rank as usize], true));
                }
                assert!(seen.into_iter().all(|seen| seen));
            }
        }
    }

    #[test]
    fn the_programs_for_comparisons_are_as_many_as_others_found() {
        let counts = |fragment, sizes: &[usize]| -> Vec<u128> {
            sizes.iter().map(|size| Enumeration::new(fragment).count(*size)).collect()
        };
        let j = [159_457, 1_369_165, 93_557_569, 712_465_852, 6_772_163_146, 40_806_717_889_756];
        assert_eq!(counts(Fragment::J, &[7, 8, 10, 11, 12, 16]), j);
        assert_eq!(counts(Fragment::Jn, &[8, 9]), [685_194, 4_505_262]);
    }
}
