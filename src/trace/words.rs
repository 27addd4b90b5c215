//! What traces and graphs say in words: states, events, choices and completions.

use egg::Id;

use crate::limits::{COARSE, COARSEST, FORGETFUL, SHALLOW};
use crate::python::functions::unknowns::of_item;
use crate::python::{Clauses, Statements, print};
use crate::term::{Term, parse_term, unescape};
pub use crate::trace::chosen::{asked, completed};

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
        "draws" => format!("the next item of {first}"),
        "unanswered" => match node.args.get(1) {
            Some(written) => format!("asks for {}", unescape(term[*written].op.as_str())),
            None => "asks for what is unknown".into(),
        },
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

/// An event as a sentence about the program; the lines that events announce are shown elsewhere, and so is where a statement
/// begins whose suite begins next.
pub fn event(term: &Term, statements: &Statements) -> Option<String> {
    let node = &term[root(term)];
    let arg = |index: usize| node.args.get(index).copied();
    let first = arg(0)?;
    let marker = |marker: Id| marker_of(term, marker, statements);
    let handled = |index: usize| {
        let id = arg(index)?;
        let how = if term[first].op.as_str() == "finally" { "on its way" } else { "handled" };
        (term[id].op.as_str() != "none").then(|| format!(" while {} is {how}", print::value(&part(term, id))))
    };
    Some(match node.op.as_str() {
        "line" => return None,
        "tested" | "failed" if is_told_otherwise(term, first) => return None,
        "stopped" => "everything stops".into(),
        "swallowed" => format!("`__exit__` discards {}", print::value(&part(term, first))),
        "unnamed" => format!("{} is not bound", print::target(&part(term, first))),
        "output" => printed(&crate::term::text_of(term, first), false),
        "enter" => match term[first].op.as_str() {
            "try-except-statement" | "try-finally-statement" => return None,
            "body" => format!("{} is called{}", marker(first), handled(1).unwrap_or_default()),
            _ => format!("{} starts{}", marker(first), handled(1).unwrap_or_default()),
        },
        "leave" => format!("{} {}", marker(first), leaving(term, arg(1)?, is_body(term, first))),
        "bound" => format!("after {} {} is bound", marker(first), print::target(&part(term, arg(1)?))),
        "unbound" => format!("after {} {} is not bound", marker(first), print::target(&part(term, arg(1)?))),
        "tested" => format!("{} is {}", marker(first), print::value(&part(term, arg(1)?))),
        "failed" => format!("{} raises {}", marker(first), print::value(&part(term, arg(1)?))),
        "managed" => format!("`__enter__` has returned for {}", marker(first)),
        "exiting" => format!("`__exit__` is called for {}", marker(first)),
        "complaint" => {
            format!("writes {:?} to stderr", crate::term::text_of(term, first).trim_end_matches('\n'))
        }
        "halt" => format!("the program {}", leaving(term, first, false)),
        "begins" => "a generator starts".into(),
        "resumed" => "a generator goes on".into(),
        "yielded" => "a generator is suspended".into(),
        "ended" => "a generator ends".into(),
        "abandoned" => "a generator is abandoned".into(),
        "chained" => {
            let what = match term[arg(1)?].op.as_str() {
                "recorded" => "is noted",
                "forgotten" => "is forgotten",
                _ => "leads back to it",
            };
            format!("the context of {} {what}", print::value(&part(term, first)))
        }
        "parted" => format!("{} takes {} apart", marker(first), exceptions(term, arg(1)?)),
        "taken" => format!("a clause of {} takes {}", marker(first), exceptions(term, arg(1)?)),
        "added" => format!("a clause of {} raises {}", marker(first), exceptions(term, arg(1)?)),
        "merged" => format!("{} goes on from {}", exceptions(term, arg(1)?), marker(first)),
        other => format!("{other} {}", marker(first)),
    })
}

/// What a program writes, in words: a text is quoted, and an unknown, where one is written, stands as it is.
pub fn printed(text: &str, shows_unknown: bool) -> String {
    let text = text.strip_suffix('\n').unwrap_or(text);
    let inner = text.strip_prefix('<').and_then(|text| text.strip_suffix('>'));
    match shows_unknown && inner.is_some_and(|name| !name.contains(['<', '>', '\n'])) {
        true => format!("prints {text}"),
        false => format!("prints {text:?}"),
    }
}

/// Whether a marker is that of a function's body.
fn is_body(term: &Term, marker: Id) -> bool {
    term[marker].op.as_str() == "body"
}

/// How a program is left, as a verb: `ends by raising KeyError()`.
pub fn left(completion: &Term) -> String {
    leaving(completion, root(completion), false)
}

/// How a call or a clause is left, as a verb.
fn leaving(term: &Term, completion: Id, call: bool) -> String {
    let node = &term[completion];
    let value = node.args.first().map(|id| print::value(&part(term, *id)));
    let unknown = node.args.first().is_some_and(|id| term[*id].op.as_str() == "unknown");
    match (node.op.as_str(), value, call) {
        ("raising", Some(value), true) => format!("raises {value}"),
        ("raising", Some(value), false) => format!("ends by raising {value}"),
        ("returning", Some(value), true) => format!("returns {value}"),
        ("returning", Some(_), false) if unknown => "ends by returning what is unknown".into(),
        ("returning", Some(value), false) => format!("ends by returning {value}"),
        ("normal", _, true) => "returns".into(),
        ("normal", ..) => "ends normally".into(),
        (op, ..) => format!("ends by `{op}`"),
    }
}

/// Whether a marker stands at an expression for properties alone, and not at the condition of a clause: what it tells is told otherwise.
fn is_told_otherwise(term: &Term, marker: Id) -> bool {
    term[marker].op.as_str() != "condition"
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

/// A call in words: `login()`; or the text of an expression that was taken as unknown.
pub fn call(name: &str) -> String {
    if of_item(name).is_some() {
        return format!("a call of {name}");
    }
    let is_name = name.chars().all(|c| c.is_alphanumeric() || "_.<>()[]\u{2026}".contains(c));
    if is_name { format!("{name}()") } else { format!("`{name}`") }
}

/// A marker in words: `the `finally` clause of line 11`.
fn marker_of(term: &Term, at: Id, statements: &Statements) -> String {
    let node = &term[at];
    let args: Vec<String> = node.args.iter().map(|id| unescape(term[*id].op.as_str())).collect();
    let lines = args.first().and_then(|label| statements.get(&label.parse().ok()?));
    let number = || args.get(1).and_then(|number| number.parse::<usize>().ok());
    let on = |line: Option<usize>| on_line(lines, line);
    let statement = || on(lines.map(|lines| lines.statement));
    let handler = || on(lines.and_then(|lines| lines.handlers.get(number()?).copied()));
    match (node.op.as_str(), args.as_slice()) {
        ("body", [name]) => call(name),
        ("try-except-statement" | "try-finally-statement" | "try-star-statement", _) => {
            format!("the `try` statement{}", statement())
        }
        ("with-statement", _) => format!("the `with` statement{}", statement()),
        ("suite", _) => format!("the suite of the `try` statement{}", statement()),
        ("handler" | "bare-handler", _) => format!("the `except` clause{}", handler()),
        ("condition", _) => format!("the condition of the `except` clause{}", handler()),
        ("else", _) => format!("the `else` clause{}", on(lines.and_then(|lines| lines.orelse))),
        ("finally", _) => format!("the `finally` clause{}", on(lines.and_then(|lines| lines.finally))),
        (op, _) => op.to_string(),
    }
}

/// ` of line 11`, and of which module, where that is known.
fn on_line(lines: Option<&Clauses>, line: Option<usize>) -> String {
    match (line, lines.and_then(|lines| lines.module.as_ref())) {
        (Some(line), Some(module)) => format!(" of line {line} of {module}"),
        (Some(line), None) => format!(" of line {line}"),
        (None, _) => String::new(),
    }
}

/// The statement with this label, where its place is known.
pub fn place_of(label: Option<usize>, statements: &Statements) -> Option<String> {
    let lines = statements.get(&label?)?;
    Some(format!("the statement{}", on_line(Some(lines), Some(lines.statement))))
}

/// A clause, by its line.
pub fn clause_on(line: usize) -> String {
    format!("the clause of line {line}")
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
        COARSE => {
            "what a loop changes, and each answer about an unknown behind the statement that asks".into()
        }
        COARSEST => "what a local holds, and each answer about an unknown, behind its statement".into(),
        FORGETFUL => {
            "what a local or an attribute holds, and each answer about an unknown, behind its statement"
                .into()
        }
        SHALLOW => "what a local or an attribute holds, and each answer about an unknown, behind its statement; and calls of a function that calls itself"
            .into(),
        _ => format!("what grows in a loop, once it has gone round {turns} times"),
    }
}
