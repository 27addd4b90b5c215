//! Loops that meet nothing unknown: a function of the library that goes over what is known, as where it reads a pattern, does the same
//! whenever it is called, and is done with before long. Where all else is forgotten that is not: it would not know any more what it
//! does.

use egg::Id;
use rustc_hash::FxHashSet;

use crate::machine::sequence;
use crate::python::functions::widening::{LONG, Turn};
use crate::python::values::names::names;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Call, heap};

/// Whether a loop is none of the program's own and goes over known values alone: neither it nor what its activation holds leads to
/// anything unknown. A generator is as often resumed as whoever asks wants, and a long row of numbers is gone over for long.
pub(super) fn ends_by_itself(call: &Call, turn: &Turn) -> bool {
    let callers = call.cx.bank.op(call.cx.bank.arg(call.world, 4));
    callers.as_str() == "caller" && !has_lines(call, turn.statement) && is_known(call, turn.iterator)
}

/// Whether a statement is one that the program has written down: the statements of the library have no lines.
fn has_lines(call: &Call, statement: Id) -> bool {
    let (mut seen, mut open) = (FxHashSet::default(), vec![statement]);
    while let Some(term) = open.pop() {
        let node = call.cx.bank.get(term);
        if node.op.as_str() == "at" && !node.args.is_empty() {
            return true;
        }
        if node.op != names().code && seen.insert(term) {
            open.extend(node.args.iter().copied());
        }
    }
    false
}

/// Whether nothing unknown, no generator and nothing long is in an iterator or in what the locals of the activation hold, or where these
/// lead to.
fn is_known(call: &Call, iterator: Id) -> bool {
    let bank = &call.cx.bank;
    let heap = bank.arg(bank.arg(call.world, 1), 1);
    let (mut seen, mut open) = (FxHashSet::default(), vec![iterator, bank.arg(call.world, 0)]);
    while let Some(term) = open.pop() {
        let node = bank.get(term);
        if bank.measure(term).unknown || node.op == names().generator_of || is_long(call, term) {
            return false;
        }
        // What runs is no value, and of what a class holds nothing is gone over.
        if [names().code, vocabulary().class].contains(&node.op) || !seen.insert(term) {
            continue;
        }
        let number = node.args.last().filter(|_| node.op == names().reference);
        open.extend(number.and_then(|number| heap::find(bank, heap, heap::number_of(bank, *number)?)));
        open.extend(node.args.iter().copied());
    }
    true
}

/// The long ranges that an iterator draws from, itself among them: what each has still to come to is in the heap under this number.
pub(super) fn long_ranges(call: &mut Call, iterator: Id) -> Vec<u32> {
    let mut found: Vec<u32> = call.reached(&[iterator]).into_iter().collect();
    found.retain(|number| call.entry_of(*number).is_some_and(|entry| is_long(call, entry.payload)));
    found.sort_unstable();
    found
}

/// Whether something is a long range that is gone over.
fn is_long(call: &Call, payload: Id) -> bool {
    let node = call.cx.bank.get(payload);
    let is_range = node.op == names().iterator_of && call.cx.name(node.args[0]) == "range";
    let left = is_range.then(|| sequence::all(call.cx.bank, node.args[1]).last().copied()).flatten();
    left.and_then(|left| call.integer(left)).is_some_and(|left| left > LONG.into())
}
