//! Attributes that CPython's classes have and that are not modelled: looking one up ends the run by its name, since
//! saying that there is none would be false.

use egg::Id;

use crate::python::builtins::hints::known;
use crate::python::builtins::support::not_modelled;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Failure, Objects};

/// Attributes of the library's classes in CPython that are not modelled: `module.class: name name …`.
const ABSENT: &str = include_str!("absent_attributes.txt");

/// What `dir` tells of a class although looking it up on a value may find nothing.
const UNSURE: [&str; 5] =
    ["__abstractmethods__", "__dict__", "__weakref__", "characters_written", "__annotations__"];

impl Objects<'_, '_> {
    /// The failure for an attribute that was not found on a value, where CPython's class has it.
    pub fn not_in_class(&mut self, object: Id, name: &str) -> Option<Failure> {
        if UNSURE.contains(&name) || name.starts_with('.') || self.is_named_otherwise(object, name) {
            return None;
        }
        let own = self.class_of(object);
        let is_class = self.cx.bank.op(object) == vocabulary().class;
        // A classic class has nothing of `type`.
        let own = Some(own).filter(|_| !(is_class && self.cx.is_classic(object)));
        let classes = is_class.then_some(object).into_iter().chain(own);
        for class in classes {
            let mut owners = self.mro(class).unwrap_or_default();
            if self.cx.is_classic(class) {
                owners.retain(|owner| self.class_name(*owner) != "object");
            }
            // What a version's class does not have yet, no class has that is derived from it.
            if owners.iter().any(|owner| !self.has_member(*owner, name)) {
                continue;
            }
            for owner in owners {
                if let Some(owner) = self.owner_in_cpython(owner, name) {
                    return Some(not_modelled(self, &format!("`{owner}.{name}`")));
                }
            }
        }
        None
    }

    /// Whether the version does not say of a class that the attribute is missing.
    fn has_member(&mut self, class: Id, name: &str) -> bool {
        let of_class = self.class_name(class);
        let constants = self.cx.constants();
        // Before Python 2.5, BaseException is none of the exceptions' bases.
        let is_missing = constants.is_class(&of_class) && !constants.has_member("BaseException", name);
        !is_missing && constants.has_member(&of_class, name)
    }

    /// The name of a builtin class, or of one of the library, that has the attribute in CPython.
    fn owner_in_cpython(&mut self, class: Id, name: &str) -> Option<String> {
        let of_class = self.class_name(class);
        if !self.is_user_class(class) {
            return known(&format!("class {of_class}")).contains(&name).then_some(of_class);
        }
        let module = self.own_attribute(class, "__module__").and_then(|module| self.text(module))?;
        let full = format!("{module}.{of_class}");
        let mut lines = ABSENT.lines().filter_map(|line| line.split_once(": "));
        let (_, names) = lines.find(|(known, _)| *known == full)?;
        names.split(' ').any(|absent| absent == name).then_some(full)
    }
}
