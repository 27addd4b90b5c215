//! Parts of jobs in files: what to resume from, and what shards leave.

use std::path::{Path, PathBuf};

use crate::check::Exhaustive;
use crate::check::checkpoint::Checkpoint;
use crate::check::program::Watched;
use crate::cli::input::read_text;
use crate::cli::output::{Failure, Result};
use crate::diagnostic::Diagnostic;
use crate::limits::Limits;
use crate::machine::Engine;
use crate::trace::part::{Asked, Part};

/// What a job asks, so that its parts can be told from those of others.
pub fn asked(job: &Exhaustive, watched: &[Watched]) -> Asked {
    Asked {
        rules: job.book.hash.clone(),
        python: job.book.version.to_string(),
        fragment: job.fragment.name().into(),
        sizes: (*job.sizes.start(), *job.sizes.end()),
        method: job.method.name().into(),
        engine: match job.engine {
            Engine::Reference => "reference".into(),
            Engine::Compiled => "compiled".into(),
        },
        limits: Limits::NAMES.iter().map(|name| (name.to_string(), job.limits.reached(name).value)).collect(),
        properties: watched.iter().map(|w| (w.property.name.clone(), w.definition.clone())).collect(),
    }
}

/// The checkpoint of the part in a file; nothing where there is no file.
///
/// # Errors
/// A file that cannot be read, is no part or was cut short, or is part of another job.
pub fn read_if_there(path: &Path, asked: &Asked) -> Result<Option<Checkpoint>> {
    if !path.exists() {
        return Ok(None);
    }
    let part = read(path)?;
    match difference(&part.job, asked) {
        None => Ok(Some(part.checkpoint())),
        Some(what) => Err(fault(path, &format!("it is part of another job: {what}"))),
    }
}

/// The part in a file.
///
/// # Errors
/// A file that cannot be read, is no part, or was cut short.
pub fn read(path: &Path) -> Result<Part> {
    Part::from_ron(&read_text(path)?).map_err(|why| fault(path, &why))
}

/// The first thing that two jobs differ in.
pub fn difference(one: &Asked, other: &Asked) -> Option<String> {
    let differs = |what: &str, one: String, other: String| {
        (one != other).then(|| format!("{what} {one} there, and {other} here"))
    };
    let short = |hash: &String| hash.chars().take(12).collect::<String>();
    differs("rules", short(&one.rules), short(&other.rules))
        .or_else(|| differs("Python", one.python.clone(), other.python.clone()))
        .or_else(|| differs("fragment", one.fragment.clone(), other.fragment.clone()))
        .or_else(|| differs("sizes", format!("{:?}", one.sizes), format!("{:?}", other.sizes)))
        .or_else(|| differs("method", one.method.clone(), other.method.clone()))
        .or_else(|| differs("engine", one.engine.clone(), other.engine.clone()))
        .or_else(|| differs("limits", format!("{:?}", one.limits), format!("{:?}", other.limits)))
        .or_else(|| (one != other).then(|| "it checks other properties".into()))
}

/// Writes a part: all of it, or, where that fails, nothing, and what was there stays.
///
/// # Errors
/// When it cannot be written.
pub fn write(path: &Path, asked: &Asked, checkpoint: &Checkpoint) -> Result<()> {
    let text = Part::new(asked.clone(), checkpoint).and_then(|part| part.to_ron());
    let text = text.map_err(|error| Failure::Usage(error.to_string()))?;
    let beside = beside(path);
    let written = std::fs::write(&beside, text).and_then(|()| std::fs::rename(&beside, path));
    written.map_err(|error| {
        // What was there before is untouched; the attempt is of no use.
        let _ = std::fs::remove_file(&beside);
        Diagnostic::new(format!("what is done cannot be saved: {error}"), path.display().to_string())
            .help("make room, or name another file; what was saved before is still there")
            .into()
    })
}

/// Where a part is written before it takes the place of the file; what a killed job left there is
/// overwritten.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(".new");
    path.with_file_name(name)
}

/// A file that is not what it should be.
pub fn fault(path: &Path, why: &str) -> Failure {
    Diagnostic::new(why, path.display().to_string())
        .help("name a file that --resume wrote for this very job, or remove it to start anew")
        .into()
}
