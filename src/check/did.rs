//! What programs do under one version of Python, told in what a user sees: which versions do the same is asked of it.

use std::collections::BTreeSet;
use std::rc::Rc;

use egg::Id;
use rustc_hash::FxHashSet;

use crate::book::Book;
use crate::book::version::Version;
use crate::check::litmus::ending_of;
use crate::diagnostic::{Diagnostic, ErrorKind};
use crate::limits::Limits;
use crate::machine::stepper::{Edge, Fault, Successors};
use crate::machine::{Engine, Machine};
use crate::python::Program;
use crate::python::report::ending::{Ended, Ending};
use crate::python::report::output_of;
use crate::python::report::traceback::Files;
use crate::python::report::uncaught::Report;

/// One way that a program can go.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Way {
    /// What it prints.
    pub output: String,
    /// What it warns of, as it is written.
    pub warnings: Vec<String>,
    /// `normal`, `raises ` and the exception's line, or `exits ` and a code.
    pub ending: String,
    /// What is said of the exception that nobody caught, and of those that it is linked with, where there are such: the report
    /// without its tracebacks.
    pub report: Option<String>,
}

/// What a program does.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Did {
    /// The version does not read it: why.
    Refused(String),
    /// It goes one of these ways.
    Ran(BTreeSet<Way>),
    /// Nobody knows: a limit was reached, or what is not modelled.
    Open(String),
}

/// Programs under one book, by one machine.
pub struct Runner {
    machine: Machine,
    version: Version,
}

impl Runner {
    /// A runner for programs of a book.
    pub fn new(book: &Book, limits: Limits, engine: Engine) -> Runner {
        Runner { machine: Machine::with_engine(book, limits, engine), version: book.version }
    }

    /// The machine.
    pub fn machine(&mut self) -> &mut Machine {
        &mut self.machine
    }

    /// What a program does that was loaded, or why it was not.
    pub fn did(&mut self, program: &Result<Program, Diagnostic>) -> Did {
        match program {
            Ok(program) => self.ran(program).map_or_else(|fault| self.open(fault), Did::Ran),
            Err(error) if matches!(error.kind(), ErrorKind::NotModelled(_)) => {
                Did::Open(error.title().to_string())
            }
            Err(error) => Did::Refused(format!("line {}: {}", error.line(), self.timeless(error.title()))),
        }
    }

    /// What is said of a program that a version does not read, without the version.
    fn timeless(&self, title: &str) -> String {
        let (major, minor) = self.version.pair();
        title.replace(&format!(" on Python {major}.{minor}"), "")
    }

    fn open(&self, fault: Fault) -> Did {
        Did::Open(match fault {
            Fault::Limit(name) => self.machine.limits().reached(name).to_string(),
            fault => format!("the rules fail: {fault:?}"),
        })
    }

    /// The ways that a program can go.
    fn ran(&mut self, program: &Program) -> Result<BTreeSet<Way>, Fault> {
        let most = self.machine.limits().terms;
        self.machine.forget_above(most);
        let start = self.machine.start(&program.body, &program.globals);
        let files = Files::of(program);
        let mut ways = BTreeSet::new();
        let mut seen: FxHashSet<(Id, Rc<Written>)> = FxHashSet::default();
        let warnings = program.warnings.clone();
        let mut open = vec![(start, Rc::new(Written { output: String::new(), warnings }))];
        while let Some((state, written)) = open.pop() {
            let (state, written) = self.follow(state, (*written).clone())?;
            match self.machine.successors(state) {
                Successors::Edges(edges) => {
                    let edges = edges.to_vec();
                    for edge in edges {
                        let mut behind = written.clone();
                        behind.add(&self.machine, &edge);
                        let next = (edge.target, Rc::new(behind));
                        if seen.insert(next.clone()) {
                            open.push(next);
                        }
                    }
                }
                Successors::Final => _ = ways.insert(way(&mut self.machine, &files, state, written)),
                Successors::Fault(fault) => return Err(fault),
            }
            if seen.len() > self.machine.limits().states {
                return Err(Fault::Limit("states"));
            }
        }
        Ok(ways)
    }

    /// Follows a path to its next choice, or to its end, and what it has written by then.
    fn follow(&mut self, mut state: Id, mut written: Written) -> Result<(Id, Written), Fault> {
        for _ in 0..self.machine.limits().steps {
            let edge = match self.machine.successors(state) {
                Successors::Edges([edge]) => edge.clone(),
                _ => return Ok((state, written)),
            };
            written.add(&self.machine, &edge);
            state = edge.target;
        }
        Err(Fault::Limit("steps"))
    }
}

/// What a path has written.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Written {
    output: String,
    warnings: Vec<String>,
}

impl Written {
    fn add(&mut self, machine: &Machine, edge: &Edge) {
        self.output.extend(output_of(machine, edge));
        let bank = machine.bank();
        let complaints = edge.events.iter().filter(|event| bank.op(**event).as_str() == "complaint");
        let said = complaints.filter_map(|event| bank.get(*event).args.first());
        self.warnings.extend(said.map(|text| bank.text(*text).trim_end().to_string()));
    }
}

/// How a path went that has ended.
fn way(machine: &mut Machine, files: &Files, state: Id, written: Written) -> Way {
    let ending = ending_of(machine, state);
    let mut heard = |_: &Machine, _: &Edge| {};
    let mut ended = Ended::new(machine, state, &mut heard);
    let report = match ended.ending() {
        Ending::Uncaught(exception) if ended.keeps_objects() => {
            Some(Report::of(&mut ended, files, exception).without_tracebacks())
        }
        _ => None,
    };
    let Written { output, warnings } = written;
    Way {
        output,
        warnings,
        report: report.filter(|report| Some(report.trim_end()) != ending.strip_prefix("raises ")),
        ending,
    }
}
