//! What the answers given about an unknown value say about another question.
//!
//! A value is compared with a constant in one of four ways: it is less, equal, greater, or has
//! no order with it. Each answer leaves some of these open. A value that equals a
//! constant answers every question as the constant does. What one number leaves open says something of others, what was said of
//! two unknowns is said of the second and the first, too, and of a number or a text its truth tells whether it is zero or empty.

use egg::Id;
use smallvec::smallvec;

use crate::machine::domain::{Context, Results};
use crate::python::functions::class_condition::{
    Classes, class_of_literal, constant_is_of, is_named_after, is_of, is_of_known, told_by_class,
};
use crate::python::functions::core;
use crate::python::functions::truth_of;
use crate::python::values::typed;

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
    /// What was told of its class.
    classes: Classes,
    /// What it is, and what it is not.
    identities: Vec<(Id, bool)>,
}

/// `(recall facts value question)`: the answer that was given on this path, or that
/// follows from those given.
pub fn recall(cx: &mut Context, args: &[Id]) -> Results {
    let [facts, value, asked] = args[..] else { return smallvec![] };
    // What it has, or can be asked, is told by no other question, and tells nothing of one.
    let of_attribute =
        |cx: &Context, question: Id| ["attribute", "has", "fits", "fits-call"].contains(&cx.name(question));
    let of_other = !of_attribute(cx, asked);
    if of_other && let Some(answer) = by_type(cx, value, asked) {
        return smallvec![cx.boolean(answer)];
    }
    let [mut knowledge, mut length] = [Knowledge::default(), Knowledge::default()];
    let mut rest = facts;
    while let [about, question, answer, tail] = cx.bank.get(rest).args[..] {
        rest = tail;
        let yes = cx.name(answer) == "true";
        if about == value && cx.name(question) != "attribute" {
            if question == asked {
                return smallvec![answer];
            }
            if !of_attribute(cx, question) {
                learn(cx, &mut knowledge, question, yes);
            }
        } else if of_length(cx, about, value) && !of_attribute(cx, question) {
            learn(cx, &mut length, question, yes);
        } else if of_length(cx, value, about) && cx.name(question) == "truth" {
            knowledge.truth = Some(yes);
        } else if let Some((class, yes)) = told_by_class(cx, (about, question, yes), (value, asked)) {
            // A class is told by another question: what `type` gives, or what `isinstance` says.
            if let Some(answer) = yes {
                return smallvec![cx.boolean(answer)];
            }
            knowledge.classes.told.push((class, true));
        } else if let Some(question) = mirrored(cx, about, question, value) {
            if question == asked {
                return smallvec![answer];
            }
            learn(cx, &mut knowledge, question, yes);
        }
    }
    if of_other {
        weigh_truth(cx, &mut knowledge, value);
        // What has members is true.
        let zero = cx.int(0);
        knowledge.truth = knowledge.truth.or(length.truth).or(match open_of(cx, &length, zero) {
            EQUAL => Some(false),
            open if open & EQUAL == 0 => Some(true),
            _ => None,
        });
    }
    match of_other.then(|| follows(cx, &knowledge, asked)).flatten() {
        Some(answer) => smallvec![cx.boolean(answer)],
        None => smallvec![],
    }
}

/// Whether one unknown is the length of another, as its name tells.
fn of_length(cx: &Context, length: Id, of: Id) -> bool {
    is_named_after(cx, "len", length, of)
}

/// The question about `value` that has the answer which was given about another value, if `value` was compared with in that.
fn mirrored(cx: &mut Context, about: Id, question: Id, value: Id) -> Option<Id> {
    let node = cx.bank.get(question).clone();
    let [operator, other] = node.args[..] else { return None };
    if node.op.as_str() != "compared" || other != value {
        return None;
    }
    let operator = core::mirrored(cx, &[operator]).first().copied()?;
    Some(cx.bank.node("compared", [operator, about]))
}

/// A number that is false is zero, and a text that is false is empty.
fn weigh_truth(cx: &mut Context, knowledge: &mut Knowledge, value: Id) {
    let zero = match typed::type_of(cx.bank, value) {
        Some("int") => cx.int(0),
        Some("str") => cx.str(""),
        _ => return,
    };
    if let Some(truth) = knowledge.truth {
        knowledge.narrow(zero, if truth { OPEN & !EQUAL } else { EQUAL });
    } else if open_of(cx, knowledge, zero) & EQUAL == 0 {
        knowledge.truth = Some(true);
    }
}

impl Knowledge {
    /// What is left open of the relation to a constant.
    fn narrow(&mut self, constant: Id, left_open: u8) {
        let known = self.relations.iter_mut().find(|(c, _)| *c == constant);
        let open = match known {
            Some((_, open)) => {
                *open &= left_open;
                *open
            }
            None => {
                self.relations.push((constant, left_open));
                left_open
            }
        };
        if open == EQUAL {
            self.equals = Some(constant);
        }
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

fn learn(cx: &Context, knowledge: &mut Knowledge, question: Id, yes: bool) {
    match cx.bank.get(question).args[..] {
        [] => knowledge.truth = Some(yes),
        [classes] => {
            knowledge.instance |= yes;
            knowledge.classes.learn(cx, classes, yes);
        }
        [operator, constant] => {
            if matches!(cx.name(operator), "is" | "is-not") {
                knowledge.identities.push((constant, (cx.name(operator) == "is") == yes));
            }
            let Some(left_open) = open_after(cx, operator, constant, yes) else { return };
            knowledge.narrow(constant, left_open);
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
    let (operator, constant) = match cx.bank.get(asked).args[..] {
        [] => return knowledge.truth,
        [classes] => return is_of_known(cx, &knowledge.classes, classes),
        [operator, constant] => (operator, constant),
        _ => return None,
    };
    let open = open_of(cx, knowledge, constant);
    match cx.name(operator) {
        "is" | "is-not" if let Some(told) = identity_of(cx, knowledge, constant) => {
            Some(told == (cx.name(operator) == "is"))
        }
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

/// Whether the value is the same as another, if that was told: what is one class is no other.
fn identity_of(cx: &Context, knowledge: &Knowledge, other: Id) -> Option<bool> {
    let is_class = |value: Id| cx.name(value) == "class";
    let told = knowledge.identities.iter().find(|(known, _)| *known == other).map(|(_, same)| *same);
    let is_another = |(known, same): &(Id, bool)| *same && *known != other && is_class(*known);
    told.or((is_class(other) && knowledge.identities.iter().any(is_another)).then_some(false))
}

/// The relations to a constant that are open, by what was said of it and of other numbers.
fn open_of(cx: &mut Context, knowledge: &Knowledge, constant: Id) -> u8 {
    let mut open = OPEN;
    for (other, left_open) in &knowledge.relations {
        open &= match *other == constant {
            true => *left_open,
            false => open_beside(cx, *other, *left_open, constant),
        };
    }
    if excluded(cx, knowledge, constant) { open & !EQUAL } else { open }
}

/// What is open of the relation to a number where this is open of the relation to another.
fn open_beside(cx: &mut Context, other: Id, left_open: u8, constant: Id) -> u8 {
    let is_number = |cx: &Context, value: Id| matches!(cx.name(value), "int" | "float");
    if !is_number(cx, other) || !is_number(cx, constant) {
        return OPEN;
    }
    let mut is = |operator: &str| {
        let operator = cx.bank.node(operator, []);
        core::compare(cx, &[operator, other, constant]).first().is_some_and(|found| cx.name(*found) == "true")
    };
    match left_open {
        open if open & !(LESS | EQUAL) == 0 && is("lt") => LESS,
        open if open & !(GREATER | EQUAL) == 0 && is("gt") => GREATER,
        _ => OPEN,
    }
}

/// Whether the value cannot equal a constant, by its truth or because it is an instance of something else.
fn excluded(cx: &Context, knowledge: &Knowledge, constant: Id) -> bool {
    let Some(truth) = literal(cx, constant).then(|| truth_of(cx, constant)) else { return false };
    if knowledge.truth.is_some_and(|known| known != truth) {
        return true;
    }
    match class_of_literal(cx, constant) {
        Some(class) => knowledge.classes.exclude(cx, class),
        None => knowledge.instance,
    }
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
        [classes] => constant_is_of(cx, constant, classes),
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
