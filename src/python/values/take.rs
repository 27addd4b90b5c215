//! Taking values apart.

use egg::Id;
use num_bigint::BigInt;

use super::{Objects, View};
use crate::machine::sequence;
use crate::python::values::names::names;
use crate::term::unescape;

impl Objects<'_, '_> {
    /// A value taken apart; an instance of a class that derives from a builtin one is seen as that.
    pub fn view(&self, value: Id) -> View {
        let node = self.cx.bank.get(value);
        let text = || unescape(self.cx.name(node.args[0]));
        match node.op.as_str() {
            "none" => View::None,
            "true" => View::Bool(true),
            "false" => View::Bool(false),
            "int" | "long" => self.cx.name(node.args[0]).parse().map_or(View::Other, View::Int),
            "float" => text().parse().map_or(View::Other, View::Float),
            "str" | "unicode" => View::Str(self.cx.bank.text(node.args[0])),
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

    pub(super) fn range(&self, parts: Id) -> View {
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
        let Some(payload) = self.holding(value) else { return View::Other };
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
}

fn from_hex(hex: &str) -> Vec<u8> {
    (0..hex.len() / 2).filter_map(|at| u8::from_str_radix(hex.get(2 * at..2 * at + 2)?, 16).ok()).collect()
}
