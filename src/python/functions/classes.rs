//! Classes: making them, making their instances, and looking attributes up.

use egg::Id;
use smallvec::smallvec;

use crate::machine::domain::{Context, Results};
use crate::python::builtins::support::{known, not_modelled};
use crate::python::functions::calls::answer_of;
use crate::python::values::names::names;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Answer, Call, Entry, Failure, View};
use crate::term::unescape;

/// `(class-built code bases keywords namespace frames world)`.
pub fn class_built(cx: &mut Context, args: &[Id]) -> Results {
    let [code, bases, keywords, namespace, frames, world] = args[..] else { return smallvec![] };
    let mut call = Call::on(cx, frames, world);
    call.keywords = call.keyword_list(keywords);
    let bases = call.cx.members(bases);
    let code = call.code(code);
    let named = Named { name: code.name, qualname: code.qualname, module: code.module };
    let names_of = call.cx.bank.arg(namespace, 0);
    let answer = call.build_class(named, &bases, names_of);
    smallvec![answer_of(&mut call, "class", answer)]
}

/// The names of a class that is being made.
#[derive(Debug, Clone)]
pub struct Named {
    /// `__name__`.
    pub name: String,
    /// `__qualname__`.
    pub qualname: String,
    /// `__module__`.
    pub module: String,
}

/// Methods that are wrapped because of their names.
const IMPLICIT: [(&str, &str); 3] =
    [("__init_subclass__", "classmethod"), ("__class_getitem__", "classmethod"), ("__new__", "staticmethod")];

impl Call<'_, '_> {
    /// Makes a class with these bases and what its body, or a dict, bound.
    pub fn build_class(&mut self, mut code: Named, bases: &[Id], names_of: Id) -> Answer {
        for base in bases {
            known(self, *base)?;
        }
        self.check_bases(&code, bases, names_of)?;
        if code.module == "builtins" {
            // Classes of the library whose names start so are found by no program.
            code.name = code.name.trim_start_matches('_').to_string();
            code.qualname = code.qualname.trim_start_matches('_').to_string();
        }
        let cell = self.lookup(names_of, "&__class__");
        let mut attributes = self.bindings(names_of);
        attributes.retain(|(name, _)| !name.starts_with('&') && !name.starts_with('.'));
        for (name, text) in [("__module__", code.module.clone()), ("__qualname__", code.qualname.clone())] {
            if !attributes.iter().any(|(known, _)| known == name) {
                let text = self.str(&text);
                attributes.push((name.to_string(), text));
            }
        }
        if attributes.iter().any(|(name, _)| name == "__eq__")
            && !attributes.iter().any(|(name, _)| name == "__hash__")
        {
            let none = self.none();
            attributes.push(("__hash__".into(), none));
        }
        for (name, value) in &mut attributes {
            let kind = IMPLICIT.iter().find(|(method, _)| method == name).map(|(_, kind)| *kind);
            if let Some(kind) = kind.filter(|_| self.cx.bank.op(*value) == names().routine) {
                *value = self.wrapper(kind, &[*value]);
            }
        }
        let payload = self.cx.bank.make(names().plain, &[]);
        let reference = self.allocate(payload);
        let class = self.class_value(&code.name, reference, bases);
        if self.mro(class).is_none() || self.object_comes_early(bases) {
            return Err(self.no_order(bases));
        }
        if let Some(names) = self.abstract_names(class, &attributes) {
            attributes.push(("__abstractmethods__".into(), names));
        }
        let attributes = self.env(&attributes);
        self.set_entry(class, Entry { payload, attributes });
        if let Some(cell) = cell {
            let content = self.cx.bank.make(names().immutable, &[class]);
            self.set_payload(cell, content);
        }
        self.announce(class)
    }

    /// The methods that a new class derived from `ABC` leaves to those that derive from it: a frozenset.
    fn abstract_names(&mut self, class: Id, attributes: &[(String, Id)]) -> Option<Id> {
        let bases = self.bases(class);
        let marked = attributes.iter().any(|(name, _)| name == "_abc_impl");
        if !marked && !bases.iter().any(|base| self.class_attribute(*base, "_abc_impl").is_some()) {
            return None;
        }
        let mut found: Vec<String> = Vec::new();
        for (name, value) in attributes {
            if self.is_abstract(*value) {
                found.push(name.clone());
            }
        }
        for name in bases.into_iter().flat_map(|base| self.names_left(base)).collect::<Vec<_>>() {
            let own = attributes.iter().any(|(known, _)| *known == name);
            let inherited = self.next_attribute(class, class, &name).map(|(_, value)| value);
            if !own && !found.contains(&name) && inherited.is_some_and(|value| self.is_abstract(value)) {
                found.push(name);
            }
        }
        let names: Vec<Id> = found.iter().map(|name| self.str(name)).collect();
        Some(self.set("frozenset", &names))
    }

    /// The names of a class's abstract methods.
    fn names_left(&mut self, class: Id) -> Vec<String> {
        let Some(names) = self.own_attribute(class, "__abstractmethods__") else { return Vec::new() };
        let View::Set(names) = self.view(names) else { return Vec::new() };
        names.into_iter().filter_map(|name| self.text(name)).collect()
    }

    /// Whether a method is marked as abstract, or a property or another wrapper has one that is.
    fn is_abstract(&mut self, value: Id) -> bool {
        let op = self.cx.bank.op(value);
        if op == names().object {
            let parts = self.wrapped(value).unwrap_or_default();
            return parts.into_iter().any(|part| self.is_abstract(part));
        }
        let mark =
            if op == names().routine { self.own_attribute(value, "__isabstractmethod__") } else { None };
        mark.is_some_and(|mark| self.cx.bank.op(mark) == vocabulary().yes)
    }

    /// That a class has no abstract methods.
    fn check_concrete(&mut self, class: Id) -> Result<(), Failure> {
        let mut names = self.names_left(class);
        if names.is_empty() {
            return Ok(());
        }
        names.sort();
        let class = self.class_name(class);
        let plural = if names.len() == 1 { "" } else { "s" };
        let names: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
        let names = names.join(", ");
        let text = format!(
            "Can't instantiate abstract class {class} without an implementation for abstract method{plural} {names}"
        );
        Err(self.type_error(&text))
    }

    /// The attributes and the bases of a new class learn of it, where they have methods for that.
    fn announce(&mut self, class: Id) -> Answer {
        let attributes = self.entry(class).map(|entry| self.bindings(entry.attributes)).unwrap_or_default();
        let mut told = Vec::new();
        for (name, value) in attributes {
            let kind = self.class_of(value);
            if self.class_attribute(kind, "__set_name__").is_some_and(|(owner, _)| self.is_user_class(owner))
            {
                let name = self.str(&name);
                told.push(self.tuple(&[name, value]));
            }
        }
        let hook = self.next_attribute(class, class, "__init_subclass__");
        let asks = hook.is_some_and(|(owner, _)| self.is_user_class(owner));
        if told.is_empty() && self.keywords.is_empty() && !asks {
            return Ok(class);
        }
        let atom = self.atom("announce");
        let function = self.cx.bank.make(names().library, &[atom]);
        let (told, keywords) = (self.tuple(&told), self.keywords.clone());
        Err(self.delegate(function, &[class, told], &keywords))
    }

    /// The attribute that the classes after one have, in the order of another.
    pub fn next_attribute(&mut self, class: Id, after: Id, name: &str) -> Option<(Id, Id)> {
        let order = self.mro(class)?;
        let rest: Vec<Id> = order.into_iter().skip_while(|class| *class != after).skip(1).collect();
        rest.into_iter().find_map(|owner| Some((owner, self.attribute_in(owner, name)?)))
    }

    fn class_value(&mut self, name: &str, reference: Id, bases: &[Id]) -> Id {
        let object = self.class("object");
        let mut list = self.cx.bank.node("no-bases", []);
        let bases = if bases.is_empty() { &[object][..] } else { bases };
        for base in bases.iter().rev() {
            list = self.cx.bank.node("bases", [*base, list]);
        }
        let name = self.atom(name);
        self.cx.bank.make(vocabulary().class, &[name, reference, list])
    }

    fn check_bases(&mut self, code: &Named, bases: &[Id], names_of: Id) -> Result<(), Failure> {
        for (place, base) in bases.iter().enumerate() {
            if self.cx.bank.op(*base) != vocabulary().class {
                return Err(self.no_class(code, *base, bases, names_of));
            }
            if bases[..place].contains(base) {
                let name = self.class_name(*base);
                return Err(self.type_error(&format!("duplicate base class {name}")));
            }
            let name = self.class_name(*base);
            if !self.is_user_class(*base) && Call::is_final_type(&name) {
                return Err(self.type_error(&format!("type '{name}' is not an acceptable base type")));
            }
        }
        self.check_layout(bases)
    }

    /// A base that is no class: it says which classes stand for it, or its class is called in the place of `type`.
    fn no_class(&mut self, code: &Named, base: Id, bases: &[Id], names_of: Id) -> Failure {
        if self.cx.bank.op(base) == vocabulary().none {
            return self.type_error("NoneType takes no arguments");
        }
        let entries = self.bindings(names_of);
        let entries: Vec<(Id, Id)> = entries.iter().map(|(name, value)| (self.str(name), *value)).collect();
        let args = vec![self.str(&code.name), self.tuple(bases), self.dict(&entries)];
        let kind = self.class_of(base);
        if self.class_attribute(kind, "__mro_entries__").is_some() {
            let atom = self.atom("class_of_entries");
            let function = self.cx.bank.make(names().library, &[atom]);
            let (qualname, module) = (self.str(&code.qualname), self.str(&code.module));
            let (args, keywords) = ([&args[..], &[qualname, module]].concat(), self.keywords.clone());
            return self.delegate(function, &args, &keywords);
        }
        Failure::Delegated(kind, args)
    }

    /// Two bases with different contents cannot be one object.
    fn check_layout(&mut self, bases: &[Id]) -> Result<(), Failure> {
        let layouts: Vec<Id> = bases.iter().filter_map(|base| self.layout(*base)).collect();
        for one in &layouts {
            for other in &layouts {
                if !self.derives(*one, *other) && !self.derives(*other, *one) {
                    return Err(self.type_error("multiple bases have instance lay-out conflict"));
                }
            }
        }
        Ok(())
    }

    /// The builtin class whose layout the instances of a class have, unless that is plain.
    fn layout(&mut self, class: Id) -> Option<Id> {
        const LAYOUTS: &str = "int str float list dict tuple set bytes frozenset type property BaseException \
            OSError StopIteration SystemExit ImportError NameError AttributeError SyntaxError \
            UnicodeDecodeError UnicodeEncodeError UnicodeTranslateError BaseExceptionGroup";
        self.mro(class)?.into_iter().find(|class| {
            let name = self.class_name(*class);
            !self.is_user_class(*class) && LAYOUTS.split_whitespace().any(|layout| layout == name)
        })
    }

    /// The builtin class that decides what an instance holds: `BaseException`, `list`, … or `object`.
    pub fn solid_base(&mut self, class: Id) -> String {
        let order = self.mro(class).unwrap_or_default();
        let builtin = order.into_iter().filter(|class| !self.is_user_class(*class)).collect::<Vec<_>>();
        let names: Vec<String> = builtin.into_iter().map(|class| self.class_name(class)).collect();
        if names.iter().any(|name| name == "BaseException") {
            return "BaseException".into();
        }
        names.into_iter().next().unwrap_or_else(|| "object".into())
    }

    /// Whether `object` stands before a class that derives from it.
    fn object_comes_early(&mut self, bases: &[Id]) -> bool {
        let object = self.class("object");
        bases.split_last().is_some_and(|(_, earlier)| earlier.contains(&object))
    }

    fn no_order(&mut self, bases: &[Id]) -> Failure {
        let bases: Vec<String> = bases.iter().map(|base| self.class_name(*base)).collect();
        let text = format!(
            "Cannot create a consistent method resolution order (MRO) for bases {}",
            bases.join(", ")
        );
        self.type_error(&text)
    }

    // ---- instances ----------------------------------------------------------------------------------------

    /// Calls a class; the name is that of the library's function that takes over.
    pub(super) fn construct(&mut self, class: Id) -> (String, Answer) {
        let name = self.class_name(class);
        if self.is_user_class(class) {
            let answer = match self.construct_user(class) {
                Err(Failure::Undefined) => Err(self.library_construct(class)),
                answer => answer,
            };
            return ("construct".into(), answer);
        }
        if self.cx.builtin_class(&name).is_some() {
            return (name.clone(), self.construct_exception(class));
        }
        let answer = self.run(&name);
        (name, answer)
    }

    fn construct_exception(&mut self, class: Id) -> Answer {
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
            return self.new_group(class, &args);
        }
        let class = self.os_error_class(class, &args);
        self.check_fields(class, &args)?;
        Ok(self.new_exception(class, &args))
    }

    /// `OSError(errno, text)` is an instance of the subclass that stands for the number.
    fn os_error_class(&mut self, class: Id, args: &[Id]) -> Id {
        if self.is_user_class(class) || self.class_name(class) != "OSError" || !(2..=5).contains(&args.len())
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

    fn construct_user(&mut self, class: Id) -> Answer {
        if let Some((owner, _)) = self.class_attribute(class, "__new__")
            && self.is_user_class(owner)
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
                let parts = [instance, function, args, keywords, self.world];
                Err(Failure::Answered(self.cx.bank.node("initialises", parts)))
            }
            None => Ok(instance),
        }
    }

    /// The library's way to make an instance: `__new__`, then `__init__`.
    fn library_construct(&mut self, class: Id) -> Failure {
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
                    return Err(self.type_error(&format!("{name}() takes no arguments")));
                }
                self.check_concrete(class)?;
                let payload = self.cx.bank.make(names().plain, &[]);
                Ok(self.new_object(class, payload))
            }
            "type" => Err(not_modelled(self, "a metaclass")),
            "property" => {
                let made = self.run("property")?;
                let property = self.instance_like(class, made)?;
                self.check_documented(property)
            }
            "list" | "dict" | "set" if lenient => {
                let (args, keywords) = (std::mem::take(&mut self.args), std::mem::take(&mut self.keywords));
                let made = self.run(&kind);
                (self.args, self.keywords) = (args, keywords);
                self.instance_like(class, made?)
            }
            _ => {
                let made = self.run(&kind)?;
                self.instance_like(class, made)
            }
        }
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

    // ---- attributes ---------------------------------------------------------------------------------------

    /// A class attribute as reading it through an object, or through the class, gives it.
    pub fn bind_attribute(&mut self, found: Id, object: Option<Id>, class: Id) -> Answer {
        let op = self.cx.bank.op(found);
        if op == names().builtin && !self.is_method(found) {
            return Ok(found);
        }
        if op == names().builtin
            && ["dict.fromkeys", "int.from_bytes"].contains(&self.cx.name(self.cx.bank.arg(found, 0)))
        {
            return Ok(self.cx.bank.make(names().method, &[found, class]));
        }
        if op == names().routine || op == names().library || op == names().builtin {
            return Ok(match object {
                Some(object) => self.cx.bank.make(names().method, &[found, object]),
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

    /// Whether a builtin function is a method of a builtin class; `len` and `math.sqrt` are none.
    fn is_method(&self, function: Id) -> bool {
        let name = unescape(self.cx.name(self.cx.bank.arg(function, 0)));
        let class = name.rsplit_once('.').filter(|(_, method)| *method != "__new__").map(|(class, _)| class);
        class.is_some_and(|class| Call::is_type(class) || self.cx.constants().is_class(class))
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

    /// `<class '__main__.C'>`.
    pub fn class_repr(&mut self, class: Id) -> String {
        let text = |call: &Self, name: &str| call.own_attribute(class, name).and_then(|id| call.text(id));
        match (text(self, "__module__"), text(self, "__qualname__")) {
            (Some(module), Some(qualname)) if module != "builtins" => {
                format!("<class '{module}.{qualname}'>")
            }
            (Some(_), Some(qualname)) => format!("<class '{qualname}'>"),
            _ => format!("<class '{}'>", self.class_name(class)),
        }
    }
}
