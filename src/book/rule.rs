//! Rules as the book writes them: premises, a line with the name, a conclusion.

use egg::{ENodeOrVar, PatternAst, Symbol, Var};

use crate::book::record::{Expansion, Record};
use crate::book::version::Gate;
use crate::term::Node;

/// An egg pattern over the book's terms.
pub type Pattern = PatternAst<Node>;

/// Where something stands in the book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The chapter's index.
    pub chapter: usize,
    /// The byte in the chapter.
    pub offset: usize,
}

/// A condition of a rule.
#[derive(Debug, Clone)]
pub enum Premise {
    /// `if (p …)`: the premise holds.
    If(Pattern),
    /// `unless (p …)`: the premise does not hold.
    Unless(Pattern),
    /// `?v = (f …)`: the function is defined, and `?v` is its result.
    Let(Var, Pattern),
    /// `undefined (f …)`: the partial function has no result.
    Undefined(Pattern),
    /// `?v in (f …)`: a choice of one of the function's results.
    In(Var, Pattern),
}

impl Premise {
    /// The call `(f …)` of the premise.
    pub fn call(&self) -> &Pattern {
        match self {
            Premise::If(call)
            | Premise::Unless(call)
            | Premise::Let(_, call)
            | Premise::Undefined(call)
            | Premise::In(_, call) => call,
        }
    }

    /// The variable that the premise binds, if it binds one.
    pub fn binds(&self) -> Option<Var> {
        match self {
            Premise::Let(var, _) | Premise::In(var, _) => Some(*var),
            _ => None,
        }
    }
}

/// A step of the semantics.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Its name, such as `finally/enter`.
    pub name: Symbol,
    /// Where it stands.
    pub place: Place,
    /// The id of the section that states its law.
    pub section: String,
    /// The conditions, in order.
    pub premises: Vec<Premise>,
    /// The state that it rewrites.
    pub lhs: Pattern,
    /// The state that it yields.
    pub rhs: Pattern,
    /// The events of the transition, in order.
    pub events: Vec<Pattern>,
    /// The Python versions that it holds for.
    pub gate: Gate,
}

impl Rule {
    /// Whether the rule is a deliberate choice: one state, several successors.
    pub fn is_choice(&self) -> bool {
        self.premises.iter().any(|p| matches!(p, Premise::In(..)))
    }
}

/// What is wrong in a block, and at which byte of it.
pub type BlockError = (usize, String);

/// Reads the rules of one `rule` block; each is set off by an empty line. Named parts of records are written out.
/// Places and sections are the caller's to add: `place.offset` is relative to the block.
///
/// # Errors
/// The first malformed rule, and where it stands.
pub fn parse_block(text: &str, records: &[Record]) -> Result<Vec<Rule>, BlockError> {
    let paragraphs = paragraphs(text).into_iter();
    paragraphs.map(|(offset, paragraph)| parse_rule(offset, paragraph, records)).collect()
}

/// Splits at empty lines; each paragraph comes with its offset.
pub fn paragraphs(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let (mut start, mut at) = (None, 0);
    for line in text.split_inclusive('\n').chain(["\n"]) {
        if line.trim().is_empty() {
            if let Some(start) = start.take() {
                found.push((start, &text[start..at.min(text.len())]));
            }
        } else if start.is_none() {
            start = Some(at);
        }
        at += line.len();
    }
    found
}

fn parse_rule(offset: usize, text: &str, records: &[Record]) -> Result<Rule, BlockError> {
    let left = text.split("\n---").last().unwrap_or_default();
    let left = left.split_once('\n').map_or(text, |(_, body)| body).split("~>").next().unwrap_or_default();
    let expansion = Expansion::of(records, text, left).map_err(|why| (offset, why))?;
    let mut premises = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let words = line.trim();
        if let Some(title) = words.strip_prefix("---") {
            let (name, gate) = parse_title(title).map_err(|why| (offset + at, why))?;
            let body = &text[at + line.len()..];
            return conclusion(body, &expansion)
                .map(|(lhs, rhs, events)| Rule {
                    name,
                    place: Place { chapter: 0, offset: offset + at },
                    section: String::new(),
                    premises,
                    lhs,
                    rhs,
                    events,
                    gate,
                })
                .map_err(|why| (offset + at, why));
        }
        let premise = expansion.expand(words).and_then(|words| parse_premise(&words));
        premises.push(premise.map_err(|why| (offset + at, why))?);
        at += line.len();
    }
    Err((offset, "a rule has a line of dashes that ends in its name".into()))
}

fn parse_title(title: &str) -> Result<(Symbol, Gate), String> {
    let mut words = title.trim_start_matches('-').split_whitespace();
    let name = words.next().ok_or("the line of dashes ends in the rule's name")?;
    Ok((name.into(), Gate::parse(words)?))
}

/// Reads one premise, such as `if (matches ?x ?v)`.
///
/// # Errors
/// What is malformed.
pub fn parse_premise(words: &str) -> Result<Premise, String> {
    if let Some(call) = words.strip_prefix("if ") {
        return Ok(Premise::If(parse_pattern(call)?));
    }
    if let Some(call) = words.strip_prefix("unless ") {
        return Ok(Premise::Unless(parse_pattern(call)?));
    }
    if let Some(call) = words.strip_prefix("undefined ") {
        return Ok(Premise::Undefined(parse_pattern(call)?));
    }
    if let Some((var, call)) = words.split_once(" = ") {
        return Ok(Premise::Let(parse_var(var)?, parse_pattern(call)?));
    }
    if let Some((var, call)) = words.split_once(" in ") {
        return Ok(Premise::In(parse_var(var)?, parse_pattern(call)?));
    }
    Err(format!(
        "`{words}` is no premise: expected `if (p …)`, `unless (p …)`, `?v = (f …)`, `undefined (f …)` or `?v in (f …)`"
    ))
}

fn parse_var(text: &str) -> Result<Var, String> {
    let text = text.trim();
    text.parse().map_err(|_| format!("`{text}` is not a metavariable such as `?v`"))
}

/// Reads an egg pattern.
///
/// # Errors
/// What is malformed.
pub fn parse_pattern(text: &str) -> Result<Pattern, String> {
    let text = text.trim();
    text.parse().map_err(|e| format!("`{text}` is not a term: {e}"))
}

type Conclusion = (Pattern, Pattern, Vec<Pattern>);

fn conclusion(body: &str, expansion: &Expansion) -> Result<Conclusion, String> {
    let body = expansion.expand(body)?;
    let (lhs, rest) =
        body.split_once("~>").ok_or("a conclusion is `state ~> state`, with events behind `!`")?;
    let (rhs, events) = match rest.split_once('!') {
        Some((rhs, events)) => (rhs, split_terms(events)?),
        None => (rest, Vec::new()),
    };
    let events = events.into_iter().map(parse_pattern).collect::<Result<_, _>>()?;
    Ok((parse_pattern(lhs)?, parse_pattern(rhs)?, events))
}

/// Splits a line into its s-expressions.
///
/// # Errors
/// When the parentheses do not balance.
pub fn split_terms(text: &str) -> Result<Vec<&str>, String> {
    let mut terms = Vec::new();
    let (mut depth, mut start) = (0i32, None);
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            c if c.is_whitespace() && depth == 0 => {
                if let Some(start) = start.take() {
                    terms.push(&text[start..at]);
                }
                continue;
            }
            _ => {}
        }
        start.get_or_insert(at);
    }
    if depth != 0 {
        return Err(format!("`{}`: the parentheses do not balance", text.trim()));
    }
    terms.extend(start.map(|start| &text[start..]));
    Ok(terms)
}

/// The variables of a pattern, without repetition, in order.
pub fn variables(pattern: &Pattern) -> Vec<Var> {
    let mut vars = Vec::new();
    for node in pattern {
        if let ENodeOrVar::Var(var) = node
            && !vars.contains(var)
        {
            vars.push(*var);
        }
    }
    vars
}
