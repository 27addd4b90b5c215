//! The builtin exception classes, as the chapter on classes of the book lists them.

use std::collections::BTreeMap;

use egg::Id;

use crate::diagnostic::Diagnostic;
use crate::term::{Builder, escape};

/// The builtin exception classes of one version of Python, with their bases.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hierarchy {
    /// The classes in the order given; bases come before what derives from them.
    classes: Vec<(String, Vec<String>)>,
    /// Every name of a class, aliases too, and the class's place in `classes`.
    places: BTreeMap<String, usize>,
}

/// A line of the table, read.
struct Entry<'a> {
    name: &'a str,
    bases: Vec<&'a str>,
    alias_of: Option<&'a str>,
    since: Option<(u8, u8)>,
}

impl Hierarchy {
    /// Reads a table of classes, keeping those that Python `version` has.
    ///
    /// A line is `Name`, `Name(Base, Base)` or `Alias = Name`, then optionally
    /// `since MAJOR.MINOR`. Empty lines are skipped. Bases come first.
    ///
    /// # Errors
    /// A line of another form, an unknown base, a class given twice. The
    /// diagnostic's file is the chapter `05-classes.md`, its text the table.
    pub fn parse(text: &str, version: (u8, u8)) -> Result<Self, Diagnostic> {
        let mut hierarchy = Hierarchy::default();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let span = start..start + line.trim_end().len();
            start += line.len();
            if line.trim().is_empty() {
                continue;
            }
            let added = parse_entry(line).and_then(|entry| hierarchy.add(&entry, version));
            if let Err(title) = added {
                return Err(Diagnostic::new(title, "05-classes.md")
                    .at(text, span)
                    .help("write `Name`, `Name(Base, …)` or `Alias = Name`, bases first"));
            }
        }
        Ok(hierarchy)
    }

    fn add(&mut self, entry: &Entry<'_>, version: (u8, u8)) -> Result<(), String> {
        if entry.since.is_some_and(|since| version < since) {
            return Ok(());
        }
        for base in entry.bases.iter().chain(&entry.alias_of) {
            if !self.places.contains_key(*base) {
                return Err(format!("unknown exception class `{base}`"));
            }
        }
        let place = match entry.alias_of.and_then(|name| self.places.get(name)) {
            Some(&place) => place,
            None => {
                let bases = entry.bases.iter().map(|base| (*base).to_string()).collect();
                self.classes.push((entry.name.to_string(), bases));
                self.classes.len() - 1
            }
        };
        match self.places.insert(entry.name.to_string(), place) {
            None => Ok(()),
            Some(_) => Err(format!("the class `{}` is given twice", entry.name)),
        }
    }

    /// Whether a class is another one or derives from it; both by their own names.
    pub fn derives(&self, name: &str, base: &str) -> bool {
        let place = self.places.get(name).and_then(|place| self.classes.get(*place));
        name == base || place.is_some_and(|(_, bases)| bases.iter().any(|own| self.derives(own, base)))
    }

    /// Whether `name` names a builtin exception class of this version.
    pub fn contains(&self, name: &str) -> bool {
        self.places.contains_key(name)
    }

    /// The class's own name: for `IOError`, `OSError`.
    pub fn canonical(&self, name: &str) -> Option<&str> {
        let place = *self.places.get(name)?;
        self.classes.get(place).map(|(name, _)| name.as_str())
    }

    /// The names of the classes, without aliases, in the order of the table.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.classes.iter().map(|(name, _)| name.as_str())
    }

    /// Every name that names a class, with aliases, sorted.
    pub fn all_names(&self) -> impl Iterator<Item = &str> {
        self.places.keys().map(String::as_str)
    }

    /// Builds the value `(class Name builtin Bases)` of the class that `name` names.
    pub fn class_value(&self, name: &str, builder: &mut Builder) -> Option<Id> {
        let (name, bases) = self.classes.get(*self.places.get(name)?)?;
        // Bases come before the class in the table, so this recursion ends.
        let values: Option<Vec<Id>> = bases.iter().map(|base| self.class_value(base, builder)).collect();
        let mut list = builder.atom("no-bases");
        for value in values?.into_iter().rev() {
            list = builder.node("bases", [value, list]);
        }
        let name = builder.atom(&escape(name));
        let label = builder.atom("builtin");
        Some(builder.node("class", [name, label, list]))
    }
}

fn parse_entry(line: &str) -> Result<Entry<'_>, String> {
    let (rest, since) = match line.split_once(" since ") {
        Some((rest, version)) => (rest, Some(parse_version(version.trim())?)),
        None => (line, None),
    };
    let mut entry = Entry { name: rest.trim(), bases: Vec::new(), alias_of: None, since };
    if let Some((alias, name)) = rest.split_once('=') {
        entry.name = alias.trim();
        entry.alias_of = Some(name.trim());
    } else if let Some((name, bases)) = rest.trim().split_once('(') {
        let bases = bases.strip_suffix(')').ok_or("missing `)` after the bases")?;
        entry.name = name.trim();
        entry.bases = bases.split(',').map(str::trim).collect();
    }
    let mut names = entry.bases.iter().copied().chain(entry.alias_of).chain([entry.name]);
    let bad = names.find(|name| !is_name(name));
    drop(names);
    match bad {
        Some(bad) => Err(format!("`{bad}` is not the name of a class")),
        None => Ok(entry),
    }
}

fn parse_version(text: &str) -> Result<(u8, u8), String> {
    text.split_once('.')
        .and_then(|(major, minor)| Some((major.parse().ok()?, minor.parse().ok()?)))
        .ok_or_else(|| format!("`{text}` is not a version of Python"))
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "BaseException\nException(BaseException)\nOSError(Exception)\n\
        IOError = OSError\nG(BaseException) since 3.11\nH(G, Exception) since 3.11\n";

    fn value(version: (u8, u8), name: &str) -> Option<String> {
        let mut b = Builder::default();
        let id = Hierarchy::parse(TABLE, version).unwrap().class_value(name, &mut b)?;
        Some(b.finish(id).to_string())
    }

    #[test]
    fn a_class_carries_its_bases() {
        let root = "(class BaseException builtin no-bases)";
        assert_eq!(value((3, 14), "BaseException").unwrap(), root);
        assert_eq!(
            value((3, 14), "H").unwrap(),
            format!(
                "(class H builtin (bases (class G builtin (bases {root} no-bases)) \
                 (bases (class Exception builtin (bases {root} no-bases)) no-bases)))"
            )
        );
    }

    #[test]
    fn an_alias_is_the_class_itself() {
        assert_eq!(value((3, 14), "IOError"), value((3, 14), "OSError"));
    }

    #[test]
    fn a_class_of_a_later_version_is_left_out() {
        assert_eq!(value((3, 10), "H"), None);
    }

    #[test]
    fn a_malformed_line_is_shown() {
        for line in ["A(B)", "A(", "1", "A since x", "A\nA", "A B"] {
            let error = Hierarchy::parse(&format!("X\n{line}\n"), (3, 14)).unwrap_err();
            assert!(error.line() >= 2, "{error}");
        }
    }
}
