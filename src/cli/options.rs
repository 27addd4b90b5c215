//! The flags that commands share.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};

use crate::book::Book;
use crate::book::edition::Edition;
use crate::book::version::{Version, Versions};
use crate::check::program::Subject;
use crate::cli::input::{read_bytes, read_text, standard_input};
use crate::cli::output::{Failure, Result};
use crate::diagnostic::Diagnostic;
use crate::limits::{Limits, MOST_TURNS};
use crate::machine::Engine;
use crate::python::load;
use crate::python::{Assumptions, LoadOptions, Pairs, Program, Setting, Twin};

/// Which semantics, and within which limits.
#[derive(Debug, Clone, Args)]
pub struct Semantics {
    /// The version of Python whose rules apply: 1.5.2, 2.0 to 3.14, and 3.11.3, after which 3.11 changed; where several are compared,
    /// the first and the last, as 3.8..3.14 [default: 3.14]
    #[arg(long, value_name = "VERSION")]
    pub python: Option<Versions>,
    /// Another book: a folder of Markdown chapters, and its library in library/ where it has one
    #[arg(long, value_name = "DIR")]
    pub semantics: Option<PathBuf>,
    /// Which stepper runs the rules
    #[arg(long, value_enum, default_value_t = EngineFlag::Compiled)]
    pub engine: EngineFlag,
    /// Change a limit, as in states=50000000 (states, activations, depth, nodes, steps, terms, members)
    #[arg(long = "limit", value_name = "NAME=N", value_parser = parse_limit)]
    pub limits: Vec<(String, u64)>,
}

/// A stepper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum EngineFlag {
    /// Flat code made from the rules
    Compiled,
    /// egg matches and builds each step
    Reference,
}

/// What a command writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Text,
    /// One line a finding
    Concise,
    /// Rusty Object Notation, versioned
    Ron,
    /// JSON, versioned
    Json,
    /// SARIF 2.1.0, with paths as code flows
    Sarif,
    /// The paths, one after the other
    Paths,
    /// A Graphviz graph
    Dot,
    /// LaTeX inference rules
    Latex,
    /// A Python module of tests, for pytest or to be run by itself
    Pytest,
}

/// A parser of the formats that a command writes.
pub fn formats(names: &'static [&'static str]) -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(names).try_map(|name| Format::from_str(&name, false))
}

fn parse_limit(text: &str) -> std::result::Result<(String, u64), String> {
    let (name, value) = text.split_once('=').ok_or("expected NAME=N, as in states=50000000")?;
    let value = value.replace('_', "").parse().map_err(|_| format!("`{value}` is not a number"))?;
    Limits::default().set(name, value)?;
    Ok((name.to_string(), value))
}

impl Semantics {
    /// The semantics of a job that was run elsewhere, by a book of that version.
    ///
    /// # Errors
    /// When there is no such version.
    pub fn of_job(python: &str, semantics: Option<PathBuf>) -> Result<Semantics> {
        let python = Some(python.parse().map_err(Failure::Usage)?);
        Ok(Semantics { python, semantics, engine: EngineFlag::Compiled, limits: Vec::new() })
    }

    /// The versions that the flags name, of those that the book reads, where they are more than one.
    ///
    /// # Errors
    /// The first or the last one is none of the book's.
    pub fn several(&self) -> Result<Option<Vec<Version>>> {
        match self.python {
            Some(versions) if versions.one().is_none() => self.versions().map(Some),
            _ => Ok(None),
        }
    }

    /// The versions that the flags name, of those that the book reads; all of them where the flags name none.
    ///
    /// # Errors
    /// The first or the last one is none of the book's.
    pub fn versions(&self) -> Result<Vec<Version>> {
        let known = match self.python {
            None => self.book_of(Version::DEFAULT)?.versions_read(),
            Some(versions) => {
                self.book_of(versions.first)?;
                let known = self.book_of(versions.last)?.versions_read();
                known.into_iter().filter(|version| versions.has(*version)).collect()
            }
        };
        Ok(known)
    }

    /// The same flags for one version.
    #[must_use]
    pub fn at(&self, version: Version) -> Semantics {
        Semantics { python: Some(version.into()), ..self.clone() }
    }

    /// The one version that the flags name.
    ///
    /// # Errors
    /// They name several.
    pub fn version(&self) -> Result<Version> {
        let one = self.python.map_or(Some(Version::DEFAULT), Versions::one);
        one.ok_or_else(|| {
            Failure::Usage("--python: this takes one version; across, check and explore take several".into())
        })
    }

    /// The book that the flags name.
    pub fn book(&self) -> Result<Book> {
        self.book_of(self.version()?)
    }

    /// The book that the flags name, for another version.
    pub fn book_of(&self, version: Version) -> Result<Book> {
        Ok(match &self.semantics {
            Some(folder) => Book::from_folder(folder, version)?,
            None => Book::built_in(version)?,
        })
    }

    /// The folder of the book, where the flags name one.
    pub fn folder(&self) -> Option<&Path> {
        self.semantics.as_deref()
    }

    /// An edition of the book that the flags name.
    pub fn edition(&self, edition: Edition) -> std::result::Result<Book, Diagnostic> {
        match &self.semantics {
            Some(folder) => Book::edition_from_folder(folder, &edition),
            None => Book::built_in_edition(&edition),
        }
    }

    /// The stepper that the flags name.
    pub fn engine(&self) -> Engine {
        match self.engine {
            EngineFlag::Compiled => Engine::Compiled,
            EngineFlag::Reference => Engine::Reference,
        }
    }

    /// The limits, `base` changed by the flags.
    pub fn limits_from(&self, mut base: Limits) -> Result<Limits> {
        for (name, value) in &self.limits {
            base.set(name, *value).map_err(Failure::Usage)?;
        }
        Ok(base)
    }
}

/// What is done about graphs that have no end.
#[derive(Debug, Clone, Args)]
pub struct Widening {
    /// Where a graph has no end, what grows in a loop is unknown after this many turns; 0 for never [default: 2]
    #[arg(long, value_name = "N")]
    pub turns: Option<u32>,
}

/// How many turns of a loop are followed as they are, unless somebody says otherwise.
const TURNS: u32 = 2;

impl Widening {
    /// The limits with the turns that the flag says.
    pub fn of(&self, limits: Limits) -> Limits {
        let turns = self.turns.unwrap_or(TURNS);
        Limits { turns: (turns > 0).then_some(turns.min(MOST_TURNS)), ..limits }
    }
}

/// A program to load.
#[derive(Debug, Clone, Args)]
pub struct Source {
    /// A RON file that narrows what calls of unknown names return and raise, as in
    /// (calls: {"login": Call(returns: Some([Bool(true), None])), "*.close": Call(raises: Some([]))})
    ///
    /// A name is that of a function or a method, as explore prints it or as the file writes it; `*` stands for any text, and "*" is
    /// for all names that no other entry is about. A part that is left out narrows nothing.
    #[arg(long, value_name = "FILE")]
    pub assume: Option<PathBuf>,
    /// Call this function of the file after the module, with unknown arguments
    #[arg(long, value_name = "NAME")]
    pub entry: Option<String>,
    /// Take what is not modelled as unknown, and list it; always so where all paths are explored
    #[arg(long)]
    pub unknown: bool,
    /// Do not take for granted what is otherwise: attributes (an unknown may lack one), callbacks (an unknown call may call the
    /// functions that it is given), interrupts (a KeyboardInterrupt may come between two statements), cleanup (what a failing
    /// close() hides is a hazard, too), managers (an unknown one may discard an exception), returns (usage() may return), loops (one
    /// over an unknown may have no turn)
    #[arg(long = "doubt", value_name = "WHAT")]
    pub doubts: Vec<String>,
}

impl Source {
    /// What the flags assume.
    pub fn assumptions(&self) -> Result<Assumptions> {
        match &self.assume {
            None => Ok(Assumptions::default()),
            Some(path) => Ok(Assumptions::parse(&path.display().to_string(), &read_text(path)?)?),
        }
    }

    /// What the flags doubt.
    ///
    /// # Errors
    /// What nothing can doubt.
    pub fn doubts(&self, book: &Book) -> Result<BTreeSet<String>> {
        let known = |doubt: &String| book.check_doubt(doubt).map(|()| doubt.clone());
        let known = self.doubts.iter().map(known).collect::<std::result::Result<_, _>>();
        known.map_err(|why| Failure::Usage(format!("--doubt: {why}")))
    }

    /// Loads a file for a book; for a run, objects are always kept, and what no file defines is a NameError, unless
    /// the flags say what it is.
    pub fn load_for(&self, book: &Book, path: &Path, run: bool) -> Result<(Program, Assumptions)> {
        let bytes = read_bytes(path)?;
        let mut options = self.options(book, path, run)?;
        if run && path != Path::new("-") {
            options.input = standard_input(&bytes)?;
        }
        let program = load(&path.display().to_string(), &bytes, &options)?;
        Ok((program, options.assumptions))
    }

    /// Loads a file for a book, with the markers for these pairs of calls.
    pub fn load_paired(&self, book: &Book, path: &Path, pairs: Pairs) -> Result<(Program, Assumptions)> {
        let bytes = read_bytes(path)?;
        let options = LoadOptions { pairs, ..self.options(book, path, false)? };
        let program = load(&path.display().to_string(), &bytes, &options)?;
        Ok((program, options.assumptions))
    }

    /// A file that was loaded, loaded again as it is run in another setting.
    pub fn load_as(&self, book: &Book, path: &Path, program: &Program, setting: Setting) -> Result<Program> {
        let pairs = program.pairs.0.clone();
        let options = LoadOptions { setting, pairs, ..self.options(book, path, false)? };
        Ok(load(&program.name, program.source.as_bytes(), &options)?)
    }

    /// Loads a text that is compared with another, as it is run in some setting.
    pub fn load_twin(
        &self,
        book: &Book,
        (name, bytes): (&str, &[u8]),
        twin: Twin,
        places: bool,
        setting: Setting,
    ) -> Result<Program> {
        let options = self.options(book, Path::new(name), false)?;
        Ok(load(name, bytes, &LoadOptions { twin: Some(twin), places, setting, ..options })?)
    }

    /// How a file is loaded.
    fn options(&self, book: &Book, path: &Path, run: bool) -> Result<LoadOptions> {
        Ok(LoadOptions {
            assumptions: self.assumptions()?,
            objects: run && !self.is_open(),
            unknown: self.unknown || !run,
            forgets: !run,
            folder: path.parent().map(Path::to_path_buf),
            doubts: book.doubts_of_programs(&self.doubts(book)?),
            ..LoadOptions::of(book)
        })
    }

    /// Whether the flags say something of what no file defines.
    pub fn is_open(&self) -> bool {
        self.assume.is_some() || self.entry.is_some() || self.unknown || !self.doubts.is_empty()
    }
}

/// One file, and the semantics that it is run by.
#[derive(Debug, Clone, Args)]
pub struct Job {
    /// The Python file; - for standard input
    pub file: PathBuf,
    #[command(flatten)]
    pub semantics: Semantics,
    #[command(flatten)]
    pub source: Source,
}

impl Job {
    /// The stepper that the flags name.
    pub fn engine(&self) -> Engine {
        self.semantics.engine()
    }

    /// The book, the limits (`base` changed by the flags), and the file as it is run: loaded,
    /// and its entry, if one is named, called after the module.
    pub fn load(&self, base: Limits) -> Result<(Book, Limits, Subject)> {
        self.load_for(base, false)
    }

    /// The same for a run.
    pub fn load_to_run(&self, base: Limits) -> Result<(Book, Limits, Subject)> {
        self.load_for(base, true)
    }

    fn load_for(&self, base: Limits, run: bool) -> Result<(Book, Limits, Subject)> {
        let book = self.semantics.book()?;
        let (program, assumptions) = self.source.load_for(&book, &self.file, run)?;
        let program = match &self.source.entry {
            Some(entry) => program.with_entry(entry).map_err(Failure::of_entry)?,
            None => program,
        };
        let limits = self.semantics.limits_from(base)?;
        Ok((book, limits, Subject { program, entry: self.source.entry.clone(), assumptions }))
    }

    /// A program that was loaded to be run, loaded again so that its state holds where control is.
    pub fn load_with_places(&self, book: &Book, program: &Program, entry: Option<&str>) -> Result<Program> {
        let mut options = self.source.options(book, &self.file, true)?;
        (options.places, options.input) = (true, program.input.clone());
        let placed = load(&program.name, program.source.as_bytes(), &options)?;
        Ok(match entry {
            Some(entry) => placed.with_entry(entry)?,
            None => placed,
        })
    }
}
