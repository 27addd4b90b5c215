//! Entering a function by itself: its arguments, and the object that it is a method of, of which nothing is known.

use egg::Id;

use crate::python::builtins::Table;
use crate::python::builtins::definitions::classes::is_callable;
use crate::python::values::hidden;
use crate::python::values::names::names;
use crate::python::values::typed;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Answer, Call, Failure};

/// The primitives of this file.
pub const TABLE: Table = &[
    ("prim.opened", opened),
    ("prim.entry_arguments", entry_arguments),
    ("prim.entry_keywords", entry_keywords),
    ("prim.open_object", open_object),
    ("prim.open_up", open_up),
    ("prim.stand_in", stand_in),
    ("prim.is_known_class", is_known_class),
    ("prim.is_known_callable", is_known_callable),
    ("prim.driven_kind", driven_kind),
    ("prim.go_on", go_on),
    ("prim.is_shared", is_shared),
];

/// The name of what a generator is sent.
const SENT: &str = "what is sent";

/// The name that an unknown attribute of the object has in front.
const RECEIVER: &str = "self";

/// The names of parameters, as atoms: positional ones, the one with a star, those by keyword only, the one with two stars.
struct Parameters {
    positional: Vec<Id>,
    star: Vec<Id>,
    keyword: Vec<Id>,
    double_star: Vec<Id>,
}

impl Parameters {
    fn of(call: &Call, code: Id) -> Parameters {
        let signature = call.cx.bank.arg(code, 2);
        let [positional, keyword] = [1, 2].map(|place| call.cx.members(call.cx.bank.arg(signature, place)));
        let [star, double_star] =
            [3, 4].map(|place| call.cx.bank.get(call.cx.bank.arg(signature, place)).args.to_vec());
        Parameters { positional, star, keyword, double_star }
    }

    fn all(self) -> Vec<Id> {
        [self.positional, self.star, self.keyword, self.double_star].concat()
    }
}

/// The code of a function, or the code itself.
fn code_of(call: &mut Call, function: Id) -> Id {
    match call.cx.bank.op(function) == names().code {
        true => function,
        false => call.code_of(function),
    }
}

/// `opened(function, class)`: the function, or that of a code, with all parameters as positional ones, so that also `*args` and
/// `**kwargs` can be given an unknown; `class` is what `super()` in it is about.
fn opened(call: &mut Call) -> Answer {
    let [function, class] = call.args[..] else { return Err(Failure::Undefined) };
    let code = code_of(call, function);
    let free = call.code(code).free;
    let cells = match code == function {
        true if free.iter().any(|name| name == "__class__") => vec![cell_of(call, class)],
        true => Vec::new(),
        false => call.closure(function, &free),
    };
    let names_of_cells: Vec<String> = match code == function {
        true => vec!["&__class__".to_string()],
        false => free.iter().map(|name| format!("&{name}")).collect(),
    };
    let closure: Vec<(String, Id)> = names_of_cells.into_iter().zip(cells).collect();
    let closure = call.env(&closure);
    let all = Parameters::of(call, code).all();
    let code = with_parameters(call, code, &all);
    let (defaults, keywords) = (call.values(&[]), call.keywords_of(&[]));
    let payload = call.cx.bank.node("function-of", [defaults, keywords, closure]);
    let reference = call.allocate(payload);
    Ok(call.cx.bank.make(names().routine, &[code, reference]))
}

fn cell_of(call: &mut Call, value: Id) -> Id {
    let payload = call.cx.bank.make(names().immutable, &[value]);
    let reference = call.allocate(payload);
    call.cx.bank.make(names().cell, &[reference])
}

/// The code with these positional parameters and no others.
fn with_parameters(call: &mut Call, code: Id, parameters: &[Id]) -> Id {
    let bank = &mut call.cx.bank;
    let none = bank.node("no-parameters", []);
    let list = parameters.iter().fold(none, |list, name| bank.node("parameters", [list, *name]));
    let (posonly, nothing) = (bank.node("0", []), bank.node("nothing", []));
    let signature = bank.node("signature", [posonly, list, none, nothing, nothing]);
    let mut node = bank.get(code).clone();
    node.args[2] = signature;
    bank.add(node)
}

/// An unknown as the one given is, with the name of a parameter.
fn unknown_like(call: &mut Call, unknown: Id, name: Id) -> Id {
    // An unknown of this name and the number 0 is the global of the name, where there is one.
    let text = crate::term::unescape(call.cx.name(name));
    let global = call.module_env("__main__").and_then(|env| call.lookup(env, &text));
    let global = global.is_some_and(|value| call.cx.bank.op(value) == vocabulary().unknown);
    let number = call.atom(if global { "1" } else { "0" });
    let mut node = call.cx.bank.get(unknown).clone();
    (node.args[0], node.args[1]) = (name, number);
    call.cx.bank.add(node)
}

/// `entry_arguments(function, caller, skipped, part)`: an unknown for each parameter but the first ones; for "all" that `opened`
/// makes positional, or for those that are "positional" as they stand.
fn entry_arguments(call: &mut Call) -> Answer {
    let [function, caller, skipped, part] = call.args[..] else { return Err(Failure::Undefined) };
    call.hand_out_module();
    let code = code_of(call, function);
    let parameters = Parameters::of(call, code);
    let typed = [(parameters.star.clone(), "tuple"), (parameters.double_star.clone(), "dict")];
    let all = call.text(part).as_deref() == Some("all");
    let parameters = if all { parameters.all() } else { parameters.positional };
    let skipped = call.integer(skipped).and_then(|number| usize::try_from(number).ok()).unwrap_or(0);
    let mut values = Vec::new();
    for name in parameters.into_iter().skip(skipped) {
        let value = unknown_like(call, caller, name);
        let class = typed.iter().find(|(names, _)| names.contains(&name)).map(|(_, class)| class);
        values.push(class.map_or(value, |class| typed::typed(call.cx, value, class)));
    }
    Ok(call.tuple(&values))
}

/// `entry_keywords(function, caller)`: a dict of an unknown for each parameter that is given by keyword only.
fn entry_keywords(call: &mut Call) -> Answer {
    let [function, caller] = call.args[..] else { return Err(Failure::Undefined) };
    let code = code_of(call, function);
    let mut entries = Vec::new();
    for name in Parameters::of(call, code).keyword {
        let text = crate::term::unescape(call.cx.name(name));
        entries.push((call.str(&text), unknown_like(call, caller, name)));
    }
    Ok(call.dict(&entries))
}

/// `open_object(class, stored, caller)`: an object of a class, of whose attributes nothing is known; `prim.missing` where making one
/// is the business of a builtin class.
fn open_object(call: &mut Call) -> Answer {
    let [class, stored, caller] = call.args[..] else { return Err(Failure::Undefined) };
    if call.solid_base(class) != "object" {
        return Ok(call.cx.bank.make(names().missing, &[]));
    }
    let payload = call.cx.bank.make(names().plain, &[]);
    let object = call.new_object(class, payload);
    call.args = [object, stored, caller].into_iter().collect();
    open_up(call)?;
    Ok(object)
}

/// `open_up(object, stored, caller)`: nothing is known of the attributes that the object does not have. An attribute that the
/// program stores somewhere may hide one of the class that is no method.
fn open_up(call: &mut Call) -> Answer {
    let [object, stored, caller] = call.args[..] else { return Err(Failure::Undefined) };
    let name = call.atom(RECEIVER);
    let open = unknown_like(call, caller, name);
    call.set_own_attribute(object, hidden::OPEN, Some(open));
    let class = call.class_of(object);
    let asks = call.class_attribute(class, "__getattr__").is_some();
    let stored: Vec<Id> = call.cx.members(call.cx.bank.arg(stored, 0));
    let stored: Vec<String> = stored.into_iter().filter_map(|name| call.text(name)).collect();
    for name in stored {
        let found = call.class_attribute(class, &name).map(|(_, found)| found);
        if found.map_or(asks, |found| is_plain(call, found)) {
            let value = call.unknown_attribute(open, &name);
            call.set_own_attribute(object, &name, Some(value));
        }
    }
    Ok(call.none())
}

/// Whether an attribute of a class is a value, and no method or what acts like one.
fn is_plain(call: &mut Call, found: Id) -> bool {
    let op = call.cx.bank.op(found);
    if [names().routine, names().library, names().builtin].contains(&op) {
        return false;
    }
    let class = call.class_of(found);
    let binds = ["__get__", "__set__"].iter().any(|name| call.class_attribute(class, name).is_some());
    let wraps = ["property", "staticmethod", "classmethod"].contains(&call.solid_base(class).as_str());
    op == vocabulary().unknown || !binds && !wraps
}

/// `stand_in(class, caller)`: the class, of whose bases nothing is known.
fn stand_in(call: &mut Call) -> Answer {
    let [class, caller] = call.args[..] else { return Err(Failure::Undefined) };
    let name = call.atom("super()");
    let open = unknown_like(call, caller, name);
    call.set_own_attribute(class, hidden::OPEN, Some(open));
    Ok(class)
}

fn is_known_class(call: &mut Call) -> Answer {
    let class = call.args.first().is_some_and(|value| call.cx.bank.op(*value) == vocabulary().class);
    Ok(call.bool(class))
}

fn is_known_callable(call: &mut Call) -> Answer {
    let [value] = call.args[..] else { return Err(Failure::Undefined) };
    let op = call.cx.bank.op(value);
    let known = op != vocabulary().unknown && op != names().missing;
    let callable = known && is_callable(call, value);
    Ok(call.bool(callable))
}

/// `driven_kind(value)`: what the caller of a function can do with what it gave: "generator", "manager", "function", or "".
fn driven_kind(call: &mut Call) -> Answer {
    let [value] = call.args[..] else { return Err(Failure::Undefined) };
    let kind = if call.suspension(value).is_some() {
        "generator"
    } else if call.cx.bank.op(value) == names().routine {
        let code = call.code_of(value);
        if call.code(code).module == "__main__" { "function" } else { "" }
    } else if call.type_name(value) == "_GeneratorContextManager" {
        "manager"
    } else {
        ""
    };
    Ok(call.str(kind))
}

/// `prim.go_on(generator, caller)`: the generator goes on. Where it waits for a value, it is sent an unknown; a `yield` whose value nobody
/// uses is sent None, as by `next`.
fn go_on(call: &mut Call) -> Answer {
    let [generator, caller] = call.args[..] else { return Err(Failure::Undefined) };
    let sent = match waits_for_value(call, generator) {
        true => {
            let name = call.atom(SENT);
            let sent = unknown_like(call, caller, name);
            call.new_unknown(sent, "unknown")
        }
        false => call.none(),
    };
    let resumption = call.cx.bank.node("send", [sent]);
    Err(Failure::Answered(call.answer("resumes", &[generator, resumption])))
}

/// Whether a generator, or the one that it delegates to, stands at a `yield` whose value is used.
fn waits_for_value(call: &mut Call, generator: Id) -> bool {
    let Some(suspension) = call.suspension(generator) else { return false };
    if call.cx.bank.op(suspension).as_str() != "suspended" {
        return false;
    }
    let mut frames = call.cx.bank.arg(suspension, 0);
    while let [frame, rest] = call.cx.bank.get(frames).args[..] {
        match call.cx.bank.op(frame).as_str() {
            // Who looks on drops nothing.
            "observe-frame" => frames = rest,
            "discard-frame" => return false,
            "delegation-frame" => {
                let inner = call.cx.bank.arg(frame, 0);
                return waits_for_value(call, inner);
            }
            _ => return true,
        }
    }
    false
}

/// `prim.is_shared(object)`: others have it, too, and may bring about what somebody waits for.
fn is_shared(call: &mut Call) -> Answer {
    let [object] = call.args[..] else { return Err(Failure::Undefined) };
    let shared = call.is_shared(object);
    Ok(call.bool(shared))
}
