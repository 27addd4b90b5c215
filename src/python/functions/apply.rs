//! What applying a value that is no function of the program comes to.

use egg::Id;
use smallvec::smallvec;

use crate::machine::domain::{Context, Results};
use crate::python::builtins;
use crate::python::functions::answers::answer_of;
use crate::python::functions::calls::call_of;
use crate::python::functions::deciding;
use crate::python::values::names::names;
use crate::python::values::typed;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Answer, Call, Failure, Objects};
use crate::term::unescape;

/// `(application value values keywords frames world)`.
pub fn application(cx: &mut Context, args: &[Id]) -> Results {
    let mut call = call_of(cx, &args[1..]);
    let (name, answer) = call.apply(args[0]);
    smallvec![answer_of(&mut call, &name, answer)]
}

impl Context<'_> {
    /// An attribute of an unknown: an unknown of its own name, always the same.
    pub fn unknown_attribute(&mut self, value: Id, name: &str) -> Id {
        if let Some(method) = self.typed_method(value, name) {
            return method;
        }
        let mut node = self.bank.get(value).clone();
        let full = format!("{}.{name}", unescape(self.name(node.args[0])));
        if let Some(class) = self.class_of_module(&full).or_else(|| self.class_among(node.args[2], &full)) {
            return class;
        }
        node.args[0] = self.atom(&full);
        let attribute = self.bank.add(node);
        if typed::type_of(self.bank, value).is_some() { typed::untyped(self, attribute) } else { attribute }
    }

    /// A method of a value that is known by its type alone.
    fn typed_method(&mut self, value: Id, name: &str) -> Option<Id> {
        let class = typed::type_of(self.bank, value)?;
        let full = format!("{class}.{name}");
        if !self.constants().is_builtin(&full) {
            return None;
        }
        let atom = self.atom(&full);
        let method = self.bank.make(names().builtin, &[atom]);
        Some(self.bank.make(names().method, &[method, value]))
    }

    /// The class of that name among those of which calls of an unknown raise exceptions: one that no file defines.
    fn class_among(&mut self, outcomes: Id, name: &str) -> Option<Id> {
        let name = self.atom(name);
        let raised = self.members(self.bank.arg(outcomes, 1));
        let mut classes = raised.into_iter().map(|exception| self.bank.arg(exception, 0));
        classes
            .find(|class| self.bank.arg(*class, 0) == name && self.name(self.bank.arg(*class, 1)) == "opaque")
    }
}

impl Objects<'_, '_> {
    /// The failure whose answer is a call with keyword arguments.
    pub fn delegate(&mut self, function: Id, args: &[Id], keywords: &[(String, Id)]) -> Failure {
        let (values, keywords) = (self.values(args), self.keywords_of(keywords));
        Failure::Answered(self.answer("delegates", &[function, values, keywords]))
    }

    /// Whether a special method is None, which says that the type does not have it.
    fn is_nothing(&self, found: &Answer) -> bool {
        found.as_ref().is_ok_and(|bound| self.cx.bank.op(*bound) == vocabulary().none)
    }

    /// A special method of a value's type, bound to the value; `None` where binding it is a call of its own.
    pub fn special(&mut self, value: Id, name: &str) -> Option<Id> {
        match self.look_up(value, name)? {
            Ok(bound) if self.cx.bank.op(bound) != vocabulary().none => Some(bound),
            _ => None,
        }
    }
}

impl Call<'_, '_> {
    /// Applies a value; the name is that of the library's function which takes over where the answer is undefined. What looks
    /// into a container whose members are not known changes nothing, and has an answer that is unknown.
    fn apply(&mut self, value: Id) -> (String, Answer) {
        let (world, output) = (self.world, self.output.clone());
        let (args, keywords) = (self.args.clone(), self.keywords.clone());
        loop {
            let (name, answer) = self.apply_to_known(value);
            if let Some(unknown) = self.met.take() {
                (self.objects.world, self.output) = (world, output);
                return (name, Err(Failure::Unknown(unknown)));
            }
            let Err(Failure::Undecided(key, others)) = answer else { return (name, answer) };
            (self.objects.world, self.output) = (world, output.clone());
            (self.args, self.keywords) = (args.clone(), keywords.clone());
            if let Some(failure) = deciding::decide(self, value, key, &others) {
                return (name, Err(failure));
            }
        }
    }

    fn apply_to_known(&mut self, value: Id) -> (String, Answer) {
        let node = self.cx.bank.get(value);
        let op = node.op;
        if op == names().builtin {
            let name = unescape(self.cx.name(node.args[0]));
            // The library itself computes with primitives: it would call itself without end.
            let outermost = self.cx.bank.measure(self.world).activations() == 0;
            // What the book says of a value that is known by its type alone comes first.
            if let Some(value) = self.typed_operand(&name) {
                return (name, Err(Failure::Unknown(value)));
            }
            let left = outermost && self.cx.constants().is_left_to_library(&name);
            let answer = match left {
                true => builtins::check(self, &name).and(Err(Failure::Undefined)),
                false => builtins::run(self, &name),
            };
            return (name, answer);
        }
        if op == vocabulary().class {
            return self.construct(value);
        }
        ("call".into(), self.apply_object(value))
    }

    fn apply_object(&mut self, value: Id) -> Answer {
        let (args, keywords) = (self.args.clone(), self.keywords.clone());
        if let Some((origin, _)) = builtins::aliases::parts(self, value) {
            return Err(self.delegate(origin, &args, &keywords));
        }
        match self.look_up(value, "__call__").filter(|found| !self.is_nothing(found)) {
            Some(Ok(method)) => Err(self.delegate(method, &args, &keywords)),
            // Binding it is a call of its own, as with a property; what that returns is called then.
            Some(Err(_)) => {
                let classic = self.is_classic_object(value);
                let function = self.library(if classic { "classic_call" } else { "call_through" });
                let args: Vec<Id> = std::iter::once(value).chain(args).collect();
                Err(self.delegate(function, &args, &keywords))
            }
            None if self.is_classic_instance(value) => {
                let class = self.class_of(value);
                let class = self.given_name(class);
                let text = self.cx.constants().worded("no-call-of-instance", &[&class]);
                Err(self.raise("AttributeError", &text))
            }
            None => {
                let name = self.type_name(value);
                Err(self.type_error(&format!("'{name}' object is not callable")))
            }
        }
    }
}

/// `(method-lookup value name frames world)`.
pub fn method_lookup(cx: &mut Context, args: &[Id]) -> Results {
    let [value, name, frames, world] = args[..] else { return smallvec![] };
    let name = unescape(cx.name(name));
    let mut call = Call::on(cx, frames, world);
    if call.is_classic_object(value) {
        let (name, atom) = (call.str(&name), call.atom("getattr"));
        let getattr = call.cx.bank.make(names().builtin, &[atom]);
        return smallvec![answer_of(&mut call, "with", Err(Failure::Delegated(getattr, vec![value, name])))];
    }
    let found = call.look_up(value, &name);
    found.map(|answer| answer_of(&mut call, &name, answer)).into_iter().collect()
}

/// `(class-of value)`.
pub fn class_of(cx: &mut Context, args: &[Id]) -> Results {
    smallvec![Objects::of(cx, args[0]).class_of(args[0])]
}

/// `(protocol-fault value missed frames world)`: what `with` says of a value without one of its methods.
pub fn protocol_fault(cx: &mut Context, args: &[Id]) -> Results {
    let [value, missed, frames, world] = args[..] else { return smallvec![] };
    let missed = unescape(cx.name(missed));
    let mut call = Call::on(cx, frames, world);
    let name = call.type_name(value);
    let constants = call.cx.constants();
    let class = constants.worded("no-manager", &[]);
    let text = constants.worded(&format!("no-{}", missed.trim_matches('_')), &[&name]);
    let failure = call.raise(&class, &text);
    smallvec![answer_of(&mut call, "with", Err(failure))]
}

/// `(exception-made class value frames world)`: what calling a class to raise it made.
pub fn exception_made(cx: &mut Context, args: &[Id]) -> Results {
    let [class, value, frames, world] = args[..] else { return smallvec![] };
    let mut call = Call::on(cx, frames, world);
    let answer = call.raisable(class, value);
    smallvec![answer_of(&mut call, "raise", answer)]
}

impl Objects<'_, '_> {
    /// What is raised where calling a class made that.
    pub fn raisable(&mut self, class: Id, value: Id) -> Answer {
        if self.cx.bank.op(value) == vocabulary().exception || self.is_classic_instance(value) {
            return Ok(value);
        }
        if !self.cx.constants().has("exception.made-checked") {
            return Ok(self.carried_made(class, value));
        }
        let (names, made) = ([self.class_repr(class), self.class_name(class)], self.type_repr(value));
        let made = [made, self.type_name(value)];
        let texts = [&*names[0], &*made[0], &*names[1], &*made[1]];
        let text = self.cx.constants().worded("made-no-exception", &texts);
        Err(self.type_error(&text))
    }

    fn type_repr(&mut self, value: Id) -> String {
        let class = self.class_of(value);
        self.class_repr(class)
    }
}
