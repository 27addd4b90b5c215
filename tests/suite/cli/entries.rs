//! `trylemma check` enters every function and method of a file, and says what it has covered.

use trylemma::trace::report::CheckReport;

use crate::common::{complaint, exits, file, ok};

/// Checks a program of text.
fn check(program: &str, arguments: &[&str], code: i32) -> String {
    let (_folder, path) = file("program.py", program);
    exits(&[&["check", &path.display().to_string()], arguments].concat(), code)
}

/// A body that loses an exception, `indent` deep.
fn losing(indent: &str) -> String {
    format!("{indent}try:\n{indent}    work()\n{indent}finally:\n{indent}    return 1\n")
}

#[test]
fn a_hazard_is_found_wherever_a_function_stands() {
    let body = losing("        ");
    let inner = losing("            ");
    for (program, function) in [
        (format!("class C:\n    def m(self, a, *rest, k, **more):\n{body}"), "in C.m: "),
        (format!("class C:\n    @classmethod\n    def m(cls):\n{body}"), "in C.m: "),
        (format!("class C:\n    @staticmethod\n    def m(a):\n{body}"), "in C.m: "),
        (format!("class C:\n    @property\n    def m(self):\n{body}"), "in C.m: "),
        (format!("class C:\n    def __init__(self):\n{body}"), "in C.__init__: "),
        (format!("class C(base()):\n    def m(self):\n        super().m()\n{body}"), "in C.m: "),
        (format!("class C(Exception):\n    def m(self):\n{body}"), "in C.m: "),
        (format!("class C:\n    class D:\n        def m(self):\n{inner}"), "in C.D.m: "),
        (format!("@route('/')\ndef view(request):\n{}", losing("    ")), "in view: "),
        (format!("def f(a, /, b=1, *c, d, e=2, **g):\n{}", losing("    ")), "in f: "),
        (format!("def wrap(f):\n    def inner(*a, **k):\n{body}    return inner\n"), "in wrap: "),
    ] {
        let report = check(&program, &[], 1);
        let heading = format!("{function}no-lost-exception: ");
        assert!(report.contains(&heading), "{program}\n{report}");
    }
}

#[test]
fn a_generator_is_driven_and_so_is_a_context_manager() {
    let thrown = "def g(a):\n    try:\n        yield a\n    finally:\n        return\n";
    assert!(check(thrown, &[], 1).contains("in g: no-lost-exception: "));
    let body = "    try:\n        yield a\n    finally:\n        return\n";
    let manager = format!("from contextlib import contextmanager\n@contextmanager\ndef g(a):\n{body}");
    assert!(check(&manager, &[], 1).contains("in g: no-lost-exception: "));
}

#[test]
fn an_attribute_of_self_is_unknown_and_a_method_is_that_of_the_class() {
    let program = "class C:\n    limit = None\n    def __init__(self):\n        self.state = 1\n    \
        def other(self):\n        return 5\n    def m(self):\n        print(self.other(), self.limit)\n        \
        if self.state is None:\n            print('none')\n        else:\n            print('some')\n";
    let (_folder, path) = file("program.py", program);
    let listed = ok(&["explore", &path.display().to_string(), "--entry", "C.m"]);
    assert!(listed.contains("prints \"5 None\""), "{listed}");
    assert!(listed.contains("prints \"none\"") && listed.contains("prints \"some\""), "{listed}");
}

#[test]
fn a_module_that_does_not_complete_leaves_its_names_unknown() {
    let program = format!("import os\nraise RuntimeError\ndef f(a):\n    helper(a)\n{}", losing("    "));
    let report = check(&program, &[], 1);
    assert!(report.contains("in f: no-lost-exception: "), "{report}");
    assert!(
        report.contains("the module raises at line 2 on every path; its names are unknown for its functions"),
        "{report}"
    );
    let (_folder, path) = file("program.py", &program);
    let (folder, _) = file("none", "");
    let out = folder.path().display().to_string();
    exits(&["check", &path.display().to_string(), "--out", &out], 1);
    ok(&["replay", &format!("{out}/no-lost-exception.ron")]);
}

/// The file, checked so; and the counterexample of a lost exception replayed.
fn refuted_and_replayed(program: &str, flags: &[&str]) -> String {
    let (_folder, path) = file("program.py", program);
    let (folder, _) = file("none", "");
    let (path, out) = (path.display().to_string(), folder.path().display().to_string());
    let report = exits(&[&["check", &path, "--out", &out], flags].concat(), 1);
    ok(&["replay", &format!("{out}/no-lost-exception.ron")]);
    report
}

#[test]
fn what_is_for_a_run_by_itself_does_not_come_before_a_function() {
    let program = format!(
        "import sys\nname = 'known'\ndef f():\n    print(name)\n{}if __name__ == '__main__':\n    sys.exit(f())\n",
        losing("    ")
    );
    let report = refuted_and_replayed(&program, &["--entry", "f"]);
    assert!(report.contains("prints \"known\""), "{report}");
    assert!(!report.contains("unknown for its functions"), "{report}");
}

#[test]
fn a_module_that_takes_too_much_is_run_without_what_it_imports_and_what_is_for_a_run_without_the_rest() {
    let program = format!(
        "import re\nname = 'known'\ndef f():\n    print(name)\n{}if __name__ == '__main__':\n    try:\n        f()\n    finally:\n        re.compile(name)\n",
        losing("    ")
    );
    let report = refuted_and_replayed(&program, &["--limit", "states=600"]);
    assert!(report.contains("; what it imports is unknown for its functions"), "{report}");
    assert!(report.contains("2 of 2 try and with statements"), "{report}");
    assert!(!report.contains("cut off by"), "{report}");
}

#[test]
fn a_function_that_takes_too_much_behind_its_module_is_entered_without_it() {
    let program = format!("def f(n):\n    f(n + 1)\n{}", losing("    "));
    let report = refuted_and_replayed(&program, &["--limit", "activations=4"]);
    assert!(report.contains("behind the module `f` came to a limit (the limit of 4 activations"), "{report}");
    assert!(report.contains("On this path, the names of the module are unknown."), "{report}");
    assert!(!report.contains("cut off by"), "{report}");
}

#[test]
fn all_findings_of_all_functions_are_shown() {
    let program = format!("def f():\n{0}def g():\n{0}", losing("    "));
    let report = check(&program, &[], 1);
    assert!(report.contains(":5: in f: ") && report.contains(":10: in g: "), "{report}");
    let lines = check(&program, &["--format", "concise"], 1);
    assert_eq!(lines.lines().count(), 2, "{lines}");
    let data: CheckReport = serde_json::from_str(&check(&program, &["--format", "json"], 1)).expect("JSON");
    let lost = data.properties.iter().find(|property| property.name == "no-lost-exception").expect("it");
    assert!(lost.counterexample.is_some() && lost.others.len() == 1);
    assert_eq!((data.files[0].functions.entered, data.files[0].functions.of), (2, 2));
}

#[test]
fn an_entry_narrows_and_one_that_does_not_exist_is_refused() {
    let program = format!("def f():\n{0}def g():\n{0}", losing("    "));
    let (_folder, path) = file("program.py", &program);
    let path = path.display().to_string();
    let report = exits(&["check", &format!("{path}::g")], 1);
    assert!(report.contains("in g: ") && !report.contains("in f: "), "{report}");
    assert!(complaint(&["check", &path, "--entry", "h"]).contains("no function `h`"));
    assert!(complaint(&["check", &format!("{path}::ff")]).contains("`f`"));
}

#[test]
fn one_bad_file_does_not_stop_the_others() {
    let (folder, _) = file("good.py", "def f():\n    pass\n");
    std::fs::write(folder.path().join("bad.py"), "def f(:\n").expect("a file");
    let folder = folder.path().display().to_string();
    let report = exits(&["check", &folder], 2);
    assert!(report.contains("not checked: ") && report.contains("bad.py"), "{report}");
    assert!(report.contains("good.py") && report.contains("covered of"), "{report}");
}

#[test]
fn what_is_never_entered_is_not_said_to_hold() {
    let program = "def f():\n    def g():\n        try:\n            work()\n        finally:\n            done()\n    return 1\n";
    let report = check(program, &[], 3);
    assert!(report.contains("not covered: the function `f.g` at line 2"), "{report}");
    assert!(report.contains("1 of 2 functions"), "{report}");
    let dead = "def f():\n    return 1\n    try:\n        work()\n    finally:\n        done()\n";
    let report = check(dead, &[], 0);
    assert!(report.contains("not covered: the `try` statement at line 3"), "{report}");
}

#[test]
fn a_limit_in_one_function_leaves_the_others_their_answer() {
    let program =
        format!("def f():\n    n = 0\n    while ask():\n        n = n, n\ndef g():\n{}", losing("    "));
    let report = check(&program, &["--limit", "states=2000"], 1);
    assert!(report.contains("in g: no-lost-exception"), "{report}");
    let program = "def f():\n    n = 0\n    while ask():\n        n = n, n\n";
    let report = check(program, &["--limit", "states=2000"], 3);
    assert!(report.contains("hazards: a limit was reached before any was found"), "{report}");
}

#[test]
fn theorems_are_one_line_and_what_is_taken_for_granted_another() {
    let report = check("def f():\n    work()\n", &[], 0);
    assert!(report.contains("(listed by --theorems)") && report.contains("taken for granted: "), "{report}");
    assert!(!report.contains("else-iff-normal"), "{report}");
    assert!(check("def f():\n    work()\n", &["--theorems"], 0).contains("else-iff-normal"));
    assert_eq!(check("def f():\n    work()\n", &["--quiet"], 0), "");
}

#[test]
fn a_definition_that_is_not_modelled_is_unknown_at_its_place() {
    let body = losing("    ");
    let program = format!(
        "async def a():\n    await b\nclass M(metaclass=Other):\n    pass\ndef m[T](x):\n    pass\ndef f():\n{body}"
    );
    let report = check(&program, &[], 1);
    assert!(report.contains("in f: no-lost-exception: "), "{report}");
    for construct in ["`async def`", "a metaclass", "type parameters"] {
        assert!(report.contains(construct), "{construct}: {report}");
    }
    let (_folder, path) = file("program.py", &program);
    complaint(&["run", &path.display().to_string()]);
}

#[test]
fn relative_imports_are_followed_where_the_file_is_there_and_unknown_where_not() {
    let program = "from .helper import wrap\nfrom .absent import other\nfrom . import helper, lost\nfrom ..up import more\n\
        print(wrap(1), helper.wrap(2))\n";
    let (folder, path) = file("program.py", program);
    std::fs::write(
        folder.path().join("helper.py"),
        "def wrap(x):\n    return [x]\nif __name__ == '__main__':\n    undefined_name\n    async def f(): pass\n",
    )
    .expect("a file");
    let listed = ok(&["explore", &path.display().to_string()]);
    assert!(listed.contains("prints \"[1] [2]\""), "{listed}");
    assert!(listed.contains("unknown: lost, more, other"), "{listed}");
}

#[test]
fn a_file_beside_a_module_of_a_package_does_not_replace_a_module_of_the_library() {
    let program = "import types\nprint(types.FunctionType is None)\n";
    let (folder, path) = file("program.py", program);
    std::fs::write(folder.path().join("types.py"), "FunctionType = None\n").expect("a file");
    let path = path.display().to_string();
    assert!(ok(&["explore", &path]).contains("prints \"True\""));
    std::fs::write(folder.path().join("__init__.py"), "").expect("a file");
    assert!(ok(&["explore", &path]).contains("prints \"False\""));
}

#[test]
fn a_member_of_a_library_module_that_is_not_modelled_is_unknown() {
    let report = check("import sys\nsys.settrace(None)\nfrom os import fork\nfork()\n", &[], 0);
    assert!(report.contains("sys.settrace"), "{report}");
}

#[test]
fn a_method_that_is_too_large_is_entered_without_the_rest_of_its_class() {
    let program = format!(
        "class A(B):\n    def f(self, x):\n        super().f(x)\n        self.g(x)\n{}\n    def g(self, x):\n        return self.g(x.y)\n",
        losing("        ")
    );
    let report = refuted_and_replayed(&program, &["--limit", "activations=12"]);
    assert!(
        report.contains("behind its class `A.f`, `A.g` came to a limit (the limit of 12 activations"),
        "{report}"
    );
    assert!(
        report.contains("On this path, the names of the module and the other methods are unknown."),
        "{report}"
    );
    assert!(report.contains("2 of 2 functions"), "{report}");
    assert!(!report.contains("cut off by"), "{report}");
    // A function is no method.
    let alone = check("def f(x):\n    return f(x)\n", &["--limit", "activations=12"], 3);
    assert!(!alone.contains("behind its class"), "{alone}");
}

#[test]
fn methods_of_a_class_that_is_not_modelled_and_functions_of_a_run_are_entered() {
    let body = losing("            ");
    for refused in ["def __del__(self):\n        pass", "def __instancecheck__(cls, x):\n        return x"] {
        let program = format!(
            "class S:\n    class T(metaclass=M):\n        def f(self):\n            super().f()\n{body}\n    def __g(self):\n        yield self\n\n    {refused}\n"
        );
        let report = refuted_and_replayed(&program, &[]);
        assert!(report.contains("3 of 3 functions, 1 of 1 try"), "{report}");
        assert!(report.contains("in S.T.f: no-lost-exception"), "{report}");
    }
    let program = format!(
        "def f():\n    pass\nif __name__ == '__main__':\n    import cmd\n    class P(cmd.Cmd):\n        def f(self):\n            cmd.run(self)\n{body}"
    );
    let report = refuted_and_replayed(&program, &[]);
    assert!(report.contains("2 of 2 functions, 1 of 1 try"), "{report}");
    assert!(
        report.contains("in P.f: no-lost-exception") && !report.contains("no-unbound-name: "),
        "{report}"
    );
}
