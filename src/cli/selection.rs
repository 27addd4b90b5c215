//! Which properties a call of `check` is about.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::book::Book;
use crate::book::property::{Kind, Property, Scope};
use crate::book::version::Version;
use crate::check::program::Watched;
use crate::cli::input::read_text;
use crate::cli::output::{Failure, Result};
use crate::cli::settings::Settings;
use crate::diagnostic::nearest;
use crate::python::{Pair, Pairs};

/// The flags that choose properties.
#[derive(Debug, Clone, clap::Args)]
pub struct Selection {
    /// A property by name: hazards are added to what is checked, theorems and contracts are checked instead of all of them
    #[arg(long = "property", value_name = "NAME")]
    pub(super) names: Vec<String>,
    /// Properties that the project's settings leave out.
    #[arg(skip)]
    pub(super) without: Vec<String>,
    /// Check for the hazards where they are not looked for unasked: of all programs of a size, and beside properties that are named
    #[arg(long)]
    pub(super) hazards: bool,
    /// After FIRST() returned, SECOND() is called exactly once on every path; of methods, as in .acquire:.release or
    /// lock.acquire:lock.release, on the same object
    #[arg(long = "pair", value_name = "FIRST:SECOND")]
    pairs: Vec<String>,
    /// A Markdown file with properties of your own, in the book's notation
    #[arg(long, value_name = "FILE")]
    properties: Option<PathBuf>,
}

/// A property that is watched.
#[derive(Debug, Clone)]
pub struct Selected {
    /// The property.
    pub watched: Watched,
    /// Whether it decides the exit code, or only earns a mention among the hazards.
    pub asked: bool,
    /// Whether names alone call for it: then it is about those functions only that call both themselves.
    pub usual: bool,
}

/// A property and the text that defines it, where that is not the book.
type Defined = (Property, Option<String>);

impl Selected {
    /// The pairing properties of the book for two functions.
    pub fn of_pair(book: &Book, pair: &(String, String)) -> Vec<Selected> {
        let properties = book.properties.iter().filter(|property| matches!(property.scope, Scope::Pair));
        properties
            .map(|property| Selected {
                watched: Watched { property: property.clone(), pair: Some(pair.clone()), definition: None },
                asked: true,
                usual: true,
            })
            .collect()
    }
}

impl Selected {
    /// The properties of the book for two calls on one object.
    pub fn of_objects(book: &Book, pair: &Pair) -> Vec<Selected> {
        let about = |property: &&Property| match property.scope {
            Scope::Objects { strict } => pair.strict || !strict,
            _ => false,
        };
        let properties = book.properties.iter().filter(about);
        let names = (pair.first.clone(), pair.second.clone());
        properties
            .map(|property| Selected {
                watched: Watched { property: property.clone(), pair: Some(names.clone()), definition: None },
                asked: true,
                usual: false,
            })
            .collect()
    }
}

impl Selection {
    /// The pairs of calls on one object that are looked for in a file: those that were asked for, and the usual ones, of the book and
    /// of the project, where nothing else was asked for instead; and the book's words for what undoes something.
    pub fn pairs_in(&self, book: &Book, file: &Path) -> Result<Pairs> {
        let asked = self
            .pairs
            .iter()
            .filter(|pair| is_of_objects(pair))
            .map(|pair| of_objects(pair))
            .collect::<Result<_>>()?;
        let mut usual = Vec::new();
        if self.is_open(book) {
            usual.extend(book.object_pairs.iter().filter_map(|text| Pair::parse(text)));
            usual.extend(Settings::of(file)?.pairs()?);
        }
        Ok(Pairs { asked, usual, undoing: book.undoing.clone(), binding: None })
    }

    /// The properties to watch. Files are checked for hazards, too, and for theorems under the newest version alone, unless these
    /// are listed or named: what a theorem of today says may be false of an older version, and is no fault of a file then.
    ///
    /// # Errors
    /// A file that cannot be read, a name that nothing has, a pair that is none.
    pub fn select(
        &self,
        book: &Book,
        (of_files, theorems): (bool, bool),
        doubts: &BTreeSet<String>,
    ) -> Result<Vec<Selected>> {
        let theorems = theorems || !of_files || book.version == Version::DEFAULT;
        let all = self.all(book)?;
        self.check_names(&all)?;
        let by_default = of_files && self.names.is_empty() && self.is_open(book);
        let names_theorem = all.iter().any(|(p, _)| p.kind == Kind::Theorem && self.named(p));
        let mut selected = Vec::new();
        for (property, definition) in all {
            let doubted = |what: &String| doubts.contains(what) || self.named(&property);
            if !property.doubt.as_ref().is_none_or(doubted) {
                continue;
            }
            if property.scope.is_pair() {
                selected.extend(self.pairings(&property, &definition)?);
                continue;
            }
            let asked = match property.kind {
                _ if definition.is_some() => self.names.is_empty() || self.named(&property),
                Kind::Theorem if names_theorem => self.named(&property),
                Kind::Theorem => theorems,
                Kind::Hazard => self.hazards || self.named(&property) || by_default,
                Kind::Contract => self.named(&property),
            };
            selected.push(Selected {
                watched: Watched { property, pair: None, definition },
                asked,
                usual: false,
            });
        }
        Ok(selected)
    }

    /// Whether the contracts that the program's names call for are checked, too: unless a theorem or a contract is named.
    pub fn is_open(&self, book: &Book) -> bool {
        let instead = |property: &&Property| property.kind != Kind::Hazard && self.named(property);
        self.properties.is_none() && !book.properties.iter().any(|property| instead(&property))
    }

    fn all(&self, book: &Book) -> Result<Vec<Defined>> {
        let mut all: Vec<Defined> = Vec::new();
        if let Some(path) = &self.properties {
            let text = read_text(path)?;
            for property in book.read_properties(&path.display().to_string(), &text)? {
                if book.properties.iter().any(|p| p.name == property.name) {
                    let name = &property.name;
                    return Err(Failure::Usage(format!(
                        "{}: the book has a property `{name}` already; give yours another name",
                        path.display()
                    )));
                }
                all.push((property, Some(text.clone())));
            }
        }
        all.extend(book.properties.iter().map(|property| (property.clone(), None)));
        Ok(all)
    }

    /// Whether a property is left out: by the settings, and not named.
    pub(super) fn leaves_out(&self, property: &Property) -> bool {
        self.without.contains(&property.name) && !self.named(property)
    }

    /// Whether a property was named.
    pub(super) fn named(&self, property: &Property) -> bool {
        self.names.contains(&property.name)
    }

    fn check_names(&self, all: &[Defined]) -> Result<()> {
        for name in &self.names {
            let Some((property, _)) = all.iter().find(|(p, _)| p.name == *name) else {
                let near = nearest(name, all.iter().map(|(p, _)| p.name.as_str()));
                return Err(Failure::Usage(format!("no property `{name}`; {near}")));
            };
            if property.scope.is_pair() && self.pairs.is_empty() {
                return Err(Failure::Usage(format!(
                    "the property `{name}` is about a pair of functions; name them with --pair FIRST:SECOND"
                )));
            }
        }
        Ok(())
    }

    /// A pairing property for each pair, unless other properties were named.
    fn pairings(&self, property: &Property, definition: &Option<String>) -> Result<Vec<Selected>> {
        let of_objects = matches!(property.scope, Scope::Objects { .. });
        let pairs = self.pairs.iter().filter(|pair| is_of_objects(pair) == of_objects).map(|pair| {
            let names = match of_objects {
                true => self::of_objects(pair).map(|pair| (pair.first, pair.second))?,
                false => split(pair)?,
            };
            Ok(Selected {
                watched: Watched {
                    property: property.clone(),
                    pair: Some(names),
                    definition: definition.clone(),
                },
                asked: true,
                usual: false,
            })
        });
        pairs.collect()
    }
}

/// Whether a pair is about objects: one of its names says of what it is called, or the second is for what the first gave.
fn is_of_objects(pair: &str) -> bool {
    pair.contains(['.', '>', '|'])
}

/// A pair of calls on one object. Who asks for it means all of it: the second only follows the first.
fn of_objects(pair: &str) -> Result<Pair> {
    let read = Pair::parse(pair).map(|read| Pair { strict: !read.gives, ..read });
    read.ok_or_else(|| {
        Failure::Usage(format!(
            "--pair {pair}: expected FIRST:SECOND, two methods, as in .acquire:.release or lock.acquire:lock.release"
        ))
    })
}

fn split(pair: &str) -> Result<(String, String)> {
    pair.split_once(':')
        .filter(|(first, second)| !first.is_empty() && !second.is_empty() && !second.contains(':'))
        .filter(|(first, second)| first != second)
        .map(|(first, second)| (first.to_string(), second.to_string()))
        .ok_or_else(|| {
            Failure::Usage(format!(
                "--pair {pair}: expected FIRST:SECOND, two functions, as in connect:disconnect"
            ))
        })
}
