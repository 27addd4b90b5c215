//! What values look like: `repr`, `str`, `ascii`, and `print`.

use egg::Id;
use num_bigint::BigInt;
use num_traits::ToPrimitive;

use crate::python::builtins::Table;
use crate::python::builtins::fields::keyword_hint;
use crate::python::builtins::hashing::address;
use crate::python::builtins::maps::ordered_members;
use crate::python::builtins::support::{
    MOST_DEEP, Outcome, arguments, beyond_limit, check_count, fits_memory, known, one_argument,
    unless_overridden,
};
use crate::python::builtins::text;
use crate::python::values::names::names;
use crate::python::values::{Answer, Call, Failure, View};

/// The primitives of this file.
pub const TABLE: Table = &[
    ("repr", repr_builtin),
    ("ascii", ascii_builtin),
    ("str", str_builtin),
    ("print", print),
    ("write", write),
    ("object_repr", object_repr_builtin),
    ("sys.stdout.write", |call| write_text(call, 1)),
    ("sys.stderr.write", |call| write_text(call, 2)),
    ("sys.stdout.flush", |call| Ok(call.none())),
    ("sys.stderr.flush", |call| Ok(call.none())),
    ("concat", |call| call.run("add")),
    ("join", join),
];

/// How many digits an int that is converted to or from text has at most.
pub const MOST_DIGITS: usize = 4300;

// ---- the builtin functions -----------------------------------------------------------------------------

fn repr_builtin(call: &mut Call) -> Answer {
    let value = one_argument(call, "repr")?;
    let text = repr(call, value)?;
    Ok(call.str(&text))
}

fn ascii_builtin(call: &mut Call) -> Answer {
    let value = one_argument(call, "ascii")?;
    let text = ascii(call, value)?;
    Ok(call.str(&text))
}

/// `prim.object_repr(obj)`: what `object.__repr__` gives.
fn object_repr_builtin(call: &mut Call) -> Answer {
    let value = one_argument(call, "object_repr")?;
    let text = object_repr(call, value);
    Ok(call.str(&text))
}

/// `prim.concat(*texts)`.
/// `prim.join(separator, texts)`.
fn join(call: &mut Call) -> Answer {
    let [separator, parts] = call.args[..] else { return Err(Failure::Undefined) };
    let (Some(separator), View::List(parts)) = (call.text(separator), call.view(parts)) else {
        return Err(Failure::Undefined);
    };
    let texts: Option<Vec<String>> = parts.into_iter().map(|part| call.text(part)).collect();
    let whole = texts.ok_or(Failure::Undefined)?.join(&separator);
    Ok(call.str(&whole))
}

/// `str(object, encoding, errors)`.
fn str_builtin(call: &mut Call) -> Answer {
    call.require_known()?;
    let positional = call.args.len();
    check_count(call, "str", positional, 0, 3)?;
    let mut found: Vec<Option<Id>> = (0..3).map(|place| call.args.get(place).copied()).collect();
    for (name, value) in call.keywords.clone() {
        let place = ["object", "encoding", "errors"].iter().position(|param| *param == name);
        let Some(place) = place else {
            let hint = keyword_hint(&name, &["object", "encoding", "errors"]);
            return Err(call.type_error(&format!("str() got an unexpected keyword argument '{name}'{hint}")));
        };
        if found[place].replace(value).is_some() {
            let place = place + 1;
            let message = format!("argument for str() given by name ('{name}') and position ({place})");
            return Err(call.type_error(&message));
        }
    }
    match found[..] {
        [None, ..] => Ok(call.str("")),
        [Some(value), None, None] => {
            let text = str(call, value)?;
            Ok(call.str(&text))
        }
        [Some(value), encoding, errors] => decoded(call, value, encoding, errors),
        _ => Err(Failure::Undefined),
    }
}

fn decoded(call: &mut Call, value: Id, encoding: Option<Id>, errors: Option<Id>) -> Answer {
    match call.view(value) {
        View::Bytes(bytes) => text::decode(call, &bytes, encoding, errors, "str"),
        View::Str(_) => Err(call.type_error("decoding str is not supported")),
        _ => {
            let name = call.type_name(value);
            Err(call.type_error(&format!("decoding to str: need a bytes-like object, {name} found")))
        }
    }
}

// ---- print ---------------------------------------------------------------------------------------------

fn print(call: &mut Call) -> Answer {
    call.require_known()?;
    let (mut separator, mut end, mut stream) = (" ".to_string(), "\n".to_string(), 1);
    let none = call.none();
    for (name, value) in call.keywords.clone() {
        known(call, value)?;
        match name.as_str() {
            "sep" if value != none => separator = text_or_none(call, "sep", value)?,
            "end" if value != none => end = text_or_none(call, "end", value)?,
            "file" if value != none => stream = stream_of(call, value)?,
            "file" => stream = standard_stream(call)?,
            "sep" | "end" | "flush" => {}
            _ => {
                let hint = keyword_hint(&name, &["sep", "end", "file", "flush"]);
                return Err(
                    call.type_error(&format!("print() got an unexpected keyword argument '{name}'{hint}"))
                );
            }
        }
    }
    if !call.keywords.iter().any(|(name, _)| name == "file") {
        stream = standard_stream(call)?;
    }
    let mut parts = Vec::new();
    for arg in call.args.clone() {
        parts.push(str(call, arg)?);
    }
    let mut text = parts.join(&separator);
    text.push_str(&end);
    call.output = Some((stream, text));
    Ok(none)
}

fn text_or_none(call: &mut Call, name: &str, value: Id) -> Outcome<String> {
    match call.text(value) {
        Some(text) => Ok(text),
        None => {
            let found = call.type_name(value);
            Err(call.type_error(&format!("{name} must be None or a string, not {found}")))
        }
    }
}

/// What `sys.stdout` is bound to.
fn standard_stream(call: &mut Call) -> Outcome<u8> {
    match call.sys_name("stdout") {
        Some(none) if call.view(none) == View::None => Err(Failure::Undefined),
        Some(stream) => stream_of(call, stream),
        None => Ok(1),
    }
}

fn stream_of(call: &mut Call, value: Id) -> Outcome<u8> {
    if call.cx.bank.op(value) == names().builtin {
        match call.cx.name(call.cx.bank.arg(value, 0)) {
            "sys.stdout" => return Ok(1),
            "sys.stderr" => return Ok(2),
            _ => {}
        }
    }
    if call.view(value) == View::Other {
        return Err(Failure::Undefined);
    }
    let name = call.type_name(value);
    Err(call.raise("AttributeError", &format!("'{name}' object has no attribute 'write'")))
}

/// `sys.stdout.write(text)`.
fn write_text(call: &mut Call, stream: u8) -> Answer {
    let [text] = call.args[..] else {
        let message = format!("TextIOWrapper.write() takes exactly one argument ({} given)", call.args.len());
        return Err(call.type_error(&message));
    };
    let Some(text) = call.text(text) else {
        let name = call.type_name(text);
        return Err(call.type_error(&format!("write() argument must be str, not {name}")));
    };
    let written = call.int(text.chars().count());
    call.output = Some((stream, text));
    Ok(written)
}

/// `prim.write(stream, text)`.
fn write(call: &mut Call) -> Answer {
    let found = arguments(call, "write", 2, 2)?;
    let [Some(stream), Some(text)] = found[..] else { return Err(Failure::Undefined) };
    let stream = if call.integer(stream) == Some(BigInt::from(2)) { 2 } else { 1 };
    let Some(text) = call.text(text) else { return Err(Failure::Undefined) };
    call.output = Some((stream, text));
    Ok(call.none())
}

// ---- repr, ascii and str -------------------------------------------------------------------------------

/// What `repr` gives, where no method of the program is asked.
pub fn repr(call: &mut Call, value: Id) -> Outcome<String> {
    repr_within(call, value, &mut Vec::new())
}

/// What `ascii` gives.
pub fn ascii(call: &mut Call, value: Id) -> Outcome<String> {
    let text = repr(call, value)?;
    let mut out = String::new();
    for char in text.chars() {
        if char.is_ascii() { out.push(char) } else { push_escape(&mut out, char) }
    }
    Ok(out)
}

/// What `str` gives, where no method of the program is asked.
pub fn str(call: &mut Call, value: Id) -> Outcome<String> {
    known(call, value)?;
    unless_overridden(call, value, &["__str__"])?;
    match call.view(value) {
        View::Str(text) => Ok(text),
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
        View::Bool(yes) => Ok(if yes { "True" } else { "False" }.into()),
        View::Int(int) => decimal(call, &int),
        View::Float(float) => Ok(float_repr(float)),
        View::Str(text) => Ok(str_repr(&text)),
        View::Bytes(bytes) => Ok(bytes_repr(&bytes)),
        View::Range(parts) => Ok(range_repr(&parts)),
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

fn all_reprs(call: &mut Call, whole: Id, members: &[Id], path: &mut Vec<Id>) -> Outcome<Vec<String>> {
    path.push(whole);
    let texts = each_repr(call, members, path);
    path.pop();
    texts
}

/// The members' texts; a whole that is too long is found out before it is put together.
fn each_repr(call: &mut Call, members: &[Id], path: &mut Vec<Id>) -> Outcome<Vec<String>> {
    // Tuples in tuples may share their parts, but their texts do not: about a character for each node.
    let nodes = members.iter().map(|member| call.cx.bank.measure(*member).size);
    fits_memory(call, nodes.fold(0, u64::saturating_add))?;
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
                ("set", false) => format!("{{{texts}}}"),
                (_, false) => format!("{class}({{{texts}}})"),
            })
        }
        _ => Err(Failure::Undefined),
    }
}

// ---- numbers and text ----------------------------------------------------------------------------------

/// An int in decimal, which only a few thousand digits are allowed for.
pub fn decimal(call: &mut Call, int: &BigInt) -> Outcome<String> {
    let text = int.to_string();
    if text.trim_start_matches('-').len() <= MOST_DIGITS {
        return Ok(text);
    }
    Err(call.value_error(
        "Exceeds the limit (4300 digits) for integer string conversion; \
         use sys.set_int_max_str_digits() to increase the limit",
    ))
}

/// A float as CPython writes it.
pub fn float_repr(float: f64) -> String {
    const LARGE: i32 = 16;
    if float.is_nan() {
        return "nan".into();
    }
    if float.is_infinite() {
        return if float > 0.0 { "inf" } else { "-inf" }.into();
    }
    let scientific = format!("{float:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..LARGE).contains(&exponent) {
        return format!("{float:?}"); // Rust takes an exponent in the same cases.
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
}

/// A str in quotes.
pub fn str_repr(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut out = String::from(quote);
    for char in text.chars() {
        match char {
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '\\' => out.push_str("\\\\"),
            char if char == quote => out.extend(['\\', char]),
            char if is_printable(char) => out.push(char),
            char => push_escape(&mut out, char),
        }
    }
    out.push(quote);
    out
}

/// Whether `repr` shows the character as it is.
pub fn is_printable(char: char) -> bool {
    if char.is_ascii() {
        return !char.is_ascii_control();
    }
    // Rust escapes the same characters, and at the start of a text also those that combine.
    format!("a{char}").escape_debug().any(|shown| shown == char)
}

/// Adds a character as an escape sequence.
pub fn push_escape(out: &mut String, char: char) {
    let code = char as u32;
    out.push_str(&match code {
        0..=0xff => format!("\\x{code:02x}"),
        0x100..=0xffff => format!("\\u{code:04x}"),
        _ => format!("\\U{code:08x}"),
    });
}

fn bytes_repr(bytes: &[u8]) -> String {
    let quote = if bytes.contains(&b'\'') && !bytes.contains(&b'"') { '"' } else { '\'' };
    let mut out = format!("b{quote}");
    for byte in bytes {
        match byte {
            b'\n' => out.push_str("\\n"),
            b'\t' => out.push_str("\\t"),
            b'\r' => out.push_str("\\r"),
            b'\\' => out.push_str("\\\\"),
            byte if char::from(*byte) == quote => out.extend(['\\', quote]),
            b' '..=b'~' => out.push(char::from(*byte)),
            byte => out.push_str(&format!("\\x{byte:02x}")),
        }
    }
    out.push(quote);
    out
}

fn range_repr([start, stop, step]: &[BigInt; 3]) -> String {
    if *step == BigInt::from(1) {
        format!("range({start}, {stop})")
    } else {
        format!("range({start}, {stop}, {step})")
    }
}

// ---- classes, functions and objects --------------------------------------------------------------------

/// The module and qualified name of a class, as messages have them: the module is left out for builtins.
pub fn qualified_name(call: &mut Call, class: Id) -> String {
    let name = call.class_name(class);
    if !call.is_user_class(class) {
        return name;
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
    format!("<{name} object at {:#x}>", address(call, value))
}

/// `int | None`.
fn union_repr(call: &mut Call, members: &[Id]) -> String {
    let names: Vec<String> = members.iter().map(|member| qualified_name(call, *member)).collect();
    names.iter().map(|name| if name == "NoneType" { "None" } else { name }).collect::<Vec<_>>().join(" | ")
}

fn other_repr(call: &mut Call, value: Id, path: &mut Vec<Id>) -> Outcome<String> {
    if let Some(members) = crate::python::builtins::numbers::union_members(call, value) {
        return Ok(union_repr(call, &members));
    }
    let node = call.cx.bank.get(value).clone();
    let first = node.args.first().copied();
    Ok(match (node.op.as_str(), first) {
        ("class", _) => format!("<class '{}'>", qualified_name(call, value)),
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

fn atom_text(call: &Call, atom: Id) -> String {
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
                if call.cx.constants.is_class(class) && !call.cx.constants.is_builtin(&name) =>
            {
                let described = class == "BaseException" && field != "__suppress_context__";
                let kind = if described { "attribute" } else { "member" };
                format!("<{kind} '{field}' of '{class}' objects>")
            }
            Some((class, method)) if Call::is_type(class) => {
                format!("<method '{method}' of '{class}' objects>")
            }
            Some((_, function)) => format!("<built-in function {function}>"),
            None => format!("<built-in function {name}>"),
        },
    }
}

fn method_repr(call: &mut Call, value: Id, function: Id, path: &mut Vec<Id>) -> Outcome<String> {
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

// ---- exceptions ----------------------------------------------------------------------------------------

/// The `args` of an exception.
pub fn exception_args(call: &mut Call, exception: Id) -> Vec<Id> {
    let held = call.entry(exception).map(|entry| entry.payload);
    let held = held.filter(|payload| call.cx.bank.op(*payload) == names().exception_of);
    match held {
        Some(payload) => call.cx.members(call.cx.bank.arg(payload, 0)),
        None => {
            let class = call.class_of(exception);
            let args = call.cx.members(call.cx.bank.arg(exception, 1));
            call.kept_args(class, args)
        }
    }
}

/// What `str` gives for an exception, where that can be computed; for tracebacks.
pub fn exception_text(call: &mut Call, exception: Id) -> Option<String> {
    str(call, exception).ok()
}

/// What `BaseException.__repr__` gives; `path` is what stands around.
pub fn exception_repr(call: &mut Call, exception: Id, path: &mut Vec<Id>) -> Outcome<String> {
    let name = call.type_name(exception);
    let args = exception_args(call, exception);
    if path.contains(&exception) {
        return Ok(format!("{name}(...)"));
    }
    Ok(format!("{name}({})", all_reprs(call, exception, &args, path)?.join(", ")))
}

/// Builtin classes with a `__str__` of their own.
const WITH_TEXT: [&str; 9] = [
    "KeyError",
    "OSError",
    "ImportError",
    "SyntaxError",
    "UnicodeDecodeError",
    "UnicodeEncodeError",
    "UnicodeTranslateError",
    "BaseExceptionGroup",
    "BaseException",
];

/// The builtin class whose `__str__` an exception has.
pub fn text_owner(call: &mut Call, exception: Id) -> String {
    let class = call.class_of(exception);
    for owner in call.mro(class).unwrap_or_default() {
        let name = call.class_name(owner);
        if !call.is_user_class(owner) && WITH_TEXT.contains(&name.as_str()) {
            return name;
        }
    }
    "BaseException".into()
}

/// What the `__str__` of an exception's builtin class gives.
pub fn exception_str(call: &mut Call, exception: Id) -> Outcome<String> {
    let owner = text_owner(call, exception);
    exception_str_as(call, exception, &owner)
}

/// What `__str__` of a builtin class of exceptions gives.
pub fn exception_str_as(call: &mut Call, exception: Id, owner: &str) -> Outcome<String> {
    let args = exception_args(call, exception);
    for arg in &args {
        known(call, *arg)?;
    }
    let special = match owner {
        "OSError" => os_error_str(call, exception)?,
        "KeyError" if args.len() == 1 => Some(repr(call, args[0])?),
        "ImportError" => {
            let message = call.field_now(exception, owner, "msg");
            message.and_then(|message| call.text(message))
        }
        "BaseExceptionGroup" => group_str(call, exception)?,
        "UnicodeDecodeError" | "UnicodeEncodeError" | "UnicodeTranslateError" => {
            Some(unicode_str(call, exception, owner)?)
        }
        "SyntaxError" => Some(syntax_str(call, exception)?),
        _ => None,
    };
    match (special, &args[..]) {
        (Some(text), _) => Ok(text),
        (None, []) => Ok(String::new()),
        (None, [arg]) => str(call, *arg),
        (None, _) => {
            let texts = all_reprs(call, exception, &args, &mut Vec::new())?;
            Ok(format!("({})", texts.join(", ")))
        }
    }
}

/// Error number, reason and names of files of an OSError, where they were given.
pub fn os_error_parts(call: &mut Call, exception: Id) -> [Option<Id>; 4] {
    ["errno", "strerror", "filename", "filename2"].map(|name| call.field_now(exception, "OSError", name))
}

fn os_error_str(call: &mut Call, exception: Id) -> Outcome<Option<String>> {
    let [number, reason, file, other] = os_error_parts(call, exception);
    if file.is_none() && (number.is_none() || reason.is_none()) {
        return Ok(None);
    }
    let none = call.none();
    let number = str(call, number.unwrap_or(none))?;
    let reason = str(call, reason.unwrap_or(none))?;
    let mut text = format!("[Errno {number}] {reason}");
    if let Some(file) = file {
        text.push_str(&format!(": {}", repr(call, file)?));
        if let Some(other) = other {
            text.push_str(&format!(" -> {}", repr(call, other)?));
        }
    }
    Ok(Some(text))
}

fn group_str(call: &mut Call, exception: Id) -> Outcome<Option<String>> {
    let [message, members] = call.read_args(exception)[..] else { return Ok(None) };
    let count = match call.view(members) {
        View::List(members) | View::Tuple(members) => members.len(),
        _ => return Ok(None),
    };
    let message = str(call, message)?;
    let plural = if count == 1 { "" } else { "s" };
    Ok(Some(format!("{message} ({count} sub-exception{plural})")))
}

/// What an error of a codec says; nothing where it was not initialised.
fn unicode_str(call: &mut Call, exception: Id, owner: &str) -> Outcome<String> {
    let fields = ["object", "start", "end", "reason"].map(|name| call.field_now(exception, owner, name));
    let [Some(object), Some(start), Some(end), Some(reason)] = fields else { return Ok(String::new()) };
    let encoding = match call.field_now(exception, owner, "encoding") {
        Some(encoding) => Some(str(call, encoding)?),
        None => None,
    };
    let (Some(start), Some(end)) = (call.integer(start), call.integer(end)) else {
        return Err(Failure::Undefined);
    };
    let reason = str(call, reason)?;
    let codec = |verb: &str| match &encoding {
        Some(encoding) => format!("'{encoding}' codec can't {verb}"),
        None => "can't translate".to_string(),
    };
    let place = start.to_usize().filter(|_| end == &start + 1);
    let (verb, one, thing) = match call.view(object) {
        View::Str(text) => {
            let char = place.and_then(|place| text.chars().nth(place)).map(|char| {
                let mut escaped = String::new();
                push_escape(&mut escaped, char);
                format!("character '{escaped}'")
            });
            (codec("encode"), char, "characters")
        }
        View::Bytes(bytes) => {
            let byte = place.and_then(|place| bytes.get(place)).map(|byte| format!("byte 0x{byte:02x}"));
            (codec("decode"), byte, "bytes")
        }
        _ => return Err(Failure::Undefined),
    };
    Ok(match one {
        Some(one) => format!("{verb} {one} in position {start}: {reason}"),
        None => format!("{verb} {thing} in position {start}-{}: {reason}", end - 1),
    })
}

fn syntax_str(call: &mut Call, exception: Id) -> Outcome<String> {
    let message = match call.field_now(exception, "SyntaxError", "msg") {
        Some(message) => str(call, message)?,
        None => "None".into(),
    };
    let file = call.field_now(exception, "SyntaxError", "filename").and_then(|file| call.text(file));
    let file = file.map(|file| file.rsplit('/').next().unwrap_or_default().to_string());
    let line = call.field_now(exception, "SyntaxError", "lineno").and_then(|line| call.integer(line));
    Ok(match (file, line) {
        (Some(file), Some(line)) => format!("{message} ({file}, line {line})"),
        (Some(file), None) => format!("{message} ({file})"),
        (None, Some(line)) => format!("{message} (line {line})"),
        (None, None) => message,
    })
}

/// That a text is not too long to be kept.
pub fn check_length(call: &mut Call, length: usize) -> Outcome<()> {
    if length > call.cx.bank.largest() { Err(beyond_limit(call)) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use crate::python::builtins::testing::{check, given, in_a_world, user_class};

    #[test]
    fn values_look_as_in_python() {
        check(include_str!("expected/display.txt"));
    }

    #[test]
    fn a_container_that_holds_itself_is_shown_once() {
        in_a_world(|call| {
            let list = call.list(&[]);
            call.push(list, list);
            assert_eq!(given(call, "repr", &[list]), "'[[...]]'");
            let dict = call.dict(&[]);
            let key = call.int(1);
            let pair = call.tuple(&[dict]);
            call.set_dict(dict, &[(key, pair)]);
            assert_eq!(given(call, "str", &[dict]), "'{1: ({...},)}'");
            let other = call.list(&[]);
            call.push(other, other);
            let expected = "RecursionError: ('maximum recursion depth exceeded in comparison',)";
            assert_eq!(given(call, "eq", &[list, other]), expected);
        });
    }

    #[test]
    fn the_program_s_methods_are_left_to_the_library() {
        in_a_world(|call| {
            let (object, error, none) = (call.class("object"), call.class("ValueError"), call.none());
            let plain = user_class(call, "Plain", &[object], &[]);
            let shown = user_class(call, "Shown", &[object], &[("__repr__", none)]);
            let odd = user_class(call, "Odd", &[error], &[("__str__", none)]);
            let (plain, shown) = (call.new_object(plain, none), call.new_object(shown, none));
            assert_eq!(given(call, "repr", &[plain]), "'<__main__.Plain object at 0x7f0000000100>'");
            assert_eq!(given(call, "repr", &[shown]), "Undefined");
            let list = call.list(&[plain, shown]);
            assert_eq!(given(call, "str", &[list]), "Undefined");
            assert_eq!(given(call, "print", &[list]), "Undefined");
            let (args, number) = (call.values(&[]), call.atom("0"));
            let odd = call.cx.bank.node("exception", [odd, args, number]);
            assert_eq!(given(call, "str", &[odd]), "Undefined");
            assert_eq!(given(call, "repr", &[odd]), "'Odd()'");
            assert_eq!(
                given(call, "add", &[plain, list]),
                "TypeError: (\"unsupported operand type(s) for +: 'Plain' and 'list'\",)"
            );
        });
    }

    #[test]
    fn an_exception_on_the_heap_shows_the_arguments_that_it_has_there() {
        in_a_world(|call| {
            let (class, none, one) = (call.class("ValueError"), call.none(), call.int(1));
            let (old, new) = (call.values(&[]), call.values(&[one, none]));
            let no = call.bool(false);
            let payload = call.cx.bank.node("exception-of", [new, none, none, no]);
            let reference = call.allocate(payload);
            let number = call.cx.bank.arg(reference, 0);
            let exception = call.cx.bank.node("exception", [class, old, number]);
            assert_eq!(given(call, "repr", &[exception]), "'ValueError(1, None)'");
            assert_eq!(given(call, "str", &[exception]), "'(1, None)'");
        });
    }
}
