//! What primitives share: the arguments they take, and when an object's own methods decide.

use egg::Id;
use num_bigint::BigInt;
use num_traits::{ToPrimitive, Zero};

use crate::python::builtins::maps;
use crate::python::values::names;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Call, Failure, Objects, View};

/// A part of a primitive's work.
pub type Outcome<T> = Result<T, Failure>;

/// How many bits an int has at most: about 100,000 digits, unless the limit on members says otherwise.
pub fn most_bits(call: &Objects) -> u64 {
    call.cx.bank.largest() as u64 / 1000 * 33_219 / 1000
}

/// How deeply values are nested at most; more is a RecursionError.
pub const MOST_DEEP: usize = 1000;

/// Computes with what a value holds, unless it lies too deep in others.
pub fn within<T>(call: &mut Call, doing: &str, part: impl FnOnce(&mut Call) -> Outcome<T>) -> Outcome<T> {
    if call.depth > MOST_DEEP {
        return Err(call.raise("RecursionError", &format!("maximum recursion depth exceeded{doing}")));
    }
    call.depth += 1;
    let outcome = part(call);
    call.depth -= 1;
    outcome
}

// ---- the classes that programs define ------------------------------------------------------------------

/// A method that a class made by a `class` statement defines, before a builtin class that has it too.
pub fn user_method(call: &mut Objects, class: Id, name: &str) -> Option<Id> {
    if !call.is_user_class(class) {
        return None;
    }
    let early = call.cx.constants().knows_classic().then(|| call.cx.constants().early_name(name).to_string());
    for owner in call.mro(class)? {
        if call.is_user_class(owner) {
            let name = early.as_deref().filter(|_| call.is_of_program(owner)).unwrap_or(name);
            if let Some(found) = call.own_attribute(owner, name) {
                return Some(found);
            }
        } else if builtin_has(call, owner, name) {
            return None;
        }
    }
    None
}

/// Whether a builtin class other than `object` has the special method.
fn builtin_has(call: &mut Objects, class: Id, name: &str) -> bool {
    call.class_name(class) != "object" && call.attribute_in(class, name).is_some()
}

/// Whether the program's classes decide what one of these special methods does with a value.
pub fn overridden(call: &mut Objects, value: Id, methods: &[&str]) -> bool {
    let op = call.cx.bank.op(value);
    // Only objects and exceptions can be of a class that the program makes.
    if op != names::names().object && op != vocabulary().exception {
        return false;
    }
    if call.is_classic_object(value) {
        return true;
    }
    let class = call.class_of(value);
    call.is_user_class(class)
        && (methods.iter().any(|name| user_method(call, class, name).is_some())
            || methods.iter().any(|name| COMPARISONS.contains(name)) && orders(call, class))
}

/// The special methods of comparisons.
const COMPARISONS: [&str; 6] = ["__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__"];

/// Whether a class of the program says by one method how its instances compare, before Python 3.0.
pub fn orders(call: &mut Objects, class: Id) -> bool {
    call.cx.constants().knows_classic() && user_method(call, class, "__cmp__").is_some()
}

/// Leaves it to the library where the program's classes define one of these special methods.
pub fn unless_overridden(call: &mut Objects, value: Id, names: &[&str]) -> Outcome<()> {
    if overridden(call, value, names) {
        let number = ["__index__", "__float__"].into_iter().find(|method| names.first() == Some(method));
        call.undecided = number.map(|method| (value, method));
        return Err(Failure::Undefined);
    }
    Ok(())
}

/// That nothing can be said about an unknown value.
pub fn known(call: &Objects, value: Id) -> Outcome<()> {
    if call.cx.bank.op(value) == vocabulary().unknown { Err(Failure::Unknown(value)) } else { Ok(()) }
}

// ---- what arguments are --------------------------------------------------------------------------------

/// An argument that must be an int.
pub fn index(call: &mut Objects, value: Id) -> Outcome<BigInt> {
    known(call, value)?;
    if let Some(int) = call.integer(value) {
        return Ok(int);
    }
    unless_overridden(call, value, &["__index__"])?;
    let name = call.type_name(value);
    Err(call.type_error(&format!("'{name}' object cannot be interpreted as an integer")))
}

/// An argument that must be an int that a length can be.
pub fn size(call: &mut Objects, value: Id) -> Outcome<isize> {
    let int = index(call, value)?;
    match int.to_isize() {
        Some(size) => Ok(size),
        None => Err(call.raise("OverflowError", "Python int too large to convert to C ssize_t")),
    }
}

/// The failure of an index or size that does not fit into a word.
pub fn beyond_index(call: &mut Objects, class: &str) -> Failure {
    let kind = if call.cx.constants().has("int.long") { "long" } else { "int" };
    call.raise(class, &format!("cannot fit '{kind}' into an index-sized integer"))
}

/// Bytes that no machine is taken to have; CPython says so of a value that would need more.
const NO_MEMORY: u64 = 1 << 36;

/// The failure of a value that would take so many bytes: more than are there, or more than the limit on members.
pub fn too_large(call: &mut Objects, bytes: u64) -> Failure {
    if bytes >= NO_MEMORY {
        return call.raise_with("MemoryError", &[]);
    }
    call.cx.bank.reach("members");
    Failure::Undefined
}

/// What is not modelled, and gives a value: unknown where all paths are explored. A run ends there.
pub fn unmodelled(call: &mut Objects, what: &str) -> Result<Id, Failure> {
    if call.is_run() {
        return Err(beyond_model(call, what));
    }
    Ok(call.unknown_like_others(what.trim_matches('`')))
}

/// The failure of a primitive that comes to such a value.
pub fn not_modelled(call: &mut Objects, what: &str) -> Failure {
    unmodelled(call, what).map_or_else(|failure| failure, Failure::Unknown)
}

/// The failure of what is not modelled, and may do anything: nothing is known of what comes after it.
pub fn beyond_model(call: &mut Objects, what: &str) -> Failure {
    call.cx.bank.reach(egg::Symbol::from(what).as_str());
    Failure::Undefined
}

/// That a value which takes about so many bytes would fit into some machine's memory.
pub fn fits_memory(call: &mut Objects, bytes: u64) -> Outcome<()> {
    if bytes >= NO_MEMORY { Err(too_large(call, bytes)) } else { Ok(()) }
}

/// The failure of a value beyond the limit on members.
pub fn beyond_limit(call: &mut Objects) -> Failure {
    too_large(call, 0)
}

/// The members of a builtin container, as iterating gives them.
pub fn iterate(call: &mut Objects, value: Id) -> Outcome<Vec<Id>> {
    known(call, value)?;
    unless_overridden(call, value, &["__iter__"])?;
    match call.view(value) {
        View::Tuple(members) | View::List(members) => Ok(members),
        View::Set(_) => Ok(maps::ordered_members(call, value)),
        View::Dict(entries) => Ok(entries.into_iter().map(|(key, _)| key).collect()),
        View::Str(text) => {
            let wide = call.is_unicode(value);
            Ok(text.chars().map(|char| call.letter(char, wide)).collect())
        }
        View::Bytes(bytes) => Ok(bytes.into_iter().map(|byte| call.int(byte)).collect()),
        View::Range([start, stop, step]) => range_members(call, start, &stop, &step),
        View::Other => Err(Failure::Undefined),
        View::None | View::Bool(_) | View::Int(_) | View::Float(_) | View::Slice(_) => {
            let name = call.type_name(value);
            Err(call.type_error(&format!("'{name}' object is not iterable")))
        }
    }
}

/// How many members a range has.
pub fn range_length([start, stop, step]: &[BigInt; 3]) -> BigInt {
    let zero = BigInt::zero();
    let distance = if *step > zero { stop - start } else { start - stop };
    if distance <= zero {
        return zero;
    }
    let step = if *step > zero { step.clone() } else { -step };
    if step == zero { zero } else { (distance - 1) / step + 1 }
}

fn range_members(call: &mut Objects, start: BigInt, stop: &BigInt, step: &BigInt) -> Outcome<Vec<Id>> {
    let parts = [start, stop.clone(), step.clone()];
    let Some(length) =
        range_length(&parts).to_usize().filter(|length| *length <= call.cx.bank.largest() / 10)
    else {
        return Err(Failure::Undefined);
    };
    let [mut next, ..] = parts;
    let mut members = Vec::with_capacity(length);
    for _ in 0..length {
        members.push(call.int(next.clone()));
        next += step;
    }
    Ok(members)
}

/// The iterator of the `yield from` that waits on top.
pub fn delegate(cx: &crate::machine::domain::Context, frames: Id) -> Option<Id> {
    let top = *cx.bank.get(frames).args.first()?;
    cx.constants().is_delegation(cx.bank.op(top)).then(|| cx.bank.arg(top, 0))
}
