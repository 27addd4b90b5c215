//! What `object` does: making, comparing and showing objects.

use egg::Id;

use crate::python::builtins::attributes::attribute_name;
use crate::python::builtins::{Table, run};
use crate::python::values::names::names;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Answer, Call, Failure, View};

/// The primitives of this file.
pub const TABLE: Table = &[
    ("object", make_object),
    ("object.__init__(self, /, *args, **kwargs)", nothing),
    ("object.__repr__(self, /)", object_repr),
    ("object.__str__(self, /)", object_str),
    ("object.__eq__(self, value, /)", object_eq),
    ("object.__ne__(self, value, /)", object_ne),
    ("object.__lt__(self, value, /)", unordered),
    ("object.__le__(self, value, /)", unordered),
    ("object.__gt__(self, value, /)", unordered),
    ("object.__ge__(self, value, /)", unordered),
    ("object.__hash__(self, /)", object_hash),
    ("object.__setattr__(self, name, value, /)", object_setattr),
    ("object.__delattr__(self, name, /)", object_delattr),
    ("object.__new__", |call| new(call, "object")),
    ("int.__new__", |call| new(call, "int")),
    ("long.__new__", |call| new(call, "long")),
    ("bool.__new__", |call| new(call, "bool")),
    ("float.__new__", |call| new(call, "float")),
    ("str.__new__", |call| new(call, "str")),
    ("unicode.__new__", |call| new(call, "unicode")),
    ("bytes.__new__", |call| new(call, "bytes")),
    ("tuple.__new__", |call| new(call, "tuple")),
    ("list.__new__", |call| new(call, "list")),
    ("dict.__new__", |call| new(call, "dict")),
    ("set.__new__", |call| new(call, "set")),
    ("frozenset.__new__", |call| new(call, "frozenset")),
    ("range.__new__", |call| new(call, "range")),
    ("slice.__new__", |call| new(call, "slice")),
    ("type.__new__", |call| new(call, "type")),
    ("property.__new__", |call| new(call, "property")),
    ("staticmethod.__new__", |call| new(call, "staticmethod")),
    ("classmethod.__new__", |call| new(call, "classmethod")),
    ("BaseException.__new__", |call| new(call, "BaseException")),
    ("object.__getattribute__(self, name, /)", object_getattribute),
    ("object.__init_subclass__", object_init_subclass),
    ("method object.__format__(self, format_spec, /)", object_format),
    ("prim.new_instance", new_instance),
    ("prim.init", init_of),
    ("prim.like", like),
    ("prim.fill", fill),
];

fn make_object(call: &mut Call) -> Answer {
    if !call.args.is_empty() || !call.keywords.is_empty() {
        return Err(call.raise_worded("TypeError", "no-arguments", &["object"]));
    }
    let (class, payload) = (call.class("object"), call.cx.bank.make(names().plain, &[]));
    Ok(call.new_object(class, payload))
}

fn nothing(call: &mut Call) -> Answer {
    if call.args.len() > 1 || !call.keywords.is_empty() {
        let class = call.objects.class_of(call.args[0]);
        let mut overrides =
            |name| call.class_attribute(class, name).is_some_and(|(owner, _)| call.is_user_class(owner));
        let owner = match (overrides("__init__"), overrides("__new__")) {
            (true, _) => "object".to_string(),
            (false, true) => return Ok(call.none()),
            (false, false) => call.class_name(class),
        };
        let text = "takes exactly one argument (the instance to initialize)";
        return Err(call.type_error(&format!("{owner}.__init__() {text}")));
    }
    Ok(call.none())
}

fn object_repr(call: &mut Call) -> Answer {
    run(call, "prim.object_repr")
}

fn object_str(call: &mut Call) -> Answer {
    let [object] = call.args[..] else { return Err(Failure::Undefined) };
    match call.special(object, "__repr__") {
        Some(method) if !is_repr_of_object(call, method) => Err(Failure::Delegated(method, Vec::new())),
        _ => run(call, "prim.object_repr"),
    }
}

fn is_repr_of_object(call: &Call, method: Id) -> bool {
    let function = call.cx.bank.get(call.cx.bank.arg(method, 0));
    function.op == names().builtin && call.cx.name(function.args[0]) == "object.__repr__"
}

fn object_eq(call: &mut Call) -> Answer {
    let [left, right] = call.args[..] else { return Err(Failure::Undefined) };
    if left == right {
        return Ok(call.bool(true));
    }
    Ok(call.cx.bank.make(names().not_implemented, &[]))
}

/// Objects have no order of their own.
fn unordered(call: &mut Call) -> Answer {
    Ok(call.cx.bank.make(names().not_implemented, &[]))
}

fn object_ne(call: &mut Call) -> Answer {
    let [left, right] = call.args[..] else { return Err(Failure::Undefined) };
    if left == right {
        return Ok(call.bool(false));
    }
    Ok(call.cx.bank.make(names().not_implemented, &[]))
}

fn object_hash(call: &mut Call) -> Answer {
    let [object] = call.args[..] else { return Err(Failure::Undefined) };
    let number = call.number(object).unwrap_or(0);
    Ok(call.int(number))
}

fn object_setattr(call: &mut Call) -> Answer {
    let [object, name, value] = call.args[..] else { return Err(Failure::Undefined) };
    let name = attribute_name(call, name)?;
    call.change_plain_attribute(object, &name, Some(value))
}

fn object_delattr(call: &mut Call) -> Answer {
    let [object, name] = call.args[..] else { return Err(Failure::Undefined) };
    let name = attribute_name(call, name)?;
    call.change_plain_attribute(object, &name, None)
}

fn object_getattribute(call: &mut Call) -> Answer {
    let [object, name] = call.args[..] else { return Err(Failure::Undefined) };
    let name = attribute_name(call, name)?;
    match call.attribute(object, &name)? {
        Some(value) => Ok(value),
        None => Err(call.no_attribute(object, &name)),
    }
}

fn object_init_subclass(call: &mut Call) -> Answer {
    let Some(class) = call.args.first().copied().filter(|_| !call.keywords.is_empty()) else {
        return Ok(call.none());
    };
    let class = call.class_name(class);
    Err(call.type_error(&format!("{class}.__init_subclass__() takes no keyword arguments")))
}

/// `object.__new__(cls)`, and that of every builtin class.
pub(super) fn new(call: &mut Call, owner: &str) -> Answer {
    if call.args.is_empty() {
        return Err(call.type_error(&format!("{owner}.__new__(): not enough arguments")));
    }
    let given = call.args.clone();
    let class = call.args.remove(0);
    check_newable(call, owner, class)?;
    let (object, name) = (call.class("object"), call.class_name(class));
    if name.starts_with("Unicode") && !call.is_user_class(class) {
        // Whether the arguments fit is `__init__`'s to judge.
        let args = call.args.clone();
        return Ok(call.new_exception(class, &args));
    }
    if class != object && !call.is_user_class(class) {
        let (args, keywords) = (call.args.clone(), call.keywords.clone());
        return Err(call.delegate(class, &args, &keywords));
    }
    let made = call.new_instance(class, true);
    if made == Err(Failure::Undefined) {
        // The library's function gets the class, too.
        call.args = given;
    }
    made
}

/// That the `__new__` of a builtin class makes instances of a class: no other one decides what they hold.
fn check_newable(call: &mut Call, owner: &str, class: Id) -> Result<(), Failure> {
    if call.cx.bank.op(class) != vocabulary().class {
        let name = call.type_name(class);
        return Err(call.type_error(&format!("{owner}.__new__(X): X is not a type object ({name})")));
    }
    let (name, base) = (call.class_name(class), call.class(owner));
    if !call.derives(class, base) {
        let text = format!("{owner}.__new__({name}): {name} is not a subtype of {owner}");
        return Err(call.type_error(&text));
    }
    let solid = call.solid_base(class);
    if solid != owner {
        return Err(call.type_error(&format!("{owner}.__new__({name}) is not safe, use {solid}.__new__()")));
    }
    Ok(())
}

fn object_format(call: &mut Call) -> Answer {
    let [object, ..] = call.args[..] else { return Err(Failure::Undefined) };
    call.args = vec![object];
    let class = call.class("str");
    Err(Failure::Delegated(class, vec![object]))
}

/// What `cls.__new__` of a builtin class makes: `prim.new_instance(cls, args, kwargs)`.
fn new_instance(call: &mut Call) -> Answer {
    let [class, args] = call.args[..] else { return Err(Failure::Undefined) };
    let View::Tuple(args) = call.view(args) else { return Err(Failure::Undefined) };
    call.args = args;
    call.new_instance(class, true)
}

/// The `__init__` of a class, unbound; `prim.missing` where that is only `object`'s, which does nothing.
/// `prim.like(class, value)`: an instance of the class that holds what a value of a builtin class does.
fn like(call: &mut Call) -> Answer {
    let [class, value] = call.args[..] else { return Err(Failure::Undefined) };
    call.instance_like(class, value)
}

/// `prim.fill(object, value)`: the object holds what the value of a builtin class does.
fn fill(call: &mut Call) -> Answer {
    let [object, value] = call.args[..] else { return Err(Failure::Undefined) };
    let held = call.entry(value).ok_or(Failure::Undefined)?;
    call.set_payload(object, held.payload);
    Ok(call.none())
}

fn init_of(call: &mut Call) -> Answer {
    let [class] = call.args[..] else { return Err(Failure::Undefined) };
    let object = call.class("object");
    let found = call.class_attribute(class, "__init__").filter(|(owner, _)| *owner != object);
    Ok(found.map_or_else(|| call.cx.bank.make(names().missing, &[]), |(_, function)| function))
}
