//! What laws ask for, found out by running what stands for their variables.

use egg::Var;
use rustc_hash::FxHashMap;
use std::sync::Arc;

use crate::book::Book;
use crate::book::law::{Asked, Condition};
use crate::diagnostic::Diagnostic;
use crate::machine::stepper::Fault;
use crate::prove::laws::meaning::{Meaning, Meanings};
use crate::prove::laws::terms::{atom, named, node, part, raising, root};
use crate::term::Term;

/// What stands for the variables of a law.
pub type Instance = FxHashMap<Var, Term>;

/// The classes that an exception of the core may have.
const CLASSES: [&str; 4] = ["A", "B", "C", "Other"];

/// Statements whose meaning is kept, before all are forgotten.
const KEPT: usize = 200_000;

/// Who answers what laws ask for, and keeps what was found.
pub struct Facts {
    meanings: Meanings,
    known: FxHashMap<Term, Arc<Meaning>>,
    catching: FxHashMap<Term, [bool; CLASSES.len()]>,
}

impl Facts {
    /// By the rules of a book.
    ///
    /// # Errors
    /// The classes of the core cannot be defined under it.
    pub fn of(book: &Book) -> Result<Facts, Diagnostic> {
        let meanings = Meanings::of(book)?;
        Ok(Facts { meanings, known: FxHashMap::default(), catching: FxHashMap::default() })
    }

    /// The words of what is seen.
    pub fn meanings(&self) -> &Meanings {
        &self.meanings
    }

    /// What a statement does.
    ///
    /// # Errors
    /// A limit is reached, or the rules fail.
    pub fn meaning(&mut self, statement: &Term) -> Result<Arc<Meaning>, Fault> {
        if let Some(known) = self.known.get(statement) {
            return Ok(known.clone());
        }
        let found = Arc::new(self.meanings.of_statement(statement)?);
        if self.known.len() >= KEPT {
            self.known.clear();
        }
        self.known.insert(statement.clone(), found.clone());
        Ok(found)
    }

    /// Whether what a law asks for is so, at a level.
    ///
    /// # Errors
    /// A limit is reached, or the rules fail.
    pub fn hold(&mut self, asked: &Asked, instance: &Instance, level: u8) -> Result<bool, Fault> {
        let of: Vec<&Term> = asked.of.iter().filter_map(|var| instance.get(var)).collect();
        let [first, rest @ ..] = &of[..] else { return Ok(false) };
        match (asked.condition, rest) {
            (Condition::NeverRaises, _) => Ok(!self.meaning(first)?.ends.raises),
            (Condition::NeverCompletes, _) => Ok(!self.meaning(first)?.ends.completes),
            (Condition::NeverJumps, _) => Ok(!self.meaning(first)?.ends.jumps),
            (Condition::ReadsNoHandled, _) => {
                Ok(self.meaning(first)?.levels[usize::from(level) - 1].starts_alike())
            }
            (Condition::Catches, [statement]) => {
                let statement = node("try-except", &[statement, &passing(first), &atom("pass")]);
                Ok(!self.meaning(&statement)?.ends.raises)
            }
            (Condition::Disjoint, [other]) => {
                let [one, other] = [self.catching(first)?, self.catching(other)?];
                Ok(one.iter().zip(other).all(|(one, other)| !(*one && other)))
            }
            (Condition::Within, [other]) => {
                let [one, other] = [self.catching(first)?, self.catching(other)?];
                Ok(one.iter().zip(other).all(|(one, other)| !*one || other))
            }
            (Condition::Only, [other]) => {
                let [one, caught] = [self.catching(first)?, self.catching(other)?];
                let own = |class: &str| **other == named(class);
                let mut left = CLASSES.iter().enumerate().filter(|(at, _)| caught[*at] && !one[*at]);
                Ok(CLASSES.iter().any(|class| own(class)) && left.all(|(_, class)| own(class)))
            }
            _ => Ok(false),
        }
    }

    /// Of which classes a condition catches exceptions.
    fn catching(&mut self, condition: &Term) -> Result<[bool; CLASSES.len()], Fault> {
        if let Some(known) = self.catching.get(condition) {
            return Ok(*known);
        }
        let mut caught = [false; CLASSES.len()];
        for (class, caught) in CLASSES.iter().zip(&mut caught) {
            let pass = atom("pass");
            let clause = node("clause", &[condition, &atom("anonymous"), &pass, &atom("no-clause")]);
            let statement = node("try-except", &[&raising(class), &clause, &pass]);
            *caught = !self.meaning(&statement)?.ends.raises;
        }
        self.catching.insert(condition.clone(), caught);
        Ok(caught)
    }
}

/// Clauses that catch the same and do nothing.
fn passing(clauses: &Term) -> Term {
    let pass = atom("pass");
    match root(clauses).map(|node| node.op.as_str()) {
        Some("clause") => {
            let [condition, binder, rest] = [0, 1, 3].map(|at| part(clauses, at));
            node("clause", &[&condition, &binder, &pass, &passing(&rest)])
        }
        Some("bare") => node("bare", &[&pass]),
        _ => clauses.clone(),
    }
}
