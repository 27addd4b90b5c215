//! What a project says in its `pyproject.toml`, under `[tool.trylemma]`.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::Spanned;

use crate::book::Book;
use crate::cli::input::read_text;
use crate::cli::output::{Failure, Result};
use crate::diagnostic::{Diagnostic, known};
use crate::limits::Limits;
use crate::python::Pair;

/// The settings of a project. What the command line says goes before them.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, expecting = "a table")]
pub struct Settings {
    /// Pairs of calls that belong together, beside those of the book.
    pairs: Vec<String>,
    /// What is doubted, as by `--doubt`.
    doubts: Vec<Spanned<String>>,
    /// Limits by name, as by `--limit`.
    limits: BTreeMap<String, Spanned<u64>>,
    /// As `--turns`.
    pub turns: Option<u32>,
    /// Properties that are checked, as by `--property`.
    properties: Vec<Spanned<String>>,
    /// Properties that are not checked.
    without: Vec<Spanned<String>>,
    #[serde(skip)]
    file: PathBuf,
    #[serde(skip)]
    text: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, expecting = "a table")]
struct Project {
    tool: Tools,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, expecting = "a table")]
struct Tools {
    trylemma: Option<Settings>,
}

impl Settings {
    /// The settings for a file: of the nearest `pyproject.toml` in its folder or above that has any.
    ///
    /// # Errors
    /// One that cannot be read.
    pub fn of(file: &Path) -> Result<Settings> {
        let Ok(path) = std::path::absolute(file) else { return Ok(Settings::default()) };
        let above = usize::from(!path.is_dir());
        for folder in path.ancestors().skip(above) {
            let file = folder.join("pyproject.toml");
            if file.is_file() {
                return Settings::read(file);
            }
        }
        Ok(Settings::default())
    }

    fn read(file: PathBuf) -> Result<Settings> {
        let text = read_text(&file)?;
        let project: Project = toml::from_str(&text).map_err(|error| {
            let refused = Diagnostic::new("the settings cannot be read", file.display().to_string());
            let placed = match error.span() {
                Some(span) => refused.at(text.as_str(), span),
                None => refused,
            };
            placed
                .label(error.message())
                .help(
                    "the table [tool.trylemma] may have pairs = [\"checkout:checkin\"], doubts = [\"interrupts\"], \
                     limits = { states = 100000 }, turns = 3, properties and without, each a list of names",
                )
        })?;
        Ok(Settings { file, text, ..project.tool.trylemma.unwrap_or_default() })
    }

    /// What is doubted.
    ///
    /// # Errors
    /// What nothing can doubt.
    pub fn doubts(&self, book: &Book) -> Result<Vec<String>> {
        let known = |doubt: &Spanned<String>| match book.check_doubt(doubt.as_ref()) {
            Ok(()) => Ok(doubt.as_ref().clone()),
            Err(why) => Err(self.refused(doubt.span(), why)),
        };
        self.doubts.iter().map(known).collect()
    }

    /// The limits, each with its number.
    ///
    /// # Errors
    /// One that there is not.
    pub fn limits(&self) -> Result<Vec<(String, u64)>> {
        let known = |(name, number): (&String, &Spanned<u64>)| {
            let fits = Limits::default().set(name, *number.as_ref());
            fits.map_err(|why| self.refused(number.span(), why))?;
            Ok((name.clone(), *number.as_ref()))
        };
        self.limits.iter().map(known).collect()
    }

    /// The properties that are checked.
    ///
    /// # Errors
    /// One that the book does not have.
    pub fn properties(&self, book: &Book) -> Result<Vec<String>> {
        self.named(&self.properties, book)
    }

    /// The properties that are not checked.
    ///
    /// # Errors
    /// One that the book does not have.
    pub fn without(&self, book: &Book) -> Result<Vec<String>> {
        self.named(&self.without, book)
    }

    fn named(&self, names: &[Spanned<String>], book: &Book) -> Result<Vec<String>> {
        let checked = |name: &Spanned<String>| {
            let all = book.properties.iter().map(|property| property.name.as_str());
            let near = known(name.as_ref(), all);
            near.map_err(|near| {
                self.refused(name.span(), format!("no property `{}`; {near}", name.as_ref()))
            })?;
            Ok(name.as_ref().clone())
        };
        names.iter().map(checked).collect()
    }

    /// The error about a place of the settings.
    fn refused(&self, place: Range<usize>, why: String) -> Failure {
        let refused = Diagnostic::new("the settings cannot be used", self.file.display().to_string());
        refused.at(self.text.as_str(), place).label(why).into()
    }

    /// The pairs.
    ///
    /// # Errors
    /// One that is none.
    pub fn pairs(&self) -> Result<Vec<Pair>> {
        let read = |text: &String| {
            Pair::parse(text).ok_or_else(|| {
                Failure::Usage(format!(
                    "{}: the pair `{text}` is none: expected FIRST:SECOND, as in checkout:checkin, or FIRST>SECOND, where the second is for what the first gave",
                    self.file.display()
                ))
            })
        };
        self.pairs.iter().map(read).collect()
    }
}
