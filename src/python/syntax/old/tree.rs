//! The tree of a source by a grammar of the book: an LL(1) parser that keeps its own stack.

use std::collections::BTreeSet;

use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::book::syntax::{Grammar, Kind, Move, Word};
use crate::python::syntax::old::words::{Token, Words};

/// A word, or what a production stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Tree<'g> {
    Leaf(Token),
    Branch(Branch<'g>),
}

/// What a production stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Branch<'g> {
    pub(super) rule: &'g str,
    pub(super) parts: Vec<Tree<'g>>,
    range: TextRange,
}

/// Why a source is none: where, and what is said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) place: TextRange,
    pub(super) text: &'static str,
}

impl Ranged for Tree<'_> {
    fn range(&self) -> TextRange {
        match self {
            Tree::Leaf(token) => range(token.start, token.end),
            Tree::Branch(branch) => branch.range,
        }
    }
}

impl<'g> Tree<'g> {
    /// The parts of a branch.
    pub(super) fn parts(&self) -> &[Tree<'g>] {
        match self {
            Tree::Leaf(_) => &[],
            Tree::Branch(branch) => &branch.parts,
        }
    }

    /// The name of what it is by.
    pub(super) fn rule(&self) -> &'g str {
        match self {
            Tree::Leaf(_) => "",
            Tree::Branch(branch) => branch.rule,
        }
    }
}

pub(super) fn range(start: usize, end: usize) -> TextRange {
    let size = |place| TextSize::try_from(place).unwrap_or_default();
    TextRange::new(size(start), size(end))
}

/// How many productions may be open in one another, as in CPython's parser.
const STACK: usize = 1500;

/// Parses a text.
pub(super) fn parse<'g>(text: &str, grammar: &'g Grammar) -> Result<Branch<'g>, Fault> {
    let mut parser = Parser { text, grammar, open: vec![Open::new(0)], asked: BTreeSet::new() };
    let mut words = Words::new(text, grammar);
    loop {
        let token = words.next().map_err(|(place, text)| Fault { place: range(place, place), text })?;
        if let Some(file) = parser.take(token)? {
            return Ok(file);
        }
    }
}

/// A production of which parts are missing.
struct Open<'g> {
    rule: usize,
    state: usize,
    parts: Vec<Tree<'g>>,
}

impl Open<'_> {
    fn new(rule: usize) -> Self {
        Open { rule, state: 0, parts: Vec::new() }
    }
}

struct Parser<'a, 'g> {
    text: &'a str,
    grammar: &'g Grammar,
    open: Vec<Open<'g>>,
    /// The future imports that were met.
    asked: BTreeSet<String>,
}

impl<'g> Parser<'_, 'g> {
    /// Takes a word; gives the file where that was the last one.
    fn take(&mut self, token: Token) -> Result<Option<Branch<'g>>, Fault> {
        loop {
            let Some(top) = self.open.last() else { return Ok(None) };
            let rule = &self.grammar.rules[top.rule];
            match self.find(top, token) {
                Some(Move::Take(next)) => {
                    self.put(Tree::Leaf(token), next);
                    return Ok(self.whole(token));
                }
                Some(Move::Enter(inner, next)) => {
                    if self.open.len() >= STACK {
                        return Err(fault(token, "too many statements or expressions in one another"));
                    }
                    if let Some(top) = self.open.last_mut() {
                        top.state = next;
                    }
                    self.open.push(Open::new(inner));
                }
                None if rule.states[top.state].ends && self.open.len() > 1 => self.close(),
                None => return Err(self.unexpected(token)),
            }
        }
    }

    fn put(&mut self, part: Tree<'g>, state: usize) {
        if let Some(top) = self.open.last_mut() {
            top.parts.push(part);
            top.state = state;
        }
    }

    /// The whole file, behind its end.
    fn whole(&mut self, token: Token) -> Option<Branch<'g>> {
        let last = self.open.pop_if(|_| token.kind == Kind::End)?;
        Some(self.branch(last))
    }

    fn branch(&self, open: Open<'g>) -> Branch<'g> {
        // What is empty stands where the next line begins.
        let mut solid = open.parts.iter().map(Ranged::range).filter(|range| !range.is_empty());
        let first = solid.next().unwrap_or_default();
        let range = TextRange::new(first.start(), solid.next_back().unwrap_or(first).end());
        Branch { rule: &self.grammar.rules[open.rule].name, parts: open.parts, range }
    }

    /// Closes the innermost production.
    fn close(&mut self) {
        let Some(mut done) = self.open.pop() else { return };
        let rule = &self.grammar.rules[done.rule];
        let alone = rule.transparent && done.parts.len() == 1;
        let part = match done.parts.pop_if(|_| alone) {
            Some(only) => only,
            None => Tree::Branch(self.branch(done)),
        };
        self.ask(&part);
        if let Some(top) = self.open.last_mut() {
            top.parts.push(part);
        }
    }

    /// Notes what a future import asks for.
    fn ask(&mut self, part: &Tree) {
        if part.rule() != "from" || !part.parts().iter().any(|part| self.spelled(part) == "__future__") {
            return;
        }
        let members = part.parts().iter().filter(|part| part.rule() == "member");
        let names: Vec<String> =
            members.filter_map(|member| Some(self.spelled(member.parts().first()?).to_string())).collect();
        self.asked.extend(names);
    }

    fn spelled(&self, part: &Tree) -> &str {
        &self.text[part.range()]
    }

    fn find(&self, open: &Open, token: Token) -> Option<Move> {
        let moves = &self.grammar.rules[open.rule].moves[open.state];
        let word = self.text[token.start..token.end].to_string();
        let found = |word: Word| moves.get(&word).copied();
        match token.kind {
            Kind::Sign => found(Word::Fixed(word)),
            Kind::Name => match self.is_keyword(&word) {
                true => found(Word::Fixed(word.clone())).or_else(|| found(Word::Spelled(word))),
                false => found(Word::Spelled(word)).or_else(|| found(Word::Kind(Kind::Name))),
            },
            kind => found(Word::Kind(kind)),
        }
    }

    fn is_keyword(&self, word: &str) -> bool {
        self.grammar.keywords.contains(word)
            && match self.grammar.asked.get(word) {
                Some((makes, future)) => self.asked.contains(future) == *makes,
                None => true,
            }
    }

    fn unexpected(&self, token: Token) -> Fault {
        let expects = |kind| {
            let moves = self.open.last().map(|top| &self.grammar.rules[top.rule].moves[top.state]);
            moves.is_some_and(|moves| moves.contains_key(&Word::Kind(kind)))
        };
        let text = match token.kind {
            Kind::Indent => "unexpected indent",
            Kind::End => "unexpected EOF while parsing",
            _ if expects(Kind::Indent) => "expected an indented block",
            _ => "this does not follow here",
        };
        fault(token, text)
    }
}

fn fault(token: Token, text: &'static str) -> Fault {
    Fault { place: range(token.start, token.end), text }
}
