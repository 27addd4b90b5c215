//! Programs drawn from the whole language, for the tests that run many.

use std::time::{SystemTime, UNIX_EPOCH};

use trylemma::book::Book;
use trylemma::book::version::Version;
use trylemma::diagnostic::Diagnostic;
use trylemma::python::load;
use trylemma::python::{LoadOptions, Program};

use super::{book, python, repository, text};

/// The environment's word for a setting, or what else it is.
pub fn setting(name: &str, default: impl FnOnce() -> String) -> String {
    std::env::var(name).unwrap_or_else(|_| default())
}

/// A seed that no one had before.
pub fn fresh_seed() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("the clock is right");
    now.as_nanos().to_string()
}

/// Programs drawn from the whole language by a seed, in order; see `tests/differential/draw.py`.
pub fn drawn_programs(seed: &str, count: usize) -> Vec<String> {
    drawn_for(Version::DEFAULT, seed, count)
}

/// The same for a version of Python.
pub fn drawn_for(version: Version, seed: &str, count: usize) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let script = repository("tests/differential/draw.py").display().to_string();
    let target = folder.path().display().to_string();
    let (count_text, version) = (count.to_string(), version.to_string());
    let of = ["--seed", seed, "--count", &count_text, "--out", &target, "--python", &version];
    let output = python(&[&[script.as_str()], &of[..]].concat(), "");
    assert!(output.status.success(), "{}", text(&output.stderr));
    let read = |number| {
        let path = folder.path().join(format!("{seed}-{number:05}.py"));
        std::fs::read_to_string(path).expect("the program was written")
    };
    (0..count).map(read).collect()
}

/// A program, loaded as `run` loads it.
pub fn whole_program(source: &str) -> Result<Program, Diagnostic> {
    whole_program_of(book(), source)
}

/// The same for a book.
pub fn whole_program_of(book: &Book, source: &str) -> Result<Program, Diagnostic> {
    let options = LoadOptions { objects: true, ..LoadOptions::of(book) };
    load("program.py", source.as_bytes(), &options)
}
