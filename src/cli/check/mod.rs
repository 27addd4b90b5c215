//! `trylemma check`: properties of files, or of every program up to a size.

mod files;

use std::path::{Path, PathBuf};

use crate::book::Book;
use crate::book::property::Kind;
use crate::check::program::Watched;
use crate::check::verdict::Verdict;
use crate::cli::litmus;
use crate::cli::options::{Format, Semantics, Source, Widening, formats};
use crate::cli::output::{Failure, Output, Result};
use crate::cli::report;
use crate::cli::selection::Selection;
use crate::cli::sizes;
use crate::limits::Limits;
use crate::trace::Trace;
use crate::trace::report::SubjectReport;

/// The arguments of `check`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The Python files; none with --size
    files: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) sizes: sizes::Flags,
    /// The litmus programs of the book, against their recorded outcomes
    #[arg(long, conflicts_with_all = ["files", "size", "Selection", "out", "format"])]
    litmus: bool,
    #[command(flatten)]
    selection: Selection,
    /// Write the counterexamples into this folder, as RON traces
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// What is written
    #[arg(long, default_value = "text", value_parser = formats(&["text", "ron", "json"]))]
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
    pub(super) bound: String,
    /// Whether the property decides the exit code, or only earns a mention.
    pub(super) asked: bool,
}

/// Checks files or sizes.
pub fn run(args: &Args, out: &mut Output) -> Result<u8> {
    let book = args.semantics.book()?;
    if args.litmus {
        return litmus::check(&book, args.semantics.limits_from(Limits::default())?, out);
    }
    let selected = args.selection.select(&book)?;
    let (subjects, findings) = match (&args.sizes.size, args.files.as_slice()) {
        (Some(size), _) => {
            let asked = selected.into_iter().filter(|s| s.asked && !s.watched.property.objects);
            let asked = asked.map(|s| s.watched);
            sizes::check(args, &book, size.range(), asked.collect())?
        }
        (None, []) => {
            return Err(Failure::Usage("name a file to check, or a --size for all programs".into()));
        }
        (None, _) => files::check(args, &book, &selected)?,
    };
    let presentation = Presentation {
        of_sizes: args.sizes.size.is_some(),
        hazards: args.selection.hazards,
        format: args.format,
        out: args.out.as_deref(),
    };
    present(&presentation, &book, (subjects, findings), out)
}

/// How findings are shown.
pub(super) struct Presentation<'a> {
    /// Whether they are about all programs of some sizes.
    pub(super) of_sizes: bool,
    /// Whether the hazards were asked for.
    pub(super) hazards: bool,
    /// What is written.
    pub(super) format: Format,
    /// The folder that traces go to.
    pub(super) out: Option<&'a Path>,
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
    let hazards = hazards(&findings);
    match how.format {
        Format::Text => report::text(out, how.of_sizes, how.hazards, book, &subjects, &findings)?,
        format => out.data(format, &report::data(book, subjects, &findings, &hazards))?,
    }
    let codes = findings.iter().filter(|f| f.asked).map(|f| f.verdict.exit_code());
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
        if let Verdict::Refuted(trace) = &finding.verdict {
            let name = report::name_of(&finding.watched).replace([' ', ':', '/'], "-");
            let text = trace.to_ron().map_err(|e| Failure::Usage(e.to_string()))?;
            let path = folder.join(format!("{name}.ron"));
            std::fs::write(&path, text).map_err(|e| unwritable(&path, e))?;
        }
    }
    Ok(())
}
