//! Summaries: what a part of a program does is composed from what its parts do.
//!
//! By the frame lemma (`proofs-notes/frames.md`) what a part does, from a given world and with given exceptions in
//! the frames below, does not depend on what else lies below. Its *summary* tells for each such *calling context* how it completes, in which
//! world, and which properties it breaks. Parts with one summary are one *class*: they are counted, and only
//! the class is put into larger programs. That is sound for properties whose monitors watch one statement
//! and nothing outside it, which [`composes`] decides.

use egg::Id;
use rustc_hash::FxHashMap;

use crate::book::property::{Property, Scope};
use crate::book::rule::{Pattern, variables};
use crate::check::contents::{Contents, HoleId};
use crate::check::counts::Counts;
use crate::check::local::{CallingContext, Local, Unsuitable};
use crate::check::monitor::ConfigId;
use crate::check::summary::End;

/// Whether a property can be told part by part: each of its events names, by the label that the scope
/// binds, the statement that is watched, so that nothing outside that statement moves its monitor.
pub fn composes(property: &Property) -> bool {
    let Scope::Activation(markers) = &property.scope else { return false };
    let label = markers.first().and_then(|marker| variables(marker).first().copied());
    let Some(label) = label.filter(|label| markers.iter().all(|m| variables(m).first() == Some(label)))
    else {
        return false;
    };
    !property.names_an_integer()
        && property.transitions.iter().all(|transition| names(&transition.event, label))
}

/// Whether an event names a statement by the variable: its marker's first part is it.
fn names(event: &Pattern, label: egg::Var) -> bool {
    let part = |at: Id| match &event[at] {
        egg::ENodeOrVar::ENode(node) => node.args.first().copied(),
        egg::ENodeOrVar::Var(_) => None,
    };
    let marked = part(event.root()).and_then(part).map(|at| &event[at]);
    let halts = matches!(&event[event.root()], egg::ENodeOrVar::ENode(node) if node.op.as_str() == "halt");
    // A statement that control is in when the program ends was never left, which its own part tells too.
    halts || matches!(marked, Some(egg::ENodeOrVar::Var(var)) if *var == label)
}

/// How a part completes in one calling context.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Outcome {
    /// The answer, for a part at position 0; or how the rules fail.
    end: Ended,
    /// Which properties are broken on the way, as bits.
    broken: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Ended {
    Answer(u32),
    Fault(u32),
    /// Not known in this round: a part was entered in a calling context that it was not known to be entered in.
    Open,
}

/// The parts that may stand in a hole and have one summary.
#[derive(Debug, Clone)]
struct Class {
    outcomes: Vec<Outcome>,
    count: u128,
    /// The least number of one of them.
    rank: u128,
    /// For each calling context, the steps that they take, all together, and the most that one of them takes.
    steps: Vec<Steps>,
}

/// Steps of the parts of a class.
#[derive(Debug, Clone, Copy, Default)]
struct Steps {
    all: u128,
    most: u64,
}

/// Computes summaries, sizes in their order.
struct Summaries<'l, 'a> {
    local: &'l mut Local<'a>,
    contents: &'a Contents,
    /// For each hole the calling contexts in which it is entered, as far as they are known.
    calling_contexts: Vec<Vec<CallingContext>>,
    numbers: FxHashMap<(HoleId, CallingContext), usize>,
    classes: FxHashMap<HoleId, Vec<Class>>,
    moved: FxHashMap<(u32, u8), u32>,
    config: ConfigId,
    evaluated: u128,
    /// Whether a calling context was added in this round.
    grown: bool,
}

/// What covers all programs in the hole `root`, by summaries, for properties all of which [`composes`].
/// Returns the sums, their runs the number of composed parts that were followed.
///
/// # Errors
/// When programs have choices, may reach a limit, or leave monitors open: the rules are then to be run otherwise.
pub fn summarise(
    local: &mut Local,
    contents: &Contents,
    root: HoleId,
    properties: usize,
) -> Result<Counts, Unsuitable> {
    let (config, first) = local.opening();
    let holes = contents.by_size();
    let mut calling_contexts = vec![Vec::new(); holes.len()];
    calling_contexts[usize::from(root)].push(first);
    let mut summaries = Summaries {
        contents: local.contents(),
        local,
        calling_contexts,
        numbers: FxHashMap::from_iter([((root, first), 0)]),
        classes: FxHashMap::default(),
        moved: FxHashMap::default(),
        config,
        evaluated: 0,
        grown: true,
    };
    // Round by round, the calling contexts in which parts are entered become known.
    while std::mem::take(&mut summaries.grown) {
        summaries.classes.clear();
        summaries.evaluated = 0;
        holes.iter().try_for_each(|hole| summaries.hole(*hole))?;
    }
    summaries.total(first, root, properties)
}

impl Summaries<'_, '_> {
    /// The classes of a hole, those of its parts being known.
    fn hole(&mut self, hole: HoleId) -> Result<(), Unsuitable> {
        let mut classes: Vec<Class> = Vec::new();
        let mut places: FxHashMap<Vec<Outcome>, usize> = FxHashMap::default();
        for content in self.contents.of(hole) {
            let parts: Vec<Vec<Class>> =
                content.holes.iter().map(|(_, hole, _)| self.classes[hole].clone()).collect();
            let mut picked = vec![0; parts.len()];
            loop {
                let chosen: Vec<&Class> = parts.iter().zip(&picked).map(|(part, at)| &part[*at]).collect();
                let mut class = self.compose(hole, content.shape, content.holes.as_slice(), &chosen)?;
                let parts_rank = content.holes.iter().zip(&chosen).map(|((_, _, stride), c)| stride * c.rank);
                class.rank = content.rank + parts_rank.sum::<u128>();
                match places.get(&class.outcomes) {
                    Some(place) => classes[*place].add(&class),
                    None => {
                        places.insert(class.outcomes.clone(), classes.len());
                        classes.push(class);
                    }
                }
                if !count_up(&mut picked, &parts) {
                    break;
                }
            }
        }
        self.classes.insert(hole, classes);
        Ok(())
    }

    /// The class of a content whose parts are of these classes.
    fn compose(
        &mut self,
        hole: HoleId,
        shape: u32,
        holes: &[(u8, HoleId, u128)],
        parts: &[&Class],
    ) -> Result<Class, Unsuitable> {
        let count: u128 = parts.iter().map(|part| part.count).product();
        let mut class = Class { outcomes: Vec::new(), count, rank: 0, steps: Vec::new() };
        for place in 0..self.calling_contexts[usize::from(hole)].len() {
            let calling_context = self.calling_contexts[usize::from(hole)][place];
            let (outcome, steps) = self.follow(calling_context, shape, holes, parts, count)?;
            class.outcomes.push(outcome);
            class.steps.push(steps);
        }
        Ok(class)
    }

    /// Follows a content from its start in a calling context, its parts answering by their summaries.
    fn follow(
        &mut self,
        calling_context: CallingContext,
        shape: u32,
        holes: &[(u8, HoleId, u128)],
        parts: &[&Class],
        count: u128,
    ) -> Result<(Outcome, Steps), Unsuitable> {
        self.evaluated += 1;
        let (mut config, mut broken, mut steps) = (self.config, 0, Steps::default());
        let mut summary = self.local.entered_in(calling_context, shape);
        for _ in 0..LONGEST {
            steps.all += u128::from(summary.steps) * count;
            steps.most += u64::from(summary.steps);
            if steps.most > self.local.longest() {
                return Err(Unsuitable);
            }
            broken |= self.local.advance_by(&mut config, summary.events);
            match summary.end {
                End::Down | End::Across => {
                    let part = holes.iter().position(|(offset, ..)| *offset == summary.position);
                    let part = part.ok_or(Unsuitable)?;
                    let calling_context = self.local.calling_context_of(summary.next);
                    if self.local.calling_context_keeps_position(calling_context) {
                        return Err(Unsuitable);
                    }
                    let Some(entered) = self.known(holes[part].1, calling_context) else {
                        return Ok((Outcome { end: Ended::Open, broken }, steps));
                    };
                    let outcome = parts[part].outcomes[entered];
                    // Of the programs of the class, each stands beside each choice of the others.
                    let taken = parts[part].steps[entered];
                    steps.all += taken.all * (count / parts[part].count);
                    steps.most += taken.most;
                    broken |= outcome.broken;
                    match outcome.end {
                        Ended::Answer(answer) => {
                            let answer = self.shifted(answer, holes[part].0);
                            let group = self.local.group_of(summary.next);
                            summary = self.local.answered(group, answer);
                        }
                        fault => return Ok((Outcome { end: fault, broken }, steps)),
                    }
                }
                End::Return if config == self.config && !self.local.answer_keeps_position(summary.next) => {
                    return Ok((Outcome { end: Ended::Answer(summary.next), broken }, steps));
                }
                End::Fault => return Ok((Outcome { end: Ended::Fault(summary.next), broken }, steps)),
                _ => return Err(Unsuitable),
            }
        }
        Err(Unsuitable)
    }

    /// The place of a calling context among those of a hole. A new one is known from the next round on.
    fn known(&mut self, hole: HoleId, calling_context: CallingContext) -> Option<usize> {
        let calling_contexts = &mut self.calling_contexts[usize::from(hole)];
        let place = *self.numbers.entry((hole, calling_context)).or_insert_with(|| {
            calling_contexts.push(calling_context);
            self.grown = true;
            calling_contexts.len() - 1
        });
        let summarised = self.classes.get(&hole).and_then(|classes| classes.first());
        summarised.is_some_and(|class| place < class.outcomes.len()).then_some(place)
    }

    /// The answer of a part at position 0, for one at another position.
    fn shifted(&mut self, answer: u32, by: u8) -> u32 {
        if let Some(known) = self.moved.get(&(answer, by)) {
            return *known;
        }
        let shifted = self.local.shifted(answer, u32::from(by));
        self.moved.insert((answer, by), shifted);
        shifted
    }

    /// The sums over all programs: each class of the root, taken to the end of its path.
    fn total(mut self, first: CallingContext, root: HoleId, properties: usize) -> Result<Counts, Unsuitable> {
        let mut counts = Counts::new(properties);
        for class in self.classes.remove(&root).unwrap_or_default() {
            let mut run =
                crate::check::follow::Run { broken: class.outcomes[0].broken, ..Default::default() };
            let mut steps = class.steps[0].all;
            let mut most = class.steps[0].most;
            match class.outcomes[0].end {
                Ended::Answer(answer) => {
                    let summary = self.local.answered(first.group(), answer);
                    let mut config = self.config;
                    run.broken |= self.local.advance_by(&mut config, summary.events);
                    steps += u128::from(summary.steps) * class.count;
                    most += u64::from(summary.steps);
                    match summary.end {
                        End::Final => run.ended.push(summary.next as u8),
                        End::Fault => run.fault = Some(self.local.fault(summary.next)),
                        _ => return Err(Unsuitable),
                    }
                }
                Ended::Fault(fault) => run.fault = Some(self.local.fault(fault)),
                Ended::Open => return Err(Unsuitable),
            }
            if most > self.local.longest() {
                return Err(Unsuitable);
            }
            counts.add(&run, class.count, || class.rank);
            counts.coverage.steps += steps;
            counts.coverage.states += steps + class.count;
            counts.coverage.paths += class.count;
        }
        counts.coverage.runs = 0;
        counts.coverage.summaries = self.evaluated;
        Ok(counts)
    }
}

impl Class {
    fn add(&mut self, other: &Class) {
        self.count += other.count;
        self.rank = self.rank.min(other.rank);
        for (mine, other) in self.steps.iter_mut().zip(&other.steps) {
            mine.all += other.all;
            mine.most = mine.most.max(other.most);
        }
    }
}

/// The next choice of one class for each part; false after the last.
fn count_up(picked: &mut [usize], parts: &[Vec<Class>]) -> bool {
    for (digit, part) in picked.iter_mut().zip(parts) {
        *digit += 1;
        if *digit < part.len() {
            return true;
        }
        *digit = 0;
    }
    false
}

/// A content that goes from part to part more often is left to the ways that notice whether it ends.
const LONGEST: usize = 1 << 16;
