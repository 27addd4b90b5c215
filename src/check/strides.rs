//! Decided steps of what the rules look at, several at once.
//!
//! What follows from what the rules look at is the same whatever stands below it and whatever the monitors have met. So where the
//! rules decide the steps, these are made once, up to where something is decided, an event happens that monitors may notice, or
//! another way joins: a *stride*. What lies inside of one is reached in one way only; what turns out to be
//! reached in a second way ends the stride through it, so that equal states of a program are met as such.

use egg::Id;

use crate::check::monitor::Monitors;
use crate::machine::Machine;
use crate::machine::stepper::Successors;

/// A stop: where strides begin and end.
pub(super) type StopId = u32;

/// Decided steps.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stride {
    /// How many; none where something is decided at once.
    pub(super) steps: u32,
    /// Whether no event happens on the way.
    pub(super) silent: bool,
    /// What the rules look at then.
    pub(super) next: Id,
    /// The events of the last step, where monitors may notice them: the first, and how many.
    events: (u32, u32),
}

/// Where a term stands among strides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// It was not met.
    New,
    /// Inside a stride, behind this term.
    Behind(Id),
    /// At the end of strides.
    Stop(StopId),
}

impl Standing {
    const STOP: u32 = 1 << 31;

    fn of(mark: u32) -> Standing {
        match mark {
            0 => Standing::New,
            mark if mark & Standing::STOP != 0 => Standing::Stop(mark & !Standing::STOP),
            mark => Standing::Behind(Id::from(mark as usize - 1)),
        }
    }

    fn mark(self) -> u32 {
        match self {
            Standing::New => 0,
            Standing::Behind(before) => usize::from(before) as u32 + 1,
            Standing::Stop(stop) => stop | Standing::STOP,
        }
    }
}

/// The strides made so far.
#[derive(Debug, Default)]
pub(super) struct Strides {
    /// By term, how it stands.
    marks: Vec<u32>,
    /// By stop, what follows it, where that is known.
    strides: Vec<Option<Stride>>,
    events: Vec<Id>,
    /// The stops whose strides were cut since this was asked last.
    cut: Vec<StopId>,
}

impl Strides {
    /// Forgets all of them.
    pub(super) fn forget(&mut self) {
        *self = Strides::default();
    }

    /// About how many bytes they take.
    pub(super) fn bytes(&self) -> usize {
        self.marks.len() * size_of::<u32>() + self.strides.len() * size_of::<Option<Stride>>()
    }

    /// The stops whose strides were cut since this was asked last: whoever followed them has passed a stop.
    pub(super) fn take_cut(&mut self) -> Option<StopId> {
        self.cut.pop()
    }

    /// The stop that a term is, which it becomes if it is none.
    pub(super) fn stop(&mut self, top: Id) -> StopId {
        let before = match self.standing(top) {
            Standing::Stop(stop) => return stop,
            Standing::New => None,
            Standing::Behind(before) => Some(before),
        };
        let stop = self.strides.len() as StopId;
        self.strides.push(None);
        self.stand(top, Standing::Stop(stop));
        if let Some(start) = before.and_then(|before| self.start(before)) {
            self.strides[start as usize] = None;
            self.cut.push(start);
        }
        stop
    }

    /// What follows a term, which becomes a stop.
    pub(super) fn from(&mut self, machine: &mut Machine, monitors: &Monitors, top: Id) -> Stride {
        let stop = self.stop(top);
        loop {
            if let Some(stride) = self.strides[stop as usize] {
                return stride;
            }
            let stride = self.follow(machine, monitors, top);
            // One that met itself was cut, and is made again.
            let cut = self.cut.len();
            self.cut.retain(|cut| *cut != stop);
            if self.cut.len() == cut {
                self.strides[stop as usize] = Some(stride);
            }
        }
    }

    /// The events at the end of a stride, where monitors may notice them.
    pub(super) fn events(&self, stride: &Stride) -> &[Id] {
        let (first, count) = stride.events;
        &self.events[first as usize..][..count as usize]
    }

    fn follow(&mut self, machine: &mut Machine, monitors: &Monitors, top: Id) -> Stride {
        let mut stride = Stride { steps: 0, silent: true, next: top, events: (0, 0) };
        loop {
            let at = stride.next;
            let Successors::Edges([edge]) = machine.successors(at) else { break };
            let (events, target) = (edge.events.clone(), edge.target);
            stride.steps += 1;
            stride.silent &= events.is_empty();
            stride.next = target;
            let notices = events.iter().any(|event| monitors.notices(machine, *event));
            match self.standing(target) {
                Standing::New if !notices => self.stand(target, Standing::Behind(at)),
                Standing::Behind(before) if before == at && !notices => {}
                _ => {
                    if notices {
                        stride.events = (self.events.len() as u32, events.len() as u32);
                        self.events.extend(events);
                    }
                    break;
                }
            }
        }
        self.stop(stride.next);
        stride
    }

    fn standing(&self, term: Id) -> Standing {
        Standing::of(self.marks.get(usize::from(term)).copied().unwrap_or_default())
    }

    fn stand(&mut self, term: Id, standing: Standing) {
        let place = usize::from(term);
        if self.marks.len() <= place {
            self.marks.resize(place + 1, 0);
        }
        self.marks[place] = standing.mark();
    }

    /// The stop at which the stride through a term begins.
    fn start(&self, mut term: Id) -> Option<StopId> {
        loop {
            match self.standing(term) {
                Standing::Behind(before) => term = before,
                Standing::Stop(stop) => return Some(stop),
                Standing::New => return None,
            }
        }
    }
}
