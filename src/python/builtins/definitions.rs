//! Functions, classes and the values that are made of them.

use egg::Id;

use crate::python::builtins::Table;
use crate::python::builtins::attributes::attribute_name;
use crate::python::builtins::numbers;
use crate::python::functions::classes::Named;
use crate::python::values::names::names;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Answer, Call, Failure, View};

/// The primitives of this file.
pub const TABLE: Table = &[
    ("make_function", make_function),
    ("namespace", namespace),
    ("bound_names", bound_names),
    ("module_names", module_names),
    ("init_fault", init_fault),
    ("type", make_type),
    ("type.mro", type_mro),
    ("type.__call__", call_itself),
    ("function.__call__", call_itself),
    ("method.__call__", call_itself),
    ("method", make_method),
    ("cell", make_cell),
    ("staticmethod.__call__", call_wrapped),
    ("builtin_function_or_method.__call__", call_itself),
    ("object", make_object),
    ("object.__init__", nothing),
    ("object.__repr__", object_repr),
    ("object.__str__", object_str),
    ("object.__eq__", object_eq),
    ("object.__ne__", object_ne),
    ("object.__hash__", object_hash),
    ("object.__setattr__", object_setattr),
    ("object.__delattr__", object_delattr),
    ("object.__new__", |call| new(call, "object")),
    ("int.__new__", |call| new(call, "int")),
    ("bool.__new__", |call| new(call, "bool")),
    ("float.__new__", |call| new(call, "float")),
    ("str.__new__", |call| new(call, "str")),
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
    ("object.__getattribute__", object_getattribute),
    ("object.__init_subclass__", object_init_subclass),
    ("object.__format__", object_format),
    ("property", make_property),
    ("property.setter", property_setter),
    ("property.getter", property_getter),
    ("property.deleter", property_deleter),
    ("property.__set_name__", set_name),
    ("staticmethod", make_staticmethod),
    ("classmethod", make_classmethod),
    ("isinstance", isinstance),
    ("issubclass", issubclass),
    ("callable", callable),
    ("prim.type", make_type),
    ("prim.isinstance", raw_isinstance),
    ("prim.issubclass", raw_issubclass),
    ("prim.new_instance", new_instance),
    ("prim.init", init_of),
    ("prim.like", like),
    ("prim.fill", fill),
    ("argument_tuple", argument_tuple),
    ("argument_mapping", argument_mapping),
    ("store_entry", store_entry),
    ("in_", contained),
    ("store_item", store_item),
];

/// A function: `make_function(code, *defaults, **kwdefaults)`; `.doc` is its docstring.
fn make_function(call: &mut Call) -> Answer {
    let Some((code, defaults)) = call.args.split_first() else { return Err(Failure::Undefined) };
    let (code, defaults) = (*code, defaults.to_vec());
    let mut kwdefaults = call.keywords.clone();
    let documentation =
        kwdefaults.iter().position(|(name, _)| name == ".doc").map(|at| kwdefaults.remove(at).1);
    let free = call.code(code).free;
    let closure = call.captured(&free);
    let (defaults, kwdefaults) = (call.values(&defaults), call.keywords_of(&kwdefaults));
    let payload = call.cx.bank.node("function-of", [defaults, kwdefaults, closure]);
    let reference = call.allocate(payload);
    let function = call.cx.bank.make(names().routine, &[code, reference]);
    if let Some(text) = documentation {
        call.set_own_attribute(function, "__doc__", Some(text));
    }
    Ok(function)
}

/// The local names of the activation: a class's body ends with them.
fn namespace(call: &mut Call) -> Answer {
    let locals = call.cx.bank.arg(call.world, 0);
    Ok(call.cx.bank.make(names().namespace, &[locals]))
}

/// `locals()` in a function: its names at this moment.
fn bound_names(call: &mut Call) -> Answer {
    let locals = call.cx.bank.arg(call.world, 0);
    let mut entries = Vec::new();
    for (name, value) in call.bindings(locals) {
        let value = match name.strip_prefix('&') {
            Some(_) => {
                call.entry(value).and_then(|cell| call.cx.bank.get(cell.payload).args.first().copied())
            }
            None => Some(value),
        };
        if let Some(value) = value.filter(|_| !name.starts_with('.')) {
            entries.push((call.str(name.trim_start_matches('&')), value));
        }
    }
    Ok(call.dict(&entries))
}

/// `globals()`, read at once: the names of a module at this moment.
fn module_names(call: &mut Call) -> Answer {
    let module = call.args.first().and_then(|name| call.text(*name)).ok_or(Failure::Undefined)?;
    let env = call.module_env(&module).ok_or(Failure::Undefined)?;
    let mut entries = vec![(call.str("__name__"), call.str(&module))];
    for (name, value) in call.bindings(env) {
        entries.push((call.str(&name), value));
    }
    Ok(call.dict(&entries))
}

fn init_fault(call: &mut Call) -> Answer {
    let name = call.args.first().copied().map(|value| call.type_name(value)).unwrap_or_default();
    Err(call.type_error(&format!("__init__() should return None, not '{name}'")))
}

fn make_type(call: &mut Call) -> Answer {
    match call.args[..] {
        [value] => Ok(call.class_of(value)),
        [name, bases, entries] => {
            let Some(name) = call.text(name) else { return Err(not_of_type(call, 1, "str", name)) };
            let View::Tuple(bases) = call.view(bases) else {
                return Err(not_of_type(call, 2, "tuple", bases));
            };
            let View::Dict(entries) = call.view(entries) else {
                return Err(not_of_type(call, 3, "dict", entries));
            };
            let entries: Vec<(String, Id)> =
                entries.into_iter().filter_map(|(key, value)| Some((call.text(key)?, value))).collect();
            let names = call.env(&entries);
            let named = Named { qualname: name.clone(), name, module: "__main__".into() };
            call.build_class(named, &bases, names)
        }
        _ => Err(call.type_error("type() takes 1 or 3 arguments")),
    }
}

fn not_of_type(call: &mut Call, place: usize, wanted: &str, given: Id) -> Failure {
    let given = match call.cx.bank.op(given) == vocabulary().none {
        true => "None".into(),
        false => call.type_name(given),
    };
    call.type_error(&format!("type.__new__() argument {place} must be {wanted}, not {given}"))
}

fn type_mro(call: &mut Call) -> Answer {
    let [class] = call.args[..] else { return Err(Failure::Undefined) };
    let order = call.mro(class).unwrap_or_default();
    Ok(call.list(&order))
}

/// What can be called is its own `__call__`.
fn call_itself(call: &mut Call) -> Answer {
    let Some((this, args)) = call.args.split_first() else { return Err(Failure::Undefined) };
    let (this, args, keywords) = (*this, args.to_vec(), call.keywords.clone());
    Err(call.delegate(this, &args, &keywords))
}

/// A staticmethod is called as its function is.
fn call_wrapped(call: &mut Call) -> Answer {
    let Some(wrapper) = call.args.first().copied() else { return Err(Failure::Undefined) };
    let function =
        call.wrapped(wrapper).and_then(|parts| parts.first().copied()).ok_or(Failure::Undefined)?;
    call.args[0] = function;
    call_itself(call)
}

/// `types.MethodType(function, object)`.
fn make_method(call: &mut Call) -> Answer {
    let [function, object] = call.args[..] else {
        let given = call.args.len();
        return Err(call.type_error(&format!("method expected 2 arguments, got {given}")));
    };
    if call.cx.bank.op(object) == vocabulary().none {
        return Err(call.type_error("instance must not be None"));
    }
    Ok(call.cx.bank.make(names().method, &[function, object]))
}

/// `types.CellType()`, with or without what the cell holds.
fn make_cell(call: &mut Call) -> Answer {
    let payload = match call.args[..] {
        [] => call.cx.bank.make(names().plain, &[]),
        [content] => call.cx.bank.make(names().immutable, &[content]),
        _ => {
            let given = call.args.len();
            return Err(call.type_error(&format!("cell expected at most 1 argument, got {given}")));
        }
    };
    let reference = call.allocate(payload);
    Ok(call.cx.bank.make(names().cell, &[reference]))
}

fn make_object(call: &mut Call) -> Answer {
    if !call.args.is_empty() {
        return Err(call.type_error("object() takes no arguments"));
    }
    let (class, payload) = (call.class("object"), call.cx.bank.make(names().plain, &[]));
    Ok(call.new_object(class, payload))
}

fn nothing(call: &mut Call) -> Answer {
    if call.args.len() > 1 {
        let class = call.class_of(call.args[0]);
        let overrides =
            call.class_attribute(class, "__init__").is_some_and(|(owner, _)| call.is_user_class(owner));
        let text = if overrides {
            "object.__init__() takes exactly one argument (the instance to initialize)".to_string()
        } else {
            format!("{}() takes no arguments", call.class_name(class))
        };
        return Err(call.type_error(&text));
    }
    Ok(call.none())
}

fn object_repr(call: &mut Call) -> Answer {
    call.run("prim.object_repr")
}

fn object_str(call: &mut Call) -> Answer {
    let [object] = call.args[..] else { return Err(Failure::Undefined) };
    match call.special(object, "__repr__") {
        Some(method) if call.cx.bank.op(call.cx.bank.arg(method, 0)) != names().builtin => {
            Err(Failure::Delegated(method, Vec::new()))
        }
        _ => call.run("prim.object_repr"),
    }
}

fn object_eq(call: &mut Call) -> Answer {
    let [left, right] = call.args[..] else { return Err(Failure::Undefined) };
    if left == right {
        return Ok(call.bool(true));
    }
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
fn new(call: &mut Call, owner: &str) -> Answer {
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

fn make_property(call: &mut Call) -> Answer {
    let none = call.none();
    let named = |name: &str| call.keywords.iter().find(|(known, _)| known == name).map(|(_, value)| *value);
    let parts: Vec<Id> = ["fget", "fset", "fdel", "doc"]
        .iter()
        .enumerate()
        .map(|(place, name)| call.args.get(place).copied().or_else(|| named(name)).unwrap_or(none))
        .collect();
    Ok(call.wrapper("property", &parts))
}

fn with_part(call: &mut Call, place: usize) -> Answer {
    let [property, function] = call.args[..] else { return Err(Failure::Undefined) };
    let mut parts = call.wrapped(property).ok_or(Failure::Undefined)?;
    if let Some(part) = parts.get_mut(place) {
        *part = function;
    }
    let class = call.class_of(property);
    if call.is_user_class(class) {
        return Err(Failure::Delegated(class, parts));
    }
    Ok(call.wrapper("property", &parts))
}

/// `property.__set_name__(cls, name)`: the getter's name is the property's here.
fn set_name(call: &mut Call) -> Answer {
    let given = call.args.len().saturating_sub(1);
    if given != 2 {
        let text = format!("__set_name__() takes 2 positional arguments but {given} were given");
        return Err(call.type_error(&text));
    }
    Ok(call.none())
}

fn property_getter(call: &mut Call) -> Answer {
    with_part(call, 0)
}

fn property_setter(call: &mut Call) -> Answer {
    with_part(call, 1)
}

fn property_deleter(call: &mut Call) -> Answer {
    with_part(call, 2)
}

fn make_staticmethod(call: &mut Call) -> Answer {
    let [function] = call.args[..] else { return Err(Failure::Undefined) };
    Ok(call.wrapper("staticmethod", &[function]))
}

fn make_classmethod(call: &mut Call) -> Answer {
    let [function] = call.args[..] else { return Err(Failure::Undefined) };
    Ok(call.wrapper("classmethod", &[function]))
}

/// The classes of a class or of tuples of classes, in order; an error where another value stands.
fn classes(call: &mut Call, value: Id, found: &mut Vec<Result<Id, ()>>) {
    match call.view(value) {
        View::Tuple(members) => members.into_iter().for_each(|member| classes(call, member, found)),
        _ if call.cx.bank.op(value) == vocabulary().class => found.push(Ok(value)),
        _ => match numbers::union_members(call, value) {
            Some(members) => found.extend(members.into_iter().map(Ok)),
            None => found.push(Err(())),
        },
    }
}

fn isinstance(call: &mut Call) -> Answer {
    call.require_known()?;
    let [value, condition] = call.args[..] else {
        let given = call.args.len();
        return Err(call.type_error(&format!("isinstance expected 2 arguments, got {given}")));
    };
    let own = call.class_of(value);
    let yes = among(call, own, condition, "isinstance() arg 2 must be a type, a tuple of types, or a union")?;
    let no = call.cx.bank.op(yes) == vocabulary().no;
    if no && (says_its_class(call, own) || asks_more(call, condition)) {
        return Err(Failure::Undefined);
    }
    Ok(yes)
}

/// `isinstance` by the classes alone: `prim.isinstance(value, class)`.
fn raw_isinstance(call: &mut Call) -> Answer {
    let [value, condition] = call.args[..] else { return Err(Failure::Undefined) };
    let own = call.class_of(value);
    among(call, own, condition, "isinstance() arg 2 must be a type, a tuple of types, or a union")
}

/// `issubclass` by the classes alone: `prim.issubclass(class, class)`.
fn raw_issubclass(call: &mut Call) -> Answer {
    let [class, condition] = call.args[..] else { return Err(Failure::Undefined) };
    among(call, class, condition, "issubclass() arg 2 must be a class, a tuple of classes, or a union")
}

/// Whether a class is abstract, and may count others in that do not derive from it.
fn asks_more(call: &mut Call, condition: Id) -> bool {
    if let View::Tuple(members) = call.view(condition) {
        return members.into_iter().any(|member| asks_more(call, member));
    }
    call.cx.bank.op(condition) == vocabulary().class
        && call.is_user_class(condition)
        && call.class_attribute(condition, "_abc_impl").is_some()
}

/// Whether a class of the program defines what `__class__` of its instances is.
fn says_its_class(call: &mut Call, class: Id) -> bool {
    call.is_user_class(class)
        && ["__class__", "__getattribute__"]
            .iter()
            .any(|name| call.class_attribute(class, name).is_some_and(|(owner, _)| call.is_user_class(owner)))
}

fn issubclass(call: &mut Call) -> Answer {
    let [class, condition] = call.args[..] else {
        let given = call.args.len();
        return Err(call.type_error(&format!("issubclass expected 2 arguments, got {given}")));
    };
    if call.cx.bank.op(class) != vocabulary().class {
        if asks_program(call, class) || asks_program(call, condition) {
            return Err(Failure::Undefined);
        }
        return Err(call.type_error("issubclass() arg 1 must be a class"));
    }
    let yes =
        among(call, class, condition, "issubclass() arg 2 must be a class, a tuple of classes, or a union")?;
    if call.cx.bank.op(yes) == vocabulary().no && asks_more(call, condition) {
        return Err(Failure::Undefined);
    }
    Ok(yes)
}

/// Whether a value, or a member of a tuple, is an object of a class of the program.
fn asks_program(call: &mut Call, value: Id) -> bool {
    if let View::Tuple(members) = call.view(value) {
        return members.into_iter().any(|member| asks_program(call, member));
    }
    let class = call.class_of(value);
    call.is_user_class(class)
}

fn among(call: &mut Call, own: Id, condition: Id, message: &str) -> Answer {
    let mut found = Vec::new();
    classes(call, condition, &mut found);
    for class in found {
        match class {
            Ok(class) if call.derives(own, class) => return Ok(call.bool(true)),
            Ok(_) => {}
            // An object may have `__instancecheck__`, or `__bases__`.
            Err(()) if asks_program(call, condition) => return Err(Failure::Undefined),
            Err(()) => return Err(call.type_error(message)),
        }
    }
    Ok(call.bool(false))
}

fn callable(call: &mut Call) -> Answer {
    let [value] = call.args[..] else { return Err(Failure::Undefined) };
    let direct = ["routine", "library", "builtin", "method", "class"].contains(&call.cx.name(value));
    let yes = direct || call.special(value, "__call__").is_some();
    Ok(call.bool(yes))
}

/// `*iterable` in a call.
fn argument_tuple(call: &mut Call) -> Answer {
    let iterable = call.args.pop().ok_or(Failure::Undefined)?;
    let callee = call.args.pop();
    if let View::Tuple(_) = call.view(iterable) {
        return Ok(iterable);
    }
    let class = call.class_of(iterable);
    let iterates = ["__iter__", "__getitem__"].iter().any(|name| call.class_attribute(class, name).is_some());
    if !iterates {
        let function = callee.map(|callee| call.callee_name(callee)).unwrap_or_default();
        let name = call.type_name(iterable);
        let text = match function.as_str() {
            "set_display()" => format!("'{name}' object is not iterable"),
            "list_display()" | "tuple_display()" => {
                format!("Value after * must be an iterable, not {name}")
            }
            _ => format!("{function} argument after * must be an iterable, not {name}"),
        };
        return Err(call.type_error(&text));
    }
    let class = call.class("tuple");
    Err(Failure::Delegated(class, vec![iterable]))
}

/// `**mapping` in a call: what has `keys` and is no dict becomes one.
fn argument_mapping(call: &mut Call) -> Answer {
    let [mapping] = call.args[..] else { return Err(Failure::Undefined) };
    let class = call.class_of(mapping);
    let converts =
        !matches!(call.view(mapping), View::Dict(_)) && call.class_attribute(class, "keys").is_some();
    if converts {
        let dict = call.class("dict");
        return Err(Failure::Delegated(dict, vec![mapping]));
    }
    Ok(mapping)
}

fn delegated(call: &mut Call, name: &str, args: Vec<Id>) -> Failure {
    let atom = call.atom(name);
    let function = call.cx.bank.make(names().builtin, &[atom]);
    Failure::Delegated(function, args)
}

/// `result[key] = value` in a comprehension.
fn store_entry(call: &mut Call) -> Answer {
    let args = call.args.clone();
    Err(delegated(call, "setitem", args))
}

/// `object[index] = value`: the value comes first, as it is evaluated first.
fn store_item(call: &mut Call) -> Answer {
    let [value, object, index] = call.args[..] else { return Err(Failure::Undefined) };
    Err(delegated(call, "setitem", vec![object, index, value]))
}

/// `item in container`.
fn contained(call: &mut Call) -> Answer {
    let [item, container] = call.args[..] else { return Err(Failure::Undefined) };
    Err(delegated(call, "contains", vec![container, item]))
}
