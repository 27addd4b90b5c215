//! Functions, classes, properties and other things that definitions make.

use egg::Id;

use crate::python::builtins::Table;
use crate::python::builtins::signatures::arguments;
use crate::python::builtins::support::known;
use crate::python::values::Named;
use crate::python::values::hidden;
use crate::python::values::names::names;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Answer, Call, Failure, View};

/// The primitives of this file.
pub const TABLE: Table = &[
    ("make_function", make_function),
    ("namespace", namespace),
    ("bound_names", bound_names),
    ("module_names", module_names),
    ("prim.is_bound", is_bound),
    ("init_fault", init_fault),
    ("prim.is_open", is_open),
    ("prim.named_tuple", named_tuple),
    ("type", type_of),
    ("type.mro(self, /)", type_mro),
    ("type.__call__(self, /, *args, **kwargs)", call_itself),
    ("function.__call__(self, /, *args, **kwargs)", call_itself),
    ("method.__call__(self, /, *args, **kwargs)", call_itself),
    ("class method(function, instance, /)", make_method),
    ("class cell(contents=None, /)", make_cell),
    ("staticmethod.__call__(self, /, *args, **kwargs)", call_wrapped),
    ("builtin_function_or_method.__call__(self, /, *args, **kwargs)", call_itself),
    ("class property(fget=None, fset=None, fdel=None, doc=None)", make_property),
    ("property.setter(self, object, /)", property_setter),
    ("property.getter(self, object, /)", property_getter),
    ("property.deleter(self, object, /)", property_deleter),
    ("method property.__set_name__(self, *given)", set_name),
    ("class staticmethod(function, /)", make_staticmethod),
    ("class classmethod(function, /)", make_classmethod),
    ("prim.type", make_type),
    ("argument_tuple", argument_tuple),
    ("argument_mapping", argument_mapping),
    ("store_entry", store_entry),
    ("in_", contained),
    ("store_item", store_item),
    ("prim.class_made", class_made),
    ("prim.made", made),
    ("prim.library_class", library_class),
];

/// A function: `make_function(code, *defaults, **kwdefaults)`; `.doc` is its docstring.
fn make_function(call: &mut Call) -> Answer {
    let Some((code, defaults)) = call.args.split_first() else { return Err(Failure::Undefined) };
    let (code, defaults) = (*code, defaults.to_vec());
    let mut kwdefaults = call.keywords.clone();
    let documentation =
        kwdefaults.iter().position(|(name, _)| name == hidden::DOC).map(|at| kwdefaults.remove(at).1);
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
        if !name.starts_with('.') {
            entries.push((call.str(&name), value));
        }
    }
    Ok(call.dict(&entries))
}

/// `prim.is_bound(module, name)`: whether a module binds a name, be it a hidden one.
fn is_bound(call: &mut Call) -> Answer {
    let [module, name] = call.args[..] else { return Err(Failure::Undefined) };
    let (module, name) = (call.text(module).unwrap_or_default(), call.text(name).unwrap_or_default());
    let bound = call.module_env(&module).is_some_and(|env| call.lookup(env, &name).is_some());
    Ok(call.bool(bound))
}

fn init_fault(call: &mut Call) -> Answer {
    let name = call.args.first().copied().map(|value| call.type_name(value)).unwrap_or_default();
    Err(call.type_error(&format!("__init__() should return None, not '{name}'")))
}

/// `prim.is_open(value)`: it is not known what is in it.
fn is_open(call: &mut Call) -> Answer {
    let [value] = call.args[..] else { return Err(Failure::Undefined) };
    let open = call.cx.bank.op(value) == vocabulary().unknown || call.opened(value).is_some();
    Ok(call.bool(open))
}

/// A class that `namedtuple` makes of fields that are unknown.
fn named_tuple(call: &mut Call) -> Answer {
    let fields = call.args.first().copied().ok_or(Failure::Undefined)?;
    let contents = call.opened(fields).unwrap_or(fields);
    known(call, contents)?;
    Err(Failure::Undefined)
}

/// What a program is told of a type; all classic classes, and all their instances, have one type.
fn type_of(call: &mut Call) -> Answer {
    if let [value] = call.args[..]
        && call.keywords.is_empty()
    {
        let told = call.told_type(value);
        if told != call.class_of(value) {
            return Ok(told);
        }
    }
    make_type(call)
}

fn make_type(call: &mut Call) -> Answer {
    match call.args[..] {
        [value] if call.keywords.is_empty() => known(call, value).map(|()| call.class_of(value)),
        [_] => Err(call.type_error("type() takes no keyword arguments")),
        [name, bases, entries] => {
            let Some(name) = call.text(name) else { return Err(not_of_type(call, 1, "str", name)) };
            let View::Tuple(bases) = call.view(bases) else {
                return Err(not_of_type(call, 2, "tuple", bases));
            };
            let View::Dict(entries) = call.view(entries) else {
                return Err(not_of_type(call, 3, "dict", entries));
            };
            call.check_made_by_type(&bases, 3)?;
            let entries: Vec<(String, Id)> =
                entries.into_iter().filter_map(|(key, value)| Some((call.text(key)?, value))).collect();
            let names = call.env(&entries);
            let named = Named { qualname: name.clone(), name, module: "__main__".into() };
            call.build_class(named, &bases, names)
        }
        _ => Err(call.type_error("type() takes 1 or 3 arguments")),
    }
}

/// `made(class, name=value, …)`: an object of a plain class with these attributes, which no `__init__` sees.
fn made(call: &mut Call) -> Answer {
    let class = *call.args.first().ok_or(Failure::Undefined)?;
    let payload = call.cx.bank.make(names().plain, &[]);
    let object = call.new_object(class, payload);
    for (name, value) in call.keywords.clone() {
        call.set_own_attribute(object, &name, Some(value));
    }
    Ok(object)
}

/// A class of the library's `builtins`, where the program needs it; `prim.missing` where it does not.
fn library_class(call: &mut Call) -> Answer {
    let name = call.args.first().and_then(|name| call.text(*name)).ok_or(Failure::Undefined)?;
    let found = call.module_env("builtins").and_then(|env| call.lookup(env, &name));
    Ok(found.unwrap_or_else(|| call.cx.bank.make(names().missing, &[])))
}

/// `class_made(name, bases, entries, qualname, module)`: a class whose bases are known to be classes.
fn class_made(call: &mut Call) -> Answer {
    let [name, bases, entries, qualname, module] = call.args[..] else { return Err(Failure::Undefined) };
    let (View::Tuple(bases), View::Dict(entries)) = (call.view(bases), call.view(entries)) else {
        return Err(Failure::Undefined);
    };
    let entries: Vec<(String, Id)> =
        entries.into_iter().filter_map(|(key, value)| Some((call.text(key)?, value))).collect();
    let names = call.env(&entries);
    let [name, qualname, module] = [name, qualname, module].map(|text| call.text(text).unwrap_or_default());
    call.build_class(Named { name, qualname, module }, &bases, names)
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
    let [function, object] = call.args[..] else { return Err(Failure::Undefined) };
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
        _ => return Err(Failure::Undefined),
    };
    let reference = call.allocate(payload);
    Ok(call.cx.bank.make(names().cell, &[reference]))
}

fn make_property(call: &mut Call) -> Answer {
    let none = call.none();
    let parts: Vec<Id> = arguments(call)?.into_iter().map(|part| part.unwrap_or(none)).collect();
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

/// `*iterable` in a call.
fn argument_tuple(call: &mut Call) -> Answer {
    let iterable = *call.args.last().ok_or(Failure::Undefined)?;
    known(call, iterable)?;
    let callee = call.args.first().copied().filter(|_| call.args.len() > 1);
    // An object of a class that derives from tuple is iterated, as `tuple` does it.
    if call.cx.name(iterable) == "tuple" {
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
