//! Comparisons: what is equal, what comes before what.

use std::cmp::Ordering;

use egg::Id;
use num_bigint::BigInt;
use num_traits::FromPrimitive;

use crate::python::builtins::containers::{Shape, shape};
use crate::python::builtins::maps;
use crate::python::builtins::numbers::{Number, number};
use crate::python::builtins::support::{Outcome, known, overridden, range_length, unless_overridden, within};
use crate::python::builtins::{Table, aliases};
use crate::python::values::names::names;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Answer, Call, Failure, Objects, View};

/// The primitives of this file.
pub const TABLE: Table = &[
    ("eq", eq),
    ("ne", ne),
    ("lt", lt),
    ("le", le),
    ("gt", gt),
    ("ge", ge),
    ("equal", eq),
    ("less", lt),
    ("prim.ordered", order_by_kind),
];

fn eq(call: &mut Call) -> Answer {
    let [left, right] = call.args[..] else { return Err(Failure::Undefined) };
    leave_to_classes(call, [left, right], [&["__eq__"], &["__eq__"]])?;
    call.require_known()?;
    let equal = equal(call, left, right)?;
    Ok(call.bool(equal))
}

fn ne(call: &mut Call) -> Answer {
    let [left, right] = call.args[..] else { return Err(Failure::Undefined) };
    leave_to_classes(call, [left, right], [&["__ne__", "__eq__"], &["__ne__", "__eq__"]])?;
    call.require_known()?;
    let equal = equal(call, left, right)?;
    Ok(call.bool(!equal))
}

fn ordered(call: &mut Call, relation: Relation) -> Answer {
    let [left, right] = call.args[..] else { return Err(Failure::Undefined) };
    let (_, method, mirrored) = relation.spelling();
    leave_to_classes(call, [left, right], [&[method], &[mirrored]])?;
    call.require_known()?;
    let holds = compare(call, relation, left, right)?;
    Ok(call.bool(holds))
}

/// The program's classes come first, where they say how their instances compare, also with what is unknown.
fn leave_to_classes(call: &mut Call, operands: [Id; 2], methods: [&[&str]; 2]) -> Outcome<()> {
    operands
        .into_iter()
        .zip(methods)
        .try_for_each(|(operand, methods)| unless_overridden(call, operand, methods))
}

fn lt(call: &mut Call) -> Answer {
    ordered(call, Relation::Less)
}

fn le(call: &mut Call) -> Answer {
    ordered(call, Relation::AtMost)
}

fn gt(call: &mut Call) -> Answer {
    ordered(call, Relation::Greater)
}

fn ge(call: &mut Call) -> Answer {
    ordered(call, Relation::AtLeast)
}

// ---- equality ------------------------------------------------------------------------------------------

/// Whether `left == right`, where no method of the program is asked.
pub fn equal(call: &mut Call, left: Id, right: Id) -> Outcome<bool> {
    if is_told_by_term(call, left, right) {
        return Ok(left == right);
    }
    for operand in [left, right] {
        known(call, operand)?;
        unless_overridden(call, operand, &["__eq__"])?;
    }
    within(call, " in comparison", |call| equal_contents(call, left, right))
}

/// Whether containers take two values for the same: identical or equal.
pub fn same(call: &mut Call, left: Id, right: Id) -> Outcome<bool> {
    Ok(left == right || equal(call, left, right)?)
}

/// The position of a value in a list of members.
pub fn position(call: &mut Call, members: &[Id], value: Id) -> Outcome<Option<usize>> {
    for (place, member) in members.iter().enumerate() {
        if same(call, *member, value)? {
            return Ok(Some(place));
        }
    }
    Ok(None)
}

/// Whether both are of a kind of which only the same terms are equal.
fn is_told_by_term(call: &Objects, left: Id, right: Id) -> bool {
    let op = call.cx.bank.op(left);
    if op != call.cx.bank.op(right) {
        return false;
    }
    let short = |value: Id| call.letters(value).is_none();
    match op {
        op if op == vocabulary().int || op == vocabulary().class || op == names().builtin => true,
        op if op == vocabulary().str => short(left) && short(right),
        op => op == names().bytes,
    }
}

fn equal_contents(call: &mut Call, left: Id, right: Id) -> Outcome<bool> {
    match (shape(call, left), shape(call, right)) {
        (Shape::Str(left), Shape::Str(right)) => Ok(left == right),
        (Shape::Bytes(left), Shape::Bytes(right)) => Ok(left == right),
        (Shape::Tuple(left), Shape::Tuple(right)) | (Shape::List(left), Shape::List(right)) => {
            equal_members(call, &left, &right)
        }
        (Shape::Dict, Shape::Dict) => maps::equal_dicts(call, left, right),
        (Shape::Range(left), Shape::Range(right)) => Ok(equal_ranges(&left, &right)),
        (one, two) if maps::is_set_like(&one) && maps::is_set_like(&two) => {
            maps::compare_sets(call, "==", left, right)
        }
        (Shape::Other, Shape::Other) => equal_others(call, left, right),
        _ => Ok(left == right),
    }
}

fn equal_others(call: &mut Call, left: Id, right: Id) -> Outcome<bool> {
    let views = (call.view(left), call.view(right));
    if let (View::Slice(left), View::Slice(right)) = views {
        return equal_members(call, &left, &right);
    }
    if let (Some(left), Some(right)) = (number(&views.0), number(&views.1)) {
        return Ok(compare_numbers(&left, &right) == Some(Ordering::Equal));
    }
    if let Some(equal) = aliases::equal(call, left, right)? {
        return Ok(equal);
    }
    if left != right && are_cells(call, left, right) {
        return Err(Failure::Undefined);
    }
    Ok(left == right)
}

/// Cells are compared by what they hold.
fn are_cells(call: &Objects, left: Id, right: Id) -> bool {
    [left, right].iter().all(|value| call.cx.bank.op(*value) == names().cell)
}

fn equal_members(call: &mut Call, left: &[Id], right: &[Id]) -> Outcome<bool> {
    if left.len() != right.len() {
        return Ok(false);
    }
    for (left, right) in left.iter().zip(right) {
        if !same(call, *left, *right)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn equal_ranges(left: &[BigInt; 3], right: &[BigInt; 3]) -> bool {
    let (length, one) = (range_length(left), BigInt::from(1));
    length == range_length(right)
        && (length < one || left[0] == right[0])
        && (length <= one || left[2] == right[2])
}

/// How two numbers compare, exactly; `None` for what is not a number.
pub fn compare_numbers(left: &Number, right: &Number) -> Option<Ordering> {
    match (left, right) {
        (Number::Int(left), Number::Int(right)) => Some(left.cmp(right)),
        (Number::Float(left), Number::Float(right)) => left.partial_cmp(right),
        (Number::Int(left), Number::Float(right)) => compare_mixed(left, *right),
        (Number::Float(left), Number::Int(right)) => compare_mixed(right, *left).map(Ordering::reverse),
    }
}

fn compare_mixed(int: &BigInt, float: f64) -> Option<Ordering> {
    if float.is_nan() {
        return None;
    }
    match BigInt::from_f64(float) {
        Some(whole) => Some(int.cmp(&whole).then(0f64.partial_cmp(&float.fract())?)),
        None => Some(if float > 0.0 { Ordering::Less } else { Ordering::Greater }),
    }
}

// ---- order ---------------------------------------------------------------------------------------------

/// An order comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
}

impl Relation {
    /// The relation of that name: `lt`, `le`, `gt` or `ge`.
    pub fn of(name: &str) -> Option<Relation> {
        Some(match name {
            "lt" => Relation::Less,
            "le" => Relation::AtMost,
            "gt" => Relation::Greater,
            "ge" => Relation::AtLeast,
            _ => return None,
        })
    }

    fn holds(self, order: Option<Ordering>) -> bool {
        order.is_some_and(|order| match self {
            Relation::Less => order.is_lt(),
            Relation::AtMost => order.is_le(),
            Relation::Greater => order.is_gt(),
            Relation::AtLeast => order.is_ge(),
        })
    }

    /// How it is written, and the special methods of its two operands.
    fn spelling(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Relation::Less => ("<", "__lt__", "__gt__"),
            Relation::AtMost => ("<=", "__le__", "__ge__"),
            Relation::Greater => (">", "__gt__", "__lt__"),
            Relation::AtLeast => (">=", "__ge__", "__le__"),
        }
    }
}

/// Whether a relation holds, where no method of the program is asked; a mismatch where there is no order.
pub fn compare(call: &mut Call, relation: Relation, left: Id, right: Id) -> Outcome<bool> {
    known(call, left)?;
    known(call, right)?;
    let (_, method, mirrored) = relation.spelling();
    if overridden(call, left, &[method]) || overridden(call, right, &[mirrored]) {
        return Err(Failure::Undefined);
    }
    within(call, " in comparison", |call| compare_contents(call, relation, left, right))
}

/// Whether one value is less than another.
pub fn less(call: &mut Call, left: Id, right: Id) -> Outcome<bool> {
    compare(call, Relation::Less, left, right)
}

fn compare_contents(call: &mut Call, relation: Relation, left: Id, right: Id) -> Outcome<bool> {
    let symbol = relation.spelling().0;
    match (shape(call, left), shape(call, right)) {
        (Shape::Str(left), Shape::Str(right)) => return Ok(relation.holds(Some(left.cmp(&right)))),
        (Shape::Bytes(left), Shape::Bytes(right)) => return Ok(relation.holds(Some(left.cmp(&right)))),
        (Shape::Tuple(left), Shape::Tuple(right)) | (Shape::List(left), Shape::List(right)) => {
            return compare_members(call, relation, &left, &right);
        }
        (one, two) if maps::is_set_like(&one) && maps::is_set_like(&two) => {
            return maps::compare_sets(call, symbol, left, right);
        }
        _ => {}
    }
    let views = (call.view(left), call.view(right));
    if let (View::Slice(left), View::Slice(right)) = views {
        return compare_members(call, relation, &left, &right);
    }
    if let (Some(left), Some(right)) = (number(&views.0), number(&views.1)) {
        return Ok(relation.holds(compare_numbers(&left, &right)));
    }
    if are_cells(call, left, right) {
        return Err(Failure::Undefined);
    }
    if call.cx.constants().has("compare.any") {
        return Ok(relation.holds(Some(by_kind(call, left, right))));
    }
    Err(unordered(call, symbol, left, right))
}

/// The order of values of different types, before Python 3.0.
fn by_kind(call: &mut Call, left: Id, right: Id) -> Ordering {
    let [left, right] = [left, right].map(|value| {
        let view = call.view(value);
        rank(call, value, &view)
    });
    left.cmp(&right)
}

/// `prim.ordered(left, right, name)`: whether a relation holds of values whose classes do not say.
fn order_by_kind(call: &mut Call) -> Answer {
    let [left, right, name] = call.args[..] else { return Err(Failure::Undefined) };
    let name = call.text(name).unwrap_or_default();
    let Some(relation) = Relation::of(&name) else { return Err(Failure::Undefined) };
    let holds = relation.holds(Some(by_kind(call, left, right)));
    Ok(call.bool(holds))
}

/// The place of a value among those of other types, before Python 3.0: None comes first, then numbers, then the others by the names of
/// their types.
fn rank(call: &mut Call, value: Id, view: &View) -> (u8, String) {
    match view {
        View::None => (0, String::new()),
        // Instances of classic classes count as numbers, of the first of their types.
        _ if call.is_classic_object(value) => (1, String::new()),
        _ if number(view).is_some() => (2, String::new()),
        _ => (3, call.type_name(value)),
    }
}

/// "'<' not supported between instances of 'str' and 'int'".
pub fn unordered(call: &mut Call, symbol: &str, left: Id, right: Id) -> Failure {
    let [left, right] = [left, right].map(|operand| call.type_name(operand));
    let message = format!("'{symbol}' not supported between instances of '{left}' and '{right}'");
    call.type_error(&message).with(Failure::Mismatch)
}

fn compare_members(call: &mut Call, relation: Relation, left: &[Id], right: &[Id]) -> Outcome<bool> {
    for (left, right) in left.iter().zip(right) {
        if !same(call, *left, *right)? {
            return compare(call, relation, *left, *right).map_err(Failure::of_part);
        }
    }
    Ok(relation.holds(Some(left.len().cmp(&right.len()))))
}
