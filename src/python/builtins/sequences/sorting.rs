//! Sorting.

use egg::Id;

use super::lists::members;
use crate::python::builtins::Table;
use crate::python::builtins::compare::less;
use crate::python::builtins::containers::{chain, chain_at};
use crate::python::builtins::conversions::truth;
use crate::python::builtins::fields::keyword_hint;
use crate::python::builtins::iterators::members_of;
use crate::python::builtins::signatures::this;
use crate::python::values::{Answer, Call, Failure, View};

/// The primitives of this file.
pub const TABLE: Table = &[
    ("list.sort(self, /, *, key=None, reverse=False)", list_sort),
    ("sorted(iterable, /, **options)", sorted_members),
    ("sorted_pairs", sorted_pairs),
];

fn list_sort(call: &mut Call) -> Answer {
    let this = this(call)?;
    let backwards = sort_order(call)?;
    let all = members(call, this)?;
    let all = sorted_by(call, all, backwards, less)?;
    call.set_list(this, &all);
    Ok(call.none())
}

/// `sorted(iterable)`; the library does what has to call a method or a key.
fn sorted_members(call: &mut Call) -> Answer {
    let [iterable] = call.args[..] else { return Err(Failure::Undefined) };
    let backwards = sort_order(call)?;
    let all = members_of(call, iterable)?;
    let all = sorted_by(call, all, backwards, less)?;
    Ok(call.list(&all))
}

/// `prim.sorted_pairs(pairs, reverse)`: pairs of a key and a member in the order of their keys, or the other one; None
/// where a method of the program has to be called, or keys have no order.
fn sorted_pairs(call: &mut Call) -> Answer {
    let [pairs, reverse] = call.args[..] else { return Err(Failure::Undefined) };
    let backwards = truth(call, reverse)?;
    let all = members(call, pairs)?;
    match sorted_by(call, all, backwards, less_key) {
        Ok(all) => Ok(call.list(&all)),
        Err(_) => Ok(call.none()),
    }
}

fn less_key(call: &mut Call, one: Id, two: Id) -> Result<bool, Failure> {
    let key = |pair: Id| chain(call, pair).and_then(|members| chain_at(call, members, 0));
    let (Some(one), Some(two)) = (key(one), key(two)) else { return Err(Failure::Undefined) };
    less(call, one, two)
}

/// Whether one member comes before another.
type Less = fn(&mut Call, Id, Id) -> Result<bool, Failure>;

/// Whether the keywords of a sort ask for the other order.
fn sort_order(call: &mut Call) -> Result<bool, Failure> {
    let mut backwards = false;
    for (name, value) in call.keywords.clone() {
        match name.as_str() {
            "key" if call.view(value) == View::None => {}
            "key" => return Err(Failure::Undefined),
            "reverse" => backwards = truth(call, value)?,
            _ => {
                let hint = keyword_hint(&name, &["key", "reverse"]);
                let message = format!("sort() got an unexpected keyword argument '{name}'{hint}");
                return Err(call.type_error(&message));
            }
        }
    }
    Ok(backwards)
}

fn sorted_by(call: &mut Call, mut all: Vec<Id>, backwards: bool, less: Less) -> Result<Vec<Id>, Failure> {
    // Reversed before and after, equal members keep their order.
    if backwards {
        all.reverse();
    }
    let mut all = sorted(call, all, less)?;
    if backwards {
        all.reverse();
    }
    Ok(all)
}

/// The most members that CPython sorts by insertion alone.
const SMALL: usize = 64;

/// The members in order. Up to [`SMALL`] members, they are compared in the order in which CPython compares
/// them, which decides what a TypeError says.
fn sorted(call: &mut Call, mut members: Vec<Id>, less: Less) -> Result<Vec<Id>, Failure> {
    if members.len() >= SMALL {
        let right = members.split_off(members.len() / 2);
        let left = sorted(call, members, less)?;
        let right = sorted(call, right, less)?;
        return merged(call, &left, &right, less);
    }
    let run = first_run(call, &mut members, less)?;
    for place in run..members.len() {
        let pivot = members.remove(place);
        let (mut low, mut high) = (0, place);
        while low < high {
            let middle = low + (high - low) / 2;
            if less(call, pivot, members[middle])? {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        members.insert(low, pivot);
    }
    Ok(members)
}

/// The length of the run at the start, which is in order afterwards.
fn first_run(call: &mut Call, members: &mut [Id], less: Less) -> Result<usize, Failure> {
    let mut end = members.len().min(1);
    let mut descends = false;
    while end < members.len() {
        let smaller = less(call, members[end], members[end - 1])?;
        if end == 1 {
            descends = smaller;
        }
        if smaller != descends {
            break;
        }
        end += 1;
    }
    if descends {
        members[..end].reverse();
    }
    Ok(end)
}

fn merged(call: &mut Call, left: &[Id], right: &[Id], less: Less) -> Result<Vec<Id>, Failure> {
    let (mut left, mut right) = (left, right);
    let mut all = Vec::with_capacity(left.len() + right.len());
    while let ([first, left_rest @ ..], [second, right_rest @ ..]) = (left, right) {
        if less(call, *second, *first)? {
            all.push(*second);
            right = right_rest;
        } else {
            all.push(*first);
            left = left_rest;
        }
    }
    all.extend(left.iter().chain(right));
    Ok(all)
}
