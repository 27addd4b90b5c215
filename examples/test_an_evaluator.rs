//! Tests somebody else's evaluator against the rules, on programs that Trylemma draws.
//!
//! The evaluator below is an ordinary recursive one. `cargo run --example test_an_evaluator` finds no
//! difference; with `-- --buggy` it has a mistake that real implementations have made, and
//! `proptest` shrinks what shows it to a smallest program.

#![allow(clippy::print_stdout)]

use std::process::ExitCode;

use proptest::test_runner::{Config, TestCaseError, TestError, TestRunner};
use trylemma::{Book, Clause, Core, Fragment, Limits, Version, programs};

/// How a statement completes, in the evaluator's own terms.
#[derive(Debug, Clone, PartialEq)]
enum Flow {
    Next,
    Raise(String),
    Return(usize),
}

/// The evaluator under test.
struct Evaluator {
    buggy: bool,
    returns: usize,
    handled: Vec<String>,
}

impl Evaluator {
    fn run(program: &Core, buggy: bool) -> String {
        let mut evaluator = Evaluator { buggy, returns: 0, handled: Vec::new() };
        match evaluator.eval(&number(program, &mut 0)) {
            Flow::Next => "normal".into(),
            Flow::Raise(class) => format!("raising {class}"),
            Flow::Return(value) => format!("returning {value}"),
        }
    }

    fn eval(&mut self, program: &Numbered) -> Flow {
        match program {
            Numbered::Leaf(Core::Raise(class), _) => Flow::Raise((*class).into()),
            Numbered::Leaf(Core::Reraise, _) => {
                Flow::Raise(self.handled.last().cloned().unwrap_or_else(|| "RuntimeError".into()))
            }
            Numbered::Leaf(Core::Return, number) => {
                self.returns += 1;
                Flow::Return(*number)
            }
            Numbered::Leaf(..) => Flow::Next,
            Numbered::Seq(first, second) => match self.eval(first) {
                Flow::Next => self.eval(second),
                flow => flow,
            },
            Numbered::TryFinally(suite, clause) => {
                let saved = self.eval(suite);
                let depth = self.handled.len();
                if let Flow::Raise(class) = &saved {
                    self.handled.push(class.clone());
                }
                let flow = self.eval(clause);
                self.handled.truncate(depth);
                match (flow, saved) {
                    (Flow::Next, saved) => saved,
                    // The mistake: an exception in flight survives a return in the clause.
                    (Flow::Return(_), Flow::Raise(class)) if self.buggy => Flow::Raise(class),
                    (flow, _) => flow,
                }
            }
            Numbered::TryExcept(suite, clauses, orelse) => match self.eval(suite) {
                Flow::Next => orelse.as_ref().map_or(Flow::Next, |orelse| self.eval(orelse)),
                Flow::Raise(class) => self.handle(&class, clauses),
                flow => flow,
            },
        }
    }

    fn handle(&mut self, class: &str, clauses: &[(Option<Vec<&'static str>>, Numbered)]) -> Flow {
        let matches = |condition: &Option<Vec<&str>>| match condition {
            None => true,
            Some(classes) => classes.iter().any(|c| *c == class || (*c == "A" && class == "C")),
        };
        let Some((_, body)) = clauses.iter().find(|(condition, _)| matches(condition)) else {
            return Flow::Raise(class.into());
        };
        self.handled.push(class.into());
        let flow = self.eval(body);
        self.handled.pop();
        flow
    }
}

/// A program with the number that each `return` yields: its place in the source.
enum Numbered {
    Leaf(Core, usize),
    Seq(Box<Numbered>, Box<Numbered>),
    TryFinally(Box<Numbered>, Box<Numbered>),
    TryExcept(Box<Numbered>, Vec<(Option<Vec<&'static str>>, Numbered)>, Option<Box<Numbered>>),
}

fn number(program: &Core, returns: &mut usize) -> Numbered {
    let mut boxed = |part: &Core| Box::new(number(part, returns));
    match program {
        Core::Seq(first, second) => Numbered::Seq(boxed(first), boxed(second)),
        Core::TryFinally(suite, clause) => Numbered::TryFinally(boxed(suite), boxed(clause)),
        Core::TryExcept(suite, clauses, orelse) => {
            let suite = boxed(suite);
            let clauses = clauses.iter().map(|Clause { condition, body }| {
                (condition.map(|c| c.classes.to_vec()), number(body, returns))
            });
            let clauses = clauses.collect();
            Numbered::TryExcept(suite, clauses, orelse.as_ref().map(|part| Box::new(number(part, returns))))
        }
        leaf => {
            *returns += usize::from(*leaf == Core::Return);
            Numbered::Leaf(leaf.clone(), *returns)
        }
    }
}

fn main() -> ExitCode {
    let buggy = std::env::args().any(|arg| arg == "--buggy");
    let book = match Book::built_in(Version::DEFAULT) {
        Ok(book) => book,
        Err(error) => {
            println!("{error}");
            return ExitCode::from(2);
        }
    };
    let suite = std::cell::RefCell::new(book.suite(Limits::default(), 1));
    let mut runner = TestRunner::new(Config { cases: 2_000, failure_persistence: None, ..Config::default() });
    let result = runner.run(&programs(Fragment::Closed, 3), |program| {
        let case = suite.borrow_mut().case("drawn".into(), &program);
        let case = case.map_err(|error| TestCaseError::reject(error.to_string()))?;
        let expected = &case.runs[0].outcome;
        let found = Evaluator::run(&program, buggy);
        if found == *expected {
            Ok(())
        } else {
            Err(TestCaseError::fail(format!("the rules say {expected}, the evaluator {found}")))
        }
    });
    match result {
        Ok(()) => {
            println!("2000 programs: the evaluator agrees with the rules");
            ExitCode::SUCCESS
        }
        Err(TestError::Fail(reason, program)) => {
            println!("{reason}\n\n{program}");
            ExitCode::FAILURE
        }
        Err(error) => {
            println!("{error}");
            ExitCode::from(2)
        }
    }
}
