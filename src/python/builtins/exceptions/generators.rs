//! The methods of generators.

use egg::Id;

use super::groups::raised_as_it_is;
use crate::python::builtins::Table;
use crate::python::builtins::signatures::{method, this};
use crate::python::values::hidden;
use crate::python::values::names::names;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Answer, Call, Failure, View};

/// The primitives of this file.
pub const TABLE: Table = &[
    ("start_fault", start_fault),
    ("running_fault", running_fault),
    ("close_fault", close_fault),
    ("warn_of_throw", warn_of_throw),
    ("warn_of_stop", warn_of_stop),
    ("prim.was_warned", was_warned),
    ("generator.send(self, object, /)", send),
    ("generator.throw(self, type, value=None, traceback=None, /)", throw),
    ("generator.close(self, /)", close),
    ("generator.__next__(self, /)", generator_next),
    ("generator.next(self, /)", generator_next),
    ("generator.__iter__(self, /)", itself),
    ("delegate_next", delegate_next),
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

/// The answer that resumes a generator.
fn resume(call: &mut Call, generator: Id, resumption: Id) -> Failure {
    Failure::Answered(call.answer("resumes", &[generator, resumption]))
}

fn send(call: &mut Call) -> Answer {
    let [generator, value] = call.args[..] else { return Err(Failure::Undefined) };
    let resumption = call.cx.bank.node("send", [value]);
    Err(resume(call, generator, resumption))
}

fn generator_next(call: &mut Call) -> Answer {
    let generator = this(call)?;
    let none = call.none();
    let resumption = call.cx.bank.node("send", [none]);
    Err(resume(call, generator, resumption))
}

fn itself(call: &mut Call) -> Answer {
    this(call)
}

fn close(call: &mut Call) -> Answer {
    let generator = this(call)?;
    let resumption = call.cx.bank.node("close", []);
    Err(resume(call, generator, resumption))
}

/// What `throw` with a class, a value and a traceback warns of: by the module `warnings`, where that is loaded.
fn warn_of_throw(call: &mut Call) -> Answer {
    const TEXT: &str = "the (type, exc, tb) signature of throw() is deprecated, \
                        use the single-arg signature instead.";
    let text = call.str(TEXT);
    let loaded = call.module_env("warnings").and_then(|env| call.lookup(env, "warn"));
    let (function, args) = match loaded {
        Some(warn) => (warn, vec![text, call.class("DeprecationWarning")]),
        None => {
            let name = call.atom("warn_here");
            (call.cx.bank.make(names().library, &[name]), vec![text])
        }
    };
    Err(Failure::Delegated(function, args))
}

/// What is warned of where a StopIteration leaves a generator, and goes on: only the module `warnings` shows it.
fn warn_of_stop(call: &mut Call) -> Answer {
    let loaded = call.module_env("warnings").and_then(|env| call.lookup(env, "warn"));
    let Some(warn) = loaded else { return Ok(call.none()) };
    let constants = call.cx.constants();
    let [text, class] = ["stop-warning", "stop-warning-class"].map(|key| constants.worded(key, &[]));
    let args = vec![call.str(&text), call.class(&class)];
    Err(Failure::Delegated(warn, args))
}

/// `prim.was_warned(place)`: whether a warning was shown of that place; it is from now on.
fn was_warned(call: &mut Call) -> Answer {
    let [place] = call.args[..] else { return Err(Failure::Undefined) };
    let known = call.module_env("builtins").and_then(|env| call.lookup(env, hidden::WARNED));
    let mut places = match known.map(|known| call.view(known)) {
        Some(View::Tuple(places)) => places,
        _ => Vec::new(),
    };
    let was = places.contains(&place);
    if !was {
        places.push(place);
        let places = call.tuple(&places);
        call.set_module_name("builtins", hidden::WARNED, Some(places));
    }
    Ok(call.bool(was))
}

/// `throw(exception)`, or with a class, a value and a traceback as before Python 3.12. An instance alone is thrown; what
/// becomes of the rest is decided where the generator stands.
fn throw(call: &mut Call) -> Answer {
    let (generator, given) = method(call)?;
    let resumption = thrown_in(call, &given);
    match resume(call, generator, resumption) {
        Failure::Answered(_) if given.len() > 1 => {
            let values = call.values(&given);
            Err(Failure::Answered(call.answer("long-throw", &[generator, values])))
        }
        answer => Err(answer),
    }
}

/// How a generator is resumed with the arguments of `throw`.
fn thrown_in(call: &mut Call, given: &[Id]) -> Id {
    match *given {
        [thrown] if call.cx.bank.op(thrown) == vocabulary().exception => call.cx.bank.node("throw", [thrown]),
        _ => {
            let values = call.values(given);
            call.cx.bank.node("hand-on", [values])
        }
    }
}

/// What `yield from` asks of an unknown.
fn delegate_next(call: &mut Call) -> Answer {
    let iterator = call.args.first().copied().ok_or(Failure::Undefined)?;
    match call.cx.bank.op(iterator) == vocabulary().unknown {
        true => Err(Failure::Unknown(iterator)),
        false => Err(Failure::Undefined),
    }
}

/// What `yield from` does with a value that is sent, and is not None.
fn delegate_send(call: &mut Call) -> Answer {
    let [iterator, value] = call.args[..] else { return Err(Failure::Undefined) };
    if call.suspension(iterator).is_some() {
        let resumption = call.cx.bank.node("send", [value]);
        return Err(resume(call, iterator, resumption));
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
        let resumption = thrown_in(call, &given);
        return Err(resume(call, iterator, resumption));
    }
    match call.attribute(iterator, "throw")? {
        Some(method) => Err(Failure::Delegated(method, given)),
        None => Err(raised_as_it_is(call, given[0])),
    }
}
