//! The builtin exception classes, as the chapter on classes of the book lists them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use egg::Id;

use crate::book::edition::{Edition, Switch};
use crate::book::version::{Gate, Version};
use crate::diagnostic::Diagnostic;
use crate::term::{Builder, escape};

/// The builtin exception classes of one version of Python, with their bases.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hierarchy {
    /// The classes in the order given; bases come before what derives from them.
    classes: Vec<(String, Vec<String>)>,
    /// Every name of a class, aliases too, and the class's place in `classes`.
    places: BTreeMap<String, usize>,
    /// The names of the table in whatever version.
    ever: BTreeSet<String>,
    /// The exception classes of the standard library's modules, by their names with the module.
    modules: Arc<BTreeMap<String, Listed>>,
}

/// What the name of a class of a module means.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Listed {
    /// A class of its own, with its bases.
    Class(Vec<String>),
    /// Another name.
    Alias(String),
}

/// A line of the table, read.
struct Entry<'a> {
    name: &'a str,
    bases: Vec<&'a str>,
    alias_of: Option<&'a str>,
    gate: Gate,
}

impl Hierarchy {
    /// The same classes with those of the modules of the standard library: lines of the same form, in any order, in which
    /// a name stands behind its module.
    ///
    /// # Errors
    /// A line of another form, a base or a meaning that is not listed.
    pub fn with_modules(self, text: &str, version: Version) -> Result<Self, Diagnostic> {
        let mut modules = BTreeMap::new();
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            let entry = parse_entry(line).map_err(|title| Diagnostic::new(title, "05-classes.md"))?;
            if entry.gate.admits(version) {
                let listed = match entry.alias_of {
                    Some(meant) => Listed::Alias(meant.to_string()),
                    None => Listed::Class(entry.bases.iter().map(|base| (*base).to_string()).collect()),
                };
                modules.insert(entry.name.to_string(), listed);
            }
        }
        let hierarchy = Hierarchy { modules: Arc::new(modules), ..self };
        let lost = hierarchy.modules.keys().find(|name| hierarchy.module_class(name, 0).is_none());
        match lost {
            Some(name) => {
                let title = format!("the bases of the exception class `{name}` are not all listed");
                Err(Diagnostic::new(title, "05-classes.md"))
            }
            None => Ok(hierarchy),
        }
    }

    /// A class of a module: its module, its own name, and its bases; one that is another name of a builtin class has no module.
    fn module_class(&self, name: &str, depth: usize) -> Option<(String, Vec<String>)> {
        match self.modules.get(name)? {
            _ if depth > self.modules.len() => None,
            Listed::Alias(meant) if self.places.contains_key(meant) => Some((meant.clone(), Vec::new())),
            Listed::Alias(meant) => self.module_class(meant, depth + 1),
            Listed::Class(bases) => {
                let known = |base: &String| {
                    self.places.contains_key(base) || self.module_class(base, depth + 1).is_some()
                };
                bases.iter().all(known).then(|| (name.to_string(), bases.clone()))
            }
        }
    }

    /// Whether a module of the standard library has an exception class of that name, which stands behind the module's.
    pub fn is_of_module(&self, name: &str) -> bool {
        self.modules.contains_key(name)
    }

    /// Builds the value of an exception class of a module: `(class JSONDecodeError json.decoder Bases)`.
    pub fn module_value(&self, name: &str, builder: &mut Builder) -> Option<Id> {
        let (own, bases) = self.module_class(name, 0)?;
        let Some((module, short)) = own.rsplit_once('.') else { return self.class_value(&own, builder) };
        let values: Option<Vec<Id>> = bases
            .iter()
            .map(|base| self.class_value(base, builder).or_else(|| self.module_value(base, builder)))
            .collect();
        Some(class_node(builder, short, module, values?))
    }

    /// Reads a table of classes, keeping those that Python `version` has.
    ///
    /// A line is `Name`, `Name(Base, Base)` or `Alias = Name`, then optionally a gate, as `since 3.3` or `until 3.9`.
    /// Empty lines are skipped. Bases come first.
    ///
    /// # Errors
    /// A line of another form, an unknown base, a class given twice. The
    /// diagnostic's file is the chapter `05-classes.md`, its text the table.
    pub fn parse(text: &str, version: Version) -> Result<Self, Diagnostic> {
        Hierarchy::of(text, &version.into())
    }

    /// The same for an edition.
    pub(super) fn of(text: &str, edition: &Edition) -> Result<Self, Diagnostic> {
        let mut hierarchy = Hierarchy::default();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let span = start..start + line.trim_end().len();
            start += line.len();
            if line.trim().is_empty() {
                continue;
            }
            let added = parse_entry(line)
                .and_then(|entry| hierarchy.add(&entry, edition.version_of(Switch::Class, entry.name)));
            if let Err(title) = added {
                return Err(Diagnostic::new(title, "05-classes.md")
                    .at(text, span)
                    .help("write `Name`, `Name(Base, …)` or `Alias = Name`, bases first"));
            }
        }
        Ok(hierarchy)
    }

    fn add(&mut self, entry: &Entry<'_>, version: Version) -> Result<(), String> {
        self.ever.insert(entry.name.to_string());
        if !entry.gate.admits(version) {
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

    /// Whether `name` names one in some version.
    pub fn ever_contains(&self, name: &str) -> bool {
        self.ever.contains(name)
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
        Some(class_node(builder, name, "builtin", values?))
    }
}

/// `(class name label bases)`.
fn class_node(builder: &mut Builder, name: &str, label: &str, bases: Vec<Id>) -> Id {
    let none = builder.atom("no-bases");
    let list = bases.into_iter().rev().fold(none, |list, value| builder.node("bases", [value, list]));
    let name = builder.atom(&escape(name));
    let label = builder.atom(&escape(label));
    builder.node("class", [name, label, list])
}

fn parse_entry(line: &str) -> Result<Entry<'_>, String> {
    let gate = [" since ", " until "].iter().filter_map(|word| line.find(word)).min().unwrap_or(line.len());
    let (rest, gate) = line.split_at(gate);
    let gate = Gate::parse(gate.split_whitespace())?;
    let mut entry = Entry { name: rest.trim(), bases: Vec::new(), alias_of: None, gate };
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

/// The name of the class that a line of the table is about, and its gate.
pub(super) fn gate_of(line: &str) -> Option<(String, Gate)> {
    parse_entry(line).ok().map(|entry| (entry.name.to_string(), entry.gate))
}

/// Whether a text is a name, or several with dots between them.
fn is_name(text: &str) -> bool {
    text.split('.').all(|part| {
        part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "BaseException\nException(BaseException)\nOSError(Exception)\n\
        IOError = OSError\nG(BaseException) since 3.11\nH(G, Exception) since 3.11\n";

    #[test]
    fn a_class_of_a_module_is_one_or_another_name_of_one() {
        let table = "m.E(OSError)\nn.F = m.E\nm.t(OSError) until 3.10\nm.t = OSError since 3.10\n";
        let value = |version, name: &str| {
            let hierarchy = Hierarchy::parse(TABLE, version).unwrap().with_modules(table, version).unwrap();
            let mut b = Builder::default();
            let id = hierarchy.module_value(name, &mut b)?;
            Some(b.finish(id).to_string())
        };
        let own = value(Version::new(3, 14), "m.E").expect("a class");
        assert!(own.starts_with("(class E m (bases (class OSError builtin "), "{own}");
        assert_eq!(value(Version::new(3, 14), "n.F"), Some(own));
        assert!(value(Version::new(3, 9), "m.t").expect("a class").starts_with("(class t m "));
        assert!(value(Version::new(3, 10), "m.t").expect("a class").starts_with("(class OSError builtin "));
        assert_eq!(value(Version::new(3, 10), "m.other"), None);
        let lost = Hierarchy::parse(TABLE, Version::new(3, 14))
            .unwrap()
            .with_modules("m.E(m.F)", Version::new(3, 14));
        assert!(lost.is_err());
    }

    fn value(version: Version, name: &str) -> Option<String> {
        let mut b = Builder::default();
        let id = Hierarchy::parse(TABLE, version).unwrap().class_value(name, &mut b)?;
        Some(b.finish(id).to_string())
    }

    #[test]
    fn a_class_carries_its_bases() {
        let root = "(class BaseException builtin no-bases)";
        assert_eq!(value(Version::new(3, 14), "BaseException").unwrap(), root);
        assert_eq!(
            value(Version::new(3, 14), "H").unwrap(),
            format!(
                "(class H builtin (bases (class G builtin (bases {root} no-bases)) \
                 (bases (class Exception builtin (bases {root} no-bases)) no-bases)))"
            )
        );
    }

    #[test]
    fn an_alias_is_the_class_itself() {
        assert_eq!(value(Version::new(3, 14), "IOError"), value(Version::new(3, 14), "OSError"));
    }

    #[test]
    fn a_class_of_a_later_version_is_left_out() {
        assert_eq!(value(Version::new(3, 10), "H"), None);
    }

    #[test]
    fn a_malformed_line_is_shown() {
        for line in ["A(B)", "A(", "1", "A since x", "A\nA", "A B"] {
            let error = Hierarchy::parse(&format!("X\n{line}\n"), Version::new(3, 14)).unwrap_err();
            assert!(error.line() >= 2, "{error}");
        }
    }
}
