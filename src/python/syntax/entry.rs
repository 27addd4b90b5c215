//! Functions that are entered by themselves, with unknown arguments.

use std::collections::BTreeSet;

use egg::Id;
use serde::{Deserialize, Serialize};

use crate::diagnostic::{Diagnostic, nearest};
use crate::python::syntax::Setting;
use crate::python::syntax::body::Calls;
use crate::python::syntax::coverage::InterestKind;
use crate::python::syntax::load::Program;
use crate::term::{Builder, Term, escape};

/// The function of the library that enters one: what its caller does is Python, and runs under the rules.
pub const DRIVER: &str = "drive_entry";

/// That which enters one so that all that its caller gets of it can be seen.
const TWIN: &str = "drive_twin";

/// The name of whoever calls a function that is entered by itself.
pub const CALLER: &str = "the caller";

/// The name of what is called with all that the caller gets, where two functions are compared.
pub const OBSERVER: &str = "the observer";

/// The name of what raises the exception that is handled around a function.
const OUTSIDE: &str = "what is around";

/// A function that a file defines, in no other function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunctionInfo {
    /// Its name, behind those of the classes that it stands in: `f`, `C.m`.
    pub name: String,
    /// The names of its parameters.
    pub params: Vec<String>,
    /// The line of its `def`, from 1.
    pub line: usize,
    /// Its text, with its decorators.
    pub text: String,
    /// What it calls itself.
    pub calls: Calls,
    /// Whether the file mentions it outside of its own body.
    pub called: bool,
    /// What it takes to enter it by itself, where objects are kept.
    pub entering: Option<Entering>,
}

/// The kind of a method that is entered with nothing known of its class: see `drive_entry`.
pub const BARE: &str = "bare";

/// What the library's `drive_entry` is given of a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entering {
    /// Its `(code …)`.
    pub code: Term,
    /// The `(class-builder …)` of the class that it stands in.
    pub class: Option<Term>,
    /// What its decorators make of it: see `drive_entry`.
    pub kind: &'static str,
    /// The hidden name of the module that is bound where the function was defined; `None` where it always is.
    pub marker: Option<String>,
}

/// What a program is compared with: its functions are then entered so that all that their callers get of them can be seen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Twin {
    /// The text of the other program: what an unknown may raise there, it may raise here.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub beside: String,
    /// Whether a function is entered while some exception is being handled.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub handling: bool,
}

/// The name of the class of which nothing but one method is known.
const CLASS: &str = "__class__";

impl Program {
    /// The function of that name.
    ///
    /// # Errors
    /// The file defines no such function, or one that is not modelled.
    pub fn function(&self, name: &str) -> Result<&FunctionInfo, Diagnostic> {
        self.functions.iter().find(|info| info.name == name).ok_or_else(|| {
            if let Some(why) = self.not_modelled(name) {
                return Diagnostic::not_modelled(why, &self.name)
                    .help("nothing of it can be entered; the other functions of the file can");
            }
            let known = self.functions.iter().map(|info| info.name.as_str());
            Diagnostic::new(format!("no function `{name}`"), &self.name)
                .help(format!("of the functions of the file, {}", nearest(name, known)))
        })
    }

    /// What is called by the function of that name itself, or by the module.
    pub fn calls_of(&self, entry: Option<&str>) -> &Calls {
        let function = entry.and_then(|name| self.functions.iter().find(|info| info.name == name));
        function.map_or(&self.calls, |info| &info.calls)
    }

    /// Why no path enters a function that the file has and that is not modelled: what is not, and where.
    pub fn not_modelled(&self, name: &str) -> Option<String> {
        let plain = name.strip_suffix("()").unwrap_or(name);
        let function = self.places_of_interest.iter().find(|interest| match &interest.kind {
            InterestKind::Function(full) => full.replace(".<locals>", "") == plain,
            _ => false,
        })?;
        if self.functions.iter().any(|info| info.name == plain) {
            return None;
        }
        let InterestKind::Function(full) = &function.kind else { return None };
        let inside: BTreeSet<usize> = self
            .places_of_interest
            .iter()
            .filter(|interest| interest.function.as_ref() == Some(full))
            .map(|interest| interest.line)
            .collect();
        let heading = |line: usize| {
            self.spans
                .get(&line)
                .is_some_and(|[(first, _), (last, _)]| (*first..=*last).contains(&function.line))
        };
        self.taken.iter().find_map(|taken| {
            let mut place = taken.strip_prefix(&self.name)?.strip_prefix(':')?.splitn(3, ':');
            let (line, what) = (place.next()?.parse().ok()?, place.nth(1)?.trim());
            let is_of_it = line == function.line || heading(line) || inside.contains(&line);
            is_of_it.then(|| format!("the function `{plain}` of line {}, since it has {what}", function.line))
        })
    }

    /// The program whose body is the module's and then a call of `function`, with an
    /// unknown value named like the parameter for each of its parameters. Where it is compared with another, an observer is called with
    /// all that the caller gets: what is yielded, and what is returned.
    ///
    /// # Errors
    /// The file defines no such function.
    pub fn with_entry(&self, function: &str) -> Result<Program, Diagnostic> {
        let info = self.function(function)?;
        let mut b = Builder::default();
        let module = b.splice(&self.body);
        let call = match &info.entering {
            Some(entering) => self.driven(function, entering, &mut b),
            None => self.called(info, &mut b),
        };
        let call = b.node("expression", [call]);
        // What a session leaves behind is finished at its end, which is behind the call.
        let root = match b.get(module).clone() {
            session if session.op.as_str() == "session" => {
                let both = b.node("seq", [session.args[0], call]);
                b.node("session", [both])
            }
            _ => b.node("seq", [module, call]),
        };
        Ok(Program { body: b.finish(root), ..self.clone() })
    }

    /// A call of a function of the core.
    fn called(&self, info: &FunctionInfo, b: &mut Builder) -> Id {
        let mut arguments = b.atom("no-arguments");
        for param in info.params.iter().rev() {
            let value = self.unknown(param, b);
            let argument = b.node("const", [value]);
            arguments = b.node("arguments", [argument, arguments]);
        }
        let target = b.literal("global", &info.name);
        let callee = b.node("name", [target]);
        b.node("call", [callee, arguments])
    }

    /// A call of one of the library's functions that enter another.
    fn driven(&self, function: &str, entering: &Entering, b: &mut Builder) -> Id {
        let mut names: Vec<&str> = function.split('.').collect();
        let name = names.pop().unwrap_or_default();
        let kind = if self.setting == Setting::Bare { BARE } else { entering.kind };
        let class = match &entering.class {
            // What `super()` is about.
            _ if kind == BARE => self.unknown(CLASS, b),
            Some(class) => b.splice(class),
            None => b.atom("none"),
        };
        let marker = match &entering.marker {
            Some(marker) if !self.setting.without_names() => b.literal("str", marker),
            _ => b.atom("none"),
        };
        let stored: Vec<&str> = self.stored.iter().map(String::as_str).collect();
        let (driver, more) = match &self.twin {
            None => (DRIVER, Vec::new()),
            Some(twin) => {
                let handling = b.atom(if twin.handling { "true" } else { "false" });
                (TWIN, vec![self.observer(b), handling, self.unknown(OUTSIDE, b)])
            }
        };
        let values = [
            texts(&names, b),
            b.literal("str", name),
            b.splice(&entering.code),
            class,
            b.literal("str", kind),
            texts(&stored, b),
            self.unknown(CALLER, b),
            marker,
        ];
        let mut arguments = b.atom("no-arguments");
        for value in values.into_iter().chain(more).rev() {
            let argument = b.node("const", [value]);
            arguments = b.node("arguments", [argument, arguments]);
        }
        let driver = b.literal("builtin", driver);
        let driver = b.node("const", [driver]);
        b.node("call", [driver, arguments])
    }

    /// What is called with all that the caller gets: it returns None, and raises nothing.
    fn observer(&self, b: &mut Builder) -> Id {
        let [none, empty] = ["none", "no-values"].map(|op| b.atom(op));
        let returned = b.node("values", [empty, none]);
        let returned = b.node("one-of", [returned]);
        let outcomes = b.node("outcomes", [returned, empty]);
        let (name, number) = (b.atom(&escape(OBSERVER)), b.atom("0"));
        b.node("unknown", [name, number, outcomes])
    }

    /// An unknown value of that name.
    fn unknown(&self, name: &str, b: &mut Builder) -> Id {
        let outcomes = b.splice(&self.outcomes);
        let text = b.atom(&escape(name));
        // An unknown of this name and the number 0 would be the global of the name.
        let global = self.unknowns.iter().any(|unknown| unknown == name);
        let number = b.atom(if global { "1" } else { "0" });
        b.node("unknown", [text, number, outcomes])
    }
}

/// A tuple of strings.
fn texts(texts: &[&str], b: &mut Builder) -> Id {
    let mut values = b.atom("no-values");
    for text in texts {
        let text = b.literal("str", text);
        values = b.node("values", [values, text]);
    }
    b.node("tuple", [values])
}
