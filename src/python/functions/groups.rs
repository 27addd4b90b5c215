//! Exception groups: making, splitting and merging them.

use egg::Id;
use smallvec::smallvec;

use crate::machine::domain::{Context, Results};
use crate::python::builtins::tracebacks::TRACEBACK;
use crate::python::functions::answers::answer_of;
use crate::python::functions::classes::tuple_within;
use crate::python::functions::{holds, unanswered};
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Answer, Call, Objects, View};

impl Call<'_, '_> {
    /// A group that a program makes. One of what is unknown is taken for an Exception, or refused: it may be none, or none
    /// that fits in there.
    pub fn made_group(&mut self, class: Id, args: &[Id]) -> Answer {
        let group = self.new_group(class, args)?;
        let mut members = args.to_vec();
        if let Some(View::Tuple(listed) | View::List(listed)) = args.get(1).map(|listed| self.view(*listed)) {
            members.extend(listed);
        }
        let unknown = members.into_iter().find(|member| self.cx.bank.op(*member) == vocabulary().unknown);
        match unknown {
            Some(unknown) => {
                Err(unanswered::perhaps(self, GROUPING, unknown, &[group], &["TypeError", "ValueError"]))
            }
            None => Ok(group),
        }
    }
}

/// What making a group is called where an unknown is among what it is made of.
const GROUPING: &str = "group";

impl Objects<'_, '_> {
    /// The exceptions of a group; `None` for another exception.
    pub fn group_members(&mut self, exception: Id) -> Option<Vec<Id>> {
        if self.cx.bank.op(exception) != vocabulary().exception || !self.is_a(exception, "BaseExceptionGroup")
        {
            return None;
        }
        let args = self.cx.members(self.cx.bank.arg(exception, 1));
        match self.view(*args.get(1)?) {
            View::Tuple(members) => Some(members),
            _ => None,
        }
    }

    /// `ExceptionGroup(message, exceptions)`, with CPython's checks. The members are kept as a tuple.
    pub fn new_group(&mut self, class: Id, args: &[Id]) -> Answer {
        let [message, members] = args[..] else {
            let text =
                format!("BaseExceptionGroup.__new__() takes exactly 2 arguments ({} given)", args.len());
            return Err(self.type_error(&text));
        };
        let is_unknown = |call: &Self, value: Id| call.cx.bank.op(value) == vocabulary().unknown;
        if !is_unknown(self, message) && !matches!(self.view(message), View::Str(_)) {
            let name = self.type_name(message);
            let text = format!("BaseExceptionGroup.__new__() argument 1 must be str, not {name}");
            return Err(self.type_error(&text));
        }
        let given = members;
        let mut members = match self.view(members) {
            View::Tuple(members) | View::List(members) => members,
            _ if is_unknown(self, members) => vec![members],
            _ => return Err(self.type_error("second argument (exceptions) must be a sequence")),
        };
        if members.is_empty() {
            return Err(self.value_error("second argument (exceptions) must be a non-empty sequence"));
        }
        // What is unknown is taken for an Exception there.
        for member in &mut members {
            if is_unknown(self, *member) {
                let class = self.class("Exception");
                *member = self.new_exception(class, &[]);
            }
        }
        for (place, member) in members.iter().enumerate() {
            if self.cx.bank.op(*member) != vocabulary().exception {
                let text = format!("Item {place} of second argument (exceptions) is not an exception");
                return Err(self.value_error(&text));
            }
        }
        let class = self.group_class(class, &members)?;
        let members = self.tuple(&members);
        Ok(self.group_of(class, message, members, given))
    }

    /// A group whose members are a tuple, and whose `args` show them as they were given.
    fn group_of(&mut self, class: Id, message: Id, members: Id, given: Id) -> Id {
        let group = self.new_exception(class, &[message, members]);
        if let Some(mut chain) = self.chain(group) {
            chain.args = vec![message, given];
            self.set_chain(group, &chain);
        }
        group
    }

    /// `BaseExceptionGroup` of exceptions only is an `ExceptionGroup`; an `ExceptionGroup` has no others.
    fn group_class(&mut self, class: Id, members: &[Id]) -> Answer {
        let calm = members.iter().all(|member| self.is_a(*member, "Exception"));
        let (base, plain) = (self.class("BaseExceptionGroup"), self.class("ExceptionGroup"));
        if class == base {
            return Ok(if calm { plain } else { base });
        }
        let exception = self.class("Exception");
        if calm || !self.derives(class, exception) {
            return Ok(class);
        }
        let text = if class == plain {
            "Cannot nest BaseExceptions in an ExceptionGroup".to_string()
        } else {
            format!("Cannot nest BaseExceptions in '{}'", self.class_name(class))
        };
        Err(self.type_error(&text))
    }

    /// A group with other members that keeps a group's message, notes, cause and context: what `derive` gives
    /// by default.
    pub fn derived(&mut self, group: Id, members: &[Id]) -> Id {
        let args = self.cx.members(self.cx.bank.arg(group, 1));
        let base = self.class("BaseExceptionGroup");
        let class = self.group_class(base, members).unwrap_or(base);
        let (tuple, given) = (self.tuple(members), self.list(members));
        let derived = self.group_of(class, args[0], tuple, given);
        self.take_over(group, derived);
        derived
    }

    /// What a part of a group takes over from it: notes, cause, context and traceback.
    pub fn take_over(&mut self, group: Id, derived: Id) {
        if let (Some(old), Some(mut new)) = (self.chain(group), self.chain(derived)) {
            (new.context, new.cause) = (old.context, old.cause);
            (new.suppress, new.raised) = (true, old.raised);
            self.set_chain(derived, &new);
        }
        let traceback = self.own_attribute(group, TRACEBACK);
        self.set_own_attribute(derived, TRACEBACK, traceback);
        // Notes that are no sequence are left out.
        if let Some(notes) = self.own_attribute(group, "__notes__")
            && let View::List(notes) | View::Tuple(notes) = self.view(notes)
        {
            let copy = self.list(&notes);
            self.set_own_attribute(derived, "__notes__", Some(copy));
        }
    }

    /// The part of an exception whose leaves fulfil a test, and the rest. An exception that fulfils it as a
    /// whole is a part as it is.
    pub fn split(
        &mut self,
        exception: Id,
        test: &mut dyn FnMut(&mut Self, Id) -> bool,
    ) -> (Option<Id>, Option<Id>) {
        if test(self, exception) {
            return (Some(exception), None);
        }
        let Some(members) = self.group_members(exception) else { return (None, Some(exception)) };
        let (mut matching, mut rest) = (Vec::new(), Vec::new());
        for member in members {
            let (yes, no) = self.split(member, test);
            matching.extend(yes);
            rest.extend(no);
        }
        let part = |call: &mut Self, members: Vec<Id>| {
            (!members.is_empty()).then(|| call.derived(exception, &members))
        };
        let matching = part(self, matching);
        (matching, part(self, rest))
    }

    /// Whether an exception's class is one, or one of a tuple.
    pub fn is_instance_of(&mut self, exception: Id, condition: Id) -> bool {
        let class = self.class_of(exception);
        match self.view(condition) {
            View::Tuple(members) => members.into_iter().any(|member| self.derives(class, member)),
            _ => self.derives(class, condition),
        }
    }

    /// The leaves of an exception.
    pub fn leaves(&mut self, exception: Id, found: &mut Vec<Id>) {
        match self.group_members(exception) {
            Some(members) => members.into_iter().for_each(|member| self.leaves(member, found)),
            None => found.push(exception),
        }
    }

    /// What of an exception has its leaves among those of others: these, in the shape that they had in it.
    fn projected(&mut self, original: Id, parts: &[Id]) -> Option<Id> {
        let mut kept = Vec::new();
        for part in parts {
            self.leaves(*part, &mut kept);
        }
        self.split(original, &mut |call, exception| {
            call.group_members(exception).is_none() && kept.contains(&exception)
        })
        .0
    }

    /// Whether CPython takes an exception that a clause raised for a part of the caught one that was raised again: it has
    /// the whole's context, cause, notes and traceback, the very objects. So has what is no part of it where both were
    /// made at the end of an `except*` and have left no frame since.
    pub fn was_reraised(&mut self, part: Id, original: Id) -> bool {
        if self.group_members(part).is_none() {
            return false;
        }
        match (self.chain(part), self.chain(original)) {
            (Some(part_chain), Some(chain)) => {
                (part_chain.context, part_chain.cause, part_chain.raised)
                    == (chain.context, chain.cause, chain.raised)
                    && (chain.raised == 0 || self.reraised_leaves(part, original))
            }
            _ => false,
        }
    }

    fn reraised_leaves(&mut self, part: Id, original: Id) -> bool {
        let (mut own, mut all) = (Vec::new(), Vec::new());
        self.leaves(part, &mut own);
        self.leaves(original, &mut all);
        own.iter().all(|leaf| all.contains(leaf))
    }
}

/// The classes of a condition: those of a tuple, also of one in an object of a class derived from tuple.
fn condition_members(cx: &mut Context, value: Id, world: Id) -> Vec<Id> {
    let within = tuple_within(cx, &[value, world]).first().copied();
    let condition = within.unwrap_or(value);
    if cx.bank.op(condition) == vocabulary().tuple {
        return cx.members(cx.bank.arg(condition, 0));
    }
    vec![condition]
}

fn is_exception_class(call: &mut Objects, value: Id) -> bool {
    let base = call.class("BaseException");
    call.cx.bank.op(value) == vocabulary().class && call.derives(value, base)
}

/// `(star-condition value world)`.
pub fn star_condition(cx: &mut Context, args: &[Id]) -> Results {
    let members = condition_members(cx, args[0], args[1]);
    let mut call = Objects::of(cx, args[1]);
    let group = call.class("BaseExceptionGroup");
    let fine = members
        .into_iter()
        .all(|member| is_exception_class(&mut call, member) && !call.derives(member, group));
    holds(fine, args[0])
}

/// `(star-fault value frames world)`.
pub fn star_fault(cx: &mut Context, args: &[Id]) -> Results {
    let members = condition_members(cx, args[0], args[2]);
    let mut call = Call::on(cx, args[1], args[2]);
    let classes = members.into_iter().all(|member| is_exception_class(&mut call, member));
    let text = if classes {
        "catching ExceptionGroup with except* is not allowed. Use except instead."
    } else {
        "catching classes that do not inherit from BaseException is not allowed"
    };
    let failure = call.type_error(text);
    smallvec![answer_of(&mut call, "except*", Err(failure))]
}

/// `(division tuple)`: `(parts match rest)`.
pub fn division(cx: &mut Context, args: &[Id]) -> Results {
    let parts = cx.members(cx.bank.arg(args[0], 0));
    let [matching, rest] = parts[..] else { return smallvec![] };
    smallvec![cx.bank.node("parts", [matching, rest])]
}

/// `(wrapping division exception world)`.
pub fn wrapping(cx: &mut Context, args: &[Id]) -> Results {
    let [division, exception, world] = args[..] else { return smallvec![] };
    let matching = cx.bank.arg(division, 0);
    let is_match = cx.bank.op(matching) != vocabulary().none;
    let is_naked = Objects::of(cx, world).group_members(exception).is_none();
    if is_match && is_naked { smallvec![matching] } else { smallvec![] }
}

impl Objects<'_, '_> {
    /// What `except*` makes of what is left: the part that matches, as a group, and the rest.
    pub fn divided(&mut self, rest: Id, condition: Id) -> (Option<Id>, Option<Id>) {
        if self.cx.bank.op(rest) == vocabulary().none {
            return (None, None);
        }
        if self.group_members(rest).is_some() {
            return self.split(rest, &mut |call, exception| call.is_instance_of(exception, condition));
        }
        if !self.is_instance_of(rest, condition) {
            return (None, Some(rest));
        }
        // A naked exception is handled as a group of one.
        let class = self.class("BaseExceptionGroup");
        let (message, members) = (self.str(""), self.tuple(&[rest]));
        (self.new_group(class, &[message, members]).ok(), None)
    }
}

impl Objects<'_, '_> {
    /// What is raised after the clauses of `except*`, if anything is.
    pub fn merged(&mut self, original: Id, rest: Option<Id>, raised: Vec<Id>) -> Option<Id> {
        if self.group_members(original).is_none() {
            return raised.first().copied().or(rest);
        }
        let (again, mut new): (Vec<Id>, Vec<Id>) =
            raised.into_iter().partition(|exception| self.was_reraised(*exception, original));
        let kept: Vec<Id> = again.into_iter().chain(rest).collect();
        let kept = if kept.is_empty() { None } else { self.projected(original, &kept) };
        if new.is_empty() {
            return kept;
        }
        new.extend(kept);
        if let ([only], true) = (&new[..], self.cx.constants().has("group.lone")) {
            return Some(*only);
        }
        let class = self.class("BaseExceptionGroup");
        let (message, members) = (self.str(""), self.list(&new));
        self.new_group(class, &[message, members]).ok()
    }
}

/// `(leaves exception world)`: those that the world numbers first come first.
pub fn leaves(cx: &mut Context, args: &[Id]) -> Results {
    let [exception, world] = args[..] else { return smallvec![] };
    let mut call = Objects::of(cx, world);
    let mut found = Vec::new();
    if call.cx.bank.op(exception) == vocabulary().exception {
        call.leaves(exception, &mut found);
    }
    smallvec![call.ordered(found)]
}

impl Objects<'_, '_> {
    /// A set of exceptions, as the `Values` that stand for it: equal sets are equal terms.
    fn ordered(&mut self, mut exceptions: Vec<Id>) -> Id {
        exceptions.sort_by_key(|exception| self.number(*exception));
        exceptions.dedup();
        self.values(&exceptions)
    }
}

/// The members of two lists.
fn both(cx: &Context, args: &[Id]) -> (Vec<Id>, Vec<Id>) {
    (cx.members(args[0]), cx.members(args[1]))
}

/// `(included values values)`.
pub fn included(cx: &mut Context, args: &[Id]) -> Results {
    let (some, all) = both(cx, args);
    holds(some.iter().all(|exception| all.contains(exception)), args[0])
}

/// `(removed values values)`.
pub fn removed(cx: &mut Context, args: &[Id]) -> Results {
    let (mut kept, taken) = both(cx, args);
    kept.retain(|exception| !taken.contains(exception));
    smallvec![Objects::of(cx, args[0]).ordered(kept)]
}

/// `(united values values)`.
pub fn united(cx: &mut Context, args: &[Id]) -> Results {
    let (mut one, other) = both(cx, args);
    one.extend(other);
    smallvec![Objects::of(cx, args[0]).ordered(one)]
}
