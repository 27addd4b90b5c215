//! Applying a primitive alone, for what no program tells apart: whether it leaves something to the library.
//! What programs see is recorded in `tests/recorded/`.

#![cfg(test)]

use std::collections::BTreeMap;

use egg::Id;

use crate::book::Book;
use crate::machine::domain::Context;
use crate::machine::domain::{Domain, Tables};
use crate::python::PYTHON;
use crate::python::builtins::containers;
use crate::python::builtins::display;
use crate::python::builtins::signatures::Signature;
use crate::python::builtins::{find, run};
use crate::python::values::{Answer, Call, Failure};

fn constants() -> Tables {
    PYTHON.tables(&Book::built_in(crate::book::version::Version::DEFAULT).expect("the book"))
}

fn show_failure(call: &mut Call, failure: Failure) -> String {
    match failure.raised() {
        Some(exception) => {
            let args = display::exception_args(call, exception);
            let args = call.tuple(&args);
            let class = call.type_name(exception);
            format!("{class}: {}", display::repr(call, args).expect("arguments"))
        }
        None => format!("{failure:?}").split('(').next().unwrap_or_default().to_string(),
    }
}

/// Does something with an application of no primitive in a world without objects.
fn with_call<R>(constants: &Tables, test: impl FnOnce(&mut Call) -> R) -> R {
    let mut bank = crate::python::semantics::bank();
    let empty = bank.node("no-names", []);
    let heap = bank.node("no-objects", []);
    let (modules, one) = (bank.node("no-modules", []), bank.node("1", []));
    let globals = bank.node("objects", [modules, heap, one]);
    let none = bank.node("none", []);
    let world = bank.node("world", [empty, globals, none, none, none]);
    let mut cx = Context { bank: &mut bank, tables: constants };
    let mut call = Call::on(&mut cx, none, world);
    test(&mut call)
}

/// Does something in such a world, with the book's classes.
pub fn in_a_world<R>(test: impl FnOnce(&mut Call) -> R) -> R {
    with_call(&constants(), test)
}

/// What a primitive gives, as [`check`] compares it.
pub fn given(call: &mut Call, name: &str, args: &[Id]) -> String {
    let answer = apply(call, name, args.to_vec(), Vec::new());
    if let Some((stream, text)) = call.output.take() {
        return format!("{stream} {text:?}");
    }
    let shown = answer.and_then(|value| display::repr(call, value));
    shown.unwrap_or_else(|failure| show_failure(call, failure))
}

/// A class of the program that derives from these and has these attributes.
pub fn user_class(call: &mut Call, name: &str, bases: &[Id], attributes: &[(&str, Id)]) -> Id {
    let none = call.none();
    let reference = call.allocate(none);
    let end = call.cx.bank.node("no-bases", []);
    let bases = bases.iter().rev().fold(end, |rest, base| call.cx.bank.node("bases", [*base, rest]));
    let name = call.atom(name);
    let class = call.cx.bank.node("class", [name, reference, bases]);
    for (attribute, value) in attributes {
        call.set_own_attribute(class, attribute, Some(*value));
    }
    class
}

fn apply(call: &mut Call, name: &str, args: Vec<Id>, keywords: Vec<(String, Id)>) -> Answer {
    call.args = args;
    call.keywords = keywords;
    assert!(find(name).is_some(), "no primitive {name}");
    run(call, name)
}

#[test]
fn every_primitive_has_a_name_of_its_own() {
    let mut seen = BTreeMap::new();
    for (entry, _) in crate::python::builtins::TABLES.iter().flat_map(|table| table.iter()) {
        let (name, _) = Signature::parse(entry);
        assert!(seen.insert(name, ()).is_none(), "{name} is there twice");
    }
}

/// A class with these methods (values that nothing calls) and a base, and an instance that holds a payload.
fn user_instance(call: &mut Call, base: &str, methods: &[&str], payload: (&str, &[Id])) -> Id {
    let nothing = call.none();
    let reference = call.allocate(nothing);
    let base = call.class(base);
    let none = call.cx.bank.node("no-bases", []);
    let bases = call.cx.bank.node("bases", [base, none]);
    let name = call.atom("C");
    let class = call.cx.bank.node("class", [name, reference, bases]);
    let method = call.int(0);
    for name in methods {
        call.set_own_attribute(class, name, Some(method));
    }
    let members = call.values(payload.1);
    let payload = call.cx.bank.node(payload.0, [members]);
    call.new_object(class, payload)
}

#[test]
fn what_a_users_methods_decide_is_undefined() {
    in_a_world(|call| {
        let [zero, one] = [0, 1].map(|int| call.int(int));
        let plain = user_instance(call, "list", &[], ("list-of", &[one]));
        let own = user_instance(call, "list", &["__getitem__", "__iter__", "__len__"], ("list-of", &[one]));
        assert_eq!(containers::apply(call, "getitem", &[plain, zero]), Ok(one));
        for (name, args) in
            [("getitem", &[own, zero][..]), ("len", &[own]), ("iter", &[own]), ("list", &[own])]
        {
            assert_eq!(containers::apply(call, name, args), Err(Failure::Undefined), "{name}");
        }
        assert_eq!(containers::apply(call, "list.__getitem__", &[own, zero]), Ok(one));
        assert_eq!(containers::apply(call, "item", &[own, zero]), Ok(one));
        assert_eq!(containers::apply(call, "length", &[own]), Ok(one));
    });
}

#[test]
fn hashes_that_users_compute_are_kept() {
    in_a_world(|call| {
        let key = user_instance(call, "object", &["__eq__", "__hash__"], ("plain", &[]));
        let other = user_instance(call, "object", &[], ("plain", &[]));
        let unhashable = user_instance(call, "object", &["__eq__"], ("plain", &[]));
        let [zero, one, code, none] = [0, 1, 77, -1].map(|int| call.int(int));
        let dict = call.dict(&[]);
        assert_eq!(containers::apply(call, "setitem", &[dict, key, one]), Err(Failure::Undefined));
        containers::apply(call, "dict_put", &[dict, none, key, one, code]).unwrap();
        containers::apply(call, "setitem", &[dict, other, zero]).unwrap();
        assert_eq!(containers::apply(call, "dict_hash", &[dict, zero]), Ok(code));
        assert_eq!(containers::apply(call, "dict_find_hash", &[dict, code, zero]), Ok(zero));
        assert_eq!(containers::apply(call, "getitem", &[dict, other]), Ok(zero));
        let copy = containers::apply(call, "dict.copy", &[dict]).unwrap();
        assert_eq!(containers::apply(call, "dict_hash", &[copy, zero]), Ok(code));
        let keys = containers::apply(call, "set", &[dict]).unwrap();
        assert_eq!(containers::apply(call, "set_hash", &[keys, zero]), Ok(code));
        let expected = "TypeError: (\"cannot use 'C' as a set element (unhashable type: 'C')\",)";
        assert_eq!(given(call, "set_display", &[unhashable]), expected);
    });
}
