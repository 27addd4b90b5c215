//! Laws as the book writes them: equations between statements, each with what it asks for and the level at which it holds.
//!
//! A law is no rule: no step is taken by it. It says of two statements that nobody can tell them apart. A *fallacy* is an equation
//! that is believed and false; the book has it beside the laws.

use std::fmt;

use egg::Var;

use crate::book::grammar::Grammar;
use crate::book::rule::{BlockError, Pattern, Place, paragraphs, parse_pattern, variables};
use crate::book::sorts;
use crate::book::{Book, Reader};
use crate::diagnostic::Diagnostic;

/// What is claimed of an equation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// It holds at this level, and at those before it.
    Holds(u8),
    /// It does not hold.
    False,
}

/// What a law may ask for of what its variables stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Condition {
    /// No path of the statement ends by raising.
    NeverRaises,
    /// No path of the statement falls off its end.
    NeverCompletes,
    /// No path of the statement ends by `return`, `break` or `continue`.
    NeverJumps,
    /// What is handled around the statement makes no difference to it, at the level that is looked at.
    ReadsNoHandled,
    /// The clauses catch all that the statement raises.
    Catches,
    /// Nothing is caught by both conditions.
    Disjoint,
    /// The second condition catches all that the first does.
    Within,
    /// What the second condition catches and the first does not is of the class of the second itself.
    Only,
}

/// The closed list of what laws may ask for: the word, and the sorts of its arguments.
pub const CONDITIONS: [(&str, Condition, &[&str]); 8] = [
    ("never-raises", Condition::NeverRaises, &["Statement"]),
    ("never-completes", Condition::NeverCompletes, &["Statement"]),
    ("never-jumps", Condition::NeverJumps, &["Statement"]),
    ("reads-no-handled", Condition::ReadsNoHandled, &["Statement"]),
    ("catches", Condition::Catches, &["Clauses", "Statement"]),
    ("disjoint", Condition::Disjoint, &["Expression", "Expression"]),
    ("within", Condition::Within, &["Expression", "Expression"]),
    ("only", Condition::Only, &["Expression", "Expression"]),
];

/// A side condition: what is asked of what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// What is asked.
    pub condition: Condition,
    /// Of what: variables of the left side.
    pub of: Vec<Var>,
}

/// An equation between two terms of one sort.
#[derive(Debug, Clone)]
pub struct Law {
    /// Its name, such as `else/calm`.
    pub name: String,
    /// Where it stands.
    pub place: Place,
    /// What is claimed of it.
    pub claim: Claim,
    /// The law in one sentence.
    pub sentence: String,
    /// What it asks for.
    pub conditions: Vec<Asked>,
    /// The side that is rewritten.
    pub left: Pattern,
    /// What it is rewritten to.
    pub right: Pattern,
}

impl Condition {
    /// The word that stands for it.
    pub fn word(self) -> &'static str {
        CONDITIONS.iter().find(|(_, condition, ..)| *condition == self).map_or("", |(word, ..)| word)
    }
}

impl fmt::Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({}", self.condition.word())?;
        self.of.iter().try_for_each(|var| write!(f, " {var}"))?;
        f.write_str(")")
    }
}

impl Law {
    /// Whether it is believed and false.
    pub fn is_fallacy(&self) -> bool {
        self.claim == Claim::False
    }

    /// Whether it holds at a level.
    pub fn holds_at(&self, level: u8) -> bool {
        matches!(self.claim, Claim::Holds(highest) if level <= highest)
    }
}

/// Reads the laws of one `law` block; each is set off by an empty line. Places are relative to the block.
///
/// # Errors
/// The first malformed law, and where it stands.
pub fn parse_block(text: &str) -> Result<Vec<Law>, BlockError> {
    paragraphs(text).into_iter().map(|(offset, law)| parse(offset, law)).collect()
}

fn parse(offset: usize, text: &str) -> Result<Law, BlockError> {
    let fault = |why: &str| (offset, why.to_string());
    let mut lines = text.lines();
    let (name, claim) = title(lines.next().unwrap_or_default().trim()).map_err(|why| (offset, why))?;
    let sentence = lines.next().and_then(|line| line.trim().strip_prefix("claim ")).unwrap_or_default();
    if sentence.is_empty() {
        return Err(fault("the second line of a law is `claim …`, the law in one sentence"));
    }
    let mut conditions = Vec::new();
    let mut equation = String::new();
    for line in lines {
        match line.trim().strip_prefix("if ") {
            Some(asked) if equation.is_empty() => {
                conditions.push(condition(asked).map_err(|why| (offset, why))?);
            }
            _ => {
                equation.push_str(line);
                equation.push('\n');
            }
        }
    }
    let (left, right) =
        equation.split_once("==").ok_or_else(|| fault("a law is an equation: `left == right`"))?;
    let side = |text: &str| parse_pattern(text).map_err(|why| (offset, why));
    Ok(Law {
        name,
        place: Place { chapter: 0, offset },
        claim,
        sentence: sentence.trim().to_string(),
        conditions,
        left: side(left)?,
        right: side(right)?,
    })
}

fn title(line: &str) -> Result<(String, Claim), String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    match words[..] {
        ["law", name, "at", level] => {
            let known = level.parse().ok().filter(|level| (1..=3).contains(level));
            let level = known.ok_or_else(|| format!("a law holds at level 1, 2 or 3, not `{level}`"))?;
            Ok((name.to_string(), Claim::Holds(level)))
        }
        ["fallacy", name] => Ok((name.to_string(), Claim::False)),
        _ => Err("a law begins with `law NAME at LEVEL`, or `fallacy NAME`".into()),
    }
}

fn condition(text: &str) -> Result<Asked, String> {
    let inner = text.trim().strip_prefix('(').and_then(|text| text.strip_suffix(')')).unwrap_or(text.trim());
    let mut words = inner.split_whitespace();
    let word = words.next().unwrap_or_default();
    let Some((_, condition, ..)) = CONDITIONS.iter().find(|(known, ..)| *known == word) else {
        let known: Vec<&str> = CONDITIONS.iter().map(|(word, ..)| *word).collect();
        return Err(format!("a law cannot ask for `{word}`; it can for {}", known.join(", ")));
    };
    let variable =
        |word: &str| word.parse().map_err(|_| format!("`{word}` is not a metavariable such as `?s`"));
    Ok(Asked { condition: *condition, of: words.map(variable).collect::<Result<_, _>>()? })
}

/// Checks a law against the grammar: both sides are statements, and what is asked is asked of variables of the
/// left side that have the right sort.
///
/// # Errors
/// The first fault, with the remedy in its text.
pub fn check(grammar: &Grammar, law: &Law) -> Result<(), String> {
    let bound = variables(&law.left);
    let sort = grammar.sort_named("Statement")?;
    sorts::check_matched(grammar, &law.left, sort)?;
    sorts::check_built(grammar, &law.right, sort, &bound)?;
    for asked in &law.conditions {
        let (word, _, sorts) = CONDITIONS
            .iter()
            .find(|(_, condition, ..)| *condition == asked.condition)
            .ok_or("an unknown condition")?;
        if sorts.len() != asked.of.len() {
            return Err(format!("`{word}` is asked of {}, not of {}", sorts.len(), asked.of.len()));
        }
        for (var, expected) in asked.of.iter().zip(*sorts) {
            if !bound.contains(var) {
                return Err(format!("`{word}` is asked of `{var}`, which the left side does not have"));
            }
            let own = grammar.sort_of_variable(&var.to_string());
            let own = own.map_or("", |sort| grammar.sorts[sort].name.as_str());
            if own != *expected {
                return Err(format!("`{word}` is asked of a {expected}, and `{var}` is a {own}"));
            }
        }
    }
    Ok(())
}

impl Book {
    /// Reads the laws of a user's file, in the book's notation.
    ///
    /// # Errors
    /// The first fault.
    pub fn read_laws(&self, file: &str, text: &str) -> Result<Vec<Law>, Diagnostic> {
        let found = self.read_own(file, text, |reader, grammar| reader.laws(grammar))?;
        if found.is_empty() {
            return Err(Diagnostic::new("no law in the file", file)
                .help("laws stand in Markdown blocks fenced with ```law, as in semantics/24-laws.md"));
        }
        Ok(found)
    }
}

impl Reader<'_> {
    /// The laws of the book's blocks, checked.
    ///
    /// # Errors
    /// The first fault.
    pub(super) fn laws(&self, grammar: &Grammar) -> Result<Vec<Law>, Diagnostic> {
        let mut found: Vec<Law> = Vec::new();
        for block in self.of("law") {
            for mut law in parse_block(&block.text).map_err(|e| self.block_fault(block, e))? {
                law.place = Place { chapter: block.chapter, offset: block.start + law.place.offset };
                let fault = |why| self.fault(law.place.chapter, law.place.offset, why);
                if !self.proven {
                    check(grammar, &law).map_err(|why| fault(format!("law {}: {why}", law.name)))?;
                }
                if found.iter().any(|known| known.name == law.name) {
                    return Err(fault(format!("the law `{}` stands twice", law.name)));
                }
                found.push(law);
            }
        }
        Ok(found)
    }
}
