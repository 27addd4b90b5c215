//! `trylemma check`: properties of files, or of every program up to a size.

pub(super) mod covered;
pub(super) mod files;
pub(super) mod paths;
pub(super) mod search;

use std::path::{Path, PathBuf};

use crate::book::Book;
use crate::book::property::Kind;
use crate::check::program::Watched;
use crate::check::verdict::Verdict;
use crate::cli::litmus;
use crate::cli::options::{Format, Semantics, Source, Widening, formats};
use crate::cli::output::{Failure, Output, Result, complain};
use crate::cli::report;
use crate::cli::selection::Selection;
use crate::cli::settings::Settings;
use crate::cli::several;
use crate::cli::sizes;
use crate::limits::Limits;
use crate::trace::Trace;
use crate::trace::report::{FileReport, SubjectReport};

/// The arguments of `check`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// The Python files, folders of them, or functions of them, as FILE::FUNCTION; none with --size
    files: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) sizes: sizes::Flags,
    /// The litmus programs of the book, against their recorded outcomes
    #[arg(long, conflicts_with_all = ["files", "size", "Selection", "out", "format"])]
    litmus: bool,
    #[command(flatten)]
    selection: Selection,
    /// List the theorems, which hold of Python itself, one by one
    #[arg(long)]
    theorems: bool,
    /// Say what was found only
    #[arg(short, long)]
    quiet: bool,
    /// Exit code 1 also where a refutation rests on what grew in a loop and was taken as unknown
    #[arg(long)]
    strict: bool,
    /// Write the counterexamples into this folder, as RON traces
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// What is written
    #[arg(long, default_value = "text", value_parser = formats(&["text", "concise", "ron", "json", "sarif"]))]
    format: Format,
    #[command(flatten)]
    pub(super) semantics: Semantics,
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    widening: Widening,
}

/// What is said about a property, and the trace that shows it.
pub(super) struct Finding {
    pub(super) watched: Watched,
    pub(super) verdict: Verdict<Box<Trace>>,
    /// Further counterexamples, of other functions and files.
    pub(super) others: Vec<Trace>,
    pub(super) bound: String,
    /// Whether the property decides the exit code, or only earns a mention.
    pub(super) asked: bool,
}

impl Args {
    /// A flag that was given and that only files have a use for.
    fn of_files(&self) -> Option<&'static str> {
        let doubts = (!self.source.doubts.is_empty()).then_some("--doubt");
        doubts.or(self.strict.then_some("--strict"))
    }

    /// A flag that was given and that writes what several versions would write to one place.
    fn of_one_version(&self) -> Option<&'static str> {
        let out = self.out.is_some().then_some("--out");
        out.or(self.sizes.resume.is_some().then_some("--resume"))
    }

    /// Those of the properties that say something of all programs of a size.
    ///
    /// # Errors
    /// One that was named and does not.
    fn of_sizes(&self, asked: impl Iterator<Item = Watched>) -> Result<Vec<Watched>> {
        let whole = self.sizes.shapes.is_some();
        let (of_sizes, others): (Vec<_>, Vec<_>) = asked.partition(|Watched { property, .. }| {
            (whole || !property.objects) && !property.asks_for_rounds()
        });
        match others.iter().find(|other| self.selection.named(&other.property)) {
            Some(Watched { property, .. }) if property.objects && !whole => Err(Failure::Usage(format!(
                "{} is about objects, and the programs of the core have none; name shapes, as in --shapes groups, or a file",
                property.name
            ))),
            Some(Watched { property, .. }) => Err(Failure::Usage(format!(
                "{} is about files: it asks for rounds that nothing leaves",
                property.name
            ))),
            None => Ok(of_sizes),
        }
    }

    /// The arguments with what the settings of the project say where the command line says nothing. A project's settings are
    /// those of the first file.
    fn under_settings(mut self, book: &Book) -> Result<Args> {
        let Some(first) = self.files.first() else { return Ok(self) };
        let settings = Settings::of(&paths::file_of(first))?;
        if self.source.doubts.is_empty() {
            self.source.doubts = settings.doubts(book)?;
        }
        // A limit that is said again goes by the last word.
        let given = std::mem::replace(&mut self.semantics.limits, settings.limits()?);
        self.semantics.limits.extend(given);
        self.widening.turns = self.widening.turns.or(settings.turns);
        if self.selection.names.is_empty() {
            self.selection.names = settings.properties(book)?;
        }
        self.selection.without = settings.without(book)?;
        self.selection.without.retain(|name| !self.selection.names.contains(name));
        Ok(self)
    }
}

/// Checks files or sizes; under several versions, with a verdict for each group of those that have the same.
pub fn run(args: &Args, out: &mut Output) -> Result<u8> {
    let Some(versions) = args.semantics.several()? else { return run_one(args, out) };
    if let Some(flag) = args.of_one_version() {
        return Err(Failure::Usage(format!("{flag} is for one version of Python: name it with --python")));
    }
    several::each(&args.semantics, &versions, args.format, out, &|semantics, format, out| {
        run_one(&Args { semantics: semantics.clone(), format, ..args.clone() }, out)
    })
}

fn run_one(args: &Args, out: &mut Output) -> Result<u8> {
    let book = args.semantics.book()?;
    if args.litmus {
        return litmus::check(&book, args.semantics.limits_from(Limits::default())?, out);
    }
    if let (Some(_), Some(flag)) = (&args.sizes.size, args.of_files()) {
        return Err(Failure::Usage(format!(
            "{flag} is about files, and says nothing of all programs of a size"
        )));
    }
    let args = &args.clone().under_settings(&book)?;
    let doubts = args.source.doubts(&book)?;
    let selected = args.selection.select(&book, (args.sizes.size.is_none(), args.theorems), &doubts)?;
    let mut presentation = Presentation {
        of_sizes: args.sizes.size.is_some(),
        theorems: args.theorems,
        quiet: args.quiet,
        format: args.format,
        out: args.out.as_deref(),
        reports: Vec::new(),
        granted: book.granted(&doubts),
        left_out: &args.selection.without,
        strict: args.strict,
    };
    match (&args.sizes.size, args.files.as_slice()) {
        (Some(size), _) => {
            let asked = selected.into_iter().filter(|s| s.asked).map(|s| s.watched);
            let checked = sizes::check(args, &book, size.range(), args.of_sizes(asked)?)?;
            present(&presentation, &book, checked, out)
        }
        (None, []) => Err(Failure::Usage("name a file to check, or a --size for all programs".into())),
        (None, _) => {
            let mut tell = |found: &[files::Broken]| report::found(out, args.format, found);
            let files = files::check(args, &book, &selected, &mut tell)?;
            if let ([], [first, ..]) = (&files.checked.0[..], &files.failures[..]) {
                // Nothing ran, so nothing holds; and what fails first makes the others fail.
                complain(first);
                return Ok(2);
            }
            presentation.reports = files.reports;
            let code = present(&presentation, &book, files.checked, out)?;
            files.failures.iter().for_each(|failure| complain(failure));
            // What was found is worth more than what could not be looked at; neither is that nothing was found.
            Ok(match code {
                1 => 1,
                _ if !files.failures.is_empty() => 2,
                0 if files.lacks => 3,
                code => code,
            })
        }
    }
}

/// How findings are shown.
pub(super) struct Presentation<'a> {
    /// Whether they are about all programs of some sizes.
    pub(super) of_sizes: bool,
    /// Whether theorems are listed one by one.
    pub(super) theorems: bool,
    /// Whether only findings are shown.
    pub(super) quiet: bool,
    /// What is written.
    pub(super) format: Format,
    /// The folder that traces go to.
    pub(super) out: Option<&'a Path>,
    /// What was covered of files.
    pub(super) reports: Vec<FileReport>,
    /// What was taken for granted.
    pub(super) granted: String,
    /// The properties that the project's settings leave out.
    pub(super) left_out: &'a [String],
    /// Whether what rests on a widened value decides the exit code like a refutation.
    pub(super) strict: bool,
}

/// Shows what was found, and returns the exit code.
pub(super) fn present(
    how: &Presentation,
    book: &Book,
    (subjects, findings): Checked,
    out: &mut Output,
) -> Result<u8> {
    if let Some(folder) = how.out {
        write_traces(folder, &findings)?;
    }
    match how.format {
        Format::Text => report::text(out, how, book, &subjects, &findings)?,
        Format::Concise if how.of_sizes => report::concise(out, &findings)?,
        // Each finding of a file was told when it was there.
        Format::Concise => {}
        Format::Sarif => report::sarif(out, &findings)?,
        format => {
            let hazards = hazards(&findings);
            out.data(format, &report::data(book, subjects, &findings, &hazards, &how.reports))?;
        }
    }
    let code = |finding: &Finding| match finding.verdict.rests_on_widening() {
        true if how.strict => 1,
        _ => finding.verdict.exit_code(),
    };
    let codes = findings.iter().filter(|f| f.asked).map(code);
    // A refutation outweighs a limit.
    Ok(codes.min_by_key(|code| [1, 3, 0].iter().position(|c| c == code)).unwrap_or(0))
}

pub(super) type Checked = (Vec<SubjectReport>, Vec<Finding>);

/// The hazards that were found, asked for or not.
pub(super) fn hazards(findings: &[Finding]) -> Vec<String> {
    findings
        .iter()
        .filter(|f| f.watched.property.kind == Kind::Hazard && matches!(f.verdict, Verdict::Refuted(_)))
        .map(|f| f.watched.property.name.clone())
        .collect()
}

fn write_traces(folder: &Path, findings: &[Finding]) -> Result<()> {
    let unwritable = |path: &Path, error: std::io::Error| {
        Failure::Usage(format!("{} cannot be written: {error}", path.display()))
    };
    std::fs::create_dir_all(folder).map_err(|e| unwritable(folder, e))?;
    for finding in findings.iter().filter(|f| f.asked) {
        let name = report::name_of(&finding.watched).replace([' ', ':', '/'], "-");
        for (number, trace) in finding.traces().enumerate() {
            let text = trace.to_ron().map_err(|e| Failure::Usage(e.to_string()))?;
            let path = match number {
                0 => folder.join(format!("{name}.ron")),
                number => folder.join(format!("{name}-{}.ron", number + 1)),
            };
            std::fs::write(&path, text).map_err(|e| unwritable(&path, e))?;
        }
    }
    Ok(())
}

impl Finding {
    /// All counterexamples, in the order of files and functions.
    pub(super) fn traces(&self) -> impl Iterator<Item = &Trace> {
        let first = match &self.verdict {
            Verdict::Refuted(trace) => Some(&**trace),
            _ => None,
        };
        first.into_iter().chain(self.others.iter())
    }
}
