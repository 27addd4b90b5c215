//! Sorts, constructors, metavariables and function signatures: the `grammar`
//! and `functions` blocks.

use egg::Symbol;
use rustc_hash::FxHashMap as HashMap;

/// Index of a sort in [`Grammar::sorts`].
pub type SortId = usize;

/// A sort, or a named subset of one.
#[derive(Debug, Clone)]
pub struct Sort {
    /// Its name, such as `Statement`.
    pub name: String,
    /// The constructors that it admits.
    pub constructors: Vec<Symbol>,
    /// Whether any atom belongs to it.
    pub atoms: bool,
    /// The sort that it is a subset of (itself, for a sort).
    pub top: SortId,
}

/// A constructor's name, sort and arguments.
#[derive(Debug, Clone)]
pub struct Constructor {
    /// The sort that it builds.
    pub sort: SortId,
    /// The sorts of its arguments.
    pub args: Vec<SortId>,
}

/// How many results a function has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arity {
    /// A premise: it holds or not.
    Premise,
    /// Exactly one result.
    Total,
    /// One result or none.
    Partial,
    /// Several results, each a choice.
    Many,
}

/// The declaration of a function or premise.
#[derive(Debug, Clone)]
pub struct Signature {
    /// The sorts of its arguments.
    pub args: Vec<SortId>,
    /// The sort of a result; `None` for a premise.
    pub result: Option<SortId>,
    /// How many results it has.
    pub arity: Arity,
}

/// Everything that the grammar chapter declares.
#[derive(Debug, Clone, Default)]
pub struct Grammar {
    /// All sorts and subsets.
    pub sorts: Vec<Sort>,
    /// All constructors, by name.
    pub constructors: HashMap<Symbol, Constructor>,
    /// All functions and premises, by name.
    pub functions: HashMap<Symbol, Signature>,
    metavariables: HashMap<String, SortId>,
    by_name: HashMap<String, SortId>,
}

/// The sort name that admits every term, for premises such as `same`.
const ANY: &str = "Any";

/// A line of a `grammar` block before its names are resolved.
struct Declaration<'a> {
    offset: usize,
    name: &'a str,
    metavariables: Vec<&'a str>,
    form: Form<'a>,
    productions: Vec<Vec<&'a str>>,
}

/// What a declaration says of its sort.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form<'a> {
    /// `Sort ::= …`: these are its constructors.
    Sort,
    /// `Sort += …`: these are more constructors, of a sort or a subset that is declared elsewhere.
    More,
    /// `Sort <: Parent ::= …`: a subset with these constructors.
    Subset(&'a str),
    /// `Sort <: Parent \ …`: a subset with all constructors but these.
    Difference(&'a str),
}

/// In what order declarations are read, since they refer to one another: sorts, then subsets, then what others leave.
const PASSES: usize = 3;

/// What is wrong, and at which byte of the block.
pub type BlockError = (usize, String);

impl Grammar {
    /// A grammar with only the sort `Any`.
    pub fn new() -> Grammar {
        let mut grammar = Grammar::default();
        grammar.add_sort(ANY, None, true);
        grammar
    }

    /// Reads `grammar` blocks, all together, since they refer to one another.
    /// Each block is given by its text; an error names the block by its index.
    ///
    /// # Errors
    /// What is malformed, declared twice or not declared, and where.
    pub fn declare(&mut self, blocks: &[&str]) -> Result<(), (usize, BlockError)> {
        let mut parsed = Vec::new();
        for (index, text) in blocks.iter().enumerate() {
            for declaration in declarations(text).map_err(|e| (index, e))? {
                parsed.push((index, declaration));
            }
        }
        // A subset may stand in an earlier section than the sort that it is of.
        let (sorts, subsets): (Vec<_>, Vec<_>) = parsed.iter().partition(|(_, d)| d.form == Form::Sort);
        for (index, d) in sorts.into_iter().chain(subsets) {
            self.declare_sort(d).map_err(|why| (*index, (d.offset, why)))?;
        }
        for pass in 0..PASSES {
            for (index, d) in &parsed {
                self.declare_productions(d, pass).map_err(|why| (*index, (d.offset, why)))?;
            }
        }
        Ok(())
    }

    /// Reads a `functions` block.
    ///
    /// # Errors
    /// What is malformed or not declared, and where.
    pub fn declare_functions(&mut self, text: &str) -> Result<(), BlockError> {
        for (offset, line) in lines(text) {
            let line = line.split(" --").next().unwrap_or_default().trim();
            if !line.is_empty() {
                self.declare_function(line).map_err(|why| (offset, why))?;
            }
        }
        Ok(())
    }

    fn declare_function(&mut self, line: &str) -> Result<(), String> {
        let (call, result) = match line.find("->") {
            Some(at) => (&line[..at], line[at + 2..].trim()),
            None => (line, ""),
        };
        let (arity, result) = match result.chars().next() {
            None => (Arity::Premise, ""),
            Some('?') => (Arity::Partial, result[1..].trim()),
            Some('*') => (Arity::Many, result[1..].trim()),
            Some(_) => (Arity::Total, result),
        };
        let call = call.trim().trim_start_matches('(').trim_end_matches(')');
        let mut words = call.split_whitespace();
        let name = words.next().ok_or("a function has a name")?;
        let args = words.map(|w| self.sort_named(w)).collect::<Result<_, _>>()?;
        let result = match arity {
            Arity::Premise => None,
            _ => Some(self.sort_named(result)?),
        };
        match self.functions.insert(name.into(), Signature { args, result, arity }) {
            Some(_) => Err(format!("the function `{name}` is declared twice")),
            None => Ok(()),
        }
    }

    fn add_sort(&mut self, name: &str, top: Option<SortId>, atoms: bool) -> SortId {
        let id = self.sorts.len();
        self.sorts.push(Sort {
            name: name.to_string(),
            constructors: Vec::new(),
            atoms,
            top: top.unwrap_or(id),
        });
        self.by_name.insert(name.to_string(), id);
        id
    }

    fn declare_sort(&mut self, d: &Declaration) -> Result<(), String> {
        let parent = match d.form {
            Form::More => return Ok(()),
            Form::Sort => None,
            Form::Subset(parent) | Form::Difference(parent) => Some(parent),
        };
        if self.by_name.contains_key(d.name) {
            return Err(format!("the sort `{}` is declared twice", d.name));
        }
        let top = parent.map(|parent| self.sort_named(parent)).transpose()?;
        let id = self.add_sort(d.name, top, false);
        for letter in &d.metavariables {
            if self.metavariables.insert(letter.to_string(), id).is_some() {
                return Err(format!("the metavariable `?{letter}` is declared twice"));
            }
        }
        Ok(())
    }

    fn declare_productions(&mut self, d: &Declaration, pass: usize) -> Result<(), String> {
        let id = self.sort_named(d.name)?;
        let own_pass = match d.form {
            Form::Difference(_) => 2,
            _ => usize::from(self.is_restricted(id)),
        };
        match (pass == own_pass, own_pass) {
            (false, _) => Ok(()),
            (true, 0) => self.declare_constructors(id, d),
            (true, 1) => self.declare_subset(id, d),
            (true, _) => self.declare_difference(id, d),
        }
    }

    fn declare_constructors(&mut self, id: SortId, d: &Declaration) -> Result<(), String> {
        for production in &d.productions {
            let [name, args @ ..] = production.as_slice() else { continue };
            if *name == "atom" && args.is_empty() {
                self.sorts[id].atoms = true;
                continue;
            }
            let args = args.iter().map(|a| self.sort_named(a)).collect::<Result<_, _>>()?;
            let symbol = Symbol::from(*name);
            if self.constructors.insert(symbol, Constructor { sort: id, args }).is_some() {
                return Err(format!("the constructor `{name}` is declared twice"));
            }
            self.sorts[id].constructors.push(symbol);
        }
        Ok(())
    }

    fn declare_subset(&mut self, id: SortId, d: &Declaration) -> Result<(), String> {
        let top = self.sorts[id].top;
        for name in d.productions.iter().flatten() {
            let symbol = Symbol::from(*name);
            if !self.sorts[top].constructors.contains(&symbol) {
                return Err(format!("`{name}` is no constructor of `{}`", self.sorts[top].name));
            }
            self.sorts[id].constructors.push(symbol);
        }
        Ok(())
    }

    /// All constructors of the sort above but those that are named, by themselves or by a subset that they are in.
    fn declare_difference(&mut self, id: SortId, d: &Declaration) -> Result<(), String> {
        let top = self.sorts[id].top;
        let mut left = self.sorts[top].constructors.clone();
        for name in d.productions.iter().flatten() {
            let symbol = Symbol::from(*name);
            let removed = match self.by_name.get(*name).filter(|sort| self.sorts[**sort].top == top) {
                Some(sort) => self.sorts[*sort].constructors.clone(),
                None => vec![symbol],
            };
            if !removed.iter().all(|symbol| self.sorts[top].constructors.contains(symbol)) {
                return Err(format!("`{name}` is no constructor of `{}`", self.sorts[top].name));
            }
            left.retain(|symbol| !removed.contains(symbol));
        }
        self.sorts[id].constructors = left;
        Ok(())
    }

    /// The metavariables, without the `?`, with the sorts that they range over.
    pub fn metavariables(&self) -> impl Iterator<Item = (&str, SortId)> {
        self.metavariables.iter().map(|(letter, sort)| (letter.as_str(), *sort))
    }

    /// The sort of that name.
    ///
    /// # Errors
    /// When none is declared.
    pub fn sort_named(&self, name: &str) -> Result<SortId, String> {
        self.by_name.get(name).copied().ok_or_else(|| format!("the sort `{name}` is not declared"))
    }

    /// The sort that a metavariable such as `?s1` ranges over.
    pub fn sort_of_variable(&self, variable: &str) -> Option<SortId> {
        let letter = variable.trim_start_matches('?').trim_end_matches(|c: char| c.is_ascii_digit());
        self.metavariables.get(letter).copied()
    }

    /// Whether every term of `narrow` is one of `wide`.
    pub fn is_within(&self, narrow: SortId, wide: SortId) -> bool {
        let (n, w) = (&self.sorts[narrow], &self.sorts[wide]);
        w.name == ANY
            || (n.top == w.top
                && n.atoms <= w.atoms
                && n.constructors.iter().all(|c| w.constructors.contains(c)))
    }

    /// Whether a sort is a proper subset, so that its variables test what they match.
    pub fn is_restricted(&self, sort: SortId) -> bool {
        self.sorts[sort].top != sort
    }
}

fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split_inclusive('\n').scan(0, |at, line| {
        let offset = *at;
        *at += line.len();
        Some((offset, line))
    })
}

/// Joins continuation lines (those that begin with `|`) and splits at `::=`, `+=` or `\`.
fn declarations(text: &str) -> Result<Vec<Declaration<'_>>, BlockError> {
    let mut found: Vec<Declaration> = Vec::new();
    for (offset, line) in lines(text) {
        let trimmed = line.trim();
        if trimmed.is_empty() {
            continue;
        }
        let productions = match trimmed.strip_prefix('|') {
            Some(more) => more,
            None => {
                let (declaration, body) = head_and_body(offset, trimmed).map_err(|why| (offset, why))?;
                found.push(declaration);
                body
            }
        };
        let Some(declaration) = found.last_mut() else {
            return Err((offset, "a continuation without a sort before it".into()));
        };
        for production in productions.split('|') {
            let production = production.trim().trim_start_matches('(').trim_end_matches(')');
            declaration.productions.push(production.split_whitespace().collect());
        }
    }
    Ok(found)
}

/// The head of a declaration, and what stands behind its sign.
fn head_and_body(offset: usize, line: &str) -> Result<(Declaration<'_>, &str), String> {
    let signs = ["::=", "+=", "\\"];
    let sign = signs.into_iter().find(|sign| line.contains(sign)).ok_or(EXPECTED)?;
    let (head, body) = line.split_once(sign).ok_or(EXPECTED)?;
    let (left, parent) = match head.split_once("<:") {
        Some((left, parent)) => (left, Some(parent.trim())),
        None => (head, None),
    };
    let form = match (sign, parent) {
        ("::=", None) => Form::Sort,
        ("::=", Some(parent)) => Form::Subset(parent),
        ("+=", None) => Form::More,
        ("\\", Some(parent)) => Form::Difference(parent),
        _ => return Err(EXPECTED.into()),
    };
    let mut words = left.split_whitespace();
    let name = words.next().ok_or("a sort has a name")?;
    let metavariables: Vec<&str> = words
        .map(|w| w.strip_prefix('?').ok_or_else(|| format!("`{w}` is not a metavariable such as `?s`")))
        .collect::<Result<_, _>>()?;
    if form == Form::More && !metavariables.is_empty() {
        return Err(format!("metavariables of `{name}` are declared with `::=`"));
    }
    Ok((Declaration { offset, name, metavariables, form, productions: Vec::new() }, body))
}

const EXPECTED: &str =
    "expected `Sort ?x ::= …`, `Sort += …`, `Sort ?x <: Sort ::= …`, `Sort ?x <: Sort \\ …` or `| …`";
