//! Which line control is on along a path: the line that was announced last in the activation at hand.

use std::rc::Rc;

use egg::Id;

use crate::machine::stepper::{Edge, Machine};
use crate::term::unescape;

/// Where control is at a state of a path. It is cheap to keep one for each state.
#[derive(Debug, Clone)]
pub struct Place(Rc<Activation>);

/// A generator that is suspended: its number, the line that it is in, and its code.
type Suspended = (Id, Option<usize>, Option<Rc<Code>>);

/// An activation, known by the callers that wait for it.
#[derive(Debug)]
struct Activation {
    callers: Id,
    line: Option<usize>,
    /// The code that it runs, where it is one that objects have.
    code: Option<Rc<Code>>,
    /// The activation that called this one.
    outer: Option<Place>,
    /// The generators that are suspended, and on which lines.
    suspended: Rc<Vec<Suspended>>,
}

/// The code of a function, a class or a module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// Its qualified name.
    pub name: String,
    /// The module that it stands in.
    pub module: String,
}

impl Place {
    /// The place in the state that a path begins with.
    pub fn start(machine: &Machine, state: Id) -> Place {
        let callers = callers_of(machine, state);
        Place(Rc::new(Activation { callers, line: None, code: None, outer: None, suspended: Rc::default() }))
    }

    /// The line that control is on.
    pub fn line(&self) -> Option<usize> {
        self.0.line
    }

    /// The code that control is in, where objects are kept; none for the program itself.
    pub fn code(&self) -> Option<&Code> {
        self.0.code.as_deref()
    }

    /// The line that a transition from here, which is at `state`, belongs to, and the place that it leads to. After
    /// a call has returned, control is on the line of the caller again.
    pub fn follow(&self, machine: &Machine, state: Id, edge: &Edge) -> (Option<usize>, Place) {
        let line = line_of(machine, edge).or(self.0.line);
        let callers = callers_of(machine, edge.target);
        if callers == self.0.callers {
            return (line, if line == self.0.line { self.clone() } else { self.at(line) });
        }
        let here = self.at(line);
        let next = here.back_to(machine, callers).unwrap_or_else(|| here.called(machine, state, callers));
        (line, next)
    }

    fn at(&self, line: Option<usize>) -> Place {
        let Activation { callers, code, outer, suspended, .. } = &*self.0;
        let (callers, code, outer, suspended) = (*callers, code.clone(), outer.clone(), Rc::clone(suspended));
        Place(Rc::new(Activation { callers, line, code, outer, suspended }))
    }

    /// The place of the caller that waits with these callers of its own, if one does.
    fn back_to(&self, machine: &Machine, callers: Id) -> Option<Place> {
        let mut suspended = Rc::clone(&self.0.suspended);
        let mut at = self;
        while at.0.callers != callers {
            if let Some(generator) = generator_of(machine, at.0.callers) {
                let known = Rc::make_mut(&mut suspended);
                known.retain(|(other, ..)| *other != generator);
                known.push((generator, at.0.line, at.0.code.clone()));
            }
            at = at.0.outer.as_ref()?;
        }
        let Activation { line, code, outer, .. } = &*at.0;
        let (line, code, outer) = (*line, code.clone(), outer.clone());
        Some(Place(Rc::new(Activation { callers, line, code, outer, suspended })))
    }

    /// The place in an activation that was entered: a generator goes on where it was suspended, a function has no line
    /// of its own until one is announced.
    fn called(&self, machine: &Machine, state: Id, callers: Id) -> Place {
        let suspended = Rc::clone(&self.0.suspended);
        let known = generator_of(machine, callers)
            .and_then(|generator| suspended.iter().find(|(other, ..)| *other == generator));
        let (line, code) = match known {
            Some((_, line, code)) => (*line, code.clone()),
            None => (None, code_of(machine, state).map(Rc::new)),
        };
        let line = line.or(self.0.line);
        Place(Rc::new(Activation { callers, line, code, outer: Some(self.clone()), suspended }))
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

/// The code that a state is about to run: `(begin code …)`, a module that is imported, or a generator that starts.
fn code_of(machine: &Machine, state: Id) -> Option<Code> {
    let bank = machine.bank();
    let first = *bank.get(state).args.first()?;
    let code = match (bank.op(state).as_str(), bank.op(first).as_str()) {
        ("begin", _) => first,
        ("resume", "unstarted") => bank.arg(first, 0),
        ("invoke", "module-code") => bank.arg(first, 1),
        _ => return None,
    };
    let information = *bank.get(code).args.get(1)?;
    let text = |part: Id| unescape(bank.op(part).as_str());
    match bank.get(information).args[..] {
        [_, name, module, ..] => Some(Code { name: text(name), module: text(module) }),
        _ => None,
    }
}

/// The line that a transition announces.
pub fn line_of(machine: &Machine, edge: &Edge) -> Option<usize> {
    let bank = machine.bank();
    let line = edge.events.iter().find(|event| bank.op(**event).as_str() == "line")?;
    bank.op(bank.arg(*line, 0)).as_str().parse().ok()
}
