//! What a callee still needs of an unknown that is spread behind `*` or `**`.

use egg::Id;
use smallvec::smallvec;

use crate::machine::domain::{Context, Results};
use crate::python::functions::unanswered::anything;
use crate::python::functions::unknowns::{item_of, name_of};
use crate::python::values::hidden;
use crate::python::values::names::names;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Call, Objects};

/// What a function of the program takes.
#[derive(Debug, Clone, Default)]
pub(super) struct Needs {
    /// The positional parameters.
    pub(super) positional: Vec<String>,
    /// How many of them have no default.
    pub(super) least: usize,
    /// How many of them no keyword names.
    posonly: usize,
    pub(super) keyword_only: Vec<String>,
    /// Whether it takes any number of positional arguments.
    pub(super) takes_more: bool,
    /// Whether it takes any keywords.
    pub(super) takes_keywords: bool,
}

/// What a callee needs, where it is a function, a method or a class of the program.
pub(super) fn needs(call: &mut Objects, callee: Id) -> Option<Needs> {
    let op = call.cx.bank.op(callee);
    if op == names().routine {
        return Some(needs_of_function(call, callee));
    }
    if let Some([function, _]) = call.unbound_parts(callee) {
        return Some(needs_of_function(call, function));
    }
    let (function, receiver) = if op == names().method {
        (call.cx.bank.arg(callee, 0), true)
    } else if op == vocabulary().class && call.cx.is_user_class(callee) {
        (call.class_attribute(callee, "__init__").map(|(_, found)| found)?, true)
    } else {
        return None;
    };
    (call.cx.bank.op(function) == names().routine).then(|| {
        let mut needs = needs_of_function(call, function);
        if receiver && !needs.positional.is_empty() {
            needs.positional.remove(0);
            needs.least = needs.least.saturating_sub(1);
            needs.posonly = needs.posonly.saturating_sub(1);
        }
        needs
    })
}

fn needs_of_function(call: &mut Objects, function: Id) -> Needs {
    let code = call.code_of(function);
    let code = call.cx.code(code);
    let kept = call.kept(function);
    Needs {
        posonly: code.posonly,
        least: code.positional.len().saturating_sub(kept.defaults.len()),
        positional: code.positional,
        keyword_only: code.kwonly,
        takes_more: code.star.is_some(),
        takes_keywords: code.double_star.is_some(),
    }
}

/// `(takes-keywords callee world)`: what is unknown takes anything, and so does what has `**`.
pub fn takes_keywords(cx: &mut Context, args: &[Id]) -> Results {
    let [callee, world] = args[..] else { return smallvec![] };
    let mut call = Objects::of(cx, world);
    let is_unknown = call.cx.bank.op(callee) == vocabulary().unknown;
    let takes = is_unknown || needs(&mut call, callee).is_some_and(|needs| needs.takes_keywords);
    if takes { smallvec![callee] } else { smallvec![] }
}

/// `(unknown-keywords callee values keywords unknown world)`.
pub fn unknown_keywords(cx: &mut Context, args: &[Id]) -> Results {
    let [callee, values, keywords, unknown, world] = args[..] else { return smallvec![] };
    let given = cx.members(values).len();
    let mut call = Call::on(cx, keywords, world);
    if call.cx.bank.op(callee) == vocabulary().unknown {
        return smallvec![keywords];
    }
    let Some(needs) = needs(&mut call, callee) else { return smallvec![] };
    let mut list = call.keyword_list(keywords);
    let of = name_of(call.cx, unknown);
    // What has a default may be among it, too: an unknown may be the default.
    let wanted = needs.positional.into_iter().skip(given.max(needs.posonly)).chain(needs.keyword_only);
    for name in wanted {
        if !list.iter().any(|(known, _)| *known == name) {
            let item = anything(&mut call, unknown, &item_of(&of, Some(&format!("'{name}'"))));
            list.push((name, item));
        }
    }
    if needs.takes_keywords {
        list.push((hidden::OTHERS.into(), unknown));
    }
    smallvec![call.keywords_of(&list)]
}
