//! The reference stepper: each step is a match and an instantiation by egg.

use std::sync::Arc;

use egg::{PatternAst, Searcher, Subst};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use egg::Id;

use crate::book::Book;
use crate::book::grammar::Grammar;
use crate::book::rule;
use crate::machine::bank::Bank;
use crate::machine::domain::{Context, Domain, Tables};
use crate::machine::matching::{Restrictions, admits, restrictions};
use crate::machine::premise::Condition;
use crate::machine::stepper::{Cell, Edge, candidates};
use crate::term::Node;

/// The rules as egg's patterns.
#[derive(Debug, Clone)]
pub struct Rules {
    rules: Vec<Rule>,
    source: Arc<[rule::Rule]>,
    grammar: Arc<Grammar>,
    index: FxHashMap<Cell, Vec<u32>>,
}

#[derive(Debug, Clone)]
struct Rule {
    lhs: egg::Pattern<Node>,
    restrictions: Restrictions,
    premises: Vec<Condition>,
    rhs: PatternAst<Node>,
    events: Vec<PatternAst<Node>>,
}

impl Rules {
    /// The rules of a book.
    pub fn new(domain: &dyn Domain, book: &Book) -> Rules {
        let pattern = |rule: &rule::Rule| Rule {
            restrictions: restrictions(&book.grammar, &rule.lhs),
            lhs: egg::Pattern::new(rule.lhs.clone()),
            premises: rule.premises.iter().map(|premise| Condition::new(domain, premise)).collect(),
            rhs: rule.rhs.clone(),
            events: rule.events.clone(),
        };
        Rules {
            rules: book.rules.iter().map(pattern).collect(),
            source: book.rules.clone(),
            grammar: book.grammar.clone(),
            index: FxHashMap::default(),
        }
    }

    /// The transitions of a state, added to `edges` in the order of the rules.
    pub(super) fn edges(
        &mut self,
        bank: &mut Bank,
        tables: &Tables,
        state: Id,
        cell: Cell,
        edges: &mut Vec<Edge>,
    ) {
        for place in 0..self.candidates(cell).len() {
            let index = self.index[&cell][place];
            let rule = &self.rules[index as usize];
            let mut solutions = rule.matches(bank, state);
            let mut cx = Context { bank, tables };
            for condition in &rule.premises {
                solutions = solutions.into_iter().flat_map(|subst| condition.solve(&mut cx, subst)).collect();
            }
            for subst in solutions {
                let events = rule.events.iter().map(|event| bank.instantiate(event, &subst)).collect();
                let target = bank.instantiate(&rule.rhs, &subst);
                edges.push(Edge { rule: index, events, target });
            }
        }
    }

    /// The rules that match but for a premise, and that premise's place.
    pub(super) fn failed_premises(
        &mut self,
        bank: &mut Bank,
        tables: &Tables,
        state: Id,
        cell: Cell,
    ) -> Vec<(u32, usize)> {
        let mut failed = Vec::new();
        for index in self.candidates(cell).to_vec() {
            let rule = &self.rules[index as usize];
            for subst in rule.matches(bank, state) {
                let mut cx = Context { bank, tables };
                let mut solutions: SmallVec<[Subst; 1]> = SmallVec::from_iter([subst]);
                for (place, condition) in rule.premises.iter().enumerate() {
                    solutions = solutions.into_iter().flat_map(|s| condition.solve(&mut cx, s)).collect();
                    if solutions.is_empty() {
                        failed.push((index, place));
                        break;
                    }
                }
            }
        }
        failed
    }

    fn candidates(&mut self, cell: Cell) -> &[u32] {
        self.index.entry(cell).or_insert_with(|| candidates(&self.grammar, &self.source, cell))
    }
}

impl Rule {
    /// The substitutions under which the left side is the state.
    fn matches(&self, bank: &Bank, state: Id) -> SmallVec<[Subst; 1]> {
        let found = bank.egraph().and_then(|egraph| self.lhs.search_eclass(egraph, state));
        let substs = found.into_iter().flat_map(|found| found.substs);
        substs.filter(|subst| admits(bank, &self.restrictions, subst)).collect()
    }
}
