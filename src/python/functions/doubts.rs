//! What is doubted of what is otherwise taken for granted: attributes of unknowns, and whom an unknown call calls back.

use egg::Id;
use smallvec::smallvec;

use crate::machine::domain::{Context, Results};

use crate::python::functions::spreading::needs;
use crate::python::functions::unanswered::anything;
use crate::python::functions::unknowns::{self, fresh};
use crate::python::values::hidden;
use crate::python::values::names::names;
use crate::python::values::not_known::forgets_locals;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Call, Failure, Objects, View};
use crate::term::escape;

impl Objects<'_, '_> {
    /// Whether something is doubted. Where what a local holds is forgotten, an unknown may be a None that was.
    pub fn doubts(&self, what: &str) -> bool {
        if what == "attributes" && forgets_locals(self.cx.bank, self.world) {
            return true;
        }
        let doubted = self.module_env("sys").and_then(|env| self.lookup(env, hidden::DOUBTED));
        match doubted.map(|doubted| self.view(doubted)) {
            Some(View::Tuple(doubts)) => {
                doubts.iter().any(|doubt| self.text(*doubt).as_deref() == Some(what))
            }
            _ => false,
        }
    }

    /// What it comes to that an attribute of an unknown is asked for where it may lack one; `None` where it has it. Where it
    /// lacks it, that is an AttributeError, unless there is a default.
    pub fn doubted_attribute(&mut self, unknown: Id, name: &str, default: Option<Id>) -> Option<Failure> {
        let value = self.may_lack(unknown, name)?;
        let present = self.cx.bank.node("const", [value]);
        let absent = match default {
            Some(default) => self.cx.bank.node("const", [default]),
            None => {
                let raising = self.atom("prim.lacks");
                let raising = self.cx.bank.make(names().builtin, &[raising]);
                let values = self.values(&[unknown]);
                let keywords = self.keywords_of(&[]);
                self.cx.bank.node("settled", [raising, values, keywords])
            }
        };
        let name = self.cx.bank.node(&escape(name), []);
        Some(Failure::Answered(self.cx.bank.node("perhaps", [unknown, name, present, absent])))
    }

    /// The question whether an unknown has an attribute, where it may lack one.
    pub fn question_of_attribute(&mut self, unknown: Id, name: &str) -> Option<Failure> {
        self.may_lack(unknown, name)?;
        let name = self.cx.bank.node(&escape(name), []);
        let question = self.cx.bank.node("has", [name]);
        Some(Failure::Answered(self.cx.bank.node("asks", [unknown, question])))
    }

    /// The value of an attribute that an unknown may lack: one that nothing is known of, and that not every object has.
    fn may_lack(&mut self, unknown: Id, name: &str) -> Option<Id> {
        let special = name.starts_with("__") && name.ends_with("__");
        if special || !self.doubts("attributes") {
            return None;
        }
        let value = self.attribute_of_unknown(unknown, name);
        let own = format!("{}.{name}", unknowns::name_of(self.cx, unknown));
        let nameless =
            self.cx.bank.op(value) == vocabulary().unknown && unknowns::name_of(self.cx, value) == own;
        nameless.then_some(value)
    }

    /// The AttributeError of an unknown.
    pub fn lacks(&mut self, unknown: Id) -> Failure {
        self.raised_of("AttributeError", unknown)
    }

    /// An exception that is raised since something is unknown: what it says is not known.
    pub fn raised_of(&mut self, class: &str, unknown: Id) -> Failure {
        let raised = self.cx.bank.arg(self.cx.bank.arg(unknown, 2), 1);
        let like = self.cx.members(raised).first().map(|exception| self.cx.bank.arg(*exception, 1));
        let arguments = like.map(|arguments| self.cx.members(arguments)).unwrap_or_default();
        self.raise_with(class, &arguments)
    }

    /// The function of the file that a value is, or is a method of.
    fn own_function(&mut self, value: Id) -> Option<Id> {
        let function = match self.cx.bank.op(value) {
            _ if let Some([function, _]) = self.unbound_parts(value) => function,
            op if op == names().method => self.cx.bank.arg(value, 0),
            _ => value,
        };
        let code = (self.cx.bank.op(function) == names().routine).then(|| self.code_of(function))?;
        (self.code(code).module == "__main__").then_some(function)
    }
}

/// What stands behind the name of an unknown in the name of what its `__exit__` returned.
const EXITED: &str = ".__exit__()";

/// `(trusted value world)`: an unknown manager returned it from `__exit__`, whose name does not say that it discards exceptions, and
/// nobody doubts that it discards none.
pub fn trusted(cx: &mut Context, args: &[Id]) -> Results {
    let [value, world] = args[..] else { return smallvec![] };
    if cx.bank.op(value) != vocabulary().unknown {
        return smallvec![];
    }
    let name = unknowns::name_of(cx, value);
    let Some(manager) = name.strip_suffix(EXITED) else { return smallvec![] };
    let conventions = cx.constants().conventions();
    let discards = !conventions.grant("managers") || conventions.say("discards", manager);
    let granted = !discards && !Objects::of(cx, world).doubts("managers");
    if granted { smallvec![value] } else { smallvec![] }
}

/// Whether it is doubted that what is unknown is of the type that its use asks for.
pub(super) fn doubts_types(cx: &mut Context, world: Id) -> bool {
    let objects = Objects::of(cx, world);
    objects.tracked() && objects.doubts("types")
}

/// What is asked of a value without its having a say: whether it is another one.
const IDENTITY: [&str; 2] = ["is", "is-not"];

/// `(misfits value question world)`: it is doubted that an unknown can be asked that, and there is something that it may raise.
pub fn misfits(cx: &mut Context, args: &[Id]) -> Results {
    let [value, question, world] = args[..] else { return smallvec![] };
    let asks = match cx.name(question) {
        "truth" => true,
        "compared" => !IDENTITY.contains(&cx.name(cx.bank.arg(question, 0))),
        _ => false,
    };
    let doubted = asks && doubts_types(cx, world) && !misfit(cx, &[value]).is_empty();
    if doubted { smallvec![value] } else { smallvec![] }
}

/// `(misfit value)`: what asking a value raises that cannot be asked: what a call of the unknown may raise.
pub fn misfit(cx: &mut Context, args: &[Id]) -> Results {
    let unknown = cx.unknown_in(args[0]);
    if cx.bank.op(unknown) != vocabulary().unknown {
        return smallvec![];
    }
    let raised = cx.bank.arg(cx.bank.arg(unknown, 2), 1);
    cx.members(raised).into_iter().collect()
}

/// `(callbacks values keywords world)`.
pub fn callbacks(cx: &mut Context, args: &[Id]) -> Results {
    let [values, keywords, world] = args[..] else { return smallvec![] };
    let mut call = Call::on(cx, keywords, world);
    if !call.tracked() || !call.doubts("callbacks") {
        return smallvec![];
    }
    let mut handed = call.cx.members(values);
    handed.extend(call.keyword_list(keywords).into_iter().map(|(_, value)| value));
    handed.retain(|value| call.own_function(*value).is_some());
    handed.reverse();
    match handed.is_empty() {
        true => smallvec![],
        false => smallvec![call.values(&handed)],
    }
}

/// `(called-back function unknown frames world)`.
pub fn called_back(cx: &mut Context, args: &[Id]) -> Results {
    let [function, unknown, frames, world] = args[..] else { return smallvec![] };
    let mut call = Call::on(cx, frames, world);
    let needs = needs(&mut call, function).unwrap_or_default();
    let given = |call: &mut Call, name: &str| {
        let like = anything(call, unknown, name);
        fresh(call.cx, like, &[frames, world])
    };
    let positional: Vec<Id> =
        needs.positional.iter().take(needs.least).map(|name| given(&mut call, name)).collect();
    let named: Vec<(String, Id)> =
        needs.keyword_only.iter().map(|name| (name.clone(), given(&mut call, name))).collect();
    let failure = call.delegate(function, &positional, &named);
    match failure {
        Failure::Answered(answer) => smallvec![answer],
        _ => smallvec![],
    }
}
