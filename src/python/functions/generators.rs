//! Generators: where they stand, and how they end.

use egg::Id;
use smallvec::smallvec;

use crate::machine::domain::{Context, Results};
use crate::python::functions::answers::answer_of;
use crate::python::functions::holds;
use crate::python::values::names::names;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Call, Entry, Objects};
use crate::term::unescape;

/// `(made-generator code locals frames world)`: a generator that has not started. The world has the locals of
/// its activation; those of the caller come back.
pub fn made_generator(cx: &mut Context, args: &[Id]) -> Results {
    let [code, locals, frames, world] = args[..] else { return smallvec![] };
    let mut call = Call::on(cx, frames, world);
    let own = call.cx.bank.arg(world, 0);
    call.set_world(0, locals);
    let state = call.cx.bank.node("unstarted", [code, own]);
    let payload = call.cx.bank.make(names().generator_of, &[state]);
    let class = call.class("generator");
    let generator = call.new_object(class, payload);
    let name = call.code(code);
    for (attribute, text) in [("__name__", name.name), ("__qualname__", name.qualname)] {
        let text = call.str(&text);
        call.set_own_attribute(generator, attribute, Some(text));
    }
    smallvec![answer_of(&mut call, "generator", Ok(generator))]
}

impl Objects<'_, '_> {
    /// Where a generator stands; `None` for what is no generator.
    pub fn suspension(&self, value: Id) -> Option<Id> {
        let Entry { payload, .. } = self.entry(value)?;
        let node = self.cx.bank.get(payload);
        (node.op == names().generator_of).then(|| node.args[0])
    }

    /// The value that a StopIteration carries.
    pub fn stop_value(&mut self, exception: Id) -> Id {
        if let Some(value) = self.own_attribute(exception, "value") {
            return value;
        }
        let args = self.read_args(exception);
        let none = self.none();
        args.first().copied().unwrap_or(none)
    }
}

/// `(suspension value world)`.
pub fn suspension(cx: &mut Context, args: &[Id]) -> Results {
    let found = Objects::of(cx, args[1]).suspension(args[0]);
    smallvec![found.unwrap_or_else(|| cx.bank.node("finished", []))]
}

/// `(with-suspension value suspension world)`.
pub fn with_suspension(cx: &mut Context, args: &[Id]) -> Results {
    let [value, state, world] = args[..] else { return smallvec![] };
    let mut call = Objects::of(cx, world);
    let payload = call.cx.bank.make(names().generator_of, &[state]);
    call.set_payload(value, payload);
    call.note_suspension(value, state);
    smallvec![call.world]
}

/// `(stop-iteration value)`: StopIteration, with the value as its argument unless that is None.
pub fn stop_iteration(cx: &mut Context, args: &[Id]) -> Results {
    let none = cx.bank.op(args[0]) == vocabulary().none;
    let mut call = Objects::of(cx, args[0]);
    let class = call.class("StopIteration");
    let values = if none { call.values(&[]) } else { call.values(&[args[0]]) };
    let number = call.atom("0");
    smallvec![call.cx.bank.make(vocabulary().exception, &[class, values, number])]
}

/// `(instance class)`: a new instance of a builtin class, without arguments.
pub fn instance(cx: &mut Context, args: &[Id]) -> Results {
    let name = unescape(cx.name(args[0]));
    let mut call = Objects::of(cx, args[0]);
    let (class, values, number) = (call.class(&name), call.values(&[]), call.atom("0"));
    smallvec![call.cx.bank.make(vocabulary().exception, &[class, values, number])]
}

fn is_a(cx: &mut Context, exception: Id, class: &str) -> Results {
    let yes = Objects::of(cx, exception).is_a(exception, class);
    holds(yes, exception)
}

/// `(stops exception)`.
pub fn stops(cx: &mut Context, args: &[Id]) -> Results {
    is_a(cx, args[0], "StopIteration")
}

/// `(exits exception)`.
pub fn exits(cx: &mut Context, args: &[Id]) -> Results {
    is_a(cx, args[0], "GeneratorExit")
}

/// `(closing values)`.
pub fn closing(cx: &mut Context, args: &[Id]) -> Results {
    let Some(thrown) = cx.members(args[0]).first().copied() else { return smallvec![] };
    let mut call = Objects::of(cx, args[0]);
    let class = call.class("GeneratorExit");
    let yes = match call.cx.name(thrown) {
        "class" => call.derives(thrown, class),
        "exception" => call.is_a(thrown, "GeneratorExit"),
        _ => false,
    };
    holds(yes, args[0])
}

/// `(stop-value exception world)`.
pub fn stop_value(cx: &mut Context, args: &[Id]) -> Results {
    smallvec![Objects::of(cx, args[1]).stop_value(args[0])]
}
