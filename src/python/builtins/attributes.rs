//! Attributes: reading, storing and deleting them.

use egg::Id;

use crate::python::builtins::Table;
use crate::python::builtins::support::{iterate, overridden};
use crate::python::values::names::names;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Answer, Call, Entry, Failure, View};
use crate::term::unescape;

/// The primitives of this file.
pub const TABLE: Table = &[
    ("getattr", getattr),
    ("hasattr", hasattr),
    ("store_attr", store_attr),
    ("store_own", store_own),
    ("delete_own", delete_own),
    ("setattr", setattr),
    ("delattr", delattr),
    ("prim.getattr", raw_getattr),
    ("prim.setattr", raw_setattr),
    ("prim.delattr", raw_delattr),
    ("prim.special", special),
    ("prim.user_special", user_special),
    ("prim.next_attribute", next_attribute),
    ("import_from", import_from),
    ("input", input),
    ("prim.read_line", read_line),
    ("no_module", no_module),
    ("super", make_super),
    ("super_nowhere", super_nowhere),
];

/// `getattr(object, name[, default])`, and `object.name`.
fn getattr(call: &mut Call) -> Answer {
    let (object, name) = match call.args[..] {
        [object, name] | [object, name, _] => (object, name),
        _ => return Err(call.type_error("getattr expected at least 2 arguments, got 1")),
    };
    let name = attribute_name(call, name)?;
    if call.cx.bank.op(object) == vocabulary().unknown {
        return Ok(call.unknown_attribute(object, &name));
    }
    if call.has_own_lookup(object) {
        return Err(Failure::Undefined);
    }
    let found = call.attribute(object, &name);
    match found {
        // What a getter raises may be an AttributeError, which `__getattr__` or the default answers.
        Err(Failure::Delegated(..)) if call.args.len() == 3 || call.has_fallback(object) => {
            Err(Failure::Undefined)
        }
        Ok(None) if call.has_fallback(object) => Err(Failure::Undefined),
        Ok(None) => match call.args.get(2) {
            Some(default) => Ok(*default),
            None => Err(call.no_attribute(object, &name)),
        },
        Ok(Some(value)) => Ok(value),
        Err(failure) => Err(failure),
    }
}

/// Whether a function keeps an attribute beside its `__dict__`.
fn is_of_function(name: &str) -> bool {
    ["__name__", "__qualname__", "__doc__", "__module__"].contains(&name)
}

/// The name that `getattr` and the like are called with.
pub fn attribute_name(call: &mut Call, name: Id) -> Result<String, Failure> {
    match call.text(name) {
        Some(name) => Ok(name),
        None => {
            let found = call.type_name(name);
            Err(call.type_error(&format!("attribute name must be string, not '{found}'")))
        }
    }
}

fn hasattr(call: &mut Call) -> Answer {
    let [object, name] = call.args[..] else { return Err(Failure::Undefined) };
    let name = attribute_name(call, name)?;
    if call.has_own_lookup(object) {
        return Err(Failure::Undefined);
    }
    match call.attribute(object, &name) {
        Ok(Some(_)) => Ok(call.bool(true)),
        Ok(None) if !call.has_fallback(object) => Ok(call.bool(false)),
        _ => Err(Failure::Undefined),
    }
}

impl Call<'_, '_> {
    /// Whether the object's class has `__getattr__`.
    fn has_fallback(&mut self, object: Id) -> bool {
        let class = self.class_of(object);
        self.class_attribute(class, "__getattr__").is_some()
    }

    /// Whether the program's classes define `__getattribute__` for the object.
    fn has_own_lookup(&mut self, object: Id) -> bool {
        let class = self.class_of(object);
        let found = self.class_attribute(class, "__getattribute__");
        found.is_some_and(|(owner, _)| self.is_user_class(owner))
    }

    /// The AttributeError for a name that an object does not have.
    pub fn no_attribute(&mut self, object: Id, name: &str) -> Failure {
        let text = match self.cx.name(object) {
            "class" => format!("type object '{}' has no attribute '{name}'", self.given_name(object)),
            "module" => {
                let module = unescape(self.cx.name(self.cx.bank.arg(object, 0)));
                format!("module '{module}' has no attribute '{name}'")
            }
            "super-object" => format!("'super' object has no attribute '{name}'"),
            _ => format!("'{}' object has no attribute '{name}'", self.type_name(object)),
        };
        let failure = self.raise("AttributeError", &text);
        self.with_fields(failure, &[("name", name)], Some(object))
    }

    /// An AttributeError or NameError knows the name, and the object.
    fn with_fields(&mut self, failure: Failure, fields: &[(&str, &str)], object: Option<Id>) -> Failure {
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
            "class" => return self.attribute_of_class(object, name),
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
            _ => {}
        }
        self.attribute_of_object(object, name)
    }

    /// What a builtin function tells of itself, and what a stream or another builtin object has.
    fn builtin_attribute(&mut self, object: Id, name: &str) -> Option<Id> {
        let full = unescape(self.cx.name(self.cx.bank.arg(object, 0)));
        let (owner, short) = full.rsplit_once('.').unwrap_or(("", &full));
        match name {
            "__name__" => Some(self.str(short)),
            "__qualname__" if Call::is_type(owner) => Some(self.str(&full)),
            "__qualname__" => Some(self.str(short)),
            "__module__" if owner.is_empty() => Some(self.str("builtins")),
            "__module__" if !Call::is_type(owner) => Some(self.str(owner)),
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
        let found = self.class_attribute(class, name).map(|(_, found)| found);
        if let Some(found) = found
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
            None => self.not_in_traceback(object, name),
        }
    }

    fn attributes_dict(&mut self, object: Id) -> Id {
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

    fn is_data_descriptor(&mut self, found: Id) -> bool {
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
        crate::python::functions::finalisation::delegate(self.cx, frames)
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
                match name {
                    "real" | "numerator" => Some(self.int(int)),
                    "imag" => Some(self.int(0)),
                    "denominator" => Some(self.int(1)),
                    _ => None,
                }
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
            "__name__" => Some(self.class_name(class)),
            "__qualname__" if !self.is_user_class(class) => Some(self.class_name(class)),
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
            "__mro__" => {
                let order = self.mro(class).unwrap_or_default();
                return Ok(Some(self.tuple(&order)));
            }
            "__bases__" => {
                let mut bases = self.bases(class);
                if bases.is_empty() && self.class_name(class) != "object" {
                    bases.push(self.class("object"));
                }
                return Ok(Some(self.tuple(&bases)));
            }
            _ => {}
        }
        match self.class_attribute(class, name) {
            Some((_, found)) => self.bind_attribute(found, None, class).map(Some),
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
        let Some((owner, found)) = self.next_attribute(class, after, name) else { return Ok(None) };
        // The one builtin class method that programs call so.
        if name == "__init_subclass__" && !self.is_user_class(owner) {
            return Ok(Some(self.cx.bank.make(names().method, &[found, class])));
        }
        let receiver = (!on_class).then_some(receiver);
        self.bind_attribute(found, receiver, class).map(Some)
    }

    fn module_attribute(&mut self, module: Id, name: &str) -> Option<Id> {
        let module_name = unescape(self.cx.name(self.cx.bank.arg(module, 0)));
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
            ("math", "e") => self.float(std::f64::consts::E),
            ("math", "inf") => self.float(f64::INFINITY),
            ("math", "nan") => self.float(f64::NAN),
            ("sys", "maxsize") => self.int(i64::MAX),
            ("sys", "version_info") => {
                let parts = [3, 14, 0].map(|part| self.int(part));
                self.tuple(&parts)
            }
            ("sys", "version") => self.str("3.14.0 (Trylemma)"),
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

    fn function_attribute(&mut self, function: Id, name: &str) -> Option<Id> {
        if self.cx.bank.op(function) == names().method {
            return match name {
                "__func__" => Some(self.cx.bank.arg(function, 0)),
                "__self__" => Some(self.cx.bank.arg(function, 1)),
                _ => {
                    let inner = self.cx.bank.arg(function, 0);
                    match self.cx.name(inner) {
                        "builtin" => self.attribute(inner, name).ok().flatten(),
                        _ => self.function_attribute(inner, name),
                    }
                }
            };
        }
        if let Some(own) = self.own_attribute(function, name) {
            return Some(own);
        }
        let code = self.code_of(function);
        let code = self.code(code);
        match name {
            "__name__" => Some(self.str(&code.name)),
            "__qualname__" => Some(self.str(&code.qualname)),
            "__module__" => Some(self.str(&code.module)),
            "__doc__" => Some(self.none()),
            "__defaults__" => {
                let defaults = self.defaults(function);
                Some(if defaults.is_empty() { self.none() } else { self.tuple(&defaults) })
            }
            "__kwdefaults__" => {
                let defaults = self.kwdefaults(function);
                let entries: Vec<(Id, Id)> =
                    defaults.iter().map(|(name, value)| (self.str(name), *value)).collect();
                Some(if entries.is_empty() { self.none() } else { self.dict(&entries) })
            }
            "__dict__" => Some(self.attributes_dict(function)),
            "__code__" => Some(self.code_of(function)),
            "__closure__" => {
                let cells = self.closure(function, &code.free);
                Some(if cells.is_empty() { self.none() } else { self.tuple(&cells) })
            }
            _ => None,
        }
    }

    /// What a code object tells of a function, and what a cell holds.
    fn code_attribute(&mut self, object: Id, name: &str) -> Result<Option<Id>, Failure> {
        if self.cx.bank.op(object) == names().cell {
            return match (name, self.cell_content(object)) {
                ("cell_contents", None) => Err(self.value_error("Cell is empty")),
                ("cell_contents", content) => Ok(content),
                _ => Ok(None),
            };
        }
        let code = self.code(object);
        let [posonly, positional, kwonly] = code.counts();
        Ok(match name {
            "co_name" => Some(self.str(&code.name)),
            "co_qualname" => Some(self.str(&code.qualname)),
            "co_argcount" => Some(self.int(positional)),
            "co_posonlyargcount" => Some(self.int(posonly)),
            "co_kwonlyargcount" => Some(self.int(kwonly)),
            "co_freevars" | "co_cellvars" => {
                let listed = if name == "co_freevars" { &code.free } else { &code.cells };
                let listed: Vec<Id> = listed.iter().map(|name| self.str(name)).collect();
                Some(self.tuple(&listed))
            }
            _ => None,
        })
    }

    /// What a cell holds, unless it is empty.
    pub fn cell_content(&self, cell: Id) -> Option<Id> {
        let Entry { payload, .. } = self.entry(cell)?;
        self.cx.bank.get(payload).args.first().copied()
    }

    /// What exceptions have besides attributes that the program sets.
    fn exception_attribute(&mut self, exception: Id, name: &str) -> Option<Id> {
        let chain = self.chain(exception)?;
        if self.hides_field(exception, name) {
            return None;
        }
        Some(match name {
            "args" => self.tuple(&chain.args),
            "__context__" => chain.context,
            "__cause__" => chain.cause,
            "__suppress_context__" => self.bool(chain.suppress),
            "__traceback__" => self.traceback(exception),
            _ => {
                let own = self.own_attribute(exception, name);
                let own = own.filter(|own| self.cx.bank.op(*own) != names().missing);
                return own.or_else(|| self.exception_field(exception, name));
            }
        })
    }

    // ---- storing ----------------------------------------------------------------------------------------------

    /// Stores (or with `None` deletes) an attribute.
    fn change_attribute(&mut self, object: Id, name: &str, value: Option<Id>) -> Answer {
        let none = self.none();
        match self.cx.name(object) {
            "module" => {
                let module = unescape(self.cx.name(self.cx.bank.arg(object, 0)));
                self.set_module_name(&module, name, value);
                return Ok(none);
            }
            "class" => return self.change_class_attribute(object, name, value),
            // What is unknown does not change.
            "unknown" => return Ok(none),
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

    fn change_class_attribute(&mut self, class: Id, name: &str, value: Option<Id>) -> Answer {
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
    pub(super) fn change_plain_attribute(&mut self, object: Id, name: &str, value: Option<Id>) -> Answer {
        let class = self.class_of(object);
        if let Some((_, found)) = self.class_attribute(class, name)
            && self.is_data_descriptor(found)
        {
            return self.change_by_descriptor(found, object, name, value);
        }
        self.change_held_attribute(object, name, value)
    }

    /// Changes what the object itself has, whatever its class has.
    fn change_held_attribute(&mut self, object: Id, name: &str, value: Option<Id>) -> Answer {
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
        if self.hides_field(exception, name) {
            return Ok(None);
        }
        if self.is_a(exception, "BaseExceptionGroup") && ["message", "exceptions"].contains(&name) {
            return Err(self.raise("AttributeError", "readonly attribute"));
        }
        if self.change_field(exception, name, value) {
            return Ok(Some(self.none()));
        }
        let Some(value) = value else {
            if name == "__suppress_context__" {
                return Err(self.type_error("can't delete numeric/char attribute"));
            }
            let fixed = ["args", "__context__", "__cause__", "__traceback__"].contains(&name);
            return if fixed {
                Err(self.type_error(&format!("{name} may not be deleted")))
            } else {
                Ok(None)
            };
        };
        let is_exception = self.cx.bank.op(value) == vocabulary().exception;
        let is_none = self.cx.bank.op(value) == vocabulary().none;
        match name {
            "args" => {
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
            "__traceback__" if !is_none && !self.is_a(value, "traceback") => {
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

/// `object.name = value`: the value comes first, as it is evaluated first.
fn store_attr(call: &mut Call) -> Answer {
    let [value, object, name] = call.args[..] else { return Err(Failure::Undefined) };
    let name_text = call.text(name).unwrap_or_default();
    match call.change_attribute(object, &name_text, Some(value)) {
        Err(Failure::Undefined) => {
            let setattr = call.atom("setattr");
            let setattr = call.cx.bank.make(names().library, &[setattr]);
            Err(Failure::Delegated(setattr, vec![object, name, value]))
        }
        answer => answer,
    }
}

/// `object.__dict__[name] = value`: the dict that `__dict__` gives is a copy.
fn store_own(call: &mut Call) -> Answer {
    let [value, object, name] = call.args[..] else { return Err(Failure::Undefined) };
    let name = call.text(name).ok_or(Failure::Undefined)?;
    call.change_held_attribute(object, &name, Some(value))
}

/// `del object.__dict__[name]`.
fn delete_own(call: &mut Call) -> Answer {
    let [object, key] = call.args[..] else { return Err(Failure::Undefined) };
    let name = call.text(key).ok_or(Failure::Undefined)?;
    if call.own_attribute(object, &name).is_none() {
        return Err(call.raise_with("KeyError", &[key]));
    }
    call.change_held_attribute(object, &name, None)
}

fn setattr(call: &mut Call) -> Answer {
    let [object, name, value] = call.args[..] else { return Err(Failure::Undefined) };
    let name = attribute_name(call, name)?;
    call.change_attribute(object, &name, Some(value))
}

fn delattr(call: &mut Call) -> Answer {
    let [object, name] = call.args[..] else { return Err(Failure::Undefined) };
    let name = attribute_name(call, name)?;
    call.change_attribute(object, &name, None)
}

fn raw_getattr(call: &mut Call) -> Answer {
    let [object, name] = call.args[..] else { return Err(Failure::Undefined) };
    let name = call.text(name).unwrap_or_default();
    let missing = call.cx.bank.make(names().missing, &[]);
    if call.cx.bank.op(object) == vocabulary().class
        && let Some((_, found)) = call.class_attribute(object, &name)
        && call.cx.bank.op(found) == names().object
    {
        return Ok(found);
    }
    match call.attribute(object, &name) {
        Ok(found) => Ok(found.unwrap_or(missing)),
        Err(Failure::Delegated(..)) => {
            let class = call.class_of(object);
            Ok(call.class_attribute(class, &name).map_or(missing, |(_, found)| found))
        }
        Err(failure) => Err(failure),
    }
}

fn raw_setattr(call: &mut Call) -> Answer {
    let [object, name, value] = call.args[..] else { return Err(Failure::Undefined) };
    let name = call.text(name).unwrap_or_default();
    if call.cx.bank.op(object) == vocabulary().class {
        return call.change_class_attribute(object, &name, Some(value));
    }
    call.change_held_attribute(object, &name, Some(value))
}

fn raw_delattr(call: &mut Call) -> Answer {
    let [object, name] = call.args[..] else { return Err(Failure::Undefined) };
    let name = call.text(name).unwrap_or_default();
    let had = call.set_own_attribute(object, &name, None);
    Ok(call.bool(had))
}

fn special(call: &mut Call) -> Answer {
    let [object, name] = call.args[..] else { return Err(Failure::Undefined) };
    let name = call.text(name).unwrap_or_default();
    Ok(special_or_none(call, object, &name))
}

/// The special method; None where a class blocks it so, and `prim.missing` where there is none.
fn special_or_none(call: &mut Call, object: Id, name: &str) -> Id {
    let class = call.class_of(object);
    let found = call.class_attribute(class, name).map(|(_, found)| found);
    match found {
        Some(found) if call.cx.bank.op(found) == vocabulary().none => found,
        _ => {
            let found = call.special(object, name);
            found.unwrap_or_else(|| call.cx.bank.make(names().missing, &[]))
        }
    }
}

/// The special method, where a class of the program or of the library has it before any builtin class does.
fn user_special(call: &mut Call) -> Answer {
    let [object, name] = call.args[..] else { return Err(Failure::Undefined) };
    let name = call.text(name).unwrap_or_default();
    let class = call.class_of(object);
    let owner = call.class_attribute(class, &name).map(|(owner, _)| owner);
    match owner {
        Some(owner) if call.is_user_class(owner) => Ok(special_or_none(call, object, &name)),
        _ => Ok(call.cx.bank.make(names().missing, &[])),
    }
}

/// The attribute of the classes behind a class, as `super(cls, cls)` finds it.
fn next_attribute(call: &mut Call) -> Answer {
    let [class, name] = call.args[..] else { return Err(Failure::Undefined) };
    let name = call.text(name).unwrap_or_default();
    let object = call.cx.bank.make(names().super_object, &[class, class]);
    call.attribute(object, &name)?.ok_or(Failure::Undefined)
}

/// `from module import name`.
fn import_from(call: &mut Call) -> Answer {
    let [module, name] = call.args[..] else { return Err(Failure::Undefined) };
    let name = call.text(name).unwrap_or_default();
    match call.attribute(module, &name)? {
        Some(value) => Ok(value),
        None => {
            let module = unescape(call.cx.name(call.cx.bank.arg(module, 0)));
            let text = format!("cannot import name '{name}' from '{module}' (unknown location)");
            let failure = call.raise("ImportError", &text);
            Err(call.with_fields(failure, &[("name", &module), ("name_from", &name)], None))
        }
    }
}

fn no_module(call: &mut Call) -> Answer {
    let name = call.args.first().and_then(|name| call.text(*name)).unwrap_or_default();
    let failure = call.raise("ModuleNotFoundError", &format!("No module named '{name}'"));
    Err(call.with_fields(failure, &[("name", &name)], None))
}

fn make_super(call: &mut Call) -> Answer {
    let [class, object] = call.args[..] else { return Err(call.type_error("super(): no arguments")) };
    if call.cx.bank.op(class) != vocabulary().class {
        let name = call.type_name(class);
        return Err(call.type_error(&format!("super() argument 1 must be a type, not {name}")));
    }
    let own = if call.cx.bank.op(object) == vocabulary().class { object } else { call.class_of(object) };
    if !call.derives(own, class) {
        return Err(
            call.type_error("super(type, obj): obj (instance of int) is not an instance or subtype of type")
        );
    }
    Ok(call.cx.bank.make(names().super_object, &[class, object]))
}

fn super_nowhere(call: &mut Call) -> Answer {
    let missing = call.args.first().and_then(|text| call.text(*text)).unwrap_or_default();
    Err(call.raise("RuntimeError", &format!("super(): {missing}")))
}

/// `input()`; with a prompt, the library's function writes that first.
fn input(call: &mut Call) -> Answer {
    match call.args.len() {
        0 => read_line(call),
        1 => Err(Failure::Undefined),
        given => Err(call.type_error(&format!("input expected at most 1 argument, got {given}"))),
    }
}

/// `prim.read_line()`: the next line of what the run was given.
fn read_line(call: &mut Call) -> Answer {
    let given = call.module_env("sys").and_then(|env| call.lookup(env, ".stdin"));
    let text = given.and_then(|given| call.text(given)).unwrap_or_default();
    if text.is_empty() {
        return Err(call.raise("EOFError", "EOF when reading a line"));
    }
    let (line, rest) = text.split_once('\n').unwrap_or((&text, ""));
    let (line, rest) = (call.str(line), call.str(rest));
    call.set_module_name("sys", ".stdin", Some(rest));
    Ok(line)
}
