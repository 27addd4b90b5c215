//! Classes: making them, making their instances, and looking attributes up.

use egg::Id;
use smallvec::smallvec;

use crate::machine::domain::{Context, Results};
use crate::python::builtins;
use crate::python::builtins::support::known;
use crate::python::functions::answers::answer_of;
use crate::python::values::Named;
use crate::python::values::names::names;
use crate::python::values::types;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Answer, Call, Entry, Failure, Objects, View};

/// `(class-built code bases keywords namespace frames world)`.
pub fn class_built(cx: &mut Context, args: &[Id]) -> Results {
    let [code, bases, keywords, namespace, frames, world] = args[..] else { return smallvec![] };
    let mut call = Call::on(cx, frames, world);
    call.keywords = call.keyword_list(keywords);
    let bases = call.cx.members(bases);
    let code = call.code(code);
    let named = Named { name: code.name, qualname: code.qualname, module: code.module };
    let names_of = call.cx.bank.arg(namespace, 0);
    let answer = match call.bases_by_name(bases, names_of, &named.module) {
        Ok(bases) => call.build_class(named, &bases, names_of),
        Err(failure) => Err(failure),
    };
    smallvec![answer_of(&mut call, "class", answer)]
}

/// `(tuple-within value world)`.
pub fn tuple_within(cx: &mut Context, args: &[Id]) -> Results {
    let [value, world] = args[..] else { return smallvec![] };
    if cx.bank.op(value) != names().object {
        return smallvec![];
    }
    let call = Objects::of(cx, world);
    let payload = call.entry(value).map(|entry| entry.payload);
    let held = payload.filter(|payload| call.cx.bank.op(*payload) == names().immutable);
    let held = held.map(|payload| call.cx.bank.arg(payload, 0));
    held.filter(|held| call.cx.bank.op(*held) == vocabulary().tuple).into_iter().collect()
}

/// Methods that are wrapped because of their names.
const IMPLICIT: [(&str, &str); 3] =
    [("__init_subclass__", "classmethod"), ("__class_getitem__", "classmethod"), ("__new__", "staticmethod")];

impl Objects<'_, '_> {
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
    pub(super) fn check_concrete(&mut self, class: Id) -> Result<(), Failure> {
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

    /// That classes may be made by calling `type`, and from these bases.
    ///
    /// # Errors
    /// What the version says of that.
    pub fn check_made_by_type(&mut self, bases: &[Id], given: usize) -> Result<(), Failure> {
        if !self.cx.constants().has("class.types") {
            let given = given.to_string();
            let text = self.cx.constants().worded("type-arity", &[&given]);
            return Err(self.type_error(&text));
        }
        let is_classic =
            |base: &Id| self.cx.bank.op(*base) == vocabulary().class && self.cx.is_classic(*base);
        if !bases.is_empty() && bases.iter().all(is_classic) {
            return Err(self.type_error("a new-style class can't have only classic bases"));
        }
        Ok(())
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
        let is_builtin = |class: &Id| !self.is_user_class(*class) && !self.is_root(*class);
        let builtin = order.iter().copied().filter(is_builtin).collect::<Vec<_>>();
        let names: Vec<String> = builtin.into_iter().map(|class| self.class_name(class)).collect();
        let base = self.class("BaseException");
        if order.contains(&base) {
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

    // ---- attributes ---------------------------------------------------------------------------------------

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
        if self.cx.constants().has("class.eq-unhashes")
            && attributes.iter().any(|(name, _)| name == "__eq__")
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
            if code.module != "builtins"
                && !self.cx.constants().has("class.types")
                && !self.cx.is_classic(*base)
            {
                return Err(self.type_error("base is not a class object"));
            }
            if !self.is_user_class(*base) && types::is_final_type(&name) {
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

    /// That a class of the library that stands for one of C is called as that is.
    fn check_library_class(&mut self, class: Id, name: &str) -> Result<(), Failure> {
        if builtins::find(name).is_none() {
            return Ok(());
        }
        let module = self.own_attribute(class, "__module__").and_then(|module| self.text(module));
        if module.as_deref() == Some("builtins") { builtins::check(self, name) } else { Ok(()) }
    }

    /// Calls a class; the name is that of the library's function that takes over.
    pub(super) fn construct(&mut self, class: Id) -> (String, Answer) {
        let name = self.class_name(class);
        if self.is_user_class(class) {
            if let Err(failure) = self.check_library_class(class, &name) {
                return (name, Err(failure));
            }
            let answer = match self.construct_user(class) {
                Err(Failure::Undefined) => Err(self.library_construct(class)),
                answer => answer,
            };
            return ("construct".into(), answer);
        }
        if self.cx.is_of_others(class) {
            return (name, self.exception_of(class));
        }
        if self.cx.builtin_class(&name).is_some() {
            return (name.clone(), self.construct_exception(class));
        }
        let answer = builtins::run(self, &name);
        (name, answer)
    }
}
