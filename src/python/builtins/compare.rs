//! Comparisons.

use std::cmp::Ordering;
use std::collections::HashMap;

use egg::Id;
use num_bigint::BigInt;
use num_traits::{FromPrimitive, Zero};

use crate::python::builtins::Table;
use crate::python::builtins::maps;
use crate::python::builtins::numbers::{Number, number};
use crate::python::builtins::support::{
    MOST_DEEP, Outcome, known, overridden, range_length, unless_overridden,
};
use crate::python::values::names::names;
use crate::python::values::{Answer, Call, Failure, View};

/// The primitives of this file.
pub const TABLE: Table =
    &[("eq", eq), ("ne", ne), ("lt", lt), ("le", le), ("gt", gt), ("ge", ge), ("equal", eq), ("less", lt)];

fn eq(call: &mut Call) -> Answer {
    call.require_known()?;
    let [left, right] = call.args[..] else { return Err(Failure::Undefined) };
    if has_view(call, left, right) {
        return maps::compare(call, "==");
    }
    let equal = equal(call, left, right)?;
    Ok(call.bool(equal))
}

fn ne(call: &mut Call) -> Answer {
    call.require_known()?;
    let [left, right] = call.args[..] else { return Err(Failure::Undefined) };
    unless_overridden(call, left, &["__ne__"])?;
    unless_overridden(call, right, &["__ne__"])?;
    if has_view(call, left, right) {
        return maps::compare(call, "!=");
    }
    let equal = equal(call, left, right)?;
    Ok(call.bool(!equal))
}

fn ordered(call: &mut Call, relation: Relation) -> Answer {
    call.require_known()?;
    let [left, right] = call.args[..] else { return Err(Failure::Undefined) };
    if has_view(call, left, right) {
        return maps::compare(call, relation.spelling().0);
    }
    let holds = compare(call, relation, left, right)?;
    Ok(call.bool(holds))
}

/// Whether one of two values is a view of a dict.
fn has_view(call: &mut Call, left: Id, right: Id) -> bool {
    [left, right].into_iter().any(|value| maps::view_members(call, value).is_some())
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
    equal_within(call, left, right, 0)
}

/// Whether members of containers are the same or equal.
pub fn same_or_equal(call: &mut Call, left: Id, right: Id) -> Outcome<bool> {
    Ok(left == right || equal_within(call, left, right, 0)?)
}

fn equal_within(call: &mut Call, left: Id, right: Id, depth: usize) -> Outcome<bool> {
    for operand in [left, right] {
        known(call, operand)?;
        unless_overridden(call, operand, &["__eq__"])?;
    }
    if depth > MOST_DEEP {
        return Err(call.raise("RecursionError", "maximum recursion depth exceeded in comparison"));
    }
    let depth = depth + 1;
    if maps::are_set_like(call, left, right) {
        return maps::equal_sets(call, left, right);
    }
    match (call.view(left), call.view(right)) {
        (View::Str(left), View::Str(right)) => Ok(left == right),
        (View::Bytes(left), View::Bytes(right)) => Ok(left == right),
        (View::Tuple(left), View::Tuple(right)) | (View::List(left), View::List(right)) => {
            all_equal(call, &left, &right, depth)
        }
        (View::Slice(left), View::Slice(right)) => all_equal(call, &left, &right, depth),
        (View::Dict(left), View::Dict(right)) => dicts_equal(call, &left, &right, depth),
        (View::Set(left), View::Set(right)) => {
            Ok(left.len() == right.len() && is_subset(call, &left, &right, depth)?)
        }
        (View::Range(left), View::Range(right)) => Ok(ranges_equal(&left, &right)),
        (left_view, right_view) => Ok(match (number(&left_view), number(&right_view)) {
            (Some(left), Some(right)) => compare_numbers(&left, &right) == Some(Ordering::Equal),
            _ if left != right && are_cells(call, left, right) => return Err(Failure::Undefined),
            _ => left == right,
        }),
    }
}

/// Cells are compared by what they hold.
fn are_cells(call: &Call, left: Id, right: Id) -> bool {
    [left, right].iter().all(|value| call.cx.bank.op(*value) == names().cell)
}

fn member_equal(call: &mut Call, left: Id, right: Id, depth: usize) -> Outcome<bool> {
    Ok(left == right || equal_within(call, left, right, depth)?)
}

fn all_equal(call: &mut Call, left: &[Id], right: &[Id], depth: usize) -> Outcome<bool> {
    if left.len() != right.len() {
        return Ok(false);
    }
    for (left, right) in left.iter().zip(right) {
        if !member_equal(call, *left, *right, depth)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn dicts_equal(call: &mut Call, left: &[(Id, Id)], right: &[(Id, Id)], depth: usize) -> Outcome<bool> {
    if left.len() != right.len() {
        return Ok(false);
    }
    let same: HashMap<Id, Id> = right.iter().copied().collect();
    for (key, value) in left {
        let other = match same.get(key) {
            Some(other) => Some(*other),
            None => find(call, right, *key, depth)?,
        };
        match other {
            Some(other) if member_equal(call, *value, other, depth)? => {}
            _ => return Ok(false),
        }
    }
    Ok(true)
}

fn find(call: &mut Call, entries: &[(Id, Id)], key: Id, depth: usize) -> Outcome<Option<Id>> {
    for (candidate, value) in entries {
        if member_equal(call, *candidate, key, depth)? {
            return Ok(Some(*value));
        }
    }
    Ok(None)
}

fn is_subset(call: &mut Call, left: &[Id], right: &[Id], depth: usize) -> Outcome<bool> {
    let entries: Vec<(Id, Id)> = right.iter().map(|member| (*member, *member)).collect();
    let same: HashMap<Id, Id> = entries.iter().copied().collect();
    for member in left {
        if !same.contains_key(member) && find(call, &entries, *member, depth)?.is_none() {
            return Ok(false);
        }
    }
    Ok(true)
}

fn ranges_equal(left: &[BigInt; 3], right: &[BigInt; 3]) -> bool {
    let length = range_length(left);
    length == range_length(right)
        && (length.is_zero() || left[0] == right[0] && (length == BigInt::from(1) || left[2] == right[2]))
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

/// Whether a relation holds, where no method of the program is asked.
pub fn compare(call: &mut Call, relation: Relation, left: Id, right: Id) -> Outcome<bool> {
    compare_within(call, relation, left, right, 0)
}

fn compare_within(call: &mut Call, relation: Relation, left: Id, right: Id, depth: usize) -> Outcome<bool> {
    known(call, left)?;
    known(call, right)?;
    let (symbol, method, mirrored) = relation.spelling();
    if overridden(call, left, &[method]) || overridden(call, right, &[mirrored]) {
        return Err(Failure::Undefined);
    }
    if depth > MOST_DEEP {
        return Err(call.raise("RecursionError", "maximum recursion depth exceeded in comparison"));
    }
    if maps::are_set_like(call, left, right) {
        return maps::compare_sets(call, symbol, left, right);
    }
    match (call.view(left), call.view(right)) {
        (View::Str(left), View::Str(right)) => Ok(relation.holds(Some(left.cmp(&right)))),
        (View::Bytes(left), View::Bytes(right)) => Ok(relation.holds(Some(left.cmp(&right)))),
        (View::Tuple(left), View::Tuple(right)) | (View::List(left), View::List(right)) => {
            compare_members(call, relation, &left, &right, depth + 1)
        }
        (View::Slice(left), View::Slice(right)) => compare_members(call, relation, &left, &right, depth + 1),
        (View::Set(left), View::Set(right)) => compare_sets(call, relation, &left, &right, depth + 1),
        (left_view, right_view) => match (number(&left_view), number(&right_view)) {
            (Some(left), Some(right)) => Ok(relation.holds(compare_numbers(&left, &right))),
            _ if are_cells(call, left, right) => Err(Failure::Undefined),
            _ => {
                let [left, right] = [left, right].map(|operand| call.type_name(operand));
                let message = format!("'{symbol}' not supported between instances of '{left}' and '{right}'");
                Err(call.type_error(&message))
            }
        },
    }
}

fn compare_members(
    call: &mut Call,
    relation: Relation,
    left: &[Id],
    right: &[Id],
    depth: usize,
) -> Outcome<bool> {
    for (left, right) in left.iter().zip(right) {
        if !member_equal(call, *left, *right, depth)? {
            return compare_within(call, relation, *left, *right, depth);
        }
    }
    Ok(relation.holds(Some(left.len().cmp(&right.len()))))
}

fn compare_sets(
    call: &mut Call,
    relation: Relation,
    left: &[Id],
    right: &[Id],
    depth: usize,
) -> Outcome<bool> {
    let (small, large) = match relation {
        Relation::Less | Relation::AtMost => (left, right),
        Relation::Greater | Relation::AtLeast => (right, left),
    };
    let proper = matches!(relation, Relation::Less | Relation::Greater);
    if small.len() > large.len() || proper && small.len() == large.len() {
        return Ok(false);
    }
    is_subset(call, small, large, depth)
}

#[cfg(test)]
mod tests {
    #[test]
    fn comparisons_do_what_python_does() {
        crate::python::builtins::testing::check(include_str!("expected/compare.txt"));
    }
}
