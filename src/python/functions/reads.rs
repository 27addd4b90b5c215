//! Which locals the statements and frames that are left of an activation read before they bind them.
//!
//! A statement is left in five ways, and what is read behind each is kept apart: control goes on behind it, or it raises,
//! returns, breaks or continues. Anything may raise. What is not listed below reads all that it mentions, binds nothing,
//! and is left in any way.

use std::rc::Rc;
use std::sync::Arc;

use egg::Id;

use crate::machine::domain::Context;
use crate::python::functions::coarse::assigned;
use crate::python::values::names::names;
use crate::python::values::vocabulary::vocabulary;

/// What primitives read all locals: a class's body ends with the first, `locals()` is the second.
const READS_ALL: [&str; 2] = ["namespace", "bound_names"];

/// Frames of expressions that hand on whatever the expression in them raises.
pub(super) const HANDING_ON: [&str; 12] = [
    "truth-frame",
    "and-frame",
    "or-frame",
    "and-then",
    "or-else",
    "not-frame",
    "left-frame",
    "right-frame",
    "callee-frame",
    "argument-frame",
    "operand-frame",
    "conditional-frame",
];

/// Names, in order; `None` where any name may be read.
pub(super) type Reads = Option<Arc<[Id]>>;

/// A set of names, or all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Set {
    names: Vec<Id>,
    all: bool,
}

/// Sets are shared among the ways in which a statement is left.
type Shared = Rc<Set>;

fn union(sets: &[&Shared]) -> Shared {
    let mut found = Set::default();
    for set in sets {
        found.all |= set.all;
        found.names.extend(&set.names);
    }
    found.names.sort_unstable();
    found.names.dedup();
    Rc::new(found)
}

fn without(set: &Shared, name: Option<Id>) -> Shared {
    let Some(name) = name.filter(|name| set.names.binary_search(name).is_ok()) else { return set.clone() };
    let mut left = Set::clone(set);
    left.names.retain(|other| *other != name);
    Rc::new(left)
}

/// What is read behind each way in which a statement is left.
#[derive(Debug, Clone, Default)]
struct Ends {
    normal: Shared,
    raised: Shared,
    returned: Shared,
    broken: Shared,
    continued: Shared,
    /// Whether nothing outlives a turn of what its loop assigns.
    forgetting: bool,
}

impl Ends {
    fn all(&self) -> Shared {
        union(&[&self.normal, &self.raised, &self.returned, &self.broken, &self.continued])
    }

    fn each(&self, mut change: impl FnMut(&Shared) -> Shared) -> Ends {
        Ends {
            normal: change(&self.normal),
            raised: change(&self.raised),
            returned: change(&self.returned),
            broken: change(&self.broken),
            continued: change(&self.continued),
            forgetting: self.forgetting,
        }
    }

    /// Whichever way: the same.
    fn alike(&self, set: &Shared) -> Ends {
        self.each(|_| set.clone())
    }

    /// The ends of the suite of a `try` with such a `finally` clause.
    fn behind_finally(&self, cx: &Context, last: Id) -> Ends {
        let normal = before(cx, last, self);
        let jumps = union(&[&self.raised, &self.returned, &self.broken, &self.continued]);
        let jumps = before(cx, last, &Ends { normal: jumps, ..self.clone() });
        Ends { normal, ..self.alike(&jumps) }
    }

    /// The ends of the suite of a `with`: its `__exit__` may raise, and suppress what was raised.
    fn behind_with(&self) -> Ends {
        let mut ends = self.each(|set| union(&[set, &self.raised]));
        ends.raised = ends.normal.clone();
        ends
    }

    /// The ends of the suite of a `try` with such clauses.
    fn behind_clauses(&self, cx: &Context, clauses: Id, otherwise: Id) -> Ends {
        let raised = union(&[&self.in_clauses(cx, clauses), &self.raised]);
        Ends { normal: before(cx, otherwise, self), raised, ..self.clone() }
    }

    fn in_clauses(&self, cx: &Context, clauses: Id) -> Shared {
        let node = cx.bank.get(clauses);
        match (node.op.as_str(), &node.args[..]) {
            ("bare", [body]) => before(cx, *body, self),
            ("clause", [condition, binder, body, rest]) => {
                let target = cx.bank.get(*binder).args.first().copied();
                let name = target.and_then(|target| local_name(cx, target));
                // The name is bound where the clause begins, and unbound at its end.
                let ends = self.each(|set| without(set, name));
                let body = without(&before(cx, *body, &ends), name);
                let read = target.map(|target| target_reads(cx, target)).unwrap_or_default();
                union(&[&mentioned(cx, *condition), &read, &body, &self.in_clauses(cx, *rest)])
            }
            _ => mentioned(cx, clauses),
        }
    }
}

/// The names of locals that a statement, and then the frames of its activation, read before they bind them.
pub(super) fn reads(cx: &Context, statement: Option<Id>, frames: Id) -> Reads {
    found(cx, statement, frames, false)
}

/// The same where, at the end of each turn, what its loop assigns is forgotten: what is read behind it is not what the name
/// holds now.
pub(super) fn reads_of_turn(cx: &Context, statement: Id, frames: Id) -> Reads {
    found(cx, Some(statement), frames, true)
}

fn found(cx: &Context, statement: Option<Id>, frames: Id, forgetting: bool) -> Reads {
    let key = (statement.unwrap_or(frames), frames, forgetting);
    cx.bank.reads_of(key, || {
        let mut ends = behind(cx, frames, forgetting);
        // A call that was made returns or raises.
        let Some(mut last) = statement else { return listed(&union(&[&ends.normal, &ends.raised])) };
        let mut firsts = Vec::new();
        while let ("seq", [first, rest]) = (cx.bank.op(last).as_str(), &cx.bank.get(last).args[..]) {
            firsts.push((last, *first));
            last = *rest;
        }
        ends.normal = before(cx, last, &ends);
        // What follows in a sequence is noted, too: it is asked for when control comes to it.
        for (sequence, first) in firsts.into_iter().rev() {
            cx.bank.reads_of((last, frames, forgetting), || listed(&ends.normal));
            ends.normal = before(cx, first, &ends);
            last = sequence;
        }
        listed(&ends.normal)
    })
}

fn listed(set: &Shared) -> Reads {
    (!set.all).then(|| set.names.clone().into())
}

fn shared(reads: &Reads) -> Shared {
    let names = reads.as_ref().map(|names| names.to_vec());
    Rc::new(Set { all: names.is_none(), names: names.unwrap_or_default() })
}

/// What is read behind whatever stands on these frames.
fn behind(cx: &Context, frames: Id, forgetting: bool) -> Ends {
    let (mut stack, mut rest) = (Vec::new(), frames);
    while let [top, below] = cx.bank.get(rest).args[..] {
        stack.push((top, below));
        rest = below;
    }
    let last = Ends { forgetting, ..Ends::default() };
    stack.into_iter().rev().fold(last, |ends, (frame, others)| on_frame(cx, frame, others, &ends))
}

/// What is read behind whatever stands on a frame, which stands on others.
fn on_frame(cx: &Context, frame: Id, others: Id, below: &Ends) -> Ends {
    let node = cx.bank.get(frame);
    match (node.op.as_str(), &node.args[..]) {
        ("watch-frame" | "handled-frame" | "discard-frame" | "place-frame" | "raised-place-frame", _) => {
            below.clone()
        }
        ("seq-frame", [next]) => {
            let normal = shared(&found(cx, Some(*next), others, below.forgetting));
            Ends { normal, ..below.clone() }
        }
        ("if-frame", [yes, no]) => {
            let normal = union(&[&before(cx, *yes, below), &before(cx, *no, below)]);
            Ends { normal, ..below.clone() }
        }
        ("assign-frame", [target]) => Ends { normal: bound(cx, *target, &below.normal), ..below.clone() },
        ("return-frame", _) => Ends { normal: below.returned.clone(), ..below.clone() },
        ("raise-frame", _) => Ends { normal: below.raised.clone(), ..below.clone() },
        ("turn-frame" | "for-frame", [iterator, target, body, otherwise]) => {
            let first = mentioned(cx, *iterator);
            turns(cx, below, &first, (Some(*target), *body, *otherwise)).0
        }
        ("while-frame", [test, body, otherwise]) => {
            turns(cx, below, &mentioned(cx, *test), (None, *body, *otherwise)).0
        }
        ("except-frame", [clauses, otherwise]) => below.behind_clauses(cx, *clauses, *otherwise),
        ("unbind-frame", [target]) => below.each(|set| without(set, local_name(cx, *target))),
        ("finally-frame", [last]) => below.behind_finally(cx, *last),
        ("pending", [completion]) => Ends { normal: resumed(cx, *completion, below), ..below.clone() },
        ("with-frame", _) => below.behind_with(),
        (op, _) if HANDING_ON.contains(&op) => {
            Ends { normal: union(&[&mentioned(cx, frame), &below.normal, &below.raised]), ..below.clone() }
        }
        _ => below.alike(&union(&[&mentioned(cx, frame), &below.all()])),
    }
}

/// What is read where a completion that was saved goes on.
fn resumed(cx: &Context, completion: Id, below: &Ends) -> Shared {
    match cx.name(completion) {
        "normal" => below.normal.clone(),
        "raising" => below.raised.clone(),
        "returning" => below.returned.clone(),
        "breaking" => below.broken.clone(),
        "continuing" => below.continued.clone(),
        _ => below.all(),
    }
}

/// A loop's target, where it is a `for`, its suite, and its `else` clause.
type Loop = (Option<Id>, Id, Id);

/// What is read behind each end of a loop's suite, and where a turn is about to begin. `first` is what its head reads: the test, or
/// the iterator.
fn turns(cx: &Context, below: &Ends, first: &Shared, (target, body, otherwise): Loop) -> (Ends, Shared) {
    let mut forgotten = Vec::new();
    if below.forgetting {
        // A `for` without the rest of it, as its frames tell it.
        let parts = if target.is_some() { vec![body] } else { vec![body, otherwise] };
        parts.into_iter().for_each(|part| forgotten.extend(assigned(cx, part)));
    }
    let at_the_end = |head: &Shared| match forgotten.as_slice() {
        [] => head.clone(),
        names => {
            let mut kept = Set::clone(head);
            kept.names.retain(|name| !names.contains(name));
            Rc::new(kept)
        }
    };
    let outside = union(&[first, &before(cx, otherwise, below), &below.raised]);
    let mut head = outside.clone();
    loop {
        let ends = Ends {
            normal: at_the_end(&head),
            continued: at_the_end(&head),
            broken: below.normal.clone(),
            ..below.clone()
        };
        let turn = before(cx, body, &ends);
        let turn = target.map_or(turn.clone(), |target| bound(cx, target, &turn));
        let next = union(&[&outside, &head, &turn]);
        if next == head {
            return (ends, head);
        }
        head = next;
    }
}

/// What a statement, and what is behind it, reads.
fn before(cx: &Context, statement: Id, after: &Ends) -> Shared {
    let node = cx.bank.get(statement);
    let with_mention = |term: Id, set: &Shared| union(&[&mentioned(cx, term), set, &after.raised]);
    match (node.op.as_str(), &node.args[..]) {
        ("pass", _) => after.normal.clone(),
        ("at" | "watch" | "marked" | "marked-raising", [_, inner]) => before(cx, *inner, after),
        ("interruptible", [inner]) => union(&[&before(cx, *inner, after), &after.raised]),
        ("seq", [first, second]) => {
            let normal = before(cx, *second, after);
            before(cx, *first, &Ends { normal, ..after.clone() })
        }
        ("expression", [value]) => with_mention(*value, &after.normal),
        ("assign", [target, value]) => with_mention(*value, &bound(cx, *target, &after.normal)),
        ("if", [test, yes, no]) => {
            let parts = union(&[&before(cx, *yes, after), &before(cx, *no, after)]);
            with_mention(*test, &parts)
        }
        ("while", [test, body, otherwise]) => {
            turns(cx, after, &mentioned(cx, *test), (None, *body, *otherwise)).1
        }
        ("loop" | "for", [target, iterable, body, otherwise]) => {
            let head = turns(cx, after, &Shared::default(), (Some(*target), *body, *otherwise)).1;
            with_mention(*iterable, &head)
        }
        ("break", _) => after.broken.clone(),
        ("continue", _) => after.continued.clone(),
        ("return", [value]) => with_mention(*value, &after.returned),
        ("raise", [value]) => with_mention(*value, &after.raised),
        ("raise-from", [value, cause]) => with_mention(*value, &mentioned(cx, *cause)),
        ("reraise", _) => after.raised.clone(),
        ("try-except", [body, clauses, otherwise]) => {
            before(cx, *body, &after.behind_clauses(cx, *clauses, *otherwise))
        }
        ("try-finally", [body, last]) => before(cx, *body, &after.behind_finally(cx, *last)),
        ("with", [_, manager, target, body]) => {
            let ends = after.behind_with();
            let suite = bound(cx, *target, &before(cx, *body, &ends));
            // What is raised where the target is bound comes to `__exit__`, too.
            with_mention(*manager, &union(&[&suite, &ends.raised]))
        }
        _ => union(&[&mentioned(cx, statement), &after.all()]),
    }
}

/// What is read where a value is about to be bound to a target.
fn bound(cx: &Context, target: Id, after: &Shared) -> Shared {
    union(&[&target_reads(cx, target), &without(after, local_name(cx, target))])
}

/// The local that a target is.
fn local_name(cx: &Context, target: Id) -> Option<Id> {
    let node = cx.bank.get(target);
    (node.op == vocabulary().local).then(|| node.args.first().copied()).flatten()
}

/// What binding a target reads: nothing where it is a local.
fn target_reads(cx: &Context, target: Id) -> Shared {
    if local_name(cx, target).is_some() { Shared::default() } else { mentioned(cx, target) }
}

/// The locals that a term mentions. Another function's code has locals of its own, and values have none.
fn mentioned(cx: &Context, term: Id) -> Shared {
    let mut set = Set::default();
    let mut open = vec![term];
    while let Some(term) = open.pop() {
        let node = cx.bank.get(term);
        let op = node.op;
        if op == vocabulary().local {
            set.names.extend(node.args.first());
        } else if op == names().builtin {
            set.all |= node.args.iter().any(|name| READS_ALL.contains(&cx.name(*name)));
        } else if ![names().code, vocabulary().values, names().row, names().rows].contains(&op) {
            open.extend(node.args.iter().copied());
        }
    }
    union(&[&Rc::new(set)])
}
