//! What an operation on something unknown comes to, as the book's table says.

use egg::Id;
use num_traits::ToPrimitive;

use crate::book::consequences::parts;
use crate::python::functions::answered::{self, answer_about, typed_answer};
use crate::python::functions::spelling::{self, is_function, spelled};
use crate::python::functions::spreading::needs;
use crate::python::functions::unknowns::{self, name_of};
use crate::python::functions::{core, deciding, opening, outcomes, sure_keys};
use crate::python::values::names::names;
use crate::python::values::typed;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Call, Failure, View};

impl Call<'_, '_> {
    /// An operand that is known by its type alone, where the book says what the operation on such operands comes to. What changes
    /// its first operand, or looks into it, is told of one that is unknown.
    pub(super) fn typed_operand(&mut self, name: &str) -> Option<Id> {
        let typed = typed_argument(self)?;
        let found = consequence_for_types(self, name)?;
        let known = typed::type_of(self.cx.bank, *self.args.first()?).is_none();
        let (word, _) = parts(&found);
        let of_unknown = word.starts_with("changes-") || word.ends_with("-item");
        (!(word.starts_with("alters-") || known && of_unknown)).then_some(typed)
    }

    /// A new unknown of a type, or one of no type.
    pub(in crate::python) fn new_unknown(&mut self, like: Id, class: &str) -> Id {
        let like = match class {
            "unknown" => typed::untyped(self.cx, like),
            class => typed::typed(self.cx, like, class),
        };
        let mut roots = vec![self.frames, self.world];
        roots.extend(&self.args);
        unknowns::apart(self.cx, like, &roots)
    }
}

/// What the book says of an operation on operands of these types: of all of them, or of the first.
fn consequence_for_types(call: &mut Call, name: &str) -> Option<String> {
    let all = with_types(call, name);
    let first = all.split('/').take(2).collect::<Vec<_>>().join("/");
    let constants = call.cx.constants();
    [all, first].iter().find_map(|key| constants.stated(key)).map(str::to_string)
}

fn type_that_is_known(call: &mut Call, value: Id) -> String {
    match typed::type_of(call.cx.bank, value).or_else(|| call.kind_of_container(value)) {
        Some(class) => class.to_string(),
        None if call.cx.bank.op(value) == vocabulary().unknown => "?".into(),
        None => call.type_name(value),
    }
}

/// What the book says of an operation on operands of these types, or else on whatever is unknown.
fn consequence(call: &mut Call, name: &str) -> String {
    let doubted = call.cx.constants().doubted_consequence(name).map(str::to_string);
    if let Some(doubted) = doubted.filter(|_| call.doubts("types")) {
        return doubted;
    }
    let for_types = consequence_for_types(call, name);
    for_types.unwrap_or_else(|| call.cx.constants().consequence(name).to_string())
}

fn typed_argument(call: &Call) -> Option<Id> {
    call.args.iter().find(|arg| typed::type_of(call.cx.bank, **arg).is_some()).copied()
}

/// An operation with the types of its operands, as the table has it; what is not known is `?`.
fn with_types(call: &mut Call, name: &str) -> String {
    let types: Vec<String> = call.args.clone().into_iter().map(|arg| type_that_is_known(call, arg)).collect();
    format!("{name}/{}", types.join("/"))
}

/// A new unknown of a type that an operation on another gives. What is of the same type keeps its name.
pub(super) fn new_answer(call: &mut Call, operation: &str, unknown: Id, class: &str) -> Id {
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
    // An unknown key of a known dict finds each value, or none.
    let first = call.args.first().copied().filter(|_| call.cx.constants().consequence(name) == "looks-up");
    if let (Some(container), Some(key)) = (first, call.args.get(1).copied())
        && let Some(found) = looked_up(call, container, key)
    {
        return unanswered(call, name, unknown, Some(found));
    }
    let said = consequence(call, name);
    let (word, raised) = parts(&said);
    let sure = call.args.len() > 1 && {
        let (container, key) = (call.args[0], call.args[1]);
        sure_keys::has(call, container, key)
    };
    let raised = if sure && raised.as_deref() == Some(&["KeyError"]) { Some(Vec::new()) } else { raised };
    let raising = raised.map(|raised| outcomes::raising(call.cx, unknown, &raised));
    let raising = raising.unwrap_or(unknown);
    let consequence = word.to_string();
    if let Some(values) = opening::of_contents(call, name, &said, unknown) {
        let listed = returning(call, raising, &values);
        let may_raise = ["alters-", "returns-"].iter().any(|verb| word.starts_with(verb));
        return match values[..] {
            [value] if !may_raise => call.answer("gives", &[value]),
            _ if may_raise => unanswered(call, name, unknown, Some(listed)),
            _ => {
                let listed = outcomes::raising(call.cx, listed, &[]);
                unanswered(call, name, unknown, Some(listed))
            }
        };
    }
    // What stands for the members of a container is asked in its place.
    call.args = call.args.clone().into_iter().map(|arg| call.opened(arg).unwrap_or(arg)).collect();
    let args = call.args.clone();
    if let Some(class) = consequence.strip_prefix("gives-")
        && !["argument", "members", "arguments", "answer"].contains(&class)
    {
        let given = new_answer(call, name, unknown, class);
        return call.answer("gives", &[given]);
    }
    // A container may change: what is said of it now is said of nothing else.
    let unknown = match typed::is_container(call.cx.bank, unknown) {
        true => call.new_unknown(unknown, "unknown"),
        false => unknown,
    };
    let is_unknown = |call: &Call, value: Id| call.cx.bank.op(value) == vocabulary().unknown;
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
            let values = call.values(&args);
            ("shows", vec![core::display(call.cx, &[values])[0]])
        }
        ("draws", _) => ("draws", vec![unknown]),
        ("gives-argument", [first, ..]) if is_unknown(call, *first) => ("gives", vec![*first, call.world]),
        // A view of a container, whose members are not known.
        ("gives-argument", _) => ("gives", vec![unknown, call.world]),
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
        ("delegates", _) => {
            let delegated = delegated(call, unknown);
            return unanswered(call, plain(name), unknown, Some(delegated));
        }
        // A known container may have the unknown among its members; what an unknown one does, it alone knows.
        ("asks-members", [container, member]) if !is_unknown(call, *container) => {
            let answer = answer_about(call, name, unknown);
            answered::weigh_members(call, *container, *member, answer);
            ("gives", vec![answer, call.world])
        }
        ("gives-answer", [value])
            if name == "type"
                && let Some(class) = typed::type_of(call.cx.bank, *value) =>
        {
            ("gives", vec![call.class(class), call.world])
        }
        ("gives-answer", _) => ("gives", vec![answer_about(call, name, unknown), call.world]),
        ("answers-bool", _) if sure && name == "contains" => ("gives", vec![call.bool(true), call.world]),
        (consequence, _) if let Some(class) = consequence.strip_prefix("answers-") => {
            let answer = typed_answer(call, name, type_of_answer(class), unknown);
            ("gives", vec![answer, call.world])
        }
        _ => {
            let result = consequence.strip_prefix("returns-").map(|class| {
                let result = new_answer(call, name, unknown, type_of_answer(class));
                let known = (class == LENGTH).then(|| answered::known_length(call, unknown)).flatten();
                returning(call, raising, &[known.unwrap_or(result)])
            });
            return unanswered(call, name, unknown, result);
        }
    };
    call.cx.bank.node(op, parts)
}

/// What the table calls a number that is zero for what is false, and for nothing else.
const LENGTH: &str = "length";

fn type_of_answer(class: &str) -> &str {
    if class == LENGTH { "int" } else { class }
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
    call.answer("unanswered", &[name, name, result])
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
        (false, _) => format!("{called}.__{}__", plain(operation).trim_end_matches('_')),
    };
    let spelled = spelled(call, operation, is_function);
    let of = listed.unwrap_or_else(|| {
        let name = spelling::result(operation, &called);
        anything(call, unknown, &name)
    });
    let (event, spelled) = (call.atom(&event), call.atom(&spelled));
    call.answer("unanswered", &[event, spelled, of])
}

/// The name of an operation, without what tells that it is a delegation's, or the library's own.
fn plain(operation: &str) -> &str {
    ["delegate_", "prim."].iter().find_map(|before| operation.strip_prefix(before)).unwrap_or(operation)
}

/// A call that returns the next item of what is delegated to, raises the StopIteration with whatever it returns in the end, or
/// raises what a call of it may raise.
fn delegated(call: &mut Call, unknown: Id) -> Id {
    let name = name_of(call.cx, unknown);
    let item = anything(call, unknown, &spelling::result("next", &name));
    let value = anything(call, unknown, &unknowns::value_of(&name));
    let value = call.new_unknown(value, "unknown");
    let mut raised = call.cx.members(call.cx.bank.arg(call.cx.bank.arg(unknown, 2), 1));
    if let Failure::Raised(stop) = call.raise_with("StopIteration", &[value]) {
        raised.push(stop);
    }
    outcomes::raising_these(call.cx, item, &raised)
}

/// The answer to an operation that gives one of these values, or is refused for what is unknown in its operands.
pub(super) fn perhaps(
    call: &mut Call,
    operation: &str,
    unknown: Id,
    values: &[Id],
    classes: &[&str],
) -> Failure {
    let raising = outcomes::raising(call.cx, unknown, classes);
    let of = returning(call, raising, values);
    Failure::Answered(unanswered(call, operation, unknown, Some(of)))
}

/// An unknown of another name, a call of which returns anything, or raises what a call of the first may raise.
pub(super) fn anything(call: &mut Call, unknown: Id, name: &str) -> Id {
    let like = typed::untyped(call.cx, unknown);
    unknowns::renamed(call.cx, like, name)
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
/// numbers of items that it may take; a display takes whatever there is.
fn spread(call: &mut Call, unknown: Id, callee: Id, given: usize) -> Id {
    let name = name_of(call.cx, unknown);
    if is_display(call, callee) {
        let rest = typed::rest(call.cx, unknown);
        let operands = call.tuple(&[rest]);
        return returning(call, unknown, &[operands]);
    }
    let counts = match needs(call, callee) {
        Some(needs) => {
            let [least, most] =
                [needs.least, needs.positional.len()].map(|count| count.saturating_sub(given));
            let mut counts = vec![least, most];
            counts.extend(needs.takes_more.then_some(most + 1));
            counts.dedup();
            counts
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

/// Whether this makes a list, a tuple or a set of its operands, however many there are.
fn is_display(call: &mut Call, callee: Id) -> bool {
    let node = call.cx.bank.get(callee);
    node.op == names().builtin
        && call
            .cx
            .constants()
            .stated(call.cx.name(node.args[0]))
            .is_some_and(|said| said.starts_with("gives-"))
        && call.cx.name(node.args[0]).ends_with("_display")
}

/// An unknown like another, a call of which returns one of these values.
pub(super) fn returning(call: &mut Call, unknown: Id, values: &[Id]) -> Id {
    let values = call.values(values);
    let returns = call.cx.bank.node("one-of", [values]);
    typed::returning(call.cx, unknown, returns)
}

/// A key of a known dict where it, or one that is there, is unknown: a call that returns one of the values, or raises the KeyError, as far as
/// nothing tells which.
fn looked_up(call: &mut Call, container: Id, key: Id) -> Option<Id> {
    let View::Dict(entries) = call.view(container) else { return None };
    // A default would be made for a key that is not there.
    let class = call.class_of(container);
    if call.class_attribute(class, "__missing__").is_some() {
        return None;
    }
    let mut found: Vec<Id> = Vec::new();
    let mut missing = answered::known_membership(call, container, key) != Some(true);
    for (other, value) in entries {
        let asked = deciding::equality(call, key, other);
        let equal = asked.and_then(|(unknown, question)| answered::recalled(call, unknown, question));
        if equal == Some(true) {
            (found, missing) = (vec![value], false);
            break;
        }
        if equal.is_none() && !found.contains(&value) {
            found.push(value);
        }
    }
    let Failure::Raised(error) = call.raise_with("KeyError", &[key]) else { return None };
    let missing = if missing || found.is_empty() { vec![error] } else { Vec::new() };
    let (found, missing) = (call.values(&found), call.values(&missing));
    let returns = call.cx.bank.node("one-of", [found]);
    let outcomes = call.cx.bank.node("outcomes", [returns, missing]);
    let (name, number) = (call.atom("dict.__getitem__"), call.atom("0"));
    Some(call.cx.bank.node("unknown", [name, number, outcomes]))
}
