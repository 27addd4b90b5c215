//! The one home of "run the binary".

use std::path::Path;
use std::process::Output;

use assert_cmd::Command;

use super::{repository, text};

/// The binary under test.
pub const TRYLEMMA: &str = env!("CARGO_BIN_EXE_trylemma");

/// Runs the binary in the repository.
pub fn trylemma(arguments: &[&str]) -> Output {
    with_input(arguments, "")
}

/// Runs the binary in the repository with something on standard input.
pub fn with_input(arguments: &[&str], input: &str) -> Output {
    in_folder(&repository(""), arguments, input)
}

/// Runs the binary in a folder. It never panics, whatever it is given.
pub fn in_folder(folder: &Path, arguments: &[&str], input: &str) -> Output {
    let mut command = Command::new(TRYLEMMA);
    let output = command.current_dir(folder).args(arguments).write_stdin(input).output();
    let output = output.expect("the binary runs");
    assert!(!failed(&output), "{arguments:?}: {}", text(&output.stderr));
    output
}

/// Whether the binary panicked.
pub fn failed(output: &Output) -> bool {
    let stderr = text(&output.stderr);
    stderr.contains("this is a fault of Trylemma") || stderr.contains("panicked at")
}

/// Runs a program under `trylemma run`, from a file `p.py` in a folder of its own.
pub fn run_source(source: impl AsRef<[u8]>, flags: &[&str]) -> Output {
    let (folder, _path) = super::file("p.py", source);
    in_folder(folder.path(), &[&["run", "p.py"], flags].concat(), "")
}

/// What the binary writes where it exits with success.
pub fn ok(arguments: &[&str]) -> String {
    exits(arguments, 0)
}

/// What the binary writes to stdout where it exits with `code`.
pub fn exits(arguments: &[&str], code: i32) -> String {
    let output = trylemma(arguments);
    let shown = text(&output.stdout) + &text(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {shown}");
    text(&output.stdout)
}

/// What the binary complains of where it exits with 2: one message, and nothing on stdout.
pub fn complaint(arguments: &[&str]) -> String {
    one_complaint(&trylemma(arguments), &format!("{arguments:?}"))
}

/// The one message of a run that exits with 2, and writes nothing to stdout.
pub fn one_complaint(output: &Output, what: &str) -> String {
    let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(2), "{what}: {stdout}{stderr}");
    assert_eq!(stdout, "", "{what}");
    assert_eq!(stderr.matches("error: ").count(), 1, "{what}: {stderr}");
    stderr
}
