//! Findings as SARIF 2.1.0, for what shows them beside the code: the small part of that format which they need.

use std::path::Path;

use serde::Serialize;

use crate::book::property::Kind;
use crate::render::text::{Passed, passed};
use crate::trace::Trace;

/// Where the schema of the format is published.
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// A property that a path breaks.
#[derive(Debug)]
pub struct Finding<'a> {
    /// What kind of property.
    pub kind: Kind,
    /// The line of the trace's file in which it is broken.
    pub line: usize,
    /// What is wrong there.
    pub message: String,
    /// The path.
    pub trace: &'a Trace,
}

/// A log: what one run found.
#[derive(Debug, Serialize)]
pub struct Log {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: Vec<Run>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: Tool,
    results: Vec<Found>,
    column_kind: &'static str,
}

#[derive(Debug, Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    semantic_version: &'static str,
    rules: Vec<Rule>,
}

/// A property. Its claim says what it is about.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: String,
    short_description: Message,
    default_configuration: Configuration,
}

#[derive(Debug, Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Debug, Serialize)]
struct Message {
    text: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Found {
    rule_id: String,
    rule_index: usize,
    level: &'static str,
    message: Message,
    locations: Vec<Location>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    code_flows: Vec<CodeFlow>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct CodeFlow {
    thread_flows: Vec<ThreadFlow>,
}

#[derive(Debug, Serialize)]
struct ThreadFlow {
    locations: Vec<Flowing>,
}

#[derive(Debug, Serialize)]
struct Flowing {
    location: Location,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: Physical,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logical_locations: Vec<Logical>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Logical {
    fully_qualified_name: String,
    kind: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical {
    artifact_location: Artifact,
    region: Region,
}

#[derive(Debug, Serialize)]
struct Artifact {
    uri: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
}

/// The log of these findings.
pub fn log(findings: &[Finding]) -> Log {
    let mut rules: Vec<Rule> = Vec::new();
    let mut results = Vec::new();
    for finding in findings {
        let Some(broken) = &finding.trace.property else { continue };
        let rule_index = rules.iter().position(|rule| rule.id == broken.name).unwrap_or_else(|| {
            rules.push(Rule {
                id: broken.name.clone(),
                short_description: Message { text: broken.claim.clone() },
                default_configuration: Configuration { level: level(finding.kind) },
            });
            rules.len() - 1
        });
        results.push(Found {
            rule_id: broken.name.clone(),
            rule_index,
            level: level(finding.kind),
            message: Message { text: finding.message.clone() },
            locations: vec![broken_at(finding)],
            code_flows: code_flow(finding.trace).into_iter().collect(),
        });
    }
    let driver = Driver { name: "trylemma", semantic_version: env!("CARGO_PKG_VERSION"), rules };
    let run = Run { tool: Tool { driver }, results, column_kind: "unicodeCodePoints" };
    Log { schema: SCHEMA, version: "2.1.0", runs: vec![run] }
}

/// What Python allows is warned of; what a program has promised, or Python has, is an error.
fn level(kind: Kind) -> &'static str {
    match kind {
        Kind::Hazard => "warning",
        Kind::Contract | Kind::Theorem => "error",
    }
}

fn broken_at(finding: &Finding) -> Location {
    let function = finding
        .trace
        .entry
        .iter()
        .map(|entry| Logical { fully_qualified_name: entry.clone(), kind: "function" });
    Location { logical_locations: function.collect(), ..location(&finding.trace.file, finding.line, None) }
}

fn location(file: &str, line: usize, message: Option<String>) -> Location {
    Location {
        physical_location: Physical {
            artifact_location: Artifact { uri: uri(file) },
            region: Region { start_line: line.max(1) },
        },
        logical_locations: Vec::new(),
        message: message.map(|text| Message { text }),
    }
}

/// The lines that a path passes, with what happens on each; `None` for one without lines, since a flow has a location.
fn code_flow(trace: &Trace) -> Option<CodeFlow> {
    let at = |passed: Passed| {
        let module = passed.module.as_ref().and_then(|module| trace.modules.get(module));
        let file = module.map_or(trace.file.as_str(), |module| module.file.as_str());
        let message = Some(passed.happenings.join("; ")).filter(|text| !text.is_empty());
        Some(Flowing { location: location(file, passed.line?, message) })
    };
    let locations: Vec<Flowing> = passed(trace).into_iter().filter_map(at).collect();
    (!locations.is_empty()).then(|| CodeFlow { thread_flows: vec![ThreadFlow { locations }] })
}

/// The reference to a file: a URI where its path is absolute, and relative to where the tool was run otherwise.
fn uri(file: &str) -> String {
    let scheme = if Path::new(file).is_absolute() { "file://" } else { "" };
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    let spelled = file.bytes().map(|byte| match plain(byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    });
    scheme.chars().map(String::from).chain(spelled).collect()
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn a_path_becomes_a_reference() {
        assert_eq!(uri("src/a b.py"), "src/a%20b.py");
        assert_eq!(uri("/tmp/ä.py"), "file:///tmp/%C3%A4.py");
    }
}
