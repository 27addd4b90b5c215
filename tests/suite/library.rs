//! The library is part of the book: what it says is what happens, and a fault of it is a fault of the book.

use trylemma::book::Book;
use trylemma::book::version::Version;

use crate::common::{Edit, book, complaint, edited_book, file, ok, text, trylemma};

/// A program that asks `any` of what only the library can go through.
const ASKS: &str = "def g():\n    yield 0\n    yield 1\nprint(any(g()))\n";

/// `any` of a library in which nothing is ever found.
const NEVER: Edit = (
    "library/builtins/folds.py",
    "        if item:\n            return True\n    return False\n",
    "        pass\n    return False\n",
);

/// A module of a library in which nothing is nothing.
const NULL: Edit =
    ("library/operator.py", "def not_(", "def nothing():\n    return 'there is nothing'\n\n\ndef not_(");

#[test]
fn a_changed_function_of_the_library_changes_what_a_run_prints() {
    let (_folder, program) = file("a.py", ASKS);
    let program = program.display().to_string();
    assert_eq!(ok(&["run", &program]), "True\n");
    let changed = edited_book(&[NEVER]);
    assert_eq!(ok(&["run", &program, "--semantics", &changed.path().display().to_string()]), "False\n");
}

#[test]
fn a_changed_module_of_the_library_is_the_one_that_is_imported() {
    let changed = edited_book(&[NULL]);
    let (_folder, program) = file("a.py", "import operator\nprint(operator.nothing())\n");
    let said =
        ok(&["run", &program.display().to_string(), "--semantics", &changed.path().display().to_string()]);
    assert_eq!(said, "there is nothing\n");
}

#[test]
fn all_threads_of_a_search_have_the_same_library() {
    let changed = edited_book(&[NEVER]);
    let (_folder, program) = file("a.py", format!("for i in range(2):\n    f()\n{ASKS}"));
    let (program, changed) = (program.display().to_string(), changed.path().display().to_string());
    let said = ok(&["explore", &program, "--threads", "4", "--semantics", &changed]);
    assert!(said.contains("False") && !said.contains("\"True\""), "{said}");
}

#[test]
fn a_book_is_another_where_its_library_is() {
    let of = |edits: &[Edit]| {
        let folder = edited_book(edits);
        Book::from_folder(folder.path(), Version::DEFAULT).unwrap_or_else(|error| panic!("{error}")).hash
    };
    assert_eq!(of(&[]), book().hash);
    assert_ne!(of(&[NEVER]), book().hash);
    assert_ne!(of(&[NULL]), book().hash);
}

#[test]
fn a_syntax_error_of_any_module_of_the_library_is_a_fault_of_the_book() {
    let (_folder, program) = file("a.py", "print(1)\n");
    for module in ["library/builtins/sets.py", "library/operator.py", "library/collections/abc.py"] {
        let changed = edited_book(&[]);
        let path = changed.path().join(module);
        let text = std::fs::read_to_string(&path).expect("the module is there");
        std::fs::write(&path, format!("{text}\ndef f(:\n    pass\n")).expect("it can be written");
        let arguments =
            ["run", &program.display().to_string(), "--semantics", &changed.path().display().to_string()];
        let message = complaint(&arguments);
        assert!(message.contains(module) && message.contains("def f(:"), "{message}");
    }
}

#[test]
fn a_book_without_a_library_has_the_one_of_the_crate() {
    let chapters = edited_book(&[]);
    std::fs::remove_dir_all(chapters.path().join("library")).expect("it was there");
    let (_folder, program) = file("a.py", ASKS);
    let output = trylemma(&[
        "run",
        &program.display().to_string(),
        "--semantics",
        &chapters.path().display().to_string(),
    ]);
    assert_eq!(text(&output.stdout), "True\n");
}

/// How many states `import MODULE` has at most. The figures only shrink: an import runs class bodies and decorators, and
/// whoever explores a program with an unknown before it pays for them on each path.
const IMPORTS: [(&str, usize); 18] = [
    ("re", 783),
    ("typing", 1_516),
    ("warnings", 690),
    ("unittest", 1_080),
    ("collections", 1_847),
    ("collections.abc", 4_233),
    ("abc", 61),
    ("types", 457),
    ("functools", 322),
    ("operator", 764),
    ("contextlib", 883),
    ("errno", 1_464),
    ("inspect", 591),
    ("threading", 391),
    ("io", 287),
    ("copy", 283),
    ("itertools", 577),
    ("traceback", 79),
];

#[test]
fn importing_a_module_costs_no_more_than_it_did() {
    for (module, most) in IMPORTS {
        let (_folder, program) = file("a.py", format!("import {module}\n"));
        let said = ok(&["explore", &program.display().to_string()]);
        let states = said.split("a.py: ").nth(1).and_then(|rest| rest.split(" states").next());
        let states: usize = states.and_then(|text| text.replace(',', "").parse().ok()).unwrap_or(usize::MAX);
        assert!(states <= most, "import {module}: {states} states, where there were {most}");
    }
}
