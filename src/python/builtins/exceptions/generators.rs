//! The methods of generators.

use egg::Id;

use super::groups::raised_as_it_is;
use crate::python::builtins::Table;
use crate::python::functions::finalisation;
use crate::python::values::names::names;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Answer, Call, Failure, View};

/// The primitives of this file.
pub const TABLE: Table = &[
    ("start_fault", start_fault),
    ("running_fault", running_fault),
    ("close_fault", close_fault),
    ("generator.send", send),
    ("generator.throw", throw),
    ("generator.close", close),
    ("generator.__next__", generator_next),
    ("generator.__iter__", itself),
    ("delegate_send", delegate_send),
    ("delegate_throw", delegate_throw),
    ("delegate_close", delegate_close),
];

fn start_fault(call: &mut Call) -> Answer {
    Err(call.type_error("can't send non-None value to a just-started generator"))
}

fn running_fault(call: &mut Call) -> Answer {
    Err(call.value_error("generator already executing"))
}

fn close_fault(call: &mut Call) -> Answer {
    Err(call.raise("RuntimeError", "generator ignored GeneratorExit"))
}

/// The answer that resumes a generator; a TypeError for what is none.
pub fn resume(call: &mut Call, generator: Id, resumption: Id) -> Failure {
    if call.suspension(generator).is_none() {
        let (method, given) = (call.cx.name(resumption).to_string(), call.type_name(generator));
        let text =
            format!("descriptor '{method}' for 'generator' objects doesn't apply to a '{given}' object");
        return call.type_error(&text);
    }
    Failure::Answered(call.cx.bank.node("resumes", [generator, resumption, call.world]))
}

fn send(call: &mut Call) -> Answer {
    let [generator, value] = call.args[..] else {
        let given = call.args.len().saturating_sub(1);
        return Err(call.type_error(&format!("generator.send() takes exactly one argument ({given} given)")));
    };
    let resumption = call.cx.bank.node("send", [value]);
    Err(resume(call, generator, resumption))
}

fn generator_next(call: &mut Call) -> Answer {
    let [generator] = call.args[..] else { return Err(Failure::Undefined) };
    if call.suspension(generator).is_none() {
        let given = call.type_name(generator);
        let text = format!("descriptor '__next__' requires a 'generator' object but received a '{given}'");
        return Err(call.type_error(&text));
    }
    let none = call.none();
    let resumption = call.cx.bank.node("send", [none]);
    Err(resume(call, generator, resumption))
}

fn itself(call: &mut Call) -> Answer {
    call.args.first().copied().ok_or(Failure::Undefined)
}

fn close(call: &mut Call) -> Answer {
    let [generator] = call.args[..] else { return Err(Failure::Undefined) };
    let resumption = call.cx.bank.node("close", []);
    Err(resume(call, generator, resumption))
}

/// `throw(exception)`, or with a class and a value as before Python 3.12.
fn throw(call: &mut Call) -> Answer {
    let (generator, thrown, value) = match call.args[..] {
        [generator, thrown] => (generator, thrown, None),
        [generator, thrown, value] | [generator, thrown, value, _] => (generator, thrown, Some(value)),
        _ => return Err(call.type_error("throw expected at least 1 argument, got 0")),
    };
    if call.cx.bank.op(thrown) == vocabulary().exception {
        let resumption = call.cx.bank.node("throw", [thrown]);
        return Err(resume(call, generator, resumption));
    }
    if let Some(resumption) = handed_on(call, generator, thrown) {
        return Err(resume(call, generator, resumption));
    }
    let base = call.class("BaseException");
    if call.cx.bank.op(thrown) != vocabulary().class || !call.derives(thrown, base) {
        let name = call.type_name(thrown);
        let text = format!("exceptions must be classes or instances deriving from BaseException, not {name}");
        return Err(call.type_error(&text));
    }
    if let Some(value) = value
        && call.cx.bank.op(value) == vocabulary().exception
    {
        let resumption = call.cx.bank.node("throw", [value]);
        return Err(resume(call, generator, resumption));
    }
    if call.is_user_class(thrown) {
        return Err(Failure::Undefined);
    }
    call.args = match value.map(|value| (value, call.view(value))) {
        Some((_, View::None)) | None => Vec::new(),
        Some((_, View::Tuple(args))) => args,
        Some((value, _)) => vec![value],
    };
    let exception = call.exception_of(thrown)?;
    let resumption = call.cx.bank.node("throw", [exception]);
    Err(resume(call, generator, resumption))
}

/// What is no instance goes as it is to the iterator of a `yield from`, if that takes it, unless the generator is to be closed.
fn handed_on(call: &mut Call, generator: Id, thrown: Id) -> Option<Id> {
    let suspension = call.suspension(generator)?;
    let frames = call.cx.bank.get(suspension).args.first().copied()?;
    let closing = call.class("GeneratorExit");
    let closes = call.cx.bank.op(thrown) == vocabulary().class && call.derives(thrown, closing);
    let waits = call.cx.name(suspension) == "suspended"
        && !finalisation::delegating(call.cx, &[frames, call.world]).is_empty();
    if closes || !waits {
        return None;
    }
    let given = call.args.get(1..)?.to_vec();
    let given = call.values(&given);
    Some(call.cx.bank.node("hand-on", [given]))
}

/// What `yield from` does with a value that is sent.
fn delegate_send(call: &mut Call) -> Answer {
    let [iterator, value] = call.args[..] else { return Err(Failure::Undefined) };
    if call.suspension(iterator).is_some() {
        let resumption = call.cx.bank.node("send", [value]);
        return Err(resume(call, iterator, resumption));
    }
    if call.cx.bank.op(value) == vocabulary().none {
        let atom = call.atom("next");
        let next = call.cx.bank.make(names().builtin, &[atom]);
        return Err(Failure::Delegated(next, vec![iterator]));
    }
    match call.attribute(iterator, "send")? {
        Some(method) => Err(Failure::Delegated(method, vec![value])),
        None => Err(call.no_attribute(iterator, "send")),
    }
}

/// What `yield from` does before a GeneratorExit is raised in the generator.
fn delegate_close(call: &mut Call) -> Answer {
    let iterator = call.args.first().copied().ok_or(Failure::Undefined)?;
    if call.suspension(iterator).is_some() {
        let resumption = call.cx.bank.node("close", []);
        return Err(resume(call, iterator, resumption));
    }
    match call.attribute(iterator, "close")? {
        Some(method) => Err(Failure::Delegated(method, Vec::new())),
        None => Ok(call.none()),
    }
}

/// What `yield from` does with what is thrown in: an exception, or what is handed on as it is.
fn delegate_throw(call: &mut Call) -> Answer {
    let (iterator, given) = match call.args[..] {
        [iterator, ref given @ ..] if !given.is_empty() => (iterator, given.to_vec()),
        _ => return Err(Failure::Undefined),
    };
    if call.suspension(iterator).is_some() {
        if call.cx.bank.op(given[0]) == vocabulary().exception {
            let resumption = call.cx.bank.node("throw", [given[0]]);
            return Err(resume(call, iterator, resumption));
        }
        let atom = call.atom("generator.throw");
        let method = call.cx.bank.make(names().builtin, &[atom]);
        return Err(Failure::Delegated(method, call.args.clone()));
    }
    match call.attribute(iterator, "throw")? {
        Some(method) => Err(Failure::Delegated(method, given)),
        None => Err(raised_as_it_is(call, given[0])),
    }
}
