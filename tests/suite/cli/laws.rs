//! `laws`: each law of the book, and of a user's file, is held against its instances.

use serde_json::Value;

use crate::common::{book, complaint, exits, file, ok};

/// What is found of up to `most` instances of each size.
fn checked(most: &str, flags: &[&str], code: i32) -> Vec<Value> {
    let arguments = [&["laws", "--format", "json", "--size", "4", "--most", most], flags].concat();
    let report: Value = serde_json::from_str(&exits(&arguments, code)).expect("JSON");
    report["laws"].as_array().expect("laws").clone()
}

fn counted(law: &Value, what: &str, level: u64) -> u64 {
    law["instances"]["levels"][level as usize - 1][what].as_u64().expect("a number")
}

#[test]
fn each_law_holds_at_its_level_and_each_fallacy_fails() {
    let laws = checked("20", &[], 0);
    assert_eq!(laws.len(), book().laws.len());
    for law in &laws {
        let failed = |level: u64| counted(law, "failed", level);
        match law["level"].as_u64() {
            None => assert!((1..=3).any(|level| failed(level) > 0), "{law}"),
            Some(level) => {
                assert!((1..=level).all(|level| failed(level) == 0), "{law}");
                assert!((1..=level).all(|level| counted(law, "applied", level) > 0), "{law}");
                // A level is the finest one, or there is none above it that is looked at.
                assert!(level == 3 || failed(level + 1) > 0, "{law}");
            }
        }
    }
}

/// The laws of the book, each once for each thing that it asks for: without it.
fn without_conditions() -> String {
    let mut text = String::new();
    for law in book().laws.iter().filter(|law| !law.is_fallacy()) {
        for dropped in 0..law.conditions.len() {
            let level = (1..=3).rev().find(|level| law.holds_at(*level)).expect("a level");
            text.push_str(&format!(
                "```law\nlaw {}/{dropped} at {level}\nclaim {}\n",
                law.name, law.sentence
            ));
            let kept = law.conditions.iter().enumerate().filter(|(at, _)| *at != dropped);
            kept.for_each(|(_, asked)| text.push_str(&format!("if {asked}\n")));
            text.push_str(&format!("    {}\n == {}\n```\n\n", law.left, law.right));
        }
    }
    text
}

#[test]
fn no_law_holds_without_what_it_asks_for() {
    let (_folder, path) = file("laws.md", without_conditions());
    let laws = checked("60", &["--laws", &path.display().to_string()], 1);
    assert!(laws.len() > 10, "{}", laws.len());
    for law in laws {
        let level = law["level"].as_u64().expect("a level");
        assert!((1..=level).any(|level| counted(&law, "failed", level) > 0), "{law}");
    }
}

#[test]
fn a_law_that_is_false_is_refuted_by_its_smallest_instance() {
    let law = "```law\nlaw mine at 1\nclaim A clause may be dropped.\n    (try-except ?s (bare ?t) pass)\n == ?s\n```\n";
    let (_folder, path) = file("laws.md", law);
    let said = exits(&["laws", "mine", "--laws", &path.display().to_string(), "--size", "2"], 1);
    assert!(said.starts_with("REFUTED  mine "), "{said}");
    let shown = "    left:\n        try:\n            raise A\n        except:\n            pass\n    right:\n        raise A\n    then the left side ends normally, the right side ends by raising A\n";
    assert!(said.contains(shown), "{said}");
}

#[test]
fn what_never_applied_is_never_said_to_hold() {
    let law = "```law\nlaw mine at 1\nclaim A clause may be dropped.\nif (never-raises ?s)\nif (never-completes ?s)\nif (never-jumps ?s)\n    (try-finally ?s ?t)\n == ?t\n```\n";
    let (_folder, path) = file("laws.md", law);
    let said = exits(&["laws", "--laws", &path.display().to_string(), "--size", "2"], 3);
    assert!(said.starts_with("open     mine "), "{said}");
}

#[test]
fn the_laws_are_listed_with_both_sides() {
    let said = ok(&["laws", "--list"]);
    assert!(said.contains("try/calm"), "{said}");
    assert!(
        said.contains("  if (never-raises ?s)\n      (try-except ?s ?hs ?t)\n   == (seq ?s ?t)\n"),
        "{said}"
    );
}

#[test]
fn a_law_that_is_wrong_in_itself_is_refused_with_its_place() {
    let refused = [
        ("law mine at 4\nclaim No.\n    ?s\n == ?s", "a law holds at level 1, 2 or 3, not `4`"),
        ("law mine at 1\n    ?s\n == ?s", "the second line of a law is `claim …`"),
        ("law mine at 1\nclaim No.\n    ?s", "a law is an equation"),
        ("law mine at 1\nclaim No.\n    (seq ?s pass)\n == ?t", "the variable `?t` is not bound"),
        (
            "law mine at 1\nclaim No.\n    (seq ?s ?hs)\n == ?s",
            "`?hs` is a Clauses, where a Statement is expected",
        ),
        (
            "law mine at 1\nclaim No.\nif (is-nice ?s)\n    ?s\n == ?s",
            "a law cannot ask for `is-nice`; it can for never-raises",
        ),
        (
            "law mine at 1\nclaim No.\nif (never-raises ?t)\n    ?s\n == ?s",
            "which the left side does not have",
        ),
        (
            "law mine at 1\nclaim No.\nif (catches ?s ?s)\n    ?s\n == ?s",
            "`catches` is asked of a Clauses, and `?s` is a Statement",
        ),
        ("law mine at 1\nclaim No.\n    (while ?e ?s pass)\n == (while ?e ?s ?hs)", "`?hs`"),
    ];
    for (law, why) in refused {
        let (_folder, path) = file("laws.md", format!("# Mine\n\n```law\n{law}\n```\n"));
        let said = complaint(&["laws", "--laws", &path.display().to_string()]);
        assert!(said.contains(why) && said.contains("laws.md:4"), "{law}: {said}");
    }
    let (_folder, path) = file("laws.md", "no law\n");
    assert!(complaint(&["laws", "--laws", &path.display().to_string()]).contains("no law in the file"));
    assert!(complaint(&["laws", "try/clam"]).contains("try/calm"));
    assert!(complaint(&["laws", "--laws", "nowhere.md"]).contains("nowhere.md"));
}
