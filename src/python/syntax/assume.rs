//! Assumptions that narrow what unknown names do, read from a RON file.

use std::collections::{BTreeMap, BTreeSet};

use egg::Id;
use serde::{Deserialize, Serialize};

use crate::book::classes::Hierarchy;
use crate::book::conventions::Conventions;
use crate::diagnostic::{Diagnostic, nearest};
use crate::python::syntax::instrument::Instrumenter;

/// What is assumed of calls to names that no file defines.
///
/// ```
/// use trylemma::python::syntax::Assumptions;
///
/// let text = r#"(calls: {"login": Call(returns: Some([Bool(true), None]))})"#;
/// let assumptions = Assumptions::parse("assume.ron", text).unwrap();
/// assert!(assumptions.calls["login"].raises.is_none());
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assumptions {
    /// By the name that is called: `connect`, `connect.close` as `explore` prints it or as the file writes it, or a pattern such as
    /// `*.close`; `*` is for all names that no other entry is about.
    pub calls: BTreeMap<String, Call>,
    /// What is known of functions by their names, where nothing else is assumed of them.
    #[serde(skip)]
    pub(super) usual: BTreeMap<String, Call>,
    /// The file's name and text, to report errors in it.
    #[serde(skip)]
    file: (String, String),
}

/// What a call may do. A part left out keeps its default: it may return anything,
/// and raise every exception that matters to the program.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Call {
    /// The values that it may return.
    pub returns: Option<Vec<Literal>>,
    /// The classes of the exceptions that it may raise, each without arguments.
    pub raises: Option<Vec<String>>,
}

/// A value that an assumption can name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Literal {
    /// `None`.
    None,
    /// `True` or `False`.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A string.
    Str(String),
}

impl Assumptions {
    /// Reads the RON text of the file `origin`.
    ///
    /// # Errors
    /// The place where the text is not RON or not of this form.
    pub fn parse(origin: &str, text: &str) -> Result<Self, Diagnostic> {
        let options =
            ron::Options::default().with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME);
        let mut assumptions: Assumptions = options.from_str(text).map_err(|error| {
            let start = offset(text, error.span.start.line, error.span.start.col);
            let end = offset(text, error.span.end.line, error.span.end.col);
            Diagnostic::new("the assumptions cannot be read", origin)
                .at(text, start..end.max(start))
                .label(error.code.to_string())
                .help(
                    "the form is (calls: {\"name\": Call(returns: Some([None, Bool(true), \
                     Int(3), Str(\"x\")]), raises: Some([\"ValueError\"]))})",
                )
        })?;
        assumptions.file = (origin.to_string(), text.to_string());
        Ok(assumptions)
    }

    /// An error about the quoted `name` in the file.
    fn error(&self, name: &str, title: String) -> Diagnostic {
        let (origin, text) = &self.file;
        let quoted = format!("{name:?}");
        let origin = if origin.is_empty() { "assumptions" } else { origin };
        let error = Diagnostic::new(title, origin);
        match text.find(&quoted) {
            Some(start) => error.at(text.as_str(), start..start + quoted.len()),
            None => error,
        }
    }
}

impl Assumptions {
    /// What is assumed of a name: by itself, or else by the longest pattern that it matches.
    pub fn of(&self, name: &str) -> Option<&Call> {
        let assumed = self.calls.get(name).or_else(|| {
            let fitting = self.calls.iter().filter(|(pattern, _)| matches(plain(pattern), name));
            fitting.max_by_key(|(pattern, _)| pattern.len()).map(|(_, call)| call)
        });
        assumed.or_else(|| self.usual.get(name))
    }

    /// Whether there are none.
    pub(super) fn are_none(&self) -> bool {
        self.calls.is_empty() && self.usual.is_empty()
    }

    /// What is assumed of an attribute of what is unknown, in the order in which it counts: by the names of the values as `explore`
    /// prints them, and, for all values, by the names that stand in the file.
    pub(super) fn of_attribute(&self, written: Option<&str>, attribute: &str) -> Vec<(String, Call)> {
        let last = format!(".{attribute}");
        let mut found: Vec<(String, Call)> = Vec::new();
        if let Some(call) = written.and_then(|written| self.calls.get(written)) {
            found.push(("*".into(), call.clone()));
        }
        let exact = |name: &str| !name.contains('*') && name.ends_with(&last);
        let named = self.calls.iter().filter(|(name, _)| exact(plain(name)));
        found.extend(named.map(|(name, call)| (plain(name).to_string(), call.clone())));
        let fits = |pattern: &str| pattern.contains('*') && matches(pattern, &format!("?{last}"));
        let mut patterns: Vec<_> = self.calls.iter().filter(|(pattern, _)| fits(pattern)).collect();
        patterns.sort_by_key(|(pattern, _)| std::cmp::Reverse(pattern.len()));
        found.extend(patterns.into_iter().map(|(_, call)| ("*".into(), call.clone())));
        if let Some(call) = written.and_then(|written| self.usual.get(written)) {
            found.push(("*".into(), call.clone()));
        }
        let usual = self.usual.iter().filter(|(name, _)| exact(name));
        found.extend(usual.map(|(name, call)| (name.clone(), call.clone())));
        found
    }

    /// Checks that each name is among these, and that of each attribute the last part is mentioned.
    ///
    /// # Errors
    /// One that is not.
    pub(super) fn are_about(
        &self,
        unknowns: &[String],
        mentioned: &BTreeSet<String>,
    ) -> Result<(), Diagnostic> {
        let occurs = |name: &str| match plain(name).rsplit_once('.') {
            Some((_, attribute)) => attribute.contains('*') || mentioned.contains(attribute),
            None if name.contains('*') => true,
            None => unknowns.iter().any(|unknown| unknown == name),
        };
        let Some(name) = self.calls.keys().find(|name| !occurs(name) && !unknowns.contains(name)) else {
            return Ok(());
        };
        let title = format!("`{name}` is no unknown name of the program");
        let known: Vec<&str> = match name.contains('.') {
            true => mentioned.iter().map(String::as_str).collect(),
            false => unknowns.iter().map(String::as_str).collect(),
        };
        let last = name.rsplit('.').next().unwrap_or(name);
        Err(self.error(name, title).help(nearest(last, known.into_iter())))
    }
}

/// What is known of functions that never return, by their names.
pub(super) fn usual(conventions: &Conventions) -> BTreeMap<String, Call> {
    let call = |class: &Option<String>| Call {
        returns: Some(Vec::new()),
        raises: Some(class.iter().cloned().collect()),
    };
    conventions.endless.iter().map(|(name, class)| (name.clone(), call(class))).collect()
}

/// A name as it is written without the calls that `explore` prints: `connect.close` for `connect().close()`.
fn plain(name: &str) -> &str {
    name.strip_suffix("()").unwrap_or(name)
}

/// Whether a name matches a pattern, in which `*` stands for any text.
fn matches(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((before, rest)) => name.strip_prefix(before).is_some_and(|name| {
            name.char_indices().any(|(at, _)| matches(rest, &name[at..])) || matches(rest, "")
        }),
    }
}

/// What it takes to build the values of narrowed names.
pub(super) struct Narrowing<'n> {
    pub(super) assumptions: &'n Assumptions,
    pub(super) instrumenter: &'n mut Instrumenter,
    pub(super) hierarchy: &'n Hierarchy,
    /// The exception classes of the program that have values before it runs.
    pub(super) classes: &'n BTreeMap<String, Id>,
    /// What a call raises that is not narrowed.
    pub(super) exceptions: &'n [Id],
}

impl Narrowing<'_> {
    /// The unknown of that name, which does what the assumption says.
    ///
    /// # Errors
    /// A class that does not exist, and a call that could do nothing at all.
    pub(super) fn value(&mut self, name: &str, call: &Call) -> Result<Id, Diagnostic> {
        let returns: Option<Vec<Id>> = call.returns.as_ref().map(|values| self.literals(values));
        let raises = match &call.raises {
            None => self.exceptions.to_vec(),
            Some(names) => self.raised(names)?,
        };
        let nothing = raises.is_empty() && returns.as_ref().is_some_and(Vec::is_empty);
        if nothing && self.assumptions.calls.contains_key(name) {
            let title = format!("a call of `{name}` could neither return nor raise");
            return Err(self
                .assumptions
                .error(name, title)
                .help("name a value in `returns` or a class in `raises`"));
        }
        Ok(self.instrumenter.unknown(name, returns.as_deref(), &raises))
    }

    fn raised(&mut self, names: &[String]) -> Result<Vec<Id>, Diagnostic> {
        let mut exceptions = Vec::new();
        for name in without_repeats(names) {
            let own = self.classes.get(name).copied();
            let class = own.or_else(|| self.hierarchy.class_value(name, self.instrumenter.builder()));
            let Some(class) = class else {
                let title = format!("`{name}` is no exception class of the program");
                let known = self.classes.keys().map(String::as_str).chain(self.hierarchy.all_names());
                return Err(self.assumptions.error(name, title).help(nearest(name, known)));
            };
            exceptions.push(self.instrumenter.exception(class, &[]));
        }
        Ok(exceptions)
    }

    fn literals(&mut self, literals: &[Literal]) -> Vec<Id> {
        let distinct = without_repeats(literals).into_iter();
        let build = |literal: &Literal| match literal {
            Literal::None => self.instrumenter.atom("none"),
            Literal::Bool(true) => self.instrumenter.atom("true"),
            Literal::Bool(false) => self.instrumenter.atom("false"),
            Literal::Int(int) => self.instrumenter.literal("int", &int.to_string()),
            Literal::Str(text) => self.instrumenter.literal("str", text),
        };
        distinct.map(build).collect()
    }
}

fn without_repeats<T: PartialEq>(items: &[T]) -> Vec<&T> {
    let mut distinct: Vec<&T> = Vec::new();
    for item in items {
        if !distinct.contains(&item) {
            distinct.push(item);
        }
    }
    distinct
}

/// The byte offset of a line and column, both from 1 and the column in characters.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let rest = text.get(start..).unwrap_or_default();
    let column = rest.char_indices().nth(column.saturating_sub(1));
    column.map_or(text.len(), |(at, _)| start + at)
}
