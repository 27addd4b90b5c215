//! Classes: those of values, their order and their attributes.

use egg::{Id, Symbol};
use rustc_hash::FxHashMap;

use super::{Call, Failure, Objects};
use crate::machine::domain::Context;
use crate::python::values::names::names;
use crate::python::values::vocabulary::vocabulary;
use crate::term::unescape;

/// The class that every classic class of a program derives from, which no program can name.
pub const CLASSIC: &str = "instance";

/// Types before Python 3.0 that are another one today: what is a method of that is one of theirs.
const KIN: [(&str, &str); 2] = [("long", "int"), ("unicode", "str")];

impl Context<'_> {
    /// A builtin class by name: an exception class of the book, or a type of `BASES`.
    pub fn class(&mut self, name: &str) -> Id {
        if let Some(class) = self.builtin_class(name) {
            return class;
        }
        let base = BASES.iter().find(|(class, _)| *class == name).map(|(_, base)| *base);
        let base = match name {
            "str" | "unicode" if self.constants().has("__main__.basestring") => Some("basestring"),
            _ => base,
        };
        let bases = self.bank.node("no-bases", []);
        let bases = match (name, base) {
            ("object", _) => bases,
            (_, base) => {
                let base = self.class(base.unwrap_or("object"));
                self.bank.node("bases", [base, bases])
            }
        };
        let name = self.atom(name);
        let label = self.bank.node("builtin", []);
        self.bank.make(vocabulary().class, &[name, label, bases])
    }

    /// A class's name, as messages have it.
    pub fn class_name(&self, class: Id) -> String {
        unescape(self.name(self.bank.arg(class, 0)))
    }

    /// The direct bases of a class, `object` not counted.
    pub fn bases(&self, class: Id) -> Vec<Id> {
        let mut found = Vec::new();
        let mut bases = self.bank.arg(class, 2);
        while let [first, rest] = self.bank.get(bases).args[..] {
            found.push(first);
            bases = rest;
        }
        found
    }

    /// Whether the class was made by a `class` statement.
    pub fn is_user_class(&self, class: Id) -> bool {
        self.bank.op(self.bank.arg(class, 1)) == names().reference
    }

    /// Whether neither Python nor a file at hand says what the class is.
    pub fn is_of_others(&self, class: Id) -> bool {
        !self.is_user_class(class) && self.name(self.bank.arg(class, 1)) != "builtin"
    }

    /// Whether a class is another or derives from it.
    pub fn derives(&mut self, class: Id, base: Id) -> bool {
        self.mro(class).is_some_and(|order| order.contains(&base))
    }

    /// The classes in which attributes are looked up, by C3 linearisation, `object` last;
    /// `None` where the bases have no consistent order.
    pub fn mro(&mut self, class: Id) -> Option<Vec<Id>> {
        if self.is_classic(class) {
            return Some(self.classic_order(class));
        }
        let object = self.class("object");
        let mut order = self.linearise(class, object, &mut FxHashMap::default())?;
        order.retain(|class| !self.is_root(*class));
        order.push(object);
        Some(order)
    }

    /// The order of a class without `object`; `known` has those of other classes.
    fn linearise(
        &mut self,
        class: Id,
        object: Id,
        known: &mut FxHashMap<Id, Option<Vec<Id>>>,
    ) -> Option<Vec<Id>> {
        let (mut order, mut class) = (Vec::new(), class);
        while class != object {
            order.push(class);
            let bases: Vec<Id> = self.bases(class).into_iter().filter(|base| *base != object).collect();
            match bases[..] {
                [] => return Some(order),
                [only] => class = only,
                _ => {
                    if !known.contains_key(&class) {
                        let merged = self.merged_orders(bases, object, known);
                        known.insert(class, merged);
                    }
                    order.extend(known.get(&class)?.as_ref()?);
                    return Some(order);
                }
            }
        }
        Some(order)
    }

    /// The orders of several bases, and of the bases themselves, as one.
    fn merged_orders(
        &mut self,
        bases: Vec<Id>,
        object: Id,
        known: &mut FxHashMap<Id, Option<Vec<Id>>>,
    ) -> Option<Vec<Id>> {
        let mut lists = Vec::new();
        for base in &bases {
            lists.push(self.linearise(*base, object, known)?);
        }
        lists.push(bases);
        let mut order = Vec::new();
        loop {
            lists.retain(|list| !list.is_empty());
            if lists.is_empty() {
                return Some(order);
            }
            let heads = lists.iter().map(|list| list[0]);
            let next = heads.into_iter().find(|head| lists.iter().all(|list| !list[1..].contains(head)))?;
            order.push(next);
            for list in &mut lists {
                list.retain(|class| *class != next);
            }
        }
    }
}

impl Objects<'_, '_> {
    /// The class of a value.
    pub fn class_of(&mut self, value: Id) -> Id {
        let node = self.cx.bank.get(value);
        let (op, first) = (node.op, node.args.first().copied());
        match (op.as_str(), first) {
            ("object" | "exception", Some(class)) => class,
            ("none", _) => self.class("NoneType"),
            ("true" | "false", _) => self.class("bool"),
            ("class", _) => self.metaclass(value),
            ("routine" | "library" | "function", _) => self.class("function"),
            ("builtin", Some(name)) if self.cx.name(name) == "traceback" => self.class("traceback"),
            ("builtin" | "print-builtin" | "isinstance-builtin", _) => {
                self.class("builtin_function_or_method")
            }
            ("method", Some(_)) if self.unbound_parts(value).is_some() => self.class("method"),
            ("method", Some(function)) if self.cx.bank.op(function) == names().builtin => {
                self.class("builtin_function_or_method")
            }
            ("method", _) => self.class("method"),
            ("not-implemented", _) => self.class("NotImplementedType"),
            ("super-object", _) => self.class("super"),
            (other, _) => self.class(other),
        }
    }

    /// The name of a class, which the program may have changed.
    pub fn given_name(&self, class: Id) -> String {
        let given = self.own_attribute(class, "__name__").and_then(|name| self.text(name));
        given.unwrap_or_else(|| self.class_name(class))
    }

    /// Before Python 3.0 what is said of a builtin exception class names its module.
    pub fn shown_module(&self, class: Id) -> &'static str {
        let early = self.cx.constants().has("class.classic");
        let builtin =
            early && !self.is_user_class(class) && self.cx.constants().is_class(&self.class_name(class));
        if builtin { "exceptions." } else { "" }
    }

    /// The name of a value's class, as messages have it.
    pub fn type_name(&mut self, value: Id) -> String {
        if self.cx.bank.op(value) == vocabulary().unknown {
            self.named = Some(value);
        }
        if self.is_classic_object(value) {
            return CLASSIC.into();
        }
        let class = self.class_of(value);
        let name = self.given_name(class);
        // Of C's classes messages have the module, too.
        if ["OrderedDict", "defaultdict", "deque"].contains(&name.as_str())
            && let Some(module) = self.own_attribute(class, "__module__")
            && self.text(module).as_deref() == Some("collections")
        {
            return format!("collections.{name}");
        }
        self.type_called(class).unwrap_or(name)
    }

    /// What the version calls a builtin class, where that is another name.
    pub fn type_called(&self, class: Id) -> Option<String> {
        let early = self.cx.constants().type_called(&self.class_name(class));
        early.filter(|_| !self.is_user_class(class))
    }

    /// Whether a value is a long integer, or an object that holds one.
    pub fn is_long(&self, value: Id) -> bool {
        self.plain_op(value) == names().long
    }

    /// Whether a value is a Unicode string, or an object that holds one.
    pub fn is_unicode(&self, value: Id) -> bool {
        self.plain_op(value) == names().unicode
    }

    /// The constructor of a value, or of the immutable value that an object holds.
    fn plain_op(&self, value: Id) -> Symbol {
        let op = self.cx.bank.op(value);
        if op != names().object {
            return op;
        }
        let held = self.holding(value).map(|payload| self.cx.bank.get(payload));
        let inner = held.filter(|held| held.op == names().immutable).and_then(|held| held.args.first());
        inner.map_or(op, |inner| self.cx.bank.op(*inner))
    }

    /// The type of a value as programs are told it; all classic classes, and all their instances, have one type.
    pub fn told_type(&mut self, value: Id) -> Id {
        if self.cx.bank.op(value) == vocabulary().class && self.cx.is_classic(value) {
            return self.class("classobj");
        }
        if self.is_classic_instance(value) {
            return self.class(CLASSIC);
        }
        self.class_of(value)
    }

    /// Whether a value is an instance of a builtin class or of one that derives from it.
    pub fn is_a(&mut self, value: Id, class: &str) -> bool {
        let (own, class) = (self.class_of(value), self.class(class));
        self.derives(own, class)
    }

    /// An attribute as the classes have it, with no binding: the class that defines it and its value.
    pub fn class_attribute(&mut self, class: Id, name: &str) -> Option<(Id, Id)> {
        self.mro(class)?.into_iter().find_map(|owner| Some((owner, self.attribute_in(owner, name)?)))
    }

    /// An attribute that a class itself has.
    pub fn attribute_in(&mut self, class: Id, name: &str) -> Option<Id> {
        if self.is_user_class(class) {
            let own = self.own_attribute(class, name);
            // What the library names as it is named today, programs of a version may know by another name.
            let today = || self.cx.constants().name_today(name).filter(|_| !self.is_of_program(class));
            return own.or_else(|| self.own_attribute(class, today()?));
        }
        let class_name = self.class_name(class);
        let found = self.builtin_member(&class_name, name);
        // Where there is no BaseException, another class has what it has.
        let is_base = class_name == "Exception" && !self.cx.constants().has("exception.new-style");
        found.or_else(|| if is_base { self.builtin_member("BaseException", name) } else { None })
    }

    /// A method of a builtin class: `(builtin class.name)`.
    pub fn builtin_member(&mut self, class: &str, name: &str) -> Option<Id> {
        let class = KIN.iter().find(|(early, _)| *early == class).map_or(class, |(_, today)| today);
        let constants = self.cx.constants();
        let early = format!("{class}.early_{name}");
        let full = format!("{class}.{name}");
        let full = match constants.knows_classic() && constants.has(&full) && constants.is_builtin(&early) {
            true => early,
            false => full,
        };
        let full = match constants.is_builtin(&full) {
            true => full,
            false => format!("{class}.{}", constants.name_today(name)?),
        };
        if !constants.is_builtin(&full) {
            return None;
        }
        let atom = self.atom(&full);
        Some(self.cx.bank.make(names().builtin, &[atom]))
    }
}

impl Call<'_, '_> {
    /// The unknown part of the arguments, for primitives that cannot say anything of it.
    pub fn require_known(&self) -> Result<(), Failure> {
        let unknown = self.args.iter().find(|arg| !self.cx.is_known(**arg));
        unknown.map_or(Ok(()), |arg| Err(Failure::Unknown(*arg)))
    }
}

/// Whether a name is that of a builtin type which is no exception class.
pub fn is_type(name: &str) -> bool {
    name == "object" || TYPES.contains(&name) || BASES.iter().any(|(class, _)| *class == name)
}

/// The type before Python 3.0 that is the type of that name today.
pub fn kin(name: &str) -> Option<&'static str> {
    KIN.iter().find(|(_, today)| *today == name).map(|(early, _)| *early)
}

/// Whether no class can derive from the builtin type of that name.
pub fn is_final_type(name: &str) -> bool {
    const OPEN: &str = "int long float str unicode bytes tuple list dict set frozenset type property staticmethod classmethod \
        super module";
    (TYPES.contains(&name) || BASES.iter().any(|(class, _)| *class == name))
        && !OPEN.split_whitespace().any(|open| open == name)
}

/// Whether the builtin type of that name makes no instances when it is called.
pub fn is_never_called(name: &str) -> bool {
    let of_iteration = name.ends_with("iterator") || name.starts_with("dict_");
    is_type(name) && (of_iteration || ["generator", "frame", "builtin_function_or_method"].contains(&name))
}

/// Builtin types that derive from `object`.
const TYPES: [&str; 49] = [
    "Union",
    "GenericAlias",
    "int",
    "long",
    "float",
    "str",
    "unicode",
    "basestring",
    "bytes",
    "tuple",
    "list",
    "dict",
    "set",
    "frozenset",
    "range",
    "slice",
    "type",
    "function",
    "generator",
    "property",
    "staticmethod",
    "classmethod",
    "super",
    "module",
    "NoneType",
    "method",
    "ellipsis",
    "traceback",
    "frame",
    "code",
    "builtin_function_or_method",
    "dict_keys",
    "dict_values",
    "dict_items",
    "list_iterator",
    "list_reverseiterator",
    "tuple_iterator",
    "str_iterator",
    "str_ascii_iterator",
    "bytes_iterator",
    "range_iterator",
    "longrange_iterator",
    "set_iterator",
    "dict_keyiterator",
    "dict_valueiterator",
    "dict_itemiterator",
    "dict_reversekeyiterator",
    "dict_reversevalueiterator",
    "dict_reverseitemiterator",
];

/// Builtin types that derive from another.
const BASES: [(&str, &str); 1] = [("bool", "int")];
