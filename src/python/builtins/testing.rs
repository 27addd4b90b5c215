//! Expectations that were recorded on CPython, checked against the primitives.
//!
//! A file in `expected/` has an expression in each odd line and what it gives in the next, behind `=>`.
//! `record.mjs` there writes the second lines.

use std::collections::BTreeMap;

use egg::Id;
use ruff_python_ast::{self as ast, CmpOp, Expr, Number, Operator, UnaryOp};

use crate::book::Book;
use crate::machine::domain::Context;
use crate::machine::domain::{Domain, Tables};
use crate::python::PYTHON;
use crate::python::builtins::display;
use crate::python::builtins::find;
use crate::python::builtins::hashing;
use crate::python::values::{Answer, Call, Failure, View};

/// Compares each expression of a file with what CPython gave for it.
pub fn check(file: &str) {
    let constants = constants();
    let lines: Vec<&str> = file.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    let mut differences = Vec::new();
    for pair in lines.chunks(2) {
        let [expression, expected] = pair else { panic!("no expectation for {pair:?}") };
        let expected = expected.trim().strip_prefix("=> ").expect("an expectation");
        let found = outcome(&constants, expression);
        if found != expected {
            differences.push(format!("{expression}\n    python    {expected}\n    trylemma  {found}"));
        }
    }
    assert!(!lines.is_empty());
    assert!(differences.is_empty(), "{} differ:\n{}", differences.len(), differences.join("\n"));
}

fn constants() -> Tables {
    PYTHON.tables(&Book::built_in(crate::book::version::Version::DEFAULT).expect("the book"))
}

/// What an expression gives: a value's `repr`, what it prints, or an exception and its arguments.
fn outcome(constants: &Tables, expression: &str) -> String {
    with_call(constants, |call| {
        let parsed = ruff_python_parser::parse_expression(expression).expect("an expression");
        let value = evaluate(call, parsed.expr());
        if let Some((stream, text)) = call.output.take() {
            return format!("{stream} {text:?}");
        }
        let shown = value.and_then(|value| display::repr(call, value));
        shown.unwrap_or_else(|failure| show_failure(call, failure))
    })
}

fn show_failure(call: &mut Call, failure: Failure) -> String {
    match failure {
        Failure::Raised(exception) => {
            let args = display::exception_args(call, exception);
            let args = call.tuple(&args);
            let class = call.type_name(exception);
            format!("{class}: {}", display::repr(call, args).expect("arguments"))
        }
        failure => format!("{failure:?}").split('(').next().unwrap_or_default().to_string(),
    }
}

/// Does something with an application of no primitive in a world without objects.
fn with_call<R>(constants: &Tables, test: impl FnOnce(&mut Call) -> R) -> R {
    let mut bank = crate::python::semantics::bank();
    let empty = bank.node("no-names", []);
    let heap = bank.node("no-objects", []);
    let (modules, one) = (bank.node("no-modules", []), bank.node("1", []));
    let globals = bank.node("objects", [modules, heap, one]);
    let none = bank.node("none", []);
    let world = bank.node("world", [empty, globals, none, none, none]);
    let mut cx = Context { bank: &mut bank, tables: constants };
    let mut call = Call {
        cx: &mut cx,
        world,
        frames: none,
        args: Vec::new(),
        keywords: Vec::new(),
        output: None,
        default_count: 0,
    };
    test(&mut call)
}

/// Does something in such a world, with the book's classes.
pub fn in_a_world<R>(test: impl FnOnce(&mut Call) -> R) -> R {
    with_call(&constants(), test)
}

/// What a primitive gives, as [`check`] compares it.
pub fn given(call: &mut Call, name: &str, args: &[Id]) -> String {
    let answer = apply(call, name, args.to_vec(), Vec::new());
    if let Some((stream, text)) = call.output.take() {
        return format!("{stream} {text:?}");
    }
    let shown = answer.and_then(|value| display::repr(call, value));
    shown.unwrap_or_else(|failure| show_failure(call, failure))
}

/// A class of the program that derives from these and has these attributes.
pub fn user_class(call: &mut Call, name: &str, bases: &[Id], attributes: &[(&str, Id)]) -> Id {
    let none = call.none();
    let reference = call.allocate(none);
    let end = call.cx.bank.node("no-bases", []);
    let bases = bases.iter().rev().fold(end, |rest, base| call.cx.bank.node("bases", [*base, rest]));
    let name = call.atom(name);
    let class = call.cx.bank.node("class", [name, reference, bases]);
    for (attribute, value) in attributes {
        call.set_own_attribute(class, attribute, Some(*value));
    }
    class
}

fn apply(call: &mut Call, name: &str, args: Vec<Id>, keywords: Vec<(String, Id)>) -> Answer {
    call.args = args;
    call.keywords = keywords;
    find(name).unwrap_or_else(|| panic!("no primitive {name}"))(call)
}

fn evaluate_all(call: &mut Call, expressions: &[Expr]) -> Result<Vec<Id>, Failure> {
    let mut values = Vec::new();
    for expression in expressions {
        match expression {
            Expr::Starred(starred) => {
                let value = evaluate(call, &starred.value)?;
                values.extend(crate::python::builtins::support::iterate(call, value)?);
            }
            _ => values.push(evaluate(call, expression)?),
        }
    }
    Ok(values)
}

fn evaluate(call: &mut Call, expression: &Expr) -> Answer {
    match expression {
        Expr::NoneLiteral(_) => Ok(call.none()),
        Expr::EllipsisLiteral(_) => Ok(call.cx.bank.node("ellipsis", [])),
        Expr::BooleanLiteral(literal) => Ok(call.bool(literal.value)),
        Expr::NumberLiteral(literal) => Ok(match &literal.value {
            Number::Int(int) => {
                let int = int.to_string().parse::<num_bigint::BigInt>().expect("an int");
                call.int(int)
            }
            Number::Float(float) => call.float(*float),
            Number::Complex { .. } => panic!("complex"),
        }),
        Expr::StringLiteral(literal) => Ok(call.str(literal.value.to_str())),
        Expr::BytesLiteral(literal) => {
            let bytes: Vec<u8> = literal.value.bytes().collect();
            Ok(call.bytes(&bytes))
        }
        Expr::Tuple(tuple) => {
            let members = evaluate_all(call, &tuple.elts)?;
            Ok(call.tuple(&members))
        }
        Expr::List(list) => {
            let members = evaluate_all(call, &list.elts)?;
            Ok(call.list(&members))
        }
        Expr::Set(set) => {
            let members = evaluate_all(call, &set.elts)?;
            new_set(call, "set", members)
        }
        Expr::Dict(dict) => {
            let mut entries = Vec::new();
            for item in &dict.items {
                let key = evaluate(call, item.key.as_ref().expect("a key"))?;
                hashing::hashable_key(call, key)?;
                entries.push((key, evaluate(call, &item.value)?));
            }
            Ok(call.dict(&entries))
        }
        Expr::Name(name) => Ok(named(call, &name.id)),
        Expr::UnaryOp(unary) => {
            let operand = evaluate(call, &unary.operand)?;
            let name = match unary.op {
                UnaryOp::USub => "neg",
                UnaryOp::UAdd => "pos",
                UnaryOp::Invert => "invert",
                UnaryOp::Not => panic!("not"),
            };
            apply(call, name, vec![operand], Vec::new())
        }
        Expr::BinOp(binary) => {
            let operands = vec![evaluate(call, &binary.left)?, evaluate(call, &binary.right)?];
            apply(call, operator(binary.op), operands, Vec::new())
        }
        Expr::Compare(compare) => {
            let operands = vec![evaluate(call, &compare.left)?, evaluate(call, &compare.comparators[0])?];
            let name = match compare.ops[0] {
                CmpOp::Eq => "eq",
                CmpOp::NotEq => "ne",
                CmpOp::Lt => "lt",
                CmpOp::LtE => "le",
                CmpOp::Gt => "gt",
                CmpOp::GtE => "ge",
                _ => panic!("{compare:?}"),
            };
            apply(call, name, operands, Vec::new())
        }
        Expr::Attribute(attribute) => {
            let module = attribute.value.as_name_expr().map(|name| name.id.as_str());
            assert_eq!(module, Some("math"), "an attribute of something else");
            apply(call, &format!("math.{}", attribute.attr), Vec::new(), Vec::new())
        }
        Expr::Call(expression) => evaluate_call(call, expression),
        Expr::FString(f_string) => evaluate_f_string(call, f_string),
        _ => panic!("{expression:?}"),
    }
}

fn operator(operator: Operator) -> &'static str {
    match operator {
        Operator::Add => "add",
        Operator::Sub => "sub",
        Operator::Mult => "mul",
        Operator::MatMult => "matmul",
        Operator::Div => "truediv",
        Operator::Mod => "mod",
        Operator::Pow => "pow",
        Operator::LShift => "lshift",
        Operator::RShift => "rshift",
        Operator::BitOr => "or_",
        Operator::BitXor => "xor",
        Operator::BitAnd => "and_",
        Operator::FloorDiv => "floordiv",
    }
}

/// A class or a builtin function.
fn named(call: &mut Call, name: &str) -> Id {
    if name == "NotImplemented" {
        return call.cx.bank.node("not-implemented", []);
    }
    if Call::is_type(name) || call.cx.builtin_class(name).is_some() {
        return call.class(name);
    }
    let atom = call.atom(name);
    call.cx.bank.node("builtin", [atom])
}

fn new_set(call: &mut Call, class: &str, members: Vec<Id>) -> Answer {
    let mut kept: Vec<Id> = Vec::new();
    for member in members {
        hashing::hashable_member(call, member)?;
        let mut fresh = true;
        for other in kept.clone() {
            fresh &= !crate::python::builtins::compare::same_or_equal(call, other, member)?;
        }
        if fresh {
            kept.push(member);
        }
    }
    Ok(call.set(class, &kept))
}

fn evaluate_call(call: &mut Call, expression: &ast::ExprCall) -> Answer {
    let mut args = evaluate_all(call, &expression.arguments.args)?;
    let mut keywords = Vec::new();
    for keyword in &expression.arguments.keywords {
        let name = keyword.arg.as_ref().expect("a name").to_string();
        keywords.push((name, evaluate(call, &keyword.value)?));
    }
    match &*expression.func {
        Expr::Name(name) => call_named(call, &name.id, args, keywords),
        Expr::Attribute(attribute) => {
            if let Expr::Name(name) = &*attribute.value {
                let full = format!("{}.{}", name.id, attribute.attr);
                return apply(call, &full, args, keywords);
            }
            let own = evaluate(call, &attribute.value)?;
            let class = match call.view(own) {
                View::Bool(_) => "int".to_string(),
                _ => call.type_name(own),
            };
            args.insert(0, own);
            apply(call, &format!("{class}.{}", attribute.attr), args, keywords)
        }
        other => panic!("{other:?}"),
    }
}

fn call_named(call: &mut Call, name: &str, args: Vec<Id>, keywords: Vec<(String, Id)>) -> Answer {
    match name {
        "set" | "frozenset" => {
            let members = match args.first() {
                Some(container) => crate::python::builtins::support::iterate(call, *container)?,
                None => Vec::new(),
            };
            new_set(call, name, members)
        }
        "range" => {
            let ints: Vec<_> = args.iter().map(|arg| call.integer(*arg).expect("an int")).collect();
            let part = |place: usize, default: i32| ints.get(place).cloned().unwrap_or(default.into());
            let parts = match ints.len() {
                1 => [0.into(), part(0, 0), 1.into()],
                _ => [part(0, 0), part(1, 0), part(2, 1)],
            };
            Ok(call.new_range(parts))
        }
        "slice" => {
            let none = call.none();
            Ok(match args[..] {
                [stop] => call.new_slice([none, stop, none]),
                [start, stop] => call.new_slice([start, stop, none]),
                [start, stop, step] => call.new_slice([start, stop, step]),
                _ => panic!("slice"),
            })
        }
        _ if call.cx.builtin_class(name).is_some() => {
            let Failure::Raised(exception) = call.raise_with(name, &args) else { panic!("no exception") };
            Ok(exception)
        }
        // In place, for which there is no expression: `iadd(a, b)` as in the module `operator`.
        _ => apply(call, name, args, keywords),
    }
}

fn evaluate_f_string(call: &mut Call, f_string: &ast::ExprFString) -> Answer {
    let mut parts = Vec::new();
    for element in f_string.value.elements() {
        parts.push(match element {
            ast::InterpolatedStringElement::Literal(literal) => call.str(&literal.value),
            ast::InterpolatedStringElement::Interpolation(field) => {
                let value = evaluate(call, &field.expression)?;
                let conversion = field.conversion.to_char().map(String::from).unwrap_or_default();
                let spec = field.format_spec.as_ref().map_or(String::new(), |spec| {
                    spec.elements.literals().map(|literal| literal.value.to_string()).collect()
                });
                let args = vec![value, call.str(&conversion), call.str(&spec)];
                apply(call, "fstring_value", args, Vec::new())?
            }
        });
    }
    apply(call, "fstring_join", parts, Vec::new())
}

#[test]
fn every_primitive_has_a_name_of_its_own() {
    let mut seen = BTreeMap::new();
    for (name, _) in crate::python::builtins::TABLES.iter().flat_map(|table| table.iter()) {
        assert!(seen.insert(*name, ()).is_none(), "{name} is there twice");
    }
}
