//! What was raised and handled before Python 3.0: classic classes and their instances, strings, tuples of either.

use egg::Id;
use smallvec::smallvec;

use crate::machine::domain::{Context, Results};
use crate::python::builtins::support::not_modelled;
use crate::python::functions::conditions::{derives, is_exception_class};
use crate::python::functions::{core, environments, holds};
use crate::python::values::names::names;
use crate::python::values::types::CLASSIC as ROOT;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Failure, Objects, hidden};

impl Context<'_> {
    /// Whether a class is a classic one: all that it derives from are.
    pub fn is_classic(&self, class: Id) -> bool {
        self.constants().knows_classic() && self.is_all_classic(class)
    }

    fn is_all_classic(&self, class: Id) -> bool {
        if self.bank.op(class) != vocabulary().class {
            return false;
        }
        let bases = self.bases(class);
        match self.class_name(class).as_str() {
            "object" if bases.is_empty() => false,
            ROOT if !self.is_user_class(class) => true,
            _ if bases.is_empty() => !self.constants().has("exception.new-style"),
            _ => bases.into_iter().all(|base| self.is_all_classic(base)),
        }
    }

    /// The classes in which attributes of a classic class are looked up: depth first, each once.
    pub fn classic_order(&mut self, class: Id) -> Vec<Id> {
        let (mut order, mut open) = (Vec::new(), vec![class]);
        while let Some(class) = open.pop() {
            if self.class_name(class) != "object" && !order.contains(&class) {
                order.push(class);
                open.extend(self.bases(class).into_iter().rev());
            }
        }
        let object = self.class("object");
        let (roots, mut order): (Vec<Id>, Vec<Id>) =
            order.into_iter().partition(|class| self.is_root(*class));
        order.extend(roots);
        order.push(object);
        order
    }

    /// Whether it is the class that all classic ones derive from.
    pub fn is_root(&self, class: Id) -> bool {
        self.constants().knows_classic() && !self.is_user_class(class) && self.class_name(class) == ROOT
    }

    /// Whether a member of a condition is one that something may match.
    pub(super) fn is_raisable(&self, class: Id) -> bool {
        is_exception_class(self, class) || self.is_classic(class)
    }

    /// The label of a class.
    fn label(&self, class: Id) -> &str {
        self.name(self.bank.arg(class, 1))
    }

    /// What a program sees of an exception: itself, or what it carries.
    pub fn raised_value(&self, exception: Id) -> Id {
        let node = self.bank.get(exception);
        let carries = self.constants().knows_classic()
            && node.op == vocabulary().exception
            && (!is_exception_class(self, node.args[0]) || self.label(node.args[0]) == MADE);
        match carries {
            true => self.members(node.args[1]).first().copied().unwrap_or(exception),
            false => exception,
        }
    }
}

/// `(raisable class)`.
pub fn raisable(cx: &mut Context, args: &[Id]) -> Results {
    holds(cx.is_raisable(args[0]), args[0])
}

/// Whether a condition that may be anything matches an exception: tuples are searched however deep they stand in one another.
pub fn matches_any(cx: &Context, exception: Id, condition: Id) -> bool {
    let mut open = vec![condition];
    while let Some(condition) = open.pop() {
        let matches = match cx.bank.op(condition) {
            op if op == vocabulary().tuple => {
                open.extend(cx.members(cx.bank.arg(condition, 0)));
                false
            }
            _ if is_text(cx, condition) => string_of(cx, exception) == Some(condition),
            _ => cx.is_raisable(condition) && derives(cx, cx.bank.arg(exception, 0), condition),
        };
        if matches {
            return true;
        }
    }
    false
}

/// `(raised-value exception)`.
pub fn raised_value(cx: &mut Context, args: &[Id]) -> Results {
    smallvec![cx.raised_value(args[0])]
}

/// The label of the class of what carries a string.
const STRING: &str = "string";

/// The label of the class of what carries a value that is no exception and that a class of exceptions made.
const MADE: &str = "made";

/// Whether a value is a text that may be raised.
pub(super) fn is_text(cx: &Context, value: Id) -> bool {
    let node = cx.bank.get(value);
    cx.constants().has("raise.string")
        && (node.op == vocabulary().str || node.op == names().object && is_text_class(cx, node.args[0]))
}

/// Whether objects of a class are texts that may be raised.
fn is_text_class(cx: &Context, class: Id) -> bool {
    match cx.is_user_class(class) {
        true => {
            let derived = cx.constants().has("raise.string-subclass");
            derived && cx.bases(class).into_iter().any(|base| is_text_class(cx, base))
        }
        false => cx.class_name(class) == "str",
    }
}

/// The string that was raised, if one was.
fn string_of(cx: &Context, exception: Id) -> Option<Id> {
    let node = cx.bank.get(exception);
    let carries = cx.constants().knows_classic() && cx.label(node.args[0]) == STRING;
    if carries { cx.members(node.args[1]).last().copied() } else { None }
}

impl Context<'_> {
    /// What a program sees of the class of an exception: that, the string that was raised, or the class that made what was.
    pub fn raised_type(&self, exception: Id) -> Id {
        let class = self.bank.arg(exception, 0);
        let made = if self.label(class) == MADE { self.bases(class).first().copied() } else { None };
        made.or_else(|| string_of(self, exception)).unwrap_or(class)
    }
}

impl Objects<'_, '_> {
    /// The bases of a class that the name `__metaclass__` is about, as the class body binds it, or for a class that names no base its
    /// module.
    ///
    /// # Errors
    /// What makes the class is not `type`, or makes none of these bases.
    pub fn bases_by_name(&mut self, bases: Vec<Id>, names_of: Id, module: &str) -> Result<Vec<Id>, Failure> {
        if !self.cx.constants().knows_classic() {
            return Ok(bases);
        }
        let alone = matches!(bases[..], [base] if self.cx.is_root(base));
        let global = self.module_env(module).filter(|_| alone);
        let global = global.and_then(|names| self.lookup(names, "__metaclass__"));
        let Some(maker) = self.lookup(names_of, "__metaclass__").or(global) else { return Ok(bases) };
        if maker != self.class("type") {
            return Err(not_modelled(self, "a class that `__metaclass__` makes"));
        }
        match bases.iter().all(|base| self.cx.is_classic(*base)) {
            _ if alone => Ok(vec![self.class("object")]),
            true => Err(self.type_error("a new-style class can't have only classic bases")),
            false => Ok(bases),
        }
    }

    /// What is on its way where a string is raised with a value, if that is one.
    pub fn carried_text(&mut self, text: Id, value: Id) -> Option<Id> {
        if !is_text(self.cx, text) {
            return None;
        }
        let (name, object) = (self.text(text).unwrap_or_default(), self.class("object"));
        let class = self.class_of_carrier(&name, STRING, object);
        Some(self.new_exception(class, &[value, text]))
    }

    /// What is on its way where an instance of a classic class is raised.
    pub fn carried(&mut self, value: Id) -> Id {
        let class = self.class_of(value);
        let (held, number) = (self.values(&[value]), self.atom("0"));
        self.cx.bank.make(vocabulary().exception, &[class, held, number])
    }

    /// What is on its way where a class made something to raise that is no exception.
    pub fn carried_made(&mut self, class: Id, value: Id) -> Id {
        let name = self.cx.class_name(class);
        let class = self.class_of_carrier(&name, MADE, class);
        self.new_exception(class, &[value])
    }

    fn class_of_carrier(&mut self, name: &str, label: &str, base: Id) -> Id {
        let (name, label) = (self.atom(name), self.cx.bank.node(label, []));
        let none = self.cx.bank.node("no-bases", []);
        let bases = self.cx.bank.node("bases", [base, none]);
        self.cx.bank.make(vocabulary().class, &[name, label, bases])
    }
}

/// `(raised-type exception)`.
pub fn raised_type(cx: &mut Context, args: &[Id]) -> Results {
    smallvec![cx.raised_type(args[0])]
}

/// `(carrier value world)`.
pub fn carrier(cx: &mut Context, args: &[Id]) -> Results {
    let [value, world] = args[..] else { return smallvec![] };
    if is_text(cx, value) {
        let mut objects = Objects::of(cx, world);
        let (text, object) = (objects.text(value).unwrap_or_default(), objects.class("object"));
        let class = objects.class_of_carrier(&text, STRING, object);
        let nothing = cx.bank.node("none", []);
        let (held, number) = (cx.values(&[nothing, value]), cx.atom("0"));
        return smallvec![cx.bank.make(vocabulary().exception, &[class, held, number])];
    }
    if cx.bank.op(value) != names().object {
        return smallvec![];
    }
    let class = Objects::of(cx, world).class_of(value);
    if !cx.is_classic(class) {
        return smallvec![];
    }
    smallvec![Objects::of(cx, world).carried(value)]
}

/// `(first-member value)`.
pub fn first_member(cx: &mut Context, args: &[Id]) -> Results {
    if cx.bank.op(args[0]) != vocabulary().tuple {
        return smallvec![];
    }
    cx.members(cx.bank.arg(args[0], 0)).first().copied().into_iter().collect()
}

/// `(raise-fault value world)`.
pub fn raise_fault(cx: &mut Context, args: &[Id]) -> Results {
    let [value, world] = args[..] else { return smallvec![] };
    let name = match cx.name(cx.bank.arg(world, 1)) == "objects" {
        true => Objects::of(cx, world).type_name(value),
        false => core::type_name(cx, value),
    };
    let text = cx.constants().worded("not-raisable", &[&name]);
    smallvec![cx.exception("TypeError", &text)]
}

/// `(handled-outside world)`.
pub fn handled_outside(cx: &mut Context, args: &[Id]) -> Results {
    let name = cx.atom(hidden::CAUGHT);
    let target = cx.bank.node("local", [name]);
    let caught = environments::fetch(cx, &[args[0], target]);
    if caught.is_empty() { smallvec![cx.bank.arg(args[0], 2)] } else { caught }
}
