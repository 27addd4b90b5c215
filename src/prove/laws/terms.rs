//! Statements of the core as laws speak of them: without markers, and in a context that shows how control leaves them.

use egg::Id;
use rustc_hash::FxHashMap;

use crate::term::{Builder, Node, Term};

/// Markers that observers need and laws do not speak of: what stands within them is their last part.
const MARKERS: [&str; 4] = ["watch", "at", "observe", "probe"];

/// A term without its markers, and with other names for unknown calls.
pub(super) fn unmarked(term: &Term, renamed: impl Fn(&str) -> Option<String>) -> Term {
    let mut builder = Builder::default();
    let mut copies: Vec<Id> = Vec::with_capacity(term.len());
    for node in term {
        let copy = match node.args.last() {
            Some(last) if MARKERS.contains(&node.op.as_str()) => copies[usize::from(*last)],
            _ => {
                let name = renamed(node.op.as_str()).filter(|_| node.args.is_empty());
                let op = name.map_or(node.op, Into::into);
                let args: Vec<Id> = node.args.iter().map(|arg| copies[usize::from(*arg)]).collect();
                builder.node(op.as_str(), args)
            }
        };
        copies.push(copy);
    }
    finished(&builder, copies.last().copied())
}

/// The part of a term that is the argument `at` of its root.
pub(super) fn part(term: &Term, at: usize) -> Term {
    let mut builder = Builder::default();
    let root = builder.splice(term);
    let part = builder.get(root).args.get(at).copied();
    finished(&builder, part)
}

fn finished(builder: &Builder, root: Option<Id>) -> Term {
    root.map_or_else(Term::default, |root| finish(builder, root))
}

/// The term under a root in one form, whatever it was built of: equal terms are equal.
pub(super) fn finish(builder: &Builder, root: Id) -> Term {
    shared(&builder.finish(root))
}

/// A term in that form: each part once, and before what it is a part of, the first arguments first.
pub(super) fn shared(term: &Term) -> Term {
    fn copied(term: &Term, at: Id, copies: &mut FxHashMap<Node, Id>, shared: &mut Term) -> Id {
        let node = &term[at];
        let args: Vec<Id> = node.args.iter().map(|arg| copied(term, *arg, copies, shared)).collect();
        let copy = Node::new(node.op, args);
        if let Some(known) = copies.get(&copy) {
            return *known;
        }
        let id = shared.add(copy.clone());
        copies.insert(copy, id);
        id
    }
    let mut result = Term::default();
    if !term.is_empty() {
        copied(term, term.root(), &mut FxHashMap::default(), &mut result);
    }
    result
}

/// `(op parts…)`.
pub(super) fn node(op: &str, parts: &[&Term]) -> Term {
    let mut builder = Builder::default();
    let parts: Vec<Id> = parts.iter().map(|part| builder.splice(part)).collect();
    let root = builder.node(op, parts);
    finish(&builder, root)
}

/// An atom, as a term.
pub(super) fn atom(name: &str) -> Term {
    node(name, &[])
}

/// `raise` of a class that has a name.
pub(super) fn raising(class: &str) -> Term {
    node("raise", &[&named(class)])
}

/// The name of what is defined in the module.
pub(super) fn named(name: &str) -> Term {
    node("name", &[&node("global", &[&atom(name)])])
}

fn returning(word: &str) -> Term {
    node("return", &[&node("const", &[&node("str", &[&atom(word)])])])
}

/// What shows that control goes on behind a statement, leaves the loop around it, or the turn: the value that is returned then.
pub(super) const BEHIND: &str = "goes-on";
pub(super) const BROKEN: &str = "breaks";
pub(super) const CONTINUED: &str = "continues";

/// A statement as a program of the whole language has it: its names are those of the module.
fn of_module(statement: &Term) -> Term {
    let mut builder = Builder::default();
    let mut copies: Vec<Id> = Vec::with_capacity(statement.len());
    for node in statement {
        let mut args: Vec<Id> = node.args.iter().map(|arg| copies[usize::from(*arg)]).collect();
        let op = match node.op.as_str() {
            "global" => {
                args.insert(0, builder.atom("__main__"));
                "member"
            }
            op => op,
        };
        copies.push(builder.node(op, args));
    }
    finished(&builder, copies.last().copied())
}

/// A statement in a loop that has one turn, so that each way of leaving it shows.
fn shown(statement: &Term) -> Term {
    let none = node("values", &[&atom("no-values"), &atom("none")]);
    let turns = node("const", &[&node("tuple", &[&none])]);
    let target = node("local", &[&atom("_")]);
    let body = node("seq", &[statement, &returning(BEHIND)]);
    let turn = node("for", &[&target, &turns, &body, &returning(CONTINUED)]);
    node("seq", &[&turn, &returning(BROKEN)])
}

/// What is run of a statement: each way of leaving it shows, and around it an exception of this class is being handled, if of any.
pub(super) fn surrounded(statement: &Term, around: Option<&str>) -> Term {
    let inside = shown(statement);
    of_module(&match around {
        None => inside,
        Some(class) => node("try-except", &[&raising(class), &node("bare", &[&inside]), &atom("pass")]),
    })
}

/// The constructor at the root of a term.
pub(super) fn root(term: &Term) -> Option<&Node> {
    term.last()
}
