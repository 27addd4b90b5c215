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
