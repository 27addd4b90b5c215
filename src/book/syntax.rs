//! The grammar of the versions whose source ruff's parser does not read: productions with gates, and for one version
//! the automaton of each, as LL(1) parsers want it.
//!
//! A production is `name GATE: expression`; see the chapter that has them. What follows of a line that begins with a space
//! belongs to the one before it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use crate::book::automata::{Expression, State, determined};
use crate::book::version::{Gate, Version};

/// A word of the source, as productions name it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Word {
    /// A keyword or a sign.
    Fixed(String),
    /// A name of this spelling, which is no keyword.
    Spelled(String),
    /// Any word of a kind.
    Kind(Kind),
}

/// The kinds of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A name, where it is no keyword.
    Name,
    /// A number.
    Number,
    /// A string literal.
    Text,
    /// An operator or a bracket.
    Sign,
    /// The end of a logical line.
    Newline,
    /// More indentation than before.
    Indent,
    /// Less indentation than before.
    Dedent,
    /// The end of the file.
    End,
}

/// What is expected at a place: a word, or what a production stands for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Label {
    /// A word.
    Word(Word),
    /// A production, by its name.
    Production(String),
}

/// The productions of all versions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Syntax {
    productions: Vec<Production>,
    words: Vec<Known>,
    /// The versions that the book knows, oldest first, and the grammar of each, made when it is asked for.
    grammars: Vec<(Version, OnceLock<Made>)>,
}

/// The grammar of a version; `None` where another parser reads its source.
type Made = Result<Option<Arc<Grammar>>, String>;

#[derive(Debug, Clone, PartialEq, Eq)]
struct Production {
    name: String,
    transparent: bool,
    gate: Gate,
    expression: Expression,
}

/// A line of a `words` block.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Known {
    kind: String,
    word: String,
    /// Whether a future import makes it a keyword, or none; and which.
    asked: Option<(bool, String)>,
    gate: Gate,
}

/// The grammar of one version.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grammar {
    /// What a file is comes first.
    pub rules: Vec<Rule>,
    /// The words that are no names.
    pub keywords: BTreeSet<String>,
    /// The keywords that depend on a future import: whether it makes them keywords, and its name.
    pub asked: BTreeMap<String, (bool, String)>,
    /// Operators and brackets, longer ones first.
    pub signs: Vec<String>,
    /// The prefixes of strings, in small letters.
    pub prefixes: BTreeSet<String>,
    /// The prefixes of whole numbers, in small letters.
    pub radices: BTreeSet<String>,
}

/// All productions of one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its name.
    pub name: String,
    /// Whether it stands for its part where that is a single one.
    pub transparent: bool,
    /// What is expected next, from the first state on.
    pub states: Vec<State>,
    /// By state, where each word leads.
    pub moves: Vec<BTreeMap<Word, Move>>,
}

/// What a word does in a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    /// It is taken, and this is the next state.
    Take(usize),
    /// A part by this rule begins with it, and behind that part this is the next state.
    Enter(usize, usize),
}

impl Syntax {
    /// Reads blocks of productions and of words.
    ///
    /// # Errors
    /// The first line that is neither.
    pub fn read(productions: &str, words: &str, versions: Vec<Version>) -> Result<Syntax, String> {
        let productions = productions.lines().filter(|line| !line.trim().is_empty()).map(production);
        let words = words.lines().filter(|line| !line.trim().is_empty()).map(known);
        Ok(Syntax {
            productions: productions.collect::<Result<_, _>>()?,
            words: words.collect::<Result<_, _>>()?,
            grammars: versions.into_iter().map(|version| (version, OnceLock::new())).collect(),
        })
    }

    /// The versions that the book knows, oldest first.
    pub fn versions(&self) -> impl Iterator<Item = Version> {
        self.grammars.iter().map(|(version, _)| *version)
    }

    /// The grammar of a version; `None` where another parser reads its source.
    ///
    /// # Errors
    /// A production that is missing, or that does not tell by one word how to go on.
    pub fn at(&self, version: Version) -> Result<Option<Arc<Grammar>>, String> {
        match self.grammars.iter().find(|(known, _)| *known == version) {
            Some((_, made)) => made.get_or_init(|| self.make(version)).clone(),
            None => self.make(version),
        }
    }

    fn make(&self, version: Version) -> Made {
        let admitted: Vec<&Production> =
            self.productions.iter().filter(|production| production.gate.admits(version)).collect();
        let Some(first) = self.productions.first().filter(|first| first.gate.admits(version)) else {
            return Ok(None);
        };
        let mut names: Vec<&str> = vec![&first.name];
        for production in &admitted {
            if !names.contains(&production.name.as_str()) {
                names.push(&production.name);
            }
        }
        let rules = names.iter().map(|name| {
            let own = admitted.iter().filter(|production| production.name == *name);
            let transparent = own.clone().any(|production| production.transparent);
            let whole = Expression::Either(own.map(|production| production.expression.clone()).collect());
            Rule { name: name.to_string(), transparent, states: determined(&whole), moves: Vec::new() }
        });
        let mut grammar = Grammar { rules: rules.collect(), ..Grammar::default() };
        grammar.connect()?;
        self.name_words(&mut grammar, version);
        Ok(Some(Arc::new(grammar)))
    }

    fn name_words(&self, grammar: &mut Grammar, version: Version) {
        for label in grammar.rules.iter().flat_map(|rule| &rule.states).flat_map(|state| state.arcs.keys()) {
            let Label::Word(Word::Fixed(word)) = label else { continue };
            match word.starts_with(|c: char| c.is_ascii_alphabetic()) {
                true => drop(grammar.keywords.insert(word.clone())),
                false if !grammar.signs.contains(word) => grammar.signs.push(word.clone()),
                false => {}
            }
        }
        grammar.signs.sort_by_key(|sign| std::cmp::Reverse(sign.len()));
        for known in self.words.iter().filter(|known| known.gate.admits(version)) {
            match (known.kind.as_str(), &known.asked) {
                ("prefix", _) => drop(grammar.prefixes.insert(known.word.clone())),
                ("radix", _) => drop(grammar.radices.insert(known.word.clone())),
                (_, Some(asked)) => drop(grammar.asked.insert(known.word.clone(), asked.clone())),
                (_, None) => drop(grammar.keywords.insert(known.word.clone())),
            }
        }
    }
}

impl Grammar {
    fn index(&self, name: &str) -> Result<usize, String> {
        let found = self.rules.iter().position(|rule| rule.name == name);
        found.ok_or_else(|| format!("there is no production `{name}`"))
    }

    /// Whether another rule than its own has a part by a rule.
    fn is_used(&self, name: &str) -> bool {
        let label = Label::Production(name.to_string());
        let others = self.rules.iter().filter(|rule| rule.name != name);
        others.flat_map(|rule| &rule.states).any(|state| state.arcs.contains_key(&label))
    }

    /// Finds for each state where each word leads.
    fn connect(&mut self) -> Result<(), String> {
        if let Some(idle) = self.rules.iter().skip(1).find(|rule| !self.is_used(&rule.name)) {
            // Its keywords would be keywords for nothing.
            return Err(format!("no production uses `{}`", idle.name));
        }
        let mut firsts = vec![None; self.rules.len()];
        for rule in 0..self.rules.len() {
            self.first(rule, &mut firsts)?;
        }
        for index in 0..self.rules.len() {
            let states = self.rules[index].states.clone();
            let moves = states.iter().map(|state| self.moves(index, state, &firsts));
            self.rules[index].moves = moves.collect::<Result<_, _>>()?;
        }
        Ok(())
    }

    fn moves(
        &self,
        index: usize,
        state: &State,
        firsts: &[Option<BTreeSet<Word>>],
    ) -> Result<BTreeMap<Word, Move>, String> {
        let mut moves = BTreeMap::new();
        for (label, next) in &state.arcs {
            let (words, way) = match label {
                Label::Word(word) => (BTreeSet::from([word.clone()]), Move::Take(*next)),
                Label::Production(name) => {
                    let inner = self.index(name)?;
                    (firsts[inner].clone().unwrap_or_default(), Move::Enter(inner, *next))
                }
            };
            for word in words {
                if moves.insert(word.clone(), way).is_some() {
                    return Err(format!("`{}` can go on with {word:?} in two ways", self.rules[index].name));
                }
            }
        }
        Ok(moves)
    }

    /// The words that a rule begins with.
    fn first(&self, rule: usize, firsts: &mut [Option<BTreeSet<Word>>]) -> Result<BTreeSet<Word>, String> {
        if let Some(known) = &firsts[rule] {
            return Ok(known.clone());
        }
        let name = &self.rules[rule].name;
        // What is met again while it is being found out begins with itself.
        firsts[rule] = Some(BTreeSet::new());
        let Some(state) = self.rules[rule].states.first().filter(|state| !state.ends) else {
            return Err(format!("`{name}` may be nothing"));
        };
        let mut words = BTreeSet::new();
        for label in state.arcs.keys() {
            match label {
                Label::Word(word) => drop(words.insert(word.clone())),
                Label::Production(inner) => {
                    let inner = self.first(self.index(inner)?, firsts)?;
                    if inner.is_empty() {
                        return Err(format!("`{name}` begins with itself"));
                    }
                    words.extend(inner);
                }
            }
        }
        firsts[rule] = Some(words.clone());
        Ok(words)
    }
}

/// `?name since 2.0: expression`.
fn production(line: &str) -> Result<Production, String> {
    let fault = |why: &str| format!("`{line}`: {why}");
    let (head, expression) = line.split_once(": ").ok_or_else(|| fault("no production"))?;
    let (transparent, head) = head.strip_prefix('?').map_or((false, head), |head| (true, head));
    let mut words = head.split_whitespace();
    let name = words.next().ok_or_else(|| fault("a production has a name"))?.to_string();
    let gate = Gate::parse(words).map_err(|why| fault(&why))?;
    let expression = Expression::read(expression).map_err(|why| fault(&why))?;
    Ok(Production { name, transparent, gate, expression })
}

/// `keyword with asked with_statement since 2.5`.
fn known(line: &str) -> Result<Known, String> {
    let fault = || format!("`{line}` is not as `keyword yield asked generators since 2.2`");
    let mut words = line.split_whitespace().peekable();
    let kind = words.next().filter(|kind| ["keyword", "prefix", "radix"].contains(kind)).ok_or_else(fault)?;
    let word = words.next().ok_or_else(fault)?;
    let asked = match words.peek().copied() {
        Some(how @ ("asked" | "unasked")) => {
            words.next();
            Some((how == "asked", words.next().ok_or_else(fault)?.to_string()))
        }
        _ => None,
    };
    let gate = Gate::parse(words)?;
    Ok(Known { kind: kind.to_string(), word: word.to_string(), asked, gate })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grammar(text: &str, version: &str) -> Result<Option<Arc<Grammar>>, String> {
        Syntax::read(text, "prefix u since 2.0\n", Vec::new())?.at(version.parse()?)
    }

    #[test]
    fn a_version_has_the_productions_whose_gates_it_passes() {
        let text = "file until 3.0: part* END\npart: \"print\" NAME\npart since 2.0: \"exec\" NAME\n";
        let at = |version| grammar(text, version).expect("a grammar");
        let keywords = |version| at(version).expect("it is read here").keywords.clone();
        assert_eq!(keywords("1.5.2"), ["print"].map(String::from).into());
        assert_eq!(keywords("2.7"), ["exec", "print"].map(String::from).into());
        assert_eq!(at("3.0"), None);
        assert_eq!([at("1.5.2"), at("2.0")].map(|found| found.unwrap().prefixes.len()), [0, 1]);
    }

    #[test]
    fn one_word_tells_how_to_go_on() {
        let idle = grammar("file: NAME END\nidle: \"word\"\n", "2.0");
        assert!(idle.is_err_and(|why| why.contains("no production uses `idle`")));
        let fails = |text| grammar(text, "2.0").expect_err("it is no such grammar");
        assert!(fails("file: part END | other END\npart: NAME\nother: NAME\n").contains("two ways"));
        assert!(fails("file: part END\npart: [NAME]\n").contains("may be nothing"));
        assert!(fails("file: part END\npart: part NAME\n").contains("begins with itself"));
        assert!(fails("file: part END\n").contains("no production `part`"));
        assert!(Syntax::read("file: (NAME\n", "", Vec::new()).is_err());
        assert!(Syntax::read("", "prefx u\n", Vec::new()).is_err());
    }
}
