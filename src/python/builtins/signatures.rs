//! What builtin functions and methods take, as data, and the one place where it is checked.
//!
//! An entry of a table of primitives begins with a signature, in the notation of CPython's `__text_signature__` behind
//! the function's full name: `dict.get(self, key, default=None, /)`. `self` is an object of the class, `cls` a class;
//! what stands before `/` cannot be named, what stands behind `*` or `*args` must be. A default is only read. An entry
//! that is a bare name is called by rules and by the library alone, and is not checked.
//!
//! How CPython words what is wrong follows from the signature, as its functions in C are called by one of a few
//! conventions; what does not follow from it is said by a word in front or behind (`class`, `method`, `as` and others).

use egg::Id;

use crate::python::builtins::fields::keyword_hint;
use crate::python::builtins::support::{Outcome, known};
use crate::python::values::names::names;
use crate::python::values::types;
use crate::python::values::wording::{self, plural};
use crate::python::values::{Answer, Call, Failure};

/// What a builtin takes besides its arguments: an object of its class, the class, or nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Receiver {
    /// A function, or a static method.
    None,
    /// A method of objects of this class.
    Object(&'static str),
    /// A method of classes.
    Class,
}

/// By which convention a function in C is called, as far as messages tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    /// A function or method: "f() takes exactly one argument (2 given)", "f expected at most 2 arguments, got 3".
    Function,
    /// `class`, that makes objects: counts are told as "list expected at most 1 argument, got 2".
    Class,
    /// `counted`, a class that tells counts so unless it is called with keywords.
    Counted,
    /// `python`, whose methods messages know as functions in Python.
    Python,
    /// A special method that stands for a slot; one that does not says `method`: "expected 1 argument, got 0".
    Slot,
}

/// What a builtin function or method takes.
#[derive(Debug)]
pub struct Signature {
    /// What messages call it: `dict.get`.
    name: &'static str,
    /// Its name without the class, if it is a method.
    method: &'static str,
    receiver: Receiver,
    manner: Manner,
    /// Its parameters in order, the receiver not counted.
    parameters: Vec<&'static str>,
    /// So many of them cannot be given by name.
    unnamed: usize,
    /// So many must be given.
    required: usize,
    /// So many can be given by position.
    positional: usize,
    /// Whether it takes any number of further arguments by position.
    star: bool,
    /// Whether it takes any keywords.
    keywords: bool,
}

impl Signature {
    /// The name of an entry, and its signature if it has one.
    pub(super) fn parse(entry: &'static str) -> (&'static str, Option<Signature>) {
        let (entry, told) =
            entry.rsplit_once(" as ").map_or((entry, None), |(entry, told)| (entry, Some(told)));
        let Some((head, rest)) = entry.split_once('(') else { return (entry, None) };
        let inside = rest.strip_suffix(')').unwrap_or(rest);
        let (word, name) = head.rsplit_once(' ').unwrap_or(("", head));
        let (class, method) = name.rsplit_once('.').unwrap_or(("", name));
        let mut signature = Signature {
            name: told.unwrap_or(name),
            method,
            receiver: Receiver::None,
            manner: match word {
                "class" => Manner::Class,
                "counted" => Manner::Counted,
                "python" => Manner::Python,
                "" if name.ends_with("__") => Manner::Slot,
                _ => Manner::Function,
            },
            parameters: Vec::new(),
            unnamed: 0,
            required: 0,
            positional: 0,
            star: false,
            keywords: false,
        };
        let mut by_position = true;
        for part in inside.split(", ").filter(|part| !part.is_empty()) {
            match (part, part.trim_start_matches('*')) {
                ("self", _) if !class.is_empty() => signature.receiver = Receiver::Object(class),
                ("cls", _) if !class.is_empty() => signature.receiver = Receiver::Class,
                ("/", _) => signature.unnamed = signature.parameters.len(),
                ("*", _) => by_position = false,
                (part, _) if part.starts_with("**") => signature.keywords = true,
                (part, bare) if part != bare => (signature.star, by_position) = (true, false),
                _ => {
                    let (name, default) =
                        part.split_once('=').map_or((part, false), |(name, _)| (name, true));
                    signature.parameters.push(name);
                    signature.positional += usize::from(by_position);
                    signature.required += usize::from(by_position && !default);
                }
            }
        }
        (name, Some(signature))
    }

    /// Whose method it is.
    pub fn receiver(&self) -> Receiver {
        self.receiver
    }

    /// The names of its parameters, the receiver not counted.
    pub fn parameters(&self) -> &[&'static str] {
        &self.parameters
    }

    /// How many arguments stand before its parameters.
    pub(super) fn before(&self) -> usize {
        usize::from(self.receiver != Receiver::None)
    }

    /// That a call has arguments which the builtin takes: a few comparisons where it has.
    pub fn check(&self, call: &mut Call) -> Outcome<()> {
        if let Receiver::Object(class) = self.receiver {
            self.check_receiver(call, class)?;
        }
        let given = call.args.len().saturating_sub(self.before());
        let counted = self.required <= given && (given <= self.positional || self.star);
        if counted && (call.keywords.is_empty() || self.keywords) {
            return Ok(());
        }
        match self.fault(call, given) {
            Some(message) => Err(call.type_error(&message)),
            None => Ok(()),
        }
    }

    fn check_receiver(&self, call: &mut Call, class: &str) -> Outcome<()> {
        let method = self.method;
        let is_slot = self.manner != Manner::Function;
        let Some(&value) = call.args.first() else {
            let message = match is_slot {
                true => format!("descriptor '{method}' of '{class}' object needs an argument"),
                false => format!("unbound method {}() needs an argument", self.name),
            };
            return Err(call.type_error(&message));
        };
        known(call, value)?;
        if is_instance(call, value, class) {
            return Ok(());
        }
        let given = call.type_name(value);
        let message = match is_slot {
            true => format!("descriptor '{method}' requires a '{class}' object but received a '{given}'"),
            false => {
                format!("descriptor '{method}' for '{class}' objects doesn't apply to a '{given}' object")
            }
        };
        Err(call.type_error(&message))
    }

    /// What messages call a method without its class.
    fn short(&self) -> &'static str {
        self.name.rsplit('.').next().unwrap_or(self.name)
    }

    /// Whether a parameter can be given by name.
    fn is_named(&self) -> bool {
        self.unnamed < self.parameters.len()
    }

    /// What is wrong with a call of so many arguments, if anything is.
    fn fault(&self, call: &Call, given: usize) -> Option<String> {
        if self.manner == Manner::Python {
            return self.fault_of_python(call, given);
        }
        let with_keywords = !call.keywords.is_empty();
        if with_keywords && !self.is_named() && !self.keywords {
            let wrapper = if self.manner == Manner::Slot { "wrapper " } else { "" };
            let name = if self.manner == Manner::Slot { self.short() } else { self.called() };
            return Some(format!("{wrapper}{name}() takes no keyword arguments"));
        }
        let counted = self.manner == Manner::Counted && !with_keywords;
        match self.is_named() && !counted && !(self.star && given < self.required) {
            true => self.fault_of_named(call, given),
            false => self.fault_of_count(call, given),
        }
    }

    fn called(&self) -> &'static str {
        self.name.trim_end_matches("()")
    }

    /// What is wrong with the number of arguments of a function that takes none by name.
    fn fault_of_count(&self, call: &Call, given: usize) -> Option<String> {
        let (least, most) = (self.required, self.positional);
        if given >= least && (given <= most || self.star) {
            return None;
        }
        let has = |name| call.cx.constants().has(name);
        let whole = if has("call.callee-qualified") { self.name } else { self.short() };
        let plain = self.manner == Manner::Function && !self.star && !self.keywords;
        match (least, most) {
            (0, 0) if plain => return Some(format!("{whole}() takes no arguments ({given} given)")),
            (1, 1) if plain => return Some(format!("{whole}() takes exactly one argument ({given} given)")),
            (1, 2) if self.manner == Manner::Slot => {
                return Some(format!("expected 1 or 2 arguments, got {given}"));
            }
            _ => {}
        }
        let name = match self.manner {
            Manner::Slot if most < 2 => String::new(),
            Manner::Function | Manner::Slot | Manner::Python => format!("{} ", self.short()),
            Manner::Class | Manner::Counted => format!("{} ", self.name),
        };
        let (bound, count) = match given < least {
            _ if least == most && !self.star => ("", least),
            true => ("at least ", least),
            false => ("at most ", most),
        };
        let counts = match self.manner {
            Manner::Class => has("call.class-counted"),
            Manner::Counted => has("call.type-counted"),
            _ => true,
        };
        if !counts {
            return Some(format!(
                "{}() takes {bound}{count} argument{} ({given} given)",
                self.name,
                plural(count)
            ));
        }
        let plural = if has("call.one-argument") { plural(count) } else { "s" };
        Some(format!("{name}expected {bound}{count} argument{plural}, got {given}"))
    }

    /// What is wrong with a call of a function that has parameters with names, in the order in which CPython looks.
    fn fault_of_named(&self, call: &Call, given: usize) -> Option<String> {
        let (name, keywords) = (self.short(), &call.keywords);
        let (all, most) = (given + keywords.len(), self.parameters.len());
        let bounded = !self.star && !self.keywords;
        if bounded && all > most {
            let keyword = if given == 0 { "keyword " } else { "" };
            let plural = plural(most);
            return Some(format!("{name}() takes at most {most} {keyword}argument{plural} ({all} given)"));
        }
        if bounded && given > self.positional {
            let most = self.positional;
            if most == 0 {
                return Some(format!("{name}() takes no positional arguments"));
            }
            let bound = if self.required < most { "at most" } else { "exactly" };
            let plural = plural(most);
            return Some(format!(
                "{name}() takes {bound} {most} positional argument{plural} ({given} given)"
            ));
        }
        let least = self.unnamed.min(self.required);
        if given < least {
            let bound = if least < self.positional { "at least" } else { "exactly" };
            let plural = plural(least);
            return Some(format!(
                "{name}() takes {bound} {least} positional argument{plural} ({given} given)"
            ));
        }
        let named = &self.parameters[self.unnamed..];
        let is_given = |parameter: &str| keywords.iter().any(|(keyword, _)| keyword == parameter);
        for (place, parameter) in self.parameters.iter().enumerate().take(self.required).skip(given) {
            if !is_given(parameter) {
                return Some(format!("{name}() missing required argument '{parameter}' (pos {})", place + 1));
            }
        }
        let by_position =
            self.parameters.iter().enumerate().take(given.min(self.positional)).skip(self.unnamed);
        for (place, parameter) in by_position {
            if is_given(parameter) {
                let place = place + 1;
                return Some(format!(
                    "argument for {name}() given by name ('{parameter}') and position ({place})"
                ));
            }
        }
        let (wrong, _) = keywords.iter().find(|(keyword, _)| !named.contains(&keyword.as_str()))?;
        let hint = keyword_hint(wrong, named);
        (!self.keywords).then(|| wording::unexpected_keyword(name, wrong, &hint))
    }

    /// What is wrong with a call of what is a method in Python, whose object counts as an argument.
    fn fault_of_python(&self, call: &Call, given: usize) -> Option<String> {
        let name = self.name;
        for (keyword, _) in &call.keywords {
            match self.parameters.iter().position(|parameter| parameter == keyword) {
                Some(place) if place < given => {
                    return Some(format!("{name}() got multiple values for argument '{keyword}'"));
                }
                Some(_) => {}
                None => {
                    let hint = keyword_hint(keyword, &self.parameters);
                    return Some(wording::unexpected_keyword(name, keyword, &hint));
                }
            }
        }
        let bounds = [self.required + 1, self.positional + 1];
        (given > self.positional).then(|| wording::too_many(name, bounds, given + 1, 0))
    }
}

/// Whether a value is an instance of a builtin class. Most are of that very class: a str by its constructor, a list by
/// the class that the object carries.
fn is_instance(call: &mut Call, value: Id, class: &str) -> bool {
    let node = call.cx.bank.get(value);
    let very = match node.args.first() {
        Some(own) if node.op == names().object => {
            !call.is_user_class(*own) && call.cx.name(call.cx.bank.arg(*own, 0)) == class
        }
        _ => node.op.as_str() == class,
    };
    very || call.is_a(value, class) || types::kin(class).is_some_and(|kin| call.is_a(value, kin))
}

/// The primitive of what only the library does.
pub fn in_library(_: &mut Call) -> Answer {
    Err(Failure::Undefined)
}

// ---- the arguments, once they are checked -------------------------------------------------------------------------

/// The arguments of the call by parameter, by whichever way they are given; a method's object is not counted.
pub fn arguments(call: &mut Call) -> Outcome<Vec<Option<Id>>> {
    call.require_known()?;
    let (before, parameters) = call.parameters;
    let at = |place: usize| call.args.get(before + place).copied();
    let mut found: Vec<Option<Id>> = (0..parameters.len()).map(at).collect();
    for (keyword, value) in &call.keywords {
        if let Some(place) = parameters.iter().position(|parameter| parameter == keyword) {
            found[place] = Some(*value);
        }
    }
    Ok(found)
}

/// The only argument of a function, or of a method besides its object.
pub fn argument(call: &mut Call) -> Outcome<Id> {
    call.require_known()?;
    call.args.last().copied().ok_or(Failure::Undefined)
}

/// The object that a method is called on.
pub fn this(call: &Call) -> Outcome<Id> {
    call.args.first().copied().ok_or(Failure::Undefined)
}

/// The object that a method is called on, and the arguments that are given by position.
pub fn method(call: &Call) -> Outcome<(Id, Vec<Id>)> {
    let (this, args) = call.args.split_first().ok_or(Failure::Undefined)?;
    Ok((*this, args.to_vec()))
}
