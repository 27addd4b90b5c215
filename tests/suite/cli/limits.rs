//! Limits: exit code 3, and the limit by its name.

use crate::common::{file, text, trylemma};

/// What the binary says of a program that reaches a limit.
fn cut_off(command: &str, program: &str, limit: &str) -> (String, String) {
    let (_folder, path) = file("program.py", program);
    let output = trylemma(&[command, &path.display().to_string(), "--limit", limit]);
    assert_eq!(output.status.code(), Some(3), "{}{}", text(&output.stdout), text(&output.stderr));
    (text(&output.stdout), text(&output.stderr))
}

const ENDLESS_RECURSION: &str = "def f():\n    f()\nf()\n";
const ENDLESS_OUTPUT: &str = "while True:\n    print('again')\n";

#[test]
fn recursion_without_end_is_no_verdict() {
    let (report, _) = cut_off("check", ENDLESS_RECURSION, "activations=20");
    assert!(report.contains("the limit of 20 activations was reached"), "{report}");
    assert!(!report.lines().any(|line| line.starts_with("holds")), "{report}");
}

#[test]
fn recursion_without_end_stops_a_run() {
    let (_, message) = cut_off("run", ENDLESS_RECURSION, "activations=20");
    assert!(message.contains("the limit of 20 activations was reached"), "{message}");
}

#[test]
fn a_run_without_end_stops_after_so_many_steps() {
    let (printed, message) = cut_off("run", ENDLESS_OUTPUT, "steps=1000");
    assert!(printed.starts_with("again\nagain\n"), "{printed}");
    assert!(message.contains("raise it with --limit steps=10000"), "{message}");
}

#[test]
fn a_trace_without_end_stops_after_so_many_steps() {
    let (trace, message) = cut_off("step", ENDLESS_OUTPUT, "steps=50");
    assert!(trace.contains("the trace stops here"), "{trace}");
    assert!(message.contains("50 steps"), "{message}");
}

#[test]
fn a_graph_that_is_too_large_is_cut_off() {
    let (report, message) = cut_off("explore", "f()\ng()\nh()\n", "states=10");
    assert!(report.contains("cut off by a limit"), "{report}");
    assert!(message.contains("10 states"), "{message}");
}

#[test]
fn a_string_of_more_characters_than_a_state_may_nest_is_no_loop() {
    let long = format!("for letter in '{}':\n    print(letter)\n", "a".repeat(200_000));
    let (trace, message) = cut_off("step", &long, "depth=5000");
    assert!(trace.contains("the trace stops here"), "{trace}");
    assert!(message.contains("5000 depth"), "{message}");
}

#[test]
fn a_check_that_is_cut_off_refutes_all_the_same() {
    let lost = "def f():\n    try: raise ValueError\n    finally: return\nf()\ndef g(): g()\ng()\n";
    let (_folder, path) = file("program.py", lost);
    let path = path.display().to_string();
    let output = trylemma(&["check", &path, "--hazards", "--limit", "activations=20"]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stdout));
}

/// Configurations of monitors share what is open below: a thousand activations are a thousand in all.
#[test]
fn a_deep_recursion_through_finally_is_checked_within_little_memory() {
    let deep = "def f(n):\n    try:\n        if n == 0:\n            return g()\n        return f(n - 1)\n    \
                finally:\n        print(\"x\")\nf(600)\n";
    let (_folder, path) = file("program.py", deep);
    let path = path.display().to_string();
    let arguments = ["check", &path, "--limit", "activations=700", "--memory", "60MiB", "--theorems"];
    let output = trylemma(&arguments);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("holds    finally-innermost-first"), "{}", text(&output.stdout));
}
