//! `trylemma generate`: modules that pytest runs, and corpora that can be read back.

use std::path::Path;

use trylemma::book::version::Version;
use trylemma::trace::corpus::Corpus;
use trylemma::trace::corpus::FORMAT;

use crate::common::{book, file, full, has_python, installed, ok, python, python_at, text, trylemma};

fn pytest(module: &Path) -> (bool, String) {
    let arguments = ["-m", "pytest", "-q", "-p", "no:cacheprovider", &module.display().to_string()];
    let output = python(&arguments, "");
    (output.status.success(), text(&output.stdout))
}

#[test]
fn the_module_of_size_3_passes_under_pytest() {
    if has_python("pytest") {
        let (_folder, module) = file("test_all.py", "");
        ok(&["generate", "--size", "3", "--out", &module.display().to_string()]);
        let (passed, report) = pytest(&module);
        assert!(passed, "{report}");
        assert!(report.contains("545 passed"), "{report}");
    }
}

#[test]
fn a_module_with_one_expectation_changed_fails_under_pytest() {
    if has_python("pytest") {
        let module = ok(&["generate", "--size", "1"]);
        let changed = module.replacen("\"raising A\"", "\"raising B\"", 1);
        assert_ne!(changed, module);
        let (_folder, path) = file("test_changed.py", changed);
        let (passed, report) = pytest(&path);
        assert!(!passed && report.contains("1 failed"), "{report}");
    }
}

#[test]
fn the_module_runs_by_itself_too() {
    if has_python("sys") {
        let (_folder, path) = file("module.py", ok(&["generate", "--size", "2", "--closed"]));
        let output = python(&[&path.display().to_string()], "");
        assert_eq!(text(&output.stdout), "6 passed, 0 failed\n");
    }
}

#[test]
fn the_ron_corpus_reads_back() {
    let corpus: Corpus =
        ron::from_str(&ok(&["generate", "--size", "2", "--format", "ron"])).expect("a corpus");
    assert_eq!((corpus.format, &corpus.rules), (FORMAT, &book().hash));
    assert_eq!(corpus.cases.len(), 7 + 16);
}

#[test]
fn the_json_corpus_holds_what_the_ron_corpus_holds() {
    let ron: Corpus = ron::from_str(&ok(&["generate", "--size", "2", "--format", "ron"])).expect("RON");
    let json = ok(&["generate", "--size", "2", "--format", "json"]);
    assert_eq!(serde_json::from_str::<Corpus>(&json).expect("JSON"), ron);
}

#[test]
fn the_seed_decides_the_sample() {
    let sample =
        |seed| ok(&["generate", "--size", "4..6", "--sample", "20", "--seed", seed, "--format", "json"]);
    assert_eq!(sample("7"), sample("7"));
    assert_ne!(sample("7"), sample("8"));
}

#[test]
fn more_programs_than_fit_a_file_are_only_drawn() {
    let output = trylemma(&["generate", "--size", "9"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("--sample"), "{}", text(&output.stderr));
}

/// Programs whose texts differ still: what Python 3.0 to 3.6 says of `sort` with a function that compares.
const WORDED: [&str; 1] = ["a.sort(lambda x, y: y - x)"];

/// The programs of a suite that an interpreter does otherwise, and how many it does as the suite says.
fn run_suite(interpreter: &Path, module: &str) -> (Vec<String>, usize) {
    let (_folder, path) = file("test_versions.py", module);
    let output = python_at(interpreter, &[&path.display().to_string()], "");
    let report = text(&output.stdout);
    let differ = report.split("\n\n").filter(|part| part.contains(" differs:"));
    let last = report.lines().last().filter(|last| last.contains(" passed, ")).unwrap_or_default();
    let passed = last.split_whitespace().next().and_then(|n| n.parse().ok()).unwrap_or(0);
    let wrong = differ.filter(|part| !WORDED.iter().any(|worded| part.contains(worded)));
    (wrong.map(str::to_string).collect(), passed)
}

#[test]
fn small_programs_do_under_each_python_what_the_suite_says_of_its_version() {
    let (size, least) = if full() { ("3", 1_000) } else { ("2", 100) };
    let module = ok(&["generate", "--all-versions", "--size", size]);
    // Under Python 2 a bare `raise` raises what the suite itself handles.
    let versions = book().versions_read().into_iter().filter(|version| *version >= Version::new(3, 0));
    let interpreters = installed(&versions.collect::<Vec<_>>());
    for (version, interpreter) in &interpreters {
        let (wrong, passed) = run_suite(interpreter, &module);
        assert!(wrong.is_empty(), "Python {version}: {}", wrong.join("\n"));
        assert!(passed >= least, "Python {version}: {passed} passed");
    }
    if let Some((_, interpreter)) = interpreters.last() {
        let (wrong, _) = run_suite(interpreter, &module.replacen("\"here\\n\"", "\"there\\n\"", 1));
        assert!(!wrong.is_empty());
    }
}
