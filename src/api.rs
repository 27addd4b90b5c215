//! The public API: what others may call, over the modules that may change from one version to the next.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use egg::Id;

use crate::book;
use crate::book::property::{Kind, Scope};
use crate::book::version::Version;
use crate::check::Verdict;
use crate::check::litmus::limits_for;
use crate::check::program::{Subject, Watched, search_program};
use crate::diagnostic::Diagnostic;
use crate::generate::Suite;
use crate::limits::{LimitReached, Limits, Stop};
use crate::machine::{Edge, Engine, Fault, Graph, Machine, Successors};
use crate::python::report::ending::{Ended, Ending};
use crate::python::report::output_of;
use crate::python::{Assumptions, LoadOptions, load};
use crate::trace::counterexample::verdicts;
use crate::trace::record::{describe_choice, record};
use crate::trace::{Trace, replay};

/// A semantics: rules, the properties that they are checked for, and the version of Python that they are for.
#[derive(Debug, Clone)]
pub struct Book(book::Book);

/// A program of Python, read by a [`Book`].
#[derive(Debug, Clone)]
pub struct Program(Subject);

/// How a program is read.
#[derive(Debug, Clone, Default)]
pub struct Loading {
    /// Whether it is to be run: a name that nothing defines is a `NameError` then, and otherwise an unknown value, which goes
    /// every way that such a value can.
    pub closed: bool,
    /// Whether expressions that are not modelled are unknown, too, rather than refused. Never where the program is closed.
    pub unknown: bool,
    /// What is assumed of names that nothing defines.
    pub assumptions: Assumptions,
    /// A function that is called after the module, with unknown arguments.
    pub entry: Option<String>,
    /// Where modules are looked for that the program imports.
    pub folder: Option<PathBuf>,
    /// What the program reads from standard input.
    pub input: String,
}

/// A property that programs are checked for.
#[derive(Debug, Clone)]
pub struct Property(Watched);

/// What a run did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ran {
    /// What it printed.
    pub output: String,
    /// The exit code of the process: 0, what the program exits with, or 1 behind an exception that nothing caught.
    pub code: u8,
    /// The last line of the traceback, where nothing caught the exception.
    pub uncaught: Option<String>,
}

/// All that a program can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exploration {
    /// The states that it can reach, as far as the limit allowed.
    pub states: usize,
    /// The transitions between them.
    pub transitions: usize,
    /// How many paths lead to an end; `None` where there are loops, and paths are without number.
    pub paths: Option<u128>,
    /// The completions in which paths end, as terms of the book.
    pub ends: BTreeSet<String>,
    /// The limit that cut the graph off. Without one, the graph is complete.
    pub limit: Option<LimitReached>,
}

/// What checking a program found.
#[derive(Debug, Clone)]
pub struct Report {
    /// A verdict on each property, in the order asked for.
    pub verdicts: Vec<Verdict<Box<Trace>>>,
    /// States visited, each once for what the properties have seen on the way to it.
    pub states: u64,
    /// Transitions followed.
    pub steps: u64,
}

impl Report {
    /// The verdict on all properties together: refuted where one is, otherwise unknown where one is. Of no properties there
    /// is nothing to say, and the verdict is that they hold.
    pub fn verdict(&self) -> Verdict<Box<Trace>> {
        self.verdicts.iter().cloned().fold(Verdict::Holds, Verdict::and)
    }
}

impl Book {
    /// The book that the crate was built with.
    ///
    /// # Errors
    /// When the version is not one of those that the book is for.
    pub fn built_in(version: Version) -> Result<Book, Diagnostic> {
        book::Book::built_in(version).map(Book)
    }

    /// A book of your own: a folder of Markdown chapters in the notation of `semantics/`.
    ///
    /// # Errors
    /// The first fault, with its place: what is malformed, and what the rules leave open or decide twice.
    pub fn from_folder(folder: impl AsRef<Path>, version: Version) -> Result<Book, Diagnostic> {
        book::Book::from_folder(folder.as_ref(), version).map(Book)
    }

    /// The version of Python that the rules are for.
    pub fn version(&self) -> Version {
        self.0.version
    }

    /// The hash of the rules, as traces carry it.
    pub fn hash(&self) -> &str {
        &self.0.hash
    }

    /// The names of the rules, in the order of the book.
    pub fn rules(&self) -> impl Iterator<Item = &str> {
        self.0.rules.iter().map(|rule| rule.name.as_str())
    }

    /// The theorems and hazards of the book: those properties that need no functions to be named.
    pub fn properties(&self) -> impl Iterator<Item = Property> {
        let asked = |p: &&book::property::Property| p.kind != Kind::Contract && !p.scope.is_pair();
        self.0.properties.iter().filter(asked).map(|property| Property::of(property, None, None))
    }

    /// A property of the book by its name.
    pub fn property(&self, name: &str) -> Option<Property> {
        let found = self.0.properties.iter().find(|p| p.name == name && !p.scope.is_pair());
        found.map(|property| Property::of(property, None, None))
    }

    /// That after `first()` returned, `second()` is called exactly once on every path.
    pub fn pair(&self, first: &str, second: &str) -> Option<Property> {
        let found = self.0.properties.iter().find(|p| matches!(p.scope, Scope::Pair));
        found.map(|property| Property::of(property, Some((first.into(), second.into())), None))
    }

    /// Properties of your own, in the notation of `semantics/11-properties.md`; `name` is that of the file.
    ///
    /// # Errors
    /// What is malformed, and where.
    pub fn read_properties(&self, name: &str, text: &str) -> Result<Vec<Property>, Diagnostic> {
        let found = self.0.read_properties(name, text)?;
        Ok(found.iter().map(|property| Property::of(property, None, Some(text.into()))).collect())
    }

    /// Reads a program; `name` is that of its file.
    ///
    /// # Errors
    /// What is no Python, or not modelled, and where.
    pub fn load(&self, name: &str, source: &str, how: &Loading) -> Result<Program, Diagnostic> {
        let options = LoadOptions {
            hierarchy: self.0.hierarchy.clone(),
            assumptions: how.assumptions.clone(),
            timeline: self.0.timeline.clone(),
            lines: true,
            objects: how.closed,
            unknown: how.unknown && !how.closed,
            folder: how.folder.clone(),
            input: how.input.clone(),
            forgets: !how.closed,
            ..LoadOptions::default()
        };
        let mut program = load(name, source.as_bytes(), &options)?;
        if let Some(entry) = &how.entry {
            program = program.with_entry(entry)?;
        }
        let (entry, assumptions) = (how.entry.clone(), how.assumptions.clone());
        Ok(Program(Subject { program, entry, assumptions }))
    }

    /// A walk through a program, from its first state.
    pub fn walk<'p>(&'p self, program: &'p Program, limits: Limits) -> Walk<'p> {
        let mut machine = Machine::new(&self.0, limits_for(&program.0.program, limits));
        let state = machine.start(&program.0.program.body, &program.0.program.globals);
        Walk { book: &self.0, program, machine, state, path: Vec::new() }
    }

    /// Runs a program to its end.
    ///
    /// # Errors
    /// When it comes to a choice, a limit, or where the rules fail.
    pub fn run(&self, program: &Program, limits: Limits) -> Result<Ran, Stop> {
        let mut walk = self.walk(program, limits);
        let mut output = String::new();
        loop {
            match walk.ways()?.as_slice() {
                [] => return Ok(walk.ended(output)),
                [way] => output.push_str(&way.output),
                ways => return Err(Stop::Choice(ways.iter().map(|way| way.choice.clone()).collect())),
            }
            walk.take(0)?;
        }
    }

    /// Explores all that a program can do. Where `limit` is set, the figures are of a part only.
    ///
    /// # Errors
    /// Where the rules fail.
    pub fn explore(&self, program: &Program, limits: Limits) -> Result<Exploration, Stop> {
        let mut walk = self.walk(program, limits);
        let graph = Graph::explore(&mut walk.machine, walk.state);
        let mut ends = BTreeSet::new();
        for state in &graph.states {
            match walk.machine.successors(*state) {
                Successors::Final => {
                    let bank = walk.machine.bank();
                    ends.insert(bank.show(bank.arg(*state, 0)));
                }
                Successors::Edges(_) | Successors::Fault(Fault::Limit(_)) => {}
                Successors::Fault(_) => return Err(Stop::Stuck(walk.machine.bank().show(*state))),
            }
        }
        let (states, transitions, paths) = (graph.states.len(), graph.transitions(), graph.paths());
        Ok(Exploration { states, transitions, paths, ends, limit: graph.limit })
    }

    /// Checks every path of a program for properties.
    ///
    /// # Errors
    /// Where the rules fail. A limit is no error: the verdicts that it leaves open are [`Verdict::Unknown`].
    pub fn check(&self, program: &Program, properties: &[Property], limits: Limits) -> Result<Report, Stop> {
        let watched: Vec<Watched> = properties.iter().map(|property| property.0.clone()).collect();
        let (mut machine, findings, _) =
            search_program(&self.0, &program.0, &watched, limits, Engine::default(), 1);
        if let Some(breakdown) = &findings.breakdown {
            return Err(Stop::Stuck(machine.bank().show(breakdown.state)));
        }
        let verdicts = verdicts(&mut machine, &self.0, &program.0, &watched, &findings)
            .map_err(|error| Stop::Stuck(error.to_string()))?;
        Ok(Report { verdicts, states: findings.states, steps: findings.steps })
    }

    /// Checks each step of a trace, and what it says of itself, against the rules.
    ///
    /// # Errors
    /// The first part that the rules do not bear out.
    pub fn replay(&self, trace: &Trace, limits: Limits) -> Result<(), replay::Refusal> {
        replay::replay(&self.0, trace, limits)
    }

    /// A maker of test cases from drawn programs, with at most `most` runs a program.
    pub fn suite(&self, limits: Limits, most: usize) -> Suite {
        Suite::new(&self.0, limits, most)
    }
}

impl Property {
    fn of(
        property: &book::property::Property,
        pair: Option<(String, String)>,
        definition: Option<String>,
    ) -> Self {
        Property(Watched { property: property.clone(), pair, definition })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.0.property.name
    }

    /// What it claims, in one sentence.
    pub fn claim(&self) -> &str {
        &self.0.property.claim
    }
}

impl Program {
    /// The names that nothing defines, and that are bound to unknown values.
    pub fn unknowns(&self) -> &[String] {
        &self.0.program.unknowns
    }

    /// The functions that nothing in the file mentions: each is entered by [`Loading::entry`] only.
    pub fn uncalled(&self) -> impl Iterator<Item = &str> {
        let uncalled = self.0.program.functions.iter().filter(|function| !function.called);
        uncalled.map(|function| function.name.as_str())
    }

    /// What a compiler of Python would warn of.
    pub fn warnings(&self) -> &[String] {
        &self.0.program.warnings
    }
}

/// One transition that a state allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// The rule's name.
    pub rule: String,
    /// What is chosen, in words, where there are others.
    pub choice: String,
    /// What it prints.
    pub output: String,
    /// The events that properties see, as terms of the book.
    pub events: Vec<String>,
}

/// A program on its way, step by step.
#[derive(Debug)]
pub struct Walk<'p> {
    book: &'p book::Book,
    program: &'p Program,
    machine: Machine,
    state: Id,
    path: Vec<Edge>,
}

impl Walk<'_> {
    /// The state, as a term of the book.
    pub fn state(&self) -> String {
        self.machine.bank().show(self.state)
    }

    /// The ways to go on; none at the end of the path.
    ///
    /// # Errors
    /// When a limit is reached, or the rules fail.
    pub fn ways(&mut self) -> Result<Vec<Way>, Stop> {
        let edges = self.edges()?;
        let many = edges.len() > 1;
        let bank = self.machine.bank();
        let way = |edge: &Edge| Way {
            rule: self.machine.rule_name(edge.rule).to_string(),
            choice: if many { describe_choice(&self.machine, self.state, edge) } else { String::new() },
            output: output_of(&self.machine, edge).unwrap_or_default(),
            events: edge.events.iter().map(|event| bank.show(*event)).collect(),
        };
        Ok(edges.iter().map(way).collect())
    }

    /// Goes one of the ways, counted from 0; whether there is such a way.
    ///
    /// # Errors
    /// When a limit is reached, or the rules fail.
    pub fn take(&mut self, way: usize) -> Result<bool, Stop> {
        let edges = self.edges()?;
        let Some(edge) = edges.into_iter().nth(way) else { return Ok(false) };
        self.state = edge.target;
        self.path.push(edge);
        Ok(true)
    }

    fn edges(&mut self) -> Result<Vec<Edge>, Stop> {
        if self.path.len() >= self.machine.limits().steps {
            return Err(Stop::Limit(self.machine.limits().reached("steps")));
        }
        match self.machine.successors(self.state) {
            Successors::Edges(edges) => Ok(edges.to_vec()),
            Successors::Final => Ok(Vec::new()),
            Successors::Fault(Fault::Limit(name)) => Err(Stop::Limit(self.machine.limits().reached(name))),
            Successors::Fault(_) => Err(Stop::Stuck(self.state())),
        }
    }

    /// The path so far as a trace, sealed.
    ///
    /// # Errors
    /// When it cannot be serialised, which is a fault of this crate.
    pub fn trace(&mut self) -> Result<Trace, String> {
        record(&mut self.machine, self.book, &self.program.0, &self.path).sealed()
    }

    fn ended(&mut self, output: String) -> Ran {
        let mut heard = |_: &Machine, _: &Edge| {};
        let mut ended = Ended::new(&mut self.machine, self.state, &mut heard);
        let (code, uncaught) = match ended.ending() {
            Ending::Normal | Ending::Returned(_) => (0, None),
            Ending::Exit { code, .. } => (code, None),
            Ending::Uncaught(exception) => {
                (ended.uncaught_status(exception), Some(ended.last_line(exception)))
            }
        };
        Ran { output, code, uncaught }
    }
}
