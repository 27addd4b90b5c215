//! What an operation has to be told before it can be made: whether a key that is unknown equals one that a container has.
//!
//! It is asked for each such key, one after the other, and then the operation is made again. Where there are many, what is in the container is
//! not known any more.

use egg::Id;

use crate::python::functions::answered::{known_membership, recalled};
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Call, Failure, typed};

/// So many keys are asked about.
const ASKED: usize = 2;

/// Finds out whether a key equals others. `None` where more was told: what was applied is applied again; else what comes of it now.
pub(super) fn decide(call: &mut Call, applied: Id, key: Id, others: &[Id]) -> Option<Failure> {
    let mut left = Vec::new();
    for other in others {
        let Some((unknown, question)) = equality(call, key, *other) else {
            return Some(Failure::Unknown(unknown_among(call, key, *other)));
        };
        match recalled(call, unknown, question) {
            Some(equal) => call.objects.told.push((key, *other, equal)),
            None => left.push((*other, unknown, question)),
        }
    }
    if left.len() < others.len() {
        return None;
    }
    let container = call.args.clone().into_iter().find(|arg| call.kind_of_container(*arg).is_some());
    let member = container.and_then(|container| known_membership(call, container, key));
    match (member, &left[..]) {
        (Some(true), [(other, _, _)]) => call.objects.told.push((key, *other, true)),
        (Some(false), _) => differ(call, key, others),
        // A display of many.
        _ if container.is_none()
            && (call.args.len() > 2 * ASKED && !call.doubts("keys") || call.is_coarse()) =>
        {
            differ(call, key, others)
        }
        _ if left.len() > ASKED || call.is_coarse() => return Some(Failure::Unknown(left[0].1)),
        _ => return Some(ask_first(call, applied, left[0].1, left[0].2)),
    }
    None
}

fn differ(call: &mut Call, key: Id, others: &[Id]) {
    call.objects.told.extend(others.iter().map(|other| (key, *other, false)));
}

fn unknown_among(call: &mut Call, key: Id, other: Id) -> Id {
    let of_key = call.cx.unknown_in(key);
    if call.cx.bank.op(of_key) == vocabulary().unknown { of_key } else { call.cx.unknown_in(other) }
}

/// What is asked of an unknown to know whether it equals a key. Nothing is remembered of one that may change, nor of one in a tuple.
pub(super) fn equality(call: &mut Call, key: Id, other: Id) -> Option<(Id, Id)> {
    let is_unknown = |value: Id| {
        call.cx.bank.op(value) == vocabulary().unknown && !typed::is_container(call.cx.bank, value)
    };
    let (unknown, with) = match (is_unknown(key), is_unknown(other)) {
        (true, _) => (key, other),
        (false, true) => (other, key),
        (false, false) => return None,
    };
    let equals = call.cx.bank.node("eq", []);
    let question = call.cx.bank.node("compared", [equals, with]);
    Some((unknown, question))
}

/// The answer to an operation that asks first and is made again then.
fn ask_first(call: &mut Call, applied: Id, unknown: Id, question: Id) -> Failure {
    let (args, keywords) = (call.args.clone(), call.keywords.clone());
    let (values, keywords) = (call.values(&args), call.keywords_of(&keywords));
    Failure::Answered(call.cx.bank.node("decides", [unknown, question, applied, values, keywords]))
}
