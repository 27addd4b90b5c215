//! Functions on values: comparing them, and writing them as Python does.

use std::cmp::Ordering;

use egg::Id;
use smallvec::smallvec;

use crate::machine::Bank;
use crate::machine::domain::{Context, Results};
use crate::term::{escape, unescape};

/// `(compare operator value value)`: undefined where a value is unknown or where Python
/// raises a TypeError.
pub fn compare(cx: &mut Context, args: &[Id]) -> Results {
    let [operator, left, right] = args[..] else { return smallvec![] };
    let unknown = cx.bank.measure(left).unknown || cx.bank.measure(right).unknown;
    let answer = match cx.name(operator) {
        // Whatever a value is, it is itself.
        "is" if left == right => true,
        "is-not" if left == right => false,
        _ if unknown => return smallvec![],
        "is" => left == right,
        "is-not" => left != right,
        "eq" => equal(cx, left, right),
        "ne" => !equal(cx, left, right),
        ordering => match order(cx, left, right) {
            Some(found) => holds_for(ordering, found),
            None => return smallvec![],
        },
    };
    smallvec![cx.boolean(answer)]
}

fn holds_for(operator: &str, found: Ordering) -> bool {
    match operator {
        "lt" => found.is_lt(),
        "le" => found.is_le(),
        "gt" => found.is_gt(),
        _ => found.is_ge(),
    }
}

fn equal(cx: &Context, left: Id, right: Id) -> bool {
    if left == right {
        return true;
    }
    match (number(cx, left), number(cx, right)) {
        (Some(l), Some(r)) => l == r,
        _ if cx.name(left) == "tuple" && cx.name(right) == "tuple" => {
            let (l, r) = (tuple(cx, left), tuple(cx, right));
            l.len() == r.len() && l.iter().zip(&r).all(|(a, b)| equal(cx, *a, *b))
        }
        // Two exceptions are equal only when they are the same object.
        _ => left == right,
    }
}

fn order(cx: &Context, left: Id, right: Id) -> Option<Ordering> {
    if let (Some(l), Some(r)) = (number(cx, left), number(cx, right)) {
        return Some(l.cmp(&r));
    }
    match (cx.name(left), cx.name(right)) {
        ("str", "str") => Some(text(cx, left).cmp(&text(cx, right))),
        ("tuple", "tuple") => {
            let (l, r) = (tuple(cx, left), tuple(cx, right));
            match l.iter().zip(&r).find(|(a, b)| !equal(cx, **a, **b)) {
                Some((a, b)) => order(cx, *a, *b),
                None => Some(l.len().cmp(&r.len())),
            }
        }
        _ => None,
    }
}

fn tuple(cx: &Context, id: Id) -> Vec<Id> {
    cx.members(cx.bank.arg(id, 0))
}

fn text(cx: &Context, id: Id) -> String {
    cx.bank.text(cx.bank.arg(id, 0))
}

/// The value of an int or bool. Literals have 63 bits at most.
fn number(cx: &Context, id: Id) -> Option<i64> {
    match cx.name(id) {
        "int" => cx.name(cx.bank.arg(id, 0)).parse().ok(),
        "true" => Some(1),
        "false" => Some(0),
        _ => None,
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
    let sign = match cx.name(args[0]) {
        "lt" => "<",
        "le" => "<=",
        "gt" => ">",
        _ => ">=",
    };
    let (left, right) = unordered_parts(cx, args[1], args[2]);
    let (left, right) = (type_name(cx, left), type_name(cx, right));
    let message = format!("'{sign}' not supported between instances of '{left}' and '{right}'");
    smallvec![cx.exception("TypeError", &message)]
}

/// The parts that have no order: of two tuples, their first different members.
fn unordered_parts(cx: &Context, left: Id, right: Id) -> (Id, Id) {
    if cx.name(left) == "tuple" && cx.name(right) == "tuple" {
        let (l, r) = (tuple(cx, left), tuple(cx, right));
        if let Some((l, r)) = l.into_iter().zip(r).find(|(l, r)| !equal(cx, *l, *r)) {
            return unordered_parts(cx, l, r);
        }
    }
    (left, right)
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
    let message = if given < names.len() {
        let missing: Vec<String> = names[given..].iter().map(|name| format!("'{name}'")).collect();
        format!(
            "{function}() missing {} required positional argument{}: {}",
            missing.len(),
            plural(missing.len()),
            enumerate(&missing)
        )
    } else {
        let were = if given == 1 { "was" } else { "were" };
        let takes = names.len();
        format!("{function}() takes {takes} positional argument{} but {given} {were} given", plural(takes))
    };
    smallvec![cx.exception("TypeError", &message)]
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// The items as a sentence lists them.
pub fn enumerate(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [first, second] => format!("{first} and {second}"),
        [init @ .., last] => format!("{}, and {last}", init.join(", ")),
    }
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
        "str" => text(cx, id),
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
fn repr(cx: &Context, id: Id) -> String {
    match cx.name(id) {
        "class" => {
            let name = unescape(cx.name(cx.bank.arg(id, 0)));
            match cx.name(cx.bank.arg(id, 1)) {
                "builtin" => format!("<class '{name}'>"),
                _ => format!("<class '__main__.{name}'>"),
            }
        }
        "tuple" => tuple_repr(cx, &tuple(cx, id)),
        "print-builtin" => "<built-in function print>".into(),
        "isinstance-builtin" => "<built-in function isinstance>".into(),
        _ => crate::python::syntax::print::value(&cx.bank.term(id)),
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
