//! The programs of `examples/old/`, each under the versions of which it says something, as far as those are read; where an interpreter
//! of a version is installed, it says the same.

use trylemma::book::version::{Version, Versions};

use crate::common::{book, installed, python_at, repository, text, trylemma};

/// How a program ends under some versions.
enum End {
    /// Normally, having printed this.
    Prints(&'static str),
    /// By raising what the last line on stderr says, having printed this.
    Raises(&'static str, &'static str),
    /// It is no program.
    Refused,
    /// It is refused for this, which is not modelled.
    Unmodelled(&'static str),
}

use End::{Prints, Raises, Refused, Unmodelled};

/// The programs, each with what versions do, the first and the last of them.
const PROGRAMS: &[(&str, &[(&str, End)])] = &[
    (
        "two_forms",
        &[
            ("1.5.2..2.7", Prints("caught: failed\nclosed\nclosed\nnot caught inside: failed\n")),
            ("3.0..3.14", Refused),
        ],
    ),
    ("mixed_forms", &[("1.5.2..2.4", Refused), ("2.5..2.7", Prints("caught: failed\nclosed\n"))]),
    ("conditions_in_turn", &[("1.5.2..2.7", Prints("condition 1\ncondition 2\na member of the tuple\n"))]),
    (
        "strings_as_exceptions",
        &[
            ("1.5.2..2.5", Unmodelled("a computed string")),
            (
                "2.6..2.7",
                Raises(
                    "both strings are equal\n",
                    "TypeError: exceptions must be old-style classes or derived from BaseException, not str",
                ),
            ),
        ],
    ),
    (
        "exc_type",
        &[("1.5.2..2.7", Prints("set before the suite runs\nindex is still there behind the statement\n"))],
    ),
    (
        "continue_in_try",
        &[
            ("1.5.2..2.0", Refused),
            ("2.1..2.7", Prints("number 1\nfinally 1\nfinally 2\nnumber 3\nfinally 3\n")),
        ],
    ),
    ("leaving_the_suite", &[("1.5.2..2.7", Prints("leaving with 1\n1\nleaving the loop\n"))]),
    ("continue_in_finally", &[("1.5.2..3.7", Refused), ("3.8..3.14", Prints("1\n2\n"))]),
    (
        "comma",
        &[
            ("1.5.2..2.7", Prints("raised\n")),
            ("3.0..3.13", Refused),
            ("3.14", Prints("<class 'TypeError'>\n")),
        ],
    ),
];

/// What a program printed, and the last line on stderr where it failed.
fn outcome(output: &std::process::Output) -> (String, Option<String>) {
    let last = text(&output.stderr).lines().last().unwrap_or_default().to_string();
    (text(&output.stdout), (!output.status.success()).then_some(last))
}

fn path_of(name: &str) -> String {
    repository("examples/old").join(format!("{name}.py")).display().to_string()
}

fn check(name: &str, version: Version, end: &End) {
    let output = trylemma(&["run", &path_of(name), "--python", &version.to_string()]);
    let (stdout, last) = outcome(&output);
    let place = format!("{name} under {version}");
    match end {
        Prints(printed) => assert_eq!((stdout.as_str(), last), (*printed, None), "{place}"),
        Raises(printed, raised) => {
            assert_eq!((stdout.as_str(), last.as_deref()), (*printed, Some(*raised)), "{place}");
        }
        Refused => {
            assert_eq!(output.status.code(), Some(2), "{place}");
            assert!(text(&output.stderr).contains("invalid syntax"), "{place}");
        }
        Unmodelled(what) => assert!(text(&output.stderr).contains(what), "{place}"),
    }
}

#[test]
fn each_old_example_does_what_its_versions_did() {
    let read = book().versions_read();
    let mut checked = 0;
    for (name, ends) in PROGRAMS {
        for (span, end) in *ends {
            let span: Versions = span.parse().expect("versions");
            for version in read.iter().filter(|version| span.has(**version)) {
                check(name, *version, end);
                checked += 1;
            }
        }
    }
    assert!(checked > PROGRAMS.len(), "{checked}");
    let listed = std::fs::read_dir(repository("examples/old")).expect("the programs").count();
    assert_eq!(listed, PROGRAMS.len());
}

#[test]
fn each_old_example_does_what_an_installed_python_does() {
    for (version, interpreter) in installed(&[Version::new(2, 7), Version::new(3, 8)]) {
        for (name, ends) in PROGRAMS {
            let Some((_, end)) =
                ends.iter().find(|(span, _)| span.parse::<Versions>().expect("versions").has(version))
            else {
                continue;
            };
            let (stdout, last) = outcome(&python_at(&interpreter, &["-B", &path_of(name)], ""));
            match end {
                Prints(printed) => assert_eq!((stdout.as_str(), last), (*printed, None), "{name}"),
                Raises(printed, raised) => {
                    assert_eq!((stdout.as_str(), last.as_deref()), (*printed, Some(*raised)), "{name}");
                }
                Unmodelled(_) => {}
                Refused => assert!(last.is_some_and(|last| last.starts_with("SyntaxError")), "{name}"),
            }
        }
    }
}
