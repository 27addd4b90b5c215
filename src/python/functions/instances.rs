//! Making the instances of classes.

use egg::Id;

use crate::python::builtins;
use crate::python::builtins::support::not_modelled;
use crate::python::values::names::names;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Answer, Call, Failure, Objects, View};

impl Objects<'_, '_> {
    /// `OSError(errno, text)` is an instance of the subclass that stands for the number.
    fn os_error_class(&mut self, class: Id, args: &[Id]) -> Id {
        let merged = self.cx.constants().is_class("FileNotFoundError");
        if !merged
            || self.is_user_class(class)
            || self.class_name(class) != "OSError"
            || !(2..=5).contains(&args.len())
        {
            return class;
        }
        let number = self.integer(args[0]).and_then(|number| i32::try_from(number).ok());
        let name = match number {
            Some(1 | 13) => "PermissionError",
            Some(2) => "FileNotFoundError",
            Some(3) => "ProcessLookupError",
            Some(4) => "InterruptedError",
            Some(10) => "ChildProcessError",
            Some(11 | 114 | 115) => "BlockingIOError",
            Some(17) => "FileExistsError",
            Some(20) => "NotADirectoryError",
            Some(21) => "IsADirectoryError",
            Some(32 | 108) => "BrokenPipeError",
            Some(103) => "ConnectionAbortedError",
            Some(104) => "ConnectionResetError",
            Some(110) => "TimeoutError",
            Some(111) => "ConnectionRefusedError",
            _ => return class,
        };
        self.class(name)
    }

    /// The class of a class: `type`, or the metaclass that made it or a class which it derives from.
    pub fn metaclass(&mut self, class: Id) -> Id {
        let mut found = self.class("type");
        if !self.is_user_class(class) {
            return found;
        }
        for owner in self.mro(class).unwrap_or_default() {
            let payload = self.entry(owner).map(|entry| entry.payload);
            let held = payload.filter(|payload| self.cx.bank.op(*payload) == names().immutable);
            if let Some(made_by) = held.map(|payload| self.cx.bank.arg(payload, 0))
                && self.derives(made_by, found)
            {
                found = made_by;
            }
        }
        found
    }

    /// The docstring of a getter becomes an attribute of an instance of a class derived from property.
    fn check_documented(&mut self, property: Id) -> Answer {
        let getter = self.wrapped(property).and_then(|parts| parts.first().copied());
        let doc = getter.and_then(|getter| self.attribute(getter, "__doc__").ok().flatten());
        if doc.is_some_and(|doc| self.cx.bank.op(doc) != vocabulary().none)
            && !self.takes(property, "__doc__")
        {
            let class = self.type_name(property);
            return Err(
                self.raise("AttributeError", &format!("'{class}' object attribute '__doc__' is read-only"))
            );
        }
        Ok(property)
    }

    /// An object of a class that holds what a value of a builtin class is.
    pub fn instance_like(&mut self, class: Id, value: Id) -> Answer {
        let payload = match self.entry(value) {
            Some(entry) => entry.payload,
            None => self.cx.bank.make(names().immutable, &[value]),
        };
        Ok(self.new_object(class, payload))
    }
}

impl Call<'_, '_> {
    pub(super) fn construct_exception(&mut self, class: Id) -> Answer {
        // What a class takes that no file defines is not known.
        let order = self.mro(class).unwrap_or_default();
        if order.iter().any(|class| self.is_of_others(*class)) {
            return self.exception_of(class);
        }
        self.check_field_keywords(class)?;
        let exception = self.exception_of(class)?;
        self.keep_keywords(exception);
        Ok(exception)
    }

    /// A new exception of a class, with the arguments of the call.
    pub fn exception_of(&mut self, class: Id) -> Answer {
        let args = self.args.clone();
        let group = self.class("BaseExceptionGroup");
        if self.derives(class, group) {
            return self.made_group(class, &args);
        }
        let class = self.os_error_class(class, &args);
        self.check_fields(class, &args)?;
        Ok(self.new_exception(class, &args))
    }

    pub(super) fn construct_user(&mut self, class: Id) -> Answer {
        if let Some((owner, _)) = self.class_attribute(class, "__new__")
            && self.is_user_class(owner)
            && !self.cx.is_classic(class)
        {
            return Err(self.library_construct(class));
        }
        let init = self.class_attribute(class, "__init__").filter(|(owner, _)| self.is_user_class(*owner));
        if let Some((_, found)) = init
            && self.cx.bank.op(found) == names().object
        {
            // A descriptor: what it gives is called.
            return Err(self.library_construct(class));
        }
        let instance = self.new_instance(class, init.is_some())?;
        match init {
            Some((_, function)) => {
                let (args, keywords) = (self.args.clone(), self.keywords.clone());
                let (args, keywords) = (self.values(&args), self.keywords_of(&keywords));
                let parts = [instance, function, args, keywords];
                Err(Failure::Answered(self.answer("initialises", &parts)))
            }
            None => Ok(instance),
        }
    }

    /// The library's way to make an instance: `__new__`, then `__init__`.
    pub(super) fn library_construct(&mut self, class: Id) -> Failure {
        let atom = self.atom("construct");
        let function = self.cx.bank.make(names().library, &[atom]);
        let (mut args, keywords) = (self.args.clone(), self.keywords.clone());
        args.insert(0, class);
        self.delegate(function, &args, &keywords)
    }

    /// A new object of a class, not initialised by the program. With `lenient`, arguments are an `__init__`'s
    /// to judge.
    pub fn new_instance(&mut self, class: Id, lenient: bool) -> Answer {
        let kind = self.solid_base(class);
        match kind.as_str() {
            "BaseException" => {
                if lenient {
                    self.uninitialised(class)
                } else {
                    self.construct_exception(class)
                }
            }
            "object" => {
                let given = !self.args.is_empty() || !self.keywords.is_empty();
                if given && !lenient {
                    let name = self.class_name(class);
                    let key = if self.cx.is_classic(class) { "no-arguments-classic" } else { "no-arguments" };
                    return Err(self.raise_worded("TypeError", key, &[&name]));
                }
                self.check_concrete(class)?;
                let payload = self.cx.bank.make(names().plain, &[]);
                Ok(self.new_object(class, payload))
            }
            "type" => self.class_of_metaclass(class),
            "property" => {
                let made = builtins::run(self, "property")?;
                let property = self.instance_like(class, made)?;
                self.check_documented(property)
            }
            "list" | "dict" | "set" if lenient => {
                let (args, keywords) = (std::mem::take(&mut self.args), std::mem::take(&mut self.keywords));
                let made = builtins::run(self, &kind);
                (self.args, self.keywords) = (args, keywords);
                self.instance_like(class, made?)
            }
            _ => {
                let made = builtins::run(self, &kind)?;
                self.instance_like(class, made)
            }
        }
    }

    /// A class that a class derived from `type` makes. One that has names of its own would change what its classes do.
    fn class_of_metaclass(&mut self, metaclass: Id) -> Answer {
        if let [_, bases, _] = self.args[..]
            && let View::Tuple(bases) = self.view(bases)
        {
            self.check_made_by_type(&bases, 3)?;
        }
        for owner in self.mro(metaclass).unwrap_or_default() {
            let entry = self.entry(owner).filter(|_| self.is_user_class(owner));
            let names = entry.map(|entry| self.bindings(entry.attributes)).unwrap_or_default();
            let asked = self.cx.constants().has("class.checks");
            let matters = |name: &str| {
                !["__module__", "__qualname__", "__doc__"].contains(&name)
                    && (asked || !["__instancecheck__", "__subclasscheck__"].contains(&name))
            };
            if names.iter().any(|(name, _)| matters(name)) {
                return Err(not_modelled(self, "a metaclass with names of its own"));
            }
        }
        if self.args.len() != 3 {
            let text = format!("type.__new__() takes exactly 3 arguments ({} given)", self.args.len());
            return Err(self.type_error(&text));
        }
        let made = builtins::run(self, "type")?;
        let payload = self.cx.bank.make(names().immutable, &[metaclass]);
        self.set_payload(made, payload);
        Ok(made)
    }
}
