//! What an operation on something unknown comes to, as the book's table says.

use egg::Id;
use num_traits::ToPrimitive;

use crate::machine::domain::Context;
use crate::python::builtins;
use crate::python::functions::core;
use crate::python::functions::spreading::needs;
use crate::python::functions::unknowns::{self, fresh, name_of};
use crate::python::functions::widening;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Call, Failure, View, write};

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
        ("gives-answer", _) => ("gives", vec![answer_about(call, name, unknown), call.world]),
        ("looks-up", [container, _]) => {
            let look_up = looked_up(call, *container, unknown);
            return unanswered(call, name, unknown, look_up);
        }
        _ => return unanswered(call, name, unknown, None),
    };
    call.cx.bank.node(op, parts)
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
        (false, _) => format!("{called}.__{operation}__"),
    };
    let spelled = spelled(call, operation, is_function);
    let of = listed.unwrap_or_else(|| {
        let (root, other) = (root(&called).to_string(), "\u{2026}".to_string());
        let name = match (is_function, operation) {
            (true, _) => format!("{operation}({root})"),
            (_, "getitem") => written(operation, false, &[root, other]),
            (_, "neg" | "pos" | "invert") => format!("({})", written(operation, false, &[root])),
            (_, operation) if operation == "contains" || symbol(operation).is_some() => {
                format!("({})", written(operation, false, &[root, other]))
            }
            _ => format!("{root} {other}"),
        };
        anything(call, unknown, &name)
    });
    let (event, spelled) = (call.atom(&event), call.atom(&spelled));
    call.cx.bank.node("unanswered", [event, spelled, of])
}

/// Whether programs call an operation by its name.
fn is_function(operation: &str) -> bool {
    builtins::find(operation).is_some_and(|builtin| builtin.signature.is_some())
}

/// How the answer to `in` is named, in front of what is unknown.
const MEMBER_OF: &str = "\u{2026} in ";

/// What an unknown is called without the operations that it is the result of, so that the names of results do not grow in a
/// loop.
fn root(name: &str) -> &str {
    let mut root = name;
    loop {
        let within = root.strip_suffix(')').and_then(|call| call.split_once('(')).map(|(_, of)| of);
        let left = root.strip_suffix(" \u{2026}").map(|left| match left.rsplit_once(' ') {
            Some((of, sign)) if sign.chars().all(|c| c.is_ascii_punctuation()) => of,
            _ => left,
        });
        let member = root.strip_prefix(MEMBER_OF).or_else(|| root.strip_prefix(['-', '+', '~']));
        let shorter = left.or(member).or_else(|| root.strip_suffix("[\u{2026}]")).or(within);
        match shorter {
            Some(shorter) if !shorter.is_empty() => root = shorter,
            _ => return root,
        }
    }
}

/// An unknown of another name, a call of which returns anything, or raises what a call of the first may raise.
pub(super) fn anything(call: &mut Call, unknown: Id, name: &str) -> Id {
    let mut node = call.cx.bank.get(unknown).clone();
    let (anything, raises) = (call.cx.bank.node("anything", []), call.cx.bank.arg(node.args[2], 1));
    node.args[0] = call.atom(name);
    node.args[2] = call.cx.bank.node("outcomes", [anything, raises]);
    call.cx.bank.add(node)
}

/// How many characters of an operand are shown.
const SHOWN: usize = 30;

/// An operation as the program writes it.
fn spelled(call: &mut Call, operation: &str, is_function: bool) -> String {
    let short = |text: String| match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}\u{2026}", &text[..end]),
        None => text,
    };
    let args: Vec<String> = call.args.clone().into_iter().map(|arg| short(shown(call, arg))).collect();
    written(operation, is_function, &args)
}

/// An operation on operands as the program writes it.
fn written(operation: &str, is_function: bool, args: &[String]) -> String {
    match (operation, args) {
        _ if is_function => format!("{operation}({})", args.join(", ")),
        ("getitem", [of, key]) => format!("{of}[{key}]"),
        ("setitem", [of, key, value]) => format!("{of}[{key}] = {value}"),
        ("delitem", [of, key]) => format!("del {of}[{key}]"),
        ("contains", [of, member]) => format!("{member} in {of}"),
        ("unpack", [of, ..]) => format!("unpacking {of}"),
        ("argument_tuple", [.., of]) => format!("*{of}"),
        ("neg", [of]) => format!("-{of}"),
        ("pos", [of]) => format!("+{of}"),
        ("invert", [of]) => format!("~{of}"),
        (_, [left, right]) => match symbol(operation) {
            Some(symbol) => format!("{left} {symbol} {right}"),
            None => format!("{operation}({left}, {right})"),
        },
        _ => format!("{operation}({})", args.join(", ")),
    }
}

/// The sign of a binary operator or an augmented assignment.
fn symbol(operation: &str) -> Option<String> {
    const SIGNS: [(&str, &str); 13] = [
        ("add", "+"),
        ("sub", "-"),
        ("mul", "*"),
        ("matmul", "@"),
        ("truediv", "/"),
        ("floordiv", "//"),
        ("mod", "%"),
        ("pow", "**"),
        ("lshift", "<<"),
        ("rshift", ">>"),
        ("and_", "&"),
        ("or_", "|"),
        ("xor", "^"),
    ];
    let sign = |name: &str| SIGNS.iter().find(|(known, _)| known.trim_end_matches('_') == name);
    if let Some((_, sign)) = sign(operation.trim_end_matches('_')) {
        return Some((*sign).to_string());
    }
    let augmented = operation.strip_prefix('i').map(|name| name.trim_end_matches('_'));
    augmented.and_then(sign).map(|(_, sign)| format!("{sign}="))
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
    let mut shown: Vec<String> = args.into_iter().map(|arg| shown(call, arg)).collect();
    let is_text = function.starts_with("fstring_");
    if function == "fstring_value" {
        // Behind the value stand the conversion and the format.
        shown.retain(|part| part != "''");
    }
    let name = match is_text {
        true => format!("f-string({})", shown.join(", ")),
        false => written(function, is_function(function), &shown),
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

/// Whether a value is written as what it is, and never changes.
fn is_lasting(call: &Call, value: Id) -> bool {
    let node = call.cx.bank.get(value);
    match node.op.as_str() {
        "tuple" => call.cx.members(node.args[0]).iter().all(|member| is_lasting(call, *member)),
        op => ["unknown", "none", "true", "false", "int", "str", "class", "builtin"].contains(&op),
    }
}

/// An argument as a name shows it.
fn shown(call: &mut Call, value: Id) -> String {
    match call.cx.bank.op(value) == vocabulary().unknown {
        true => name_of(call.cx, value).trim_start_matches('.').to_string(),
        false => {
            let term = call.cx.bank.term(value);
            write::value(&term, term.root())
        }
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
        members.push(member(
            call,
            &format!("{before}:{}", if after == 0 { String::new() } else { format!("-{after}") }),
        ));
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
    let mut node = call.cx.bank.get(unknown).clone();
    let raises = call.cx.bank.arg(node.args[2], 1);
    node.args[2] = call.cx.bank.node("outcomes", [returns, raises]);
    call.cx.bank.add(node)
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
