//! The answer to a question: yes with a path, no where every path was followed, and otherwise why it is not known.

use std::collections::BTreeSet;

use crate::book::Book;
use crate::check::names::Names;
use crate::check::program::{Subject, Watched, search_program};
use crate::check::verdict::Verdict;
use crate::cli::ask::arcs;
use crate::cli::ask::question::Question;
use crate::cli::check::covered::is_inside;
use crate::cli::check::search::{Means, Searched, search};
use crate::cli::entering::{Entered, Found, Loaded, Seen, Sight, Stopped, enter};
use crate::cli::options::Source;
use crate::cli::output::{Failure, Result};
use crate::cli::report;
use crate::cli::sizes::threads;
use crate::limits::Limits;
use crate::machine::Engine;
use crate::python::{Interest, InterestKind, Program};
use crate::trace::Trace;
use crate::trace::words::widened;

/// What was found.
pub(super) enum Answer {
    /// With a path on which it is so, or the lines that were asked for.
    Yes(Option<Box<Trace>>, Vec<String>),
    No,
    /// Why, and the lines that were found nevertheless.
    Unknown(Vec<String>, Vec<String>),
}

/// A file that is asked, and how its programs are searched.
pub(super) struct Job<'a> {
    pub(super) book: &'a Book,
    pub(super) source: &'a Source,
    /// The question, as it was asked.
    pub(super) words: String,
    pub(super) file: Loaded,
    pub(super) limits: Limits,
    pub(super) engine: Engine,
}

/// The lines that come next after another in one program, and behind how many turns its loops were widened.
struct Behind {
    lines: BTreeSet<String>,
    turns: Option<u32>,
}

impl Found for Behind {
    fn beside(self, cut_off: Behind) -> Behind {
        Behind { lines: &self.lines | &cut_off.lines, ..self }
    }
}

impl Job<'_> {
    /// The answer for the module, and for each of its functions entered by itself: the first yes counts.
    pub(super) fn answer(&self, question: &Question) -> Result<Answer> {
        let names = Names::of(self.book, [&self.file.program]);
        let known = question.line().map_or(Ok(()), |line| names.line(line));
        let known = known.and_then(|()| match question {
            Question::Unbound(name, _) | Question::Binds(name, _) => names.identifier(name),
            _ => Ok(()),
        });
        known.map_err(|why| Failure::Usage(format!("the question is about nothing: {why}")))?;
        if let Some(why) = question.function().and_then(|name| self.file.program.not_modelled(name)) {
            return Ok(Answer::Unknown(vec![format!("not modelled: {why}")], Vec::new()));
        }
        match question.transitions() {
            Some(transitions) => self.event(question, &self.watched(&names, &transitions)?),
            None if question.binding().is_some() => self.binds(question),
            None => self.arcs(question),
        }
    }

    /// The question as a property that the event breaks.
    fn watched(&self, names: &Names, transitions: &str) -> Result<Watched> {
        let definition = format!(
            "```property\ncontract asked\nclaim It is never so: {}.\neach path\n{transitions}```\n",
            self.words
        );
        let property = self.book.read_properties("the question", &definition)?.into_iter().next();
        let property = property.ok_or_else(|| Failure::Usage("the question asks nothing".into()))?;
        let property = names
            .fit(&property)
            .map_err(|why| Failure::Usage(format!("the question is about nothing: {why}")))?;
        Ok(Watched { property, pair: None, definition: Some(definition) })
    }

    /// Whether an event happens.
    fn event(&self, question: &Question, watched: &Watched) -> Result<Answer> {
        let (book, source, limits, engine) = (self.book, self.source, self.limits, self.engine);
        let means =
            Means { book, source, watched: std::slice::from_ref(watched), usual: &[], limits, engine };
        let inside = self.threads_inside();
        let entered =
            enter(book, source, &self.file, |subject, states| search(&means, subject, inside, states))?;
        let mut why = self.open(question, &entered);
        for Sight { entry, found: Searched { verdicts, report }, .. } in entered.sights {
            match verdicts.into_iter().next() {
                Some(Verdict::Refuted(path)) => return Ok(Answer::Yes(Some(path), Vec::new())),
                Some(verdict) if verdict.rests_on_widening() => {
                    let taken = report.taken.last().map(String::as_str).unwrap_or_default();
                    why.push(format!(
                        "{}: only on paths of which this is taken for granted: {taken}",
                        told(&entry)
                    ));
                }
                _ => {}
            }
        }
        Ok(if why.is_empty() { Answer::No } else { Answer::Unknown(why, Vec::new()) })
    }

    /// The lines that come next after the line that is asked of.
    fn arcs(&self, question: &Question) -> Result<Answer> {
        let Some(line) = question.line() else { return Ok(Answer::No) };
        let look = |subject: &Subject, states| self.lines_behind(subject, line, states);
        let entered = enter(self.book, self.source, &self.file, look)?;
        let why = self.open(question, &entered);
        let widened = entered.sights.iter().filter_map(|sight| Some((&sight.entry, sight.found.turns?)));
        let widened: Vec<String> =
            widened.map(|(entry, turns)| format!("{}: {}", told(entry), widened_of(turns))).collect();
        let lines: BTreeSet<String> =
            entered.sights.into_iter().flat_map(|sight| sight.found.lines).collect();
        let mut lines: Vec<String> = lines.into_iter().collect();
        lines.sort_by_key(|line| line.parse::<usize>().unwrap_or(usize::MAX));
        let why: Vec<String> =
            why.into_iter().chain(widened.into_iter().filter(|_| !lines.is_empty())).collect();
        Ok(match (why.is_empty(), lines.is_empty()) {
            (false, _) => Answer::Unknown(why, lines),
            (true, true) => Answer::No,
            (true, false) => Answer::Yes(None, lines),
        })
    }

    /// The lines behind a line in one program, and behind how many turns its loops were widened.
    fn lines_behind(&self, subject: &Subject, line: usize, states: Option<usize>) -> Seen<Behind> {
        let limits = self.limits.with_states(states);
        let (mut machine, findings, _) =
            search_program(self.book, subject, &[], limits, self.engine, self.threads_inside());
        if let Some(error) = report::broken(&machine, subject, &findings) {
            return Err(Stopped::Failed(error.to_string()));
        }
        let program = findings.turns.map_or(subject.program.clone(), |turns| subject.program.widening(turns));
        let initial = machine.start(&program.body, &program.globals);
        let passes = findings.limit.is_none() && findings.lines.contains(&line);
        let lines = if passes { arcs::behind(&mut machine, initial, line) } else { BTreeSet::new() };
        let turns = findings.turns.filter(|_| !lines.is_empty());
        Ok(Sight::of(subject, &machine, findings, Behind { lines, turns }))
    }

    /// How many threads search one graph: all, where there is one only.
    pub(super) fn threads_inside(&self) -> usize {
        if self.file.is_one_graph() { threads(None) } else { 1 }
    }

    /// Why it is not known that there is no path: graphs that were cut off, and what the question may be about and was not entered.
    pub(super) fn open<T>(&self, question: &Question, entered: &Entered<T>) -> Vec<String> {
        let program = &self.file.program;
        let mut why = entered.failures.clone();
        for Sight { entry, limit, .. } in &entered.sights {
            why.extend(limit.as_ref().map(|limit| format!("{}: {limit}", told(entry))));
        }
        let of_module = |name| module_lines(program).any(|line| mentions(program, line, name));
        if question.of_module().is_some_and(of_module) {
            why.extend(entered.notes.iter().cloned());
        }
        why.extend(closed(program, &entered.lines(), self.file.asked.as_deref(), question));
        let name = question.name();
        why.extend(program.taken.iter().filter_map(|taken| {
            let place = taken.strip_prefix(&program.name)?.strip_prefix(':')?;
            let line = place.split(':').next()?.parse().ok()?;
            mentions(program, line, name?).then(|| format!("not modelled: {taken}"))
        }));
        why
    }
}

/// A program, by what is entered.
pub(super) fn told(entry: &Option<String>) -> &str {
    entry.as_deref().unwrap_or("the module")
}

fn widened_of(turns: u32) -> String {
    format!("a line may be there only since this is taken for granted: {}", widened(turns))
}

/// The functions that a question may be about and that no path enters.
fn closed(
    program: &Program,
    lines: &BTreeSet<usize>,
    asked: Option<&str>,
    question: &Question,
) -> Vec<String> {
    let interests = &program.places_of_interest;
    let concerns = |interest: &&Interest| asked.is_none_or(|asked| is_inside(interest, asked));
    let mut found: Vec<(&str, String)> = Vec::new();
    for interest in interests.iter().filter(concerns) {
        let InterestKind::Function(name) = &interest.kind else { continue };
        let inner = |outer: &str| name.strip_prefix(outer).is_some_and(|rest| rest.starts_with(".<locals>"));
        if lines.contains(&interest.entered) || found.iter().any(|(outer, _)| inner(outer)) {
            continue;
        }
        let of_it = || interests.iter().filter(|other| is_inside(other, name)).map(|other| other.line);
        let about = match (question.line(), question.name()) {
            (Some(line), _) => of_it().any(|own| own == line),
            (None, Some(asked)) => {
                let plain = name.replace(".<locals>", "");
                plain == asked || of_it().any(|line| mentions(program, line, asked))
            }
            (None, None) => true,
        };
        if about {
            let plain = name.replace(".<locals>", "");
            found.push((name, format!("the function `{plain}` at line {} is never entered", interest.line)));
        }
    }
    found.into_iter().map(|(_, why)| why).collect()
}

/// The lines on which statements of the module begin.
fn module_lines(program: &Program) -> impl Iterator<Item = usize> {
    program
        .places_of_interest
        .iter()
        .filter(|interest| interest.function.is_none())
        .map(|interest| interest.line)
}

/// Whether the statement that begins on a line mentions a name, as far as its text tells; the last part of one with dots.
fn mentions(program: &Program, line: usize, name: &str) -> bool {
    let name = name.rsplit('.').next().unwrap_or(name);
    let last = program.spans.get(&line).map_or(line, |[_, (last, _)]| (*last).max(line));
    let lines = program.source.lines().skip(line.saturating_sub(1)).take(last + 1 - line);
    let letter = |c: char| c.is_alphanumeric() || c == '_';
    lines.flat_map(|text| text.split(|c: char| !letter(c))).any(|word| word == name)
}
