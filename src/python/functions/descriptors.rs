//! What reading an attribute of a class makes of it: methods, properties and other descriptors.

use egg::Id;

use crate::python::builtins;
use crate::python::builtins::signatures::Receiver;
use crate::python::values::names::names;
use crate::python::values::types;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Answer, Entry, Failure, Objects, View};

impl Objects<'_, '_> {
    /// A class attribute as reading it through an object, or through the class, gives it.
    pub fn bind_attribute(&mut self, found: Id, object: Option<Id>, class: Id) -> Answer {
        let op = self.cx.bank.op(found);
        if op == names().builtin {
            match self.receiver(found) {
                Receiver::None => return Ok(found),
                Receiver::Class => return Ok(self.cx.bank.make(names().method, &[found, class])),
                Receiver::Object(_) => {}
            }
        }
        if op == names().routine || op == names().library || op == names().builtin {
            return Ok(match object {
                Some(object) => self.cx.bank.make(names().method, &[found, object]),
                None if op == names().routine => self.unbound(found, class),
                None => found,
            });
        }
        if op != names().object {
            return Ok(found);
        }
        let kind = self.type_name(found);
        match (kind.as_str(), self.wrapped(found), object) {
            ("staticmethod", Some(parts), _) => Ok(parts[0]),
            ("classmethod", Some(parts), _) => Ok(self.cx.bank.make(names().method, &[parts[0], class])),
            ("property", Some(parts), Some(object)) => {
                if self.cx.bank.op(parts[0]) == vocabulary().none {
                    return Err(self.unreadable(found, object));
                }
                Err(Failure::Delegated(parts[0], vec![object]))
            }
            ("property", ..) => Ok(found),
            _ => self.bind_descriptor(found, object, class),
        }
    }

    /// What a builtin function is a method of, if of anything; `len` and `math.sqrt` are of nothing.
    fn receiver(&self, function: Id) -> Receiver {
        let name = self.cx.name(self.cx.bank.arg(function, 0));
        if let Some(signature) = builtins::find(name).and_then(|builtin| builtin.signature.as_ref()) {
            return signature.receiver();
        }
        let class = name.rsplit_once('.').filter(|(_, method)| *method != "__new__").map(|(class, _)| class);
        match class.filter(|class| types::is_type(class) || self.cx.constants().is_class(class)) {
            Some(class) => Receiver::Object(class),
            None => Receiver::None,
        }
    }

    fn unreadable(&mut self, property: Id, object: Id) -> Failure {
        let name = self.property_name(property);
        let class = self.type_name(object);
        self.raise("AttributeError", &format!("property '{name}' of '{class}' object has no getter"))
    }

    /// The name of the function that a property was made from.
    pub fn property_name(&mut self, property: Id) -> String {
        let parts = self.wrapped(property).unwrap_or_default();
        let routine = parts.into_iter().find(|part| self.cx.bank.op(*part) == names().routine);
        routine.map_or_else(String::new, |routine| {
            let code = self.code_of(routine);
            self.code(code).name
        })
    }

    /// An object whose class has `__get__`.
    fn bind_descriptor(&mut self, found: Id, object: Option<Id>, class: Id) -> Answer {
        let own = self.class_of(found);
        let Some((_, getter)) = self.class_attribute(own, "__get__") else { return Ok(found) };
        let none = self.none();
        Err(Failure::Delegated(getter, vec![found, object.unwrap_or(none), class]))
    }

    /// A property, staticmethod or classmethod of these parts.
    pub fn wrapper(&mut self, class: &str, parts: &[Id]) -> Id {
        let parts = self.tuple(parts);
        let payload = self.cx.bank.make(names().immutable, &[parts]);
        let class = self.class(class);
        self.new_object(class, payload)
    }

    /// The parts of a property, staticmethod or classmethod.
    pub fn wrapped(&self, value: Id) -> Option<Vec<Id>> {
        let Entry { payload, .. } = self.entry(value)?;
        let node = self.cx.bank.get(payload);
        (node.op == names().immutable).then(|| match self.view(node.args[0]) {
            View::Tuple(parts) => parts,
            _ => vec![node.args[0]],
        })
    }
}
