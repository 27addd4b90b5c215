//! Hashes, what can be hashed, and where objects lie.

use egg::Id;
use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive};

use crate::python::builtins::containers::{Part, Shape, shape};
use crate::python::builtins::maps;
use crate::python::builtins::signatures::argument;
use crate::python::builtins::support::{Outcome, known, range_length, within};
use crate::python::builtins::{Table, aliases};
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Answer, Call, Failure, Objects, View};

/// The primitives of this file.
pub const TABLE: Table = &[
    ("hash(obj, /)", hash),
    ("id(obj, /)", identity),
    ("identity", identity),
    ("prim.hash_by_place", hash_by_place),
];

/// The prime that numbers are hashed modulo: `2**61 - 1`.
const MODULUS: u64 = (1 << 61) - 1;

fn hash(call: &mut Call) -> Answer {
    let value = argument(call)?;
    if hashing(call, value, Role::Plain)? == Hashing::User {
        return Err(Failure::Undefined);
    }
    let hash = hash_of(call, value)?;
    Ok(call.int(hash))
}

/// `prim.hash_by_place(value)`: the hash of a value whose class says nothing of it.
fn hash_by_place(call: &mut Call) -> Answer {
    let value = argument(call)?;
    let hash = hash_of(call, value)?;
    Ok(call.int(hash))
}

fn identity(call: &mut Call) -> Answer {
    let value = argument(call)?;
    let address = address(call, value);
    Ok(call.int(address))
}

/// Where an object is said to lie.
pub fn address(call: &mut Call, value: Id) -> u64 {
    match call.number(value) {
        Some(number) => NUMBERED + 64 * u64::from(number),
        None => OTHERS + 64 * (call.cx.bank.fingerprint(value) as u64 & 0xffff_ffff),
    }
}

/// Where objects lie that have a number, and where all others do.
const NUMBERED: u64 = 0x7f00_0000_0000;
const OTHERS: u64 = 0x7e00_0000_0000;

/// Whether a text shows an address: the first two digits of one tell.
pub(crate) fn shows_address(text: &str) -> bool {
    [NUMBERED, OTHERS].iter().any(|first| text.contains(&format!("{:#x}", first >> 40)))
}

// ---- what can be hashed --------------------------------------------------------------------------------

/// What an unhashable value was to be used as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The key of a dict.
    Key,
    /// The element of a set.
    Element,
    /// Neither: the message does not say.
    Plain,
}

/// How the hash of a key is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hashing {
    /// It is that of a builtin value or of an object's identity.
    Builtin,
    /// A user's method computes it.
    User,
}

/// Raises where a value cannot be a key; tells whether a user's method computes its hash.
pub fn hashing(call: &mut Call, value: Id, role: Role) -> Outcome<Hashing> {
    match unhashable_part(call, value)? {
        Ok(hashing) => Ok(hashing),
        Err(part) => Err(unhashable(call, value, &part, role)),
    }
}

fn unhashable(call: &mut Call, value: Id, part: &str, role: Role) -> Failure {
    let whole = call.type_name(value);
    let reason = format!("unhashable type: '{part}'");
    match role {
        Role::Key => call.raise_worded("TypeError", "unhashable-key", &[&whole, &reason]),
        Role::Element => call.raise_worded("TypeError", "unhashable-element", &[&whole, &reason]),
        Role::Plain => call.type_error(&reason),
    }
}

/// How the value is hashed, or the name of the class in it that has no hash.
fn unhashable_part(call: &mut Call, value: Id) -> Outcome<Result<Hashing, String>> {
    // It is taken for granted that what is unknown has a hash.
    if call.cx.bank.op(value) == vocabulary().unknown {
        return Ok(Ok(Hashing::Builtin));
    }
    if let Some(found) = user_hashing(call, value) {
        return Ok(found);
    }
    let parts = match shape(call, value) {
        Shape::List(_) | Shape::Dict | Shape::View(Part::Keys | Part::Items, _) => {
            return Ok(Err(call.type_name(value)));
        }
        Shape::Set if !call.is_a(value, "frozenset") => return Ok(Err(call.type_name(value))),
        Shape::Set => {
            let asked = maps::held(call, value).iter().any(|held| held.code.is_some());
            return Ok(Ok(if asked { Hashing::User } else { Hashing::Builtin }));
        }
        Shape::Tuple(members) => members,
        Shape::Other => match call.view(value) {
            View::Slice(parts) => parts.to_vec(),
            _ => match aliases::hashed(call, value) {
                Some(parts) => parts,
                None => return Ok(Ok(Hashing::Builtin)),
            },
        },
        _ => return Ok(Ok(Hashing::Builtin)),
    };
    within(call, "", |call| {
        let mut hashing = Hashing::Builtin;
        for part in parts {
            match unhashable_part(call, part)? {
                Ok(Hashing::Builtin) => {}
                Ok(Hashing::User) => hashing = Hashing::User,
                Err(name) => return Ok(Err(name)),
            }
        }
        Ok(Ok(hashing))
    })
}

/// What the classes made by `class` statements say of an instance's hash: the first of them that defines
/// `__hash__` or `__eq__` decides, and `__eq__` alone means that there is none.
fn user_hashing(call: &mut Call, value: Id) -> Option<Result<Hashing, String>> {
    if call.is_classic_object(value) {
        return Some(Ok(Hashing::User));
    }
    let class = call.class_of(value);
    if !call.is_user_class(class) {
        return None;
    }
    let by_equality = call.cx.constants().has("class.eq-unhashes");
    let name = call.type_name(value);
    for owner in call.mro(class)? {
        if !call.is_user_class(owner) {
            return None;
        }
        match (call.own_attribute(owner, "__hash__"), call.own_attribute(owner, "__eq__")) {
            (Some(found), _) if call.view(found) == View::None => return Some(Err(name)),
            (Some(_), _) => return Some(Ok(Hashing::User)),
            (None, Some(_)) if by_equality => return Some(Err(name)),
            (None, Some(_)) => {}
            (None, None) => {}
        }
    }
    None
}

// ---- hashes --------------------------------------------------------------------------------------------

/// The hash of a value that has one; the program's classes are not asked.
fn hash_of(call: &mut Call, value: Id) -> Outcome<i64> {
    known(call, value)?;
    if let Some(hash) = stable_hash(call, value) {
        return Ok(hash);
    }
    Ok(match call.view(value) {
        View::Str(text) => bytes_hash(text.as_bytes()),
        View::Bytes(bytes) => bytes_hash(&bytes),
        View::Tuple(members) => {
            let mut hashes = Vec::new();
            for member in members {
                hashes.push(hash_of(call, member)?);
            }
            tuple_hash(&hashes)
        }
        View::Set(members) => {
            let mut hashes = Vec::new();
            for member in members {
                hashes.push(hash_of(call, member)?);
            }
            set_hash(&hashes)
        }
        View::Slice(parts) => {
            let mut hashes = Vec::new();
            for part in parts {
                hashes.push(hash_of(call, part)?);
            }
            tuple_hash(&hashes)
        }
        _ => match aliases::hashed(call, value) {
            Some(parts) => {
                let mut hashes = Vec::new();
                for part in parts {
                    hashes.push(hash_of(call, part)?);
                }
                tuple_hash(&hashes)
            }
            None => (address(call, value) >> 4) as i64,
        },
    })
}

/// The hash that CPython computes in every run, where it does.
pub fn stable_hash(call: &Objects, value: Id) -> Option<i64> {
    let all = |members: &[Id]| -> Option<Vec<i64>> {
        members.iter().map(|member| stable_hash(call, *member)).collect()
    };
    match call.view(value) {
        View::None => Some(0xfca8_6420),
        View::Bool(yes) => Some(i64::from(yes)),
        View::Int(int) => Some(int_hash(&int)),
        View::Float(float) if float.is_nan() => None,
        View::Float(float) => Some(float_hash(float)),
        View::Tuple(members) => Some(tuple_hash(&all(&members)?)),
        View::Set(members) => Some(set_hash(&all(&members)?)),
        View::Range(parts) => Some(range_hash(&parts)),
        _ => None,
    }
}

fn int_hash(int: &BigInt) -> i64 {
    let magnitude = (int.abs() % MODULUS).to_i64().unwrap_or(0);
    avoid_error(if int.is_negative() { -magnitude } else { magnitude })
}

/// CPython's hashes are never -1, which stands for an error.
fn avoid_error(hash: i64) -> i64 {
    if hash == -1 { -2 } else { hash }
}

fn float_hash(float: f64) -> i64 {
    if float.is_infinite() {
        return if float > 0.0 { 314_159 } else { -314_159 };
    }
    let (mut mantissa, mut exponent) = split_float(float.abs());
    let mut hash: u64 = 0;
    while mantissa != 0.0 {
        hash = ((hash << 28) & MODULUS) | (hash >> 33);
        mantissa *= 268_435_456.0; // 2**28
        exponent -= 28;
        hash += mantissa as u64;
        mantissa = mantissa.fract();
        if hash >= MODULUS {
            hash -= MODULUS;
        }
    }
    let exponent = exponent.rem_euclid(61);
    hash = ((hash << exponent) & MODULUS) | (hash >> (61 - exponent));
    let hash = hash as i64;
    avoid_error(if float < 0.0 { -hash } else { hash })
}

/// A positive float as `mantissa * 2**exponent` with a mantissa from a half to one.
pub fn split_float(float: f64) -> (f64, i64) {
    if float == 0.0 {
        return (float, 0);
    }
    let (float, before) = if float < f64::MIN_POSITIVE { (float * 2f64.powi(60), -60) } else { (float, 0) };
    let bits = float.to_bits();
    let exponent = (bits >> 52 & 0x7ff) as i64 - 1022;
    (f64::from_bits(bits & !(0x7ff << 52) | 1022 << 52), exponent + before)
}

/// The hash of a tuple whose members have these.
pub fn tuple_hash(hashes: &[i64]) -> i64 {
    const FIRST: u64 = 11_400_714_785_074_694_791;
    const SECOND: u64 = 14_029_467_366_897_019_727;
    const FIFTH: u64 = 2_870_177_450_012_600_261;
    let mut whole = FIFTH;
    for hash in hashes {
        whole = whole.wrapping_add((*hash as u64).wrapping_mul(SECOND));
        whole = whole.rotate_left(31).wrapping_mul(FIRST);
    }
    whole = whole.wrapping_add(hashes.len() as u64 ^ (FIFTH ^ 3_527_539));
    if whole == u64::MAX { 1_546_275_796 } else { whole as i64 }
}

/// The hash of a frozenset whose members have these.
pub fn set_hash(hashes: &[i64]) -> i64 {
    let shuffle = |hash: u64| ((hash ^ 89_869_747) ^ (hash << 16)).wrapping_mul(3_644_798_167);
    let mut whole = hashes.iter().fold(0, |whole, hash| whole ^ shuffle(*hash as u64));
    whole ^= (hashes.len() as u64 + 1).wrapping_mul(1_927_868_237);
    whole ^= (whole >> 11) ^ (whole >> 25);
    whole = whole.wrapping_mul(69069).wrapping_add(907_133_923);
    if whole == u64::MAX { 590_923_713 } else { whole as i64 }
}

fn range_hash(parts: &[BigInt; 3]) -> i64 {
    const NONE: i64 = 0xfca8_6420;
    let length = range_length(parts);
    let [start, _, step] = parts;
    let (start, step) = match length.to_u32() {
        Some(0) => (NONE, NONE),
        Some(1) => (int_hash(start), NONE),
        _ => (int_hash(start), int_hash(step)),
    };
    tuple_hash(&[int_hash(&length), start, step])
}

/// A hash of bytes that is the same in every run, which CPython's is not.
fn bytes_hash(bytes: &[u8]) -> i64 {
    let mix = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    avoid_error(bytes.iter().fold(0xcbf2_9ce4_8422_2325, mix) as i64)
}
