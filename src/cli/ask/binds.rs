//! Which bindings of a name a line can see.

use std::collections::BTreeMap;

use crate::check::program::Watched;
use crate::check::verdict::Verdict;
use crate::cli::ask::answer::{Answer, Job, told};
use crate::cli::ask::question::Question;
use crate::cli::check::search::{Means, Searched, search};
use crate::cli::entering::{Sight, enter};
use crate::cli::output::{Failure, Result};
use crate::python::Bindings;
use crate::term::escape;
use crate::trace::Trace;

impl Job<'_> {
    /// The lines of the bindings, each of which is looked for on its own.
    pub(super) fn binds(&self, question: &Question) -> Result<Answer> {
        let bindings = self.file.program.bindings.clone().unwrap_or_default();
        let watched: Vec<(usize, Watched)> = bindings
            .lines
            .iter()
            .map(|line| Ok((*line, self.reaching(&bindings, *line)?)))
            .collect::<Result<_>>()?;
        let properties: Vec<Watched> = watched.iter().map(|(_, watched)| watched.clone()).collect();
        let (book, source, limits, engine) = (self.book, self.source, self.limits, self.engine);
        let means = Means { book, source, watched: &properties, usual: &[], limits, engine };
        let inside = self.threads_inside();
        let entered =
            enter(book, source, &self.file, |subject, states| search(&means, subject, inside, states))?;
        let mut why = self.open(question, &entered);
        let mut found: BTreeMap<usize, Box<Trace>> = BTreeMap::new();
        let mut widened: BTreeMap<usize, String> = BTreeMap::new();
        for Sight { entry, found: Searched { verdicts, report }, .. } in entered.sights {
            for ((line, _), verdict) in watched.iter().zip(verdicts) {
                match verdict {
                    Verdict::Refuted(path) => drop(found.entry(*line).or_insert(path)),
                    verdict if verdict.rests_on_widening() => {
                        let taken = report.taken.last().map(String::as_str).unwrap_or_default();
                        let why = format!(
                            "{}: line {line}, only where this is taken for granted: {taken}",
                            told(&entry)
                        );
                        widened.entry(*line).or_insert(why);
                    }
                    _ => {}
                }
            }
        }
        why.extend(widened.into_iter().filter(|(line, _)| !found.contains_key(line)).map(|(_, why)| why));
        let lines: Vec<String> = found.keys().map(ToString::to_string).collect();
        Ok(match (why.is_empty(), found.into_values().next()) {
            (false, _) => Answer::Unknown(why, lines),
            (true, None) => Answer::No,
            (true, Some(path)) => Answer::Yes(Some(path), lines),
        })
    }

    /// That a binding on a line is never seen, as a property. A name of one function is another one in each of its activations.
    fn reaching(&self, bindings: &Bindings, line: usize) -> Result<Watched> {
        let owner = escape(&bindings.owner);
        let scope = if bindings.local { format!("(body {owner})") } else { "path".to_string() };
        let definition = format!(
            "```property\ncontract asked\nclaim It is never so: {}.\neach {scope}\n\
             start -- (tested (binds-at {owner} {line}) ?v) -> bound\n\
             bound -- (tested (binds-at {owner} ?ln) ?v) unless (same ?ln {line}) -> start\n\
             bound -- (leave (binds-until {owner}) ?c ?h) -> start\n\
             bound -- (tested (binds-asked {owner}) ?v) -> violated \"the binding of line {line} is seen\"\n```\n",
            self.words
        );
        let property = self.book.read_properties("the question", &definition)?.into_iter().next();
        let property = property.ok_or_else(|| Failure::Usage("the question asks nothing".into()))?;
        Ok(Watched { property, pair: None, definition: Some(definition) })
    }
}
