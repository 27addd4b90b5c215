//! A `with` statement does what its expansion does, that of the Python reference: on every path, with the same output, the
//! same handled exceptions and contexts, and the same end. See `proofs-notes/with.md`.

use std::collections::BTreeSet;

use crate::common::{edited_book, file, ok};

/// How a suite may complete, by every kind of completion, and some that come to it in several ways.
const SUITES: [&str; 10] = [
    "work()",
    "return work()",
    "break",
    "continue",
    "raise ValueError(1)",
    "if work():\n    return 2\nbreak",
    "try:\n    work()\nfinally:\n    return 1",
    "try:\n    raise ValueError(1)\nexcept ValueError:\n    work()",
    "try:\n    work()\nfinally:\n    continue",
    "try:\n    return 1\nfinally:\n    work()",
];

/// What the manager's value is bound to; the last cannot be.
const TARGETS: [&str; 3] = ["", "x", "None.x"];

const MANAGER: &str = "import sys

class M:
    def __enter__(self):
        print('enter', repr(sys.exception()))
        return opened()

    def __exit__(self, kind, error, traceback):
        print('exit', kind, repr(error), repr(sys.exception()))
        return swallows()
";

pub(crate) fn indented(text: &str, levels: usize) -> String {
    text.lines().map(|line| format!("{}{line}\n", "    ".repeat(levels))).collect()
}

fn with(target: &str, suite: &str) -> String {
    let target = target.replace("None.", "nothing.");
    let binding = if target.is_empty() { String::new() } else { format!(" as {target}") };
    format!("with M(){binding}:\n{}", indented(suite, 1))
}

/// The expansion that section 8.5 of the reference gives.
fn expansion(target: &str, suite: &str) -> String {
    let target = target.replace("None.", "nothing.");
    let binding = if target.is_empty() { String::new() } else { format!("    {target} = value\n") };
    format!(
        "manager = M()
enter = type(manager).__enter__
leave = type(manager).__exit__
value = enter(manager)
failed = False
try:
{binding}{}except:
    failed = True
    if not leave(manager, *sys.exc_info()):
        raise
finally:
    if not failed:
        leave(manager, None, None, None)
",
        indented(suite, 1)
    )
}

/// The statement in a loop in a function, where another exception is being handled or none is.
fn program(statement: &str, handling: bool) -> String {
    let statement = if handling {
        format!("try:\n    raise KeyError('outer')\nexcept KeyError:\n{}", indented(statement, 1))
    } else {
        statement.to_string()
    };
    format!(
        "{MANAGER}
def f():
    nothing = None
    for turn in 1, 2:
{}        print('after', repr(sys.exception()))
    else:
        print('else')
    return 'end'

try:
    print('returned', f() is None)
except BaseException as e:
    print('raised', repr(e), repr(e.__context__))
",
        indented(&statement, 2)
    )
}

/// Each path of a program: what was chosen and printed, without lines, and how it ended.
pub(crate) fn paths(program: &str, arguments: &[&str]) -> BTreeSet<Vec<String>> {
    let (_folder, path) = file("program.py", program);
    let path = path.display().to_string();
    let listed = ok(&[&["explore", &path, "--format", "paths", "--paths", "1000000"], arguments].concat());
    assert!(listed.contains("the graph is complete"), "{listed}");
    let mut found: Vec<Vec<String>> = Vec::new();
    for line in listed.lines() {
        if let Some((_, ending)) = line.strip_prefix("path ").and_then(|rest| rest.split_once(": ")) {
            found.push(vec![ending.to_string()]);
        } else if let (Some(happening), Some(path)) = (line.strip_prefix("    line "), found.last_mut()) {
            path.push(happening.split_once(": ").map_or(happening, |(_, what)| what).to_string());
        }
    }
    found.into_iter().collect()
}

fn differ(target: &str, suite: &str, handling: bool, arguments: &[&str]) -> bool {
    let mine = paths(&program(&with(target, suite), handling), arguments);
    assert!(mine.len() > 2, "{mine:?}");
    mine != paths(&program(&expansion(target, suite), handling), &[])
}

#[test]
fn every_completion_of_the_suite_leaves_as_it_leaves_the_expansion() {
    for suite in SUITES {
        for target in TARGETS {
            for handling in [false, true] {
                assert!(!differ(target, suite, handling, &[]), "{suite:?} as {target:?}, {handling}");
            }
        }
    }
}

#[test]
fn one_statement_inside_another() {
    for suite in ["work()", "return work()", "break"] {
        let mine = paths(&program(&with("x", &with("y", suite)), false), &[]);
        let theirs = paths(&program(&expansion("x", &with("y", suite)), false), &[]);
        assert_eq!(mine, theirs, "{suite:?}");
    }
}

#[test]
fn wrong_rules_are_told_from_the_expansion() {
    let edits = [
        ("16-with.md", " ~> (done ?c ?k ?w)\n```", " ~> (done normal ?k ?w)\n```"),
        (
            "16-with.md",
            "(push (verdict-frame ?x) (push (handled-frame ?h) ?k)) ?w{handled: ?x})",
            "(push (verdict-frame ?x) (push (handled-frame ?h) ?k)) ?w)",
        ),
    ];
    for edit in edits {
        let wrong = edited_book(&[edit]);
        let book = wrong.path().display().to_string();
        let noticed = SUITES.iter().any(|suite| differ("", suite, false, &["--semantics", &book]));
        assert!(noticed, "{edit:?}");
    }
}
