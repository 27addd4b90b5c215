//! Functions on the values of the core: comparing them, and writing them as Python does.

use egg::Id;
use smallvec::smallvec;

use crate::machine::Bank;
use crate::machine::domain::{Context, Results};
use crate::python::builtins::compare::{self, Relation};
use crate::python::functions::unknowns;
use crate::python::values::names::names;
use crate::python::values::typed;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Call, Failure};
use crate::python::values::{wording, write};
use crate::term::{escape, unescape};

/// `(compare operator value value)`: undefined where a value is unknown or where Python
/// raises a TypeError.
pub fn compare(cx: &mut Context, args: &[Id]) -> Results {
    let [operator, left, right] = args[..] else { return smallvec![] };
    let unknown = !cx.is_known(left) || !cx.is_known(right);
    let answer = match cx.name(operator) {
        // Whatever a value is, it is itself.
        "is" if left == right => true,
        "is-not" if left == right => false,
        "eq" | "ne" if left == right && equals_itself(cx, left) => cx.name(operator) == "eq",
        // What contains an unknown is something else, and no unknown is what the library takes for nothing.
        "is" | "is-not" if !may_be_same(cx, left, right) => cx.name(operator) == "is-not",
        _ if unknown => return smallvec![],
        "is" => left == right,
        "is-not" => left != right,
        "eq" => return compared(cx, left, right, compare::equal),
        "ne" => {
            return compared(cx, left, right, |call, left, right| Ok(!compare::equal(call, left, right)?));
        }
        order => {
            let Some(relation) = Relation::of(order) else { return smallvec![] };
            return compared(cx, left, right, |call, left, right| {
                compare::compare(call, relation, left, right)
            });
        }
    };
    smallvec![cx.boolean(answer)]
}

/// Whether a value that is unknown but for its type equals itself: all but a float do.
fn equals_itself(cx: &Context, value: Id) -> bool {
    typed::type_of(cx.bank, value).is_some_and(|class| class != "float")
}

/// Whether two values, one of which has an unknown in it, may be one object.
fn may_be_same(cx: &Context, left: Id, right: Id) -> bool {
    let unknown = |value| cx.bank.op(value) == vocabulary().unknown;
    let nothing = |value| cx.bank.op(value) == names().missing;
    let none = |value| cx.bank.op(value) == vocabulary().none;
    if [(left, right), (right, left)].into_iter().any(|(one, other)| none(other) && is_something(cx, one)) {
        return false;
    }
    // A list that was made of what an unknown was unpacked to is another than all its members.
    let made =
        |one| typed::is_container(cx.bank, one) && unknowns::of_item(&unknowns::name_of(cx, one)).is_some();
    if left != right && (made(left) || made(right)) {
        return false;
    }
    left == right || (unknown(left) && !nothing(right)) || (unknown(right) && !nothing(left))
}

/// Whether a value, unknown though it is, is a special method, or the answer of a function that never answers None.
fn is_something(cx: &Context, value: Id) -> bool {
    const FUNCTIONS: &str = "str repr ascii format len type bool int float list tuple set frozenset dict sorted sum \
        hash id abs callable hasattr isinstance issubclass contains eq ne lt le gt ge enumerate zip map filter reversed range";
    if cx.bank.op(value) != vocabulary().unknown {
        return false;
    }
    let name = unknowns::name_of(cx, value);
    // A special method is there, where it is looked up.
    if name.rsplit('.').next().is_some_and(|last| last.starts_with("__") && last.ends_with("__")) {
        return true;
    }
    if name.starts_with("f\"") {
        return true;
    }
    let function = name.split_once('(').filter(|(_, of)| *of != ")").map(|(function, _)| function);
    function.is_some_and(|function| FUNCTIONS.split_whitespace().any(|known| known == function))
}

/// What a comparison finds; nothing where it has no answer.
fn compared(
    cx: &mut Context,
    left: Id,
    right: Id,
    holds: impl Fn(&mut Call, Id, Id) -> Result<bool, Failure>,
) -> Results {
    match holds(&mut Call::on(cx, left, left), left, right) {
        Ok(answer) => smallvec![cx.boolean(answer)],
        Err(_) => smallvec![],
    }
}

/// `(mirrored operator)`: the comparison with its sides exchanged.
pub fn mirrored(cx: &mut Context, args: &[Id]) -> Results {
    let mirrored = match cx.name(args[0]) {
        "lt" => "gt",
        "le" => "ge",
        "gt" => "lt",
        "ge" => "le",
        same => same,
    };
    smallvec![cx.bank.node(mirrored, [])]
}

/// `(compare-fault operator value value)`.
pub fn compare_fault(cx: &mut Context, args: &[Id]) -> Results {
    let [operator, left, right] = args[..] else { return smallvec![] };
    let Some(relation) = Relation::of(cx.name(operator)) else { return smallvec![] };
    match compare::compare(&mut Call::on(cx, left, left), relation, left, right) {
        Err(failure) => failure.raised().into_iter().collect(),
        Ok(_) => smallvec![],
    }
}

/// `(call-fault value)`.
pub fn call_fault(cx: &mut Context, args: &[Id]) -> Results {
    let message = format!("'{}' object is not callable", type_name(cx, args[0]));
    smallvec![cx.exception("TypeError", &message)]
}

/// The name of a value's type, as messages have it.
pub fn type_name(cx: &Context, id: Id) -> String {
    match cx.name(id) {
        "none" => "NoneType".into(),
        "true" | "false" => "bool".into(),
        "class" => "type".into(),
        "exception" => cx.name(cx.bank.arg(cx.bank.arg(id, 0), 0)).to_string(),
        "print-builtin" | "isinstance-builtin" => "builtin_function_or_method".into(),
        other => other.to_string(),
    }
}

/// `(arity-fault name parameters values)`, worded as CPython does.
pub fn arity_fault(cx: &mut Context, args: &[Id]) -> Results {
    let function = cx.name(args[0]);
    let names: Vec<&str> = cx.members(args[1]).iter().map(|id| cx.name(*id)).collect();
    let given = cx.members(args[2]).len();
    let message = match names.get(given..) {
        Some(missing) => wording::missing(function, "positional", missing.iter().copied()),
        None => wording::too_many(function, [names.len(); 2], given, 0),
    };
    smallvec![cx.exception("TypeError", &message)]
}

/// `(display values)`: the line that print writes, as an escaped atom.
pub fn display(cx: &mut Context, args: &[Id]) -> Results {
    let words: Vec<String> = cx.members(args[0]).iter().map(|id| str_of(cx, *id)).collect();
    let line = format!("{}\n", words.join(" "));
    smallvec![cx.bank.node(&escape(&line), [])]
}

/// What `str` makes of a value. An exception's is that of its arguments.
pub fn str_of(cx: &Context, id: Id) -> String {
    match cx.name(id) {
        "str" => cx.bank.text(cx.bank.arg(id, 0)),
        "exception" => match cx.members(cx.bank.arg(id, 1)).as_slice() {
            [] => String::new(),
            [only] if is_a(cx, id, "KeyError") => repr(cx, *only),
            [number, text] if is_a(cx, id, "OSError") => {
                format!("[Errno {}] {}", str_of(cx, *number), str_of(cx, *text))
            }
            [only] => str_of(cx, *only),
            many => tuple_repr(cx, many),
        },
        _ => repr(cx, id),
    }
}

/// Whether an exception's class is the builtin class of that name, or derives from it.
pub fn is_a(cx: &Context, exception: Id, name: &str) -> bool {
    let mut open = vec![cx.bank.arg(exception, 0)];
    while let Some(class) = open.pop() {
        if cx.name(cx.bank.arg(class, 0)) == name && cx.name(cx.bank.arg(class, 1)) == "builtin" {
            return true;
        }
        let mut bases = cx.bank.arg(class, 2);
        while let [first, rest] = cx.bank.get(bases).args[..] {
            open.push(first);
            bases = rest;
        }
    }
    false
}

fn tuple_repr(cx: &Context, members: &[Id]) -> String {
    let parts: Vec<String> = members.iter().map(|id| repr(cx, *id)).collect();
    match parts.as_slice() {
        [only] => format!("({only},)"),
        _ => format!("({})", parts.join(", ")),
    }
}

/// What `repr` makes of a value. Traces write a class by its name alone; Python does not.
pub fn repr(cx: &Context, id: Id) -> String {
    match cx.name(id) {
        "class" => {
            let name = unescape(cx.name(cx.bank.arg(id, 0)));
            match cx.name(cx.bank.arg(id, 1)) {
                "builtin" => format!("<class '{name}'>"),
                "opaque" if name.contains('.') => format!("<class '{name}'>"),
                _ => format!("<class '__main__.{name}'>"),
            }
        }
        "tuple" => tuple_repr(cx, &cx.members(cx.bank.arg(id, 0))),
        "unknown" => format!("<{}>", unknowns::name_of(cx, id).trim_start_matches('.')),
        "print-builtin" => "<built-in function print>".into(),
        "isinstance-builtin" => "<built-in function isinstance>".into(),
        _ => {
            let term = cx.bank.term(id);
            write::value(&term, term.root())
        }
    }
}

/// The name of an exception's class.
pub fn class_name(cx: &Context, exception: Id) -> String {
    unescape(cx.name(cx.bank.arg(cx.bank.arg(exception, 0), 0)))
}

/// What an uncaught SystemExit asks for: its argument, None, or the tuple of several.
pub fn exit_value(bank: &mut Bank, exception: Id) -> Id {
    let args = bank.arg(exception, 1);
    match bank.get(args).args[..] {
        [] => bank.node("none", []),
        [before, only] if bank.get(before).args.is_empty() => only,
        _ => bank.node("tuple", [args]),
    }
}
