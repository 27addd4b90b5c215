//! The names of a module, of which there may be thousands: a list of bindings, or a tree of such lists.
//!
//! A list of more than `MOST` bindings is parted by a bit of the names' hashes, the lowest bit first. Whether a
//! part is a tree depends on how many names it has, so equal names are equal terms.

use egg::{Id, Symbol};

use crate::machine::bank::Bank;
use crate::machine::domain::Context;
use crate::machine::fingerprint::of_name;
use crate::python::values::names::names;
use crate::python::values::vocabulary::vocabulary;

/// Bindings that are kept as a list.
const MOST: usize = 16;
/// Bits of a hash that parts are told apart by.
const BITS: u32 = 64;

fn hash_of(name: Symbol) -> u64 {
    of_name(name.as_str()) as u64
}

fn parts(bank: &Bank, env: Id) -> Option<[Id; 2]> {
    let node = bank.get(env);
    match node.args[..] {
        [left, right] if node.op == names().fork => Some([left, right]),
        _ => None,
    }
}

/// The list that has a name, if any has.
pub fn list_of(bank: &Bank, mut env: Id, name: Symbol) -> Id {
    if parts(bank, env).is_none() {
        return env;
    }
    let mut hash = hash_of(name);
    while let Some(parts) = parts(bank, env) {
        env = parts[(hash & 1) as usize];
        hash >>= 1;
    }
    env
}

/// The bindings, in the order of their names.
pub fn bindings(bank: &Bank, env: Id) -> Vec<(Id, Id)> {
    let mut found = Vec::new();
    gather(bank, env, &mut found);
    if parts(bank, env).is_some() {
        found.sort_by_key(|(name, _)| bank.op(*name).as_str());
    }
    found
}

fn gather(bank: &Bank, env: Id, found: &mut Vec<(Id, Id)>) {
    if let Some([left, right]) = parts(bank, env) {
        gather(bank, left, found);
        return gather(bank, right, found);
    }
    let mut rest = env;
    while let [name, value, tail] = bank.get(rest).args[..] {
        found.push((name, value));
        rest = tail;
    }
}

fn length(bank: &Bank, mut list: Id) -> usize {
    let mut count = 0;
    while let [_, _, rest] = bank.get(list).args[..] {
        count += 1;
        list = rest;
    }
    count
}

/// The names with one bound, or unbound.
pub fn bound(cx: &mut Context, env: Id, name: Id, value: Option<Id>) -> Id {
    let hash = hash_of(cx.bank.op(name));
    bound_at(cx, env, name, value, hash, 0)
}

fn bound_at(cx: &mut Context, env: Id, name: Id, value: Option<Id>, hash: u64, level: u32) -> Id {
    let Some(mut parts) = parts(cx.bank, env) else {
        let list = bind(cx, env, name, value);
        return if length(cx.bank, list) > MOST { parted(cx, list, level) } else { list };
    };
    let place = (hash >> level & 1) as usize;
    parts[place] = bound_at(cx, parts[place], name, value, hash, level + 1);
    let lists = parts.iter().all(|part| self::parts(cx.bank, *part).is_none());
    if lists && parts.iter().map(|part| length(cx.bank, *part)).sum::<usize>() <= MOST {
        let all = parts.iter().flat_map(|part| bindings(cx.bank, *part)).collect::<Vec<_>>();
        return listed(cx, &all);
    }
    cx.bank.make(names().fork, &parts)
}

fn listed(cx: &mut Context, all: &[(Id, Id)]) -> Id {
    let empty = cx.bank.make(vocabulary().no_names, &[]);
    all.iter().fold(empty, |list, (name, value)| bind(cx, list, *name, Some(*value)))
}

/// A list that is too long, as a tree.
fn parted(cx: &mut Context, list: Id, level: u32) -> Id {
    let all = bindings(cx.bank, list);
    if all.len() <= MOST || level >= BITS {
        return list;
    }
    let parts = [0, 1].map(|bit| {
        let part: Vec<(Id, Id)> =
            all.iter().copied().filter(|(name, _)| hash_of(cx.bank.op(*name)) >> level & 1 == bit).collect();
        let part = listed(cx, &part);
        parted(cx, part, level + 1)
    });
    cx.bank.make(names().fork, &parts)
}

/// The environment with a name bound or unbound. Names stay in order, so equal
/// environments are equal terms.
pub fn bind(cx: &mut Context, env: Id, name: Id, value: Option<Id>) -> Id {
    let mut before = Vec::new();
    let mut rest = env;
    while let [bound, old, tail] = cx.bank.get(rest).args[..] {
        if bound == name {
            rest = tail;
            break;
        }
        if cx.name(bound) > cx.name(name) {
            break;
        }
        before.push((bound, old));
        rest = tail;
    }
    if let Some(value) = value {
        rest = cx.bank.make(vocabulary().binding, &[name, value, rest]);
    }
    for (bound, old) in before.into_iter().rev() {
        rest = cx.bank.make(vocabulary().binding, &[bound, old, rest]);
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::domain::Tables;

    #[test]
    fn many_names_are_found_and_their_term_does_not_tell_how_they_came() {
        let (mut bank, tables) = (Bank::default(), Tables::new(()));
        let mut cx = Context { bank: &mut bank, tables: &tables };
        let empty = cx.bank.make(vocabulary().no_names, &[]);
        let names: Vec<Id> = (0..100).map(|n| cx.bank.node(&format!("name{n}"), [])).collect();
        let forth = names.iter().fold(empty, |env, name| bound(&mut cx, env, *name, Some(*name)));
        let back = names.iter().rev().fold(empty, |env, name| bound(&mut cx, env, *name, Some(*name)));
        assert_eq!(forth, back);
        assert_eq!(bindings(cx.bank, forth).len(), 100);
        let list = list_of(cx.bank, forth, "name7".into());
        assert!(bindings(cx.bank, list).iter().any(|(name, _)| *name == names[7]));
        let few = names[10..].iter().fold(forth, |env, name| bound(&mut cx, env, *name, None));
        assert_eq!(few, listed(&mut cx, &names[..10].iter().map(|name| (*name, *name)).collect::<Vec<_>>()));
    }
}
