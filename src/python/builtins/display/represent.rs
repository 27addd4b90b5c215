//! What `repr`, `ascii` and `str` give.

use egg::Id;

use super::exceptions::{exception_repr, exception_str};
use super::literals::{check_length, decimal, range_repr};
use crate::python::builtins::aliases;
use crate::python::builtins::format::with_digits;
use crate::python::builtins::hashing::address;
use crate::python::builtins::maps::ordered_members;
use crate::python::builtins::support::{MOST_DEEP, Outcome, fits_memory, known, unless_overridden};
use crate::python::values::literals::{
    bytes_repr, float_repr, octal_repr, str_repr, unicode_repr, with_escapes,
};
use crate::python::values::names::names;
use crate::python::values::types;
use crate::python::values::{Call, Failure, Objects, View};

/// What `repr` gives, where no method of the program is asked.
pub fn repr(call: &mut Call, value: Id) -> Outcome<String> {
    repr_within(call, value, &mut Vec::new())
}

/// What `ascii` gives.
pub fn ascii(call: &mut Call, value: Id) -> Outcome<String> {
    repr(call, value).map(|text| with_escapes(&text))
}

/// What `str` gives, where no method of the program is asked.
pub fn str(call: &mut Call, value: Id) -> Outcome<String> {
    known(call, value)?;
    unless_overridden(call, value, &["__str__"])?;
    match call.view(value) {
        View::Str(text) => Ok(text),
        View::Int(int) if !(call.is_long(value) && call.cx.constants().has("str.long-letter")) => {
            decimal(call, &int)
        }
        View::Float(float) if !call.cx.constants().has("float.str-is-repr") => Ok(with_digits(float, 12)),
        View::Other if call.cx.is_classic(value) && !call.cx.is_root(value) => Ok(classic_name(call, value)),
        View::Other if call.is_a(value, "BaseException") => exception_str(call, value),
        _ => repr(call, value),
    }
}

fn repr_within(call: &mut Call, value: Id, path: &mut Vec<Id>) -> Outcome<String> {
    known(call, value)?;
    unless_overridden(call, value, &["__repr__"])?;
    if path.len() > MOST_DEEP {
        let message = "maximum recursion depth exceeded while getting the repr of an object";
        return Err(call.raise("RecursionError", message));
    }
    match call.view(value) {
        View::None => Ok("None".into()),
        View::Bool(yes) if call.cx.constants().has("bool.named") => {
            Ok(if yes { "True" } else { "False" }.into())
        }
        View::Bool(yes) => Ok(if yes { "1" } else { "0" }.into()),
        View::Int(int) => {
            let is_long = call.is_long(value);
            Ok(decimal(call, &int)? + if is_long { "L" } else { "" })
        }
        View::Float(float) if call.cx.constants().has("float.shortest") => Ok(float_repr(float)),
        View::Float(float) => Ok(with_digits(float, 17)),
        View::Str(text) if call.is_unicode(value) => Ok(unicode_repr(&text)),
        View::Str(text) if call.cx.constants().has("repr.letters") => Ok(str_repr(&text)),
        View::Str(text) => Ok(octal_repr(&text)),
        View::Bytes(bytes) => Ok(bytes_repr(&bytes)),
        View::Range(parts) => Ok(range_repr(&parts, call.cx.constants().has("repr.xrange"))),
        View::Slice(parts) => {
            let parts = all_reprs(call, value, &parts, path)?;
            Ok(format!("slice({})", parts.join(", ")))
        }
        View::Other => other_repr(call, value, path),
        container => {
            if path.contains(&value) {
                return Ok(recursion_mark(call, value, &container));
            }
            container_repr(call, value, container, path)
        }
    }
}

fn recursion_mark(call: &mut Call, value: Id, container: &View) -> String {
    match container {
        View::List(_) => "[...]".into(),
        View::Tuple(_) => "(...)".into(),
        View::Dict(_) => "{...}".into(),
        _ => format!("{}(...)", call.type_name(value)),
    }
}

pub(super) fn all_reprs(
    call: &mut Call,
    whole: Id,
    members: &[Id],
    path: &mut Vec<Id>,
) -> Outcome<Vec<String>> {
    path.push(whole);
    let texts = each_repr(call, members, path);
    path.pop();
    texts
}

/// The members' texts; a whole that is too long is found out before it is put together.
fn each_repr(call: &mut Call, members: &[Id], path: &mut Vec<Id>) -> Outcome<Vec<String>> {
    // Tuples in tuples may share their parts, but their texts do not: about a character for each node.
    let nodes = members.iter().map(|member| call.cx.bank.measure(*member).size());
    let nodes = nodes.fold(0, u64::saturating_add);
    fits_memory(call, nodes)?;
    let mut texts = Vec::with_capacity(members.len());
    let mut length = 0;
    for member in members {
        let text = repr_within(call, *member, path)?;
        length += text.len();
        check_length(call, length)?;
        texts.push(text);
    }
    Ok(texts)
}

fn container_repr(call: &mut Call, value: Id, container: View, path: &mut Vec<Id>) -> Outcome<String> {
    match container {
        View::List(members) => Ok(format!("[{}]", all_reprs(call, value, &members, path)?.join(", "))),
        View::Tuple(members) => {
            let comma = if members.len() == 1 { "," } else { "" };
            Ok(format!("({}{comma})", all_reprs(call, value, &members, path)?.join(", ")))
        }
        View::Dict(entries) => {
            let flat: Vec<Id> = entries.into_iter().flat_map(|(key, value)| [key, value]).collect();
            let texts = all_reprs(call, value, &flat, path)?;
            let pairs: Vec<String> = texts.chunks(2).map(|pair| pair.join(": ")).collect();
            Ok(format!("{{{}}}", pairs.join(", ")))
        }
        View::Set(_) => {
            let members = ordered_members(call, value);
            let texts = all_reprs(call, value, &members, path)?.join(", ");
            let class = call.type_name(value);
            Ok(match (class.as_str(), texts.is_empty()) {
                (_, true) => format!("{class}()"),
                ("set", false) if call.cx.constants().has("repr.braces") => format!("{{{texts}}}"),
                (_, false) if !call.cx.constants().has("repr.braces") => format!("{class}([{texts}])"),
                (_, false) => format!("{class}({{{texts}}})"),
            })
        }
        _ => Err(Failure::Undefined),
    }
}

/// The module and qualified name of a class, as messages have them: the module is left out for builtins.
pub fn qualified_name(call: &mut Call, class: Id) -> String {
    let name = call.class_name(class);
    if !call.is_user_class(class) {
        return match name.as_str() {
            "GenericAlias" => format!("types.{name}"),
            "Union" => format!("typing.{name}"),
            _ => name,
        };
    }
    let part = |attribute: &str| {
        let value = call.own_attribute(class, attribute)?;
        call.text(value)
    };
    let (module, qualname) = (part("__module__"), part("__qualname__").unwrap_or(name));
    match module {
        Some(module) if module == "builtins" => qualname,
        Some(module) => format!("{module}.{qualname}"),
        None => format!("__main__.{qualname}"),
    }
}

/// What `object.__repr__` gives.
pub fn object_repr(call: &mut Call, value: Id) -> String {
    let class = call.class_of(value);
    let name = qualified_name(call, class);
    if call.cx.is_classic(class) {
        let name = classic_name(call, class);
        return format!("<{name} instance at {:#x}>", address(call, value));
    }
    format!("<{name} object at {:#x}>", address(call, value))
}

/// `int | None`.
fn union_repr(call: &mut Call, members: &[Id]) -> Outcome<String> {
    let mut names = Vec::new();
    for member in members {
        names.push(aliases::parameter(call, *member)?);
    }
    Ok(names
        .iter()
        .map(|name| if name == "NoneType" { "None" } else { name })
        .collect::<Vec<_>>()
        .join(" | "))
}

fn other_repr(call: &mut Call, value: Id, path: &mut Vec<Id>) -> Outcome<String> {
    if let Some(members) = crate::python::builtins::numbers::union_members(call, value) {
        return union_repr(call, &members);
    }
    if let Some(text) = aliases::written(call, value)? {
        return Ok(text);
    }
    let node = call.cx.bank.get(value).clone();
    let first = node.args.first().copied();
    Ok(match (node.op.as_str(), first) {
        ("class", _) => class_repr(call, value),
        ("exception", _) => exception_repr(call, value, path)?,
        ("routine" | "library" | "function", _) => {
            format!("<function {} at {:#x}>", function_name(call, value), address(call, value))
        }
        ("print-builtin", _) => "<built-in function print>".into(),
        ("isinstance-builtin", _) => "<built-in function isinstance>".into(),
        ("tuple-builtin", _) => "<class 'tuple'>".into(),
        ("builtin", Some(name)) => builtin_repr(call, name),
        ("method", Some(function)) => method_repr(call, value, function, path)?,
        ("cell", _) => {
            let content = match call.cell_content(value) {
                Some(content) => {
                    format!("{} object at {:#x}", call.type_name(content), address(call, content))
                }
                None => "empty".into(),
            };
            format!("<cell at {:#x}: {content}>", address(call, value))
        }
        ("ellipsis", _) => "Ellipsis".into(),
        ("not-implemented", _) => "NotImplemented".into(),
        ("module", Some(name)) => format!("<module '{}'>", atom_text(call, name)),
        ("super-object", Some(class)) => {
            let of = call.cx.bank.arg(value, 1);
            let of = call.type_name(of);
            format!("<super: <class '{}'>, <{of} object>>", call.class_name(class))
        }
        ("object", _) => instance_repr(call, value)?,
        _ => object_repr(call, value),
    })
}

/// A classic class with its module: what `str` gives.
fn classic_name(call: &mut Call, class: Id) -> String {
    let name = qualified_name(call, class);
    if call.is_user_class(class) { name } else { format!("exceptions.{name}") }
}

/// `<class '__main__.C'>`; before Python 3.0 a builtin one is a type, and a classic one tells where it is.
fn class_repr(call: &mut Call, class: Id) -> String {
    if call.cx.is_classic(class) && !call.cx.is_root(class) {
        let name = classic_name(call, class);
        return format!("<class {name} at {:#x}>", address(call, class));
    }
    let name = qualified_name(call, class);
    let kind = match call.cx.constants().knows_classic() && !call.is_user_class(class) {
        true => "type",
        false => "class",
    };
    let is_exception = kind == "type" && call.cx.constants().is_class(&name);
    let name = call.type_called(class).unwrap_or(name);
    format!("<{kind} '{}{name}'>", if is_exception { "exceptions." } else { "" })
}

fn atom_text(call: &Objects, atom: Id) -> String {
    crate::term::unescape(call.cx.name(atom))
}

/// The qualified name of a function.
pub fn function_name(call: &mut Call, function: Id) -> String {
    for attribute in ["__qualname__", "__name__"] {
        if let Some(name) = call.own_attribute(function, attribute)
            && let Some(name) = call.text(name)
        {
            return name;
        }
    }
    let first = call.cx.bank.arg(function, 0);
    match call.cx.name(function) {
        "routine" => {
            let information = call.cx.bank.arg(first, 1);
            let qualname = call.cx.bank.arg(information, 1);
            atom_text(call, qualname)
        }
        _ => atom_text(call, first),
    }
}

fn builtin_repr(call: &mut Call, name: Id) -> String {
    let name = atom_text(call, name);
    match name.as_str() {
        "sys.stdout" | "sys.stderr" => {
            let name = &name[4..];
            format!("<_io.TextIOWrapper name='<{name}>' mode='w' encoding='utf-8'>")
        }
        "exit" | "quit" => format!("Use {name}() or Ctrl-D (i.e. EOF) to exit"),
        _ => match name.split_once('.') {
            Some((class, field))
                if call.cx.constants().is_class(class) && !call.cx.constants().is_builtin(&name) =>
            {
                let described = class == "BaseException" && field != "__suppress_context__";
                let kind = if described { "attribute" } else { "member" };
                format!("<{kind} '{field}' of '{class}' objects>")
            }
            Some((class, method)) if types::is_type(class) => {
                format!("<method '{method}' of '{class}' objects>")
            }
            Some((_, function)) => format!("<built-in function {function}>"),
            None => format!("<built-in function {name}>"),
        },
    }
}

fn method_repr(call: &mut Call, value: Id, function: Id, path: &mut Vec<Id>) -> Outcome<String> {
    if let Some([function, class]) = call.unbound_parts(value) {
        let code = call.code_of(function);
        let name = call.code(code).name;
        return Ok(format!("<unbound method {}.{name}>", call.class_name(class)));
    }
    let object = call.cx.bank.arg(value, 1);
    if call.cx.bank.op(function) == names().builtin {
        let full = call.cx.bank.arg(function, 0);
        let full = atom_text(call, full);
        let method = full.rsplit('.').next().unwrap_or(&full);
        let (class, address) = (call.type_name(object), address(call, object));
        return Ok(format!("<built-in method {method} of {class} object at {address:#x}>"));
    }
    let name = function_name(call, function);
    path.push(value);
    let object = repr_within(call, object, path);
    path.pop();
    Ok(format!("<bound method {name} of {}>", object?))
}

fn instance_repr(call: &mut Call, value: Id) -> Outcome<String> {
    let class = call.type_name(value);
    match class.as_str() {
        "dict_keys" | "dict_values" | "dict_items" => Err(Failure::Undefined),
        "generator" => {
            let name = function_name_of_generator(call, value);
            Ok(format!("<generator object {name} at {:#x}>", address(call, value)))
        }
        _ => Ok(object_repr(call, value)),
    }
}

fn function_name_of_generator(call: &mut Call, value: Id) -> String {
    for attribute in ["__qualname__", "__name__"] {
        if let Some(name) = call.own_attribute(value, attribute)
            && let Some(name) = call.text(name)
        {
            return name;
        }
    }
    "generator".into()
}
