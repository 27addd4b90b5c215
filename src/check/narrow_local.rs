//! Narrowing over summaries: for programs without choices.

use crate::check::contents::{Contents, HoleId};
use crate::check::counts::Counts;
use crate::check::each::{Program, each_filling};
use crate::check::local::{Here, LONGEST, Local, POSITIONS, Stop, Told, Unsuitable};
use crate::check::narrow::PIECES;
use crate::check::sums::Sums;
use crate::check::whole_run::Whole;

impl Local<'_> {
    /// First choices that cut the work into pieces.
    ///
    /// # Errors
    /// When a program has choices.
    pub fn pieces(&mut self) -> Result<Vec<Vec<u32>>, Unsuitable> {
        let most = self.contents.count(self.root) / PIECES;
        let mut pieces = Vec::new();
        self.search(&[], Task::Cut { most, pieces: &mut pieces })?;
        Ok(pieces)
    }

    /// Covers all programs behind first choices, choosing parts when control reaches them. Programs that a
    /// limit may cut off are run as a whole.
    ///
    /// # Errors
    /// When a program has choices.
    pub fn narrow(
        &mut self,
        prefix: &[u32],
        whole: &mut Whole,
        counts: &mut Counts,
    ) -> Result<(), Unsuitable> {
        let mut sums = Sums::default();
        let outcome = self.search(prefix, Task::Counts { sums: &mut sums, counts, whole });
        sums.flush(counts);
        outcome
    }

    fn search(&mut self, prefix: &[u32], task: Task) -> Result<(), Unsuitable> {
        let weight = self.contents.count(self.root);
        if weight == 0 {
            return Ok(());
        }
        let mut search = Narrowing {
            program: Program::new(self.root),
            places: [(0, false); POSITIONS],
            weight,
            prefix,
            path: Vec::new(),
            task,
        };
        search.places[0] = (self.root, false);
        self.narrow_from(self.start, &mut search)
    }

    fn narrow_from(&mut self, mut here: Here, search: &mut Narrowing) -> Result<(), Unsuitable> {
        // What was chosen before is read again, as in a loop's second turn.
        while search.places[usize::from(here.position)].1 {
            let shape = search.program.shapes[usize::from(here.position)];
            match self.enter(&mut here, shape)? {
                Stop::Read => {}
                stop => return self.complete(&here, stop, search),
            }
        }
        if search.is_cut() {
            return Ok(());
        }
        let position = usize::from(here.position);
        let hole = search.places[position].0;
        let only = search.prefix.get(search.path.len()).map(|only| *only as usize);
        search.places[position].1 = true;
        let (stack, weight) = (self.stack, search.weight);
        let others = weight / self.contents.count(hole);
        for (index, content) in self.contents.of(hole).iter().enumerate() {
            if only.is_some_and(|only| only != index) {
                continue;
            }
            search.path.push((here.position, index as u32));
            search.program.put(here.position, content.shape, index as u32);
            for (offset, hole, _) in &content.holes {
                search.places[position + usize::from(*offset)] = (*hole, false);
            }
            search.weight = others * content.count;
            let mut next = here;
            match self.enter(&mut next, content.shape)? {
                Stop::Read => {
                    self.narrow_from(next, search)?;
                    self.stack = stack;
                }
                stop => self.complete(&next, stop, search)?,
            }
            search.path.pop();
        }
        search.weight = weight;
        search.places[position].1 = false;
        Ok(())
    }

    /// A path has ended: it is that of all programs that differ in what was never read.
    #[inline]
    fn complete(&mut self, here: &Here, stop: Stop, search: &mut Narrowing) -> Result<(), Unsuitable> {
        let Narrowing { program, places, weight, path, task, .. } = search;
        let (sums, counts, whole) = match task {
            Task::Counts { sums, counts, whole } => (sums, counts, whole),
            Task::Cut { pieces, .. } => {
                pieces.push(path.iter().map(|(_, index)| *index).collect());
                return Ok(());
            }
        };
        let told = match u64::try_from(*weight) {
            Ok(weight) if weight <= MANY => {
                if sums.programs.max(sums.steps) > MANY {
                    sums.flush(counts);
                }
                self.stop(here, stop, sums, weight)
            }
            _ => {
                let mut one = Sums::default();
                let told = self.stop(here, stop, &mut one, 1);
                one.flush_times(*weight, counts);
                told
            }
        };
        match told {
            Told::Well => {}
            Told::Badly(run) => {
                counts.blame(&run, program.rank(self.contents, &|at| places[at].1));
            }
            Told::Doubtful => {
                let open = open(self.contents, program, places, path);
                each_filling(self.contents, program, open, |rank| {
                    whole.check(rank, &mut self.outcomes, counts);
                });
            }
        }
        Ok(())
    }
}

/// Sums of not many more programs, each of at most [`LONGEST`] steps, fit 64 bits.
const MANY: u64 = u64::MAX / (4 * LONGEST);

/// What may stand at each position, and whether it was chosen.
type Places = [(HoleId, bool); POSITIONS];

/// A search by narrowing.
struct Narrowing<'t, 'j> {
    program: Program,
    places: Places,
    /// How many programs the choices leave open.
    weight: u128,
    /// The choices that the search keeps to, up to their number.
    prefix: &'t [u32],
    /// The choices made, each with its position.
    path: Vec<(u8, u32)>,
    task: Task<'t, 'j>,
}

/// What the search is for.
enum Task<'t, 'j> {
    /// To add up what is found.
    Counts { sums: &'t mut Sums, counts: &'t mut Counts, whole: &'t mut Whole<'j> },
    /// To cut the work into pieces of at most so many programs, which are not followed.
    Cut { most: u128, pieces: &'t mut Vec<Vec<u32>> },
}

impl Narrowing<'_, '_> {
    /// Whether the search is for pieces, and this is one.
    fn is_cut(&mut self) -> bool {
        let Task::Cut { most, pieces } = &mut self.task else { return false };
        let small = !self.path.is_empty() && self.weight <= *most;
        if small {
            pieces.push(self.path.iter().map(|(_, index)| *index).collect());
        }
        small
    }
}

/// The holes that were never read.
fn open(contents: &Contents, program: &Program, places: &Places, path: &[(u8, u32)]) -> Vec<(HoleId, u8)> {
    let mut open = Vec::new();
    for (position, _) in path {
        let content = program.content(contents, places[usize::from(*position)].0, *position);
        let parts = content.holes.iter().map(|(offset, hole, _)| (*hole, position + offset));
        open.extend(parts.filter(|(_, at)| !places[usize::from(*at)].1));
    }
    open
}
