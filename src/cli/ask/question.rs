//! What can be asked.

use crate::cli::output::{Failure, Result};

/// A question that was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Question {
    /// Does control come to a line?
    Reach(usize),
    /// Is a name read while it is not bound; on a line?
    Unbound(String, Option<usize>),
    /// Does a call of a function end otherwise than by an exception?
    Returns(String),
    /// Does a call of a function end by an exception, of a class?
    Raises(String, Option<String>),
    /// Which lines follow one?
    Arcs(usize),
    /// Which bindings of a name can a line see?
    Binds(String, usize),
}

impl Question {
    /// The question that words ask.
    ///
    /// # Errors
    /// Words that ask nothing.
    pub(super) fn read(words: &[&str]) -> Result<Question> {
        Ok(match words {
            ["reach", number] => Question::Reach(line(number)?),
            ["unbound", name] => Question::Unbound(name.to_string(), None),
            ["unbound", name, "at", number] => Question::Unbound(name.to_string(), Some(line(number)?)),
            ["returns", name] => Question::Returns(function(name)),
            ["raises", name] => Question::Raises(function(name), None),
            ["raises", name, class] => Question::Raises(function(name), Some(class.to_string())),
            ["arcs", number] => Question::Arcs(line(number)?),
            ["binds", name, "at", number] => Question::Binds(name.to_string(), line(number)?),
            _ => {
                return Err(Failure::Usage(format!(
                    "the question `{}` is none of: reach LINE, unbound NAME [at LINE], returns FUNCTION, raises FUNCTION [CLASS], arcs LINE, binds NAME at LINE",
                    words.join(" ")
                )));
            }
        })
    }

    /// The line that it is about, where it is about one.
    pub(super) fn line(&self) -> Option<usize> {
        match self {
            Question::Reach(line) | Question::Arcs(line) | Question::Binds(_, line) => Some(*line),
            Question::Unbound(_, line) => *line,
            Question::Returns(_) | Question::Raises(..) => None,
        }
    }

    /// The function whose ends it is about.
    pub(super) fn function(&self) -> Option<&str> {
        match self {
            Question::Returns(name) | Question::Raises(name, _) => Some(name),
            _ => None,
        }
    }

    /// The name that it is about, where no line says where.
    pub(super) fn name(&self) -> Option<&str> {
        match self {
            Question::Unbound(name, None) | Question::Returns(name) | Question::Raises(name, _) => Some(name),
            Question::Unbound(_, Some(_)) | Question::Reach(_) | Question::Arcs(_) | Question::Binds(..) => {
                None
            }
        }
    }

    /// The name whose meaning in the module decides, where the answer is another one if that is not known.
    pub(super) fn of_module(&self) -> Option<&str> {
        match self {
            Question::Unbound(name, _) | Question::Raises(_, Some(name)) | Question::Binds(name, _) => {
                Some(name)
            }
            _ => None,
        }
    }

    /// The name whose bindings are asked for, and the line.
    pub(super) fn binding(&self) -> Option<(String, usize)> {
        match self {
            Question::Binds(name, line) => Some((name.clone(), *line)),
            _ => None,
        }
    }

    /// The question as the transitions of a property that is broken where the answer is yes; none for what is no event.
    pub(super) fn transitions(&self) -> Option<String> {
        let event = |event: String| format!("start -- {event} -> violated \"so it is\"\n");
        Some(match self {
            Question::Reach(number) => event(format!("(line {number})")),
            Question::Returns(name) => event(format!("(returns \"{name}\")")),
            Question::Raises(name, None) => event(format!("(raises \"{name}\")")),
            Question::Raises(name, Some(class)) => event(format!("(raises \"{name}\" \"{class}\")")),
            Question::Unbound(name, None) => {
                unnamed(name).map(|name| event(format!("(unnamed {name})"))).concat()
            }
            Question::Unbound(name, Some(number)) => {
                let broken = unnamed(name)
                    .map(|name| format!("there -- (unnamed {name}) -> violated \"it is not bound\"\n"))
                    .concat();
                format!(
                    "start -- (line {number}) -> there\n\
                     there -- (line ?ln) unless (same ?ln {number}) -> start\n{broken}"
                )
            }
            Question::Arcs(_) | Question::Binds(..) => return None,
        })
    }
}

/// A function, which may be written as it is called.
fn function(name: &str) -> String {
    name.strip_suffix("()").unwrap_or(name).to_string()
}

fn line(text: &str) -> Result<usize> {
    text.parse().map_err(|_| Failure::Usage(format!("`{text}` is no line: expected a number, from 1")))
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
