//! `isinstance`, `issubclass` and `callable`.

use egg::Id;

use crate::python::builtins::{Table, aliases, numbers};
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Answer, Call, Failure, View, typed, types};

/// The primitives of this file.
pub const TABLE: Table = &[
    ("isinstance(obj, class_or_tuple, /)", isinstance),
    ("issubclass(cls, class_or_tuple, /)", issubclass),
    ("callable(obj, /)", callable),
    ("prim.isinstance", raw_isinstance),
    ("prim.issubclass", raw_issubclass),
];

/// The names of the two functions, and of the message about what is no class.
const ISINSTANCE: (&str, &str) = ("isinstance", "isinstance-class");
const ISSUBCLASS: (&str, &str) = ("issubclass", "issubclass-class");

/// What is no class where one is asked for.
enum Other {
    /// A type with parameters.
    Alias,
    /// Anything else.
    Value,
}

/// The classes of a class or of tuples of classes, in order; an error where another value stands.
fn classes(call: &mut Call, value: Id, found: &mut Vec<Result<Id, Other>>) {
    match call.view(value) {
        View::Tuple(members) => members.into_iter().for_each(|member| classes(call, member, found)),
        _ if call.cx.bank.op(value) == vocabulary().class => found.push(Ok(value)),
        _ => match numbers::union_members(call, value) {
            Some(members) => members.into_iter().for_each(|member| classes(call, member, found)),
            None if aliases::parts(call, value).is_some() => found.push(Err(Other::Alias)),
            None => found.push(Err(Other::Value)),
        },
    }
}

fn isinstance(call: &mut Call) -> Answer {
    let [value, condition] = call.args[..] else { return Err(Failure::Undefined) };
    // Whatever is in a tuple, it is one.
    if call.cx.bank.op(value) == vocabulary().unknown || !call.cx.is_known(condition) {
        call.require_known()?;
    }
    // An instance of a classic class is one of that.
    let own = if call.is_classic_instance(value) { call.class_of(value) } else { call.told_type(value) };
    let yes = among(call, own, condition, ISINSTANCE)?;
    let no = call.cx.bank.op(yes) == vocabulary().no;
    if no && (says_its_class(call, own) || asks_more(call, condition)) {
        return Err(Failure::Undefined);
    }
    Ok(yes)
}

/// `isinstance` by the classes alone: `prim.isinstance(value, class)`.
fn raw_isinstance(call: &mut Call) -> Answer {
    let [value, condition] = call.args[..] else { return Err(Failure::Undefined) };
    let own = match typed::type_of(call.cx.bank, value) {
        Some(class) => call.class(class),
        None => call.class_of(value),
    };
    let yes = among(call, own, condition, ISINSTANCE)?;
    // For the library a long integer is an int.
    if call.cx.bank.op(yes) == vocabulary().no
        && call.cx.bank.op(condition) == vocabulary().class
        && call.cx.constants().knows_classic()
        && let Some(kin) = types::kin(&call.class_name(condition))
    {
        let kin = call.class(kin);
        return among(call, own, kin, ISINSTANCE);
    }
    Ok(yes)
}

/// `issubclass` by the classes alone: `prim.issubclass(class, class)`.
fn raw_issubclass(call: &mut Call) -> Answer {
    let [class, condition] = call.args[..] else { return Err(Failure::Undefined) };
    among(call, class, condition, ISSUBCLASS)
}

/// Whether a class is abstract, and may count others in that do not derive from it.
fn asks_more(call: &mut Call, condition: Id) -> bool {
    if let View::Tuple(members) = call.view(condition) {
        return members.into_iter().any(|member| asks_more(call, member));
    }
    call.cx.bank.op(condition) == vocabulary().class
        && call.is_user_class(condition)
        && call.class_attribute(condition, "_abc_impl").is_some()
}

/// Whether a class of the program defines what `__class__` of its instances is.
fn says_its_class(call: &mut Call, class: Id) -> bool {
    call.is_user_class(class)
        && ["__class__", "__getattribute__"]
            .iter()
            .any(|name| call.class_attribute(class, name).is_some_and(|(owner, _)| call.is_user_class(owner)))
}

fn issubclass(call: &mut Call) -> Answer {
    let [class, condition] = call.args[..] else { return Err(Failure::Undefined) };
    call.require_known()?;
    if call.cx.bank.op(class) != vocabulary().class {
        if asks_program(call, class) || asks_program(call, condition) {
            return Err(Failure::Undefined);
        }
        return Err(call.type_error("issubclass() arg 1 must be a class"));
    }
    let yes = among(call, class, condition, ISSUBCLASS)?;
    if call.cx.bank.op(yes) == vocabulary().no && asks_more(call, condition) {
        return Err(Failure::Undefined);
    }
    Ok(yes)
}

/// Whether a value, or a member of a tuple, is an object of a class of the program.
fn asks_program(call: &mut Call, value: Id) -> bool {
    if let View::Tuple(members) = call.view(value) {
        return members.into_iter().any(|member| asks_program(call, member));
    }
    let class = call.class_of(value);
    call.is_user_class(class)
}

fn among(call: &mut Call, own: Id, condition: Id, (function, message): (&str, &str)) -> Answer {
    let mut found = Vec::new();
    classes(call, condition, &mut found);
    for class in found {
        match class {
            // Classic classes derive from nothing, though their instances are objects.
            Ok(class)
                if call.derives(own, class)
                    && !(function == ISSUBCLASS.0
                        && call.cx.is_classic(own)
                        && !call.cx.is_classic(class)) =>
            {
                return Ok(call.bool(true));
            }
            Ok(_) => {}
            // An object may have `__instancecheck__`, or `__bases__`.
            Err(_) if asks_program(call, condition) => return Err(Failure::Undefined),
            Err(Other::Alias) => {
                let message = format!("{function}() argument 2 cannot be a parameterized generic");
                return Err(call.type_error(&message));
            }
            Err(Other::Value) => return Err(call.raise_worded("TypeError", message, &[])),
        }
    }
    Ok(call.bool(false))
}

fn callable(call: &mut Call) -> Answer {
    call.require_known()?;
    let [value] = call.args[..] else { return Err(Failure::Undefined) };
    if call.is_classic_object(value) {
        return Err(Failure::Undefined);
    }
    let yes = is_callable(call, value);
    Ok(call.bool(yes))
}

/// Whether a value that is not unknown itself can be called.
pub(super) fn is_callable(call: &mut Call, value: Id) -> bool {
    let direct = ["routine", "library", "builtin", "method", "class"].contains(&call.cx.name(value));
    direct || call.look_up(value, "__call__").is_some() || aliases::parts(call, value).is_some()
}
