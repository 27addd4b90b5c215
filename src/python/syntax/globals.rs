//! The global names that a program starts with.

use std::collections::{BTreeMap, BTreeSet};

use egg::Id;

use crate::book::classes::Hierarchy;
use crate::diagnostic::Diagnostic;
use crate::python::syntax::assume::{Assumptions, Narrowing};
use crate::python::syntax::classify::GlobalNames;
use crate::python::syntax::instrument::Instrumenter;

/// What a program finds bound when it starts.
pub(super) struct Initial {
    /// The `Env` of the names that it reads and does not define.
    pub(super) globals: Id,
    /// The `Outcomes` of calling what is unknown, unless narrowed.
    pub(super) outcomes: Id,
    /// The names bound to unknown values, sorted.
    pub(super) unknowns: Vec<String>,
    /// The classes of the exceptions that an unknown raises.
    pub(super) raises: Vec<String>,
}

/// Builtin names that are unknown values here, as nothing is known of a call of them. Those that are modelled where
/// objects are kept make a program one of the whole language.
const BUILTINS: &str = "Ellipsis NotImplemented __build_class__ __doc__ __file__ __import__ \
    __loader__ __package__ __spec__ abs aiter all anext any ascii bin bool breakpoint bytearray \
    bytes callable chr classmethod compile complex copyright credits delattr dict dir divmod \
    enumerate eval exec exit filter float format frozenset getattr globals hasattr hash help hex \
    id input int issubclass iter len license list locals map max memoryview min next object oct \
    open ord pow property quit range repr reversed round set setattr slice sorted staticmethod \
    str sum super tuple type vars zip";

/// GlobalNames that the semantics gives a meaning, so that a program of the core gives them no other.
const FIXED: [&str; 4] = ["print", "isinstance", "__name__", "__debug__"];

/// Whether the semantics gives `name` a meaning.
pub(super) fn is_fixed(name: &str) -> bool {
    FIXED.contains(&name)
}

/// Whether the whole language knows what a builtin is or does.
pub(super) fn is_modelled(name: &str) -> bool {
    is_builtin(name)
        && (crate::python::functions::modules::is_name(name) || ["open", "input"].contains(&name))
}

/// Whether `name` is a builtin other than an exception class.
pub(super) fn is_builtin(name: &str) -> bool {
    is_fixed(name) || BUILTINS.split_whitespace().any(|builtin| builtin == name)
}

/// The classes of exceptions that an unknown raises, where a program mentions these, by their own names.
pub(super) fn raised<'n>(hierarchy: &'n Hierarchy, mentioned: impl Iterator<Item = &'n str>) -> Vec<String> {
    let mut raised: Vec<String> = Vec::new();
    for name in mentioned.chain(["Exception", "BaseException"]) {
        let own = hierarchy.canonical(name).unwrap_or(name);
        if !raised.iter().any(|other| other == own) {
            raised.push(own.to_string());
        }
    }
    raised
}

/// Binds every name that a program of the core reads and does not bind. What nobody asks for any more is `forgotten` where
/// paths are explored, and kept where the states of whole programs are counted.
///
/// # Errors
/// Assumptions that do not fit.
pub(super) fn initial(
    names: &GlobalNames,
    hierarchy: &Hierarchy,
    assumptions: &Assumptions,
    forgotten: bool,
    instrumenter: &mut Instrumenter,
) -> Result<Initial, Diagnostic> {
    let classes = class_values(names, hierarchy, instrumenter);
    let known = classes.keys().cloned().collect();
    let mentioned = names.mentions.iter().filter(|name| classes.contains_key(*name));
    let raises = raised(hierarchy, mentioned.map(String::as_str));
    let mut raised = Vec::new();
    for name in &raises {
        let own = classes.get(name).copied();
        raised.extend(own.or_else(|| hierarchy.class_value(name, instrumenter.builder())));
    }
    let exceptions = instrumenter.exceptions_of_unknowns(&raised);
    let unknowns = names.unknowns(&known);
    assumptions.are_about(&unknowns, &BTreeSet::new())?;

    let mut bindings: Vec<(&str, Id)> = Vec::new();
    for (name, &value) in &classes {
        if names.used.contains_key(name) && !names.bound.contains(name) {
            bindings.push((name, value));
        }
    }
    for name in FIXED.into_iter().filter(|name| names.used.contains_key(*name)) {
        bindings.push((name, fixed(name, instrumenter)));
    }
    for name in &unknowns {
        let value = match assumptions.of(name) {
            Some(call) => {
                let (classes, exceptions) = (&classes, &exceptions[..]);
                Narrowing { assumptions, instrumenter, hierarchy, classes, exceptions }.value(name, call)?
            }
            None => instrumenter.unknown(name, None, &exceptions),
        };
        bindings.push((name, value));
    }
    let last = instrumenter.atom(if forgotten { "forgetful" } else { "no-names" });
    let globals = instrumenter.env_on(last, bindings);
    let outcomes = outcomes(&exceptions, instrumenter);
    Ok(Initial { globals, outcomes, unknowns, raises })
}

/// What calling an unknown may do: return anything, or raise one of these exceptions.
pub(super) fn outcomes(exceptions: &[Id], instrumenter: &mut Instrumenter) -> Id {
    let anything = instrumenter.atom("anything");
    let exceptions = instrumenter.values(exceptions);
    instrumenter.node("outcomes", [anything, exceptions])
}

/// The value of a name that [`is_fixed`].
fn fixed(name: &str, instrumenter: &mut Instrumenter) -> Id {
    match name {
        "print" => instrumenter.atom("print-builtin"),
        "isinstance" => instrumenter.atom("isinstance-builtin"),
        // The file is run, not imported, and without `-O`.
        "__name__" => instrumenter.literal("str", "__main__"),
        _ => instrumenter.atom("true"),
    }
}

/// The values of all exception classes that the program names, by name: builtin ones, those that no file defines (label
/// `opaque`) and the file's own.
fn class_values(
    names: &GlobalNames,
    hierarchy: &Hierarchy,
    instrumenter: &mut Instrumenter,
) -> BTreeMap<String, Id> {
    let mut values = BTreeMap::new();
    for name in names.used.keys().filter(|name| names.is_class_of_others(name, hierarchy)) {
        let value = match hierarchy.class_value(name, instrumenter.builder()) {
            Some(value) => Some(value),
            None => hierarchy
                .class_value("Exception", instrumenter.builder())
                .map(|base| instrumenter.class_value(name, "opaque", base)),
        };
        values.extend(value.map(|value| (name.clone(), value)));
    }
    for (name, base) in &names.classes {
        if let Some(&base) = values.get(base) {
            values.insert(name.clone(), instrumenter.class_value(name, "file", base));
        }
    }
    values
}
