//! `trylemma ask`: a question about the paths of a file, answered by yes or no, with a path.

mod answer;
mod arcs;
mod binds;
mod question;

use std::path::PathBuf;

use crate::cli::ask::answer::{Answer, Job};
use crate::cli::ask::question::Question;
use crate::cli::entering::{Loaded, limits};
use crate::cli::options::{Format, Semantics, Source, Widening, formats};
use crate::cli::output::{Failure, Output, Result};
use crate::limits::Limits;
use crate::python::Pairs;
use crate::render::text::narrative;
use crate::trace::report::AskReport;

/// The arguments of `ask`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Questions:\n  \
reach 27           is a statement on line 27 executed?\n  \
unbound x [at 30]  is x read, on line 30, while it is not bound?\n  \
returns f          does a call of f end otherwise than by an exception?\n  \
raises f [E]       does a call of f end by an exception, of the class E?\n  \
arcs 9             which lines come next after line 9?\n  \
binds x at 30      which bindings of x, by their lines, can line 30 see?\n\n\
The module is run, and each of its functions is entered by itself, as by `check`.\n\n\
Exit codes: 0 yes; 1 no, on no path; 2 wrong usage; 3 unknown: a limit was reached, or something that the question is about was not entered.")]
pub struct Args {
    /// The Python file
    file: PathBuf,
    /// The question
    #[arg(required = true, num_args = 1..)]
    question: Vec<String>,
    /// What is written
    #[arg(long, default_value = "text", value_parser = formats(&["text", "json", "ron"]))]
    format: Format,
    #[command(flatten)]
    semantics: Semantics,
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    widening: Widening,
}

/// Answers the question.
pub fn run(args: &Args, out: &mut Output) -> Result<u8> {
    let book = args.semantics.book()?;
    let words: Vec<&str> = args.question.iter().flat_map(|part| part.split_whitespace()).collect();
    let question = Question::read(&words)?;
    let (program, assumptions) = args.source.load_paired(
        &book,
        &args.file,
        Pairs { binding: question.binding(), ..Pairs::default() },
    )?;
    let asked = args.source.entry.clone();
    if let Some(entry) = &asked {
        program.function(entry).map_err(Failure::of_entry)?;
    }
    let job = Job {
        book: &book,
        source: &args.source,
        words: words.join(" "),
        file: Loaded { path: args.file.clone(), asked, program, assumptions },
        limits: limits(&args.semantics, &args.widening, Limits::default().memory)?,
        engine: args.semantics.engine(),
    };
    let (code, word, path, lines, why) = match job.answer(&question)? {
        Answer::Yes(path, lines) => (0, "yes", path, lines, Vec::new()),
        Answer::No => (1, "no", None, Vec::new(), Vec::new()),
        Answer::Unknown(why, lines) => (3, "unknown", None, lines, why),
    };
    let report = AskReport {
        format: crate::trace::FORMAT,
        rules: book.hash.clone(),
        python: book.version.to_string(),
        question: job.words,
        answer: word.to_string(),
        lines,
        why,
        path: path.map(|path| *path),
    };
    match args.format {
        Format::Text => text(&report, out)?,
        format => out.data(format, &report)?,
    }
    Ok(code)
}

fn text(report: &AskReport, out: &mut Output) -> Result<()> {
    match (report.lines.as_slice(), report.why.is_empty()) {
        ([], _) => out.line(&report.answer)?,
        (lines, true) => out.line(format!("{}: {}", report.answer, lines.join(", ")))?,
        (lines, false) => out.line(format!("{}; found: {}", report.answer, lines.join(", ")))?,
    }
    for why in &report.why {
        out.line(format!("    {why}"))?;
    }
    if let Some(path) = &report.path {
        out.line("")?;
        out.text(&narrative(path))?;
    }
    Ok(())
}
