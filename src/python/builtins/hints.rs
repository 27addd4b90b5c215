//! What CPython adds to the message of an uncaught exception about a name: "Did you mean: …?".

use std::collections::BTreeSet;
use std::sync::LazyLock;

use egg::Id;
use rustc_hash::FxHashMap;

use crate::python::values::suggest::nearest;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Call, Failure, Objects, View};
use crate::term::unescape;

/// Names by what has them: `names` the builtin ones, `modules` those of the standard library, `class C` and
/// `module m` what `dir` tells of them.
static KNOWN: LazyLock<FxHashMap<&str, Vec<&str>>> = LazyLock::new(|| {
    let lines = include_str!("known_names.txt").lines();
    lines
        .filter_map(|line| line.split_once(": "))
        .map(|(of, names)| (of, names.split(' ').collect()))
        .collect()
});

/// The names that a module has before it binds any.
const MODULE: [&str; 8] = [
    "__name__",
    "__doc__",
    "__package__",
    "__loader__",
    "__spec__",
    "__builtins__",
    "__file__",
    "__cached__",
];

/// The names that CPython tells of something, by `dir` or otherwise.
pub fn known(of: &str) -> &'static [&'static str] {
    KNOWN.get(of).map_or(&[], Vec::as_slice)
}

/// The hint for a NameError that the machine raised for a name, in an activation with these locals.
pub fn about_name(call: &mut Call, wrong: &str, locals: Id) -> String {
    let suggestion = name_in_scope(call, wrong, locals);
    let module = known("modules").contains(&wrong) && call.cx.constants().has("hint.import");
    match (suggestion, module) {
        (Some(name), true) => {
            format!(". Did you mean: '{name}'? Or did you forget to import '{wrong}'?")
        }
        (Some(name), false) => format!(". Did you mean: '{name}'?"),
        (None, true) => format!(". Did you forget to import '{wrong}'?"),
        (None, false) => String::new(),
    }
}

fn name_in_scope(call: &mut Call, wrong: &str, locals: Id) -> Option<String> {
    let bindings = call.bindings(locals);
    let own =
        bindings.iter().map(|(name, _)| name.trim_start_matches('&')).filter(|name| !name.starts_with('.'));
    let module = call.module_env("__main__").map(|env| call.bindings(env)).unwrap_or_default();
    let global = module.iter().map(|(name, _)| name.as_str());
    let constants = call.cx.constants();
    // Names of classes that the version does not have yet.
    let is_there =
        |name: &&str| constants.has(name) && (!constants.was_class(name) || constants.is_class(name));
    let builtin = known("names").iter().copied().filter(is_there);
    let names: Vec<&str> = own.chain(MODULE).chain(global).chain(builtin).collect();
    if let Some(object) = self_of(call, locals)
        && constants.has("hint.self")
        && has_attribute(call, object, wrong)
    {
        return Some(format!("self.{wrong}"));
    }
    nearest(wrong, &names).map(str::to_string)
}

/// What `self` is bound to, also where functions share it.
fn self_of(call: &Objects, locals: Id) -> Option<Id> {
    call.lookup(locals, "self").or_else(|| {
        let entry = call.entry(call.lookup(locals, "&self")?)?;
        call.cx.bank.get(entry.payload).args.first().copied()
    })
}

fn has_attribute(call: &mut Call, object: Id, name: &str) -> bool {
    matches!(call.attribute(object, name), Ok(Some(_)) | Err(Failure::Delegated(..)))
}

/// The hint for an AttributeError that knows its object and its name, raised where `locals` were bound.
pub fn about_attribute(call: &mut Call, exception: Id, locals: Option<Id>) -> String {
    let name = call.own_attribute(exception, "name").and_then(|name| call.text(name));
    let (Some(wrong), Some(object)) = (name, call.own_attribute(exception, "obj")) else {
        return String::new();
    };
    let inside = locals.is_some_and(|locals| self_of(call, locals) == Some(object));
    let hidden = !wrong.starts_with('_') && !inside;
    let names = attributes(call, object);
    let names: Vec<&str> =
        names.iter().map(String::as_str).filter(|name| !(hidden && name.starts_with('_'))).collect();
    nearest(&wrong, &names).map_or_else(String::new, |name| format!(". Did you mean: '{name}'?"))
}

/// What `dir` tells of a value, sorted; nothing where the program decides that.
fn attributes(call: &mut Call, object: Id) -> BTreeSet<String> {
    if call.cx.bank.op(object).as_str() == "module" {
        return attributes_of_module(call, object);
    }
    let is_class = call.cx.bank.op(object) == vocabulary().class;
    let class = if is_class { object } else { call.class_of(object) };
    let mut names = BTreeSet::new();
    for owner in call.mro(class).unwrap_or_default() {
        if call.is_user_class(owner) {
            names.extend(own_names(call, owner));
            names.extend(call.slots(owner).unwrap_or_default());
            let every = ["__dict__", "__weakref__", "__firstlineno__", "__static_attributes__"];
            names.extend(every.map(str::to_string));
        } else {
            let name = format!("class {}", call.class_name(owner));
            names.extend(known(&name).iter().map(ToString::to_string));
        }
    }
    if names.contains("__dir__") && own_dir(call, class) {
        return BTreeSet::new();
    }
    if !is_class {
        names.extend(own_names(call, object));
    }
    names
}

fn own_dir(call: &mut Call, class: Id) -> bool {
    call.class_attribute(class, "__dir__").is_some_and(|(owner, _)| call.is_user_class(owner))
}

fn own_names(call: &Objects, object: Id) -> Vec<String> {
    let attributes = call.entry(object).map(|entry| call.bindings(entry.attributes)).unwrap_or_default();
    attributes.into_iter().map(|(name, _)| name).filter(|name| !name.starts_with('.')).collect()
}

fn attributes_of_module(call: &Objects, module: Id) -> BTreeSet<String> {
    let name = unescape(call.cx.name(call.cx.bank.arg(module, 0)));
    match call.module_env(&name) {
        Some(env) => {
            let bound = call.bindings(env).into_iter().map(|(name, _)| name);
            bound.chain(MODULE.iter().map(ToString::to_string)).collect()
        }
        None => known(&format!("module {name}")).iter().map(ToString::to_string).collect(),
    }
}

/// The hint for an ImportError about a name that a module does not have.
pub fn about_import(call: &mut Call, exception: Id) -> String {
    let field =
        |call: &mut Call, name: &str| call.own_attribute(exception, name).and_then(|id| call.text(id));
    let (Some(wrong), Some(module)) = (field(call, "name_from"), field(call, "name")) else {
        return String::new();
    };
    let module = call.atom(&module);
    let module = call.cx.bank.node("module", [module]);
    let names = attributes_of_module(call, module);
    let hidden = !wrong.starts_with('_');
    let names: Vec<&str> =
        names.iter().map(String::as_str).filter(|name| !(hidden && name.starts_with('_'))).collect();
    nearest(&wrong, &names).map_or_else(String::new, |name| format!(". Did you mean: '{name}'?"))
}

/// The strings that a value of notes holds, or the value itself where it is no sequence of them.
pub enum Notes {
    /// The members of a list or tuple.
    Each(Vec<Id>),
    /// Anything else.
    Other(Id),
}

/// The notes of an exception.
pub fn notes(call: &Objects, exception: Id) -> Option<Notes> {
    let notes = call.own_attribute(exception, "__notes__")?;
    match call.view(notes) {
        View::None => None,
        View::List(notes) | View::Tuple(notes) => Some(Notes::Each(notes)),
        _ => Some(Notes::Other(notes)),
    }
}
