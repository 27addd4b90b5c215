//! Names and what they are bound to.

use egg::Id;
use smallvec::smallvec;

use crate::machine::domain::{Context, Results};
use crate::python::functions::scopes;
use crate::python::values::shelf::bind;
use crate::python::values::vocabulary::vocabulary;

/// `(world locals globals handled facts callers)` with one part replaced.
fn with_part(cx: &mut Context, world: Id, index: usize, part: Id) -> Id {
    let mut node = cx.bank.get(world).clone();
    node.args[index] = part;
    cx.bank.add(node)
}

/// The index of a target's environment in the world.
fn scope_of(cx: &Context, target: Id) -> usize {
    usize::from(cx.bank.op(target) == vocabulary().global)
}

/// Whether a target is a name of the core, which its environment binds.
fn is_plain(cx: &Context, target: Id) -> bool {
    let op = cx.bank.op(target);
    op == vocabulary().local || op == vocabulary().global
}

/// `(fetch world target)`.
pub fn fetch(cx: &mut Context, args: &[Id]) -> Results {
    if !is_plain(cx, args[1]) {
        return scopes::fetch(cx, args[0], args[1]).into_iter().collect();
    }
    let mut env = cx.bank.arg(args[0], scope_of(cx, args[1]));
    let name = cx.bank.arg(args[1], 0);
    while let [bound, value, rest] = cx.bank.get(env).args[..] {
        if bound == name {
            return smallvec![value];
        }
        env = rest;
    }
    smallvec![]
}

/// `(store world target value)`.
pub fn store(cx: &mut Context, args: &[Id]) -> Results {
    if !is_plain(cx, args[1]) {
        return smallvec![scopes::store(cx, args[0], args[1], Some(args[2]))];
    }
    let scope = scope_of(cx, args[1]);
    let env = cx.bank.arg(args[0], scope);
    let name = cx.bank.arg(args[1], 0);
    let env = bind(cx, env, name, Some(args[2]));
    smallvec![with_part(cx, args[0], scope, env)]
}

/// `(delete world target)`.
pub fn delete(cx: &mut Context, args: &[Id]) -> Results {
    if !is_plain(cx, args[1]) {
        return smallvec![scopes::store(cx, args[0], args[1], None)];
    }
    let scope = scope_of(cx, args[1]);
    let env = cx.bank.arg(args[0], scope);
    let name = cx.bank.arg(args[1], 0);
    let env = bind(cx, env, name, None);
    smallvec![with_part(cx, args[0], scope, env)]
}

/// `(unbound-fault target)`.
pub fn unbound_fault(cx: &mut Context, args: &[Id]) -> Results {
    if !is_plain(cx, args[0]) {
        return smallvec![scopes::unbound_fault(cx, args[0], args[1])];
    }
    let name = cx.name(cx.bank.arg(args[0], 0));
    let exception = if scope_of(cx, args[0]) == 0 {
        let text = cx.constants().worded("unbound-local", &[name]);
        cx.exception("UnboundLocalError", &text)
    } else {
        let text = undefined(cx, name, args[1]);
        cx.exception("NameError", &text)
    };
    smallvec![exception]
}

/// What is said of a name that neither the module nor Python defines: some versions have other words for it in a function.
pub(super) fn undefined(cx: &Context, name: &str, world: Id) -> String {
    let is_called = cx.name(cx.bank.arg(world, 4)) != "base";
    if is_called {
        cx.constants().worded("unbound-global", &[name])
    } else {
        format!("name '{name}' is not defined")
    }
}

/// `(bind-parameters parameters values)`.
pub fn bind_parameters(cx: &mut Context, args: &[Id]) -> Results {
    let (names, values) = (cx.members(args[0]), cx.members(args[1]));
    if names.len() != values.len() {
        return smallvec![];
    }
    let mut env = cx.bank.make(vocabulary().no_names, &[]);
    for (name, value) in names.into_iter().zip(values) {
        env = bind(cx, env, name, Some(value));
    }
    smallvec![env]
}
