//! Storing and deleting attributes.

use egg::Id;

use super::reading::is_of_function;
use crate::python::builtins::support::{iterate, overridden};
use crate::python::values::hidden;
use crate::python::values::names::names;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Answer, Entry, Failure, Objects, View};
use crate::term::unescape;

/// What an exception came of, as its attributes have it.
pub(super) const CHAINED: [&str; 4] = ["__context__", "__cause__", "__traceback__", "__suppress_context__"];

impl Objects<'_, '_> {
    /// Stores (or with `None` deletes) an attribute.
    pub(super) fn change_attribute(&mut self, object: Id, name: &str, value: Option<Id>) -> Answer {
        let none = self.none();
        match self.cx.name(object) {
            "module" => {
                let module = unescape(self.cx.name(self.cx.bank.arg(object, 0)));
                self.set_module_name(&module, name, value);
                return Ok(none);
            }
            "class" => return self.change_class_attribute(object, name, value),
            "unknown" if value.is_none() && self.is_deleted(object, name) => return Err(self.lacks(object)),
            "unknown" => {
                self.store_in_unknown(object, name, value);
                return Ok(none);
            }
            _ => {}
        }
        let class = self.class_of(object);
        let hook = if value.is_some() { "__setattr__" } else { "__delattr__" };
        if let Some((owner, _)) = self.class_attribute(class, hook)
            && self.is_user_class(owner)
        {
            return Err(Failure::Undefined);
        }
        self.change_plain_attribute(object, name, value)
    }

    pub(super) fn change_class_attribute(&mut self, class: Id, name: &str, value: Option<Id>) -> Answer {
        if !self.is_user_class(class) {
            let class = self.class_name(class);
            let text = format!("cannot set '{name}' attribute of immutable type '{class}'");
            return Err(self.type_error(&text));
        }
        if !self.set_own_attribute(class, name, value) && value.is_none() {
            let class = self.class_name(class);
            let text = format!("type object '{class}' has no attribute '{name}'");
            return Err(self.raise("AttributeError", &text));
        }
        Ok(self.none())
    }

    /// `object.__setattr__` and `object.__delattr__`.
    pub(in crate::python::builtins) fn change_plain_attribute(
        &mut self,
        object: Id,
        name: &str,
        value: Option<Id>,
    ) -> Answer {
        let class = self.class_of(object);
        if !self.cx.is_classic(class)
            && let Some((_, found)) = self.class_attribute(class, name)
            && self.is_data_descriptor(found)
        {
            return self.change_by_descriptor(found, object, name, value);
        }
        self.change_held_attribute(object, name, value)
    }

    /// Changes what the object itself has, whatever its class has.
    pub(super) fn change_held_attribute(&mut self, object: Id, name: &str, value: Option<Id>) -> Answer {
        if self.cx.bank.op(object) == vocabulary().exception
            && let Some(done) = self.change_exception(object, name, value)?
        {
            return Ok(done);
        }
        if let Some(done) = self.change_function(object, name, value)? {
            return Ok(done);
        }
        if name.starts_with("tb_") && self.is_traceback_entry(object) {
            return self.change_entry(object, name, value);
        }
        let has_names = self.entry(object).is_some() && self.takes(object, name);
        if !has_names {
            return Err(self.no_dict(object, name));
        }
        if !self.set_own_attribute(object, name, value) && value.is_none() {
            if self.is_slot(object, name) {
                return Err(self.raise("AttributeError", name));
            }
            return Err(self.no_attribute(object, name));
        }
        Ok(self.none())
    }

    /// Attributes of functions, generators and cells that are no plain ones, and `__class__`.
    fn change_function(&mut self, object: Id, name: &str, value: Option<Id>) -> Result<Option<Id>, Failure> {
        let function = self.cx.bank.op(object) == names().routine;
        let named = function || self.suspension(object).is_some();
        match (name, value) {
            ("__name__" | "__qualname__", value) if named => {
                let Some(value) = value.filter(|value| self.text(*value).is_some()) else {
                    return Err(self.type_error(&format!("{name} must be set to a string object")));
                };
                self.set_own_attribute(object, name, Some(value));
            }
            ("__defaults__" | "__kwdefaults__", value) if function => {
                self.set_defaults(object, name, value)?;
            }
            ("__closure__" | "__globals__", _) if function => {
                return Err(self.raise("AttributeError", "readonly attribute"));
            }
            ("cell_contents", value) if self.cx.bank.op(object) == names().cell => {
                let payload = match value {
                    Some(value) => self.cx.bank.make(names().immutable, &[value]),
                    None => self.cx.bank.make(names().plain, &[]),
                };
                self.set_payload(object, payload);
            }
            ("__dict__", None) if function => return Err(self.type_error("cannot delete __dict__")),
            ("__dict__", Some(value)) if function => self.set_names(object, value)?,
            ("__class__", None) => return Err(self.type_error("can't delete __class__ attribute")),
            ("__class__", Some(_)) if self.cx.bank.op(object) != names().object => {
                let text = "__class__ assignment only supported for mutable types or ModuleType subclasses";
                return Err(self.type_error(text));
            }
            _ => return Ok(None),
        }
        Ok(Some(self.none()))
    }

    /// `function.__defaults__ = tuple` and `function.__kwdefaults__ = dict`; `None`, or to delete them, takes them away.
    fn set_defaults(&mut self, function: Id, name: &str, value: Option<Id>) -> Result<(), Failure> {
        let Some(Entry { payload, .. }) = self.entry(function) else { return Err(Failure::Undefined) };
        let mut node = self.cx.bank.get(payload).clone();
        let view = value.map_or(View::None, |value| self.view(value));
        match (name, view) {
            ("__defaults__", View::None) => node.args[0] = self.values(&[]),
            ("__defaults__", View::Tuple(members)) => node.args[0] = self.values(&members),
            ("__kwdefaults__", View::None) => node.args[1] = self.keywords_of(&[]),
            ("__kwdefaults__", View::Dict(entries)) => {
                let named: Vec<(String, Id)> =
                    entries.into_iter().filter_map(|(key, value)| Some((self.text(key)?, value))).collect();
                node.args[1] = self.keywords_of(&named);
            }
            _ => {
                let kind = if name == "__defaults__" { "tuple" } else { "dict" };
                return Err(self.type_error(&format!("{name} must be set to a {kind} object")));
            }
        }
        let payload = self.cx.bank.add(node);
        self.set_payload(function, payload);
        Ok(())
    }

    /// `function.__dict__ = dict`: its entries become the attributes.
    fn set_names(&mut self, function: Id, value: Id) -> Result<(), Failure> {
        let View::Dict(entries) = self.view(value) else {
            let found = self.type_name(value);
            let text = format!("__dict__ must be set to a dictionary, not a '{found}'");
            return Err(self.type_error(&text));
        };
        let Some(Entry { payload, attributes }) = self.entry(function) else {
            return Err(Failure::Undefined);
        };
        let mut named = self.bindings(attributes);
        named.retain(|(name, _)| is_of_function(name));
        named.extend(entries.into_iter().filter_map(|(key, value)| Some((self.text(key)?, value))));
        let attributes = self.env(&named);
        self.set_entry(function, Entry { payload, attributes });
        Ok(())
    }

    /// Whether an object can have an attribute of that name. Instances of builtin classes other than exceptions
    /// and functions have none, and instances of classes with `__slots__` those.
    pub fn takes(&mut self, object: Id, name: &str) -> bool {
        if self.cx.bank.op(object) != names().object {
            return true;
        }
        let class = self.class_of(object);
        let mut owners = self.mro(class).unwrap_or_default();
        owners.retain(|owner| self.is_user_class(*owner));
        owners.into_iter().any(|owner| match self.slots(owner) {
            Some(slots) => slots.iter().any(|slot| slot == name || slot == "__dict__"),
            None => true,
        })
    }

    /// The names in a class's own `__slots__`; `None` where it has none, and its instances any attributes.
    pub fn slots(&mut self, class: Id) -> Option<Vec<String>> {
        let slots = self.own_attribute(class, "__slots__")?;
        let members = match self.view(slots) {
            View::Str(_) => vec![slots],
            _ => iterate(self, slots).ok()?,
        };
        Some(members.into_iter().filter_map(|member| self.text(member)).collect())
    }

    fn no_dict(&mut self, object: Id, name: &str) -> Failure {
        let class = self.class_of(object);
        let known = self.class_attribute(class, name).is_some();
        let class = self.type_name(object);
        let text = match self.fixed_part(object, name) {
            Some(fault) => fault,
            None if known => format!("'{class}' object attribute '{name}' is read-only"),
            None => {
                let own = overridden(self, object, &["__setattr__", "__delattr__"]);
                let more = if own { "" } else { " and no __dict__ for setting new attributes" };
                format!("'{class}' object has no attribute '{name}'{more}")
            }
        };
        let failure = self.raise("AttributeError", &text);
        self.with_fields(failure, &[("name", name)], Some(object))
    }

    /// What is said of changing a part of a builtin value that is an attribute of it.
    fn fixed_part(&mut self, object: Id, name: &str) -> Option<String> {
        if self.is_container(object) {
            return None;
        }
        let kind = match self.view(object) {
            View::Int(_) | View::Bool(_) => "int",
            View::Float(_) => "float",
            View::Range(_) | View::Slice(_) if ["start", "stop", "step"].contains(&name) => {
                return Some("readonly attribute".into());
            }
            _ => return None,
        };
        let parts = ["real", "imag", "numerator", "denominator"];
        let parts = if kind == "int" { &parts[..] } else { &parts[..2] };
        parts.contains(&name).then(|| format!("attribute '{name}' of '{kind}' objects is not writable"))
    }

    fn change_by_descriptor(&mut self, found: Id, object: Id, name: &str, value: Option<Id>) -> Answer {
        let class = self.class_of(found);
        if self.is_user_class(class) {
            let hook = if value.is_some() { "__set__" } else { "__delete__" };
            return match self.class_attribute(class, hook) {
                Some((_, function)) => {
                    Err(Failure::Delegated(function, [found, object].into_iter().chain(value).collect()))
                }
                None => Err(self.raise("AttributeError", hook)),
            };
        }
        let parts = self.wrapped(found).unwrap_or_default();
        let place = if value.is_some() { 1 } else { 2 };
        match parts.get(place) {
            Some(function) if self.cx.bank.op(*function) != vocabulary().none => {
                Err(Failure::Delegated(*function, [object].into_iter().chain(value).collect()))
            }
            _ => {
                let what = if value.is_some() { "setter" } else { "deleter" };
                let class = self.type_name(object);
                let text = format!("property '{name}' of '{class}' object has no {what}");
                Err(self.raise("AttributeError", &text))
            }
        }
    }

    /// Attributes of exceptions that are no plain ones.
    fn change_exception(
        &mut self,
        exception: Id,
        name: &str,
        value: Option<Id>,
    ) -> Result<Option<Id>, Failure> {
        let Some(mut chain) = self.chain(exception) else { return Ok(None) };
        if self.hides_field(exception, name) || !self.cx.constants().has(&format!("BaseException.{name}")) {
            return Ok(None);
        }
        if self.is_a(exception, "BaseExceptionGroup") && ["message", "exceptions"].contains(&name) {
            return Err(self.raise("AttributeError", "readonly attribute"));
        }
        if self.change_field(exception, name, value) {
            return Ok(Some(self.none()));
        }
        let checked = self.cx.constants().has("exception.checked-links");
        let Some(value) = value else {
            if name == "__suppress_context__" {
                return Err(self.type_error("can't delete numeric/char attribute"));
            }
            if !checked && name == "__context__" {
                chain.context = self.none();
                self.set_chain(exception, &chain);
                return Ok(Some(self.none()));
            }
            let fixed = ["args", "__context__", "__cause__", "__traceback__"].contains(&name);
            return if fixed {
                Err(self.type_error(&format!("{name} may not be deleted")))
            } else {
                Ok(None)
            };
        };
        // What is unknown fits, and the rules have no word for it there: the chain stays as it was.
        if self.cx.bank.op(value) == vocabulary().unknown && CHAINED.contains(&name) {
            return Ok(Some(self.none()));
        }
        let is_exception = !checked || self.cx.bank.op(value) == vocabulary().exception;
        let [is_none, is_unknown] =
            [vocabulary().none, vocabulary().unknown].map(|op| self.cx.bank.op(value) == op);
        match name {
            "args" => {
                if self.cx.constants().has("exception.message") {
                    let message = self.message(exception, &chain.args);
                    self.set_own_attribute(exception, hidden::MESSAGE, Some(message));
                }
                chain.args = iterate(self, value)?;
            }
            "__context__" if is_exception || is_none => chain.context = value,
            "__context__" => {
                return Err(self.type_error("exception context must be None or derive from BaseException"));
            }
            "__cause__" if is_exception || is_none => {
                (chain.cause, chain.suppress) = (value, true);
            }
            "__cause__" => {
                return Err(self.type_error("exception cause must be None or derive from BaseException"));
            }
            "__traceback__" if !is_none && !is_unknown && !self.is_a(value, "traceback") => {
                return Err(self.type_error("__traceback__ must be a traceback or None"));
            }
            "__traceback__" => {
                self.replace_traceback(exception, value);
                return Ok(Some(self.none()));
            }
            "__suppress_context__" => match self.view(value) {
                View::Bool(yes) => chain.suppress = yes,
                _ => return Err(self.type_error("attribute value type must be bool")),
            },
            _ => return Ok(None),
        }
        self.set_chain(exception, &chain);
        Ok(Some(self.none()))
    }
}
