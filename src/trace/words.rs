//! What traces and graphs say in words: states, events, choices and completions.

use egg::Id;

use crate::machine::Bank;
use crate::python::print;
use crate::python::values::write::sign;
use crate::term::{Term, parse_term, unescape};

/// Characters of a state's control that are shown.
const WIDTH: usize = 100;

/// A text that is no longer than a line.
fn short(text: String) -> String {
    match text.char_indices().nth(WIDTH) {
        Some((end, _)) => format!("{} …", text[..end].trim_end()),
        None => text,
    }
}

/// A completion in words.
pub fn completion_of(term: &Term) -> String {
    completion(term, root(term))
}

/// The control of a state, from its s-expression, in words and Python.
pub fn control(text: &str) -> String {
    parse_term(text).map_or_else(|_| text.to_string(), |term| control_of(&term))
}

/// The control of a state, with or without its frames and its world, in words and Python.
pub fn control_of(term: &Term) -> String {
    let at = root(term);
    let node = &term[at];
    let arg = |index: usize| node.args.get(index).map(|id| part(term, *id));
    let python = |index: usize| arg(index).map(|part| first_line(&print::statement(&part, 0)));
    let expression = |index: usize| arg(index).map(|part| print::expression(&part));
    let value = |index: usize| arg(index).map(|part| print::value(&part));
    let shown = match node.op.as_str() {
        "eval" => python(0),
        "done" => node.args.first().map(|id| completion(term, *id)),
        "expr" => expression(0).map(|e| format!("evaluate {e}")),
        "value" => value(0).map(|v| format!("value {v}")),
        "collect" => value(0).map(|v| format!("arguments of {v}")),
        "apply" => value(0).map(|v| format!("call {v}")),
        "search" => value(0).map(|v| format!("search a clause for {v}")),
        "iterate" => arg(1).map(|target| format!("the next item for {}", print::target(&target))),
        "gather" => value(0).map(|v| format!("arguments of {v}")),
        "invoke" => value(0).map(|v| {
            let values = arg(1).map(|values| print::values(&values)).unwrap_or_default();
            let named = arg(2).map(|named| keywords(&named)).unwrap_or_default();
            format!("call {v}({})", [values, named].concat().join(", "))
        }),
        "begin" => value(0).map(|v| format!("enter {v}")),
        "respond" => node.args.first().map(|answer| self::answer(term, *answer)),
        "resume" => arg(2).map(|request| format!("resume a generator: {}", request[request.root()].op)),
        "star-search" => value(1).map(|v| format!("search a clause of except* for {v}")),
        "divide" => value(2).map(|v| format!("take {v} apart")),
        "ask" => value(0).map(|v| format!("what is {v}?")),
        "convert" => value(0).map(|v| format!("turn {v} into a RuntimeError")),
        _ => None,
    };
    short(shown.unwrap_or_else(|| term.to_string()))
}

/// What applying a value came to, in words.
fn answer(term: &Term, at: Id) -> String {
    let node = &term[at];
    let value = |index: usize| node.args.get(index).map(|id| print::value(&part(term, *id)));
    let first = value(0).unwrap_or_default();
    match node.op.as_str() {
        "gives" => format!("the result is {first}"),
        "fails" => format!("raises {first}"),
        "delegates" | "initialises" => format!("goes on with {first}"),
        op => format!("answer: {op}"),
    }
}

/// `name=value` for each of a `Keywords`.
fn keywords(term: &Term) -> Vec<String> {
    let mut found = Vec::new();
    let mut at = root(term);
    while let [name, value, rest] = term[at].args[..] {
        found.push(format!("{}={}", unescape(term[name].op.as_str()), print::value(&part(term, value))));
        at = rest;
    }
    found
}

/// An event in words; the lines that events announce are shown elsewhere.
pub fn event(term: &Term) -> Option<String> {
    let node = &term[root(term)];
    let arg = |index: usize| node.args.get(index).copied();
    let first = arg(0)?;
    let handled = |index: usize| {
        let id = arg(index)?;
        (term[id].op.as_str() != "none").then(|| format!(" while handling {}", print::value(&part(term, id))))
    };
    Some(match node.op.as_str() {
        "line" => return None,
        "tested" | "failed" if is_of_a_pair(term, first) => return None,
        "swallowed" => format!("`__exit__` discards {}", print::value(&part(term, first))),
        "unnamed" => format!("{} is not bound", print::target(&part(term, first))),
        "output" => format!("prints {:?}", crate::term::text_of(term, first)),
        "enter" => format!("enter {}{}", marker(term, first), handled(1).unwrap_or_default()),
        "leave" => format!("leave {}: {}", marker(term, first), completion(term, arg(1)?)),
        "tested" => format!("{} is {}", marker(term, first), print::value(&part(term, arg(1)?))),
        "failed" => format!("{} raises {}", marker(term, first), print::value(&part(term, arg(1)?))),
        "halt" => format!("the program ends: {}", completion(term, first)),
        "begins" => "a generator starts".into(),
        "resumed" => "a generator goes on".into(),
        "yielded" => "a generator is suspended".into(),
        "ended" => "a generator ends".into(),
        "abandoned" => "a generator is abandoned".into(),
        "chained" => {
            format!("{}: its context is {}", print::value(&part(term, first)), part(term, arg(1)?))
        }
        "parted" => format!("except* parts {}", exceptions(term, arg(1)?)),
        "taken" => format!("a clause takes {}", exceptions(term, arg(1)?)),
        "added" => format!("a clause raised {}", exceptions(term, arg(1)?)),
        "merged" => format!("what goes on: {}", exceptions(term, arg(1)?)),
        other => format!("{other} {}", marker(term, first)),
    })
}

/// Whether a marker stands at an expression for a pair of calls: what it tells is told otherwise.
fn is_of_a_pair(term: &Term, marker: Id) -> bool {
    term[marker].op.as_str().starts_with("pair-")
}

/// A completion that is a part of a term, in words.
pub fn completion(term: &Term, at: Id) -> String {
    let node = &term[at];
    match node.args.first() {
        Some(id) if term[*id].op.as_str() == "unknown" => format!("{} an unknown value", node.op),
        Some(id) => format!("{} {}", node.op, print::value(&part(term, *id))),
        None => node.op.to_string(),
    }
}

/// The exceptions of a `Values`, in words.
fn exceptions(term: &Term, mut list: Id) -> String {
    let mut found = Vec::new();
    while let [rest, last] = term[list].args[..] {
        found.push(print::value(&part(term, last)));
        list = rest;
    }
    found.reverse();
    if found.is_empty() { "nothing".into() } else { found.join(", ") }
}

/// What was chosen about an unknown, as a sentence about the program: `flag is true`, "`except Refused` matches",
/// `conn[0] raises KeyError()`. Nothing is said of what does not happen.
/// `None` where the transition says it itself.
pub fn asked(bank: &Bank, state: Id, target: Id) -> Option<String> {
    let text = |id: Id| print::value(&bank.term(id));
    let op = |id: Id| bank.op(id).as_str();
    let part = |id: Id, index: usize| bank.get(id).args.get(index).copied();
    let first = part(state, 0)?;
    let reached = part(target, 0)?;
    match op(state) {
        "ask" if op(part(state, 1)?) == "has" => {
            let (name, verb) =
                (part(part(state, 1)?, 0)?, if op(reached) == "true" { "has" } else { "has no" });
            Some(format!("{} {verb} attribute `{}`", text(first), unescape(op(name))))
        }
        "ask" => Some(format!("{} is {}", question(bank, first, part(state, 1)?), op(reached))),
        "eval" if op(first) == "interruptible" => {
            let comes = op(reached) == "true";
            Some(if comes {
                "an interrupt comes before this line: KeyboardInterrupt".into()
            } else {
                String::new()
            })
        }
        "eval" if op(first) == "calls-back" => Some(match op(reached) {
            "true" => {
                let function = text(part(part(first, 1)?, 1)?).replace(".<locals>", "");
                format!("{} calls {function}()", call(&name_of(bank, first)?))
            }
            "false" => String::new(),
            _ => completed(bank, &name_of(bank, first)?, reached),
        }),
        "value" => match op(part(part(state, 1)?, 0)?) {
            "match-frame" => {
                let verb = if op(reached) == "class" { "matches" } else { "does not match" };
                Some(format!("`except {}` {verb}", text(first)))
            }
            "raise-frame" => {
                let raised = if op(reached) == "raising" { part(reached, 0)? } else { reached };
                Some(format!("raising {} raises {}", text(first), text(raised)))
            }
            _ => None,
        },
        "respond" if op(first) == "unanswered" => {
            let operation = unescape(op(part(first, 1)?));
            let outcome = part(reached, 0)?;
            Some(match (op(reached), op(outcome)) {
                ("raising", _) => format!("{operation} raises {}", text(outcome)),
                (_, "unknown") => format!("{operation} succeeds"),
                (_, "tuple") if bank.measure(outcome).unknown => format!("{operation} succeeds"),
                (_, "tuple") if operation.starts_with('*') => format!("{operation} is empty"),
                _ => format!("{operation} is {}", text(outcome)),
            })
        }
        "respond" if op(first) == "draws" => {
            let more = if op(part(reached, 0)?) == "no-items" { "no more items" } else { "one more item" };
            Some(format!("{} has {more}", text(part(first, 0)?)))
        }
        _ => None,
    }
}

/// The name of the unknown that a term begins with.
fn name_of(bank: &Bank, term: Id) -> Option<String> {
    let unknown = *bank.get(term).args.first()?;
    Some(unescape(bank.op(*bank.get(unknown).args.first()?).as_str()))
}

/// How a call went, as a sentence: `login() raises ValueError()`, `login() returns`.
pub fn completed(bank: &Bank, name: &str, completion: Id) -> String {
    let (call, value) = (call(name), bank.arg(completion, 0));
    let text = print::value(&bank.term(value));
    match bank.op(completion).as_str() {
        "raising" => format!("{call} raises {text}"),
        _ if bank.op(value).as_str() == "unknown" => format!("{call} returns"),
        _ => format!("{call} returns {text}"),
    }
}

/// What is asked about a value, as the program writes it.
fn question(bank: &Bank, value: Id, question: Id) -> String {
    let text = |id: Id| print::value(&bank.term(id));
    let asked = &bank.get(question).args;
    match (bank.op(question).as_str(), &asked[..]) {
        ("compared", [operator, other]) => {
            let sign = sign(bank.op(*operator).as_str());
            format!("({} {sign} {})", text(value), text(*other))
        }
        // The class may be what is unknown.
        ("instance", [other]) => match bank.op(*other).as_str() {
            "class" | "tuple" => format!("isinstance({}, {})", text(value), text(*other)),
            _ => format!("isinstance({}, {})", text(*other), text(value)),
        },
        _ => text(value),
    }
}

/// A call in words: `login()`; or the text of an expression that was taken as unknown.
pub fn call(name: &str) -> String {
    let is_name = name.chars().all(|c| c.is_alphanumeric() || "_.<>()[]\u{2026}".contains(c));
    if is_name { format!("{name}()") } else { format!("`{name}`") }
}

/// A marker in words: `finally 0`, `handler 1 of try 0`.
fn marker(term: &Term, at: Id) -> String {
    let node = &term[at];
    let args: Vec<String> = node.args.iter().map(|id| unescape(term[*id].op.as_str())).collect();
    match (node.op.as_str(), args.as_slice()) {
        ("body", [name]) => call(name),
        ("try-except-statement" | "try-finally-statement", [label, ..]) => {
            format!("{} {label}", node.op.as_str().trim_end_matches("-statement"))
        }
        (op, [label]) => format!("{op} of try {label}"),
        (op, [label, number]) => {
            let ordinal = number.parse::<usize>().map_or(number.clone(), |n| (n + 1).to_string());
            format!("{op} {ordinal} of try {label}")
        }
        _ => node.op.to_string(),
    }
}

fn root(term: &Term) -> Id {
    term.root()
}

fn part(term: &Term, at: Id) -> Term {
    use egg::Language;
    term[at].build_recexpr(|id| term[id].clone())
}

fn first_line(text: &str) -> String {
    let mut lines = text.lines().map(str::trim);
    let first = lines.next().unwrap_or("pass").to_string();
    if lines.next().is_some() { format!("{first} …") } else { first }
}

/// What is said of a graph in which what grows in a loop is unknown.
pub fn widened(turns: u32) -> String {
    match turns {
        0 => "what a loop changes, and each answer about an unknown behind the statement that asks".into(),
        _ => format!("what grows in a loop, once it has gone round {turns} times"),
    }
}
