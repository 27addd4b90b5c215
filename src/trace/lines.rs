//! Which line control is on along a path: the line that was announced last in the activation at hand.

use std::rc::Rc;

use egg::Id;

use crate::machine::stepper::{Edge, Machine};

/// Where control is at a state of a path. It is cheap to keep one for each state.
#[derive(Debug, Clone)]
pub struct Place(Rc<Activation>);

/// An activation, known by the callers that wait for it.
#[derive(Debug)]
struct Activation {
    callers: Id,
    line: Option<usize>,
    /// The activation that called this one.
    outer: Option<Place>,
    /// The generators that are suspended, and on which lines.
    suspended: Rc<Vec<(Id, usize)>>,
}

impl Place {
    /// The place in the state that a path begins with.
    pub fn start(machine: &Machine, state: Id) -> Place {
        let callers = callers_of(machine, state);
        Place(Rc::new(Activation { callers, line: None, outer: None, suspended: Rc::default() }))
    }

    /// The line that control is on.
    pub fn line(&self) -> Option<usize> {
        self.0.line
    }

    /// The line that a transition from here belongs to, and the place that it leads to. After a call has returned,
    /// control is on the line of the caller again.
    pub fn follow(&self, machine: &Machine, edge: &Edge) -> (Option<usize>, Place) {
        let line = line_of(machine, edge).or(self.0.line);
        let callers = callers_of(machine, edge.target);
        if callers == self.0.callers {
            return (line, if line == self.0.line { self.clone() } else { self.at(line) });
        }
        let here = self.at(line);
        let next = here.back_to(machine, callers).unwrap_or_else(|| here.called(machine, callers));
        (line, next)
    }

    fn at(&self, line: Option<usize>) -> Place {
        let Activation { callers, outer, suspended, .. } = &*self.0;
        let (callers, outer, suspended) = (*callers, outer.clone(), Rc::clone(suspended));
        Place(Rc::new(Activation { callers, line, outer, suspended }))
    }

    /// The place of the caller that waits with these callers of its own, if one does.
    fn back_to(&self, machine: &Machine, callers: Id) -> Option<Place> {
        let mut suspended = Rc::clone(&self.0.suspended);
        let mut at = self;
        while at.0.callers != callers {
            if let (Some(generator), Some(line)) = (generator_of(machine, at.0.callers), at.0.line) {
                let known = Rc::make_mut(&mut suspended);
                known.retain(|(other, _)| *other != generator);
                known.push((generator, line));
            }
            at = at.0.outer.as_ref()?;
        }
        let Activation { line, outer, .. } = &*at.0;
        Some(Place(Rc::new(Activation { callers, line: *line, outer: outer.clone(), suspended })))
    }

    /// The place in an activation that was entered: a generator goes on where it was suspended, a function has no line
    /// of its own until one is announced.
    fn called(&self, machine: &Machine, callers: Id) -> Place {
        let suspended = Rc::clone(&self.0.suspended);
        let known = generator_of(machine, callers)
            .and_then(|generator| suspended.iter().find(|(other, _)| *other == generator));
        let line = known.map(|(_, line)| *line).or(self.0.line);
        Place(Rc::new(Activation { callers, line, outer: Some(self.clone()), suspended }))
    }
}

fn callers_of(machine: &Machine, state: Id) -> Id {
    machine.bank().arg(machine.world_of(state), 4)
}

/// The generator whose activation waits in front of these callers.
fn generator_of(machine: &Machine, callers: Id) -> Option<Id> {
    let bank = machine.bank();
    (bank.op(callers).as_str() == "resumer").then(|| bank.arg(callers, 0))
}

/// The line that a transition announces.
pub fn line_of(machine: &Machine, edge: &Edge) -> Option<usize> {
    let bank = machine.bank();
    let line = edge.events.iter().find(|event| bank.op(**event).as_str() == "line")?;
    bank.op(bank.arg(*line, 0)).as_str().parse().ok()
}
