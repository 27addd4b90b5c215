//! `trylemma ask`: yes and no are answers that were earned.

use trylemma::trace::report::AskReport;

use crate::common::{complaint, exits, file, text, trylemma};

#[test]
fn questions_are_answered_with_a_path() {
    let program = "def f(x):\n    try:\n        y = g(x)\n    except KeyError:\n        pass\n    return y\n";
    let (_folder, path) = file("program.py", program);
    let path = path.display().to_string();
    for (question, code) in [
        ("reach 5", 0),
        ("unbound y", 0),
        ("unbound y at 6", 0),
        ("unbound y at 3", 1),
        ("returns f", 0),
        ("raises f UnboundLocalError", 0),
        ("raises f OSError", 1),
        ("arcs 5", 0),
    ] {
        let output = trylemma(&["ask", &path, question]);
        let shown = text(&output.stdout) + &text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{question}: {shown}");
    }
    assert!(exits(&["ask", &path, "arcs", "5"], 0).starts_with("yes: 6"));
    let json = exits(&["ask", &path, "reach", "5", "--format", "json"], 0);
    let report: trylemma::trace::report::AskReport = serde_json::from_str(&json).expect("JSON");
    assert!(report.answer == "yes" && report.path.is_some());
    assert_eq!(trylemma(&["ask", &path, "reach 5", "--limit", "states=3"]).status.code(), Some(3));
    for wrong in ["reach 77", "reach x", "returns g2", "why"] {
        assert!(!complaint(&["ask", &path, wrong]).is_empty(), "{wrong}");
    }
}

/// What is answered of a program, in JSON.
fn asked(program: &str, question: &str, arguments: &[&str], code: i32) -> AskReport {
    let (_folder, path) = file("program.py", program);
    let path = path.display().to_string();
    let json = exits(&[&["ask", &path, question, "--format", "json"], arguments].concat(), code);
    serde_json::from_str(&json).expect("JSON")
}

#[test]
fn what_was_never_entered_is_unknown_and_the_reason_is_told() {
    // Nobody calls `inner`, so its lines and names were not looked at.
    let program = "def outer(x):\n    def inner(y):\n        z.send(y)\n        print(y)\n    hand_over(inner)\n    return x\n";
    for question in ["reach 4", "raises outer.inner", "raises outer.inner()", "returns outer.inner", "arcs 3"]
    {
        let report = asked(program, question, &[], 3);
        assert_eq!(report.answer, "unknown");
        let why = report.why.join("; ");
        assert!(why.contains("the function `outer.inner` at line 2 is never entered"), "{question}: {why}");
    }
    for (question, code) in [("reach 6", 0), ("unbound x", 1), ("returns outer", 0), ("unbound y", 3)] {
        asked(program, question, &[], code);
    }
    // Where the function is called, or it is taken for possible that it is, there is an answer.
    asked(program, "reach 4", &["--doubt", "callbacks"], 0);
}

#[test]
fn a_no_of_what_is_not_modelled_or_cut_off_is_none() {
    let not_modelled = "async def f():\n    await g()\ndef h():\n    return 1\n";
    let report = asked(not_modelled, "reach 2", &[], 3);
    assert!(report.why.concat().contains("the function `f` at line 1"), "{:?}", report.why);
    asked(not_modelled, "raises h", &[], 1);
    let inside = "def f(x):\n    t = t'{g(x)}'\n    return t\ndef g(x):\n    raise KeyError(x)\n";
    asked(inside, "raises g KeyError", &[], 0);
    let report = asked(inside, "returns g", &[], 3);
    assert!(report.why.concat().contains("not modelled"), "{:?}", report.why);
    let report = asked("def f(n):\n    return f(n)\nprint(1)\n", "reach 3", &["--limit", "states=4"], 3);
    assert!(report.why.concat().contains("limit"), "{:?}", report.why);
}

#[test]
fn functions_that_the_module_does_not_lead_to_are_entered_without_it() {
    let program = "class E(Exception):\n    pass\nraise RuntimeError\ndef f(x):\n    raise E\n";
    asked(program, "reach 5", &[], 0);
    // What `E` is, is not known there.
    let report = asked(program, "raises f E", &[], 3);
    assert!(report.why.concat().contains("the module raises at line 3"), "{:?}", report.why);
    asked(program, "reach 3", &[], 0);
}

#[test]
fn what_only_a_widened_loop_leads_to_is_no_yes() {
    let program = "def f(u):\n    n = 0\n    for x in u:\n        n += 1\n    if n == 3000:\n        return 1\n    print(n)\n    return n\n";
    let report = asked(program, "reach 6", &[], 3);
    assert!(report.path.is_none() && report.why.concat().contains("2 times"), "{:?}", report.why);
    asked(program, "reach 7", &[], 0);
    let report = asked(program, "arcs 7", &[], 3);
    assert_eq!(report.lines, ["8"]);
}

#[test]
fn a_question_about_nothing_is_refused_with_what_is_near() {
    let (_folder, path) = file("program.py", "def fetch(x):\n    return x\n");
    let path = path.display().to_string();
    for (question, near) in [
        ("reach 7", "those next to it are 2"),
        ("arcs 7", "those next to it are 2"),
        ("unbound y", "`x`"),
        ("unbound x at 9", "those next to it are 2"),
        ("raises fetsh", "`fetch`"),
        ("raises fetch ValueErorr", "`ValueError`"),
    ] {
        let told = complaint(&["ask", &path, question]);
        assert!(told.contains(near) && !told.contains("`asked`"), "{question}: {told}");
    }
}

/// A program in which a name is bound in many ways.
const BINDS: &str = "def f(u, flag):
    x = 1
    if flag:
        x = u()
    try:
        x = g(u)
    except KeyError as x:
        print(x)
    for x in u:
        if x:
            break
    print(x)
    return x
def h(n):
    y = n
    if n > 3:
        y = h(0)
    else:
        del y
        y = 5
    while y > 2:
        y -= 1
    return y
def outer(z):
    def inner():
        nonlocal z
        z = 2
    if u:
        inner()
    return z
with open(p) as w:
    w = 3
print(w)
";

#[test]
fn the_bindings_that_a_line_can_see_are_listed() {
    for (question, lines) in [
        ("binds x at 8", "7"),
        ("binds x at 9", "6"),
        ("binds x at 12", "6 9"),
        ("binds x at 6", "2 4"),
        ("binds y at 16", "15"),
        ("binds y at 20", ""),
        ("binds y at 21", "17 20 22"),
        ("binds y at 23", "17 22"),
        ("binds n at 23", "14"),
        ("binds z at 30", "24 27"),
        ("binds w at 32", "31"),
        ("binds w at 33", "32"),
    ] {
        let report = asked(BINDS, question, &[], i32::from(lines.is_empty()));
        assert_eq!(report.lines.join(" "), lines, "{question}");
        assert_eq!(report.path.is_some(), !lines.is_empty(), "{question}");
    }
    for wrong in ["binds q at 3", "binds x at 99", "binds x"] {
        let (_folder, path) = file("program.py", BINDS);
        assert!(!complaint(&["ask", &path.display().to_string(), wrong]).is_empty(), "{wrong}");
    }
}

#[test]
fn a_binding_that_only_a_widened_loop_shows_is_no_yes() {
    let program = "def f(u):\n    n = 0\n    last = 1\n    for x in u:\n        n += 1\n    if n == 3000:\n        last = 2\n    return last\n";
    let report = asked(program, "binds last at 8", &[], 3);
    assert_eq!(report.lines, ["3"]);
    assert!(report.why.concat().contains("line 7"), "{:?}", report.why);
}

#[test]
fn a_function_that_is_not_modelled_is_said_not_to_be() {
    let program = "import asyncio\n\nasync def f(u):\n    try:\n        await u.work()\n    finally:\n        u.close()\n\nclass C:\n    @staticmethod\n    async def m():\n        return 1\n\ndef g(u):\n    return u\n";
    for question in ["raises f", "returns f()", "raises f KeyError", "returns C.m"] {
        let report = asked(program, question, &[], 3);
        let line = if question.contains('m') { "line 11" } else { "line 3" };
        let why = report.why.concat();
        assert!(why.contains("not modelled") && why.contains(line) && why.contains("async def"), "{why}");
    }
    let (_folder, path) = file("program.py", program);
    let path = path.display().to_string();
    let of = |function: &str| format!("{path}::{function}");
    for arguments in [
        &["check", &path, "--entry", "f"][..],
        &["check", &of("f")],
        &["check", &of("C.m")],
        &["explore", &path, "--entry", "f"],
        &["ask", &path, "reach 4", "--entry", "f"],
    ] {
        let output = trylemma(arguments);
        let told = text(&output.stderr);
        assert_eq!(output.status.code(), Some(3), "{arguments:?}: {told}");
        assert!(
            told.contains("not modelled") && told.contains("line") && told.contains("async def"),
            "{told}"
        );
    }
    // One of several does not stop the others.
    let output = trylemma(&["check", &of("f"), &of("g")]);
    assert!(text(&output.stdout).contains("holds"), "{}", text(&output.stderr));
}
