//! What functions, methods, code objects and cells have besides attributes that the program sets.

use egg::Id;

use crate::python::values::names::names;
use crate::python::values::{Entry, Failure, Objects};

impl Objects<'_, '_> {
    /// What functions and methods tell of themselves.
    pub(super) fn function_attribute(&mut self, function: Id, name: &str) -> Option<Id> {
        if let Some([function, _]) = self.unbound_parts(function) {
            return self.function_attribute(function, name);
        }
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
    pub(super) fn code_attribute(&mut self, object: Id, name: &str) -> Result<Option<Id>, Failure> {
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
}
