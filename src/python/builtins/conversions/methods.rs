//! The methods of ints and floats.

use egg::Id;
use num_bigint::{BigInt, Sign};
use num_integer::Integer;
use num_traits::{Signed, ToPrimitive, Zero};

use super::parsing::truth;
use crate::python::builtins::Table;
use crate::python::builtins::hashing::split_float;
use crate::python::builtins::numbers::{Number, number};
use crate::python::builtins::signatures::{arguments, this};
use crate::python::builtins::support::{Outcome, index, iterate, size};
use crate::python::values::{Answer, Call, Failure, View};

/// The primitives of this file.
pub const TABLE: Table = &[
    ("int.bit_length(self, /)", bit_length),
    ("int.bit_count(self, /)", bit_count),
    ("int.conjugate(self, /)", conjugate),
    ("int.is_integer(self, /)", int_is_integer),
    ("int.as_integer_ratio(self, /)", int_ratio),
    ("int.to_bytes(self, /, length=1, byteorder='big', *, signed=False)", to_bytes),
    ("int.from_bytes(cls, /, bytes, byteorder='big', *, signed=False)", from_bytes),
    ("float.is_integer(self, /)", float_is_integer),
    ("float.as_integer_ratio(self, /)", float_ratio),
    ("float.conjugate(self, /)", conjugate),
    ("float.hex(self, /)", float_hex),
];

fn own_int(call: &mut Call) -> Outcome<BigInt> {
    let this = this(call)?;
    match number(&call.view(this)) {
        Some(Number::Int(int)) => Ok(int),
        _ => Err(Failure::Undefined),
    }
}

fn own_float(call: &mut Call) -> Outcome<f64> {
    let this = this(call)?;
    match call.view(this) {
        View::Float(float) => Ok(float),
        _ => Err(Failure::Undefined),
    }
}

fn bit_length(call: &mut Call) -> Answer {
    let int = own_int(call)?;
    call.require_known()?;
    Ok(call.int(int.bits()))
}

fn bit_count(call: &mut Call) -> Answer {
    let int = own_int(call)?;
    call.require_known()?;
    let count: u32 = int.magnitude().iter_u32_digits().map(u32::count_ones).sum();
    Ok(call.int(count))
}

fn conjugate(call: &mut Call) -> Answer {
    call.require_known()?;
    match call.args[..] {
        [value] => match number(&call.view(value)) {
            Some(Number::Int(int)) => {
                let int = call.int(int);
                Ok(call.lengthened(&[value], int))
            }
            Some(Number::Float(float)) => Ok(call.float(float)),
            None => Err(Failure::Undefined),
        },
        _ => Err(Failure::Undefined),
    }
}

fn int_is_integer(call: &mut Call) -> Answer {
    own_int(call)?;
    call.require_known()?;
    Ok(call.bool(true))
}

fn int_ratio(call: &mut Call) -> Answer {
    let int = own_int(call)?;
    call.require_known()?;
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
    let int = own_int(call)?;
    let found = arguments(call)?;
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
    let class = this(call)?;
    let found = arguments(call)?;
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
    let float = own_float(call)?;
    call.require_known()?;
    Ok(call.bool(float.is_finite() && float.fract() == 0.0))
}

fn float_ratio(call: &mut Call) -> Answer {
    let float = own_float(call)?;
    call.require_known()?;
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
    let float = own_float(call)?;
    call.require_known()?;
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
