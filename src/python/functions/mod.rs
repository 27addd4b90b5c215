//! The closed set of functions and premises that rules may call.
//!
//! They compute values: look a name up, compare two values, walk a class's
//! bases. Each is declared in the grammar chapter. None of them decides where
//! control goes; a rule does that with their results.

pub mod answered;
mod answers;
pub mod apply;
mod binding;
pub mod calls;
mod class_condition;
pub mod classes;
pub mod classic;
mod coarse;
pub mod collect;
mod conditions;
mod constants;
pub mod context;
pub mod core;
mod deciding;
mod descriptors;
mod doubts;
pub mod environments;
pub mod finalisation;
pub mod gathering;
pub mod generators;
pub mod groups;
mod growth;
mod handing;
mod instances;
pub mod iteration;
mod known;
mod lacking;
pub mod library;
pub mod liveness;
pub mod modules;
mod opening;
mod outcomes;
mod passing;
pub mod path_condition;
mod reads;
mod recursion;
mod replacing;
pub mod scopes;
pub mod specials;
mod spelling;
mod spreading;
mod stored;
mod sure_keys;
mod unanswered;
pub mod unknowns;
mod whose;
pub mod widening;

use std::sync::LazyLock;

use egg::{Id, Symbol};
use smallvec::smallvec;

use crate::machine::bank::MAX_EXCEPTION;
use crate::machine::domain::{Context, Function, Results};
use crate::python::builtins::tracebacks;
use crate::python::values;
use crate::python::values::vocabulary::vocabulary;
use crate::term::{Builder, Term};

pub use constants::Constants;

/// The function of that name and how many arguments it takes.
pub fn find(name: Symbol) -> Option<(Function, usize)> {
    let found: (Function, usize) = match name.as_str() {
        "fetch" => (environments::fetch, 2),
        "store" => (environments::store, 3),
        "delete" => (environments::delete, 2),
        "unbound-fault" => (environments::unbound_fault, 2),
        "fault" => (fault, 2),
        "fresh" => (fresh, 3),
        "truth" => (truth, 1),
        "booleans" => (booleans, 0),
        "compare" => (core::compare, 3),
        "mirrored" => (core::mirrored, 1),
        "compare-fault" => (core::compare_fault, 3),
        "instance-of" => (conditions::instance_of, 2),
        "bind-parameters" => (environments::bind_parameters, 2),
        "arity-fault" => (core::arity_fault, 3),
        "call-fault" => (core::call_fault, 1),
        "display" => (core::display, 1),
        "outcomes-of" => (outcomes::outcomes, 3),
        "outcomes-given" => (outcomes::outcomes_given, 4),
        "raises" => (outcomes::raises, 1),
        "raise-fault" => (classic::raise_fault, 2),
        "first-member" => (classic::first_member, 1),
        "raised-value" => (classic::raised_value, 1),
        "raised-type" => (classic::raised_type, 1),
        "handled-outside" => (classic::handled_outside, 1),
        "conditions" => (conditions::conditions, 3),
        "prune" => (unknowns::prune, 2),
        "recall" => (path_condition::recall, 3),
        "remember" => (unknowns::remember, 5),
        "iterator" => (iteration::iterator, 1),
        "iteration-fault" => (iteration::iteration_fault, 1),
        "draw" => (iteration::draw, 4),
        "successor" => (successor, 1),
        "known" => (known, 1),
        "class-info" => (conditions::class_info, 1),
        "catchable" => (conditions::catchable, 1),
        "matches" => (conditions::matches, 2),
        "without" => (conditions::without, 2),
        "covered" => (conditions::covered, 2),
        "same" => (same, 2),
        _ => return find_of_objects(name),
    };
    Some(found)
}

/// The functions that know the heap.
fn find_of_objects(name: Symbol) -> Option<(Function, usize)> {
    let found: (Function, usize) = match name.as_str() {
        "tracked" => (context::tracked, 1),
        "raisable" => (classic::raisable, 1),
        "carrier" => (classic::carrier, 2),
        "traced" => (tracebacks::traced, 3),
        "traceback-of" => (tracebacks::traceback_of, 2),
        "chaining" => (context::chaining, 3),
        "handled-now" => (context::handled_now, 1),
        "link-back" => (context::link_back, 3),
        "with-context" => (context::with_context, 3),
        "arisen-anew" => (context::arisen_anew, 2),
        "arisen" => (context::arisen, 2),
        "with-cause" => (context::with_cause, 3),
        "outer-handled" => (context::outer_handled, 1),
        "application" => (apply::application, 5),
        "method-lookup" => (apply::method_lookup, 4),
        "class-of" => (apply::class_of, 1),
        "protocol-fault" => (apply::protocol_fault, 4),
        "tuple-within" => (classes::tuple_within, 2),
        "exception-made" => (apply::exception_made, 4),
        "entered" => (calls::entered, 5),
        "entry-fault" => (calls::entry_fault, 5),
        "code-of" => (calls::code_of, 2),
        "too-deep" => (calls::too_deep, 1),
        "recursion-fault" => (calls::recursion_fault, 2),
        "prepended" => (gathering::prepended, 2),
        "concatenated" => (gathering::concatenated, 2),
        "with-keyword" => (gathering::with_keyword, 3),
        "keyword-fault" => (gathering::keyword_fault, 4),
        "spread-keywords" => (gathering::spread_keywords, 3),
        "unknown-keywords" => (spreading::unknown_keywords, 5),
        "spread-fault" => (gathering::spread_fault, 5),
        "class-entered" => (calls::class_entered, 3),
        "class-built" => (classes::class_built, 6),
        "module-known" => (modules::module_known, 2),
        "with-module" => (modules::with_module, 2),
        "without-module" => (modules::without_module, 2),
        "made-generator" => (generators::made_generator, 4),
        "suspension" => (generators::suspension, 2),
        "with-suspension" => (generators::with_suspension, 3),
        "stop-iteration" => (generators::stop_iteration, 1),
        "stops" => (generators::stops, 1),
        "exits" => (generators::exits, 1),
        "closing" => (generators::closing, 1),
        "stop-value" => (generators::stop_value, 2),
        "star-condition" => (groups::star_condition, 2),
        "star-fault" => (groups::star_fault, 3),
        "division" => (groups::division, 1),
        "wrapping" => (groups::wrapping, 3),
        "leaves" => (groups::leaves, 2),
        "included" => (groups::included, 2),
        "removed" => (groups::removed, 2),
        "united" => (groups::united, 2),
        "instance" => (generators::instance, 1),
        "takes-throw" => (finalisation::takes_throw, 2),
        "delegate" => (finalisation::delegate_of, 1),
        "behind" => (finalisation::behind, 1),
        "dropped" => (finalisation::dropped, 5),
        "unheld" => (finalisation::unheld, 2),
        "oldest" => (finalisation::oldest, 1),
        "fates" => (finalisation::fates, 1),
        "tidied" => (finalisation::tidied, 3),
        "turned" => (widening::turned, 4),
        "callbacks" => (doubts::callbacks, 3),
        "handed-out" => (handing::handed_out, 3),
        "called-back" => (doubts::called_back, 4),
        "trusted" => (doubts::trusted, 2),
        "takes-keywords" => (spreading::takes_keywords, 2),
        "misfits" => (doubts::misfits, 3),
        "misfit" => (doubts::misfit, 1),
        "endless" => (outcomes::endless, 1),
        "remaining" => (finalisation::remaining, 1),
        "forgotten" => (finalisation::forgotten, 2),
        "unraisable" => (finalisation::unraisable, 4),
        _ => return None,
    };
    Some(found)
}

/// How many arguments the function of that name takes.
pub fn arity(name: Symbol) -> Option<usize> {
    find(name).map(|(_, arity)| arity)
}

/// The result of a premise.
pub fn holds(yes: bool, witness: Id) -> Results {
    if yes { smallvec![witness] } else { smallvec![] }
}

static NONE: LazyLock<Constants> = LazyLock::new(Constants::default);

impl<'a> Context<'a> {
    /// What the book says about builtin classes and messages.
    pub fn constants(&self) -> &'a Constants {
        self.tables.get().unwrap_or(&NONE)
    }
}

impl Context<'_> {
    /// The name of a constructor or atom.
    pub fn name(&self, id: Id) -> &'static str {
        self.bank.op(id).as_str()
    }

    /// A builtin exception class of the book.
    pub fn builtin_class(&mut self, name: &str) -> Option<Id> {
        let term = self.constants().classes.get(name)?;
        Some(self.bank.add_term(term))
    }

    /// An exception class of a module of the standard library, by its name with the module.
    pub fn class_of_module(&mut self, name: &str) -> Option<Id> {
        let hierarchy = &self.constants().hierarchy;
        if !hierarchy.is_of_module(name) {
            return None;
        }
        let mut builder = Builder::default();
        let class = hierarchy.module_value(name, &mut builder)?;
        Some(self.bank.add_term(&builder.finish(class)))
    }

    /// The code of the library's function of that name.
    pub fn library_code(&mut self, name: &str) -> Option<Id> {
        let functions = self.constants().library.functions();
        let function = functions.find(name)?;
        Some(self.bank.keep(name.into(), &function.code))
    }

    /// The defaults of the library's function of that name.
    pub fn library_defaults(&mut self, name: &str) -> (Vec<Id>, Vec<(String, Id)>) {
        let functions = self.constants().library.functions();
        let Some(function) = functions.find(name) else { return Default::default() };
        let defaults = function.defaults.iter().map(|term| self.bank.add_term(term)).collect();
        let named = |(name, term): &(String, Term)| (name.clone(), self.bank.add_term(term));
        (defaults, function.kwdefaults.iter().map(named).collect())
    }

    /// Adds `true` or `false`.
    pub fn boolean(&mut self, yes: bool) -> Id {
        let names = vocabulary();
        self.bank.make(if yes { names.yes } else { names.no }, &[])
    }

    /// An instance of a builtin exception class with one string argument.
    pub fn exception(&mut self, class: &str, message: &str) -> Id {
        let class = match self.constants().classes.get(class) {
            Some(term) => self.bank.add_term(term),
            None => self.undeclared_class(class),
        };
        let text = self.bank.add_text(message);
        let text = self.bank.node("str", [text]);
        let empty = self.bank.node("no-values", []);
        let args = self.bank.node("values", [empty, text]);
        let number = self.bank.node("0", []);
        self.bank.node("exception", [class, args, number])
    }

    /// An instance of a builtin exception class with a message of the book's table.
    pub fn fault(&mut self, class: &str, key: &str) -> Id {
        let message = self.constants().worded(key, &[]);
        self.exception(class, &message)
    }

    /// The exception with the number that the next object has; or where no objects are kept, with the least one that
    /// no exception in the frames and the world has.
    pub fn fresh_exception(&mut self, exception: Id, [frames, world]: [Id; 2]) -> Id {
        let number = values::next_exception(self, world).unwrap_or_else(|| {
            let taken = self.bank.measure(frames).exceptions | self.bank.measure(world).exceptions;
            let number = (!taken).trailing_zeros().min(MAX_EXCEPTION);
            self.bank.make(vocabulary().numerals[number as usize], &[])
        });
        let mut node = self.bank.get(exception).clone();
        if let [_, args, last] = &mut node.args[..] {
            *last = number;
            if let Some(error) = self.unknown_arguments(*args) {
                let mut error = self.bank.get(error).clone();
                error.args[1] = number;
                let (none, error) = (self.bank.node("no-values", []), self.bank.add(error));
                *args = self.bank.node("values", [none, error]);
            }
        }
        self.bank.add(node)
    }

    /// Whether nothing in a value is unknown. An exception is known by its class, whatever its arguments are.
    pub fn is_known(&self, value: Id) -> bool {
        !self.bank.measure(value).unknown || self.bank.op(value) == vocabulary().exception
    }

    /// What stands for the arguments of an exception, a `Values`, where they are unknown.
    pub fn unknown_arguments(&self, args: Id) -> Option<Id> {
        match self.bank.get(args).args[..] {
            [before, only] if self.bank.get(before).args.is_empty() => {
                let unknown = self.bank.op(only) == vocabulary().unknown;
                (unknown && self.name(self.bank.arg(only, 0)) == values::hidden::ERROR).then_some(only)
            }
            _ => None,
        }
    }

    /// A book whose hierarchy lacks the class still gets a value with its name.
    fn undeclared_class(&mut self, class: &str) -> Id {
        let name = self.bank.node(class, []);
        let label = self.bank.node("builtin", []);
        let bases = self.bank.node("no-bases", []);
        self.bank.node("class", [name, label, bases])
    }

    /// The members of a list that grows at the right: `(values (values no-values a) b)`.
    pub fn members(&self, mut list: Id) -> Vec<Id> {
        let mut found = Vec::new();
        while let [rest, last] = self.bank.get(list).args[..] {
            found.push(last);
            list = rest;
        }
        found.reverse();
        found
    }
}

fn fault(cx: &mut Context, args: &[Id]) -> Results {
    let (class, key) = (cx.name(args[0]), cx.name(args[1]));
    smallvec![cx.fault(class, key)]
}

/// `(fresh exception frames world)`: the exception as an object of its own.
fn fresh(cx: &mut Context, args: &[Id]) -> Results {
    let [exception, frames, world] = args[..] else { return smallvec![] };
    smallvec![cx.fresh_exception(exception, [frames, world])]
}

fn truth(cx: &mut Context, args: &[Id]) -> Results {
    smallvec![cx.boolean(truth_of(cx, args[0]))]
}

/// The truth of a known value.
pub fn truth_of(cx: &Context, value: Id) -> bool {
    let names = vocabulary();
    let first = || cx.bank.op(cx.bank.arg(value, 0));
    match cx.bank.op(value) {
        op if op == names.none || op == names.no => false,
        op if op == names.int => first() != names.numerals[0],
        op if op == names.str => first() != names.empty,
        op if op == names.tuple => first() != names.no_values,
        _ => true,
    }
}

fn booleans(cx: &mut Context, _args: &[Id]) -> Results {
    smallvec![cx.boolean(true), cx.boolean(false)]
}

fn successor(cx: &mut Context, args: &[Id]) -> Results {
    let next = cx.name(args[0]).parse::<u32>().unwrap_or_default() + 1;
    smallvec![cx.bank.node(&next.to_string(), [])]
}

fn known(cx: &mut Context, args: &[Id]) -> Results {
    holds(cx.is_known(args[0]), args[0])
}

fn same(_cx: &mut Context, args: &[Id]) -> Results {
    holds(args[0] == args[1], args[0])
}
