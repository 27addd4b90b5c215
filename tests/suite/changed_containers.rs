//! Known containers that meet an unknown: each operation that changes one leaves it so that more than one thing can be found in
//! it, and what reads it changes nothing.

use std::collections::BTreeSet;

use trylemma::check::litmus::observe;
use trylemma::limits::Limits;
use trylemma::python::{LoadOptions, load};

use crate::common::book;

/// What is printed on the paths of a program that end normally.
fn printed(program: &str) -> BTreeSet<String> {
    let loaded = match load("changed.py", program.as_bytes(), &LoadOptions::of(book())) {
        Ok(loaded) => loaded,
        Err(refusal) => return [format!("refused: {refusal}")].into(),
    };
    let observed = observe(book(), &loaded, Limits { states: 20_000, ..Limits::default() });
    let cut_off = observed.fault.map(|fault| format!("cut off: {fault:?}"));
    let normal = observed.outcomes.iter().filter(|outcome| outcome.ending == "normal");
    normal.map(|outcome| outcome.output.join(" / ")).chain(cut_off).collect()
}

/// What can be found in a container behind an operation that completes.
fn found(setup: &str, operation: &str) -> BTreeSet<String> {
    let program = format!(
        "{setup}\ntry:\n    {operation}\nexcept BaseException:\n    print('failed')\nelse:\n    \
         print('one' if 1 in c else 'no one')\n    try:\n        c[2]\n    except BaseException:\n        \
         print('not there')\n    else:\n        print('there')\n"
    );
    printed(&program)
}

const LIST: &str = "c = [1, 7]";
const DICT: &str = "c = {1: 1, 3: 3}";
const SET: &str = "c = {1, 3}";
const DEQUE: &str = "from collections import deque\nc = deque([1, 7])";
const DEFAULTS: &str = "from collections import defaultdict\nc = defaultdict(None, {1: 1})";
const ORDERED: &str = "from collections import OrderedDict\nc = OrderedDict({1: 1})";
const DERIVED: &str = "class L(list):\n    pass\nc = L([1, 7])";
const ALIASED: &str = "d = c = [1, 7]";
const OBJECTS: &str = "class A:\n    pass\nc = [1, A()]";

/// Containers, and what changes them.
const CHANGES: &[(&str, &[&str])] = &[
    (
        LIST,
        &[
            "c.extend(u)",
            "c += u",
            "c += list(u)",
            "c *= u",
            "c[u] = 2",
            "c[u:v] = w",
            "c[0:1] = w",
            "del c[u]",
            "del c[u:]",
            "c.remove(u)",
            "c.pop(u)",
            "c.insert(u, 2)",
            "c.__iadd__(u)",
            "list.extend(c, u)",
            "c.insert(int(u), 2)",
            "c.extend(tuple(u))",
        ],
    ),
    (
        DICT,
        &[
            "c.update(u)",
            "c.update(**u)",
            "c |= u",
            "del c[u]",
            "c.pop(u)",
            "c.pop(u, 0)",
            "c.setdefault(u, 1)",
        ],
    ),
    (DEQUE, &["c.rotate(u)", "c.insert(u, 2)", "del c[u]", "c[u] = 2"]),
    (DEFAULTS, &["c.update(u)", "c.pop(u)"]),
    (ORDERED, &["c.update(u)", "c.pop(u)", "c.setdefault(u, 1)", "c.move_to_end(u)"]),
    (DERIVED, &["c.extend(u)", "c += u", "c[u] = 2", "c.remove(u)"]),
    (ALIASED, &["d.extend(u)", "del d[u]", "d[u] = 2"]),
    (OBJECTS, &["c.extend(u)", "c[u] = 2", "c.insert(u, A())"]),
];

/// What changes a set.
const OF_SETS: &[&str] = &[
    "c.update(u)",
    "c |= u",
    "c &= u",
    "c -= u",
    "c ^= u",
    "c.discard(u)",
    "c.remove(u)",
    "c.difference_update(u)",
    "c.intersection_update(u)",
    "c.symmetric_difference_update(u)",
];

/// What only adds to a dict.
const KEEPING: &[&str] = &["c.update(u)", "c |= u", "c.setdefault(u, 1)"];

#[test]
fn a_known_container_that_meets_an_unknown_has_unknown_members() {
    let mut wrong = Vec::new();
    for (setup, operations) in CHANGES {
        for operation in *operations {
            let found = found(setup, operation);
            let has = |text: &str| found.iter().any(|path| path.contains(text));
            // What only adds keys leaves those that are there.
            let keeps = KEEPING.contains(operation);
            if !["there", "not there", "one"].into_iter().all(has) || has("no one") == keeps {
                wrong.push(format!("{setup}; {operation}: {found:?}"));
            }
        }
    }
    for operation in OF_SETS {
        let found = found(SET, operation);
        if !["one / not there", "no one / not there"].into_iter().all(|path| found.contains(path)) {
            wrong.push(format!("{SET}; {operation}: {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_reads_a_known_container_changes_nothing() {
    let reads = [
        (LIST, "c.index(u)"),
        (LIST, "c.count(u)"),
        (LIST, "c[u]"),
        (LIST, "u in c"),
        (LIST, "c + [u]"),
        (LIST, "sorted(c, key=u)"),
        (DICT, "c.get(u)"),
        (DICT, "c[u]"),
        (DICT, "u in c"),
        (SET, "c.union(u)"),
        (SET, "c.issubset(u)"),
        (SET, "c - u"),
    ];
    let known = |(setup, operation): &(&str, &str)| {
        found(setup, operation).iter().all(|path| ["one / not there", "failed"].contains(&path.as_str()))
    };
    let changed: Vec<_> = reads.iter().filter(|read| !known(read)).collect();
    assert!(changed.is_empty(), "{changed:?}");
}

#[test]
fn what_is_found_out_about_a_changed_container_is_remembered_until_it_changes_again() {
    let program = |change: &str| {
        format!(
            "c = [1]\nc.extend(u)\nif c:\n    print('some')\n{change}\nif not c:\n    print('none')\n\
             if len(c) > 3:\n    print('many')\nif len(c) < 2:\n    print('few')\n"
        )
    };
    let kept = printed(&program("pass"));
    let ways = ["some / many", "some / few", "some", "none / few"];
    assert!(kept.iter().all(|path| ways.contains(&path.as_str()) || path == "none"), "{kept:?}");
    assert!(printed(&program("c.remove(7)")).contains("some / none / few"));
}

#[test]
fn objects_are_found_in_a_changed_container() {
    let program = "class A:\n    def name(self):\n        return 'A'\nc = [A()]\nc.extend(u)\nfor a in c:\n    \
                   if type(a) is A:\n        print(a.name())\n    break\n";
    let found = printed(program);
    assert!(found.contains("A") && found.contains(""), "{found:?}");
}

#[test]
fn the_keywords_of_an_unknown_may_be_any() {
    let program = "def f(a=1, **others):\n    print('one' if a == 1 else 'another', 'others' if others else 'none')\n\
                   f(**u)\n";
    let ways = ["one none", "one others", "another none", "another others"];
    assert_eq!(printed(program), ways.map(str::to_string).into());
}
