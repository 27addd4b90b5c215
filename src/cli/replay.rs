//! `trylemma replay`: checks a trace against the rules.

use std::path::PathBuf;

use crate::cli::input::read_text;
use crate::cli::options::Semantics;
use crate::cli::output::{Output, Result};
use crate::limits::Limits;
use crate::trace::replay;

/// The arguments of `replay`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The trace, as `check --out` and `step --format ron` or `json` write it
    trace: PathBuf,
    #[command(flatten)]
    semantics: Semantics,
}

/// Replays the trace.
pub fn run(args: &Args, out: &mut Output) -> Result<u8> {
    let file = args.trace.display().to_string();
    let trace = replay::read(&file, &read_text(&args.trace)?)?;
    let mut book = args.semantics.book()?;
    if args.semantics.python.is_none() && trace.python != book.version.to_string() {
        book = Semantics::of_job(&trace.python, args.semantics.semantics.clone())?.book()?;
    }
    let limits = args.semantics.limits_from(Limits { activations: 1000, ..Limits::default() })?;
    match replay::replay(&book, &trace, limits) {
        Ok(()) => {
            let ending = match &trace.property {
                Some(broken) => {
                    format!("; it breaks {} at step {}: {}", broken.name, broken.step, broken.told())
                }
                None => String::new(),
            };
            out.line(format!("{file}: all {} steps follow the rules{ending}", trace.steps.len()))?;
            Ok(0)
        }
        Err(refusal) => {
            out.line(format!("{file}: refused: {refusal}"))?;
            Ok(1)
        }
    }
}
