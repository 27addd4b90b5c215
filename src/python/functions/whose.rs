//! Whether an attribute is the object's own or that of its class: in the very last search that is forgotten, too.
//!
//! `if x is not None: self.x = x`, where the class has an `x`, leaves objects that have their own and objects that have not, and eight
//! such statements leave 256 of them. What reading it gives is unknown then, whosever it is.

use egg::Id;
use rustc_hash::FxHashSet;

use crate::machine::domain::Context;
use crate::python::functions::coarse::{MAIN, is_plain};
use crate::python::values::activations::waiting;
use crate::python::values::names::names;
use crate::python::values::{Call, shelf};

/// What asks which attributes an object has, or takes away some that is not named. What `vars` and `dir` give is unknown in any case.
const ASKING: [&str; 2] = ["__dict__", "delattr"];

/// What asks for the exception that was being handled where another was raised.
const CONTEXT: &str = "__context__";

/// What the module that is checked does with attributes.
#[derive(Default)]
pub(super) struct Doing {
    stored: FxHashSet<Id>,
    /// The names of those that are deleted, and the words by which one asks which there are.
    asked: FxHashSet<Id>,
}

impl Doing {
    fn asks(&self, cx: &Context, words: &[&str]) -> bool {
        self.asked.iter().any(|asked| words.contains(&cx.name(*asked)))
    }

    /// Notes what is done in the code that is in a term, or that it is.
    fn note(&mut self, cx: &Context, term: Id, is_code: bool) {
        let [stored, asked] = cx.bank.attributes_in(term, || done_in(cx, term, is_code));
        self.stored.extend(stored.iter());
        self.asked.extend(asked.iter());
    }
}

/// What the code of the module does that can still run: that of functions, and what is left of activations.
pub(super) fn doing(call: &Call) -> Doing {
    let mut found = Doing::default();
    let env = call.module_env(MAIN).map(|env| shelf::bindings(call.cx.bank, env)).unwrap_or_default();
    let values = env.into_iter().map(|(_, value)| value);
    let entries = call.heap_entries().into_iter().map(|(_, entry)| entry);
    values.chain(entries).for_each(|term| found.note(call.cx, term, false));
    let callers = waiting(call.cx.bank, call.world).into_iter().map(|[frames, _]| frames);
    for mut frames in std::iter::once(call.frames).chain(callers) {
        while let [top, below] = call.cx.bank.get(frames).args[..] {
            found.note(call.cx, top, true);
            frames = below;
        }
    }
    found
}

/// Whether the module asks for what was being handled where an exception was raised.
pub(super) fn asks_for_contexts(call: &Call) -> bool {
    doing(call).asks(call.cx, &[CONTEXT])
}

/// The attributes that an object of this class may have of its own or not: its methods store them, nothing deletes them, and the class has
/// them, too. None where the module asks which attributes an object has.
pub(super) fn perhaps_own(call: &mut Call, class: Id, attributes: Id, doing: &Doing) -> Vec<Id> {
    if doing.asks(call.cx, &ASKING) {
        return Vec::new();
    }
    let order = call.mro(class).unwrap_or_default();
    let held: Vec<(Id, Id)> = order.into_iter().flat_map(|class| bindings_of_class(call, class)).collect();
    let mut of_methods = Doing::default();
    held.iter().for_each(|(_, value)| of_methods.note(call.cx, *value, false));
    let mut stored = &of_methods.stored - &doing.asked;
    for (own, _) in shelf::bindings(call.cx.bank, attributes) {
        stored.remove(&own);
    }
    let mut found = Vec::new();
    for (name, value) in held {
        let counts = call.cx.bank.op(value) == names().routine || is_plain(call.cx.bank, value);
        let special = call.cx.name(name).starts_with("__");
        if counts && !special && stored.contains(&name) && !found.contains(&name) {
            found.push(name);
        }
    }
    found
}

fn bindings_of_class(call: &Call, class: Id) -> Vec<(Id, Id)> {
    let entry = call.cx.is_user_class(class).then(|| call.entry(class)).flatten();
    entry.map(|entry| shelf::bindings(call.cx.bank, entry.attributes)).unwrap_or_default()
}

/// The names of the attributes that the module's code in a term stores; and the names of those that it deletes, with the words by which
/// one asks for attributes.
fn done_in(cx: &Context, whole: Id, is_code: bool) -> [Vec<Id>; 2] {
    let (mut stored, mut asked) = (Vec::new(), Vec::new());
    let (mut seen, mut open) = (FxHashSet::default(), vec![(whole, is_code)]);
    while let Some((term, within)) = open.pop() {
        if !seen.insert((term, within)) || is_of_library(cx, term) {
            continue;
        }
        let args = &cx.bank.get(term).args;
        let within = within || cx.bank.op(term) == names().code;
        if !within {
            open.extend(args.iter().map(|part| (*part, false)));
            continue;
        }
        if let ("call", [callee, operands]) = (cx.name(term), &args[..]) {
            let named = |function| names_function(cx, *callee, function);
            let written = written_last(cx, *operands);
            if named("store_attr") {
                stored.extend(written);
            } else if named("delattr") && written.is_some() {
                asked.extend(written);
                open.push((*operands, true));
                continue;
            }
        }
        let asks = |word: &&Id| ASKING.contains(&cx.name(**word)) || cx.name(**word) == CONTEXT;
        asked.extend(args.last().filter(asks));
        open.extend(args.iter().map(|part| (*part, true)));
    }
    [stored, asked]
}

/// Whether a term is the code of a function of another module.
fn is_of_library(cx: &Context, term: Id) -> bool {
    let node = cx.bank.get(term);
    let part = |term: Id, place: usize| cx.bank.get(term).args.get(place).copied();
    let module = node.args.get(1).and_then(|information| part(*information, 2));
    node.op == names().code && module.is_some_and(|module| cx.name(module) != MAIN)
}

/// Whether an expression is a builtin function of this name.
fn names_function(cx: &Context, callee: Id, name: &str) -> bool {
    let part = |term: Id| cx.bank.get(term).args.first().copied();
    let function = part(callee).filter(|_| cx.name(callee) == "const");
    let named = function.filter(|function| cx.bank.op(*function) == names().builtin).and_then(part);
    named.is_some_and(|named| cx.name(named) == name)
}

/// The text that is the last of these operands.
fn written_last(cx: &Context, mut operands: Id) -> Option<Id> {
    let mut last = None;
    while let ("arguments", [operand, rest]) = (cx.name(operands), &cx.bank.get(operands).args[..]) {
        last = Some(*operand);
        operands = *rest;
    }
    let text = last.filter(|last| cx.name(*last) == "const").map(|last| cx.bank.arg(last, 0))?;
    (cx.name(text) == "str").then(|| cx.bank.arg(text, 0))
}
