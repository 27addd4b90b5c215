//! What programs do with values that nothing defines: a table of programs, each with all that may come of it; the table of
//! the chapter on unknowns; and that a program means the same whether it keeps objects or not.

use std::collections::BTreeSet;

use trylemma::book::litmus::Outcome;
use trylemma::check::litmus::{is_of_core, observe};
use trylemma::limits::Limits;
use trylemma::python::{LoadOptions, load};

use crate::common::{book, ok, repository};

/// The table: behind each program a line for each way in which it may go, what is printed and then how it ends.
const TABLE: &str = "tests/suite/unknown_values.txt";

/// A path as the table has it.
fn shown(outcome: &Outcome) -> String {
    let mut parts = outcome.output.clone();
    parts.push(outcome.ending.clone());
    format!("-> {}", parts.join(" / "))
}

/// All that may come of a program, and what it was cut off by.
fn paths(program: &str) -> BTreeSet<String> {
    let loaded = match load("unknown.py", program.as_bytes(), &LoadOptions::of(book())) {
        Ok(loaded) => loaded,
        Err(refusal) => return [format!("refused: {refusal}")].into(),
    };
    let observed = observe(book(), &loaded, Limits { states: 20_000, ..Limits::default() });
    let cut_off = observed.fault.map(|fault| format!("cut off: {fault:?}"));
    observed.outcomes.iter().map(shown).chain(cut_off).collect()
}

#[test]
fn each_operation_on_an_unknown_comes_to_what_the_table_says() {
    let table = std::fs::read_to_string(repository(TABLE)).expect("the table is there");
    let mut different = Vec::new();
    for entry in table.trim().split("\n\n") {
        let (expected, program): (Vec<&str>, Vec<&str>) =
            entry.lines().partition(|line| line.starts_with("-> "));
        let program = program.join("\n");
        let found = paths(&program);
        if !found.iter().map(String::as_str).eq(expected.into_iter().collect::<BTreeSet<_>>()) {
            let found: Vec<String> = found.into_iter().collect();
            different.push(format!("{program}\n{}", found.join("\n")));
        }
    }
    assert!(different.is_empty(), "these go other ways:\n\n{}\n", different.join("\n\n"));
}

/// Inputs, each with what must be among the ways in which it may go (`+`) and what must not (`-`), as parts of what the table
/// above has behind its arrow, or, with the arrow, as the whole.
const INPUTS: &str = "tests/suite/unknown_inputs.txt";

/// What is wrong about an input: the line that does not hold of its paths, and these.
fn wrong_about(entry: &str) -> Option<String> {
    let is_said = |line: &&str| line.starts_with("+ ") || line.starts_with("- ");
    let (said, program): (Vec<&str>, Vec<&str>) = entry.lines().partition(is_said);
    let found = paths(&program.join("\n"));
    let occurs = |part: &str| match part.starts_with("-> ") {
        true => found.contains(part),
        false => found.iter().any(|path| path.contains(part)),
    };
    let holds = |line: &str| occurs(&line[2..]) == line.starts_with('+');
    let cut_off = found.iter().any(|path| !path.starts_with("-> "));
    let wrong: Vec<&str> = said.into_iter().filter(|line| !holds(line)).collect();
    let paths: Vec<String> = found.into_iter().collect();
    let told = || format!("{}\nbut not: {wrong:?}\n{}", program.join("\n"), paths.join("\n"));
    (cut_off || !wrong.is_empty()).then(told)
}

#[test]
fn inputs_that_once_went_wrong_go_as_they_can_in_python() {
    let inputs = std::fs::read_to_string(repository(INPUTS)).expect("the inputs are there");
    let wrong: Vec<String> = inputs.trim().split("\n\n").filter_map(wrong_about).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// The rows of the table in the chapter on unknowns: a piece of code, and whether it may raise.
fn rows() -> Vec<(String, bool)> {
    let chapter =
        std::fs::read_to_string(repository("semantics/10-unknown.md")).expect("the chapter is there");
    let rows = chapter.lines().filter(|line| line.starts_with("| `"));
    rows.map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let [code, _, raises, _] = cells[..] else { panic!("a row has four cells: {row}") };
        (code.trim_matches('`').replace("; ", "\n").replace("\\n    ", "\n    "), raises != "nothing")
    })
    .collect()
}

#[test]
fn no_operation_on_an_unknown_lacks_its_normal_path() {
    let rows = rows();
    assert!(rows.len() > 40, "{} rows were found", rows.len());
    let mut wrong = Vec::new();
    for (code, raises) in rows {
        let found = paths(&code);
        let fails = found.iter().any(|path| path.ends_with("raises Exception"));
        let cut_off = found.iter().any(|path| !path.starts_with("-> "));
        if !found.iter().any(|path| path.ends_with("normal")) || fails != raises || cut_off {
            wrong.push(format!("{code}\n{found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn what_is_unknown_means_the_same_where_objects_are_kept() {
    let core =
        book().litmus().iter().filter(|litmus| is_of_core(book(), litmus) && litmus.outcomes.len() > 1);
    let programs: Vec<&str> = core.map(|litmus| litmus.program.as_str()).collect();
    assert!(programs.len() > 40, "{} programs have unknowns", programs.len());
    let differs = |program: &&&str| paths(program) != paths(&format!("kept = [1]\n{program}"));
    assert_eq!(programs.iter().filter(differs).collect::<Vec<_>>(), Vec::<&&str>::new());
}

#[test]
fn an_operation_on_an_unknown_is_no_call_of_it() {
    let uses = [
        "pending = {disconnect: 1}",
        "todo = set()\ntodo.add(disconnect)",
        "disconnect in [1]",
        "if disconnect: pass",
        "disconnect[0]",
        "len(disconnect)",
        "a, b = disconnect",
    ];
    for used in uses {
        let program = format!("conn = connect()\n{used}\n");
        let (_folder, path) = crate::common::file("use.py", program);
        let steps = ok(&["explore", &path.display().to_string()]);
        assert!(!steps.contains("disconnect()"), "{used}:\n{steps}");
    }
}

#[test]
fn a_path_says_what_happened_in_sentences() {
    let said = |program: &str| {
        let (_folder, path) = crate::common::file("said.py", program);
        ok(&["explore", &path.display().to_string()])
    };
    let told = |program: &str, sentence: &str| {
        let said = said(program);
        assert!(said.contains(sentence), "{sentence}\n{said}");
    };
    told("conn = connect()\nconn[0]\n", "connect()[0] raises Exception()");
    told("conn = connect()\nconn += 1\n", "connect() += 1 succeeds");
    told("print(fetch())\n", "prints <fetch()>");
    told("if u.a is None: pass\n", "(u.a is None) is true");
    told(
        "def g(E):\n    try:\n        f()\n    except E:\n        pass\ng(h())\n",
        "`except h()` does not match",
    );
    told("for x in map(f, u): pass\n", "u has no more items");
    told("raise_ = u\nraise raise_\n", "raising u raises Exception()");
    told("connect().close()\n", "connect().close() raises Exception()");
}

#[test]
fn functions_of_the_library_are_known_by_whatever_name_they_are_imported() {
    let explored = |program: &str| {
        let (_folder, path) = crate::common::file("library.py", program);
        ok(&["explore", &path.display().to_string()])
    };
    let said =
        explored("from os import getpid\ntry:\n    getpid()\nexcept ValueError:\n    print('wrong')\n");
    assert!(said.contains("1 path") && !said.contains("prints"), "{said}");
    let said = explored("import os\nos.path.join('a', 'b')\nos.path.join('a', f'{u}')\n");
    assert!(!said.contains("TypeError"), "{said}");
    let said = explored("import os\nos.path.join('a', u)\n");
    assert!(said.contains("TypeError"), "{said}");
}

#[test]
fn names_that_types_have_in_messages_alone_are_unknown() {
    for name in
        ["code", "frame", "function", "generator", "method", "module", "traceback", "ellipsis", "NoneType"]
    {
        let paths = paths(&format!("print([{name}.f() is None])\n"));
        assert!(paths.contains("-> [True] / normal"), "{name}: {paths:?}");
        assert!(!paths.iter().any(|path| path.contains("NameError")), "{name}: {paths:?}");
    }
}

#[test]
fn a_known_container_is_changed_by_what_has_a_known_type() {
    for (program, comes) in [
        ("s = set()\ns.add(int(u))\nprint(len(s))\n", "-> 1 / normal"),
        ("d = {}\nd[int(u)] = 1\nprint(len(d))\n", "-> 1 / normal"),
        ("d = {}\nd[f'{u}'] = 1\nprint(d[f'{u}'])\n", "-> 1 / normal"),
    ] {
        let paths = paths(program);
        assert!(paths.contains(comes), "{program}{paths:?}");
        let other = |path: &&String| !path.contains("Exception") && *path != comes;
        assert_eq!(paths.iter().find(other), None, "{program}{paths:?}");
    }
}
