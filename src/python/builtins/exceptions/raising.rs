//! What raises, and how a run ends.

use egg::Id;
use num_traits::ToPrimitive;

use crate::python::builtins::Table;
use crate::python::builtins::signatures::arguments;
use crate::python::builtins::support::index;
use crate::python::values::hidden;
use crate::python::values::names::names;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Answer, Call, Failure, Objects, View};

/// The primitives of this file.
pub const TABLE: Table = &[
    ("exception_to_raise", to_raise),
    ("exception_cause", cause),
    ("exception_cause_unchecked", cause),
    ("exception_to_throw", exception_to_throw),
    ("prim.give_traceback", give_traceback),
    ("prim.raisable", raisable),
    ("prim.carried", carried),
    ("prim.carried_text", carried_text),
    ("prim.made_to_raise", made_to_raise),
    ("set_cause", set_cause),
    ("sys.exc_info()", exc_info),
    ("sys.exc_clear()", exc_clear),
    ("sys.exception()", exception),
    ("sys.exit(status=None, /)", exit),
    ("sys.getrecursionlimit()", recursion_limit),
    ("sys.setrecursionlimit(limit, /)", set_recursion_limit),
    ("python exit(code=None) as Quitter.__call__", quit),
    ("python quit(code=None) as Quitter.__call__", quit),
    ("gc.collect(generation=2)", collected),
];

fn to_raise(call: &mut Call) -> Answer {
    let [value] = call.args[..] else { return Err(Failure::Undefined) };
    if call.cx.bank.op(value) == vocabulary().exception {
        return Ok(value);
    }
    let base = call.class("BaseException");
    if call.cx.bank.op(value) == vocabulary().class && call.derives(value, base) {
        return Err(Failure::Undefined);
    }
    Err(call.type_error("exceptions must derive from BaseException"))
}

fn cause(call: &mut Call) -> Answer {
    let [value] = call.args[..] else { return Err(Failure::Undefined) };
    let op = call.cx.bank.op(value);
    // What is unknown is taken for an exception or None.
    let is_none = op == vocabulary().none && call.cx.constants().has("raise.from-none");
    if is_none || [vocabulary().exception, vocabulary().unknown].contains(&op) {
        return Ok(value);
    }
    let base = call.class("BaseException");
    if op == vocabulary().class && call.derives(value, base) {
        return Err(Failure::Undefined);
    }
    Err(call.type_error("exception causes must derive from BaseException"))
}

/// `prim.carried_text(text, value)`: what is on its way where a string is raised with a value; `prim.missing` of what is none.
fn carried_text(call: &mut Call) -> Answer {
    let [text, value] = call.args[..] else { return Err(Failure::Undefined) };
    let carried = call.carried_text(text, value);
    Ok(carried.unwrap_or_else(|| call.cx.bank.make(names().missing, &[])))
}

/// `prim.made_to_raise(class, made)`: what is raised where calling the class made that.
fn made_to_raise(call: &mut Call) -> Answer {
    let [class, made] = call.args[..] else { return Err(Failure::Undefined) };
    call.raisable(class, made)
}

fn set_cause(call: &mut Call) -> Answer {
    let [exception, cause] = call.args[..] else { return Err(Failure::Undefined) };
    call.give_cause(exception, cause);
    Ok(exception)
}

fn exc_info(call: &mut Call) -> Answer {
    let none = call.none();
    let parts = match call.handled() {
        Some(exception) => {
            [call.cx.raised_type(exception), call.cx.raised_value(exception), call.traceback(exception)]
        }
        None => [none, none, none],
    };
    Ok(call.tuple(&parts))
}

/// Of `sys.exc_type`, `sys.exc_value` and `sys.exc_traceback`, what is being handled decides.
pub fn handled_part(call: &mut Objects, name: &str) -> Option<Id> {
    let exception = call.handled()?;
    Some(match name {
        "exc_type" => call.cx.raised_type(exception),
        "exc_value" => call.cx.raised_value(exception),
        _ => call.traceback(exception),
    })
}

fn exc_clear(call: &mut Call) -> Answer {
    call.clear_handled();
    Ok(call.none())
}

pub(super) fn exception(call: &mut Call) -> Answer {
    let none = call.none();
    Ok(call.handled().unwrap_or(none))
}

fn exit(call: &mut Call) -> Answer {
    let args = call.args.clone();
    Err(call.raise_with("SystemExit", &args))
}

/// `exit(code)` and `quit(code)`.
fn quit(call: &mut Call) -> Answer {
    let code = arguments(call)?.first().copied().flatten();
    let code = code.unwrap_or_else(|| call.none());
    Err(call.raise_with("SystemExit", &[code]))
}

fn recursion_limit(call: &mut Call) -> Answer {
    let limit = call.recursion_limit();
    Ok(call.int(limit))
}

fn set_recursion_limit(call: &mut Call) -> Answer {
    call.require_known()?;
    let [value] = call.args[..] else { return Err(Failure::Undefined) };
    let Some(limit) = index(call, value)?.to_i32() else {
        return Err(call.raise("OverflowError", "Python int too large to convert to C int"));
    };
    let Some(limit) = u32::try_from(limit).ok().filter(|limit| *limit > 0) else {
        return Err(call.value_error("recursion limit must be greater or equal than 1"));
    };
    // The module itself is one deep.
    let depth = call.cx.bank.measure(call.world).activations() + 1;
    if depth >= limit {
        let text = format!(
            "cannot set the recursion limit to {limit} at the recursion depth {depth}: the limit is too low"
        );
        return Err(call.raise("RecursionError", &text));
    }
    let limit = call.int(limit);
    call.set_module_name("sys", hidden::RECURSION_LIMIT, Some(limit));
    Ok(call.none())
}

fn collected(call: &mut Call) -> Answer {
    Ok(call.int(0))
}

/// The exception that the arguments of `throw` stand for: `exception_to_throw(kind, value, traceback)`. A class of the
/// program is called by the library.
fn exception_to_throw(call: &mut Call) -> Answer {
    let mut given = call.args.clone().into_iter();
    let thrown = given.next().ok_or(Failure::Undefined)?;
    // What raising it raises is thrown.
    if call.cx.bank.op(thrown) == vocabulary().unknown {
        return Err(Failure::Undefined);
    }
    let none = call.none();
    let [value, traceback] = [(); 2].map(|()| given.next().filter(|given| *given != none));
    if traceback.is_some_and(|traceback| !call.is_a(traceback, "traceback")) {
        return Err(call.type_error("throw() third argument must be a traceback object"));
    }
    let exception = match call.cx.bank.op(thrown) {
        op if op == vocabulary().exception && value.is_some() => {
            return Err(call.type_error("instance exception may not have a separate value"));
        }
        op if op == vocabulary().exception => thrown,
        op if op == vocabulary().class && is_raisable_class(call, thrown) => {
            made_to_throw(call, thrown, value)?
        }
        _ if call.is_classic_object(thrown) && value.is_some() => {
            return Err(call.type_error("instance exception may not have a separate value"));
        }
        _ if call.is_classic_object(thrown) => call.carried(thrown),
        _ if let Some(text) = call.carried_text(thrown, value.unwrap_or(none)) => text,
        _ => {
            let name = call.type_name(thrown);
            let text = call.cx.constants().worded("not-thrown", &[&name]);
            return Err(call.type_error(&text));
        }
    };
    if let Some(traceback) = traceback {
        call.replace_traceback(exception, traceback);
    }
    Ok(exception)
}

/// `prim.give_traceback(raised, traceback)`: what `raise E, V, T` raises, with its traceback.
fn give_traceback(call: &mut Call) -> Answer {
    let [raised, traceback] = call.args[..] else { return Err(Failure::Undefined) };
    if call.cx.bank.op(raised) == vocabulary().exception {
        call.give_traceback(raised, traceback);
    }
    Ok(raised)
}

/// `prim.raisable(value)`: whether it is a class whose instances may be raised, or before Python 3.0 such an instance.
fn raisable(call: &mut Call) -> Answer {
    let [value] = call.args[..] else { return Err(Failure::Undefined) };
    let class = if call.cx.bank.op(value) == vocabulary().class { value } else { call.class_of(value) };
    let raisable = is_raisable_class(call, class);
    Ok(call.bool(raisable))
}

fn is_raisable_class(call: &mut Call, class: Id) -> bool {
    derives_from_base(call, class) || call.cx.is_classic(class)
}

/// `prim.carried(value)`: what is on its way where an instance of a classic class is raised.
fn carried(call: &mut Call) -> Answer {
    let [value] = call.args[..] else { return Err(Failure::Undefined) };
    Ok(call.carried(value))
}

fn derives_from_base(call: &mut Call, class: Id) -> bool {
    let base = call.class("BaseException");
    call.derives(class, base)
}

/// The exception of a class and a value: the value itself, where it is one of that class.
fn made_to_throw(call: &mut Call, class: Id, value: Option<Id>) -> Answer {
    if let Some(value) = value
        && call.cx.bank.op(value) == vocabulary().exception
        && call.is_instance_of(value, class)
    {
        return Ok(value);
    }
    if let Some(value) = value.filter(|value| call.is_classic_object(*value)) {
        let own = call.class_of(value);
        if call.derives(own, class) {
            return Ok(call.carried(value));
        }
    }
    if call.is_user_class(class) {
        return Err(Failure::Undefined);
    }
    call.args = match value.map(|value| (value, call.view(value))) {
        None => Vec::new(),
        Some((_, View::Tuple(args))) => args,
        Some((value, _)) => vec![value],
    };
    call.exception_of(class)
}
