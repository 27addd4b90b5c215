//! Which files `check` is about: files, folders, and entries of files.

use std::path::{Path, PathBuf};

use crate::cli::output::{Failure, Result};

/// A file, and the function of it that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) struct Named {
    /// The file.
    pub(in crate::cli) path: PathBuf,
    /// The function.
    pub(in crate::cli) entry: Option<String>,
}

/// The files that arguments name, in their order: a folder stands for the Python files in it, by name.
pub(in crate::cli) fn files(arguments: &[PathBuf], entry: Option<&str>) -> Result<Vec<Named>> {
    let mut found: Vec<Named> = Vec::new();
    for argument in arguments {
        if argument.is_dir() {
            let before = found.len();
            let mut paths = Vec::new();
            walk(argument, &mut paths)?;
            found.extend(paths.into_iter().map(|path| Named { path, entry: entry.map(str::to_string) }));
            if found.len() == before {
                return Err(Failure::Usage(format!("there is no Python file in {}", argument.display())));
            }
            continue;
        }
        found.push(named(argument, entry));
    }
    Ok(found)
}

/// `FILE`, or `FILE::FUNCTION`.
pub(in crate::cli) fn named(argument: &Path, entry: Option<&str>) -> Named {
    let text = argument.to_str().unwrap_or_default();
    match text.rsplit_once("::").filter(|_| !argument.exists()) {
        Some((path, function)) => Named { path: path.into(), entry: Some(function.to_string()) },
        None => Named { path: argument.to_path_buf(), entry: entry.map(str::to_string) },
    }
}

/// The file or folder of an argument that may name a function, too.
pub(super) fn file_of(argument: &Path) -> PathBuf {
    named(argument, None).path
}

/// The Python files in a folder and those in it; what is hidden, or the cache of a Python, is none.
fn walk(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    let unreadable =
        |error: std::io::Error| Failure::Usage(format!("{} cannot be read: {error}", folder.display()));
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        entries.push(entry.map_err(unreadable)?);
    }
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let (path, name) = (entry.path(), entry.file_name());
        let name = name.to_string_lossy();
        if name.starts_with('.') || name == "__pycache__" {
            continue;
        }
        // A link to a folder may lead back here.
        if entry.file_type().map_err(unreadable)?.is_dir() {
            walk(&path, found)?;
        } else if path.extension().is_some_and(|extension| extension == "py") {
            found.push(path);
        }
    }
    Ok(())
}
