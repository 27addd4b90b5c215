//! What an operation on something unknown comes to, as the book's table says.

use egg::Id;
use num_traits::ToPrimitive;

use crate::python::functions::core;
use crate::python::functions::spelling::{self, is_function, shown, spelled, written};
use crate::python::functions::spreading::needs;
use crate::python::functions::unknowns::{self, fresh, name_of};
use crate::python::values::typed;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Call, Failure, View};

impl Call<'_, '_> {
    /// An operand that is known by its type alone, where the book says what the operation on such operands comes to.
    pub(super) fn typed_operand(&mut self, name: &str) -> Option<Id> {
        let typed = typed_argument(self)?;
        self.consequence_for_types(name).map(|_| typed)
    }

    /// What the book says of an operation on operands of these types, one of which is known by its type alone: of all of them,
    /// or of the first.
    fn consequence_for_types(&mut self, name: &str) -> Option<String> {
        typed_argument(self)?;
        let all = with_types(self, name);
        let first = all.split('/').take(2).collect::<Vec<_>>().join("/");
        let constants = self.cx.constants();
        let found = [all, first].iter().find_map(|key| constants.stated(key)).map(str::to_string)?;
        // What looks into its first operand, or changes it, is told of one that is unknown.
        let known = typed::type_of(self.cx.bank, *self.args.first()?).is_none();
        let of_unknown = found.starts_with("changes-") || found == "gives-item";
        (!(known && of_unknown)).then_some(found)
    }

    fn type_that_is_known(&mut self, value: Id) -> String {
        match typed::type_of(self.cx.bank, value) {
            Some(class) => class.to_string(),
            None if self.cx.bank.op(value) == vocabulary().unknown => "?".into(),
            None => self.type_name(value),
        }
    }

    /// A new unknown of a type, or one of no type.
    fn new_unknown(&mut self, like: Id, class: &str) -> Id {
        let like = match class {
            "unknown" => typed::untyped(self.cx, like),
            class => typed::typed(self.cx, like, class),
        };
        let mut roots = vec![self.frames, self.world];
        roots.extend(&self.args);
        unknowns::apart(self.cx, like, &roots)
    }
}

fn typed_argument(call: &Call) -> Option<Id> {
    call.args.iter().find(|arg| typed::type_of(call.cx.bank, **arg).is_some()).copied()
}

/// An operation with the types of its operands, as the table has it; what is not known is `?`.
fn with_types(call: &mut Call, name: &str) -> String {
    let types: Vec<String> = call.args.clone().into_iter().map(|arg| call.type_that_is_known(arg)).collect();
    format!("{name}/{}", types.join("/"))
}

/// A new unknown of a type that an operation on another gives. What is of the same type keeps its name.
fn new_answer(call: &mut Call, operation: &str, unknown: Id, class: &str) -> Id {
    let like = match typed::type_of(call.cx.bank, unknown) == Some(class) {
        true => unknown,
        false => {
            let name = spelling::result(operation, &name_of(call.cx, unknown));
            unknowns::renamed(call.cx, unknown, &name)
        }
    };
    call.new_unknown(like, class)
}

/// The answer of a primitive that depends on what is unknown.
pub(super) fn unknown_answer(call: &mut Call, name: &str, value: Id) -> Id {
    let unknown = call.unknown_in(value);
    let args = call.args.clone();
    if let Some(consequence) = call.consequence_for_types(name)
        && let Some(class) = ["gives-", "changes-"].iter().find_map(|verb| consequence.strip_prefix(verb))
    {
        let given = match class {
            "none" => call.none(),
            "argument" => args[0],
            "item" => call.new_unknown(unknown, "unknown"),
            class => new_answer(call, name, unknown, class),
        };
        return call.answer("gives", &[given]);
    }
    // A container may change: what is said of it now is said of nothing else.
    let unknown = match typed::is_container(call.cx.bank, unknown) {
        true => call.new_unknown(unknown, "unknown"),
        false => unknown,
    };
    let is_unknown = |call: &Call, value: Id| call.cx.bank.op(value) == vocabulary().unknown;
    let consequence = call.cx.constants().consequence(name).to_string();
    let (op, parts) = match (consequence.as_str(), &args[..]) {
        // Objects with unknowns in them: the answer is one, too.
        ("compares", [left, right])
            if ![left, right].iter().any(|side| call.cx.bank.measure(**side).unknown) =>
        {
            ("gives", vec![answer_about(call, name, unknown), call.world])
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
            return unanswered(call, name, unknown, unpacked);
        }
        // It is spread once more, where the callee is known.
        ("gives-arguments", [_, spread]) => ("gives", vec![*spread, call.world]),
        ("gives-arguments", [callee, given, _]) => {
            let given = match call.view(*given) {
                View::Tuple(given) => given.len(),
                _ => 0,
            };
            let spread = spread(call, unknown, *callee, given);
            return unanswered(call, name, unknown, Some(spread));
        }
        // A known container may have the unknown among its members; what an unknown one does, it alone knows.
        ("asks-members", [container, _]) if !is_unknown(call, *container) => {
            ("gives", vec![answer_about(call, name, unknown), call.world])
        }
        ("gives-answer", [value])
            if name == "type"
                && let Some(class) = typed::type_of(call.cx.bank, *value) =>
        {
            ("gives", vec![call.class(class), call.world])
        }
        ("gives-answer", _) => ("gives", vec![answer_about(call, name, unknown), call.world]),
        (consequence, _) if let Some(class) = consequence.strip_prefix("answers-") => {
            ("gives", vec![typed_answer(call, name, class, unknown), call.world])
        }
        ("looks-up", [container, _]) => {
            let look_up = looked_up(call, *container, unknown);
            return unanswered(call, name, unknown, look_up);
        }
        _ => {
            let of_types = with_types(call, name);
            let consequence = call.cx.constants().stated(&of_types).map_or(consequence, str::to_string);
            let result = consequence.strip_prefix("returns-").map(|class| {
                let result = new_answer(call, name, unknown, class);
                returning(call, unknown, &[result])
            });
            return unanswered(call, name, unknown, result);
        }
    };
    call.cx.bank.node(op, parts)
}

/// A call of a function that no program defines with an unknown behind `**`.
pub(super) fn of_spread(call: &mut Call, function: &str, unknown: Id) -> Id {
    let function = function.trim_end_matches("()");
    let name = format!("{function}(**{})", name_of(call.cx, unknown));
    let result = anything(call, unknown, &name);
    let result = match function {
        "dict" => {
            let entries = typed::typed(call.cx, result, "dict");
            returning(call, unknown, &[entries])
        }
        _ => result,
    };
    let name = call.atom(&name);
    call.cx.bank.node("unanswered", [name, name, result])
}

/// An operation that goes as a call of an unknown does; where its results are listed, `listed` is an unknown that has them.
fn unanswered(call: &mut Call, operation: &str, unknown: Id, listed: Option<Id>) -> Id {
    let called = name_of(call.cx, unknown);
    let is_function = is_function(operation);
    let event = match (is_function, call.args.first().copied()) {
        (true, _) => format!("{operation}({called})"),
        // The unknown is the key.
        (false, Some(container)) if operation == "getitem" && call.cx.is_known(container) => {
            format!("{}[{called}]", call.type_name(container))
        }
        (false, _) => format!("{called}.__{}__", operation.trim_end_matches('_')),
    };
    let spelled = spelled(call, operation, is_function);
    let of = listed.unwrap_or_else(|| {
        let name = spelling::result(operation, &called);
        anything(call, unknown, &name)
    });
    let (event, spelled) = (call.atom(&event), call.atom(&spelled));
    call.cx.bank.node("unanswered", [event, spelled, of])
}

/// An unknown of another name, a call of which returns anything, or raises what a call of the first may raise.
pub(super) fn anything(call: &mut Call, unknown: Id, name: &str) -> Id {
    let like = typed::untyped(call.cx, unknown);
    unknowns::renamed(call.cx, like, name)
}

/// What a function answers of an unknown: an unknown that is named after both, so that it is the same whenever it is asked. Of
/// objects, which may change, it is another each time.
fn answer_about(call: &mut Call, function: &str, unknown: Id) -> Id {
    let mut args = call.args.clone();
    for arg in &mut args {
        // What is unknown of an exception is its arguments.
        if call.cx.bank.op(*arg) == vocabulary().exception {
            *arg = call.cx.unknown_arguments(call.cx.bank.arg(*arg, 1)).unwrap_or(*arg);
        }
    }
    let lasting = args.iter().all(|arg| is_lasting(call, *arg));
    let name = match function {
        "fstring_value" => spelling::replacement_field(call, &args),
        "fstring_join" => spelling::formatted(call, &args),
        _ => {
            let shown: Vec<String> = args.into_iter().map(|arg| shown(call, arg)).collect();
            written(function, is_function(function), &shown)
        }
    };
    let answer = anything(call, unknown, &name);
    match lasting {
        true => answer,
        false => {
            let around = [call.frames, call.world];
            fresh(call.cx, answer, &around)
        }
    }
}

/// An answer whose type the function tells. A text that is made of such an answer is another one each time: its name would grow
/// in a loop.
fn typed_answer(call: &mut Call, function: &str, class: &str, unknown: Id) -> Id {
    let args = call.args.clone();
    let of_answer = |call: &Call, arg: &Id| {
        typed::type_of(call.cx.bank, *arg) == Some("str")
            && !(function == "fstring_join" && spelling::is_replacement_field(&name_of(call.cx, *arg)))
    };
    if class == "str" && args.iter().any(|arg| of_answer(call, arg)) {
        return call.new_unknown(unknown, class);
    }
    let answer = answer_about(call, function, unknown);
    typed::typed(call.cx, answer, class)
}

/// Whether a value is written as what it is, and never changes.
fn is_lasting(call: &Call, value: Id) -> bool {
    let node = call.cx.bank.get(value);
    match node.op.as_str() {
        "tuple" => call.cx.members(node.args[0]).iter().all(|member| is_lasting(call, *member)),
        op => ["unknown", "none", "true", "false", "int", "str", "class", "builtin"].contains(&op),
    }
}

/// An unknown that is unpacked: a call that returns as many unknown members as there are targets, behind which a list of
/// members stands where a target has a star, or raises what a call of the unknown may raise.
fn unpacked(call: &mut Call, unknown: Id, [before, after]: [Id; 2]) -> Option<Id> {
    let before = call.integer(before)?.to_usize()?;
    let after = call.integer(after).and_then(|after| after.to_usize());
    let name = name_of(call.cx, unknown);
    let member =
        |call: &mut Call, place: &str| anything(call, unknown, &unknowns::item_of(&name, Some(place)));
    let mut members: Vec<Id> = (0..before).map(|place| member(call, &place.to_string())).collect();
    if let Some(after) = after {
        let end = if after == 0 { String::new() } else { format!("-{after}") };
        let others = member(call, &format!("{before}:{end}"));
        members.push(typed::typed(call.cx, others, "list"));
        members.extend((0..after).map(|place| member(call, &format!("-{}", after - place))));
    }
    let tuple = call.tuple(&members);
    Some(returning(call, unknown, &[tuple]))
}

/// An unknown that is spread behind a star: a call that returns the arguments which the callee still needs, or one of the
/// numbers of items that it may take.
fn spread(call: &mut Call, unknown: Id, callee: Id, given: usize) -> Id {
    let name = name_of(call.cx, unknown);
    let counts = match needs(call, callee) {
        Some(needs) => {
            let least = needs.positional.len().saturating_sub(given);
            if needs.takes_more { vec![least, least + 1] } else { vec![least] }
        }
        None if call.cx.bank.op(callee) == vocabulary().unknown => vec![0],
        None => vec![0, 1],
    };
    let mut tuples = Vec::new();
    for count in counts {
        let items: Vec<Id> = (0..count)
            .map(|place| anything(call, unknown, &unknowns::item_of(&name, Some(&place.to_string()))))
            .collect();
        tuples.push(call.tuple(&items));
    }
    returning(call, unknown, &tuples)
}

/// An unknown like another, a call of which returns one of these values.
fn returning(call: &mut Call, unknown: Id, values: &[Id]) -> Id {
    let values = call.values(values);
    let returns = call.cx.bank.node("one-of", [values]);
    typed::returning(call.cx, unknown, returns)
}

/// An unknown key of a known dict: a call that returns one of the values, or raises the KeyError.
fn looked_up(call: &mut Call, container: Id, key: Id) -> Option<Id> {
    let View::Dict(entries) = call.view(container) else { return None };
    // A default would be made for a key that is not there.
    let class = call.class_of(container);
    if call.class_attribute(class, "__missing__").is_some() {
        return None;
    }
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
