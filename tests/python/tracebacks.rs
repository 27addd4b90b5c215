//! Tracebacks of uncaught and of ignored exceptions, compared with what CPython 3.14 prints, without its carets.

use std::fs;

use crate::common::{file, in_folder, repository, run_source, text};

/// The programs of `tracebacks.md`: title, text, and what stands on stderr.
fn recorded() -> Vec<(String, String, String)> {
    let page = fs::read_to_string(repository("tests/python/tracebacks.md")).expect("the file is there");
    let block = |part: &str, fence: &str| {
        let start = part.find(&format!("```{fence}\n"))? + fence.len() + 4;
        Some(part[start..].split("\n```").next()?.to_string() + "\n")
    };
    let parts = page.split("\n## ").skip(1);
    let case =
        |part: &str| Some((part.lines().next()?.to_string(), block(part, "python")?, block(part, "stderr")?));
    parts.map(|part| case(part).expect("a title and two blocks")).collect()
}

/// A text in which no address of an object stands.
fn without_addresses(text: &str) -> String {
    let mut parts = text.split(" at 0x");
    let first = parts.next().unwrap_or_default().to_string();
    parts.fold(first, |text, part| {
        text + " at 0x…" + part.trim_start_matches(|c: char| c.is_ascii_hexdigit() || c == '…')
    })
}

#[test]
fn tracebacks_are_those_of_cpython() {
    let recorded = recorded();
    assert!(recorded.len() > 40, "{}", recorded.len());
    for (title, source, expected) in recorded {
        let output = run_source(&source, &[]);
        assert_eq!(
            without_addresses(&text(&output.stderr)),
            without_addresses(&expected),
            "{title}\n{source}"
        );
    }
}

#[test]
fn versions_show_what_they_show() {
    let source = "def g():\n    try:\n        yield\n    finally:\n        raise ValueError(\n            1)\nit = g()\nnext(it)\ndel it\nprint(\n    1 / 0)\n";
    let told = |version: &str| without_addresses(&text(&run_source(source, &["--python", version]).stderr));
    let lines = "Traceback (most recent call last):\n  File \"p.py\", line 5, in g\n    raise ValueError(\nValueError: 1\n";
    for (version, title) in [
        ("3.12", "Exception ignored in: <generator object g at 0x…>\n"),
        ("3.13", "Exception ignored in: <generator object g at 0x…>\n"),
        ("3.14", "Exception ignored while closing generator <generator object g at 0x…>:\n"),
    ] {
        assert!(told(version).starts_with(&format!("{title}{lines}")), "{}", told(version));
    }
    let source = "try:\n    raise ValueError(1)\nexcept* ValueError as e:\n    raise KeyError(1) from e\n";
    let told = |version: &str| text(&run_source(source, &["--python", version]).stderr);
    let naked = "  | ExceptionGroup:  (1 sub-exception)\n";
    assert!(told("3.13").starts_with(naked), "{}", told("3.13"));
    let entry =
        "line 3, in <module>\n  |     except* ValueError as e:\n  |         raise KeyError(1) from e\n";
    assert!(told("3.14").contains(&format!("{entry}{naked}")), "{}", told("3.14"));
    let source = "f = print\nf(\n    1 /\n    0)\n";
    let told = |version: &str| text(&run_source(source, &["--python", version]).stderr);
    assert!(told("3.12").contains("line 3, in <module>\n    1 /\nZeroDivisionError"), "{}", told("3.12"));
    assert!(
        told("3.13").contains("line 3, in <module>\n    1 /\n    0)\nZeroDivisionError"),
        "{}",
        told("3.13")
    );
}

#[test]
fn what_was_written_is_written_once() {
    let source = "\
import sys
print('before')
print('to stderr', file=sys.stderr)
print(input())
class E(Exception):
    def __str__(self):
        print('asked')
        return 'text'
raise E
";
    let (folder, _path) = file("p.py", source);
    let output = in_folder(folder.path(), &["run", "p.py"], "read\n");
    assert_eq!(text(&output.stdout), "before\nread\nasked\n");
    let expected = "to stderr\nTraceback (most recent call last):\n  File \"p.py\", line 9, in <module>\n    raise E\nE: text\n";
    assert_eq!(text(&output.stderr), expected);
}

#[test]
fn a_core_program_that_is_entered_has_lines_too() {
    let source = "def f(x):\n    raise ValueError('x')\n";
    let (folder, _path) = file("p.py", source);
    let output = in_folder(folder.path(), &["run", "p.py", "--entry", "f"], "");
    let expected = "  File \"p.py\", line 2, in f\n    raise ValueError('x')\nValueError: x\n";
    assert!(text(&output.stderr).ends_with(expected), "{}", text(&output.stderr));
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn deep_recursion_is_counted() {
    let output = run_source("def f(n):\n    return f(n + 1)\nf(0)\n", &[]);
    let written = text(&output.stderr);
    assert!(
        written.contains("    return f(n + 1)\n  [Previous line repeated 996 more times]\n"),
        "{written}"
    );
    assert_eq!(written.lines().count(), 11, "{written}");
}
