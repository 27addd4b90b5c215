//! The agreement of stepping and saturation.
//!
//! Read as equations, the rules say of a closed program without loops that all the states of its one
//! path are equal. So when they are saturated, the class of the initial state must hold
//! exactly one halted state: the one that stepping reaches. A second one would mean that
//! the rules relate two outcomes; none, that saturation and stepping match differently.

use std::fmt;
use std::time::Duration;

use egg::{
    Applier, EGraph, Id, PatternAst, Rewrite, Runner, Searcher, SimpleScheduler, StopReason, Subst, Symbol,
    Var,
};
use smallvec::SmallVec;

use crate::book::Book;
use crate::book::rule::{Rule, variables};
use crate::machine::bank::Measuring;
use crate::machine::domain::Context;
use crate::machine::domain::{Domain, Tables};
use crate::machine::matching::{Restrictions, admits, restrictions};
use crate::machine::premise::Condition;
use crate::machine::stepper::Successors;
use crate::machine::{Bank, Machine};
use crate::python::PYTHON;
use crate::term::{Node, Term};

/// What a comparison covered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Agreement {
    /// Programs whose class held exactly the halted state that stepping reaches.
    pub programs: usize,
    /// Terms in the saturated e-graph.
    pub terms: usize,
}

/// Stepping and saturation differ, or saturation was cut off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Disagreement {
    /// Stepping does not reach one halted state: the program's place in the list.
    NoOutcome(usize),
    /// The class of the program's initial state holds this many halted states.
    Halted(usize, usize),
    /// It holds one, but not the one that stepping reaches.
    Other(usize),
    /// Saturation stopped for this reason before it was complete.
    CutOff(String),
}

impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Disagreement::NoOutcome(program) => {
                write!(f, "program {program}: stepping reaches no single outcome")
            }
            Disagreement::Halted(program, count) => {
                write!(f, "program {program}: its class holds {count} halted states, not one")
            }
            Disagreement::Other(program) => {
                write!(f, "program {program}: saturation reaches another halted state than stepping")
            }
            Disagreement::CutOff(reason) => write!(f, "saturation stopped early: {reason}"),
        }
    }
}

/// Saturates the rules over closed programs without loops, all in one e-graph, and compares
/// each program's class with what stepping reaches.
///
/// # Errors
/// The first disagreement.
pub fn check(
    book: &Book,
    machine: &mut Machine,
    programs: &[Term],
    globals: &Term,
) -> Result<Agreement, Disagreement> {
    let mut bank = Bank::for_egg(PYTHON.counted());
    let mut expected = Vec::new();
    for (place, body) in programs.iter().enumerate() {
        let initial = machine.start(body, globals);
        let halted = run(machine, initial).ok_or(Disagreement::NoOutcome(place))?;
        let ids = [initial, halted].map(|state| machine.bank().term(state));
        expected.push((bank.add_term(&ids[0]), ids[1].clone()));
    }
    let egraph = saturate(book, bank.into_egraph())?;
    let finals: Vec<(egg::Pattern<Node>, Restrictions)> = book
        .finals
        .iter()
        .map(|pattern| (egg::Pattern::new(pattern.clone()), restrictions(&book.grammar, pattern)))
        .collect();
    for (place, (initial, halted)) in expected.iter().enumerate() {
        let found = halted_states(&egraph, &finals, *initial);
        if found != 1 {
            return Err(Disagreement::Halted(place, found));
        }
        if egraph.lookup_expr(halted) != Some(egraph.find(*initial)) {
            return Err(Disagreement::Other(place));
        }
    }
    Ok(Agreement { programs: programs.len(), terms: egraph.total_size() })
}

/// The halted state of a program's only path.
fn run(machine: &mut Machine, mut state: Id) -> Option<Id> {
    for _ in 0..machine.limits().steps {
        match machine.successors(state) {
            Successors::Final => return Some(state),
            Successors::Edges(edges) if edges.len() == 1 => state = edges[0].target,
            _ => return None,
        }
    }
    None
}

fn saturate(book: &Book, egraph: EGraph<Node, Measuring>) -> Result<EGraph<Node, Measuring>, Disagreement> {
    let cut_off = |reason: String| Disagreement::CutOff(reason);
    let rules: Vec<Rewrite<Node, Measuring>> =
        book.rules.iter().map(|rule| equation(book, rule).map_err(cut_off)).collect::<Result<_, _>>()?;
    let runner = Runner::<Node, Measuring, ()>::new(Measuring::of(PYTHON.counted()))
        .with_egraph(egraph)
        .with_scheduler(SimpleScheduler)
        .with_iter_limit(1_000)
        .with_node_limit(5_000_000)
        .with_time_limit(Duration::from_secs(600))
        .run(&rules);
    match runner.stop_reason {
        Some(StopReason::Saturated) => Ok(runner.egraph),
        reason => Err(cut_off(format!("{reason:?}"))),
    }
}

fn halted_states(
    egraph: &EGraph<Node, Measuring>,
    finals: &[(egg::Pattern<Node>, Restrictions)],
    class: Id,
) -> usize {
    let count = |(pattern, restrictions): &(egg::Pattern<Node>, Restrictions)| {
        let found = pattern.search_eclass(egraph, class);
        found.map_or(0, |found| found.substs.iter().filter(|s| admits_in(egraph, restrictions, s)).count())
    };
    finals.iter().map(count).sum()
}

fn admits_in(egraph: &EGraph<Node, Measuring>, restrictions: &Restrictions, subst: &Subst) -> bool {
    restrictions.iter().all(|(var, admitted)| {
        subst.get(*var).is_none_or(|id| egraph[*id].nodes.iter().all(|node| admitted.contains(&node.op)))
    })
}

/// A rule as an egg rewrite whose applier checks the premises and unites both sides.
fn equation(book: &Book, rule: &Rule) -> Result<Rewrite<Node, Measuring>, String> {
    let applier = Equation {
        bound: variables(&rule.lhs),
        restrictions: restrictions(&book.grammar, &rule.lhs),
        premises: rule.premises.iter().map(|premise| Condition::new(&PYTHON, premise)).collect(),
        tables: PYTHON.tables(book),
        rhs: rule.rhs.clone(),
    };
    Rewrite::new(rule.name, egg::Pattern::new(rule.lhs.clone()), applier)
}

struct Equation {
    bound: Vec<Var>,
    restrictions: Restrictions,
    premises: Vec<Condition>,
    tables: Tables,
    rhs: PatternAst<Node>,
}

impl Applier<Node, Measuring> for Equation {
    fn apply_one(
        &self,
        egraph: &mut EGraph<Node, Measuring>,
        eclass: Id,
        subst: &Subst,
        _searcher_ast: Option<&PatternAst<Node>>,
        _rule: Symbol,
    ) -> Vec<Id> {
        // Functions read values and environments, whose classes hold one node each: only
        // states are united, and a state is part of nothing.
        let mut bank = Bank::from_egraph(std::mem::take(egraph));
        let mut solutions: SmallVec<[Subst; 1]> = SmallVec::new();
        if admits(&bank, &self.restrictions, subst) {
            solutions.push(subst.clone());
        }
        let mut cx = Context { bank: &mut bank, tables: &self.tables };
        for premise in &self.premises {
            solutions = solutions.into_iter().flat_map(|s| premise.solve(&mut cx, s)).collect();
        }
        let built: Vec<Id> = solutions.iter().map(|s| bank.instantiate(&self.rhs, s)).collect();
        *egraph = bank.into_egraph();
        built.into_iter().filter(|id| unite(egraph, eclass, *id)).map(|_| eclass).collect()
    }

    fn vars(&self) -> Vec<Var> {
        self.bound.clone()
    }
}

#[allow(clippy::disallowed_methods)] // This is the place where the rules are read as equations.
fn unite(egraph: &mut EGraph<Node, Measuring>, left: Id, right: Id) -> bool {
    egraph.union(left, right)
}
