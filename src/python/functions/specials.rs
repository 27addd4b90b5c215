//! Where special methods are looked up: on the class of a value, and before Python 3.0 on an instance of a classic class itself.

use egg::Id;

use crate::python::values::names::names;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Answer, Failure, Objects, View};

/// What a classic class alone is asked for, and no instance of it.
const OF_CLASS: [&str; 4] = ["__getattr__", "__setattr__", "__delattr__", "__set_name__"];

/// What instances of classic classes are never asked for.
const NEVER: [&str; 4] = ["__getattribute__", "__get__", "__set__", "__delete__"];

/// The builtin function that is called where a method was read from its class, before Python 3.0.
pub const UNBOUND: &str = "unbound_method";

impl Objects<'_, '_> {
    /// A function as reading it from a class gives it: before Python 3.0 a method that checks what it is called with.
    pub fn unbound(&mut self, function: Id, class: Id) -> Id {
        if !self.cx.constants().has("method.unbound") || !self.is_of_program(class) {
            return function;
        }
        let (atom, parts) = (self.atom(UNBOUND), self.tuple(&[function, class]));
        let checking = self.cx.bank.make(names().builtin, &[atom]);
        self.cx.bank.make(names().method, &[checking, parts])
    }

    /// The function and the class of such a method.
    pub fn unbound_parts(&self, value: Id) -> Option<[Id; 2]> {
        let node = self.cx.bank.get(value);
        let function = self.cx.bank.get(*node.args.first().filter(|_| node.op == names().method)?);
        let checks = function.op == names().builtin && self.cx.name(function.args[0]) == UNBOUND;
        match self.view(node.args[1]) {
            View::Tuple(parts) if checks => parts.try_into().ok(),
            _ => None,
        }
    }

    /// Whether a value is an instance of a classic class, and no exception.
    pub fn is_classic_object(&mut self, value: Id) -> bool {
        self.cx.constants().knows_classic()
            && self.cx.bank.op(value) == names().object
            && self.is_classic_instance(value)
    }

    /// Whether a special method is looked for on a value itself, and not on its class alone.
    pub fn is_asked_itself(&mut self, value: Id, name: &str) -> bool {
        self.is_classic_object(value) && !OF_CLASS.contains(&name)
    }

    /// What looking a special method up comes to; `None` where there is none.
    pub fn look_up(&mut self, value: Id, name: &str) -> Option<Answer> {
        if self.cx.bank.op(value) == vocabulary().unknown {
            return Some(Ok(self.unknown_attribute(value, name)));
        }
        if self.is_asked_itself(value, name) {
            return self.look_up_in_instance(value, name);
        }
        let class = self.class_of(value);
        let (_, found) = self.special_attribute(class, name)?;
        Some(self.bind_attribute(found, Some(value), class))
    }

    /// A special method of an instance of a classic class: an attribute like any other, for which `__getattr__` is asked, too.
    fn look_up_in_instance(&mut self, value: Id, name: &str) -> Option<Answer> {
        if NEVER.contains(&name) {
            return None;
        }
        let early = self.cx.constants().early_name(name).to_string();
        match self.attribute(value, &early) {
            Ok(Some(found)) => Some(Ok(found)),
            Err(failure) => Some(Err(failure)),
            Ok(None) if self.has_fallback(value) => {
                let args = vec![value, self.str(&early)];
                Some(Err(Failure::Delegated(self.library("classic_special"), args)))
            }
            Ok(None) => None,
        }
    }

    /// A function of the library.
    pub fn library(&mut self, name: &str) -> Id {
        let atom = self.atom(name);
        self.cx.bank.make(names().library, &[atom])
    }

    /// A special method as the classes have it: in those of programs of a version before Python 3.0 some have other names.
    pub fn special_attribute(&mut self, class: Id, name: &str) -> Option<(Id, Id)> {
        if !self.cx.constants().knows_classic() {
            return self.class_attribute(class, name);
        }
        let early = self.cx.constants().early_name(name).to_string();
        let order = self.mro(class)?;
        order.into_iter().find_map(|owner| {
            let name = if self.is_of_program(owner) { &early } else { name };
            Some((owner, self.attribute_in(owner, name)?))
        })
    }

    /// Whether a class was made by the program, and not by the library.
    pub fn is_of_program(&self, class: Id) -> bool {
        let module = self.own_attribute(class, "__module__").and_then(|module| self.text(module));
        self.cx.is_user_class(class)
            && !module.is_some_and(|module| self.cx.constants().is_of_library(&module))
    }
}

impl Objects<'_, '_> {
    /// The function of the library that takes over from a primitive: where the first argument is an instance of a classic class, or
    /// one of several operands, that for those, if there is one.
    pub fn successor(&mut self, name: &str, args: &[Id]) -> String {
        let name = name.replace('.', "_");
        if !self.cx.constants().knows_classic() {
            return name;
        }
        let mut classic = args.iter().map(|arg| self.is_classic_object(*arg));
        let first = classic.next() == Some(true);
        let words = [("classic", first), ("classics", first || classic.any(|is| is))];
        let functions =
            words.into_iter().filter(|(_, takes)| *takes).map(|(word, _)| format!("{word}_{name}"));
        let known =
            functions.collect::<Vec<_>>().into_iter().find(|name| self.cx.library_code(name).is_some());
        known.unwrap_or(name)
    }
}
