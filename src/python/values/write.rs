//! Expressions and values as Python writes them.

use std::fmt::Write as _;

use egg::Id;

use crate::python::values::hidden;
use crate::python::values::literals::{str_repr, unicode_repr};
use crate::term::{Node, Term, unescape};

/// How tightly an expression binds; an operand that binds less is put in parentheses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Or,
    And,
    Not,
    Comparison,
    Sign,
    Primary,
}

/// The source of an expression.
pub(crate) fn expression(term: &Term, id: Id) -> String {
    written(term, id).0
}

/// The name of a target.
pub(crate) fn target(term: &Term, id: Id) -> String {
    match parts(&term[id]) {
        ("local" | "global" | "shared" | "free", &[name]) | ("member", &[_, name]) => atom(term, name),
        ("inner", &[_, outer]) => target(term, outer),
        (op, _) => op.to_string(),
    }
}

/// The text of a name.
pub(crate) fn name(term: &Term, id: Id) -> String {
    atom(term, id)
}

/// The names of parameters, in order.
pub(crate) fn parameters(term: &Term, id: Id) -> Vec<String> {
    leftward(term, id, "parameters").into_iter().map(|id| atom(term, id)).collect()
}

/// A value as Python's `repr` writes it; a class or function is written as its name.
pub(crate) fn value(term: &Term, id: Id) -> String {
    match parts(&term[id]) {
        ("none", _) => "None".into(),
        ("true", _) => "True".into(),
        ("false", _) => "False".into(),
        ("int", &[number]) => atom(term, number),
        ("long", &[number]) => atom(term, number) + "L",
        ("str", &[text]) => str_repr(&crate::term::text_of(term, text)),
        ("unicode", &[text]) => unicode_repr(&crate::term::text_of(term, text)),
        ("tuple", &[items]) => tuple(&values(term, items)),
        ("class" | "function", [name, ..]) => atom(term, *name),
        // The arguments of an exception that an unknown raised are called after it.
        ("unknown", [name, ..]) => atom(term, *name).trim_start_matches('.').to_string(),
        ("exception", &[class, args, _]) if are_unknown(term, args) => format!("{}()", value(term, class)),
        ("exception", &[class, args, _]) => {
            format!("{}({})", value(term, class), values(term, args).join(", "))
        }
        ("print-builtin", _) => "print".into(),
        ("isinstance-builtin", _) => "isinstance".into(),
        ("tuple-builtin", _) => "tuple".into(),
        ("float", &[number]) => atom(term, number),
        ("ellipsis", _) => "...".into(),
        ("not-implemented", _) => "NotImplemented".into(),
        ("builtin" | "library" | "module", &[name]) | ("module-code", &[name, _]) => atom(term, name),
        ("object", &[class, _]) => format!("<{} object>", value(term, class)),
        ("method", &[function, _]) => value(term, function),
        ("routine", &[code, _]) | ("class-builder", &[code]) => value(term, code),
        ("code", [_, information, ..]) => match parts(&term[*information]) {
            (_, [_, name, ..]) => atom(term, *name),
            (op, _) => op.to_string(),
        },
        (op, _) => summary(op),
    }
}

/// Whether nothing is known of the arguments of an exception.
fn are_unknown(term: &Term, args: Id) -> bool {
    match parts(&term[args]) {
        (_, &[_, only]) => {
            matches!(parts(&term[only]), ("unknown", [name, ..]) if atom(term, *name) == hidden::ERROR)
        }
        _ => false,
    }
}

/// A constructor by its name; what stands for a term that is not written out, as dots.
fn summary(op: &str) -> String {
    if op.starts_with('#') { "…".into() } else { op.to_string() }
}

/// The values of a `Values`, in order.
pub(crate) fn values(term: &Term, id: Id) -> Vec<String> {
    leftward(term, id, "values").into_iter().map(|id| value(term, id)).collect()
}

/// The keyword arguments of a `Keywords`, in order.
fn keywords(term: &Term, mut id: Id) -> Vec<String> {
    let mut items = Vec::new();
    while let ("keywords", &[name, given, rest]) = parts(&term[id]) {
        items.push(format!("{}={}", atom(term, name), value(term, given)));
        id = rest;
    }
    items
}

/// The items of a list that grows at its right end, in order.
fn leftward(term: &Term, mut id: Id, op: &str) -> Vec<Id> {
    let mut items = Vec::new();
    while let (found, &[rest, item]) = parts(&term[id]) {
        if found != op {
            break;
        }
        items.push(item);
        id = rest;
    }
    items.reverse();
    items
}

fn tuple(items: &[String]) -> String {
    match items {
        [one] => format!("({one},)"),
        _ => format!("({})", items.join(", ")),
    }
}

fn written(term: &Term, id: Id) -> (String, Binding) {
    match parts(&term[id]) {
        ("const", &[constant]) => {
            let text = value(term, constant);
            let binding = if text.starts_with('-') { Binding::Sign } else { Binding::Primary };
            (text, binding)
        }
        ("name", &[place]) => (target(term, place), Binding::Primary),
        ("observe", &[_, inner]) => written(term, inner),
        ("tuple-display", &[items]) => (tuple(&arguments(term, items)), Binding::Primary),
        ("call", &[callee, args]) => {
            let callee = operand(term, callee, Binding::Primary);
            let args = arguments(term, args).join(", ");
            (format!("{callee}({args})"), Binding::Primary)
        }
        ("not", &[inner]) => (format!("not {}", operand(term, inner, Binding::Not)), Binding::Not),
        ("and", &[..]) => (chain(term, id, "and", Binding::Not), Binding::And),
        ("or", &[..]) => (chain(term, id, "or", Binding::And), Binding::Or),
        ("compare", &[op, left, right]) => {
            let left = operand(term, left, Binding::Sign);
            let right = operand(term, right, Binding::Sign);
            (format!("{left} {} {right}", operator(term, op)), Binding::Comparison)
        }
        ("located", &[_, _, inner]) => written(term, inner),
        ("invocation", &[callee, operands]) => {
            let callee = operand(term, callee, Binding::Primary);
            (format!("{callee}({})", self::operands(term, operands).join(", ")), Binding::Primary)
        }
        ("settled", &[callee, positional, named]) => {
            let mut arguments = values(term, positional);
            arguments.extend(keywords(term, named));
            (format!("{}({})", value(term, callee), arguments.join(", ")), Binding::Primary)
        }
        ("conditional", &[test, then, orelse]) => {
            let [then, test] = [then, test].map(|id| operand(term, id, Binding::Or));
            (format!("({then} if {test} else {})", expression(term, orelse)), Binding::Primary)
        }
        ("bind", &[place, inner]) => {
            (format!("({} := {})", target(term, place), expression(term, inner)), Binding::Primary)
        }
        ("yield", &[inner]) => (format!("(yield {})", expression(term, inner)), Binding::Primary),
        ("yield-from", &[inner]) => (format!("(yield from {})", expression(term, inner)), Binding::Primary),
        // No Python: what is no expression must not be read as another one.
        (op, _) => (format!("<{}>", op.escape_debug()), Binding::Primary),
    }
}

/// An operand, in parentheses where it binds less tightly than `least`.
fn operand(term: &Term, id: Id, least: Binding) -> String {
    match written(term, id) {
        (text, binding) if binding >= least => text,
        (text, _) => format!("({text})"),
    }
}

/// `a and b and c`: what nests to the right needs no parentheses.
fn chain(term: &Term, mut id: Id, op: &str, least: Binding) -> String {
    let mut out = String::new();
    while let (found, &[left, right]) = parts(&term[id]) {
        if found != op {
            break;
        }
        let _ = write!(out, "{} {op} ", operand(term, left, least));
        id = right;
    }
    out + &operand(term, id, least)
}

fn arguments(term: &Term, mut id: Id) -> Vec<String> {
    let mut items = Vec::new();
    while let ("arguments", &[first, rest]) = parts(&term[id]) {
        items.push(expression(term, first));
        id = rest;
    }
    items
}

fn operands(term: &Term, mut id: Id) -> Vec<String> {
    let mut items = Vec::new();
    loop {
        let (item, rest) = match parts(&term[id]) {
            ("operand", &[first, rest]) => (expression(term, first), rest),
            ("starred", &[first, rest]) => (format!("*{}", expression(term, first)), rest),
            ("double-starred", &[first, rest]) => (format!("**{}", expression(term, first)), rest),
            ("keyword", &[name, first, rest]) => {
                (format!("{}={}", atom(term, name), expression(term, first)), rest)
            }
            _ => return items,
        };
        items.push(item);
        id = rest;
    }
}

fn operator(term: &Term, id: Id) -> &'static str {
    sign(term[id].op.as_str())
}

/// How Python writes a comparison that the grammar names so.
pub fn sign(operator: &'static str) -> &'static str {
    match operator {
        "is-not" => "is not",
        "eq" => "==",
        "ne" => "!=",
        "lt" => "<",
        "le" => "<=",
        "gt" => ">",
        "ge" => ">=",
        other => other,
    }
}

/// A node's constructor and arguments.
pub(crate) fn parts(node: &Node) -> (&'static str, &[Id]) {
    (node.op.as_str(), &node.args)
}

/// The text of an atom.
pub(crate) fn atom(term: &Term, id: Id) -> String {
    unescape(term[id].op.as_str())
}

#[cfg(test)]
mod tests {
    use crate::term::parse_term;

    #[test]
    fn values_are_written_as_python_does() {
        let class = "(class ValueError builtin no-bases)";
        for (term, expected) in [
            ("(tuple no-values)".to_string(), "()"),
            ("(tuple (values no-values (int -1)))".to_string(), "(-1,)"),
            ("(tuple (values (values no-values none) true))".to_string(), "(None, True)"),
            (class.to_string(), "ValueError"),
            (format!("(exception {class} (values no-values (str a)) 0)"), "ValueError('a')"),
        ] {
            assert_eq!(crate::python::syntax::print::value(&parse_term(&term).unwrap()), expected);
        }
    }

    #[test]
    fn parentheses_stand_where_they_are_needed() {
        let x = "(name (local x))";
        for (term, expected) in [
            (format!("(and (and {x} {x}) (and {x} {x}))"), "(x and x) and x and x"),
            (format!("(not (compare is {x} {x}))"), "not x is x"),
            (format!("(compare eq (not {x}) (const (int -1)))"), "(not x) == -1"),
            (format!("(call (const (int -1)) (arguments {x} no-arguments))"), "(-1)(x)"),
            (format!("(or (or {x} {x}) {x})"), "(x or x) or x"),
        ] {
            assert_eq!(crate::python::syntax::print::expression(&parse_term(&term).unwrap()), expected);
        }
    }
}
