//! Where two versions of Python part on a program: the first step at which they do not do the same.

use std::collections::VecDeque;

use egg::{Id, Symbol};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use crate::book::Book;
use crate::machine::Bank;
use crate::machine::stepper::{Edge, Machine, Successors};
use crate::python::Program;
use crate::python::values::names::names;
use crate::python::values::vocabulary::vocabulary;
use crate::trace::lines::Place;
use crate::trace::words;

/// The first step at which two versions part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parting {
    /// Its number, from 1.
    pub step: usize,
    /// The line of the program, or of the module or function of the library below, that control is on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// The function of the library that control is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub library: Option<String>,
    /// What the older version does.
    pub older: Deed,
    /// What the newer version does.
    pub newer: Deed,
}

/// What one version does at a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deed {
    /// The rule; none where the path has ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// For which versions it is a rule, where it is not for all: `since 3.9`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub gate: String,
    /// What control is at behind the step, in words.
    pub control: String,
}

/// A version with the program as it was loaded for it.
pub struct Side<'a> {
    /// The book.
    pub book: &'a Book,
    /// Its machine.
    pub machine: &'a mut Machine,
    /// The program.
    pub program: &'a Program,
}

/// Pairs of states that are compared.
const MOST: usize = 300_000;

/// What a comparison step by step came to.
pub struct Parted {
    /// Where the two part first; none where no step tells them apart, of those that are compared.
    pub parting: Option<Parting>,
    /// Whether all steps were compared: where a limit was reached, nobody knows of those behind it.
    pub whole: bool,
}

/// Where two versions part first.
pub fn parting(older: &mut Side, newer: &mut Side) -> Parted {
    let start = |side: &mut Side| side.machine.start(&side.program.body, &side.program.globals);
    let starts = [start(older), start(newer)];
    let mut alike = Alike::default();
    let mut seen = FxHashSet::from_iter([starts]);
    let mut open = VecDeque::from([(starts, Place::start(newer.machine, starts[1]), 1)]);
    let mut whole = true;
    while let Some((states, place, step)) = open.pop_front() {
        whole &= !is_cut_off(older.machine, states[0]) && !is_cut_off(newer.machine, states[1]);
        let (one, other) = (edges(older.machine, states[0]), edges(newer.machine, states[1]));
        let count = one.len().max(other.len());
        for way in 0..count {
            let taken = [one.get(way), other.get(way)];
            let (line, next) = match taken[1] {
                Some(edge) => place.follow(newer.machine, states[1], edge),
                None => (place.line(), place.clone()),
            };
            let pair = match taken {
                [Some(a), Some(b)] if alike.edges([older, newer], [a, b]) => [a.target, b.target],
                _ => {
                    let library = next.code().filter(|code| !is_own(newer.program, &code.module));
                    let parting = Parting {
                        step,
                        line,
                        library: library.map(|code| code.name.clone()),
                        older: deed(older, states[0], taken[0]),
                        newer: deed(newer, states[1], taken[1]),
                    };
                    return Parted { parting: Some(parting), whole };
                }
            };
            if seen.len() >= MOST {
                whole &= seen.contains(&pair);
            } else if seen.insert(pair) {
                open.push_back((pair, next, step + 1));
            }
        }
    }
    Parted { parting: None, whole }
}

/// Whether a path is not followed further at a state, although it has not ended there.
fn is_cut_off(machine: &mut Machine, state: Id) -> bool {
    matches!(machine.successors(state), Successors::Fault(_))
}

/// Whether a module is the program's own, and none of the library.
fn is_own(program: &Program, module: &str) -> bool {
    module == "__main__" || program.modules.contains_key(module)
}

fn edges(machine: &mut Machine, state: Id) -> Vec<Edge> {
    match machine.successors(state) {
        Successors::Edges(edges) => edges.to_vec(),
        _ => Vec::new(),
    }
}

fn deed(side: &Side, state: Id, edge: Option<&Edge>) -> Deed {
    let machine = &*side.machine;
    let rule = edge.map(|edge| &side.book.rules[edge.rule as usize]);
    let state = edge.map_or(state, |edge| edge.target);
    Deed {
        rule: rule.map(|rule| rule.name.to_string()),
        gate: rule.map(|rule| rule.gate.to_string()).unwrap_or_default(),
        control: words::control_of(&machine.bank().term(state)),
    }
}

/// Which terms of two banks are alike: the same but for the numbers of objects.
#[derive(Default)]
struct Alike {
    known: FxHashMap<[Id; 2], bool>,
}

impl Alike {
    /// Whether two transitions are by the same rule, and what happens and what control is at behind them is alike.
    fn edges(&mut self, [older, newer]: [&Side; 2], [one, other]: [&Edge; 2]) -> bool {
        let (machines, banks) =
            ([&*older.machine, &*newer.machine], [older.machine.bank(), newer.machine.bank()]);
        if machines[0].rule_name(one.rule) != machines[1].rule_name(other.rule)
            || one.events.len() != other.events.len()
        {
            return false;
        }
        let controls = [control(machines[0], one.target), control(machines[1], other.target)];
        let mut events = one.events.iter().zip(&other.events).map(|(a, b)| [*a, *b]);
        let mut controls = match controls.each_ref().map(Vec::len) {
            [count, others] if count == others => controls[0].iter().zip(&controls[1]).map(|(a, b)| [*a, *b]),
            _ => return false,
        };
        // What is still to be evaluated shows itself when it is: versions may differ in what stands deep in it.
        let open = ["eval", "expr"].contains(&banks[0].op(one.target).as_str());
        let waiting = |pair: [Id; 2]| pair.iter().zip(banks).all(|(part, bank)| is_waiting(bank, *part));
        banks[0].op(one.target) == banks[1].op(other.target)
            && events.all(|pair| self.terms(banks, pair))
            && controls.all(|pair| match open || waiting(pair) {
                true => banks[0].op(pair[0]) == banks[1].op(pair[1]),
                false => self.terms(banks, pair),
            })
    }

    fn terms(&mut self, banks: [&Bank; 2], pair: [Id; 2]) -> bool {
        if let Some(known) = self.known.get(&pair) {
            return *known;
        }
        let nodes = [banks[0].get(pair[0]), banks[1].get(pair[1])];
        let parts = compared(nodes[0].op, nodes[0].args.len());
        let same = nodes[0].op == nodes[1].op
            && nodes[0].args.len() == nodes[1].args.len()
            && (0..parts).all(|part| self.terms(banks, [nodes[0].args[part], nodes[1].args[part]]));
        self.known.insert(pair, same);
        same
    }
}

/// Whether a part of a state is what is still to be evaluated of the arguments of a call.
fn is_waiting(bank: &Bank, part: Id) -> bool {
    ["operand", "starred", "keyword", "double-starred", "arguments"].contains(&bank.op(part).as_str())
}

/// How many parts of a term are compared: the number of an object is its last, and so is the body of a function.
fn compared(op: Symbol, parts: usize) -> usize {
    let without_last = op == names().reference || op == vocabulary().exception || op.as_str() == "code";
    parts - usize::from(without_last && parts > 0)
}

/// The parts of a state that are neither its frames nor its world.
fn control(machine: &Machine, state: Id) -> Vec<Id> {
    let (frames, world) = (machine.frames_of(state), machine.world_of(state));
    let parts = machine.bank().get(state).args.iter().copied();
    parts.filter(|part| *part != frames && *part != world).collect()
}
