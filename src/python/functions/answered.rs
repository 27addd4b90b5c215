//! What is answered of an unknown: by the function that was asked, and by what was found out before.

use egg::Id;

use crate::python::functions::path_condition;
use crate::python::functions::spelling::{self, few_members, is_function, told, written};
use crate::python::functions::unanswered::anything;
use crate::python::functions::unknowns::{fresh, insert_fact, name_of, with_facts};
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Call, View, typed};

/// What a function answers of an unknown: an unknown that is named after both, so that it is the same whenever it is asked. Of
/// objects, which may change, it is another each time.
pub(super) fn answer_about(call: &mut Call, function: &str, unknown: Id) -> Id {
    let mut args = call.args.clone();
    for arg in &mut args {
        // What is unknown of an exception is its arguments.
        if call.cx.bank.op(*arg) == vocabulary().exception {
            *arg = call.cx.unknown_arguments(call.cx.bank.arg(*arg, 1)).unwrap_or(*arg);
        }
    }
    let lasting = args.iter().all(|arg| is_lasting(call, *arg) && is_told_apart(call, *arg, unknown));
    let answer = named_answer(call, function, unknown, args);
    match lasting {
        true => answer,
        false => {
            let around = [call.frames, call.world];
            fresh(call.cx, answer, &around)
        }
    }
}

/// Whether an unknown was found to be in a container, or not.
pub(super) fn known_membership(call: &mut Call, container: Id, unknown: Id) -> Option<bool> {
    let args = vec![container, unknown];
    let is_unknown = call.cx.bank.op(unknown) == vocabulary().unknown;
    if !is_unknown || !args.iter().all(|arg| is_lasting(call, *arg) && is_told_apart(call, *arg, unknown)) {
        return None;
    }
    let answer = named_answer(call, "contains", unknown, args);
    let truth = call.cx.bank.node("truth", []);
    let class = typed::typed(call.cx, answer, "bool");
    recalled(call, answer, truth).or_else(|| recalled(call, class, truth))
}

fn named_answer(call: &mut Call, function: &str, unknown: Id, args: Vec<Id>) -> Id {
    let name = match function {
        "fstring_value" => spelling::replacement_field(call, &args),
        "fstring_join" => spelling::formatted(call, &args),
        _ => {
            let shown: Vec<String> = args.into_iter().map(|arg| told(call, arg)).collect();
            written(function, is_function(function), &shown)
        }
    };
    anything(call, unknown, &name)
}

/// Whether all unknowns in a value can be told apart by an answer's name, and the number of one unknown.
fn is_told_apart(call: &mut Call, value: Id, unknown: Id) -> bool {
    match call.cx.bank.op(value) {
        op if op == vocabulary().unknown => {
            let number = |unknown: Id| call.cx.name(call.cx.bank.arg(unknown, 1));
            number(value) == number(unknown) || number(value) == "0" && number(unknown) == "0"
        }
        op if op == vocabulary().tuple => {
            let members = call.cx.members(call.cx.bank.arg(value, 0));
            members.into_iter().all(|member| is_told_apart(call, member, unknown))
        }
        _ => match few_members(call, value) {
            Some((_, members)) => {
                members.into_iter().flatten().all(|member| is_told_apart(call, member, unknown))
            }
            None => true,
        },
    }
}

/// An answer whose type the function tells. A text that is made of such an answer is another one each time: its name would grow
/// in a loop.
pub(super) fn typed_answer(call: &mut Call, function: &str, class: &str, unknown: Id) -> Id {
    let args = call.args.clone();
    let of_answer = |call: &Call, arg: &Id| {
        typed::type_of(call.cx.bank, *arg) == Some("str")
            && !(function == "fstring_join" && spelling::is_replacement_field(&name_of(call.cx, *arg)))
    };
    if class == "str" && args.iter().any(|arg| of_answer(call, arg)) {
        return call.new_unknown(unknown, class);
    }
    let answer = answer_about(call, function, unknown);
    typed::typed(call.cx, answer, class)
}

/// Whether a value is written as what it is, and is the same wherever it is written so: of a container, what is in it now.
fn is_lasting(call: &mut Call, value: Id) -> bool {
    let node = call.cx.bank.get(value).clone();
    match node.op.as_str() {
        "tuple" => call.cx.members(node.args[0]).into_iter().all(|member| is_lasting(call, member)),
        "unknown" => !typed::is_container(call.cx.bank, value),
        "object" => match few_members(call, value) {
            Some((_, members)) => members.into_iter().flatten().all(|member| is_lasting(call, member)),
            None => false,
        },
        op => ["none", "true", "false", "int", "long", "str", "unicode", "class", "builtin"].contains(&op),
    }
}

/// The length of an unknown that was found to be false.
pub(super) fn known_length(call: &mut Call, unknown: Id) -> Option<Id> {
    let truth = call.cx.bank.node("truth", []);
    (recalled(call, unknown, truth) == Some(false)).then(|| call.int(0))
}

/// An unknown is in a known container, or is not, where it was told of its members whether it is equal to them.
pub(super) fn weigh_members(call: &mut Call, container: Id, member: Id, found: Id) {
    let members = match call.view(container) {
        View::List(members) | View::Tuple(members) | View::Set(members) => members,
        View::Dict(entries) => entries.into_iter().map(|(key, _)| key).collect(),
        _ => return,
    };
    let equals = call.cx.bank.node("eq", []);
    let mut told = Vec::new();
    for other in members {
        let question = call.cx.bank.node("compared", [equals, other]);
        told.push(recalled(call, member, question));
    }
    if told.contains(&Some(true)) {
        note_truth(call, found, true);
    } else if told.iter().all(|answer| *answer == Some(false)) {
        note_truth(call, found, false);
    }
}

fn note_truth(call: &mut Call, value: Id, answer: bool) {
    let (truth, answer) = (call.cx.bank.node("truth", []), call.bool(answer));
    if recalled(call, value, truth).is_none() {
        let facts = call.cx.bank.arg(call.world, 3);
        let facts = insert_fact(call.cx, facts, [value, truth, answer]);
        let world = call.world;
        call.objects.world = with_facts(call.cx, world, facts);
    }
}

/// What was answered on this path of a value, or follows from that.
pub(super) fn recalled(call: &mut Call, value: Id, question: Id) -> Option<bool> {
    let facts = call.cx.bank.arg(call.world, 3);
    let answer = path_condition::recall(call.cx, &[facts, value, question]);
    answer.first().map(|answer| call.cx.name(*answer) == "true")
}
