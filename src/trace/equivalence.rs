//! The serialised form of a report of `equiv`, and how it is told where two programs part.

use egg::Id;
use serde::{Deserialize, Serialize};

use crate::machine::stepper::{Edge, Machine, Successors};
use crate::prove::equivalence::{Judged, Level, Parted};
use crate::python::OBSERVER;
use crate::python::print;
use crate::python::values::Objects;
use crate::python::values::vocabulary::vocabulary;
use crate::term::{Term, unescape};
use crate::trace::lines::Place;
use crate::trace::walk::{Taken, happenings};
use crate::trace::words;

/// What pairs of programs were found to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EquivReport {
    /// The version of the format.
    pub format: u32,
    /// The hash of the rules.
    pub rules: String,
    /// The Python version.
    pub python: String,
    /// The pairs.
    pub pairs: Vec<PairReport>,
}

/// What one pair of programs was found to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PairReport {
    /// What was compared.
    pub sides: [String; 2],
    /// The finest level at which they do the same: 1 events and how it ends, 2 also what is being handled, 3 also context and cause, 4 also
    /// the entries of the traceback; 0 where they do not.
    pub level: u8,
    /// Pairs of states that were looked at.
    pub pairs: usize,
    /// Where they part at the next level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parted: Option<PartedReport>,
    /// Why it is not known whether they part at the next level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<String>,
    /// Why they cannot be compared, where they cannot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
    /// What was taken for granted of this pair besides what always is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub granted: Vec<String>,
}

/// Where two programs part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartedReport {
    /// The level at which they do.
    pub level: u8,
    /// The way of each up to there.
    pub ways: [Way; 2],
}

/// The way of one program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Way {
    /// What happens, in order.
    pub steps: Vec<Happening>,
    /// What it does where they part.
    pub last: String,
}

/// Something that happens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Happening {
    /// The line of the program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// What, as a sentence.
    pub what: String,
}

impl PairReport {
    /// What two programs were found to be, by this machine. So many lines of each stand before its own.
    pub fn of(
        sides: [String; 2],
        machine: &mut Machine,
        judged: &Judged,
        before: [usize; 2],
        granted: Vec<String>,
    ) -> PairReport {
        PairReport {
            sides,
            level: judged.level.map_or(0, Level::number),
            pairs: judged.pairs,
            parted: judged.parted.as_ref().map(|parted| PartedReport::of(machine, parted, before)),
            limit: judged.limit.as_ref().map(ToString::to_string),
            refused: None,
            granted,
        }
    }

    /// Two sides that cannot be compared: why.
    pub fn refused(sides: [String; 2], why: String) -> PairReport {
        let (level, pairs, parted, limit, granted) = (0, 0, None, None, Vec::new());
        PairReport { sides, level, pairs, parted, limit, refused: Some(why), granted }
    }
}

impl PartedReport {
    fn of(machine: &mut Machine, parted: &Parted, before: [usize; 2]) -> PartedReport {
        let Parted { level, subjects, difference } = parted;
        let ways = [0, 1].map(|side| {
            let program = &subjects[side].program;
            let start = machine.start(&program.body, &program.globals);
            way(machine, start, &difference.paths[side], *level, before[side])
        });
        PartedReport { level: level.number(), ways }
    }
}

/// The way of one program.
fn way(machine: &mut Machine, start: Id, path: &[Edge], level: Level, before: usize) -> Way {
    let (mut steps, mut state, mut place) = (Vec::new(), start, Place::start(machine, start));
    for edge in path {
        let choice = matches!(machine.successors(state), Successors::Edges(edges) if edges.len() > 1);
        let (line, next) = place.follow(machine, state, edge);
        // A line of the library is none of the program.
        let is_own = next.code().is_none_or(|code| code.module == "__main__");
        let line = line.filter(|line| is_own && *line > before).map(|line| line - before);
        let taken = Taken { state, edge: edge.clone(), choice, line: None };
        let told = happenings(machine, &taken).into_iter().map(|what| Happening { line, what });
        let calls = edge.events.iter().any(|event| machine.bank().op(*event).as_str() == "leave");
        let observed = observed(machine, state).filter(|_| calls).map(|what| Happening { line: None, what });
        steps.extend(told.chain(observed));
        (state, place) = (edge.target, next);
    }
    Way { steps, last: last(machine, state, level) }
}

/// What a program does at a state, and what is to be seen of it at a level.
fn last(machine: &mut Machine, state: Id, level: Level) -> String {
    let bank = machine.bank();
    let ended = (bank.op(state).as_str() == "done").then(|| bank.arg(state, 0));
    let what = match ended {
        Some(completion) => words::left(&bank.term(completion)),
        None => observed(machine, state).unwrap_or_else(|| words::control_of(&bank.term(state))),
    };
    let raised = ended
        .filter(|completion| bank.op(*completion) == vocabulary().raising)
        .map(|raising| bank.arg(raising, 0));
    let world = machine.world_of(state);
    let handled = bank.arg(world, 2);
    let more = match level {
        Level::Events => None,
        Level::Handled if ended.is_some() => None,
        Level::Handled => Some(format!("while {} is being handled", shown(machine, handled))),
        Level::Context => Some(chain(machine, world, raised.unwrap_or(handled))),
        Level::Traceback => raised.map(|raised| entries(machine, world, raised)),
    };
    [Some(what), more].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// What the observer is called with at a state, where it is.
fn observed(machine: &Machine, state: Id) -> Option<String> {
    let bank = machine.bank();
    let node = bank.get(state);
    let callee = bank.get(*node.args.first()?);
    if callee.op != vocabulary().unknown || unescape(bank.op(callee.args[0]).as_str()) != OBSERVER {
        return None;
    }
    let given: Term = bank.term(*node.args.get(1)?);
    let mut values = print::values(&given).into_iter();
    let verb = values.next()?.trim_matches(|char| char == '\'' || char == '"').to_string();
    Some(format!("{verb} {}", values.next()?))
}

fn shown(machine: &Machine, value: Id) -> String {
    let bank = machine.bank();
    match bank.op(value).as_str() {
        "none" => "nothing".into(),
        _ => print::value(&bank.term(value)),
    }
}

/// Exceptions of a chain that are shown.
const LINKS: usize = 8;

/// What an exception is linked with.
fn chain(machine: &mut Machine, world: Id, exception: Id) -> String {
    let (mut told, mut open) = (Vec::new(), vec![exception]);
    while let Some(exception) = open.pop() {
        if machine.bank().op(exception) != vocabulary().exception || told.len() >= LINKS {
            continue;
        }
        let mut cx = machine.context();
        let Some(chain) = Objects::of(&mut cx, world).chain(exception) else { continue };
        let suppressed = if chain.suppress { ", which is suppressed" } else { "" };
        let [one, cause, context] = [exception, chain.cause, chain.context].map(|link| shown(machine, link));
        told.push(format!("the cause of {one} is {cause}, its context {context}{suppressed}"));
        open.extend([chain.context, chain.cause]);
    }
    if told.is_empty() { "and nothing is being handled".into() } else { told.join("; ") }
}

/// Through which functions an exception has come.
fn entries(machine: &mut Machine, world: Id, exception: Id) -> String {
    let mut cx = machine.context();
    let entries = Objects::of(&mut cx, world).traceback_entries(exception);
    let names: Vec<String> = entries.into_iter().map(|entry| entry.name).collect();
    format!("through {}", names.join(", "))
}
