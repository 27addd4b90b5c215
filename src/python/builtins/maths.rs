//! The functions of the module `math`.

use egg::Id;
use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Signed, ToPrimitive, Zero};

use crate::python::builtins::Table;
use crate::python::builtins::conversions::truth;
use crate::python::builtins::format::whole;
use crate::python::builtins::hashing::split_float;
use crate::python::builtins::numbers::{Number, number, scale, times, to_float};
use crate::python::builtins::signatures::{argument, arguments};
use crate::python::builtins::support::{Outcome, beyond_limit, index, iterate, most_bits, unless_overridden};
use crate::python::values::literals::float_repr;
use crate::python::values::{Answer, Call, Failure};

macro_rules! functions {
    ($($function:ident = $domain:expr, $compute:expr;)*) => {
        $(
            fn $function(call: &mut Call) -> Answer {
                real_function(call, $domain, $compute)
            }
        )*
    };
}

functions! {
    sqrt = |x| (x >= 0.0).then_some("").ok_or("expected a nonnegative input, got {}"), f64::sqrt;
    cbrt = everywhere, f64::cbrt;
    exp = everywhere, f64::exp;
    exp2 = everywhere, f64::exp2;
    expm1 = everywhere, f64::exp_m1;
    log1p = |x| (x > -1.0).then_some("").ok_or("expected argument value > -1, got {}"), f64::ln_1p;
    sin = finite, f64::sin;
    cos = finite, f64::cos;
    tan = finite, f64::tan;
    asin = unit, f64::asin;
    acos = unit, f64::acos;
    atan = everywhere, f64::atan;
    sinh = everywhere, f64::sinh;
    cosh = everywhere, f64::cosh;
    tanh = everywhere, f64::tanh;
    asinh = everywhere, f64::asinh;
    acosh = |x| (x >= 1.0).then_some("").ok_or("expected argument value not less than 1, got {}"), f64::acosh;
    atanh = |x| (x.abs() < 1.0).then_some("").ok_or("expected a number between -1 and 1, got {}"), f64::atanh;
    degrees = everywhere, |x| x * (180.0 / std::f64::consts::PI);
    radians = everywhere, |x| x * (std::f64::consts::PI / 180.0);
    fabs = everywhere, f64::abs;
}

/// The primitives of this file.
pub const TABLE: Table = &[
    ("math.sqrt(x, /)", sqrt),
    ("math.cbrt(x, /)", cbrt),
    ("math.exp(x, /)", exp),
    ("math.exp2(x, /)", exp2),
    ("math.expm1(x, /)", expm1),
    ("math.log1p(x, /)", log1p),
    ("math.sin(x, /)", sin),
    ("math.cos(x, /)", cos),
    ("math.tan(x, /)", tan),
    ("math.asin(x, /)", asin),
    ("math.acos(x, /)", acos),
    ("math.atan(x, /)", atan),
    ("math.sinh(x, /)", sinh),
    ("math.cosh(x, /)", cosh),
    ("math.tanh(x, /)", tanh),
    ("math.asinh(x, /)", asinh),
    ("math.acosh(x, /)", acosh),
    ("math.atanh(x, /)", atanh),
    ("math.degrees(x, /)", degrees),
    ("math.radians(x, /)", radians),
    ("math.fabs(x, /)", fabs),
    ("math.floor(x, /)", floor),
    ("math.ceil(x, /)", ceil),
    ("math.trunc(x, /)", trunc),
    ("math.isnan(x, /)", isnan),
    ("math.isinf(x, /)", isinf),
    ("math.isfinite(x, /)", isfinite),
    ("math.isclose(a, b, *, rel_tol=1e-09, abs_tol=0.0)", isclose),
    ("math.log(x, base=e, /)", log),
    ("math.log2(x, /)", log2),
    ("math.log10(x, /)", log10),
    ("math.pow(x, y, /)", pow),
    ("math.fmod(x, y, /)", fmod),
    ("math.atan2(y, x, /)", atan2),
    ("math.copysign(x, y, /)", copysign),
    ("math.hypot(*coordinates)", hypot),
    ("math.modf(x, /)", modf),
    ("math.frexp(x, /)", frexp),
    ("math.ldexp(x, i, /)", ldexp),
    ("math.gcd(*integers)", gcd),
    ("math.lcm(*integers)", lcm),
    ("math.factorial(n, /)", factorial),
    ("math.comb(n, k, /)", comb),
    ("math.perm(n, k=None, /)", perm),
    ("math.isqrt(n, /)", isqrt),
    ("math.prod(iterable, /, *, start=1)", prod),
    ("math.fsum(seq, /)", fsum),
    ("prim.math_fsum", fsum),
    ("prim.math_floor", floor),
    ("prim.math_ceil", ceil),
    ("math.pi", pi),
    ("math.e", e),
    ("math.tau", tau),
    ("math.inf", inf),
    ("math.nan", nan),
];

// ---- constants: functions of nothing -------------------------------------------------------------------

fn pi(call: &mut Call) -> Answer {
    Ok(call.float(std::f64::consts::PI))
}

fn e(call: &mut Call) -> Answer {
    Ok(call.float(std::f64::consts::E))
}

fn tau(call: &mut Call) -> Answer {
    Ok(call.float(std::f64::consts::TAU))
}

fn inf(call: &mut Call) -> Answer {
    Ok(call.float(f64::INFINITY))
}

fn nan(call: &mut Call) -> Answer {
    Ok(call.float(f64::NAN))
}

// ---- functions of one real number ----------------------------------------------------------------------

/// Where a function is defined; the message for where it is not has `{}` in place of the argument.
type Domain = Result<&'static str, &'static str>;

fn everywhere(_: f64) -> Domain {
    Ok("")
}

fn finite(x: f64) -> Domain {
    if x.is_infinite() { Err("expected a finite input, got {}") } else { Ok("") }
}

fn unit(x: f64) -> Domain {
    if x.abs() <= 1.0 { Ok("") } else { Err("expected a number in range from -1 up to 1, got {}") }
}

fn real_function(call: &mut Call, domain: fn(f64) -> Domain, compute: fn(f64) -> f64) -> Answer {
    let value = argument(call)?;
    let x = real(call, value)?;
    if let (false, Err(message)) = (x.is_nan(), domain(x)) {
        return Err(call.value_error(&message.replace("{}", &float_repr(x))));
    }
    let result = compute(x);
    if result.is_infinite() && x.is_finite() {
        return Err(range_error(call));
    }
    Ok(call.float(result))
}

/// An argument as a float.
fn real(call: &mut Call, value: Id) -> Outcome<f64> {
    unless_overridden(call, value, &["__float__", "__index__"])?;
    match number(&call.view(value)) {
        Some(number) => to_float(call, &number),
        None => {
            let name = call.type_name(value);
            Err(call.type_error(&format!("must be real number, not {name}")))
        }
    }
}

fn range_error(call: &mut Call) -> Failure {
    call.raise("OverflowError", "math range error")
}

fn domain_error(call: &mut Call) -> Failure {
    call.value_error("math domain error")
}

fn rounded(call: &mut Call, method: &str, round: fn(f64) -> f64) -> Answer {
    let value = argument(call)?;
    unless_overridden(call, value, &[method])?;
    if let Some(int) = call.integer(value) {
        return Ok(call.int(int));
    }
    if method == "__trunc__" && number(&call.view(value)).is_none() {
        let class = call.type_name(value);
        return Err(call.type_error(&format!("type {class} doesn't define __trunc__ method")));
    }
    let x = real(call, value)?;
    let int = whole(call, round(x))?;
    Ok(call.int(int))
}

fn floor(call: &mut Call) -> Answer {
    rounded(call, "__floor__", f64::floor)
}

fn ceil(call: &mut Call) -> Answer {
    rounded(call, "__ceil__", f64::ceil)
}

fn trunc(call: &mut Call) -> Answer {
    rounded(call, "__trunc__", f64::trunc)
}

fn test(call: &mut Call, test: fn(f64) -> bool) -> Answer {
    let value = argument(call)?;
    let x = real(call, value)?;
    Ok(call.bool(test(x)))
}

fn isnan(call: &mut Call) -> Answer {
    test(call, f64::is_nan)
}

fn isinf(call: &mut Call) -> Answer {
    test(call, f64::is_infinite)
}

fn isfinite(call: &mut Call) -> Answer {
    test(call, f64::is_finite)
}

// ---- logarithms ----------------------------------------------------------------------------------------

/// A logarithm, of ints of any size.
fn logarithm(call: &mut Call, value: Id, log: fn(f64) -> f64) -> Outcome<f64> {
    if let Some(int) = call.integer(value) {
        if !int.is_positive() {
            return Err(call.value_error("expected a positive input"));
        }
        if let Ok(x) = to_float(call, &Number::Int(int.clone())) {
            return Ok(log(x));
        }
        let shift = int.bits() - 60;
        let x = (&int >> shift).to_f64().unwrap_or(f64::INFINITY);
        return Ok(log(x) + log(2.0) * shift as f64);
    }
    let x = real(call, value)?;
    if x <= 0.0 {
        let message = format!("expected a positive input, got {}", float_repr(x));
        return Err(call.value_error(&message));
    }
    Ok(log(x))
}

fn log(call: &mut Call) -> Answer {
    let found = arguments(call)?;
    let [Some(value), base] = found[..] else { return Err(Failure::Undefined) };
    let result = logarithm(call, value, f64::ln)?;
    let Some(base) = base else { return Ok(call.float(result)) };
    let base = logarithm(call, base, f64::ln)?;
    if base == 0.0 {
        return Err(call.raise("ZeroDivisionError", "division by zero"));
    }
    Ok(call.float(result / base))
}

fn log2(call: &mut Call) -> Answer {
    let value = argument(call)?;
    let result = logarithm(call, value, f64::log2)?;
    Ok(call.float(result))
}

fn log10(call: &mut Call) -> Answer {
    let value = argument(call)?;
    let result = logarithm(call, value, f64::log10)?;
    Ok(call.float(result))
}

// ---- functions of two real numbers ---------------------------------------------------------------------

fn two_reals(call: &mut Call) -> Outcome<[f64; 2]> {
    let found = arguments(call)?;
    let [Some(x), Some(y)] = found[..] else { return Err(Failure::Undefined) };
    Ok([real(call, x)?, real(call, y)?])
}

fn pow(call: &mut Call) -> Answer {
    let [x, y] = two_reals(call)?;
    let power = x.powf(y);
    if x.is_finite() && y.is_finite() {
        if power.is_nan() || x == 0.0 && power.is_infinite() {
            return Err(domain_error(call));
        }
        if power.is_infinite() {
            return Err(range_error(call));
        }
    }
    Ok(call.float(power))
}

fn fmod(call: &mut Call) -> Answer {
    let [x, y] = two_reals(call)?;
    let rest = x % y;
    if rest.is_nan() && !x.is_nan() && !y.is_nan() {
        return Err(domain_error(call));
    }
    Ok(call.float(rest))
}

fn atan2(call: &mut Call) -> Answer {
    let [y, x] = two_reals(call)?;
    Ok(call.float(y.atan2(x)))
}

fn copysign(call: &mut Call) -> Answer {
    let [x, y] = two_reals(call)?;
    Ok(call.float(x.copysign(y)))
}

fn hypot(call: &mut Call) -> Answer {
    call.require_known()?;
    let mut length = 0.0f64;
    for arg in call.args.clone() {
        length = length.hypot(real(call, arg)?);
    }
    Ok(call.float(length))
}

fn isclose(call: &mut Call) -> Answer {
    let found = arguments(call)?;
    let mut reals = [0.0, 0.0, 1e-9, 0.0];
    for (place, value) in found.into_iter().enumerate() {
        if let Some(value) = value {
            reals[place] = real(call, value)?;
        }
    }
    let [a, b, relative, absolute] = reals;
    if relative < 0.0 || absolute < 0.0 {
        return Err(call.value_error("tolerances must be non-negative"));
    }
    let distance = (a - b).abs();
    let near = distance <= (relative * b).abs() || distance <= (relative * a).abs() || distance <= absolute;
    Ok(call.bool(a == b || a.is_finite() && b.is_finite() && near))
}

// ---- parts of floats -----------------------------------------------------------------------------------

fn modf(call: &mut Call) -> Answer {
    let value = argument(call)?;
    let x = real(call, value)?;
    let fraction = if x.is_infinite() { 0.0 } else { x.fract() };
    let parts = [call.float(fraction.copysign(x)), call.float(x.trunc())];
    Ok(call.tuple(&parts))
}

fn frexp(call: &mut Call) -> Answer {
    let value = argument(call)?;
    let x = real(call, value)?;
    let (mantissa, exponent) = if x.is_finite() { split_float(x.abs()) } else { (x.abs(), 0) };
    let parts = [call.float(mantissa.copysign(x)), call.int(exponent)];
    Ok(call.tuple(&parts))
}

fn ldexp(call: &mut Call) -> Answer {
    let found = arguments(call)?;
    let [Some(x), Some(exponent)] = found[..] else { return Err(Failure::Undefined) };
    let x = real(call, x)?;
    let Some(exponent) = call.integer(exponent) else {
        return Err(call.type_error("Expected an int as second argument to ldexp."));
    };
    let result = scale(x, exponent.to_i64().unwrap_or(if exponent.is_negative() { -9999 } else { 9999 }));
    if result.is_infinite() && x.is_finite() {
        return Err(range_error(call));
    }
    Ok(call.float(result))
}

// ---- ints ----------------------------------------------------------------------------------------------

fn fold(call: &mut Call, start: BigInt, combine: fn(&BigInt, &BigInt) -> BigInt) -> Answer {
    call.require_known()?;
    let mut result = start;
    for arg in call.args.clone() {
        let int = index(call, arg)?;
        result = combine(&result, &int);
    }
    Ok(call.int(result))
}

fn gcd(call: &mut Call) -> Answer {
    fold(call, BigInt::zero(), |a, b| a.gcd(b))
}

fn lcm(call: &mut Call) -> Answer {
    fold(call, BigInt::one(), |a, b| if b.is_zero() { BigInt::zero() } else { a.lcm(b) })
}

fn factorial(call: &mut Call) -> Answer {
    let value = argument(call)?;
    let int = index(call, value)?;
    if int.is_negative() {
        return Err(call.value_error("factorial() not defined for negative values"));
    }
    match int.to_u32().filter(|int| *int as usize <= call.cx.bank.largest() / 400) {
        Some(int) => Ok(call.int((1..=int).fold(BigInt::one(), |product, factor| product * factor))),
        None => Err(beyond_limit(call)),
    }
}

fn isqrt(call: &mut Call) -> Answer {
    let value = argument(call)?;
    let int = index(call, value)?;
    if int.is_negative() {
        return Err(call.value_error("isqrt() argument must be nonnegative"));
    }
    Ok(call.int(int.sqrt()))
}

fn perm(call: &mut Call) -> Answer {
    let found = arguments(call)?;
    let [Some(n), k] = found[..] else { return Err(Failure::Undefined) };
    let n = index(call, n)?;
    let none = call.none();
    let k = match k.filter(|k| *k != none) {
        Some(k) => index(call, k)?,
        None if n.is_negative() => {
            return Err(call.value_error("factorial() not defined for negative values"));
        }
        None => n.clone(),
    };
    let result = falling(call, &n, &k)?;
    Ok(call.int(result))
}

/// `n * (n - 1) * …`, `k` factors.
fn falling(call: &mut Call, n: &BigInt, k: &BigInt) -> Outcome<BigInt> {
    for (name, int) in [("n", n), ("k", k)] {
        if int.is_negative() {
            return Err(call.value_error(&format!("{name} must be a non-negative integer")));
        }
    }
    if k > n {
        return Ok(BigInt::zero());
    }
    let bits = n.bits();
    let Some(k) = k.to_u64().filter(|k| k.saturating_mul(bits) <= most_bits(call)) else {
        return Err(beyond_limit(call));
    };
    Ok((0..k).fold(BigInt::one(), |product, taken| product * (n - taken)))
}

fn comb(call: &mut Call) -> Answer {
    let found = arguments(call)?;
    let [Some(n), Some(k)] = found[..] else { return Err(Failure::Undefined) };
    let (n, mut k) = (index(call, n)?, index(call, k)?);
    if k <= n && &n - &k < k {
        k = &n - k;
    }
    let above = falling(call, &n, &k)?;
    if above.is_zero() {
        return Ok(call.int(0));
    }
    let below = falling(call, &k, &k)?;
    Ok(call.int(above / below))
}

// ---- many numbers --------------------------------------------------------------------------------------

fn prod(call: &mut Call) -> Answer {
    let found = arguments(call)?;
    let [Some(container), start] = found[..] else { return Err(Failure::Undefined) };
    let mut product = match start {
        Some(start) => start,
        None => call.int(1),
    };
    for member in iterate(call, container)? {
        product = times(call, product, member)?;
    }
    Ok(product)
}

/// The sum of floats, rounded once: partial sums that do not overlap, each less than the next.
fn fsum(call: &mut Call) -> Answer {
    let container = argument(call)?;
    truth(call, container)?;
    let mut partials: Vec<f64> = Vec::new();
    for member in iterate(call, container)? {
        let mut x = real(call, member)?;
        let mut kept = Vec::new();
        for mut y in partials {
            if x.abs() < y.abs() {
                std::mem::swap(&mut x, &mut y);
            }
            let high = x + y;
            let low = y - (high - x);
            if low != 0.0 {
                kept.push(low);
            }
            x = high;
        }
        kept.push(x);
        partials = kept;
    }
    Ok(call.float(total(&partials)))
}

/// The sum of partial sums, half-way cases included.
fn total(partials: &[f64]) -> f64 {
    let Some((mut high, mut rest)) = partials.split_last().map(|(last, rest)| (*last, rest)) else {
        return 0.0;
    };
    let mut low = 0.0;
    while let Some((next, others)) = rest.split_last() {
        let x = high;
        high = x + next;
        low = next - (high - x);
        rest = others;
        if low != 0.0 {
            break;
        }
    }
    if let Some(next) = rest.last()
        && (low < 0.0 && *next < 0.0 || low > 0.0 && *next > 0.0)
    {
        let doubled = low * 2.0;
        let x = high + doubled;
        if doubled == x - high {
            high = x;
        }
    }
    high
}
