//! The expressions on the right of productions, and the deterministic automaton of one.

use std::collections::{BTreeMap, BTreeSet};

use crate::book::syntax::{Kind, Label, Word};

/// What is on the right of a production.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expression {
    /// One label.
    One(Label),
    /// One after the other.
    All(Vec<Expression>),
    /// One of these.
    Either(Vec<Expression>),
    /// This, or nothing.
    Optional(Box<Expression>),
    /// This, any number of times; at least once where it says so.
    Many(Box<Expression>, bool),
}

/// A state of an automaton.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    /// Where labels lead.
    pub arcs: BTreeMap<Label, usize>,
    /// Whether nothing more is needed.
    pub ends: bool,
}

impl Expression {
    /// Reads an expression.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(text: &str) -> Result<Expression, String> {
        let mut reader = Reader { words: words(text)?, place: 0 };
        let read = reader.alternatives()?;
        match reader.peek() {
            None => Ok(read),
            Some(word) => Err(format!("unexpected `{word}`")),
        }
    }
}

/// The words of an expression; what stands in quotes is one, with its quotes.
fn words(text: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' | '\'' => rest[1..].find(first).map(|end| end + 2).ok_or("a quote is not closed")?,
            _ if first.is_ascii_alphabetic() => {
                rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len())
            }
            _ => first.len_utf8(),
        };
        words.push(rest[..length].to_string());
        rest = rest[length..].trim_start();
    }
    Ok(words)
}

struct Reader {
    words: Vec<String>,
    place: usize,
}

impl Reader {
    fn peek(&self) -> Option<&str> {
        self.words.get(self.place).map(String::as_str)
    }

    fn take(&mut self, word: &str) -> bool {
        let is = self.peek() == Some(word);
        self.place += usize::from(is);
        is
    }

    fn alternatives(&mut self) -> Result<Expression, String> {
        let mut found = vec![self.sequence()?];
        while self.take("|") {
            found.push(self.sequence()?);
        }
        Ok(Expression::Either(found))
    }

    fn sequence(&mut self) -> Result<Expression, String> {
        let mut found = Vec::new();
        while self.peek().is_some_and(|word| !["|", ")", "]"].contains(&word)) {
            let one = self.part()?;
            found.push(match () {
                () if self.take("*") => Expression::Many(Box::new(one), false),
                () if self.take("+") => Expression::Many(Box::new(one), true),
                () => one,
            });
        }
        if found.is_empty() { Err("an alternative is empty".into()) } else { Ok(Expression::All(found)) }
    }

    fn part(&mut self) -> Result<Expression, String> {
        for (open, close) in [("(", ")"), ("[", "]")] {
            if self.take(open) {
                let inner = self.alternatives()?;
                if !self.take(close) {
                    return Err(format!("`{open}` is not closed"));
                }
                return Ok(if open == "[" { Expression::Optional(Box::new(inner)) } else { inner });
            }
        }
        let word = self.peek().unwrap_or_default().to_string();
        self.place += 1;
        label(&word).map(Expression::One).ok_or_else(|| format!("unexpected `{word}`"))
    }
}

fn label(word: &str) -> Option<Label> {
    let inner = |quote| word.strip_prefix(quote)?.strip_suffix(quote).map(str::to_string);
    Some(Label::Word(match word {
        "NAME" => Word::Kind(Kind::Name),
        "NUMBER" => Word::Kind(Kind::Number),
        "TEXT" => Word::Kind(Kind::Text),
        "NEWLINE" => Word::Kind(Kind::Newline),
        "INDENT" => Word::Kind(Kind::Indent),
        "DEDENT" => Word::Kind(Kind::Dedent),
        "END" => Word::Kind(Kind::End),
        _ => match (inner('"'), inner('\'')) {
            (Some(fixed), _) => Word::Fixed(fixed),
            (_, Some(spelled)) => Word::Spelled(spelled),
            _ if word.starts_with(|c: char| c.is_ascii_lowercase()) => {
                return Some(Label::Production(word.to_string()));
            }
            _ => return None,
        },
    }))
}

/// An automaton whose arcs may ask for nothing.
#[derive(Default)]
struct Loose {
    arcs: Vec<Vec<(Option<Label>, usize)>>,
}

impl Loose {
    fn state(&mut self) -> usize {
        self.arcs.push(Vec::new());
        self.arcs.len() - 1
    }

    /// Adds an expression behind a state; gives the state behind it.
    fn add(&mut self, expression: &Expression, from: usize) -> usize {
        match expression {
            Expression::One(label) => {
                let to = self.state();
                self.arcs[from].push((Some(label.clone()), to));
                to
            }
            Expression::All(parts) => parts.iter().fold(from, |from, part| self.add(part, from)),
            Expression::Either(parts) => {
                let to = self.state();
                for part in parts {
                    let end = self.add(part, from);
                    self.arcs[end].push((None, to));
                }
                to
            }
            Expression::Optional(inner) => {
                let to = self.add(inner, from);
                self.arcs[from].push((None, to));
                to
            }
            Expression::Many(inner, once) => {
                let start = self.state();
                self.arcs[from].push((None, start));
                let end = self.add(inner, start);
                self.arcs[end].push((None, start));
                if *once { end } else { start }
            }
        }
    }

    /// These states, and those that are reached from them for nothing.
    fn closure(&self, states: impl IntoIterator<Item = usize>) -> BTreeSet<usize> {
        let mut open: Vec<usize> = states.into_iter().collect();
        let mut found = BTreeSet::new();
        while let Some(state) = open.pop() {
            if found.insert(state) {
                let free = self.arcs[state].iter().filter(|(label, _)| label.is_none());
                open.extend(free.map(|(_, to)| *to));
            }
        }
        found
    }
}

/// The deterministic automaton of an expression; its first state comes first.
pub(super) fn determined(expression: &Expression) -> Vec<State> {
    let mut loose = Loose::default();
    let first = loose.state();
    // What is optional at the very start must not lead behind what comes next.
    let last = loose.add(expression, first);
    let mut sets = vec![loose.closure([first])];
    let mut states: Vec<State> = Vec::new();
    while let Some(set) = sets.get(states.len()).cloned() {
        let mut arcs: BTreeMap<Label, BTreeSet<usize>> = BTreeMap::new();
        for (label, to) in set.iter().flat_map(|state| &loose.arcs[*state]) {
            if let Some(label) = label {
                arcs.entry(label.clone()).or_default().insert(*to);
            }
        }
        let mut state = State { ends: set.contains(&last), arcs: BTreeMap::new() };
        for (label, to) in arcs {
            let to = loose.closure(to);
            let place = sets.iter().position(|known| *known == to).unwrap_or_else(|| {
                sets.push(to);
                sets.len() - 1
            });
            state.arcs.insert(label, place);
        }
        states.push(state);
    }
    states
}
