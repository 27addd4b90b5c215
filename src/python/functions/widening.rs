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

use crate::limits::COARSE;
use crate::machine::bank::Bank;
use crate::machine::domain::{Context, Results};
use crate::machine::sequence;
use crate::python::functions::{coarse, known, unknowns};
use crate::python::values::activations::waiting;
use crate::python::values::names::names;
use crate::python::values::not_known::turns_at_most;
use crate::python::values::typed;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Call, Entry, Objects, heap, shelf};
use crate::term::{escape, unescape};

/// Of a longer container the members are not compared.
pub(super) const LONG: usize = 64;

/// What stands for the attributes that were read on the way to an unknown.
const CUT: &str = ".…";

/// Where something is that may grow.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    Local(String),
    Member(String, String),
    Attribute(u32, String),
    Cell(u32),
    Container(u32),
}

/// A turn of a loop that has ended.
pub(super) struct Turn {
    /// The iterator of a `for`, or `none`.
    pub(super) iterator: Id,
    /// The loop, as its frames tell it.
    pub(super) statement: Id,
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
    let turn = Turn { iterator, statement };
    let most = turns_at_most(call.cx.bank, call.world);
    if most.is_some() {
        call.tidy(&[iterator, statement]);
    }
    if most.is_some() && known::ends_by_itself(&call, &turn) {
        return smallvec![call.world];
    }
    if call.is_coarse() {
        coarse::forget_assigned(&mut call, &turn);
        let world = call.world;
        call.world = coarse::without_answers(call.cx, world);
    }
    if let Some(most) = most {
        call.end_turn(&turn, if call.is_coarse() { COARSE } else { most });
    }
    smallvec![call.world]
}

/// Whether a fact's question is what was noted of a loop that is not running any more.
pub fn is_over(cx: &Context, question: Id, world: Id, frames: Id) -> bool {
    let Some(statement) = noted_loop(cx, question) else { return false };
    let mut stacks = vec![frames];
    stacks.extend(waiting(cx.bank, world).into_iter().map(|[frames, _]| frames));
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
    fn end_turn(&mut self, turn: &Turn, most: u32) {
        let sizes = self.sizes();
        let Some(noted) = self.noted(turn.statement) else {
            return self.note(turn.statement, &Noted { sizes, turns: 1 });
        };
        if most == COARSE {
            open_ranges(self, turn);
        }
        let grown: Vec<Place> = sizes
            .iter()
            .filter(|(place, size)| {
                let old = noted.sizes.get(place).copied();
                old.is_some_and(|old| match most {
                    COARSE => old != **size,
                    _ => self.has_grown(turn.statement, old, **size),
                })
            })
            .map(|(place, _)| place.clone())
            .collect();
        let turns = if grown.is_empty() { noted.turns } else { (noted.turns + 1).min(most) };
        if !grown.is_empty() && turns >= most && (most == COARSE || self.is_open(turn, &grown)) {
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

    pub(super) fn rebind_local(&mut self, name: Id, value: Id) {
        let env = self.cx.bank.arg(self.world, 0);
        let env = shelf::bind(self.cx, env, name, Some(value));
        self.set_world(0, env);
    }

    fn widen(&mut self, place: &Place, turn: &Turn) {
        match place {
            Place::Container(number) => self.widen_container(*number, turn),
            Place::Local(name) => {
                let env = self.cx.bank.arg(self.world, 0);
                if let Some(widened) = self.lookup(env, name).and_then(|old| self.widened(name, old, turn)) {
                    let name = self.atom(name);
                    self.rebind_local(name, widened);
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

    /// The unknown that a number, a text or a chain of attributes becomes.
    fn widened(&mut self, name: &str, old: Id, turn: &Turn) -> Option<Id> {
        let like = match self.cx.name(old) {
            class @ ("int" | "str" | "float" | "bytes") => self.unknown_named(name, Some(class)),
            "unknown" if !self.holds_objects(old) => {
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
}

/// Nothing is known any more of what a loop has still to come to that draws from a long range, as `map(f, range(256))` does.
fn open_ranges(call: &mut Call, turn: &Turn) {
    for number in known::long_ranges(call, turn.iterator) {
        open_iterator(call, number, "range()", turn);
    }
}

/// Nothing is known any more of what an iterator has still to come to.
pub(super) fn open_iterator(call: &mut Call, number: u32, name: &str, turn: &Turn) {
    let like = call.unknown_named(name, None);
    let unknown = call.apart_from_others(like, turn);
    let (kind, state) = (call.atom("open"), call.values(&[unknown]));
    let payload = call.cx.bank.make(names().iterator_of, &[kind, state]);
    let iterator = call.reference(number);
    call.set_payload(iterator, payload);
}

impl Objects<'_, '_> {
    /// Whether an unknown leads to an attribute that holds an object.
    fn holds_objects(&mut self, unknown: Id) -> bool {
        let world = self.world;
        unknowns::holders(self.cx, world).contains(&unknowns::identity(self.cx, unknown))
    }

    /// Whether what a loop changes is unknown at once.
    pub(super) fn is_coarse(&self) -> bool {
        coarse::is_coarse(self.cx.bank, self.world)
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

    pub(super) fn reference(&mut self, number: u32) -> Id {
        let number = self.atom(&number.to_string());
        let reference = self.cx.bank.make(names().reference, &[number]);
        self.cx.bank.make(names().cell, &[reference])
    }

    pub(super) fn entry_of(&mut self, number: u32) -> Option<Entry> {
        let reference = self.reference(number);
        self.entry(reference)
    }

    pub(super) fn set_entry_of(&mut self, number: u32, entry: Entry) {
        let reference = self.reference(number);
        self.set_entry(reference, entry);
    }

    /// An unknown of a type, or of none.
    pub(super) fn unknown_named(&mut self, name: &str, class: Option<&str>) -> Id {
        let unknown = self.unknown_like_others(name);
        match class {
            Some(class) => typed::typed(self.cx, unknown, class),
            None => unknown,
        }
    }
}

/// Whether a term is part of another.
pub(super) fn occurs(bank: &Bank, part: Id, whole: Id) -> bool {
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
