//! Premises with their functions resolved, and solved under a substitution.

use egg::{ENodeOrVar, Id, Language, PatternAst, Subst, Symbol, Var};
use smallvec::SmallVec;

use crate::book::rule::{Pattern, Premise};
use crate::machine::domain::{Context, Domain, Function, Results};
use crate::term::Node;

/// A premise with its function resolved.
#[derive(Debug, Clone)]
pub struct Condition {
    premise: Premise,
    function: Function,
    args: Vec<Argument>,
}

#[derive(Debug, Clone)]
enum Argument {
    Var(Var),
    Term(PatternAst<Node>),
}

impl Condition {
    /// Resolves a premise that the book's checks have admitted.
    pub fn new(domain: &dyn Domain, premise: &Premise) -> Condition {
        let call = premise.call();
        let (op, args) = match &call[call.root()] {
            ENodeOrVar::ENode(node) => (node.op, node.args.to_vec()),
            ENodeOrVar::Var(_) => (Symbol::from("same"), Vec::new()),
        };
        let args = args
            .iter()
            .map(|arg| match &call[*arg] {
                ENodeOrVar::Var(var) => Argument::Var(*var),
                ENodeOrVar::ENode(_) => Argument::Term(part(call, *arg)),
            })
            .collect();
        let (function, _) = domain.function(op).unwrap_or((|_, _| Results::new(), 0));
        Condition { premise: premise.clone(), function, args }
    }

    /// The substitutions under which the premise holds: none, one, or one for each choice.
    pub fn solve(&self, cx: &mut Context, subst: Subst) -> SmallVec<[Subst; 1]> {
        let mut args: SmallVec<[Id; 4]> = SmallVec::new();
        for arg in &self.args {
            args.push(match arg {
                Argument::Var(var) => subst[*var],
                Argument::Term(pattern) => cx.bank.instantiate(pattern, &subst),
            });
        }
        let results = (self.function)(cx, &args);
        match &self.premise {
            Premise::If(_) => keep(!results.is_empty(), subst),
            Premise::Unless(_) | Premise::Undefined(_) => keep(results.is_empty(), subst),
            Premise::Let(var, _) | Premise::In(var, _) => results
                .into_iter()
                .map(|result| {
                    let mut subst = subst.clone();
                    subst.insert(*var, result);
                    subst
                })
                .collect(),
        }
    }
}

fn keep(holds: bool, subst: Subst) -> SmallVec<[Subst; 1]> {
    if holds { SmallVec::from_iter([subst]) } else { SmallVec::new() }
}

/// The part of a pattern under a place, as a pattern of its own.
fn part(whole: &Pattern, at: Id) -> Pattern {
    whole[at].build_recexpr(|id| whole[id].clone())
}
