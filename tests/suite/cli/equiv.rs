//! `equiv`: what is the same, what is not, and what cannot be compared.

use tempfile::TempDir;
use trylemma::trace::equivalence::{EquivReport, PairReport};

use crate::common::{complaint, exits, file, ok, trylemma, with_input};

/// Bodies of functions of `u` and `v` that do not do the same.
const DIFFERENT: &[[&str; 2]] = &[
    ["x=f(); y=f(); g(x)", "x=f(); y=f(); g(y)"],
    ["g(f(), f())", "a=f(); b=f(); g(b, a)"],
    ["l=[1]; g(l); l.append(2); h()\nreturn l", "l=[1]; g(l); h()\nreturn l"],
    ["u.x = 1", "u.x = 2"],
    ["u[0] = 1", "u[0] = 2"],
    ["global n; n = 1", "global n; n = 2"],
    ["u.x = 1", "pass"],
    ["del u.x", "pass"],
    ["g([]); g([])", "l=[]; g(l); g(l)"],
    ["return lambda: 1", "return lambda: 2"],
    ["g(len(u))", "g(len(v))"],
    ["x=f(); y=f(); g(str(x))", "x=f(); y=f(); g(str(y))"],
    ["while True: pass", "pass"],
    ["print(1)", "print(2)"],
    ["print(u)", "print(v)"],
    ["yield 1", "yield 2"],
    ["return 1", "return True"],
    ["return 1", "return 1.0"],
    ["raise ValueError(1)", "raise ValueError(2)"],
    ["raise ValueError(u)", "raise ValueError(v)"],
    ["for x in u: f(x)", "for x in v: f(x)"],
    ["for x in u: f(x)", "for x in u: f(u)"],
    ["x = u.a; y = u.b; g(x)", "x = u.a; y = u.b; g(y)"],
    ["return u + v", "return v + u"],
    ["return f", "return g"],
    ["if u: f()", "if v: f()"],
    ["if u == v: f()", "if u != v: f()"],
    ["if u is None: f()", "if u is not None: f()"],
    [
        "try:\n    f()\nexcept ValueError as e:\n    return e",
        "try:\n    f()\nexcept ValueError as e:\n    return ValueError()",
    ],
    ["with u: f()", "f()"],
    ["with u as x: f(x)", "with u as x: f(u)"],
    ["import os\nos.remove(u)", "import os\nos.unlink(u)"],
    ["return f(a=1)", "return f(b=1)"],
    ["return f(1, *u)", "return f(1, *v)"],
    ["x = [f(), f()]; return x", "x = [f(), f()]; x.reverse(); return x"],
    ["return {1: f(), 2: f()}", "a=f(); b=f(); return {1: b, 2: a}"],
    ["a=f(); b=f()\nif a: g()", "a=f(); b=f()\nif b: g()"],
    ["a=f(); b=f(); c=f()\ng(a)\nh(b)\nf(c)", "a=f(); b=f(); c=f()\ng(a)\nh(c)\nf(b)"],
    ["x=f()\nwhile t(): x=f()\ng(x)", "x=f()\nwhile t(): f()\ng(x)"],
    ["x=f()\nwhile t():\n    y=x; x=f()\n    g(y)", "x=f()\nwhile t():\n    y=x; x=f()\n    g(x)"],
    ["assert u", "if not u: raise AssertionError(1)"],
    ["n = 0\nfor i in range(3): n += i\nreturn n", "return 4"],
    ["s = set(); s.add(f()); return s", "return set()"],
    ["e = ValueError()\ntry: raise e\nexcept ValueError: pass\nreturn e.args", "return None"],
    ["def h2(): return u\nreturn h2()", "def h2(): return v\nreturn h2()"],
    ["class K:\n    x = 1\nreturn K", "class K:\n    x = 2\nreturn K"],
];

/// Bodies that do.
const EQUAL: &[[&str; 2]] = &[
    ["x=f(); y=f(); g(x)", "y=f(); x=f(); g(y)"],
    ["g(f(), f())", "a=f(); b=f(); g(a, b)"],
    ["if u:\n    f()\nelse:\n    g()", "if not u:\n    g()\nelse:\n    f()"],
    ["if u: f()", "if u:\n    if u: f()"],
    ["x = u.a; g(x, x)", "g(u.a, u.a)"],
    ["n = 0\nfor i in range(3): n += i\nreturn n", "return 3"],
    ["for x in u: f(x)", "it = iter(u)\nfor x in it: f(x)"],
    ["with u: f()", "m = u\nwith m: f()"],
    ["while t(): f()", "while True:\n    if not t(): break\n    f()"],
    ["a=f(); b=f(); c=f()\ng(a)\nh(c)\nf(b)", "c=f(); b=f(); a=f()\ng(c)\nh(a)\nf(b)"],
    ["x=f()\nwhile t():\n    y=x; x=f()\n    g(y)", "x=f()\nwhile t():\n    y=f()\n    g(x)\n    x=y"],
    ["if u and v: f()", "if u:\n    if v: f()"],
    ["return u or v", "return u if u else v"],
    ["yield 1", "yield from [1]"],
    ["print(1)\nprint(2)", "print(1); print(2)"],
    ["x = [f(), f()]; return x", "x = []; x.append(f()); x.append(f()); return x"],
];

fn functions([before, after]: [&str; 2]) -> String {
    let function = |name: &str, body: &str| {
        let lines: String = body.lines().map(|line| format!("    {line}\n")).collect();
        format!("def {name}(u, v):\n{lines}\n\n")
    };
    function("before", before) + &function("after", after)
}

/// The report on a folder of such pairs, in their order.
fn compared(pairs: &[[&str; 2]]) -> EquivReport {
    let folder = TempDir::new().expect("a temporary folder");
    for (number, pair) in pairs.iter().enumerate() {
        std::fs::write(folder.path().join(format!("{number:03}.py")), functions(*pair)).expect("a file");
    }
    let output = trylemma(&["equiv", &folder.path().display().to_string(), "--format", "json"]);
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[test]
fn what_differs_is_different() {
    let report = compared(DIFFERENT);
    for (pair, found) in DIFFERENT.iter().zip(&report.pairs) {
        assert!(found.level == 0 && found.parted.is_some(), "{pair:?}: {found:?}");
    }
}

#[test]
fn what_is_equal_is_equal_to_the_last_level() {
    let report = compared(EQUAL);
    for (pair, found) in EQUAL.iter().zip(&report.pairs) {
        assert!(found.level == 4 && found.parted.is_none(), "{pair:?}: {found:?}");
    }
}

/// The one pair of a report.
fn only(report: EquivReport) -> PairReport {
    let [pair] = <[PairReport; 1]>::try_from(report.pairs).expect("one pair");
    pair
}

#[test]
fn fragments_part_by_how_they_are_left_and_each_trace_replays() {
    let folder = TempDir::new().expect("a temporary folder");
    let path = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(path("one.py"), "try:\n    f()\nfinally:\n    g()\n    break\n").expect("a file");
    std::fs::write(path("other.py"), "try:\n    f()\nfinally:\n    g()\nbreak\n").expect("a file");
    let said = exits(&["equiv", &path("one.py"), &path("other.py"), "--out", &path("traces")], 1);
    assert!(said.contains("line 4: g() returns"), "{said}");
    assert!(said.contains("=> returns '<breaks>'") && said.contains("=> ends by raising"), "{said}");
    let traces: Vec<_> = std::fs::read_dir(path("traces")).expect("a folder").collect();
    assert_eq!(traces.len(), 2);
    for trace in traces {
        ok(&["replay", &trace.expect("a file").path().display().to_string()]);
    }
    ok(&["equiv", &path("one.py"), &path("one.py"), "--level", "4"]);
    let jump = ["continue\n", "if t():\n    continue\nelse:\n    continue\n"];
    for (name, text) in ["one.py", "other.py"].iter().zip(jump) {
        std::fs::write(path(name), text).expect("a file");
    }
    // To test what a call returns is no event, and the call is one.
    exits(&["equiv", &path("one.py"), &path("other.py")], 1);
}

#[test]
fn a_prelude_defines_what_fragments_use() {
    let folder = TempDir::new().expect("a temporary folder");
    let path = |name: &str| folder.path().join(name).display().to_string();
    let clauses = |first: &str, second: &str| {
        format!("try:\n    f()\nexcept {first}:\n    pass\nexcept {second}:\n    pass\n")
    };
    std::fs::write(path("one.py"), clauses("A", "B")).expect("a file");
    std::fs::write(path("other.py"), clauses("B", "A")).expect("a file");
    std::fs::write(path("apart"), "class A(Exception): pass\nclass B(Exception): pass\n").expect("a file");
    let compare = ["equiv", &path("one.py"), &path("other.py"), "--level", "4", "--prelude"];
    ok(&[&compare[..], &[&path("apart")]].concat());
}

#[test]
fn files_are_compared_function_by_function() {
    let one = "class C:\n    def m(self, n):\n        self.lock.acquire()\n        try:\n            x = n()\n        finally:\n            \
               self.lock.release()\n        return x\n\ndef same():\n    return 1\n";
    let other = one.replace("release()\n        return", "release()\n            return");
    let (_one, first) = file("one.py", one);
    let (_other, second) = file("other.py", other);
    let [first, second] = [first, second].map(|path| path.display().to_string());
    let said = exits(&["equiv", &first, &second, "--format", "json"], 1);
    let report: EquivReport = serde_json::from_str(&said).expect("JSON");
    let levels: Vec<(String, u8)> =
        report.pairs.iter().map(|pair| (pair.sides[0].replace(&first, "one.py"), pair.level)).collect();
    // The bodies, and the one function that does not read the same.
    assert_eq!(levels, [("one.py".into(), 4), ("one.py::C.m".into(), 0)]);
    let method = exits(&["equiv", &first, &second, "--function", "C.m", "--format", "ron"], 1);
    assert_eq!(only(ron::from_str(&method).expect("RON")).parted, report.pairs[1].parted);
    let steps = &report.pairs[1].parted.as_ref().expect("they part").ways[1].steps;
    assert!(steps.iter().any(|step| step.line == Some(7)), "{steps:?}");
    ok(&["equiv", &format!("{first}::same"), &format!("{second}::same"), "--level", "4"]);
    let read = with_input(&["equiv", "-", &second], one);
    assert_eq!(read.status.code(), Some(1));
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let (_folder, path) = file("p.py", "def f(x):\n    return x\n\ndef g(y):\n    return y\n");
    let path = path.display().to_string();
    let [f, g, h] = ["f", "g", "h"].map(|name| format!("{path}::{name}"));
    assert!(complaint(&["equiv", &f, &g]).contains("different parameters"));
    assert!(complaint(&["equiv", &f, &h]).contains("no function `h`"));
    assert!(complaint(&["equiv", &f, &path]).contains("of both files, or of none"));
    assert!(complaint(&["equiv", &path]).contains("no function `before`"));
    let (_folder, broken) = file("broken.py", "try:\n    f()\n");
    assert!(complaint(&["equiv", &broken.display().to_string(), &path]).contains("broken.py"));
    let (_folder, jump) = file("jump.py", "def g():\n    break\nf()\n");
    let jump = jump.display().to_string();
    assert!(complaint(&["equiv", &jump, &jump]).contains("outside loop"));
    let (_folder, other) = file("other.py", "def f(x):\n    return x\n");
    assert!(complaint(&["equiv", &path, &other.display().to_string()]).contains("only"));
}

#[test]
fn a_limit_is_no_verdict() {
    let (_folder, path) =
        file("p.py", functions(["return [f(x) for x in u]", "r = []\nfor x in u: r.append(f(x))\nreturn r"]));
    let said = exits(&["equiv", &path.display().to_string(), "--limit", "states=300"], 3);
    assert!(said.contains("not known: the limit of 300 states was reached"), "{said}");
}

#[test]
fn a_file_of_a_folder_that_is_wrong_does_not_stop_the_others() {
    let folder = TempDir::new().expect("a temporary folder");
    let same = functions(["f()", "f()"]);
    for (name, text) in
        [("a.py", same.as_str()), ("b.py", "def before():\n"), ("c.py", "x = 1\n"), ("d.py", &same)]
    {
        std::fs::write(folder.path().join(name), text).expect("a file");
    }
    let said = exits(&["equiv", &folder.path().display().to_string(), "--format", "json"], 2);
    let report: EquivReport = serde_json::from_str(&said).expect("JSON");
    let told: Vec<(u8, bool)> =
        report.pairs.iter().map(|pair| (pair.level, pair.refused.is_some())).collect();
    assert_eq!(told, [(4, false), (0, true), (0, true), (4, false)]);
    let said = exits(&["equiv", &folder.path().display().to_string()], 2);
    assert!(said.contains("2 cannot be compared") && said.contains("no function `before`"), "{said}");
}
