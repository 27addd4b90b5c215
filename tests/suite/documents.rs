//! What the documents claim holds: the README's commands print what it shows, and the
//! figures of the notes are those that the checker counts.

use std::collections::BTreeMap;

use egg::ENodeOrVar;
use trylemma::book::Book;
use trylemma::book::part::Part;
use trylemma::book::property::{Kind, Property};
use trylemma::book::rule::{Premise, Rule};
use trylemma::book::version::Version;
use trylemma::check::Exhaustive;

use crate::common::{book, in_folder, repository, text, trylemma};

/// The text of the fenced blocks of a language.
fn blocks(text: &str, language: &str) -> Vec<String> {
    let fence = format!("```{language}\n");
    text.split(&fence[..]).skip(1).filter_map(|rest| rest.split("\n```").next()).map(str::to_string).collect()
}

/// The commands of a console block, each with the lines that it is said to print.
fn commands(block: &str) -> Vec<(String, Vec<String>)> {
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    for line in block.lines() {
        match (line.strip_prefix("$ "), found.last_mut()) {
            (Some(command), _) => found.push((command.to_string(), Vec::new())),
            (None, Some((_, lines))) => lines.push(line.to_string()),
            (None, None) => panic!("a console block begins with a command"),
        }
    }
    found
}

/// Whether the lines are those shown, where `...` stands for any number of lines.
fn agrees(shown: &[String], printed: &[&str]) -> bool {
    match (shown.split_first(), printed.split_first()) {
        (None, None) => true,
        (Some((dots, rest)), _) if dots == "..." => {
            (0..=printed.len()).any(|skipped| agrees(rest, &printed[skipped..]))
        }
        (Some((line, rest)), Some((first, others))) => {
            line.trim_end() == first.trim_end() && agrees(rest, others)
        }
        _ => false,
    }
}

#[test]
fn the_commands_of_the_readme_print_what_it_shows() {
    let readme = std::fs::read_to_string(repository("README.md")).expect("the README");
    let folder = tempfile::tempdir().expect("a folder");
    let examples = folder.path().join("examples");
    std::fs::create_dir_all(examples.join("old")).expect("a folder");
    let names = [
        "login.py",
        "lost_exception.py",
        "instruments.py",
        "instruments_database.py",
        "thrown.py",
        "moved_return.py",
        "old/comma.py",
    ];
    for name in names {
        std::fs::copy(repository("examples").join(name), examples.join(name)).expect("an example");
    }
    for (command, shown) in blocks(&readme, "console").iter().flat_map(|block| commands(block)) {
        let mut words = command.split_whitespace();
        assert_eq!(words.next(), Some("trylemma"), "{command}");
        let output = in_folder(folder.path(), &words.collect::<Vec<_>>(), "");
        let printed = text(&output.stdout);
        let lines: Vec<&str> = printed.lines().collect();
        assert!(agrees(&shown, &lines), "`{command}` prints:\n{printed}");
    }
}

/// The figures that notes may quote.
fn figures() -> BTreeMap<String, u128> {
    let book = Book::built_in(Version::DEFAULT).expect("the book loads");
    let theorems: Vec<&Property> =
        book.properties.iter().filter(|p| p.kind == Kind::Theorem && !p.scope.is_pair()).collect();
    let job = Exhaustive { threads: 2, ..Exhaustive::new(&book, 1..=4) };
    let report = job.run(&theorems);
    let coverage = report.coverage;
    let table = &book.table().expect("each cell has one rule");
    [
        ("rules", book.rules.len() as u128),
        ("litmus", book.litmus().len() as u128),
        ("table.determined", table.determined as u128),
        ("table.choices", table.choices as u128),
        ("table.finals", table.finals as u128),
        ("table.impossible", table.impossible as u128),
        ("size4.programs", coverage.programs),
        ("size4.states", coverage.states),
        ("size4.steps", coverage.steps),
        ("size4.paths", coverage.paths),
    ]
    .into_iter()
    .map(|(key, value)| (key.to_string(), value))
    .collect()
}

#[test]
fn the_figures_of_the_notes_are_those_that_the_checker_counts() {
    let known = figures();
    let mut quoted = 0;
    for entry in std::fs::read_dir(repository("proofs-notes")).expect("the notes") {
        let path = entry.expect("a note").path();
        let text = std::fs::read_to_string(&path).expect("a note is text");
        for line in blocks(&text, "figures").iter().flat_map(|block| block.lines()) {
            let (key, value) = line.split_once(" = ").expect("a figure is `key = number`");
            let counted = known.get(key.trim()).copied();
            assert_eq!(
                counted.map(|n| n.to_string()).as_deref(),
                Some(value.trim()),
                "{}: {key}",
                path.display()
            );
            quoted += 1;
        }
    }
    assert!(quoted >= 10, "the notes quote {quoted} figures");
}

/// Whether a rule is of the kind that a line of a `concerns` block names: a choice, a rule of the core's chapters, or one
/// that has a constructor on its left or right side.
fn concerns(book: &Book, rule: &Rule, kind: &str) -> bool {
    match kind {
        "choice" => rule.premises.iter().any(|premise| matches!(premise, Premise::In(..))),
        "core" => book.part(&rule.place) == Part::Core,
        constructor => [&rule.lhs, &rule.rhs]
            .into_iter()
            .flat_map(|pattern| pattern.as_ref())
            .any(|node| matches!(node, ENodeOrVar::ENode(node) if node.op.as_str() == constructor)),
    }
}

#[test]
fn a_note_names_every_rule_that_it_concerns() {
    let mut kinds = 0;
    for entry in std::fs::read_dir(repository("proofs-notes")).expect("the notes") {
        let path = entry.expect("a note").path();
        let note = std::fs::read_to_string(&path).expect("a note is text");
        for kind in blocks(&note, "concerns").iter().flat_map(|block| block.lines()) {
            kinds += 1;
            let known =
                ["choice", "core"].contains(&kind) || book().grammar.constructors.contains_key(&kind.into());
            assert!(known, "{}: `{kind}` is no constructor", path.display());
            for rule in book().rules.iter().filter(|rule| concerns(book(), rule, kind)) {
                let (name, section) =
                    (rule.name.as_str(), rule.name.as_str().split('/').next().unwrap_or_default());
                let named =
                    [format!("`{name}`"), format!("`{section}/*`")].iter().any(|name| note.contains(name));
                assert!(named, "{} is about `{kind}` and does not name the rule `{name}`", path.display());
            }
        }
    }
    assert!(kinds >= 8, "the notes say what they concern");
}

#[test]
fn the_counterexample_among_the_examples_replays() {
    let output = trylemma(&["replay", "examples/no-lost-exception.ron"]);
    let printed = text(&output.stdout);
    assert!(output.status.success(), "{printed}make it again: see CONTRIBUTING.md");
}
