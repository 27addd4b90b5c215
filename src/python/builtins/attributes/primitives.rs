//! The primitives that read, store and delete attributes.

use egg::Id;

use crate::python::builtins::Table;
use crate::python::builtins::support::known;
use crate::python::values::hidden;
use crate::python::values::names::names;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Answer, Call, Failure, View};
use crate::term::unescape;

/// The primitives of this file.
pub const TABLE: Table = &[
    ("getattr(object, name, default=None, /)", getattr),
    ("hasattr(obj, name, /)", hasattr),
    ("store_attr", store_attr),
    ("narrowed", narrowed),
    ("store_own", store_own),
    ("delete_own", delete_own),
    ("setattr(obj, name, value, /)", setattr),
    ("delattr(obj, name, /)", delattr),
    ("prim.lacks", lacks),
    ("prim.mismatch", mismatch),
    ("prim.getattr", raw_getattr),
    ("prim.setattr", raw_setattr),
    ("prim.delattr", raw_delattr),
    ("prim.special", special),
    ("prim.user_special", user_special),
    ("unbound_method", unbound_method),
    ("prim.is_classic", is_classic),
    ("prim.own_class", own_class),
    ("prim.next_attribute", next_attribute),
    ("import_from", import_from),
    ("input(prompt='', /)", input),
    ("prim.read_line", read_line),
    ("no_module", no_module),
    ("class super(type=None, object=None, /) as super()", make_super),
    ("super_nowhere", super_nowhere),
];

/// `getattr(object, name[, default])`, and `object.name`.
fn getattr(call: &mut Call) -> Answer {
    let (object, name) = match call.args[..] {
        [object, name] | [object, name, _] => (object, name),
        _ => return Err(Failure::Undefined),
    };
    let name = name_to_get(call, name, "getattr")?;
    if call.cx.bank.op(object) == vocabulary().unknown {
        let default = call.args.get(2).copied();
        if call.is_deleted(object, &name) {
            return default.ok_or_else(|| call.lacks(object));
        }
        return match call.doubted_attribute(object, &name, default) {
            Some(doubted) => Err(doubted),
            None => Ok(call.attribute_of_unknown(object, &name)),
        };
    }
    if call.has_own_lookup(object) {
        return Err(Failure::Undefined);
    }
    let found = call.attribute(object, &name);
    match found {
        // What a getter raises may be an AttributeError, which `__getattr__` or the default answers.
        Err(Failure::Delegated(..)) if call.args.len() == 3 || call.has_fallback(object) => {
            Err(Failure::Undefined)
        }
        Ok(None) if call.has_fallback(object) => match call.module_fallback(object) {
            Some(fallback) if call.args.len() == 2 => {
                Err(Failure::Delegated(fallback, vec![call.str(&name)]))
            }
            _ => Err(Failure::Undefined),
        },
        Ok(None) => match (call.not_in_class(object, &name), call.args.get(2)) {
            (Some(absent), _) => Err(absent),
            (None, Some(default)) => Ok(*default),
            (None, None) => Err(call.no_attribute(object, &name)),
        },
        Ok(Some(value)) => Ok(value),
        Err(failure) => Err(failure),
    }
}

/// The name that `setattr` and the like are called with.
pub fn attribute_name(call: &mut Call, name: Id) -> Result<String, Failure> {
    match call.text(name) {
        Some(name) => Ok(name),
        None => {
            let found = call.type_name(name);
            Err(call.type_error(&format!("attribute name must be string, not '{found}'")))
        }
    }
}

/// The name that `getattr` or `hasattr`, which have words of their own, is called with.
fn name_to_get(call: &mut Call, name: Id, function: &str) -> Result<String, Failure> {
    match call.text(name) {
        Some(name) => Ok(name),
        None => {
            let found = call.type_name(name);
            Err(call.raise_worded("TypeError", "no-name-to-get", &[&found, function]))
        }
    }
}

fn hasattr(call: &mut Call) -> Answer {
    let [object, name] = call.args[..] else { return Err(Failure::Undefined) };
    if call.cx.bank.op(object) == vocabulary().unknown
        && let Some(text) = call.text(name)
    {
        if call.stored_in_unknown(object, &text).is_some() {
            let deleted = call.is_deleted(object, &text);
            return Ok(call.bool(!deleted));
        }
        if let Some(asked) = call.question_of_attribute(object, &text) {
            return Err(asked);
        }
    }
    known(call, object)?;
    let name = name_to_get(call, name, "hasattr")?;
    if call.has_own_lookup(object) {
        return Err(Failure::Undefined);
    }
    match call.attribute(object, &name) {
        Ok(Some(_)) => Ok(call.bool(true)),
        Ok(None) if !call.has_fallback(object) => match call.not_in_class(object, &name) {
            Some(absent) => Err(absent),
            None => Ok(call.bool(false)),
        },
        _ => Err(Failure::Undefined),
    }
}

/// `prim.lacks(object)`: the AttributeError of an unknown.
fn lacks(call: &mut Call) -> Answer {
    let [object] = call.args[..] else { return Err(Failure::Undefined) };
    Err(call.lacks(object))
}

/// `prim.mismatch(object)`: the TypeError of an unknown that is not what it is used for; of what it says nothing is known.
fn mismatch(call: &mut Call) -> Answer {
    let [object] = call.args[..] else { return Err(Failure::Undefined) };
    match call.cx.bank.op(object) == vocabulary().unknown {
        true => Err(call.raised_of("TypeError", object)),
        false => Err(Failure::Undefined),
    }
}

/// `object.name = value`: the value comes first, as it is evaluated first.
fn store_attr(call: &mut Call) -> Answer {
    let [value, object, name] = call.args[..] else { return Err(Failure::Undefined) };
    let name_text = call.text(name).unwrap_or_default();
    match call.change_attribute(object, &name_text, Some(value)) {
        Err(Failure::Undefined) => {
            let setattr = call.atom("setattr");
            let setattr = call.cx.bank.make(names().library, &[setattr]);
            Err(Failure::Delegated(setattr, vec![object, name, value]))
        }
        answer => answer,
    }
}

/// `narrowed(value, name, unknown, …)`: of an unknown of such a name, or of any name where that is `*`, is assumed what is assumed of the
/// unknown behind it; the first counts. Anything else is as it is.
fn narrowed(call: &mut Call) -> Answer {
    let (value, assumed) = (*call.args.first().ok_or(Failure::Undefined)?, call.args[1..].to_vec());
    if call.cx.bank.op(value) != vocabulary().unknown {
        return Ok(value);
    }
    let own = unescape(call.cx.name(call.cx.bank.arg(value, 0))).replace("()", "");
    for pair in assumed.chunks(2) {
        let [name, unknown] = pair[..] else { return Err(Failure::Undefined) };
        let name = call.text(name).ok_or(Failure::Undefined)?;
        if name == "*" || name.replace("()", "") == own {
            let mut node = call.cx.bank.get(value).clone();
            node.args[2] = call.cx.bank.arg(unknown, 2);
            return Ok(call.cx.bank.add(node));
        }
    }
    Ok(value)
}

/// `object.__dict__[name] = value`: the dict that `__dict__` gives is a copy.
fn store_own(call: &mut Call) -> Answer {
    let [value, object, name] = call.args[..] else { return Err(Failure::Undefined) };
    let name = call.text(name).ok_or(Failure::Undefined)?;
    call.change_held_attribute(object, &name, Some(value))
}

/// `del object.__dict__[name]`.
fn delete_own(call: &mut Call) -> Answer {
    let [object, key] = call.args[..] else { return Err(Failure::Undefined) };
    let name = call.text(key).ok_or(Failure::Undefined)?;
    if call.own_attribute(object, &name).is_none() {
        return Err(call.raise_with("KeyError", &[key]));
    }
    call.change_held_attribute(object, &name, None)
}

fn setattr(call: &mut Call) -> Answer {
    let [object, name, value] = call.args[..] else { return Err(Failure::Undefined) };
    let name = attribute_name(call, name)?;
    call.change_attribute(object, &name, Some(value))
}

fn delattr(call: &mut Call) -> Answer {
    let [object, name] = call.args[..] else { return Err(Failure::Undefined) };
    let name = attribute_name(call, name)?;
    call.change_attribute(object, &name, None)
}

fn raw_getattr(call: &mut Call) -> Answer {
    let [object, name] = call.args[..] else { return Err(Failure::Undefined) };
    let name = call.text(name).unwrap_or_default();
    let missing = call.cx.bank.make(names().missing, &[]);
    if call.cx.bank.op(object) == vocabulary().class
        && let Some((_, found)) = call.class_attribute(object, &name)
        && call.cx.bank.op(found) == names().object
    {
        return Ok(found);
    }
    match call.attribute(object, &name) {
        Ok(Some(found)) => Ok(call.unbound_parts(found).map_or(found, |[function, _]| function)),
        Ok(None) => Ok(missing),
        Err(Failure::Delegated(..)) => {
            let class = call.class_of(object);
            Ok(call.class_attribute(class, &name).map_or(missing, |(_, found)| found))
        }
        Err(failure) => Err(failure),
    }
}

fn raw_setattr(call: &mut Call) -> Answer {
    let [object, name, value] = call.args[..] else { return Err(Failure::Undefined) };
    let name = call.text(name).unwrap_or_default();
    if call.cx.bank.op(object) == vocabulary().class {
        return call.change_class_attribute(object, &name, Some(value));
    }
    call.change_held_attribute(object, &name, Some(value))
}

fn raw_delattr(call: &mut Call) -> Answer {
    let [object, name] = call.args[..] else { return Err(Failure::Undefined) };
    let name = call.text(name).unwrap_or_default();
    let had = call.set_own_attribute(object, &name, None);
    Ok(call.bool(had))
}

fn special(call: &mut Call) -> Answer {
    let [object, name] = call.args[..] else { return Err(Failure::Undefined) };
    let name = call.text(name).unwrap_or_default();
    special_or_none(call, object, &name)
}

/// The special method, bound, which may be a call of its own; None where a class blocks it so, and `prim.missing` where
/// there is none.
fn special_or_none(call: &mut Call, object: Id, name: &str) -> Answer {
    let found = call.look_up(object, name);
    found.unwrap_or_else(|| Ok(call.cx.bank.make(names().missing, &[])))
}

/// The special method, where a class of the program or of the library has it before any builtin class does.
fn user_special(call: &mut Call) -> Answer {
    let [object, name] = call.args[..] else { return Err(Failure::Undefined) };
    let name = call.text(name).unwrap_or_default();
    if let Some(fallback) = call.module_fallback(object).filter(|_| name == "__getattr__") {
        return Ok(fallback);
    }
    if call.is_asked_itself(object, &name) {
        return special_or_none(call, object, &name);
    }
    let class = call.class_of(object);
    let owner = call.special_attribute(class, &name).map(|(owner, _)| owner);
    match owner {
        Some(owner) if call.is_user_class(owner) => special_or_none(call, object, &name),
        _ => Ok(call.cx.bank.make(names().missing, &[])),
    }
}

/// `prim.is_classic(value)`: whether it is an instance of a classic class.
fn is_classic(call: &mut Call) -> Answer {
    let [object] = call.args[..] else { return Err(Failure::Undefined) };
    let yes = call.is_classic_object(object);
    Ok(call.bool(yes))
}

/// A method that was read from its class: the first argument is an instance of that.
fn unbound_method(call: &mut Call) -> Answer {
    let (method, args) = call.args.split_first().ok_or(Failure::Undefined)?;
    let View::Tuple(parts) = call.view(*method) else { return Err(Failure::Undefined) };
    let (args, keywords, [function, class]) = (args.to_vec(), call.keywords.clone(), [parts[0], parts[1]]);
    let got = match args.first() {
        None => "nothing".to_string(),
        Some(first) if call.cx.bank.op(*first) == vocabulary().unknown => {
            return Err(call.delegate(function, &args, &keywords));
        }
        Some(first) => {
            let own = call.class_of(*first);
            if call.derives(own, class) {
                return Err(call.delegate(function, &args, &keywords));
            }
            format!("{} instance", call.class_name(own))
        }
    };
    let code = call.code_of(function);
    let name = call.code(code).name;
    let class = call.class_name(class);
    Err(call.raise_worded("TypeError", "unbound-call", &[&name, &class, &got]))
}

/// `prim.own_class(value)`: its class, also where a program is told of a type.
fn own_class(call: &mut Call) -> Answer {
    let [object] = call.args[..] else { return Err(Failure::Undefined) };
    Ok(call.class_of(object))
}

/// The attribute of the classes behind a class, as `super(cls, cls)` finds it.
pub(super) fn next_attribute(call: &mut Call) -> Answer {
    let [class, name] = call.args[..] else { return Err(Failure::Undefined) };
    let name = call.text(name).unwrap_or_default();
    let object = call.cx.bank.make(names().super_object, &[class, class]);
    call.attribute(object, &name)?.ok_or(Failure::Undefined)
}

/// `from module import name`.
fn import_from(call: &mut Call) -> Answer {
    let [module, name] = call.args[..] else { return Err(Failure::Undefined) };
    let name = call.text(name).unwrap_or_default();
    match call.attribute(module, &name)? {
        Some(value) => Ok(value),
        None if call.has_fallback(module) => Err(Failure::Undefined),
        None => {
            let module = unescape(call.cx.name(call.cx.bank.arg(module, 0)));
            let text = call.cx.constants().worded("import-name", &[&name, &module]);
            let failure = call.raise("ImportError", &text);
            Err(call.with_fields(failure, &[("name", &module), ("name_from", &name)], None))
        }
    }
}

fn no_module(call: &mut Call) -> Answer {
    let name = call.args.first().and_then(|name| call.text(*name)).unwrap_or_default();
    let failure = call.raise_worded("ModuleNotFoundError", "no-module", &[&name]);
    Err(call.with_fields(failure, &[("name", &name)], None))
}

fn make_super(call: &mut Call) -> Answer {
    let [class, object] = call.args[..] else { return Err(call.type_error("super(): no arguments")) };
    known(call, class)?;
    known(call, object)?;
    if call.cx.bank.op(class) != vocabulary().class {
        let name = call.type_name(class);
        return Err(call.type_error(&format!("super() argument 1 must be a type, not {name}")));
    }
    let own = if call.cx.bank.op(object) == vocabulary().class { object } else { call.class_of(object) };
    if !call.derives(own, class) {
        let (kind, other) = match call.cx.bank.op(object) == vocabulary().class {
            true => ("type", call.class_name(object)),
            false => ("instance of", call.type_name(object)),
        };
        let class = call.class_name(class);
        return Err(call.raise_worded("TypeError", "no-super", &[kind, &other, &class]));
    }
    Ok(call.cx.bank.make(names().super_object, &[class, object]))
}

fn super_nowhere(call: &mut Call) -> Answer {
    let missing = call.args.first().and_then(|text| call.text(*text)).unwrap_or_default();
    Err(call.raise("RuntimeError", &format!("super(): {missing}")))
}

/// `input()`; with a prompt, the library's function writes that first.
fn input(call: &mut Call) -> Answer {
    match call.args.len() {
        0 => read_line(call),
        _ => Err(Failure::Undefined),
    }
}

/// `prim.read_line()`: the next line of what the run was given.
fn read_line(call: &mut Call) -> Answer {
    let given = call.module_env("sys").and_then(|env| call.lookup(env, hidden::STDIN));
    let text = given.and_then(|given| call.text(given)).unwrap_or_default();
    if text.is_empty() {
        return Err(call.raise("EOFError", "EOF when reading a line"));
    }
    let (line, rest) = text.split_once('\n').unwrap_or((&text, ""));
    let (line, rest) = (call.str(line), call.str(rest));
    call.set_module_name("sys", hidden::STDIN, Some(rest));
    Ok(line)
}
