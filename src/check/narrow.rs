//! Narrowing: a program's parts are chosen only when control reaches them.
//!
//! The rules run on a program that is all hole. Where they read a hole, the search branches on what may
//! stand there, and goes back to branch again when all paths of that program have been followed. Holes that were
//! never read are counted: each way to fill them is a program that runs exactly as this one does.

use smallvec::SmallVec;

use crate::check::contents::{Contents, HoleId};
use crate::check::counts::Counts;
use crate::check::each::{Program, each_filling};
use crate::check::follow::{Arrival, Run, closes};
use crate::check::local::Unsuitable;
use crate::check::shared::{Kind, NONE, SharedExploration, Vertex, VertexId};
use crate::check::whole_run::Whole;
use crate::machine::stepper::Fault;

/// The search over all programs.
#[derive(Debug)]
pub struct Narrow<'a> {
    contents: &'a Contents,
    program: Program,
    /// What may stand at each position, and whether it was chosen.
    places: Vec<Place>,
    /// The positions of the program's holes, chosen or not.
    holes: Vec<u8>,
    root: HoleId,
    pending: SmallVec<[Arrival; 16]>,
    /// What was visited since the start of the program, to be undone.
    trail: Vec<VertexId>,
    run: Run,
    /// The choices made, as indices of contents.
    path: Vec<u32>,
    /// The choices that the search keeps to, up to their number.
    prefix: Vec<u32>,
    /// Choices to go on from, in a search that was interrupted.
    resume: Vec<u32>,
    splits: u64,
    memory: usize,
    since: u32,
}

#[derive(Debug, Clone, Copy, Default)]
struct Place {
    hole: HoleId,
    chosen: bool,
}

/// What the search is for.
enum Task<'t, 'j> {
    /// To add up what is found; what a limit may cut off is run as a whole.
    Counts(&'t mut Counts, &'t mut Whole<'j>),
    /// To cut the work into pieces of at most so many programs, which are not followed.
    Cut { most: u128, pieces: &'t mut Vec<Vec<u32>> },
}

/// How a search came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Back {
    /// It is done.
    Done,
    /// It is to be taken up again from `resume`: a vertex was found to be reached in two ways, and what
    /// was followed of this program may have missed where its paths join.
    Again,
    /// The same, after everything was forgotten: it takes too much memory.
    Full,
}

/// Where the search stood before a choice.
struct Before {
    pending: SmallVec<[Arrival; 16]>,
    trail: usize,
    run: Run,
    holes: usize,
}

/// A size is cut into pieces of at most this part of its programs.
pub(super) const PIECES: u128 = 256;
/// However much memory there is, no more bytes of vertices are kept than this: more, which lie far away from a processor, save no
/// time any more.
const HANDY: usize = 24 << 20;
/// How many runs pass between two looks at the memory taken.
const LOOK: u32 = 1 << 12;

impl<'a> Narrow<'a> {
    /// For programs that stand in the hole `root`.
    pub fn new(contents: &'a Contents, root: HoleId) -> Narrow<'a> {
        Narrow {
            contents,
            program: Program::new(root),
            places: vec![Place::default(); 64],
            holes: Vec::new(),
            root,
            pending: SmallVec::new(),
            trail: Vec::new(),
            run: Run::default(),
            path: Vec::new(),
            prefix: Vec::new(),
            resume: Vec::new(),
            splits: 0,
            memory: usize::MAX,
            since: 0,
        }
    }

    /// First choices that cut the work into pieces.
    pub fn pieces(&mut self, shared: &mut SharedExploration) -> Vec<Vec<u32>> {
        let most = self.contents.count(self.root) / PIECES;
        let mut pieces = Vec::new();
        self.search(shared, &[], usize::MAX, &mut Task::Cut { most, pieces: &mut pieces });
        pieces
    }

    /// Covers all programs behind first choices, and adds them to the counts.
    ///
    /// # Errors
    /// When states are in two parts and the rules looked below; the counts are then of no use.
    pub fn run(
        &mut self,
        shared: &mut SharedExploration,
        prefix: &[u32],
        memory: usize,
        whole: &mut Whole,
        counts: &mut Counts,
    ) -> Result<(), Unsuitable> {
        self.search(shared, prefix, memory, &mut Task::Counts(counts, whole));
        if shared.looked_below() { Err(Unsuitable) } else { Ok(()) }
    }

    fn search(&mut self, shared: &mut SharedExploration, prefix: &[u32], memory: usize, task: &mut Task) {
        self.prefix = prefix.to_vec();
        self.memory = memory;
        self.resume.clear();
        loop {
            self.splits = shared.splits();
            self.run.clear();
            self.path.clear();
            self.holes.clear();
            self.holes.push(0);
            self.places[0] = Place { hole: self.root, chosen: false };
            let start = Arrival { at: shared.root(), from: NONE, silent: false };
            let back = self.follow(shared, start, task);
            self.undo(shared, 0);
            match back {
                Back::Done => return,
                Back::Again => {}
                Back::Full => shared.forget(),
            }
        }
    }

    /// Follows all paths from where control arrives, and then those that are pending.
    fn follow(&mut self, shared: &mut SharedExploration, mut arrival: Arrival, task: &mut Task) -> Back {
        loop {
            let vertex = shared.get(arrival.at);
            if vertex.kind() == Kind::Read {
                let position = usize::from(vertex.position());
                if !self.places[position].chosen {
                    return self.branch(shared, arrival, &vertex, task);
                }
                arrival.at = shared.read(arrival.at, &vertex, self.program.shapes[position]);
                continue;
            }
            if let Some(next) = self.visit(shared, arrival, &vertex) {
                arrival = next;
                continue;
            }
            match self.pending.pop() {
                Some(next) => arrival = next,
                None => return self.complete(shared, task),
            }
        }
    }

    /// Visits a vertex that reads nothing; returns where its run leads.
    #[inline]
    fn visit(
        &mut self,
        shared: &mut SharedExploration,
        arrival: Arrival,
        vertex: &Vertex,
    ) -> Option<Arrival> {
        let at = arrival.at;
        if vertex.visited() {
            self.run.paths += 1;
            if arrival.silent && closes(shared, &self.program.shapes, arrival.from, at) {
                self.run.fault = self.run.fault.or(Some(Fault::Silent));
            }
            return None;
        }
        shared.visit(at);
        self.trail.push(at);
        let next = self.run.enter(shared, at, vertex, |arrival| self.pending.push(arrival));
        if next.is_none() && self.run.may_reach_a_limit(shared) {
            self.pending.clear();
        }
        next
    }

    /// Tries all contents of the hole that is read.
    fn branch(
        &mut self,
        shared: &mut SharedExploration,
        arrival: Arrival,
        read: &Vertex,
        task: &mut Task,
    ) -> Back {
        if shared.splits() != self.splits {
            return self.again();
        }
        let depth = self.path.len();
        if let Task::Cut { most, .. } = task
            && depth > 0
            && self.weight() <= *most
        {
            return self.complete(shared, task);
        }
        let position = usize::from(read.position());
        let contents = self.contents.of(self.places[position].hole);
        let only = self.prefix.get(depth).map(|only| *only as usize);
        let first = self.resume.get(depth).map(|next| *next as usize).or(only).unwrap_or_default();
        let most = only.map_or(contents.len(), |only| only + 1);
        self.places[position].chosen = true;
        for (index, content) in contents.iter().enumerate().take(most).skip(first) {
            self.path.push(index as u32);
            self.program.put(read.position(), content.shape, index as u32);
            let before = self.before();
            for (offset, hole, _) in &content.holes {
                let position = read.position() + offset;
                self.places[usize::from(position)] = Place { hole: *hole, chosen: false };
                self.holes.push(position);
            }
            let at = shared.read(arrival.at, read, content.shape);
            let back = self.follow(shared, Arrival { at, ..arrival }, task);
            self.restore(shared, before);
            if back != Back::Done {
                return back;
            }
            self.path.pop();
            self.resume.clear();
        }
        self.places[position].chosen = false;
        self.resume.clear();
        Back::Done
    }

    /// All paths have been followed: the program stands for all that differ from it in holes only.
    fn complete(&mut self, shared: &mut SharedExploration, task: &mut Task) -> Back {
        if shared.splits() != self.splits {
            return self.again();
        }
        let (program, contents, places) = (&self.program, self.contents, &self.places);
        match task {
            Task::Cut { pieces, .. } => pieces.push(self.path.clone()),
            Task::Counts(counts, _) if !self.run.may_reach_a_limit(shared) => {
                counts.add(&self.run, self.weight(), || program.rank(contents, &|at| places[at].chosen));
            }
            Task::Counts(counts, whole) => each_filling(contents, program, self.open(), |rank| {
                whole.check(rank, shared.outcomes_mut(), counts);
            }),
        }
        self.since += 1;
        if self.since >= LOOK {
            self.since = 0;
            if shared.bytes() > self.memory.min(HANDY) {
                self.resume.clone_from(&self.path);
                self.resume.last_mut().into_iter().for_each(|last| *last += 1);
                return Back::Full;
            }
        }
        Back::Done
    }

    fn again(&mut self) -> Back {
        // On the way to where it goes on from, what comes before that was covered already.
        if self.path.len() >= self.resume.len() {
            self.resume.clone_from(&self.path);
        }
        Back::Again
    }

    /// How many programs the choices leave open.
    fn weight(&self) -> u128 {
        let open = self.holes.iter().map(|at| self.places[usize::from(*at)]).filter(|place| !place.chosen);
        open.map(|place| self.contents.count(place.hole)).product()
    }

    /// The holes that were never read.
    fn open(&self) -> Vec<(HoleId, u8)> {
        let open = self.holes.iter().map(|at| (self.places[usize::from(*at)], *at));
        open.filter(|(place, _)| !place.chosen).map(|(place, at)| (place.hole, at)).collect()
    }

    fn before(&self) -> Before {
        Before {
            pending: self.pending.clone(),
            trail: self.trail.len(),
            run: self.run.clone(),
            holes: self.holes.len(),
        }
    }

    fn restore(&mut self, shared: &mut SharedExploration, before: Before) {
        self.undo(shared, before.trail);
        self.pending = before.pending;
        self.run = before.run;
        self.holes.truncate(before.holes);
    }

    fn undo(&mut self, shared: &mut SharedExploration, trail: usize) {
        for vertex in self.trail.drain(trail..) {
            shared.unvisit(vertex);
        }
    }
}
