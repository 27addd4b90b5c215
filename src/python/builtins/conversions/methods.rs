//! The methods of ints and floats.

use egg::Id;
use num_bigint::{BigInt, Sign};
use num_integer::Integer;
use num_traits::{Signed, ToPrimitive, Zero};

use super::parsing::truth;
use crate::python::builtins::Table;
use crate::python::builtins::hashing::split_float;
use crate::python::builtins::numbers::{Number, number};
use crate::python::builtins::support::{Outcome, index, iterate, named, no_arguments, receiver, size};
use crate::python::values::{Answer, Call, Failure, View};

/// The primitives of this file.
pub const TABLE: Table = &[
    ("int.bit_length", bit_length),
    ("int.bit_count", bit_count),
    ("int.conjugate", conjugate),
    ("int.is_integer", int_is_integer),
    ("int.as_integer_ratio", int_ratio),
    ("int.to_bytes", to_bytes),
    ("int.from_bytes", from_bytes),
    ("float.is_integer", float_is_integer),
    ("float.as_integer_ratio", float_ratio),
    ("float.conjugate", conjugate),
    ("float.hex", float_hex),
];

fn own_int(call: &mut Call, name: &str) -> Outcome<BigInt> {
    let view = receiver(call, name, |view| matches!(view, View::Int(_) | View::Bool(_)))?;
    match number(&view) {
        Some(Number::Int(int)) => Ok(int),
        _ => Err(Failure::Undefined),
    }
}

fn own_float(call: &mut Call, name: &str) -> Outcome<f64> {
    match receiver(call, name, |view| matches!(view, View::Float(_)))? {
        View::Float(float) => Ok(float),
        _ => Err(Failure::Undefined),
    }
}

fn bit_length(call: &mut Call) -> Answer {
    let int = own_int(call, "int.bit_length")?;
    no_arguments(call, "int.bit_length")?;
    Ok(call.int(int.bits()))
}

fn bit_count(call: &mut Call) -> Answer {
    let int = own_int(call, "int.bit_count")?;
    no_arguments(call, "int.bit_count")?;
    let count: u32 = int.magnitude().iter_u32_digits().map(u32::count_ones).sum();
    Ok(call.int(count))
}

fn conjugate(call: &mut Call) -> Answer {
    call.require_known()?;
    match call.args[..] {
        [value] => match number(&call.view(value)) {
            Some(Number::Int(int)) => Ok(call.int(int)),
            Some(Number::Float(float)) => Ok(call.float(float)),
            None => Err(Failure::Undefined),
        },
        _ => Err(Failure::Undefined),
    }
}

fn int_is_integer(call: &mut Call) -> Answer {
    own_int(call, "int.is_integer")?;
    no_arguments(call, "int.is_integer")?;
    Ok(call.bool(true))
}

fn int_ratio(call: &mut Call) -> Answer {
    let int = own_int(call, "int.as_integer_ratio")?;
    no_arguments(call, "int.as_integer_ratio")?;
    let parts = [call.int(int), call.int(1)];
    Ok(call.tuple(&parts))
}

fn byte_order(call: &mut Call, order: Option<Id>) -> Outcome<bool> {
    let Some(order) = order else { return Ok(true) };
    match call.text(order).as_deref() {
        Some("big") => Ok(true),
        Some("little") => Ok(false),
        _ => Err(call.value_error("byteorder must be either 'little' or 'big'")),
    }
}

fn to_bytes(call: &mut Call) -> Answer {
    let int = own_int(call, "int.to_bytes")?;
    let found = named(call, "int.to_bytes", &["length", "byteorder", "signed"], 0, 0)?;
    let [length, order, signed] = found[..] else { return Err(Failure::Undefined) };
    let length = match length {
        Some(length) => size(call, length)?,
        None => 1,
    };
    let big = byte_order(call, order)?;
    let signed = match signed {
        Some(signed) => truth(call, signed)?,
        None => false,
    };
    let Ok(length) = usize::try_from(length) else {
        return Err(call.value_error("length argument must be non-negative"));
    };
    crate::python::builtins::display::check_length(call, length)?;
    if int.is_negative() && !signed {
        return Err(call.raise("OverflowError", "can't convert negative int to unsigned"));
    }
    let filler = if int.is_negative() { 0xff } else { 0 };
    let mut bytes = match (int.is_zero(), signed) {
        (true, _) => Vec::new(),
        (_, true) => int.to_signed_bytes_le(),
        (_, false) => int.magnitude().to_bytes_le(),
    };
    if bytes.len() > length {
        return Err(call.raise("OverflowError", "int too big to convert"));
    }
    bytes.resize(length, filler);
    if big {
        bytes.reverse();
    }
    Ok(call.bytes(&bytes))
}

fn from_bytes(call: &mut Call) -> Answer {
    // Called on the class, which may be given first.
    if call.args.first().is_none_or(|first| call.cx.name(*first) != "class") {
        let class = call.class("int");
        call.args.insert(0, class);
    }
    let class = call.args[0];
    let found = named(call, "int.from_bytes", &["bytes", "byteorder", "signed"], 0, 1)?;
    let [Some(bytes), order, signed] = found[..] else { return Err(Failure::Undefined) };
    let mut bytes = match call.view(bytes) {
        View::Bytes(bytes) => bytes,
        View::Str(_) => return Err(call.type_error("cannot convert 'str' object to bytes")),
        _ => {
            let mut found = Vec::new();
            for member in iterate(call, bytes)? {
                match index(call, member)?.to_u8() {
                    Some(byte) => found.push(byte),
                    None => return Err(call.value_error("bytes must be in range(0, 256)")),
                }
            }
            found
        }
    };
    if !byte_order(call, order)? {
        bytes.reverse();
    }
    let signed = match signed {
        Some(signed) => truth(call, signed)?,
        None => false,
    };
    let int = match signed {
        true => BigInt::from_signed_bytes_be(&bytes),
        false => BigInt::from_bytes_be(Sign::Plus, &bytes),
    };
    let int = call.int(int);
    // A class that derives from int makes its own of it.
    if class != call.class("int") {
        return Err(Failure::Delegated(class, vec![int]));
    }
    Ok(int)
}

fn float_is_integer(call: &mut Call) -> Answer {
    let float = own_float(call, "float.is_integer")?;
    no_arguments(call, "float.is_integer")?;
    Ok(call.bool(float.is_finite() && float.fract() == 0.0))
}

fn float_ratio(call: &mut Call) -> Answer {
    let float = own_float(call, "float.as_integer_ratio")?;
    no_arguments(call, "float.as_integer_ratio")?;
    if float.is_nan() {
        return Err(call.value_error("cannot convert NaN to integer ratio"));
    }
    if float.is_infinite() {
        return Err(call.raise("OverflowError", "cannot convert Infinity to integer ratio"));
    }
    let (mantissa, exponent) = split_float(float.abs());
    let mut above = BigInt::from((mantissa * 2f64.powi(53)) as u64);
    let mut below = BigInt::from(1);
    let exponent = exponent - 53;
    if exponent >= 0 {
        above <<= exponent;
    } else {
        below <<= -exponent;
    }
    let common = above.gcd(&below);
    let sign = if float < 0.0 { -1 } else { 1 };
    let parts = [call.int(above / &common * sign), call.int(below / common)];
    Ok(call.tuple(&parts))
}

fn float_hex(call: &mut Call) -> Answer {
    let float = own_float(call, "float.hex")?;
    no_arguments(call, "float.hex")?;
    let sign = if float.is_sign_negative() && !float.is_nan() { "-" } else { "" };
    if !float.is_finite() {
        return Ok(call.str(&crate::python::values::literals::float_repr(float)));
    }
    if float == 0.0 {
        return Ok(call.str(&format!("{sign}0x0.0p+0")));
    }
    let bits = float.to_bits();
    let (fraction, exponent) = (bits & ((1 << 52) - 1), (bits >> 52 & 0x7ff) as i64);
    let (lead, exponent) = if exponent == 0 { (0, -1022) } else { (1, exponent - 1023) };
    Ok(call.str(&format!("{sign}0x{lead}.{fraction:013x}p{exponent:+}")))
}
