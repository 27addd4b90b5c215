//! Terms and traces as lines of text.

use std::fmt::Write;

use egg::Id;

use crate::python::print;
use crate::term::{Term, parse_term, unescape};
use crate::trace::Trace;

/// A trace, one step a line, with the events below; with `full`, frames and world too.
pub fn steps(trace: &Trace, full: bool) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{:>5}  {:<26} {:>5}  control", "step", "rule", "line");
    let _ = writeln!(out, "{:>5}  {:<26} {:>5}  {}", 0, "", "", control(&trace.start.control));
    if full {
        detail(&mut out, &trace.start.frames, trace.start.world.as_deref());
    }
    for (index, step) in trace.steps.iter().enumerate() {
        let line = step.line.map(|line| line.to_string()).unwrap_or_default();
        let library = step.library.as_ref().map(|name| format!("[library: {name}] ")).unwrap_or_default();
        let control = control(&step.control);
        let _ = writeln!(out, "{:>5}  {:<26} {line:>5}  {library}{control}", index + 1, step.rule);
        if let Some(choice) = trace.choices.iter().find(|choice| choice.step == index + 1) {
            let _ = writeln!(out, "{:>39}  chosen: {}", "", choice.what);
        }
        for shown in step.events.iter().filter_map(|event| self::event(event)) {
            let _ = writeln!(out, "{:>39}  * {shown}", "");
        }
        if full {
            detail(&mut out, &step.frames, step.world.as_deref());
        }
    }
    match &trace.outcome {
        Some(outcome) => _ = writeln!(out, "the path ends: {}", completion_text(outcome)),
        None => _ = writeln!(out, "the trace stops here"),
    }
    if let Some(broken) = &trace.property {
        let _ = writeln!(out, "step {} breaks {}: {}", broken.step, broken.name, broken.reason);
    }
    out
}

fn detail(out: &mut String, frames: &[String], world: Option<&str>) {
    for frame in frames {
        let _ = writeln!(out, "{:>39}  | {frame}", "");
    }
    if let Some(world) = world {
        let _ = writeln!(out, "{:>39}  @ {world}", "");
    }
}

/// A completion's s-expression in words.
pub fn completion_text(text: &str) -> String {
    match parse_term(text) {
        Ok(term) => completion(&term, root(&term)),
        Err(_) => text.to_string(),
    }
}

/// Characters of a state's control that are shown.
const WIDTH: usize = 100;

/// The control of a state, from its s-expression, in words and Python; what is long is cut.
pub fn control(text: &str) -> String {
    let whole = control_in_full(text);
    match whole.char_indices().nth(WIDTH) {
        Some((end, _)) => format!("{} …", whole[..end].trim_end()),
        None => whole,
    }
}

fn control_in_full(text: &str) -> String {
    let Ok(term) = parse_term(text) else { return text.to_string() };
    let at = root(&term);
    let node = &term[at];
    let arg = |index: usize| node.args.get(index).map(|id| part(&term, *id));
    let python = |index: usize| arg(index).map(|part| first_line(&print::statement(&part, 0)));
    let expression = |index: usize| arg(index).map(|part| print::expression(&part));
    let value = |index: usize| arg(index).map(|part| print::value(&part));
    // A part of a state that is not written out.
    if node.args.iter().take(1).any(|id| term[*id].op.as_str().starts_with('#')) {
        return format!("{} …", node.op);
    }
    let shown = match node.op.as_str() {
        "eval" => python(0),
        "done" => node.args.first().map(|id| completion(&term, *id)),
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
        "respond" => node.args.first().map(|answer| self::answer(&term, *answer)),
        "resume" => arg(2).map(|request| format!("resume a generator: {}", request[request.root()].op)),
        "star-search" => value(1).map(|v| format!("search a clause of except* for {v}")),
        "divide" => value(2).map(|v| format!("take {v} apart")),
        "ask" => value(0).map(|v| format!("what is {v}?")),
        _ => None,
    };
    shown.unwrap_or_else(|| text.to_string())
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
pub fn event(text: &str) -> Option<String> {
    let term = parse_term(text).ok()?;
    let node = &term[root(&term)];
    let arg = |index: usize| node.args.get(index).copied();
    let first = arg(0)?;
    let handled = |index: usize| {
        let id = arg(index)?;
        (term[id].op.as_str() != "none")
            .then(|| format!(" while handling {}", print::value(&part(&term, id))))
    };
    Some(match node.op.as_str() {
        "line" => return None,
        "output" => format!("prints {:?}", crate::term::text_of(&term, first)),
        "enter" => format!("enter {}{}", marker(&term, first), handled(1).unwrap_or_default()),
        "leave" => format!("leave {}: {}", marker(&term, first), completion(&term, arg(1)?)),
        "tested" => format!("{} is {}", marker(&term, first), print::value(&part(&term, arg(1)?))),
        "failed" => format!("{} raises {}", marker(&term, first), print::value(&part(&term, arg(1)?))),
        "halt" => format!("the program ends: {}", completion(&term, first)),
        "begins" => "a generator starts".into(),
        "resumed" => "a generator goes on".into(),
        "yielded" => "a generator is suspended".into(),
        "ended" => "a generator ends".into(),
        "abandoned" => "a generator is abandoned".into(),
        "chained" => {
            format!("{}: its context is {}", print::value(&part(&term, first)), part(&term, arg(1)?))
        }
        "parted" => format!("except* parts {}", exceptions(&term, arg(1)?)),
        "taken" => format!("a clause takes {}", exceptions(&term, arg(1)?)),
        "added" => format!("a clause raised {}", exceptions(&term, arg(1)?)),
        "merged" => format!("what goes on: {}", exceptions(&term, arg(1)?)),
        other => format!("{other} {}", marker(&term, first)),
    })
}

/// A trace as the lines that control passes, with the choices and events between them.
pub fn narrative(trace: &Trace) -> String {
    let lines: Vec<&str> = trace.program.lines().collect();
    let mut out = String::new();
    let mut shown = None;
    for (index, step) in trace.steps.iter().enumerate() {
        if step.line != shown
            && let Some(number) = step.line
        {
            let text = number.checked_sub(1).and_then(|place| lines.get(place)).unwrap_or(&"");
            let _ = writeln!(out, "{number:>5} | {text}");
            shown = step.line;
        }
        let choice = trace.choices.iter().find(|choice| choice.step == index + 1);
        if let Some(choice) = choice {
            let _ = writeln!(out, "      * {}", choice.what);
            continue;
        }
        for event in step.events.iter().filter_map(|event| self::event(event)) {
            let _ = writeln!(out, "      * {event}");
        }
    }
    if let Some(outcome) = &trace.outcome {
        let _ = writeln!(out, "      * the program ends: {}", completion_text(outcome));
    }
    if let Some(broken) = &trace.property {
        let _ = writeln!(out, "   => {}", broken.reason);
    }
    out
}

/// A completion in words.
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
    let is_name = name.chars().all(|c| c.is_alphanumeric() || "_.<>".contains(c));
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
