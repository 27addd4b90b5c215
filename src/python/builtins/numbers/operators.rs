//! The operators, on any two operands.

use egg::Id;
use num_traits::ToPrimitive;

use super::arithmetic::{Number, number, numeric};
use super::unions::union_of;
use crate::machine::sequence;
use crate::python::builtins::support::{Outcome, beyond_index, iterate, known, too_large, unless_overridden};
use crate::python::builtins::{Table, format, maps};
use crate::python::values::names::names;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Answer, Call, Failure, View};

/// The primitives of this file.
pub const TABLE: Table = &[
    ("add", add),
    ("iadd", iadd),
    ("sub", sub),
    ("isub", isub),
    ("mul", mul),
    ("imul", imul),
    ("matmul", matmul),
    ("imatmul", imatmul),
    ("truediv", truediv),
    ("itruediv", itruediv),
    ("floordiv", floordiv),
    ("ifloordiv", ifloordiv),
    ("mod", modulo),
    ("imod", imod),
    ("lshift", lshift),
    ("ilshift", ilshift),
    ("rshift", rshift),
    ("irshift", irshift),
    ("and_", and_),
    ("iand", iand),
    ("or_", or_),
    ("ior", ior),
    ("xor", xor),
    ("ixor", ixor),
];

macro_rules! operators {
    ($($function:ident $in_place:ident = $operator:ident),* $(,)?) => {
        $(
            fn $function(call: &mut Call) -> Answer {
                binary(call, Operator::$operator, None)
            }

            fn $in_place(call: &mut Call) -> Answer {
                binary(call, Operator::$operator, Some(stringify!($in_place)))
            }
        )*
    };
}

operators! {
    add iadd = Add,
    sub isub = Sub,
    mul imul = Mul,
    matmul imatmul = MatMul,
    truediv itruediv = TrueDiv,
    floordiv ifloordiv = FloorDiv,
    modulo imod = Mod,
    lshift ilshift = LShift,
    rshift irshift = RShift,
    and_ iand = And,
    or_ ior = Or,
    xor ixor = Xor,
}

/// A binary operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Add,
    Sub,
    Mul,
    MatMul,
    TrueDiv,
    FloorDiv,
    Mod,
    Pow,
    LShift,
    RShift,
    And,
    Or,
    Xor,
    DivMod,
}

impl Operator {
    /// The name in special methods and in programs.
    fn spelling(self) -> (&'static str, &'static str) {
        match self {
            Operator::Add => ("add", "+"),
            Operator::Sub => ("sub", "-"),
            Operator::Mul => ("mul", "*"),
            Operator::MatMul => ("matmul", "@"),
            Operator::TrueDiv => ("truediv", "/"),
            Operator::FloorDiv => ("floordiv", "//"),
            Operator::Mod => ("mod", "%"),
            Operator::Pow => ("pow", "**"),
            Operator::LShift => ("lshift", "<<"),
            Operator::RShift => ("rshift", ">>"),
            Operator::And => ("and", "&"),
            Operator::Or => ("or", "|"),
            Operator::Xor => ("xor", "^"),
            Operator::DivMod => ("divmod", "divmod()"),
        }
    }

    /// Its name among the primitives for sets and dicts.
    fn primitive(self) -> &'static str {
        match self {
            Operator::And => "and_",
            Operator::Or => "or_",
            other => other.spelling().0,
        }
    }
}

pub(super) fn binary(call: &mut Call, operator: Operator, in_place: Option<&str>) -> Answer {
    let [left, right] = call.args[..] else { return Err(Failure::Undefined) };
    leave_to_classes(call, operator, in_place.is_some(), [left, right])?;
    call.require_known()?;
    compute(call, operator, in_place, [left, right])
}

/// The program's classes come first, where they define the operator.
pub(super) fn leave_to_classes(
    call: &mut Call,
    operator: Operator,
    in_place: bool,
    [left, right]: [Id; 2],
) -> Outcome<()> {
    let (name, _) = operator.spelling();
    unless_overridden(call, left, &[&format!("__{name}__")])?;
    unless_overridden(call, right, &[&format!("__r{name}__")])?;
    if in_place {
        unless_overridden(call, left, &[&format!("__i{name}__")])?;
    }
    Ok(())
}

/// The sum of two values, as `sum` needs it.
pub fn plus(call: &mut Call, left: Id, right: Id) -> Answer {
    known(call, left)?;
    known(call, right)?;
    leave_to_classes(call, Operator::Add, false, [left, right])?;
    compute(call, Operator::Add, None, [left, right])
}

/// The product of two values, as `math.prod` needs it.
pub fn times(call: &mut Call, left: Id, right: Id) -> Answer {
    known(call, left)?;
    known(call, right)?;
    leave_to_classes(call, Operator::Mul, false, [left, right])?;
    compute(call, Operator::Mul, None, [left, right])
}

/// A long text with a short one behind it, without a look at all of the long one.
fn appended(call: &mut Call, [long, short]: [Id; 2]) -> Option<Id> {
    let letters = call.letters(long)?;
    if call.cx.bank.op(short) != vocabulary().str || call.letters(short).is_some() {
        return None;
    }
    let more = call.text(short)?;
    if sequence::len(call.cx.bank, letters) + more.len() > call.cx.bank.largest() {
        return None;
    }
    let letters = more.chars().fold(letters, |all, char| {
        let letter = call.cx.bank.letter(char);
        sequence::push(call.cx.bank, all, letter)
    });
    Some(call.cx.bank.make(vocabulary().str, &[letters]))
}

pub(super) fn compute(
    call: &mut Call,
    operator: Operator,
    in_place: Option<&str>,
    operands: [Id; 2],
) -> Answer {
    if operator == Operator::Add
        && let Some(text) = appended(call, operands)
    {
        return Ok(text);
    }
    let [left, right] = operands.map(|operand| call.view(operand));
    let operator = match (operator, number(&left), number(&right)) {
        (Operator::TrueDiv, Some(Number::Int(_)), Some(Number::Int(_)))
            if call.cx.constants().has("division.classic") =>
        {
            Operator::FloorDiv
        }
        _ => operator,
    };
    if let (View::Bool(left), View::Bool(right)) = (&left, &right) {
        match operator {
            Operator::And => return Ok(call.bool(left & right)),
            Operator::Or => return Ok(call.bool(left | right)),
            Operator::Xor => return Ok(call.bool(left ^ right)),
            _ => {}
        }
    }
    if let (Some(left), Some(right)) = (number(&left), number(&right)) {
        if let Some(answer) = numeric(call, operator, left, right)? {
            return Ok(call.lengthened(&operands, answer));
        }
        return unsupported(call, operator, in_place.is_some(), operands);
    }
    if let Some(answer) = sequences(call, operator, in_place.is_some(), operands, (&left, &right)) {
        return answer;
    }
    if of_maps(call, operator, in_place.is_some(), operands, (&left, &right)) {
        return maps::operate(call, in_place.unwrap_or(operator.primitive()));
    }
    if operator == Operator::Or
        && let Some(union) = union_of(call, operands)
    {
        return Ok(union);
    }
    unsupported(call, operator, in_place.is_some(), operands)
}

/// Whether sets and dicts define the operator for these operands.
fn of_maps(
    call: &mut Call,
    operator: Operator,
    in_place: bool,
    operands: [Id; 2],
    (left, right): (&View, &View),
) -> bool {
    let logical = matches!(operator, Operator::And | Operator::Or | Operator::Xor | Operator::Sub);
    let keys = operands.map(|operand| {
        let class = call.type_name(operand);
        class == "dict_keys" || class == "dict_items"
    });
    logical
        && match (left, right) {
            (View::Set(_), View::Set(_)) => true,
            (View::Dict(_), View::Dict(_)) => operator == Operator::Or,
            (View::Dict(_), _) => in_place && operator == Operator::Or,
            _ => keys[0] || keys[1],
        }
}

/// Whether a value is the function `print`.
fn prints(call: &Call, value: Id) -> bool {
    let op = call.cx.bank.op(value);
    op.as_str() == "print-builtin"
        || op == names().builtin && call.cx.name(call.cx.bank.arg(value, 0)) == "print"
}

fn unsupported(call: &mut Call, operator: Operator, in_place: bool, operands: [Id; 2]) -> Answer {
    let [left, right] = operands.map(|operand| call.type_name(operand));
    let (_, symbol) = operator.spelling();
    let symbol = match operator {
        Operator::Pow if !in_place => "** or pow()".to_string(),
        _ if in_place => format!("{symbol}="),
        _ => symbol.to_string(),
    };
    let hint = if prints(call, operands[0]) && symbol == ">>" && call.cx.constants().has("hint.print") {
        ". Did you mean \"print(<message>, file=<output_stream>)\"?"
    } else {
        ""
    };
    let message = format!("unsupported operand type(s) for {symbol}: '{left}' and '{right}'{hint}");
    Err(call.type_error(&message).with(Failure::Mismatch))
}

/// What an operator does with a sequence; `None` where it is defined for none.
fn sequences(
    call: &mut Call,
    operator: Operator,
    in_place: bool,
    operands: [Id; 2],
    (left, right): (&View, &View),
) -> Option<Answer> {
    match operator {
        Operator::Add if is_sequence(left) => Some(concatenate(call, in_place, operands, (left, right))),
        Operator::Mul if is_sequence(left) => Some(repeat(call, in_place, operands[0], left, operands[1])),
        Operator::Mul if is_sequence(right) => Some(repeat(call, false, operands[1], right, operands[0])),
        Operator::Mod => match left {
            View::Str(text) => Some(format::percent(call, operands[0], text, operands[1])),
            View::Bytes(_) => Some(Err(Failure::Undefined)),
            _ => None,
        },
        _ => None,
    }
}

fn is_sequence(view: &View) -> bool {
    matches!(view, View::Str(_) | View::Bytes(_) | View::Tuple(_) | View::List(_))
}

fn concatenate(call: &mut Call, in_place: bool, [own, other]: [Id; 2], views: (&View, &View)) -> Answer {
    match views {
        (View::Str(left), View::Str(right)) => {
            check_size(call, left.len() + right.len(), 1)?;
            let whole = call.str(&format!("{left}{right}"));
            Ok(call.like_texts(&[own, other], whole))
        }
        (View::Bytes(left), View::Bytes(right)) => Ok(call.bytes(&[&left[..], right].concat())),
        (View::Tuple(left), View::Tuple(right)) => Ok(call.tuple(&[&left[..], right].concat())),
        (View::List(left), _) if in_place => {
            let right = iterate(call, other)?;
            check_size(call, left.len() + right.len(), 8)?;
            call.set_list(own, &[&left[..], &right].concat());
            Ok(own)
        }
        (View::List(left), View::List(right)) => {
            check_size(call, left.len() + right.len(), 8)?;
            Ok(call.list(&[&left[..], right].concat()))
        }
        (left, _) => {
            let name = call.type_name(other);
            let message = match left {
                View::Str(_) if call.is_unicode(own) => call.cx.constants().worded("no-unicode", &[&name]),
                View::Str(_) => call.cx.constants().worded("str-concatenation", &[&name]),
                View::Tuple(_) => format!("can only concatenate tuple (not \"{name}\") to tuple"),
                View::List(_) => format!("can only concatenate list (not \"{name}\") to list"),
                _ => format!("can't concat {name} to bytes"),
            };
            Err(call.type_error(&message).with(Failure::Unfit))
        }
    }
}

/// That a sequence is not too long, whose members take so many bytes in CPython.
fn check_size(call: &mut Call, size: usize, each: u64) -> Outcome<()> {
    match size > call.cx.bank.largest() {
        true => Err(too_large(call, each.saturating_mul(size as u64))),
        false => Ok(()),
    }
}

fn repeat(call: &mut Call, in_place: bool, own: Id, view: &View, times: Id) -> Answer {
    let Some(times_int) = call.integer(times) else {
        unless_overridden(call, times, &["__index__"])?;
        let name = call.type_name(times);
        let message = format!("can't multiply sequence by non-int of type '{name}'");
        return Err(call.type_error(&message).with(Failure::Unfit));
    };
    if times_int.to_isize().is_none() {
        return Err(beyond_index(call, "OverflowError"));
    }
    let times = times_int.to_usize().unwrap_or(0);
    let length = match view {
        View::Str(text) => text.len(),
        View::Bytes(bytes) => bytes.len(),
        View::Tuple(members) | View::List(members) => members.len(),
        _ => 0,
    };
    let each = if matches!(view, View::Str(_) | View::Bytes(_)) { 1 } else { 8 };
    check_size(call, length.saturating_mul(times), each)?;
    Ok(match view {
        View::Str(text) => {
            let whole = call.str(&text.repeat(times));
            call.like_texts(&[own], whole)
        }
        View::Bytes(bytes) => call.bytes(&bytes.repeat(times)),
        View::Tuple(members) => call.tuple(&members.repeat(times)),
        View::List(members) if in_place => {
            call.set_list(own, &members.repeat(times));
            own
        }
        View::List(members) => call.list(&members.repeat(times)),
        _ => own,
    })
}
