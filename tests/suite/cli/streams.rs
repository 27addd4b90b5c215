//! What `check` finds is printed when it is there, in the order of the files.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use crate::common::{text, trylemma};

/// A file that loses an exception.
const LOSES: &str = "def f():\n    try:\n        work()\n    finally:\n        return 1\n";

/// A file whose search takes long.
fn endless() -> String {
    let tests: String = (0..40).map(|n| format!("    if u{n}():\n        x.append(u{n})\n")).collect();
    format!("def f(x):\n{tests}    for y in x:\n        print(y, x)\n    f(x)\n")
}

#[test]
fn what_is_found_in_a_file_is_printed_while_the_next_one_is_searched() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, program) in [("a.py", LOSES.to_string()), ("b.py", endless())] {
        std::fs::write(folder.path().join(name), program).expect("it is written");
    }
    for format in ["text", "concise"] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_trylemma"))
            .args([
                "check",
                "--format",
                format,
                "--limit",
                "states=9000000",
                "--turns",
                "0",
                "--threads",
                "2",
            ])
            .arg(folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut line).expect("a line");
        let searches = child.try_wait().expect("a state").is_none();
        child.kill().expect("it is ended");
        child.wait().expect("it has ended");
        assert!(line.contains("a.py:5: in f: no-lost-exception: "), "{format}: {line}");
        assert!(searches, "{format}: the second file is still searched");
    }
}

#[test]
fn the_order_of_what_is_found_is_that_of_the_files_with_any_number_of_threads() {
    let folder = tempfile::tempdir().expect("a folder");
    for number in 0..12 {
        let others = "def g(x):\n    if x:\n        h(x)\n".repeat((12 - number) % 5);
        std::fs::write(folder.path().join(format!("m{number:02}.py")), format!("{others}{LOSES}{LOSES}"))
            .expect("it is written");
    }
    let path = folder.path().display().to_string();
    for format in ["text", "concise", "json"] {
        let one = trylemma(&["check", &path, "--format", format, "--threads", "1"]);
        let many = trylemma(&["check", &path, "--format", format, "--threads", "4"]);
        assert_eq!(text(&one.stdout), text(&many.stdout), "{format}");
        assert_eq!(one.status.code(), Some(1));
    }
}
