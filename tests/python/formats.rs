//! Traces and graphs, as a program in another language reads and makes them.

use tempfile::TempDir;

use crate::common::{exits, file, has_python, ok, python, repository, text};

/// What the script says of a file.
fn script(task: &[&str]) -> String {
    let path = repository("tests/python/trace_format.py").display().to_string();
    let output = python(&[&[path.as_str()], task].concat(), "");
    assert!(output.status.success(), "{task:?}: {}", text(&output.stderr));
    text(&output.stdout)
}

/// Traces of several kinds: of the core and with objects, with a module, a choice, an exception, an entry, assumptions.
fn traces() -> Vec<String> {
    let mut traces = Vec::new();
    for example in ["lost_exception.py", "login.py", "search_outward.py", "with_statement.py"] {
        traces.push(ok(&["step", &format!("examples/{example}"), "--format", "json"]));
    }
    let (folder, path) =
        file("main.py", "import helper\nprint(helper.double('\u{e9}\u{1f600} \"x\"\\n\\x01'))\nf()\n");
    std::fs::write(folder.path().join("helper.py"), "def double(n):\n    return 2 * n\n").expect("a module");
    std::fs::write(
        folder.path().join("assume.ron"),
        "(calls: {\"f\": (raises: [\"OSError\"], returns: [])})",
    )
    .expect("a file");
    let assume = folder.path().join("assume.ron").display().to_string();
    traces.push(ok(&["step", &path.display().to_string(), "--assume", &assume, "--format", "json"]));
    traces
}

#[test]
fn a_program_in_another_language_reads_traces_and_makes_them() {
    if !has_python("json") {
        return;
    }
    for trace in traces() {
        let (_folder, path) = file("trace.json", &trace);
        let path = path.display().to_string();
        ok(&["replay", &path]);
        let remade = script(&["remake", &path]);
        assert_ne!(remade, trace);
        let (_folder, other) = file("remade.json", &remade);
        ok(&["replay", &other.display().to_string()]);
        assert!(script(&["tell", &path]).lines().all(|line| line.contains(" (")));
        let (_folder, edited) = file("edited.json", remade.replacen("\"rule\": \"", "\"rule\": \"x", 1));
        exits(&["replay", &edited.display().to_string()], 1);
    }
}

#[test]
fn what_is_written_has_the_form_that_the_schemas_describe() {
    if !has_python("jsonschema") {
        return;
    }
    let schema = |name: &str| repository(&format!("src/trace/{name}.schema.json")).display().to_string();
    for trace in traces() {
        let (_folder, path) = file("trace.json", &trace);
        script(&["check", &schema("trace"), &path.display().to_string()]);
    }
    let folder = TempDir::new().expect("a temporary folder");
    let out = folder.path().display().to_string();
    exits(&["check", "examples/lost_exception.py", "--property", "no-lost-exception", "--out", &out], 1);
    let ron = std::fs::read_to_string(folder.path().join("no-lost-exception.ron")).expect("a trace");
    let trace = trylemma::trace::replay::read("a.ron", &ron).unwrap_or_else(|error| panic!("{error}"));
    let (_folder, path) = file("trace.json", trylemma::trace::json(&trace).expect("JSON"));
    script(&["check", &schema("trace"), &path.display().to_string()]);
    for example in ["lost_exception.py", "login.py", "with_statement.py"] {
        let graph = ok(&["explore", &format!("examples/{example}"), "--format", "json"]);
        let (_folder, path) = file("graph.json", &graph);
        script(&["check", &schema("graph"), &path.display().to_string()]);
    }
    let (_folder, program) = file("p.py", "with (open('a'), open('b')):\n    pass\n");
    for flags in [&[][..], &["--python", "3.8..3.9"]] {
        let path = program.display().to_string();
        let report = ok(&[&["across", &path, "--format", "json"], flags].concat());
        let (_folder, path) = file("across.json", &report);
        script(&["check", &schema("across"), &path.display().to_string()]);
    }
}
