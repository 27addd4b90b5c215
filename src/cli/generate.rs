//! `trylemma generate`: test programs with their expected events and outcomes.

use std::path::PathBuf;

use clap::ValueEnum;
use proptest::test_runner::{RngAlgorithm, TestRng};

use crate::book::Book;
use crate::book::version::Version;
use crate::check::telling::{Sought, Survey};
use crate::check::{Enumeration, Fragment};
use crate::cli::between::between;
use crate::cli::options::{Format, Semantics};
use crate::cli::output::{Failure, Output, Result};
use crate::cli::sizes::{self, Sizes};
use crate::generate::pytest;
use crate::generate::versions::{self, cases as versions_of};
use crate::generate::{Case, Suite};
use crate::limits::{Limits, Stop};
use crate::trace::corpus::{Corpus, FORMAT, VersionedCorpus};

/// The arguments of `generate`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Every program of up to N nodes, or of A to B nodes; where versions are compared, of up to N parts
    #[arg(long, value_name = "N|A..B", required_unless_present = "between")]
    size: Option<Sizes>,
    /// The smallest programs of the whole language that tell two versions of Python apart
    #[arg(long, num_args = 2, value_names = ["OLDER", "NEWER"], conflicts_with_all = ["sample", "seed", "closed", "runs", "all_versions"])]
    between: Option<Vec<Version>>,
    /// Programs of the whole language, with since and until when each does what
    #[arg(long, conflicts_with_all = ["sample", "seed", "closed", "runs"])]
    all_versions: bool,
    /// How many threads work where versions are compared; all cores by default
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Only this many programs, drawn uniformly
    #[arg(long, value_name = "N")]
    sample: Option<usize>,
    /// The seed of the sample
    #[arg(long, default_value_t = 0, value_name = "N")]
    seed: u64,
    /// Leave out what is unknown: calls, conditions, and so loops
    #[arg(long)]
    closed: bool,
    /// At most this many runs a program
    #[arg(long, default_value_t = 16, value_name = "N")]
    runs: usize,
    /// What is written: of what tells two versions apart text by default, of other programs pytest
    #[arg(long, value_enum)]
    format: Option<Kind>,
    /// Write to this file, not to standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    semantics: Semantics,
}

/// What is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// For people
    Text,
    /// A Python module for pytest, or to be run by itself
    Pytest,
    /// A corpus in Rusty Object Notation
    Ron,
    /// A corpus in JSON
    Json,
}

/// Writes the programs.
pub fn run(args: &Args, out: &mut Output) -> Result<u8> {
    let threads = sizes::threads(args.threads);
    if let Some([older, newer]) = args.between.as_deref() {
        let parts = args.size.map(|size| *size.range().end());
        let report = between(&args.semantics, [*older, *newer], parts, threads)?;
        let (text, written) =
            Output::kept(|out| crate::cli::between::write(&report, data_format(args)?, out));
        written?;
        return write(args, &text, out);
    }
    let Some(size) = args.size else {
        return Err(Failure::Usage("--size says how large the programs are".into()));
    };
    if args.format == Some(Kind::Text) {
        return Err(Failure::Usage("--format text is for --between".into()));
    }
    if args.all_versions {
        let text = all_versions(args, *size.range().end(), threads)?;
        return write(args, &text, out);
    }
    let book = args.semantics.book()?;
    let limits = args.semantics.limits_from(Limits::default())?;
    let fragment = if args.closed { Fragment::Closed } else { Fragment::Core };
    let programs = Enumeration::new(fragment);
    let total: u128 = size.range().map(|size| programs.count(size)).sum();
    let chosen = chosen(args, size, &programs, total)?;
    let mut suite = Suite::new(&book, limits, args.runs);
    let cases: Vec<Case> = chosen
        .into_iter()
        .filter_map(|(size, index)| {
            let core = programs.core(size, index)?;
            let case = suite.case(format!("program_{size}_{index}"), &core);
            Some(case.map_err(|stop| match stop {
                Stop::Limit(limit) => Failure::Limit(limit),
                stop => Failure::Usage(stop.to_string()),
            }))
        })
        .collect::<Result<_>>()?;
    let provenance = provenance(args, size, &book, cases.len(), total);
    let text = match args.format.unwrap_or(Kind::Pytest) {
        Kind::Pytest => pytest::module(&provenance, &cases),
        kind => {
            let corpus = Corpus {
                format: FORMAT,
                rules: book.hash.clone(),
                python: book.version.to_string(),
                chosen: provenance,
                cases,
            };
            match kind {
                Kind::Json => crate::cli::output::data_text(Format::Json, &corpus)?,
                _ => crate::cli::output::data_text(Format::Ron, &corpus)?,
            }
        }
    };
    write(args, &text, out)
}

/// Writes a text where it is wanted.
fn write(args: &Args, text: &str, out: &mut Output) -> Result<u8> {
    match &args.out {
        Some(path) => std::fs::write(path, text)?,
        None => out.text(text)?,
    }
    Ok(0)
}

/// The format of what tells two versions apart; none for text.
fn data_format(args: &Args) -> Result<Option<Format>> {
    match args.format {
        None | Some(Kind::Text) => Ok(None),
        Some(Kind::Ron) => Ok(Some(Format::Ron)),
        Some(Kind::Json) => Ok(Some(Format::Json)),
        Some(Kind::Pytest) => Err(Failure::Usage("--format: --between writes text, json or ron".into())),
    }
}

/// All programs of the book's shapes up to so many parts, with what each version does with them.
fn all_versions(args: &Args, parts: usize, threads: usize) -> Result<String> {
    let versions = args.semantics.versions()?;
    let sought = Sought { parts, core: 0, litmus: false };
    let survey = Survey::run(&versions, sought, &|edition| args.semantics.edition(edition), threads)?;
    let newest = args.semantics.book_of(*versions.last().unwrap_or(&Version::DEFAULT))?;
    let cases = versions_of(&survey, &newest.versions);
    let last = newest.version;
    let chosen = format!(
        "all {} programs of the book's shapes of up to {parts} parts, up to Python {last}",
        cases.len()
    );
    let corpus = VersionedCorpus { format: FORMAT, rules: newest.hash.clone(), chosen, cases };
    match args.format {
        Some(Kind::Json) => crate::cli::output::data_text(Format::Json, &corpus),
        Some(Kind::Ron) => crate::cli::output::data_text(Format::Ron, &corpus),
        _ => Ok(versions::module(&corpus.chosen, &corpus.cases)),
    }
}

/// More programs than this are asked for by sample.
const MOST: u128 = 2_000_000;

fn chosen(args: &Args, size: Sizes, programs: &Enumeration, total: u128) -> Result<Vec<(usize, u128)>> {
    let located = |mut number: u128| {
        for size in size.range() {
            let count = programs.count(size);
            if number < count {
                return (size, number);
            }
            number -= count;
        }
        (1, 0)
    };
    match args.sample {
        None if total > MOST => {
            Err(Failure::Usage(format!("there are {total} programs; draw some with --sample N --seed S")))
        }
        None => Ok((0..total).map(located).collect()),
        Some(_) if total == 0 => Ok(Vec::new()),
        Some(sample) => {
            let mut rng = generator(args.seed);
            Ok((0..sample).map(|_| located(draw(&mut rng, total))).collect())
        }
    }
}

fn generator(seed: u64) -> TestRng {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    TestRng::from_seed(RngAlgorithm::ChaCha, &bytes)
}

/// A number below `total`, each as likely as the others.
fn draw(rng: &mut TestRng, total: u128) -> u128 {
    use proptest::prelude::Rng;
    let unbiased = u128::MAX - u128::MAX % total;
    loop {
        let number = (u128::from(rng.next_u64()) << 64) | u128::from(rng.next_u64());
        if number < unbiased {
            return number % total;
        }
    }
}

fn provenance(args: &Args, size: Sizes, book: &Book, chosen: usize, total: u128) -> String {
    let fragment = if args.closed { "closed programs" } else { "programs" };
    let sizes = size.range();
    let from = format!("of the core of size {} to {}, Python {}", sizes.start(), sizes.end(), book.version);
    match args.sample {
        Some(_) => format!("{chosen} of the {total} {fragment} {from}, drawn with seed {}", args.seed),
        None => format!("all {total} {fragment} {from}"),
    }
}
