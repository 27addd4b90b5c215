//! Which terms of two runs say the same, up to the numbers of what was made.

use egg::Id;
use rustc_hash::FxHashSet;

use crate::machine::{Bank, Machine};
use crate::prove::equivalence::Level;
use crate::prove::equivalence::pairing::{Made, Pairing, fits, is_about_places, made};
use crate::python::functions::modules::module_names;
use crate::python::values::names::names;
use crate::python::values::{heap, shelf};

/// Two states, whose terms are compared.
pub(super) struct Alike<'m> {
    machine: &'m Machine,
    /// The heaps, where objects are kept.
    heaps: [Option<Id>; 2],
    level: Level,
    /// Whether it counts what is in functions.
    functions: bool,
    /// What is already being compared.
    seen: FxHashSet<[Id; 2]>,
    /// Which of what was made belong together.
    pub pairing: Pairing,
}

impl<'m> Alike<'m> {
    pub fn new(machine: &'m Machine, states: [Id; 2], level: Level, pairing: Pairing) -> Alike<'m> {
        let heaps = states.map(|state| heap_of(machine.bank(), machine.world_of(state)));
        Alike { machine, heaps, level, functions: true, seen: FxHashSet::default(), pairing }
    }

    fn bank(&self) -> &'m Bank {
        self.machine.bank()
    }

    /// Whether all of these are alike, one by one.
    pub fn all(&mut self, ones: &[Id], others: &[Id]) -> bool {
        ones.len() == others.len() && ones.iter().zip(others).all(|(one, other)| self.terms([*one, *other]))
    }

    /// Whether two terms are alike.
    pub fn terms(&mut self, pair: [Id; 2]) -> bool {
        if !self.seen.insert(pair) {
            return true;
        }
        let bank = self.bank();
        let nodes = pair.map(|term| bank.get(term));
        if nodes[0].op != nodes[1].op || nodes[0].args.len() != nodes[1].args.len() {
            return false;
        }
        // What an answer has made of the world shows itself.
        if nodes[0].op.as_str() == "world" || nodes[0].op == names().routine && !self.functions {
            return true;
        }
        // The last level looks at the traceback of the exception that comes out: lines differ in all others.
        if pair.iter().all(|value| is_traceback(bank, *value)) {
            let references = nodes.map(|node| node.args.last().and_then(|reference| made(bank, *reference)));
            let [Some(one), Some(other)] = references else { return false };
            return self.pairing.pair(one, other, |_| true);
        }
        match (made(bank, pair[0]), made(bank, pair[1])) {
            (Some(one @ Made::Unknown(..)), Some(other)) => return self.unknowns(one, other),
            (Some(one), Some(other)) => {
                // Of an exception the class and the arguments stand beside its number.
                let beside = nodes[0].args.len() - 1;
                return self.objects(one, other)
                    && self.all(&nodes[0].args[..beside], &nodes[1].args[..beside]);
            }
            _ => {}
        }
        let first = usize::from(is_about_places(nodes[0].op));
        self.all(&nodes[0].args[first..], &nodes[1].args[first..])
    }

    /// Two unknowns belong together where they are called the same, and are the same attribute of what belongs together.
    fn unknowns(&mut self, one: Made, other: Made) -> bool {
        self.pairing.pair(one, other, |pairing| match (one, other) {
            (Made::Unknown(name, _), Made::Unknown(its, _)) => {
                name == its && pairing.of_origin(one).is_none_or(|origin| fits(other, origin))
            }
            _ => false,
        })
    }

    /// Two objects belong together where the same is in them.
    fn objects(&mut self, one: Made, other: Made) -> bool {
        if !self.pairing.pair(one, other, |_| true) {
            return false;
        }
        let bank = self.bank();
        let entry = |made: Made, heap: Option<Id>| match made {
            Made::Object(number) => heap::find(bank, heap?, heap::number_of(bank, number)?),
            Made::Unknown(..) => None,
        };
        match [entry(one, self.heaps[0]), entry(other, self.heaps[1])] {
            [Some(one), Some(other)] => self.entries([one, other]),
            [None, None] => true,
            _ => false,
        }
    }

    fn entries(&mut self, pair: [Id; 2]) -> bool {
        if !self.seen.insert(pair) {
            return true;
        }
        let bank = self.bank();
        let [payloads, attributes] = [0, 1].map(|part| pair.map(|entry| bank.arg(entry, part)));
        self.payloads(payloads) && self.attributes(attributes)
    }

    /// What an exception remembers counts from the third level on.
    fn payloads(&mut self, pair: [Id; 2]) -> bool {
        let nodes = pair.map(|payload| self.bank().get(payload));
        let remembers = |node: &crate::term::Node| node.op.as_str() == "exception-of";
        if nodes.iter().all(|node| remembers(node)) && self.level < Level::Context {
            return self.terms([nodes[0].args[0], nodes[1].args[0]]);
        }
        if nodes.iter().all(|node| remembers(node)) {
            return self.all(&nodes[0].args[..4], &nodes[1].args[..4]);
        }
        self.terms(pair)
    }

    /// The attributes, but for tracebacks.
    fn attributes(&mut self, pair: [Id; 2]) -> bool {
        let bank = self.bank();
        let bound = pair.map(|env| {
            let mut bound = shelf::bindings(bank, env);
            bound.retain(|(name, _)| bank.op(*name).as_str() != "__traceback__");
            bound
        });
        self.bound(&bound)
    }

    /// Whether the same names are bound to what is alike.
    fn bound(&mut self, bound: &[Vec<(Id, Id)>; 2]) -> bool {
        bound[0].len() == bound[1].len()
            && bound[0].iter().all(|(name, value)| {
                let other = bound[1].iter().find(|(other, _)| other == name);
                other.is_some_and(|(_, other)| self.terms([*value, *other]))
            })
    }

    /// Whether two states end alike: the same completion, and the same in the names of the program's module.
    /// `functions` says whether it counts what is in functions.
    pub fn ends(&mut self, states: [Id; 2], functions: bool) -> bool {
        self.functions = functions;
        let bank = self.bank();
        let completions = states.map(|state| bank.arg(state, 0));
        let envs = states.map(|state| module_names(bank, self.machine.world_of(state), "__main__".into()));
        self.terms(completions)
            && match envs {
                [Some(one), Some(other)] => self.bound(&[one, other].map(|env| own_names(bank, env))),
                _ => true,
            }
    }
}

fn is_traceback(bank: &Bank, value: Id) -> bool {
    let node = bank.get(value);
    let class = node.args.first().filter(|_| node.op == names().object);
    let name = class.and_then(|class| bank.get(*class).args.first());
    name.is_some_and(|name| bank.op(*name).as_str() == "traceback")
}

/// The names of a module that are the program's.
fn own_names(bank: &Bank, env: Id) -> Vec<(Id, Id)> {
    let mut bound = shelf::bindings(bank, env);
    bound.retain(|(name, _)| {
        let name = bank.op(*name).as_str();
        let is_special = name.starts_with("__") && name.ends_with("__");
        !is_special && !name.starts_with('.')
    });
    bound
}

/// The heap of a world that keeps objects.
fn heap_of(bank: &Bank, world: Id) -> Option<Id> {
    let globals = bank.get(bank.arg(world, 1));
    (globals.op == names().objects).then(|| globals.args[1])
}
