//! The names that properties use, against the programs that they are checked of: what occurs nowhere holds for nothing.

use std::collections::BTreeSet;

use crate::book::Book;
use crate::book::property::{Property, Scope};
use crate::check::program::Watched;
use crate::diagnostic::nearest;
use crate::python::Program;

/// What can be named of some programs.
#[derive(Debug, Default)]
pub struct Names {
    /// The names under which functions are observed.
    functions: BTreeSet<String>,
    /// Unknown names, of which attributes are called, too.
    unknowns: BTreeSet<String>,
    identifiers: BTreeSet<String>,
    classes: BTreeSet<String>,
    lines: BTreeSet<usize>,
    programs: Vec<String>,
}

impl Names {
    /// What can be named of these programs.
    pub fn of<'p>(book: &Book, programs: impl IntoIterator<Item = &'p Program>) -> Names {
        let mut names = Names::default();
        names.classes.extend(book.hierarchy.all_names().map(str::to_string));
        for program in programs {
            names.functions.extend(program.callables.iter().cloned());
            names.unknowns.extend(program.unknowns.iter().cloned());
            names.identifiers.extend(program.identifiers.iter().cloned());
            names.lines.extend(program.spans.keys().copied());
            names.programs.push(program.name.clone());
        }
        names
    }

    /// The name under which a function is observed: as `explore` prints it, or without the parts that no one writes, as in
    /// `make.acquire` for `make.<locals>.acquire`. A method of what is unknown goes by the names that lead to it.
    fn function(&self, name: &str) -> Option<String> {
        let name = name.strip_suffix("()").unwrap_or(name);
        if self.functions.contains(name) || self.unknowns.contains(name) {
            return Some(name.to_string());
        }
        let plain = |known: &&String| known.replace(".<locals>", "") == name;
        let known = self.functions.iter().find(plain).cloned();
        let of_unknown = || {
            let mut parts = name.split('.').map(|part| part.trim_end_matches("()"));
            (name.contains('.') && parts.all(|part| self.identifiers.contains(part)))
                .then(|| name.to_string())
        };
        known.or_else(of_unknown)
    }

    fn lost_function(&self, name: &str) -> String {
        let known: Vec<String> =
            self.functions.iter().chain(&self.unknowns).map(|known| known.replace(".<locals>", "")).collect();
        let near = nearest(name, known.iter().map(String::as_str));
        format!("{} has no function `{name}`; {near}", self.programs.join(", "))
    }

    /// The two functions of a pair, as they are observed.
    ///
    /// # Errors
    /// One of them occurs nowhere.
    pub fn pair(&self, (first, second): &(String, String)) -> Result<(String, String), String> {
        let found = |name: &str| self.function(name).ok_or_else(|| self.lost_function(name));
        Ok((found(first)?, found(second)?))
    }

    /// The property with its functions as they are observed.
    ///
    /// # Errors
    /// A function, a class of exceptions or a line that occurs nowhere.
    pub fn fit(&self, property: &Property) -> Result<Property, String> {
        match self.missing(property) {
            Some(why) => Err(why),
            None => Ok(property.renamed(|name| self.function(name).unwrap_or_else(|| name.to_string()))),
        }
    }

    /// What a property names that occurs nowhere: a function, a class of exceptions or a line.
    fn missing(&self, property: &Property) -> Option<String> {
        for name in property.functions() {
            if self.function(&name).is_none() {
                return Some(self.lost_function(&name));
            }
        }
        for name in property.named("class") {
            if !self.classes.contains(&name) && !self.identifiers.contains(&name) {
                let near = nearest(&name, self.classes.iter().map(String::as_str));
                return Some(format!("{} has no class `{name}`; {near}", self.programs.join(", ")));
            }
        }
        let known = |name: &String| name.parse().is_ok_and(|line| self.lines.contains(&line));
        let line = property.named("line").into_iter().find(|name| !known(name));
        line.map(|name| self.lost_line(&name))
    }

    /// Whether a statement begins on a line.
    ///
    /// # Errors
    /// None does.
    pub fn line(&self, line: usize) -> Result<(), String> {
        if self.lines.contains(&line) { Ok(()) } else { Err(self.lost_line(&line.to_string())) }
    }

    /// Whether a name is read or bound.
    ///
    /// # Errors
    /// It is not.
    pub fn identifier(&self, name: &str) -> Result<(), String> {
        if self.identifiers.contains(name) {
            return Ok(());
        }
        let near = nearest(name, self.identifiers.iter().map(String::as_str));
        Err(format!("{} has no name `{name}`; {near}", self.programs.join(", ")))
    }

    fn lost_line(&self, name: &str) -> String {
        let near = self.near_lines(name);
        format!("no statement of {} begins on line {name}; {near}", self.programs.join(", "))
    }

    /// Fits what is watched on the user's behalf: a property of a file of theirs, and the names of a pair.
    ///
    /// # Errors
    /// What occurs nowhere.
    pub fn fit_watched(&self, watched: &mut Watched) -> Result<(), String> {
        if watched.definition.is_some() {
            let name = &watched.property.name;
            let fitting = self.fit(&watched.property);
            watched.property =
                fitting.map_err(|why| format!("the property `{name}` cannot hold or fail: {why}"))?;
        }
        if let (Scope::Objects { .. }, Some((first, second))) = (&watched.property.scope, &watched.pair) {
            return [first, second].into_iter().try_for_each(|names| self.methods(names));
        }
        if let Some(pair) = &mut watched.pair {
            *pair = self.pair(pair).map_err(|why| format!("--pair: {why}"))?;
        }
        Ok(())
    }

    /// Names of methods, of which one at least occurs.
    fn methods(&self, names: &str) -> Result<(), String> {
        let last = |name: &str| name.rsplit('.').next().unwrap_or_default().to_string();
        if names.split('|').any(|name| self.identifiers.contains(&last(name))) {
            return Ok(());
        }
        let near = nearest(&last(names), self.identifiers.iter().map(String::as_str));
        Err(format!("--pair: {} has no `{names}`; {near}", self.programs.join(", ")))
    }

    /// The lines with statements that are next to one that has none.
    fn near_lines(&self, name: &str) -> String {
        let Ok(line) = name.parse::<usize>() else { return "a line is a number".into() };
        let before = self.lines.range(..line).next_back();
        let behind = self.lines.range(line..).next();
        let near: Vec<String> = before.into_iter().chain(behind).map(ToString::to_string).collect();
        match near.is_empty() {
            true => "there is none at all".into(),
            false => format!("those next to it are {}", near.join(" and ")),
        }
    }
}
