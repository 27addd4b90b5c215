//! Values that live on the heap, and the primitives that compute with them.
//!
//! A [`Call`] is one application of a primitive: a function of values and the world that yields a value and a
//! world, an exception, or nothing where it is not defined; then a rule calls the library's function of the
//! same name, which is written in Python. No primitive calls Python code or decides where control goes.

pub mod display;
pub mod heap;
pub mod names;
pub mod shelf;
pub mod vocabulary;

use egg::{Id, Symbol};
use num_bigint::BigInt;
use rustc_hash::FxHashMap;

use crate::machine::sequence;
use crate::python::functions::Context;
use crate::python::values::vocabulary::vocabulary;
use crate::term::{escape, unescape};
use names::names;

/// Why a primitive has no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// It raises this exception, which is not on the heap yet.
    Raised(Id),
    /// It is not defined on these arguments: the library's function is called.
    Undefined,
    /// Its value is what a call of this value with these arguments returns.
    Delegated(Id, Vec<Id>),
    /// The answer is made already, as an `Answer` term.
    Answered(Id),
    /// An argument that it depends on is unknown: any value may come out, or an exception.
    Unknown(Id),
}

/// What a primitive yields.
pub type Answer = Result<Id, Failure>;

/// A primitive.
pub type Primitive = fn(&mut Call) -> Answer;

/// One application of a primitive.
pub struct Call<'c, 'b> {
    /// The terms, and the book's tables.
    pub cx: &'c mut Context<'b>,
    /// The world, which primitives change as they go.
    pub world: Id,
    /// The frames of the activation, where references to objects may be.
    pub frames: Id,
    /// The positional arguments.
    pub args: Vec<Id>,
    /// The keyword arguments, in order.
    pub keywords: Vec<(String, Id)>,
    /// What is written: to the stream 1 or 2.
    pub output: Option<(u8, String)>,
    /// How many positional parameters of the function at hand have defaults.
    pub(crate) default_count: usize,
}

/// A value, taken apart as far as computing with it needs.
#[derive(Debug, Clone, PartialEq)]
pub enum View {
    /// `None`.
    None,
    /// A bool.
    Bool(bool),
    /// An int, not a bool.
    Int(BigInt),
    /// A float.
    Float(f64),
    /// A str.
    Str(String),
    /// A bytes object.
    Bytes(Vec<u8>),
    /// A tuple's members.
    Tuple(Vec<Id>),
    /// A list's members.
    List(Vec<Id>),
    /// A dict's entries, in order.
    Dict(Vec<(Id, Id)>),
    /// A set's or frozenset's members, in the order of their insertion.
    Set(Vec<Id>),
    /// A range's start, stop and step.
    Range([BigInt; 3]),
    /// A slice's start, stop and step.
    Slice([Id; 3]),
    /// Any other value.
    Other,
}

/// An object of the heap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// What the object holds besides attributes.
    pub payload: Id,
    /// Its attributes, in the order of their making: an `Env`.
    pub attributes: Id,
}

impl Call<'_, '_> {
    // ---- the heap -------------------------------------------------------------------------------------

    fn globals(&self) -> [Id; 3] {
        let globals = self.cx.bank.arg(self.world, 1);
        [0, 1, 2].map(|part| self.cx.bank.arg(globals, part))
    }

    /// Replaces a part of `(objects modules heap next)`.
    pub(crate) fn set_global(&mut self, part: usize, value: Id) {
        let mut globals = self.cx.bank.get(self.cx.bank.arg(self.world, 1)).clone();
        if let Some(place) = globals.args.get_mut(part) {
            *place = value;
        }
        let globals = self.cx.bank.add(globals);
        self.set_world(1, globals);
    }

    /// Replaces a part of the world: 0 the locals, 1 the globals, 2 what is handled.
    pub fn set_world(&mut self, part: usize, value: Id) {
        let mut world = self.cx.bank.get(self.world).clone();
        if let Some(place) = world.args.get_mut(part) {
            *place = value;
        }
        self.world = self.cx.bank.add(world);
    }

    /// Whether the state keeps objects at all.
    pub fn tracked(&self) -> bool {
        self.cx.bank.op(self.cx.bank.arg(self.world, 1)) == names().objects
    }

    /// The number that a reference carries; exceptions carry theirs last, as all references do.
    pub fn number(&self, value: Id) -> Option<u32> {
        let node = self.cx.bank.get(value);
        let last = *node.args.last()?;
        if node.op == vocabulary().exception {
            return heap::number_of(self.cx.bank, last);
        }
        let place = if node.op == vocabulary().class { self.cx.bank.arg(value, 1) } else { last };
        let place = self.cx.bank.get(place);
        (place.op == names().reference).then(|| heap::number_of(self.cx.bank, place.args[0])).flatten()
    }

    /// The object that a value refers to.
    pub fn entry(&self, value: Id) -> Option<Entry> {
        let number = self.number(value)?;
        let entry = heap::find(self.cx.bank, self.globals()[1], number)?;
        Some(Entry { payload: self.cx.bank.arg(entry, 0), attributes: self.cx.bank.arg(entry, 1) })
    }

    /// Replaces the object that a value refers to.
    pub fn set_entry(&mut self, value: Id, entry: Entry) {
        if let Some(number) = self.number(value) {
            self.put(number, entry);
        }
    }

    fn put(&mut self, number: u32, entry: Entry) {
        let entry = self.cx.bank.make(names().entry, &[entry.payload, entry.attributes]);
        let heap = heap::insert(self.cx.bank, self.globals()[1], number, entry);
        self.set_global(1, heap);
    }

    /// Replaces what an object holds, and keeps its attributes.
    pub fn set_payload(&mut self, value: Id, payload: Id) {
        if let Some(entry) = self.entry(value) {
            self.set_entry(value, Entry { payload, ..entry });
        }
    }

    /// Puts a new object on the heap; `(ref number)`.
    pub fn allocate(&mut self, payload: Id) -> Id {
        let number = self.next_number();
        let attributes = self.cx.bank.make(vocabulary().no_names, &[]);
        self.put(number, Entry { payload, attributes });
        let atom = self.atom(&number.to_string());
        self.cx.bank.make(names().reference, &[atom])
    }

    fn next_number(&mut self) -> u32 {
        let globals = self.globals();
        let next = free_number(self.cx, globals);
        let atom = self.atom(&(next + 1).to_string());
        self.set_global(2, atom);
        next
    }

    /// A new object of a class: `(object class (ref number))`.
    pub fn new_object(&mut self, class: Id, payload: Id) -> Id {
        let reference = self.allocate(payload);
        self.cx.bank.make(names().object, &[class, reference])
    }

    // ---- attributes ---------------------------------------------------------------------------------------

    /// An attribute that the object itself has; no class is asked.
    pub fn own_attribute(&self, value: Id, name: &str) -> Option<Id> {
        let entry = self.entry(value)?;
        self.lookup(entry.attributes, name)
    }

    /// The value of a name in an `Env`.
    pub fn lookup(&self, env: Id, name: &str) -> Option<Id> {
        let name: Symbol = escape(name).into();
        let mut env = shelf::list_of(self.cx.bank, env, name);
        while let [bound, value, rest] = self.cx.bank.get(env).args[..] {
            if self.cx.bank.op(bound) == name {
                return Some(value);
            }
            env = rest;
        }
        None
    }

    /// The bindings of an `Env`, in order.
    pub fn bindings(&self, env: Id) -> Vec<(String, Id)> {
        let found = shelf::bindings(self.cx.bank, env).into_iter();
        found.map(|(name, value)| (unescape(self.cx.name(name)), value)).collect()
    }

    /// The `Env` of these bindings, in this order.
    pub fn env(&mut self, bindings: &[(String, Id)]) -> Id {
        let mut env = self.cx.bank.make(vocabulary().no_names, &[]);
        for (name, value) in bindings.iter().rev() {
            let name = self.atom(name);
            env = self.cx.bank.make(vocabulary().binding, &[name, *value, env]);
        }
        env
    }

    /// Sets (or with `None` removes) an attribute of the object itself. A new one comes last.
    /// Returns whether there was one.
    pub fn set_own_attribute(&mut self, value: Id, name: &str, attribute: Option<Id>) -> bool {
        let Some(entry) = self.entry(value) else { return false };
        let name = self.atom(name);
        let there = shelf::bindings(self.cx.bank, entry.attributes).iter().any(|(bound, _)| *bound == name);
        let attributes = self.rebound(entry.attributes, name, attribute);
        self.set_entry(value, Entry { attributes, ..entry });
        there
    }

    /// The `Env` with a name bound or (with `None`) unbound; a new one comes last.
    pub fn rebound(&mut self, env: Id, name: Id, value: Option<Id>) -> Id {
        let mut bindings = shelf::bindings(self.cx.bank, env);
        let place = bindings.iter().position(|(bound, _)| *bound == name);
        match (place, value) {
            (Some(place), Some(value)) => bindings[place].1 = value,
            (Some(place), None) => drop(bindings.remove(place)),
            (None, Some(value)) => bindings.push((name, value)),
            (None, None) => {}
        }
        let empty = self.cx.bank.make(vocabulary().no_names, &[]);
        let bind =
            |env, (name, value): &(Id, Id)| self.cx.bank.make(vocabulary().binding, &[*name, *value, env]);
        bindings.iter().rev().fold(empty, bind)
    }

    // ---- taking values apart ---------------------------------------------------------------------------

    /// A value taken apart; an instance of a class that derives from a builtin one is seen as that.
    pub fn view(&self, value: Id) -> View {
        let node = self.cx.bank.get(value);
        let text = || unescape(self.cx.name(node.args[0]));
        match node.op.as_str() {
            "none" => View::None,
            "true" => View::Bool(true),
            "false" => View::Bool(false),
            "int" => self.cx.name(node.args[0]).parse().map_or(View::Other, View::Int),
            "float" => text().parse().map_or(View::Other, View::Float),
            "str" => View::Str(self.cx.bank.text(node.args[0])),
            "bytes" => View::Bytes(from_hex(&text())),
            "tuple" => View::Tuple(self.cx.members(node.args[0])),
            "range" => self.range(node.args[0]),
            "slice" => match self.cx.members(node.args[0])[..] {
                [start, stop, step] => View::Slice([start, stop, step]),
                _ => View::Other,
            },
            "object" => self.payload_view(value),
            _ => View::Other,
        }
    }

    fn range(&self, parts: Id) -> View {
        let parts: Vec<BigInt> = self
            .cx
            .members(parts)
            .into_iter()
            .filter_map(|part| match self.view(part) {
                View::Int(int) => Some(int),
                _ => None,
            })
            .collect();
        <[BigInt; 3]>::try_from(parts).map_or(View::Other, View::Range)
    }

    fn payload_view(&self, value: Id) -> View {
        let Some(Entry { payload, .. }) = self.entry(value) else { return View::Other };
        let node = self.cx.bank.get(payload);
        match node.op {
            op if op == names().list_of => View::List(sequence::all(self.cx.bank, node.args[0])),
            op if op == names().set_of => View::Set(self.there(node.args[0])),
            op if op == names().dict_of => {
                let flat = self.there(node.args[0]);
                View::Dict(flat.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect())
            }
            // A view of a dict, a property and the like hold values, and are none of them.
            op if op == names().immutable && self.is_user_class(self.cx.bank.arg(value, 0)) => {
                self.view(node.args[0])
            }
            _ => View::Other,
        }
    }

    /// What a dict or set holds, without the places that hold nothing any more.
    pub fn there(&self, sequence: Id) -> Vec<Id> {
        let mut all = sequence::all(self.cx.bank, sequence);
        if sequence::is_tree(self.cx.bank, sequence) {
            all.retain(|member| self.cx.bank.op(*member) != names().gone);
        }
        all
    }

    /// The text of a str.
    pub fn text(&self, value: Id) -> Option<String> {
        match self.view(value) {
            View::Str(text) => Some(text),
            _ => None,
        }
    }

    /// An int or bool as an int.
    pub fn integer(&self, value: Id) -> Option<BigInt> {
        match self.view(value) {
            View::Int(int) => Some(int),
            View::Bool(yes) => Some(BigInt::from(u8::from(yes))),
            _ => None,
        }
    }

    // ---- making values -----------------------------------------------------------------------------------

    /// An atom with any text.
    pub fn atom(&mut self, text: &str) -> Id {
        self.cx.bank.make(escape(text).into(), &[])
    }

    /// `None`.
    pub fn none(&mut self) -> Id {
        self.cx.bank.make(vocabulary().none, &[])
    }

    /// A bool.
    pub fn bool(&mut self, yes: bool) -> Id {
        self.cx.boolean(yes)
    }

    /// An int.
    pub fn int(&mut self, int: impl Into<BigInt>) -> Id {
        let atom = self.atom(&int.into().to_string());
        self.cx.bank.make(vocabulary().int, &[atom])
    }

    /// A float; its atom is Rust's shortest text that reads back as the same number.
    pub fn float(&mut self, float: f64) -> Id {
        let atom = self.atom(&format!("{float:?}"));
        self.cx.bank.make(names().float, &[atom])
    }

    /// A str.
    pub fn str(&mut self, text: &str) -> Id {
        let atom = self.cx.bank.add_text(text);
        self.cx.bank.make(vocabulary().str, &[atom])
    }

    /// The tree of a long str's characters.
    pub fn letters(&self, value: Id) -> Option<Id> {
        let node = self.cx.bank.get(value);
        (node.op == vocabulary().str && sequence::is_tree(self.cx.bank, node.args[0])).then(|| node.args[0])
    }

    /// A bytes object; its atom is hexadecimal.
    pub fn bytes(&mut self, bytes: &[u8]) -> Id {
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let atom = self.atom(&hex);
        self.cx.bank.make(names().bytes, &[atom])
    }

    /// A `Values` list.
    pub fn values(&mut self, members: &[Id]) -> Id {
        let empty = self.cx.bank.make(vocabulary().no_values, &[]);
        members.iter().fold(empty, |list, member| self.cx.bank.make(vocabulary().values, &[list, *member]))
    }

    /// What a list, dict or set holds that holds these.
    fn contents(&mut self, members: &[Id]) -> Id {
        sequence::of(self.cx.bank, members)
    }

    /// A tuple.
    pub fn tuple(&mut self, members: &[Id]) -> Id {
        let members = self.values(members);
        self.cx.bank.make(vocabulary().tuple, &[members])
    }

    /// A range.
    pub fn new_range(&mut self, parts: [BigInt; 3]) -> Id {
        let parts = parts.map(|part| self.int(part));
        let parts = self.values(&parts);
        self.cx.bank.make(names().range, &[parts])
    }

    /// A slice.
    pub fn new_slice(&mut self, parts: [Id; 3]) -> Id {
        let parts = self.values(&parts);
        self.cx.bank.make(names().slice, &[parts])
    }

    /// A new list.
    pub fn list(&mut self, members: &[Id]) -> Id {
        let members = self.contents(members);
        let payload = self.cx.bank.make(names().list_of, &[members]);
        let class = self.class("list");
        self.new_object(class, payload)
    }

    /// Replaces the members of a list.
    pub fn set_list(&mut self, list: Id, members: &[Id]) {
        let members = self.contents(members);
        let payload = self.cx.bank.make(names().list_of, &[members]);
        self.set_payload(list, payload);
    }

    /// Adds a member at a list's end, whatever its length, in a few nodes.
    pub fn push(&mut self, list: Id, member: Id) {
        let Some(Entry { payload, .. }) = self.entry(list) else { return };
        let members = self.cx.bank.arg(payload, 0);
        let members = sequence::push(self.cx.bank, members, member);
        let payload = self.cx.bank.make(names().list_of, &[members]);
        self.set_payload(list, payload);
    }

    /// Whether a value is a str, bytes object, tuple, list, dict or set, however many members it has.
    pub fn is_container(&self, value: Id) -> bool {
        let op = self.cx.bank.op(value);
        let kinds = [names().list_of, names().dict_of, names().set_of];
        [vocabulary().str, names().bytes, vocabulary().tuple].contains(&op)
            || kinds.into_iter().any(|kind| self.contents_of(value, kind).is_some())
    }

    /// What an object that is such a container holds.
    pub fn contents_of(&self, value: Id, container: Symbol) -> Option<Id> {
        if self.cx.bank.op(value) != names().object {
            return None;
        }
        let payload = self.cx.bank.get(self.entry(value)?.payload);
        (payload.op == container).then(|| payload.args[0])
    }

    /// Sets a list's member at a place that it has, whatever its length, in a few nodes.
    pub fn set_member(&mut self, list: Id, place: usize, member: Id) {
        let Some(members) = self.contents_of(list, names().list_of) else { return };
        let members = sequence::set(self.cx.bank, members, place, member);
        let payload = self.cx.bank.make(names().list_of, &[members]);
        self.set_payload(list, payload);
    }

    /// Takes a list's last member away.
    pub fn pop(&mut self, list: Id) {
        let Some(members) = self.contents_of(list, names().list_of) else { return };
        let members = sequence::pop(self.cx.bank, members);
        let payload = self.cx.bank.make(names().list_of, &[members]);
        self.set_payload(list, payload);
    }

    fn dict_payload(&mut self, entries: &[(Id, Id)]) -> Id {
        let flat: Vec<Id> = entries.iter().flat_map(|(key, value)| [*key, *value]).collect();
        let members = self.contents(&flat);
        self.cx.bank.make(names().dict_of, &[members])
    }

    /// A new dict.
    pub fn dict(&mut self, entries: &[(Id, Id)]) -> Id {
        let payload = self.dict_payload(entries);
        let class = self.class("dict");
        self.new_object(class, payload)
    }

    /// Replaces the entries of a dict.
    pub fn set_dict(&mut self, dict: Id, entries: &[(Id, Id)]) {
        let flat: Vec<Id> = entries.iter().flat_map(|(key, value)| [*key, *value]).collect();
        let members = self.contents(&flat);
        let payload = self.cx.bank.make(names().dict_of, &[members]);
        self.set_payload(dict, payload);
    }

    /// A new set or frozenset; `class` says which.
    pub fn set(&mut self, class: &str, members: &[Id]) -> Id {
        let members = self.contents(members);
        let payload = self.cx.bank.make(names().set_of, &[members]);
        let class = self.class(class);
        self.new_object(class, payload)
    }

    /// Replaces the members of a set.
    pub fn set_set(&mut self, set: Id, members: &[Id]) {
        let members = self.contents(members);
        let payload = self.cx.bank.make(names().set_of, &[members]);
        self.set_payload(set, payload);
    }

    // ---- exceptions ------------------------------------------------------------------------------------

    /// The failure that raises a builtin exception with one message.
    pub fn raise(&mut self, class: &str, message: &str) -> Failure {
        let message = self.str(message);
        self.raise_with(class, &[message])
    }

    /// The failure that raises a builtin exception with these arguments.
    pub fn raise_with(&mut self, class: &str, args: &[Id]) -> Failure {
        let class = self.class(class);
        let args = self.values(args);
        let number = self.atom("0");
        Failure::Raised(self.cx.bank.make(vocabulary().exception, &[class, args, number]))
    }

    /// The failure that raises a TypeError.
    pub fn type_error(&mut self, message: &str) -> Failure {
        self.raise("TypeError", message)
    }

    /// The failure that raises a ValueError.
    pub fn value_error(&mut self, message: &str) -> Failure {
        self.raise("ValueError", message)
    }

    // ---- classes -----------------------------------------------------------------------------------------

    /// A builtin class by name: an exception class of the book, or a type of `BASES`.
    pub fn class(&mut self, name: &str) -> Id {
        if let Some(class) = self.cx.builtin_class(name) {
            return class;
        }
        let base = BASES.iter().find(|(class, _)| *class == name).map(|(_, base)| *base);
        let bases = self.cx.bank.node("no-bases", []);
        let bases = match (name, base) {
            ("object", _) => bases,
            (_, base) => {
                let base = self.class(base.unwrap_or("object"));
                self.cx.bank.node("bases", [base, bases])
            }
        };
        let name = self.atom(name);
        let label = self.cx.bank.node("builtin", []);
        self.cx.bank.make(vocabulary().class, &[name, label, bases])
    }

    /// Whether a name is that of a builtin type which is no exception class.
    pub fn is_type(name: &str) -> bool {
        name == "object" || TYPES.contains(&name) || BASES.iter().any(|(class, _)| *class == name)
    }

    /// Whether no class can derive from the builtin type of that name.
    pub fn is_final_type(name: &str) -> bool {
        const OPEN: &str = "int float str bytes tuple list dict set frozenset type property staticmethod classmethod \
            super module";
        (TYPES.contains(&name) || BASES.iter().any(|(class, _)| *class == name))
            && !OPEN.split_whitespace().any(|open| open == name)
    }

    /// Whether the builtin type of that name makes no instances when it is called.
    pub fn is_never_called(name: &str) -> bool {
        let of_iteration = name.ends_with("iterator") || name.starts_with("dict_");
        Call::is_type(name)
            && (of_iteration || ["generator", "frame", "builtin_function_or_method"].contains(&name))
    }

    /// The class of a value.
    pub fn class_of(&mut self, value: Id) -> Id {
        let node = self.cx.bank.get(value);
        let (op, first) = (node.op, node.args.first().copied());
        match (op.as_str(), first) {
            ("object" | "exception", Some(class)) => class,
            ("none", _) => self.class("NoneType"),
            ("true" | "false", _) => self.class("bool"),
            ("class", _) => self.class("type"),
            ("routine" | "library" | "function", _) => self.class("function"),
            ("builtin", Some(name)) if self.cx.name(name) == "traceback" => self.class("traceback"),
            ("builtin" | "print-builtin" | "isinstance-builtin", _) => {
                self.class("builtin_function_or_method")
            }
            ("method", Some(function)) if self.cx.bank.op(function) == names().builtin => {
                self.class("builtin_function_or_method")
            }
            ("method", _) => self.class("method"),
            ("not-implemented", _) => self.class("NotImplementedType"),
            ("super-object", _) => self.class("super"),
            (other, _) => self.class(other),
        }
    }

    /// A class's name, as messages have it.
    pub fn class_name(&self, class: Id) -> String {
        unescape(self.cx.name(self.cx.bank.arg(class, 0)))
    }

    /// The name of a class, which the program may have changed.
    pub fn given_name(&self, class: Id) -> String {
        let given = self.own_attribute(class, "__name__").and_then(|name| self.text(name));
        given.unwrap_or_else(|| self.class_name(class))
    }

    /// The name of a value's class, as messages have it.
    pub fn type_name(&mut self, value: Id) -> String {
        let class = self.class_of(value);
        let name = self.given_name(class);
        // Of C's classes messages have the module, too.
        if ["OrderedDict", "defaultdict", "deque"].contains(&name.as_str())
            && let Some(module) = self.own_attribute(class, "__module__")
            && self.text(module).as_deref() == Some("collections")
        {
            return format!("collections.{name}");
        }
        name
    }

    /// The direct bases of a class, `object` not counted.
    pub fn bases(&self, class: Id) -> Vec<Id> {
        let mut found = Vec::new();
        let mut bases = self.cx.bank.arg(class, 2);
        while let [first, rest] = self.cx.bank.get(bases).args[..] {
            found.push(first);
            bases = rest;
        }
        found
    }

    /// The classes in which attributes are looked up, by C3 linearisation, `object` last;
    /// `None` where the bases have no consistent order.
    pub fn mro(&mut self, class: Id) -> Option<Vec<Id>> {
        let object = self.class("object");
        let mut order = self.linearise(class, object, &mut FxHashMap::default())?;
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

    /// Whether a class is another or derives from it.
    pub fn derives(&mut self, class: Id, base: Id) -> bool {
        self.mro(class).is_some_and(|order| order.contains(&base))
    }

    /// Whether a value is an instance of a builtin class or of one that derives from it.
    pub fn is_a(&mut self, value: Id, class: &str) -> bool {
        let (own, class) = (self.class_of(value), self.class(class));
        self.derives(own, class)
    }

    /// Whether the class was made by a `class` statement.
    pub fn is_user_class(&self, class: Id) -> bool {
        self.cx.bank.op(self.cx.bank.arg(class, 1)) == names().reference
    }

    /// An attribute as the classes have it, with no binding: the class that defines it and its value.
    pub fn class_attribute(&mut self, class: Id, name: &str) -> Option<(Id, Id)> {
        self.mro(class)?.into_iter().find_map(|owner| Some((owner, self.attribute_in(owner, name)?)))
    }

    /// An attribute that a class itself has.
    pub fn attribute_in(&mut self, class: Id, name: &str) -> Option<Id> {
        if self.is_user_class(class) {
            return self.own_attribute(class, name);
        }
        let class_name = self.class_name(class);
        self.builtin_member(&class_name, name)
    }

    /// A method of a builtin class: `(builtin class.name)`.
    pub fn builtin_member(&mut self, class: &str, name: &str) -> Option<Id> {
        let full = format!("{class}.{name}");
        if !self.cx.constants.is_builtin(&full) {
            return None;
        }
        let atom = self.atom(&full);
        Some(self.cx.bank.make(names().builtin, &[atom]))
    }

    /// The unknown part of the arguments, for primitives that cannot say anything of it.
    pub fn require_known(&self) -> Result<(), Failure> {
        let unknown = self.args.iter().find(|arg| self.cx.bank.measure(**arg).unknown);
        unknown.map_or(Ok(()), |arg| Err(Failure::Unknown(*arg)))
    }
}

/// Builtin types that derive from `object`.
const TYPES: [&str; 45] = [
    "Union",
    "int",
    "float",
    "str",
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

fn from_hex(hex: &str) -> Vec<u8> {
    (0..hex.len() / 2).filter_map(|at| u8::from_str_radix(hex.get(2 * at..2 * at + 2)?, 16).ok()).collect()
}

/// The number that the next object gets, as an atom, where a world keeps objects.
pub fn next_number(cx: &mut Context, world: Id) -> Option<Id> {
    let globals = cx.bank.arg(world, 1);
    if cx.bank.op(globals) != names().objects {
        return None;
    }
    let parts = [0, 1, 2].map(|part| cx.bank.arg(globals, part));
    let next = free_number(cx, parts);
    Some(cx.bank.node(&next.to_string(), []))
}

/// The first number from the one noted on that no object has.
fn free_number(cx: &Context, [_, heap, next]: [Id; 3]) -> u32 {
    let mut next = heap::number_of(cx.bank, next).unwrap_or(1);
    while heap::find(cx.bank, heap, next).is_some() {
        next += 1;
    }
    next
}
