//! What was chosen where there was more than one way to go on, in words.

use egg::Id;

use crate::machine::{Bank, sequence};
use crate::python::print;
use crate::python::values::write::sign;
use crate::term::unescape;
use crate::trace::words::call;

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
        "ask" if op(part(state, 1)?) == "fits" => Some(match op(reached) {
            "true" => String::new(),
            _ => format!("{} cannot be told", question(bank, first, part(part(state, 1)?, 0)?)),
        }),
        "ask" if op(part(state, 1)?) == "fits-call" => Some(match op(reached) {
            "true" => String::new(),
            _ => format!("**{} does not fit {}", text(first), text(part(part(state, 1)?, 0)?)),
        }),
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
                let verb = match op(reached) {
                    "class" => "matches",
                    "none" => "is no exception class",
                    _ => "does not match",
                };
                Some(format!("`except {}` {verb}", text(first)))
            }
            "fits-frame" => {
                let frame = part(part(state, 1)?, 0)?;
                Some(match op(reached) {
                    "exception" => format!("asking raises {}", text(reached)),
                    answer => format!("{} is {answer}", question(bank, part(frame, 0)?, part(frame, 1)?)),
                })
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
                // It has no other value.
                (_, "none") if one_outcome(bank, part(first, 2)?) => format!("{operation} succeeds"),
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

/// Whether a call of an unknown returns always the same.
fn one_outcome(bank: &Bank, unknown: Id) -> bool {
    let returns = bank.arg(bank.arg(unknown, 2), 0);
    bank.op(returns).as_str() == "one-of" && sequence::len(bank, bank.arg(returns, 0)) == 1
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
        _ if name.starts_with("import ") => format!("{call} succeeds"),
        "returning" if name.starts_with("case ") => {
            format!("{call} {}", if text == "True" { "matches" } else { "does not match" })
        }
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
