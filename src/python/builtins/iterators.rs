//! Iteration over builtin containers.
//!
//! An iterator is `(object (class list_iterator …) ref)`, and its object holds `(iterator-of Kind Values)`:
//! the kind says how the values tell what is iterated and where it stands. An exhausted iterator is
//! `(iterator-of done no-values)`.

use egg::Id;
use num_bigint::BigInt;
use num_traits::ToPrimitive;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::machine::sequence;
use crate::python::builtins::Table;
use crate::python::builtins::compare::same;
use crate::python::builtins::containers::{
    Part, Shape, chain, chain_at, chain_length, gone_through, is_old_sequence, no_user_method, require, shape,
};
use crate::python::builtins::maps;
use crate::python::builtins::signatures::{in_library, this};
use crate::python::builtins::support::{range_length, too_large};
use crate::python::values::names::names;
use crate::python::values::{Answer, Call, Entry, Failure, Objects};

/// The primitives of this file; the methods of iterators are among the special methods.
pub const TABLE: Table = &[
    ("iter(object, sentinel=None, /)", iter),
    ("next(iterator, default=None, /)", next),
    ("any(iterable, /)", any),
    ("all(iterable, /)", all),
    ("class filter(function, iterable, /)", in_library),
    ("class reversed(object, /)", in_library),
];

// ---- making iterators -----------------------------------------------------------------------------------

fn iter(call: &mut Call) -> Answer {
    let args = call.args.clone();
    match args[..] {
        [value] => iterator(call, value),
        _ => Err(Failure::Undefined),
    }
}

/// `iter(value)`.
pub fn iterator(call: &mut Call, value: Id) -> Answer {
    no_user_method(call, value, &["__iter__"])?;
    let value = gone_through(call, value);
    own_iterator(call, value)
}

/// The iterator of a builtin container, whatever methods a deriving class has.
pub fn own_iterator(call: &mut Call, value: Id) -> Answer {
    let zero = call.int(0);
    match shape(call, value) {
        Shape::Str(text) if text.is_ascii() => make(call, "str_ascii_iterator", "sequence", &[value, zero]),
        Shape::Str(_) => make(call, "str_iterator", "sequence", &[value, zero]),
        Shape::Bytes(_) => make(call, "bytes_iterator", "sequence", &[value, zero]),
        Shape::Tuple(_) => make(call, "tuple_iterator", "sequence", &[value, zero]),
        Shape::List(_) => make(call, "list_iterator", "sequence", &[value, zero]),
        Shape::Range(parts) => range_iterator(call, parts),
        Shape::Dict => entries_iterator(call, Part::Keys, value, false),
        Shape::View(part, dict) => entries_iterator(call, part, dict, false),
        Shape::Set => set_iterator(call, value),
        Shape::Iterator | Shape::Generator => Ok(value),
        Shape::Other => Err(not_iterable(call, value)),
    }
}

fn make(call: &mut Call, class: &str, kind: &str, state: &[Id]) -> Answer {
    let payload = payload(call, kind, state);
    let class = call.class(class);
    Ok(call.new_object(class, payload))
}

fn payload(call: &mut Call, kind: &str, state: &[Id]) -> Id {
    let kind = call.atom(kind);
    let state = call.values(state);
    call.cx.bank.make(names().iterator_of, &[kind, state])
}

fn not_iterable(call: &mut Call, value: Id) -> Failure {
    if is_old_sequence(call, value) {
        return Failure::Undefined;
    }
    let name = call.type_name(value);
    call.type_error(&format!("'{name}' object is not iterable"))
}

fn range_iterator(call: &mut Call, [start, stop, step]: [BigInt; 3]) -> Answer {
    let fits = [&start, &stop, &step].iter().all(|part| part.to_i64().is_some());
    let class = if fits { "range_iterator" } else { "longrange_iterator" };
    let left = range_length(&[start.clone(), stop, step.clone()]);
    let state = [start, step, left].map(|part| call.int(part));
    make(call, class, "range", &state)
}

fn entries_iterator(call: &mut Call, part: Part, dict: Id, backwards: bool) -> Answer {
    let (class, kind) = match (part, backwards) {
        (Part::Keys, false) => ("dict_keyiterator", "keys"),
        (Part::Values, false) => ("dict_valueiterator", "values"),
        (Part::Items, false) => ("dict_itemiterator", "items"),
        (Part::Keys, true) => ("dict_reversekeyiterator", "keys"),
        (Part::Values, true) => ("dict_reversevalueiterator", "values"),
        (Part::Items, true) => ("dict_reverseitemiterator", "items"),
    };
    let mut keys = maps::keys(call, dict);
    if backwards {
        keys.reverse();
    } else {
        maps::watch(call, dict);
    }
    let (keys, zero) = (call.tuple(&keys), call.int(0));
    make(call, class, kind, &[dict, keys, zero, zero])
}

fn set_iterator(call: &mut Call, set: Id) -> Answer {
    let members = maps::ordered_members(call, set);
    let (members, zero) = (call.tuple(&members), call.int(0));
    make(call, "set_iterator", "set", &[set, members, zero])
}

/// `reversed(value)`, as the `__reversed__` of builtin classes has it.
pub fn reversed(call: &mut Call, value: Id) -> Answer {
    match shape(call, value) {
        Shape::List(members) => {
            let last = call.int(BigInt::from(members.len()) - 1);
            make(call, "list_reverseiterator", "backwards", &[value, last])
        }
        Shape::Range([start, stop, step]) => {
            let last = &start + (range_length(&[start.clone(), stop, step.clone()]) - 1) * &step;
            range_iterator(call, [last, start - &step, -step])
        }
        Shape::Dict => entries_iterator(call, Part::Keys, value, true),
        Shape::View(part, dict) => entries_iterator(call, part, dict, true),
        _ => Err(Failure::Undefined),
    }
}

// ---- drawing from iterators -----------------------------------------------------------------------------

fn next(call: &mut Call) -> Answer {
    let args = call.args.clone();
    let iterator = args[0];
    no_user_method(call, iterator, &["__next__"])?;
    match shape(call, iterator) {
        Shape::Iterator => drawn(call, iterator, args.get(1).copied()),
        Shape::Generator => Err(Failure::Undefined),
        _ => {
            let name = call.type_name(iterator);
            Err(call.raise_worded("TypeError", "no-iterator", &[&name]))
        }
    }
}

fn drawn(call: &mut Call, iterator: Id, default: Option<Id>) -> Answer {
    match (advance(call, iterator)?, default) {
        (Some(value), _) | (None, Some(value)) => Ok(value),
        (None, None) => Err(call.raise_with("StopIteration", &[])),
    }
}

/// `iterator.__next__()`.
pub fn own_next(call: &mut Call) -> Answer {
    let iterator = this(call)?;
    drawn(call, iterator, None)
}

/// The next value of an iterator over a builtin container; `None` at its end.
pub fn advance(call: &mut Call, iterator: Id) -> Result<Option<Id>, Failure> {
    let Some(Entry { payload, .. }) = call.entry(iterator) else { return Err(Failure::Undefined) };
    let kind = call.cx.name(call.cx.bank.arg(payload, 0));
    let state = call.cx.members(call.cx.bank.arg(payload, 1));
    match (kind, &state[..]) {
        ("sequence", [source, place]) => advance_sequence(call, iterator, *source, *place),
        ("backwards", [source, place]) => advance_backwards(call, iterator, *source, *place),
        // Over something of which nothing is known any more.
        ("open", [unknown]) => Err(Failure::Unknown(*unknown)),
        ("range", [value, step, left]) => advance_range(call, iterator, [*value, *step, *left]),
        ("keys" | "values" | "items", [dict, keys, place, drawn]) => {
            advance_entries(call, iterator, kind, [*dict, *keys, *place, *drawn])
        }
        ("set", [set, members, place]) => advance_set(call, iterator, [*set, *members, *place]),
        _ => Ok(None),
    }
}

fn set_state(call: &mut Call, iterator: Id, kind: &str, state: &[Id]) {
    let payload = payload(call, kind, state);
    call.set_payload(iterator, payload);
}

fn exhaust(call: &mut Call, iterator: Id) -> Result<Option<Id>, Failure> {
    set_state(call, iterator, "done", &[]);
    Ok(None)
}

fn place_of(call: &Objects, place: Id) -> usize {
    call.integer(place).and_then(|place| place.to_usize()).unwrap_or(usize::MAX)
}

fn advance_sequence(call: &mut Call, iterator: Id, source: Id, at: Id) -> Result<Option<Id>, Failure> {
    let place = place_of(call, at);
    match member(call, source, place) {
        Some(value) => {
            let after = call.int(place + 1);
            set_state(call, iterator, "sequence", &[source, after]);
            Ok(Some(value))
        }
        None => exhaust(call, iterator),
    }
}

/// A member of a sequence.
fn member(call: &mut Call, source: Id, place: usize) -> Option<Id> {
    if let Some(chain) = chain(call, source) {
        return chain_at(call, chain, place);
    }
    if let Some(element) = crate::python::builtins::sequences::element_at(call, source, place) {
        return Some(element);
    }
    match shape(call, source) {
        Shape::Str(text) => {
            let wide = call.is_unicode(source);
            text.chars().nth(place).map(|char| call.letter(char, wide))
        }
        Shape::Bytes(bytes) => bytes.get(place).map(|byte| call.int(*byte)),
        // What an instance of a class that derives from tuple holds.
        Shape::Tuple(members) => members.get(place).copied(),
        _ => None,
    }
}

fn advance_backwards(call: &mut Call, iterator: Id, source: Id, at: Id) -> Result<Option<Id>, Failure> {
    let place = call.integer(at).unwrap_or_default();
    let found = place.to_usize().and_then(|place| member(call, source, place));
    match found {
        Some(value) => {
            let before = call.int(place - 1);
            set_state(call, iterator, "backwards", &[source, before]);
            Ok(Some(value))
        }
        None => exhaust(call, iterator),
    }
}

fn advance_range(call: &mut Call, iterator: Id, state: [Id; 3]) -> Result<Option<Id>, Failure> {
    let [value, step, left] = state.map(|part| call.integer(part).unwrap_or_default());
    if left <= BigInt::from(0) {
        return exhaust(call, iterator);
    }
    let after = [&value + &step, step, left - 1].map(|part| call.int(part));
    set_state(call, iterator, "range", &after);
    Ok(Some(state[0]))
}

fn advance_entries(
    call: &mut Call,
    iterator: Id,
    kind: &str,
    [dict, keys, place, drawn]: [Id; 4],
) -> Result<Option<Id>, Failure> {
    let Some(then) = chain(call, keys) else { return Ok(None) };
    let (length, then_length) = (maps::size(call, dict), chain_length(call, then));
    let kept = maps::is_watched(call, dict) || is_backwards(call, iterator);
    let (place, count) = (place_of(call, place), place_of(call, drawn));
    let key = chain_at(call, then, place).filter(|_| kept && length == then_length);
    let (found, keys) = match key.and_then(|key| maps::entry_at(call, dict, place, key)) {
        Some(entry) => (Some((place, entry)), keys),
        None => {
            let (then, entries) = (sequence::all(call.cx.bank, then), maps::entries(call, dict));
            if length != then_length && length != then.iter().filter(|key| !is_gap(call, **key)).count() {
                return Err(call.raise("RuntimeError", "dictionary changed size during iteration"));
            }
            let (then, keys) = if kept { (then, keys) } else { relaid(call, dict, &then, &entries) };
            (next_entry(&then, &entries, place), keys)
        }
    };
    let Some((at, (key, value))) = found else { return exhaust(call, iterator) };
    if count >= length {
        return Err(call.raise("RuntimeError", "dictionary keys changed during iteration"));
    }
    let (after, count) = (call.int(at + 1), call.int(count + 1));
    set_state(call, iterator, kind, &[dict, keys, after, count]);
    Ok(Some(match kind {
        "keys" => key,
        "values" => value,
        _ => call.tuple(&[key, value]),
    }))
}

fn is_backwards(call: &mut Call, iterator: Id) -> bool {
    call.type_name(iterator).starts_with("dict_reverse")
}

/// Whether a key was removed there.
fn is_gap(call: &Objects, key: Id) -> bool {
    call.cx.bank.op(key) == names().missing
}

/// The keys of an iterated dict from which some were removed, and as many added: a gap for each that is gone, and
/// the new ones at the end, be they the same keys again.
fn relaid(call: &mut Call, dict: Id, then: &[Id], now: &[(Id, Id)]) -> (Vec<Id>, Id) {
    let gap = call.cx.bank.make(names().missing, &[]);
    let mut laid = Vec::new();
    for added in 1..=now.len() {
        let (kept, new) = now.split_at(now.len() - added);
        let mut left = kept.iter().map(|(key, _)| *key).peekable();
        laid = then.iter().map(|key| left.next_if_eq(key).unwrap_or(gap)).collect();
        if left.next().is_none() {
            laid.extend(new.iter().map(|(key, _)| *key));
            break;
        }
    }
    maps::watch(call, dict);
    let keys = call.tuple(&laid);
    (laid, keys)
}

/// The entry at a place or the next one that is still there; keys that were added come after all others.
fn next_entry(then: &[Id], now: &[(Id, Id)], place: usize) -> Option<(usize, (Id, Id))> {
    if let (Some(key), Some(entry)) = (then.get(place), now.get(place))
        && entry.0 == *key
    {
        return Some((place, *entry));
    }
    let there: FxHashMap<Id, Id> = now.iter().copied().collect();
    let mut left = then.iter().enumerate().skip(place);
    if let Some((at, key)) = left.find(|(_, key)| there.contains_key(key)) {
        return Some((at, (*key, there[key])));
    }
    let known: FxHashSet<Id> = then.iter().copied().collect();
    let mut added = now.iter().filter(|(key, _)| !known.contains(key));
    added.nth(place.saturating_sub(then.len())).map(|entry| (place.max(then.len()), *entry))
}

fn advance_set(call: &mut Call, iterator: Id, [set, members, place]: [Id; 3]) -> Result<Option<Id>, Failure> {
    let Some(then) = chain(call, members) else { return Ok(None) };
    if maps::size(call, set) != chain_length(call, then) {
        return Err(call.raise("RuntimeError", "Set changed size during iteration"));
    }
    let at = place_of(call, place);
    match chain_at(call, then, at) {
        Some(value) => {
            let after = call.int(at + 1);
            set_state(call, iterator, "set", &[set, members, after]);
            Ok(Some(value))
        }
        None => exhaust(call, iterator),
    }
}

// ---- all members ----------------------------------------------------------------------------------------

/// All members of a builtin container, or all that are left of an iterator, which is exhausted then.
pub fn members_of(call: &mut Call, value: Id) -> Result<Vec<Id>, Failure> {
    no_user_method(call, value, &["__iter__"])?;
    let value = gone_through(call, value);
    own_members(call, value)
}

/// The members of a builtin container, whatever methods a deriving class has.
pub fn own_members(call: &mut Call, value: Id) -> Result<Vec<Id>, Failure> {
    match shape(call, value) {
        Shape::Str(text) => {
            let wide = call.is_unicode(value);
            Ok(text.chars().map(|char| call.letter(char, wide)).collect())
        }
        Shape::Bytes(bytes) => Ok(bytes.into_iter().map(|byte| call.int(byte)).collect()),
        Shape::Tuple(members) | Shape::List(members) => Ok(members),
        Shape::Range(parts) => range_members(call, parts),
        Shape::Dict => Ok(maps::keys(call, value)),
        Shape::View(part, dict) => Ok(maps::parts(call, dict, part)),
        Shape::Set => Ok(maps::ordered_members(call, value)),
        Shape::Iterator => drain(call, value),
        Shape::Generator => Err(Failure::Undefined),
        Shape::Other => Err(not_iterable(call, value)),
    }
}

fn range_members(call: &mut Call, parts: [BigInt; 3]) -> Result<Vec<Id>, Failure> {
    let length = range_length(&parts).to_u64().unwrap_or(u64::MAX);
    if length > call.cx.bank.largest() as u64 {
        return Err(too_large(call, length.saturating_mul(8)));
    }
    let [mut value, _, step] = parts;
    let mut members = Vec::new();
    for _ in 0..length {
        members.push(call.int(value.clone()));
        value += &step;
    }
    Ok(members)
}

fn drain(call: &mut Call, iterator: Id) -> Result<Vec<Id>, Failure> {
    let mut members = Vec::new();
    while let Some(value) = advance(call, iterator)? {
        members.push(value);
    }
    Ok(members)
}

/// Whether a value is among those that iterating yields; an iterator stops behind it.
pub fn found_in(call: &mut Call, iterator: Id, value: Id) -> Result<bool, Failure> {
    while let Some(member) = advance(call, iterator)? {
        if same(call, member, value)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn any(call: &mut Call) -> Answer {
    first_with(call, true)
}

fn all(call: &mut Call) -> Answer {
    first_with(call, false)
}

/// Whether a member has this truth, for `any`; the other way round for `all`.
fn first_with(call: &mut Call, wanted: bool) -> Answer {
    let args = call.args.clone();
    require(call, args[0])?;
    if shape(call, args[0]) == Shape::Iterator {
        while let Some(member) = advance(call, args[0])? {
            if crate::python::builtins::conversions::truth(call, member)? == wanted {
                return Ok(call.bool(wanted));
            }
        }
        return Ok(call.bool(!wanted));
    }
    for member in members_of(call, args[0])? {
        if crate::python::builtins::conversions::truth(call, member)? == wanted {
            return Ok(call.bool(wanted));
        }
    }
    Ok(call.bool(!wanted))
}
