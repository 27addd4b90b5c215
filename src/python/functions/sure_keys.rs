//! Keys that are surely in a dict of which it is not known what else is in it: those of before an operation that only adds, and those
//! that it adds. They are noted of what stands for what is in the dict.

use egg::Id;

use crate::python::functions::unknowns::{as_facts, insert_fact, listed, with_facts};
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Call, View};
use crate::term::escape;

/// Whether a key is surely in a dict.
pub(super) fn has(call: &mut Call, dict: Id, key: Id) -> bool {
    let Some(asked) = question(call, key) else { return false };
    of(call, dict).contains(&asked)
}

/// The keys that are surely in the first operand once the others were added to it, each as the question for it.
pub(super) fn together(call: &mut Call) -> Vec<Id> {
    let args = call.args.clone();
    let mut found: Vec<Id> = args.iter().flat_map(|operand| of(call, *operand)).collect();
    // A key and a value, where the second is no dict.
    if let [_, key, _] = args[..] {
        found.extend(question(call, key));
    }
    found
}

impl Call<'_, '_> {
    /// The keys of all operands are surely in the first from now on, where it is not known what else is in it.
    pub fn keep_keys(&mut self) {
        if let Some(dict) = self.args.first().copied()
            && holder(self, dict).is_some()
        {
            let keys = together(self);
            note(self, dict, &keys);
        }
    }
}

/// Notes keys of a dict, and forgets others.
pub(super) fn note(call: &mut Call, dict: Id, keys: &[Id]) {
    let Some(holder) = holder(call, dict) else { return };
    let world = call.world;
    let mut facts = listed(call.cx.bank, call.cx.bank.arg(world, 3));
    facts.retain(|[about, asked, _]| *about != holder || call.cx.name(*asked) != "has");
    let mut noted = as_facts(call.cx, facts);
    let yes = call.bool(true);
    for asked in keys {
        noted = insert_fact(call.cx, noted, [holder, *asked, yes]);
    }
    call.objects.world = with_facts(call.cx, world, noted);
}

/// The keys of a dict that is known, or those that were noted.
fn of(call: &mut Call, dict: Id) -> Vec<Id> {
    if let Some(holder) = holder(call, dict) {
        let facts = listed(call.cx.bank, call.cx.bank.arg(call.world, 3));
        let noted =
            facts.into_iter().filter(|[about, asked, _]| *about == holder && call.cx.name(*asked) == "has");
        return noted.map(|[_, asked, _]| asked).collect();
    }
    match call.kind_of_container(dict).map(|_| call.view(dict)) {
        Some(View::Dict(entries)) => entries.into_iter().filter_map(|(key, _)| question(call, key)).collect(),
        _ => Vec::new(),
    }
}

/// What stands for what is in a dict.
fn holder(call: &mut Call, dict: Id) -> Option<Id> {
    let is_unknown = call.cx.bank.op(dict) == vocabulary().unknown;
    call.opened(dict).or(is_unknown.then_some(dict))
}

/// Whether there is a key, as a question; of what is no plain value nothing is noted.
fn question(call: &mut Call, key: Id) -> Option<Id> {
    let text = match call.view(key) {
        View::Str(text) => format!("{text:?}"),
        View::Int(number) => number.to_string(),
        View::None => "None".to_string(),
        _ => return None,
    };
    let name = call.cx.bank.node(&escape(&text), []);
    Some(call.cx.bank.node("has", [name]))
}
