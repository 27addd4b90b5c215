//! What people gave the command and was answered wrongly once: files, a command line, and what comes of it.

use std::fs;
use std::process::Output;

use crate::common::{in_folder, repository, text};

/// The table: behind `#` a name; behind `@` a file, with its lines behind `|`; behind `$` the arguments, behind `?` the exit code; behind
/// `+` what is told, on stdout or stderr, and behind `-` what is not.
const INPUTS: &str = "tests/suite/command_inputs.txt";

/// Writes the files of an input into a folder, and runs its command there.
fn run(entry: &str) -> Output {
    let folder = tempfile::tempdir().expect("a folder");
    let mut file: Option<(&str, String)> = None;
    let keep = |file: &mut Option<(&str, String)>| {
        if let Some((name, content)) = file.take() {
            fs::write(folder.path().join(name), content).expect("a file");
        }
    };
    let mut arguments: Vec<&str> = Vec::new();
    for line in entry.lines() {
        if let Some(name) = line.strip_prefix("@ ") {
            keep(&mut file);
            file = Some((name, String::new()));
        } else if let (Some(text), Some((_, content))) = (line.strip_prefix('|'), &mut file) {
            content.push_str(text.strip_prefix(' ').unwrap_or(text));
            content.push('\n');
        } else if let Some(words) = line.strip_prefix("$ ") {
            arguments = words.split(' ').collect();
        }
    }
    keep(&mut file);
    in_folder(folder.path(), &arguments, "")
}

#[test]
fn each_input_comes_to_what_the_table_says() {
    let table = fs::read_to_string(repository(INPUTS)).expect("the table is there");
    let mut wrong = Vec::new();
    for entry in table.trim().split("\n\n") {
        let output = run(entry);
        let told = text(&output.stdout) + &text(&output.stderr);
        for line in entry.lines() {
            let holds = match line.split_at_checked(2) {
                Some(("? ", code)) => {
                    output.status.code().map(|code| code.to_string()).as_deref() == Some(code)
                }
                Some(("+ ", part)) => told.contains(part),
                Some(("- ", part)) => !told.contains(part),
                _ => true,
            };
            if !holds {
                wrong.push(format!("{line}\n{entry}\n{told}"));
            }
        }
    }
    assert!(wrong.is_empty(), "these come to something else:\n\n{}\n", wrong.join("\n\n"));
}
