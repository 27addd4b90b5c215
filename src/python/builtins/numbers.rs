//! The operators of numbers, and those of sequences that are written alike.

use egg::Id;
use num_bigint::{BigInt, Sign};
use num_integer::Integer;
use num_traits::{Signed, ToPrimitive, Zero};

use crate::machine::sequence;
use crate::python::builtins::Table;
use crate::python::builtins::format;
use crate::python::builtins::maps;
use crate::python::builtins::support::{
    Outcome, iterate, known, most_bits, overridden, too_large, unless_overridden,
};
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Answer, Call, Failure, View};

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
    ("pow", pow),
    ("ipow", ipow),
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
    ("neg", neg),
    ("pos", pos),
    ("invert", invert),
    ("abs", abs),
    ("divmod", divmod),
];

/// A binary operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
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

// ---- any two operands ----------------------------------------------------------------------------------

fn binary(call: &mut Call, operator: Operator, in_place: Option<&str>) -> Answer {
    call.require_known()?;
    let [left, right] = call.args[..] else { return Err(Failure::Undefined) };
    leave_to_classes(call, operator, in_place.is_some(), [left, right])?;
    compute(call, operator, in_place, [left, right])
}

/// The program's classes come first, where they define the operator.
fn leave_to_classes(
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

fn compute(call: &mut Call, operator: Operator, in_place: Option<&str>, operands: [Id; 2]) -> Answer {
    if operator == Operator::Add
        && let Some(text) = appended(call, operands)
    {
        return Ok(text);
    }
    let [left, right] = operands.map(|operand| call.view(operand));
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
            return Ok(answer);
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

/// `int | None`, where one operand at least is a class or a union.
fn union_of(call: &mut Call, operands: [Id; 2]) -> Option<Id> {
    let mut members: Vec<Id> = Vec::new();
    let none = call.none();
    if operands == [none, none] {
        return None;
    }
    for operand in operands {
        let more = match union_members(call, operand) {
            Some(more) => more,
            None if operand == none => vec![call.class("NoneType")],
            None if call.cx.name(operand) == "class" => vec![operand],
            None => return None,
        };
        for member in more {
            if !members.contains(&member) {
                members.push(member);
            }
        }
    }
    Some(match members[..] {
        [only] => only,
        _ => call.wrapper("Union", &members),
    })
}

/// The classes of a union.
pub fn union_members(call: &mut Call, value: Id) -> Option<Vec<Id>> {
    let class = call.class_of(value);
    let is_union = call.class_name(class) == "Union" && !call.is_user_class(class);
    if is_union { call.wrapped(value) } else { None }
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

fn unsupported(call: &mut Call, operator: Operator, in_place: bool, operands: [Id; 2]) -> Answer {
    let [left, right] = operands.map(|operand| call.type_name(operand));
    let (_, symbol) = operator.spelling();
    let symbol = match operator {
        Operator::Pow if !in_place => "** or pow()".to_string(),
        _ if in_place => format!("{symbol}="),
        _ => symbol.to_string(),
    };
    let message = format!("unsupported operand type(s) for {symbol}: '{left}' and '{right}'");
    Err(call.type_error(&message))
}

// ---- sequences -----------------------------------------------------------------------------------------

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
            View::Str(text) => Some(format::percent(call, text, operands[1]).map(|text| call.str(&text))),
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
            Ok(call.str(&format!("{left}{right}")))
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
            Err(call.type_error(&match left {
                View::Str(_) => format!("can only concatenate str (not \"{name}\") to str"),
                View::Tuple(_) => format!("can only concatenate tuple (not \"{name}\") to tuple"),
                View::List(_) => format!("can only concatenate list (not \"{name}\") to list"),
                _ => format!("can't concat {name} to bytes"),
            }))
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
        return Err(call.type_error(&format!("can't multiply sequence by non-int of type '{name}'")));
    };
    if times_int.to_isize().is_none() {
        return Err(call.raise("OverflowError", "cannot fit 'int' into an index-sized integer"));
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
        View::Str(text) => call.str(&text.repeat(times)),
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

// ---- numbers -------------------------------------------------------------------------------------------

/// What an operator does with two numbers; `None` where it is not defined for them.
fn numeric(call: &mut Call, operator: Operator, left: Number, right: Number) -> Outcome<Option<Id>> {
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

fn zero_division(call: &mut Call) -> Failure {
    call.raise("ZeroDivisionError", "division by zero")
}

fn integers(call: &mut Call, operator: Operator, left: &BigInt, right: &BigInt) -> Outcome<Option<Id>> {
    let divides =
        matches!(operator, Operator::TrueDiv | Operator::FloorDiv | Operator::Mod | Operator::DivMod);
    if divides && right.is_zero() {
        return Err(zero_division(call));
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
        return Err(zero_division(call));
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
        return Err(call.raise("ZeroDivisionError", "zero to a negative power"));
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

// ---- pow and divmod ------------------------------------------------------------------------------------

/// `a ** b`, and the builtin function with two or three arguments.
fn pow(call: &mut Call) -> Answer {
    call.require_known()?;
    let found = crate::python::builtins::support::named(call, "pow", &["base", "exp", "mod"], 0, 2)?;
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
            return Err(call.type_error(&message));
        }
    };
    let [base, exponent, modulus] = ints;
    if modulus.is_zero() {
        return Err(call.value_error("pow() 3rd argument cannot be 0"));
    }
    if !exponent.is_negative() {
        return Ok(call.int(base.modpow(&exponent, &modulus)));
    }
    match base.modinv(&modulus) {
        Some(inverse) => Ok(call.int(inverse.modpow(&-exponent, &modulus))),
        None => Err(call.value_error("base is not invertible for the given modulus")),
    }
}

fn divmod(call: &mut Call) -> Answer {
    crate::python::builtins::support::arguments(call, "divmod", 2, 2)?;
    let [left, right] = call.args[..] else { return Err(Failure::Undefined) };
    leave_to_classes(call, Operator::DivMod, false, [left, right])?;
    compute(call, Operator::DivMod, None, [left, right])
}

// ---- unary operators -----------------------------------------------------------------------------------

fn unary(call: &mut Call, method: &str, symbol: &str, apply: fn(Number) -> Option<Number>) -> Answer {
    call.require_known()?;
    let [operand] = call.args[..] else { return Err(Failure::Undefined) };
    unless_overridden(call, operand, &[method])?;
    match number(&call.view(operand)).and_then(apply) {
        Some(Number::Int(int)) => Ok(call.int(int)),
        Some(Number::Float(float)) => Ok(call.float(float)),
        None => {
            let name = call.type_name(operand);
            Err(call.type_error(&format!("bad operand type for {symbol}: '{name}'")))
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
    crate::python::builtins::support::one_argument(call, "abs")?;
    unary(call, "__abs__", "abs()", |number| {
        Some(match number {
            Number::Int(int) => Number::Int(int.abs()),
            Number::Float(float) => Number::Float(float.abs()),
        })
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn operators_do_what_python_does() {
        crate::python::builtins::testing::check(include_str!("expected/numbers.txt"));
    }
}
