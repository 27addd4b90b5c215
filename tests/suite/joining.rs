//! Programs whose paths join, since nothing can ask any more in what they differ.

use std::collections::BTreeSet;

use trylemma::check::program::{Subject, search_program};
use trylemma::limits::{COARSE, COARSEST, FORGETFUL, Limits, SHALLOW};
use trylemma::machine::Engine;
use trylemma::python::{Assumptions, Call, LoadOptions, load};

use crate::common::book;

/// How many states a program has, with so much forgotten.
fn states(program: &str, turns: Option<u32>) -> u64 {
    found(program, turns, Assumptions::default()).0
}

/// The same, and the lines that some path comes to.
fn found(program: &str, turns: Option<u32>, assumptions: Assumptions) -> (u64, BTreeSet<usize>) {
    let options = LoadOptions {
        forgets: true,
        unknown: true,
        assumptions: assumptions.clone(),
        ..LoadOptions::of(book())
    };
    let program = load("program.py", program.as_bytes(), &options).expect("it loads");
    let program = turns.map_or(program.clone(), |turns| program.widening(turns));
    let subject = Subject { program, entry: None, assumptions };
    let limits = Limits { states: 50_000, turns: None, ..Limits::default() };
    let (_, findings, _) = search_program(book(), &subject, &[], limits, Engine::Compiled, 1);
    assert_eq!(findings.limit, None, "{}", subject.program.source);
    (findings.states, findings.lines)
}

/// Each call raises at a line of its own.
const RAISING: &str = "def f(u):
    for x in u:
        try:
            a(x)
            b(x)
            c(x)
        except OSError as e:
            print(e)
        except Exception as e:
            d(e)
f(v)";

/// Nobody reads the entries of tracebacks in a program that only imports `warnings`: it has its lines, and no other states.
#[test]
fn who_imports_warnings_has_no_more_states_than_others() {
    let with = |module: &str| states(&format!("import {module}\n{RAISING}"), None);
    let (warned, others) = (with("warnings"), with("contextlib"));
    assert!(warned < others * 5 / 4, "{warned} states, and {others} without");
}

/// What a caller does not read on the way of an exception is forgotten where the exception comes to it.
#[test]
fn paths_join_where_an_exception_comes_to_a_caller() {
    let callee = "def g(u):\n    x = open_it(u)\n    y = [x]\n    z = {1: y}\n    h(x)\n    h(y)\n    h(z)\n";
    let caller = "def f(u):\n    a = u.a or u.b\n    b = [u.c or u.d, a]\n    g(a)\n    return b, a\n";
    let program = format!("{callee}{caller}try:\n    f(v)\nexcept Exception:\n    pass\n");
    let found = states(&program, None);
    assert!(found < 1_100, "{found} states");
}

/// Where all is forgotten that a local holds, so is what functions share.
#[test]
fn what_functions_share_is_forgotten_at_last() {
    let each = |line: fn(u32) -> String| (0..18).map(line).collect::<String>();
    let firsts = each(|n| format!("    n{n} = None\n    l{n} = []\n"));
    let tests = each(|n| format!("    if u.a{n}:\n        n{n} = {n}\n        l{n} = [{n}]\n"));
    let read = each(|n| format!("n{n}, l{n}, "));
    let program =
        format!("def f(u):\n{firsts}{tests}    def g():\n        return {read}\n    return g()\nf(v)");
    let found = states(&program, Some(COARSEST));
    assert!(found < 5_000, "{found} states");
}

/// The library reads a pattern that is written down as it does everywhere, however much else is forgotten; what is found in a text of
/// which nothing is known is not searched for.
#[test]
fn a_pattern_is_read_however_much_is_forgotten() {
    let program = "import re\ndef f(u):\n    pattern = re.compile(r'(\\d)-(x)?')\n    found = pattern.match(u)\n    \
                   if found is None:\n        return 0\n    return found.group(1), found.group(2), pattern.sub('', u)\nf(v)";
    let all = states(program, None);
    for turns in [2, COARSE, COARSEST] {
        let found = states(program, Some(turns));
        assert!(found < all * 11 / 10, "{found} states behind {turns} turns, and {all} as it is");
    }
}

/// Which way an exception has come is forgotten with what locals hold: its traceback is unknown then.
#[test]
fn a_traceback_is_forgotten_at_last() {
    let calls = (0..12).map(|n| format!("        a{n}(u)\n")).collect::<String>();
    let handled = |read: &str| {
        let rest = format!("        {read}\n        b(e)\n        c(e)\n        d(e)\n");
        format!("def f(u):\n    try:\n{calls}    except Exception as e:\n{rest}f(v)")
    };
    let [read, unread] = ["print(e.__traceback__.tb_lineno)", "print(e.args)"]
        .map(|read| states(&handled(read), Some(COARSEST)));
    assert!(read < unread * 2, "{read} states, and {unread} where nothing is read");
}

/// Where that does not help, what the attributes of objects hold is forgotten, too.
#[test]
fn what_attributes_hold_is_forgotten_at_the_very_last() {
    let each = |line: fn(u32) -> String| (0..5).map(line).collect::<String>();
    let firsts = each(|n| format!("        self.n{n} = None\n        self.l{n} = []\n"));
    let tests = each(|n| format!("    if u.a{n}:\n        c.n{n} = {n}\n        c.l{n} = [{n}]\n"));
    let read = each(|n| format!("c.n{n}, c.l{n}, "));
    let program = format!(
        "class C:\n    def __init__(self):\n{firsts}def f(u, c):\n{tests}    return {read}\nf(v, C())"
    );
    let [locals, attributes] = [COARSEST, FORGETFUL].map(|turns| states(&program, Some(turns)));
    assert!(
        attributes < 3_000 && attributes < locals / 4,
        "{attributes} states, and {locals} where they are known"
    );
}

/// Whether an attribute is the object's own or that of its class is forgotten with what it holds, unless the module asks for that.
#[test]
fn whose_an_attribute_is_is_forgotten_at_the_very_last() {
    let each = |line: fn(u32) -> String| (0..7).map(line).collect::<String>();
    let firsts = each(|n| format!("    n{n} = None\n"));
    let tests = each(|n| format!("        if u.a{n}:\n            self.n{n} = u\n"));
    let read = each(|n| format!("c.n{n}, "));
    let program = |rest: &str| {
        format!(
            "class C:\n{firsts}    def __init__(self, u):\n{tests}def f(u):\n    c = C(u)\n    {rest}\n    return {read}\nf(v)"
        )
    };
    let [forgotten, asked] =
        ["pass", "print(c.__dict__)"].map(|rest| states(&program(rest), Some(FORGETFUL)));
    assert!(
        forgotten < 2_000 && asked > forgotten * 3,
        "{forgotten} states, and {asked} where it is asked for"
    );
    // Where one is deleted, it may be missed.
    let deleted = program("try:\n        del c.n0\n    except AttributeError:\n        missed()");
    let lines = found(&deleted, Some(FORGETFUL), Assumptions::default()).1;
    let missed = deleted.lines().position(|line| line.contains("missed")).expect("the line") + 1;
    assert!(lines.contains(&missed), "{deleted}: {lines:?}");
}

/// What was made while an exception was handled is what is made where there was none.
#[test]
fn an_exception_that_was_caught_numbers_no_other_object() {
    let tries = |count: u32| {
        let one = |n: u32| {
            format!(
                "    try:\n        a{n}(u)\n    except OSError as e:\n        c{n} = C(e)\n    else:\n        c{n} = C(u)\n"
            )
        };
        let read = (0..count).map(|n| format!("c{n}, ")).collect::<String>();
        let tries = (0..count).map(one).collect::<String>();
        let class = "class C:\n    def __init__(self, x):\n        self.x = None\n";
        states(&format!("{class}def f(u):\n{tries}    return {read}\nf(v)"), Some(COARSEST))
    };
    let [few, many] = [3, 9].map(tries);
    assert!(many < few * 6, "{few} states of three, and {many} of nine");
}

/// An object that is being made where an exception is raised is no part of its way.
#[test]
fn an_exception_leaves_what_waits_for_it() {
    let held = (0..6).map(|n| format!("        self.o{n} = C() if u.a{n} else None\n")).collect::<String>();
    let through = |count: u32| {
        let each = |n: u32| format!("def g{}(u):\n    return 1 + len([g{n}(u)])\n", n + 1);
        let callers = (0..count).map(each).collect::<String>();
        let program = format!(
            "class C:\n    pass\nclass D:\n    def __init__(self, u):\n{held}        raise ValueError\n\
             def g0(u):\n    return 1 + len([D(u)])\n{callers}\
             def f(u):\n    try:\n        return g{count}(u)\n    except ValueError:\n        pass\nf(v)"
        );
        states(&program, Some(COARSEST))
    };
    let [few, many] = [2, 10].map(through);
    assert!(many < few + 1_000, "{few} states through two callers, and {many} through ten");
}

/// What is forgotten of an unknown raises what that raised, whatever else there is that raises less.
#[test]
fn what_is_forgotten_raises_what_it_raised() {
    let mut assumptions = Assumptions::default();
    for (name, raises) in [("quiet", None), ("loud", Some("OSError"))] {
        let raises = Some(raises.into_iter().map(ToString::to_string).collect());
        assumptions.calls.insert(name.into(), Call { returns: None, raises });
    }
    for order in ["a = quiet\n    b = loud\n", "b = loud\n    a = quiet\n"] {
        let program =
            format!("def f():\n    {order}    try:\n        b()\n    except OSError:\n        a()\nf()");
        let (_, lines) = found(&program, Some(COARSEST), assumptions.clone());
        assert!(lines.contains(&7), "{program}: {lines:?}");
    }
}

#[test]
fn what_a_call_that_is_not_followed_may_change_is_forgotten() {
    // All in one statement: behind it much is forgotten anyway.
    let program = |own: &str, changes: &str, within: &str, test: &str| {
        format!(
            "n = 0\nkept = []\ndef walk(node, out):\n    {own}\n    {changes}\n    if node.kid:\n        walk(node.kid, out)\n\
             class C: size = 0\ndef f(node):\n    out = C()\n    out.size, out.rows = 0, iter([1, 2, 3, 4, 5, 6])\n    \
             {within}\n    if (walk(node, out), {test})[1]:\n        missed()\nf(u)\n"
        )
    };
    let own_walk = "m = 0\n    def walk(node, out):\n        nonlocal m\n        m = m + 1\n        if node.kid:\n            walk(node.kid, out)";
    let cases = [
        ("pass", "kept.append(1)", "pass", "len(kept) > 9", 14),
        ("global n", "n = n + 1", "pass", "n > 9", 14),
        ("pass", "out.size = out.size + 1", "pass", "out.size > 9", 14),
        ("pass", "pass", own_walk, "m > 9", 19),
        ("pass", "next(out.rows)", "pass", "next(out.rows, 9) == 9", 14),
    ];
    for (own, changes, within, test, line) in cases {
        let program = program(own, changes, within, test);
        let (states, lines) = found(&program, Some(SHALLOW), Assumptions::default());
        assert!(lines.contains(&line), "{lines:?} of\n{program}");
        assert!(states < 20_000, "{states} states of\n{program}");
    }
}
