//! What the library asks of values and classes: `prim.…` in its source.

use egg::Id;
use num_bigint::BigInt;

use crate::python::builtins::conversions;
use crate::python::builtins::display;
use crate::python::builtins::hashing;
use crate::python::builtins::hints;
use crate::python::builtins::numbers;
use crate::python::builtins::support;
use crate::python::builtins::text;
use crate::python::builtins::tracebacks;
use crate::python::builtins::{Table, run};
use crate::python::values::hidden;
use crate::python::values::names::names;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Answer, Call, Failure, View, typed};

/// The primitives of this file.
pub const TABLE: Table = &[
    ("type_name", type_name),
    ("prim.full_type_name", full_type_name),
    ("prim.class_name", class_name),
    ("prim.class", class),
    ("prim.is_user", is_user),
    ("prim.is_unknown", is_unknown),
    ("prim.taken_for", taken_for),
    ("prim.new", new),
    ("prim.payload", payload),
    ("prim.mapping", mapping),
    ("prim.truth", truth),
    ("prim.compare", compare),
    ("prim.binary", binary),
    ("prim.unary", unary),
    ("prim.union_members", union_members),
    ("prim.is_digits", is_digits),
    ("prim.ascii_text", ascii_text),
    ("prim.exception_text", exception_text),
    ("prim.exception_repr", exception_repr),
    ("prim.hash_tuple", |call| hash_as(call, "tuple")),
    ("prim.hash_frozenset", |call| hash_as(call, "frozenset")),
    ("prim.stdout", stdout),
    ("prim.active", active),
    ("prim.not_modelled", not_modelled),
    ("prim.unmodelled_value", unmodelled_value),
    ("prim.hint", hint),
    ("prim.caller_place", tracebacks::caller_place),
];

fn one(call: &Call) -> Result<Id, Failure> {
    call.args.first().copied().ok_or(Failure::Undefined)
}

fn missing(call: &mut Call) -> Id {
    call.cx.bank.make(names().missing, &[])
}

/// `prim.type_name(obj)`.
fn type_name(call: &mut Call) -> Answer {
    let value = one(call)?;
    let name = call.type_name(value);
    Ok(call.str(&name))
}

/// The type's name with its module, unless that is `builtins` or `__main__`.
fn full_type_name(call: &mut Call) -> Answer {
    let value = one(call)?;
    let class = call.class_of(value);
    let name = display::qualified_name(call, class);
    let short = name.strip_prefix("__main__.").unwrap_or(&name).to_string();
    Ok(call.str(&short))
}

fn class_name(call: &mut Call) -> Answer {
    let class = one(call)?;
    let name = call.class_name(class);
    Ok(call.str(&name))
}

/// A builtin class by its name.
fn class(call: &mut Call) -> Answer {
    let name = one(call)?;
    let name = call.text(name).unwrap_or_default();
    Ok(call.class(&name))
}

/// Whether nothing is known of a value, where all paths are explored.
fn is_unknown(call: &mut Call) -> Answer {
    let [value] = call.args[..] else { return Err(Failure::Undefined) };
    let yes = call.cx.bank.op(value) == vocabulary().unknown;
    Ok(call.bool(yes))
}

/// What a special method of the program returned: where nothing is known of it, it is taken for what Python asks of the method.
fn taken_for(call: &mut Call) -> Answer {
    let [value, class] = call.args[..] else { return Err(Failure::Undefined) };
    let untyped =
        call.cx.bank.op(value) == vocabulary().unknown && typed::type_of(call.cx.bank, value).is_none();
    if !untyped {
        // A Unicode string is made one of bytes, where that is asked for.
        let narrow = call.is_unicode(value) && call.class_name(class) == "str";
        return if narrow { text::unicode::narrow(call, value) } else { Ok(value) };
    }
    let class = call.class_name(class);
    Ok(typed::typed(call.cx, value, &class))
}

fn is_user(call: &mut Call) -> Answer {
    let value = one(call)?;
    let class = call.class_of(value);
    let yes = call.is_user_class(class);
    Ok(call.bool(yes))
}

fn new(call: &mut Call) -> Answer {
    let class = one(call)?;
    call.args.clear();
    call.new_instance(class, true)
}

/// The value itself, or the builtin value that an instance of a subclass holds.
fn payload(call: &mut Call) -> Answer {
    let value = one(call)?;
    if typed::type_of(call.cx.bank, value).is_some() {
        return Ok(value);
    }
    let class = call.class_of(value);
    if !call.is_user_class(class) {
        let plain = !matches!(call.view(value), View::Other) || call.cx.bank.op(value) == vocabulary().none;
        return Ok(if plain { value } else { missing(call) });
    }
    Ok(match call.view(value) {
        View::List(members) => call.list(&members),
        View::Dict(entries) => call.dict(&entries),
        View::Set(members) => {
            let kind = call.solid_base(class);
            call.set(&kind, &members)
        }
        View::Other => missing(call),
        _ => match call.entry(value) {
            Some(entry) => call.cx.bank.arg(entry.payload, 0),
            None => missing(call),
        },
    })
}

/// The dict that a view is of.
fn mapping(call: &mut Call) -> Answer {
    let view = one(call)?;
    let parts = call.wrapped(view).ok_or(Failure::Undefined)?;
    parts.first().copied().ok_or(Failure::Undefined)
}

fn truth(call: &mut Call) -> Answer {
    let value = one(call)?;
    let yes = conversions::truth(call, value)?;
    Ok(call.bool(yes))
}

/// Runs an operator's primitive; where the operands do not fit, the answer is `NotImplemented`.
fn attempted(call: &mut Call, name: &str, args: &[Id]) -> Answer {
    call.args = args.to_vec();
    match run(call, name) {
        Err(Failure::Mismatch(_) | Failure::Unfit(_) | Failure::Undefined) => {
            Ok(call.cx.bank.make(names().not_implemented, &[]))
        }
        answer => answer,
    }
}

/// The primitive of an operator as the library names it: `and` for `and_`.
fn operator(name: &str) -> String {
    match name {
        "and" | "or" => format!("{name}_"),
        name => name.to_string(),
    }
}

fn binary(call: &mut Call) -> Answer {
    let [name, left, right] = call.args[..] else { return Err(Failure::Undefined) };
    let name = operator(&call.text(name).unwrap_or_default());
    attempted(call, &name, &[left, right])
}

fn unary(call: &mut Call) -> Answer {
    let [name, operand] = call.args[..] else { return Err(Failure::Undefined) };
    let name = call.text(name).unwrap_or_default();
    attempted(call, &name, &[operand])
}

/// The comparison of two values that are no containers.
fn compare(call: &mut Call) -> Answer {
    let [name, left, right] = call.args[..] else { return Err(Failure::Undefined) };
    let name = call.text(name).unwrap_or_default();
    if matches!(name.as_str(), "eq" | "ne") && !comparable(call, left, right) {
        return Ok(call.cx.bank.make(names().not_implemented, &[]));
    }
    attempted(call, &name, &[left, right])
}

/// Whether equality says anything of two values besides that they are the same object.
fn comparable(call: &mut Call, left: Id, right: Id) -> bool {
    let kind = |view: &View| match view {
        View::Bool(_) | View::Int(_) | View::Float(_) => 1,
        View::Str(_) => 2,
        View::Bytes(_) => 3,
        View::Range(_) => 4,
        View::Slice(_) => 5,
        View::Tuple(_) => 6,
        View::List(_) => 7,
        View::Dict(_) => 8,
        View::Set(_) => 9,
        View::None => 10,
        View::Other => 0,
    };
    let (one, two) = (kind(&call.view(left)), kind(&call.view(right)));
    one != 0 && one == two
}

/// The classes of `A | B`, as a tuple.
fn union_members(call: &mut Call) -> Answer {
    let value = one(call)?;
    match numbers::union_members(call, value) {
        Some(members) => Ok(call.tuple(&members)),
        None => Ok(missing(call)),
    }
}

fn is_digits(call: &mut Call) -> Answer {
    let text = one(call)?;
    let text = call.text(text).unwrap_or_default();
    let yes = !text.is_empty() && text.chars().all(char::is_numeric);
    Ok(call.bool(yes))
}

fn ascii_text(call: &mut Call) -> Answer {
    let text = one(call)?;
    let text = call.text(text).unwrap_or_default();
    let mut escaped = String::new();
    for char in text.chars() {
        match u32::from(char) {
            0..=0x7f => escaped.push(char),
            code @ 0x80..=0xff => escaped.push_str(&format!("\\x{code:02x}")),
            code @ 0x100..=0xffff => escaped.push_str(&format!("\\u{code:04x}")),
            code => escaped.push_str(&format!("\\U{code:08x}")),
        }
    }
    Ok(call.str(&escaped))
}

fn exception_text(call: &mut Call) -> Answer {
    let exception = one(call)?;
    let special = call.is_a(exception, "SyntaxError") || call.is_a(exception, "UnicodeError");
    match display::exception_text(call, exception).filter(|_| special) {
        Some(text) => Ok(call.str(&text)),
        None => Ok(missing(call)),
    }
}

/// `BaseException.__repr__`.
fn exception_repr(call: &mut Call) -> Answer {
    let exception = one(call)?;
    match display::exception_repr(call, exception, &mut Vec::new()) {
        Ok(text) => Ok(call.str(&text)),
        Err(Failure::Undefined) => Err(library(call, "_exception_repr", exception)),
        Err(failure) => Err(failure),
    }
}

fn library(call: &mut Call, name: &str, argument: Id) -> Failure {
    let atom = call.atom(name);
    let function = call.cx.bank.make(names().library, &[atom]);
    Failure::Delegated(function, vec![argument])
}

/// The hash of a container whose members have these hashes.
fn hash_as(call: &mut Call, kind: &str) -> Answer {
    let list = one(call)?;
    let View::List(members) = call.view(list) else { return Err(Failure::Undefined) };
    let hashes: Vec<i64> = members
        .into_iter()
        .filter_map(|member| call.integer(member).and_then(|int: BigInt| i64::try_from(int).ok()))
        .collect();
    let hash = if kind == "tuple" { hashing::tuple_hash(&hashes) } else { hashing::set_hash(&hashes) };
    Ok(call.int(hash))
}

/// Where `print` writes: the original stream.
fn stdout(call: &mut Call) -> Answer {
    match call.module_env("sys").and_then(|env| call.lookup(env, "stdout")) {
        Some(stream) => Ok(stream),
        None => Ok(missing(call)),
    }
}

/// What a traceback adds to the text of an exception about an attribute or an import.
fn hint(call: &mut Call) -> Answer {
    let exception = one(call)?;
    let hint = if call.is_a(exception, "AttributeError") {
        hints::about_attribute(call, exception, None)
    } else if call.is_a(exception, "ImportError") {
        hints::about_import(call, exception)
    } else {
        String::new()
    };
    Ok(call.str(&hint))
}

/// Ends the path by the name of what is not modelled.
fn not_modelled(call: &mut Call) -> Answer {
    let what = one(call)?;
    let what = call.text(what).unwrap_or_default();
    support::beyond_model(call, &what);
    Ok(call.none())
}

/// A value that is not modelled: unknown where all paths are explored.
fn unmodelled_value(call: &mut Call) -> Answer {
    let what = one(call)?;
    let what = call.text(what).unwrap_or_default();
    support::unmodelled(call, &what)
}

/// The containers whose `repr` is being made.
fn active(call: &mut Call) -> Answer {
    if let Some(list) = call.module_env("builtins").and_then(|env| call.lookup(env, hidden::ACTIVE)) {
        return Ok(list);
    }
    let list = call.list(&[]);
    call.set_module_name("builtins", hidden::ACTIVE, Some(list));
    Ok(list)
}
