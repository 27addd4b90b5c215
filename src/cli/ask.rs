//! `trylemma ask`: a question about the paths of a file, answered by yes or no, with a path.

use std::collections::BTreeSet;
use std::path::PathBuf;

use rustc_hash::FxHashSet;

use crate::book::Book;
use crate::check::names::Names;
use crate::check::program::{Subject, Watched, search_program};
use crate::cli::options::{Format, Semantics, Source, formats};
use crate::cli::output::{Failure, Output, Result};
use crate::cli::sizes::threads;
use crate::limits::{LimitReached, Limits};
use crate::machine::stepper::Successors;
use crate::machine::{Engine, Graph, Machine};
use crate::python::{Assumptions, Pairs, Program};
use crate::render::text::narrative;
use crate::trace::Trace;
use crate::trace::counterexample::trace_of;
use crate::trace::lines::line_of;
use crate::trace::report::AskReport;

/// The arguments of `ask`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Questions:\n  \
reach 27           is a statement on line 27 executed?\n  \
unbound x [at 30]  is x read, on line 30, while it is not bound?\n  \
returns f          does a call of f end otherwise than by an exception?\n  \
raises f [E]       does a call of f end by an exception, of the class E?\n  \
arcs 9             which lines come next after line 9?\n\n\
Exit codes: 0 yes; 1 no, on no path; 2 wrong usage; 3 a limit was reached before the answer.")]
pub struct Args {
    /// The Python file
    file: PathBuf,
    /// The question
    #[arg(required = true, num_args = 1..)]
    question: Vec<String>,
    /// What is written
    #[arg(long, default_value = "text", value_parser = formats(&["text", "json", "ron"]))]
    format: Format,
    #[command(flatten)]
    semantics: Semantics,
    #[command(flatten)]
    source: Source,
}

/// A question that was understood.
enum Question {
    /// Does an event happen? The transitions of a property that it breaks.
    Event(String),
    /// Which lines follow one?
    Arcs(usize),
}

/// What was found.
enum Answer {
    Yes(Option<Box<Trace>>, Vec<String>),
    No,
    Unknown(LimitReached),
}

/// Answers the question.
pub fn run(args: &Args, out: &mut Output) -> Result<u8> {
    let book = args.semantics.book()?;
    let words: Vec<&str> = args.question.iter().flat_map(|part| part.split_whitespace()).collect();
    let question = understood(&words)?;
    let (program, assumptions) = args.source.load_paired(&book, &args.file, Pairs::default())?;
    let job = Job {
        book: &book,
        limits: args.semantics.limits_from(Limits::default())?,
        engine: args.semantics.engine(),
    };
    let answer = job.answer(args, &question, &program, &assumptions)?;
    let (code, word, path, lines, limit) = match answer {
        Answer::Yes(path, lines) => (0, "yes", path, lines, None),
        Answer::No => (1, "no", None, Vec::new(), None),
        Answer::Unknown(limit) => (3, "unknown", None, Vec::new(), Some(limit.to_string())),
    };
    let report = AskReport {
        format: crate::trace::FORMAT,
        rules: book.hash.clone(),
        python: book.version.to_string(),
        question: words.join(" "),
        answer: word.to_string(),
        lines,
        limit,
        path: path.map(|path| *path),
    };
    match args.format {
        Format::Text => text(&report, out)?,
        format => out.data(format, &report)?,
    }
    Ok(code)
}

fn text(report: &AskReport, out: &mut Output) -> Result<()> {
    match (&report.limit, report.lines.as_slice()) {
        (Some(limit), _) => out.line(format!("unknown: {limit}"))?,
        (None, []) => out.line(&report.answer)?,
        (None, lines) => out.line(format!("{}: {}", report.answer, lines.join(", ")))?,
    }
    if let Some(path) = &report.path {
        out.line("")?;
        out.text(&narrative(path))?;
    }
    Ok(())
}

fn understood(words: &[&str]) -> Result<Question> {
    let line = |text: &str| {
        text.parse::<usize>()
            .map_err(|_| Failure::Usage(format!("`{text}` is no line: expected a number, from 1")))
    };
    let event = |event: String| format!("start -- {event} -> violated \"so it is\"\n");
    Ok(match words {
        ["reach", number] => Question::Event(event(format!("(line {})", line(number)?))),
        ["returns" | "raises", name] => Question::Event(event(format!("({} \"{name}\")", words[0]))),
        ["raises", name, class] => Question::Event(event(format!("(raises \"{name}\" \"{class}\")"))),
        ["unbound", name] => {
            Question::Event(unnamed(name).map(|name| event(format!("(unnamed {name})"))).concat())
        }
        ["unbound", name, "at", number] => {
            let number = line(number)?;
            let broken = unnamed(name)
                .map(|name| format!("there -- (unnamed {name}) -> violated \"it is not bound\"\n"))
                .concat();
            Question::Event(format!(
                "start -- (line {number}) -> there\n\
                 there -- (line ?ln) unless (same ?ln {number}) -> start\n{broken}"
            ))
        }
        ["arcs", number] => Question::Arcs(line(number)?),
        _ => {
            return Err(Failure::Usage(format!(
                "the question `{}` is none of: reach LINE, unbound NAME [at LINE], returns FUNCTION, raises FUNCTION [CLASS], arcs LINE",
                words.join(" ")
            )));
        }
    })
}

/// The ways in which a file's own name is read.
fn unnamed(name: &str) -> [String; 5] {
    let name = format!("\"{name}\"");
    [
        format!("(local {name})"),
        format!("(global {name})"),
        format!("(member __main__ {name})"),
        format!("(free {name})"),
        format!("(shared {name})"),
    ]
}

struct Job<'a> {
    book: &'a Book,
    limits: Limits,
    engine: Engine,
}

impl Job<'_> {
    /// The answer for the module, and for each of its functions called by itself: the first yes counts.
    fn answer(
        &self,
        args: &Args,
        question: &Question,
        program: &Program,
        assumptions: &Assumptions,
    ) -> Result<Answer> {
        let entries: Vec<Option<&str>> = match &args.source.entry {
            Some(entry) => vec![Some(entry)],
            None => {
                let functions = program.functions.iter().map(|function| Some(function.name.as_str()));
                std::iter::once(None).chain(functions).collect()
            }
        };
        let watched = match question {
            Question::Event(transitions) => Some(self.watched(args, program, transitions)?),
            Question::Arcs(_) => None,
        };
        let (mut lines, mut limit) = (BTreeSet::new(), None);
        for entry in entries {
            let program = entry.map_or(Ok(program.clone()), |entry| program.with_entry(entry))?;
            let subject =
                Subject { program, entry: entry.map(str::to_string), assumptions: assumptions.clone() };
            let answer = match (&watched, question) {
                (Some(watched), _) => self.event(&subject, watched)?,
                (None, Question::Arcs(line)) => self.arcs(&subject, *line),
                (None, Question::Event(_)) => Answer::No,
            };
            match answer {
                Answer::Yes(Some(path), _) => return Ok(Answer::Yes(Some(path), Vec::new())),
                Answer::Yes(None, found) => lines.extend(found),
                Answer::No => {}
                Answer::Unknown(reached) => limit = Some(reached),
            }
        }
        Ok(match limit {
            Some(limit) => Answer::Unknown(limit),
            None if lines.is_empty() => Answer::No,
            None => {
                let mut lines: Vec<String> = lines.into_iter().collect();
                lines.sort_by_key(|line| line.parse::<usize>().unwrap_or(usize::MAX));
                Answer::Yes(None, lines)
            }
        })
    }

    /// The question as a property that the event breaks.
    fn watched(&self, args: &Args, program: &Program, transitions: &str) -> Result<Watched> {
        let claim = args.question.join(" ");
        let definition = format!(
            "```property\ncontract asked\nclaim It is never so: {claim}.\neach path\n{transitions}```\n"
        );
        let property = self.book.read_properties("the question", &definition)?.into_iter().next();
        let property = property.ok_or_else(|| Failure::Usage("the question asks nothing".into()))?;
        let names = Names::of(self.book, [program]);
        let property = names.fit(&property).map_err(Failure::Usage)?;
        Ok(Watched { property, pair: None, definition: Some(definition) })
    }

    fn event(&self, subject: &Subject, watched: &Watched) -> Result<Answer> {
        let properties = std::slice::from_ref(watched);
        let (mut machine, findings, _) =
            search_program(self.book, subject, properties, self.limits, self.engine, threads(None));
        if let Some(refutation) = findings.refutations.first() {
            let trace =
                trace_of(&mut machine, self.book, subject, watched, refutation).map_err(Failure::Usage)?;
            return Ok(Answer::Yes(Some(Box::new(trace)), Vec::new()));
        }
        Ok(findings.limit.map_or(Answer::No, Answer::Unknown))
    }

    /// The lines that come next after a line, and `the end` where the program ends.
    fn arcs(&self, subject: &Subject, line: usize) -> Answer {
        let mut machine = Machine::with_engine(self.book, self.limits, self.engine);
        let initial = machine.start(&subject.program.body, &subject.program.globals);
        let graph = Graph::explore(&mut machine, initial);
        if let Some(limit) = graph.limit {
            return Answer::Unknown(limit);
        }
        let (mut open, mut seen, mut found) = (Vec::new(), FxHashSet::default(), BTreeSet::new());
        for state in &graph.states {
            let Successors::Edges(edges) = machine.successors(*state) else { continue };
            let edges = edges.to_vec();
            let to_line = edges.iter().filter(|edge| line_of(&machine, edge) == Some(line));
            open.extend(to_line.map(|edge| edge.target));
        }
        while let Some(state) = open.pop() {
            if !seen.insert(state) {
                continue;
            }
            let Successors::Edges(edges) = machine.successors(state) else {
                found.insert("the end".to_string());
                continue;
            };
            for edge in edges.to_vec().iter() {
                match line_of(&machine, edge) {
                    Some(next) => drop(found.insert(next.to_string())),
                    None => open.push(edge.target),
                }
            }
        }
        if found.is_empty() { Answer::No } else { Answer::Yes(None, found.into_iter().collect()) }
    }
}
