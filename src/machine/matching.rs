//! Matching a pattern against one term of the bank, with metavariables' sorts.

use egg::{ENodeOrVar, Id, Subst, Symbol, Var};

use crate::book::grammar::Grammar;
use crate::book::rule::{Pattern, variables};
use crate::machine::bank::Bank;

/// The variables of a pattern that range over a subset of their sort, with the constructors admitted.
pub type Restrictions = Vec<(Var, Vec<Symbol>)>;

/// The restrictions that a pattern's metavariables make.
pub fn restrictions(grammar: &Grammar, pattern: &Pattern) -> Restrictions {
    variables(pattern)
        .into_iter()
        .filter_map(|var| {
            let sort = grammar.sort_of_variable(&var.to_string())?;
            let subset = grammar.is_restricted(sort);
            subset.then(|| (var, grammar.sorts[sort].constructors.clone()))
        })
        .collect()
}

/// Whether the substitution respects the restrictions.
pub fn admits(bank: &Bank, restrictions: &Restrictions, subst: &Subst) -> bool {
    restrictions
        .iter()
        .all(|(var, admitted)| subst.get(*var).is_none_or(|id| admitted.contains(&bank.op(*id))))
}

/// A pattern with its restrictions, to be matched under variables already bound.
#[derive(Debug, Clone)]
pub struct Matcher {
    pattern: Pattern,
    restrictions: Restrictions,
}

impl Matcher {
    /// Prepares a pattern.
    pub fn new(grammar: &Grammar, pattern: &Pattern) -> Matcher {
        Matcher { pattern: pattern.clone(), restrictions: restrictions(grammar, pattern) }
    }

    /// The constructor at the root, if the pattern is not a variable.
    pub fn op(&self) -> Option<Symbol> {
        match &self.pattern[self.pattern.root()] {
            ENodeOrVar::ENode(node) => Some(node.op),
            ENodeOrVar::Var(_) => None,
        }
    }

    /// Extends `subst` so that the pattern is the term; false where it cannot be.
    pub fn matches(&self, bank: &Bank, id: Id, subst: &mut Subst) -> bool {
        self.descend(bank, self.pattern.root(), id, subst) && admits(bank, &self.restrictions, subst)
    }

    fn descend(&self, bank: &Bank, at: Id, id: Id, subst: &mut Subst) -> bool {
        match &self.pattern[at] {
            ENodeOrVar::Var(var) => match subst.get(*var) {
                Some(bound) => *bound == id,
                None => {
                    subst.insert(*var, id);
                    true
                }
            },
            ENodeOrVar::ENode(expected) => {
                let found = bank.get(id);
                expected.op == found.op
                    && expected.args.len() == found.args.len()
                    && expected
                        .args
                        .iter()
                        .zip(&found.args)
                        .all(|(pattern, id)| self.descend(bank, *pattern, *id, subst))
            }
        }
    }
}
