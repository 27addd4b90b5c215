//! Making values.

use egg::{Id, Symbol};
use num_bigint::BigInt;

use super::{Failure, Objects, View};
use crate::machine::domain::Context;
use crate::machine::sequence;
use crate::python::values::names::names;
use crate::python::values::vocabulary::vocabulary;
use crate::term::escape;

/// How many bits of an int fit into a word, whatever its sign.
const WORD: u64 = 63;

impl Context<'_> {
    /// An atom with any text.
    pub fn atom(&mut self, text: &str) -> Id {
        self.bank.make(escape(text).into(), &[])
    }

    /// `None`.
    pub fn none(&mut self) -> Id {
        self.bank.make(vocabulary().none, &[])
    }

    /// A bool.
    pub fn bool(&mut self, yes: bool) -> Id {
        self.boolean(yes)
    }

    /// An int; before Python 3.0 what does not fit into a word is a long integer.
    pub fn int(&mut self, int: impl Into<BigInt>) -> Id {
        let int = int.into();
        if int.bits() > WORD && i64::try_from(&int).is_err() && self.constants().has("int.long") {
            return self.long(&int);
        }
        let atom = self.atom(&int.to_string());
        self.bank.make(vocabulary().int, &[atom])
    }

    /// A long integer of a version before Python 3.0.
    fn long(&mut self, int: &BigInt) -> Id {
        let atom = self.atom(&int.to_string());
        self.bank.make(names().long, &[atom])
    }

    /// A float; its atom is Rust's shortest text that reads back as the same number.
    pub fn float(&mut self, float: f64) -> Id {
        let atom = self.atom(&format!("{float:?}"));
        self.bank.make(names().float, &[atom])
    }

    /// A str.
    pub fn str(&mut self, text: &str) -> Id {
        let atom = self.bank.add_text(text);
        self.bank.make(vocabulary().str, &[atom])
    }

    /// A Unicode string of a version before Python 3.0.
    pub fn unicode(&mut self, text: &str) -> Id {
        let atom = self.bank.add_text(text);
        self.bank.make(names().unicode, &[atom])
    }

    /// A character as a str, or as a Unicode string.
    pub fn letter(&mut self, char: char, wide: bool) -> Id {
        let mut buffer = [0; 4];
        let text = char.encode_utf8(&mut buffer);
        if wide { self.unicode(text) } else { self.str(text) }
    }

    /// A text of any characters, in the type that a version has for such.
    pub fn text_of_characters(&mut self, text: &str) -> Id {
        if self.constants().has("text.unicode") { self.unicode(text) } else { self.str(text) }
    }

    /// The tree of a long str's characters.
    pub fn letters(&self, value: Id) -> Option<Id> {
        let node = self.bank.get(value);
        (node.op == vocabulary().str && sequence::is_tree(self.bank, node.args[0])).then(|| node.args[0])
    }

    /// A bytes object; its atom is hexadecimal.
    pub fn bytes(&mut self, bytes: &[u8]) -> Id {
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let atom = self.atom(&hex);
        self.bank.make(names().bytes, &[atom])
    }

    /// A `Values` list.
    pub fn values(&mut self, members: &[Id]) -> Id {
        let empty = self.bank.make(vocabulary().no_values, &[]);
        members.iter().fold(empty, |list, member| self.bank.make(vocabulary().values, &[list, *member]))
    }

    /// What a list, dict or set holds that holds these.
    fn contents(&mut self, members: &[Id]) -> Id {
        sequence::of(self.bank, members)
    }

    /// A tuple.
    pub fn tuple(&mut self, members: &[Id]) -> Id {
        let members = self.values(members);
        self.bank.make(vocabulary().tuple, &[members])
    }

    /// A range.
    pub fn new_range(&mut self, parts: [BigInt; 3]) -> Id {
        let parts = parts.map(|part| self.int(part));
        let parts = self.values(&parts);
        self.bank.make(names().range, &[parts])
    }

    /// A slice.
    pub fn new_slice(&mut self, parts: [Id; 3]) -> Id {
        let parts = self.values(&parts);
        self.bank.make(names().slice, &[parts])
    }

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
        Failure::Raised(self.bank.make(vocabulary().exception, &[class, args, number]))
    }

    /// The failure that raises an exception with a message of the book about these texts.
    pub fn raise_worded(&mut self, class: &str, key: &str, texts: &[&str]) -> Failure {
        let text = self.constants().worded(key, texts);
        self.raise(class, &text)
    }

    /// The failure that raises a TypeError.
    pub fn type_error(&mut self, message: &str) -> Failure {
        self.raise("TypeError", message)
    }

    /// The failure that raises a ValueError.
    pub fn value_error(&mut self, message: &str) -> Failure {
        self.raise("ValueError", message)
    }
}

impl Objects<'_, '_> {
    /// What is computed of some operands, as it is where one of them is a long integer: that of whole numbers is one, too.
    pub fn lengthened(&mut self, operands: &[Id], result: Id) -> Id {
        let any = operands.iter().any(|operand| self.is_long(*operand));
        if any { self.as_long(result) } else { result }
    }

    /// A whole number, or those in a tuple, as long integers.
    pub fn as_long(&mut self, value: Id) -> Id {
        match self.view(value) {
            View::Int(int) => self.cx.long(&int),
            View::Tuple(members) => {
                let members: Vec<Id> = members.into_iter().map(|member| self.as_long(member)).collect();
                self.tuple(&members)
            }
            _ => value,
        }
    }

    /// A string, or those in a list or tuple, as Unicode strings.
    pub fn as_unicode(&mut self, value: Id) -> Id {
        match self.view(value) {
            View::Str(text) => self.unicode(&text),
            View::List(members) => {
                let members: Vec<Id> = members.into_iter().map(|member| self.as_unicode(member)).collect();
                self.list(&members)
            }
            View::Tuple(members) => {
                let members: Vec<Id> = members.into_iter().map(|member| self.as_unicode(member)).collect();
                self.tuple(&members)
            }
            _ => value,
        }
    }

    /// A part of a text, or what was made of texts, as it is where one of these is a Unicode string.
    pub fn like_texts(&mut self, texts: &[Id], result: Id) -> Id {
        let any = texts.iter().any(|text| self.is_unicode(*text));
        if any { self.as_unicode(result) } else { result }
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
        let Some(members) = self.contents_of(list, names().list_of) else { return };
        let members = sequence::push(self.cx.bank, members, member);
        let payload = self.cx.bank.make(names().list_of, &[members]);
        self.set_payload(list, payload);
    }

    /// Whether a value is a str, bytes object, tuple, list, dict or set, however many members it has.
    pub fn is_container(&self, value: Id) -> bool {
        let op = self.cx.bank.op(value);
        let kinds = [names().list_of, names().dict_of, names().set_of];
        [vocabulary().str, names().unicode, names().bytes, vocabulary().tuple].contains(&op)
            || self.opened(value).is_some()
            || kinds.into_iter().any(|kind| self.contents_of(value, kind).is_some())
    }

    /// What an object that is such a container holds.
    pub fn contents_of(&self, value: Id, container: Symbol) -> Option<Id> {
        if self.cx.bank.op(value) != names().object {
            return None;
        }
        let payload = self.cx.bank.get(self.holding(value)?);
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

    /// An `Answer` of these parts and the world, which comes last.
    pub fn answer(&mut self, op: &str, parts: &[Id]) -> Id {
        let world = self.world;
        self.cx.bank.node(op, parts.iter().copied().chain([world]))
    }
}
