//! Functions about unknown values: what a call may yield, and what is remembered.
//!
//! A fact is kept only while its value can be met again. That keeps
//! the graph of a loop over an unknown condition finite.

use egg::Id;
use rustc_hash::FxHashSet;
use smallvec::smallvec;

use super::functions::{Context, Results};

/// `(outcomes-of unknown frames world)`: each value that the outcomes list, or a fresh
/// unknown, as returned; and each exception that they list, as raised.
pub fn outcomes(cx: &mut Context, args: &[Id]) -> Results {
    let outcomes = cx.bank.arg(args[0], 2);
    let listed = cx.bank.arg(outcomes, 0);
    let values = match cx.bank.get(listed).args[..] {
        [values] => cx.members(values),
        _ => vec![fresh(cx, args[0], &args[1..])],
    };
    let raised = cx.members(cx.bank.arg(outcomes, 1));
    let mut results: Results = values.into_iter().map(|value| cx.bank.node("returning", [value])).collect();
    results.extend(raised.into_iter().map(|exception| {
        let exception = cx.fresh_exception(exception, &args[1..]);
        cx.bank.node("raising", [exception])
    }));
    results
}

/// The unknown of that name with the least number that no live unknown has.
fn fresh(cx: &mut Context, unknown: Id, roots: &[Id]) -> Id {
    let live = live_unknowns(cx, roots);
    let mut node = cx.bank.get(unknown).clone();
    let mut number = 1;
    loop {
        node.args[1] = cx.bank.node(&number.to_string(), []);
        let candidate = cx.bank.add(node.clone());
        if !live.contains(&candidate) {
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
        if cx.name(id) == "unknown" {
            live.insert(id);
        }
        stack.extend(&cx.bank.get(id).args);
    }
    live
}

/// `(raises unknown)`: the exceptions that the outcomes list; where they list none, the
/// TypeError of raising what is no exception.
pub fn raises(cx: &mut Context, args: &[Id]) -> Results {
    let outcomes = cx.bank.arg(args[0], 2);
    let listed: Results = cx.members(cx.bank.arg(outcomes, 1)).into_iter().collect();
    if listed.is_empty() { smallvec![cx.fault("TypeError", "not-raisable")] } else { listed }
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
    let live = live_unknowns(cx, &around(cx, world, frames));
    let mut kept = Vec::new();
    let mut rest = facts;
    while let [value, question, answer, tail] = cx.bank.get(rest).args[..] {
        if live_unknowns(cx, &[value]).is_subset(&live) {
            kept.push([value, question, answer]);
        }
        rest = tail;
    }
    let mut facts = cx.bank.node("no-facts", []);
    for [value, question, answer] in kept.into_iter().rev() {
        facts = cx.bank.node("fact", [value, question, answer, facts]);
    }
    facts
}

/// Everything that a fact's value may still be met in.
fn around(cx: &Context, world: Id, frames: Id) -> [Id; 5] {
    let part = |index| cx.bank.arg(world, index);
    [part(0), part(1), part(2), part(4), frames]
}

fn with_facts(cx: &mut Context, world: Id, facts: Id) -> Id {
    let mut node = cx.bank.get(world).clone();
    node.args[3] = facts;
    cx.bank.add(node)
}

/// `(recall facts value question)`: the answer that was given on this path, or that
/// follows from one: what is None, or equal to a false constant, is false.
pub fn recall(cx: &mut Context, args: &[Id]) -> Results {
    let mut rest = args[0];
    while let [value, question, answer, tail] = cx.bank.get(rest).args[..] {
        if value == args[1] {
            if question == args[2] {
                return smallvec![answer];
            }
            if let Some(answer) = implied(cx, question, answer, args[2]) {
                return smallvec![cx.boolean(answer)];
            }
        }
        rest = tail;
    }
    smallvec![]
}

/// What the answer to one question says about another.
fn implied(cx: &Context, known: Id, answer: Id, asked: Id) -> Option<bool> {
    let yes = cx.name(answer) == "true";
    match (identity(cx, known), identity(cx, asked)) {
        // `x is c` and `x is not c` are each other's opposite.
        (Some((c, positive)), Some((d, wanted))) if c == d => Some((positive == wanted) == yes),
        // What equals one number or string equals no other.
        (Some(((r, c), positive)), Some(((s, d), wanted)))
            if r == s && positive == yes && distinct_literals(cx, c, d) =>
        {
            Some(!wanted)
        }
        (Some(((_, c), positive)), None) if cx.name(asked) == "truth" && positive == yes => {
            constant_truth(cx, c)
        }
        (None, Some(((_, d), wanted))) if cx.name(known) == "truth" => {
            // A true value is not None.
            (constant_truth(cx, d)? != yes).then_some(!wanted)
        }
        _ => None,
    }
}

/// The relation (identity or equality) to a constant, and whether the question is
/// positive. For None the two relations are taken to be one.
fn identity(cx: &Context, question: Id) -> Option<((bool, Id), bool)> {
    let [operator, constant] = cx.bank.get(question).args[..] else { return None };
    let is_none = cx.name(constant) == "none";
    match cx.name(operator) {
        "is" => Some(((true, constant), true)),
        "is-not" => Some(((true, constant), false)),
        "eq" => Some(((is_none, constant), true)),
        "ne" => Some(((is_none, constant), false)),
        _ => None,
    }
}

fn distinct_literals(cx: &Context, c: Id, d: Id) -> bool {
    c != d && cx.name(c) == cx.name(d) && matches!(cx.name(c), "int" | "str")
}

fn constant_truth(cx: &Context, constant: Id) -> Option<bool> {
    match cx.name(constant) {
        "none" | "false" => Some(false),
        "true" => Some(true),
        _ => None,
    }
}

/// `(remember world frames value question answer)`: the world with the answer, where the
/// value occurs elsewhere.
pub fn remember(cx: &mut Context, args: &[Id]) -> Results {
    let [world, frames, value, question, answer] = args[..] else { return smallvec![] };
    let live = live_unknowns(cx, &around(cx, world, frames));
    if !live_unknowns(cx, &[value]).is_subset(&live) {
        return smallvec![world];
    }
    let facts = pruned(cx, world, frames);
    let facts = insert_fact(cx, facts, [value, question, answer]);
    smallvec![with_facts(cx, world, facts)]
}

/// Facts stay in the order of their text, so that equal knowledge is an equal term.
fn insert_fact(cx: &mut Context, facts: Id, fact: [Id; 3]) -> Id {
    let key = |cx: &Context, value: Id, question: Id| (cx.bank.show(value), cx.bank.show(question));
    let new = key(cx, fact[0], fact[1]);
    let mut before = Vec::new();
    let mut rest = facts;
    while let [value, question, answer, tail] = cx.bank.get(rest).args[..] {
        if key(cx, value, question) > new {
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
