//! Dicts: displays, constructors and methods.

use egg::Id;

use super::held::{Held, find, held, held_by, new_held, set_held};
use super::lookup::{Gathered, Rows, place_of};
use crate::python::builtins::Table;
use crate::python::builtins::containers::{
    Shape, gone_through, is_user_instance, key_error, no_user_method, require, shape, user_attribute,
};
use crate::python::builtins::hashing::Role;
use crate::python::builtins::iterators::{members_of, own_iterator};
use crate::python::builtins::signatures::{method, this};
use crate::python::values::hidden;
use crate::python::values::names::names;
use crate::python::values::{Answer, Call, Failure, Objects};

/// The primitives of this file.
pub const TABLE: Table = &[
    ("dict_display", dict_display),
    ("dict_display_merge", dict_display_merge),
    ("class dict(iterable=(), /, **entries)", dict),
    ("class dict.__init__(self, iterable=(), /, **entries) as dict", dict_init),
    ("dict.get(self, key, default=None, /)", dict_get),
    ("dict.setdefault(self, key, default=None, /)", dict_setdefault),
    ("dict.pop(self, key, default=None, /)", dict_pop),
    ("dict.popitem(self, /)", dict_popitem),
    ("dict.keys(self, /)", |call| dict_members(call, "dict_keys")),
    ("dict.values(self, /)", |call| dict_members(call, "dict_values")),
    ("dict.items(self, /)", |call| dict_members(call, "dict_items")),
    ("dict.iterkeys(self, /)", |call| dict_iterator(call, "dict_keys")),
    ("dict.itervalues(self, /)", |call| dict_iterator(call, "dict_values")),
    ("dict.iteritems(self, /)", |call| dict_iterator(call, "dict_items")),
    ("dict.has_key(self, key, /)", dict_has_key),
    ("dict.update(self, iterable=(), /, **entries)", dict_update),
    ("dict.clear(self, /)", dict_clear),
    ("dict.copy(self, /)", dict_copy),
    ("dict.fromkeys(cls, iterable, value=None, /)", dict_fromkeys),
];

/// The value of a key in a dict; `KeyError` where there is none.
pub fn get(call: &mut Call, dict: Id, key: Id) -> Answer {
    let found = value_of(call, dict, key)?;
    match found {
        Some(value) => Ok(value),
        None if user_attribute(call, dict, "__missing__").is_some() => Err(Failure::Undefined),
        None => Err(key_error(call, key)),
    }
}

/// The value of a key in a dict, if it is there.
fn value_of(call: &mut Call, dict: Id, key: Id) -> Result<Option<Id>, Failure> {
    if let Some((rows, place)) = place_of(call, dict, key, Role::Key)? {
        return Ok(place.and_then(|place| rows.value(call, place)));
    }
    let held = held(call, dict);
    Ok(find(call, &held, key, Role::Key)?.map(|place| held[place].value))
}

/// Sets the value of a key.
pub fn set(call: &mut Call, dict: Id, key: Id, value: Id) -> Result<(), Failure> {
    if let Some((rows, place)) = place_of(call, dict, key, Role::Key)? {
        rows.put(call, dict, place, [key, value]);
        return Ok(());
    }
    let mut all = Gathered::new(held(call, dict));
    all.put(call, Held::new(key, value), Role::Key)?;
    set_held(call, dict, &all.held);
    Ok(())
}

/// Removes a key; `KeyError` where there is none.
pub fn remove(call: &mut Call, dict: Id, key: Id) -> Result<(), Failure> {
    if let Some((rows, place)) = place_of(call, dict, key, Role::Key)? {
        let Some(place) = place else { return Err(key_error(call, key)) };
        rows.remove(call, dict, place);
        return Ok(());
    }
    let mut held = held(call, dict);
    let Some(place) = find(call, &held, key, Role::Key)? else { return Err(key_error(call, key)) };
    held.remove(place);
    set_held(call, dict, &held);
    unwatch(call, dict);
    Ok(())
}

/// Notes that a dict is iterated from here on.
pub fn watch(call: &mut Call, dict: Id) {
    if !is_watched(call, dict) {
        let yes = call.bool(true);
        call.set_own_attribute(dict, hidden::ITERATED, Some(yes));
    }
}

/// Whether nothing was removed from a dict since an iteration began or went on.
pub fn is_watched(call: &Objects, dict: Id) -> bool {
    call.own_attribute(dict, hidden::ITERATED).is_some()
}

pub(super) fn unwatch(call: &mut Call, dict: Id) {
    if is_watched(call, dict) {
        call.set_own_attribute(dict, hidden::ITERATED, None);
    }
}

fn dict_display(call: &mut Call) -> Answer {
    let pairs = call.args.clone();
    let mut all = Gathered::new(Vec::new());
    for pair in pairs.chunks_exact(2) {
        all.put(call, Held::new(pair[0], pair[1]), Role::Key)?;
    }
    Ok(new_held(call, "dict", &all.held))
}

/// `dict_display_merge(dict, other)`: for `{…, **other}`.
fn dict_display_merge(call: &mut Call) -> Answer {
    let [dict, other] = call.args[..] else { return Err(Failure::Undefined) };
    require(call, other)?;
    if shape(call, other) == Shape::Dict {
        update(call, dict, Some(other))?;
        call.keep_keys();
        return Ok(dict);
    }
    if is_user_instance(call, other) {
        return Err(Failure::Undefined);
    }
    let name = call.type_name(other);
    Err(call.type_error(&format!("'{name}' object is not a mapping")))
}

pub(super) fn dict(call: &mut Call) -> Answer {
    let (source, keywords) = (call.args.first().copied(), call.keywords.clone());
    let dict = call.dict(&[]);
    update(call, dict, source)?;
    update_keywords(call, dict, &keywords)?;
    Ok(dict)
}

fn dict_init(call: &mut Call) -> Answer {
    let this = this(call)?;
    let (source, keywords) = (call.args.get(1).copied(), call.keywords.clone());
    update(call, this, source)?;
    update_keywords(call, this, &keywords)?;
    Ok(call.none())
}

fn dict_update(call: &mut Call) -> Answer {
    let this = this(call)?;
    let (source, keywords) = (call.args.get(1).copied(), call.keywords.clone());
    update(call, this, source)?;
    update_keywords(call, this, &keywords)?;
    Ok(call.none())
}

fn update_keywords(call: &mut Call, dict: Id, keywords: &[(String, Id)]) -> Result<(), Failure> {
    for (name, value) in keywords {
        let name = call.str(name);
        set(call, dict, name, *value)?;
    }
    Ok(())
}

/// `dict.update(source)`.
pub fn update(call: &mut Call, dict: Id, source: Option<Id>) -> Result<(), Failure> {
    let Some(source) = source else { return Ok(()) };
    require(call, source)?;
    let mut all = Gathered::new(held(call, dict));
    let failure = match shape(call, source) {
        Shape::Dict => {
            no_user_method(call, source, &["__iter__"])?;
            let added = held(call, source);
            if all.held.is_empty() {
                set_held(call, dict, &added);
                return Ok(());
            }
            added.into_iter().try_for_each(|entry| all.put(call, entry, Role::Key))
        }
        Shape::Other if is_user_instance(call, source) => return Err(Failure::Undefined),
        _ => add_pairs(call, &mut all, source),
    };
    // What came before a failure stays.
    set_held(call, dict, &all.held);
    failure
}

fn add_pairs(call: &mut Call, all: &mut Gathered, source: Id) -> Result<(), Failure> {
    for (number, pair) in members_of(call, source)?.into_iter().enumerate() {
        let [key, value] = pair_of(call, number, pair)?;
        all.put(call, Held::new(key, value), Role::Key)?;
    }
    Ok(())
}

fn pair_of(call: &mut Call, number: usize, pair: Id) -> Result<[Id; 2], Failure> {
    require(call, pair)?;
    let pair = gone_through(call, pair);
    let members = match shape(call, pair) {
        Shape::Other if !is_user_instance(call, pair) => {
            return Err(call.raise_worded("TypeError", "no-pair", &[&number.to_string()]));
        }
        _ => members_of(call, pair)?,
    };
    <[Id; 2]>::try_from(members).map_err(|members| {
        let length = members.len();
        let element = format!("dictionary update sequence element #{number}");
        call.value_error(&format!("{element} has length {length}; 2 is required"))
    })
}

fn dict_get(call: &mut Call) -> Answer {
    let (this, args) = method(call)?;
    match (value_of(call, this, args[0])?, args.get(1)) {
        (Some(value), _) => Ok(value),
        (None, Some(default)) => Ok(*default),
        (None, None) => Ok(call.none()),
    }
}

fn dict_setdefault(call: &mut Call) -> Answer {
    let (this, args) = method(call)?;
    if let Some(value) = value_of(call, this, args[0])? {
        return Ok(value);
    }
    let default = args.get(1).copied().unwrap_or_else(|| call.none());
    set(call, this, args[0], default)?;
    Ok(default)
}

fn dict_pop(call: &mut Call) -> Answer {
    let (this, args) = method(call)?;
    if let Some((rows, place)) = place_of(call, this, args[0], Role::Key)? {
        return match (place.and_then(|place| Some((place, rows.value(call, place)?))), args.get(1)) {
            (Some((place, value)), _) => {
                rows.remove(call, this, place);
                Ok(value)
            }
            (None, Some(default)) => Ok(*default),
            (None, None) => Err(key_error(call, args[0])),
        };
    }
    let mut held = held(call, this);
    // CPython does not hash the key where there is nothing to find.
    let found = if held.is_empty() { None } else { find(call, &held, args[0], Role::Key)? };
    match (found, args.get(1)) {
        (Some(place), _) => {
            let entry = held.remove(place);
            set_held(call, this, &held);
            unwatch(call, this);
            Ok(entry.value)
        }
        (None, Some(default)) => Ok(*default),
        (None, None) => Err(key_error(call, args[0])),
    }
}

fn dict_popitem(call: &mut Call) -> Answer {
    let (this, _) = method(call)?;
    // The last place always holds something.
    if let Some(rows) = Rows::of(call, this) {
        let last = rows.places(call) - 1;
        let (Some(key), Some(value)) = (rows.key(call, last), rows.value(call, last)) else {
            return Err(Failure::Undefined);
        };
        rows.remove(call, this, last);
        return Ok(call.tuple(&[key, value]));
    }
    let mut held = held(call, this);
    let Some(entry) = held.pop() else {
        return Err(call.raise("KeyError", "popitem(): dictionary is empty"));
    };
    set_held(call, this, &held);
    unwatch(call, this);
    Ok(call.tuple(&[entry.key, entry.value]))
}

/// A view, or before Python 3.0 a list.
fn dict_members(call: &mut Call, class: &str) -> Answer {
    let view = dict_view(call, class)?;
    if !call.cx.constants().has("dict.lists") {
        return Ok(view);
    }
    let members = members_of(call, view)?;
    Ok(call.list(&members))
}

fn dict_iterator(call: &mut Call, class: &str) -> Answer {
    let view = dict_view(call, class)?;
    own_iterator(call, view)
}

fn dict_has_key(call: &mut Call) -> Answer {
    let (this, arguments) = method(call)?;
    let key = *arguments.first().ok_or(Failure::Undefined)?;
    let found = super::contains(call, this, key)?;
    Ok(call.bool(found))
}

fn dict_view(call: &mut Call, class: &str) -> Answer {
    let (this, _) = method(call)?;
    let payload = call.cx.bank.make(names().immutable, &[this]);
    let class = call.class(class);
    Ok(call.new_object(class, payload))
}

fn dict_clear(call: &mut Call) -> Answer {
    let (this, _) = method(call)?;
    set_held(call, this, &[]);
    unwatch(call, this);
    Ok(call.none())
}

fn dict_copy(call: &mut Call) -> Answer {
    let (this, _) = method(call)?;
    let held = held(call, this);
    Ok(new_held(call, "dict", &held))
}

/// `dict.fromkeys(cls, keys, value=None)`.
fn dict_fromkeys(call: &mut Call) -> Answer {
    let (class, builtin) = (call.args[0], call.class("dict"));
    if class != builtin && shape(call, class) != Shape::Dict {
        return Err(Failure::Undefined);
    }
    let (keys, value) = (call.args[1], call.args.get(2).copied());
    let value = value.unwrap_or_else(|| call.none());
    let mut all = Gathered::new(Vec::new());
    for key in held_by(call, keys)? {
        all.put(call, Held { value, ..key }, Role::Key)?;
    }
    Ok(new_held(call, "dict", &all.held))
}
