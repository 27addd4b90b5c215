//! The arguments of a call as they are gathered.

use egg::Id;
use smallvec::smallvec;

use crate::machine::domain::{Context, Results};
use crate::python::functions::answers::answer_of;
use crate::python::functions::{opening, unanswered};
use crate::python::values::names::names;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Call, Objects, View};
use crate::term::unescape;

/// `(prepended value values)`.
pub fn prepended(cx: &mut Context, args: &[Id]) -> Results {
    let mut members = cx.members(args[1]);
    members.insert(0, args[0]);
    let mut call = Objects::of(cx, args[0]);
    smallvec![call.values(&members)]
}

/// `(concatenated values tuple)`.
pub fn concatenated(cx: &mut Context, args: &[Id]) -> Results {
    let more = cx.members(cx.bank.arg(args[1], 0));
    let list = more.iter().fold(args[0], |list, member| cx.bank.make(vocabulary().values, &[list, *member]));
    smallvec![list]
}

/// `(with-keyword keywords name value)`: a new one comes last.
pub fn with_keyword(cx: &mut Context, args: &[Id]) -> Results {
    let name = unescape(cx.name(args[1]));
    let mut call = Objects::of(cx, args[0]);
    let mut list = call.keyword_list(args[0]);
    if list.iter().any(|(known, _)| *known == name) {
        return smallvec![];
    }
    list.push((name, args[2]));
    smallvec![call.keywords_of(&list)]
}

/// `(keyword-fault callee name frames world)`.
pub fn keyword_fault(cx: &mut Context, args: &[Id]) -> Results {
    let name = unescape(cx.name(args[1]));
    let mut call = Call::on(cx, args[2], args[3]);
    let function = call.callee_name(args[0]);
    let text = format!("{function} got multiple values for keyword argument '{name}'");
    let failure = call.type_error(&text);
    smallvec![answer_of(&mut call, "call", Err(failure))]
}

/// `(spread-keywords keywords mapping world)`.
pub fn spread_keywords(cx: &mut Context, args: &[Id]) -> Results {
    let mut call = Call::on(cx, args[0], args[2]);
    let mut list = call.keyword_list(args[0]);
    let View::Dict(entries) = call.view(args[1]) else { return smallvec![] };
    for (key, value) in entries {
        let Some(name) = call.text(key) else { return smallvec![] };
        if list.iter().any(|(known, _)| *known == name) {
            return smallvec![];
        }
        list.push((name, value));
    }
    smallvec![call.keywords_of(&list)]
}

/// `(spread-fault callee mapping keywords frames world)`.
pub fn spread_fault(cx: &mut Context, args: &[Id]) -> Results {
    let mut call = Call::on(cx, args[3], args[4]);
    let function = call.callee_name(args[0]);
    if call.cx.bank.op(args[1]) == vocabulary().unknown {
        // A method changes what it is of.
        if call.cx.bank.op(args[0]) == names().method {
            let receiver = call.cx.bank.arg(args[0], 1);
            opening::open(&mut call, receiver, args[1]);
        }
        return smallvec![unanswered::of_spread(&mut call, &function, args[1])];
    }
    let given = call.keyword_list(args[2]);
    let text = match call.view(args[1]) {
        View::Dict(entries) => {
            let keys: Vec<Option<String>> = entries.iter().map(|(key, _)| call.text(*key)).collect();
            match keys.iter().flatten().find(|key| given.iter().any(|(known, _)| known == *key)) {
                Some(key) => format!("{function} got multiple values for keyword argument '{key}'"),
                None => call.cx.constants().worded("keywords-no-strings", &[&function]),
            }
        }
        _ => format!("{function} argument after ** must be a mapping, not {}", call.type_name(args[1])),
    };
    let failure = call.type_error(&text);
    smallvec![answer_of(&mut call, "call", Err(failure))]
}

impl Objects<'_, '_> {
    /// A callee as messages name it: `__main__.f()`.
    pub fn callee_name(&mut self, callee: Id) -> String {
        let bank = &self.cx.bank;
        match bank.op(callee).as_str() {
            "routine" | "library" => {
                let code = self.code_of(callee);
                let code = self.code(code);
                match self.cx.constants().has("call.callee-qualified") {
                    true => format!("{}.{}()", code.module, code.qualname),
                    false => format!("{}()", code.qualname.rsplit('.').next().unwrap_or_default()),
                }
            }
            "method" => self.callee_name(self.cx.bank.arg(callee, 0)),
            "class" if self.cx.constants().has("call.callee-qualified") => {
                format!("{}()", self.class_name(callee))
            }
            "builtin" => format!("{}()", unescape(self.cx.name(bank.arg(callee, 0)))),
            _ => format!("{} object", self.type_name(callee)),
        }
    }
}
