//! `trylemma check` on files.

use trylemma::book::property::Kind;
use trylemma::trace::report::CheckReport;

use crate::common::{book, complaint, exits, file, in_folder, ok, one_complaint, text, trylemma};

/// The verdict and name of each line about a property.
fn verdicts(report: &str) -> Vec<(&str, &str)> {
    report
        .lines()
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            let verdict = words.next()?;
            matches!(verdict, "holds" | "REFUTED" | "unknown").then(|| (verdict, words.next().unwrap_or("")))
        })
        .collect()
}

/// Checks a program of text.
pub(super) fn check(program: &str, arguments: &[&str], code: i32) -> String {
    let (_folder, path) = file("program.py", program);
    let path = path.display().to_string();
    exits(&[&["check", &path], arguments].concat(), code)
}

#[test]
fn every_theorem_holds_on_every_path_of_the_login() {
    let report = ok(&["check", "examples/login.py", "--theorems"]);
    let mut found = verdicts(&report);
    let catalogue = book().properties.iter();
    let theorems: Vec<&str> = catalogue
        .filter(|p| p.kind == Kind::Theorem && !p.scope.is_pair() && !p.objects)
        .map(|property| property.name.as_str())
        .collect();
    found.retain(|(_, name)| theorems.contains(name));
    assert_eq!(found.len(), theorems.len(), "{report}");
    assert!(found.iter().all(|(verdict, _)| *verdict == "holds"), "{report}");
    assert!(report.contains("the graph is complete"), "{report}");
}

#[test]
fn the_report_ends_with_the_hazards_of_the_file() {
    let report = exits(&["check", "examples/lost_exception.py"], 1);
    assert!(report.contains("\nhazards: no-lost-exception\n"), "{report}");
    let report = ok(&["check", "examples/lost_exception.py", "--property", "else-iff-normal"]);
    assert!(report.contains("\nhazards: no-lost-exception (shown by --hazards)\n"), "{report}");
}

#[test]
fn a_file_without_hazards_says_so() {
    assert!(check("try: pass\nfinally: pass\n", &[], 0).contains("\nhazards: none\n"));
}

#[test]
fn a_hazard_that_is_asked_for_decides_the_exit_code() {
    let report = exits(&["check", "examples/lost_exception.py", "--property", "no-lost-exception"], 1);
    assert!(verdicts(&report).contains(&("REFUTED", "no-lost-exception")), "{report}");
    exits(&["check", "examples/lost_exception.py", "--hazards"], 1);
    ok(&["check", "examples/lost_exception.py", "--property", "no-return-override"]);
}

#[test]
fn a_theorem_that_is_asked_for_is_checked_alone() {
    let report = ok(&["check", "examples/login.py", "--property", "else-iff-normal"]);
    assert_eq!(verdicts(&report), [("holds", "else-iff-normal")]);
}

#[test]
fn functions_that_nothing_calls_are_entered() {
    let report = check("def f(x):\n    try: x()\n    finally: return 1\n", &["--hazards"], 1);
    assert!(report.contains(" and 1 function: ") && report.contains("in f: "), "{report}");
    assert!(verdicts(&report).contains(&("REFUTED", "no-lost-exception")), "{report}");
}

#[test]
fn several_files_are_checked_together() {
    let report = ok(&["check", "examples/login.py", "examples/target.py"]);
    assert!(report.contains("every path of these 2 programs"), "{report}");
}

const PAIR: [&str; 2] = ["--pair", "connect:disconnect"];

#[test]
fn a_pair_holds_where_the_second_stands_in_finally() {
    let program = "connect()\ntry:\n    work()\nfinally:\n    disconnect()\n";
    let report = check(program, &PAIR, 0);
    assert!(report.contains("paired-calls connect:disconnect"), "{report}");
}

#[test]
fn a_pair_is_refuted_where_the_second_stands_in_the_suite() {
    let report =
        check("connect()\ntry:\n    work()\n    disconnect()\nexcept Exception:\n    pass\n", &PAIR, 1);
    assert!(report.contains("the second function was not called"), "{report}");
}

#[test]
fn a_pair_is_refuted_where_the_second_is_called_twice() {
    let program = "connect()\ntry:\n    disconnect()\nfinally:\n    disconnect()\n";
    assert!(check(program, &PAIR, 1).contains("called more than once"));
}

#[test]
fn a_pair_of_the_files_own_functions() {
    let program =
        "def connect(): pass\ndef disconnect(): pass\nconnect()\ntry: work()\nfinally: disconnect()\n";
    check(program, &PAIR, 0);
}

const MINE: &str = "```property\nhazard no-output\nclaim Nothing is printed.\neach path\n\
start -- (output ?i) -> violated \"something was printed\"\n```\n";

#[test]
fn a_property_of_a_users_file_is_checked() {
    let (_folder, mine) = file("mine.md", MINE);
    let mine = mine.display().to_string();
    let report = check("print(1)\n", &["--properties", &mine], 1);
    assert!(report.contains("Nothing is printed.") && report.contains("something was printed"), "{report}");
    check("pass\n", &["--properties", &mine], 0);
}

#[test]
fn a_fault_in_a_users_file_is_shown_with_its_place() {
    let (_folder, mine) = file("mine.md", MINE.replace("(output ?i)", "(printed ?i)"));
    let message = complaint(&["check", "examples/login.py", "--properties", &mine.display().to_string()]);
    assert!(message.contains("printed") && message.contains("mine.md:"), "{message}");
}

#[test]
fn an_assumption_narrows_what_a_call_does() {
    let program = "try:\n    work()\nfinally:\n    cleanup()\n";
    let hazard = ["--property", "no-masking-cleanup"];
    check(program, &hazard, 1);
    let (_folder, assume) = file("assume.ron", r#"(calls: {"cleanup": Call(raises: Some([]))})"#);
    check(program, &[&hazard[..], &["--assume", &assume.display().to_string()]].concat(), 0);
}

#[test]
fn the_json_report_has_what_the_ron_report_has() {
    let report = |format| exits(&["check", "examples/lost_exception.py", "--hazards", "--format", format], 1);
    let json: CheckReport = serde_json::from_str(&report("json")).expect("JSON");
    let ron: CheckReport = ron::from_str(&report("ron")).expect("RON");
    assert_eq!(json, ron);
    assert_eq!(json.hazards, ["no-lost-exception"]);
    let refuted: Vec<_> = json.properties.iter().filter(|p| p.verdict == "refuted").collect();
    assert!(matches!(refuted.as_slice(), [only] if only.counterexample.is_some()));
}

#[test]
fn a_pairing_property_of_a_users_file_is_checked_for_each_pair() {
    let property = "```property\ncontract never-first\nclaim The first is not called after the second.\neach pair\n\
        start -- (enter (body ?i2) ?h) -> closed\n\
        closed -- (enter (body ?i1) ?h) -> violated \"it was called again\"\n```\n";
    let (_folder, mine) = file("mine.md", property);
    let mine = mine.display().to_string();
    let report = check("a()\nb()\na()\n", &["--properties", &mine, "--pair", "a:b"], 1);
    assert!(report.contains("REFUTED  never-first a:b"), "{report}");
    let (_folder, program) = file("program.py", "a()\n");
    let program = program.display().to_string();
    let message = complaint(&["check", &program, "--properties", &mine, "--property", "never-first"]);
    assert!(message.contains("--pair FIRST:SECOND"), "{message}");
}

#[test]
fn what_lies_on_one_side_of_a_number_may_lie_on_the_other_on_another_path() {
    let program =
        "size = get()\nif size < 10:\n    pass\nelif 10 < size:\n    h = open_it()\nelse:\n    close_it()\n";
    let report = check(program, &["--pair", "open_it:close_it"], 1);
    assert!(report.contains("REFUTED  paired-calls open_it:close_it"), "{report}");
}

/// A file that is opened and closed, with `open` and what follows it in the suite or before it.
fn closing(before: &str, suite: &str) -> String {
    format!(
        "def total(name):\n{before}    try:\n{suite}        return use(file)\n    finally:\n        file.close()\ntotal('a')\n"
    )
}

#[test]
fn a_file_that_is_closed_in_finally() {
    let report = check(&closing("    file = open(name)\n", ""), &["--hazards"], 0);
    assert!(verdicts(&report).contains(&("holds", "files-closed")), "{report}");
    assert!(report.contains("hazards: none"), "{report}");
}

#[test]
fn a_file_that_is_opened_inside_the_suite_may_not_be_bound() {
    let report = check(&closing("", "        file = open(name)\n"), &["--hazards"], 1);
    assert!(verdicts(&report).contains(&("holds", "files-closed")), "{report}");
    assert!(report.contains("* open() raises OSError()"), "{report}");
    assert!(report.contains("cannot access local variable 'file'"), "{report}");
    assert!(report.contains("an exception of the finally clause replaced the one in flight"), "{report}");
}

#[test]
fn a_file_that_is_not_closed_where_reading_fails() {
    let program = "file = open('a')\nfor line in file:\n    print(line)\nfile.close()\n";
    let report = check(program, &[], 1);
    assert!(verdicts(&report).contains(&("REFUTED", "files-closed")), "{report}");
    assert!(report.contains("readline() raises OSError()"), "{report}");
}

#[test]
fn two_files_of_which_the_second_is_not_opened() {
    let program = "a = open('a')\nb = open('b', 'w')\ntry:\n    b.write(a.read())\nfinally:\n    b.close()\n    a.close()\n";
    let report = check(program, &[], 1);
    assert!(verdicts(&report).contains(&("REFUTED", "files-closed")), "{report}");
    let with = "with open('a') as a, open('b', 'w') as b:\n    b.write(a.read())\n";
    assert!(verdicts(&check(with, &[], 0)).contains(&("holds", "files-closed")));
}

#[test]
fn what_is_imported_from_elsewhere_is_unknown() {
    let program =
        "from shop.stock import connect, disconnect\nconnect()\ntry:\n    pass\nfinally:\n    disconnect()\n";
    let report = check(program, &[], 0);
    assert!(report.contains("holds    paired-calls connect:disconnect"), "{report}");
}

#[test]
fn expressions_that_are_not_modelled_are_unknown_where_all_paths_are_explored() {
    let program = "try:\n    a = eval('1') + 3j\nfinally:\n    release()\n";
    let (_folder, path) = file("program.py", program);
    let path = path.display().to_string();
    let message = complaint(&["run", &path]);
    assert!(message.contains("the builtin `eval`"), "{message}");
    let report = ok(&["check", &path]);
    assert!(report.contains(":2:9: the builtin `eval`"), "{report}");
    assert!(report.contains(":2:21: complex number"), "{report}");
    let listed = ok(&["explore", &path, "--unknown"]);
    assert!(listed.contains("taken as unknown: ") && listed.contains(":2:21: complex number"), "{listed}");
    let data: CheckReport =
        serde_json::from_str(&ok(&["check", &path, "--unknown", "--format", "json"])).expect("a report");
    assert_eq!(data.subjects[0].taken.len(), 2);
}

#[test]
fn what_suspends_a_generator_is_not_taken_as_unknown_and_what_binds_a_name_binds_an_unknown() {
    let explore = |part: &str, code: i32| {
        let program = format!("def f(a):\n    return t'{{{part}}}'\nf(1)\nprint('end')\n");
        let (_folder, path) = file("program.py", program);
        exits(&["explore", &path.display().to_string()], code)
    };
    let of_function = "line 3: f() raises";
    assert!(explore("a", 0).contains(":2:12: t-string"));
    // The function is unknown then.
    let listed = explore("(yield)", 0);
    assert!(listed.contains(":2:12: t-string") && listed.contains(of_function), "{listed}");
    let (_folder, path) = file("program.py", "try:\n    print(t'{(b := 1)}')\nfinally:\n    print(b)\n");
    let listed = ok(&["explore", &path.display().to_string()]);
    assert!(listed.contains("prints <b>") && listed.contains(":2:11: t-string"), "{listed}");
    // A lambda binds in itself.
    let (_folder, path) = file("program.py", "b = 5\nc = t'{(lambda: (b := 1))}'\nprint(b)\n");
    assert!(ok(&["explore", &path.display().to_string()]).contains("prints \"5\""));
}

#[test]
fn what_is_not_modelled_is_unknown_at_its_place_in_a_module_too() {
    let body = "def f():\n    try:\n        work()\n    finally:\n        return 1\n";
    for (statement, told) in [
        (
            "match u:\n    case [a, *b]:\n        print(a, b)\n    case {'k': c}:\n        print(c)\n    case _:\n        pass\n",
            "sequence pattern",
        ),
        (
            "match u:\n    case P(x=1) as p if p:\n        print(p)\nprint('on')\n",
            "class pattern with arguments",
        ),
        ("type X = int\nprint(X)\n", "`type` statement"),
        ("u.__class__ = C\n", "assignment of `__class__`"),
        ("x: int = 3j\n", "complex number"),
        ("if (m := 3j):\n    print(m)\n", "complex number"),
        ("with u as (a, b.__class__):\n    pass\n", "`__class__`"),
    ] {
        let program = format!("{statement}{body}");
        let report = check(&program, &[], 1);
        assert!(report.contains("in f: no-lost-exception: "), "{statement}{report}");
        assert!(report.contains(told), "{statement}{report}");
        assert!(!report.contains("not covered: "), "{statement}{report}");
        // What stands in a statement that is unknown as a whole is not looked at.
        assert_eq!(report.contains("5 of 6 lines"), statement.starts_with("with"), "{statement}{report}");
    }
}

#[test]
fn a_case_of_an_unknown_matches_or_does_not_and_what_it_captures_is_unknown() {
    let program = "match u:\n    case [1, x]:\n        print(x)\n    case 'a' | 'b':\n        print('text')\n    \
        case y:\n        print(y)\nmatch 4:\n    case 3:\n        print('never')\n    case 4:\n        print('four')\n";
    let (_folder, path) = file("program.py", program);
    let listed = ok(&["explore", &path.display().to_string()]);
    for told in [
        "`case [1, x]` matches",
        "`case [1, x]` does not match",
        "prints \"text\"",
        "prints <u>",
        "prints \"four\"",
    ] {
        assert!(listed.contains(told), "{told}: {listed}");
    }
    assert!(!listed.contains("prints \"never\""), "{listed}");
    assert!(complaint(&["run", &path.display().to_string()]).contains("sequence pattern"));
}

#[test]
fn a_contract_of_one_file_is_no_fault_of_another() {
    let report = ok(&["check", "examples/instruments.py", "examples/login.py"]);
    assert!(report.contains("paired-calls connect:disconnect"), "{report}");
}

#[test]
fn a_loop_over_an_unknown_in_a_comprehension() {
    let program = "a = [1 for b in things if b]\n";
    let report = check(program, &["--limit", "states=20000", "--turns", "0"], 3);
    assert!(report.contains("cut off"), "{report}");
    let report = check(program, &["--limit", "states=20000"], 0);
    assert!(report.contains("what grows in a loop, once it has gone round 2 times"), "{report}");
    let report = check("a = any(b for b in things)\n", &[], 0);
    assert!(report.contains("the graph is complete"), "{report}");
}

#[test]
fn what_an_unknown_raises_is_an_object_of_its_own() {
    let program = "import contextlib
@contextlib.contextmanager
def section():
    yield
try:
    with section():
        work()
except Exception as e:
    print(e.__context__ is None, e.args)
";
    let (_folder, path) = file("program.py", program);
    let listed = ok(&["explore", &path.display().to_string()]);
    assert!(listed.contains("prints \"True <error>\"") && !listed.contains("TypeError"), "{listed}");
}

#[test]
fn assumptions_narrow_the_names_of_programs_that_keep_objects() {
    let (_folder, path) = file("program.py", "from shop import sell\nwith lock() as held:\n    sell()\n");
    let path = path.display().to_string();
    let explore = |assumed: &str, code: i32| {
        let (_folder, file) = file("assume.ron", assumed);
        exits(&["explore", &path, "--assume", &file.display().to_string()], code)
    };
    let text = "(calls: {\"sell\": Call(returns: Some([Bool(true)]), raises: Some([\"KeyError\"]))})";
    let listed = explore(text, 0);
    assert!(
        listed.contains("sell() raises KeyError()") && !listed.contains("sell() raises Exception()"),
        "{listed}"
    );
    for (wrong, says) in [
        ("(calls: {\"sel\": Call(raises: Some([]))})", "no unknown name"),
        ("(calls: {\"sell\": Call(raises: Some([\"KeyEror\"]))})", "no exception class"),
        ("(calls: {\"sell\": Call(returns: Some([]), raises: Some([]))})", "neither return nor raise"),
    ] {
        let (_folder, file) = file("assume.ron", wrong);
        let message = complaint(&["explore", &path, "--assume", &file.display().to_string()]);
        assert!(message.contains(says), "{message}");
    }
}

#[test]
fn a_property_of_objects_that_is_named_gets_a_verdict_also_where_there_are_none() {
    let report = ok(&["check", "examples/login.py", "--property", "no-lost-leaf"]);
    assert!(verdicts(&report).contains(&("holds", "no-lost-leaf")), "{report}");
}

/// The property `name` of a file of one's own with these transitions.
fn own(transitions: &str) -> String {
    format!("```property\ncontract mine\nclaim As I say.\neach path\n{transitions}\n```\n")
}

const NESTED: &str = "def make():\n    def f(x):\n        if x:\n            return 1\n    f(x)\nclass C:\n    \
    def m(self):\n        raise KeyError\nmake()\ntry:\n    C().m()\nexcept KeyError:\n    pass\n";

#[test]
fn functions_methods_and_what_stands_inside_them_are_named_as_people_write_them() {
    for name in ["make.f", "\"make.<locals>.f\"", "C.m", "make"] {
        let text = own(&format!("start -- (calls {name}) -> violated \"called\""));
        let (_folder, mine) = file("mine.md", text);
        let report = check(NESTED, &["--properties", &mine.display().to_string()], 1);
        assert!(report.contains("called"), "{name}: {report}");
    }
}

#[test]
fn a_return_is_falling_off_the_end_too_and_exceptions_are_told_by_class() {
    for (event, exit) in [
        ("(returns make.f)", 1),
        ("(raises C.m KeyError)", 1),
        ("(raises C.m)", 1),
        ("(raises C.m ValueError)", 0),
    ] {
        let text = own(&format!("start -- {event} -> violated \"so it went\""));
        let (_folder, mine) = file("mine.md", text);
        check(NESTED, &["--properties", &mine.display().to_string()], exit);
    }
}

#[test]
fn a_property_that_names_what_occurs_nowhere_is_refused_with_what_is_near() {
    let (_folder, program) = file("program.py", NESTED);
    for (event, near) in [
        ("(calls make.g)", "`make.f`"),
        ("(raises C.m KeyErorr)", "`KeyError`"),
        ("(line 5000)", "those next to it"),
    ] {
        let (_folder, mine) = file("mine.md", own(&format!("start -- {event} -> violated \"so\"")));
        let files = [program.display().to_string(), mine.display().to_string()];
        let message = complaint(&["check", &files[0], "--properties", &files[1]]);
        assert!(message.contains(near), "{event}: {message}");
    }
    let lost = own("start -- (calls make) -> busy\nbsuy -- (returns make) -> violated \"so\"");
    let (_folder, mine) = file("mine.md", lost);
    let message = complaint(&["check", "examples/login.py", "--properties", &mine.display().to_string()]);
    assert!(message.contains("`bsuy`") && message.contains("`busy`"), "{message}");
}

#[test]
fn two_transitions_for_one_event_are_an_error() {
    let told =
        own("start -- (calls make) -> one\nstart -- (calls make) -> two\none -- (returns make) -> two");
    let (_folder, mine) = file("mine.md", told);
    let message = complaint(&["check", "examples/login.py", "--properties", &mine.display().to_string()]);
    assert!(message.contains("two transitions from `start`"), "{message}");
    let met = own("start -- (calls ?i) if (same ?i make) -> one\nstart -- (calls make) -> two");
    let (_folder, program) = file("program.py", NESTED);
    let (_folder, mine) = file("mine.md", met);
    let files = [program.display().to_string(), mine.display().to_string()];
    let message = complaint(&["check", &files[0], "--properties", &files[1]]);
    assert!(message.contains("`mine` is ambiguous"), "{message}");
}

#[test]
fn a_pair_takes_the_names_that_explore_prints() {
    check("connect()\ntry: work()\nfinally: disconnect()\n", &["--pair", "connect():disconnect()"], 0);
}

#[test]
fn the_properties_are_listed_with_their_claims() {
    let list = ok(&["properties"]);
    assert!(list.contains("no-lost-exception") && list.contains("An exception in flight is never"), "{list}");
    let one = ok(&["properties", "files-closed", "--format", "json"]);
    let report: trylemma::trace::report::PropertiesReport = serde_json::from_str(&one).expect("JSON");
    assert!(matches!(report.properties.as_slice(), [only] if only.kind == "contract"));
    assert!(complaint(&["properties", "no-lost-exeption"]).contains("`no-lost-exception`"));
}

/// One function that works on a lock, with this body.
fn with_lock(body: &str) -> String {
    format!("import threading\nlock = threading.Lock()\n{body}")
}

#[test]
fn methods_are_paired_on_each_object() {
    let two = "import threading\na = threading.Lock()\nb = threading.Lock()\na.acquire()\nb.acquire()\n";
    let report = check(&format!("{two}a.release()\n"), &["--pair", ".acquire:.release"], 1);
    assert!(report.contains("REFUTED  paired-objects .acquire:.release"), "{report}");
    check(&format!("{two}a.release()\nb.release()\n"), &["--pair", ".acquire:.release"], 0);
    check(&format!("{two}a.release()\n"), &["--pair", "a.acquire:a.release"], 0);
}

#[test]
fn a_second_call_without_a_first_is_found() {
    let program = with_lock("try:\n    work()\n    lock.acquire()\nfinally:\n    lock.release()\n");
    let report = check(&program, &["--pair", "lock.acquire:lock.release"], 1);
    assert!(report.contains("REFUTED  paired-in-order"), "{report}");
}

#[test]
fn an_object_is_taken_where_the_first_call_succeeded() {
    let held = "import threading\nlock = threading.Lock()\nlock.acquire()\n";
    let tried = "if lock.acquire(blocking=False):\n    work()\n";
    check(&format!("{held}{tried}lock.release()\n"), &["--pair", "lock.acquire:lock.release"], 0);
    let lost = "if lock.acquire(blocking=False):\n    work()\n    lock.release()\n";
    check(&with_lock(lost), &["--pair", "lock.acquire:lock.release"], 1);
}

#[test]
fn methods_of_unknowns_and_inherited_ones_are_paired_too() {
    check("c = make()\nc.acquire()\nwork()\nc.release()\n", &["--pair", ".acquire:.release"], 1);
    let classes =
        "class A:\n    def acquire(self): pass\n    def release(self): pass\nclass B(A): pass\nb = B()\n";
    check(&format!("{classes}b.acquire()\nwork()\nb.release()\n"), &["--pair", "A.acquire:A.release"], 1);
    let safe = "b.acquire()\ntry:\n    work()\nfinally:\n    b.release()\n";
    check(&format!("{classes}{safe}"), &["--pair", "A.acquire:A.release"], 0);
}

#[test]
fn what_has_a_new_owner_is_nobody_elses_concern() {
    let pair = ["--pair", "connect>.close", "--entry", "f"];
    for kept in ["return c", "self.c = c", "self.all.append(c)", "yield c", "with c:\n            pass"] {
        let program = format!(
            "def f(self):\n    c = connect()\n    if self:\n        {kept}\n    else:\n        c.close()\n"
        );
        let report = exits_any(&program, &pair);
        assert!(!report.contains("REFUTED  paired-objects"), "{kept}: {report}");
    }
    let lost = "def f(self):\n    c = connect()\n    work()\n    c.close()\n";
    assert!(exits_any(lost, &pair).contains("REFUTED  paired-objects"));
}

/// The report on a program, whatever it says.
fn exits_any(program: &str, flags: &[&str]) -> String {
    let (_folder, path) = file("program.py", program);
    let path = path.display().to_string();
    let output = trylemma(&[&["check", &path], flags].concat());
    text(&output.stdout) + &text(&output.stderr)
}

#[test]
fn usual_pairs_are_checked_where_a_function_calls_both_on_one_object() {
    let report = check(&with_lock("lock.acquire()\nwork()\nlock.release()\n"), &[], 1);
    assert!(report.contains("REFUTED  paired-objects acquire:release"), "{report}");
    // Neither the `get` of a dict, nor a lock that another function releases, starts anything.
    let quiet = "d = {}\nd.get(1)\nq = make()\nq.put(2)\n";
    assert!(!check(quiet, &[], 0).contains("paired-objects"), "{quiet}");
}

#[test]
fn a_project_has_pairs_of_its_own() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("a file");
    write("p.py", "r = make()\nr.seize()\nwork()\nr.yield_up()\n");
    let run = || in_folder(folder.path(), &["check", "p.py"], "");
    assert_eq!(run().status.code(), Some(0));
    write("pyproject.toml", "[tool.trylemma]\npairs = [\"seize:yield_up\"]\n");
    let output = run();
    assert!(
        text(&output.stdout).contains("REFUTED  paired-objects seize:yield_up"),
        "{}",
        text(&output.stdout)
    );
    for wrong in [
        "pairs = [\"seize\"]\n",
        "pears = []\n",
        "pairs = 1\n",
        "doubts = [\"interupts\"]\n",
        "limits = { stats = 1 }\n",
        "limits = { states = -1 }\n",
        "turns = \"two\"\n",
        "properties = [\"no-lost-exceptions\"]\n",
        "without = [\"no-such\"]\n",
    ] {
        write("pyproject.toml", &format!("[tool.trylemma]\n{wrong}"));
        assert!(one_complaint(&run(), wrong).contains("pyproject.toml"), "{wrong}");
    }
}

#[test]
fn a_project_sets_what_the_command_line_does_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("a file");
    write(
        "p.py",
        "try:\n    work()\nexcept:\n    pass\nr.acquire()\ntry:\n    work()\nfinally:\n    r.release()\n",
    );
    let run = |more: &[&str], code| {
        let output = in_folder(folder.path(), &[&["check", "p.py"], more].concat(), "");
        let report = text(&output.stdout) + &text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{report}");
        report
    };
    assert!(run(&[], 1).contains("REFUTED  no-swallowed-exception"));
    write("pyproject.toml", "[tool.trylemma]\nwithout = [\"no-swallowed-exception\"]\n");
    let left_out = run(&[], 0);
    assert!(!left_out.contains("REFUTED"), "{left_out}");
    assert!(left_out.contains("left out by the project's settings: no-swallowed-exception"), "{left_out}");
    assert!(run(&["--property", "no-swallowed-exception"], 1).contains("REFUTED  no-swallowed-exception"));
    write(
        "pyproject.toml",
        "[tool.trylemma]\nwithout = [\"no-swallowed-exception\"]\ndoubts = [\"interrupts\"]\n",
    );
    assert!(run(&[], 1).contains("REFUTED  paired-objects acquire:release"));
    // The command line goes before.
    assert!(!run(&["--doubt", "callbacks"], 0).contains("REFUTED"));
    write("pyproject.toml", "[tool.trylemma]\nlimits = { states = 10 }\n");
    assert!(run(&[], 3).contains("states"));
    run(&["--limit", "states=100000"], 1);
    write("pyproject.toml", "[tool.trylemma]\nproperties = [\"finally-decides\"]\n");
    assert!(run(&[], 0).contains("holds    finally-decides"));
}

#[test]
fn what_widened_paths_alone_break_decides_where_that_is_asked_for() {
    let program = "n = 0\nfor x in u:\n    n += 1\n    try:\n        g(x)\n    finally:\n        if n == 1000000:\n            continue\n";
    assert!(check(program, &[], 3).contains("unknown  no-lost-exception"));
    assert!(check(program, &["--strict"], 1).contains("unknown  no-lost-exception"));
}

#[test]
fn a_failing_clean_up_is_a_hazard_for_those_who_doubt_it() {
    let program = "try:\n    work()\nfinally:\n    cleanup()\n";
    let plain = check(program, &["--hazards"], 0);
    assert!(!plain.contains("REFUTED"), "{plain}");
    let doubting = check(program, &["--hazards", "--doubt", "cleanup"], 1);
    assert!(doubting.contains("REFUTED  no-masking-cleanup"), "{doubting}");
}

#[test]
fn assumptions_name_methods_and_patterns_and_have_a_default() {
    let program = "c = connect()\ntry:\n    c.send()\nfinally:\n    c.close()\n";
    let hazard = ["--property", "no-masking-cleanup"];
    check(program, &hazard, 1);
    for calls in [
        r#""*.close": Call(raises: Some([]))"#,
        r#""c.close": Call(raises: Some([]))"#,
        r#""connect.close": Call(raises: Some([]))"#,
        r#""*": Call(raises: Some([])), "*.send": Call(raises: Some(["OSError"]))"#,
    ] {
        let (_folder, assume) = file("assume.ron", format!("(calls: {{{calls}}})"));
        check(program, &[&hazard[..], &["--assume", &assume.display().to_string()]].concat(), 0);
    }
    let (_folder, assume) = file("assume.ron", r#"(calls: {"*.cloze": Call(raises: Some([]))})"#);
    let (_other, path) = file("program.py", program);
    let files = [path.display().to_string(), assume.display().to_string()];
    assert!(complaint(&["check", &files[0], "--assume", &files[1]]).contains("`close`"));
    assert!(ok(&["check", "--help"]).contains("*.close"));
}

#[test]
fn a_manager_that_discards_an_exception_leaves_no_name_unbound() {
    let program = "with manager() as m:\n    code = m.read()\nuse(code)\n";
    check(program, &["--property", "no-unbound-name"], 0);
    let skipped =
        "try:\n    with manager() as m:\n        code = m.read()\nexcept Exception:\n    pass\nuse(code)\n";
    check(skipped, &["--property", "no-unbound-name"], 1);
}

#[test]
fn findings_are_written_as_sarif_with_the_path_as_a_code_flow() {
    let program = "def f(conn):\n    try:\n        conn.send()\n    except:\n        pass\n\ndef g(r):\n    r.acquire()\n    work()\n    r.release()\n";
    let log: serde_json::Value =
        serde_json::from_str(&check(program, &["--format", "sarif"], 1)).expect("SARIF is JSON");
    // What the published schema of 2.1.0 requires of what is written here.
    assert_eq!(log["version"], "2.1.0");
    assert_eq!(log["runs"].as_array().map(Vec::len), Some(1));
    let run = &log["runs"][0];
    assert_eq!(run["tool"]["driver"]["name"], "trylemma");
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    let results = run["results"].as_array().expect("results");
    assert_eq!(results.len(), 2, "{log:#}");
    let lines = program.lines().count() as u64;
    let place = |location: &serde_json::Value| {
        let physical = &location["physicalLocation"];
        let uri = physical["artifactLocation"]["uri"].as_str().expect("a uri");
        assert!(uri.starts_with("file:///") && uri.ends_with("/program.py"), "{uri}");
        let line = physical["region"]["startLine"].as_u64().expect("a line");
        assert!((1..=lines).contains(&line), "{location:#}");
        line
    };
    for (result, (name, line, level)) in
        results.iter().zip([("no-swallowed-exception", 5, "warning"), ("paired-objects", 9, "error")])
    {
        let rule = &rules[result["ruleIndex"].as_u64().expect("an index") as usize];
        assert_eq!(rule["id"], name);
        assert_eq!(result["ruleId"], name);
        let claim = book().properties.iter().find(|property| property.name == name).map(|p| p.claim.as_str());
        assert_eq!(rule["shortDescription"]["text"].as_str(), claim);
        assert_eq!(rule["defaultConfiguration"]["level"], level);
        assert_eq!(result["level"], level);
        assert!(result["message"]["text"].as_str().is_some_and(|text| text.starts_with(name)), "{result:#}");
        let locations = result["locations"].as_array().expect("locations");
        assert_eq!(locations.iter().map(place).collect::<Vec<_>>(), [line]);
        let flow = result["codeFlows"][0]["threadFlows"][0]["locations"].as_array().expect("a flow");
        let passed: Vec<u64> = flow.iter().map(|step| place(&step["location"])).collect();
        assert!(passed.contains(&line) && passed.len() > 2, "{passed:?}");
        let said = flow.iter().filter_map(|step| step["location"]["message"]["text"].as_str());
        assert!(said.collect::<String>().contains("raises"), "{result:#}");
    }
    let nothing: serde_json::Value =
        serde_json::from_str(&check("x = 1\n", &["--format", "sarif"], 0)).expect("SARIF is JSON");
    assert_eq!(nothing["runs"][0]["results"].as_array().map(Vec::len), Some(0));
}

#[test]
fn an_answer_that_is_kept_and_tested_later_says_whether_the_first_of_a_pair_took_anything() {
    let tried = |rest: &str| format!("def g(lock):\n    got = lock.acquire(False)\n{rest}");
    let pair = ["--pair", ".acquire:.release", "--entry", "g"];
    check(&tried("    if got:\n        work()\n        lock.release()\n"), &pair, 1);
    check(&tried("    work()\n    if got:\n        lock.release()\n"), &pair, 1);
    check(
        &tried("    try:\n        work()\n    finally:\n        if got:\n            lock.release()\n"),
        &pair,
        0,
    );
    check(&tried("    if not got:\n        return\n    lock.release()\n"), &pair, 0);
}
