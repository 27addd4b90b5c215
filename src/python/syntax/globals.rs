//! The global names that a program starts with.

use std::collections::BTreeMap;

use egg::Id;

use crate::diagnostic::Diagnostic;
use crate::python::syntax::assume::Assumptions;
use crate::python::syntax::lower::Lowerer;
use crate::term::Term;

/// What a program finds bound when it starts.
pub(super) struct Initial {
    /// The `Env` of the names that it reads and does not define.
    pub(super) globals: Term,
    /// The `Outcomes` of calling what is unknown, unless narrowed.
    pub(super) outcomes: Term,
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

/// Whether the semantics gives `name` a meaning, so that a file may not give it another.
pub(super) fn is_fixed(name: &str) -> bool {
    matches!(name, "print" | "isinstance" | "__name__" | "__debug__")
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

impl Lowerer<'_> {
    /// Binds every name that the lowered program reads and does not bind.
    ///
    /// # Errors
    /// A class of the file without a known base, and assumptions that do not fit.
    pub(super) fn initial(&mut self, assumptions: &Assumptions) -> Result<Initial, Diagnostic> {
        let classes = self.class_values()?;
        let raises = self.raised_classes(&classes);
        let mut exceptions = Vec::new();
        for name in &raises {
            if let Some(class) = self.class_of(&classes, name) {
                exceptions.push(self.instrumenter.exception(class, &[]));
            }
        }

        let unknowns = self.unknowns(&classes);
        let narrowed = self.narrow(assumptions, &unknowns, &classes, &exceptions)?;
        let mut bindings: Vec<(String, Id)> = Vec::new();
        for (name, &value) in &classes {
            if self.names.used.contains_key(name) && !self.names.bound.contains(name) {
                bindings.push((name.clone(), value));
            }
        }
        for name in ["print", "isinstance", "__name__", "__debug__"] {
            if self.names.used.contains_key(name) {
                let value = self.fixed(name);
                bindings.push((name.to_string(), value));
            }
        }
        for name in &unknowns {
            let value = match narrowed.get(name.as_str()) {
                Some(&value) => value,
                None => self.instrumenter.unknown(name, None, &exceptions),
            };
            bindings.push((name.clone(), value));
        }
        let globals = self.instrumenter.env(bindings.iter().map(|(name, id)| (name.as_str(), *id)));
        let anything = self.instrumenter.atom("anything");
        let exceptions = self.instrumenter.values(&exceptions);
        let outcomes = self.instrumenter.node("outcomes", [anything, exceptions]);
        Ok(Initial {
            globals: self.instrumenter.finish(globals),
            outcomes: self.instrumenter.finish(outcomes),
            unknowns,
            raises,
        })
    }

    /// The value of a name that [`is_fixed`].
    fn fixed(&mut self, name: &str) -> Id {
        match name {
            "print" => self.instrumenter.atom("print-builtin"),
            "isinstance" => self.instrumenter.atom("isinstance-builtin"),
            // The file is run, not imported, and without `-O`.
            "__name__" => self.instrumenter.literal("str", "__main__"),
            _ => self.instrumenter.atom("true"),
        }
    }

    /// The names read that nothing binds and that are no classes. A builtin that the
    /// file binds counts too: it can be read before it is bound.
    fn unknowns(&self, classes: &BTreeMap<String, Id>) -> Vec<String> {
        let used = self.names.used.keys();
        used.filter(|name| !self.names.bound.contains(*name) || is_builtin(name))
            .filter(|name| !classes.contains_key(*name) && !is_fixed(name))
            .cloned()
            .collect()
    }

    /// The classes that the program names, in the order of their first mention, then
    /// `Exception` and `BaseException`; aliases under their own names.
    fn raised_classes(&self, classes: &BTreeMap<String, Id>) -> Vec<String> {
        let mentioned = self.names.mentions.iter().filter(|name| classes.contains_key(*name));
        let mentioned = mentioned.map(String::as_str).chain(["Exception", "BaseException"]);
        let mut raised: Vec<String> = Vec::new();
        for name in mentioned {
            let own = self.hierarchy.canonical(name).unwrap_or(name);
            if !raised.iter().any(|other| other == own) {
                raised.push(own.to_string());
            }
        }
        raised
    }

    /// The value of a class that the program names or that is builtin.
    pub(super) fn class_of(&mut self, classes: &BTreeMap<String, Id>, name: &str) -> Option<Id> {
        let value = classes.get(name).copied();
        value.or_else(|| self.hierarchy.class_value(name, self.instrumenter.builder()))
    }
}
