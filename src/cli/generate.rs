//! `trylemma generate`: test programs with their expected events and outcomes.

use std::path::PathBuf;

use clap::ValueEnum;
use proptest::test_runner::{RngAlgorithm, TestRng};

use crate::book::Book;
use crate::check::{Enumeration, Fragment};
use crate::cli::options::{Format, Semantics};
use crate::cli::output::{Failure, Output, Result};
use crate::cli::sizes::Sizes;
use crate::generate::pytest;
use crate::generate::{Case, Suite};
use crate::limits::{Limits, Stop};
use crate::trace::corpus::{Corpus, FORMAT};

/// The arguments of `generate`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Every program of up to N nodes, or of A to B nodes
    #[arg(long, value_name = "N|A..B")]
    size: Sizes,
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
    #[arg(long, value_enum, default_value_t = Kind::Pytest)]
    format: Kind,
    /// Write to this file, not to standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    semantics: Semantics,
}

/// What is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// A Python module for pytest, or to be run by itself
    Pytest,
    /// A corpus in Rusty Object Notation
    Ron,
    /// A corpus in JSON
    Json,
}

/// Writes the programs.
pub fn run(args: &Args, out: &mut Output) -> Result<u8> {
    let book = args.semantics.book()?;
    let limits = args.semantics.limits_from(Limits::default())?;
    let fragment = if args.closed { Fragment::Closed } else { Fragment::Core };
    let programs = Enumeration::new(fragment);
    let total: u128 = args.size.range().map(|size| programs.count(size)).sum();
    let chosen = chosen(args, &programs, total)?;
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
    let provenance = provenance(args, &book, cases.len(), total);
    let text = match args.format {
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
    match &args.out {
        Some(path) => std::fs::write(path, text)?,
        None => out.text(&text)?,
    }
    Ok(0)
}

/// More programs than this are asked for by sample.
const MOST: u128 = 2_000_000;

fn chosen(args: &Args, programs: &Enumeration, total: u128) -> Result<Vec<(usize, u128)>> {
    let located = |mut number: u128| {
        for size in args.size.range() {
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

fn provenance(args: &Args, book: &Book, chosen: usize, total: u128) -> String {
    let fragment = if args.closed { "closed programs" } else { "programs" };
    let sizes = args.size.range();
    let from = format!("of the core of size {} to {}, Python {}", sizes.start(), sizes.end(), book.version);
    match args.sample {
        Some(_) => format!("{chosen} of the {total} {fragment} {from}, drawn with seed {}", args.seed),
        None => format!("all {total} {fragment} {from}"),
    }
}
