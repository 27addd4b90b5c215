//! Making exceptions, and what they keep.

use crate::python::builtins::display::{exception_args, exception_str_as};
use crate::python::builtins::fields::keyword_hint;
use crate::python::builtins::sequences::subscripts::own_item;
use crate::python::builtins::{Table, run};
use crate::python::values::names::names;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Answer, Call, Failure, View};

/// The primitives of this file.
pub const TABLE: Table = &[
    ("BaseException.__init__(self, /, *args, **kwargs)", init),
    ("BaseException.__str__(self, /)", |call| text_as(call, "BaseException")),
    ("KeyError.__str__(self, /)", |call| text_as(call, "KeyError")),
    ("OSError.__str__(self, /)", |call| text_as(call, "OSError")),
    ("ImportError.__str__(self, /)", |call| text_as(call, "ImportError")),
    ("SyntaxError.__str__(self, /)", |call| text_as(call, "SyntaxError")),
    ("UnicodeDecodeError.__str__(self, /)", |call| text_as(call, "UnicodeDecodeError")),
    ("UnicodeEncodeError.__str__(self, /)", |call| text_as(call, "UnicodeEncodeError")),
    ("UnicodeTranslateError.__str__(self, /)", |call| text_as(call, "UnicodeTranslateError")),
    ("BaseExceptionGroup.__str__(self, /)", |call| text_as(call, "BaseExceptionGroup")),
    ("prim.text_owner", text_owner),
    ("prim.tell_access", tell_access),
    ("prim.keyword_hint", hint_of_keyword),
    ("prim.os_error_parts", os_error_parts),
    ("BaseException.__repr__(self, /)", repr),
    ("BaseException.__getitem__(self, index, /)", item),
    ("BaseException.add_note(self, note, /)", add_note),
    ("BaseException.with_traceback(self, tb, /)", with_traceback),
    ("method BaseException.__setstate__(self, state, /)", set_state),
    ("prim.exception_args", args),
];

fn init(call: &mut Call) -> Answer {
    let Some((exception, args)) = call.args.split_first() else { return Err(Failure::Undefined) };
    let (exception, args) = (*exception, args.to_vec());
    let class = call.class_of(exception);
    call.check_field_keywords(class)?;
    if call.has_fields_of_os_error(class) && !call.is_made_by_init(class) {
        return Ok(call.none());
    }
    call.check_fields(class, &args)?;
    if let Some(mut chain) = call.chain(exception) {
        chain.args = call.kept_args(class, args.clone());
        call.set_chain(exception, &chain);
        call.initialise_fields(exception, &args);
    }
    Ok(call.none())
}

/// `__str__` of one of the builtin classes of exceptions.
fn text_as(call: &mut Call, owner: &str) -> Answer {
    let [exception] = call.args[..] else { return Err(Failure::Undefined) };
    match exception_str_as(call, exception, owner) {
        Ok(text) => Ok(call.str(&text)),
        Err(Failure::Undefined) => {
            let atom = call.atom("_exception_text");
            let function = call.cx.bank.make(names().library, &[atom]);
            let owner = call.str(owner);
            Err(Failure::Delegated(function, vec![exception, owner]))
        }
        Err(failure) => Err(failure),
    }
}

/// The builtin class whose `__str__` an exception has: `prim.text_owner(exception)`.
fn text_owner(call: &mut Call) -> Answer {
    let [exception] = call.args[..] else { return Err(Failure::Undefined) };
    let owner = crate::python::builtins::display::text_owner(call, exception);
    Ok(call.str(&owner))
}

/// An AttributeError that leaves a program's own look-up learns of it: `prim.tell_access(error, object, name)`.
fn tell_access(call: &mut Call) -> Answer {
    let [exception, object, name] = call.args[..] else { return Err(Failure::Undefined) };
    let known = ["name", "obj"].map(|field| call.own_attribute(exception, field));
    if known == [None, None] {
        call.set_own_attribute(exception, "name", Some(name));
        call.set_own_attribute(exception, "obj", Some(object));
    }
    Ok(call.none())
}

/// What is said of a keyword near one that is known: `prim.keyword_hint(name, names)`.
fn hint_of_keyword(call: &mut Call) -> Answer {
    let [name, known] = call.args[..] else { return Err(Failure::Undefined) };
    let View::Tuple(known) = call.view(known) else { return Err(Failure::Undefined) };
    let known: Vec<String> = known.into_iter().filter_map(|name| call.text(name)).collect();
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let hint = keyword_hint(&call.text(name).unwrap_or_default(), &known);
    Ok(call.str(&hint))
}

/// Error number, reason and names of files of an OSError, each missing if it was not given.
fn os_error_parts(call: &mut Call) -> Answer {
    let [exception] = call.args[..] else { return Err(Failure::Undefined) };
    let missing = call.cx.bank.make(names().missing, &[]);
    let parts = crate::python::builtins::display::os_error_parts(call, exception);
    let parts = parts.map(|part| part.unwrap_or(missing));
    Ok(call.tuple(&parts))
}

fn repr(call: &mut Call) -> Answer {
    run(call, "prim.exception_repr")
}

/// `error[0]`: a member of its arguments.
fn item(call: &mut Call) -> Answer {
    let [exception, index] = call.args[..] else { return Err(Failure::Undefined) };
    let args = call.chain(exception).map(|chain| chain.args).unwrap_or_default();
    let args = call.tuple(&args);
    own_item(call, args, index)
}

fn add_note(call: &mut Call) -> Answer {
    let [exception, note] = call.args[..] else { return Err(Failure::Undefined) };
    let View::Str(_) = call.view(note) else {
        let name = call.type_name(note);
        return Err(call.type_error(&format!("add_note() argument must be str, not {name}")));
    };
    let notes = match call.attribute(exception, "__notes__")? {
        Some(notes) if matches!(call.view(notes), View::List(_)) => notes,
        Some(_) => return Err(call.type_error("Cannot add note: __notes__ is not a list")),
        None => {
            let notes = call.list(&[]);
            call.set_own_attribute(exception, "__notes__", Some(notes));
            notes
        }
    };
    call.push(notes, note);
    Ok(call.none())
}

fn with_traceback(call: &mut Call) -> Answer {
    let [exception, traceback] = call.args[..] else { return Err(Failure::Undefined) };
    if call.cx.bank.op(traceback) == vocabulary().unknown {
        return Ok(exception);
    }
    let fits = call.cx.bank.op(traceback) == vocabulary().none || call.is_a(traceback, "traceback");
    if !fits {
        return Err(call.type_error("__traceback__ must be a traceback or None"));
    }
    call.replace_traceback(exception, traceback);
    Ok(exception)
}

/// `__setstate__(dict)`: what copies of an exception are given.
fn set_state(call: &mut Call) -> Answer {
    let [exception, state] = call.args[..] else { return Err(Failure::Undefined) };
    match call.view(state) {
        View::None => {}
        View::Dict(entries) => {
            for (key, value) in entries {
                let name = call.text(key).unwrap_or_default();
                call.change_plain_attribute(exception, &name, Some(value))?;
            }
        }
        _ => return Err(call.type_error("state is not a dictionary")),
    }
    Ok(call.none())
}

pub(super) fn args(call: &mut Call) -> Answer {
    let [exception] = call.args[..] else { return Err(Failure::Undefined) };
    let args = exception_args(call, exception);
    Ok(call.tuple(&args))
}
