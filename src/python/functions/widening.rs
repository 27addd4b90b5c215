//! What is no longer known behind some turns of a loop: numbers, texts and containers that grow from turn to turn.
//!
//! A path that goes round a loop without end grows a value without end. So behind some turns, which the program says,
//! what has grown since the first turn becomes an unknown of its type, and the graph comes to an end. Every value that
//! it could have had is among those that the unknown may have, so what holds of the widened paths holds of all turns.
//!
//! What a turn leaves is compared with what the first turn left: that is noted as a fact, for as long as the loop runs.

use std::collections::BTreeMap;

use egg::Id;
use rustc_hash::FxHashSet;
use smallvec::smallvec;

use crate::machine::bank::Bank;
use crate::machine::domain::{Context, Results};
use crate::machine::sequence;
use crate::python::functions::unknowns;
use crate::python::values::names::names;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Call, Entry, heap, shelf};
use crate::term::{escape, unescape};

/// Of a longer container the members are not compared.
const LONG: usize = 64;

/// What stands for the attributes that were read on the way to an unknown.
const CUT: &str = ".…";

/// Where something is that may grow.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Local(String),
    Member(String, String),
    Attribute(u32, String),
    Cell(u32),
    Container(u32),
}

/// A turn of a loop that has ended.
pub(super) struct Turn {
    /// The iterator of a `for`, or `none`.
    iterator: Id,
    /// The loop, as its frames tell it.
    statement: Id,
}

/// What was noted of a loop.
struct Noted {
    sizes: BTreeMap<Place, Id>,
    turns: u32,
}

/// `(turned iterator loop frames world)`: the world in which the next turn of a loop begins.
pub fn turned(cx: &mut Context, args: &[Id]) -> Results {
    let [iterator, statement, frames, world] = args[..] else { return smallvec![] };
    let mut call = Call::on(cx, frames, world);
    let Some(most) = call.turns_at_most() else { return smallvec![world] };
    call.tidy(&[iterator, statement]);
    call.end_turn(&Turn { iterator, statement }, most);
    smallvec![call.world]
}

/// Whether a value is unknown but for its type, and which type that is.
pub fn type_of(bank: &Bank, value: Id) -> Option<&'static str> {
    let node = bank.get(value);
    if node.op != vocabulary().unknown {
        return None;
    }
    let returns = bank.get(bank.arg(*node.args.get(2)?, 0));
    (returns.op == names().typed).then(|| bank.op(returns.args[0]).as_str())
}

/// Whether a value is an unknown container, which may change.
pub fn is_container(bank: &Bank, value: Id) -> bool {
    type_of(bank, value).is_some_and(|name| ["list", "dict", "set"].contains(&name))
}

/// An unknown like another of which nothing is known, not even its type.
pub fn untyped(cx: &mut Context, unknown: Id) -> Id {
    let raises = cx.bank.arg(cx.bank.arg(unknown, 2), 1);
    let anything = cx.bank.node("anything", []);
    let outcomes = cx.bank.node("outcomes", [anything, raises]);
    let mut node = cx.bank.get(unknown).clone();
    node.args[2] = outcomes;
    cx.bank.add(node)
}

/// An unknown of a type, named like another unknown.
pub fn typed(cx: &mut Context, unknown: Id, class: &str) -> Id {
    let raises = cx.bank.arg(cx.bank.arg(unknown, 2), 1);
    let class = cx.bank.node(class, []);
    let returns = cx.bank.make(names().typed, &[class]);
    let outcomes = cx.bank.node("outcomes", [returns, raises]);
    let mut node = cx.bank.get(unknown).clone();
    node.args[2] = outcomes;
    cx.bank.add(node)
}

/// Whether a fact's question is what was noted of a loop that is not running any more.
pub fn is_over(cx: &Context, question: Id, world: Id, frames: Id) -> bool {
    let Some(statement) = noted_loop(cx, question) else { return false };
    let mut stacks = vec![frames];
    let mut callers = cx.bank.arg(world, 4);
    loop {
        let node = cx.bank.get(callers);
        match (node.op.as_str(), &node.args[..]) {
            ("caller", [frames, _, rest]) | ("resumer", [_, frames, _, _, rest]) => {
                stacks.push(*frames);
                callers = *rest;
            }
            _ => break,
        }
    }
    stacks.extend(suspended_frames(cx, world));
    !stacks.into_iter().any(|stack| runs(cx, stack, statement))
}

/// The loop that a question is about.
pub fn noted_loop(cx: &Context, question: Id) -> Option<Id> {
    let node = cx.bank.get(question);
    (node.op == names().turned).then(|| node.args[0])
}

fn suspended_frames(cx: &Context, world: Id) -> Vec<Id> {
    let globals = cx.bank.arg(world, 1);
    let mut entries = Vec::new();
    if cx.bank.op(globals) == names().objects {
        heap::entries(cx.bank, cx.bank.arg(globals, 1), &mut entries);
    }
    let of = |entry: Id| {
        let payload = cx.bank.get(cx.bank.arg(entry, 0));
        let state = (payload.op == names().generator_of).then(|| cx.bank.get(payload.args[0]))?;
        (state.op.as_str() == "suspended").then(|| state.args[0])
    };
    entries.into_iter().filter_map(|(_, entry)| of(entry)).collect()
}

/// Whether a loop is under way on these frames.
fn runs(cx: &Context, mut frames: Id, statement: Id) -> bool {
    let of_while = cx.bank.get(statement);
    while let [top, below] = cx.bank.get(frames).args[..] {
        let frame = cx.bank.get(top);
        let here = match frame.op.as_str() {
            "turn-frame" | "next-frame" => frame.args.get(2) == Some(&statement),
            "while-frame" | "test-frame" => of_while.op.as_str() == "while" && of_while.args == frame.args,
            _ => false,
        };
        if here {
            return true;
        }
        frames = below;
    }
    false
}

impl Call<'_, '_> {
    /// Behind how many turns of a loop what grows in it is unknown; `None` where it never is.
    fn turns_at_most(&self) -> Option<u32> {
        if !self.tracked() {
            return None;
        }
        let pending = self.cx.bank.get(self.cx.bank.arg(self.cx.bank.arg(self.world, 1), 3));
        let turns = pending.args.get(1).filter(|_| pending.op == names().widening)?;
        heap::number_of(self.cx.bank, *turns)
    }

    fn end_turn(&mut self, turn: &Turn, most: u32) {
        let sizes = self.sizes();
        let Some(noted) = self.noted(turn.statement) else {
            return self.note(turn.statement, &Noted { sizes, turns: 1 });
        };
        let grown: Vec<Place> = sizes
            .iter()
            .filter(|(place, size)| {
                noted.sizes.get(place).is_some_and(|old| self.has_grown(turn.statement, *old, **size))
            })
            .map(|(place, _)| place.clone())
            .collect();
        let turns = if grown.is_empty() { noted.turns } else { (noted.turns + 1).min(most) };
        if !grown.is_empty() && turns >= most && self.is_open(turn, &grown) {
            grown.iter().for_each(|place| self.widen(place, turn));
        }
        let now = self.sizes();
        let kept = now.into_iter().map(|(place, size)| {
            let old = noted.sizes.get(&place).copied().filter(|old| self.is_alike(*old, size));
            (place, old.unwrap_or(size))
        });
        let sizes = kept.collect();
        self.note(turn.statement, &Noted { sizes, turns });
    }

    // ---- what was noted --------------------------------------------------------------------------------

    fn noted(&self, statement: Id) -> Option<Noted> {
        let mut facts = self.cx.bank.arg(self.world, 3);
        while let [_, question, _, rest] = self.cx.bank.get(facts).args[..] {
            if noted_loop(self.cx, question) == Some(statement) {
                let [_, sizes, turns] = self.cx.bank.get(question).args[..] else { return None };
                let parts = sequence::all(self.cx.bank, sizes);
                let pairs = parts.chunks_exact(2);
                let sizes = pairs.filter_map(|pair| Some((self.place_of_key(pair[0])?, pair[1])));
                return Some(Noted {
                    sizes: sizes.collect(),
                    turns: heap::number_of(self.cx.bank, turns).unwrap_or(1),
                });
            }
            facts = rest;
        }
        None
    }

    fn note(&mut self, statement: Id, noted: &Noted) {
        let mut parts = Vec::new();
        for (place, size) in &noted.sizes {
            parts.extend([self.key_of_place(place), *size]);
        }
        let sizes = sequence::of(self.cx.bank, &parts);
        let turns = self.cx.bank.node(&noted.turns.to_string(), []);
        let question = self.cx.bank.make(names().turned, &[statement, sizes, turns]);
        let world = self.world;
        self.world = unknowns::noted(self.cx, world, statement, question);
    }

    fn key_of_place(&mut self, place: &Place) -> Id {
        let text = match place {
            Place::Local(name) => format!("local:{name}"),
            Place::Member(module, name) => format!("member:{module}:{name}"),
            Place::Attribute(number, name) => format!("attribute:{number}:{name}"),
            Place::Cell(number) => format!("cell:{number}"),
            Place::Container(number) => format!("container:{number}"),
        };
        let name = self.cx.bank.node(&escape(&text), []);
        self.cx.bank.make(vocabulary().str, &[name])
    }

    fn place_of_key(&self, key: Id) -> Option<Place> {
        let text = unescape(self.cx.name(self.cx.bank.arg(key, 0)));
        let (kind, rest) = text.split_once(':')?;
        Some(match kind {
            "local" => Place::Local(rest.to_string()),
            "member" => {
                let (module, name) = rest.split_once(':')?;
                Place::Member(module.to_string(), name.to_string())
            }
            "attribute" => {
                let (number, name) = rest.split_once(':')?;
                Place::Attribute(number.parse().ok()?, name.to_string())
            }
            "cell" => Place::Cell(rest.parse().ok()?),
            _ => Place::Container(rest.parse().ok()?),
        })
    }

    // ---- what may grow ---------------------------------------------------------------------------------

    /// What there is at the end of the turn that may grow, with its size.
    fn sizes(&mut self) -> BTreeMap<Place, Id> {
        let mut found = BTreeMap::new();
        for (name, value) in self.bindings(self.cx.bank.arg(self.world, 0)) {
            self.measure(Place::Local(name.clone()), &name, value, &mut found);
        }
        for (module, env) in self.module_names() {
            for (name, value) in self.bindings(env) {
                self.measure(Place::Member(module.clone(), name.clone()), &name, value, &mut found);
            }
        }
        for (number, entry) in self.heap_entries() {
            let [payload, attributes] = [0, 1].map(|part| self.cx.bank.arg(entry, part));
            let (op, content) = (self.cx.bank.op(payload), self.cx.bank.get(payload).args.first().copied());
            if let Some(content) = content {
                if op == names().immutable {
                    self.measure(Place::Cell(number), "", content, &mut found);
                } else if [names().list_of, names().dict_of, names().set_of].contains(&op) {
                    found.insert(Place::Container(number), self.size_of_container(content));
                }
            }
            for (name, value) in self.bindings(attributes) {
                self.measure(Place::Attribute(number, name.clone()), &name, value, &mut found);
            }
        }
        found
    }

    pub(super) fn module_names(&self) -> Vec<(String, Id)> {
        let mut modules = self.cx.bank.arg(self.cx.bank.arg(self.world, 1), 0);
        let mut found = Vec::new();
        while let [name, env, rest] = self.cx.bank.get(modules).args[..] {
            found.push((unescape(self.cx.name(name)), env));
            modules = rest;
        }
        found
    }

    pub(super) fn heap_entries(&self) -> Vec<(u32, Id)> {
        let mut entries = Vec::new();
        heap::entries(self.cx.bank, self.cx.bank.arg(self.cx.bank.arg(self.world, 1), 1), &mut entries);
        entries
    }

    fn measure(&mut self, place: Place, name: &str, value: Id, found: &mut BTreeMap<Place, Id>) {
        // Names of the semantics' own, and of the language's.
        if name.starts_with(['.', '&']) || name.starts_with("__") {
            return;
        }
        let size = match self.cx.name(value) {
            "int" | "str" | "float" | "bytes" => value,
            "unknown" if type_of(self.cx.bank, value).is_none() => {
                let dots = unescape(self.cx.name(self.cx.bank.arg(value, 0))).matches('.').count();
                let dots = self.int(dots);
                self.tuple(&[dots])
            }
            _ => return,
        };
        found.insert(place, size);
    }

    /// The number of members, and those that are numbers.
    fn size_of_container(&mut self, content: Id) -> Id {
        let length = sequence::len(self.cx.bank, content);
        let members = if length > LONG { Vec::new() } else { sequence::all(self.cx.bank, content) };
        let numbers: Vec<Id> =
            members.into_iter().filter(|member| ["int", "float"].contains(&self.cx.name(*member))).collect();
        let parts = [self.int(length), self.tuple(&numbers)];
        self.tuple(&parts)
    }

    /// Whether two sizes are of the same kind of thing.
    fn is_alike(&self, old: Id, new: Id) -> bool {
        self.cx.bank.op(old) == self.cx.bank.op(new)
    }

    /// Whether something has grown since the first turn. What the loop itself writes down as a constant is one of few.
    fn has_grown(&self, statement: Id, old: Id, new: Id) -> bool {
        if old == new || !self.is_alike(old, new) {
            return false;
        }
        let parts = |size: Id| sequence::all(self.cx.bank, self.cx.bank.arg(size, 0));
        let number = |int: Id| heap::number_of(self.cx.bank, self.cx.bank.arg(int, 0)).unwrap_or(0);
        match self.cx.name(new) {
            "tuple" => match [parts(old), parts(new)].each_ref().map(Vec::as_slice) {
                [[before], [after]] => number(*after) > number(*before),
                [[before, old], [after, new]] => {
                    number(*after) > number(*before)
                        || parts(*old)
                            .iter()
                            .zip(&parts(*new))
                            .any(|(old, new)| self.has_grown(statement, *old, *new))
                }
                _ => false,
            },
            "str" | "bytes" => {
                let length = |text: Id| self.cx.bank.text(self.cx.bank.arg(text, 0)).len();
                length(new) > length(old) && !occurs(self.cx.bank, new, statement)
            }
            _ => !occurs(self.cx.bank, new, statement),
        }
    }

    // ---- what decides the turns ------------------------------------------------------------------------

    /// Whether something unknown decides how often the loop goes round.
    fn is_open(&mut self, turn: &Turn, grown: &[Place]) -> bool {
        if self.cx.name(turn.iterator) != "none" {
            return self.is_open_iterator(turn.iterator, &mut FxHashSet::default());
        }
        // A test of what the turns change, as in `while i < 10`, is decided by that, unless it is of something unknown, too.
        let test = self.cx.bank.arg(turn.statement, 0);
        let tests = |place: &Place| match place {
            Place::Local(name) => self.mentions(test, &["local", &escape(name)]),
            Place::Member(module, name) => self.mentions(test, &["member", &escape(module), &escape(name)]),
            _ => false,
        };
        let decides = grown.iter().any(tests);
        !decides || self.reads_unknown(test)
    }

    /// Whether an expression reads a name whose value is unknown.
    fn reads_unknown(&mut self, expression: Id) -> bool {
        let mut open = vec![expression];
        while let Some(term) = open.pop() {
            let node = self.cx.bank.get(term).clone();
            if [names().local_name, names().member, names().global_name].contains(&node.op) {
                let world = self.world;
                let value = super::environments::fetch(self.cx, &[world, term]);
                if value.first().is_some_and(|value| self.cx.bank.op(*value) == vocabulary().unknown) {
                    return true;
                }
            }
            open.extend(node.args);
        }
        false
    }

    fn mentions(&self, term: Id, target: &[&str]) -> bool {
        let mut open = vec![term];
        while let Some(term) = open.pop() {
            let node = self.cx.bank.get(term);
            let parts = || node.args.iter().map(|part| self.cx.name(*part));
            if node.op.as_str() == target[0] && parts().eq(target[1..].iter().copied()) {
                return true;
            }
            open.extend(node.args.iter().copied());
        }
        false
    }

    fn is_open_iterator(&self, iterator: Id, passed: &mut FxHashSet<Id>) -> bool {
        if self.cx.bank.op(iterator) == vocabulary().unknown {
            return true;
        }
        let Some(Entry { payload, .. }) = self.entry(iterator).filter(|_| passed.insert(iterator)) else {
            return false;
        };
        let node = self.cx.bank.get(payload);
        if node.op == names().iterator_of {
            let parts = sequence::all(self.cx.bank, node.args[1]);
            return parts.into_iter().any(|part| self.is_open_iterator(part, passed));
        }
        let containers = [names().list_of, names().dict_of, names().set_of, names().immutable];
        if node.op != names().generator_of {
            // Another object's `__next__` decides.
            return !containers.contains(&node.op);
        }
        let mut open = vec![node.args[0]];
        let mut seen = FxHashSet::default();
        while let Some(term) = open.pop() {
            if !seen.insert(term) {
                continue;
            }
            let node = self.cx.bank.get(term);
            match node.op.as_str() {
                "while-frame" | "test-frame" => return true,
                "binding" | "turn-frame" | "next-frame" => {
                    let place = usize::from(node.op == vocabulary().binding);
                    if self.is_open_iterator(node.args[place], passed) {
                        return true;
                    }
                }
                "code" => continue,
                _ => {}
            }
            open.extend(node.args.iter().copied());
        }
        false
    }

    // ---- widening --------------------------------------------------------------------------------------

    fn widen(&mut self, place: &Place, turn: &Turn) {
        match place {
            Place::Container(number) => self.widen_container(*number, turn),
            Place::Local(name) => {
                let env = self.cx.bank.arg(self.world, 0);
                if let Some(widened) = self.lookup(env, name).and_then(|old| self.widened(name, old, turn)) {
                    let name = self.atom(name);
                    let env = shelf::bind(self.cx, env, name, Some(widened));
                    self.set_world(0, env);
                }
            }
            Place::Member(module, name) => {
                let old = self.module_env(module).and_then(|env| self.lookup(env, name));
                if let Some(widened) = old.and_then(|old| self.widened(name, old, turn)) {
                    let parts = [module, name].map(|part| self.atom(part));
                    let target = self.cx.bank.make(names().member, &parts);
                    let world = self.world;
                    self.world = super::modules::store_member(self.cx, world, target, Some(widened));
                }
            }
            Place::Attribute(number, name) => {
                let Some(mut entry) = self.entry_of(*number) else { return };
                let old = self.lookup(entry.attributes, name);
                if let Some(widened) = old.and_then(|old| self.widened(name, old, turn)) {
                    let name = self.atom(name);
                    entry.attributes = self.rebound(entry.attributes, name, Some(widened));
                    self.set_entry_of(*number, entry);
                }
            }
            Place::Cell(number) => {
                let Some(mut entry) = self.entry_of(*number) else { return };
                let old = self.cx.bank.arg(entry.payload, 0);
                if let Some(widened) = self.widened("value", old, turn) {
                    entry.payload = self.cx.bank.make(names().immutable, &[widened]);
                    self.set_entry_of(*number, entry);
                }
            }
        }
    }

    fn reference(&mut self, number: u32) -> Id {
        let number = self.atom(&number.to_string());
        let reference = self.cx.bank.make(names().reference, &[number]);
        self.cx.bank.make(names().cell, &[reference])
    }

    pub(super) fn entry_of(&mut self, number: u32) -> Option<Entry> {
        let reference = self.reference(number);
        self.entry(reference)
    }

    fn set_entry_of(&mut self, number: u32, entry: Entry) {
        let reference = self.reference(number);
        self.set_entry(reference, entry);
    }

    /// The unknown that a number, a text or a chain of attributes becomes.
    fn widened(&mut self, name: &str, old: Id, turn: &Turn) -> Option<Id> {
        let like = match self.cx.name(old) {
            class @ ("int" | "str" | "float" | "bytes") => self.unknown_named(name, Some(class)),
            "unknown" if !unknowns::hold_objects(self.cx, self.world) => {
                let full = unescape(self.cx.name(self.cx.bank.arg(old, 0)));
                let base = full.split('.').next().unwrap_or_default();
                let mut node = self.cx.bank.get(old).clone();
                node.args[0] = self.atom(&format!("{base}{CUT}"));
                self.cx.bank.add(node)
            }
            _ => return None,
        };
        Some(self.apart_from_others(like, turn))
    }

    pub(super) fn apart_from_others(&mut self, like: Id, turn: &Turn) -> Id {
        let roots = [self.frames, self.world, turn.iterator];
        unknowns::fresh(self.cx, like, &roots)
    }

    /// An unknown that raises what other unknowns of the program do.
    pub(super) fn unknown_named(&mut self, name: &str, class: Option<&str>) -> Id {
        let known = self.cx.unknown_in(self.world);
        let raises = match self.cx.bank.op(known) == vocabulary().unknown {
            true => self.cx.bank.arg(self.cx.bank.arg(known, 2), 1),
            false => self.values(&[]),
        };
        let anything = self.cx.bank.node("anything", []);
        let outcomes = self.cx.bank.node("outcomes", [anything, raises]);
        let (name, number) = (self.atom(name), self.atom("0"));
        let unknown = self.cx.bank.node("unknown", [name, number, outcomes]);
        match class {
            Some(class) => typed(self.cx, unknown, class),
            None => unknown,
        }
    }
}

/// Whether a term is part of another.
fn occurs(bank: &Bank, part: Id, whole: Id) -> bool {
    let (mut seen, mut open) = (FxHashSet::default(), vec![whole]);
    while let Some(term) = open.pop() {
        if term == part {
            return true;
        }
        if seen.insert(term) {
            open.extend(bank.get(term).args.iter().copied());
        }
    }
    false
}
