//! What the library's containers, patterns, types, numbers and files do, beside what CPython 3.13 printed: each program
//! of `library/` has its output in a file of the same name. And what of them is refused, by which name.

use crate::common::{file, has_python, in_folder, one_complaint, python, run_source, text, trylemma};

macro_rules! recorded {
    ($($name:ident,)*) => {
        $(
            #[test]
            fn $name() {
                let source = include_str!(concat!("library/", stringify!($name), ".py"));
                let expected = include_str!(concat!("library/", stringify!($name), ".out"));
                let output = run_source(source, &["--python", "3.13"]);
                let printed = text(&output.stdout);
                for (number, (line, wanted)) in printed.lines().zip(expected.lines()).enumerate() {
                    assert_eq!(line, wanted, "line {} of the output", number + 1);
                }
                assert_eq!(printed.len(), expected.len(), "{}", text(&output.stderr));
                assert!(output.status.success(), "{}", text(&output.stderr));
            }
        )*
    };
}

recorded! { starred, containers, numbers, files, regex, types, aliases, classes, display, }

/// What a program that comes to something that is not modelled says of it.
fn came_to(source: &str) -> String {
    let output = run_source(source, &[]);
    assert_eq!(output.status.code(), Some(3), "{source}\n{}", text(&output.stderr));
    text(&output.stderr)
}

#[test]
fn what_a_program_writes_stays_in_memory() {
    let source = "\
with open('new.txt', 'w') as f:
    f.write('kept')
with open('old.txt', 'a') as f:
    f.write(' and more')
with open('gone.txt', 'w') as f:
    pass
print(open('new.txt').read(), open('old.txt').read(), repr(open('gone.txt').read()))
";
    let (folder, _path) = file("p.py", source);
    for (name, content) in [("old.txt", "old"), ("gone.txt", "gone")] {
        std::fs::write(folder.path().join(name), content).expect("a file");
    }
    let output = in_folder(folder.path(), &["run", "p.py"], "");
    assert_eq!(text(&output.stdout), "kept old and more ''\n", "{}", text(&output.stderr));
    assert!(!folder.path().join("new.txt").exists());
    for (name, content) in [("old.txt", "old"), ("gone.txt", "gone")] {
        assert_eq!(std::fs::read_to_string(folder.path().join(name)).expect("a file"), content);
    }
}

#[test]
fn a_file_that_is_no_utf_8_is_decoded_as_cpython_does_it() {
    let (folder, _path) =
        file("p.py", "print(open('b', 'rb').read())\nprint(open('b', encoding='latin-1').read())\n");
    std::fs::write(folder.path().join("b"), b"\xe9\n").expect("a file");
    let output = in_folder(folder.path(), &["run", "p.py"], "");
    assert_eq!(text(&output.stdout), "b'\\xe9\\n'\n\u{e9}\n\n", "{}", text(&output.stderr));
}

#[test]
fn a_metaclass_that_is_called_is_refused_by_name() {
    for (source, name) in [
        (
            "class M(type):\n    x = 1\nA = M('A', (Exception,), {})\nraise A('x')\n",
            "a metaclass with names of its own",
        ),
        (
            "class M(type):\n    def __new__(cls, *a): return super().__new__(cls, *a)\nM('A', (), {})\n",
            "type.__new__",
        ),
    ] {
        assert!(came_to(source).contains(name), "{source}");
    }
}

#[test]
fn attributes_that_cpython_has_are_refused_by_name_and_not_said_to_be_missing() {
    for (source, name) in [
        ("import unittest\nunittest.TestCase.assertLogs\n", "unittest.TestCase.assertLogs"),
        ("import io\nhasattr(io.StringIO(), 'detach')\n", "io.StringIO.detach"),
        ("open('p.py').buffer\n", "_io.TextIOWrapper.buffer"),
        ("import re\ngetattr(re.compile('a'), 'scanner', None)\n", "re.Pattern.scanner"),
    ] {
        assert!(came_to(source).contains(name), "{source}: {}", came_to(source));
    }
    let source = "from typing import *\nprint(1)\nclear_overloads()\n";
    assert!(one_complaint(&run_source(source, &[]), source).contains("`typing.clear_overloads`"));
    let source = "import warnings\nprint(1)\nwarnings._setoption\n";
    assert!(one_complaint(&run_source(source, &[]), source).contains("`warnings._setoption`"));
}

#[test]
fn async_functions_are_refused_and_not_called_wrong() {
    for source in [
        "async def f(xs): return [await x for x in xs]\n",
        "async def f(xs): return {x: await x for x in xs}\n",
        "async def f(xs): return [y async for x in xs for y in [await x]]\n",
    ] {
        let complaint = one_complaint(&run_source(source, &[]), source);
        assert!(complaint.contains("not modelled yet: `async def`"), "{complaint}");
    }
    let wrong = one_complaint(&run_source("def f(xs): return [await x for x in xs]\n", &[]), "await");
    assert!(wrong.contains("rejects the file, too"), "{wrong}");
}

#[test]
fn star_imports_give_what_is_listed_and_what_is_left() {
    let source = "\
from listed import *
from bound import *
print(_hidden, seen)
try:
    print(other)
except NameError as e:
    print(e)
try:
    print(gone)
except NameError as e:
    print(e)
";
    let (folder, _path) = file("p.py", source);
    let modules = [
        ("listed.py", "__all__ = ['_hidden']\n_hidden = 1\nother = 2\n"),
        ("bound.py", "seen = gone = 3\ndel gone\n"),
    ];
    for (name, content) in modules {
        std::fs::write(folder.path().join(name), content).expect("a file");
    }
    let output = in_folder(folder.path(), &["run", "p.py"], "");
    let expected = "1 3\nname 'other' is not defined\nname 'gone' is not defined\n";
    assert_eq!(text(&output.stdout), expected, "{}", text(&output.stderr));
}

#[test]
fn modules_of_the_library_that_need_each_other_are_imported_in_any_order() {
    for source in [
        "import typing, collections.abc, collections\nprint(collections.ChainMap({1: 2}).keys())\n",
        "import collections.abc, collections\nprint(collections.ChainMap({1: 2}).keys())\n",
        "from collections import ChainMap\nprint(ChainMap({1: 2}).keys())\n",
    ] {
        let output = run_source(source, &[]);
        assert_eq!(text(&output.stdout), "KeysView(ChainMap({1: 2}))\n", "{source}{}", text(&output.stderr));
    }
}

#[test]
fn a_limit_says_so_and_an_exit_with_its_code_says_nothing() {
    let exit = run_source("import sys\nsys.exit(3)\n", &[]);
    assert_eq!((exit.status.code(), text(&exit.stderr).as_str()), (Some(3), ""));
    let limit = run_source("while True: pass\n", &["--limit", "steps=1000"]);
    assert_eq!(limit.status.code(), Some(3));
    assert!(text(&limit.stderr).contains("limit"), "{}", text(&limit.stderr));
}

/// The public names and modules of each of some modules, as imports of them.
const IMPORTS: &str = "\
import importlib, pkgutil, sys
print('%d.%d' % sys.version_info[:2])
for module in sys.stdin.read().split():
    module = importlib.import_module(module)
    inside = [found.name for found in pkgutil.iter_modules(getattr(module, '__path__', []))]
    names = sorted({name for name in dir(module) + inside if not name.startswith('_')})
    print('; '.join(f'from {module.__name__} import {name} as x' for name in names))
";

#[test]
fn what_python_imports_from_a_modelled_module_is_there_or_unknown() {
    if !has_python("sys") {
        return;
    }
    const MODULES: &str = "abc collections collections.abc contextlib copy errno functools inspect io itertools operator re string \
                           threading traceback types typing unittest warnings";
    let told = text(&python(&["-c", IMPORTS], MODULES).stdout);
    let (version, imports) = told.split_once('\n').expect("a version");
    for line in imports.lines().filter(|line| !line.is_empty()) {
        let (_folder, path) = file("p.py", line.replace("; ", "\n") + "\ndef f():\n    return 1\n");
        let report = trylemma(&["check", &path.display().to_string(), "--python", version]);
        let report = text(&report.stdout) + &text(&report.stderr);
        assert!(
            report.contains("1 of 1 functions") && !report.contains("raises at line"),
            "{line}\n{report}"
        );
    }
}
