//! `across`, and the commands that take several versions of Python.

use trylemma::trace::across::AcrossReport;
use trylemma::trace::graph::GraphFile;
use trylemma::trace::report::{CheckReport, UnderVersions};

use crate::common::{complaint, exits, file, ok};

/// What is thrown into a handler has a context since Python 3.9.
const THROWN: &str = "def g():
    try:
        raise ValueError('v')
    except ValueError:
        yield 1
it = g()
next(it)
it.throw(KeyError('k'))
";

fn across(source: &str, flags: &[&str]) -> AcrossReport {
    let (_folder, path) = file("p.py", source);
    let path = path.display().to_string();
    let said = |format| ok(&[&["across", &path, "--format", format], flags].concat());
    let json: AcrossReport = serde_json::from_str(&said("json")).expect("JSON");
    assert_eq!(json, ron::from_str(&said("ron")).expect("RON"));
    json
}

/// The versions of each group.
fn groups(report: &AcrossReport) -> Vec<String> {
    report.groups.iter().map(|group| group.versions.join(" ")).collect()
}

#[test]
fn versions_that_do_the_same_stand_together_and_neighbours_part_at_a_rule() {
    let report = across(THROWN, &["--python", "3.7..3.10"]);
    assert_eq!(groups(&report), ["3.7 3.8", "3.9 3.10"]);
    let linked: Vec<bool> = report.groups.iter().map(|group| group.ways[0].report.is_some()).collect();
    assert_eq!((linked, report.explored), (vec![false, true], false));
    let [parted] = &report.partings[..] else { panic!("{report:?}") };
    assert_eq!((parted.older.as_str(), parted.newer.as_str()), ("3.8", "3.9"));
    let parting = parted.parting.as_ref().expect("a step");
    assert_eq!(parting.line, Some(8));
    let rules = [&parting.older, &parting.newer].map(|deed| (deed.rule.as_deref(), deed.gate.as_str()));
    let expected = [("resume/throw-unchained", "since 3.7 until 3.9"), ("resume/throw", "since 3.9")];
    assert_eq!(rules, expected.map(|(rule, gate)| (Some(rule), gate)));
}

#[test]
fn all_versions_are_compared_that_the_book_reads_unless_some_are_named() {
    let (_folder, path) = file("p.py", "print(1)\n");
    let said = ok(&["across", &path.display().to_string()]);
    let versions = crate::common::book().versions_read();
    assert!(said.contains(&format!("under {} versions of Python: 1 group\n", versions.len())), "{said}");
    assert!(said.contains("    > 1\n    normal\n"), "{said}");
}

#[test]
fn what_a_version_does_not_read_is_a_group_of_its_own_with_its_error() {
    let source = "A, B = ValueError, TypeError\ntry:\n    raise A\nexcept A, B:\n    print(B)\n";
    let report = across(source, &["--python", "3.11..3.14"]);
    assert_eq!(groups(&report), ["3.11 3.12 3.13", "3.14"]);
    assert!(report.groups[0].refused.as_ref().is_some_and(|why| why.starts_with("line 4: ")), "{report:?}");
    assert_eq!(report.partings[0].parting, None);
}

#[test]
fn paths_are_compared_where_the_program_calls_what_nothing_defines() {
    let source =
        format!("{}\nif ask():\n    it.close()\n", THROWN.replace("KeyError('k')", "KeyError(say())"));
    let report = across(&source, &["--python", "3.8..3.9"]);
    assert!(report.explored && report.groups.iter().all(|group| group.ways.len() > 1), "{report:?}");
    assert_eq!(groups(&report), ["3.8", "3.9"]);
    assert!(report.partings[0].parting.is_some());
    // What only newer versions define is an error in the older ones, and unknown nowhere.
    let report = across(
        "try:\n    raise ExceptionGroup('g', [ValueError()])\nexcept NameError:\n    print(1)\nexcept Exception:\n    print(2)\n",
        &["--python", "3.10..3.11"],
    );
    assert_eq!((report.explored, report.groups.len()), (false, 2));
    assert_eq!(report.groups[0].ways[0].output, "1\n");
}

#[test]
fn a_program_that_no_version_reads_is_an_error() {
    let (_folder, path) = file("p.py", "try\n");
    assert!(complaint(&["across", &path.display().to_string()]).contains("invalid syntax"));
    let (_folder, path) = file("p.py", "print(1)\n");
    let path = path.display().to_string();
    assert!(complaint(&["across", &path, "--python", "2.8..3.8"]).contains("there is no Python 2.8"));
    assert!(complaint(&["run", &path, "--python", "3.7..3.8"]).contains("takes one version"));
    assert!(complaint(&["across", "no-such-file.py"]).contains("cannot read"));
}

#[test]
fn check_and_explore_say_of_several_versions_what_they_say_of_one() {
    let (_folder, path) = file("p.py", THROWN.replace("it.throw", "save()\nit.throw"));
    let path = path.display().to_string();
    let both = |command: &str, format: &str, code| {
        exits(&[command, &path, "--python", "3.7..3.10", "--format", format], code)
    };
    let text = both("explore", "text", 0);
    assert!(
        text.contains("== Python 3.7 to 3.10\n") && text.ends_with("== 4 versions of Python in 1 group\n"),
        "{text}"
    );
    let graphs: Vec<UnderVersions<GraphFile>> =
        serde_json::from_str(&both("explore", "json", 0)).expect("JSON");
    assert_eq!(graphs[0].versions, ["3.7", "3.8", "3.9", "3.10"]);
    assert!(graphs[0].report.is_some());
    // What is thrown into a handler had no context before 3.9: a theorem that does not hold there, and no finding of the file.
    let quiet: Vec<UnderVersions<CheckReport>> = ron::from_str(&both("check", "ron", 0)).expect("RON");
    assert!(quiet.iter().all(|under| under.code == 0));
    let listed = ["check", &path, "--python", "3.7..3.10", "--format", "ron", "--theorems"];
    let reports: Vec<UnderVersions<CheckReport>> = ron::from_str(&exits(&listed, 1)).expect("RON");
    let said = reports.iter().map(|under| (under.code, under.report.is_some(), under.versions.join(" ")));
    assert_eq!(
        said.collect::<Vec<_>>(),
        [(1, true, "3.7 3.8".to_string()), (0, true, "3.9 3.10".to_string())]
    );
    // What one version refuses is the verdict on that version.
    let (_folder, path) = file("p.py", "with (open('a') as a, open('b') as b):\n    pass\n");
    let path = path.display().to_string();
    let text = exits(&["check", &path, "--python", "3.8..3.10", "--quiet"], 2);
    assert!(text.contains("== Python 3.8\nerror: ") && text.contains("== Python 3.9 to 3.10\n"), "{text}");
    assert!(
        complaint(&["check", &path, "--python", "3.8..3.10", "--out", "x"])
            .contains("--out is for one version")
    );
    assert!(complaint(&["explore", &path, "--python", "3.8..3.10", "--format", "dot"]).contains("--format"));
}
