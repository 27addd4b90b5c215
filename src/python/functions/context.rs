//! What is being handled, and what exceptions remember of it.

use egg::Id;
use rustc_hash::FxHashSet;
use smallvec::smallvec;

use crate::machine::domain::{Context, Results};
use crate::python::values::names::names;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::{Entry, Objects};

/// What the heap holds of an exception.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// `args`.
    pub args: Vec<Id>,
    /// `__context__`, or `none`.
    pub context: Id,
    /// `__cause__`, or `none`.
    pub cause: Id,
    /// `__suppress_context__`.
    pub suppress: bool,
    /// How many entries its traceback has, 0 where it was never raised. Beyond `tracebacks::LONGEST` it is counted from
    /// one again, so that a loop that raises it comes back to a state that it was in.
    pub raised: u32,
}

impl Objects<'_, '_> {
    /// Whether an exception's chain of contexts comes back to one that it has passed.
    fn comes_back(&self, exception: Id) -> bool {
        let mut passed = FxHashSet::from_iter([exception]);
        let mut at = exception;
        while let Some(context) = self.context_of(at) {
            if !passed.insert(context) {
                return true;
            }
            at = context;
        }
        false
    }

    /// What the heap holds as an exception's context: `none` where it has none.
    fn context_of(&self, exception: Id) -> Option<Id> {
        let Entry { payload, .. } = self.entry(exception)?;
        let node = self.cx.bank.get(payload);
        (node.op == names().exception_of).then(|| node.args.get(1).copied()).flatten()
    }
}

impl Objects<'_, '_> {
    /// The exception that is being handled, here or by whoever resumed the generator that runs.
    pub fn handled(&self) -> Option<Id> {
        let own = own_handled(self.cx, self.world);
        let is_of_thread = own.is_none() && self.cx.constants().has("handled.per-thread");
        own.or_else(|| if is_of_thread { None } else { outer(self.cx, self.cx.bank.arg(self.world, 4)) })
    }

    /// Nothing is being handled any more.
    pub fn clear_handled(&mut self) {
        let none = self.none();
        self.set_world(2, none);
    }

    /// What the heap holds of an exception.
    pub fn chain(&self, exception: Id) -> Option<Chain> {
        let Entry { payload, .. } = self.entry(exception)?;
        let node = self.cx.bank.get(payload);
        let [args, context, cause, suppress, raised] = node.args[..] else { return None };
        (node.op == names().exception_of).then(|| Chain {
            args: self.cx.members(args),
            context,
            cause,
            suppress: self.cx.bank.op(suppress) == vocabulary().yes,
            raised: crate::python::values::heap::number_of(self.cx.bank, raised).unwrap_or(0),
        })
    }

    fn chain_payload(&mut self, chain: &Chain) -> Id {
        let args = self.values(&chain.args);
        let suppress = self.bool(chain.suppress);
        let raised = self.atom(&chain.raised.to_string());
        self.cx.bank.make(names().exception_of, &[args, chain.context, chain.cause, suppress, raised])
    }

    /// Replaces what the heap holds of an exception.
    pub fn set_chain(&mut self, exception: Id, chain: &Chain) {
        let payload = self.chain_payload(chain);
        self.set_payload(exception, payload);
    }

    /// A new exception of a class with these arguments, on the heap.
    pub fn new_exception(&mut self, class: Id, args: &[Id]) -> Id {
        let none = self.none();
        let kept = self.kept_args(class, args.to_vec());
        let chain = Chain { args: kept, context: none, cause: none, suppress: false, raised: 0 };
        let payload = self.chain_payload(&chain);
        let reference = self.allocate(payload);
        let number = self.cx.bank.arg(reference, 0);
        let args = self.values(args);
        self.cx.bank.make(vocabulary().exception, &[class, args, number])
    }

    /// An exception that a function made without a heap, as an object: `?x` of `(exception class args 0)`.
    pub fn materialise(&mut self, exception: Id) -> Id {
        let class = self.cx.bank.arg(exception, 0);
        let args = self.cx.members(self.cx.bank.arg(exception, 1));
        self.new_exception(class, &args)
    }

    /// The exception whose context is another, in the chain of contexts that starts with one.
    fn link_back(&self, first: Id, exception: Id) -> Option<Id> {
        let mut passed = FxHashSet::from_iter([first]);
        let mut at = first;
        while let Some(context) = self.context_of(at) {
            if context == exception {
                return Some(at);
            }
            if !passed.insert(context) {
                return None;
            }
            at = context;
        }
        None
    }

    /// Gives an exception a cause, so that its context is not shown (PEP 409 and 415).
    pub fn give_cause(&mut self, exception: Id, cause: Id) {
        if let Some(mut chain) = self.chain(exception) {
            (chain.cause, chain.suppress) = (cause, true);
            self.set_chain(exception, &chain);
        }
    }

    fn set_context(&mut self, exception: Id, context: Id) {
        if let Some(mut chain) = self.chain(exception) {
            chain.context = context;
            self.set_chain(exception, &chain);
        }
    }
}

/// What the resumer of the innermost generator that runs handles, or the resumer of that one.
fn outer(cx: &Context, mut callers: Id) -> Option<Id> {
    loop {
        let node = cx.bank.get(callers);
        match (node.op.as_str(), &node.args[..]) {
            ("caller", [.., rest]) => callers = *rest,
            ("resumer", [.., handled, rest]) => {
                if cx.bank.op(*handled) != vocabulary().none {
                    return Some(*handled);
                }
                callers = *rest;
            }
            _ => return None,
        }
    }
}

/// `(outer-handled callers)`.
pub fn outer_handled(cx: &mut Context, args: &[Id]) -> Results {
    outer(cx, args[0]).into_iter().collect()
}

/// `(tracked world)`.
pub fn tracked(cx: &mut Context, args: &[Id]) -> Results {
    let globals = cx.bank.arg(args[0], 1);
    crate::python::functions::holds(cx.bank.op(globals) == names().objects, args[0])
}

/// `(handled-now world)`.
pub fn handled_now(cx: &mut Context, args: &[Id]) -> Results {
    let handled = Objects::of(cx, args[0]).handled();
    smallvec![handled.unwrap_or_else(|| cx.bank.node("none", []))]
}

/// `(link-back first exception world)`.
pub fn link_back(cx: &mut Context, args: &[Id]) -> Results {
    Objects::of(cx, args[2]).link_back(args[0], args[1]).into_iter().collect()
}

/// `(with-context exception context world)`.
pub fn with_context(cx: &mut Context, args: &[Id]) -> Results {
    let mut call = Objects::of(cx, args[2]);
    call.set_context(args[0], args[1]);
    smallvec![call.world]
}

/// `(with-cause exception cause world)`.
pub fn with_cause(cx: &mut Context, args: &[Id]) -> Results {
    let mut call = Objects::of(cx, args[2]);
    call.give_cause(args[0], args[1]);
    smallvec![call.world]
}

/// `(arisen exception world)`.
pub fn arisen(cx: &mut Context, args: &[Id]) -> Results {
    let mut call = Objects::of(cx, args[1]);
    call.ensure(args[0]);
    call.lengthen_traceback(args[0]);
    smallvec![call.world]
}

/// `(arisen-anew exception world)`.
pub fn arisen_anew(cx: &mut Context, args: &[Id]) -> Results {
    let mut call = Objects::of(cx, args[1]);
    call.ensure(args[0]);
    if !call.takes_given_traceback(args[0]) {
        let none = call.none();
        call.replace_traceback(args[0], none);
        call.lengthen_traceback(args[0]);
    }
    smallvec![call.world]
}

/// `(chaining exception handled world)`: what became of the context, as it can be observed. What the activation itself
/// handles is due in any case.
pub fn chaining(cx: &mut Context, args: &[Id]) -> Results {
    let [exception, handled, world] = args[..] else { return smallvec![] };
    let due = own_handled(cx, world).unwrap_or(handled);
    let is_due = due != exception && cx.bank.op(due) != vocabulary().none;
    let call = Objects::of(cx, world);
    let name = match call.chain(exception) {
        _ if call.comes_back(exception) => "cyclic",
        Some(chain) if is_due && chain.context != due => "forgotten",
        _ => "recorded",
    };
    smallvec![cx.bank.node(name, [])]
}

/// What the activation itself handles.
fn own_handled(cx: &Context, world: Id) -> Option<Id> {
    let own = cx.bank.arg(world, 2);
    (cx.bank.op(own) != vocabulary().none).then_some(own)
}

impl Objects<'_, '_> {
    /// Puts an exception that has the next free number on the heap, if it is not there.
    fn ensure(&mut self, exception: Id) {
        if self.chain(exception).is_some() {
            return;
        }
        let none = self.none();
        let class = self.class_of(exception);
        let args = self.cx.members(self.cx.bank.arg(exception, 1));
        let args = self.kept_args(class, args);
        let chain = Chain { args, context: none, cause: none, suppress: false, raised: 0 };
        let name = self.missing_name(exception, &chain);
        let payload = self.chain_payload(&chain);
        self.allocate(payload);
        if let Some(name) = name {
            self.set_own_attribute(exception, "name", Some(name));
        }
    }

    /// The name that the rules did not find: a NameError tells it, an UnboundLocalError does not.
    fn missing_name(&mut self, exception: Id, chain: &Chain) -> Option<Id> {
        let class = self.cx.bank.arg(exception, 0);
        if self.class_name(class) != "NameError" {
            return None;
        }
        let text = chain.args.first().and_then(|message| self.text(*message))?;
        let name = text.split('\'').nth(1)?.to_string();
        Some(self.str(&name))
    }
}
