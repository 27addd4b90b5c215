//! What a call of an unknown comes to: what it returns, and what it raises.

use egg::Id;

use crate::book::consequences::{fitting, parts};
use crate::machine::domain::{Context, Results};
use crate::python::functions::unknowns::{fresh, name_of, renamed};
use crate::python::values::Objects;
use crate::python::values::typed;
use crate::python::values::vocabulary::vocabulary;

/// `(outcomes-given unknown values frames world)`: those of a call with these arguments, which raises nothing where they are of the type
/// that the book says.
pub fn outcomes_given(cx: &mut Context, args: &[Id]) -> Results {
    let [unknown, values, frames, world] = args[..] else { return Results::new() };
    let mut results = outcomes(cx, &[unknown, frames, world]);
    let said = cx.constants().stated(&format!("{}()", name_of(cx, unknown)));
    if let Some(class) = said.and_then(fitting)
        && is_unnarrowed(cx, unknown)
    {
        let is_one = |value: Id| cx.name(value) == class || typed::type_of(cx.bank, value) == Some(class);
        if cx.members(values).into_iter().all(is_one) {
            results.retain(|exit| cx.bank.op(*exit) != vocabulary().raising);
        }
    }
    results
}

/// `(outcomes-of unknown frames world)`: each value that the outcomes list, or a fresh
/// unknown, as returned; and each exception that they list, as raised.
pub fn outcomes(cx: &mut Context, args: &[Id]) -> Results {
    let known = of_library(cx, args[0]);
    let outcomes = cx.bank.arg(known.unwrap_or(args[0]), 2);
    let listed = cx.bank.arg(outcomes, 0);
    let values = match cx.bank.get(listed).args[..] {
        [values] if cx.name(listed) == "one-of" => cx.members(values),
        _ => {
            let result = result_of(cx, args[0]);
            let result = match known.and_then(|known| typed::type_of(cx.bank, known)) {
                Some(class) => typed::typed(cx, result, class),
                None => typed::untyped(cx, result),
            };
            vec![fresh(cx, result, &args[1..])]
        }
    };
    let mut raised = cx.members(cx.bank.arg(outcomes, 1));
    if matches!(cx.name(listed), "anything" | "typed" | "contents") && raises_whatever(cx, &raised) {
        let arguments = match raised.first() {
            Some(first) => cx.bank.arg(*first, 1),
            None => cx.bank.node("no-values", []),
        };
        raised.extend(own_exceptions(cx, args[2], arguments));
    }
    let mut results: Results =
        values.into_iter().map(|value| cx.bank.make(vocabulary().returning, &[value])).collect();
    results.extend(raised.into_iter().map(|exception| {
        let exception = cx.fresh_exception(exception, [args[1], args[2]]);
        cx.bank.make(vocabulary().raising, &[exception])
    }));
    results
}

/// `(endless unknown)`: a call of it neither returns nor raises.
pub fn endless(cx: &mut Context, args: &[Id]) -> Results {
    let outcomes = cx.bank.arg(args[0], 2);
    let (returned, raised) = (cx.bank.arg(outcomes, 0), cx.bank.arg(outcomes, 1));
    let empty = |cx: &Context, values: Id| cx.bank.get(values).args.is_empty();
    let returns = match cx.bank.get(returned).args[..] {
        [values] if cx.name(returned) == "one-of" => !empty(cx, values),
        _ => true,
    };
    if returns || !empty(cx, raised) { Results::new() } else { Results::from_slice(&[args[0]]) }
}

/// Whether a BaseException is among what an unknown may raise, as it is where no assumption says what a call does.
fn is_unnarrowed(cx: &mut Context, unknown: Id) -> bool {
    let [returns, raised] = [0, 1].map(|part| cx.bank.arg(cx.bank.arg(unknown, 2), part));
    let raised = cx.members(raised);
    cx.name(returns) == "anything" && raises_whatever(cx, &raised)
}

/// A member of the standard library of which the book says what a call returns and raises: an unknown like it that does that.
fn of_library(cx: &mut Context, unknown: Id) -> Option<Id> {
    let said = cx.constants().stated(&format!("{}()", name_of(cx, unknown)))?.to_string();
    if !is_unnarrowed(cx, unknown) {
        return None;
    }
    let (word, raised) = parts(&said);
    let (verb, class) = word.split_once('-')?;
    let like = match class {
        "none" => {
            let none = cx.bank.node("none", []);
            let values = cx.values(&[none]);
            let returns = cx.bank.node("one-of", [values]);
            typed::returning(cx, unknown, returns)
        }
        "anything" => unknown,
        class => typed::typed(cx, unknown, class),
    };
    match raised {
        Some(raised) => Some(raising(cx, like, &raised)),
        None if verb == "gives" => Some(raising(cx, like, &[])),
        None => Some(like),
    }
}

/// An unknown like another, a call of which raises exceptions of these classes and no others. Nothing is known of their arguments.
pub(super) fn raising(cx: &mut Context, unknown: Id, classes: &[&str]) -> Id {
    let raised = cx.bank.arg(cx.bank.arg(unknown, 2), 1);
    let arguments = match cx.members(raised).first() {
        Some(first) => cx.bank.arg(*first, 1),
        None => cx.values(&[]),
    };
    let mut exceptions = Vec::new();
    for class in classes {
        let class = cx.class(class);
        let number = cx.bank.node("0", []);
        exceptions.push(cx.bank.make(vocabulary().exception, &[class, arguments, number]));
    }
    raising_these(cx, unknown, &exceptions)
}

/// An unknown like another, a call of which raises one of these exceptions.
pub(super) fn raising_these(cx: &mut Context, unknown: Id, exceptions: &[Id]) -> Id {
    let returns = cx.bank.arg(cx.bank.arg(unknown, 2), 0);
    let exceptions = cx.values(exceptions);
    let outcomes = cx.bank.node("outcomes", [returns, exceptions]);
    let mut node = cx.bank.get(unknown).clone();
    node.args[2] = outcomes;
    cx.bank.add(node)
}

/// An unknown like another, a call of which may raise what that of a third may, too.
pub(super) fn raising_as_well(cx: &mut Context, unknown: Id, other: Id) -> Id {
    let [own, more] = [unknown, other].map(|unknown| cx.members(cx.bank.arg(cx.bank.arg(unknown, 2), 1)));
    let mut exceptions = own;
    for exception in more {
        let class = cx.bank.arg(exception, 0);
        if exceptions.iter().all(|known| cx.bank.arg(*known, 0) != class) {
            exceptions.push(exception);
        }
    }
    raising_these(cx, unknown, &exceptions)
}

/// What a call of an unknown returns is named as the call; of a call's result again as that call, so that a loop has no end of
/// names.
fn result_of(cx: &mut Context, unknown: Id) -> Id {
    let name = name_of(cx, unknown);
    // The result of an operation has its name already.
    if name.ends_with(')') || name.ends_with(']') || name.ends_with('\u{2026}') {
        return unknown;
    }
    renamed(cx, unknown, &format!("{name}()"))
}

/// `(raises unknown)`: what raising the value raises: the exceptions that the outcomes list, or the
/// TypeError of raising what is no exception.
pub fn raises(cx: &mut Context, args: &[Id]) -> Results {
    let outcomes = cx.bank.arg(args[0], 2);
    let mut listed: Results = cx.members(cx.bank.arg(outcomes, 1)).into_iter().collect();
    listed.push(cx.fault("TypeError", "not-raisable"));
    listed
}

/// Whether a BaseException is among what may be raised, and so whatever class the program has. An assumption lists others.
fn raises_whatever(cx: &mut Context, raised: &[Id]) -> bool {
    raised.iter().any(|exception| {
        let class = cx.bank.arg(*exception, 0);
        let name = cx.bank.get(class).args.first().copied();
        name.is_some_and(|name| cx.name(name) == "BaseException")
    })
}

/// Where objects are kept: an exception, with these arguments, of each class that the program has made and that its module
/// binds.
fn own_exceptions(cx: &mut Context, world: Id, arguments: Id) -> Vec<Id> {
    let call = Objects::of(cx, world);
    let Some(names) = call.tracked().then(|| call.module_env("__main__")).flatten() else {
        return Vec::new();
    };
    let values = call.bindings(names).into_iter().map(|(_, value)| value);
    let classes: Vec<Id> = values.filter(|value| call.cx.name(*value) == "class").collect();
    let mut found = Vec::new();
    let mut call = Objects::of(cx, world);
    let base = call.class("BaseException");
    for class in classes {
        if call.is_user_class(class) && call.derives(class, base) {
            let number = call.atom("0");
            found.push(call.cx.bank.make(vocabulary().exception, &[class, arguments, number]));
        }
    }
    found
}
