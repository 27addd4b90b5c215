//! What was told of the class of an unknown, and what that says of another question: about its class, or about a constant that it may equal.

use egg::Id;

use crate::machine::domain::Context;
use crate::term::unescape;

/// What is known of the class of a value.
#[derive(Debug, Default)]
pub(super) struct Classes {
    /// The classes that it is an instance of, and those that it is none of.
    pub told: Vec<(Id, bool)>,
    /// Classes of which it is an instance of one.
    among: Vec<Vec<Id>>,
}

impl Classes {
    /// It is an instance of a class, or is none; of a tuple of classes, of one of them, or of none.
    pub fn learn(&mut self, cx: &Context, classes: Id, yes: bool) {
        match (cx.name(classes), yes) {
            ("tuple", true) => self.among.push(cx.members(cx.bank.arg(classes, 0))),
            ("tuple", false) => {
                let members = cx.members(cx.bank.arg(classes, 0));
                self.told.extend(members.into_iter().map(|class| (class, false)));
            }
            _ => self.told.push((classes, yes)),
        }
    }

    /// Whether it equals no constant of a builtin type.
    pub fn exclude(&self, cx: &Context, class: &str) -> bool {
        let apart = |other: &Id| is_apart(cx, class, *other);
        self.told.iter().any(|(other, yes)| *yes && apart(other))
            || self.among.iter().any(|among| among.iter().all(apart))
    }
}

/// Whether what is of a builtin type is an instance of what stands in `isinstance`, where that is of builtin types, too.
pub(super) fn is_of(cx: &Context, class: &str, condition: Id) -> Option<bool> {
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

/// Whether the value is an instance of a class, or of one of several, as far as it was told of each.
pub(super) fn is_of_known(cx: &Context, known: &Classes, classes: Id) -> Option<bool> {
    let asked = match cx.name(classes) {
        "tuple" => cx.members(cx.bank.arg(classes, 0)),
        _ => vec![classes],
    };
    let members: Vec<Option<bool>> = asked.iter().map(|class| is_of_one(cx, known, *class)).collect();
    // What is left of several of which it is one.
    let left = |among: &Vec<Id>| {
        among.iter().all(|class| asked.contains(class) || is_of_one(cx, known, *class) == Some(false))
    };
    if members.contains(&Some(true)) || known.among.iter().any(left) {
        return Some(true);
    }
    members.iter().all(Option::is_some).then_some(false)
}

/// The same of one class: an instance of another that derives from it is one, and no instance of a builtin type is one of another.
fn is_of_one(cx: &Context, known: &Classes, class: Id) -> Option<bool> {
    let told = |wanted: bool| known.told.iter().filter(move |(_, yes)| *yes == wanted);
    if told(true).any(|(own, _)| derives(cx, *own, class)) {
        return Some(true);
    }
    let excluded = told(false).any(|(other, _)| derives(cx, class, *other))
        || told(true).any(|(own, _)| are_apart(cx, *own, class));
    excluded.then_some(false)
}

/// Whether a class is another, or has it among its bases, as far as its term tells.
fn derives(cx: &Context, class: Id, other: Id) -> bool {
    if class == other {
        return true;
    }
    let is_class = |value: Id| cx.name(value) == "class";
    if !is_class(class) || !is_class(other) {
        return false;
    }
    if let [Some(class), Some(other)] = [class, other].map(|class| builtin_name(cx, class))
        && (other == "object" || (class.as_str(), other.as_str()) == ("bool", "int"))
    {
        return true;
    }
    let mut rest = cx.bank.arg(class, 2);
    while let [base, others] = cx.bank.get(rest).args[..] {
        if derives(cx, base, other) {
            return true;
        }
        rest = others;
    }
    false
}

fn builtin_name(cx: &Context, class: Id) -> Option<String> {
    let is_builtin = cx.name(class) == "class" && cx.name(cx.bank.arg(class, 1)) == "builtin";
    is_builtin.then(|| unescape(cx.name(cx.bank.arg(class, 0))))
}

/// Builtin types of which no class can derive from two.
const APART: [&str; 8] = ["int", "float", "str", "bytes", "list", "dict", "tuple", "set"];

fn are_apart(cx: &Context, class: Id, other: Id) -> bool {
    let of_apart = |class: Id| {
        let name = builtin_name(cx, class)?;
        let name = if name == "bool" { "int" } else { name.as_str() };
        APART.iter().position(|apart| *apart == name)
    };
    matches!((of_apart(class), of_apart(other)), (Some(class), Some(other)) if class != other)
}

/// What an answer about one unknown says of a question about another where one of them is the type of the other, as its name tells: the
/// answer to the question, or, without one, the class that the value has. The type of a value may derive from what it is an instance of.
pub(super) fn told_by_class(
    cx: &Context,
    (about, question, yes): (Id, Id, bool),
    (value, asked): (Id, Id),
) -> Option<(Id, Option<bool>)> {
    if is_named_after(cx, "type", about, value) && yes {
        let class = compared_with_class(cx, question)?;
        return Some((class, None));
    }
    if !is_named_after(cx, "type", value, about) {
        return None;
    }
    let class = compared_with_class(cx, asked)?;
    let [of] = cx.bank.get(question).args[..] else { return None };
    if cx.name(question) != "instance" || cx.name(of) != "class" {
        return None;
    }
    let excluded = match yes {
        true => are_apart(cx, class, of),
        false => derives(cx, class, of),
    };
    excluded.then_some((class, Some(false)))
}

/// The class that a question asks to be the very value, or to be equal to it.
fn compared_with_class(cx: &Context, question: Id) -> Option<Id> {
    let [operator, class] = cx.bank.get(question).args[..] else { return None };
    (["is", "eq"].contains(&cx.name(operator)) && cx.name(class) == "class").then_some(class)
}

/// The builtin class of a constant; `None` for None.
pub(super) fn class_of_literal(cx: &Context, constant: Id) -> Option<&'static str> {
    match cx.name(constant) {
        "true" | "false" => Some("bool"),
        "int" => Some("int"),
        "str" => Some("str"),
        _ => None,
    }
}

/// Builtin types whose values may be equal though their types are not.
const NUMBERS: [&str; 4] = ["bool", "int", "float", "complex"];

/// Whether no instance of a class equals a constant of a builtin type. What is unknown may be that type, or one like it.
fn is_apart(cx: &Context, class: &str, other: Id) -> bool {
    match builtin_name(cx, other) {
        Some(other) => {
            other != class && other != "object" && ![class, &other].iter().all(|one| NUMBERS.contains(one))
        }
        None => cx.name(other) == "class",
    }
}

/// Whether what equals a constant is an instance of a class, or of one of several. A number may be equal to one of another type.
pub(super) fn constant_is_of(cx: &Context, constant: Id, classes: Id) -> Option<bool> {
    if cx.name(classes) == "tuple" {
        let members = cx.members(cx.bank.arg(classes, 0));
        let answers: Vec<Option<bool>> =
            members.into_iter().map(|class| constant_is_of(cx, constant, class)).collect();
        return match answers.contains(&Some(true)) {
            true => Some(true),
            false => answers.iter().all(Option::is_some).then_some(false),
        };
    }
    match class_of_literal(cx, constant) {
        Some(class) if is_apart(cx, class, classes) => Some(false),
        Some("str") if builtin_name(cx, classes).is_some() => Some(true),
        Some(_) => None,
        None => {
            let name = builtin_name(cx, classes);
            (cx.name(classes) == "class")
                .then(|| name.is_some_and(|name| ["object", "NoneType"].contains(&name.as_str())))
        }
    }
}

/// Whether one unknown is what a function gives of another, as its name tells.
pub(super) fn is_named_after(cx: &Context, function: &str, answer: Id, of: Id) -> bool {
    let is_unknown = |value: Id| cx.name(value) == "unknown";
    if !is_unknown(answer) || !is_unknown(of) || cx.bank.arg(answer, 1) != cx.bank.arg(of, 1) {
        return false;
    }
    let name = |unknown: Id| unescape(cx.name(cx.bank.arg(unknown, 0)));
    let name_of_answer = name(answer);
    let inner = name_of_answer.strip_prefix(function).and_then(|rest| rest.strip_prefix('('));
    inner.and_then(|name| name.strip_suffix(')')) == Some(&name(of))
}
