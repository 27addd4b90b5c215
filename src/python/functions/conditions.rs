//! What exceptions are matched with: classes, and tuples of them.

use egg::Id;
use smallvec::smallvec;

use crate::machine::domain::{Context, Results};
use crate::python::functions::{classic, doubts, holds};
use crate::python::values::vocabulary::vocabulary;
use crate::term::Node;

/// `(conditions exception value world)`: what is unknown is taken for an exception class, or several, unless that is doubted. Where a
/// known member of a tuple matches, the others do not matter.
pub fn conditions(cx: &mut Context, args: &[Id]) -> Results {
    let [exception, value, world] = args[..] else { return smallvec![] };
    let matching = cx.bank.arg(exception, 0);
    let members = match cx.bank.op(value) == vocabulary().tuple {
        true => cx.members(cx.bank.arg(value, 0)),
        false => vec![value],
    };
    if members.into_iter().any(|member| derives(cx, matching, member)) {
        return smallvec![matching];
    }
    let empty = cx.bank.node("no-values", []);
    let mut results: Results = smallvec![matching, cx.bank.node("tuple", [empty])];
    if doubts::doubts_types(cx, world) {
        results.push(cx.bank.node("none", []));
    }
    results
}

/// `(catchable value)`.
pub fn catchable(cx: &mut Context, args: &[Id]) -> Results {
    let takes_any = cx.constants().knows_classic();
    let yes = if takes_any {
        cx.bank.op(args[0]) == vocabulary().tuple || cx.is_raisable(args[0]) || classic::is_text(cx, args[0])
    } else if cx.bank.op(args[0]) == vocabulary().tuple {
        cx.members(cx.bank.arg(args[0], 0)).iter().all(|member| is_exception_class(cx, *member))
    } else {
        is_exception_class(cx, args[0])
    };
    holds(yes, args[0])
}

/// Whether a value is a class that derives from `BaseException`, or from what no file defines.
pub(super) fn is_exception_class(cx: &Context, value: Id) -> bool {
    let Node { op, args } = cx.bank.get(value);
    if *op != vocabulary().class {
        return false;
    }
    let mut bases = args[2];
    if cx.bank.get(bases).args.is_empty() {
        return cx.bank.op(args[0]) != vocabulary().object_class;
    }
    while let [first, rest] = cx.bank.get(bases).args[..] {
        if is_exception_class(cx, first) {
            return true;
        }
        bases = rest;
    }
    false
}

/// `(matches exception value)`.
pub fn matches(cx: &mut Context, args: &[Id]) -> Results {
    let class = cx.bank.arg(args[0], 0);
    let yes = if cx.constants().knows_classic() {
        classic::matches_any(cx, args[0], args[1])
    } else if cx.bank.op(args[1]) == vocabulary().tuple {
        cx.members(cx.bank.arg(args[1], 0)).iter().any(|member| derives(cx, class, *member))
    } else {
        derives(cx, class, args[1])
    };
    holds(yes, args[0])
}

/// `(without values value)`.
pub fn without(cx: &mut Context, args: &[Id]) -> Results {
    let mut kept = cx.members(args[0]);
    kept.retain(|member| *member != args[1]);
    smallvec![cx.values(&kept)]
}

/// `(covered condition conditions)`: whether the classes that a condition names are all handled by those before it, as far as it is known what
/// they derive from.
pub fn covered(cx: &mut Context, args: &[Id]) -> Results {
    let before: Vec<Id> = cx.members(args[1]).into_iter().flat_map(|before| classes_of(cx, before)).collect();
    let named = classes_of(cx, args[0]);
    let above_all = cx.builtin_class("BaseException");
    let is_known = |class: Id| cx.bank.op(class) == vocabulary().class && !cx.is_of_others(class);
    let handles = |class: Id, base: Id| {
        class == base || derives(cx, class, base) && (is_known(class) || Some(base) == above_all)
    };
    let handled = |class: &Id| before.iter().any(|base| handles(*class, *base));
    let yes = !named.is_empty() && named.iter().all(handled);
    holds(yes, args[0])
}

/// The members of a condition that is a tuple; else the condition.
fn classes_of(cx: &Context, condition: Id) -> Vec<Id> {
    match cx.bank.op(condition) == vocabulary().tuple {
        true => cx.members(cx.bank.arg(condition, 0)),
        false => vec![condition],
    }
}

/// Whether a class is another or derives from it.
pub(super) fn derives(cx: &Context, class: Id, base: Id) -> bool {
    if class == base {
        return true;
    }
    let Node { op, args } = cx.bank.get(class);
    if *op != vocabulary().class {
        return false;
    }
    let mut bases = args[2];
    while let [first, rest] = cx.bank.get(bases).args[..] {
        if derives(cx, first, base) {
            return true;
        }
        bases = rest;
    }
    false
}

/// `(instance-of value classes)`.
pub fn instance_of(cx: &mut Context, args: &[Id]) -> Results {
    if !cx.is_known(args[0]) {
        return smallvec![];
    }
    match is_instance(cx, args[0], args[1]) {
        Some(yes) => smallvec![cx.boolean(yes)],
        None => smallvec![],
    }
}

/// `isinstance`, as far as the classes let it be told: the members of a tuple are tried in
/// turn, and one that is no class is an error only when its turn comes.
fn is_instance(cx: &Context, value: Id, classes: Id) -> Option<bool> {
    match cx.name(classes) {
        "class" => {
            let instance = cx.name(value) == "exception";
            Some(instance && derives(cx, cx.bank.arg(value, 0), classes))
        }
        "tuple" => {
            for member in cx.members(cx.bank.arg(classes, 0)) {
                if is_instance(cx, value, member)? {
                    return Some(true);
                }
            }
            Some(false)
        }
        _ => None,
    }
}

/// `(class-info value)`.
pub fn class_info(cx: &mut Context, args: &[Id]) -> Results {
    holds(is_class_info(cx, args[0]), args[0])
}

fn is_class_info(cx: &Context, value: Id) -> bool {
    match cx.name(value) {
        "tuple" => cx.members(cx.bank.arg(value, 0)).iter().all(|member| is_class_info(cx, *member)),
        name => name == "class",
    }
}
