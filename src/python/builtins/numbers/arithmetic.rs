//! Arithmetic of ints and floats.

use egg::Id;
use num_bigint::{BigInt, Sign};
use num_integer::Integer;
use num_traits::{Signed, ToPrimitive, Zero};

use super::operators::{Operator, binary, compute, leave_to_classes};
use crate::python::builtins::Table;
use crate::python::builtins::signatures::{argument, arguments};
use crate::python::builtins::support::{Outcome, most_bits, overridden, too_large, unless_overridden};
use crate::python::values::{Answer, Call, Failure, View};

/// The primitives of this file.
pub const TABLE: Table = &[
    ("pow(base, exp, mod=None)", pow),
    ("ipow", ipow),
    ("neg", neg),
    ("pos", pos),
    ("invert", invert),
    ("abs(x, /)", abs),
    ("divmod(x, y, /)", divmod),
];

/// A number, as operators take it.
#[derive(Debug, Clone)]
pub enum Number {
    /// An int or bool.
    Int(BigInt),
    /// A float.
    Float(f64),
}

/// The number that a value is.
pub fn number(view: &View) -> Option<Number> {
    match view {
        View::Bool(yes) => Some(Number::Int(BigInt::from(u8::from(*yes)))),
        View::Int(int) => Some(Number::Int(int.clone())),
        View::Float(float) => Some(Number::Float(*float)),
        _ => None,
    }
}

/// What an operator does with two numbers; `None` where it is not defined for them.
pub(super) fn numeric(
    call: &mut Call,
    operator: Operator,
    left: Number,
    right: Number,
) -> Outcome<Option<Id>> {
    match (left, right) {
        (Number::Int(left), Number::Int(right)) => integers(call, operator, &left, &right),
        (left, right) => {
            let left = to_float(call, &left)?;
            let right = to_float(call, &right)?;
            floats(call, operator, left, right)
        }
    }
}

/// A number as a float.
pub fn to_float(call: &mut Call, number: &Number) -> Outcome<f64> {
    match number {
        Number::Float(float) => Ok(*float),
        Number::Int(int) => match quotient(int, &BigInt::from(1)) {
            Some(float) => Ok(float),
            None => Err(call.raise("OverflowError", "int too large to convert to float")),
        },
    }
}

/// The error of dividing numbers of a kind by zero.
fn zero_division(call: &mut Call, kind: &str, operator: Operator) -> Failure {
    let operation = match operator {
        Operator::FloorDiv => "floor",
        Operator::Mod => "modulo",
        Operator::DivMod => "divmod",
        _ => "true",
    };
    let text = call.cx.constants().worded(&format!("zero-{kind}-{operation}"), &[]);
    call.raise("ZeroDivisionError", &text)
}

fn integers(call: &mut Call, operator: Operator, left: &BigInt, right: &BigInt) -> Outcome<Option<Id>> {
    let divides =
        matches!(operator, Operator::TrueDiv | Operator::FloorDiv | Operator::Mod | Operator::DivMod);
    if divides && right.is_zero() {
        let any = call.args.iter().any(|operand| call.is_long(*operand));
        let long = any && operator != Operator::TrueDiv;
        return Err(zero_division(call, if long { "long" } else { "int" }, operator));
    }
    let result = match operator {
        Operator::Add => left + right,
        Operator::Sub => left - right,
        Operator::Mul => {
            check_bits(call, left.bits() + right.bits())?;
            left * right
        }
        Operator::TrueDiv => {
            return match quotient(left, right) {
                Some(quotient) => Ok(Some(call.float(quotient))),
                None => Err(call.raise("OverflowError", "integer division result too large for a float")),
            };
        }
        Operator::FloorDiv => left.div_floor(right),
        Operator::Mod => left.mod_floor(right),
        Operator::DivMod => {
            let (quotient, rest) = left.div_mod_floor(right);
            let parts = [call.int(quotient), call.int(rest)];
            return Ok(Some(call.tuple(&parts)));
        }
        Operator::Pow => return integer_power(call, left, right).map(Some),
        Operator::LShift | Operator::RShift => shift(call, operator, left, right)?,
        Operator::And => left & right,
        Operator::Or => left | right,
        Operator::Xor => left ^ right,
        Operator::MatMul => return Ok(None),
    };
    Ok(Some(call.int(result)))
}

fn check_bits(call: &mut Call, bits: u64) -> Outcome<()> {
    if bits > most_bits(call) { Err(too_large(call, bits / 8)) } else { Ok(()) }
}

fn shift(call: &mut Call, operator: Operator, left: &BigInt, right: &BigInt) -> Outcome<BigInt> {
    if right.is_negative() {
        return Err(call.value_error("negative shift count"));
    }
    let places = right.to_u64().unwrap_or(u64::MAX);
    if operator == Operator::RShift {
        let all_gone = BigInt::from(if left.is_negative() { -1 } else { 0 });
        return Ok(if places > left.bits() { all_gone } else { left >> places });
    }
    if left.is_zero() {
        return Ok(BigInt::zero());
    }
    check_bits(call, left.bits().saturating_add(places))?;
    Ok(left << places)
}

fn integer_power(call: &mut Call, base: &BigInt, exponent: &BigInt) -> Answer {
    if exponent.is_negative() {
        let [base, exponent] = [base, exponent].map(|int| to_float(call, &Number::Int(int.clone())));
        return float_power(call, base?, exponent?);
    }
    if base.bits() <= 1 {
        // 0, 1 or -1: the result is as small, however large the exponent.
        let result = match (exponent.is_zero(), exponent.is_even()) {
            (true, _) => BigInt::from(1),
            (false, true) => base * base,
            (false, false) => base.clone(),
        };
        return Ok(call.int(result));
    }
    let exponent = exponent.to_u32().unwrap_or(u32::MAX);
    check_bits(call, (base.bits() - 1).saturating_mul(u64::from(exponent)))?;
    Ok(call.int(base.pow(exponent)))
}

/// `a / b`, rounded once; `None` where it is too large.
pub fn quotient(left: &BigInt, right: &BigInt) -> Option<f64> {
    const EXACT: u64 = 53;
    if left.bits() <= EXACT && right.bits() <= EXACT {
        return Some(left.to_f64()? / right.to_f64()?);
    }
    // 66 bits or more of the quotient, and one that tells whether anything is left.
    let places = right.bits() as i64 - left.bits() as i64 + 66;
    let (above, below) =
        if places >= 0 { (left.abs() << places, right.abs()) } else { (left.abs(), right.abs() << -places) };
    let (whole, rest) = above.div_rem(&below);
    let whole = whole.to_u128()? | u128::from(!rest.is_zero());
    let magnitude = scale(whole as f64, -places);
    let negative = (left.sign() == Sign::Minus) != (right.sign() == Sign::Minus);
    magnitude.is_finite().then_some(if negative { -magnitude } else { magnitude })
}

/// `x * 2**exponent`.
pub fn scale(mut float: f64, mut exponent: i64) -> f64 {
    const STEP: i64 = 1000;
    while exponent > STEP && float.is_finite() && float != 0.0 {
        float *= 2f64.powi(STEP as i32);
        exponent -= STEP;
    }
    while exponent < -STEP && float != 0.0 {
        float /= 2f64.powi(STEP as i32);
        exponent += STEP;
    }
    float * 2f64.powi(exponent.clamp(-STEP, STEP) as i32)
}

fn floats(call: &mut Call, operator: Operator, left: f64, right: f64) -> Outcome<Option<Id>> {
    let divides =
        matches!(operator, Operator::TrueDiv | Operator::FloorDiv | Operator::Mod | Operator::DivMod);
    if divides && right == 0.0 {
        return Err(zero_division(call, "float", operator));
    }
    let result = match operator {
        Operator::Add => left + right,
        Operator::Sub => left - right,
        Operator::Mul => left * right,
        Operator::TrueDiv => left / right,
        Operator::FloorDiv => floor_and_rest(left, right).0,
        Operator::Mod => floor_and_rest(left, right).1,
        Operator::DivMod => {
            let (quotient, rest) = floor_and_rest(left, right);
            let parts = [call.float(quotient), call.float(rest)];
            return Ok(Some(call.tuple(&parts)));
        }
        Operator::Pow => return float_power(call, left, right).map(Some),
        _ => return Ok(None),
    };
    Ok(Some(call.float(result)))
}

/// The floor of a quotient and what remains, which has the divisor's sign.
fn floor_and_rest(left: f64, right: f64) -> (f64, f64) {
    let mut rest = left % right;
    let mut quotient = (left - rest) / right;
    if rest == 0.0 {
        rest = 0f64.copysign(right);
    } else if (right < 0.0) != (rest < 0.0) {
        rest += right;
        quotient -= 1.0;
    }
    if quotient == 0.0 {
        return (0f64.copysign(left / right), rest);
    }
    let floor = quotient.floor();
    (if quotient - floor > 0.5 { floor + 1.0 } else { floor }, rest)
}

fn float_power(call: &mut Call, base: f64, exponent: f64) -> Answer {
    if base == 0.0 && exponent < 0.0 {
        let text = call.cx.constants().worded("zero-power", &[]);
        return Err(call.raise("ZeroDivisionError", &text));
    }
    if base < 0.0 && base.is_finite() && exponent.is_finite() && exponent.fract() != 0.0 {
        return Err(crate::python::builtins::support::not_modelled(call, "a complex number"));
    }
    let power = base.powf(exponent);
    if power.is_infinite() && base.is_finite() && exponent.is_finite() {
        let args = [call.int(34), call.str("Numerical result out of range")];
        return Err(call.raise_with("OverflowError", &args));
    }
    Ok(call.float(power))
}

/// `a ** b`, and the builtin function with two or three arguments.
fn pow(call: &mut Call) -> Answer {
    call.require_known()?;
    let found = arguments(call)?;
    let none = call.none();
    match found[..] {
        [Some(base), Some(exponent), modulus] if modulus.is_none_or(|modulus| modulus == none) => {
            leave_to_classes(call, Operator::Pow, false, [base, exponent])?;
            compute(call, Operator::Pow, None, [base, exponent])
        }
        [Some(base), Some(exponent), Some(modulus)] => modular_power(call, [base, exponent, modulus]),
        _ => Err(Failure::Undefined),
    }
}

fn ipow(call: &mut Call) -> Answer {
    binary(call, Operator::Pow, Some("ipow"))
}

fn modular_power(call: &mut Call, operands: [Id; 3]) -> Answer {
    if operands.iter().any(|operand| overridden(call, *operand, &["__pow__", "__rpow__"])) {
        return Err(Failure::Undefined);
    }
    let numbers = operands.map(|operand| number(&call.view(operand)));
    let ints = match numbers {
        [Some(Number::Int(base)), Some(Number::Int(exponent)), Some(Number::Int(modulus))] => {
            [base, exponent, modulus]
        }
        [Some(_), Some(_), Some(_)] => {
            let message = "pow() 3rd argument not allowed unless all arguments are integers";
            return Err(call.type_error(message));
        }
        _ => {
            let [base, exponent, modulus] = operands.map(|operand| call.type_name(operand));
            let message =
                format!("unsupported operand type(s) for ** or pow(): '{base}', '{exponent}', '{modulus}'");
            return Err(call.type_error(&message).with(Failure::Mismatch));
        }
    };
    let [base, exponent, modulus] = ints;
    if modulus.is_zero() {
        return Err(call.value_error("pow() 3rd argument cannot be 0"));
    }
    if !exponent.is_negative() {
        let power = call.int(base.modpow(&exponent, &modulus));
        return Ok(call.lengthened(&operands, power));
    }
    if !call.cx.constants().has("pow.inverse") {
        let class = call.cx.constants().worded("no-inverse", &[]);
        let message = "pow() 2nd argument cannot be negative when 3rd argument specified";
        return Err(call.raise(&class, message));
    }
    match base.modinv(&modulus) {
        Some(inverse) => Ok(call.int(inverse.modpow(&-exponent, &modulus))),
        None => Err(call.value_error("base is not invertible for the given modulus")),
    }
}

fn divmod(call: &mut Call) -> Answer {
    arguments(call)?;
    let [left, right] = call.args[..] else { return Err(Failure::Undefined) };
    leave_to_classes(call, Operator::DivMod, false, [left, right])?;
    compute(call, Operator::DivMod, None, [left, right])
}

fn unary(call: &mut Call, method: &str, symbol: &str, apply: fn(Number) -> Option<Number>) -> Answer {
    call.require_known()?;
    let [operand] = call.args[..] else { return Err(Failure::Undefined) };
    unless_overridden(call, operand, &[method])?;
    match number(&call.view(operand)).and_then(apply) {
        Some(Number::Int(int)) => {
            let int = call.int(int);
            Ok(call.lengthened(&[operand], int))
        }
        Some(Number::Float(float)) => Ok(call.float(float)),
        None => {
            let name = call.type_name(operand);
            let message = format!("bad operand type for {symbol}: '{name}'");
            Err(call.type_error(&message).with(Failure::Mismatch))
        }
    }
}

fn neg(call: &mut Call) -> Answer {
    unary(call, "__neg__", "unary -", |number| {
        Some(match number {
            Number::Int(int) => Number::Int(-int),
            Number::Float(float) => Number::Float(-float),
        })
    })
}

fn pos(call: &mut Call) -> Answer {
    unary(call, "__pos__", "unary +", Some)
}

fn invert(call: &mut Call) -> Answer {
    unary(call, "__invert__", "unary ~", |number| match number {
        Number::Int(int) => Some(Number::Int(!int)),
        Number::Float(_) => None,
    })
}

fn abs(call: &mut Call) -> Answer {
    argument(call)?;
    unary(call, "__abs__", "abs()", |number| {
        Some(match number {
            Number::Int(int) => Number::Int(int.abs()),
            Number::Float(float) => Number::Float(float.abs()),
        })
    })
}
