//! Properties that cannot mean what they say, as far as the text tells: two transitions for one event, and states that nothing
//! leads to.

use egg::{ENodeOrVar, Id, Var};

use crate::book::grammar::Grammar;
use crate::book::property::{PAIR, Property, Target, Transition, scope_patterns};
use crate::book::rule::{Pattern, variables};
use crate::diagnostic::nearest;

/// Checks that each state which a transition leaves is reached by one, and that no two transitions are sure to
/// apply together.
///
/// # Errors
/// The first fault, in one line.
pub fn check(grammar: &Grammar, property: &Property) -> Result<(), String> {
    let reached = |property: &Property| -> Vec<String> {
        let targets = property.transitions.iter().filter_map(|transition| transition.to.state());
        std::iter::once("start".into()).chain(targets.map(|state| state.name.to_string())).collect()
    };
    let known = reached(property);
    if let Some(lost) = property.transitions.iter().find(|t| !known.contains(&t.from.name.to_string())) {
        let name = lost.from.name;
        let near = nearest(name.as_str(), known.iter().map(String::as_str));
        return Err(format!(
            "property {}: no transition leads to the state `{name}`, so what leaves it says nothing; {near}",
            property.name
        ));
    }
    let overlap = Overlap { grammar, given: given(property) };
    for (place, one) in property.transitions.iter().enumerate() {
        if let Some(other) = property.transitions[..place].iter().find(|other| overlap.is_certain(other, one))
        {
            return Err(format!(
                "property {}: two transitions from `{}` apply to one event, `{}` and `{}`; tell them apart by a premise",
                property.name, one.from.name, other.event, one.event
            ));
        }
    }
    Ok(())
}

/// What is bound before any event: by the scope.
fn given(property: &Property) -> Vec<Var> {
    let mut given: Vec<Var> = scope_patterns(&property.scope).into_iter().flat_map(variables).collect();
    if property.scope.is_pair() {
        given.extend(PAIR.iter().filter_map(|var| var.parse::<Var>().ok()));
    }
    given
}

struct Overlap<'g> {
    grammar: &'g Grammar,
    given: Vec<Var>,
}

impl Overlap<'_> {
    /// Whether two transitions lead to different places from one state on one event, whatever was bound before.
    fn is_certain(&self, one: &Transition, other: &Transition) -> bool {
        let same_state = one.from.name == other.from.name && one.from.args.len() == other.from.args.len();
        // What a state carries is bound before the event, as what the scope binds is.
        let bound: Vec<Var> = one.from.args.iter().chain(&other.from.args).flat_map(variables).collect();
        let plain = |pattern: &Pattern| matches!(pattern[pattern.root()], ENodeOrVar::Var(_));
        same_state
            && one.premises.is_empty()
            && other.premises.is_empty()
            && one.from.args.iter().chain(&other.from.args).all(plain)
            && !same_target(&one.to, &other.to)
            && self.meet((&one.event, one.event.root()), (&other.event, other.event.root()), &bound)
    }

    /// Whether some term is surely matched by both.
    fn meet(&self, one: (&Pattern, Id), other: (&Pattern, Id), bound: &[Var]) -> bool {
        match (&one.0[one.1], &other.0[other.1]) {
            (ENodeOrVar::ENode(a), ENodeOrVar::ENode(b)) => {
                a.op == b.op
                    && a.args.len() == b.args.len()
                    && a.args.iter().zip(&b.args).all(|(a, b)| self.meet((one.0, *a), (other.0, *b), bound))
            }
            (ENodeOrVar::Var(a), ENodeOrVar::Var(b)) => {
                a == b || (!self.is_bound(*a, bound) && !self.is_bound(*b, bound) && self.share(*a, *b))
            }
            (ENodeOrVar::Var(var), ENodeOrVar::ENode(node))
            | (ENodeOrVar::ENode(node), ENodeOrVar::Var(var)) => {
                let sort = self.grammar.sort_of_variable(&var.to_string());
                let admits = sort.is_none_or(|sort| {
                    !self.grammar.is_restricted(sort)
                        || self.grammar.sorts[sort].constructors.contains(&node.op)
                });
                !self.is_bound(*var, bound) && admits
            }
        }
    }

    fn is_bound(&self, var: Var, bound: &[Var]) -> bool {
        self.given.contains(&var) || bound.contains(&var)
    }

    /// Whether two metavariables range over some term in common.
    fn share(&self, one: Var, other: Var) -> bool {
        let sort = |var: Var| self.grammar.sort_of_variable(&var.to_string());
        let (Some(one), Some(other)) = (sort(one), sort(other)) else { return true };
        if !self.grammar.is_restricted(one) || !self.grammar.is_restricted(other) {
            return true;
        }
        let admitted = &self.grammar.sorts[other].constructors;
        self.grammar.sorts[one].constructors.iter().any(|op| admitted.contains(op))
    }
}

fn same_target(one: &Target, other: &Target) -> bool {
    match (one, other) {
        (Target::Violated(a), Target::Violated(b)) => a == b,
        (Target::State(a), Target::State(b)) => {
            let text = |args: &[Pattern]| args.iter().map(ToString::to_string).collect::<Vec<_>>();
            a.name == b.name && text(&a.args) == text(&b.args)
        }
        _ => false,
    }
}
