//! What the answers given about an unknown value say about another question.
//!
//! A value is compared with a constant in one of four ways: it is less, equal, greater, or has
//! no order with it. Each answer leaves some of these open. A value that equals a
//! constant answers every question as the constant does.

use egg::Id;
use smallvec::smallvec;

use crate::machine::domain::{Context, Results};
use crate::python::functions::core;
use crate::python::functions::truth_of;
use crate::python::values::typed;
use crate::term::unescape;

const LESS: u8 = 1;
const EQUAL: u8 = 2;
const GREATER: u8 = 4;
const UNORDERED: u8 = 8;
const OPEN: u8 = LESS | EQUAL | GREATER | UNORDERED;

/// What is known of a value on this path.
#[derive(Debug, Default)]
struct Knowledge {
    truth: Option<bool>,
    /// The constant that it equals.
    equals: Option<Id>,
    /// For each constant, the relations that are still open.
    relations: Vec<(Id, u8)>,
    /// Whether it is an instance of some class, and so no None, number or string.
    instance: bool,
}

/// `(recall facts value question)`: the answer that was given on this path, or that
/// follows from those given.
pub fn recall(cx: &mut Context, args: &[Id]) -> Results {
    let [facts, value, asked] = args[..] else { return smallvec![] };
    // What it has is told by no other question, and tells nothing of one.
    let of_attribute = |cx: &Context, question: Id| ["attribute", "has"].contains(&cx.name(question));
    let of_other = !of_attribute(cx, asked);
    if of_other && let Some(answer) = by_type(cx, value, asked) {
        return smallvec![cx.boolean(answer)];
    }
    let mut knowledge = Knowledge::default();
    let mut rest = facts;
    while let [about, question, answer, tail] = cx.bank.get(rest).args[..] {
        if about == value && cx.name(question) != "attribute" {
            if question == asked {
                return smallvec![answer];
            }
            if !of_attribute(cx, question) {
                learn(cx, &mut knowledge, question, cx.name(answer) == "true");
            }
        }
        rest = tail;
    }
    match of_other.then(|| follows(cx, &knowledge, asked)).flatten() {
        Some(answer) => smallvec![cx.boolean(answer)],
        None => smallvec![],
    }
}

/// What the type of a value answers, where nothing else of it is known.
fn by_type(cx: &Context, value: Id, asked: Id) -> Option<bool> {
    let class = typed::type_of(cx.bank, value)?;
    match cx.bank.get(asked).args[..] {
        [condition] => is_of(cx, class, condition),
        [operator, constant] => {
            let kind = match cx.name(constant) {
                "none" => "none",
                "str" | "bytes" | "tuple" => cx.name(constant),
                "int" | "float" | "true" | "false" => "number",
                _ => return None,
            };
            let own = if ["int", "float", "bool"].contains(&class) { "number" } else { class };
            match cx.name(operator) {
                "is" | "eq" if kind != own => Some(false),
                "is-not" | "ne" if kind != own => Some(true),
                _ => None,
            }
        }
        _ => None,
    }
}

/// Whether what is of a builtin type is an instance of what stands in `isinstance`, where that is of builtin types, too.
fn is_of(cx: &Context, class: &str, condition: Id) -> Option<bool> {
    match cx.name(condition) {
        "class" if cx.name(cx.bank.arg(condition, 1)) == "builtin" => {
            let other = unescape(cx.name(cx.bank.arg(condition, 0)));
            Some(other == class || other == "object" || (class, other.as_str()) == ("bool", "int"))
        }
        "tuple" => {
            let members = cx.members(cx.bank.arg(condition, 0));
            let answers: Option<Vec<bool>> =
                members.into_iter().map(|member| is_of(cx, class, member)).collect();
            answers.map(|answers| answers.contains(&true))
        }
        _ => None,
    }
}

fn learn(cx: &Context, knowledge: &mut Knowledge, question: Id, yes: bool) {
    match cx.bank.get(question).args[..] {
        [] => knowledge.truth = Some(yes),
        [_class] => knowledge.instance |= yes,
        [operator, constant] => {
            let Some(left_open) = open_after(cx, operator, constant, yes) else { return };
            let known = knowledge.relations.iter_mut().find(|(c, _)| *c == constant);
            let open = match known {
                Some((_, open)) => {
                    *open &= left_open;
                    *open
                }
                None => {
                    knowledge.relations.push((constant, left_open));
                    left_open
                }
            };
            if open == EQUAL {
                knowledge.equals = Some(constant);
            }
        }
        _ => {}
    }
}

/// The relations under which a comparison with a constant holds.
fn holds_under(operator: &str) -> Option<u8> {
    Some(match operator {
        "eq" => EQUAL,
        "ne" => LESS | GREATER | UNORDERED,
        "lt" => LESS,
        "le" => LESS | EQUAL,
        "gt" => GREATER,
        "ge" => GREATER | EQUAL,
        _ => return None,
    })
}

/// The relations that are open after an answer. What is identical is equal; what is not
/// identical may be equal still, save for None.
fn open_after(cx: &Context, operator: Id, constant: Id, yes: bool) -> Option<u8> {
    let identical = match cx.name(operator) {
        "is" => yes,
        "is-not" => !yes,
        operator => {
            let holds = holds_under(operator)?;
            return Some(if yes { holds } else { OPEN & !holds });
        }
    };
    match identical {
        true => Some(EQUAL),
        false if cx.name(constant) == "none" => Some(OPEN & !EQUAL),
        false => None,
    }
}

fn follows(cx: &mut Context, knowledge: &Knowledge, asked: Id) -> Option<bool> {
    if let Some(constant) = knowledge.equals
        && let Some(answer) = answer_of_constant(cx, constant, asked)
    {
        return Some(answer);
    }
    let [operator, constant] = cx.bank.get(asked).args[..] else { return None };
    let open = knowledge.relations.iter().find(|(c, _)| *c == constant).map_or(OPEN, |(_, open)| *open);
    let open = if excluded(cx, knowledge, constant) { open & !EQUAL } else { open };
    match cx.name(operator) {
        "is" | "is-not" => {
            let positive = cx.name(operator) == "is";
            let none = cx.name(constant) == "none";
            match open {
                EQUAL if none => Some(positive),
                _ if open & EQUAL == 0 => Some(!positive),
                _ => None,
            }
        }
        operator => {
            let holds = holds_under(operator)?;
            match (open & holds, open & !holds) {
                (_, 0) => Some(true),
                (0, _) => Some(false),
                _ => None,
            }
        }
    }
}

/// Whether the value cannot equal a constant, by its truth or because it is an instance.
fn excluded(cx: &Context, knowledge: &Knowledge, constant: Id) -> bool {
    let Some(truth) = literal(cx, constant).then(|| truth_of(cx, constant)) else { return false };
    knowledge.instance || knowledge.truth.is_some_and(|known| known != truth)
}

fn literal(cx: &Context, constant: Id) -> bool {
    matches!(cx.name(constant), "none" | "true" | "false" | "int" | "str")
}

/// How a constant answers a question, where that is told by its value and not by its identity.
fn answer_of_constant(cx: &mut Context, constant: Id, asked: Id) -> Option<bool> {
    if !literal(cx, constant) {
        return None;
    }
    match cx.bank.get(asked).args[..] {
        [] => Some(truth_of(cx, constant)),
        [class] => (cx.name(class) == "class").then_some(false),
        [operator, other] => {
            let identity = matches!(cx.name(operator), "is" | "is-not");
            // Equal numbers need not be one object, but None is equal to itself alone.
            if identity && cx.name(constant) != "none" && cx.name(other) != "none" {
                return None;
            }
            let answer = core::compare(cx, &[operator, constant, other]);
            answer.first().map(|answer| cx.name(*answer) == "true")
        }
        _ => None,
    }
}
