//! The `Answer` terms of what primitives yield.

use egg::Id;

use crate::python::builtins::support::beyond_model;
use crate::python::functions::unanswered::unknown_answer;
use crate::python::values::names::names;
use crate::python::values::types;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Answer, Call, Failure};

/// The `Answer` term of what a primitive yields.
pub fn answer_of(call: &mut Call, name: &str, answer: Answer) -> Id {
    match answer {
        Ok(value) => match call.output.take() {
            Some((stream, text)) => {
                let text = call.cx.bank.add_text(&text);
                let op = if stream == 1 { "writes" } else { "complains" };
                call.cx.bank.node(op, [text, value])
            }
            None => call.answer("gives", &[value]),
        },
        Err(
            Failure::Raised(exception)
            | Failure::Mismatch(exception)
            | Failure::Unfit(exception)
            | Failure::NotFound(exception),
        ) => match call.named.take() {
            Some(unknown) => unknown_answer(call, name, unknown),
            None => raises(call, exception),
        },
        Err(Failure::Delegated(function, args)) => {
            let (values, keywords) = (call.values(&args), call.keywords_of(&[]));
            call.answer("delegates", &[function, values, keywords])
        }
        Err(Failure::Answered(answer)) => answer,
        Err(Failure::Unknown(value) | Failure::Undecided(value, _)) => unknown_answer(call, name, value),
        Err(Failure::Undefined) => by_library(call, name),
    }
}

/// What a primitive raises is raised by the rules of `raise`.
fn raises(call: &mut Call, exception: Id) -> Id {
    let exception = if call.chain(exception).is_some() { exception } else { call.materialise(exception) };
    call.answer("signals", &[exception])
}

/// The library's function of the same name takes over; where there is none, the semantics ends.
fn by_library(call: &mut Call, name: &str) -> Id {
    let args = call.args.clone();
    let library = call.successor(name, &args);
    if call.cx.library_code(&library).is_none() {
        if types::is_never_called(name) {
            let failure = call.type_error(&format!("cannot create '{name}' instances"));
            return answer_of(call, name, Err(failure));
        }
        if let Some(answer) = converted(call, name) {
            return answer;
        }
        if let Some(answer) = taken_as_unknown(call, name) {
            return answer;
        }
        let types: Vec<String> = call.args.clone().into_iter().map(|arg| call.type_name(arg)).collect();
        let types = types.join(", ");
        beyond_model(call, &format!("`{name}` of ({types})"));
        let nothing = call.none();
        return call.answer("gives", &[nothing]);
    }
    let atom = call.atom(&library);
    let function = call.cx.bank.make(names().library, &[atom]);
    let (args, keywords) = (call.args.clone(), call.keywords.clone());
    let (values, keywords) = (call.values(&args), call.keywords_of(&keywords));
    call.answer("delegates", &[function, values, keywords])
}

/// How a primitive begins that the library alone calls.
const OF_LIBRARY: &str = "prim.";

/// What a primitive without a case gives where all paths are explored: something unknown. What it may have changed is unknown, too; where
/// it may have run code of the program, nothing is known of what comes after it.
fn taken_as_unknown(call: &mut Call, name: &str) -> Option<Id> {
    if call.is_run() || !call.forget_contents() {
        return None;
    }
    let args = call.args.clone();
    let unknown = args.into_iter().find(|arg| call.cx.bank.op(*arg) == vocabulary().unknown);
    let unknown = unknown.unwrap_or_else(|| call.unknown_like_others(name.trim_start_matches(OF_LIBRARY)));
    Some(match name.starts_with(OF_LIBRARY) {
        true => call.answer("gives", &[unknown]),
        false => unknown_answer(call, name, unknown),
    })
}

/// A builtin function that takes an int or a float, and was given an object that has the method to become one: the
/// library calls the method, and then the function again.
fn converted(call: &mut Call, name: &str) -> Option<Id> {
    let (value, method) = call.undecided.take()?;
    let place = call.args.iter().position(|arg| *arg == value)?;
    let atom = call.atom(name);
    let builtin = call.cx.bank.make(names().builtin, &[atom]);
    let (place, method) = (call.int(place), call.str(method));
    let (args, keywords) = (call.args.clone(), call.keywords.clone());
    let args = call.tuple(&args);
    let atom = call.atom("call_converted");
    let function = call.cx.bank.make(names().library, &[atom]);
    let failure = call.delegate(function, &[builtin, place, method, args], &keywords);
    Some(answer_of(call, name, Err(failure)))
}
