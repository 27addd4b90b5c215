//! `step`, `explore` and `rules`: the same content in each format.

use trylemma::trace::Trace;
use trylemma::trace::graph::GraphFile;

use crate::common::{book, complaint, file, ok};

const LOGIN: &str = "examples/login.py";

#[test]
fn a_step_shows_rule_line_and_events() {
    let shown = ok(&["step", "examples/lost_exception.py"]);
    assert!(shown.contains("finally/enter-raising"), "{shown}");
    assert!(shown.contains("the path ends: "), "{shown}");
}

#[test]
fn a_trace_is_the_same_in_json_and_in_ron() {
    let json: Trace = serde_json::from_str(&ok(&["step", LOGIN, "--format", "json"])).expect("JSON");
    let ron: Trace = ron::from_str(&ok(&["step", LOGIN, "--format", "ron"])).expect("RON");
    assert_eq!(json, ron);
    assert_eq!(json.digest().expect("a digest"), json.checksum);
}

#[test]
fn a_choice_picks_the_path_that_is_shown() {
    let first: Trace = ron::from_str(&ok(&["step", LOGIN, "--format", "ron"])).expect("RON");
    let arguments = ["step", LOGIN, "--choose", "2", "--format", "ron"];
    let second: Trace = ron::from_str(&ok(&arguments)).expect("RON");
    assert_ne!(first.choices[0].what, second.choices[0].what);
}

#[test]
fn a_choice_that_there_is_not_is_refused() {
    assert!(complaint(&["step", LOGIN, "--choose", "99"]).contains("no way 99"));
    assert!(complaint(&["step", LOGIN, "--choose", "0"]).contains("no way 0"));
}

#[test]
fn the_paths_are_listed_with_what_is_unknown() {
    let shown = ok(&["explore", LOGIN]);
    assert!(shown.contains("the graph is complete"), "{shown}");
    assert!(shown.contains("unknown: login, login_check, page_footer"), "{shown}");
}

#[test]
fn paths_are_a_tree_in_which_what_follows_alike_is_told_once() {
    let shown = ok(&["explore", LOGIN]);
    let lines = |text: &str| shown.lines().filter(|line| line.contains(text)).count();
    // The footer follows a login that succeeded, or one of three exceptions that are on their way.
    assert_eq!(lines("page_footer() returns"), 4, "{shown}");
    assert_eq!(lines("goes on at ["), 3, "{shown}");
    assert!(shown.contains("prints \"unknown user\" → goes on at [1]\n"), "{shown}");
    let summary = "28 paths by their ends:\n      9  ends by raising BaseException()\n      9  ends by raising Exception()\n      8  \
        ends by raising KeyError()\n      2  ends normally\nlines by the paths that come to them:\n     28  lines 4-5, 12\n     \
        16  line 9\n      4  lines 7, 10\n";
    assert!(shown.contains(summary), "{shown}");
    let listed = ok(&["explore", LOGIN, "--format", "paths"]);
    assert_eq!(listed.lines().filter(|line| line.starts_with("path ")).count(), 28, "{listed}");
}

#[test]
fn a_line_that_a_path_comes_to_twice_counts_once_and_one_that_none_does_is_there() {
    let program = "def f():\n    if a: pass\nf()\nf()\nif b:\n    f()\nwhile False:\n    f()\n";
    let (_folder, path) = file("program.py", program);
    let shown = ok(&["explore", &path.display().to_string()]);
    assert!(shown.contains("4 paths by their ends:\n      4  ends normally\n"), "{shown}");
    assert!(shown.contains("      4  lines 1-5, 7\n      2  line 6\n      0  line 8\n"), "{shown}");
}

#[test]
fn a_loop_over_an_unknown_stops_or_goes_on_and_comes_round() {
    let (_folder, path) =
        file("rows.py", "for row in rows:\n    try:\n        pass\n    finally:\n        row\n");
    let shown = ok(&["explore", &path.display().to_string()]);
    assert!(shown.contains("line 1: the loop stops"), "{shown}");
    assert!(shown.contains("line 1: the loop goes on"), "{shown}");
    // A way back is no path that ends.
    let summary = "4 paths by their ends; 1 way round a loop, back to where a path was:\n      4  ends normally\nlines by the paths and ways back";
    assert!(shown.contains(summary), "{shown}");
    assert!(shown.contains("the graph is complete"), "{shown}");
    let steps = ok(&["step", &path.display().to_string(), "--choose", "2,1"]);
    assert!(steps.contains("the next item for row"), "{steps}");
}

#[test]
fn a_graph_is_the_same_in_json_and_in_ron() {
    let json: GraphFile = serde_json::from_str(&ok(&["explore", LOGIN, "--format", "json"])).expect("JSON");
    let ron: GraphFile = ron::from_str(&ok(&["explore", LOGIN, "--format", "ron"])).expect("RON");
    assert_eq!(json, ron);
    assert_eq!(json.limit, None);
    assert!(json.transitions.iter().all(|t| t.from < json.states.len() && t.to < json.states.len()));
}

#[test]
fn a_graph_in_dot_is_one_digraph() {
    for arguments in
        [&["explore", LOGIN, "--format", "dot"][..], &["explore", LOGIN, "--format", "dot", "--full"]]
    {
        let dot = ok(arguments);
        assert!(dot.starts_with("digraph ") && dot.ends_with("}\n"), "{dot}");
        assert!(dot.contains(" -> ") && dot.contains("doubleoctagon"), "{dot}");
    }
}

#[test]
fn a_loop_over_an_unknown_condition_has_a_finite_graph() {
    let program = "while more():\n    try:\n        work()\n    finally:\n        cleanup()\n";
    let (_folder, path) = file("loop.py", program);
    let shown = ok(&["explore", &path.display().to_string()]);
    assert!(shown.contains("the graph is complete"), "{shown}");
    assert!(shown.contains("paths without number (loops)"), "{shown}");
}

#[test]
fn every_rule_is_printed() {
    let (text, latex) = (ok(&["rules"]), ok(&["rules", "--format", "latex"]));
    for rule in book().rules.iter() {
        assert!(text.contains(rule.name.as_str()), "{} as text", rule.name);
        assert!(latex.contains(rule.name.as_str()), "{} as LaTeX", rule.name);
    }
}

#[test]
fn one_rule_is_printed_with_the_litmus_programs_that_fire_it() {
    let shown = ok(&["rules", "finally/resume"]);
    assert!(shown.contains("section #finally.leave; fired by "), "{shown}");
    assert!(shown.contains("The clause runs when the suite falls off its end"), "{shown}");
    assert!(!shown.contains("finally/override"), "{shown}");
}

#[test]
fn one_rule_is_printed_as_latex() {
    let shown = ok(&["rules", "finally/resume", "--format", "latex"]);
    assert!(shown.contains("finally/resume") && !shown.contains("finally/override"), "{shown}");
    assert_eq!(shown.matches('{').count(), shown.matches('}').count(), "{shown}");
}

#[test]
fn a_format_that_a_command_does_not_write_is_refused() {
    for arguments in [["rules", "--format", "json"], ["check", "--size=1", "--format=dot"]] {
        complaint(&arguments);
    }
    complaint(&["explore", LOGIN, "--format", "latex"]);
    complaint(&["step", LOGIN, "--format", "dot"]);
}

#[test]
fn what_happens_after_a_call_belongs_to_the_callers_line() {
    let source = "def f():\n    x = 1\n    return x\n\nprint(f())\ndef g():\n    y = yield 1\n    print(y)\n    print((yield 2))\nit = g()\nnext(it)\nprint(\n  it.send(5))\nnext(it, 0)\n";
    let (_folder, path) = file("p.py", source);
    let path = path.to_str().expect("a path");
    let shown = ok(&["explore", path, "--format", "paths"]);
    let lines: Vec<&str> =
        shown.lines().filter(|line| line.contains("prints")).map(str::trim).take(4).collect();
    let expected =
        ["line 5: prints \"1\"", "line 8: prints \"5\"", "line 12: prints \"2\"", "line 9: prints \"None\""];
    assert_eq!(lines, expected, "{shown}");
}
