//! `trylemma replay`: checks a trace against the rules.

use std::path::PathBuf;

use super::options::{Semantics, read_text};
use super::output::{Failure, Output, Result};
use crate::limits::Limits;
use crate::spec::version::Version;
use crate::trace::replay;

/// The arguments of `replay`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The trace, as `check --out` and `step --format ron` write it
    trace: PathBuf,
    #[command(flatten)]
    semantics: Semantics,
}

/// Replays the trace.
pub fn run(args: &Args, out: &mut Output) -> Result<u8> {
    let file = args.trace.display().to_string();
    let trace = replay::read(&file, &read_text(&args.trace)?)?;
    let mut book = args.semantics.book()?;
    if args.semantics.python == Version::DEFAULT && trace.python != book.version.to_string() {
        let version = trace.python.parse().map_err(Failure::Usage)?;
        book = Semantics { python: version, semantics: args.semantics.semantics.clone(), ..SAME }.book()?;
    }
    let limits = args.semantics.limits_from(Limits { activations: 1000, ..Limits::default() })?;
    match replay::replay(&book, &trace, limits) {
        Ok(()) => {
            let ending = match &trace.property {
                Some(broken) => {
                    format!("; it breaks {} at step {}: {}", broken.name, broken.step, broken.reason)
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

/// Flags that a trace's own version does not change.
const SAME: Semantics = Semantics {
    python: Version::DEFAULT,
    semantics: None,
    engine: super::options::EngineFlag::Compiled,
    limits: Vec::new(),
};
