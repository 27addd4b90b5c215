//! What CPython 3.14 gave for expressions and small programs about builtin values, held against what the machine does:
//! with the primitives, and with the library in their place wherever it has a function of the same name.
//!
//! The files are in `tests/recorded/`: most have an expression in each odd line and what it gives in the next, behind
//! `=>`; `containers.txt` has programs of a few statements. `record.mjs` and `record_containers.py` write what they give.

#![cfg(test)]

use egg::{Id, Symbol};
use ruff_python_ast::Stmt;
use ruff_text_size::Ranged;

use crate::book::Book;
use crate::book::version::Version;
use crate::limits::Limits;
use crate::machine::domain::{Counted, Domain, Function, Tables};
use crate::machine::stepper::Successors;
use crate::machine::{Bank, Engine, Machine};
use crate::python::builtins::signed;
use crate::python::semantics::constants;
use crate::python::{LoadOptions, PYTHON, load};

/// Python with the library in the place of primitives.
#[derive(Debug)]
struct LibraryFirst;

static LIBRARY_FIRST: LibraryFirst = LibraryFirst;

impl Domain for LibraryFirst {
    fn function(&self, name: Symbol) -> Option<(Function, usize)> {
        PYTHON.function(name)
    }

    fn tables(&self, book: &Book) -> Tables {
        Tables::new(constants(book).with_library_first())
    }

    fn counted(&self) -> Counted {
        PYTHON.counted()
    }

    fn start(&self, bank: &mut Bank, body: Id, setting: Id) -> Id {
        PYTHON.start(bank, body, setting)
    }

    fn collected(&self, bank: &mut Bank, state: Id, world: usize, others: &[Id]) -> Option<Id> {
        PYTHON.collected(bank, state, world, others)
    }
}

/// What the library alone does not answer as CPython does.
const PRIMITIVES_ONLY: &str = include_str!("../../tests/recorded/primitives_only.txt");

/// What is not worded as CPython does, and why.
const GAPS: &str = include_str!("../../tests/recorded/argument_gaps.txt");

/// One machine runs so many programs: what they leave behind is not collected.
const AT_ONCE: usize = 60;

/// What stands before all programs of a file.
const SETUP: &str = "\
import math, sys, time
from operator import iadd, iand, ifloordiv, ilshift, imatmul, imod, imul, ior, ipow, irshift, isub, itruediv, ixor

def typename(value):
    return type(value).__name__

def shown(value):
    text = repr(value)
    return '<' + typename(value) + '>' if 'iterator object at' in text else text
";

/// Stands in the output before what the program of that number gives.
fn mark(number: usize) -> String {
    format!("\n@@ {number}\n")
}

/// What a program prints.
fn printed(domain: &'static dyn Domain, book: &Book, source: &str) -> String {
    let options = LoadOptions { objects: true, lines: false, ..LoadOptions::of(book) };
    let program = load("p.py", source.as_bytes(), &options).unwrap_or_else(|fault| panic!("{fault}"));
    let mut machine = Machine::of(domain, book, Limits::default(), Engine::default());
    let (mut state, mut out) = (machine.start(&program.body, &program.globals), String::new());
    loop {
        let edge = match machine.successors(state) {
            Successors::Edges([edge]) => edge.clone(),
            Successors::Final => return out,
            other => panic!("{other:?} behind {out}"),
        };
        let bank = machine.bank();
        let written = edge.events.iter().filter(|event| bank.op(**event).as_str() == "output");
        written.for_each(|event| out.push_str(&bank.text(bank.arg(*event, 0))));
        state = edge.target;
    }
}

/// A program that is run, what CPython prints for it, and the program as it was recorded.
struct Case {
    source: String,
    expected: String,
    recorded: String,
}

/// Runs each program behind a mark of its own, and compares what it prints: with the primitives, and without.
fn compare(cases: &[Case]) {
    assert!(!cases.is_empty());
    let book = Book::built_in(Version::DEFAULT).expect("the book");
    let domains: [(&str, &'static dyn Domain); 2] = [("primitives", &PYTHON), ("library", &LIBRARY_FIRST)];
    let mut wrong = Vec::new();
    for (who, domain) in domains {
        for cases in cases.chunks(AT_ONCE) {
            let mut source = String::from(SETUP);
            for (number, case) in cases.iter().enumerate() {
                source.push_str(&format!("print('\\n@@ {number}')\n{}", case.source));
            }
            source.push_str(&format!("print('\\n@@ {}')\n", cases.len()));
            let printed = printed(domain, &book, &source);
            let mut rest = printed.strip_prefix(&mark(0)).expect("the first mark");
            for (number, case) in cases.iter().enumerate() {
                let (found, after) = rest.split_once(&mark(number + 1)).expect("a mark");
                let Case { recorded, expected, .. } = case;
                let excused = who == "library" && lines_of(PRIMITIVES_ONLY).any(|line| line == recorded)
                    || lines_of(GAPS).any(|line| line == recorded);
                if (found == expected) == excused {
                    wrong.push(format!("{recorded}\n    python    {expected}\n    {who}  {found}"));
                }
                rest = after;
            }
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

fn lines_of(file: &str) -> impl Iterator<Item = &str> {
    file.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// Compares the expressions of a file: the `repr` of each value, what is printed, or the exception with its arguments.
fn check(file: &str) {
    let lines: Vec<&str> = lines_of(file).collect();
    let cases = lines.chunks(2).map(|pair| {
        let [expression, expected] = pair else { panic!("no expectation for {pair:?}") };
        let expected = expected.trim().strip_prefix("=> ").expect("an expectation");
        let printed = expected.strip_prefix("1 ").filter(|text| text.starts_with('"'));
        let (does, expected) = match printed {
            Some(printed) => (expression.to_string(), serde_json::from_str(printed).expect("a text")),
            None => (format!("print(repr(({expression})), end='')"), expected.to_string()),
        };
        let raised = "print(typename(e) + ': ' + repr(e.args), end='')";
        let source = format!("try:\n    {does}\nexcept BaseException as e:\n    {raised}\n");
        Case { source, expected, recorded: expression.to_string() }
    });
    compare(&cases.collect::<Vec<Case>>());
}

#[test]
fn wrong_arguments_are_told_as_in_python() {
    check(include_str!("../../tests/recorded/arguments.txt"));
}

#[test]
fn each_signature_is_called_wrongly() {
    // What ends the run or has no name, is written in Python where it is recorded, takes any arguments, or is gone.
    const NOT_RECORDED: &str = "basestring cell dict.has_key dict.iteritems dict.iterkeys dict.itervalues gc.collect long quit str.early_decode str.early_encode sys.exc_clear sys.stderr.flush sys.stderr.write sys.stdout.flush sys.stdout.write time.sleep unichr unicode";
    let calls = include_str!("../../tests/recorded/arguments.txt");
    let tried = |name: &&str| calls.contains(&format!("{}(", name.rsplit('.').next().unwrap_or(name)));
    let mut missing: Vec<&str> = signed().filter(|name| !tried(name)).collect();
    missing.sort_unstable();
    assert_eq!(missing.join(" "), NOT_RECORDED);
}

#[test]
fn comparisons_do_what_python_does() {
    check(include_str!("../../tests/recorded/compare.txt"));
}

#[test]
fn conversions_do_what_python_does() {
    check(include_str!("../../tests/recorded/conversions.txt"));
}

#[test]
fn values_look_as_in_python() {
    check(include_str!("../../tests/recorded/display.txt"));
}

#[test]
fn formatting_does_what_python_does() {
    check(include_str!("../../tests/recorded/format.txt"));
}

#[test]
fn mathematics_does_what_python_does() {
    check(include_str!("../../tests/recorded/maths.txt"));
}

#[test]
fn operators_do_what_python_does() {
    check(include_str!("../../tests/recorded/numbers.txt"));
}

#[test]
fn numbers_and_what_consists_of_them_have_the_hashes_of_cpython() {
    check(include_str!("../../tests/recorded/platform.txt"));
}

#[test]
fn methods_of_texts_do_what_python_does() {
    check(include_str!("../../tests/recorded/text.txt"));
}

/// The program, printing the value of its last statement, or the exception and its message.
fn small_program(program: &str) -> String {
    let parsed = ruff_python_parser::parse_module(program).expect("a program");
    let mut body = String::new();
    for (number, statement) in parsed.syntax().body.iter().enumerate() {
        let source = &program[statement.range()];
        let last = number + 1 == parsed.syntax().body.len();
        let line = match statement {
            Stmt::Expr(_) if last => format!("print(shown(({source})), end='')"),
            _ if last => format!("{source}\n    print('None', end='')"),
            _ => source.to_string(),
        };
        body.push_str(&format!("    {line}\n"));
    }
    format!("try:\n{body}except Exception as e:\n    print((typename(e) + ': ' + str(e)).rstrip(), end='')\n")
}

#[test]
fn containers_do_what_cpython_recorded() {
    let lines = lines_of(include_str!("../../tests/recorded/containers.txt"));
    let cases = lines.map(|line| {
        let (program, expected) = line.split_once("  =>  ").expect("an arrow");
        Case { source: small_program(program), expected: expected.to_string(), recorded: program.to_string() }
    });
    compare(&cases.collect::<Vec<Case>>());
}

#[test]
fn sets_have_the_order_of_cpython() {
    let cases = lines_of(include_str!("../../tests/recorded/set_orders.txt")).map(|line| {
        let (members, order) = line.split_once(" => ").expect("an arrow");
        let source = format!("print(*{{{}}}, end='')\n", members.replace(' ', ", "));
        Case { source, expected: order.to_string(), recorded: members.to_string() }
    });
    compare(&cases.collect::<Vec<Case>>());
}
