//! What is taken for granted, and what each doubt finds.

use super::check::check;
use crate::common::{file, one_complaint, text, trylemma};

const LOCKS: &str = "import threading
lock = threading.Lock()

def before(work):
    lock.acquire()
    try:
        work()
    finally:
        lock.release()

def tested(work):
    if lock.acquire(False):
        try:
            work()
        finally:
            lock.release()

def inside(work):
    try:
        lock.acquire()
        work()
    finally:
        lock.release()

def managed(work):
    with lock:
        work()
";

#[test]
fn an_interrupt_between_acquire_and_try_leaves_the_lock() {
    assert!(!check(LOCKS, &[], 0).contains("REFUTED"));
    let doubting = check(LOCKS, &["--doubt", "interrupts"], 1);
    for (function, line) in [("before", 6), ("tested", 13)] {
        let found = format!("program.py:{line}: in {function}: paired-objects acquire:release");
        assert!(doubting.contains(&found), "{found}\n{doubting}");
    }
    for function in ["inside", "managed"] {
        assert!(!doubting.contains(&format!("in {function}: ")), "{doubting}");
    }
    assert!(doubting.contains("an interrupt comes before this line: KeyboardInterrupt"), "{doubting}");
    let twice = "def f():\n    r.acquire()\n    try:\n        work()\n    finally:\n        log()\n        r.release()\n";
    let quiet = ["--doubt", "interrupts", "--assume", "ASSUME"];
    let (_folder, assume) = file("assume.ron", "(calls: {\"log\": Call(raises: Some([]))})");
    let assume = assume.display().to_string();
    let quiet = quiet.map(|word| if word == "ASSUME" { assume.as_str() } else { word });
    let found = check(twice, &quiet, 1);
    assert!(found.contains("in f: paired-objects acquire:release"), "{found}");
    // An interrupt that comes while something is cleaned up is no fault of the clause.
    assert!(found.contains("holds    no-masked-exception"), "{found}");
}

#[test]
fn an_unknown_may_lack_what_a_clause_does_not_wait_for() {
    let program = "def f(conn):\n    handle = conn.open()\n    try:\n        handle.size\n    except OSError:\n        pass\n    handle.close()\n";
    assert!(!check(program, &[], 0).contains("REFUTED"));
    let doubting = check(program, &["--doubt", "attributes"], 1);
    assert!(doubting.contains("conn.open() has no attribute `size`"), "{doubting}");
    assert!(doubting.contains("program.py:4: in f: paired-objects open:close"), "{doubting}");
}

#[test]
fn what_is_handed_over_may_be_called_and_raise() {
    let program = "class Own(Exception):\n    pass\n\ndef f(r):\n    def back(x):\n        raise Own(x)\n    r.acquire()\n    try:\n        run(back)\n    except Own:\n        return\n    r.release()\n";
    let narrow = "(calls: {\"run\": Call(returns: Some([None]), raises: Some([]))})";
    let (_folder, assume) = file("assume.ron", narrow);
    let assume = assume.display().to_string();
    let plain = ["--assume", &assume];
    assert!(!check(program, &plain, 0).contains("REFUTED"));
    let doubting = check(program, &["--assume", &assume, "--doubt", "callbacks"], 1);
    assert!(doubting.contains("run() calls f.back()"), "{doubting}");
    assert!(doubting.contains("REFUTED  paired-objects acquire:release"), "{doubting}");
}

#[test]
fn what_is_doubted_is_not_taken_for_granted() {
    let granted = |flags: &[&str]| {
        let report = check("x = 1\n", flags, 0);
        let line = report.lines().find(|line| line.starts_with("taken for granted: "));
        line.unwrap_or_else(|| panic!("{report}")).to_string()
    };
    let doubts = [
        "types",
        "keys",
        "attributes",
        "callbacks",
        "interrupts",
        "cleanup",
        "managers",
        "returns",
        "branches",
        "loops",
    ];
    let plain = granted(&[]);
    for doubt in doubts {
        let lifted = format!("(--doubt {doubt})");
        assert!(plain.contains(&lifted), "{plain}");
        assert!(!granted(&["--doubt", doubt]).contains(&lifted), "{doubt}");
    }
    let (_folder, path) = file("program.py", "x = 1\n");
    let complaint =
        one_complaint(&trylemma(&["check", &path.display().to_string(), "--doubt", "interupts"]), "");
    assert!(complaint.contains("`interrupts`"), "{complaint}");
}

#[test]
fn a_trace_that_rests_on_a_doubt_says_so_and_replays() {
    let (folder, path) = file("program.py", LOCKS);
    let out = folder.path().join("traces").display().to_string();
    let path = format!("{}::before", path.display());
    let output = trylemma(&["check", &path, "--doubt", "interrupts", "--out", &out]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    let trace = format!("{out}/paired-objects-acquire-release.ron");
    let written = std::fs::read_to_string(&trace).expect("a trace");
    assert!(written.contains("\"interrupts\""), "the doubt is part of the trace");
    let replayed = trylemma(&["replay", &trace]);
    assert_eq!(replayed.status.code(), Some(0), "{}", text(&replayed.stderr));
}
