//! What an attribute of each kind of object is.

use egg::Id;

use crate::python::builtins::aliases;
use crate::python::builtins::attributes::storing::CHAINED;
use crate::python::builtins::exceptions::raising::handled_part;
use crate::python::values::hidden;
use crate::python::values::names::names;
use crate::python::values::types;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Failure, Objects, View};
use crate::term::unescape;

/// Whether a function keeps an attribute beside its `__dict__`.
pub(super) fn is_of_function(name: &str) -> bool {
    ["__name__", "__qualname__", "__doc__", "__module__"].contains(&name)
}

impl Objects<'_, '_> {
    /// Whether the object's class has `__getattr__`, or a module has one of its own.
    pub fn has_fallback(&mut self, object: Id) -> bool {
        let class = self.class_of(object);
        self.class_attribute(class, "__getattr__").is_some() || self.module_fallback(object).is_some()
    }

    /// The function of a module that is asked for names which it does not bind (PEP 562).
    pub(super) fn module_fallback(&mut self, module: Id) -> Option<Id> {
        if self.cx.bank.op(module) != names().module {
            return None;
        }
        let name = unescape(self.cx.name(self.cx.bank.arg(module, 0)));
        let env = self.module_env(&name)?;
        self.lookup(env, "__getattr__")
    }

    /// Whether the program's classes define `__getattribute__` for the object.
    pub(super) fn has_own_lookup(&mut self, object: Id) -> bool {
        let class = self.class_of(object);
        let found = self.class_attribute(class, "__getattribute__");
        found.is_some_and(|(owner, _)| self.is_user_class(owner))
    }

    /// Whether a value is an instance of a classic class.
    pub fn is_classic_instance(&mut self, value: Id) -> bool {
        let op = self.cx.bank.op(value);
        (op == names().object || op == vocabulary().exception) && {
            let class = self.class_of(value);
            self.cx.is_classic(class)
        }
    }

    fn not_in_classic(&mut self, message: &str, class: Id, name: &str) -> String {
        let class = self.given_name(class);
        self.cx.constants().worded(message, &[&class, name])
    }

    /// The AttributeError for a name that an object does not have.
    pub fn no_attribute(&mut self, object: Id, name: &str) -> Failure {
        let text = match self.cx.name(object) {
            "class" if self.cx.is_classic(object) => {
                self.not_in_classic("no-attribute-of-class", object, name)
            }
            "object" | "exception" if self.is_classic_instance(object) => {
                let class = self.class_of(object);
                self.not_in_classic("no-attribute-of-instance", class, name)
            }
            "class" => {
                let module = self.shown_module(object);
                format!("type object '{module}{}' has no attribute '{name}'", self.given_name(object))
            }
            "module" => {
                let module = unescape(self.cx.name(self.cx.bank.arg(object, 0)));
                self.cx.constants().worded("no-attribute-of-module", &[&module, name])
            }
            "super-object" => format!("'super' object has no attribute '{name}'"),
            _ => {
                let class = self.class_of(object);
                let module = self.shown_module(class);
                format!("'{module}{}' object has no attribute '{name}'", self.type_name(object))
            }
        };
        let failure = self.raise("AttributeError", &text);
        self.with_fields(failure, &[("name", name)], Some(object))
    }

    /// An AttributeError or NameError knows the name, and the object.
    pub(super) fn with_fields(
        &mut self,
        failure: Failure,
        fields: &[(&str, &str)],
        object: Option<Id>,
    ) -> Failure {
        let Failure::Raised(exception) = failure else { return failure };
        let exception = self.materialise(exception);
        for (field, text) in fields {
            let text = self.str(text);
            self.set_own_attribute(exception, field, Some(text));
        }
        if let Some(object) = object {
            self.set_own_attribute(exception, "obj", Some(object));
        }
        Failure::Raised(exception)
    }

    /// An attribute as `object.name` finds it, without `__getattr__`.
    pub fn attribute(&mut self, object: Id, name: &str) -> Result<Option<Id>, Failure> {
        match self.cx.name(object) {
            "module" => match self.module_attribute(object, name) {
                None => return self.not_in_module(object, name),
                found => return Ok(found),
            },
            "class" => {
                let found = self.attribute_of_class(object, name)?;
                return Ok(found.or_else(|| self.attribute_of_others(object, name)));
            }
            "super-object" => return self.attribute_of_super(object, name),
            "exception" => {
                if let Some(value) = self.exception_attribute(object, name) {
                    return Ok(Some(value));
                }
            }
            "routine" | "library" | "method" => {
                if let Some(value) = self.function_attribute(object, name) {
                    return Ok(Some(value));
                }
            }
            "builtin" => {
                if let Some(value) = self.builtin_attribute(object, name) {
                    return Ok(Some(value));
                }
            }
            "cell" | "code" => {
                if let Some(value) = self.code_attribute(object, name)? {
                    return Ok(Some(value));
                }
            }
            _ => {
                if let Some(value) = aliases::attribute(self, object, name)? {
                    return Ok(Some(value));
                }
            }
        }
        if self.is_named_otherwise(object, name) {
            return Ok(None);
        }
        let found = self.attribute_of_object(object, name)?;
        Ok(found.or_else(|| self.attribute_of_others(object, name)))
    }

    /// Whether a special method of a builtin class has another name in the version. Division had both.
    pub(crate) fn is_named_otherwise(&mut self, object: Id, name: &str) -> bool {
        let constants = self.cx.constants();
        if !constants.knows_classic() || constants.early_name(name) == name || name.ends_with("truediv__") {
            return false;
        }
        let class = self.class_of(object);
        !self.is_user_class(class)
    }

    /// What stands for the arguments of an exception that an unknown raised.
    fn error_of(&self, exception: Id) -> Option<Id> {
        let args = self.chain(exception)?.args;
        match args[..] {
            [only] if self.cx.bank.op(only) == vocabulary().unknown => {
                let args = self.cx.bank.arg(exception, 1);
                self.cx.unknown_arguments(args)
            }
            _ => None,
        }
    }

    /// An attribute of what no file at hand says all of: of an exception that an unknown raised, or of a class that no file
    /// defines and its instances. It is unknown, and always the same.
    fn attribute_of_others(&mut self, object: Id, name: &str) -> Option<Id> {
        if name.starts_with("__") {
            return None;
        }
        let (class, number) = match self.cx.bank.op(object) {
            op if op == vocabulary().exception => {
                if let Some(error) = self.error_of(object) {
                    return Some(self.cx.unknown_attribute(error, name));
                }
                (self.class_of(object), self.cx.bank.arg(object, 2))
            }
            op if op == vocabulary().class => (object, self.atom("0")),
            _ => return None,
        };
        let order = self.mro(class)?;
        let other = order.into_iter().find(|class| self.is_of_others(*class))?;
        let exceptions = ["Exception", "BaseException"].map(|base| {
            let (class, none, zero) = (self.class(base), self.values(&[]), self.atom("0"));
            self.cx.bank.make(vocabulary().exception, &[class, none, zero])
        });
        let (anything, raises) = (self.atom("anything"), self.values(&exceptions));
        let outcomes = self.cx.bank.node("outcomes", [anything, raises]);
        let called = format!("{}.{name}", self.class_name(other));
        let called = self.atom(&called);
        Some(self.cx.bank.node("unknown", [called, number, outcomes]))
    }

    /// What a builtin function tells of itself, and what a stream or another builtin object has.
    fn builtin_attribute(&mut self, object: Id, name: &str) -> Option<Id> {
        let full = unescape(self.cx.name(self.cx.bank.arg(object, 0)));
        let (owner, short) = full.rsplit_once('.').unwrap_or(("", &full));
        match name {
            "__name__" => Some(self.str(short)),
            "__qualname__" if types::is_type(owner) => Some(self.str(&full)),
            "__qualname__" => Some(self.str(short)),
            "__module__" if owner.is_empty() => Some(self.str("builtins")),
            "__module__" if !types::is_type(owner) => Some(self.str(owner)),
            _ => self.builtin_member(&full, name),
        }
    }

    fn attribute_of_object(&mut self, object: Id, name: &str) -> Result<Option<Id>, Failure> {
        let class = self.class_of(object);
        match name {
            "__class__" if self.class_attribute(class, name).is_none() => return Ok(Some(class)),
            "__dict__" if self.entry(object).is_some() => return Ok(Some(self.attributes_dict(object))),
            _ => {}
        }
        let found = self.shown_attribute(class, name);
        if let Some(found) = found
            && !self.cx.is_classic(class)
            && self.is_data_descriptor(found)
        {
            return self.bind_attribute(found, Some(object), class).map(Some);
        }
        if let Some(own) = self.own_attribute(object, name) {
            return Ok(Some(own));
        }
        let held = self.generator_attribute(object, name).or_else(|| self.held_attribute(object, name));
        if let Some(value) = held {
            return Ok(Some(value));
        }
        match found {
            Some(found) => self.bind_attribute(found, Some(object), class).map(Some),
            None if name == "__doc__" => Ok(Some(self.none())),
            None => match self.open_attribute(object, class, name) {
                None => self.not_in_traceback(object, name),
                open => Ok(open),
            },
        }
    }

    /// An attribute that the classes have, as programs find it: a classic class has nothing of `object`.
    fn shown_attribute(&mut self, class: Id, name: &str) -> Option<Id> {
        let (owner, found) = self.class_attribute(class, name)?;
        let hidden =
            self.cx.is_classic(class) && !self.is_user_class(owner) && self.class_name(owner) == "object";
        (!hidden).then_some(found)
    }

    /// The attribute of an object of which nothing is known but its methods. Special ones are its class's, unless nothing
    /// is known of that one's bases.
    fn open_attribute(&mut self, object: Id, class: Id, name: &str) -> Option<Id> {
        let open = self.own_attribute(object, hidden::OPEN)?;
        let special = name.starts_with("__") && name.ends_with("__");
        let asks = self.class_attribute(class, "__getattr__").is_some();
        if asks || special && self.own_attribute(class, hidden::OPEN).is_none() {
            return None;
        }
        Some(self.unknown_attribute(open, name))
    }

    pub(super) fn attributes_dict(&mut self, object: Id) -> Id {
        let env = self.entry(object).map(|entry| entry.attributes);
        let mut bindings = env.map(|env| self.bindings(env)).unwrap_or_default();
        bindings.retain(|(name, _)| !name.starts_with('.'));
        if self.cx.bank.op(object) == vocabulary().exception {
            bindings.retain(|(name, _)| name != "__traceback__" && !self.is_field(object, name));
        }
        if [vocabulary().exception, names().object].contains(&self.cx.bank.op(object)) {
            bindings.retain(|(name, _)| !self.is_slot(object, name));
        }
        if self.cx.bank.op(object) == names().routine {
            bindings.retain(|(name, _)| !is_of_function(name));
        }
        let entries: Vec<(Id, Id)> = bindings.iter().map(|(name, value)| (self.str(name), *value)).collect();
        self.dict(&entries)
    }

    pub(super) fn is_data_descriptor(&mut self, found: Id) -> bool {
        if self.cx.bank.op(found) != names().object {
            return false;
        }
        let class = self.class_of(found);
        self.class_name(class) == "property" && !self.is_user_class(class)
            || self.class_attribute(class, "__set__").is_some()
    }

    fn generator_attribute(&mut self, object: Id, name: &str) -> Option<Id> {
        let state = self.suspension(object)?;
        let state = self.cx.name(state);
        match name {
            "gi_running" => Some(self.bool(state == "running")),
            "gi_suspended" => Some(self.bool(state == "suspended")),
            "gi_frame" if state == "finished" => Some(self.none()),
            "gi_yieldfrom" => Some(self.delegate_of(object).unwrap_or_else(|| self.none())),
            _ => None,
        }
    }

    /// The iterator that a suspended generator's `yield from` is about.
    fn delegate_of(&self, generator: Id) -> Option<Id> {
        let state = self.cx.bank.get(self.suspension(generator)?);
        let frames = (state.op.as_str() == "suspended").then(|| state.args[0])?;
        crate::python::builtins::support::delegate(self.cx, frames)
    }

    /// The parts of a builtin value that are attributes of it: `(5).real`, `slice(1).stop`, `prop.fget`.
    fn held_attribute(&mut self, object: Id, name: &str) -> Option<Id> {
        if self.is_container(object) {
            return None;
        }
        let among = |names: &[&str]| names.iter().position(|known| *known == name);
        match self.view(object) {
            View::Int(_) | View::Bool(_) => {
                let int = self.integer(object)?;
                let part = match name {
                    "real" | "numerator" => self.int(int),
                    "imag" => self.int(0),
                    "denominator" => self.int(1),
                    _ => return None,
                };
                Some(self.lengthened(&[object], part))
            }
            View::Float(float) => match name {
                "real" => Some(self.float(float)),
                "imag" => Some(self.float(0.0)),
                _ => None,
            },
            View::Range(parts) => {
                let part = parts[among(&["start", "stop", "step"])?].clone();
                Some(self.int(part))
            }
            View::Slice(parts) => Some(parts[among(&["start", "stop", "step"])?]),
            _ => {
                let class = self.class_of(object);
                let place = match self.solid_base(class).as_str() {
                    "property" if name == "__doc__" => return self.property_doc(object),
                    "property" => among(&["fget", "fset", "fdel"])?,
                    "staticmethod" | "classmethod" => {
                        return self.attribute_of_wrapped(object, name);
                    }
                    _ => return None,
                };
                self.wrapped(object)?.get(place).copied()
            }
        }
    }

    fn property_doc(&mut self, property: Id) -> Option<Id> {
        let parts = self.wrapped(property)?;
        let given = parts.get(3).copied().filter(|doc| self.cx.bank.op(*doc) != vocabulary().none);
        given.or_else(|| self.attribute(*parts.first()?, "__doc__").ok().flatten())
    }

    /// A staticmethod or classmethod has the attributes of its function.
    fn attribute_of_wrapped(&mut self, object: Id, name: &str) -> Option<Id> {
        let function = *self.wrapped(object)?.first()?;
        match name {
            "__func__" | "__wrapped__" => Some(function),
            "__name__" | "__qualname__" | "__doc__" | "__module__" => {
                self.attribute(function, name).ok().flatten()
            }
            _ => None,
        }
    }

    fn attribute_of_class(&mut self, class: Id, name: &str) -> Result<Option<Id>, Failure> {
        let text = match name {
            "__name__" => Some(self.type_called(class).unwrap_or_else(|| self.class_name(class))),
            "__qualname__" if !self.is_user_class(class) => Some(self.class_name(class)),
            "__module__" if self.is_of_others(class) => {
                Some(self.cx.name(self.cx.bank.arg(class, 1)).to_string())
            }
            "__module__" if !self.is_user_class(class) => Some("builtins".to_string()),
            _ => None,
        };
        if let Some(text) = text {
            return Ok(Some(match self.own_attribute(class, name) {
                Some(own) => own,
                None => self.str(&text),
            }));
        }
        match name {
            "__class__" => return Ok(Some(self.class("type"))),
            "__dict__" => return Ok(Some(self.attributes_dict(class))),
            "__mro__" if !self.cx.is_classic(class) => {
                let order = self.mro(class).unwrap_or_default();
                return Ok(Some(self.tuple(&order)));
            }
            "__bases__" => {
                let mut bases = self.bases(class);
                bases.retain(|base| !self.is_root(*base));
                if bases.is_empty() && !self.cx.is_classic(class) && self.class_name(class) != "object" {
                    bases.push(self.class("object"));
                }
                return Ok(Some(self.tuple(&bases)));
            }
            _ => {}
        }
        match self.shown_attribute(class, name) {
            Some(found) => self.bind_attribute(found, None, class).map(Some),
            None if name == "__doc__" => Ok(Some(self.none())),
            None if self.class_field(class, name).is_some() => {
                let owner = self.class_field(class, name).unwrap_or_default();
                let field = self.atom(&format!("{owner}.{name}"));
                Ok(Some(self.cx.bank.make(names().builtin, &[field])))
            }
            None if name == "mro" => {
                let builtin = self.atom("type.mro");
                let builtin = self.cx.bank.make(names().builtin, &[builtin]);
                Ok(Some(self.cx.bank.make(names().method, &[builtin, class])))
            }
            None => Ok(None),
        }
    }

    /// What `super()` finds: the attribute of the next class in the order of the object's.
    fn attribute_of_super(&mut self, object: Id, name: &str) -> Result<Option<Id>, Failure> {
        let (after, receiver) = (self.cx.bank.arg(object, 0), self.cx.bank.arg(object, 1));
        let on_class = self.cx.bank.op(receiver) == vocabulary().class;
        let class = if on_class { receiver } else { self.class_of(receiver) };
        let next = self.next_attribute(class, after, name);
        // What unknown bases have comes before what every object has.
        if let Some(open) = self.own_attribute(class, hidden::OPEN)
            && next.is_none_or(|(owner, _)| !self.is_user_class(owner))
        {
            return Ok(Some(self.unknown_attribute(open, name)));
        }
        let Some((owner, found)) = next else { return Ok(None) };
        // The one builtin class method that programs call so.
        if name == "__init_subclass__" && !self.is_user_class(owner) {
            return Ok(Some(self.cx.bank.make(names().method, &[found, class])));
        }
        let receiver = (!on_class).then_some(receiver);
        self.bind_attribute(found, receiver, class).map(Some)
    }

    fn module_attribute(&mut self, module: Id, name: &str) -> Option<Id> {
        let module_name = unescape(self.cx.name(self.cx.bank.arg(module, 0)));
        let is_bound = self.is_native_module(&module_name)
            && self.module_env(&module_name).is_some_and(|env| self.lookup(env, name).is_some());
        if !is_bound && !self.cx.constants().has_member(&module_name, name) {
            return None;
        }
        let of_handling =
            module_name == "sys" && name.starts_with("exc_") && self.cx.constants().has("sys.exc_type");
        if of_handling
            && ["exc_type", "exc_value", "exc_traceback"].contains(&name)
            && let Some(part) = handled_part(self, name)
        {
            return Some(part);
        }
        if let Some(env) = self.module_env(&module_name)
            && let Some(value) = self.lookup(env, name)
        {
            return Some(value);
        }
        if name == "__name__" {
            return Some(self.str(&module_name));
        }
        let inner = format!("{module_name}.{name}");
        if self.module_env(&inner).is_some() {
            let inner = self.atom(&inner);
            return Some(self.cx.bank.node("module", [inner]));
        }
        if module_name == "builtins" {
            return self.builtin_name("__main__", name);
        }
        self.native_member(&module_name, name)
    }

    /// A member of a module whose functions are primitives.
    fn native_member(&mut self, module: &str, name: &str) -> Option<Id> {
        Some(match (module, name) {
            ("math", "pi") => self.float(std::f64::consts::PI),
            ("math", "tau") => self.float(std::f64::consts::TAU),
            ("math", "e") => self.float(std::f64::consts::E),
            ("math", "inf") => self.float(f64::INFINITY),
            ("math", "nan") => self.float(f64::NAN),
            ("sys", "maxsize" | "maxint") => self.int(i64::MAX),
            ("sys", "version_info") => {
                let [major, minor, micro] = self.cx.constants().release().map(|part| self.int(part));
                let (level, serial) = (self.str("final"), self.int(0));
                self.tuple(&[major, minor, micro, level, serial])
            }
            ("sys", "version") => {
                let [major, minor, micro] = self.cx.constants().release();
                self.str(&format!("{major}.{minor}.{micro} (Trylemma)"))
            }
            ("sys", "exc_type" | "exc_value" | "exc_traceback")
                if self.cx.constants().has("sys.exc_type-before") =>
            {
                self.none()
            }
            ("sys", "platform") => self.str("linux"),
            ("sys", "argv") => {
                let name = self.str("");
                self.list(&[name])
            }
            ("sys", "stdout" | "stderr" | "__stdout__" | "__stderr__") => {
                let atom = self.atom(&format!("sys.{}", name.trim_matches('_')));
                self.cx.bank.make(names().builtin, &[atom])
            }
            _ => return self.builtin_member(module, name),
        })
    }

    /// The attribute `message` of an exception: what the program set it to, or the one argument that it was made with.
    pub(super) fn message(&mut self, exception: Id, args: &[Id]) -> Id {
        let own = ["message", hidden::MESSAGE].map(|name| self.own_attribute(exception, name));
        let first = own.into_iter().flatten().next();
        first.unwrap_or_else(|| match *args {
            [only] => only,
            _ => self.str(""),
        })
    }

    /// What exceptions have besides attributes that the program sets.
    fn exception_attribute(&mut self, exception: Id, name: &str) -> Option<Id> {
        let chain = self.chain(exception)?;
        if self.hides_field(exception, name) {
            return None;
        }
        let error = self.error_of(exception);
        Some(match (name, error) {
            ("args", Some(error)) => error,
            ("args", None) => self.tuple(&chain.args),
            ("message", None) if self.cx.constants().has("exception.message") => {
                self.message(exception, &chain.args)
            }
            _ if CHAINED.contains(&name) && !self.cx.constants().has(&format!("BaseException.{name}")) => {
                return self.own_attribute(exception, name);
            }
            ("__context__", _) => chain.context,
            ("__cause__", _) => chain.cause,
            ("__suppress_context__", _) => self.bool(chain.suppress),
            ("__traceback__", _) => self.traceback(exception),
            _ => {
                let own = self.own_attribute(exception, name);
                let own = own.filter(|own| self.cx.bank.op(*own) != names().missing);
                return own.or_else(|| match error {
                    Some(error) => {
                        self.field_owner(exception, name).map(|_| self.cx.unknown_attribute(error, name))
                    }
                    None => self.exception_field(exception, name),
                });
            }
        })
    }
}
