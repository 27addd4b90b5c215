//! What is forgotten of a turn of a loop where a graph is too large with what grows unknown.

use egg::Id;
use rustc_hash::FxHashSet;

use crate::machine::bank::Bank;
use crate::machine::domain::Context;
use crate::python::functions::widening::Turn;
use crate::python::values::names::names;
use crate::python::values::typed::is_container;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Call, shelf};
use crate::term::unescape;

impl Call<'_, '_> {
    /// Of the locals that the loop binds nothing is known any more, but for those that hold an object.
    pub(super) fn forget_assigned(&mut self, turn: &Turn) {
        let assigned = assigned(self.cx, turn.statement);
        let env = self.cx.bank.arg(self.world, 0);
        let mut bound = shelf::bindings(self.cx.bank, env);
        bound.retain(|(name, value)| assigned.contains(name) && is_simple(self.cx.bank, *value));
        let none = self.none();
        for (name, _) in &bound {
            self.rebind_local(*name, none);
        }
        for (name, _) in bound {
            let text = unescape(self.cx.name(name));
            let like = self.unknown_named(&text, None);
            let unknown = self.apart_from_others(like, turn);
            self.rebind_local(name, unknown);
        }
    }
}

/// The locals that a statement binds.
fn assigned(cx: &Context, statement: Id) -> FxHashSet<Id> {
    let (mut found, mut open) = (FxHashSet::default(), vec![statement]);
    while let Some(term) = open.pop() {
        let node = cx.bank.get(term);
        if node.op == names().code {
            continue;
        }
        let target = match node.op.as_str() {
            "assign" | "bind" | "loop" | "for" | "as" => node.args.first(),
            "with" => node.args.get(2),
            _ => None,
        };
        let local = target.map(|target| cx.bank.get(*target)).filter(|node| node.op == vocabulary().local);
        found.extend(local.and_then(|local| local.args.first()));
        open.extend(node.args.iter().copied());
    }
    found
}

/// Whether a value is no object, and no container of which it is known that it is one.
fn is_simple(bank: &Bank, value: Id) -> bool {
    let simple = ["none", "true", "false", "int", "str", "float", "bytes", "unknown"];
    simple.contains(&bank.op(value).as_str()) && !is_container(bank, value)
}
