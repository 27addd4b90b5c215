//! Functions about unknown values: what a call may yield, and what is remembered.
//!
//! A fact is kept only while its value can be met again. That keeps
//! the graph of a loop over an unknown condition finite.

use egg::Id;
use rustc_hash::FxHashSet;
use smallvec::smallvec;

use crate::machine::bank::Bank;
use crate::machine::domain::{Context, Results};
use crate::python::functions::coarse;
use crate::python::functions::liveness::{self, Askable};
use crate::python::functions::widening;
use crate::python::values::typed;
use crate::python::values::vocabulary::vocabulary;
use crate::term::unescape;

/// How the name of an item of an unknown begins, and what stands before the name of the unknown.
const ITEM: &str = "item";
const OF: &str = " of ";

/// The name of an unknown.
pub fn name_of(cx: &Context, unknown: Id) -> String {
    unescape(cx.name(cx.bank.arg(unknown, 0)))
}

/// The name of an item of what has this name: some item of it, or that at a place.
pub fn item_of(name: &str, place: Option<&str>) -> String {
    match place {
        Some(place) => format!("{ITEM} {place}{OF}{name}"),
        None => format!("{ITEM}{OF}{name}"),
    }
}

/// The name of what a generator of this name returns in the end.
pub fn value_of(name: &str) -> String {
    format!("(yield from {name})")
}

/// The name of what an item is of, by the item's name.
pub fn of_item(name: &str) -> Option<&str> {
    Some(name.strip_prefix(ITEM)?.split_once(OF)?.1)
}

/// An unknown like another but for its name.
pub fn renamed(cx: &mut Context, unknown: Id, name: &str) -> Id {
    let mut node = cx.bank.get(unknown).clone();
    node.args[0] = cx.atom(name);
    cx.bank.add(node)
}

/// The unknown of that name with the least number that no live unknown of the name has.
pub fn fresh(cx: &mut Context, unknown: Id, roots: &[Id]) -> Id {
    let live = live_unknowns(cx, roots);
    let name = name_of(cx, unknown);
    // What was answered about one that is gone is no answer about this one.
    let answers: FxHashSet<Id> = live
        .iter()
        .filter(|other| is_answer_about(&name_of(cx, **other), &name))
        .map(|other| cx.bank.arg(*other, 1))
        .collect();
    numbered(cx, unknown, |cx, candidate| {
        !live.contains(&candidate) && !answers.contains(&cx.bank.arg(candidate, 1))
    })
}

/// Whether a name is that of an answer about what has another name.
fn is_answer_about(answer: &str, name: &str) -> bool {
    let of_function = || answer.split_once('(').is_some_and(|(_, arguments)| arguments.contains(name));
    let of_others = || (answer.contains(" in ") || answer.starts_with("f\"")) && answer.contains(name);
    answer.len() > name.len() && (of_others() || of_function())
}

/// The unknown of that name with the least number that no live unknown of any name has: neither is one derived from it live.
pub fn apart(cx: &mut Context, unknown: Id, roots: &[Id]) -> Id {
    let taken: FxHashSet<Id> =
        live_unknowns(cx, roots).into_iter().map(|unknown| cx.bank.arg(unknown, 1)).collect();
    numbered(cx, unknown, |cx, candidate| !taken.contains(&cx.bank.arg(candidate, 1)))
}

/// The unknown with the least number from 1 on that will do.
fn numbered(cx: &mut Context, unknown: Id, will_do: impl Fn(&Context, Id) -> bool) -> Id {
    let mut node = cx.bank.get(unknown).clone();
    let mut number = 1;
    loop {
        node.args[1] = match vocabulary().numerals.get(number) {
            Some(numeral) => cx.bank.make(*numeral, &[]),
            None => cx.bank.node(&number.to_string(), []),
        };
        let candidate = cx.bank.add(node.clone());
        if will_do(cx, candidate) {
            return candidate;
        }
        number += 1;
    }
}

/// The unknown values that occur in terms.
fn live_unknowns(cx: &Context, roots: &[Id]) -> FxHashSet<Id> {
    let mut live = FxHashSet::default();
    let mut seen = FxHashSet::default();
    let mut stack: Vec<Id> = roots.to_vec();
    while let Some(id) = stack.pop() {
        if !cx.bank.measure(id).unknown || !seen.insert(id) {
            continue;
        }
        if cx.bank.op(id) == vocabulary().unknown {
            live.insert(id);
        }
        stack.extend(&cx.bank.get(id).args);
    }
    live
}

/// `(prune world frames)`: the facts about values that still occur.
pub fn prune(cx: &mut Context, args: &[Id]) -> Results {
    smallvec![pruned(cx, args[0], args[1])]
}

fn pruned(cx: &mut Context, world: Id, frames: Id) -> Id {
    let facts = cx.bank.arg(world, 3);
    if cx.bank.get(facts).args.is_empty() {
        return facts;
    }
    let unknowns = live_unknowns(cx, &around(cx, world, frames));
    let kept = facts_about(cx, facts, Askable { unknowns, words: None });
    as_facts(cx, kept)
}

/// The facts about values in which nothing but these unknowns occurs, and what is stored in their attributes.
fn facts_about(cx: &mut Context, facts: Id, mut live: Askable) -> Vec<[Id; 3]> {
    let mut facts = listed(cx.bank, facts);
    facts.retain(|[_, question, _]| !is_stored(cx, *question) || is_named(&live, cx.bank.arg(*question, 0)));
    // What was stored in an attribute can be met again where the attribute can.
    loop {
        let known = live.unknowns.len();
        for [value, question, stored] in &facts {
            if is_stored(cx, *question) && is_live(cx, *value, &live) {
                live.unknowns.extend(live_unknowns(cx, &[*stored]));
            }
        }
        if live.unknowns.len() == known {
            break;
        }
    }
    // What was noted of a loop is no answer.
    facts.retain(|[value, question, _]| {
        widening::noted_loop(cx, *question).is_some() || are_live(cx, &[*value, *question], &live)
    });
    facts
}

/// Whether an attribute of this name may be read.
fn is_named(live: &Askable, name: Id) -> bool {
    live.words.as_ref().is_none_or(|words| words.contains(&name))
}

/// Whether a fact's question is which value an attribute has.
pub(super) fn is_stored(cx: &Context, question: Id) -> bool {
    cx.name(question) == "attribute"
}

/// The unknowns that lead to an attribute which holds an object, each by its name and its number: it holds the object for as long as
/// they are there.
pub fn holders(cx: &mut Context, world: Id) -> FxHashSet<[Id; 2]> {
    let mut found = FxHashSet::default();
    for [value, question, answer] in listed(cx.bank, cx.bank.arg(world, 3)) {
        if is_stored(cx, question) && has_objects(cx, answer) {
            let mut open = Some(value).filter(|value| cx.bank.op(*value) == vocabulary().unknown);
            for _ in 0..FAR {
                let Some(unknown) = open else { break };
                found.insert(identity(cx, unknown));
                open = origin(cx, unknown);
            }
        }
    }
    found
}

/// What tells an unknown from others: its name and its number.
pub fn identity(cx: &Context, unknown: Id) -> [Id; 2] {
    [0, 1].map(|part| cx.bank.arg(unknown, part))
}

/// Whether something refers to an object of the heap.
pub(super) fn has_objects(cx: &Context, term: Id) -> bool {
    cx.bank.measure(term).exceptions > 1
}

/// Facts in their order, as a term.
pub(super) fn as_facts(cx: &mut Context, facts: Vec<[Id; 3]>) -> Id {
    let mut term = cx.bank.node("no-facts", []);
    for [value, question, answer] in facts.into_iter().rev() {
        term = cx.bank.node("fact", [value, question, answer, term]);
    }
    term
}

/// The world without the facts that nothing can ask for again, where control is about to run a statement. An attribute
/// that holds an object holds it also where nobody asks: when it is dropped can be seen.
pub fn without_dead_facts(cx: &mut Context, statement: Id, frames: Id, world: Id) -> Id {
    let facts = cx.bank.arg(world, 3);
    if cx.bank.get(facts).args.is_empty() {
        return world;
    }
    let asked = match coarse::is_coarse(cx.bank, world) {
        true => listed(cx.bank, facts)
            .into_iter()
            .filter(|[_, asked, _]| widening::noted_loop(cx, *asked).is_some())
            .collect(),
        false => {
            let live = liveness::reached(cx, statement, frames, world);
            facts_about(cx, facts, live)
        }
    };
    let mut kept = listed(cx.bank, facts);
    kept.retain(|fact| {
        let [_, question, answer] = *fact;
        let holds = is_stored(cx, question) && has_objects(cx, answer);
        (holds || asked.contains(fact)) && !widening::is_over(cx, question, world, frames)
    });
    let kept = as_facts(cx, kept);
    if kept == facts { world } else { with_facts(cx, world, kept) }
}

/// The world in which this, and nothing else, is noted of a loop.
pub fn noted(cx: &mut Context, world: Id, statement: Id, question: Id) -> Id {
    let mut facts = listed(cx.bank, cx.bank.arg(world, 3));
    facts.retain(|[_, question, _]| widening::noted_loop(cx, *question) != Some(statement));
    let facts = as_facts(cx, facts);
    let (none, yes) = (cx.bank.node("none", []), cx.boolean(true));
    let facts = insert_fact(cx, facts, [none, question, yes]);
    with_facts(cx, world, facts)
}

/// Everything that a fact's value may still be met in.
fn around(cx: &Context, world: Id, frames: Id) -> [Id; 5] {
    let part = |index| cx.bank.arg(world, index);
    [part(0), part(1), part(2), part(4), frames]
}

pub(super) fn with_facts(cx: &mut Context, world: Id, facts: Id) -> Id {
    let mut node = cx.bank.get(world).clone();
    node.args[3] = facts;
    cx.bank.add(node)
}

/// `(remember world frames value question answer)`: the world with the answer, where the
/// value occurs elsewhere.
pub fn remember(cx: &mut Context, args: &[Id]) -> Results {
    let [world, frames, value, question, answer] = args[..] else { return smallvec![] };
    let roots = around(cx, world, frames);
    let mut live = Askable { unknowns: live_unknowns(cx, &roots), words: None };
    let facts = pruned(cx, world, frames);
    for [_, question, stored] in listed(cx.bank, facts) {
        if is_stored(cx, question) {
            live.unknowns.extend(live_unknowns(cx, &[stored]));
        }
    }
    // A container changes, and so do the answers.
    let about = live_unknowns(cx, &[value, question]);
    let changes = about.iter().any(|unknown| typed::is_container(cx.bank, *unknown));
    if changes || !are_live(cx, &[value, question], &live) {
        return smallvec![world];
    }
    let facts = insert_fact(cx, facts, [value, question, answer]);
    smallvec![with_facts(cx, world, facts)]
}

/// The facts, each as what it is about, the question and the answer.
pub fn listed(bank: &Bank, facts: Id) -> Vec<[Id; 3]> {
    let (mut found, mut rest) = (Vec::new(), facts);
    while let [value, question, answer, tail] = bank.get(rest).args[..] {
        found.push([value, question, answer]);
        rest = tail;
    }
    found
}

/// Whether all unknowns of some terms can be met again.
fn are_live(cx: &mut Context, terms: &[Id], live: &Askable) -> bool {
    live_unknowns(cx, terms).into_iter().all(|unknown| is_live(cx, unknown, live))
}

/// What is an attribute of an attribute and so on of something is not looked for beyond so many.
const FAR: usize = 16;

/// Whether an unknown can be met again: it, or what it is an attribute, a member or an answer of.
fn is_live(cx: &mut Context, unknown: Id, live: &Askable) -> bool {
    let mut open = Some(unknown);
    for _ in 0..FAR {
        let Some(unknown) = open else { return false };
        if live.unknowns.contains(&unknown) || is_of_live(cx, unknown, live) {
            return true;
        }
        if let Some(attribute) = attribute_of(cx, unknown)
            && !is_named(live, attribute)
        {
            return false;
        }
        open = origin(cx, unknown);
    }
    false
}

/// Whether an unknown that can be met again has this one's name and number: what an answer is of has a type that the answer does not
/// tell.
fn is_of_live(cx: &Context, unknown: Id, live: &Askable) -> bool {
    let parts = |unknown: Id| [0, 1].map(|part| cx.bank.arg(unknown, part));
    live.unknowns.iter().any(|other| parts(*other) == parts(unknown))
}

/// The name of the attribute that an unknown is, as its own name tells.
fn attribute_of(cx: &mut Context, unknown: Id) -> Option<Id> {
    let name = name_of(cx, unknown);
    let (_, attribute) = name.rsplit_once('.')?;
    let is_name = attribute.chars().all(|char| char.is_alphanumeric() || char == '_');
    (is_name && !attribute.is_empty()).then(|| cx.atom(attribute))
}

/// What an unknown is an attribute, a member or an answer of, as its name tells: `u` of `u.a`, of `u[0]`, of `callable(u)`.
fn origin(cx: &mut Context, unknown: Id) -> Option<Id> {
    let name = name_of(cx, unknown);
    let of = origin_of(&name)?;
    // What a function answers has a type that what it was asked of need not have.
    let like = typed::untyped(cx, unknown);
    Some(renamed(cx, like, of))
}

/// The name of what an unknown of this name is an attribute, a member or an answer of.
pub fn origin_of(name: &str) -> Option<&str> {
    let field = name.strip_prefix("f\"").and_then(|text| text.split_once('{')?.1.split_once('}'));
    match name.strip_suffix(')').and_then(|call| call.split_once('(')) {
        _ if let Some((value, _)) = field => Some(value),
        _ if let Some((member, container)) = name.split_once(" in ") => {
            let is_name = member.starts_with(|char: char| char.is_alphabetic() || char == '_');
            Some(if is_name && !["None", "True", "False"].contains(&member) { member } else { container })
        }
        Some((_, arguments)) if !arguments.is_empty() => arguments.split(", ").next(),
        Some(_) => None,
        None => match name.rfind(['.', '[']) {
            Some(end) => Some(&name[..end]),
            None => of_item(name),
        },
    }
}

/// Facts stay in an order of their own, so that equal knowledge is an equal term.
pub(super) fn insert_fact(cx: &mut Context, facts: Id, fact: [Id; 3]) -> Id {
    let mut before = Vec::new();
    let mut rest = facts;
    while let [value, question, answer, tail] = cx.bank.get(rest).args[..] {
        let order = cx.bank.order(value, fact[0]).then_with(|| cx.bank.order(question, fact[1]));
        if order.is_gt() {
            break;
        }
        before.push([value, question, answer]);
        rest = tail;
    }
    let mut facts = cx.bank.node("fact", [fact[0], fact[1], fact[2], rest]);
    for [value, question, answer] in before.into_iter().rev() {
        facts = cx.bank.node("fact", [value, question, answer, facts]);
    }
    facts
}
