#![cfg(test)]
//! What each version before Python 3 refuses to read of the programs that are recorded beside the repository, and on which line it says so.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use crate::python::syntax::old::tests::timeline;
use crate::python::syntax::parse::Source;

#[derive(Deserialize)]
struct Recorded {
    versions: Vec<String>,
    programs: Vec<Program>,
    outcomes: BTreeMap<String, BTreeMap<String, BTreeMap<String, Value>>>,
}

#[derive(Deserialize)]
struct Program {
    id: String,
    source: String,
}

impl Recorded {
    fn read() -> Option<Recorded> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/versions/outcomes.json");
        let text = std::fs::read_to_string(path).ok()?;
        Some(serde_json::from_str(&text).expect("the record is JSON"))
    }

    /// What stands under the group that a version is in.
    fn of<'v>(
        &self,
        groups: impl IntoIterator<Item = (&'v String, &'v Value)>,
        release: &str,
    ) -> Option<&'v Value> {
        let place = |name: &str| self.versions.iter().position(|version| version == name);
        let has = |group: &str| {
            group.split(',').any(|part| {
                let (first, last) = part.split_once("..").unwrap_or((part, part));
                (place(first)..=place(last)).contains(&place(release))
            })
        };
        groups.into_iter().find(|(group, _)| has(group)).map(|(_, value)| value)
    }

    /// The line of the error, 0 where none is told; `None` where it is read.
    fn error(&self, program: &str, release: &str) -> Option<u64> {
        let outcomes = &self.outcomes[program];
        let ends = outcomes.iter().map(|(group, outcome)| (group, &outcome["ends"]));
        if self.of(ends, release)?.as_str() != Some("SyntaxError") {
            return None;
        }
        let lines =
            outcomes.iter().map(|(group, outcome)| (group, outcome.get("line").unwrap_or(&Value::Null)));
        match self.of(lines, release)? {
            Value::Object(groups) => self.of(groups, release).and_then(Value::as_u64).or(Some(0)),
            line => Some(line.as_u64().unwrap_or_default()),
        }
    }
}

#[test]
fn each_version_refuses_what_it_is_recorded_to_refuse_and_on_that_line() {
    let Some(recorded) = Recorded::read() else { return };
    let mut different = Vec::new();
    let old = recorded.versions.iter().filter(|version| version.starts_with(['1', '2']));
    for release in old {
        let mut parts = release.split('.');
        let version = if release == "1.5.2" {
            release.clone()
        } else {
            parts.by_ref().take(2).collect::<Vec<_>>().join(".")
        };
        let timeline = timeline(&version);
        for program in &recorded.programs {
            let source = Source::new("prog.py", &program.source, &timeline);
            let found = source.checked().err();
            // What is not modelled is refused by name, and is no error of the program.
            if found.as_ref().is_some_and(|fault| !fault.title().starts_with("invalid syntax")) {
                continue;
            }
            let expected = recorded.error(&program.id, release);
            let line = found.as_ref().map(|fault| fault.line() as u64);
            if expected != line && !(expected == Some(0) && line.is_some()) {
                let told = found.map(|fault| fault.title().to_string()).unwrap_or_default();
                different
                    .push(format!("{} {version}: line {expected:?}, the model {line:?} {told}", program.id));
            }
        }
    }
    assert!(different.is_empty(), "{} differ:\n{}", different.len(), different.join("\n"));
}
