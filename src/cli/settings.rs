//! What a project says in its `pyproject.toml`, under `[tool.trylemma]`.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::cli::options::read_text;
use crate::cli::output::{Failure, Result};
use crate::diagnostic::Diagnostic;
use crate::python::Pair;

/// The settings of a project.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Pairs of calls that belong together, beside those of the book.
    pairs: Vec<String>,
    #[serde(skip)]
    file: PathBuf,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Project {
    tool: Tools,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
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
        for folder in path.ancestors().skip(1) {
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
                .help("trylemma reads the table [tool.trylemma], as in pairs = [\"checkout:checkin\"]")
        })?;
        Ok(Settings { file, ..project.tool.trylemma.unwrap_or_default() })
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
