//! What an operation on something unknown comes to, as the book's table says.

use egg::Id;
use num_traits::ToPrimitive;

use crate::machine::domain::Context;
use crate::python::builtins;
use crate::python::functions::{core, unknowns, widening};
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Call, Failure, View};
use crate::term::unescape;

impl Context<'_> {
    /// The first unknown in a value.
    pub fn unknown_in(&self, value: Id) -> Id {
        let mut open = vec![value];
        while let Some(term) = open.pop() {
            if self.bank.op(term) == vocabulary().unknown {
                return term;
            }
            let parts = self.bank.get(term).args.iter();
            open.extend(parts.filter(|part| self.bank.measure(**part).unknown));
        }
        value
    }
}

impl Call<'_, '_> {
    /// An operand that is known by its type alone, where the book says what the operation on such operands comes to.
    pub(super) fn typed_operand(&mut self, name: &str) -> Option<Id> {
        let typed = self.args.iter().find(|arg| widening::type_of(self.cx.bank, **arg).is_some());
        let typed = typed.copied()?;
        self.consequence_for_types(name).map(|_| typed)
    }

    /// What the book says of an operation on operands of these types: of all of them, or of the first alone.
    fn consequence_for_types(&mut self, name: &str) -> Option<String> {
        let types: Vec<String> =
            self.args.clone().into_iter().map(|arg| self.type_that_is_known(arg)).collect();
        let all = format!("{name}/{}", types.join("/"));
        let first = format!("{name}/{}", types.first()?);
        let constants = self.cx.constants();
        [all, first].iter().find_map(|key| constants.stated(key)).map(str::to_string)
    }

    fn type_that_is_known(&mut self, value: Id) -> String {
        match widening::type_of(self.cx.bank, value) {
            Some(class) => class.to_string(),
            None if self.cx.bank.op(value) == vocabulary().unknown => "?".into(),
            None => self.type_name(value),
        }
    }

    /// A new unknown of a type, or one of no type.
    fn new_unknown(&mut self, like: Id, class: &str) -> Id {
        let like = match class {
            "unknown" => widening::untyped(self.cx, like),
            class => widening::typed(self.cx, like, class),
        };
        let mut roots = vec![self.frames, self.world];
        roots.extend(&self.args);
        unknowns::apart(self.cx, like, &roots)
    }
}

/// The answer of a primitive that depends on what is unknown.
pub(super) fn unknown_answer(call: &mut Call, name: &str, value: Id) -> Id {
    let unknown = call.unknown_in(value);
    let args = call.args.clone();
    if call.typed_operand(name).is_some()
        && let Some(consequence) = call.consequence_for_types(name)
        && let Some(class) = consequence.strip_prefix("gives-")
    {
        let given = match class {
            "none" => call.none(),
            "item" => call.new_unknown(unknown, "unknown"),
            class => call.new_unknown(unknown, class),
        };
        return call.answer("gives", &[given]);
    }
    // What is known by its type alone may change: what is said of it now is said of nothing else.
    let unknown = match widening::type_of(call.cx.bank, unknown) {
        Some(_) => call.new_unknown(unknown, "unknown"),
        None => unknown,
    };
    let consequence = call.cx.constants().consequence(name).to_string();
    let (op, parts) = match (consequence.as_str(), &args[..]) {
        // Objects with unknowns in them: the answer is one, too.
        ("compares", [left, right])
            if ![left, right].iter().any(|side| call.cx.bank.measure(**side).unknown) =>
        {
            ("gives", vec![named_after(call, name, unknown), call.world])
        }
        ("compares", [left, right]) => ("compares", vec![call.cx.bank.node(name, []), *left, *right]),
        ("asks-instance", [value, class]) => ("asks", vec![*value, call.cx.bank.node("instance", [*class])]),
        ("asks-truth", [value]) => ("asks", vec![*value, call.cx.bank.node("truth", [])]),
        ("writes", _) => {
            let (values, none) = (call.values(&args), call.none());
            let text = core::display(call.cx, &[values])[0];
            ("writes", vec![text, none])
        }
        ("draws", _) => ("draws", vec![unknown]),
        ("gives-argument", [first, ..]) => ("gives", vec![*first, call.world]),
        ("gives-members", [_, before, after]) => {
            let unpacked = unpacked(call, unknown, [*before, *after]);
            ("unanswered", vec![operation(call, name, unknown), unpacked.unwrap_or(unknown)])
        }
        ("gives-answer", _) => ("gives", vec![named_after(call, name, unknown), call.world]),
        ("gives-unknown", _) => ("gives", vec![unknown, call.world]),
        ("looks-up", [container, _]) => {
            let look_up = looked_up(call, *container, unknown);
            let observed = if call.cx.bank.op(*container) == vocabulary().unknown {
                operation(call, name, unknown)
            } else {
                // The unknown is the key.
                let text = format!("{}[{}]", call.type_name(*container), called(call, unknown));
                call.atom(&text)
            };
            ("unanswered", vec![observed, look_up.unwrap_or(unknown)])
        }
        _ => ("unanswered", vec![operation(call, name, unknown), unknown]),
    };
    call.cx.bank.node(op, parts)
}

/// The name under which an operation on an unknown is observed: it is no call of the unknown.
fn operation(call: &mut Call, operation: &str, unknown: Id) -> Id {
    let name = called(call, unknown);
    let text = match builtins::find(operation).and_then(|builtin| builtin.signature.as_ref()) {
        Some(_) => format!("{operation}({name})"),
        None => format!("{name}.__{operation}__"),
    };
    call.atom(&text)
}

/// The name of an unknown.
fn called(call: &Call, unknown: Id) -> String {
    unescape(call.cx.name(call.cx.bank.arg(unknown, 0)))
}

/// What a function answers of an unknown: an unknown that is named after both, so that it is the same whenever it is asked.
fn named_after(call: &mut Call, function: &str, unknown: Id) -> Id {
    let shown: Vec<String> = call.args.clone().into_iter().map(|arg| shown(call, arg)).collect();
    let mut node = call.cx.bank.get(unknown).clone();
    node.args[0] = call.atom(&format!("{function}({})", shown.join(", ")));
    call.cx.bank.add(node)
}

/// An argument as a name shows it.
fn shown(call: &mut Call, value: Id) -> String {
    match call.cx.bank.op(value) == vocabulary().unknown {
        true => called(call, value),
        false => core::repr(call.cx, value),
    }
}

/// An unknown that is unpacked: a call that returns as many unknown members as there are targets, behind which a list of
/// members stands where a target has a star, or raises what a call of the unknown may raise.
fn unpacked(call: &mut Call, unknown: Id, [before, after]: [Id; 2]) -> Option<Id> {
    let before = call.integer(before)?.to_usize()?;
    let after = call.integer(after).and_then(|after| after.to_usize());
    let name = called(call, unknown);
    let member = |call: &mut Call, place: &str| {
        let mut node = call.cx.bank.get(unknown).clone();
        node.args[0] = call.atom(&format!("{name}[{place}]"));
        call.cx.bank.add(node)
    };
    let mut members: Vec<Id> = (0..before).map(|place| member(call, &place.to_string())).collect();
    if let Some(after) = after {
        members.push(member(
            call,
            &format!("{before}:{}", if after == 0 { String::new() } else { format!("-{after}") }),
        ));
        members.extend((0..after).map(|place| member(call, &format!("-{}", after - place))));
    }
    let tuple = call.tuple(&members);
    Some(returning(call, unknown, &[tuple]))
}

/// An unknown like another, a call of which returns one of these values.
fn returning(call: &mut Call, unknown: Id, values: &[Id]) -> Id {
    let values = call.values(values);
    let returns = call.cx.bank.node("one-of", [values]);
    let mut node = call.cx.bank.get(unknown).clone();
    let raises = call.cx.bank.arg(node.args[2], 1);
    node.args[2] = call.cx.bank.node("outcomes", [returns, raises]);
    call.cx.bank.add(node)
}

/// An unknown key of a known dict: a call that returns one of the values, or raises the KeyError.
fn looked_up(call: &mut Call, container: Id, key: Id) -> Option<Id> {
    let View::Dict(entries) = call.view(container) else { return None };
    let mut found: Vec<Id> = Vec::new();
    for (_, value) in entries {
        if !found.contains(&value) {
            found.push(value);
        }
    }
    let Failure::Raised(missing) = call.raise_with("KeyError", &[key]) else { return None };
    let (found, missing) = (call.values(&found), call.values(&[missing]));
    let returns = call.cx.bank.node("one-of", [found]);
    let outcomes = call.cx.bank.node("outcomes", [returns, missing]);
    let (name, number) = (call.atom("dict.__getitem__"), call.atom("0"));
    Some(call.cx.bank.node("unknown", [name, number, outcomes]))
}
