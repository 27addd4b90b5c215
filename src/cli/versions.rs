//! `trylemma versions`: what changes between versions of Python, and which theorems hold in which.

use clap::ValueEnum;

use crate::book::edition::Edition;
use crate::check::holding::holdings;
use crate::check::telling::{Sought, Survey};
use crate::cli::options::Semantics;
use crate::cli::output::{Output, Result};
use crate::cli::sizes::threads;
use crate::render::versions as render;

/// The arguments of `versions`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What is written, as a chapter of the book
    #[arg(value_enum)]
    what: What,
    /// Programs of the book's shapes, of up to N parts
    #[arg(long, default_value_t = 3, value_name = "N", value_parser = clap::value_parser!(u8).range(0..=12))]
    parts: u8,
    /// Programs of the control core, up to this size; of the theorems, one larger
    #[arg(long, default_value_t = 3, value_name = "N", value_parser = clap::value_parser!(u8).range(0..=6))]
    size: u8,
    /// How many threads work; all cores by default
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    #[command(flatten)]
    semantics: Semantics,
}

/// A chapter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
    /// Each gate of the book with the smallest program that shows it
    Changes,
    /// Which theorems hold in which version, and the smallest program that breaks one
    Theorems,
}

/// Writes a chapter.
pub fn run(args: &Args, out: &mut Output) -> Result<u8> {
    let versions = args.semantics.versions()?;
    let read = |edition: Edition| args.semantics.edition(edition);
    let sought = Sought { parts: args.parts.into(), core: args.size.into(), litmus: true };
    let survey = Survey::of(&versions, sought, &read, threads(args.threads))?;
    if args.what == What::Changes {
        out.text(&render::chapter(&survey))?;
        return Ok(0);
    }
    // The theorems cost less than comparing does.
    let size = usize::from(args.size) + 1;
    let found = holdings(&survey, size, &read, threads(args.threads))?;
    out.text(&render::theorems(&versions, &found, size))?;
    Ok(0)
}
