//! What changes from version to version, and the chapters that say so.
//!
//! `TRYLEMMA_WRITE=1 cargo test --test suite versions` writes the chapters anew.

use trylemma::book::Book;
use trylemma::book::edition::{Edition, Switch, changes};
use trylemma::check::holding::{Held, holdings};
use trylemma::check::telling::{Sought, Survey};
use trylemma::render::versions as render;
use trylemma::trace::between::BetweenReport;
use trylemma::trace::corpus::VersionedCorpus;

use crate::book_forms::assert_recorded;
use crate::common::{book, complaint, full, ok, repository};

/// Gates that no program shows, of those that are looked for: what else is idle is a fault. Most are about what is written beside a
/// traceback, or need blocks in blocks. Those of 2.7 and 3.0 are about rules that stand for each other, one at a time, or have no program that both
/// read: the record of outcomes shows them.
const IDLE: &[&str] = &[
    // What follows of them is refused: programs with `//`, `continue` there, and classes that say what their objects are.
    "zero-int-floor until 2.1",
    "zero-long-floor until 2.1",
    "syntax.continue-unseen since 2.1 until 2.5",
    "class.checks since 2.6",
    "module.string until 3.0",
    // Modules that are not modelled: they are refused where they are there.
    "module._thread since 3.0",
    "module.configparser since 3.0",
    "module.queue since 3.0",
    "module.reprlib since 3.0",
    "module.socketserver since 3.0",
    "module.tkinter since 3.0",
    "module.asyncio since 3.4",
    "module.enum since 3.4",
    "module.pathlib since 3.4",
    "module.statistics since 3.4",
    "module.contextvars since 3.7",
    "module.dataclasses since 3.7",
    "module.zoneinfo since 3.9",
    "module.tomllib since 3.11",
    // Not looked into yet: the litmus program `chain-from-class` showed it before there were long integers.
    "BaseException.__context__ since 3.0",
    // What nobody makes from Python 3.0 on: long integers and Unicode strings.
    "2.7 to 3.0: `grammar until 3.0`",
    // How a process ends is no part of what programs are told apart by.
    "endings since 3.8",
    // Programs that neither neighbour reads, or that print what an address is in.
    "__main__.zip since 2.0",
    "__main__.sorted since 2.4",
    "syntax.none-fixed since 2.4",
    "syntax.one-try since 2.5",
    "syntax.except-as since 2.6",
    "syntax.star-import-anywhere until 3.0",
    "unbound-call until 2.2",
    "unbound-call since 2.2 until 3.0",
    "method.unbound until 3.0",
    "method-__next__ until 3.0",
    "method-__bool__ until 3.0",
    "method-__truediv__ until 3.0",
    "method-__rtruediv__ until 3.0",
    "method-__itruediv__ until 3.0",
    "type-list_reverseiterator until 3.0",
    "type-range_iterator until 3.0",
    "class.eq-unhashes since 3.0",
    "class.ne-of-eq since 3.0",
    "exception.args-of-new since 3.0",
    // An object that has no truth of its own is as true.
    "bool.of-int until 3.0",
    "BaseException.__traceback__ since 3.0",
    "module-classes since 3.0",
    "function/end-early until 3.0",
    "raise/other since 3.0",
    "resume/send since 3.0",
    "with/raise since 3.0",
    "2.7 to 3.0: `yield since 3.0`",
    "BaseException.with_traceback since 3.0",
    "generator.next until 3.0",
    "handled.per-thread until 3.0",
    "syntax.captured-target until 3.0 again 3.2",
    "syntax.captured-deletion until 2.2 again 3.2",
    "compiler.constant-tests since 2.5",
    "compiler.constant-names since 3.0",
    "compiler.constant-minus until 3.0 again 3.7",
    "compiler.folds since 3.7",
    "sys.exc_traceback until 3.0",
    "sys.exc_value until 3.0",
    "not-thrown since 3.0",
    "resume/start since 3.2",
    "generator/stop-early until 3.5",
    "syntax.async-generator since 3.6",
    "thrown/raise-unchained since 3.7 until 3.9",
    "stop-warning since 3.5 until 3.7",
    "stop-warning-class since 3.5 until 3.6",
    "stop-warning-class since 3.6 until 3.7",
    "generator.always-guarded since 3.7",
    "warning.deprecated-in-main since 3.7",
    "syntax.comprehension-scope since 3.8",
    "syntax.declared-first since 3.6",
    "syntax.last-clause-everywhere since 3.8",
    "contextlib.chdir since 3.11",
    "traceback.notes since 3.11",
    "compiler.block-21 since 3.12",
    "compiler.generator-block since 3.12",
    "hint.import since 3.12",
    "hint.self since 3.12",
    "traceback.several-lines since 3.13",
    "traceback.closing-generator since 3.14",
    "update.note since 3.14",
];

fn read(edition: Edition) -> Result<Book, trylemma::Diagnostic> {
    Book::built_in_edition(&edition)
}

/// What `versions` looks at unless it is told otherwise.
const SOUGHT: Sought = Sought { parts: 3, core: 3, litmus: true };

#[test]
fn the_chapters_of_changes_and_theorems_are_what_the_commands_write() {
    if !full() && std::env::var_os("TRYLEMMA_WRITE").is_none() {
        return;
    }
    let survey =
        Survey::of(&book().versions_read(), SOUGHT, &read, 2).unwrap_or_else(|error| panic!("{error}"));
    assert_recorded("semantics/22-changes.md", &render::chapter(&survey));
    let size = SOUGHT.core + 1;
    let found = holdings(&survey, size, &read, 2).unwrap_or_else(|error| panic!("{error}"));
    assert_recorded("semantics/23-theorems.md", &render::theorems(&survey.versions, &found, size));
    let newest = &found.last().expect("a version").theorems;
    assert!(newest.iter().all(|(_, held)| *held == Held::Holds), "{newest:#?}");
}

#[test]
fn each_gate_is_shown_by_a_program_or_is_known_to_be_idle() {
    let text = std::fs::read_to_string(repository("semantics/22-changes.md")).expect("the chapter");
    let (shown, idle) = text.split_once("## What no program shows").expect("the list of idle gates");
    for change in changes(&book().chapters, &book().versions_read()) {
        let gates = render::gates(&change);
        let is_shown = shown.contains(&format!("- {gates}: "));
        let is_idle = idle.contains(&render::line(&change));
        assert!(is_shown || is_idle, "{gates} is not in the chapter: write it anew");
    }
    let unknown = idle.lines().filter(|line| line.starts_with("- "));
    let unknown = unknown.filter(|line| !IDLE.iter().any(|idle| line.contains(idle)));
    let unknown: Vec<&str> = unknown.collect();
    assert!(unknown.is_empty(), "gates that no program shows: {unknown:#?}");
    let gone: Vec<_> = IDLE.iter().filter(|gate| !idle.contains(*gate)).collect();
    assert!(gone.is_empty(), "shown by now, and no exception any more: {gone:?}");
}

#[test]
fn one_gate_is_switched_and_nothing_else() {
    let versions = ["3.13", "3.14"].map(|version| version.parse().expect("a version"));
    let switch = Switch::Message("zero-int-floor".into());
    let edition = Edition { version: versions[1], switched: Some((switch, versions[0])) };
    let (switched, own) = (read(edition).expect("an edition"), read(versions[1].into()).expect("a book"));
    assert_eq!(switched.messages["zero-int-floor"], "integer division or modulo by zero");
    let mut messages = switched.messages.clone();
    messages.insert("zero-int-floor".into(), own.messages["zero-int-floor"].clone());
    assert_eq!(
        (messages, &switched.timeline, switched.rules.len()),
        (own.messages.clone(), &own.timeline, own.rules.len())
    );
}

#[test]
fn the_smallest_programs_tell_two_versions_apart() {
    let said = ok(&["generate", "--between", "3.8", "3.9", "--size", "1", "--format", "json"]);
    let report: BetweenReport = serde_json::from_str(&said).expect("JSON");
    assert!(report.telling > 0 && report.programs > 600, "{report:?}");
    let shown = |gate: &str| {
        let change = report.changes.iter().find(|change| change.gates.iter().any(|own| own == gate));
        change.unwrap_or_else(|| panic!("{gate}")).shown.clone()
    };
    assert_eq!(shown("zero-float-floor until 3.9").expect("a program").program, "print(1.0 // 0)\n");
    assert_eq!(shown("resume/throw since 3.9"), None);
    // Three parts are not enough for what is thrown into a handler, four are.
    let text = ok(&["generate", "--between", "3.8", "3.9", "--size", "1"]);
    assert!(text.contains("gates are shown by none of these programs:\n"), "{text}");
    let one = ok(&["generate", "--between", "3.11.3", "3.11", "--size", "1"]);
    assert!(one.starts_with("1 of ") && one.contains("\ngroup.lone since 3.11.4\n"), "{one}");
    assert!(complaint(&["generate", "--between", "3.9", "3.8"]).contains("the older version comes first"));
    assert!(complaint(&["generate", "--between", "3.9", "4.8"]).contains("there is no Python 4.8"));
    assert!(complaint(&["generate", "--size", "1", "--format", "text"]).contains("--between"));
}

#[test]
fn a_suite_says_since_when_and_until_when_a_program_does_what() {
    let ron = ok(&["generate", "--all-versions", "--size", "1", "--python", "3.8..3.14", "--format", "ron"]);
    let corpus: VersionedCorpus = ron::from_str(&ron).expect("RON");
    let case = corpus.cases.iter().find(|case| case.program == "print(1.0 // 0)\n").expect("the program");
    let spans = case.outcomes.iter().map(|outcome| (outcome.since.as_deref(), outcome.until.as_deref()));
    assert_eq!(
        spans.collect::<Vec<_>>(),
        [(None, Some("3.9")), (Some("3.9"), Some("3.14")), (Some("3.14"), None)]
    );
}
