//! The command line.

mod bad_input;
mod check;
mod limits;
mod replay;
mod run;
mod show;
mod wrong_books;

use std::process::Output;

use assert_cmd::Command;

use super::common::text;

/// Runs the binary in the repository.
pub fn trylemma(arguments: &[&str]) -> Output {
    with_input(arguments, "")
}

/// Runs the binary with something on standard input.
pub fn with_input(arguments: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trylemma"));
    let output = command.current_dir(env!("CARGO_MANIFEST_DIR")).args(arguments).write_stdin(input);
    let output = output.output().expect("the binary runs");
    assert!(!text(&output.stderr).contains("panicked"), "{arguments:?}: {}", text(&output.stderr));
    output
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
    let output = trylemma(arguments);
    let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {stdout}{stderr}");
    assert_eq!(stdout, "", "{arguments:?}");
    assert_eq!(stderr.matches("error: ").count(), 1, "{arguments:?}: {stderr}");
    stderr
}
