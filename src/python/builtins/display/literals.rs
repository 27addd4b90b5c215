//! Numbers and ranges as Python writes them, and how long what is written may be.

use num_bigint::BigInt;

use crate::python::builtins::support::{Outcome, beyond_limit, range_length};
use crate::python::values::Call;

/// How many digits an int that is converted to or from text has at most.
pub const MOST_DIGITS: usize = 4300;

/// An int in decimal, which only a few thousand digits are allowed for.
pub fn decimal(call: &mut Call, int: &BigInt) -> Outcome<String> {
    let text = int.to_string();
    if text.trim_start_matches('-').len() <= MOST_DIGITS {
        return Ok(text);
    }
    Err(call.value_error(
        "Exceeds the limit (4300 digits) for integer string conversion; \
         use sys.set_int_max_str_digits() to increase the limit",
    ))
}

pub(super) fn range_repr([start, stop, step]: &[BigInt; 3], early: bool) -> String {
    if early {
        return xrange_repr([start, stop, step]);
    }
    if *step == BigInt::from(1) {
        format!("range({start}, {stop})")
    } else {
        format!("range({start}, {stop}, {step})")
    }
}

/// Before Python 3.0 only what is not usual is written, and the end is the first number that is not reached.
fn xrange_repr([start, stop, step]: [&BigInt; 3]) -> String {
    let (zero, one) = (BigInt::from(0), BigInt::from(1));
    let length = range_length(&[start.clone(), stop.clone(), step.clone()]);
    let end = start + step * length;
    match (*start == zero && *step == one, *step == one) {
        (true, _) => format!("xrange({end})"),
        (_, true) => format!("xrange({start}, {end})"),
        _ => format!("xrange({start}, {end}, {step})"),
    }
}

/// That a text is not too long to be kept.
pub fn check_length(call: &mut Call, length: usize) -> Outcome<()> {
    if length > call.cx.bank.largest() { Err(beyond_limit(call)) } else { Ok(()) }
}
