//! `trylemma check`: properties of files, or of every program up to a size.

use std::path::{Path, PathBuf};

use clap::ArgAction;

use super::options::{Format, Semantics, Source, read_text};
use super::output::{Failure, Output, Result};
use super::{report, sizes};
use crate::check::program::{Watched, check_program, trace_of};
use crate::check::verdict::Verdict;
use crate::diagnostic::nearest;
use crate::limits::{LimitReached, Limits};
use crate::spec::Book;
use crate::spec::property::{Kind, Property, Scope};
use crate::trace::Trace;
use crate::trace::record::Subject;
use crate::trace::report::SubjectReport;

/// The arguments of `check`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The Python files; none with --size
    files: Vec<PathBuf>,
    /// Every program of the core of up to N nodes, or of A to B nodes
    #[arg(long, value_name = "N|A..B", conflicts_with = "files")]
    size: Option<sizes::Sizes>,
    /// A property by name: hazards are added, theorems are checked instead of all of them
    #[arg(long = "property", value_name = "NAME")]
    names: Vec<String>,
    /// Check the hazards too
    #[arg(long)]
    hazards: bool,
    /// After FIRST() returned, SECOND() is called exactly once on every path
    #[arg(long = "pair", value_name = "FIRST:SECOND", action = ArgAction::Append)]
    pairs: Vec<String>,
    /// A Markdown file with properties of your own, in the book's notation
    #[arg(long, value_name = "FILE")]
    properties: Option<PathBuf>,
    /// Write the counterexamples into this folder, as RON traces
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Threads for --size; all cores by default
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Stop after the smallest size at which anything is refuted
    #[arg(long)]
    first: bool,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    pub(super) semantics: Semantics,
    #[command(flatten)]
    source: Source,
}

impl Args {
    pub(super) fn threads(&self) -> usize {
        let all = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        self.threads.unwrap_or(all).max(1)
    }

    pub(super) fn stop_at_first(&self) -> bool {
        self.first
    }
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
    if !matches!(args.format, Format::Text | Format::Json | Format::Ron) {
        return Err(Failure::Usage("check writes text, ron or json".into()));
    }
    let (watched, asked) = properties(args, &book)?;
    let (subjects, findings) = match (&args.size, args.files.as_slice()) {
        (Some(size), _) => {
            let watched = watched.into_iter().zip(&asked).filter(|(_, asked)| **asked).map(|(w, _)| w);
            sizes::check(args, &book, size.range(), watched.collect())?
        }
        (None, []) => {
            return Err(Failure::Usage("name a file to check, or a --size for all programs".into()));
        }
        (None, files) => check_files(args, &book, files, &watched, &asked)?,
    };
    if let Some(folder) = &args.out {
        write_traces(folder, &findings)?;
    }
    let hazards = hazards(&findings);
    match args.format {
        Format::Text => report::text(out, args.size.is_some(), &book, &subjects, &findings)?,
        format => out.data(format, &report::data(&book, subjects, &findings, &hazards))?,
    }
    let codes = findings.iter().filter(|f| f.asked).map(|f| f.verdict.exit_code());
    // A refutation outweighs a limit.
    Ok(codes.min_by_key(|code| [1, 3, 0].iter().position(|c| c == code)).unwrap_or(0))
}

/// The properties to watch, and which of them were asked for.
fn properties(args: &Args, book: &Book) -> Result<(Vec<Watched>, Vec<bool>)> {
    let mut own: Vec<Property> = Vec::new();
    if let Some(path) = &args.properties {
        let text = read_text(path)?;
        own = book.read_properties(&path.display().to_string(), &text)?;
        own.retain(|property| !matches!(property.scope, Scope::Pair));
    }
    let catalogue = book.properties.iter().filter(|p| !matches!(p.scope, Scope::Pair));
    for name in &args.names {
        let known = || own.iter().chain(catalogue.clone()).map(|p| p.name.as_str());
        if !known().any(|k| k == name) {
            let near = nearest(name, known());
            return Err(Failure::Usage(format!("no property `{name}`; {near}")));
        }
    }
    let named = |name: &String| args.names.contains(name);
    let names_theorem = catalogue.clone().any(|p| p.kind == Kind::Theorem && named(&p.name));
    let definition = args.properties.as_deref().map(read_text).transpose()?;
    let mut watched = Vec::new();
    let mut asked = Vec::new();
    let catalogue: Vec<&Property> = catalogue.collect();
    for property in own.clone() {
        asked.push(args.names.is_empty() || named(&property.name));
        watched.push(Watched { property, pair: None, definition: definition.clone() });
    }
    for property in catalogue {
        asked.push(match property.kind {
            Kind::Theorem if names_theorem => named(&property.name),
            Kind::Theorem => true,
            Kind::Hazard => args.hazards || named(&property.name),
        });
        watched.push(Watched::of_book(property));
    }
    for pair in &args.pairs {
        watched.push(pairing(book, pair)?);
        asked.push(true);
    }
    Ok((watched, asked))
}

fn pairing(book: &Book, pair: &str) -> Result<Watched> {
    let (first, second) =
        pair.split_once(':').filter(|(a, b)| !a.is_empty() && !b.is_empty()).ok_or_else(|| {
            Failure::Usage(format!("--pair {pair}: expected FIRST:SECOND, as in connect:disconnect"))
        })?;
    let property = book
        .properties
        .iter()
        .find(|p| matches!(p.scope, Scope::Pair))
        .ok_or_else(|| Failure::Usage("the book has no property for `each pair`".into()))?;
    let mut watched = Watched::of_book(property);
    watched.pair = Some((first.into(), second.into()));
    Ok(watched)
}

type Checked = (Vec<SubjectReport>, Vec<Finding>);

fn check_files(
    args: &Args,
    book: &Book,
    files: &[PathBuf],
    watched: &[Watched],
    asked: &[bool],
) -> Result<Checked> {
    let limits = args.semantics.limits_from(Limits::default())?;
    let mut subjects = Vec::new();
    let mut verdicts: Vec<Verdict<Box<Trace>>> = watched.iter().map(|_| Verdict::Holds).collect();
    for file in files {
        for subject in entries(args, book, file)? {
            check_pair_names(&subject, watched)?;
            let (mut machine, findings) = check_program(book, &subject, watched, limits);
            if let Some(breakdown) = &findings.breakdown {
                return Err(Failure::Usage(format!(
                    "{}: the rules fail: no rule applies to {}, a fault of the book",
                    file.display(),
                    machine.bank().show(breakdown.state)
                )));
            }
            subjects.push(SubjectReport {
                name: subject.program.name.clone(),
                entry: subject.entry.clone(),
                programs: 1,
                states: findings.states,
                steps: findings.steps,
                paths: findings.paths,
                limit: findings.limit.as_ref().map(ToString::to_string),
            });
            for refutation in &findings.refutations {
                let place = refutation.property;
                if !matches!(verdicts[place], Verdict::Refuted(_)) {
                    let trace = trace_of(&mut machine, book, &subject, &watched[place], refutation);
                    let trace = trace.map_err(|e| Failure::Usage(e.to_string()))?;
                    verdicts[place] = Verdict::Refuted(Box::new(trace));
                }
            }
            if let Some(limit) = findings.limit {
                give_up(&mut verdicts, &limit);
            }
        }
    }
    let bound = match subjects.len() {
        1 => "every path of this program".to_string(),
        n => format!("every path of these {n} programs"),
    };
    let findings = watched
        .iter()
        .zip(verdicts)
        .zip(asked)
        .map(|((watched, verdict), asked)| Finding {
            watched: watched.clone(),
            verdict,
            bound: bound.clone(),
            asked: *asked,
        })
        .collect();
    Ok((subjects, findings))
}

fn give_up(verdicts: &mut [Verdict<Box<Trace>>], limit: &LimitReached) {
    for verdict in verdicts.iter_mut().filter(|v| matches!(v, Verdict::Holds)) {
        *verdict = Verdict::Unknown(limit.clone());
    }
}

/// The module, and each function that nothing in the file mentions; or the one asked for.
fn entries(args: &Args, book: &Book, file: &Path) -> Result<Vec<Subject>> {
    let (program, assumptions) = args.source.load(book, file)?;
    let subject = |entry: Option<&str>| -> Result<Subject> {
        let program = match entry {
            Some(entry) => program.with_entry(entry)?,
            None => program.clone(),
        };
        Ok(Subject { program, entry: entry.map(str::to_string), assumptions: assumptions.clone() })
    };
    if let Some(entry) = &args.source.entry {
        return Ok(vec![subject(Some(entry))?]);
    }
    let uncalled = program.functions.iter().filter(|function| !function.called);
    std::iter::once(subject(None)).chain(uncalled.map(|function| subject(Some(&function.name)))).collect()
}

fn check_pair_names(subject: &Subject, watched: &[Watched]) -> Result<()> {
    let program = &subject.program;
    let functions = program.functions.iter().map(|f| f.name.as_str());
    let known: Vec<&str> = functions.chain(program.unknowns.iter().map(String::as_str)).collect();
    for (first, second) in watched.iter().filter_map(|w| w.pair.as_ref()) {
        for name in [first, second] {
            if !known.contains(&name.as_str()) {
                let near = nearest(name, known.iter().copied());
                return Err(Failure::Usage(format!(
                    "--pair: {} has no function `{name}`; {near}",
                    program.name
                )));
            }
        }
    }
    Ok(())
}

/// The hazards that were found, asked for or not.
pub(super) fn hazards(findings: &[Finding]) -> Vec<String> {
    findings
        .iter()
        .filter(|f| f.watched.property.kind == Kind::Hazard && matches!(f.verdict, Verdict::Refuted(_)))
        .map(|f| f.watched.property.name.clone())
        .collect()
}

fn write_traces(folder: &Path, findings: &[Finding]) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    for finding in findings.iter().filter(|f| f.asked) {
        if let Verdict::Refuted(trace) = &finding.verdict {
            let name = report::name_of(&finding.watched).replace([' ', ':', '/'], "-");
            let text = trace.to_ron().map_err(|e| Failure::Usage(e.to_string()))?;
            std::fs::write(folder.join(format!("{name}.ron")), text)?;
        }
    }
    Ok(())
}
