//! Programs whose graphs are large or have no end: paths join where nothing that differs can be asked for again, and
//! what grows in a loop is unknown behind some turns.

use trylemma::check::product::Findings;
use trylemma::check::program::{Subject, Watched, search_program};
use trylemma::check::verdict::Verdict;
use trylemma::limits::{COARSE, COARSEST, Limits, SHALLOW};
use trylemma::machine::Engine;
use trylemma::python::{Assumptions, LoadOptions, load};
use trylemma::trace::counterexample::verdicts;

use crate::common::{book, exits, file};

/// All paths of a program, and what is said of exceptions that it loses.
fn searched(program: &str, turns: u32) -> (Findings, Verdict<()>) {
    let options = LoadOptions { forgets: true, unknown: true, ..LoadOptions::of(book()) };
    let program = load("program.py", program.as_bytes(), &options).expect("it loads");
    let subject = Subject { program, entry: None, assumptions: Assumptions::default() };
    let property = book().properties.iter().find(|p| p.name == "no-lost-exception").expect("it is there");
    let watched = [Watched { property: property.clone(), pair: None, definition: None }];
    let limits = Limits { states: 200_000, turns: Some(turns), ..Limits::default() };
    let (mut machine, findings, _) = search_program(book(), &subject, &watched, limits, Engine::Compiled, 1);
    let found = verdicts(&mut machine, book(), &subject, &watched, &findings).expect("it is serialised");
    let verdict = match found.into_iter().next().expect("a verdict") {
        Verdict::Holds => Verdict::Holds,
        Verdict::Refuted(_) => Verdict::Refuted(()),
        Verdict::Unknown(limit) => Verdict::Unknown(limit),
    };
    (findings, verdict)
}

/// Each grows something in a loop over an unknown.
const ENDLESS: [&str; 9] = [
    "n = 0\nfor x in u:\n    n += 1\nprint(n)",
    "def f(u):\n    return [y for y in u]\nf(v)",
    "def f(u):\n    text = ''\n    for x in u:\n        text += 'ab'\n    return text\nf(v)",
    "def f(u):\n    out = []\n    for x in u:\n        try:\n            out.append(g(x))\n        finally:\n            h(out)\n    return len(out)\nf(v)",
    "def f(u):\n    seen = {}\n    n = 0\n    for x in u:\n        n += 1\n        seen[n] = x\n    return seen\nf(v)",
    "def f(x):\n    while x:\n        x = x.next\nf(y)",
    "class C:\n    def __init__(self):\n        self.n = 0\n    def add(self):\n        self.n += 1\nc = C()\nfor x in u:\n    c.add()",
    "def numbers(u):\n    n = 0\n    for x in u:\n        n += 1\n        yield n\nout = []\nfor n in numbers(u):\n    out.append(n)",
    "def f():\n    rows = []\n    while True:\n        line = read()\n        if not line:\n            break\n        rows.append([line, len(rows)])\n    return rows\nf()",
];

#[test]
fn what_grows_in_a_loop_over_an_unknown_comes_to_an_end() {
    for program in ENDLESS {
        let (findings, verdict) = searched(program, 2);
        assert_eq!(findings.limit, None, "{program}");
        assert_eq!(findings.turns, Some(2), "{program}");
        assert!(findings.states < 5_000, "{program}\n{} states", findings.states);
        assert_eq!(verdict, Verdict::Holds, "{program}");
    }
}

/// What is sorted after it has grown is a list of which the same is known.
#[test]
fn what_has_grown_may_be_sorted() {
    for options in ["key=len", "reverse=True", "key=len, reverse=True"] {
        for body in
            ["return sorted(u, OPTIONS)", "rows = [y for y in u]\n    rows.sort(OPTIONS)\n    return rows"]
        {
            let program = format!("def f(u):\n    {}\nf(v)", body.replace("OPTIONS", options));
            let (findings, _) = searched(&program, 2);
            assert_eq!(findings.limit, None, "{program}");
        }
    }
}

#[test]
fn a_loop_that_grows_is_widened_in_every_format() {
    let (_folder, path) =
        file("p.py", "def f(u):\n    n = 0\n    for x in u:\n        n += 1\n    return n\n");
    let path = path.display().to_string();
    for format in ["text", "paths", "dot", "json", "ron", "pytest"] {
        let written = exits(&["explore", &path, "--entry", "f", "--format", format], 0);
        assert!(written.len() < 400_000, "{format}: {} bytes", written.len());
    }
    exits(
        &["explore", &path, "--entry", "f", "--format", "json", "--turns", "0", "--limit", "states=2000"],
        3,
    );
}

/// An exception is lost in the turn of that number.
fn lost_in_turn(number: u32) -> String {
    format!(
        "n = 0\nfor x in u:\n    n += 1\n    try:\n        g(x)\n    finally:\n        if n == {number}:\n            continue\n"
    )
}

#[test]
fn what_is_broken_in_a_turn_that_is_followed_is_refuted() {
    assert_eq!(searched(&lost_in_turn(1), 2).1, Verdict::Refuted(()));
    assert_eq!(searched(&lost_in_turn(9), 2).1, Verdict::Refuted(()));
}

#[test]
fn what_is_broken_on_widened_paths_alone_is_unknown_and_says_so() {
    let (findings, verdict) = searched(&lost_in_turn(1_000_000), 2);
    assert!(matches!(verdict, Verdict::Unknown(limit) if limit.name == "turns"));
    assert_eq!(findings.widened, [0]);
    let (_folder, path) = file("program.py", lost_in_turn(1_000_000));
    let path = path.display().to_string();
    let report = exits(&["check", &path, "--property", "no-lost-exception"], 3);
    assert!(report.contains("--turns 3"), "{report}");
}

#[test]
fn a_loop_that_ends_by_itself_is_followed_to_its_end() {
    let program = "n = 0\nwhile n < 20:\n    n += 1\n    try:\n        g(n)\n    finally:\n        if n == 20:\n            break\n";
    let (findings, verdict) = searched(program, 2);
    assert_eq!((findings.turns, verdict), (None, Verdict::Refuted(())));
}

#[test]
fn an_answer_that_widening_takes_for_one_container_is_not_remembered_for_the_next() {
    // The queue is empty in some turn, so the last line is reached.
    let program = "def f(u):\n    queue = []\n    for x in u:\n        queue.append(x)\n        if not queue:\n            return\n    while queue:\n        queue.pop()\n    try:\n        raise ValueError\n    finally:\n        return\nf(v)";
    assert_eq!(searched(program, 2).1, Verdict::Refuted(()));
}

/// So many tests of names that are not read again.
fn tests(first: &str, number: usize) -> String {
    let tests: String = (0..number).map(|n| format!("if a{n}: pass\n")).collect();
    format!("x = {first}\n{tests}try:\n    g()\nfinally:\n    h()\n")
}

#[test]
fn tests_of_what_is_not_read_again_cost_each_the_same() {
    // A program of the core, and one that keeps objects.
    for first in ["1", "[1]"] {
        let [four, eight, twelve] = [4, 8, 12].map(|number| searched(&tests(first, number), 2).0.states);
        assert_eq!(eight - four, twelve - eight, "{four}, {eight}, {twelve}");
        assert!(twelve < 600, "{twelve}");
    }
}

#[test]
fn a_local_that_is_read_again_is_kept_and_one_that_is_shown_too() {
    let kept = "def f():\n    x = a\n    y = b\n    if x: pass\n    print('one' if x else 'none')\n    print(sorted(locals()))\nf()\n";
    // `x` is asked once, and both names are bound where `locals()` looks.
    let (_folder, path) = file("program.py", kept);
    let paths = exits(&["explore", &path.display().to_string()], 0);
    assert!(paths.contains("['x', 'y']") && paths.contains(" 2 paths; the graph is complete"), "{paths}");
}

#[test]
fn an_import_of_the_library_is_paid_once() {
    let module = "from collections.abc import Mapping\n";
    let alone = searched(&format!("x = [1]\n{module}"), 2).0.states;
    let tested = searched(&format!("x = [1]\nif a: pass\nif b: pass\n{module}"), 2).0.states;
    assert!(tested < alone + 100, "{alone} and {tested}");
}

/// So many parts of a function of an unknown.
fn parts(number: usize, part: impl Fn(usize) -> String) -> String {
    let parts: String = (0..number).map(part).collect();
    format!("x = [1]\ndef f(o):\n{parts}    return o\nf(u)\n")
}

#[test]
fn what_a_clause_of_try_does_not_read_again_costs_each_test_the_same() {
    let part = |n| {
        format!(
            "    try:\n        v = g{n}()\n        if v:\n            h(v)\n    except KeyError:\n        v = None\n        return v\n"
        )
    };
    let [few, many] = [4, 8].map(|number| searched(&parts(number, part), 2).0.states);
    assert!(many < few * 3, "{few} and {many} states");
}

#[test]
fn an_attribute_that_is_not_read_again_costs_each_store_the_same() {
    let part = |n| format!("    if v{n} is not None:\n        o.a{n} = v{n}\n");
    let [few, many] = [4, 8].map(|number| searched(&parts(number, part), 2).0.states);
    assert!(many < few * 3, "{few} and {many} states");
}

#[test]
fn where_too_many_answers_count_none_outlives_its_statement() {
    let part = |n| format!("    if o.a{n}:\n        g()\n");
    let program = parts(20, part).replace("    return o\n", &(0..20).map(part).collect::<String>());
    let (findings, verdict) = searched(&program, 2);
    assert_eq!((findings.limit, findings.turns, verdict), (None, Some(0), Verdict::Holds));
    // What is broken on such paths alone is unknown.
    let lost = "    if o.a0:\n        try:\n            g()\n        finally:\n            if not o.a0:\n                return\n";
    let (findings, verdict) =
        searched(&program.replace("f(u)", &format!("    if o.a1:\n        pass\n{lost}f(u)")), 2);
    assert_eq!((findings.turns, findings.widened.len()), (Some(0), 1));
    let Verdict::Unknown(limit) = verdict else { panic!("{verdict:?}") };
    assert!(limit.to_string().contains("forgotten behind its statement"), "{limit}");
}

/// What a loop binds has no identity there, so that two calls on one object may be taken for calls on two.
#[test]
fn a_pair_never_holds_where_answers_are_forgotten() {
    let tests: String = (0..20).map(|n| format!("        if o.a{n}:\n            g()\n")).collect();
    let program = format!(
        "x = [1]\ndef f(o):\n    start()\n    try:\n{tests}{tests}    finally:\n        stop()\nf(u)\n"
    );
    let (_folder, path) = file("program.py", &program);
    let report = exits(&["check", &path.display().to_string(), "--entry", "f", "--pair", "start:stop"], 3);
    assert!(report.contains("unknown  paired-calls start:stop"), "{report}");
    assert!(report.contains("holds    no-lost-exception"), "{report}");
}

/// A function of what is unknown may have another name where a local's takes the place of it.
#[test]
fn a_property_of_an_unknown_function_never_holds_where_answers_are_forgotten() {
    let lines = |line: &dyn Fn(usize) -> String| (0..19).map(line).collect::<String>();
    let (asks, tests) = (lines(&|n| format!("    a{n} = p()\n")), lines(&|n| format!("    if a{n}: g()\n")));
    let program =
        format!("def f(p, us):\n    x = lock\n{asks}{tests}    for u in us:\n        x.acquire()\n{tests}");
    let (_folder, path) = file("program.py", program);
    let report = exits(&["ask", &path.display().to_string(), "returns lock.acquire"], 3);
    assert!(report.starts_with("unknown"), "{report}");
}

/// A function with so many flags that a loop sets for later.
fn flags(number: usize, rest: &str) -> String {
    let each = |line: &dyn Fn(usize) -> String| (0..number).map(line).collect::<String>();
    let unset = each(&|n| format!("    flag{n} = False\n"));
    let set = each(&|n| format!("                if step{n}():\n                    flag{n} = True\n"));
    let asked = each(&|n| format!("    if flag{n}:\n        done()\n"));
    format!(
        "def f():\n{unset}    while behind():\n        for target in targets():\n            try:\n{set}            except ValueError:\n                continue\n{asked}{rest}f()\n"
    )
}

#[test]
fn a_flag_that_a_loop_sets_for_later_does_not_part_the_paths_of_its_turn() {
    // A program of the core, and one that keeps objects.
    for first in ["", "x = [1]\n"] {
        let [few, many] = [13, 16].map(|number| searched(&format!("{first}{}", flags(number, "")), 2));
        for (findings, verdict) in [&few, &many] {
            assert_eq!(
                (&findings.limit, findings.turns, verdict),
                (&None, Some(0), &Verdict::Holds),
                "{first}"
            );
        }
        let (few, many) = (few.0.states, many.0.states);
        assert!(many < few * 2, "{few} and {many} states");
    }
}

#[test]
fn what_is_broken_where_flags_are_forgotten_alone_is_not_refuted() {
    // An exception is lost where a flag has changed that has not.
    let lost = "    try:\n        g()\n    finally:\n        if flag0 and not flag0:\n            return\n";
    let (findings, verdict) = searched(&format!("x = [1]\n{}", flags(13, lost)), 2);
    assert_eq!(findings.turns, Some(0));
    assert!(!matches!(verdict, Verdict::Refuted(())), "{verdict:?}");
    // And where one was set: that path exists.
    let lost = "    try:\n        g()\n    finally:\n        if flag0:\n            return\n";
    let (_, verdict) = searched(&format!("x = [1]\n{}", flags(13, lost)), 2);
    assert!(!matches!(verdict, Verdict::Holds), "{verdict:?}");
}

#[test]
fn paths_join_that_have_bound_a_local_to_unknowns_of_different_names() {
    let part = |n| format!("    if v{n} is None:\n        v{n} = o.a{n}\n");
    let names: Vec<String> = (0..14).map(|n| format!("v{n}")).collect();
    let (names, parts) = (names.join(", "), (0..14).map(part).collect::<String>());
    let program = format!("x = [1]\ndef f(o, {names}):\n{parts}    return g({names})\nf(u, {names})\n");
    let (findings, verdict) = searched(&program, 2);
    assert_eq!((findings.limit, findings.turns, verdict), (None, Some(0), Verdict::Holds));
}

/// So that a call of a function may be taken for one of a local.
#[test]
fn what_names_an_unknown_function_never_holds_where_locals_have_no_origin() {
    let tests: String = (0..20).map(|n| format!("    if o.a{n}:\n        g()\n")).collect();
    let program = format!("x = [1]\ndef f(o):\n{tests}{tests}    h = lose\n    h()\nf(u)\n");
    let property = "```property\ncontract never-lose\nclaim `lose` is not called.\neach path\nstart -- (enter (body lose) ?h) -> broken\n```\n";
    let (_folder, path) = file("program.py", &program);
    let (_other, properties) = file("properties.md", property);
    let (path, properties) = (path.display().to_string(), properties.display().to_string());
    exits(&["check", &path, "--entry", "f", "--properties", &properties, "--property", "never-lose"], 3);
}

#[test]
fn what_is_not_modelled_gives_an_unknown_and_what_it_was_given_is_unknown_too() {
    for part in ["o.x(os.O_DIRECTORY | os.O_NOFOLLOW)", "print(f.__code__)", "print(object().__getstate__())"]
    {
        let program =
            format!("import os.path\nfrom os.path import join\ndef f(o):\n    {part}\n    join(o)\nf(u)\n");
        let (findings, verdict) = searched(&program, 2);
        assert_eq!((findings.limit, verdict), (None, Verdict::Holds), "{part}");
    }
    let replaced = "a = [1]\na[n:1] = u\ntry:\n    g()\nfinally:\n    if a:\n        raise ValueError\n    else:\n        raise KeyError\n";
    let (_folder, path) = file("program.py", replaced);
    let paths = exits(&["explore", &path.display().to_string()], 0);
    assert!(paths.contains("raises ValueError") && paths.contains("raises KeyError"), "{paths}");
}

/// States of programs with four and with eight of such parts in a function.
fn few_and_many(part: impl Fn(usize) -> String) -> [u64; 2] {
    [4, 8].map(|number| searched(&parts(number, &part), 2).0.states)
}

#[test]
fn what_a_loop_has_unpacked_parts_no_paths_behind_it() {
    let [few, many] = few_and_many(|n| format!("    for a{n}, b{n} in o.x{n}:\n        g(a{n})\n"));
    assert!(many < few * 3, "{few} and {many} states");
}

#[test]
fn a_container_that_is_not_read_again_parts_no_paths() {
    let part =
        |n| format!("    rows{n} = []\n    if v{n}:\n        rows{n}.append((n, [1]))\n    g(rows{n})\n");
    let [few, many] = few_and_many(part);
    assert!(many < few * 3, "{few} and {many} states");
}

#[test]
fn a_generator_that_is_not_read_again_is_kept_since_it_is_seen_when_it_is_dropped() {
    let program = "def rows():\n    try:\n        yield 1\n    finally:\n        print('closed')\ndef f():\n    kept = [rows()]\n    next(kept[0])\n    g()\n    print('last')\nf()\n";
    let (_folder, path) = file("program.py", program);
    let paths = exits(&["explore", &path.display().to_string(), "--format", "paths"], 0);
    let (last, closed) = (paths.find("\"last\""), paths.find("\"closed\""));
    assert!(last.is_some() && last < closed, "{paths}");
}

#[test]
fn a_long_range_comes_to_an_end_where_loops_are_searched_coarsely() {
    let itself = "def f(o):\n    for i in range(10000):\n        o.key = new(i)\n        try:\n            o.save(True)\n        except ValueError:\n            continue\n        return\n    raise RuntimeError\nx = [1]\nf(u)\n";
    let behind_map = "def code(n):\n    for j in range(8):\n        n = (n >> 1) ^ 77 if n & 1 else n >> 1\n    return n\ndef f(o, rows):\n    codes = list(map(code, range(1000)))\n    for row in rows:\n        o.save(codes[row.number])\nf(u, v)\n";
    for (program, most) in [(itself, 2_000), (behind_map, 20_000)] {
        let (findings, verdict) = searched(program, 2);
        assert_eq!((findings.limit, findings.turns, verdict), (None, Some(COARSE), Verdict::Holds));
        assert!(findings.states < most, "{} states", findings.states);
    }
}

#[test]
fn what_calls_itself_comes_to_an_end() {
    let whole = "def walk(zf, path):\n    try:\n        zf.open(path)\n        for name in path.names:\n            walk(zf, name)\n    finally:\n        zf.close(path)\nx = [1]\nwalk(u, v)\n";
    // Three places call it, and what waits at each is another.
    let nested = "def f(u):\n    def convert(node):\n        if node.is_tuple:\n            return tuple(map(convert, node.members))\n        left = convert(node.left)\n        return left + convert(node.right)\n    return convert(u)\nx = [1]\nf(v)\n";
    for program in [whole, nested] {
        let (findings, verdict) = searched(program, 2);
        assert_eq!((findings.limit, findings.turns, verdict), (None, Some(SHALLOW), Verdict::Holds));
    }
}

/// A list that each of so many tests may add to, and behind them the rest.
fn collected(number: usize, rest: &str) -> String {
    let adds: String = (0..number).map(|n| format!("    if v{n}:\n        out.append({n})\n")).collect();
    format!("def f():\n    out = []\n    conn = None\n{adds}{rest}    return out, conn\nf()\n")
}

#[test]
fn what_locals_hold_is_forgotten_where_a_graph_is_too_large_otherwise() {
    let [few, many] = [18, 24].map(|number| searched(&collected(number, ""), 2));
    for (findings, verdict) in [&few, &many] {
        let found = (&findings.limit, findings.turns, verdict);
        assert_eq!(found, (&None, Some(COARSEST), &Verdict::Holds));
    }
    assert!(many.0.states < few.0.states * 2, "{} and {} states", few.0.states, many.0.states);
}

/// What the names of the module hold is forgotten likewise while its body runs.
#[test]
fn what_names_of_the_module_hold_is_forgotten_where_its_body_is_too_large() {
    for number in [18, 24] {
        let adds: String = (0..number).map(|n| format!("if v{n}:\n    out.append({n})\n")).collect();
        let (findings, verdict) = searched(&format!("out = []\nconn = None\n{adds}print(out)\n"), 2);
        assert_eq!((&findings.limit, findings.turns, verdict), (&None, Some(COARSEST), Verdict::Holds));
        assert!(findings.states < 2_000, "{} states", findings.states);
    }
}

#[test]
fn a_none_that_was_forgotten_may_lack_an_attribute() {
    let lost = "    try:\n        g()\n    finally:\n        try:\n            conn.close()\n        except AttributeError:\n            return\n";
    let (findings, verdict) = searched(&collected(18, lost), 2);
    assert_eq!((findings.limit, findings.turns), (None, Some(COARSEST)));
    assert!(!matches!(verdict, Verdict::Holds), "{verdict:?}");
}
