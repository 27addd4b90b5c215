//! Pairs of functions that were judged by running both: `equiv` finds the level, and a path on which Python parts them, too.

use std::io::Write;

use serde::Deserialize;
use tempfile::TempDir;

use crate::common::{has_python, python, repository, text, trylemma};

/// What the calls in the pairs may raise, and what stands around them.
const PRELUDE: &str = "from contextlib import suppress\n\n\nclass A(Exception):\n    pass\n\n\nclass B(Exception):\n    pass\n\n\nclass C(A):\n    pass\n\n\nAB = A, B\nmissing_name = None\ndel missing_name\n\n\n";

#[derive(Deserialize)]
struct Judged {
    name: String,
    before: String,
    after: String,
    level: u8,
}

#[derive(Deserialize)]
struct Report {
    pairs: Vec<serde_json::Value>,
}

fn function(name: &str, body: &str) -> String {
    let lines: String = body.lines().map(|line| format!("    {line}\n")).collect();
    format!("def {name}():\n{lines}\n\n")
}

#[test]
fn judged_pairs_are_equal_at_the_level_that_was_recorded_and_python_parts_them_on_the_way_that_is_told() {
    let path = repository("../shared/equiv/pairs.json");
    let Ok(judged) = std::fs::read_to_string(&path) else {
        assert!(std::env::var_os("CI").is_none(), "no {}, and CI is set", path.display());
        // Past the capture of the test harness, which would hide it.
        let _ = writeln!(std::io::stderr(), "skipped the judged pairs: no {}", path.display());
        return;
    };
    let judged: Vec<Judged> = serde_json::from_str(&judged).expect("a list of pairs");
    assert!(judged.len() >= 42);
    let folder = TempDir::new().expect("a temporary folder");
    let mut sources = Vec::new();
    for (number, pair) in judged.iter().enumerate() {
        let source =
            format!("{PRELUDE}{}{}", function("before", &pair.before), function("after", &pair.after));
        // In the order of the list.
        std::fs::write(folder.path().join(format!("{number:03}.py")), &source).expect("a file");
        sources.push(source);
    }
    let folder = folder.path().display().to_string();
    let output = trylemma(&["equiv", &folder, "--python", "3.11", "--format", "json"]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    let report: Report = serde_json::from_slice(&output.stdout).expect("a report");
    let mut cases = Vec::new();
    for ((pair, found), source) in judged.iter().zip(&report.pairs).zip(&sources) {
        assert_eq!(found["level"], pair.level, "{}: {found}", pair.name);
        if pair.level < 4 {
            let ways: Vec<_> = [0, 1].map(|side| found["parted"]["ways"][side]["steps"].clone()).into();
            cases.push(serde_json::json!({ "source": source, "ways": ways, "level": pair.level }));
        }
    }
    if !has_python("sys; assert sys.version_info >= (3, 11)") {
        return;
    }
    let script = repository("tests/differential/twins.py").display().to_string();
    let output = python(&[&script], &serde_json::to_string(&cases).expect("JSON"));
    let levels: Vec<u8> =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", text(&output.stderr)));
    let parted = judged.iter().filter(|pair| pair.level < 4);
    for (pair, level) in parted.zip(levels) {
        assert_eq!(level, pair.level, "{} under python3", pair.name);
    }
}
